package network

import (
	"context"
	"errors"
	"math"
)

// Around calls each for every node from which the place of l is reached within maxSeconds, nearest first, with the seconds that
// takes: what a Field of this one place tells of nodes, without making one. It is for whoever asks about thousands of places,
// one after the other.
func (n *Network) Around(ctx context.Context, l Link, maxSeconds float64, each func(node int32, seconds float64)) error {
	if !(maxSeconds >= 0) {
		return errors.New("network: the longest time must not be negative or NaN")
	}
	most := uint32(none - 1)
	if maxSeconds < float64(none-1)*tick {
		most = uint32(maxSeconds/tick + 1e-6) // as in Field
	}
	s := n.scratch.searches.Get().(*search)
	s.queue = n.scratch.queues.Get().(*queue)
	s.queue.shift = 0
	defer func() {
		s.queue.reset()
		n.scratch.queues.Put(s.queue)
		s.reset()
		n.scratch.searches.Put(s)
	}()
	for _, a := range l.arrivals {
		if ticks := uint32(math.Round(a.Seconds / tick)); ticks <= most {
			s.offer(uint32(a.Node), step{ticks: ticks})
		}
	}
	for rounds := 0; ; rounds++ {
		if rounds%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		due, batch, ok := s.queue.pop()
		if !ok {
			return nil
		}
		for _, v := range batch {
			if s.at[v].ticks != due || s.settled(v) {
				continue
			}
			s.settle(v)
			each(int32(v), float64(due)*tick)
			for _, a := range n.arcs[n.first[v]:n.first[v+1]] {
				if t := a.ticks[in]; t != closed && due+uint32(t) <= most {
					s.offer(a.node, step{ticks: due + uint32(t)})
				}
			}
		}
	}
}
