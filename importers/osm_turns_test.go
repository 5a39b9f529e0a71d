package importers

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"kora"
	"kora/geo/network"
	"kora/geo/profile"
	"kora/importers/pbftest"
)

// A crossroads has four arms of 200 m, a way each; one comes from the west.
type crossroads struct {
	sheet
	middle                   int64
	west, east, north, south int64 // ways
}

func newCrossroads() *crossroads {
	c := &crossroads{}
	c.middle = c.node(0, 0)
	arm := func(x, y float64) int64 { return c.way([]int64{c.node(x, y), c.middle}, residential...) }
	c.west, c.east, c.north, c.south = arm(-200, 0), arm(200, 0), arm(0, 200), arm(0, -200)
	return c
}

func (c *crossroads) restrict(tags string, members ...pbftest.Member) {
	c.relations = append(c.relations, pbftest.Relation{ID: int64(len(c.relations) + 1), Members: members,
		Tags: tagged(append(strings.Split(tags, ", "), "type=restriction"))})
}

func from(way int64) pbftest.Member { return pbftest.Member{Type: 1, ID: way, Role: "from"} }
func to(way int64) pbftest.Member   { return pbftest.Member{Type: 1, ID: way, Role: "to"} }
func by(way int64) pbftest.Member   { return pbftest.Member{Type: 1, ID: way, Role: "via"} }
func at(node int64) pbftest.Member  { return pbftest.Member{Type: 0, ID: node, Role: "via"} }

// direct tells by profile whether one gets from a place to another in no more time than the metres take.
func (m imported) direct(t *testing.T, a, b orb.Point, metres float64) string {
	t.Helper()
	var said []string
	for _, p := range profile.All() {
		seconds := m.on(t, p.ID).seconds(t, a, b)
		if seconds <= metres/(p.RoadsKMH["residential"]/3.6)*1.01+0.5 {
			said = append(said, "=")
		} else {
			said = append(said, "-")
		}
	}
	return strings.Join(said, " ")
}

// From the west to the north is a left turn.
func TestWhomATurnRestrictionBinds(t *testing.T) {
	for tags, want := range map[string]string{ // walk, ebike, car, truck: = turns left as before, - does not
		"restriction=no_left_turn":                                                 "= - - -",
		"restriction=no_entry":                                                     "= - - -",
		"restriction=no_exit":                                                      "= - - -",
		"restriction=no_left_turn, except=bicycle":                                 "= = - -",
		"restriction=no_left_turn, except=psv":                                     "= - - -",
		"restriction=no_left_turn, except=psv;bicycle":                             "= = - -",
		"restriction=no_left_turn, except=psv; bicycle":                            "= = - -",
		"restriction=no_left_turn, except=hgv":                                     "= - - =",
		"restriction=no_left_turn, except=motorcar":                                "= - = -",
		"restriction=no_left_turn, except=motor_vehicle":                           "= - = =",
		"restriction:hgv=no_left_turn":                                             "= = = -",
		"restriction:bicycle=no_left_turn":                                         "= - = =",
		"restriction:motorcar=no_left_turn":                                        "= = - =",
		"restriction:motor_vehicle=no_left_turn":                                   "= = - -",
		"restriction=no_right_turn, restriction:hgv=none":                          "= - - =",
		"restriction=no_left_turn, restriction:conditional=none @ (Sa-Su)":         "= - - -",
		"restriction:conditional=no_left_turn @ (Mo-Fr 07:00-09:00)":               "= = = =",
		"restriction=give_way":                                                     "= = = =",
		"restriction=only_left_turn":                                               "= = = =",
		"restriction:hgv:conditional=no_left_turn @ (22:00-06:00), restriction=no": "= = = =",
	} {
		c := newCrossroads()
		c.restrict(tags, from(c.west), at(c.middle), to(c.north))
		m := importFile(t, c.file(pbftest.Options{}), NetworkOptions{})
		if got := m.direct(t, metresAt(-200, 0), metresAt(0, 200), 400); got != want {
			t.Errorf("%s: to the left %s, want %s", tags, got, want)
		}
		other := "= = = ="
		if strings.Contains(tags, "only") {
			other = "= - - -"
		}
		for _, end := range []orb.Point{metresAt(200, 0), metresAt(0, -200)} {
			if got := m.direct(t, metresAt(-200, 0), end, 400); got != other {
				t.Errorf("%s: elsewhere %s, want %s", tags, got, other)
			}
			// nothing is said about those who come from elsewhere
			if got := m.direct(t, end, metresAt(0, 200), 400); got != "= = = =" {
				t.Errorf("%s: from elsewhere %s", tags, got)
			}
		}
		unused := 0
		if !strings.Contains(want+other, "-") {
			unused = 1
		}
		if m.report.Turns != 1 || m.report.TurnsUnused[turnWithoutRule] != unused {
			t.Errorf("%s: %d turns, unused %v", tags, m.report.Turns, m.report.TurnsUnused)
		}
	}
}

