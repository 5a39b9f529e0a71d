package exporters

import (
	"iter"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"kora"
	"kora/atlas"
)

// A Set is what one export holds: a layer or several, with what is to be known about all of them.
type Set struct {
	layers []*layer
	about  []member
}

// Layer is the set of one of the layers.
func (s *Set) Layer(name string) *Set {
	i := slices.IndexFunc(s.layers, func(l *layer) bool { return l.name == name })
	return &Set{layers: s.layers[i : i+1], about: s.about}
}

// A member is a member of a JSON object.
type member struct {
	name  string
	value any
}

// A layer is a table of places. Every format is written from it.
type layer struct {
	name   string
	title  string // of its sheet; "" for name
	shape  string // Point, MultiLineString, Polygon or MultiPolygon; "" when rows are no places
	wkt    bool   // whether a table of text carries the shapes too
	fields []field
	count  int
	rows   iter.Seq[row]
	// What holds for every row. GeoJSON tells it once, in the members of its collection; a table has no place but columns.
	constants []constant
}

// A field is a property of every row. Its name is that of /v1, with a dot where it is a member of an object there: name.zh.
type field struct {
	name    string
	heading string // in tables for people
	kind    kind
	words   map[string]string // what people call its values
}

// flat is the name of a column.
func (f field) flat() string { return strings.ReplaceAll(f.name, ".", "_") }

// kind is what the values of a field are.
type kind int

const (
	text    kind = iota // string
	real                // float64
	portion             // float64, 0 to 1
	whole               // int or int64
	flag                // bool
	list                // []string
	other               // anything that JSON can tell
)

type constant struct {
	field
	value any
}

// A row is one place. A value is nil when it is not known.
type row struct {
	id       int64
	geometry orb.Geometry
	at       orb.Point // where it is, for tables
	values   []any     // by field
}

// A column is a field of things of one type.
type column[T any] struct {
	field
	of func(T) any
}

func layerOf[T any](name, shape string, items []T, columns []column[T], place func(T) (id int64, g orb.Geometry, at orb.Point)) *layer {
	l := &layer{name: name, shape: shape, count: len(items)}
	for _, c := range columns {
		l.fields = append(l.fields, c.field)
	}
	l.rows = func(yield func(row) bool) {
		for _, item := range items {
			r := row{values: make([]any, len(columns))}
			r.id, r.geometry, r.at = place(item)
			for i, c := range columns {
				r.values[i] = c.of(item)
			}
			if !yield(r) {
				return
			}
		}
	}
	return l
}

// given is nil for what is not known: the zero value.
func given[V comparable](v V) any {
	var none V
	if v == none {
		return nil
	}
	return v
}

// names are the columns of a name in three languages.
func names[T any](name string, headings [3]string, of func(T) kora.Name) []column[T] {
	return []column[T]{
		{field{name + ".zh", headings[0], text, nil}, func(v T) any { return given(of(v).ZH) }},
		{field{name + ".bo", headings[1], text, nil}, func(v T) any { return given(of(v).BO) }},
		{field{name + ".en", headings[2], text, nil}, func(v T) any { return given(of(v).EN) }},
	}
}

// rightHanded is m with outer rings counter-clockwise and holes clockwise, as RFC 7946 has them.
func rightHanded(m orb.MultiPolygon) orb.MultiPolygon {
	m = m.Clone()
	for _, polygon := range m {
		for i, ring := range polygon {
			if want := map[bool]orb.Orientation{true: orb.CCW, false: orb.CW}[i == 0]; ring.Orientation() != want {
				ring.Reverse()
			}
		}
	}
	return m
}

// aboutOf is what every GeoJSON file tells about itself.
func aboutOf(a *atlas.Atlas, sample bool) []member {
	return []member{
		{"sample", sample},
		{"datum", "CGCS2000 (EPSG:4490), within a metre of WGS 84"},
		{"snapshot", a.Position.Snapshot},
		{"as_of", a.AsOf},
	}
}
