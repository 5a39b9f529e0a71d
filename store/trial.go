package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"kora"
)

// A Trial is what writing an item would do.
type Trial struct {
	Outcome
	Changes  []kora.ImportChange // of a changed one, field by field
	AreaM2   float64             // of a parcel that would be written, on the ellipsoid
	Overlaps []kora.Overlap
}

var errTried = errors.New("was tried only")

// A Trying is told what writing records would do, lot after lot as they are read, and then of the overlaps of the nth ones.
type Trying[T any] interface {
	Lot(ctx context.Context, l *Lot[T]) error
	Overlaps(ctx context.Context, n int, with []kora.Overlap) error
}

// TryParcels tells what WriteParcels would do, by doing it and rolling back: whatever the record would refuse, it refuses here.
// Meanwhile nobody else can write the same parcels.
func (s *Store) TryParcels(ctx context.Context, author kora.Author, feed Feed[kora.Parcel], told Trying[kora.Parcel]) error {
	return try(ctx, s, parcels, kora.LayerParcel, author, feed, told, readAreas, readOverlaps)
}

// TryStations is the same for stations.
func (s *Store) TryStations(ctx context.Context, author kora.Author, feed Feed[kora.Station], told Trying[kora.Station]) error {
	return try(ctx, s, stations, kora.LayerStation, author, feed, told, nil, nil)
}

func try[T any](ctx context.Context, s *Store, t *table[T], layer kora.Layer, author kora.Author, feed Feed[T], told Trying[T],
	look func(ctx context.Context, tx pgx.Tx, written map[int64]*Trial, ids []int64) error,
	overlaps func(ctx context.Context, tx pgx.Tx, ids []int64, tell func(id int64, with []kora.Overlap) error) error) error {
	var all []int64          // that would be written
	place := map[int64]int{} // of these in the feed
	count := 0
	err := applyLots(ctx, s, t, author, feed, func(tx pgx.Tx, l *Lot[T]) error {
		written, ids := map[int64]*Trial{}, []int64{}
		for i := range l.Trials {
			if id := l.Trials[i].ID; id != 0 {
				written[id], place[id], ids = &l.Trials[i], count+i, append(ids, id)
				l.Trials[i].ID = 0 // it will be rolled back
			}
		}
		count, all = count+len(l.Trials), append(all, ids...)
		if err := readChanges(ctx, tx, t.name, layer, written, ids); err != nil {
			return err
		}
		if look != nil {
			if err := look(ctx, tx, written, ids); err != nil {
				return err
			}
		}
		return told.Lot(ctx, l)
	}, func(tx pgx.Tx) error {
		if overlaps != nil {
			if err := overlaps(ctx, tx, all, func(id int64, with []kora.Overlap) error { return told.Overlaps(ctx, place[id], with) }); err != nil {
				return err
			}
		}
		return errTried
	})
	if errors.Is(err, errTried) {
		return nil
	}
	return err
}

// readChanges compares the rows with what the history holds of them. An outline is told by its name only.
func readChanges(ctx context.Context, tx pgx.Tx, table string, layer kora.Layer, written map[int64]*Trial, ids []int64) error {
	// What the history holds is unpacked once, and not for each field.
	rows, err := tx.Query(ctx, `
		SELECT id, f.key, nullif(was->f.key, 'null'), nullif(f.value, 'null'), f.key = 'geom'
		FROM (SELECT t.id, h.row || '{}' AS was, to_jsonb(t) - '{id,version,changed_at,source}'::text[] AS now
			FROM `+table+` AS t JOIN history AS h ON h.layer = $1 AND h.key = t.id AND h.version = t.version - 1
			WHERE t.id = ANY($2) OFFSET 0) AS row
		CROSS JOIN jsonb_each(now) AS f
		WHERE was->f.key IS DISTINCT FROM f.value
		ORDER BY id, f.key`, layer, ids)
	if err != nil {
		return err
	}
	var id int64
	var c kora.ImportChange
	var shape bool
	_, err = pgx.ForEachRow(rows, []any{&id, &c.Field, &c.Was, &c.Now, &shape}, func() error {
		if shape {
			c.Was, c.Now = nil, nil
		}
		written[id].Changes = append(written[id].Changes, c)
		return nil
	})
	return err
}

func readAreas(ctx context.Context, tx pgx.Tx, written map[int64]*Trial, ids []int64) error {
	rows, err := tx.Query(ctx, `SELECT id, area_m2 FROM parcel WHERE id = ANY($1)`, ids)
	if err != nil {
		return err
	}
	var id int64
	var area float64
	_, err = pgx.ForEachRow(rows, []any{&id, &area}, func() error {
		written[id].AreaM2 = area
		return nil
	})
	return err
}

// Neighbours share their borders but for a hair; what is smaller is none. More overlaps than can be looked at say no more.
const (
	leastOverlapM2 = 1
	mostOverlaps   = 10_000
)

func readOverlaps(ctx context.Context, tx pgx.Tx, ids []int64, tell func(id int64, with []kora.Overlap) error) error {
	// ST_Touches uses the prepared form of its first argument, which the overlay does not.
	rows, err := tx.Query(ctx, `
		SELECT a.id, number, area FROM unnest($1::bigint[]) AS a(id) CROSS JOIN LATERAL (
			SELECT b.number, ST_Area(geography(ST_Intersection(p.geom, b.geom))) AS area
			FROM parcel AS p JOIN parcel AS b ON b.geom && p.geom AND b.id <> p.id AND ST_Intersects(p.geom, b.geom) AND NOT ST_Touches(p.geom, b.geom)
			WHERE p.id = a.id) AS shared
		WHERE area > $2 ORDER BY a.id, number LIMIT $3`, ids, leastOverlapM2, mostOverlaps)
	if err != nil {
		return err
	}
	var id, of int64
	var o kora.Overlap
	var with []kora.Overlap
	flush := func() error {
		if len(with) == 0 {
			return nil
		}
		err := tell(of, with)
		with = nil
		return err
	}
	if _, err := pgx.ForEachRow(rows, []any{&id, &o.Number, &o.AreaM2}, func() error {
		if id != of {
			if err := flush(); err != nil {
				return err
			}
			of = id
		}
		with = append(with, o)
		return nil
	}); err != nil {
		return err
	}
	return flush()
}
