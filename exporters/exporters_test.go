package exporters_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"github.com/paulmach/orb/geojson"
	"pgregory.net/rapid"

	"kora"
	"kora/atlas"
	"kora/atlas/atlastest"
	"kora/exporters"
	"kora/importers"
)

// town is atlastest's with everything that a station and a parcel may have.
func town(t testing.TB) *atlas.Atlas {
	t.Helper()
	r := atlastest.Town(t)
	hours, err := kora.ParseHours("Mo-Fr 09:00-18:00; Sa,Su 10:00-16:00")
	if err != nil {
		t.Fatal(err)
	}
	r.Stations[9] = &kora.Station{ID: 9, Code: "2024-01-01", Name: kora.Name{ZH: "全设施驿站", BO: "ས་ཚིགས།", EN: `"All", of it`},
		Kind: kora.KindDrivers, Status: kora.StatusTrial, Point: orb.Point{91.0034567890123, 0.0001}, County: "540102",
		Address: kora.Name{ZH: "示例路 1 号", BO: "ལམ།", EN: "1 Sample Road"}, Hours: hours, Facilities: slices.Sorted(slices.Values(kora.Facilities())),
		Standard: true, AreaM2: 52.5, AltitudeM: 3650, Highway: "G318"}
	far, half := 2.5, 0.5
	r.Parcels[9] = &kora.Parcel{ID: 9, Number: "LZ-9", Name: kora.Name{ZH: "示例地块九", EN: "Nine"}, County: "540402",
		Address: kora.Name{ZH: "八一镇"}, Use: kora.LandUse{Code: "1001", Scheme: kora.Scheme2023},
		Uses:   []kora.UseShare{{LandUse: kora.LandUse{Code: "1001", Scheme: kora.Scheme2023}, AreaM2: 100, TermYears: 50}},
		Status: kora.ParcelUnsold, AreaM2: 12345.678, StatedM2: 12300, FAR: kora.Range{Min: &half, Max: &far, MinExclusive: true},
		HeightM: kora.Range{Max: &far}, Price: &kora.Price{Amount: 120.5, Unit: "万元"}, Supply: "GP", TermYears: 40, AltitudeM: 2950,
		Access: &orb.Point{94.4, 29.6}, Facilities: []string{"power", "road"},
		// Two parts, one with a hole, all wound the other way round.
		Geometry: orb.MultiPolygon{
			{{{94.4, 29.6}, {94.4, 29.61}, {94.41, 29.61}, {94.41, 29.6}, {94.4, 29.6}},
				{{94.402, 29.602}, {94.404, 29.602}, {94.404, 29.604}, {94.402, 29.604}, {94.402, 29.602}}},
			{{{94.42, 29.6}, {94.42, 29.61}, {94.43, 29.61}, {94.42, 29.6}}},
		}}
	return atlastest.Open(t, r).Atlas()
}

var aTime = time.Date(2026, 7, 1, 12, 0, 0, 0, time.FixedZone("", 8*3600))

// sets are the three exports of an atlas.
func sets(t testing.TB, a *atlas.Atlas) map[string]*exporters.Set {
	t.Helper()
	all := map[string]*exporters.Set{}
	for name, make := range map[string]func() (*exporters.Set, error){
		"stations": func() (*exporters.Set, error) { return exporters.Stations(a) },
		"parcels":  func() (*exporters.Set, error) { return exporters.Parcels(a) },
		"coverage": func() (*exporters.Set, error) {
			return exporters.Coverage(t.Context(), a, exporters.CoverageQuery{Profile: "walk", Minutes: 5, OpenAt: &aTime,
				Kinds: []kora.Kind{kora.KindOxygen, kora.KindUnion}})
		},
		"corridors": func() (*exporters.Set, error) {
			return exporters.Corridors(t.Context(), a, exporters.CorridorQuery{Profile: "walk", KM: 1, Kinds: []kora.Kind{kora.KindUnion}})
		},
		"scenario": func() (*exporters.Set, error) {
			edits := []kora.StationEdit{{Deed: kora.EditAdd, Station: -1, Kind: kora.KindUnion, Name: "=新站", Point: &orb.Point{91.0045, 0}},
				{Deed: kora.EditClose, Station: a.Stations[0].ID}, {Deed: kora.EditMove, Station: a.Stations[1].ID, Point: &orb.Point{91.002, 0}}}
			trial, err := a.WhatIf(t.Context(), "walk", atlas.StationQuery{}, 300, edits, true)
			if err != nil {
				return nil, err
			}
			return exporters.Scenario(a, exporters.CoverageQuery{Profile: "walk", Minutes: 5}, edits, trial)
		},
	} {
		s, err := make()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all[name] = s
	}
	return all
}

