package importers

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"kora"
)

// onlyReader is a file that can be read once, from a pipe say.
type onlyReader struct{ io.Reader }

// What is handed on while a file is read is what a file that can be read only once gives at its end, wherever it names its reference
// system, or seems to.
func TestParcelsThatAreHandedOn(t *testing.T) {
	const grid = `"crs":{"type":"name","properties":{"name":"EPSG:4491"}}`
	feature := func(i int, x, y float64, more string) string {
		return fmt.Sprintf(`{"type":"Feature"%s,"properties":{"number":"LZ-%d","name":"地块","use":{"code":"1001","scheme":"2023"},"status":"promoted"},`+
			`"geometry":{"type":"Polygon","coordinates":[[[%[3]g,%g],[%g,%[4]g],[%[5]g,%g],[%[3]g,%[4]g]]]}}`, more, i, x, y, x+0.001, y+0.001)
	}
	features := func(x, y float64, more string) string {
		var all []string
		for i := range entriesAtOnce + 100 { // two lots
			at := ""
			if i == entriesAtOnce+50 {
				at = more
			}
			all = append(all, feature(i, x, y, at))
		}
		return `"features":[` + strings.Join(all, ",\n") + `]`
	}
	const lon, lat, east, north = 94.3, 29.6, 13_500_000.0, 3_281_000.0
	for name, text := range map[string]string{
		"none":             `{"type":"FeatureCollection",` + features(lon, lat, "") + `}`,
		"degrees before":   `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4490"}},` + features(lon, lat, "") + `}`,
		"degrees behind":   `{"type":"FeatureCollection",` + features(lon, lat, "") + `,"crs":{"type":"name","properties":{"name":"EPSG:4490"}}}`,
		"a grid before":    `{` + grid + `,"type":"FeatureCollection",` + features(east, north, "") + `}`,
		"a grid behind":    `{"type":"FeatureCollection",` + features(east, north, "") + `,` + grid + `}`,
		"a grid, hidden":   `{"type":"FeatureCollection",` + features(east, north, "") + `,` + strings.Replace(grid, `"crs"`, `"\u0063\u0072\u0073"`, 1) + `}`,
		"within a feature": `{"type":"FeatureCollection",` + features(east, north, ","+grid) + `}`,
		"two":              `{` + grid + `,"type":"FeatureCollection",` + features(lon, lat, `,"crs":{"type":"name","properties":{"name":"EPSG:4490"}}`) + `}`,
		"in a text":        `{"name":"\"crs\"","type":"FeatureCollection",` + features(lon, lat, `,"x":"crs","y":{"crs":1}`) + `}`,
		"a feature alone":  feature(1, east, north, ","+grid),
		"unknown behind":   `{"type":"FeatureCollection",` + features(lon, lat, "") + `,"crs":{"type":"name","properties":{"name":"EPSG:2326"}}}`,
		"cut off":          `{"type":"FeatureCollection",` + features(lon, lat, ""),
	} {
		t.Run(name, func(t *testing.T) {
			want, wantErr := Parcels(t.Context(), "a.geojson", onlyReader{strings.NewReader(text)}, fakeRecord{}, ParcelOptions{})
			var got []Item[kora.Parcel]
			path := filepath.Join(t.TempDir(), "a.geojson")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			batch, err := EachParcel(t.Context(), "a.geojson", f, fakeRecord{}, ParcelOptions{}, func(item Item[kora.Parcel]) error {
				got = append(got, item)
				return nil
			})
			if fmt.Sprint(err) != fmt.Sprint(wantErr) || batch.Items != nil || !reflect.DeepEqual(batch.Faults, want.Faults) || !reflect.DeepEqual(batch.Warnings, want.Warnings) {
				t.Fatalf("%v %d faults, want %v %d", err, len(batch.Faults), wantErr, len(want.Faults))
			}
			if err == nil && !reflect.DeepEqual(got, want.Items) {
				t.Errorf("%d parcels, want %d; the first %+v", len(got), len(want.Items), got[0])
			}
			t.Logf("%d parcels, %v", len(got), err)
		})
	}
}

// Where the marks and words lie in the parts that are read must not matter.
func TestWordsAcrossParts(t *testing.T) {
	for gap := range 40 {
		pad := strings.Repeat(" ", 256<<10-20+gap)
		for text, want := range map[string][2]bool{
			pad + `"crs"` + pad + `"features"` + pad:               {true, false},
			pad + `"features"` + pad + `"crs"`:                     {false, true},
			pad + `"features"` + `"crs"` + pad:                     {false, true},
			pad + `"crs"` + strings.Repeat(" ", 32) + `"features"`: {true, false},
			pad + `"crs"`:      {true, true},
			pad + `"features"`: {false, false},
		} {
			before, behind, err := holds(strings.NewReader(text), `"features"`, crsSpelled)
			if err != nil || before != want[0] || behind != want[1] {
				t.Fatalf("gap %d: %v %v %v, want %v in …%s", gap, before, behind, err, want, strings.TrimSpace(text))
			}
		}
	}
}
