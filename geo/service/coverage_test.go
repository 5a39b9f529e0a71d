package service_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"kora/geo/grid"
	"kora/geo/network"
	"kora/geo/profile"
	"kora/geo/service"
)

// The nearest and the second nearest station of every cell, against the time to each station alone.
func TestRanksOfCells(t *testing.T) {
	ctx := context.Background()
	for seed := range uint64(4) {
		n := town(t, seed, 12)
		cells, err := service.StreetCells(ctx, n, around(n), res)
		if err != nil {
			t.Fatal(err)
		}
		links, err := service.LinkCells(ctx, n, cells)
		if err != nil {
			t.Fatal(err)
		}
		targets := stations(n, rand.New(rand.NewPCG(seed, 2)), 6)
		f, err := n.Field(ctx, targets, network.Options{Nearest: 2, MaxSeconds: 1200})
		if err != nil {
			t.Fatal(err)
		}
		times, err := links.Times(f)
		if err != nil || len(times) != 2 {
			t.Fatalf("%d ranks, %v", len(times), err)
		}
		alone := make([]*network.Field, len(targets))
		for i := range targets {
			if alone[i], err = n.Field(ctx, targets[i:i+1], network.Options{MaxSeconds: 1200}); err != nil {
				t.Fatal(err)
			}
		}
		second := 0
		for i, c := range cells {
			link, ok := n.Link(c.Centre(), n.Profile().CellReachM)
			if !ok {
				t.Fatal("a street cell without a street")
			}
			var want []float64
			for _, one := range alone {
				if s, _, ok := one.TimeFrom(link); ok {
					want = append(want, s)
				}
			}
			slices.Sort(want)
			for rank := range 2 {
				w := math.Inf(1)
				if rank < len(want) {
					w = want[rank]
				}
				if got := float64(times[rank][i]); got != w && !(math.Abs(got-w) < 0.01) {
					t.Errorf("%v takes %v s to its station %d, want %v s", c, got, rank, w)
				}
			}
			if len(want) > 1 {
				second++
			}
		}
		if second < 20 {
			t.Errorf("only %d cells know two stations", second)
		}
		if _, err := links.Times(must(t)(n.Field(ctx, targets, network.Options{MaxSeconds: 900, From: true}))); err == nil {
			t.Error("a field outwards is taken")
		}
	}
}

