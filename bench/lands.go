package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"

	"kora"
	"kora/api"
	"kora/atlas"
	"kora/bench/land"
	"kora/geo/flat"
	"kora/tiles"
)

// A field is a layer of parcels to make tiles of.
type field struct {
	name    string
	parcels []*kora.Parcel // by ID, from 1
	record  *record
	keeper  *atlas.Keeper // follows record until close
	close   func()
	atlas   *atlas.Atlas
	layer   *tiles.Layer // parcels
}

// fieldOf makes the atlas of some parcels.
func fieldOf(ctx context.Context, name string, parcels []*kora.Parcel) (*field, error) {
	r := newRecord(parcels)
	keeper, stop, err := r.follow(ctx)
	if err != nil {
		return nil, err
	}
	return &field{name, parcels, r, keeper, stop, keeper.Atlas(), layerNamed("parcels")}, nil
}

func layerNamed(name string) *tiles.Layer {
	for _, l := range tiles.Layers() {
		if l.Name == name {
			return l
		}
	}
	return nil
}

// real gives the areas of a GeoJSON file the attributes of generated parcels.
func (b *bench) real(ctx context.Context, name, path string) (*field, error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	fc, err := geojson.UnmarshalFeatureCollection(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var parcels []*kora.Parcel
	for _, f := range fc.Features {
		p := land.Parcel(int64(len(parcels)+1), 0, 0)
		switch g := f.Geometry.(type) {
		case orb.Polygon:
			p.Geometry = orb.MultiPolygon{g}
		case orb.MultiPolygon:
			p.Geometry = g
		default:
			continue
		}
		parcels = append(parcels, p)
	}
	return fieldOf(ctx, name, parcels)
}

// zoning makes GeoJSON in degrees of the zoning map of San José, which is a Shapefile in feet.
func (b *bench) zoning(ctx context.Context) (path string, err error) {
	zip := filepath.Join(b.data, "parcels", "sanjose-zoning-epsg2227.zip")
	if _, err := os.Stat(zip); err != nil {
		return "", err
	}
	path = filepath.Join(b.dir, "zoning.geojson")
	out, err := exec.CommandContext(ctx, "ogr2ogr", "-f", "GeoJSON", "-t_srs", "EPSG:4326", "-lco", "COORDINATE_PRECISION=8", path, "/vsizip/"+zip).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("ogr2ogr: %w: %s", err, lastLines(string(out)))
	}
	return path, nil
}

// tiles gives up to n tiles of a zoom that parcels lie on, the same ones every time.
func (f *field) tiles(z maptile.Zoom, n int) (list []maptile.Tile) {
	r := rand.New(rand.NewPCG(uint64(z), 7))
	seen := map[maptile.Tile]bool{}
	for range 4 * n {
		ring := f.parcels[r.IntN(len(f.parcels))].Geometry[0][0]
		if t := maptile.At(ring[r.IntN(len(ring))], z); !seen[t] && len(list) < n {
			seen[t] = true
			list = append(list, t)
		}
	}
	return list
}

