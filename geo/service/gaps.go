package service

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"kora/geo/grid"
	"kora/geo/network"
)

// A Gap is an area of cells that touch each other and are not served.
type Gap struct {
	Cells []int // indexes, ascending
	Heart int   // the one of them that lies deepest within; of several, the one nearest to their middle
}

// Gaps parts the cells at the given indexes that lie more than maxSeconds from a place, or have no street, into areas of neighbours.
// Cells ascend; times belong to them. Gaps come by their first cell.
func Gaps(cells []grid.Cell, times []float32, among []int, maxSeconds float64) ([]Gap, error) {
	open := make([]bool, len(cells))
	for _, i := range among {
		open[i] = !served(times[i], maxSeconds)
	}
	var gaps []Gap
	for _, i := range slices.Sorted(slices.Values(among)) {
		if !open[i] {
			continue
		}
		open[i] = false
		found := []int{i}
		for at := 0; at < len(found); at++ {
			around, err := cells[found[at]].Neighbours()
			if err != nil {
				return nil, err
			}
			for _, n := range around {
				if k, ok := slices.BinarySearch(cells, n); ok && open[k] {
					open[k] = false
					found = append(found, k)
				}
			}
		}
		slices.Sort(found)
		deepest, err := deepest(cells, found)
		if err != nil {
			return nil, err
		}
		gaps = append(gaps, Gap{Cells: found, Heart: nearestToMiddle(cells, found, deepest)})
	}
	return gaps, nil
}

// deepest gives those of the cells from which it takes the most steps to leave them.
func deepest(cells []grid.Cell, of []int) ([]int, error) {
	around := make([][]int, len(of))
	depth := make([]int, len(of)) // 0: not known yet
	var layer []int               // places in of
	for k, i := range of {
		neighbours, err := cells[i].Neighbours()
		if err != nil {
			return nil, err
		}
		for _, n := range neighbours {
			if at, ok := slices.BinarySearchFunc(of, n, func(i int, c grid.Cell) int { return cmp.Compare(cells[i], c) }); ok {
				around[k] = append(around[k], at)
			}
		}
		if len(around[k]) < len(neighbours) {
			depth[k], layer = 1, append(layer, k)
		}
	}
	for {
		var next []int
		for _, k := range layer {
			for _, n := range around[k] {
				if depth[n] == 0 {
					depth[n], next = depth[k]+1, append(next, n)
				}
			}
		}
		if len(next) == 0 {
			break
		}
		layer = next
	}
	found := make([]int, len(layer))
	for i, k := range layer {
		found[i] = of[k]
	}
	return found, nil
}

// nearestToMiddle is the one of some cells whose centre is nearest to the mean of all; of several as near, the first.
func nearestToMiddle(cells []grid.Cell, all, some []int) int {
	var middle orb.Point
	for _, i := range all {
		c := cells[i].Centre()
		middle[0] += c[0] / float64(len(all))
		middle[1] += c[1] / float64(len(all))
	}
	return slices.MinFunc(some, func(a, b int) int {
		return cmp.Or(cmp.Compare(distance(cells[a], middle), distance(cells[b], middle)), cmp.Compare(a, b))
	})
}

func distance(c grid.Cell, p orb.Point) float64 {
	return math.Round(network.Distance(c.Centre(), p)*10) / 10
}
