package store_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"kora"
	"kora/store"
)

func only(t *testing.T, s *store.Store) *kora.Parcel {
	t.Helper()
	c, err := s.Changes(t.Context(), kora.Position{})
	if err != nil || len(c.Parcels) != 1 {
		t.Fatalf("%d parcels, %v", len(c.Parcels), err)
	}
	for _, p := range c.Parcels {
		return p
	}
	return nil
}

// TestEveryStepIsDated: what nobody dated the record dates itself, and the same file again changes nothing.
func TestEveryStepIsDated(t *testing.T) {
	s, _ := open(t)
	today := time.Now().In(china).Format(time.DateOnly)
	put := func(status kora.ParcelStatus, steps ...kora.ParcelStep) store.Outcome {
		t.Helper()
		p := parcel("P1")
		p.Status, p.Steps = status, steps
		_, outcomes, err := s.ApplyParcels(t.Context(), author, []*kora.Parcel{p}, false)
		if err != nil {
			t.Fatal(err)
		}
		return outcomes[0]
	}
	auto := func(status kora.ParcelStatus) kora.ParcelStep {
		return kora.ParcelStep{Status: status, On: today, Who: author.Who}
	}
	if !put(kora.ParcelReady).Added {
		t.Error("the first one is not new")
	}
	same(t, "a new parcel", only(t, s).Steps, []kora.ParcelStep{auto(kora.ParcelReady)})
	if put(kora.ParcelReady).Changed {
		t.Error("the same again is a change")
	}
	if !put(kora.ParcelPromoted).Changed {
		t.Error("another status is no change")
	}
	same(t, "another status", only(t, s).Steps, []kora.ParcelStep{auto(kora.ParcelReady), auto(kora.ParcelPromoted)})
	given := []kora.ParcelStep{{Status: kora.ParcelReady, On: "2026-01-02"}, {Status: kora.ParcelPromoted, On: "2026-03-04", Document: "https://a.example/1"}}
	if !put(kora.ParcelPromoted, given...).Changed || put(kora.ParcelPromoted, given...).Changed {
		t.Error("steps that are given count once")
	}
	if put(kora.ParcelPromoted).Changed {
		t.Error("a file that tells no steps takes those of the record away")
	}
	same(t, "steps that are given", only(t, s).Steps, given)
	put(kora.ParcelAnnounced)
	same(t, "steps after those", only(t, s).Steps, append(given, auto(kora.ParcelAnnounced)))
}

// TestTheRecordKeepsItsPromises: what the domain refuses the tables refuse as well, from whoever writes.
func TestTheRecordKeepsItsPromises(t *testing.T) {
	s, cfg := open(t)
	if _, _, err := s.ApplyParcels(t.Context(), author, []*kora.Parcel{parcel("P1")}, false); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.ConnectConfig(t.Context(), cfg.ConnConfig)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for _, change := range []string{
		`status = 'bidding'`, // without a step
		`steps = '[]'`, `steps = steps || '{"status": "promoted"}'`, `steps = steps || '{"status": "promoted", "on": "2020-01-01"}'`,
		`cadastre = '540402001002gb00017'`, `zone = repeat('区', 61)`, `industry = '{""}'`,
		`price = '{"amount": 1}'`, `price = '{"amount": -1, "unit": "万元"}'`, `deposit = '{"amount": 1, "unit": "元/㎡"}'`,
		`intensity = '{"amount": 1, "unit": "万元"}'`, `far = '{"min": 2, "max": 1}'`, `density = '{"max": 101}'`, `far = '[]'`,
		`listing = '{"from": "2026-07-02T00:00:00Z", "to": "2026-07-01T00:00:00Z"}'`,
	} {
		if _, err := conn.Exec(t.Context(), `UPDATE parcel SET `+change); err == nil {
			t.Errorf("%s is taken", change)
		}
	}
	if _, err := conn.Exec(t.Context(), `UPDATE parcel SET status = 'bidding', steps = steps || '{"status": "bidding", "on": "2026-09-01"}'`); err != nil {
		t.Errorf("a status with its step: %v", err)
	}
	var before kora.ParcelStatus
	if err := conn.QueryRow(t.Context(), `SELECT row->>'status' FROM history WHERE layer = 4`).Scan(&before); err != nil || before != kora.ParcelPromoted {
		t.Errorf("its former version is %q, %v", before, err)
	}
}

// TestOneMomentIsOneText: a period that is told in another zone is the same.
func TestOneMomentIsOneText(t *testing.T) {
	s, _ := open(t)
	for i, zone := range []*time.Location{china, time.UTC} {
		p := parcel("P1")
		p.Listing = &kora.Period{From: p.Listing.From.In(zone), To: p.Listing.To.In(zone)}
		_, outcomes, err := s.ApplyParcels(t.Context(), author, []*kora.Parcel{p}, false)
		if err != nil {
			t.Fatal(err)
		}
		if i > 0 && outcomes[0].Changed {
			text, _ := json.Marshal(only(t, s).Listing)
			t.Errorf("%s is a change", text)
		}
	}
}
