package land_test

import (
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"kora/bench/land"
)

// TestLandIsContiguous: parcels are valid, have about 25 points, and share every inner border.
func TestLandIsContiguous(t *testing.T) {
	type piece struct{ a, b orb.Point }
	sides := map[piece]int{}
	parcels := land.Parcels(100)
	for _, p := range parcels {
		if err := p.Validate(); err != nil {
			t.Fatal(err)
		}
		ring := p.Geometry[0][0]
		if len(ring) != 25 || planar.Area(ring) <= 0 {
			t.Fatalf("parcel %d has %d points, area %v", p.ID, len(ring), planar.Area(ring))
		}
		for i := 1; i < len(ring); i++ {
			sides[piece{ring[i-1], ring[i]}]++
		}
	}
	inner := 0
	for s, n := range sides {
		if n != 1 {
			t.Fatalf("%v is a border %d times", s, n)
		}
		if sides[piece{s.b, s.a}] == 1 {
			inner++
		}
	}
	if want := 2 * 6 * 2 * 10 * 9; inner != want {
		t.Errorf("%d pieces of border are shared, want %d", inner, want)
	}
}
