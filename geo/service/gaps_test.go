package service_test

import (
	"math"
	"slices"
	"testing"

	"github.com/uber/h3-go/v4"
	"pgregory.net/rapid"

	"kora/geo/grid"
	"kora/geo/service"
)

// TestGapsAgainstAFlood: a plain second finder, which pours water into a cell and lets it run over every edge that H3 itself says is
// shared, finds the same areas.
func TestGapsAgainstAFlood(t *testing.T) {
	middle, err := grid.At(at(0, 0), res)
	if err != nil {
		t.Fatal(err)
	}
	disk, err := h3.Cell(middle).GridDisk(6)
	if err != nil {
		t.Fatal(err)
	}
	var cells []grid.Cell
	for _, c := range disk {
		cells = append(cells, grid.Cell(c))
	}
	slices.Sort(cells)
	rapid.Check(t, func(t *rapid.T) {
		const limit = 900
		times := make([]float32, len(cells))
		var among []int
		uncovered := 0
		for i := range cells {
			times[i] = rapid.SampledFrom([]float32{0, 900, 900.1, float32(math.Inf(1)), float32(math.NaN())}).Draw(t, "time")
			if rapid.IntRange(0, 5).Draw(t, "among") > 0 {
				among = append(among, i)
				if !(float64(times[i]) <= limit) {
					uncovered++
				}
			}
		}
		gaps, err := service.Gaps(cells, times, among, limit)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0
		for i, g := range gaps {
			sum += len(g.Cells)
			if !slices.Contains(g.Cells, g.Heart) || !slices.IsSorted(g.Cells) || i > 0 && gaps[i-1].Cells[0] >= g.Cells[0] {
				t.Errorf("gap %d: %+v", i, g)
			}
			if want := flood(cells, times, among, limit, g.Cells[0]); !slices.Equal(g.Cells, want) {
				t.Errorf("gap %d has cells %v; water from %d reaches %v", i, g.Cells, g.Cells[0], want)
			}
		}
		if sum != uncovered || uncovered != len(among)-service.Count(times, among, limit).Covered {
			t.Errorf("the gaps have %d cells of %d", sum, uncovered)
		}
	})
}

// TestTheHeartLiesDeepest: in a disk it is the middle; in a ring around a served middle it is on the ring.
func TestTheHeartLiesDeepest(t *testing.T) {
	middle, err := grid.At(at(0, 0), res)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ radius, hole, least, most int }{{5, -1, 0, 0}, {6, 1, 3, 5}} {
		disk, err := h3.Cell(middle).GridDisk(c.radius)
		if err != nil {
			t.Fatal(err)
		}
		var cells []grid.Cell
		for _, d := range disk {
			cells = append(cells, grid.Cell(d))
		}
		slices.Sort(cells)
		times := make([]float32, len(cells))
		var all []int
		for i, cell := range cells {
			all, times[i] = append(all, i), 1000
			if d, _ := h3.Cell(middle).GridDistance(h3.Cell(cell)); d <= c.hole {
				times[i] = 1
			}
		}
		gaps, err := service.Gaps(cells, times, all, 900)
		if err != nil || len(gaps) != 1 {
			t.Fatalf("%d gaps, %v", len(gaps), err)
		}
		if d, _ := h3.Cell(middle).GridDistance(h3.Cell(cells[gaps[0].Heart])); d < c.least || d > c.most {
			t.Errorf("of %+v the heart lies %d steps from the middle", c, d)
		}
	}
}

func flood(cells []grid.Cell, times []float32, among []int, limit float64, from int) []int {
	wet := map[int]bool{from: true}
	for grew := true; grew; {
		grew = false
		for _, i := range among {
			if wet[i] || float64(times[i]) <= limit {
				continue
			}
			for w := range wet {
				if beside, _ := h3.Cell(cells[i]).IsNeighbor(h3.Cell(cells[w])); beside {
					wet[i], grew = true, true
					break
				}
			}
		}
	}
	var all []int
	for i := range wet {
		all = append(all, i)
	}
	slices.Sort(all)
	return all
}
