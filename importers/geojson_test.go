package importers

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"kora"
)

func TestKeyAreas(t *testing.T) {
	b, err := KeyAreas("dir/areas.geojson", strings.NewReader(sample(t, "areas.geojson")))
	got := mustRead(t, b, err)
	source := kora.Source{File: "areas.geojson"}
	want := []Item[kora.KeyArea]{
		{1, kora.KeyArea{Code: "A1", Name: kora.Name{ZH: "示例重点区域", BO: "དཔེ།", EN: "Sample area"}, County: "540102", Sample: true, Source: source,
			Geometry: orb.MultiPolygon{{
				{{91.10, 29.64}, {91.14, 29.64}, {91.14, 29.67}, {91.10, 29.67}, {91.10, 29.64}},
				{{91.11, 29.65}, {91.11, 29.66}, {91.12, 29.66}, {91.12, 29.65}, {91.11, 29.65}}}}}},
		{2, kora.KeyArea{Code: "A2", Name: kora.Name{ZH: "示例二区", EN: "Second"}, County: "540103", Source: source,
			Geometry: orb.MultiPolygon{
				{{{91.00, 29.64}, {91.02, 29.64}, {91.02, 29.66}, {91.00, 29.64}}},
				{{{90.95, 29.64}, {90.97, 29.64}, {90.97, 29.66}, {90.95, 29.64}}}}}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
}

func TestHighways(t *testing.T) {
	b, err := Highways("highways.geojson", strings.NewReader("\ufeff"+sample(t, "highways.geojson")))
	got := mustRead(t, b, err)
	source := kora.Source{File: "highways.geojson", CRS: "OGC:CRS84"}
	want := []Item[kora.Highway]{
		{1, kora.Highway{Ref: "G318", Name: kora.Name{ZH: "示例国道"}, Sample: true, Source: source,
			Geometry: orb.MultiLineString{{{91.72, 29.84}, {91.34, 29.67}, {91.12, 29.65}}}}},
		{2, kora.Highway{Ref: "G109", Name: kora.Name{ZH: "示例国道二"}, Source: source,
			Geometry: orb.MultiLineString{{{91.11, 30.47}, {90.55, 30.10}}, {{90.54, 30.09}, {91.00, 29.65}}}}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
}

func TestParcelsGeoJSON(t *testing.T) {
	b, err := ParcelsGeoJSON(t.Context(), "parcels.geojson", strings.NewReader(sample(t, "parcels.geojson")), fakeRecord{}, ParcelOptions{})
	got := mustRead(t, b, err)
	if len(got) != 2 {
		t.Fatalf("%d parcels", len(got))
	}
	n := func(v float64) *float64 { return &v }
	want := kora.Parcel{
		Number: "SL-P-01", Name: kora.Name{ZH: "示例地块", EN: "Sample parcel"}, County: "540402", Address: kora.Name{ZH: "示例路"},
		Use:      kora.LandUse{Code: "1001", Scheme: kora.Scheme2023},
		Uses:     []kora.UseShare{{LandUse: kora.LandUse{Code: "1001", Scheme: kora.Scheme2023}, AreaM2: 40000, TermYears: 50}},
		Status:   kora.ParcelPromoted,
		Geometry: orb.MultiPolygon{{{{94.340, 29.640}, {94.343, 29.640}, {94.343, 29.642}, {94.340, 29.642}, {94.340, 29.640}}}},
		StatedM2: 64500, FAR: kora.Range{Min: n(1), Max: n(2), MaxExclusive: true}, Density: kora.Range{Min: n(40)},
		Green: kora.Range{Max: n(20)}, HeightM: kora.Range{Max: n(24)}, Price: &kora.Price{Amount: 312.5, Unit: "万元"},
		Supply: "GP", TermYears: 50, AltitudeM: 2990, Access: &orb.Point{94.3415, 29.6399},
		Facilities: []string{"road", "water", "power"}, Sample: true, Source: kora.Source{File: "parcels.geojson"},
	}
	if !reflect.DeepEqual(got[0].Value, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got[0].Value, want)
	}
	if second := got[1].Value; second.Use != (kora.LandUse{Code: "0504", Scheme: kora.Scheme2017}) || second.Status != kora.ParcelAnnounced {
		t.Errorf("second: %+v", second)
	}
}

func areasOf(geometries ...string) string {
	features := make([]string, len(geometries))
	for i, g := range geometries {
		features[i] = fmt.Sprintf(`{"type":"Feature","properties":{"code":"C%d","name":"区"},"geometry":%s}`, i+1, g)
	}
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",\n") + `]}`
}

const square = `{"type":"Polygon","coordinates":[[[91,29],[92,29],[92,30],[91,29]]]}`

// Each geometry has one thing wrong; the fault names the feature and the ring.
func TestGeometryFaults(t *testing.T) {
	for _, c := range []struct{ geometry, part, reason string }{
		{`null`, "geometry", "required"},
		{`5`, "geometry", "geometry"},
		{`[]`, "geometry", "geometry"},
		{`{}`, "geometry", "geometry"},
		{`{"type":"Polygon"}`, "geometry", "geometry"},
		{`{"type":"Polygon","coordinates":null}`, "geometry", "geometry"},
		{`{"type":"Polygon","coordinates":{}}`, "geometry", "geometry"},
		{`{"type":"Polygon","coordinates":[]}`, "geometry", "geometry"},
		{`{"type":"Polygon","coordinates":[[]]}`, "ring 1", "geometry"},
		{`{"type":"Point","coordinates":[91,29]}`, "geometry", "geometry"},
		{`{"type":"LineString","coordinates":[[91,29],[92,29]]}`, "geometry", "geometry"},
		{`{"type":{},"coordinates":[[[91,29],[92,29],[92,30],[91,29]]]}`, "geometry", "geometry"},
		{`{"type":"polygon","coordinates":[[[91,29],[92,29],[92,30],[91,29]]]}`, "geometry", "geometry"},
		{`{"type":"GeometryCollection","geometries":[` + square + `]}`, "geometry", "geometry"},
		{`{"type":"GeometryCollection","geometries":[{"type":"GeometryCollection","geometries":[]}]}`, "geometry", "geometry"},
		{`{"type":"Polygon","coordinates":[[[91,29],[92,29],[92,30],[91,29]],[[91,29],[92,29],[92,30],[91.5,29]]]}`, "ring 2", "geometry"},
		{`{"type":"Polygon","coordinates":[[[91,29],[92,29],[91,29]]]}`, "ring 1", "geometry"},
		{`{"type":"Polygon","coordinates":[[[91,29],[92,29],[92,29],[91,29]]]}`, "ring 1", "geometry"},
		{`{"type":"Polygon","coordinates":[[91,29],[92,29],[92,30],[91,29]]}`, "geometry", "geometry"},
		{`{"type":"Polygon","coordinates":[[[[91,29],[92,29],[92,30],[91,29]]]]}`, "geometry", "geometry"},
		{`{"type":"MultiPolygon","coordinates":[[[91,29],[92,29],[92,30],[91,29]]]}`, "geometry", "geometry"},
		{`{"type":"Polygon","coordinates":[[[91,29],[92,29],[[92,30]],[91,29]]]}`, "ring 1", "geometry"},
		{`{"type":"Polygon","coordinates":[[[91,29],[92,29],[92],[91,29]]]}`, "ring 1, position 3", "geometry"},
		{`{"type":"Polygon","coordinates":[[[91,29],[92,29],["92",30],[91,29]]]}`, "ring 1, position 3", "geometry"},
		{`{"type":"Polygon","coordinates":[[[91,29],[92,29],[null,30],[91,29]]]}`, "ring 1, position 3", "geometry"},
		{`{"type":"Polygon","coordinates":[[[91,29],[92,29],[{"x":[[1]]},30],[91,29]]]}`, "ring 1, position 3", "geometry"},
		{`{"type":"Polygon","coordinates":[[[91,29],[92,29],[92,1e400],[91,29]]]}`, "ring 1, position 3", "coordinate"},
		{`{"type":"Polygon","coordinates":[[[91,29],[92,29],[192,30],[91,29]]]}`, "ring 1, position 3", "coordinate"},
		{`{"type":"Polygon","coordinates":[[[91,29],[92,29],[92,-90.5],[91,29]]]}`, "ring 1, position 3", "coordinate"},
		{`{"type":"MultiPolygon","coordinates":[[[[91,29],[92,29],[92,30],[91,29]]],[[[91,29],[92,29],[92,30]]]]}`, "polygon 2, ring 1", "geometry"},
		{`{"type":"MultiPolygon","coordinates":[[[[91,29],[92,29],[92,30],[91,29]]],[[[91,29],[92,29],[992,30],[91,29]]]]}`, "polygon 2, ring 1, position 3", "coordinate"},
		{`{"coordinates":[[[91,29],[92,29],[92,300],[91,29]]],"type":"Polygon"}`, "ring 1, position 3", "coordinate"},
	} {
		b, err := KeyAreas("a.geojson", strings.NewReader(areasOf(square, c.geometry, square)))
		if err != nil {
			t.Errorf("%s: %v", c.geometry, err)
			continue
		}
		checkBatch(t, b, err)
		if got, want := faultList(b.Faults), fmt.Sprintf("2 %s %s\n", c.part, c.reason); got != want {
			t.Errorf("%s\ngot  %swant %s", c.geometry, got, want)
		}
		if len(b.Items) != 2 || b.Items[1].Line != 3 {
			t.Errorf("%s: the features around it are lost: %+v", c.geometry, b.Items)
		}
	}
	for _, c := range []struct{ geometry, part string }{
		{square, "geometry"},
		{`{"type":"LineString","coordinates":[[91,29]]}`, "line 1"},
		{`{"type":"LineString","coordinates":[[91,29],[91,29]]}`, "line 1"},
		{`{"type":"MultiLineString","coordinates":[[[91,29],[92,29]],[]]}`, "line 2"},
		{`{"type":"MultiLineString","coordinates":[[[91,29],[92,91]]]}`, "line 1, position 2"},
	} {
		text := strings.ReplaceAll(areasOf(c.geometry), `"code"`, `"ref"`)
		b, err := Highways("h.geojson", strings.NewReader(text))
		if err != nil || len(b.Faults) != 1 || b.Faults[0].Part != c.part {
			t.Errorf("highway %s: %v, %v", c.geometry, b.Faults, err)
		}
	}
}

func TestPropertyFaults(t *testing.T) {
	for _, c := range []struct{ properties, want string }{
		{`null`, "code required"},
		{`{}`, "code required"},
		{`[]`, " format"},
		{`"x"`, " format"},
		{`{"code":5,"name":"区"}`, "code syntax"},
		{`{"code":"A","name":5}`, "name syntax"},
		{`{"code":"A","name":{"zh":5}}`, "name syntax"},
		{`{"code":"A","name":{"bo":"x"}}`, "name required"},
		{`{"code":"A","name_zh":["区"]}`, "name_zh syntax"},
		{`{"code":"A","name":"区","sample":"yes"}`, "sample syntax"},
		{`{"code":"A","name":"区","county":"天上"}`, "county unknown-value"},
		{`{"code":"A","name":"a\u0000b"}`, " syntax"},
		{`{"code":"C1","name":"区"}`, "code duplicate"},
	} {
		text := areasOf(square, square)
		text = strings.Replace(text, `{"code":"C2","name":"区"}`, c.properties, 1)
		b, err := KeyAreas("a.geojson", strings.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", c.properties, err)
			continue
		}
		if got := faultList(b.Faults); got != "2 "+c.want+"\n" {
			t.Errorf("%s\ngot  %swant 2 %s (%v)", c.properties, got, c.want, b.Faults)
		}
	}
	const parcel = `"number":"P","name":"地","status":"promoted"`
	for _, c := range []struct{ properties, want string }{
		{parcel, "use required"},
		{parcel + `,"use_code":"1001"`, "use.scheme required"},
		{parcel + `,"use_code":"1001","use_scheme":"1999"`, "use.scheme unknown-value"},
		{parcel + `,"use_code":1001,"use_scheme":"2023"`, "use_code syntax"},
		{parcel + `,"use":"1001"`, "use syntax"},
		{parcel + `,"use":{"code":"1501","scheme":"2023"}`, "use not-public"},
		{parcel + `,"use":{"code":"0903","scheme":"2017"}`, "use not-public"},
		{parcel + `,"use":{"code":"1001","scheme":"2023"},"far":2`, "far syntax"},
		{parcel + `,"use":{"code":"1001","scheme":"2023"},"far":{"min":"1"}`, "far.min syntax"},
		{parcel + `,"use":{"code":"1001","scheme":"2023"},"far":{"min":1e400}`, "far.min syntax"},
		{parcel + `,"use":{"code":"1001","scheme":"2023"},"far":{"min":3,"max":2}`, "far out-of-range"},
		{parcel + `,"use":{"code":"1001","scheme":"2023"},"term_years":40.5`, "term_years syntax"},
		{parcel + `,"use":{"code":"1001","scheme":"2023"},"altitude_m":1e300`, "altitude_m out-of-range"},
		{parcel + `,"use":{"code":"1001","scheme":"2023"},"access":[94]`, "access syntax"},
		{parcel + `,"use":{"code":"1001","scheme":"2023"},"access":[94,129]`, "access coordinate"},
		{parcel + `,"use":{"code":"1001","scheme":"2023"},"access":{"lon":94}`, "access syntax"},
		{parcel + `,"use":{"code":"1001","scheme":"2023"},"facilities":["moon"]`, "facilities unknown-value"},
		{parcel + `,"use":{"code":"1001","scheme":"2023"},"price":{"amount":5,"unit":"USD"}`, "price unknown-value"},
		{parcel + `,"use":{"code":"1001","scheme":"2023"},"supply":"ZZ"`, "supply unknown-value"},
		{parcel + `,"use":{"code":"1001","scheme":"2023"},"uses":[{"code":"1001","scheme":"2023","area_m2":-1}]`, "uses out-of-range"},
		{parcel + `,"use":{"code":"1001","scheme":"2023"},"address":[]`, "address syntax"},
		{`"number":"P","name":"地","status":"gone","use":{"code":"1001","scheme":"2023"}`, "status unknown-value"},
	} {
		text := strings.Replace(areasOf(square), `"code":"C1","name":"区"`, c.properties, 1)
		b, err := ParcelsGeoJSON(t.Context(), "p.geojson", strings.NewReader(text), fakeRecord{}, ParcelOptions{})
		checkBatch(t, b, err)
		if got := faultList(b.Faults); err != nil || got != "1 "+c.want+"\n" {
			t.Errorf("%s\ngot  %swant 1 %s (%v, %v)", c.properties, got, c.want, b.Faults, err)
		}
	}
}

func TestGeoJSONFiles(t *testing.T) {
	crs := func(c string) string { return strings.Replace(areasOf(square), `{`, `{"crs":`+c+`,`, 1) }
	named := func(name string) string { return crs(`{"type":"name","properties":{"name":"` + name + `"}}`) }
	for name, c := range map[string]struct {
		text   string
		reason kora.Reason
		want   string
	}{
		"nothing":                  {"", kora.ReasonTruncated, "ends in the middle"},
		"blanks":                   {" \n", kora.ReasonTruncated, "ends in the middle"},
		"not JSON":                 {"编号,名称", kora.ReasonFormat, "not JSON"},
		"string":                   {`"x"`, kora.ReasonFormat, "not a GeoJSON object"},
		"null":                     {`null`, kora.ReasonFormat, "not a GeoJSON object"},
		"array":                    {`[]`, kora.ReasonFormat, "not a GeoJSON object"},
		"no type":                  {`{}`, kora.ReasonFormat, "no type"},
		"bare geometry":            {square, kora.ReasonFormat, "is a Polygon"},
		"type in small letters":    {`{"type":"featurecollection","features":[]}`, kora.ReasonFormat, "featurecollection"},
		"no features":              {`{"type":"FeatureCollection"}`, kora.ReasonFormat, "without features"},
		"features an object":       {`{"type":"FeatureCollection","features":{}}`, kora.ReasonFormat, "not an array"},
		"two types":                {`{"type":"FeatureCollection","type":"Feature","features":[]}`, kora.ReasonFormat, "twice"},
		"two geometries":           {strings.Replace(areasOf(square), `"geometry"`, `"geometry":null,"geometry"`, 1), kora.ReasonFormat, "a.geojson:1: has the member \"geometry\" twice"},
		"two values":               {areasOf(square) + "{}", kora.ReasonFormat, "goes on"},
		"cut off":                  {areasOf(square)[:100], kora.ReasonTruncated, "a.geojson:1"},
		"NaN":                      {areasOf(square, strings.Replace(square, "92", "NaN", 1)), kora.ReasonFormat, "a.geojson:2 (ring 1, position 2)"},
		"Infinity":                 {areasOf(strings.Replace(square, "92", "Infinity", 1)), kora.ReasonFormat, "a.geojson:1 (ring 1, position 2)"},
		"GB18030":                  {gb18030(t, areasOf(square)), kora.ReasonEncoding, "UTF-8"},
		"UTF-16":                   {"\xff\xfe{\x00", kora.ReasonEncoding, "UTF-16"},
		"deep coordinates":         {areasOf(square, `{"type":"Polygon","coordinates":`+strings.Repeat("[", 60)), kora.ReasonFormat, "a.geojson:2 (coordinates"},
		"deep properties":          {strings.Replace(areasOf(square), `"区"`, strings.Repeat("[", 40)+strings.Repeat("]", 40), 1), kora.ReasonFormat, "32 levels"},
		"deep elsewhere":           {`{"type":"FeatureCollection","x":` + strings.Repeat(`{"x":`, 40), kora.ReasonFormat, "32 levels"},
		"endless depth":            {`{"properties":` + strings.Repeat("[", 1<<20), kora.ReasonFormat, "max depth"},
		"large properties":         {strings.Replace(areasOf(square), `"区"`, `"`+strings.Repeat("区", 400<<10)+`"`, 1), kora.ReasonTooLarge, "1024 KiB"},
		"web mercator":             {named("urn:ogc:def:crs:EPSG::3857"), kora.ReasonCRS, "3857"},
		"Gauss-Krüger":             {named("EPSG:4519"), kora.ReasonCRS, "EPSG:4519"},
		"Xian 1980":                {named("urn:ogc:def:crs:EPSG::4610"), kora.ReasonCRS, "4610"},
		"code of another register": {named("ESRI:4490"), kora.ReasonCRS, "ESRI"},
		"linked crs":               {crs(`{"type":"link","properties":{"href":"http://example.com/crs/42"}}`), kora.ReasonCRS, "crs member"},
		"crs a number":             {crs(`4490`), kora.ReasonCRS, "crs member"},
		"crs of a feature":         {strings.Replace(areasOf(square), `{"type":"Feature",`, `{"crs":{"type":"name","properties":{"name":"EPSG:3857"}},"type":"Feature",`, 1), kora.ReasonCRS, "a.geojson:1"},
		"crs of a geometry":        {strings.Replace(areasOf(square), `{"type":"Polygon",`, `{"crs":{"type":"name","properties":{"name":"EPSG:3857"}},"type":"Polygon",`, 1), kora.ReasonCRS, "a.geojson:1"},
		"crs at the end":           {strings.TrimSuffix(areasOf(square), "}") + `,"crs":{"type":"name","properties":{"name":"EPSG:3857"}}}`, kora.ReasonCRS, "3857"},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := KeyAreas("a.geojson", strings.NewReader(c.text))
			wantRefused(t, b, err, c.reason, c.want)
		})
	}
	for _, crsName := range []string{
		"urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
		"urn:ogc:def:crs:EPSG::4326", "EPSG:4490", "urn:ogc:def:crs:EPSG:9.8:4490", "epsg:4326",
	} {
		b, err := KeyAreas("a.geojson", strings.NewReader(named(crsName)))
		if items := mustRead(t, b, err); len(items) != 1 || items[0].Value.Source.CRS == "" {
			t.Errorf("%s: %+v", crsName, items)
		}
	}
	b, err := KeyAreas("a.geojson", strings.NewReader(crs("null")))
	mustRead(t, b, err)
	b, err = KeyAreas("a.geojson", strings.NewReader(`{"type":"FeatureCollection","features":[]}`))
	if items := mustRead(t, b, err); len(items) != 0 {
		t.Errorf("items of an empty collection: %v", items)
	}
	b, err = KeyAreas("a.geojson", strings.NewReader(`{"geometry":`+square+`,"properties":{"code":"A","name":"区"},"type":"Feature"}`))
	if items := mustRead(t, b, err); len(items) != 1 || items[0].Line != 1 {
		t.Errorf("a single Feature: %v", items)
	}
}

