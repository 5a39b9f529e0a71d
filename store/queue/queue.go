// Package queue does work in the background, in the record's own database: River behind a small interface. Work is a kind and the
// id of a record that says what is to be done; it is added in the transaction that makes it due, done by any node, and done
// again when a node dies over it, so it must bear being done twice.
//
// It knows pgx and River, and nothing of what the work is.
package queue

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
)

// Work is how one kind of work is done. Do is called with a context that ends when the work is cancelled or the node stops; an
// error has it tried again a few times, and then Failed is told.
type Work struct {
	Do     func(ctx context.Context, id string) error
	Failed func(ctx context.Context, id string, err error) error
}

// Default is the name of the queue that imports wait in.
const Default = river.QueueDefault

const (
	attempts   = 4
	lookAround = 2 * time.Second // between looks for what dead nodes left
	lockClass  = 0x6b6f7261      // of the locks by which nodes tell that they live: "kora"
	migrating  = 1               // the object of the lock under which tables are made; nodes have the hashes of their names
)

// task is the only kind of job that River knows.
type task struct {
	Work string `json:"work"`
	ID   string `json:"id"`
}

func (task) Kind() string { return "work" }

// A Queue adds work and, once it is started, does it. Close it when done.
type Queue struct {
	name   string
	pool   *pgxpool.Pool
	client *river.Client[pgx.Tx]
	works  map[string]Work
	log    *slog.Logger
	node   string
	stop   context.CancelFunc
	alive  sync.WaitGroup
}

