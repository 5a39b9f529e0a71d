package atlas

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"kora"
)

// A Trial is the record and a scenario side by side, both of one snapshot.
type Trial struct {
	Before, After *Coverage
	Rows          []kora.ReportRow    // as a report has them, but for that of the whole grid; before and after are their bands
	Demands       []kora.ReportDemand // that the rows tell of
	Refused       []kora.RefusedEdit  // those that do not go, and those that put a station where it covers nothing
	Base          kora.ScenarioBase
	Cells, Coarse TableChange
}

// A TableChange is a table of the times of all cells, as CellValues has them, before and after.
type TableChange struct {
	Tag           string // names the table of before, with its cells
	Before, After []byte // shared, not to be changed
}

// WhatIf counts what Coverage does for the stations that q means, as they are and as they would be after the edits. Nothing is written, and
// what was computed for the stations as they are is not lost by it. The rows tell of streets only where streets is set: those within the
// time of two stations cost more than all the rest.
func (a *Atlas) WhatIf(ctx context.Context, profile string, q StationQuery, maxSeconds float64, edits []kora.StationEdit, streets bool) (*Trial, error) {
	if err := kora.CheckEdits(edits); err != nil {
		return nil, err
	}
	t, err := a.by(profile)
	if err != nil {
		return nil, err
	}
	trial := &Trial{Base: kora.ScenarioBase{Snapshot: a.Position.Snapshot, Versions: map[int64]int{}}}
	for _, id := range kora.Touched(edits) {
		if s := a.Station(id); s != nil {
			trial.Base.Versions[id] = s.Version
		}
	}
	stations, refused := kora.Edited(a.Stations, edits)
	trial.Refused = append(refused, a.outOfReach(t, stations, edits)...)
	var serving []*kora.Station
	for _, s := range stations {
		if s.Status.Serves() && q.match(s) {
			serving = append(serving, s)
		}
	}
	before, after := a.serving(t, q), t.onStreets(serving)
	if trial.Before, err = a.coverageOf(ctx, t, before, maxSeconds); err != nil {
		return nil, err
	}
	if trial.After, err = a.coverageOf(ctx, t, after, maxSeconds); err != nil {
		return nil, err
	}
	was, err := t.served(ctx, before)
	if err != nil {
		return nil, err
	}
	is, err := t.served(ctx, after)
	if err != nil {
		return nil, err
	}
	if err := a.tellRows(trial, t, []band{was.band(maxSeconds, streets), is.band(maxSeconds, streets)}, maxSeconds, streets); err != nil {
		return nil, err
	}
	trial.Cells = TableChange{Before: was.table(a.grid, false), After: is.table(a.grid, false)}
	trial.Coarse = TableChange{Before: was.table(a.grid, true), After: is.table(a.grid, true)}
	trial.Cells.Tag, trial.Coarse.Tag = a.grid.tag(trial.Cells.Before), a.grid.tag(trial.Coarse.Before)
	return trial, nil
}

// tellRows counts all measures of the city, the districts and the key areas, as a report does.
func (a *Atlas) tellRows(trial *Trial, t *travel, bands []band, maxSeconds float64, streets bool) error {
	measures, demands, err := a.measures()
	if err != nil {
		return err
	}
	trial.Demands = demands
	for _, p := range a.reportPlaces(t) {
		if p.level == kora.LevelGrid {
			continue
		}
		if !streets {
			p.streets = nil
		}
		trial.Rows = append(trial.Rows, a.reportRow(p, measures, bands, maxSeconds))
	}
	return nil
}

// outOfReach lists the edits that leave a station where no street is within reach: the last that puts each there.
func (a *Atlas) outOfReach(t *travel, stations []*kora.Station, edits []kora.StationEdit) (refused []kora.RefusedEdit) {
	last := map[int64]int{}
	for i, e := range edits {
		if e.Point != nil {
			last[e.Station] = i
		}
	}
	if len(last) == 0 {
		return nil
	}
	for _, s := range stations {
		i, put := last[s.ID]
		if !put {
			continue
		}
		if _, ok := t.linkOf(s); !ok {
			refused = append(refused, kora.RefusedEdit{Index: i, Err: kora.Refuse(kora.ReasonNoAccess, "", nil,
				"no street within reach of this place (%.0f m)", t.streets.Profile().PointReachM)})
		}
	}
	return refused
}

// table gives one byte a cell, as CellValues does, of the nearest station. It is shared.
func (s *served) table(h *hexes, coarse bool) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tables[0] == nil {
		s.tables[0], s.tables[1] = bytesOf(s.times[0]), bytesOf(h.median(s.times[0]))
	}
	if coarse {
		return s.tables[1]
	}
	return s.tables[0]
}

// tag names a table of the cells of h.
func (h *hexes) tag(table []byte) string {
	sum := sha256.New()
	sum.Write(h.digest[:])
	sum.Write(table)
	return hex.EncodeToString(sum.Sum(nil)[:8])
}
