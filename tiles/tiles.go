// Package tiles turns the atlas into vector tiles (Mapbox Vector Tile 2.1) and describes them (TileJSON 3.0). It reads
// nothing but an atlas, and serves tiles only; everything else that HTTP gives is package api's.
package tiles

import (
	"bytes"
	"cmp"
	"slices"
	"sync"

	"github.com/paulmach/orb/maptile"

	"kora"
	"kora/atlas"
	"kora/geo/flat"
	"kora/tiles/mvt"
)

// A Layer is one tile set: its zooms, what its tiles hold, and how they are made.
type Layer struct {
	Name     string
	MinZoom  maptile.Zoom
	MaxZoom  maptile.Zoom // maps overzoom beyond
	Contents []Content    // in the order of drawing
	Streets  bool         // made from the street extract, whose attribution and bounds it carries

	depends  []kora.Layer // what a change makes old tiles stale
	filters  bool         // takes the parameters of parcels
	stores   func(a *atlas.Atlas) []*flat.Store
	draw     func(d *drawing)
	drawings sync.Pool // of *drawing
}

// A Content is a layer inside the tiles of a tile set, with its fields as TileJSON describes them.
type Content struct {
	ID          string            `json:"id"`
	Description string            `json:"description"`
	MinZoom     maptile.Zoom      `json:"minzoom"`
	MaxZoom     maptile.Zoom      `json:"maxzoom"`
	Fields      map[string]string `json:"fields"`
}

// Layers lists the tile sets.
func Layers() []*Layer {
	return []*Layer{basemapLayer(), stationsLayer(), coverageLayer(), corridorsLayer(), parcelsLayer()}
}

// tolerance is how far, in tile units of 1/4096, a simplified line may leave its course.
const tolerance = 1.5

// Encode gives the tile's bytes, uncompressed; none when it is empty.
func (l *Layer) Encode(a *atlas.Atlas, t maptile.Tile) (tile []byte, err error) {
	l.encode(a, t, nil, func(made []byte) { tile = bytes.Clone(made) })
	return tile, nil
}

// encode draws a tile; of parcels those that filter means, or all without one. What take is given is good until it returns.
func (l *Layer) encode(a *atlas.Atlas, t maptile.Tile, filter *atlas.ParcelFilter, take func(tile []byte)) {
	d, _ := l.drawings.Get().(*drawing)
	if d == nil {
		d = &drawing{}
	}
	defer l.drawings.Put(d)
	d.atlas, d.tile, d.filter = a, t, filter
	d.within = mvt.Reach(t)
	d.Begin(t)
	if t.Z < l.MaxZoom {
		d.Simplify(tolerance)
	}
	l.draw(d)
	d.atlas, d.filter = nil, nil // what waits in the pool keeps no atlas
	take(d.Bytes())
}

// Holds tells whether some row of the layer lies in the tile or so near that the tile may show it, as hexagons and the marks that
// stand for several rows do. The tile may be empty all the same.
func (l *Layer) Holds(a *atlas.Atlas, t maptile.Tile) bool {
	found := false
	for _, s := range l.stores(a) {
		s.In(tileBox(t, 1), func(uint32) { found = true })
		if found {
			return true
		}
	}
	return false
}

// Extent is the box around all rows of the layer; false when there are none.
func (l *Layer) Extent(a *atlas.Atlas) (box flat.Box, ok bool) {
	for _, s := range l.stores(a) {
		if b, some := s.Bounds(); some && !ok {
			box, ok = b, true
		} else if some {
			box = box.Union(b)
		}
	}
	return box, ok
}

// Sample tells whether some of what the layer shows is sample data.
func (l *Layer) Sample(a *atlas.Atlas) bool { return a.Sample(l.depends...) }

// A drawing is a tile while it is made. It is used again for the next one.
type drawing struct {
	mvt.Encoder
	atlas  *atlas.Atlas
	tile   maptile.Tile
	within flat.Box            // the tile and the buffer around it
	filter *atlas.ParcelFilter // nil: all parcels

	rows     []row
	clusters clusters
	point    [1]flat.Point
}

// A row is to be drawn in the order of its keys. Rows of the atlas are numbered as they came, so that the order of rows would
// differ from node to node; keys are the record's own.
type row struct {
	key int64
	row uint32
}

// in gives the rows whose boxes touch the tile with its buffer, in the order of their keys. It is good until the next call.
func (d *drawing) in(s *flat.Store, key func(row uint32) int64) []row {
	d.rows = d.rows[:0]
	s.In(d.within, func(r uint32) { d.rows = append(d.rows, row{key(r), r}) })
	return d.sorted()
}

func (d *drawing) sorted() []row {
	slices.SortFunc(d.rows, func(a, b row) int { return cmp.Compare(a.key, b.key) })
	return d.rows
}

// tileBox is the box of a tile and so many of its widths around it.
func tileBox(t maptile.Tile, around float64) flat.Box {
	width := float64(int64(flat.Extent) >> t.Z)
	side := func(n uint32, off float64) int32 {
		return int32(min(max((float64(n)+off)*width, 0), flat.Extent))
	}
	return flat.Box{
		Min: flat.Point{X: side(t.X, -around), Y: side(t.Y, -around)},
		Max: flat.Point{X: side(t.X, 1+around), Y: side(t.Y, 1+around)},
	}
}

// names are the keys of a name in the languages that it has.
type names struct{ zh, bo, en mvt.Key }

func (d *drawing) names() names {
	return names{d.Key("name_zh"), d.Key("name_bo"), d.Key("name_en")}
}

func (d *drawing) name(k names, zh, bo, en string) {
	d.text(k.zh, zh)
	d.text(k.bo, bo)
	d.text(k.en, en)
}

// text gives the last feature a text, unless it is empty.
func (d *drawing) text(k mvt.Key, s string) {
	if s != "" {
		d.Tag(k, mvt.String(s))
	}
}

// flag is a key whose only value is true.
func (d *drawing) flag(name string) mvt.Column { return d.Column(name, yes) }

var yes = mvt.NewDictionary(mvt.Bool(true))

// isTrue gives the last feature a true, or nothing.
func (d *drawing) isTrue(k mvt.Column, is bool) {
	if is {
		d.Code(k, 0)
	}
}

// fields are what TileJSON says of a content's fields, with those of a name.
func fields(more map[string]string) map[string]string {
	all := map[string]string{"name_zh": "String", "name_bo": "String", "name_en": "String"}
	for k, v := range more {
		all[k] = v
	}
	return all
}
