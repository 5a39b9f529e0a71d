package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"kora"
)

// A table tells how one kind of record is read and written.
type table[T any] struct {
	name    string
	key     string // the unique column by which an import recognises a record
	keyOf   func(*T) string
	columns string // what scan reads, id first
	scan    func(pgx.CollectableRow) (*T, error)
	id      func(*T) int64
	values  func(*T) ([]value, error)
	areas   func(*T) orb.MultiPolygon // whose rings must be valid; nil when there are none
}

// A value is one column to be written; expr is SQL around its placeholder, "%s" when empty.
type value struct {
	column string
	arg    any
	expr   string
}

// read gives the rows with these ids, nil for those that are gone; nil ids give every row.
func read[T any](ctx context.Context, tx pgx.Tx, t *table[T], ids []int64) (map[int64]*T, error) {
	sql, args := `SELECT `+t.columns+` FROM `+t.name, []any{}
	if ids != nil {
		sql, args = sql+` WHERE id = ANY($1)`, []any{ids}
	}
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", t.name, err)
	}
	all, err := pgx.CollectRows(rows, t.scan)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", t.name, err)
	}
	found := make(map[int64]*T, max(len(all), len(ids)))
	for _, id := range ids {
		found[id] = nil
	}
	for _, v := range all {
		found[t.id(v)] = v
	}
	return found, nil
}

// insert, update and upsert make statements that return the id of the row that was written.
func (t *table[T]) insert(v *T) (sql string, args []any, err error) {
	values, err := t.values(v)
	if err != nil {
		return "", nil, err
	}
	columns, exprs, args := t.list(values, 0)
	return fmt.Sprintf(`INSERT INTO %s (%s) VALUES (%s) RETURNING id`,
		t.name, strings.Join(columns, ", "), strings.Join(exprs, ", ")), args, nil
}

func (t *table[T]) update(id int64, v *T) (sql string, args []any, err error) {
	values, err := t.values(v)
	if err != nil {
		return "", nil, err
	}
	columns, exprs, args := t.list(values, 0)
	return fmt.Sprintf(`UPDATE %s SET (%s) = ROW(%s) WHERE id = $%d RETURNING id`,
		t.name, strings.Join(columns, ", "), strings.Join(exprs, ", "), len(args)+1), append(args, id), nil
}

// upsert writes several, whose keys differ, and returns of those that were new or differed the key and whether it is new.
func (t *table[T]) upsert(items []*T) (sql string, args []any, err error) {
	var columns, rows []string
	for _, v := range items {
		values, err := t.values(v)
		if err != nil {
			return "", nil, err
		}
		names, exprs, more := t.list(values, len(args))
		columns, rows, args = names, append(rows, "("+strings.Join(exprs, ", ")+")"), append(args, more...)
	}
	var old, now, all []string
	for _, c := range columns {
		if all = append(all, "excluded."+c); c != "source" { // the same in another file is no change
			old, now = append(old, "old."+c), append(now, "excluded."+c)
		}
	}
	return fmt.Sprintf(`
		INSERT INTO %s AS old (%s) VALUES %s
		ON CONFLICT (%s) DO UPDATE SET (%[2]s) = ROW(%[5]s)
		WHERE (%[6]s) IS DISTINCT FROM (%[7]s)
		RETURNING %[4]s, id, xmax = 0`,
		t.name, strings.Join(columns, ", "), strings.Join(rows, ", "), t.key,
		strings.Join(all, ", "), strings.Join(old, ", "), strings.Join(now, ", ")), args, nil
}

// list gives the columns of values with what is to be written, whose placeholders come after so many.
func (t *table[T]) list(values []value, after int) (columns, exprs []string, args []any) {
	for i, v := range values {
		placeholder := fmt.Sprintf("$%d", after+i+1)
		if v.expr != "" {
			placeholder = fmt.Sprintf(v.expr, placeholder)
		}
		columns, exprs, args = append(columns, v.column), append(exprs, placeholder), append(args, v.arg)
	}
	return columns, exprs, args
}

// geometryValue writes an EWKB.
func geometryValue(column string, b []byte) value { return value{column, b, "ST_GeomFromEWKB(%s)"} }

// orEmpty keeps SQL's NULL out of columns that hold lists.
func orEmpty[E any](s []E) []E {
	if s == nil {
		return []E{}
	}
	return s
}

