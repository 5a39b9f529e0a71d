// Package atlas is the read model: one immutable snapshot of the record in memory, with what is computed from it, swapped
// atomically when the record changes. Every read of the service is answered from here, without locks and without the
// database. It reads the record only through the interface Record.
package atlas

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"kora"
	"kora/geo/basemap"
	"kora/geo/elevation"
	"kora/geo/flat"
	"kora/geo/service"
)

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

	Panoramas []*kora.Panorama // by ID

	Demands []*kora.Demand     // by code
	Reports []*kora.KeptReport // that were kept, latest first
	Targets []*kora.Target     // by year

	Network *kora.Network     // without its encoded parts; nil when none has been imported
	Basemap []basemap.Feature // of their geometry only points, for the rest see BasemapShapes; nil without Network

	stations    *Table[kora.Station]
	keyAreas    *Table[kora.KeyArea]
	highways    *Table[kora.Highway]
	parcels     *Table[kora.Parcel]
	columns     *ParcelColumns
	noticeTexts []string                    // of Notices, by their places
	panoramasOf map[string][]*kora.Panorama // by the number of their parcel

	drives  *drives          // of parcels
	heights *elevation.Model // nil: not known
	terrain *terrain         // of parcels
	// corridors belong to the streets, the heights and the highways
	corridors *corridors
	linked    map[string][]*kora.Notice // by number of parcel
	ground    *flat.Store               // of Basemap
	travel    map[string]*travel        // by profile; empty without Network
	grid      *hexes
	demandOn  map[int64]func() (*service.Spread, error) // by ID of the set
	land      func() *landCover
	versions  *versions // what changed, when and where
}

// Station is the station with this ID, nil when there is none.
func (a *Atlas) Station(id int64) *kora.Station { return a.stations.record(id) }

// Parcel is the parcel with this public number, nil when there is none.
func (a *Atlas) Parcel(number string) *kora.Parcel {
	i, ok := slices.BinarySearchFunc(a.Parcels, number, func(p *kora.Parcel, n string) int { return strings.Compare(p.Number, n) })
	if !ok {
		return nil
	}
	return a.Parcels[i]
}

// StationTable holds Stations by row, with their shapes.
func (a *Atlas) StationTable() *Table[kora.Station] { return a.stations }

// KeyAreaTable holds KeyAreas by row, with their shapes.
func (a *Atlas) KeyAreaTable() *Table[kora.KeyArea] { return a.keyAreas }

// HighwayTable holds Highways by row, with their shapes.
func (a *Atlas) HighwayTable() *Table[kora.Highway] { return a.highways }

// ParcelTable holds Parcels by row, with their shapes.
func (a *Atlas) ParcelTable() *Table[kora.Parcel] { return a.parcels }

// ParcelColumns are what parcels are filtered by, by the rows of ParcelTable.
func (a *Atlas) ParcelColumns() *ParcelColumns { return a.columns }

// BasemapShapes are the shapes of Basemap, by its indexes.
func (a *Atlas) BasemapShapes() *flat.Store { return a.ground }

// Sample tells whether anything in these layers is sample data, or in any without naming one.
func (a *Atlas) Sample(layers ...kora.Layer) bool {
	if len(layers) == 0 {
		layers = []kora.Layer{kora.LayerNetwork, kora.LayerStation, kora.LayerParcel, kora.LayerKeyArea, kora.LayerHighway}
	}
	return slices.ContainsFunc(layers, a.sampleIn)
}

func (a *Atlas) sampleIn(layer kora.Layer) bool {
	switch layer {
	case kora.LayerNetwork:
		return a.Network != nil && a.Network.Sample
	case kora.LayerStation:
		return slices.ContainsFunc(a.Stations, func(s *kora.Station) bool { return s.Sample })
	case kora.LayerKeyArea:
		return slices.ContainsFunc(a.KeyAreas, func(k *kora.KeyArea) bool { return k.Sample })
	case kora.LayerHighway:
		return slices.ContainsFunc(a.Highways, func(h *kora.Highway) bool { return h.Sample })
	case kora.LayerParcel:
		return a.columns.sample()
	case kora.LayerDemand:
		return slices.ContainsFunc(a.Demands, func(d *kora.Demand) bool { return d.Sample })
	}
	return false
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
	all, ok := a.parcels.shapes.Bounds()
	if !ok {
		return orb.Bound{}, false
	}
	// Whatever reaches farthest in degrees touches an edge of the box in units.
	var b orb.Bound
	first := true
	for _, edge := range []flat.Box{
		{Min: all.Min, Max: flat.Point{X: all.Min.X, Y: all.Max.Y}}, {Min: all.Min, Max: flat.Point{X: all.Max.X, Y: all.Min.Y}},
		{Min: flat.Point{X: all.Max.X, Y: all.Min.Y}, Max: all.Max}, {Min: flat.Point{X: all.Min.X, Y: all.Max.Y}, Max: all.Max},
	} {
		a.parcels.shapes.In(edge, func(row uint32) {
			reaches := a.parcels.At(row).Geometry.Bound()
			if first {
				b, first = reaches, false
			}
			b = b.Union(reaches)
		})
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
