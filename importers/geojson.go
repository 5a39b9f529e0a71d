package importers

import (
	"encoding/json"
	"io"

	"kora"
)

// A feature is one feature of a GeoJSON file (RFC 7946) as it stands there.
type feature struct {
	number     int // 1-based
	properties json.RawMessage
	geometry   *geometry // nil when null or missing
	problems   []problem
}

// A problem is a refusal of a part of a feature.
type problem struct {
	part string
	err  *kora.Error
}

// readFeatures calls visit for each feature of a FeatureCollection, or for the one Feature that the file is, in order.
// crs is what the file says of its reference system, "" when it says nothing. Because that may stand at the end, nothing
// that was visited may be used when there is an error. With grids it may be one of projected coordinates, of which PostGIS
// knows the way to CGCS2000; whether coordinates are in range is then for the caller to say.
func readFeatures(name string, r io.Reader, grids bool, visit func(*feature) error) (crs string, err error) {
	j, err := newJSONReader(name, r, maxJSONBytes)
	if err != nil {
		return "", err
	}
	return readCollection(j, grids, visit)
}

func readCollection(j *jsonReader, grids bool, visit func(*feature) error) (crs string, err error) {
	g := geoReader{jsonReader: j, grids: grids}
	t, err := g.token()
	if err != nil {
		return "", err
	}
	if t != json.Delim('{') {
		return "", g.refuse(kora.ReasonFormat, "is not a GeoJSON object")
	}
	var kind string
	var listed bool
	single := &feature{number: 1}
	err = g.members([]string{"type", "features", "crs", "geometry", "properties"}, func(key string) error {
		switch key {
		case "type":
			var err error
			kind, _, err = g.text()
			return err
		case "features":
			listed = true
			return g.features(visit)
		case "crs":
			return g.readCRS()
		}
		return g.member(single, key)
	})
	if err != nil {
		return g.crs, err
	}
	if err := g.end(); err != nil {
		return "", err
	}
	switch {
	case kind == "FeatureCollection" && listed:
		return g.crs, nil
	case kind == "FeatureCollection":
		return "", g.refuse(kora.ReasonFormat, "is a FeatureCollection without features")
	case kind == "Feature" && !listed:
		return g.crs, visit(single)
	case kind == "":
		return "", g.refuse(kora.ReasonFormat, "is not GeoJSON: it has no type")
	}
	return "", g.refuse(kora.ReasonFormat, "is a %s; a FeatureCollection or a Feature is needed", clipWord(kind))
}

// A geoReader reads the parts of GeoJSON.
type geoReader struct {
	*jsonReader
	grids    bool
	crs      string
	vertices int // of the file
}

// features reads the array of features.
func (g *geoReader) features(visit func(*feature) error) error {
	t, err := g.token()
	if err != nil {
		return err
	}
	if t != json.Delim('[') {
		return g.refuse(kora.ReasonFormat, "has features that are not an array")
	}
	for n := 1; ; n++ {
		t, err := g.token()
		if err != nil {
			return err
		}
		if t == json.Delim(']') {
			g.number = 0
			return nil
		}
		g.number = n
		f := &feature{number: n}
		if err := g.feature(f, t); err != nil {
			return err
		}
		if err := visit(f); err != nil {
			return err
		}
	}
}

// feature reads one element of features that starts with t.
func (g *geoReader) feature(f *feature, t json.Token) error {
	if t != json.Delim('{') {
		f.problem("", kora.ReasonFormat, "is not a Feature object")
		return g.skip(t)
	}
	kind := ""
	err := g.members([]string{"type", "crs", "geometry", "properties"}, func(key string) error {
		switch key {
		case "type":
			var err error
			kind, _, err = g.text()
			return err
		case "crs":
			return g.readCRS()
		}
		return g.member(f, key)
	})
	if err == nil && kind != "Feature" {
		f.problem("type", kora.ReasonFormat, "the type is %q, not Feature", clipWord(kind))
	}
	return err
}

// member reads the geometry or the properties of f.
func (g *geoReader) member(f *feature, key string) error {
	if key == "properties" {
		var err error
		f.properties, err = g.raw()
		return err
	}
	t, err := g.token()
	switch {
	case err != nil || t == nil:
		return err
	case t != json.Delim('{'):
		f.problem("geometry", kora.ReasonGeometry, "is not a geometry object")
		return g.skip(t)
	}
	f.geometry, err = g.geometry()
	return err
}

// readCRS reads the member that GeoJSON had until 2016, which ogr2ogr still writes.
func (g *geoReader) readCRS() error {
	raw, err := g.raw()
	if err != nil {
		return err
	}
	var crs *struct {
		Type       string
		Properties struct{ Name string }
	}
	if err := json.Unmarshal(raw, &crs); err != nil {
		return g.refuse(kora.ReasonCRS, "the crs member is not understood; leave it out for CGCS2000 or WGS 84")
	}
	if crs == nil {
		return nil
	}
	named, refusal := namedCRS(crs.Properties.Name, g.grids)
	switch {
	case refusal != nil:
		return g.refuse(kora.ReasonCRS, "%q (crs member): %v", clipWord(crs.Properties.Name), refusal)
	case g.crs != "" && g.crs != named:
		return g.refuse(kora.ReasonCRS, "the crs members name both %s and %s", g.crs, named)
	}
	g.crs = named
	return nil
}

func (f *feature) problem(part string, reason kora.Reason, format string, args ...any) {
	field := "geometry"
	if part == "type" || part == "" {
		field = part
	}
	f.problems = append(f.problems, problem{part, kora.Refuse(reason, field, nil, format, args...)})
}

// clipWord keeps a word from a file short enough for a sentence.
func clipWord(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
