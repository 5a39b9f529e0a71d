package main

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// A side is a side street: a chain of edges of the graph that ends on other streets, or just short of an outline.
type side struct {
	district *district
	nodes    []int // ends and bends
	edges    []int
	stub     [2]bool // the end stops short of an outline
}

// A block is what is left between streets.
type block struct {
	district *district
	face     face
}

// divide lays side streets into f until its blocks are about as large as the district wants. Each street runs across
// the longer way of what it divides, a little off the middle and a little askew, so that no two blocks are alike.
func (g *graph) divide(f face, d *district, r *rand.Rand, sides *[]side, blocks *[]block) {
	outline := g.outline(f)
	size := outline.area()
	if size > d.block*between(r, 1.1, 1.9) {
		for range 6 {
			if a, b, ok := g.split(f, outline, d, r, sides); ok {
				g.divide(a, d, r, sides, blocks)
				g.divide(b, d, r, sides, blocks)
				return
			}
		}
	}
	*blocks = append(*blocks, block{d, f})
}

func (g *graph) split(f face, outline ring, d *district, r *rand.Rand, sides *[]side) (a, b face, ok bool) {
	middle, axis, long := outline.longAxis()
	p := middle.add(axis.scale(long * between(r, -0.13, 0.13)))
	turn := between(r, -0.12, 0.12)
	dir := axis.left().add(axis.scale(turn)).unit()

	// Where the line through p meets the outline; streets run between neighbouring hits, inside.
	type hit struct {
		s float64 // along dir
		i int     // edge of the face
		p point
	}
	var hits []hit
	far := dir.scale(1e5)
	for i, a := range outline {
		b := outline[(i+1)%len(outline)]
		if _, u, ok := crossing(p.sub(far), p.add(far), a, b); ok && u < 1 {
			q := a.towards(b, u)
			hits = append(hits, hit{q.sub(p).dot(dir), i, q})
		}
	}
	slices.SortFunc(hits, func(c, d hit) int { return cmp.Or(cmp.Compare(c.s, d.s), cmp.Compare(c.i, d.i)) })
	k, best := -1, math.Inf(1)
	for i := 1; i < len(hits); i++ {
		m := hits[i-1].p.towards(hits[i].p, 0.5)
		if hits[i].s-hits[i-1].s > 1 && outline.contains(m) {
			if off := dist(m, p); off < best {
				k, best = i, off
			}
		}
	}
	if k < 0 {
		return a, b, false
	}
	from, to := g.corner(f, outline, hits[k-1].i, hits[k-1].p, d), g.corner(f, outline, hits[k].i, hits[k].p, d)
	if from.node == to.node || from.i == to.i || dist(g.nodes[from.node], g.nodes[to.node]) < 0.3*math.Sqrt(d.block) {
		return a, b, false
	}

	chord := bend(g.nodes[from.node], g.nodes[to.node], r)
	for i := 1; i < len(chord); i++ { // it must stay inside
		for e, x := range outline {
			y := outline[(e+1)%len(outline)]
			if t, _, ok := crossing(chord[i-1], chord[i], x, y); ok {
				q := chord[i-1].towards(chord[i], t)
				if dist(q, chord[0]) > 1 && dist(q, chord[len(chord)-1]) > 1 {
					return a, b, false
				}
			}
		}
	}
	if m := chord[len(chord)/2-1].towards(chord[len(chord)/2], 0.5); !outline.contains(m) {
		return a, b, false
	}

	nodes := []int{from.node}
	for _, q := range chord[1 : len(chord)-1] {
		nodes = append(nodes, g.node(q))
	}
	nodes = append(nodes, to.node)
	first, second := f.cut(from, to)
	if len(first.nodes) < 2 || len(second.nodes) < 2 {
		return a, b, false
	}
	// Both halves must be worth having before anything is written down.
	shape := func(f face, back bool) ring {
		r := g.outline(f)
		mid := slices.Clone(chord[1 : len(chord)-1])
		if back {
			slices.Reverse(mid)
		}
		return append(r, mid...)
	}
	if shape(first, true).area() < 0.25*d.block || shape(second, false).area() < 0.25*d.block {
		return a, b, false
	}

	g.cutAt(f.edges[from.i], from.node)
	g.cutAt(f.edges[to.i], to.node)
	var edges []int
	for i := 1; i < len(nodes); i++ {
		edges = append(edges, g.edge(nodes[i-1], nodes[i], true))
	}
	*sides = append(*sides, side{d, nodes, edges, [2]bool{!g.onStreet(f, from), !g.onStreet(f, to)}})

	// first runs from "from" to "to" along the outline and comes back along the chord; second the other way round.
	for i := len(nodes) - 1; i > 0; i-- {
		if i < len(nodes)-1 {
			first.nodes = append(first.nodes, nodes[i])
		}
		first.edges = append(first.edges, edges[i-1])
	}
	for i := range edges {
		if i > 0 {
			second.nodes = append(second.nodes, nodes[i])
		}
		second.edges = append(second.edges, edges[i])
	}
	return first, second, true
}

