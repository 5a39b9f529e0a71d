package network

import (
	"slices"

	"github.com/paulmach/orb"
)

// A Route is the quickest way from a place to one of the targets.
type Route struct {
	Target  int // index among the targets
	Seconds float64
	Metres  float64        // with the ways off the street
	Line    orb.LineString // from the place, along the streets, to the target; degrees
	Legs    []Leg
}

// A Leg is a part of a route on which the kind of way does not change. The first and the last are off the street, where the
// place does not lie on it.
type Leg struct {
	OffStreet bool
	Kind      Kind // on the street only
	Metres    float64
	First     int // index in the route's Line where it begins
	Last      int // and ends, which is where the next one begins
}

// A stretch is a part of an edge in the direction of travel.
type stretch struct {
	edge          int32
	fromM, untilM float64 // metres from the edge's From
}

// trace follows the way to a target backwards from its ending, then draws and measures it.
func (n *Network) trace(r *Route, s *search, from, to Link, e ending) {
	var way []stretch
	leave := e.leave
	if e.direct {
		way = append(way, stretch{leave.Edge, leave.Metres, e.access.Metres})
	} else {
		v := int32(e.node)
		way = append(way, stretch{e.access.Edge, n.endNear(e.access.Edge, v, n.fromFrom(e.access), n.fromTo(e.access)), e.access.Metres})
		for ; s.at[v].from >= 0; v = s.at[v].from {
			way = append(way, n.wholeFrom(s.at[v].by, s.at[v].from))
		}
		leave = from.Access[s.at[v].by]
		way = append(way, stretch{leave.Edge, leave.Metres, n.endNear(leave.Edge, v, n.toFrom(leave), n.toTo(leave))})
	}
	slices.Reverse(way)
	r.Line = orb.LineString{from.Point}
	r.add(Leg{OffStreet: true, Metres: leave.OffMetres}, orb.LineString{from.Point, n.spot(leave)})
	for _, w := range way {
		var line orb.LineString
		if w.fromM <= w.untilM {
			line = n.Line(w.edge, w.fromM, w.untilM)
			r.add(Leg{Kind: n.edges[w.edge].kind, Metres: w.untilM - w.fromM}, line)
		} else {
			line = n.Line(w.edge, w.untilM, w.fromM)
			slices.Reverse(line)
			r.add(Leg{Kind: n.edges[w.edge].kind, Metres: w.fromM - w.untilM}, line)
		}
	}
	r.add(Leg{OffStreet: true, Metres: e.access.OffMetres}, orb.LineString{n.spot(e.access), to.Point})
	if len(r.Line) == 1 {
		r.Line = append(r.Line, r.Line[0]) // a line has two ends, even where both are one
	}
}

// add goes on by a leg along a line that begins where the route ends.
func (r *Route) add(l Leg, line orb.LineString) {
	r.Metres += l.Metres
	l.First = len(r.Line) - 1
	for _, p := range line {
		if p != r.Line[len(r.Line)-1] {
			r.Line = append(r.Line, p)
		}
	}
	l.Last = len(r.Line) - 1
	if l.Metres == 0 && l.First == l.Last {
		return
	}
	if last := len(r.Legs) - 1; last >= 0 && r.Legs[last].Kind == l.Kind && r.Legs[last].OffStreet == l.OffStreet {
		r.Legs[last].Metres += l.Metres
		r.Legs[last].Last = l.Last
		return
	}
	r.Legs = append(r.Legs, l)
}

// endNear is the end of an edge at node v, in metres from its From; where both ends are there, the one that is quicker.
func (n *Network) endNear(e, v int32, viaFrom, viaTo float64) float64 {
	d, bends := n.edges[e], n.bendsOf(e)
	if d.to == uint32(v) && (d.from != d.to || viaTo < viaFrom) {
		return float64(bends[len(bends)-1].metres)
	}
	return 0
}

// wholeFrom is an edge from the node at one of its ends to the other.
func (n *Network) wholeFrom(e, v int32) stretch {
	d, bends := n.edges[e], n.bendsOf(e)
	whole := float64(bends[len(bends)-1].metres)
	if d.from == uint32(v) {
		return stretch{e, 0, whole}
	}
	return stretch{e, whole, 0}
}
