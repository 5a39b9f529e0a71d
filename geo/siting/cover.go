package siting

import (
	"context"
	"math"
	"slices"
)

// Cover chooses sites within a limit so that as much weight as possible is covered, floors first.
func (p *Problem) Cover(ctx context.Context, l Limit, o Options) (*Plan, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	r, err := p.room(l)
	if err != nil {
		return nil, err
	}
	c := p.reduce()
	s, err := c.fill(ctx, r, func(*state) bool { return false })
	if err != nil {
		return nil, err
	}
	o.tell(Progress{Stage: Greedy, Done: 1, Of: 1, Value: c.base + s.covered, Bound: nan})
	if err := s.search(ctx, o, func(sc score) bool { return sc.lack == 0 && sc.covered >= c.total-c.slack() }); err != nil {
		return nil, err
	}
	bound, err := s.atMost(ctx, r, o)
	if err != nil {
		return nil, err
	}
	plan := p.plan(s)
	if err := plan.settle(plan.Covered, p.whole(c.base+bound), true); err != nil {
		return nil, err
	}
	if !plan.Met {
		if plan.Impossible, err = p.impossible(ctx, r, o); err != nil {
			return nil, err
		}
	}
	return plan, nil
}

// impossible says whether a floor cannot be met within a room, even if all else is left aside.
func (p *Problem) impossible(ctx context.Context, r room, o Options) (bool, error) {
	o.Progress = nil
	for _, f := range p.Floors {
		alone := *p
		alone.Floors, alone.Weights = nil, make([]float64, len(p.Weights))
		least := 0.0
		for _, i := range f.Demands {
			alone.Weights[i] = p.Weights[i]
			least += p.Weights[i]
		}
		c := alone.reduce()
		s, err := c.fill(ctx, r, func(*state) bool { return false })
		if err != nil {
			return false, err
		}
		bound, err := s.atMost(ctx, r, o)
		if err != nil {
			return false, err
		}
		if c.base+bound < f.Share*least-1e-9*least {
			return true, nil
		}
	}
	return false, nil
}

// whole rounds a bound down if all weights are whole numbers, for then so is what can be covered.
func (p *Problem) whole(bound float64) float64 {
	for _, w := range p.Weights {
		if w != math.Trunc(w) {
			return bound
		}
	}
	return math.Floor(bound + 1e-6)
}

// plan reads a state back into the terms of the problem, from the lists themselves.
func (p *Problem) plan(s *state) *Plan {
	var chosen []int
	for i, site := range p.Sites {
		if site.Role == Required {
			chosen = append(chosen, i)
		}
	}
	for _, a := range s.chosen {
		chosen = append(chosen, int(s.site[a]))
	}
	plan := p.Evaluate(chosen)
	plan.Reachable = s.base + s.total
	plan.Merged, plan.Kept = len(s.weight), len(s.site)
	return plan
}

// Evaluate says what the given sites cover, with the existing ones. It gives no Value and no Bound.
func (p *Problem) Evaluate(chosen []int) *Plan {
	plan := &Plan{Met: true}
	count := make([]int32, len(p.Weights))
	times := p.times()
	add := func(s int) (adds float64) {
		demands, _ := p.reach(s)
		for _, i := range demands {
			if count[i]++; count[i] == times {
				adds += p.Weights[i]
			}
		}
		return adds
	}
	for _, w := range p.Weights {
		plan.Total += w
	}
	for s, site := range p.Sites {
		if site.Role == Existing {
			plan.Existing += add(s)
		}
	}
	plan.Covered = plan.Existing
	// The order is that of greedy. A part for each time keeps it telling when a demand must be reached several times.
	left := slices.Clone(chosen)
	slices.Sort(left)
	gain := func(s int) (whole, part float64) {
		demands, _ := p.reach(s)
		for _, i := range demands {
			if count[i] < times {
				part += p.Weights[i]
				if count[i] == times-1 {
					whole += p.Weights[i]
				}
			}
		}
		return whole, part
	}
	for len(left) > 0 {
		best, most, part := 0, -1.0, -1.0
		for k, s := range left {
			if w, q := gain(s); w > most || w == most && q > part {
				best, most, part = k, w, q
			}
		}
		s := left[best]
		left = slices.Delete(left, best, best+1)
		adds := add(s)
		plan.Covered += adds
		plan.Chosen = append(plan.Chosen, Choice{Site: s, Adds: adds, Covered: plan.Covered})
	}
	for k := range plan.Chosen {
		demands, _ := p.reach(plan.Chosen[k].Site)
		for _, i := range demands {
			if count[i] == times {
				plan.Chosen[k].Alone += p.Weights[i]
			}
		}
	}
	for _, f := range p.Floors {
		var h Held
		for _, i := range f.Demands {
			h.Weight += p.Weights[i]
			if count[i] >= times {
				h.Covered += p.Weights[i]
			}
		}
		h.Met = h.Covered >= f.Share*h.Weight-1e-9*plan.Total
		plan.Met = plan.Met && h.Met
		plan.Floors = append(plan.Floors, h)
	}
	return plan
}
