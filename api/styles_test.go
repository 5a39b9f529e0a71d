package api_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kora/api"
	"kora/atlas/atlastest"
	"kora/tiles/raster"
	"kora/tiles/style"
	"kora/web"
)

// drawn is a service with styles, over pictures that upstream gives, and what it logs.
func drawn(t *testing.T, upstream http.HandlerFunc) (*httptest.Server, *bytes.Buffer) {
	t.Helper()
	other := httptest.NewServer(upstream)
	t.Cleanup(other.Close)
	pictures, err := raster.New(raster.Config{URL: other.URL + "/{z}/{x}/{y}?tk={key}", Key: "s3cret", Attribution: "天地图"})
	if err != nil {
		t.Fatal(err)
	}
	page := fstest.MapFS{}
	styles, err := style.New(web.Design(), page)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	r := atlastest.Town(t)
	srv := httptest.NewServer(api.New(api.Config{Keeper: atlastest.Open(t, r), Record: r, StaffToken: token, Version: "test",
		Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})), Now: time.Now,
		ApprovalNumber: "GS(2026)<1>", Web: page, Styles: styles, Raster: pictures}))
	t.Cleanup(srv.Close)
	return srv, &log
}

func TestStyleNamesSourcesAndApproval(t *testing.T) {
	srv, _ := drawn(t, http.NotFound)
	v := get(t, srv, "/styles/light.json").json(t)
	if got := at(v, "sources", "basemap", "attribution"); got != "© nobody · 审图号：GS(2026)&lt;1&gt;" {
		t.Errorf("attribution %v", got)
	}
	if got := at(v, "sources", "raster", "attribution"); got != "天地图" {
		t.Errorf("attribution of the pictures %v", got)
	}
	for _, set := range []string{"basemap", "stations", "coverage", "parcels"} {
		if got := at(v, "sources", set, "url"); got != srv.URL+"/tiles/"+set+".json" {
			t.Errorf("source %s: %v", set, got)
		}
	}
}

func TestStylesTravelCompressed(t *testing.T) {
	srv, _ := drawn(t, http.NotFound)
	plain, packed := get(t, srv, "/styles/dark.json?lang=bo"), get(t, srv, "/styles/dark.json?lang=bo", "Accept-Encoding", "gzip")
	z, err := gzip.NewReader(bytes.NewReader(packed.body))
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(z); err != nil || !bytes.Equal(b, plain.body) {
		t.Errorf("they differ (%v)", err)
	}
	if again := get(t, srv, "/styles/dark.json?lang=bo", "If-None-Match", plain.header.Get("ETag")); again.status != http.StatusNotModified {
		t.Errorf("again: %d", again.status)
	}
}

// TestMapsElsewhereMayUseOurs, but not the pictures, which we fetch under our own key.
func TestMapsElsewhereMayUseOurs(t *testing.T) {
	srv, _ := drawn(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("\x89PNG\r\n\x1a\n")) })
	for path, open := range map[string]bool{"/styles/light.json": true, "/styles/light/sprite.png": true, "/tiles/stations.json": true,
		"/tiles/raster/0/0/0": false, "/v1/stations": false, "/": false} {
		if got := get(t, srv, path).header.Get("Access-Control-Allow-Origin"); (got == "*") != open {
			t.Errorf("%s: Access-Control-Allow-Origin %q", path, got)
		}
	}
	if got := get(t, srv, "/tiles/raster/0/0/0"); got.status != http.StatusOK || got.header.Get("Cross-Origin-Resource-Policy") != "same-origin" {
		t.Errorf("picture: %d %v", got.status, got.header)
	}
}

// TestKeyStaysHere: neither an answer nor the log tells the key, whatever happens.
func TestKeyStaysHere(t *testing.T) {
	srv, log := drawn(t, func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "no quota for "+r.URL.Query().Get("tk"), http.StatusForbidden)
	})
	res := get(t, srv, "/tiles/raster/3/1/1", "Accept-Language", "zh")
	if res.status != http.StatusBadGateway || res.header.Get("Content-Type") != "application/problem+json" ||
		at(res.json(t), "reason") != "upstream" || res.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v %s", res.status, res.header, res.body)
	}
	everything := string(res.body) + string(get(t, srv, "/styles/light.json").body) + string(get(t, srv, "/v1/about").body)
	srv.Close() // waits for what is still being logged
	everything += log.String()
	if strings.Contains(everything, "s3cret") {
		t.Errorf("the key is told: %s", everything)
	}
	if !strings.Contains(log.String(), "403") {
		t.Errorf("the log does not say why: %s", log)
	}
}
