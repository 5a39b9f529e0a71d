package network_test

import (
	"container/heap"
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

// turnJudge finds times by going over whole ways instead of nodes: a state is the last few edges travelled, as many as the
// longest turn has, and a way that ends in a forbidden turn is not taken. It shares nothing with the package.
type turnJudge struct {
	edges   []network.Edge
	turns   []network.Turn
	longest int
}

func (j turnJudge) head(a int32) int32 {
	if a < 0 {
		return j.edges[^a].From
	}
	return j.edges[a].To
}

func (j turnJudge) seconds(a int32) float64 {
	if a < 0 {
		return float64(j.edges[^a].Backward)
	}
	return float64(j.edges[a].Forward)
}

type turnState struct {
	node    int32
	seconds float64
	last    []int32
}

type turnHeap []turnState

func (h turnHeap) Len() int           { return len(h) }
func (h turnHeap) Less(i, k int) bool { return h[i].seconds < h[k].seconds }
func (h turnHeap) Swap(i, k int)      { h[i], h[k] = h[k], h[i] }
func (h *turnHeap) Push(x any)        { *h = append(*h, x.(turnState)) }
func (h *turnHeap) Pop() any {
	last := len(*h) - 1
	s := (*h)[last]
	*h = (*h)[:last]
	return s
}

// from gives the seconds from a node to every node.
func (j turnJudge) from(start int32) map[int32]float64 {
	key := func(s turnState) string {
		b := []byte{}
		for _, a := range append([]int32{s.node}, s.last...) {
			b = append(b, byte(a), byte(a>>8), byte(a>>16), byte(a>>24))
		}
		return string(b)
	}
	done, best := map[string]bool{}, map[int32]float64{}
	open := turnHeap{{node: start}}
	for len(open) > 0 {
		s := heap.Pop(&open).(turnState)
		if k := key(s); done[k] {
			continue
		} else {
			done[k] = true
		}
		if _, ok := best[s.node]; !ok {
			best[s.node] = s.seconds
		}
		for i, e := range j.edges {
			for _, a := range [2]int32{int32(i), ^int32(i)} {
				tail := e.From
				if a < 0 {
					tail = e.To
				}
				if tail != s.node || math.IsInf(j.seconds(a), 1) {
					continue
				}
				way := append(slices.Clone(s.last), a)
				if slices.ContainsFunc(j.turns, func(t network.Turn) bool {
					return len(way) >= len(t) && slices.Equal(way[len(way)-len(t):], t)
				}) {
					continue
				}
				if len(way) >= j.longest {
					way = way[len(way)-j.longest+1:]
				}
				heap.Push(&open, turnState{j.head(a), s.seconds + j.seconds(a), way})
			}
		}
	}
	return best
}

// Towns with turns forbidden by chance: two to four edges long, some overlapping, some back along the same edge.
func TestTurnsAgainstWholeWays(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		r := rand.New(rand.NewPCG(seed, 3))
		width := rapid.IntRange(2, 4).Draw(rt, "width")
		tw := newTown(seed, width, rapid.Bool().Draw(rt, "one-way"))
		tw.edges = tw.edges[:len(tw.edges)-3] // without the courtyards
		for i := range tw.edges {             // whole seconds, so that rounding plays no part
			tw.edges[i].Forward, tw.edges[i].Backward = float32(math.Round(float64(tw.edges[i].Forward))), float32(math.Round(float64(tw.edges[i].Backward)))
		}
		if len(tw.edges) == 0 {
			return
		}
		j := turnJudge{edges: tw.edges, longest: 4}
		for range rapid.IntRange(0, 12).Draw(rt, "turns") {
			way := network.Turn{r.Int32N(int32(len(tw.edges)))}
			if r.IntN(2) == 0 {
				way[0] = ^way[0]
			}
			for length := 2 + r.IntN(3); len(way) < length; {
				var on []int32
				for i, e := range tw.edges {
					if e.From == j.head(way[len(way)-1]) {
						on = append(on, int32(i))
					}
					if e.To == j.head(way[len(way)-1]) {
						on = append(on, ^int32(i))
					}
				}
				way = append(way, on[r.IntN(len(on))])
			}
			j.turns = append(j.turns, way)
		}
		n, err := network.Build(profile.Walk(), tw.nodes, tw.edges, j.turns)
		if err != nil {
			rt.Fatal(err)
		}
		ends := map[int32]bool{}
		for _, e := range tw.edges {
			ends[e.From], ends[e.To] = true, true
		}
		for a := range ends {
			want := j.from(a)
			from := exactly(rt, n, tw.nodes[a])
			for b := range ends {
				to := exactly(rt, n, tw.nodes[b])
				got := math.Inf(1)
				if routes := nearest(rt, n, from, []network.Link{to}, 1, everywhere); len(routes) > 0 {
					got = routes[0].Seconds
				}
				w, ok := want[b]
				if !ok {
					w = math.Inf(1)
				}
				if got != w && !(math.Abs(got-w) < 0.15) {
					rt.Fatalf("from %d to %d takes %v s, want %v s; turns %v of %+v", a, b, got, w, j.turns, tw.edges)
				}
				f := field(rt, n, []network.Link{to}, everywhere)
				if s, _, ok := f.TimeFrom(from); ok != !math.IsInf(w, 1) || ok && math.Abs(s-w) > 0.15 {
					rt.Fatalf("from %d to %d takes %v s by the field, want %v s", a, b, s, w)
				}
			}
		}
	})
}