func must(t testing.TB) func(*network.Field, error) *network.Field {
	return func(f *network.Field, err error) *network.Field {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
}

func TestBandsDemandAndRollUps(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	times := []float32{0, 299, 300, 300.5, 900, 901, inf, nan}
	all := []int{0, 1, 2, 3, 4, 5, 6, 7}
	if got := service.Bands(times, all, []float64{300, 900}); !slices.Equal(got, []int{3, 2, 3}) {
		t.Errorf("bands %v", got)
	}
	people := []float64{1, 2, 4, 8, 16, 32, 64, 128}
	if got := service.CountDemand(times, all, people, 900); got != (service.Demand{Total: 255, Covered: 31, Share: 31. / 255}) {
		t.Errorf("demand %+v", got)
	}
	if got := service.CountDemand(times, nil, people, 900); got != (service.Demand{}) {
		t.Errorf("no demand %+v", got)
	}

	parent, err := grid.At(at(0, 0), 9)
	if err != nil {
		t.Fatal(err)
	}
	cells, err := grid.Cover(orb.MultiPolygon{{parent.Boundary()}}, 10)
	if err != nil {
		t.Fatal(err)
	}
	ps, err := service.ParentsOf(cells, 8)
	if err != nil {
		t.Fatal(err)
	}
	seconds := make([]float32, len(cells))
	for i := range seconds {
		seconds[i] = float32(100 * (i + 1))
	}
	seconds[len(seconds)-1] = nan
	var sum service.RollUp
	for i, r := range ps.RollUp(seconds, 300) {
		sum.Cells += r.Cells
		sum.Covered += r.Covered
		sum.NoStreet += r.NoStreet
		for _, c := range cells {
			if p, _ := c.Parent(8); p == ps.Cells[i] && r.Cells == 0 {
				t.Error("a parent without children")
			}
		}
	}
	if sum.Cells != len(cells) || sum.Covered != 3 || sum.NoStreet != 1 {
		t.Errorf("rolled up %+v of %d cells", sum, len(cells))
	}
	one := ps.RollUp(seconds, 300)
	if len(ps.Cells) == 1 && (one[0].Least != 100 || one[0].Median != float32(100*((len(cells)-2)/2+1))) {
		t.Errorf("least and median %v, %v", one[0].Least, one[0].Median)
	}
	if _, err := service.ParentsOf(cells, 11); err == nil {
		t.Error("a finer parent is found")
	}
}

func TestStraightLineCircle(t *testing.T) {
	n := town(t, 3, 10)
	cells, err := service.StreetCells(context.Background(), n, around(n), res)
	if err != nil {
		t.Fatal(err)
	}
	places := []orb.Point{at(200, 200), at(900, 700), at(5000, 5000)}
	all, centres := make([]int, len(cells)), make([]orb.Point, len(cells))
	count := 0
	for i, c := range cells {
		all[i], centres[i] = i, c.Centre()
		if slices.ContainsFunc(places, func(p orb.Point) bool { return geo.Distance(p, c.Centre()) <= 400 }) {
			count++
		}
	}
	got := service.CountCircle(service.Near(centres, places, 400), all, 400)
	if d := got.Covered - count; max(d, -d) > 1 || got.Cells != len(cells) || count == 0 { // the sphere is not the ellipsoid
		t.Errorf("%+v, want %d", got, count)
	}
}

func box(x0, y0, x1, y1 float64) orb.MultiPolygon {
	a, b := at(x0, y0), at(x1, y1)
	return orb.MultiPolygon{{{a, {b[0], a[1]}, b, {a[0], b[1]}, a}}}
}

// A straight street of 3 km with a station in its middle: what is served of it is known on paper.
func TestStreetsOfAnArea(t *testing.T) {
	n := must2(t)(network.Build(profile.Walk(), []orb.Point{at(0, 0), at(3000, 0)},
		[]network.Edge{{From: 0, To: 1, LengthM: 3000, Forward: 2700, Backward: 2700}}, nil))
	station, _ := n.Link(at(1500, 0), 300)
	f := must(t)(n.Field(context.Background(), []network.Link{station}, network.Options{MaxSeconds: 3600}))
	hole := box(1000, -50, 3500, 50)
	inner := box(1200, -20, 1400, 20)[0][0]
	inner.Reverse()
	hole[0] = append(hole[0], inner)
	for name, c := range map[string]struct {
		area           orb.MultiPolygon
		metres, served float64 // 900 s are 1,000 m: from 500 to 2,500
	}{
		"all of it":    {box(-100, -100, 3100, 100), 3000, 2000},
		"an end":       {box(-100, -100, 800, 100), 800, 300},
		"beside it":    {box(0, 100, 3000, 200), 0, 0},
		"with a hole":  {hole, 1800, 1300},
		"two, overlap": {append(box(0, -50, 1000, 50), box(500, -50, 1500, 50)...), 1500, 1000},
	} {
		s := service.StreetsIn(n, c.area)
		got := s.Served(f.Spans(1, 900))
		if math.Abs(s.Metres-c.metres) > 1 || math.Abs(got.Covered-c.served) > 1 || math.Abs(got.Metres-c.metres) > 1 {
			t.Errorf("%s: %+v of %.1f m, want %v of %v m", name, got, s.Metres, c.served, c.metres)
		}
	}
}

func must2(t testing.TB) func(*network.Network, error) *network.Network {
	return func(n *network.Network, err error) *network.Network {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
}

// A grid of level streets, 50 m apart: within 15 minutes lie the crossings at most 1,000 m away along streets, a diamond.
func TestIsochroneOfAGridIsADiamond(t *testing.T) {
	const side, block = 61, 50.0
	var nodes []orb.Point
	var edges []network.Edge
	for i := range side * side {
		nodes = append(nodes, at(float64(i%side)*block, float64(i/side)*block))
		if i%side > 0 {
			edges = append(edges, network.Edge{From: int32(i - 1), To: int32(i), LengthM: block, Forward: 45, Backward: 45})
		}
		if i >= side {
			edges = append(edges, network.Edge{From: int32(i - side), To: int32(i), LengthM: block, Forward: 45, Backward: 45})
		}
	}
	n := must2(t)(network.Build(profile.Walk(), nodes, edges, nil))
	start := n.LinkNode(middle(n, nodes[30*side+30]))
	for _, from := range []bool{false, true} {
		for _, resolution := range []int{0, 10, 11} {
			iso, err := service.IsochroneOf(context.Background(), n, start, service.IsochroneOptions{MaxSeconds: 900, From: from, Resolution: resolution})
			if err != nil {
				t.Fatal(err)
			}
			// 2·20² + 2·20 + 1 crossings lie in it, and from each the 2 streets that lead inwards: 4·20² streets
			if math.Abs(iso.Metres-1600*block) > 5 {
				t.Errorf("%.1f m of street, want %v", iso.Metres, 1600*block)
			}
			var cellArea float64
			for _, c := range iso.Cells {
				x, y := planeOf(c.Cell.Centre())
				away := math.Abs(x-1500) + math.Abs(y-1500)
				// who cuts the last corner off the street saves a little
				if away > 1000+15 || c.Seconds > 900 || c.Seconds < 0.9*(away-50)*0.9 {
					t.Errorf("a cell %.0f m away by streets is in it at %.0f s", away, c.Seconds)
				}
				cellArea += geo.Area(orb.Polygon{c.Cell.Boundary()})
			}
			if drawn := geo.Area(iso.Area); math.Abs(drawn/cellArea-1) > 0.001 || math.Abs(drawn/2e6-1) > 0.06 {
				t.Errorf("drawn %.0f m², cells %.0f m², want about 2,000,000", drawn, cellArea)
			}
			if !planar.MultiPolygonContains(iso.Area, start.Point) || len(iso.Area) != 1 || len(iso.Area[0]) != 1 {
				t.Errorf("the area is in %d parts and has a hole where it begins", len(iso.Area))
			}
		}
	}
	if _, err := service.IsochroneOf(context.Background(), n, start, service.IsochroneOptions{MaxSeconds: 3600, Resolution: 13}); !errors.Is(err, service.ErrTooManyCells) {
		t.Errorf("a million cells: %v", err)
	}
}

// middle is the node at a place.
func middle(n *network.Network, p orb.Point) int32 {
	for v := range int32(n.Nodes()) {
		if network.Distance(n.Node(v), p) < 1 {
			return v
		}
	}
	return -1
}

func planeOf(p orb.Point) (x, y float64) {
	o := at(0, 0)
	return math.Copysign(network.Distance(orb.Point{p[0], o[1]}, o), p[0]-o[0]), math.Copysign(network.Distance(orb.Point{o[0], p[1]}, o), p[1]-o[1])
}

// A ring of street around a lake: the drawing keeps the hole. A second shore, which only a long way round leads to, is not
// in it: what lies across the water is not near.
func TestIsochroneKeepsHolesAndDoesNotCrossWater(t *testing.T) {
	var nodes []orb.Point
	var edges []network.Edge
	const count, radius = 72, 700.0
	for i := range count {
		angle := 2 * math.Pi * float64(i) / count
		nodes = append(nodes, at(radius*math.Cos(angle), radius*math.Sin(angle)))
	}
	for i := range count {
		j := (i + 1) % count
		m := network.Distance(nodes[i], nodes[j])
		edges = append(edges, network.Edge{From: int32(i), To: int32(j), LengthM: float32(m), Forward: float32(m / (4 / 3.6)), Backward: float32(m / (4 / 3.6))})
	}
	// the far bank of a river along the east: 200 m across, 5 km round
	nodes = append(nodes, at(900, -2500), at(900, 2500))
	edges = append(edges, network.Edge{From: count, To: count + 1, LengthM: 5000, Forward: 4500, Backward: 4500},
		network.Edge{From: count * 3 / 4, To: count, LengthM: 2000, Forward: 1800, Backward: 1800})
	n := must2(t)(network.Build(profile.Walk(), nodes, edges, nil))
	start, ok := n.Link(nodes[0], 100)
	if !ok {
		t.Fatal("no street")
	}
	iso, err := service.IsochroneOf(context.Background(), n, start, service.IsochroneOptions{MaxSeconds: 2100, Resolution: 10})
	if err != nil {
		t.Fatal(err)
	}
	if len(iso.Area[0]) < 2 || planar.MultiPolygonContains(iso.Area, at(0, 0)) {
		t.Error("the lake is drawn over")
	}
	if planar.MultiPolygonContains(iso.Area, at(900, 0)) {
		t.Error("the far bank is drawn in")
	}
	if !planar.MultiPolygonContains(iso.Area, at(-700, 0)) {
		t.Error("the other side of the ring is left out")
	}
}

func TestMoreStationsNeverServeLess(t *testing.T) {
	ctx := context.Background()
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64Range(0, 50).Draw(rt, "seed")
		n := town(t, seed, 7)
		cells, err := service.StreetCells(ctx, n, around(n), res)
		if err != nil {
			rt.Fatal(err)
		}
		links, err := service.LinkCells(ctx, n, cells)
		if err != nil {
			rt.Fatal(err)
		}
		all := make([]int, len(cells))
		for i := range all {
			all[i] = i
		}
		targets := stations(n, rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "stations"), 2)), 4)
		last := [3]float64{}
		for count := 1; count <= len(targets); count++ {
			f := must(t)(n.Field(ctx, targets[:count], network.Options{Nearest: 2, MaxSeconds: 900}))
			times, err := links.Times(f)
			if err != nil {
				rt.Fatal(err)
			}
			limit := rapid.Float64Range(60, 900).Draw(rt, "limit")
			once, twice := service.Count(times[0], all, limit), service.Count(times[1], all, limit)
			if twice.Covered > once.Covered || once.Covered+once.NoStreet > once.Cells {
				rt.Fatalf("%+v once, %+v twice", once, twice)
			}
			sum := 0
			for _, c := range service.Bands(times[0], all, []float64{200, 400, 900}) {
				sum += c
			}
			if sum != len(cells) {
				rt.Fatalf("bands add up to %d of %d cells", sum, len(cells))
			}
			streets := service.StreetsIn(n, orb.MultiPolygon{around(n).ToPolygon()})
			now := [3]float64{service.Count(times[0], all, 600).Share, service.Count(times[1], all, 600).Share, streets.Served(f.Spans(1, 600)).Share}
			for i := range now {
				if now[i] < last[i]-1e-9 || now[i] > 1+1e-6 {
					rt.Fatalf("share %d falls from %v to %v", i, last[i], now[i])
				}
			}
			if two := streets.Served(f.Spans(2, 600)).Share; two > now[2]+1e-9 {
				rt.Fatalf("%v of the streets are served twice and %v once", two, now[2])
			}
			last = now
		}
	})
}
