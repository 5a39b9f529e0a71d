// Package grid divides the ground into the hexagons of H3: from places and areas to cells, and from a cell to its centre
// and outline.
//
// H3 is C code; a call costs about a microsecond, so callers keep these functions out of their inner loops. Nothing here
// knows of streets, times or stations.
package grid

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/uber/h3-go/v4"
)

// MaxCells is the largest number of cells that Cover gives.
const MaxCells = 2_000_000

// maxBoxCells bounds what H3 may reserve while it fills a polygon: 8 bytes for each cell of the box around it.
const maxBoxCells = 8 * MaxCells

// A Cell is an H3 index.
type Cell uint64

// At is the cell of resolution res (0 to 15) that holds p.
func At(p orb.Point, res int) (Cell, error) {
	if err := check(p); err != nil {
		return 0, err
	}
	if err := checkResolution(res); err != nil {
		return 0, err
	}
	c, err := h3.LatLngToCell(h3.NewLatLng(p[1], p[0]), res)
	if err != nil {
		return 0, fmt.Errorf("grid: no cell of resolution %d at %v: %w", res, p, err)
	}
	return Cell(c), nil
}

// Cover gives the cells of resolution res whose centre lies inside m, in ascending order. It refuses coordinates that are
// no degrees, areas wider than half the Earth, and more than MaxCells cells.
func Cover(m orb.MultiPolygon, res int) ([]Cell, error) {
	area, err := MeanArea(res)
	if err != nil {
		return nil, err
	}
	var cells []Cell
	for _, polygon := range m {
		if len(polygon) == 0 {
			continue
		}
		for _, ring := range polygon {
			for _, p := range ring {
				if err := check(p); err != nil {
					return nil, err
				}
			}
		}
		box := polygon[0].Bound()
		if box.Max[0]-box.Min[0] >= 180 {
			return nil, errors.New("grid: the area reaches around half the Earth")
		}
		if n := boxArea(box) / area; n > maxBoxCells {
			return nil, fmt.Errorf("grid: about %.0f cells of resolution %d would be needed, more than %d; take a coarser resolution or a smaller area",
				n, res, MaxCells)
		}
		outline := loops(polygon)
		if len(outline.GeoLoop) < 3 || box.Min[0] == box.Max[0] || box.Min[1] == box.Max[1] {
			continue // nothing lies inside
		}
		found, err := h3.PolygonToCells(outline, res)
		if err != nil {
			return nil, fmt.Errorf("grid: cannot cover the area with cells of resolution %d: %w", res, err)
		}
		for _, c := range found {
			cells = append(cells, Cell(c))
		}
		if len(cells) > MaxCells {
			return nil, fmt.Errorf("grid: more than %d cells of resolution %d; take a coarser resolution or a smaller area", MaxCells, res)
		}
	}
	slices.Sort(cells)
	return slices.Compact(cells), nil
}

// MeanArea is the mean area in square metres of the cells of resolution res.
func MeanArea(res int) (float64, error) {
	if err := checkResolution(res); err != nil {
		return 0, err
	}
	return h3.HexagonAreaAvgM2(res)
}

// Centre is the middle of c in degrees; NaN when c is no cell.
func (c Cell) Centre() orb.Point {
	ll, err := h3.CellToLatLng(h3.Cell(c))
	if err != nil || !h3.Cell(c).IsValid() {
		return orb.Point{math.NaN(), math.NaN()}
	}
	return orb.Point{ll.Lng, ll.Lat}
}

// Boundary is the outline of c in degrees, counter-clockwise and closed; nil when c is no cell.
func (c Cell) Boundary() orb.Ring {
	corners, err := h3.CellToBoundary(h3.Cell(c))
	if err != nil || !h3.Cell(c).IsValid() {
		return nil
	}
	ring := make(orb.Ring, 0, len(corners)+1)
	for _, ll := range corners {
		ring = append(ring, orb.Point{ll.Lng, ll.Lat})
	}
	return append(ring, ring[0])
}

// Resolution is the resolution of c, 0 to 15.
func (c Cell) Resolution() int { return h3.Cell(c).Resolution() }

// String is c as H3 writes it, in hexadecimal.
func (c Cell) String() string { return h3.Cell(c).String() }

// TileID is c without its mode and resolution: 52 bits, which a number in JavaScript holds exactly. Among cells of one
// resolution it is unique.
func (c Cell) TileID() uint64 { return uint64(c) & (1<<52 - 1) }

func loops(polygon orb.Polygon) h3.GeoPolygon {
	var p h3.GeoPolygon
	for i, ring := range polygon {
		if len(ring) > 1 && ring[0] == ring[len(ring)-1] {
			ring = ring[:len(ring)-1]
		}
		loop := make(h3.GeoLoop, len(ring))
		for j, c := range ring {
			loop[j] = h3.NewLatLng(c[1], c[0])
		}
		if i == 0 {
			p.GeoLoop = loop
		} else if len(loop) >= 3 {
			p.Holes = append(p.Holes, loop)
		}
	}
	return p
}

