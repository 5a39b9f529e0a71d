package mvt

import "kora/geo/flat"

// A side is one of the borders of a box.
type side struct {
	border   int32
	vertical bool // the border runs north and south
	low      bool // what is kept lies above the border
}

func sides(b flat.Box) [4]side {
	return [4]side{
		{b.Min.X, true, true}, {b.Max.X, true, false},
		{b.Min.Y, false, true}, {b.Max.Y, false, false},
	}
}

// keeps tells whether a point lies on the kept side or on the border.
func (s side) keeps(p flat.Point) bool {
	v := p.Y
	if s.vertical {
		v = p.X
	}
	if s.low {
		return v >= s.border
	}
	return v <= s.border
}

// meet is where the way from a to b crosses the border, to the nearest unit. It is the same from b to a, so that
// neighbours that share an edge are cut at the same place.
func (s side) meet(a, b flat.Point) flat.Point {
	if s.vertical {
		return flat.Point{X: s.border, Y: between(s.border, a.X, a.Y, b.X, b.Y)}
	}
	return flat.Point{X: between(s.border, a.Y, a.X, b.Y, b.X), Y: s.border}
}

// between gives the v at u on the line through (u0, v0) and (u1, v1), rounded half up.
func between(u, u0, v0, u1, v1 int32) int32 {
	if u0 > u1 {
		u0, v0, u1, v1 = u1, v1, u0, v0
	}
	d := int64(u1) - int64(u0)
	return v0 + int32(floorDiv(2*(int64(u)-int64(u0))*(int64(v1)-int64(v0))+d, 2*d))
}

// floorDiv divides by a positive number, downwards.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// clipRing gives what of a ring lies in the buffered tile, by the method of Sutherland and Hodgman (Reentrant Polygon
// Clipping, 1974) on whole numbers. Parts of it may be tied to one another along the border; winding numbers inside are
// right all the same, so repair separates them.
func (e *Encoder) clipRing(ring []flat.Point, box flat.Box) []flat.Point {
	reach := e.grid.reach
	crossed := [4]bool{box.Min.X < reach.Min.X, box.Max.X > reach.Max.X, box.Min.Y < reach.Min.Y, box.Max.Y > reach.Max.Y}
	for i, s := range sides(reach) {
		if !crossed[i] || len(ring) == 0 {
			continue
		}
		out := e.cut[:0]
		a := ring[len(ring)-1]
		kept := s.keeps(a)
		for _, b := range ring {
			keep := s.keeps(b)
			if keep != kept {
				out = append(out, s.meet(a, b))
			}
			if keep {
				out = append(out, b)
			}
			a, kept = b, keep
		}
		e.cut, e.other = e.other, out
		ring = out
	}
	return ring
}

// clipLine adds the parts of a line that lie in the buffered tile.
func (e *Encoder) clipLine(line []flat.Point) {
	borders := sides(e.grid.reach)
	part := e.cut[:0]
	for i := 1; i < len(line); i++ {
		a, b, ok := clipStep(&borders, line[i-1], line[i])
		if !ok || len(part) > 0 && part[len(part)-1] != a {
			e.line(part)
			part = part[:0]
		}
		if !ok {
			continue
		}
		if len(part) == 0 {
			part = append(part, a)
		}
		part = append(part, b)
	}
	e.line(part)
	e.cut = part
}

// clipStep shortens one step of a line to what lies within the borders.
func clipStep(borders *[4]side, a, b flat.Point) (flat.Point, flat.Point, bool) {
	for _, s := range borders {
		switch keepA, keepB := s.keeps(a), s.keeps(b); {
		case !keepA && !keepB:
			return a, b, false
		case !keepA:
			a = s.meet(a, b)
		case !keepB:
			b = s.meet(a, b)
		}
	}
	return a, b, true
}
