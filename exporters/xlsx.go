package exporters

import (
	"bufio"
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"kora"
)

// aboutSheet tells what the figures rest on. Tables of text repeat that in every row; a workbook has a sheet for it.
const aboutSheet = "说明"

// aboutWords head what sets tell about themselves.
var aboutWords = map[string]string{
	"sample": "示例数据", "datum": "坐标基准", "snapshot": "数据版本", "as_of": "截至", "attribution": "数据来源", "stations": "计入的站点数",
	"weights": "统计口径", "demand": "需求数据", "unit": "单位", "off_grid": "格网外（计为未覆盖）",
	"profile": "出行方式", "minutes": "服务时间（分钟）",
}

// writeXLSX writes a workbook: a sheet for each layer, with the headings and words of writeCSV, and one that tells what the
// figures rest on. Shapes are left out, since a cell holds less than many of them need.
func (s *Set) writeXLSX(ctx context.Context, w *bufio.Writer) (err error) {
	f := excelize.NewFile()
	defer f.Close() // removes what lies in files
	defer func() {
		if err != nil && ctx.Err() == nil {
			err = fmt.Errorf("export a workbook: %w", err)
		}
	}()
	styles, err := stylesOf(f)
	if err != nil {
		return err
	}
	for i, l := range s.layers {
		name := l.sheetName()
		if i == 0 {
			err = f.SetSheetName("Sheet1", name)
		} else {
			_, err = f.NewSheet(name)
		}
		if err != nil {
			return err
		}
		if err := writeSheet(ctx, f, name, styles, l); err != nil {
			return fmt.Errorf("%s: %w", l.name, err)
		}
	}
	if _, err := f.NewSheet(aboutSheet); err != nil {
		return err
	}
	if err := s.writeAbout(f, styles); err != nil {
		return err
	}
	return f.Write(w)
}

func (l *layer) sheetName() string {
	if l.title != "" {
		return l.title
	}
	return l.name
}

// styles are those of a workbook by what its cells hold.
type styles struct {
	heading int
	of      map[kind]int
	degrees int
}

func stylesOf(f *excelize.File) (styles, error) {
	s := styles{of: map[kind]int{}}
	var err error
	style := func(format string) (id int) {
		if err == nil {
			id, err = f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		}
		return id
	}
	for kind, format := range map[kind]string{whole: "#,##0", real: "#,##0.##", portion: "0.0%"} {
		s.of[kind] = style(format)
	}
	s.degrees = style("0.000000")
	for _, kind := range []kind{text, flag, list, other} {
		s.of[kind] = style("@") // a text stays one when its cell is edited
	}
	if err == nil {
		s.heading, err = f.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true},
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDEBF7"}}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	}
	return s, err
}

// A sheetColumn is one of a sheet: a field, or part of where the row is.
type sheetColumn struct {
	heading string
	style   int
	value   func(row) (any, error)
}

func sheetColumns(l *layer, s styles) (all []sheetColumn) {
	for i, f := range l.fields {
		all = append(all, sheetColumn{f.heading, s.of[f.kind], func(r row) (any, error) { return f.sheetValue(r.values[i]) }})
	}
	if l.shape != "" {
		all = append(all,
			sheetColumn{"经度", s.degrees, func(r row) (any, error) { return r.at[0], nil }},
			sheetColumn{"纬度", s.degrees, func(r row) (any, error) { return r.at[1], nil }},
			sheetColumn{"坐标系", s.of[text], func(row) (any, error) { return "CGCS2000", nil }})
	}
	return all
}

// sheetValue is a number, or the text that people read. A cell that holds a text is computed by no spreadsheet, so it is guarded
// only where importers would take a ' off that belongs there.
func (f field) sheetValue(v any) (any, error) {
	switch v := v.(type) {
	case nil, int, int64, float64:
		return v, nil
	}
	s, err := f.text(v)
	switch {
	case err != nil:
		return nil, err
	case utf8.RuneCountInString(s) >= excelize.TotalCellChars:
		return nil, kora.Refuse(kora.ReasonTooLong, f.name, nil, "has more characters than a cell of a workbook holds (%d)", excelize.TotalCellChars)
	case strings.HasPrefix(s, "'"):
		s = guard(s)
	}
	return s, nil
}

