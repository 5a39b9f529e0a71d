package importers

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"kora"
)

// gaussKruger is a Reprojector of the tests' own: the inverse transverse Mercator projection by Krüger's series in the
// third flattening (Karney 2011, to the fourth order: far below a millimetre), on the ellipsoid of CGCS2000.
type gaussKruger struct{}

func (gaussKruger) ToCGCS2000(_ context.Context, srid int, points []orb.Point) ([]orb.Point, error) {
	meridian, falseEasting, err := gridOf(srid)
	if err != nil {
		return nil, err
	}
	out := make([]orb.Point, len(points))
	for i, p := range points {
		out[i] = inverseKruger(p[0]-falseEasting, p[1], meridian)
	}
	return out, nil
}

// gridOf lists the reference systems as the EPSG register has them.
func gridOf(srid int) (meridian, falseEasting float64, err error) {
	switch {
	case srid >= 4491 && srid <= 4501:
		zone := float64(srid - 4491 + 13)
		return 6*zone - 3, zone*1e6 + 5e5, nil
	case srid >= 4502 && srid <= 4512:
		return float64(75 + 6*(srid-4502)), 5e5, nil
	case srid >= 4513 && srid <= 4533:
		zone := float64(srid - 4513 + 25)
		return 3 * zone, zone*1e6 + 5e5, nil
	case srid >= 4534 && srid <= 4554:
		return float64(75 + 3*(srid-4534)), 5e5, nil
	}
	return 0, 0, fmt.Errorf("no grid EPSG:%d", srid)
}

func inverseKruger(east, north, meridian float64) orb.Point {
	const a, f = 6378137.0, 1 / 298.257222101
	n := f / (2 - f)
	n2, n3, n4 := n*n, n*n*n, n*n*n*n
	radius := a / (1 + n) * (1 + n2/4 + n4/64)
	beta := []float64{
		n/2 - 2*n2/3 + 37*n3/96 - n4/360,
		n2/48 + n3/15 - 437*n4/1440,
		17*n3/480 - 37*n4/840,
		4397 * n4 / 161280,
	}
	xi, eta := north/radius, east/radius
	x, y := xi, eta
	for i, b := range beta {
		k := float64(2 * (i + 1))
		x -= b * math.Sin(k*xi) * math.Cosh(k*eta)
		y -= b * math.Cos(k*xi) * math.Sinh(k*eta)
	}
	chi := math.Asin(math.Sin(x) / math.Cosh(y)) // conformal latitude
	delta := []float64{
		2*n - 2*n2/3 - 2*n3 + 116*n4/45,
		7*n2/3 - 8*n3/5 - 227*n4/45,
		56*n3/15 - 136*n4/35,
		4279 * n4 / 630,
	}
	lat := chi
	for i, d := range delta {
		lat += d * math.Sin(float64(2*(i+1))*chi)
	}
	return orb.Point{meridian + math.Atan2(math.Sinh(y), math.Cos(x))*180/math.Pi, lat * 180 / math.Pi}
}

// nobody is a register without parcels.
type nobody struct{}

func (nobody) ParcelsByNumber(context.Context, []string) (map[string]*kora.Parcel, error) {
	return nil, nil
}

// fakeRecord knows some parcels.
type fakeRecord struct {
	gaussKruger
	parcels map[string]*kora.Parcel
}

func (f fakeRecord) ParcelsByNumber(_ context.Context, numbers []string) (map[string]*kora.Parcel, error) {
	found := map[string]*kora.Parcel{}
	for _, n := range numbers {
		if p, ok := f.parcels[n]; ok {
			found[n] = p
		}
	}
	return found, nil
}

func readTXT(t testing.TB, text string) (Batch[kora.Parcel], error) {
	t.Helper()
	b, err := ParcelsTXT(t.Context(), "dir/parcels.txt", strings.NewReader(text), fakeRecord{}, ParcelOptions{})
	checkBatch(t, b, err)
	return b, err
}

