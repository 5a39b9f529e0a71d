package facet_test

import (
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"pgregory.net/rapid"

	"kora/geo/facet"
)

// A record is what the columns of these tests are made of.
type record struct {
	uses []string
	area float64
	flag bool
}

// columns are those of a list of records, made at once or by edits.
type columns struct {
	uses *facet.Category[string]
	area *facet.Numbers
	flag *facet.Flag
}

func columnsOf(all []record) columns {
	return columns{
		facet.NewCategory(len(all), func(row uint32, to []string) []string { return append(to, all[row].uses...) }),
		facet.NewNumbers(len(all), func(row uint32) float64 { return all[row].area }),
		facet.NewFlag(len(all), func(row uint32) bool { return all[row].flag }),
	}
}

func (c columns) with(rows []uint32, all []record) columns {
	return columns{
		c.uses.With(rows, func(row uint32, to []string) []string { return append(to, all[row].uses...) }),
		c.area.With(rows, func(row uint32) float64 { return all[row].area }),
		c.flag.With(rows, func(row uint32) bool { return all[row].flag }),
	}
}

func records() *rapid.Generator[record] {
	code := rapid.SampledFrom([]string{"", "10", "1001", "100102", "09", "0901", "1", "rare", "rarer"})
	area := rapid.OneOf(rapid.Just(math.NaN()), rapid.Just(5.0), rapid.Float64Range(0, 10))
	return rapid.Custom(func(t *rapid.T) record {
		return record{rapid.SliceOfN(code, 0, 3).Draw(t, "uses"), area.Draw(t, "area"), rapid.Bool().Draw(t, "flag")}
	})
}

// A question is a filter and the same in plain words.
type question struct {
	uses, prefixes []string
	low, high      float64
	flagged        bool
	among          *roaring.Bitmap
}

func questions() *rapid.Generator[question] {
	bound := rapid.OneOf(rapid.Just(math.Inf(-1)), rapid.Just(5.0), rapid.Float64Range(0, 10), rapid.Just(math.Inf(1)))
	return rapid.Custom(func(t *rapid.T) question {
		q := question{
			uses:     rapid.SliceOfN(rapid.SampledFrom([]string{"", "10", "1001", "09", "none"}), 0, 3).Draw(t, "uses"),
			prefixes: rapid.SliceOfN(rapid.SampledFrom([]string{"", "1", "10", "1001", "0", "x"}), 0, 2).Draw(t, "prefixes"),
			low:      bound.Draw(t, "low"), high: bound.Draw(t, "high"), flagged: rapid.Bool().Draw(t, "flagged"),
		}
		if rapid.Bool().Draw(t, "some rows only") {
			q.among = roaring.BitmapOf(rapid.SliceOf(rapid.Uint32Range(0, 40)).Draw(t, "among")...)
		}
		return q
	})
}

func (q question) filter(c columns) (f facet.Filter) {
	if len(q.uses) > 0 {
		f = append(f, c.uses.Any(q.uses...))
	}
	if len(q.prefixes) > 0 {
		f = append(f, c.uses.Prefix(q.prefixes...))
	}
	if !math.IsInf(q.low, -1) || !math.IsInf(q.high, 1) {
		f = append(f, c.area.Within(q.low, q.high))
	}
	if q.flagged {
		f = append(f, facet.Among(c.flag.Rows()))
	}
	if q.among != nil {
		f = append(f, facet.Among(q.among))
	}
	return f
}

func (q question) holds(row uint32, r record) bool {
	if len(q.uses) > 0 && !slices.ContainsFunc(r.uses, func(u string) bool { return slices.Contains(q.uses, u) }) {
		return false
	}
	begins := func(u string) bool {
		return slices.ContainsFunc(q.prefixes, func(p string) bool { return strings.HasPrefix(u, p) })
	}
	if len(q.prefixes) > 0 && !slices.ContainsFunc(r.uses, begins) {
		return false
	}
	if (!math.IsInf(q.low, -1) || !math.IsInf(q.high, 1)) && !(r.area >= q.low && r.area <= q.high) {
		return false
	}
	return (!q.flagged || r.flag) && (q.among == nil || q.among.Contains(row))
}

func answers(t *rapid.T, q question, c columns, all []record) {
	want := []uint32{}
	f := q.filter(c)
	for i, r := range all {
		row := uint32(i)
		if q.holds(row, r) {
			want = append(want, row)
		}
		if f.Has(row) != q.holds(row, r) {
			t.Fatalf("row %d %v: %v, want the other", row, r, f.Has(row))
		}
	}
	got := f.Rows()
	if len(f) == 0 {
		if got != nil {
			t.Fatalf("the empty filter gives %v", got)
		}
		return
	}
	got = got.Clone()
	got.RemoveRange(uint64(len(all)), math.MaxUint32) // rows that only the question named
	if !slices.Equal(got.ToArray(), want) {
		t.Fatalf("%v are found, want %v", got.ToArray(), want)
	}
}

