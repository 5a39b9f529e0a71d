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

// within tells whether a point lies on the kept side and not on the border.
func (s side) within(p flat.Point) bool {
	v := p.Y
	if s.vertical {
		v = p.X
	}
	if s.low {
		return v > s.border
	}
	return v < s.border
}

// along is where a point of the border lies as one walks along it with what is kept to the right.
func (s side) along(p flat.Point) int32 {
	switch {
	case s.vertical && s.low:
		return -p.Y
	case s.vertical:
		return p.Y
	case s.low:
		return p.X
	}
	return -p.X
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