// exactly ties the place of a node to the network: to the node and no street beside it.
func exactly(tb fataler, n *network.Network, p orb.Point) network.Link {
	l, ok := n.Link(p, 0.02)
	if !ok {
		tb.Fatalf("%v has no street", p)
	}
	return l
}

func TestTurnIsForbiddenFromWithinTheStreetToo(t *testing.T) {
	// From the west one must not turn north; from the east one may.
	s := func(m float32) float32 { return m / metresPer }
	nodes := []orb.Point{at(0, 0), at(500, 0), at(1000, 0), at(500, -500), at(1000, -500)}
	edges := []network.Edge{
		{From: 0, To: 1, LengthM: 500, Forward: s(500), Backward: s(500)},
		{From: 1, To: 2, LengthM: 500, Forward: s(500), Backward: s(500)},
		{From: 1, To: 3, LengthM: 500, Forward: s(500), Backward: s(500)},
		{From: 2, To: 4, LengthM: 500, Forward: s(500), Backward: s(500)},
		{From: 4, To: 3, LengthM: 500, Forward: s(500), Backward: s(500)},
	}
	n, err := network.Build(profile.Walk(), nodes, edges, []network.Turn{{0, 2}, {1, ^1}})
	if err != nil {
		t.Fatal(err)
	}
	m := scene{Network: n, t: t, places: map[rune]orb.Point{'w': at(250, 0), 'n': at(500, -400), 'e': at(1000, 0), 'm': at(750, 0)}}
	m.expect('w', 'n', 250+500+500+500+100, 0) // around the block
	m.expect('n', 'w', 400+250, 0)
	m.expect('e', 'n', 500+400, 0)
	m.expect('m', 'w', 500, 0)
}

func TestTurnsAreRefused(t *testing.T) {
	nodes := []orb.Point{at(0, 0), at(100, 0), at(200, 0)}
	edges := []network.Edge{{From: 0, To: 1, LengthM: 100, Forward: 9, Backward: 9}, {From: 1, To: 2, LengthM: 100, Forward: 9, Backward: 9}}
	for says, turn := range map[string]network.Turn{
		"takes two": {0}, "there are 2": {0, 2}, "there are 2 edges": {^2, 0}, "is no way": {0, ^1}, "turn 0 is no way": {1, 0},
	} {
		if _, err := network.Build(profile.Walk(), nodes, edges, []network.Turn{turn}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v: %v, should say %q", turn, err, says)
		}
	}
}
