package siting

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// improve swaps an open column for a closed one while that is better, and fills what room is left. What a swap changes is
// known from the rows of the closed column alone: what it gains, less what the open one alone holds, but for what both reach.
func (s *state) improve(ctx context.Context) error {
	if err := s.greedy(ctx, way{}, never); err != nil {
		return err
	}
	w := s.swapper()
	n := int32(len(s.site))
	if n == 0 {
		return nil
	}
	for a, idle := int32(0), int32(0); idle < n; a = (a + 1) % n {
		idle++
		if a%64 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if _, ok := w.swap(a); ok {
			idle = 0
		}
	}
	return s.greedy(ctx, way{}, never)
}

// mend does the same around columns that were opened or closed, and around what it swaps itself: elsewhere nothing has changed but
// what a swap is held against.
func (s *state) mend(ctx context.Context, changed []int32) error {
	w := s.swapper()
	waits := make(map[int32]bool)
	var queue []int32
	wait := func(changed int32) {
		for _, a := range s.around([]int32{changed}) {
			if !waits[a] {
				waits[a] = true
				queue = append(queue, a)
			}
		}
	}
	for _, a := range changed {
		wait(a)
	}
	for turn := 0; len(queue) > 0; turn++ {
		if turn%64 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		a := queue[0]
		queue = queue[1:]
		delete(waits, a)
		if b, ok := w.swap(a); ok {
			wait(a)
			wait(b)
		}
	}
	return s.greedy(ctx, way{}, never)
}

func never() bool { return false }

// around gives the columns that share rows with the given ones, those among them; in the order in which they are met.
func (s *state) around(cols []int32) (near []int32) {
	s.round++
	for _, a := range cols {
		for _, r := range s.cols.at(a) {
			for _, b := range s.rows.at(r) {
				if s.met[b] != s.round {
					s.met[b] = s.round
					near = append(near, b)
				}
			}
		}
	}
	return near
}

// A swapper tries swaps one after the other.
type swapper struct {
	*state
	loss, over []float64 // by open column; over is 0 between two swaps
	better     []int32
}

func (s *state) swapper() *swapper {
	w := &swapper{state: s, loss: make([]float64, len(s.site)), over: make([]float64, len(s.site))}
	s.losses(w.loss)
	return w
}

// swap opens column a for the open one that gains most by that, if any does, and tells which.
func (w *swapper) swap(a int32) (out int32, ok bool) {
	s := w.state
	if s.open[a] {
		return 0, false
	}
	gain := s.weigh(a, w.over)
	w.better = w.better[:0]
	for _, b := range s.chosen {
		if gain-w.loss[b]+w.over[b] > s.slack() && s.room.fitsFor(s.core, a, b) {
			w.better = append(w.better, b)
		}
	}
	slices.SortFunc(w.better, func(x, y int32) int {
		return cmp.Or(cmp.Compare(w.over[y]-w.loss[y], w.over[x]-w.loss[x]), cmp.Compare(x, y))
	})
	for _, b := range s.chosen {
		w.over[b] = 0
	}
	before := s.score()
	for _, b := range w.better {
		s.drop(b)
		s.add(a)
		if s.score().above(before, s.slack()) {
			w.renew(a, b)
			return b, true
		}
		s.drop(a) // a floor broke
		s.add(b)
	}
	return 0, false
}

// renew measures again what open columns alone hold, after a swap: of floors anything may have changed, else what shares rows with
// one of the two.
func (w *swapper) renew(a, b int32) {
	if w.floors != nil {
		w.losses(w.loss)
		return
	}
	for _, c := range w.around([]int32{a, b}) {
		if w.open[c] {
			w.loss[c] = w.held(c)
		}
	}
}

// worth is the weight of row r in the search: what a floor lacks comes before all else.
func (s *state) worth(r int32) float64 {
	w := s.weight[r]
	if s.floors != nil {
		for _, g := range s.floors[r] {
			if s.lacks[g] > s.slack() {
				return w * 1e6
			}
		}
	}
	return w
}

// losses gives what each open column alone holds.
func (s *state) losses(loss []float64) {
	for _, b := range s.chosen {
		loss[b] = s.held(b)
	}
}

// held is what open column b alone holds.
func (s *state) held(b int32) (weight float64) {
	for _, r := range s.cols.at(b) {
		if s.count[r] == s.need[r] {
			weight += s.worth(r)
		}
	}
	return weight
}

// weigh gives what column a would gain, and adds to over, by open column, what must be corrected if that one goes.
func (s *state) weigh(a int32, over []float64) float64 {
	gain := 0.0
	for _, r := range s.cols.at(a) {
		switch s.count[r] {
		case s.need[r] - 1:
			w := s.worth(r)
			gain += w
			s.eachOpen(r, func(b int32) { over[b] -= w })
		case s.need[r]:
			w := s.worth(r)
			s.eachOpen(r, func(b int32) { over[b] += w })
		}
	}
	return gain
}

