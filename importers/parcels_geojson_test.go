package importers

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"kora"
)

// gridParcel is plotA as GeoJSON in a projection.
func gridParcel(crs, stated string, ring string) string {
	return `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"` + crs + `"}},"features":[{"type":"Feature","properties":` +
		`{"number":"A","name":"甲","status":"promoted","use_code":"1001","use_scheme":"2023","stated_m2":` + stated + `},"geometry":{"type":"Polygon","coordinates":[[` + ring + `]]}}]}`
}

const gridRing = "[31630000,3282000],[31630100,3282000],[31630100,3282100],[31630000,3282100],[31630000,3282000]"

func TestGeoJSONInProjections(t *testing.T) {
	want := one(t, surveyHead+plotA, ParcelOptions{}).Geometry
	short := strings.ReplaceAll(gridRing, "31630", "630")
	for name, c := range map[string]struct{ crs, ring string }{
		"prefixed":       {"urn:ogc:def:crs:EPSG::4519", gridRing},
		"bare":           {"EPSG:4540", short},
		"six degrees":    {"urn:ogc:def:crs:EPSG:9.8:4494", strings.ReplaceAll(gridRing, "31630", "16630")},
		"six, bare":      {"http://www.opengis.net/def/crs/EPSG/0/4505", short},
		"crs at the end": {"END", gridRing},
	} {
		text := gridParcel(c.crs, "10000", c.ring)
		crs := "EPSG:" + c.crs[max(0, len(c.crs)-4):]
		if c.crs == "END" {
			crs = "EPSG:4519"
			text = strings.Replace(text, `"crs":{"type":"name","properties":{"name":"END"}},`, "", 1)
			text = strings.TrimSuffix(text, "}") + `,"crs":{"type":"name","properties":{"name":"EPSG:4519"}}}`
		}
		b := readParcels(t, "p.geojson", text, fakeRecord{})
		if len(b.Faults)+len(b.Warnings) > 0 || len(b.Items) != 1 || b.Items[0].Value.Source != (kora.Source{File: "p.geojson", CRS: crs}) {
			t.Errorf("%s: %+v", name, b)
			continue
		}
		got := b.Items[0].Value.Geometry
		for _, p := range got[0][0] { // it keeps its own order
			near := false
			for _, q := range want[0][0] {
				near = near || metresApart(p, q) < 1e-4
			}
			if !near {
				t.Errorf("%s: %v is no corner of %v", name, p, want)
			}
		}
	}
	for name, c := range map[string]struct{ crs, stated, ring, want string }{
		"a zone that is not the file's": {"EPSG:4520", "10000", gridRing, "1 ring 1, position 1 crs"},
		"a zone where there is none":    {"EPSG:4540", "10000", gridRing, "1 ring 1, position 1 crs"},
		"no zone where there is one":    {"EPSG:4519", "10000", short, "1 ring 1, position 1 crs"},
		"northing first":                {"EPSG:4540", "10000", "[3282000,630000],[3282000,630100],[3282100,630100],[3282000,630000]", "1 ring 1, position 1 coordinate"},
		"degrees all the same":          {"EPSG:4540", "0", "[94.34,29.64],[94.35,29.64],[94.35,29.65],[94.34,29.64]", "1 ring 1, position 1 coordinate"},
		"one corner off":                {"EPSG:4519", "0", strings.Replace(gridRing, "31630100,3282100", "31630100,328210", 1), "1 ring 1, position 3 coordinate"},
		"mu for square metres":          {"EPSG:4519", "15", gridRing, "1 stated_m2 out-of-range"},
		"UTM out of its range":          {"EPSG:32646", "0", gridRing, "1 ring 1, position 1 coordinate"},
		"Mercator beyond the world":     {"EPSG:3857", "0", gridRing, "1 ring 1, position 1 coordinate"},
		"metres without a crs":          {"EPSG:4490", "0", gridRing, "1 ring 1, position 1 coordinate"},
		"infinity of a projection":      {"EPSG:4519", "0", strings.Replace(gridRing, "31630100,3282100", "1e308,1e308", 1), "1 ring 1, position 3 coordinate"},
		"a ring that is not closed":     {"EPSG:4519", "0", strings.TrimSuffix(gridRing, ",[31630000,3282000]"), "1 ring 1 geometry"},
		"a number that is none":         {"EPSG:4519", "0", strings.Replace(gridRing, "3282100", "1e400", 1), "1 ring 1, position 3 coordinate"},
	} {
		b, err := Parcels(t.Context(), "p.geojson", strings.NewReader(gridParcel(c.crs, c.stated, c.ring)), fakeRecord{}, ParcelOptions{})
		if got := faultList(b.Faults); err != nil || got != c.want+"\n" {
			t.Errorf("%s: got %swant %s (%v, %v)", name, got, c.want, b.Faults, err)
		}
	}
	for crs, want := range map[string]string{
		"EPSG:4610": "Xian 80 or Beijing 54", "EPSG:2355": "Xian 80", "urn:ogc:def:crs:EPSG::2376": "Xian 80", "EPSG:4214": "Beijing 54", "EPSG:2407": "Beijing 54", "EPSG:21414": "Beijing 54",
		"EPSG:2227": "not known here", "ESRI:102100": "not known here", "EPSG:x": "not understood", "EPSG:4555": "not known here", "": "not known here",
	} {
		b, err := Parcels(t.Context(), "p.geojson", strings.NewReader(gridParcel(crs, "0", gridRing)), fakeRecord{}, ParcelOptions{})
		wantRefused(t, b, err, kora.ReasonCRS, want)
	}
	two := strings.Replace(gridParcel("EPSG:4519", "0", gridRing), `"type":"Polygon",`, `"type":"Polygon","crs":{"type":"name","properties":{"name":"EPSG:4520"}},`, 1)
	b, err := Parcels(t.Context(), "p.geojson", strings.NewReader(two), fakeRecord{}, ParcelOptions{})
	wantRefused(t, b, err, kora.ReasonCRS, "EPSG:4519 and EPSG:4520")
}