// export writes a set into a folder of its own and gives the files, none of which may be hidden.
func export(t testing.TB, s *exporters.Set, name string) []string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	f, err := exporters.To(t.Context(), path, "", false)
	if kora.ReasonOf(err) == kora.ReasonUnavailable {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	written, err := s.Write(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, w := range written {
		paths = append(paths, w.Path)
	}
	if there := files(t, filepath.Dir(path)); !reflect.DeepEqual(there, slices.Sorted(slices.Values(paths))) {
		t.Errorf("the folder holds %v, not %v", there, paths)
	}
	return paths
}

func files(t testing.TB, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, filepath.Join(dir, e.Name()))
	}
	return all
}

// readGeoJSON gives the collection and the members of it that are not GeoJSON's.
func readGeoJSON(t testing.TB, path string) *geojson.FeatureCollection {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	fc, err := geojson.UnmarshalFeatureCollection(b)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return fc
}

// TestNamesAreThoseOfTheInterface: every property that is exported is one of /v1, member for member.
func TestNamesAreThoseOfTheInterface(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "api", "openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct {
					Ref string `json:"$ref"`
				}
			}
		}
	}
	if err := json.Unmarshal(b, &document); err != nil {
		t.Fatal(err)
	}
	schemas := document.Components.Schemas
	var check func(at, schema string, o map[string]any)
	check = func(at, schema string, o map[string]any) {
		for name, v := range o {
			p, ok := schemas[schema].Properties[name]
			if !ok {
				t.Errorf("%s.%s is no property of %s", at, name, schema)
			}
			if inner, ok := v.(map[string]any); ok && p.Ref != "" {
				check(at+"."+name, filepath.Base(p.Ref), inner)
			}
		}
	}
	all := sets(t, town(t))
	for name, schema := range map[string]string{"stations": "StationProperties", "parcels": "ParcelProperties"} {
		for _, f := range readGeoJSON(t, export(t, all[name], name+".geojson")[0]).Features {
			check(name, schema, f.Properties)
		}
	}
	coverage := export(t, all["coverage"], "coverage.geojson")
	for _, f := range readGeoJSON(t, coverage[1]).Features {
		check("areas", "AreaCoverage", f.Properties)
	}
	check("coverage", "CoverageOutput", map[string]any{"assumptions": readGeoJSON(t, coverage[0]).ExtraMembers["assumptions"]})
}

// TestGeoJSONHoldsWhatTheAtlasHolds, and the importers read parcels from it again.
func TestGeoJSONHoldsWhatTheAtlasHolds(t *testing.T) {
	a := town(t)
	all := sets(t, a)
	stations := readGeoJSON(t, export(t, all["stations"], "stations.geojson")[0])
	if len(stations.Features) != len(a.Stations) || stations.ExtraMembers["sample"] != true {
		t.Fatalf("%d features, members %v", len(stations.Features), stations.ExtraMembers)
	}
	for i, s := range a.Stations {
		f := stations.Features[i]
		if f.ID != float64(s.ID) || f.Geometry != s.Point || f.Properties["code"] != s.Code ||
			f.Properties["name"].(map[string]any)["zh"] != s.Name.ZH || f.Properties["sample"] != s.Sample {
			t.Errorf("station %d is %v %v", s.ID, f.Geometry, f.Properties)
		}
	}

	path := export(t, all["parcels"], "parcels.geojson")[0]
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	batch, err := importers.ParcelsGeoJSON(t.Context(), "parcels.geojson", f, nil, importers.ParcelOptions{})
	if err != nil || len(batch.Faults) > 0 || len(batch.Items) != len(a.Parcels) {
		t.Fatalf("%d parcels come back, %v, %v", len(batch.Items), batch.Faults, err)
	}
	for i, p := range a.Parcels {
		want, got := *p, batch.Items[i].Value
		want.ID, want.AreaM2, want.Source, got.Source = 0, 0, kora.Source{}, kora.Source{} // given by the record
		if want.Geometry = got.Geometry; !sameArea(p.Geometry, got.Geometry) {
			t.Errorf("%s comes back as %v", p.Number, got.Geometry)
		}
		if len(want.Facilities)+len(got.Facilities) == 0 {
			got.Facilities = want.Facilities
		}
		if len(want.Industry)+len(got.Industry) == 0 {
			got.Industry = want.Industry
		}
		if !reflect.DeepEqual(want, got) {
			t.Errorf("parcel %+v\ncomes back as %+v", want, got)
		}
		for _, polygon := range got.Geometry {
			for i, ring := range polygon {
				if (ring.Orientation() == orb.CCW) != (i == 0) {
					t.Errorf("%s: ring %d of %v runs the wrong way", p.Number, i, polygon)
				}
			}
		}
	}
}

