// Package facet holds the columns by which rows are filtered: values out of a dictionary, numbers and flags, with a roaring
// bitmap for every value. A Filter is what must hold in several columns at once; it is asked row by row where the rows are
// known from elsewhere, such as a box on the map, gives all rows, or counts them by what they have.
//
// Columns never change after they were made, so any number of goroutines may read them: bitmaps are built, optimized and
// published, and an edit clones those that it changes. The package does no I/O and knows nothing of records.
package facet

import "github.com/RoaringBitmap/roaring/v2"

// A Condition holds for some rows of a column.
type Condition interface {
	// Has tells whether it holds for a row. It takes no memory.
	Has(row uint32) bool

	// bitmap gives the rows that it holds for, not to be written to; nil where asking for each is better.
	bitmap() *roaring.Bitmap
	// length is how many rows may be asked for.
	length() int
	// inBlocks gives the condition in the form that counting asks, block by block.
	inBlocks() blocks
}

// A Filter holds where all its conditions do.
type Filter []Condition

// Has tells whether f holds for a row. It takes no memory.
func (f Filter) Has(row uint32) bool {
	for _, c := range f {
		if !c.Has(row) {
			return false
		}
	}
	return true
}

// Rows gives the rows that f holds for, not to be written to. An empty filter holds for every row, of which it knows none:
// it gives nil.
func (f Filter) Rows() *roaring.Bitmap {
	var sets []*roaring.Bitmap
	var others Filter
	for _, c := range f {
		if b := c.bitmap(); b != nil {
			sets = append(sets, b)
		} else {
			others = append(others, c)
		}
	}
	switch {
	case len(others) == 0 && len(sets) == 0:
		return nil
	case len(others) == 0 && len(sets) == 1:
		return sets[0]
	case len(others) == 0:
		return roaring.FastAnd(sets...)
	}
	var found batch
	if len(sets) == 0 {
		for row := range uint32(others[0].length()) {
			found.add(row, others.Has(row))
		}
		return found.rows()
	}
	among := sets[0]
	if len(sets) > 1 {
		among = roaring.FastAnd(sets...)
	}
	among.Iterate(func(row uint32) bool {
		found.add(row, others.Has(row))
		return true
	})
	return found.rows()
}

// A batch makes a bitmap of rows that come in ascending order.
type batch struct {
	all  roaring.Bitmap
	some []uint32
}

func (b *batch) add(row uint32, is bool) {
	if !is {
		return
	}
	if b.some == nil {
		b.some = make([]uint32, 0, 1024)
	}
	if b.some = append(b.some, row); len(b.some) == cap(b.some) {
		b.all.AddMany(b.some)
		b.some = b.some[:0]
	}
}

func (b *batch) rows() *roaring.Bitmap {
	b.all.AddMany(b.some)
	b.all.RunOptimize()
	return &b.all
}

// Among holds for the rows of a bitmap, which must not be written to any more.
func Among(rows *roaring.Bitmap) Condition { return among{rows} }

type among struct{ rows *roaring.Bitmap }

func (a among) Has(row uint32) bool     { return a.rows.Contains(row) }
func (a among) bitmap() *roaring.Bitmap { return a.rows }
func (a among) length() int             { return 0 }
func (a among) inBlocks() blocks        { return dense(a.rows.ToDense()) }

// dense is a bit for every row.
type dense []uint64

func (d dense) block(i int, to *words) {
	*to = words{}
	if at := i * len(to); at < len(d) {
		copy(to[:], d[at:])
	}
}
