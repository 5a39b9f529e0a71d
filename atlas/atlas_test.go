package atlas_test

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"kora"
	"kora/atlas"
	"kora/atlas/atlastest"
)

// steps is a record that hands out what changed, step by step.
type steps struct {
	next chan *kora.Changes
	xid  uint64
}

func (s *steps) Changes(_ context.Context, since kora.Position) (*kora.Changes, error) {
	select {
	case c := <-s.next:
		s.xid++
		c.To = kora.Position{Epoch: "e", Snapshot: fmt.Sprintf("%d:%d:", s.xid, s.xid)}
		return c, nil
	default:
		return &kora.Changes{To: since}, nil
	}
}

func (s *steps) Listen(ctx context.Context, wake func()) {
	for ctx.Err() == nil {
		wake()
		time.Sleep(time.Millisecond)
	}
}

// TestStepsLeadWhereAWholeReadingLeads: an atlas that was changed many times, sharing what did not change, answers like
// one that was read anew.
func TestStepsLeadWhereAWholeReadingLeads(t *testing.T) {
	town := atlastest.Town(t)
	first, err := town.Changes(t.Context(), kora.Position{})
	if err != nil {
		t.Fatal(err)
	}
	rec := &steps{next: make(chan *kora.Changes, 1)}
	rec.next <- first
	keeper, err := atlas.Open(t.Context(), rec, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); keeper.Run(ctx) }()
	defer func() { cancel(); <-done }()

	rng := rand.New(rand.NewPCG(7, 7))
	for step := range 60 {
		c := &kora.Changes{Stations: map[int64]*kora.Station{}, Parcels: map[int64]*kora.Parcel{}}
		id := int64(1 + rng.IntN(6))
		if rng.IntN(3) == 0 {
			c.Stations[id] = nil
			delete(town.Stations, id)
		} else {
			s := &kora.Station{ID: id, Code: fmt.Sprint("S", id), Name: kora.Name{ZH: "站"}, Kind: kora.Kinds()[rng.IntN(3)],
				Status: kora.Statuses()[rng.IntN(6)], Point: orb.Point{91 + rng.Float64()*1000/atlastest.Degree, 0.0001}}
			c.Stations[id], town.Stations[id] = s, s
		}
		if step%5 == 0 {
			c.Parcels[2] = nil
			delete(town.Parcels, 2)
		}
		if step%20 == 7 {
			area := *town.KeyAreas[7]
			area.Geometry = orb.MultiPolygon{{{{91, -0.003}, {91.004, -0.003}, {91.004, 0.003}, {91, 0.003}, {91, -0.003}}}}
			c.KeyAreas, town.KeyAreas[7] = map[int64]*kora.KeyArea{7: &area}, &area
		}
		before := rec.xid
		rec.next <- c
		if err := keeper.WaitFor(t.Context(), before); err != nil {
			t.Fatal(err)
		}
		whole := atlastest.Open(t, town).Atlas()
		compare(t, step, keeper.Atlas(), whole)
	}
}

func compare(t *testing.T, step int, got, want *atlas.Atlas) {
	t.Helper()
	if !reflect.DeepEqual(got.Stations, want.Stations) || !reflect.DeepEqual(got.Parcels, want.Parcels) ||
		!reflect.DeepEqual(got.Cells(), want.Cells()) {
		t.Fatalf("step %d: the lists differ", step)
	}
	for _, q := range []atlas.StationQuery{{}, {Kinds: []kora.Kind{kora.KindOxygen}}} {
		a, errA := got.CellValues(t.Context(), "walk", q, 1)
		b, errB := want.CellValues(t.Context(), "walk", q, 1)
		if errA != nil || errB != nil || !reflect.DeepEqual(a, b) {
			t.Fatalf("step %d: the cells differ (%v, %v)", step, errA, errB)
		}
		c, errC := got.Coverage(t.Context(), "walk", q, 300)
		d, errD := want.Coverage(t.Context(), "walk", q, 300)
		if errC != nil || errD != nil || !reflect.DeepEqual(c, d) {
			t.Fatalf("step %d: coverage differs: %+v, %+v", step, c, d)
		}
		e, errE := got.Nearest(t.Context(), "walk", orb.Point{91.005, 0}, q, 3)
		f, errF := want.Nearest(t.Context(), "walk", orb.Point{91.005, 0}, q, 3)
		if errE != nil || errF != nil || !reflect.DeepEqual(e, f) {
			t.Fatalf("step %d: nearest differs", step)
		}
	}
	everywhere := orb.Bound{Min: orb.Point{94, 29}, Max: orb.Point{95, 30}}
	if !reflect.DeepEqual(got.FindParcels(atlas.ParcelQuery{Bounds: &everywhere}), want.Parcels) {
		t.Fatalf("step %d: parcels by box differ", step)
	}
}

