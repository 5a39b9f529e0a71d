package kora

import (
	"time"

	"github.com/paulmach/orb"
)

// An ImportState is where an import stands. Files are read first and written when somebody has seen what would come of it.
type ImportState string

const (
	ImportChecking  ImportState = "checking"  // waits to be read, or is being read
	ImportReady     ImportState = "ready"     // has a preview, and waits for a word
	ImportWriting   ImportState = "writing"   // was confirmed, and is being written
	ImportDone      ImportState = "done"      // is in the record
	ImportFailed    ImportState = "failed"    // could not be read at all; Refused tells why
	ImportCancelled ImportState = "cancelled" // was called off, or waited too long
)

// ImportStates lists every ImportState.
func ImportStates() []ImportState {
	return []ImportState{ImportChecking, ImportReady, ImportWriting, ImportDone, ImportFailed, ImportCancelled}
}

// Over tells whether nothing more will come of it.
func (s ImportState) Over() bool {
	return s == ImportDone || s == ImportFailed || s == ImportCancelled
}

// An Import is a file on its way into the record: uploaded, read and compared, shown, and written when somebody confirms.
type Import struct {
	ID        string
	Kind      string // what the file holds: "parcels" or "stations"
	State     ImportState
	File      string // base name
	Bytes     int
	Options   ImportOptions
	Author    Author
	CreatedAt time.Time
	ChangedAt time.Time
	Progress  ImportProgress
	Skip      bool   // confirmed without the faulty records
	Encoding  string // of a text
	Digest    string // of what the preview shows: what is written must be that
	Counts    Counts
	Warnings  int
	Refused   *ImportFault // why it failed
	XID       uint64       // the transaction that wrote it
}

// ImportProgress tells people what is being done.
type ImportProgress struct {
	Step  string `json:"step,omitempty"` // reading, comparing or writing
	Done  int    `json:"done,omitempty"`
	Total int    `json:"total,omitempty"` // 0 when it is not known
}

// The severities of an ImportFault.
const (
	ImportFaulty  = "fault"   // the record is not taken
	ImportWarning = "warning" // it is taken, and should be looked at
)

// An ImportFault is a fault as it is kept with an import.
type ImportFault struct {
	Severity string `json:"severity"`
	Line     int    `json:"line,omitempty"`
	Part     string `json:"part,omitempty"` // ring, column or property
	Reason   Reason `json:"reason"`
	Field    string `json:"field,omitempty"`
	Value    string `json:"value,omitempty"`
	Text     Name   `json:"text"` // the sentence, in the languages that there are
}

// An ImportItem is what would come of one record of a file.
type ImportItem struct {
	Line     int            `json:"line"`
	Key      string         `json:"key"`
	Name     string         `json:"name,omitempty"`
	Outcome  string         `json:"outcome"` // added, changed, same or refused
	Changes  []ImportChange `json:"changes,omitempty"`
	StatedM2 float64        `json:"stated_m2,omitempty"`
	AreaM2   float64        `json:"area_m2,omitempty"`  // computed on the ellipsoid; parcels only
	Overlaps []Overlap      `json:"overlaps,omitempty"` // with other parcels, those of the file among them
	Shape    orb.Geometry   `json:"-"`                  // as it would be; nil when it was not read
}

// An ImportChange is a field that would be another. Shapes are told as such, without their coordinates.
type ImportChange struct {
	Field string `json:"field"`
	Was   any    `json:"was,omitempty"`
	Now   any    `json:"now,omitempty"`
}

// An Overlap is ground that two parcels claim.
type Overlap struct {
	Number string  `json:"number"`
	AreaM2 float64 `json:"area_m2"`
}

// ImportOptions are the answers to what a file of parcels leaves open.
type ImportOptions struct {
	CGCS2000   bool   `json:"cgcs2000,omitempty"`    // a survey that names no reference system is in CGCS2000
	Zone       int    `json:"zone,omitempty"`        // number of the Gauss-Krüger zone of coordinates that have none
	DegreeZone int    `json:"degree_zone,omitempty"` // its width, 3 or 6; 0 for the one that has the number
	Exchanged  bool   `json:"exchanged,omitempty"`   // a survey has the easting first
	Use        string `json:"use,omitempty"`         // scheme and code of new parcels that a survey gives none: 2023:1001
	Within     string `json:"within,omitempty"`      // where parcels must lie: west,south,east,north in degrees
	CRS        string `json:"crs,omitempty"`         // of a layer that names none: EPSG:4519
	Layer      string `json:"layer,omitempty"`       // of a file that has several, or of a drawing
	Number     string `json:"number,omitempty"`      // the field of a layer that holds the parcel number
}
