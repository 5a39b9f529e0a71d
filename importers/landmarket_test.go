package importers

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"kora"
)

// everybody knows every parcel that it is asked for, with an outline and nothing else.
type everybody struct{ gaussKruger }

func (everybody) ParcelsByNumber(_ context.Context, numbers []string) (map[string]*kora.Parcel, error) {
	all := map[string]*kora.Parcel{}
	for i, n := range numbers {
		all[n] = &kora.Parcel{ID: int64(i + 1), Number: n, Name: kora.Name{ZH: "旧名"}, Status: kora.ParcelReady,
			Use: kora.LandUse{Code: "16", Scheme: kora.Scheme2023}, Geometry: orb.MultiPolygon{{{{94, 29}, {95, 29}, {95, 30}, {94, 29}}}}}
	}
	return all, nil
}

// Each of the 203 real records becomes a parcel that says what the record says, or is refused with a reason that holds.
func TestRealLandMarket(t *testing.T) {
	for file, c := range map[string]struct {
		elements int
		encoding string
	}{"results-203.utf8.redacted.json": {203, "UTF-8"}, "output.gbk-two-arrays.redacted.json": {203 + 38, "GB18030"}} {
		text := realInput(t, "land-market/"+file)
		b, err := LandMarket(t.Context(), file, strings.NewReader(text), everybody{}, ParcelOptions{})
		checkBatch(t, b, err)
		if err != nil || b.Encoding != c.encoding {
			t.Fatalf("%s: %v, %s", file, err, b.Encoding)
		}
		faulty := map[int]kora.Fault{}
		for _, f := range b.Faults {
			faulty[f.Line] = f
		}
		if len(b.Items)+len(faulty) != c.elements {
			t.Errorf("%s: %d parcels and %d refused of %d", file, len(b.Items), len(faulty), c.elements)
		}
		// An independent reading of the same records.
		var records []map[string]any
		plain, err := decoded(file, text)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.NewDecoder(strings.NewReader(plain)).Decode(&records); err != nil {
			t.Fatal(err)
		}
		items := map[int]kora.Parcel{}
		for _, i := range b.Items {
			items[i.Line] = i.Value
		}
		var dict map[string]string
		if err := json.Unmarshal([]byte(realInput(t, "land-market/dict_supply.json")), &dict); err != nil {
			t.Fatal(err)
		}
		supply := map[string]string{"1": "HB", "21": "ZB", "22": "PM", "23": "GP", "3": "XY", "4": "ZL", "5": "ZJ", "6": "SQ"}
		narrower := map[int]bool{}
		for _, w := range b.Warnings {
			if w.Part == "use" {
				narrower[w.Line] = true
			}
		}
		for n, r := range records {
			text := func(key string) string { s, _ := r[key].(string); return strings.TrimSpace(s) }
			num := func(key string) float64 { v, _ := strconv.ParseFloat(text(key), 64); return v }
			if f, ok := faulty[n+1]; ok {
				if min, max := num("plot_ratio_minimum"), num("plot_ratio_maximum"); f.Part != "plot_ratio" || !(max > 0 && min > max) {
					t.Errorf("%s: record %d is refused: %v", file, n+1, f)
				}
				continue
			}
			p := items[n+1]
			if p.Number != text("idnumber") || p.County != text("idnumber")[:6] || p.Address.ZH != tidy(text("location")) || text("name") != "" && p.Name.ZH != tidy(text("name")) {
				t.Errorf("%s: record %d is %+v", file, n+1, p)
			}
			if d := p.StatedM2 - 10_000*num("area"); d > 1e-5 || d < -1e-5 {
				t.Errorf("%s: record %d has %g m², not %s ha", file, n+1, p.StatedM2, text("area"))
			}
			if p.Supply != supply[dict[text("supply")]] || p.Supply == "" {
				t.Errorf("%s: record %d is supplied by %q, not %s", file, n+1, p.Supply, text("supply"))
			}
			for bound, key := range map[**float64]string{&p.FAR.Min: "plot_ratio_minimum", &p.FAR.Max: "plot_ratio_maximum"} {
				if got := *bound; (got == nil) != (num(key) == 0) || got != nil && *got != num(key) {
					t.Errorf("%s: record %d: %s %s is %v", file, n+1, key, text(key), got)
				}
			}
			if years, err := strconv.Atoi(text("duration")); err == nil && p.TermYears != years {
				t.Errorf("%s: record %d has %d years, not %s", file, n+1, p.TermYears, text("duration"))
			} else if strings.Contains(text("duration"), ";") && (len(p.Uses) < 1 || p.TermYears == 0) {
				t.Errorf("%s: record %d lost its terms %s: %+v", file, n+1, text("duration"), p.Uses)
			}
			if want := map[bool]kora.ParcelStatus{true: kora.ParcelSupplied, false: kora.ParcelSigned}[p.Supply == "HB"]; p.Status != want {
				t.Errorf("%s: record %d is %s", file, n+1, p.Status)
			}
			if p.Use.Name() == "" || !narrower[n+1] && text("use") != p.Use.Code && !p.Use.Names(text("use")) && text("use") != "公共设施用地" && text("use") != "街巷用地" {
				t.Errorf("%s: record %d is used as %s %s, not %s", file, n+1, p.Use.Code, p.Use.Name(), text("use"))
			}
		}
		t.Logf("%s: %d parcels, %d refused, %d uses kept as wider ones", file, len(b.Items), len(faulty), len(narrower))
		// The second array lists other notices, by no number.
		for n := 204; n <= c.elements; n++ {
			if f := faulty[n]; f.Part != "idnumber" || f.Err.Reason != kora.ReasonRequired {
				t.Errorf("%s: %d: %v", file, n, f)
			}
		}
	}
	// Without outlines in the record, none becomes a parcel.
	b, err := LandMarket(t.Context(), "x.json", strings.NewReader(realInput(t, "land-market/results-203.utf8.redacted.json")), fakeRecord{}, ParcelOptions{})
	if err != nil || len(b.Items) > 0 || len(b.Faults) < 203 {
		t.Errorf("%d parcels, %d faults, %v", len(b.Items), len(b.Faults), err)
	}
}

