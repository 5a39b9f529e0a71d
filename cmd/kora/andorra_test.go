package main

import (
	"bytes"
	"container/heap"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/osm"
	"github.com/paulmach/osm/osmpbf"

	"kora"
	"kora/api"
	"kora/atlas"
	"kora/geo/grid"
	"kora/geo/network"
	"kora/store/cluster/clustertest"
)

func TestMain(m *testing.M) { clustertest.Main(m) }

// shared is where real inputs lie beside the checkout.
func shared(t testing.TB, path string) string {
	t.Helper()
	p := filepath.Join("..", "..", "..", "shared", "data", path)
	if _, err := os.Stat(p); errors.Is(err, os.ErrNotExist) {
		t.Skipf("the real input %s is not here", path)
	}
	return p
}

// command runs the command line against a database and gives what it printed.
func command(t testing.TB, database string, args ...string) (status int, output string) {
	t.Helper()
	t.Setenv("LC_ALL", "C")
	var out bytes.Buffer
	status = run(t.Context(), append(args, "--database-url", database), &out, &out)
	return status, out.String()
}

// service serves what is in the database.
func service(t testing.TB, database string) (*httptest.Server, *atlas.Keeper) {
	t.Helper()
	o := &options{databaseURL: database, say: newProgress(io.Discard), log: slog.New(slog.DiscardHandler)}
	rec, err := o.openRecord(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	keeper, err := atlas.Open(t.Context(), rec.Store, o.log)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { keeper.Run(ctx) })
	srv := httptest.NewServer(api.New(api.Config{Keeper: keeper, Record: rec.Store, StaffToken: "not used here at all",
		Web: fstest.MapFS{}, Log: o.log, Version: "test", Now: time.Now}))
	t.Cleanup(func() { srv.Close(); cancel(); running.Wait(); rec.close(o) })
	return srv, keeper
}

