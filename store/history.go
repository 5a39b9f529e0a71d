package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"kora"
)

// A Version is what a record was before somebody changed or deleted it.
type Version struct {
	Version int
	Row     json.RawMessage // the table's columns, geometry as GeoJSON
	Until   time.Time
	Op      string // update or delete
	Author  kora.Author
}

// History gives the former versions of a record, oldest first.
func (s *Store) History(ctx context.Context, layer kora.Layer, id int64) ([]Version, error) {
	rows, err := s.pool.Query(ctx, `
		SELECT version, row, until, op, who, why FROM history WHERE layer = $1 AND key = $2 ORDER BY version`, layer, id)
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	versions, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (v Version, err error) {
		err = row.Scan(&v.Version, &v.Row, &v.Until, &v.Op, &v.Author.Who, &v.Author.Why)
		return v, err
	})
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	return versions, nil
}
