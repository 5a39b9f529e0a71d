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
	Heart int   // the one of them that is nearest to their middle
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
		gaps = append(gaps, Gap{Cells: found, Heart: heart(cells, found)})
	}
	return gaps, nil
}

// heart is the cell whose centre is nearest to the mean of all centres; of several as near, the first.
func heart(cells []grid.Cell, of []int) int {
	var middle orb.Point
	for _, i := range of {
		c := cells[i].Centre()
		middle[0] += c[0] / float64(len(of))
		middle[1] += c[1] / float64(len(of))
	}
	return slices.MinFunc(of, func(a, b int) int {
		return cmp.Or(cmp.Compare(distance(cells[a], middle), distance(cells[b], middle)), cmp.Compare(a, b))
	})
}

func distance(c grid.Cell, p orb.Point) float64 {
	return math.Round(network.Distance(c.Centre(), p)*10) / 10
}
