package importers

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"kora"
)

// textProperty is a text in three languages as a property gives it: a Chinese string, or {"zh": …, "bo": …, "en": …}.
type textProperty struct {
	kora.Name
	wrong bool
}

// UnmarshalJSON never fails, so that the other properties are read too; wrong says that the value was neither form.
func (p *textProperty) UnmarshalJSON(raw []byte) error {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		p.ZH = text
	} else {
		p.wrong = json.Unmarshal(raw, &p.Name) != nil
	}
	return nil
}

func (p textProperty) check(field string) *kora.Error {
	if p.wrong {
		return kora.Refuse(kora.ReasonSyntax, field, nil, `must be a string or {"zh": …, "bo": …, "en": …}`)
	}
	return nil
}

// or adds the languages that are given as properties of their own, name_zh, name_bo and name_en, and tidies the text.
func (p textProperty) or(zh, bo, en string) kora.Name {
	first := func(a, b string) string {
		if a = tidy(a); a != "" {
			return a
		}
		return tidy(b)
	}
	return kora.Name{ZH: first(p.ZH, zh), BO: first(p.BO, bo), EN: first(p.EN, en)}
}

// nameProperties are the forms in which a feature may give its name.
type nameProperties struct {
	Name   textProperty `json:"name"`
	NameZH string       `json:"name_zh"`
	NameBO string       `json:"name_bo"`
	NameEN string       `json:"name_en"`
}

func (p *nameProperties) name(f *feature) kora.Name {
	f.refuse(p.Name.check("name"))
	return p.Name.or(p.NameZH, p.NameBO, p.NameEN)
}

// refuse keeps the refusal of a property, when there is one.
func (f *feature) refuse(err *kora.Error) {
	if err != nil {
		f.problems = append(f.problems, problem{err.Field, err})
	}
}

// county is today's code of the county that a property names.
func (f *feature) county(s string) string {
	code, err := countyCode("county", s)
	f.refuse(err)
	return code
}

// decode reads f's properties into p, which is a pointer to a struct with json tags.
func (f *feature) decode(p any) {
	if f.properties != nil {
		f.refuse(decodeObject(f.properties, p))
	}
}

// decodeObject reads one JSON object; a value of the wrong type is refused by its name.
func decodeObject(raw json.RawMessage, p any) *kora.Error {
	if bytes.Contains(raw, []byte(`\u0000`)) {
		return kora.Refuse(kora.ReasonSyntax, "", nil, "holds a NUL character")
	}
	err := json.Unmarshal(raw, p)
	if err == nil {
		return nil
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if wrong.Field == "" {
			return kora.Refuse(kora.ReasonFormat, "", nil, "is a JSON %s where an object is needed", kora.Word(wrong.Value))
		}
		return kora.Refuse(kora.ReasonSyntax, propertyPath(wrong.Field), nil,
			"is a JSON %s and cannot be read as %s", kora.Word(wrong.Value), jsonType(wrong.Type.Kind().String()))
	}
	return kora.Refuse(kora.ReasonSyntax, "", nil, "%v", err)
}

// propertyPath leaves the names of embedded structs, which alone have capitals, out of what encoding/json calls a field.
func propertyPath(field string) string {
	names := strings.Split(field, ".")
	return strings.Join(slices.DeleteFunc(names, func(n string) bool { return n != strings.ToLower(n) }), ".")
}

func jsonType(kind string) kora.Word {
	switch {
	case strings.HasPrefix(kind, "float"):
		return "a number"
	case strings.HasPrefix(kind, "int"):
		return "a whole number"
	case kind == "slice":
		return "an array"
	case kind == "struct":
		return "an object"
	case kind == "bool":
		return "true or false"
	}
	return "a string"
}

// readLayer reads a GeoJSON file of one kind of record. build makes a record of a feature, with its unique key, and
// leaves what it refuses in the feature's problems.
func readLayer[T any, P record[T]](name string, r io.Reader, field string, build func(*feature) (value T, key string),
	source func(*T) *kora.Source) (Batch[T], error) {
	c := newCollector[T, P](name, "feature")
	crs, err := readFeatures(name, r, false, func(f *feature) error {
		value, key := build(f)
		source(&value).File = c.file
		faults := make([]kora.Fault, len(f.problems))
		for i, p := range f.problems {
			faults[i] = c.fault(f.number, p.part, p.err)
		}
		return c.add(f.number, field, key, value, faults)
	})
	for i := range c.batch.Items {
		source(&c.batch.Items[i].Value).CRS = crs
	}
	return c.result(err)
}
