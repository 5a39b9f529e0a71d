package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"kora"
)

const intentColumns = `i.id::text, seq, number, state, submitted_at, changed_at, industry, investment, area_min_m2, area_max_m2,
	uses, counties, parcels, needs, consent, matches, secret_hash, erased_at, c.key, c.text, c.phone`

func scanIntent(row pgx.CollectableRow) (*kora.Intent, error) {
	var in kora.Intent
	var erased *time.Time
	var c kora.Locked
	err := row.Scan(&in.ID, &in.Seq, &in.Number, &in.State, &in.SubmittedAt, &in.ChangedAt, &in.Industry, &in.Investment,
		&in.AreaMinM2, &in.AreaMaxM2, &in.Uses, &in.Counties, &in.Parcels, &in.Needs, &in.Consent, &in.Matches, &in.SecretHash,
		&erased, &c.Key, &c.Text, &c.Index)
	if erased != nil {
		in.ErasedAt = *erased
	}
	if c.Key != nil {
		in.Contact = &c
	}
	return &in, err
}

// SubmitIntent adds an intent, or gives the one that was submitted before: with the same request, or with the same content
// within the window. However many do so at once, there is one.
func (s *Store) SubmitIntent(ctx context.Context, sub kora.Submission) (kept *kora.Intent, repeated bool, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if err := lockSubmissions(ctx, tx); err != nil {
			return err
		}
		before, err := submitted(ctx, tx, sub)
		if err != nil {
			return err
		}
		if before != "" {
			repeated = true
			kept, err = readIntent(ctx, tx, before, "")
			return err
		}
		var known []byte
		err = tx.QueryRow(ctx, `SELECT fingerprint FROM keyset`).Scan(&known)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && !bytes.Equal(known, sub.Keyset) {
			return kora.Refuse(kora.ReasonUnavailable, "", nil, "the record's contacts are locked by another keyset than this node's")
		}
		if err != nil {
			return err
		}
		in := sub.Intent
		_, err = tx.Exec(ctx, `
			INSERT INTO intent (id, number, industry, investment, area_min_m2, area_max_m2, uses, counties, parcels, needs,
			                    consent, matches, secret_hash, request, content)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
			in.ID, in.Number, in.Industry, in.Investment, in.AreaMinM2, in.AreaMaxM2, orEmpty(in.Uses), orEmpty(in.Counties),
			orEmpty(in.Parcels), orEmpty(in.Needs), in.Consent, orEmpty(in.Matches), in.SecretHash, sub.Request, sub.Content)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO intent_contact (intent, key, text, phone) VALUES ($1, $2, $3, $4)`,
			in.ID, in.Contact.Key, in.Contact.Text, in.Contact.Index)
		if err != nil {
			return err
		}
		for _, e := range in.Events {
			if err := addEvent(ctx, tx, in, e); err != nil {
				return err
			}
		}
		kept, err = readIntent(ctx, tx, in.Number, "")
		return err
	})
	if err != nil {
		return nil, false, refusal(err)
	}
	return kept, repeated, nil
}

