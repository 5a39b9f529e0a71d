// Package mvt writes vector tiles (Mapbox Vector Tile 2.1) straight from flat shapes: no projection, no geometry objects,
// no protobuf structs. It takes shapes and values, and gives bytes; it knows no layer, no attribute and no I/O.
//
// What a decoder finds is always valid: areas by the rules of OGC (ST_IsValid), wound as the specification says, whatever
// clipping and rounding did to them. The way of a shape is
//
//	clip (clip.go, cut.go) → quantise (grid.go) → simplify (simplify.go) → is it still simple? (simple.go) → repair (noding.go, faces.go)
//
// of which a shape inside its tile takes the second step only, and the fourth unless its Clearance tells; of a thousand areas
// of a cadastre, one to ten need the last.
package mvt

import (
	"slices"

	"github.com/paulmach/orb/maptile"

	"kora/geo/flat"
)

// Extent is the width and height of a tile in its own units.
const Extent = 4096

// Buffer is how far beyond its edges a tile holds what there is, in its units: 32 pixels on a screen that draws tiles at
// 512, so that the stroke of a cut edge and the icon of a near point are drawn by both neighbours.
const Buffer = Extent / 16

// An Encoder writes tiles, one after the other, in memory that it keeps. The zero value is ready. It serves one goroutine.
//
//	e.Begin(tile)
//	e.Layer("parcels")
//	area, use := e.Key("area_m2"), e.Column("use", uses)
//	for each shape {
//		if e.Feature(id, shape) {
//			e.Tag(area, mvt.Uint(1200))
//			e.Code(use, code)
//		}
//	}
//	tile := e.Bytes()
type Encoder struct {
	grid      grid
	tolerance float64
	out       []byte // the layers that are done

	layer   layer
	feature feature

	shape  outline      // the feature in tile units
	kept   []bool       // vertices that simplification keeps
	turned []point      // a ring from where its simplification begins
	cut    []flat.Point // what clipping leaves of a line
	cutter cutter
	chains []chain  // of the shape,
	order  []uint64 // and their places from north to south, below their north
	repair arrangement
}

// A feature is what is known of the one that was given last. It is written when the next begins.
type feature struct {
	open     bool
	id       uint64
	kind     flat.Kind
	geometry []byte
	tags     []byte
}

// Begin starts a tile; what the encoder held is gone. A tile that does not exist stays empty.
func (e *Encoder) Begin(t maptile.Tile) {
	e.grid = newGrid(t)
	e.tolerance = 0
	e.out = e.out[:0]
	e.layer.name = ""
	e.layer.reset()
	e.feature.open = false
}

// Layer ends the layer before and begins another. The names of a tile's layers must differ. A layer without a feature gives
// no bytes.
func (e *Encoder) Layer(name string) {
	e.end()
	e.layer.reset()
	e.layer.name = name
}

// Simplify lets the outlines of the lines and areas that follow in this tile leave their course by that many tile units.
// No feature vanishes by it.
func (e *Encoder) Simplify(tolerance float64) { e.tolerance = tolerance }

// Feature adds a shape to the layer and tells whether the tile shows any of it; only then may tags be given. An id of 0 is
// none.
func (e *Encoder) Feature(id uint64, s flat.Shape) bool {
	e.flush()
	if !e.grid.reach.Touches(s.Box) {
		return false
	}
	e.shape.reset()
	switch s.Kind {
	case flat.Dots:
		e.dots(s)
	case flat.Lines:
		e.lines(s)
	case flat.Areas:
		e.areas(s)
	}
	if len(e.shape.ends) == 0 {
		return false
	}
	f := &e.feature
	f.open, f.id, f.kind, f.tags = true, id, s.Kind, f.tags[:0]
	f.geometry = appendGeometry(f.geometry[:0], s.Kind, &e.shape)
	return true
}

// Bytes ends the tile and gives it; nothing for an empty one. The bytes are the encoder's own and hold until the next Begin.
func (e *Encoder) Bytes() []byte {
	e.end()
	e.layer.reset()
	return e.out
}

func (e *Encoder) dots(s flat.Shape) {
	for i := range s.Parts() {
		for _, p := range s.Part(i) {
			if e.grid.reach.Contains(flat.Box{Min: p, Max: p}) {
				e.shape.points = append(e.shape.points, e.grid.at(p))
			}
		}
	}
	e.shape.points = slices.Compact(e.shape.points)
	e.shape.end()
}

func (e *Encoder) lines(s flat.Shape) {
	inside := e.grid.reach.Contains(s.Box)
	for i := range s.Parts() {
		if inside {
			e.line(s.Part(i))
		} else {
			e.clipLine(s.Part(i))
		}
	}
}

// line adds a line that lies in the buffered tile.
func (e *Encoder) line(line []flat.Point) {
	from := len(e.shape.points)
	e.shape.points = e.grid.line(e.shape.points, line)
	if len(e.shape.points)-from < 2 {
		e.shape.points = e.shape.points[:from]
		return
	}
	if e.tolerance > 0 {
		e.simplifyLine(from, e.tolerance)
	}
	e.shape.end()
}

func (e *Encoder) areas(s flat.Shape) {
	e.areasWithin(s, e.tolerance)
	if len(e.shape.ends) == 0 && e.tolerance > 0 { // it shall not vanish by being simplified
		e.areasWithin(s, 0)
	}
}

func (e *Encoder) areasWithin(s flat.Shape, tolerance float64) {
	e.shape.reset()
	if e.grid.reach.Contains(s.Box) {
		for i := range s.Parts() {
			e.ring(s.Part(i), tolerance)
		}
		if tolerance == 0 && e.grid.staysSimple(s) {
			return
		}
	} else {
		left, begin := e.cutter.clip(s, e.grid.reach), 0
		for _, r := range left.rings {
			e.ring(left.points[begin:r.end], tolerance)
			begin = r.end
		}
	}
	if len(e.shape.ends) > 0 && !e.valid(e.grid.at(e.grid.reach.Intersection(s.Box).Middle())) {
		e.repair.remake(&e.shape)
	}
}

// ring adds a ring that lies in the buffered tile.
func (e *Encoder) ring(ring []flat.Point, tolerance float64) {
	from := len(e.shape.points)
	e.shape.points = e.grid.ring(e.shape.points, ring)
	if tolerance > 0 {
		e.simplifyRing(from, tolerance)
	}
	e.shape.end()
}

// An outline is the geometry of one feature in tile units. Rings end where they begin.
type outline struct {
	points []point
	ends   []int
}

func (o *outline) reset() { o.points, o.ends = o.points[:0], o.ends[:0] }

// end closes the part that the last points are of, if there are any.
func (o *outline) end() {
	if n := len(o.points); n > 0 && (len(o.ends) == 0 || n > o.ends[len(o.ends)-1]) {
		o.ends = append(o.ends, n)
	}
}
