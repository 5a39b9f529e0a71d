package main

import (
	"testing"

	"github.com/paulmach/orb/maptile"

	"kora/bench/land"
	"kora/tiles/mvt"
)

// TestRivalsDrawTheSame: orb's tiles have the parcels of Kora's, served ones and such with ten attributes.
func TestRivalsDrawTheSame(t *testing.T) {
	f, err := fieldOf(t.Context(), "some", land.Parcels(900))
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	seen := 0
	for _, z := range []maptile.Zoom{12, 14} {
		for _, at := range f.tiles(z, 4) {
			list := f.within(at)
			ours, err := f.layer.Encode(f.atlas, at)
			if err != nil {
				t.Fatal(err)
			}
			theirs, err := orbServed(list, at)
			if err != nil {
				t.Fatal(err)
			}
			ten, err := orbTen(list, at)
			if err != nil {
				t.Fatal(err)
			}
			for _, pair := range [][2][]byte{{ours, theirs}, {f.ten(new(mvt.Encoder), at), ten}} {
				all, one, err := differing(pair[0], pair[1])
				if err != nil || one > 1+all/50 {
					t.Errorf("%v: %d of %d parcels are drawn by one only (%v)", at, one, all, err)
				}
				seen += all
			}
		}
	}
	if seen == 0 {
		t.Error("no parcels are drawn")
	}
}

// TestKeeperFollowsRecord: a change is published, and is the one that was made.
func TestKeeperFollowsRecord(t *testing.T) {
	f, err := fieldOf(t.Context(), "some", land.Parcels(100))
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	p := another(f.keeper.Atlas(), 100, 3)
	if err := f.keeper.WaitFor(t.Context(), f.record.change(p)); err != nil {
		t.Fatal(err)
	}
	if got := f.keeper.Atlas().Parcel(p.Number); got == nil || got.Status != p.Status || got.Status == f.atlas.Parcel(p.Number).Status {
		t.Errorf("the parcel is %+v", got)
	}
}
