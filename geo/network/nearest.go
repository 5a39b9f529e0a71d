package network

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

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
	s := n.scratch.searches.Get().(*search)
	s.queue = n.scratch.queues.Get().(*queue)
	s.queue.shift = 0 // a node must not be passed before all that is due earlier
	defer func() {
		s.queue.reset()
		n.scratch.queues.Put(s.queue)
		s.reset()
		n.scratch.searches.Put(s)
	}()

	waiting := n.byDistance(from.Point, targets, maxSeconds)
	best := make(map[int32]ending)     // the quickest way to a target so far
	ends := make(map[uint32][]arrival) // by node, of the targets that the search has come near to
	bound := maxSeconds                // no way that takes longer is wanted
	offer := func(t int32, e ending) {
		if b, ok := best[t]; e.seconds <= bound && (!ok || e.seconds < b.seconds) {
			best[t] = e
			if len(best) >= limit {
				bound = min(bound, nthSeconds(best, limit))
			}
		}
	}
	end := func(a arrival, node uint32) {
		offer(a.target, ending{seconds: s.seconds(node) + a.Seconds, node: node, access: targets[a.target].Access[a.access]})
	}
	for _, d := range from.departures {
		s.offer(uint32(d.Node), step{ticks: uint32(math.Round(d.Seconds / tick)), from: -1, by: d.access})
	}
	for rounds := 0; ; rounds++ {
		if rounds%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		due, batch, more := s.queue.pop()
		now := math.Inf(1)
		if more {
			now = float64(due) * tick
		}
		// A target takes part from the moment when the search could reach it.
		for len(waiting) > 0 && waiting[0].least <= min(now, bound) {
			t := waiting[0].target
			waiting = waiting[1:]
			if seconds, a, b, ok := n.direct(from, targets[t]); ok {
				offer(t, ending{seconds: seconds, direct: true, leave: a, access: b})
			}
			for _, a := range targets[t].arrivals {
				ends[uint32(a.Node)] = append(ends[uint32(a.Node)], arrival{t, a})
				if s.settled(uint32(a.Node)) {
					end(arrival{t, a}, uint32(a.Node))
				}
			}
		}
		if now > bound || !more {
			break
		}
		for _, v := range batch {
			if s.at[v].ticks != due || s.settled(v) {
				continue
			}
			s.settle(v)
			for _, a := range ends[v] {
				end(a, v)
			}
			for k := n.first[v]; k < n.first[v+1]; k++ {
				if a := n.arcs[k]; a.ticks[out] != closed {
					s.offer(a.node, step{due + uint32(a.ticks[out]), int32(v), int32(n.via[k])})
				}
			}
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
		n.trace(&routes[i], s, from, targets[routes[i].Target], best[int32(routes[i].Target)])
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
	node    uint32
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
		// a thousandth less, for the roundness of the Earth and of numbers, and a tick for that of the place's own way
		if least := 0.999*Distance(p, t.Point)/n.MaxSpeed - tick; len(t.Access) > 0 && least <= maxSeconds {
			found = append(found, candidate{int32(i), least})
		}
	}
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.least, b.least), cmp.Compare(a.target, b.target))
	})
	return found
}

// A search holds what one search writes; it is used again by the next, which sees only marks of its own round.
type search struct {
	at    []step
	round []uint32 // twice the number of the search that reached a node, and one more when it is settled
	this  uint32
	queue *queue
}

// A step says how a node was reached.
type step struct {
	ticks uint32
	from  int32 // node before it; -1 at the start
	by    int32 // edge from there; at the start, index of the Access
}

func newSearch(nodes int) *search {
	return &search{at: make([]step, nodes), round: make([]uint32, nodes), this: 2}
}

func (s *search) reset() {
	s.queue = nil
	s.this += 2
	if s.this == 0 {
		clear(s.round)
		s.this = 2
	}
}

func (s *search) seconds(v uint32) float64 { return float64(s.at[v].ticks) * tick }

func (s *search) settled(v uint32) bool { return s.round[v] == s.this+1 }

func (s *search) settle(v uint32) { s.round[v] = s.this + 1 }

func (s *search) offer(v uint32, to step) {
	if s.settled(v) || s.round[v] == s.this && to.ticks >= s.at[v].ticks {
		return
	}
	s.at[v], s.round[v] = to, s.this
	s.queue.push(to.ticks, v)
}
