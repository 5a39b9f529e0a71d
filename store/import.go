package store

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"kora"
)

const importColumns = `id::text, kind, state, file, bytes, options, who, why, created_at, changed_at, progress, skip, encoding, digest, counts,
	warnings, refused, coalesce(xid::text, '0')::bigint`

func scanImport(row pgx.CollectableRow) (*kora.Import, error) {
	var in kora.Import
	err := row.Scan(&in.ID, &in.Kind, &in.State, &in.File, &in.Bytes, &in.Options, &in.Author.Who, &in.Author.Why, &in.CreatedAt, &in.ChangedAt,
		&in.Progress, &in.Skip, &in.Encoding, &in.Digest, &in.Counts, &in.Warnings, &in.Refused, &in.XID)
	return &in, err
}

// due has work on an import done once the transaction is committed.
type due func(ctx context.Context, tx pgx.Tx, id string) error

// importPart is how much of a file goes into one row.
const importPart = 1 << 20

// AddImport keeps a file of in.Bytes with what in says of it, and gives in its id. Imports that wait for longer than a week are called off.
func (s *Store) AddImport(ctx context.Context, in *kora.Import, file io.Reader, then due) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `WITH old AS (
				UPDATE import SET state = 'cancelled', changed_at = now() WHERE state IN ('checking', 'ready') AND changed_at < now() - interval '7 days' RETURNING id)
			DELETE FROM import_part WHERE import IN (SELECT id FROM old)`)
		if err != nil {
			return err
		}
		err = tx.QueryRow(ctx, `INSERT INTO import (id, kind, file, bytes, options, who, why) VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6) RETURNING id::text`,
			in.Kind, in.File, in.Bytes, in.Options, in.Author.Who, in.Author.Why).Scan(&in.ID)
		if err != nil {
			return err
		}
		part := make([]byte, importPart)
		for i, left := 0, in.Bytes; left > 0; i++ {
			n, err := io.ReadFull(file, part[:min(left, importPart)])
			if err != nil {
				return fmt.Errorf("read %s: %w", in.File, err)
			}
			if _, err := tx.Exec(ctx, `INSERT INTO import_part (import, part, data) VALUES ($1, $2, $3)`, in.ID, i, part[:n]); err != nil {
				return err
			}
			left -= n
		}
		return then(ctx, tx, in.ID)
	})
	return refusal(err)
}

// Import gives one by its id.
func (s *Store) Import(ctx context.Context, id string) (*kora.Import, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+importColumns+` FROM import WHERE id::text = $1`, id)
	if err != nil {
		return nil, refusal(err)
	}
	in, err := pgx.CollectExactlyOneRow(rows, scanImport)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, kora.Refuse(kora.ReasonNotFound, "import", id, "is not in the record")
	}
	return in, refusal(err)
}

// Imports gives the latest ones, latest first.
func (s *Store) Imports(ctx context.Context, most int) ([]*kora.Import, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+importColumns+` FROM import ORDER BY seq DESC LIMIT $1`, most)
	if err != nil {
		return nil, refusal(err)
	}
	all, err := pgx.CollectRows(rows, scanImport)
	return all, refusal(err)
}

// ImportFile writes the file of an import that is not over to w.
func (s *Store) ImportFile(ctx context.Context, in *kora.Import, w io.Writer) error {
	rows, err := s.pool.Query(ctx, `SELECT data FROM import_part WHERE import = $1 ORDER BY part`, in.ID)
	if err != nil {
		return refusal(err)
	}
	left := in.Bytes
	var part []byte
	if _, err := pgx.ForEachRow(rows, []any{(*pgtype.DriverBytes)(&part)}, func() error {
		left -= len(part)
		_, err := w.Write(part)
		return err
	}); err != nil {
		return refusal(err)
	}
	if left != 0 {
		return kora.Refuse(kora.ReasonConflict, "import", in.ID, "has no file any more")
	}
	return nil
}

// TellImport tells what is being done with an import.
func (s *Store) TellImport(ctx context.Context, id string, p kora.ImportProgress) error {
	_, err := s.pool.Exec(ctx, `UPDATE import SET progress = $2, changed_at = now() WHERE id = $1 AND state IN ('checking', 'writing')`, id, p)
	return refusal(err)
}

// A Preview is what would come of a file, on its way into the record beside the import.
type Preview struct {
	Encoding string
	Digest   string
	Counts   kora.Counts // Refused is counted here: a record with several faults is one

	tx            pgx.Tx
	id            string
	items, faults int
}

