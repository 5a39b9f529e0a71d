package mvt

import (
	"math"
	"math/bits"
	"slices"

	"github.com/paulmach/orb/maptile"

	"kora/geo/flat"
)

// A point is a place in a tile, in its units, y downwards. What is in a buffered tile needs 14 bits, so products of two
// differences fit in 32.
type point struct{ x, y int32 }

// cross is twice the area of the triangle a, b, c: positive when c lies to the right of the way from a to b, as one sees it
// with y downwards.
func cross(a, b, c point) int32 { return (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x) }

// A grid is where a tile lies in the world: what it reaches, and how its units are counted.
type grid struct {
	reach  flat.Box // the tile and its buffer
	dx, dy int32    // from world units to those of the tile: add,
	coarse uint     // halve so often,
	fine   uint     // or double so often, beyond zoom 18
}

// Reach is what of the world a tile holds, its buffer included: no shape whose box does not touch it is on the tile.
func Reach(t maptile.Tile) flat.Box { return newGrid(t).reach }

// unitBits is by how many zooms a unit is smaller than its tile.
var unitBits = bits.TrailingZeros(Extent)

func newGrid(t maptile.Tile) grid {
	if t.Z > flat.Bits || t.X>>t.Z != 0 || t.Y>>t.Z != 0 {
		return grid{reach: flat.Box{Min: flat.Point{X: math.MaxInt32}, Max: flat.Point{X: math.MinInt32}}} // touches nothing
	}
	width := int32(flat.Extent >> t.Z)
	west, north := int32(t.X)*width, int32(t.Y)*width
	margin := width / (Extent / Buffer)
	g := grid{
		reach: flat.Box{
			Min: flat.Point{X: west - margin, Y: north - margin},
			Max: flat.Point{X: west + width + margin, Y: north + width + margin},
		},
		dx: -west, dy: -north,
	}
	if steps := flat.Bits - unitBits - int(t.Z); steps > 0 {
		g.coarse = uint(steps)
		half := int32(1) << (steps - 1) // to the nearest, not to the north-west
		g.dx, g.dy = g.dx+half, g.dy+half
	} else {
		g.fine = uint(-steps)
	}
	return g
}

// at gives the nearest place in the tile. Neighbouring tiles round alike, as their corners are whole units of each other.
func (g *grid) at(p flat.Point) point {
	return point{(p.X + g.dx) >> (g.coarse & 31) << (g.fine & 31), (p.Y + g.dy) >> (g.coarse & 31) << (g.fine & 31)}
}

// staysSimple tells whether the areas of a shape are surely valid when they are rounded.
func (g *grid) staysSimple(s flat.Shape) bool { return s.Clear > 0 && uint(s.Clear) >= g.coarse }

// line appends a line in tile units without the vertices that say nothing: those where it stands still and those on the
// straight way between their neighbours.
func (g *grid) line(out []point, line []flat.Point) []point {
	from := len(out)
	for _, w := range line {
		out = appendToLine(out, from, g.at(w))
	}
	return out
}

func appendToLine(out []point, from int, p point) []point {
	n := len(out)
	if n > from && out[n-1] == p {
		return out
	}
	if n-from >= 2 {
		a, b := out[n-2], out[n-1]
		if cross(a, b, p) == 0 && (b.x-a.x)*(p.x-b.x)+(b.y-a.y)*(p.y-b.y) > 0 {
			out[n-1] = p
			return out
		}
	}
	return append(out, p)
}

// ring appends a closed ring in tile units, without vertices that say nothing and without spikes; nothing if nothing is left.
func (g *grid) ring(out []point, ring []flat.Point) []point {
	from := len(out)
	out = slices.Grow(out, len(ring)+1)
	var a, b point // the last two of out
	for _, w := range ring {
		p := g.at(w)
		if len(out)-from >= 2 && cross(a, b, p) != 0 { // nearly always
			out = append(out, p)
			a, b = b, p
			continue
		}
		out = appendToRing(out, from, p)
		if n := len(out); n-from >= 2 {
			a, b = out[n-2], out[n-1]
		}
	}
	return closeRing(out, from)
}

func appendToRing(out []point, from int, p point) []point {
	n := len(out)
	if n > from && out[n-1] == p {
		return out
	}
	if n-from >= 2 && cross(out[n-2], out[n-1], p) == 0 {
		out = out[:n-1]
		if out[n-2] == p {
			return out
		}
	}
	return append(out, p)
}

// closeRing looks at the vertices where a ring meets its own beginning as appendToRing looks at the others, and repeats the
// first. A vertex that goes may take the one before with it.
func closeRing(out []point, from int) []point {
	first, n := from, len(out)
	for n-first >= 3 {
		switch {
		case out[n-1] == out[first], cross(out[n-2], out[n-1], out[first]) == 0:
			n--
		case cross(out[n-1], out[first], out[first+1]) == 0:
			first++
		default:
			n = from + copy(out[from:], out[first:n])
			return append(out[:n], out[from])
		}
	}
	return out[:from]
}

// area2 is twice the area of a closed ring, positive for outer rings.
func area2(ring []point) int64 {
	var sum int64
	for i := 1; i+1 < len(ring); i++ {
		sum += int64(cross(ring[0], ring[i], ring[i+1]))
	}
	return sum
}
