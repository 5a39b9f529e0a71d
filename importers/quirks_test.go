package importers

import (
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"golang.org/x/text/encoding/unicode"

	"kora"
	"kora/geo/datum"
)

// What boundary TXT files are like in the wild, one test a quirk, in the order in which docs/imports.md lists them. plotA is
// 100 m × 100 m in zone 31.

// one reads text, which must hold one sound parcel and draw just these warnings, by their parts.
func one(t *testing.T, text string, opts ParcelOptions, warnings ...string) kora.Parcel {
	t.Helper()
	b, err := ParcelsTXT(t.Context(), "p.txt", strings.NewReader(text), fakeRecord{}, opts)
	items := mustRead(t, b, err)
	if len(items) != 1 {
		t.Fatalf("%d parcels", len(items))
	}
	if len(b.Warnings) != len(warnings) {
		t.Fatalf("warnings %v, want %q", b.Warnings, warnings)
	}
	for i, w := range warnings {
		if !strings.Contains(b.Warnings[i].Error(), w) {
			t.Errorf("warning %v, want %q", b.Warnings[i], w)
		}
	}
	return items[0].Value
}

// corners counts what is in a geometry without the closing ones.
func cornersOf(m orb.MultiPolygon) (n int) {
	for _, p := range m {
		for _, r := range p {
			n += len(r) - 1
		}
	}
	return n
}

// same fails t unless two outlines are one to a tenth of a millimetre.
func samePlace(t *testing.T, got, want orb.MultiPolygon) {
	t.Helper()
	if cornersOf(got) != cornersOf(want) || len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i, p := range want {
		for j, r := range p {
			for k, at := range r {
				if d := metresApart(got[i][j][k], at); d > 1e-4 {
					t.Fatalf("corner %d of ring %d is %v, %.4f m from %v", k, j, got[i][j][k], d, at)
				}
			}
		}
	}
}

func refusedWhole(t *testing.T, text string, opts ParcelOptions, reason kora.Reason, want string) {
	t.Helper()
	b, err := ParcelsTXT(t.Context(), "p.txt", strings.NewReader(text), fakeRecord{}, opts)
	wantRefused(t, b, err, reason, want)
}

func faultyPlot(t *testing.T, text string, opts ParcelOptions, want string) {
	t.Helper()
	b, err := ParcelsTXT(t.Context(), "p.txt", strings.NewReader(text), fakeRecord{}, opts)
	if got := faultList(b.Faults); err != nil || got != want+"\n" {
		t.Errorf("got %swant %s (%v, %v)", got, want, b.Faults, err)
	}
}

func TestQuirk01Encodings(t *testing.T) {
	want := one(t, surveyHead+plotA, ParcelOptions{})
	crlf := strings.ReplaceAll(surveyHead+plotA, "\n", "\r\n")
	for encoding, raw := range map[string]string{
		"UTF-8": "\ufeff" + crlf, "GB18030": gb18030(t, crlf), "UTF-16": utf16(t, unicode.LittleEndian, crlf),
	} {
		b, err := readTXT(t, raw)
		items := mustRead(t, b, err)
		if len(items) != 1 || b.Encoding != encoding || items[0].Value.Name != want.Name {
			t.Errorf("%s: %+v, read as %s", encoding, items, b.Encoding)
			continue
		}
		samePlace(t, items[0].Value.Geometry, want.Geometry)
	}
}

