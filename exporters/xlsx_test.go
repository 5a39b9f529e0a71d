package exporters_test

import (
	"bytes"
	"encoding/json"
	"math"
	"os/exec"
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"

	"kora"
	"kora/atlas"
	"kora/atlas/atlastest"
	"kora/exporters"
)

// TestWorkbooks: the sheets of a workbook hold what the atlas holds, numbers as numbers, and one tells what they rest on.
func TestWorkbooks(t *testing.T) {
	a := town(t)
	paths := export(t, sets(t, a)["coverage"], "coverage.xlsx")
	if len(paths) != 1 {
		t.Fatalf("the workbook lies in %v", paths)
	}
	f, err := excelize.OpenFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := f.GetSheetList(); !slices.Equal(got, []string{"格网", "重点区域", "说明"}) {
		t.Fatalf("sheets %v", got)
	}
	cells, err := f.GetRows("格网")
	if err != nil || len(cells) != len(a.Cells())+1 {
		t.Errorf("%d rows of %d cells, %v", len(cells), len(a.Cells()), err)
	}
	for _, sheet := range []string{"格网", "重点区域"} {
		panes, err := f.GetPanes(sheet)
		if err != nil || !panes.Freeze || panes.YSplit != 1 {
			t.Errorf("%s: the heading moves away: %+v, %v", sheet, panes, err)
		}
	}
	c, err := a.Coverage(t.Context(), "walk", queryOf(), 300)
	if err != nil {
		t.Fatal(err)
	}
	shown := rowsOf(t, f, "重点区域", false)[0]
	raw := rowsOf(t, f, "重点区域", true)[0]
	if once := c.Areas[0].Once; math.Abs(number(t, raw["格网覆盖率"])-once.Share) > 1e-14 || number(t, raw["格网数"]) != float64(once.Cells) {
		t.Errorf("%v is not %+v", raw, once)
	}
	if s := shown["格网覆盖率"]; s[len(s)-1] != '%' {
		t.Errorf("a share is shown as %s", s)
	}
	about := map[string]string{}
	notes, err := f.GetRows("说明")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range notes {
		if _, twice := about[row[0]]; twice {
			t.Errorf("%s is told twice", row[0])
		}
		about[row[0]] = row[1]
	}
	for heading, want := range map[string]string{"数据来源": "© nobody", "出行方式": "步行", "示例数据": "是", "服务时间（分钟）": "5",
		"计入的站点类别": "高原氧吧、工会驿站", "开放时刻": "2026-07-01T12:00:00+08:00", "坐标基准": "CGCS2000 (EPSG:4490), within a metre of WGS 84"} {
		if about[heading] != want {
			t.Errorf("%s: %q, not %q", heading, about[heading], want)
		}
	}
}

// TestHostileNamesStayTextsInWorkbooks, for the library that wrote them and for GDAL, which did not.
func TestHostileNamesStayTextsInWorkbooks(t *testing.T) {
	hostile := []string{`=cmd|'/C calc'!A0`, "+1", "-2+3", "@SUM(A1)", "＝1", " <b>&\"驿站\"</b> ", "001", "2024-01-01"}
	r := atlastest.Town(t)
	if len(r.Stations) == 0 {
		t.Fatal("no stations")
	}
	first := *r.Stations[1]
	clear(r.Stations)
	for i, name := range hostile {
		s := first
		s.ID, s.Code = int64(i+1), name
		s.Name.ZH = name
		r.Stations[s.ID] = &s
	}
	set, err := exporters.Stations(atlastest.Open(t, r).Atlas())
	if err != nil {
		t.Fatal(err)
	}
	path := export(t, set, "stations.xlsx")[0]
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i, want := range hostile {
		cell, _ := excelize.CoordinatesToCellName(1, i+2)
		kind, err := f.GetCellType("站点", cell)
		formula, _ := f.GetCellFormula("站点", cell)
		got, _ := f.GetCellValue("站点", cell)
		if err != nil || kind == excelize.CellTypeFormula || kind == excelize.CellTypeNumber || kind == excelize.CellTypeUnset || formula != "" || got != want {
			t.Errorf("%s: %q, formula %q, type %v, %v", cell, got, formula, kind, err)
		}
	}

	ogr, err := exec.LookPath("ogr2ogr")
	if err != nil {
		t.Skip(err)
	}
	out, err := exec.CommandContext(t.Context(), ogr, "-f", "GeoJSON", "/vsistdout/", path, "站点", "-oo", "FIELD_TYPES=STRING").Output()
	if err != nil {
		t.Skipf("this GDAL reads no workbooks: %v", err)
	}
	var fc struct {
		Features []struct{ Properties map[string]any }
	}
	if err := json.Unmarshal(out, &fc); err != nil || len(fc.Features) != len(hostile) {
		t.Fatalf("GDAL reads %d rows, %v", len(fc.Features), err)
	}
	for i, want := range hostile {
		if got := fc.Features[i].Properties["站点编号"]; got != want {
			t.Errorf("GDAL reads %q, not %q", got, want)
		}
	}
}

// TestSend gives the bytes of the file.
func TestSend(t *testing.T) {
	a := town(t)
	set := sets(t, a)["stations"]
	for _, format := range []exporters.Format{exporters.CSV, exporters.GeoJSON, exporters.XLSX} {
		var b bytes.Buffer
		if err := set.Send(t.Context(), &b, format); err != nil {
			t.Fatal(err)
		}
		start := map[exporters.Format]string{exporters.CSV: "\ufeff站点编号", exporters.GeoJSON: `{"type":"FeatureCollection"`, exporters.XLSX: "PK\x03\x04"}[format]
		if !bytes.HasPrefix(b.Bytes(), []byte(start)) || format.MediaType() == "application/octet-stream" {
			t.Errorf("%s as %s begins %.40q", format, format.MediaType(), b.Bytes())
		}
	}
	if err := set.Send(t.Context(), &bytes.Buffer{}, exporters.GeoPackage); err == nil {
		t.Error("a GeoPackage is sent")
	}
}

func queryOf() atlas.StationQuery {
	return atlas.StationQuery{OpenAt: &aTime, Kinds: []kora.Kind{kora.KindOxygen, kora.KindUnion}}
}

// rowsOf gives the rows of a sheet by heading.
func rowsOf(t testing.TB, f *excelize.File, sheet string, raw bool) (rows []map[string]string) {
	t.Helper()
	all, err := f.GetRows(sheet, excelize.Options{RawCellValue: raw})
	if err != nil {
		t.Fatal(err)
	}
	for _, cells := range all[1:] {
		r := map[string]string{}
		for i, c := range cells {
			r[all[0][i]] = c
		}
		rows = append(rows, r)
	}
	return rows
}

func number(t testing.TB, s string) float64 {
	t.Helper()
	v := math.NaN()
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		t.Errorf("%q is no number", s)
	}
	return v
}
