package kora

import (
	"time"

	"github.com/paulmach/orb"
)

// A Network describes the street network and basemap that travel times and tiles are made from: where they came from
// and when. Streets, Basemap and Heights are the encoded forms, opaque to the record; each is at most 1 GiB. They must not be
// changed: the record may lend them from a file that is mapped into memory.
type Network struct {
	ID          int64
	Name        string    // file name of the extract
	SHA256      string    // of the extract, hex
	DataTime    time.Time // replication timestamp of the extract, zero when it states none
	ImportedAt  time.Time // set by the record
	Elevation   string    // names of the elevation tiles, empty without
	Attribution string    // shown wherever something made from it shows
	Bounds      orb.Bound // of the nodes that are used, degrees, EPSG:4490; never the file's header box
	Nodes       int       // of the walking network
	Edges       int
	Sample      bool
	Streets     map[string][]byte // by profile; see geo/network
	Basemap     []byte            // see geo/basemap
	Heights     []byte            // of the ground around the streets, see geo/elevation; nil: not known
}