// A street that leads into a square of streets, 100 m a side, whatever the directions in which its ways are drawn; its
// west side may be a chain of two ways. Restrictions lead over that side.
func TestTurnsOverWays(t *testing.T) {
	for drawn := range 16 {
		var s sheet
		draw := func(bit int, nodes ...int64) int64 {
			if drawn>>bit&1 != 0 {
				slices.Reverse(nodes)
			}
			return s.way(nodes, residential...)
		}
		a, b, mid, c, d, e := s.node(-100, 0), s.node(0, 0), s.node(0, 50), s.node(0, 100), s.node(-100, 100), s.node(100, 100)
		in := draw(0, a, b)
		first, second := draw(1, b, mid), draw(2, mid, c)
		back, on := draw(3, c, d), draw(0, c, e)
		relation := func(rule string, members ...pbftest.Member) pbftest.Relation {
			return pbftest.Relation{ID: 1, Members: members, Tags: map[string]string{"type": "restriction", "restriction": rule}}
		}
		for name, k := range map[string]struct {
			relation       pbftest.Relation
			toBack, toOn   string
			turns, atLeast int
		}{
			"no u-turn":   {relation("no_u_turn", from(in), by(first), by(second), to(back)), "= - - -", "= = = =", 1, 1},
			"only on":     {relation("only_straight_on", from(in), by(first), by(second), to(on)), "= - - -", "= = = =", 0, 1},
			"wrong order": {relation("no_u_turn", from(in), by(second), by(first), to(back)), "= = = =", "= = = =", 0, 0},
			"part":        {relation("no_u_turn", from(in), by(first), to(back)), "= = = =", "= = = =", 0, 0},
			"foreign":     {relation("no_u_turn", from(in), by(first), by(99), to(back)), "= = = =", "= = = =", 0, 0},
		} {
			s.relations = []pbftest.Relation{k.relation}
			m := importFile(t, s.file(pbftest.Options{}), NetworkOptions{})
			if got := m.direct(t, metresAt(-100, 0), metresAt(-100, 100), 300); got != k.toBack {
				t.Errorf("%s, drawn %04b: back %s, want %s", name, drawn, got, k.toBack)
			}
			if got := m.direct(t, metresAt(-100, 0), metresAt(100, 100), 300); got != k.toOn {
				t.Errorf("%s, drawn %04b: on %s, want %s", name, drawn, got, k.toOn)
			}
			// who begins on the way between is free
			if got := m.direct(t, metresAt(0, 25), metresAt(-100, 100), 175); got != "= = = =" {
				t.Errorf("%s, drawn %04b: from between %s", name, drawn, got)
			}
			turns := m.report.Profiles["car"].Turns
			if turns < k.atLeast || k.turns > 0 && turns != k.turns || (len(m.report.TurnsUnused) > 0) != (k.atLeast == 0) {
				t.Errorf("%s, drawn %04b: %d turns, unused %v", name, drawn, turns, m.report.TurnsUnused)
			}
		}
	}
}

