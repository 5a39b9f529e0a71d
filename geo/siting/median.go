package siting

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Median chooses sites within a limit so that the sum of weight times seconds to the nearest is small. A demand costs
// BeyondSeconds at most, so it may lie outside all lists. Times must be 1, and there must be no floors.
func (p *Problem) Median(ctx context.Context, l Limit, o Options) (*Plan, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	if !(p.BeyondSeconds > 0) || math.IsInf(p.BeyondSeconds, 1) {
		return nil, fmt.Errorf("siting: the median needs the seconds that a demand costs which no site reaches, not %v", p.BeyondSeconds)
	}
	if p.times() > 1 || len(p.Floors) > 0 {
		return nil, errors.New("siting: the median knows the nearest site only: ask for no floors, and for one time")
	}
	r, err := p.room(l)
	if err != nil {
		return nil, err
	}
	m := p.median(r)
	if err := m.greedy(ctx); err != nil {
		return nil, err
	}
	o.tell(Progress{Stage: Greedy, Done: 1, Of: 1, Value: m.value(), Bound: nan})
	if err := m.search(ctx, o); err != nil {
		return nil, err
	}
	bound, err := m.atLeast(ctx, r, o)
	if err != nil {
		return nil, err
	}
	plan := p.plan(&state{core: m.core, chosen: m.chosen})
	c := p.reduce()
	plan.Reachable, plan.Merged = c.base+c.total, len(p.Weights)
	p.bySavings(plan)
	if err := plan.settle(m.value(), bound, false); err != nil {
		return nil, err
	}
	return plan, nil
}

// A median is a plan in the making: which columns are open, and the two nearest of each demand. Its core has columns only.
type median struct {
	*core
	weights []float64
	basis   []float64 // by demand: seconds by existing and required sites, or beyond
	seconds [][]float32
	demands [][]int32
	room    room
	open    []bool
	chosen  []int32
	nearest []int32 // by demand: the open column that is nearest; less than 0 where that is the basis
	first   []float64
	second  []float64
}

func (p *Problem) median(r room) *median {
	n := len(p.Weights)
	r.kinds = slices.Clone(r.kinds)
	m := &median{core: &core{}, weights: p.Weights, basis: slices.Repeat([]float64{p.BeyondSeconds}, n), room: r,
		nearest: make([]int32, n), first: make([]float64, n), second: make([]float64, n)}
	for s, site := range p.Sites {
		demands, times := p.reach(s)
		switch site.Role {
		case Existing, Required:
			for k, i := range demands {
				m.basis[i] = min(m.basis[i], float64(times[k]))
			}
		case Candidate:
			m.site = append(m.site, int32(s))
			m.cost, m.kind = append(m.cost, site.Cost), append(m.kind, int32(site.Kind))
			m.demands, m.seconds = append(m.demands, demands), append(m.seconds, times)
		}
	}
	m.open = make([]bool, len(m.site))
	m.measure()
	return m
}

// measure finds the two nearest of each demand anew.
func (m *median) measure() {
	copy(m.first, m.basis)
	copy(m.second, m.basis)
	for i := range m.nearest {
		m.nearest[i] = -1
	}
	for _, a := range m.chosen {
		for k, i := range m.demands[a] {
			switch t := float64(m.seconds[a][k]); {
			case t < m.first[i]:
				m.first[i], m.second[i], m.nearest[i] = t, m.first[i], a
			case t < m.second[i]:
				m.second[i] = t
			}
		}
	}
}

func (m *median) value() float64 {
	sum := 0.0
	for i, t := range m.first {
		sum += m.weights[i] * t
	}
	return sum
}

func (m *median) fits(a int32) bool { return !m.open[a] && m.room.fits(m.cost[a], m.kind[a]) }

func (m *median) add(a int32) {
	m.open[a] = true
	m.chosen = append(m.chosen, a)
	m.room.take(m.cost[a], m.kind[a])
}

func (m *median) drop(a int32) {
	m.open[a] = false
	at := slices.Index(m.chosen, a)
	m.chosen = slices.Delete(m.chosen, at, at+1)
	m.room.give(m.cost[a], m.kind[a])
}

// saves is what column a would save.
func (m *median) saves(a int32) float64 {
	sum := 0.0
	for k, i := range m.demands[a] {
		sum += m.weights[i] * max(m.first[i]-float64(m.seconds[a][k]), 0)
	}
	return sum
}

func (m *median) greedy(ctx context.Context) error {
	if m.room.sites <= 0 {
		return nil
	}
	return lazily(ctx, numbers(len(m.site)), m.saves, m.fits, func(a int32) bool {
		m.add(a)
		m.measure()
		return true
	})
}

