package exporters

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/paulmach/orb/geojson"
)

// writeGeoJSON writes a FeatureCollection as /v1 has it, a line for each feature. What is to be known about all of them stands
// in members of the collection.
func (s *Set) writeGeoJSON(ctx context.Context, w *bufio.Writer, l *layer) error {
	about := append([]member{{"type", "FeatureCollection"}, {"name", l.name}}, s.about...)
	return writeFeatures(ctx, w, l, about, nested)
}

// writeFeatures writes the features of l. A bufio.Writer keeps its first error, which flushing tells.
func writeFeatures(ctx context.Context, w *bufio.Writer, l *layer, about []member, properties func(*layer, row) ([]byte, error)) error {
	b, err := object(about)
	if err != nil {
		return fmt.Errorf("export %s: %w", l.name, err)
	}
	w.Write(b[:len(b)-1]) // the features are its last member
	w.WriteString(`,"features":[`)
	parting := "\n"
	for r := range l.rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		p, err := properties(l, r)
		if err != nil {
			return fmt.Errorf("export %s %d: %w", l.name, r.id, err)
		}
		var geometry *geojson.Geometry // null in a table of no places
		if l.shape != "" {
			geometry = geojson.NewGeometry(r.geometry)
		}
		b, err := object([]member{{"type", "Feature"}, {"id", r.id}, {"geometry", geometry},
			{"properties", json.RawMessage(p)}})
		if err != nil {
			return fmt.Errorf("export %s %d: %w", l.name, r.id, err)
		}
		w.WriteString(parting)
		w.Write(b)
		parting = ",\n"
	}
	_, err = w.WriteString("\n]}\n")
	return err
}

// nested gives the properties of a row as /v1 does: name.zh and name.en are members of name. What is not known is left out.
func nested(l *layer, r row) ([]byte, error) {
	var all []member
	for i, f := range l.fields {
		if r.values[i] == nil {
			continue
		}
		outer, inner, within := strings.Cut(f.name, ".")
		if !within {
			all = append(all, member{outer, r.values[i]})
			continue
		}
		if n := len(all); n == 0 || all[n-1].name != outer {
			all = append(all, member{outer, []member(nil)})
		}
		last := &all[len(all)-1]
		last.value = append(last.value.([]member), member{inner, r.values[i]})
	}
	return object(all)
}

// object writes a JSON object whose members keep their order.
func object(members []member) ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range members {
		if i > 0 {
			b.WriteByte(',')
		}
		value := m.value
		if inner, ok := value.([]member); ok {
			o, err := object(inner)
			if err != nil {
				return nil, err
			}
			value = json.RawMessage(o)
		}
		for j, part := range []any{m.name, value} {
			text, err := json.Marshal(part)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", m.name, err)
			}
			if j == 1 {
				b.WriteByte(':')
			}
			b.Write(text)
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