func TestNoUTurn(t *testing.T) {
	c := newCrossroads()
	// on the arms beyond the crossing one cannot turn either: they are one-way
	for _, way := range []int64{c.east, c.north, c.south} {
		c.ways[way-1].Tags["oneway"] = "-1"
	}
	before := importFile(t, c.file(pbftest.Options{}), NetworkOptions{})
	c.restrict("restriction=no_u_turn", from(c.west), at(c.middle), to(c.west))
	after := importFile(t, c.file(pbftest.Options{}), NetworkOptions{})
	for _, id := range everyone[1:] {
		if n := after.report.Profiles[id].Turns; n != 1 || before.report.Profiles[id].Turns != 0 {
			t.Errorf("%s: %d forbidden turns", id, n)
		}
	}
	if n := after.report.Profiles["walk"].Turns; n != 0 {
		t.Errorf("walkers have %d forbidden turns", n)
	}
}

// What a relation lacks is told by its name, and once.
func TestTurnsThatCannotBeUsed(t *testing.T) {
	for why, restrict := range map[string]func(*crossroads){
		turnWithoutRule: func(c *crossroads) {
			c.restrict("restriction:conditional=no_left_turn @ (Mo)", from(c.west), at(c.middle), to(c.north))
		},
		turnIncomplete: func(c *crossroads) { c.restrict("restriction=no_left_turn", from(c.west), at(c.middle)) },
		turnIncomplete + "/no via": func(c *crossroads) {
			c.restrict("restriction=no_left_turn", from(c.west), to(c.north))
		},
		turnIncomplete + "/two vias": func(c *crossroads) {
			c.restrict("restriction=no_left_turn", from(c.west), at(c.middle), at(1), to(c.north))
		},
		turnIncomplete + "/both vias": func(c *crossroads) {
			c.restrict("restriction=no_left_turn", from(c.west), at(c.middle), by(c.east), to(c.north))
		},
		turnAbsent: func(c *crossroads) {
			c.restrict("restriction=no_left_turn", from(c.west), at(c.middle), to(1234))
		},
		turnAbsent + "/no street": func(c *crossroads) {
			c.ways[c.north-1].Tags = tagged([]string{"highway=proposed"})
			c.restrict("restriction=no_left_turn", from(c.west), at(c.middle), to(c.north))
		},
		turnAbsent + "/node": func(c *crossroads) {
			c.restrict("restriction=no_left_turn", from(c.west), at(1234), to(c.north))
		},
		turnUnclear: func(c *crossroads) {
			c.restrict("restriction=no_left_turn", from(c.west), at(c.ways[c.east-1].Nodes[0]), to(c.north))
		},
		turnUnclear + "/through": func(c *crossroads) { // the way is not cut where the turn is
			c.ways[c.west-1].Nodes = append(c.ways[c.west-1].Nodes, c.node(300, 300))
			c.restrict("restriction=no_left_turn", from(c.west), at(c.middle), to(c.north))
		},
		turnUnclear + "/ring": func(c *crossroads) {
			c.ways[c.west-1].Nodes = []int64{c.middle, c.node(-50, 50), c.node(-50, -50), c.middle}
			c.restrict("restriction=no_left_turn", from(c.west), at(c.middle), to(c.north))
		},
		turnTooLong: func(c *crossroads) {
			long := []int64{c.middle}
			for i := range maxTurnSegments {
				long = append(long, c.node(float64(i+1), 300))
			}
			way := c.way(long, residential...)
			c.restrict("restriction=only_straight_on", from(c.west), by(way), to(c.way([]int64{long[len(long)-1], c.node(999, 999)}, residential...)))
		},
	} {
		c := newCrossroads()
		restrict(c)
		m := importFile(t, c.file(pbftest.Options{}), NetworkOptions{})
		reason, _, _ := strings.Cut(why, "/")
		if !maps.Equal(m.report.TurnsUnused, map[string]int{reason: 1}) || m.report.Turns != 1 {
			t.Errorf("%s: %d turns, unused %v", why, m.report.Turns, m.report.TurnsUnused)
		}
		if n := m.report.Profiles["car"].Turns; n != 0 {
			t.Errorf("%s: %d forbidden turns", why, n)
		}
	}
}

