package store_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"kora"
	"kora/store"
)

func uuid() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func event(s kora.IntentState, who string) kora.IntentEvent {
	return kora.IntentEvent{ID: uuid(), Deed: kora.DeedState, State: s, Who: who}
}

// submission is one of a form; the same form has the same content.
func submission(form string) kora.Submission {
	content, secret, least := sha256.Sum256([]byte(form)), sha256.Sum256([]byte("secret")), 1.0
	return kora.Submission{Content: content[:], Keyset: []byte("keyset"), Window: time.Hour, Intent: &kora.Intent{
		ID: uuid(), Number: "YX20260701-" + strings.ToUpper(uuid()[:6]), Industry: "C13", Investment: 500, AreaMinM2: 1000, AreaMaxM2: 2000,
		Uses: []string{"1001"}, Counties: []string{"540402"}, Parcels: []string{"P1"}, Consent: "1", SecretHash: secret[:],
		Needs:   []kora.Need{{Term: "area", Min: &least}},
		Matches: []kora.Suggestion{{Number: "P1", Score: 0.5, Findings: []kora.Finding{{Term: "area", Fit: 0.5, Low: &least}}}},
		Contact: &kora.Locked{Key: []byte("key of " + form), Text: []byte("text of " + form), Index: []byte(form)},
		Events:  []kora.IntentEvent{event(kora.IntentSubmitted, kora.Submitter)},
	}}
}

func openForIntents(t *testing.T) (*store.Store, *pgxpool.Config) {
	t.Helper()
	s, cfg := open(t)
	if err := s.ClaimKeyset(t.Context(), []byte("keyset")); err != nil {
		t.Fatal(err)
	}
	return s, cfg
}

func submit(t *testing.T, s *store.Store, sub kora.Submission) *kora.Intent {
	t.Helper()
	in, repeated, err := s.SubmitIntent(t.Context(), sub)
	if err != nil || repeated {
		t.Fatalf("submitted before: %v, %v", repeated, err)
	}
	return in
}

func TestIntentIsReadBack(t *testing.T) {
	s, _ := openForIntents(t)
	sub := submission("a")
	kept := submit(t, s, sub)
	read, err := s.Intent(t.Context(), sub.Intent.Number)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "what was read", read, kept)
	want := *sub.Intent
	want.Seq, want.State, want.SubmittedAt, want.ChangedAt = read.Seq, kora.IntentSubmitted, read.SubmittedAt, read.ChangedAt
	want.Events[0].At = read.Events[0].At
	same(t, "intent", read, &want)
	if _, err := s.Intent(t.Context(), "YX20260701-NONE00"); kora.ReasonOf(err) != kora.ReasonNotFound {
		t.Errorf("of no number: %v", err)
	}
}

// TestRepeatedSubmissionsMakeOneIntent: one after the other, and many at once.
func TestRepeatedSubmissionsMakeOneIntent(t *testing.T) {
	s, _ := openForIntents(t)
	ctx := t.Context()
	numbers := func(make func(i int) kora.Submission) map[string]bool {
		var mu sync.Mutex
		var all sync.WaitGroup
		found := map[string]bool{}
		for i := range 8 {
			all.Go(func() {
				in, _, err := s.SubmitIntent(ctx, make(i))
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				found[in.Number] = true
			})
		}
		all.Wait()
		return found
	}
	byRequest := func(int) kora.Submission {
		sub := submission("a")
		sub.Request, sub.Window = []byte("request a"), 0
		return sub
	}
	if n := numbers(byRequest); len(n) != 1 {
		t.Errorf("the same request made %v", n)
	}
	if n := numbers(func(int) kora.Submission { return submission("b") }); len(n) != 1 {
		t.Errorf("the same content made %v", n)
	}
	if n := numbers(func(i int) kora.Submission { return submission(fmt.Sprint("c", i)) }); len(n) != 8 {
		t.Errorf("eight forms made %v", n)
	}
	late := submission("b")
	late.Window = 0
	submit(t, s, late) // beyond the window it is another
	other := byRequest(0)
	other.Content = []byte("other")
	if _, _, err := s.SubmitIntent(ctx, other); kora.ReasonOf(err) != kora.ReasonConflict {
		t.Errorf("a request's key was taken for another form: %v", err)
	}
	found, counts, err := s.Intents(ctx, kora.IntentQuery{})
	if err != nil || len(found) != 11 || counts[kora.IntentSubmitted] != 11 {
		t.Errorf("%d intents, %v, %v", len(found), counts, err)
	}
}

