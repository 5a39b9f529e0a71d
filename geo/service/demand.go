package service

import (
	"slices"

	"github.com/paulmach/orb"

	"kora/geo/grid"
)

// A Spread is demand by the cells of a grid, and what of it lies beyond them.
type Spread struct {
	Weights []float64 // by cell
	Off     float64
}

// SpreadPoints gives each point to the cell that it lies in. Cells ascend and are of resolution res.
func SpreadPoints(cells []grid.Cell, res int, points []orb.Point, weights []float64) (*Spread, error) {
	s := &Spread{Weights: make([]float64, len(cells))}
	for i, p := range points {
		c, err := grid.At(p, res)
		if err != nil {
			return nil, err
		}
		s.add(cells, c, weights[i])
	}
	return s, nil
}

// SpreadCells gives the weights of cells of any resolution to those of a grid: finer ones are added up to the cell that they belong to,
// coarser ones are shared out evenly among those of their children that have a street, where people live and go; among all children
// when none has.
func SpreadCells(cells []grid.Cell, res int, from []grid.Cell, weights []float64, street func(orb.Point) bool) (*Spread, error) {
	s := &Spread{Weights: make([]float64, len(cells))}
	for i, c := range from {
		if c.Resolution() >= res {
			above, err := c.Parent(res)
			if err != nil {
				return nil, err
			}
			s.add(cells, above, weights[i])
			continue
		}
		children, err := c.Children(res)
		if err != nil {
			return nil, err
		}
		lived := slices.Clone(children)
		lived = slices.DeleteFunc(lived, func(c grid.Cell) bool { return !street(c.Centre()) })
		if len(lived) == 0 {
			lived = children
		}
		for _, child := range lived {
			s.add(cells, child, weights[i]/float64(len(lived)))
		}
	}
	return s, nil
}

func (s *Spread) add(cells []grid.Cell, c grid.Cell, weight float64) {
	if i, ok := slices.BinarySearch(cells, c); ok {
		s.Weights[i] += weight
	} else {
		s.Off += weight
	}
}