// A file of relations that each lead far is refused before it takes the memory that they ask for.
func TestTurnsWithoutEnd(t *testing.T) {
	c := newCrossroads()
	long := []int64{c.middle}
	for i := range maxTurnSegments - 3 {
		long = append(long, c.node(float64(i+1), 300))
	}
	by, on := by(c.way(long, residential...)), to(c.way([]int64{long[len(long)-1], c.node(999, 999)}, residential...))
	for range maxTurnEdges * 2 / (maxTurnSegments * maxTurnSegments) * 2 {
		c.restrict("restriction=only_straight_on", from(c.west), by, on)
	}
	_, _, err := Network(context.Background(), "x", bytes.NewReader(c.file(pbftest.Options{})), NetworkOptions{})
	if kora.ReasonOf(err) != kora.ReasonTooLarge || !strings.Contains(err.Error(), "turn restrictions") {
		t.Errorf("was not refused: %v", err)
	}
}

// no_entry has several ways from, no_exit several to.
func TestSeveralWaysFromAndTo(t *testing.T) {
	c := newCrossroads()
	c.restrict("restriction=no_entry", from(c.west), from(c.south), at(c.middle), to(c.north))
	m := importFile(t, c.file(pbftest.Options{}), NetworkOptions{}).on(t, "car")
	arms := map[string]orb.Point{"west": metresAt(-200, 0), "south": metresAt(0, -200), "east": metresAt(200, 0), "north": metresAt(0, 200)}
	for name, want := range map[string]string{"west": "= - - -", "south": "= - - -", "east": "= = = ="} {
		if got := m.direct(t, arms[name], arms["north"], 400); got != want {
			t.Errorf("from the %s: %s, want %s", name, got, want)
		}
	}
	if n := m.report.Profiles["car"].Turns; n != 2 {
		t.Errorf("%d forbidden turns", n)
	}
	// of one relation, some ways may be at hand and others not; it counts once
	c.restrict("restriction=no_entry", from(901), from(c.east), from(902), at(c.middle), to(c.north))
	m = importFile(t, c.file(pbftest.Options{}), NetworkOptions{})
	if n := m.report.Profiles["car"].Turns; n != 3 || !maps.Equal(m.report.TurnsUnused, map[string]int{turnAbsent: 1}) {
		t.Errorf("%d forbidden turns, unused %v", n, m.report.TurnsUnused)
	}
}

// Where a turn concerns what is closed anyway, or what a barrier cuts, it is no turn.
func TestTurnsWhereNobodyTravels(t *testing.T) {
	for name, change := range map[string]func(*crossroads){
		"one-way against it": func(c *crossroads) { c.ways[c.north-1].Tags["oneway"] = "yes" }, // leads to the crossing
		"closed":             func(c *crossroads) { c.ways[c.north-1].Tags["vehicle"] = "no" },
		"barrier":            func(c *crossroads) { c.nodes[c.middle-1].Tags = tagged([]string{"barrier=gate", "vehicle=no"}) },
	} {
		for _, rule := range []string{"no_left_turn", "only_left_turn"} {
			c := newCrossroads()
			change(c)
			c.restrict("restriction="+rule, from(c.west), at(c.middle), to(c.north))
			m := importFile(t, c.file(pbftest.Options{}), NetworkOptions{})
			for _, id := range everyone {
				if n := m.report.Profiles[id].Turns; n != 0 {
					t.Errorf("%s, %s, %s: %d forbidden turns", name, rule, id, n)
				}
			}
		}
	}
}