// An end is a place on a face's outline: node lies on the edge number i, perhaps at its start.
type end struct {
	i, node int
}

// corner is the place on edge i at p, or the corner next to it when that is so close that a second one would be odd.
func (g *graph) corner(f face, outline ring, i int, p point, d *district) end {
	reach := 0.16 * math.Sqrt(d.block)
	n := len(outline)
	a, b := outline[i], outline[(i+1)%n]
	switch {
	case dist(p, a) < reach && dist(p, a) <= dist(p, b):
		return end{i, f.nodes[i]}
	case dist(p, b) < reach:
		return end{(i + 1) % n, f.nodes[(i+1)%n]}
	}
	// A street that meets the edge from its other side makes a crossing.
	for _, c := range g.edges[f.edges[i]].cuts {
		q := g.nodes[c.node]
		if _, t := project(q, a, b); t > 0 && t < 1 && dist(p, q) < reach && dist(q, a) > 1 && dist(q, b) > 1 {
			return end{i, c.node}
		}
	}
	return end{i, g.node(p)}
}

// onStreet tells whether a street runs past e.
func (g *graph) onStreet(f face, e end) bool {
	n := len(f.edges)
	if f.nodes[e.i] == e.node {
		return g.edges[f.edges[e.i]].street || g.edges[f.edges[(e.i+n-1)%n]].street
	}
	return g.edges[f.edges[e.i]].street
}

// cut is f's outline from one end to the other, and back from there to the first. The chord is still missing.
func (f face) cut(from, to end) (first, second face) {
	return f.walk(from, to), f.walk(to, from)
}

func (f face) walk(from, to end) face {
	n := len(f.nodes)
	var out face
	i := from.i
	out.nodes = append(out.nodes, from.node)
	out.edges = append(out.edges, f.edges[i])
	for i = (i + 1) % n; ; i = (i + 1) % n {
		if i == to.i {
			if f.nodes[i] != to.node {
				out.nodes = append(out.nodes, f.nodes[i])
				out.edges = append(out.edges, f.edges[i])
			}
			out.nodes = append(out.nodes, to.node)
			return out
		}
		out.nodes = append(out.nodes, f.nodes[i])
		out.edges = append(out.edges, f.edges[i])
	}
}

// bend gives a side street a slight curve.
func bend(a, b point, r *rand.Rand) line {
	d := dist(a, b)
	side := b.sub(a).left()
	switch {
	case d < 70:
		return line{a, b}
	case d < 260:
		return line{a, a.towards(b, between(r, 0.35, 0.65)).add(side.scale(between(r, -0.045, 0.045))).round(), b}
	}
	return line{
		a,
		a.towards(b, between(r, 0.25, 0.4)).add(side.scale(between(r, -0.035, 0.035))).round(),
		a.towards(b, between(r, 0.6, 0.75)).add(side.scale(between(r, -0.035, 0.035))).round(),
		b,
	}
}

// longAxis is the middle, direction and length of the long side of the smallest rectangle around r.
func (r ring) longAxis() (middle, axis point, long float64) {
	best := math.Inf(1)
	for i := range r {
		u := r[(i+1)%len(r)].sub(r[i]).unit()
		v := u.left()
		lo, hi := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
		for _, p := range r {
			q := point{p.dot(u), p.dot(v)}
			lo, hi = point{min(lo.x, q.x), min(lo.y, q.y)}, point{max(hi.x, q.x), max(hi.y, q.y)}
		}
		w, h := hi.x-lo.x, hi.y-lo.y
		if w*h < best {
			best = w * h
			middle = u.scale((lo.x + hi.x) / 2).add(v.scale((lo.y + hi.y) / 2))
			axis, long = u, w
			if h > w {
				axis, long = v, h
			}
		}
	}
	return middle, axis, long
}
