package importers

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"kora"
)

func readStations(t testing.TB, text string) Batch[kora.Station] {
	t.Helper()
	b, err := Stations("stations.csv", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	checkBatch(t, b, err)
	return b
}

func hoursOf(t testing.TB, s string) kora.Hours {
	t.Helper()
	h, err := kora.ParseHours(s)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestStationsChinese(t *testing.T) {
	want := []Item[kora.Station]{
		{2, kora.Station{
			Code: "SL-001", Name: kora.Name{ZH: "示例驿站一", BO: "དཔེ་མཚོན།"}, Kind: kora.KindUnion, Status: kora.StatusOpen,
			Point: orb.Point{91.118, 29.6571}, County: "540102", Address: kora.Name{ZH: "示例路 1 号 （东门）"},
			Hours: hoursOf(t, "24/7"), Facilities: []string{"hot_meal", "water", "wifi"}, Standard: true, AreaM2: 52.5, AltitudeM: 3650,
			Source: kora.Source{File: "stations.csv", CRS: "EPSG:4490"},
		}},
		{4, kora.Station{
			Code: "SL-002", Name: kora.Name{ZH: "示例氧吧二"}, Kind: kora.KindOxygen, Status: kora.StatusOpen,
			Point: orb.Point{91.0011, 29.6466}, County: "540103", Address: kora.Name{ZH: "示例路 2 号"},
			Hours: hoursOf(t, "09:30-18:30"), Facilities: []string{"oxygen_machine", "rest_seat"}, AreaM2: 40, AltitudeM: 3640,
			Source: kora.Source{File: "stations.csv", CRS: "EPSG:4326"},
		}},
		{5, kora.Station{
			Code: "SL-003", Name: kora.Name{ZH: "示例之家三"}, Kind: kora.KindDrivers, Status: kora.StatusOpen,
			Point: orb.Point{91.7247, 29.8393}, County: "540127", Address: kora.Name{ZH: "国道旁"},
			Hours: hoursOf(t, "Mo-Fr 09:00-18:00; Sa off"), Facilities: []string{"shower", "truck_parking"}, Highway: "G318",
			Source: kora.Source{File: "stations.csv"},
		}},
	}
	text := sample(t, "stations.zh.csv")
	for name, raw := range map[string]string{
		"UTF-8": text, "BOM": "\ufeff" + text, "CRLF": strings.ReplaceAll(text, "\n", "\r\n"), "GB18030": gb18030(t, text),
		"tabs":              strings.ReplaceAll(text, ",", "\t"),
		"blank rows at end": text + ",,,,,,,,,,,,,,,,,,\n\n",
	} {
		got := mustRead(t, readStations(t, raw), nil)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n%+v\nwant\n%+v", name, got, want)
		}
	}
}

func TestStationsEnglish(t *testing.T) {
	got := mustRead(t, readStations(t, sample(t, "stations.en.csv")), nil)
	if len(got) != 2 {
		t.Fatalf("%d stations", len(got))
	}
	a, b := got[0].Value, got[1].Value
	if a.Hours.String() != "Mo-Fr 09:00-18:00" || !a.Sample || !slices.Equal(a.Facilities, []string{"water", "wifi"}) || a.AreaM2 != 30 {
		t.Errorf("first: %+v", a)
	}
	if b.Name.EN != `Sample "oxygen" bar` || b.Status != kora.StatusTrial || b.Kind != kora.KindOxygen || b.Hours.String() != "24/7" {
		t.Errorf("second: %+v", b)
	}
}

// Each row has one thing wrong, and the fault names its line, its column as the file writes it, and the reason.
func TestStationFaults(t *testing.T) {
	const heading = "编号,名称,类别,状态,经度,纬度,坐标系,区县,开放时间,是否24小时,设施,面积,规范化\n"
	const good = "S,甲,工会驿站,运营,91.1,29.6,,,,,,,\n"
	for _, c := range []struct{ row, want string }{
		{",甲,工会驿站,运营,91.1,29.6,,,,,,,", "编号 required"},
		{"A,,工会驿站,运营,91.1,29.6,,,,,,,", "名称 required"},
		{"A,甲,茶馆,运营,91.1,29.6,,,,,,,", "类别 unknown-value"},
		{"A,甲,,运营,91.1,29.6,,,,,,,", "类别 required"},
		{"A,甲,氧吧,也许,91.1,29.6,,,,,,,", "状态 unknown-value"},
		{"A,甲,氧吧,,91.1,29.6,,,,,,,", "状态 required"},
		{"A,甲,氧吧,运营,NaN,29.6,,,,,,,", "经度 syntax"},
		{"A,甲,氧吧,运营,Inf,29.6,,,,,,,", "经度 syntax"},
		{"A,甲,氧吧,运营,1e400,29.6,,,,,,,", "经度 out-of-range"},
		{"A,甲,氧吧,运营,0x1p3,29.6,,,,,,,", "经度 syntax"},
		{"A,甲,氧吧,运营,,29.6,,,,,,,", "经度 required"},
		{"A,甲,氧吧,运营,91.1,-,,,,,,,", "纬度 syntax"},
		{"A,甲,氧吧,运营,29.6,91.1,,,,,,,", "经度, 纬度 coordinate"},
		{"A,甲,氧吧,运营,91.1,29.6,GCJ-02,,,,,,", "坐标系 crs"},
		{"A,甲,氧吧,运营,91.1,29.6,百度坐标,,,,,,", "坐标系 crs"},
		{"A,甲,氧吧,运营,91.1,29.6,西安80,,,,,,", "坐标系 crs"},
		{"A,甲,氧吧,运营,91.1,29.6,坐标系,,,,,,", "坐标系 crs"},
		{"A,甲,氧吧,运营,91.1,29.6,,柳梧新区,,,,,", "区县 unknown-value"},
		{"A,甲,氧吧,运营,91.1,29.6,,5401,,,,,", "区县 syntax"},
		{"A,甲,氧吧,运营,91.1,29.6,,,随时,,,,", "开放时间 syntax"},
		{"A,甲,氧吧,运营,91.1,29.6,,,9:00-18:00,是,,,", "开放时间 syntax"},
		{"A,甲,氧吧,运营,91.1,29.6,,,,也许,,,", "是否24小时 syntax"},
		{"A,甲,氧吧,运营,91.1,29.6,,,,,饮水、游泳池,,", "设施 unknown-value"},
		{"A,甲,氧吧,运营,91.1,29.6,,,,,,-5,", "面积 out-of-range"},
		{"A,甲,氧吧,运营,91.1,29.6,,,,,,约50,", "面积 syntax"},
		{"A,甲,氧吧,运营,91.1,29.6,,,,,,,也许", "规范化 syntax"},
		{"A,甲,氧吧,运营,91.1,29.6,,,,,,,,多", " syntax"},
		{strings.Repeat("长", 21) + ",甲,氧吧,运营,91.1,29.6,,,,,,,", "编号 too-long"},
		{"S,乙,氧吧,运营,91.1,29.6,,,,,,,", "编号 duplicate"},
	} {
		b := readStations(t, heading+good+c.row+"\n")
		if got := faultList(b.Faults); got != "3 "+c.want+"\n" {
			t.Errorf("%s\ngot  %swant 3 %s", c.row, got, c.want)
		}
		if len(b.Items) != 1 || b.Items[0].Value.Code != "S" {
			t.Errorf("%s: kept %+v", c.row, b.Items)
		}
	}
}

func TestSeveralFaultsOfOneRow(t *testing.T) {
	b := readStations(t, "code,name,kind,lon,lat\nA,甲,茶馆,x,y\n")
	if got, want := faultList(b.Faults), "2 kind unknown-value\n2 lon syntax\n2 lat syntax\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// The line is that of the text, in spite of blank lines, cells over several lines, and either line end.
func TestLineNumbers(t *testing.T) {
	text := "\n\ncode,name,kind,lon,lat,address\n" +
		"A,甲,氧吧,91,29,\"一\n二\n三\"\n" + // 4–6
		"\n" +
		"B,乙,茶馆,91,29,\n" + // 8
		"C,丙,氧吧,91,29,\"四\n五\"\n" + // 9–10
		"A,丁,氧吧,91,29,\n" // 11
	for _, raw := range []string{text, strings.ReplaceAll(text, "\n", "\r\n"), strings.ReplaceAll(text, "\n", "\r")} {
		b := readStations(t, raw)
		if got, want := faultList(b.Faults), "8 kind unknown-value\n11 code duplicate\n"; got != want {
			t.Errorf("got\n%swant\n%s", got, want)
		}
		if len(b.Items) != 2 || b.Items[0].Line != 4 || b.Items[1].Line != 9 {
			t.Errorf("items %+v", b.Items)
		}
		if text := b.Faults[1].Error(); !strings.Contains(text, ":11") || !strings.Contains(text, "line 4") {
			t.Errorf("a repeated code must name both lines: %s", text)
		}
	}
}

func TestStationFiles(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		reason kora.Reason
		want   string
	}{
		"no columns known":       {"甲,乙\n1,2\n", kora.ReasonHeading, "站点编号"},
		"a running number only":  {"序号,名称,类别,经度,纬度\n1,甲,氧吧,91,29\n", kora.ReasonHeading, "lacks 站点编号"},
		"no heading":             {"\"\"\n", kora.ReasonHeading, "no heading"},
		"two headings, one mean": {"code,编号,name,kind,lon,lat\n", kora.ReasonHeading, `"code" and "编号"`},
		"area in mu":             {"code,name,kind,lon,lat,面积（亩）\n", kora.ReasonHeading, "面积（亩）"},
		"quote not closed":       {"code,name,kind,lon,lat\nA,\"甲,氧吧,91,29\nB,乙,氧吧,91,29\n", kora.ReasonFormat, ":2"},
		"quote inside":           {"code,name,kind,lon,lat\nA,甲\"乙,氧吧,91,29\n", kora.ReasonFormat, ":2"},
		"HTML":                   {"<!DOCTYPE html>\n<p>404</p>\n", kora.ReasonHeading, "the heading lacks"},
		"GeoJSON":                {`{"type":"FeatureCollection","features":[]}`, kora.ReasonFormat, "quote"},
		"row too long":           {"code,name,kind,lon,lat\nA,\"" + strings.Repeat("x\n", maxRowBytes), kora.ReasonTooLarge, ":2"},
		"too many cells":         {"code,name,kind,lon,lat\n" + strings.Repeat(",", 2000), kora.ReasonTooLarge, "1000 cells"},
	} {
		b, err := Stations("s.csv", strings.NewReader(c.text))
		t.Run(name, func(t *testing.T) { wantRefused(t, b, err, c.reason, c.want) })
	}
	if b := readStations(t, "code,name,kind,lon,lat\n"); len(b.Items)+len(b.Faults) > 0 {
		t.Errorf("a register without rows: %+v", b)
	}
}

func TestTooManyFaults(t *testing.T) {
	text := "code,name,kind,lon,lat\n" + strings.Repeat("A,甲,茶馆,91,29\n", maxFaults+5)
	b, err := Stations("s.csv", strings.NewReader(text))
	wantRefused(t, b, err, kora.ReasonTooLarge, "1000 faults")
	if len(b.Faults) == 0 {
		t.Error("the faults found so far are lost")
	}
}

func TestWords(t *testing.T) {
	for code := range strings.FieldsSeq("540102 540103 540104 540121 540122 540123 540124 540127 540402 540421 540423 540424 540425 540426 540481") {
		if got, err := countyCode("county", code); err != nil || got != code {
			t.Errorf("county %s is %s, %v", code, got, err)
		}
	}
	for s, want := range map[string]string{
		"城关": "540102", "西藏自治区拉萨市城关区": "540102", "拉萨市堆龙德庆县": "540103", "540126": "540104", "米林县": "540481",
		"540422": "540481", "542621": "540402", "林芝地区林芝县": "540402", "墨竹工卡": "540127", " ５４０１０２ ": "540102", "": "", "530102": "530102",
	} {
		if got, err := countyCode("county", s); err != nil || got != want {
			t.Errorf("county %q is %q, %v; want %q", s, got, err, want)
		}
	}
	for s, want := range map[string]kora.Kind{
		"工会驿站": kora.KindUnion, "户外劳动者服务站点": kora.KindUnion, "爱心驿站": kora.KindUnion, "劳动驿站": kora.KindUnion,
		"高原氧吧": kora.KindOxygen, "氧吧": kora.KindOxygen, " 司机之家 ": kora.KindDrivers, "Drivers_Home": kora.KindDrivers, "": "",
	} {
		if got, err := oneWord("kind", s, kindWords, kora.Kinds()); err != nil || got != want {
			t.Errorf("kind %q is %q, %v; want %q", s, got, err, want)
		}
	}
	for word, code := range facilityWords {
		if !slices.Contains(kora.Facilities(), code) {
			t.Errorf("the word %s stands for %s, which is no facility", word, code)
		}
	}
	for _, code := range kora.Facilities() {
		found := false
		for _, c := range facilityWords {
			found = found || c == code
		}
		if !found {
			t.Errorf("the facility %s has no Chinese word", code)
		}
	}
	got, err := facilityCodes("ＡＥＤ、卫生间；厕所 / Wi-Fi|wifi,淋浴\n监控。")
	if want := []string{"aed", "cctv", "shower", "toilet", "wifi"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("facilities %v, %v; want %v", got, err, want)
	}
}

func TestStationHeadingsHaveNoTwoMeanings(t *testing.T) {
	seen := map[string]string{}
	for heading, column := range stationColumns {
		if folded := foldHeading(heading); folded != heading {
			t.Errorf("heading %q would be looked up as %q", heading, folded)
		}
		if other, ok := seen[heading]; ok && other != column {
			t.Errorf("heading %q means %s and %s", heading, other, column)
		}
		seen[heading] = column
	}
}

func ExampleStations() {
	b, err := Stations("stations.csv", strings.NewReader("编号,名称,类别,经度,纬度\nS1,示例站,工会驿站,91.117,29.658\nS2,示例站,茶馆,91.117,29.658\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range b.Items {
		fmt.Println(s.Line, s.Value.Code, s.Value.Kind)
	}
	for _, f := range b.Faults {
		fmt.Println(f)
	}
	// Output:
	// 2 S1 union_station
	// stations.csv:3 (类别): kind "茶馆": is not one of [union_station oxygen_bar drivers_home] or their Chinese names
}

// TestGuardedTexts: the ' before what a spreadsheet takes for a formula goes, any other stays.
func TestGuardedTexts(t *testing.T) {
	for cell, want := range map[string]string{"'=a": "=a", "'＠a": "＠a", "''=a": "'=a", "=a": "=a", "'a": "'a", "'": "'", "''": "''"} {
		if got := readStations(t, "code,name_zh,kind,lon,lat\nA,"+cell+",union_station,91,29\n").Items[0].Value.Name.ZH; got != want {
			t.Errorf("%s is read as %s, want %s", cell, got, want)
		}
	}
}