// A small town of streets that bend nowhere, with restrictions by chance, against a search that goes over whole ways and
// asks of every way whether a restriction of the file forbids it: it knows nothing of segments and edges.
func TestTurnsAgainstPlainSearch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const side = 4
		var s sheet
		var grid [side][side]int64
		at := map[int64][2]float64{}
		for i := range side {
			for j := range side {
				x := float64(i*100) + float64(rapid.IntRange(-20, 20).Draw(t, "x"))
				y := float64(j*100) + float64(rapid.IntRange(-20, 20).Draw(t, "y"))
				grid[i][j] = s.node(x, y)
				at[grid[i][j]] = [2]float64{x, y}
			}
		}
		for i := range side {
			for j := range side {
				for _, next := range [][2]int{{i + 1, j}, {i, j + 1}} {
					if next[0] == side || next[1] == side || rapid.IntRange(0, 9).Draw(t, "gap") == 0 {
						continue
					}
					nodes := []int64{grid[i][j], grid[next[0]][next[1]]}
					if rapid.Bool().Draw(t, "reversed") {
						slices.Reverse(nodes)
					}
					tags := slices.Clone(residential)
					if rapid.IntRange(0, 3).Draw(t, "oneway") == 0 {
						tags = append(tags, "oneway=yes")
					}
					s.way(nodes, tags...)
				}
			}
		}
		town := plainTown{at: at, ways: s.ways, streets: map[int64][]int{}}
		for i, w := range s.ways {
			for _, node := range w.Nodes {
				town.streets[node] = append(town.streets[node], i)
			}
		}
		for range rapid.IntRange(1, 12).Draw(t, "restrictions") {
			// a walk over ways that meet
			way := rapid.IntRange(0, len(s.ways)-1).Draw(t, "from")
			node := s.ways[way].Nodes[rapid.IntRange(0, 1).Draw(t, "end")]
			r := plainRule{only: rapid.Bool().Draw(t, "only"), ways: []int{way}, meet: []int64{node}}
			for range rapid.IntRange(1, 3).Draw(t, "length") {
				way = rapid.SampledFrom(town.streets[node]).Draw(t, "next")
				node = town.other(way, node)
				r.ways, r.meet = append(r.ways, way), append(r.meet, node)
			}
			if n := len(r.ways); n > 2 && slices.Contains(r.ways[1:n-1], r.ways[0]) || n > 3 && r.ways[1] == r.ways[2] ||
				n > 2 && slices.Contains(r.ways[1:n-1], r.ways[n-1]) || n > 2 && slices.Contains(s.ways[r.ways[0]].Nodes, r.meet[1]) {
				continue // which end is meant could not be told from the relation
			}
			r.meet = r.meet[:len(r.meet)-1]
			town.rules = append(town.rules, r)
			s.relations = append(s.relations, r.relation(s.ways, int64(len(s.relations)+1)))
		}
		m := importFileRapid(t, s.file(pbftest.Options{}))
		for range 12 {
			a := rapid.IntRange(0, len(s.ways)-1).Draw(t, "start")
			b := rapid.IntRange(0, len(s.ways)-1).Draw(t, "goal")
			if a == b {
				continue
			}
			want := town.seconds(a, b)
			got := secondsBetween(t, m, town.middle(a), town.middle(b))
			if math.Abs(got-want) > 1+0.01*want && !(math.IsInf(got, 1) && math.IsInf(want, 1)) {
				t.Fatalf("from way %d to way %d: %v s, want %v s; rules %+v", a+1, b+1, got, want, town.rules)
			}
		}
	})
}

// A plainRule is a restriction as its members say it: ways by index, and the node where each meets the next.
type plainRule struct {
	only bool
	ways []int
	meet []int64
}

func (r plainRule) relation(ways []pbftest.Way, id int64) pbftest.Relation {
	rule := "no_left_turn"
	if r.only {
		rule = "only_left_turn"
	}
	last := len(r.ways) - 1
	members := []pbftest.Member{from(ways[r.ways[0]].ID), to(ways[r.ways[last]].ID)}
	if last == 1 {
		members = append(members, at(r.meet[0]))
	}
	for _, way := range r.ways[1:last] {
		members = append(members, by(ways[way].ID))
	}
	return pbftest.Relation{ID: id, Members: members, Tags: map[string]string{"type": "restriction", "restriction": rule}}
}

type plainTown struct {
	at      map[int64][2]float64
	ways    []pbftest.Way // of two nodes each
	streets map[int64][]int
	rules   []plainRule
}

func (p plainTown) other(way int, node int64) int64 {
	n := p.ways[way].Nodes
	return n[0] + n[1] - node
}

