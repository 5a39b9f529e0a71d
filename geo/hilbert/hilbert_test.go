package hilbert_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kora/geo/hilbert"
)

// A Hilbert curve goes from each square to one beside it.
func TestStepsToANeighbour(t *testing.T) {
	const side = 64
	order := hilbert.Order(side*side, func(i int) (x, y int32) { return int32(i % side), int32(i / side) })
	for k := 1; k < len(order); k++ {
		ax, ay, bx, by := order[k-1]%side, order[k-1]/side, order[k]%side, order[k]/side
		if max(ax-bx, bx-ax)+max(ay-by, by-ay) != 1 {
			t.Fatalf("step %d leads from %d, %d to %d, %d", k, ax, ay, bx, by)
		}
	}
}

// Every index comes once, wherever the places lie.
func TestOrderIsAPermutation(t *testing.T) {
	coordinate := rapid.OneOf(rapid.Int32(), rapid.Int32Range(-3, 3), rapid.SampledFrom([]int32{math.MinInt32, math.MaxInt32}))
	place := rapid.Custom(func(t *rapid.T) [2]int32 { return [2]int32{coordinate.Draw(t, "x"), coordinate.Draw(t, "y")} })
	rapid.Check(t, func(t *rapid.T) {
		places := rapid.SliceOf(place).Draw(t, "places")
		order := hilbert.Order(len(places), func(i int) (x, y int32) { return places[i][0], places[i][1] })
		slices.Sort(order)
		for i, at := range order {
			if int(at) != i {
				t.Fatalf("%v", order)
			}
		}
		if len(order) != len(places) {
			t.Fatalf("%d of %d", len(order), len(places))
		}
	})
}
