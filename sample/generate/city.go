package main

import (
	"cmp"
	"fmt"
	"slices"
)

// A city is the street network of Lhasa with what lies between.
type city struct {
	graph  *graph
	ways   []way
	blocks []block
}

// A way is a run of one street with the same properties.
type way struct {
	road   *road // nil for a side street
	class  string
	bridge bool
	nodes  []point
}

// Lay a street's end onto another street within this many metres.
const (
	streetReach = 60
	ruralReach  = 450
)

func buildCity(roads []road, districts []district, greens []green, rivers []river) (*city, error) {
	for i := range roads {
		if !roads[i].raw {
			roads[i].course = roads[i].course.smooth(85)
		}
	}
	joinEnds(roads)

	type piece struct {
		road   int // -1 for an outline
		bridge bool
	}
	var lines []line
	var streets []bool
	var pieces []piece
	for i := range roads {
		for _, p := range bridges(roads[i].course, rivers) {
			lines, streets, pieces = append(lines, p.line), append(streets, true), append(pieces, piece{i, p.bridge})
		}
	}
	outline := func(r ring) {
		lines, streets, pieces = append(lines, r.closed()), append(streets, false), append(pieces, piece{road: -1})
	}
	for i := range districts {
		var free []line
		districts[i].ring, free = districts[i].ring.onto(roads)
		for _, l := range free {
			lines, streets, pieces = append(lines, l), append(streets, false), append(pieces, piece{road: -1})
		}
	}
	for _, g := range greens {
		outline(g.ring)
	}
	for _, r := range rivers {
		if r.banks != nil {
			outline(r.banks)
		}
	}

	c := &city{graph: newGraph()}
	g := c.graph
	chains := g.build(lines, streets)
	g.join()

	var sides []side
	for i, f := range g.faces() {
		in := g.inside(f)
		if d := districtAt(in, districts, greens, rivers); d != nil {
			g.divide(f, d, random(fmt.Sprintf("%s %d", d.name, i)), &sides, &c.blocks)
		}
	}

	parts := newSets(len(g.nodes))
	for _, s := range sides {
		for i, e := range s.edges {
			for _, n := range g.path(e, s.nodes[i]) {
				parts.union(s.nodes[0], n)
			}
		}
	}
	mains := make([][]int, len(chains))
	for i, chain := range chains {
		if pieces[i].road < 0 {
			continue
		}
		for k, n := range chain {
			if k == 0 {
				mains[i] = append(mains[i], n)
				continue
			}
			e := g.byEnd[[2]int{min(chain[k-1], n), max(chain[k-1], n)}]
			mains[i] = append(mains[i], g.path(e, chain[k-1])[1:]...)
		}
		for _, n := range mains[i][1:] {
			parts.union(mains[i][0], n)
		}
	}
	whole := parts.find(mains[0][0])
	for i, nodes := range mains {
		if nodes == nil {
			continue
		}
		r := &roads[pieces[i].road]
		if parts.find(nodes[0]) != whole {
			lon, lat := g.nodes[nodes[0]].lonLat()
			return nil, fmt.Errorf("street %q near %.4f, %.4f is not joined to the others", r.zh, lon, lat)
		}
		c.ways = append(c.ways, way{road: r, class: r.class, bridge: pieces[i].bridge, nodes: g.points(nodes)})
	}
	for _, s := range sides {
		if parts.find(s.nodes[0]) == whole { // a side street between outlines alone is nobody's
			c.ways = append(c.ways, way{class: s.district.class, nodes: g.course(s)})
		}
	}
	return c, nil
}

func (g *graph) points(nodes []int) []point {
	out := make([]point, len(nodes))
	for i, n := range nodes {
		out[i] = g.nodes[n]
	}
	return out
}

// course is a side street with the corners where others meet it, and its stubs shortened.
func (g *graph) course(s side) []point {
	const short = 14
	nodes := s.nodes[:1:1]
	for i, e := range s.edges {
		nodes = append(nodes, g.path(e, s.nodes[i])[1:]...)
	}
	out := g.points(nodes)
	for k, stub := range s.stub {
		if !stub {
			continue
		}
		i, j := 0, 1
		if k == 1 {
			i, j = len(out)-1, len(out)-2
		}
		if d := dist(out[i], out[j]); d > 2*short {
			out[i] = out[i].towards(out[j], short/d).round()
		} else if len(out) > 2 {
			out = append(out[:i:i], out[i+1:]...)
		}
	}
	return out
}

