package tiles

import (
	"math"
	"slices"

	"github.com/paulmach/orb/maptile"

	"kora"
	"kora/atlas"
	"kora/geo/basemap"
	"kora/geo/flat"
	"kora/tiles/mvt"
)

func basemapLayer() *Layer {
	const last = 14
	named := func(more ...string) map[string]string {
		f := fields(map[string]string{"class": "String", "name": "String: as written on site"})
		for _, m := range more {
			f[m] = "String"
		}
		return f
	}
	roads := named("ref")
	roads["bridge"], roads["tunnel"] = "Boolean", "Boolean"
	places := named()
	places["rank"] = "Number: smaller is more important"
	return &Layer{
		Name: "basemap", MinZoom: 0, MaxZoom: last, Streets: true, depends: []kora.Layer{kora.LayerNetwork},
		Contents: []Content{
			{basemap.Landuse, "What the ground is used for", 5, last, named()},
			{basemap.Water, "Lakes and wide rivers", 5, last, named()},
			{basemap.Waterway, "Rivers and streams as lines", 6, last, named()},
			{basemap.Buildings, "Buildings", 14, last, named()},
			{basemap.Roads, "Roads, paths and railways", 4, last, roads},
			{basemap.Places, "Towns, villages and quarters", 3, last, places},
			{basemap.Peaks, "Summits and passes", 9, last, places},
		},
		stores: func(a *atlas.Atlas) []*flat.Store { return []*flat.Store{a.BasemapShapes()} },
		draw:   drawBasemap,
	}
}

func drawBasemap(d *drawing) {
	features, shapes := d.atlas.Basemap, d.atlas.BasemapShapes()
	d.rows = d.rows[:0]
	shapes.In(d.within, func(r uint32) {
		if f := &features[r]; d.tile.Z >= firstZoom(f, shapes.Shape(r).Box) {
			// Layer by layer, and less important first, so that what matters is drawn and labelled on top.
			d.rows = append(d.rows, row{int64(layerOrder(f.Layer))<<40 | int64(255-f.Rank)<<32 | int64(r), r})
		}
	})
	for rest := d.sorted(); len(rest) > 0; {
		layer := features[rest[0].row].Layer
		n := slices.IndexFunc(rest, func(r row) bool { return features[r.row].Layer != layer })
		if n < 0 {
			n = len(rest)
		}
		d.basemapContent(layer, rest[:n])
		rest = rest[n:]
	}
}

func (d *drawing) basemapContent(layer string, rows []row) {
	features, shapes := d.atlas.Basemap, d.atlas.BasemapShapes()
	d.Layer(layer)
	class, named, local, ref := d.Key("class"), d.names(), d.Key("name"), d.Key("ref")
	bridge, tunnel, rank := d.flag("bridge"), d.flag("tunnel"), d.Key("rank")
	for _, r := range rows {
		if !d.Feature(0, shapes.Shape(r.row)) {
			continue
		}
		f := &features[r.row]
		d.Tag(class, mvt.String(f.Class))
		d.name(named, f.NameZH, f.NameBO, f.NameEN)
		d.text(local, f.Name)
		d.text(ref, f.Ref)
		d.isTrue(bridge, f.Bridge)
		d.isTrue(tunnel, f.Tunnel)
		if layer == basemap.Places || layer == basemap.Peaks {
			d.Tag(rank, mvt.Int(int64(f.Rank)))
		}
	}
}

// layerOrder is the place of a content in the tile.
func layerOrder(layer string) int {
	switch layer {
	case basemap.Landuse:
		return 0
	case basemap.Water:
		return 1
	case basemap.Waterway:
		return 2
	case basemap.Buildings:
		return 3
	case basemap.Roads:
		return 4
	case basemap.Places:
		return 5
	}
	return 6
}

const never = math.MaxUint32 // is a feature drawn

// firstZoom is where a feature of the basemap first shows: roads by their class, places by their size, areas when they
// would be larger than a speck.
func firstZoom(f *basemap.Feature, box flat.Box) maptile.Zoom {
	switch f.Layer {
	case basemap.Roads:
		switch f.Class {
		case "motorway", "trunk":
			return 4
		case "primary", "rail":
			return 7
		case "secondary":
			return 9
		case "tertiary":
			return 11
		case "residential", "unclassified", "living_street", "pedestrian":
			return 12
		}
		return 13
	case basemap.Places:
		switch f.Class {
		case "city":
			return 3
		case "town":
			return 6
		case "suburb", "village":
			return 10
		}
		return 12
	case basemap.Peaks:
		return 9
	case basemap.Landmarks:
		return never
	case basemap.Buildings:
		return 14
	case basemap.Waterway:
		if f.Class == "river" {
			return 6
		}
		return 12
	}
	const speck = 3.0 / 256 // of a tile
	span := float64(max(box.Max.X-box.Min.X, box.Max.Y-box.Min.Y))
	for z := maptile.Zoom(5); z < 14; z++ {
		if span >= speck*float64(int64(flat.Extent)>>z) {
			return z
		}
	}
	return 14
}
