package main

import (
	"hash/fnv"
	"math"
	"math/rand/v2"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/simplify"
)

// A point lies in a plane of metres, x east and y north of origin. Every point that is kept is rounded to decimetres,
// so that the result does not hang on the last bit of a float.
type point struct{ x, y float64 }

const (
	originLon, originLat = 91.10, 29.65
	metresPerLon         = 96_745.0  // at 29.65° N; east of there and north of there it is off by up to 1 %
	metresPerLat         = 110_860.0 //
)

func at(lon, lat float64) point {
	return point{(lon - originLon) * metresPerLon, (lat - originLat) * metresPerLat}.round()
}

// lonLat are degrees to seven decimals.
func (p point) lonLat() (lon, lat float64) {
	return math.Round((originLon+p.x/metresPerLon)*1e7) / 1e7, math.Round((originLat+p.y/metresPerLat)*1e7) / 1e7
}

// mul rounds the product by itself. Without it the compiler may fuse a product into the sum around it on machines that
// can, and the last bit, and with it a corner of the map, would hang on the machine.
func mul(a, b float64) float64 { return float64(a * b) }

func (p point) round() point {
	return point{math.Round(p.x*10) / 10, math.Round(p.y*10) / 10}
}

func (p point) add(q point) point                { return point{p.x + q.x, p.y + q.y} }
func (p point) sub(q point) point                { return point{p.x - q.x, p.y - q.y} }
func (p point) scale(f float64) point            { return point{mul(p.x, f), mul(p.y, f)} }
func (p point) dot(q point) float64              { return mul(p.x, q.x) + mul(p.y, q.y) }
func (p point) cross(q point) float64            { return mul(p.x, q.y) - mul(p.y, q.x) }
func (p point) length() float64                  { return math.Sqrt(p.dot(p)) }
func (p point) left() point                      { return point{-p.y, p.x} }
func (p point) towards(q point, t float64) point { return p.add(q.sub(p).scale(t)) }

func (p point) unit() point {
	if l := p.length(); l > 0 {
		return p.scale(1 / l)
	}
	return point{1, 0}
}

func dist(p, q point) float64 { return q.sub(p).length() }

// random gives each feature a stream of its own, so that a change to one does not ripple through the others.
func random(feature string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(feature))
	return rand.New(rand.NewPCG(h.Sum64(), 20260701))
}

// between is a random number from a to b.
func between(r *rand.Rand, a, b float64) float64 { return a + mul(b-a, r.Float64()) }

// A line is a polyline.
type line []point

func course(lonLats ...float64) line {
	l := make(line, 0, len(lonLats)/2)
	for i := 0; i+1 < len(lonLats); i += 2 {
		l = append(l, at(lonLats[i], lonLats[i+1]))
	}
	return l
}

func (l line) length() float64 {
	var sum float64
	for i := 1; i < len(l); i++ {
		sum += dist(l[i-1], l[i])
	}
	return sum
}

func (l line) reverse() line {
	r := make(line, len(l))
	for i, p := range l {
		r[len(l)-1-i] = p
	}
	return r
}

// along is the point s metres from the start, and the direction there.
func (l line) along(s float64) (point, point) {
	for i := 1; i < len(l); i++ {
		d := dist(l[i-1], l[i])
		if s <= d || i == len(l)-1 {
			return l[i-1].towards(l[i], s/d), l[i].sub(l[i-1]).unit()
		}
		s -= d
	}
	return l[0], point{1, 0}
}

// part is the course from s0 to s1 metres.
func (l line) part(s0, s1 float64) line {
	p, _ := l.along(s0)
	out := line{p.round()}
	var s float64
	for i := 1; i < len(l); i++ {
		s += dist(l[i-1], l[i])
		if s > s0+1 && s < s1-1 {
			out = append(out, l[i])
		}
	}
	q, _ := l.along(s1)
	return append(out, q.round())
}

// nearest is the point of l nearest to p, how far it is, and how far along l.
func (l line) nearest(p point) (foot point, distance, s float64) {
	distance = math.Inf(1)
	var sum float64
	for i := 1; i < len(l); i++ {
		q, t := project(p, l[i-1], l[i])
		d := dist(l[i-1], l[i])
		if dq := dist(p, q); dq < distance {
			foot, distance, s = q, dq, sum+mul(t, d)
		}
		sum += d
	}
	return foot, distance, s
}

// project is the point of segment ab nearest to p, and where on ab it lies, from 0 to 1.
func project(p, a, b point) (point, float64) {
	d := b.sub(a)
	if d.dot(d) == 0 {
		return a, 0
	}
	t := min(1, max(0, p.sub(a).dot(d)/d.dot(d)))
	return a.towards(b, t), t
}

