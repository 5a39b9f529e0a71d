package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"time"

	"kora/bench/exact"
	"kora/geo/network"
	"kora/geo/service"
	"kora/geo/siting"
)

// cbcSeconds is how long CBC may think.
const cbcSeconds = 240

// siting is where stations should stand: on the streets of a whole city, and beside CBC on a smaller problem.
func (b *bench) siting(ctx context.Context, width int, out string) error {
	if err := errors.Join(b.wholeCity(ctx, width), b.besideCBC(ctx)); err != nil {
		return err
	}
	return b.write(out, "How fast sites are found, and how good they are", "Kora makes its lists with all processors and plans with one; CBC has one thread. "+
		"A gap is how far a plan may be from the best possible, as its own bound proves. Times of lists and plans are medians, bounds one run.")
}

// wholeCity has the hexagons of a generated city ask for a station within a quarter of an hour's walk, and 10,000 junctions offer
// one.
func (b *bench) wholeCity(ctx context.Context, width int) error {
	say("making the city and its hexagons")
	n, err := newCity(width)
	if err != nil {
		return err
	}
	cells, err := service.StreetCells(ctx, n, n.Bounds(), 10)
	if err != nil {
		return err
	}
	links, err := service.LinkCells(ctx, n, cells)
	if err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(11, 5))
	p := &siting.Problem{Weights: make([]float64, len(cells))}
	for i := range p.Weights {
		p.Weights[i] = float64(1 + r.IntN(40))
	}
	places := make([]network.Link, 10_000)
	for i := range places {
		places[i] = n.LinkNode(r.Int32N(int32(n.Nodes())))
		p.Sites = append(p.Sites, siting.Site{Cost: 1})
	}
	lists := timed(func(int) {
		l, err := links.Lists(ctx, places, quarterSec, math.MaxInt, nil)
		if err != nil {
			panic(err)
		}
		p.Starts, p.Demands, p.Seconds = l.Starts, l.Cells, l.Seconds
	})
	t := table{title: fmt.Sprintf("Generated city: %d demands × %d candidates, a walk of 15 minutes", len(cells), len(places)),
		head: []string{"sites", "cover lists", "plan", "both", "plan and bound", "gap"}}
	for _, sites := range []int{50, 300} {
		cover := func(o siting.Options) *siting.Plan {
			plan, err := p.Cover(ctx, siting.Limit{Sites: sites}, o)
			if err != nil {
				panic(err)
			}
			return plan
		}
		plan := timed(func(int) { cover(siting.Options{BoundSteps: -1}) })
		start := time.Now()
		proven := cover(siting.Options{})
		t.cells = append(t.cells, []string{fmt.Sprint(sites), short(lists.median), short(plan.median), short(lists.median + plan.median),
			short(time.Since(start)), fmt.Sprintf("%.2f %%", 100*proven.Gap)})
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	t.notes = append(t.notes, fmt.Sprintf("The lists have %d entries of eight bytes, %.0f MB. The process took %.0f MB from the system at most, the city, its hexagons and what was measured before it among them.",
		len(p.Demands), float64(len(p.Demands)*8)/1e6, float64(m.Sys)/1e6))
	b.tables = append(b.tables, t)
	return nil
}

// besideCBC has CBC think for minutes about what Kora answers at once.
func (b *bench) besideCBC(ctx context.Context) error {
	if !exact.HasCBC() {
		b.miss("CBC: it is not installed")
		return nil
	}
	t := table{title: "Beside CBC: 20,000 demands × 1,000 candidates, 30 sites", head: []string{"city", "Kora's plan", "after", "Kora's bound", "after", "CBC's plan", "after", "Kora's over CBC's", "ratio of times"}}
	for seed := range uint64(2) {
		p, limit := exact.City(20_000, 1_000, seed+1), siting.Limit{Sites: 30}
		var plan *siting.Plan
		took := timed(func(int) {
			var err error
			if plan, err = p.Cover(ctx, limit, siting.Options{BoundSteps: -1}); err != nil {
				panic(err)
			}
		})
		start := time.Now()
		proven, err := p.Cover(ctx, limit, siting.Options{})
		if err != nil {
			return err
		}
		bound := time.Since(start)
		say("CBC thinks for %d seconds", cbcSeconds)
		start = time.Now()
		rival, err := exact.Cover(ctx, p, limit, cbcSeconds)
		if err != nil {
			return err
		}
		thought := time.Since(start)
		if rival.Value > proven.Bound*(1+1e-9) {
			return fmt.Errorf("CBC's plan of %v is beyond the bound of %v", rival.Value, proven.Bound)
		}
		t.cells = append(t.cells, []string{fmt.Sprint(seed + 1), fmt.Sprint(plan.Value), short(took.median), fmt.Sprintf("%.0f (%.2f %%)", proven.Bound, 100*proven.Gap), short(bound),
			rivalSays(rival), short(thought), fmt.Sprintf("%+.2f %%", 100*(plan.Value/rival.Value-1)), ratio(thought.Seconds() / took.median.Seconds())})
	}
	t.notes = append(t.notes, fmt.Sprintf("CBC 2.10 as Debian has it, one thread, without a plan to begin with, %d seconds of processor time; it ends before where it has proven its plan. Times are by the clock.", cbcSeconds))
	b.tables = append(b.tables, t)
	return nil
}

func rivalSays(a *exact.Answer) string {
	if a.Proven {
		return fmt.Sprintf("%.0f, proven", a.Value)
	}
	return fmt.Sprintf("%.0f", a.Value)
}
