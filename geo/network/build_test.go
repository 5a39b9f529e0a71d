package network_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"kora/geo/network"
	"kora/geo/profile"
)

func build(t testing.TB, nodes []orb.Point, edges []network.Edge) *network.Network {
	t.Helper()
	n, err := network.Build(profile.Walk(), nodes, edges, nil)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// street joins nodes one after the other, each piece at walking speed there and a little slower back.
func street(nodes []orb.Point, on ...int32) (edges []network.Edge) {
	for i := 0; i+1 < len(on); i++ {
		m := network.Distance(nodes[on[i]], nodes[on[i+1]])
		edges = append(edges, network.Edge{From: on[i], To: on[i+1], LengthM: float32(m), Forward: float32(m / metresPer), Backward: float32(1.25 * m / metresPer)})
	}
	return edges
}

func TestStreetWithoutJunctionIsOneEdge(t *testing.T) {
	var nodes []orb.Point
	var on []int32
	for i := range int32(101) {
		nodes = append(nodes, at(float64(i)*20, 30*math.Sin(float64(i)/7)))
		on = append(on, i)
	}
	n := build(t, nodes, street(nodes, on...))
	if n.Nodes() != 2 || n.Edges() != 1 {
		t.Fatalf("%d nodes and %d edges", n.Nodes(), n.Edges())
	}
	e := n.Edge(0)
	var metres float64
	for i := range nodes[1:] {
		metres += network.Distance(nodes[i], nodes[i+1])
	}
	if math.Abs(e.Metres-metres) > 0.01 || math.Abs(min(e.Forward, e.Backward)-metres/metresPer) > 0.051 ||
		math.Abs(max(e.Forward, e.Backward)-1.25*metres/metresPer) > 0.051 {
		t.Errorf("%+v, want %.2f m", e, metres)
	}
	line := n.Line(0, 0, e.Metres)
	if len(line) != len(nodes) {
		t.Fatalf("its course has %d places, want %d", len(line), len(nodes))
	}
	if network.Distance(line[0], nodes[0]) > 1 {
		line.Reverse()
	}
	for i, p := range line {
		if network.Distance(p, nodes[i]) > 0.02 {
			t.Errorf("bend %d is at %v, want %v", i, p, nodes[i])
		}
	}
	part := n.Line(0, 100, 200)
	var drawn float64
	for i := range part[1:] {
		drawn += network.Distance(part[i], part[i+1])
	}
	if math.Abs(drawn-100) > 0.1 {
		t.Errorf("from 100 to 200 m its course is %.2f m long", drawn)
	}
}

func TestWhatKeepsANode(t *testing.T) {
	nodes := []orb.Point{at(0, 0), at(100, 0), at(200, 0), at(300, 0), at(200, 100)}
	change := func(f func([]network.Edge)) []network.Edge {
		edges := street(nodes[:4], 0, 1, 2, 3)
		f(edges)
		return edges
	}
	inf := float32(math.Inf(1))
	for name, c := range map[string]struct {
		edges        []network.Edge
		nodes, count int
	}{
		"nothing":                    {change(func([]network.Edge) {}), 2, 1},
		"steps between":              {change(func(e []network.Edge) { e[1].Kind = network.Steps }), 4, 3},
		"one way from there on":      {change(func(e []network.Edge) { e[2].Backward = inf }), 3, 2},
		"one way all along":          {change(func(e []network.Edge) { e[0].Backward, e[1].Backward, e[2].Backward = inf, inf, inf }), 2, 1},
		"one way against each other": {change(func(e []network.Edge) { e[0].Backward, e[1].Forward, e[2].Backward = inf, inf, inf }), 4, 3},
		"drawn the other way round": {change(func(e []network.Edge) {
			e[1].From, e[1].To, e[1].Forward, e[1].Backward = e[1].To, e[1].From, e[1].Backward, e[1].Forward
		}), 2, 1},
		"a junction":           {append(street(nodes, 0, 1, 2, 3), street(nodes, 2, 4)...), 4, 3},
		"a ring":               {street(nodes, 1, 2, 4, 1), 1, 1},
		"a ring on a stick":    {append(street(nodes, 0, 1), street(nodes, 1, 2, 4, 1)...), 2, 2},
		"two ways to the same": {append(street(nodes, 0, 1, 2), street(nodes, 0, 4, 2)...), 1, 1},
	} {
		n := build(t, nodes, c.edges)
		if n.Nodes() != c.nodes || n.Edges() != c.count {
			t.Errorf("%s: %d nodes and %d edges, want %d and %d", name, n.Nodes(), n.Edges(), c.nodes, c.count)
		}
	}
}

// On a ring that one enters by a stick the way goes round on the shorter side; on a ring of its own too.
func TestRings(t *testing.T) {
	nodes := []orb.Point{at(0, 0), at(300, 0), at(300, -300), at(600, -300), at(600, 0)}
	for name, c := range map[string]struct {
		edges []network.Edge
		want  float64
	}{
		"on a stick": {append(street(nodes, 0, 1), street(nodes, 1, 2, 3, 4, 1)...), 300 + 300},
		"alone":      {street(nodes, 1, 2, 3, 4, 1), math.Inf(1)},
	} {
		for i := range c.edges {
			c.edges[i].Backward = c.edges[i].Forward
		}
		t.Log(name)
		s := scene{Network: build(t, nodes, c.edges), t: t,
			places: map[rune]orb.Point{'o': at(0, 0), 'a': at(300, -150), 'b': at(450, 0), 'c': at(600, -150), 'd': at(450, -300), 'x': nodes[4]}}
		if !math.IsInf(c.want, 1) {
			s.expect('o', 'x', c.want, 0)
		}
		s.expect('a', 'b', 300, 0)
		s.expect('b', 'c', 300, 0)
		s.expect('c', 'd', 300, 0)
		s.expect('d', 'a', 300, 0)
		s.expect('a', 'c', 600, 0)
	}
}

func TestTenHoursOnAFerry(t *testing.T) {
	nodes := []orb.Point{at(0, 0), at(0, 400_000), at(50, 0), at(50, 400_000)}
	n := build(t, nodes, append(append(street(nodes, 0, 2), street(nodes, 1, 3)...),
		network.Edge{From: 0, To: 1, LengthM: 400_000, Forward: 36_000, Backward: 18_000, Kind: network.Ferry}))
	a, b := exactly(t, n, nodes[0]), exactly(t, n, nodes[1])
	for _, c := range []struct {
		from, to network.Link
		want     float64
	}{{a, b, 36_000}, {b, a, 18_000}} {
		r := nearest(t, n, c.from, []network.Link{c.to}, 1, everywhere)
		if len(r) != 1 || math.Abs(r[0].Seconds-c.want) > 2 || math.Abs(r[0].Metres-400_000) > 1 ||
			!slices.ContainsFunc(r[0].Legs, func(l network.Leg) bool { return l.Kind == network.Ferry && math.Abs(l.Metres-400_000) < 1 }) {
			t.Errorf("%+v, want %v s", r, c.want)
		}
	}
}

// The same streets in another order are the same bytes.
func TestOrderOfInputDoesNotMatter(t *testing.T) {
	tw := newTown(21, 9, true)
	r := rand.New(rand.NewPCG(21, 1))
	want, err := tw.build(t).MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		to := r.Perm(len(tw.nodes))
		other := town{side: tw.side, nodes: make([]orb.Point, len(tw.nodes))}
		for i, p := range tw.nodes {
			other.nodes[to[i]] = p
		}
		for _, e := range tw.edges {
			e.From, e.To = int32(to[e.From]), int32(to[e.To])
			if r.IntN(2) == 0 {
				e.From, e.To, e.Forward, e.Backward = e.To, e.From, e.Backward, e.Forward
			}
			other.edges = append(other.edges, e)
		}
		r.Shuffle(len(other.edges), func(i, j int) { other.edges[i], other.edges[j] = other.edges[j], other.edges[i] })
		got, err := other.build(t).MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Error("the saved form differs")
		}
	}
}