// sameArea compares corner by corner, whichever way rings run.
func sameArea(a, b orb.MultiPolygon) bool {
	a, b = a.Clone(), b.Clone()
	for _, m := range []orb.MultiPolygon{a, b} {
		for _, polygon := range m {
			for _, ring := range polygon {
				if ring.Orientation() == orb.CW {
					ring.Reverse()
				}
			}
		}
	}
	return orb.Equal(a, b)
}

// TestCoverageAgreesWithItself: the flags of the cells add up to the counts of the areas, and those are the atlas's.
func TestCoverageAgreesWithItself(t *testing.T) {
	a := town(t)
	paths := export(t, sets(t, a)["coverage"], "coverage.geojson")
	cells, areas := readGeoJSON(t, paths[0]), readGeoJSON(t, paths[1])
	c, err := a.Coverage(t.Context(), "walk", atlas.StationQuery{OpenAt: &aTime, Kinds: []kora.Kind{kora.KindOxygen, kora.KindUnion}}, 300)
	if err != nil {
		t.Fatal(err)
	}
	ids, far := a.CellIDs(false), 0
	covered, streetless := map[any]int{}, map[any]int{}
	for i, f := range cells.Features {
		nearest, reached := f.Properties["nearest_seconds"].(float64)
		if f.ID != float64(ids[i]) || f.Properties["cell"] != a.Cells()[i].String() || (reached && nearest <= 300) != (f.Properties["covered"] == true) {
			t.Errorf("cell %v: %v", f.ID, f.Properties)
		}
		if second, ok := f.Properties["second_seconds"].(float64); ok && second < nearest {
			t.Errorf("cell %v: the second station is nearer: %v", f.ID, f.Properties)
		}
		if reached && nearest > 300 {
			far++
		}
		for _, area := range f.Properties["areas"].([]any) {
			if f.Properties["covered"] == true {
				covered[area]++
			}
			if f.Properties["street"] == false {
				streetless[area]++
			}
		}
	}
	for i, f := range areas.Features {
		p, want := f.Properties, c.Areas[i]
		if p["covered"] != float64(want.Once.Covered) || p["cells"] != float64(want.Once.Cells) || p["share"] != want.Once.Share ||
			covered[p["code"]] != want.Once.Covered || streetless[p["code"]] != want.Once.NoStreet || want.Once.Covered == 0 || far == 0 {
			t.Errorf("area %v: %v; the cells say %d, the atlas %+v", f.ID, p, covered[p["code"]], want.Once)
		}
	}
	for _, fc := range []*geojson.FeatureCollection{cells, areas} {
		m := fc.ExtraMembers
		if m["attribution"] != "© nobody" || m["minutes"] != 5.0 || m["profile"] != "walk" || m["sample"] != true || m["stations"] != float64(c.Stations) ||
			!reflect.DeepEqual(m["kinds"], []any{"oxygen_bar", "union_station"}) ||
			m["assumptions"].(map[string]any)["open_at"] != "2026-07-01T12:00:00+08:00" {
			t.Errorf("members %v", m)
		}
	}
}

