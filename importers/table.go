package importers

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"kora"
)

// The limits of one row of a table. A quote that is never closed makes one row of the rest of the file, so the limit in
// bytes also finds that early.
const (
	maxRowBytes = 1 << 20 // an outline as WKT may be long
	maxCells    = 1_000
	maxTitles   = 10 // rows above the heading
)

// rowSource gives the rows of a table that have anything in them, with the line or row on which each starts, and io.EOF
// after the last. The cells are good until the next row.
type rowSource interface {
	next() (line int, cells []string, err error)
	cellName(line, column int) string   // "C7", "" for a text
	wrong(line, column int) *kora.Error // why a cell must not be read, nil when it may
	remarks() []*kora.Error             // what to know of the whole
	close()
}

// A table is a CSV file or the first sheet of a workbook. Its heading is the row, or the two rows, that name the most
// columns; what stands above is passed over.
type table struct {
	file     string
	encoding string
	rows     rowSource
	ahead    []row             // rows read while looking for the heading
	index    map[string]int    // column → place in the row
	heading  map[string]string // column → heading as the file writes it
	units    map[string]string // column → what the heading says in brackets or below
	line     int               // of the heading
	width    int               // cells in the heading
	twice    [2]string         // two headings that mean one column
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

// part names the cell of a column: its heading, with the cell's name in a workbook.
func (r row) part(column string) string {
	i, ok := r.table.index[column]
	if !ok {
		return column
	}
	return strings.TrimSpace(r.table.heading[column] + " " + r.table.rows.cellName(r.line, i))
}

// beyond refuses cells to the right of the heading, which a separator inside a cell makes.
func (r row) beyond() *kora.Error {
	if len(r.cells) > r.table.width && slices.ContainsFunc(r.cells[r.table.width:], func(c string) bool { return fold(c) != "" }) {
		return kora.Refuse(kora.ReasonSyntax, "", nil,
			"has %d cells where the heading has %d; perhaps a separator inside a cell without quotes", len(r.cells), r.table.width)
	}
	return nil
}

// unguarded is a cell without the ' that Kora's own tables put before a sign that a spreadsheet takes for a formula's.
func unguarded(cell string) string {
	if rest := strings.TrimLeft(cell, "'"); len(rest) < len(cell) && strings.IndexAny(rest, "=+-@\t\r\n\x00＝＋－＠") == 0 {
		return cell[1:]
	}
	return cell
}

// openTable finds the heading of a file, a workbook or CSV with its cells parted by commas, semicolons or tabs, whichever
// makes the most of the heading. columns maps a heading, in the form that foldHeading gives, to its column; key is the one
// that every row fills. The caller closes the table.
func openTable(name string, r io.Reader, columns map[string]string, key string) (*table, error) {
	raw, err := readAll(name, r)
	if err != nil {
		return nil, err
	}
	if isZIP(raw) {
		rows, err := openWorkbook(name, raw)
		if err != nil {
			return nil, err
		}
		t := &table{file: baseName(name), rows: rows}
		if err := t.findHeading(columns, key); err != nil {
			t.close()
			return nil, t.noHeading(err)
		}
		return t.checked()
	}
	text, refusal := textOf(raw)
	if refusal != nil {
		return nil, refusal.in(name)
	}
	if err := checkRows(name, text.reader()); err != nil {
		return nil, err
	}
	var best *table
	var failed error
	for _, comma := range []rune{',', ';', '\t'} {
		t := &table{file: baseName(name), encoding: text.encoding, rows: newCSVRows(name, text, comma)}
		if err := t.findHeading(columns, key); err != nil {
			failed = t.noHeading(err)
			continue
		}
		if best == nil || len(t.index) > len(best.index) {
			best = t
		}
	}
	if best == nil {
		return nil, failed
	}
	return best.checked()
}

func (t *table) close() { t.rows.close() }

func (t *table) noHeading(err error) error {
	if errors.Is(err, io.EOF) {
		return wholeFile(t.file, 0, kora.ReasonHeading, "the table has no heading")
	}
	return err
}

func (t *table) checked() (*table, error) {
	if t.twice[0] != "" {
		t.close()
		return nil, wholeFile(t.file, t.line, kora.ReasonHeading, "the headings %q and %q mean the same column; keep one of them", t.twice[0], t.twice[1])
	}
	return t, nil
}

// findHeading looks at the first rows for the one, or the two, that name the most columns. A second row belongs to the
// heading when it adds to it and leaves the key column to the first: a row of data never does.
func (t *table) findHeading(columns map[string]string, key string) error {
	for len(t.ahead) < maxTitles+2 {
		r, err := t.read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		r.cells = slices.Clone(r.cells)
		t.ahead = append(t.ahead, r)
	}
	if len(t.ahead) == 0 {
		return io.EOF
	}
	best, after := heading{}, 0
	for i, r := range t.ahead {
		one := readHeading(r.cells, nil, columns)
		if len(one.index) > len(best.index) || i == 0 {
			best, after, t.line = one, i+1, r.line
		}
		if i+1 == len(t.ahead) {
			break
		}
		below := t.ahead[i+1].cells
		two := readHeading(r.cells, below, columns)
		column, named := two.index[key]
		if named && two.below > 0 && len(two.index) >= len(best.index) && (fold(cellAt(below, column)) == "" || columns[foldHeading(cellAt(below, column))] == key) {
			best, after, t.line = two, i+2, r.line
		}
	}
	t.ahead = t.ahead[after:]
	t.index, t.heading, t.units, t.twice, t.width = best.index, best.heading, best.units, best.twice, best.width
	return nil
}

// A heading is what one row, or two, say of the columns.
type heading struct {
	index   map[string]int
	heading map[string]string
	units   map[string]string
	twice   [2]string
	width   int
	below   int // cells of the second row that were of use
}

// readHeading gives the columns their places. A blank cell of the upper row belongs to the group on its left when there is
// something below it, as merged cells have it.
func readHeading(upper, lower []string, columns map[string]string) heading {
	h := heading{index: map[string]int{}, heading: map[string]string{}, units: map[string]string{}, width: max(len(upper), len(lower))}
	group := ""
	for i := range h.width {
		top, bottom := cellAt(upper, i), cellAt(lower, i)
		if fold(top) != "" {
			group = top
		} else if fold(bottom) != "" {
			top = group
		}
		column, unit, used := headingColumn(top, bottom, columns)
		if column == "" {
			continue
		}
		name := tidy(top)
		if used {
			h.below++
			name = tidy(top + " " + bottom)
		}
		if other, taken := h.heading[column]; taken {
			h.twice = [2]string{other, name}
			continue
		}
		h.index[column], h.heading[column], h.units[column] = i, name, unit
	}
	return h
}

func cellAt(cells []string, i int) string {
	if i < len(cells) {
		return cells[i]
	}
	return ""
}

// headingColumn is the column that two cells above each other name, with the unit that they give. used tells whether the
// lower one had a part in it.
func headingColumn(top, bottom string, columns map[string]string) (column, unit string, used bool) {
	top, bottom = foldHeading(top), foldHeading(bottom)
	bare, inBrackets := cutUnit(top)
	if bottom == "" {
		if c, ok := columns[top]; ok {
			return c, inBrackets, false
		}
		return columns[bare], inBrackets, false
	}
	lowerBare, lowerUnit := cutUnit(bottom)
	for _, c := range []struct{ name, unit string }{
		{top + bottom, ""}, {bare + lowerBare, lowerUnit}, {bottom, lowerUnit}, {lowerBare, lowerUnit},
	} {
		if column, ok := columns[c.name]; ok {
			return column, c.unit, true
		}
	}
	if unitWords[strings.Trim(bottom, "()")] {
		if c, ok := columns[bare]; ok {
			return c, strings.Trim(bottom, "()"), true
		}
	}
	return "", "", false
}

// unitWords may stand alone below a heading.
var unitWords = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq("㎡ m2 m² 平方米 亩 公顷 ha hm2 hm² 米 m % ％ 年 万元 元 元/㎡ 元/m2 元/平方米 万元/亩 元/㎡楼面") {
		m[foldHeading(w)] = true
	}
	return m
}()

