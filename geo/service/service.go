// Package service turns travel times on the street network into service areas: the time of every hexagon to the nearest
// stations, how much of an area is within it, by hexagons, by street and by demand, and the area around one place.
//
// It computes only. It knows networks and cells, and neither stations nor key areas nor files.
package service

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"kora/geo/grid"
	"kora/geo/network"
)

// CellLinks ties cells to the streets within the profile's CellReachM of their centres. It is made once for a network and
// a list of cells, never changes, and serves any Field of that network that tells times towards places.
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

	byNode func() around // the other way about, made when it is first needed
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
	l.byNode = sync.OnceValue(l.turnRound)
	return l, nil
}

// Cells gives the cells in the order in which LinkCells took them; do not change it.
func (l *CellLinks) Cells() []grid.Cell { return l.cells }

// Times gives the seconds from the centre of each cell to the nearest place of f, to the second nearest and so on, as many
// as f holds at a node: +Inf where there is none within its MaxSeconds, NaN where no street is within reach of the centre.
func (l *CellLinks) Times(f *network.Field) ([][]float32, error) {
	o := f.Options()
	if o.From {
		return nil, errors.New("service: the times of cells are those towards places, and the field tells those from them")
	}
	best := newRanking(len(l.cells), o.Nearest)
	for i := range l.cells {
		l.offerNodes(best, f, i, i)
	}
	l.offerBeside(best, f, func(cell int32) int { return int(cell) })
	for i := range l.cells {
		l.settle(best, o.MaxSeconds, i, i)
	}
	return best.seconds, nil
}

// offerNodes offers to place i of a ranking what the nodes around a cell know.
func (l *CellLinks) offerNodes(best ranking, f *network.Field, i, cell int) {
	for j := l.first[cell]; j < l.first[cell+1]; j++ {
		for rank := range best.seconds {
			s, owner, ok := f.At(l.node[j], rank)
			if !ok {
				break
			}
			best.offer(i, l.seconds[j]+float32(s), int32(owner))
		}
	}
}

// offerBeside offers the ways along one edge to those cells that have a place in the ranking; at is negative for others.
func (l *CellLinks) offerBeside(best ranking, f *network.Field, at func(cell int32) int) {
	for owner := range f.Targets() {
		t, ok := f.Target(owner)
		if !ok {
			continue
		}
		l.alongside(t, func(cell, edge int32) {
			if i := at(cell); i >= 0 { // asked first: the way costs more than all else here
				best.offer(i, l.along(cell, edge, t), int32(owner))
			}
		})
	}
}

// along is the seconds from a cell to a place along an edge that both reach.
func (l *CellLinks) along(cell, edge int32, to *network.Link) float32 {
	return float32(l.network.Along(edge, l.places[cell], *to))
}

// alongside calls visit for the cells that come to a place along the very edge that it lies on.
func (l *CellLinks) alongside(to *network.Link, visit func(cell, edge int32)) {
	for k, a := range to.Access {
		if k > 0 && a.Edge == to.Access[k-1].Edge {
			continue
		}
		for _, b := range l.besideEdge(a.Edge) {
			visit(b.cell, a.Edge)
		}
	}
}

// besideEdge gives the cells that reach an edge.
func (l *CellLinks) besideEdge(edge int32) []beside {
	compare := func(b beside, edge int32) int { return cmp.Compare(b.edge, edge) }
	from, _ := slices.BinarySearchFunc(l.beside, edge, compare)
	until := from
	for until < len(l.beside) && l.beside[until].edge == edge {
		until++
	}
	return l.beside[from:until]
}

// settle ends place i of a ranking, which is that of a cell.
func (l *CellLinks) settle(best ranking, maxSeconds float64, i, cell int) {
	for _, times := range best.seconds {
		switch {
		case l.places[cell].ReachM == 0:
			times[i] = float32(math.NaN())
		case float64(times[i]) > maxSeconds:
			times[i] = float32(math.Inf(1))
		}
	}
}

// A ranking keeps the least seconds of a few different owners for each cell.
type ranking struct {
	seconds [][]float32 // by rank, then cell
	owners  [][]int32
}

func newRanking(cells, ranks int) ranking {
	r := ranking{make([][]float32, ranks), make([][]int32, ranks)}
	for k := range ranks {
		r.seconds[k], r.owners[k] = make([]float32, cells), make([]int32, cells)
		for i := range cells {
			r.seconds[k][i], r.owners[k][i] = float32(math.Inf(1)), -1
		}
	}
	return r
}

// offer puts what is known of an owner where it belongs; a worse time of the same owner makes room.
func (r ranking) offer(cell int, seconds float32, owner int32) {
	last := len(r.seconds) - 1
	if seconds >= r.seconds[last][cell] {
		return
	}
	k := last
	for j := range last {
		if r.owners[j][cell] == owner {
			k = j
			break
		}
	}
	if seconds >= r.seconds[k][cell] {
		return
	}
	for ; k > 0 && r.seconds[k-1][cell] > seconds; k-- {
		r.seconds[k][cell], r.owners[k][cell] = r.seconds[k-1][cell], r.owners[k-1][cell]
	}
	r.seconds[k][cell], r.owners[k][cell] = seconds, owner
}
