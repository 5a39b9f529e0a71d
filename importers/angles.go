package importers

import (
	"math"
	"regexp"
	"strings"

	"github.com/paulmach/orb"

	"kora"
)

// angleSigns part the degrees, minutes and seconds of an angle, in the usual width.
const angleSigns = "°º度'′’分\"″”秒"

var anglePattern = regexp.MustCompile(
	`^([-+]?\d{1,3}(?:\.\d+)?)(?:[°º度]|$)(?:(\d{1,2}(?:\.\d+)?)['′’分])?(?:(\d{1,2}(?:\.\d+)?)(?:["″”秒]|'')?)?$`)

// bare is an angle without what says of which side it is: 东经, 北纬, E or N before or behind it.
func bare(s string) string {
	s = strings.NewReplacer("东经", "", "北纬", "", "经度", "", "纬度", "", " ", "").Replace(s)
	return strings.Trim(s, "EN")
}

// angle reads degrees as a decimal number or with their minutes and seconds: 94.3392, 94°20′21.1″, 94度20分21.1秒, E94°20.35′.
func angle(field, s string) (float64, *kora.Error) {
	if strings.Trim(s, "0123456789.") == "" && s != "" { // by far the most
		return number(field, s)
	}
	s = fold(s)
	if !strings.ContainsAny(s, angleSigns) {
		return number(field, bare(s))
	}
	wrong := kora.Refuse(kora.ReasonSyntax, field, s, "is not an angle such as 94.3392 or 94°20′21.1″")
	m := anglePattern.FindStringSubmatch(bare(s))
	if m == nil || m[2] == "" && m[3] != "" {
		return 0, wrong
	}
	sum := 0.0
	for i, part := range []float64{1, 60, 3600} {
		v, err := number(field, m[i+1])
		if err != nil || i > 0 && math.Abs(v) >= 60 {
			return 0, wrong
		}
		if i > 0 && m[i+1] != "" && strings.Contains(m[i], ".") { // only the last part has decimals
			return 0, wrong
		}
		sum += math.Abs(v) / part
	}
	if strings.HasPrefix(m[1], "-") {
		sum = -sum
	}
	return sum, nil
}

// packedAngle reads ddd.mmss, degrees with minutes and seconds in the places of their decimals, as field books have them.
func packedAngle(v float64) (degrees float64, ok bool) {
	// A millionth of a second is far below what is measured, and above what binary fractions add.
	units := int64(math.Round(math.Abs(v) * 1e10))
	d, rest := units/1e10, units%1e10
	m, s := rest/1e8, float64(rest%1e8)/1e6
	degrees = float64(d) + float64(m)/60 + s/3600
	return math.Copysign(degrees, v), m < 60 && s < 60
}

// China lies in these degrees, of which no longitude can be a latitude.
const minLon, maxLon, minLat, maxLat = 73, 136, 3, 54

// angles refuses what is no place in China in degrees, as they stand or with minutes and seconds in their decimals.
func (o *outline) angles(c corner) *kora.Error {
	if !c.inDegrees() || c.symbols != o.symbols {
		return kora.Refuse(kora.ReasonCoordinate, "geometry", metres(c.north)+","+metres(c.east), "is of another kind than the corners before it")
	}
	lat, lon := c.north, c.east
	if o.first.north > maxLat { // longitude first, in all rows
		lat, lon = lon, lat
	}
	if !(lat >= minLat && lat <= maxLat && lon >= minLon && lon <= maxLon) {
		return kora.Refuse(kora.ReasonCoordinate, "geometry", metres(c.north)+","+metres(c.east), "is neither a northing and an easting in metres, nor a place in China in degrees")
	}
	for _, v := range []float64{lat, lon} {
		if _, ok := packedAngle(v); !ok {
			o.unpacked = true
		}
	}
	return nil
}

// inLonLat turns rings of angles into longitude and latitude.
func (o *outline) inLonLat(packed bool) {
	for _, r := range o.rings {
		for i, p := range r.Ring {
			if o.first.north > maxLat {
				p = orb.Point{p[1], p[0]}
			}
			if packed {
				p[0], _ = packedAngle(p[0])
				p[1], _ = packedAngle(p[1])
			}
			r.Ring[i] = p
		}
	}
}
