package importers

import (
	"bytes"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"kora"
	"kora/geo/grid"
)

var people = kora.Demand{Code: "pop", Name: kora.Name{ZH: "常住人口"}, Unit: kora.DemandPeople, Publisher: "made up",
	AsOf: time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)}

func hexAt(t testing.TB, x, y float64, res int) string {
	c, err := grid.At([2]float64{x, y}, res)
	if err != nil {
		t.Fatal(err)
	}
	return c.String()
}

func TestDemand(t *testing.T) {
	nine := hexAt(t, 91.1, 29.65, 9)
	for name, c := range map[string]struct {
		text   string
		places int
		total  float64
		points bool
	}{
		"Chinese points":       {"经度,纬度,常住人口\n91.1,29.65,120\n91.2,29.7,30.5\n", 2, 150.5, true},
		"English points":       {"lon;lat;workers\n91.1;29.65;1\n", 1, 1, true},
		"cells":                {"h3,people,weight\n" + nine + ",x,7\n", 1, 7, false},
		"cells with a place":   {"H3 格网,经度,纬度,人数\n" + strings.ToUpper(nine) + ",91,29,7\n", 1, 7, false},
		"totals, notes, blank": {"h3,人口（人）\n" + nine + ",7\n\n合计,7\n", 1, 7, false},
		"nobody":               {"lon,lat,weight\n91,29,0\n", 1, 0, true},
		"a guarded cell":       {"lon,lat,weight\n'-91,29,3\n", 1, 3, true},
	} {
		for _, text := range []string{c.text, gb18030(t, c.text)} {
			b, err := Demand("a/x.csv", strings.NewReader(text), people, DemandColumns{})
			if err != nil || len(b.Faults) > 0 || len(b.Items) != 1 {
				t.Errorf("%s: %v, %v", name, b.Faults, err)
				continue
			}
			d := b.Items[0].Value
			if len(d.Weights) != c.places || d.Total() != c.total || (len(d.Points) > 0) != c.points || d.Code != "pop" || d.Source.File != "x.csv" {
				t.Errorf("%s: %+v", name, d)
			}
		}
	}
}