func TestParcelsTXT(t *testing.T) {
	text := sample(t, "parcels.txt")
	for name, raw := range map[string]string{
		"UTF-8": text, "BOM": "\ufeff" + text, "CRLF": strings.ReplaceAll(text, "\n", "\r\n"),
		"GB18030 and CRLF":     gb18030(t, strings.ReplaceAll(text, "\n", "\r\n")),
		"without the last end": strings.TrimSpace(text),
		"zone by prefix only":  strings.Replace(text, "带号=31\n", "", 1),
		"zone, no prefix":      strings.ReplaceAll(text, ",31629", ",629"),
		"no width":             strings.Replace(text, "几度分带=3\n", "", 1),
		"other sections":       "[扩展信息]\n项目名称:示例\n" + text,
		"full-width structure": strings.NewReplacer("[", "［", "]", "］", "=", "＝", "@", "＠").Replace(text),
	} {
		b, err := readTXT(t, raw)
		got := mustRead(t, b, err)
		if len(got) != 2 {
			t.Errorf("%s: %d parcels", name, len(got))
			continue
		}
		first, second := got[0].Value, got[1].Value
		crs := "EPSG:4519"
		if name == "zone, no prefix" {
			crs = "EPSG:4540"
		}
		if first.Number != "SL-TXT-01" || first.Name.ZH != "示例地块甲" || first.Use != (kora.LandUse{Code: "1001", Scheme: kora.Scheme2023}) ||
			first.Status != kora.ParcelPromoted || first.StatedM2 != 24000 || first.Source != (kora.Source{File: "parcels.txt", CRS: crs}) {
			t.Errorf("%s: first is %+v", name, first)
		}
		if name == "UTF-8" && (got[0].Line != 13 || got[1].Line != 24) {
			t.Errorf("lines %d and %d", got[0].Line, got[1].Line)
		}
		if len(first.Geometry) != 1 || len(first.Geometry[0]) != 2 || len(second.Geometry) != 2 || len(second.Geometry[0]) != 1 {
			t.Errorf("%s: the first must be one polygon with a hole, the second two without: %v; %v", name, first.Geometry, second.Geometry)
		}
		// The rectangles were drawn 180 m × 140 m less 40 m × 30 m, and 100 m × 60 m with 50 m × 60 m, in the plane of
		// zone 31, whose scale here is 1.0002.
		for i, want := range []float64{24000, 9000} {
			if area := sphereArea(got[i].Value.Geometry) * 0.9994; math.Abs(area/want-1) > 0.005 {
				t.Errorf("%s: parcel %d has %.0f m², drawn with %.0f", name, i+1, area, want)
			}
		}
		if d := metresApart(first.Geometry[0][0][0], orb.Point{94.3380, 29.6617}); d > 20_000 {
			t.Errorf("%s: the first parcel lies at %v", name, first.Geometry[0][0][0])
		}
		for _, p := range []orb.MultiPolygon{first.Geometry, second.Geometry} {
			for _, poly := range p {
				for i, r := range poly {
					if want := map[bool]orb.Orientation{true: orb.CCW, false: orb.CW}[i == 0]; r.Orientation() != want || !r.Closed() {
						t.Errorf("%s: ring %d turns the wrong way or is open", name, i+1)
					}
				}
			}
		}
	}
}

// sphereArea is the area in m² on a sphere, by the lengths of a degree at the place; good to half a per cent.
func sphereArea(m orb.MultiPolygon) float64 {
	sum := 0.0
	for _, poly := range m {
		for i, r := range poly {
			lat := r[0][1] * math.Pi / 180
			a := ringArea(r) * 111_320 * math.Cos(lat) * 110_850
			if i > 0 {
				a = -a
			}
			sum += a
		}
	}
	return sum
}

func metresApart(a, b orb.Point) float64 {
	return math.Hypot((a[0]-b[0])*111_320*math.Cos(a[1]*math.Pi/180), (a[1]-b[1])*110_850)
}

