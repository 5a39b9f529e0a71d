package siting_test

import (
	"context"
	"errors"
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kora/bench/exact"
	"kora/geo/siting"
)

// small draws a problem that brute force can go through: weights are whole, so that sums are exact in any order.
func small(t *rapid.T) *siting.Problem {
	demands, sites := rapid.IntRange(1, 14).Draw(t, "demands"), rapid.IntRange(1, 8).Draw(t, "sites")
	p := &siting.Problem{Starts: []int{0}, BeyondSeconds: 120, Times: rapid.IntRange(0, 3).Draw(t, "times")}
	for range demands {
		p.Weights = append(p.Weights, float64(rapid.IntRange(0, 9).Draw(t, "weight")))
	}
	roles := []siting.Role{siting.Candidate, siting.Candidate, siting.Candidate, siting.Candidate, siting.Required, siting.Existing, siting.Forbidden}
	dense := rapid.IntRange(1, 4).Draw(t, "dense")
	for range sites {
		p.Sites = append(p.Sites, siting.Site{
			Role: rapid.SampledFrom(roles).Draw(t, "role"),
			Kind: rapid.IntRange(0, 1).Draw(t, "kind"),
			Cost: float64(rapid.IntRange(0, 5).Draw(t, "cost")),
		})
		for i := range demands {
			if rapid.IntRange(0, dense).Draw(t, "reached") == 0 {
				p.Demands = append(p.Demands, int32(i))
				p.Seconds = append(p.Seconds, float32(rapid.IntRange(0, 100).Draw(t, "seconds")))
			}
		}
		p.Starts = append(p.Starts, len(p.Demands))
	}
	return p
}

func floors(t *rapid.T, p *siting.Problem) {
	for range rapid.IntRange(0, 2).Draw(t, "floors") {
		f := siting.Floor{Share: rapid.SampledFrom([]float64{0, 0.25, 0.5, 0.75, 1}).Draw(t, "share")}
		for i := range p.Weights {
			if rapid.Bool().Draw(t, "in") {
				f.Demands = append(f.Demands, int32(i))
			}
		}
		p.Floors = append(p.Floors, f)
	}
}

func limit(t *rapid.T) siting.Limit {
	l := siting.Limit{Sites: rapid.IntRange(0, 4).Draw(t, "p")}
	if l.Sites == 0 || rapid.Bool().Draw(t, "budgeted") {
		l.Budget = float64(rapid.IntRange(1, 12).Draw(t, "budget"))
	}
	if rapid.Bool().Draw(t, "by kind") {
		l.Kinds = []int{rapid.IntRange(-1, 2).Draw(t, "first"), rapid.IntRange(-1, 2).Draw(t, "second")}
	}
	return l
}

// A tally is one choice of sites, reckoned plainly.
type tally struct {
	sites     int
	cost      float64
	kinds     [2]int
	covered   float64
	cost2     float64 // weight times seconds
	longest   float64
	floors    bool
	reachable bool // every demand with a weight
}

func reckon(p *siting.Problem, chosen []int) tally {
	y := tally{floors: true, reachable: true}
	for _, s := range chosen {
		y.sites++
		y.cost += p.Sites[s].Cost
		y.kinds[p.Sites[s].Kind]++
	}
	covered := make([]bool, len(p.Weights))
	for i, w := range p.Weights {
		var times []float64
		for s, site := range p.Sites {
			if site.Role != siting.Existing && !slices.Contains(chosen, s) {
				continue
			}
			for k := p.Starts[s]; k < p.Starts[s+1]; k++ {
				if p.Demands[k] == int32(i) {
					times = append(times, float64(p.Seconds[k]))
				}
			}
		}
		slices.Sort(times)
		k := max(p.Times, 1)
		if covered[i] = len(times) >= k; covered[i] {
			y.covered += w
			if w > 0 {
				y.longest = max(y.longest, times[k-1])
			}
		} else if w > 0 {
			y.reachable, y.longest = false, math.Inf(1)
		}
		nearest := p.BeyondSeconds
		if len(times) > 0 {
			nearest = min(nearest, times[0])
		}
		y.cost2 += w * nearest
	}
	for _, f := range p.Floors {
		all, held := 0.0, 0.0
		for _, i := range f.Demands {
			all += p.Weights[i]
			if covered[i] {
				held += p.Weights[i]
			}
		}
		y.floors = y.floors && held >= f.Share*all
	}
	return y
}

