package atlas_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"kora"
	"kora/atlas"
	"kora/atlas/atlastest"
	"kora/importers"
	"kora/sample"
)

// lhasa is the sample data set.
func lhasa(t testing.TB) *atlastest.Record {
	t.Helper()
	read := func(name string) *bytes.Reader {
		b, err := fs.ReadFile(sample.Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.NewReader(b)
	}
	streets, _, err := importers.Network(t.Context(), sample.Network, read(sample.Network), importers.NetworkOptions{})
	if err != nil {
		t.Fatal(err)
	}
	stations, err := importers.Stations(sample.Stations, read(sample.Stations))
	if err != nil {
		t.Fatal(err)
	}
	areas, err := importers.KeyAreas(sample.KeyAreas, read(sample.KeyAreas))
	if err != nil {
		t.Fatal(err)
	}
	r := &atlastest.Record{Network: &streets, Stations: map[int64]*kora.Station{}, KeyAreas: map[int64]*kora.KeyArea{}}
	for i := range stations.Items {
		item := &stations.Items[i]
		item.Value.ID = int64(i + 1)
		r.Stations[item.Value.ID] = &item.Value
	}
	for i := range areas.Items {
		item := &areas.Items[i]
		item.Value.ID = int64(i + 1)
		r.KeyAreas[item.Value.ID] = &item.Value
	}
	return r
}

// andorra is a real country with 200 stations on its streets and seven made-up areas.
func andorra(t testing.TB) *atlastest.Record {
	t.Helper()
	data := filepath.Join("..", "..", "shared", "data")
	file, err := os.ReadFile(filepath.Join(data, "osm", "andorra.osm.pbf"))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the real input osm/andorra.osm.pbf is not here")
	}
	streets, _, err := importers.Network(t.Context(), "andorra", bytes.NewReader(file), importers.NetworkOptions{DEM: os.DirFS(filepath.Join(data, "elevation"))})
	if err != nil {
		t.Fatal(err)
	}
	r := &atlastest.Record{Network: &streets, Stations: map[int64]*kora.Station{}, KeyAreas: map[int64]*kora.KeyArea{}}
	for i, b := range []orb.Bound{
		{Min: orb.Point{1.505, 42.495}, Max: orb.Point{1.55, 42.52}}, {Min: orb.Point{1.57, 42.525}, Max: orb.Point{1.60, 42.55}},
		{Min: orb.Point{1.46, 42.44}, Max: orb.Point{1.51, 42.49}}, {Min: orb.Point{1.50, 42.54}, Max: orb.Point{1.53, 42.58}},
		{Min: orb.Point{1.64, 42.55}, Max: orb.Point{1.70, 42.59}}, {Min: orb.Point{1.72, 42.53}, Max: orb.Point{1.76, 42.56}},
		{Min: orb.Point{1.46, 42.54}, Max: orb.Point{1.50, 42.58}},
	} {
		id := int64(i + 1)
		r.KeyAreas[id] = &kora.KeyArea{ID: id, Code: fmt.Sprint("A", id), Name: kora.Name{ZH: "区"}, Geometry: orb.MultiPolygon{b.ToPolygon()}}
	}
	bare := atlastest.Open(t, &atlastest.Record{Network: &streets}).Atlas()
	rng := rand.New(rand.NewPCG(7, 200))
	for id := int64(1); id <= 200; id++ {
		s := &kora.Station{ID: id, Version: 1, Code: fmt.Sprint("S", id), Name: kora.Name{ZH: "站"}, Kind: kora.Kinds()[id%3], Status: kora.StatusOpen,
			Point: bare.Streets("walk").Node(rng.Int32N(int32(bare.Streets("walk").Nodes())))}
		s.Hours, _ = kora.ParseHours([]string{"24/7", "Mo-Su 09:00-21:00"}[id%2])
		r.Stations[id] = s
	}
	return r
}

