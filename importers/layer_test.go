package importers

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"kora"
)

// ogr2ogr makes a file of a layer of a format from GeoJSON, with GDAL as its author, and gives its path.
func ogr2ogr(t testing.TB, geojson, to string, args ...string) string {
	t.Helper()
	program, err := exec.LookPath("ogr2ogr")
	if err != nil {
		t.Skip("GDAL is not here")
	}
	dir := t.TempDir()
	from, path := filepath.Join(dir, "in.geojson"), filepath.Join(dir, to)
	if err := os.WriteFile(from, []byte(geojson), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, append(args, path, from)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("ogr2ogr %v: %v\n%s", args, err, out)
	}
	return path
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

func TestLayersOfEveryFormat(t *testing.T) {
	want := plotsAt(t)
	for _, c := range []struct {
		name string
		file func() (string, []byte)
	}{
		{"Shapefile", func() (string, []byte) {
			return "甲.zip", zipped(t, partsOf(t, ogr2ogr(t, plots, "地块.shp", "-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8"))...)
		}},
		{"GeoPackage", func() (string, []byte) { return "a.gpkg", mustFile(t, ogr2ogr(t, plots, "a.gpkg", "-f", "GPKG")) }},
		{"FileGDB", func() (string, []byte) {
			return "a.zip", zipped(t, ogr2ogr(t, plots, "地块.gdb", "-f", "OpenFileGDB", "-nlt", "MULTIPOLYGON"))
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
					p.StatedM2 != []float64{14600, 0}[i] || p.Source.CRS != "EPSG:4519" || p.Source.File != name {
					t.Errorf("%+v", p)
				}
				if !sameShape(p.Geometry, want[i], 1e-12) {
					t.Errorf("%s lies at %v\nwant %v", p.Number, p.Geometry, want[i])
				}
			}
			if far := items[0].Value.FAR; far.Min == nil || *far.Min != 1 || *far.Max != 2 {
				t.Errorf("%+v", far)
			}
			for _, w := range b.Warnings {
				t.Error(w)
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

var _ = context.Background
var _ io.Reader