func TestIntentQueue(t *testing.T) {
	s, _ := openForIntents(t)
	var numbers []string
	for i := range 5 {
		numbers = append(numbers, submit(t, s, submission(fmt.Sprint(i))).Number)
	}
	if _, err := s.MoveIntent(t.Context(), numbers[1], event(kora.IntentAccepted, "a")); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		q    kora.IntentQuery
		want []int
	}{
		"all":       {kora.IntentQuery{}, []int{4, 3, 2, 1, 0}},
		"one state": {kora.IntentQuery{States: []kora.IntentState{kora.IntentAccepted}}, []int{1}},
		"a phone":   {kora.IntentQuery{Phone: []byte("2")}, []int{2}},
		"first two": {kora.IntentQuery{Limit: 2}, []int{4, 3}},
		"none":      {kora.IntentQuery{States: []kora.IntentState{kora.IntentClosed, kora.IntentTender}}, nil},
	} {
		found, counts, err := s.Intents(t.Context(), c.q)
		if err != nil || len(found) != len(c.want) || counts[kora.IntentSubmitted] != 4 || counts[kora.IntentAccepted] != 1 {
			t.Fatalf("%s: %d found, %v, %v", name, len(found), counts, err)
		}
		for i, w := range c.want {
			if found[i].Number != numbers[w] || len(found[i].Events) == 0 {
				t.Errorf("%s: place %d is %s", name, i, found[i].Number)
			}
		}
		if name == "first two" {
			next, _, err := s.Intents(t.Context(), kora.IntentQuery{Limit: 2, Before: found[1].Seq})
			if err != nil || len(next) != 2 || next[0].Number != numbers[2] {
				t.Errorf("the next two: %v %v", next, err)
			}
		}
	}
}

func TestStepsAreKeptForGood(t *testing.T) {
	s, cfg := openForIntents(t)
	ctx := t.Context()
	number := submit(t, s, submission("a")).Number
	move := func(to kora.IntentState, who string, note []byte) error {
		e := event(to, who)
		e.Note = note
		_, err := s.MoveIntent(ctx, number, e)
		return err
	}
	for _, step := range []struct {
		to   kora.IntentState
		who  string
		want kora.Reason
	}{
		{kora.IntentClosed, "a", kora.ReasonConflict}, {kora.IntentAccepted, "a", ""}, {kora.IntentAccepted, "b", kora.ReasonConflict},
		{kora.IntentMatched, "a", ""}, {kora.IntentContact, "a", ""}, {kora.IntentAnswered, "a", ""},
		{kora.IntentClosed, "A", kora.ReasonTwoPeople}, {kora.IntentClosed, "b", ""}, {kora.IntentWithdrawn, "b", kora.ReasonConflict},
	} {
		if err := move(step.to, step.who, []byte("note")); kora.ReasonOf(err) != step.want || step.want == "" && err != nil {
			t.Errorf("to %s by %s: %v", step.to, step.who, err)
		}
	}
	in, err := s.Intent(ctx, number)
	if err != nil {
		t.Fatal(err)
	}
	var story []string
	for _, e := range in.Events {
		story = append(story, string(e.State)+" "+e.Who+" "+string(e.Note))
		if e.At.IsZero() || time.Since(e.At) > time.Hour {
			t.Errorf("at %v", e.At)
		}
	}
	if got := strings.Join(story, ", "); got != "submitted submitter , accepted a note, matched a note, contact a note, answered a note, closed b note" {
		t.Error(got)
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg.Copy())
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	for _, sql := range []string{`UPDATE intent_event SET who = 'x'`, `DELETE FROM intent_event`, `TRUNCATE intent_event`} {
		if _, err := pool.Exec(ctx, sql); err == nil {
			t.Errorf("%s: let through", sql)
		}
	}
	// Many at once: one of them takes the step.
	number = submit(t, s, submission("b")).Number
	var all sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for i := range 6 {
		all.Go(func() {
			if err := move(kora.IntentAccepted, fmt.Sprint(i), nil); err == nil {
				mu.Lock()
				defer mu.Unlock()
				done++
			}
		})
	}
	all.Wait()
	if done != 1 {
		t.Errorf("%d accepted one intent", done)
	}
	for _, table := range []string{"change_log", "history"} {
		var n int
		if err := pool.QueryRow(ctx, "SELECT count(*) FROM "+table).Scan(&n); err != nil || n != 0 {
			t.Errorf("%d rows in %s, %v", n, table, err)
		}
	}
}