func TestElementsThatAreNoFeatures(t *testing.T) {
	text := `{"type":"FeatureCollection","features":[5,null,[[]],{"type":"Feat"},` + strings.TrimPrefix(areasOf(square), `{"type":"FeatureCollection","features":[`)
	b, err := KeyAreas("a.geojson", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if want := "1  format\n2  format\n3  format\n4 type format\n"; !strings.HasPrefix(faultList(b.Faults), want) || len(b.Items) != 1 || b.Items[0].Line != 5 {
		t.Errorf("faults\n%sitems %+v", faultList(b.Faults), b.Items)
	}
}

// The files that a linter's authors collected: whatever is wrong with them is told, and nothing breaks.
func TestRealGeoJSON(t *testing.T) {
	realInput(t, "geojson/good/multipolygon.geojson")
	for _, kind := range []string{"good", "bad"} {
		files, err := filepath.Glob(filepath.Join("..", "..", "shared", "data", "geojson", kind, "*.geojson"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no %s files: %v", kind, err)
		}
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			b, err := KeyAreas(file, strings.NewReader(string(raw)))
			checkBatch(t, b, err)
			if err == nil && len(b.Faults) == 0 {
				t.Errorf("%s: %d items; it has no key areas", file, len(b.Items))
			}
			if kind == "bad" && err != nil {
				t.Logf("%s", err)
			}
		}
	}
}
