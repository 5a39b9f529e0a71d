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

// TryParcels tells what ApplyParcels would do, by doing it and rolling back: whatever the record would refuse, it refuses here.
// Meanwhile nobody else can write the same parcels.
func (s *Store) TryParcels(ctx context.Context, author kora.Author, items []*kora.Parcel) ([]Trial, error) {
	return try(ctx, s, parcels, kora.LayerParcel, author, items, func(ctx context.Context, tx pgx.Tx, written map[int64]*Trial, ids []int64) error {
		return errors.Join(readAreas(ctx, tx, written, ids), readOverlaps(ctx, tx, written, ids))
	})
}

// TryStations is the same for stations.
func (s *Store) TryStations(ctx context.Context, author kora.Author, items []*kora.Station) ([]Trial, error) {
	return try(ctx, s, stations, kora.LayerStation, author, items, nil)
}

func try[T any](ctx context.Context, s *Store, t *table[T], layer kora.Layer, author kora.Author, items []*T,
	look func(ctx context.Context, tx pgx.Tx, written map[int64]*Trial, ids []int64) error) ([]Trial, error) {
	trials := make([]Trial, len(items))
	_, outcomes, err := apply(ctx, s, t, author, items, true, func(ctx context.Context, tx pgx.Tx, outcomes []Outcome) error {
		written, ids := map[int64]*Trial{}, []int64{}
		for i, o := range outcomes {
			if trials[i].Outcome = o; o.ID != 0 {
				written[o.ID], ids = &trials[i], append(ids, o.ID)
			}
		}
		if err := readChanges(ctx, tx, t.name, layer, written, ids); err != nil {
			return err
		}
		if look != nil {
			if err := look(ctx, tx, written, ids); err != nil {
				return err
			}
		}
		return errTried
	})
	if err != nil && !errors.Is(err, errTried) {
		return nil, err
	}
	for i, o := range outcomes {
		trials[i].Outcome = o
		trials[i].ID = 0 // it was rolled back
	}
	return trials, nil
}

// readChanges compares the rows with what the history holds of them. An outline is told by its name only.
func readChanges(ctx context.Context, tx pgx.Tx, table string, layer kora.Layer, written map[int64]*Trial, ids []int64) error {
	rows, err := tx.Query(ctx, `
		SELECT now.id, f.key, nullif(h.row->f.key, 'null'), nullif(f.value, 'null'), f.key = 'geom'
		FROM (SELECT id, version, to_jsonb(t) - '{id,version,changed_at,source}'::text[] AS row FROM `+table+` AS t WHERE id = ANY($2)) AS now
		JOIN history AS h ON h.layer = $1 AND h.key = now.id AND h.version = now.version - 1
		CROSS JOIN jsonb_each(now.row) AS f
		WHERE h.row->f.key IS DISTINCT FROM f.value
		ORDER BY now.id, f.key`, layer, ids)
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

func readOverlaps(ctx context.Context, tx pgx.Tx, written map[int64]*Trial, ids []int64) error {
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
	var id int64
	var o kora.Overlap
	_, err = pgx.ForEachRow(rows, []any{&id, &o.Number, &o.AreaM2}, func() error {
		written[id].Overlaps = append(written[id].Overlaps, o)
		return nil
	})
	return err
}
