package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"kora"
	"kora/atlas/atlastest"
	"kora/store/cluster/clustertest"
)

func text(change ...any) string {
	n := map[string]any{"kind": "notice", "title": map[string]string{"zh": "出让公告", "bo": "བཙོང་བའི་བརྡ་ཁྱབ།", "en": "Notice of sale"},
		"body": map[string]string{"zh": "报名自七月起。\r\n材料：申请书。", "en": "Bring the APPLICATION form."}, "published_on": "2026-07-01", "parcels": []string{"LZ-1"}}
	for i := 0; i < len(change); i += 2 {
		n[change[i].(string)] = change[i+1]
	}
	b, _ := json.Marshal(n)
	return string(b)
}

// TestNoticesAreEdited goes through the record: what is written shows at once, its history is kept, and who comes late is told.
func TestNoticesAreEdited(t *testing.T) {
	cfg, err := pgxpool.ParseConfig(clustertest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	w := serveRecord(t, cfg, true, time.Hour)
	write := func(method, path, body string, headers ...string) answer {
		t.Helper()
		return ask(t, w.Server, method, "/v1/notices"+path, body, append(staff("甲"), headers...)...)
	}
	a := write(http.MethodPost, "", text("code", "G-1", "parcels", []string{"LZ-1", "LZ-99"}))
	v := a.json(t)
	first, _ := at(v, "revision").(string)
	if a.status != http.StatusCreated || a.header.Get("Location") != "/v1/notices/G-1" || at(v, "state") != "open" || first == "" ||
		fmt.Sprint(at(v, "unknown_parcels")) != "[LZ-99]" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	got := get(t, w.Server, "/v1/notices/G-1").json(t)
	if at(got, "body", "zh") != "报名自七月起。\n材料：申请书。" || at(got, "revision") != first {
		t.Errorf("%v", got)
	}
	if codes := at(get(t, w.Server, "/v1/parcels/LZ-1").json(t), "properties", "notices"); fmt.Sprint(codes) != "[G-1]" {
		t.Errorf("the parcel's notices: %v", codes)
	}
	if a := write(http.MethodPost, "", text("code", "G-1")); a.status != http.StatusConflict || at(a.json(t), "reason") != "duplicate" {
		t.Errorf("the same code: %d %s", a.status, a.body)
	}

	a = write(http.MethodPut, "/G-1", text("closes_at", "2026-07-31"), "If-Match", `"`+first+`"`, "Kora-Reason", "deadline")
	second, _ := at(a.json(t), "revision").(string)
	if a.status != http.StatusOK || second == first || at(a.json(t), "closes_at") != "2026-08-01T00:00:00+08:00" || fmt.Sprint(at(a.json(t), "unknown_parcels")) != "[]" {
		t.Errorf("replaced: %d %s", a.status, a.body)
	}
	late := ask(t, w.Server, http.MethodPut, "/v1/notices/G-1", text(), append(staff("乙"), "If-Match", first)...)
	if detail, _ := at(late.json(t), "detail").(string); late.status != http.StatusPreconditionFailed || !strings.Contains(detail, "by 甲 at 20") {
		t.Errorf("too late: %d %s", late.status, late.body)
	}
	if a := write(http.MethodDelete, "/G-1", "", "If-Match", first); a.status != http.StatusPreconditionFailed {
		t.Errorf("deleted too late: %d", a.status)
	}
	if a := write(http.MethodPut, "/G-1", text(), "If-Match", "yesterday"); a.status != http.StatusUnprocessableEntity {
		t.Errorf("no revision: %d", a.status)
	}
	if a := write(http.MethodPut, "/G-1", text()); a.status != http.StatusOK {
		t.Errorf("without If-Match: %d %s", a.status, a.body)
	}
	if a := write(http.MethodPut, "/G-2", text()); a.status != http.StatusNotFound {
		t.Errorf("replacing nothing: %d", a.status)
	}
	for range 2 {
		a = write(http.MethodDelete, "/G-1", "")
	}
	if a.status != http.StatusNotFound || get(t, w.Server, "/v1/notices/G-1").status != http.StatusNotFound {
		t.Errorf("deleted twice: %d", a.status)
	}
	// Made again under its code it is another.
	again := write(http.MethodPost, "", text("code", "G-1"))
	if a := write(http.MethodPut, "/G-1", text(), "If-Match", first); a.status != http.StatusPreconditionFailed || again.status != http.StatusCreated {
		t.Errorf("an old revision of a new notice: %d", a.status)
	}
	var id int64
	fmt.Sscanf(first, "%d-", &id)
	versions, err := w.store.History(t.Context(), kora.LayerNotice, id)
	if err != nil || len(versions) != 3 || versions[0].Author != (kora.Author{Who: "甲", Why: "deadline"}) || versions[2].Op != "delete" {
		t.Errorf("history: %+v %v", versions, err)
	}
	for name, body := range map[string]string{
		"no title": text("code", "X", "title", map[string]string{"en": "x"}), "no day": text("code", "X", "published_on", "soon"),
		"another age": text("code", "X", "published_on", "1848-01-01"), "before it": text("code", "X", "closes_at", "2026-06-01"),
		"control": text("code", "X", "body", map[string]string{"zh": "a\x00"}), "parcel": text("code", "X", "parcels", []string{""}),
		"kind": text("code", "X", "kind", "rumour"), "code": text("code", "a\nb"), "long": text("code", "X", "body", map[string]string{"zh": strings.Repeat("字", 50_001)}),
	} {
		if a := write(http.MethodPost, "", body); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %.300s", name, a.status, a.body)
		}
	}
	if a := ask(t, w.Server, http.MethodPost, "/v1/notices", text("code", "X")); a.status != http.StatusUnauthorized {
		t.Errorf("without a token: %d", a.status)
	}
	markup := text("code", "Y/1 ü", "body", map[string]string{"zh": "<script>alert(1)</script>"})
	a = write(http.MethodPost, "", markup)
	path := "/v1/notices/" + url.PathEscape("Y/1 ü")
	if a.header.Get("Location") != path {
		t.Errorf("Location %q", a.header.Get("Location"))
	}
	a = get(t, w.Server, path)
	if at(a.json(t), "body", "zh") != "<script>alert(1)</script>" || a.header.Get("X-Content-Type-Options") != "nosniff" || a.header.Get("Content-Type") != "application/json" {
		t.Errorf("markup: %d %v %s", a.status, a.header, a.body)
	}
}

