package importers

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"kora"
)

// The limits of a workbook. Its cells come as a stream; strings and formats are kept.
const (
	maxParts        = 1_000     // files in the archive
	maxSheetBytes   = 128 << 20 // of the sheet, unpacked
	maxStringBytes  = 16 << 20  // of the texts that cells share, unpacked
	maxPartBytes    = 2 << 20   // of each other part, unpacked
	maxInMemory     = 2 << 20   // of one part; larger ones lie in a file while they are read
	maxTexts        = 1_000_000 // that cells share
	maxMergedCells  = 100_000
	maxFormattedNum = 1_000_000 // dates and percentages
)

func isZIP(raw []byte) bool { return bytes.HasPrefix(raw, []byte("PK\x03\x04")) }

// workbookRows are the rows of the first sheet that is shown.
type workbookRows struct {
	file   string
	book   *excelize.File
	rows   *excelize.Rows
	line   int
	facts  *sheetFacts
	format int // the next of facts.formats
	others int // sheets that are not read
	d1904  bool
}

// openWorkbook hands the parts that hold cells to excelize, and nothing else of the archive: pictures, links to other
// files and macros stay unread, and no name in it becomes a path.
func openWorkbook(name string, raw []byte) (*workbookRows, error) {
	w := &workbookRows{file: baseName(name)}
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, wholeFile(name, 0, kora.ReasonTruncated, "the workbook is cut off or damaged: its archive has no readable directory")
	}
	parts, err := w.parts(archive)
	if err != nil {
		return nil, err
	}
	sheet, err := w.firstSheet(parts)
	if err != nil {
		return nil, err
	}
	var copied bytes.Buffer
	if err := w.copyParts(&copied, parts, sheet.part); err != nil {
		return nil, err
	}
	w.book, err = excelize.OpenReader(&copied, excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxSheetBytes + maxStringBytes + 8*maxPartBytes, UnzipXMLSizeLimit: maxInMemory,
	})
	if err != nil {
		w.close()
		return nil, w.damaged(err)
	}
	if err := w.open(parts[sheet.part], sheet.name); err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

func (w *workbookRows) open(part *zip.File, sheet string) (err error) {
	if props, err := w.book.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		w.d1904 = *props.Date1904
	}
	if w.facts, err = w.scan(part); err != nil {
		return err
	}
	if w.rows, err = w.book.Rows(sheet); err != nil {
		return w.damaged(err)
	}
	return nil
}

func (w *workbookRows) close() {
	if w.rows != nil {
		_ = w.rows.Close()
	}
	if w.book != nil {
		_ = w.book.Close() // removes what lies in files
	}
}

func (w *workbookRows) refuse(reason kora.Reason, format string, args ...any) error {
	return wholeFile(w.file, 0, reason, format, args...)
}

func (w *workbookRows) damaged(err error) error {
	if _, ok := errors.AsType[kora.Fault](err); ok {
		return err
	}
	return w.refuse(kora.ReasonTruncated, "the workbook is cut off or damaged (%s)", clipWord(err.Error()))
}

// parts are the files of the archive by name.
func (w *workbookRows) parts(archive *zip.Reader) (map[string]*zip.File, error) {
	if len(archive.File) > maxParts {
		return nil, w.refuse(kora.ReasonTooLarge, "the workbook holds more than %d parts", maxParts)
	}
	parts := map[string]*zip.File{}
	for _, f := range archive.File {
		switch {
		case strings.Contains(f.Name, "..") || strings.HasPrefix(f.Name, "/") || strings.ContainsAny(f.Name, "\\:\x00"):
			return nil, w.refuse(kora.ReasonFormat, "the archive holds %q, which leads out of it", clipWord(f.Name))
		case parts[f.Name] != nil:
			return nil, w.refuse(kora.ReasonFormat, "the archive holds %q twice", clipWord(f.Name))
		case f.Flags&1 != 0:
			return nil, w.refuse(kora.ReasonFormat, "the archive has a password; save it without one")
		}
		parts[f.Name] = f
	}
	if parts["xl/workbook.xml"] == nil {
		return nil, w.refuse(kora.ReasonFormat, "the archive is no Excel workbook (.xlsx)")
	}
	return parts, nil
}

