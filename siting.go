package kora

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"
)

// A SitingState is where a question stands that is worked on in the background.
type SitingState string

const (
	SitingQueued    SitingState = "queued"
	SitingRunning   SitingState = "running"
	SitingDone      SitingState = "done"
	SitingFailed    SitingState = "failed"    // Refused tells why
	SitingCancelled SitingState = "cancelled" // was called off
)

// SitingStates lists every SitingState.
func SitingStates() []SitingState {
	return []SitingState{SitingQueued, SitingRunning, SitingDone, SitingFailed, SitingCancelled}
}

// Over tells whether nothing more will come of it.
func (s SitingState) Over() bool {
	return s == SitingDone || s == SitingFailed || s == SitingCancelled
}

// A Siting is a question where stations should stand, and what came of it. Whoever knows its id may read it.
type Siting struct {
	ID        string
	State     SitingState
	Question  SitingQuestion
	Author    Author
	CreatedAt time.Time
	ChangedAt time.Time
	Progress  SitingProgress
	Plan      *SitingPlan  // once it is done
	Refused   *ImportFault // why it failed
}

// SitingProgress tells people how far a run is.
type SitingProgress struct {
	Step  string  `json:"step,omitempty"` // lists, greedy, swap or bound
	Done  int     `json:"done,omitempty"`
	Total int     `json:"total,omitempty"`
	Value float64 `json:"value,omitempty"` // of the best plan so far; 0 while there is none
	Bound float64 `json:"bound,omitempty"` // 0 while there is none
}

// A SitingObjective is what is asked for.
type SitingObjective string

const (
	SiteMost    SitingObjective = "most"    // the most that a number of stations, or a budget, can serve (MCLP)
	SiteAll     SitingObjective = "all"     // the fewest stations that serve all that can be served (LSCP)
	SiteShare   SitingObjective = "share"   // the fewest that serve a share
	SiteNearest SitingObjective = "nearest" // the least time in all to the nearest station (p-median)
	SiteLongest SitingObjective = "longest" // the shortest longest way (p-centre)
)

// SitingObjectives lists every SitingObjective.
func SitingObjectives() []SitingObjective {
	return []SitingObjective{SiteMost, SiteAll, SiteShare, SiteNearest, SiteLongest}
}

// What counts of the ground, and what becomes of the stations that stand.
const (
	WeightCells   = "cells"   // every cell counts one
	WeightStreets = "streets" // metres of street in the cell
	WeightDemand  = "demand"  // what a set of demand has in the cell

	StationsKept   = "kept"   // stand, stay, and count in no limit
	StationsMoving = "moving" // may be closed: they are candidates like any other
	StationsLeft   = "left"   // are left out of account
)

// A SitingQuestion is everything that a plan depends on, but for the record. What is empty takes its default.
type SitingQuestion struct {
	Objective SitingObjective `json:"objective"`
	Profile   string          `json:"profile"`
	Minutes   int             `json:"minutes"`         // of the service circle; of nearest and longest, the longest way that is looked at
	Sites     int             `json:"sites,omitempty"` // how many at most, required ones among them: of most, nearest and longest
	Share     float64         `json:"share,omitempty"` // from 0 to 1: of share
	Times     int             `json:"times,omitempty"` // 2: served by two different stations (交叉覆盖); 0 and 1: by one
	Floor     float64         `json:"floor,omitempty"` // the share that must be served in every key area that counts: of most, all and share

	Weights string           `json:"weights,omitempty"` // WeightCells, WeightStreets or WeightDemand
	Demand  string           `json:"demand,omitempty"`  // code of the set of demand
	Areas   []int64          `json:"areas,omitempty"`   // IDs of key areas that count; empty: all
	Within  orb.MultiPolygon `json:"within,omitempty"`  // drawn: what counts instead of key areas

	Existing string     `json:"existing,omitempty"` // StationsKept, StationsMoving or StationsLeft
	Kinds    []Kind     `json:"kinds,omitempty"`    // of existing stations that count; empty: all
	OpenAt   *time.Time `json:"open_at,omitempty"`  // existing stations count that are open for certain then

	Candidates  SitingCandidates `json:"candidates"`
	Required    []orb.Point      `json:"required,omitempty"`     // places that must have a station
	Forbidden   orb.MultiPolygon `json:"forbidden,omitempty"`    // where none may stand
	ForbiddenAt []orb.Point      `json:"forbidden_at,omitempty"` // and within 100 m of which none may

	Types  []SitingType `json:"types,omitempty"`  // of new stations; empty: one, without a cost
	Budget float64      `json:"budget,omitempty"` // of most: what all of them may cost together

	Seed uint64 `json:"seed,omitempty"`
}

// SitingCandidates are the places where a station may come.
type SitingCandidates struct {
	From   string           `json:"from,omitempty"`    // CandidateCells, CandidateStreets or CandidatePoints
	EveryM float64          `json:"every_m,omitempty"` // of streets: how far they lie apart
	Points []orb.Point      `json:"points,omitempty"`  // of points: from a file, or drawn
	Within orb.MultiPolygon `json:"within,omitempty"`  // drawn: only there
}

