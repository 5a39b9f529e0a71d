// Package flat keeps the shapes of a layer in flat memory: whole-number world coordinates in shared slabs, in the order of a
// Hilbert curve, with a packed R-tree over their boxes. A tile needs no projection, no conversion and no memory of its own
// from here: a subtraction and a shift make tile coordinates of world ones.
//
// A Store never changes after it was made, so any number of goroutines may read it; With makes another one that shares what
// is the same. The package does no I/O and knows nothing of records, columns or tiles' bytes.
package flat

import (
	"math"

	"github.com/paulmach/orb"
)

// Extent is the width and height of the world in units: spherical mercator (EPSG:3857), x from west to east, y from north
// to south, as tiles count. A unit is 3.7 cm at the equator and 3.2 cm at Lhasa.
const Extent = 1 << Bits

// Bits is how many times the world is halved: a tile of zoom z is Extent>>z units wide.
const Bits = 30

// MaxLatitude is where the mercator world ends, in degrees; what lies beyond is drawn at its edge.
const MaxLatitude = 85.051128779806604

// A Point is a place in the world, in units.
type Point struct{ X, Y int32 }

// Project gives the place of a longitude and latitude in degrees.
func Project(p orb.Point) Point {
	sin := math.Sin(min(max(p[1], -MaxLatitude), MaxLatitude) * math.Pi / 180)
	return Point{
		unit((p[0] + 180) / 360),
		unit(0.5 - math.Log((1+sin)/(1-sin))/(4*math.Pi)),
	}
}

func unit(part float64) int32 {
	return int32(min(max(math.Round(part*Extent), 0), Extent))
}

// LonLat gives the longitude and latitude in degrees.
func (p Point) LonLat() orb.Point {
	y := math.Pi * (1 - 2*float64(p.Y)/Extent)
	return orb.Point{float64(p.X)/Extent*360 - 180, math.Atan(math.Sinh(y)) * 180 / math.Pi}
}

// A Box holds all points from Min to Max, its edges among them; Min is the north-west corner.
type Box struct{ Min, Max Point }

// Touches tells whether two boxes have a point in common.
func (b Box) Touches(c Box) bool {
	return b.Min.X <= c.Max.X && c.Min.X <= b.Max.X && b.Min.Y <= c.Max.Y && c.Min.Y <= b.Max.Y
}

// Contains tells whether all of c lies in b.
func (b Box) Contains(c Box) bool {
	return b.Min.X <= c.Min.X && c.Max.X <= b.Max.X && b.Min.Y <= c.Min.Y && c.Max.Y <= b.Max.Y
}

// Union is the box around both.
func (b Box) Union(c Box) Box {
	return Box{Point{min(b.Min.X, c.Min.X), min(b.Min.Y, c.Min.Y)}, Point{max(b.Max.X, c.Max.X), max(b.Max.Y, c.Max.Y)}}
}

// Intersection is what two boxes that touch have in common.
func (b Box) Intersection(c Box) Box {
	return Box{Point{max(b.Min.X, c.Min.X), max(b.Min.Y, c.Min.Y)}, Point{min(b.Max.X, c.Max.X), min(b.Max.Y, c.Max.Y)}}
}

// Middle is the middle of the box.
func (b Box) Middle() Point {
	return Point{b.Min.X + (b.Max.X-b.Min.X)/2, b.Min.Y + (b.Max.Y-b.Min.Y)/2}
}

// Kind is what a shape is made of; its values are those of vector tiles.
type Kind uint8

const (
	Dots  Kind = 1
	Lines Kind = 2
	Areas Kind = 3
)

// A Shape is a view of one geometry in a Store, or one that is to go into it. Its parts are the points of Dots, each line
// of Lines, each ring of Areas. A ring does not repeat its first point. Outer rings have their inside to the right as one
// walks along them with y downwards (a positive area by the surveyor's formula on X and Y), holes the other way; the holes
// of an outer ring follow it.
type Shape struct {
	Kind   Kind
	Clear  uint8 // the Clearance of areas that are one ring; 0 is not known
	Box    Box
	Points []Point  // of all parts, one after the other
	Ends   []uint32 // where each part ends in Points; one for all points of Dots
}

// Parts is the number of parts.
func (s Shape) Parts() int { return len(s.Ends) }

// Part gives the points of part i.
func (s Shape) Part(i int) []Point {
	begin := uint32(0)
	if i > 0 {
		begin = s.Ends[i-1]
	}
	return s.Points[begin:s.Ends[i]]
}
