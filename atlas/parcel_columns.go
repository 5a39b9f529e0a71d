package atlas

import (
	"math"
	"slices"

	"kora"
	"kora/geo/facet"
	"kora/geo/paged"
)

// ParcelColumns are what parcels are filtered by. Rows without a parcel have no values. Times by car are in Drives and how parcels
// lie is in terrain, since they depend on more than the parcels.
type ParcelColumns struct {
	there   *facet.Flag               // rows with a parcel
	choices []*facet.Category[string] // of parcelChoices
	numbers []*facet.Numbers          // of parcelRanges; nil where those tell no value
	texts   paged.Column[string]      // what searchable makes
}

func newParcelColumns(t *Table[kora.Parcel]) *ParcelColumns {
	n := t.shapes.Len()
	c := &ParcelColumns{there: facet.NewFlag(n, hasParcel(t))}
	for _, a := range parcelChoices {
		c.choices = append(c.choices, facet.NewCategory(n, valuesOf(t, a)))
	}
	for _, a := range parcelRanges {
		var numbers *facet.Numbers
		if a.value != nil {
			numbers = facet.NewNumbers(n, numberOf(t, a), a.edges...)
		}
		c.numbers = append(c.numbers, numbers)
	}
	c.texts = paged.Make(n, textOf(t))
	return c
}

// with gives the columns of the table t, in which some rows are others; all where there are none.
func (c *ParcelColumns) with(t *Table[kora.Parcel], rows []uint32) *ParcelColumns {
	if len(rows) == 0 {
		return newParcelColumns(t)
	}
	next := &ParcelColumns{there: c.there.With(rows, hasParcel(t))}
	for i, a := range parcelChoices {
		next.choices = append(next.choices, c.choices[i].With(rows, valuesOf(t, a)))
	}
	for i, a := range parcelRanges {
		numbers := c.numbers[i]
		if numbers != nil {
			numbers = numbers.With(rows, numberOf(t, a))
		}
		next.numbers = append(next.numbers, numbers)
	}
	texts, text := c.texts.Edit(), textOf(t)
	for _, row := range rows {
		texts.Set(row, text(row))
	}
	next.texts = texts.Column
	return next
}

// sample tells whether any parcel is sample data.
func (c *ParcelColumns) sample() bool {
	i := slices.IndexFunc(parcelChoices, func(a parcelChoice) bool { return a.name == "sample" })
	return c.choices[i].Rows("true") != nil
}

// Bytes is about how much memory the columns take, without their texts.
func (c *ParcelColumns) Bytes() int {
	sum := c.there.Bytes() + c.texts.Bytes()
	for _, of := range c.choices {
		sum += of.Bytes()
	}
	for _, of := range c.numbers {
		if of != nil {
			sum += of.Bytes()
		}
	}
	return sum
}

func hasParcel(t *Table[kora.Parcel]) func(row uint32) bool {
	return func(row uint32) bool { return t.At(row) != nil }
}

func valuesOf(t *Table[kora.Parcel], a parcelChoice) func(row uint32, to []string) []string {
	return func(row uint32, to []string) []string {
		if p := t.At(row); p != nil {
			return a.values(p, to)
		}
		return to
	}
}

func numberOf(t *Table[kora.Parcel], a parcelRange) func(row uint32) float64 {
	return func(row uint32) float64 {
		if p := t.At(row); p != nil {
			return a.value(p)
		}
		return math.NaN()
	}
}

func textOf(t *Table[kora.Parcel]) func(row uint32) string {
	s := newSearcher()
	return func(row uint32) string {
		if p := t.At(row); p != nil {
			return s.searchable(p)
		}
		return ""
	}
}