// lockSubmissions lets one transaction at a time look for what was submitted before, and add to it.
func lockSubmissions(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('kora.intent', 0))`)
	return err
}

// submitted is the number of the intent that a submission repeats, empty when it is a new one.
func submitted(ctx context.Context, tx pgx.Tx, sub kora.Submission) (number string, err error) {
	if sub.Request != nil {
		var content []byte
		err := tx.QueryRow(ctx, `SELECT number, content FROM intent WHERE request = $1`, sub.Request).Scan(&number, &content)
		if err == nil && !bytes.Equal(content, sub.Content) {
			return "", kora.Refuse(kora.ReasonConflict, "Idempotency-Key", nil, "was used for another intent, or for one whose contact was deleted")
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return number, err
		}
	}
	err = tx.QueryRow(ctx, `
		SELECT number FROM intent WHERE content = $1 AND submitted_at > now() - $2::interval AND state <> 'withdrawn'
		ORDER BY seq DESC LIMIT 1`, sub.Content, sub.Window).Scan(&number)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return number, err
}

func addEvent(ctx context.Context, tx pgx.Tx, in *kora.Intent, e kora.IntentEvent) error {
	_, err := tx.Exec(ctx, `INSERT INTO intent_event (id, intent, deed, state, who, note)
		VALUES (coalesce(nullif($1, '')::uuid, gen_random_uuid()), $2, $3, $4, $5, $6)`,
		e.ID, in.ID, e.Deed, e.State, e.Who, e.Note)
	return err
}

// readIntent reads one with its events; lock is what stands at the end of the statement.
func readIntent(ctx context.Context, tx pgx.Tx, number, lock string) (*kora.Intent, error) {
	rows, err := tx.Query(ctx, `SELECT `+intentColumns+` FROM intent i LEFT JOIN intent_contact c ON c.intent = i.id
		WHERE number = $1 `+lock, number)
	if err != nil {
		return nil, err
	}
	in, err := pgx.CollectExactlyOneRow(rows, scanIntent)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, kora.Refuse(kora.ReasonNotFound, "intent", nil, "is not in the record")
	}
	if err != nil {
		return nil, err
	}
	return in, readEvents(ctx, tx, in)
}

// readEvents fills in the events of intents, oldest first.
func readEvents(ctx context.Context, tx pgx.Tx, intents ...*kora.Intent) error {
	byID := make(map[string]*kora.Intent, len(intents))
	ids := make([]string, 0, len(intents))
	for _, in := range intents {
		byID[in.ID], in.Events = in, nil
		ids = append(ids, in.ID)
	}
	rows, err := tx.Query(ctx, `SELECT intent::text, id::text, deed, state, at, who, note FROM intent_event
		WHERE intent = ANY($1::uuid[]) ORDER BY seq`, ids)
	if err != nil {
		return err
	}
	var intent string
	var e kora.IntentEvent
	_, err = pgx.ForEachRow(rows, []any{&intent, &e.ID, &e.Deed, &e.State, &e.At, &e.Who, &e.Note}, func() error {
		byID[intent].Events = append(byID[intent].Events, e)
		e.Note = nil // the next row must not write into this one's
		return nil
	})
	return err
}

// Intent gives the intent with this number.
func (s *Store) Intent(ctx context.Context, number string) (in *kora.Intent, err error) {
	opts := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = pgx.BeginTxFunc(ctx, s.pool, opts, func(tx pgx.Tx) error {
		in, err = readIntent(ctx, tx, number, "")
		return err
	})
	return in, refusal(err)
}

// Intents gives those that q means, latest first, and how many there are in each state.
func (s *Store) Intents(ctx context.Context, q kora.IntentQuery) (found []*kora.Intent, counts map[kora.IntentState]int, err error) {
	opts := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = pgx.BeginTxFunc(ctx, s.pool, opts, func(tx pgx.Tx) error {
		sql, args := `SELECT `+intentColumns+` FROM intent i LEFT JOIN intent_contact c ON c.intent = i.id WHERE true`, []any{}
		where := func(condition string, arg any) {
			args = append(args, arg)
			sql += fmt.Sprintf(" AND "+condition, len(args))
		}
		if len(q.States) > 0 {
			where("state = ANY($%d)", q.States)
		}
		if q.Phone != nil {
			where("phone = $%d", q.Phone)
		}
		if q.Before > 0 {
			where("seq < $%d", q.Before)
		}
		sql += " ORDER BY seq DESC"
		if q.Limit > 0 {
			sql += fmt.Sprintf(" LIMIT %d", q.Limit)
		}
		rows, err := tx.Query(ctx, sql, args...)
		if err != nil {
			return err
		}
		if found, err = pgx.CollectRows(rows, scanIntent); err != nil {
			return err
		}
		if err := readEvents(ctx, tx, found...); err != nil {
			return err
		}
		if rows, err = tx.Query(ctx, `SELECT state, count(*) FROM intent GROUP BY state`); err != nil {
			return err
		}
		counts = map[kora.IntentState]int{}
		var state kora.IntentState
		var n int
		_, err = pgx.ForEachRow(rows, []any{&state, &n}, func() error {
			counts[state] = n
			return nil
		})
		return err
	})
	if err != nil {
		return nil, nil, refusal(err)
	}
	return found, counts, nil
}

// changeIntent locks an intent, lets do change it, and gives it as it is then.
func (s *Store) changeIntent(ctx context.Context, number string, do func(tx pgx.Tx, in *kora.Intent) error) (in *kora.Intent, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if in, err = readIntent(ctx, tx, number, "FOR UPDATE OF i"); err != nil {
			return err
		}
		if err := do(tx, in); err != nil {
			return err
		}
		in, err = readIntent(ctx, tx, number, "")
		return err
	})
	if err != nil {
		return nil, refusal(err)
	}
	return in, nil
}

// MoveIntent brings an intent to the state that the event names, when that may be.
func (s *Store) MoveIntent(ctx context.Context, number string, e kora.IntentEvent) (*kora.Intent, error) {
	return s.changeIntent(ctx, number, func(tx pgx.Tx, in *kora.Intent) error {
		if err := in.MayMove(e.State, e.Who); err != nil {
			return err
		}
		if e.Note != nil && in.Contact == nil { // it was locked by a key that has gone meanwhile
			return kora.Refuse(kora.ReasonConflict, "note", nil, "cannot be told: the contact was deleted")
		}
		return moveIntent(ctx, tx, in, e)
	})
}

func moveIntent(ctx context.Context, tx pgx.Tx, in *kora.Intent, e kora.IntentEvent) error {
	if _, err := tx.Exec(ctx, `UPDATE intent SET state = $2, changed_at = now() WHERE id = $1`, in.ID, e.State); err != nil {
		return err
	}
	e.Deed = kora.DeedState
	return addEvent(ctx, tx, in, e)
}

// EraseIntent deletes who submitted an intent: the data key, and what it locks. An intent that is still being handled is
// withdrawn, by the second event. What is deleted already stays so.
func (s *Store) EraseIntent(ctx context.Context, number string, erase, withdraw kora.IntentEvent) (*kora.Intent, error) {
	return s.changeIntent(ctx, number, func(tx pgx.Tx, in *kora.Intent) error {
		if in.Contact == nil {
			return nil
		}
		if len(in.State.Next()) > 0 {
			withdraw.State = kora.IntentWithdrawn
			if err := moveIntent(ctx, tx, in, withdraw); err != nil {
				return err
			}
			in.State = kora.IntentWithdrawn
		}
		if _, err := tx.Exec(ctx, `DELETE FROM intent_contact WHERE intent = $1`, in.ID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE intent SET erased_at = now(), changed_at = now(), content = NULL WHERE id = $1`, in.ID); err != nil {
			return err
		}
		erase.Deed, erase.State = kora.DeedErase, in.State
		return addEvent(ctx, tx, in, erase)
	})
}

