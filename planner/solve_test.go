package planner_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"kora"
	"kora/atlas"
	"kora/atlas/atlastest"
	"kora/importers"
	"kora/planner"
	"kora/sample"
)

// lhasa keeps the sample, read once for all tests.
var lhasa = sync.OnceValues(func() (*atlas.Keeper, error) {
	ctx := context.Background()
	files := sample.Files()
	r := &atlastest.Record{Stations: map[int64]*kora.Station{}, KeyAreas: map[int64]*kora.KeyArea{}}
	extract, err := files.Open(sample.Network)
	if err != nil {
		return nil, err
	}
	defer extract.Close()
	n, _, err := importers.Network(ctx, sample.Network, extract, importers.NetworkOptions{})
	if err != nil {
		return nil, err
	}
	r.Network = &n
	f, err := files.Open(sample.Stations)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	stations, err := importers.Stations(sample.Stations, f)
	if err != nil {
		return nil, err
	}
	for i := range stations.Items {
		s := stations.Items[i].Value
		s.ID = int64(i + 1)
		r.Stations[s.ID] = &s
	}
	g, err := files.Open(sample.KeyAreas)
	if err != nil {
		return nil, err
	}
	defer g.Close()
	areas, err := importers.KeyAreas(sample.KeyAreas, g)
	if err != nil {
		return nil, err
	}
	for i := range areas.Items {
		a := areas.Items[i].Value
		a.ID = int64(i + 1)
		r.KeyAreas[a.ID] = &a
	}
	return atlas.Open(ctx, r, slog.New(slog.DiscardHandler))
})

func sampleKeeper(t testing.TB) *atlas.Keeper {
	t.Helper()
	keeper, err := lhasa()
	if err != nil {
		t.Fatal(err)
	}
	return keeper
}

func sampleAtlas(t testing.TB) *atlas.Atlas { return sampleKeeper(t).Atlas() }

func solve(t testing.TB, a *atlas.Atlas, q kora.SitingQuestion) *kora.SitingPlan {
	t.Helper()
	plan, err := planner.Solve(t.Context(), a, q, nil)
	if err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	return plan
}

// built is what stands once a plan is carried out.
func built(a *atlas.Atlas, plan *kora.SitingPlan) (stations []*kora.Station) {
	for _, id := range plan.Kept {
		stations = append(stations, a.Station(id))
	}
	for _, s := range plan.Sites {
		if s.Station == 0 {
			stations = append(stations, &kora.Station{ID: int64(-s.Number), Point: s.Point, Status: kora.StatusOpen})
		}
	}
	return stations
}