// ShowImport keeps the preview that show makes of an import, in place of a former one, and has it wait for a word. It does nothing
// when the import was called off.
func (s *Store) ShowImport(ctx context.Context, id string, show func(p *Preview) error) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		// It may wait long between two lots, and no longer than its work is wanted.
		if _, err := tx.Exec(ctx, `SET LOCAL idle_in_transaction_session_timeout = 0`); err != nil {
			return err
		}
		for _, table := range []string{"import_item", "import_fault"} {
			if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE import = $1`, id); err != nil {
				return err
			}
		}
		p := &Preview{tx: tx, id: id}
		if err := show(p); err != nil {
			return err
		}
		var warnings int
		err := tx.QueryRow(ctx, `SELECT count(*) FILTER (WHERE fault->>'severity' = $2), count(DISTINCT coalesce(fault->>'line', '')) FILTER (WHERE fault->>'severity' = $3)
			FROM import_fault WHERE import = $1`, id, kora.ImportWarning, kora.ImportFaulty).Scan(&warnings, &p.Counts.Refused)
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `UPDATE import SET state = 'ready', progress = '{}', encoding = $2, digest = $3, counts = $4, warnings = $5, changed_at = now()
			WHERE id = $1 AND state IN ('checking', 'writing')`, id, p.Encoding, p.Digest, p.Counts, warnings)
		if err == nil && tag.RowsAffected() == 0 {
			return errOver
		}
		return err
	})
	return refusal(over(err))
}

// Items keeps the next items.
func (p *Preview) Items(ctx context.Context, items []kora.ImportItem) error {
	outcomes, shapes, told := make([]string, len(items)), make([][]byte, len(items)), make([]any, len(items))
	for i := range items {
		outcomes[i], told[i] = items[i].Outcome, &items[i]
		if items[i].Shape != nil {
			var err error
			if shapes[i], err = encode(items[i].Shape); err != nil {
				return err
			}
		}
	}
	_, err := p.tx.Exec(ctx, `INSERT INTO import_item (import, seq, outcome, item, geom)
		SELECT $1, $2 + i - 1, outcome, item, ST_GeomFromEWKB(shape) FROM unnest($3::text[], $4::jsonb[], $5::bytea[]) WITH ORDINALITY AS t(outcome, item, shape, i)`,
		p.id, p.items, outcomes, told, shapes)
	p.items += len(items)
	return err
}

// Overlaps keeps with the nth item what it overlaps.
func (p *Preview) Overlaps(ctx context.Context, n int, with []kora.Overlap) error {
	_, err := p.tx.Exec(ctx, `UPDATE import_item SET item = item || jsonb_build_object('overlaps', $3::jsonb) WHERE import = $1 AND seq = $2`, p.id, n, with)
	return err
}

// Faults keeps more faults and warnings.
func (p *Preview) Faults(ctx context.Context, faults []kora.ImportFault) error {
	_, err := p.tx.CopyFrom(ctx, pgx.Identifier{"import_fault"}, []string{"import", "seq", "fault"}, pgx.CopyFromSlice(len(faults), func(i int) ([]any, error) {
		return []any{p.id, p.faults + i, &faults[i]}, nil
	}))
	p.faults += len(faults)
	return err
}

// FailImport ends an import that could not be read or written.
func (s *Store) FailImport(ctx context.Context, id string, why *kora.ImportFault) error {
	return s.endImport(ctx, id, kora.ImportFailed, why)
}

// CancelImport calls an import off; it is a conflict when it is over already.
func (s *Store) CancelImport(ctx context.Context, id string) error {
	return s.endImport(ctx, id, kora.ImportCancelled, nil)
}

func (s *Store) endImport(ctx context.Context, id string, state kora.ImportState, why *kora.ImportFault) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		var was kora.ImportState
		err := tx.QueryRow(ctx, `SELECT state FROM import WHERE id::text = $1 FOR NO KEY UPDATE`, id).Scan(&was)
		if errors.Is(err, pgx.ErrNoRows) {
			return kora.Refuse(kora.ReasonNotFound, "import", id, "is not in the record")
		}
		if err != nil {
			return err
		}
		if was.Over() {
			return kora.Refuse(kora.ReasonConflict, "import", id, "is over: it is %s", was)
		}
		if _, err := tx.Exec(ctx, `DELETE FROM import_part WHERE import = $1`, id); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE import SET state = $2, refused = $3, progress = '{}', changed_at = now() WHERE id = $1`, id, state, why)
		return err
	})
	return refusal(err)
}

// ConfirmImport has a previewed import written; with skip, without its faulty records.
func (s *Store) ConfirmImport(ctx context.Context, id string, author kora.Author, skip bool, then due) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		var state kora.ImportState
		var counts kora.Counts
		err := tx.QueryRow(ctx, `SELECT state, counts FROM import WHERE id::text = $1 FOR NO KEY UPDATE`, id).Scan(&state, &counts)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			return kora.Refuse(kora.ReasonNotFound, "import", id, "is not in the record")
		case err != nil:
			return err
		case state == kora.ImportWriting || state == kora.ImportDone:
			return nil // a second click
		case state != kora.ImportReady:
			return kora.Refuse(kora.ReasonConflict, "import", id, "has no preview to confirm: it is %s", state)
		case counts.Refused > 0 && !skip:
			return kora.Refuse(kora.ReasonConflict, "import", id, "has %d faulty records; mend the file, or confirm without them", counts.Refused)
		}
		_, err = tx.Exec(ctx, `UPDATE import SET state = 'writing', skip = $2, who = $3, why = $4, changed_at = now() WHERE id = $1`, id, skip, author.Who, author.Why)
		if err != nil {
			return err
		}
		return then(ctx, tx, id)
	})
	return refusal(err)
}

