package elevation

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// Ground is how high an area lies and how steep it is.
type Ground struct {
	AltitudeM float64 // mean, metres
	SlopeDeg  float64 // mean of the slopes, degrees
	Samples   int     // that lie in the area; 0: it is smaller than their spacing, and these are the figures of a place in it
}

// maxSamples bounds how many samples of an area are looked at; of a larger one every second, third … of a row and of a column.
const maxSamples = 1 << 14

// Over gives the ground of an area in degrees: the mean of the heights of all samples in it, and of their slopes by Horn's
// method of 3×3 samples (1981), as GDAL and ArcGIS compute them. inside is a place in it, which counts where no sample lies in
// the area. It is false where a height or a slope is not known.
func (m *Model) Over(area orb.MultiPolygon, inside orb.Point) (Ground, bool) {
	b := area.Bound()
	var metres, degrees, heights, slopes float64
	for _, t := range m.tilesIn(b) {
		steps := float64(t.size - 1)
		row0 := max(t.row0, int(math.Ceil((float64(t.corner.Lat+1)-b.Max[1])*steps)))
		row1 := min(t.row0+t.rows-1, int(math.Floor((float64(t.corner.Lat+1)-b.Min[1])*steps)))
		col0 := max(t.col0, int(math.Ceil((b.Min[0]-float64(t.corner.Lon))*steps)))
		col1 := min(t.col0+t.cols-1, int(math.Floor((b.Max[0]-float64(t.corner.Lon))*steps)))
		if row0 > row1 || col0 > col1 {
			continue
		}
		step := 1 + int(math.Sqrt(float64((row1-row0+1)*(col1-col0+1))/maxSamples))
		for row := row0; row <= row1; row += step {
			for column := col0; column <= col1; column += step {
				// What lies on a seam is the last row or column of one tile and the first of the next: counted there.
				if row == t.size-1 && m.tiles[Corner{t.corner.Lat - 1, t.corner.Lon}] != nil ||
					column == t.size-1 && m.tiles[Corner{t.corner.Lat, t.corner.Lon + 1}] != nil {
					continue
				}
				h := t.at(row, column)
				if h == void || !planar.MultiPolygonContains(area, t.place(row, column)) {
					continue
				}
				metres += float64(h)
				heights++
				if east, north, ok := m.gradient(t, row, column); ok {
					degrees += steepness(east, north)
					slopes++
				}
			}
		}
	}
	if heights > 0 && slopes > 0 {
		return Ground{metres / heights, degrees / slopes, int(heights)}, true
	}
	altitude, ok := m.At(inside)
	if !ok {
		return Ground{}, false
	}
	slope, ok := m.SlopeAt(inside)
	return Ground{AltitudeM: altitude, SlopeDeg: slope}, ok
}

// tilesIn gives the tiles that hold samples in b, in order.
func (m *Model) tilesIn(b orb.Bound) (tiles []*Tile) {
	low, high := CornerOf(b.Min), CornerOf(b.Max)
	for lat := low.Lat - 1; lat <= high.Lat; lat++ { // the samples on the north and the east side are on seams
		for lon := low.Lon - 1; lon <= high.Lon; lon++ {
			if t := m.tiles[Corner{lat, lon}]; t != nil {
				tiles = append(tiles, t)
			}
		}
	}
	return tiles
}

// SlopeAt is the slope at p in degrees, between the gradients of the four samples around it; false where one of them is not
// known.
func (m *Model) SlopeAt(p orb.Point) (degrees float64, ok bool) {
	t := m.tileAt(p)
	if t == nil {
		return 0, false
	}
	steps := float64(t.size - 1)
	x := (p[0] - float64(t.corner.Lon)) * steps
	y := (float64(t.corner.Lat+1) - p[1]) * steps
	column, row := math.Floor(x), math.Floor(y)
	x, y = x-column, y-row
	var east, north float64
	for i := range 4 {
		dr, dc := i/2, i%2
		weight := math.Abs(1-float64(dc)-x) * math.Abs(1-float64(dr)-y)
		if weight == 0 {
			continue
		}
		e, n, ok := m.gradient(t, int(row)+dr, int(column)+dc)
		if !ok {
			return 0, false
		}
		east += weight * e
		north += weight * n
	}
	return steepness(east, north), true
}

func steepness(east, north float64) float64 {
	return math.Atan(math.Hypot(east, north)) * 180 / math.Pi
}

// gradient is the rise over run towards the east and the north at a sample, by Horn's method.
func (m *Model) gradient(t *Tile, row, column int) (east, north float64, ok bool) {
	var h [3][3]float64
	for r := range 3 {
		for c := range 3 {
			s := m.sample(t, row+r-1, column+c-1)
			if s == void {
				return 0, 0, false
			}
			h[r][c] = float64(s)
		}
	}
	lon, lat := spacing(t, row)
	east = (h[0][2] + 2*h[1][2] + h[2][2] - h[0][0] - 2*h[1][0] - h[2][0]) / (8 * lon)
	north = (h[0][0] + 2*h[0][1] + h[0][2] - h[2][0] - 2*h[2][1] - h[2][2]) / (8 * lat)
	return east, north, true
}

// spacing gives the metres between samples along a row and along a column, on the ellipsoid of WGS 84.
func spacing(t *Tile, row int) (east, north float64) {
	const a, e2 = 6378137.0, 6.69437999014132e-3
	sin, cos := math.Sincos(t.place(row, 0)[1] * math.Pi / 180)
	w := 1 - e2*sin*sin
	step := math.Pi / 180 / float64(t.size-1)
	return a * cos / math.Sqrt(w) * step, a * (1 - e2) / (w * math.Sqrt(w)) * step
}
