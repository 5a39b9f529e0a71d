package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	_ "embed"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"kora/geo/network"
	"kora/importers"
	"kora/store/cluster"
)

//go:embed scipy_run.py
var scipyScript string

//go:embed pandana_run.py
var pandanaScript string

// A result is what a rival took, in seconds by work, and how many of its answers differ from Kora's.
type result struct {
	who     string
	Seconds map[string]float64 `json:"seconds"`
	Wrong   int                `json:"wrong"`
	PeakMB  float64            `json:"peak_mb"`
	Version string             `json:"version"`
	Remark  string             `json:"remark"`
}

// export writes a graph as flat files of 32-bit numbers: from, to, ticks (one arc each, the shortest of parallel ones is
// the reader's to choose), the same of the straight pieces between bends, stations, and the ticks that Kora found at every
// node (-1: none).
func (b *bench) export(g *graph, whole *network.Field) error {
	var from, to, ticks []int32
	for e := range int32(g.n.Edges()) {
		i := g.n.Edge(e)
		if !math.IsInf(i.Forward, 1) {
			from, to, ticks = append(from, i.From), append(to, i.To), append(ticks, int32(math.Round(i.Forward*10)))
		}
		if !math.IsInf(i.Backward, 1) {
			from, to, ticks = append(from, i.To), append(to, i.From), append(ticks, int32(math.Round(i.Backward*10)))
		}
	}
	var pieceFrom, pieceTo []int32
	var pieceTicks []float32
	number := map[int32]int32{} // bends after the nodes, in the order of their first mention
	numbered := func(v int32) int32 {
		if int(v) < g.n.Nodes() {
			return v
		}
		if _, ok := number[v]; !ok {
			number[v] = int32(g.n.Nodes() + len(number))
		}
		return number[v]
	}
	g.n.EachPiece(func(_ int32, _, _ orb.Point, p network.Edge) {
		a, b := numbered(p.From), numbered(p.To)
		for _, way := range [2]struct {
			from, to int32
			seconds  float32
		}{{a, b, p.Forward}, {b, a, p.Backward}} {
			if !math.IsInf(float64(way.seconds), 1) {
				pieceFrom, pieceTo, pieceTicks = append(pieceFrom, way.from), append(pieceTo, way.to), append(pieceTicks, way.seconds*10)
			}
		}
	})
	want, xy := make([]int32, g.n.Nodes()), make([]int32, 0, 2*g.n.Nodes())
	for v := range want {
		want[v] = -1
		if s, _, ok := whole.At(int32(v), 0); ok {
			want[v] = int32(math.Round(s * 10))
		}
		p := g.n.Node(int32(v))
		xy = append(xy, int32(p[0]*1e6), int32(p[1]*1e6))
	}
	for name, list := range map[string]any{"from": from, "to": to, "ticks": ticks, "stations": g.nodes[:stations], "want": want, "xy": xy,
		"piece_from": pieceFrom, "piece_to": pieceTo, "piece_ticks": pieceTicks} {
		var buf bytes.Buffer
		if err := binary.Write(&buf, binary.LittleEndian, list); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(b.dir, name+".bin"), buf.Bytes(), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// script runs a Python script in the folder of the exported graph; it prints its result as JSON.
func (b *bench) script(ctx context.Context, who, python, script string) (result, error) {
	say("%s", who)
	res := result{who: who}
	cmd := exec.CommandContext(ctx, python, "-c", script)
	cmd.Dir, cmd.Stderr = b.dir, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return res, err
	}
	if begin := bytes.IndexByte(out, '{'); begin > 0 { // some talk before they answer
		out = out[begin:]
	}
	if err := json.Unmarshal(out, &res); err != nil {
		return res, fmt.Errorf("%w: %s", err, out)
	}
	if res.Wrong > 0 {
		return res, fmt.Errorf("%d answers differ from Kora's", res.Wrong)
	}
	return res, nil
}

func (b *bench) scipy(ctx context.Context, _ *graph) (result, error) {
	const python = "/usr/bin/python3" // Debian's, which its python3-scipy belongs to
	if exec.CommandContext(ctx, python, "-c", "import scipy").Run() != nil {
		b.miss("SciPy: install python3-scipy")
		return result{}, nil
	}
	return b.script(ctx, "SciPy", python, scipyScript)
}

// scipyBends is SciPy on the network as it is drawn, every bend a node: what it is given by whoever does not contract.
func (b *bench) scipyBends(ctx context.Context, _ *graph) (result, error) {
	const python = "/usr/bin/python3"
	if exec.CommandContext(ctx, python, "-c", "import scipy").Run() != nil {
		return result{}, nil // told already
	}
	return b.script(ctx, "SciPy, every bend a node", python, "BENDS = True\n"+scipyScript)
}

func (b *bench) pandanaRun(ctx context.Context, g *graph) (result, error) {
	switch {
	case b.pandana == "":
		b.miss("pandana on %s: no Python with pandana was named (PANDANA=…)", g.name)
		return result{}, nil
	case g.n.Nodes() > 100_000: // walking at one speed has no hierarchy to find
		b.miss("pandana on %s: its contraction hierarchy of %d nodes was not ready after ten minutes", g.name, g.n.Nodes())
		return result{}, nil
	}
	return b.script(ctx, "pandana", b.pandana, pandanaScript)
}

// A database is a private PostGIS for the time of the run.
type database struct {
	dir     string
	cluster *cluster.Cluster
	conn    *pgx.Conn
	version string
	pid     int // of PostgreSQL's first process, whose children work for us
}

// openDatabase starts a database with an extension more, whose version it tells.
func openDatabase(ctx context.Context, extension string) (*database, error) {
	d := &database{}
	var err error
	if d.dir, err = os.MkdirTemp("", "kora-bench-db-*"); err != nil {
		return nil, err
	}
	if err := os.Chmod(d.dir, 0o755); err != nil { // the server runs as another user when this is root
		return nil, err
	}
	d.cluster, err = cluster.Start(ctx, cluster.Config{Dir: filepath.Join(d.dir, "data"), Log: slog.New(slog.DiscardHandler),
		Settings: map[string]string{"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "work_mem": "256MB",
			"autovacuum": "off", "jit": "off", "max_parallel_workers_per_gather": "0"}})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(d.dir))
	}
	cfg, err := pgx.ParseConfig(d.cluster.ConnString())
	if err == nil {
		cfg.User = "postgres"
		d.conn, err = pgx.ConnectConfig(ctx, cfg)
	}
	if err == nil {
		_, err = d.conn.Exec(ctx, "CREATE EXTENSION IF NOT EXISTS "+extension)
	}
	if err == nil {
		err = d.conn.QueryRow(ctx, "SELECT extversion FROM pg_extension WHERE extname = $1", extension).Scan(&d.version)
	}
	var backend int
	if err == nil {
		err = d.conn.QueryRow(ctx, "SELECT pg_backend_pid()").Scan(&backend)
	}
	if err == nil {
		var p process
		p, err = processOf(backend)
		d.pid = p.parent
	}
	if err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

