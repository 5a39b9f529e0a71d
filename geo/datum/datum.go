// Package datum turns CGCS2000 longitude/latitude into the shifted coordinates that Chinese map apps expect, and names
// the Gauss-Krüger zones of CGCS2000 by their EPSG codes.
//
// It holds arithmetic only. The projection itself is PostGIS's work, and there is no way back from GCJ-02 here: the
// shift is applied to links that leave the service, never undone for data that enters it.
package datum

import (
	"math"

	"github.com/paulmach/orb"
)

// The ellipsoid of Krasovsky 1940, on which the GCJ-02 shift is computed.
const (
	krasovskyA  = 6378245.0              // semi-major axis, metres
	krasovskyE2 = 0.00669342162296594323 // first eccentricity squared
)

// GCJ02 shifts p, degrees of CGCS2000 or WGS 84, longitude first, to GCJ-02 as Amap and Tencent use it. Outside of
// China it is the identity.
//
// The formula is not published by its owner; this is the one in common use since 2010, with the semi-major axis
// 6378245 m. It is good to about a metre of what the apps show, enough to find a door.
func GCJ02(p orb.Point) orb.Point {
	if !inChina(p) {
		return p
	}
	x, y := p[0]-105, p[1]-35
	waves := (20*math.Sin(6*math.Pi*x) + 20*math.Sin(2*math.Pi*x)) * 2 / 3
	north := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*math.Sqrt(math.Abs(x)) + waves +
		(20*math.Sin(math.Pi*y)+40*math.Sin(math.Pi*y/3))*2/3 +
		(160*math.Sin(math.Pi*y/12)+320*math.Sin(math.Pi*y/30))*2/3
	east := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*math.Sqrt(math.Abs(x)) + waves +
		(20*math.Sin(math.Pi*x)+40*math.Sin(math.Pi*x/3))*2/3 +
		(150*math.Sin(math.Pi*x/12)+300*math.Sin(math.Pi*x/30))*2/3

	// Metres become degrees by the radii of curvature at the latitude.
	sin, cos := math.Sincos(p[1] * math.Pi / 180)
	w2 := 1 - krasovskyE2*sin*sin
	meridian := krasovskyA * (1 - krasovskyE2) / (w2 * math.Sqrt(w2))
	parallel := krasovskyA / math.Sqrt(w2) * cos
	return orb.Point{
		p[0] + east/parallel*180/math.Pi,
		p[1] + north/meridian*180/math.Pi,
	}
}

// BD09 shifts p, degrees of CGCS2000 or WGS 84, longitude first, to BD-09 as Baidu uses it: GCJ-02, turned and moved
// once more. Outside of China it is the identity.
func BD09(p orb.Point) orb.Point {
	if !inChina(p) {
		return p
	}
	const k = math.Pi * 3000 / 180
	g := GCJ02(p)
	radius := math.Hypot(g[0], g[1]) + 0.00002*math.Sin(g[1]*k)
	angle := math.Atan2(g[1], g[0]) + 0.000003*math.Cos(g[0]*k)
	return orb.Point{radius*math.Cos(angle) + 0.0065, radius*math.Sin(angle) + 0.006}
}

// inChina is the box within which map apps apply the shift. NaN is outside.
func inChina(p orb.Point) bool {
	return p[0] >= 72.004 && p[0] <= 137.8347 && p[1] >= 0.8293 && p[1] <= 55.8271
}