func writeSheet(ctx context.Context, f *excelize.File, name string, s styles, l *layer) error {
	if l.count >= excelize.TotalRows {
		return kora.Refuse(kora.ReasonTooLarge, "", nil, "%d rows are more than a sheet of a workbook holds (%d); choose another format",
			l.count, excelize.TotalRows-1)
	}
	columns := sheetColumns(l, s)
	widths, err := widthsOf(l, columns)
	if err != nil {
		return err
	}
	w, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	for i, width := range widths {
		if err := w.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	cells := make([]any, len(columns))
	for i, c := range columns {
		cells[i] = excelize.Cell{StyleID: s.heading, Value: c.heading}
	}
	if err := w.SetRow("A1", cells); err != nil {
		return err
	}
	line := 1
	for r := range l.rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		for i, c := range columns {
			v, err := c.value(r)
			if err != nil {
				return fmt.Errorf("%d: %w", r.id, err)
			}
			cells[i] = excelize.Cell{StyleID: c.style, Value: v}
		}
		line++
		if err := w.SetRow(fmt.Sprintf("A%d", line), cells); err != nil {
			return fmt.Errorf("%d: %w", r.id, err)
		}
	}
	return w.Flush()
}

const (
	narrowest, widest = 8, 48 // columns, in characters
	measuredRows      = 200
)

// widthsOf makes columns as wide as the first rows need.
func widthsOf(l *layer, columns []sheetColumn) ([]float64, error) {
	widths := make([]float64, len(columns))
	for i, c := range columns {
		widths[i] = max(narrowest, wide(c.heading)+2)
	}
	measured := 0
	for r := range l.rows {
		for i, c := range columns {
			v, err := c.value(r)
			if err != nil {
				return nil, err
			}
			if s, ok := v.(string); ok {
				widths[i] = max(widths[i], wide(s)+2)
			}
		}
		if measured++; measured == measuredRows {
			break
		}
	}
	for i := range widths {
		widths[i] = min(widths[i], widest)
	}
	return widths, nil
}

// wide is how many characters wide a text is: a Han one takes two.
func wide(s string) (n float64) {
	for _, r := range s {
		if n++; r >= 0x2e80 {
			n++
		}
	}
	return n
}

// writeAbout writes what is to be known about all layers, each thing once.
func (s *Set) writeAbout(f *excelize.File, st styles) error {
	w, err := f.NewStreamWriter(aboutSheet)
	if err != nil {
		return err
	}
	for column, width := range []float64{28, 80} {
		if err := w.SetColWidth(column+1, column+1, width); err != nil {
			return err
		}
	}
	line := 0
	told := map[string]bool{}
	tell := func(c constant) error {
		if told[c.name] || c.value == nil {
			return nil
		}
		told[c.name] = true
		v, err := c.text(c.value)
		if err != nil {
			return err
		}
		line++
		return w.SetRow(fmt.Sprintf("A%d", line), []any{excelize.Cell{StyleID: st.heading, Value: c.heading}, excelize.Cell{StyleID: st.of[text], Value: v}})
	}
	for _, l := range s.layers {
		for _, c := range l.constants {
			if err := tell(c); err != nil {
				return err
			}
		}
	}
	for _, m := range s.about {
		c := constant{field{name: m.name, heading: aboutWords[m.name]}, m.value}
		if c.heading == "" {
			continue // what is an object stands in constants, member for member
		}
		if at, ok := m.value.(time.Time); ok {
			c.value = at.Format(time.RFC3339)
		}
		if err := tell(c); err != nil {
			return err
		}
	}
	return w.Flush()
}
