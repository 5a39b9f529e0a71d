package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"kora"
)

var notices = &table[kora.Notice]{
	name:    "notice",
	key:     "code",
	columns: `id, code, kind, title, body, published_on, closes_at, parcels, sample`,
	scan: func(row pgx.CollectableRow) (*kora.Notice, error) {
		var n kora.Notice
		var closes *time.Time
		err := row.Scan(&n.ID, &n.Code, &n.Kind, &n.Title, &n.Body, &n.PublishedOn, &closes, &n.Parcels, &n.Sample)
		if closes != nil {
			n.ClosesAt = *closes
		}
		return &n, err
	},
	id: func(n *kora.Notice) int64 { return n.ID },
	values: func(n *kora.Notice) ([]value, error) {
		return []value{
			{"code", n.Code, ""}, {"kind", n.Kind, ""}, {"title", n.Title, ""}, {"body", n.Body, ""},
			{"published_on", n.PublishedOn, ""}, {"closes_at", orNull(n.ClosesAt), ""},
			{"parcels", orEmpty(n.Parcels), ""}, {"sample", n.Sample, ""},
		}, nil
	},
}

// ApplyNotices writes notices by their codes; see apply.
func (s *Store) ApplyNotices(ctx context.Context, author kora.Author, items []*kora.Notice, skip bool) (xid uint64, outcomes []Outcome, err error) {
	return apply(ctx, s, notices, author, items, skip, nil)
}

// orNull gives NULL for the zero time.
func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
