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
	packed []uint64 // edges before they are bent, then after
	edges  []edge
	hot    []uint64
	on     []point // the hot points of one edge

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

// Most of the time here goes into sorting, so points and edges are sorted as numbers: 13 bits a coordinate, and one for the
// way in which an edge is walked.
const coordinateBits, pointBits = 13, 26

func pack(p point) uint64 { return uint64(p.x+Buffer)<<coordinateBits | uint64(p.y+Buffer) }

func unpack(u uint64) point {
	const mask = 1<<coordinateBits - 1
	return point{int32(u>>coordinateBits&mask) - Buffer, int32(u&mask) - Buffer}
}

func packEdge(from, to uint64) uint64 {
	if from > to {
		return (to<<pointBits|from)<<1 | 1
	}
	return (from<<pointBits | to) << 1
}

func unpackEdge(u uint64) edge {
	e := edge{a: unpack(u >> (pointBits + 1)), b: unpack(u >> 1), count: 1}
	if u&1 != 0 {
		e.count = -1
	}
	return e
}

// remake puts valid areas of the same place in an outline; maybe none.
func (r *arrangement) remake(o *outline) {
	r.node(o)
	r.findBorder()
	r.findRings()
	r.sew(o)
}

// node fills edges with the snap-rounded edges of the outline.
func (r *arrangement) node(o *outline) {
	r.packed, r.hot = r.packed[:0], r.hot[:0]
	begin := 0
	for _, end := range o.ends {
		from := pack(o.points[begin])
		for _, p := range o.points[begin+1 : end] {
			to := pack(p)
			r.packed = append(r.packed, packEdge(from, to))
			r.hot = append(r.hot, to)
			from = to
		}
		begin = end
	}
	r.collect()
	for i, e := range r.edges {
		low, high := min(e.a.y, e.b.y), max(e.a.y, e.b.y)
		for _, f := range r.edges[i+1:] {
			if f.a.x > e.b.x {
				break
			}
			if min(f.a.y, f.b.y) <= high && max(f.a.y, f.b.y) >= low {
				if p, ok := crossing(e, f); ok {
					r.hot = append(r.hot, pack(p))
				}
			}
		}
	}
	slices.Sort(r.hot)
	r.hot = slices.Compact(r.hot)
	r.packed = r.packed[:0]
	hot := r.hot
	for _, e := range r.edges { // from west to east, as the hot points are
		for unpack(hot[0]).x < e.a.x {
			hot = hot[1:]
		}
		r.bend(e, hot)
	}
	r.collect()
}

// collect sorts the packed edges into edges, each once, without those of no account.
func (r *arrangement) collect() {
	slices.Sort(r.packed)
	r.edges = r.edges[:0]
	for i := 0; i < len(r.packed); {
		e := unpackEdge(r.packed[i])
		next := i + 1
		for ; next < len(r.packed) && r.packed[next]>>1 == r.packed[i]>>1; next++ {
			e.count += 1 - 2*int32(r.packed[next]&1)
		}
		if e.count != 0 {
			r.edges = append(r.edges, e)
		}
		i = next
	}
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

// bend adds an edge by way of all hot points whose squares it passes through, among those that do not lie west of it.
func (r *arrangement) bend(e edge, hot []uint64) {
	low, high := min(e.a.y, e.b.y), max(e.a.y, e.b.y)
	r.on = r.on[:0]
	for _, u := range hot {
		p := unpack(u)
		if p.x > e.b.x {
			break
		}
		if p.y >= low && p.y <= high && (p == e.a || p == e.b || passes(e, p)) {
			r.on = append(r.on, p)
		}
	}
	if e.b.y < e.a.y { // the edge comes to the southern ones first
		slices.SortFunc(r.on, func(p, q point) int { return cmp.Or(cmp.Compare(p.x, q.x), cmp.Compare(q.y, p.y)) })
	}
	for i := 1; i < len(r.on); i++ {
		from, to := pack(r.on[i-1]), pack(r.on[i])
		if e.count < 0 {
			from, to = to, from
		}
		for range max(e.count, -e.count) {
			r.packed = append(r.packed, packEdge(from, to))
		}
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
