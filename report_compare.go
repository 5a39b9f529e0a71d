package kora

import (
	"encoding/json"
	"slices"
)

// A ReportComparison tells what differs between two kept reports. Points are percentage points, later less earlier.
type ReportComparison struct {
	From   ReportKept            `json:"from"`
	To     ReportKept            `json:"to"`
	Differ []string              `json:"differ" nullable:"false" doc:"What the two do not rest on alike: profile, minutes, kinds, network, elevation, sample. Where there is any, a difference is not progress alone."`
	Rows   []ReportRowDifference `json:"rows" nullable:"false"`
}

// ReportKept names a kept report.
type ReportKept struct {
	ID       int64    `json:"id"`
	Name     string   `json:"name"`
	Day      string   `json:"day" format:"date"`
	Progress Progress `json:"progress"`
}

// A ReportRowDifference is one place of either report.
type ReportRowDifference struct {
	Level    ReportLevel               `json:"level" enum:"city,district,area,grid"`
	Code     string                    `json:"code"`
	Name     *Name                     `json:"name,omitempty"`
	Only     string                    `json:"only,omitempty" enum:"from,to" doc:"The one report that has this place."`
	Measures []ReportMeasureDifference `json:"measures" nullable:"false"`
}

// A ReportMeasureDifference is one measure that both reports have.
type ReportMeasureDifference struct {
	Measure   Measure            `json:"measure" enum:"cells,streets,built_up,residential,demand"`
	Demand    string             `json:"demand,omitempty"`
	Unit      string             `json:"unit"`
	FromTotal float64            `json:"from_total"`
	ToTotal   float64            `json:"to_total"`
	Bands     []ReportDifference `json:"bands" nullable:"false"`
}

// A ReportDifference is that of one band.
type ReportDifference struct {
	Band        TimeBand `json:"band" enum:"any,day,night,round_the_clock"`
	FromShare   float64  `json:"from_share"`
	ToShare     float64  `json:"to_share"`
	Points      float64  `json:"points" doc:"(to_share − from_share) × 100"`
	FromTwice   float64  `json:"from_twice_share"`
	ToTwice     float64  `json:"to_twice_share"`
	TwicePoints float64  `json:"twice_points"`
}

// Compare tells what differs from one kept report to another.
func Compare(from, to *KeptReport) *ReportComparison {
	c := &ReportComparison{From: from.named(), To: to.named(), Differ: differing(from, to), Rows: []ReportRowDifference{}}
	for i := range to.Report.Rows {
		row := &to.Report.Rows[i]
		d := ReportRowDifference{Level: row.Level, Code: row.Code, Name: row.Name, Measures: []ReportMeasureDifference{}}
		if before := from.Report.row(row.Level, row.Code); before == nil {
			d.Only = "to"
		} else {
			d.Measures = row.since(before, from.Report.Bands, to.Report.Bands)
		}
		c.Rows = append(c.Rows, d)
	}
	for _, row := range from.Report.Rows {
		if to.Report.row(row.Level, row.Code) == nil {
			c.Rows = append(c.Rows, ReportRowDifference{Level: row.Level, Code: row.Code, Name: row.Name, Only: "from", Measures: []ReportMeasureDifference{}})
		}
	}
	return c
}

func (r *KeptReport) named() ReportKept {
	return ReportKept{ID: r.ID, Name: r.Name, Day: r.Report.Day, Progress: r.Report.Progress}
}

func (r *Report) row(level ReportLevel, code string) *ReportRow {
	for i := range r.Rows {
		if r.Rows[i].Level == level && r.Rows[i].Code == code {
			return &r.Rows[i]
		}
	}
	return nil
}

// since gives the measures of a row that it had before too.
func (r *ReportRow) since(before *ReportRow, bandsBefore, bands []ReportBand) []ReportMeasureDifference {
	all := []ReportMeasureDifference{}
	for _, m := range r.Measures {
		old := before.Measure(m.Measure, m.Demand)
		if old == nil {
			continue
		}
		d := ReportMeasureDifference{Measure: m.Measure, Demand: m.Demand, Unit: m.Unit, FromTotal: old.Total, ToTotal: m.Total, Bands: []ReportDifference{}}
		for i, share := range m.Bands {
			k := slices.IndexFunc(bandsBefore, func(b ReportBand) bool { return b.Band == bands[i].Band })
			if k < 0 || k >= len(old.Bands) {
				continue
			}
			was := old.Bands[k]
			d.Bands = append(d.Bands, ReportDifference{Band: bands[i].Band, FromShare: was.Share, ToShare: share.Share, Points: 100 * (share.Share - was.Share),
				FromTwice: was.Twofold, ToTwice: share.Twofold, TwicePoints: 100 * (share.Twofold - was.Twofold)})
		}
		all = append(all, d)
	}
	return all
}

// differing names what two reports do not rest on alike.
func differing(from, to *KeptReport) []string {
	type basis struct {
		Network, Elevation string
		Sample             bool
	}
	var a, b basis
	_ = json.Unmarshal(from.Assumptions, &a) // one that cannot be read differs from one that can
	_ = json.Unmarshal(to.Assumptions, &b)
	kinds := func(r *KeptReport) []Kind { return slices.Sorted(slices.Values(r.Report.Kinds)) }
	all := []string{}
	for _, d := range []struct {
		name   string
		differ bool
	}{
		{"profile", from.Report.Profile != to.Report.Profile}, {"minutes", from.Report.Minutes != to.Report.Minutes},
		{"kinds", !slices.Equal(kinds(from), kinds(to))}, {"network", a.Network != b.Network}, {"elevation", a.Elevation != b.Elevation},
		{"sample", from.Report.Sample != to.Report.Sample},
	} {
		if d.differ {
			all = append(all, d.name)
		}
	}
	return all
}
