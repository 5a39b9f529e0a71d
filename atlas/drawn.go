package atlas

import (
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// A drawn shape is asked which areas it touches: those that it has a point in common with.
type drawn struct {
	shape orb.MultiPolygon
	bound orb.Bound
	edges []drawnEdge
}

type drawnEdge struct {
	segment
	bound orb.Bound
}

func drawnShape(shape orb.MultiPolygon) *drawn {
	d := &drawn{shape: shape, bound: shape.Bound()}
	eachEdge(shape, func(s segment) bool {
		d.edges = append(d.edges, drawnEdge{s, orb.MultiPoint{s.a, s.b}.Bound()})
		return false
	})
	return d
}

func (d *drawn) touches(area orb.MultiPolygon) bool {
	around := area.Bound()
	if !around.Intersects(d.bound) {
		return false
	}
	for _, e := range d.edges {
		if e.bound.Intersects(around) && eachEdge(area, e.meets) {
			return true
		}
	}
	// No border meets another: one of the two lies in the other, or they are apart.
	for _, polygon := range area {
		if planar.MultiPolygonContains(d.shape, polygon[0][0]) {
			return true
		}
	}
	for _, polygon := range d.shape {
		if planar.MultiPolygonContains(area, polygon[0][0]) {
			return true
		}
	}
	return false
}

// eachEdge visits the edges of m until one is what is looked for.
func eachEdge(m orb.MultiPolygon, found func(segment) bool) bool {
	for _, polygon := range m {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				if found(segment{ring[i-1], ring[i]}) {
					return true
				}
			}
		}
	}
	return false
}

// A segment is a straight line between two places.
type segment struct{ a, b orb.Point }

// meets tells whether two segments have a point in common.
func (s segment) meets(t segment) bool {
	a, b := side(t.a, t.b, s.a), side(t.a, t.b, s.b)
	c, d := side(s.a, s.b, t.a), side(s.a, s.b, t.b)
	if a*b < 0 && c*d < 0 {
		return true
	}
	on := func(s segment, p orb.Point, side float64) bool {
		return side == 0 && orb.MultiPoint{s.a, s.b}.Bound().Contains(p)
	}
	return on(t, s.a, a) || on(t, s.b, b) || on(s, t.a, c) || on(s, t.b, d)
}

// side is positive where p lies left of the line from a to b, 0 on it.
func side(a, b, p orb.Point) float64 { return (b[0]-a[0])*(p[1]-a[1]) - (b[1]-a[1])*(p[0]-a[0]) }