// TestPublishedAtlasStaysAsItIs: a reader that holds an atlas is not disturbed by later ones.
func TestPublishedAtlasStaysAsItIs(t *testing.T) {
	town := atlastest.Town(t)
	keeper := atlastest.Open(t, town)
	held := keeper.Atlas()
	before, err := held.CellValues(t.Context(), "walk", atlas.StationQuery{}, 1)
	if err != nil {
		t.Fatal(err)
	}
	xid, err := town.DeleteStation(t.Context(), atlastest.Author(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := keeper.WaitFor(t.Context(), xid); err != nil {
		t.Fatal(err)
	}
	after, err := held.CellValues(t.Context(), "walk", atlas.StationQuery{}, 1)
	if err != nil || !reflect.DeepEqual(before, after) || held.Station(1) == nil {
		t.Errorf("the held atlas changed (%v)", err)
	}
	if keeper.Atlas().Station(1) != nil {
		t.Error("the new atlas holds the deleted station")
	}
}

func TestClosedStationsCoverNothing(t *testing.T) {
	keeper := atlastest.Open(t, atlastest.Town(t))
	night := time.Date(2026, 7, 1, 23, 0, 0, 0, time.FixedZone("", 8*3600))
	covered := func(q atlas.StationQuery) int {
		c, err := keeper.Atlas().Coverage(t.Context(), "walk", q, 120)
		if err != nil {
			t.Fatal(err)
		}
		return c.Areas[0].Once.Covered
	}
	all, open := covered(atlas.StationQuery{}), covered(atlas.StationQuery{OpenAt: &night})
	if open == 0 || open >= all {
		t.Errorf("at night %d cells are covered, by day %d", open, all)
	}
	if n := covered(atlas.StationQuery{Statuses: []kora.Status{kora.StatusClosed}}); n != 0 {
		t.Errorf("a closed station covers %d cells", n)
	}
}

// TestCellValues: "at most n minutes" must be exact for whole minutes, and the three special values must not be times.
func TestCellValues(t *testing.T) {
	for seconds, want := range map[float64]byte{
		0: 0, 0.1: 1, 15: 1, 15.001: 2, 900: 60, 900.001: 61, atlas.MaxCoverage: 252, atlas.MaxCoverage + 0.1: atlas.CellFar,
		math.Inf(1): atlas.CellUnreachable, math.NaN(): atlas.CellNoStreet,
	} {
		if got := atlas.CellValue(seconds); got != want {
			t.Errorf("%v s: %d, want %d", seconds, got, want)
		}
	}
}

func TestWithoutStreets(t *testing.T) {
	town := atlastest.Town(t)
	town.Network = nil
	a := atlastest.Open(t, town).Atlas()
	if _, err := a.Nearest(t.Context(), "walk", orb.Point{91, 0}, atlas.StationQuery{}, 1); kora.ReasonOf(err) != kora.ReasonNoNetwork {
		t.Errorf("nearest: %v", err)
	}
	if _, err := a.Coverage(t.Context(), "walk", atlas.StationQuery{}, 900); kora.ReasonOf(err) != kora.ReasonNoNetwork {
		t.Errorf("coverage: %v", err)
	}
	if len(a.Stations) != 3 || len(a.Cells()) == 0 {
		t.Errorf("%d stations, %d cells", len(a.Stations), len(a.Cells()))
	}
}
