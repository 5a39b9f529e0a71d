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
// out, which is the bound of a submodular function (Nemhauser, Wolsey & Fisher 1978).
func (s *state) atMost(ctx context.Context, r room, o Options) (float64, error) {
	c := s.core
	u := make([]float64, len(c.weight))
	for i, w := range c.weight {
		if s.count[i] < s.need[i] {
			u[i] = w / float64(s.need[i])
		}
	}
	values, take := make([]float64, len(c.site)), make([]float64, len(c.site))
	reached := make([]float64, len(c.weight))
	best, at, idle, pace := c.total, slices.Clone(u), 0, 1.0
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
		if idle++; bound < best {
			if bound < best-1e-5*(best-s.covered) {
				idle = 0
			}
			best = bound
			copy(at, u)
		}
		o.tell(Progress{Stage: Bounding, Done: step, Of: steps, Value: c.base + s.covered, Bound: c.base + best})
		if best-s.covered <= c.slack() {
			break
		}
		if idle >= 8 {
			idle, pace = 0, pace/2
			copy(u, at)
			if pace < 1e-4 {
				break
			}
			continue
		}
		clear(reached)
		for a, part := range take {
			if part > 0 {
				for _, i := range c.cols.at(int32(a)) {
					reached[i] += part
				}
			}
		}
		square := 0.0
		for i, w := range c.weight {
			if w > float64(c.need[i])*u[i] {
				reached[i] -= float64(c.need[i])
			}
			square += reached[i] * reached[i]
		}
		if square == 0 {
			break
		}
		size := pace * (bound - s.covered) / square
		for i, w := range c.weight {
			u[i] = min(max(u[i]-size*reached[i], 0), w/float64(c.need[i]))
		}
	}
	return best, nil
}
