package network_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"kora/geo/network"
	"kora/geo/profile"
)

// city is a jittered grid of width × width places 110 m apart, with hills, 18 % of its links missing.
func city(t testing.TB, width int) *network.Network {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 7))
	p := profile.Walk()
	var nodes []orb.Point
	height := func(x, y float64) float64 {
		return 120*math.Sin(x/2600)*math.Cos(y/3100) + 30*math.Sin(x/700+y/900)
	}
	var heights []float64
	for i := range width * width {
		x, y := float64(i%width)*110+r.Float64()*60, float64(i/width)*110+r.Float64()*60
		nodes = append(nodes, orb.Point{91 + x/96800, 29.5 + y/110850})
		heights = append(heights, height(x, y))
	}
	var edges []network.Edge
	join := func(a, b int) {
		if r.Float64() < 0.18 {
			return
		}
		m := network.Distance(nodes[a], nodes[b])
		slope := (heights[b] - heights[a]) / m
		edges = append(edges, network.Edge{From: int32(a), To: int32(b), LengthM: float32(m),
			Forward: float32(p.Seconds(m, slope)), Backward: float32(p.Seconds(m, -slope))})
	}
	for i := range width * width {
		if i%width+1 < width {
			join(i, i+1)
		}
		if i+width < width*width {
			join(i, i+width)
		}
	}
	n, err := network.Build(p, nodes, edges, nil)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func places(t testing.TB, n *network.Network, count int) (links []network.Link) {
	r := rand.New(rand.NewPCG(3, 9))
	b := n.Bounds()
	for len(links) < count {
		p := orb.Point{b.Min[0] + r.Float64()*(b.Max[0]-b.Min[0]), b.Min[1] + r.Float64()*(b.Max[1]-b.Min[1])}
		if l, ok := n.Link(p, n.Profile().PointReachM); ok {
			links = append(links, l)
		}
	}
	return links
}

func BenchmarkCity(b *testing.B) {
	n := city(b, 938)
	links := places(b, n, 201)
	ctx := context.Background()
	b.Logf("%d nodes, %d edges", n.Nodes(), n.Edges())
	for name, o := range map[string]network.Options{
		"unbounded": {MaxSeconds: math.Inf(1)}, "15min": {MaxSeconds: 900}, "15min-3": {MaxSeconds: 900, Nearest: 3},
		"unbounded-3": {MaxSeconds: math.Inf(1), Nearest: 3},
	} {
		b.Run("field/"+name, func(b *testing.B) {
			for b.Loop() {
				if _, err := n.Field(ctx, links[:200], o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("isochrone", func(b *testing.B) {
		i := 0
		for b.Loop() {
			f, _ := n.Field(ctx, links[i%200:i%200+1], network.Options{MaxSeconds: 900})
			f.Spans(1, math.Inf(1))
			i++
		}
	})
	f, _ := n.Field(ctx, links[:200], network.Options{MaxSeconds: math.Inf(1)})
	b.Run("add", func(b *testing.B) {
		for b.Loop() {
			f.With(ctx, 200, &links[200])
		}
	})
	b.Run("remove", func(b *testing.B) {
		i := 0
		for b.Loop() {
			f.With(ctx, i%200, nil)
			i++
		}
	})
	b.Run("move", func(b *testing.B) {
		i := 0
		for b.Loop() {
			f.With(ctx, i%200, &links[(i+1)%200])
			i++
		}
	})
}
