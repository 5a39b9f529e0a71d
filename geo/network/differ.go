package network

import (
	"cmp"
	"slices"
)

// A Difference is where two Fields may tell different times: at nodes, and along edges that a place meets which only one of
// them has. Both lists ascend.
type Difference struct {
	Nodes, Edges []int32
}

// Since compares f with a Field that it was made from by With, however often. What both share is passed over unseen, so that
// it takes little more than the edits did.
func (f *Field) Since(g *Field) Difference {
	var d Difference
	k := uint32(f.options.Nearest)
	for i, p := range f.pages {
		q := g.pages[i]
		if p == q {
			continue
		}
		for j := uint32(0); j < pageSize; j += 1 << f.shift {
			if !sameLabels(p, q, j, k) {
				d.Nodes = append(d.Nodes, int32((uint32(i)<<pageBits+j)>>f.shift))
			}
		}
	}
	for i := range max(len(f.targets), len(g.targets)) {
		now, was := f.target(i), g.target(i)
		if now == was {
			continue
		}
		for _, l := range [2]*Link{now, was} {
			if l != nil {
				for _, a := range l.Access {
					d.Edges = append(d.Edges, a.Edge)
				}
			}
		}
	}
	slices.Sort(d.Edges)
	d.Edges = slices.Compact(d.Edges)
	return d
}

func (f *Field) target(i int) *Link {
	if i < len(f.targets) {
		return f.targets[i]
	}
	return nil
}

// sameLabels compares k labels from j on; a page that is not there holds nothing.
func sameLabels(p, q *page, j, k uint32) bool {
	for ; k > 0; j, k = j+1, k-1 {
		a, b := uint64(nothing), uint64(nothing)
		if p != nil {
			a = p[j]
		}
		if q != nil {
			b = q[j]
		}
		if a != b {
			return false
		}
	}
	return true
}

// SpansSince gives what Spans does, in order of edges and metres, from what it gave of the Field that d was made with, in that
// order too: only the edges at what differs are looked at again.
func (f *Field) SpansSince(spans []Span, d Difference, k int, maxSeconds float64) []Span {
	again := slices.Clone(d.Edges)
	for _, v := range d.Nodes {
		for at := f.net.first[v]; at < f.net.first[v+1]; at++ {
			again = append(again, int32(f.net.via[at]))
		}
	}
	slices.Sort(again)
	again = slices.Compact(again)
	now := f.within(maxSeconds).spansOn(again, k)
	SortSpans(now)

	merged := make([]Span, 0, len(spans)+len(now))
	for _, edge := range again {
		stay, _ := slices.BinarySearchFunc(spans, edge, byEdge)
		merged, spans = append(merged, spans[:stay]...), spans[stay:]
		for len(spans) > 0 && spans[0].Edge == edge {
			spans = spans[1:]
		}
		for len(now) > 0 && now[0].Edge == edge {
			merged, now = append(merged, now[0]), now[1:]
		}
	}
	return append(merged, spans...)
}

func byEdge(s Span, edge int32) int { return cmp.Compare(s.Edge, edge) }

// SortSpans puts spans in order of edges, and along each by metres.
func SortSpans(spans []Span) { slices.SortFunc(spans, compareSpans) }

// SpansSorted tells whether spans are in that order.
func SpansSorted(spans []Span) bool { return slices.IsSortedFunc(spans, compareSpans) }

func compareSpans(a, b Span) int {
	return cmp.Or(cmp.Compare(a.Edge, b.Edge), cmp.Compare(a.FromM, b.FromM))
}

// spansOn gives the spans on some edges, which ascend.
func (f reached) spansOn(edges []int32, k int) []Span {
	var spans []Span
	var byPlace []placeSpan
	var part []Span
	var met []int32
	for i, t := range f.targets {
		if t == nil {
			continue
		}
		for _, a := range t.Access {
			if _, is := slices.BinarySearch(edges, a.Edge); !is {
				continue
			}
			met = append(met, a.Edge)
			for _, s := range f.fromAccess(part[:0], a) {
				byPlace = append(byPlace, placeSpan{s, uint32(i)})
			}
		}
	}
	slices.Sort(met)
	for _, edge := range edges {
		spans, byPlace = f.onEdge(spans, byPlace, uint32(edge), met, k)
	}
	return append(spans, deep(byPlace, k)...)
}
