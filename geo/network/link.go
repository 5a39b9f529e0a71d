package network

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// A Link ties a place to all streets around it. It is made once for a place and a Network and then only read.
type Link struct {
	Point  orb.Point // the place itself, degrees
	ReachM float64   // metres; no way off the street is longer
	Access []Access  // ordered by Edge, then Fraction

	departures []Seed // from the place to nodes
	arrivals   []Seed // from nodes to the place
}

// An Access is a spot on an edge where the way between a place and the street may meet the street: one that makes the way
// to, or from, an end of the edge quickest. Since it pays to cut a corner it is seldom the spot nearest to the place.
type Access struct {
	Edge     int32
	Fraction float64 // along the edge: 0 at From, 1 at To
	Metres   float64 // off the street, in a straight line
	Seconds  float64 // off the street
}

// closer than this, two spots on an edge are one: it moves no time by more than a fifth of a second
const sameSpotM = 0.25

// Link ties p to every edge within reach; false when there is none, and p has no access to the network.
//
// An edge counts when it is at most reachM metres away and, beyond the profile's CellReachM, at most twice as far as the
// nearest one: who lives on a street does not walk cross-country to another. Edges of islands (see SmallIsland) count only
// when nothing else is within reach. What lies between the place and the street, a wall or a river, is not known here.
func (n *Network) Link(p orb.Point, reachM float64) (Link, bool) {
	near, limit := n.near(p, reachM)
	if len(near) == 0 {
		return Link{}, false
	}
	l := Link{Point: p, ReachM: limit}
	for _, c := range near {
		if c.away <= limit {
			l.Access = append(l.Access, n.access(c, limit)...)
		}
	}
	slices.SortFunc(l.Access, func(a, b Access) int {
		return cmp.Or(cmp.Compare(a.Edge, b.Edge), cmp.Compare(a.Fraction, b.Fraction))
	})
	l.departures = n.seeds(l, n.in, func(e Edge) (float64, float64) { return float64(e.Backward), float64(e.Forward) })
	l.arrivals = n.seeds(l, n.out, func(e Edge) (float64, float64) { return float64(e.Forward), float64(e.Backward) })
	return l, true
}

// HasStreet tells whether Link would find a street within reach of p.
func (n *Network) HasStreet(p orb.Point, reachM float64) bool {
	found := false
	n.eachNear(p, reachM, func(approach) bool {
		found = true
		return false
	})
	return found
}

// An approach is an edge as seen from a place.
type approach struct {
	edge   int32
	length float64 // of the edge on the plane around the place, metres
	foot   float64 // distance along the edge's line from its From to the point nearest to the place, metres; may be off its ends
	aside  float64 // from the place to the edge's line, metres
	away   float64 // from the place to the edge, metres
}

// near gives the edges within reach of p, islands left out where possible, and the distance up to which they count.
func (n *Network) near(p orb.Point, reachM float64) (near []approach, limit float64) {
	nearest, mainland := math.Inf(1), false
	n.eachNear(p, reachM, func(c approach) bool {
		main := !n.island[n.edges[c.edge].From]
		switch {
		case main && !mainland:
			near, nearest, mainland = near[:0], math.Inf(1), true
		case mainland && !main:
			return true
		}
		near = append(near, c)
		nearest = min(nearest, c.away)
		return true
	})
	return near, min(reachM, max(n.profile.CellReachM, 2*nearest))
}

func (n *Network) eachNear(p orb.Point, reachM float64, f func(approach) bool) {
	if !(p[0] >= -180 && p[0] <= 180 && p[1] >= -90 && p[1] <= 90 && reachM > 0) {
		return
	}
	plane, more := planeAt(p), true
	n.index.each(plane.around(reachM), func(edge int32) {
		if !more {
			return
		}
		if c := n.approach(plane, edge); c.away <= reachM {
			more = f(c)
		}
	})
}

