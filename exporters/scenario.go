package exporters

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"kora"
	"kora/atlas"
)

// A planned is a station that a scenario touches.
type planned struct {
	was, is *kora.Station // was is nil when it is added
}

// Scenario is the set of two layers: areas, the rows of trial before and after with what differs, and stations, those that the edits touch.
// The trial is what the edits came to on a, under q, with streets.
func Scenario(a *atlas.Atlas, q CoverageQuery, edits []kora.StationEdit, trial *atlas.Trial) (*Set, error) {
	if err := q.Validate(); err != nil {
		return nil, err
	}
	after, _ := kora.Edited(a.Stations, edits)
	var touched []planned
	for _, s := range after {
		if was := a.Station(s.ID); was != s {
			touched = append(touched, planned{was, s})
		}
	}
	sample := a.Network.Sample || slices.ContainsFunc(a.Stations, func(s *kora.Station) bool { return s.Sample })
	areas := layerOf("areas", "", trial.Rows, comparedColumns(trial, sample), func(r kora.ReportRow) (int64, orb.Geometry, orb.Point) {
		return r.ID, nil, orb.Point{}
	})
	stations := layerOf("stations", "Point", touched, plannedColumns(), func(p planned) (int64, orb.Geometry, orb.Point) {
		return p.is.ID, p.is.Point, p.is.Point
	})
	areas.title, stations.title = "改动前后", "改动的站点"
	areas.constants = basis(a, q, trial.After.Stations)
	return &Set{layers: []*layer{areas, stations}, about: append(aboutOf(a, sample),
		member{"attribution", a.Network.Attribution}, member{"profile", q.Profile}, member{"minutes", q.Minutes},
		member{"stations", trial.After.Stations}, member{"assumptions", assumptionsOf(a, q)})}, nil
}

// comparedColumns are of cells and streets first, then of every other measure. The two bands of a row are before and after.
func comparedColumns(trial *atlas.Trial, sample bool) []column[kora.ReportRow] {
	type row = kora.ReportRow
	all := slices.Concat(
		[]column[row]{
			{field{"level", "层级", text, levelWords}, func(v row) any { return string(v.Level) }},
			{field{"code", "区域编号", text, nil}, func(v row) any {
				if v.Level == kora.LevelCity {
					return "全部"
				}
				return v.Code
			}},
		},
		names("name", [3]string{"区域名称", "藏文名称", "英文名称"}, func(v row) kora.Name {
			switch {
			case v.Name != nil:
				return *v.Name
			case v.Level == kora.LevelCity:
				return kora.Name{ZH: "全部重点区域"}
			}
			return kora.Name{ZH: placeName(v)}
		}),
		[]column[row]{{field{"sample", "示例数据", flag, nil}, func(v row) any { return sample || v.Sample }}},
	)
	if len(trial.Rows) == 0 {
		return all
	}
	r := &kora.Report{Demands: trial.Demands}
	for _, m := range trial.Rows[0].Measures {
		name, key := measureName(r, m), string(m.Measure)
		if m.Demand != "" {
			key += "." + m.Demand
		}
		tell := func(of string, heading string, k kind, value func(kora.ReportMeasure) any) {
			all = append(all, column[row]{field{key + "." + of, name + heading, k, nil}, func(v row) any {
				if own := v.Measure(m.Measure, m.Demand); own != nil {
					return value(*own)
				}
				return nil
			}})
		}
		tell("total", "总量（"+unitWords[m.Unit]+"）", real, func(m kora.ReportMeasure) any { return m.Total })
		for band, of := range []struct{ name, heading string }{{"before", "现状"}, {"after", "方案"}} {
			share := func(m kora.ReportMeasure) kora.ReportShare { return m.Bands[band] }
			tell(of.name+".covered", of.heading+"覆盖量", real, func(m kora.ReportMeasure) any { return share(m).Covered })
			tell(of.name+".share", of.heading+"覆盖率", portion, func(m kora.ReportMeasure) any { return share(m).Share })
			tell(of.name+".twice", of.heading+"交叉覆盖量", real, func(m kora.ReportMeasure) any { return share(m).Twice })
			tell(of.name+".twice_share", of.heading+"交叉覆盖率", portion, func(m kora.ReportMeasure) any { return share(m).Twofold })
		}
		points := func(before, after float64) any { return math.Round((after-before)*1000) / 10 }
		tell("points", "覆盖率增减（百分点）", real, func(m kora.ReportMeasure) any { return points(m.Bands[0].Share, m.Bands[1].Share) })
		tell("twice_points", "交叉覆盖率增减（百分点）", real, func(m kora.ReportMeasure) any { return points(m.Bands[0].Twofold, m.Bands[1].Twofold) })
	}
	return all
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
