// Package kora is the domain in its own words: stations, key areas, highways, parcels and notices, what makes each of
// them valid, and the errors that tell a caller what to mend.
//
// It holds no I/O and imports nothing of the house; every other room may import it.
package kora

// SRID is the coordinate reference system of every stored geometry: CGCS2000 longitude/latitude in degrees (EPSG:4490).
// It agrees with WGS 84 to about a metre on the plateau, so GeoJSON and vector tiles carry it unchanged.
const SRID = 4490

// A Layer is one kind of record in the change log and in the atlas. The numbers are stored; never renumber them.
type Layer int16

const (
	LayerStation  Layer = 1
	LayerKeyArea  Layer = 2
	LayerHighway  Layer = 3
	LayerParcel   Layer = 4
	LayerNotice   Layer = 5
	LayerNetwork  Layer = 6
	LayerPanorama Layer = 7
	LayerDemand   Layer = 8
	LayerReport   Layer = 9
	LayerTarget   Layer = 10
)

// MaxLayer is the last of them.
const MaxLayer = LayerTarget

// String is the layer's table name.
func (l Layer) String() string {
	switch l {
	case LayerStation:
		return "station"
	case LayerKeyArea:
		return "key_area"
	case LayerHighway:
		return "highway"
	case LayerParcel:
		return "parcel"
	case LayerNotice:
		return "notice"
	case LayerNetwork:
		return "network"
	case LayerPanorama:
		return "panorama"
	case LayerDemand:
		return "demand"
	case LayerReport:
		return "report"
	case LayerTarget:
		return "target"
	}
	return "unknown"
}

// A Source says where a record came from and in which reference system its coordinates were given.
type Source struct {
	File string `json:"file,omitempty"`
	CRS  string `json:"crs,omitempty"` // for example "EPSG:4519"; empty means EPSG:4490
}

// An Author signs a change: who made it and why. Both are kept in the history.
type Author struct {
	Who string
	Why string
}

// Counts is what an import did to the record.
type Counts struct {
	Added     int `json:"added"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Refused   int `json:"refused"`
}
