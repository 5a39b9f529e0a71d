package importers

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"kora"
)

// rezip copies an archive; change gives each part its new content, or false to leave it out, and adds the parts of more.
func rezip(t testing.TB, raw string, change func(name string, content []byte) ([]byte, bool), more map[string]string) string {
	t.Helper()
	in, err := zip.NewReader(strings.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	add := func(name string, content []byte) {
		w, err := out.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range in.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		keep := true
		if change != nil {
			content, keep = change(f.Name, content)
		}
		if keep {
			add(f.Name, content)
		}
	}
	for name, content := range more {
		add(name, []byte(content))
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// inSheet replaces a text in the sheet.
func inSheet(t testing.TB, raw, from, to string) string {
	t.Helper()
	found := false
	out := rezip(t, raw, func(name string, content []byte) ([]byte, bool) {
		if name == "xl/worksheets/sheet1.xml" {
			found = bytes.Contains(content, []byte(from))
			content = bytes.Replace(content, []byte(from), []byte(to), 1)
		}
		return content, true
	}, nil)
	if !found {
		t.Fatalf("the sheet has no %s", from)
	}
	return out
}

var smallTable = [][]any{{"地块编号", "地块名称", "海拔", "绿地率"}, {"LZ-1", "一号地", 2990, "≤20%"}, {"LZ-2", "二号地", 3010, "≤30%"}}

func TestFormulas(t *testing.T) {
	set := func(value string) string {
		raw := sheetOf(t, smallTable, func(f *excelize.File) {
			if err := f.SetCellFormula("Sheet1", "C2", "C3-20"); err != nil {
				t.Fatal(err)
			}
		})
		if value == "" {
			return inSheet(t, raw, "<v>2990</v>", "")
		}
		return inSheet(t, raw, "<v>2990</v>", "<v>"+value+"</v>")
	}
	b := readParcels(t, "p.xlsx", set(""), registered("LZ-1", "LZ-2"))
	if got := faultList(b.Faults); got != "2 海拔 C2 syntax\n" || len(b.Items) != 1 || !strings.Contains(b.Faults[0].Error(), "formula without a result") {
		t.Errorf("without a result: %s%v", got, b.Faults)
	}
	b = readParcels(t, "p.xlsx", set("2991"), registered("LZ-1", "LZ-2"))
	if len(b.Faults) > 0 || len(b.Items) != 2 || b.Items[0].Value.AltitudeM != 2991 || len(b.Warnings) != 1 || !strings.Contains(b.Warnings[0].Error(), "1 cells are formulas") {
		t.Errorf("with one: %+v", b)
	}
	b = readParcels(t, "p.xlsx", inSheet(t, sheetOf(t, smallTable, nil), `<c r="C2"><v>2990</v>`, `<c r="C2" t="e"><v>#REF!</v>`), registered("LZ-1", "LZ-2"))
	if got := faultList(b.Faults); got != "2 海拔 C2 syntax\n" {
		t.Errorf("an error: %s%v", got, b.Faults)
	}
	// A formula in a column that is not read is nobody's business.
	raw := sheetOf(t, [][]any{{"地块编号", "地块名称", "经办"}, {"LZ-1", "一号地", nil}}, func(f *excelize.File) {
		if err := f.SetCellFormula("Sheet1", "C2", "NOW()"); err != nil {
			t.Fatal(err)
		}
	})
	if b := readParcels(t, "p.xlsx", raw, registered("LZ-1")); len(b.Faults) > 0 || len(b.Items) != 1 {
		t.Errorf("elsewhere: %+v", b)
	}
}

func TestMergedCells(t *testing.T) {
	rows := [][]any{{"地块编号", "地块名称", "所属区县"}, {"LZ-1", "一号地", "巴宜区"}, {"LZ-2", "二号地", nil}}
	merge := func(from, to string) func(*excelize.File) {
		return func(f *excelize.File) {
			if err := f.MergeCell("Sheet1", from, to); err != nil {
				t.Fatal(err)
			}
		}
	}
	b := readParcels(t, "p.xlsx", sheetOf(t, rows, merge("C2", "C3")), registered("LZ-1", "LZ-2"))
	if got := faultList(b.Faults); got != "3 所属区县 C3 syntax\n" || !strings.Contains(b.Faults[0].Error(), "merged with C2") || len(b.Items) != 1 {
		t.Errorf("%s%v", got, b.Faults)
	}
	b, err := Parcels(t.Context(), "p.xlsx", strings.NewReader(inSheet(t, sheetOf(t, rows, merge("A5", "B5")), "A5:B5", "A5:XFD200")), registered(), ParcelOptions{})
	wantRefused(t, b, err, kora.ReasonTooLarge, "merges more than")
}

func TestNumberFormats(t *testing.T) {
	day := time.Date(2026, 7, 10, 0, 0, 0, 0, time.UTC)
	raw := sheetOf(t, [][]any{{"地块编号", "绿地率", "建筑密度", "地块名称"}, {"LZ-1", 0.2, 0.355, day}}, func(f *excelize.File) {
		percent, err := f.NewStyle(&excelize.Style{NumFmt: 9})
		if err != nil {
			t.Fatal(err)
		}
		format := `0.0"约"%`
		custom, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		if err != nil {
			t.Fatal(err)
		}
		for cell, style := range map[string]int{"B2": percent, "C2": custom} {
			if err := f.SetCellStyle("Sheet1", cell, cell, style); err != nil {
				t.Fatal(err)
			}
		}
	})
	b := readParcels(t, "p.xlsx", raw, registered("LZ-1"))
	if len(b.Items) != 1 {
		t.Fatalf("%v", b.Faults)
	}
	p := b.Items[0].Value
	sameJSON(t, "a percentage", p.Green, limit(20, 20))
	sameJSON(t, "a percentage of its own format", p.Density, limit(35.5, 35.5))
	if p.Name.ZH != "2026-07-10" {
		t.Errorf("a day is %s", p.Name.ZH)
	}
	for id, want := range map[int]cellKind{0: plainCell, 2: plainCell, 9: percentCell, 10: percentCell, 14: dateCell, 22: dateCell, 31: dateCell, 49: plainCell, 57: dateCell} {
		if got := kindOfFormat(id, nil); got != want {
			t.Errorf("format %d is %d", id, got)
		}
	}
	for format, want := range map[string]cellKind{
		"0.00%": percentCell, `yyyy"年"m"月"d"日"`: dateCell, "[$-804]yyyy/m/d": dateCell, `0"米"`: plainCell, `#,##0.00"md"`: plainCell, "@": plainCell, `[Red]0.0`: plainCell, "h:mm": dateCell,
	} {
		if got := kindOfFormat(0, &format); got != want {
			t.Errorf("format %s is %d", format, got)
		}
	}
}

func TestSheets(t *testing.T) {
	raw := sheetOf(t, [][]any{{"说明"}, {"请填写第二页"}}, func(f *excelize.File) {
		for _, name := range []string{"地块", "旧表"} {
			if _, err := f.NewSheet(name); err != nil {
				t.Fatal(err)
			}
		}
		for cell, v := range map[string]string{"A1": "地块编号", "B1": "地块名称", "A2": "LZ-1", "B2": "一号地"} {
			if err := f.SetCellStr("地块", cell, v); err != nil {
				t.Fatal(err)
			}
		}
		f.SetActiveSheet(1)
		if err := f.SetSheetVisible("Sheet1", false); err != nil {
			t.Fatal(err)
		}
	})
	b := readParcels(t, "p.xlsx", raw, registered("LZ-1"))
	if len(b.Items) != 1 || b.Items[0].Value.Name.ZH != "一号地" || len(b.Warnings) != 1 || !strings.Contains(b.Warnings[0].Error(), "1 more sheets") {
		t.Errorf("%+v", b)
	}
}

// Workbooks by another hand than excelize's: cells without references, texts in the cells, rich texts, strict Open XML.
func TestOtherWriters(t *testing.T) {
	raw := sheetOf(t, smallTable, nil)
	plain := rezip(t, raw, func(name string, content []byte) ([]byte, bool) {
		switch name {
		case "xl/worksheets/sheet1.xml":
			return []byte(`<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` +
				`<row><c t="inlineStr"><is><t>地块编号</t></is></c><c t="inlineStr"><is><r><t>地块</t></r><r><t>名称</t></r></is></c><c t="s"><v>0</v></c></row>` +
				`<row r="4"><c t="inlineStr"><is><t>LZ-1</t></is></c><c t="str"><v>一号地</v></c><c><v>2.99E3</v></c></row></sheetData></worksheet>`), true
		case "xl/sharedStrings.xml":
			return []byte(`<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><r><t>海</t></r><r><t>拔</t></r></si></sst>`), true
		case "xl/styles.xml":
			return nil, false
		}
		return content, true
	}, nil)
	b := readParcels(t, "p.xlsx", plain, registered("LZ-1"))
	if len(b.Items) != 1 || b.Items[0].Line != 4 || b.Items[0].Value.Name.ZH != "一号地" || b.Items[0].Value.AltitudeM != 2990 {
		t.Errorf("%+v", b)
	}
}

func TestWorkbookRefusals(t *testing.T) {
	raw := sheetOf(t, smallTable, nil)
	part := func(name, content string) string {
		return rezip(t, raw, func(n string, c []byte) ([]byte, bool) {
			if n == name {
				return []byte(content), true
			}
			return c, true
		}, nil)
	}
	without := func(name string) string {
		return rezip(t, raw, func(n string, c []byte) ([]byte, bool) { return c, n != name }, nil)
	}
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("LZ-SECRET"), 0o600); err != nil {
		t.Fatal(err)
	}
	entity := `<!DOCTYPE x [<!ENTITY e SYSTEM "file://` + secret + `">]>`
	const head = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`
	for name, c := range map[string]struct {
		raw    string
		reason kora.Reason
		want   string
	}{
		"cut off":                  {raw[:len(raw)/2], kora.ReasonTruncated, "cut off"},
		"cut off at the end":       {raw[:len(raw)-10], kora.ReasonTruncated, "cut off"},
		"only its first bytes":     {"PK\x03\x04", kora.ReasonTruncated, "cut off"},
		"another archive":          {rezip(t, raw, func(string, []byte) ([]byte, bool) { return nil, false }, map[string]string{"a.txt": "x"}), kora.ReasonFormat, "no Excel workbook"},
		"a part above it":          {rezip(t, raw, nil, map[string]string{"../../etc/cron.d/x": "x"}), kora.ReasonFormat, "leads out of it"},
		"a part from the root":     {rezip(t, raw, nil, map[string]string{"/etc/passwd": "x"}), kora.ReasonFormat, "leads out of it"},
		"a part of another disk":   {rezip(t, raw, nil, map[string]string{`C:\x`: "x"}), kora.ReasonFormat, "leads out of it"},
		"a part twice":             {rezip(t, raw, nil, map[string]string{"xl/worksheets/sheet1.xml": head + "</sheetData></worksheet>"}), kora.ReasonFormat, "twice"},
		"no sheet":                 {without("xl/worksheets/sheet1.xml"), kora.ReasonFormat, "no sheet of cells"},
		"no relations":             {without("xl/_rels/workbook.xml.rels"), kora.ReasonFormat, "lacks its part"},
		"entity in the sheet":      {part("xl/worksheets/sheet1.xml", entity+head+`<row><c t="str"><v>&e;</v></c></row></sheetData></worksheet>`), kora.ReasonFormat, "document type"},
		"entity in the texts":      {part("xl/sharedStrings.xml", entity+`<sst><si><t>&e;</t></si></sst>`), kora.ReasonFormat, "document type"},
		"entity in the workbook":   {part("xl/workbook.xml", entity+`<workbook/>`), kora.ReasonFormat, ""},
		"entity in the styles":     {part("xl/styles.xml", entity+`<styleSheet/>`), kora.ReasonFormat, "document type"},
		"sheet cut off":            {part("xl/worksheets/sheet1.xml", head+`<row r="1"><c r="A1" t="str"><v>地块编号</v></c></row><row r="2"><c r="A2" t="s`), kora.ReasonTruncated, "damaged"},
		"texts cut off":            {part("xl/sharedStrings.xml", `<sst><si><t>地块编号</t></si><si><t>地`), kora.ReasonTruncated, "damaged"},
		"sheet is no XML":          {part("xl/worksheets/sheet1.xml", "x"), kora.ReasonHeading, "no heading"},
		"rows out of order":        {part("xl/worksheets/sheet1.xml", head+`<row r="5"/><row r="2"/></sheetData></worksheet>`), kora.ReasonFormat, "not in order"},
		"cells out of order":       {part("xl/worksheets/sheet1.xml", head+`<row r="1"><c r="B1"/><c r="A1"/></row></sheetData></worksheet>`), kora.ReasonFormat, "not in order"},
		"a cell of another row":    {part("xl/worksheets/sheet1.xml", head+`<row r="1"><c r="B2"/></row></sheetData></worksheet>`), kora.ReasonFormat, "not in order"},
		"a cell of no column":      {part("xl/worksheets/sheet1.xml", head+`<row r="1"><c r="ZZZZ1"/></row></sheetData></worksheet>`), kora.ReasonFormat, "not in order"},
		"far to the right":         {part("xl/worksheets/sheet1.xml", head+`<row r="1"><c r="XFD1" t="str"><v>x</v></c></row></sheetData></worksheet>`), kora.ReasonTooLarge, "1000 cells"},
		"a merge that is no range": {part("xl/worksheets/sheet1.xml", head+`</sheetData><mergeCells><mergeCell ref="A1"/></mergeCells></worksheet>`), kora.ReasonFormat, "no range"},
		"nothing in it":            {part("xl/worksheets/sheet1.xml", head+`</sheetData></worksheet>`), kora.ReasonHeading, "no heading"},
		"old workbook":             {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), kora.ReasonFormat, ".xls"},
		"an endless text":          {part("xl/worksheets/sheet1.xml", head+`<row><c t="str"><v>`+strings.Repeat("x", 3*maxTokenBytes)+`</v></c></row></sheetData></worksheet>`), kora.ReasonTooLarge, "a text of more than"},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := ParcelsTable(t.Context(), "p.xlsx", strings.NewReader(c.raw), registered("LZ-1"), ParcelOptions{})
			f := wantRefused(t, b, err, c.reason, c.want)
			if strings.Contains(f.Error(), "SECRET") {
				t.Error("a file beside the workbook was read")
			}
		})
	}
	// What is beside the cells is not looked at, whatever it is.
	beside := rezip(t, raw, nil, map[string]string{"xl/media/image1.png": "x", "xl/vbaProject.bin": "x", "docProps/x.xml": entity, "xl/externalLinks/externalLink1.xml": entity})
	if b := readParcels(t, "p.xlsx", beside, registered("LZ-1", "LZ-2")); len(b.Items) != 2 {
		t.Errorf("%+v", b)
	}
}

