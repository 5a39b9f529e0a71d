package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"kora"
)

// ParcelsByNumber gives those of the numbers that the record holds, as they are now.
func (s *Store) ParcelsByNumber(ctx context.Context, numbers []string) (map[string]*kora.Parcel, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+parcels.columns+` FROM parcel WHERE number = ANY($1)`, numbers)
	if err != nil {
		return nil, refusal(fmt.Errorf("read parcels by number: %w", err))
	}
	all, err := pgx.CollectRows(rows, parcels.scan)
	if err != nil {
		return nil, refusal(fmt.Errorf("read parcels by number: %w", err))
	}
	found := make(map[string]*kora.Parcel, len(all))
	for _, p := range all {
		found[p.Number] = p
	}
	return found, nil
}
