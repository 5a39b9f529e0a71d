package atlas_test

import (
	"testing"

	"kora"
	"kora/atlas"
	"kora/atlas/atlastest"
)

// A closed home serves nobody, and what is told of one is as it is now.
func TestCorridorsFollowTheRecord(t *testing.T) {
	town := atlastest.Town(t)
	keeper := atlastest.Open(t, town)
	homes := func() []*kora.Station {
		t.Helper()
		c, err := keeper.Atlas().Corridor(t.Context(), "walk", atlas.StationQuery{Kinds: []kora.Kind{kora.KindUnion}}, "G318")
		if err != nil || c == nil {
			t.Fatal(c, err)
		}
		if len(c.Stations) != len(c.Homes) {
			t.Fatalf("%d stations of %d homes", len(c.Stations), len(c.Homes))
		}
		return c.Stations
	}
	if h := homes(); len(h) != 1 || h[0].Code != "W" {
		t.Fatalf("homes %v", h)
	}
	write := func(edit func(*kora.Station)) {
		t.Helper()
		s := *town.Stations[1]
		edit(&s)
		xid, err := town.UpdateStation(t.Context(), kora.Author{}, &s)
		if err != nil {
			t.Fatal(err)
		}
		if err := keeper.WaitFor(t.Context(), xid); err != nil {
			t.Fatal(err)
		}
	}
	write(func(s *kora.Station) { s.Name.ZH = "新名" })
	if h := homes(); len(h) != 1 || h[0].Name.ZH != "新名" {
		t.Errorf("homes %v", h)
	}
	write(func(s *kora.Station) { s.Status = kora.StatusClosed })
	if h := homes(); len(h) != 0 {
		t.Errorf("a closed home is there: %v", h)
	}
	if c, err := keeper.Atlas().Corridor(t.Context(), "walk", atlas.StationQuery{}, "G1"); c != nil || err != nil {
		t.Errorf("a road that is none: %v, %v", c, err)
	}
	if _, err := keeper.Atlas().Corridors(t.Context(), "truck", atlas.StationQuery{}); kora.ReasonOf(err) != kora.ReasonUnknown {
		t.Errorf("without streets for trucks: %v", err)
	}
}
