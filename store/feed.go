package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"kora"
)

var errSilent = errors.New("the database did not answer in time")

// Changes reads what became visible since a position, and the rows as they are now, in one repeatable-read snapshot of
// the primary. It compares snapshots instead of following the log's sequence: a sequence is taken when a row is written
// and seen when its transaction commits, so a reader that remembers "the last number" steps over whoever was slower.
// Everything is read anew when the position is of another epoch or older than the log.
func (s *Store) Changes(ctx context.Context, since kora.Position) (*kora.Changes, error) {
	c := &kora.Changes{}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	silence := time.AfterFunc(s.patience, func() { end(errSilent) })
	defer silence.Stop()
	opts := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err := pgx.BeginTxFunc(ctx, s.pool, opts, func(tx pgx.Tx) error {
		var recovering bool
		if err := tx.QueryRow(ctx, `SELECT pg_is_in_recovery()`).Scan(&recovering); err != nil {
			return err
		}
		if recovering {
			return errors.New("this database is a standby, whose snapshots do not list running transactions; connect to the primary")
		}
		// The epoch names the database cluster, its timeline (a promoted standby may have lost commits that were
		// shown), and the log itself. pg_control_checkpoint would tell the old timeline until the next checkpoint.
		var floor uint64
		err := tx.QueryRow(ctx, `
			SELECT (SELECT system_identifier FROM pg_control_system()) || '/' ||
			       substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) || '/' || epoch,
			       pg_current_snapshot()::text, floor::text::bigint, clock_timestamp()
			FROM feed`).Scan(&c.To.Epoch, &c.To.Snapshot, &floor, &c.At)
		if err != nil {
			return err
		}
		silence.Stop() // rows may take as long as they are many
		if since.Epoch != c.To.Epoch || !since.Follows(floor) {
			c.Whole = true
			return s.readWhole(ctx, tx, c)
		}
		return s.readChanged(ctx, tx, since, c)
	})
	if err != nil {
		if errors.Is(context.Cause(ctx), errSilent) {
			err = errSilent
		}
		return nil, fmt.Errorf("follow the record: %w", err)
	}
	return c, nil
}

func (s *Store) readWhole(ctx context.Context, tx pgx.Tx, c *kora.Changes) (err error) {
	if c.Stations, err = read(ctx, tx, stations, nil); err != nil {
		return err
	}
	if c.KeyAreas, err = read(ctx, tx, keyAreas, nil); err != nil {
		return err
	}
	if c.Highways, err = read(ctx, tx, highways, nil); err != nil {
		return err
	}
	if c.Parcels, err = read(ctx, tx, parcels, nil); err != nil {
		return err
	}
	if c.Notices, err = read(ctx, tx, notices, nil); err != nil {
		return err
	}
	if c.Panoramas, err = s.readPanoramas(ctx, tx, nil); err != nil {
		return err
	}
	if c.Demands, err = read(ctx, tx, demands, nil); err != nil {
		return err
	}
	if c.Reports, err = read(ctx, tx, reports, nil); err != nil {
		return err
	}
	if c.Targets, err = read(ctx, tx, targets, nil); err != nil {
		return err
	}
	c.Network, err = s.readNetwork(ctx, tx)
	return err
}

func (s *Store) readChanged(ctx context.Context, tx pgx.Tx, since kora.Position, c *kora.Changes) error {
	keys := map[kora.Layer][]int64{}
	rows, err := tx.Query(ctx, `
		SELECT DISTINCT layer, key FROM change_log
		WHERE xid >= pg_snapshot_xmin($1::text::pg_snapshot) AND NOT pg_visible_in_snapshot(xid, $1::text::pg_snapshot)
		ORDER BY layer, key`, since.Snapshot)
	if err != nil {
		return err
	}
	var layer kora.Layer
	var key int64
	if _, err = pgx.ForEachRow(rows, []any{&layer, &key}, func() error {
		keys[layer] = append(keys[layer], key)
		return nil
	}); err != nil {
		return err
	}
	for layer, ids := range keys {
		switch layer {
		case kora.LayerStation:
			c.Stations, err = read(ctx, tx, stations, ids)
		case kora.LayerKeyArea:
			c.KeyAreas, err = read(ctx, tx, keyAreas, ids)
		case kora.LayerHighway:
			c.Highways, err = read(ctx, tx, highways, ids)
		case kora.LayerParcel:
			c.Parcels, err = read(ctx, tx, parcels, ids)
		case kora.LayerNotice:
			c.Notices, err = read(ctx, tx, notices, ids)
		case kora.LayerPanorama:
			c.Panoramas, err = s.readPanoramas(ctx, tx, ids)
		case kora.LayerDemand:
			c.Demands, err = read(ctx, tx, demands, ids)
		case kora.LayerReport:
			c.Reports, err = read(ctx, tx, reports, ids)
		case kora.LayerTarget:
			c.Targets, err = read(ctx, tx, targets, ids)
		case kora.LayerNetwork:
			c.Network, err = s.readNetwork(ctx, tx)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Listen blocks and calls wake whenever a transaction says that it changed the record, until ctx ends. It is a hint
// only: notices are not stored, and a link can die in silence, so whoever follows the record must poll as well.
func (s *Store) Listen(ctx context.Context, wake func()) {
	for pause := 100 * time.Millisecond; ctx.Err() == nil; pause = min(2*pause, 5*time.Second) {
		if err := s.listen(ctx, wake); err != nil && ctx.Err() == nil {
			s.log.Warn("not listening for changes", "error", err, "again_in", pause)
			select {
			case <-ctx.Done():
			case <-time.After(pause):
			}
		}
	}
}

func (s *Store) listen(ctx context.Context, wake func()) error {
	pooled, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	conn := pooled.Hijack() // a listening connection must not go back to the pool
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(closing) // nothing is pending on it
	}()
	if _, err := conn.Exec(ctx, `LISTEN kora_change`); err != nil {
		return err
	}
	wake() // whatever came before the LISTEN
	for {
		waiting, cancel := context.WithTimeout(ctx, 2*time.Second)
		_, err := conn.WaitForNotification(waiting)
		quiet := waiting.Err() != nil && ctx.Err() == nil
		cancel()
		switch {
		case err == nil:
			wake()
		case quiet:
			// A dead link is noticed by the operating system after minutes, by a ping in seconds.
			pinging, cancel := context.WithTimeout(ctx, 2*time.Second)
			err := conn.Ping(pinging)
			cancel()
			if err != nil {
				return err
			}
		default:
			return err
		}
	}
}

// Prune forgets changes that are older than age and raises the floor of the log.
func (s *Store) Prune(ctx context.Context, age time.Duration) error {
	_, err := s.pool.Exec(ctx, `
		WITH gone AS (
			DELETE FROM change_log
			WHERE at < clock_timestamp() - make_interval(secs => $1) AND xid < pg_snapshot_xmin(pg_current_snapshot())
			RETURNING xid)
		UPDATE feed SET floor = greatest(floor::text::bigint, top + 1)::text::xid8
		FROM (SELECT max(xid::text::bigint) AS top FROM gone) AS t WHERE top IS NOT NULL`, age.Seconds())
	if err != nil {
		return fmt.Errorf("prune the change log: %w", err)
	}
	return nil
}
