package importers

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"kora/geo/network"
	"kora/geo/profile"
	"kora/importers/pbf"
)

// An osmTurn is a restriction relation, or one pair of its ways: from a way by a node, or by other ways, to another
// (https://wiki.openstreetmap.org/wiki/Relation:restriction).
type osmTurn struct {
	relation int32 // in the order of the file
	rules    [maxProfiles]turnRule
	from, to int64 // ways
	viaNode  int64 // 0 where it leads over ways
	viaWays  []int64
}

// A drawnTurn is an osmTurn as a way over segments: ^i where one is travelled against its direction.
type drawnTurn struct {
	rules [maxProfiles]turnRule
	way   []int32
}

// What is the matter with relations that are not used.
const (
	turnWithoutRule = "no rule that holds at all times"
	turnIncomplete  = "not from a way by one place, or by ways, to a way"
	turnAbsent      = "its ways are not, or not wholly, among the streets of the extract"
	turnUnclear     = "its ways do not meet, or meet in two places"
	turnTooLong     = "it leads too far"
)

// Limits of what one relation may be made of; real ones stay far below.
const (
	maxTurnPairs    = 16
	maxTurnWays     = 16
	maxTurnSegments = 256
)

// maxTurnEdges is how many edges all forbidden turns of a profile may have together.
const maxTurnEdges = 4 << 20

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
		rule, means := ruleFor(r.Tags, &x.profiles[i])
		t.rules[i] = rule
		found = found || rule != turnFree
		known = known || means
	}
	x.report.Turns++
	t.relation = int32(x.report.Turns)
	if !found {
		if !known {
			x.report.TurnsUnused[turnWithoutRule]++
		}
		return // it concerns nobody here
	}
	var from, to []int64
	viaNodes := 0
	for _, m := range r.Members {
		switch {
		case m.Role == "from" && m.Type == pbf.MemberWay:
			from = append(from, m.ID)
		case m.Role == "to" && m.Type == pbf.MemberWay:
			to = append(to, m.ID)
		case m.Role == "via" && m.Type == pbf.MemberNode:
			t.viaNode = m.ID
			viaNodes++
		case m.Role == "via" && m.Type == pbf.MemberWay:
			t.viaWays = append(t.viaWays, m.ID)
		}
	}
	byNode, byWays := viaNodes == 1 && len(t.viaWays) == 0, viaNodes == 0 && len(t.viaWays) > 0
	if len(from) == 0 || len(to) == 0 || len(from)*len(to) > maxTurnPairs || !byNode && !byWays || len(t.viaWays) > maxTurnWays {
		x.report.TurnsUnused[turnIncomplete]++
		return
	}
	for _, t.from = range from { // no_entry has several, and no_exit several to
		for _, t.to = range to {
			x.turns = append(x.turns, t)
		}
	}
}

// ruleFor is what a relation means to a profile; known tells whether it means anything to anybody. Conditions
// (restriction:conditional) are not read.
func ruleFor(t pbf.Tags, p *profile.Profile) (rule turnRule, known bool) {
	if len(p.TurnKeys) == 0 {
		return turnFree, false
	}
	said := ""
	for _, key := range p.TurnKeys {
		if said = t.Get("restriction:" + key); said != "" {
			break
		}
	}
	excepted := false
	if said == "" {
		said = t.Get("restriction")
		for except := range strings.SplitSeq(t.Get("except"), ";") {
			excepted = excepted || slices.Contains(p.TurnKeys, strings.TrimSpace(except))
		}
	}
	switch {
	case strings.HasPrefix(said, "no_"):
		rule = turnNo
	case strings.HasPrefix(said, "only_"):
		rule = turnOnly
	}
	known = rule != turnFree
	if excepted {
		rule = turnFree
	}
	return rule, known
}

// drawTurns finds the segments of all restrictions; those that cannot be found are counted in the report.
func (x *osmExtract) drawTurns(ctx context.Context, d *draft) ([]drawnTurn, error) {
	drawn := make([]drawnTurn, 0, len(x.turns))
	failed := int32(0)
	for i, t := range x.turns {
		if i%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		way, why := x.course(d, t)
		if why == "" {
			drawn = append(drawn, drawnTurn{t.rules, way})
		} else if t.relation != failed { // its pairs are one relation
			failed = t.relation
			x.report.TurnsUnused[why]++
		}
	}
	return drawn, nil
}

