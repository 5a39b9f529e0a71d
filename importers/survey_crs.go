package importers

import (
	"fmt"
	"strconv"
	"strings"

	"kora"
	"kora/geo/datum"
)

// A surveySystem is what the header says about the projection. Zone.Number is 0 when it names no zone, and Zone.Width
// is 0 when it names no width.
type surveySystem struct {
	header *surveyHeader
	zone   datum.Zone
}

// system reads the header. The error makes the whole file unusable: a parcel at the wrong place is worse than none.
func (h *surveyHeader) system() (surveySystem, error) {
	s := surveySystem{header: h}
	switch crs := strings.ToUpper(h.values["坐标系"]); {
	case crs == "":
		return s, h.fault("坐标系", kora.ReasonCRS, "the reference system is missing; give 坐标系=2000国家大地坐标系")
	case strings.Contains(crs, "80") || strings.Contains(crs, "54"):
		return s, h.fault("坐标系", kora.ReasonCRS,
			"cannot be turned into CGCS2000 without local parameters; have the file converted to 2000国家大地坐标系 first")
	case !strings.Contains(crs, "2000"):
		return s, h.fault("坐标系", kora.ReasonCRS, "is not known; have the file converted to 2000国家大地坐标系 first")
	}
	if p := h.values["投影类型"]; p != "" && !strings.Contains(p, "高斯") && !strings.Contains(strings.ToLower(p), "gauss") {
		return s, h.fault("投影类型", kora.ReasonCRS, "is not Gauss-Krüger (高斯克吕格)")
	}
	switch unit := strings.ToLower(h.values["计量单位"]); unit {
	case "", "米", "m":
	default:
		return s, h.fault("计量单位", kora.ReasonCRS, "is not 米; coordinates must be in metres")
	}
	if w := h.values["几度分带"]; w != "" {
		switch strings.TrimSuffix(strings.TrimSuffix(w, "带"), "度") {
		case "3", "三":
			s.zone.Width = 3
		case "6", "六":
			s.zone.Width = 6
		default:
			return s, h.fault("几度分带", kora.ReasonCRS, "must be 3 or 6")
		}
	}
	if n := strings.TrimSuffix(h.values["带号"], "带"); n != "" {
		number, err := strconv.Atoi(n)
		if err != nil {
			return s, h.fault("带号", kora.ReasonCRS, "is not a zone number such as 31")
		}
		zone, ok := s.withNumber(number)
		if !ok {
			return s, h.fault("带号", kora.ReasonCRS, "is no zone of CGCS2000 in China"+s.ofWidth())
		}
		s.zone = zone
	}
	return s, nil
}

// withNumber is the zone of that number and of the width that the header names, if any.
func (s surveySystem) withNumber(number int) (datum.Zone, bool) {
	zone, ok := datum.ZoneByNumber(number)
	return zone, ok && (s.zone.Width == 0 || s.zone.Width == zone.Width)
}

func (s surveySystem) ofWidth() string {
	if s.zone.Width == 0 {
		return ""
	}
	return fmt.Sprintf(" of %d degrees (25 to 45 for 3, 13 to 23 for 6)", s.zone.Width)
}

// of is the EPSG code of p's coordinates, taken from the digits of its eastings and from the header. fault is one of p's
// corners, err one of the whole file.
func (s surveySystem) of(p *plot) (srid int, fault *kora.Fault, err error) {
	prefix := 0
	for i, c := range p.corners {
		n, refusal := zonePrefix(c)
		if refusal == nil && i > 0 && n != prefix {
			refusal = kora.Refuse(kora.ReasonCRS, "geometry", metres(c.east), "has another zone before its easting than the corners before it")
		}
		if refusal != nil {
			return 0, &kora.Fault{File: s.header.file, Line: c.line, Part: c.part(), Err: refusal}, nil
		}
		prefix = n
	}
	zone := s.zone
	if len(p.corners) == 0 {
		return 0, nil, nil // rings tells
	}
	first := p.corners[0]
	switch {
	case prefix == 0 && zone.Number == 0:
		return 0, nil, s.header.fault("带号", kora.ReasonCRS,
			"the zone is missing: give 带号= in [属性描述], or eastings of 8 digits that start with it")
	case prefix != 0 && zone.Number != 0 && prefix != zone.Number:
		return 0, nil, s.wrongAt(first, fmt.Sprintf("has the zone %d before its easting, but 带号 is %d", prefix, zone.Number))
	case prefix != 0:
		var ok bool
		if zone, ok = s.withNumber(prefix); !ok {
			return 0, nil, s.wrongAt(first, fmt.Sprintf("starts with %d, which is no zone of CGCS2000 in China%s", prefix, s.ofWidth()))
		}
	}
	srid, err = zone.EPSG(prefix != 0)
	return srid, nil, err
}

func (s surveySystem) wrongAt(c corner, text string) error {
	return kora.Fault{File: s.header.file, Line: c.line, Part: c.part(), Err: kora.Refuse(kora.ReasonCRS, "geometry", metres(c.east), text)}
}

func (c corner) part() string { return fmt.Sprintf("ring %s, %s", clipWord(c.ring), clipWord(c.label)) }

func metres(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// China lies between 3 and 54 degrees north; its mainland from 18 on.
const minNorth, maxNorth = 1_900_000, 6_000_000

// zonePrefix is the zone number before an easting of eight digits, 0 for one of six digits.
func zonePrefix(c corner) (int, *kora.Error) {
	prefix := int(c.east / 1_000_000)
	within := c.east - float64(prefix)*1_000_000
	isEasting := c.east >= 0 && c.east < 100_000_000 && within >= 100_000 && within < 900_000 && (prefix == 0 || prefix >= 10)
	isNorthing := c.north >= minNorth && c.north <= maxNorth
	switch {
	case isEasting && isNorthing:
		return prefix, nil
	case c.east >= minNorth && c.east <= maxNorth && !isNorthing:
		return 0, kora.Refuse(kora.ReasonCoordinate, "geometry", metres(c.north)+","+metres(c.east),
			"seems to have X and Y exchanged; X is the northing, of 7 digits, and comes first")
	case !isNorthing:
		return 0, kora.Refuse(kora.ReasonCoordinate, "geometry", metres(c.north), "is no northing (X) in China, which has 7 digits, in metres")
	}
	return 0, kora.Refuse(kora.ReasonCoordinate, "geometry", metres(c.east),
		"is no easting (Y), which has 6 digits before the point, in metres, or 8 with the zone before them")
}
