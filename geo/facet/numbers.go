package facet

import (
	"github.com/RoaringBitmap/roaring/v2"

	"kora/geo/paged"
)

// Numbers is a column of numbers; NaN where a row has none.
type Numbers struct{ of paged.Column[float64] }

// NewNumbers makes a column of n rows.
func NewNumbers(n int, value func(row uint32) float64) *Numbers {
	return &Numbers{paged.Make(n, value)}
}

// Len is the number of rows.
func (n *Numbers) Len() int { return n.of.Len() }

// At gives the number of a row.
func (n *Numbers) At(row uint32) float64 { return n.of.At(row) }

// Within holds for rows whose number is from low to high, both among them; infinities leave a side open.
func (n *Numbers) Within(low, high float64) Condition { return &within{n.of, low, high} }

type within struct {
	of        paged.Column[float64]
	low, high float64
}

func (w *within) Has(row uint32) bool {
	if int(row) >= w.of.Len() {
		return false
	}
	v := w.of.At(row)
	return w.low <= v && v <= w.high
}

func (w *within) bitmap() *roaring.Bitmap { return nil }
func (w *within) length() int             { return w.of.Len() }

// With gives a column in which some rows are others. Rows beyond the end make it longer.
func (n *Numbers) With(rows []uint32, value func(row uint32) float64) *Numbers {
	edit := n.of.Edit()
	for _, row := range rows {
		edit.Set(row, value(row))
	}
	return &Numbers{edit.Column}
}

// Bytes is about how much memory the column takes.
func (n *Numbers) Bytes() int { return n.of.Bytes() }

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
