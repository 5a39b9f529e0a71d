package network

import (
	"cmp"
	"slices"
)

// hilbertOrder gives the nodes' indexes in their order along a Hilbert curve over the box that holds them, so that nodes
// near each other on the ground are near each other in memory.
func hilbertOrder(nodes []node) []int32 {
	order := make([]int32, len(nodes))
	if len(nodes) == 0 {
		return order
	}
	low, high := nodes[0], nodes[0]
	for _, c := range nodes {
		low = node{min(low.lon, c.lon), min(low.lat, c.lat)}
		high = node{max(high.lon, c.lon), max(high.lat, c.lat)}
	}
	span := max(int64(high.lon)-int64(low.lon), int64(high.lat)-int64(low.lat), 1)
	key := make([]uint32, len(nodes))
	for i, c := range nodes {
		order[i] = int32(i)
		key[i] = hilbert(uint32((int64(c.lon)-int64(low.lon))*0xffff/span), uint32((int64(c.lat)-int64(low.lat))*0xffff/span))
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(key[a], key[b]), cmp.Compare(nodes[a].lon, nodes[b].lon),
			cmp.Compare(nodes[a].lat, nodes[b].lat), cmp.Compare(a, b))
	})
	return order
}

// hilbert is the position of (x, y), 16 bits each, along the curve: at every level, take the quarter and turn the rest so
// that the curve enters and leaves it at the right corners.
func hilbert(x, y uint32) uint32 {
	var d uint32
	for s := uint32(1) << 15; s > 0; s >>= 1 {
		right, up := x&s != 0, y&s != 0
		switch {
		case up && !right:
			d += s * s
		case up && right:
			d += 2 * s * s
		case right:
			d += 3 * s * s
		}
		if !up {
			if right {
				x, y = s-1-x&(s-1), s-1-y&(s-1)
			}
			x, y = y, x
		}
	}
	return d
}
