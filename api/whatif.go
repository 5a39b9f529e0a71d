package api

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"kora"
	"kora/atlas"
	"kora/exporters"
)

// Whoever drags a station about asks for every place that it comes by.
const (
	whatIfEvery = 40 * time.Millisecond
	whatIfBurst = 250
)

// ScenarioSettings are the question that a scenario is an answer to.
type ScenarioSettings struct {
	Profile string      `json:"profile" enum:"walk,ebike,car,truck" doc:"How people travel."`
	Minutes int         `json:"minutes" minimum:"1" maximum:"60" doc:"The service circle."`
	Kinds   []kora.Kind `json:"kinds,omitempty" enum:"union_station,oxygen_bar,drivers_home" maxItems:"3" nullable:"false" doc:"Only these kinds; none: all."`
	OpenAt  string      `json:"open_at,omitempty" doc:"Stations count that are open for certain at this time (RFC 3339), or now; empty: all that serve at any time." example:"now"`
}

// A ScenarioEdit is one step of a scenario.
type ScenarioEdit struct {
	Deed    kora.EditDeed `json:"deed" enum:"add,move,close,reopen,hours"`
	Station int64         `json:"station" doc:"Its ID in the record; below 0 of one that the scenario adds."`
	Kind    kora.Kind     `json:"kind,omitempty" enum:"union_station,oxygen_bar,drivers_home" doc:"Of what is added."`
	Name    string        `json:"name,omitempty" doc:"Of what is added; may be left out."`
	Point   *orb.Point    `json:"point,omitempty" doc:"Longitude and latitude in degrees, of what is added or moved."`
	Hours   string        `json:"hours,omitempty" example:"Mo-Su 09:00-21:00" doc:"Of what is added, or from now on; empty: not known, and never open for certain."`
}

func editsOf(sent []ScenarioEdit) []kora.StationEdit {
	edits := make([]kora.StationEdit, len(sent))
	for i, e := range sent {
		edits[i] = kora.StationEdit(e)
	}
	return edits
}

// ScenarioQuestion is what is asked.
type ScenarioQuestion struct {
	ScenarioSettings
	Edits []ScenarioEdit `json:"edits" maxItems:"500" nullable:"false" doc:"What is tried, in order."`
}

type whatIfInput struct {
	LanguageParam
	Body struct {
		ScenarioQuestion
		Streets bool     `json:"streets,omitempty" doc:"Whether the rows tell of streets too, which takes longer."`
		Have    []string `json:"have,omitempty" maxItems:"4" nullable:"false" doc:"Tags of the tables of before that the caller has already: they are not sent again."`
	}
}

type whatIfOutput struct {
	Before      counted             `json:"before" doc:"The record as it is."`
	After       counted             `json:"after" doc:"The record with the edits."`
	Rows        []kora.ReportRow    `json:"rows" nullable:"false" doc:"All key areas together, then each district, then each key area, by all measures as in the report; the two bands of a measure are before and after."`
	Demands     []kora.ReportDemand `json:"demands" nullable:"false" doc:"The sets of demand among the measures."`
	Refused     []refusedEdit       `json:"refused" nullable:"false" doc:"Edits that do not go with the record and were passed over, and those that put a station where it covers nothing."`
	Base        scenarioBase        `json:"base" doc:"What this was counted on; a scenario keeps it."`
	Cells       []changedTable      `json:"cells" nullable:"false" doc:"The times of all cells, of resolution 10 and of resolution 8."`
	Assumptions assumptions         `json:"assumptions"`
}

type counted struct {
	Stations int            `json:"stations" doc:"How many stations serve under these settings."`
	Areas    []areaCoverage `json:"areas" nullable:"false"`
	Total    Shares         `json:"total" doc:"All key areas together; a cell in two of them counts once."`
}

func countedOf(c *atlas.Coverage) counted { return counted{c.Stations, areasOf(c), sharesOf(c.Total)} }

type refusedEdit struct {
	Edit   int         `json:"edit" doc:"Its index among the edits."`
	Reason kora.Reason `json:"reason"`
	Text   string      `json:"text" doc:"A sentence in the caller's language."`
}

// scenarioBase is the state of the record that a scenario was made on.
type scenarioBase struct {
	Snapshot string            `json:"snapshot,omitempty" doc:"As in the header Kora-Snapshot."`
	Stations []stationRevision `json:"stations" nullable:"false" doc:"Those of the record that the edits touch."`
}

