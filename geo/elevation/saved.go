package elevation

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// The saved form; numbers are big-endian, as samples are:
//
//	8 bytes   "KORAHGT" and the version
//	4 bytes   how many tiles
//	16 bytes  for each tile: latitude and longitude of its corner (signed), samples along a side of the whole degree, the
//	          row and column of its first sample, its rows and columns, and nothing; two bytes each
//	          samples of all tiles, one after the other
//	4 bytes   CRC-32C of all before
const (
	magic     = "KORAHGT\x01"
	tileBytes = 16
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// margin is how many samples beyond a box are kept with it: as many as At and Over look at around a place.
const margin = 3

// Clip gives what of t is needed for heights within b, degrees; false when that is nothing.
func (t *Tile) Clip(b orb.Bound) (*Tile, bool) {
	steps := float64(t.size - 1)
	c := &Tile{corner: t.corner, size: t.size}
	clip := func(low, high float64, first, count int) (from, n int) {
		from = max(first, int(math.Floor(low*steps))-margin)
		return from, min(first+count, int(math.Ceil(high*steps))+margin+1) - from
	}
	c.row0, c.rows = clip(float64(t.corner.Lat+1)-b.Max[1], float64(t.corner.Lat+1)-b.Min[1], t.row0, t.rows)
	c.col0, c.cols = clip(b.Min[0]-float64(t.corner.Lon), b.Max[0]-float64(t.corner.Lon), t.col0, t.cols)
	if c.rows <= 0 || c.cols <= 0 {
		return nil, false
	}
	c.samples = make([]byte, 0, 2*c.rows*c.cols)
	for row := range c.rows {
		at := 2 * ((c.row0+row-t.row0)*t.cols + c.col0 - t.col0)
		c.samples = append(c.samples, t.samples[at:at+2*c.cols]...)
	}
	return c, true
}

// Thin gives t with every third sample of a row and of a column, each the mean of those around it.
func (t *Tile) Thin() *Tile {
	first := func(i int) int { return (i + 2) / 3 }
	n := &Tile{corner: t.corner, size: (t.size-1)/3 + 1, row0: first(t.row0), col0: first(t.col0)}
	n.rows, n.cols = first(t.row0+t.rows)-n.row0, first(t.col0+t.cols)-n.col0
	alone := NewModel(t)
	for row := n.row0; row < n.row0+n.rows; row++ {
		for column := n.col0; column < n.col0+n.cols; column++ {
			metres := int16(void)
			if h, ok := alone.smooth(t, 3*row, 3*column); ok {
				metres = int16(math.Round(h))
			}
			n.samples = binary.BigEndian.AppendUint16(n.samples, uint16(metres))
		}
	}
	return n
}

// Encode gives the saved form of m.
func (m *Model) Encode() []byte {
	tiles := make([]*Tile, 0, len(m.tiles))
	size := len(magic) + 4 + 4
	for _, t := range m.tiles {
		tiles = append(tiles, t)
		size += tileBytes + t.Bytes()
	}
	slices.SortFunc(tiles, func(a, b *Tile) int {
		return cmp.Or(cmp.Compare(a.corner.Lat, b.corner.Lat), cmp.Compare(a.corner.Lon, b.corner.Lon))
	})
	b := binary.BigEndian.AppendUint32(append(make([]byte, 0, size), magic...), uint32(len(tiles)))
	for _, t := range tiles {
		for _, n := range [tileBytes / 2]int{t.corner.Lat, t.corner.Lon, t.size, t.row0, t.col0, t.rows, t.cols} {
			b = binary.BigEndian.AppendUint16(b, uint16(n))
		}
	}
	for _, t := range tiles {
		b = append(b, t.samples...)
	}
	return binary.BigEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

// Decode gives a Model from its saved form, which it goes on using: it must not be changed.
func Decode(saved []byte) (*Model, error) {
	begin := len(magic) + 4
	if len(saved) < begin+4 || string(saved[:len(magic)]) != magic {
		return nil, errors.New("elevation: these are no saved heights of this version")
	}
	body := saved[:len(saved)-4]
	if crc32.Checksum(body, castagnoli) != binary.BigEndian.Uint32(saved[len(body):]) {
		return nil, errors.New("elevation: saved heights are damaged")
	}
	count := int(binary.BigEndian.Uint32(saved[len(magic):]))
	if count > (len(body)-begin)/tileBytes {
		return nil, fmt.Errorf("elevation: saved heights of %d tiles have %d bytes only", count, len(saved))
	}
	heads, rest := body[begin:begin+count*tileBytes], body[begin+count*tileBytes:]
	m := &Model{make(map[Corner]*Tile, count)}
	for i := range count {
		n := func(k int) int { return int(binary.BigEndian.Uint16(heads[i*tileBytes+2*k:])) }
		t := &Tile{corner: Corner{int(int16(n(0))), int(int16(n(1)))}, size: n(2), row0: n(3), col0: n(4), rows: n(5), cols: n(6)}
		bytes := 2 * t.rows * t.cols
		if t.size < 2 || t.row0+t.rows > t.size || t.col0+t.cols > t.size || bytes > len(rest) {
			return nil, fmt.Errorf("elevation: tile %s of saved heights is not whole", t.corner)
		}
		t.samples, rest = rest[:bytes:bytes], rest[bytes:]
		m.tiles[t.corner] = t
	}
	return m, nil
}

// Bytes is what the samples of m take.
func (m *Model) Bytes() int {
	sum := 0
	for _, t := range m.tiles {
		sum += t.Bytes()
	}
	return sum
}
