package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	_ "embed"

	"github.com/klauspost/compress/gzip"
	"github.com/paulmach/orb/maptile"

	"kora/exporters"
)

// Other tile servers, by the versions that are measured. They are installed from their registries when the map is first
// measured, and never become a part of Kora.
const (
	pmtilesModule = "github.com/protomaps/go-pmtiles@v1.28.0"
	tegolaModule  = "github.com/go-spatial/tegola@v0.21.2"
	glPackage     = "tileserver-gl-light@5.6.0"
)

//go:embed mbtiles_make.py
var mbtilesScript string

// inputs are what other servers serve: the tiles of f as archives, and its rows in the database.
type inputs struct {
	pmtiles, mbtiles string
	postgres         string // its address
}

// startServers starts the other tile servers that there are, on the loopback. Those that do not answer with the same tiles
// are told and left out.
func (b *bench) startServers(ctx context.Context, f *field, files string, list []maptile.Tile) (all []*server, stop func(), err error) {
	var started []*exec.Cmd
	stop = func() {
		for _, c := range started {
			_ = c.Process.Kill()
			_ = c.Wait()
		}
	}
	in := inputs{pmtiles: filepath.Join(b.dir, "archives", "land.pmtiles")}
	if err := os.MkdirAll(filepath.Dir(in.pmtiles), 0o700); err != nil {
		return nil, stop, err
	}
	if _, err := exporters.Tiles(ctx, f.atlas, f.layer, in.pmtiles, false, exporters.TileOptions{MaxZoom: 22, Generator: "bench"}); err != nil {
		return nil, stop, err
	}
	in.mbtiles = filepath.Join(b.dir, "archives", "land.mbtiles")
	if out, err := exec.CommandContext(ctx, "python3", "-c", mbtilesScript, files, in.mbtiles).CombinedOutput(); err != nil {
		return nil, stop, fmt.Errorf("make MBTiles: %w: %s", err, lastLines(string(out)))
	}
	if b.db != nil {
		cfg := b.db.conn.Config()
		in.postgres = fmt.Sprintf("postgres://postgres:none@localhost:5432/%s?host=%s&port=%d&sslmode=disable", cfg.Database, cfg.Host, cfg.Port) // the latter hold
	}
	for _, o := range b.others(in) {
		say("starting %s", o.name)
		cmd, s, err := b.start(ctx, o, list[0])
		if cmd != nil {
			started = append(started, cmd)
		}
		if err == nil {
			err = s.sameTiles(ctx, list, files, o.exactly)
		}
		if err != nil {
			b.miss("%s: %v", o.name, err)
			continue
		}
		all = append(all, s)
	}
	return all, stop, nil
}

// An other is a tile server of somebody else.
type other struct {
	name, about string
	needs       string   // the program
	args        []string // {port} is the port to listen on, {config} the file of config
	config      string
	path        string // of a tile
	exactly     bool   // serves our own tiles, byte by byte
	count       int
}

