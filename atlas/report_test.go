package atlas_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"kora"
	"kora/atlas"
	"kora/atlas/atlastest"
	"kora/geo/basemap"
	"kora/geo/grid"
)

var reportDay = time.Date(2026, 7, 1, 3, 0, 0, 0, time.UTC)

// reported is the town in two halves of two counties, with a sleepless station, land and people.
func reported(t testing.TB) *atlastest.Record {
	r := atlastest.Town(t)
	half := func(id int64, code, county string, west, east float64) *kora.KeyArea {
		return &kora.KeyArea{ID: id, Code: code, Name: kora.Name{ZH: code}, County: county,
			Geometry: orb.MultiPolygon{{{{west, -0.002}, {east, -0.002}, {east, 0.002}, {west, 0.002}, {west, -0.002}}}}}
	}
	r.KeyAreas = map[int64]*kora.KeyArea{1: half(1, "west", "540102", 90.999, 91.005), 2: half(2, "east", "540103", 91.005, 91.011)}
	r.Stations[1].Standard, r.Stations[2].Standard, r.Stations[3].Standard = true, true, true
	ground, err := basemap.Encode([]basemap.Feature{
		{Layer: basemap.Roads, Class: "residential", NameZH: "示例街", Geometry: orb.LineString{{91, 0}, {91.009, 0}}},
		{Layer: basemap.Landuse, Class: "residential", Geometry: orb.Polygon{{{90.999, -0.001}, {91.004, -0.001}, {91.004, 0.001}, {90.999, 0.001}, {90.999, -0.001}}}},
		{Layer: basemap.Landuse, Class: "industrial", Geometry: orb.Polygon{{{91.003, -0.001}, {91.008, -0.001}, {91.008, 0.001}, {91.003, 0.001}, {91.003, -0.001}}}},
		{Layer: basemap.Landuse, Class: "forest", Geometry: orb.Polygon{{{90.99, -0.01}, {91.02, -0.01}, {91.02, 0.01}, {90.99, 0.01}, {90.99, -0.01}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	r.Network.Basemap = ground
	r.Demands = map[int64]*kora.Demand{
		1: {ID: 1, Code: "people", Name: kora.Name{ZH: "人口"}, Unit: kora.DemandPeople, AsOf: reportDay, Publisher: "made up", Sample: true,
			Points: []orb.Point{{91.0005, 0}, {91.0085, 0}, {95, 30}}, Weights: []float64{100, 40, 10}},
	}
	return r
}

func report(t testing.TB, a *atlas.Atlas, minutes int) *kora.Report {
	t.Helper()
	r, err := a.Report(t.Context(), atlas.ReportQuery{Profile: "walk", Minutes: minutes, Day: reportDay})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func row(t testing.TB, r *kora.Report, level kora.ReportLevel, code string) *kora.ReportRow {
	t.Helper()
	for i := range r.Rows {
		if r.Rows[i].Level == level && r.Rows[i].Code == code {
			return &r.Rows[i]
		}
	}
	t.Fatalf("no row %s %s", level, code)
	return nil
}

// TestReportByHand: the shares of a small made town, counted on paper.
func TestReportByHand(t *testing.T) {
	a := atlastest.Open(t, reported(t)).Atlas()
	r := report(t, a, 3) // 200 m: station W at 100 m, E at 800 m along a street of 1,000 m
	wantStations := map[kora.TimeBand]int{kora.BandAny: 2, kora.BandDay: 2, kora.BandNight: 1, kora.BandClock: 1}
	for i, b := range r.Bands {
		if b.Stations != wantStations[b.Band] || b.Band != kora.TimeBands()[i] {
			t.Errorf("band %d: %+v", i, b)
		}
	}
	if at := r.Bands[2].At; at == nil || at.Format(time.RFC3339) != "2026-07-01T23:00:00+08:00" {
		t.Errorf("the night is at %v", at)
	}
	// W is 100 m from the western end and E 100 m from the eastern, so each reaches 300 m of street within 200 m.
	near := func(got, want float64) bool { return math.Abs(got-want) < 1 }
	city := row(t, r, kora.LevelCity, "")
	s := city.Measure(kora.MeasureStreets, "")
	if !near(s.Total, 1000) || !near(s.Bands[0].Covered, 600) || !near(s.Bands[2].Covered, 300) || math.Abs(s.Bands[0].Share-0.6) > 0.002 {
		t.Errorf("streets %+v", s)
	}
	// Within 8 minutes, 533 m, W reaches to 633 m and E back to 367 m: 267 m have both.
	if s := row(t, report(t, a, 8), kora.LevelCity, "").Measure(kora.MeasureStreets, ""); !near(s.Bands[0].Covered, 1000) || !near(s.Bands[0].Twice, 266.7) || s.Bands[2].Twice != 0 {
		t.Errorf("streets within 8 minutes %+v", s)
	}
	// At night only E serves: nothing in the west.
	west, east := row(t, r, kora.LevelArea, "west"), row(t, r, kora.LevelArea, "east")
	for _, m := range west.Measures {
		if m.Bands[2].Covered != 0 || m.Bands[3].Covered != 0 || m.Bands[2].Twice != 0 {
			t.Errorf("%s %s: a closed station covers %+v", m.Measure, m.Demand, m.Bands[2])
		}
	}
	if west.Measure(kora.MeasureCells, "").Bands[1].Covered == 0 || east.Measure(kora.MeasureCells, "").Bands[2].Covered == 0 {
		t.Error("nobody is served by day in the west, or by night in the east")
	}
	// 100 people live 0.0005° from the western end: beside W, and 40 beside E; ten on another continent's grid.
	people := city.Measure(kora.MeasureDemand, "people")
	if people.Total != 140 || people.Bands[0].Covered != 140 || people.Bands[2].Covered != 40 || people.Unit != "people" {
		t.Errorf("people %+v", people)
	}
	whole := row(t, r, kora.LevelGrid, "").Measure(kora.MeasureDemand, "people")
	if whole.Total != 150 || whole.Bands[0].Covered != 140 || math.Abs(whole.Bands[0].Share-140.0/150) > 1e-12 {
		t.Errorf("whole %+v", whole)
	}
	if d := r.Demands[0]; d.Total != 150 || d.OffGrid != 10 || !d.Sample || !r.Sample {
		t.Errorf("demand %+v", d)
	}
	// The built-up land is one strip of 0.009° × 0.002°: where the two uses overlap it counts once.
	const strip = 0.009 * 111319.49 * 0.002 * 110574.3
	if got := row(t, r, kora.LevelGrid, "").Measure(kora.MeasureBuiltUp, "").Total; math.Abs(got-strip) > 0.03*strip {
		t.Errorf("built up %.0f m², want about %.0f", got, strip)
	}
	if p := r.Progress; p != (kora.Progress{Standard: 2, Oxygen: 1, KeyAreas: 0, KeyAreasOf: 2, Highways: 0, HighwaysOf: 1}) {
		t.Errorf("progress %+v", p)
	}
	if p := report(t, a, 15).Progress; p.KeyAreas != 2 {
		t.Errorf("within 15 minutes %+v", p)
	}
}

// TestReportsAddUp: parts that do not overlap add up to the whole, and what must be less is less.
func TestReportsAddUp(t *testing.T) {
	rec := reported(t)
	twin := *rec.Stations[2]
	twin.ID, twin.Code, twin.Point = 9, "E2", orb.Point{twin.Point[0] - 100/atlastest.Degree, 0}
	rec.Stations[9] = &twin
	a := atlastest.Open(t, rec).Atlas()
	for _, minutes := range []int{1, 3, 7, 15, 60} {
		r := report(t, a, minutes)
		city, grid := row(t, r, kora.LevelCity, ""), row(t, r, kora.LevelGrid, "")
		west, east := row(t, r, kora.LevelArea, "west"), row(t, r, kora.LevelArea, "east")
		for _, m := range city.Measures {
			w, e := west.Measure(m.Measure, m.Demand), east.Measure(m.Measure, m.Demand)
			near := func(whole float64, parts ...float64) bool {
				sum := 0.0
				for _, p := range parts {
					sum += p
				}
				return math.Abs(whole-sum) <= 0.01
			}
			if !near(m.Total, w.Total, e.Total) {
				t.Errorf("%d min, %s: %v is not %v and %v", minutes, m.Measure, m.Total, w.Total, e.Total)
			}
			for b, band := range m.Bands {
				if !near(band.Covered, w.Bands[b].Covered, e.Bands[b].Covered) || !near(band.Twice, w.Bands[b].Twice, e.Bands[b].Twice) {
					t.Errorf("%d min, %s, band %d: the whole is not its parts", minutes, m.Measure, b)
				}
			}
			d1, d2 := row(t, r, kora.LevelDistrict, "540102").Measure(m.Measure, m.Demand), row(t, r, kora.LevelDistrict, "540103").Measure(m.Measure, m.Demand)
			if !near(m.Total, d1.Total, d2.Total) || d1.Total != w.Total || d2.Bands[1].Covered != e.Bands[1].Covered {
				t.Errorf("%d min, %s: the districts are not the city", minutes, m.Measure)
			}
			if g := grid.Measure(m.Measure, m.Demand); g != nil && (g.Total < m.Total || g.Bands[0].Covered < m.Bands[0].Covered) {
				t.Errorf("%d min, %s: the grid has less than the city", minutes, m.Measure)
			}
		}
		for _, row := range r.Rows {
			for _, m := range row.Measures {
				for b, s := range m.Bands {
					if s.Twice > s.Covered || s.Covered > m.Total+0.001 || s.Covered > m.Bands[0].Covered || s.Share < 0 || s.Share > 1 {
						t.Errorf("%d min, %s %s, %s, band %d: %+v of %+v", minutes, row.Level, row.Code, m.Measure, b, s, m)
					}
				}
				if m.Bands[3].Covered > m.Bands[2].Covered || m.Bands[3].Covered > m.Bands[1].Covered {
					t.Errorf("%d min, %s: more by those that never close than by night or day", minutes, m.Measure)
				}
			}
		}
		old, err := a.Coverage(t.Context(), "walk", atlas.StationQuery{}, float64(minutes)*60)
		if err != nil {
			t.Fatal(err)
		}
		cells := city.Measure(kora.MeasureCells, "")
		if cells.Bands[0].Share != old.Total.Once.Share || cells.Bands[0].Twofold != old.Total.Twice.Share || cells.Bands[0].Circle.Share != old.Total.Circle.Share {
			t.Errorf("%d min: the report says %+v, the table of coverage %+v", minutes, cells.Bands[0], old.Total)
		}
	}
}

// TestOverlappingAreasCountOnce in the rows that have both.
func TestOverlappingAreasCountOnce(t *testing.T) {
	rec := reported(t)
	rec.KeyAreas[3] = &kora.KeyArea{ID: 3, Code: "again", Name: kora.Name{ZH: "again"}, County: "540102", Geometry: rec.KeyAreas[1].Geometry}
	r := report(t, atlastest.Open(t, rec).Atlas(), 3)
	alone := report(t, atlastest.Open(t, reported(t)).Atlas(), 3)
	for _, level := range []struct {
		level kora.ReportLevel
		code  string
	}{{kora.LevelCity, ""}, {kora.LevelDistrict, "540102"}} {
		got, want := row(t, r, level.level, level.code), row(t, alone, level.level, level.code)
		for i, m := range got.Measures {
			if m.Total != want.Measures[i].Total || m.Bands[0].Covered != want.Measures[i].Bands[0].Covered {
				t.Errorf("%s: %+v, without the second area %+v", level.level, m, want.Measures[i])
			}
		}
	}
}

// TestDemandFollowsTheRecord: a set that changes is counted anew, and the grid takes it along.
func TestDemandFollowsTheRecord(t *testing.T) {
	rec := reported(t)
	keeper := atlastest.Open(t, rec)
	share := func() float64 {
		return row(t, report(t, keeper.Atlas(), 3), kora.LevelCity, "").Measure(kora.MeasureDemand, "people").Total
	}
	if share() != 140 {
		t.Fatalf("%v people", share())
	}
	edit := func(do func()) {
		t.Helper()
		xid, err := rec.Edit(do)
		if err != nil {
			t.Fatal(err)
		}
		if err := keeper.WaitFor(t.Context(), xid); err != nil {
			t.Fatal(err)
		}
	}
	edit(func() {
		d := *rec.Demands[1]
		c, err := grid.At(orb.Point{91.0045, 0}, 9)
		if err != nil {
			t.Fatal(err)
		}
		d.Points, d.Cells, d.Weights = nil, []uint64{uint64(c)}, []float64{70}
		rec.Demands[1] = &d
	})
	if got := share(); got != 70 {
		t.Errorf("%v people after the change", got)
	}
	edit(func() { delete(rec.Demands, 1) })
	if r := report(t, keeper.Atlas(), 3); len(r.Demands) != 0 || row(t, r, kora.LevelCity, "").Measure(kora.MeasureDemand, "people") != nil {
		t.Errorf("demand that is gone is counted: %+v", r.Demands)
	}
}

// TestGaps: what gaps hold is what coverage leaves, and each tells where it is.
func TestGaps(t *testing.T) {
	rec := reported(t)
	rec.Demands[1].Points, rec.Demands[1].Weights = []orb.Point{{91.0045, 0}}, []float64{7}
	a := atlastest.Open(t, rec).Atlas()
	q := atlas.GapQuery{Profile: "walk", Minutes: 3, Demand: "people", Limit: 100}
	gaps, err := a.Gaps(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	c, err := a.Coverage(t.Context(), "walk", atlas.StationQuery{}, 180)
	if err != nil {
		t.Fatal(err)
	}
	cells := 0
	for _, g := range gaps.Gaps {
		cells += len(g.Cells)
	}
	if missing := c.Total.Once.Cells - c.Total.Once.Covered; cells != missing || gaps.Cells != missing || gaps.Total != len(gaps.Gaps) || missing == 0 {
		t.Errorf("the gaps have %d cells, %d in all; coverage leaves %d", cells, gaps.Cells, missing)
	}
	first := gaps.Gaps[0]
	if first.Demand != 7 || gaps.Demand != 7 || first.Place == nil || first.Place.NameZH != "示例街" || first.PlaceM > 300 || len(first.Areas) == 0 || first.M2 < 10_000 ||
		len(first.Outline) == 0 || first.Streets <= 0 {
		t.Errorf("the gravest gap: %+v", first)
	}
	if first.Nearest == nil || first.Route.Seconds <= 100 {
		t.Errorf("nearest to it: %v in %v s", first.Nearest, first.Route.Seconds)
	}
	for i := 1; i < len(gaps.Gaps); i++ {
		x, y := gaps.Gaps[i-1], gaps.Gaps[i]
		if y.Demand > x.Demand || y.Demand == x.Demand && y.Streets > x.Streets {
			t.Errorf("gap %d is graver than the one before", i)
		}
	}
	q.Limit, q.Area = 1, "west"
	if one, err := a.Gaps(t.Context(), q); err != nil || len(one.Gaps) != 1 || one.Cells >= gaps.Cells {
		t.Errorf("one gap in the west: %+v, %v", one, err)
	}
	q.Area, q.Whole = "", true
	if whole, err := a.Gaps(t.Context(), q); err != nil || whole.Cells < gaps.Cells {
		t.Errorf("on the whole grid: %+v, %v", whole, err)
	}
	for name, q := range map[string]atlas.GapQuery{"area": {Profile: "walk", Area: "none"}, "demand": {Profile: "walk", Demand: "none"}, "profile": {Profile: "yak"}} {
		if _, err := a.Gaps(t.Context(), q); kora.ReasonOf(err) != kora.ReasonUnknown {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Without a station at night, all is one question.
	night := reportDay.Add(13 * time.Hour)
	rec.Stations = map[int64]*kora.Station{1: rec.Stations[1]}
	dark, err := atlastest.Open(t, rec).Atlas().Gaps(t.Context(), atlas.GapQuery{Profile: "walk", Minutes: 15, Limit: 10, Stations: atlas.StationQuery{OpenAt: &night}})
	if err != nil || dark.Cells != c.Total.Once.Cells || slices.ContainsFunc(dark.Gaps, func(g atlas.Gap) bool { return g.Nearest != nil }) {
		t.Errorf("at night %+v, %v", dark, err)
	}
}
