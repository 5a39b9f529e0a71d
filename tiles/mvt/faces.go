package mvt

import "slices"

// An arrow is an edge of the border, walked with the inside to the right as one sees it with y downwards.
type arrow struct {
	from, to point
	next     int // the first of those that leave where it ends
	used     bool
}

// findBorder keeps the edges that have the inside on one side only. A sweep from west to east knows at each edge which
// others lie north of it; they add up to the winding number.
func (r *arrangement) findBorder() {
	r.border, r.active = r.border[:0], r.active[:0]
	for i := 0; i < len(r.edges); {
		x := r.edges[i].a.x
		r.active = slices.DeleteFunc(r.active, func(j int) bool { return r.edges[j].b.x <= x })
		next := i
		for ; next < len(r.edges) && r.edges[next].a.x == x; next++ {
			if r.edges[next].b.x > x {
				r.active = append(r.active, next)
			}
		}
		for ; i < next; i++ {
			e := r.edges[i]
			var before int32 // the winding number north of it, or east of a vertical one
			for _, j := range r.active {
				if j != i && e.beyond(r.edges[j]) {
					before += r.edges[j].count
				}
			}
			switch after := before + e.count; {
			case before <= 0 && after > 0:
				r.border = append(r.border, arrow{from: e.a, to: e.b})
			case before > 0 && after <= 0:
				r.border = append(r.border, arrow{from: e.b, to: e.a})
			}
		}
	}
}

// beyond tells whether e lies south of f just east of where e begins. f is not vertical and reaches there.
func (e edge) beyond(f edge) bool {
	if c := cross(f.a, f.b, e.a); c != 0 {
		return c > 0
	}
	return cross(f.a, f.b, e.b) > 0 // both begin there
}

// A ring is a run of points of a sewn outline, not closed.
type ring struct {
	begin, end int
	area       int64
	outer      int // the place among rings of what a hole lies in
}

// findRings walks the border into simple rings. Where several arrows leave a vertex it takes the one that bounds the same
// corner of the inside, so a walk goes around one face; and where it comes to a vertex for the second time it cuts off
// what lies between, so that no ring touches itself.
func (r *arrangement) findRings() {
	r.orderBorder()
	r.sewn.reset()
	r.rings = r.rings[:0]
	for i := range r.border {
		if r.border[i].used {
			continue
		}
		r.walk = append(r.walk[:0], r.border[i].from)
		for a := &r.border[i]; a != nil; a = r.follow(a) {
			a.used = true
			at := r.walked(a)
			if at < 0 {
				r.walk = append(r.walk, a.to)
				continue
			}
			r.cutRing(at)
			if at == 0 {
				break
			}
		}
	}
}

// orderBorder sorts the arrows by where they begin, and ties each to what follows it.
func (r *arrangement) orderBorder() {
	r.packed = r.packed[:0]
	for _, a := range r.border {
		r.packed = append(r.packed, pack(a.from)<<pointBits|pack(a.to))
	}
	slices.Sort(r.packed)
	r.border = r.border[:0]
	for _, u := range r.packed {
		next, _ := slices.BinarySearch(r.packed, u<<(64-pointBits)>>(64-2*pointBits))
		r.border = append(r.border, arrow{from: unpack(u >> pointBits), to: unpack(u), next: next})
	}
}

// follow gives the arrow that bounds the same corner of the inside as the end of a.
func (r *arrangement) follow(a *arrow) *arrow {
	var best *arrow
	for i := a.next; i < len(r.border) && r.border[i].from == a.to; i++ {
		if b := &r.border[i]; !b.used && (best == nil || sooner(a.to, a.from, b.to, best.to)) {
			best = b
		}
	}
	return best
}

// sooner tells whether one who looks from o to start and turns over the inside sees p before q.
func sooner(o, start, p, q point) bool {
	if a, b := turned(o, start, p), turned(o, start, q); a != b {
		return a < b
	}
	return cross(o, p, q) < 0
}

// turned is the half of the full turn in which p is seen: 0 is the first, 1 its end, 2 the second.
func turned(o, start, p point) int {
	switch c := cross(o, start, p); {
	case c < 0:
		return 0
	case c == 0:
		return 1
	}
	return 2
}

// walked gives where on the walk the end of an arrow is, or -1.
func (r *arrangement) walked(a *arrow) int {
	if r.walk[0] == a.to {
		return 0
	}
	// Only where several arrows leave can a walk come again.
	if i := a.next + 1; i >= len(r.border) || r.border[i].from != a.to {
		return -1
	}
	return slices.Index(r.walk, a.to)
}

// cutRing takes the end of the walk from a place on as a ring; the place stays on the walk.
func (r *arrangement) cutRing(at int) {
	from := len(r.sewn.points)
	for _, p := range r.walk[at:] {
		r.sewn.points = appendToRing(r.sewn.points, from, p)
	}
	r.sewn.points = closeRing(r.sewn.points, from)
	if end := len(r.sewn.points); end > from {
		r.rings = append(r.rings, ring{from, end, area2(r.sewn.points[from:end]), -1})
	}
	r.walk = r.walk[:at+1]
}

// sew puts the rings into an outline, each outer ring before its holes.
func (r *arrangement) sew(o *outline) {
	o.reset()
	outers := 0
	for _, ring := range r.rings {
		if ring.area > 0 {
			outers++
		}
	}
	for i := range r.rings {
		if r.rings[i].area < 0 {
			r.rings[i].outer = r.around(i, outers)
		}
	}
	for i, ring := range r.rings {
		if ring.area < 0 {
			continue
		}
		r.put(o, i)
		for j, hole := range r.rings {
			if hole.outer == i {
				r.put(o, j)
			}
		}
	}
}

func (r *arrangement) put(o *outline, i int) {
	o.points = append(o.points, r.sewn.points[r.rings[i].begin:r.rings[i].end]...)
	o.end()
}

// around gives the least outer ring around a hole.
func (r *arrangement) around(hole, outers int) int {
	best := -1
	h := r.sewn.points[r.rings[hole].begin:]
	for i, ring := range r.rings {
		if ring.area > 0 && (best < 0 || ring.area < r.rings[best].area) &&
			(outers == 1 || contains(r.sewn.points[ring.begin:ring.end], h[0], h[1])) {
			best = i
		}
	}
	return best
}

// contains tells whether the middle of an edge lies in a ring. The edge may touch the ring at its ends only, so the middle
// is never on it.
func contains(ring []point, a, b point) bool {
	m := point{a.x + b.x, a.y + b.y} // everything is doubled
	in := false
	for i := 1; i < len(ring); i++ {
		p, q := point{2 * ring[i-1].x, 2 * ring[i-1].y}, point{2 * ring[i].x, 2 * ring[i].y}
		if (p.y > m.y) != (q.y > m.y) && (cross(p, q, m) > 0) == (q.y > p.y) {
			in = !in
		}
	}
	return in
}
