package exporters_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"kora"
	"kora/atlas/atlastest"
	"kora/exporters"
)

// judge reads a layer of a file with GDAL: its features by id, and what GDAL says of the layer.
func judge(t *testing.T, path, layer string) (map[int64]*geojson.Feature, string) {
	t.Helper()
	run := func(name string, args ...string) []byte {
		var complaint bytes.Buffer
		cmd := exec.CommandContext(t.Context(), name, args...)
		cmd.Stderr = &complaint
		out, err := cmd.Output()
		if err != nil || complaint.Len() > 0 {
			t.Fatalf("%s %v: %v\n%s", name, args, err, &complaint)
		}
		return out
	}
	about := string(run("ogrinfo", "-so", path, layer))
	fc, err := geojson.UnmarshalFeatureCollection(run("ogr2ogr", "-f", "GeoJSON", "-preserve_fid", "-lco", "SIGNIFICANT_FIGURES=17", "/vsistdout/", path, layer))
	if err != nil {
		t.Fatal(err)
	}
	byID := map[int64]*geojson.Feature{}
	for _, f := range fc.Features {
		id, ok := f.Properties["id"].(float64)
		if !ok {
			id = f.ID.(float64)
		}
		delete(f.Properties, "id")
		maps.DeleteFunc(f.Properties, func(_ string, v any) bool { return v == nil }) // some formats keep what is not known, some do not
		byID[int64(id)] = f
	}
	return byID, about
}

// TestGDALReadsWhatTheAtlasHolds in every format that this GDAL writes: rows, ids, attributes with their types, shapes and the
// reference system.
func TestGDALReadsWhatTheAtlasHolds(t *testing.T) {
	a := town(t)
	all := sets(t, a)
	for _, format := range []string{"gpkg", "fgb", "parquet"} {
		t.Run(format, func(t *testing.T) {
			stations, about := judge(t, export(t, all["stations"], "stations."+format)[0], "stations")
			for _, want := range []string{`ID["EPSG",4490]`, "Geometry: Point", fmt.Sprint("Feature Count: ", len(a.Stations)),
				"area_m2: Real", "standard: Integer(Boolean)", "highway: String", "altitude_m: Real"} {
				if !strings.Contains(about, want) {
					t.Errorf("stations lack %s:\n%s", want, about)
				}
			}
			for _, s := range a.Stations {
				f := stations[s.ID]
				if f == nil || f.Geometry != s.Point {
					t.Fatalf("station %d is %v", s.ID, f)
				}
				unknown := func(v any, known bool) any {
					if known {
						return v
					}
					return nil
				}
				want := geojson.Properties{"code": s.Code, "name_zh": s.Name.ZH, "name_bo": unknown(s.Name.BO, s.Name.BO != ""),
					"name_en": unknown(s.Name.EN, s.Name.EN != ""), "kind": string(s.Kind), "status": string(s.Status),
					"county": unknown(s.County, s.County != ""), "address_zh": unknown(s.Address.ZH, s.Address.ZH != ""),
					"address_bo": unknown(s.Address.BO, s.Address.BO != ""), "address_en": unknown(s.Address.EN, s.Address.EN != ""),
					"hours": unknown(s.Hours.String(), s.Hours.Known()), "facilities": strings.Join(s.Facilities, ";"), "standard": s.Standard,
					"area_m2": unknown(s.AreaM2, s.AreaM2 > 0), "altitude_m": unknown(s.AltitudeM, s.AltitudeM > 0),
					"highway": unknown(s.Highway, s.Highway != ""), "sample": s.Sample}
				maps.DeleteFunc(want, func(_ string, v any) bool { return v == nil })
				if !reflect.DeepEqual(f.Properties, want) {
					t.Errorf("station %d: %v\nwant %v", s.ID, f.Properties, want)
				}
			}

			parcels, about := judge(t, export(t, all["parcels"], "parcels."+format)[0], "parcels")
			if !strings.Contains(about, "Geometry: Multi Polygon") || !strings.Contains(about, `ID["EPSG",4490]`) {
				t.Errorf("parcels: %s", about)
			}
			for _, p := range a.Parcels {
				f := parcels[p.ID]
				if f == nil || !sameArea(f.Geometry.(orb.MultiPolygon), p.Geometry) || f.Properties["area_m2"] != p.AreaM2 {
					t.Errorf("parcel %d is %v", p.ID, f)
				}
			}
			nine := parcels[9].Properties
			for name, want := range map[string]any{"far_min": 0.5, "far_min_exclusive": true, "far_max_exclusive": nil, "price_amount": 120.5,
				"price_unit": "万元", "term_years": 40.0, "use_scheme": "2023", "access": []any{94.4, 29.6},
				"uses": []any{map[string]any{"code": "1001", "scheme": "2023", "area_m2": 100.0, "term_years": 50.0}}} {
				got := nine[name]
				if text, ok := got.(string); ok && strings.HasPrefix(text, "[") { // a list in a text, which GDAL may write as one
					if err := json.Unmarshal([]byte(text), &got); err != nil {
						t.Error(err)
					}
				}
				if !reflect.DeepEqual(got, want) {
					t.Errorf("parcel 9: %s is %#v, want %#v", name, got, want)
				}
			}

			paths := export(t, all["coverage"], "coverage."+format)
			cells, about := judge(t, paths[0], "cells")
			if len(cells) != len(a.Cells()) || !strings.Contains(about, "nearest_seconds: Real") || !strings.Contains(about, "Geometry: Polygon") {
				t.Errorf("%d cells:\n%s", len(cells), about)
			}
			for i, id := range a.CellIDs(false) {
				f := cells[int64(id)]
				if f == nil || f.Properties["cell"] != a.Cells()[i].String() || !orb.Equal(f.Geometry, orb.Polygon{a.Cells()[i].Boundary()}) ||
					f.Properties["attribution"] != "© nobody" || f.Properties["sample"] != true || f.Properties["minutes"] != 5.0 ||
					f.Properties["open_at"] != "2026-07-01T12:00:00+08:00" || f.Properties["kinds"] != "oxygen_bar;union_station" {
					t.Fatalf("cell %d is %v", id, f)
				}
			}
			areas, _ := judge(t, paths[len(paths)-1], "areas")
			if p := areas[7].Properties; p["code"] != "town" || p["twice_covered"] == nil || p["profile"] != "walk" {
				t.Errorf("area: %v", p)
			}
		})
	}
}