// readCSV gives the rows by heading, and checks what every table of text must be.
func readCSV(t testing.TB, path string) (rows []map[string]string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(string(b), "\ufeff")
	if !marked {
		t.Error("no byte order mark")
	}
	table, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if ends := strings.Count(text, "\r\n"); ends != len(table) {
		t.Errorf("%d lines end in CRLF, of %d", ends, len(table))
	}
	for _, cells := range table[1:] {
		r := map[string]string{}
		for i, heading := range table[0] {
			if _, twice := r[heading]; twice {
				t.Errorf("two columns %s", heading)
			}
			r[heading] = cells[i]
		}
		rows = append(rows, r)
	}
	return rows
}

// textRows are those of a CSV; a workbook has texts that no spreadsheet computes, see TestWorkbooks.
func textRows(t testing.TB, path string) []map[string]string {
	if filepath.Ext(path) != ".csv" {
		return nil
	}
	return readCSV(t, path)
}

func TestTablesForPeople(t *testing.T) {
	a := town(t)
	all := sets(t, a)
	for i, r := range readCSV(t, export(t, all["parcels"], "parcels.csv")[0]) {
		p := a.Parcels[i]
		g, err := wkt.Unmarshal(r["图形（WKT）"])
		if err != nil || !sameArea(g.(orb.MultiPolygon), p.Geometry) {
			t.Errorf("%s: %s (%v)", p.Number, r["图形（WKT）"], err)
		}
		if p.Number == "LZ-9" && (r["容积率下限"] != "0.5" || r["容积率不含下限"] != "是" || r["状态"] != "流拍" || r["经度"] != "94.4" ||
			r["配套设施"] != "电、路" || r["供应方式"] != "挂牌" || r["椭球面积（㎡）"] != "12345.678" || r["示例数据"] != "否") {
			t.Errorf("%v", r)
		}
		if p.Number == "LZ-2" && r["相关公告"] != "N1" {
			t.Errorf("%v", r)
		}
	}
	paths := export(t, all["coverage"], "coverage.csv")
	for _, path := range paths {
		for _, r := range readCSV(t, path) {
			if r["数据来源"] != "© nobody" || r["服务时间（分钟）"] != "5" || r["示例数据"] != "是" || r["出行方式"] != "步行" ||
				r["计入的站点类别"] != "高原氧吧、工会驿站" || r["开放时刻"] != "2026-07-01T12:00:00+08:00" {
				t.Errorf("%s: %v", filepath.Base(path), r)
			}
		}
	}
}

