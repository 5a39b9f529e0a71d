package importers

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"kora"
)

// A corner is one boundary point as the file writes it: northing and easting in metres, or latitude and longitude in
// degrees.
type corner struct {
	line        int
	label, ring string // 点号, 圈号
	north, east float64
	symbols     bool // degrees with their signs: 94°20′21″
	unread      bool
}

func (c corner) part() string { return fmt.Sprintf("ring %s, %s", clipWord(c.ring), clipWord(c.label)) }

func (c corner) point() orb.Point { return orb.Point{c.east, c.north} }

// inDegrees tells whether the numbers can be an angle; no northing or easting is that small.
func (c corner) inDegrees() bool { return math.Abs(c.north) <= 360 && math.Abs(c.east) <= 360 }

// parseCorner reads 点号,圈号,X,Y; the corner has its label and ring even when its coordinates cannot be read.
func parseCorner(text string) (c corner, err *kora.Error) {
	f := strings.SplitN(strings.TrimRight(text, ",; "), ",", 6)
	if strings.Count(text, ",") >= 3 { // an empty coordinate is one that is missing, not a field too few
		for len(f) < 4 {
			f = append(f, "")
		}
	}
	if len(f) != 4 {
		c.unread = true
		return c, kora.Refuse(kora.ReasonSyntax, "geometry", nil, "a corner has %d fields; it needs 4: 点号,圈号,X(北),Y(东)", len(f))
	}
	c.label, c.ring = strings.Clone(strings.TrimSpace(f[0])), strings.Clone(strings.TrimSpace(f[1]))
	for i, v := range []*float64{&c.north, &c.east} {
		s := strings.TrimSpace(f[2+i])
		switch {
		case s == "":
			err = kora.Refuse(kora.ReasonRequired, "geometry", nil, "a coordinate is missing")
		case strings.ContainsAny(s, angleSigns):
			c.symbols = true
			*v, err = angle("geometry", s)
		default:
			*v, err = number("geometry", s)
		}
		if err != nil {
			c.unread = true
			return c, err
		}
	}
	return c, nil
}

// An outline is the rings of a plot while its corners come.
type outline struct {
	rings    []surveyRing
	open     *openRing
	corners  int // different ones
	rows     int
	first    corner
	prefix   int  // zone before the eastings
	degrees  bool // the first corner is in degrees
	symbols  bool // with signs
	unpacked bool // some angle is not ddd.mmss
	gaps     bool // some corner could not be read
}

// An openRing is a ring whose end has not come.
type openRing struct {
	first  corner
	labels bool // corners have labels of their own
	points orb.Ring
	doubt  *corner // a row that may be the closing one: the first label with other coordinates
}

func (p *plot) refuse(line int, part string, err *kora.Error) {
	p.faults = append(p.faults, kora.Fault{File: p.header.file, Line: line, Part: part, Err: err})
}

func (p *plot) refuseCorner(c corner, err *kora.Error) {
	p.outline.gaps = true
	part := ""
	if c.label != "" || c.ring != "" {
		part = c.part()
	}
	p.refuse(c.line, part, err)
}

func (p *plot) warn(line int, part string, reason kora.Reason, format string, args ...any) {
	if len(p.warnings) < maxFaults {
		p.warnings = append(p.warnings, kora.Fault{File: p.header.file, Line: line, Part: part, Err: kora.Refuse(reason, "geometry", nil, format, args...)})
	}
}

// isClosing tells whether a row comes back to the label that the open ring starts with.
func (p *plot) isClosing(c corner) bool {
	r := p.outline.open
	return r != nil && r.labels && len(r.points) >= 3 && c.label != "" && c.label == r.first.label && c.ring == r.first.ring
}

// closeBy ends the open ring at a row that says no more than that it ends.
func (p *plot) closeBy(c corner) error {
	p.warn(c.line, p.ringPart(), kora.ReasonGeometry, "the last row of the ring has no coordinates; it is taken as the return to the first corner")
	p.outline.rows++
	return p.endRing()
}

// ringPart names the ring that is open.
func (p *plot) ringPart() string {
	return fmt.Sprintf("ring %d (圈号 %s)", len(p.outline.rings)+1, clipWord(p.outline.open.first.ring))
}

