package service_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kora/geo/network"
	"kora/geo/service"
)

// However stations come, go and move: times and spans that are renewed where something differs are those that are made from
// scratch, to the last bit.
func TestRenewedIsTheSameAsMadeAnew(t *testing.T) {
	ctx := context.Background()
	n := town(t, 5, 12)
	cells, err := service.StreetCells(ctx, n, around(n), res)
	if err != nil {
		t.Fatal(err)
	}
	links, err := service.LinkCells(ctx, n, cells)
	if err != nil {
		t.Fatal(err)
	}
	choice := stations(n, rand.New(rand.NewPCG(5, 6)), 40)
	renewed := 0
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.SampledFrom([]float64{math.Inf(1), 900}).Draw(t, "max")
		limit := rapid.SampledFrom([]float64{120, 400, 900}).Draw(t, "limit")
		o := network.Options{Nearest: rapid.IntRange(1, 3).Draw(t, "nearest"), MaxSeconds: most}
		k := rapid.IntRange(1, o.Nearest).Draw(t, "k")
		f, err := n.Field(ctx, choice[:rapid.IntRange(0, 12).Draw(t, "stations")], o)
		if err != nil {
			t.Fatal(err)
		}
		times, err := links.Times(f)
		if err != nil {
			t.Fatal(err)
		}
		spans := f.Spans(k, limit)
		network.SortSpans(spans)
		for range rapid.IntRange(1, 6).Draw(t, "rounds") {
			g := f
			for range rapid.IntRange(1, 3).Draw(t, "edits") {
				var l *network.Link
				if to := rapid.IntRange(-1, len(choice)-1).Draw(t, "to"); to >= 0 {
					l = &choice[to]
				}
				if g, err = g.With(ctx, rapid.IntRange(0, g.Targets()).Draw(t, "owner"), l); err != nil {
					t.Fatal(err)
				}
			}
			d := g.Since(f)
			var again []int32
			if times, again, err = links.TimesSince(times, g, d); err != nil {
				t.Fatal(err)
			}
			spans, f = g.SpansSince(spans, d, k, limit), g
			renewed += len(again)
			want, err := links.Times(f)
			if err != nil {
				t.Fatal(err)
			}
			for rank := range want {
				for i, w := range want[rank] {
					if math.Float32bits(times[rank][i]) != math.Float32bits(w) {
						t.Fatalf("cell %d, rank %d: %v, from scratch %v", i, rank, times[rank][i], w)
					}
				}
			}
			anew := f.Spans(k, limit)
			network.SortSpans(anew)
			if !slices.Equal(spans, anew) {
				t.Fatalf("%d spans, from scratch %d", len(spans), len(anew))
			}
		}
	})
	if renewed == 0 {
		t.Error("nothing was ever renewed")
	}
}