func TestQuirk02BlanksAndFullWidth(t *testing.T) {
	want := one(t, surveyHead+plotA, ParcelOptions{})
	for name, text := range map[string]string{
		"blank before the section": " " + surveyHead + plotA,
		"ideographic blank":        "　" + strings.ReplaceAll(surveyHead+plotA, "\n", "　\n"),
		"full width":               strings.NewReplacer("[", "［", "]", "］", "=", "＝", ",", "，", "@", "＠").Replace(surveyHead + plotA),
		"commas of a table":        strings.ReplaceAll(surveyHead+plotA, "\n", ",,,\n"),
		"full-width digits":        strings.NewReplacer("3282000", "３２８２０００").Replace(surveyHead + plotA),
		"colons":                   strings.ReplaceAll(surveyHead, "=", "：") + plotA,
	} {
		got := one(t, text, ParcelOptions{})
		if got.Name != want.Name || got.Number != "A" {
			t.Errorf("%s: %+v", name, got)
		}
		samePlace(t, got.Geometry, want.Geometry)
	}
	// A comma of full width is part of a name where others part the fields.
	if got := one(t, surveyHead+strings.Replace(plotA, "甲", "甲，乙", 1), ParcelOptions{}); got.Name.ZH != "甲，乙" {
		t.Errorf("the name is %q", got.Name.ZH)
	}
}

func TestQuirk03Headers(t *testing.T) {
	want := one(t, surveyHead+plotA, ParcelOptions{})
	for name, text := range map[string]string{
		"other names":        "[属性描述]\n坐标系统=CGCS2000\n分带=3度带\n投影带号=31\n单位=米\n[地块坐标]\n" + plotA,
		"empty zone":         strings.Replace(surveyHead, "带号=31", "带号=", 1) + plotA,
		"axis for the zone":  strings.NewReplacer("带号=31", "中央子午线=93", ",3163", ",63").Replace(surveyHead + plotA),
		"unknown keys":       strings.Replace(surveyHead, "带号=31", "带号=31\n备注=a=b=c\n备注=d", 1) + plotA,
		"sections before it": "[项目信息]\n项目名称,示例\n[扩展信息]\n无\n" + surveyHead + plotA,
		"BOM within":         "\n\n\ufeff" + surveyHead + plotA,
	} {
		got := one(t, text, ParcelOptions{})
		if got.Name != want.Name {
			t.Errorf("%s: %+v", name, got)
		}
		samePlace(t, got.Geometry, want.Geometry)
	}
	one(t, strings.Replace(surveyHead, "带号=31", "带号=31\n由示例单位提供", 1)+plotA, ParcelOptions{}, "p.txt:7: the line is not key=value")
	// Without a header the reference system is asked for, and the answer does not go for a file that says otherwise.
	refusedWhole(t, plotA, ParcelOptions{}, kora.ReasonCRS, "--cgcs2000")
	samePlace(t, one(t, plotA, ParcelOptions{CGCS2000: true}).Geometry, want.Geometry)
	refusedWhole(t, strings.Replace(surveyHead, "2000国家大地坐标系", "1980西安坐标系", 1)+plotA, ParcelOptions{CGCS2000: true}, kora.ReasonCRS, "local parameters")
	refusedWhole(t, surveyHead+plotA, ParcelOptions{Zone: datum.Zone{Width: 3, Number: 32}}, kora.ReasonCRS, "another zone")
	refusedWhole(t, strings.Replace(surveyHead, "带号=31", "带号=31\n中央子午线=96", 1)+plotA, ParcelOptions{}, kora.ReasonCRS, "is not that of zone 31")
	samePlace(t, one(t, strings.NewReplacer("带号=31\n", "", ",3163", ",63").Replace(surveyHead+plotA), ParcelOptions{Zone: datum.Zone{Width: 3, Number: 31}}).Geometry, want.Geometry)
	// No header at all, and longitude and latitude.
	degrees := "4,,A,甲,面,,工业用地,1001,@\nJ1,1,29.648777,94.342588\nJ2,1,29.648779,94.343622\nJ3,1,29.649681,94.343619\n"
	got := one(t, degrees, ParcelOptions{}, "taken for CGCS2000")
	if got.Source.CRS != "EPSG:4490" || got.Geometry[0][0][0] != (orb.Point{94.342588, 29.648777}) {
		t.Errorf("%+v", got)
	}
}