// TestRealParcels go through GDAL and back: the cadastre of a village, with its holes and many corners.
func TestRealParcels(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "shared", "data", "parcels", "fr-cadastre-900.geojson"))
	if err != nil {
		t.Skip("the real parcels are not here")
	}
	fc, err := geojson.UnmarshalFeatureCollection(b)
	if err != nil {
		t.Fatal(err)
	}
	r := atlastest.Town(t)
	r.Parcels = map[int64]*kora.Parcel{}
	for i, f := range fc.Features {
		p := &kora.Parcel{ID: int64(i + 1), Number: fmt.Sprint("P", i), Name: kora.Name{ZH: "地块"}, Status: kora.ParcelReady,
			Use: kora.LandUse{Code: "10", Scheme: kora.Scheme2023}}
		switch g := f.Geometry.(type) {
		case orb.Polygon:
			p.Geometry = orb.MultiPolygon{g}
		case orb.MultiPolygon:
			p.Geometry = g
		}
		r.Parcels[p.ID] = p
	}
	a := atlastest.Open(t, r).Atlas()
	set, err := exporters.Parcels(a)
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"gpkg", "fgb"} {
		parcels, _ := judge(t, export(t, set, "parcels."+format)[0], "parcels")
		if len(parcels) != len(fc.Features) || len(parcels) == 0 {
			t.Fatalf("%s: %d of %d", format, len(parcels), len(fc.Features))
		}
		for id, f := range parcels {
			if !sameArea(f.Geometry.(orb.MultiPolygon), r.Parcels[id].Geometry) || f.Properties["number"] != r.Parcels[id].Number {
				t.Fatalf("%s: parcel %d is %v", format, id, f)
			}
		}
	}
}

