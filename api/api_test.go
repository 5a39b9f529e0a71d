package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"kora"
	"kora/api"
	"kora/atlas"
	"kora/atlas/atlastest"
)

var update = flag.Bool("update", false, "rewrite openapi.json")

const token = "the-staff-token-of-the-test"

// noon is a Wednesday noon in Lhasa.
var noon = time.Date(2026, 7, 1, 12, 0, 0, 0, time.FixedZone("", 8*3600))

func serve(t *testing.T, r *atlastest.Record) *httptest.Server {
	t.Helper()
	keeper := atlastest.Open(t, r)
	srv := httptest.NewServer(api.New(api.Config{Keeper: keeper, Record: r, StaffToken: token, Log: slog.New(slog.DiscardHandler),
		Version: "test", Now: func() time.Time { return noon },
		Web: fstest.MapFS{"index.html": {Data: []byte("<title>Kora</title>")}, "assets/a-1234.js": {Data: []byte("1")}}}))
	t.Cleanup(srv.Close)
	return srv
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) json(t *testing.T) (v any) {
	t.Helper()
	if err := json.Unmarshal(a.body, &v); err != nil {
		t.Fatalf("%d %s: %v", a.status, a.body, err)
	}
	return v
}

func ask(t *testing.T, srv *httptest.Server, method, path, body string, headers ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, srv.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, b}
}

func get(t *testing.T, srv *httptest.Server, path string, headers ...string) answer {
	t.Helper()
	return ask(t, srv, http.MethodGet, path, "", headers...)
}

// until waits for something that must come, for as long as a busy machine may need.
func until(t *testing.T, what string, come func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !come(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

// at follows keys and indexes into decoded JSON.
func at(v any, path ...any) any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			l, _ := v.([]any)
			if p >= len(l) {
				return nil
			}
			v = l[p]
		}
	}
	return v
}

func TestNearestByWalkingTime(t *testing.T) {
	srv := serve(t, atlastest.Town(t))
	// 300 m east of the first node: 200 m from the western station, 600 m from the eastern; the closed one between them
	// receives nobody.
	v := get(t, srv, "/v1/stations/nearest?lon=91.00269796&lat=0").json(t)
	for i, want := range []struct {
		code            string
		metres, seconds float64
	}{{"W", 200, 180}, {"E", 600, 540}} {
		if got := at(v, "results", i, "station", "properties", "code"); got != want.code {
			t.Errorf("place %d is %v, want %s", i+1, got, want.code)
		}
		if got, _ := at(v, "results", i, "metres").(float64); math.Abs(got-want.metres) > 0.5 {
			t.Errorf("%s is %v m away, want %v", want.code, got, want.metres)
		}
		if got, _ := at(v, "results", i, "seconds").(float64); math.Abs(got-want.seconds) > 0.5 {
			t.Errorf("%s is %v s away, want %v", want.code, got, want.seconds)
		}
	}
	if n := len(at(v, "results").([]any)); n != 2 {
		t.Errorf("%d results, want 2", n)
	}
	if at(v, "assumptions", "profile", "id") != "walk" || at(v, "assumptions", "sample") != true {
		t.Errorf("assumptions: %v", at(v, "assumptions"))
	}
	if first := at(v, "results", 0, "route", "coordinates", 0); math.Abs(at(first, 0).(float64)-91.00269796) > 1e-6 {
		t.Errorf("the route begins at %v", first)
	}

	v = get(t, srv, "/v1/stations/nearest?lon=91.00269796&lat=0&open_at=2026-07-01T22:00:00%2B08:00").json(t)
	if at(v, "results", 0, "station", "properties", "code") != "E" || at(v, "results", 1) != nil {
		t.Errorf("at night: %v", at(v, "results"))
	}
	v = get(t, srv, "/v1/stations/nearest?lon=91.00269796&lat=0&facility=oxygen_machine&limit=1").json(t)
	if at(v, "results", 0, "station", "properties", "code") != "E" {
		t.Errorf("with oxygen: %v", at(v, "results"))
	}
	v = get(t, srv, "/v1/stations/nearest?lon=91.00269796&lat=0&kind=drivers_home").json(t)
	if list, ok := at(v, "results").([]any); !ok || len(list) != 0 {
		t.Errorf("of a kind that is not there: %v", v)
	}
}

