package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing/fstest"
	"time"

	"github.com/paulmach/orb"

	"kora"
	"kora/api"
	"kora/atlas"
	"kora/geo/network"
	"kora/geo/service"
	"kora/importers"
	"kora/sample"
)

// A region is a record to plan on, which does not change.
type region struct {
	name    string
	changes kora.Changes
}

func (r *region) Changes(context.Context, kora.Position) (*kora.Changes, error) {
	return &r.changes, nil
}
func (r *region) Listen(ctx context.Context, _ func()) { <-ctx.Done() }

// scenarios is how fast a scenario answers an edit: over HTTP, from the request to the last byte of figures and table of times,
// against counting all of it anew.
func (b *bench) scenarios(ctx context.Context, out string) error {
	for _, open := range []func(context.Context) (*region, error){b.lhasa, b.andorra} {
		r, err := open(ctx)
		if err != nil {
			return err
		}
		if r == nil {
			continue
		}
		t, err := b.edited(ctx, r)
		if err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		b.tables = append(b.tables, *t)
	}
	return b.write(out, "How fast a scenario answers", "An edit is one request to /v1/coverage/what-if on a connection that is open: figures of "+
		"all key areas before and after, and the times of all cells, of one snapshot. Beside it stands what counting both anew takes in "+
		"this process, without HTTP, by plain calls of the same packages; what both tell of every area must be the same, or the run fails.")
}

func (b *bench) lhasa(ctx context.Context) (*region, error) {
	read := func(name string) *bytes.Reader {
		file, err := fs.ReadFile(sample.Files(), name)
		if err != nil {
			panic(err) // it is embedded
		}
		return bytes.NewReader(file)
	}
	streets, _, err := importers.Network(ctx, sample.Network, read(sample.Network), importers.NetworkOptions{})
	if err != nil {
		return nil, err
	}
	stations, err := importers.Stations(sample.Stations, read(sample.Stations))
	if err != nil {
		return nil, err
	}
	areas, err := importers.KeyAreas(sample.KeyAreas, read(sample.KeyAreas))
	if err != nil {
		return nil, err
	}
	r := newRegion("the Lhasa sample", &streets)
	for i := range stations.Items {
		s := &stations.Items[i].Value
		s.ID, s.Version = int64(i+1), 1
		r.changes.Stations[s.ID] = s
	}
	for i := range areas.Items {
		a := &areas.Items[i].Value
		a.ID = int64(i + 1)
		r.changes.KeyAreas[a.ID] = a
	}
	return r, nil
}

// andorra is a country with 200 stations at its nodes and seven areas.
func (b *bench) andorra(ctx context.Context) (*region, error) {
	file, err := os.ReadFile(filepath.Join(b.data, "osm", "andorra.osm.pbf"))
	if err != nil {
		b.miss("the extract andorra: %v", err)
		return nil, nil
	}
	streets, _, err := importers.Network(ctx, "andorra", bytes.NewReader(file), importers.NetworkOptions{DEM: os.DirFS(filepath.Join(b.data, "elevation"))})
	if err != nil {
		return nil, err
	}
	n, err := network.Unmarshal(streets.Streets["walk"])
	if err != nil {
		return nil, err
	}
	r := newRegion("andorra.osm.pbf", &streets)
	for i, box := range []orb.Bound{
		{Min: orb.Point{1.505, 42.495}, Max: orb.Point{1.55, 42.52}}, {Min: orb.Point{1.57, 42.525}, Max: orb.Point{1.60, 42.55}},
		{Min: orb.Point{1.46, 42.44}, Max: orb.Point{1.51, 42.49}}, {Min: orb.Point{1.50, 42.54}, Max: orb.Point{1.53, 42.58}},
		{Min: orb.Point{1.64, 42.55}, Max: orb.Point{1.70, 42.59}}, {Min: orb.Point{1.72, 42.53}, Max: orb.Point{1.76, 42.56}},
		{Min: orb.Point{1.46, 42.54}, Max: orb.Point{1.50, 42.58}},
	} {
		id := int64(i + 1)
		r.changes.KeyAreas[id] = &kora.KeyArea{ID: id, Code: fmt.Sprint("A", id), Name: kora.Name{ZH: "区"}, Geometry: orb.MultiPolygon{box.ToPolygon()}}
	}
	rng := rand.New(rand.NewPCG(7, 200))
	for id := int64(1); id <= stations; id++ {
		r.changes.Stations[id] = &kora.Station{ID: id, Version: 1, Code: fmt.Sprint("S", id), Name: kora.Name{ZH: "站"}, Kind: kora.Kinds()[id%3],
			Status: kora.StatusOpen, Point: n.Node(rng.Int32N(int32(n.Nodes())))}
	}
	return r, nil
}