func TestErasureLeavesNoContact(t *testing.T) {
	s, _ := openForIntents(t)
	ctx := t.Context()
	number := submit(t, s, submission("a")).Number
	closed := submit(t, s, submission("b")).Number
	for _, to := range []kora.IntentState{kora.IntentAccepted, kora.IntentAnswered, kora.IntentClosed} {
		if _, err := s.MoveIntent(ctx, closed, event(to, "by "+string(to))); err != nil {
			t.Fatal(err)
		}
	}
	for n, c := range map[string]struct {
		state  kora.IntentState
		events int
	}{number: {kora.IntentWithdrawn, 3}, closed: {kora.IntentClosed, 5}} {
		for range 2 { // the second changes nothing
			in, err := s.EraseIntent(ctx, n, kora.IntentEvent{Who: "x"}, event("", "x"))
			if err != nil || in.Contact != nil || in.ErasedAt.IsZero() || in.State != c.state || len(in.Events) != c.events {
				t.Fatalf("%+v %v", in, err)
			}
			if in.Industry != "C13" || len(in.Matches) != 1 || in.Events[len(in.Events)-1].Deed != kora.DeedErase {
				t.Errorf("facts that are nobody's: %+v", in)
			}
		}
	}
	if found, _, err := s.Intents(ctx, kora.IntentQuery{Phone: []byte("a")}); err != nil || len(found) != 0 {
		t.Errorf("found by its phone: %v %v", found, err)
	}
	if has, err := s.HasContacts(ctx); err != nil || has {
		t.Errorf("contacts: %v %v", has, err)
	}
	submit(t, s, submission("a")) // the same forms again are new intents
	submit(t, s, submission("b"))
	if _, err := s.EraseIntent(ctx, "YX20260701-NONE00", event("", "x"), event("", "x")); kora.ReasonOf(err) != kora.ReasonNotFound {
		t.Errorf("of no number: %v", err)
	}
}

func TestKeysetIsClaimedOnce(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	if _, _, err := s.SubmitIntent(ctx, submission("a")); kora.ReasonOf(err) != kora.ReasonUnavailable {
		t.Errorf("before any keyset: %v", err)
	}
	for _, print := range []string{"first", "keyset", "keyset"} { // nothing is locked yet
		if err := s.ClaimKeyset(ctx, []byte(print)); err != nil {
			t.Errorf("%s: %v", print, err)
		}
	}
	in := submit(t, s, submission("a"))
	if err := s.ClaimKeyset(ctx, []byte("keyset")); err != nil {
		t.Error(err)
	}
	if err := s.ClaimKeyset(ctx, []byte("other")); err == nil {
		t.Error("another keyset was taken while contacts are locked by the first")
	}
	other := submission("b")
	other.Keyset = []byte("other")
	if _, _, err := s.SubmitIntent(ctx, other); kora.ReasonOf(err) != kora.ReasonUnavailable {
		t.Errorf("locked by another keyset: %v", err)
	}
	n, err := s.RewrapContacts(ctx, func(id string, key []byte) ([]byte, error) {
		return append([]byte("again "), key...), nil
	})
	read, _ := s.Intent(ctx, in.Number)
	if err != nil || n != 1 || !bytes.Equal(read.Contact.Key, []byte("again key of a")) {
		t.Errorf("rewrapped %d: %q %v", n, read.Contact.Key, err)
	}
	if _, err := s.RewrapContacts(ctx, func(string, []byte) ([]byte, error) { return nil, context.Canceled }); err == nil {
		t.Error("a failed rewrapping was taken")
	}
}

func TestIdleIntents(t *testing.T) {
	s, _ := openForIntents(t)
	in := submit(t, s, submission("a"))
	for since, want := range map[time.Duration]int{0: 1, time.Hour: 0} {
		if numbers, err := s.IdleIntents(t.Context(), since); err != nil || len(numbers) != want || want > 0 && numbers[0] != in.Number {
			t.Errorf("idle for %v: %v %v", since, numbers, err)
		}
	}
}
