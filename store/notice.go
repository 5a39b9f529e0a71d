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
	columns: `id, version, code, kind, title, body, published_on, closes_at, parcels, sample`,
	scan: func(row pgx.CollectableRow) (*kora.Notice, error) {
		var n kora.Notice
		var closes *time.Time
		err := row.Scan(&n.ID, &n.Version, &n.Code, &n.Kind, &n.Title, &n.Body, &n.PublishedOn, &closes, &n.Parcels, &n.Sample)
		if closes != nil {
			n.ClosesAt = *closes
		}
		return &n, err
	},
	keyOf: func(n *kora.Notice) string { return n.Code },
	id:    func(n *kora.Notice) int64 { return n.ID },
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

// CreateNotice adds a notice and sets its ID and Version. A code in use is refused with ReasonDuplicate.
func (s *Store) CreateNotice(ctx context.Context, author kora.Author, n *kora.Notice) (xid uint64, err error) {
	return s.write(ctx, author, func(tx pgx.Tx) error {
		sql, args, err := notices.insert(n)
		if err != nil {
			return err
		}
		n.Version = 1
		return tx.QueryRow(ctx, sql, args...).Scan(&n.ID)
	})
}

// UpdateNotice replaces the notice with this code, and sets its ID and Version; its former version stays in the history.
// Where was is given and is not the version that there is, the refusal names who changed it.
func (s *Store) UpdateNotice(ctx context.Context, author kora.Author, n *kora.Notice, was *kora.Revision) (xid uint64, err error) {
	return s.write(ctx, author, func(tx pgx.Tx) error {
		now, err := lockRow(ctx, tx, kora.LayerNotice, "code", n.Code, was)
		if err != nil {
			return err
		}
		sql, args, err := notices.update(now.ID, n)
		if err != nil {
			return err
		}
		n.Version = now.Version + 1
		return tx.QueryRow(ctx, sql, args...).Scan(&n.ID)
	})
}

// DeleteNotice removes a notice; what it was stays in the history. See UpdateNotice for was.
func (s *Store) DeleteNotice(ctx context.Context, author kora.Author, code string, was *kora.Revision) (xid uint64, err error) {
	return s.write(ctx, author, func(tx pgx.Tx) error {
		now, err := lockRow(ctx, tx, kora.LayerNotice, "code", code, was)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM notice WHERE id = $1`, now.ID)
		return err
	})
}

// orNull gives NULL for the zero time.
func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
