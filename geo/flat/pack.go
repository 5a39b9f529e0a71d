package flat

import (
	"slices"

	"github.com/paulmach/orb"
)

// packed holds shapes in shared slabs, row after row, and the tree over their boxes. It may hold up to 2^32 points.
type packed struct {
	kinds  []Kind
	clear  []uint8
	boxes  []Box
	firsts []first // of every row, and of the one that would follow
	points []Point
	ends   []uint32 // of parts, counted from the first point of their row
	tree   tree
}

// first is where a row begins.
type first struct{ point, end uint32 }

// newPacked has room for what it is told to expect.
func newPacked(rows, points, ends int) *packed {
	p := &packed{
		kinds: make([]Kind, 0, rows), clear: make([]uint8, 0, rows), boxes: make([]Box, 0, rows), firsts: make([]first, 1, rows+1),
		points: make([]Point, 0, points), ends: make([]uint32, 0, ends),
	}
	return p
}

func (p *packed) len() int { return len(p.kinds) }

func (p *packed) shape(row uint32) Shape {
	from, to := p.firsts[row], p.firsts[row+1]
	return Shape{p.kinds[row], p.clear[row], p.boxes[row], p.points[from.point:to.point:to.point], p.ends[from.end:to.end:to.end]}
}

// add appends a row with a copy of s.
func (p *packed) add(s Shape) {
	p.points, p.ends = append(p.points, s.Points...), append(p.ends, s.Ends...)
	p.close(s.Kind, s.Clear, s.Box)
}

// addGeometry appends a row with the shape of g.
func (p *packed) addGeometry(g orb.Geometry) {
	kind := Kind(0)
	switch g := g.(type) {
	case orb.Point:
		kind = Dots
		p.dots(orb.MultiPoint{g})
	case orb.MultiPoint:
		kind = Dots
		p.dots(g)
	case orb.LineString:
		kind = Lines
		p.line(g)
	case orb.MultiLineString:
		kind = Lines
		for _, l := range g {
			p.line(l)
		}
	case orb.Polygon:
		kind = Areas
		p.polygon(g)
	case orb.MultiPolygon:
		kind = Areas
		for _, polygon := range g {
			p.polygon(polygon)
		}
	}
	from := p.firsts[len(p.kinds)].point
	if len(p.points) == int(from) {
		p.close(0, 0, Box{})
		return
	}
	b := Box{p.points[from], p.points[from]}
	for _, q := range p.points[from:] {
		b.Min = Point{min(b.Min.X, q.X), min(b.Min.Y, q.Y)}
		b.Max = Point{max(b.Max.X, q.X), max(b.Max.Y, q.Y)}
	}
	clear := uint8(0)
	if kind == Areas && len(p.ends)-int(p.firsts[len(p.kinds)].end) == 1 {
		clear = Clearance(p.points[from:])
	}
	p.close(kind, clear, b)
}

// close ends the row whose points and ends have been appended.
func (p *packed) close(k Kind, clear uint8, b Box) {
	p.kinds, p.clear, p.boxes = append(p.kinds, k), append(p.clear, clear), append(p.boxes, b)
	p.firsts = append(p.firsts, first{uint32(len(p.points)), uint32(len(p.ends))})
}

func (p *packed) dots(points orb.MultiPoint) {
	if len(points) > 0 {
		p.trace(points)
		p.end()
	}
}

func (p *packed) line(l orb.LineString) {
	begin := p.trace(l)
	if len(p.points)-begin < 2 {
		p.points = p.points[:begin]
		return
	}
	p.end()
}

func (p *packed) polygon(rings orb.Polygon) {
	for i, r := range rings {
		if !p.ring(r, i == 0) && i == 0 {
			return // nothing to be a hole in
		}
	}
}

// ring tells whether anything of r is left to be a ring.
func (p *packed) ring(r orb.Ring, outer bool) bool {
	begin := p.trace(r)
	for len(p.points) > begin+1 && p.points[len(p.points)-1] == p.points[begin] {
		p.points = p.points[:len(p.points)-1]
	}
	ring := p.points[begin:]
	area := Area(ring)
	if len(ring) < 3 || area == 0 {
		p.points = p.points[:begin]
		return false
	}
	if area > 0 != outer {
		slices.Reverse(ring)
	}
	p.end()
	return true
}

// trace appends points without those that equal the one before, and gives the place of the first.
func (p *packed) trace(points []orb.Point) (begin int) {
	begin = len(p.points)
	for _, q := range points {
		at := Project(q)
		if n := len(p.points); n == begin || p.points[n-1] != at {
			p.points = append(p.points, at)
		}
	}
	return begin
}

// end ends a part at the last point.
func (p *packed) end() {
	p.ends = append(p.ends, uint32(len(p.points))-p.firsts[len(p.kinds)].point)
}

// Area is twice the area inside of a ring by the surveyor's formula: positive for outer rings, negative for holes.
func Area(ring []Point) int64 {
	var sum int64 // sums in between may wrap around; the last does not, because the ring lies in the world
	for i := 2; i < len(ring); i++ {
		ax, ay := int64(ring[i-1].X)-int64(ring[0].X), int64(ring[i-1].Y)-int64(ring[0].Y)
		bx, by := int64(ring[i].X)-int64(ring[0].X), int64(ring[i].Y)-int64(ring[0].Y)
		sum += ax*by - bx*ay
	}
	return sum
}

// size is about how many points and parts g has: never fewer than its shape.
func size(g orb.Geometry) (points, ends int) {
	switch g := g.(type) {
	case orb.Point:
		return 1, 1
	case orb.MultiPoint:
		return len(g), 1
	case orb.LineString:
		return len(g), 1
	case orb.MultiLineString:
		for _, l := range g {
			points += len(l)
		}
		return points, len(g)
	case orb.Polygon:
		for _, r := range g {
			points += max(len(r)-1, 1) // the last is the first, but for a moment both are there
		}
		return points + 1, len(g)
	case orb.MultiPolygon:
		for _, polygon := range g {
			p, e := size(polygon)
			points, ends = points+p-1, ends+e
		}
		return points + 1, ends
	}
	return 0, 0
}

// BoxOf gives the box of bounds in degrees.
func BoxOf(b orb.Bound) Box {
	return Box{Project(b.LeftTop()), Project(orb.Point{b.Max[0], b.Min[1]})}
}
