package main

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"sync"
	"testing/fstest"
	"time"

	"kora"
	"kora/api"
	"kora/atlas"
	"kora/bench/land"
)

// following is how fast the atlas is made and follows changes, what it takes of memory, and what readers feel of it.
func (b *bench) following(ctx context.Context) error {
	tab := table{title: "The atlas of generated parcels", head: []string{"parcels", "build", "of processors", "one row changed to published", "99 %", "a hundred rows", "bytes a parcel, all in"}}
	sizes := []int{hundredThousand}
	if b.million {
		sizes = append(sizes, 10*hundredThousand)
	} else {
		b.miss("1,000,000 parcels: run with -million (make bench MILLION=1)")
	}
	for _, n := range sizes {
		cells, err := b.followingOf(ctx, n)
		if err != nil {
			return err
		}
		tab.cells = append(tab.cells, cells)
	}
	tab.notes = append(tab.notes, "Build and publishing are wall time, from when the record hands over its rows to when readers have the new atlas; the rows that change move from one state to another.",
		"Bytes are the heap after collection, with the records themselves, their list, shapes, index, columns, and what the versions of tiles need.")
	b.tables = append(b.tables, tab)
	return b.swapping(ctx)
}

func heap() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

func (b *bench) followingOf(ctx context.Context, n int) ([]string, error) {
	say("building an atlas of %d parcels", n)
	before := heap()
	r := newRecord(land.Parcels(n))
	all := r.waiting
	var build, processors []float64
	for range 3 {
		r.waiting = all
		began, own := time.Now(), ownTime()
		if _, err := atlas.Open(ctx, r, slog.New(slog.DiscardHandler)); err != nil {
			return nil, err
		}
		build, processors = append(build, time.Since(began).Seconds()), append(processors, (ownTime()-own).Seconds())
		runtime.GC()
	}
	r.waiting, all = all, nil
	k, stop, err := r.follow(ctx)
	if err != nil {
		return nil, err
	}
	defer stop()
	bytes := (heap() - before) / float64(n)
	next := 0
	publish := func(times, rows int) (took []float64, err error) {
		for range times {
			var changed []*kora.Parcel
			for range rows {
				changed = append(changed, another(k.Atlas(), n, next))
				next++
			}
			began := time.Now()
			if err := k.WaitFor(ctx, r.change(changed...)); err != nil {
				return nil, err
			}
			took = append(took, time.Since(began).Seconds())
		}
		slices.Sort(took)
		return took, nil
	}
	one, err := publish(300, 1)
	if err != nil {
		return nil, err
	}
	hundred, err := publish(30, 100)
	if err != nil {
		return nil, err
	}
	return []string{fmt.Sprint(n), short(seconds(median(build))), short(seconds(median(processors))), short(seconds(median(one))),
		short(seconds(one[len(one)*99/100])), short(seconds(median(hundred))), fmt.Sprintf("%.0f", bytes)}, nil
}

// another is a parcel of a in another state.
func another(a *atlas.Atlas, n, i int) *kora.Parcel {
	row, _ := a.ParcelTable().Row(int64(i*7919%n) + 1)
	p := *a.ParcelTable().At(row)
	all := kora.ParcelStatuses()
	p.Status = all[(slices.Index(all, p.Status)+1)%len(all)]
	return &p
}

// swapping lets two connections read tiles, undisturbed and while ten atlases a second are published, in turn.
func (b *bench) swapping(ctx context.Context) error {
	r := newRecord(land.Parcels(hundredThousand))
	k, stop, err := r.follow(ctx)
	if err != nil {
		return err
	}
	defer stop()
	address, end, err := listen(api.New(api.Config{Keeper: k, Record: r, StaffToken: "bench", Version: "bench",
		Log: slog.New(slog.DiscardHandler), Now: time.Now, Web: fstest.MapFS{}}))
	if err != nil {
		return err
	}
	defer end()
	j := job{Address: address, Headers: []string{gzipped}, Conns: 2, Time: 4 * time.Second}
	for _, t := range around(14, 19) {
		j.Paths = append(j.Paths, pathOf("/tiles/parcels/%d/%d/%d.mvt")(t))
	}
	if _, err := j.run(ctx); err != nil {
		return err
	}
	var ratios []float64
	var idle, busy server
	swaps := 0
	for range rounds {
		say("reading while atlases are published")
		a, err := j.run(ctx)
		if err != nil {
			return err
		}
		swapping, enough := context.WithCancel(ctx)
		var writing sync.WaitGroup
		writing.Go(func() {
			tick := time.NewTicker(100 * time.Millisecond)
			defer tick.Stop()
			for {
				select {
				case <-swapping.Done():
					return
				case <-tick.C:
					r.change(another(k.Atlas(), hundredThousand, swaps))
					swaps++
				}
			}
		})
		c, err := j.run(ctx)
		enough()
		writing.Wait()
		if err != nil {
			return err
		}
		idle.seen, busy.seen = append(idle.seen, a), append(busy.seen, c)
		ratios = append(ratios, c.P99.Seconds()/a.P99.Seconds())
	}
	tab := table{title: "Readers while atlases are published: 100,000 parcels, two connections", head: []string{"", "p50", "p99", "requests a second"}}
	for _, s := range []struct {
		name string
		of   *server
	}{{"undisturbed", &idle}, {"ten swaps a second, of one row each", &busy}} {
		rate := s.of.tell(func(a answers) float64 { return float64(a.Requests) / a.Seconds })
		tab.cells = append(tab.cells, []string{s.name, short(s.of.p50()), short(s.of.p99()), fmt.Sprintf("%.0f", rate.Seconds())})
	}
	tab.notes = append(tab.notes, fmt.Sprintf("p99 is %.2f times as long (median of %d pairs, one after the other; %.2f to %.2f). Every change makes one tile anew.",
		median(ratios), rounds, slices.Min(ratios), slices.Max(ratios)))
	b.tables = append(b.tables, tab)
	return nil
}
