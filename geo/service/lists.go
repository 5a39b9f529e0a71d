package service

import (
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
	"sync"

	"kora/geo/network"
)

// Lists say which cells each of some places serves: place p those at Cells[Starts[p]:Starts[p+1]], ascending, whose people need
// the Seconds at the same places to come to it.
type Lists struct {
	Starts  []int // one more than places
	Cells   []int32
	Seconds []float32
}

// ErrTooLong says that lists would be longer than was allowed.
var ErrTooLong = errors.New("service: the lists of what places serve are too long")

// listBlock is how many places a goroutine takes at a time.
const listBlock = 64

// Lists finds for each of the places which cells it serves within maxSeconds, by one search around each. The times are, to the
// last bit, those that Times gives for a Field of all streets. More than most entries are refused with ErrTooLong. tell, which may
// be nil, is called with the number of places that are done, by one goroutine at a time.
func (l *CellLinks) Lists(ctx context.Context, places []network.Link, maxSeconds float64, most int, tell func(done int)) (*Lists, error) {
	if !(maxSeconds >= 0) {
		return nil, errors.New("service: the longest time must not be negative or NaN")
	}
	around := l.byNode()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	blocks := make([]Lists, (len(places)+listBlock-1)/listBlock)
	var (
		mu            sync.Mutex // of what follows
		next, entries int
		done          int
		working       sync.WaitGroup
	)
	for range min(runtime.GOMAXPROCS(0), len(blocks)) {
		working.Go(func() {
			w := &lister{CellLinks: l, around: around, best: slices.Repeat([]float32{inf32}, len(l.cells))}
			for {
				mu.Lock()
				b := next
				next++
				mu.Unlock()
				if b >= len(blocks) || ctx.Err() != nil {
					return
				}
				some := places[b*listBlock : min((b+1)*listBlock, len(places))]
				err := w.list(ctx, &blocks[b], some, maxSeconds)
				mu.Lock()
				done += len(some)
				if entries += len(blocks[b].Cells); entries > most && err == nil {
					err = ErrTooLong
				}
				if err != nil {
					stop(err)
				} else if tell != nil {
					tell(done)
				}
				mu.Unlock()
			}
		})
	}
	working.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	all := &Lists{Starts: make([]int, 1, len(places)+1), Cells: make([]int32, 0, entries), Seconds: make([]float32, 0, entries)}
	for i := range blocks {
		for _, end := range blocks[i].Starts {
			all.Starts = append(all.Starts, len(all.Cells)+end)
		}
		all.Cells, all.Seconds = append(all.Cells, blocks[i].Cells...), append(all.Seconds, blocks[i].Seconds...)
		blocks[i] = Lists{}
	}
	return all, nil
}

var inf32 = float32(math.Inf(1))

// A lister is what one goroutine lists with.
type lister struct {
	*CellLinks
	around  around
	best    []float32 // by cell; +Inf between two places
	reached []int32
}

func (w *lister) list(ctx context.Context, into *Lists, places []network.Link, maxSeconds float64) error {
	for p := range places {
		to := &places[p]
		err := w.network.Around(ctx, *to, maxSeconds, func(node int32, seconds float64) {
			for j := w.around.first[node]; j < w.around.first[node+1]; j++ {
				w.offer(w.around.cell[j], w.around.seconds[j]+float32(seconds))
			}
		})
		if err != nil {
			return err
		}
		w.alongside(to, func(cell, edge int32) { w.offer(cell, w.along(cell, edge, to)) })
		slices.Sort(w.reached)
		for _, c := range w.reached {
			if served(w.best[c], maxSeconds) {
				into.Cells, into.Seconds = append(into.Cells, c), append(into.Seconds, w.best[c])
			}
			w.best[c] = inf32
		}
		w.reached = w.reached[:0]
		into.Starts = append(into.Starts, len(into.Cells))
	}
	return nil
}

func (w *lister) offer(cell int32, seconds float32) {
	if seconds >= w.best[cell] {
		return
	}
	if w.best[cell] == inf32 {
		w.reached = append(w.reached, cell)
	}
	w.best[cell] = seconds
}
