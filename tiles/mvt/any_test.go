package mvt_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"kora/geo/flat"
	"kora/tiles/mvt"
)

// star draws a ring around a place: as many spikes as it likes, between two radii.
func star(t *rapid.T, centre flat.Point, corners int, least, most float64, hole bool) []flat.Point {
	n := rapid.IntRange(corners, 40).Draw(t, "corners")
	ring := make([]flat.Point, n)
	for i := range ring {
		angle := (float64(i) + rapid.Float64Range(0, 0.9).Draw(t, "turn")) / float64(n) * 2 * math.Pi
		radius := least + (most-least)*rapid.Float64Range(0, 1).Draw(t, "radius")
		ring[i] = flat.Point{X: centre.X + int32(math.Round(radius*math.Cos(angle))), Y: centre.Y + int32(math.Round(radius*math.Sin(angle)))}
	}
	if hole {
		slices.Reverse(ring)
	}
	return ring
}

// somewhere draws a tile and a place in it or near it.
func somewhere(t *rapid.T) (maptile.Tile, flat.Point, float64) {
	z := rapid.Uint32Range(0, 18).Draw(t, "z")
	tile := maptile.New(uint32(rapid.Uint64Range(0, 1<<z-1).Draw(t, "x")), uint32(rapid.Uint64Range(0, 1<<z-1).Draw(t, "y")), maptile.Zoom(z))
	unit := math.Ldexp(1, flat.Bits-12-int(z))
	near := func(label string, n uint32) int32 {
		v := (float64(n)*mvt.Extent + rapid.Float64Range(-600, mvt.Extent+600).Draw(t, label)) * unit
		return int32(min(max(v, flat.Extent/4096), flat.Extent-flat.Extent/4096))
	}
	return tile, flat.Point{X: near("east", tile.X), Y: near("south", tile.Y)}, unit
}

// size draws a radius in tile units, small ones as often as large ones.
func size(t *rapid.T, most float64) float64 {
	return math.Exp(rapid.Float64Range(math.Log(0.3), math.Log(most)).Draw(t, "size"))
}

// figures draws areas that are valid in the world, with holes and parts, or touch themselves: every place is within once.
func figures(t *rapid.T, centre flat.Point, unit float64) flat.Shape {
	r := size(t, 6000) * unit
	if limit := float64(min(centre.X, centre.Y, flat.Extent-centre.X, flat.Extent-centre.Y)); r > limit/2.5 {
		r = limit / 2.5
	}
	var rings [][]flat.Point
	switch rapid.IntRange(0, 4).Draw(t, "figure") {
	case 0:
		rings = append(rings, star(t, centre, 4, r*rapid.Float64Range(0, 0.9).Draw(t, "depth"), r, false))
	case 1: // a hole, and an island in it
		rings = append(rings, star(t, centre, 12, r*0.9, r, false))
		rings = append(rings, star(t, centre, 12, r*0.6, r*0.75, true))
		rings = append(rings, star(t, centre, 4, 0, r*0.4, false))
	case 2: // a wall that is hardly wider than nothing
		rings = append(rings, star(t, centre, 4, r, r, false))
		inner := slices.Clone(rings[0])
		for i, p := range inner {
			inner[i] = flat.Point{X: centre.X + int32(float64(p.X-centre.X)*0.97), Y: centre.Y + int32(float64(p.Y-centre.Y)*0.97)}
		}
		slices.Reverse(inner)
		rings = append(rings, inner)
	case 3: // petals: the ring comes by the centre again and again
		var ring []flat.Point
		tips := star(t, centre, 4, r*0.3, r, false)
		for i := 0; i+1 < len(tips); i += 2 {
			ring = append(ring, centre, tips[i], tips[i+1])
		}
		rings = append(rings, ring)
	case 4: // squares that touch at corners, and have holes that touch their corners
		d := max(int32(r/4), 1)
		for i := range int32(3) {
			x, y := centre.X+2*i*d, centre.Y+2*i*d*rapid.SampledFrom([]int32{-1, 1}).Draw(t, "way")
			rings = append(rings, []flat.Point{{X: x - d, Y: y - d}, {X: x + d, Y: y - d}, {X: x + d, Y: y + d}, {X: x - d, Y: y + d}},
				[]flat.Point{{X: x - d, Y: y - d}, {X: x, Y: y + d/2}, {X: x + d/2, Y: y}})
		}
	}
	return areas(rings...)
}

// TestAnyAreas: areas come out valid, wherever they are cut and however small they are, and where they were.
func TestAnyAreas(t *testing.T) {
	var seen [][]byte
	rapid.Check(t, func(t *rapid.T) {
		tile, centre, unit := somewhere(t)
		s := figures(t, centre, unit)
		tolerance := rapid.SampledFrom([]float64{0, 0, 1.5}).Draw(t, "tolerance")
		var e mvt.Encoder
		e.Begin(tile)
		e.Simplify(tolerance)
		e.Layer("one")
		e.Feature(1, s)
		b := e.Bytes()
		exact, length := inReach(tile, s, mvt.Buffer)
		if len(b) == 0 {
			if exact > 1.5*length+2 {
				t.Fatalf("nothing of %.1f square units in %v", exact, tile)
			}
			return
		}
		m := only(t, b)
		if err := validate(m); err != nil {
			t.Fatalf("%v in %v", err, m)
		}
		if off := math.Abs(area(m) - exact); off > (1.5+tolerance)*length+2 {
			t.Fatalf("%.1f square units, exactly %.1f, along %.1f: %v", area(m), exact, length, m)
		}
		seen = append(seen, wkb.MustMarshal(m))
	})
	t.Run("PostGIS", func(t *testing.T) { postgisAgrees(t, seen) })
}

