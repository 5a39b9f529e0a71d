package siting

import (
	"cmp"
	"context"
	"math"
	"slices"
)

var nan = math.NaN()

// most gives the most that columns of the given values can add up to within a room, with the parts of columns that do so
// in take: a bound, as one limit at a time is held and budgets may buy parts.
func (c *core) most(r room, values, take []float64) float64 {
	order := make([]int32, 0, len(values))
	for a, v := range values {
		if v > 0 {
			order = append(order, int32(a))
		}
	}
	byValue := func(x, y int32) int { return cmp.Or(cmp.Compare(values[y], values[x]), cmp.Compare(x, y)) }
	slices.SortFunc(order, byValue)
	least, held := math.Inf(1), 0
	fill := func(limit int) float64 { // the sum under one limit; with take in the last round
		sum, left, kinds := 0.0, r.budget, slices.Clone(r.kinds)
		for i, a := range order {
			part := 1.0
			switch k := int(c.kind[a]); limit {
			case 0:
				if i >= r.sites {
					return sum
				}
			case 1:
				if c.cost[a] > left {
					part = max(left, 0) / c.cost[a]
				}
				left -= part * c.cost[a]
			case 2:
				if k < len(kinds) {
					if kinds[k]--; kinds[k] < 0 {
						part = 0
					}
				}
			}
			sum += part * values[a]
			if take != nil {
				take[a] = part
			}
		}
		return sum
	}
	sort := func(limit int) {
		if limit != 1 {
			slices.SortFunc(order, byValue)
			return
		}
		slices.SortFunc(order, func(x, y int32) int {
			return cmp.Or(cmp.Compare(values[y]*c.cost[x], values[x]*c.cost[y]), cmp.Compare(x, y))
		})
	}
	limits := []int{0}
	if !math.IsInf(r.budget, 1) {
		limits = append(limits, 1)
	}
	if len(r.kinds) > 0 {
		limits = append(limits, 2)
	}
	wanted := take
	take = nil
	for _, l := range limits {
		if l > 0 {
			sort(l)
		}
		if sum := fill(l); sum < least {
			least, held = sum, l
		}
	}
	if take = wanted; take != nil {
		clear(take)
		sort(held)
		fill(held)
	}
	return least
}

// atMost is a bound on the weight of rows that can be covered within a room. The rule that a row counts only if enough of
// its columns are open is priced instead of held: with prices u, no plan is above
//
//	Σ over rows max(0, weight - need·u)  +  the best columns' Σ of u,
//
// whatever u is (Galvão & ReVelle 1996). Subgradient steps lower it. The first prices are the weights of what the plan leaves
// out, and half of what it holds by a hair.
func (s *state) atMost(ctx context.Context, r room, o Options) (float64, error) {
	c := s.core
	u, ceiling := make([]float64, len(c.weight)), make([]float64, len(c.weight))
	for i, w := range c.weight {
		ceiling[i] = w / float64(s.need[i])
		switch {
		case s.count[i] < s.need[i]:
			u[i] = ceiling[i]
		case s.count[i] == s.need[i]:
			u[i] = ceiling[i] / 2
		}
	}
	values, take := make([]float64, len(c.site)), make([]float64, len(c.site))
	slope := make([]float64, len(c.weight))
	climb := newClimb(u, ceiling) // of what is not covered, in the negative
	steps := o.steps()
	for step := range steps {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		bound := 0.0
		for i, w := range c.weight {
			bound += max(0, w-float64(c.need[i])*u[i])
		}
		for a := range values {
			values[a] = 0
			for _, i := range c.cols.at(int32(a)) {
				values[a] += u[i]
			}
		}
		bound += c.most(r, values, take)
		climb.see(-bound, -s.covered)
		o.tell(Progress{Stage: Bounding, Done: step, Of: steps, Value: c.base + s.covered, Bound: c.base - climb.best})
		if -climb.best-s.covered <= c.slack() {
			break
		}
		for i, w := range c.weight {
			slope[i] = 0
			if w > float64(c.need[i])*u[i] {
				slope[i] = float64(c.need[i])
			}
		}
		for a, part := range take {
			if part > 0 {
				for _, i := range c.cols.at(int32(a)) {
					slope[i] -= part
				}
			}
		}
		if !climb.step(-bound, -s.covered, slope) {
			break
		}
	}
	return min(-climb.best, c.total), nil
}