// Pairs of projected and geographic coordinates as PROJ computes them.
func TestGaussKruger(t *testing.T) {
	for _, c := range []struct {
		srid int
		en   orb.Point
		want orb.Point
	}{
		{4519, orb.Point{31631685.719, 3282089.321}, orb.Point{94.36, 29.65}},
		{4540, orb.Point{631685.719, 3282089.321}, orb.Point{94.36, 29.65}},
		{4539, orb.Point{631685.719, 3282089.321}, orb.Point{91.36, 29.65}},
		{4541, orb.Point{631685.719, 3282089.321}, orb.Point{97.36, 29.65}},
		{4494, orb.Point{16631685.719, 3282089.321}, orb.Point{94.36, 29.65}},
		{4520, orb.Point{32500000, 0}, orb.Point{96, 0}},
	} {
		got, err := gaussKruger{}.ToCGCS2000(t.Context(), c.srid, []orb.Point{c.en})
		if err != nil || metresApart(got[0], c.want) > 0.01 {
			t.Errorf("EPSG:%d %v is %v, %v; want %v", c.srid, c.en, got, err, c.want)
		}
	}
}

const surveyHead = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号=31\n[地块坐标]\n" // lines 1–7

const plotA = "5,1.0000,A,甲,面,,工业用地,1001,@\n" + // 100 m × 100 m
	"J1,1,3282000,31630000\nJ2,1,3282100,31630000\nJ3,1,3282100,31630100\nJ4,1,3282000,31630100\nJ1,1,3282000,31630000\n"

func TestSurveyZones(t *testing.T) {
	six := strings.NewReplacer("几度分带=3", "几度分带=6", "带号=31", "带号=16", ",3163", ",1663")
	for name, c := range map[string]struct {
		text string
		crs  string
	}{
		"three degrees":          {surveyHead + plotA, "EPSG:4519"},
		"no prefix":              {strings.ReplaceAll(surveyHead+plotA, ",3163", ",63"), "EPSG:4540"},
		"six degrees":            {six.Replace(surveyHead + plotA), "EPSG:4494"},
		"six degrees, no prefix": {strings.ReplaceAll(six.Replace(surveyHead+plotA), ",1663", ",63"), "EPSG:4505"},
		"another zone":           {strings.NewReplacer("带号=31", "带号=30", ",3163", ",3063").Replace(surveyHead + plotA), "EPSG:4518"},
		"words":                  {strings.NewReplacer("几度分带=3", "几度分带=3度带", "带号=31", "带号=31带", "=2000国家大地坐标系", "=CGCS2000").Replace(surveyHead + plotA), "EPSG:4519"},
		"prefix, no header zone": {strings.Replace(surveyHead+plotA, "带号=31", "带号=", 1), "EPSG:4519"},
		"six by prefix alone":    {strings.NewReplacer("几度分带=3\n", "", "带号=31\n", "", ",3163", ",1663").Replace(surveyHead + plotA), "EPSG:4494"},
		"header keys left out":   {strings.NewReplacer("计量单位=米\n", "", "投影类型=高斯克吕格\n", "").Replace(surveyHead + plotA), "EPSG:4519"},
	} {
		b, err := readTXT(t, c.text)
		if items := mustRead(t, b, err); len(items) != 1 || items[0].Value.Source.CRS != c.crs {
			t.Errorf("%s: %+v, want %s", name, items, c.crs)
		}
	}
	// Two headers in one file: each holds for what follows it.
	b, err := readTXT(t, surveyHead+plotA+strings.NewReplacer("带号=31", "带号=32", ",3163", ",3263", ",A,", ",B,").Replace(surveyHead+plotA))
	items := mustRead(t, b, err)
	if len(items) != 2 || items[0].Value.Source.CRS != "EPSG:4519" || items[1].Value.Source.CRS != "EPSG:4520" {
		t.Errorf("two headers: %+v", items)
	}
}

