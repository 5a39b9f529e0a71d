package atlas

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"kora/geo/facet"
)

// ParcelCounts tell what every option would give and how every range is filled, of the same parcels.
type ParcelCounts struct {
	Total      int
	Facets     []Facet
	Histograms []Histogram
}

// A Facet is an attribute with its options: every value that a parcel has, and those that are chosen.
type Facet struct {
	Name    string
	Options []Option
}

// An Option is a value with the number of parcels that choosing it gives: it alone of its attribute, with all other filters as
// they are. Of an attribute whose values must all hold it is what adding it gives.
type Option struct {
	Value string
	Count int
}

// A Histogram tells how many parcels lie between edges, under all filters but the range's own.
type Histogram struct {
	Name, Unit string
	Bins       []Bin
	Unknown    int // parcels of which the number is not known
}

// A Bin counts from Min up to Max, which is not in it; a nil end is open.
type Bin struct {
	Min, Max *float64
	Count    int
}

// Counts counts options and ranges in one pass. Options that chosen tells are among them even when no parcel has them. Only those
// attributes count that are named, all where none is.
func (f *ParcelFilter) Counts(chosen map[string][]string, only ...string) ParcelCounts {
	a := f.atlas
	filter := slices.Clone(f.columns)
	filter = append(filter, facet.Among(a.columns.there.Rows()))
	if f.bounds != nil {
		rows := roaring.New()
		f.table.shapes.In(f.box, func(row uint32) {
			if f.touches(row) {
				rows.Add(row)
			}
		})
		filter = append(filter, facet.Among(rows))
	}
	if len(f.words) > 0 {
		rows := roaring.New()
		for row := range uint32(f.table.shapes.Len()) {
			if f.says(row) {
				rows.Add(row)
			}
		}
		filter = append(filter, facet.Among(rows))
	}
	own := func(name string) int {
		if i, is := f.own[name]; is {
			return i
		}
		return -1
	}

	asked := func(name string) bool { return len(only) == 0 || slices.Contains(only, name) }
	var tallies []*facet.Tally
	var choices, ranges []int // that are asked for
	for i, c := range parcelChoices {
		if asked(c.name) {
			choices, tallies = append(choices, i), append(tallies, a.columns.choices[i].Tally(own(c.name)))
		}
	}
	for i, r := range parcelRanges {
		if len(r.edges) > 0 && asked(r.name) {
			ranges, tallies = append(ranges, i), append(tallies, a.numbers(i).Tally(own(r.name)))
		}
	}
	counts := ParcelCounts{Total: filter.Count(f.table.shapes.Len(), tallies...)}
	for k, i := range choices {
		c := parcelChoices[i]
		counts.Facets = append(counts.Facets, Facet{c.name, c.options(a.columns.choices[i], tallies[k], chosen[c.name])})
	}
	for k, i := range ranges {
		counts.Histograms = append(counts.Histograms, parcelRanges[i].histogram(a.numbers(i), tallies[len(choices)+k]))
	}
	return counts
}

// options spreads what was counted by sets of values over the values, and of codes over their first digits.
func (c parcelChoice) options(column *facet.Category[string], tally *facet.Tally, chosen []string) []Option {
	sums := map[string]int{}
	for _, v := range chosen {
		sums[v] = 0
	}
	var each []string
	for set, count := range tally.Counts() {
		each = each[:0]
		for _, v := range column.Sets()[set] {
			if !c.prefix {
				each = append(each, v)
				continue
			}
			for n := 2; n < len(v); n += 2 {
				each = append(each, v[:n])
			}
			each = append(each, v)
			for _, w := range chosen { // of an odd number of digits, maybe
				if len(w) < len(v) && v[:len(w)] == w {
					each = append(each, w)
				}
			}
		}
		for i, v := range each {
			if !slices.Contains(each[:i], v) {
				sums[v] += int(count)
			}
		}
	}
	options := make([]Option, 0, len(sums))
	for v, n := range sums {
		if n > 0 || slices.Contains(chosen, v) || c.had(column, v) {
			options = append(options, Option{v, n})
		}
	}
	slices.SortFunc(options, func(a, b Option) int {
		if c.order != nil {
			return c.order(a.Value, b.Value)
		}
		return cmp.Compare(a.Value, b.Value)
	})
	return options
}

// had tells whether some parcel has a value: a set of values that nobody has any more is remembered.
func (c parcelChoice) had(column *facet.Category[string], v string) bool {
	if !c.prefix {
		return column.Rows(v) != nil
	}
	return slices.ContainsFunc(column.Values(), func(code string) bool { return len(code) >= len(v) && code[:len(v)] == v })
}

func (r parcelRange) histogram(column *facet.Numbers, tally *facet.Tally) Histogram {
	bins, unknown := column.Bins(tally)
	h := Histogram{Name: r.name, Unit: r.unit, Unknown: int(unknown)}
	for i, count := range bins {
		b := Bin{Count: int(count)}
		if i > 0 {
			b.Min = &r.edges[i-1]
		}
		if i < len(r.edges) {
			b.Max = &r.edges[i]
		}
		h.Bins = append(h.Bins, b)
	}
	return h
}