func (n *Network) approach(f plane, edge int32) approach {
	e := n.edges[edge]
	ax, ay := f.xy(n.nodes[e.From].point())
	bx, by := f.xy(n.nodes[e.To].point())
	dx, dy := bx-ax, by-ay
	c := approach{edge: edge, length: math.Hypot(dx, dy)}
	if c.length == 0 {
		c.aside = math.Hypot(ax, ay)
		c.away = c.aside
		return c
	}
	c.foot = -(ax*dx + ay*dy) / c.length
	c.aside = math.Abs(ax*dy-ay*dx) / c.length
	c.away = math.Hypot(c.aside, c.foot-min(max(c.foot, 0), c.length))
	return c
}

// access gives the spots on the edge of c, none farther than limit metres from the place.
//
// Along the edge, time to an end grows by pace seconds a metre; off the street by 1/speed a metre. The sum is least where
// the off-street way meets the street at the angle whose sine against the perpendicular is pace·speed (Snell's law), or at
// the end itself when walking on the street is no quicker than beside it.
func (n *Network) access(c approach, limit float64) []Access {
	e := n.edges[c.edge]
	low, high := c.within(limit)
	var spots [4]float64
	count := 0
	for _, seconds := range [2]float32{e.Forward, e.Backward} {
		if math.IsInf(float64(seconds), 1) {
			continue
		}
		cut := n.cut(c, seconds)
		spots[count], spots[count+1] = c.foot-cut, c.foot+cut
		count += 2
	}
	found := make([]Access, 0, count)
	for i, s := range spots[:count] {
		s = min(max(s, low), high)
		spots[i] = s
		if !slices.ContainsFunc(spots[:i], func(t float64) bool { return math.Abs(s-t) < sameSpotM }) {
			found = append(found, n.spotAt(c, s))
		}
	}
	return found
}

// within is the part of the edge, in metres from its From, that is at most limit metres away.
func (c approach) within(limit float64) (low, high float64) {
	half := math.Sqrt(max(0, limit*limit-c.aside*c.aside))
	return min(max(0, c.foot-half), c.length), max(0, min(c.length, c.foot+half))
}

// cut is how many metres from the foot, towards an end of the edge, it is best to meet an edge that takes the given
// seconds; +Inf where the street is no quicker than the ground beside it.
func (n *Network) cut(c approach, seconds float32) float64 {
	if sine := float64(seconds) / c.length * n.profile.OffStreetSpeedKMH / 3.6; sine < 1 {
		return c.aside * sine / math.Sqrt(1-sine*sine)
	}
	return math.Inf(1)
}

func (n *Network) spotAt(c approach, metres float64) Access {
	a := Access{Edge: c.edge, Metres: math.Hypot(c.aside, metres-c.foot)}
	if c.length > 0 {
		a.Fraction = metres / c.length
	}
	a.Seconds = n.profile.offStreet(a.Metres)
	return a
}

// A Seed is the time between a place and a node near it, off the street and along the first edge.
type Seed struct {
	Node    int32
	Seconds float64
	access  int32 // of the Link
}

// Departures gives the seconds from the place of l to the nodes around it, each node once, in ascending order of nodes.
// Nodes that are reached no later by way of another node of the list are left out.
func (l Link) Departures() []Seed { return l.departures }

// seeds takes the seconds for a whole edge on the side of its From and of its To, and the arcs by which the time at a node
// can be made from the time at another.
func (n *Network) seeds(l Link, by arcs, whole func(Edge) (from, to float64)) []Seed {
	found := make([]Seed, 0, 2*len(l.Access))
	for i, a := range l.Access {
		e := n.edges[a.Edge]
		from, to := whole(e)
		if s := a.Seconds + share(a.Fraction, from); !math.IsInf(s, 1) {
			found = append(found, Seed{e.From, s, int32(i)})
		}
		if s := a.Seconds + share(1-a.Fraction, to); !math.IsInf(s, 1) {
			found = append(found, Seed{e.To, s, int32(i)})
		}
	}
	slices.SortFunc(found, func(a, b Seed) int {
		return cmp.Or(cmp.Compare(a.Node, b.Node), cmp.Compare(a.Seconds, b.Seconds), cmp.Compare(a.access, b.access))
	})
	found = slices.CompactFunc(found, func(a, b Seed) bool { return a.Node == b.Node })
	return slices.DeleteFunc(slices.Clone(found), func(s Seed) bool {
		for _, a := range by.of(s.Node) {
			i, ok := slices.BinarySearchFunc(found, a.node, func(s Seed, node int32) int { return cmp.Compare(s.Node, node) })
			if !ok {
				continue
			}
			// of two nodes that make each other superfluous, the first in order stays
			if t := found[i]; t.Seconds+float64(a.seconds) <= s.Seconds &&
				(t.Seconds < s.Seconds || t.Seconds == s.Seconds && t.Node < s.Node) {
				return true
			}
		}
		return false
	})
}

