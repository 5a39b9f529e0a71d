package importers

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/xuri/excelize/v2"

	"kora"
)

// sheetOf makes a workbook of cells; change may do more to it.
func sheetOf(t testing.TB, rows [][]any, change func(*excelize.File)) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		for j, v := range row {
			if v == nil {
				continue
			}
			if err := f.SetCellValue("Sheet1", cellRef{i + 1, j}.String(), v); err != nil {
				t.Fatal(err)
			}
		}
	}
	if change != nil {
		change(f)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// csvOf makes the same a text.
func csvOf(rows [][]any) string {
	var b strings.Builder
	for _, row := range rows {
		for j, v := range row {
			if j > 0 {
				b.WriteByte(',')
			}
			if s, ok := v.(string); ok {
				b.WriteString(`"` + strings.ReplaceAll(s, `"`, `""`) + `"`)
			} else if v != nil {
				raw, _ := json.Marshal(v)
				b.Write(raw)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

// registered are parcels that the record holds.
func registered(numbers ...string) fakeRecord {
	r := fakeRecord{parcels: map[string]*kora.Parcel{}}
	for i, n := range numbers {
		r.parcels[n] = &kora.Parcel{ID: int64(i + 1), Number: n, Name: kora.Name{ZH: "旧名", EN: "Old"}, Status: kora.ParcelReady, AreaM2: 31_800, AltitudeM: 2_990,
			Use: kora.LandUse{Code: "0601", Scheme: kora.Scheme2017}, Supply: "PM", Source: kora.Source{File: "survey.txt", CRS: "EPSG:4519"},
			Geometry: orb.MultiPolygon{{{{94.34, 29.64}, {94.343, 29.64}, {94.343, 29.642}, {94.34, 29.64}}}}}
	}
	return r
}

func readParcels(t testing.TB, name, text string, record fakeRecord) Batch[kora.Parcel] {
	t.Helper()
	b, err := Parcels(t.Context(), name, strings.NewReader(text), record, ParcelOptions{})
	checkBatch(t, b, err)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func limit(min, max float64) kora.Range {
	var r kora.Range
	if min >= 0 {
		r.Min = &min
	}
	if max >= 0 {
		r.Max = &max
	}
	return r
}

func sameJSON(t testing.TB, what string, got, want any) {
	t.Helper()
	g, _ := json.Marshal(got)
	w, _ := json.Marshal(want)
	if string(g) != string(w) {
		t.Errorf("%s: got %s, want %s", what, g, w)
	}
}

// bureauTable is a list as bureaus make them: a title, a heading of two rows with groups, units below, totals and a note.
var bureauTable = [][]any{
	{"林芝市2026年度推介地块一览表"},
	{"序号", "地块编号", "地块名称", "位置", "用地面积", nil, "规划用途", "规划条件", nil, nil, nil, "出让方式", "出让年限", "起始价", "配套条件"},
	{nil, nil, nil, nil, "（亩）", "备注", nil, "容积率", "建筑密度", "绿地率", "建筑限高", nil, nil, "（万元）", nil},
	{1, "LZ-1", "一号地", "八一镇 示例路", 47.7, nil, "工业用地", "1.0≤容积率≤2.0", "≥40%", "≤20%", "≤24米", "挂牌出让", "50年", 1431, "五通一平"},
	{2, "LZ-2", "二号地", "鲁朗镇", "47.6", nil, "城镇住宅用地兼容商业用地", "＜1.5", "不高于35%", "不低于３０％", "24m以下", "拍卖", "住宅70年、商业40年", "2,500.5", "路、给水、电"},
	{"合计", nil, nil, nil, 95.3, nil, nil, nil, nil, nil, nil, nil, nil, 3931.5},
	{"注：以上面积以勘测定界为准"},
}

func TestParcelsTable(t *testing.T) {
	merged := sheetOf(t, bureauTable, func(f *excelize.File) {
		for _, c := range [][2]string{{"A1", "O1"}, {"A2", "A3"}, {"B2", "B3"}, {"C2", "C3"}, {"D2", "D3"}, {"E2", "F2"}, {"H2", "K2"}, {"A6", "D6"}, {"A7", "O7"}} {
			if err := f.MergeCell("Sheet1", c[0], c[1]); err != nil {
				t.Fatal(err)
			}
		}
	})
	for name, raw := range map[string]string{
		"list.xlsx": merged, "list.csv": csvOf(bureauTable), "gbk.csv": gb18030(t, csvOf(bureauTable)), "bom.csv": "\ufeff" + strings.ReplaceAll(csvOf(bureauTable), "\n", "\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			b := readParcels(t, name, raw, registered("LZ-1", "LZ-2"))
			if len(b.Faults) > 0 || len(b.Items) != 2 {
				t.Fatalf("%v, %v", b.Items, b.Faults)
			}
			one, two := b.Items[0].Value, b.Items[1].Value
			want := *registered("LZ-1").parcels["LZ-1"]
			want.Name.ZH, want.Address.ZH, want.StatedM2 = "一号地", "八一镇 示例路", 31_800
			want.Use = kora.LandUse{Code: "1001", Scheme: kora.Scheme2023}
			want.FAR, want.Density, want.Green, want.HeightM = limit(1, 2), limit(40, -1), limit(-1, 20), limit(-1, 24)
			want.Supply, want.TermYears, want.Price = "GP", 50, &kora.Price{Amount: 1431, Unit: "万元"}
			want.Facilities = []string{"road", "water", "power", "drainage", "telecom", "levelled"}
			sameJSON(t, "LZ-1", one, want)
			below := limit(-1, 1.5)
			below.MaxExclusive = true
			sameJSON(t, "FAR", two.FAR, below)
			sameJSON(t, "density", two.Density, limit(-1, 35))
			sameJSON(t, "green", two.Green, limit(30, -1))
			sameJSON(t, "height", two.HeightM, limit(-1, 24))
			sameJSON(t, "uses", two.Uses, []kora.UseShare{
				{LandUse: kora.LandUse{Code: "0701", Scheme: kora.Scheme2023}, TermYears: 70}, {LandUse: kora.LandUse{Code: "0901", Scheme: kora.Scheme2023}, TermYears: 40}})
			if two.Use.Code != "0701" || two.TermYears != 70 || two.Price.Amount != 2500.5 || two.StatedM2 < 31_733 || two.StatedM2 > 31_734 {
				t.Errorf("LZ-2: %+v", two)
			}
			// A row of totals and a note are told and left; so is a group of words beside the area.
			if got := faultList(b.Warnings); got != "6  format\n7  format\n" {
				t.Errorf("warnings %s%v", got, b.Warnings)
			}
		})
	}
}

func TestTablesOfUnknownParcels(t *testing.T) {
	const head = "地块编号,地块名称,规划用途,图形（WKT）,坐标系\n"
	const shape = `"POLYGON((94.34 29.64,94.343 29.64,94.343 29.642,94.34 29.64))"`
	b := readParcels(t, "p.csv", head+"A,甲,工业用地,,\nB,乙,工业用地,"+shape+",CGCS2000\nC,丙,工业用地,\"94.34,29.64;94.343,29.64;94.343,29.642\",\n", fakeRecord{})
	if got := faultList(b.Faults); got != "2 地块编号 not-found\n" || !strings.Contains(b.Faults[0].Error(), "outline first") {
		t.Errorf("%s%v", got, b.Faults)
	}
	if len(b.Items) != 2 || b.Items[0].Value.Source.CRS != "EPSG:4490" || b.Items[0].Value.Status != kora.ParcelPromoted {
		t.Fatalf("%+v", b.Items)
	}
	want := orb.MultiPolygon{{{{94.34, 29.64}, {94.343, 29.64}, {94.343, 29.642}, {94.34, 29.64}}}}
	for _, i := range b.Items {
		sameJSON(t, i.Value.Number, i.Value.Geometry, want)
	}
	for outline, reason := range map[string]string{
		`"POINT(94 29)"`: "geometry", `"POLYGON((94.34 29.64,94.343 29.64))"`: "geometry", `"POLYGON((94.34 29.64,94.343 29.64,94.343 29.642,94.34 29.641))"`: "geometry",
		`"POLYGON((31629570 3281180,31629670 3281180,31629670 3281280,31629570 3281180))"`: "geometry", `"POLYGON((NaN 29.64,94.343 29.64,94.343 29.642,NaN 29.64))"`: "geometry",
		`"94.34 29.64 3000;94.343 29.64;94.343 29.642"`: "geometry", `"x,y;94.343,29.64;94.343,29.642"`: "syntax", `"MULTIPOLYGON EMPTY"`: "geometry", "POLYGON": "geometry",
		`"GEOMETRYCOLLECTION(POLYGON((94.34 29.64,94.343 29.64,94.343 29.642,94.34 29.64)))"`: "geometry",
	} {
		b := readParcels(t, "p.csv", head+"A,甲,工业用地,"+outline+",\n", fakeRecord{})
		if got := faultList(b.Faults); got != "2 图形（WKT） "+reason+"\n" {
			t.Errorf("%s: %s%v, %d items", outline, got, b.Faults, len(b.Items))
		}
	}
	b = readParcels(t, "p.csv", head+"A,甲,工业用地,"+shape+",GCJ-02\n", fakeRecord{})
	if got := faultList(b.Faults); got != "2 坐标系 crs\n" {
		t.Errorf("GCJ-02: %s", got)
	}
}

// Each row has one thing wrong, named by its cell; what is right is kept.
func TestTableFaults(t *testing.T) {
	heading := []any{"地块编号", "面积", "规划用途", "用途代码", "容积率", "建筑密度", "起始价", "供应方式", "出让年限", "状态", "配套设施", "所属区县", "入口经度", "入口纬度", "海拔"}
	for _, c := range []struct {
		column string
		cell   any
		want   string
	}{
		{"A", 5.4040200100100001e+18, "地块编号 A2 syntax"},
		{"B", "31800", "面积 B2 syntax"}, // no unit
		{"B", "约31800㎡", "面积 B2 syntax"},
		{"B", "31800公里", "面积 B2 syntax"},
		{"B", "318000000㎡", "面积 B2 out-of-range"}, // ten thousand times the outline's
		{"C", "好地", "规划用途 C2 unknown-value"},
		{"D", "1001", "用途代码 D2 syntax"}, // industry of 2023 or railways of 2017
		{"D", "061", "用途代码 D2 syntax"},
		{"D", "M1", "用途代码 D2 syntax"},
		{"E", "1.0≤容积率≥2.0", "容积率 E2 syntax"},
		{"E", "约2", "容积率 E2 syntax"},
		{"E", "3.0≤容积率≤2.0", "容积率 E2 out-of-range"},
		{"E", "200%", "容积率 E2 syntax"},
		{"F", 0.35, "建筑密度 F2 out-of-range"},
		{"F", "≤350", "建筑密度 F2 out-of-range"},
		{"G", "1431", "起始价 G2 required"},
		{"G", "1431万美元", "起始价 G2 unknown-value"},
		{"H", "赠送", "供应方式 H2 unknown-value"},
		{"I", "五十年", "出让年限 I2 syntax"},
		{"I", "90年", "出让年限 I2 out-of-range"},
		{"I", "好地40年", "出让年限 I2 syntax"},
		{"J", "在路上", "状态 J2 unknown-value"},
		{"K", "月亮", "配套设施 K2 unknown-value"},
		{"L", "天上", "所属区县 L2 unknown-value"},
		{"M", "94.34", "入口经度 M2 required"},
		{"O", "很高", "海拔 O2 syntax"},
	} {
		row := []any{"LZ-1"}
		raw := sheetOf(t, [][]any{heading, row, {"LZ-2", "31800㎡"}}, func(f *excelize.File) {
			if err := f.SetCellValue("Sheet1", c.column+"2", c.cell); err != nil {
				t.Fatal(err)
			}
		})
		b := readParcels(t, "p.xlsx", raw, registered("LZ-1", "LZ-2"))
		if got := faultList(b.Faults); got != "2 "+c.want+"\n" || len(b.Items) != 1 {
			t.Errorf("%s %v: %swant %s (%v)", c.column, c.cell, got, c.want, b.Faults)
		}
	}
}

func TestTableFiles(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		reason kora.Reason
		want   string
	}{
		"no number":     {"地块名称,面积（亩）\n甲,5\n", kora.ReasonHeading, "lacks 地块编号"},
		"unit of areas": {"地块编号,面积（英亩）\nA,5\n", kora.ReasonHeading, "面积（英亩）"},
		"twice":         {"地块编号,宗地号\nA,B\n", kora.ReasonHeading, `"地块编号" and "宗地号"`},
	} {
		b, err := ParcelsTable(t.Context(), "p.csv", strings.NewReader(c.text), fakeRecord{}, ParcelOptions{})
		t.Run(name, func(t *testing.T) { wantRefused(t, b, err, c.reason, c.want) })
	}
}

func TestUnitsOfAreas(t *testing.T) {
	for cell, heading := range map[string]string{
		"47.7": "面积（亩）", "31800": "用地面积（㎡）", "3.18": "宗地面积(公顷)", "47.7亩": "面积", "31,800平方米": "面积", "3.18 公顷": "面积（亩）", "３１８００": "面积（平方米）",
	} {
		b := readParcels(t, "p.csv", "地块编号,"+heading+"\nLZ-1,\""+cell+"\"\n", registered("LZ-1"))
		if len(b.Faults) > 0 || len(b.Items) != 1 || b.Items[0].Value.StatedM2 != 31_800 {
			t.Errorf("%s under %s: %+v, %v", cell, heading, b.Items, b.Faults)
		}
	}
	b := readParcels(t, "p.csv", "地块编号,面积（亩）\nLZ-1,60\n", registered("LZ-1"))
	if got := faultList(b.Warnings); got != "2 面积（亩） out-of-range\n" || len(b.Items) != 1 {
		t.Errorf("a quarter too large: %s%v", got, b.Faults)
	}
}

func TestLimits(t *testing.T) {
	ex := func(r kora.Range, min, max bool) kora.Range { r.MinExclusive, r.MaxExclusive = min, max; return r }
	for s, want := range map[string]kora.Range{
		"1.0≤容积率≤2.0": limit(1, 2), "1.0＜容积率≤2.0": ex(limit(1, 2), true, false), "2.0≥容积率≥1.0": limit(1, 2), "≤2.0": limit(-1, 2), "<=2": limit(-1, 2),
		"＜2": ex(limit(-1, 2), false, true), "≥0.8": limit(0.8, -1), "＞0.8": ex(limit(0.8, -1), true, false), "0.8≤容积率": limit(0.8, -1), "容积率≤2": limit(-1, 2),
		"不低于0.8": limit(0.8, -1), "不高于2": limit(-1, 2), "不大于2.0": limit(-1, 2), "不小于1": limit(1, -1), "不超过2": limit(-1, 2), "大于1小于2": ex(limit(1, 2), true, true),
		"≥1.0且≤2.0": limit(1, 2), "≥1.0，≤2.0": limit(1, 2), "1.0-2.0": limit(1, 2), "1.0～2.0": limit(1, 2), "1.0—2.0": limit(1, 2), "1至2": limit(1, 2), "1.0以上": limit(1, -1), "2以下": limit(-1, 2),
		"不限": {}, "无": {}, "/": {}, "大于等于1": limit(1, -1), "小于或等于 2": limit(-1, 2), "１．０≤容积率≤２．０": limit(1, 2), "2.0": limit(2, 2), "容积率：2.0": limit(2, 2),
	} {
		got, exact, err := limits("far", s)
		if err != nil || exact != (want.Min != nil && want.Max != nil && *want.Min == *want.Max) {
			t.Errorf("%s: %v, exact %v", s, err, exact)
		}
		sameJSON(t, s, got, want)
	}
	for s, want := range map[string]kora.Range{"不低于35%": limit(35, -1), "35%≤建筑密度≤50%": limit(35, 50), "≤0.5%": limit(-1, 0.5), "≤35": limit(-1, 35), "0": limit(0, 0)} {
		got, _, err := limits("density", s)
		if err != nil {
			t.Errorf("%s: %v", s, err)
		}
		sameJSON(t, s, got, want)
	}
	for s, want := range map[string]kora.Range{"≤24米": limit(-1, 24), "24m以下": limit(-1, 24), "12米≤建筑高度≤24米": limit(12, 24), "≤ 24 M": limit(-1, 24)} {
		got, _, err := limits("height_m", s)
		if err != nil {
			t.Errorf("%s: %v", s, err)
		}
		sameJSON(t, s, got, want)
	}
	for _, s := range []string{"≤", "2≤", "二", "≤≤2", "≤2≤3≤4", "1≤≥2", "≥1≥2", "1.0.0", "-1", "≤-1", "2%", "24m", "1/2", "≤2层", "2.0左右"} {
		if s == "2≤" { // 2 is at most it
			continue
		}
		if got, _, err := limits("far", s); err == nil {
			t.Errorf("%s is %+v", s, got)
		}
	}
	if _, _, err := limits("green", "≤0.35"); err == nil {
		t.Error("0.35 is taken for a percentage")
	}
}

func TestDates(t *testing.T) {
	for _, s := range []string{"2026年7月10日", "2026.7.10", "2026-07-10", "2026/7/10", "20260710", "46213", "２０２６．７．１０", "2026年7月10号"} {
		if got, err := date("x", s); err != nil || got.Format("2006-01-02") != "2026-07-10" {
			t.Errorf("%s is %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"2026-02-30", "2026年7月", "10.7.2026", "26-7-10", "7月10日", "20261301", "x", "1.3E10"} {
		if got, err := date("x", s); err == nil {
			t.Errorf("%s is %v", s, got)
		}
	}
}

// Words that Kora's own tables write are read.
func TestParcelWords(t *testing.T) {
	for word, status := range parcelStatusWords {
		if _, err := oneWord("status", string(status), parcelStatusWords, kora.ParcelStatuses()); err != nil || foldHeading(word) != word {
			t.Errorf("%s: %v", word, err)
		}
	}
	for _, s := range kora.SupplyModes() {
		if got, err := supplyCode(s); err != nil || got != s {
			t.Errorf("%s is %s, %v", s, got, err)
		}
	}
	for _, word := range []string{"划拨", "协议出让", "招标", "拍卖", "挂牌", "租赁", "作价出资", "授权经营", "集体经营性建设用地入市", "作价出资（入股）", ""} {
		if _, err := supplyCode(word); (err == nil) != (word != "") {
			t.Errorf("%q: %v", word, err)
		}
	}
	for word, codes := range utilityWords {
		for _, c := range codes {
			if _, err := utilityCodes(c); err != nil {
				t.Errorf("%s means %s: %v", word, c, err)
			}
		}
	}
	seen := map[string]bool{}
	for heading := range parcelColumns {
		if folded := foldHeading(heading); folded != heading || seen[folded] {
			t.Errorf("heading %q would be looked up as %q", heading, folded)
		}
		seen[heading] = true
	}
}

func TestUsesOfTables(t *testing.T) {
	for s, want := range map[string]string{
		"工业用地": "2023 1001", "工业": "2023 1001", "工业用地(1001)": "2023 1001", "1001工业用地": "2023 1001", "1001 工业用地": "2023 1001", "工业用地（0601）": "2017 0601",
		"旅馆用地": "2017 0504", "城镇住宅用地兼容商业用地": "2023 0701, 2023 0901", "商业用地、城镇住宅用地": "2023 0901, 2023 0701", "仓储用地": "2023 11", "070102": "", "100102": "",
	} {
		uses, err := namedUses(s)
		var got []string
		for _, u := range uses {
			got = append(got, string(u.Scheme)+" "+u.Code)
		}
		if strings.Join(got, ", ") != want || (err == nil) != (want != "") {
			t.Errorf("%s is %v, %v; want %s", s, got, err, want)
		}
	}
	for _, c := range [][4]string{
		{"1001", "工业用地", "", "2023"}, {"0601", "工业用地", "", "2017"}, {"1001", "", "2017", "2017"}, {"1001", "", "国土空间用途分类指南（2023）", "2023"}, {"1001", "", "GB/T 21010-2017", "2017"},
		{"1301", "", "", "2023"}, {"0504", "", "", "2017"}, {"1001", "", "", ""}, {"1001", "商业用地", "", ""}, {"1001", "", "2007", ""}, {"061", "工业用地", "", ""}, {"1001", "自编名称", "", ""},
	} {
		use, err := codedUse(c[0], c[1], c[2])
		if (err == nil) != (c[3] != "") || err == nil && string(use.Scheme) != c[3] {
			t.Errorf("%v is %+v, %v", c, use, err)
		}
	}
}

// What a bureau's list says of money and of the way to a deal.
func TestTableTellsMoneyAndDates(t *testing.T) {
	record := registered("540402001001GB00011")
	p := record.parcels["540402001001GB00011"]
	p.Steps = []kora.ParcelStep{{Status: p.Status, On: "2026-01-05"}}
	read := func(t *testing.T, heading string, cells ...any) kora.Parcel {
		t.Helper()
		row := append([]any{"540402001001GB00011"}, cells...)
		b := readParcels(t, "t.csv", "宗地代码,"+heading+"\n"+csvOf([][]any{row}), record)
		if len(b.Faults) > 0 || len(b.Items) != 1 {
			t.Fatalf("%v", b.Faults)
		}
		return b.Items[0].Value
	}
	got := read(t, "保证金（万元）,加价幅度,投资强度（万元/亩）,功能区,产业方向,公告日期,报名时间,挂牌时间,公示期,状态",
		500, "10万元", 200, "林芝经开区", "清洁能源、农产品加工", "2026年7月1日", "2026年7月10日9时30分至2026年7月30日17:00", "2026-08-01 至 2026-08-10", "无", "报名中")
	sameJSON(t, "money", []any{got.Deposit, got.Increment, got.Intensity},
		[]kora.Price{{Amount: 500, Unit: "万元"}, {Amount: 10, Unit: "万元"}, {Amount: 200, Unit: "万元/亩"}})
	sameJSON(t, "where and what for", []any{got.Cadastre, got.Zone, got.Industry, got.NoticeOn}, []any{"540402001001GB00011", "林芝经开区", []string{"清洁能源", "农产品加工"}, "2026-07-01"})
	sameJSON(t, "periods", []any{got.Registration, got.Listing, got.Publicity}, []any{
		map[string]string{"from": "2026-07-10T09:30:00+08:00", "to": "2026-07-30T17:00:00+08:00"},
		map[string]string{"from": "2026-08-01T00:00:00+08:00", "to": "2026-08-10T23:59:59+08:00"}, nil})
	if got.Status != kora.ParcelRegistration || got.Steps != nil {
		t.Errorf("status %s, steps %v: the record dates a step that nobody dated", got.Status, got.Steps)
	}
	if got = read(t, "公告日期", "2026-07-01"); len(got.Steps) != 1 {
		t.Errorf("steps %v", got.Steps)
	}
	for cell, heading := range map[string]string{"2026-07-10": "报名时间", "2026-07-10至2026-07-32": "挂牌时间", "2026-07-10 25:00至2026-07-11": "公示时间",
		"500": "保证金", "500元/㎡": "保证金", "5月": "公告日期", "[1": "状态沿革"} {
		b := readParcels(t, "t.csv", "地块编号,"+heading+"\n540402001001GB00011,"+cell+"\n", record)
		if len(b.Faults) != 1 || !strings.HasPrefix(b.Faults[0].Part, heading) {
			t.Errorf("%s %s: %v", heading, cell, b.Faults)
		}
	}
}
