package mvt_test

import (
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt/vectortile"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"

	orbmvt "github.com/paulmach/orb/encoding/mvt"

	"kora/geo/basemap"
	"kora/geo/flat"
	"kora/geo/profile"
	"kora/importers"
	"kora/store/cluster/clustertest"
	"kora/tiles/mvt"
)

// A thing is a shape with its attributes: text, whole numbers, numbers and yes or no.
type thing struct {
	shape flat.Shape
	tags  map[string]any
}

// encodeAll writes all things that touch a tile; their ids are their places, counted from 1.
func encodeAll(e *mvt.Encoder, tile maptile.Tile, things []thing, tolerance float64) []byte {
	e.Begin(tile)
	e.Simplify(tolerance)
	e.Layer("things")
	reach := mvt.Reach(tile)
	for i, th := range things {
		if !reach.Touches(th.shape.Box) || !e.Feature(uint64(i+1), th.shape) {
			continue
		}
		for k, v := range th.tags {
			e.Tag(e.Key(k), value(v))
		}
	}
	return e.Bytes()
}

func value(v any) mvt.Value {
	switch v := v.(type) {
	case string:
		return mvt.String(v)
	case bool:
		return mvt.Bool(v)
	case int64:
		return mvt.Int(v)
	}
	return mvt.Double(v.(float64))
}

func thingsOf(t testing.TB, path string) []thing {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Skip(err)
	}
	fc, err := geojson.UnmarshalFeatureCollection(b)
	if err != nil {
		t.Fatal(err)
	}
	var out []thing
	for _, f := range fc.Features {
		if f.Geometry == nil {
			continue
		}
		th := thing{shape(f.Geometry), map[string]any{}}
		for k, v := range f.Properties {
			switch v := v.(type) {
			case string, bool:
				th.tags[k] = v
			case float64:
				if th.tags[k] = v; v == math.Trunc(v) {
					th.tags[k] = int64(v)
				}
			}
		}
		out = append(out, th)
	}
	return out
}

// sanJose makes GeoJSON in degrees of the zoning map of San José, which is a Shapefile in feet (EPSG:2227).
func sanJose(t testing.TB) string {
	t.Helper()
	zip := "../../../shared/data/parcels/sanjose-zoning-epsg2227.zip"
	if _, err := os.Stat(zip); err != nil {
		t.Skip(err)
	}
	out := filepath.Join(t.TempDir(), "zoning.geojson")
	cmd := exec.CommandContext(t.Context(), "ogr2ogr", "-f", "GeoJSON", "-t_srs", "EPSG:4326", "-lco", "COORDINATE_PRECISION=8", out, "/vsizip/"+zip)
	if b, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("ogr2ogr: %v: %s", err, b)
	}
	return out
}

func extract(t testing.TB, name string) []thing {
	t.Helper()
	f, err := os.Open("../../../shared/data/osm/" + name)
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	walk, _ := profile.ByID("walk")
	n, _, err := importers.Network(t.Context(), name, f, importers.NetworkOptions{Profiles: []profile.Profile{walk}})
	if err != nil {
		t.Fatal(err)
	}
	features, err := basemap.Decode(n.Basemap)
	if err != nil {
		t.Fatal(err)
	}
	var out []thing
	for _, f := range features {
		th := thing{shape(f.Geometry), map[string]any{"layer": f.Layer, "rank": int64(f.Rank), "bridge": f.Bridge}}
		for k, v := range map[string]string{"class": f.Class, "ref": f.Ref, "name": f.Name} {
			if v != "" {
				th.tags[k] = v
			}
		}
		out = append(out, th)
	}
	return out
}

// drawn is a layer that needs no file: parcels, streets between them, and the lamps at the corners.
func drawn() []thing {
	l := generated(20)
	var out []thing
	for i, s := range l.shapes {
		w := l.rows[i]
		out = append(out, thing{s, map[string]any{"number": w.number, "use": className(0, w.class[0]), "area_m2": w.area, "slope": w.slope, "sale": w.forSale}})
		out = append(out, thing{bounded(flat.Shape{Kind: flat.Lines, Points: s.Points, Ends: []uint32{7, uint32(len(s.Points))}}), map[string]any{"name": "街" + w.number}})
		out = append(out, thing{bounded(flat.Shape{Kind: flat.Dots, Points: s.Points[:1], Ends: []uint32{1}}), map[string]any{"lamp": int64(-i)}})
	}
	return out
}

// A judge is a database that holds the things in world units with y northwards.
type judge struct{ *pgx.Conn }