type sheetRef struct{ name, part string }

// firstSheet is the first sheet that is shown, with the part that holds its cells.
func (w *workbookRows) firstSheet(parts map[string]*zip.File) (sheetRef, error) {
	var book struct {
		Sheets []struct {
			Name  string `xml:"name,attr"`
			State string `xml:"state,attr"`
			Rel   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
			Rel2  string `xml:"http://purl.oclc.org/ooxml/officeDocument/relationships id,attr"` // strict Open XML
		} `xml:"sheets>sheet"`
	}
	var rels struct {
		All []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
			Mode   string `xml:"TargetMode,attr"`
		} `xml:"Relationship"`
	}
	for part, into := range map[string]any{"xl/workbook.xml": &book, "xl/_rels/workbook.xml.rels": &rels} {
		b, err := w.unpack(parts[part], part, maxPartBytes)
		if err != nil {
			return sheetRef{}, err
		}
		if err := xml.Unmarshal(b, into); err != nil {
			return sheetRef{}, w.damaged(err)
		}
	}
	shown := 0
	var first sheetRef
	for _, s := range book.Sheets {
		if s.State != "" && s.State != "visible" {
			continue
		}
		if shown++; shown > 1 {
			continue
		}
		for _, r := range rels.All {
			if (r.ID == s.Rel || r.ID == s.Rel2) && r.Mode != "External" {
				target := path.Join("xl", r.Target)
				if strings.HasPrefix(r.Target, "/") {
					target = strings.TrimPrefix(r.Target, "/")
				}
				first = sheetRef{s.Name, target}
			}
		}
	}
	if parts[first.part] == nil || !strings.HasPrefix(first.part, "xl/worksheets/") {
		return first, w.refuse(kora.ReasonFormat, "the workbook has no sheet of cells")
	}
	w.others = shown - 1
	return first, nil
}

// unpack reads a part whole; limit bounds it whatever the archive says of its size.
func (w *workbookRows) unpack(f *zip.File, name string, limit int64) ([]byte, error) {
	if f == nil {
		return nil, w.refuse(kora.ReasonFormat, "the workbook lacks its part %s", name)
	}
	var b bytes.Buffer
	err := w.stream(f, limit, func(r io.Reader) error {
		_, err := b.ReadFrom(r)
		return err
	})
	return b.Bytes(), err
}

// stream gives read the bytes of a part, refusing one that is larger than limit, damaged, or declares entities.
func (w *workbookRows) stream(f *zip.File, limit int64, read func(io.Reader) error) error {
	tooMuch := w.refuse(kora.ReasonTooLarge, "the part %s of the workbook unpacks to more than %d MB", clipWord(f.Name), limit>>20)
	if f.UncompressedSize64 > uint64(limit) {
		return tooMuch
	}
	r, err := f.Open()
	if err != nil {
		return w.damaged(err)
	}
	defer r.Close()
	capped := &io.LimitedReader{R: r, N: limit + 1}
	if err := read(capped); err != nil {
		return w.damaged(err)
	}
	if capped.N <= 0 {
		return tooMuch
	}
	return nil
}

// copyParts writes an archive of the parts that cells need. Each is read through once: what is damaged is refused here,
// because excelize takes what it gets.
func (w *workbookRows) copyParts(to io.Writer, parts map[string]*zip.File, sheet string) error {
	out := zip.NewWriter(to)
	for name, limit := range map[string]int64{
		"[Content_Types].xml": maxPartBytes, "_rels/.rels": maxPartBytes, "xl/workbook.xml": maxPartBytes,
		"xl/_rels/workbook.xml.rels": maxPartBytes, "xl/styles.xml": maxPartBytes, "xl/sharedStrings.xml": maxStringBytes,
		sheet: maxSheetBytes,
	} {
		f := parts[name]
		if f == nil {
			continue // some writers share no strings, or have no styles
		}
		if name != sheet { // scan reads the sheet
			if err := w.stream(f, limit, w.wellFormed); err != nil {
				return err
			}
		} else if f.UncompressedSize64 > uint64(limit) {
			return w.refuse(kora.ReasonTooLarge, "the sheet unpacks to more than %d MB", limit>>20)
		}
		if err := out.Copy(f); err != nil {
			return w.damaged(err)
		}
	}
	return out.Close()
}