// each calls do with every allowed choice of sites.
func each(p *siting.Problem, do func(tally)) {
	for set := range 1 << len(p.Sites) {
		var chosen []int
		allowed := true
		for s, site := range p.Sites {
			in := set>>s&1 == 1
			switch site.Role {
			case siting.Required:
				allowed = allowed && in
			case siting.Existing, siting.Forbidden:
				allowed = allowed && !in
			}
			if in {
				chosen = append(chosen, s)
			}
		}
		if allowed {
			do(reckon(p, chosen))
		}
	}
}

func within(l siting.Limit, y tally) bool {
	if l.Sites > 0 && y.sites > l.Sites || l.Budget > 0 && y.cost > l.Budget {
		return false
	}
	for k, n := range l.Kinds {
		if n >= 0 && y.kinds[k] > n {
			return false
		}
	}
	return true
}

func sites(plan *siting.Plan) []int {
	var list []int
	for _, c := range plan.Chosen {
		list = append(list, c.Site)
	}
	return list
}

// roles holds that a plan keeps to the roles of sites, and tells the truth about itself.
func roles(t *rapid.T, p *siting.Problem, plan *siting.Plan) tally {
	chosen := sites(plan)
	for s, site := range p.Sites {
		switch in := slices.Contains(chosen, s); {
		case site.Role == siting.Required && !in:
			t.Fatalf("site %d is required and not in %v", s, chosen)
		case (site.Role == siting.Forbidden || site.Role == siting.Existing) && in:
			t.Fatalf("site %d has role %d and is in %v", s, site.Role, chosen)
		}
	}
	sorted := slices.Clone(chosen)
	slices.Sort(sorted)
	if len(slices.Compact(sorted)) != len(chosen) {
		t.Fatalf("a site is chosen twice in %v", chosen)
	}
	y := reckon(p, chosen)
	if y.covered != plan.Covered {
		t.Fatalf("%v covers %v, not %v", chosen, y.covered, plan.Covered)
	}
	if len(plan.Chosen) > 0 && plan.Chosen[len(chosen)-1].Covered != plan.Covered {
		t.Fatalf("the curve ends at %v, not %v", plan.Chosen[len(chosen)-1].Covered, plan.Covered)
	}
	for k, c := range plan.Chosen {
		without := slices.Delete(slices.Clone(chosen), k, k+1)
		if alone := y.covered - reckon(p, without).covered; alone != c.Alone {
			t.Fatalf("site %d alone holds %v, not %v", c.Site, alone, c.Alone)
		}
	}
	return y
}

var plainly = context.Background()

func TestCoverAgainstBruteForce(t *testing.T) {
	tried, optimal, feasible, met := 0, 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p, l := small(t), limit(t)
		floors(t, p)
		best, anyhow, possible, allowed := -1.0, -1.0, false, false
		reachable := 0.0
		each(p, func(y tally) {
			reachable = max(reachable, y.covered)
			if !within(l, y) {
				return
			}
			allowed = true
			anyhow = max(anyhow, y.covered)
			if y.floors {
				possible = true
				best = max(best, y.covered)
			}
		})
		plan, err := p.Cover(plainly, l, siting.Options{})
		if !allowed {
			if err == nil {
				t.Fatal("required sites exceed the limit, and nothing is said")
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		y := roles(t, p, plan)
		if !within(l, y) {
			t.Fatalf("%v exceeds %+v", sites(plan), l)
		}
		if y.floors != plan.Met || plan.Met && plan.Impossible || plan.Impossible && possible {
			t.Fatalf("floors hold: %v, said %v; possible: %v, said impossible: %v", y.floors, plan.Met, possible, plan.Impossible)
		}
		if plan.Reachable != reachable {
			t.Fatalf("%v is reachable, not %v", reachable, plan.Reachable)
		}
		if plan.Met && (plan.Value > best || plan.Bound < best) {
			t.Fatalf("%v, at most %v, and the best is %v", plan.Value, plan.Bound, best)
		}
		if plan.Bound < plan.Value || plan.Bound < best {
			t.Fatalf("a bound of %v is below %v or %v", plan.Bound, plan.Value, best)
		}
		if plan.Met && best > 0 && (best-plan.Value)/best > plan.Gap+1e-9 {
			t.Fatalf("%v of %v lies outside the gap of %v", plan.Value, best, plan.Gap)
		}
		if possible && len(p.Floors) > 0 {
			if feasible++; plan.Met {
				met++
			}
		}
		if len(p.Floors) == 0 {
			if tried++; plan.Value == anyhow {
				optimal++
			}
		}
	})
	t.Logf("%d of %d plans without floors are the best; floors are met in %d of %d", optimal, tried, met, feasible)
	if met*100 < feasible*95 {
		t.Errorf("floors are met in only %d of %d problems where they can be", met, feasible)
	}
	if optimal*100 < tried*95 {
		t.Errorf("only %d of %d plans without floors are the best", optimal, tried)
	}
}

