package network

import (
	"context"
	"errors"
	"math"
)

// A Field is the time from every node to the nearest of some places.
type Field struct {
	Seconds    []float32 // by node; +Inf beyond MaxSeconds
	Owner      []int32   // index of that place, the lowest among equals; -1 beyond MaxSeconds
	MaxSeconds float64   // how far the search went; may be +Inf
}

// Toward makes the Field of the targets: one search from all of them at once, against the direction of walking, since
// people walk to them. It goes maxSeconds far.
func (n *Network) Toward(ctx context.Context, targets []Link, maxSeconds float64) (*Field, error) {
	if !(maxSeconds >= 0) {
		return nil, errors.New("network: the longest time must not be negative or NaN")
	}
	f := &Field{make([]float32, len(n.nodes)), make([]int32, len(n.nodes)), maxSeconds}
	best := make([]float64, len(n.nodes))
	for v := range best {
		best[v], f.Seconds[v], f.Owner[v] = math.Inf(1), float32(math.Inf(1)), -1
	}
	var open queue
	offer := func(v int32, seconds float64, owner int32) {
		if seconds <= maxSeconds && (seconds < best[v] || seconds == best[v] && owner < f.Owner[v]) {
			best[v], f.Owner[v] = seconds, owner
			open.push(entry{seconds, owner, v})
		}
	}
	for i, t := range targets {
		for _, s := range t.arrivals {
			offer(s.Node, s.Seconds, int32(i))
		}
	}
	for steps := 0; len(open) > 0; steps++ {
		if steps%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		e := open.pop()
		if e.seconds != best[e.node] || e.owner != f.Owner[e.node] {
			continue // offered again at a better time since
		}
		for _, a := range n.in.of(e.node) {
			offer(a.node, e.seconds+float64(a.seconds), e.owner)
		}
	}
	for v, s := range best {
		f.Seconds[v] = float32(s)
	}
	return f, nil
}

// TimeFrom is the time from the place of l to the nearest of the targets that f was made of, and which one it is: off the
// street, along the streets, and off the street again; straight along the edge when both lie on the same one. It is false
// when none is within f.MaxSeconds.
func (n *Network) TimeFrom(l Link, f *Field, targets []Link) (seconds float64, owner int, ok bool) {
	seconds, owner = math.Inf(1), -1
	offer := func(s float64, t int) {
		if s <= f.MaxSeconds && (s < seconds || s == seconds && t < owner) {
			seconds, owner = s, t
		}
	}
	for _, s := range l.departures {
		if t := f.Owner[s.Node]; t >= 0 {
			offer(s.Seconds+float64(f.Seconds[s.Node]), int(t))
		}
	}
	for i, t := range targets {
		if s, _, _, ok := n.direct(l, t); ok {
			offer(s, i)
		}
	}
	return seconds, owner, owner >= 0
}

// An entry waits in the queue of a search.
type entry struct {
	seconds float64
	owner   int32
	node    int32
}

func (a entry) before(b entry) bool {
	if a.seconds != b.seconds {
		return a.seconds < b.seconds
	}
	if a.owner != b.owner {
		return a.owner < b.owner
	}
	return a.node < b.node
}

// A queue is a heap with four children to a node.
type queue []entry

func (q *queue) push(e entry) {
	h := append(*q, e)
	i := len(h) - 1
	for i > 0 {
		parent := (i - 1) / 4
		if !e.before(h[parent]) {
			break
		}
		h[i] = h[parent]
		i = parent
	}
	h[i] = e
	*q = h
}

func (q *queue) pop() entry {
	h := *q
	top, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	for i := 0; len(h) > 0; {
		least := 4*i + 1
		if least >= len(h) {
			h[i] = last
			break
		}
		for c := least + 1; c < min(4*i+5, len(h)); c++ {
			if h[c].before(h[least]) {
				least = c
			}
		}
		if !h[least].before(last) {
			h[i] = last
			break
		}
		h[i] = h[least]
		i = least
	}
	*q = h
	return top
}
