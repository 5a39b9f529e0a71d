package network_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"kora/geo/network"
	"kora/geo/profile"
)

var everywhere = math.Inf(1)

// A town is drawn by chance: a grid of streets pulled about, with gaps, slopes, one-way streets and islands.
type town struct {
	nodes []orb.Point
	edges []network.Edge
	side  float64 // metres
}

func newTown(seed uint64, width int, oneWays bool) town {
	r := rand.New(rand.NewPCG(seed, 1))
	const block = 120.0
	t := town{side: block * float64(width)}
	height := map[int]float64{}
	for i := range width * width {
		x, y := float64(i%width)*block, float64(i/width)*block
		t.nodes = append(t.nodes, at(x+r.Float64()*60-30, y+r.Float64()*60-30))
		height[i] = 40 * math.Sin(x/300) * math.Cos(y/200)
	}
	p := profile.Walk()
	join := func(a, b int) {
		if r.Float64() < 0.2 {
			return
		}
		metres := network.Distance(t.nodes[a], t.nodes[b])
		slope := (height[b] - height[a]) / metres
		e := network.Edge{From: int32(a), To: int32(b), LengthM: float32(metres),
			Forward: float32(p.Seconds(metres, slope)), Backward: float32(p.Seconds(metres, -slope))}
		if oneWays && r.Float64() < 0.2 {
			e.Forward = float32(math.Inf(1))
		}
		if r.Float64() < 0.5 {
			e.From, e.To, e.Forward, e.Backward = e.To, e.From, e.Backward, e.Forward
		}
		t.edges = append(t.edges, e)
	}
	for i := range width * width {
		if i%width+1 < width {
			join(i, i+1)
		}
		if i+width < width*width {
			join(i, i+width)
		}
	}
	// courtyards that lead nowhere
	for range 3 {
		x, y := r.Float64()*t.side, r.Float64()*t.side
		a := int32(len(t.nodes))
		t.nodes = append(t.nodes, at(x, y), at(x+40, y+10))
		t.edges = append(t.edges, network.Edge{From: a, To: a + 1, LengthM: 41, Forward: 37, Backward: 37})
	}
	return t
}

func (t town) build(tb fataler) *network.Network {
	n, err := network.Build(profile.Walk(), t.nodes, t.edges, nil)
	if err != nil {
		tb.Fatalf("%v", err)
	}
	return n
}

type fataler interface{ Fatalf(string, ...any) }

// somewhere gives places in and around the town, all but a few of them near a street.
func (t town) somewhere(r *rand.Rand, count int) []orb.Point {
	places := make([]orb.Point, count)
	for i := range places {
		places[i] = at(r.Float64()*(t.side+400)-200, r.Float64()*(t.side+400)-200)
	}
	return places
}

func links(n *network.Network, places []orb.Point) (linked []network.Link) {
	for _, p := range places {
		if l, ok := n.Link(p, n.Profile().PointReachM); ok {
			linked = append(linked, l)
		}
	}
	return linked
}

func field(tb fataler, n *network.Network, targets []network.Link, maxSeconds float64) *network.Field {
	f, err := n.Field(context.Background(), targets, network.Options{MaxSeconds: maxSeconds})
	if err != nil {
		tb.Fatalf("%v", err)
	}
	return f
}

func nearest(tb fataler, n *network.Network, from network.Link, targets []network.Link, limit int, maxSeconds float64) []network.Route {
	routes, err := n.Nearest(context.Background(), from, targets, limit, maxSeconds)
	if err != nil {
		tb.Fatalf("%v", err)
	}
	return routes
}

