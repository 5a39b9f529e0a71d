package atlas

import (
	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"kora"
	"kora/geo/basemap"
	"kora/geo/grid"
)

// An index finds things by their bounds. It is never changed after newIndex.
type index[T any] struct{ tree *rtree.RTreeG[T] }

func newIndex[T any](n int, at func(i int) (orb.Bound, T)) index[T] {
	tree := &rtree.RTreeG[T]{}
	for i := range n {
		b, v := at(i)
		tree.Insert(b.Min, b.Max, v)
	}
	return index[T]{tree}
}

// in visits everything whose bounds touch b, in no particular order.
func (x index[T]) in(b orb.Bound, visit func(T)) {
	if x.tree == nil {
		return
	}
	x.tree.Search(b.Min, b.Max, func(_, _ [2]float64, v T) bool {
		visit(v)
		return true
	})
}

// BasemapIn visits the basemap features whose bounds touch b.
func (a *Atlas) BasemapIn(b orb.Bound, visit func(*basemap.Feature)) { a.ground.in(b, visit) }

// ParcelsIn visits the parcels whose bounds touch b.
func (a *Atlas) ParcelsIn(b orb.Bound, visit func(*kora.Parcel)) { a.places.in(b, visit) }

// CellsIn visits the cells of the grid whose hexagons' bounds touch b.
func (a *Atlas) CellsIn(b orb.Bound, visit func(grid.Cell)) {
	a.grid.hulls.in(b, func(i int) { visit(a.grid.cells[i]) })
}
