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
	Island bool      // only a small part of the network that is not joined to the rest is within reach
	Access []Access  // ordered by Edge, then Metres

	departures []Seed // from the place to nodes
	arrivals   []Seed // from nodes to the place
}

// An Access is a spot on an edge where the way between a place and the street may meet the street: one that makes the way
// to, or from, an end of the edge quickest. Since it pays to cut a corner it is seldom the spot nearest to the place.
type Access struct {
	Edge       int32
	Metres     float64 // along the edge from its From
	OffMetres  float64 // off the street, in a straight line
	OffSeconds float64 // off the street

	piece             uint32  // bend that the straight piece begins at
	fraction          float64 // of that piece
	forward, backward float64 // seconds along the edge from its From, and back to it
}

// closer than this, two spots on an edge are one: it moves no time by more than a fifth of a second
const sameSpotM = 0.25

// Link ties p to every edge within reach but ferries; false when there is none, and p has no access to the network.
//
// An edge counts when it is at most reachM metres away and, beyond the profile's CellReachM, at most twice as far as the
// nearest one: who lives on a street does not walk cross-country to another. Edges of islands (see SmallIsland) count only
// when nothing else is within reach. What lies between the place and the street, a wall or a river, is not known here.
func (n *Network) Link(p orb.Point, reachM float64) (Link, bool) {
	near, limit, island := n.near(p, reachM)
	if len(near) == 0 {
		return Link{}, false
	}
	l := Link{Point: p, ReachM: limit, Island: island, Access: make([]Access, 0, 3*len(near))}
	for _, c := range near {
		if c.away <= limit {
			l.Access = n.access(l.Access, c, limit)
		}
	}
	l.Access = slices.Clip(l.Access)
	l.departures = n.seeds(l, out)
	l.arrivals = n.seeds(l, in)
	return l, true
}