// tokens calls visit for every token of an XML part.
func (w *workbookRows) tokens(r io.Reader, visit func(xml.Token) error) error {
	g := &gate{r: r, shut: w.refuse(kora.ReasonTooLarge, "the workbook holds a text of more than %d MB", maxTokenBytes>>20)}
	d := xml.NewDecoder(g)
	for {
		g.open()
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, ok := t.(xml.Directive); ok {
			return w.refuse(kora.ReasonFormat, "the workbook declares a document type, which may name files outside of it; it is not read")
		}
		if err := visit(t); err != nil {
			return err
		}
	}
}

func (w *workbookRows) wellFormed(r io.Reader) error {
	texts := 0
	return w.tokens(r, func(t xml.Token) error {
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "si" {
			if texts++; texts > maxTexts {
				return w.refuse(kora.ReasonTooLarge, "the workbook holds more than %d texts", maxTexts)
			}
		}
		return nil
	})
}

// sheetFacts are what a sheet says beside the values of its cells.
type sheetFacts struct {
	wrong    map[cellRef]*kora.Error // why a cell has no value to go by
	merged   map[cellRef]cellRef
	formats  []cellFormat // in order
	formulas int          // whose last result is taken
}

// A cellRef is a cell by its row, from 1, and its column, from 0.
type cellRef struct{ line, column int }

func (c cellRef) String() string { return columnName(c.column) + strconv.Itoa(c.line) }

func columnName(column int) string {
	name, err := excelize.ColumnNumberToName(column + 1)
	if err != nil {
		return "?"
	}
	return name
}

type cellFormat struct {
	cellRef
	percent bool // else a date
}

// scan reads the cells once for what excelize's rows do not tell: formulas without a result, errors, merged cells and the
// formats of numbers. It also sees that the sheet is whole and in order.
func (w *workbookRows) scan(part *zip.File) (*sheetFacts, error) {
	s := &sheetScan{w: w, facts: &sheetFacts{wrong: map[cellRef]*kora.Error{}, merged: map[cellRef]cellRef{}}, styles: map[string]cellKind{}}
	err := w.stream(part, maxSheetBytes, func(r io.Reader) error { return w.tokens(r, s.visit) })
	return s.facts, err
}

type cellKind int

const (
	plainCell cellKind = iota
	percentCell
	dateCell
)

type sheetScan struct {
	w      *workbookRows
	facts  *sheetFacts
	styles map[string]cellKind
	line   int
	column int // of the last cell, -1 before the first

	cell                   xml.StartElement
	formula, value, inCell bool
	inside                 string // element within the cell
	digits                 []byte // its value, when it may be a number
}

func (s *sheetScan) visit(t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		return s.start(t)
	case xml.CharData:
		if s.inCell && (s.inside == "v" || s.inside == "t") && len(bytes.TrimSpace(t)) > 0 {
			s.value = true
			if s.inside == "v" && len(s.digits)+len(t) <= 40 {
				s.digits = append(s.digits, t...)
			}
		}
	case xml.EndElement:
		if t.Name.Local == "c" && s.inCell {
			s.inCell = false
			return s.endCell()
		}
		s.inside = ""
	}
	return nil
}

