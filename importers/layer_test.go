package importers

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"kora"
)

// ogr2ogr makes a file of a layer of a format from GeoJSON, with GDAL as its author, and gives its path.
func ogr2ogr(t testing.TB, geojson, to string, args ...string) string {
	t.Helper()
	dir := t.TempDir()
	from, path := filepath.Join(dir, "in.geojson"), filepath.Join(dir, to)
	if err := os.WriteFile(from, []byte(geojson), 0o600); err != nil {
		t.Fatal(err)
	}
	runGDAL(t, append(args, path, from)...)
	return path
}

func runGDAL(t testing.TB, args ...string) {
	t.Helper()
	program, err := exec.LookPath("ogr2ogr")
	if err != nil {
		t.Skip("GDAL is not here")
	}
	if out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput(); err != nil {
		t.Fatalf("ogr2ogr %v: %v\n%s", args, err, out)
	}
}

// zipped packs files, or the files of a folder, as offices do.
func zipped(t testing.TB, paths ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(name, path string) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(raw); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range paths {
		inside, err := filepath.Glob(filepath.Join(path, "*"))
		if err != nil {
			t.Fatal(err)
		}
		if len(inside) == 0 {
			add(filepath.Base(path), path)
		}
		for _, p := range inside {
			add(filepath.Base(path)+"/"+filepath.Base(p), p)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// partsOf are a .shp and the files that belong to it, but for those with the endings.
func partsOf(t testing.TB, shp string, without ...string) []string {
	t.Helper()
	all, err := filepath.Glob(strings.TrimSuffix(shp, ".shp") + ".*")
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	for _, p := range all {
		if !strings.Contains(strings.Join(without, " "), filepath.Ext(p)) {
			kept = append(kept, p)
		}
	}
	return kept
}

func readLayerFile(t testing.TB, name string, raw []byte, opts ParcelOptions) (Batch[kora.Parcel], error) {
	t.Helper()
	b, err := Parcels(t.Context(), name, bytes.NewReader(raw), fakeRecord{}, opts)
	checkBatch(t, b, err)
	return b, err
}

func mustFile(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// plots are two parcels in zone 31, one of them with a hole and of two parts.
const plots = `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4519"}},"features":[
{"type":"Feature","properties":{"DKBH":"LZ-1","DKMC":"甲地块","YDXZ":"工业用地","ZDMJ":14600,"RJL":"1.0≤容积率≤2.0"},"geometry":{"type":"Polygon","coordinates":[
 [[31629570.125,3281180.25],[31629720,3281180],[31629720,3281280],[31629570,3281280],[31629570.125,3281180.25]],
 [[31629600,3281200],[31629600,3281220],[31629620,3281220],[31629620,3281200],[31629600,3281200]]]}},
{"type":"Feature","properties":{"DKBH":"LZ-2","DKMC":"乙地块","YDXZ":"工业用地","ZDMJ":null,"RJL":""},"geometry":{"type":"MultiPolygon","coordinates":[
 [[[31630570,3281180],[31630720,3281180],[31630720,3281280],[31630570,3281280],[31630570,3281180]]],
 [[[31631570,3281180],[31631720,3281180],[31631720,3281280],[31631570,3281280],[31631570,3281180]]]]}}]}`

// plotsAt are the outlines of plots in degrees, by the tests' own projection.
func plotsAt(t testing.TB) []orb.MultiPolygon {
	t.Helper()
	b, err := ParcelsGeoJSON(t.Context(), "plots", strings.NewReader(strings.NewReplacer(
		`"DKBH"`, `"number"`, `"DKMC"`, `"name"`, `"YDXZ":"工业用地"`, `"use_code":"1001","use_scheme":"2023","status":"promoted"`, `"RJL":"1.0≤容积率≤2.0"`, `"x":1`).Replace(plots)), fakeRecord{}, ParcelOptions{})
	var all []orb.MultiPolygon
	for _, item := range mustRead(t, b, err) {
		all = append(all, item.Value.Geometry)
	}
	return all
}

// The same two parcels come out of every format as they went in, with all digits.
func TestLayersOfEveryFormat(t *testing.T) {
	want := plotsAt(t)
	degrees := func(args ...string) []string { return append(args, "-t_srs", "EPSG:4326") }
	for _, c := range []struct {
		name   string
		crs    string
		within float64 // degrees
		file   func() (string, []byte)
	}{
		{"Shapefile", "EPSG:4519", 1e-13, func() (string, []byte) {
			return "甲.zip", zipped(t, partsOf(t, ogr2ogr(t, plots, "地块.shp", "-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8"))...)
		}},
		{"GeoPackage", "EPSG:4519", 1e-13, func() (string, []byte) { return "a.gpkg", mustFile(t, ogr2ogr(t, plots, "a.gpkg", "-f", "GPKG")) }},
		{"FileGDB", "EPSG:4519", 1e-10, func() (string, []byte) { // it keeps whole numbers of a tenth of a millimetre
			return "a.zip", zipped(t, ogr2ogr(t, plots, "地块.gdb", "-f", "OpenFileGDB", "-nlt", "MULTIPOLYGON"))
		}},
		{"KML", "EPSG:4326", 1e-9, func() (string, []byte) {
			return "a.kml", mustFile(t, ogr2ogr(t, plots, "a.kml", degrees("-f", "LIBKML")...))
		}},
		{"KMZ", "EPSG:4326", 1e-9, func() (string, []byte) {
			return "a.kmz", zipped(t, ogr2ogr(t, plots, "doc.kml", degrees("-f", "LIBKML")...))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			name, raw := c.file()
			b, err := readLayerFile(t, name, raw, ParcelOptions{})
			items := mustRead(t, b, err)
			if len(items) != 2 {
				t.Fatalf("%+v", b)
			}
			for i, item := range items {
				p := item.Value
				if p.Number != fmt.Sprint("LZ-", i+1) || p.Name.ZH != []string{"甲地块", "乙地块"}[i] || p.Use != (kora.LandUse{Code: "1001", Scheme: kora.Scheme2023}) ||
					p.StatedM2 != []float64{14600, 0}[i] || p.Source.CRS != c.crs || p.Source.File != name {
					t.Errorf("%+v", p)
				}
				if !sameShape(p.Geometry, want[i], c.within) {
					t.Errorf("%s lies at %v\nwant %v", p.Number, p.Geometry, want[i])
				}
			}
			if far := items[0].Value.FAR; far.Min == nil || *far.Min != 1 || *far.Max != 2 {
				t.Errorf("%+v", far)
			}
			for _, w := range b.Warnings {
				if c.crs != "EPSG:4326" || !strings.Contains(w.Error(), "350 m") {
					t.Error(w)
				}
			}
		})
	}
}

// A drawing has no fields: the text that stands in a closed line is its number, one in another layer too.
func TestDrawing(t *testing.T) {
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("GDAL is not here")
	}
	line := func(layer string, closed int, corners ...float64) string {
		s := fmt.Sprintf("  0\nLWPOLYLINE\n  8\n%s\n 90\n%d\n 70\n%d\n", layer, len(corners)/2, closed)
		for i := 0; i < len(corners); i += 2 {
			s += fmt.Sprintf(" 10\n%.4f\n 20\n%.4f\n", corners[i], corners[i+1])
		}
		return s
	}
	text := func(at [2]float64, s string) string {
		return fmt.Sprintf("  0\nTEXT\n  8\n0\n 10\n%f\n 20\n%f\n 40\n2\n  1\n%s\n", at[0], at[1], s)
	}
	file := func(entities ...string) []byte {
		return []byte("  0\nSECTION\n  2\nHEADER\n  9\n$ACADVER\n  1\nAC1015\n  9\n$DWGCODEPAGE\n  3\nANSI_936\n  0\nENDSEC\n  0\nSECTION\n  2\nENTITIES\n" +
			gb18030(t, strings.Join(entities, "")) + "  0\nENDSEC\n  0\nEOF\n")
	}
	outer := []float64{31629570.125, 3281180.25, 31629720, 3281180, 31629720, 3281280, 31629570, 3281280}
	hole := []float64{31629600, 3281200, 31629600, 3281220, 31629620, 3281220, 31629620, 3281200}
	raw := file(line("红线", 1, outer...), line("红线", 1, hole...), text([2]float64{31629580, 3281190}, "LZ-1"),
		line("JZD", 1, 31630570, 3281180, 31630720, 3281180, 31630720, 3281280), line("红线", 0, 1, 1, 2, 2, 3, 5), text([2]float64{1, 1}, "图例"))
	opts := ParcelOptions{CRS: "EPSG:4519", Layer: "红线", Use: kora.LandUse{Code: "1001", Scheme: kora.Scheme2023}}
	b, err := readLayerFile(t, "a.dxf", raw, opts)
	items := mustRead(t, b, err)
	if len(items) != 1 || items[0].Value.Number != "LZ-1" || !sameShape(items[0].Value.Geometry, plotsAt(t)[0], 1e-13) {
		t.Errorf("%+v", items)
	}
	if !warned(b, "1 lines that are not closed") {
		t.Errorf("%v", b.Warnings)
	}

	b, err = readLayerFile(t, "a.dxf", raw, ParcelOptions{CRS: "EPSG:4519"})
	wantRefused(t, b, err, kora.ReasonFormat, "红线, JZD")
	b, err = readLayerFile(t, "a.dxf", raw, ParcelOptions{Layer: "红线"})
	wantRefused(t, b, err, kora.ReasonCRS, "--crs EPSG:4519")
	b, err = readLayerFile(t, "a.dxf", raw, ParcelOptions{CRS: "EPSG:4519", Layer: "绿线"})
	wantRefused(t, b, err, kora.ReasonNotFound, "绿线")

	b, err = readLayerFile(t, "a.dxf", file(line("红线", 1, outer...), text([2]float64{31629580, 3281190}, "LZ-1"), text([2]float64{31629590, 3281190}, "1.46公顷")), opts)
	if err != nil || faultList(b.Faults) != "1 number duplicate\n" {
		t.Errorf("two texts: %v, %v", b.Faults, err)
	}
	b, err = readLayerFile(t, "a.dxf", file(line("红线", 1, outer...)), opts)
	if err != nil || faultList(b.Faults) != "1 number required\n" {
		t.Errorf("no text: %v, %v", b.Faults, err)
	}
	// A bulge of 1 is half a circle, here of 50 m around the middle of the last side; its chords leave 2 cm² in 10,000.
	arc := strings.Replace(line("红线", 1, 31629500, 3281180, 31629600, 3281180), "3281180.0000\n 10", "3281180.0000\n 42\n1\n 10", 1)
	b, err = readLayerFile(t, "a.dxf", file(arc, text([2]float64{31629550, 3281160}, "LZ-2")), opts)
	items = mustRead(t, b, err)
	if len(items) != 1 || len(items[0].Value.Geometry[0][0]) < 100 {
		t.Errorf("half a circle has %d corners", len(items[0].Value.Geometry[0][0]))
	}
}

func warned(b Batch[kora.Parcel], text string) bool {
	return slices.ContainsFunc(b.Warnings, func(w kora.Fault) bool { return strings.Contains(w.Error(), text) })
}

// The texts of a .dbf say in which encoding they are, whatever its header or a .cpg says.
func TestEncodingOfDBF(t *testing.T) {
	long := strings.Replace(plots, "甲地块", strings.Repeat("镕", 40)+"a", 1) // cut in the middle of its last character below
	for _, c := range []struct {
		name, geojson, encoding, cpg, want, says, first string
	}{
		{"GBK that says so", plots, "GBK", "GBK", "GB18030", "", "甲地块"},
		{"GBK without a .cpg", plots, "GBK", "", "GB18030", "", "甲地块"},
		{"GBK that claims UTF-8", plots, "GBK", "UTF-8", "GB18030", `its .cpg says "UTF-8", but its texts are GB18030`, "甲地块"},
		{"GBK that claims Latin-1", plots, "GBK", "ISO-8859-1", "GB18030", "its .cpg says", "甲地块"},
		{"UTF-8 without a .cpg", plots, "UTF-8", "", "UTF-8", "", "甲地块"},
		{"UTF-8 that claims GBK", plots, "UTF-8", "936", "UTF-8", `its .cpg says "936", but its texts are UTF-8`, "甲地块"},
		{"a character cut in GBK", long, "GBK", "", "GB18030", "", strings.Repeat("镕", 40)},
		{"a character cut in UTF-8", long, "UTF-8", "", "UTF-8", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			shp := ogr2ogr(t, c.geojson, "地块.shp", "-f", "ESRI Shapefile", "-lco", "ENCODING="+c.encoding)
			cpg := strings.TrimSuffix(shp, ".shp") + ".cpg"
			if err := os.WriteFile(cpg, []byte(c.cpg), 0o600); err != nil {
				t.Fatal(err)
			}
			parts := partsOf(t, shp)
			if c.cpg == "" {
				parts = partsOf(t, shp, ".cpg")
			}
			b, err := readLayerFile(t, "a.zip", zipped(t, parts...), ParcelOptions{})
			items := mustRead(t, b, err)
			if len(items) != 2 || c.first != "" && !strings.HasPrefix(items[0].Value.Name.ZH, c.first) || items[1].Value.Name.ZH != "乙地块" || items[0].Value.Use.Code != "1001" {
				t.Errorf("%+v", items)
			}
			if b.Encoding != c.want || (len(b.Warnings) > 0) != (c.says != "") || c.says != "" && !warned(b, c.says) {
				t.Errorf("read as %s, warnings %v", b.Encoding, b.Warnings)
			}
		})
	}
}

// withPRJ is plots as a Shapefile in degrees or metres with another .prj, or without one.
func withPRJ(t *testing.T, prj string) []byte {
	t.Helper()
	shp := ogr2ogr(t, plots, "a.shp", "-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8")
	if prj == "" {
		return zipped(t, partsOf(t, shp, ".prj")...)
	}
	if err := os.WriteFile(strings.TrimSuffix(shp, ".shp")+".prj", []byte(prj), 0o600); err != nil {
		t.Fatal(err)
	}
	return zipped(t, partsOf(t, shp)...)
}

// zone31 is a .prj as ArcGIS writes it, with other parameters.
func zone31(name, datum, ellipsoid string, axis, easting, scale float64) string {
	return fmt.Sprintf(`PROJCS["%s",GEOGCS["GCS_x",DATUM["%s",SPHEROID["x",%s]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],`+
		`PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",%.1f],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",%.1f],`+
		`PARAMETER["Scale_Factor",%.1f],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`, name, datum, ellipsoid, easting, axis, scale)
}

// A reference system is what its parameters are; its name is anybody's.
func TestReferenceSystemByParameters(t *testing.T) {
	const cgcs = "6378137.0,298.257222101"
	for _, c := range []struct {
		name, prj, crs string // of opts
		want           string // EPSG code, or what the refusal says
	}{
		{"as ArcGIS names it", zone31("CGCS2000_3_Degree_GK_Zone_31", "D_China_2000", cgcs, 93, 31500000, 1), "", "EPSG:4519"},
		{"by another name", zone31("whatever", "D_China_2000", cgcs, 93, 31500000, 1), "", "EPSG:4519"},
		{"a name that lies", zone31("CGCS2000_3_Degree_GK_Zone_39", "D_China_2000", cgcs, 93, 31500000, 1), "", "EPSG:4519"},
		{"told the same", zone31("x", "D_China_2000", cgcs, 93, 31500000, 1), "EPSG:4519", "EPSG:4519"},
		{"told another", zone31("x", "D_China_2000", cgcs, 93, 31500000, 1), "EPSG:4520", "this import was told of EPSG:4520"},
		{"without a prefix", zone31("x", "D_China_2000", cgcs, 93, 500000, 1), "", "which EPSG:4540 has not"},
		{"another axis than its zone's", zone31("x", "D_China_2000", cgcs, 96, 31500000, 1), "", "no projection that is known"},
		{"an axis of its own", zone31("x", "D_China_2000", cgcs, 94.35, 500000, 1), "", "no projection that is known"},
		{"a scale of its own", zone31("x", "D_China_2000", cgcs, 93, 31500000, 0.9), "", "no projection that is known"},
		{"Xian 80 by its ellipsoid", zone31("CGCS2000_3_Degree_GK_Zone_31", "D_China_2000", "6378140.0,298.257", 93, 31500000, 1), "", "2000国家大地坐标系"},
		{"Xian 80 by its name", zone31("Xian_1980_3_Degree_GK_Zone_31", "D_Xian_1980", "6378140.0,298.257", 93, 31500000, 1), "", "2000国家大地坐标系"},
		{"Beijing 54", zone31("Beijing_1954_3_Degree_GK_Zone_31", "D_Beijing_1954", "6378245.0,298.3", 93, 31500000, 1), "", "2000国家大地坐标系"},
		{"another ellipsoid", zone31("x", "D_x", "6378388.0,297.0", 93, 31500000, 1), "", "is not that of CGCS2000"},
		{"none", "", "", "it has no .prj"},
		{"none, but told", "", "EPSG:4519", "EPSG:4519"},
		{"none, but told Xian 80", "", "EPSG:2355", "local parameters"},
		{"nonsense", "PROJCS[", "", "GDAL says"},
		{"degrees that are metres", `GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`, "", "longitude must be"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, err := readLayerFile(t, "a.zip", withPRJ(t, c.prj), ParcelOptions{CRS: c.crs})
			if strings.HasPrefix(c.want, "EPSG:") {
				items := mustRead(t, b, err)
				if len(items) != 2 || items[0].Value.Source.CRS != c.want || !sameShape(items[0].Value.Geometry, plotsAt(t)[0], 1e-13) {
					t.Errorf("%+v", items)
				}
				return
			}
			if err == nil && len(b.Faults) > 0 {
				err = b.Faults[0]
			}
			if len(b.Items) > 0 || kora.ReasonOf(err) == "" || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// sameShape compares multipolygons ring by ring, from wherever each starts and whichever way round it goes.
func sameShape(a, b orb.MultiPolygon, within float64) bool {
	rings := func(m orb.MultiPolygon) (all []orb.Ring) {
		for _, poly := range m {
			for _, r := range poly {
				all = append(all, r[:len(r)-1])
			}
		}
		return all
	}
	same := func(a, b orb.Ring) bool {
		if len(a) != len(b) {
			return false
		}
		for _, step := range []int{1, len(b) - 1} {
			for from := range b {
				ok := true
				for i := range a {
					p := b[(from+i*step)%len(b)]
					ok = ok && max(p[0]-a[i][0], a[i][0]-p[0]) <= within && max(p[1]-a[i][1], a[i][1]-p[1]) <= within
				}
				if ok {
					return true
				}
			}
		}
		return false
	}
	ra, rb := rings(a), rings(b)
	if len(a) != len(b) || len(ra) != len(rb) {
		return false
	}
	for _, r := range ra {
		found := false
		for _, o := range rb {
			found = found || same(r, o)
		}
		if !found {
			return false
		}
	}
	return true
}
