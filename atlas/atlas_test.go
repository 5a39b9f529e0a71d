package atlas_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"kora"
	"kora/atlas"
	"kora/atlas/atlastest"
	"kora/geo/flat"
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
	carCountry(t, town)
	rng := rand.New(rand.NewPCG(7, 7))
	for id := int64(4); id < 60; id++ {
		town.Parcels[id] = someParcel(rng, id)
	}
	first, err := town.Changes(t.Context(), kora.Position{})
	if err != nil {
		t.Fatal(err)
	}
	first.Parcels = maps.Clone(town.Parcels)
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

	var held [][2]*atlas.Atlas // by steps and anew
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
		changes := 1 + rng.IntN(3)
		if step%15 == 9 {
			changes = 40
		}
		for range changes {
			id := 1 + rng.Int64N(80)
			if rng.IntN(3) == 0 {
				c.Parcels[id] = nil
				delete(town.Parcels, id)
				continue
			}
			p := someParcel(rng, id)
			if old := town.Parcels[id]; old != nil && rng.IntN(2) == 0 {
				p.Number, p.Geometry = old.Number, old.Geometry
			}
			c.Parcels[id], town.Parcels[id] = p, p
		}
		if step%7 == 3 {
			h := *town.Highways[1]
			h.Geometry = orb.MultiLineString{{{94.1, 29.1 + 0.05*float64(step%16)}, {94.5, 29.1 + 0.05*float64(step%16)}}}
			c.Highways, town.Highways[1] = map[int64]*kora.Highway{1: &h}, &h
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
		whole := still(t, town)
		compare(t, step, keeper.Atlas(), whole)
		compareParcels(t, step, rng, keeper.Atlas(), whole)
		held = append(held, [2]*atlas.Atlas{keeper.Atlas(), whole})
	}
	for step, h := range held { // later steps leave the former ones as they are
		compareParcels(t, step, rng, h[0], h[1])
	}
}

func compareParcels(t *testing.T, step int, rng *rand.Rand, got, want *atlas.Atlas) {
	t.Helper()
	for range 20 {
		q := someQuery(rng)
		var plain []*kora.Parcel
		for _, p := range want.Parcels {
			if means(t, want, q, p, "") {
				plain = append(plain, p)
			}
		}
		for name, a := range map[string]*atlas.Atlas{"by steps": got, "anew": want} {
			f, err := a.ParcelFilter(q)
			if err != nil {
				t.Fatal(err)
			}
			if found := f.Parcels(); !slices.Equal(found, plain) {
				t.Fatalf("step %d, %s: %+v finds %d parcels, want %d", step, name, q, len(found), len(plain))
			}
			// What a tile sees: rows in a box.
			box := flat.Box{Max: flat.Point{X: flat.Extent, Y: flat.Extent}}
			if q.Bounds != nil {
				box = flat.BoxOf(*q.Bounds)
			}
			var seen []*kora.Parcel
			f.In(box, func(row uint32) { seen = append(seen, a.ParcelTable().At(row)) })
			slices.SortFunc(seen, func(a, b *kora.Parcel) int { return strings.Compare(a.Number, b.Number) })
			pagesAre(t, fmt.Sprintf("step %d, %s", step, name), a, q, rng)
			if rng.IntN(10) == 0 {
				countsAre(t, fmt.Sprintf("step %d, %s", step, name), a, q)
			}
			if !slices.Equal(seen, plain) {
				t.Fatalf("step %d, %s: %+v sees %d parcels in its box, want %d", step, name, q, len(seen), len(plain))
			}
		}
	}
	table, rows := got.ParcelTable(), 0
	for row := range uint32(table.Shapes().Len()) {
		p := table.At(row)
		shape := table.Shapes().Shape(row)
		if p == nil {
			if shape.Kind != 0 {
				t.Fatalf("step %d: row %d has a shape and no parcel", step, row)
			}
			continue
		}
		rows++
		if at, ok := table.Row(p.ID); !ok || at != row || got.Parcel(p.Number) != p || !reflect.DeepEqual(shape, flat.Of(p.Geometry)) {
			t.Fatalf("step %d: row %d and parcel %s do not belong together", step, row, p.Number)
		}
	}
	if rows != len(want.Parcels) || got.Sample() != want.Sample() || got.Parcel("none") != nil {
		t.Fatalf("step %d: %d rows with parcels, want %d", step, rows, len(want.Parcels))
	}
	bounds, _ := got.ParcelBounds()
	plain := want.Parcels[0].Geometry.Bound()
	for _, p := range want.Parcels {
		plain = plain.Union(p.Geometry.Bound())
	}
	if bounds != plain {
		t.Fatalf("step %d: the parcels lie in %v, want %v", step, bounds, plain)
	}
}

