package facet

import (
	"math"
	"math/bits"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"kora/geo/paged"
)

// Numbers is a column of numbers; NaN where a row has none. It may have edges, between which rows are tallied.
//
// Beside its number a row has a code, which tells between which two of the column's cuts the number lies: cuts are the edges,
// and where the numbers were when the column was made. A range takes or leaves most rows by their codes, four at once; only
// those with the code of one of its ends are looked at.
type Numbers struct {
	of    paged.Column[float64]
	edges []float64
	cuts  []float64 // ascending
	plain []bool    // by code: no row with it has another number than the cut
	codes paged.Column[uint16]
}

const (
	mostCuts = 2046         // codes have 15 bits at most, and more cuts would find little more
	noNumber = mostCuts + 1 // code of NaN
)

// NewNumbers makes a column of n rows. Edges, at most a few hundred, are in ascending order.
func NewNumbers(n int, value func(row uint32) float64, edges ...float64) *Numbers {
	c := &Numbers{of: paged.Make(n, value), edges: edges}
	c.cuts = c.cut()
	c.plain = make([]bool, noNumber+1)
	for code := range c.plain {
		c.plain[code] = code > 0 && code <= len(c.cuts)
	}
	c.codes = paged.Make(n, func(row uint32) uint16 {
		v := c.of.At(row)
		code := c.code(v)
		c.plain[code] = c.plain[code] && c.cuts[code-1] == v
		return code
	})
	return c
}

// cut gives the edges, and between them numbers that part the rows evenly.
func (n *Numbers) cut() []float64 {
	const sample = 8 * mostCuts
	var some []float64
	step := max(1, n.of.Len()/sample)
	for row := 0; row < n.of.Len(); row += step {
		if v := n.of.At(uint32(row)); !math.IsNaN(v) {
			some = append(some, v)
		}
	}
	slices.Sort(some)
	cuts := slices.Clone(n.edges)
	if even := mostCuts - len(cuts); len(some) > even {
		for i := range even {
			cuts = append(cuts, some[(i+1)*(len(some)-1)/(even+1)])
		}
	}
	slices.Sort(cuts)
	return slices.Clip(slices.Compact(cuts))
}

// code is the number of cuts that are not above v.
func (n *Numbers) code(v float64) uint16 {
	if math.IsNaN(v) {
		return noNumber
	}
	i, found := slices.BinarySearch(n.cuts, v)
	if found {
		i++
	}
	return uint16(i)
}

// Len is the number of rows.
func (n *Numbers) Len() int { return n.of.Len() }

// At gives the number of a row.
func (n *Numbers) At(row uint32) float64 { return n.of.At(row) }

// Tally makes a tally of the numbers between edges; Bins reads it. Own is the place in the filter of the condition that is the
// column's own.
func (n *Numbers) Tally(own int) *Tally {
	return &Tally{own: own, count: &byNumber[uint16]{n.codes, make([]uint32, noNumber+1)}}
}

// Bins gives how many rows of a tally of n lie below the first edge, then from each edge up to the next one, which is not among
// them, and from the last edge on; and how many have no number.
func (n *Numbers) Bins(t *Tally) (bins []uint32, none uint32) {
	counts := t.Counts()
	bins = make([]uint32, len(n.edges)+1)
	bin := 0
	for code, count := range counts[:len(n.cuts)+1] {
		if code > 0 && bin < len(n.edges) && n.cuts[code-1] == n.edges[bin] { // every edge is a cut
			bin++
		}
		bins[bin] += count
	}
	return bins, counts[noNumber]
}

// Within holds for rows whose number is from low to high, both among them; infinities leave a side open.
func (n *Numbers) Within(low, high float64) Condition { return &within{n, low, high} }

type within struct {
	in        *Numbers
	low, high float64
}

func (w *within) Has(row uint32) bool {
	if int(row) >= w.in.Len() {
		return false
	}
	v := w.in.At(row)
	return w.low <= v && v <= w.high
}

func (w *within) bitmap() *roaring.Bitmap { return nil }
func (w *within) length() int             { return w.in.Len() }

