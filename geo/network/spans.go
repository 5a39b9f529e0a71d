package network

import (
	"cmp"
	"slices"
)

// A Span is a part of an edge, in metres from its From.
type Span struct {
	Edge          int32
	FromM, UntilM float32
}

// Spans gives all parts of streets within maxSeconds, or the Field's own where that is less, of at least k places, which is
// at most Options.Nearest. They come in no order, and no two of them overlap.
func (f *Field) Spans(k int, maxSeconds float64) []Span {
	return f.within(maxSeconds).spans(k)
}

// within is f up to a time.
func (f *Field) within(maxSeconds float64) reached {
	r := reached{f, f.max}
	if maxSeconds < float64(f.max)*tick {
		r.limit = uint32(max(maxSeconds, 0)/tick + 1e-6)
	}
	return r
}

// reached is a Field up to a time.
type reached struct {
	*Field
	limit uint32 // ticks
}

func (f reached) spans(k int) []Span {
	n := f.net
	spans := make([]Span, 0, 512)
	meet := f.meetPlaces()
	var byPlace []placeSpan // on edges where more than the nearest place at both ends matters
	var part []Span
	f.each(func(v, at uint32) {
		e := n.edges[n.via[at]]
		other := n.arcs[at].node
		if e.from != v && f.left(f.label(other<<f.shift)) >= 0 {
			return // seen from there
		}
		spans, byPlace = f.onEdge(spans, byPlace, n.via[at], meet, k)
	})
	for i, t := range f.targets {
		if t == nil {
			continue
		}
		for _, a := range t.Access {
			for _, s := range f.fromAccess(part[:0], a) {
				byPlace = append(byPlace, placeSpan{s, uint32(i)})
			}
		}
	}
	return append(spans, deep(byPlace, k)...)
}

// onEdge appends the parts of an edge that are reached by way of its ends: as spans where only the nearest place at both matters,
// and otherwise by place, as on the edges that places meet, which meet lists in order.
func (f reached) onEdge(spans []Span, byPlace []placeSpan, edge uint32, meet []int32, k int) ([]Span, []placeSpan) {
	e := f.net.edges[edge]
	if _, is := slices.BinarySearch(meet, int32(edge)); !is && k == 1 {
		fromLeft, toLeft := f.left(f.label(e.from<<f.shift)), f.left(f.label(e.to<<f.shift))
		if fromLeft < 0 && toLeft < 0 {
			return spans, byPlace
		}
		return f.fromEnds(spans, edge, fromLeft, toLeft), byPlace
	}
	var part []Span
	for _, owner := range f.ownersAt(e.from, e.to) {
		part = f.fromEnds(part[:0], edge, f.left(f.labelOf(e.from, owner)), f.left(f.labelOf(e.to, owner)))
		for _, s := range part {
			byPlace = append(byPlace, placeSpan{s, owner})
		}
	}
	return spans, byPlace
}

// each calls visit for every node that is reached and every arc at it.
func (f reached) each(visit func(v, arc uint32)) {
	n := f.net
	for i, p := range f.pages {
		if p == nil {
			continue
		}
		for j := uint32(0); j < pageSize; j += 1 << f.shift {
			if f.left(p[j]) < 0 {
				continue
			}
			v := (uint32(i)<<pageBits + j) >> f.shift
			for at := n.first[v]; at < n.first[v+1]; at++ {
				visit(v, at)
			}
		}
	}
}

// ownersAt gives the places that two nodes know, each once. A place that is missing at one of them has as many others there
// that are nearer, so that nothing is lost by leaving it out.
func (f reached) ownersAt(v, w uint32) (owners []uint32) {
	for _, node := range [2]uint32{v, w} {
		for j := range uint32(f.options.Nearest) {
			l := f.label(node<<f.shift + j)
			if l == nothing {
				break
			}
			if owner := uint32(l & ownerMask); !slices.Contains(owners, owner) {
				owners = append(owners, owner)
			}
		}
	}
	return owners
}

// labelOf is what a node knows of a place.
func (f reached) labelOf(node, owner uint32) uint64 {
	for j := range uint32(f.options.Nearest) {
		if l := f.label(node<<f.shift + j); l != nothing && uint32(l&ownerMask) == owner {
			return l
		}
	}
	return nothing
}

// A placeSpan is within reach of one place.
type placeSpan struct {
	Span
	owner uint32
}

