package tiles

import (
	"kora"
	"kora/atlas"
	"kora/geo/flat"
	"kora/tiles/mvt"
)

// corridorsLayer holds the national and provincial highways along which drivers' homes stand.
func corridorsLayer() *Layer {
	return &Layer{
		Name: "corridors", MinZoom: 0, MaxZoom: 13, depends: []kora.Layer{kora.LayerHighway},
		Contents: []Content{{"corridors", "National and provincial highways, in the direction of rising chainage", 0, 13,
			fields(map[string]string{"ref": "String", "sample": "Boolean"})}},
		stores: func(a *atlas.Atlas) []*flat.Store { return []*flat.Store{a.HighwayTable().Shapes()} },
		draw: func(d *drawing) {
			d.Layer("corridors")
			ref, sample, named := d.Key("ref"), d.flag("sample"), d.names()
			table := d.atlas.HighwayTable()
			for _, r := range d.in(table.Shapes(), func(row uint32) int64 { return table.At(row).ID }) {
				h := table.At(r.row)
				if d.Feature(uint64(h.ID), table.Shapes().Shape(r.row)) {
					d.Tag(ref, mvt.String(h.Ref))
					d.isTrue(sample, h.Sample)
					d.name(named, h.Name.ZH, h.Name.BO, h.Name.EN)
				}
			}
		},
	}
}