// errOver tells that an import is not to be written, or not any more.
var errOver = errors.New("the import is over")

// end makes the end of the import a part of the transaction that writes it: whatever happens, both are there or neither. same
// tells whether what was written is what was shown.
func end(ctx context.Context, tx pgx.Tx, id string, counts kora.Counts, same bool) error {
	if !same {
		return kora.Refuse(kora.ReasonChanged, "import", id, "would not write what its preview shows, because the record has changed since")
	}
	tag, err := tx.Exec(ctx, `UPDATE import SET state = 'done', xid = pg_current_xact_id(), progress = '{}', changed_at = now(),
		counts = counts || jsonb_build_object('added', $2::int, 'changed', $3::int) WHERE id = $1 AND state = 'writing'`, id, counts.Added, counts.Changed)
	if err != nil {
		return err
	}
	if tag.RowsAffected() == 0 {
		return errOver
	}
	_, err = tx.Exec(ctx, `DELETE FROM import_part WHERE import = $1`, id)
	return err
}

// WriteParcels writes the parcels of a confirmed import in one transaction with the import's own end, if same finds, when it was told
// of every lot, that they are what was shown.
func (s *Store) WriteParcels(ctx context.Context, in *kora.Import, feed Feed[kora.Parcel], tell func(*Lot[kora.Parcel]) error, same func() bool) error {
	return put(ctx, s, parcels, in, feed, tell, same)
}

// WriteStations is the same for stations.
func (s *Store) WriteStations(ctx context.Context, in *kora.Import, feed Feed[kora.Station], tell func(*Lot[kora.Station]) error, same func() bool) error {
	return put(ctx, s, stations, in, feed, tell, same)
}

func put[T any](ctx context.Context, s *Store, t *table[T], in *kora.Import, feed Feed[T], tell func(*Lot[T]) error, same func() bool) error {
	var counts kora.Counts
	return over(applyLots(ctx, s, t, in.Author, feed, func(_ pgx.Tx, l *Lot[T]) error {
		for i := range l.Trials {
			l.Trials[i].Count(&counts)
		}
		return tell(l)
	}, func(tx pgx.Tx) error { return end(ctx, tx, in.ID, counts, same()) }))
}

func over(err error) error {
	if errors.Is(err, errOver) {
		return nil
	}
	return err
}

// ImportItems gives items of a preview in the order of the file: those with an outcome, any for "", after the first ones.
func (s *Store) ImportItems(ctx context.Context, id, outcome string, after, most int) (items []kora.ImportItem, total int, err error) {
	return page[kora.ImportItem](ctx, s, "item", "seq", `import_item WHERE import::text = $1 AND ($2 = '' OR outcome = $2)`, id, outcome, after, most)
}

// ImportFaults gives faults in the order of the file, and then warnings.
func (s *Store) ImportFaults(ctx context.Context, id, severity string, after, most int) (faults []kora.ImportFault, total int, err error) {
	return page[kora.ImportFault](ctx, s, "fault", "fault->>'severity', CASE WHEN fault->>'severity' = 'fault' THEN coalesce((fault->>'line')::int, 0) END, seq", `import_fault WHERE import::text = $1 AND ($2 = '' OR fault->>'severity' = $2)`, id, severity, after, most)
}

func page[T any](ctx context.Context, s *Store, column, order, from, id, of string, after, most int) (all []T, total int, err error) {
	if err := s.pool.QueryRow(ctx, `SELECT count(*) FROM `+from, id, of).Scan(&total); err != nil {
		return nil, 0, refusal(err)
	}
	rows, err := s.pool.Query(ctx, `SELECT `+column+` FROM `+from+` ORDER BY `+order+` OFFSET $3 LIMIT $4`, id, of, after, most)
	if err != nil {
		return nil, 0, refusal(err)
	}
	all, err = pgx.CollectRows(rows, pgx.RowTo[T])
	return all, total, refusal(err)
}

// ImportMap gives the shapes of a preview as GeoJSON, with their keys and outcomes, and whether they are all: a map of too many
// shows none.
func (s *Store) ImportMap(ctx context.Context, id string, most int) (geojson []byte, all bool, err error) {
	var total int
	err = s.pool.QueryRow(ctx, `
		SELECT json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(json_build_object('type', 'Feature',
			'geometry', ST_AsGeoJSON(geom, 7)::json, 'properties', json_build_object('key', item->>'key', 'outcome', outcome)) ORDER BY seq), '[]'))::text,
			coalesce(max(total), 0)
		FROM (SELECT *, count(*) OVER () AS total FROM import_item WHERE import::text = $1 AND geom IS NOT NULL ORDER BY seq LIMIT $2) AS shown`, id, most).Scan(&geojson, &total)
	return geojson, total <= most, refusal(err)
}