type stationRevision struct {
	Station int64 `json:"station"`
	Version int   `json:"version"`
}

func baseOf(b kora.ScenarioBase) scenarioBase {
	out := scenarioBase{Snapshot: b.Snapshot, Stations: []stationRevision{}}
	for id, version := range b.Versions {
		out.Stations = append(out.Stations, stationRevision{id, version})
	}
	slices.SortFunc(out.Stations, func(a, b stationRevision) int { return int(a.Station - b.Station) })
	return out
}

// changedTable is the table of times of before, and how it is after.
type changedTable struct {
	Resolution int    `json:"resolution" doc:"H3 resolution."`
	Tag        string `json:"tag" doc:"Names the table of before, with its cells."`
	Before     []byte `json:"before,omitempty" doc:"One byte a cell as in /v1/coverage/cells, in Base64; left out when the caller has it."`
	Changed    []byte `json:"changed" doc:"The cells that have another byte after the edits, in Base64: how many cells are passed over since the last one, as an unsigned LEB128 number, and the byte."`
}

func changedTableOf(resolution int, t atlas.TableChange, have []string) changedTable {
	out := changedTable{Resolution: resolution, Tag: t.Tag, Changed: []byte{}}
	if !slices.Contains(have, t.Tag) {
		out.Before = t.Before
	}
	if bytes.Equal(t.Before, t.After) {
		return out
	}
	passed := uint64(0)
	for i, after := range t.After {
		if after == t.Before[i] {
			passed++
			continue
		}
		out.Changed = append(binary.AppendUvarint(out.Changed, passed), after)
		passed = 0
	}
	return out
}

// try gives what the edits of a question come to, with streets in its rows or without, and the time at which stations must be open.
func (s *service) try(ctx context.Context, a *atlas.Atlas, q *ScenarioQuestion, streets bool) (*atlas.Trial, *time.Time, error) {
	openAt, err := kora.ParseOpenAt(q.OpenAt, s.Now())
	if err != nil {
		return nil, nil, err
	}
	trial, err := a.WhatIf(ctx, q.Profile, atlas.StationQuery{Kinds: q.Kinds, OpenAt: openAt}, float64(q.Minutes)*60, editsOf(q.Edits), streets)
	return trial, openAt, err
}

func (s *service) whatIf(ctx context.Context, in *whatIfInput) (*body[whatIfOutput], error) {
	a, b := atlasOf(ctx), &in.Body
	trial, openAt, err := s.try(ctx, a, &b.ScenarioQuestion, b.Streets)
	if err != nil {
		return nil, refused(err)
	}
	out := whatIfOutput{
		Before: countedOf(trial.Before), After: countedOf(trial.After), Rows: trial.Rows, Demands: trial.Demands, Refused: []refusedEdit{}, Base: baseOf(trial.Base),
		Cells: []changedTable{
			changedTableOf(atlas.CellResolution, trial.Cells, b.Have), changedTableOf(atlas.CoarseResolution, trial.Coarse, b.Have),
		},
		Assumptions: assumptionsOf(a, b.Profile, openAt),
	}
	for _, r := range trial.Refused {
		out.Refused = append(out.Refused, refusedEdit{r.Index, r.Err.Reason, in.language.text(r.Err)})
	}
	return &body[whatIfOutput]{out}, nil
}

type whatIfFileInput struct {
	Format string `query:"format" enum:"xlsx,csv,geojson" default:"xlsx" doc:"A workbook of areas and stations, the areas as CSV, or the stations that are touched as GeoJSON."`
	Body   ScenarioQuestion
}

func (s *service) whatIfFile(ctx context.Context, in *whatIfFileInput) (*download, error) {
	a, b := atlasOf(ctx), &in.Body
	trial, openAt, err := s.try(ctx, a, b, true)
	if err != nil {
		return nil, refused(err)
	}
	format := exporters.Format(in.Format)
	set, err := exporters.Scenario(a, exporters.CoverageQuery{Profile: b.Profile, Minutes: b.Minutes, Kinds: b.Kinds, OpenAt: openAt}, editsOf(b.Edits), trial)
	if err != nil {
		return nil, refused(err)
	}
	if format == exporters.GeoJSON {
		set = set.Layer("stations")
	}
	d, err := downloadOf(ctx, set, format, "scenario-"+kora.ChinaTime(s.Now()).Format(time.DateOnly))
	return d, refused(err)
}