func TestCoverageCountsCells(t *testing.T) {
	srv := serve(t, atlastest.Town(t))
	share := func(query string) (cells, covered float64) {
		v := get(t, srv, "/v1/coverage"+query).json(t)
		cells, _ = at(v, "areas", 0, "cells").(float64)
		covered, _ = at(v, "areas", 0, "covered").(float64)
		if s := at(v, "areas", 0, "share").(float64); math.Abs(s-covered/cells) > 1e-9 {
			t.Errorf("%s: share %v of %v/%v", query, s, covered, cells)
		}
		return cells, covered
	}
	cells, long := share("?minutes=60")
	_, short := share("?minutes=2")
	_, none := share("?minutes=15&kind=drivers_home")
	if cells < 20 || long == 0 || short >= long || none != 0 {
		t.Errorf("cells %v, covered in 60 min %v, in 2 min %v, by nothing %v", cells, long, short, none)
	}
	ids := get(t, srv, "/v1/coverage/cells/ids")
	values := get(t, srv, "/v1/coverage/cells")
	if len(values.body) == 0 || len(ids.body) != 8*len(values.body) {
		t.Errorf("%d bytes of ids for %d values", len(ids.body), len(values.body))
	}
	if bytes.IndexByte(values.body, atlas.CellNoStreet) < 0 {
		t.Error("no cell without a street in a town of one street")
	}
}

