package mvt

import (
	"cmp"
	"slices"
)

// An arrangement makes valid areas of rings that touch or cross themselves or one another. It is exact, in two steps.
//
// Snap rounding (Hobby, Practical segment intersection with finite precision output, 1999), in this file: the unit square
// around every vertex and around every crossing is hot, and every edge that passes through a hot square is bent to its
// centre. Then all vertices are whole numbers again and edges meet at vertices only, or coincide; nothing has moved by more
// than half a unit, and nothing has passed over a vertex. Edges that coincide are one edge that counts how often it is
// walked one way more than the other; those of no account are gone: ties along the tile's border, strips without width.
//
// Faces, in faces.go: what the rings go around a positive number of times is inside, and the edges between inside and
// outside are walked into simple rings.
type arrangement struct {
	edges []edge
	hot   []point
	nodes []edge  // edges between hot points
	on    []point // the hot points of one edge

	active []int   // edges that the sweep is over
	border []arrow // of the inside

	walk  []point
	rings []ring
	sewn  outline // what the rings are of
}

// An edge is undirected, from its lesser end. Count is how often rings walk it from there to its greater end, less how often
// they walk it back.
type edge struct {
	a, b  point
	count int32
}

func newEdge(a, b point) edge {
	if less(b, a) {
		return edge{b, a, -1}
	}
	return edge{a, b, 1}
}

func comparePoints(a, b point) int { return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y)) }

func compareEdges(e, f edge) int { return cmp.Or(comparePoints(e.a, f.a), comparePoints(e.b, f.b)) }

// remake puts valid areas of the same place in an outline; maybe none.
func (r *arrangement) remake(o *outline) {
	r.node(o)
	r.findBorder()
	r.findRings()
	r.sew(o)
}

// node fills nodes with the snap-rounded edges of the outline.
func (r *arrangement) node(o *outline) {
	r.edges, r.hot, r.nodes = r.edges[:0], r.hot[:0], r.nodes[:0]
	begin := 0
	for _, end := range o.ends {
		for i := begin + 1; i < end; i++ {
			r.edges = append(r.edges, newEdge(o.points[i-1], o.points[i]))
			r.hot = append(r.hot, o.points[i])
		}
		begin = end
	}
	slices.SortFunc(r.edges, compareEdges)
	for i, e := range r.edges {
		low, high := min(e.a.y, e.b.y), max(e.a.y, e.b.y)
		for _, f := range r.edges[i+1:] {
			if f.a.x > e.b.x {
				break
			}
			if min(f.a.y, f.b.y) <= high && max(f.a.y, f.b.y) >= low {
				if p, ok := crossing(e, f); ok {
					r.hot = append(r.hot, p)
				}
			}
		}
	}
	slices.SortFunc(r.hot, comparePoints)
	r.hot = slices.Compact(r.hot)
	for _, e := range r.edges {
		r.bend(e)
	}
	slices.SortFunc(r.nodes, compareEdges)
	out := r.nodes[:0]
	for _, e := range r.nodes {
		if n := len(out); n > 0 && out[n-1].a == e.a && out[n-1].b == e.b {
			out[n-1].count += e.count
		} else {
			out = append(out, e)
		}
	}
	r.nodes = slices.DeleteFunc(out, func(e edge) bool { return e.count == 0 })
}

// crossing gives the unit square in which two edges cross, unless they only touch: then a vertex is there anyway.
func crossing(e, f edge) (point, bool) {
	c, d := int64(cross(e.a, e.b, f.a)), int64(cross(e.a, e.b, f.b))
	if c >= 0 && d >= 0 || c <= 0 && d <= 0 {
		return point{}, false
	}
	if g, h := cross(f.a, f.b, e.a), cross(f.a, f.b, e.b); g >= 0 && h >= 0 || g <= 0 && h <= 0 {
		return point{}, false
	}
	// f.a + (f.b - f.a) · c / (c - d), rounded half up
	part, whole := c, c-d
	if whole < 0 {
		part, whole = -part, -whole
	}
	return point{
		f.a.x + int32(floorDiv(2*int64(f.b.x-f.a.x)*part+whole, 2*whole)),
		f.a.y + int32(floorDiv(2*int64(f.b.y-f.a.y)*part+whole, 2*whole)),
	}, true
}

// bend adds an edge by way of all hot points whose squares it passes through.
func (r *arrangement) bend(e edge) {
	low, high := min(e.a.y, e.b.y), max(e.a.y, e.b.y)
	r.on = r.on[:0]
	i, _ := slices.BinarySearchFunc(r.hot, point{e.a.x, low}, comparePoints)
	for _, p := range r.hot[i:] {
		if p.x > e.b.x {
			break
		}
		if p.y >= low && p.y <= high && passes(e, p) {
			r.on = append(r.on, p)
		}
	}
	if e.b.y < e.a.y { // the edge comes to the southern ones first
		slices.SortFunc(r.on, func(p, q point) int { return cmp.Or(cmp.Compare(p.x, q.x), cmp.Compare(q.y, p.y)) })
	}
	for i := 1; i < len(r.on); i++ {
		n := newEdge(r.on[i-1], r.on[i])
		n.count *= e.count
		r.nodes = append(r.nodes, n)
	}
}

// passes tells whether an edge has a point in the unit square around p, to which its western and northern side belong.
func passes(e edge, p point) bool {
	// The edge is a + t·(b-a), 0 ≤ t ≤ 1; from and to are the t between which it is in the square, as fractions.
	s := stretch{from: fraction{0, 1}, to: fraction{1, 1}}
	return s.limit(e.a.x, e.b.x, p.x) && s.limit(e.a.y, e.b.y, p.y) && !s.empty()
}

// A stretch of an edge, without its ends where they are open.
type stretch struct {
	from, to         fraction
	fromOpen, toOpen bool
}

type fraction struct{ over, under int64 } // under > 0

func (f fraction) compare(g fraction) int { return cmp.Compare(f.over*g.under, g.over*f.under) }

// limit shortens the stretch to where the coordinate that goes from a to b is in [p-½, p+½).
func (s *stretch) limit(a, b, p int32) bool {
	d := 2 * int64(b-a)
	enter, leave := 2*int64(p-a)-1, 2*int64(p-a)+1
	if d == 0 {
		return enter <= 0 && leave > 0
	}
	first, last := fraction{enter, d}, fraction{leave, d}
	openFirst, openLast := false, true
	if d < 0 {
		first, last = fraction{-leave, -d}, fraction{-enter, -d}
		openFirst, openLast = true, false
	}
	if c := first.compare(s.from); c > 0 || c == 0 && openFirst {
		s.from, s.fromOpen = first, openFirst
	}
	if c := last.compare(s.to); c < 0 || c == 0 && openLast {
		s.to, s.toOpen = last, openLast
	}
	return true
}

func (s *stretch) empty() bool {
	c := s.from.compare(s.to)
	return c > 0 || c == 0 && (s.fromOpen || s.toOpen)
}
