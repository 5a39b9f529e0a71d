package network_test

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"kora/geo/network"
)

// known is what a Field should tell of a node: the places that it knows, the nearest first.
type known struct {
	ticks int
	owner int
}

// plainField is a second way to a Field: one textbook Dijkstra for each place, on the edges of the network.
func plainField(n *network.Network, targets []*network.Link, k int, maxSeconds float64, from bool) [][]known {
	arcs := map[int32][]plainArc{}
	for e := range int32(n.Edges()) {
		i := n.Edge(e)
		there, back := i.Forward, i.Backward
		if from {
			there, back = back, there
		}
		if !math.IsInf(there, 1) { // to come from From to To in there means: what is known at To is known at From
			arcs[i.To] = append(arcs[i.To], plainArc{i.From, math.Round(there * 10)})
		}
		if !math.IsInf(back, 1) {
			arcs[i.From] = append(arcs[i.From], plainArc{i.To, math.Round(back * 10)})
		}
	}
	all := make([][]known, n.Nodes())
	for owner, t := range targets {
		if t == nil {
			continue
		}
		start := map[int32]float64{}
		seeds := t.Arrivals()
		if from {
			seeds = t.Departures()
		}
		for _, s := range seeds {
			lower(start, s.Node, math.Round(s.Seconds*10))
		}
		for v, ticks := range dijkstra(arcs, start) {
			if ticks <= maxSeconds*10+1e-6 {
				all[v] = append(all[v], known{int(ticks), owner})
			}
		}
	}
	for v, list := range all {
		slices.SortFunc(list, func(a, b known) int { return cmp.Or(cmp.Compare(a.ticks, b.ticks), cmp.Compare(a.owner, b.owner)) })
		all[v] = list[:min(k, len(list))]
	}
	return all
}

func sameField(tb fataler, what string, n *network.Network, f *network.Field, want [][]known) {
	k := f.Options().Nearest
	for v := range int32(n.Nodes()) {
		for j := range k {
			seconds, owner, ok := f.At(v, j)
			if ok != (j < len(want[v])) {
				tb.Fatalf("%s: node %d knows its place %d: %v, want %v", what, v, j, ok, want[v])
			}
			if got := (known{int(math.Round(seconds * 10)), owner}); ok && got != want[v][j] {
				tb.Fatalf("%s: node %d knows %v as its place %d, want %v", what, v, got, j, want[v])
			}
		}
	}
}

func pointers(links []network.Link) (p []*network.Link) {
	for i := range links {
		p = append(p, &links[i])
	}
	return p
}

func TestFieldsOfTheNearestFew(t *testing.T) {
	for seed := range uint64(6) {
		tw := newTown(seed, 11, true)
		n := tw.build(t)
		targets := links(n, tw.somewhere(rand.New(rand.NewPCG(seed, 4)), 9))
		for _, k := range []int{1, 2, 3, 5, 16} {
			for _, most := range []float64{0, 250, 700, everywhere} {
				for _, from := range []bool{false, true} {
					f, err := n.Field(context.Background(), targets, network.Options{Nearest: k, MaxSeconds: most, From: from})
					if err != nil {
						t.Fatal(err)
					}
					sameField(t, "field", n, f, plainField(n, pointers(targets), k, most, from))
				}
			}
		}
	}
	tw := newTown(1, 3, false)
	if _, err := tw.build(t).Field(context.Background(), nil, network.Options{Nearest: 17}); err == nil {
		t.Error("seventeen nearest are taken")
	}
}

// After any number of stations that come, go, move, close and open again, a field is what a new search would make it; and
// fields from before an edit stay as they were.
func TestTenThousandEditsAreTheSameAsSearchingAnew(t *testing.T) {
	edits := 10_000
	if testing.Short() {
		edits = 1000
	}
	for i, o := range []network.Options{
		{Nearest: 1, MaxSeconds: everywhere}, {Nearest: 1, MaxSeconds: 500}, {Nearest: 3, MaxSeconds: everywhere},
		{Nearest: 2, MaxSeconds: 600}, {Nearest: 2, MaxSeconds: everywhere, From: true},
	} {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			seed := uint64(i)
			tw := newTown(seed, 12, true)
			n := tw.build(t)
			r := rand.New(rand.NewPCG(seed, 5))
			choice := links(n, tw.somewhere(r, 60))
			f, err := n.Field(context.Background(), choice[:8], o)
			if err != nil {
				t.Fatal(err)
			}
			now := pointers(choice[:8])
			before, beforeIs := f, now
			for edit := range edits {
				owner := r.IntN(min(len(now)+1, 25))
				var l *network.Link
				if r.IntN(3) > 0 || owner == len(now) {
					l = &choice[r.IntN(len(choice))]
				}
				g, err := f.With(context.Background(), owner, l)
				if err != nil {
					t.Fatal(err)
				}
				f, now = g, slices.Clone(now)
				if owner == len(now) {
					now = append(now, nil)
				}
				now[owner] = l
				if edit%50 == 0 || edit == edits-1 {
					sameField(t, "after edits", n, f, plainField(n, now, o.Nearest, o.MaxSeconds, o.From))
					sameField(t, "before them", n, before, plainField(n, beforeIs, o.Nearest, o.MaxSeconds, o.From))
					before, beforeIs = f, now
				}
			}
		})
	}
}