// What a plan is said to cover is what coverage counts once it is carried out: in all, and in every key area.
func TestPlansCoverWhatTheyAreSaidTo(t *testing.T) {
	a := sampleAtlas(t)
	random := rand.New(rand.NewPCG(1, 1))
	pick := func(all ...string) string { return all[random.IntN(len(all))] }
	for range 3 {
		q := kora.SitingQuestion{Objective: kora.SitingObjectives()[random.IntN(5)], Minutes: 5 + random.IntN(16), Sites: 1 + random.IntN(12), Share: random.Float64()*0.5 + 0.1,
			Times: 1 + random.IntN(2), Existing: pick(kora.StationsKept, kora.StationsLeft, kora.StationsMoving), Seed: random.Uint64()}
		q.Candidates.From = pick(kora.CandidateCells, kora.CandidateStreets, kora.CandidatePoints)
		q.Candidates.EveryM = 300
		for range 150 {
			cell := a.Cells()[random.IntN(len(a.Cells()))]
			at := cell.Centre()
			q.Candidates.Points = append(q.Candidates.Points, orb.Point{at[0] + random.Float64()*0.001, at[1]})
		}
		if random.IntN(2) == 0 {
			q.Required = append(q.Required, a.Cells()[a.CellsOf(1)[random.IntN(len(a.CellsOf(1)))]].Centre())
		}
		switch q.Objective {
		case kora.SiteNearest:
			q.Times = 1
		case kora.SiteAll, kora.SiteShare:
			q.Candidates.From, q.Areas = kora.CandidateStreets, []int64{int64(1 + random.IntN(len(a.KeyAreas)))}
		}
		plan, err := planner.Solve(t.Context(), a, q, nil)
		if reason := kora.ReasonOf(err); reason == kora.ReasonNoAccess {
			continue // the required place has no street
		}
		if err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
		name := fmt.Sprintf("%s by %s, stations %s, %d times within %d min", q.Objective, q.Candidates.From, q.Existing, q.Times, q.Minutes)
		c, err := a.CoverageOf(t.Context(), "walk", built(a, plan), float64(q.Minutes)*60)
		if err != nil {
			t.Fatal(err)
		}
		counted := func(s atlas.Shares) int {
			if q.Times == 2 {
				return s.Twice.Covered
			}
			return s.Once.Covered
		}
		if q.Areas == nil && (float64(counted(c.Total)) != plan.Covered || float64(c.Total.Once.Cells) != plan.Total) {
			t.Errorf("%s: %v of %v cells are said to be covered; %d of %d are", name, plan.Covered, plan.Total, counted(c.Total), c.Total.Once.Cells)
		}
		for _, area := range plan.Areas {
			if got := c.Areas[area.ID-1]; got.Area.ID != area.ID || float64(counted(got.Shares)) != area.After || float64(got.Once.Cells) != area.Total {
				t.Errorf("%s: %s is said to have %v of %v, and has %d of %d", name, got.Area.Code, area.After, area.Total, counted(got.Shares), got.Once.Cells)
			}
			if q.Existing == kora.StationsKept && area.After < area.Before {
				t.Errorf("%s: more stations serve less", name)
			}
		}
		if last := plan.Curve[len(plan.Sites)]; last.Covered != plan.Covered || last.Sites != len(plan.Sites) {
			t.Errorf("%s: the curve ends at %+v", name, last)
		}
		for i := 1; i < len(plan.Curve); i++ {
			if plan.Curve[i].Covered < plan.Curve[i-1].Covered {
				t.Errorf("%s: the curve falls at %d", name, i)
			}
		}
		for i, p := range q.Required {
			if !slices.ContainsFunc(plan.Sites, func(s kora.SitingSite) bool { return s.Point == p && s.Must }) {
				t.Errorf("%s: required place %d is not in the plan", name, i)
			}
		}
		t.Logf("%s: %d sites, %v of %v, value %v, bound %v", name, len(plan.Sites), plan.Covered, plan.Total, plan.Value, plan.Bound)
	}
}

// On the street of the town everything can be counted by hand: eleven places 100 m apart, 90 s each.
func TestTown(t *testing.T) {
	r := atlastest.Town(t)
	a := atlastest.Open(t, r).Atlas()
	nodes := make([]orb.Point, 11)
	for i := range nodes {
		nodes[i] = orb.Point{91 + float64(i)*100/atlastest.Degree, 0}
	}
	q := kora.SitingQuestion{Objective: kora.SiteMost, Minutes: 5, Sites: 1, Existing: kora.StationsLeft, Candidates: kora.SitingCandidates{Points: nodes}}
	plan := solve(t, a, q)
	if len(plan.Sites) != 1 || plan.Sites[0].Street.ZH != "示例街" || plan.Sites[0].Area != "town" {
		t.Fatalf("%+v", plan.Sites)
	}
	best := 0
	for i, at := range nodes {
		c, err := a.CoverageOf(t.Context(), "walk", []*kora.Station{{ID: int64(-1 - i), Point: at}}, 300)
		if err != nil {
			t.Fatal(err)
		}
		best = max(best, c.Total.Once.Covered)
	}
	if plan.Value != float64(best) || plan.Bound != plan.Value {
		t.Errorf("one station serves %v cells, at most %v; the best serves %d", plan.Value, plan.Bound, best)
	}
	// W and E stand 800 m apart; within 5 minutes they leave the middle, where X was closed.
	q.Existing = kora.StationsKept
	q.Minutes = 3
	plan = solve(t, a, q)
	if x := (plan.Sites[0].Point[0] - 91) * atlastest.Degree; x < 399 || x > 601 || plan.Existing >= plan.Covered {
		t.Errorf("the third station comes to %.0f m and adds to %v only %v", x, plan.Existing, plan.Sites[0].Adds)
	}
	if !slices.Equal(plan.Kept, []int64{1, 2}) || len(plan.Closed) != 0 {
		t.Errorf("%v stay, %v do not", plan.Kept, plan.Closed)
	}
	// A forbidden middle sends it elsewhere, and one drawn place where it may be takes it there.
	q.ForbiddenAt = nodes[4:7]
	plan = solve(t, a, q)
	if x := (plan.Sites[0].Point[0] - 91) * atlastest.Degree; x > 301 && x < 699 {
		t.Errorf("it stands at %.0f m, where none may", x)
	}
	q.Candidates.Within = square(nodes[8], 0.0001)
	if plan = solve(t, a, q); plan.Sites[0].Point != nodes[8] || plan.Candidates != 3 {
		t.Errorf("%+v of %d", plan.Sites, plan.Candidates)
	}
	// By night only E is open.
	night := time.Date(2026, 7, 1, 15, 0, 0, 0, time.UTC) // 23:00 in Lhasa
	q.OpenAt = &night
	if plan = solve(t, a, q); !slices.Equal(plan.Kept, []int64{2}) {
		t.Errorf("%v are open by night", plan.Kept)
	}
	// Stations that may be closed give way.
	q = kora.SitingQuestion{Objective: kora.SiteMost, Minutes: 5, Sites: 1, Existing: kora.StationsMoving, Candidates: kora.SitingCandidates{Points: nodes[5:6]}}
	if plan = solve(t, a, q); len(plan.Sites) != 1 || len(plan.Kept)+len(plan.Closed) != 2 || len(plan.Kept) > 1 {
		t.Errorf("of %+v %v stay, %v do not", plan.Sites, plan.Kept, plan.Closed)
	}
	// Street counts by its metres: 1,000 in all.
	q.Weights = kora.WeightStreets
	if plan = solve(t, a, q); plan.Total < 990 || plan.Total > 1010 {
		t.Errorf("%v m of street", plan.Total)
	}
	// Types: the dear one is not needed, and of the cheap one there is one.
	q = kora.SitingQuestion{Objective: kora.SiteMost, Minutes: 2, Budget: 30, Existing: kora.StationsLeft, Candidates: kora.SitingCandidates{Points: nodes},
		Types: []kora.SitingType{{Name: "standard", Cost: 20}, {Name: "micro", Cost: 5, Most: 1}}}
	plan = solve(t, a, q)
	count := map[string]int{}
	for _, s := range plan.Sites {
		count[s.Type]++
	}
	if count["standard"] != 1 || count["micro"] != 1 {
		t.Errorf("a budget of 30 gives %v", count)
	}
}

