package service

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"kora/geo/grid"
	"kora/geo/network"
)

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
		case served(times[i], maxSeconds):
			s.Covered++
		}
	}
	s.Share = portion(float64(s.Covered), float64(s.Cells))
	return s
}

func served(time float32, maxSeconds float64) bool {
	return float64(time) <= maxSeconds && !math.IsInf(float64(time), 1)
}

// portion is part of whole; 0 of nothing.
func portion(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return part / whole
}

// Demand is how much of what is asked for in an area is served: people, workers, or whatever the weights of cells count.
type Demand struct {
	Total   float64
	Covered float64
	Share   float64 // Covered / Total; 0 when there is none
}

// CountDemand adds the weights of cells; weights[i] belongs to times[i].
func CountDemand(times []float32, cells []int, weights []float64, maxSeconds float64) Demand {
	var d Demand
	for _, i := range cells {
		d.Total += weights[i]
		if served(times[i], maxSeconds) {
			d.Covered += weights[i]
		}
	}
	d.Share = portion(d.Covered, d.Total)
	return d
}

// Bands counts cells by time: one count for each limit, of the times above the limit before it and up to this one, and last
// the count of what lies beyond all of them or has no street. Limits ascend; the counts add up to the number of cells.
func Bands(times []float32, cells []int, limits []float64) []int {
	counts := make([]int, len(limits)+1)
	for _, i := range cells {
		band := len(limits)
		if t := float64(times[i]); !math.IsNaN(t) && !math.IsInf(t, 1) {
			band, _ = slices.BinarySearch(limits, t)
		}
		counts[band]++
	}
	return counts
}

// A Circle is the share of cells whose centre lies within a straight line of some place: what is often given instead of a
// service area. It is no travel time: walls, rivers and slopes do not count.
type Circle struct {
	Metres  float64
	Cells   int
	Covered int
	Share   float64
}

// CountCircle counts the cells at the given indexes whose centres have a place near by, as Near tells for the same metres.
func CountCircle(near []int32, cells []int, metres float64) Circle {
	c := Circle{Metres: metres, Cells: len(cells)}
	for _, i := range cells {
		if near[i] > 0 {
			c.Covered++
		}
	}
	c.Share = portion(float64(c.Covered), float64(c.Cells))
	return c
}

// Near counts for each centre of a cell the places within metres of it in a straight line.
func Near(centres, places []orb.Point, metres float64) []int32 {
	byLatitude := slices.Clone(places)
	slices.SortFunc(byLatitude, func(a, b orb.Point) int { return cmp.Compare(a[1], b[1]) })
	north := 1.01 * metres / metresPerDegree
	near := make([]int32, len(centres))
	for i, p := range centres {
		at, _ := slices.BinarySearchFunc(byLatitude, p[1]-north, func(q orb.Point, latitude float64) int { return cmp.Compare(q[1], latitude) })
		for ; at < len(byLatitude) && byLatitude[at][1] <= p[1]+north; at++ {
			if network.Distance(p, byLatitude[at]) <= metres {
				near[i]++
			}
		}
	}
	return near
}

// A RollUp says how the cells under a coarser one are served.
type RollUp struct {
	Cells         int
	Covered       int
	NoStreet      int
	Least, Median float32 // seconds, of the cells that have a street; +Inf without a way, NaN without a street
}

// Parents are the coarser cells above a list of cells, and which of them each lies in. It is made once for a list.
type Parents struct {
	Cells []grid.Cell // ascending
	of    []int32     // by cell
}

// ParentsOf finds the cells of resolution res above cells.
func ParentsOf(cells []grid.Cell, res int) (*Parents, error) {
	above := make([]grid.Cell, len(cells))
	for i, c := range cells {
		p, err := c.Parent(res)
		if err != nil {
			return nil, err
		}
		above[i] = p
	}
	ps := &Parents{Cells: slices.Clone(above), of: make([]int32, len(cells))}
	slices.Sort(ps.Cells)
	ps.Cells = slices.Compact(ps.Cells)
	for i, p := range above {
		at, _ := slices.BinarySearch(ps.Cells, p)
		ps.of[i] = int32(at)
	}
	return ps, nil
}

// RollUp sums up the times of cells by their parents.
func (ps *Parents) RollUp(times []float32, maxSeconds float64) []RollUp {
	rolled := make([]RollUp, len(ps.Cells))
	known := make([][]float32, len(ps.Cells))
	for i, t := range times {
		r := &rolled[ps.of[i]]
		r.Cells++
		switch {
		case math.IsNaN(float64(t)):
			r.NoStreet++
			continue
		case served(t, maxSeconds):
			r.Covered++
		}
		known[ps.of[i]] = append(known[ps.of[i]], t)
	}
	for i, list := range known {
		r := &rolled[i]
		if len(list) == 0 {
			r.Least, r.Median = float32(math.NaN()), float32(math.NaN())
			continue
		}
		slices.Sort(list)
		r.Least, r.Median = list[0], list[(len(list)-1)/2]
	}
	return rolled
}
