// Package store is the record: PostGIS tables, their history, and the change log that the atlas follows. It knows the
// domain and SQL; it computes nothing and keeps nothing in memory.
package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"kora"
	"kora/migrations"
)

// A Store is the record behind a pool of connections. It is safe for use by several goroutines.
type Store struct {
	pool  *pgxpool.Pool
	files string // folder for copies of large values; empty: none
	log   *slog.Logger

	patience time.Duration // how long the database may take to say where it stands before its link is held for dead
}

// leastConns are enough for a node to work with: three of them listen or tell that it lives, and an import takes three.
const leastConns = 10

// Open connects to the database, makes sure of PostGIS, and brings the tables up to date; several nodes may do so at
// once. Large encoded values are copied to the folder files, which is made when it is absent, and mapped into memory from
// there; where files is empty they are kept in memory. Close the store when done.
func Open(ctx context.Context, cfg *pgxpool.Config, files string, log *slog.Logger) (*Store, error) {
	cfg.MaxConns = max(cfg.MaxConns, leastConns)
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	s := &Store{pool: pool, files: files, log: log, patience: 10 * time.Second}
	if err := s.prepare(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return s, nil
}

func (s *Store) prepare(ctx context.Context) error {
	if err := s.pool.Ping(ctx); err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	var have bool
	err := s.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'postgis')`).Scan(&have)
	if err != nil {
		return fmt.Errorf("look for PostGIS: %w", err)
	}
	if !have {
		if _, err := s.pool.Exec(ctx, `CREATE EXTENSION IF NOT EXISTS postgis`); err != nil {
			return fmt.Errorf("the database has no PostGIS and this user may not add it; "+
				"run CREATE EXTENSION postgis as its owner: %w", err)
		}
	}
	return s.migrate(ctx)
}

func (s *Store) migrate(ctx context.Context) error {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	db := stdlib.OpenDBFromPool(s.pool)
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectPostgres, db, migrations.Files(), goose.WithSessionLocker(locker))
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	done, err := provider.Up(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	for _, m := range done {
		s.log.Info("migrated", "version", m.Source.Version, "took", m.Duration)
	}
	return nil
}

// Close returns every connection.
func (s *Store) Close() { s.pool.Close() }

// Seed runs load when nothing has ever been recorded, or when an earlier load did not come to its end; load must
// therefore be one that may be run again. It tells whether it ran.
func (s *Store) Seed(ctx context.Context, load func() error) (ran bool, err error) {
	err = s.pool.QueryRow(ctx, `
		UPDATE feed SET seeding = true
		WHERE seeding OR NOT (EXISTS (SELECT FROM station) OR EXISTS (SELECT FROM key_area) OR EXISTS (SELECT FROM highway)
		    OR EXISTS (SELECT FROM parcel) OR EXISTS (SELECT FROM notice) OR EXISTS (SELECT FROM panorama) OR EXISTS (SELECT FROM demand) OR EXISTS (SELECT FROM report)
		    OR EXISTS (SELECT FROM target) OR EXISTS (SELECT FROM network)
		    OR EXISTS (SELECT FROM history))
		RETURNING seeding`).Scan(&ran)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look into the record: %w", err)
	}
	if err := load(); err != nil {
		return true, err
	}
	if _, err := s.pool.Exec(ctx, `UPDATE feed SET seeding = false`); err != nil {
		return true, fmt.Errorf("end the seeding of the record: %w", err)
	}
	return true, nil
}

// write runs do in one transaction signed by the author, and gives the transaction's id: an atlas whose position includes
// it shows the write.
func (s *Store) write(ctx context.Context, author kora.Author, do func(tx pgx.Tx) error) (xid uint64, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `SELECT set_config('kora.who', $1, true), set_config('kora.why', $2, true)`,
			author.Who, author.Why)
		if err != nil {
			return err
		}
		if err := do(tx); err != nil {
			return err
		}
		var id string
		if err := tx.QueryRow(ctx, `SELECT pg_current_xact_id()::text`).Scan(&id); err != nil {
			return err
		}
		xid, err = strconv.ParseUint(id, 10, 64)
		return err
	})
	return xid, refusal(err)
}

// refusal turns what the database says of the caller's input, or of itself, into the domain's errors.
func refusal(err error) error {
	if err == nil || kora.ReasonOf(err) != "" {
		return err
	}
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		if errors.Is(err, context.Canceled) {
			return err
		}
		return kora.Refuse(kora.ReasonUnavailable, "", nil, "the database does not answer").Because(err)
	}
	switch pg.Code {
	case "23505": // unique_violation
		return kora.Refuse(kora.ReasonDuplicate, "code", nil, "is in use by another record").Because(err)
	case "23514", "22P02", "22001", "22003", "22021": // check_violation, bad text, too long, out of range, bad UTF-8
		return kora.Refuse(kora.ReasonRange, pg.ColumnName, nil, "is refused by the record").Because(err)
	case "57P01", "57P02", "57P03", "53300": // shutdown, crash, starting up, too many connections
		return kora.Refuse(kora.ReasonUnavailable, "", nil, "the database does not answer").Because(err)
	}
	return fmt.Errorf("write to the record: %w", err)
}

// Pool is the record's own pool, for store/queue, which lives in the same database.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }
