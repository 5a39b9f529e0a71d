package service

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// scanLines are drawn through a cell to measure what of it lies in areas: about one every 2.5 m of a cell of resolution 10.
const scanLines = 64

// The ellipsoid of CGCS2000.
const (
	semiMajor    = 6378137.0
	eccentricity = 0.00669438002290 // squared
)

// AreaIn gives the square metres of a convex ring of degrees that lie in any of the polygons: where two of them overlap, the ground
// counts once. It is measured along scanLines lines from west to east, each exactly; that no polygon is cut makes it cheap and proof
// against rings that cross themselves.
func AreaIn(ring orb.Ring, polygons []orb.Polygon) float64 {
	if len(ring) < 4 || len(polygons) == 0 {
		return 0
	}
	box := ring.Bound()
	step := (box.Max[1] - box.Min[1]) / scanLines
	var sum float64
	var spans [][2]float64
	var cuts []float64
	for i := range scanLines {
		lat := box.Min[1] + (float64(i)+0.5)*step
		cuts = crossings(cuts[:0], orb.Polygon{ring}, lat)
		if len(cuts) < 2 {
			continue
		}
		west, east := cuts[0], cuts[len(cuts)-1]
		spans = spans[:0]
		for _, p := range polygons {
			cuts = crossings(cuts[:0], p, lat)
			for k := 0; k+1 < len(cuts); k += 2 {
				if a, b := max(cuts[k], west), min(cuts[k+1], east); a < b {
					spans = append(spans, [2]float64{a, b})
				}
			}
		}
		sum += together(spans) * squareDegree(lat)
	}
	return sum * step
}

// crossings adds the longitudes at which the rings of a polygon cross a parallel, ascending: inside lies between the first and the
// second, the third and the fourth, and so on.
func crossings(at []float64, p orb.Polygon, lat float64) []float64 {
	for _, ring := range p {
		for i := 0; i+1 < len(ring); i++ {
			a, b := ring[i], ring[i+1]
			if (a[1] > lat) != (b[1] > lat) {
				at = append(at, a[0]+(lat-a[1])/(b[1]-a[1])*(b[0]-a[0]))
			}
		}
	}
	slices.Sort(at)
	return at
}

// together is the length that spans cover, each part once.
func together(spans [][2]float64) (sum float64) {
	slices.SortFunc(spans, func(a, b [2]float64) int { return cmp.Compare(a[0], b[0]) })
	until := math.Inf(-1)
	for _, s := range spans {
		if s[1] > until {
			sum += s[1] - max(s[0], until)
			until = s[1]
		}
	}
	return sum
}

// squareDegree is the size in square metres of a square of one degree at a latitude, if it were as large everywhere in it.
func squareDegree(lat float64) float64 {
	sin, cos := math.Sincos(lat * math.Pi / 180)
	w := 1 - eccentricity*sin*sin
	meridian := semiMajor * (1 - eccentricity) / (w * math.Sqrt(w))
	parallel := semiMajor / math.Sqrt(w) * cos
	return meridian * parallel * (math.Pi / 180) * (math.Pi / 180)
}
