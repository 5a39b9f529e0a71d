package atlas

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"kora"
)

// pollEvery is how often the record is asked for changes when nobody says that there are any.
const pollEvery = time.Second

// A Record is what the atlas is made from. Changes gives everything that became visible since a position, in one
// snapshot; Listen calls wake when there may be changes, until ctx ends, and may miss some.
type Record interface {
	Changes(ctx context.Context, since kora.Position) (*kora.Changes, error)
	Listen(ctx context.Context, wake func())
}

// A Keeper keeps an atlas in step with the record. Readers take the current atlas and never wait.
type Keeper struct {
	record Record
	log    *slog.Logger

	current atomic.Pointer[Atlas]
	heard   atomic.Int64 // Unix nanoseconds of the last answer of the record
	lost    atomic.Bool  // the record did not answer when it was last asked

	wake chan struct{} // asks Run to look for changes now

	mu      sync.Mutex
	changed chan struct{} // closed and replaced whenever an atlas is published
}

// Open reads the whole record once, so that the keeper has an atlas from the start.
func Open(ctx context.Context, record Record, log *slog.Logger) (*Keeper, error) {
	k := &Keeper{record: record, log: log, wake: make(chan struct{}, 1), changed: make(chan struct{})}
	k.current.Store(empty())
	if err := k.follow(ctx); err != nil {
		return nil, fmt.Errorf("read the record: %w", err)
	}
	return k, nil
}

// Atlas is the current snapshot.
func (k *Keeper) Atlas() *Atlas { return k.current.Load() }

// Heard is when the record last answered: the atlas holds what had been committed by then.
func (k *Keeper) Heard() time.Time { return time.Unix(0, k.heard.Load()) }

// Following tells whether the record answered when it was last asked.
func (k *Keeper) Following() bool { return !k.lost.Load() }

// Run follows the record until ctx ends. While the record does not answer, the last atlas stays.
func (k *Keeper) Run(ctx context.Context) {
	ctx, stop := context.WithCancel(ctx)
	var listening sync.WaitGroup
	listening.Go(func() { k.record.Listen(ctx, k.look) })
	defer listening.Wait()
	defer stop() // a panic must not wait for the listener for ever
	for {
		select {
		case <-ctx.Done():
			return
		case <-k.wake:
		case <-time.After(pollEvery):
		}
		heard, err := k.Heard(), k.follow(ctx)
		if ctx.Err() != nil {
			return
		}
		switch lost := k.lost.Swap(err != nil); {
		case err != nil && !lost:
			k.log.Warn("the record does not answer; the last atlas stays", "error", err, "heard", heard)
		case err == nil && lost:
			k.log.Info("the atlas follows the record again", "after", time.Since(heard).Round(time.Second))
		}
	}
}

// look makes Run ask the record now, or once more when it is asking.
func (k *Keeper) look() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// follow publishes the atlas that the record's changes lead to. Only Open and Run call it, one at a time.
func (k *Keeper) follow(ctx context.Context) error {
	last, asked := k.current.Load(), time.Now()
	changes, err := k.record.Changes(ctx, last.Position)
	if err != nil {
		return err
	}
	began := time.Now()
	next, err := last.next(ctx, changes)
	if err != nil {
		return err
	}
	k.heard.Store(asked.UnixNano())
	k.current.Store(next)
	k.mu.Lock()
	close(k.changed)
	k.changed = make(chan struct{})
	k.mu.Unlock()
	if !changes.Empty() {
		k.log.Info("atlas published", "snapshot", next.Position.Snapshot, "took", time.Since(began).Round(time.Millisecond),
			"stations", len(next.Stations), "key_areas", len(next.KeyAreas), "parcels", len(next.Parcels),
			"cells", len(next.grid.cells))
	}
	return nil
}

// WaitFor blocks until the atlas shows the transaction xid, so that whoever wrote sees what he wrote.
func (k *Keeper) WaitFor(ctx context.Context, xid uint64) error {
	for asked := false; ; {
		k.mu.Lock()
		changed := k.changed
		k.mu.Unlock()
		if k.Atlas().Position.Includes(xid) {
			return nil
		}
		if !asked {
			asked = true
			k.look() // a transaction that changed nothing wakes nobody
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return kora.Refuse(kora.ReasonUnavailable, "", nil, "written, but this node does not show it yet").Because(ctx.Err())
		}
	}
}