// turnsFor gives the ways over edges that a profile must not take.
func (d *draft) turnsFor(ctx context.Context, profileAt int, edges []network.Edge, edgeOf []int32) ([]network.Turn, error) {
	mask := byte(1) << profileAt
	var concerned []drawnTurn
	around := map[int32][]int32{} // segments that leave the places where there is only one way on
	for i, t := range d.turns {
		if i%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		before := t.way[:len(t.way)-1]
		if t.rules[profileAt] == turnFree || slices.ContainsFunc(t.way, func(a int32) bool { return !isOpen(a, edges, edgeOf) }) ||
			slices.ContainsFunc(before, func(a int32) bool { return d.stops[d.head(a)]&mask != 0 }) {
			continue // nobody travels there anyway
		}
		concerned = append(concerned, t)
		if t.rules[profileAt] == turnOnly {
			for _, a := range before {
				around[d.head(a)] = nil
			}
		}
	}
	if len(around) > 0 {
		for i, s := range d.segments {
			if list, ok := around[s.from]; ok && isOpen(int32(i), edges, edgeOf) {
				around[s.from] = append(list, int32(i))
			}
			if list, ok := around[s.to]; ok && isOpen(^int32(i), edges, edgeOf) {
				around[s.to] = append(list, ^int32(i))
			}
		}
	}
	var turns []network.Turn
	total := 0
	forbid := func(way []int32) {
		turns = append(turns, asTurn(way, edgeOf))
		total += len(way)
	}
	for i, t := range concerned {
		if i%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if total > maxTurnEdges {
			return nil, fmt.Errorf("%w: its turn restrictions lead over more than %d pieces of street; take a smaller extract", errTooMuch, maxTurnEdges)
		}
		if t.rules[profileAt] == turnNo {
			forbid(t.way)
			continue
		}
		for k := range t.way[:len(t.way)-1] {
			for _, other := range around[d.head(t.way[k])] {
				if other != t.way[k+1] {
					forbid(append(slices.Clone(t.way[:k+1]), other))
				}
			}
		}
	}
	return turns, nil
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
	segment := max(a, ^a)
	if edgeOf[segment] < 0 {
		return false
	}
	e := edges[edgeOf[segment]]
	if a < 0 {
		return !math.IsInf(float64(e.Backward), 1)
	}
	return !math.IsInf(float64(e.Forward), 1)
}

// head is the place where a segment ends, and tail where it begins, against its direction where a is negative.
func (d *draft) head(a int32) int32 {
	if a >= 0 {
		return d.segments[a].to
	}
	return d.segments[^a].from
}

func (d *draft) tail(a int32) int32 { return d.head(^a) }

// course gives the segments of a restriction: the last of its first way, all of those between, the first of its last way.
// Where that cannot be told, why says what is the matter.
func (x *osmExtract) course(d *draft, t osmTurn) (way []int32, why string) {
	from, ok := x.segmentsOf(d, t.from)
	to, ok2 := x.segmentsOf(d, t.to)
	if !ok || !ok2 {
		return nil, turnAbsent
	}
	if t.viaNode != 0 {
		at, ok := d.placeOf(t.viaNode)
		if !ok {
			return nil, turnAbsent
		}
		last, ok := d.intoPlace(from, at)
		next, ok2 := d.intoPlace(to, at)
		if !ok || !ok2 {
			return nil, turnUnclear
		}
		return []int32{last, ^next}, ""
	}
	via := make([][2]int32, len(t.viaWays))
	count := 2
	for k, id := range t.viaWays {
		if via[k], ok = x.segmentsOf(d, id); !ok || d.isBroken(via[k]) {
			return nil, turnAbsent
		}
		count += int(via[k][1] - via[k][0])
	}
	if count > maxTurnSegments {
		return nil, turnTooLong
	}
	// The first of the ways between may be drawn in either direction; a loop of both is told by where it leads.
	for _, begin := range [2]int32{d.tail(via[0][0]), d.head(via[0][1] - 1)} {
		if way, ok = d.along(from, via, to, begin); ok {
			return way, ""
		}
	}
	return nil, turnUnclear
}

// along gives the course over ways, of which the first begins at a place.
func (d *draft) along(from [2]int32, via [][2]int32, to [2]int32, begin int32) (way []int32, ok bool) {
	last, ok := d.intoPlace(from, begin)
	if !ok {
		return nil, false
	}
	way = append(way, last)
	at := begin
	for _, v := range via {
		first, last := v[0], v[1]-1
		switch at {
		case d.tail(first):
			for i := first; i <= last; i++ {
				way = append(way, i)
			}
		case d.head(last):
			for i := last; i >= first; i-- {
				way = append(way, ^i)
			}
		default:
			return nil, false
		}
		at = d.head(way[len(way)-1])
	}
	next, ok := d.intoPlace(to, at)
	return append(way, ^next), ok
}

// segmentsOf gives the segments of a way: from the first to before the second.
func (x *osmExtract) segmentsOf(d *draft, id int64) (run [2]int32, ok bool) {
	at, ok := x.ways.find(id)
	if !ok {
		return run, false
	}
	run = d.ways[at]
	return run, run[0] < run[1]
}

// isBroken tells of a way that leaves the extract and comes back.
func (d *draft) isBroken(run [2]int32) bool {
	for i := run[0] + 1; i < run[1]; i++ {
		if d.head(i-1) != d.tail(i) {
			return true
		}
	}
	return false
}

// intoPlace gives the outermost segment of a way, in the direction in which it ends at a place; false where the way has no
// end there, or both.
func (d *draft) intoPlace(run [2]int32, at int32) (segment int32, ok bool) {
	first, last := run[0], run[1]-1
	begins, ends := d.tail(first) == at, d.head(last) == at
	if ends {
		return last, !begins
	}
	return ^first, begins
}