func TestQuirk04Attributes(t *testing.T) {
	for attributes, use := range map[string]string{
		"5,1.0000,A,甲,面,,工业用地,1001":                       "1001",
		"5,1.0000,A,甲,面,,工业用地,1001,":                      "1001",
		"5,1.0000,A,甲,面,H46,工业用地,1001,备注":                 "1001",
		"5,1.0000,A,甲,面,H46,工业用地,1001,地块,工业用地,旱地,工业,":     "1001",
		"5,1.0000,A,甲,面,H46,工业用地,1001,地块,工业用地,旱地,工业,x":    "1001",
		"5,1.0000,A,甲,面,H46,工业用地,1001,图斑,1001,旱地,工业,无,又一": "1001",
		"5,1.0000,A,甲,面,,": "0901",
		"5,1.0000,A,甲,面":   "0901",
	} {
		text := surveyHead + strings.Replace(plotA, "5,1.0000,A,甲,面,,工业用地,1001,", attributes+",", 1)
		if got := one(t, text, ParcelOptions{Use: kora.LandUse{Code: "0901", Scheme: kora.Scheme2023}}); got.Use.Code != use || got.StatedM2 != 10_000 {
			t.Errorf("%s: %+v", attributes, got)
		}
	}
	// A parcel line of nothing but its mark is one, though nobody can tell which parcel it is.
	faultyPlot(t, surveyHead+strings.Replace(plotA, "5,1.0000,A,甲,面,,工业用地,1001,@", "@", 1), ParcelOptions{}, "8  syntax")
	faultyPlot(t, surveyHead+strings.Replace(plotA, "A,甲,面", ",甲,面", 1), ParcelOptions{}, "8 地块编号 required")
	faultyPlot(t, surveyHead+strings.Replace(plotA, "甲,面,,工业用地", "甲,面,工业用地", 1), ParcelOptions{}, "8  syntax")
}

func TestQuirk05NumberOfCorners(t *testing.T) {
	for _, n := range []string{"5", "4", ""} { // with and without the closing one
		one(t, surveyHead+strings.Replace(plotA, "5,", n+",", 1), ParcelOptions{})
	}
	for _, n := range []string{"6", "0", "x"} {
		one(t, surveyHead+strings.Replace(plotA, "5,", n+",", 1), ParcelOptions{}, "p.txt:8 (界址点数)")
	}
}

func TestQuirk06Areas(t *testing.T) {
	for area, m2 := range map[string]float64{"1.0000": 10_000, "1.0000公顷": 10_000, "15亩": 10_000, "10000㎡": 10_000, "１.０": 10_000, "0.995": 9_950, "": 0} {
		if got := one(t, surveyHead+strings.Replace(plotA, "1.0000", area, 1), ParcelOptions{}); got.StatedM2 != m2 {
			t.Errorf("%q is %g m²", area, got.StatedM2)
		}
	}
	one(t, surveyHead+strings.Replace(plotA, "1.0000", "1.2", 1), ParcelOptions{}, "p.txt:8 (地块面积): stated_m2: the stated area is 1.2000 ha, that of the outline 1.0000 ha: +20.0 %")
	for _, area := range []string{"10000", "15", "9950", "15.1", "666.7亩"} {
		b, err := readTXT(t, surveyHead+strings.Replace(plotA, "1.0000", area, 1))
		want := "8 地块面积 out-of-range\n"
		if area == "666.7亩" { // 44 hectares: another area, and no unit explains it
			want = ""
		}
		if got := faultList(b.Faults); err != nil || got != want {
			t.Errorf("%s ha: %s%v", area, got, err)
		}
	}
	faultyPlot(t, surveyHead+strings.Replace(plotA, "1.0000", "10000亩", 1), ParcelOptions{}, "8 地块面积 out-of-range")
}