// What would put parcels at a wrong place makes the whole file unusable.
func TestSurveyFiles(t *testing.T) {
	change := func(from, to string) string { return strings.ReplaceAll(surveyHead+plotA, from, to) }
	for name, c := range map[string]struct {
		text   string
		reason kora.Reason
		want   string
	}{
		"no zone":             {strings.NewReplacer("带号=31\n", "", ",3163", ",63").Replace(surveyHead + plotA), kora.ReasonCRS, "the zone is missing: give 带号="},
		"blank zone":          {strings.NewReplacer("带号=31", "带号=", ",3163", ",63").Replace(surveyHead + plotA), kora.ReasonCRS, ":6 (带号)"},
		"conflict":            {change("带号=31", "带号=32"), kora.ReasonCRS, ":9 (ring 1, J1)"},
		"conflict of widths":  {change("几度分带=3", "几度分带=6"), kora.ReasonCRS, "带号"},
		"prefix of six":       {strings.NewReplacer("带号=31\n", "", ",3163", ",1663").Replace(surveyHead + plotA), kora.ReasonCRS, "starts with 16"},
		"zone out of China":   {change("带号=31", "带号=50"), kora.ReasonCRS, "带号"},
		"zone no number":      {change("带号=31", "带号=三十一"), kora.ReasonCRS, "带号"},
		"width":               {change("几度分带=3", "几度分带=1.5"), kora.ReasonCRS, "几度分带"},
		"Xian 1980":           {change("2000国家大地坐标系", "1980西安坐标系"), kora.ReasonCRS, "local parameters"},
		"Beijing 1954":        {change("2000国家大地坐标系", "北京54坐标系"), kora.ReasonCRS, "local parameters"},
		"WGS 84":              {change("2000国家大地坐标系", "WGS84"), kora.ReasonCRS, "坐标系"},
		"local system":        {change("2000国家大地坐标系", "拉萨独立坐标系"), kora.ReasonCRS, "坐标系"},
		"no system":           {change("坐标系=2000国家大地坐标系\n", ""), kora.ReasonCRS, "reference system is missing"},
		"no header":           {"[地块坐标]\n" + plotA, kora.ReasonCRS, "reference system is missing"},
		"degrees":             {change("计量单位=米", "计量单位=度"), kora.ReasonCRS, "计量单位"},
		"UTM":                 {change("高斯克吕格", "UTM"), kora.ReasonCRS, "投影类型"},
		"key twice":           {change("带号=31\n", "带号=31\n带号=32\n"), kora.ReasonDuplicate, ":7"},
		"no sections":         {plotA, kora.ReasonCRS, "reference system is missing"},
		"corners alone":       {"94.34,29.64\n94.35,29.64\n", kora.ReasonFormat, ":1: this is not a boundary TXT"},
		"a table":             {sample(t, "stations.zh.csv"), kora.ReasonFormat, "this is not a boundary TXT"},
		"no parcels":          {surveyHead, kora.ReasonTruncated, "no parcel"},
		"no plot section":     {strings.Replace(surveyHead, "[地块坐标]", "", 1), kora.ReasonTruncated, "no parcel"},
		"corner first":        {surveyHead + "J1,1,3282000,31630000\n", kora.ReasonFormat, ":8"},
		"corners of nonsense": {surveyHead + "4,1,A,甲,面,,,1001,@\n" + strings.Repeat("x\n", maxFaults+1), kora.ReasonTooLarge, "parcel of line 8"},
		"UTF-16 cut off":      {"\xff\xfe[\x00\n", kora.ReasonEncoding, "UTF-16"},
		"nothing":             {"\n", kora.ReasonTruncated, "empty"},
		"endless header":      {"[属性描述]\n" + manyKeys(maxKeys+1), kora.ReasonTooLarge, "more than 1000 lines"},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := readTXT(t, c.text)
			wantRefused(t, b, err, c.reason, c.want)
		})
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "k%d=1\n", i)
	}
	return b.String()
}

