package importers

import (
	"strings"
	"testing"

	"kora"
)

// The readers take anything: no panic, no record that is not valid, and a fault that says what is wrong.

func FuzzStations(f *testing.F) {
	for _, name := range []string{"stations.zh.csv", "stations.en.csv"} {
		f.Add(sample(f, name))
		f.Add(gb18030(f, sample(f, name)))
	}
	f.Add("\ufeffcode;name;kind;lon;lat\n\"A\n\";甲;氧吧;1e9;NaN\n")
	f.Add("code\tname\tkind\tlon\tlat\r\"\r")
	f.Fuzz(func(t *testing.T, text string) {
		b, err := Stations("f", strings.NewReader(text))
		checkBatch(t, b, err)
	})
}

func FuzzGeoJSON(f *testing.F) {
	for _, name := range []string{"areas.geojson", "highways.geojson", "parcels.geojson"} {
		f.Add(sample(f, name))
	}
	f.Add(`{"type":"Feature","geometry":{"coordinates":[[[[1e400]]],{"a":[]}],"type":"Polygon"},"properties":{"code":[],"name":{}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		areas, err := KeyAreas("f", strings.NewReader(text))
		checkBatch(t, areas, err)
		for _, a := range areas.Items {
			checkRings(t, a.Value.Geometry)
		}
		highways, err := Highways("f", strings.NewReader(text))
		checkBatch(t, highways, err)
		parcels, err := ParcelsGeoJSON(t.Context(), "f", strings.NewReader(text), fakeRecord{}, ParcelOptions{})
		checkBatch(t, parcels, err)
	})
}

func FuzzParcelsTXT(f *testing.F) {
	text := sample(f, "parcels.txt")
	f.Add(text)
	f.Add(gb18030(f, strings.ReplaceAll(text, "\n", "\r\n")))
	f.Add(surveyHead + plotA)
	f.Add(strings.ReplaceAll(surveyHead+plotA, ",3163", ",63"))
	f.Fuzz(func(t *testing.T, text string) {
		b, err := ParcelsTXT(t.Context(), "f", strings.NewReader(text), fakeRecord{}, ParcelOptions{})
		if err != nil && kora.ReasonOf(err) == "" {
			t.Fatalf("the reprojection was asked for nonsense: %v", err)
		}
		checkBatch(t, b, err)
		for _, p := range b.Items {
			checkRings(t, p.Value.Geometry)
		}
	})
}

func FuzzNotices(f *testing.F) {
	f.Add(sample(f, "notices.json"))
	f.Add(`[{"code":"\u0000","title":{"zh":1}},[],"x"]`)
	f.Fuzz(func(t *testing.T, text string) {
		b, err := Notices("f", strings.NewReader(text))
		checkBatch(t, b, err)
	})
}

func FuzzHours(f *testing.F) {
	f.Add("周一至周五 9:00-18:00；周末 下午2:30-次日1:00")
	f.Add("Mo-Fr 09:00-18:00; Sa off")
	f.Fuzz(func(t *testing.T, s string) {
		h, err := chineseHours(s)
		if err != nil {
			if kora.ReasonOf(err) == "" {
				t.Fatal(err)
			}
			return
		}
		if again, err := kora.ParseHours(h.String()); err != nil || again.String() != h.String() {
			t.Fatalf("%q became %q, which is not read again: %v", s, h, err)
		}
	})
}