// pool gives up to eight connections.
func (d *database) pool(ctx context.Context) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(d.cluster.ConnString())
	if err != nil {
		return nil, err
	}
	cfg.ConnConfig.User, cfg.MaxConns = "postgres", 8
	return pgxpool.NewWithConfig(ctx, cfg)
}

func (d *database) close() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if d.conn != nil {
		_ = d.conn.Close(ctx)
	}
	_ = d.cluster.Stop(ctx)
	_ = os.RemoveAll(d.dir)
}

func (b *bench) pgRouting(ctx context.Context, g *graph) (result, error) {
	if b.db == nil {
		return result{}, nil
	}
	say("pgRouting")
	res := result{who: "pgRouting", Seconds: map[string]float64{}, Version: b.db.version}
	conn := b.db.conn
	if _, err := conn.Exec(ctx, "DROP TABLE IF EXISTS arcs; CREATE TABLE arcs (id bigint PRIMARY KEY, source bigint, target bigint, cost float8, reverse_cost float8)"); err != nil {
		return res, err
	}
	ticks := func(seconds float64) float64 {
		if math.IsInf(seconds, 1) {
			return -1
		}
		return math.Round(seconds * 10)
	}
	rows := pgx.CopyFromSlice(g.n.Edges(), func(i int) ([]any, error) {
		e := g.n.Edge(int32(i))
		return []any{int64(i), int64(e.From), int64(e.To), ticks(e.Backward), ticks(e.Forward)}, nil // turned: towards the stations
	})
	if _, err := conn.CopyFrom(ctx, pgx.Identifier{"arcs"}, []string{"id", "source", "target", "cost", "reverse_cost"}, rows); err != nil {
		return res, err
	}
	if _, err := conn.Exec(ctx, "ANALYZE arcs"); err != nil {
		return res, err
	}
	starts := make([]int64, stations)
	for i, v := range g.nodes[:stations] {
		starts[i] = int64(v)
	}
	ask := func(work string, starts []int64, limit float64, check bool) error {
		var best time.Duration
		for range 2 { // the quicker one: the first may read from disk
			begin := time.Now()
			found, err := conn.Query(ctx, "SELECT node, agg_cost FROM pgr_drivingDistance('SELECT * FROM arcs', $1::bigint[], $2::float8, equicost => true)", starts, limit)
			if err != nil {
				return err
			}
			want := map[int64]float64{}
			var node int64
			var cost float64
			if _, err := pgx.ForEachRow(found, []any{&node, &cost}, func() error {
				if known, ok := want[node]; !ok || cost < known {
					want[node] = cost
				}
				return nil
			}); err != nil {
				return err
			}
			if took := time.Since(begin); best == 0 || took < best {
				best = took
			}
			if check {
				f, err := g.n.Field(ctx, g.places[:stations], network.Options{MaxSeconds: limit / 10})
				if err != nil {
					return err
				}
				res.Wrong = 0
				for v := range int64(g.n.Nodes()) {
					s, _, ok := f.At(int32(v), 0)
					if w, is := want[v]; ok != is || ok && math.Round(s*10) != w {
						res.Wrong++
					}
				}
				res.Remark = fmt.Sprintf("with several starts (equicost) it gave a longer time than the shortest at %d of %d nodes, where SciPy agrees with Kora", res.Wrong, g.n.Nodes())
			}
		}
		res.Seconds[work] = best.Seconds()
		return nil
	}
	return res, errors.Join(ask("full", starts, 1e9, true), ask("quarter", starts, quarterSec*10, false), ask("one", starts[:1], quarterSec*10, false))
}