// Open makes the queue's tables in the database of pool where they are missing; several nodes may do so at once. With works it does
// them, one of each node at a time, until Close; without any it only adds. Queues of different names do not wait for each other, and
// have different works.
func Open(ctx context.Context, pool *pgxpool.Pool, name string, works map[string]Work, log *slog.Logger) (*Queue, error) {
	q := &Queue{name: name, pool: pool, works: works, log: log, node: "kora-" + rand.Text()}
	if err := q.migrate(ctx); err != nil {
		return nil, fmt.Errorf("open the queue: %w", err)
	}
	quiet := slog.New(atLeast{log.Handler(), slog.LevelWarn})
	cfg := &river.Config{ID: q.node, Logger: quiet, MaxAttempts: attempts, JobTimeout: -1, FetchPollInterval: time.Second}
	if len(works) > 0 {
		cfg.Workers = river.NewWorkers()
		river.AddWorker(cfg.Workers, river.WorkFunc(q.work))
		cfg.Queues = map[string]river.QueueConfig{name: {MaxWorkers: 1}}
	}
	var err error
	if q.client, err = river.NewClient(riverpgxv5.New(pool), cfg); err != nil {
		return nil, fmt.Errorf("open the queue: %w", err)
	}
	if len(works) == 0 {
		return q, nil
	}
	conn, err := q.tellAlive(ctx) // before any work: others would take it for that of a dead node
	if err != nil {
		return nil, fmt.Errorf("open the queue: %w", err)
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	q.stop = stop
	q.alive.Go(func() { q.live(background, conn) })
	if err := q.client.Start(background); err != nil {
		stop()
		q.alive.Wait()
		return nil, fmt.Errorf("open the queue: %w", err)
	}
	return q, nil
}

func (q *Queue) migrate(ctx context.Context) error {
	conn, err := q.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1::int, $2::int)`, lockClass, migrating); err != nil {
		return err
	}
	defer func() {
		_, _ = conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1::int, $2::int)`, lockClass, migrating) // a lost connection unlocks too
	}()
	m, err := rivermigrate.New(riverpgxv5.New(q.pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// Close stops the work under way, which other nodes or the next start do again, and gives back what the queue holds.
func (q *Queue) Close() {
	if q.stop == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := q.client.StopAndCancel(ctx); err != nil {
		q.log.Warn("background work did not stop in time", "error", err)
	}
	q.stop()
	q.alive.Wait()
}

// Add has work done once tx is committed.
func (q *Queue) Add(ctx context.Context, tx pgx.Tx, work, id string) error {
	if _, err := q.client.InsertTx(ctx, tx, task{work, id}, &river.InsertOpts{Queue: q.name}); err != nil {
		return fmt.Errorf("add %s of %s to the queue: %w", work, id, err)
	}
	return nil
}

// Cancel calls off all work on id: what waits is not done, what is being done has its context end.
func (q *Queue) Cancel(ctx context.Context, id string) error {
	rows, err := q.pool.Query(ctx, `SELECT id FROM river_job WHERE args @> jsonb_build_object('id', $1::text) AND finalized_at IS NULL`, id)
	if err != nil {
		return fmt.Errorf("call off the work on %s: %w", id, err)
	}
	jobs, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return fmt.Errorf("call off the work on %s: %w", id, err)
	}
	for _, job := range jobs {
		if _, err := q.client.JobCancel(ctx, job); err != nil && !errors.Is(err, rivertype.ErrNotFound) {
			return fmt.Errorf("call off the work on %s: %w", id, err)
		}
	}
	return nil
}

func (q *Queue) work(ctx context.Context, job *river.Job[task]) error {
	work, ok := q.works[job.Args.Work]
	if !ok {
		return fmt.Errorf("work %q is none that this version does", job.Args.Work)
	}
	err := work.Do(ctx, job.Args.ID)
	if err == nil || ctx.Err() != nil || job.Attempt < job.MaxAttempts {
		return err
	}
	return errors.Join(err, work.Failed(ctx, job.Args.ID, err))
}

// tellAlive gives a connection that holds the lock by which others know that this node lives.
func (q *Queue) tellAlive(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, q.pool.Config().ConnConfig)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1::int, hashtext($2))`, lockClass, q.node); err != nil {
		return nil, errors.Join(err, conn.Close(ctx))
	}
	return conn, nil
}

// live keeps the lock of conn, and looks for what dead nodes left half done. River itself notices only after an hour.
func (q *Queue) live(ctx context.Context, conn *pgx.Conn) {
	for {
		err := func() (err error) {
			if conn == nil || conn.IsClosed() {
				if conn, err = q.tellAlive(ctx); err != nil {
					return err
				}
			}
			return q.rescue(ctx, conn)
		}()
		if err != nil && ctx.Err() == nil {
			q.log.Debug("looking for work that was left", "error", err)
		}
		select {
		case <-ctx.Done():
			if conn != nil {
				_ = conn.Close(context.WithoutCancel(ctx)) // the lock goes with it in any case
			}
			return
		case <-time.After(lookAround):
		}
	}
}

// rescue has work of nodes that live no more done again, unless they died over it too often.
func (q *Queue) rescue(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, `
		UPDATE river_job SET
			state = CASE WHEN attempt < max_attempts THEN 'available' ELSE 'discarded' END::river_job_state,
			finalized_at = CASE WHEN attempt >= max_attempts THEN now() END,
			scheduled_at = now()
		WHERE state = 'running' AND kind = 'work' AND queue = $2 AND NOT EXISTS (
			SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
				AND classid::bigint = $1 AND objsubid = 2
				AND objid::bigint = hashtext(attempted_by[array_upper(attempted_by, 1)])::bigint & 4294967295)
		RETURNING args, state = 'discarded'`, lockClass, q.name)
	if err != nil {
		return err
	}
	type left struct {
		task
		lost bool
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (l left, err error) {
		var args json.RawMessage
		if err = row.Scan(&args, &l.lost); err == nil {
			err = json.Unmarshal(args, &l.task)
		}
		return l, err
	})
	if err != nil {
		return err
	}
	for _, l := range all {
		q.log.Info("work that a node left half done is done again", "work", l.Work, "id", l.ID, "given up", l.lost)
		if work, ok := q.works[l.Work]; ok && l.lost {
			if err := work.Failed(ctx, l.ID, errors.New("the program ended over it again and again")); err != nil {
				return err
			}
		}
	}
	return nil
}

// atLeast passes on what is worth a warning; River tells much.
type atLeast struct {
	slog.Handler
	level slog.Level
}

func (h atLeast) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= h.level && h.Handler.Enabled(ctx, l)
}
func (h atLeast) WithAttrs(attrs []slog.Attr) slog.Handler {
	return atLeast{h.Handler.WithAttrs(attrs), h.level}
}
func (h atLeast) WithGroup(name string) slog.Handler {
	return atLeast{h.Handler.WithGroup(name), h.level}
}