// cutUnit parts a folded heading into its name and what it says in brackets at its end.
func cutUnit(h string) (name, unit string) {
	name, unit, _ = strings.Cut(h, "(")
	return name, strings.TrimSuffix(unit, ")")
}

// unit is the unit that the heading of a column gives, "" when it gives none.
func (t *table) unit(column string) string { return t.units[column] }

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
		"the heading lacks %s; the first row must name the columns", strings.Join(missing, ", "))
}

// next is the next row that has anything in it, or io.EOF.
func (t *table) next() (row, error) {
	if len(t.ahead) > 0 {
		r := t.ahead[0]
		t.ahead = t.ahead[1:]
		return r, nil
	}
	return t.read()
}

func (t *table) read() (row, error) {
	for {
		line, cells, err := t.rows.next()
		if err != nil {
			return row{}, err
		}
		if slices.ContainsFunc(cells, func(c string) bool { return fold(c) != "" }) {
			return row{line, cells, t}, nil
		}
	}
}

// csvRows are the rows of a text.
type csvRows struct {
	file string
	csv  *csv.Reader
}

func newCSVRows(name string, t *text, comma rune) *csvRows {
	c := &csvRows{file: baseName(name), csv: csv.NewReader(t.reader())}
	c.csv.Comma = comma
	c.csv.FieldsPerRecord = -1
	c.csv.ReuseRecord = true
	return c
}

func (*csvRows) cellName(int, int) string   { return "" }
func (*csvRows) wrong(int, int) *kora.Error { return nil }
func (*csvRows) remarks() []*kora.Error     { return nil }
func (*csvRows) close()                     {}

func (c *csvRows) next() (line int, cells []string, err error) {
	cells, err = c.csv.Read()
	if errors.Is(err, io.EOF) {
		return 0, nil, io.EOF
	}
	if parse, ok := errors.AsType[*csv.ParseError](err); ok {
		return 0, nil, wholeFile(c.file, parse.StartLine, kora.ReasonFormat,
			"line %d has a quote that does not belong there (%v); a quoted cell starts and ends with \" and doubles those inside",
			parse.Line, parse.Err)
	}
	if err != nil {
		return 0, nil, fmt.Errorf("read %s: %w", c.file, err)
	}
	line, _ = c.csv.FieldPos(0)
	return line, cells, nil
}

// checkRows refuses rows that are too long or have too many cells before encoding/csv makes room for them.
func checkRows(name string, r io.Reader) error {
	line, length, first, cells := 1, 0, 1, 0
	quoted := false
	buf := make([]byte, 64<<10)
	for {
		n, err := r.Read(buf)
		for _, b := range buf[:n] {
			length++
			switch b {
			case '"':
				quoted = !quoted
			case ',', ';', '\t':
				if !quoted {
					cells++
				}
			case '\n':
				line++
				if !quoted {
					length, first, cells = 0, line, 0
				}
			}
			if length > maxRowBytes {
				return wholeFile(name, first, kora.ReasonTooLarge,
					"the row is longer than %d KiB; a quote may not be closed", maxRowBytes>>10)
			}
			if cells > maxCells {
				return wholeFile(name, first, kora.ReasonTooLarge, "the row has more than %d cells", maxCells)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", baseName(name), err)
		}
	}
}