// postgisAgrees asks ST_IsValid too.
func postgisAgrees(t *testing.T, areas [][]byte) {
	j := judgeOf(t, nil)
	for chunk := range slices.Chunk(areas, 5000) {
		if why := j.invalid(t, chunk); len(why) > 0 {
			t.Errorf("%d of %d areas are not valid: %s", len(why), len(chunk), why[0])
		}
	}
}

// TestAnyTangle: rings that cross themselves and one another as they like come out valid too.
func TestAnyTangle(t *testing.T) {
	var seen [][]byte
	rapid.Check(t, func(t *rapid.T) {
		tile := maptile.New(0, 0, 18)
		side := rapid.SampledFrom([]int32{4, 12, 100, 5000}).Draw(t, "side")
		coordinate := rapid.Int32Range(0, side)
		corner := rapid.Custom(func(t *rapid.T) flat.Point {
			return flat.Point{X: coordinate.Draw(t, "x"), Y: coordinate.Draw(t, "y")}
		})
		s := areas(rapid.SliceOfN(rapid.SliceOfN(corner, 1, 30), 1, 4).Draw(t, "rings")...)
		b := encode(tile, s)
		if len(b) == 0 {
			return
		}
		m := only(t, b)
		if err := validate(m); err != nil {
			t.Fatalf("%v in %v", err, m)
		}
		seen = append(seen, wkb.MustMarshal(m))
	})
	t.Run("PostGIS", func(t *testing.T) { postgisAgrees(t, seen) })
}

// TestClearAreas: rings that are just clear enough for the units of a tile, which does not look at them again, are valid in
// it, and none is gone; and valid at the zoom before, where it must look.
func TestClearAreas(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	clear := 0
	for range 50_000 {
		ring := make([]flat.Point, 4+r.IntN(3))
		side := 8 + r.Int32N(60)
		for i := range ring {
			ring[i] = flat.Point{X: r.Int32N(side), Y: r.Int32N(side)}
		}
		s := areas(ring)
		if s.Clear == 0 {
			continue
		}
		clear++
		for _, further := range []uint8{0, 1} {
			b := encode(maptile.New(0, 0, maptile.Zoom(18-s.Clear-further)), s)
			if len(b) == 0 && further > 0 {
				continue
			}
			m := only(t, b)
			if err := validate(m); err != nil {
				t.Fatalf("%v of %v, which is clear by %d: %v", m, ring, s.Clear, err)
			}
		}
	}
	if clear < 1000 {
		t.Errorf("%d rings were clear", clear)
	}
}

