package kora

import (
	"time"

	"github.com/paulmach/orb"
)

// A DemandUnit is what the weights of a Demand count.
type DemandUnit string

const (
	DemandPeople  DemandUnit = "people"  // 人口
	DemandWorkers DemandUnit = "workers" // 劳动者
	DemandJobs    DemandUnit = "jobs"    // 岗位
)

// DemandUnits lists every DemandUnit.
func DemandUnits() []DemandUnit { return []DemandUnit{DemandPeople, DemandWorkers, DemandJobs} }

// A Demand tells where people are whom the service circle is for: weights at places, or of cells of H3.
type Demand struct {
	ID        int64
	Code      string // unique
	Name      Name
	Unit      DemandUnit
	AsOf      time.Time // the day that it tells of
	Publisher string    // who counted, for example a statistics bureau and the name of the table
	Points    []orb.Point
	Cells     []uint64 // H3 indexes, where there are no Points
	Weights   []float64
	Sample    bool
	Source    Source
}

// The limits of a Demand.
const (
	MaxDemandPlaces = 200_000
	MaxDemandWeight = 1e8 // of one place
)

// Total is the sum of all weights.
func (d *Demand) Total() (sum float64) {
	for _, w := range d.Weights {
		sum += w
	}
	return sum
}

// Validate tells what is wrong with d; the error is an *Error.
func (d *Demand) Validate() error {
	if d.Code == "" {
		return Refuse(ReasonRequired, "code", nil, "needs a code")
	}
	if err := CheckText("code", d.Code, 60, false); err != nil {
		return err
	}
	if err := CheckText("publisher", d.Publisher, 300, false); err != nil {
		return err
	}
	if err := d.Name.validate("name"); err != nil {
		return err
	}
	if err := oneOf("unit", d.Unit, DemandUnits()); err != nil {
		return err
	}
	if d.AsOf.IsZero() {
		return Refuse(ReasonRequired, "as_of", nil, "needs the day that it tells of")
	}
	if d.Publisher == "" {
		return Refuse(ReasonRequired, "publisher", nil, "needs a source: who counted")
	}
	n := len(d.Weights)
	switch {
	case n == 0:
		return Refuse(ReasonRequired, "weight", nil, "has no place with a weight")
	case n > MaxDemandPlaces:
		return Refuse(ReasonTooLong, "weight", n, "are more places than %d", MaxDemandPlaces)
	case len(d.Points)+len(d.Cells) != n || len(d.Points) > 0 && len(d.Cells) > 0:
		return Refuse(ReasonSyntax, "weight", n, "must each belong to a point, or each to a cell")
	}
	for _, p := range d.Points {
		if err := CheckPoint("point", p); err != nil {
			return err
		}
	}
	for _, w := range d.Weights {
		if !(w >= 0 && w <= MaxDemandWeight) {
			return Refuse(ReasonRange, "weight", w, "must be from 0 to 100,000,000")
		}
	}
	return nil
}
