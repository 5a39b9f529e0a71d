package siting

import (
	"context"
	"errors"
	"math"
	"slices"
)

// Centre chooses at most a number of sites so that the longest time of any demand is short: every demand that has a weight
// and that some site reaches at all, so many Times. Value and Bound are seconds; without a plan that reaches them all, Met
// is false and Value is +Inf. Only Limit.Sites limits; floors have no say.
//
// The answer is one of the times in the lists. Halving finds the least within which a plan reaches all; the bound is the
// least within which it is not proven that more sites are needed.
func (p *Problem) Centre(ctx context.Context, l Limit, o Options) (*Plan, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	if l.Budget != 0 || l.Kinds != nil {
		return nil, errors.New("siting: the centre is limited by a number of sites only, not by a budget or kinds")
	}
	r, err := p.room(l)
	if err != nil {
		return nil, err
	}
	// Every demand counts alike, however little it weighs.
	all := *p
	all.Floors, all.Weights = nil, make([]float64, len(p.Weights))
	for i, w := range p.Weights {
		if w > 0 {
			all.Weights[i] = 1
		}
	}
	c := all.reduce()
	everything := c.base + c.total

	radii := slices.Clone(p.Seconds)
	slices.Sort(radii)
	radii = slices.Compact(radii)
	quiet := o
	quiet.Progress, quiet.runs = nil, 8
	var best *state
	// within tries a radius: whether a plan was found, and if not, whether there is proof that there is none.
	within := func(radius float32) (found, refuted bool, err error) {
		near := all.within(radius)
		c := near.reduce()
		if c.base+c.total < everything-c.slack() {
			return false, true, nil
		}
		enough := func(sc score) bool { return sc.covered >= c.total-c.slack() }
		s, err := c.fill(ctx, r, func(s *state) bool { return enough(s.score()) })
		if err != nil {
			return false, false, err
		}
		if !enough(s.score()) {
			if err := s.search(ctx, quiet, enough); err != nil {
				return false, false, err
			}
		}
		if enough(s.score()) {
			best = s
			return true, false, nil
		}
		more := func(bound float64) bool { return math.Ceil(bound-1e-6) > float64(r.sites) }
		few, err := c.fewest(ctx, Options{Kicks: -1}, enough) // a start for the bound, which needs no good plan
		if err != nil {
			return false, false, err
		}
		bound, err := few.atLeast(ctx, c.total, quiet, more)
		return false, more(bound), err
	}
	low, high := 0, len(radii) // all below low are refuted or failed; high was found
	bound := 0                 // all below are refuted
	for low < high {
		middle := (low + high) / 2
		found, refuted, err := within(radii[middle])
		if err != nil {
			return nil, err
		}
		if found {
			high = middle
		} else {
			low = middle + 1
			if refuted {
				bound = max(bound, low)
			}
		}
		value, least := seconds(radii, high), seconds(radii, bound)
		o.tell(Progress{Stage: Swapping, Done: len(radii) - (high - low), Of: len(radii), Value: value, Bound: least})
	}
	if best == nil {
		best = c.start(r)
	}
	// Between what is refuted and what was found, proof may still be had.
	for low, top := bound, high; low < top; {
		middle := (low + top) / 2
		found, refuted, err := within(radii[middle])
		if err != nil {
			return nil, err
		}
		if found {
			high = min(high, middle)
		}
		if refuted {
			low = middle + 1
			bound = low
		} else {
			top = middle
		}
	}
	weighed := *p
	weighed.Floors = nil
	plan := weighed.plan(best)
	c = weighed.reduce()
	plan.Reachable = c.base + c.total
	if everything == 0 {
		return plan, nil // nothing is asked for: no time at all
	}
	plan.Met, plan.Impossible = high < len(radii), bound == len(radii)
	if err := plan.settle(seconds(radii, high), seconds(radii, bound), false); err != nil {
		return nil, err
	}
	return plan, nil
}

// seconds is the i-th radius; +Inf beyond the last.
func seconds(radii []float32, i int) float64 {
	if i >= len(radii) {
		return math.Inf(1)
	}
	return float64(radii[i])
}

// within is the problem with only what sites reach within a radius.
func (p *Problem) within(radius float32) *Problem {
	near := *p
	near.Starts, near.Demands, near.Seconds = make([]int, 1, len(p.Starts)), nil, nil
	for s := range p.Sites {
		demands, times := p.reach(s)
		for k, i := range demands {
			if times[k] <= radius {
				near.Demands, near.Seconds = append(near.Demands, i), append(near.Seconds, times[k])
			}
		}
		near.Starts = append(near.Starts, len(near.Demands))
	}
	return &near
}