// boxArea is in square metres on the sphere.
func boxArea(b orb.Bound) float64 {
	const radius = 6371007.18 // metres, of the sphere with the area of the Earth
	sin := func(degrees float64) float64 { return math.Sin(degrees * math.Pi / 180) }
	return radius * radius * (b.Max[0] - b.Min[0]) * math.Pi / 180 * (sin(b.Max[1]) - sin(b.Min[1]))
}

func check(p orb.Point) error {
	if p[0] >= -180 && p[0] <= 180 && p[1] >= -90 && p[1] <= 90 {
		return nil
	}
	return fmt.Errorf("grid: %v is no longitude and latitude", p)
}

func checkResolution(res int) error {
	if res < 0 || res > h3.MaxResolution {
		return fmt.Errorf("grid: resolution %d is not one from 0 to %d", res, h3.MaxResolution)
	}
	return nil
}

// Above is the cell of the coarser resolution res that c belongs to, as Parent gives it; c must be a cell, and res not finer. It
// sets bits and is for inner loops: an index holds its resolution in four bits and then three for each of fifteen digits,
// seven where there is none (https://h3geo.org/docs/core-library/h3Indexing).
func (c Cell) Above(res int) Cell {
	unused := uint64(1)<<(3*(15-res)) - 1
	return Cell(uint64(c)&^(0xf<<52) | uint64(res)<<52 | unused)
}

// Parent is the cell of the coarser resolution res that c belongs to.
func (c Cell) Parent(res int) (Cell, error) {
	if err := checkResolution(res); err != nil {
		return 0, err
	}
	p, err := h3.Cell(c).Parent(res)
	if err != nil {
		return 0, fmt.Errorf("grid: cell %v has no parent of resolution %d: %w", c, res, err)
	}
	return Cell(p), nil
}

// Outline is the area of cells of one resolution, each given once: islands and holes are kept. Rings are closed, outer ones
// counter-clockwise and holes clockwise.
func Outline(cells []Cell) (orb.MultiPolygon, error) {
	if len(cells) == 0 {
		return nil, nil
	}
	set := make([]h3.Cell, len(cells))
	for i, c := range cells {
		set[i] = h3.Cell(c)
	}
	polygons, err := h3.CellsToMultiPolygon(set)
	if err != nil {
		return nil, fmt.Errorf("grid: no outline of %d cells: %w", len(cells), err)
	}
	area := make(orb.MultiPolygon, 0, len(polygons))
	for _, p := range polygons {
		polygon := orb.Polygon{ringOf(p.GeoLoop, orb.CCW)}
		for _, hole := range p.Holes {
			polygon = append(polygon, ringOf(hole, orb.CW))
		}
		area = append(area, polygon)
	}
	return area, nil
}

func ringOf(loop h3.GeoLoop, turn orb.Orientation) orb.Ring {
	ring := make(orb.Ring, 0, len(loop)+1)
	for _, ll := range loop {
		ring = append(ring, orb.Point{ll.Lng, ll.Lat})
	}
	ring = append(ring, ring[0])
	if ring.Orientation() != turn {
		ring.Reverse()
	}
	return ring
}

// Parse reads an H3 index of a cell, in hexadecimal as H3 writes it.
func Parse(s string) (Cell, error) {
	index, err := strconv.ParseUint(s, 16, 64)
	if err != nil || !h3.Cell(index).IsValid() {
		return 0, fmt.Errorf("grid: %q is no index of a cell of H3", s)
	}
	return Cell(index), nil
}

// Valid tells whether c is a cell.
func (c Cell) Valid() bool { return h3.Cell(c).IsValid() }

// Children are the cells of the finer resolution res that c is made of, ascending; itself when res is its own.
func (c Cell) Children(res int) ([]Cell, error) {
	if err := checkResolution(res); err != nil {
		return nil, err
	}
	found, err := h3.Cell(c).Children(res)
	if err != nil {
		return nil, fmt.Errorf("grid: cell %v has no children of resolution %d: %w", c, res, err)
	}
	return ascending(found), nil
}

// Neighbours are the cells that share an edge with c, ascending: six, and five around the twelve pentagons.
func (c Cell) Neighbours() ([]Cell, error) {
	around, err := h3.Cell(c).GridDisk(1)
	if err != nil {
		return nil, fmt.Errorf("grid: cell %v has no neighbours: %w", c, err)
	}
	return ascending(slices.DeleteFunc(around, func(n h3.Cell) bool { return n == h3.Cell(c) || n == 0 })), nil
}

func ascending(found []h3.Cell) []Cell {
	cells := make([]Cell, len(found))
	for i, f := range found {
		cells[i] = Cell(f)
	}
	slices.Sort(cells)
	return cells
}