func TestQuirk07LabelsAndClosing(t *testing.T) {
	want := one(t, surveyHead+plotA, ParcelOptions{})
	rows := []string{"3282000,31630000", "3282100,31630000", "3282100,31630100", "3282000,31630100"}
	ring := func(labels ...string) string {
		text := surveyHead + "4,1.0000,A,甲,面,,工业用地,1001,@\n"
		for i, l := range labels {
			text += l + ",1," + rows[i%4] + "\n"
		}
		return text
	}
	for name, text := range map[string]string{
		"J1 and closed":         ring("J1", "J2", "J3", "J4", "J1"),
		"open":                  ring("J1", "J2", "J3", "J4"),
		"plain numbers":         ring("1", "2", "3", "4", "1"),
		"blank":                 ring("", "", "", "", ""),
		"closed under a new":    ring("J1", "J2", "J3", "J4", "J5"),
		"one label for all":     ring("J", "J", "J", "J", "J"),
		"one label for all, up": ring("J", "J", "J", "J"),
	} {
		t.Run(name, func(t *testing.T) { samePlace(t, one(t, text, ParcelOptions{}).Geometry, want.Geometry) })
	}
	// Two rings whose labels go on or start anew, with 圈号 of their own or without.
	hole := []string{"3282040,31630040", "3282060,31630040", "3282060,31630060", "3282040,31630060"}
	for name, c := range map[string]struct {
		labels []string
		number string
		closed bool
	}{
		"going on": {[]string{"J5", "J6", "J7", "J8"}, "2", true}, "anew": {[]string{"J1", "J2", "J3", "J4"}, "2", true},
		"going on, open": {[]string{"J5", "J6", "J7", "J8"}, "2", false}, "anew, open": {[]string{"J1", "J2", "J3", "J4"}, "2", false},
		"one number, closed": {[]string{"J1", "J2", "J3", "J4"}, "1", true},
	} {
		t.Run(name, func(t *testing.T) {
			text := ring("J1", "J2", "J3", "J4", "J1")
			if !c.closed {
				text = ring("J1", "J2", "J3", "J4")
			}
			text = strings.Replace(text, "1.0000", "0.9600", 1)
			for i, l := range c.labels {
				text += l + "," + c.number + "," + hole[i] + "\n"
			}
			if c.closed {
				text += c.labels[0] + "," + c.number + "," + hole[0] + "\n"
			}
			b, err := readTXT(t, strings.Replace(text, "4,0.96", "8,0.96", 1))
			items := mustRead(t, b, err)
			if len(items) != 1 || len(items[0].Value.Geometry) != 1 || len(items[0].Value.Geometry[0]) != 2 || len(b.Warnings) > 0 {
				t.Errorf("%+v, %v", items, b.Warnings)
			}
		})
	}
}

func TestQuirk08DamagedClosingRow(t *testing.T) {
	want := one(t, surveyHead+plotA, ParcelOptions{})
	for _, row := range []string{"J1,1,x,x", "J1,1,,", "J1,1,3282000.5,31630000", "J1,1,3282100,31630000"} {
		text := surveyHead + strings.Replace(plotA, "J1,1,3282000,31630000\nJ2", "J0\nJ2", 1)
		text = strings.NewReplacer("J1,1,3282000,31630000", row, "J0", "J1,1,3282000,31630000").Replace(text)
		samePlace(t, one(t, text, ParcelOptions{}, "p.txt:13 (ring 1 (圈号 1))").Geometry, want.Geometry)
	}
	// In the middle of the corners of one 圈号 it may be the start of the next ring, so it is not guessed.
	faultyPlot(t, surveyHead+strings.TrimSuffix(plotA, "J1,1,3282000,31630000\n")+"J1,1,3282000,31630001\nJ2,1,3282050,31630000\n", ParcelOptions{}, "13 ring 1 (圈号 1) geometry")
}

func TestQuirk09RingNumbers(t *testing.T) {
	square := func(label, ring int, north, side float64) string {
		text := ""
		for i, d := range [][2]float64{{0, 0}, {1, 0}, {1, 1}, {0, 1}} {
			text += strings.Join([]string{"J" + metres(float64(label+i)), metres(float64(ring)), metres(3282000 + north + d[0]*side), metres(31630000 + north + d[1]*side)}, ",") + "\n"
		}
		return text
	}
	// The second ring is another part, not a hole; the third a hole of the first; the fourth an island within it.
	text := surveyHead + "16,,A,甲,面,,工业用地,1001,@\n" + square(1, 1, 0, 100) + square(5, 2, 200, 50) + square(9, 3, 20, 60) + square(13, 4, 40, 20)
	got := one(t, text, ParcelOptions{}).Geometry
	if len(got) != 3 || len(got[0]) != 2 || len(got[1]) != 1 || len(got[2]) != 1 {
		t.Errorf("%v", got)
	}
	// The hole may come before its outline.
	got = one(t, surveyHead+"8,,A,甲,面,,工业用地,1001,@\n"+square(1, 1, 20, 60)+square(5, 2, 0, 100), ParcelOptions{}).Geometry
	if len(got) != 1 || len(got[0]) != 2 {
		t.Errorf("%v", got)
	}
}