// On a grid of level streets the time between crossings is the sum of both distances at the flat speed.
func TestLevelGridIsManhattan(t *testing.T) {
	const width, block = 30, 150.0
	var nodes []orb.Point
	var edges []network.Edge
	p := profile.Walk()
	seconds := float32(p.Seconds(block, 0))
	for i := range width * width {
		nodes = append(nodes, at(float64(i%width)*block, float64(i/width)*block))
		if i%width > 0 {
			edges = append(edges, network.Edge{From: int32(i - 1), To: int32(i), LengthM: block, Forward: seconds, Backward: seconds})
		}
		if i >= width {
			edges = append(edges, network.Edge{From: int32(i - width), To: int32(i), LengthM: block, Forward: seconds, Backward: seconds})
		}
	}
	n, err := network.Build(p, nodes, edges, nil)
	if err != nil {
		t.Fatal(err)
	}
	stations := [][2]int{{0, 0}, {20, 7}, {11, 25}}
	var targets []network.Link
	for _, s := range stations {
		l, ok := n.Link(nodes[s[1]*width+s[0]], p.PointReachM)
		if !ok {
			t.Fatal("a crossing has no street")
		}
		targets = append(targets, l)
	}
	f := field(t, n, targets, everywhere)
	for i, q := range nodes {
		want := make([]float64, len(stations))
		for k, s := range stations {
			blocks := math.Abs(float64(i%width-s[0])) + math.Abs(float64(i/width-s[1]))
			want[k] = blocks * block / (4 / 3.6)
		}
		l, _ := n.Link(q, p.PointReachM)
		got, who, ok := f.TimeFrom(l)
		least := slices.Min(want)
		if !ok || math.Abs(got-least) > 0.05 || want[who] != least { // places are kept to a centimetre
			t.Fatalf("crossing %d: %.3f s to station %d, want the least of %v", i, got, who, want)
		}
	}
}

// Both searches against plain Dijkstra on towns drawn by chance, stations and people off the street.
func TestAgainstPlainDijkstra(t *testing.T) {
	for seed := range uint64(8) {
		tw := newTown(seed, 9, true)
		n := tw.build(t)
		judge := newPlain(n.Profile(), tw.nodes, tw.edges)
		r := rand.New(rand.NewPCG(seed, 2))
		targets := links(n, tw.somewhere(r, 6))
		f := field(t, n, targets, everywhere)
		ends := make([][]plainSpot, len(targets))
		for i, s := range targets {
			ends[i] = judge.spots(s.Point, n.Profile().PointReachM)
		}
		for _, q := range tw.somewhere(r, 12) {
			start := judge.spots(q, n.Profile().PointReachM)
			l, ok := n.Link(q, n.Profile().PointReachM)
			if ok != (len(start) > 0) {
				t.Fatalf("town %d: a place is linked %v and has %d spots", seed, ok, len(start))
			}
			if !ok {
				continue
			}
			times := judge.from(start)
			want := make([]float64, len(targets))
			least := math.Inf(1)
			for i := range targets {
				want[i] = judge.to(times, start, ends[i])
				least = min(least, want[i])
			}
			got := nearest(t, n, l, targets, len(targets), everywhere)
			if len(got) != count(want) {
				t.Fatalf("town %d: %d ways, want %v", seed, len(got), want)
			}
			for i, route := range got {
				// Half a tick is rounded at each end and on each edge, and no edge takes less than 50 s. The judge tries every
				// quarter metre; the true optimum lies between, a moment before.
				rounded := 0.05 * (2 + want[route.Target]/50)
				if d := route.Seconds - want[route.Target]; d > rounded+0.02 || d < -rounded-1.2 {
					t.Errorf("town %d: %.3f s to target %d, want %.3f s", seed, route.Seconds, route.Target, want[route.Target])
				}
				if i > 0 && route.Seconds < got[i-1].Seconds {
					t.Errorf("town %d: the ways are not in order", seed)
				}
			}
			seconds, owner, ok := f.TimeFrom(l)
			if ok == math.IsInf(least, 1) {
				t.Fatalf("town %d: the field finds a way: %v; want %v", seed, ok, least)
			}
			if ok && (math.Abs(seconds-got[0].Seconds) > 0.11 || want[owner]-least > 1.2) {
				t.Errorf("town %d: %.3f s to %d by the field, %.3f s to %d by the search", seed, seconds, owner, got[0].Seconds, got[0].Target)
			}
		}
	}
}

func count(seconds []float64) (reached int) {
	for _, s := range seconds {
		if !math.IsInf(s, 1) {
			reached++
		}
	}
	return reached
}

