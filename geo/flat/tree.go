package flat

import (
	"slices"

	"kora/geo/hilbert"
)

// fanout is the number of rows or boxes under one box of the tree.
const fanout = 16

// A tree is a packed R-tree: every fanout rows that follow each other along a Hilbert curve share a box, every fanout of
// those the next, and no pointers are needed.
type tree struct {
	rows  []uint32 // along the curve, without empty ones
	above [][]Box  // by level: of groups of rows, of groups of groups, up to a single box
}

func (p *packed) index() {
	t := tree{rows: p.along()}
	var level []Box
	for group := range slices.Chunk(t.rows, fanout) {
		b := p.boxes[group[0]]
		for _, row := range group[1:] {
			b = b.with(p.boxes[row])
		}
		level = append(level, b)
	}
	for len(level) > 0 {
		t.above = append(t.above, slices.Clip(level))
		if len(level) == 1 {
			break
		}
		var next []Box
		for group := range slices.Chunk(level, fanout) {
			b := group[0]
			for _, g := range group[1:] {
				b = b.with(g)
			}
			next = append(next, b)
		}
		level = next
	}
	p.tree = t
}

func (b Box) with(c Box) Box {
	return Box{Point{min(b.Min.X, c.Min.X), min(b.Min.Y, c.Min.Y)}, Point{max(b.Max.X, c.Max.X), max(b.Max.Y, c.Max.Y)}}
}

// along gives the rows along a Hilbert curve through the middles of their boxes, without empty ones.
func (p *packed) along() []uint32 {
	rows := make([]uint32, 0, p.len())
	for row, k := range p.kinds {
		if k != 0 {
			rows = append(rows, uint32(row))
		}
	}
	ordered := make([]uint32, len(rows))
	for i, at := range hilbert.Order(len(rows), func(i int) (x, y int32) {
		b := p.boxes[rows[i]]
		return b.Min.X/2 + b.Max.X/2, b.Min.Y/2 + b.Max.Y/2
	}) {
		ordered[i] = rows[at]
	}
	return ordered
}

// in visits the rows of s under box i of a level that touch asked.
func (s *Store) in(level, i int, asked Box, visit func(row uint32)) {
	t := &s.base.tree
	if !t.above[level][i].Touches(asked) {
		return
	}
	if level > 0 {
		for j := i * fanout; j < min((i+1)*fanout, len(t.above[level-1])); j++ {
			s.in(level-1, j, asked, visit)
		}
		return
	}
	for _, row := range t.rows[i*fanout : min((i+1)*fanout, len(t.rows))] {
		if s.base.boxes[row].Touches(asked) && !s.replaced(row) {
			visit(row)
		}
	}
}
