package planner_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"kora"
	"kora/atlas"
	"kora/atlas/atlastest"
	"kora/planner"
	"kora/store"
	"kora/store/cluster/clustertest"
)

func TestMain(m *testing.M) { clustertest.Main(m) }

var clerk = kora.Author{Who: "clerk", Why: "test"}

// A desk is a record with the planner of one node.
type desk struct {
	*planner.Planner
	store  *store.Store
	keeper *atlas.Keeper
}

func open(t *testing.T) *desk {
	t.Helper()
	cfg, err := pgxpool.ParseConfig(clustertest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), cfg, "", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	d := &desk{store: s, keeper: atlastest.Open(t, atlastest.Town(t))}
	d.start(t)
	t.Cleanup(func() { d.Close() })
	return d
}

func (d *desk) start(t *testing.T) {
	t.Helper()
	var err error
	if d.Planner, err = planner.Open(t.Context(), d.store, d.keeper, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
}

// over waits until nothing more comes of a question.
func (d *desk) over(t *testing.T, id string) *kora.Siting {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	for {
		s, err := d.Siting(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		if s.State.Over() {
			return s
		}
		select {
		case <-ctx.Done():
			t.Fatalf("it is still %s", s.State)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func question() kora.SitingQuestion {
	return kora.SitingQuestion{Objective: kora.SiteMost, Minutes: 3, Sites: 1}
}

func TestQuestionIsAnswered(t *testing.T) {
	d := open(t)
	q := question()
	in, err := d.Add(t.Context(), clerk, q)
	if err != nil {
		t.Fatal(err)
	}
	if in.State.Over() && in.Plan == nil || in.Author != clerk || in.Question.Existing != kora.StationsKept {
		t.Errorf("%+v", in)
	}
	s := d.over(t, in.ID)
	want := solve(t, d.keeper.Atlas(), q)
	if s.State != kora.SitingDone || s.Plan == nil || s.Plan.Covered != want.Covered || len(s.Plan.Sites) != 1 || s.Plan.Sites[0].Point != want.Sites[0].Point {
		t.Errorf("%s %+v, not %+v", s.State, s.Plan, want)
	}
	if _, err := d.Cancel(t.Context(), in.ID); kora.ReasonOf(err) != kora.ReasonConflict {
		t.Errorf("called off when it is over: %v", err)
	}
	all, err := d.Sitings(t.Context(), 10)
	if err != nil || len(all) != 1 || all[0].ID != in.ID || all[0].Plan != nil {
		t.Errorf("%v %v", all, err)
	}
}

// What only turns out on the way is told as a refusal, in the languages that there are.
func TestQuestionThatFails(t *testing.T) {
	d := open(t)
	q := question()
	q.Candidates.Points = []orb.Point{{10, 10}}
	in, err := d.Add(t.Context(), clerk, q)
	if err != nil {
		t.Fatal(err)
	}
	s := d.over(t, in.ID)
	if s.State != kora.SitingFailed || s.Refused == nil || s.Refused.Reason != kora.ReasonRequired || !strings.Contains(s.Refused.Text.ZH, "道路") {
		t.Errorf("%s %+v", s.State, s.Refused)
	}
	q.Minutes = 0
	if _, err := d.Add(t.Context(), clerk, q); kora.ReasonOf(err) != kora.ReasonRange {
		t.Errorf("a question that is wrong: %v", err)
	}
	if _, err := d.Siting(t.Context(), "0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a"); kora.ReasonOf(err) != kora.ReasonNotFound {
		t.Errorf("one that is not there: %v", err)
	}
}

// long is a question that takes a while: the sample, with everything in it.
func long(t *testing.T, d *desk) string {
	t.Helper()
	d.Close()
	d.keeper = sampleKeeper(t)
	d.start(t)
	in, err := d.Add(t.Context(), clerk, kora.SitingQuestion{Objective: kora.SiteAll, Minutes: 8, Times: 2})
	if err != nil {
		t.Fatal(err)
	}
	for {
		s, err := d.Siting(t.Context(), in.ID)
		if err != nil {
			t.Fatal(err)
		}
		if s.State == kora.SitingRunning {
			return in.ID
		}
		if s.State.Over() {
			t.Fatalf("it is %s already", s.State)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func TestQuestionIsCalledOff(t *testing.T) {
	d := open(t)
	id := long(t, d)
	s, err := d.Cancel(t.Context(), id)
	if err != nil || s.State != kora.SitingCancelled {
		t.Fatalf("%+v %v", s, err)
	}
	// The queue is free again: another question is answered.
	in, err := d.Add(t.Context(), clerk, kora.SitingQuestion{Objective: kora.SiteMost, Minutes: 10, Sites: 1, Areas: []int64{1}, Candidates: kora.SitingCandidates{From: kora.CandidateStreets, EveryM: 1000}})
	if err != nil {
		t.Fatal(err)
	}
	if s := d.over(t, in.ID); s.State != kora.SitingDone {
		t.Errorf("%+v", s)
	}
	if s, err := d.Siting(t.Context(), id); err != nil || s.State != kora.SitingCancelled || s.Plan != nil {
		t.Errorf("%+v %v", s, err)
	}
}

// A node that goes leaves its question to the next.
func TestQuestionIsTakenOver(t *testing.T) {
	d := open(t)
	id := long(t, d)
	d.Close()
	if s, err := d.Siting(t.Context(), id); err != nil || s.State != kora.SitingRunning {
		t.Fatalf("%+v %v", s, err)
	}
	d.keeper = atlastest.Open(t, atlastest.Town(t)) // where it is answered at once
	d.start(t)
	if s := d.over(t, id); s.State != kora.SitingDone {
		t.Errorf("%+v", s)
	}
}