func (s *sheetScan) start(e xml.StartElement) error {
	switch e.Name.Local {
	case "row":
		line := s.line + 1
		if r := attribute(e, "r"); r != "" {
			n, err := strconv.Atoi(r)
			if err != nil || n < line {
				return s.w.refuse(kora.ReasonFormat, "the rows of the sheet are not in order at row %q", clipWord(r))
			}
			line = n
		}
		if line > excelize.TotalRows {
			return s.w.refuse(kora.ReasonTooLarge, "the sheet has more than %d rows", excelize.TotalRows)
		}
		s.line, s.column = line, -1
	case "c":
		s.inCell, s.formula, s.value, s.cell, s.digits = true, false, false, e.Copy(), s.digits[:0]
		column := s.column + 1
		if r := attribute(e, "r"); r != "" {
			c, line, err := excelize.CellNameToCoordinates(r)
			if err != nil || line != s.line || c-1 < column {
				return s.w.refuse(kora.ReasonFormat, "the cells of row %d are not in order at %q", s.line, clipWord(r))
			}
			column = c - 1
		}
		s.column = column
	case "f":
		s.formula = s.formula || s.inCell
	case "mergeCell":
		return s.merge(attribute(e, "ref"))
	}
	s.inside = e.Name.Local
	return nil
}

func (s *sheetScan) endCell() error {
	at := cellRef{s.line, s.column}
	switch {
	case attribute(s.cell, "t") == "e":
		s.facts.wrong[at] = kora.Refuse(kora.ReasonSyntax, "", nil, "holds an error of the spreadsheet")
	case s.formula && !s.value:
		s.facts.wrong[at] = kora.Refuse(kora.ReasonSyntax, "", nil, "is a formula without a result; open the workbook in the spreadsheet, save it, or paste the cell as a value")
	case s.formula:
		s.facts.formulas++
	}
	number := s.value && (attribute(s.cell, "t") == "" || attribute(s.cell, "t") == "n")
	if v, err := strconv.ParseFloat(string(bytes.TrimSpace(s.digits)), 64); number && err == nil && math.Abs(v) >= 1e15 {
		s.facts.wrong[at] = kora.Refuse(kora.ReasonSyntax, "", nil, "is a number of more than 15 digits, which a spreadsheet rounds; format the column as text and enter it anew")
	}
	if len(s.facts.wrong) > maxFaults {
		return s.w.refuse(kora.ReasonTooLarge, "the sheet has more than %d cells that cannot be read", maxFaults)
	}
	if s.value && s.column >= maxCells || s.column >= excelize.MaxColumns {
		return wholeFile(s.w.file, s.line, kora.ReasonTooLarge, "the row has more than %d cells", maxCells)
	}
	if !number {
		return nil
	}
	if kind := s.kind(attribute(s.cell, "s")); kind != plainCell {
		if len(s.facts.formats) == maxFormattedNum {
			return s.w.refuse(kora.ReasonTooLarge, "the sheet has more than %d dates and percentages", maxFormattedNum)
		}
		s.facts.formats = append(s.facts.formats, cellFormat{at, kind == percentCell})
	}
	return nil
}

// kind is what a style makes of a number.
func (s *sheetScan) kind(style string) cellKind {
	if style == "" || style == "0" {
		return plainCell
	}
	if k, ok := s.styles[style]; ok {
		return k
	}
	k := plainCell
	if n, err := strconv.Atoi(style); err == nil && n > 0 {
		if st, err := s.w.book.GetStyle(n); err == nil && st != nil {
			k = kindOfFormat(st.NumFmt, st.CustomNumFmt)
		}
	}
	if len(s.styles) < maxFormattedNum {
		s.styles[style] = k
	}
	return k
}

func kindOfFormat(id int, custom *string) cellKind {
	switch {
	case custom != nil:
		f := strings.ToLower(quotedParts(*custom))
		switch {
		case strings.Contains(f, "%"):
			return percentCell
		case strings.ContainsAny(f, "ymd") && !strings.ContainsAny(f, "0#"):
			return dateCell
		}
	case id == 9 || id == 10:
		return percentCell
	case id >= 14 && id <= 17, id == 22, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57 || id == 58:
		return dateCell
	}
	return plainCell
}

