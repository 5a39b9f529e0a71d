package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"kora"
)

const sitingColumns = `id::text, state, question, who, why, created_at, changed_at, progress, plan, refused`

func scanSiting(row pgx.CollectableRow) (*kora.Siting, error) {
	var s kora.Siting
	err := row.Scan(&s.ID, &s.State, &s.Question, &s.Author.Who, &s.Author.Why, &s.CreatedAt, &s.ChangedAt, &s.Progress, &s.Plan, &s.Refused)
	return &s, err
}

// AddSiting keeps a question, has it worked on, and gives in its id.
func (s *Store) AddSiting(ctx context.Context, in *kora.Siting, then due) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `INSERT INTO siting (id, question, who, why) VALUES (gen_random_uuid(), $1, $2, $3) RETURNING id::text`,
			in.Question, in.Author.Who, in.Author.Why).Scan(&in.ID)
		if err != nil {
			return err
		}
		return then(ctx, tx, in.ID)
	})
	return refusal(err)
}

// Siting gives one by its id.
func (s *Store) Siting(ctx context.Context, id string) (*kora.Siting, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+sitingColumns+` FROM siting WHERE id::text = $1`, id)
	if err != nil {
		return nil, refusal(err)
	}
	one, err := pgx.CollectExactlyOneRow(rows, scanSiting)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, kora.Refuse(kora.ReasonNotFound, "siting", id, "is not in the record")
	}
	return one, refusal(err)
}

// Sitings gives the latest ones without their plans, latest first.
func (s *Store) Sitings(ctx context.Context, most int) ([]*kora.Siting, error) {
	rows, err := s.pool.Query(ctx, `SELECT id::text, state, question, who, why, created_at, changed_at, progress, NULL, refused FROM siting ORDER BY seq DESC LIMIT $1`, most)
	if err != nil {
		return nil, refusal(err)
	}
	all, err := pgx.CollectRows(rows, scanSiting)
	return all, refusal(err)
}

// TellSiting tells how far a run is; false when it is to go no further, because it was called off.
func (s *Store) TellSiting(ctx context.Context, id string, p kora.SitingProgress) (on bool, err error) {
	tag, err := s.pool.Exec(ctx, `UPDATE siting SET state = 'running', progress = $2, changed_at = now() WHERE id = $1 AND state IN ('queued', 'running')`, id, p)
	return tag.RowsAffected() > 0, refusal(err)
}

// FinishSiting keeps the plan of a run. It does nothing when the run was called off.
func (s *Store) FinishSiting(ctx context.Context, id string, plan *kora.SitingPlan) error {
	_, err := s.pool.Exec(ctx, `UPDATE siting SET state = 'done', plan = $2, progress = '{}', changed_at = now() WHERE id = $1 AND state IN ('queued', 'running')`, id, plan)
	return refusal(err)
}

// FailSiting ends a run that has no answer.
func (s *Store) FailSiting(ctx context.Context, id string, why *kora.ImportFault) error {
	return s.endSiting(ctx, id, kora.SitingFailed, why)
}

// CancelSiting calls a run off; it is a conflict when it is over already.
func (s *Store) CancelSiting(ctx context.Context, id string) error {
	return s.endSiting(ctx, id, kora.SitingCancelled, nil)
}

func (s *Store) endSiting(ctx context.Context, id string, state kora.SitingState, why *kora.ImportFault) error {
	tag, err := s.pool.Exec(ctx, `UPDATE siting SET state = $2, refused = $3, progress = '{}', changed_at = now() WHERE id::text = $1 AND state IN ('queued', 'running')`, id, state, why)
	if err != nil || tag.RowsAffected() > 0 {
		return refusal(err)
	}
	one, err := s.Siting(ctx, id)
	if err != nil {
		return err
	}
	return kora.Refuse(kora.ReasonConflict, "siting", id, "is over: it is %s", one.State)
}
