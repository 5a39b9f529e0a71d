package api_test

import (
	"math"
	"net/http"
	"strings"
	"testing"

	"kora"
	"kora/atlas"
	"kora/atlas/atlastest"
)

// The town has three parcels: LZ-1 for industry of 2 ha, LZ-2 and LZ-3 for commerce of 5 and 9 ha.
func TestRecommendTellsItsReasons(t *testing.T) {
	town := atlastest.Town(t)
	altitude, dense := town.Parcels[2], 2.0
	altitude.AltitudeM, altitude.Facilities, altitude.Price = 3200, []string{"road", "water"}, &kora.Price{Amount: 1120, Unit: "万元"}
	altitude.FAR = kora.Range{Max: &dense}
	srv := serve(t, town)
	post := func(body string, headers ...string) answer {
		return ask(t, srv, http.MethodPost, "/v1/parcels/recommend", body, headers...)
	}
	body := `{"needs":[{"term":"use","values":["09"],"hard":true},{"term":"area","min":52083.33,"max":60000,"weight":3},
		{"term":"price","max":1000},{"term":"altitude","max":3000},{"term":"facility","values":["road","gas"]},{"term":"far","min":1.5}]}`
	v := post(body).json(t)
	if at(v, "total") != 2.0 || at(v, "considered") != 3.0 || at(v, "excluded", 0, "term") != "use" || at(v, "excluded", 0, "parcels") != 1.0 ||
		at(v, "suggestions", 0, "number") != "LZ-2" || at(v, "suggestions", 1, "number") != "LZ-3" || at(v, "suggestions", 2) != nil ||
		at(v, "suggestions", 0, "parcel", "properties", "number") != "LZ-2" {
		t.Fatalf("%v", v)
	}
	for language, want := range map[string][2]string{
		"en": {"use matches; floor area ratio ≤ 2 suits", "area 96 %; price 12 % above; altitude 200 m above; services without gas"},
		"zh": {"用途相符; 容积率 ≤ 2 符合", "面积 96%; 起始价高出 12%; 海拔高 200 米; 配套缺燃气"},
		"bo": {"བེད་སྤྱོད་མཐུན།; ཤོང་ཚད་ ≤ 2 འཚམས།", "རྒྱ་ཁྱོན་ 96%; འགོ་འཛུགས་རིན་གོང་ 12% བརྒལ།; མཚོ་ངོས་མཐོ་ཚད་ 200 སྨི མཐོ།; མཁོ་ཆས་ཁྲོད་ རླངས་སྣུམ་མེད།"},
	} {
		best := at(post(body, "Accept-Language", language).json(t), "suggestions", 0)
		for i, list := range []string{"reasons", "misses"} {
			var texts []string
			for _, f := range at(best, list).([]any) {
				texts = append(texts, at(f, "text").(string))
			}
			if got := strings.Join(texts, "; "); got != want[i] {
				t.Errorf("%s %s: %s, want %s", language, list, got, want[i])
			}
		}
	}
	for query, want := range map[string]string{
		`{"needs":[]}`: "LZ-1 LZ-2 LZ-3",
		`{"needs":[{"term":"area","min":90000}]}`:                                   "LZ-3 LZ-2 LZ-1",
		`{"needs":[{"term":"area","min":90000}],"limit":1}`:                         "LZ-3",
		`{"needs":[{"term":"county","values":["540421"],"hard":true}]}`:             "",
		`{"needs":[{"term":"price","max":1,"hard":true}]}`:                          "",
		`{"needs":[{"term":"access"},{"term":"use","values":["1001"]}]}`:            "LZ-1 LZ-2 LZ-3",
		`{"needs":[{"term":"access","weight":2},{"term":"use","values":["1001"]}]}`: "LZ-2 LZ-1 LZ-3",
	} {
		a := post(query)
		var got []string
		for _, s := range at(a.json(t), "suggestions").([]any) {
			got = append(got, at(s, "number").(string))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", query, got, want)
		}
	}
	for _, bad := range []string{`{}`, `{"needs":[{"term":"colour"}]}`, `{"needs":[{"term":"area","min":-1}]}`, `{"needs":[{"term":"area","min":1e400}]}`,
		`{"needs":[{"term":"access","weight":101}]}`, `{"needs":[],"limit":51}`, `{"needs":[` + strings.Repeat(`{"term":"access"},`, 40) + `{"term":"access"}]}`,
		`{"needs":[{"term":"use","values":["` + strings.Repeat("1", 70<<10) + `"]}]}`} {
		if a := post(bad); a.status < 400 || a.status > 499 {
			t.Errorf("%.80s: %d %s", bad, a.status, a.body)
		}
	}
	first := at(v, "suggestions", 0, "misses", 0)
	if at(first, "term") != "area" || at(first, "need") != 1.0 || at(first, "unit") != "m²" || at(first, "low") != 50000.0 || math.Abs(at(first, "off").(float64)+2083.33) > 1e-6 || math.Abs(at(first, "fit").(float64)-0.96) > 1e-6 {
		t.Errorf("numbers beside the text: %v", first)
	}
}

// TestMinutesByCarAreNeedsToo asks for what every answer about a parcel tells as its drives; the town has no streets for cars.
func TestMinutesByCarAreNeedsToo(t *testing.T) {
	srv := serve(t, atlastest.Town(t))
	for _, to := range atlas.Destinations() {
		a := ask(t, srv, http.MethodPost, "/v1/parcels/recommend", `{"needs":[{"term":"to_`+string(to)+`","max":30}]}`)
		f := at(a.json(t), "suggestions", 0, "misses", 0)
		if a.status != http.StatusOK || at(f, "unknown") != true || at(f, "text") == "to_"+string(to)+" is not known" {
			t.Errorf("%s: %d %s", to, a.status, a.body)
		}
	}
}