// TestImportersReadTheTableOfStations: any stations, hostile names among them, come back as they were.
func TestImportersReadTheTableOfStations(t *testing.T) {
	dir := t.TempDir()
	word := rapid.StringMatching(`[=+@＝＋－＠'\-]{0,3}[a-z"',;驿站་ཁ<&\\|!]{1,10}( [a-z=]{1,4}){0,2}`)
	rapid.Check(t, func(rt *rapid.T) {
		r := atlastest.Town(t)
		r.Stations = map[int64]*kora.Station{}
		for id := range rapid.Int64Range(1, 6).Draw(rt, "stations") {
			s := &kora.Station{ID: id + 1, Code: fmt.Sprint(rapid.SampledFrom([]string{"", "=", "-", "@", "'", "'="}).Draw(rt, "sign"), "S", id),
				Name: kora.Name{ZH: word.Draw(rt, "zh"), BO: word.Draw(rt, "bo")}, Address: kora.Name{EN: word.Draw(rt, "address")},
				Kind: rapid.SampledFrom(kora.Kinds()).Draw(rt, "kind"), Status: rapid.SampledFrom(kora.Statuses()).Draw(rt, "status"),
				Point:  orb.Point{rapid.Float64Range(-180, 180).Draw(rt, "lon"), rapid.Float64Range(-90, 90).Draw(rt, "lat")},
				County: rapid.SampledFrom([]string{"", "540102"}).Draw(rt, "county"), Standard: rapid.Bool().Draw(rt, "standard"),
				AreaM2: rapid.Float64Range(0, 1e6).Draw(rt, "area"), AltitudeM: rapid.Float64Range(-500, 9000).Draw(rt, "altitude"),
				Highway: rapid.SampledFrom([]string{"", "G318"}).Draw(rt, "highway"), Sample: rapid.Bool().Draw(rt, "sample")}
			for _, f := range kora.Facilities() {
				if rapid.Bool().Draw(rt, f) {
					s.Facilities = append(s.Facilities, f)
				}
			}
			slices.Sort(s.Facilities)
			s.Hours, _ = kora.ParseHours(rapid.SampledFrom([]string{"", "24/7", "Mo-Fr 09:00-18:00; Sa,Su off"}).Draw(rt, "hours"))
			r.Stations[s.ID] = s
		}
		a := atlastest.Open(t, r).Atlas()
		set, err := exporters.Stations(a)
		if err != nil {
			rt.Fatal(err)
		}
		format := rapid.SampledFrom([]string{"csv", "xlsx"}).Draw(rt, "format")
		file := "stations." + format
		path := filepath.Join(dir, file)
		to, err := exporters.To(t.Context(), path, format, true)
		if err != nil {
			rt.Fatal(err)
		}
		if _, err := set.Write(t.Context(), to); err != nil {
			rt.Fatal(err)
		}
		for _, row := range textRows(t, path) {
			for heading, cell := range row {
				if strings.IndexAny(cell, "=+-@\t\r\n\x00＝＋－＠") == 0 && !slices.Contains([]string{"经度", "纬度", "海拔（米）"}, heading) {
					rt.Errorf("%s: a spreadsheet would run %q", heading, cell)
				}
			}
		}
		f, err := os.Open(path)
		if err != nil {
			rt.Fatal(err)
		}
		defer f.Close()
		batch, err := importers.Stations(file, f)
		if err != nil || len(batch.Faults) > 0 || len(batch.Items) != len(a.Stations) {
			rt.Fatalf("%d stations come back, %v, %v", len(batch.Items), batch.Faults, err)
		}
		for i, s := range a.Stations {
			want, got := *s, batch.Items[i].Value
			want.ID, want.Source = 0, kora.Source{File: file, CRS: "EPSG:4490"}
			if format == "xlsx" { // a spreadsheet keeps 15 digits
				for v, back := range map[*float64]*float64{&want.Point[0]: &got.Point[0], &want.Point[1]: &got.Point[1],
					&want.AreaM2: &got.AreaM2, &want.AltitudeM: &got.AltitudeM} {
					if math.Abs(*v-*back) <= 1e-14*math.Abs(*v) {
						*back = *v
					}
				}
			}
			if !reflect.DeepEqual(want, got) {
				rt.Fatalf("station %+v\ncomes back as %+v", want, got)
			}
		}
	})
}

func TestHostileNamesStayTexts(t *testing.T) {
	r := atlastest.Town(t)
	r.Stations[1].Name.ZH = `=cmd|'/C calc'!A0`
	set, err := exporters.Stations(atlastest.Open(t, r).Atlas())
	if err != nil {
		t.Fatal(err)
	}
	if got := readCSV(t, export(t, set, "stations.csv")[0])[0]["站点名称"]; got != `'=cmd|'/C calc'!A0` {
		t.Errorf("the cell is %q", got)
	}
}

