package mvt_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"
	orbmvt "github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/simplify"

	"kora/geo/flat"
	"kora/store/cluster/clustertest"
	"kora/tiles/mvt"
)

// A land is a layer of parcels with ten attributes and a number, in the forms that the encoders take.
type land struct {
	shapes  []flat.Shape
	degrees []orb.Geometry
	rows    []row
	classes [5]*mvt.Dictionary
}

type row struct {
	number  string
	class   [5]uint32
	area    int64
	slope   float64
	height  int64
	road    float64
	forSale bool
}

var (
	classKeys = [5]string{"use", "status", "mode", "town", "grade"}
	classSize = [5]int{12, 5, 4, 40, 8}
)

func className(column int, code uint32) string {
	return classKeys[column] + "-" + strconv.Itoa(int(code))
}

func (l *land) add(g orb.Geometry, r *rand.Rand) {
	n := len(l.rows)
	w := row{number: fmt.Sprintf("LZ-2026-%06d", n), area: r.Int64N(90_000) + 500, slope: float64(r.IntN(400)) / 10,
		height: 2900 + r.Int64N(1200), road: float64(r.IntN(50_000)) / 10, forSale: r.IntN(3) == 0}
	for i := range w.class {
		w.class[i] = uint32(r.IntN(classSize[i]))
	}
	l.rows = append(l.rows, w)
	l.degrees = append(l.degrees, g)
	l.shapes = append(l.shapes, shape(g))
}

func newLand() *land {
	l := &land{}
	for i := range l.classes {
		values := make([]mvt.Value, classSize[i])
		for code := range values {
			values[code] = mvt.String(className(i, uint32(code)))
		}
		l.classes[i] = mvt.NewDictionary(values...)
	}
	return l
}

// generated makes side × side contiguous parcels of 25 points around Nyingchi, each about 200 m wide. Neighbours share their
// crooked borders.
func generated(side int) *land {
	const west, south, step, bends = 94.1, 29.3, 0.002, 6
	r := rand.New(rand.NewPCG(1, 2))
	corner := make([][]orb.Point, side+1)
	for i := range corner {
		for j := range side + 1 {
			corner[i] = append(corner[i], orb.Point{west + step*(float64(j)+0.4*(r.Float64()-0.5)), south + step*(float64(i)+0.4*(r.Float64()-0.5))})
		}
	}
	border := func(a, b orb.Point) []orb.Point { // without b
		line := []orb.Point{a}
		for k := 1; k < bends; k++ {
			f := float64(k) / bends
			line = append(line, orb.Point{a[0] + f*(b[0]-a[0]) + step*0.08*(r.Float64()-0.5), a[1] + f*(b[1]-a[1]) + step*0.08*(r.Float64()-0.5)})
		}
		return line
	}
	east, north := make([][][]orb.Point, side+1), make([][][]orb.Point, side+1)
	for i := range side + 1 {
		for j := range side + 1 {
			if j < side {
				east[i] = append(east[i], border(corner[i][j], corner[i][j+1]))
			}
			if i < side {
				north[i] = append(north[i], border(corner[i][j], corner[i+1][j]))
			}
		}
	}
	back := func(line []orb.Point, end orb.Point) []orb.Point { // from the end, without the beginning
		out := []orb.Point{end}
		for k := len(line) - 1; k > 0; k-- {
			out = append(out, line[k])
		}
		return out
	}
	l := newLand()
	for i := range side {
		for j := range side {
			var ring orb.Ring
			ring = append(ring, east[i][j]...)
			ring = append(ring, north[i][j+1]...)
			ring = append(ring, back(east[i+1][j], corner[i+1][j+1])...)
			ring = append(ring, back(north[i][j], corner[i+1][j])...)
			ring = append(ring, ring[0])
			l.add(orb.Polygon{ring}, r)
		}
	}
	return l
}

// file reads a GeoJSON of areas.
func file(t testing.TB, path string) *land {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Skip(err)
	}
	fc, err := geojson.UnmarshalFeatureCollection(b)
	if err != nil {
		t.Fatal(err)
	}
	l, r := newLand(), rand.New(rand.NewPCG(1, 2))
	for _, f := range fc.Features {
		if f.Geometry != nil {
			l.add(f.Geometry, r)
		}
	}
	return l
}

