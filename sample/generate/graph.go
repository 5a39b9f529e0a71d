package main

import (
	"cmp"
	"math"
	"slices"
)

// A graph is a planar one: lines cut where they cross, with the faces between them. Streets and outlines (of districts,
// parks and rivers) both bound faces; only streets become ways.
type graph struct {
	nodes []point
	byXY  map[point]int
	edges []edge
	byEnd map[[2]int]int
}

// An edge is a straight piece between two nodes. Streets laid out later cut it.
type edge struct {
	a, b   int
	street bool
	cuts   []cut
}

type cut struct {
	t    float64
	node int
}

func newGraph() *graph { return &graph{byXY: map[point]int{}, byEnd: map[[2]int]int{}} }

func (g *graph) node(p point) int {
	p = p.round()
	if n, ok := g.byXY[p]; ok {
		return n
	}
	g.nodes = append(g.nodes, p)
	g.byXY[p] = len(g.nodes) - 1
	return len(g.nodes) - 1
}

// edge gives the edge between two nodes; a street wins over an outline in the same place.
func (g *graph) edge(a, b int, street bool) int {
	key := [2]int{min(a, b), max(a, b)}
	if e, ok := g.byEnd[key]; ok {
		g.edges[e].street = g.edges[e].street || street
		return e
	}
	g.edges = append(g.edges, edge{a: a, b: b, street: street})
	g.byEnd[key] = len(g.edges) - 1
	return len(g.edges) - 1
}

// cutAt puts node n onto edge e.
func (g *graph) cutAt(e, n int) {
	ed := &g.edges[e]
	if n == ed.a || n == ed.b || slices.ContainsFunc(ed.cuts, func(c cut) bool { return c.node == n }) {
		return
	}
	_, t := project(g.nodes[n], g.nodes[ed.a], g.nodes[ed.b])
	ed.cuts = append(ed.cuts, cut{t, n})
}

// path lists the nodes of e from node "from" to its other end.
func (g *graph) path(e, from int) []int {
	ed := g.edges[e]
	cuts := slices.Clone(ed.cuts)
	slices.SortFunc(cuts, func(c, d cut) int { return cmp.Or(cmp.Compare(c.t, d.t), cmp.Compare(c.node, d.node)) })
	out := []int{ed.a}
	for _, c := range cuts {
		out = append(out, c.node)
	}
	out = append(out, ed.b)
	if from == ed.b {
		slices.Reverse(out)
	}
	return out
}

// build cuts all lines where they cross or touch and returns, for each line, its chain of nodes.
func (g *graph) build(lines []line, street []bool) [][]int {
	type segment struct {
		line int
		a, b point
		cuts []cut
	}
	var segments []segment
	for i, l := range lines {
		for k := 1; k < len(l); k++ {
			if l[k-1] != l[k] {
				segments = append(segments, segment{line: i, a: l[k-1], b: l[k]})
			}
		}
	}
	const touch = 0.3 // metres
	onto := func(s *segment, p point) {
		if q, t := project(p, s.a, s.b); dist(p, q) < touch && dist(p, s.a) > touch && dist(p, s.b) > touch {
			s.cuts = append(s.cuts, cut{t, g.node(p)})
		}
	}
	for i := range segments {
		s := &segments[i]
		for j := i + 1; j < len(segments); j++ {
			o := &segments[j]
			if max(s.a.x, s.b.x)+touch < min(o.a.x, o.b.x) || max(o.a.x, o.b.x)+touch < min(s.a.x, s.b.x) ||
				max(s.a.y, s.b.y)+touch < min(o.a.y, o.b.y) || max(o.a.y, o.b.y)+touch < min(s.a.y, s.b.y) {
				continue
			}
			onto(s, o.a)
			onto(s, o.b)
			onto(o, s.a)
			onto(o, s.b)
			if t, u, ok := crossing(s.a, s.b, o.a, o.b); ok {
				p := s.a.towards(s.b, t).round()
				if near(p, s.a, s.b, touch) || near(p, o.a, o.b, touch) {
					continue // an end on the other line, dealt with above
				}
				n := g.node(p)
				s.cuts = append(s.cuts, cut{t, n})
				o.cuts = append(o.cuts, cut{u, n})
			}
		}
	}
	chains := make([][]int, len(lines))
	for i := range segments {
		s := &segments[i]
		slices.SortFunc(s.cuts, func(c, d cut) int { return cmp.Or(cmp.Compare(c.t, d.t), cmp.Compare(c.node, d.node)) })
		nodes := []int{g.node(s.a)}
		for _, c := range s.cuts {
			nodes = append(nodes, c.node)
		}
		nodes = append(nodes, g.node(s.b))
		chain := &chains[s.line]
		for k, n := range nodes {
			if len(*chain) > 0 && (*chain)[len(*chain)-1] == n {
				continue
			}
			if k > 0 {
				g.edge(nodes[k-1], n, street[s.line])
			}
			*chain = append(*chain, n)
		}
	}
	return chains
}

func near(p, a, b point, d float64) bool { return dist(p, a) <= d || dist(p, b) <= d }

