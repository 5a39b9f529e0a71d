package exporters

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"kora"
	"kora/atlas"
)

// A compared is an area before and after; the last row is all of them together.
type compared struct {
	area          *kora.KeyArea // nil: all
	before, after atlas.Shares
}

// A planned is a station that a scenario touches.
type planned struct {
	was, is *kora.Station // was is nil when it is added
}

// Scenario is the set of two layers: areas, the key areas before and after with what differs, and stations, those that the edits touch.
// The trial is what the edits came to on a, under q.
func Scenario(a *atlas.Atlas, q CoverageQuery, edits []kora.StationEdit, trial *atlas.Trial) (*Set, error) {
	if err := q.Validate(); err != nil {
		return nil, err
	}
	var rows []compared
	for i, area := range trial.After.Areas {
		rows = append(rows, compared{area.Area, trial.Before.Areas[i].Shares, area.Shares})
	}
	rows = append(rows, compared{nil, trial.Before.Total, trial.After.Total})
	after, _ := kora.Edited(a.Stations, edits)
	var touched []planned
	for _, s := range after {
		if was := a.Station(s.ID); was != s {
			touched = append(touched, planned{was, s})
		}
	}
	sample := a.Network.Sample || slices.ContainsFunc(a.Stations, func(s *kora.Station) bool { return s.Sample })
	areas := layerOf("areas", "MultiPolygon", rows, comparedColumns(sample), func(c compared) (int64, orb.Geometry, orb.Point) {
		if c.area == nil {
			return 0, orb.MultiPolygon{}, orb.Point{}
		}
		return c.area.ID, rightHanded(c.area.Geometry), c.area.Geometry.Bound().Center()
	})
	areas.shape = "" // a table: the last row is no place
	stations := layerOf("stations", "Point", touched, plannedColumns(), func(p planned) (int64, orb.Geometry, orb.Point) {
		return p.is.ID, p.is.Point, p.is.Point
	})
	areas.title, stations.title = "改动前后", "改动的站点"
	areas.constants = basis(a, q, trial.After.Stations)
	return &Set{layers: []*layer{areas, stations}, about: append(aboutOf(a, sample),
		member{"attribution", a.Network.Attribution}, member{"profile", q.Profile}, member{"minutes", q.Minutes},
		member{"stations", trial.After.Stations}, member{"assumptions", assumptionsOf(a, q)})}, nil
}

// Only is the set of one of the layers.
func (s *Set) Only(name string) *Set {
	i := slices.IndexFunc(s.layers, func(l *layer) bool { return l.name == name })
	return &Set{layers: s.layers[i : i+1], about: s.about}
}

func comparedColumns(sample bool) []column[compared] {
	type c = compared
	points := func(after, before float64) any { return math.Round((after-before)*1000) / 10 }
	return slices.Concat(
		[]column[c]{{field{"code", "区域编号", text, nil}, func(v c) any {
			if v.area == nil {
				return "全部"
			}
			return v.area.Code
		}}},
		names("name", [3]string{"区域名称", "藏文名称", "英文名称"}, func(v c) kora.Name {
			if v.area == nil {
				return kora.Name{ZH: "全部重点区域"}
			}
			return v.area.Name
		}),
		[]column[c]{
			{field{"sample", "示例数据", flag, nil}, func(v c) any { return sample || v.area != nil && v.area.Sample }},
			{field{"cells", "格网数", whole, nil}, func(v c) any { return v.after.Once.Cells }},
			{field{"street_metres", "道路长度（米）", real, nil}, func(v c) any { return math.Round(v.after.Streets.Metres) }},
			{field{"points", "覆盖率增减（百分点）", real, nil}, func(v c) any { return points(v.after.Once.Share, v.before.Once.Share) }},
			{field{"before.covered", "现状服务圈内格网数", whole, nil}, func(v c) any { return v.before.Once.Covered }},
			{field{"before.share", "现状格网覆盖率", portion, nil}, func(v c) any { return v.before.Once.Share }},
			{field{"before.twice_share", "现状交叉覆盖率", portion, nil}, func(v c) any { return v.before.Twice.Share }},
			{field{"before.street_share", "现状道路覆盖率", portion, nil}, func(v c) any { return v.before.Streets.Share }},
			{field{"after.covered", "方案服务圈内格网数", whole, nil}, func(v c) any { return v.after.Once.Covered }},
			{field{"after.share", "方案格网覆盖率", portion, nil}, func(v c) any { return v.after.Once.Share }},
			{field{"after.twice_share", "方案交叉覆盖率", portion, nil}, func(v c) any { return v.after.Twice.Share }},
			{field{"after.street_share", "方案道路覆盖率", portion, nil}, func(v c) any { return v.after.Streets.Share }},
		})
}

func plannedColumns() []column[planned] {
	type p = planned
	before := func(of func(*kora.Station) any) func(p) any {
		return func(v p) any {
			if v.was == nil {
				return nil
			}
			return of(v.was)
		}
	}
	return slices.Concat(
		[]column[p]{{field{"code", "站点编号", text, nil}, func(v p) any { return given(v.is.Code) }}},
		names("name", [3]string{"站点名称", "藏文名称", "英文名称"}, func(v p) kora.Name { return v.is.Name }),
		[]column[p]{
			{field{"kind", "类别", text, kindWords}, func(v p) any { return string(v.is.Kind) }},
			{field{"added", "新增", flag, nil}, func(v p) any { return v.was == nil }},
			{field{"before.status", "现状状态", text, statusWords}, before(func(s *kora.Station) any { return string(s.Status) })},
			{field{"before.hours", "现状开放时间", text, nil}, before(func(s *kora.Station) any { return given(s.Hours.String()) })},
			{field{"before.lon", "现状经度", real, nil}, before(func(s *kora.Station) any { return s.Point[0] })},
			{field{"before.lat", "现状纬度", real, nil}, before(func(s *kora.Station) any { return s.Point[1] })},
			{field{"after.status", "方案状态", text, statusWords}, func(v p) any { return string(v.is.Status) }},
			{field{"after.hours", "方案开放时间", text, nil}, func(v p) any { return given(v.is.Hours.String()) }},
			{field{"sample", "示例数据", flag, nil}, before(func(s *kora.Station) any { return s.Sample })},
		})
}
