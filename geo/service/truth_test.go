package service_test

import (
	"cmp"
	"container/heap"
	"context"
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"kora/geo/network"
	"kora/geo/profile"
	"kora/geo/service"
	"kora/importers"
)

// extract reads the walking network of a real extract, with slopes where there are tiles.
func extract(t testing.TB, name string) *network.Network {
	t.Helper()
	return extractBy(t, name, "walk", importers.NetworkOptions{DEM: os.DirFS("../../../shared/data/elevation")})
}

// extractBy reads a real extract for one profile, or skips the test.
func extractBy(t testing.TB, name, profile string, o importers.NetworkOptions) *network.Network {
	t.Helper()
	f, err := os.Open("../../../shared/data/osm/" + name)
	if os.IsNotExist(err) {
		t.Skipf("%s is not at hand", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	imported, _, err := importers.Network(context.Background(), name, f, o)
	if err != nil {
		t.Fatal(err)
	}
	n, err := network.Unmarshal(imported.Streets[profile])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Cells against the truth of samples all along every street within reach, and plain Dijkstra between them.
func TestCellsOfMonaco(t *testing.T) {
	cellsAgainstTruth(t, "monaco.osm.pbf", 10, 12, 1, 10_000)
	cellsAgainstTruth(t, "monaco.osm.pbf", 11, 12, 1, 10_000)
}

func TestCellsOfAndorra(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while")
	}
	cellsAgainstTruth(t, "andorra.osm.pbf", 10, 30, 0.5, 3000) // a metre is too coarse on steep paths
	cellsAgainstTruth(t, "andorra.osm.pbf", 11, 30, 0.5, 1000)
}

func cellsAgainstTruth(t *testing.T, name string, res, stationCount int, step float64, most int) {
	t.Helper()
	ctx := context.Background()
	n := extract(t, name)
	cells, err := service.StreetCells(ctx, n, n.Bounds(), res)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	links, err := service.LinkCells(ctx, n, cells)
	if err != nil {
		t.Fatal(err)
	}
	linking := time.Since(start)
	targets := stations(n, rand.New(rand.NewPCG(1, 9)), stationCount)
	start = time.Now()
	f, err := n.Field(ctx, targets, network.Options{MaxSeconds: math.Inf(1)})
	if err != nil {
		t.Fatal(err)
	}
	searching := time.Since(start)
	start = time.Now()
	times := timesOf(t, links, f)
	reading := time.Since(start)

	truth := newTruth(n, targets, step)
	const quarter = 900
	var counted, wrong int
	var sum, worst float64
	for i, c := range cells {
		if i%max(1, len(cells)/most) != 0 {
			continue
		}
		want := truth.from(c.Centre())
		got := float64(times[i])
		if math.IsInf(want, 1) || math.IsInf(got, 1) {
			if want != got {
				t.Errorf("%v takes %v s, want %v s", c, got, want)
			}
			continue
		}
		counted++
		if (got <= quarter) != (want <= quarter) {
			wrong++
		}
		sum += math.Abs(got - want)
		worst = max(worst, math.Abs(got-want))
	}
	t.Logf("%s, resolution %d: %d cells, %d held against the truth: %d on the wrong side of 15 minutes, mean error %.3f s, worst %.2f s; linked in %v, field in %v, read in %v",
		name, res, len(cells), counted, wrong, sum/float64(counted), worst, linking.Round(time.Millisecond), searching.Round(time.Millisecond),
		reading.Round(time.Microsecond))
	if counted < 200 || float64(wrong) > 0.001*float64(counted) || sum/float64(counted) > 0.5 || worst > 5 {
		t.Errorf("%d cells, %d wrong, mean error %.3f s, worst %.2f s", counted, wrong, sum/float64(counted), worst)
	}
}

// truth knows the time to the nearest station at every node, by a search that shares nothing with the package's.
type truth struct {
	step    float64 // metres between samples
	profile profile.Profile
	places  map[int32]orb.Point
	edges   []network.Edge
	near    map[square][]int // edges by the squares they pass
	times   map[int32]float64
	ends    map[int][]sample // of the stations, by edge
	island  map[int32]bool
}

type square struct{ x, y int }

type sample struct {
	edge    int
	part    float64
	seconds float64 // off the street
}

const squareSide = 0.005 // degrees

func newTruth(n *network.Network, targets []network.Link, step float64) *truth {
	tr := &truth{step, n.Profile(), map[int32]orb.Point{}, nil, map[square][]int{}, map[int32]float64{}, map[int][]sample{}, map[int32]bool{}}
	against := map[int32][]queued{}
	joined := map[int32][]int32{}
	n.EachPiece(func(_ int32, a, b orb.Point, e network.Edge) {
		i := len(tr.edges)
		tr.places[e.From], tr.places[e.To] = a, b
		tr.edges = append(tr.edges, e)
		box := a.Bound().Union(b.Bound()).Pad(squareSide)
		for x := int(math.Floor(box.Min[0] / squareSide)); x <= int(math.Floor(box.Max[0]/squareSide)); x++ {
			for y := int(math.Floor(box.Min[1] / squareSide)); y <= int(math.Floor(box.Max[1]/squareSide)); y++ {
				tr.near[square{x, y}] = append(tr.near[square{x, y}], i)
			}
		}
		against[e.To] = append(against[e.To], queued{e.From, float64(e.Forward)})
		against[e.From] = append(against[e.From], queued{e.To, float64(e.Backward)})
		joined[e.From] = append(joined[e.From], e.To)
		joined[e.To] = append(joined[e.To], e.From)
	})
	seen := map[int32]bool{}
	for v := range tr.places {
		if seen[v] {
			continue
		}
		seen[v] = true
		part := []int32{v}
		for i := 0; i < len(part); i++ {
			for _, w := range joined[part[i]] {
				if !seen[w] {
					seen[w] = true
					part = append(part, w)
				}
			}
		}
		for _, w := range part {
			tr.island[w] = len(part) < network.SmallIsland
		}
	}
	var open heapOf
	for _, target := range targets {
		for _, s := range tr.samples(target.Point, tr.profile.PointReachM) {
			tr.ends[s.edge] = append(tr.ends[s.edge], s)
			e := tr.edges[s.edge]
			heap.Push(&open, queued{e.From, s.seconds + portion(s.part, e.Forward)})
			heap.Push(&open, queued{e.To, s.seconds + portion(1-s.part, e.Backward)})
		}
	}
	for len(open) > 0 {
		u := heap.Pop(&open).(queued)
		if _, ok := tr.times[u.node]; ok || math.IsInf(u.seconds, 1) {
			continue
		}
		tr.times[u.node] = u.seconds
		for _, a := range against[u.node] {
			heap.Push(&open, queued{a.node, u.seconds + a.seconds})
		}
	}
	return tr
}

func (tr *truth) from(p orb.Point) float64 {
	best := math.Inf(1)
	for _, s := range tr.samples(p, tr.profile.CellReachM) {
		e := tr.edges[s.edge]
		if t, ok := tr.times[e.From]; ok {
			best = min(best, s.seconds+portion(s.part, e.Backward)+t)
		}
		if t, ok := tr.times[e.To]; ok {
			best = min(best, s.seconds+portion(1-s.part, e.Forward)+t)
		}
		for _, end := range tr.ends[s.edge] {
			between := portion(end.part-s.part, e.Forward)
			if end.part < s.part {
				between = portion(s.part-end.part, e.Backward)
			}
			best = min(best, s.seconds+between+end.seconds)
		}
	}
	return best
}

// samples gives every step of every street that counts for p.
func (tr *truth) samples(p orb.Point, reach float64) (found []sample) {
	nearest, mainland := math.Inf(1), false
	metres := map[int]float64{}
	for _, i := range tr.near[square{int(math.Floor(p[0] / squareSide)), int(math.Floor(p[1] / squareSide))}] {
		e := tr.edges[i]
		if e.Kind == network.Ferry || network.Distance(p, tr.places[e.From]) > reach+float64(e.LengthM)+1 {
			continue
		}
		closest := math.Inf(1)
		tr.eachStep(e, func(_ float64, q orb.Point) { closest = min(closest, network.Distance(p, q)) })
		if closest <= reach {
			metres[i] = closest
			mainland = mainland || !tr.island[e.From]
		}
	}
	for i, m := range metres {
		if mainland && tr.island[tr.edges[i].From] {
			delete(metres, i)
			continue
		}
		nearest = min(nearest, m)
	}
	limit := min(reach, max(tr.profile.CellReachM, 2*nearest))
	for i := range metres {
		tr.eachStep(tr.edges[i], func(part float64, q orb.Point) {
			if m := network.Distance(p, q); m <= limit {
				found = append(found, sample{i, part, m / (tr.profile.OffStreetSpeedKMH / 3.6)})
			}
		})
	}
	return found
}

func (tr *truth) eachStep(e network.Edge, f func(part float64, q orb.Point)) {
	a, b := tr.places[e.From], tr.places[e.To]
	steps := max(1, math.Ceil(network.Distance(a, b)/tr.step))
	for k := 0.0; k <= steps; k++ {
		f(k/steps, orb.Point{a[0] + k/steps*(b[0]-a[0]), a[1] + k/steps*(b[1]-a[1])})
	}
}

func portion(part float64, seconds float32) float64 {
	if part == 0 {
		return 0
	}
	return part * float64(seconds)
}

type queued struct {
	node    int32
	seconds float64
}

type heapOf []queued

func (h heapOf) Len() int           { return len(h) }
func (h heapOf) Less(i, j int) bool { return cmp.Less(h[i].seconds, h[j].seconds) }
func (h heapOf) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *heapOf) Push(x any)        { *h = append(*h, x.(queued)) }
func (h *heapOf) Pop() any {
	last := len(*h) - 1
	q := (*h)[last]
	*h = (*h)[:last]
	return q
}