func TestBoundedSearchesAgreeWithUnbounded(t *testing.T) {
	tw := newTown(3, 14, true)
	n := tw.build(t)
	r := rand.New(rand.NewPCG(3, 3))
	targets := links(n, tw.somewhere(r, 10))
	whole, near := field(t, n, targets, everywhere), field(t, n, targets, 400)
	for v := range int32(n.Nodes()) {
		w, who, ok := whole.At(v, 0)
		s, whoNear, okNear := near.At(v, 0)
		if ok = ok && w <= 400; ok != okNear || ok && (s != w || who != whoNear) {
			t.Fatalf("node %d: %v s within 400 s, %v s without bound", v, s, w)
		}
	}
	for _, l := range links(n, tw.somewhere(r, 100)) {
		all := nearest(t, n, l, targets, len(targets), everywhere)
		for _, limit := range []int{1, 3} {
			some := nearest(t, n, l, targets, limit, 400)
			for i, route := range some {
				if route.Target != all[i].Target || route.Seconds != all[i].Seconds || !route.Line.Equal(all[i].Line) {
					t.Fatalf("way %d of %d differs: %v, %v", i, limit, route, all[i])
				}
			}
			if len(some) < min(limit, len(all)) && all[len(some)].Seconds <= 400 {
				t.Fatalf("%d ways within 400 s, and another takes %.1f s", len(some), all[len(some)].Seconds)
			}
		}
	}
}

func TestAskedTwiceTheSame(t *testing.T) {
	tw := newTown(5, 12, true)
	n := tw.build(t)
	r := rand.New(rand.NewPCG(5, 5))
	targets := links(n, tw.somewhere(r, 20))
	for _, l := range links(n, tw.somewhere(r, 30)) {
		a, b := nearest(t, n, l, targets, 5, 900), nearest(t, n, l, targets, 5, 900)
		for i := range a {
			if a[i].Target != b[i].Target || a[i].Seconds != b[i].Seconds || !a[i].Line.Equal(b[i].Line) {
				t.Fatalf("%v and %v", a[i], b[i])
			}
		}
	}
}

func TestTiesGoToTheLowestIndex(t *testing.T) {
	s := draw(t, `
A-----m-----B
`)
	targets := []network.Link{s.link('B'), s.link('B'), s.link('B')}
	routes := nearest(t, s.Network, s.link('m'), targets, 2, everywhere)
	if len(routes) != 2 || routes[0].Target != 0 || routes[1].Target != 1 || routes[0].Seconds != routes[1].Seconds {
		t.Fatalf("%+v", routes)
	}
	f := field(t, s.Network, targets, everywhere)
	_, a, _ := f.At(0, 0)
	_, b, _ := f.At(1, 0)
	if _, owner, _ := f.TimeFrom(s.link('m')); owner != 0 || a != 0 || b != 0 {
		t.Errorf("owner %d, at the nodes %d and %d", owner, a, b)
	}
}

// The straight way to A is as quick as a way of that length can be; B is nearer as the crow flies.
func TestSearchEndsOnlyWhenNothingCanBeNearer(t *testing.T) {
	s := draw(t, `
+-----B
|
|
|
|
O---------A
`)
	r := nearest(t, s.Network, s.link('O'), []network.Link{s.link('B'), s.link('A')}, 1, everywhere)
	if len(r) != 1 || r[0].Target != 1 || math.Abs(r[0].Seconds-900) > 0.05 {
		t.Errorf("%+v", r)
	}
}

func TestProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		tw := newTown(seed, rapid.IntRange(2, 8).Draw(rt, "width"), rapid.Bool().Draw(rt, "one-way"))
		n := tw.build(rt)
		r := rand.New(rand.NewPCG(seed, 7))
		targets := links(n, tw.somewhere(r, 6))
		people := links(n, tw.somewhere(r, 8))
		if len(targets) == 0 {
			return
		}
		fewer, more := field(rt, n, targets[1:], everywhere), field(rt, n, targets, everywhere)
		for v := range int32(n.Nodes()) {
			if a, b := secondsAt(fewer, v), secondsAt(more, v); b > a {
				rt.Fatalf("a station more makes node %d slower: %v, %v s", v, a, b)
			}
		}
		for _, l := range people {
			a, _, _ := fewer.TimeFrom(l)
			b, _, _ := more.TimeFrom(l)
			if b > a {
				rt.Fatalf("a station more makes a place slower: %v, %v s", a, b)
			}
		}
		// No node is slower than a neighbour and the street between them, and each is as fast as one, or beside a station.
		for i := range int32(n.Edges()) {
			e := n.Edge(i)
			from, to := secondsAt(more, e.From), secondsAt(more, e.To)
			if from > to+e.Forward+1e-6 || to > from+e.Backward+1e-6 {
				rt.Fatalf("edge %d takes %v and %v s between nodes of %v and %v s", i, e.Forward, e.Backward, from, to)
			}
		}
	})
}

