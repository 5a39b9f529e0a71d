package atlas

import (
	"math"

	"github.com/paulmach/orb"

	"kora"
	"kora/geo/elevation"
	"kora/geo/facet"
	"kora/geo/paged"
)

// Terrain is how a parcel lies, by the heights that were imported with the streets.
type Terrain struct {
	elevation.Ground
	Missing TerrainMissing // why nothing is known; empty when something is
}

// TerrainMissing tells why the terrain of a parcel is not known.
type TerrainMissing string

const (
	NoHeights   TerrainMissing = "no_heights"    // no heights have been imported
	NoneAtPlace TerrainMissing = "none_at_place" // none are known where the parcel lies
)

// HasHeights tells whether heights were imported with the streets.
func (a *Atlas) HasHeights() bool { return a.heights != nil }

// Height is the height above sea level at p in metres, between the samples around it; false when it is not known.
func (a *Atlas) Height(p orb.Point) (metres float64, ok bool) {
	if a.heights == nil {
		return 0, false
	}
	return a.heights.At(p)
}

// terrain is that of all parcels, by row. It is made when somebody first asks, and then follows the changes.
type terrain struct {
	heights *elevation.Model // nil: none
	made    *lazy[*lie]
}

// lie is the terrain of all parcels; NaN where it is not known.
type lie struct {
	ground          paged.Column[elevation.Ground]
	altitude, slope *facet.Numbers
}

// Terrain is that of the parcel in a row, which must have one.
func (a *Atlas) Terrain(row uint32) Terrain {
	if a.terrain.heights == nil {
		return Terrain{Missing: NoHeights}
	}
	ground := a.terrain.made.get().ground.At(row)
	if math.IsNaN(ground.AltitudeM) {
		return Terrain{Missing: NoneAtPlace}
	}
	return Terrain{Ground: ground}
}

// nextTerrain follows a change: rows are those of parcels that changed, or anew tells that all were numbered anew.
func (a *Atlas) nextTerrain(former *terrain, rows []uint32, anew, streets bool) *terrain {
	if !anew && !streets && len(rows) == 0 {
		return former
	}
	heights, table := a.heights, a.parcels
	n := &terrain{heights: heights}
	if was, made := former.made.known(); made && !anew && !streets {
		n.made = already(was.again(heights, table, rows))
	} else {
		n.made = later(func() *lie { return lieOf(heights, table) })
	}
	return n
}

func noTerrain() *terrain {
	return &terrain{made: already(&lie{altitude: facet.NewNumbers(0, nil), slope: facet.NewNumbers(0, nil)})}
}

func lieOf(heights *elevation.Model, table *Table[kora.Parcel]) *lie {
	n := table.shapes.Len()
	l := &lie{ground: paged.Make(n, groundOf(heights, table))}
	l.altitude = facet.NewNumbers(n, altitudeIn(l.ground), altitudeEdges...)
	l.slope = facet.NewNumbers(n, slopeIn(l.ground), slopeEdges...)
	return l
}

// again gives the terrain after some rows changed.
func (l *lie) again(heights *elevation.Model, table *Table[kora.Parcel], rows []uint32) *lie {
	ground, of := l.ground.Edit(), groundOf(heights, table)
	for _, row := range rows {
		ground.Set(row, of(row))
	}
	return &lie{ground.Column, l.altitude.With(rows, altitudeIn(ground.Column)), l.slope.With(rows, slopeIn(ground.Column))}
}

func groundOf(heights *elevation.Model, table *Table[kora.Parcel]) func(row uint32) elevation.Ground {
	unknown := elevation.Ground{AltitudeM: math.NaN(), SlopeDeg: math.NaN()}
	return func(row uint32) elevation.Ground {
		p := table.At(row)
		if p == nil || heights == nil {
			return unknown
		}
		if ground, ok := heights.Over(p.Geometry, p.Inside()); ok {
			return ground
		}
		return unknown
	}
}

func altitudeIn(ground paged.Column[elevation.Ground]) func(row uint32) float64 {
	return func(row uint32) float64 { return ground.At(row).AltitudeM }
}

func slopeIn(ground paged.Column[elevation.Ground]) func(row uint32) float64 {
	return func(row uint32) float64 { return ground.At(row).SlopeDeg }
}
