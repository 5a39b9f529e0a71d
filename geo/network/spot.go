package network

import (
	"math"

	"github.com/paulmach/orb"
)

// A Spot is a place on a street from which one goes on in one direction, without turning round on the spot.
type Spot struct {
	Edge    int32
	Metres  float64 // along the edge from its From
	Forward bool    // one goes on to the edge's To, else to its From
	AsideM  float64 // between the place that was asked for and the street
	Next    int32   // node at the end of the edge in that direction
	ToNext  Stretch // along the edge to Next
	Last    int32   // node at its other end, where that is so near that one may still turn off there; else -1

	passed float64 // seconds along the edge from its other end, in that direction
}

// A Stretch is a piece of a way.
type Stretch struct{ Seconds, Metres float64 }

// atNode is how far behind a node one counts as being at it: a course and its streets do not agree to the metre.
const atNode = 50

// along is the least cosine between a street and a direction that it is said to go in.
const along = 0.9

// SpotTowards is the spot nearest to p, at most withinM metres away, on a street that may be travelled in about the direction
// from p to ahead. It is false where there is none.
func (n *Network) SpotTowards(p, ahead orb.Point, withinM float64) (Spot, bool) {
	plane := planeAt(p)
	dx, dy := plane.xy(ahead)
	away := math.Hypot(dx, dy)
	best, forward, found := approach{away: math.Inf(1)}, false, false
	n.eachNear(p, withinM, func(c approach) bool {
		e := n.edges[c.edge]
		if c.away >= best.away || c.length == 0 || e.flags&edgeCopy != 0 {
			return true
		}
		ax, ay := plane.xy(n.bends[c.piece].point())
		bx, by := plane.xy(n.bends[c.piece+1].point())
		cosine := ((bx-ax)*dx + (by-ay)*dy) / (c.length * away)
		if direction := map[bool]int{true: out, false: in}[cosine > 0]; math.Abs(cosine) >= along && e.open(direction) {
			best, forward, found = c, cosine > 0, true
		}
		return true
	})
	if !found {
		return Spot{}, false
	}
	a := n.spotAt(best, min(max(best.foot, 0), best.length))
	e, bends := n.edges[best.edge], n.bendsOf(int32(best.edge))
	s := Spot{Edge: a.Edge, Metres: a.Metres, Forward: forward, AsideM: best.away, Last: -1}
	whole := float64(bends[len(bends)-1].metres)
	if behind := map[bool]float64{true: a.Metres, false: whole - a.Metres}[forward]; behind <= atNode {
		s.Last = map[bool]int32{true: int32(e.from), false: int32(e.to)}[forward]
	}
	if forward {
		s.Next, s.ToNext, s.passed = int32(e.to), Stretch{seconds(e.ticks[out]) - a.forward, whole - a.Metres}, a.forward
	} else {
		s.Next, s.ToNext, s.passed = int32(e.from), Stretch{a.backward, a.Metres}, seconds(e.ticks[in])-a.backward
	}
	return s, true
}

// Ways measures the quickest ways to the places of a Field that was made towards them. It belongs to one goroutine.
type Ways struct {
	field  *Field
	metres map[int32]float64 // from nodes whose way has been followed
}

// Ways begins to measure.
func (f *Field) Ways() *Ways { return &Ways{f, map[int32]float64{}} }

// From is the quickest way from a node to its nearest place; false when there is none.
func (w *Ways) From(node int32) (Stretch, bool) {
	f := w.field
	if f.label(uint32(node)<<f.shift) == nothing {
		return Stretch{}, false
	}
	// Follow the way until one is known, then tell every node that was passed.
	type passed struct {
		node   int32
		metres float64 // to the next one
	}
	var way []passed
	rest, at := 0.0, node
	for {
		if metres, known := w.metres[at]; known {
			rest = metres
			break
		}
		if metres, ends := w.end(at); ends {
			rest = metres
			w.metres[at] = metres
			break
		}
		next, metres := w.next(at)
		if next < 0 {
			return Stretch{}, false
		}
		way = append(way, passed{at, metres})
		at = next
	}
	for i := len(way) - 1; i >= 0; i-- {
		rest += way[i].metres
		w.metres[way[i].node] = rest
	}
	seconds, _, _ := f.At(node, 0)
	return Stretch{seconds, rest}, true
}

// end is the last stretch of the way from a node where its place is reached without another node.
func (w *Ways) end(node int32) (metres float64, ok bool) {
	f, label := w.field, w.field.label(uint32(node)<<w.field.shift)
	target := f.targets[label&ownerMask]
	for _, a := range target.arrivals {
		if a.Node != node || uint64(math.Round(a.Seconds/tick)) != label>>32 {
			continue
		}
		if len(target.Access) == 0 {
			return 0, true // it is the node
		}
		access := target.Access[a.access]
		end := f.net.endNear(access.Edge, node, f.net.fromFrom(access), f.net.fromTo(access))
		return math.Abs(end-access.Metres) + access.OffMetres, true
	}
	return 0, false
}

// next is the node that the quickest way leads to; every edge takes a tick or more, so that it comes to an end.
func (w *Ways) next(node int32) (next int32, metres float64) {
	f, n := w.field, w.field.net
	label := f.label(uint32(node) << f.shift)
	for k := n.first[node]; k < n.first[node+1]; k++ {
		a := n.arcs[k]
		if a.ticks[out] == closed {
			continue
		}
		if there := f.label(a.node << f.shift); there != nothing && there&ownerMask == label&ownerMask && there>>32+uint64(a.ticks[out]) == label>>32 {
			bends := n.bendsOf(int32(n.via[k]))
			return int32(a.node), float64(bends[len(bends)-1].metres)
		}
	}
	return -1, 0
}

// FromSpot is the quickest way from a spot to the nearest place of the Field; false when there is none.
func (w *Ways) FromSpot(s Spot) (best Stretch, ok bool) {
	if way, found := w.From(s.Next); found {
		best, ok = Stretch{s.ToNext.Seconds + way.Seconds, s.ToNext.Metres + way.Metres}, true
	}
	if s.Last >= 0 {
		if way, found := w.From(s.Last); found && (!ok || way.Seconds < best.Seconds) {
			best, ok = way, true
		}
	}
	for _, target := range w.field.targets {
		if target == nil {
			continue
		}
		for _, a := range target.Access {
			if a.Edge != s.Edge {
				continue
			}
			ahead, passed := a.Metres-s.Metres, a.forward
			if !s.Forward {
				ahead, passed = -ahead, seconds(w.field.net.edges[a.Edge].ticks[in])-a.backward
			}
			// Whoever is beside a place goes straight to it, also where the best spot to leave the street lies just behind.
			if ahead < -a.OffMetres-1 {
				continue
			}
			if way := (Stretch{max(0, passed-s.passed) + a.OffSeconds, max(0, ahead) + a.OffMetres}); !ok || way.Seconds < best.Seconds {
				best, ok = way, true
			}
		}
	}
	return best, ok && best.Seconds <= w.field.options.MaxSeconds
}