func TestReachAgainstBruteForce(t *testing.T) {
	tried, optimal := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p := small(t)
		floors(t, p)
		share := rapid.SampledFrom([]float64{0, 0.25, 0.5, 0.75, 0.9, 1}).Draw(t, "share")
		total, reachable := 0.0, 0.0
		for _, w := range p.Weights {
			total += w
		}
		each(p, func(y tally) { reachable = max(reachable, y.covered) })
		target := share * total
		if share == 1 {
			target = reachable
		}
		fewest := math.Inf(1)
		each(p, func(y tally) {
			if y.floors && y.covered >= target {
				fewest = min(fewest, float64(y.sites))
			}
		})
		plan, err := p.Reach(plainly, share, siting.Options{})
		if err != nil {
			t.Fatal(err)
		}
		roles(t, p, plan)
		if math.IsInf(fewest, 1) {
			if plan.Met || !plan.Impossible {
				t.Fatalf("met %v, impossible %v, and it is impossible", plan.Met, plan.Impossible)
			}
			return
		}
		if !plan.Met || plan.Impossible || plan.Covered < target {
			t.Fatalf("%v of %v with %v; it can be done", plan.Covered, target, sites(plan))
		}
		if plan.Value != float64(len(plan.Chosen)) || plan.Value < fewest || plan.Bound > fewest {
			t.Fatalf("%v sites, at least %v, and %v are needed", plan.Value, plan.Bound, fewest)
		}
		if tried++; plan.Value == fewest {
			optimal++
		}
	})
	t.Logf("%d of %d plans are the best", optimal, tried)
	if optimal*100 < tried*95 {
		t.Errorf("only %d of %d plans are the best", optimal, tried)
	}
}

func TestMedianAgainstBruteForce(t *testing.T) {
	tried, optimal := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p, l := small(t), limit(t)
		p.Times = 1
		best := math.Inf(1)
		each(p, func(y tally) {
			if within(l, y) {
				best = min(best, y.cost2)
			}
		})
		plan, err := p.Median(plainly, l, siting.Options{})
		if math.IsInf(best, 1) {
			if err == nil {
				t.Fatal("required sites exceed the limit, and nothing is said")
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		y := roles(t, p, plan)
		if !within(l, y) || math.Abs(y.cost2-plan.Value) > 1e-6 {
			t.Fatalf("%v costs %v, not %v", sites(plan), y.cost2, plan.Value)
		}
		if plan.Value < best-1e-6 || plan.Bound > best+1e-6 {
			t.Fatalf("%v, at least %v, and the best is %v", plan.Value, plan.Bound, best)
		}
		saved := 0.0
		for _, c := range plan.Chosen {
			saved += c.Adds
		}
		if none := reckon(p, nil).cost2; math.Abs(none-saved-plan.Value) > 1e-6 {
			t.Fatalf("%v less %v saved is not %v", none, saved, plan.Value)
		}
		if tried++; plan.Value <= best+1e-6 {
			optimal++
		}
	})
	t.Logf("%d of %d plans are the best", optimal, tried)
	if optimal*100 < tried*95 {
		t.Errorf("only %d of %d plans are the best", optimal, tried)
	}
}

