package network

import (
	"math"
	"slices"
)

// direct gives the quickest way between two places along one edge that both meet.
func (n *Network) direct(from, to Link) (seconds float64, a, b Access, ok bool) {
	seconds = math.Inf(1)
	if !n.mayMeet(from, to) {
		return seconds, a, b, false
	}
	x, y := from.Access, to.Access
	for len(x) > 0 && len(y) > 0 {
		switch {
		case x[0].Edge < y[0].Edge:
			x = x[run(x):]
		case x[0].Edge > y[0].Edge:
			y = y[run(y):]
		default:
			i, j := run(x), run(y)
			if s, p, q := n.along(from, to, x[:i], y[:j]); s < seconds {
				seconds, a, b = s, p, q
			}
			x, y = x[i:], y[j:]
		}
	}
	return seconds, a, b, !math.IsInf(seconds, 1)
}

// run is how many of the first ones lie on the same edge.
func run(list []Access) int {
	i := 1
	for i < len(list) && list[i].Edge == list[0].Edge {
		i++
	}
	return i
}

// Along is the least time between two places by way of one edge: to the edge, along it, and off it again; +Inf when one of
// them does not meet it or it is closed in that direction. Of from only Point and ReachM matter.
func (n *Network) Along(e int32, from, to Link) float64 {
	at, ok := slices.BinarySearchFunc(to.Access, e, func(a Access, e int32) int { return int(a.Edge) - int(e) })
	if !ok || Distance(from.Point, to.Point) > n.reachAlong(e, from, to) {
		return math.Inf(1)
	}
	var spots []Access
	plane := planeAt(from.Point)
	for i := n.edges[e].first; i+1 < n.edges[e+1].first; i++ {
		if c := n.approach(plane, i, uint32(e)); c.away <= from.ReachM {
			spots = n.access(spots, c, from.ReachM)
		}
	}
	if len(spots) == 0 {
		return math.Inf(1)
	}
	seconds, _, _ := n.along(from, to, spots, to.Access[at:at+run(to.Access[at:])])
	return seconds
}

func (n *Network) reachAlong(e int32, a, b Link) float64 {
	bends := n.bendsOf(e)
	return 1.01 * (float64(bends[len(bends)-1].metres) + a.ReachM + b.ReachM)
}

// along gives the quickest way from one place to another by one edge, on which x are the spots of the first and y those of
// the second, both in order along it.
func (n *Network) along(from, to Link, x, y []Access) (best float64, a, b Access) {
	best = math.Inf(1)
	offer := func(seconds float64, p, q Access) {
		if seconds < best {
			best, a, b = seconds, p, q
		}
	}
	e := n.edges[x[0].Edge]
	if e.open(out) {
		// the best spot before each spot of the second place
		i, before := 0, -1
		for _, q := range y {
			for ; i < len(x) && x[i].Metres <= q.Metres; i++ {
				if before < 0 || x[i].OffSeconds-x[i].forward < x[before].OffSeconds-x[before].forward {
					before = i
				}
			}
			if before >= 0 {
				offer(x[before].OffSeconds+q.forward-x[before].forward+q.OffSeconds, x[before], q)
			}
		}
	}
	if e.open(in) {
		i, behind := len(x)-1, -1
		for _, q := range slices.Backward(y) {
			for ; i >= 0 && x[i].Metres >= q.Metres; i-- {
				if behind < 0 || x[i].OffSeconds+x[i].backward < x[behind].OffSeconds+x[behind].backward {
					behind = i
				}
			}
			if behind >= 0 {
				offer(x[behind].OffSeconds+x[behind].backward-q.backward+q.OffSeconds, x[behind], q)
			}
		}
	}
	// Both at the same spot: where a straight line between them crosses a piece, were they on either side of it.
	p, q := planeAt(from.Point), planeAt(to.Point)
	for i, j := 0, 0; i < len(x) && j < len(y); {
		switch piece := x[i].piece; {
		case piece < y[j].piece:
			i++
		case piece > y[j].piece:
			j++
		default:
			c, d := n.approach(p, piece, uint32(x[i].Edge)), n.approach(q, piece, uint32(x[i].Edge))
			low, high := c.within(from.ReachM)
			low2, high2 := d.within(to.ReachM)
			if low, high = max(low, low2), min(high, high2); low <= high {
				middle := (c.foot + d.foot) / 2
				if c.aside+d.aside > 0 {
					middle = (c.foot*d.aside + d.foot*c.aside) / (c.aside + d.aside)
				}
				middle = min(max(middle, low), high)
				s, t := n.spotAt(c, middle), n.spotAt(d, middle)
				offer(s.OffSeconds+t.OffSeconds, s, t)
			}
			for ; i < len(x) && x[i].piece == piece; i++ {
			}
		}
	}
	return best, a, b
}

// mayMeet is false when two places surely share no edge: edges near each other have numbers near each other.
func (n *Network) mayMeet(a, b Link) bool {
	return len(a.Access) > 0 && len(b.Access) > 0 &&
		a.Access[0].Edge <= b.Access[len(b.Access)-1].Edge && b.Access[0].Edge <= a.Access[len(a.Access)-1].Edge &&
		Distance(a.Point, b.Point) <= 1.01*(n.MaxEdge+a.ReachM+b.ReachM)
}
