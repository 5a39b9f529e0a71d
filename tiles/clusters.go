package tiles

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb/maptile"

	"kora/atlas"
	"kora/geo/flat"
	"kora/geo/grid"
	"kora/tiles/mvt"
)

// clusters gathers rows by the H3 cell that they lie in, where they are too many to be drawn one by one. A row counts in one
// cell, and a cell shows in one tile (and in the buffers around it), so that the counts of a zoom add up to the rows.
type clusters struct {
	list   []cluster
	number map[grid.Cell]int32
}

type cluster struct {
	cell  grid.Cell
	count int
	x, y  int64  // sums
	row   uint32 // of one of its rows: the only one where count is 1
	kinds [maxKinds]int
}

// maxKinds is how many kinds of rows a cluster counts apart.
const maxKinds = 3

// clusterResolution is the H3 resolution of clusters: cells of some 30 to 80 pixels.
func clusterResolution(z maptile.Zoom) int {
	return min(max(3, (int(z)+3)/2), atlas.ClusterResolution)
}

func (c *clusters) reset() {
	c.list = c.list[:0]
	if c.number == nil {
		c.number = map[grid.Cell]int32{}
	}
	clear(c.number)
}

// add counts a row of a kind that lies at p.
func (c *clusters) add(cell grid.Cell, p flat.Point, row uint32, kind int) {
	// Rows lie along a curve, so one is often in the cell of the last.
	i := int32(len(c.list)) - 1
	if i < 0 || c.list[i].cell != cell {
		var known bool
		if i, known = c.number[cell]; !known {
			i = int32(len(c.list))
			c.number[cell] = i
			c.list = append(c.list, cluster{cell: cell})
		}
	}
	one := &c.list[i]
	one.count++
	one.x, one.y = one.x+int64(p.X), one.y+int64(p.Y)
	one.row = row
	one.kinds[kind]++
}

// each visits the clusters in the order of their cells.
func (c *clusters) each(visit func(c *cluster)) {
	slices.SortFunc(c.list, func(a, b cluster) int { return cmp.Compare(a.cell, b.cell) })
	for i := range c.list {
		visit(&c.list[i])
	}
}

// at is the middle of the cluster's rows.
func (c *cluster) at() flat.Point {
	return flat.Point{X: int32(c.x / int64(c.count)), Y: int32(c.y / int64(c.count))}
}

// gather counts the rows of a table around the tile by cells and kinds, of parcels those that filter means.
func gather[T any](d *drawing, t *atlas.Table[T], filter *atlas.ParcelFilter, kind func(row uint32) int) {
	d.clusters.reset()
	res := clusterResolution(d.tile.Z)
	take := func(row uint32) { d.clusters.add(t.Cell(row).Above(res), t.Middle(row), row, kind(row)) }
	around := tileBox(d.tile, clusterReach)
	if filter != nil {
		filter.In(around, take)
	} else {
		t.Shapes().In(around, take)
	}
}

// clusterReach is how far around a tile rows are gathered, in widths of it: farther than any cell is wide whose middle lies in
// the tile's buffer, so that no cell is counted in part. (Cells of resolution 7 are at most 4 km wide; a tile of zoom 11 is 9 km
// wide at 63 degrees north.)
const clusterReach = 0.6

// dot adds a point to the layer.
func (d *drawing) dot(id uint64, p flat.Point) bool {
	d.point[0] = p
	return d.Feature(id, flat.Shape{Kind: flat.Dots, Box: flat.Box{Min: p, Max: p}, Points: d.point[:], Ends: oneEnd})
}

var oneEnd = []uint32{1}

// counts tells how many rows of each kind a cluster has, where there are any.
func (d *drawing) counts(keys []mvt.Key, c *cluster) {
	for i, k := range keys {
		if c.kinds[i] > 0 {
			d.Tag(k, mvt.Int(int64(c.kinds[i])))
		}
	}
}
