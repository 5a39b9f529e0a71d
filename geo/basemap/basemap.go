// Package basemap holds the features of the quiet map behind stations and parcels, and their saved form.
//
// It says what a feature is and how it is kept, not where it comes from nor how it is drawn. There are no borders in it:
// borders are never taken from OpenStreetMap.
package basemap

import "github.com/paulmach/orb"

// The layers of the basemap. Roads and waterways are lines, water, landuse and buildings are areas, places and peaks are
// points.
const (
	Roads     = "roads"
	Water     = "water"
	Waterway  = "waterway"
	Landuse   = "landuse"
	Buildings = "buildings"
	Places    = "places"
	Peaks     = "peaks"
)

// Landmarks are points that are not drawn: ways to them are measured.
const Landmarks = "landmarks"

// The classes of Landmarks.
const (
	RailwayStation = "railway_station"
	Airport        = "airport"
)

// Layers lists the layers that are drawn, in the order in which they are drawn, lowest first.
func Layers() []string {
	return []string{Landuse, Water, Waterway, Buildings, Roads, Peaks, Places}
}

// A Feature is one thing on the basemap.
type Feature struct {
	Layer  string
	Class  string // what it is within its layer: "primary", "river", "city"
	Ref    string // number of a road: "G318"
	NameZH string
	NameBO string
	NameEN string
	Name   string // as written on site, in whatever language
	Bridge bool
	Tunnel bool
	Rank   int // smaller is more important; 0 to 255

	// Geometry is a Point, LineString, MultiLineString, Polygon or MultiPolygon in degrees.
	Geometry orb.Geometry
}