func TestQuirk10SameParcelLineTwice(t *testing.T) {
	// Both are read: neither takes the other's place, as they do in a program that keeps them by that line.
	b, err := readTXT(t, surveyHead+strings.ReplaceAll(plotA, "A,甲", ",")+strings.ReplaceAll(plotA, "A,甲", ","))
	if got := faultList(b.Faults); err != nil || got != "8 地块编号 required\n14 地块编号 required\n" {
		t.Errorf("without numbers: %s%v", got, err)
	}
	b, err = readTXT(t, surveyHead+plotA+strings.ReplaceAll(plotA, ",3163", ",3164"))
	if got := faultList(b.Faults); err != nil || got != "14 地块编号 duplicate\n" || len(b.Items) != 1 {
		t.Errorf("with one number: %s%v", got, err)
	}
}

func TestQuirk11ExchangedAxes(t *testing.T) {
	want := one(t, surveyHead+plotA, ParcelOptions{})
	turn := func(text string) string {
		var b strings.Builder
		for line := range strings.Lines(text) {
			if f := strings.Split(strings.TrimSpace(line), ","); len(f) == 4 && strings.HasPrefix(line, "J") {
				line = strings.Join([]string{f[0], f[1], f[3], f[2]}, ",") + "\n"
			}
			b.WriteString(line)
		}
		return b.String()
	}
	for _, text := range []string{surveyHead + plotA, strings.ReplaceAll(surveyHead+plotA, ",3163", ",63")} {
		refusedWhole(t, turn(text), ParcelOptions{}, kora.ReasonCoordinate, "p.txt:9 (ring 1, J1)")
		refusedWhole(t, turn(text), ParcelOptions{}, kora.ReasonCoordinate, "--exchanged")
		samePlace(t, one(t, turn(text), ParcelOptions{Exchanged: true}).Geometry, want.Geometry)
		refusedWhole(t, text, ParcelOptions{Exchanged: true}, kora.ReasonCoordinate, "exchanged") // the answer is checked too
	}
}

func TestQuirk12ZonePrefix(t *testing.T) {
	want := one(t, surveyHead+plotA, ParcelOptions{})
	for _, text := range []string{
		strings.Replace(surveyHead+plotA, "带号=31\n", "", 1),
		strings.ReplaceAll(surveyHead+plotA, ",3163", ",63"),
	} {
		samePlace(t, one(t, text, ParcelOptions{}).Geometry, want.Geometry)
	}
	refusedWhole(t, strings.Replace(surveyHead+plotA, "带号=31", "带号=32", 1), ParcelOptions{}, kora.ReasonCRS, "has the zone 31 before its easting, but 带号 is 32")
	// The same numbers lie in three zones of Tibet: none is guessed.
	refusedWhole(t, strings.NewReplacer("带号=31\n", "", ",3163", ",63").Replace(surveyHead+plotA), ParcelOptions{}, kora.ReasonCRS, "the zone is missing")
}

