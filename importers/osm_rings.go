package importers

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// ring is the outline through refs: nil when it encloses nothing, and not whole when the extract lacks some of it.
func (x *osmExtract) ring(refs []int64) (ring orb.Ring, whole bool) {
	ring = make(orb.Ring, 0, len(refs))
	for _, id := range refs {
		at, ok := x.nodes.find(id)
		if !ok {
			return nil, false
		}
		if p := point(x.nodes.get(at).at); len(ring) == 0 || ring[len(ring)-1] != p {
			ring = append(ring, p)
		}
	}
	if len(ring) < 4 || ring[0] != ring[len(ring)-1] || planar.Area(ring) == 0 {
		return nil, true
	}
	return ring, true
}

// polygons puts an area together from its ways: they are joined end to end to rings, and each inner ring becomes a hole in
// the smallest outer ring around it. whole is false when some ring stays open because the extract ends within it.
func (x *osmExtract) polygons(a osmArea) (shape orb.MultiPolygon, whole bool) {
	outer, outerWhole := x.rings(a.outer)
	inner, innerWhole := x.rings(a.inner)
	for _, r := range outer {
		shape = append(shape, orb.Polygon{wound(r, orb.CCW)})
	}
	bounds := make([]orb.Bound, len(shape))
	areas := make([]float64, len(shape))
	for i, p := range shape {
		bounds[i], areas[i] = p.Bound(), math.Abs(planar.Area(p[0]))
	}
	for _, r := range inner {
		around := -1
		b := r.Bound()
		for i, p := range shape {
			if !bounds[i].Contains(b.Min) || !bounds[i].Contains(b.Max) || around >= 0 && areas[i] >= areas[around] {
				continue
			}
			if len(shape) == 1 || planar.RingContains(p[0], r[0]) && planar.RingContains(p[0], r[len(r)/2]) {
				around = i
			}
		}
		if around >= 0 {
			shape[around] = append(shape[around], wound(r, orb.CW))
		}
	}
	return shape, outerWhole && innerWhole
}

// rings joins ways to closed rings.
func (x *osmExtract) rings(ids []int64) (rings []orb.Ring, whole bool) {
	whole = true
	var parts [][]int64
	touching := map[int64][]int{} // parts by the nodes at their ends
	ids = slices.Clone(ids)
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		way, ok := x.ways.find(id)
		if !ok {
			whole = false
			continue
		}
		refs := x.ways.nodes(nil, way)
		if len(refs) < 2 {
			continue
		}
		for _, end := range [2]int64{refs[0], refs[len(refs)-1]} {
			touching[end] = append(touching[end], len(parts))
		}
		parts = append(parts, refs)
	}
	used := make([]bool, len(parts))
	// next takes a part that is not used yet and touches node; what is used is dropped from the list for good.
	next := func(node int64) (int, bool) {
		for list := touching[node]; len(list) > 0; list = list[1:] {
			if !used[list[0]] {
				touching[node] = list
				return list[0], true
			}
		}
		delete(touching, node)
		return 0, false
	}
	for i := range parts {
		if used[i] {
			continue
		}
		used[i] = true
		joined := slices.Clone(parts[i])
		for joined[0] != joined[len(joined)-1] {
			end := joined[len(joined)-1]
			j, ok := next(end)
			if !ok {
				break
			}
			used[j] = true
			part := parts[j]
			if part[0] != end {
				slices.Reverse(part)
			}
			joined = append(joined, part[1:]...)
		}
		if joined[0] != joined[len(joined)-1] {
			whole = false
			continue
		}
		ring, complete := x.ring(joined)
		if ring != nil {
			rings = append(rings, ring)
		}
		whole = whole && complete
	}
	return rings, whole
}

// wound turns a ring the way round that is asked for.
func wound(r orb.Ring, o orb.Orientation) orb.Ring {
	if r.Orientation() != o {
		r.Reverse()
	}
	return r
}