func TestEditsRefuse(t *testing.T) {
	tw := newTown(1, 6, false)
	n := tw.build(t)
	f := field(t, n, links(n, tw.somewhere(rand.New(rand.NewPCG(1, 1)), 2)), everywhere)
	for _, owner := range []int{-1, 3} {
		if _, err := f.With(context.Background(), owner, nil); err == nil {
			t.Errorf("place %d of 2 is taken", owner)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if l, _ := f.Target(0); true {
		if _, err := f.With(ctx, 2, l); err == nil {
			t.Error("an edit goes on after it was told to stop")
		}
	}
}

func TestAddThenRemoveIsIdentity(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		tw := newTown(seed, rapid.IntRange(3, 9).Draw(rt, "width"), true)
		n := tw.build(rt)
		all := links(n, tw.somewhere(rand.New(rand.NewPCG(seed, 6)), 7))
		if len(all) < 2 {
			return
		}
		o := network.Options{Nearest: rapid.IntRange(1, 3).Draw(rt, "k"), MaxSeconds: everywhere}
		f, err := n.Field(context.Background(), all[1:], o)
		if err != nil {
			rt.Fatal(err)
		}
		g, err := f.With(context.Background(), len(all)-1, &all[0])
		if err != nil {
			rt.Fatal(err)
		}
		if g, err = g.With(context.Background(), len(all)-1, nil); err != nil {
			rt.Fatal(err)
		}
		for v := range int32(n.Nodes()) {
			for j := range o.Nearest {
				a, who, ok := f.At(v, j)
				b, whoElse, okElse := g.At(v, j)
				if a != b || who != whoElse || ok != okElse {
					rt.Fatalf("node %d: %v s to %d before, %v s to %d after", v, a, who, b, whoElse)
				}
			}
		}
	})
}

func TestReadersWhileFieldsAreEdited(t *testing.T) {
	tw := newTown(4, 10, true)
	n := tw.build(t)
	all := links(n, tw.somewhere(rand.New(rand.NewPCG(4, 6)), 10))
	f := field(t, n, all[:5], everywhere)
	want := make([]float64, n.Nodes())
	for v := range want {
		want[v] = secondsAt(f, int32(v))
	}
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for range 50 {
				for v := range want {
					if s := secondsAt(f, int32(v)); s != want[v] {
						t.Errorf("node %d takes %v s, and took %v s", v, s, want[v])
						return
					}
				}
			}
		})
	}
	g := f
	for i := range 200 {
		var err error
		if g, err = g.With(context.Background(), i%5, &all[i%10]); err != nil {
			t.Fatal(err)
		}
	}
	readers.Wait()
}

// d(a, c) is never more than d(a, b) and d(b, c) together, from node to node.
func TestTriangleInequality(t *testing.T) {
	tw := newTown(9, 9, true)
	n := tw.build(t)
	nodes := make([]network.Link, n.Nodes())
	times := make([]*network.Field, n.Nodes())
	for v := range nodes {
		l, ok := n.Link(n.Node(int32(v)), 0.01)
		if !ok {
			t.Fatal("a node has no street")
		}
		nodes[v] = l
		times[v] = field(t, n, nodes[v:v+1], everywhere)
	}
	for a := range int32(n.Nodes()) {
		for b := range int32(n.Nodes()) {
			for c := range int32(n.Nodes()) {
				ac, ab, bc := secondsAt(times[c], a), secondsAt(times[b], a), secondsAt(times[c], b)
				if ac > ab+bc+1e-6 {
					t.Fatalf("%v s from %d to %d, %v s to %d and %v s on", ac, a, c, ab, b, bc)
				}
			}
		}
	}
}

// Times from a place in a network are those to it where every street runs the other way.
func TestReverseOfReverseIsItself(t *testing.T) {
	for seed := range uint64(5) {
		tw := newTown(seed, 10, true)
		turned := town{nodes: tw.nodes, edges: slices.Clone(tw.edges), side: tw.side}
		for i, e := range turned.edges {
			turned.edges[i].Forward, turned.edges[i].Backward = e.Backward, e.Forward
		}
		n, m := tw.build(t), turned.build(t)
		if n.Nodes() != m.Nodes() {
			t.Fatalf("%d and %d nodes", n.Nodes(), m.Nodes())
		}
		places := tw.somewhere(rand.New(rand.NewPCG(seed, 7)), 5)
		out, err := n.Field(context.Background(), links(n, places), network.Options{MaxSeconds: everywhere, From: true})
		if err != nil {
			t.Fatal(err)
		}
		back := field(t, m, links(m, places), everywhere)
		for v := range int32(n.Nodes()) {
			// a place's own way may be rounded to the other tick
			if a, b := secondsAt(out, v), secondsAt(back, v); math.Abs(a-b) > 0.101 || n.Node(v) != m.Node(v) {
				t.Fatalf("node %d: %v s outwards, %v s on the streets turned round", v, a, b)
			}
		}
	}
}