// tiles gives up to n tiles of a zoom that parcels lie on, the same ones every time, and the parcels that touch each.
func (l *land) tiles(z maptile.Zoom, n int) (tiles []maptile.Tile, on [][]int) {
	r := rand.New(rand.NewPCG(uint64(z), 7))
	seen := map[maptile.Tile]bool{}
	for range 4 * n {
		s := l.shapes[r.IntN(len(l.shapes))]
		p := s.Points[r.IntN(len(s.Points))]
		t := maptile.New(uint32(p.X>>(flat.Bits-z)), uint32(p.Y>>(flat.Bits-z)), z)
		if seen[t] || len(tiles) == n {
			continue
		}
		seen[t] = true
		reach := mvt.Reach(t)
		var touched []int
		for i := range l.shapes {
			if reach.Touches(l.shapes[i].Box) {
				touched = append(touched, i)
			}
		}
		tiles, on = append(tiles, t), append(on, touched)
	}
	return tiles, on
}

func (l *land) encode(e *mvt.Encoder, t maptile.Tile, touched []int, tolerance float64) []byte {
	e.Begin(t)
	e.Simplify(tolerance)
	e.Layer("parcels")
	var classes [5]mvt.Column
	for i := range classes {
		classes[i] = e.Column(classKeys[i], l.classes[i])
	}
	number, area, slope, height, road, sale := e.Key("number"), e.Key("area_m2"), e.Key("slope"), e.Key("height"), e.Key("road"), e.Key("for_sale")
	for _, i := range touched {
		if !e.Feature(uint64(i+1), l.shapes[i]) {
			continue
		}
		w := &l.rows[i]
		e.Tag(number, mvt.String(w.number))
		for c, code := range w.class {
			e.Code(classes[c], code)
		}
		e.Tag(area, mvt.Int(w.area))
		e.Tag(slope, mvt.Double(w.slope))
		e.Tag(height, mvt.Int(w.height))
		e.Tag(road, mvt.Double(w.road))
		e.Tag(sale, mvt.Bool(w.forSale))
	}
	return e.Bytes()
}

// orb is the way of a tile through orb.
func (l *land) orb(b *testing.B, t maptile.Tile, touched []int, tolerance float64) []byte {
	fc := geojson.NewFeatureCollection()
	for _, i := range touched {
		w := &l.rows[i]
		f := geojson.NewFeature(orb.Clone(l.degrees[i]))
		f.ID = float64(i + 1)
		f.Properties = geojson.Properties{"number": w.number, "area_m2": w.area, "slope": w.slope, "height": w.height,
			"road": w.road, "for_sale": w.forSale}
		for c, code := range w.class {
			f.Properties[classKeys[c]] = className(c, code)
		}
		fc.Append(f)
	}
	layers := orbmvt.Layers{orbmvt.NewLayer("parcels", fc)}
	layers.ProjectToTile(t)
	layers.Clip(orb.Bound{Min: orb.Point{-mvt.Buffer, -mvt.Buffer}, Max: orb.Point{mvt.Extent + mvt.Buffer, mvt.Extent + mvt.Buffer}})
	if tolerance > 0 {
		layers.Simplify(simplify.DouglasPeucker(tolerance))
	}
	layers.RemoveEmpty(0.5, 0.5)
	layers[0].Version = 2
	out, err := orbmvt.Marshal(layers)
	if err != nil {
		b.Fatal(err)
	}
	return out
}

// postgis puts the land into a table and gives a connection and the process that works for it.
func (l *land) postgis(b testing.TB) (*pgx.Conn, int) {
	b.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, clustertest.Database(b))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = conn.Close(ctx) })
	if _, err := conn.Exec(ctx, `CREATE TABLE raw (id bigint, number text, use text, status text, mode text, town text, grade text,
		area_m2 bigint, slope float8, height bigint, road float8, for_sale boolean, g bytea)`); err != nil {
		b.Fatal(err)
	}
	_, err = conn.CopyFrom(ctx, pgx.Identifier{"raw"}, []string{"id", "number", "use", "status", "mode", "town", "grade", "area_m2",
		"slope", "height", "road", "for_sale", "g"}, pgx.CopyFromSlice(len(l.rows), func(i int) ([]any, error) {
		w := &l.rows[i]
		g, err := ewkb.Marshal(l.degrees[i], 4326)
		return []any{i + 1, w.number, className(0, w.class[0]), className(1, w.class[1]), className(2, w.class[2]), className(3, w.class[3]),
			className(4, w.class[4]), w.area, w.slope, w.height, w.road, w.forSale, g}, err
	}))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := conn.Exec(ctx, `CREATE TABLE parcel AS SELECT id, number, use, status, mode, town, grade, area_m2, slope, height, road,
			for_sale, ST_Transform(ST_GeomFromEWKB(g), 3857) AS g FROM raw;
		CREATE INDEX ON parcel USING gist (g); ANALYZE parcel; SET max_parallel_workers_per_gather = 0; SET jit = off`); err != nil {
		b.Fatal(err)
	}
	var pid int
	if err := conn.QueryRow(ctx, `SELECT pg_backend_pid()`).Scan(&pid); err != nil {
		b.Fatal(err)
	}
	return conn, pid
}

