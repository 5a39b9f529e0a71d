package mvt_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/gogo/protobuf/proto"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt/vectortile"
	"github.com/paulmach/orb/maptile"
	"github.com/peterstace/simplefeatures/geom"

	"kora/geo/flat"
	"kora/store/cluster/clustertest"
	"kora/tiles/mvt"
)

func TestMain(m *testing.M) { clustertest.Main(m) }

// shape makes a shape of a geometry in degrees.
func shape(g orb.Geometry) flat.Shape {
	return shapeBy(g, flat.Project)
}

// shapeBy makes a shape of a geometry; rings are closed and wound as they may be.
func shapeBy(g orb.Geometry, project func(orb.Point) flat.Point) flat.Shape {
	var s flat.Shape
	part := func(points []orb.Point) {
		for _, p := range points {
			s.Points = append(s.Points, project(p))
		}
		s.Ends = append(s.Ends, uint32(len(s.Points)))
	}
	ring := func(r orb.Ring, hole bool) {
		from := len(s.Points)
		part(r[:len(r)-1])
		if a := worldArea(s.Points[from:]); a != 0 && a < 0 != hole {
			slices.Reverse(s.Points[from:])
		}
	}
	switch g := g.(type) {
	case orb.Point:
		s.Kind = flat.Dots
		part([]orb.Point{g})
	case orb.MultiPoint:
		s.Kind = flat.Dots
		part(g)
	case orb.LineString:
		s.Kind = flat.Lines
		part(g)
	case orb.MultiLineString:
		s.Kind = flat.Lines
		for _, l := range g {
			part(l)
		}
	case orb.Polygon:
		return shapeBy(orb.MultiPolygon{g}, project)
	case orb.MultiPolygon:
		s.Kind = flat.Areas
		for _, poly := range g {
			for i, r := range poly {
				ring(r, i > 0)
			}
		}
	}
	return bounded(s)
}

// bounded gives a shape the box of its points, and its clearance.
func bounded(s flat.Shape) flat.Shape {
	s.Box = flat.Box{Min: s.Points[0], Max: s.Points[0]}
	for _, p := range s.Points {
		s.Box.Min.X, s.Box.Max.X = min(s.Box.Min.X, p.X), max(s.Box.Max.X, p.X)
		s.Box.Min.Y, s.Box.Max.Y = min(s.Box.Min.Y, p.Y), max(s.Box.Max.Y, p.Y)
	}
	if s.Kind == flat.Areas && s.Parts() == 1 {
		s.Clear = flat.Clearance(s.Points)
	}
	return s
}

func worldArea(ring []flat.Point) float64 {
	sum := 0.0
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += float64(p.X-ring[0].X)*float64(q.Y-ring[0].Y) - float64(q.X-ring[0].X)*float64(p.Y-ring[0].Y)
	}
	return sum / 2
}

// areas makes a shape of open rings in world units, as they are.
func areas(rings ...[]flat.Point) flat.Shape {
	s := flat.Shape{Kind: flat.Areas}
	for _, r := range rings {
		s.Points = append(s.Points, r...)
		s.Ends = append(s.Ends, uint32(len(s.Points)))
	}
	return bounded(s)
}

// encode writes one shape alone.
func encode(tile maptile.Tile, s flat.Shape) []byte {
	var e mvt.Encoder
	e.Begin(tile)
	e.Layer("one")
	e.Feature(1, s)
	return e.Bytes()
}

// parse reads a tile with orb's protobuf structs, and no further.
func parse(t testing.TB, b []byte) *vectortile.Tile {
	t.Helper()
	tile, err := parseTile(b)
	if err != nil {
		t.Fatal(err)
	}
	return tile
}

func parseTile(b []byte) (*vectortile.Tile, error) {
	tile := &vectortile.Tile{}
	return tile, proto.Unmarshal(b, tile)
}

