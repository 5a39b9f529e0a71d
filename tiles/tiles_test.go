package tiles_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
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
	return handler(tiles.NewServer(func(*http.Request) *atlas.Atlas { return keeper.Atlas() })), keeper, r
}

func handler(s *tiles.Server) http.Handler {
	e := echo.New()
	e.HTTPErrorHandler = func(err error, c echo.Context) { _ = c.String(http.StatusBadRequest, err.Error()) }
	s.Register(e)
	return e
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

func layer(t testing.TB, b []byte, name string) *mvt.Layer {
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
	for _, id := range keeper.Atlas().CellIDs(false) {
		if !seen[id] {
			t.Errorf("cell %d is on no tile", id)
		}
	}

	street := layer(t, read(t, get(h, path("basemap", at(91.005, 0.0001, 14)))), "roads")
	if street.Features[0].Properties["name_zh"] != "示例街" {
		t.Errorf("roads: %v", street.Features[0].Properties)
	}
	parcels := layer(t, read(t, get(h, path("parcels", at(94.3015, 29.6015, 14)))), "parcels")
	if parcels.Features[0].Properties["number"] != "LZ-1" || parcels.Features[0].Properties["use"] != 10.0 {
		t.Errorf("parcels: %v", parcels.Features[0].Properties)
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