// Each parcel has one thing wrong; the parcels around it are kept.
func TestSurveyFaults(t *testing.T) {
	const ring = "J1,1,3282000,31630000\nJ2,1,3282100,31630000\nJ3,1,3282100,31630100\n" // lines 15–17
	line := "4,0.5,X,乙,面,,工业用地,1001,@\n"                                                 // line 14
	for _, c := range []struct{ plot, want string }{
		{"4,0.5,,乙,面,,工业用地,1001,@\n" + ring, "14 地块编号 required"},
		{"4,0.5,X,乙,线,,工业用地,1001,@\n" + ring, "14 记录图形属性 geometry"},
		{"4,0.5,X,乙,面,,工业用地,,@\n" + ring, "14 地类编码 required"},
		{"4,0.5,X,乙,面,,DKYT,DLBM,@\n" + ring, "14 地类编码 required"},
		{"4,0.5,X,乙,面,,工业用地,061,@\n" + ring, "14 地类编码 syntax"},
		{"4,0.5,X,乙,面,,工业用地,0701,@\n" + ring, "14 地类编码 syntax"},
		{"4,0.5,X,乙,面,,,1501,@\n" + ring, "14 地类编码 not-public"},
		{"4,0.5,X,乙,面,,军事设施用地,0901,@\n" + ring, "14 地类编码 not-public"},
		{"4,约5,X,乙,面,,工业用地,1001,@\n" + ring, "14 地块面积 syntax"},
		{"4,-5,X,乙,面,,工业用地,1001,@\n" + ring, "14 地块面积 out-of-range"},
		{"4,5000,X,乙,面,,工业用地,1001,@\n" + ring, "14 地块面积 out-of-range"}, // m² for hectares
		{"4,7.5,X,乙,面,,工业用地,1001,@\n" + ring, "14 地块面积 out-of-range"},  // mu for hectares
		{"4,0.5,X,乙,面,工业用地,1001,@\n" + ring, "14  syntax"},
		{"@\n" + ring, "14  syntax"},
		{"4,0.5,A,乙,面,,工业用地,1001,@\n" + ring, "14 地块编号 duplicate"},
		{line, "14  geometry"},
		{line + "J1,1,3282000,31630000\nJ2,1,3282100,31630000\n", "15 ring 1 (圈号 1) geometry"},
		{line + "J1,1,3282000,31630000\nJ2,1,3282100,31630000\nJ3,1,3282200,31630000\n", "15 ring 1 (圈号 1) geometry"},
		{line + ring + "J1,1,3282000,31630001\nJ4,1,3282000,31630100\n", "18 ring 1 (圈号 1) geometry"},
		{line + ring + "J4,2,3282050,31630050\n", "18 ring 2 (圈号 2) geometry"},
		{line + ring + strings.NewReplacer(",1,", ",2,").Replace(ring), "18 ring 2 (圈号 2) geometry"}, // the same ring twice
		{line + ring + "J4,1,3282000\n", "18  syntax"},
		{line + ring + "J4,1,3282000,31630100,2990\n", "18  syntax"},
		{line + ring + "J4,1,x,x\n", "18 ring 1, J4 syntax"},
		{line + ring + "J4,1,,31630100\n", "18 ring 1, J4 required"},
		{line + ring + "J4,1,NaN,31630100\n", "18 ring 1, J4 syntax"},
		{line + ring + "J4,1,3282000,1e999\n", "18 ring 1, J4 out-of-range"},
		{line + ring + "J4,1,3282000,1e99\n", "18 ring 1, J4 coordinate"},
		{line + ring + "J4,1,31630100,3282000\n", "18 ring 1, J4 coordinate"},
		{line + ring + "J4,1,630100,3282000\n", "18 ring 1, J4 coordinate"},
		{line + ring + "J4,1,29.65,94.36\n", "18 ring 1, J4 coordinate"},
		{line + ring + "J4,1,3282000,3163010\n", "18 ring 1, J4 coordinate"},
		{line + ring + "J4,1,328200,31630100\n", "18 ring 1, J4 coordinate"},
		{line + ring + "J4,1,3282000,32630100\n", "18 ring 1, J4 crs"},
		{line + ring + "J4,1,3282000,630100\n", "18 ring 1, J4 crs"},
	} {
		b, err := readTXT(t, surveyHead+plotA+c.plot+strings.ReplaceAll(plotA, ",A,", ",Z,"))
		if err != nil {
			t.Errorf("%s: %v", c.plot, err)
			continue
		}
		if got := faultList(b.Faults); got != c.want+"\n" {
			t.Errorf("%s\ngot  %swant %s (%v)", c.plot, got, c.want, b.Faults)
		}
		if len(b.Items) != 2 || b.Items[0].Value.Number != "A" || b.Items[1].Value.Number != "Z" {
			t.Errorf("%s: kept %+v", c.plot, b.Items)
		}
	}
}