func TestQuirk13SixDegreesAndOldSystems(t *testing.T) {
	want := one(t, surveyHead+plotA, ParcelOptions{})
	six := strings.NewReplacer("几度分带=3", "几度分带=6", "带号=31", "带号=16", ",3163", ",1663")
	got := one(t, six.Replace(surveyHead+plotA), ParcelOptions{})
	if got.Source.CRS != "EPSG:4494" { // and not 4488 + 16
		t.Errorf("read in %s", got.Source.CRS)
	}
	samePlace(t, got.Geometry, want.Geometry) // both have their axis at 93 degrees
	if got := one(t, strings.NewReplacer("几度分带=3\n", "", "带号=31", "带号=16", ",3163", ",63").Replace(surveyHead+plotA), ParcelOptions{}); got.Source.CRS != "EPSG:4505" {
		t.Errorf("zone 16 without a width is read in %s", got.Source.CRS)
	}
	for _, old := range []string{"1980西安坐标系", "西安80", "1954北京坐标系", "北京54"} {
		refusedWhole(t, strings.Replace(surveyHead+plotA, "2000国家大地坐标系", old, 1), ParcelOptions{CGCS2000: true}, kora.ReasonCRS, "local parameters")
	}
}

func TestQuirk14ShapesAndAngles(t *testing.T) {
	for _, shape := range []string{"线", "点"} {
		faultyPlot(t, surveyHead+strings.Replace(plotA, "面", shape, 1), ParcelOptions{}, "8 记录图形属性 geometry")
	}
	head := "[属性描述]\n坐标系=2000国家大地坐标系\n计量单位=UNIT\n[地块坐标]\n3,,A,甲,面,,工业用地,1001,@\n"
	ring := func(unit string, rows ...string) string {
		text := strings.Replace(head, "UNIT", unit, 1)
		for i, r := range rows {
			text += "J" + metres(float64(i+1)) + ",1," + r + "\n"
		}
		return text
	}
	packed := []string{"29.3856,94.2033", "29.3900,94.2033", "29.3900,94.2101"}
	want := orb.Ring{{94 + 20.0/60 + 33.0/3600, 29 + 38.0/60 + 56.0/3600}, {94 + 20.0/60 + 33.0/3600, 29 + 39.0/60}, {94 + 21.0/60 + 1.0/3600, 29 + 39.0/60}}
	want = append(want, want[0])
	for name, text := range map[string]string{
		"ddd.mmss":        ring("度分秒", packed...),
		"signs":           ring("", "29°38′56″,94°20′33″", "29°39′00″,94°20′33″", "29°39′0″,94°21′1″"),
		"words":           ring("", "北纬29度38分56秒,东经94度20分33秒", "北纬29度39分,东经94度20分33秒", "北纬29度39分0秒,东经94度21分1秒"),
		"longitude first": ring("度分秒", "94.2033,29.3856", "94.2033,29.3900", "94.2101,29.3900"),
	} {
		got := one(t, text, ParcelOptions{}).Geometry[0][0]
		for _, w := range want {
			if !closeTo(got, w) {
				t.Errorf("%s: %v lacks %v", name, got, w)
			}
		}
	}
	if got := one(t, ring("度", packed...), ParcelOptions{}).Geometry[0][0]; !closeTo(got, orb.Point{94.2033, 29.3856}) {
		t.Errorf("decimal degrees: %v", got)
	}
	// Without a unit the same numbers may be either; some can only be decimal.
	faultyPlot(t, ring("", packed...), ParcelOptions{}, "6 ring 1, J1 crs")
	one(t, ring("", "29.3876,94.2033", "29.3900,94.2033", "29.3900,94.2101"), ParcelOptions{})
	faultyPlot(t, ring("度分秒", "29.3876,94.2033", "29.3900,94.2033", "29.3900,94.2101"), ParcelOptions{}, "6 ring 1, J1 coordinate")
	faultyPlot(t, ring("米", packed...), ParcelOptions{}, "6 ring 1, J1 coordinate")
	faultyPlot(t, ring("度", "29.3856,94.2033", "29.3900,94.2033", "3282000,31630000"), ParcelOptions{}, "8 ring 1, J3 coordinate")
	faultyPlot(t, ring("度", "29.3856,94.2033", "29.3900,94.2033", "94.2101,29.3900"), ParcelOptions{}, "8 ring 1, J3 coordinate")
}

