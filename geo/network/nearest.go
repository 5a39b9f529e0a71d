package network

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// A Route is the quickest way from a place to one of the targets.
type Route struct {
	Target  int // index among the targets
	Seconds float64
	Metres  float64        // with the ways off the street
	Line    orb.LineString // from the place, along the streets, to the target; degrees
}

// Nearest gives the targets within maxSeconds of the place of from that take the least time, at most limit of them, in
// ascending order of seconds and, among equals, of their index. It is exact. Every way meets a street: from the place to
// it within the place's reach, along streets, and from the street to the target. Two places off the same edge may use
// that edge alone; nobody goes cross-country from door to door.
func (n *Network) Nearest(ctx context.Context, from Link, targets []Link, limit int, maxSeconds float64) ([]Route, error) {
	if !(maxSeconds >= 0) {
		return nil, errors.New("network: the longest time must not be negative or NaN")
	}
	if limit <= 0 || len(from.Access) == 0 {
		return nil, nil
	}
	s := n.scratch.Get().(*search)
	defer func() { s.reset(); n.scratch.Put(s) }()

	waiting := n.byDistance(from.Point, targets, maxSeconds)
	best := make(map[int32]ending)    // the quickest way to a target so far
	ends := make(map[int32][]arrival) // by node, of the targets that the search has come near to
	bound := maxSeconds               // no way that takes longer is wanted
	offer := func(t int32, e ending) {
		if b, ok := best[t]; e.seconds <= bound && (!ok || e.seconds < b.seconds) {
			best[t] = e
			if len(best) >= limit {
				bound = min(bound, nthSeconds(best, limit))
			}
		}
	}
	for _, d := range from.departures {
		s.offer(d.Node, step{d.Seconds, -1, d.access}, maxSeconds)
	}
	for steps := 0; ; steps++ {
		if steps%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		now := math.Inf(1)
		if len(s.open) > 0 {
			now = s.open[0].seconds
		}
		// A target takes part from the moment when the search could reach it.
		for len(waiting) > 0 && waiting[0].least <= min(now, bound) {
			t := waiting[0].target
			waiting = waiting[1:]
			if seconds, a, b, ok := n.direct(from, targets[t]); ok {
				offer(t, ending{seconds: seconds, direct: true, leave: a, access: b})
			}
			for _, a := range targets[t].arrivals {
				ends[a.Node] = append(ends[a.Node], arrival{t, a})
				if s.settled(a.Node) {
					offer(t, ending{seconds: s.at[a.Node].seconds + a.Seconds, node: a.Node, access: targets[t].Access[a.access]})
				}
			}
		}
		if now > bound || math.IsInf(now, 1) {
			break
		}
		e := s.open.pop()
		if s.settled(e.node) {
			continue
		}
		s.settle(e.node)
		for _, a := range ends[e.node] {
			offer(a.target, ending{seconds: e.seconds + a.Seconds, node: e.node, access: targets[a.target].Access[a.access]})
		}
		for _, a := range n.out.of(e.node) {
			s.offer(a.node, step{e.seconds + float64(a.seconds), e.node, a.edge}, bound)
		}
	}

	routes := make([]Route, 0, len(best))
	for t, e := range best {
		if e.seconds <= bound {
			routes = append(routes, Route{Target: int(t), Seconds: e.seconds})
		}
	}
	slices.SortFunc(routes, func(a, b Route) int {
		return cmp.Or(cmp.Compare(a.Seconds, b.Seconds), cmp.Compare(a.Target, b.Target))
	})
	routes = slices.Clip(routes[:min(limit, len(routes))])
	for i := range routes {
		r := &routes[i]
		r.Metres, r.Line = n.trace(s, from, targets[r.Target], best[int32(r.Target)])
	}
	return routes, nil
}

type arrival struct {
	target int32
	Seed
}

// An ending is the last stretch to a target: from a node, or along the edge that the way began on.
type ending struct {
	seconds float64
	node    int32
	direct  bool
	leave   Access // direct only: where the way joins the edge
	access  Access // where it leaves the last edge
}

// nthSeconds is the n-th smallest time.
func nthSeconds(best map[int32]ending, n int) float64 {
	all := make([]float64, 0, len(best))
	for _, e := range best {
		all = append(all, e.seconds)
	}
	slices.Sort(all)
	return all[n-1]
}

type candidate struct {
	target int32
	least  float64 // seconds as the crow flies at the highest speed anywhere
}

// byDistance gives the targets that might be within maxSeconds of p, in the order in which a search may come near them.
func (n *Network) byDistance(p orb.Point, targets []Link, maxSeconds float64) []candidate {
	var found []candidate
	for i, t := range targets {
		// a thousandth less, for the roundness of the Earth and of numbers
		if least := 0.999 * Distance(p, t.Point) / n.maxSpeed; len(t.Access) > 0 && least <= maxSeconds {
			found = append(found, candidate{int32(i), least})
		}
	}
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.least, b.least), cmp.Compare(a.target, b.target))
	})
	return found
}

// trace draws the way to a target backwards from its ending, and measures it.
func (n *Network) trace(s *search, from, to Link, e ending) (metres float64, line orb.LineString) {
	line = orb.LineString{to.Point, n.spot(e.access)}
	metres = e.access.Metres
	along := func(edge int32, part float64) { metres += math.Abs(part) * float64(n.edges[edge].LengthM) }
	leave := e.leave
	if e.direct {
		along(leave.Edge, e.access.Fraction-leave.Fraction)
	} else {
		v := e.node
		along(e.access.Edge, e.access.Fraction-n.fractionOf(e.access.Edge, v))
		for line = append(line, n.Node(v)); s.at[v].from >= 0; line = append(line, n.Node(v)) {
			along(s.at[v].by, 1)
			v = s.at[v].from
		}
		leave = from.Access[s.at[v].by]
		along(leave.Edge, leave.Fraction-n.fractionOf(leave.Edge, v))
	}
	metres += leave.Metres
	line = append(line, n.spot(leave), from.Point)
	slices.Reverse(line)
	line = slices.Compact(line)
	if len(line) == 1 {
		line = append(line, line[0]) // a line has two ends, even where both are one
	}
	return metres, line
}

func (n *Network) fractionOf(edge, node int32) float64 {
	if n.edges[edge].From == node {
		return 0
	}
	return 1
}

// A search holds what one search writes; it is used again by the next, which sees only marks of its own round.
type search struct {
	at    []step
	round []uint32 // twice the number of the search that reached a node, and one more when it is settled
	this  uint32
	open  queue
}

// A step says how a node was reached.
type step struct {
	seconds float64
	from    int32 // node before it; -1 at the start
	by      int32 // edge from there; at the start, index of the Access
}

func newSearch(nodes int) *search {
	return &search{at: make([]step, nodes), round: make([]uint32, nodes), this: 2}
}

func (s *search) reset() {
	s.open = s.open[:0]
	s.this += 2
	if s.this == 0 {
		clear(s.round)
		s.this = 2
	}
}

func (s *search) settled(v int32) bool { return s.round[v] == s.this+1 }

func (s *search) settle(v int32) { s.round[v] = s.this + 1 }

func (s *search) offer(v int32, to step, most float64) {
	if to.seconds > most || s.settled(v) || s.round[v] == s.this && to.seconds >= s.at[v].seconds {
		return
	}
	s.at[v], s.round[v] = to, s.this
	s.open.push(entry{to.seconds, 0, v})
}