func TestStatedArea(t *testing.T) {
	for s, want := range map[string]float64{
		"": 0, "3.18": 31800, "0.7655公顷": 7655, "15亩": 10000, "7655㎡": 7655, "7655 平方米": 7655, "1e0": 10000,
	} {
		if got, err := statedArea(s); err != nil || math.Abs(got-want) > 1e-6 {
			t.Errorf("%q is %g m², %v; want %g", s, got, err, want)
		}
	}
	for _, s := range []string{"公顷", "3.18平方公里", "3,18", "--", "1e999"} {
		if s == "公顷" {
			continue // no number is no area
		}
		if got, err := statedArea(s); err == nil {
			t.Errorf("%q is %g m²", s, got)
		}
	}
}

func TestSurveyedUse(t *testing.T) {
	for _, c := range []struct {
		code, text string
		scheme     kora.UseScheme
	}{
		{"1001", "工业用地", kora.Scheme2023},
		{"100101", "一类工业用地", kora.Scheme2023},
		{"0601", "工业用地", kora.Scheme2017}, // 农村道路 in the guide of 2023
		{"0601", "农村道路", kora.Scheme2023},
		{"0504", "旅馆用地", kora.Scheme2017},
		{"05", "商服用地", kora.Scheme2017},
		{"0901", "商业用地", kora.Scheme2023},
		{"0901", "商业服务业用地", kora.Scheme2023},
		{"0701", "住宅用地", kora.Scheme2023},
		{"0604", "仓储用地", kora.Scheme2017},
		{"1101", "仓储", kora.Scheme2023},
		{"1001", "铁路用地", kora.Scheme2017},
		{"0803", "教育用地", kora.Scheme2017},
		{"0804", "教育用地", kora.Scheme2023},
		{"1001", "DKYT", kora.Scheme2023},
		{"1001", "", kora.Scheme2023},
		{"0601", "", kora.Scheme2023},
	} {
		got, err := surveyedUse(c.code, c.text)
		if err != nil || got != (kora.LandUse{Code: c.code, Scheme: c.scheme}) {
			t.Errorf("%s %s is %+v, %v; want scheme %s", c.code, c.text, got, err, c.scheme)
		}
	}
	for _, c := range [][2]string{{"", "工业用地"}, {"061", "工业用地"}, {"M1", "工业用地"}, {"0701", "工业用地"}, {"1001", "军事设施用地"}} {
		if got, err := surveyedUse(c[0], c[1]); err == nil {
			t.Errorf("%s %s is %+v", c[0], c[1], got)
		}
	}
}

type failing struct {
	nobody
	err    error
	points []orb.Point
}

func (f failing) ToCGCS2000(context.Context, int, []orb.Point) ([]orb.Point, error) {
	return f.points, f.err
}

