package kora

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"
)

// A Scenario is a plan on trial: edits to the stations, which the record knows nothing of until it is adopted.
type Scenario struct {
	ID        string // a UUID that nobody can guess: whoever knows it may read the scenario
	Version   int    // 1 when it is new; ignored on writing
	Name      string
	Settings  ScenarioSettings
	Edits     []StationEdit // in the order in which they are made
	Base      ScenarioBase
	CreatedAt time.Time
	ChangedAt time.Time
	AdoptedAt time.Time // zero: it is not
}

// ScenarioSettings are the question that a scenario is an answer to.
type ScenarioSettings struct {
	Profile string `json:"profile"`
	Minutes int    `json:"minutes"`
	Kinds   []Kind `json:"kinds,omitempty"`   // empty: all
	OpenAt  string `json:"open_at,omitempty"` // "now", or a time (RFC 3339); empty: at any time
}

// A ScenarioBase is the state of the record that a scenario was made on.
type ScenarioBase struct {
	Snapshot string        `json:"snapshot,omitempty"`
	Versions map[int64]int `json:"versions,omitempty"` // of the stations that it touches, by ID
}

// An EditDeed is what an edit does to a station.
type EditDeed string

const (
	EditAdd    EditDeed = "add"    // a station that is in no record
	EditMove   EditDeed = "move"   // to another point
	EditClose  EditDeed = "close"  //
	EditReopen EditDeed = "reopen" // whatever it was before
	EditHours  EditDeed = "hours"  // other opening hours
)

// EditDeeds lists every EditDeed.
func EditDeeds() []EditDeed {
	return []EditDeed{EditAdd, EditMove, EditClose, EditReopen, EditHours}
}

// A StationEdit is one step of a scenario.
type StationEdit struct {
	Deed    EditDeed   `json:"deed"`
	Station int64      `json:"station"`         // its ID in the record; below 0 of one that the scenario adds
	Kind    Kind       `json:"kind,omitempty"`  // of EditAdd
	Name    string     `json:"name,omitempty"`  // of EditAdd, may be empty
	Point   *orb.Point `json:"point,omitempty"` // of EditAdd and EditMove
	Hours   string     `json:"hours,omitempty"` // of EditAdd and EditHours
}

const (
	maxEdits        = 500
	maxScenarioName = 80 // characters
)

// Validate tells what is wrong with sc; the error is an *Error.
func (sc *Scenario) Validate() error {
	if strings.TrimSpace(sc.Name) == "" {
		return Refuse(ReasonRequired, "name", nil, "is missing")
	}
	if err := CheckText("name", sc.Name, maxScenarioName, false); err != nil {
		return err
	}
	if sc.Settings.Minutes < 1 || sc.Settings.Minutes > 60 {
		return Refuse(ReasonRange, "minutes", sc.Settings.Minutes, "must be from 1 to 60")
	}
	if err := oneOf("profile", sc.Settings.Profile, []string{"walk", "ebike", "car", "truck"}); err != nil {
		return err
	}
	for _, k := range sc.Settings.Kinds {
		if err := oneOf("kind", k, Kinds()); err != nil {
			return err
		}
	}
	if _, err := ParseOpenAt(sc.Settings.OpenAt, time.Time{}); err != nil {
		return err
	}
	return CheckEdits(sc.Edits)
}

// ParseOpenAt reads the time at which stations are to be open: "now", or RFC 3339; nil when s is empty.
func ParseOpenAt(s string, now time.Time) (*time.Time, error) {
	if s == "" {
		return nil, nil
	}
	if s != "now" {
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return nil, Refuse(ReasonSyntax, "open_at", s, "must be \"now\" or a time such as 2026-07-01T22:00:00+08:00")
		}
		now = t
	}
	return &now, nil
}

// CheckEdits tells what is wrong with edits as such, whatever the record holds; the error is an *Error.
func CheckEdits(edits []StationEdit) error {
	if len(edits) > maxEdits {
		return Refuse(ReasonTooLong, "edits", len(edits), "are more than %d", maxEdits)
	}
	added := map[int64]bool{}
	for i := range edits {
		e := &edits[i]
		if err := e.validate(); err != nil {
			return err
		}
		if e.Deed != EditAdd {
			continue
		}
		if added[e.Station] {
			return Refuse(ReasonDuplicate, "station", e.Station, "is added twice")
		}
		added[e.Station] = true
	}
	return nil
}

