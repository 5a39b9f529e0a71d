package network

import (
	"context"
	"fmt"
	"slices"
)

// With makes the Field in which one place is added (owner is Targets), moved, opened again or, where l is nil, removed. Only
// the nodes that are concerned are visited: for a place that comes, those that are nearer to it than to others; for one that
// goes, those that knew it. f stays as it is, and both share the pages that are the same.
func (f *Field) With(ctx context.Context, owner int, l *Link) (*Field, error) {
	if owner < 0 || owner > len(f.targets) || owner > ownerMask-1 {
		return nil, fmt.Errorf("network: there is no place %d among %d", owner, len(f.targets))
	}
	g := *f
	g.pages, g.seeds, g.targets = slices.Clone(f.pages), slices.Clone(f.seeds), slices.Clone(f.targets)
	if owner == len(g.targets) {
		g.targets = append(g.targets, nil)
	}
	w := g.edit(false)
	defer w.done()
	if g.targets[owner] != nil {
		w.remove(uint32(owner))
	}
	g.targets[owner] = nil
	if l != nil {
		again := *l
		g.targets[owner] = &again
		near := w.unshare(owner)
		w.add(uint32(owner))
		for i := range near {
			slices.SortFunc(g.seeds[i], compareSeeds)
		}
	}
	if err := w.spread(ctx); err != nil {
		return nil, err
	}
	return &g, nil
}

// unshare copies the lists of seeds that a place's own belong to.
func (w *work) unshare(owner int) map[uint32]bool {
	near := map[uint32]bool{}
	seeds := w.targets[owner].arrivals
	if w.options.From {
		seeds = w.targets[owner].departures
	}
	for _, s := range seeds {
		i := uint32(s.Node) >> seedBits
		if !near[i] {
			near[i] = true
			w.seeds[i] = slices.Clone(w.seeds[i])
		}
	}
	return near
}

// remove takes a place from all nodes that know it, and tells them of what their neighbours know instead. All that know it
// are found from its seeds, because whoever comes to it comes by way of a node that knows it too.
func (w *work) remove(owner uint32) {
	n := w.net
	side := w.side()
	var region []uint32
	visit := func(node uint32) {
		if w.forget(node, owner) {
			region = append(region, node)
		}
	}
	for list := range w.unshare(int(owner)) {
		for _, s := range w.seeds[list] {
			if s.owner == owner {
				visit(s.node)
			}
		}
		w.seeds[list] = slices.DeleteFunc(w.seeds[list], func(s seed) bool { return s.owner == owner })
	}
	for i := 0; i < len(region); i++ {
		v := region[i]
		for _, a := range n.arcs[n.first[v]:n.first[v+1]] {
			if a.ticks[side] != closed {
				visit(a.node)
			}
		}
	}
	for _, v := range region {
		for _, s := range w.seedsAt(v) {
			w.offer(v, s.ticks, s.owner)
		}
		for _, a := range n.arcs[n.first[v]:n.first[v+1]] {
			ticks := a.ticks[1-side]
			if ticks == closed {
				continue
			}
			for j := range uint32(w.options.Nearest) {
				l := w.label(a.node<<w.shift + j)
				if l == nothing {
					break
				}
				w.offer(v, uint32(l>>32)+uint32(ticks), uint32(l&ownerMask))
			}
		}
	}
}

// forget takes a place from the labels of a node; false when it was not among them.
func (w *work) forget(node, owner uint32) bool {
	i := node << w.shift
	k := uint32(w.options.Nearest)
	for j := range k {
		l := w.label(i + j)
		if l == nothing {
			return false
		}
		if uint32(l&ownerMask) != owner {
			continue
		}
		labels := w.page(i >> pageBits)[i%pageSize : i%pageSize+k]
		copy(labels[j:], labels[j+1:])
		labels[k-1] = nothing
		return true
	}
	return false
}

func (w *work) seedsAt(node uint32) []seed {
	all := w.seeds[node>>seedBits]
	i, _ := slices.BinarySearchFunc(all, node, func(s seed, node uint32) int { return int(s.node) - int(node) })
	end := i
	for end < len(all) && all[end].node == node {
		end++
	}
	return all[i:end]
}