// stub puts a program in the place of ogr2ogr.
func stub(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	if script != "" {
		if err := os.WriteFile(filepath.Join(dir, "ogr2ogr"), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir+":/bin:/usr/bin")
	if script == "" {
		t.Setenv("PATH", dir)
	}
}

const formats = `if [ "$1" = --formats ]; then echo "  GPKG -raster,vector- (rw+vs): GeoPackage"; echo "  Parquet -vector- (rov): read only"; exit 0; fi
`

// TestWithoutItsDriver: one sentence says what to install, before anything is written.
func TestWithoutItsDriver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.")
	for name, c := range map[string]struct{ script, format, says string }{
		"no GDAL":      {"", "gpkg", "install gdal-bin"},
		"no driver":    {formats, "fgb", "not among those that this GDAL writes"},
		"cannot write": {formats, "parquet", "not among those that this GDAL writes"},
	} {
		stub(t, c.script)
		_, err := exporters.To(t.Context(), path+c.format, "", false)
		if kora.ReasonOf(err) != kora.ReasonUnavailable || !strings.Contains(fmt.Sprint(err), c.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
	stub(t, "")
	for _, format := range []string{"geojson", "csv"} {
		if _, err := exporters.To(t.Context(), path+format, "", false); err != nil {
			t.Errorf("%s needs no GDAL: %v", format, err)
		}
	}
}

// TestGDALFails in each way that it may: the error says what it said, and there is no file.
func TestGDALFails(t *testing.T) {
	set := sets(t, town(t))["stations"]
	for name, script := range map[string]string{
		"status":          `echo "disk is full" >&2; exit 1`,
		"status 0":        `echo "ERROR 1: disk is full" >&2; echo half >"${11}"; exit 0`,
		"a file and dies": `echo half >"${11}"; echo "disk is full" >&2; exit 3`,
	} {
		stub(t, formats+script)
		dir := t.TempDir()
		to, err := exporters.To(t.Context(), filepath.Join(dir, "a.gpkg"), "", false)
		if err != nil {
			t.Fatal(err)
		}
		_, err = set.Write(t.Context(), to)
		if err == nil || !strings.Contains(err.Error(), "disk is full") || strings.Contains(err.Error(), dir) {
			t.Errorf("%s: %v", name, err)
		}
		if there := files(t, dir); len(there) > 0 {
			t.Errorf("%s: the folder holds %v", name, there)
		}
	}
}

// TestGDALEndsWithTheExport that is cancelled while it works.
func TestGDALEndsWithTheExport(t *testing.T) {
	working := filepath.Join(t.TempDir(), "working")
	if err := syscall.Mkfifo(working, 0o600); err != nil {
		t.Fatal(err)
	}
	stub(t, formats+`echo half >"${11}"; echo $$ >`+working+"\nexec sleep 600")
	dir := t.TempDir()
	to, err := exporters.To(t.Context(), filepath.Join(dir, "a.gpkg"), "", false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done, set := make(chan error, 1), sets(t, town(t))["stations"]
	go func() {
		_, err := set.Write(ctx, to)
		done <- err
	}()
	said, err := os.ReadFile(working) // waits for the child
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("it ends with %v", err)
	}
	if there := files(t, dir); len(there) > 0 {
		t.Errorf("the folder holds %v", there)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(said)))
	if err != nil || syscall.Kill(pid, 0) == nil {
		t.Errorf("the child %d lives on (%v)", pid, err)
	}
}

// TestGDALIsAloneWithItsFolder: it sees nothing of the caller's environment, and what asks for the network does not get it.
func TestGDALIsAloneWithItsFolder(t *testing.T) {
	t.Setenv("KORA_SECRET", "not for others")
	log := filepath.Join(t.TempDir(), "env")
	stub(t, formats+"env >"+log+"\nexit 1")
	to, err := exporters.To(t.Context(), filepath.Join(t.TempDir(), "a.gpkg"), "", false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sets(t, town(t))["stations"].Write(t.Context(), to); err == nil {
		t.Error("a child that fails is no failure")
	}
	b, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	env := map[string]string{}
	for line := range strings.Lines(string(b)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		env[name] = value
	}
	if env["KORA_SECRET"] != "" || env["HOME"] != env["TMPDIR"] || !strings.Contains(env["HOME"], ".kora-export-") {
		t.Errorf("the child sees %v", slices.Collect(maps.Keys(env)))
	}

	var asked atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		fmt.Fprint(w, `{"type":"FeatureCollection","features":[]}`)
	}))
	defer srv.Close()
	t.Setenv("PATH", "/usr/bin:/bin")
	if _, err := exec.LookPath("ogrinfo"); err != nil {
		t.Skip("GDAL is not here")
	}
	ask := func(env []string) {
		for _, source := range []string{srv.URL + "/a.geojson", "/vsicurl/" + srv.URL + "/b.geojson"} {
			cmd := exec.CommandContext(t.Context(), "ogrinfo", source)
			cmd.Env = env
			_ = cmd.Run() // it may fail; whom it asked is what counts
		}
	}
	var alone []string
	for name, value := range env {
		if name != "PATH" {
			alone = append(alone, name+"="+value)
		}
	}
	if ask(alone); asked.Load() > 0 {
		t.Errorf("the server was asked %d times", asked.Load())
	}
	if ask(nil); asked.Load() == 0 {
		t.Error("the server would not have been asked anyway; this test proves nothing")
	}
}
