package importers

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"kora"
)

// A plot is one parcel of a boundary TXT as it stands there.
type plot struct {
	line     int // of the line that ends in @
	fields   []string
	header   *surveyHeader
	outline  outline
	faults   []kora.Fault // of corners that cannot be read, and of rings
	warnings []kora.Fault
}

// The attributes of a parcel line by their places. Some offices write more behind them (图斑类型, 地类, 改造前, 改造后, 备注),
// some leave the last ones out: what follows 记录图形属性 may be missing, if none of it is there.
const (
	fieldCorners = iota // 界址点数
	fieldArea           // 地块面积
	fieldNumber         // 地块编号
	fieldName           // 地块名称
	fieldShape          // 记录图形属性
	fieldSheet          // 图幅号
	fieldUse            // 地块用途
	fieldCode           // 地类编码
)

// placeholders are what a template has in place of a value that nobody filled in: its own names of the fields.
var placeholders = map[string]bool{"DKBH": true, "DKMC": true, "TFH": true, "DKYT": true, "DLBM": true, "DKMJ": true}

// field is one attribute, "" when it is missing or a placeholder.
func (p *plot) field(i int) string {
	if i >= len(p.fields) || placeholders[strings.ToUpper(fold(p.fields[i]))] {
		return ""
	}
	return p.fields[i]
}

// checkFields refuses a parcel line whose attributes are not where the format has them.
func (p *plot) checkFields() *kora.Error {
	const needs = "; it needs 界址点数,地块面积,地块编号,地块名称,面,图幅号,地块用途,地类编码"
	if len(p.fields) <= fieldShape || !shapeWords[fold(p.fields[fieldShape])] {
		return kora.Refuse(kora.ReasonSyntax, "", nil, "the parcel line has %d attributes before the @, and 面 is not the fifth"+needs, len(p.fields))
	}
	if rest := p.fields[fieldShape+1:]; len(p.fields) <= fieldCode && strings.Trim(strings.Join(rest, ""), " ") != "" {
		return kora.Refuse(kora.ReasonSyntax, "", nil, "the parcel line has %d attributes before the @, so which of the last ones is missing is not known"+needs, len(p.fields))
	}
	return nil
}

var shapeWords = map[string]bool{"面": true, "线": true, "点": true}

// A surveyHeader holds the key=value lines of [属性描述]. Keys that have other names are kept under the usual one.
type surveyHeader struct {
	file   string
	line   int // of the section's heading, 0 when the file has none
	count  int // of its lines
	values map[string]string
	lines  map[string]int
}

func newSurveyHeader(file string, line int) *surveyHeader {
	return &surveyHeader{file: file, line: line, values: map[string]string{}, lines: map[string]int{}}
}

func (h *surveyHeader) fault(key string, reason kora.Reason, format string, args ...any) error {
	line := h.line
	if l, ok := h.lines[key]; ok {
		line = l
	}
	var value any
	if v := h.values[key]; v != "" {
		value = v
	}
	return kora.Fault{File: h.file, Line: line, Part: key, Err: kora.Refuse(reason, key, value, format, args...)}
}

// surveyKeys are the keys that matter, by the names that offices and programs give them.
var surveyKeys = synonyms(map[string]string{
	"坐标系":   "坐标系统 坐标系名称 坐标系类型 大地坐标系 平面坐标系 坐标系统名称",
	"几度分带":  "分带 度带 几度带 分带方式 分带类型 投影分带",
	"带号":    "投影带号 分带带号 带号（大数）",
	"中央子午线": "中央经线 中央子午线经度",
	"投影类型":  "投影 投影方式 投影名称",
	"计量单位":  "单位 坐标单位 长度单位",
})

const (
	sectionHeader = "属性描述"
	sectionPlots  = "地块坐标"
	maxKeys       = 1_000 // of one header
	maxFields     = 100   // of a parcel line
)

// A surveyReader cuts a boundary TXT into plots. Sections other than the two of the format are passed over; a second
// [属性描述] holds for the parcels after it. A file may start with a parcel line and have no sections at all.
type surveyReader struct {
	file      string
	lines     *bufio.Reader
	line      int
	section   string
	header    *surveyHeader
	current   *plot
	plots     int // returned so far
	exchanged bool
	warnings  []kora.Fault // of the header
}

func newSurveyReader(name string, t *text, exchanged bool) *surveyReader {
	file := baseName(name)
	return &surveyReader{file: file, lines: bufio.NewReaderSize(t.reader(), maxLineBytes), header: newSurveyHeader(file, 0), exchanged: exchanged}
}

const maxLineBytes = 64 << 10

func (s *surveyReader) refuse(reason kora.Reason, format string, args ...any) error {
	return wholeFile(s.file, s.line, reason, format, args...)
}

