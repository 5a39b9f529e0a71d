package siting

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
)

// Reach chooses as few sites as it can so that a share of the weight is covered, from 0 to 1, and all floors hold. A share
// of 1 means all that can be covered at all: what no site reaches is left aside, and told by Reachable and Total. Costs and
// kinds do not matter. Value counts the required sites too.
func (p *Problem) Reach(ctx context.Context, share float64, o Options) (*Plan, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	if !(share >= 0 && share <= 1) {
		return nil, fmt.Errorf("siting: %v is no share from 0 to 1", share)
	}
	required := 0
	for _, site := range p.Sites {
		if site.Role == Required {
			required++
		}
	}
	alike := *p // a dear site may stand in for a cheap one
	alike.Sites = slices.Clone(p.Sites)
	for s := range alike.Sites {
		alike.Sites[s].Cost, alike.Sites[s].Kind = 1, 0
	}
	c := alike.reduce()
	all := 0.0
	for _, w := range p.Weights {
		all += w
	}
	target := c.total // of rows
	if share < 1 {
		target = share*all - c.base
	}
	impossible := target > c.total+c.slack()
	target = min(target, c.total)
	enough := func(sc score) bool { return sc.lack == 0 && sc.covered >= target-c.slack() }
	s, err := c.fewest(ctx, o, enough)
	if err != nil {
		return nil, err
	}
	bound := 0.0
	if target > c.slack() {
		if bound, err = s.atLeast(ctx, target, o, func(float64) bool { return false }); err != nil {
			return nil, err
		}
	}
	plan := p.plan(s)
	if err := plan.settle(float64(required+len(s.chosen)), float64(required)+math.Ceil(bound-1e-6), false); err != nil {
		return nil, err
	}
	plan.Met = plan.Met && enough(s.score()) && !impossible
	plan.Impossible = impossible
	if !plan.Met && !impossible {
		// Every column is open: what floors still lack cannot be had.
		plan.Impossible = len(s.chosen) == len(s.site)
	}
	return plan, nil
}

// fewest gives a state of few columns that is enough; with all columns if even they are not.
func (c *core) fewest(ctx context.Context, o Options, enough func(score) bool) (*state, error) {
	anything := room{sites: math.MaxInt32, budget: math.Inf(1)}
	s, err := c.fill(ctx, anything, func(s *state) bool { return enough(s.score()) })
	if err != nil {
		return nil, err
	}
	if !enough(s.score()) {
		for a := range int32(len(c.site)) {
			if !s.open[a] {
				s.add(a)
			}
		}
	}
	for enough(s.score()) && len(s.chosen) > 0 {
		was := slices.Clone(s.chosen)
		o.tell(Progress{Stage: Greedy, Done: len(c.site) - len(was), Of: len(c.site), Value: float64(len(was)), Bound: nan})
		loss := make([]float64, len(c.site))
		s.losses(loss)
		s.drop(slices.MinFunc(was, func(a, b int32) int { return cmp.Or(cmp.Compare(loss[a], loss[b]), cmp.Compare(b, a)) }))
		s.room.sites = 0
		if !enough(s.score()) {
			if err := s.search(ctx, o, enough); err != nil {
				return nil, err
			}
		}
		if !enough(s.score()) {
			s.room.sites = 1
			s.become(was)
			break
		}
	}
	return s, nil
}

// atLeast is a bound on how many columns cover the weight of target. As in atMost the rule that rows need columns is priced:
// with prices u, no plan has fewer than
//
//	Σ over columns min(0, 1 - Σ of u)  +  the cheapest rows' Σ of need·u that make up the target
//
// (Beasley 1990 for all rows). Subgradient steps raise it until they end or stop says that it is high enough.
func (s *state) atLeast(ctx context.Context, target float64, o Options, stop func(float64) bool) (float64, error) {
	c := s.core
	u, ceiling := make([]float64, len(c.weight)), slices.Repeat([]float64{math.Inf(1)}, len(c.weight))
	for i := range u {
		// What a row may pay so that no column is paid for twice.
		u[i] = math.Inf(1)
		for _, a := range c.rows.at(int32(i)) {
			u[i] = min(u[i], 1/float64(len(c.cols.at(a))))
		}
	}
	everything := target >= c.total-c.slack()
	order := make([]int32, len(c.weight))
	for i := range order {
		order[i] = int32(i)
	}
	slope, goal := make([]float64, len(c.weight)), float64(len(s.chosen))
	climb := newClimb(u, ceiling)
	steps := o.steps()
	for step := range steps {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		bound, left := 0.0, target
		if !everything {
			slices.SortFunc(order, func(x, y int32) int {
				return cmp.Or(cmp.Compare(u[x]*float64(c.need[x])*c.weight[y], u[y]*float64(c.need[y])*c.weight[x]), cmp.Compare(x, y))
			})
		}
		clear(slope)
		for _, i := range order {
			part := 1.0
			if !everything {
				if left <= 0 {
					break
				}
				part = min(1, left/c.weight[i])
				left -= c.weight[i]
			}
			slope[i] = part * float64(c.need[i])
			bound += slope[i] * u[i]
		}
		for a := range int32(len(c.site)) {
			price := 1.0
			for _, i := range c.cols.at(a) {
				price -= u[i]
			}
			if price < 0 {
				bound += price
				for _, i := range c.cols.at(a) {
					slope[i]--
				}
			}
		}
		climb.see(bound, goal)
		o.tell(Progress{Stage: Bounding, Done: step, Of: steps, Value: goal, Bound: climb.best})
		if math.Ceil(climb.best-1e-6) >= goal || stop(climb.best) || !climb.step(bound, goal, slope) {
			break
		}
	}
	return max(climb.best, 0), nil
}
