package network

import (
	"fmt"
	"slices"
)

// forbid rebuilds the draft so that no way in it contains one of the turns.
//
// A search knows at which node it is and not how it came there. So a node is repeated for every beginning of a forbidden
// turn with which one may arrive at it, and from the repeated node leads on what that beginning allows: the states of an
// automaton that watches for several words at once (A. Aho, M. Corasick, Efficient string matching, CACM 18, 1975), here
// words of edges. Pieces that leave a repeated node are copies: the same street once more, one way.
func (d *draft) forbid(turns []Turn) error {
	if len(turns) == 0 {
		return nil
	}
	w, err := d.watch(turns)
	if err != nil {
		return err
	}
	w.link()
	leaving := map[int32][]int32{} // what leaves the nodes where beginnings end
	for _, s := range w.states[1:] {
		leaving[w.head(s.last)] = nil
	}
	for i, p := range w.pieces {
		if _, ok := leaving[p.From]; ok && !isClosed(p.Forward) {
			leaving[p.From] = append(leaving[p.From], int32(i))
		}
		if _, ok := leaving[p.To]; ok && !isClosed(p.Backward) {
			leaving[p.To] = append(leaving[p.To], ^int32(i))
		}
	}
	for i := range w.states[1:] {
		s := &w.states[i+1]
		s.node = int32(len(d.nodes))
		d.nodes = append(d.nodes, d.nodes[w.head(s.last)])
	}
	for i, p := range w.pieces {
		there, _ := w.step(0, int32(i))
		back, _ := w.step(0, ^int32(i))
		if there == 0 && back == 0 {
			continue
		}
		// Whoever goes along it ends at a repeated node, so there and back are two pieces now.
		ways := make([]piece, 0, 2)
		if !isClosed(p.Forward) {
			ways = append(ways, w.oneWay(int32(i), p.From, there))
		}
		if !isClosed(p.Backward) {
			ways = append(ways, w.oneWay(^int32(i), p.To, back))
		}
		d.pieces[i] = ways[0]
		for _, again := range ways[1:] {
			again.copy = true
			d.pieces = append(d.pieces, again)
		}
	}
	for from := 1; from < len(w.states); from++ {
		for _, a := range leaving[w.head(w.states[from].last)] {
			if to, ok := w.step(from, a); ok {
				again := w.oneWay(a, w.states[from].node, to)
				again.copy = true
				d.pieces = append(d.pieces, again)
			}
		}
	}
	return nil
}

// watch reads the turns into a tree of their beginnings.
func (d *draft) watch(turns []Turn) (*watch, error) {
	w := &watch{pieces: slices.Clone(d.pieces), states: []state{newState(0)}}
	for i, t := range turns {
		if len(t) < 2 {
			return nil, fmt.Errorf("network: turn %d has %d edges, and takes two at least", i, len(t))
		}
		open := true
		for k, a := range t {
			if index(a) >= len(d.pieces) {
				return nil, fmt.Errorf("network: turn %d goes over edge %d, and there are %d edges", i, index(a), len(d.pieces))
			}
			if k > 0 && w.head(t[k-1]) != w.tail(a) {
				return nil, fmt.Errorf("network: turn %d is no way: edge %d does not begin where edge %d ends", i, index(a), index(t[k-1]))
			}
			p := w.pieces[index(a)]
			open = open && (a >= 0 && !isClosed(p.Forward) || a < 0 && !isClosed(p.Backward))
		}
		if !open {
			continue // nobody can take it
		}
		at := 0
		for _, a := range t[:len(t)-1] {
			next, ok := w.states[at].next[a]
			if !ok {
				next = len(w.states)
				w.states[at].next[a] = next
				w.states = append(w.states, newState(a))
			}
			at = next
		}
		w.states[at].ends[t[len(t)-1]] = true
	}
	return w, nil
}

type watch struct {
	pieces []piece // as they were
	states []state // the first is that of having come by no beginning
}

type state struct {
	last int32         // edge by which one comes into it, as in a Turn
	next map[int32]int // by the edge travelled on
	ends map[int32]bool
	fail int   // state of the longest end of this beginning that is a beginning too
	node int32 // in the draft
}

func newState(last int32) state {
	return state{last: last, next: map[int32]int{}, ends: map[int32]bool{}}
}

// link finds where each state falls back to, the shorter beginnings first.
func (w *watch) link() {
	waiting := []int{0}
	for len(waiting) > 0 {
		at := waiting[0]
		waiting = waiting[1:]
		for a, next := range w.states[at].next {
			if at != 0 {
				w.states[next].fail, _ = w.step(w.states[at].fail, a)
			}
			waiting = append(waiting, next)
		}
	}
}

// step is the state after going on by a; false when that is forbidden.
func (w *watch) step(from int, a int32) (to int, ok bool) {
	for at := from; ; at = w.states[at].fail {
		if w.states[at].ends[a] {
			return 0, false
		}
		if next, found := w.states[at].next[a]; found && to == 0 {
			to = next
		}
		if at == 0 {
			return to, true
		}
	}
}

// oneWay is the piece of a from a node to that of a state.
func (w *watch) oneWay(a, from int32, to int) piece {
	p := w.pieces[index(a)]
	if a < 0 {
		p.Edge = p.turned().Edge
	}
	p.From, p.Backward = from, closedSeconds
	if to != 0 {
		p.To = w.states[to].node
	}
	return p
}

func (w *watch) head(a int32) int32 {
	if a < 0 {
		return w.pieces[^a].From
	}
	return w.pieces[a].To
}

func (w *watch) tail(a int32) int32 { return w.head(^a) }

func index(a int32) int {
	if a < 0 {
		return int(^a)
	}
	return int(a)
}