// Where candidates come from.
const (
	CandidateCells   = "cells"   // the centre of every cell that counts
	CandidateStreets = "streets" // places along streets
	CandidatePoints  = "points"  // a list
)

// A SitingType is a type of station with what it costs and how many there may be.
type SitingType struct {
	Name string  `json:"name"`
	Cost float64 `json:"cost,omitempty"`
	Most int     `json:"most,omitempty"` // 0 does not limit
}

// A SitingPlan is an answer. Value and Bound are in the unit of Weights (most), stations (all, share), unit times seconds
// (nearest), or seconds (longest); the bound is proven.
type SitingPlan struct {
	Value      float64 `json:"value"`
	Bound      float64 `json:"bound"`
	Gap        float64 `json:"gap"`
	Met        bool    `json:"met"`        // all floors hold, and the share or everybody is reached
	Impossible bool    `json:"impossible"` // it is proven that no plan can

	Covered   float64 `json:"covered"`
	Existing  float64 `json:"existing"` // by stations that stand and stay, alone
	Reachable float64 `json:"reachable"`
	Total     float64 `json:"total"`

	Unit    string        `json:"unit"`               // of what is covered: cells, m, or a DemandUnit
	OffGrid float64       `json:"off_grid,omitempty"` // of Total, where the grid has no cell: nobody can cover it
	Demand  *ReportDemand `json:"demand,omitempty"`   // the set by which was weighed

	Sites  []SitingSite  `json:"sites"`
	Kept   []int64       `json:"kept"`   // existing stations that stay, by ID
	Closed []int64       `json:"closed"` // that do not
	Curve  []SitingPoint `json:"curve"`  // what so many sites of the plan cover, from none; beyond it, what a few more would
	Areas  []SitingArea  `json:"areas"`

	Demands    int    `json:"demands"`    // cells that count
	Candidates int    `json:"candidates"` // places that had a street within reach
	Unlinked   int    `json:"unlinked"`   // places that had none, and were left out
	Entries    int    `json:"entries"`    // pairs of a place and a cell that it serves
	Snapshot   string `json:"snapshot"`   // the record that was looked at
	StreetsOf  string `json:"streets_of"` // the extract
}

// A SitingSite is a place of a plan, in the order in which each adds most.
type SitingSite struct {
	Number  int       `json:"number"` // from 1
	Point   orb.Point `json:"point"`
	Station int64     `json:"station,omitempty"` // ID, where one stands already
	Type    string    `json:"type,omitempty"`
	Cost    float64   `json:"cost,omitempty"`
	Area    string    `json:"area,omitempty"`     // code of the key area that it lies in
	Street  Name      `json:"street,omitzero"`    // the nearest one, or place, that has a name
	StreetM float64   `json:"street_m,omitempty"` // how far that is
	Must    bool      `json:"must,omitempty"`     // was required
	Adds    float64   `json:"adds"`
	Covered float64   `json:"covered"` // with those before it
	Alone   float64   `json:"alone"`   // what is lost without it
}

// A SitingPoint is a point of the marginal curve.
type SitingPoint struct {
	Sites   int     `json:"sites"`
	Covered float64 `json:"covered"`
	Beyond  bool    `json:"beyond,omitempty"` // more than the plan has
}

// A SitingArea says what a plan does for a key area, in the unit of Weights.
type SitingArea struct {
	ID     int64   `json:"id"`
	Total  float64 `json:"total"`
	Before float64 `json:"before"`
	After  float64 `json:"after"`
	Floor  float64 `json:"floor,omitempty"` // the share that was asked for
	Met    bool    `json:"met"`
}

// The limits of a question.
const (
	maxSitingSites  = 1000
	maxSitingPoints = 20_000
	maxSitingTypes  = 8
	maxSitingRing   = 2000 // corners of what is drawn
)

