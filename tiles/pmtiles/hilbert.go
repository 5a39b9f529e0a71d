package pmtiles

import "math/bits"

// MaxZoom is the deepest zoom of an archive: numbers of tiles beyond are not exact in JavaScript.
const MaxZoom = 26

// ID is the number of a tile: its place on the Hilbert curve of its zoom, after all tiles of lesser zooms. The children of
// tile id are those from FirstChild(id) on, four in a row.
func ID(z uint8, x, y uint32) uint64 {
	id := firstID(z)
	for s := uint32(1) << z >> 1; s > 0; s >>= 1 {
		east, south := x&s != 0, y&s != 0
		square := uint64(s) * uint64(s)
		switch {
		case south && !east:
			id += square
		case south && east:
			id += 2 * square
		case east:
			id += 3 * square
		}
		x, y = turn(s, x, y, east, south)
	}
	return id
}

// Tile is the tile with this number.
func Tile(id uint64) (z uint8, x, y uint32) {
	z = zoomOf(id)
	d := id - firstID(z)
	for i := range z {
		s := uint32(1) << i
		quarter := d & 3
		east, south := quarter >= 2, quarter == 1 || quarter == 2
		x, y = turn(s, x, y, east, south)
		if east {
			x |= s
		}
		if south {
			y |= s
		}
		d >>= 2
	}
	return z, x, y
}

// FirstChild is the number of the first of the four tiles that tile id is divided into.
func FirstChild(id uint64) uint64 { return 4*id + 1 }

// turn gives the place within a quarter of side s on the curve as it runs there: in the northern quarters it is mirrored, so
// that it begins and ends next to its neighbours.
func turn(s, x, y uint32, east, south bool) (uint32, uint32) {
	x, y = x&(s-1), y&(s-1)
	if south {
		return x, y
	}
	if east {
		x, y = s-1-x, s-1-y
	}
	return y, x
}

// firstID is the number of tiles in all zooms before z.
func firstID(z uint8) uint64 { return (uint64(1)<<(2*z) - 1) / 3 }

func zoomOf(id uint64) uint8 { return uint8(bits.Len64(3*id+1)-1) / 2 }