func secondsAt(f *network.Field, v int32) float64 {
	if s, _, ok := f.At(v, 0); ok {
		return s
	}
	return math.Inf(1)
}

func TestLevelTwoWayStreetsTakeTheSameBothWays(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		tw := newTown(seed, 6, false)
		for i := range tw.edges {
			tw.edges[i].Backward = tw.edges[i].Forward
		}
		n := tw.build(rt)
		people := links(n, tw.somewhere(rand.New(rand.NewPCG(seed, 8)), 6))
		for i := 0; i+1 < len(people); i += 2 {
			there := nearest(rt, n, people[i], people[i+1:i+2], 1, everywhere)
			back := nearest(rt, n, people[i+1], people[i:i+1], 1, everywhere)
			if len(there) != len(back) || len(there) == 1 && math.Abs(there[0].Seconds-back[0].Seconds) > 0.11 {
				rt.Fatalf("%v there, %v back", there, back)
			}
		}
	})
}

// Neither the order of nodes and edges nor where a street is cut in two may change a time.
func TestShuffledAndSplitIsTheSame(t *testing.T) {
	tw := newTown(11, 10, true)
	n := tw.build(t)
	r := rand.New(rand.NewPCG(11, 11))
	other := town{side: tw.side, nodes: make([]orb.Point, len(tw.nodes))}
	to := r.Perm(len(tw.nodes))
	for i, p := range tw.nodes {
		other.nodes[to[i]] = p
	}
	for _, e := range tw.edges {
		e.From, e.To = int32(to[e.From]), int32(to[e.To])
		if r.Float64() < 0.5 {
			a, b := other.nodes[e.From], other.nodes[e.To]
			middle := int32(len(other.nodes))
			other.nodes = append(other.nodes, orb.Point{(a[0] + b[0]) / 2, (a[1] + b[1]) / 2})
			second := network.Edge{From: middle, To: e.To, LengthM: e.LengthM / 2, Forward: e.Forward / 2, Backward: e.Backward / 2}
			e.To, e.LengthM, e.Forward, e.Backward = middle, e.LengthM/2, e.Forward/2, e.Backward/2
			other.edges = append(other.edges, second)
		}
		other.edges = append(other.edges, e)
	}
	r.Shuffle(len(other.edges), func(i, j int) { other.edges[i], other.edges[j] = other.edges[j], other.edges[i] })
	m := other.build(t)
	stations, people := tw.somewhere(r, 8), tw.somewhere(r, 60)
	a, b := links(n, stations), links(m, stations)
	fa, fb := field(t, n, a, everywhere), field(t, m, b, everywhere)
	for _, p := range people {
		la, oka := n.Link(p, n.Profile().PointReachM)
		lb, okb := m.Link(p, m.Profile().PointReachM)
		if oka != okb {
			t.Fatalf("%v is linked %v and %v", p, oka, okb)
		}
		sa, _, oka := fa.TimeFrom(la)
		sb, _, okb := fb.TimeFrom(lb)
		// middles are rounded to a centimetre
		if oka != okb || oka && math.Abs(sa-sb) > 0.1 {
			t.Errorf("%v: %.3f s and %.3f s", p, sa, sb)
		}
	}
}

func TestIslandIsPassedOver(t *testing.T) {
	// A street of 60 nodes, and a courtyard between it and the place.
	var nodes []orb.Point
	var edges []network.Edge
	add := func(a, b int32, metres float64) {
		s := float32(metres / metresPer)
		edges = append(edges, network.Edge{From: a, To: b, LengthM: float32(metres), Forward: s, Backward: s})
	}
	for i := range int32(60) {
		nodes = append(nodes, at(float64(i)*10, 0))
		if i > 0 {
			add(i-1, i, 10)
		}
	}
	nodes = append(nodes, at(280, 150), at(320, 150))
	add(60, 61, 40)
	n, err := network.Build(profile.Walk(), nodes, edges, nil)
	if err != nil {
		t.Fatal(err)
	}
	shop, _ := n.Link(at(0, 0), 300)
	p, ok := n.Link(at(300, 155), 300)
	if !ok {
		t.Fatal("no street within reach")
	}
	cut := 155 * 0.75 / math.Sqrt(1-0.75*0.75)
	want := (300-cut)/metresPer + math.Hypot(155, cut)/beside
	if r := nearest(t, n, p, []network.Link{shop}, 1, everywhere); len(r) != 1 || math.Abs(r[0].Seconds-want) > 0.05 {
		t.Errorf("%v; want %.2f s by the street", r, want)
	}
	// Where there is nothing but the courtyard, it is better than nothing.
	if p, ok := n.Link(at(300, 301), 200); !ok {
		t.Error("the courtyard is not taken although nothing else is within reach")
	} else if r := nearest(t, n, p, []network.Link{shop}, 1, everywhere); len(r) != 0 {
		t.Errorf("a way out of the courtyard: %v", r)
	}
}

