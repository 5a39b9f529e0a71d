package facet_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"pgregory.net/rapid"

	"kora/geo/facet"
)

var edges = []float64{2, 5, 7.5}

// binOf is what Numbers.Tally says, in plain words.
func binOf(v float64) int {
	switch {
	case math.IsNaN(v):
		return 4
	case v < 2:
		return 0
	case v < 5:
		return 1
	case v < 7.5:
		return 2
	}
	return 3
}

// TestCountsAnswerLikeAScan: every tally tells of the rows that hold for all conditions but its own, on fresh columns and on
// edited ones.
func TestCountsAnswerLikeAScan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(records(), 0, 600).Draw(t, "records")
		area := func(row uint32) float64 { return all[row].area }
		uses := func(row uint32, to []string) []string { return append(to, all[row].uses...) }
		category, numbers := facet.NewCategory(len(all), uses), facet.NewNumbers(len(all), area, edges...)
		if len(all) > 0 {
			var rows []uint32
			for range rapid.IntRange(0, 5).Draw(t, "edits") {
				row := rapid.IntRange(0, len(all)).Draw(t, "row")
				if row == len(all) {
					all = append(all, record{})
				}
				all[row] = records().Draw(t, "record")
				rows = append(rows, uint32(row))
			}
			category, numbers = category.With(rows, uses), numbers.With(rows, area)
		}

		end := rapid.OneOf(rapid.Float64Range(0, 10), rapid.SampledFrom([]float64{2, 5, 7.5, math.Inf(-1), math.Inf(1)}))
		low, high := end.Draw(t, "low"), end.Draw(t, "high")
		some := rapid.SliceOfN(rapid.SampledFrom([]string{"10", "1001", "09"}), 1, 2).Draw(t, "some")
		few := roaring.BitmapOf(rapid.SliceOf(rapid.Uint32Range(0, 700)).Draw(t, "among")...)
		conditions := []facet.Condition{category.Any(some...), numbers.Within(low, high), facet.Among(few)}
		holds := []func(row int) bool{
			func(row int) bool {
				return slices.ContainsFunc(all[row].uses, func(u string) bool { return slices.Contains(some, u) })
			},
			func(row int) bool { return all[row].area >= low && all[row].area <= high },
			func(row int) bool { return few.Contains(uint32(row)) },
		}
		n := rapid.IntRange(0, 3).Draw(t, "conditions")
		own := rapid.IntRange(-1, n-1).Draw(t, "own")
		byUse, byArea := category.Tally(own), numbers.Tally(own)
		total := facet.Filter(conditions[:n]).Count(len(all), byUse, byArea)

		wantTotal, wantUses, wantBins := 0, map[string]uint32{}, make([]uint32, len(edges)+2)
		bins, none := numbers.Bins(byArea)
		bins = append(bins, none)
		for row := range all {
			misses, mine := 0, true
			for i, h := range holds[:n] {
				if !h(row) {
					misses++
					mine = mine && i == own
				}
			}
			if misses == 0 {
				wantTotal++
			}
			if misses == 0 || misses == 1 && mine {
				wantUses[fmt.Sprint(all[row].uses)]++
				wantBins[binOf(all[row].area)]++
			}
		}
		gotUses := map[string]uint32{}
		for set, count := range byUse.Counts() {
			if count > 0 {
				gotUses[fmt.Sprint(category.Sets()[set])] += count
			}
		}
		if total != wantTotal || fmt.Sprint(gotUses) != fmt.Sprint(wantUses) || !slices.Equal(bins, wantBins) {
			t.Fatalf("%d %v %v, want %d %v %v", total, gotUses, bins, wantTotal, wantUses, wantBins)
		}
	})
}

// TestCountingTakesNoMemoryForARow.
func TestCountingTakesNoMemoryForARow(t *testing.T) {
	allocations := func(n int) float64 {
		c := facet.NewCategory(n, func(row uint32, to []string) []string { return append(to, string(rune('a'+row%26))) })
		v := facet.NewNumbers(n, func(row uint32) float64 { return float64(row % 10) }, edges...)
		return testing.AllocsPerRun(5, func() {
			facet.Filter{c.Any("b", "c"), v.Within(2, 5)}.Count(n, c.Tally(0), v.Tally(1))
		})
	}
	if few, many := allocations(100), allocations(200_000); many > few+20 {
		t.Errorf("%v allocations for 100 rows, %v for 200,000", few, many)
	}
}

// BenchmarkCount counts 26 options under two ranges and two selections.
func BenchmarkCount(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		rng := rand.New(rand.NewPCG(1, 1))
		words := func(count int) *facet.Category[string] {
			return facet.NewCategory(n, func(_ uint32, to []string) []string { return append(to, fmt.Sprint(rng.IntN(count))) })
		}
		numbers := func() *facet.Numbers {
			return facet.NewNumbers(n, func(uint32) float64 { return rng.Float64() }, 0.25, 0.5, 0.75)
		}
		a, c, price, area := words(10), words(16), numbers(), numbers()
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			began := processor()
			defer func() { b.ReportMetric(float64(processor()-began)/float64(b.N)/1e6, "cpu-ms") }()
			for b.Loop() {
				f := facet.Filter{a.Any("1", "2", "3"), c.Any("4", "5", "6", "7"), price.Within(0.2, 0.7), area.Within(0.1, 0.9)}
				f.Count(n, a.Tally(0), c.Tally(1))
			}
		})
		b.Run(fmt.Sprint(n, "/histograms"), func(b *testing.B) {
			began := processor()
			defer func() { b.ReportMetric(float64(processor()-began)/float64(b.N)/1e6, "cpu-ms") }()
			for b.Loop() {
				f := facet.Filter{price.Within(0.2, 0.7)}
				f.Count(n, price.Tally(0), area.Tally(-1))
			}
		})
	}
}

// processor is the time that this process had of the processors: what a busy machine does not change much.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