func TestWhatCannotBeWrittenIsRefused(t *testing.T) {
	dir := t.TempDir()
	there := filepath.Join(dir, "there.csv")
	if err := os.WriteFile(there, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		path, format string
		force        bool
		reason       kora.Reason
	}{
		"no ending":       {"a", "", false, kora.ReasonFormat},
		"another ending":  {"a.shp", "", false, kora.ReasonFormat},
		"another format":  {"a.csv", "shp", false, kora.ReasonFormat},
		"no such folder":  {"none/a.csv", "", false, kora.ReasonNotFound},
		"a file above":    {"there.csv/a.csv", "", false, kora.ReasonNotFound},
		"a file is there": {"there.csv", "", false, kora.ReasonDuplicate},
		"a folder":        {".", "csv", true, kora.ReasonDuplicate},
	} {
		_, err := exporters.To(t.Context(), filepath.Join(dir, c.path), c.format, c.force)
		if kora.ReasonOf(err) != c.reason || strings.Contains(fmt.Sprint(err), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
	a := town(t)
	for name, q := range map[string]exporters.CoverageQuery{
		"minutes": {Profile: "walk", Minutes: 61}, "profile": {Profile: "yak", Minutes: 15}, "kind": {Profile: "walk", Minutes: 15, Kinds: []kora.Kind{"tea_house"}},
	} {
		if _, err := exporters.Coverage(t.Context(), a, q); kora.ReasonOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	empty := atlastest.Town(t)
	empty.Stations, empty.Parcels, empty.Network = nil, nil, nil
	none := atlastest.Open(t, empty).Atlas()
	_, stations := exporters.Stations(none)
	_, parcels := exporters.Parcels(none)
	_, coverage := exporters.Coverage(t.Context(), none, exporters.CoverageQuery{Profile: "walk", Minutes: 15})
	if kora.ReasonOf(stations) != kora.ReasonNotFound || kora.ReasonOf(parcels) != kora.ReasonNotFound || kora.ReasonOf(coverage) != kora.ReasonNoNetwork {
		t.Errorf("nothing there: %v; %v; %v", stations, parcels, coverage)
	}

	// A file that came while the export was on its way stays, and so does the one beside which the second would be.
	late := filepath.Join(dir, "late.csv")
	to, err := exporters.To(t.Context(), late, "", false)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "late-areas.csv"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sets(t, a)["coverage"].Write(t.Context(), to); kora.ReasonOf(err) != kora.ReasonDuplicate {
		t.Errorf("the second file is there: %v", err)
	}
	want := []string{filepath.Join(dir, "late-areas.csv"), there}
	if got := files(t, dir); !slices.Equal(got, want) {
		t.Errorf("the folder holds %v", got)
	}
}

// cancelled is a context that ends after it was asked some times whether it has.
type cancelled struct {
	context.Context
	left int
}

func (c *cancelled) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return c.Context.Err()
}

func TestCancelledExportsLeaveNothing(t *testing.T) {
	all := sets(t, town(t))
	for _, format := range []string{"geojson", "csv", "xlsx", "gpkg"} {
		for name, set := range all {
			for _, after := range []int{0, 2, 40} {
				dir := t.TempDir()
				to, err := exporters.To(t.Context(), filepath.Join(dir, "a."+format), "", false)
				if kora.ReasonOf(err) == kora.ReasonUnavailable {
					t.Skip(err)
				}
				if err != nil {
					t.Fatal(err)
				}
				_, err = set.Write(&cancelled{t.Context(), after}, to)
				if there := files(t, dir); err != nil && len(there) > 0 || err == nil && len(there) == 0 || err == nil && after < 40 {
					t.Errorf("%s as %s after %d: %v, and the folder holds %v", name, format, after, err, there)
				}
			}
		}
	}
}

// TestEveryCodeHasAWord that people know, in the tables.
func TestEveryCodeHasAWord(t *testing.T) {
	r := atlastest.Town(t)
	for i, s := range kora.ParcelStatuses() {
		p := *r.Parcels[1]
		p.ID, p.Number, p.Status, p.Facilities = int64(100+i), fmt.Sprint("P", i), s, kora.Utilities()
		p.Supply = kora.SupplyModes()[i%len(kora.SupplyModes())]
		r.Parcels[p.ID] = &p
	}
	set, err := exporters.Parcels(atlastest.Open(t, r).Atlas())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, row := range readCSV(t, export(t, set, "parcels.csv")[0]) {
		for _, heading := range []string{"状态", "配套设施", "供应方式", "用途分类标准"} {
			if strings.ContainsAny(row[heading], "abcdefghijklmnopqrstuvwxyz_") {
				t.Errorf("%s is %q", heading, row[heading])
			}
		}
		seen[row["状态"]] = true
	}
	if len(seen) != len(kora.ParcelStatuses()) {
		t.Errorf("%d words for %d states: %v", len(seen), len(kora.ParcelStatuses()), slices.Collect(maps.Keys(seen)))
	}
}