const asMVT = `SELECT ST_AsMVT(t, 'parcels', 4096, 'g', 'id') FROM (
	SELECT id, number, use, status, mode, town, grade, area_m2, slope, height, road, for_sale,
		ST_AsMVTGeom(g, ST_TileEnvelope($1, $2, $3), 4096, 256) AS g
	FROM parcel WHERE g && ST_TileEnvelope($1, $2, $3, margin => 256.0 / 4096)) t WHERE g IS NOT NULL`

// cpu is how many seconds of user and system time a process has taken.
func cpu(pid int) (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
	user, err := strconv.Atoi(fields[11])
	if err != nil {
		return 0, err
	}
	system, err := strconv.Atoi(fields[12])
	return float64(user+system) / 100, err // clock ticks of Linux
}

// BenchmarkTile encodes the same parcels by this package, by orb and by PostGIS. For PostGIS cpu-ns/op is what its process
// took, with the search in its index; the others are given the parcels that touch the tile.
func BenchmarkTile(b *testing.B) {
	lands := []struct {
		name string
		make func(*testing.B) *land
	}{
		{"generated", func(*testing.B) *land { return generated(316) }},
		{"cadastre", func(b *testing.B) *land { return file(b, "../../../shared/data/parcels/fr-cadastre-900.geojson") }},
		{"zoning", func(b *testing.B) *land { return file(b, sanJose(b)) }},
	}
	for _, c := range lands {
		b.Run(c.name, func(b *testing.B) {
			l := c.make(b)
			conn, pid := l.postgis(b)
			for _, z := range []maptile.Zoom{12, 13, 14, 15} {
				tiles, on := l.tiles(z, 40)
				bytes := 0
				for i, t := range tiles {
					bytes += len(l.encode(new(mvt.Encoder), t, on[i], 0))
				}
				run := func(name string, tile func(i int) int) {
					b.Run(fmt.Sprintf("z=%d/%s", z, name), func(b *testing.B) {
						b.ReportAllocs()
						b.SetBytes(int64(bytes / len(tiles)))
						before, err := cpu(os.Getpid())
						if err != nil {
							b.Skip(err)
						}
						n := 0
						for ; b.Loop(); n++ {
							tile(n % len(tiles))
						}
						after, err := cpu(os.Getpid())
						if err != nil {
							b.Fatal(err)
						}
						b.ReportMetric((after-before)/float64(n)*1e9, "cpu-ns/op")
					})
				}
				var e mvt.Encoder
				run("kora", func(i int) int { return len(l.encode(&e, tiles[i], on[i], 0)) })
				run("kora-simplified", func(i int) int { return len(l.encode(&e, tiles[i], on[i], 1.5)) })
				run("orb", func(i int) int { return len(l.orb(b, tiles[i], on[i], 0)) })
				run("orb-simplified", func(i int) int { return len(l.orb(b, tiles[i], on[i], 1.5)) })
				b.Run(fmt.Sprintf("z=%d/postgis", z), func(b *testing.B) {
					before, err := cpu(pid)
					if err != nil {
						b.Skip(err)
					}
					n := 0
					for ; b.Loop(); n++ {
						t := tiles[n%len(tiles)]
						var out []byte
						if err := conn.QueryRow(b.Context(), asMVT, int(t.Z), int(t.X), int(t.Y)).Scan(&out); err != nil {
							b.Fatal(err)
						}
					}
					after, err := cpu(pid)
					if err != nil {
						b.Fatal(err)
					}
					b.ReportMetric((after-before)/float64(n)*1e9, "cpu-ns/op")
				})
			}
		})
	}
}