// others are what there is to compare with.
func (b *bench) others(in inputs) []other {
	var all []other
	add := func(o other, program string, err error) {
		if err != nil {
			b.miss("%s: %v", o.name, err)
			return
		}
		o.needs = program
		all = append(all, o)
	}
	program, err := b.goProgram(pmtilesModule, "")
	add(other{name: "go-pmtiles", about: "version 1.28.0, PMTiles that Kora exported", exactly: true, count: 10000, path: "/land/%d/%d/%d.mvt",
		args: []string{"serve", filepath.Dir(in.pmtiles), "--interface", "127.0.0.1", "--port", "{port}"}}, program, err)

	script, err := b.npmProgram(glPackage, "tileserver-gl-light/src/main.js")
	for _, c := range []struct{ kind, file string }{{"mbtiles", in.mbtiles}, {"pmtiles", in.pmtiles}} {
		add(other{name: "tileserver-gl-light, " + c.kind, about: "version 5.6.0, Kora's tiles", exactly: true, count: 2000, path: "/data/land/%d/%d/%d.pbf",
			config: fmt.Sprintf(`{"options": {"paths": {"%s": "%s"}}, "data": {"land": {"%s": "%s"}}}`, c.kind, filepath.Dir(c.file), c.kind, filepath.Base(c.file)),
			args:   []string{script, "-c", "{config}", "-b", "127.0.0.1", "-p", "{port}", "--silent"}}, "node", err)
	}

	program, err = b.goProgram(tegolaModule, "/cmd/tegola")
	if in.postgres == "" {
		err = errors.New("there is no PostGIS")
	}
	tegola := func(cache string) string { return fmt.Sprintf(tegolaConfig, cache, in.postgres) }
	args := []string{"serve", "--config", "{config}", "--log-level", "ERROR"}
	add(other{name: "tegola, PostGIS", about: "version 0.21.2, no cache, its provider with ST_AsMVT on shapes in Web Mercator", count: 500, path: "/maps/land/%d/%d/%d.pbf", config: tegola(""), args: args}, program, err)
	add(other{name: "tegola, warm file cache", about: "version 0.21.2", count: 10000, path: "/maps/land/%d/%d/%d.pbf",
		config: tegola(fmt.Sprintf("[cache]\ntype = \"file\"\nbasepath = %q\n", filepath.Join(b.dir, "tegola"))), args: args}, program, err)

	switch {
	case b.martin == "":
		b.miss("martin: none was named (MARTIN=/path/to/martin); building it from crates.io takes half an hour on two processors")
	default:
		about := "version unknown"
		if v, err := exec.Command(b.martin, "--version").Output(); err == nil {
			about = strings.TrimSpace(string(v))
		}
		all = append(all, other{name: "martin, pmtiles", needs: b.martin, about: about + ", PMTiles that Kora exported, its own cache as it comes", exactly: true, count: 10000,
			path: "/land/%d/%d/%d", args: []string{"--listen-addresses", "127.0.0.1:{port}", in.pmtiles}})
		if in.postgres != "" {
			all = append(all, other{name: "martin, PostGIS", needs: b.martin, about: about + ", its cache off, shapes in Web Mercator", count: 500,
				path: "/parcels,labels/%d/%d/%d", config: fmt.Sprintf(martinConfig, in.postgres), args: []string{"--listen-addresses", "127.0.0.1:{port}", "--config", "{config}"}})
		}
	}
	b.miss("pg_tileserv: the Go module proxy gives no version of it; the same stack with ST_AsMVT does what it does")
	return all
}

const tegolaConfig = `
[webserver]
port = "127.0.0.1:{port}"
%s
[[providers]]
name = "land"
type = "mvt_postgis"
uri = "%s"
srid = 3857
max_connections = 8
[[providers.layers]]
name = "parcels"
geometry_fieldname = "geom"
geometry_type = "multipolygon"
id_fieldname = "id"
sql = "SELECT id, number, use, status, area_m2, sample, ST_AsMVTGeom(g, !BBOX!) AS geom FROM land WHERE g && !BBOX!"
[[providers.layers]]
name = "labels"
geometry_fieldname = "geom"
geometry_type = "point"
id_fieldname = "id"
sql = "SELECT id, number, use, status, area_m2, sample, name_zh, ST_AsMVTGeom(middle, !BBOX!) AS geom FROM land WHERE middle && !BBOX!"
[[maps]]
name = "land"
[[maps.layers]]
provider_layer = "land.parcels"
min_zoom = 10
max_zoom = 15
[[maps.layers]]
provider_layer = "land.labels"
min_zoom = 13
max_zoom = 15
`

const martinConfig = `
cache_size_mb: 0
worker_processes: 2
postgres:
  connection_string: %q
  pool_size: 8
  auto_publish: false
  tables:
    parcels: {schema: public, table: land, layer_id: parcels, srid: 3857, geometry_column: g, id_column: id, extent: 4096, buffer: 256, clip_geom: true,
      properties: {number: text, use: int8, status: int8, area_m2: int8, sample: bool}}
    labels: {schema: public, table: land, layer_id: labels, srid: 3857, geometry_column: middle, id_column: id, extent: 4096, buffer: 256, clip_geom: true,
      properties: {number: text, use: int8, status: int8, area_m2: int8, sample: bool, name_zh: text}}
`