func TestCentreAgainstBruteForce(t *testing.T) {
	tried, optimal := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p := small(t)
		l := siting.Limit{Sites: rapid.IntRange(1, 4).Draw(t, "p")}
		reachable, allowed := 0.0, false
		each(p, func(y tally) { reachable = max(reachable, y.covered) })
		for i := range p.Weights { // what no choice reaches has no say
			one := *p
			one.Weights = make([]float64, len(p.Weights))
			one.Weights[i] = 1
			some := false
			each(&one, func(y tally) { some = some || y.covered > 0 })
			if !some {
				p.Weights[i] = 0
			}
		}
		best := math.Inf(1)
		each(p, func(y tally) {
			if within(l, y) {
				allowed = true
				best = min(best, y.longest)
			}
		})
		plan, err := p.Centre(plainly, l, siting.Options{})
		if !allowed {
			if err == nil {
				t.Fatal("required sites exceed the limit, and nothing is said")
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		y := roles(t, p, plan)
		if plan.Reachable != reachable {
			t.Fatalf("%v is reachable, not %v", reachable, plan.Reachable)
		}
		if !within(l, y) || plan.Met && y.longest > plan.Value {
			t.Fatalf("%v takes %v, not %v", sites(plan), y.longest, plan.Value)
		}
		if plan.Value < best || plan.Bound > best || plan.Impossible && !math.IsInf(best, 1) || plan.Met == math.IsInf(plan.Value, 1) {
			t.Fatalf("%v, at least %v, impossible %v, met %v, and the best is %v", plan.Value, plan.Bound, plan.Impossible, plan.Met, best)
		}
		if tried++; plan.Value == best {
			optimal++
		}
	})
	t.Logf("%d of %d plans are the best", optimal, tried)
	if optimal*100 < tried*95 {
		t.Errorf("only %d of %d plans are the best", optimal, tried)
	}
}

// Asking for two stations within reach can never cover more than asking for one.
func TestTwiceIsNoMoreThanOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := small(t)
		l := siting.Limit{Sites: 8}
		p.Times = 2
		twice, err := p.Cover(plainly, l, siting.Options{})
		if err != nil {
			t.Fatal(err)
		}
		once := *p
		once.Times = 1
		if same := once.Evaluate(sites(twice)); same.Covered < twice.Covered {
			t.Fatalf("%v covers %v twice and %v once", sites(twice), twice.Covered, same.Covered)
		}
		best, err := once.Cover(plainly, l, siting.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if best.Bound < twice.Value {
			t.Fatalf("%v can be covered twice, and at most %v once", twice.Value, best.Bound)
		}
	})
}

// Local search and kicks only ever add to what greedy found.
func TestNeverWorseThanGreedy(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := small(t)
		for s := range p.Sites {
			p.Sites[s].Role = siting.Candidate
		}
		p.Times = 1
		n := rapid.IntRange(1, 5).Draw(t, "p")
		covered, greedy := map[int32]bool{}, 0.0
		for range n {
			best, most := -1, 0.0
			for s := range p.Sites {
				gain := 0.0
				for _, i := range p.Demands[p.Starts[s]:p.Starts[s+1]] {
					if !covered[i] {
						gain += p.Weights[i]
					}
				}
				if gain > most {
					best, most = s, gain
				}
			}
			if best < 0 {
				break
			}
			greedy += most
			for _, i := range p.Demands[p.Starts[best]:p.Starts[best+1]] {
				covered[i] = true
			}
		}
		plan, err := p.Cover(plainly, siting.Limit{Sites: n}, siting.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if plan.Value < greedy {
			t.Fatalf("%v is less than greedy's %v", plan.Value, greedy)
		}
	})
}

// Equal seeds give equal plans, whatever the order of demands.
func TestSameAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, l := small(t), siting.Limit{Sites: 8, Budget: 9}
		floors(t, p)
		o := siting.Options{Seed: rapid.Uint64().Draw(t, "seed")}
		first, err := p.Cover(plainly, l, o)
		again, errAgain := p.Cover(plainly, l, o)
		if !reflect.DeepEqual(first, again) || (err == nil) != (errAgain == nil) {
			t.Fatalf("%+v, and again %+v", first, again)
		}
		if err != nil {
			return
		}
		order := rapid.Permutation(indexes(len(p.Weights))).Draw(t, "order")
		turned := shuffle(p, order)
		other, err := turned.Cover(plainly, l, o)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(sites(first), sites(other)) || first.Value != other.Value || first.Met != other.Met {
			t.Fatalf("%v covers %v, and in another order %v covers %v", sites(first), first.Value, sites(other), other.Value)
		}
	})
}

func indexes(n int) []int32 {
	list := make([]int32, n)
	for i := range list {
		list[i] = int32(i)
	}
	return list
}