func TestStationsFromAWorkbook(t *testing.T) {
	rows := [][]any{{"站点编号", "站点名称", "类别", "经度", "纬度", "面积（㎡）", "联系电话"},
		{"S1", "甲站", "工会驿站", "91°07′01″", "29°39′28″", 42, 13800000000}, {"S2", "乙站", "氧吧", 91.2, 29.6, "４２", nil}, {"合计", nil, nil, nil, nil, 84}}
	b, err := Stations("s.xlsx", strings.NewReader(sheetOf(t, rows, nil)))
	items := mustRead(t, b, err)
	if len(items) != 2 || items[0].Line != 2 || items[0].Value.Point[0] != 91+7.0/60+1.0/3600 || items[1].Value.AreaM2 != 42 || len(b.Warnings) != 1 {
		t.Errorf("%+v, %v", items, b.Warnings)
	}
	rows[1][3], rows[2][2] = "191", "茶馆"
	b, err = Stations("s.xlsx", strings.NewReader(sheetOf(t, rows, nil)))
	checkBatch(t, b, err)
	if got := faultList(b.Faults); err != nil || got != "2 经度 D2, 纬度 E2 coordinate\n3 类别 C3 unknown-value\n" {
		t.Errorf("%s%v", got, err)
	}
}

// The templates are read as they are, and with a row that somebody filled in.
func TestTemplates(t *testing.T) {
	var parcels, stations bytes.Buffer
	if err := ParcelTemplate(&parcels); err != nil {
		t.Fatal(err)
	}
	if err := StationTemplate(&stations); err != nil {
		t.Fatal(err)
	}
	fill := func(raw []byte, columns []templateColumn) string {
		f, err := excelize.OpenReader(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for i, c := range columns {
			v := c.example
			if i == 0 {
				v = "1"
			}
			if err := f.SetCellStr(f.GetSheetName(0), columnName(i)+"3", v); err != nil {
				t.Fatal(err)
			}
		}
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	b := readParcels(t, "t.xlsx", parcels.String(), registered("LZ-2026-001"))
	if len(b.Items)+len(b.Faults) > 0 || len(b.Warnings) != 1 || !strings.Contains(b.Warnings[0].Error(), "example") {
		t.Errorf("parcels: %+v", b)
	}
	b = readParcels(t, "t.xlsx", fill(parcels.Bytes(), parcelTemplate), registered("LZ-2026-001"))
	if len(b.Items) != 1 || len(b.Warnings) != 1 || b.Items[0].Value.StatedM2 != 31_800 || b.Items[0].Value.Access == nil || b.Items[0].Value.TermYears != 50 {
		t.Errorf("a filled parcel: %+v", b)
	}
	s, err := Stations("t.xlsx", strings.NewReader(fill(stations.Bytes(), stationTemplate)))
	if items := mustRead(t, s, err); len(items) != 1 || len(items[0].Value.Facilities) != 3 || !items[0].Value.Standard {
		t.Errorf("a filled station: %+v", items)
	}
	// Every heading is one that is read, but for the running number.
	for i, c := range parcelTemplate {
		if h, _ := cutUnit(foldHeading(c.heading)); i > 0 && parcelColumns[h] == "" {
			t.Errorf("%s is not read", c.heading)
		}
	}
	for i, c := range stationTemplate {
		if h, _ := cutUnit(foldHeading(c.heading)); i > 0 && stationColumns[h] == "" {
			t.Errorf("%s is not read", c.heading)
		}
	}
}

// What lies in files while a large workbook is read is gone afterwards.
func TestLargeWorkbookLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	rows := [][]any{{"地块编号", "地块名称", "坐落"}}
	var numbers []string
	for i := range 20_000 {
		numbers = append(numbers, fmt.Sprint("LZ-", i))
		rows = append(rows, []any{fmt.Sprint("LZ-", i), "一号地", fmt.Sprint("八一镇示例路", i, "号以北、规划道路以南")})
	}
	raw := sheetOf(t, rows, nil)
	began := time.Now()
	b := readParcels(t, "p.xlsx", raw, registered(numbers...))
	t.Logf("%d KB in %v", len(raw)>>10, time.Since(began).Round(time.Millisecond))
	if len(b.Items) != len(numbers) || b.Items[19_999].Value.Address.ZH != "八一镇示例路19999号以北、规划道路以南" {
		t.Errorf("%d items, %d faults", len(b.Items), len(b.Faults))
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}
