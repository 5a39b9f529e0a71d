package exporters

import (
	"github.com/paulmach/orb"

	"kora"
	"kora/atlas"
)

// Siting is the set of two tables: the sites of a plan as points, and the key areas before and after.
func Siting(a *atlas.Atlas, in *kora.Siting) (*Set, error) {
	p := in.Plan
	if p == nil {
		return nil, kora.Refuse(kora.ReasonConflict, "siting", in.ID, "has no plan: it is %s", in.State)
	}
	sites := layerOf("sites", "Point", p.Sites, siteColumns(), func(s kora.SitingSite) (int64, orb.Geometry, orb.Point) {
		return int64(s.Number), s.Point, s.Point
	})
	sites.title = "选址方案"
	byID := map[int64]*kora.KeyArea{}
	for _, k := range a.KeyAreas {
		byID[k.ID] = k
	}
	areas := layerOf("areas", "", p.Areas, siteAreaColumns(byID), func(s kora.SitingArea) (int64, orb.Geometry, orb.Point) { return s.ID, nil, orb.Point{} })
	areas.title = "重点区域"
	q := in.Question
	about := []member{
		{"sample", a.Sample(kora.LayerNetwork, kora.LayerStation, kora.LayerKeyArea)},
		{"datum", "CGCS2000 (EPSG:4490), within a metre of WGS 84"},
		{"snapshot", p.Snapshot}, {"as_of", in.ChangedAt}, {"profile", q.Profile}, {"minutes", q.Minutes}, {"weights", q.Weights}, {"demand", given(q.Demand)}, {"unit", p.Unit}, {"off_grid", given(p.OffGrid)},
		{"objective", string(q.Objective)}, {"value", p.Value}, {"bound", p.Bound}, {"gap", p.Gap}, {"covered", p.Covered}, {"total", p.Total},
		{"streets", p.StreetsOf},
	}
	return &Set{layers: []*layer{sites, areas}, about: about}, nil
}

func siteColumns() []column[kora.SitingSite] {
	type s = kora.SitingSite
	return []column[s]{
		{field{"number", "序号", whole, nil}, func(v s) any { return v.Number }},
		{field{"street", "附近道路或地点", text, nil}, func(v s) any { return given(v.Street.ZH) }},
		{field{"street_m", "距其（米）", real, nil}, func(v s) any { return given(v.StreetM) }},
		{field{"area", "重点区域编号", text, nil}, func(v s) any { return given(v.Area) }},
		{field{"station", "现有站点", whole, nil}, func(v s) any { return given(v.Station) }},
		{field{"type", "站点类型", text, nil}, func(v s) any { return given(v.Type) }},
		{field{"cost", "费用", real, nil}, func(v s) any { return given(v.Cost) }},
		{field{"must", "必设", flag, nil}, func(v s) any { return v.Must }},
		{field{"adds", "新增覆盖", real, nil}, func(v s) any { return v.Adds }},
		{field{"covered", "累计覆盖", real, nil}, func(v s) any { return v.Covered }},
		{field{"alone", "独自覆盖", real, nil}, func(v s) any { return v.Alone }},
	}
}

func siteAreaColumns(byID map[int64]*kora.KeyArea) []column[kora.SitingArea] {
	type s = kora.SitingArea
	of := func(v s) kora.KeyArea {
		if k := byID[v.ID]; k != nil {
			return *k
		}
		return kora.KeyArea{}
	}
	share := func(part, whole float64) any {
		if whole == 0 {
			return nil
		}
		return part / whole
	}
	return []column[s]{
		{field{"code", "编号", text, nil}, func(v s) any { return given(of(v).Code) }},
		{field{"name.zh", "名称", text, nil}, func(v s) any { return given(of(v).Name.ZH) }},
		{field{"total", "总量", real, nil}, func(v s) any { return v.Total }},
		{field{"before", "现状覆盖", real, nil}, func(v s) any { return v.Before }},
		{field{"after", "方案覆盖", real, nil}, func(v s) any { return v.After }},
		{field{"before_share", "现状覆盖率", portion, nil}, func(v s) any { return share(v.Before, v.Total) }},
		{field{"after_share", "方案覆盖率", portion, nil}, func(v s) any { return share(v.After, v.Total) }},
		{field{"met", "达到下限", flag, nil}, func(v s) any { return v.Met }},
	}
}
