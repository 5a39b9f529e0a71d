package exporters

import (
	"slices"

	"github.com/paulmach/orb"

	"kora"
	"kora/atlas"
)

// Parcels is the set of all parcels: areas with their limits, price and state. In a table their place is the entrance, and
// without one the middle of their bounds.
func Parcels(a *atlas.Atlas) (*Set, error) {
	if len(a.Parcels) == 0 {
		return nil, kora.Refuse(kora.ReasonNotFound, "", nil, "there are no parcels to export")
	}
	l := layerOf("parcels", "MultiPolygon", a.Parcels, parcelColumns(a), func(p *kora.Parcel) (int64, orb.Geometry, orb.Point) {
		at := p.Geometry.Bound().Center()
		if p.Access != nil {
			at = *p.Access
		}
		return p.ID, rightHanded(p.Geometry), at
	})
	l.wkt = true
	sample := slices.ContainsFunc(a.Parcels, func(p *kora.Parcel) bool { return p.Sample })
	return &Set{layers: []*layer{l}, about: aboutOf(a, sample)}, nil
}

func parcelColumns(a *atlas.Atlas) []column[*kora.Parcel] {
	type p = *kora.Parcel
	return slices.Concat(
		[]column[p]{{field{"number", "地块编号", text, nil}, func(v p) any { return v.Number }}},
		names("name", [3]string{"地块名称", "藏文名称", "英文名称"}, func(v p) kora.Name { return v.Name }),
		[]column[p]{{field{"county", "所属区县", text, nil}, func(v p) any { return given(v.County) }}},
		names("address", [3]string{"坐落", "坐落（藏文）", "坐落（英文）"}, func(v p) kora.Name { return v.Address }),
		[]column[p]{
			{field{"use.code", "用途代码", text, nil}, func(v p) any { return v.Use.Code }},
			{field{"use.scheme", "用途分类标准", text, schemeWords}, func(v p) any { return string(v.Use.Scheme) }},
			{field{"uses", "混合用途", other, nil}, func(v p) any {
				if len(v.Uses) == 0 {
					return nil
				}
				return v.Uses
			}},
			{field{"status", "状态", text, parcelStatusWords}, func(v p) any { return string(v.Status) }},
			{field{"area_m2", "椭球面积（㎡）", real, nil}, func(v p) any { return v.AreaM2 }},
			{field{"stated_m2", "公布面积（㎡）", real, nil}, func(v p) any { return given(v.StatedM2) }},
		},
		limits("far", "容积率", func(v p) kora.Range { return v.FAR }),
		limits("density", "建筑密度（%）", func(v p) kora.Range { return v.Density }),
		limits("green", "绿地率（%）", func(v p) kora.Range { return v.Green }),
		limits("height_m", "建筑限高（米）", func(v p) kora.Range { return v.HeightM }),
		[]column[p]{
			{field{"price.amount", "起始价", real, nil}, func(v p) any {
				if v.Price == nil {
					return nil
				}
				return v.Price.Amount
			}},
			{field{"price.unit", "价格单位", text, nil}, func(v p) any {
				if v.Price == nil {
					return nil
				}
				return v.Price.Unit
			}},
			{field{"supply", "供应方式", text, supplyWords}, func(v p) any { return given(v.Supply) }},
			{field{"term_years", "出让年限", whole, nil}, func(v p) any { return given(v.TermYears) }},
			{field{"altitude_m", "海拔（米）", real, nil}, func(v p) any { return given(v.AltitudeM) }},
			{field{"access", "入口", other, nil}, func(v p) any {
				if v.Access == nil {
					return nil
				}
				return *v.Access
			}},
			{field{"facilities", "配套设施", list, utilityWords}, func(v p) any { return listed(v.Facilities) }},
			{field{"sample", "示例数据", flag, nil}, func(v p) any { return v.Sample }},
			{field{"notices", "相关公告", list, nil}, func(v p) any {
				codes := []string{}
				for _, n := range a.NoticesFor(v.Number) {
					codes = append(codes, n.Code)
				}
				return codes
			}},
		})
}

// limits are the columns of a range with open or closed ends.
func limits[T any](name, heading string, of func(T) kora.Range) []column[T] {
	bound := func(pick func(kora.Range) *float64) func(T) any {
		return func(v T) any {
			if b := pick(of(v)); b != nil {
				return *b
			}
			return nil
		}
	}
	return []column[T]{
		{field{name + ".min", heading + "下限", real, nil}, bound(func(r kora.Range) *float64 { return r.Min })},
		{field{name + ".max", heading + "上限", real, nil}, bound(func(r kora.Range) *float64 { return r.Max })},
		{field{name + ".min_exclusive", heading + "不含下限", flag, nil}, func(v T) any { return given(of(v).MinExclusive) }},
		{field{name + ".max_exclusive", heading + "不含上限", flag, nil}, func(v T) any { return given(of(v).MaxExclusive) }},
	}
}
