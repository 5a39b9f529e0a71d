package siting

import (
	"container/heap"
	"context"
	"math/rand/v2"
	"slices"
)

// lazily takes columns while one fits that gains, always the one that gains most; among equals the first. Gains may only
// fall as columns are taken, so most of them are never asked again: the top of a heap of gains as they were is asked anew,
// and taken if it stays on top.
func lazily(ctx context.Context, cols []int32, gain func(a int32) float64, fits func(a int32) bool, take func(a int32) (more bool)) error {
	h := make(gains, 0, len(cols))
	for i, a := range cols {
		if g := gain(a); g > 0 {
			h = append(h, gained{a, g})
		}
		if i%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
	heap.Init(&h)
	for len(h) > 0 {
		top := &h[0]
		if !fits(top.col) { // room only shrinks
			heap.Pop(&h)
			continue
		}
		now := gain(top.col)
		if now < top.gain {
			top.gain = now
			if now <= 0 {
				heap.Pop(&h)
			} else {
				heap.Fix(&h, 0)
			}
			continue
		}
		a := top.col
		heap.Pop(&h)
		if !take(a) {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

type gained struct {
	col  int32
	gain float64
}

type gains []gained

func (h gains) Len() int { return len(h) }
func (h gains) Less(i, j int) bool {
	return h[i].gain > h[j].gain || h[i].gain == h[j].gain && h[i].col < h[j].col
}
func (h gains) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *gains) Push(x any)   { *h = append(*h, x.(gained)) }
func (h *gains) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// gain is the weight that column a would add. A row that needs several columns counts a part for each of them, or greedy
// would never take the first.
func (s *state) gain(a int32) float64 {
	g := 0.0
	for _, r := range s.cols.at(a) {
		if s.count[r] < s.need[r] {
			g += s.weight[r] / float64(s.need[r])
		}
	}
	return g
}

// gainOfFloors is what column a would add to what floors lack.
func (s *state) gainOfFloors(a int32) float64 {
	var adds []float64
	for _, r := range s.cols.at(a) {
		if s.count[r] < s.need[r] && len(s.floors[r]) > 0 {
			if adds == nil {
				adds = make([]float64, len(s.lacks))
			}
			for _, g := range s.floors[r] {
				adds[g] += s.weight[r] / float64(s.need[r])
			}
		}
	}
	total := 0.0
	for g, add := range adds {
		total += max(0, min(add, s.lacks[g]))
	}
	return total
}

// A way of being greedy.
type way struct {
	floors bool       // those first
	byCost bool       // what is gained for its cost counts
	from   []int32    // only these columns; nil: all
	errs   *rand.Rand // it errs a little, so that what is filled again is filled otherwise; nil: it does not
}

// greedy fills the room, until done.
func (s *state) greedy(ctx context.Context, w way, done func() bool) error {
	if s.room.sites <= 0 {
		return nil
	}
	from := w.from
	if from == nil {
		from = numbers(len(s.site))
	}
	var liking map[int32]float64
	if w.errs != nil {
		liking = make(map[int32]float64, len(from))
		for _, a := range from {
			liking[a] = 0.7 + 0.6*w.errs.Float64()
		}
	}
	per := func(gain func(int32) float64) func(int32) float64 {
		return func(a int32) float64 {
			g := gain(a)
			if w.byCost {
				g /= max(s.cost[a], 1e-9)
			}
			if liking != nil {
				g *= liking[a]
			}
			return g
		}
	}
	fits := func(a int32) bool { return !s.open[a] && s.room.fits(s.cost[a], s.kind[a]) }
	if w.floors && s.score().lack > 0 {
		err := lazily(ctx, from, per(s.gainOfFloors), fits, func(a int32) bool {
			s.add(a)
			return s.score().lack > 0
		})
		if err != nil {
			return err
		}
	}
	if done() {
		return nil
	}
	return lazily(ctx, from, per(s.gain), fits, func(a int32) bool {
		s.add(a)
		return !done()
	})
}

// fill is the best of the ways to be greedy: by weight alone or by weight for its cost (Khuller, Moss & Naor 1999,
// Information Processing Letters 70), floors first or not.
func (c *core) fill(ctx context.Context, r room, done func(*state) bool) (*state, error) {
	costs := c.costs()
	var best *state
	for _, w := range []way{{}, {byCost: true}, {floors: true}, {floors: true, byCost: true}} {
		if w.floors && c.floors == nil || w.byCost && !costs {
			continue
		}
		s := c.start(r)
		if err := s.greedy(ctx, w, func() bool { return done(s) }); err != nil {
			return nil, err
		}
		if best == nil || s.score().above(best.score(), c.slack()) {
			best = s
		}
	}
	return best, nil
}

// costs says whether some columns cost more than others.
func (c *core) costs() bool { return len(c.cost) > 0 && slices.Min(c.cost) < slices.Max(c.cost) }

// numbers are those from 0 up to n.
func numbers(n int) []int32 {
	all := make([]int32, n)
	for a := range all {
		all[a] = int32(a)
	}
	return all
}
