package kora_test

import (
	"reflect"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"kora"
)

// TestEditsLeaveTheRecordAlone: whatever is edited, the stations that were given stay as they are, those that no edit touches are the very
// same afterwards, and edits one after the other come to the same as edits in two parts.
func TestEditsLeaveTheRecordAlone(t *testing.T) {
	record := func() (all []*kora.Station) {
		for id := range int64(4) {
			all = append(all, &kora.Station{ID: id + 1, Status: kora.Statuses()[id], Point: orb.Point{91, 29}})
		}
		return all
	}
	rapid.Check(t, func(t *rapid.T) {
		before := record()
		var edits []kora.StationEdit
		touched := map[int64]bool{}
		for range rapid.IntRange(0, 8).Draw(t, "edits") {
			e := kora.StationEdit{Deed: rapid.SampledFrom(kora.EditDeeds()).Draw(t, "deed"), Station: rapid.Int64Range(1, 6).Draw(t, "station"),
				Point: &orb.Point{rapid.Float64Range(-180, 180).Draw(t, "lon"), 0}, Hours: rapid.SampledFrom([]string{"", "24/7"}).Draw(t, "hours")}
			if e.Deed == kora.EditAdd || rapid.Bool().Draw(t, "of an added one") {
				e.Station, e.Kind = -rapid.Int64Range(1, 3).Draw(t, "added"), kora.KindUnion
			}
			touched[e.Station] = true
			edits = append(edits, e)
		}
		after, refused := kora.Edited(before, edits)
		if !reflect.DeepEqual(before, record()) {
			t.Fatal("the stations that were given are others now")
		}
		for i, s := range before {
			if after[i].ID != s.ID || !touched[s.ID] && after[i] != s {
				t.Fatalf("station %d became %+v", s.ID, after[i])
			}
		}
		cut := rapid.IntRange(0, len(edits)).Draw(t, "cut")
		half, early := kora.Edited(before, edits[:cut])
		whole, late := kora.Edited(half, edits[cut:])
		if !reflect.DeepEqual(whole, after) || len(early)+len(late) != len(refused) {
			t.Fatalf("in two parts: %v, at once %v", whole, after)
		}
	})
}

func TestAdoptionNamesWhatIsNew(t *testing.T) {
	at := orb.Point{91.1, 29.6}
	sc := &kora.Scenario{ID: "0123456789", Edits: []kora.StationEdit{
		{Deed: kora.EditAdd, Station: -1, Kind: kora.KindUnion, Point: &at}, {Deed: kora.EditAdd, Station: -2, Kind: kora.KindOxygen, Name: "二号", Point: &at},
		{Deed: kora.EditAdd, Station: -3, Kind: kora.KindOxygen, Point: &at}, {Deed: kora.EditClose, Station: -3}, {Deed: kora.EditReopen, Station: 5},
	}}
	record := []*kora.Station{{ID: 5, Code: "A", Name: kora.Name{ZH: "甲"}, Kind: kora.KindUnion, Status: kora.StatusPaused}, {ID: 6, Code: "B"}}
	write, err := sc.Adopt(record, kora.Adoption{Status: kora.StatusPlanned, Named: map[int64]kora.AdoptedStation{-2: {Code: "X"}}})
	if err != nil || len(write) != 4 {
		t.Fatalf("%v %v", write, err)
	}
	for i, want := range []struct {
		code, name string
		status     kora.Status
	}{{"A", "甲", kora.StatusOpen}, {"P-01234567-1", "规划站点 1", kora.StatusPlanned}, {"X", "二号", kora.StatusPlanned}, {"P-01234567-3", "规划站点 3", kora.StatusClosed}} {
		if s := write[i]; s.Code != want.code || s.Name.ZH != want.name || s.Status != want.status {
			t.Errorf("%+v, want %v", s, want)
		}
	}
	for name, c := range map[string]struct {
		edits  []kora.StationEdit
		status kora.Status
	}{
		"nothing":          {nil, kora.StatusOpen},
		"a gone station":   {[]kora.StationEdit{{Deed: kora.EditClose, Station: 9}}, kora.StatusOpen},
		"closed from then": {sc.Edits, kora.StatusClosed},
	} {
		if write, err := (&kora.Scenario{ID: sc.ID, Edits: c.edits}).Adopt(record, kora.Adoption{Status: c.status}); err == nil {
			t.Errorf("%s: %v", name, write)
		}
	}
}