// share is a part of the seconds for an edge; none of a closed edge is nothing, any more is for ever.
func share(part float64, seconds float64) float64 {
	if part == 0 {
		return 0
	}
	return part * seconds
}

// direct gives the quickest way between two places along one edge that both meet.
func (n *Network) direct(from, to Link) (seconds float64, a, b Access, ok bool) {
	seconds = math.Inf(1)
	if !n.mayMeet(from, to) {
		return seconds, a, b, false
	}
	for i, j := 0, 0; i < len(from.Access) && j < len(to.Access); {
		switch edge, other := from.Access[i].Edge, to.Access[j].Edge; {
		case edge < other:
			i++
		case edge > other:
			j++
		default:
			if s, p, q := n.along(edge, from, to); s < seconds {
				seconds, a, b = s, p, q
			}
			for ; i < len(from.Access) && from.Access[i].Edge == edge; i++ {
			}
		}
	}
	return seconds, a, b, !math.IsInf(seconds, 1)
}

// Along is the least time between two places by way of one edge that both meet: to the edge, along it, and off it again;
// +Inf when the edge is closed in that direction. Of the places only Point and ReachM matter.
func (n *Network) Along(edge int32, from, to Link) float64 {
	seconds, _, _ := n.along(edge, from, to)
	return seconds
}

func (n *Network) along(edge int32, from, to Link) (seconds float64, a, b Access) {
	e := n.edges[edge]
	p, q := n.approach(planeAt(from.Point), edge), n.approach(planeAt(to.Point), edge)
	pLow, pHigh := p.within(from.ReachM)
	qLow, qHigh := q.within(to.ReachM)
	seconds = math.Inf(1)
	try := func(x, y, pace float64) {
		c, d := n.spotAt(p, x), n.spotAt(q, y)
		if s := c.Seconds + share(math.Abs(d.Fraction-c.Fraction), pace) + d.Seconds; s < seconds {
			seconds, a, b = s, c, d
		}
	}
	// Each place at its own best spot, where that leaves some of the edge to go in this direction.
	for i, pace := range [2]float32{e.Forward, e.Backward} {
		sign := float64(1 - 2*i)
		if math.IsInf(float64(pace), 1) {
			continue
		}
		x := min(max(p.foot+sign*n.cut(p, pace), pLow), pHigh)
		y := min(max(q.foot-sign*n.cut(q, pace), qLow), qHigh)
		if sign*(y-x) >= 0 {
			try(x, y, float64(pace))
		}
	}
	// Both at the same spot: where a straight line between them crosses the edge, were they on either side of it.
	if low, high := max(pLow, qLow), min(pHigh, qHigh); low <= high {
		middle := (p.foot + q.foot) / 2
		if p.aside+q.aside > 0 {
			middle = (p.foot*q.aside + q.foot*p.aside) / (p.aside + q.aside)
		}
		middle = min(max(middle, low), high)
		try(middle, middle, 0)
	}
	return seconds, a, b
}

// mayMeet is false when two places surely share no edge: edges near each other have numbers near each other.
func (n *Network) mayMeet(a, b Link) bool {
	return len(a.Access) > 0 && len(b.Access) > 0 &&
		a.Access[0].Edge <= b.Access[len(b.Access)-1].Edge && b.Access[0].Edge <= a.Access[len(a.Access)-1].Edge &&
		Distance(a.Point, b.Point) <= 1.01*(n.maxEdge+a.ReachM+b.ReachM)
}

// spot is the place of an Access.
func (n *Network) spot(a Access) orb.Point {
	e := n.edges[a.Edge]
	from, to := n.nodes[e.From].point(), n.nodes[e.To].point()
	return orb.Point{from[0] + a.Fraction*(to[0]-from[0]), from[1] + a.Fraction*(to[1]-from[1])}
}
