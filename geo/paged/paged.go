// Package paged holds columns of values that are never changed in place: an edit makes another column, which shares all
// pages but those that it touches.
package paged

import "unsafe"

const (
	bits = 8
	size = 1 << bits // values in a page: few, so that an edit copies little
)

// Size is the number of values in a page.
const Size = size

// A Column is a row of values. Its zero value is empty. Any number of goroutines may read it.
type Column[T any] struct {
	pages []*page[T]
	n     int
}

type page[T any] [size]T

// Make gives the column of n values that at tells.
func Make[T any](n int, at func(i uint32) T) Column[T] {
	count := (n + size - 1) >> bits
	c := Column[T]{make([]*page[T], count), n}
	all := make([]page[T], count) // one block: pages that are read in turn lie in turn
	for i := range all {
		c.pages[i] = &all[i]
	}
	for i := range n {
		c.pages[i>>bits][i%size] = at(uint32(i))
	}
	return c
}

// Len is the number of values.
func (c Column[T]) Len() int { return c.n }

// At gives value i, which must be below Len.
func (c Column[T]) At(i uint32) T { return c.pages[i>>bits][i%size] }

// Page gives the values from i·Size on, not to be written to. Beyond Len they mean nothing; a page beyond the last is nil.
func (c Column[T]) Page(i int) *[Size]T {
	if i >= len(c.pages) {
		return nil
	}
	return (*[Size]T)(c.pages[i])
}

// Bytes is the memory that the column takes, without what its values point to.
func (c Column[T]) Bytes() int {
	var p page[T]
	return len(c.pages) * int(unsafe.Sizeof(p)+unsafe.Sizeof(&p))
}

// An Edit is a column that is being made from another one. It belongs to one goroutine, until its Column is taken.
type Edit[T any] struct {
	Column[T]
	of Column[T]
}

// Edit begins to change c, which stays as it is.
func (c Column[T]) Edit() *Edit[T] {
	now := Column[T]{make([]*page[T], len(c.pages), len(c.pages)+1), c.n}
	copy(now.pages, c.pages)
	return &Edit[T]{now, c}
}

// Set puts v at i. Beyond the end the column grows, with zero values between.
func (e *Edit[T]) Set(i uint32, v T) {
	at := int(i >> bits)
	for at >= len(e.pages) {
		e.pages = append(e.pages, new(page[T]))
	}
	e.n = max(e.n, int(i)+1)
	if at < len(e.of.pages) && e.pages[at] == e.of.pages[at] {
		own := *e.of.pages[at]
		e.pages[at] = &own
	}
	e.pages[at][i%size] = v
}