func TestReprojectionFails(t *testing.T) {
	gone := errors.New("the database is gone")
	b, err := ParcelsTXT(t.Context(), "p.txt", strings.NewReader(surveyHead+plotA), failing{err: gone}, ParcelOptions{})
	if !errors.Is(err, gone) || len(b.Items) > 0 || !strings.Contains(err.Error(), "p.txt:8") {
		t.Errorf("%+v, %v", b, err)
	}
	if kora.ReasonOf(err) != "" {
		t.Errorf("the file is blamed for it: %v", err)
	}
	if b, err := ParcelsTXT(t.Context(), "p.txt", strings.NewReader(surveyHead+plotA), failing{points: make([]orb.Point, 3)}, ParcelOptions{}); err == nil {
		t.Errorf("three points for four: %+v", b)
	}
}

// The real files of a provincial office read exactly. Their attributes still hold the names of the template (DKMC, DLBM), so
// that a parcel on offer needs a use from whoever imports them; its name is its number until somebody gives one.
func TestRealBoundaries(t *testing.T) {
	for _, c := range []struct {
		file     string
		corners  int
		stated   float64 // hectares
		encoding string
	}{
		{"44120000072.txt", 5, 1.2247, "UTF-8"},
		{"44120000105.txt", 49, 8.7423, "UTF-8"},
		{"derived-44120000105.gbk-crlf.txt", 49, 8.7423, "GB18030"},
		{"44120000120.txt", 8, 2.6708, "UTF-8"},
		{"plot_000.arcpy.txt", 5, 0, "UTF-8"},
	} {
		t.Run(c.file, func(t *testing.T) {
			text := realInput(t, "boundary-txt/"+c.file)
			b, err := readTXT(t, text)
			if got := faultList(b.Faults); err != nil || got != "10 地类编码 required\n" || len(b.Items) > 0 {
				t.Fatalf("without a use: %s%v", got, err)
			}
			use := kora.LandUse{Code: "1001", Scheme: kora.Scheme2023}
			b, err = ParcelsTXT(t.Context(), c.file, strings.NewReader(text), fakeRecord{}, ParcelOptions{Use: use})
			items := mustRead(t, b, err)
			if len(items) != 1 || b.Encoding != c.encoding {
				t.Fatalf("%d parcels, %s", len(items), b.Encoding)
			}
			p := items[0].Value
			if len(p.Geometry) != 1 || len(p.Geometry[0]) != 1 || p.Source.CRS != "EPSG:4526" || p.Use != use || p.Name.ZH != p.Number {
				t.Errorf("%+v", p)
			}
			// Every row of the file is a corner, and none is another place.
			decoded, err := decoded(c.file, text)
			if err != nil {
				t.Fatal(err)
			}
			var rows []orb.Point
			for line := range strings.Lines(decoded) {
				f := strings.Split(strings.TrimSpace(line), ",")
				if len(f) != 4 || !strings.HasPrefix(f[0], "J") {
					continue
				}
				var north, east float64
				if _, err := fmt.Sscan(f[2], &north); err != nil {
					t.Fatal(err)
				}
				if _, err := fmt.Sscan(f[3], &east); err != nil {
					t.Fatal(err)
				}
				if at := (orb.Point{east, north}); len(rows) == 0 || at != rows[0] {
					rows = append(rows, at)
				}
			}
			if len(rows) != c.corners {
				t.Fatalf("the file has %d corners, not %d", len(rows), c.corners)
			}
			want, err := gaussKruger{}.ToCGCS2000(t.Context(), 4526, rows)
			if err != nil {
				t.Fatal(err)
			}
			ring := p.Geometry[0][0][:len(p.Geometry[0][0])-1]
			if len(ring) != len(want) {
				t.Fatalf("%d corners of %d", len(ring), len(want))
			}
			for _, w := range want {
				if !slices.Contains(ring, w) {
					t.Errorf("the corner %v is lost", w)
				}
			}
			if math.Abs(p.StatedM2/1e4-c.stated) > 1e-9 {
				t.Errorf("stated %g ha, want %g", p.StatedM2/1e4, c.stated)
			}
			for _, w := range b.Warnings {
				if w.Part == "地块面积" {
					t.Errorf("the stated area does not agree: %v", w)
				}
			}
		})
	}
}
