package mvt

import (
	"math"
	"slices"
)

// simplifyLine thins the line that begins at from. A round of which nothing would remain stays as it is.
func (e *Encoder) simplifyLine(from int, tolerance float64) {
	points := e.shape.points[from:]
	e.thin(points, tolerance)
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

// simplifyRing thins the ring that begins at from. It begins at the westernmost vertex and goes on to the lesser of its
// neighbours, so that it does not matter where the ring begins and which way it goes: a hole and what fills it become the
// same. A ring that is narrower than the tolerance goes; what becomes of the shape is for areas to see.
func (e *Encoder) simplifyRing(from int, tolerance float64) {
	ring := e.shape.points[from:]
	if len(ring) <= 4 { // a triangle
		return
	}
	n, first := len(ring)-1, 0
	for i, p := range ring {
		if less(p, ring[first]) {
			first = i
		}
	}
	e.turned = append(append(append(e.turned[:0], ring[first:n]...), ring[:first]...), ring[first])
	back := less(e.turned[n-1], e.turned[1])
	if back {
		slices.Reverse(e.turned)
	}
	e.thin(e.turned, tolerance)
	if !slices.Contains(e.kept, false) {
		return
	}
	if back {
		slices.Reverse(e.turned)
		slices.Reverse(e.kept)
	}
	out := e.shape.points[:from]
	for i, p := range e.turned[:n] {
		if e.kept[i] {
			out = appendToRing(out, from, p)
		}
	}
	e.shape.points = closeRing(out, from)
}

// thin marks in kept the vertices that must stay so that none is further than the tolerance from the line; the first and
// the last do. It goes along the line once, by the method of Zhao and Saalfeld (Linear-time sleeve-fitting polyline
// simplification algorithms, 1997): from the last vertex that stays it sees all that follow through a gap, and each of them
// narrows the gap to the directions that pass it within the tolerance. What lies outside of the gap, or turns back, begins a
// new one at the vertex before it. Douglas and Peucker's method took longer than all the rest of a tile together.
func (e *Encoder) thin(points []point, tolerance float64) {
	n := len(points)
	e.kept = slices.Grow(e.kept[:0], n)[:n]
	clear(e.kept)
	e.kept[0], e.kept[n-1] = true, true
	limit := tolerance * tolerance
	stays, far := points[0], 0.0
	open := true                         // nothing narrows the gap yet
	var lowX, lowY, highX, highY float64 // its sides: what is in it lies from low towards high
	for i := 1; i < n; {
		x, y := float64(points[i].x-stays.x), float64(points[i].y-stays.y)
		d := x*x + y*y
		if d < far || !open && (lowX*y-lowY*x < 0 || highX*y-highY*x > 0) {
			e.kept[i-1] = true
			stays, far, open = points[i-1], 0, true
			continue
		}
		i++
		far = d
		if d <= limit {
			continue
		}
		if open && i < n { // at a corner the vertex stays anyhow, which is known without a root
			x2, y2 := float64(points[i].x-stays.x), float64(points[i].y-stays.y)
			d2, c := x2*x2+y2*y2, x*y2-y*x2
			if d2 < d || c*c > limit*d2 {
				e.kept[i-1] = true
				stays, far = points[i-1], 0
				continue
			}
		}
		s := math.Sqrt(d - limit)
		aX, aY := x*s+y*tolerance, y*s-x*tolerance
		bX, bY := x*s-y*tolerance, y*s+x*tolerance
		if open || lowX*aY-lowY*aX > 0 {
			lowX, lowY = aX, aY
		}
		if open || highX*bY-highY*bX < 0 {
			highX, highY = bX, bY
		}
		open = false
	}
}

// less orders points from west to east, and from north to south where they are in line.
func less(a, b point) bool { return a.x < b.x || a.x == b.x && a.y < b.y }