// LinkNode ties the place of node v to it, and to nothing beside it. It serves Fields; a route needs a place on a street.
func (n *Network) LinkNode(v int32) Link {
	at := []Seed{{Node: v}}
	return Link{Point: n.Node(v), Island: n.island(uint32(v)), departures: at, arrivals: at}
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

// An approach is a straight piece of an edge as seen from a place.
type approach struct {
	piece, edge uint32
	length      float64 // of the piece on the plane around the place, metres
	foot        float64 // distance along the piece's line from its begin to the point nearest to the place, metres; may be off its ends
	aside       float64 // from the place to the piece's line, metres
	away        float64 // from the place to the piece, metres
}

// near gives the pieces within reach of p, islands left out where possible, and the distance up to which they count.
func (n *Network) near(p orb.Point, reachM float64) (near []approach, limit float64, island bool) {
	nearest, mainland := math.Inf(1), false
	n.eachNear(p, reachM, func(c approach) bool {
		main := !n.island(n.edges[c.edge].from)
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
	return near, min(reachM, max(n.profile.CellReachM, 2*nearest)), !mainland
}

func (n *Network) eachNear(p orb.Point, reachM float64, f func(approach) bool) {
	if !(p[0] >= -180 && p[0] <= 180 && p[1] >= -90 && p[1] <= 90 && reachM > 0) {
		return
	}
	plane := planeAt(p)
	n.eachPiece(plane.around(reachM), func(at, edge uint32) bool {
		if n.edges[edge].kind == Ferry {
			return true // nobody gets on or off on the way
		}
		if c := n.approach(plane, at, edge); c.away <= reachM {
			return f(c)
		}
		return true
	})
}

func (n *Network) approach(f plane, at, edge uint32) approach {
	ax, ay := f.xy(n.bends[at].point())
	bx, by := f.xy(n.bends[at+1].point())
	dx, dy := bx-ax, by-ay
	c := approach{piece: at, edge: edge, length: math.Hypot(dx, dy)}
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

// access appends the spots on the piece of c, none farther than limit metres from the place, in order along the edge.
//
// Along the street, time to an end grows by pace seconds a metre; off the street by 1/speed a metre. The sum is least where
// the off-street way meets the street at the angle whose sine against the perpendicular is pace·speed (Snell's law), or at
// the end itself when walking on the street is no quicker than beside it.
func (n *Network) access(to []Access, c approach, limit float64) []Access {
	low, high := c.within(limit)
	var spots [4]float64
	count := 0
	for _, direction := range [2]int{out, in} {
		if !n.edges[c.edge].open(direction) {
			continue
		}
		cut := n.cut(c, direction)
		for _, s := range [2]float64{c.foot - cut, c.foot + cut} {
			s = min(max(s, low), high)
			if !slices.ContainsFunc(spots[:count], func(t float64) bool { return math.Abs(s-t) < sameSpotM }) {
				spots[count] = s
				count++
			}
		}
	}
	slices.Sort(spots[:count])
	for _, s := range spots[:count] {
		to = append(to, n.spotAt(c, s))
	}
	return to
}

// within is the part of the piece, in metres from its begin, that is at most limit metres away.
func (c approach) within(limit float64) (low, high float64) {
	half := math.Sqrt(max(0, limit*limit-c.aside*c.aside))
	return min(max(0, c.foot-half), c.length), max(0, min(c.length, c.foot+half))
}

// cut is how many metres from the foot, towards an end of the piece, it is best to meet it; +Inf where the street is no
// quicker than the ground beside it.
func (n *Network) cut(c approach, direction int) float64 {
	a, b := n.bends[c.piece], n.bends[c.piece+1]
	seconds := float64(b.seconds(direction)) - float64(a.seconds(direction))
	if sine := seconds / c.length * n.profile.OffStreetSpeedKMH / 3.6; sine < 1 {
		return c.aside * sine / math.Sqrt(1-sine*sine)
	}
	return math.Inf(1)
}

// spotAt is the spot so many metres along the piece of c.
func (n *Network) spotAt(c approach, metres float64) Access {
	a := Access{Edge: int32(c.edge), piece: c.piece, OffMetres: math.Hypot(c.aside, metres-c.foot)}
	a.OffSeconds = a.OffMetres / (n.profile.OffStreetSpeedKMH / 3.6)
	if c.length > 0 {
		a.fraction = metres / c.length
	}
	begin, end := n.bends[c.piece], n.bends[c.piece+1]
	along := func(from, to float32) float64 { return float64(from) + a.fraction*(float64(to)-float64(from)) }
	a.Metres = along(begin.metres, end.metres)
	a.forward, a.backward = along(begin.forward, end.forward), along(begin.backward, end.backward)
	return a
}

// spot is the place of an Access.
func (n *Network) spot(a Access) orb.Point {
	return between(n.bends[a.piece].point(), n.bends[a.piece+1].point(), a.fraction)
}

// toFrom and toTo are the seconds along the edge from a to its ends, fromFrom and fromTo those from its ends to a.
func (n *Network) toFrom(a Access) float64 {
	return or(n.edges[a.Edge].open(in), a.backward)
}
func (n *Network) toTo(a Access) float64 {
	return or(n.edges[a.Edge].open(out), seconds(n.edges[a.Edge].ticks[out])-a.forward)
}
func (n *Network) fromFrom(a Access) float64 {
	return or(n.edges[a.Edge].open(out), a.forward)
}
func (n *Network) fromTo(a Access) float64 {
	return or(n.edges[a.Edge].open(in), seconds(n.edges[a.Edge].ticks[in])-a.backward)
}

// or is the seconds where that direction is open; +Inf where it is not.
func or(open bool, seconds float64) float64 {
	if !open {
		return math.Inf(1)
	}
	return seconds
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

// Arrivals gives the seconds from the nodes around it to the place of l, as Departures does.
func (l Link) Arrivals() []Seed { return l.arrivals }

// seeds gives the times from the place to nodes (out) or from nodes to it (in).
func (n *Network) seeds(l Link, direction int) []Seed {
	found := make([]Seed, 0, 2*len(l.Access))
	for i, a := range l.Access {
		e := n.edges[a.Edge]
		from, to := n.toFrom(a), n.toTo(a)
		if direction == in {
			from, to = n.fromFrom(a), n.fromTo(a)
		}
		for _, s := range [2]Seed{{int32(e.from), a.OffSeconds + from, int32(i)}, {int32(e.to), a.OffSeconds + to, int32(i)}} {
			if !math.IsInf(s.Seconds, 1) {
				found = append(found, s)
			}
		}
	}
	slices.SortFunc(found, func(a, b Seed) int {
		return cmp.Or(cmp.Compare(a.Node, b.Node), cmp.Compare(a.Seconds, b.Seconds), cmp.Compare(a.access, b.access))
	})
	found = slices.CompactFunc(found, func(a, b Seed) bool { return a.Node == b.Node })
	return slices.DeleteFunc(slices.Clone(found), func(s Seed) bool {
		for _, a := range n.arcs[n.first[s.Node]:n.first[s.Node+1]] {
			ticks := a.ticks[1-direction] // between the other node and this one, the way the seed goes
			if ticks == closed {
				continue
			}
			i, ok := slices.BinarySearchFunc(found, int32(a.node), func(s Seed, node int32) int { return cmp.Compare(s.Node, node) })
			if !ok {
				continue
			}
			// of two nodes that make each other superfluous, the first in order stays
			if t := found[i]; t.Node != s.Node && t.Seconds+seconds(ticks) <= s.Seconds &&
				(t.Seconds < s.Seconds || t.Seconds == s.Seconds && t.Node < s.Node) {
				return true
			}
		}
		return false
	})
}
