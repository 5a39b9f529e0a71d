package api_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"kora"
	"kora/api"
	"kora/atlas"
	"kora/atlas/atlastest"
	"kora/store"
	"kora/store/cluster/clustertest"
)

// The benchmarks drive real HTTP over the loopback. The client is this test binary once more, in a process of its own, so
// that the processor time of the server can be told from it.

// clientJob makes this test binary a client: the JSON of a job.
const clientJob = "KORA_BENCH_CLIENT"

type job struct {
	Address string
	Paths   []string // asked for in turn
	Headers []string // lines
	Conns   int
	Count   int           // of requests, or
	Time    time.Duration // how long
}

type result struct {
	Requests, Bytes int64
	P50, P99        time.Duration
	Seconds         float64
}

// runClient does the job and prints its result. It reads answers as plainly as can be: a status, a length, a body.
func runClient(text string) int {
	var j job
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var next, sum atomic.Int64
	took := make([][]time.Duration, j.Conns)
	began := time.Now()
	var asking sync.WaitGroup
	var failed atomic.Bool
	for i := range j.Conns {
		asking.Go(func() {
			conn, err := net.Dial("tcp", j.Address)
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				failed.Store(true)
				return
			}
			defer conn.Close()
			in := bufio.NewReaderSize(conn, 64<<10)
			for {
				n := next.Add(1) - 1
				if j.Count > 0 && n >= int64(j.Count) || j.Count == 0 && time.Since(began) > j.Time {
					return
				}
				start := time.Now()
				lines := append([]string{"GET " + j.Paths[n%int64(len(j.Paths))] + " HTTP/1.1", "Host: bench"}, j.Headers...)
				if _, err := io.WriteString(conn, strings.Join(lines, "\r\n")+"\r\n\r\n"); err != nil {
					fmt.Fprintln(os.Stderr, err)
					failed.Store(true)
					return
				}
				size, err := skipAnswer(in)
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					failed.Store(true)
					return
				}
				took[i] = append(took[i], time.Since(start))
				sum.Add(int64(size))
			}
		})
	}
	asking.Wait()
	all := slices.Sorted(slices.Values(slices.Concat(took...)))
	if failed.Load() || len(all) == 0 {
		return 1
	}
	_ = json.NewEncoder(os.Stdout).Encode(result{int64(len(all)), sum.Load(), all[len(all)/2], all[len(all)*99/100], time.Since(began).Seconds()})
	return 0
}

func skipAnswer(in *bufio.Reader) (size int, err error) {
	status, err := in.ReadString('\n')
	if err != nil {
		return 0, err
	}
	if len(status) < 12 || status[9] != '2' && status[9:12] != "304" {
		return 0, fmt.Errorf("answered %q", status)
	}
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if len(line) <= 2 {
			break
		}
		if value, found := bytes.CutPrefix(line, []byte("Content-Length: ")); found {
			if size, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return 0, err
			}
		}
		if bytes.HasPrefix(line, []byte("Transfer-Encoding")) {
			return 0, fmt.Errorf("an answer without a length")
		}
	}
	_, err = in.Discard(size)
	return size, err
}

func (j job) run(b *testing.B) result {
	b.Helper()
	text, err := json.Marshal(j)
	if err != nil {
		b.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), clientJob+"="+string(text))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		b.Fatalf("the client: %v", err)
	}
	var r result
	if err := json.Unmarshal(out, &r); err != nil {
		b.Fatal(err)
	}
	return r
}

// fields makes parcels of 25 points side by side, n to a row and n rows, from a corner.
func fields(n int, corner orb.Point) []*kora.Parcel {
	const width = 0.0017
	var all []*kora.Parcel
	edge := func(from, to orb.Point) []orb.Point { // six points of a crooked border, the same from either side
		var line []orb.Point
		for i := range 6 {
			f := float64(i) / 6
			p := orb.Point{from[0] + (to[0]-from[0])*f, from[1] + (to[1]-from[1])*f}
			bend := width / 12 * math.Sin(40000*(p[0]+1.3*p[1]))
			if i > 0 {
				p[0], p[1] = p[0]+bend*(to[1]-from[1])/width, p[1]+bend*(to[0]-from[0])/width
			}
			line = append(line, p)
		}
		return line
	}
	for y := range n {
		for x := range n {
			a := orb.Point{corner[0] + float64(x)*width, corner[1] + float64(y)*width}
			c := []orb.Point{a, {a[0] + width, a[1]}, {a[0] + width, a[1] + width}, {a[0], a[1] + width}}
			var ring orb.Ring
			for i := range c {
				ring = append(ring, edge(c[i], c[(i+1)%4])...)
			}
			id := int64(y*n + x + 1)
			all = append(all, &kora.Parcel{
				ID: id, Number: fmt.Sprintf("林地-%06d", id), Name: kora.Name{ZH: fmt.Sprintf("地块%d", id)}, County: "540402",
				Use: kora.LandUse{Code: []string{"1001", "0901", "0701", "0802"}[id%4], Scheme: kora.Scheme2023}, AreaM2: float64(15000 + id*37%9000),
				Status: kora.ParcelStatuses()[id%5], Geometry: orb.MultiPolygon{{append(ring, ring[0])}}, Sample: true,
			})
		}
	}
	return all
}

