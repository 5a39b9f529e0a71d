// Package atlas is the read model: one immutable snapshot of the record in memory, with what is computed from it, swapped
// atomically when the record changes. Every read of the service is answered from here, without locks and without the
// database. It reads the record only through the interface Record.
package atlas

import (
	"cmp"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"kora"
	"kora/geo/basemap"
	"kora/geo/grid"
)

// CellResolution is the H3 resolution of the service circle: cells of about 15,000 m².
const CellResolution = 10

// gridMargin is how far beyond the key areas the grid shows cells, in degrees (about 2 km).
const gridMargin = 0.02

// An Atlas is the record at one position. Nothing in it may be changed after it was published; a later atlas shares what
// did not change.
type Atlas struct {
	Position kora.Position
	AsOf     time.Time // the database's clock when the last change was read

	Stations []*kora.Station // by ID
	KeyAreas []*kora.KeyArea // by ID
	Highways []*kora.Highway // by reference
	Parcels  []*kora.Parcel  // by number
	Notices  []*kora.Notice  // latest first

	Network *kora.Network     // without its encoded parts; nil when none has been imported
	Basemap []basemap.Feature // nil without Network

	stations map[int64]*kora.Station
	parcels  map[string]*kora.Parcel
	ground   index[*basemap.Feature] // basemap by bounds
	places   index[*kora.Parcel]     // parcels by bounds
	travel   map[string]*travel      // by profile; empty without Network
	grid     *hexes
	versions *versions // what changed, when and where
}

// hexes is the grid of cells on which coverage is counted and drawn.
type hexes struct {
	cells []grid.Cell     // ascending
	hulls index[int]      // indexes of cells by the bounds of their hexagons
	areas map[int64][]int // key area ID → indexes of the cells whose centres lie in it
}

// Station is the station with this ID, nil when there is none.
func (a *Atlas) Station(id int64) *kora.Station { return a.stations[id] }

// Parcel is the parcel with this public number, nil when there is none.
func (a *Atlas) Parcel(number string) *kora.Parcel { return a.parcels[number] }

// Cells are the cells of the grid, ascending.
func (a *Atlas) Cells() []grid.Cell { return a.grid.cells }

// Sample tells whether anything in the atlas is sample data.
func (a *Atlas) Sample() bool {
	return a.Network != nil && a.Network.Sample ||
		slices.ContainsFunc(a.Stations, func(s *kora.Station) bool { return s.Sample }) ||
		slices.ContainsFunc(a.Parcels, func(p *kora.Parcel) bool { return p.Sample })
}

// StationBounds is the box around all stations; false when there are none.
func (a *Atlas) StationBounds() (orb.Bound, bool) {
	if len(a.Stations) == 0 {
		return orb.Bound{}, false
	}
	b := a.Stations[0].Point.Bound()
	for _, s := range a.Stations {
		b = b.Extend(s.Point)
	}
	return b, true
}

// ParcelBounds is the box around all parcels; false when there are none.
func (a *Atlas) ParcelBounds() (orb.Bound, bool) {
	if len(a.Parcels) == 0 {
		return orb.Bound{}, false
	}
	b := a.Parcels[0].Geometry.Bound()
	for _, p := range a.Parcels {
		b = b.Union(p.Geometry.Bound())
	}
	return b, true
}

func byID[T any](m map[int64]*T, id func(*T) int64) []*T {
	all := make([]*T, 0, len(m))
	for _, v := range m {
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b *T) int { return cmp.Compare(id(a), id(b)) })
	return all
}