// eachOpen calls do with the open columns that reach row r.
func (s *state) eachOpen(r int32, do func(b int32)) {
	switch s.count[r] {
	case 0:
	case 1:
		do(int32(s.sum[r]))
	case 2: // x and y of their sum and the sum of their squares; exact below 2²⁶ columns
		sum := s.sum[r]
		apart := int64(math.Sqrt(float64(2*s.squares[r] - sum*sum)))
		do(int32((sum - apart) / 2))
		do(int32((sum + apart) / 2))
	default:
		for _, b := range s.rows.at(r) {
			if s.open[b] {
				do(b)
			}
		}
	}
}

// search improves a state, and then kicks it out of its local optimum again and again: a few open columns are exchanged at
// random or, every other time, those around one place are closed and what room that gives is filled anew, so that two small
// ones may come for a dear one. What comes of it is kept if it is no worse, or worse by a little at first and ever less (record to
// record travel; Dueck 1993, Journal of Computational Physics 104); in the end the best is taken. It ends early once enough is
// reached.
func (s *state) search(ctx context.Context, o Options, enough func(score) bool) error {
	if err := s.improve(ctx); err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(o.Seed, 0))
	kicks, costs := o.kicks(s.kickCost()), s.costs()
	best, plan := s.score(), slices.Clone(s.chosen)
	for kick := range kicks {
		o.tell(Progress{Stage: Swapping, Done: kick, Of: kicks, Value: s.base + best.covered, Bound: nan})
		if enough(best) || len(s.chosen) == 0 || len(s.chosen) == len(s.site) {
			break
		}
		was := slices.Clone(s.chosen)
		if kick%2 == 0 {
			s.exchange(random)
		} else {
			s.clear(random)
			w := way{floors: s.floors != nil, byCost: kick%4 == 1 && costs, from: s.around(s.differs(was)), errs: random}
			if err := s.greedy(ctx, w, never); err != nil {
				return err
			}
		}
		if err := s.mend(ctx, s.differs(was)); err != nil {
			return err
		}
		now := s.score()
		if now.above(best, s.slack()) {
			best, plan = now, slices.Clone(s.chosen)
		}
		worse := score{best.lack, best.covered * (1 - detour*(1-float64(kick+1)/float64(kicks)))}
		if worse.above(now, s.slack()) {
			s.become(was)
		}
	}
	s.become(plan)
	return s.improve(ctx)
}

// kickCost is about how many entries a kick looks at: those of the columns around what it changes, and of the rows by which these
// are found. It is that of a few open columns, taken at even distances.
func (s *state) kickCost() int {
	const sample, changes = 8, 4
	if len(s.chosen) == 0 {
		return 1
	}
	cost, taken := 0, min(sample, len(s.chosen))
	for i := range taken {
		a := s.chosen[i*len(s.chosen)/taken]
		for _, r := range s.cols.at(a) {
			cost += len(s.rows.at(r))
		}
		for _, b := range s.around([]int32{a}) {
			cost += len(s.cols.at(b))
		}
	}
	return min(changes*cost/taken, len(s.cols.items)) + 1
}

// differs gives the columns that are open now and were not, or were and are not.
func (s *state) differs(was []int32) (changed []int32) {
	s.round++
	for _, a := range was {
		s.met[a] = s.round
		if !s.open[a] {
			changed = append(changed, a)
		}
	}
	for _, a := range s.chosen {
		if s.met[a] != s.round {
			changed = append(changed, a)
		}
	}
	return changed
}

// detour is the part of what is covered by which search may go astray at first.
const detour = 0.01

// exchange swaps a few open columns for closed ones, as chance will have it.
func (s *state) exchange(random *rand.Rand) {
	for range 1 + random.IntN(max(len(s.chosen)/8, 1)+1) {
		b := s.chosen[random.IntN(len(s.chosen))]
		a := int32(random.IntN(len(s.site)))
		if random.IntN(2) == 0 {
			near := s.around([]int32{b})
			a = near[random.IntN(len(near))]
		}
		if !s.open[a] && s.room.fitsFor(s.core, a, b) {
			s.drop(b)
			s.add(a)
		}
	}
}

// clear closes an open column and some of those that share rows with columns around it.
func (s *state) clear(random *rand.Rand) {
	from := s.chosen[random.IntN(len(s.chosen))]
	most := 1 + random.IntN(4)
	s.drop(from)
	rows := s.cols.at(from)
	for range 8 * most {
		if most == 0 || len(s.chosen) == 0 {
			return
		}
		// Over two steps, for those that share rows themselves seldom are both open.
		near := s.rows.at(rows[random.IntN(len(rows))])
		beside := s.cols.at(near[random.IntN(len(near))])
		s.eachOpen(beside[random.IntN(len(beside))], func(b int32) {
			if most > 0 && s.open[b] {
				s.drop(b)
				most--
			}
		})
	}
}