func TestNoStreetWithinReach(t *testing.T) {
	s := draw(t, `
A-----B
`)
	for name, p := range map[string]orb.Point{
		"far":        at(300, 301),
		"NaN":        {math.NaN(), sceneLat},
		"infinite":   {sceneLon, math.Inf(-1)},
		"off Earth":  {sceneLon, 91},
		"other side": {-sceneLon, -sceneLat},
	} {
		if l, ok := s.Link(p, 300); ok || len(l.Access) > 0 {
			t.Errorf("%s: linked to %v", name, l)
		}
		if s.HasStreet(p, 300) {
			t.Errorf("%s: has a street", name)
		}
	}
	if _, ok := s.Link(at(300, 299), 300); !ok {
		t.Error("a street 299 m away is not within 300 m")
	}
	for _, reach := range []float64{0, -1, math.NaN()} {
		if _, ok := s.Link(s.places['A'], reach); ok {
			t.Errorf("linked within %v m", reach)
		}
	}
	var nowhere network.Link
	f := field(t, s.Network, []network.Link{nowhere}, everywhere)
	if _, _, ok := f.TimeFrom(s.link('A')); ok {
		t.Error("a way to a place without access")
	}
	if r := nearest(t, s.Network, nowhere, []network.Link{s.link('A')}, 1, everywhere); len(r) > 0 {
		t.Error("a way from a place without access")
	}
	if r := nearest(t, s.Network, s.link('A'), []network.Link{nowhere}, 1, everywhere); len(r) > 0 {
		t.Error("a way to a place without access")
	}
}

// Who stands on a street is not sent cross-country to another one 150 m away; who stands far from any may go twice as far.
func TestReachGrowsWithTheNearestStreet(t *testing.T) {
	s := draw(t, `
A-----B

C-----D
`)
	for _, c := range []struct {
		south float64
		edges int
	}{{0, 1}, {40, 1}, {60, 1}, {70, 2}, {100, 2}, {190, 1}} {
		l, ok := s.Link(at(300, c.south), 300)
		edges := map[int32]bool{}
		for _, a := range l.Access {
			edges[a.Edge] = true
		}
		if !ok || len(edges) != c.edges {
			t.Errorf("%v m south: %d streets, want %d", c.south, len(edges), c.edges)
		}
	}
}

