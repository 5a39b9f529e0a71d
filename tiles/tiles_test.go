package tiles_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"

	"kora/atlas"
	"kora/atlas/atlastest"
	"kora/tiles"
)

func server(t testing.TB) (http.Handler, *atlas.Keeper, *atlastest.Record) {
	t.Helper()
	r := atlastest.Town(t)
	keeper := atlastest.Open(t, r)
	e := echo.New()
	e.HTTPErrorHandler = func(err error, c echo.Context) { _ = c.String(http.StatusBadRequest, err.Error()) }
	tiles.NewServer(func(*http.Request) *atlas.Atlas { return keeper.Atlas() }).Register(e)
	return e, keeper, r
}

func get(h http.Handler, path string, headers ...string) *http.Response {
	req := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return w.Result()
}

func read(t testing.TB, res *http.Response) []byte {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func layer(t *testing.T, b []byte, name string) *mvt.Layer {
	t.Helper()
	layers, err := mvt.Unmarshal(b)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(layers, func(l *mvt.Layer) bool { return l.Name == name })
	if i < 0 {
		t.Fatalf("no layer %s", name)
	}
	return layers[i]
}

func at(lon, lat float64, z maptile.Zoom) maptile.Tile { return maptile.At(orb.Point{lon, lat}, z) }

func path(set string, t maptile.Tile) string {
	return strings.Join([]string{"/tiles", set, itoa(uint32(t.Z)), itoa(t.X), itoa(t.Y)}, "/") + ".mvt"
}

func itoa(n uint32) string { b, _ := json.Marshal(n); return string(b) }

func TestTilesHoldTheRecord(t *testing.T) {
	h, keeper, _ := server(t)
	tile := at(91.005, 0.0001, 13)

	stations := layer(t, read(t, get(h, path("stations", tile))), "stations")
	kinds := map[any]int{}
	for _, f := range stations.Features {
		kinds[f.Properties["kind"]]++
	}
	if kinds["union_station"] != 2 || kinds["oxygen_bar"] != 1 {
		t.Errorf("stations: %v", kinds)
	}

	// Every cell lies in one tile or several; together they hold each cell of the grid, by an id that JavaScript keeps.
	seen := map[uint64]bool{}
	for _, dx := range []int{-1, 0, 1} {
		for _, dy := range []int{-1, 0, 1} {
			near := maptile.New(uint32(int(tile.X)+dx), uint32(int(tile.Y)+dy), tile.Z)
			b := read(t, get(h, path("coverage", near)))
			if len(b) == 0 {
				continue
			}
			layers, err := mvt.Unmarshal(b)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range layers {
				if l.Name != "cells" {
					continue
				}
				for _, f := range l.Features {
					id := uint64(f.ID.(float64))
					if id >= 1<<53 {
						t.Errorf("id %d is not exact in JavaScript", id)
					}
					seen[id] = true
				}
			}
		}
	}
	for _, id := range keeper.Atlas().CellIDs() {
		if !seen[id] {
			t.Errorf("cell %d is on no tile", id)
		}
	}

	street := layer(t, read(t, get(h, path("basemap", at(91.005, 0.0001, 14)))), "roads")
	if street.Features[0].Properties["name_zh"] != "示例街" {
		t.Errorf("roads: %v", street.Features[0].Properties)
	}
	parcels := layer(t, read(t, get(h, path("parcels", at(94.3015, 29.6015, 14)))), "parcels")
	if parcels.Features[0].Properties["number"] != "LZ-1" || parcels.Features[0].Properties["use"] != "10" {
		t.Errorf("parcels: %v", parcels.Features[0].Properties)
	}
}

func TestEmptyTileIsNoContent(t *testing.T) {
	h, _, _ := server(t)
	for _, p := range []string{"/tiles/stations/14/0/0.mvt", "/tiles/coverage/3/1/1.mvt"} {
		if res := get(h, p); res.StatusCode != http.StatusNoContent {
			t.Errorf("%s: %d", p, res.StatusCode)
		}
	}
}

func TestTilesAreRevalidated(t *testing.T) {
	h, keeper, r := server(t)
	parcels, stations := path("parcels", at(94.3015, 29.6015, 14)), path("stations", at(91.005, 0.0001, 13))
	first, before := get(h, parcels), get(h, stations)
	tag := first.Header.Get("ETag")
	if tag == "" {
		t.Fatal("no ETag")
	}
	for _, match := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
		if res := get(h, parcels, "If-None-Match", match); res.StatusCode != http.StatusNotModified {
			t.Errorf("If-None-Match %s: %d", match, res.StatusCode)
		}
	}
	if res := get(h, parcels, "If-None-Match", `"other"`); res.StatusCode != http.StatusOK {
		t.Errorf("another tag: %d", res.StatusCode)
	}

	// A change of a station gives its tiles a new tag, and leaves the parcels theirs.
	s := *keeper.Atlas().Station(1)
	s.Kind = "oxygen_bar"
	xid, err := r.UpdateStation(t.Context(), atlastest.Author(), &s)
	if err != nil {
		t.Fatal(err)
	}
	if err := keeper.WaitFor(t.Context(), xid); err != nil {
		t.Fatal(err)
	}
	if got := get(h, stations).Header.Get("ETag"); got == before.Header.Get("ETag") {
		t.Error("the changed tile kept its tag")
	}
	if got := get(h, parcels).Header.Get("ETag"); got != tag {
		t.Errorf("an untouched tile has a new tag: %s, was %s", got, tag)
	}
}