func newRegion(name string, streets *kora.Network) *region {
	return &region{name, kora.Changes{Whole: true, At: time.Now(), To: kora.Position{Epoch: "bench", Snapshot: "1:1:"},
		Network: streets, Stations: map[int64]*kora.Station{}, KeyAreas: map[int64]*kora.KeyArea{}}}
}

// A trial is what is read of an answer.
type trial struct {
	After struct {
		Areas []struct {
			ID      int64
			Covered int
			Twice   struct{ Covered int }
			Streets struct{ Covered float64 }
		}
	}
	Cells []struct {
		Tag             string
		Before, Changed []byte
	}
}

// edited times the edits that a planner makes one after the other on a region.
func (b *bench) edited(ctx context.Context, r *region) (*table, error) {
	keeper, err := atlas.Open(ctx, r, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	a := keeper.Atlas()
	var clock atomic.Int64 // hours, so that nobody is held back by a limit
	address, end, err := listen(api.New(api.Config{Keeper: keeper, StaffToken: "bench", Version: "bench", Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return time.Unix(3600*clock.Add(1), 0) }, Web: fstest.MapFS{}}))
	if err != nil {
		return nil, err
	}
	defer end()
	anew, err := newPlain(ctx, a)
	if err != nil {
		return nil, err
	}
	t := &table{title: fmt.Sprintf("%s: %d stations, %d key areas, %d cells, %d nodes", r.name, len(a.Stations), len(a.KeyAreas), len(a.Cells()), a.Streets("walk").Nodes()),
		head: []string{"edit", "half within", "99 % within", "longest", "both counted anew", "ratio"}}
	say("%s", t.title)

	area, rng := a.KeyAreas[0].Geometry.Bound(), rand.New(rand.NewPCG(11, 3))
	place := func() *orb.Point {
		return &orb.Point{area.Min[0] + rng.Float64()*(area.Max[0]-area.Min[0]), area.Min[1] + rng.Float64()*(area.Max[1]-area.Min[1])}
	}
	one := func() int64 { return a.Stations[rng.IntN(len(a.Stations))].ID }
	plan := []kora.StationEdit{{Deed: kora.EditAdd, Station: -1, Kind: kora.KindUnion, Point: place()}, {Deed: kora.EditClose, Station: one()}}
	at := *place()
	var have []string
	for _, kind := range []struct {
		name string
		next func(i int) (edits []kora.StationEdit, minutes int)
	}{
		{"drag a station 30 m further", func(int) ([]kora.StationEdit, int) {
			at = orb.Point{at[0] + (rng.Float64()-0.48)*6e-4, at[1] + (rng.Float64()-0.52)*6e-4}
			p := at
			return append(plan[:len(plan):len(plan)], kora.StationEdit{Deed: kora.EditMove, Station: 2, Point: &p}), 15
		}},
		{"drop a station somewhere", func(int) ([]kora.StationEdit, int) {
			return append(plan[:len(plan):len(plan)], kora.StationEdit{Deed: kora.EditAdd, Station: -2, Kind: kora.KindUnion, Point: place()}), 15
		}},
		{"close another station", func(int) ([]kora.StationEdit, int) {
			return append(plan[:len(plan):len(plan)], kora.StationEdit{Deed: kora.EditClose, Station: one()}), 15
		}},
		{"another number of minutes", func(i int) ([]kora.StationEdit, int) { return plan, 5 + i%26 }},
	} {
		var took []time.Duration
		for i := range 400 {
			edits, minutes := kind.next(i)
			begin := time.Now()
			got, err := whatIf(ctx, address, edits, minutes, have)
			if err != nil {
				return nil, err
			}
			if i >= 10 { // the first ones warm up
				took = append(took, time.Since(begin))
			}
			have = have[:0]
			for _, c := range got.Cells {
				have = append(have, c.Tag)
			}
			if i%20 == 0 {
				if err := anew.agrees(ctx, a, edits, minutes, got); err != nil {
					return nil, fmt.Errorf("%s, %d: %w", kind.name, i, err)
				}
			}
		}
		slices.Sort(took)
		edits, minutes := kind.next(0)
		whole := timed(func(int) {
			if _, err := anew.count(ctx, a, a.Stations, minutes); err != nil {
				panic(err)
			}
			after, _ := kora.Edited(a.Stations, edits)
			if _, err := anew.count(ctx, a, after, minutes); err != nil {
				panic(err)
			}
		})
		half := took[len(took)/2]
		t.cells = append(t.cells, []string{kind.name, short(half), short(took[len(took)*99/100]), short(took[len(took)-1]), short(whole.median),
			fmt.Sprintf("**%s ×**", ratio(whole.median.Seconds()/half.Seconds()))})
	}
	t.notes = []string{fmt.Sprintf("%d requests a row, one after the other; with JSON, compression and decoding.", 390)}
	return t, nil
}