// bench is where the fields of the benchmarks begin, and the tile that is asked for.
var benchTile = maptile.At(orb.Point{94.36, 29.65}, 14)

func benchFields(n int) []*kora.Parcel {
	b := benchTile.Bound()
	return fields(n, orb.Point{b.Min[0] - float64(n)/3*0.0017, b.Min[1] - float64(n)/3*0.0017})
}

// listen serves h until the end of the benchmark.
func listen(b *testing.B, h http.Handler) (address string) {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = srv.Serve(l) }()
	b.Cleanup(func() { _ = srv.Close() })
	return l.Addr().String()
}

func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkTile asks for one tile of about 12 kB by eight connections: from the cache, as pg_tileserv does it by ST_AsMVT for
// every request, and from files that were compressed before, all behind the same middleware. The figure that counts is
// the processor time of the server for a request, and of PostgreSQL's.
func BenchmarkTile(b *testing.B) {
	town := atlastest.Town(b)
	town.Parcels = map[int64]*kora.Parcel{}
	all := benchFields(45)
	for _, p := range all {
		town.Parcels[p.ID] = p
	}
	keeper := atlastest.Open(b, town)
	e := api.Echo(api.Config{Keeper: keeper, Record: town, StaffToken: token, Log: slog.New(slog.DiscardHandler), Version: "bench",
		Now: func() time.Time { return noon }, Web: fstest.MapFS{}})

	tile := fmt.Sprintf("/tiles/parcels/%d/%d/%d.mvt", benchTile.Z, benchTile.X, benchTile.Y)
	file := filepath.Join(b.TempDir(), "tile")
	e.GET("/bench/read", func(c echo.Context) error {
		t, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		h := c.Response().Header()
		h.Set("Content-Encoding", "gzip")
		h.Set("Content-Length", strconv.Itoa(len(t)))
		return c.Blob(http.StatusOK, "application/vnd.mapbox-vector-tile", t)
	})
	e.GET("/bench/serve", func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Encoding", "gzip")
		h.Set("Content-Type", "application/vnd.mapbox-vector-tile")
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		defer f.Close()
		st, err := f.Stat()
		if err != nil {
			return err
		}
		h.Set("Content-Length", strconv.FormatInt(st.Size(), 10))
		http.ServeContent(c.Response(), c.Request(), "", st.ModTime(), f)
		return nil
	})
	address := listen(b, e)
	packed, tag := fetch(b, "http://"+address+tile)
	if err := os.WriteFile(file, packed, 0o600); err != nil {
		b.Fatal(err)
	}

	// The floor: what net/http takes to send as many bytes, without any of ours.
	floor := listen(b, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/vnd.mapbox-vector-tile")
		w.Header().Set("Content-Length", strconv.Itoa(len(packed)))
		_, _ = w.Write(packed)
	}))

	cfg, err := pgxpool.ParseConfig(clustertest.Database(b))
	if err != nil {
		b.Fatal(err)
	}
	s, err := store.Open(b.Context(), cfg, "", slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	if _, _, err := s.ApplyParcels(b.Context(), atlastest.Author(), all, false); err != nil {
		b.Fatal(err)
	}
	pool, err := pgxpool.NewWithConfig(b.Context(), cfg.Copy())
	if err != nil {
		b.Fatal(err)
	}
	defer pool.Close()
	if _, err := pool.Exec(b.Context(), `ANALYZE parcel`); err != nil {
		b.Fatal(err)
	}
	e.GET("/bench/asmvt", func(c echo.Context) error {
		var t []byte
		err := pool.QueryRow(c.Request().Context(), `
			SELECT ST_AsMVT(m, 'parcels', 4096, 'geom', 'id') FROM (
				SELECT ST_AsMVTGeom(ST_Transform(geom, 3857), ST_TileEnvelope($1, $2, $3), 4096, 64) AS geom, id, number, status,
				       round(area_m2) AS area_m2, sample, left(use_code, 2) AS use, name->>'zh' AS name_zh
				FROM parcel WHERE geom && ST_Transform(ST_TileEnvelope($1, $2, $3, margin => 64.0 / 4096), 4490)) AS m`,
			int(benchTile.Z), int(benchTile.X), int(benchTile.Y)).Scan(&t)
		if err != nil {
			return err
		}
		var z bytes.Buffer
		w := gzip.NewWriter(&z)
		_, _ = w.Write(t)
		_ = w.Close()
		h := c.Response().Header()
		h.Set("Content-Encoding", "gzip")
		h.Set("Content-Length", strconv.Itoa(z.Len()))
		return c.Blob(http.StatusOK, "application/vnd.mapbox-vector-tile", z.Bytes())
	})

	ask := func(address, path string, headers ...string) job {
		return job{Address: address, Paths: []string{path}, Headers: headers, Conns: 8, Count: 20000}
	}
	gzipped := "Accept-Encoding: gzip"
	variants := []*variant{
		{name: "cache, gzip", job: ask(address, tile, gzipped)},
		{name: "cache, zstd", job: ask(address, tile, "Accept-Encoding: gzip, deflate, br, zstd")},
		{name: "cache, not modified", job: ask(address, tile, gzipped, "If-None-Match: "+tag)},
		{name: "net/http alone", job: ask(floor, "/")},
		{name: "file, os.ReadFile", job: ask(address, "/bench/read", gzipped)},
		{name: "file, http.ServeContent", job: ask(address, "/bench/serve", gzipped)},
		{name: "ST_AsMVT for every request", job: ask(address, "/bench/asmvt", gzipped)},
	}
	variants[len(variants)-1].job.Count = 500
	for _, v := range variants { // warm
		v.job.run(b)
	}
	for range 7 { // in turn, so that what else the machine does is shared by all
		for _, v := range variants {
			before, there := cpu(b), backendTime(b, pool)
			r := v.job.run(b)
			v.results = append(v.results, r)
			v.own = append(v.own, float64((cpu(b)-before).Microseconds())/float64(r.Requests))
			v.postgres = append(v.postgres, float64((backendTime(b, pool)-there).Microseconds())/float64(r.Requests))
		}
	}
	for _, v := range variants {
		b.Run(v.name, func(b *testing.B) {
			for range b.N {
				b.ReportMetric(median(v.own), "cpu-µs/req")
				b.ReportMetric(median(v.postgres), "postgres-cpu-µs/req")
				b.ReportMetric((median(v.own)+median(v.postgres))/median(variants[0].own), "ratio")
				b.ReportMetric(v.tell(func(r result) float64 { return float64(r.P50.Microseconds()) }), "p50-µs")
				b.ReportMetric(v.tell(func(r result) float64 { return float64(r.P99.Microseconds()) }), "p99-µs")
				b.ReportMetric(v.tell(func(r result) float64 { return float64(r.Bytes) / float64(r.Requests) }), "bytes/req")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// A variant is one way to answer, with what was measured of it.
type variant struct {
	name          string
	job           job
	results       []result
	own, postgres []float64 // µs of processor time for a request
}

func (v *variant) tell(what func(result) float64) float64 {
	var all []float64
	for _, r := range v.results {
		all = append(all, what(r))
	}
	return median(all)
}

func median(v []float64) float64 { return slices.Sorted(slices.Values(v))[len(v)/2] }

func fetch(b *testing.B, url string) (body []byte, tag string) {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "gzip")
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	body, err = io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		b.Fatalf("%s: %d %v", url, res.StatusCode, err)
	}
	return body, res.Header.Get("ETag")
}

// backendTime is the processor time of the backends of a pool's database.
func backendTime(b *testing.B, pool *pgxpool.Pool) (sum time.Duration) {
	b.Helper()
	rows, err := pool.Query(b.Context(), `SELECT pid FROM pg_stat_activity WHERE datname = current_database()`)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var pid int
		if err := rows.Scan(&pid); err != nil {
			b.Fatal(err)
		}
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue
		}
		f := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		for _, ticks := range f[11:13] { // utime and stime, in hundredths of a second
			n, err := strconv.Atoi(ticks)
			if err != nil {
				b.Fatal(err)
			}
			sum += time.Duration(n) * 10 * time.Millisecond
		}
	}
	return sum
}

// changing is a record in memory that hands out one change at a time.
type changing struct {
	first *kora.Changes
	next  chan *kora.Changes
	xid   int
}

func (r *changing) Changes(_ context.Context, since kora.Position) (*kora.Changes, error) {
	c := &kora.Changes{To: since}
	if r.first != nil {
		c, r.first = r.first, nil
	} else {
		select {
		case c = <-r.next:
		default:
			return c, nil
		}
	}
	r.xid++
	c.To = kora.Position{Epoch: "e", Snapshot: fmt.Sprintf("%d:%d:", r.xid, r.xid)}
	return c, nil
}

func (r *changing) Listen(ctx context.Context, wake func()) {
	for ctx.Err() == nil {
		wake()
		select {
		case <-ctx.Done():
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// BenchmarkReadersDuringSwaps reads tiles and pages of the list by two connections, first undisturbed, then while ten
// atlases a second are published. KORA_BENCH_PARCELS says of how many parcels.
func BenchmarkReadersDuringSwaps(b *testing.B) {
	side := 100
	if n, err := strconv.Atoi(os.Getenv("KORA_BENCH_PARCELS")); err == nil {
		side = int(math.Sqrt(float64(n)))
	}
	all := benchFields(side)
	town, err := atlastest.Town(b).Changes(b.Context(), kora.Position{})
	if err != nil {
		b.Fatal(err)
	}
	town.Parcels = maps.Collect(func(yield func(int64, *kora.Parcel) bool) {
		for _, p := range all {
			if !yield(p.ID, p) {
				return
			}
		}
	})
	r := &changing{first: town, next: make(chan *kora.Changes, 1)}
	keeper, err := atlas.Open(b.Context(), r, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	var running sync.WaitGroup
	running.Go(func() { keeper.Run(ctx) })
	defer func() { stop(); running.Wait() }()
	address := listen(b, api.New(api.Config{Keeper: keeper, Record: atlastest.Town(b), StaffToken: token, Version: "bench",
		Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return noon }, Web: fstest.MapFS{}}))

	j := job{Address: address, Headers: []string{"Accept-Encoding: gzip"}, Conns: 2, Time: time.Second}
	for dx := range uint32(4) {
		for dy := range uint32(4) {
			j.Paths = append(j.Paths, fmt.Sprintf("/tiles/parcels/%d/%d/%d.mvt", benchTile.Z, benchTile.X+dx, benchTile.Y-dy))
		}
	}
	j.run(b)
	j.Time = 5 * time.Second
	for range b.N {
		idle := j.run(b)
		swapping, end := context.WithCancel(b.Context())
		var swaps int
		var writing sync.WaitGroup
		writing.Go(func() {
			tick := time.NewTicker(100 * time.Millisecond)
			defer tick.Stop()
			for {
				select {
				case <-swapping.Done():
					return
				case <-tick.C:
				}
				p := *all[swaps*7919%len(all)]
				p.TermYears = swaps%50 + 1
				select {
				case r.next <- &kora.Changes{Parcels: map[int64]*kora.Parcel{p.ID: &p}}:
					swaps++
				case <-swapping.Done():
				}
			}
		})
		busy := j.run(b)
		end()
		writing.Wait()
		b.ReportMetric(float64(idle.P50.Microseconds()), "idle-p50-µs")
		b.ReportMetric(float64(idle.P99.Microseconds()), "idle-p99-µs")
		b.ReportMetric(float64(busy.P50.Microseconds()), "swapping-p50-µs")
		b.ReportMetric(float64(busy.P99.Microseconds()), "swapping-p99-µs")
		b.ReportMetric(float64(busy.P99)/float64(idle.P99), "p99-ratio")
		b.ReportMetric(float64(swaps)/busy.Seconds, "swaps/s")
	}
	b.ReportMetric(0, "ns/op")
}

// nowhere is a ResponseWriter that keeps nothing but headers.
type nowhere struct{ header http.Header }

func (n *nowhere) Header() http.Header         { return n.header }
func (n *nowhere) WriteHeader(int)             {}
func (n *nowhere) Write(b []byte) (int, error) { return len(b), nil }

// BenchmarkTileHandler is what Kora's part of a warm tile takes, without net/http.
func BenchmarkTileHandler(b *testing.B) {
	town := atlastest.Town(b)
	for _, p := range benchFields(12) {
		town.Parcels[p.ID] = p
	}
	h := api.New(api.Config{Keeper: atlastest.Open(b, town), Record: town, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return noon }, Web: fstest.MapFS{}})
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, fmt.Sprintf("/tiles/parcels/%d/%d/%d.mvt", benchTile.Z, benchTile.X, benchTile.Y), http.NoBody)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(&nowhere{http.Header{}}, req)
	}
}