// smooth runs a Catmull–Rom spline through l with a point about every step metres; the points of l stay.
func (l line) smooth(step float64) line {
	if len(l) < 2 {
		return l
	}
	out := line{l[0]}
	for i := 1; i < len(l); i++ {
		p1, p2 := l[i-1], l[i]
		p0, p3 := p1.add(p1.sub(p2)), p2.add(p2.sub(p1))
		if i > 1 {
			p0 = l[i-2]
		}
		if i+1 < len(l) {
			p3 = l[i+1]
		}
		// Tangents no longer than the piece itself, or neighbouring long pieces would make short ones loop.
		d := dist(p1, p2)
		m1 := p2.sub(p0).unit().scale(min(d, p2.sub(p0).length()/2))
		m2 := p3.sub(p1).unit().scale(min(d, p3.sub(p1).length()/2))
		n := max(1, int(math.Round(d/step)))
		for k := 1; k < n; k++ {
			t := float64(k) / float64(n)
			t2 := mul(t, t)
			t3 := mul(t2, t)
			rise := mul(3, t2) - mul(2, t3)
			q := p1.scale(1 - rise).add(m1.scale(t3 - mul(2, t2) + t)).add(p2.scale(rise)).add(m2.scale(t3 - t2))
			out = append(out, q.round())
		}
		out = append(out, p2)
	}
	return out
}

// wander bends l like a road or river in a valley: each piece is halved until it is shorter than step, and each middle
// moved aside by up to sway of its length. The points of l stay.
func (l line) wander(feature string, step, sway float64) line {
	r := random(feature)
	out := line{l[0]}
	var bend func(a, b point)
	bend = func(a, b point) {
		d := dist(a, b)
		if d <= step {
			out = append(out, b)
			return
		}
		m := a.towards(b, between(r, 0.42, 0.58)).add(b.sub(a).left().scale(between(r, -sway, sway))).round()
		bend(a, m)
		bend(m, b)
	}
	for i := 1; i < len(l); i++ {
		bend(l[i-1], l[i])
	}
	return out
}

// ease cuts the corners of l once (Chaikin); the ends stay.
func (l line) ease() line {
	if len(l) < 3 {
		return l
	}
	out := line{l[0]}
	for i := 1; i < len(l); i++ {
		if i > 1 {
			out = append(out, l[i-1].towards(l[i], 0.25).round())
		}
		if i < len(l)-1 {
			out = append(out, l[i-1].towards(l[i], 0.75).round())
		}
	}
	return append(out, l[len(l)-1])
}

// beside runs d metres to the left of l (to the right when d is negative).
func (l line) beside(d float64) line {
	out := l.offset(d)
	for i := range out {
		out[i] = out[i].round()
	}
	return out
}

// offset is beside without rounding.
func (l line) offset(d float64) line {
	out := make(line, 0, len(l))
	for i, p := range l {
		a, b := l[max(0, i-1)], l[min(len(l)-1, i+1)]
		out = append(out, p.add(b.sub(a).unit().left().scale(d)))
	}
	return out
}

// simplified drops corners that lie within d metres of the line between their neighbours (Douglas–Peucker).
func (l line) simplified(d float64) line {
	in := make(orb.LineString, len(l))
	for i, p := range l {
		in[i] = orb.Point{p.x, p.y}
	}
	kept := simplify.DouglasPeucker(d).LineString(in)
	out := make(line, len(kept))
	for i, p := range kept {
		out[i] = point{p[0], p[1]}
	}
	return out
}

// A ring is a closed line whose last point is not repeated.
type ring []point

func (r ring) area() float64 {
	var sum float64
	for i, p := range r {
		sum += p.cross(r[(i+1)%len(r)])
	}
	return sum / 2
}

func (r ring) contains(p point) bool {
	in := false
	for i, a := range r {
		b := r[(i+1)%len(r)]
		if (a.y > p.y) != (b.y > p.y) && p.x < a.x+mul((p.y-a.y)/(b.y-a.y), b.x-a.x) {
			in = !in
		}
	}
	return in
}

// edge is the distance from p to the ring's line.
func (r ring) edge(p point) float64 {
	_, d, _ := r.closed().nearest(p)
	return d
}

func (r ring) simplified(d float64) ring {
	l := r.closed().simplified(d)
	return ring(l[:len(l)-1])
}

func (r ring) closed() line { return append(append(line{}, r...), r[0]) }

func area(lonLats ...float64) ring { return ring(course(lonLats...)) }

// crossing is where segments ab and cd cross, as fractions of each; false when they do not.
func crossing(a, b, c, d point) (t, u float64, ok bool) {
	r, s := b.sub(a), d.sub(c)
	den := r.cross(s)
	if den == 0 {
		return 0, 0, false
	}
	t, u = c.sub(a).cross(s)/den, c.sub(a).cross(r)/den
	return t, u, t >= 0 && t <= 1 && u >= 0 && u <= 1
}
