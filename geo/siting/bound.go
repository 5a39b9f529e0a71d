package siting

import (
	"cmp"
	"context"
	"math"
	"slices"
)

var nan = math.NaN() // no bound yet

// most gives a bound on what columns of the given values add up to within a room, and in take the parts of columns that
// come to it. Numbers of sites and of kinds are held, by taking the dearest first while there is room; the budget is priced:
// no choice is above price·budget + Σ (value - price·cost), and halving finds the price at which the budget is just spent.
func (c *core) most(r room, values, take []float64) float64 {
	order := make([]int32, 0, len(values))
	kinds := make([]int, len(r.kinds))
	worth := make([]float64, len(values))
	try := func(price float64, chosen []int32) (bound, spent float64, _ []int32) {
		order, chosen = order[:0], chosen[:0]
		for a, v := range values {
			if worth[a] = v - price*c.cost[a]; worth[a] > 0 {
				order = append(order, int32(a))
			}
		}
		slices.SortFunc(order, func(x, y int32) int { return cmp.Or(cmp.Compare(worth[y], worth[x]), cmp.Compare(x, y)) })
		copy(kinds, r.kinds)
		for _, a := range order {
			if len(chosen) >= r.sites {
				break
			}
			if k := int(c.kind[a]); k < len(kinds) {
				if kinds[k] == 0 {
					continue
				}
				kinds[k]--
			}
			bound += worth[a]
			spent += c.cost[a]
			chosen = append(chosen, a)
		}
		if price > 0 {
			bound += price * r.budget
		}
		return bound, spent, chosen
	}
	clear(take)
	bound, spent, dear := try(0, nil)
	if spent <= r.budget {
		for _, a := range dear {
			take[a] = 1
		}
		return bound
	}
	low, high := 0.0, 0.0
	for a, v := range values {
		if c.cost[a] > 0 {
			high = max(high, v/c.cost[a])
		}
	}
	over, under, cheap := spent, 0.0, []int32(nil)
	for range 30 {
		price := (low + high) / 2
		b, spent, chosen := try(price, nil)
		bound = min(bound, b)
		if spent > r.budget {
			low, over, dear = price, spent, chosen
		} else {
			high, under, cheap = price, spent, chosen
		}
	}
	part := (r.budget - under) / (over - under)
	for _, a := range dear {
		take[a] += part
	}
	for _, a := range cheap {
		take[a] += 1 - part
	}
	return bound
}

// atMost is a bound on the weight of rows that can be covered within a room. The rule that a row counts only if enough of
// its columns are open is priced instead of held, and so is what floors lack: with prices u of rows and f of floors, no plan is above
//
//	Σ over rows max(0, weight·(1 + its floors' f) - need·u)  +  the best columns' Σ of u  -  Σ of f·lack,
//
// whatever they are (Galvão & ReVelle 1996, without floors). Subgradient steps lower it. The first prices are the weights of what
// the plan leaves out, and half of what it holds by a hair; floors begin at 0.
func (s *state) atMost(ctx context.Context, r room, o Options) (float64, error) {
	c := s.core
	n := len(c.weight)
	prices, ceiling := make([]float64, n+len(c.short)), make([]float64, n+len(c.short))
	for i, w := range c.weight {
		ceiling[i] = w / float64(s.need[i])
		switch {
		case s.count[i] < s.need[i]:
			prices[i] = ceiling[i]
		case s.count[i] == s.need[i]:
			prices[i] = ceiling[i] / 2
		}
		if c.floors != nil && len(c.floors[i]) > 0 {
			ceiling[i] *= 1 + dearFloor
		}
	}
	// The price of a floor is counted in what it lacks as a whole, so that its steps are as large as those of rows. A plan that breaks
	// floors has a bound of its own kind: without them.
	held := s.score().lack == 0
	for g, lack := range c.short {
		if held && lack > c.slack() {
			ceiling[n+g] = dearFloor * lack
		}
	}
	u, whole := prices[:n], prices[n:]
	values, take := make([]float64, len(c.site)), make([]float64, len(c.site))
	slope := make([]float64, len(prices))
	climb := newClimb(prices, ceiling) // of what is not covered, in the negative
	steps := o.steps()
	for step := range steps {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		bound := 0.0
		clear(slope[n:])
		for g, price := range whole {
			bound -= price
			if c.short[g] > c.slack() {
				slope[n+g] = 1
			}
		}
		for i, w := range c.weight {
			worth := w
			if c.floors != nil {
				for _, g := range c.floors[i] {
					if whole[g] > 0 {
						worth += w * whole[g] / c.short[g]
					}
				}
			}
			slope[i] = 0
			if left := worth - float64(c.need[i])*u[i]; left > 0 {
				bound += left
				slope[i] = float64(c.need[i])
				if c.floors != nil {
					for _, g := range c.floors[i] {
						if c.short[g] > c.slack() {
							slope[n+int(g)] -= w / c.short[g]
						}
					}
				}
			}
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

// dearFloor is how many times its weight what a floor lacks may be priced at.
const dearFloor = 4
