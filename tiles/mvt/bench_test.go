package mvt_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"

	fields "kora/bench/land"
	"kora/geo/flat"
	"kora/tiles/mvt"
)

// A land is a layer of parcels with ten attributes and a number, as the encoder takes it.
type land struct {
	shapes  []flat.Shape
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

// generated makes side × side contiguous parcels of 25 points around Nyingchi, each about 200 m wide.
func generated(side int) *land {
	l, r := newLand(), rand.New(rand.NewPCG(1, 2))
	for _, p := range fields.Parcels(side * side) {
		l.add(p.Geometry[0], r)
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

// BenchmarkTile encodes tiles of parcels that are given; it is for profiles. `make bench` compares.
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
			for _, z := range []maptile.Zoom{12, 13, 14, 15} {
				tiles, on := l.tiles(z, 40)
				bytes := 0
				for i, t := range tiles {
					bytes += len(l.encode(new(mvt.Encoder), t, on[i], 0))
				}
				for name, tolerance := range map[string]float64{"plain": 0, "simplified": 1.5} {
					b.Run(fmt.Sprintf("z=%d/%s", z, name), func(b *testing.B) {
						b.ReportAllocs()
						b.SetBytes(int64(bytes / len(tiles)))
						var e mvt.Encoder
						for i := 0; b.Loop(); i++ {
							l.encode(&e, tiles[i%len(tiles)], on[i%len(tiles)], tolerance)
						}
					})
				}
			}
		})
	}
}