// drawEdits are edits that go with a record and some that do not.
func drawEdits(t *rapid.T, a *atlas.Atlas, around orb.Bound) (edits []kora.StationEdit) {
	added := int64(0)
	for range rapid.IntRange(0, 6).Draw(t, "edits") {
		p := orb.Point{rapid.Float64Range(around.Min[0], around.Max[0]).Draw(t, "lon"), rapid.Float64Range(around.Min[1], around.Max[1]).Draw(t, "lat")}
		e := kora.StationEdit{Deed: rapid.SampledFrom(kora.EditDeeds()).Draw(t, "deed"), Station: a.Stations[rapid.IntRange(0, len(a.Stations)-1).Draw(t, "station")].ID,
			Hours: rapid.SampledFrom([]string{"", "24/7", "Mo-Su 09:00-21:00"}).Draw(t, "hours")}
		if added > 0 && rapid.Bool().Draw(t, "of an added one") {
			e.Station = -rapid.Int64Range(1, added).Draw(t, "added")
		}
		switch e.Deed {
		case kora.EditAdd:
			added++
			e.Station, e.Kind, e.Point = -added, rapid.SampledFrom(kora.Kinds()).Draw(t, "kind"), &p
		case kora.EditMove:
			e.Point = &p
		}
		edits = append(edits, e)
	}
	return edits
}

// However a scenario is edited, what is shown is what is counted from scratch, and the record as it is comes out of it unchanged.
func TestWhatIfIsTheSameAsCountingAnew(t *testing.T) {
	for name, record := range map[string]*atlastest.Record{"town": reported(t), "lhasa": lhasa(t)} {
		t.Run(name, func(t *testing.T) {
			a := atlastest.Open(t, record).Atlas()
			around, _ := a.StationBounds()
			noon, night := time.Date(2026, 7, 1, 12, 0, 0, 0, kora.ChinaTime(time.Time{}).Location()), time.Date(2026, 7, 1, 23, 0, 0, 0, kora.ChinaTime(time.Time{}).Location())
			changed := 0
			rapid.Check(t, func(t *rapid.T) {
				q := atlas.StationQuery{OpenAt: rapid.SampledFrom([]*time.Time{nil, &noon, &night}).Draw(t, "open"),
					Kinds: rapid.SampledFrom([][]kora.Kind{nil, {kora.KindUnion}}).Draw(t, "kinds")}
				limit := rapid.SampledFrom([]float64{300, 900}).Draw(t, "limit")
				edits := drawEdits(t, a, around)
				for _, shown := range [][]kora.StationEdit{edits, edits[:len(edits)/2]} { // and some of it undone
					got, err := a.WhatIf(context.Background(), "walk", q, limit, shown, true)
					if err != nil {
						t.Fatal(err)
					}
					after, _ := kora.Edited(a.Stations, shown)
					var serving []*kora.Station
					for _, s := range after {
						open := true
						if q.OpenAt != nil {
							open, _ = s.OpenAt(*q.OpenAt)
						}
						if open && s.Status.Serves() && (q.Kinds == nil || slices.Contains(q.Kinds, s.Kind)) {
							serving = append(serving, s)
						}
					}
					anew := a.Anew()
					want, err := anew.CoverageOf(context.Background(), "walk", serving, limit)
					if err != nil {
						t.Fatal(err)
					}
					if !reflect.DeepEqual(got.After, want) {
						t.Fatalf("shown %+v, counted anew %+v", got.After.Total, want.Total)
					}
					was, err := anew.Coverage(context.Background(), "walk", q, limit)
					if err != nil {
						t.Fatal(err)
					}
					if !reflect.DeepEqual(got.Before, was) {
						t.Fatalf("before %+v, counted anew %+v", got.Before.Total, was.Total)
					}
					again, err := anew.WhatIf(context.Background(), "walk", q, limit, shown, true)
					if err != nil {
						t.Fatal(err)
					}
					if !reflect.DeepEqual(got.Rows, again.Rows) {
						t.Fatalf("the rows shown are others than those counted anew:\n%+v\n%+v", got.Rows, again.Rows)
					}
					plausible(t, got)
					for _, coarse := range []bool{false, true} {
						table, err := anew.CellValues(context.Background(), "walk", q, 1, coarse)
						shown := got.Cells
						if coarse {
							shown = got.Coarse
						}
						if err != nil || !bytes.Equal(table, shown.Before) {
							t.Fatalf("the table of before is another one: %v", err)
						}
						if !bytes.Equal(shown.Before, shown.After) {
							changed++
						}
					}
				}
			})
			if changed == 0 {
				t.Error("no edit ever changed a cell")
			}
		})
	}
}

