package siting

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// drawn is a small problem of candidates, whole weights and costs of 1.
func drawn(t *rapid.T, times int) *Problem {
	p := &Problem{Starts: []int{0}, Times: times, BeyondSeconds: 100}
	for range rapid.IntRange(1, 15).Draw(t, "demands") {
		p.Weights = append(p.Weights, float64(rapid.IntRange(1, 9).Draw(t, "weight")))
	}
	for range rapid.IntRange(2, 8).Draw(t, "sites") {
		for i := range p.Weights {
			if rapid.Bool().Draw(t, "reached") {
				p.Demands = append(p.Demands, int32(i))
				p.Seconds = append(p.Seconds, float32(rapid.IntRange(0, 120).Draw(t, "seconds")))
			}
		}
		p.Starts = append(p.Starts, len(p.Demands))
		p.Sites = append(p.Sites, Site{Cost: 1})
	}
	return p
}

// What a swap is said to change is what it changes.
func TestSwapIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawn(t, rapid.IntRange(1, 3).Draw(t, "times")).reduce()
		s := c.start(room{sites: math.MaxInt32, budget: math.Inf(1)})
		for a := range int32(len(c.site)) {
			if rapid.Bool().Draw(t, "open") {
				s.add(a)
			}
		}
		loss, over := make([]float64, len(c.site)), make([]float64, len(c.site))
		s.losses(loss)
		for a := range int32(len(c.site)) {
			if s.open[a] {
				continue
			}
			clear(over)
			gain := s.weigh(a, over)
			for _, b := range append([]int32(nil), s.chosen...) {
				before, said := s.covered, gain-loss[b]+over[b]
				s.drop(b)
				s.add(a)
				if s.covered-before != said {
					t.Fatalf("column %d for %d changes %v, said %v", a, b, s.covered-before, said)
				}
				s.drop(a)
				s.add(b)
				if s.covered != before {
					t.Fatalf("and back is %v, not %v", s.covered, before)
				}
			}
		}
	})
}

// After local search no swap helps: neither for covers nor for medians.
func TestNoSwapHelps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawn(t, rapid.IntRange(1, 2).Draw(t, "times"))
		r := room{sites: rapid.IntRange(1, 3).Draw(t, "p"), budget: math.Inf(1)}
		c := p.reduce()
		s := c.start(r)
		for a := range int32(min(r.sites, len(c.site))) {
			s.add(a)
		}
		if err := s.improve(t.Context()); err != nil {
			t.Fatal(err)
		}
		best := s.covered
		for _, b := range append([]int32(nil), s.chosen...) {
			for a := range int32(len(c.site)) {
				if s.open[a] {
					continue
				}
				s.drop(b)
				s.add(a)
				if s.covered > best {
					t.Fatalf("column %d for %d would cover %v, not %v", a, b, s.covered, best)
				}
				s.drop(a)
				s.add(b)
			}
		}
		p.Times = 1
		m := p.median(r)
		for a := range int32(min(r.sites, len(m.site))) {
			m.add(a)
		}
		m.measure()
		if err := m.improve(t.Context()); err != nil {
			t.Fatal(err)
		}
		value := m.value()
		for _, b := range append([]int32(nil), m.chosen...) {
			for a := range int32(len(m.site)) {
				if m.open[a] {
					continue
				}
				m.drop(b)
				m.add(a)
				m.measure()
				if m.value() < value-1e-6 {
					t.Fatalf("site %d for %d would take %v, not %v", a, b, m.value(), value)
				}
				m.drop(a)
				m.add(b)
				m.measure()
			}
		}
	})
}