// TestFiltersAnswerLikeAScan: rows and bitmaps of fresh columns and of edited ones are those of a plain scan, and what
// columns were made from stays as it is.
func TestFiltersAnswerLikeAScan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		alls := [][]record{rapid.SliceOfN(records(), 0, 40).Draw(t, "records")}
		made := []columns{columnsOf(alls[0])}
		for range rapid.IntRange(0, 4).Draw(t, "steps") {
			from := rapid.IntRange(0, len(alls)-1).Draw(t, "from")
			all := slices.Clone(alls[from])
			var rows []uint32
			for range rapid.IntRange(0, 4).Draw(t, "edits") {
				row := rapid.IntRange(0, len(all)).Draw(t, "row")
				r := records().Draw(t, "record")
				if row == len(all) {
					all = append(all, r)
				}
				all[row] = r
				rows = append(rows, uint32(row))
			}
			alls, made = append(alls, all), append(made, made[from].with(rows, all))
		}
		for range 3 {
			q := questions().Draw(t, "question")
			for i := range alls {
				answers(t, q, made[i], alls[i])
				answers(t, q, columnsOf(alls[i]), alls[i])
			}
		}
		last, fresh := made[len(made)-1], columnsOf(alls[len(alls)-1])
		if !slices.Equal(last.uses.Values(), fresh.uses.Values()) {
			t.Fatalf("the values are %v, want %v", last.uses.Values(), fresh.uses.Values())
		}
		for _, v := range fresh.uses.Values() {
			if !last.uses.Rows(v).Equals(fresh.uses.Rows(v)) {
				t.Fatalf("%q is had by %v, want %v", v, last.uses.Rows(v), fresh.uses.Rows(v))
			}
		}
		for i, r := range alls[len(alls)-1] {
			if set := last.uses.Sets()[last.uses.Set(uint32(i))]; !slices.Equal(set, r.uses) {
				t.Fatalf("row %d has %v, want %v", i, set, r.uses)
			}
		}
	})
}

// TestManyRows goes over the borders of pages, batches and bitmaps' containers.
func TestManyRows(t *testing.T) {
	all := make([]record, 200_000)
	for i := range all {
		all[i] = record{[]string{string(rune('a' + i%7))}, float64(i), i%3 == 0}
	}
	c := columnsOf(all)
	all[70_000].uses, all[131_072].area = []string{"a", "new"}, -1
	for name, c := range map[string]columns{"edited": c.with([]uint32{70_000, 131_072}, all), "fresh": columnsOf(all)} {
		for _, q := range []question{
			{uses: []string{"a", "c", "new"}, low: 1000, high: 150_000},
			{low: 65_535, high: math.Inf(1)},
			{uses: []string{"b"}, flagged: true, low: math.Inf(-1), high: math.Inf(1)},
		} {
			got := q.filter(c).Rows()
			for i, r := range all {
				if got.Contains(uint32(i)) != q.holds(uint32(i), r) {
					t.Fatalf("%s: %v: row %d", name, q, i)
				}
			}
		}
	}
}

// TestAskingTakesNoMemory: a tile asks thousands of rows.
func TestAskingTakesNoMemory(t *testing.T) {
	all := make([]record, 1000)
	for i := range all {
		all[i] = record{[]string{"1001"}, float64(i), true}
	}
	c := columnsOf(all)
	f := facet.Filter{c.uses.Prefix("10"), c.area.Within(0, 500), facet.Among(c.flag.Rows())}
	held := 0
	if n := testing.AllocsPerRun(10, func() {
		for row := range uint32(len(all)) {
			if f.Has(row) {
				held++
			}
		}
	}); n != 0 || held == 0 {
		t.Errorf("%v allocations, %d rows", n, held)
	}
}

// TestReadersAreNotDisturbed: readers of columns go on while others are made from them.
func TestReadersAreNotDisturbed(t *testing.T) {
	all := make([]record, 3000)
	for i := range all {
		all[i] = record{[]string{[]string{"10", "09", "1001"}[i%3]}, float64(i), i%2 == 0}
	}
	c := columnsOf(all)
	q := question{uses: []string{"10", "09"}, low: 10, high: 2000, flagged: true}
	want := q.filter(c).Rows().ToArray()
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for range 100 {
				if got := q.filter(c).Rows().ToArray(); !slices.Equal(got, want) {
					t.Errorf("%d rows, want %d", len(got), len(want))
				}
			}
		})
	}
	changed := slices.Clone(all)
	for i := range 300 {
		changed[i] = record{[]string{"1001", "new"}, -1, false}
		c.with([]uint32{uint32(i)}, changed)
	}
	readers.Wait()
}