// inBlocks turns the range into one of codes that are in it for certain, and the codes of its ends.
func (w *within) inBlocks() blocks {
	if !(w.low <= w.high) {
		return dense(nil)
	}
	c := &coded{w, int(w.in.code(w.low)), int(w.in.code(w.high))}
	// Often an end is a cut: an edge, or a number that many rows have. Then all of its code are in.
	if math.IsInf(w.low, -1) || c.first > 0 && w.in.cuts[c.first-1] == w.low {
		c.first--
	}
	if math.IsInf(w.high, 1) || w.in.plain[c.last] && w.in.cuts[c.last-1] == w.high {
		c.last++
	}
	return c
}

// coded is a range of codes: those between first and last are in it, those beyond are not.
type coded struct {
	*within
	first, last int
}

const (
	each = 0x0001_0001_0001_0001 // of the four codes in a word
	top  = 0x8000 * each
)

func (c *coded) block(i int, to *words) {
	codes := c.in.codes.Page(i)
	if codes == nil {
		*to = words{}
		return
	}
	// A code that is not below another gets its top bit when what that one is short of 2¹⁵ is added.
	from, after := each*uint64(1<<15-c.first), each*uint64(1<<15-1-c.first)
	before, upTo := each*uint64(1<<15-c.last), each*uint64(1<<15-1-c.last)
	var numbers *[paged.Size]float64
	for k := range to {
		var sure, unsure uint64
		of := codes[k*64 : k*64+64]
		for j := 0; j < 64; j += 4 {
			four := uint64(of[j]) | uint64(of[j+1])<<16 | uint64(of[j+2])<<32 | uint64(of[j+3])<<48
			in := (four + after) &^ (four + before) & top // beyond the first, before the last
			sure |= gather(in) << j
			if touched := (four + from) &^ (four + upTo) & top; touched != in { // one of them, which is seldom
				unsure |= gather(touched&^in) << j
			}
		}
		if unsure != 0 && numbers == nil {
			numbers = c.in.of.Page(i)
		}
		for ; unsure != 0; unsure &= unsure - 1 {
			j := bits.TrailingZeros64(unsure)
			v := numbers[k*64+j]
			sure |= (bit(v >= c.low) & bit(v <= c.high)) << j
		}
		to[k] = sure
	}
}

// gather puts the top bits of four codes side by side.
func gather(tops uint64) uint64 { return (tops >> 15) * (1<<48 | 1<<33 | 1<<18 | 1<<3) >> 48 }

// bit is 1 or 0 without a branch, which would be guessed wrong too often.
func bit(is bool) uint64 {
	if is {
		return 1
	}
	return 0
}

// With gives a column in which some rows are others. Rows beyond the end make it longer.
func (n *Numbers) With(rows []uint32, value func(row uint32) float64) *Numbers {
	next := &Numbers{edges: n.edges, cuts: n.cuts, plain: n.plain}
	edit, codes := n.of.Edit(), n.codes.Edit()
	for _, row := range rows {
		v := value(row)
		code := n.code(v)
		edit.Set(row, v)
		codes.Set(row, code)
		if next.plain[code] && n.cuts[code-1] != v {
			if &next.plain[0] == &n.plain[0] {
				next.plain = slices.Clone(n.plain)
			}
			next.plain[code] = false
		}
	}
	next.of, next.codes = edit.Column, codes.Column
	return next
}

// Bytes is about how much memory the column takes.
func (n *Numbers) Bytes() int { return n.of.Bytes() + n.codes.Bytes() + 8*len(n.cuts) }

// A Flag is a column of yes and no.
type Flag struct{ rows *roaring.Bitmap }

// NewFlag makes a column of n rows.
func NewFlag(n int, is func(row uint32) bool) *Flag {
	var rows batch
	for row := range uint32(n) {
		rows.add(row, is(row))
	}
	return &Flag{rows.rows()}
}

// Rows gives the rows that are flagged, not to be written to.
func (f *Flag) Rows() *roaring.Bitmap { return f.rows }

// With gives a column in which some rows are others.
func (f *Flag) With(rows []uint32, is func(row uint32) bool) *Flag {
	next := f.rows
	for _, row := range rows {
		now := is(row)
		if now == next.Contains(row) {
			continue
		}
		if next == f.rows {
			next = f.rows.Clone()
		}
		if now {
			next.Add(row)
		} else {
			next.Remove(row)
		}
	}
	if next != f.rows {
		next.RunOptimize()
	}
	return &Flag{next}
}

// Bytes is about how much memory the column takes.
func (f *Flag) Bytes() int { return int(f.rows.GetSizeInBytes()) }
