package queue_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.uber.org/goleak"

	"kora/store/cluster/clustertest"
	"kora/store/queue"
)

func TestMain(m *testing.M) { clustertest.Main(m) }

func pool(t *testing.T) *pgxpool.Pool {
	t.Helper()
	p, err := pgxpool.New(t.Context(), clustertest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func open(t *testing.T, p *pgxpool.Pool, works map[string]queue.Work) *queue.Queue {
	t.Helper()
	q, err := queue.Open(t.Context(), p, queue.Default, works, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func add(t *testing.T, p *pgxpool.Pool, q *queue.Queue, work, id string, fail error) {
	t.Helper()
	err := pgx.BeginFunc(t.Context(), p, func(tx pgx.Tx) error { return errors.Join(q.Add(t.Context(), tx, work, id), fail) })
	if !errors.Is(err, fail) {
		t.Fatal(err)
	}
}

func await[T any](t *testing.T, what string, c <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(30 * time.Second):
		t.Fatalf("%s: nothing comes", what)
	}
	return v
}

func TestWorkIsDoneOnceItIsCommitted(t *testing.T) {
	p := pool(t)
	done := make(chan string, 10)
	q := open(t, p, map[string]queue.Work{"a": {Do: func(_ context.Context, id string) error { done <- id; return nil }}})
	defer q.Close()
	add(t, p, q, "a", "rolled back", errors.New("no"))
	add(t, p, q, "a", "committed", nil)
	if id := await(t, "work", done); id != "committed" {
		t.Errorf("%s was done", id)
	}
}

func TestWorkThatIsCalledOff(t *testing.T) {
	p := pool(t)
	began, ended := make(chan string, 1), make(chan error, 1)
	q := open(t, p, map[string]queue.Work{"a": {Do: func(ctx context.Context, id string) error {
		began <- id
		<-ctx.Done()
		ended <- ctx.Err()
		return ctx.Err()
	}}})
	defer q.Close()
	add(t, p, q, "a", "1", nil)
	add(t, p, q, "a", "2", nil) // waits: a node does one at a time
	await(t, "work", began)
	for _, id := range []string{"2", "1", "none"} {
		if err := q.Cancel(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	if err := await(t, "the end", ended); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	select {
	case id := <-began:
		t.Errorf("%s began", id)
	case <-time.After(1500 * time.Millisecond): // longer than River waits between looks
	}
}

// What a node that died was doing is done by another; what a living one does is left to it.
func TestWorkOfTheDeadIsDoneAgain(t *testing.T) {
	p := pool(t)
	began, let := make(chan string, 1), make(chan struct{})
	slow := open(t, p, map[string]queue.Work{"a": {Do: func(ctx context.Context, id string) error {
		began <- id
		select {
		case <-let:
		case <-ctx.Done():
		}
		return ctx.Err()
	}}})
	defer slow.Close()
	add(t, p, slow, "a", "of the living", nil)
	await(t, "work", began)
	for id, attempt := range map[string]int{"of the dead": 1, "that kills": 4} {
		_, err := p.Exec(t.Context(), `INSERT INTO river_job (state, attempt, max_attempts, attempted_at, attempted_by, args, kind)
			VALUES ('running', $2, 4, now(), '{kora-dead}', jsonb_build_object('work', 'a', 'id', $1::text), 'work')`, id, attempt)
		if err != nil {
			t.Fatal(err)
		}
	}
	done, failed := make(chan string, 10), make(chan string, 10)
	other := open(t, p, map[string]queue.Work{"a": {
		Do:     func(_ context.Context, id string) error { done <- id; return nil },
		Failed: func(_ context.Context, id string, _ error) error { failed <- id; return nil },
	}})
	defer other.Close()
	if id := await(t, "work", done); id != "of the dead" {
		t.Errorf("%q was done", id)
	}
	if id := await(t, "the end of work that kills", failed); id != "that kills" {
		t.Errorf("%q failed", id)
	}
	close(let)
	select {
	case id := <-done:
		t.Errorf("%q was done twice", id)
	case <-time.After(2500 * time.Millisecond): // longer than nodes wait between looks
	}
}

func TestNodesMayStartTogether(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	p, err := pgxpool.New(t.Context(), clustertest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			q, err := queue.Open(t.Context(), p, queue.Default, map[string]queue.Work{"a": {}}, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Error(err)
				return
			}
			q.Close()
		})
	}
	all.Wait()
}
