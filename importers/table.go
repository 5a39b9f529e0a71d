package importers

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"kora"
)

// The limits of one row of a table. A quote that is never closed makes one row of the rest of the file, so the limit in
// bytes also finds that early.
const (
	maxRowBytes = 64 << 10
	maxCells    = 1_000
)

// A table is a CSV file whose first row with anything in it is the heading. Cells are parted by commas, semicolons or
// tabs, whichever makes the most of the heading.
type table struct {
	file    string
	csv     *csv.Reader
	index   map[string]int    // column → place in the row
	heading map[string]string // column → heading as the file writes it
	line    int               // of the heading
	width   int               // cells in the heading
	twice   string            // two headings that mean one column
}

// A row is one record of a table, with the line that it starts on.
type row struct {
	line  int
	cells []string
	table *table
}

// cell is the text in a column, "" when the table has no such column.
func (r row) cell(column string) string {
	if i, ok := r.table.index[column]; ok && i < len(r.cells) {
		return unguarded(r.cells[i])
	}
	return ""
}

// unguarded is a cell without the ' that Kora's own tables put before a sign that a spreadsheet takes for a formula's.
func unguarded(cell string) string {
	if rest := strings.TrimLeft(cell, "'"); len(rest) < len(cell) && strings.IndexAny(rest, "=+-@\t\r\n\x00＝＋－＠") == 0 {
		return cell[1:]
	}
	return cell
}

// openTable finds the heading of text. columns maps a heading, in the form that foldHeading gives, to its column.
func openTable(name, text string, columns map[string]string) (*table, error) {
	if err := checkRows(name, text); err != nil {
		return nil, err
	}
	var best *table
	var failed error
	for _, comma := range []rune{',', ';', '\t'} {
		t := &table{file: baseName(name), csv: csv.NewReader(strings.NewReader(text))}
		t.csv.Comma = comma
		t.csv.FieldsPerRecord = -1
		t.csv.ReuseRecord = true
		first, err := t.next()
		if err != nil {
			failed = err
			continue
		}
		t.readHeading(first, columns)
		if best == nil || len(t.index) > len(best.index) {
			best = t
		}
	}
	switch {
	case best != nil && best.twice != "":
		return nil, wholeFile(name, best.line, kora.ReasonHeading,
			fmt.Sprintf("the headings %s mean the same column; keep one of them", best.twice))
	case best != nil:
		return best, nil
	case errors.Is(failed, io.EOF):
		return nil, wholeFile(name, 0, kora.ReasonHeading, "the table has no heading")
	}
	return nil, failed
}

// readHeading gives the columns their places.
func (t *table) readHeading(r row, columns map[string]string) {
	t.line, t.width = r.line, len(r.cells)
	t.index, t.heading = map[string]int{}, map[string]string{}
	for i, cell := range r.cells {
		column, ok := columns[foldHeading(cell)]
		if !ok {
			base, _, _ := strings.Cut(foldHeading(cell), "(")
			column, ok = columns[base]
		}
		if !ok {
			continue
		}
		if other, taken := t.heading[column]; taken {
			t.twice = fmt.Sprintf("%q and %q", other, tidy(cell))
			continue
		}
		t.index[column], t.heading[column] = i, tidy(cell)
	}
}

// unit is what the heading of a column says in brackets, "" when it says nothing.
func (t *table) unit(column string) string {
	_, unit, _ := strings.Cut(foldHeading(t.heading[column]), "(")
	return strings.TrimSuffix(unit, ")")
}

// foldHeading is a heading in the form in which lists of synonyms hold it: usual width, small letters, no blanks, and
// without the star that marks a required column.
func foldHeading(s string) string {
	s = strings.ToLower(fold(s))
	s = strings.Join(strings.Fields(s), "")
	return strings.Trim(s, "*:")
}

// need refuses a table that lacks one of columns.
func (t *table) need(name string, labels map[string]string, columns ...string) error {
	var missing []string
	for _, c := range columns {
		if _, ok := t.index[c]; !ok {
			missing = append(missing, labels[c])
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return wholeFile(name, t.line, kora.ReasonHeading,
		"the heading lacks "+strings.Join(missing, ", ")+"; the first row must name the columns")
}

// next is the next row that has anything in it, or io.EOF.
func (t *table) next() (row, error) {
	for {
		cells, err := t.csv.Read()
		if errors.Is(err, io.EOF) {
			return row{}, io.EOF
		}
		if parse, ok := errors.AsType[*csv.ParseError](err); ok {
			return row{}, wholeFile(t.file, parse.StartLine, kora.ReasonFormat,
				fmt.Sprintf("line %d has a quote that does not belong there (%v); a quoted cell starts and ends with \" and doubles those inside",
					parse.Line, parse.Err))
		}
		if err != nil {
			return row{}, fmt.Errorf("read %s: %w", t.file, err)
		}
		line, _ := t.csv.FieldPos(0)
		for _, c := range cells {
			if fold(c) != "" {
				return row{line, cells, t}, nil
			}
		}
	}
}

// checkRows refuses rows that are too long or have too many cells before encoding/csv makes room for them.
func checkRows(name, text string) error {
	line, start, first, cells := 1, 0, 1, 0
	quoted := false
	for i := range len(text) {
		switch text[i] {
		case '"':
			quoted = !quoted
		case ',', ';', '\t':
			if !quoted {
				cells++
			}
		case '\n':
			line++
			if !quoted {
				start, first, cells = i+1, line, 0
			}
		}
		if i-start > maxRowBytes {
			return wholeFile(name, first, kora.ReasonTooLarge,
				fmt.Sprintf("the row is longer than %d KiB; a quote may not be closed", maxRowBytes>>10))
		}
		if cells > maxCells {
			return wholeFile(name, first, kora.ReasonTooLarge, fmt.Sprintf("the row has more than %d cells", maxCells))
		}
	}
	return nil
}