func closeTo(r orb.Ring, p orb.Point) bool {
	for _, q := range r {
		if math.Hypot(p[0]-q[0], p[1]-q[1]) < 1e-12 {
			return true
		}
	}
	return false
}

func TestQuirk15ElsewhereThanTheBureau(t *testing.T) {
	nyingchi := &orb.Bound{Min: orb.Point{92.1, 26.8}, Max: orb.Point{98.8, 30.7}}
	one(t, surveyHead+plotA, ParcelOptions{Within: nyingchi})
	// A zone that is wrong all the same puts the parcel at 109.3 degrees east.
	wrong := strings.NewReplacer("带号=31", "带号=36", ",3163", ",3663").Replace(surveyHead + plotA)
	one(t, wrong, ParcelOptions{})
	faultyPlot(t, wrong, ParcelOptions{Within: nyingchi}, "8 geometry coordinate")
}

// What a file does not say of a parcel stays as the record has it.
func TestSurveyOfAKnownParcel(t *testing.T) {
	far := 1.5
	record := fakeRecord{parcels: map[string]*kora.Parcel{"A": {ID: 7, Number: "A", Name: kora.Name{ZH: "旧名", EN: "Old"}, Status: kora.ParcelAnnounced,
		Use: kora.LandUse{Code: "0901", Scheme: kora.Scheme2023}, FAR: kora.Range{Max: &far}, Supply: "GP", StatedM2: 9_999, AreaM2: 9_990}}}
	text := surveyHead + strings.Replace(plotA, "5,1.0000,A,甲,面,,工业用地,1001", "5,,A,,面,,DKYT,DLBM", 1)
	b, err := ParcelsTXT(t.Context(), "p.txt", strings.NewReader(text), record, ParcelOptions{})
	items := mustRead(t, b, err)
	if len(items) != 1 {
		t.Fatalf("%+v", b)
	}
	got := items[0].Value
	if len(got.Geometry) != 1 || got.AreaM2 != 0 || got.Source.CRS != "EPSG:4519" {
		t.Errorf("the outline is not the new one: %+v", got)
	}
	got.Geometry, got.Source, got.AreaM2 = nil, kora.Source{}, 9_990
	if want := *record.parcels["A"]; got.Name != want.Name || got.Status != want.Status || got.Use != want.Use || got.FAR != want.FAR || got.Supply != want.Supply || got.StatedM2 != want.StatedM2 {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestAngles(t *testing.T) {
	for s, want := range map[string]float64{
		"94.3392": 94.3392, "94°20′21.12″": 94.3392, "94°20'21.12\"": 94.3392, "94度20分21.12秒": 94.3392, "E94°20.352′": 94.3392, "94°20′21.12″E": 94.3392,
		"东经94.3392": 94.3392, "９４°２０′２１.１２″": 94.3392, "29°": 29, "-94°30′": -94.5, "94° 20′ 21.12″ E": 94.3392,
	} {
		if got, err := angle("lon", s); err != nil || math.Abs(got-want) > 1e-9 {
			t.Errorf("%s is %v, %v; want %v", s, got, err, want)
		}
	}
	for _, s := range []string{"94°60′", "94°20′60″", "94°20″", "94.5°20′", "°20′", "94°20′21″5", "94°-20′", "x°", "94:20:21", "94°20.5′21″"} {
		if got, err := angle("lon", s); err == nil {
			t.Errorf("%s is %v", s, got)
		}
	}
	for v, want := range map[float64]float64{94.2033: 94 + 20.0/60 + 33.0/3600, 29.0: 29, 94.20330512: 94 + 20.0/60 + 33.0512/3600, 94.5959999: 94 + 59.0/60 + 59.999/3600} {
		if got, ok := packedAngle(v); !ok || math.Abs(got-want) > 1e-10 {
			t.Errorf("%v is %v, %v; want %v", v, got, ok, want)
		}
	}
	for _, v := range []float64{94.60, 94.2060, 94.9999} {
		if got, ok := packedAngle(v); ok {
			t.Errorf("%v is %v", v, got)
		}
	}
}