// Validate puts in the defaults, and tells what is wrong with q; the error is an *Error.
func (q *SitingQuestion) Validate() error {
	q.fill()
	if err := oneOf("objective", q.Objective, SitingObjectives()); err != nil {
		return err
	}
	if q.Minutes < 1 || q.Minutes > 60 {
		return Refuse(ReasonRange, "minutes", q.Minutes, "must be from 1 to 60")
	}
	counts := q.Objective == SiteMost || q.Objective == SiteNearest || q.Objective == SiteLongest
	switch {
	case q.Sites < 0 || q.Sites > maxSitingSites:
		return Refuse(ReasonRange, "sites", q.Sites, "must be from 1 to %d", maxSitingSites)
	case counts && q.Sites == 0 && !(q.Objective == SiteMost && (q.Budget > 0 || q.limited())):
		return Refuse(ReasonRequired, "sites", nil, "needs a number of stations, or a budget")
	case q.Objective == SiteShare && !(q.Share > 0 && q.Share <= 1):
		return Refuse(ReasonRange, "share", q.Share, "must be above 0 and at most 1")
	case q.Times < 1 || q.Times > 2:
		return Refuse(ReasonRange, "times", q.Times, "must be 1 or 2")
	case !(q.Floor >= 0 && q.Floor <= 1):
		return Refuse(ReasonRange, "floor", q.Floor, "must be from 0 to 1")
	case q.Objective == SiteNearest && q.Times > 1:
		return Refuse(ReasonConflict, "times", q.Times, "does not go with the least time in all: everybody goes to one station")
	case q.Floor > 0 && (q.Objective == SiteNearest || q.Objective == SiteLongest):
		return Refuse(ReasonConflict, "floor", q.Floor, "does not go with this objective")
	case q.Floor > 0 && len(q.Within) > 0:
		return Refuse(ReasonConflict, "floor", q.Floor, "is one of key areas, and does not go with a drawn area")
	case !(q.Budget >= 0) || math.IsInf(q.Budget, 1):
		return Refuse(ReasonRange, "budget", q.Budget, "must not be negative")
	case q.Weights == WeightDemand && q.Demand == "":
		return Refuse(ReasonRequired, "demand", nil, "needs a code")
	case q.Weights != WeightDemand && q.Demand != "":
		return Refuse(ReasonConflict, "demand", q.Demand, "does not go with these weights")
	case (q.Budget > 0 || len(q.Types) > 0) && q.Objective != SiteMost:
		return Refuse(ReasonConflict, "budget", nil, "and types of stations go with \"most\" only")
	}
	if err := oneOf("weights", q.Weights, []string{WeightCells, WeightStreets, WeightDemand}); err != nil {
		return err
	}
	if err := oneOf("existing", q.Existing, []string{StationsKept, StationsMoving, StationsLeft}); err != nil {
		return err
	}
	for _, k := range q.Kinds {
		if err := oneOf("kind", k, Kinds()); err != nil {
			return err
		}
	}
	if err := q.validateTypes(); err != nil {
		return err
	}
	return q.validatePlaces()
}

func (q *SitingQuestion) fill() {
	if q.Profile == "" {
		q.Profile = "walk"
	}
	if q.Times == 0 {
		q.Times = 1
	}
	if q.Weights == "" {
		q.Weights = WeightCells
		if q.Demand != "" {
			q.Weights = WeightDemand
		}
	}
	if q.Existing == "" {
		q.Existing = StationsKept
	}
	if q.Candidates.From == "" {
		q.Candidates.From = CandidateCells
		if len(q.Candidates.Points) > 0 {
			q.Candidates.From = CandidatePoints
		}
	}
	if q.Candidates.From == CandidateStreets && q.Candidates.EveryM == 0 {
		q.Candidates.EveryM = 200
	}
}

// limited tells whether the types of stations alone limit how many there may be.
func (q *SitingQuestion) limited() bool {
	return len(q.Types) > 0 && !slices.ContainsFunc(q.Types, func(t SitingType) bool { return t.Most == 0 })
}

func (q *SitingQuestion) validateTypes() error {
	if len(q.Types) > maxSitingTypes {
		return Refuse(ReasonTooLong, "types", len(q.Types), "are more than %d", maxSitingTypes)
	}
	if len(q.Types) > 1 && q.Times > 1 {
		return Refuse(ReasonConflict, "types", len(q.Types), "of stations do not go with being served twice: two types could stand at one place")
	}
	for i, t := range q.Types {
		if err := CheckText(fmt.Sprintf("types[%d].name", i), t.Name, 40, false); err != nil {
			return err
		}
		if !(t.Cost >= 0) || math.IsInf(t.Cost, 1) || t.Most < 0 || t.Most > maxSitingSites {
			return Refuse(ReasonRange, "types", t.Name, "needs a cost that is not negative and a number from 0 to %d", maxSitingSites)
		}
	}
	return nil
}

func (q *SitingQuestion) validatePlaces() error {
	c := &q.Candidates
	if err := oneOf("candidates", c.From, []string{CandidateCells, CandidateStreets, CandidatePoints}); err != nil {
		return err
	}
	switch {
	case c.From == CandidateStreets && !(c.EveryM >= 20 && c.EveryM <= 5000):
		return Refuse(ReasonRange, "every_m", c.EveryM, "must be from 20 to 5,000 m")
	case c.From == CandidatePoints && len(c.Points) == 0 && q.Existing != StationsMoving:
		return Refuse(ReasonRequired, "candidates", nil, "has no points")
	}
	for _, list := range [][]orb.Point{c.Points, q.Required, q.ForbiddenAt} {
		if len(list) > maxSitingPoints {
			return Refuse(ReasonTooLong, "points", len(list), "are more than %d", maxSitingPoints)
		}
		for _, p := range list {
			if err := CheckPoint("points", p); err != nil {
				return err
			}
		}
	}
	for _, drawn := range []orb.MultiPolygon{q.Within, c.Within, q.Forbidden} {
		if len(drawn) == 0 {
			continue
		}
		corners := 0
		for _, polygon := range drawn {
			for _, ring := range polygon {
				corners += len(ring)
			}
		}
		if corners > maxSitingRing {
			return Refuse(ReasonTooLong, "within", corners, "are more than %d", maxSitingRing)
		}
		if err := checkMultiPolygon("within", drawn); err != nil {
			return err
		}
	}
	return nil
}
