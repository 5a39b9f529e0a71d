package importers

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"kora"
	"kora/geo/datum"
)

// Map apps in China shift by 250 m and more, smoothly; what comes from one lies where the formula has it to a few metres,
// and a new survey of the same parcel does not.
const shiftWithin = 15.0 // metres

// shifted refuses an outline that lies from the one in the record just as far and in that direction as coordinates for map
// apps do.
func shifted(was, now orb.MultiPolygon) *kora.Error {
	if len(was) == 0 || len(now) == 0 {
		return nil
	}
	from, to := was.Bound(), now.Bound()
	if east, north := metresBetween(size(from), size(to), from.Min[1]); math.Abs(east) > shiftWithin || math.Abs(north) > shiftWithin {
		return nil // another outline
	}
	at := from.Center()
	for _, apps := range []struct {
		name  string
		shift func(orb.Point) orb.Point
	}{{"GCJ-02", datum.GCJ02}, {"BD-09", datum.BD09}} {
		there := apps.shift(at)
		if there == at {
			continue
		}
		if east, north := metresBetween(there, to.Center(), at[1]); math.Hypot(east, north) <= shiftWithin {
			return kora.Refuse(kora.ReasonCRS, "geometry", nil,
				"lies %.0f m from where the record has this parcel, just as %s shifts it for map apps; give the coordinates as surveyed, in CGCS2000 or WGS 84",
				geo.Distance(at, to.Center()), apps.name)
		}
	}
	return nil
}

func size(b orb.Bound) orb.Point { return orb.Point{b.Max[0] - b.Min[0], b.Max[1] - b.Min[1]} }

// metresBetween is how far b lies east and north of a, near a latitude.
func metresBetween(a, b orb.Point, latitude float64) (east, north float64) {
	const degree = math.Pi / 180 * orb.EarthRadius
	return (b[0] - a[0]) * degree * math.Cos(latitude*math.Pi/180), (b[1] - a[1]) * degree
}
