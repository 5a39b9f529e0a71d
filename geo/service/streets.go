package service

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"kora/geo/grid"
	"kora/geo/network"
)

// StreetCells gives the cells of resolution res (5 to 15) whose centre lies within the bound and has a street of n within
// the profile's CellReachM, in ascending order. It refuses more than grid.MaxCells.
//
// The ground is cut into blocks of about 60 cells; H3 is asked only for blocks that streets come near.
func StreetCells(ctx context.Context, n *network.Network, within orb.Bound, res int) ([]grid.Cell, error) {
	if res < 5 || res > 15 {
		return nil, fmt.Errorf("service: resolution %d is not one from 5 to 15", res)
	}
	area, err := grid.MeanArea(res)
	if err != nil {
		return nil, err
	}
	if !(within.Min[0] <= within.Max[0] && within.Min[1] <= within.Max[1]) {
		return nil, fmt.Errorf("service: %v is no box", within)
	}
	const cellsPerBlock = 60
	reach := n.Profile().CellReachM
	blocks, err := blocksAlong(ctx, n, within, math.Sqrt(cellsPerBlock*area)/metresPerDegree, reach)
	if err != nil {
		return nil, err
	}
	var cells []grid.Cell
	for i, b := range blocks {
		if i%64 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		found, err := grid.Cover(orb.MultiPolygon{b.ToPolygon()}, res)
		if err != nil {
			return nil, err
		}
		for _, c := range found {
			if p := c.Centre(); within.Contains(p) && n.HasStreet(p, reach) {
				cells = append(cells, c)
			}
		}
		if len(cells) > grid.MaxCells {
			return nil, fmt.Errorf("service: more than %d cells of resolution %d; take a coarser resolution or a smaller bound", grid.MaxCells, res)
		}
	}
	slices.Sort(cells)
	return slices.Compact(cells), nil
}

// metresPerDegree of latitude; 1 % more near the poles, 0.5 % less at the equator.
const metresPerDegree = 111_132

// blocksAlong gives the blocks of the given size in degrees that lie within reach metres of an edge, as boxes in order.
func blocksAlong(ctx context.Context, n *network.Network, within orb.Bound, size, reach float64) ([]orb.Bound, error) {
	within = meet(within, orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}})
	type block struct{ x, y int32 }
	seen := make(map[block]bool)
	var stop error
	i := 0
	n.EachPieceIn(padMetres(within, 1.05*reach), func(a, b orb.Point, _ network.Span) {
		if stop != nil {
			return
		}
		if i++; i%4096 == 1 {
			stop = ctx.Err()
		}
		north := 1.02 * reach / metresPerDegree
		east := north / max(0.001, math.Cos(max(math.Abs(a[1]), math.Abs(b[1]))*math.Pi/180))
		box := a.Bound().Union(b.Bound())
		box.Min, box.Max = orb.Point{box.Min[0] - east, box.Min[1] - north}, orb.Point{box.Max[0] + east, box.Max[1] + north}
		box = meet(box, within)
		if box.IsEmpty() {
			return
		}
		for x := int32(math.Floor(box.Min[0] / size)); x <= int32(math.Floor(box.Max[0]/size)); x++ {
			for y := int32(math.Floor(box.Min[1] / size)); y <= int32(math.Floor(box.Max[1]/size)); y++ {
				seen[block{x, y}] = true
			}
			if len(seen) > grid.MaxCells {
				stop = fmt.Errorf("service: the streets reach over more than %d blocks of cells; take a coarser resolution or a smaller bound", grid.MaxCells)
				return
			}
		}
	})
	if stop != nil {
		return nil, stop
	}
	blocks := make([]orb.Bound, 0, len(seen))
	for k := range seen {
		blocks = append(blocks, meet(orb.Bound{
			Min: orb.Point{float64(k.x) * size, float64(k.y) * size},
			Max: orb.Point{float64(k.x+1) * size, float64(k.y+1) * size},
		}, orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}))
	}
	return blocks, nil
}

// meet is what two boxes share; it is empty when they share nothing.
func meet(a, b orb.Bound) orb.Bound {
	return orb.Bound{
		Min: orb.Point{max(a.Min[0], b.Min[0]), max(a.Min[1], b.Min[1])},
		Max: orb.Point{min(a.Max[0], b.Max[0]), min(a.Max[1], b.Max[1])},
	}
}

// StreetInCells gives the metres of street of n in each of some cells, whose outlines outline gives; near visits those that a box may
// touch. A street that a network holds twice, to keep a forbidden turn, counts once; ferries are no street.
func StreetInCells(n *network.Network, cells int, within orb.Bound, outline func(cell int) orb.Ring, near func(orb.Bound, func(cell int))) []float64 {
	metres, rings := make([]float64, cells), make([]orb.MultiPolygon, cells)
	last, info := int32(-1), network.EdgeInfo{}
	n.EachPieceIn(within, func(a, b orb.Point, p network.Span) {
		if p.Edge != last {
			last, info = p.Edge, n.Edge(p.Edge)
		}
		if info.Copy || info.Kind == network.Ferry {
			return
		}
		near(a.Bound().Extend(b), func(cell int) {
			if rings[cell] == nil {
				rings[cell] = orb.MultiPolygon{{outline(cell)}}
			}
			for _, part := range insideParts(a, b, rings[cell]) {
				metres[cell] += (part[1] - part[0]) * float64(p.UntilM-p.FromM)
			}
		})
	})
	return metres
}