// join ties every component of g to the rest by an outline, so that each face has one boundary.
func (g *graph) join() {
	for {
		parts := newSets(len(g.nodes))
		for _, e := range g.edges {
			parts.union(e.a, e.b)
		}
		// The westernmost node of each component looks west for an edge of another one.
		west := map[int]int{}
		for n := range g.nodes {
			r := parts.find(n)
			if w, ok := west[r]; !ok || g.nodes[n].x < g.nodes[w].x {
				west[r] = n
			}
		}
		joined := false
		for n := range g.nodes {
			if west[parts.find(n)] != n {
				continue
			}
			p, best, hit := g.nodes[n], math.Inf(1), -1
			for e := range g.edges {
				a, b := g.nodes[g.edges[e].a], g.nodes[g.edges[e].b]
				if parts.find(g.edges[e].a) == parts.find(n) || (a.y > p.y) == (b.y > p.y) {
					continue
				}
				if x := a.x + mul((p.y-a.y)/(b.y-a.y), b.x-a.x); x < p.x && p.x-x < best {
					best, hit = p.x-x, e
				}
			}
			if hit < 0 {
				continue
			}
			e := g.edges[hit]
			end := e.a
			if dist(g.nodes[e.b], p) < dist(g.nodes[e.a], p) {
				end = e.b
			}
			// The edge's nearer end will do when the way there is clear; else the edge is cut.
			if !g.clear(p, g.nodes[end]) {
				end = g.node(point{p.x - best, p.y})
				delete(g.byEnd, [2]int{min(e.a, e.b), max(e.a, e.b)})
				g.edges[hit] = edge{a: e.a, b: end, street: e.street}
				g.byEnd[[2]int{min(e.a, end), max(e.a, end)}] = hit
				g.edge(end, e.b, e.street)
			}
			g.edge(n, end, false)
			joined = true
			break
		}
		if !joined {
			return
		}
	}
}

func (g *graph) clear(p, q point) bool {
	for _, e := range g.edges {
		a, b := g.nodes[e.a], g.nodes[e.b]
		if a == p || b == p || a == q || b == q {
			continue
		}
		if _, _, ok := crossing(p, q, a, b); ok {
			return false
		}
	}
	return true
}

// A face is walked with its inside on the left: edge i runs from node i to node i+1.
type face struct {
	nodes []int
	edges []int
}

func (g *graph) outline(f face) ring {
	r := make(ring, len(f.nodes))
	for i, n := range f.nodes {
		r[i] = g.nodes[n]
	}
	return r
}

// faces lists the bounded faces.
func (g *graph) faces() []face {
	type dart struct{ e, from, to int }
	out := make([][]dart, len(g.nodes))
	for e, ed := range g.edges {
		out[ed.a] = append(out[ed.a], dart{e, ed.a, ed.b})
		out[ed.b] = append(out[ed.b], dart{e, ed.b, ed.a})
	}
	angle := func(d dart) float64 {
		v := g.nodes[d.to].sub(g.nodes[d.from])
		return math.Atan2(v.y, v.x)
	}
	place := map[dart]int{}
	for n := range out {
		slices.SortFunc(out[n], func(c, d dart) int { return cmp.Or(cmp.Compare(angle(c), angle(d)), cmp.Compare(c.e, d.e)) })
		for i, d := range out[n] {
			place[d] = i
		}
	}
	seen := map[dart]bool{}
	var found []face
	for n := range out {
		for _, d := range out[n] {
			if seen[d] {
				continue
			}
			var f face
			for !seen[d] {
				seen[d] = true
				f.nodes = append(f.nodes, d.from)
				f.edges = append(f.edges, d.e)
				back := dart{d.e, d.to, d.from}
				i := place[back]
				ring := out[d.to]
				d = ring[(i+len(ring)-1)%len(ring)] // the next one clockwise
			}
			if g.outline(f).area() > 0 {
				found = append(found, f)
			}
		}
	}
	return found
}

// inside is a point in the face, well away from its edges.
func (g *graph) inside(f face) point {
	r := g.outline(f)
	lo, hi := r[0], r[0]
	for _, p := range r {
		lo, hi = point{min(lo.x, p.x), min(lo.y, p.y)}, point{max(hi.x, p.x), max(hi.y, p.y)}
	}
	best, depth := r[0], -1.0
	const n = 12
	for i := range n {
		for j := range n {
			p := point{lo.x + mul(hi.x-lo.x, (float64(i)+0.5)/n), lo.y + mul(hi.y-lo.y, (float64(j)+0.5)/n)}
			if r.contains(p) {
				if d := r.edge(p); d > depth {
					best, depth = p, d
				}
			}
		}
	}
	return best
}

// sets are disjoint sets of whole numbers.
type sets []int

func newSets(n int) sets {
	s := make(sets, n)
	for i := range s {
		s[i] = i
	}
	return s
}

func (s sets) find(i int) int {
	for s[i] != i {
		s[i] = s[s[i]]
		i = s[i]
	}
	return i
}

func (s sets) union(i, j int) {
	i, j = s.find(i), s.find(j)
	s[max(i, j)] = min(i, j)
}
