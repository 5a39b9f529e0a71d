package kora

import (
	"encoding/json"
	"time"
)

// A Report tells how much of the key areas the service circle reaches at one state of the record: for the whole city, each
// district and each key area, by several measures, in bands of time.
type Report struct {
	Profile  string         `json:"profile"`
	Minutes  int            `json:"minutes" doc:"The service circle."`
	Kinds    []Kind         `json:"kinds" nullable:"false" doc:"The kinds of station that count; none: all."`
	Day      string         `json:"day" format:"date" doc:"Opening hours are those of this day."`
	Snapshot string         `json:"snapshot" doc:"The state of the record that all of it is made from."`
	AsOf     time.Time      `json:"as_of" doc:"When the record last changed."`
	Bands    []ReportBand   `json:"bands" nullable:"false"`
	Demands  []ReportDemand `json:"demands" nullable:"false"`
	Rows     []ReportRow    `json:"rows" nullable:"false" doc:"All key areas together, then each district, then each key area, then all that the grid holds."`
	Progress Progress       `json:"progress"`
	Sample   bool           `json:"sample" doc:"示例: something that the figures rest on is an illustration."`
}

// A ReportBand tells which stations count.
type ReportBand struct {
	Band     TimeBand   `json:"band" enum:"any,day,night,round_the_clock" doc:"any: all that serve; day: open for certain at noon; night: at 23:00; round_the_clock: at every hour of the week."`
	At       *time.Time `json:"at" nullable:"true"`
	Stations int        `json:"stations" doc:"How many count, on streets of the profile."`
}

// A TimeBand is a part of the day.
type TimeBand string

const (
	BandAny   TimeBand = "any"
	BandDay   TimeBand = "day"
	BandNight TimeBand = "night"
	BandClock TimeBand = "round_the_clock"
)

// TimeBands lists every TimeBand.
func TimeBands() []TimeBand { return []TimeBand{BandAny, BandDay, BandNight, BandClock} }

// A ReportDemand is a set of demand that was counted.
type ReportDemand struct {
	Code      string     `json:"code"`
	Name      Name       `json:"name"`
	Unit      DemandUnit `json:"unit" enum:"people,workers,jobs"`
	AsOf      string     `json:"as_of" format:"date"`
	Publisher string     `json:"publisher"`
	Total     float64    `json:"total" doc:"All of it."`
	OffGrid   float64    `json:"off_grid" doc:"What of it lies beyond the grid. It counts as not served."`
	Sample    bool       `json:"sample"`
}

// A ReportLevel tells what a row of a Report is about.
type ReportLevel string

const (
	LevelCity     ReportLevel = "city"     // all key areas together
	LevelDistrict ReportLevel = "district" // the key areas of one county
	LevelArea     ReportLevel = "area"     // one key area
	LevelGrid     ReportLevel = "grid"     // all that the grid holds, within key areas and around them
)

// A ReportRow is one place.
type ReportRow struct {
	Level    ReportLevel     `json:"level" enum:"city,district,area,grid"`
	ID       int64           `json:"id,omitempty" doc:"Of a key area."`
	Code     string          `json:"code" doc:"Of the key area or the county; empty for the others."`
	Name     *Name           `json:"name,omitempty" doc:"Of a key area."`
	Areas    int             `json:"areas" doc:"How many key areas it is made of."`
	BBox     [4]float64      `json:"bbox" doc:"west, south, east, north in degrees"`
	Sample   bool            `json:"sample"`
	Measures []ReportMeasure `json:"measures" nullable:"false"`
}

// Measure is the one of r with this name, nil when there is none.
func (r *ReportRow) Measure(of Measure, demand string) *ReportMeasure {
	for i := range r.Measures {
		if m := &r.Measures[i]; m.Measure == of && m.Demand == demand {
			return m
		}
	}
	return nil
}

// A Measure is what a share is a share of.
type Measure string

const (
	MeasureCells       Measure = "cells"       // number of cells
	MeasureStreets     Measure = "streets"     // metres of street
	MeasureBuiltUp     Measure = "built_up"    // square metres of built-up land
	MeasureResidential Measure = "residential" // square metres of residential land
	MeasureDemand      Measure = "demand"      // weight of a set of demand
)

// Measures lists every Measure.
func Measures() []Measure {
	return []Measure{MeasureCells, MeasureStreets, MeasureBuiltUp, MeasureResidential, MeasureDemand}
}

// A ReportMeasure is one measure of a row, with its denominator.
type ReportMeasure struct {
	Measure Measure       `json:"measure" enum:"cells,streets,built_up,residential,demand"`
	Demand  string        `json:"demand,omitempty" doc:"Code of the set of demand."`
	Unit    string        `json:"unit" enum:"cells,m,m2,people,workers,jobs"`
	Total   float64       `json:"total" doc:"The denominator."`
	Bands   []ReportShare `json:"bands" nullable:"false" doc:"By the bands of the report; in a what-if, before and after."`
}

// A ReportShare is what of a measure is served in a band.
type ReportShare struct {
	Covered float64       `json:"covered" doc:"Within the time of a station."`
	Share   float64       `json:"share" doc:"covered ÷ total; 0 of nothing"`
	Twice   float64       `json:"twice" doc:"交叉覆盖: within the time of two different stations."`
	Twofold float64       `json:"twice_share" doc:"twice ÷ total"`
	Circle  *ReportCircle `json:"straight_line_1km,omitempty" doc:"Cells whose centre lies within 1 km of a station as the crow flies: no travel time, only for comparison. Not told of streets."`
}

// A ReportCircle is what a circle on paper would claim.
type ReportCircle struct {
	Covered float64 `json:"covered"`
	Share   float64 `json:"share"`
}

// Progress is how far the plan has come, counted as the targets count.
type Progress struct {
	Standard   int `json:"standard" doc:"Standard stations (规范化) that serve: union stations, and oxygen bars among them."`
	Oxygen     int `json:"oxygen" doc:"How many of them are oxygen bars."`
	KeyAreas   int `json:"key_areas" doc:"Key areas all of whose cells with a street are within the circle of the report."`
	KeyAreasOf int `json:"key_areas_of" doc:"Of so many."`
	Highways   int `json:"highways" doc:"Highways with a drivers' home that serves."`
	HighwaysOf int `json:"highways_of" doc:"Of so many."`
}

// A KeptReport is a Report that was kept under a name. It never changes.
type KeptReport struct {
	ID          int64
	Name        string
	Note        string
	Author      string
	KeptAt      time.Time
	Report      Report
	Assumptions json.RawMessage // as the interface printed them beside the report
}

// Validate tells what is wrong with r; the error is an *Error.
func (r *KeptReport) Validate() error {
	if r.Name == "" {
		return Refuse(ReasonRequired, "name", nil, "needs a name, such as 2026 年上半年")
	}
	if err := CheckText("name", r.Name, 100, false); err != nil {
		return err
	}
	return CheckText("note", r.Note, 1000, true)
}
