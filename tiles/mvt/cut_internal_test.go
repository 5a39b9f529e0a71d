package mvt

import (
	"testing"

	"kora/geo/flat"
)

// TestCutSeparates: a comb whose teeth reach beyond a border falls into its teeth, each with the hole that is in it, on
// every side.
func TestCutSeparates(t *testing.T) {
	const teeth = 5
	ring := []flat.Point{{X: 10 * teeth, Y: -20}, {X: 10 * teeth, Y: -10}} // the back of the comb, north of the border
	for i := teeth - 1; i >= 0; i-- {
		x := int32(10 * i)
		ring = append(ring, flat.Point{X: x + 8, Y: -10}, flat.Point{X: x + 8, Y: 30}, flat.Point{X: x, Y: 30}, flat.Point{X: x, Y: -10})
	}
	ring = append(ring, flat.Point{X: 0, Y: -20})
	comb := flat.Shape{Kind: flat.Areas, Points: ring, Ends: []uint32{uint32(len(ring))}}
	for _, i := range []int{3, 0, 4, 1, 2} {
		x := int32(10 * i)
		comb.Points = append(comb.Points, flat.Point{X: x + 2, Y: 10}, flat.Point{X: x + 2, Y: 12}, flat.Point{X: x + 4, Y: 12})
		comb.Ends = append(comb.Ends, uint32(len(comb.Points)))
	}
	box := flat.Box{Min: flat.Point{X: -1000}, Max: flat.Point{X: 1000, Y: 1000}}
	for range 4 {
		comb.Box = flat.Box{Min: comb.Points[0], Max: comb.Points[0]}
		for _, p := range comb.Points {
			comb.Box = comb.Box.Union(flat.Box{Min: p, Max: p})
		}
		var c cutter
		left := c.clip(comb, box)
		if len(left.rings) != 2*teeth {
			t.Fatalf("%d rings", len(left.rings))
		}
		begin := 0
		var tooth []flat.Point
		for i, r := range left.rings {
			points := left.points[begin:r.end]
			begin = r.end
			switch area := flat.Area(points); {
			case i%2 == 0 && (r.hole || area != 2*8*30):
				t.Errorf("tooth %d has twice the area %d", i/2, area)
			case i%2 == 0:
				tooth = points
			case !r.hole || area != -4 || !surrounds(tooth, points[0]):
				t.Errorf("hole %d has twice the area %d, or is in another tooth", i/2, area)
			}
		}
		// a quarter of a turn
		for i, p := range comb.Points {
			comb.Points[i] = flat.Point{X: -p.Y, Y: p.X}
		}
		box = flat.Box{Min: flat.Point{X: -box.Max.Y, Y: box.Min.X}, Max: flat.Point{X: -box.Min.Y, Y: box.Max.X}}
	}
}

// TestCutTouching: what touches a border from within stays whole, and what touches it from beyond is gone.
func TestCutTouching(t *testing.T) {
	box := flat.Box{Max: flat.Point{X: 100, Y: 100}}
	for name, c := range map[string]struct {
		ring []flat.Point
		area int64
	}{
		"by a vertex":    {[]flat.Point{{X: 50, Y: 0}, {X: 110, Y: 50}, {X: 50, Y: 60}, {X: 40, Y: 50}}, 2 * 2050},
		"by an edge":     {[]flat.Point{{X: 20, Y: 0}, {X: 80, Y: 0}, {X: 80, Y: 110}, {X: 20, Y: 110}}, 2 * 6000},
		"from beyond":    {[]flat.Point{{X: 20, Y: 0}, {X: 20, Y: -50}, {X: 80, Y: -50}}, 0},
		"an edge beyond": {[]flat.Point{{X: 20, Y: 0}, {X: 20, Y: -50}, {X: 80, Y: -50}, {X: 80, Y: 0}}, 0},
	} {
		s := flat.Shape{Kind: flat.Areas, Points: c.ring, Ends: []uint32{uint32(len(c.ring))}}
		s.Box = flat.Box{Min: c.ring[0], Max: c.ring[0]}
		for _, p := range c.ring {
			s.Box = s.Box.Union(flat.Box{Min: p, Max: p})
		}
		var x cutter
		left, sum, begin := x.clip(s, box), int64(0), 0
		for _, r := range left.rings {
			sum += flat.Area(left.points[begin:r.end])
			begin = r.end
		}
		if sum != c.area {
			t.Errorf("%s: twice the area is %d, not %d", name, sum, c.area)
		}
	}
}
