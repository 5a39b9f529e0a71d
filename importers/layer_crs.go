package importers

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"kora"
	"kora/geo/datum"
)

// A layerCRS is the reference system of a layer.
type layerCRS struct {
	name  string      // "EPSG:4519"
	srid  int         // 0 for degrees, which need no reprojection
	metre float64     // how many metres a unit of it is, 0 where areas in its plane are not true
	note  *kora.Error // what to know of it, nil when nothing
}

// layerCRSOf reads a reference system by its parameters, for names are what a program likes them to be. refusal says why it
// cannot be used.
func layerCRSOf(text string) (crs layerCRS, refusal *kora.Error) {
	root, ok := parseWKT(text)
	if !ok {
		return crs, kora.Refuse(kora.ReasonCRS, "", nil, "is not understood")
	}
	c := root.find("PROJCRS", "GEOGCRS")
	if c == nil {
		return crs, kora.Refuse(kora.ReasonCRS, "", nil, "is neither one of degrees nor a projection")
	}
	d := c.find("DATUM", "ENSEMBLE")
	ellipsoid := c.find("ELLIPSOID")
	if d == nil || ellipsoid == nil {
		return crs, kora.Refuse(kora.ReasonCRS, "", nil, "has no datum")
	}
	a, f := ellipsoid.number(1), ellipsoid.number(2)
	word := strings.ToLower(d.text(0))
	near := func(v, want, within float64) bool { return math.Abs(v-want) <= within }
	switch {
	case near(a, 6378140, 0.5) && near(f, 298.257, 1e-3), near(a, 6378245, 0.5),
		strings.Contains(word, "xian"), strings.Contains(word, "beijing"):
		return crs, kora.Refuse(kora.ReasonCRS, "", nil, "is of the datum %q: Xian 80 and Beijing 54 cannot be turned into CGCS2000 without local parameters; have the file converted to 2000国家大地坐标系 first", clipWord(d.text(0)))
	case !near(a, 6378137, 1e-3) || !near(f, 298.2572221, 1e-5):
		return crs, kora.Refuse(kora.ReasonCRS, "", nil, "is of the datum %q, whose ellipsoid is not that of CGCS2000; reproject it to EPSG:4490 first", clipWord(d.text(0)))
	}
	if m := c.find("PRIMEM"); m != nil && m.number(1) != 0 {
		return crs, kora.Refuse(kora.ReasonCRS, "", nil, "counts longitudes from another meridian than Greenwich")
	}
	china := strings.Contains(word, "china") || strings.Contains(word, "cgcs")
	if !china && !strings.Contains(word, "wgs") && !strings.Contains(word, "world geodetic") {
		crs.note = kora.Refuse(kora.ReasonCRS, "", nil, "the datum %q is taken as agreeing with CGCS2000, which it does to a metre or two", clipWord(d.text(0)))
	}
	if c.name == "GEOGCRS" {
		crs.name, crs.metre = "EPSG:4326", 0
		if china {
			crs.name = "EPSG:4490"
		} else if code := c.epsg(); crs.note != nil && code != 0 {
			crs.name = fmt.Sprintf("EPSG:%d", code)
		}
		if unit := c.unit("ANGLEUNIT"); !near(unit, math.Pi/180, 1e-9) {
			return crs, kora.Refuse(kora.ReasonCRS, "", nil, "has angles that are not in degrees")
		}
		return crs, nil
	}
	crs.metre = c.unit("LENGTHUNIT")
	crs.srid = c.china(crs.metre)
	if crs.srid == 0 {
		crs.srid = c.epsg()
	}
	if crs.srid == webMercator {
		crs.metre = 0
	}
	if crs.srid == 0 || oldDatum(crs.srid) || crs.metre < 0 {
		return crs, kora.Refuse(kora.ReasonCRS, "", nil, "%q has parameters of no projection that is known here; reproject it to one of CGCS2000, or to EPSG:4490", clipWord(c.text(0)))
	}
	crs.name = fmt.Sprintf("EPSG:%d", crs.srid)
	return crs, nil
}

// china is the code of a Gauss-Krüger zone of CGCS2000, or of a UTM zone that covers China, that has c's parameters; 0 when
// there is none. An axis that zones of both widths have in common makes the same plane in both.
func (c *wktNode) china(metre float64) int {
	method := c.find("METHOD", "PROJECTION")
	if method == nil || metre != 1 || !slices.Contains([]string{"transverse mercator", "transverse_mercator", "gauss_kruger", "gauss-kruger"}, strings.ToLower(method.text(0))) {
		return 0
	}
	axis, scale := c.parameter("longitude of natural origin", "central_meridian"), c.parameter("scale factor at natural origin", "scale_factor")
	easting := c.parameter("false easting", "false_easting")
	if c.parameter("latitude of natural origin", "latitude_of_origin") != 0 || c.parameter("false northing", "false_northing") != 0 || axis != math.Trunc(axis) {
		return 0
	}
	if scale == 0.9996 && easting == 500_000 {
		if code := 32600 + int(axis+183)/6; int(axis+183)%6 == 0 && utmZone(code) {
			return code
		}
		return 0
	}
	number := int(easting / 1_000_000)
	if scale != 1 || easting != float64(number)*1_000_000+500_000 {
		return 0
	}
	var zone datum.Zone
	if number != 0 {
		zone, _ = datum.ZoneByNumber(number)
	} else if int(axis)%3 == 0 {
		zone = datum.Zone{Width: 3, Number: int(axis) / 3}
	}
	if !zone.Valid() || zone.CentralMeridian() != int(axis) {
		return 0
	}
	code, err := zone.EPSG(number != 0)
	if err != nil {
		return 0
	}
	return code
}