// PostGIS knows the way from UTM and Web Mercator too.
func TestGeoJSONInPostGIS(t *testing.T) {
	conn := connect(t)
	at := orb.Point{94.36, 29.65}
	for _, srid := range []int{4490, 4326, 4519, 4540, 4494, 4505, 32646, 3857} {
		ring := ""
		for i, d := range []orb.Point{{0, 0}, {0.001, 0}, {0.001, 0.001}, {0, 0}} {
			var x, y float64
			err := conn.QueryRow(t.Context(), `SELECT ST_X(g), ST_Y(g) FROM ST_Transform(ST_SetSRID(ST_MakePoint($1, $2), 4490), $3::int) AS g`, at[0]+d[0], at[1]+d[1], srid).Scan(&x, &y)
			if err != nil {
				t.Fatal(err)
			}
			if i > 0 {
				ring += ","
			}
			ring += "[" + decimal(x) + "," + decimal(y) + "]"
		}
		b, err := ParcelsGeoJSON(t.Context(), "p.geojson", strings.NewReader(gridParcel(fmt.Sprint("EPSG:", srid), "0", ring)), postgis{conn: conn}, ParcelOptions{})
		items := mustRead(t, b, err)
		if len(items) != 1 || metresApart(items[0].Value.Geometry[0][0][2], orb.Point{94.361, 29.651}) > 0.001 {
			t.Errorf("EPSG:%d: %+v", srid, items)
		}
	}
}

// The files that a linter's authors collected are no parcels: good or bad, each is refused with a reason.
func TestRealGeoJSONOfParcels(t *testing.T) {
	realInput(t, "geojson/good/multipolygon.geojson")
	for _, kind := range []string{"good", "bad"} {
		files, err := filepath.Glob(filepath.Join("..", "..", "shared", "data", "geojson", kind, "*.geojson"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no %s files: %v", kind, err)
		}
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			b, err := Parcels(t.Context(), file, strings.NewReader(string(raw)), fakeRecord{}, ParcelOptions{})
			checkBatch(t, b, err)
			if err == nil && len(b.Faults) == 0 {
				t.Errorf("%s: %d items; it has no parcels", file, len(b.Items))
			}
		}
	}
	// With the properties of a parcel the good ones that are areas are read, and no bad geometry is.
	for file, areas := range map[string]bool{"good/multipolygon": true, "good/good-polygon": false, "good/good-geometrycollection": false, "good/good-point": false, "good/nullgeometry": false} {
		text := realInput(t, "geojson/"+file+".geojson")
		start := strings.Index(text, `"geometry"`)
		if strings.Contains(text, `"Feature"`) && start >= 0 {
			continue
		}
		wrapped := `{"type":"Feature","properties":{"number":"A","name":"甲","status":"promoted","use_code":"1001","use_scheme":"2023"},"geometry":` + text + `}`
		b, err := Parcels(t.Context(), "p.geojson", strings.NewReader(wrapped), fakeRecord{}, ParcelOptions{})
		checkBatch(t, b, err)
		if want := areas || strings.Contains(text, `"Polygon"`) && !strings.Contains(text, "Collection"); (err == nil && len(b.Faults) == 0) != want {
			t.Errorf("%s: %v, %v", file, b.Faults, err)
		}
	}
}

func TestFormatsByContent(t *testing.T) {
	for name, c := range map[string]struct {
		file, text, want string // of the first item or fault
	}{
		"a survey":                       {"a.txt", surveyHead + plotA, "A"},
		"a survey of another name":       {"a.dat", surveyHead + plotA, "none of the files"},
		"a survey after a blank":         {"a.TXT", "\ufeff\n [属性描述]" + strings.TrimPrefix(surveyHead, "[属性描述]") + plotA, "A"},
		"a workbook, whatever its name":  {"a.txt", sheetOf(t, smallTable, nil), "LZ-1"},
		"a table":                        {"a.csv", "地块编号,地块名称\nLZ-1,一号地\n", "LZ-1"},
		"GeoJSON, whatever its name":     {"a.txt", gridParcel("EPSG:4519", "0", gridRing), "A"},
		"records of the market":          {"a.json", `[{"idnumber":"LZ-1","use":"工业用地"}]`, "LZ-1"},
		"JSON that is cut off":           {"a.json", `{"type":"Feat`, "ends in the middle"},
		"not JSON":                       {"a.geojson", "x", "not JSON"},
		"a drawing":                      {"a.dwg", "AC1015", "save it as DXF"},
		"a picture":                      {"a.txt", "\x89PNG\r\n\x1a\n\x00\x00", "NUL"},
		"nothing":                        {"a.txt", "", "empty"},
		"an archive that is no workbook": {"a.zip", rezip(t, sheetOf(t, smallTable, nil), func(string, []byte) ([]byte, bool) { return nil, false }, map[string]string{"a.shp": "x"}), "lacks a.shx"},
		"an old workbook":                {"a.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "none of the files"},
		"an old workbook, named a table": {"a.csv", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls"},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := Parcels(t.Context(), c.file, strings.NewReader(c.text), registered("LZ-1", "LZ-2"), ParcelOptions{})
			checkBatch(t, b, err)
			switch {
			case len(b.Items) > 0:
				if b.Items[0].Value.Number != c.want {
					t.Errorf("%+v", b.Items)
				}
			case err == nil || !strings.Contains(err.Error(), c.want):
				t.Errorf("%v, %v", b.Faults, err)
			}
		})
	}
}