func judgeOf(t *testing.T, things []thing) judge {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, clustertest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(ctx) })
	if _, err := conn.Exec(ctx, `CREATE TABLE raw (id bigint, tags jsonb, g bytea)`); err != nil {
		t.Fatal(err)
	}
	_, err = conn.CopyFrom(ctx, pgx.Identifier{"raw"}, []string{"id", "tags", "g"}, pgx.CopyFromSlice(len(things), func(i int) ([]any, error) {
		g, err := wkb.Marshal(northwards(things[i].shape))
		if err != nil {
			return nil, err
		}
		tags, err := json.Marshal(things[i].tags)
		return []any{i + 1, string(tags), g}, err
	}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(ctx, `CREATE TABLE thing AS SELECT id, tags, ST_GeomFromWKB(g) AS g FROM raw;
		CREATE INDEX ON thing USING gist (g); ANALYZE thing; SET max_parallel_workers_per_gather = 0; SET jit = off`); err != nil {
		t.Fatal(err)
	}
	return judge{conn}
}

func northwards(s flat.Shape) orb.Geometry {
	turned := func(points []flat.Point) (out []orb.Point) {
		for _, p := range points {
			out = append(out, orb.Point{float64(p.X), float64(flat.Extent - p.Y)})
		}
		return out
	}
	switch s.Kind {
	case flat.Dots:
		return orb.MultiPoint(turned(s.Points))
	case flat.Lines:
		var m orb.MultiLineString
		for i := range s.Parts() {
			m = append(m, turned(s.Part(i)))
		}
		return m
	}
	var m orb.MultiPolygon
	for i := range s.Parts() {
		part := s.Part(i)
		r := orb.Ring(turned(part))
		r = append(r, r[0])
		if worldArea(part) < 0 {
			m[len(m)-1] = append(m[len(m)-1], r)
		} else {
			m = append(m, orb.Polygon{r})
		}
	}
	return m
}

func (j judge) tile(t *testing.T, tile maptile.Tile) []byte {
	t.Helper()
	unit := math.Ldexp(1, flat.Bits-int(tile.Z))
	west, north := float64(tile.X)*unit, flat.Extent-float64(tile.Y)*unit
	var b []byte
	err := j.QueryRow(t.Context(), `SELECT ST_AsMVT(t, 'things', 4096, 'g', 'id') FROM (
			SELECT id, tags, ST_AsMVTGeom(g, ST_MakeEnvelope($1, $2, $3, $4)::box2d, 4096, 256) AS g
			FROM thing WHERE g && ST_Expand(ST_MakeEnvelope($1, $2, $3, $4), ($3::float8 - $1::float8) / 16)) t
		WHERE g IS NOT NULL`, west, north-unit, west+unit, north).Scan(&b)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// invalid tells which of the areas ST_IsValid refuses, and why.
func (j judge) invalid(t *testing.T, polygons [][]byte) []string {
	t.Helper()
	rows, err := j.Query(t.Context(), `SELECT ST_IsValidReason(ST_GeomFromWKB(g)) || ': ' || left(ST_AsText(ST_GeomFromWKB(g)), 1000)
		FROM unnest($1::bytea[]) AS g WHERE NOT ST_IsValid(ST_GeomFromWKB(g))`, polygons)
	if err != nil {
		t.Fatal(err)
	}
	why, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return why
}

// tags reads the attributes of a tile's features by their ids, with orb.
func tags(t *testing.T, b []byte) map[uint64]geojson.Properties {
	t.Helper()
	layers, err := orbmvt.Unmarshal(b)
	if err != nil {
		t.Fatal(err)
	}
	out := map[uint64]geojson.Properties{}
	for _, l := range layers {
		for _, f := range l.Features {
			out[uint64(f.ID.(float64))] = f.Properties
		}
	}
	return out
}

// PostGIS and this package may differ about whether a tile shows a feature where there is next to nothing of it: PostGIS
// thins by half a unit before it rounds, leaves out what is smaller than half a unit, and clips after that.
const (
	small = 3.0 // tile units: lines that are shorter, areas that are narrower
	brink = 1.0 // tile units from the edge of the buffer, which do not count
)

// TestTilesHoldWhatPostGISPuts: random tiles hold the features that ST_AsMVT puts into them, with the same attributes, and
// every area is valid by ST_IsValid and wound as the specification says.
func TestTilesHoldWhatPostGISPuts(t *testing.T) {
	for _, c := range []struct {
		name   string
		tiles  int
		things func(testing.TB) []thing
	}{
		{"drawn", 100, func(testing.TB) []thing { return drawn() }},
		{"cadastre", 400, func(t testing.TB) []thing { return thingsOf(t, "../../../shared/data/parcels/fr-cadastre-900.geojson") }},
		{"zoning", 600, func(t testing.TB) []thing { return thingsOf(t, sanJose(t)) }},
		{"monaco", 400, func(t testing.TB) []thing { return extract(t, "monaco.osm.pbf") }},
		{"andorra", 700, func(t testing.TB) []thing { return extract(t, "andorra.osm.pbf") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			things := c.things(t)
			j := judgeOf(t, things)
			r := rand.New(rand.NewPCG(4, uint64(len(c.name))))
			var e mvt.Encoder
			var polys [][]byte
			features, here, there, empty := 0, 0, 0, 0
			seen := map[maptile.Tile]bool{}
			for try := 0; len(seen) < c.tiles && try < 50*c.tiles; try++ {
				th := things[r.IntN(len(things))]
				p := th.shape.Points[r.IntN(len(th.shape.Points))]
				z := maptile.Zoom(11 + r.IntN(8))
				tile := maptile.New(uint32(p.X>>(flat.Bits-z)), uint32(p.Y>>(flat.Bits-z)), z)
				if seen[tile] {
					continue
				}
				seen[tile] = true
				b := encodeAll(&e, tile, things, 0)
				if len(b) == 0 {
					empty++
				}
				polys = append(polys, checkAreas(t, tile, b)...)
				ours, theirs := tags(t, b), tags(t, j.tile(t, tile))
				b = encodeAll(&e, tile, things, 1.5)
				polys = append(polys, checkAreas(t, tile, b)...)
				if thin := tags(t, b); !reflect.DeepEqual(thin, ours) {
					t.Fatalf("%v: %d features, and %d when simplified", tile, len(ours), len(thin))
				}
				features += len(theirs)
				for id, p := range ours {
					q, ok := theirs[id]
					if ok && !reflect.DeepEqual(p, q) {
						t.Fatalf("%v, feature %d: %v, PostGIS has %v", tile, id, p, q)
					}
					if !ok {
						here++
						mayDiffer(t, tile, id, things[id-1], "only here")
					}
				}
				for id := range theirs {
					if _, ok := ours[id]; !ok {
						there++
						mayDiffer(t, tile, id, things[id-1], "only in PostGIS")
					}
				}
			}
			for chunk := range slices.Chunk(polys, 5000) {
				if why := j.invalid(t, chunk); len(why) > 0 {
					t.Errorf("%d of %d areas are not valid: %s", len(why), len(chunk), why[0])
				}
			}
			t.Logf("%d tiles, %d of them empty, %d features, %d areas; %d features only here and %d only in PostGIS, none larger than %v units",
				len(seen), empty, features, len(polys), here, there, small)
			if here+there > features/100 {
				t.Errorf("%d of %d features are in one only", here+there, features)
			}
		})
	}
}

// checkAreas holds the areas of a tile against the specification and gives them as WKB.
func checkAreas(t *testing.T, tile maptile.Tile, b []byte) (out [][]byte) {
	t.Helper()
	for _, l := range parse(t, b).Layers {
		for _, f := range l.Features {
			if f.GetType() != vectortile.Tile_POLYGON {
				if _, err := parts(f); err != nil {
					t.Fatalf("%v, feature %d: %v", tile, f.GetId(), err)
				}
				continue
			}
			m, err := polygons(f)
			if err != nil {
				t.Fatalf("%v, feature %d: %v", tile, f.GetId(), err)
			}
			g, err := wkb.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, g)
		}
	}
	return out
}

// mayDiffer is an error unless what the tile shows of a thing is small.
func mayDiffer(t *testing.T, tile maptile.Tile, id uint64, th thing, where string) {
	t.Helper()
	amount, of := 0.0, ""
	switch th.shape.Kind {
	case flat.Dots:
		of = "inside"
		for _, p := range th.shape.Points {
			q := place(tile, p)
			amount = max(amount, small+mvt.Buffer-brink+min(q[0], q[1], mvt.Extent-q[0], mvt.Extent-q[1]))
		}
	case flat.Lines:
		of = "from end to end"
		amount = spanInReach(tile, th.shape, mvt.Buffer-brink)
	case flat.Areas:
		of = "wide"
		area, length := inReach(tile, th.shape, mvt.Buffer-brink)
		amount = 2 * area / max(length, 1)
	}
	if amount > small {
		t.Errorf("%v: feature %d is %s, and %.2f units %s", tile, id, where, amount, of)
	}
}

// spanInReach is the longer side of the box of what of lines lies in the tile with a buffer, in tile units.
func spanInReach(tile maptile.Tile, s flat.Shape, buffer float64) float64 {
	var box orb.Bound
	some := false
	for i := range s.Parts() {
		part := s.Part(i)
		for i := 1; i < len(part); i++ {
			a, b := place(tile, part[i-1]), place(tile, part[i])
			from, to := 0.0, 1.0
			for axis := range 2 {
				d := b[axis] - a[axis]
				low, high := -buffer-a[axis], mvt.Extent+buffer-a[axis]
				switch {
				case d > 0:
					from, to = max(from, low/d), min(to, high/d)
				case d < 0:
					from, to = max(from, high/d), min(to, low/d)
				case low > 0 || high < 0:
					to = -1
				}
			}
			if to < from {
				continue
			}
			for _, f := range []float64{from, to} {
				p := orb.Point{a[0] + f*(b[0]-a[0]), a[1] + f*(b[1]-a[1])}
				if !some {
					box, some = p.Bound(), true
				}
				box = box.Extend(p)
			}
		}
	}
	return max(box.Max[0]-box.Min[0], box.Max[1]-box.Min[1])
}
