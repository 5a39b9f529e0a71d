// Package tiles turns the atlas into vector tiles (Mapbox Vector Tile 2.1) and describes them (TileJSON 3.0). It reads
// nothing but an atlas, and serves tiles only; everything else that HTTP gives is package api's.
package tiles

import (
	"fmt"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/simplify"

	"kora"
	"kora/atlas"
)

// A Layer is one tile set: its zooms, what its tiles hold, and how they are made.
type Layer struct {
	Name     string
	MinZoom  maptile.Zoom
	MaxZoom  maptile.Zoom // maps overzoom beyond
	Contents []Content    // in the order of drawing
	depends  []kora.Layer // what a change makes old tiles stale
	streets  bool         // made from the street extract, whose attribution and bounds it carries
	features func(a *atlas.Atlas, t maptile.Tile) map[string]*geojson.FeatureCollection
}

// A Content is a layer inside the tiles of a tile set, with its fields as TileJSON describes them.
type Content struct {
	ID     string            `json:"id"`
	Fields map[string]string `json:"fields"`
}

// Layers lists the tile sets.
func Layers() []*Layer {
	return []*Layer{basemapLayer(), stationsLayer(), coverageLayer(), parcelsLayer()}
}

// tolerance is how far, in tile units of 1/4096, a simplified line may leave its course.
const tolerance = 1.5

// Encode gives the tile's bytes, uncompressed; none when it is empty.
func (l *Layer) Encode(a *atlas.Atlas, t maptile.Tile) ([]byte, error) {
	features := l.features(a, t)
	var layers mvt.Layers
	for _, c := range l.Contents { // not by the map's order: the same atlas gives the same bytes
		if fc := features[c.ID]; fc != nil {
			layers = append(layers, mvt.NewLayer(c.ID, fc))
		}
	}
	layers.ProjectToTile(t)
	layers.Clip(mvt.MapboxGLDefaultExtentBound)
	if t.Z < l.MaxZoom {
		layers.Simplify(simplify.DouglasPeucker(tolerance))
	}
	layers.RemoveEmpty(0.5, 0.5)
	kept := layers[:0]
	for _, layer := range layers {
		if len(layer.Features) > 0 {
			layer.Version = 2
			kept = append(kept, layer)
		}
	}
	if len(kept) == 0 {
		return nil, nil
	}
	b, err := mvt.Marshal(kept)
	if err != nil {
		return nil, fmt.Errorf("encode tile %s %d/%d/%d: %w", l.Name, t.Z, t.X, t.Y, err)
	}
	return b, nil
}

// reach is the tile's bounds with the buffer that clipping keeps, degrees.
func reach(t maptile.Tile) orb.Bound { return t.Bound(1.0 / 16) }

// feature copies the geometry, because encoding works in place.
func feature(id int64, g orb.Geometry, properties geojson.Properties) *geojson.Feature {
	f := geojson.NewFeature(orb.Clone(g))
	if id != 0 {
		f.ID = float64(id)
	}
	f.Properties = properties
	return f
}

// name puts the languages that a name has into properties.
func name(p geojson.Properties, zh, bo, en string) {
	for key, v := range map[string]string{"name_zh": zh, "name_bo": bo, "name_en": en} {
		if v != "" {
			p[key] = v
		}
	}
}
