package siting

import (
	"fmt"
	"math"
	"slices"
)

// A room is what may still be chosen.
type room struct {
	sites  int
	budget float64
	kinds  []int // what is not here is not limited
}

// room is what a limit leaves after the required sites.
func (p *Problem) room(l Limit) (room, error) {
	if l.Sites < 0 || !(l.Budget >= 0) || l.Sites == 0 && l.Budget == 0 && !slices.ContainsFunc(l.Kinds, func(n int) bool { return n >= 0 }) {
		return room{}, fmt.Errorf("siting: %d sites, a budget of %v and kinds %v are no limit", l.Sites, l.Budget, l.Kinds)
	}
	r := room{sites: math.MaxInt32, budget: math.Inf(1), kinds: slices.Clone(l.Kinds)}
	if l.Sites > 0 {
		r.sites = l.Sites
	}
	if l.Budget > 0 {
		r.budget = l.Budget * (1 + 1e-12) // sums of costs are rounded
	}
	for k, n := range r.kinds {
		if n < 0 {
			r.kinds[k] = math.MaxInt32
		}
	}
	for s, site := range p.Sites {
		if site.Role != Required {
			continue
		}
		if !r.fits(site.Cost, int32(site.Kind)) {
			return r, fmt.Errorf("siting: the required sites exceed %d sites, a budget of %v and kinds %v at site %d", l.Sites, l.Budget, l.Kinds, s)
		}
		r.take(site.Cost, int32(site.Kind))
	}
	return r, nil
}

func (r *room) fits(cost float64, kind int32) bool {
	return r.sites > 0 && cost <= r.budget && (int(kind) >= len(r.kinds) || r.kinds[kind] > 0)
}

func (r *room) take(cost float64, kind int32) { r.change(cost, kind, -1) }
func (r *room) give(cost float64, kind int32) { r.change(cost, kind, 1) }

func (r *room) change(cost float64, kind int32, by int) {
	r.sites += by
	r.budget += float64(by) * cost
	if int(kind) < len(r.kinds) {
		r.kinds[kind] += by
	}
}

// fitsFor says whether column a may stand in for column b.
func (r *room) fitsFor(c *core, a, b int32) bool {
	r.give(c.cost[b], c.kind[b])
	fits := r.fits(c.cost[a], c.kind[a])
	r.take(c.cost[b], c.kind[b])
	return fits
}

// A state is a plan in the making: which columns of a core are open.
type state struct {
	*core
	room    room
	open    []bool
	chosen  []int32 // the open columns, in order of opening
	count   []int32 // by row: the open columns that reach it
	sum     []int64 // by row: the sum of their numbers; of one column, that column
	squares []int64 // by row: the sum of the squares of their numbers; of two columns, both tell which they are
	covered float64 // weight of the rows that are reached as often as they need
	lacks   []float64

	met   []int32 // by column: the round in which it was met last
	round int32
}

func (c *core) start(r room) *state {
	r.kinds = slices.Clone(r.kinds)
	return &state{core: c, room: r, open: make([]bool, len(c.site)), count: make([]int32, len(c.weight)),
		sum: make([]int64, len(c.weight)), squares: make([]int64, len(c.weight)), lacks: slices.Clone(c.short), met: make([]int32, len(c.site))}
}

func (s *state) add(a int32) {
	s.open[a] = true
	s.chosen = append(s.chosen, a)
	s.room.take(s.cost[a], s.kind[a])
	for _, r := range s.cols.at(a) {
		s.count[r]++
		s.sum[r] += int64(a)
		s.squares[r] += int64(a) * int64(a)
		if s.count[r] == s.need[r] {
			s.cover(r, 1)
		}
	}
}

func (s *state) drop(a int32) {
	s.open[a] = false
	at := slices.Index(s.chosen, a)
	s.chosen = slices.Delete(s.chosen, at, at+1)
	s.room.give(s.cost[a], s.kind[a])
	for _, r := range s.cols.at(a) {
		if s.count[r] == s.need[r] {
			s.cover(r, -1)
		}
		s.count[r]--
		s.sum[r] -= int64(a)
		s.squares[r] -= int64(a) * int64(a)
	}
}

func (s *state) cover(r int32, sign float64) {
	s.covered += sign * s.weight[r]
	if s.floors != nil {
		for _, g := range s.floors[r] {
			s.lacks[g] -= sign * s.weight[r]
		}
	}
}

// become opens just the given columns.
func (s *state) become(chosen []int32) {
	s.round++
	for _, a := range chosen {
		s.met[a] = s.round
	}
	for _, a := range slices.Clone(s.chosen) {
		if s.met[a] != s.round {
			s.drop(a)
		}
	}
	for _, a := range chosen {
		if !s.open[a] {
			s.add(a)
		}
	}
}

// A score is how good a state is: first the floors, then the weight.
type score struct{ lack, covered float64 }

func (s *state) score() score {
	sc := score{covered: s.covered}
	for _, l := range s.lacks {
		sc.lack += max(l, 0)
	}
	if sc.lack <= s.slack() {
		sc.lack = 0
	}
	return sc
}

// slack is what rounding may do to a sum of weights.
func (c *core) slack() float64 { return 1e-9 * (c.base + c.total) }

// above says whether a is better than b by more than rounding.
func (a score) above(b score, slack float64) bool {
	if math.Abs(a.lack-b.lack) > slack {
		return a.lack < b.lack
	}
	return a.covered > b.covered+slack
}
