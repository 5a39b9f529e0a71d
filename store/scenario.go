package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"kora"
)

const scenarioColumns = `id::text, version, name, settings, edits, base, created_at, changed_at, adopted_at`

func scanScenario(row pgx.CollectableRow) (*kora.Scenario, error) {
	var sc kora.Scenario
	var adopted *time.Time
	err := row.Scan(&sc.ID, &sc.Version, &sc.Name, &sc.Settings, &sc.Edits, &sc.Base, &sc.CreatedAt, &sc.ChangedAt, &adopted)
	if adopted != nil {
		sc.AdoptedAt = *adopted
	}
	return &sc, err
}

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

func scenarioWhere(ctx context.Context, q querier, id, lock string) (*kora.Scenario, error) {
	rows, err := q.Query(ctx, `SELECT `+scenarioColumns+` FROM scenario WHERE id::text = $1 `+lock, id)
	if err != nil {
		return nil, err
	}
	sc, err := pgx.CollectExactlyOneRow(rows, scanScenario)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, kora.Refuse(kora.ReasonNotFound, "scenario", id, "is not in the record")
	}
	return sc, err
}

// lockScenario keeps others from changing a scenario. It refuses one that was changed since the version was, 0 for any, and one
// that is adopted, which stays as it was.
func lockScenario(ctx context.Context, tx pgx.Tx, id string, was int) (*kora.Scenario, error) {
	sc, err := scenarioWhere(ctx, tx, id, `FOR UPDATE`)
	switch {
	case err != nil:
		return nil, err
	case !sc.AdoptedAt.IsZero():
		return nil, kora.Refuse(kora.ReasonConflict, "scenario", id, "was adopted at %s", kora.ChinaTime(sc.AdoptedAt).Format(time.RFC3339))
	case was != 0 && was != sc.Version:
		return nil, kora.Refuse(kora.ReasonChanged, "scenario", id, "was changed at %s; read it again", kora.ChinaTime(sc.ChangedAt).Format(time.RFC3339))
	}
	return sc, nil
}

// Scenario gives one by its id.
func (s *Store) Scenario(ctx context.Context, id string) (*kora.Scenario, error) {
	sc, err := scenarioWhere(ctx, s.pool, id, "")
	return sc, refusal(err)
}

// Scenarios gives the latest ones, latest first.
func (s *Store) Scenarios(ctx context.Context, most int) ([]*kora.Scenario, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+scenarioColumns+` FROM scenario ORDER BY changed_at DESC, seq DESC LIMIT $1`, most)
	if err != nil {
		return nil, refusal(err)
	}
	all, err := pgx.CollectRows(rows, scanScenario)
	return all, refusal(err)
}

// CreateScenario keeps a scenario, and gives in its ID, Version and times.
func (s *Store) CreateScenario(ctx context.Context, sc *kora.Scenario) error {
	err := s.pool.QueryRow(ctx, `INSERT INTO scenario (name, settings, edits, base) VALUES ($1, $2, $3, $4) RETURNING id::text, version, created_at, changed_at`,
		sc.Name, sc.Settings, orEmpty(sc.Edits), sc.Base).Scan(&sc.ID, &sc.Version, &sc.CreatedAt, &sc.ChangedAt)
	return refusal(err)
}

// UpdateScenario replaces the scenario with the ID of sc and gives in its Version and times. was is the version that is to be replaced; 0: any.
func (s *Store) UpdateScenario(ctx context.Context, sc *kora.Scenario, was int) error {
	return refusal(pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := lockScenario(ctx, tx, sc.ID, was); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `UPDATE scenario SET name = $2, settings = $3, edits = $4, base = $5, version = version + 1, changed_at = now()
			WHERE id::text = $1 RETURNING version, created_at, changed_at`,
			sc.ID, sc.Name, sc.Settings, orEmpty(sc.Edits), sc.Base).Scan(&sc.Version, &sc.CreatedAt, &sc.ChangedAt)
	}))
}

// DeleteScenario removes a scenario for good; what was adopted of it stays. See UpdateScenario for was.
func (s *Store) DeleteScenario(ctx context.Context, id string, was int) error {
	return refusal(pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		sc, err := scenarioWhere(ctx, tx, id, `FOR UPDATE`)
		if err != nil {
			return err
		}
		if was != 0 && was != sc.Version {
			return kora.Refuse(kora.ReasonChanged, "scenario", id, "was changed at %s; read it again", kora.ChinaTime(sc.ChangedAt).Format(time.RFC3339))
		}
		_, err = tx.Exec(ctx, `DELETE FROM scenario WHERE id::text = $1`, id)
		return err
	}))
}

// AdoptScenario makes all edits of a scenario in the record, or none: in one transaction, and only while the stations that it touches are
// those that it was made on. It gives the scenario as it is then, and the stations that were written.
func (s *Store) AdoptScenario(ctx context.Context, author kora.Author, id string, was int, how kora.Adoption) (sc *kora.Scenario, written []*kora.Station, xid uint64, err error) {
	if sc, err = s.Scenario(ctx, id); err != nil {
		return nil, nil, 0, err
	}
	why := fmt.Sprintf("scenario %s (%s)", sc.Name, sc.ID)
	if author.Why != "" {
		why += ": " + author.Why
	}
	xid, err = s.write(ctx, kora.Author{Who: author.Who, Why: why}, func(tx pgx.Tx) error {
		if sc, err = lockScenario(ctx, tx, id, was); err != nil {
			return err
		}
		touched := kora.Touched(sc.Edits)
		for _, station := range touched {
			if err := lockAsItWas(ctx, tx, station, sc.Base.Versions[station]); err != nil {
				return err
			}
		}
		now, err := read(ctx, tx, stations, orEmpty(touched))
		if err != nil {
			return err
		}
		if written, err = sc.Adopt(slices.SortedFunc(maps.Values(now), func(a, b *kora.Station) int { return int(a.ID - b.ID) }), how); err != nil {
			return err
		}
		for _, station := range written {
			sql, args, err := stations.insert(station)
			if station.ID > 0 {
				sql, args, err = stations.update(station.ID, station)
			}
			if err != nil {
				return err
			}
			station.Version++
			if err := tx.QueryRow(ctx, sql, args...).Scan(&station.ID); err != nil {
				return ofStation(station.Code, err)
			}
		}
		return tx.QueryRow(ctx, `UPDATE scenario SET adopted_at = now(), changed_at = now(), version = version + 1 WHERE id::text = $1
			RETURNING version, changed_at, adopted_at`, id).Scan(&sc.Version, &sc.ChangedAt, &sc.AdoptedAt)
	})
	return sc, written, xid, err
}

// lockAsItWas keeps others from changing a station, and refuses as a conflict when it is another than it was.
func lockAsItWas(ctx context.Context, tx pgx.Tx, id int64, version int) error {
	_, err := lockRow(ctx, tx, kora.LayerStation, "id", id, &kora.Revision{ID: id, Version: version})
	if e, ok := errors.AsType[*kora.Error](err); ok {
		conflict := *e
		conflict.Reason = kora.ReasonConflict
		return &conflict
	}
	return err
}

// ofStation says which of several stations a refusal is about.
func ofStation(code string, err error) error {
	if e, ok := errors.AsType[*kora.Error](refusal(err)); ok {
		named := *e
		named.Value = code
		return &named
	}
	return err
}