// imports times the way from a file to networks that are ready.
func (b *bench) imports(ctx context.Context) error {
	path := filepath.Join(b.data, "osm", "andorra.osm.pbf")
	file, err := os.ReadFile(path)
	if err != nil {
		return nil // told already
	}
	say("Andorra from the file")
	var failed error
	read := func(o importers.NetworkOptions) figure {
		return timed(func(int) {
			made, _, err := importers.Network(ctx, "andorra", bytes.NewReader(file), o)
			for _, saved := range made.Streets {
				_, again := network.Unmarshal(saved)
				err = errors.Join(err, again)
			}
			failed = errors.Join(failed, err)
		})
	}
	flat := row{work: "from PBF to four ready networks and the basemap, level ground", kora: read(importers.NetworkOptions{})}
	sloped := row{work: "the same with slopes from SRTM", kora: read(importers.NetworkOptions{DEM: os.DirFS(filepath.Join(b.data, "elevation"))})}
	if failed != nil {
		return failed
	}
	if b.db != nil {
		one, three, err := b.osm2pgrouting(ctx, path)
		if err != nil {
			b.miss("osm2pgrouting: %v", err)
		} else {
			for _, r := range []*row{&flat, &sloped} {
				r.add(one, "import")
				r.add(three, "import")
			}
		}
	}
	b.tables = append(b.tables, table{title: "andorra.osm.pbf, from the file", rows: []row{flat, sloped}})
	return nil
}

// osm2pgrouting makes one network a run: with the streets that it takes when nothing is said, and, to have what Kora makes of one
// file, one for each way of getting about that it has a configuration for.
func (b *bench) osm2pgrouting(ctx context.Context, path string) (one, three result, err error) {
	xml := filepath.Join(b.dir, "andorra.osm")
	begin := time.Now()
	if out, err := exec.CommandContext(ctx, "osmium", "cat", "--overwrite", "-o", xml, path).CombinedOutput(); err != nil {
		return one, three, fmt.Errorf("osmium: %w: %s", err, out)
	}
	remark := fmt.Sprintf("it reads XML: making it took %.1f s more, which is not counted; networks have no slopes", time.Since(begin).Seconds())
	cfg, err := pgx.ParseConfig(b.db.cluster.ConnString())
	if err != nil {
		return one, three, err
	}
	// The configuration for walking ends with a comment that is no XML, so what follows the last element is left off.
	copied := func(name string) (string, error) {
		raw, err := os.ReadFile(filepath.Join("/usr/share/osm2pgrouting", name))
		text, _, _ := strings.Cut(string(raw), "</configuration>")
		path := filepath.Join(b.dir, name)
		return path, errors.Join(err, os.WriteFile(path, []byte(text+"</configuration>\n"), 0o600))
	}
	run := func(configs ...string) (r result, err error) {
		begin := time.Now()
		for _, c := range configs {
			config, err := copied(c)
			if err != nil {
				return r, err
			}
			cmd := exec.CommandContext(ctx, "osm2pgrouting", "-f", xml, "-d", cfg.Database, "-U", "postgres", "-h", cfg.Host,
				"-p", fmt.Sprint(cfg.Port), "--clean", "-c", config)
			if out, err := cmd.CombinedOutput(); err != nil {
				return r, fmt.Errorf("%w: %s", err, lastLines(string(out)))
			}
			if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
				r.PeakMB = max(r.PeakMB, float64(u.Maxrss)/1000)
			}
		}
		r.Seconds = map[string]float64{"import": time.Since(begin).Seconds()}
		return r, nil
	}
	if one, err = run("mapconfig.xml"); err != nil {
		return one, three, err
	}
	three, err = run("mapconfig_for_pedestrian.xml", "mapconfig_for_bicycles.xml", "mapconfig_for_cars.xml")
	one.who, three.who = "osm2pgrouting, one network", "osm2pgrouting, on foot, by bicycle and by car"
	one.Remark, three.Remark = remark, "three runs"
	return one, three, err
}

func lastLines(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[max(0, len(lines)-4):], " / ")
}
