package flat_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kora/geo/flat"
)

func TestClearance(t *testing.T) {
	strip := func(width int32) []flat.Point {
		return []flat.Point{{X: 0, Y: 0}, {X: 900, Y: 300}, {X: 900, Y: 300 + width}, {X: 0, Y: width}}
	}
	for name, c := range map[string]struct {
		ring  []flat.Point
		clear uint8
	}{
		"square":         {[]flat.Point{{X: 0, Y: 0}, {X: 100, Y: 0}, {X: 100, Y: 100}, {X: 0, Y: 100}}, 6},
		"strip":          {strip(40), 4},
		"narrower strip": {strip(21), 3}, // 15.75 units along both axes
		"strip of a few": {strip(2), 0},
		"short edge":     {[]flat.Point{{X: 0, Y: 0}, {X: 100, Y: 0}, {X: 104, Y: 1}, {X: 100, Y: 100}, {X: 0, Y: 100}}, 1},
		"bow tie":        {[]flat.Point{{X: 0, Y: 0}, {X: 1000, Y: 1000}, {X: 1000, Y: 0}, {X: 0, Y: 1000}}, 0},
		"triangle":       {[]flat.Point{{X: 0, Y: 0}, {X: 1000, Y: 0}, {X: 0, Y: 1000}}, 0}, // it may fold
	} {
		for i := range c.ring { // wherever it begins
			ring := slices.Concat(c.ring[i:], c.ring[:i])
			if got := flat.Clearance(ring); got != c.clear {
				t.Errorf("%s from %d: %d, not %d", name, i, got, c.clear)
			}
		}
	}
}

// TestClearanceIsEnough: a ring that is rounded in steps up to its clearance is simple, without help, and wound as it was.
func TestClearanceIsEnough(t *testing.T) {
	clear := 0
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Int32Range(16, 512).Draw(t, "size")
		ring := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) flat.Point {
			return flat.Point{X: rapid.Int32Range(0, size).Draw(t, "x"), Y: rapid.Int32Range(0, size).Draw(t, "y")}
		}), 4, 9).Draw(t, "ring")
		least := flat.Clearance(ring)
		if least == 0 {
			return
		}
		clear++
		step := int32(1) << rapid.Uint8Range(1, least).Draw(t, "step")
		x, y := rapid.Int32Range(0, step-1).Draw(t, "x"), rapid.Int32Range(0, step-1).Draw(t, "y")
		var rounded []flat.Point
		for _, p := range ring {
			rounded = append(rounded, flat.Point{X: (p.X + x + step/2) / step, Y: (p.Y + y + step/2) / step})
		}
		if !simple(rounded) {
			t.Fatalf("%v is %v in steps of %d", ring, rounded, step)
		}
		if a, b := flat.Area(ring), flat.Area(rounded); a > 0 != (b > 0) || b == 0 {
			t.Fatalf("an area of %d became %d", a, b)
		}
	})
	if clear == 0 {
		t.Error("no ring was clear")
	}
}

// simple looks for points that two edges have in common, but neighbours their one.
func simple(ring []flat.Point) bool {
	n := len(ring)
	side := func(a, b, c flat.Point) int64 {
		return int64(b.X-a.X)*int64(c.Y-a.Y) - int64(b.Y-a.Y)*int64(c.X-a.X)
	}
	on := func(p, a, b flat.Point) bool {
		return side(a, b, p) == 0 && min(a.X, b.X) <= p.X && p.X <= max(a.X, b.X) && min(a.Y, b.Y) <= p.Y && p.Y <= max(a.Y, b.Y)
	}
	for i := range n {
		a, b := ring[i], ring[(i+1)%n]
		if a == b || on(ring[(i+2)%n], a, b) || on(a, b, ring[(i+2)%n]) {
			return false
		}
		for j := i + 2; j < n && (i > 0 || j < n-1); j++ {
			c, d := ring[j], ring[(j+1)%n]
			crosses := side(a, b, c) > 0 != (side(a, b, d) > 0) && side(c, d, a) > 0 != (side(c, d, b) > 0)
			if crosses || on(a, c, d) || on(b, c, d) || on(c, a, b) || on(d, a, b) {
				return false
			}
		}
	}
	return true
}
