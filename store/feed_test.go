package store_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"kora"
	"kora/store"
	"kora/store/cluster/clustertest"
)

// The writers change few keys often, each transaction several of them in any order, with pauses in between so that
// commits come in another order than the changes; some roll back, and some have their backend killed.
const (
	feedKeys    = 40
	feedWriters = 8
	feedTime    = 4 * time.Second
)

// TestFeedMissesNothing lets a reader follow the record while it changes, and compares what the reader holds in the end
// with the record. The reader that follows the sequence must fail here; otherwise the test proves nothing.
func TestFeedMissesNothing(t *testing.T) {
	for _, reader := range []struct {
		name   string
		follow func(context.Context, *testing.T, *store.Store, *pgxpool.Pool, map[int64]int, <-chan struct{})
		sound  bool
	}{
		{"snapshot difference", followSnapshots, true},
		{"mutant that follows the sequence", followSequence, false},
	} {
		t.Run(reader.name, func(t *testing.T) {
			s, cfg := open(t)
			pool, err := pgxpool.NewWithConfig(t.Context(), cfg.Copy())
			if err != nil {
				t.Fatal(err)
			}
			defer pool.Close()
			ids := seed(t, s)

			held := map[int64]int{} // altitude by id, as the reader sees it
			quiet := make(chan struct{})
			var reading sync.WaitGroup
			reading.Go(func() { reader.follow(t.Context(), t, s, pool, held, quiet) })

			var killed, rolledBack atomic.Int64
			disturb(t, cfg, ids, &killed, &rolledBack)
			close(quiet)
			reading.Wait()

			if killed.Load() == 0 || rolledBack.Load() == 0 {
				t.Fatalf("nothing was tried: %d backends killed, %d transactions rolled back", killed.Load(), rolledBack.Load())
			}
			wrong := 0
			for id, want := range recorded(t, pool) {
				if held[id] != want {
					wrong++
				}
			}
			t.Logf("%d of %d keys wrong; %d backends killed, %d transactions rolled back", wrong, len(ids), killed.Load(), rolledBack.Load())
			if reader.sound && wrong > 0 {
				t.Errorf("%d of %d keys are wrong at rest", wrong, len(ids))
			}
			if !reader.sound && wrong == 0 {
				t.Error("the mutant was not caught")
			}
		})
	}
}

func seed(t *testing.T, s *store.Store) []int64 {
	t.Helper()
	var ids []int64
	for i := range feedKeys {
		st := station(fmt.Sprintf("K%02d", i))
		if _, err := s.CreateStation(t.Context(), author, st); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, st.ID)
	}
	return ids
}

// disturb runs the writers and the killer, each on connections of its own.
func disturb(t *testing.T, cfg *pgxpool.Config, ids []int64, killed, rolledBack *atomic.Int64) {
	ctx, cancel := context.WithTimeout(t.Context(), feedTime)
	defer cancel()
	var writing sync.WaitGroup
	for w := range feedWriters {
		writing.Go(func() {
			rng := rand.New(rand.NewPCG(1, uint64(w)))
			for ctx.Err() == nil {
				conn, err := pgx.ConnectConfig(ctx, cfg.ConnConfig.Copy())
				if err != nil {
					continue
				}
				for ctx.Err() == nil && writeSome(ctx, conn, rng, ids, rolledBack) == nil {
				}
				_ = conn.Close(context.Background())
			}
		})
	}
	killer, err := pgx.ConnectConfig(t.Context(), cfg.ConnConfig.Copy())
	if err != nil {
		t.Fatal(err)
	}
	defer killer.Close(context.Background())
	for ctx.Err() == nil {
		time.Sleep(60 * time.Millisecond)
		var hit bool
		err := killer.QueryRow(t.Context(), `
			SELECT coalesce(bool_or(pg_terminate_backend(pid)), false) FROM (
				SELECT pid FROM pg_stat_activity
				WHERE application_name = 'feed writer' AND datname = current_database() AND xact_start IS NOT NULL
				ORDER BY random() LIMIT 1) AS victim`).Scan(&hit)
		if err != nil {
			t.Fatal(err)
		}
		if hit {
			killed.Add(1)
		}
	}
	writing.Wait()
}

