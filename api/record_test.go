package api_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
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

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"
	"go.uber.org/goleak"

	"kora"
	"kora/api"
	"kora/atlas"
	"kora/atlas/atlastest"
	"kora/store"
	"kora/store/cluster"
	"kora/store/cluster/clustertest"
)

func TestMain(m *testing.M) {
	clustertest.Main(m)
}

// A whole is the service on a real record.
type whole struct {
	*httptest.Server
	store  *store.Store
	keeper *atlas.Keeper
	files  string // folder of copies
}

// serveRecord runs the service on a database, which is filled with the town; follow tells whether the atlas follows it.
func serveRecord(t testing.TB, cfg *pgxpool.Config, follow bool, staleAfter time.Duration, more ...func(*whole, *api.Config)) *whole {
	t.Helper()
	files := t.TempDir()
	s, err := store.Open(t.Context(), cfg, files, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	town := atlastest.Town(t)
	for _, n := range town.Notices {
		n.Parcels = nil // they are linked by number in the record
	}
	town.Network.SHA256 = strings.Repeat("a", 64)
	apply := func(_ uint64, _ []store.Outcome, err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	apply(s.ApplyStations(t.Context(), atlastest.Author(), slices.Collect(maps.Values(town.Stations)), false))
	apply(s.ApplyKeyAreas(t.Context(), atlastest.Author(), slices.Collect(maps.Values(town.KeyAreas)), false))
	apply(s.ApplyHighways(t.Context(), atlastest.Author(), slices.Collect(maps.Values(town.Highways)), false))
	apply(s.ApplyParcels(t.Context(), atlastest.Author(), slices.Collect(maps.Values(town.Parcels)), false))
	apply(s.ApplyNotices(t.Context(), atlastest.Author(), slices.Collect(maps.Values(town.Notices)), false))
	if _, _, err := s.ReplaceNetwork(t.Context(), atlastest.Author(), town.Network); err != nil {
		t.Fatal(err)
	}

	if _, err := s.CreatePanorama(t.Context(), atlastest.Author(), town.Panoramas[1], []kora.PanoramaImage{{Width: 1024, JPEG: []byte(atlastest.Image)}}); err != nil {
		t.Fatal(err)
	}

	apply(s.ApplyDemands(t.Context(), atlastest.Author(), slices.Collect(maps.Values(town.Demands)), false))
	if _, err := s.KeepReport(t.Context(), atlastest.Author(), town.Reports[1]); err != nil {
		t.Fatal(err)
	}
	if _, err := s.PutTarget(t.Context(), atlastest.Author(), town.Targets[1], nil); err != nil {
		t.Fatal(err)
	}

	w := &whole{store: s, files: files}
	if w.keeper, err = atlas.Open(t.Context(), s, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	if follow {
		ctx, stop := context.WithCancel(context.Background())
		var following sync.WaitGroup
		following.Go(func() { w.keeper.Run(ctx) })
		t.Cleanup(func() { stop(); following.Wait() })
	}
	config := api.Config{Keeper: w.keeper, Record: s, StaffToken: token, Version: "test",
		Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return noon }, StaleAfter: staleAfter,
		Web: fstest.MapFS{"index.html": {Data: []byte("<title>Kora</title>")}}}
	for _, add := range more {
		add(w, &config)
	}
	w.Server = httptest.NewServer(api.New(config))
	t.Cleanup(w.Close)
	return w
}

// reads has an address for every route that answers GET.
func reads() map[string]string {
	tile := maptile.At(orb.Point{91.005, 0.0001}, 13)
	return map[string]string{
		"/*":                        "/find",
		"/livez":                    "/livez",
		"/readyz":                   "/readyz",
		"/openapi.json":             "/openapi.json",
		"/openapi.yaml":             "/openapi.yaml",
		"/openapi-3.0.json":         "/openapi-3.0.json",
		"/openapi-3.0.yaml":         "/openapi-3.0.yaml",
		"/tiles/:file":              "/tiles/basemap.json",
		"/tiles/:layer/:z/:x/:file": fmt.Sprintf("/tiles/coverage/%d/%d/%d.mvt", tile.Z, tile.X, tile.Y),
		"/v1/about":                 "/v1/about",
		"/v1/stations":              "/v1/stations?kind=union_station",
		"/v1/stations/:id":          "/v1/stations/1",
		"/v1/stations/nearest":      "/v1/stations/nearest?lon=91.003&lat=0",
		"/v1/isochrone":             "/v1/isochrone?lon=91.0045&lat=0",
		"/v1/coverage":              "/v1/coverage",
		"/v1/corridors":             "/v1/corridors?profile=walk&km=20",
		"/v1/corridors/file":        "/v1/corridors/file?profile=walk&km=20",
		"/v1/corridors/:ref":        "/v1/corridors/G318?profile=walk",
		"/v1/coverage/cells":        "/v1/coverage/cells",
		"/v1/coverage/report":       "/v1/coverage/report?minutes=5&day=2026-07-01",
		"/v1/coverage/report/file":  "/v1/coverage/report/file?format=csv",
		"/v1/coverage/gaps":         "/v1/coverage/gaps?minutes=3",
		"/v1/coverage/gaps/file":    "/v1/coverage/gaps/file?format=geojson",
		"/v1/demands":               "/v1/demands",
		"/v1/reports":               "/v1/reports",
		"/v1/reports/compare":       "/v1/reports/compare?from=1&to=1",
		"/v1/reports/:id":           "/v1/reports/1",
		"/v1/reports/:id/file":      "/v1/reports/1/file?format=csv",
		"/v1/targets":               "/v1/targets",
		"/v1/coverage/cells/ids":    "/v1/coverage/cells/ids",
		"/v1/parcels":               "/v1/parcels?area_min=1",
		"/v1/parcels/:number":       "/v1/parcels/LZ-1",
		"/v1/notices":               "/v1/notices",
		"/v1/notices/:code":         "/v1/notices/N1",
		"/v1/guides":                "/v1/guides",
		"/v1/panoramas":             "/v1/panoramas?parcel=LZ-1",
		"/v1/panoramas/:id":         "/v1/panoramas/1",
		"/v1/panoramas/:id/:file":   fmt.Sprintf("/v1/panoramas/1/1024-%.16s.jpg", fmt.Sprintf("%x", sha256.Sum256([]byte(atlastest.Image)))),
		"/v1/intents/consent":       "/v1/intents/consent",
	}
}

// asks are the routes that are answered from the record, because what they tell is not for everybody's memory.
func asks() []string {
	return []string{"/v1/intents", "/v1/intents/:number", "/v1/imports", "/v1/imports/:id", "/v1/imports/:id/events", "/v1/imports/:id/items",
		"/v1/imports/:id/faults", "/v1/imports/:id/map", "/v1/imports/templates/:kind", "/v1/siting", "/v1/siting/:id", "/v1/siting/:id/events", "/v1/siting/:id/file", "/v1/scenarios", "/v1/scenarios/:id"}
}

// TestEveryReadIsKnownToTheTests keeps reads in step with the routes.
func TestEveryReadIsKnownToTheTests(t *testing.T) {
	known := reads()
	for _, r := range api.Echo(api.Config{Keeper: atlastest.Open(t, atlastest.Town(t)), Web: fstest.MapFS{}}).Routes() {
		if r.Method == http.MethodGet && known[r.Path] == "" && !slices.Contains(asks(), r.Path) {
			t.Errorf("reads has no address for %s", r.Path)
		}
	}
}

// TestEveryReadNamesItsSnapshot: also when it has no body, and when HEAD asks for it.
func TestEveryReadNamesItsSnapshot(t *testing.T) {
	srv := serve(t, atlastest.Town(t))
	for _, path := range reads() {
		got := get(t, srv, path, "Accept-Encoding", "identity")
		head := ask(t, srv, http.MethodHead, path, "", "Accept-Encoding", "identity")
		if got.status != http.StatusOK || head.status != http.StatusOK || len(head.body) > 0 {
			t.Errorf("%s: GET %d, HEAD %d with %d bytes", path, got.status, head.status, len(head.body))
		}
		for _, name := range []string{"Kora-Snapshot", "Content-Type", "ETag", "Cache-Control", "Vary"} {
			if got.header.Get(name) != head.header.Get(name) {
				t.Errorf("%s: %s is %q for GET and %q for HEAD", path, name, got.header.Get(name), head.header.Get(name))
			}
		}
		if got.header.Get("Kora-Snapshot") == "" || got.header.Get("Kora-As-Of") != "" {
			t.Errorf("%s: %v", path, got.header)
		}
		if tag := got.header.Get("ETag"); tag != "" {
			if again := get(t, srv, path, "Accept-Encoding", "identity", "If-None-Match", tag); again.status != http.StatusNotModified || again.header.Get("Kora-Snapshot") == "" {
				t.Errorf("%s, not modified: %d %v", path, again.status, again.header)
			}
		}
	}
	for _, path := range []string{"/tiles/parcels/14/0/0.mvt", "/tiles/coverage/1/0/0.mvt"} {
		if empty := get(t, srv, path); empty.status != http.StatusNoContent || empty.header.Get("Kora-Snapshot") == "" {
			t.Errorf("%s: %d %v", path, empty.status, empty.header)
		}
	}
}

// A counter counts queries.
type counter struct{ n atomic.Int64 }

func (c *counter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	c.n.Add(1)
	return ctx
}

func (c *counter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TestNoReadAsksTheDatabase counts the queries of every read, and that the counter works by those of a write.
func TestNoReadAsksTheDatabase(t *testing.T) {
	cfg, err := pgxpool.ParseConfig(clustertest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	queries := &counter{}
	cfg.ConnConfig.Tracer = queries
	w := serveRecord(t, cfg, false, time.Hour) // nobody follows the record, so that whoever asks is a read
	before := queries.n.Load()
	for range 3 {
		for _, path := range reads() {
			for _, accept := range []string{"", "gzip"} {
				if a := get(t, w.Server, path, "Accept-Encoding", accept); a.status != http.StatusOK {
					t.Errorf("%s: %d %s", path, a.status, a.body)
				}
			}
		}
	}
	if asked := queries.n.Load() - before; asked != 0 {
		t.Errorf("reads made %d queries", asked)
	}
	if _, err := w.store.DeleteStation(t.Context(), atlastest.Author(), 1); err != nil {
		t.Fatal(err)
	}
	if queries.n.Load() == before {
		t.Error("the counter counts nothing")
	}
}

const newStation = `{"type":"Feature","geometry":{"type":"Point","coordinates":[91.0045,0]},
	"properties":{"code":%q,"name":{"zh":"新站"},"kind":"union_station"}}`

// create adds a station by HTTP.
func (w *whole) create(t *testing.T, code string) answer {
	t.Helper()
	return ask(t, w.Server, http.MethodPost, "/v1/stations", fmt.Sprintf(newStation, code), "Authorization", "Bearer "+token)
}

// holds tells whether the list of stations has a code.
func (w *whole) holds(t *testing.T, code string) bool {
	t.Helper()
	v := get(t, w.Server, "/v1/stations?q="+code).json(t)
	return at(v, "total") == 1.0
}

// TestReadsOutliveTheDatabase takes the database away in three ways while readers read. None of them may notice but by
// the age that answers tell; writes are refused with a time to try again; and what is written when it is back shows by
// itself.
func TestReadsOutliveTheDatabase(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	t.Run("", func(t *testing.T) { // so that all is cleaned up before leaks are looked for
		dir := clustertest.Folder(t)
		start := func() *cluster.Cluster {
			c, err := cluster.Start(t.Context(), cluster.Config{Dir: dir, Log: slog.New(slog.DiscardHandler),
				Settings: map[string]string{"fsync": "off"}})
			if errors.Is(err, cluster.ErrNoPostGIS) {
				t.Skip(err)
			}
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		stop := func(c *cluster.Cluster) {
			if err := c.Stop(context.Background()); err != nil {
				t.Error(err)
			}
		}
		database := start()
		t.Cleanup(func() { stop(database) })
		cfg, err := pgxpool.ParseConfig(database.ConnString())
		if err != nil {
			t.Fatal(err)
		}
		w := serveRecord(t, cfg, true, 2*time.Second)

		for _, away := range []struct {
			name  string
			leave func()
			back  func()
		}{
			{"stopped", func() { stop(database) }, func() { database = start() }},
			{"frozen", func() { signal(t, dir, syscall.SIGSTOP) }, func() { signal(t, dir, syscall.SIGCONT) }},
		} {
			t.Run(away.name, func(t *testing.T) {
				readers := w.readers(t)
				away.leave()
				until(t, "answers tell their age", func() bool { return get(t, w.Server, "/v1/stations").header.Get("Kora-As-Of") != "" })
				for _, path := range reads() {
					a := get(t, w.Server, path)
					asOf, err := time.Parse(time.RFC3339, a.header.Get("Kora-As-Of"))
					if a.status != http.StatusOK || a.header.Get("Kora-Snapshot") == "" || err != nil || time.Since(asOf) > time.Hour {
						t.Errorf("%s: %d %v", path, a.status, a.header)
					}
				}
				ready := get(t, w.Server, "/readyz").json(t)
				if at(ready, "reads") != "stale" || at(ready, "writes") != "down" || at(ready, "lag_seconds").(float64) < 2 {
					t.Errorf("readyz: %v", ready)
				}
				if about := get(t, w.Server, "/v1/about").json(t); at(about, "stale") != true || at(about, "heard_at") == nil {
					t.Errorf("about: %v", about)
				}
				refused := w.create(t, "refused-"+away.name)
				if refused.status != http.StatusServiceUnavailable || refused.header.Get("Retry-After") == "" ||
					refused.header.Get("Content-Type") != "application/problem+json" || at(refused.json(t), "reason") != "unavailable" {
					t.Errorf("a write: %d %v %s", refused.status, refused.header, refused.body)
				}
				away.back()
				until(t, "writes are taken again", func() bool { return w.create(t, "after-"+away.name).status != http.StatusServiceUnavailable })
				until(t, "what was written shows", func() bool { return w.holds(t, "after-"+away.name) })
				until(t, "all is well", func() bool {
					v, fresh := get(t, w.Server, "/readyz"), get(t, w.Server, "/v1/about")
					return at(v.json(t), "reads") == "ok" && at(v.json(t), "writes") == "ok" &&
						fresh.header.Get("Kora-As-Of") == "" && at(fresh.json(t), "stale") == false
				})
				readers()
			})
		}
		t.Run("killed", func(t *testing.T) {
			readers := w.readers(t)
			signal(t, dir, syscall.SIGKILL) // and the cluster starts it again
			until(t, "a write is taken", func() bool {
				a := w.create(t, "killed")
				if a.status == http.StatusServiceUnavailable && a.header.Get("Retry-After") == "" {
					t.Errorf("a refusal without Retry-After: %s", a.body)
				}
				return a.status == http.StatusCreated || a.status == http.StatusConflict
			})
			until(t, "what was written shows", func() bool { return w.holds(t, "killed") })
			readers()
		})
	})
}

// readers reads every address again and again until the function that it gives is called, and wants nothing but success.
func (w *whole) readers(t *testing.T) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var reading sync.WaitGroup
	var count atomic.Int64
	for _, path := range reads() {
		reading.Go(func() {
			for ctx.Err() == nil {
				req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL+path, nil)
				if err != nil {
					t.Error(err)
					return
				}
				res, err := w.Client().Do(req)
				if err != nil {
					t.Errorf("%s: %v", path, err)
					return
				}
				_, _ = io.Copy(io.Discard, res.Body)
				res.Body.Close()
				if res.StatusCode != http.StatusOK {
					t.Errorf("%s: %d", path, res.StatusCode)
					return
				}
				count.Add(1)
				select {
				case <-ctx.Done():
				case <-time.After(20 * time.Millisecond): // the machine is small
				}
			}
		})
	}
	return func() {
		cancel()
		reading.Wait()
		t.Logf("%d reads, all answered", count.Load())
	}
}

// signal sends a signal to the server of a private cluster and to its children.
func signal(t *testing.T, dir string, s syscall.Signal) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "pg", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(b), "\n")
	server, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	family := []int{server}
	for _, file := range stats {
		b, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		rest := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:])) // state, parent, …
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if err == nil && rest[1] == first {
			family = append(family, pid)
		}
	}
	for _, pid := range family {
		if err := syscall.Kill(pid, s); err != nil && !errors.Is(err, syscall.ESRCH) {
			t.Fatal(err)
		}
	}
}

