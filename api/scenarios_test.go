package api_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"kora"
	"kora/api"
	"kora/atlas/atlastest"
	"kora/geo/basemap"
	"kora/store/cluster/clustertest"
)

// A desk is the service on a real record that keeps scenarios, with the IDs of its stations by code.
type desk struct {
	*whole
	ids map[string]int64
}

func openDesk(t *testing.T) *desk {
	t.Helper()
	cfg, err := pgxpool.ParseConfig(clustertest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{ids: map[string]int64{}}
	d.whole = serveRecord(t, cfg, true, time.Hour, func(w *whole, c *api.Config) { c.Scenarios = w.store })
	for _, s := range d.keeper.Atlas().Stations {
		d.ids[s.Code] = s.ID
	}
	return d
}

func encode(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

type object = map[string]any

// build gives the record houses and a works along the street.
func (d *desk) build(t *testing.T) {
	t.Helper()
	lot := func(class string, west, east float64) basemap.Feature {
		return basemap.Feature{Layer: basemap.Landuse, Class: class, Geometry: orb.Bound{Min: orb.Point{west, -0.001}, Max: orb.Point{east, 0.001}}.ToPolygon()}
	}
	ground, err := basemap.Encode([]basemap.Feature{lot("residential", 90.999, 91.004), lot("industrial", 91.003, 91.008)})
	if err != nil {
		t.Fatal(err)
	}
	network := atlastest.Town(t).Network
	network.SHA256, network.Basemap = strings.Repeat("b", 64), ground
	xid, _, err := d.store.ReplaceNetwork(t.Context(), atlastest.Author(), network)
	if err == nil {
		err = d.keeper.WaitFor(t.Context(), xid)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (d *desk) whatIf(t *testing.T, settings object, edits []object, have ...string) any {
	t.Helper()
	question := object{"edits": edits, "have": have}
	for k, v := range settings {
		question[k] = v
	}
	a := ask(t, d.Server, http.MethodPost, "/v1/coverage/what-if", encode(question))
	if a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	return a.json(t)
}

// after is the table of times of an answer as it is after the edits.
func tableAfter(t *testing.T, answer any, i int) []byte {
	t.Helper()
	decode := func(part string) []byte {
		text, _ := at(answer, "cells", i, part).(string)
		b, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	table, changed := decode("before"), decode("changed")
	for cell := 0; len(changed) > 0; cell++ {
		passed, n := binary.Uvarint(changed)
		cell += int(passed)
		table[cell], changed = changed[n], changed[n+1:]
	}
	return table
}

var walking = object{"profile": "walk", "minutes": 3}

// plan is a scenario of every deed: two stations come (one is moved and given hours afterwards), W moves, E closes, X opens.
func (d *desk) plan() []object {
	metres := func(east float64) []float64 { return []float64{91 + east/atlastest.Degree, 0} }
	return []object{
		{"deed": "add", "station": -1, "kind": "union_station", "name": "新站", "point": metres(20), "hours": "Mo-Su 09:00-18:00"},
		{"deed": "add", "station": -2, "kind": "oxygen_bar", "point": metres(700), "hours": "24/7"},
		{"deed": "move", "station": -1, "point": metres(500)},
		{"deed": "move", "station": d.ids["W"], "point": metres(50)},
		{"deed": "close", "station": d.ids["E"]},
		{"deed": "reopen", "station": d.ids["X"]},
		{"deed": "hours", "station": d.ids["X"], "hours": "Mo-Su 00:00-06:00"},
	}
}

func (d *desk) keep(t *testing.T, edits []object) any {
	t.Helper()
	a := ask(t, d.Server, http.MethodPost, "/v1/scenarios", encode(object{"name": "二〇二七年", "settings": walking, "edits": edits}), staff("甲")...)
	if a.status != http.StatusCreated || a.header.Get("Location") != "/v1/scenarios/"+at(a.json(t), "id").(string) {
		t.Fatalf("%d %s", a.status, a.body)
	}
	return a.json(t)
}

func (d *desk) adopt(t *testing.T, id any, how object, headers ...string) answer {
	t.Helper()
	return ask(t, d.Server, http.MethodPost, fmt.Sprintf("/v1/scenarios/%s/adopt", id), encode(how), append(staff("乙"), headers...)...)
}

// TestAdoptedScenarioIsTheOneShown: nothing of the record changes while a scenario is tried and kept; once it is adopted as open, the
// record's figures and its table of times are those that were shown, figure by figure, by day and by night.
func TestAdoptedScenarioIsTheOneShown(t *testing.T) {
	d := openDesk(t)
	d.build(t)
	questions := []struct {
		settings object
		query    string
		band     int // of the report that counts the same stations
	}{
		{object{"profile": "walk", "minutes": 3}, "minutes=3", 0},
		{object{"profile": "walk", "minutes": 5, "kinds": []string{"union_station"}}, "minutes=5&kind=union_station", 0},
		{object{"profile": "walk", "minutes": 5, "open_at": "2026-07-01T23:00:00+08:00"}, "minutes=5&open_at=2026-07-01T23:00:00%2B08:00", 2},
		{object{"profile": "walk", "minutes": 5, "open_at": "2026-07-01T12:00:00+08:00"}, "minutes=5&open_at=2026-07-01T12:00:00%2B08:00", 1},
	}
	for i := range questions {
		questions[i].query = "profile=walk&" + questions[i].query
	}
	tables := func(query string) []byte {
		t.Helper()
		return get(t, d.Server, "/v1/coverage/cells?"+strings.Join(slices.DeleteFunc(strings.Split(query, "&"), func(p string) bool { return strings.HasPrefix(p, "minutes") }), "&")).body
	}
	figures := func(query string) (object, []byte) {
		t.Helper()
		v := get(t, d.Server, "/v1/coverage?"+query).json(t).(object)
		return object{"areas": v["areas"], "total": v["total"], "stations": v["stations"]}, tables(query)
	}
	// reported holds one side of an answer against the report, measure by measure of every place.
	reported := func(answer any, side, band int, query string) {
		t.Helper()
		report := get(t, d.Server, "/v1/coverage/report?day=2026-07-01&"+strings.Split(query, "&open_at")[0]).json(t)
		rows := at(answer, "rows").([]any)
		all := at(report, "report", "rows").([]any)
		if len(rows) != len(all)-1 { // but for that of the whole grid
			t.Fatalf("%s: %d rows, and %d in the report", query, len(rows), len(all))
		}
		if !reflect.DeepEqual(at(answer, "demands"), at(report, "report", "demands")) {
			t.Errorf("%s: the demands are %v", query, at(answer, "demands"))
		}
		told := map[string]bool{}
		for i, row := range rows {
			if at(row, "level") != at(all[i], "level") || at(row, "code") != at(all[i], "code") {
				t.Errorf("%s: row %d is %v %v", query, i, at(row, "level"), at(row, "code"))
			}
			measures := at(row, "measures").([]any)
			if want := at(all[i], "measures").([]any); len(measures) != len(want) {
				t.Errorf("%s: %d measures, and %d in the report", query, len(measures), len(want))
			}
			for k, m := range measures {
				want := at(all[i], "measures", k)
				if at(m, "measure") != at(want, "measure") || at(m, "demand") != at(want, "demand") || at(m, "total") != at(want, "total") ||
					!reflect.DeepEqual(at(m, "bands", side), at(want, "bands", band)) {
					t.Errorf("%s: shown %v, side %d\nthe report has %v, band %d", query, m, side, want, band)
				}
				if at(m, "bands", side, "twice").(float64) > at(m, "bands", side, "covered").(float64) {
					t.Errorf("%s: more by two stations than by one: %v", query, m)
				}
				if at(m, "total").(float64) > 0 {
					told[at(m, "measure").(string)] = true
				}
			}
		}
		if len(told) != len(kora.Measures()) {
			t.Errorf("%s: only of %v there is anything", query, told)
		}
	}
	shown := make([]any, len(questions))
	for i, q := range questions {
		q.settings["streets"] = true
		shown[i] = d.whatIf(t, q.settings, d.plan())
		reported(shown[i], 0, q.band, q.query)
		if before, _ := figures(q.query); !reflect.DeepEqual(at(shown[i], "before"), any(before)) {
			t.Errorf("%s: before is %v, and the record says %v", q.query, at(shown[i], "before"), before)
		}
		if reflect.DeepEqual(at(shown[i], "before"), at(shown[i], "after")) {
			t.Errorf("%s: the plan changes nothing", q.query)
		}
	}
	kept := d.keep(t, d.plan())
	if after := len(d.keeper.Atlas().Stations); after != 3 {
		t.Fatalf("%d stations after a scenario was kept", after)
	}
	a := d.adopt(t, at(kept, "id"), object{"status": "open", "stations": []object{{"station": -1, "code": "NEW-1", "name": object{"zh": "第一站"}}}}, "Kora-Reason", "审议通过")
	if a.status != http.StatusOK || at(a.json(t), "scenario", "adopted_at") == nil || len(at(a.json(t), "stations").([]any)) != 5 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	for i, q := range questions {
		now, table := figures(q.query)
		if !reflect.DeepEqual(at(shown[i], "after"), any(now)) {
			t.Errorf("%s: shown %v\nadopted %v", q.query, at(shown[i], "after"), now)
		}
		reported(shown[i], 1, q.band, q.query)
		if !slices.Equal(tableAfter(t, shown[i], 0), table) {
			t.Errorf("%s: the table of times is not the one that was shown", q.query)
		}
	}
	if v := get(t, d.Server, "/v1/stations?q=NEW-1").json(t); at(v, "features", 0, "properties", "name", "zh") != "第一站" || at(v, "features", 0, "properties", "status") != "open" {
		t.Errorf("the new station: %v", v)
	}
	versions, err := d.store.History(t.Context(), kora.LayerStation, d.ids["W"])
	if err != nil || len(versions) != 1 || versions[0].Author.Who != "乙" ||
		versions[0].Author.Why != fmt.Sprintf("scenario 二〇二七年 (%s): 审议通过", at(kept, "id")) {
		t.Errorf("the history of W: %+v %v", versions, err)
	}
	if again := d.adopt(t, at(kept, "id"), object{"status": "open"}); again.status != http.StatusConflict || at(again.json(t), "reason") != "conflict" {
		t.Errorf("adopted twice: %d %s", again.status, again.body)
	}
	if n := len(d.keeper.Atlas().Stations); n != 5 {
		t.Errorf("%d stations after it was adopted twice", n)
	}
}

// TestAdoptionIsRefusedAfterOthersChanged: all or nothing.
func TestAdoptionIsRefusedAfterOthersChanged(t *testing.T) {
	d := openDesk(t)
	kept := d.keep(t, d.plan())
	east := get(t, d.Server, fmt.Sprintf("/v1/stations/%d", d.ids["E"])).json(t)
	properties := at(east, "properties").(object)
	changed := encode(object{"type": "Feature", "geometry": at(east, "geometry"), "properties": object{"code": "E", "name": object{"zh": "东站二"}, "kind": properties["kind"]}})
	if a := ask(t, d.Server, http.MethodPut, fmt.Sprintf("/v1/stations/%d", d.ids["E"]), changed, staff("丙")...); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	a := d.adopt(t, at(kept, "id"), object{}, "Accept-Language", "zh")
	if a.status != http.StatusConflict || !strings.Contains(at(a.json(t), "detail").(string), "丙") {
		t.Errorf("%d %s", a.status, a.body)
	}
	if n := len(d.keeper.Atlas().Stations); n != 3 || at(get(t, d.Server, fmt.Sprint("/v1/scenarios/", at(kept, "id"))).json(t), "adopted_at") != nil {
		t.Errorf("%d stations: some of it was adopted", n)
	}
	// Looked at again, on the record as it is, it may be adopted: as planned, which serves nobody yet.
	again := ask(t, d.Server, http.MethodPut, fmt.Sprint("/v1/scenarios/", at(kept, "id")), encode(object{"name": "再议", "settings": walking, "edits": d.plan()}),
		append(staff("甲"), "If-Match", at(kept, "revision").(string))...)
	if again.status != http.StatusOK {
		t.Fatalf("%d %s", again.status, again.body)
	}
	if late := ask(t, d.Server, http.MethodPut, fmt.Sprint("/v1/scenarios/", at(kept, "id")), encode(object{"name": "迟", "settings": walking, "edits": d.plan()}),
		append(staff("甲"), "If-Match", at(kept, "revision").(string))...); late.status != http.StatusPreconditionFailed {
		t.Errorf("who comes late: %d %s", late.status, late.body)
	}
	if a := d.adopt(t, at(kept, "id"), object{}); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	planned := get(t, d.Server, "/v1/stations?status=planned").json(t)
	if at(planned, "total") != 2.0 {
		t.Errorf("planned: %v", planned)
	}
	if a := ask(t, d.Server, http.MethodPut, fmt.Sprint("/v1/scenarios/", at(kept, "id")), encode(object{"name": "晚", "settings": walking, "edits": d.plan()}), staff("甲")...); a.status != http.StatusConflict {
		t.Errorf("what is adopted is changed: %d %s", a.status, a.body)
	}

	gone := d.keep(t, []object{{"deed": "close", "station": d.ids["W"]}})
	if _, err := d.store.DeleteStation(t.Context(), atlastest.Author(), d.ids["W"]); err != nil {
		t.Fatal(err)
	}
	if a := d.adopt(t, at(gone, "id"), object{}); a.status != http.StatusConflict {
		t.Errorf("a station that is gone: %d %s", a.status, a.body)
	}
	twice := d.keep(t, []object{{"deed": "add", "station": -1, "kind": "union_station", "point": []float64{91, 0}}, {"deed": "add", "station": -2, "kind": "union_station", "point": []float64{91, 0}}})
	if a := d.adopt(t, at(twice, "id"), object{"stations": []object{{"station": -1, "code": "Z"}, {"station": -2, "code": "Z"}}}); a.status != http.StatusConflict || at(a.json(t), "reason") != "duplicate" {
		t.Errorf("a code twice: %d %s", a.status, a.body)
	}
	if get(t, d.Server, "/v1/stations?q=Z").json(t); d.holds(t, "Z") {
		t.Error("half of a scenario was adopted")
	}
}

func TestScenariosAreReadByWhoeverHasTheID(t *testing.T) {
	d := openDesk(t)
	kept := d.keep(t, d.plan())
	path := fmt.Sprint("/v1/scenarios/", at(kept, "id"))
	if a := get(t, d.Server, path); a.status != http.StatusOK || at(a.json(t), "name") != "二〇二七年" || a.header.Get("Cache-Control") != "no-store" ||
		len(at(a.json(t), "edits").([]any)) != 7 || len(at(a.json(t), "base", "stations").([]any)) != 3 {
		t.Errorf("%d %s", a.status, a.body)
	}
	for _, c := range []struct{ method, path, body string }{
		{http.MethodGet, "/v1/scenarios", ""}, {http.MethodPost, "/v1/scenarios", "{}"}, {http.MethodPut, path, "{}"},
		{http.MethodDelete, path, ""}, {http.MethodPost, path + "/adopt", "{}"},
	} {
		if a := ask(t, d.Server, c.method, c.path, c.body); a.status != http.StatusUnauthorized {
			t.Errorf("%s %s without the token: %d", c.method, c.path, a.status)
		}
	}
	if list := get(t, d.Server, "/v1/scenarios", staff("甲")...).json(t); at(list, "scenarios", 0, "id") != at(kept, "id") {
		t.Errorf("%v", list)
	}
	if a := get(t, d.Server, "/v1/scenarios/6b5a5d31-0000-4000-8000-000000000000"); a.status != http.StatusNotFound {
		t.Errorf("none of this id: %d", a.status)
	}
	if a := ask(t, d.Server, http.MethodDelete, path, "", staff("甲")...); a.status != http.StatusNoContent || get(t, d.Server, path).status != http.StatusNotFound {
		t.Errorf("deleted: %d %s", a.status, a.body)
	}
	for name, body := range map[string]object{
		"no name":        {"name": " ", "settings": walking, "edits": []object{}},
		"no such deed":   {"name": "a", "settings": walking, "edits": []object{{"deed": "burn", "station": 1}}},
		"no point":       {"name": "a", "settings": walking, "edits": []object{{"deed": "move", "station": 1}}},
		"far away":       {"name": "a", "settings": walking, "edits": []object{{"deed": "move", "station": 1, "point": []float64{91, 120}}}},
		"a real ID":      {"name": "a", "settings": walking, "edits": []object{{"deed": "add", "station": 1, "kind": "union_station", "point": []float64{91, 0}}}},
		"no such hours":  {"name": "a", "settings": walking, "edits": []object{{"deed": "hours", "station": 1, "hours": "noon"}}},
		"no such time":   {"name": "a", "settings": object{"profile": "walk", "minutes": 3, "open_at": "noon"}, "edits": []object{}},
		"far too many":   {"name": "a", "settings": object{"profile": "walk", "minutes": 61}, "edits": []object{}},
		"nobody's wheel": {"name": "a", "settings": object{"profile": "skate", "minutes": 3}, "edits": []object{}},
	} {
		if a := ask(t, d.Server, http.MethodPost, "/v1/scenarios", encode(body), staff("甲")...); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	once := object{"deed": "add", "station": -1, "kind": "union_station", "point": []float64{91, 0}}
	if a := ask(t, d.Server, http.MethodPost, "/v1/scenarios", encode(object{"name": "a", "settings": walking, "edits": []object{once, once}}), staff("甲")...); at(a.json(t), "reason") != "duplicate" {
		t.Errorf("added twice: %d %s", a.status, a.body)
	}
}

// TestWhatIfTellsWhatDoesNotGo, in the caller's language, and sends no table that the caller has.
func TestWhatIfTellsWhatDoesNotGo(t *testing.T) {
	srv := serve(t, atlastest.Town(t))
	question := func(edits []object, have []string) any {
		t.Helper()
		a := ask(t, srv, http.MethodPost, "/v1/coverage/what-if", encode(object{"profile": "walk", "minutes": 3, "edits": edits, "have": have}), "Accept-Language", "zh")
		if a.status != http.StatusOK {
			t.Fatalf("%d %s", a.status, a.body)
		}
		return a.json(t)
	}
	v := question([]object{
		{"deed": "close", "station": 99}, {"deed": "close", "station": 1}, {"deed": "add", "station": -1, "kind": "union_station", "point": []float64{91, 0.5}},
	}, nil)
	if at(v, "refused", 0, "edit") != 0.0 || at(v, "refused", 0, "reason") != "not-found" || at(v, "refused", 1, "edit") != 2.0 || at(v, "refused", 1, "reason") != "no-access" {
		t.Errorf("%v", at(v, "refused"))
	}
	for i := range 2 {
		if text := at(v, "refused", i, "text").(string); !isHan(text) {
			t.Errorf("not in Chinese: %s", text)
		}
	}
	if before, after := at(v, "before", "stations"), at(v, "after", "stations"); before != 2.0 || after != 1.0 {
		t.Errorf("%v stations before, %v after", before, after)
	}
	tags := []string{at(v, "cells", 0, "tag").(string), at(v, "cells", 1, "tag").(string)}
	none := question([]object{}, tags)
	for i := range 2 {
		if at(none, "cells", i, "before") != nil || at(none, "cells", i, "tag") != tags[i] || at(none, "cells", i, "changed") != "" {
			t.Errorf("table %d is sent again: %v", i, at(none, "cells", i))
		}
	}
	if !reflect.DeepEqual(at(none, "before"), at(none, "after")) {
		t.Error("nothing is another thing")
	}
}

// TestWhatIfGoesOutAsFiles: a workbook, a table that spreadsheets open without running any of it, and the stations for a map.
func TestWhatIfGoesOutAsFiles(t *testing.T) {
	srv := serve(t, atlastest.Town(t))
	file := func(format string) answer {
		t.Helper()
		edits := []object{{"deed": "add", "station": -1, "kind": "union_station", "name": "=1+1", "point": []float64{91.004, 0}}, {"deed": "close", "station": 2}}
		a := ask(t, srv, http.MethodPost, "/v1/coverage/what-if/file?format="+format, encode(object{"profile": "walk", "minutes": 5, "edits": edits}))
		if a.status != http.StatusOK || !strings.Contains(a.header.Get("Content-Disposition"), "."+format+`"`) {
			t.Fatalf("%s: %d %v %s", format, a.status, a.header, a.body)
		}
		return a
	}
	if a := file("xlsx"); !bytes.HasPrefix(a.body, []byte("PK")) || !strings.Contains(a.header.Get("Content-Type"), "spreadsheetml") {
		t.Errorf("%v", a.header)
	}
	table := string(file("csv").body)
	if !strings.HasPrefix(table, "\ufeff") || !strings.Contains(table, "全部重点区域") || strings.Count(table, "\n") != 3 {
		t.Errorf("%s", table)
	}
	for _, heading := range []string{"格网方案覆盖率", "道路长度方案交叉覆盖率", "建成区面积现状覆盖量", "居住用地面积总量（平方米）", "人口方案交叉覆盖率"} {
		if !strings.Contains(table, heading) {
			t.Errorf("no column %s in %s", heading, strings.Split(table, "\n")[0])
		}
	}
	places := file("geojson").json(t)
	if at(places, "features", 0, "properties", "code") != "E" || at(places, "features", 1, "geometry", "coordinates", 0) != 91.004 ||
		at(places, "features", 1, "properties", "added") != true || at(places, "features", 0, "properties", "after", "status") != "closed" {
		t.Errorf("%v", places)
	}
}

// TestClosedAtNightCoversNothingAtNight: a station that a scenario adds counts only while it is open for certain.
func TestClosedAtNightCoversNothingAtNight(t *testing.T) {
	srv := serve(t, atlastest.Town(t))
	covered := func(hours, at string) float64 {
		t.Helper()
		edits := []object{{"deed": "close", "station": 1}, {"deed": "close", "station": 2}, {"deed": "add", "station": -1, "kind": "union_station", "point": []float64{91.004, 0}, "hours": hours}}
		a := ask(t, srv, http.MethodPost, "/v1/coverage/what-if", encode(object{"profile": "walk", "minutes": 5, "open_at": at, "edits": edits}))
		v, ok := path(a.json(t), "after.total.covered").(float64)
		if !ok {
			t.Fatalf("%d %s", a.status, a.body)
		}
		return v
	}
	const day, night = "2026-07-01T12:00:00+08:00", "2026-07-01T23:00:00+08:00"
	if covered("Mo-Su 09:00-18:00", day) == 0 || covered("24/7", night) == 0 || covered("", "") == 0 {
		t.Error("an open station covers nothing")
	}
	if n := covered("Mo-Su 09:00-18:00", night) + covered("", day) + covered("", night); n != 0 {
		t.Errorf("what is closed, or open for all one knows, covers %v cells", n)
	}
}
