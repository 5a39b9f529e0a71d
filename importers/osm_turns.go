package importers

import (
	"slices"
	"strings"

	"kora/geo/network"
	"kora/geo/profile"
	"kora/importers/pbf"
)

// An osmTurn is a restriction relation: from one way by a node, or by other ways, to another
// (https://wiki.openstreetmap.org/wiki/Relation:restriction).
type osmTurn struct {
	rules    [maxProfiles]turnRule
	from, to int64 // ways
	viaNode  int64 // 0 where it leads over ways
	viaWays  []int64
	way      []int32 // its course, once all is read
}

type turnRule byte

const (
	turnFree turnRule = iota
	turnNo            // from there to there not
	turnOnly          // from there nowhere but there
)

// turn takes a relation that restricts turns.
func (x *osmExtract) turn(r pbf.Relation) {
	if r.Tags.Get("type") != "restriction" {
		return
	}
	var t osmTurn
	found, known := false, false
	for i := range x.profiles {
		var said string
		t.rules[i], said = ruleFor(r.Tags, &x.profiles[i])
		found = found || t.rules[i] != turnFree
		known = known || said != ""
	}
	x.report.Turns++
	unused := func(why string) { x.report.TurnsUnused[why]++ }
	if !found {
		if !known {
			unused("without a rule that holds always")
		}
		return // it concerns nobody here
	}
	var from, to []int64
	for _, m := range r.Members {
		switch {
		case m.Role == "from" && m.Type == pbf.MemberWay:
			from = append(from, m.ID)
		case m.Role == "to" && m.Type == pbf.MemberWay:
			to = append(to, m.ID)
		case m.Role == "via" && m.Type == pbf.MemberNode && t.viaNode == 0:
			t.viaNode = m.ID
		case m.Role == "via" && m.Type == pbf.MemberWay:
			t.viaWays = append(t.viaWays, m.ID)
		}
	}
	if len(from) == 0 || len(to) == 0 || (t.viaNode == 0) == (len(t.viaWays) == 0) || len(from)*len(to) > 16 || len(t.viaWays) > 16 {
		unused("not from a way by a place to a way")
		return
	}
	for _, t.from = range from { // no_entry has several, and no_exit several to
		for _, t.to = range to {
			x.turns = append(x.turns, t)
		}
	}
}

// ruleFor is what a relation means to a profile, and the value that says so.
func ruleFor(t pbf.Tags, p *profile.Profile) (turnRule, string) {
	if len(p.TurnKeys) == 0 {
		return turnFree, "none"
	}
	said := ""
	for _, key := range p.TurnKeys {
		if said = t.Get("restriction:" + key); said != "" {
			break
		}
	}
	if said == "" {
		said = t.Get("restriction")
		for except := range strings.SplitSeq(t.Get("except"), ";") {
			if slices.Contains(p.TurnKeys, strings.TrimSpace(except)) {
				return turnFree, said
			}
		}
	}
	switch {
	case strings.HasPrefix(said, "no_"):
		return turnNo, said
	case strings.HasPrefix(said, "only_"):
		return turnOnly, said
	}
	return turnFree, ""
}

// layTurns finds the course of every restriction; those without one are counted and forgotten.
func (x *osmExtract) layTurns(d *draft) {
	laid := x.turns[:0]
	for _, t := range x.turns {
		way, why := x.course(d, t)
		if why != "" {
			x.report.TurnsUnused[why]++
			continue
		}
		t.way = way
		laid = append(laid, t)
	}
	x.turns = laid
}

// turnsFor gives the ways over edges that a profile must not take.
func (x *osmExtract) turnsFor(d *draft, profileAt int, edges []network.Edge, edgeOf []int32) (turns []network.Turn) {
	around := map[int32][]int32{} // segments at the places that turns go by
	var concerned []osmTurn
	for _, t := range x.turns {
		if t.rules[profileAt] == turnFree || slices.ContainsFunc(t.way, func(a int32) bool { return !isOpen(a, edges, edgeOf) }) {
			continue // it is not meant, or does not drive there anyway
		}
		concerned = append(concerned, t)
		if t.rules[profileAt] == turnOnly {
			for _, a := range t.way {
				around[d.head(a)] = nil
			}
		}
	}
	for i, s := range d.segments {
		if edgeOf[i] < 0 {
			continue
		}
		if list, ok := around[s.from]; ok {
			around[s.from] = append(list, int32(i))
		}
		if list, ok := around[s.to]; ok {
			around[s.to] = append(list, ^int32(i))
		}
	}
	mask := byte(1) << profileAt
	for _, t := range concerned {
		way := t.way
		if slices.ContainsFunc(way[:len(way)-1], func(a int32) bool { return d.stops[d.head(a)]&mask != 0 }) {
			continue // nobody passes
		}
		if t.rules[profileAt] == turnNo {
			turns = append(turns, asTurn(way, edgeOf))
			continue
		}
		for k := range way[:len(way)-1] {
			for _, other := range around[d.head(way[k])] {
				if other != way[k+1] && isOpen(other, edges, edgeOf) {
					turns = append(turns, asTurn(append(slices.Clone(way[:k+1]), other), edgeOf))
				}
			}
		}
	}
	return turns
}