// What a plan covers of a set of demand is what the report counts once it is carried out, and what lies beyond the grid counts in
// the total of a drawn area.
func TestDemandIsCoveredAsReported(t *testing.T) {
	r := atlastest.Town(t)
	at := func(m, north float64) orb.Point { return orb.Point{91 + m/atlastest.Degree, north} }
	r.Demands = map[int64]*kora.Demand{1: {ID: 1, Code: "workers", Name: kora.Name{ZH: "劳动者"}, Unit: kora.DemandWorkers, AsOf: time.Now(), Publisher: "made up",
		Points: []orb.Point{at(50, 0), at(450, 0), at(500, 0), at(950, 0), at(500, 0.04)}, Weights: []float64{10, 20.25, 30, 40, 7}}}
	a := atlastest.Open(t, r).Atlas()
	q := kora.SitingQuestion{Objective: kora.SiteMost, Minutes: 3, Sites: 1, Demand: "workers", Candidates: kora.SitingCandidates{From: kora.CandidateStreets, EveryM: 50}}
	plan := solve(t, a, q)
	if plan.Unit != "workers" || plan.Total != 100.25 || plan.OffGrid != 0 || plan.Demand == nil || plan.Demand.OffGrid != 7 || plan.Covered <= plan.Existing {
		t.Errorf("%+v of %+v", plan, plan.Demand)
	}
	for _, s := range plan.Sites {
		one := *r.Stations[1]
		one.ID, one.Code, one.Point = 100+int64(s.Number), fmt.Sprint("new", s.Number), s.Point
		r.Stations[one.ID] = &one
	}
	report, err := atlastest.Open(t, r).Atlas().Report(t.Context(), atlas.ReportQuery{Profile: "walk", Minutes: 3, Day: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range report.Rows {
		if m := row.Measure(kora.MeasureDemand, "workers"); row.Level == kora.LevelCity && (m.Bands[0].Covered != plan.Covered || m.Total != plan.Total) {
			t.Errorf("the report counts %v of %v, the plan %v of %v", m.Bands[0].Covered, m.Total, plan.Covered, plan.Total)
		}
	}
	q.Within = square(at(500, 0), 0.05)
	if drawn := solve(t, a, q); drawn.Total != 107.25 || drawn.OffGrid != 7 || drawn.Covered != plan.Covered || drawn.Reachable > 100.25 {
		t.Errorf("%+v", drawn)
	}
}

func square(at orb.Point, half float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{at[0] - half, at[1] - half}, {at[0] + half, at[1] - half}, {at[0] + half, at[1] + half}, {at[0] - half, at[1] + half}, {at[0] - half, at[1] - half}}}}
}

