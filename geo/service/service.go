// Package service turns travel times on the street network into service areas: the time of every hexagon to the nearest
// station, and how many hexagons of an area are within it.
//
// It computes only. It knows networks and cells, and neither stations nor key areas nor files.
package service

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"kora/geo/grid"
	"kora/geo/network"
)

// CellLinks ties cells to the streets within the profile's CellReachM of their centres. It is made once for a network and
// a list of cells, never changes, and serves any Field of that network.
//
// For each cell it holds the least time from the centre to every node around it, over all spots on all edges within
// reach: off the street to the spot, then along the edge. Because the best spot for an end of an edge does not depend on
// where the stations are, nothing is lost against trying every spot on every edge.
type CellLinks struct {
	network *network.Network
	cells   []grid.Cell

	first   []int32   // nodes around cell i: node[first[i]:first[i+1]]
	node    []int32   // the same node may serve many cells
	seconds []float32 // from the centre of the cell

	beside []beside       // ordered by edge, then cell
	places []network.Link // of the cells, without their Access; ReachM is 0 where no street is within reach
}

// beside says that a cell reaches an edge, for stations on that very edge.
type beside struct{ edge, cell int32 }

// LinkCells ties each cell to n.
func LinkCells(ctx context.Context, n *network.Network, cells []grid.Cell) (*CellLinks, error) {
	l := &CellLinks{
		network: n,
		cells:   slices.Clone(cells),
		first:   make([]int32, 1, len(cells)+1),
		places:  make([]network.Link, len(cells)),
	}
	for i, c := range cells {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		link, ok := n.Link(c.Centre(), n.Profile().CellReachM)
		if ok {
			for _, d := range link.Departures() {
				l.node = append(l.node, d.Node)
				l.seconds = append(l.seconds, float32(d.Seconds))
			}
			for k, a := range link.Access {
				if k == 0 || a.Edge != link.Access[k-1].Edge {
					l.beside = append(l.beside, beside{a.Edge, int32(i)})
				}
			}
			l.places[i] = network.Link{Point: link.Point, ReachM: link.ReachM}
		}
		if len(l.node) > math.MaxInt32 {
			return nil, fmt.Errorf("service: %d cells lie on more streets than can be kept; take fewer", len(cells))
		}
		l.first = append(l.first, int32(len(l.node)))
	}
	slices.SortFunc(l.beside, func(a, b beside) int {
		return cmp.Or(cmp.Compare(a.edge, b.edge), cmp.Compare(a.cell, b.cell))
	})
	return l, nil
}

// Cells gives the cells in the order in which LinkCells took them; do not change it.
func (l *CellLinks) Cells() []grid.Cell { return l.cells }

// Times gives the seconds from the centre of each cell to the nearest of the targets that f was made of: +Inf where none
// is within f.MaxSeconds, NaN where no street is within reach of the centre.
func (l *CellLinks) Times(f *network.Field, targets []network.Link) []float32 {
	times := make([]float32, len(l.cells))
	inf := float32(math.Inf(1))
	for i := range times {
		if l.places[i].ReachM == 0 {
			times[i] = float32(math.NaN())
			continue
		}
		best := inf
		for j := l.first[i]; j < l.first[i+1]; j++ {
			best = min(best, l.seconds[j]+f.Seconds[l.node[j]])
		}
		times[i] = best
	}
	for _, t := range targets {
		for k, a := range t.Access {
			if k > 0 && a.Edge == t.Access[k-1].Edge {
				continue
			}
			at, _ := slices.BinarySearchFunc(l.beside, a.Edge, func(b beside, edge int32) int { return cmp.Compare(b.edge, edge) })
			for ; at < len(l.beside) && l.beside[at].edge == a.Edge; at++ {
				cell := l.beside[at].cell
				times[cell] = min(times[cell], float32(l.network.Along(a.Edge, l.places[cell], t)))
			}
		}
	}
	for i, t := range times {
		if float64(t) > f.MaxSeconds {
			times[i] = inf
		}
	}
	return times
}

// A Share is how much of an area is served: Covered of Cells. Cells with no street within reach count among Cells.
type Share struct {
	Cells    int
	Covered  int
	NoStreet int
	Share    float64 // Covered / Cells; 0 when there are no cells
}

// Count counts the cells at the given indexes of times whose time is at most maxSeconds.
func Count(times []float32, cells []int, maxSeconds float64) Share {
	s := Share{Cells: len(cells)}
	for _, i := range cells {
		switch t := float64(times[i]); {
		case math.IsNaN(t):
			s.NoStreet++
		case t <= maxSeconds && !math.IsInf(t, 1):
			s.Covered++
		}
	}
	if s.Cells > 0 {
		s.Share = float64(s.Covered) / float64(s.Cells)
	}
	return s
}