// asTurn names a way by the edges of a network instead of segments.
func asTurn(way []int32, edgeOf []int32) network.Turn {
	turn := make(network.Turn, len(way))
	for i, a := range way {
		if a >= 0 {
			turn[i] = edgeOf[a]
		} else {
			turn[i] = ^edgeOf[^a]
		}
	}
	return turn
}

// isOpen tells whether a segment, against its direction where a is negative, may be travelled.
func isOpen(a int32, edges []network.Edge, edgeOf []int32) bool {
	if a >= 0 {
		return edgeOf[a] >= 0 && edges[edgeOf[a]].Forward < closedFrom
	}
	return edgeOf[^a] >= 0 && edges[edgeOf[^a]].Backward < closedFrom
}

const closedFrom = 1e30 // seconds; what is closed takes for ever

func (d *draft) head(a int32) int32 {
	if a >= 0 {
		return d.segments[a].to
	}
	return d.segments[^a].from
}

// course gives the segments of a restriction: the last of its first way, all of those between, the first of its last way;
// ^i where a segment is travelled against its direction. Where that cannot be told, why says what is the matter.
func (x *osmExtract) course(d *draft, t osmTurn) (way []int32, why string) {
	const absent, unclear = "its ways or places are not in the extract", "its ways do not meet, or meet in two places"
	ends := func(id int64) (from, to int32, ok bool) {
		at, found := x.ways.find(id)
		if !found {
			return 0, 0, false
		}
		r, found := d.ways[at]
		if !found || r[0] == r[1] {
			return 0, 0, false
		}
		for i := r[0]; i+1 < r[1]; i++ {
			if d.segments[i].to != d.segments[i+1].from {
				return 0, 0, false // it leaves the extract and comes back
			}
		}
		return r[0], r[1] - 1, true
	}
	firstA, firstB, ok := ends(t.from)
	lastA, lastB, ok2 := ends(t.to)
	if !ok || !ok2 {
		return nil, absent
	}
	// at is where the way goes on; into and outOf give the segment of a way that ends, or begins, there.
	into := func(a, b, at int32) (int32, bool) {
		begins, endsHere := d.segments[a].from == at, d.segments[b].to == at
		switch {
		case begins == endsHere:
			return 0, false
		case endsHere:
			return b, true
		}
		return ^a, true
	}
	outOf := func(a, b, at int32) (int32, bool) {
		i, ok := into(a, b, at)
		return ^i, ok
	}
	if t.viaNode != 0 {
		at, ok := d.numbers(t.viaNode)
		if !ok {
			return nil, absent
		}
		i, ok := into(firstA, firstB, at)
		j, ok2 := outOf(lastA, lastB, at)
		if !ok || !ok2 {
			return nil, unclear
		}
		return []int32{i, j}, ""
	}
	var at int32
	for k, id := range t.viaWays {
		a, b, ok := ends(id)
		if !ok {
			return nil, absent
		}
		if k == 0 {
			at = d.segments[a].from
			i, ok := into(firstA, firstB, at)
			if !ok {
				at = d.segments[b].to
				if i, ok = into(firstA, firstB, at); !ok {
					return nil, unclear
				}
			}
			way = append(way, i)
		}
		switch at {
		case d.segments[a].from:
			for i := a; i <= b; i++ {
				way = append(way, i)
			}
			at = d.segments[b].to
		case d.segments[b].to:
			for i := b; i >= a; i-- {
				way = append(way, ^i)
			}
			at = d.segments[a].from
		default:
			return nil, unclear
		}
	}
	j, ok := outOf(lastA, lastB, at)
	if !ok {
		return nil, unclear
	}
	return append(way, j), ""
}
