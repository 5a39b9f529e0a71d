package exporters

import (
	"math"
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
	l.title = "地块"
	sample := slices.ContainsFunc(a.Parcels, func(p *kora.Parcel) bool { return p.Sample })
	return &Set{layers: []*layer{l}, about: aboutOf(a, sample)}, nil
}

func parcelColumns(a *atlas.Atlas) []column[*kora.Parcel] {
	type p = *kora.Parcel
	return slices.Concat(
		[]column[p]{{field{"number", "地块编号", text, nil}, func(v p) any { return v.Number }},
			{field{"cadastre", "宗地代码", text, nil}, func(v p) any { return given(v.Cadastre) }}},
		names("name", [3]string{"地块名称", "藏文名称", "英文名称"}, func(v p) kora.Name { return v.Name }),
		[]column[p]{{field{"county", "所属区县", text, nil}, func(v p) any { return given(v.County) }},
			{field{"zone", "功能区", text, nil}, func(v p) any { return given(v.Zone) }}},
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
			{field{"industry", "产业方向", list, nil}, func(v p) any { return listed(v.Industry) }},
			{field{"status", "状态", text, parcelStatusWords}, func(v p) any { return string(v.Status) }},
			{field{"steps", "状态沿革", other, nil}, func(v p) any { return published(v.Steps) }},
			{field{"area_m2", "椭球面积（㎡）", real, nil}, func(v p) any { return v.AreaM2 }},
			{field{"stated_m2", "公布面积（㎡）", real, nil}, func(v p) any { return given(v.StatedM2) }},
		},
		limits("far", "容积率", func(v p) kora.Range { return v.FAR }),
		limits("density", "建筑密度（%）", func(v p) kora.Range { return v.Density }),
		limits("green", "绿地率（%）", func(v p) kora.Range { return v.Green }),
		limits("height_m", "建筑限高（米）", func(v p) kora.Range { return v.HeightM }),
		price("price", "起始价", "价格单位", func(v p) *kora.Price { return v.Price }),
		price("deposit", "保证金", "保证金单位", func(v p) *kora.Price { return v.Deposit }),
		price("increment", "加价幅度", "加价幅度单位", func(v p) *kora.Price { return v.Increment }),
		price("intensity", "投资强度", "投资强度单位", func(v p) *kora.Price { return v.Intensity }),
		[]column[p]{
			{field{"supply", "供应方式", text, supplyWords}, func(v p) any { return given(v.Supply) }},
			{field{"term_years", "出让年限", whole, nil}, func(v p) any { return given(v.TermYears) }},
			{field{"notice_on", "公告日期", text, nil}, func(v p) any { return given(v.NoticeOn) }},
			{field{"registration", "报名时间", other, nil}, func(v p) any { return given(v.Registration) }},
			{field{"listing", "挂牌时间", other, nil}, func(v p) any { return given(v.Listing) }},
			{field{"publicity", "公示时间", other, nil}, func(v p) any { return given(v.Publicity) }},
			{field{"altitude_m", "海拔（米）", real, nil}, func(v p) any { return given(v.AltitudeM) }},
			{field{"terrain.altitude_m", "地面海拔（米，按高程计算）", real, nil}, func(v p) any { return lies(a, v, func(t atlas.Terrain) float64 { return t.AltitudeM }) }},
			{field{"terrain.slope_deg", "平均坡度（°）", real, nil}, func(v p) any { return lies(a, v, func(t atlas.Terrain) float64 { return t.SlopeDeg }) }},
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

// lies tells of the terrain of a parcel, to a tenth; nil when it is not known.
func lies(a *atlas.Atlas, p *kora.Parcel, of func(atlas.Terrain) float64) any {
	row, _ := a.ParcelTable().Row(p.ID)
	if t := a.Terrain(row); t.Missing == "" {
		return math.Round(of(t)*10) / 10
	}
	return nil
}

// published are the steps without who signed them; nil without any.
func published(steps []kora.ParcelStep) any {
	if len(steps) == 0 {
		return nil
	}
	shown := slices.Clone(steps)
	for i := range shown {
		shown[i].Who = ""
	}
	return shown
}

// price are the columns of an amount with its unit.
func price[T any](name, heading, unit string, of func(T) *kora.Price) []column[T] {
	return []column[T]{
		{field{name + ".amount", heading, real, nil}, func(v T) any {
			if p := of(v); p != nil {
				return p.Amount
			}
			return nil
		}},
		{field{name + ".unit", unit, text, nil}, func(v T) any {
			if p := of(v); p != nil {
				return p.Unit
			}
			return nil
		}},
	}
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