// ReadIntent gives an intent to somebody who is going to see its contact, and puts that on record first.
func (s *Store) ReadIntent(ctx context.Context, number string, e kora.IntentEvent) (*kora.Intent, error) {
	return s.changeIntent(ctx, number, func(tx pgx.Tx, in *kora.Intent) error {
		e.Deed, e.State = kora.DeedRead, in.State
		return addEvent(ctx, tx, in, e)
	})
}

// IdleIntents gives the numbers of the intents with a contact that nothing was done with for so long.
func (s *Store) IdleIntents(ctx context.Context, since time.Duration) ([]string, error) {
	rows, err := s.pool.Query(ctx, `SELECT number FROM intent WHERE erased_at IS NULL AND changed_at < now() - $1::interval ORDER BY seq`, since)
	if err != nil {
		return nil, refusal(err)
	}
	numbers, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return numbers, refusal(err)
}

// ClaimKeyset tells the record which keyset locks contacts. While there are any, it must be the one that was told before.
func (s *Store) ClaimKeyset(ctx context.Context, fingerprint []byte) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if err := lockSubmissions(ctx, tx); err != nil {
			return err
		}
		var known []byte
		err := tx.QueryRow(ctx, `
			INSERT INTO keyset (fingerprint) VALUES ($1)
			ON CONFLICT (one) DO UPDATE SET fingerprint =
			    CASE WHEN EXISTS (SELECT FROM intent_contact) THEN keyset.fingerprint ELSE excluded.fingerprint END
			RETURNING fingerprint`, fingerprint).Scan(&known)
		if err != nil {
			return err
		}
		if !bytes.Equal(known, fingerprint) {
			return errors.New("the contacts in the record are locked by another keyset than this one")
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("claim the keyset: %w", err)
	}
	return nil
}

// HasContacts tells whether anything is under lock.
func (s *Store) HasContacts(ctx context.Context) (has bool, err error) {
	if err := s.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM intent_contact)`).Scan(&has); err != nil {
		return false, fmt.Errorf("look for contacts: %w", err)
	}
	return has, nil
}

// RewrapContacts passes every data key through rewrap, all or none, and tells how many there were.
func (s *Store) RewrapContacts(ctx context.Context, rewrap func(intent string, key []byte) ([]byte, error)) (n int, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT intent::text, key FROM intent_contact ORDER BY intent FOR UPDATE`)
		if err != nil {
			return err
		}
		type wrapped struct {
			Intent string
			Key    []byte
		}
		all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[wrapped])
		if err != nil {
			return err
		}
		for _, w := range all {
			key, err := rewrap(w.Intent, w.Key)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE intent_contact SET key = $2 WHERE intent = $1`, w.Intent, key); err != nil {
				return err
			}
		}
		n = len(all)
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("rewrap data keys: %w", err)
	}
	return n, nil
}
