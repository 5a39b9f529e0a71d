package facet

import (
	"encoding/binary"
	"maps"
	"slices"
	"strings"
	"unsafe"

	"github.com/RoaringBitmap/roaring/v2"

	"kora/geo/paged"
)

// A Category is a column in which a row has no value, one, or several out of a dictionary.
//
// What a row has is kept as one small number, that of its set of values: there are few sets even where rows have several
// values. So a row is tested by one look at its set, however many values are asked for, and the bitmap of every value
// answers for all rows at once.
type Category[V ~string] struct {
	rows    map[V]*roaring.Bitmap // that have a value; no value without rows
	sets    [][]V                 // all that were seen
	numbers map[string]uint32     // of sets, by key
	of      paged.Column[uint32]  // row → number of its set
}

// NewCategory makes a column of n rows. Values appends what a row has, its main value first.
func NewCategory[V ~string](n int, values func(row uint32, to []V) []V) *Category[V] {
	c := &Category[V]{rows: map[V]*roaring.Bitmap{}, numbers: map[string]uint32{}}
	var key []byte
	var to []V
	bySet := []*batch{}
	c.of = paged.Make(n, func(row uint32) uint32 {
		to = values(row, to[:0])
		key = setKey(key[:0], to)
		number, ok := c.numbers[string(key)]
		if !ok {
			number = uint32(len(c.sets))
			c.sets, c.numbers[string(key)] = append(c.sets, slices.Clone(to)), number
			bySet = append(bySet, &batch{})
		}
		bySet[number].add(row, true)
		return number
	})
	parts := map[V][]*roaring.Bitmap{}
	for number, set := range c.sets {
		rows := bySet[number].rows()
		for i, v := range set {
			if !slices.Contains(set[:i], v) {
				parts[v] = append(parts[v], rows)
			}
		}
	}
	for v, p := range parts {
		c.rows[v] = roaring.FastOr(p...)
		c.rows[v].RunOptimize()
	}
	return c
}

// setKey appends what no other set of values has.
func setKey[V ~string](key []byte, set []V) []byte {
	for _, v := range set {
		key = append(binary.AppendUvarint(key, uint64(len(v))), v...)
	}
	return key
}

// Len is the number of rows.
func (c *Category[V]) Len() int { return c.of.Len() }

// Set gives the number of a row's set of values: rows with the same values in the same order have the same number. The
// numbers of a column begin with 0 and keep their meaning through edits.
func (c *Category[V]) Set(row uint32) uint32 { return c.of.At(row) }

// Sets gives the sets of values by their numbers, not to be written to.
func (c *Category[V]) Sets() [][]V { return c.sets }

// Values gives the values that rows have, in ascending order.
func (c *Category[V]) Values() []V { return slices.Sorted(maps.Keys(c.rows)) }

// Rows gives the rows that have a value, not to be written to; nil when none has.
func (c *Category[V]) Rows(v V) *roaring.Bitmap { return c.rows[v] }

// Any holds for rows that have one of values.
func (c *Category[V]) Any(values ...V) Condition {
	return c.where(func(v V) bool { return slices.Contains(values, v) })
}

// Prefix holds for rows with a value that begins with one of prefixes.
func (c *Category[V]) Prefix(prefixes ...string) Condition {
	return c.where(func(v V) bool {
		return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(string(v), p) })
	})
}

func (c *Category[V]) where(match func(V) bool) Condition {
	asked := &choice{of: c.of, sets: make([]bool, len(c.sets))}
	for v, rows := range c.rows {
		if match(v) {
			asked.rows = append(asked.rows, rows)
		}
	}
	for i, set := range c.sets {
		asked.sets[i] = slices.ContainsFunc(set, match)
	}
	return asked
}

// A choice holds for rows with certain sets of values.
type choice struct {
	of   paged.Column[uint32]
	sets []bool // by number
	rows []*roaring.Bitmap
}

func (c *choice) Has(row uint32) bool { return int(row) < c.of.Len() && c.sets[c.of.At(row)] }
func (c *choice) length() int         { return c.of.Len() }

func (c *choice) inBlocks() blocks { return dense(c.bitmap().ToDense()) }

func (c *choice) bitmap() *roaring.Bitmap {
	if len(c.rows) == 1 {
		return c.rows[0]
	}
	return roaring.FastOr(c.rows...)
}

// Tally makes a tally by sets of values. Own is the place in the filter of the condition that is the column's own.
func (c *Category[V]) Tally(own int) *Tally {
	return &Tally{own: own, count: &byNumber[uint32]{c.of, make([]uint32, len(c.sets))}}
}

// With gives a column in which some rows are others. Rows beyond the end make it longer.
func (c *Category[V]) With(rows []uint32, values func(row uint32, to []V) []V) *Category[V] {
	next := *c
	edit := c.of.Edit()
	own := map[V]*roaring.Bitmap{} // that are changed
	change := func(v V) *roaring.Bitmap {
		if own[v] == nil {
			own[v] = roaring.New()
			if c.rows[v] != nil {
				own[v] = c.rows[v].Clone()
			}
		}
		return own[v]
	}
	var key []byte
	var to []V
	for _, row := range rows {
		var had []V
		if int(row) < edit.Len() {
			had = next.sets[edit.At(row)]
		}
		to = values(row, to[:0])
		key = setKey(key[:0], to)
		number, ok := next.numbers[string(key)]
		if !ok {
			if len(next.sets) == len(c.sets) { // still those of c
				next.sets, next.numbers = slices.Clone(c.sets), maps.Clone(c.numbers)
			}
			number = uint32(len(next.sets))
			next.sets, next.numbers[string(key)] = append(next.sets, slices.Clone(to)), number
		}
		for _, v := range had {
			if !slices.Contains(to, v) {
				change(v).Remove(row)
			}
		}
		for _, v := range to {
			if !slices.Contains(had, v) {
				change(v).Add(row)
			}
		}
		edit.Set(row, number)
	}
	next.of = edit.Column
	if len(own) > 0 {
		next.rows = maps.Clone(c.rows)
	}
	for v, rows := range own {
		if rows.IsEmpty() {
			delete(next.rows, v)
			continue
		}
		rows.RunOptimize()
		next.rows[v] = rows
	}
	return &next
}

// Bytes is about how much memory the column takes.
func (c *Category[V]) Bytes() int {
	sum := c.of.Bytes()
	for v, rows := range c.rows {
		sum += len(v) + int(rows.GetSizeInBytes())
	}
	for _, set := range c.sets {
		sum += 64 + len(set)*int(unsafe.Sizeof(*new(V)))
	}
	return sum
}
