package service

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"kora/geo/network"
)

// A Course is a road as metres of chainage: its lines one after the other, each in its own direction.
//
// Lines may come in any order: each is followed by the one that begins nearest to its end. Holes between them add nothing to the
// chainage, since what lies in them is not known to belong to the road.
type Course struct {
	lines  []orb.LineString
	starts []float64 // chainage at the begin of each line
	length float64
}

// NewCourse makes a course of lines in the direction of rising chainage.
func NewCourse(lines orb.MultiLineString) *Course {
	c := &Course{}
	var drawn orb.MultiLineString
	for _, line := range lines {
		if line = slices.Compact(slices.Clone(line)); len(line) > 1 {
			drawn = append(drawn, line)
		}
	}
	for _, i := range inOrder(drawn) {
		c.lines, c.starts = append(c.lines, drawn[i]), append(c.starts, c.length)
		for k := 1; k < len(drawn[i]); k++ {
			c.length += network.Distance(drawn[i][k-1], drawn[i][k])
		}
	}
	return c
}

// inOrder joins ends with begins, the nearest first, into one row of all lines.
func inOrder(lines orb.MultiLineString) []int {
	type joint struct {
		from, to int
		metres   float64
	}
	var joints []joint
	for i, a := range lines {
		for j, b := range lines {
			if i != j {
				joints = append(joints, joint{i, j, network.Distance(a[len(a)-1], b[0])})
			}
		}
	}
	slices.SortFunc(joints, func(a, b joint) int {
		return cmp.Or(cmp.Compare(a.metres, b.metres), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	next, first := make([]int, len(lines)), make([]int, len(lines)) // first line of the row that a line is the last of
	begun := make([]bool, len(lines))
	for i := range lines {
		next[i], first[i] = -1, i
	}
	last := slices.Clone(first) // and the last of the row that a line is the first of
	for _, j := range joints {
		if next[j.from] >= 0 || begun[j.to] || first[j.from] == j.to {
			continue
		}
		next[j.from], begun[j.to] = j.to, true
		head, tail := first[j.from], last[j.to]
		first[tail], last[head] = head, tail
	}
	order := make([]int, 0, len(lines))
	for i := slices.Index(begun, false); i >= 0; i = next[i] {
		order = append(order, i)
	}
	return order
}

// Length is that of all lines together, metres.
func (c *Course) Length() float64 { return c.length }

// placeOn is the place so many metres along a line, and the corners of it before and behind that.
func placeOn(line orb.LineString, metres float64) (p, before, behind orb.Point) {
	for k := 1; ; k++ {
		a, b := line[k-1], line[k]
		d := network.Distance(a, b)
		if metres <= d && d > 0 || k == len(line)-1 {
			t := 0.0
			if d > 0 {
				t = min(max(metres/d, 0), 1)
			}
			return orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}, a, b
		}
		metres -= d
	}
}

// Part is the course between two chainages.
func (c *Course) Part(from, to float64) orb.MultiLineString {
	var parts orb.MultiLineString
	for i, line := range c.lines {
		end := c.length
		if i+1 < len(c.lines) {
			end = c.starts[i+1]
		}
		low, high := max(from, c.starts[i]), min(to, end)
		if low >= high {
			continue
		}
		begin, _, _ := placeOn(line, low-c.starts[i])
		part, passed := orb.LineString{begin}, c.starts[i]
		for k := 1; k < len(line); k++ {
			if passed += network.Distance(line[k-1], line[k]); passed > low && passed < high {
				part = append(part, line[k])
			}
		}
		last, _, _ := placeOn(line, high-c.starts[i])
		parts = append(parts, append(part, last))
	}
	return parts
}

// Beside is where the course is nearest to p: the chainage there, how far p lies aside in metres, and whether it lies to the left
// of who travels in the direction of rising chainage.
func (c *Course) Beside(p orb.Point) (chainage, aside float64, left bool) {
	aside = math.Inf(1)
	var foot orb.Point
	for i, line := range c.lines {
		passed := c.starts[i]
		for k := 1; k < len(line); k++ {
			s := straight{line[k-1], line[k]}
			dx, dy := s.plane(s.b)
			px, py := s.plane(p)
			t := 0.0
			if whole := dx*dx + dy*dy; whole > 0 {
				t = min(max((px*dx+py*dy)/whole, 0), 1)
			}
			length := network.Distance(s.a, s.b)
			if d := math.Hypot(px-t*dx, py-t*dy); d < aside {
				chainage, aside, left = passed+t*length, d, dx*py-dy*px > 0
				foot = orb.Point{s.a[0] + t*(s.b[0]-s.a[0]), s.a[1] + t*(s.b[1]-s.a[1])}
			}
			passed += length
		}
	}
	return chainage, network.Distance(foot, p), left
}

// BesideCourse is how far a carriageway may lie from the course of its road. Metres.
const BesideCourse = 30

// EachStreetAlong calls f for the pieces of street that run along a line: beside it, in about its direction, and for more than a
// crossing. A piece may come more than once.
func EachStreetAlong(n *network.Network, line orb.LineString, f func(a, b orb.Point, piece network.Span)) {
	for k := 1; k < len(line); k++ {
		s := straight{line[k-1], line[k]}
		n.EachPieceIn(orb.MultiPoint{s.a, s.b}.Bound().Pad(BesideCourse/90_000.0), func(a, b orb.Point, span network.Span) {
			if s.carries(straight{a, b}) {
				f(a, b, span)
			}
		})
	}
}

// straight is a straight line between two places.
type straight struct{ a, b orb.Point }

// plane gives a place in metres around the begin of s.
func (s straight) plane(p orb.Point) (x, y float64) {
	const metres = 111_195 // of a degree
	return (p[0] - s.a[0]) * metres * math.Cos(s.a[1]*math.Pi/180), (p[1] - s.a[1]) * metres
}

func (s straight) carries(t straight) bool {
	dx, dy := s.plane(s.b)
	ax, ay := s.plane(t.a)
	bx, by := s.plane(t.b)
	long, other := math.Hypot(dx, dy), math.Hypot(bx-ax, by-ay)
	if long == 0 || other == 0 || math.Abs(dx*(bx-ax)+dy*(by-ay)) < 0.9*long*other {
		return false
	}
	mx, my := (ax+bx)/2, (ay+by)/2
	aside, forward := math.Abs(mx*dy-my*dx)/long, (mx*dx+my*dy)/long
	return aside <= BesideCourse && forward >= -other/2 && forward <= long+other/2
}
