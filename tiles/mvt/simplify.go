package mvt

import "slices"

// A span is a run of vertices whose ends stay.
type span struct{ from, to int }

// simplifyLine thins the line that begins at from by the method of Douglas and Peucker (1973). A round of which nothing
// would remain stays as it is.
func (e *Encoder) simplifyLine(from int, tolerance float64) {
	points := e.shape.points[from:]
	e.keep(len(points))
	e.thin(points, span{0, len(points) - 1}, tolerance)
	if points[0] == points[len(points)-1] && !slices.Contains(e.kept[1:len(points)-1], true) {
		return
	}
	n := from
	for i, p := range points {
		if e.kept[i] {
			e.shape.points = appendToLine(e.shape.points[:n], from, p)
			n = len(e.shape.points)
		}
	}
}

// simplifyRing thins the ring that begins at from. Its first and last vertex from west to east stay, so that it does not
// matter where the ring begins: a hole and what fills it become the same. A ring that is narrower than the tolerance goes;
// what becomes of the shape is for areas to see.
func (e *Encoder) simplifyRing(from int, tolerance float64) {
	ring := e.shape.points[from:]
	if len(ring) <= 4 { // a triangle
		return
	}
	first, last := 0, 0
	for i, p := range ring {
		if less(p, ring[first]) {
			first = i
		}
		if less(ring[last], p) {
			last = i
		}
	}
	// Turn the ring so that it begins at the first.
	n := len(ring) - 1
	e.turned = append(append(append(e.turned[:0], ring[first:n]...), ring[:first]...), ring[first])
	last = (last - first + n) % n
	e.keep(n + 1)
	e.kept[last] = true
	e.thin(e.turned, span{0, last}, tolerance)
	e.thin(e.turned, span{last, n}, tolerance)
	out := e.shape.points[:from]
	for i, p := range e.turned[:n] {
		if e.kept[i] {
			out = appendToRing(out, from, p)
		}
	}
	e.shape.points = closeRing(out, from)
}

// keep makes ready for a run of n vertices of which the ends stay.
func (e *Encoder) keep(n int) {
	e.kept = slices.Grow(e.kept[:0], n)[:n]
	clear(e.kept)
	e.kept[0], e.kept[n-1] = true, true
}

// thin marks the vertices of a span that must stay so that none is further than the tolerance from the line.
func (e *Encoder) thin(points []point, s span, tolerance float64) {
	limit := tolerance * tolerance
	e.spans = append(e.spans[:0], s)
	for len(e.spans) > 0 {
		s, e.spans = e.spans[len(e.spans)-1], e.spans[:len(e.spans)-1]
		a, b := points[s.from], points[s.to]
		far, at := limit, -1
		for i := s.from + 1; i < s.to; i++ {
			d := away2(points[i], a, b)
			if d > far || d == far && at >= 0 && less(points[i], points[at]) { // the same there and back
				far, at = d, i
			}
		}
		if at >= 0 {
			e.kept[at] = true
			e.spans = append(e.spans, span{s.from, at}, span{at, s.to})
		}
	}
}

// away2 is the square of the distance of p from the segment a, b.
func away2(p, a, b point) float64 {
	abx, aby, apx, apy := float64(b.x-a.x), float64(b.y-a.y), float64(p.x-a.x), float64(p.y-a.y)
	dot, length2 := abx*apx+aby*apy, abx*abx+aby*aby
	switch {
	case dot <= 0:
		return apx*apx + apy*apy
	case dot >= length2:
		bpx, bpy := float64(p.x-b.x), float64(p.y-b.y)
		return bpx*bpx + bpy*bpy
	}
	c := abx*apy - aby*apx
	return c * c / length2
}

// less orders points from west to east, and from north to south where they are in line.
func less(a, b point) bool { return a.x < b.x || a.x == b.x && a.y < b.y }
