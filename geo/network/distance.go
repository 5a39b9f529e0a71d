package network

import (
	"math"

	"github.com/paulmach/orb"
)

// Distance is the length in metres of the straight line between two near places on the WGS 84 ellipsoid, by the radii of
// curvature at their middle latitude. Within 0.01 % up to 100 km.
func Distance(a, b orb.Point) float64 {
	east, north := scaleAt((a[1] + b[1]) / 2)
	return math.Hypot((b[0]-a[0])*east, (b[1]-a[1])*north)
}

// scaleAt gives the metres in a degree of longitude and of latitude.
func scaleAt(latitude float64) (east, north float64) {
	const (
		a  = 6378137.0           // WGS 84, major half-axis
		e2 = 6.69437999014132e-3 // and first eccentricity squared
	)
	sin, cos := math.Sincos(latitude * math.Pi / 180)
	w := 1 - e2*sin*sin
	east = a * cos / math.Sqrt(w) * math.Pi / 180
	north = a * (1 - e2) / (w * math.Sqrt(w)) * math.Pi / 180
	return east, north
}

// A plane is a flat map in metres around one place.
type plane struct {
	origin      orb.Point
	east, north float64
}

func planeAt(p orb.Point) plane {
	east, north := scaleAt(p[1])
	return plane{p, east, north}
}

func (f plane) xy(p orb.Point) (x, y float64) {
	return (p[0] - f.origin[0]) * f.east, (p[1] - f.origin[1]) * f.north
}

// around is the box that holds everything within reach metres of the origin.
func (f plane) around(reach float64) orb.Bound {
	dx, dy := 180.0, reach/f.north
	if f.east*180 > reach {
		dx = reach / f.east
	}
	return orb.Bound{
		Min: orb.Point{f.origin[0] - dx, f.origin[1] - dy},
		Max: orb.Point{f.origin[0] + dx, f.origin[1] + dy},
	}
}