// store puts the parcels into the table land, as the record has them (geom) and as is best for tiles (g, in Web Mercator, and
// middle), with the attributes that tiles carry ready beside the words.
func (f *field) store(ctx context.Context, conn *pgx.Conn) error {
	if _, err := conn.Exec(ctx, `DROP TABLE IF EXISTS raw, land; CREATE TABLE raw (id bigint, number text, county text, use_code text,
		status_word text, supply text, area float8, far float8, altitude float8, term bigint, sample boolean, use bigint, status bigint,
		area_m2 bigint, name_zh text, shape bytea, x float8, y float8)`); err != nil {
		return err
	}
	table := f.atlas.ParcelTable()
	columns := []string{"id", "number", "county", "use_code", "status_word", "supply", "area", "far", "altitude", "term", "sample",
		"use", "status", "area_m2", "name_zh", "shape", "x", "y"}
	_, err := conn.CopyFrom(ctx, pgx.Identifier{"raw"}, columns, pgx.CopyFromSlice(len(f.parcels), func(i int) ([]any, error) {
		p := f.parcels[i]
		shape, err := ewkb.Marshal(p.Geometry, 4490)
		if err != nil {
			return nil, err
		}
		row, _ := table.Row(p.ID)
		middle := table.Middle(row).LonLat()
		s := served(p)
		return []any{p.ID, p.Number, p.County, p.Use.Code, string(p.Status), string(p.Supply), p.AreaM2, *p.FAR.Max, p.AltitudeM, p.TermYears,
			p.Sample, s.use, s.status, s.area, p.Name.ZH, shape, middle[0], middle[1]}, nil
	}))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `
		CREATE TABLE land AS SELECT raw.*, ST_GeomFromEWKB(shape) AS geom, ST_Transform(ST_SetSRID(ST_GeomFromEWKB(shape), 4326), 3857) AS g,
			ST_Transform(ST_SetSRID(ST_MakePoint(x, y), 4326), 3857) AS middle FROM raw;
		ALTER TABLE land DROP COLUMN shape, ADD PRIMARY KEY (id);
		CREATE INDEX ON land USING gist (geom); CREATE INDEX ON land USING gist (g); CREATE INDEX ON land USING gist (middle);
		DROP TABLE raw; GRANT SELECT ON land TO PUBLIC; ANALYZE land`)
	return err
}

// A record hands out parcels: all, and then one change after the other.
type record struct {
	api.Record // nobody writes

	mu      sync.Mutex
	waiting *kora.Changes
	wake    func()
	xid     uint64 // of the last change
}

func newRecord(parcels []*kora.Parcel) *record {
	all := make(map[int64]*kora.Parcel, len(parcels))
	for _, p := range parcels {
		all[p.ID] = p
	}
	return &record{waiting: &kora.Changes{Whole: true, Parcels: all}}
}

// Changes gives what waits.
func (r *record) Changes(_ context.Context, since kora.Position) (*kora.Changes, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.waiting
	if c == nil {
		return &kora.Changes{To: since}, nil
	}
	r.waiting = nil
	next := strconv.FormatUint(r.xid+1, 10) // what comes next is not seen
	c.To = kora.Position{Epoch: "e", Snapshot: next + ":" + next + ":"}
	return c, nil
}

// Listen remembers whom to wake.
func (r *record) Listen(ctx context.Context, wake func()) {
	r.mu.Lock()
	r.wake = wake
	r.mu.Unlock()
	wake()
	<-ctx.Done()
}

// change lets some parcels be others, and gives the transaction.
func (r *record) change(changed ...*kora.Parcel) (xid uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.waiting == nil {
		r.waiting = &kora.Changes{Parcels: map[int64]*kora.Parcel{}}
	}
	for _, p := range changed {
		r.waiting.Parcels[p.ID] = p
	}
	r.xid++
	if r.wake != nil {
		r.wake()
	}
	return r.xid
}

// follow opens a keeper of r that follows it until stop.
func (r *record) follow(ctx context.Context) (k *atlas.Keeper, stop func(), err error) {
	k, err = atlas.Open(ctx, r, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() { k.Run(ctx) })
	return k, func() { cancel(); running.Wait() }, nil
}

// everyTile visits the tiles of a layer that may hold something, down to its last zoom.
func everyTile(a *atlas.Atlas, l *tiles.Layer, t maptile.Tile, visit func(maptile.Tile) error) error {
	if !l.Holds(a, t) {
		return nil
	}
	if t.Z >= l.MinZoom {
		if err := visit(t); err != nil {
			return err
		}
	}
	if t.Z == l.MaxZoom {
		return nil
	}
	for _, child := range t.Children() {
		if err := everyTile(a, l, child, visit); err != nil {
			return err
		}
	}
	return nil
}

// shapes of the parcels, by row.
func (f *field) shapes() *flat.Store { return f.atlas.ParcelTable().Shapes() }
