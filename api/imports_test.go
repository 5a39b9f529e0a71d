package api_test

import (
	"bufio"
	"bytes"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"kora/api"
	"kora/intake"
	"kora/store/cluster/clustertest"
)

const importedSurvey = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n计量单位=米\n带号=31\n[地块坐标]\n4,1.2,NEW-1,示例地块,面,,工业用地,1001,@\n" +
	"J1,1,3281180.000,31629570.000\nJ2,1,3281280.000,31629570.000\nJ3,1,3281280.000,31629670.000\nJ4,1,3281180.000,31629670.000\nJ1,1,3281180.000,31629570.000\n"

func serveImports(t *testing.T) *whole {
	t.Helper()
	cfg, err := pgxpool.ParseConfig(clustertest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	return serveRecord(t, cfg, true, 0, func(w *whole, c *api.Config) {
		files, err := intake.Open(t.Context(), w.store, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(files.Close)
		c.Imports = files
	})
}

func upload(t *testing.T, w *whole, query, body, bearer string) answer {
	t.Helper()
	return ask(t, w.Server, http.MethodPost, "/v1/imports?"+query, body, "Content-Type", "application/octet-stream", "Authorization", "Bearer "+bearer)
}

// watched reads events until the stream ends, and gives the last.
func watched(t *testing.T, w *whole, id string, headers ...string) (last string, events int) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL+"/v1/imports/"+id+"/events", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := (&http.Client{Timeout: 30 * time.Second}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got := res.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatalf("%d %s", res.StatusCode, got)
	}
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			last, events = data, events+1
		}
	}
	return last, events
}

func TestImportIsShownThenWritten(t *testing.T) {
	w := serveImports(t)
	a := upload(t, w, "kind=parcels&name="+url.QueryEscape("界址点.txt"), importedSurvey, token)
	if a.status != http.StatusAccepted {
		t.Fatalf("%d %s", a.status, a.body)
	}
	v := a.json(t)
	id, _ := at(v, "id").(string)
	if at(v, "file") != "界址点.txt" || at(v, "kind") != "parcels" {
		t.Errorf("%s", a.body)
	}
	last, events := watched(t, w, id, staff("")...)
	if events == 0 || !strings.Contains(last, `"state":"ready"`) || !strings.Contains(last, `"added":1`) {
		t.Fatalf("%d events, the last %s", events, last)
	}
	if a := get(t, w.Server, "/v1/parcels/NEW-1"); a.status != http.StatusNotFound {
		t.Errorf("it is there before it is confirmed: %d", a.status)
	}
	v = get(t, w.Server, "/v1/imports/"+id+"/items?outcome=added", staff("")...).json(t)
	if at(v, "total") != 1.0 || at(v, "items", 0, "key") != "NEW-1" || at(v, "items", 0, "stated_m2") != 12000.0 {
		t.Errorf("%v", v)
	}
	v = get(t, w.Server, "/v1/imports/"+id+"/faults", append(staff(""), "Accept-Language", "zh")...).json(t)
	if text, _ := at(v, "faults", 0, "text").(string); at(v, "faults", 0, "severity") != "warning" || at(v, "faults", 0, "line") != 7.0 || !strings.HasPrefix(text, "公布面积：公布面积 ") {
		t.Errorf("%v", v)
	}
	if m := get(t, w.Server, "/v1/imports/"+id+"/map", staff("")...); m.header.Get("Content-Type") != "application/geo+json" || m.header.Get("Kora-Complete") != "true" || !bytes.Contains(m.body, []byte("NEW-1")) {
		t.Errorf("%v %s", m.header, m.body)
	}
	if a := ask(t, w.Server, http.MethodPost, "/v1/imports/"+id+"/confirm", `{}`, staff("")...); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if last, _ = watched(t, w, id, staff("")...); !strings.Contains(last, `"state":"done"`) {
		t.Fatal(last)
	}
	if a := get(t, w.Server, "/v1/parcels/NEW-1"); a.status != http.StatusOK { // who is told that it is done sees it
		t.Errorf("%d %s", a.status, a.body)
	}
	v = get(t, w.Server, "/v1/imports", staff("")...).json(t)
	if at(v, "imports", 0, "id") != id || at(v, "imports", 1) != nil {
		t.Errorf("%v", v)
	}
	if a := ask(t, w.Server, http.MethodDelete, "/v1/imports/"+id, "", staff("")...); a.status != http.StatusConflict {
		t.Errorf("called off when it was over: %d", a.status)
	}
}

func TestImportsAreForStaff(t *testing.T) {
	w := serveImports(t)
	if a := upload(t, w, "kind=parcels&name=a.txt", importedSurvey, "wrong"); a.status != http.StatusUnauthorized {
		t.Errorf("%d", a.status)
	}
	const none = "00000000-0000-4000-8000-000000000000"
	for _, path := range []string{"/v1/imports", "/v1/imports/" + none, "/v1/imports/" + none + "/items", "/v1/imports/" + none + "/faults",
		"/v1/imports/" + none + "/map", "/v1/imports/" + none + "/events", "/v1/imports/templates/parcels"} {
		if a := get(t, w.Server, path); a.status != http.StatusUnauthorized {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	for query, want := range map[string]int{
		"kind=yaks&name=a.txt": 422, "kind=parcels": 422, "kind=parcels&name=a.txt&zone=12": 422, "kind=parcels&name=a.txt&within=1,2": 422, "kind=parcels&name=a.txt&colour=1": 422,
	} {
		if a := upload(t, w, query, importedSurvey, token); a.status != want {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
	}
	if a := upload(t, w, "kind=parcels&name=a.txt", "", token); a.status/100 != 4 {
		t.Errorf("an empty file: %d", a.status)
	}
	if a := upload(t, w, "kind=parcels&name=a.txt", strings.Repeat("x", 50<<20+1), token); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a file beyond the limit: %d", a.status)
	}
	if a := get(t, w.Server, "/v1/imports/"+none, staff("")...); a.status != http.StatusNotFound {
		t.Errorf("%d", a.status)
	}
	a := get(t, w.Server, "/v1/imports/templates/parcels", staff("")...)
	if a.status != http.StatusOK || !bytes.HasPrefix(a.body, []byte("PK")) || !strings.Contains(a.header.Get("Content-Disposition"), "parcels.xlsx") {
		t.Errorf("%d %v", a.status, a.header)
	}
}
