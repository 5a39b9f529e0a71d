package api_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/xuri/excelize/v2"

	"kora"
	"kora/atlas/atlastest"
	"kora/store/cluster/clustertest"
)

// TestReportsAreKept: what was told stays as it was told, whatever the record becomes, and tells what changed since.
func TestReportsAreKept(t *testing.T) {
	cfg, err := pgxpool.ParseConfig(clustertest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	w := serveRecord(t, cfg, true, time.Hour)
	keep := func(body string) answer {
		return ask(t, w.Server, http.MethodPost, "/v1/reports", body, staff("甲")...)
	}
	now := get(t, w.Server, "/v1/coverage/report?minutes=3&day=2026-07-01").json(t)
	first := keep(`{"name":" 2026 年上半年 ","minutes":3,"day":"2026-07-01","note":"半年调度"}`)
	v := first.json(t)
	id := at(v, "id").(float64)
	if first.status != http.StatusCreated || at(v, "name") != "2026 年上半年" || at(v, "author") != "甲" || first.header.Get("Location") != fmt.Sprint("/v1/reports/", id) {
		t.Fatalf("%d %s", first.status, first.body)
	}
	for _, part := range []string{"report", "assumptions"} {
		if a, b := fmt.Sprint(at(v, part)), fmt.Sprint(at(now, part)); a != b {
			t.Errorf("%s was told as\n%s\nand kept as\n%s", part, b, a)
		}
	}
	path := fmt.Sprint("/v1/reports/", id)
	before := string(get(t, w.Server, path).body)
	if a := ask(t, w.Server, http.MethodDelete, "/v1/stations/1", "", staff("甲")...); a.status != http.StatusNoContent {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if after := string(get(t, w.Server, path).body); after != before {
		t.Errorf("a kept report changed from\n%s\nto\n%s", before, after)
	}
	second := keep(`{"name":"later","minutes":3,"day":"2026-07-01"}`)
	c := get(t, w.Server, fmt.Sprintf("/v1/reports/compare?from=%v&to=%v", id, at(second.json(t), "id"))).json(t)
	if points := at(c, "rows", 0, "measures", 0, "bands", 0, "points").(float64); points >= 0 || len(at(c, "differ").([]any)) != 0 {
		t.Errorf("a station less makes %v points: %v", points, c)
	}
	heads := at(get(t, w.Server, "/v1/reports").json(t), "reports").([]any)
	if len(heads) != 3 || at(heads[0], "name") != "later" {
		t.Errorf("%v", heads)
	}
	path = fmt.Sprint("/v1/reports/", at(second.json(t), "id"))
	for _, refused := range []struct {
		what   string
		answer answer
		status int
	}{
		{"no token", ask(t, w.Server, http.MethodPost, "/v1/reports", `{"name":"x"}`), http.StatusUnauthorized},
		{"no name", keep(`{"name":" "}`), http.StatusUnprocessableEntity},
		{"another day", keep(`{"name":"x","day":"soon"}`), http.StatusUnprocessableEntity},
		{"too long", keep(`{"name":"x","minutes":61}`), http.StatusUnprocessableEntity},
		{"no such report", get(t, w.Server, "/v1/reports/99"), http.StatusNotFound},
		{"nothing to compare", get(t, w.Server, "/v1/reports/compare?from=1&to=99"), http.StatusNotFound},
		{"no change", ask(t, w.Server, http.MethodPut, path, `{"name":"x"}`, staff("甲")...), http.StatusMethodNotAllowed},
		{"no delete", ask(t, w.Server, http.MethodDelete, path, "", staff("甲")...), http.StatusMethodNotAllowed},
		{"an unknown profile", get(t, w.Server, "/v1/coverage/report?profile=car"), http.StatusUnprocessableEntity},
	} {
		if refused.answer.status != refused.status {
			t.Errorf("%s: %d %s", refused.what, refused.answer.status, refused.answer.body)
		}
	}
}

// TestReportsAsTables: the workbook and the CSV hold the numbers of the interface.
func TestReportsAsTables(t *testing.T) {
	srv := serve(t, atlastest.Town(t))
	told := get(t, srv, "/v1/coverage/report?minutes=3&day=2026-07-01").json(t)
	share := at(told, "report", "rows", 0, "measures", 0, "bands", 0, "share").(float64)
	book := get(t, srv, "/v1/coverage/report/file?minutes=3&day=2026-07-01")
	if !strings.Contains(book.header.Get("Content-Disposition"), `filename="coverage-2026-07-01.xlsx"`) {
		t.Errorf("%v", book.header)
	}
	f, err := excelize.OpenReader(bytes.NewReader(book.body))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := fmt.Sprint(f.GetSheetList()); got != "[汇总 明细 说明]" {
		t.Errorf("sheets %s", got)
	}
	about, err := f.GetRows("说明")
	if err != nil || !strings.Contains(fmt.Sprint(about), "口径：交叉覆盖") || !strings.Contains(fmt.Sprint(about), "town") {
		t.Errorf("%v, %v", about, err)
	}
	table := get(t, srv, "/v1/coverage/report/file?minutes=3&day=2026-07-01&format=csv")
	text, marked := strings.CutPrefix(string(table.body), "\ufeff")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !marked || table.header.Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Fatalf("%v %v", err, table.header)
	}
	column := map[string]int{}
	for i, h := range rows[0] {
		column[h] = i
	}
	var got float64
	if err := json.Unmarshal([]byte(rows[1][column["覆盖率"]]), &got); err != nil || got != share || rows[1][column["指标"]] != "格网" || rows[1][column["时段"]] != "全部运营站点" {
		t.Errorf("%v: the interface says %v", rows[1], share)
	}
	bands, measures := 0, 0
	for _, r := range at(told, "report", "rows").([]any) {
		for _, m := range at(r, "measures").([]any) {
			measures++
			bands += len(at(m, "bands").([]any))
		}
	}
	if len(rows)-1 != bands || measures < 10 {
		t.Errorf("%d rows of %d bands", len(rows)-1, bands)
	}
	if kept := get(t, srv, "/v1/reports/1/file"); kept.status != http.StatusOK || !bytes.HasPrefix(kept.body, []byte("PK")) {
		t.Errorf("%d", kept.status)
	}
}

// TestGapsByHTTP: gaps tell where they are, and their cells are those that coverage leaves.
func TestGapsByHTTP(t *testing.T) {
	srv := serve(t, atlastest.Town(t))
	v := get(t, srv, "/v1/coverage/gaps?minutes=2").json(t)
	total := get(t, srv, "/v1/coverage?minutes=2").json(t)
	if missing := at(total, "total", "cells").(float64) - at(total, "total", "covered").(float64); at(v, "cells") != missing || missing == 0 {
		t.Errorf("%v cells in gaps, %v left by coverage", at(v, "cells"), missing)
	}
	first := at(v, "features", 0, "properties")
	if at(first, "rank") != 1.0 || at(first, "place", "name", "zh") != "示例街" || at(first, "nearest", "seconds") == nil || at(v, "demand") != "people" || at(first, "unserved").(float64) <= 0 {
		t.Errorf("%v", v)
	}
	for _, format := range []string{"xlsx", "csv", "geojson"} {
		if a := get(t, srv, "/v1/coverage/gaps/file?minutes=2&format="+format); a.status != http.StatusOK || len(a.body) < 100 {
			t.Errorf("%s: %d %s", format, a.status, a.body)
		}
	}
	if a := get(t, srv, "/v1/coverage/gaps?area=none"); a.status != http.StatusUnprocessableEntity {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// TestTargetsAreSet by staff, and tell how far things are.
func TestTargetsAreSet(t *testing.T) {
	rec := atlastest.Town(t)
	rec.Stations[1].Standard = true
	srv := serve(t, rec)
	put := func(year, body string, headers ...string) answer {
		return ask(t, srv, http.MethodPut, "/v1/targets/"+year, body, append(staff("甲"), headers...)...)
	}
	a := put("2026", `{"standard":60,"key_areas":0,"highways":1}`)
	if a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	v := get(t, srv, "/v1/targets").json(t)
	if at(v, "targets", 0, "year") != 2026.0 || at(v, "targets", 1, "standard") != 150.0 || at(v, "now", "standard") != 1.0 || at(v, "path", 0, "report") != 1.0 || at(v, "now", "key_areas_of") != 1.0 {
		t.Errorf("%v", v)
	}
	revision := at(a.json(t), "revision").(string)
	if a := put("2026", `{"standard":61,"key_areas":0,"highways":1}`, "If-Match", revision); a.status != http.StatusOK || at(a.json(t), "revision") == revision {
		t.Errorf("%d %s", a.status, a.body)
	}
	for what, c := range map[string]struct {
		answer answer
		status int
	}{
		"too late":    {put("2026", `{"standard":62,"key_areas":0,"highways":1}`, "If-Match", revision), http.StatusPreconditionFailed},
		"no year":     {put("1999", `{"standard":62,"key_areas":0,"highways":1}`), http.StatusUnprocessableEntity},
		"less than 0": {put("2026", `{"standard":-1,"key_areas":0,"highways":1}`), http.StatusUnprocessableEntity},
		"no token":    {ask(t, srv, http.MethodPut, "/v1/targets/2026", `{"standard":1,"key_areas":0,"highways":1}`), http.StatusUnauthorized},
	} {
		if c.answer.status != c.status {
			t.Errorf("%s: %d %s", what, c.answer.status, c.answer.body)
		}
	}
	if d := get(t, srv, "/v1/demands").json(t); at(d, "demands", 0, "unit") != string(kora.DemandPeople) || at(d, "demands", 0, "total") != 42.0 {
		t.Errorf("%v", d)
	}
}