// corner takes the next corner. A ring ends where 圈号 changes, or where its first corner comes again. The error makes the
// whole file unusable.
func (p *plot) corner(c corner) error {
	o := &p.outline
	if o.rows++; o.rows > maxCoordinates {
		return wholeFile(p.header.file, c.line, kora.ReasonTooLarge, "the parcel of line %d has more than %d corners", p.line, maxCoordinates)
	}
	if o.rows == 1 {
		o.first, o.degrees, o.symbols = c, c.inDegrees(), c.symbols
		if !o.degrees && exchanged(c) {
			return kora.Fault{File: p.header.file, Line: c.line, Part: c.part(), Err: kora.Refuse(kora.ReasonCoordinate, "geometry",
				metres(c.north)+","+metres(c.east), "seems to have X and Y exchanged: X is the northing, of 7 digits. "+
					"If the whole file has the easting first, say so (--exchanged), and it will be read that way")}
		}
	}
	if err := p.place(c); err != nil {
		p.refuseCorner(c, err)
		return nil
	}
	if o.open != nil && c.ring != o.open.first.ring {
		if err := p.endRing(); err != nil {
			return err
		}
	}
	r := o.open
	if r == nil {
		o.open = &openRing{first: c, points: orb.Ring{c.point()}}
		o.corners++
		return nil
	}
	switch {
	case r.doubt != nil:
		p.refuse(r.doubt.line, p.ringPart(), kora.Refuse(kora.ReasonGeometry, "geometry", nil,
			"%s comes again with other coordinates than in line %d, and corners follow: a damaged closing row, or a new ring without a 圈号 of its own",
			clipWord(r.first.label), r.first.line))
		r.doubt, r.labels = nil, false
	case len(r.points) >= 3 && c.point() == r.points[0]:
		return p.endRing()
	case p.isClosing(c):
		doubt := c
		r.doubt = &doubt
		return nil
	case len(r.points) == 1:
		r.labels = c.label != r.first.label
	}
	r.points = append(r.points, c.point())
	o.corners++
	return nil
}

// place refuses coordinates that cannot be those of a corner here, or that are of another kind than the corners before.
func (p *plot) place(c corner) *kora.Error {
	o := &p.outline
	if o.degrees {
		return o.angles(c)
	}
	prefix, err := zonePrefix(c)
	switch {
	case err != nil:
		return err
	case o.rows == 1:
		o.prefix = prefix
	case prefix != o.prefix:
		return kora.Refuse(kora.ReasonCRS, "geometry", metres(c.east), "has another zone before its easting than the corners before it")
	}
	return nil
}

// endRing closes the open ring, if any.
func (p *plot) endRing() error {
	o, r := &p.outline, p.outline.open
	if r == nil {
		return nil
	}
	part := p.ringPart()
	o.open = nil
	if r.doubt != nil {
		p.warn(r.doubt.line, part, kora.ReasonGeometry,
			"the last row is %s again, with other coordinates than in line %d; it is taken as the return to that corner", clipWord(r.first.label), r.first.line)
	}
	ring := surveyRing{line: r.first.line, part: part, Ring: append(r.points, r.points[0])}
	if !o.gaps && ringArea(ring.Ring) == 0 {
		p.refuse(r.first.line, part, kora.Refuse(kora.ReasonGeometry, "geometry", nil,
			"encloses nothing: it has fewer than 3 different corners, they lie on one line, or it crosses itself"))
	}
	if len(o.rings) == maxRings {
		return wholeFile(p.header.file, r.first.line, kora.ReasonTooLarge, "the parcel of line %d has more than %d rings", p.line, maxRings)
	}
	o.rings = append(o.rings, ring)
	return nil
}

// checkCount warns when the number of corners that the parcel line states is none of those that programs write: with the
// closing rows or without them.
func (p *plot) checkCount() {
	s := fold(p.field(fieldCorners))
	o := &p.outline
	if n, err := strconv.Atoi(s); s == "" || err == nil && (n == o.corners || n == o.rows || n == o.corners+len(o.rings)) {
		return
	}
	p.warnings = append(p.warnings, kora.Fault{File: p.header.file, Line: p.line, Part: "界址点数", Err: kora.Refuse(kora.ReasonRange, "geometry", s,
		"is not the number of corners, of which there are %d; the corners hold", o.corners)})
}