func getJSON(t testing.TB, srv *httptest.Server, path string, into any) {
	t.Helper()
	res, err := srv.Client().Get(srv.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s (%v)", path, res.StatusCode, b, err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// TestAndorra imports a real country with its mountains, puts a station into 30 of its towns and villages, and holds what
// HTTP answers against a plain Dijkstra that shares no code with the engine: it samples every street within reach at
// quarters of a metre instead of computing where to step on it.
func TestAndorra(t *testing.T) {
	pbf, dem := shared(t, "osm/andorra.osm.pbf"), shared(t, "elevation")
	database := clustertest.Database(t)
	status, out := command(t, database, "import", "network", pbf, "--dem", dem)
	t.Log(out)
	if status != 0 {
		t.Fatalf("import network: status %d", status)
	}

	places := settlements(t, pbf, 30)
	csv := "code,name_zh,name_en,kind,lon,lat,hours\n"
	for i, p := range places {
		csv += fmt.Sprintf("A%02d,站点%d,%s,union_station,%.7f,%.7f,24/7\n", i, i, p.name, p.at[0], p.at[1])
	}
	if status, out := command(t, database, "import", "stations", write(t, "stations.csv", csv)); status != 0 || !strings.Contains(out, "30 added") {
		t.Fatalf("import stations: status %d, %s", status, out)
	}
	areas := `{"type":"FeatureCollection","features":[` + box("capital", 1.505, 42.495, 1.55, 42.52) + `,` + box("encamp", 1.57, 42.525, 1.60, 42.55) + `]}`
	if status, out := command(t, database, "import", "areas", write(t, "areas.geojson", areas)); status != 0 || !strings.Contains(out, "2 added") {
		t.Fatalf("import areas: status %d, %s", status, out)
	}

	srv, keeper := service(t, database)
	judge := newJudge(keeper.Atlas().Streets("walk"))
	reach := keeper.Atlas().Streets("walk").Profile().PointReachM
	var stations []spot
	for _, s := range keeper.Atlas().Stations {
		stations = append(stations, judge.link(s.Point, reach))
	}

	t.Run("nearest", func(t *testing.T) { judgeNearest(t, srv, judge, keeper.Atlas(), stations) })
	t.Run("coverage", func(t *testing.T) { judgeCoverage(t, srv, judge, keeper.Atlas(), stations) })
}

func judgeNearest(t *testing.T, srv *httptest.Server, judge *judge, a *atlas.Atlas, stations []spot) {
	rng := rand.New(rand.NewPCG(1, 2))
	asked := 0
	for asked < 25 {
		e := judge.edges[rng.IntN(len(judge.edges))]
		from := orb.Point{e.a[0] + (rng.Float64()-0.5)*0.002, e.a[1] + (rng.Float64()-0.5)*0.002}
		start := judge.link(from, a.Streets("walk").Profile().PointReachM)
		if len(start) == 0 {
			continue
		}
		asked++
		want := judge.from(start, stations)
		var got struct {
			Results []struct {
				Station struct{ ID int64 }
				Seconds float64
				Metres  float64
				Route   struct{ Coordinates []orb.Point }
			}
		}
		getJSON(t, srv, fmt.Sprintf("/v1/stations/nearest?lon=%.9f&lat=%.9f&limit=4", from[0], from[1]), &got)
		near := 0
		for _, w := range want {
			if w <= 2*60*60-1 {
				near++
			}
		}
		if len(got.Results) != min(4, near) {
			t.Errorf("from %v: %d results, %d stations within two hours", from, len(got.Results), near)
		}
		sorted := slices.Sorted(slices.Values(want))
		for i, r := range got.Results {
			n := slices.IndexFunc(a.Stations, func(s *kora.Station) bool { return s.ID == r.Station.ID })
			if math.Abs(r.Seconds-want[n]) > 0.6 || math.Abs(r.Seconds-sorted[i]) > 0.6 {
				t.Errorf("from %v, place %d: %.2f s to station %d; judged %.2f s, and %.2f s for this place", from, i+1, r.Seconds, n, want[n], sorted[i])
			}
			if length := metres(r.Route.Coordinates); math.Abs(length-r.Metres) > 0.01*length+1 {
				t.Errorf("from %v: the route drawn is %.0f m long, %.0f m said", from, length, r.Metres)
			}
		}
	}
}

func judgeCoverage(t *testing.T, srv *httptest.Server, judge *judge, a *atlas.Atlas, stations []spot) {
	toward := judge.toward(stations)
	var got struct {
		Areas []struct {
			ID                       int64
			Cells, Covered, NoStreet int
		}
	}
	getJSON(t, srv, "/v1/coverage?minutes=15", &got)
	if len(got.Areas) != 2 {
		t.Fatalf("%d areas", len(got.Areas))
	}
	for i, area := range a.KeyAreas {
		cells, err := grid.Cover(area.Geometry, 10)
		if err != nil {
			t.Fatal(err)
		}
		surely, perhaps := 0, 0
		for _, c := range cells {
			sec := math.Inf(1)
			for _, s := range judge.link(c.Centre(), 100) {
				sec = min(sec, s.off+judge.onward(s, toward))
			}
			if sec <= 900-0.6 {
				surely++
			}
			if sec <= 900+0.6 {
				perhaps++
			}
		}
		r := got.Areas[i]
		t.Logf("%s: %d of %d cells within 15 minutes (judge: %d to %d)", area.Code, r.Covered, r.Cells, surely, perhaps)
		if r.Cells != len(cells) || r.Covered < surely || r.Covered > perhaps || perhaps-surely > 3 || surely == 0 || perhaps == len(cells) {
			t.Errorf("%s: %d of %d cells covered; judged %d to %d of %d", area.Code, r.Covered, r.Cells, surely, perhaps, len(cells))
		}
	}
}

// The judge.

type judge struct {
	edges []judgedEdge
	out   [][]step // by node
	in    [][]step
}

type judgedEdge struct {
	a, b              orb.Point
	from, to          int
	forward, backward float64
}

type step struct {
	to      int
	seconds float64
}

// A spot is every sample of a street within reach of a place.
type spot []sampled

type sampled struct {
	edge int
	at   float64 // 0 at a, 1 at b
	off  float64 // seconds off the street
}

func newJudge(n *network.Network) *judge {
	count := n.Nodes()
	n.EachPiece(func(_ int32, _, _ orb.Point, e network.Edge) { count = max(count, int(e.From)+1, int(e.To)+1) })
	j := &judge{out: make([][]step, count), in: make([][]step, count)}
	n.EachPiece(func(_ int32, a, b orb.Point, e network.Edge) {
		f, to := int(e.From), int(e.To)
		j.edges = append(j.edges, judgedEdge{a, b, f, to, float64(e.Forward), float64(e.Backward)})
		j.out[f], j.in[to] = append(j.out[f], step{to, float64(e.Forward)}), append(j.in[to], step{f, float64(e.Forward)})
		j.out[to], j.in[f] = append(j.out[to], step{f, float64(e.Backward)}), append(j.in[f], step{to, float64(e.Backward)})
	})
	return j
}

// flat gives metres east and north of a place, good for some hundred metres, by the radii of curvature of WGS 84.
func flat(p, origin orb.Point) (x, y float64) {
	const a, e2, degree = 6378137, 0.00669437999014, math.Pi / 180
	sin, cos := math.Sincos(origin[1] * degree)
	w := 1 - e2*sin*sin
	return (p[0] - origin[0]) * degree * cos * a / math.Sqrt(w), (p[1] - origin[1]) * degree * a * (1 - e2) / math.Pow(w, 1.5)
}

func metres(line []orb.Point) (sum float64) {
	for i := 1; i < len(line); i++ {
		x, y := flat(line[i], line[i-1])
		sum += math.Hypot(x, y)
	}
	return sum
}

// link samples the streets around p as the profile has it: all within reach, but beyond 100 m only those at most twice as
// far as the nearest one, and islands of fewer than 50 nodes only when there is nothing else.
func (j *judge) link(p orb.Point, reach float64) spot {
	type near struct {
		edge     int
		distance float64
	}
	var around []near
	const far = 0.01 // degrees, more than any reach at these latitudes
	for i, e := range j.edges {
		if min(e.a[0], e.b[0]) > p[0]+far || max(e.a[0], e.b[0]) < p[0]-far || min(e.a[1], e.b[1]) > p[1]+far || max(e.a[1], e.b[1]) < p[1]-far {
			continue
		}
		ax, ay := flat(e.a, p)
		bx, by := flat(e.b, p)
		if min(ax, bx) > reach || max(ax, bx) < -reach || min(ay, by) > reach || max(ay, by) < -reach {
			continue
		}
		t := 0.0
		if d := (bx-ax)*(bx-ax) + (by-ay)*(by-ay); d > 0 {
			t = max(0, min(1, -(ax*(bx-ax)+ay*(by-ay))/d))
		}
		if d := math.Hypot(ax+t*(bx-ax), ay+t*(by-ay)); d <= reach {
			around = append(around, near{i, d})
		}
	}
	if slices.ContainsFunc(around, func(n near) bool { return !j.island(n.edge) }) {
		around = slices.DeleteFunc(around, func(n near) bool { return j.island(n.edge) })
	}
	nearest := math.Inf(1)
	for _, n := range around {
		nearest = min(nearest, n.distance)
	}
	limit := min(reach, max(100, 2*nearest))
	var s spot
	for _, n := range around {
		e := j.edges[n.edge]
		ax, ay := flat(e.a, p)
		bx, by := flat(e.b, p)
		pieces := math.Ceil(math.Hypot(bx-ax, by-ay)*4) + 1
		for k := 0.0; k <= pieces; k++ {
			t := k / pieces
			if d := math.Hypot(ax+t*(bx-ax), ay+t*(by-ay)); d <= limit {
				s = append(s, sampled{n.edge, t, d / (3 / 3.6)})
			}
		}
	}
	return s
}

// island tells whether fewer than 50 nodes hang together with the edge.
func (j *judge) island(edge int) bool {
	seen := map[int]bool{j.edges[edge].from: true}
	for queue := []int{j.edges[edge].from}; len(queue) > 0 && len(seen) < 50; queue = queue[1:] {
		for _, steps := range [][]step{j.out[queue[0]], j.in[queue[0]]} {
			for _, s := range steps {
				if !seen[s.to] {
					seen[s.to] = true
					queue = append(queue, s.to)
				}
			}
		}
	}
	return len(seen) < 50
}

type item struct {
	node    int
	seconds float64
}
type queue []item

func (q queue) Len() int           { return len(q) }
func (q queue) Less(a, b int) bool { return q[a].seconds < q[b].seconds }
func (q queue) Swap(a, b int)      { q[a], q[b] = q[b], q[a] }
func (q *queue) Push(x any)        { *q = append(*q, x.(item)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

func dijkstra(steps [][]step, seeds []item) []float64 {
	sec := make([]float64, len(steps))
	for i := range sec {
		sec[i] = math.Inf(1)
	}
	q := queue(seeds)
	heap.Init(&q)
	for q.Len() > 0 {
		it := heap.Pop(&q).(item)
		if it.seconds >= sec[it.node] {
			continue
		}
		sec[it.node] = it.seconds
		for _, s := range steps[it.node] {
			if t := it.seconds + s.seconds; t < sec[s.to] {
				heap.Push(&q, item{s.to, t})
			}
		}
	}
	return sec
}

// stretch is the time that a part of an edge takes; none takes none, even against a one-way street.
func stretch(part, seconds float64) float64 {
	if part == 0 {
		return 0
	}
	return part * seconds
}

// from gives the seconds from a place to every station.
func (j *judge) from(start spot, stations []spot) []float64 {
	var seeds []item
	for _, s := range start {
		e := j.edges[s.edge]
		seeds = append(seeds, item{e.from, s.off + stretch(s.at, e.backward)}, item{e.to, s.off + stretch(1-s.at, e.forward)})
	}
	sec := dijkstra(j.out, seeds)
	want := make([]float64, len(stations))
	for i, station := range stations {
		want[i] = math.Inf(1)
		for _, s := range station {
			e := j.edges[s.edge]
			want[i] = min(want[i], s.off+min(sec[e.from]+stretch(s.at, e.forward), sec[e.to]+stretch(1-s.at, e.backward)))
			for _, o := range start { // along one edge, past no node
				if o.edge == s.edge {
					want[i] = min(want[i], o.off+s.off+max(stretch(s.at-o.at, e.forward), stretch(o.at-s.at, e.backward)))
				}
			}
		}
	}
	return want
}

// toward gives the seconds from every node to the nearest station.
func (j *judge) toward(stations []spot) []float64 {
	var seeds []item
	for _, station := range stations {
		for _, s := range station {
			e := j.edges[s.edge]
			seeds = append(seeds, item{e.from, s.off + stretch(s.at, e.forward)}, item{e.to, s.off + stretch(1-s.at, e.backward)})
		}
	}
	return dijkstra(j.in, seeds)
}

// onward gives the seconds from a sample to the nearest station by way of a node.
func (j *judge) onward(s sampled, toward []float64) float64 {
	e := j.edges[s.edge]
	return min(toward[e.from]+stretch(s.at, e.backward), toward[e.to]+stretch(1-s.at, e.forward))
}

type settlement struct {
	name string
	at   orb.Point
}

// settlements are the first towns, villages and hamlets of the extract, by their numbers.
func settlements(t *testing.T, file string, n int) []settlement {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	scanner := osmpbf.New(t.Context(), f, 1)
	defer scanner.Close()
	var found []settlement
	for len(found) < n && scanner.Scan() {
		node, ok := scanner.Object().(*osm.Node)
		if !ok {
			break
		}
		if p := node.Tags.Find("place"); p == "town" || p == "village" || p == "hamlet" {
			found = append(found, settlement{strings.ReplaceAll(node.Tags.Find("name"), ",", " "), orb.Point{node.Lon, node.Lat}})
		}
	}
	if len(found) < n {
		t.Fatalf("%d settlements, want %d", len(found), n)
	}
	return found
}

func write(t testing.TB, name, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func box(code string, w, s, e, n float64) string {
	return fmt.Sprintf(`{"type":"Feature","properties":{"code":%q,"name":{"zh":%q}},"geometry":{"type":"Polygon","coordinates":[[[%g,%g],[%g,%g],[%g,%g],[%g,%g],[%g,%g]]]}}`,
		code, code, w, s, e, s, e, n, w, n, w, s)
}
