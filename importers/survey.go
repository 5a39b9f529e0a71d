package importers

import (
	"fmt"
	"io"
	"strings"

	"kora"
)

// A plot is one parcel of a boundary TXT as it stands there.
type plot struct {
	line    int // of the line that ends in @
	fields  []string
	corners []corner
	header  *surveyHeader
	faults  []kora.Fault // of corners that cannot be read
}

// A corner is one boundary point: northing and easting in metres, as the file writes them.
type corner struct {
	line        int
	label, ring string // 点号, 圈号
	north, east float64
}

// profiles give the attributes of a parcel line their places, by how many there are. 图幅号 and 界址点数 have no use here.
var profiles = map[int][]string{
	8: {"corners", "area", "number", "name", "shape", "sheet", "use", "code"},
}

// attributes are the fields of the parcel line by name.
func (p *plot) attributes() (map[string]string, *kora.Error) {
	profile, ok := profiles[len(p.fields)]
	if !ok {
		return nil, kora.Refuse(kora.ReasonSyntax, "", nil, fmt.Sprintf(
			"the parcel line has %d attributes before the @; it needs 8: 界址点数,地块面积,地块编号,地块名称,记录图形属性,图幅号,地块用途,地类编码",
			len(p.fields)))
	}
	m := make(map[string]string, len(profile))
	for i, name := range profile {
		m[name] = p.fields[i]
	}
	return m, nil
}

// A surveyHeader holds the key=value lines of [属性描述].
type surveyHeader struct {
	file   string
	line   int // of the section's heading, 0 when the file has none
	count  int // of its lines
	values map[string]string
	lines  map[string]int
}

func (h *surveyHeader) fault(key string, reason kora.Reason, text string) error {
	line := h.line
	if l, ok := h.lines[key]; ok {
		line = l
	}
	var value any
	if v := h.values[key]; v != "" {
		value = v
	}
	return kora.Fault{File: h.file, Line: line, Part: key, Err: kora.Refuse(reason, key, value, text)}
}

const (
	sectionHeader = "属性描述"
	sectionPlots  = "地块坐标"
	maxKeys       = 1_000 // of one header
	maxFields     = 100   // of a parcel line
)

// A surveyReader cuts a boundary TXT into plots. Sections other than the two of the format are passed over; a second
// [属性描述] holds for the parcels after it.
type surveyReader struct {
	file    string
	rest    string
	line    int
	section string
	header  *surveyHeader
	current *plot
	plots   int // returned so far
}

func newSurveyReader(name, text string) *surveyReader {
	file := baseName(name)
	return &surveyReader{file: file, rest: text, header: &surveyHeader{file: file}}
}

func (s *surveyReader) refuse(reason kora.Reason, text string) error {
	return wholeFile(s.file, s.line, reason, text)
}

// next is the next plot with all its corners, or io.EOF.
func (s *surveyReader) next() (*plot, error) {
	for s.rest != "" {
		var raw string
		raw, s.rest, _ = strings.Cut(s.rest, "\n")
		s.line++
		text := strings.TrimFunc(raw, invisible)
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
	return s.finish()
}

func (s *surveyReader) finish() (*plot, error) {
	if s.current == nil {
		return nil, io.EOF
	}
	done := s.current
	s.current = nil
	s.plots++
	return done, nil
}

// read takes one line and gives back the plot that it ends.
func (s *surveyReader) read(text string) (finished *plot, err error) {
	if title, ok := sectionTitle(text); ok {
		finished, s.current = s.current, nil
		s.section = title
		if title == sectionHeader {
			s.header = &surveyHeader{file: s.file, line: s.line, values: map[string]string{}, lines: map[string]int{}}
		}
		return finished, nil
	}
	switch {
	case s.section == sectionHeader:
		return nil, s.readKey(text)
	case s.section == sectionPlots && isPlotLine(text):
		finished = s.current
		s.current = &plot{line: s.line, fields: plotFields(text), header: s.header}
		return finished, nil
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
	text = fold(text)
	if len(text) < 3 || text[0] != '[' || text[len(text)-1] != ']' {
		return "", false
	}
	return strings.TrimSpace(text[1 : len(text)-1]), true
}

func isPlotLine(text string) bool {
	return strings.HasSuffix(text, "@") || strings.HasSuffix(text, "＠")
}

// plotFields are the attributes before the @. A name may hold a full-width comma, so those part fields only in a line
// that has no other.
func plotFields(text string) []string {
	text = strings.TrimRight(text, "@＠")
	if !strings.Contains(text, ",") {
		text = fold(text)
	}
	return strings.SplitN(strings.TrimSuffix(strings.TrimFunc(text, invisible), ","), ",", maxFields)
}

func (s *surveyReader) readKey(text string) error {
	key, value, ok := strings.Cut(strings.Replace(text, "＝", "=", 1), "=")
	if !ok {
		return s.refuse(kora.ReasonFormat, "a line of [属性描述] is not key=value")
	}
	if s.header.count++; s.header.count > maxKeys {
		return s.refuse(kora.ReasonTooLarge, fmt.Sprintf("[属性描述] has more than %d lines", maxKeys))
	}
	key, value = fold(key), fold(value)
	if line, twice := s.header.lines[key]; twice && s.header.values[key] != value {
		return s.refuse(kora.ReasonDuplicate, fmt.Sprintf("%s is given in line %d already, with another value", clipWord(key), line))
	}
	s.header.values[key], s.header.lines[key] = value, s.line
	return nil
}

func (s *surveyReader) readCorner(text string) error {
	p := s.current
	if len(p.corners) == maxCoordinates {
		return s.refuse(kora.ReasonTooLarge, fmt.Sprintf("the parcel of line %d has more than %d corners", p.line, maxCoordinates))
	}
	c, part, err := parseCorner(fold(text))
	if err != nil {
		p.faults = append(p.faults, kora.Fault{File: s.file, Line: s.line, Part: part, Err: err})
		if len(p.faults) > maxFaults {
			return s.refuse(kora.ReasonTooLarge, fmt.Sprintf("the parcel of line %d has more than %d corners that cannot be read", p.line, maxFaults))
		}
		return nil
	}
	c.line = s.line
	p.corners = append(p.corners, c)
	return nil
}

// parseCorner reads 点号,圈号,X,Y; part names the corner for a fault.
func parseCorner(text string) (c corner, part string, err *kora.Error) {
	if n := strings.Count(text, ","); n != 3 {
		return c, "", kora.Refuse(kora.ReasonSyntax, "geometry", nil,
			fmt.Sprintf("a corner has %d fields; it needs 4: 点号,圈号,X(北),Y(东)", n+1))
	}
	f := strings.SplitN(text, ",", 4)
	c.label, c.ring = strings.TrimSpace(f[0]), strings.TrimSpace(f[1])
	part = fmt.Sprintf("ring %s, %s", clipWord(c.ring), clipWord(c.label))
	for i, v := range []*float64{&c.north, &c.east} {
		if strings.TrimSpace(f[2+i]) == "" {
			return c, part, kora.Refuse(kora.ReasonRequired, "geometry", nil, "a coordinate is missing")
		}
		if *v, err = number("geometry", f[2+i]); err != nil {
			return c, part, err
		}
	}
	return c, part, nil
}
