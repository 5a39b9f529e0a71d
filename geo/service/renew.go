package service

import (
	"errors"
	"slices"

	"kora/geo/network"
)

// around lists the cells around every node: cell[first[v]:first[v+1]], and the seconds from their centres.
type around struct {
	first, cell []int32
	seconds     []float32
}

// turnRound makes that of the lists of nodes around every cell.
func (l *CellLinks) turnRound() around {
	a := around{make([]int32, l.network.Nodes()+1), make([]int32, len(l.node)), make([]float32, len(l.node))}
	for _, v := range l.node {
		a.first[v+1]++
	}
	for v := range l.network.Nodes() {
		a.first[v+1] += a.first[v]
	}
	next := slices.Clone(a.first)
	for cell := range l.cells {
		for j := l.first[cell]; j < l.first[cell+1]; j++ {
			v := l.node[j]
			a.cell[next[v]], a.seconds[next[v]] = int32(cell), l.seconds[j]
			next[v]++
		}
	}
	return a
}

// TimesSince gives what Times does, from what it gave of the Field that d was made with, and the cells that were looked at again, in
// order: those beside what differs. The other cells have the times that they had.
func (l *CellLinks) TimesSince(times [][]float32, f *network.Field, d network.Difference) (now [][]float32, again []int32, err error) {
	o := f.Options()
	if o.From || len(times) != o.Nearest {
		return nil, nil, errors.New("service: these times are not those of a field like this one")
	}
	byNode := l.byNode()
	at := make([]int32, len(l.cells)) // 1 more than the place among again; 0: not concerned
	take := func(cell int32) {
		if at[cell] == 0 {
			at[cell] = 1
			again = append(again, cell)
		}
	}
	for _, v := range d.Nodes {
		for _, cell := range byNode.cell[byNode.first[v]:byNode.first[v+1]] {
			take(cell)
		}
	}
	for _, edge := range d.Edges {
		for _, b := range l.besideEdge(edge) {
			take(b.cell)
		}
	}
	slices.Sort(again)
	best := newRanking(len(again), o.Nearest)
	for i, cell := range again {
		at[cell] = int32(i + 1)
		l.offerNodes(best, f, i, int(cell))
	}
	l.offerBeside(best, f, func(cell int32) int { return int(at[cell]) - 1 })
	for i, cell := range again {
		l.settle(best, o.MaxSeconds, i, int(cell))
	}
	for rank := range times {
		now = append(now, slices.Clone(times[rank]))
		for i, cell := range again {
			now[rank][cell] = best.seconds[rank][i]
		}
	}
	return now, again, nil
}