func (p plainTown) middle(way int) orb.Point {
	a, b := p.at[p.ways[way].Nodes[0]], p.at[p.ways[way].Nodes[1]]
	return metresAt((a[0]+b[0])/2, (a[1]+b[1])/2)
}

func (p plainTown) length(way int) float64 {
	a, b := p.at[p.ways[way].Nodes[0]], p.at[p.ways[way].Nodes[1]]
	return math.Hypot(a[0]-b[0], a[1]-b[1])
}

func (p plainTown) mayLeave(way int, node int64) bool {
	return p.ways[way].Tags["oneway"] == "" || p.ways[way].Nodes[0] == node
}

// allows tells whether one who has come by some ways, the last ending at a node, may go on by another.
func (p plainTown) allows(came []int, ends []int64, next int) bool {
	for _, r := range p.rules {
		for k := 1; k < len(r.ways); k++ { // come so far along the rule?
			if len(came) < k || !slices.Equal(came[len(came)-k:], r.ways[:k]) || !slices.Equal(ends[len(ends)-k:], r.meet[:k]) {
				continue
			}
			whole := k == len(r.ways)-1
			if r.only && p.open(r) && next != r.ways[k] || !r.only && whole && next == r.ways[k] {
				return false
			}
		}
	}
	return true
}

// open tells whether the way that a rule asks for can be travelled at all.
func (p plainTown) open(r plainRule) bool {
	for k, way := range r.ways {
		begins := k > 0 && !p.mayLeave(way, r.meet[k-1])
		if begins || k == 0 && !p.mayLeave(way, p.other(way, r.meet[0])) {
			return false
		}
	}
	return true
}

// seconds is the time by car from the middle of a way to the middle of another.
func (p plainTown) seconds(a, b int) float64 {
	type state struct {
		came    []int
		ends    []int64
		seconds float64
	}
	const perMetre = 3.6 / 20
	var open []state
	for _, node := range p.ways[a].Nodes {
		if p.mayLeave(a, p.other(a, node)) {
			open = append(open, state{[]int{a}, []int64{node}, p.length(a) / 2 * perMetre})
		}
	}
	done := map[string]bool{}
	best := math.Inf(1)
	for len(open) > 0 {
		i := 0
		for k := range open {
			if open[k].seconds < open[i].seconds {
				i = k
			}
		}
		s := open[i]
		open = slices.Delete(open, i, i+1)
		if s.seconds >= best {
			break
		}
		key := fmt.Sprint(s.came, s.ends)
		if done[key] {
			continue
		}
		done[key] = true
		node := s.ends[len(s.ends)-1]
		for _, next := range p.streets[node] {
			if !p.mayLeave(next, node) || !p.allows(s.came, s.ends, next) {
				continue
			}
			if next == b {
				best = min(best, s.seconds+p.length(next)/2*perMetre)
			}
			const longest = 4 // ways in a rule
			came, ends := append(slices.Clone(s.came), next), append(slices.Clone(s.ends), p.other(next, node))
			cut := max(0, len(came)-longest)
			open = append(open, state{came[cut:], ends[cut:], s.seconds + p.length(next)*perMetre})
		}
	}
	return best
}

func importFileRapid(t *rapid.T, file []byte) *network.Network {
	car := profile.Car()
	n, report, err := Network(context.Background(), "x", bytes.NewReader(file), NetworkOptions{Profiles: []profile.Profile{profile.Walk(), car}})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.TurnsUnused) > 0 {
		t.Fatalf("unused %v", report.TurnsUnused)
	}
	m, err := network.Unmarshal(n.Streets[car.ID])
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func secondsBetween(t rapid.TB, n *network.Network, from, to orb.Point) float64 {
	a, ok := n.Link(from, 1)
	b, ok2 := n.Link(to, 1)
	if !ok || !ok2 {
		t.Fatalf("no street at %v or %v", from, to)
	}
	routes, err := n.Nearest(context.Background(), a, []network.Link{b}, 1, math.Inf(1))
	if err != nil {
		t.Fatal(err)
	}
	if len(routes) == 0 {
		return math.Inf(1)
	}
	return routes[0].Seconds
}