// onto lays r on the streets that it was meant to follow. The pieces of it that follow none come back too: where a
// street is the limit, an outline beside it would only leave slivers.
func (r ring) onto(roads []road) (laid ring, free []line) {
	const reach = 75
	var on []int // the road that a point was laid on, or -1
	for i, a := range r {
		b := r[(i+1)%len(r)]
		n := max(1, int(dist(a, b)/30))
		for k := range n {
			p := a.towards(b, float64(k)/float64(n)).round()
			best, q, street := float64(reach), p, -1
			for j := range roads {
				if foot, d, _ := roads[j].course.nearest(p); d < best {
					best, q, street = d, foot.round(), j
				}
			}
			if len(laid) == 0 || laid[len(laid)-1] != q {
				laid, on = append(laid, q), append(on, street)
			}
		}
	}
	for i, p := range laid {
		k := (i + 1) % len(laid)
		q := laid[k]
		if on[i] >= 0 && on[k] >= 0 && (on[i] == on[k] || meet(roads[on[i]].course, roads[on[k]].course, p, q)) {
			continue
		}
		if n := len(free); n > 0 && free[n-1][len(free[n-1])-1] == p {
			free[n-1] = append(free[n-1], q)
		} else {
			free = append(free, line{p, q})
		}
	}
	return laid, free
}

// meet tells whether an end of one street lies on the other near p and q.
func meet(a, b line, p, q point) bool {
	for range 2 {
		for _, e := range []point{a[0], a[len(a)-1]} {
			if _, d, _ := b.nearest(e); d < 0.5 && dist(e, p)+dist(e, q) < 300 {
				return true
			}
		}
		a, b = b, a
	}
	return false
}

func districtAt(p point, districts []district, greens []green, rivers []river) *district {
	for _, r := range rivers {
		if r.banks.contains(p) {
			return nil
		}
	}
	for _, g := range greens {
		if g.ring.contains(p) {
			return nil
		}
	}
	for i := range districts {
		if districts[i].ring.contains(p) {
			return &districts[i]
		}
	}
	return nil
}

// joinEnds lays each end that nearly meets another street onto it, and cuts off what runs just past.
func joinEnds(roads []road) {
	for i := range roads {
		for range 2 {
			l := roads[i].course
			reach := float64(streetReach)
			if roads[i].raw {
				reach = ruralReach
			}
			foot, best := point{}, reach
			met := false
			var past float64
			for j := range roads {
				if i == j {
					continue
				}
				o := roads[j].course
				q, d, _ := o.nearest(l[0])
				if d < 0.3 {
					met = true
					break
				}
				if d < best {
					best, foot = d, q
				}
				// How far from this end does l cross o?
				var s float64
				for k := 1; k < len(l) && s < reach; k++ {
					for m := 1; m < len(o); m++ {
						if t, _, ok := crossing(l[k-1], l[k], o[m-1], o[m]); ok {
							if x := s + mul(t, dist(l[k-1], l[k])); x < reach {
								past = max(past, x)
							}
						}
					}
					s += dist(l[k-1], l[k])
				}
			}
			switch {
			case met:
			case past > 0:
				roads[i].course = l.part(past, l.length())
			case best < reach:
				roads[i].course = append(line{foot.round()}, l...)
			}
			roads[i].course = roads[i].course.reverse()
		}
	}
}

// A stretch is part of a road, on a bridge or not.
type stretch struct {
	line   line
	bridge bool
}

// Metres of land at each end of a bridge that belong to it.
const abutment = 22

// bridges parts l where it crosses water.
func bridges(l line, rivers []river) []stretch {
	type span struct{ from, to float64 }
	var wet []span
	for _, r := range rivers {
		if r.banks == nil {
			for _, s := range crossings(l, r.middle) {
				wet = append(wet, span{s, s})
			}
			continue
		}
		at := crossings(l, r.banks.closed())
		if r.banks.contains(l[0]) {
			at = append([]float64{0}, at...)
		}
		for i := 0; i+1 < len(at); i += 2 {
			wet = append(wet, span{at[i], at[i+1]})
		}
	}
	slices.SortFunc(wet, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	total := l.length()
	var out []stretch
	from := 0.0
	for i := 0; i < len(wet); i++ {
		w := span{max(0, wet[i].from-abutment), wet[i].to + abutment}
		for i+1 < len(wet) && wet[i+1].from-abutment <= w.to {
			i++
			w.to = max(w.to, wet[i].to+abutment)
		}
		w.to = min(total, w.to)
		if w.from > from+1 {
			out = append(out, stretch{l.part(from, w.from), false})
		}
		out = append(out, stretch{l.part(w.from, w.to), true})
		from = w.to
	}
	if total > from+1 {
		out = append(out, stretch{l.part(from, total), false})
	}
	return out
}

// crossings are where l crosses o, in metres along l.
func crossings(l, o line) []float64 {
	var out []float64
	var s float64
	for i := 1; i < len(l); i++ {
		a, b := l[i-1], l[i]
		d := dist(a, b)
		for k := 1; k < len(o); k++ {
			p, q := o[k-1], o[k]
			if max(a.x, b.x) < min(p.x, q.x) || max(p.x, q.x) < min(a.x, b.x) ||
				max(a.y, b.y) < min(p.y, q.y) || max(p.y, q.y) < min(a.y, b.y) {
				continue
			}
			if t, _, ok := crossing(a, b, p, q); ok {
				out = append(out, s+mul(t, d))
			}
		}
		s += d
	}
	slices.Sort(out)
	return out
}
