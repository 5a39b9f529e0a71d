package network

import (
	"math"

	"github.com/paulmach/orb"
)

// fanout is the number of boxes under one box of the tree.
const fanout = 16

// An edgeIndex is a packed R-tree: edges are already near each other in memory when they are near on the ground, so every
// fanout of them share a box, every fanout of those the next, and no pointers are needed.
type edgeIndex struct {
	levels [][]box // levels[0] holds one box for each fanout edges
	edges  int
}

// A box is closed on all sides, in units of 1e-7 degrees.
type box struct{ west, south, east, north int32 }

func (b box) with(o box) box {
	return box{min(b.west, o.west), min(b.south, o.south), max(b.east, o.east), max(b.north, o.north)}
}

func (b box) meets(o box) bool {
	return b.west <= o.east && o.west <= b.east && b.south <= o.north && o.south <= b.north
}

func edgeBox(nodes []node, e Edge) box {
	a, b := nodes[e.From], nodes[e.To]
	return box{min(a.lon, b.lon), min(a.lat, b.lat), max(a.lon, b.lon), max(a.lat, b.lat)}
}

func indexEdges(nodes []node, edges []Edge) edgeIndex {
	index := edgeIndex{edges: len(edges)}
	boxes := make([]box, len(edges))
	for i, e := range edges {
		boxes[i] = edgeBox(nodes, e)
	}
	for len(boxes) > 1 || len(index.levels) == 0 && len(boxes) > 0 {
		level := make([]box, (len(boxes)+fanout-1)/fanout)
		for i := range level {
			level[i] = boxes[i*fanout]
			for _, b := range boxes[i*fanout+1 : min(len(boxes), (i+1)*fanout)] {
				level[i] = level[i].with(b)
			}
		}
		index.levels = append(index.levels, level)
		boxes = level
	}
	return index
}

// each calls f for every edge that shares a box with edges in the asked one: all that lie in it, and some more.
func (x edgeIndex) each(b orb.Bound, f func(edge int32)) {
	asked := box{unitsDown(b.Min[0]), unitsDown(b.Min[1]), unitsUp(b.Max[0]), unitsUp(b.Max[1])}
	if len(x.levels) > 0 {
		x.visit(len(x.levels)-1, 0, asked, f)
	}
}

func (x edgeIndex) visit(level, i int, asked box, f func(edge int32)) {
	if !x.levels[level][i].meets(asked) {
		return
	}
	if level == 0 {
		for e := i * fanout; e < min(x.edges, (i+1)*fanout); e++ {
			f(int32(e))
		}
		return
	}
	for j := i * fanout; j < min(len(x.levels[level-1]), (i+1)*fanout); j++ {
		x.visit(level-1, j, asked, f)
	}
}

func unitsDown(degrees float64) int32 {
	return int32(max(math.Floor(degrees*degree), math.MinInt32))
}

func unitsUp(degrees float64) int32 {
	return int32(min(math.Ceil(degrees*degree), math.MaxInt32))
}
