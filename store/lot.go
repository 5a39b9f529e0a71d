package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"kora"
)

// A Feed reads records and hands them on, each with its line in the file, until all are read or take fails.
type Feed[T any] func(ctx context.Context, take func(line int, v *T) error) error

// A Lot is some records of a feed, in their order, with what came of each.
type Lot[T any] struct {
	Lines  []int
	Values []*T
	Trials []Trial
}

// lots gathers what feed gives into lots that are small enough to be written at once, and gives each to use, while the next one is
// being read. Of a feed there are never more than three in memory.
func lots[T any](ctx context.Context, t *table[T], feed Feed[T], use func(*Lot[T]) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	full := make(chan *Lot[T], 1)
	send := func(l *Lot[T]) error {
		select {
		case full <- l:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	var failed error // known when full is closed
	go func() {
		defer close(full)
		next, size := &Lot[T]{}, 0
		failed = feed(ctx, func(line int, v *T) error {
			next.Lines, next.Values = append(next.Lines, line), append(next.Values, v)
			if t.areas != nil {
				size += bytesOf(t.areas(v))
			}
			if len(next.Values) < chunkItems && size < chunkBytes {
				return nil
			}
			whole := next
			next, size = &Lot[T]{}, 0
			return send(whole)
		})
		if failed == nil && len(next.Values) > 0 {
			failed = send(next)
		}
	}()
	for l := range full {
		if err := use(l); err != nil {
			cancel()
			for range full { // the reader ends before its caller does
			}
			return err
		}
	}
	return failed
}

// bytesOf is about what the corners of m take up.
func bytesOf(m orb.MultiPolygon) (n int) {
	for _, polygon := range m {
		for _, ring := range polygon {
			n += len(ring) * 16
		}
	}
	return n
}

// applyLots writes what feed gives as apply does, passing over what the record refuses, and tells use of each lot within the
// transaction.
func applyLots[T any](ctx context.Context, s *Store, t *table[T], author kora.Author, feed Feed[T],
	use func(tx pgx.Tx, l *Lot[T]) error, then func(tx pgx.Tx) error) error {
	_, err := s.write(ctx, author, func(tx pgx.Tx) error {
		if err := lots(ctx, t, feed, func(l *Lot[T]) error {
			outcomes := make([]Outcome, len(l.Values))
			for done := 0; done < len(outcomes); {
				n, err := applyChunk(ctx, tx, t, l.Values[done:], outcomes[done:])
				if err != nil {
					return err
				}
				done += n
			}
			l.Trials = make([]Trial, len(outcomes))
			for i, o := range outcomes {
				l.Trials[i].Outcome = o
			}
			return use(tx, l)
		}); err != nil {
			return err
		}
		return then(tx)
	})
	return err
}