// parts reads the commands of a geometry by the letter of the specification. Rings are closed.
func parts(f *vectortile.Tile_Feature) ([][]orb.Point, error) {
	var out [][]orb.Point
	x, y := int32(0), int32(0)
	var part []orb.Point
	g := f.Geometry
	for len(g) > 0 {
		command, count := g[0]&7, int(g[0]>>3)
		g = g[1:]
		if command == 7 {
			if f.GetType() != vectortile.Tile_POLYGON || count != 1 || len(part) < 3 {
				return nil, fmt.Errorf("ClosePath %d after %d points of %v", count, len(part), f.GetType())
			}
			out, part = append(out, append(part, part[0])), nil
			continue
		}
		if count == 0 || len(g) < 2*count {
			return nil, fmt.Errorf("command %d with count %d and %d parameters", command, count, len(g))
		}
		switch {
		case command == 1 && f.GetType() == vectortile.Tile_POINT:
		case command == 1 && count == 1:
			if part != nil {
				if f.GetType() == vectortile.Tile_POLYGON || len(part) < 2 {
					return nil, fmt.Errorf("MoveTo in an unfinished part")
				}
				out, part = append(out, part), nil
			}
		case command == 2 && len(part) == 1:
		default:
			return nil, fmt.Errorf("command %d with count %d", command, count)
		}
		for i := range count {
			dx, dy := int32(g[2*i]>>1)^-int32(g[2*i]&1), int32(g[2*i+1]>>1)^-int32(g[2*i+1]&1)
			if command == 2 && dx == 0 && dy == 0 {
				return nil, fmt.Errorf("LineTo without a way")
			}
			x, y = x+dx, y+dy
			part = append(part, orb.Point{float64(x), float64(y)})
		}
		g = g[2*count:]
	}
	if part != nil {
		if f.GetType() == vectortile.Tile_POLYGON {
			return nil, fmt.Errorf("a ring without an end")
		}
		out = append(out, part)
	}
	return out, nil
}

// polygons reads the areas of a feature and holds them against the specification: outer rings have a positive area, holes
// a negative one, and follow theirs.
func polygons(f *vectortile.Tile_Feature) (orb.MultiPolygon, error) {
	rings, err := parts(f)
	if err != nil {
		return nil, err
	}
	var m orb.MultiPolygon
	for _, r := range rings {
		switch a := ringArea(r); {
		case a > 0:
			m = append(m, orb.Polygon{r})
		case a == 0:
			return nil, fmt.Errorf("ring %v without area", r)
		case len(m) == 0:
			return nil, fmt.Errorf("the first ring is a hole")
		default:
			m[len(m)-1] = append(m[len(m)-1], r)
		}
		for _, p := range r {
			if p[0] < -mvt.Buffer || p[0] > mvt.Extent+mvt.Buffer || p[1] < -mvt.Buffer || p[1] > mvt.Extent+mvt.Buffer {
				return nil, fmt.Errorf("%v is outside of the buffer", p)
			}
		}
	}
	return m, nil
}

func ringArea(r []orb.Point) float64 {
	sum := 0.0
	for i := 1; i < len(r); i++ {
		sum += r[i-1][0]*r[i][1] - r[i][0]*r[i-1][1]
	}
	return sum / 2
}

func area(m orb.MultiPolygon) float64 {
	sum := 0.0
	for _, poly := range m {
		for _, r := range poly {
			sum += ringArea(r)
		}
	}
	return sum
}

// validate judges by the rules of OGC.
func validate(m orb.MultiPolygon) error {
	coordinates := make([][][]float64, len(m))
	for i, poly := range m {
		for _, r := range poly {
			var xy []float64
			for _, p := range r {
				xy = append(xy, p[0], p[1])
			}
			coordinates[i] = append(coordinates[i], xy)
		}
	}
	return geom.NewMultiPolygonXY(coordinates...).Validate()
}

// only gives the polygons of the only feature of a tile.
func only(t fataler, b []byte) orb.MultiPolygon {
	tile, err := parseTile(b)
	if err != nil {
		t.Fatal(err)
	}
	m, err := polygons(tile.Layers[0].Features[0])
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A fataler is a test of testing or of rapid.
type fataler interface{ Fatal(args ...any) }

// place gives the tile coordinates of a place in the world, before rounding.
func place(tile maptile.Tile, p flat.Point) orb.Point {
	unit := math.Ldexp(1, flat.Bits-12-int(tile.Z))
	return orb.Point{float64(p.X)/unit - float64(tile.X)*mvt.Extent, float64(p.Y)/unit - float64(tile.Y)*mvt.Extent}
}
