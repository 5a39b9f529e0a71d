package service_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"kora/geo/grid"
	"kora/geo/network"
	"kora/geo/service"
)

// What a place is said to serve is, to the last bit, what a field of it alone over all streets gives.
func TestListsAgreeWithFields(t *testing.T) {
	ctx := context.Background()
	for seed := range uint64(6) {
		n := town(t, seed, 12)
		cells, err := grid.Cover(orb.MultiPolygon{around(n).ToPolygon()}, res)
		if err != nil {
			t.Fatal(err)
		}
		links, err := service.LinkCells(ctx, n, cells)
		if err != nil {
			t.Fatal(err)
		}
		places := stations(n, rand.New(rand.NewPCG(seed, 3)), 150)
		const most = 420
		told := 0
		lists, err := links.Lists(ctx, places, most, 1e6, func(done int) { told = max(told, done) })
		if err != nil {
			t.Fatal(err)
		}
		if told != len(places) || len(lists.Starts) != len(places)+1 {
			t.Fatalf("%d of %d places were told, %d listed", told, len(places), len(lists.Starts)-1)
		}
		served := 0
		for p := range places {
			f, err := n.Field(ctx, places[p:p+1], network.Options{MaxSeconds: math.Inf(1)})
			if err != nil {
				t.Fatal(err)
			}
			at := lists.Starts[p]
			for i, seconds := range timesOf(t, links, f) {
				if math.IsNaN(float64(seconds)) || seconds > most {
					continue
				}
				if at == lists.Starts[p+1] || lists.Cells[at] != int32(i) || lists.Seconds[at] != seconds {
					t.Fatalf("place %d serves cell %d in %v s, which its list has not", p, i, seconds)
				}
				at++
				served++
			}
			if at != lists.Starts[p+1] {
				t.Fatalf("the list of place %d has %d cells too many", p, lists.Starts[p+1]-at)
			}
		}
		if served < 10*len(places) {
			t.Fatalf("only %d cells are served", served)
		}
		if _, err := links.Lists(ctx, places, most, served-1, nil); !errors.Is(err, service.ErrTooLong) {
			t.Errorf("one entry fewer is allowed: %v", err)
		}
		over, stop := context.WithCancel(ctx)
		stop()
		if _, err := links.Lists(over, places, most, 1e6, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled before: %v", err)
		}
	}
}
