package importers

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"kora"
	"kora/geo/datum"
)

// A zipEntry is a file of an archive that may not be what it says.
type zipEntry struct {
	name string
	body io.Reader
	mode fs.FileMode
	flag uint16

	claims uint64 // what the directory says that it unpacks to, when it says more than there is
}

func zipOf(t testing.TB, entries ...zipEntry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate, Flags: e.flag, NonUTF8: true}
		if e.mode != 0 {
			h.SetMode(e.mode)
		}
		create := z.CreateHeader
		if e.claims > 0 {
			h.CompressedSize64, h.UncompressedSize64, create = 1, e.claims, z.CreateRaw
		}
		w, err := create(h)
		if err != nil {
			t.Fatal(err)
		}
		if e.body != nil {
			if _, err := io.Copy(w, e.body); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// emptyTemp makes a folder of temporary files for the test, and fails it when anything is left there.
func emptyTemp(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Cleanup(func() {
		left, err := os.ReadDir(dir)
		if err != nil || len(left) > 0 {
			t.Errorf("%v is left behind, %v", left, err)
		}
	})
}

func TestHostileArchives(t *testing.T) {
	shp := func(names ...string) (all []zipEntry) {
		for _, n := range names {
			for _, ending := range []string{".shp", ".shx", ".dbf"} {
				all = append(all, zipEntry{name: n + ending, body: strings.NewReader(strings.Repeat("x", map[string]int{".shp": 1, ".shx": 100, ".dbf": 20}[ending]))})
			}
		}
		return all
	}
	link := append(shp("a"), zipEntry{name: "a.prj", body: strings.NewReader("/etc/passwd"), mode: 0o777 | fs.ModeSymlink})
	bomb := append(shp("a"), zipEntry{name: "b.txt", body: strings.NewReader("x"), claims: 300 << 20})
	ratio := append(shp("a"), zipEntry{name: "b.txt", body: io.LimitReader(endless(strings.Repeat("0", 1<<16)), 20<<20)})
	var many []zipEntry
	for i := range maxParts + 1 {
		many = append(many, zipEntry{name: fmt.Sprint(i, ".shp")})
	}
	whole := zipOf(t, shp("a")...)
	for _, c := range []struct {
		name   string
		raw    []byte
		opts   ParcelOptions
		reason kora.Reason
		says   string
	}{
		{"a path that climbs", zipOf(t, append(shp("a"), zipEntry{name: "x/../../a.prj"})...), ParcelOptions{}, kora.ReasonFormat, "leads out of it"},
		{"an absolute path", zipOf(t, append(shp("a"), zipEntry{name: "/a.prj"})...), ParcelOptions{}, kora.ReasonFormat, "leads out of it"},
		{"a path of Windows", zipOf(t, append(shp("a"), zipEntry{name: `..\a.prj`})...), ParcelOptions{}, kora.ReasonFormat, "leads out of it"},
		{"a drive", zipOf(t, append(shp("a"), zipEntry{name: "c:a.prj"})...), ParcelOptions{}, kora.ReasonFormat, "leads out of it"},
		{"a link", zipOf(t, link...), ParcelOptions{}, kora.ReasonFormat, "a link to another file"},
		{"a device", zipOf(t, zipEntry{name: "a.shp", mode: fs.ModeDevice | 0o600}), ParcelOptions{}, kora.ReasonFormat, "which is no file"},
		{"a name twice", zipOf(t, append(shp("a"), zipEntry{name: "A.SHP"})...), ParcelOptions{}, kora.ReasonFormat, "twice"},
		{"a password", zipOf(t, zipEntry{name: "a.shp", flag: 1}), ParcelOptions{}, kora.ReasonFormat, "has a password"},
		{"many files", zipOf(t, many...), ParcelOptions{}, kora.ReasonTooLarge, "more than 1000 files"},
		{"a bomb", zipOf(t, bomb...), ParcelOptions{}, kora.ReasonTooLarge, "more than 256 MB"},
		{"a small bomb", zipOf(t, ratio...), ParcelOptions{}, kora.ReasonTooLarge, "more than 100 times"},
		{"a directory that lies", lying(t), ParcelOptions{}, kora.ReasonTruncated, "cut off or damaged"},
		{"several Shapefiles", zipOf(t, shp("甲", gb18030(t, "乙"))...), ParcelOptions{}, kora.ReasonFormat, "2 Shapefiles: 甲, 乙; name one"},
		{"another of several", zipOf(t, shp("a", "b")...), ParcelOptions{Layer: "c"}, kora.ReasonNotFound, `no layer "c"; it has a, b`},
		{"no .dbf", zipOf(t, shp("a")[:2]...), ParcelOptions{}, kora.ReasonTruncated, "lacks a.dbf"},
		{"formats mixed", zipOf(t, append(shp("a"), zipEntry{name: "doc.kml"})...), ParcelOptions{}, kora.ReasonFormat, "several formats"},
		{"two geodatabases", zipOf(t, zipEntry{name: "a.gdb/a00000001.gdbtable"}, zipEntry{name: "b.gdb/a00000001.gdbtable"}), ParcelOptions{}, kora.ReasonFormat, "2 geodatabases"},
		{"nothing of use", zipOf(t, zipEntry{name: "readme.txt"}), ParcelOptions{}, kora.ReasonFormat, "holds no workbook"},
		{"a .dbf that is none", whole, ParcelOptions{}, kora.ReasonTruncated, ".dbf is cut off"},
		{"cut off", whole[:len(whole)-30], ParcelOptions{}, kora.ReasonTruncated, "no readable directory"},
	} {
		t.Run(c.name, func(t *testing.T) {
			emptyTemp(t)
			b, err := readLayerFile(t, "a.zip", c.raw, c.opts)
			wantRefused(t, b, err, c.reason, c.says)
		})
	}
}

// lying is an archive with a .dbf that unpacks to more than its directory says.
func lying(t *testing.T) []byte {
	t.Helper()
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(w, io.LimitReader(endless(strings.Repeat("0", 1<<16)), 30<<20)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"a.shp", "a.shx", "a.dbf"} {
		to, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, CompressedSize64: uint64(packed.Len()), UncompressedSize64: 100})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write(packed.Bytes()); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Files that are cut off or damaged anywhere are refused in words, and leave nothing behind.
func TestDamagedLayers(t *testing.T) {
	emptyTemp(t)
	random := rand.New(rand.NewPCG(1, 2))
	for name, path := range map[string]string{
		"a.gpkg": ogr2ogr(t, plots, "a.gpkg", "-f", "GPKG"),
		"a.kml":  ogr2ogr(t, plots, "a.kml", "-f", "LIBKML", "-t_srs", "EPSG:4326"),
		"a.shp":  ogr2ogr(t, plots, "a.shp", "-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8"),
	} {
		raw := mustFile(t, path)
		read := func(raw []byte) (Batch[kora.Parcel], error) {
			if name != "a.shp" {
				return readLayerFile(t, name, raw, ParcelOptions{})
			}
			if err := os.WriteFile(path, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			return readLayerFile(t, "a.zip", zipped(t, partsOf(t, path)...), ParcelOptions{})
		}
		for _, part := range []float64{0.3, 0.6, 0.95} {
			b, err := read(raw[:int(part*float64(len(raw)))])
			if err == nil && len(b.Faults) == 0 {
				t.Errorf("%s cut off at %g gives %d parcels and no fault", name, part, len(b.Items))
			}
		}
		for range 3 {
			torn := bytes.Clone(raw)
			for range 40 {
				torn[100+random.IntN(len(torn)-100)] = byte(random.Uint32())
			}
			_, _ = read(torn) // readLayerFile checks what comes
		}
	}
}

// What stands in the place of a file that is read is named.
func TestForeignLayers(t *testing.T) {
	for start, says := range map[string]string{
		"AC1032\x00": "DWG", "AutoCAD Binary DXF\r\n\x1a\x00": "ASCII DXF", "Rar!\x1a": "pack it as ZIP",
		"SQLite format 3\x00" + strings.Repeat("\x00", 100): "no GeoPackage", "\x00\x00\x27\x0a\x00": "pack it with its .shx",
		"<html>": "none of the files of parcels",
	} {
		b, err := readLayerFile(t, "a.dat", []byte(start), ParcelOptions{})
		wantRefused(t, b, err, kora.ReasonFormat, says)
	}
}

func TestLayersThatAreNone(t *testing.T) {
	const square = `[[[94.3,29.6],[94.31,29.6],[94.31,29.61],[94.3,29.6]]]`
	layer := func(geometry string) string {
		return `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"number":"A","name":"甲","use_code":"1001","use_scheme":"2023"},"geometry":` + geometry + `}]}`
	}
	collection := `{"type":"GeometryCollection","geometries":[{"type":"Polygon","coordinates":` + square + `},{"type":"Point","coordinates":[94,29]}]}`
	nested := `{"type":"GeometryCollection","geometries":[` + strings.Repeat(`{"type":"GeometryCollection","geometries":[`, 20) + collection + strings.Repeat("]}", 20) + "]}"
	gpkg := func(geojson string, args ...string) []byte {
		return mustFile(t, ogr2ogr(t, geojson, "a.gpkg", append([]string{"-f", "GPKG"}, args...)...))
	}
	two := ogr2ogr(t, layer(`{"type":"Polygon","coordinates":`+square+`}`), "a.gpkg", "-f", "GPKG", "-nln", "甲", "-nlt", "POLYGON")
	ogr2ogrInto(t, two, "-nln", "乙", "-nlt", "POLYGON")
	for _, c := range []struct {
		name   string
		raw    []byte
		opts   ParcelOptions
		reason kora.Reason
		says   string
	}{
		{"points", gpkg(layer(`{"type":"Point","coordinates":[94,29]}`), "-nlt", "POINT"), ParcelOptions{}, kora.ReasonGeometry, "no layer of polygons"},
		{"points among others", gpkg(layer(`{"type":"Point","coordinates":[94,29]}`), "-nlt", "GEOMETRY"), ParcelOptions{}, kora.ReasonGeometry, `is a "Point"`},
		{"a collection", gpkg(layer(collection), "-nlt", "GEOMETRY"), ParcelOptions{}, kora.ReasonGeometry, `is a "GeometryCollection"`},
		{"nested collections", gpkg(layer(nested), "-nlt", "GEOMETRY"), ParcelOptions{}, kora.ReasonFormat, "nested more than"},
		{"no geometry", gpkg(layer(`null`), "-nlt", "POLYGON"), ParcelOptions{}, kora.ReasonRequired, "has no geometry"},
		{"nothing in it", gpkg(layer(`{"type":"Polygon","coordinates":`+square+`}`), "-where", "1=0", "-nlt", "POLYGON"), ParcelOptions{}, kora.ReasonRequired, "the layer is empty"},
		{"several layers", mustFile(t, two), ParcelOptions{}, kora.ReasonFormat, "2 layers of outlines: 甲, 乙"},
		{"another layer", mustFile(t, two), ParcelOptions{Layer: "丙"}, kora.ReasonNotFound, "it has 甲, 乙"},
		{"a layer that is called like an option", bytes.ReplaceAll(gpkg(layer(`{"type":"Polygon","coordinates":`+square+`}`), "-nln", "_sql", "-lco", "SPATIAL_INDEX=NO", "-nlt", "POLYGON"), []byte("_sql"), []byte("-sql")), ParcelOptions{}, kora.ReasonFormat, "give it another name"},
		{"no number", gpkg(strings.Replace(layer(`{"type":"Polygon","coordinates":`+square+`}`), `"number"`, `"z"`, 1), "-nlt", "POLYGON"), ParcelOptions{}, kora.ReasonHeading, "it has z, name"},
		{"no such field", gpkg(layer(`{"type":"Polygon","coordinates":`+square+`}`), "-nlt", "POLYGON"), ParcelOptions{Number: "q"}, kora.ReasonHeading, `no field "q"`},
		{"entities", []byte(`<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a SYSTEM "file:///etc/passwd">]><kml xmlns="http://www.opengis.net/kml/2.2"><name>&a;</name></kml>`), ParcelOptions{}, kora.ReasonFormat, "document type"},
		{"a KML without end", []byte(`<kml xmlns="http://www.opengis.net/kml/2.2"><Document>` + strings.Repeat("<Folder>", 100_000)), ParcelOptions{}, kora.ReasonFormat, "nested more than"},
	} {
		t.Run(c.name, func(t *testing.T) {
			emptyTemp(t)
			b, err := readLayerFile(t, "a", c.raw, c.opts)
			if err == nil && len(b.Faults) > 0 {
				err = b.Faults[0]
			}
			wantRefused(t, b, err, c.reason, c.says)
		})
	}
	b, err := readLayerFile(t, "a", mustFile(t, two), ParcelOptions{Layer: "乙"})
	if items := mustRead(t, b, err); len(items) != 1 || !warned(b, `only the layer "乙" is read`) {
		t.Errorf("%+v", b)
	}
	b, err = readLayerFile(t, "a", gpkg(layer(strings.ReplaceAll(`{"type":"Polygon","coordinates":`+square+`}`, ",29.6]", ",29.6,3000]")), "-nlt", "POLYGONZ"), ParcelOptions{})
	if items := mustRead(t, b, err); len(items) != 1 || !warned(b, "heights of corners are left out") {
		t.Errorf("%+v", b)
	}
}

// ogr2ogrInto adds a layer to a file, made of the one that is in it.
func ogr2ogrInto(t *testing.T, path string, args ...string) {
	t.Helper()
	dir := filepath.Dir(path)
	copied := ogr2ogr(t, string(mustFile(t, filepath.Join(dir, "in.geojson"))), "b.geojson", "-f", "GeoJSON")
	runGDAL(t, append(append([]string{"-update"}, args...), path, copied)...)
}

// An outline that comes from a map app is found by where it lies beside the one in the record.
func TestShiftOfMapApps(t *testing.T) {
	was := orb.MultiPolygon{{{{94.36, 29.64}, {94.362, 29.64}, {94.362, 29.642}, {94.36, 29.64}}}}
	moved := func(move func(orb.Point) orb.Point) orb.MultiPolygon {
		ring := make(orb.Ring, len(was[0][0]))
		for i, p := range was[0][0] {
			ring[i] = move(p)
		}
		return orb.MultiPolygon{{ring}}
	}
	by := func(lon, lat float64) func(orb.Point) orb.Point {
		return func(p orb.Point) orb.Point { return orb.Point{p[0] + lon, p[1] + lat} }
	}
	for _, c := range []struct {
		name string
		move func(orb.Point) orb.Point
		says string
	}{
		{"GCJ-02", datum.GCJ02, "GCJ-02"}, {"BD-09", datum.BD09, "BD-09"},
		{"as it was", by(0, 0), ""}, {"a survey", by(0.00001, 0.00001), ""}, {"350 m to the north", by(0, 0.00315), ""},
		{"drawn anew", func(p orb.Point) orb.Point { return datum.GCJ02(orb.Point{94.36 + (p[0]-94.36)*2, p[1]}) }, ""},
	} {
		err := shifted(was, moved(c.move))
		if (err == nil) != (c.says == "") || err != nil && (err.Reason != kora.ReasonCRS || !strings.Contains(err.Text, c.says)) {
			t.Errorf("%s: %v", c.name, err)
		}
	}

	geojson := fmt.Sprintf(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"number":"A"},"geometry":{"type":"MultiPolygon","coordinates":[[[[%.9f,%.9f],[%.9f,%.9f],[%.9f,%.9f],[%.9f,%.9f]]]]}}]}`,
		flat(moved(datum.GCJ02)[0][0])...)
	record := fakeRecord{parcels: map[string]*kora.Parcel{"A": {Number: "A", Name: kora.Name{ZH: "甲"}, Use: kora.LandUse{Code: "1001", Scheme: kora.Scheme2023}, Status: kora.ParcelReady, Geometry: was, AreaM2: 20000}}}
	b, err := Parcels(t.Context(), "a.kml", bytes.NewReader(mustFile(t, ogr2ogr(t, geojson, "a.kml", "-f", "LIBKML"))), record, ParcelOptions{})
	if err != nil || len(b.Items) > 0 || len(b.Faults) != 1 || !strings.Contains(b.Faults[0].Error(), "GCJ-02 shifts it") {
		t.Errorf("%+v, %v", b, err)
	}
}

func flat(r orb.Ring) (all []any) {
	for _, p := range r {
		all = append(all, p[0], p[1])
	}
	return all
}

// A cancelled import ends its child and removes its folder.
func TestLayerIsCancelled(t *testing.T) {
	emptyTemp(t)
	raw := mustFile(t, ogr2ogr(t, plots, "a.gpkg", "-f", "GPKG"))
	ctx, cancel := context.WithCancel(t.Context())
	b, err := Parcels(ctx, "a.gpkg", bytes.NewReader(raw), cancelling{cancel: cancel}, ParcelOptions{})
	if !errors.Is(err, context.Canceled) || len(b.Items) > 0 {
		t.Errorf("%+v, %v", b, err)
	}
	if _, err := Parcels(ctx, "a.gpkg", bytes.NewReader(raw), fakeRecord{}, ParcelOptions{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// cancelling is a record whose caller gives up when it is asked.
type cancelling struct {
	fakeRecord
	cancel context.CancelFunc
}

func (c cancelling) ToCGCS2000(ctx context.Context, _ int, _ []orb.Point) ([]orb.Point, error) {
	c.cancel()
	return nil, ctx.Err()
}

func TestWithoutGDAL(t *testing.T) {
	raw := mustFile(t, ogr2ogr(t, plots, "a.gpkg", "-f", "GPKG"))
	t.Setenv("PATH", t.TempDir())
	b, err := readLayerFile(t, "a.gpkg", raw, ParcelOptions{})
	wantRefused(t, b, err, kora.ReasonUnavailable, "install gdal-bin")
}