// Every name of the list of 2007 that the market uses has a use here, but for the words of its price statistics.
func TestMarketUses(t *testing.T) {
	raw := realInput(t, "land-market/dict_use.json")
	dec := json.NewDecoder(strings.NewReader(raw))
	if _, err := dec.Token(); err != nil {
		t.Fatal(err)
	}
	n := 0
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			t.Fatal(err)
		}
		code, err := dec.Token()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Trim(code.(string), "0123456789") != "" {
			continue
		}
		n++
		use, narrower, refusal := marketUse(name.(string), firstDay)
		if refusal != nil || use.Scheme != kora.Scheme2017 {
			t.Errorf("%s %s: %+v, %v", code, name, use, refusal)
			continue
		}
		if use.Listed() && !narrower && len(code.(string)) == 2 && use.Code != code {
			t.Errorf("%s %s is %s", code, name, use.Code)
		}
	}
	if n < 50 {
		t.Errorf("%d names", n)
	}
}

func TestLandMarketFaults(t *testing.T) {
	for _, c := range []struct{ record, want string }{
		{`5`, "1  format"},
		{`{}`, "1 idnumber required"},
		{`{"idnumber":5}`, "1 idnumber syntax"},
		{`{"idnumber":"LZ-9","use":"工业用地"}`, "1 idnumber not-found"},
		{`{"idnumber":"LZ-1"}`, "1 use required"},
		{`{"idnumber":"LZ-1","use":"月亮"}`, "1 use unknown-value"},
		{`{"idnumber":"LZ-1","use":"061"}`, "1 use syntax"},
		{`{"idnumber":"LZ-1","use":"0601"}`, "1 use syntax"},
		{`{"idnumber":"LZ-1","use":"0601","date4sign":"2024年1月1日"}`, "1 use syntax"},
		{`{"idnumber":"LZ-1","use":"军事设施用地"}`, "1 use not-public"},
		{`{"idnumber":"LZ-1","use":"工业用地","supply":"赠送"}`, "1 supply unknown-value"},
		{`{"idnumber":"LZ-1","use":"工业用地","supply":"招拍挂出让"}`, "1 supply unknown-value"},
		{`{"idnumber":"LZ-1","use":"工业用地","duration":"很久"}`, "1 duration syntax"},
		{`{"idnumber":"LZ-1","use":"工业用地","duration":"月亮50年"}`, "1 use unknown-value"},
		{`{"idnumber":"LZ-1","use":"工业用地","duration":"99"}`, "1 duration out-of-range"},
		{`{"idnumber":"LZ-1","use":"工业用地","area":"约3"}`, "1 area syntax"},
		{`{"idnumber":"LZ-1","use":"工业用地","date4sign":"去年"}`, "1 date4sign syntax"},
		{`{"idnumber":"LZ-1","use":"工业用地","plot_ratio_minimum":"2","plot_ratio_maximum":"1"}`, "1 plot_ratio out-of-range"},
		{`{"idnumber":"540402X1","use":"工业用地","district":"城关区"}`, "1 county unknown-value"},
	} {
		b, err := LandMarket(t.Context(), "p.json", strings.NewReader("["+c.record+"]"), registered("LZ-1"), ParcelOptions{})
		checkBatch(t, b, err)
		if got := faultList(b.Faults); err != nil || got != c.want+"\n" {
			t.Errorf("%s: got %swant %s (%v, %v)", c.record, got, c.want, b.Faults, err)
		}
	}
	for text, want := range map[string]string{`{}`: "not an array", ``: "ends in the middle", `[] {}`: "not an array", `[{]`: "not JSON", `[]]`: "not JSON", `[{"idnumber":"A"`: "ends in the middle"} {
		b, err := LandMarket(t.Context(), "p.json", strings.NewReader(text+" "), registered(), ParcelOptions{})
		if len(b.Items) > 0 || err == nil || kora.ReasonOf(err) == "" || text != "" && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %+v, %v", text, b, err)
		}
	}
	b, err := LandMarket(t.Context(), "p.json", strings.NewReader("[]\n[]"), registered(), ParcelOptions{})
	if err != nil || len(b.Items)+len(b.Faults) > 0 {
		t.Errorf("nothing twice: %+v, %v", b, err)
	}
}