func whatIf(ctx context.Context, address string, edits []kora.StationEdit, minutes int, have []string) (got *trial, err error) {
	question, err := json.Marshal(map[string]any{"profile": "walk", "minutes": minutes, "edits": edits, "have": have})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+"/v1/coverage/what-if", bytes.NewReader(question))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the what-if answers %d: %.200s", res.StatusCode, body)
	}
	return got, json.Unmarshal(body, &got)
}

// plain counts coverage from scratch, with nothing kept but what does not depend on stations.
type plain struct {
	cells   *service.CellLinks
	centres []orb.Point
	areas   map[int64]*service.AreaStreets
}

func newPlain(ctx context.Context, a *atlas.Atlas) (p *plain, err error) {
	p = &plain{areas: map[int64]*service.AreaStreets{}}
	for _, c := range a.Cells() {
		p.centres = append(p.centres, c.Centre())
	}
	for _, area := range a.KeyAreas {
		p.areas[area.ID] = service.StreetsIn(a.Streets("walk"), area.Geometry)
	}
	p.cells, err = service.LinkCells(ctx, a.Streets("walk"), a.Cells())
	return p, err
}

// A tally is what was counted of an area: cells within reach of one station and of two, and metres of street.
type tally struct {
	once, twice int
	metres      float64
}

func (p *plain) count(ctx context.Context, a *atlas.Atlas, stations []*kora.Station, minutes int) (map[int64]tally, error) {
	streets, limit := a.Streets("walk"), float64(minutes)*60
	var links []network.Link
	var places []orb.Point
	for _, s := range stations {
		if l, ok := streets.Link(s.Point, streets.Profile().PointReachM); ok && s.Status.Serves() {
			links, places = append(links, l), append(places, s.Point)
		}
	}
	f, err := streets.Field(ctx, links, network.Options{Nearest: 2, MaxSeconds: math.Inf(1)})
	if err != nil {
		return nil, err
	}
	times, err := p.cells.Times(f)
	if err != nil {
		return nil, err
	}
	spans, near := f.Spans(1, limit), service.Near(p.centres, places, 1000)
	network.SortSpans(spans)
	counted := map[int64]tally{}
	for _, area := range a.KeyAreas {
		cells := a.CellsOf(area.ID)
		service.CountCircle(near, cells, 1000)
		service.Bands(times[0], cells, atlas.Bands())
		counted[area.ID] = tally{service.Count(times[0], cells, limit).Covered, service.Count(times[1], cells, limit).Covered, p.areas[area.ID].Served(spans).Covered}
	}
	return counted, nil
}

// agrees holds an answer against what is counted from scratch.
func (p *plain) agrees(ctx context.Context, a *atlas.Atlas, edits []kora.StationEdit, minutes int, got *trial) error {
	after, _ := kora.Edited(a.Stations, edits)
	want, err := p.count(ctx, a, after, minutes)
	if err != nil {
		return err
	}
	for _, area := range got.After.Areas {
		if w := want[area.ID]; area.Covered != w.once || area.Twice.Covered != w.twice || area.Streets.Covered != math.Round(w.metres) {
			return fmt.Errorf("of area %d the answer tells %+v, and counted anew it is %+v", area.ID, area, w)
		}
	}
	return nil
}
