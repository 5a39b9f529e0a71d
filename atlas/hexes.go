package atlas

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/paulmach/orb"

	"kora/geo/flat"
	"kora/geo/grid"
	"kora/geo/service"
)

// The H3 resolutions of the grid: CellResolution is that of the service circle, cells of about 15,000 m²; CoarseResolution is
// that of the cells above them for views from far out, 0.7 km² each.
const (
	CellResolution   = 10
	CoarseResolution = 8
)

// hexes is the grid of cells on which coverage is counted and drawn.
type hexes struct {
	cells   []grid.Cell       // ascending
	centres []orb.Point       // of cells
	hulls   *flat.Store       // hexagons of cells
	coarse  *service.Parents  // the cells above
	shapes  *flat.Store       // hexagons of coarse
	areas   map[int64][]int   // key area ID → indexes of the cells whose centres lie in it
	digest  [sha256.Size]byte // of cells
}

// newHexes makes the grid of cells, which ascend; areas are the cells of each key area.
func newHexes(cells []grid.Cell, areas map[int64][]int) (*hexes, error) {
	coarse, err := service.ParentsOf(cells, CoarseResolution)
	if err != nil {
		return nil, err
	}
	h := &hexes{cells: cells, centres: make([]orb.Point, len(cells)), hulls: hexagons(cells), coarse: coarse, shapes: hexagons(coarse.Cells), areas: areas}
	numbers := make([]byte, 0, 8*len(cells))
	for i, c := range cells {
		h.centres[i] = c.Centre()
		numbers = binary.LittleEndian.AppendUint64(numbers, uint64(c))
	}
	h.digest = sha256.Sum256(numbers)
	return h, nil
}

// median gives for each of the coarse cells the median of the times of the cells below that have a street.
func (h *hexes) median(times []float32) []float32 {
	rolled := h.coarse.RollUp(times, MaxCoverage)
	medians := make([]float32, len(rolled))
	for i, r := range rolled {
		medians[i] = r.Median
	}
	return medians
}

func hexagons(cells []grid.Cell) *flat.Store {
	return flat.New(len(cells), func(row uint32) orb.Geometry { return orb.Polygon{cells[row].Boundary()} })
}

// Cells are the cells of the grid, ascending.
func (a *Atlas) Cells() []grid.Cell { return a.grid.cells }

// CellShapes are the hexagons of Cells, by their indexes.
func (a *Atlas) CellShapes() *flat.Store { return a.grid.hulls }

// CoarseCells are the cells of CoarseResolution above those of the grid, ascending.
func (a *Atlas) CoarseCells() []grid.Cell { return a.grid.coarse.Cells }

// CoarseShapes are the hexagons of CoarseCells, by their indexes.
func (a *Atlas) CoarseShapes() *flat.Store { return a.grid.shapes }

// CellIDs gives the numbers that cells have in tiles, in ascending order of cells: those of Cells, or of CoarseCells.
func (a *Atlas) CellIDs(coarse bool) []uint64 {
	cells := a.Cells()
	if coarse {
		cells = a.CoarseCells()
	}
	ids := make([]uint64, len(cells))
	for i, c := range cells {
		ids[i] = c.TileID()
	}
	return ids
}

// CellsOf gives the indexes in Cells of those that count for the key area with this ID. It is shared and not to be changed.
func (a *Atlas) CellsOf(area int64) []int { return a.grid.areas[area] }
