package exporters

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/paulmach/orb/encoding/wkt"
)

// writeCSV writes a table for people (RFC 4180) with the headings and words that importers reads. The byte order mark tells
// spreadsheets that it is UTF-8.
func (s *Set) writeCSV(ctx context.Context, w *bufio.Writer, l *layer) error {
	w.WriteString("\ufeff")
	table := csv.NewWriter(w)
	table.UseCRLF = true
	heading := []string{}
	for _, f := range l.fields {
		heading = append(heading, f.heading)
	}
	if l.shape != "" {
		heading = append(heading, "经度", "纬度", "坐标系")
	}
	if l.wkt {
		heading = append(heading, "图形（WKT）")
	}
	for _, c := range l.constants {
		heading = append(heading, c.heading)
	}
	if err := table.Write(heading); err != nil {
		return fmt.Errorf("export %s: %w", l.name, err)
	}
	for r := range l.rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		cells := make([]string, 0, len(heading))
		for i, f := range l.fields {
			cell, err := f.cell(r.values[i])
			if err != nil {
				return fmt.Errorf("export %s %d: %w", l.name, r.id, err)
			}
			cells = append(cells, cell)
		}
		if l.shape != "" {
			cells = append(cells, decimal(r.at[0]), decimal(r.at[1]), "CGCS2000")
		}
		if l.wkt {
			cells = append(cells, wkt.MarshalString(r.geometry))
		}
		for _, c := range l.constants {
			cell, err := c.cell(c.value)
			if err != nil {
				return fmt.Errorf("export %s %d: %w", l.name, r.id, err)
			}
			cells = append(cells, cell)
		}
		if err := table.Write(cells); err != nil {
			return fmt.Errorf("export %s: %w", l.name, err)
		}
	}
	table.Flush()
	return table.Error()
}

// cell is a value as a table of text has it.
func (f field) cell(v any) (string, error) {
	s, err := f.text(v)
	switch v.(type) {
	case nil, bool, int, int64, float64:
		return s, err // a minus is no formula
	}
	return guard(s), err
}

// text is a value in the words of people.
func (f field) text(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return f.word(v), nil
	case bool:
		if v {
			return "是", nil
		}
		return "否", nil
	case int:
		return strconv.Itoa(v), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case float64:
		return decimal(v), nil
	case []string:
		words := make([]string, len(v))
		for i, s := range v {
			words[i] = f.word(s)
		}
		return strings.Join(words, "、"), nil
	}
	if f.kind != other {
		return "", fmt.Errorf("%s: %T has no place in a table", f.name, v)
	}
	b, err := json.Marshal(v)
	return string(b), err
}

// word is what people call a value that is a code; others are themselves.
func (f field) word(value string) string {
	if w, ok := f.words[value]; ok {
		return w
	}
	return value
}

// decimal writes a number without an exponent, with the digits that it needs.
func decimal(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// formulaSigns begin what a spreadsheet takes for a formula, or cut off what stands before one.
const formulaSigns = "=+-@\t\r\n\x00＝＋－＠"

// guard puts a ' before a text that a spreadsheet would compute or run, so that it stays a text. Importers takes it off again;
// so that nothing is taken off that belongs there, a text with ' before such a sign gets one more.
func guard(s string) string {
	if strings.IndexAny(strings.TrimLeft(s, "'"), formulaSigns) == 0 {
		return "'" + s
	}
	return s
}