// quotedParts is a number format without what stands in quotes or brackets.
func quotedParts(f string) string {
	var b strings.Builder
	quoted, bracket := false, false
	for _, c := range f {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case !bracket:
			b.WriteRune(c)
		}
	}
	return b.String()
}

func (s *sheetScan) merge(ref string) error {
	from, to, ok := strings.Cut(ref, ":")
	c1, r1, err1 := excelize.CellNameToCoordinates(from)
	c2, r2, err2 := excelize.CellNameToCoordinates(to)
	if !ok || err1 != nil || err2 != nil || r2 < r1 || c2 < c1 {
		return s.w.refuse(kora.ReasonFormat, "the sheet merges the cells %q, which is no range", clipWord(ref))
	}
	if len(s.facts.merged)+(r2-r1+1)*(c2-c1+1) > maxMergedCells {
		return s.w.refuse(kora.ReasonTooLarge, "the sheet merges more than %d cells", maxMergedCells)
	}
	first := cellRef{r1, c1 - 1}
	for r := r1; r <= r2; r++ {
		for c := c1 - 1; c < c2; c++ {
			if at := (cellRef{r, c}); at != first {
				s.facts.merged[at] = first
			}
		}
	}
	return nil
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

func (w *workbookRows) next() (line int, cells []string, err error) {
	if !w.rows.Next() {
		if err := w.rows.Error(); err != nil {
			return 0, nil, w.damaged(err)
		}
		return 0, nil, io.EOF
	}
	w.line++
	cells, err = w.rows.Columns(excelize.Options{RawCellValue: true})
	if err != nil {
		return 0, nil, w.damaged(err)
	}
	if err := w.shape(cells); err != nil {
		return 0, nil, err
	}
	return w.line, cells, nil
}

// shape writes dates and percentages as people do.
func (w *workbookRows) shape(cells []string) error {
	size := 0
	for _, c := range cells {
		size += len(c)
	}
	if size > maxRowBytes {
		return wholeFile(w.file, w.line, kora.ReasonTooLarge, "the row is longer than %d KiB", maxRowBytes>>10)
	}
	formats := w.facts.formats[w.format:]
	for len(formats) > 0 && formats[0].line <= w.line {
		f := formats[0]
		formats = formats[1:]
		if f.line < w.line || f.column >= len(cells) {
			continue
		}
		v, err := strconv.ParseFloat(cells[f.column], 64)
		switch {
		case err != nil:
		case f.percent:
			cells[f.column] = strconv.FormatFloat(v*100, 'g', 12, 64) + "%"
		default:
			if t, err := excelize.ExcelDateToTime(v, w.d1904); err == nil {
				cells[f.column] = t.Format("2006-01-02")
			}
		}
	}
	w.format = len(w.facts.formats) - len(formats)
	return nil
}

func (w *workbookRows) cellName(line, column int) string { return cellRef{line, column}.String() }

// wrong tells why a cell must not be read, nil when it may.
func (w *workbookRows) wrong(line, column int) *kora.Error {
	at := cellRef{line, column}
	if why, ok := w.facts.wrong[at]; ok {
		return why
	}
	if first, ok := w.facts.merged[at]; ok {
		return kora.Refuse(kora.ReasonSyntax, "", nil, "is merged with %s; give each row a cell of its own", first)
	}
	return nil
}

// remarks are what whoever imports a workbook should know of it.
func (w *workbookRows) remarks() []*kora.Error {
	var all []*kora.Error
	if w.others > 0 {
		all = append(all, kora.Refuse(kora.ReasonFormat, "", nil, "the workbook has %d more sheets that are shown; only the first is read", w.others))
	}
	if w.facts.formulas > 0 {
		all = append(all, kora.Refuse(kora.ReasonFormat, "", nil, "%d cells are formulas; the results that the workbook was saved with are taken", w.facts.formulas))
	}
	return slices.Clip(all)
}
