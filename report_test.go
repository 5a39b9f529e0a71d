package kora_test

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"kora"
)

func kept(id int64, minutes int, network string, codes ...string) *kora.KeptReport {
	r := &kora.KeptReport{ID: id, Name: "r", Assumptions: json.RawMessage(`{"network":"` + network + `"}`), Report: kora.Report{Profile: "walk", Minutes: minutes,
		Bands: []kora.ReportBand{{Band: kora.BandAny}, {Band: kora.BandNight}}}}
	for _, code := range codes {
		r.Report.Rows = append(r.Report.Rows, kora.ReportRow{Level: kora.LevelArea, Code: code, Measures: []kora.ReportMeasure{{Measure: kora.MeasureCells, Unit: "cells",
			Total: 200, Bands: []kora.ReportShare{{Share: 0.5 + float64(id)/10, Twofold: 0.25}, {Share: 0.1}}}}})
	}
	return r
}

func TestCompare(t *testing.T) {
	c := kora.Compare(kept(1, 15, "a", "A", "B"), kept(3, 15, "a", "B", "C"))
	if len(c.Differ) != 0 || c.From.ID != 1 || c.To.ID != 3 || len(c.Rows) != 3 {
		t.Fatalf("%+v", c)
	}
	both, came, went := c.Rows[0], c.Rows[1], c.Rows[2]
	if both.Code != "B" || both.Only != "" || came.Only != "to" || came.Code != "C" || went.Only != "from" || went.Code != "A" {
		t.Errorf("%+v", c.Rows)
	}
	b := both.Measures[0].Bands
	if math.Abs(b[0].Points-20) > 1e-9 || b[0].TwicePoints != 0 || b[1].Points != 0 || b[1].Band != kora.BandNight {
		t.Errorf("%+v", b)
	}
	// The other way round, points change their sign.
	back := kora.Compare(kept(3, 15, "a", "B"), kept(1, 15, "a", "B")).Rows[0].Measures[0].Bands[0]
	if math.Abs(back.Points+20) > 1e-9 {
		t.Errorf("%+v", back)
	}
	if d := kora.Compare(kept(1, 15, "a"), kept(2, 10, "b")).Differ; !slices.Equal(d, []string{"minutes", "network"}) {
		t.Errorf("differ in %v", d)
	}
}
