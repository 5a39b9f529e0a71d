package importers

import (
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"kora"
	"kora/geo/datum"
)

// namedCRS is the reference system of a name such as urn:ogc:def:crs:EPSG::4490, as "EPSG:4490" or "OGC:CRS84"; refusal says
// why it is none that can be read. With grids it may be a projection of CGCS2000 or WGS 84, which have the same ellipsoid.
func namedCRS(name string, grids bool) (crs string, refusal *kora.Error) {
	name = strings.ToUpper(name)
	last := name[strings.LastIndexAny(name, ":/")+1:]
	if !strings.Contains(name, "EPSG") {
		if last == "CRS84" {
			return "OGC:CRS84", nil
		}
		return "", kora.Refuse(kora.ReasonCRS, "", nil, "is not known here; reproject them to EPSG:4490, CGCS2000 longitude/latitude, first")
	}
	code, err := strconv.Atoi(last)
	switch {
	case err != nil:
		return "", kora.Refuse(kora.ReasonCRS, "", nil, "is not understood")
	case code == 4326 || code == kora.SRID:
	case oldDatum(code):
		return "", kora.Refuse(kora.ReasonCRS, "", nil, "is of Xian 80 or Beijing 54: they cannot be turned into CGCS2000 without local parameters; have the file converted first")
	case !knownGrid(code):
		return "", kora.Refuse(kora.ReasonCRS, "", nil, "is not known here; reproject them to EPSG:4490, CGCS2000 longitude/latitude, first")
	case !grids:
		return "", kora.Refuse(kora.ReasonCRS, "", nil, "is a projection (EPSG:%d); reproject them to EPSG:4490, CGCS2000 longitude/latitude, first", code)
	}
	return "EPSG:" + last, nil
}

// oldDatum tells the codes of Xian 80 and Beijing 54: degrees, and zones of 3 and 6 degrees with and without their number.
func oldDatum(code int) bool {
	for _, span := range [][2]int{{4610, 4610}, {2327, 2390}, {4214, 4214}, {2401, 2442}, {21413, 21423}, {21453, 21463}, {21473, 21483}} {
		if code >= span[0] && code <= span[1] {
			return true
		}
	}
	return false
}

const webMercator = 3857

// utmZone is the zone of UTM on WGS 84, north of the equator, from 43 to 53, which cover China.
func utmZone(code int) bool { return code >= 32643 && code <= 32653 }

func knownGrid(code int) bool {
	_, _, ok := datum.ZoneByEPSG(code)
	return ok || utmZone(code) || code == webMercator
}

// checkGrid refuses a point, easting and northing, that cannot be one of the grid.
func checkGrid(code int, p orb.Point) *kora.Error {
	at := metres(p[0]) + "," + metres(p[1])
	if zone, prefixed, ok := datum.ZoneByEPSG(code); ok {
		prefix, err := zonePrefix(corner{north: p[1], east: p[0]})
		switch {
		case err != nil:
			return err
		case prefixed && prefix != zone.Number:
			return kora.Refuse(kora.ReasonCRS, "geometry", at, "does not start with %d, the zone of EPSG:%d", zone.Number, code)
		case !prefixed && prefix != 0:
			return kora.Refuse(kora.ReasonCRS, "geometry", at, "has a zone before its easting, which EPSG:%d has not", code)
		}
		return nil
	}
	const mercatorEdge = 20_037_509
	within := p[0] >= 100_000 && p[0] < 900_000 && p[1] >= 0 && p[1] < 10_000_000
	if code == webMercator {
		within = p[0] >= -mercatorEdge && p[0] <= mercatorEdge && p[1] >= -mercatorEdge && p[1] <= mercatorEdge
	}
	if !within {
		return kora.Refuse(kora.ReasonCoordinate, "geometry", at, "is no place of EPSG:%d", code)
	}
	return nil
}
