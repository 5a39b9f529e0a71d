package network_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"kora/geo/network"
	"kora/geo/profile"
)

// One test for each defect that is known of other engines and has no test of its own elsewhere. Elsewhere are: water that is
// crossed (TestRiverIsCrossedAtTheBridge; geo/service), a hole where the area begins, an origin that the reverse search
// misses, and gaps that are drawn over (geo/service), a click far away that is moved without a word (TestNoStreetWithinReach),
// a place snapped to a scrap of street (TestIslandIsPassedOver), trips on one edge (TestSameEdgeGoesStraight), one-way on the
// last edge (TestOneWayWithPlacesOnIt), answers that change when asked again (TestAskedTwiceTheSame), elevations that wrap at
// 3,276.7 m and the mean of speeds (importers), wrong times at nodes (TestAgainstPgRouting).

// The way between a place and the street counts.
func TestTheWayToTheStreetCounts(t *testing.T) {
	s := draw(t, `
A---------B
     p
`)
	near, _ := s.Link(s.places['A'], 500)
	r := nearest(t, s.Network, s.link('p'), []network.Link{near}, 1, everywhere)
	if onStreet := 500 / metresPer; len(r) != 1 || r[0].Seconds < onStreet+30 {
		t.Errorf("%+v, and the street alone takes %.0f s", r, onStreet)
	}
}

// What is beyond the longest time is not there; it is not at no distance.
func TestFarPlacesAreNotNear(t *testing.T) {
	s := draw(t, `
A----------------------------------B
`)
	f := field(t, s.Network, []network.Link{s.link('B')}, 900)
	if seconds, _, ok := f.TimeFrom(s.link('A')); ok {
		t.Errorf("3.5 km take %v s", seconds)
	}
	if _, _, ok := f.At(0, 0); ok {
		if _, _, ok = f.At(1, 0); ok {
			t.Error("both ends know a place within 15 minutes")
		}
	}
	if r := nearest(t, s.Network, s.link('A'), []network.Link{s.link('B')}, 1, 900); len(r) > 0 {
		t.Errorf("%+v", r)
	}
}

// One place without access does not spoil the others.
func TestOnePlaceWithoutAccessDoesNotSpoilTheRest(t *testing.T) {
	s := draw(t, `
A-----p-----B
`)
	targets := []network.Link{{Point: at(0, 9000)}, s.link('B')}
	f := field(t, s.Network, targets, everywhere)
	if seconds, owner, ok := f.TimeFrom(s.link('p')); !ok || owner != 1 || math.Abs(seconds-540) > 0.2 {
		t.Errorf("%v s to %d, %v", seconds, owner, ok)
	}
	if r := nearest(t, s.Network, s.link('p'), targets, 2, everywhere); len(r) != 1 || r[0].Target != 1 {
		t.Errorf("%+v", r)
	}
}

// The slope of the last edge counts, to the part of it that is walked and in the direction of walking.
func TestSlopeOfTheLastEdgeCounts(t *testing.T) {
	nodes := []orb.Point{at(0, 0), at(1000, 0), at(1000, 400)}
	edges := []network.Edge{
		{From: 0, To: 1, LengthM: 1000, Forward: 900, Backward: 900},
		{From: 1, To: 2, LengthM: 400, Forward: 900, Backward: 300}, // steeply up to the south
	}
	edges[1].Kind = network.Steps // so that it stays an edge of its own
	n := build(t, nodes, edges)
	top, _ := n.Link(at(1000, 200), 0.05)
	from := exactly(t, n, nodes[0])
	up := nearest(t, n, from, []network.Link{top}, 1, everywhere)[0].Seconds
	down := nearest(t, n, top, []network.Link{from}, 1, everywhere)[0].Seconds
	if math.Abs(up-1350) > 1 || math.Abs(down-1050) > 1 {
		t.Errorf("%.1f s up, %.1f s down; want 1350 and 1050", up, down)
	}
}

// Slopes are not sorted into a few bins, and short pieces have theirs too: 15 % and 35 % differ, 1 m at 35 % is as slow as 100 m.
func TestSlopesAreNotBinned(t *testing.T) {
	p := profile.Walk()
	last := 0.0
	for slope := 0.0; slope <= 0.40; slope += 0.001 {
		s := p.Seconds(100, slope)
		if s <= last {
			t.Fatalf("%.1f %% takes %v s, and less slope %v s", 100*slope, s, last)
		}
		last = s
	}
	if a, b := 100*p.Seconds(1, 0.35), p.Seconds(100, 0.35); math.Abs(a-b) > 1e-9 || p.Seconds(100, 0.35) < 1.9*p.Seconds(100, 0.15) {
		t.Errorf("%v s in short pieces, %v s in one", a, b)
	}
}

// What lies within a time lies within any longer one.
func TestLongerTimesReachMore(t *testing.T) {
	tw := newTown(17, 9, true)
	n := tw.build(t)
	targets := links(n, tw.somewhere(rand.New(rand.NewPCG(17, 1)), 3))
	f := field(t, n, targets, everywhere)
	var last []network.Span
	for seconds := 60.0; seconds <= 1200; seconds += 60 {
		now := f.Spans(1, seconds)
		for _, s := range last {
			inside := false
			for _, u := range now {
				inside = inside || u.Edge == s.Edge && u.FromM <= s.FromM+0.01 && u.UntilM >= s.UntilM-0.01
			}
			if !inside {
				t.Fatalf("%+v is reached before %v s and not within them", s, seconds)
			}
		}
		last = now
	}
}

// Nobody gets on or off a ferry on the way.
func TestFerriesAreBoardedAtTheirEnds(t *testing.T) {
	nodes := []orb.Point{at(0, 0), at(500, 0), at(500, 2000), at(0, 2000)}
	edges := []network.Edge{
		{From: 0, To: 1, LengthM: 500, Forward: 450, Backward: 450},
		{From: 1, To: 2, LengthM: 2000, Forward: 600, Backward: 600, Kind: network.Ferry},
		{From: 2, To: 3, LengthM: 500, Forward: 450, Backward: 450},
	}
	n := build(t, nodes, edges)
	if l, ok := n.Link(at(500, 1000), 300); ok {
		t.Errorf("a swimmer boards: %+v", l)
	}
	r := nearest(t, n, exactly(t, n, nodes[0]), []network.Link{exactly(t, n, nodes[3])}, 1, everywhere)
	if len(r) != 1 || math.Abs(r[0].Seconds-1500) > 0.3 {
		t.Errorf("%+v, want 1500 s", r)
	}
}
