// Package planner answers where stations should stand: it turns a planner's question into a problem of geo/siting over the cells
// and streets of an atlas, has it solved, and reads the plan back in stations, places and key areas. Questions are work of the
// queue, so any node does them, and a node that dies over one leaves it to another.
//
// It knows the atlas, the record and the queue, and neither HTTP nor the command line.
package planner

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"kora"
	"kora/atlas"
	"kora/store"
	"kora/store/queue"
	"kora/words"
)

const (
	work     = "siting"
	tellness = 500 * time.Millisecond // between words on how far a run is
)

// A Planner works on questions. Close it when done.
type Planner struct {
	store  *store.Store
	keeper *atlas.Keeper
	queue  *queue.Queue
	log    *slog.Logger
}

// Open starts working on what waits.
func Open(ctx context.Context, s *store.Store, keeper *atlas.Keeper, log *slog.Logger) (*Planner, error) {
	p := &Planner{store: s, keeper: keeper, log: log}
	var err error
	p.queue, err = queue.Open(ctx, s.Pool(), work, map[string]queue.Work{work: {Do: p.run, Failed: p.failed}}, log)
	return p, err
}

// Close stops the run under way; it is done again at the next start, or by another node.
func (p *Planner) Close() { p.queue.Close() }

// Add has a question worked on.
func (p *Planner) Add(ctx context.Context, author kora.Author, q kora.SitingQuestion) (*kora.Siting, error) {
	if err := q.Validate(); err != nil {
		return nil, err
	}
	if err := check(p.keeper.Atlas(), &q); err != nil {
		return nil, err
	}
	in := &kora.Siting{Question: q, Author: author}
	err := p.store.AddSiting(ctx, in, func(ctx context.Context, tx pgx.Tx, id string) error { return p.queue.Add(ctx, tx, work, id) })
	if err != nil {
		return nil, err
	}
	return p.store.Siting(ctx, in.ID)
}

// Cancel calls a question off.
func (p *Planner) Cancel(ctx context.Context, id string) (*kora.Siting, error) {
	if err := p.store.CancelSiting(ctx, id); err != nil {
		return nil, err
	}
	if err := p.queue.Cancel(ctx, id); err != nil {
		return nil, err
	}
	return p.store.Siting(ctx, id)
}

// Siting gives a question by its id, with its plan once there is one.
func (p *Planner) Siting(ctx context.Context, id string) (*kora.Siting, error) {
	return p.store.Siting(ctx, id)
}

// Sitings gives the latest ones, without their plans.
func (p *Planner) Sitings(ctx context.Context, most int) ([]*kora.Siting, error) {
	return p.store.Sitings(ctx, most)
}

// errOff tells that a run was called off.
var errOff = errors.New("the question was called off")

func (p *Planner) run(ctx context.Context, id string) error {
	in, err := p.store.Siting(ctx, id)
	switch {
	case kora.ReasonOf(err) == kora.ReasonNotFound:
		return nil
	case err != nil:
		return err
	case in.State.Over():
		return nil
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var told time.Time
	tell := func(now kora.SitingProgress) {
		if time.Since(told) < tellness {
			return
		}
		told = time.Now()
		on, err := p.store.TellSiting(ctx, id, now)
		if err == nil && !on {
			err = errOff
		}
		if err != nil {
			stop(err)
		}
	}
	tell(kora.SitingProgress{Step: "lists"})
	plan, err := Solve(ctx, p.keeper.Atlas(), in.Question, tell)
	if errors.Is(context.Cause(ctx), errOff) {
		return nil
	}
	if err != nil {
		switch kora.ReasonOf(err) {
		case "", kora.ReasonUnavailable, kora.ReasonInternal:
			return err // tried again
		}
		return p.fail(ctx, id, err)
	}
	return p.store.FinishSiting(ctx, id, plan)
}

// failed ends a question whose work did not succeed again and again. What went wrong is in the log.
func (p *Planner) failed(ctx context.Context, id string, err error) error {
	p.log.Error("a question where stations should stand failed", "siting", id, "error", err)
	return p.fail(ctx, id, &kora.Error{Reason: kora.ReasonInternal, Text: "could not be answered, which is not the question's fault; try again, and tell the operator when it happens again"})
}

func (p *Planner) fail(ctx context.Context, id string, err error) error {
	fault := &kora.ImportFault{Severity: kora.ImportFaulty, Reason: kora.ReasonInternal, Text: kora.Name{EN: err.Error()}}
	if e, ok := errors.AsType[*kora.Error](err); ok {
		fault.Reason, fault.Field, fault.Value = e.Reason, e.Field, e.Value
		fault.Text = kora.Name{ZH: words.Chinese.Sentence(e), BO: words.Tibetan.Sentence(e), EN: e.Text}
	}
	err = p.store.FailSiting(ctx, id, fault)
	if reason := kora.ReasonOf(err); reason == kora.ReasonConflict || reason == kora.ReasonNotFound { // was called off
		return nil
	}
	return err
}
