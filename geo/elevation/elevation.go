// Package elevation reads heights above sea level from SRTM tiles in memory.
//
// A tile covers one degree by one degree with 1201×1201 samples (3 seconds of arc) or 3601×3601 (1 second), big-endian
// 16-bit metres in rows from north to south; neighbouring tiles share the samples on their seam (USGS, SRTM Topography,
// 2015). A Tile may also be a part of one, or have another spacing. The package does no I/O and knows nothing of streets: their
// slopes are made elsewhere.
package elevation

import (
	"encoding/binary"
	"fmt"
	"math"
	"path"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// Heights outside these limits are taken for voids. Metres.
const (
	Lowest  = -500
	Highest = 9000
)

const void = -32768

// A Corner names a tile by the whole degrees of its south-west corner.
type Corner struct{ Lat, Lon int }

// CornerOf is the corner of the tile that holds p.
func CornerOf(p orb.Point) Corner {
	return Corner{int(math.Floor(p[1])), int(math.Floor(p[0]))}
}

// String is the customary name of the tile, such as "N29E091".
func (c Corner) String() string {
	ns, ew := 'N', 'E'
	if c.Lat < 0 {
		ns = 'S'
	}
	if c.Lon < 0 {
		ew = 'W'
	}
	return fmt.Sprintf("%c%02d%c%03d", ns, abs(c.Lat), ew, abs(c.Lon))
}

// ParseCorner reads the corner from a file name such as "N29E091.hgt".
func ParseCorner(name string) (Corner, error) {
	base := strings.ToUpper(path.Base(name))
	if i := strings.IndexByte(base, '.'); i >= 0 {
		base = base[:i]
	}
	refuse := fmt.Errorf("elevation: %q is not named like a tile (N29E091.hgt)", name)
	if len(base) != 7 {
		return Corner{}, refuse
	}
	lat, errLat := strconv.ParseUint(base[1:3], 10, 8)
	lon, errLon := strconv.ParseUint(base[4:], 10, 8)
	c := Corner{int(lat), int(lon)}
	switch base[0] {
	case 'N':
	case 'S':
		c.Lat = -c.Lat
	default:
		return Corner{}, refuse
	}
	switch base[3] {
	case 'E':
	case 'W':
		c.Lon = -c.Lon
	default:
		return Corner{}, refuse
	}
	if errLat != nil || errLon != nil || c.Lat < -90 || c.Lat > 89 || c.Lon < -180 || c.Lon > 179 {
		return Corner{}, refuse
	}
	return c, nil
}

// A Tile holds the heights of one degree by one degree, or of a part of that.
type Tile struct {
	corner     Corner
	size       int    // samples along a side of the whole degree
	row0, col0 int    // of the first sample that is here
	rows, cols int    // that are here
	samples    []byte // two bytes each, big-endian metres, rows from north to south, columns from west to east
	missing    int
}

// Parse reads the content of a .hgt file. The tile goes on using data, which must not be changed.
func Parse(c Corner, data []byte) (*Tile, error) {
	var size int
	switch len(data) {
	case 2 * 1201 * 1201:
		size = 1201
	case 2 * 3601 * 3601:
		size = 3601
	default:
		return nil, fmt.Errorf("elevation: tile %s has %d bytes; 1201×1201 samples take %d and 3601×3601 take %d, two bytes each",
			c, len(data), 2*1201*1201, 2*3601*3601)
	}
	t := &Tile{corner: c, size: size, rows: size, cols: size, samples: data}
	for i := range size * size {
		if t.nth(i) == void {
			t.missing++
		}
	}
	return t, nil
}

// Sampled makes a tile with so many samples along a side from the metres that height gives at their places.
func Sampled(c Corner, size int, height func(orb.Point) float64) *Tile {
	t := &Tile{corner: c, size: size, rows: size, cols: size, samples: make([]byte, 0, 2*size*size)}
	for row := range size {
		for column := range size {
			metres := int16(math.Round(min(max(height(t.place(row, column)), Lowest), Highest)))
			t.samples = binary.BigEndian.AppendUint16(t.samples, uint16(metres))
		}
	}
	return t
}

// nth is the i-th sample that is here.
func (t *Tile) nth(i int) int16 {
	m := int16(binary.BigEndian.Uint16(t.samples[2*i:]))
	if m < Lowest || m > Highest {
		return void
	}
	return m
}

// at is a sample by its row and column in the whole degree; void where it is not here.
func (t *Tile) at(row, column int) int16 {
	row, column = row-t.row0, column-t.col0
	if row < 0 || row >= t.rows || column < 0 || column >= t.cols {
		return void
	}
	return t.nth(row*t.cols + column)
}

// place is that of a sample, by its row and column in the whole degree.
func (t *Tile) place(row, column int) orb.Point {
	steps := float64(t.size - 1)
	return orb.Point{float64(t.corner.Lon) + float64(column)/steps, float64(t.corner.Lat+1) - float64(row)/steps}
}

// Bytes is what the samples take.
func (t *Tile) Bytes() int { return len(t.samples) }

// Corner is the south-west corner of t.
func (t *Tile) Corner() Corner { return t.corner }

// Missing is the number of samples without a height.
func (t *Tile) Missing() int { return t.missing }

// A Model is the ground under some tiles. It never changes.
type Model struct {
	tiles map[Corner]*Tile
}

// NewModel joins tiles into one ground. Of two tiles of the same corner the later counts.
func NewModel(tiles ...*Tile) *Model {
	m := &Model{make(map[Corner]*Tile, len(tiles))}
	for _, t := range tiles {
		m.tiles[t.corner] = t
	}
	return m
}

// At is the height in metres at p, degrees: between the four samples around it (bilinear), each of them smoothed over its
// 3×3 neighbours, also across the seam between tiles of the same size. Voids are bridged from the samples around them; it
// is false where there is no tile or nothing but voids.
func (m *Model) At(p orb.Point) (metres float64, ok bool) {
	if !(p[0] >= -180 && p[0] <= 180 && p[1] >= -90 && p[1] <= 90) {
		return 0, false
	}
	t := m.tileAt(p)
	if t == nil {
		return 0, false
	}
	steps := float64(t.size - 1)
	x := (p[0] - float64(t.corner.Lon)) * steps
	y := (float64(t.corner.Lat+1) - p[1]) * steps
	column, row := math.Floor(x), math.Floor(y)
	x, y = x-column, y-row
	var sum, weights float64
	for i := range 4 {
		dr, dc := i/2, i%2
		weight := math.Abs(1-float64(dc)-x) * math.Abs(1-float64(dr)-y)
		if weight == 0 {
			continue
		}
		if h, ok := m.smooth(t, int(row)+dr, int(column)+dc); ok {
			sum += weight * h
			weights += weight
		}
	}
	if weights == 0 {
		return 0, false
	}
	return sum / weights, true
}

// tileAt is the tile that holds p; a place on the north or east side of a tile is held by it too.
func (m *Model) tileAt(p orb.Point) *Tile {
	c := CornerOf(p)
	for _, c := range [...]Corner{c, {c.Lat - 1, c.Lon}, {c.Lat, c.Lon - 1}, {c.Lat - 1, c.Lon - 1}} {
		if t := m.tiles[c]; t != nil && p[1] <= float64(c.Lat+1) && p[0] <= float64(c.Lon+1) {
			return t
		}
	}
	return nil
}

// smooth is the mean of a sample and its eight neighbours, voids left out.
func (m *Model) smooth(t *Tile, row, column int) (metres float64, ok bool) {
	var sum, count float64
	for r := row - 1; r <= row+1; r++ {
		for c := column - 1; c <= column+1; c++ {
			if h := m.sample(t, r, c); h != void {
				sum += float64(h)
				count++
			}
		}
	}
	return sum / count, count > 0
}

// sample is the height at a row and column of t, which may lie in a tile beside it.
func (m *Model) sample(t *Tile, row, column int) int16 {
	last := t.size - 1
	if row >= 0 && row <= last && column >= 0 && column <= last {
		return t.at(row, column)
	}
	beside := t.corner
	if row < 0 {
		beside.Lat, row = beside.Lat+1, row+last
	} else if row > last {
		beside.Lat, row = beside.Lat-1, row-last
	}
	if column < 0 {
		beside.Lon, column = beside.Lon-1, column+last
	} else if column > last {
		beside.Lon, column = beside.Lon+1, column-last
	}
	if o := m.tiles[beside]; o != nil && o.size == t.size {
		return o.at(row, column)
	}
	return void
}

func abs(n int) int { return max(n, -n) }
