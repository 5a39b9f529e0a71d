package store_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"kora"
)

func demand(code string) *kora.Demand {
	return &kora.Demand{Code: code, Name: kora.Name{ZH: "常住人口", EN: "Residents"}, Unit: kora.DemandPeople,
		AsOf: time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC), Publisher: "made up", Sample: true, Source: kora.Source{File: "a.csv"},
		Points: []orb.Point{{91.1, 29.65}, {91.2, 29.7}}, Weights: []float64{12, 0.5}}
}

func TestDemandIsKept(t *testing.T) {
	s, cfg := open(t)
	ctx := t.Context()
	byCell := demand("b")
	byCell.Points, byCell.Cells = nil, []uint64{0x893e2d4c1b3ffff, 0x893e2d4c1b7ffff}
	if _, _, err := s.ApplyDemands(ctx, author, []*kora.Demand{demand("a"), byCell}, false); err != nil {
		t.Fatal(err)
	}
	first, err := s.Changes(ctx, kora.Position{})
	if err != nil || len(first.Demands) != 2 {
		t.Fatalf("%v, %v", first.Demands, err)
	}
	for _, d := range first.Demands {
		want := demand("a")
		if d.Code == "b" {
			want = byCell
		}
		want.ID = d.ID
		same(t, "demand", d, want)
	}
	// The same in another file is no change; another weight is, and what was stays in the history.
	again, changed := demand("a"), demand("a")
	again.Source.File = "b.csv"
	changed.Weights[0] = 13
	for _, c := range []struct {
		d       *kora.Demand
		changed bool
	}{{again, false}, {changed, true}} {
		_, outcomes, err := s.ApplyDemands(ctx, author, []*kora.Demand{c.d}, false)
		if err != nil || outcomes[0].Changed != c.changed || outcomes[0].Added {
			t.Errorf("%+v, %v", outcomes, err)
		}
	}
	next, err := s.Changes(ctx, first.To)
	if err != nil || len(next.Demands) != 1 {
		t.Fatalf("%v changed, %v", next.Demands, err)
	}
	conn, err := pgx.ConnectConfig(ctx, cfg.ConnConfig)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	var before []float64
	if err := conn.QueryRow(ctx, `SELECT ARRAY(SELECT jsonb_array_elements(row->'weights')::float8) FROM history WHERE layer = 8`).Scan(&before); err != nil || !slices.Equal(before, []float64{12, 0.5}) {
		t.Errorf("the history has weights %v, %v", before, err)
	}
	// The record refuses by itself what no reader would give it.
	for name, set := range map[string]string{
		"a weight too few":      `weights = '{1}'`,
		"no weight":             `weights = '{}', lons = '{}', lats = '{}'`,
		"a weight that is none": `weights = '{1,NaN}'`,
		"an endless weight":     `weights = '{1,Infinity}'`,
		"less than nothing":     `weights = '{1,-1}'`,
		"nothing":               `weights = '{1,null}'`,
		"beyond the pole":       `lats = '{29,91}'`,
		"points and cells":      `cells = '{618000000000000000,618000000000000000}'`,
		"no cells":              `lons = '{}', lats = '{}', cells = '{1,2}'`,
		"no publisher":          `publisher = ''`,
		"another unit":          `unit = 'yaks'`,
	} {
		if _, err := conn.Exec(ctx, `UPDATE demand SET `+set+` WHERE code = 'a'`); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func TestKeptReportsStay(t *testing.T) {
	s, cfg := open(t)
	ctx := t.Context()
	kept := &kora.KeptReport{Name: "2026 年上半年", Note: "半年调度", Assumptions: json.RawMessage(`{"network": "x"}`), Report: kora.Report{
		Profile: "walk", Minutes: 15, Snapshot: "1:1:", Day: "2026-07-01", Kinds: []kora.Kind{}, Demands: []kora.ReportDemand{},
		Bands: []kora.ReportBand{{Band: kora.BandAny, Stations: 3}},
		Rows: []kora.ReportRow{{Level: kora.LevelCity, Areas: 2, Measures: []kora.ReportMeasure{{Measure: kora.MeasureCells, Unit: "cells", Total: 3,
			Bands: []kora.ReportShare{{Covered: 1, Share: 1. / 3, Circle: &kora.ReportCircle{Covered: 2, Share: 2. / 3}}}}}}},
		Progress: kora.Progress{Standard: 9}}}
	if _, err := s.KeepReport(ctx, author, kept); err != nil || kept.ID == 0 || kept.KeptAt.IsZero() || kept.Author != "test" {
		t.Fatalf("%+v, %v", kept, err)
	}
	c, err := s.Changes(ctx, kora.Position{})
	if err != nil || len(c.Reports) != 1 {
		t.Fatalf("%v, %v", c.Reports, err)
	}
	same(t, "report", c.Reports[kept.ID], kept)
	conn, err := pgx.ConnectConfig(ctx, cfg.ConnConfig)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	for _, sql := range []string{`UPDATE report SET name = 'x'`, `DELETE FROM report`, `TRUNCATE report`, `UPDATE report SET report = jsonb_set(report, '{minutes}', '20')`} {
		if _, err := conn.Exec(ctx, sql); err == nil || !strings.Contains(err.Error(), "does not change") {
			t.Errorf("%s: %v", sql, err)
		}
	}
	if _, err := s.KeepReport(ctx, author, &kora.KeptReport{Name: "x", Assumptions: json.RawMessage(`[]`)}); kora.ReasonOf(err) != kora.ReasonRange {
		t.Errorf("a report of nothing: %v", err)
	}
}

func TestTargets(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	made := &kora.Target{Year: 2026, Standard: 120, KeyAreas: 4, Highways: 2}
	if _, err := s.PutTarget(ctx, author, made, &kora.Revision{ID: 1, Version: 1}); kora.ReasonOf(err) != kora.ReasonNotFound {
		t.Errorf("a version of what is not there: %v", err)
	}
	if _, err := s.PutTarget(ctx, author, made, nil); err != nil || made.Version != 1 {
		t.Fatalf("%+v, %v", made, err)
	}
	was := made.Revision()
	changed := &kora.Target{Year: 2026, Standard: 130, KeyAreas: 4, Highways: 2}
	if _, err := s.PutTarget(ctx, author, changed, &was); err != nil || changed.Version != 2 || changed.ID != made.ID {
		t.Fatalf("%+v, %v", changed, err)
	}
	if _, err := s.PutTarget(ctx, author, changed, &was); kora.ReasonOf(err) != kora.ReasonChanged || !strings.Contains(err.Error(), "test") {
		t.Errorf("over a change of somebody: %v", err)
	}
	c, err := s.Changes(ctx, kora.Position{})
	if err != nil || len(c.Targets) != 1 || *c.Targets[made.ID] != *changed {
		t.Errorf("%+v, %v", c.Targets, err)
	}
	if _, err := s.PutTarget(ctx, author, &kora.Target{Year: 1999}, nil); kora.ReasonOf(err) != kora.ReasonRange {
		t.Errorf("another century: %v", err)
	}
}
