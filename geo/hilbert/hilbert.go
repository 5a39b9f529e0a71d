// Package hilbert puts places in their order along a Hilbert curve, so that what is near on the ground is near in memory.
package hilbert

import (
	"cmp"
	"slices"
)

// Order gives the indexes of n places, which at tells, in their order along a Hilbert curve over the square that holds
// them. Places at the same spot of the curve come by x, then y, then index.
func Order(n int, at func(i int) (x, y int32)) []int32 {
	order := make([]int32, n)
	if n == 0 {
		return order
	}
	places := make([]place, n)
	x, y := at(0)
	west, north, east, south := x, y, x, y
	for i := range places {
		x, y := at(i)
		west, north, east, south = min(west, x), min(north, y), max(east, x), max(south, y)
		places[i] = place{x: x, y: y, i: int32(i)}
	}
	span := max(int64(east)-int64(west), int64(south)-int64(north), 1)
	for i := range places {
		p := &places[i]
		p.key = position(uint32((int64(p.x)-int64(west))*0xffff/span), uint32((int64(p.y)-int64(north))*0xffff/span))
	}
	slices.SortFunc(places, func(a, b place) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y), cmp.Compare(a.i, b.i))
	})
	for i, p := range places {
		order[i] = p.i
	}
	return order
}

type place struct {
	key  uint32
	x, y int32
	i    int32
}

// position is where (x, y), 16 bits each, lies along the curve: at every level it takes the quarter, and turns the rest so
// that the curve enters and leaves it at the right corners. What the turns come to is whether x and y are swapped, and
// whether both are counted from the other end.
func position(x, y uint32) uint32 {
	var d, swapped, flipped uint32
	for level := 15; level >= 0; level-- {
		right, up := x>>level&1, y>>level&1
		differ := (right ^ up) & swapped
		right, up = right^differ^flipped, up^differ^flipped
		d = d<<2 | 3*right ^ up // the quarters come in the order of a U that lies on its side
		swapped ^= 1 &^ up
		flipped ^= right &^ up
	}
	return d
}
