package service_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"kora/geo/grid"
	"kora/geo/network"
	"kora/geo/profile"
	"kora/geo/service"
)

const (
	lon, lat = 91.1, 29.65
	res      = 10
)

// at is the place x metres east and y metres north of a corner of Lhasa.
func at(x, y float64) orb.Point {
	east := network.Distance(orb.Point{lon - 0.5, lat}, orb.Point{lon + 0.5, lat})
	north := network.Distance(orb.Point{lon, lat - 0.5}, orb.Point{lon, lat + 0.5})
	return orb.Point{lon + x/east, lat + y/north}
}

// town is a grid of streets with gaps and one-way streets.
func town(t testing.TB, seed uint64, width int) *network.Network {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	p := profile.Walk()
	var nodes []orb.Point
	var edges []network.Edge
	for i := range width * width {
		nodes = append(nodes, at(float64(i%width)*140+r.Float64()*60, float64(i/width)*140+r.Float64()*60))
	}
	join := func(a, b int) {
		if r.Float64() < 0.25 {
			return
		}
		metres := network.Distance(nodes[a], nodes[b])
		slope := r.Float64()*0.2 - 0.1
		e := network.Edge{From: int32(a), To: int32(b), LengthM: float32(metres),
			Forward: float32(p.Seconds(metres, slope)), Backward: float32(p.Seconds(metres, -slope))}
		if r.Float64() < 0.2 {
			e.Backward = float32(math.Inf(1))
		}
		edges = append(edges, e)
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

func timesOf(t testing.TB, l *service.CellLinks, f *network.Field) []float32 {
	t.Helper()
	times, err := l.Times(f)
	if err != nil {
		t.Fatal(err)
	}
	return times[0]
}

func around(n *network.Network) orb.Bound { return n.Bounds().Pad(0.005) }

func stations(n *network.Network, r *rand.Rand, count int) (targets []network.Link) {
	b := n.Bounds()
	for range count {
		p := orb.Point{b.Min[0] + r.Float64()*(b.Max[0]-b.Min[0]), b.Min[1] + r.Float64()*(b.Max[1]-b.Min[1])}
		if l, ok := n.Link(p, n.Profile().PointReachM); ok {
			targets = append(targets, l)
		}
	}
	return targets
}

func TestCellsAgreeWithPlaces(t *testing.T) {
	ctx := context.Background()
	for seed := range uint64(4) {
		n := town(t, seed, 12)
		bound := around(n)
		cells, err := grid.Cover(orb.MultiPolygon{bound.ToPolygon()}, res)
		if err != nil {
			t.Fatal(err)
		}
		links, err := service.LinkCells(ctx, n, cells)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(links.Cells(), cells) {
			t.Fatal("the cells are others")
		}
		targets := stations(n, rand.New(rand.NewPCG(seed, 2)), 5)
		for _, most := range []float64{300, math.Inf(1)} {
			f, err := n.Field(ctx, targets, network.Options{MaxSeconds: most})
			if err != nil {
				t.Fatal(err)
			}
			times := timesOf(t, links, f)
			var off, far, reached int
			for i, c := range cells {
				link, ok := n.Link(c.Centre(), n.Profile().CellReachM)
				got := float64(times[i])
				switch {
				case !ok:
					off++
					if !math.IsNaN(got) {
						t.Errorf("%v has no street and takes %v s", c, got)
					}
				default:
					want, _, ok := f.TimeFrom(link)
					if ok {
						reached++
					} else {
						far++
						want = math.Inf(1)
					}
					if got != want && !(math.Abs(got-want) < 0.01) {
						t.Errorf("%v takes %v s, want %v s", c, got, want)
					}
				}
			}
			if off == 0 || reached == 0 || far == 0 && most == 300 {
				t.Errorf("%d cells without a street, %d too far, %d reached: the town proves nothing", off, far, reached)
			}
		}
	}
}

// A station on a long street without crossings: cells beside the same street reach it without passing a node.
func TestStationOnTheSameStreet(t *testing.T) {
	seconds := float32(3000 / (4 / 3.6))
	n, err := network.Build(profile.Walk(), []orb.Point{at(0, 0), at(3000, 0)},
		[]network.Edge{{From: 0, To: 1, LengthM: 3000, Forward: seconds, Backward: seconds}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	cells, err := service.StreetCells(context.Background(), n, around(n), res)
	if err != nil {
		t.Fatal(err)
	}
	links, err := service.LinkCells(context.Background(), n, cells)
	if err != nil {
		t.Fatal(err)
	}
	station, _ := n.Link(at(1500, 0), 300)
	f, err := n.Field(context.Background(), []network.Link{station}, network.Options{MaxSeconds: 900})
	if err != nil {
		t.Fatal(err)
	}
	times := timesOf(t, links, f)
	for i, c := range cells {
		p := c.Centre()
		along := network.Distance(orb.Point{p[0], lat}, at(1500, 0))
		aside := network.Distance(p, orb.Point{p[0], lat})
		// off the street at the angle whose sine is 3/4, but never more than 100 m
		cut := min(along, aside*0.75/math.Sqrt(1-0.75*0.75), math.Sqrt(max(0, 100*100-aside*aside)))
		want := (along-cut)/(4/3.6) + math.Hypot(aside, cut)/(3/3.6)
		if want > 900 {
			want = math.Inf(1)
		}
		if got := float64(times[i]); got != want && !(math.Abs(got-want) < 0.1) {
			t.Errorf("a cell %.0f m along and %.0f m aside takes %.1f s, want %.1f s", along, aside, got, want)
		}
	}
}

func TestStreetCellsAreThoseBesideAStreet(t *testing.T) {
	for _, r := range []int{8, 10, 11} {
		n := town(t, 7, 14)
		whole := around(n)
		for _, bound := range []orb.Bound{whole, {Min: whole.Center(), Max: whole.Max}, {Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}} {
			got, err := service.StreetCells(context.Background(), n, bound, r)
			if err != nil {
				t.Fatal(err)
			}
			all, err := grid.Cover(orb.MultiPolygon{whole.ToPolygon()}, r)
			if err != nil {
				t.Fatal(err)
			}
			var want []grid.Cell
			for _, c := range all {
				if p := c.Centre(); bound.Contains(p) && n.HasStreet(p, n.Profile().CellReachM) {
					want = append(want, c)
				}
			}
			if len(want) == 0 || !slices.Equal(got, want) {
				t.Errorf("resolution %d: %d cells, want %d", r, len(got), len(want))
			}
		}
	}
}

func TestStreetCellsRefuses(t *testing.T) {
	n := town(t, 1, 4)
	for name, c := range map[string]struct {
		bound orb.Bound
		res   int
	}{
		"resolution": {around(n), 16},
		"too coarse": {around(n), 4},
		"NaN":        {orb.Bound{Min: orb.Point{math.NaN(), 0}, Max: orb.Point{1, 1}}, res},
		"turned":     {orb.Bound{Min: orb.Point{1, 1}, Max: orb.Point{0, 0}}, res},
	} {
		if _, err := service.StreetCells(context.Background(), n, c.bound, c.res); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := service.StreetCells(ctx, n, around(n), res); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := service.LinkCells(ctx, n, []grid.Cell{1}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestNoStation(t *testing.T) {
	n := town(t, 1, 6)
	cells, _ := service.StreetCells(context.Background(), n, around(n), res)
	links, err := service.LinkCells(context.Background(), n, cells)
	if err != nil {
		t.Fatal(err)
	}
	f, _ := n.Field(context.Background(), nil, network.Options{MaxSeconds: 900})
	for _, s := range timesOf(t, links, f) {
		if !math.IsInf(float64(s), 1) {
			t.Fatalf("%v s to no station", s)
		}
	}
}

func TestCount(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	times := []float32{0, 899, 900, 900.1, inf, nan}
	all := []int{0, 1, 2, 3, 4, 5}
	for name, c := range map[string]struct {
		cells []int
		most  float64
		want  service.Share
	}{
		"all":       {all, 900, service.Share{Cells: 6, Covered: 3, NoStreet: 1, Share: 0.5}},
		"some":      {[]int{3, 1}, 900, service.Share{Cells: 2, Covered: 1, Share: 0.5}},
		"none":      {nil, 900, service.Share{}},
		"no street": {[]int{5}, 900, service.Share{Cells: 1, NoStreet: 1}},
		"unbounded": {all, math.Inf(1), service.Share{Cells: 6, Covered: 4, NoStreet: 1, Share: 4. / 6}},
	} {
		if got := service.Count(times, c.cells, c.most); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