// plausible holds the rows of a trial against what coverage counts, and against what must be so of any share.
func plausible(t *rapid.T, trial *atlas.Trial) {
	covered := map[int64][2]atlas.Shares{0: {trial.Before.Total, trial.After.Total}}
	for i, area := range trial.After.Areas {
		covered[area.Area.ID] = [2]atlas.Shares{trial.Before.Areas[i].Shares, area.Shares}
	}
	for _, row := range trial.Rows {
		for _, m := range row.Measures {
			if len(m.Bands) != 2 {
				t.Fatalf("%s %s: %d bands, not before and after", row.Code, m.Measure, len(m.Bands))
			}
			for _, b := range m.Bands {
				if b.Twice > b.Covered || b.Twofold > b.Share || b.Covered > m.Total {
					t.Fatalf("%s %s: %+v of %v", row.Code, m.Measure, b, m.Total)
				}
			}
		}
		if row.Level == kora.LevelDistrict {
			continue
		}
		for band, want := range covered[row.ID] {
			cells, streets := row.Measure(kora.MeasureCells, "").Bands[band], row.Measure(kora.MeasureStreets, "").Bands[band]
			if cells.Covered != float64(want.Once.Covered) || cells.Twice != float64(want.Twice.Covered) || math.Abs(streets.Covered-want.Streets.Covered) > 1e-3 {
				t.Fatalf("%s: the rows tell %+v and %+v, coverage %+v", row.Code, cells, streets, want)
			}
		}
	}
}

// BenchmarkWhatIf drags one station of a scenario about.
func BenchmarkWhatIf(b *testing.B) {
	for name, record := range map[string]*atlastest.Record{"lhasa": lhasa(b), "andorra": andorra(b)} {
		keeper, err := atlas.Open(b.Context(), record, slog.New(slog.DiscardHandler)) // and nobody follows the record meanwhile
		if err != nil {
			b.Fatal(err)
		}
		a := keeper.Atlas()
		around, _ := a.StationBounds()
		rng := rand.New(rand.NewPCG(1, 2))
		p := around.Center()
		ask := func(a *atlas.Atlas) {
			p = orb.Point{p[0] + (rng.Float64()-0.5)/200, p[1] + (rng.Float64()-0.5)/200}
			if !around.Contains(p) {
				p = around.Center()
			}
			edits := []kora.StationEdit{{Deed: kora.EditClose, Station: 1}, {Deed: kora.EditAdd, Station: -1, Kind: kora.KindUnion, Point: &p},
				{Deed: kora.EditMove, Station: a.Stations[rng.IntN(len(a.Stations))].ID, Point: &p}}
			if _, err := a.WhatIf(b.Context(), "walk", atlas.StationQuery{}, 900, edits, false); err != nil {
				b.Fatal(err)
			}
		}
		ask(a)
		ask(a)
		b.Logf("%s: %d cells, %d stations, %d nodes", name, len(a.Cells()), len(a.Stations), a.Streets("walk").Nodes())
		b.Run(name+"/repaired", func(b *testing.B) {
			for b.Loop() {
				ask(a)
			}
		})
		b.Run(name+"/anew", func(b *testing.B) {
			for b.Loop() {
				ask(a.Anew())
			}
		})
	}
}