// shuffle is the same problem with demand i at order[i].
func shuffle(p *siting.Problem, order []int32) *siting.Problem {
	q := *p
	q.Weights, q.Demands, q.Seconds, q.Floors = make([]float64, len(p.Weights)), nil, nil, nil
	for i, w := range p.Weights {
		q.Weights[order[i]] = w
	}
	for s := range p.Sites {
		list := indexes(p.Starts[s+1] - p.Starts[s])
		slices.SortFunc(list, func(a, b int32) int {
			return int(order[p.Demands[p.Starts[s]+int(a)]] - order[p.Demands[p.Starts[s]+int(b)]])
		})
		for _, k := range list {
			q.Demands = append(q.Demands, order[p.Demands[p.Starts[s]+int(k)]])
			q.Seconds = append(q.Seconds, p.Seconds[p.Starts[s]+int(k)])
		}
	}
	for _, f := range p.Floors {
		g := siting.Floor{Share: f.Share}
		for _, i := range f.Demands {
			g.Demands = append(g.Demands, order[i])
		}
		slices.Sort(g.Demands)
		q.Floors = append(q.Floors, g)
	}
	return &q
}

// A run that is cancelled midway ends with the reason, at every stage.
func TestCancel(t *testing.T) {
	p := exact.City(2000, 200, 1)
	p.BeyondSeconds = 3600
	for _, stage := range []siting.Stage{siting.Greedy, siting.Swapping, siting.Bounding} {
		for name, run := range map[string]func(context.Context, siting.Options) (*siting.Plan, error){
			"cover": func(ctx context.Context, o siting.Options) (*siting.Plan, error) {
				return p.Cover(ctx, siting.Limit{Sites: 20}, o)
			},
			"reach": func(ctx context.Context, o siting.Options) (*siting.Plan, error) { return p.Reach(ctx, 0.5, o) },
			"median": func(ctx context.Context, o siting.Options) (*siting.Plan, error) {
				return p.Median(ctx, siting.Limit{Sites: 20}, o)
			},
		} {
			ctx, cancel := context.WithCancel(plainly)
			told, after := false, 0
			_, err := run(ctx, siting.Options{Progress: func(at siting.Progress) {
				if told {
					after++
				}
				if at.Stage == stage {
					told = true
					cancel()
				}
			}})
			if !told || !errors.Is(err, context.Canceled) || after > 0 {
				t.Errorf("%s cancelled in %s: told %v, %d more steps, %v", name, stage, told, after, err)
			}
			cancel()
		}
	}
}

// A run that is cancelled before it begins does not begin.
func TestCancelledBefore(t *testing.T) {
	p := exact.City(2000, 200, 1)
	p.BeyondSeconds = 3600
	ctx, cancel := context.WithCancel(plainly)
	cancel()
	_, cover := p.Cover(ctx, siting.Limit{Sites: 20}, siting.Options{})
	_, reach := p.Reach(ctx, 1, siting.Options{})
	_, median := p.Median(ctx, siting.Limit{Sites: 20}, siting.Options{})
	_, centre := p.Centre(ctx, siting.Limit{Sites: 20}, siting.Options{})
	for _, err := range []error{cover, reach, median, centre} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled, and the answer is %v", err)
		}
	}
}