// improve swaps while that saves, by the losses and corrections of Whitaker.
func (m *median) improve(ctx context.Context) error {
	n := int32(len(m.site))
	loss, over := make([]float64, n), make([]float64, n)
	losses := func() {
		clear(loss)
		for i, b := range m.nearest {
			if b >= 0 {
				loss[b] += m.weights[i] * (m.second[i] - m.first[i])
			}
		}
	}
	losses()
	slack := 1e-9 * m.value()
	for a, idle := int32(0), int32(0); idle < n; a = (a + 1) % n {
		idle++
		if a%64 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if m.open[a] {
			continue
		}
		gain := 0.0
		for k, i := range m.demands[a] {
			t, b := float64(m.seconds[a][k]), m.nearest[i]
			if t < m.first[i] {
				gain += m.weights[i] * (m.first[i] - t)
				t = m.first[i]
			}
			if b >= 0 && t < m.second[i] {
				over[b] += m.weights[i] * (m.second[i] - t)
			}
		}
		best, most := int32(-1), slack
		for _, b := range m.chosen {
			if d := gain - loss[b] + over[b]; (d > most || d == most && best >= 0 && b < best) && m.room.fitsFor(m.core, a, b) {
				best, most = b, d
			}
			over[b] = 0
		}
		if best >= 0 {
			m.drop(best)
			m.add(a)
			m.measure()
			losses()
			idle = 0
		}
	}
	return m.greedy(ctx)
}

// search improves, and kicks out of the local optimum as the search for covers does.
func (m *median) search(ctx context.Context, o Options) error {
	if err := m.improve(ctx); err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(o.Seed, 0))
	entries := 0
	for _, d := range m.demands {
		entries += len(d)
	}
	kicks := o.kicks(13 * entries) // each prices every column anew, some of them more than once
	for kick := range kicks {
		best, was := m.value(), slices.Clone(m.chosen)
		o.tell(Progress{Stage: Swapping, Done: kick, Of: kicks, Value: best, Bound: nan})
		if len(was) == 0 || len(was) == len(m.site) {
			break
		}
		for range 1 + random.IntN(max(len(was)/8, 1)+1) {
			b, a := m.chosen[random.IntN(len(m.chosen))], int32(random.IntN(len(m.site)))
			if !m.open[a] && m.room.fitsFor(m.core, a, b) {
				m.drop(b)
				m.add(a)
			}
		}
		m.measure()
		if err := m.improve(ctx); err != nil {
			return err
		}
		if m.value() > best {
			for _, b := range slices.Clone(m.chosen) {
				m.drop(b)
			}
			for _, a := range was {
				m.add(a)
			}
			m.measure()
		}
	}
	return nil
}

// atLeast is a bound on the sum of weight times seconds. That every demand is served once is priced instead of held: with
// prices u, no plan is below
//
//	Σ over demands u  -  the best columns' Σ of max(0, u - weight·seconds),
//
// where u is at most what the demand costs without them (Cornuéjols, Fisher & Nemhauser 1977, Management Science 23).
func (m *median) atLeast(ctx context.Context, r room, o Options) (float64, error) {
	u, ceiling := make([]float64, len(m.weights)), make([]float64, len(m.weights))
	for i, w := range m.weights {
		u[i], ceiling[i] = w*m.second[i], w*m.basis[i]
	}
	values, take := make([]float64, len(m.site)), make([]float64, len(m.site))
	slope, value := make([]float64, len(u)), m.value()
	climb := newClimb(u, ceiling)
	steps := o.steps()
	for step := range steps {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		bound := 0.0
		for i, x := range u {
			bound += x
			slope[i] = 1
		}
		for a := range values {
			values[a] = 0
			for k, i := range m.demands[a] {
				values[a] += max(0, u[i]-m.weights[i]*float64(m.seconds[a][k]))
			}
		}
		bound -= m.most(r, values, take)
		climb.see(bound, value)
		o.tell(Progress{Stage: Bounding, Done: step, Of: steps, Value: value, Bound: climb.best})
		if value-climb.best <= 1e-9*value {
			break
		}
		for a, part := range take {
			if part == 0 {
				continue
			}
			for k, i := range m.demands[a] {
				if u[i] > m.weights[i]*float64(m.seconds[a][k]) {
					slope[i] -= part
				}
			}
		}
		if !climb.step(bound, value, slope) {
			break
		}
	}
	return max(climb.best, 0), nil
}

// bySavings puts the choices of a plan in the order in which each saves most.
func (p *Problem) bySavings(plan *Plan) {
	at := slices.Repeat([]float64{p.BeyondSeconds}, len(p.Weights))
	reached := make([]bool, len(p.Weights))
	add := func(s int) (covers float64) {
		demands, times := p.reach(s)
		for k, i := range demands {
			at[i] = min(at[i], float64(times[k]))
			if !reached[i] {
				reached[i] = true
				covers += p.Weights[i]
			}
		}
		return covers
	}
	for s, site := range p.Sites {
		if site.Role == Existing {
			add(s)
		}
	}
	covered := plan.Existing
	for left := plan.Chosen; len(left) > 0; left = left[1:] {
		best := 0
		for k := range left {
			left[k].Adds = 0
			demands, times := p.reach(left[k].Site)
			for j, i := range demands {
				left[k].Adds += p.Weights[i] * max(at[i]-float64(times[j]), 0)
			}
			if left[k].Adds > left[best].Adds || left[k].Adds == left[best].Adds && left[k].Site < left[best].Site {
				best = k
			}
		}
		left[0], left[best] = left[best], left[0]
		covered += add(left[0].Site)
		left[0].Covered = covered
	}
}
