package main

import (
	"context"
	"math"
	"testing"

	"kora/geo/network"
)

func TestCityIsTheSameEveryTime(t *testing.T) {
	a, err := newCity(40)
	if err != nil {
		t.Fatal(err)
	}
	b, err := newCity(40)
	if err != nil {
		t.Fatal(err)
	}
	if a.Nodes() != b.Nodes() || a.Edges() != b.Edges() || a.Nodes() < 1100 || a.Nodes() > 1600 {
		t.Errorf("%d nodes and %d edges, then %d and %d", a.Nodes(), a.Edges(), b.Nodes(), b.Edges())
	}
}

// BenchmarkCity is for profiles; `make bench` compares.
func BenchmarkCity(b *testing.B) {
	n, err := newCity(938)
	if err != nil {
		b.Fatal(err)
	}
	var places []network.Link
	for i := range int32(stations + 1) {
		places = append(places, n.LinkNode(i*int32(n.Nodes()/(stations+1))))
	}
	ctx := context.Background()
	for name, o := range map[string]network.Options{
		"everywhere": {MaxSeconds: math.Inf(1)}, "quarter": {MaxSeconds: quarterSec}, "three": {MaxSeconds: quarterSec, Nearest: 3},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := n.Field(ctx, places[:stations], o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	f, err := n.Field(ctx, places[:stations], network.Options{MaxSeconds: math.Inf(1)})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("move", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			if _, err := f.With(ctx, i%stations, &places[(i+1)%stations]); err != nil {
				b.Fatal(err)
			}
		}
	})
}
