package service

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"kora/geo/grid"
	"kora/geo/network"
)

// An Isochrone is what lies within a time of one place: as parts of streets, as cells, and as an area to draw.
type Isochrone struct {
	Spans      []network.Span // exact
	Metres     float64        // of those streets
	Resolution int            // of the cells
	Cells      []CellTime     // whose centres are within the time, ascending
	Area       orb.MultiPolygon
	Island     bool // the place reaches only a small part of the network that is not joined to the rest
}

// A CellTime is the seconds between the centre of a cell and a place.
type CellTime struct {
	Cell    grid.Cell
	Seconds float64
}

// IsochroneOptions say what is asked for.
type IsochroneOptions struct {
	MaxSeconds float64
	From       bool // from the place outwards, rather than towards it
	Resolution int  // of the cells; 0: the finest from 10 to 7 that needs at most maxIsochroneCells
}

const maxIsochroneCells = 20_000

// ErrTooManyCells says that an area is too large for the resolution that was asked for.
var ErrTooManyCells = errors.New("service: the area needs too many cells; take a shorter time or a coarser resolution")

// IsochroneOf finds what lies within the time of the place of l. The area is the union of the cells, with its holes and
// islands, so that it is a drawing of them, no more exact than they are; the cell of the place itself always belongs to it.
// More than 20,000 cells are refused with ErrTooManyCells.
func IsochroneOf(ctx context.Context, n *network.Network, l network.Link, o IsochroneOptions) (*Isochrone, error) {
	f, err := n.Field(ctx, []network.Link{l}, network.Options{MaxSeconds: o.MaxSeconds, From: o.From})
	if err != nil {
		return nil, err
	}
	i := &Isochrone{Spans: f.Spans(1, o.MaxSeconds), Resolution: o.Resolution, Island: l.Island}
	bound := l.Point.Bound()
	for _, s := range i.Spans {
		if e := n.Edge(s.Edge); e.Copy || e.Kind == network.Ferry {
			continue
		}
		i.Metres += float64(s.UntilM - s.FromM)
		bound = bound.Union(n.Line(s.Edge, float64(s.FromM), float64(s.UntilM)).Bound())
	}
	bound = padMetres(bound, n.Profile().CellReachM)
	candidates, err := i.candidates(ctx, n, bound)
	if err != nil {
		return nil, err
	}
	own, err := grid.At(l.Point, i.Resolution)
	if err != nil {
		return nil, err
	}
	for k, c := range candidates {
		if k%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		link, ok := n.Link(c.Centre(), n.Profile().CellReachM)
		if !ok {
			continue
		}
		if seconds, _, ok := f.TimeFrom(link); ok {
			i.Cells = append(i.Cells, CellTime{c, seconds})
		}
	}
	if at, found := slices.BinarySearchFunc(i.Cells, own, func(t CellTime, c grid.Cell) int { return cmp.Compare(t.Cell, c) }); !found {
		i.Cells = slices.Insert(i.Cells, at, CellTime{own, 0})
	}
	cells := make([]grid.Cell, len(i.Cells))
	for k, c := range i.Cells {
		cells[k] = c.Cell
	}
	i.Area, err = grid.Outline(cells)
	return i, err
}

// candidates gives the cells that lie near streets within the bound, and settles the resolution.
func (i *Isochrone) candidates(ctx context.Context, n *network.Network, bound orb.Bound) ([]grid.Cell, error) {
	finest, coarsest := i.Resolution, i.Resolution
	if i.Resolution == 0 {
		finest, coarsest = 10, 7
	}
	for res := finest; res >= coarsest; res-- {
		area, err := grid.MeanArea(res)
		if err != nil {
			return nil, err
		}
		if boxArea(bound)/area <= maxIsochroneCells {
			i.Resolution = res
			return StreetCells(ctx, n, bound, res)
		}
	}
	return nil, fmt.Errorf("%w (more than %d of resolution %d)", ErrTooManyCells, maxIsochroneCells, coarsest)
}

// boxArea is in square metres.
func boxArea(b orb.Bound) float64 {
	width := network.Distance(orb.Point{b.Min[0], b.Center()[1]}, orb.Point{b.Max[0], b.Center()[1]})
	return width * network.Distance(b.Min, orb.Point{b.Min[0], b.Max[1]})
}

func padMetres(b orb.Bound, metres float64) orb.Bound {
	north := 1.02 * metres / metresPerDegree
	east := north / max(0.001, math.Cos(max(math.Abs(b.Min[1]), math.Abs(b.Max[1]))*math.Pi/180))
	return orb.Bound{Min: orb.Point{b.Min[0] - east, b.Min[1] - north}, Max: orb.Point{b.Max[0] + east, b.Max[1] + north}}
}
