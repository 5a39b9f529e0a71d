package network

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// fanout is the number of boxes under one box of the index.
const fanout = 16

// The index is a packed R-tree: bends are already near each other in memory when they are near on the ground, so every
// fanout of the straight pieces that begin at them share a box, every fanout of those the next, and no pointers are needed.

// A box is closed on all sides, in units of 1e-7 degrees.
type box struct{ west, south, east, north int32 }

func boxAt(v node) box { return box{v.lon, v.lat, v.lon, v.lat} }

func (b box) with(o box) box {
	return box{min(b.west, o.west), min(b.south, o.south), max(b.east, o.east), max(b.north, o.north)}
}

func (b box) meets(o box) bool {
	return b.west <= o.east && o.west <= b.east && b.south <= o.north && o.south <= b.north
}

func boxOf(b orb.Bound) box {
	return box{unitsDown(b.Min[0]), unitsDown(b.Min[1]), unitsUp(b.Max[0]), unitsUp(b.Max[1])}
}

func unitsDown(degrees float64) int32 {
	return int32(max(math.Floor(degrees*degree), math.MinInt32))
}

func unitsUp(degrees float64) int32 {
	return int32(min(math.Ceil(degrees*degree), math.MaxInt32))
}

func (n *Network) indexBends() {
	n.boxes, n.levels = nil, nil
	if len(n.bends) == 0 {
		return
	}
	for i := 0; i < len(n.bends); i += fanout {
		// one bend more: the piece from the last one ends there
		group := n.bends[i:min(len(n.bends), i+fanout+1)]
		b := boxAt(group[0].node)
		for _, g := range group[1:] {
			b = b.with(boxAt(g.node))
		}
		n.boxes = append(n.boxes, b)
	}
	n.levels = append(n.levels, uint32(len(n.boxes)))
	for begin := 0; len(n.boxes)-begin > 1; {
		end := len(n.boxes)
		for group := range slices.Chunk(n.boxes[begin:end:end], fanout) {
			b := group[0]
			for _, g := range group[1:] {
				b = b.with(g)
			}
			n.boxes = append(n.boxes, b)
		}
		n.levels = append(n.levels, uint32(len(n.boxes)-end))
		begin = end
	}
}

// eachPiece calls f for every straight piece of street that may come into b, by the bend that it begins at and its edge;
// the order is that of edges and bends. It stops when f tells so.
func (n *Network) eachPiece(b orb.Bound, f func(at, edge uint32) bool) {
	if len(n.levels) == 0 {
		return
	}
	begins := make([]uint32, 0, 8) // of the levels
	total := uint32(0)
	for _, count := range n.levels {
		begins = append(begins, total)
		total += count
	}
	asked := boxOf(b)
	edge := uint32(0)
	var visit func(level int, i uint32) bool
	visit = func(level int, i uint32) bool {
		if !n.boxes[begins[level]+i].meets(asked) {
			return true
		}
		if level > 0 {
			for j := i * fanout; j < min(n.levels[level-1], (i+1)*fanout); j++ {
				if !visit(level-1, j) {
					return false
				}
			}
			return true
		}
		at := i * fanout
		end := min(uint32(len(n.bends)), at+fanout)
		if n.edges[edge+1].first <= at {
			edge = n.edgeAt(at)
		}
		for ; at < end; at++ {
			for n.edges[edge+1].first <= at {
				edge++
			}
			if at+1 == n.edges[edge+1].first {
				continue // the end of an edge begins no piece
			}
			if boxAt(n.bends[at].node).with(boxAt(n.bends[at+1].node)).meets(asked) && !f(at, edge) {
				return false
			}
		}
		return true
	}
	visit(len(n.levels)-1, 0)
}

// edgeAt is the edge that a bend belongs to.
func (n *Network) edgeAt(at uint32) uint32 {
	low, high := 0, len(n.edges)-1
	for low < high {
		middle := int(uint(low+high+1) >> 1)
		if n.edges[middle].first <= at {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return uint32(low)
}