func TestCompressedTilesHoldTheSame(t *testing.T) {
	h, _, _ := server(t)
	p := path("coverage", at(91.005, 0.0001, 13))
	plain := get(h, p)
	packed := get(h, p, "Accept-Encoding", "br;q=1, gzip;q=0.5")
	if packed.Header.Get("Content-Encoding") != "gzip" || plain.Header.Get("Content-Encoding") != "" ||
		packed.Header.Get("ETag") == plain.Header.Get("ETag") {
		t.Errorf("plain %v, packed %v", plain.Header, packed.Header)
	}
	z, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil || !bytes.Equal(b, read(t, plain)) {
		t.Errorf("they differ (%v)", err)
	}
	for _, none := range []string{"", "identity", "gzip;q=0", "br"} {
		if res := get(h, p, "Accept-Encoding", none); res.Header.Get("Content-Encoding") != "" {
			t.Errorf("Accept-Encoding %q got %s", none, res.Header.Get("Content-Encoding"))
		}
	}
}

// TestSameAtlasSameBytes: encoding must not depend on the order of maps, or tags would change without a change.
func TestSameAtlasSameBytes(t *testing.T) {
	_, keeper, _ := server(t)
	for _, l := range tiles.Layers() {
		for _, tile := range []maptile.Tile{at(91.005, 0.0001, 13), at(94.3015, 29.6015, 12)} {
			first, err := l.Encode(keeper.Atlas(), tile)
			if err != nil {
				t.Fatal(err)
			}
			for range 20 {
				if again, _ := l.Encode(keeper.Atlas(), tile); !bytes.Equal(again, first) {
					t.Fatalf("%s %v has other bytes when encoded again", l.Name, tile)
				}
			}
		}
	}
}

func TestDescriptions(t *testing.T) {
	h, _, _ := server(t)
	for _, l := range tiles.Layers() {
		var d struct {
			TileJSON     string `json:"tilejson"`
			Tiles        []string
			Attribution  string
			VectorLayers []struct {
				ID     string
				Fields map[string]string
			} `json:"vector_layers"`
		}
		if err := json.Unmarshal(read(t, get(h, "/tiles/"+l.Name+".json")), &d); err != nil {
			t.Fatal(err)
		}
		if d.TileJSON != "3.0.0" || len(d.VectorLayers) != len(l.Contents) || d.VectorLayers[0].Fields == nil ||
			d.Tiles[0] != "http://example.com/tiles/"+l.Name+"/{z}/{x}/{y}.mvt" {
			t.Errorf("%s: %+v", l.Name, d)
		}
		if l.Name == "basemap" && d.Attribution != "© nobody" {
			t.Errorf("basemap is attributed to %q", d.Attribution)
		}
	}
}

func TestManyReadersAtOnce(t *testing.T) {
	h, _, _ := server(t)
	p := path("coverage", at(91.005, 0.0001, 13))
	var readers sync.WaitGroup
	for range 50 {
		readers.Go(func() {
			if res := get(h, p); res.StatusCode != http.StatusOK {
				t.Errorf("%d", res.StatusCode)
			}
		})
	}
	readers.Wait()
}

// FuzzPath: whatever stands in the path, the answer is a tile, nothing, or a refusal.
func FuzzPath(f *testing.F) {
	h, _, _ := server(f)
	for _, p := range []string{"stations/1/0/0.mvt", "coverage/13/6166/4095.mvt", "parcels/-1/0/0.mvt", "basemap/9e9/0/0.mvt", "stations/1/0/0", "//..", "stations.json"} {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, p string) {
		req := &http.Request{Method: http.MethodGet, Header: http.Header{}, Host: "example.com", ProtoMajor: 1, ProtoMinor: 1}
		req.URL = httptest.NewRequest(http.MethodGet, "/", nil).URL
		req.URL.Path = "/tiles/" + p
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		switch w.Code {
		case http.StatusOK, http.StatusNoContent, http.StatusBadRequest, http.StatusNotFound, http.StatusMovedPermanently:
		default:
			t.Errorf("%q: %d", p, w.Code)
		}
	})
}