// Two nodes at one place, as where two streets were drawn end to end: each makes the other superfluous as a way in, and
// one of them must stay.
func TestEdgeOfNoLength(t *testing.T) {
	seconds := float32(400 / metresPer)
	for _, order := range [][5]int32{{0, 1, 2, 3, 4}, {4, 3, 2, 1, 0}, {1, 0, 3, 2, 4}} {
		a, b, c, d, e := order[0], order[1], order[2], order[3], order[4]
		nodes := make([]orb.Point, 5)
		nodes[a], nodes[b], nodes[c], nodes[d], nodes[e] = at(0, 0), at(400, 0), at(400, 0), at(800, 0), at(1200, 0)
		n, err := network.Build(profile.Walk(), nodes, []network.Edge{
			{From: a, To: b, LengthM: 400, Forward: seconds, Backward: seconds},
			{From: b, To: c},
			{From: c, To: d, LengthM: 400, Forward: seconds, Backward: seconds},
			{From: d, To: e, LengthM: 400, Forward: seconds, Backward: seconds},
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		middle := at(400, 0)
		s := scene{Network: n, t: t, places: map[rune]orb.Point{'w': at(0, 0), 'm': middle, 'e': at(1200, 0)}}
		s.expect('w', 'e', 1200, 0)
		s.expect('m', 'e', 800, 0)
		s.expect('m', 'w', 400, 0)
		s.expect('e', 'm', 800, 0)
	}
}

func TestEmptyNetwork(t *testing.T) {
	n, err := network.Build(profile.Walk(), []orb.Point{at(0, 0)}, nil, nil)
	if err != nil || n.Nodes() != 0 || n.Edges() != 0 {
		t.Fatalf("%v, %v", n, err)
	}
	if _, ok := n.Link(at(0, 0), 300); ok {
		t.Error("linked to nothing")
	}
	if f := field(t, n, nil, everywhere); len(f.Spans(1, everywhere)) != 0 {
		t.Error("times on no nodes")
	}
}

func TestBuildRefuses(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	good := []orb.Point{at(0, 0), at(100, 0)}
	for name, c := range map[string]struct {
		nodes []orb.Point
		edge  network.Edge
		says  string
	}{
		"index":            {good, network.Edge{From: 0, To: 2, LengthM: 1, Forward: 1, Backward: 1}, "there are 2 nodes"},
		"negative index":   {good, network.Edge{From: -1, To: 1, LengthM: 1, Forward: 1, Backward: 1}, "there are 2 nodes"},
		"loop":             {good, network.Edge{From: 1, To: 1, LengthM: 1, Forward: 1, Backward: 1}, "to itself"},
		"length":           {good, network.Edge{From: 0, To: 1, LengthM: -1, Forward: 1, Backward: 1}, "length"},
		"infinite length":  {good, network.Edge{From: 0, To: 1, LengthM: inf, Forward: 1, Backward: 1}, "length"},
		"time":             {good, network.Edge{From: 0, To: 1, LengthM: 1, Forward: nan, Backward: 1}, "takes"},
		"negative time":    {good, network.Edge{From: 0, To: 1, LengthM: 1, Forward: 1, Backward: -1}, "takes"},
		"closed both ways": {good, network.Edge{From: 0, To: 1, LengthM: 1, Forward: inf, Backward: inf}, "closed"},
		"place": {[]orb.Point{at(0, 0), {math.NaN(), 0}}, network.Edge{From: 0, To: 1, LengthM: 1, Forward: 1, Backward: 1},
			"longitude"},
	} {
		if _, err := network.Build(profile.Walk(), c.nodes, []network.Edge{c.edge}, nil); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := network.Build(profile.Profile{}, good, nil, nil); err == nil {
		t.Error("a profile without speeds is taken")
	}
}

func TestSearchesStopWhenTold(t *testing.T) {
	tw := newTown(1, 20, false)
	n := tw.build(t)
	targets := links(n, tw.somewhere(rand.New(rand.NewPCG(1, 1)), 4))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := n.Field(ctx, targets, network.Options{MaxSeconds: everywhere}); !errors.Is(err, context.Canceled) {
		t.Errorf("field: %v", err)
	}
	if _, err := n.Nearest(ctx, targets[0], targets, 4, everywhere); !errors.Is(err, context.Canceled) {
		t.Errorf("nearest: %v", err)
	}
	for _, bad := range []float64{math.NaN(), -1} {
		if _, err := n.Field(context.Background(), targets, network.Options{MaxSeconds: bad}); err == nil {
			t.Errorf("a field of %v s", bad)
		}
		if _, err := n.Nearest(context.Background(), targets[0], targets, 4, bad); err == nil {
			t.Errorf("nearest within %v s", bad)
		}
	}
}

func TestManyAtOnce(t *testing.T) {
	tw := newTown(2, 10, true)
	n := tw.build(t)
	r := rand.New(rand.NewPCG(2, 2))
	targets, people := links(n, tw.somewhere(r, 8)), links(n, tw.somewhere(r, 40))
	want := make([][]network.Route, len(people))
	for i, l := range people {
		want[i] = nearest(t, n, l, targets, 3, everywhere)
	}
	for range 4 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			for i, l := range people {
				got := nearest(t, n, l, targets, 3, everywhere)
				for k := range got {
					if got[k].Seconds != want[i][k].Seconds {
						t.Errorf("%v, want %v", got[k], want[i][k])
					}
				}
			}
		})
	}
}