// A wktNode is one KEYWORD[…] of the well-known text of a reference system (ISO 19162).
type wktNode struct {
	name   string
	values []string // texts and numbers
	inner  []*wktNode
}

const maxWKT = 64 << 10

func parseWKT(text string) (*wktNode, bool) {
	text = strings.TrimSpace(text)
	if len(text) > maxWKT {
		return nil, false
	}
	n, rest, ok := parseNode(text, 0)
	return n, ok && strings.TrimSpace(rest) == ""
}

func parseNode(s string, depth int) (n *wktNode, rest string, ok bool) {
	i := strings.IndexAny(s, "[(")
	if i <= 0 || depth > maxDepth {
		return nil, s, false
	}
	n = &wktNode{name: strings.ToUpper(strings.TrimSpace(s[:i]))}
	s = s[i+1:]
	for {
		s = strings.TrimLeft(s, ", \t\r\n")
		switch {
		case s == "":
			return n, s, false
		case s[0] == ']' || s[0] == ')':
			return n, s[1:], true
		case s[0] == '"':
			text, after, closed := quotedText(s)
			if !closed {
				return n, s, false
			}
			n.values, s = append(n.values, text), after
		default:
			end := strings.IndexAny(s, "[](),")
			if end < 0 {
				return n, s, false
			}
			if s[end] == '[' || s[end] == '(' {
				inner, after, ok := parseNode(s, depth+1)
				if !ok {
					return n, s, false
				}
				n.inner, s = append(n.inner, inner), after
				break
			}
			n.values, s = append(n.values, strings.TrimSpace(s[:end])), s[end:]
		}
	}
}

// quotedText is a text in quotes, in which a quote stands twice.
func quotedText(s string) (text, rest string, ok bool) {
	for i := 1; i < len(s); i++ {
		if s[i] != '"' {
			continue
		}
		if i+1 < len(s) && s[i+1] == '"' {
			i++
			continue
		}
		return strings.ReplaceAll(s[1:i], `""`, `"`), s[i+1:], true
	}
	return "", s, false
}

// find is the first node below n, or n itself, that has one of the names.
func (n *wktNode) find(names ...string) *wktNode {
	if slices.Contains(names, n.name) {
		return n
	}
	for _, inner := range n.inner {
		if found := inner.find(names...); found != nil {
			return found
		}
	}
	return nil
}

func (n *wktNode) text(i int) string {
	if i < len(n.values) {
		return n.values[i]
	}
	return ""
}

// number is NaN where there is none.
func (n *wktNode) number(i int) float64 {
	v, err := strconv.ParseFloat(n.text(i), 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

// epsg is the code that n itself carries, 0 when it carries none.
func (n *wktNode) epsg() int {
	for _, inner := range n.inner {
		if code, err := strconv.Atoi(inner.text(1)); err == nil && inner.name == "ID" && inner.text(0) == "EPSG" {
			return code
		}
	}
	return 0
}

// unit is the unit of the axes, which stands beside them or in each; -1 when they have none or different ones.
func (n *wktNode) unit(name string) float64 {
	unit := -1.0
	for _, inner := range n.inner {
		u := inner
		if inner.name == "AXIS" {
			u = inner.find(name)
		}
		if u == nil || u.name != name {
			continue
		}
		if v := u.number(1); unit != -1 && v != unit {
			return -1
		} else {
			unit = v
		}
	}
	return unit
}

// parameter is the value of a parameter of a projection under one of its names, NaN when it is not there.
func (n *wktNode) parameter(names ...string) float64 {
	for _, inner := range n.inner {
		if inner.name == "CONVERSION" {
			return inner.parameter(names...)
		}
		if inner.name == "PARAMETER" && slices.Contains(names, strings.ToLower(inner.text(0))) {
			return inner.number(1)
		}
	}
	return math.NaN()
}

// givenCRS is the reference system that whoever imports a file names for it.
func givenCRS(given string) (crs layerCRS, refusal *kora.Error) {
	name := strings.ToUpper(strings.TrimSpace(given))
	known, why := namedCRS(name, true)
	if why != nil {
		return crs, kora.Refuse(kora.ReasonCRS, "crs", given, "%v", why)
	}
	crs.name = known
	if code, err := strconv.Atoi(strings.TrimPrefix(known, "EPSG:")); err == nil && knownGrid(code) {
		crs.srid = code
		if code != webMercator {
			crs.metre = 1
		}
	}
	return crs, nil
}
