package atlas

import (
	"sync"
	"sync/atomic"
)

// A lazy value is made when it is first asked for, once, whoever waits for it.
type lazy[T any] struct {
	once sync.Once
	make func() T
	made atomic.Pointer[T]
}

func later[T any](make func() T) *lazy[T] { return &lazy[T]{make: make} }

// already is a value that is there.
func already[T any](v T) *lazy[T] {
	l := &lazy[T]{}
	l.made.Store(&v)
	return l
}

func (l *lazy[T]) get() T {
	if v := l.made.Load(); v != nil {
		return *v
	}
	l.once.Do(func() {
		v := l.make()
		l.made.Store(&v)
		l.make = nil // what it was made from may go
	})
	return *l.made.Load()
}

// known is the value, when it has been made.
func (l *lazy[T]) known() (v T, ok bool) {
	if p := l.made.Load(); p != nil {
		return *p, true
	}
	return v, false
}
