package importers

import (
	"bytes"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"

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

// FuzzParcels reads whatever it is as the file of parcels that its start makes of it, and as each of the others.
func FuzzParcels(f *testing.F) {
	f.Add("a.csv", csvOf(bureauTable))
	f.Add("a.csv", gb18030(f, csvOf(bureauTable)))
	f.Add("a.txt", utf16(f, unicode.LittleEndian, surveyHead+plotA))
	f.Add("a.geojson", gridParcel("EPSG:4519", "10000", gridRing))
	f.Add("a.json", `[{"idnumber":"LZ-1","use":"工业用地","duration":"商业40年;住宅70年"}] [{}]`)
	f.Add("a.csv", "地块编号,坐标\nA,\"94.3,29.6;94.4,29.6;94°30′,29.7\"\n")
	f.Add("a.csv", "地块编号,图形（WKT）,面积（亩）,容积率\nA,\"MULTIPOLYGON(((94 29,95 29,95 30,94 29)))\",5,1≤容积率<2\n")
	f.Fuzz(func(t *testing.T, name, text string) {
		record := registered("LZ-1", "LZ-2", "A")
		b, err := Parcels(t.Context(), name, strings.NewReader(text), record, ParcelOptions{})
		checkBatch(t, b, err)
		for _, read := range []func() (Batch[kora.Parcel], error){
			func() (Batch[kora.Parcel], error) {
				return ParcelsTable(t.Context(), "f", strings.NewReader(text), record, ParcelOptions{})
			},
			func() (Batch[kora.Parcel], error) {
				return LandMarket(t.Context(), "f", strings.NewReader(text), record, ParcelOptions{})
			},
		} {
			b, err := read()
			checkBatch(t, b, err)
			for _, p := range b.Items {
				checkRings(t, p.Value.Geometry)
			}
		}
	})
}

// FuzzWorkbook puts anything where the cells, the shared texts and the formats of a workbook are.
func FuzzWorkbook(f *testing.F) {
	raw := sheetOf(f, smallTable, nil)
	parts := map[string]string{}
	rezip(f, raw, func(name string, content []byte) ([]byte, bool) {
		parts[name] = string(content)
		return content, true
	}, nil)
	f.Add(parts["xl/worksheets/sheet1.xml"], parts["xl/sharedStrings.xml"], parts["xl/styles.xml"], parts["xl/workbook.xml"])
	f.Add(`<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c t="inlineStr"><is><t>海拔</t></is></c></row><row r="9"><c t="str"><v>LZ-1</v></c><c s="1"><f>1</f><v>.5</v></c></row></sheetData>`+
		`<mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>`, `<sst><si><t>地块编号</t></si></sst>`, parts["xl/styles.xml"], parts["xl/workbook.xml"])
	f.Fuzz(func(t *testing.T, sheet, texts, styles, workbook string) {
		with := map[string]string{"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": texts, "xl/styles.xml": styles, "xl/workbook.xml": workbook}
		book := rezip(t, raw, func(name string, content []byte) ([]byte, bool) {
			if c, ok := with[name]; ok {
				return []byte(c), true
			}
			return content, true
		}, nil)
		b, err := ParcelsTable(t.Context(), "f", strings.NewReader(book), registered("LZ-1", "LZ-2"), ParcelOptions{})
		checkBatch(t, b, err)
		s, err := Stations("f", strings.NewReader(book))
		checkBatch(t, s, err)
	})
}

// FuzzCells reads anything as each kind of value that a table holds.
func FuzzCells(f *testing.F) {
	for _, s := range []string{"1.0≤容积率≤2.0", "不低于35%", "94°20′21.1″", "2026年7月10日", "商业40年、住宅70年", "城镇住宅用地兼容商业用地", "1,431.5万元", "47.7亩", "94.3,29.6;94.4,29.6;94.4,29.7",
		"POLYGON((94 29,95 29,95 30,94 29))", "七通一平"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, field := range []string{"far", "density", "height_m"} {
			r, _, err := limits(field, s)
			if err == nil && (r.Min != nil && !(*r.Min >= 0) || r.Max != nil && !(*r.Max >= 0) || r.MinExclusive && r.Min == nil || r.MaxExclusive && r.Max == nil) {
				t.Fatalf("%s %q is %+v", field, s, r)
			}
		}
		if v, err := angle("x", s); err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
			t.Fatalf("%q is %v", s, v)
		}
		if d, err := date("x", s); err == nil && fold(s) != "" && (d.Year() < 1900 || d.Year() > 9999) {
			t.Fatalf("%q is %v", s, d)
		}
		if m, err := outlineOf(s); err == nil {
			checkRings(t, m)
		}
		_, _, _ = terms(s)
		_, _ = namedUses(s)
		_, _ = utilityCodes(s)
		_, _, _ = marketUse(s, firstDay)
		if v, err := areaIn("亩", s); err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
			t.Fatalf("%q is %v m²", s, v)
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

// Whatever an archive holds, nothing is written outside of the folder that is lent to it, and not more than it may be.
func FuzzArchive(f *testing.F) {
	layer := []zipEntry{{name: "甲/a.shp", body: strings.NewReader("x")}, {name: "甲/a.shx"}, {name: "甲/a.dbf", body: strings.NewReader(strings.Repeat("x", 99))}}
	f.Add(zipOf(f, layer...), "")
	f.Add(zipOf(f, append(layer, zipEntry{name: "../a.prj"}, zipEntry{name: "b.shp"})...), "a")
	f.Add(zipOf(f, zipEntry{name: "x.gdb/a00000001.gdbtable"}, zipEntry{name: "x.gdb/gdb"}, zipEntry{name: "x.gdb/../timestamps"}), "")
	f.Add(zipOf(f, zipEntry{name: "doc.kml", body: strings.NewReader("<kml/>")}, zipEntry{name: "files/b.kml"}), "")
	f.Fuzz(func(t *testing.T, raw []byte, wanted string) {
		around := t.TempDir()
		dir := filepath.Join(around, "lent")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		a, err := openArchive("f.zip", bytes.NewReader(raw), int64(len(raw)))
		if err == nil {
			_, _, err = layerIn(a, wanted, dir)
		}
		if err != nil && kora.ReasonOf(err) == "" {
			t.Fatalf("an error without a reason: %v", err)
		}
		allowed := regexp.MustCompile(`\A(\.|layer\.(shp|shx|dbf|prj|cpg|kml)|layer\.gdb(/[A-Za-z0-9._]+)?)\z`)
		err = filepath.WalkDir(around, func(path string, e fs.DirEntry, err error) error {
			if rel, _ := filepath.Rel(dir, path); path != around && !allowed.MatchString(rel) {
				t.Errorf("%s was written", rel)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// The well-known text of a reference system is anybody's too.
func FuzzLayerCRS(f *testing.F) {
	f.Add(zone31("x", "D_China_2000", "6378137.0,298.257222101", 93, 31500000, 1))
	f.Add(`GEOGCRS["a""b",DATUM["x",ELLIPSOID["y",6378137,298.257223563]],CS[ellipsoidal,2],ANGLEUNIT["degree",0.0174532925199433]]`)
	f.Fuzz(func(t *testing.T, text string) {
		crs, refusal := layerCRSOf(text)
		if refusal == nil && (crs.name == "" || crs.srid < 0) {
			t.Fatalf("%+v", crs)
		}
	})
}

func FuzzDBF(f *testing.F) {
	f.Add([]byte("\x03\x00\x00\x00\x01\x00\x00\x00\x41\x00\x0b\x00"+strings.Repeat("\x00", 20)+"DKBH\x00\x00\x00\x00\x00\x00\x00C\x00\x00\x00\x00\x0a"+strings.Repeat("\x00", 15)+"\r P12345678\xbc"), "UTF-8")
	f.Fuzz(func(t *testing.T, raw []byte, cpg string) {
		e, err := dbfEncoding("f", bytes.NewReader(raw), cpg)
		if err != nil && kora.ReasonOf(err) == "" || err == nil && e.name == "" {
			t.Fatalf("%+v, %v", e, err)
		}
	})
}