func writeSome(ctx context.Context, conn *pgx.Conn, rng *rand.Rand, ids []int64, rolledBack *atomic.Int64) error {
	undo := errors.New("changed my mind")
	err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL application_name = 'feed writer'; SET LOCAL lock_timeout = '500ms'`); err != nil {
			return err
		}
		for range 1 + rng.IntN(3) {
			_, err := tx.Exec(ctx, `UPDATE station SET altitude_m = $1 WHERE id = $2`, rng.IntN(8000), ids[rng.IntN(len(ids))])
			if err != nil {
				return err
			}
			time.Sleep(time.Duration(rng.IntN(12)) * time.Millisecond)
		}
		if rng.IntN(10) == 0 {
			return undo
		}
		return nil
	})
	if errors.Is(err, undo) {
		rolledBack.Add(1)
		return nil
	}
	if err != nil && conn.IsClosed() {
		return err
	}
	return nil // deadlocks and lock timeouts are part of the game
}

func recorded(t *testing.T, pool *pgxpool.Pool) map[int64]int {
	t.Helper()
	rows, err := pool.Query(t.Context(), `SELECT id, altitude_m::int FROM station`)
	if err != nil {
		t.Fatal(err)
	}
	want := map[int64]int{}
	var id int64
	var altitude int
	if _, err := pgx.ForEachRow(rows, []any{&id, &altitude}, func() error { want[id] = altitude; return nil }); err != nil {
		t.Fatal(err)
	}
	return want
}

// followSnapshots is how the atlas follows the record.
func followSnapshots(ctx context.Context, t *testing.T, s *store.Store, _ *pgxpool.Pool, held map[int64]int, quiet <-chan struct{}) {
	var at kora.Position
	untilQuiet(quiet, func() {
		c, err := s.Changes(ctx, at)
		if err != nil {
			t.Error(err)
			return
		}
		for id, st := range c.Stations {
			held[id] = int(st.AltitudeM)
		}
		at = c.To
	})
}

// followSequence is the mutant: it remembers the highest number seen, and so steps over transactions that took a lower
// number but commit later.
func followSequence(ctx context.Context, t *testing.T, _ *store.Store, pool *pgxpool.Pool, held map[int64]int, quiet <-chan struct{}) {
	var last int64
	untilQuiet(quiet, func() {
		rows, err := pool.Query(ctx, `
			SELECT l.seq, s.id, s.altitude_m::int FROM change_log l JOIN station s ON s.id = l.key
			WHERE l.seq > $1 ORDER BY l.seq`, last)
		if err != nil {
			t.Error(err)
			return
		}
		var seq, id int64
		var altitude int
		if _, err := pgx.ForEachRow(rows, []any{&seq, &id, &altitude}, func() error {
			held[id], last = altitude, seq
			return nil
		}); err != nil {
			t.Error(err)
		}
	})
}

// untilQuiet reads every few milliseconds, and twice more when the writers have ended.
func untilQuiet(quiet <-chan struct{}, read func()) {
	for {
		read()
		select {
		case <-quiet:
			read()
			read()
			return
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func TestListenWakes(t *testing.T) {
	s, _ := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	woken := make(chan struct{}, 100)
	var listening sync.WaitGroup
	listening.Go(func() { s.Listen(ctx, func() { woken <- struct{}{} }) })
	<-woken // listening began
	if _, err := s.CreateStation(t.Context(), author, station("A")); err != nil {
		t.Fatal(err)
	}
	select {
	case <-woken:
	case <-time.After(10 * time.Second):
		t.Error("no wake-up after a change")
	}
	cancel()
	listening.Wait()
}

// TestPrunedLogMeansReadingAnew: whoever was away for longer than the log reaches back must not miss what was pruned.
func TestPrunedLogMeansReadingAnew(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	first, err := s.Changes(ctx, kora.Position{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.CreateStation(ctx, author, station("A")); err != nil {
		t.Fatal(err)
	}
	if err := s.Prune(ctx, 0); err != nil {
		t.Fatal(err)
	}
	again, err := s.Changes(ctx, first.To)
	if err != nil {
		t.Fatal(err)
	}
	if !again.Whole || len(again.Stations) != 1 {
		t.Errorf("whole %v with %d stations, want everything anew", again.Whole, len(again.Stations))
	}
	next, err := s.Changes(ctx, again.To)
	if err != nil || next.Whole {
		t.Errorf("a position after the pruning is not followed on: whole %v, %v", next.Whole, err)
	}
}

// A link is a connection that may fall silent, as one does when a cable is cut: nothing comes, and nothing says so.
type link struct {
	net.Conn
	silent *atomic.Bool
}

func (l link) Read(b []byte) (int, error) {
	for {
		n, err := l.Conn.Read(b)
		if err != nil || !l.silent.Load() {
			return n, err
		}
	}
}

// TestSilentLinkIsGivenUp: a link on which nothing comes is left after a while, and the feed goes on over another.
func TestSilentLinkIsGivenUp(t *testing.T) {
	cfg, err := pgxpool.ParseConfig(clustertest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	var silent atomic.Pointer[atomic.Bool] // of the connections that are made from now on
	silent.Store(new(atomic.Bool))
	dial := cfg.ConnConfig.DialFunc
	cfg.ConnConfig.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		return link{conn, silent.Load()}, err
	}
	s, err := store.Open(t.Context(), cfg, "", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	first, err := s.Changes(t.Context(), kora.Position{})
	if err != nil {
		t.Fatal(err)
	}
	cut := silent.Swap(new(atomic.Bool))
	cut.Store(true)
	s.Patience(100 * time.Millisecond)
	if _, err := s.Changes(t.Context(), first.To); err == nil || !strings.Contains(err.Error(), "did not answer in time") {
		t.Errorf("over the silent link: %v", err)
	}
	s.Patience(time.Minute)
	if _, _, err := s.ApplyParcels(t.Context(), author, []*kora.Parcel{parcel("P1")}, false); err != nil {
		t.Fatal(err)
	}
	c, err := s.Changes(t.Context(), first.To)
	if err != nil || len(c.Parcels) != 1 {
		t.Errorf("over another: %v", err)
	}
}
