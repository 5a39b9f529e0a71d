package exporters_test

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"

	"kora"
	"kora/atlas"
	"kora/exporters"
	"kora/geo/datum"
	"kora/importers"
)

// plane stands in for PostGIS: degrees are metres by a million from a corner of zone 31, whatever the zone that is asked for.
// It is exact both ways, so that what comes back must be what went out.
type plane struct{}

const eastOf, northOf = 630_000.0, 3_282_000.0

func (p plane) offset(srid int) float64 {
	if zone, prefixed, ok := datum.ZoneByEPSG(srid); ok && prefixed {
		return float64(zone.Number)*1e6 + eastOf
	}
	return eastOf
}

func (p plane) FromCGCS2000(_ context.Context, srid int, points []orb.Point) ([]orb.Point, error) {
	out := make([]orb.Point, len(points))
	for i, at := range points {
		out[i] = orb.Point{(at[0]-94)*1e6 + p.offset(srid), (at[1]-29)*1e6 + northOf}
	}
	return out, nil
}

func (p plane) ToCGCS2000(_ context.Context, srid int, points []orb.Point) ([]orb.Point, error) {
	out := make([]orb.Point, len(points))
	for i, at := range points {
		out[i] = orb.Point{(at[0]-p.offset(srid))/1e6 + 94, (at[1]-northOf)/1e6 + 29}
	}
	return out, nil
}

func (plane) ParcelsByNumber(context.Context, []string) (map[string]*kora.Parcel, error) {
	return nil, nil
}

// ringAt makes a ring of metres east and north.
func ringAt(metres ...float64) orb.Ring {
	var r orb.Ring
	for i := 0; i+1 < len(metres); i += 2 {
		r = append(r, orb.Point{94 + metres[i]/1e6, 29 + metres[i+1]/1e6})
	}
	return append(r, r[0])
}

func land(parcels ...*kora.Parcel) *atlas.Atlas {
	for i, p := range parcels {
		p.ID, p.Status = int64(i+1), kora.ParcelPromoted
	}
	return &atlas.Atlas{Parcels: parcels, AsOf: aTime}
}

