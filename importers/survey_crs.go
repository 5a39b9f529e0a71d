package importers

import (
	"strconv"
	"strings"

	"kora"
	"kora/geo/datum"
)

// A surveySystem is what the header says about the coordinates, completed by the answers of whoever imports the file.
// Zone.Number is 0 when neither names a zone, and Zone.Width is 0 when neither names a width.
type surveySystem struct {
	header  *surveyHeader
	answers ParcelOptions
	zone    datum.Zone
	named   bool   // the header names a reference system
	wgs84   bool   // and it is WGS 84
	angle   string // "degrees" or "ddd.mmss" when the unit is one of angles
	metres  bool   // the unit is the metre
	plane   bool   // a projection or a zone is named
}

// system reads the header. The error makes the whole file unusable: a parcel at the wrong place is worse than none.
func (h *surveyHeader) system(answers ParcelOptions) (surveySystem, error) {
	s := surveySystem{header: h, answers: answers}
	for _, read := range []func() error{s.readDatum, s.readProjection, s.readUnit, s.readWidth, s.readZone, s.readMeridian, s.takeAnswers} {
		if err := read(); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (s *surveySystem) readDatum() error {
	const key = "坐标系"
	crs := strings.ToUpper(s.header.values[key])
	s.named = crs != ""
	switch {
	case crs == "":
	case strings.Contains(crs, "80") || strings.Contains(crs, "54"):
		return s.header.fault(key, kora.ReasonCRS,
			"cannot be turned into CGCS2000 without local parameters; have the file converted to 2000国家大地坐标系 first")
	case strings.Contains(strings.NewReplacer(" ", "", "-", "", "_", "").Replace(crs), "WGS84"):
		s.wgs84 = true
	case !strings.Contains(crs, "2000"):
		return s.header.fault(key, kora.ReasonCRS, "is not known; have the file converted to 2000国家大地坐标系 first")
	}
	return nil
}

func (s *surveySystem) readProjection() error {
	const key = "投影类型"
	p := s.header.values[key]
	switch {
	case p == "" || p == "无":
	case strings.Contains(p, "高斯") || strings.Contains(strings.ToLower(p), "gauss"):
		s.plane = true
	default:
		return s.header.fault(key, kora.ReasonCRS, "is not Gauss-Krüger (高斯克吕格)")
	}
	return nil
}

func (s *surveySystem) readUnit() error {
	const key = "计量单位"
	switch strings.ToLower(strings.ReplaceAll(s.header.values[key], " ", "")) {
	case "":
	case "米", "m":
		s.metres = true
	case "度", "十进制度", "degree", "degrees":
		s.angle = "degrees"
	case "度分秒", "ddd.mmss", "dd.mmss", "度.分秒", "dms":
		s.angle = "ddd.mmss"
	default:
		return s.header.fault(key, kora.ReasonCRS, "is none of 米, 度 and 度分秒")
	}
	return nil
}

func (s *surveySystem) readWidth() error {
	const key = "几度分带"
	switch w := s.header.values[key]; strings.TrimSuffix(strings.TrimSuffix(w, "带"), "度") {
	case "":
	case "3", "三":
		s.zone.Width = 3
	case "6", "六":
		s.zone.Width = 6
	default:
		return s.header.fault(key, kora.ReasonCRS, "must be 3 or 6")
	}
	return nil
}

func (s *surveySystem) readZone() error {
	const key = "带号"
	n := strings.TrimSuffix(s.header.values[key], "带")
	if n == "" {
		return nil
	}
	number, err := strconv.Atoi(n)
	if err != nil {
		return s.header.fault(key, kora.ReasonCRS, "is not a zone number such as 31")
	}
	zone, ok := s.withNumber(number)
	if !ok {
		return s.header.fault(key, kora.ReasonCRS, "is no zone of CGCS2000 in China"+ofWidths)
	}
	s.zone, s.plane = zone, true
	return nil
}

// readMeridian takes the zone from its axis, which says as much once the width is known.
func (s *surveySystem) readMeridian() error {
	const key = "中央子午线"
	m := strings.TrimRight(strings.ToUpper(s.header.values[key]), "°度E")
	if m == "" {
		return nil
	}
	axis, err := strconv.Atoi(strings.TrimSuffix(m, ".0"))
	if err != nil {
		return s.header.fault(key, kora.ReasonCRS, "is not a whole number of degrees such as 93")
	}
	if s.zone.Number != 0 {
		if s.zone.CentralMeridian() != axis {
			return s.header.fault(key, kora.ReasonCRS, "is not that of zone %d, which is %d", s.zone.Number, s.zone.CentralMeridian())
		}
		return nil
	}
	if s.zone.Width == 0 {
		return nil // 93 is the axis of zone 31 of three degrees and of zone 16 of six
	}
	for number := 13; number <= 45; number++ {
		if zone, ok := s.withNumber(number); ok && zone.CentralMeridian() == axis {
			s.zone, s.plane = zone, true
			return nil
		}
	}
	return s.header.fault(key, kora.ReasonCRS, "is the axis of no zone of CGCS2000 in China, or of none as wide as 几度分带 says")
}

// takeAnswers completes the header, and refuses answers that go against it.
func (s *surveySystem) takeAnswers() error {
	want := s.answers.Zone
	switch {
	case want.Number == 0:
	case s.zone.Number != 0 && s.zone != want:
		return s.header.fault("带号", kora.ReasonCRS, "is another zone than the one of %d degrees that this import was told of, %d", want.Width, want.Number)
	case s.zone.Width != 0 && s.zone.Width != want.Width:
		return s.header.fault("几度分带", kora.ReasonCRS, "is not the width of the zone that this import was told of, %d degrees", want.Width)
	default:
		s.zone = want
	}
	return nil
}

// withNumber is the zone of that number and of the width that the header names, if any.
func (s *surveySystem) withNumber(number int) (datum.Zone, bool) {
	zone, ok := datum.ZoneByNumber(number)
	return zone, ok && (s.zone.Width == 0 || s.zone.Width == zone.Width)
}

const ofWidths = ": 25 to 45 are those of 3 degrees, 13 to 23 those of 6, and 几度分带 must go with it"

// grid is the EPSG code of p's coordinates in metres, taken from the digits of its eastings and from the header.
func (s *surveySystem) grid(p *plot) (srid int, err error) {
	switch {
	case s.wgs84:
		return 0, s.header.fault("坐标系", kora.ReasonCRS, "is not known for coordinates in metres; have the file converted to 2000国家大地坐标系 first")
	case !s.named && !s.answers.CGCS2000:
		return 0, s.header.fault("坐标系", kora.ReasonCRS, "the reference system is missing; give 坐标系=2000国家大地坐标系, "+
			"or, when you know that it is that one, say so (--cgcs2000)")
	case s.angle != "":
		return 0, s.header.fault("计量单位", kora.ReasonCRS, "is one of angles, but the coordinates are in metres")
	}
	zone, prefix, first := s.zone, p.outline.prefix, p.outline.first
	switch {
	case prefix == 0 && zone.Number == 0:
		return 0, s.header.fault("带号", kora.ReasonCRS,
			"the zone is missing: give 带号= in [属性描述], or eastings of 8 digits that start with it, or name it for this import (--zone)")
	case prefix != 0 && zone.Number != 0 && prefix != zone.Number:
		return 0, s.wrongAt(first, "has the zone %d before its easting, but 带号 is %d", prefix, zone.Number)
	case prefix != 0:
		var ok bool
		if zone, ok = s.withNumber(prefix); !ok {
			return 0, s.wrongAt(first, "starts with %d, which is no zone of CGCS2000 in China"+ofWidths, prefix)
		}
	}
	return zone.EPSG(prefix != 0)
}

// angles tells how p's angles are to be read, which must not be in doubt.
func (s *surveySystem) angles(p *plot) (packed bool, refusal *kora.Error) {
	o := &p.outline
	switch {
	case s.metres || s.plane:
		return false, kora.Refuse(kora.ReasonCoordinate, "geometry", metres(o.first.north)+","+metres(o.first.east), "is an angle, but the header speaks of a plane in metres")
	case o.symbols || s.angle == "degrees":
		return false, nil
	case s.angle == "ddd.mmss" && o.unpacked:
		return false, kora.Refuse(kora.ReasonCoordinate, "geometry", nil, "some angles have 60 or more minutes or seconds, so they are not ddd.mmss as 计量单位 says")
	case s.angle == "ddd.mmss":
		return true, nil
	case !o.unpacked:
		return false, kora.Refuse(kora.ReasonCRS, "geometry", nil,
			"the angles can be decimal degrees or ddd.mmss; give 计量单位=度 or 计量单位=度分秒")
	}
	return false, nil
}

func (s *surveySystem) wrongAt(c corner, format string, args ...any) error {
	return kora.Fault{File: s.header.file, Line: c.line, Part: c.part(), Err: kora.Refuse(kora.ReasonCRS, "geometry", metres(c.east), format, args...)}
}

func metres(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// China lies between 3 and 54 degrees north; its mainland from 18 on.
const minNorth, maxNorth = 1_900_000, 6_000_000

func isNorthing(v float64) bool { return v >= minNorth && v <= maxNorth }

// isEasting also gives the zone number before an easting of eight digits, 0 for one of six digits.
func isEasting(v float64) (prefix int, ok bool) {
	prefix = int(v / 1_000_000)
	within := v - float64(prefix)*1_000_000
	return prefix, v >= 0 && v < 100_000_000 && within >= 100_000 && within < 900_000 && (prefix == 0 || prefix >= 10)
}

// exchanged tells whether c makes sense only the other way round.
func exchanged(c corner) bool {
	_, ok := isEasting(c.north)
	return ok && isNorthing(c.east) && !isNorthing(c.north)
}

// zonePrefix is the zone number before an easting of eight digits, 0 for one of six digits.
func zonePrefix(c corner) (int, *kora.Error) {
	prefix, ok := isEasting(c.east)
	switch {
	case ok && isNorthing(c.north):
		return prefix, nil
	case exchanged(c):
		return 0, kora.Refuse(kora.ReasonCoordinate, "geometry", metres(c.north)+","+metres(c.east),
			"seems to have X and Y exchanged; X is the northing, of 7 digits, and comes first")
	case !isNorthing(c.north):
		return 0, kora.Refuse(kora.ReasonCoordinate, "geometry", metres(c.north), "is no northing (X) in China, which has 7 digits, in metres")
	}
	return 0, kora.Refuse(kora.ReasonCoordinate, "geometry", metres(c.east),
		"is no easting (Y), which has 6 digits before the point, in metres, or 8 with the zone before them")
}