// deep gives the parts of edges that lie in spans of at least k places.
func deep(all []placeSpan, k int) (spans []Span) {
	slices.SortFunc(all, func(a, b placeSpan) int {
		return cmp.Or(cmp.Compare(a.Edge, b.Edge), cmp.Compare(a.owner, b.owner), cmp.Compare(a.FromM, b.FromM))
	})
	merged := all[:0] // those of one place that touch are one
	for _, s := range all {
		if last := len(merged) - 1; last >= 0 && merged[last].Edge == s.Edge && merged[last].owner == s.owner && merged[last].UntilM >= s.FromM {
			merged[last].UntilM = max(merged[last].UntilM, s.UntilM)
			continue
		}
		merged = append(merged, s)
	}
	type change struct {
		edge  int32
		m     float32
		count int
	}
	changes := make([]change, 0, 2*len(merged))
	for _, s := range merged {
		changes = append(changes, change{s.Edge, s.FromM, 1}, change{s.Edge, s.UntilM, -1})
	}
	slices.SortFunc(changes, func(a, b change) int {
		return cmp.Or(cmp.Compare(a.edge, b.edge), cmp.Compare(a.m, b.m), cmp.Compare(b.count, a.count))
	})
	depth, begin := 0, float32(0)
	for _, c := range changes {
		before := depth
		depth += c.count
		switch {
		case before < k && depth >= k:
			begin = c.m
		case before >= k && depth < k && c.m > begin:
			spans = append(spans, Span{c.edge, begin, c.m})
		}
	}
	return spans
}

// meetPlaces gives the edges that places meet, in order.
func (f reached) meetPlaces() []int32 {
	var edges []int32
	for _, t := range f.targets {
		if t == nil {
			continue
		}
		for i, a := range t.Access {
			if i == 0 || a.Edge != t.Access[i-1].Edge {
				edges = append(edges, a.Edge)
			}
		}
	}
	slices.Sort(edges)
	return slices.Compact(edges)
}

// left is how many seconds are left at a label until the limit; negative where that is passed.
func (f reached) left(label uint64) float64 {
	ticks := uint32(label >> 32)
	if ticks > f.limit { // as when there is none
		return -1
	}
	return float64(f.limit-ticks) * tick
}

// directions gives the one in which an edge is travelled where what is reached grows from its From to its To, and the other.
func (f reached) directions() (up, down int) {
	if f.options.From {
		return out, in
	}
	return in, out
}

// fromEnds appends the parts of an edge that are reached with so many seconds left at its From and at its To; negative where
// an end is not reached.
func (f reached) fromEnds(to []Span, edge uint32, fromLeft, toLeft float64) []Span {
	e, bends := f.net.edges[edge], f.net.bendsOf(int32(edge))
	whole := bends[len(bends)-1].metres
	up, down := f.directions()
	low, high := float32(0), whole
	if fromLeft >= 0 && e.open(up) {
		low = metresAt(bends, up, fromLeft)
	}
	if toLeft >= 0 && e.open(down) {
		high = metresAt(bends, down, seconds(e.ticks[down])-toLeft)
	}
	if low >= high {
		return append(to, Span{int32(edge), 0, whole})
	}
	if low > 0 {
		to = append(to, Span{int32(edge), 0, low})
	}
	if high < whole {
		to = append(to, Span{int32(edge), high, whole})
	}
	return to
}

// fromAccess appends the part of an edge that is reached from a place along it.
func (f reached) fromAccess(to []Span, a Access) []Span {
	left := float64(f.limit)*tick - a.OffSeconds
	if left < 0 {
		return to
	}
	e, bends := f.net.edges[a.Edge], f.net.bendsOf(a.Edge)
	up, down := f.directions()
	s := Span{a.Edge, float32(a.Metres), float32(a.Metres)}
	spent := [2]float64{out: a.forward, in: a.backward}
	if e.open(down) {
		s.FromM = min(s.FromM, metresAt(bends, down, spent[down]-left))
	}
	if e.open(up) {
		s.UntilM = max(s.UntilM, metresAt(bends, up, spent[up]+left))
	}
	return append(to, s)
}

// metresAt is how far along the bends the seconds of a direction come to the given ones.
func metresAt(bends []bend, direction int, seconds float64) float32 {
	last := len(bends) - 1
	if seconds <= 0 {
		return 0
	}
	if float64(bends[last].seconds(direction)) <= seconds {
		return bends[last].metres
	}
	i := 1
	for float64(bends[i].seconds(direction)) < seconds {
		i++
	}
	a, b := bends[i-1], bends[i]
	begin := float64(a.seconds(direction))
	return a.metres + (b.metres-a.metres)*float32(part(seconds-begin, float64(b.seconds(direction))-begin))
}