func (e *StationEdit) validate() error {
	if err := oneOf("deed", e.Deed, EditDeeds()); err != nil {
		return err
	}
	if e.Station == 0 || (e.Deed == EditAdd) && e.Station > 0 {
		return Refuse(ReasonRange, "station", e.Station, "must be the number of a station, or one below 0 for a station that is added")
	}
	if e.Deed == EditAdd {
		if err := oneOf("kind", e.Kind, Kinds()); err != nil {
			return err
		}
		if err := CheckText("name", e.Name, 60, false); err != nil {
			return err
		}
	}
	if e.Deed == EditAdd || e.Deed == EditMove {
		if e.Point == nil {
			return Refuse(ReasonRequired, "point", nil, "is missing")
		}
		if err := CheckPoint("point", *e.Point); err != nil {
			return err
		}
	}
	_, err := ParseHours(e.Hours)
	return err
}

// A RefusedEdit is one that does not go with the record as it is.
type RefusedEdit struct {
	Index int // of the edits
	Err   *Error
}

// Edited gives the stations as they are after the edits, those that are added last. Stations that no edit touches are the very same; edits
// that do not go are passed over and listed.
func Edited(stations []*Station, edits []StationEdit) (after []*Station, refused []RefusedEdit) {
	after = slices.Clone(stations)
	at := make(map[int64]int, len(stations)+len(edits))
	for i, s := range after {
		at[s.ID] = i
	}
	for i := range edits {
		e := &edits[i]
		where, known := at[e.Station]
		var next *Station
		switch {
		case e.Deed == EditAdd && !known:
			next = &Station{ID: e.Station, Name: Name{ZH: e.Name}, Status: StatusOpen}
			where = len(after)
			at[e.Station], after = where, append(after, nil)
		case e.Deed == EditAdd:
			refused = append(refused, RefusedEdit{i, Refuse(ReasonDuplicate, "station", e.Station, "is added twice")})
			continue
		case !known:
			refused = append(refused, RefusedEdit{i, Refuse(ReasonNotFound, "station", e.Station, "is neither in the record nor added before")})
			continue
		default:
			again := *after[where]
			next = &again
		}
		e.apply(next)
		after[where] = next
	}
	return after, refused
}

// apply does to a station what a valid edit says.
func (e *StationEdit) apply(s *Station) {
	switch e.Deed {
	case EditAdd:
		s.Kind, s.Point = e.Kind, *e.Point
		s.Hours, _ = ParseHours(e.Hours)
	case EditMove:
		s.Point = *e.Point
	case EditClose:
		s.Status = StatusClosed
	case EditReopen:
		s.Status = StatusOpen
	case EditHours:
		s.Hours, _ = ParseHours(e.Hours)
	}
}

// Touched lists the stations of the record that the edits change, in ascending order.
func Touched(edits []StationEdit) (ids []int64) {
	for _, e := range edits {
		if e.Station > 0 {
			ids = append(ids, e.Station)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// An Adoption is how a scenario becomes part of the record.
type Adoption struct {
	Status Status                   // of the stations that are added: planned, or open
	Named  map[int64]AdoptedStation // by the numbers that they have in the scenario; what is missing is made up
}

// AdoptedStation is what the record wants to know of a station that a scenario adds.
type AdoptedStation struct {
	Code string
	Name Name
}

// Adopt gives the stations that are to be written, of those of the record that the scenario touches: changed ones with their IDs, and
// new ones, whose IDs are below 0. Nothing may be refused.
func (sc *Scenario) Adopt(stations []*Station, how Adoption) (write []*Station, err error) {
	if how.Status != StatusPlanned && how.Status != StatusOpen {
		return nil, Refuse(ReasonUnknown, "status", how.Status, "must be planned or open")
	}
	if len(sc.Edits) == 0 {
		return nil, Refuse(ReasonConflict, "edits", nil, "are none: there is nothing to adopt")
	}
	after, refused := Edited(stations, sc.Edits)
	if len(refused) > 0 {
		return nil, Refuse(ReasonConflict, "edits", refused[0].Index+1, "cannot be made any more").Because(refused[0].Err)
	}
	for i, s := range after {
		if i < len(stations) && s == stations[i] {
			continue
		}
		if s.ID < 0 {
			named := how.Named[s.ID]
			if s.Code = strings.TrimSpace(named.Code); s.Code == "" {
				s.Code = fmt.Sprintf("P-%.8s-%d", sc.ID, -s.ID)
			}
			switch {
			case named.Name.ZH != "":
				s.Name = named.Name
			case s.Name.ZH == "":
				s.Name.ZH = fmt.Sprintf("规划站点 %d", -s.ID)
			}
			if s.Status == StatusOpen {
				s.Status = how.Status
			}
		}
		if err := s.Validate(); err != nil {
			return nil, err
		}
		write = append(write, s)
	}
	return write, nil
}