// lockRow keeps others from changing the row of a layer whose column key has a value, and refuses when they have since the
// version was.
func lockRow(ctx context.Context, tx pgx.Tx, layer kora.Layer, key string, v any, was *kora.Revision) (now kora.Revision, err error) {
	var at time.Time
	err = tx.QueryRow(ctx, `SELECT id, version, changed_at FROM `+layer.String()+` WHERE `+key+` = $1 FOR UPDATE`, v).Scan(&now.ID, &now.Version, &at)
	if errors.Is(err, pgx.ErrNoRows) {
		return now, kora.Refuse(kora.ReasonNotFound, layer.String(), v, "is not in the record")
	}
	if err != nil || was == nil || *was == now {
		return now, err
	}
	var who string
	err = tx.QueryRow(ctx, `SELECT who FROM history WHERE layer = $1 AND key = $2 AND version = $3`,
		layer, now.ID, now.Version-1).Scan(&who)
	if errors.Is(err, pgx.ErrNoRows) {
		return now, kora.Refuse(kora.ReasonChanged, layer.String(), v, "is another one now: it was deleted and made again")
	}
	if err != nil {
		return now, err
	}
	return now, kora.Refuse(kora.ReasonChanged, layer.String(), v,
		"was changed by %s at %s; read it again", who, kora.ChinaTime(at).Format("2006-01-02 15:04"))
}

// An Outcome tells what an import did with one item.
type Outcome struct {
	ID      int64 // 0 when the item was refused, or is as the record has it
	Added   bool
	Changed bool
	Refused *kora.Error
}

var errRefused = errors.New("an item was refused")

// Items go to the database by the chunk: so many at most, and so many bytes of geometry; a statement writes so many of them. Triggers
// that run once a statement, and the round trip, cost more than a row does.
const (
	chunkItems = 512
	chunkBytes = 8 << 20
	atOnce     = 64
)

// apply writes items by their keys in one transaction: new ones are added, those that differ are changed. With a refused
// item nothing is written, unless skip tells to pass over it. then, which may be nil, ends the transaction: its error rolls it
// back and is given on.
func apply[T any](ctx context.Context, s *Store, t *table[T], author kora.Author, items []*T, skip bool,
	then func(ctx context.Context, tx pgx.Tx, outcomes []Outcome) error) (xid uint64, outcomes []Outcome, err error) {
	outcomes = make([]Outcome, len(items))
	refused := false
	xid, err = s.write(ctx, author, func(tx pgx.Tx) error {
		for from := 0; from < len(items); {
			n, err := applyChunk(ctx, tx, t, items[from:], outcomes[from:])
			if err != nil {
				return err
			}
			from += n
		}
		for i := range outcomes {
			refused = refused || outcomes[i].Refused != nil
		}
		if refused && !skip {
			return errRefused
		}
		if then != nil {
			return then(ctx, tx, outcomes)
		}
		return nil
	})
	if refused && !skip {
		for i := range outcomes {
			outcomes[i] = Outcome{Refused: outcomes[i].Refused}
		}
		return 0, outcomes, nil
	}
	return xid, outcomes, err
}

// applyChunk writes the first of items in two rounds, one that asks whether their rings are valid and one that writes; a round for
// each item would take most of the time of an import. It tells how many.
func applyChunk[T any](ctx context.Context, tx pgx.Tx, t *table[T], items []*T, outcomes []Outcome) (n int, err error) {
	var shapes [][]byte
	if t.areas != nil {
		for size := 0; n < min(len(items), chunkItems) && size < chunkBytes; n++ {
			b, err := encode(t.areas(items[n]))
			if err != nil {
				return 0, err
			}
			shapes, size = append(shapes, b), size+len(b)
		}
		if err := checkRings(ctx, tx, shapes, outcomes); err != nil {
			return 0, err
		}
	} else {
		n = min(len(items), chunkItems)
	}
	var batch pgx.Batch
	var together []*T
	at := map[string]*Outcome{} // of together, by key
	flush := func() error {
		if len(together) == 0 {
			return nil
		}
		sql, args, err := t.upsert(together)
		if err != nil {
			return err
		}
		of := at
		batch.Queue(sql, args...).Query(func(rows pgx.Rows) error {
			var key string
			var id int64
			var added bool
			_, err := pgx.ForEachRow(rows, []any{&key, &id, &added}, func() error {
				*of[key] = Outcome{ID: id, Added: added, Changed: !added}
				return nil
			})
			return err
		})
		together, at = nil, map[string]*Outcome{}
		return nil
	}
	for i, v := range items[:n] {
		if outcomes[i].Refused != nil {
			continue
		}
		if _, twice := at[t.keyOf(v)]; twice || len(together) == atOnce {
			if err := flush(); err != nil {
				return 0, err
			}
		}
		together, at[t.keyOf(v)] = append(together, v), &outcomes[i]
	}
	if err := flush(); err != nil {
		return 0, err
	}
	return n, tx.SendBatch(ctx, &batch).Close()
}
