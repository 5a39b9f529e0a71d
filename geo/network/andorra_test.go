package network_test

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"kora/geo/network"
	"kora/importers"
)

// andorra is the street network of a real extract, or skips the test.
func andorra(t testing.TB) *network.Network {
	t.Helper()
	data, err := os.ReadFile("../../../shared/data/osm/andorra.osm.pbf")
	if os.IsNotExist(err) {
		t.Skip("the extract of Andorra is not at hand")
	}
	if err != nil {
		t.Fatal(err)
	}
	imported, _, err := importers.Network(context.Background(), "andorra.osm.pbf", bytes.NewReader(data),
		importers.NetworkOptions{DEM: os.DirFS("../../../shared/data/elevation")})
	if err != nil {
		t.Fatal(err)
	}
	n, err := network.Unmarshal(imported.Streets["walk"])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// besideStreets gives places at most 150 m from a node drawn by chance.
func besideStreets(n *network.Network, r *rand.Rand, count int) (places []orb.Point) {
	for range count {
		p := n.Node(r.Int32N(int32(n.Nodes())))
		places = append(places, orb.Point{p[0] + (r.Float64()-0.5)*0.003, p[1] + (r.Float64()-0.5)*0.002})
	}
	return places
}

func TestAndorraAgainstPlainDijkstra(t *testing.T) {
	n := andorra(t)
	nodes, edges := network.Pieces(n)
	judge := newPlain(n.Profile(), nodes, edges)
	r := rand.New(rand.NewPCG(42, 1))
	targets := links(n, besideStreets(n, r, 20))
	if len(targets) != 20 {
		t.Fatalf("%d stations have a street", len(targets))
	}
	f := field(t, n, targets, everywhere)
	ends := make([][]plainSpot, len(targets))
	start := map[int32]float64{}
	for i, s := range targets {
		ends[i] = judge.spots(s.Point, n.Profile().PointReachM)
		for _, spot := range ends[i] {
			e := judge.edges[spot.edge]
			lower(start, e.From, spot.seconds+part(spot.part, e.Forward))
			lower(start, e.To, spot.seconds+part(1-spot.part, e.Backward))
		}
	}
	// every node
	want := dijkstra(judge.in, start)
	var unreached int
	for v := range int32(n.Nodes()) {
		got, w := secondsAt(f, v), math.Inf(1)
		if s, ok := want[v]; ok {
			w = s
		} else {
			unreached++
		}
		if got != w && !(got <= w+0.06 && got > w-2.5) { // half a tick is rounded; the judge goes by steps of a quarter metre
			t.Fatalf("node %d takes %.3f s, want %.3f s", v, got, w)
		}
	}
	// and the ways from 12 places to all stations
	for _, q := range besideStreets(n, r, 12) {
		l, ok := n.Link(q, n.Profile().PointReachM)
		spots := judge.spots(q, n.Profile().PointReachM)
		if ok != (len(spots) > 0) {
			t.Fatalf("%v is linked: %v", q, ok)
		}
		times := judge.from(spots)
		got := nearest(t, n, l, targets, len(targets), everywhere)
		all, least := 0, math.Inf(1)
		for i := range targets {
			if w := judge.to(times, spots, ends[i]); !math.IsInf(w, 1) {
				all++
				least = min(least, w)
			}
		}
		if len(got) != all {
			t.Fatalf("%d ways, want %d", len(got), all)
		}
		for i, route := range got {
			w := judge.to(times, spots, ends[route.Target])
			if !(route.Seconds <= w+0.12 && route.Seconds > w-5) {
				t.Errorf("%v to station %d takes %.3f s, want %.3f s", q, route.Target, route.Seconds, w)
			}
			if i > 0 && got[i-1].Seconds > route.Seconds {
				t.Error("the ways are not in order")
			}
		}
		if s, _, ok := f.TimeFrom(l); ok != (all > 0) || ok && math.Abs(s-got[0].Seconds) > 0.11 {
			t.Errorf("%.3f s by the field, %v by the search", s, got)
		}
	}
	t.Logf("%d nodes, %d edges, %d nodes lead to no station", n.Nodes(), n.Edges(), unreached)
}

func BenchmarkAndorra(b *testing.B) {
	n := andorra(b)
	r := rand.New(rand.NewPCG(7, 7))
	targets, people := links(n, besideStreets(n, r, 200)), links(n, besideStreets(n, r, 200))
	start := time.Now()
	saved, _ := n.MarshalBinary()
	if _, err := network.Unmarshal(saved); err != nil {
		b.Fatal(err)
	}
	b.Logf("saved in %d bytes and read again in %v", len(saved), time.Since(start))
	b.Run("link", func(b *testing.B) {
		for i := range b.N {
			n.Link(people[i%len(people)].Point, 300)
		}
	})
	b.Run("field of 200, unbounded", func(b *testing.B) {
		for range b.N {
			field(b, n, targets, everywhere)
		}
	})
	b.Run("field of 200, 15 minutes", func(b *testing.B) {
		for range b.N {
			field(b, n, targets, 900)
		}
	})
	b.Run("time from a place", func(b *testing.B) {
		f := field(b, n, targets, 900)
		b.ResetTimer()
		for i := range b.N {
			f.TimeFrom(people[i%len(people)])
		}
	})
	b.Run("three nearest of 200, 15 minutes", func(b *testing.B) {
		for i := range b.N {
			nearest(b, n, people[i%len(people)], targets, 3, 900)
		}
	})
	b.Run("three nearest of 200, unbounded", func(b *testing.B) {
		for i := range b.N {
			nearest(b, n, people[i%len(people)], targets, 3, everywhere)
		}
	})
}
