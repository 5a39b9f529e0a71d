package api_test

import (
	"bufio"
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"kora/api"
	"kora/planner"
	"kora/store/cluster/clustertest"
)

func serveSiting(t *testing.T) *whole {
	t.Helper()
	cfg, err := pgxpool.ParseConfig(clustertest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	return serveRecord(t, cfg, true, 0, func(w *whole, c *api.Config) {
		plans, err := planner.Open(t.Context(), w.store, w.keeper, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(plans.Close)
		c.Sitings = plans
	})
}

func TestSitingIsAskedWatchedAndExported(t *testing.T) {
	w := serveSiting(t)
	question := `{"objective":"most","minutes":3,"sites":1,"candidates":{"points":[[91.0045,0],[91.0001,0]]}}`
	if a := ask(t, w.Server, http.MethodPost, "/v1/siting", question); a.status != http.StatusUnauthorized {
		t.Errorf("without a token: %d", a.status)
	}
	a := ask(t, w.Server, http.MethodPost, "/v1/siting", question, staff("")...)
	if a.status != http.StatusAccepted {
		t.Fatalf("%d %s", a.status, a.body)
	}
	id, _ := at(a.json(t), "id").(string)
	// Whoever has the id may watch.
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL+"/v1/siting/"+id+"/events", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := (&http.Client{Timeout: 30 * time.Second}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	last := ""
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			last = data
		}
	}
	if !strings.Contains(last, `"state":"done"`) {
		t.Fatalf("the last event is %s", last)
	}
	got := get(t, w.Server, "/v1/siting/"+id)
	v := got.json(t)
	if at(v, "plan", "sites", 0, "number") != 1.0 || at(v, "plan", "areas", 0, "name", "zh") != "全镇" || at(v, "plan", "met") != true {
		t.Errorf("%s", got.body)
	}
	if at(v, "assumptions", "profile", "id") != "walk" {
		t.Errorf("a plan names no assumptions: %v", at(v, "assumptions"))
	}
	if value, bound := at(v, "plan", "value").(float64), at(v, "plan", "bound").(float64); bound < value {
		t.Errorf("%v beyond the bound of %v", value, bound)
	}
	if got.header.Get("Cache-Control") != "no-store" || strings.Contains(string(got.body), `"who"`) {
		t.Errorf("%v %s", got.header, got.body)
	}
	for format, media := range map[string]string{"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument", "geojson": "application/geo+json"} {
		f := get(t, w.Server, "/v1/siting/"+id+"/file?format="+format)
		if f.status != http.StatusOK || !strings.HasPrefix(f.header.Get("Content-Type"), media) || !strings.Contains(f.header.Get("Content-Disposition"), "siting-") {
			t.Errorf("%s: %d %v", format, f.status, f.header)
		}
		if format == "csv" && !(bytes.HasPrefix(f.body, []byte("\ufeff序号,")) && bytes.Contains(f.body, []byte("91.0045"))) {
			t.Errorf("%s", f.body)
		}
	}
	v = get(t, w.Server, "/v1/siting", staff("")...).json(t)
	if at(v, "sitings", 0, "id") != id || at(v, "sitings", 0, "plan") != nil {
		t.Errorf("%v", v)
	}
	if a := get(t, w.Server, "/v1/siting"); a.status != http.StatusUnauthorized {
		t.Errorf("everybody sees all questions: %d", a.status)
	}
	if a := ask(t, w.Server, http.MethodPost, "/v1/siting/"+id+"/cancel", "", staff("")...); a.status != http.StatusConflict {
		t.Errorf("called off when it is over: %d %s", a.status, a.body)
	}
	if a := ask(t, w.Server, http.MethodPost, "/v1/siting/"+id+"/cancel", ""); a.status != http.StatusUnauthorized {
		t.Errorf("everybody calls off: %d", a.status)
	}
}

func TestSitingRefusals(t *testing.T) {
	w := serveSiting(t)
	for body, status := range map[string]int{
		`{"objective":"best","minutes":3}`:                                    http.StatusUnprocessableEntity,
		`{"objective":"most","minutes":3}`:                                    http.StatusUnprocessableEntity, // how many?
		`{"objective":"most","minutes":3,"sites":1,"colour":"red"}`:           http.StatusUnprocessableEntity,
		`{"objective":"most","minutes":3,"sites":1,"weights":"sheep"}`:        http.StatusUnprocessableEntity,
		`{"objective":"most","minutes":3,"sites":1,"required":[[200,0]]}`:     http.StatusUnprocessableEntity,
		`{"objective":"most","minutes":3,"sites":1,"within":[[[[0,0],[1]]]]}`: http.StatusUnprocessableEntity,
		`{"objective":"most"`:                                                 http.StatusBadRequest,
	} {
		if a := ask(t, w.Server, http.MethodPost, "/v1/siting", body, staff("")...); a.status != status {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	if a := get(t, w.Server, "/v1/siting/0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a"); a.status != http.StatusNotFound {
		t.Errorf("one that is not there: %d", a.status)
	}
	if a := get(t, w.Server, "/v1/siting/nobody"); a.status != http.StatusUnprocessableEntity {
		t.Errorf("no id at all: %d", a.status)
	}
}
