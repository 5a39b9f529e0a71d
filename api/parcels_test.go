package api_test

import (
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"kora"
	"kora/atlas"
	"kora/atlas/atlastest"
)

// TestEveryParameterIsDescribed: what filters parcels is in the OpenAPI document, and nothing else of them is.
func TestEveryParameterIsDescribed(t *testing.T) {
	b, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Paths map[string]map[string]struct {
			Parameters []struct {
				Name string `json:"name"`
			} `json:"parameters"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(b, &document); err != nil {
		t.Fatal(err)
	}
	want := append(atlas.ParcelParams(), "limit", "cursor", "sort", "facets")
	for path, method := range map[string]string{"/v1/parcels": "get", "/v1/parcels/search": "post"} {
		var got []string
		for _, p := range document.Paths[path][method].Parameters {
			got = append(got, p.Name)
		}
		if !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
			t.Errorf("%s describes %v, want %v", path, got, want)
		}
	}
}

// TestWhatIsAskedOfParcels: shapes, orders, words, and answers that tell no counts.
func TestWhatIsAskedOfParcels(t *testing.T) {
	r := atlastest.Town(t)
	for id, status := range map[int64]kora.ParcelStatus{1: kora.ParcelBidding, 2: kora.ParcelReady, 3: kora.ParcelAnnounced} {
		p := *r.Parcels[id]
		p.Status, p.Zone, p.Facilities = status, []string{"", "林芝经开区", "米林\"区\\"}[id-1], [][]string{{"road"}, {"road", "gas"}, nil}[id-1]
		p.Steps = []kora.ParcelStep{{Status: status, On: "2026-07-01", Who: "somebody"}}
		r.Parcels[id] = &p
	}
	srv := serve(t, r)
	numbers := func(v any) string {
		var all []string
		list, _ := at(v, "features").([]any)
		for _, f := range list {
			all = append(all, at(f, "properties", "number").(string))
		}
		return strings.Join(all, " ")
	}
	for query, want := range map[string]string{
		"?sort=-number": "LZ-3 LZ-2 LZ-1", "?sort=status": "LZ-2 LZ-3 LZ-1", "?stage=bidding&stage=available": "LZ-1 LZ-2", "?facility=road": "LZ-1 LZ-2",
		"?facility=road&facility=gas": "LZ-2", "?zone=林芝经开区": "LZ-2", "?q=lzjkq": "LZ-2", "?q=ＬＺ－２": "LZ-2", "?q=mlq": "LZ-3", "?q=sldk lz-1": "LZ-1",
		"?within=94.29,29.59,94.305,29.59,94.3,29.7": "LZ-1", "?far_min=0": "", "?sample=true": "LZ-1 LZ-2 LZ-3",
	} {
		if got := numbers(get(t, srv, "/v1/parcels"+strings.ReplaceAll(query, " ", "%20")).json(t)); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	v := get(t, srv, "/v1/parcels?facility=road").json(t)
	counts := map[string]any{}
	for _, o := range at(v, "facets", "facility").([]any) {
		counts[at(o, "value").(string)] = at(o, "count")
	}
	if counts["road"] != 2.0 || counts["gas"] != 1.0 || at(v, "total") != 2.0 || at(v, "histograms", "area", "bins", 0) == nil {
		t.Errorf("counts %v, total %v", counts, at(v, "total"))
	}
	if zone := at(get(t, srv, "/v1/parcels/LZ-3").json(t), "properties", "zone"); zone != "米林\"区\\" {
		t.Errorf("the zone reads %v", zone)
	}
	one := get(t, srv, "/v1/parcels/LZ-2")
	if p := at(one.json(t), "properties"); at(p, "drives", "highway", "missing") != "no_streets" || at(p, "terrain", "missing") != "no_heights" || at(p, "terrain", "slope_deg") != nil || at(p, "stage") != "available" ||
		at(p, "steps", 0, "on") != "2026-07-01" || strings.Contains(string(one.body), "somebody") {
		t.Errorf("one parcel: %s", one.body)
	}
	if v := get(t, srv, "/v1/parcels?facets=false").json(t); at(v, "facets") != nil || at(v, "histograms") != nil || at(v, "total") != 3.0 {
		t.Errorf("facets come unasked: %v", v)
	}
	for body, want := range map[string]string{
		`{"type":"Polygon","coordinates":[[[94.29,29.59],[94.305,29.59],[94.3,29.7],[94.29,29.59]]]}`:        "LZ-1",
		`{"type":"MultiPolygon","coordinates":[[[[94.31,29.59],[94.33,29.59],[94.32,29.7],[94.31,29.59]]]]}`: "LZ-2 LZ-3",
	} {
		if a := ask(t, srv, http.MethodPost, "/v1/parcels/search?sort=number", body); a.status != http.StatusOK || numbers(a.json(t)) != want {
			t.Errorf("%s: %d %s", body, a.status, numbers(a.json(t)))
		}
	}
	cursor, _ := at(get(t, srv, "/v1/parcels?limit=1&sort=area").json(t), "next").(string)
	for path, status := range map[string]int{
		"/v1/parcels?limit=1&sort=area&cursor=" + cursor: 200, "/v1/parcels?limit=1&sort=-area&cursor=" + cursor: 422, "/v1/parcels?cursor=QUJD": 422,
		"/v1/parcels?sort=colour": 422, "/v1/parcels?sort=-": 422, "/v1/parcels?near=94.3,29.6": 422, "/v1/parcels?minutes=5": 422,
		"/v1/parcels?near=94.3,29.6&minutes=0": 422, "/v1/parcels?near=94.3,NaN&minutes=5": 422, "/v1/parcels?near=94.3,29.6&minutes=5": 422,
		"/v1/parcels?within=1,2,3,4": 422, "/v1/parcels?within=1,2,3,4,5": 422, "/v1/parcels?within=NaN,2,3,4,5,6": 422, "/v1/parcels?within=" + strings.Repeat("1,2,", 600) + "1,3": 422,
		"/v1/parcels?listing_ends_min=2026-02-30": 422, "/v1/parcels?far_min=Inf": 422, "/v1/parcels?facility=moat": 422, "/v1/parcels?to_railway_max=-1": 422,
		"/v1/parcels?colour=red": 422, "/v1/parcels?altitude_min=-100": 200, "/v1/parcels?county=540422": 200,
	} {
		if a := get(t, srv, path); a.status != status {
			t.Errorf("%.70s: %d %s", path, a.status, a.body)
		} else if status == 422 && !strings.Contains(path, "minutes=5") && at(a.json(t), "reason") == "" {
			t.Errorf("%.70s tells no reason", path)
		}
	}
	for _, body := range []string{`{"type":"Point","coordinates":[1,2]}`, `{"type":"Polygon","coordinates":[1,2]}`, `{"type":"Polygon","coordinates":[]}`,
		`{"type":"MultiPolygon","coordinates":[[]]}`, `{"type":"Polygon","coordinates":[[[1,2],[3,4]]]}`, `{"type":"Polygon","coordinates":[[[1,2],[3,400],[5,6]]]}`} {
		if a := ask(t, srv, http.MethodPost, "/v1/parcels/search", body); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
}