// goProgram gives a program of another Go module, built outside of ours.
func (b *bench) goProgram(module, dir string) (program string, err error) {
	path, version, _ := strings.Cut(module, "@")
	program = filepath.Join(b.servers, strings.ReplaceAll(filepath.Base(path), "go-", "")+"-"+version)
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	say("building %s", module)
	work := filepath.Join(b.dir, "build", filepath.Base(path))
	if err := os.MkdirAll(work, 0o700); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(work, "go.mod"), []byte("module rival\n\ngo 1.26\n\nrequire "+path+" "+version+"\n"), 0o600); err != nil {
		return "", err
	}
	return program, install(exec.Command("go", "build", "-mod=mod", "-o", program, path+dir), work)
}

// npmProgram gives a script of an npm package.
func (b *bench) npmProgram(pkg, script string) (path string, err error) {
	path = filepath.Join(b.servers, "npm", "node_modules", script)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	say("installing %s", pkg)
	return path, install(exec.Command("npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", filepath.Join(b.servers, "npm"), pkg), b.dir)
}

// install runs a command that installs something, for ten minutes at most.
func install(cmd *exec.Cmd, dir string) error {
	cmd.Dir = dir
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		return err
	}
	late := time.AfterFunc(10*time.Minute, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("%s: %w: %s", cmd.Path, err, lastLines(out.String()))
	}
	return nil
}

// start starts a server and waits until it answers.
func (b *bench) start(ctx context.Context, o other, t maptile.Tile) (*exec.Cmd, *server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		return nil, nil, err
	}
	_, port, _ := strings.Cut(address, ":")
	config := filepath.Join(b.dir, "config-"+port)
	if err := os.WriteFile(config, []byte(strings.ReplaceAll(o.config, "{port}", port)), 0o600); err != nil {
		return nil, nil, err
	}
	var args []string
	for _, a := range o.args {
		args = append(args, strings.NewReplacer("{port}", port, "{config}", config).Replace(a))
	}
	log, err := os.Create(filepath.Join(b.dir, "log-"+port))
	if err != nil {
		return nil, nil, err
	}
	defer log.Close()
	cmd := exec.CommandContext(ctx, o.needs, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = b.dir, log, log
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	s := &server{name: o.name, about: o.about, address: address, path: pathOf(o.path), headers: []string{gzipped}, count: o.count, pid: cmd.Process.Pid}
	for began := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		_, err := fetch(ctx, "http://"+address+s.path(t))
		if err == nil {
			return cmd, s, nil
		}
		if time.Since(began) > 20*time.Second || ctx.Err() != nil {
			return cmd, nil, fmt.Errorf("gives no tile: %w; %s", err, lastLines(tail(log.Name())))
		}
	}
}

// sameTiles holds what a server answers against Kora's tiles.
func (s *server) sameTiles(ctx context.Context, list []maptile.Tile, files string, exactly bool) error {
	all, one := 0, 0
	for _, t := range list {
		packed, err := os.ReadFile(filepath.Join(files, strconv.Itoa(int(t.Z)), strconv.Itoa(int(t.X)), strconv.Itoa(int(t.Y))+".mvt.gz"))
		if err != nil {
			return err
		}
		ours, err := unpack(packed)
		if err != nil {
			return err
		}
		theirs, err := plainTile(ctx, "http://"+s.address+s.path(t))
		if err != nil {
			return err
		}
		if exactly {
			if !bytes.Equal(ours, theirs) {
				return fmt.Errorf("gives other bytes for %d/%d/%d", t.Z, t.X, t.Y)
			}
			continue
		}
		drawn, differ, err := differing(ours, theirs)
		if err != nil {
			return err
		}
		all, one = all+drawn, one+differ
	}
	if !exactly {
		s.about += fmt.Sprintf("; draws the same parcels but for %.2g %%", 100*float64(one)/float64(all))
	}
	return nil
}

func tail(path string) string {
	b, _ := os.ReadFile(path)
	return string(b)
}

// unpack undoes gzip.
func unpack(b []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	_, err = out.ReadFrom(z)
	return out.Bytes(), err
}
