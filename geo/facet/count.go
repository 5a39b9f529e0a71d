package facet

import (
	"math/bits"

	"kora/geo/paged"
)

// words are the rows of a block, a page of every column: one bit a row.
type words [paged.Size / 64]uint64

// blocks is a condition that answers for a block of rows at once. Bits of rows beyond its column mean nothing.
type blocks interface{ block(i int, to *words) }

// A Tally counts rows by a small number that each of them has in one column.
type Tally struct {
	own   int
	count interface {
		add(i int, rows *words)
		counts() []uint32
	}
}

// Counts gives how many rows have each number.
func (t *Tally) Counts() []uint32 { return t.count.counts() }

type byNumber[N uint16 | uint32] struct {
	of paged.Column[N]
	n  []uint32
}

func (b *byNumber[N]) counts() []uint32 { return b.n }

func (b *byNumber[N]) add(i int, rows *words) {
	page := b.of.Page(i)
	if page == nil {
		return
	}
	for k, word := range rows {
		of := page[k*64 : k*64+64]
		if word == ^uint64(0) {
			for _, n := range of {
				b.n[n]++
			}
			continue
		}
		for ; word != 0; word &= word - 1 {
			b.n[of[bits.TrailingZeros64(word)&63]]++
		}
	}
}

// Count gives how many of n rows f holds for, and adds to every tally the rows that all conditions of f hold for but the
// tally's own, which is a place in f or -1 where it has none. So a tally tells of each choice in its column what choosing it
// would give, whatever is chosen there now, and all of them tell of the same rows.
//
// It is one pass over the columns, a block after the other, and takes no memory for a row.
func (f Filter) Count(n int, tallies ...*Tally) (total int) {
	conditions := make([]blocks, len(f))
	for i, c := range f {
		conditions[i] = c.inBlocks()
	}
	holds := make([]words, len(f))  // for the rows of a block
	others := make([]words, len(f)) // all but this one hold
	wanted := make([]bool, len(f))  // somebody asks for others
	for _, t := range tallies {
		if t.own >= 0 {
			wanted[t.own] = true
		}
	}
	var all words
	for i := range (n + paged.Size - 1) / paged.Size {
		all = firstRows(n - i*paged.Size)
		for j, c := range conditions {
			c.block(i, &holds[j])
			others[j] = all // those before it
			all.and(&holds[j])
		}
		after := firstRows(paged.Size)
		for j := len(conditions) - 1; j >= 0; j-- {
			if wanted[j] {
				others[j].and(&after)
			}
			after.and(&holds[j])
		}
		for _, word := range all {
			total += bits.OnesCount64(word)
		}
		for _, t := range tallies {
			if t.own >= 0 {
				t.count.add(i, &others[t.own])
			} else {
				t.count.add(i, &all)
			}
		}
	}
	return total
}

func (w *words) and(other *words) {
	for k := range w {
		w[k] &= other[k]
	}
}

// firstRows are the first n rows of a block.
func firstRows(n int) (w words) {
	for k := range w {
		switch left := n - k*64; {
		case left >= 64:
			w[k] = ^uint64(0)
		case left > 0:
			w[k] = 1<<left - 1
		}
	}
	return w
}