func TestParcelFilters(t *testing.T) {
	srv := serve(t, atlastest.Town(t))
	for query, want := range map[string]string{
		"":                             "LZ-1 LZ-2 LZ-3",
		"?use=09":                      "LZ-2 LZ-3",
		"?use=1001&use=0901":           "LZ-1 LZ-2 LZ-3",
		"?use=1001&status=announced":   "",
		"?status=announced":            "LZ-2",
		"?county=540402":               "LZ-1 LZ-2 LZ-3",
		"?county=540421":               "",
		"?area_min=50000":              "LZ-2 LZ-3",
		"?area_min=0&area_max=50000":   "LZ-1 LZ-2",
		"?bbox=94.29,29.5,94.305,29.7": "LZ-1",
		"?q=lz-3":                      "LZ-3",
	} {
		v := get(t, srv, "/v1/parcels"+query).json(t)
		var got []string
		for _, f := range at(v, "features").([]any) {
			got = append(got, at(f, "properties", "number").(string))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	v := get(t, srv, "/v1/parcels/LZ-2").json(t)
	if at(v, "properties", "notices", 0) != "N1" || at(v, "geometry", "type") != "MultiPolygon" {
		t.Errorf("one parcel: %v", v)
	}
	if n := at(get(t, srv, "/v1/notices?parcel=LZ-2").json(t), "notices", 0, "published_on"); n != "2026-07-01" {
		t.Errorf("its notice is of %v", n)
	}
}

func TestPagesHoldEveryRecordOnce(t *testing.T) {
	srv := serve(t, atlastest.Town(t))
	for _, list := range []struct {
		path, key string
		want      int
	}{{"/v1/stations", "code", 3}, {"/v1/parcels", "number", 3}} {
		seen, cursor := map[any]bool{}, ""
		for range 10 {
			v := get(t, srv, list.path+"?limit=2"+cursor).json(t)
			for _, f := range at(v, "features").([]any) {
				seen[at(f, "properties", list.key)] = true
			}
			next, _ := at(v, "next").(string)
			if next == "" {
				break
			}
			cursor = "&cursor=" + next
		}
		if len(seen) != list.want {
			t.Errorf("%s: %d of %d seen", list.path, len(seen), list.want)
		}
	}
}

func TestStaffWriteAndSeeIt(t *testing.T) {
	r := atlastest.Town(t)
	srv := serve(t, r)
	body := `{"type":"Feature","geometry":{"type":"Point","coordinates":[91.0045,0]},
		"properties":{"code":"N","name":{"zh":"新站"},"kind":"union_station","hours":"24/7"}}`
	if a := ask(t, srv, http.MethodPost, "/v1/stations", body); a.status != http.StatusUnauthorized || a.header.Get("WWW-Authenticate") == "" {
		t.Fatalf("without a token: %d %s", a.status, a.body)
	}
	if a := ask(t, srv, http.MethodPost, "/v1/stations", body, "Authorization", "Bearer wrong"); a.status != http.StatusUnauthorized {
		t.Fatalf("with a wrong token: %d", a.status)
	}
	staff := []string{"Authorization", "Bearer " + token}
	a := ask(t, srv, http.MethodPost, "/v1/stations", body, staff...)
	if a.status != http.StatusCreated || a.header.Get("Location") != "/v1/stations/4" {
		t.Fatalf("created: %d %s %s", a.status, a.header.Get("Location"), a.body)
	}
	if !(kora.Position{Snapshot: a.header.Get("Kora-Snapshot")}).Includes(100) {
		t.Errorf("the answer to the write carries snapshot %q, which does not hold it", a.header.Get("Kora-Snapshot"))
	}
	if v := get(t, srv, "/v1/stations/4").json(t); at(v, "properties", "name", "zh") != "新站" {
		t.Errorf("what was written reads %v", v)
	}
	v := get(t, srv, "/v1/stations/nearest?lon=91.0045&lat=0&limit=1").json(t)
	if at(v, "results", 0, "station", "id") != 4.0 {
		t.Errorf("the new station is not the nearest: %v", at(v, "results"))
	}
	if a := ask(t, srv, http.MethodPost, "/v1/stations", body, staff...); a.status != http.StatusConflict {
		t.Errorf("the same code again: %d %s", a.status, a.body)
	}
	moved := strings.Replace(body, "91.0045", "91.0001", 1)
	if a := ask(t, srv, http.MethodPut, "/v1/stations/4", moved, staff...); a.status != http.StatusOK {
		t.Errorf("replaced: %d %s", a.status, a.body)
	}
	if a := ask(t, srv, http.MethodPut, "/v1/stations/99", moved, staff...); a.status != http.StatusNotFound {
		t.Errorf("replaced nothing: %d", a.status)
	}
	if a := ask(t, srv, http.MethodDelete, "/v1/stations/4", "", staff...); a.status != http.StatusNoContent {
		t.Errorf("deleted: %d %s", a.status, a.body)
	}
	if a := get(t, srv, "/v1/stations/4"); a.status != http.StatusNotFound {
		t.Errorf("after deletion: %d", a.status)
	}
}

func TestReadsGoOnWithoutTheDatabase(t *testing.T) {
	r := atlastest.Town(t)
	srv := serve(t, r)
	r.GoAway(io.ErrUnexpectedEOF)
	if a := get(t, srv, "/v1/stations/nearest?lon=91.003&lat=0"); a.status != http.StatusOK {
		t.Errorf("nearest: %d", a.status)
	}
	until(t, "readyz tells that writes are down", func() bool { return at(get(t, srv, "/readyz").json(t), "writes") == "down" })
	body := `{"type":"Feature","geometry":{"type":"Point","coordinates":[91,0]},"properties":{"code":"N","name":{"zh":"新"},"kind":"union_station"}}`
	a := ask(t, srv, http.MethodPost, "/v1/stations", body, "Authorization", "Bearer "+token)
	if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("write: %d %s", a.status, a.body)
	}
}

// TestBadInput: every one of these gets a problem in the 400s, in the caller's language, without a stack.
func TestBadInput(t *testing.T) {
	srv := serve(t, atlastest.Town(t))
	for path, status := range map[string]int{
		"/v1/stations/nearest":                                         422,
		"/v1/stations/nearest?lon=91":                                  422,
		"/v1/stations/nearest?lon=NaN&lat=0":                           422,
		"/v1/stations/nearest?lon=91&lat=Inf":                          422,
		"/v1/stations/nearest?lon=1e400&lat=0":                         422,
		"/v1/stations/nearest?lon=181&lat=0":                           422,
		"/v1/stations/nearest?lon=91&lat=-90.01":                       422,
		"/v1/stations/nearest?lon=&lat=":                               422,
		"/v1/stations/nearest?lon=91,5&lat=0":                          422,
		"/v1/stations/nearest?lon=91&lat=1":                            422, // no street
		"/v1/stations/nearest?lon=91&lat=0&profile=rocket":             422,
		"/v1/stations/nearest?lon=91&lat=0&kind=tea_house":             422,
		"/v1/stations/nearest?lon=91&lat=0&facility=casino":            422,
		"/v1/stations/nearest?lon=91&lat=0&open_at=yesterday":          422,
		"/v1/stations/nearest?lon=91&lat=0&limit=0":                    422,
		"/v1/stations/nearest?lon=91&lat=0&limit=1000000000":           422,
		"/v1/stations/nearest?lon=91&lat=0&limit=99999999999999999999": 422,
		"/v1/stations/nearest?lon=91&lat=0&unheard=of":                 422,
		"/v1/stations/0":                              422,
		"/v1/stations/x":                              422,
		"/v1/stations/99":                             404,
		"/v1/stations?limit=-1":                       422,
		"/v1/stations?bbox=1,2,3":                     422,
		"/v1/stations?bbox=1,2,NaN,4":                 422,
		"/v1/stations?bbox=3,2,1,4":                   422,
		"/v1/stations?cursor=%00":                     422,
		"/v1/stations?q=" + strings.Repeat("x", 101):  422,
		"/v1/coverage?minutes=0":                      422,
		"/v1/coverage?minutes=61":                     422,
		"/v1/parcels?area_min=NaN":                    422,
		"/v1/parcels?area_max=-1":                     422,
		"/v1/parcels?use=x":                           422,
		"/v1/parcels?county=1":                        422,
		"/v1/parcels?status=eaten":                    422,
		"/v1/parcels/none":                            404,
		"/v1/nothing":                                 404,
		"/v1/isochrone":                               422,
		"/v1/isochrone?lon=NaN&lat=0":                 422,
		"/v1/isochrone?lon=91&lat=0&minutes=61":       422,
		"/v1/isochrone?lon=91&lat=0&resolution=3":     422,
		"/v1/isochrone?lon=91&lat=0&profile=car":      422,
		"/v1/isochrone?lon=91&lat=1":                  422,
		"/tiles/none.json":                            404,
		"/tiles/stations.txt":                         404,
		"/tiles/none/0/0/0.mvt":                       404,
		"/tiles/stations/-1/0/0.mvt":                  400,
		"/tiles/stations/31/0/0.mvt":                  400,
		"/tiles/stations/9223372036854775808/0/0.mvt": 400,
		"/tiles/stations/01/0/0.mvt":                  400,
		"/tiles/stations/+1/0/0.mvt":                  400,
		"/tiles/stations/1/2/0.mvt":                   400,
		"/tiles/stations/1/0/2.mvt":                   400,
		"/tiles/stations/1/0/0.png":                   400,
		"/tiles/stations/1/0/0.mvt.gz":                400,
		"/assets/none.js":                             404,
		"/.gitkeep":                                   404,
		"/..%2f..%2fetc/passwd.txt":                   404,
	} {
		a := get(t, srv, path, "Accept-Language", "zh-CN,zh;q=0.9")
		if a.status != status {
			t.Errorf("%s: %d, want %d: %s", path, a.status, status, a.body)
			continue
		}
		if ct := a.header.Get("Content-Type"); ct != "application/problem+json" {
			t.Errorf("%s: content type %q", path, ct)
		}
		v := a.json(t)
		title, _ := at(v, "title").(string)
		if at(v, "status") != float64(status) || at(v, "reason") == nil || !isHan(title) {
			t.Errorf("%s: %s", path, a.body)
		}
		if bytes.Contains(a.body, []byte("goroutine")) || bytes.Contains(a.body, []byte(".go:")) {
			t.Errorf("%s: a stack in the answer: %s", path, a.body)
		}
	}
	staff := []string{"Authorization", "Bearer " + token}
	point := `{"type":"Feature","geometry":{"type":"Point","coordinates":%s},"properties":{"code":"N","name":{"zh":"新"},"kind":"union_station"%s}}`
	make := func(coordinates, more string) string {
		return strings.Replace(strings.Replace(point, "%s", coordinates, 1), "%s", more, 1)
	}
	for name, c := range map[string]struct {
		body   string
		status int
	}{
		"not JSON":        {"{", 400},
		"NaN":             {make("[NaN,0]", ""), 400},
		"huge number":     {make("[1e400,0]", ""), 0},
		"out of range":    {make("[181,0]", ""), 422},
		"one coordinate":  {make("[91]", ""), 422},
		"no kind":         {`{"type":"Feature","geometry":{"type":"Point","coordinates":[91,0]},"properties":{"code":"N","name":{"zh":"新"}}}`, 422},
		"bad hours":       {make("[91,0]", `,"hours":"whenever"`), 422},
		"bad facility":    {make("[91,0]", `,"facilities":["casino"]`), 422},
		"unknown field":   {make("[91,0]", `,"colour":"red"`), 422},
		"too large":       {make("[91,0]", `,"hours":"`+strings.Repeat("x", 2<<20)+`"`), 413},
		"no Chinese name": {strings.Replace(make("[91,0]", ""), `{"zh":"新"}`, `{"zh":""}`, 1), 422},
	} {
		a := ask(t, srv, http.MethodPost, "/v1/stations", c.body, staff...)
		if c.status != 0 && a.status != c.status || a.status < 400 || a.status > 499 {
			t.Errorf("%s: %d, want %d: %s", name, a.status, c.status, a.body)
		}
	}
}

// TestBadTileAddresses: what is no tile is refused before anything is done for it, with a problem, by whatever method.
func TestBadTileAddresses(t *testing.T) {
	srv := serve(t, atlastest.Town(t))
	for path, status := range map[string]int{
		"/tiles/parcels/-1/0/0.mvt": 400, "/tiles/parcels/16/0/0.mvt": 400, "/tiles/parcels/31/0/0.mvt": 400, "/tiles/parcels/256/0/0.mvt": 400,
		"/tiles/parcels/4294967296/0/0.mvt": 400, "/tiles/parcels/9223372036854775808/0/0.mvt": 400, "/tiles/parcels/1e1/0/0.mvt": 400,
		"/tiles/parcels/01/0/0.mvt": 400, "/tiles/parcels/+1/0/0.mvt": 400, "/tiles/parcels/%2B1/0/0.mvt": 400, "/tiles/parcels/0x1/0/0.mvt": 400,
		"/tiles/parcels/%20/0/0.mvt": 400, "/tiles/parcels/ 1/0/0.mvt": 400, "/tiles/parcels/1_0/0/0.mvt": 400, "/tiles/parcels/٣/0/0.mvt": 400,
		"/tiles/parcels/NaN/0/0.mvt": 400, "/tiles/parcels/{z}/{x}/{y}.mvt": 400, "/tiles/parcels/1.0/0/0.mvt": 400,
		"/tiles/parcels/3/8/0.mvt": 400, "/tiles/parcels/3/0/8.mvt": 400, "/tiles/parcels/0/1/0.mvt": 400, "/tiles/parcels/3/-1/0.mvt": 400,
		"/tiles/parcels/3/0/-1.mvt": 400, "/tiles/parcels/3/00/0.mvt": 400, "/tiles/parcels/3/0/00.mvt": 400,
		"/tiles/parcels/3/4294967295/0.mvt": 400, "/tiles/parcels/3/0/99999999999999999999.mvt": 400,
		"/tiles/parcels/3/0/0": 400, "/tiles/parcels/3/0/.mvt": 400, "/tiles/parcels/3/0/0.pbf": 400, "/tiles/parcels/3/0/0.pbf.gz": 400,
		"/tiles/parcels/3/0/0.mvt.gz": 400, "/tiles/parcels/3/0/0.MVT": 400, "/tiles/parcels/3/0/0.mvt%00": 400, "/tiles/parcels/3/0/0%00.mvt": 400,
		"/tiles/parcels/3/0/0.mvt/": 400, "/tiles/parcels//0/0.mvt": 400, "/tiles/parcels/3/0": 404, "/tiles/parcels/3": 404,
		"/tiles/%2e%2e/3/0/0.mvt": 404, "/tiles/..%2fparcels/3/0/0.mvt": 404, "/tiles/parcels/%2e%2e/%2e%2e/0.mvt": 400,
		"/tiles/parcels/3/%2e%2e/%2e%2e%2fetc%2fpasswd": 400, "/tiles/%00/3/0/0.mvt": 404, "/tiles/parcels%00/3/0/0.mvt": 404,
		"/tiles/Parcels/3/0/0.mvt": 404, "/tiles//3/0/0.mvt": 404, "/tiles/" + strings.Repeat("p", 8<<10) + "/3/0/0.mvt": 404,
		"/tiles/parcels/" + strings.Repeat("1", 8<<10) + "/0/0.mvt": 400, "/tiles/parcels/3/0/" + strings.Repeat("0", 8<<10) + ".mvt": 400,
		"/tiles/parcels/" + strings.Repeat("3/", 2<<10) + "0.mvt": 400, "/tiles": 404, "/tiles/": 404, "/tiles/.json": 404, "/tiles/parcels.JSON": 404,
		"/tiles/parcels.json.gz": 404, "/tiles/%2e%2e%2fparcels.json": 404,
		"/tiles/parcels/3/0/0.mvt?v=1&v=2": 422, "/tiles/parcels/3/0/0.mvt?filter=" + strings.Repeat("x", 9000): 422,
		"/tiles/parcels/3/0/0.mvt?v=1&v%5b%5d=2": 422, "/tiles/parcels/3/0/0.mvt?%zz=1": 422, "/tiles/parcels/3/0/0.mvt?v;w": 422,
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			a := ask(t, srv, method, strings.ReplaceAll(path, " ", "%20"), "")
			if a.status != status || a.header.Get("Content-Type") != "application/problem+json" || a.header.Get("Kora-Snapshot") == "" {
				t.Errorf("%s %.90s: %d %s %s, want %d", method, path, a.status, a.header.Get("Content-Type"), a.body, status)
			}
			if strings.Contains(a.header.Get("Cache-Control"), "immutable") {
				t.Errorf("%s %.90s is to be kept: %s", method, path, a.header.Get("Cache-Control"))
			}
		}
	}
	for _, path := range []string{"/tiles/parcels/3/5/3.mvt", "/tiles/parcels.json"} {
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, "PROPFIND", "BREW"} {
			a := ask(t, srv, method, path, "{}")
			if a.status != http.StatusMethodNotAllowed || a.header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s %s: %d %v", method, path, a.status, a.header)
			}
			if allow := a.header.Get("Allow"); !strings.Contains(allow, "GET") || strings.Contains(allow, "POST") {
				t.Errorf("%s %s: Allow %q", method, path, allow)
			}
		}
	}
}

func isHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x4e00 && r < 0xa000 })
}

func TestRefusalsSpeakThreeLanguages(t *testing.T) {
	srv := serve(t, atlastest.Town(t))
	path := "/v1/stations/nearest?lon=91&lat=1"
	for _, c := range []struct{ language, part string }{
		{"zh-CN", "没有可通行的道路"}, {"bo", "འགྲོ་ལམ"}, {"en-GB", "no street within reach"}, {"", "no street within reach"}, {"fr", "no street within reach"},
	} {
		v := get(t, srv, path, "Accept-Language", c.language).json(t)
		if detail, _ := at(v, "detail").(string); !strings.Contains(detail, c.part) || at(v, "reason") != "no-access" {
			t.Errorf("%s: %v", c.language, v)
		}
	}
}

// TestEveryErrorSpeaksThreeLanguages: not only the first, and with the numbers of the sentence in place.
func TestEveryErrorSpeaksThreeLanguages(t *testing.T) {
	srv := serve(t, atlastest.Town(t))
	for _, c := range []struct{ path, language, detail, last string }{
		{"/v1/stations?facility=tea&bbox=1", "en", "facility: is no facility code", "query.bbox: must be four numbers: west,south,east,north"},
		{"/v1/stations?facility=tea&bbox=1", "zh", "设施：不是设施代码。", "query.bbox：应为四个数：西,南,东,北。"},
		{"/v1/stations?facility=tea&bbox=1", "bo", "སྒྲིག་ཆས：སྒྲིག་ཆས་ཀྱི་ཨང་རྟགས་མིན།", "query.bbox：གྲངས་ 4 དགོས། ནུབ,ལྷོ,ཤར,བྱང་།"},
		{"/v1/parcels?near=91,29&minutes=500", "zh", "分钟：应大于 0 且不超过 240。", "query.minutes：应大于 0 且不超过 240。"},
	} {
		v := get(t, srv, c.path, "Accept-Language", c.language).json(t)
		errs, _ := at(v, "errors").([]any)
		if at(v, "detail") != c.detail || len(errs) == 0 || at(errs[len(errs)-1], "message") != c.last {
			t.Errorf("%s: %v", c.language, v)
		}
	}
}