// A site of another kind is no stand-in, though it reaches more: there may be no room for its kind.
func TestKindsDoNotStandInForEachOther(t *testing.T) {
	p := &siting.Problem{Weights: []float64{5, 7}, Sites: []siting.Site{{Kind: 0}, {Kind: 1}},
		Starts: []int{0, 2, 3}, Demands: []int32{0, 1, 0}, Seconds: make([]float32, 3)}
	plan, err := p.Cover(plainly, siting.Limit{Kinds: []int{0, 1}}, siting.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if plan.Value != 5 || plan.Bound != 5 || !slices.Equal(sites(plan), []int{1}) {
		t.Errorf("%v covers %v, at most %v", sites(plan), plan.Value, plan.Bound)
	}
}

// In the centre a demand counts however little it weighs beside the others.
func TestCentreLeavesNobodyOut(t *testing.T) {
	p := &siting.Problem{Weights: []float64{1e12, 1}, Sites: make([]siting.Site, 2),
		Starts: []int{0, 1, 3}, Demands: []int32{0, 0, 1}, Seconds: []float32{10, 60, 50}}
	plan, err := p.Centre(plainly, siting.Limit{Sites: 1}, siting.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if plan.Value != 60 || plan.Bound != 60 || !plan.Met {
		t.Errorf("the longest way takes %v, at least %v", plan.Value, plan.Bound)
	}
}

// A budget and a limit of kinds bind together: one cheap station, and one dear one from what is left.
func TestBoundOfBudgetAndKinds(t *testing.T) {
	p := &siting.Problem{Starts: []int{0}}
	for i := range 6 {
		p.Weights = append(p.Weights, 10)
		p.Demands, p.Seconds = append(p.Demands, int32(i)), append(p.Seconds, 60)
		p.Starts = append(p.Starts, i+1)
		p.Sites = append(p.Sites, siting.Site{Kind: i % 2, Cost: float64(1 + 2*(i%2))})
	}
	plan, err := p.Cover(plainly, siting.Limit{Budget: 4, Kinds: []int{1, -1}}, siting.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if plan.Value != 20 || plan.Bound != 20 {
		t.Errorf("%v covers %v, at most %v", sites(plan), plan.Value, plan.Bound)
	}
}

// Two floors that each can be met, but not both: none is found, and nothing is claimed that was not proven. One that cannot
// be met is proven so.
func TestFloors(t *testing.T) {
	p := &siting.Problem{Weights: []float64{5, 7}, Sites: make([]siting.Site, 2), Starts: []int{0, 1, 2}, Demands: []int32{0, 1}, Seconds: make([]float32, 2),
		Floors: []siting.Floor{{Demands: []int32{0}, Share: 1}, {Demands: []int32{1}, Share: 0}}}
	for _, c := range []struct {
		second          float64
		sites           int
		value           float64
		met, impossible bool
	}{{0, 1, 5, true, false}, {1, 2, 12, true, false}, {1, 1, 7, false, false}} {
		p.Floors[1].Share = c.second
		plan, err := p.Cover(plainly, siting.Limit{Sites: c.sites}, siting.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if plan.Value != c.value || plan.Met != c.met || plan.Impossible != c.impossible {
			t.Errorf("%+v: covers %v, met %v, impossible %v", c, plan.Value, plan.Met, plan.Impossible)
		}
	}
	p.Sites[0].Role, p.Floors[1].Share = siting.Forbidden, 0
	plan, err := p.Cover(plainly, siting.Limit{Sites: 2}, siting.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if plan.Met || !plan.Impossible || plan.Floors[0].Met || !plan.Floors[1].Met {
		t.Errorf("without its only site: met %v, impossible %v, %+v", plan.Met, plan.Impossible, plan.Floors)
	}
}

func TestRefusals(t *testing.T) {
	fine := func() *siting.Problem {
		return &siting.Problem{Weights: []float64{1, 2}, Sites: make([]siting.Site, 1), Starts: []int{0, 2}, Demands: []int32{0, 1}, Seconds: []float32{1, 2}}
	}
	for name, spoil := range map[string]func(*siting.Problem){
		"starts":       func(p *siting.Problem) { p.Starts = []int{0} },
		"no starts":    func(p *siting.Problem) { p.Starts, p.Sites = nil, nil },
		"descending":   func(p *siting.Problem) { p.Demands = []int32{1, 0} },
		"twice":        func(p *siting.Problem) { p.Demands = []int32{1, 1} },
		"beyond":       func(p *siting.Problem) { p.Demands = []int32{0, 2} },
		"weight":       func(p *siting.Problem) { p.Weights[0] = math.NaN() },
		"seconds":      func(p *siting.Problem) { p.Seconds[0] = -1 },
		"cost":         func(p *siting.Problem) { p.Sites[0].Cost = math.Inf(1) },
		"times":        func(p *siting.Problem) { p.Times = -1 },
		"share":        func(p *siting.Problem) { p.Floors = []siting.Floor{{Share: 1.1}} },
		"floor demand": func(p *siting.Problem) { p.Floors = []siting.Floor{{Demands: []int32{7}}} },
	} {
		p := fine()
		spoil(p)
		if _, err := p.Cover(plainly, siting.Limit{Sites: 1}, siting.Options{}); err == nil {
			t.Errorf("%s: not refused", name)
		}
	}
	if _, err := fine().Cover(plainly, siting.Limit{}, siting.Options{}); err == nil {
		t.Error("no limit is not refused")
	}
	if _, err := fine().Reach(plainly, 1.5, siting.Options{}); err == nil {
		t.Error("a share of 1.5 is not refused")
	}
	if _, err := fine().Median(plainly, siting.Limit{Sites: 1}, siting.Options{}); err == nil {
		t.Error("a median without a time beyond is not refused")
	}
	if _, err := fine().Centre(plainly, siting.Limit{Budget: 1}, siting.Options{}); err == nil {
		t.Error("a centre with a budget is not refused")
	}
}