func survey(t testing.TB, a *atlas.Atlas, opts exporters.SurveyOptions) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "p.txt")
	if _, err := exporters.SurveyTXT(t.Context(), a, path, false, plane{}, opts); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestSurveyTXT(t *testing.T) {
	a := land(
		&kora.Parcel{Number: "LZ-2026-001", Name: kora.Name{ZH: "示例地块一, 甲"}, StatedM2: 9_600, Use: kora.LandUse{Code: "1001", Scheme: kora.Scheme2023},
			Source: kora.Source{CRS: "EPSG:4519"},
			// Counter-clockwise from the south-east, with a hole the same way round.
			Geometry: orb.MultiPolygon{{ringAt(100, 0, 100, 100, 0, 100, 0, 0), ringAt(60, 40, 60, 60, 40, 60, 40, 40)}}},
		&kora.Parcel{Number: "LZ-2026-002", Name: kora.Name{ZH: "示例地块二"}, Use: kora.LandUse{Code: "0701", Scheme: kora.Scheme2017},
			Source:   kora.Source{CRS: "EPSG:4519"},
			Geometry: orb.MultiPolygon{{ringAt(200, 0, 300, 0, 300, 50)}, {ringAt(400, 0, 400, 50, 450.0004, 50.0004, 450, 50)}}},
	)
	want := strings.ReplaceAll(`[属性描述]
格式版本号=1.01
数据产生单位=Kora
数据产生日期=`+a.AsOf.Format("2006-01-02")+`
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=31
精度=0.001
转换参数=,,,,,,
[地块坐标]
10,0.9600,LZ-2026-001,示例地块一， 甲,面,,工业用地,1001,@
J1,1,3282100.000,31630000.000
J2,1,3282100.000,31630100.000
J3,1,3282000.000,31630100.000
J4,1,3282000.000,31630000.000
J1,1,3282100.000,31630000.000
J5,2,3282060.000,31630040.000
J6,2,3282040.000,31630040.000
J7,2,3282040.000,31630060.000
J8,2,3282060.000,31630060.000
J5,2,3282060.000,31630040.000
8,,LZ-2026-002,示例地块二,面,,城镇住宅用地（GB/T 21010-2017）,0701,@
J1,1,3282000.000,31630200.000
J2,1,3282050.000,31630300.000
J3,1,3282000.000,31630300.000
J1,1,3282000.000,31630200.000
J4,2,3282050.000,31630400.000
J5,2,3282050.000,31630450.000
J6,2,3282000.000,31630400.000
J4,2,3282050.000,31630400.000
`, "\n", "\r\n")
	if got := survey(t, a, exporters.SurveyOptions{Prefix: true}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := survey(t, a, exporters.SurveyOptions{Zone: datum.Zone{Width: 3, Number: 31}}); got != strings.ReplaceAll(want, ",31630", ",630") {
		t.Errorf("without prefix:\n%s", got)
	}
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(want)
	if err != nil {
		t.Fatal(err)
	}
	if got := survey(t, a, exporters.SurveyOptions{Prefix: true, GBK: true}); got != gbk {
		t.Errorf("in GBK:\n%s", got)
	}
	if got := survey(t, a, exporters.SurveyOptions{Zone: datum.Zone{Width: 6, Number: 16}}); !strings.Contains(got, "几度分带=6\r\n") || !strings.Contains(got, "带号=16\r\n") {
		t.Errorf("in six degrees:\n%s", got)
	}
}

func TestSurveysThatAreNotWritten(t *testing.T) {
	one := func(change func(*kora.Parcel)) *atlas.Atlas {
		p := func(n string) *kora.Parcel {
			return &kora.Parcel{Number: n, Name: kora.Name{ZH: "示例"}, Use: kora.LandUse{Code: "1001", Scheme: kora.Scheme2023}, Source: kora.Source{CRS: "EPSG:4519"},
				Geometry: orb.MultiPolygon{{ringAt(100, 0, 100, 100, 0, 100, 0, 0)}}}
		}
		first, second := p("A"), p("B")
		change(second)
		return land(first, second)
	}
	for name, c := range map[string]struct {
		a    *atlas.Atlas
		opts exporters.SurveyOptions
		want string
	}{
		"nothing":         {land(), exporters.SurveyOptions{}, "no parcels"},
		"no zone":         {one(func(p *kora.Parcel) { p.Source.CRS = "EPSG:4490" }), exporters.SurveyOptions{}, "parcel B was not surveyed"},
		"several zones":   {one(func(p *kora.Parcel) { p.Source.CRS = "EPSG:4520" }), exporters.SurveyOptions{}, "31 and 32"},
		"Tibetan in GBK":  {one(func(p *kora.Parcel) { p.Name.ZH = "ལྷ་ས" }), exporters.SurveyOptions{GBK: true}, `gbk "B"`},
		"below the grain": {one(func(p *kora.Parcel) { p.Geometry = orb.MultiPolygon{{ringAt(0, 0, 0.0001, 0, 0, 0.0001)}} }), exporters.SurveyOptions{}, "shrinks to nothing"},
		"no zone of ours": {one(func(*kora.Parcel) {}), exporters.SurveyOptions{Zone: datum.Zone{Width: 3, Number: 60}}, "zone"},
	} {
		dir := t.TempDir()
		_, err := exporters.SurveyTXT(t.Context(), c.a, filepath.Join(dir, "p.txt"), false, plane{}, c.opts)
		if err == nil || !strings.Contains(err.Error(), c.want) || kora.ReasonOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
		if there := files(t, dir); len(there) > 0 {
			t.Errorf("%s: left %v", name, there)
		}
	}
}

// Any parcel that is written is read as it was, whatever its name, number, use and area, and its rings to the millimetre.
func TestSurveysAreReadAgain(t *testing.T) {
	word := rapid.StringMatching(`[甲乙丙A-Z0-9#()\-/·]{1,12}`)
	uses := []kora.LandUse{}
	for _, scheme := range kora.UseSchemes() {
		for _, code := range strings.Fields("07 0701 070102 0801 0803 0906 0902 10 1001 100102 1006 1101 12 1207 0601 0604 0505 0102 2301 16") {
			uses = append(uses, kora.LandUse{Code: code, Scheme: scheme})
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		var parcels []*kora.Parcel
		for i := range rapid.IntRange(1, 4).Draw(rt, "parcels") {
			x := float64(i) * 1000
			w := float64(rapid.IntRange(10_000, 450_000).Draw(rt, "half the width in mm")) / 500
			p := &kora.Parcel{Number: string(rune('A'+i)) + word.Draw(rt, "number"), Name: kora.Name{ZH: word.Draw(rt, "name")}, Use: rapid.SampledFrom(uses).Draw(rt, "use"),
				Geometry: orb.MultiPolygon{{ringAt(x, 0, x+w, 1.5, x+w-0.001, w, x+3, w-2)}}}
			if rapid.Bool().Draw(rt, "hole") {
				p.Geometry[0] = append(p.Geometry[0], ringAt(x+w/2, w/2, x+w/2+1.234, w/2+1, x+w/2-0.5, w/2+2))
			}
			if rapid.Bool().Draw(rt, "part") {
				p.Geometry = append(p.Geometry, orb.Polygon{ringAt(x, -50, x+10, -40, x+10, -50)})
			}
			if rapid.Bool().Draw(rt, "stated") {
				area := float64(0)
				for _, poly := range p.Geometry {
					for j, r := range poly {
						a := planar(r)
						if j > 0 {
							a = -a
						}
						area += a
					}
				}
				p.StatedM2 = float64(int(area*100)) / 100
			}
			parcels = append(parcels, p)
		}
		opts := exporters.SurveyOptions{Zone: datum.Zone{Width: 3, Number: 31}, Prefix: rapid.Bool().Draw(rt, "prefix"), GBK: rapid.Bool().Draw(rt, "gbk")}
		text := survey(t, land(parcels...), opts)
		b, err := importers.ParcelsTXT(t.Context(), "p.txt", strings.NewReader(text), plane{}, importers.ParcelOptions{})
		if err != nil || len(b.Faults) > 0 || len(b.Warnings) > 0 || len(b.Items) != len(parcels) {
			rt.Fatalf("%v, %v, %v\n%s", err, b.Faults, b.Warnings, text)
		}
		for i, want := range parcels {
			got := b.Items[i].Value
			if got.Number != want.Number || got.Name.ZH != want.Name.ZH || got.Use != want.Use || got.StatedM2 != want.StatedM2 || !closeArea(want.Geometry, got.Geometry) {
				rt.Fatalf("%+v came back as %+v\n%s", want, got, text)
			}
		}
	})
}

// planar is a ring's area in m².
func planar(r orb.Ring) float64 {
	sum := 0.0
	for i := 1; i < len(r); i++ {
		sum += (r[i-1][0]-94)*(r[i][1]-29) - (r[i][0]-94)*(r[i-1][1]-29)
	}
	if sum < 0 {
		sum = -sum
	}
	return sum / 2 * 1e12
}

// closeArea tells whether two geometries have the same corners in the same rings to a millimetre, wherever the rings start and
// however they turn.
func closeArea(a, b orb.MultiPolygon) bool {
	key := func(m orb.MultiPolygon) map[string]int {
		all := map[string]int{}
		for i, poly := range m {
			for j, ring := range poly {
				for _, p := range ring[:len(ring)-1] {
					all[strings.Join([]string{string(rune('0' + i)), string(rune('0' + min(j, 1))), decimalOf(p[0]), decimalOf(p[1])}, " ")]++
				}
			}
		}
		return all
	}
	return reflect.DeepEqual(key(a), key(b))
}

// decimalOf is a coordinate of the plane to the millimetre.
func decimalOf(v float64) string { return strconv.FormatFloat(v, 'f', 9, 64) }

// The table of parcels is read as it is written: nothing is lost and nothing comes to it.
func TestTheTableOfParcelsIsReadAgain(t *testing.T) {
	a := town(t)
	path := export(t, sets(t, a)["parcels"], "parcels.csv")[0]
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := importers.Parcels(t.Context(), "parcels.csv", f, plane{}, importers.ParcelOptions{})
	if err != nil || len(b.Faults) > 0 || len(b.Items) != len(a.Parcels) {
		t.Fatalf("%d parcels come back, %v, %v", len(b.Items), b.Faults, err)
	}
	for i, p := range a.Parcels {
		want, got := *p, b.Items[i].Value
		want.ID, want.AreaM2, want.Source, got.Source = 0, 0, kora.Source{}, kora.Source{} // given by the record
		if want.Geometry = got.Geometry; !sameArea(p.Geometry, got.Geometry) {
			t.Errorf("%s comes back as %v", p.Number, got.Geometry)
		}
		if len(want.Facilities)+len(got.Facilities) == 0 {
			got.Facilities = want.Facilities
		}
		if !reflect.DeepEqual(want, got) {
			t.Errorf("%s comes back as\n%+v, was\n%+v", p.Number, got, want)
		}
	}
}