// TestLargeAreasKeepTheirVertices: an area that lies in the tile and is nowhere near the size of its units is the same in it,
// but for vertices that say nothing.
func TestLargeAreasKeepTheirVertices(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z := rapid.Uint32Range(0, 18).Draw(t, "z")
		tile := maptile.New(uint32(1)<<z/2, uint32(1)<<z/3, maptile.Zoom(z))
		unit := math.Ldexp(1, flat.Bits-12-int(z))
		centre := flat.Point{X: int32((float64(tile.X) + 0.5) * unit * mvt.Extent), Y: int32((float64(tile.Y) + 0.5) * unit * mvt.Extent)}
		ring := star(t, centre, 8, 1000*unit, 2000*unit, false)
		var want []orb.Point
		for _, p := range ring {
			q := place(tile, p)
			want = append(want, orb.Point{math.Floor(q[0] + 0.5), math.Floor(q[1] + 0.5)})
		}
		for i := 0; i < len(want); { // the plain way: as long as there is one that says nothing, it goes
			a, b, c := want[(i+len(want)-1)%len(want)], want[i], want[(i+1)%len(want)]
			if (b[0]-a[0])*(c[1]-a[1]) == (b[1]-a[1])*(c[0]-a[0]) {
				want, i = slices.Delete(want, i, i+1), 0
			} else {
				i++
			}
		}
		if validate(orb.MultiPolygon{{append(slices.Clone(want), want[0])}}) != nil {
			return // neighbouring spikes may still cross by rounding
		}
		m := only(t, encode(tile, areas(ring)))
		got := m[0][0][:len(m[0][0])-1]
		first := max(slices.Index(want, got[0]), 0)
		if want = append(want[first:], want[:first]...); !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

// TestAnyLines: what is shown of lines is what lies in the buffered tile, no further from it than rounding and simplifying
// may go, and in parts that follow their order.
func TestAnyLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tile, _, unit := somewhere(t)
		corner := rapid.Custom(func(t *rapid.T) flat.Point {
			near := func(label string, n uint32) int32 {
				return int32(min(max((float64(n)*mvt.Extent+rapid.Float64Range(-2000, 6000).Draw(t, label))*unit, 0), flat.Extent))
			}
			return flat.Point{X: near("x", tile.X), Y: near("y", tile.Y)}
		})
		points := rapid.SliceOfN(corner, 2, 12).Draw(t, "line")
		if rapid.Bool().Draw(t, "round") {
			points = append(points, points[0])
		}
		tolerance := rapid.SampledFrom([]float64{0, 1.5, 40}).Draw(t, "tolerance")
		var e mvt.Encoder
		e.Begin(tile)
		e.Simplify(tolerance)
		e.Layer("one")
		e.Feature(1, line(points...))
		layers, err := parseTile(e.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		var got [][]orb.Point
		if len(layers.Layers) > 0 {
			if got, err = parts(layers.Layers[0].Features[0]); err != nil {
				t.Fatal(err)
			}
		}
		var full []orb.Point
		for _, p := range points {
			full = append(full, place(tile, p))
		}
		most := tolerance + 1.5
		for _, part := range got {
			for i := 1; i < len(part); i++ {
				for f := range 5 {
					if d := awayFrom(along(part[i-1], part[i], float64(f)/4), [][]orb.Point{full}); d > most {
						t.Fatalf("%v: %v is shown, %.2f units from the line", tile, got, d)
					}
				}
			}
		}
		for i := 1; i < len(full); i++ {
			for f := range 33 {
				p := along(full[i-1], full[i], float64(f)/32)
				if p[0] < 2-mvt.Buffer || p[0] > mvt.Extent+mvt.Buffer-2 || p[1] < 2-mvt.Buffer || p[1] > mvt.Extent+mvt.Buffer-2 {
					continue
				}
				if d := awayFrom(p, got); d > most && !(len(got) == 0 && spanInReach(tile, line(points...), mvt.Buffer) < 1.5) {
					t.Fatalf("%v: %v of %v is %.2f units from what is shown, %v", tile, p, full, d, got)
				}
			}
		}
	})
}

// TestNeighboursAreCutAlike: two areas with an edge in common are cut at the same place of it, so that no gap opens at the
// border.
func TestNeighboursAreCutAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const border = mvt.Extent + mvt.Buffer
		at := func(label string, west, east int32) flat.Point {
			return flat.Point{X: rapid.Int32Range(west, east).Draw(t, label), Y: rapid.Int32Range(1000, 2000).Draw(t, label)}
		}
		a, b := at("a", 0, border-100), at("b", border+1, 9000)
		north, south := flat.Point{X: border + 500, Y: -50_000}, flat.Point{X: border + 500, Y: 50_000}
		upper, lower := only(t, encode(corner, areas([]flat.Point{north, b, a}))), only(t, encode(corner, areas([]flat.Point{a, b, south})))
		for _, p := range upper[0][0] {
			if p[0] == border && slices.Contains(lower[0][0], p) {
				return
			}
		}
		t.Fatalf("%v and %v have no point of the border in common", upper, lower)
	})
}

func along(a, b orb.Point, f float64) orb.Point {
	return orb.Point{a[0] + f*(b[0]-a[0]), a[1] + f*(b[1]-a[1])}
}

func awayFrom(p orb.Point, lines [][]orb.Point) float64 {
	least := math.Inf(1)
	for _, l := range lines {
		for i := 1; i < len(l); i++ {
			least = min(least, planar.DistanceFromSegment(l[i-1], l[i], p))
		}
	}
	return least
}

// inReach gives the area of what lies in the tile with a buffer, and the length of its outline, both in tile units: what of the
// plane is cut off goes around the border there and back, so the signed areas of clipped rings add up. It is the judge, and
// shares nothing with what it judges.
func inReach(tile maptile.Tile, s flat.Shape, buffer float64) (area, length float64) {
	for i := range s.Parts() {
		var ring []orb.Point
		for _, p := range s.Part(i) {
			ring = append(ring, place(tile, p))
		}
		for axis := range 2 {
			ring = halfPlane(ring, func(p orb.Point) float64 { return p[axis] + buffer })
			ring = halfPlane(ring, func(p orb.Point) float64 { return mvt.Extent + buffer - p[axis] })
		}
		for i, p := range ring {
			q := ring[(i+1)%len(ring)]
			area += (p[0]*q[1] - q[0]*p[1]) / 2
			length += math.Hypot(q[0]-p[0], q[1]-p[1])
		}
	}
	return area, length
}

func halfPlane(ring []orb.Point, within func(orb.Point) float64) (out []orb.Point) {
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		a, b := within(p), within(q)
		if a >= 0 {
			out = append(out, p)
		}
		if a < 0 != (b < 0) {
			f := a / (a - b)
			out = append(out, orb.Point{p[0] + f*(q[0]-p[0]), p[1] + f*(q[1]-p[1])})
		}
	}
	return out
}