// next is the next plot with all its corners, or io.EOF.
func (s *surveyReader) next() (*plot, error) {
	for {
		raw, err := s.lines.ReadSlice('\n')
		if errors.Is(err, io.EOF) && len(raw) == 0 {
			break
		}
		s.line++
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			return nil, s.refuse(kora.ReasonTooLarge, "the line is longer than %d KiB", maxLineBytes>>10)
		case err != nil && !errors.Is(err, io.EOF):
			return nil, fmt.Errorf("read %s: %w", s.file, err)
		}
		text := strings.TrimFunc(string(raw), invisible)
		if text == "" {
			continue
		}
		finished, err := s.read(text)
		if err != nil {
			return nil, err
		}
		if finished != nil {
			s.plots++
			return finished, nil
		}
	}
	if s.section == "" {
		return nil, wholeFile(s.file, 0, kora.ReasonFormat, "has no section [地块坐标]; this is not a boundary TXT")
	}
	done, err := s.finish()
	switch {
	case err != nil:
		return nil, err
	case done == nil:
		return nil, io.EOF
	}
	s.plots++
	return done, nil
}

// finish ends the plot that is being read, if any.
func (s *surveyReader) finish() (*plot, error) {
	done := s.current
	s.current = nil
	if done == nil {
		return nil, nil
	}
	return done, done.endRing()
}

// read takes one line and gives back the plot that it ends.
func (s *surveyReader) read(text string) (finished *plot, err error) {
	if title, ok := sectionTitle(text); ok {
		s.section = title
		if title == sectionHeader {
			s.header = newSurveyHeader(s.file, s.line)
		}
		return s.finish()
	}
	if s.section == "" && isPlotLine(text) {
		s.section = sectionPlots
	}
	switch {
	case s.section == sectionHeader:
		return nil, s.readKey(text)
	case s.section == sectionPlots && isPlotLine(text):
		finished, err = s.finish()
		s.current = &plot{line: s.line, fields: plotFields(text), header: s.header}
		return finished, err
	case s.section == sectionPlots && s.current == nil:
		return nil, s.refuse(kora.ReasonFormat, "a corner stands before the first parcel line, the one that ends in @")
	case s.section == sectionPlots:
		return nil, s.readCorner(text)
	case s.section == "":
		return nil, s.refuse(kora.ReasonFormat, "this is not a boundary TXT: it must start with [属性描述]")
	}
	return nil, nil
}

func sectionTitle(text string) (string, bool) {
	text = strings.TrimRight(fold(text), ", ")
	if len(text) < 3 || text[0] != '[' || text[len(text)-1] != ']' {
		return "", false
	}
	return strings.TrimSpace(text[1 : len(text)-1]), true
}

// beforeAt is the part of a parcel line before its @, behind which a table may have left commas.
func beforeAt(text string) (string, bool) {
	text = strings.TrimRight(text, ",，;； \t")
	rest := strings.TrimRight(text, "@＠")
	return rest, len(rest) < len(text)
}

func isPlotLine(text string) bool {
	_, ok := beforeAt(text)
	return ok
}

// plotFields are the attributes before the @. A name may hold a full-width comma, so those part fields only in a line
// that has no other.
func plotFields(text string) []string {
	text, _ = beforeAt(text)
	if !strings.Contains(text, ",") {
		text = fold(text)
	}
	return strings.SplitN(strings.TrimSuffix(strings.TrimFunc(text, invisible), ","), ",", maxFields)
}

func (s *surveyReader) readKey(text string) error {
	if s.header.count++; s.header.count > maxKeys {
		return s.refuse(kora.ReasonTooLarge, "[属性描述] has more than %d lines", maxKeys)
	}
	text = fold(text)
	i := strings.IndexAny(text, "=:")
	if i < 0 {
		s.warn(s.line, kora.ReasonFormat, "the line is not key=value, and is passed over")
		return nil
	}
	key, value := strings.TrimSpace(text[:i]), strings.TrimRight(strings.TrimSpace(text[i+1:]), ",; ")
	usual, ok := surveyKeys[foldHeading(key)]
	if !ok {
		return nil // of the project, its people and its dates
	}
	if line, twice := s.header.lines[usual]; twice && value != "" && s.header.values[usual] != "" && s.header.values[usual] != value {
		return s.refuse(kora.ReasonDuplicate, "%s is given in line %d already, with another value", clipWord(key), line)
	}
	if value != "" || s.header.values[usual] == "" {
		s.header.values[usual], s.header.lines[usual] = value, s.line
	}
	return nil
}

func (s *surveyReader) warn(line int, reason kora.Reason, format string, args ...any) {
	if len(s.warnings) < maxFaults {
		s.warnings = append(s.warnings, kora.Fault{File: s.file, Line: line, Err: kora.Refuse(reason, "", nil, format, args...)})
	}
}

func (s *surveyReader) readCorner(text string) error {
	p := s.current
	c, err := parseCorner(fold(text))
	c.line = s.line
	if s.exchanged {
		c.north, c.east = c.east, c.north
	}
	if err != nil {
		if p.isClosing(c) {
			return p.closeBy(c)
		}
		p.refuseCorner(c, err)
	} else if err := p.corner(c); err != nil {
		return err
	}
	if len(p.faults) > maxFaults {
		return s.refuse(kora.ReasonTooLarge, "the parcel of line %d has more than %d corners that cannot be read", p.line, maxFaults)
	}
	return nil
}
