package exporters

import (
	"slices"

	"github.com/paulmach/orb"

	"kora"
	"kora/atlas"
)

// Stations is the set of all stations: points with what is known of them at any time, so without whether they are open.
func Stations(a *atlas.Atlas) (*Set, error) {
	if len(a.Stations) == 0 {
		return nil, kora.Refuse(kora.ReasonNotFound, "", nil, "there are no stations to export")
	}
	l := layerOf("stations", "Point", a.Stations, stationColumns(), func(s *kora.Station) (int64, orb.Geometry, orb.Point) {
		return s.ID, s.Point, s.Point
	})
	l.title = "站点"
	sample := slices.ContainsFunc(a.Stations, func(s *kora.Station) bool { return s.Sample })
	return &Set{layers: []*layer{l}, about: aboutOf(a, sample)}, nil
}

func stationColumns() []column[*kora.Station] {
	type s = *kora.Station
	return slices.Concat(
		[]column[s]{{field{"code", "站点编号", text, nil}, func(v s) any { return v.Code }}},
		names("name", [3]string{"站点名称", "藏文名称", "英文名称"}, func(v s) kora.Name { return v.Name }),
		[]column[s]{
			{field{"kind", "类别", text, kindWords}, func(v s) any { return string(v.Kind) }},
			{field{"status", "状态", text, statusWords}, func(v s) any { return string(v.Status) }},
			{field{"county", "所属区县", text, nil}, func(v s) any { return given(v.County) }},
		},
		names("address", [3]string{"详细地址", "藏文地址", "英文地址"}, func(v s) kora.Name { return v.Address }),
		[]column[s]{
			{field{"hours", "开放时间", text, nil}, func(v s) any { return given(v.Hours.String()) }},
			{field{"facilities", "设施设备", list, facilityWords}, func(v s) any { return listed(v.Facilities) }},
			{field{"standard", "是否规范化", flag, nil}, func(v s) any { return v.Standard }},
			{field{"area_m2", "面积（㎡）", real, nil}, func(v s) any { return given(v.AreaM2) }},
			{field{"altitude_m", "海拔（米）", real, nil}, func(v s) any { return given(v.AltitudeM) }},
			{field{"highway", "所在公路", text, nil}, func(v s) any { return given(v.Highway) }},
			{field{"sample", "示例数据", flag, nil}, func(v s) any { return v.Sample }},
		})
}

// listed is a list that JSON writes as one when it is empty.
func listed(all []string) any { return append([]string{}, all...) }