// TestNamesInPathsAreDecoded: however a browser encodes them.
func TestNamesInPathsAreDecoded(t *testing.T) {
	town := atlastest.Town(t)
	for id, code := range map[int64]string{2: "林(2026)1号", 3: "a/b", 4: "50%25", 5: "林[2026]'2'!*"} {
		town.Notices[id] = &kora.Notice{ID: id, Version: 1, Code: code, Kind: kora.NoticeNotice, Title: kora.Name{ZH: "公告"}, PublishedOn: noon}
		town.Parcels[10+id] = &kora.Parcel{ID: 10 + id, Number: code, Geometry: town.Parcels[1].Geometry}
	}
	srv := serve(t, town)
	for code, paths := range map[string][]string{
		"林(2026)1号": {"%E6%9E%97(2026)1%E5%8F%B7", "%E6%9E%97%282026%291%E5%8F%B7"}, "a/b": {"a%2Fb", "a%2fb"}, "50%25": {"50%2525"},
		"林[2026]'2'!*": {"%E6%9E%97%5B2026%5D'2'!*", "%E6%9E%97%5B2026%5D%272%27%21%2A"},
	} {
		for _, path := range paths {
			if a := get(t, srv, "/v1/notices/"+path); at(a.json(t), "code") != code {
				t.Errorf("%s: %d %s", path, a.status, a.body)
			}
			if a := get(t, srv, "/v1/parcels/"+path); at(a.json(t), "properties", "number") != code {
				t.Errorf("%s: %d %s", path, a.status, a.body)
			}
		}
	}
}

func TestNoticesAreFound(t *testing.T) {
	town := atlastest.Town(t)
	day := func(d int) time.Time { return time.Date(2026, 6, d, 0, 0, 0, 0, time.UTC) }
	for id, n := range map[int64]*kora.Notice{
		2: {Code: "OLD", Kind: kora.NoticeNotice, Title: kora.Name{ZH: "旧公告"}, PublishedOn: day(1), ClosesAt: noon},
		3: {Code: "GUIDE", Kind: kora.NoticeGuide, Title: kora.Name{ZH: "办事指南", BO: "ལག་དེབ།", EN: "How to Apply"}, PublishedOn: day(2), Body: kora.Name{ZH: "步骤：一、报名 ＡＢＣ１"}},
		4: {Code: "SOON", Kind: kora.NoticePolicy, Title: kora.Name{ZH: "新政策"}, PublishedOn: time.Date(2026, 7, 2, 0, 0, 0, 0, time.UTC)},
		5: {Code: "TODAY", Kind: kora.NoticePolicy, Title: kora.Name{ZH: "新政策"}, PublishedOn: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), ClosesAt: noon.Add(time.Second)},
	} {
		n.ID, n.Version = id, 1
		town.Notices[id] = n
	}
	srv := serve(t, town)
	codes := func(query string) string {
		var all []string
		for _, n := range at(get(t, srv, query).json(t), "notices").([]any) {
			all = append(all, at(n, "code").(string))
		}
		return strings.Join(all, " ")
	}
	q := url.QueryEscape
	for query, want := range map[string]string{
		"/v1/notices":                             "SOON N1 TODAY GUIDE OLD",
		"/v1/notices?state=open":                  "N1 TODAY GUIDE",
		"/v1/notices?state=closed":                "OLD",
		"/v1/notices?state=upcoming":              "SOON",
		"/v1/notices?state=closed&state=upcoming": "SOON OLD",
		"/v1/notices?kind=policy&state=open":      "TODAY",
		"/v1/notices?parcel=LZ-2":                 "N1",
		"/v1/notices?parcel=LZ-9":                 "",
		"/v1/guides":                              "GUIDE",
		"/v1/guides?q=x":                          "",
		"/v1/notices?q=" + q("政策"):                "SOON TODAY",
		"/v1/notices?q=" + q("ལག་དེབ"):            "GUIDE",
		"/v1/notices?q=" + q("APPLY how"):         "GUIDE",
		"/v1/notices?q=" + q("abc1 报名"):           "GUIDE",
		"/v1/notices?q=" + q("报名 none"):           "",
		"/v1/notices?q=soon":                      "SOON",
	} {
		if got := codes(query); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	var pages []string
	for next := "/v1/notices?limit=2"; next != ""; {
		pages = append(pages, codes(next))
		v := get(t, srv, next).json(t)
		if at(v, "total") != 5.0 {
			t.Errorf("total %v", at(v, "total"))
		}
		cursor, _ := at(v, "next").(string)
		if next = ""; cursor != "" {
			next = "/v1/notices?limit=2&cursor=" + cursor
		}
	}
	if !slices.Equal(pages, []string{"SOON N1", "TODAY GUIDE", "OLD"}) {
		t.Errorf("pages: %q", pages)
	}
}