func TestPageAndHeaders(t *testing.T) {
	srv := serve(t, atlastest.Town(t))
	for _, path := range []string{"/", "/find", "/plan", "/land", "/find/station/3", "/land/parcel/LZ-2026.3"} {
		a := get(t, srv, path)
		if a.status != http.StatusOK || !bytes.Contains(a.body, []byte("Kora")) || a.header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	if a := get(t, srv, "/assets/a-1234.js"); !strings.Contains(a.header.Get("Cache-Control"), "immutable") {
		t.Errorf("asset: %v", a.header)
	}
	if a := get(t, srv, "/v1/stations"); a.header.Get("Kora-Snapshot") == "" {
		t.Error("no Kora-Snapshot")
	}
	if a := get(t, srv, "/livez"); string(a.body) != "ok\n" {
		t.Errorf("livez: %s", a.body)
	}
}

// TestDocumentsAreMadeOnce asks for every form of the document by many at once, for the race detector to look at.
func TestDocumentsAreMadeOnce(t *testing.T) {
	srv := serve(t, atlastest.Town(t))
	var asking sync.WaitGroup
	for _, form := range []string{"/openapi.json", "/openapi.yaml", "/openapi-3.0.json", "/openapi-3.0.yaml"} {
		for range 4 {
			asking.Go(func() {
				if a := get(t, srv, form); a.status != http.StatusOK || len(a.body) < 1000 || !strings.HasPrefix(a.header.Get("Content-Type"), "application/openapi+") {
					t.Errorf("%s: %d %d bytes", form, a.status, len(a.body))
				}
			})
		}
	}
	asking.Wait()
}

// TestOpenAPIDocumentIsCurrent keeps the document that the web app's types are made from in step with the code.
func TestOpenAPIDocumentIsCurrent(t *testing.T) {
	srv := serve(t, atlastest.Town(t))
	a := get(t, srv, "/openapi.json")
	if a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, a.body, "", "  "); err != nil {
		t.Fatal(err)
	}
	b.WriteByte('\n')
	if *update {
		if err := os.WriteFile("openapi.json", b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, b.Bytes()) {
		t.Error("openapi.json is stale; run make api")
	}
}

// The town is one level street of 1 km, walked at 4 km/h.
func TestIsochrone(t *testing.T) {
	srv := serve(t, atlastest.Town(t))
	v := get(t, srv, "/v1/isochrone?lon=91.00449661&lat=0&minutes=5&streets=true").json(t)
	if m, _ := at(v, "street_metres").(float64); math.Abs(m-2*300/0.9) > 1 {
		t.Errorf("%v m of street within 5 minutes, want 667", m)
	}
	if at(v, "area", "type") != "MultiPolygon" || at(v, "streets", "type") != "MultiLineString" || at(v, "direction") != "to" {
		t.Errorf("%v", v)
	}
	cells, _ := at(v, "cells").([]any)
	if len(cells) < 3 {
		t.Errorf("%d cells", len(cells))
	}
	for _, part := range []string{"profile.altitude.factor", "profile.slope_model", "profile.off_street_speed_kmh", "profile.point_reach_m", "profile.source", "resolution", "network"} {
		if path(v, "assumptions."+part) == nil {
			t.Errorf("the answer does not tell %s", part)
		}
	}
	if at(v, "assumptions", "resolution") != float64(10) {
		t.Errorf("resolution %v", at(v, "assumptions", "resolution"))
	}
}

func TestCoverageTellsItsDenominators(t *testing.T) {
	srv := serve(t, atlastest.Town(t))
	v := get(t, srv, "/v1/coverage?minutes=10").json(t)
	cells, covered := at(v, "total", "cells").(float64), at(v, "total", "covered").(float64)
	if twice := at(v, "total", "twice", "covered").(float64); twice > covered || covered == 0 {
		t.Errorf("%v cells reach two stations, %v one", twice, covered)
	}
	if m := at(v, "total", "streets", "metres").(float64); math.Abs(m-1000) > 1 {
		t.Errorf("%v m of street", m)
	}
	if circle := at(v, "total", "straight_line_1km", "covered").(float64); circle < covered {
		t.Errorf("%v cells lie within 1 km in a straight line, %v within 10 minutes", circle, covered)
	}
	var sum float64
	bands := at(v, "total", "bands").([]any)
	for _, b := range bands {
		sum += at(b, "cells").(float64)
	}
	if sum != cells || at(bands[len(bands)-1], "minutes") != nil {
		t.Errorf("bands add up to %v of %v cells", sum, cells)
	}
	if once, twice := get(t, srv, "/v1/coverage/cells").body, get(t, srv, "/v1/coverage/cells?nearest=2").body; len(once) != len(twice) || bytes.Equal(once, twice) {
		t.Error("the second nearest is the nearest")
	}
}

// path follows a path of names with points between.
func path(v any, names string) any {
	for name := range strings.SplitSeq(names, ".") {
		v = at(v, name)
	}
	return v
}
