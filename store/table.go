package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
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

// upsert writes several, whose keys differ, and returns of those that were new or differed the key and whether it is new. They go as
// one array for each column: the statement is the same for however many, and is planned once.
func (t *table[T]) upsert(items []*T) (sql string, args []any, err error) {
	var columns, exprs, names []string
	var arrays [][]any
	for i, v := range items {
		values, err := t.values(v)
		if err != nil {
			return "", nil, err
		}
		for c, v := range values {
			if i == 0 {
				name, expr := fmt.Sprintf("v%d", c), cmp.Or(v.expr, "%s")
				array, cast := arrayOf(v.arg)
				columns, names, arrays = append(columns, v.column), append(names, name), append(arrays, make([]any, len(items)))
				exprs, args = append(exprs, fmt.Sprintf(expr, name+cast)), append(args, fmt.Sprintf("$%d::%s", c+1, array))
			}
			if arrays[c][i], err = elementOf(v.arg); err != nil {
				return "", nil, err
			}
		}
	}
	froms := make([]string, len(args))
	for c := range args {
		froms[c], args[c] = args[c].(string), arrays[c]
	}
	var old, now, all []string
	for _, c := range columns {
		if all = append(all, "excluded."+c); c != "source" { // the same in another file is no change
			old, now = append(old, "old."+c), append(now, "excluded."+c)
		}
	}
	return fmt.Sprintf(`
		INSERT INTO %s AS old (%s) SELECT %s FROM unnest(%s) AS v (%s)
		ON CONFLICT (%s) DO UPDATE SET (%[2]s) = ROW(%[7]s)
		WHERE (%[8]s) IS DISTINCT FROM (%[9]s)
		RETURNING %[6]s, id, xmax = 0`,
		t.name, strings.Join(columns, ", "), strings.Join(exprs, ", "), strings.Join(froms, ", "), strings.Join(names, ", "), t.key,
		strings.Join(all, ", "), strings.Join(old, ", "), strings.Join(now, ", ")), args, nil
}

// arrayOf is the type of an array of values such as arg, and how an element of it becomes one again. Lists, which may differ in
// length, go as text.
func arrayOf(arg any) (array, cast string) {
	switch arg.(type) {
	case []byte:
		return "bytea[]", ""
	case []string:
		return "text[]", "::text[]"
	case []float64:
		return "text[]", "::float8[]"
	case []int64:
		return "text[]", "::bigint[]"
	case time.Time: // a day
		return "date[]", ""
	case *time.Time:
		return "timestamptz[]", ""
	}
	switch reflect.TypeOf(arg).Kind() {
	case reflect.String:
		return "text[]", ""
	case reflect.Bool:
		return "bool[]", ""
	case reflect.Int:
		return "int[]", ""
	case reflect.Float64:
		return "float8[]", ""
	}
	return "jsonb[]", ""
}

func elementOf(arg any) (any, error) {
	var oid uint32
	switch arg.(type) {
	case []string:
		oid = pgtype.TextArrayOID
	case []float64:
		oid = pgtype.Float8ArrayOID
	case []int64:
		oid = pgtype.Int8ArrayOID
	default:
		return arg, nil
	}
	text, err := arrays.Encode(oid, pgtype.TextFormatCode, arg, nil)
	return string(text), err
}

// arrays writes lists as PostgreSQL does.
var arrays = pgtype.NewMap()

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

// Count adds o to what came of all.
func (o *Outcome) Count(c *kora.Counts) {
	switch {
	case o.Refused != nil:
		c.Refused++
	case o.Added:
		c.Added++
	case o.Changed:
		c.Changed++
	default:
		c.Unchanged++
	}
}

var errRefused = errors.New("an item was refused")

// Items go to the database by the chunk: so many at most, and so many bytes of geometry, in one statement. Triggers that run once a
// statement, its constraints, which are made ready for each, and the round trip cost more than a row does.
const (
	chunkItems = 512
	chunkBytes = 8 << 20
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

// applyChunk writes the first of items and tells how many. Whether their rings are valid is left to the record's own constraint, for
// looking twice would cost as much again; where one of them is not, all are looked at, and those that are not are passed over.
func applyChunk[T any](ctx context.Context, tx pgx.Tx, t *table[T], items []*T, outcomes []Outcome) (n int, err error) {
	size := 0
	for n < min(len(items), chunkItems) && size < chunkBytes {
		if t.areas != nil {
			size += bytesOf(t.areas(items[n]))
		}
		n++
	}
	items, outcomes = items[:n], outcomes[:n]
	if t.areas == nil {
		return n, writeChunk(ctx, tx, t, items, outcomes)
	}
	err = pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error { return writeChunk(ctx, tx, t, items, outcomes) })
	if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.ConstraintName != t.name+"_valid" {
		return n, err
	}
	shapes := make([][]byte, n)
	for i := range items {
		if shapes[i], err = encode(t.areas(items[i])); err != nil {
			return n, err
		}
	}
	clear(outcomes)
	if err := checkRings(ctx, tx, shapes, outcomes); err != nil {
		return n, err
	}
	return n, writeChunk(ctx, tx, t, items, outcomes)
}

// writeChunk writes items that are not refused yet.
func writeChunk[T any](ctx context.Context, tx pgx.Tx, t *table[T], items []*T, outcomes []Outcome) error {
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
	for i, v := range items {
		if outcomes[i].Refused != nil {
			continue
		}
		if _, twice := at[t.keyOf(v)]; twice {
			if err := flush(); err != nil {
				return err
			}
		}
		together, at[t.keyOf(v)] = append(together, v), &outcomes[i]
	}
	if err := flush(); err != nil {
		return err
	}
	return tx.SendBatch(ctx, &batch).Close()
}
