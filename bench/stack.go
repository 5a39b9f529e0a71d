package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/klauspost/compress/gzip"
	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"

	"kora"
	"kora/api"
	"kora/tiles/whole"
)

// A stack is Kora's service in this process, with other ways to a tile behind the same middleware.
type stack struct {
	address string
	floor   string // address of net/http without anything of ours
	handler http.Handler
	pool    *pgxpool.Pool // nil without PostGIS

	files string            // the file cache: z/x/y.mvt.gz
	bytes map[string][]byte // the same in memory, for the floor
	ends  []func()
}

// newStack serves the parcels of f, and keeps the tiles of list in files, as Kora compresses them.
func (b *bench) newStack(ctx context.Context, f *field, list []maptile.Tile) (s *stack, err error) {
	s = &stack{files: filepath.Join(b.dir, "tiles"), bytes: map[string][]byte{}}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	e := api.Echo(api.Config{Keeper: f.keeper, Record: f.record, StaffToken: "bench", Log: slog.New(slog.DiscardHandler), Version: "bench",
		Now: time.Now, Web: fstest.MapFS{}})
	s.handler = e
	e.GET("/bench/read/:z/:x/:y", s.readFile)
	e.GET("/bench/serve/:z/:x/:y", s.serveFile)
	if b.db != nil {
		if err := f.store(ctx, b.db.conn); err != nil {
			return nil, err
		}
		if s.pool, err = b.db.pool(ctx); err != nil {
			return nil, err
		}
		s.ends = append(s.ends, s.pool.Close)
		e.GET("/bench/asmvt/:z/:x/:y", s.query(asRecorded))
		e.GET("/bench/asmvt3857/:z/:x/:y", s.query(asServed))
		e.GET("/bench/filtered12/:z/:x/:y", s.query(strings.ReplaceAll(servedSQL(12), " WHERE g &&", filteredWhere()+" AND g &&")))
		e.GET("/bench/filtered14/:z/:x/:y", s.query(strings.NewReplacer(" WHERE g &&", filteredWhere()+" AND g &&",
			" WHERE middle &&", filteredWhere()+" AND middle &&").Replace(servedSQL(14))))
	}
	for address, h := range map[*string]http.Handler{&s.address: e, &s.floor: http.HandlerFunc(s.fromMemory)} {
		var stop func()
		if *address, stop, err = listen(h); err != nil {
			return nil, err
		}
		s.ends = append(s.ends, stop)
	}
	return s, s.keep(ctx, list)
}

func (s *stack) close() {
	for _, end := range s.ends {
		end()
	}
}

// listen serves h until stop.
func listen(h http.Handler) (address string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	srv := api.Server(h)
	go func() { _ = srv.Serve(whole.Listener(l)) }()
	return l.Addr().String(), func() { _ = srv.Close() }, nil
}

// keep writes the tiles into files.
func (s *stack) keep(ctx context.Context, list []maptile.Tile) error {
	for _, t := range list {
		at := fmt.Sprintf("/%d/%d/%d", t.Z, t.X, t.Y)
		packed, err := fetch(ctx, "http://"+s.address+"/tiles/parcels"+at+".mvt")
		if err != nil {
			return err
		}
		s.bytes[at] = packed
		path := filepath.Join(s.files, at+".mvt.gz")
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, packed, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// fetch gives a body as it is sent to whoever takes gzip.
func fetch(ctx context.Context, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Encoding", "gzip")
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", url, res.Status)
	}
	return body, err
}

// plainTile fetches a tile and unpacks it.
func plainTile(ctx context.Context, url string) ([]byte, error) {
	body, err := fetch(ctx, url)
	if err != nil || !bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		return body, err
	}
	return unpack(body)
}

// features is how many outlines a tile has.
func (s *stack) features(ctx context.Context, path string) (int, error) {
	tile, err := plainTile(ctx, "http://"+s.address+path)
	if err != nil {
		return 0, err
	}
	layers, err := mvt.Unmarshal(tile)
	if err != nil || len(layers) == 0 {
		return 0, err
	}
	return len(layers[0].Features), nil
}

func (s *stack) fromMemory(w http.ResponseWriter, r *http.Request) {
	tile := s.bytes[r.URL.Path]
	w.Header().Set("Content-Type", "application/vnd.mapbox-vector-tile")
	w.Header().Set("Content-Length", strconv.Itoa(len(tile)))
	_, _ = w.Write(tile)
}

func (s *stack) fileOf(c echo.Context) string {
	return filepath.Join(s.files, c.Param("z"), c.Param("x"), c.Param("y")+".mvt.gz")
}

func (s *stack) readFile(c echo.Context) error {
	tile, err := os.ReadFile(s.fileOf(c))
	if err != nil {
		return err
	}
	return blob(c, tile)
}

func (s *stack) serveFile(c echo.Context) error {
	h := c.Response().Header()
	h.Set("Content-Encoding", "gzip")
	h.Set("Content-Type", "application/vnd.mapbox-vector-tile")
	f, err := os.Open(s.fileOf(c))
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
}

// query answers with what a statement makes of a tile.
func (s *stack) query(sql string) echo.HandlerFunc {
	return func(c echo.Context) error {
		var at [3]int
		for i, name := range []string{"z", "x", "y"} {
			n, err := strconv.Atoi(c.Param(name))
			if err != nil {
				return err
			}
			at[i] = n
		}
		var tile []byte
		if err := s.pool.QueryRow(c.Request().Context(), sql, at[0], at[1], at[2]).Scan(&tile); err != nil {
			return err
		}
		var z bytes.Buffer
		w := gzip.NewWriter(&z)
		_, err := w.Write(tile)
		if err := errors.Join(err, w.Close()); err != nil {
			return err
		}
		return blob(c, z.Bytes())
	}
}

func blob(c echo.Context, packed []byte) error {
	h := c.Response().Header()
	h.Set("Content-Encoding", "gzip")
	h.Set("Content-Length", strconv.Itoa(len(packed)))
	return c.Blob(http.StatusOK, "application/vnd.mapbox-vector-tile", packed)
}

// nowhere is a ResponseWriter that keeps nothing but headers.
type nowhere struct{ header http.Header }

func (n *nowhere) Header() http.Header         { return n.header }
func (n *nowhere) WriteHeader(int)             {}
func (n *nowhere) Write(b []byte) (int, error) { return len(b), nil }

// asRecorded is asServed with shapes as the record has them.
var asRecorded = strings.NewReplacer("ST_AsMVTGeom(g,", "ST_AsMVTGeom(ST_Transform(geom, 3857),",
	"g && ST_TileEnvelope($1, $2, $3, margin => 256.0 / 4096)", "geom && ST_Transform(ST_TileEnvelope($1, $2, $3, margin => 256.0 / 4096), 4490)").Replace(asServed)

// filterStatuses are five of the sixteen states.
func filterStatuses() []kora.ParcelStatus { return kora.ParcelStatuses()[2:7] }

// filterQuery and filteredWhere are the same filter.
func filterQuery() string {
	query := "?use=09&use=10&area_min=31000&area_max=48000"
	for _, s := range filterStatuses() {
		query += "&status=" + string(s)
	}
	return query
}

func filteredWhere() string {
	var words []string
	for _, s := range filterStatuses() {
		words = append(words, "'"+string(s)+"'")
	}
	return " WHERE use IN (9, 10) AND area BETWEEN 31000 AND 48000 AND status_word IN (" + strings.Join(words, ", ") + ")"
}