func TestDemandFaults(t *testing.T) {
	nine, ten, seven := hexAt(t, 91.1, 29.65, 9), hexAt(t, 91.2, 29.65, 10), hexAt(t, 91.1, 29.65, 7)
	for name, c := range map[string]struct {
		text   string
		faults string // line and reason of each
		items  int
	}{
		"a weight is missing":     {"lon,lat,weight\n91,29,\n91,29,1\n", "2 required", 1},
		"a weight is no number":   {"lon,lat,weight\n91,29,many\n", "2 syntax", 0},
		"a weight below nothing":  {"lon,lat,weight\n91,29,-1\n", "2 out-of-range", 0},
		"an endless weight":       {"lon,lat,weight\n91,29,1e9\n91,29,1e999\n", "2 out-of-range,3 out-of-range", 0},
		"a place beyond the pole": {"lon,lat,weight\n91,129,1\n", "2 coordinate", 0},
		"half a place":            {"lon,lat,weight\n91,,1\n,29,1\n", "2 required,3 required", 0},
		"a shifted place":         {"lon,lat,坐标系,weight\n91,29,GCJ-02,1\n", "2 crs", 0},
		"no cell":                 {"h3,weight\nnone,1\n8a,1\n,1\n", "2 syntax,3 syntax,4 required", 0},
		"a cell twice":            {"h3,weight\n" + nine + ",1\n" + nine + ",2\n", "3 duplicate", 1},
		"two resolutions":         {"h3,weight\n" + nine + ",1\n" + ten + ",2\n", "3 syntax", 1},
		"too coarse":              {"h3,weight\n" + seven + ",1\n", "2 out-of-range", 0},
		"too many cells":          {"lon,lat,weight\n91,29,1,5\n", "2 syntax", 0},
	} {
		b, err := Demand("x.csv", strings.NewReader(c.text), people, DemandColumns{})
		var got []string
		for _, f := range b.Faults {
			got = append(got, strings.TrimSpace(strings.Join([]string{string(rune('0' + f.Line)), string(f.Err.Reason)}, " ")))
		}
		if err != nil || strings.Join(got, ",") != c.faults || len(b.Items) != c.items {
			t.Errorf("%s: %v, %d items, %v", name, b.Faults, len(b.Items), err)
		}
	}
	for name, c := range map[string]struct {
		text   string
		about  kora.Demand
		reason kora.Reason
	}{
		"no weight":    {"lon,lat\n1,2\n", people, kora.ReasonHeading},
		"no place":     {"lon,weight\n1,2\n", people, kora.ReasonHeading},
		"nothing":      {"", people, kora.ReasonTruncated},
		"no row":       {"lon,lat,weight\n", people, kora.ReasonRequired},
		"no publisher": {"lon,lat,weight\n91,29,1\n", kora.Demand{Code: "x", Name: people.Name, Unit: people.Unit, AsOf: people.AsOf}, kora.ReasonRequired},
		"another unit": {"lon,lat,weight\n91,29,1\n", kora.Demand{Code: "x", Name: people.Name, Unit: "yaks", AsOf: people.AsOf, Publisher: "p"}, kora.ReasonUnknown},
	} {
		if b, err := Demand("x.csv", strings.NewReader(c.text), c.about, DemandColumns{}); kora.ReasonOf(err) != c.reason || len(b.Items) > 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDemandOfPortoAlegre reads people and jobs of a real city from one table, by its cells.
func TestDemandOfPortoAlegre(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "shared", "data", "porto-alegre", "poa_hexgrid.csv"))
	if err != nil {
		t.Skip(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for heading, column := range map[string]int{"population": 3, "jobs": 5} {
		want, empty := 0.0, 0
		for _, r := range rows[1:] {
			if r[column] == "" { // nobody counted there: a fault with its line, not nobody
				empty++
				continue
			}
			n, err := strconv.ParseFloat(r[column], 64)
			if err != nil {
				t.Fatal(err)
			}
			want += n
		}
		batch, err := Demand("poa_hexgrid.csv", bytes.NewReader(b), people, DemandColumns{Weight: heading, Cell: "id"})
		if err != nil || len(batch.Faults) != empty || len(batch.Items) != 1 {
			t.Fatalf("%s: %v, %v", heading, batch.Faults, err)
		}
		if d := batch.Items[0].Value; d.Total() != want || len(d.Cells) != len(rows)-1-empty || want < 100_000 {
			t.Errorf("%s: %v of %d cells, want %v of %d", heading, d.Total(), len(d.Cells), want, len(rows)-1-empty)
		}
	}
	if _, err := Demand("poa_hexgrid.csv", bytes.NewReader(b), people, DemandColumns{}); kora.ReasonOf(err) != kora.ReasonHeading {
		t.Errorf("two columns of numbers: %v", err)
	}
}

func FuzzDemand(f *testing.F) {
	f.Add("经度,纬度,常住人口\n91.1,29.65,120\n91.2,29.7,-30.5\n")
	f.Add("\ufeffh3;weight\n8a3e2d4c1b27fff;1\n8a3e2d4c1b27fff;NaN\n合计;1\n")
	f.Add(gb18030(f, "H3 格网,人数\n893e2d4c1b3ffff,7\n"))
	f.Fuzz(func(t *testing.T, text string) {
		b, err := Demand("f", strings.NewReader(text), people, DemandColumns{})
		if err != nil && kora.ReasonOf(err) == "" {
			t.Fatalf("no reason: %v", err)
		}
		if len(b.Items) > 1 || err != nil && len(b.Items) > 0 {
			t.Fatalf("%d items, %v", len(b.Items), err)
		}
		for _, i := range b.Items {
			if err := i.Value.Validate(); err != nil || math.IsNaN(i.Value.Total()) {
				t.Fatalf("%v", err)
			}
			for _, c := range i.Value.Cells {
				if !grid.Cell(c).Valid() {
					t.Fatalf("%x is no cell", c)
				}
			}
		}
		for _, fault := range b.Faults {
			if fault.Line == 0 || fault.Err == nil {
				t.Fatalf("a fault without a place: %+v", fault)
			}
		}
	})
}
