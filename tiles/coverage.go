package tiles

import (
	"kora"
	"kora/atlas"
	"kora/geo/flat"
	"kora/geo/grid"
)

// cellsFrom is the zoom from which the cells of the service circle are drawn; further out it is the coarser ones above them.
const cellsFrom = 10

// coverageLayer holds the hexagons without values: geometry stays, values change. A map joins them by id with the table
// at /v1/coverage/cells.
func coverageLayer() *Layer {
	return &Layer{
		Name: "coverage", MinZoom: 6, MaxZoom: 13, Streets: true,
		depends: []kora.Layer{kora.LayerNetwork, kora.LayerKeyArea},
		Contents: []Content{
			{"cells", "H3 cells of resolution 10; ids are those of /v1/coverage/cells/ids", cellsFrom, 13, map[string]string{}},
			{"coarse", "H3 cells of resolution 8; ids are those of /v1/coverage/cells/ids?resolution=8", 6, cellsFrom - 1, map[string]string{}},
			{"areas", "Key areas 重点区域", 6, 13, fields(map[string]string{"sample": "Boolean"})},
		},
		stores: func(a *atlas.Atlas) []*flat.Store {
			return []*flat.Store{a.CellShapes(), a.CoarseShapes(), a.KeyAreaTable().Shapes()}
		},
		draw: func(d *drawing) {
			d.Simplify(0) // neighbours must still meet
			if d.tile.Z >= cellsFrom {
				d.Layer("cells")
				d.cells(d.atlas.Cells(), d.atlas.CellShapes())
			} else {
				d.Layer("coarse")
				d.cells(d.atlas.CoarseCells(), d.atlas.CoarseShapes())
			}
			if d.tile.Z < 13 {
				d.Simplify(tolerance)
			}
			d.Layer("areas")
			sample, named := d.flag("sample"), d.names()
			table := d.atlas.KeyAreaTable()
			for _, r := range d.in(table.Shapes(), func(row uint32) int64 { return table.At(row).ID }) {
				area := table.At(r.row)
				if d.Feature(uint64(area.ID), table.Shapes().Shape(r.row)) {
					d.isTrue(sample, area.Sample)
					d.name(named, area.Name.ZH, area.Name.BO, area.Name.EN)
				}
			}
		},
	}
}

func (d *drawing) cells(cells []grid.Cell, shapes *flat.Store) {
	for _, r := range d.in(shapes, func(row uint32) int64 { return int64(row) }) {
		d.Feature(cells[r.row].TileID(), shapes.Shape(r.row))
	}
}
