// Package sample holds the illustrative data set that the first run shows: stations, key areas and highways of Lhasa,
// parcels, notices and drawn panoramas of Nyingchi, and a street network.
//
// Everything here is invented and says so: each record has sample set, stations bear names of flowers and animals, and
// prices, areas, side streets and the ground are made up. Only the names of cities, rivers, passes and main streets are real, at about
// their true places. No real station, company, person, telephone number or price belongs here, and no border.
//
// All files but notices.json, panoramas.json and parcels-demo.txt are written by the program in generate.
package sample

import (
	"embed"
	"io/fs"
)

//go:embed *.csv *.geojson *.json *.txt *.pbf *.jpg *.heights
var files embed.FS

// Names of the files, in the order in which they are best imported.
const (
	Network   = "lhasa.osm.pbf"
	Heights   = "lhasa.heights" // goes with Network
	KeyAreas  = "key_areas.geojson"
	Highways  = "highways.geojson"
	Stations  = "stations.csv"
	Residents = "residents.csv" // where people live
	Workers   = "workers.csv"   // where outdoor workers are
	Parcels   = "parcels.geojson"
	Notices   = "notices.json"
	Panoramas = "panoramas.json" // and the pictures that it names

	// ParcelsTXT is an example of the 勘测定界 format, not part of what the first run shows.
	ParcelsTXT = "parcels-demo.txt"
)

// Files gives the data set.
func Files() fs.FS { return files }
