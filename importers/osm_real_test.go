package importers

import (
	"bytes"
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/osm"
	"github.com/paulmach/osm/osmpbf"

	"kora/geo/network"
	"kora/geo/profile"
)

// Another reader of the format finds the same turn restrictions in real extracts, and each that forbids is felt: without
// it the car turns straight away, with it no longer.
func TestTurnsOfRealExtracts(t *testing.T) {
	for name, c := range map[string]struct{ relations, felt int }{
		"monaco": {45, 15}, "lauf-200115": {50, 7}, "andorra": {65, 45}, "baltimore": {3, 2}, "heidelberg.test": {476, 140},
	} {
		t.Run(name, func(t *testing.T) {
			file := []byte(realInput(t, "osm/"+name+".osm.pbf"))
			turns, unusable := judgedTurns(t, file)
			car := profile.Car()
			free := car
			free.ID, free.TurnKeys = "free", nil
			n, report, err := Network(context.Background(), name, bytes.NewReader(file),
				NetworkOptions{Profiles: []profile.Profile{profile.Walk(), profile.Ebike(), car, free}})
			if err != nil {
				t.Fatal(err)
			}
			unused := 0
			for _, count := range report.TurnsUnused {
				unused += count
			}
			if report.Turns != c.relations || unused != unusable {
				t.Errorf("%d restrictions, %d not used %v; want %d and %d", report.Turns, unused, report.TurnsUnused, c.relations, unusable)
			}
			with, without := unmarshal(t, n.Streets["car"]), unmarshal(t, n.Streets["free"])
			felt := 0
			for _, r := range turns {
				bound, _ := timeAndMetres(t, with, r.from, r.to)
				straight, metres := timeAndMetres(t, without, r.from, r.to)
				if bound < straight-0.3 {
					t.Errorf("relation %d: %v s with restrictions and %v s without", r.id, bound, straight)
				}
				if math.Abs(metres-r.metres) > 1 {
					continue // one-way, or closed to cars: nobody turns there
				}
				switch {
				case r.only && bound > straight+0.3:
					t.Errorf("relation %d: the only turn takes %v s instead of %v s", r.id, bound, straight)
				case !r.only && bound < straight+0.3:
					t.Errorf("relation %d is not kept: %v s", r.id, bound)
				case !r.only:
					felt++
				}
			}
			if felt < c.felt {
				t.Errorf("%d turns are felt, want %d at least", felt, c.felt)
			}
			t.Logf("%d of %d restrictions used, %d forbidden turns felt", len(turns), report.Turns, felt)
		})
	}
}

func unmarshal(t *testing.T, b []byte) *network.Network {
	t.Helper()
	n, err := network.Unmarshal(b)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// timeAndMetres are those of the fastest way between two places on streets, infinite when there is none.
func timeAndMetres(t *testing.T, n *network.Network, from, to orb.Point) (seconds, metres float64) {
	t.Helper()
	a, ok := n.Link(from, 0.05)
	b, ok2 := n.Link(to, 0.05)
	if !ok || !ok2 {
		return math.Inf(1), math.Inf(1)
	}
	routes, err := n.Nearest(context.Background(), a, []network.Link{b}, 1, math.Inf(1))
	if err != nil {
		t.Fatal(err)
	}
	if len(routes) == 0 {
		return math.Inf(1), math.Inf(1)
	}
	return routes[0].Seconds, routes[0].Metres
}

// A judgedTurn is a restriction for cars as another reader sees it: from the middle of the last segment before the turn to
// the middle of the first after it.
type judgedTurn struct {
	id       osm.RelationID
	only     bool
	from, to orb.Point
	metres   float64
	members  [3]int64 // from, via, to
}

func judgedTurns(t *testing.T, file []byte) (turns []judgedTurn, unusable int) {
	t.Helper()
	places, ways, forbidden := map[osm.NodeID]orb.Point{}, map[osm.WayID]*osm.Way{}, map[[3]int64]bool{}
	var relations []*osm.Relation
	s := osmpbf.New(context.Background(), bytes.NewReader(file), 1)
	defer s.Close()
	for s.Scan() {
		switch o := s.Object().(type) {
		case *osm.Node:
			places[o.ID] = o.Point()
		case *osm.Way:
			ways[o.ID] = o
		case *osm.Relation:
			if o.Tags.Find("type") == "restriction" {
				relations = append(relations, o)
			}
		}
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	for _, r := range relations {
		var from, to []*osm.Way
		via, absent, vias := osm.NodeID(0), false, 0
		for _, m := range r.Members {
			switch m.Role {
			case "from", "to":
				w := ways[osm.WayID(m.Ref)]
				absent = absent || w == nil || w.Tags.Find("highway") == "" || w.Tags.Find("access") == "private" || w.Tags.Find("access") == "no"
				if m.Role == "from" {
					from = append(from, w)
				} else {
					to = append(to, w)
				}
			case "via":
				via, vias = osm.NodeID(m.Ref), vias+1
			}
		}
		if _, ok := places[via]; absent || !ok || len(from) == 0 || len(to) == 0 || vias != 1 {
			unusable++
			continue
		}
		good := true
		var these []judgedTurn
		for _, f := range from {
			for _, w := range to {
				a, ok := beside(f, via)
				b, ok2 := beside(w, via)
				if !ok || !ok2 {
					good = false
					continue
				}
				p, before, after := places[via], places[a], places[b]
				members := [3]int64{int64(f.ID), int64(via), int64(w.ID)}
				j := judgedTurn{r.ID, strings.HasPrefix(r.Tags.Find("restriction"), "only"), half(before, p), half(after, p),
					(network.Distance(before, p) + network.Distance(after, p)) / 2, members}
				forbidden[members] = forbidden[members] || !j.only
				if f.ID != w.ID && !slices.Contains(strings.Split(r.Tags.Find("except"), ";"), "motorcar") {
					these = append(these, j)
				}
			}
		}
		if !good {
			unusable++
			continue
		}
		turns = append(turns, these...)
	}
	// where one relation says only and another says no, there is nothing to measure
	turns = slices.DeleteFunc(turns, func(j judgedTurn) bool { return j.only && forbidden[j.members] })
	return turns, unusable
}

// beside is the node next to an end of a way.
func beside(w *osm.Way, end osm.NodeID) (osm.NodeID, bool) {
	n := w.Nodes
	first, last := n[0].ID == end, n[len(n)-1].ID == end
	if first {
		return n[1].ID, !last
	}
	return n[len(n)-2].ID, last
}

func half(a, b orb.Point) orb.Point { return orb.Point{(a[0] + b[0]) / 2, (a[1] + b[1]) / 2} }
