package api_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"testing/fstest"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"kora/api"
	"kora/atlas/atlastest"
	"kora/bench/land"
)

// nowhere is a ResponseWriter that keeps nothing but headers.
type nowhere struct{ header http.Header }

func (n *nowhere) Header() http.Header         { return n.header }
func (n *nowhere) WriteHeader(int)             {}
func (n *nowhere) Write(b []byte) (int, error) { return len(b), nil }

// BenchmarkTileHandler is what Kora's part of a tile takes, without net/http: a warm one, and those of some of the parcels, which
// are made anew each time. It is for profiles; `make bench` compares.
func BenchmarkTileHandler(b *testing.B) {
	town := atlastest.Town(b)
	for _, p := range land.Parcels(100_000) {
		town.Parcels[p.ID] = p
	}
	h := api.New(api.Config{Keeper: atlastest.Open(b, town), Record: town, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return noon }, Web: fstest.MapFS{}})
	const filter = "?use=09&use=10&area_min=31000&area_max=48000&status=ready&status=promoted&status=announced&status=bidding&status=result_notice"
	for _, c := range []struct {
		name  string
		zoom  maptile.Zoom
		query string
	}{{"warm", 14, ""}, {"filtered, zoom 14", 14, filter}, {"filtered, zoom 12", 12, filter}} {
		b.Run(c.name, func(b *testing.B) {
			at := maptile.At(orb.Point{land.West + 0.3, land.South + 0.3}, c.zoom)
			var all []*http.Request
			for i := range uint32(36) {
				path := fmt.Sprintf("/tiles/parcels/%d/%d/%d.mvt%s", at.Z, at.X-3+i%6, at.Y-3+i/6, c.query)
				req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, path, http.NoBody)
				if err != nil {
					b.Fatal(err)
				}
				req.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
				all = append(all, req)
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				h.ServeHTTP(&nowhere{http.Header{}}, all[i%len(all)])
			}
		})
	}
}

// BenchmarkPages is what pages of 100 parcels take, one after the other, of more parcels than are kept written.
func BenchmarkPages(b *testing.B) {
	town := atlastest.Town(b)
	for _, p := range land.Parcels(100_000) {
		town.Parcels[p.ID] = p
	}
	h := api.New(api.Config{Keeper: atlastest.Open(b, town), Record: town, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return noon }, Web: fstest.MapFS{}})
	var all []*http.Request
	for next, page := "", 0; page < 400; page++ {
		path := "/v1/parcels?limit=100&facets=false"
		if next != "" {
			path += "&cursor=" + url.QueryEscape(next)
		}
		req := httptest.NewRequestWithContext(b.Context(), http.MethodGet, path, http.NoBody)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		var answer struct{ Next string }
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			b.Fatal(err)
		}
		next, all = answer.Next, append(all, req)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		h.ServeHTTP(&nowhere{http.Header{}}, all[i%len(all)])
	}
}