// No edge takes more than half a tick more or less than its pieces, or less than one; below a second it is rounded up.
func TestRounding(t *testing.T) {
	for _, seconds := range []float64{0, 0.001, 0.04, 0.1, 0.51, 0.99, 1.04, 1.06, 60.25, 1599.96} {
		n := build(t, []orb.Point{at(0, 0), at(50, 0)}, []network.Edge{{From: 0, To: 1, LengthM: 50, Forward: float32(seconds), Backward: 7}})
		e := n.Edge(0)
		got := e.Forward
		if e.Backward != 7 {
			got = e.Backward
		}
		ticks := got * 10
		if math.Abs(ticks-math.Round(ticks)) > 1e-9 || ticks < 1 || seconds >= 1 && math.Abs(got-seconds) > 0.0501 || seconds < 1 && (got < seconds-1e-6 || got > seconds+0.1001) {
			t.Errorf("%v s became %v s", seconds, got)
		}
	}
}

func TestRoutesTellTheirSteps(t *testing.T) {
	nodes := []orb.Point{at(0, 0), at(200, 0), at(250, 0), at(600, 0)}
	edges := street(nodes, 0, 1, 2, 3)
	edges[1].Kind = network.Steps
	n := build(t, nodes, edges)
	from, _ := n.Link(at(0, 30), 100)
	to, _ := n.Link(at(600, 0), 100)
	r := nearest(t, n, from, []network.Link{to}, 1, everywhere)[0]
	kinds, metres := "", map[string]float64{}
	for i, l := range r.Legs {
		kind := map[network.Kind]string{network.Street: "street", network.Steps: "steps"}[l.Kind]
		if l.OffStreet {
			kind = "off"
		}
		kinds += kind + " "
		metres[kind] += l.Metres
		if i > 0 && l.First != r.Legs[i-1].Last || l.Last <= l.First {
			t.Errorf("leg %d runs from %d to %d", i, l.First, l.Last)
		}
		var drawn float64
		for k := l.First; k < l.Last; k++ {
			drawn += network.Distance(r.Line[k], r.Line[k+1])
		}
		if math.Abs(drawn-l.Metres) > 0.1 {
			t.Errorf("leg %d is drawn %.2f m long and %.2f m", i, drawn, l.Metres)
		}
	}
	if kinds != "off street steps street " || math.Abs(metres["steps"]-50) > 0.05 || r.Legs[len(r.Legs)-1].Last != len(r.Line)-1 {
		t.Errorf("%s%v", kinds, metres)
	}
}
