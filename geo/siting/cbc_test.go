package siting_test

import (
	"context"
	"math"
	"testing"

	"kora/bench/exact"
	"kora/geo/siting"
)

func needCBC(t testing.TB) {
	t.Helper()
	if !exact.HasCBC() {
		t.Skip("CBC (Debian's coinor-cbc) is not installed")
	}
}

// districts makes a floor of each of so many bands of demands that lie side by side in the order of their numbers.
func districts(p *siting.Problem, count int, share float64) {
	for d := range count {
		f := siting.Floor{Share: share}
		for i := len(p.Weights) * d / count; i < len(p.Weights)*(d+1)/count; i++ {
			f.Demands = append(f.Demands, int32(i))
		}
		p.Floors = append(p.Floors, f)
	}
}

// On problems of up to 200 candidates CBC finds no plan that is better by more than half a percent, and none beyond the bound.
func TestAgainstCBC(t *testing.T) {
	needCBC(t)
	if testing.Short() {
		t.Skip("CBC needs some time")
	}
	ctx := context.Background()
	for _, c := range []struct {
		name  string
		make  func() *siting.Problem
		limit siting.Limit
		share float64 // of Reach, where limit is none
		gap   float64 // the most that the bound may be off
	}{
		{"cover", func() *siting.Problem { return exact.City(2000, 150, 1) }, siting.Limit{Sites: 12}, 0, 0.01},
		{"cover of another city", func() *siting.Problem { return exact.City(2500, 200, 2) }, siting.Limit{Sites: 10}, 0, 0.01},
		{"twice", func() *siting.Problem { p := exact.City(300, 30, 3); p.Times = 2; return p }, siting.Limit{Sites: 6}, 0, 0.2},
		{"twice of another city", func() *siting.Problem { p := exact.City(400, 36, 4); p.Times = 2; return p }, siting.Limit{Sites: 6}, 0, 0.2},
		{"floors", func() *siting.Problem { p := exact.City(1500, 100, 5); districts(p, 4, 0.3); return p }, siting.Limit{Sites: 13}, 0, 0.01},
		{"a budget", func() *siting.Problem {
			p := exact.City(1200, 100, 6)
			for s := range p.Sites {
				p.Sites[s].Cost, p.Sites[s].Kind = float64(10+s%3*7), s%3
			}
			return p
		}, siting.Limit{Budget: 200, Kinds: []int{6, -1, 5}}, 0, 0.025},
		{"reach everything", func() *siting.Problem { return exact.City(1500, 150, 7) }, siting.Limit{}, 1, 0.05},
		{"reach nine tenths", func() *siting.Problem { return exact.City(1200, 150, 8) }, siting.Limit{}, 0.9, 0.05},
		{"reach half", func() *siting.Problem { return exact.City(2000, 200, 9) }, siting.Limit{}, 0.5, 0.05},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := c.make()
			var plan *siting.Plan
			var answer *exact.Answer
			var err error
			if c.share > 0 {
				if plan, err = p.Reach(ctx, c.share, siting.Options{}); err == nil {
					answer, err = exact.Reach(ctx, p, c.share, 120)
				}
			} else {
				if plan, err = p.Cover(ctx, c.limit, siting.Options{}); err == nil {
					answer, err = exact.Cover(ctx, p, c.limit, 120)
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%v, bound %v (gap %.2f %%); CBC has %v, bound %v", plan.Value, plan.Bound, 100*plan.Gap, answer.Value, answer.Bound)
			checked := p.Evaluate(answer.Chosen)
			if c.share == 0 && checked.Covered < answer.Value*(1-1e-6) {
				t.Fatalf("CBC's plan covers %v here, not %v", checked.Covered, answer.Value)
			}
			sign := 1.0 // more is better
			if c.share > 0 {
				sign = -1
			}
			if sign*(answer.Value-plan.Bound) > 1e-6*answer.Value {
				t.Errorf("CBC's plan of %v is beyond the bound of %v", answer.Value, plan.Bound)
			}
			if sign*(plan.Value-answer.Bound) > 1e-6*answer.Value {
				t.Errorf("a plan of %v is beyond what CBC has proven, %v", plan.Value, answer.Bound)
			}
			if math.Abs(plan.Value-answer.Value) > 0.005*answer.Value && sign*(answer.Value-plan.Value) > 0 {
				t.Errorf("the plan is worth %v, CBC's %v", plan.Value, answer.Value)
			}
			if plan.Gap > c.gap || !plan.Met {
				t.Errorf("the bound is off by %.2f %%, floors %v", 100*plan.Gap, plan.Floors)
			}
		})
	}
}
