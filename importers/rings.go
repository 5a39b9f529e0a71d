package importers

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"kora"
)

const maxRings = 1_000 // of one parcel

// A surveyRing is a closed ring in the plane of the survey: easting, northing in metres.
type surveyRing struct {
	line int    // of its first corner
	part string // for faults
	orb.Ring
}

// arrange makes polygons of rings by the even-odd rule: a ring inside of an even number of others is an outline, one
// inside of an odd number a hole of the smallest ring around it. Outlines run counter-clockwise, holes clockwise (RFC
// 7946). It takes rings that do not cross; whether they do is for PostGIS to say.
func arrange(file string, rings []surveyRing) (orb.MultiPolygon, *kora.Fault) {
	type placed struct {
		area   float64
		inside orb.Point
		bound  orb.Bound
		around []int // the rings that contain it
	}
	all := make([]placed, len(rings))
	for i, r := range rings {
		all[i] = placed{area: ringArea(r.Ring), inside: kora.Inside(r.Ring), bound: r.Bound()}
	}
	for i := range all {
		for j := range all {
			if i == j || all[j].area < all[i].area || !all[j].bound.Contains(all[i].inside) || !crossesOdd(rings[j].Ring, all[i].inside) {
				continue
			}
			if all[j].area == all[i].area {
				return nil, &kora.Fault{File: file, Line: rings[max(i, j)].line, Part: rings[max(i, j)].part,
					Err: kora.Refuse(kora.ReasonGeometry, "geometry", nil, "repeats %s", rings[min(i, j)].part)}
			}
			all[i].around = append(all[i].around, j)
		}
	}
	var m orb.MultiPolygon
	polygon := make([]int, len(rings)) // ring → polygon, for outlines
	for i, p := range all {
		if len(p.around)%2 == 0 {
			polygon[i] = len(m)
			m = append(m, orb.Polygon{oriented(rings[i].Ring, orb.CCW)})
		}
	}
	for i, p := range all {
		if len(p.around)%2 == 1 {
			parent := slices.MinFunc(p.around, func(a, b int) int {
				if all[a].area < all[b].area {
					return -1
				}
				return 1
			})
			m[polygon[parent]] = append(m[polygon[parent]], oriented(rings[i].Ring, orb.CW))
		}
	}
	return m, nil
}

// oriented is r, turned round when it runs the other way.
func oriented(r orb.Ring, o orb.Orientation) orb.Ring {
	if r.Orientation() != o {
		r = slices.Clone(r)
		r.Reverse()
	}
	return r
}

// ringArea is the area of a closed ring in the square of its unit, by the shoelace formula from its first corner, which
// keeps the digits that eastings of eight would cost.
func ringArea(r orb.Ring) float64 {
	sum := 0.0
	for i := 1; i+1 < len(r); i++ {
		ax, ay := r[i][0]-r[0][0], r[i][1]-r[0][1]
		bx, by := r[i+1][0]-r[0][0], r[i+1][1]-r[0][1]
		sum += ax*by - bx*ay
	}
	return math.Abs(sum) / 2
}

// crossesOdd tells whether p lies inside of r by the even-odd rule.
func crossesOdd(r orb.Ring, p orb.Point) bool {
	odd := false
	for i := 1; i < len(r); i++ {
		if x, ok := crossing(r[i-1], r[i], p[1]); ok && x > p[0] {
			odd = !odd
		}
	}
	return odd
}

// crossing is where the line at height y meets the segment from a to b, counting the lower end and not the upper one.
func crossing(a, b orb.Point, y float64) (x float64, ok bool) {
	if (a[1] <= y) == (b[1] <= y) {
		return 0, false
	}
	return a[0] + (y-a[1])/(b[1]-a[1])*(b[0]-a[0]), true
}