func TestSameQuestionSamePlan(t *testing.T) {
	a := sampleAtlas(t)
	q := kora.SitingQuestion{Objective: kora.SiteMost, Minutes: 15, Sites: 8, Floor: 0.3, Candidates: kora.SitingCandidates{From: kora.CandidateStreets}, Seed: 3}
	if one, other := solve(t, a, q), solve(t, a, q); !reflect.DeepEqual(one, other) {
		t.Errorf("%+v\n%+v", one, other)
	}
}

func TestProgressAndCancel(t *testing.T) {
	a := sampleAtlas(t)
	ctx, stop := context.WithCancel(t.Context())
	steps := map[string]bool{}
	_, err := planner.Solve(ctx, a, kora.SitingQuestion{Objective: kora.SiteMost, Minutes: 15, Sites: 20}, func(p kora.SitingProgress) {
		steps[p.Step] = true
		if p.Step == "bound" {
			stop()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if !steps["lists"] || !steps["swap"] {
		t.Errorf("told of %v", steps)
	}
}

func TestRefusals(t *testing.T) {
	a := sampleAtlas(t)
	ok := func() kora.SitingQuestion {
		return kora.SitingQuestion{Objective: kora.SiteMost, Minutes: 15, Sites: 3}
	}
	for _, c := range []struct {
		reason kora.Reason
		change func(q *kora.SitingQuestion)
	}{
		{kora.ReasonUnknown, func(q *kora.SitingQuestion) { q.Objective = "best" }},
		{kora.ReasonUnknown, func(q *kora.SitingQuestion) { q.Profile = "sledge" }},
		{kora.ReasonUnknown, func(q *kora.SitingQuestion) { q.Areas = []int64{99} }},
		{kora.ReasonUnknown, func(q *kora.SitingQuestion) { q.Weights = "sheep" }},
		{kora.ReasonUnknown, func(q *kora.SitingQuestion) { q.Demand = "sheep" }},
		{kora.ReasonRequired, func(q *kora.SitingQuestion) { q.Weights = kora.WeightDemand }},
		{kora.ReasonConflict, func(q *kora.SitingQuestion) { q.Weights, q.Demand = kora.WeightCells, "sheep" }},
		{kora.ReasonRange, func(q *kora.SitingQuestion) { q.Minutes = 61 }},
		{kora.ReasonRequired, func(q *kora.SitingQuestion) { q.Sites = 0 }},
		{kora.ReasonRange, func(q *kora.SitingQuestion) { q.Objective, q.Share = kora.SiteShare, 0 }},
		{kora.ReasonConflict, func(q *kora.SitingQuestion) { q.Objective, q.Times = kora.SiteNearest, 2 }},
		{kora.ReasonConflict, func(q *kora.SitingQuestion) { q.Floor, q.Within = 0.5, square(orb.Point{91.1, 29.65}, 0.01) }},
		{kora.ReasonConflict, func(q *kora.SitingQuestion) { q.Times, q.Types = 2, make([]kora.SitingType, 2) }},
		{kora.ReasonRange, func(q *kora.SitingQuestion) { q.Within = square(orb.Point{10, 10}, 0.01) }},
		{kora.ReasonRange, func(q *kora.SitingQuestion) { q.Candidates.From, q.Candidates.EveryM = kora.CandidateStreets, 1 }},
		{kora.ReasonRequired, func(q *kora.SitingQuestion) { q.Candidates.From = kora.CandidatePoints }},
		{kora.ReasonCoordinate, func(q *kora.SitingQuestion) { q.Required = []orb.Point{{200, 0}} }},
		{kora.ReasonNoAccess, func(q *kora.SitingQuestion) { q.Required = []orb.Point{{10, 10}} }},
		{kora.ReasonRequired, func(q *kora.SitingQuestion) { q.Candidates.Points = []orb.Point{{10, 10}} }},
		{kora.ReasonTooLong, func(q *kora.SitingQuestion) { q.Candidates.Points = make([]orb.Point, 20_001) }},
		{kora.ReasonConflict, func(q *kora.SitingQuestion) {
			q.Required, q.Sites = []orb.Point{a.Stations[0].Point, a.Stations[1].Point}, 1
			q.Existing = kora.StationsLeft
		}},
	} {
		q := ok()
		c.change(&q)
		if _, err := planner.Solve(t.Context(), a, q, nil); kora.ReasonOf(err) != c.reason {
			t.Errorf("%+v: %v, not %s", q, err, c.reason)
		}
	}
}
