package network

import (
	"context"
	"math"
)

// A work is a Field that is being made or changed. It copies a page before it writes to it, unless the page is new.
type work struct {
	*Field
	mine    []bool // pages that no other Field shares
	queue   *queue
	touched uint32 // keeps what was read only to have it at hand

	whole []uint64 // all labels in one piece, where the pages of a new Field are parts of it
}

func (f *Field) edit(all bool) *work {
	w := &work{Field: f, mine: make([]bool, len(f.pages)), queue: f.net.scratch.queues.Get().(*queue)}
	w.queue.shift = fieldShift
	if all {
		for i := range w.mine {
			w.mine[i] = true
		}
	}
	return w
}

// inOnePiece lays the pages of a new Field side by side, for one that will reach most nodes.
func (w *work) inOnePiece() {
	w.whole = make([]uint64, len(w.pages)*pageSize)
	for i := range w.whole {
		w.whole[i] = nothing
	}
	for i := range w.pages {
		w.pages[i] = (*page)(w.whole[i*pageSize:])
	}
}

func (w *work) done() {
	w.queue.reset()
	w.net.scratch.queues.Put(w.queue)
}

// page gives page i for writing.
func (w *work) page(i uint32) *page {
	p := w.pages[i]
	switch {
	case p == nil:
		p = &page{}
		for j := range p {
			p[j] = nothing
		}
	case !w.mine[i]:
		again := *p
		p = &again
	default:
		return p
	}
	w.pages[i], w.mine[i] = p, true
	return p
}

// add gives the nodes around a target their times to it. Its seeds are not in order yet.
func (w *work) add(owner uint32) {
	near := w.targets[owner].arrivals
	if w.options.From {
		near = w.targets[owner].departures
	}
	for _, s := range near {
		one := seed{uint32(s.Node), uint32(math.Round(s.Seconds / tick)), owner}
		i := one.node >> seedBits
		w.seeds[i] = append(w.seeds[i], one)
		w.offer(one.node, one.ticks, owner)
	}
}

// offer tells a node of a place.
func (w *work) offer(node, ticks, owner uint32) {
	if ticks <= w.max && w.improve(node, uint64(ticks)<<32|uint64(owner)) {
		w.queue.push(ticks, node)
	}
}

// improve puts a label where it belongs among those of a node: false when the node knows as well or better.
func (w *work) improve(node uint32, label uint64) bool {
	i := node << w.shift
	p := w.pages[i>>pageBits]
	k := uint32(w.options.Nearest)
	i, at := i%pageSize, i>>pageBits
	if p != nil && p[i+k-1] <= label {
		return false
	}
	if k == 1 {
		w.page(at)[i] = label
		return true
	}
	end := k - 1 // of the labels that move up: the place's own worse one, or the last
	if p != nil {
		for j := range k {
			if p[i+j]&ownerMask == label&ownerMask && p[i+j] != nothing {
				if p[i+j] <= label {
					return false
				}
				end = j
				break
			}
		}
	}
	p = w.page(at)
	for ; end > 0 && p[i+end-1] > label; end-- {
		p[i+end] = p[i+end-1]
	}
	p[i+end] = label
	return true
}

// fieldShift makes buckets of 32 ticks for fields: batches are larger, so that more of their memory is fetched at once. A
// node that gets a better time within its own bucket is only done once more. With buckets of one tick a field of 15 minutes
// takes a seventh longer.
const fieldShift = 5

// A due node waits to pass its label on.
type dueNode struct {
	first, end uint32 // its arcs
	label      uint64
}

// spread brings every label to all nodes that it is good for.
func (w *work) spread(ctx context.Context) error {
	switch {
	case w.options.Nearest > 1:
		return w.spreadMany(ctx)
	case w.whole != nil:
		return w.spreadWhole(ctx)
	}
	side, most := w.side(), w.max
	arcs, pages, mine := w.net.arcs, w.pages, w.mine
	at := func(v uint32) uint64 { return pages[v>>pageBits][v%pageSize] }
	return w.eachBatch(ctx, at, func(ready []dueNode) {
		for _, v := range ready {
			now, owner := uint32(v.label>>32), v.label&ownerMask
			for _, a := range arcs[v.first:v.end] {
				ticks := a.ticks[side]
				due := now + uint32(ticks)
				if ticks == closed || due > most {
					continue
				}
				next := uint64(due)<<32 | owner
				p := pages[a.node>>pageBits]
				if p != nil && p[a.node%pageSize] <= next {
					continue
				}
				if !mine[a.node>>pageBits] || p == nil {
					p = w.page(a.node >> pageBits)
				}
				p[a.node%pageSize] = next
				w.queue.push(due, a.node)
			}
		}
	})
}

// spreadWhole does the same where all labels lie in one piece, a tenth quicker.
func (w *work) spreadWhole(ctx context.Context) error {
	side, most := w.side(), w.max
	arcs, labels := w.net.arcs, w.whole
	return w.eachBatch(ctx, func(v uint32) uint64 { return labels[v] }, func(ready []dueNode) {
		for _, v := range ready {
			now, owner := uint32(v.label>>32), v.label&ownerMask
			for _, a := range arcs[v.first:v.end] {
				ticks := a.ticks[side]
				due := now + uint32(ticks)
				if ticks == closed || due > most {
					continue
				}
				if next := uint64(due)<<32 | owner; next < labels[a.node] {
					labels[a.node] = next
					w.queue.push(due, a.node)
				}
			}
		}
	})
}

// eachBatch calls pass for the nodes of every bucket, with their labels, until nothing is due.
func (w *work) eachBatch(ctx context.Context, label func(v uint32) uint64, pass func(ready []dueNode)) error {
	q, arcs, first := w.queue, w.net.arcs, w.net.first
	var ready []dueNode
	for rounds := 0; ; rounds++ {
		if rounds%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		bucket, batch, ok := q.pop()
		if !ok {
			return nil
		}
		// Three short loops rather than one long: each waits for memory that the processor can fetch for all nodes of a
		// batch at once. Labels first, then where the arcs begin, then the arcs; one loop takes a third longer.
		ready = ready[:0]
		for _, v := range batch {
			l := label(v)
			if uint32(l>>32)>>fieldShift == bucket { // else known at a better time since
				ready = append(ready, dueNode{first[v], first[v+1], l})
			}
		}
		for _, v := range ready {
			if v.first < v.end {
				w.touched += arcs[v.first].node
			}
		}
		pass(ready)
	}
}

// spreadMany does the same where a node has several labels.
func (w *work) spreadMany(ctx context.Context) error {
	n, q := w.net, w.queue
	side, k := w.side(), uint32(w.options.Nearest)
	for rounds := 0; ; rounds++ {
		if rounds%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		bucket, batch, ok := q.pop()
		if !ok {
			return nil
		}
		for _, v := range batch {
			for j := range k {
				i := v<<w.shift + j
				label := w.pages[i>>pageBits][i%pageSize]
				now := uint32(label >> 32)
				if now>>fieldShift != bucket {
					continue // passed on before, or not due yet
				}
				for _, a := range n.arcs[n.first[v]:n.first[v+1]] {
					if ticks := a.ticks[side]; ticks != closed {
						w.offer(a.node, now+uint32(ticks), uint32(label&ownerMask))
					}
				}
			}
		}
	}
}

// side is the direction of the arcs along which labels spread: against travel where people come to the places.
func (w *work) side() int {
	if w.options.From {
		return out
	}
	return in
}