// TestAnswersOfOneSnapshotAgree changes fifty parcels a second while readers take the list, its length and a tile. Answers
// that name the same snapshot must tell the same.
func TestAnswersOfOneSnapshotAgree(t *testing.T) {
	cfg, err := pgxpool.ParseConfig(clustertest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	w := serveRecord(t, cfg, true, time.Hour)
	pool, err := pgxpool.NewWithConfig(t.Context(), cfg.Copy())
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()

	const (
		parcels = 60
		changes = 200
		writers = 4
		every   = 80 * time.Millisecond // for each writer: 50 a second together
	)
	tile := maptile.At(orb.Point{94.36, 29.65}, 15)
	middle := tile.Center()
	// place gives the outline of parcel n: well inside the tile, or far from it.
	place := func(n int, inside bool) orb.MultiPolygon {
		p := orb.Point{middle[0] - 0.003 + float64(n%10)*0.0006, middle[1] - 0.002 + float64(n/10)*0.0006}
		if !inside {
			p[0] += 1
		}
		return orb.MultiPolygon{{{p, {p[0] + 0.0004, p[1]}, {p[0] + 0.0004, p[1] + 0.0004}, {p[0], p[1] + 0.0004}, p}}}
	}
	parcel := func(n int, inside bool) *kora.Parcel {
		return &kora.Parcel{Number: fmt.Sprintf("P-%03d", n), Name: kora.Name{ZH: "地块"}, Use: kora.LandUse{Code: "1001", Scheme: kora.Scheme2023},
			Status: kora.ParcelPromoted, Geometry: place(n, inside), Sample: true}
	}
	for n := range parcels {
		if _, _, err := w.store.ApplyParcels(t.Context(), atlastest.Author(), []*kora.Parcel{parcel(n, n%2 == 0)}, false); err != nil {
			t.Fatal(err)
		}
	}

	// change moves a parcel in or out, or takes it away, whichever comes next for it, and gives the transaction.
	change := func(n, round int) (uint64, error) {
		if next := (round + n) % 3; next < 2 {
			xid, _, err := w.store.ApplyParcels(t.Context(), atlastest.Author(), []*kora.Parcel{parcel(n, next == 1)}, false)
			return xid, err
		}
		var xid string
		err := pool.QueryRow(t.Context(), `WITH gone AS (DELETE FROM parcel WHERE number = $1) SELECT pg_current_xact_id()::text`,
			fmt.Sprintf("P-%03d", n)).Scan(&xid)
		if err != nil {
			return 0, err
		}
		return strconv.ParseUint(xid, 10, 64)
	}
	writing, done := context.WithCancel(t.Context())
	var all sync.WaitGroup
	var delays [writers][]time.Duration
	for i := range writers {
		all.Go(func() {
			tick := time.NewTicker(every)
			defer tick.Stop()
			for step := range changes / writers {
				<-tick.C
				n := step*writers + i // each writer has its own
				xid, err := change(n%parcels, n/parcels)
				if err != nil {
					t.Errorf("change: %v", err)
					return
				}
				committed := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
				if err := w.keeper.WaitFor(ctx, xid); err != nil {
					t.Errorf("transaction %d does not show: %v", xid, err)
				}
				cancel()
				delays[i] = append(delays[i], time.Since(committed))
			}
		})
	}
	go func() { all.Wait(); done() }()

	seen := newSnapshots()
	var reading sync.WaitGroup
	b := tile.Bound()
	box := fmt.Sprintf("bbox=%v,%v,%v,%v", b.Min[0], b.Min[1], b.Max[0], b.Max[1])
	address := fmt.Sprintf("/tiles/parcels/%d/%d/%d.mvt", tile.Z, tile.X, tile.Y)
	for range 2 {
		reading.Go(func() {
			tag := ""
			for writing.Err() == nil {
				list := get(t, w.Server, "/v1/parcels?limit=1000&"+box)
				seen.tell(t, "list", list.header.Get("Kora-Snapshot"), idsOfList(t, list))
				drawn := get(t, w.Server, address, "If-None-Match", tag)
				if drawn.status != http.StatusNotModified {
					tag = drawn.header.Get("ETag")
					seen.learn(tag, idsOfTile(t, drawn))
				}
				seen.tell(t, "tile", drawn.header.Get("Kora-Snapshot"), seen.tagged(tag))
				count := get(t, w.Server, "/v1/parcels?limit=1&"+box)
				seen.count(t, count.header.Get("Kora-Snapshot"), at(count.json(t), "total"))
			}
		})
	}
	reading.Wait()
	all.Wait()

	snapshots, agreed := seen.check(t)
	took := slices.Sorted(slices.Values(slices.Concat(delays[:]...)))
	t.Logf("%d changes; %d snapshots read, %d of them in more than one way; commit to visible: median %v, p99 %v", len(took), snapshots, agreed,
		took[len(took)/2].Round(time.Millisecond), took[len(took)*99/100].Round(time.Millisecond))
	if agreed < 10 {
		t.Errorf("only %d snapshots were read in more than one way: nothing is proved", agreed)
	}
	var want int
	if err := pool.QueryRow(t.Context(), `SELECT count(*) FROM parcel`).Scan(&want); err != nil {
		t.Fatal(err)
	}
	if got := at(get(t, w.Server, "/v1/parcels?limit=1").json(t), "total"); got != float64(want) {
		t.Errorf("in the end %v parcels are shown, the record has %d", got, want)
	}
}

// snapshots collects what answers tell of each snapshot.
type snapshots struct {
	mu     sync.Mutex
	told   map[string]map[string]string // by snapshot and kind of answer: ids
	counts map[string]int
	tags   map[string]string
}

func newSnapshots() *snapshots {
	return &snapshots{told: map[string]map[string]string{}, counts: map[string]int{}, tags: map[string]string{}}
}

func (s *snapshots) tell(t *testing.T, kind, snapshot, ids string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if snapshot == "" {
		t.Errorf("a %s without a snapshot", kind)
	}
	if s.told[snapshot] == nil {
		s.told[snapshot] = map[string]string{}
	}
	if before, was := s.told[snapshot][kind]; was && before != ids {
		t.Errorf("snapshot %s: the %s had %s and now has %s", snapshot, kind, before, ids)
	}
	s.told[snapshot][kind] = ids
}

func (s *snapshots) count(t *testing.T, snapshot string, total any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, _ := total.(float64)
	if before, was := s.counts[snapshot]; was && before != int(n) {
		t.Errorf("snapshot %s has %d parcels and %v", snapshot, before, n)
	}
	s.counts[snapshot] = int(n)
}

func (s *snapshots) learn(tag, ids string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tags[tag] = ids
}

func (s *snapshots) tagged(tag string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tags[tag]
}

func (s *snapshots) check(t *testing.T) (snapshots, agreed int) {
	for snapshot, told := range s.told {
		list, listed := told["list"]
		tile, drawn := told["tile"]
		total, counted := s.counts[snapshot]
		if listed && drawn && list != tile {
			t.Errorf("snapshot %s: the list has %s, the tile %s", snapshot, list, tile)
		}
		if one := max(list, tile); counted && len(strings.Fields(one)) != total {
			t.Errorf("snapshot %s: %d parcels are counted, %s are told", snapshot, total, one)
		}
		if listed && drawn {
			agreed++
		}
	}
	return len(s.told), agreed
}

func idsOfList(t *testing.T, a answer) string {
	v := a.json(t)
	var ids []int
	for _, f := range at(v, "features").([]any) {
		ids = append(ids, int(at(f, "id").(float64)))
	}
	if at(v, "total") != float64(len(ids)) {
		t.Errorf("a list of %d says that there are %v", len(ids), at(v, "total"))
	}
	slices.Sort(ids)
	return strings.Trim(fmt.Sprint(ids), "[]")
}

func idsOfTile(t *testing.T, a answer) string {
	var ids []int
	if a.status == http.StatusOK {
		layers, err := mvt.Unmarshal(a.body)
		if err != nil {
			t.Error(err)
		}
		for _, l := range layers {
			if l.Name != "parcels" { // labels hold the same ones
				continue
			}
			for _, f := range l.Features {
				ids = append(ids, int(f.ID.(float64)))
			}
		}
	}
	slices.Sort(ids)
	return strings.Trim(fmt.Sprint(ids), "[]")
}