func compare(t *testing.T, step int, got, want *atlas.Atlas) {
	t.Helper()
	if !reflect.DeepEqual(got.Stations, want.Stations) || !reflect.DeepEqual(got.Parcels, want.Parcels) ||
		!reflect.DeepEqual(got.Cells(), want.Cells()) {
		t.Fatalf("step %d: the lists differ", step)
	}
	for _, q := range []atlas.StationQuery{{}, {Kinds: []kora.Kind{kora.KindOxygen}}} {
		a, errA := got.CellValues(t.Context(), "walk", q, 1, false)
		b, errB := want.CellValues(t.Context(), "walk", q, 1, false)
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
	if found, err := got.FindParcels(atlas.ParcelQuery{Bounds: &everywhere}); err != nil || !reflect.DeepEqual(found, want.Parcels) {
		t.Fatalf("step %d: parcels by box differ", step)
	}
}

// TestPublishedAtlasStaysAsItIs: a reader that holds an atlas is not disturbed by later ones.
func TestPublishedAtlasStaysAsItIs(t *testing.T) {
	town := atlastest.Town(t)
	keeper := atlastest.Open(t, town)
	held := keeper.Atlas()
	before, err := held.CellValues(t.Context(), "walk", atlas.StationQuery{}, 1, false)
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
	after, err := held.CellValues(t.Context(), "walk", atlas.StationQuery{}, 1, false)
	if err != nil || !reflect.DeepEqual(before, after) || held.Station(1) == nil {
		t.Errorf("the held atlas changed (%v)", err)
	}
	if keeper.Atlas().Station(1) != nil {
		t.Error("the new atlas holds the deleted station")
	}
}

// TestFilteringABoxTakesNoMemory: a filtered tile asks thousands of rows.
func TestFilteringABoxTakesNoMemory(t *testing.T) {
	a := atlastest.Open(t, atlastest.Town(t)).Atlas()
	low := 1.0
	var statuses []string
	for _, s := range kora.ParcelStatuses() {
		statuses = append(statuses, string(s))
	}
	f, err := a.ParcelFilter(atlas.ParcelQuery{Choices: map[string][]string{"use": {"10", "09"}, "status": statuses},
		Ranges: map[string]atlas.Span{"area": {Min: &low}}, Bounds: &orb.Bound{Min: orb.Point{94, 29}, Max: orb.Point{95, 30}}})
	if err != nil {
		t.Fatal(err)
	}
	world := flat.Box{Max: flat.Point{X: flat.Extent, Y: flat.Extent}}
	rows := 0
	if n := testing.AllocsPerRun(10, func() { f.In(world, func(uint32) { rows++ }) }); n != 0 || rows == 0 {
		t.Errorf("%v allocations, %d rows", n, rows)
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

// TestCoverageOfWhatIsInNoRecord: a station that is moved or added in thought covers what it does once it is in the record.
func TestCoverageOfWhatIsInNoRecord(t *testing.T) {
	town := atlastest.Town(t)
	keeper := atlastest.Open(t, town)
	before, err := keeper.Atlas().Coverage(t.Context(), "walk", atlas.StationQuery{}, 120)
	if err != nil {
		t.Fatal(err)
	}
	moved, added := *town.Stations[1], *town.Stations[2]
	moved.Point[0] += 350 / atlastest.Degree
	added.ID, added.Point = -1, town.Stations[3].Point
	far := added
	far.ID, far.Point = -2, orb.Point{91, 0.1}
	thought, err := keeper.Atlas().CoverageOf(t.Context(), "walk", []*kora.Station{&moved, town.Stations[2], &added, &far}, 120)
	if err != nil {
		t.Fatal(err)
	}
	added.ID, added.Code = 4, "N"
	xid, err := town.Edit(func() { town.Stations[1], town.Stations[4] = &moved, &added })
	if err != nil {
		t.Fatal(err)
	}
	if err := keeper.WaitFor(t.Context(), xid); err != nil {
		t.Fatal(err)
	}
	after, err := keeper.Atlas().Coverage(t.Context(), "walk", atlas.StationQuery{}, 120)
	if err != nil {
		t.Fatal(err)
	}
	if reflect.DeepEqual(before.Total, after.Total) || !reflect.DeepEqual(thought.Total, after.Total) || thought.Stations != 3 {
		t.Errorf("covered before %+v, thought %+v, after %+v", before.Total, thought.Total, after.Total)
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
