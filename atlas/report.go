package atlas

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"kora"
	"kora/geo/network"
	"kora/geo/service"
)

// A ReportQuery tells which service circle a report is about.
type ReportQuery struct {
	Profile string
	Minutes int
	Kinds   []kora.Kind // only these; none: all
	Day     time.Time   // whose opening hours count; any time of it in China
}

// The hours at which bands look at opening hours.
const (
	noon = 12
	late = 23
)

// momentOf is when a band looks at opening hours, nil for those that look at no moment.
func momentOf(band kora.TimeBand, day time.Time) *time.Time {
	hour, ok := map[kora.TimeBand]int{kora.BandDay: noon, kora.BandNight: late}[band]
	if !ok {
		return nil
	}
	year, month, date := kora.ChinaTime(day).Date()
	at := time.Date(year, month, date, hour, 0, 0, 0, kora.ChinaTime(day).Location())
	return &at
}

// A band is what the stations of one band serve.
type band struct {
	times       [][]float32    // by rank, then cell
	once, twice []network.Span // in order
	near        []int32        // stations within 1 km of each cell as the crow flies
}

// band is what s serves within a time; streets tells whether they are counted too.
func (s *served) band(maxSeconds float64, streets bool) band {
	b := band{times: s.times, near: s.near}
	if streets {
		b.once, b.twice = s.reached(1, maxSeconds), s.reached(2, maxSeconds)
	}
	return b
}

// A reportPlace is what a row of a report is made of.
type reportPlace struct {
	level   kora.ReportLevel
	code    string
	name    *kora.Name
	areas   []*kora.KeyArea
	cells   []int
	streets *service.AreaStreets // nil: not counted
}

// Report counts all measures of all places in all bands, from a and nothing else.
func (a *Atlas) Report(ctx context.Context, q ReportQuery) (*kora.Report, error) {
	t, err := a.by(q.Profile)
	if err != nil {
		return nil, err
	}
	maxSeconds := float64(q.Minutes) * 60
	r := &kora.Report{Profile: q.Profile, Minutes: q.Minutes, Kinds: append([]kora.Kind{}, q.Kinds...), Day: kora.ChinaTime(q.Day).Format(time.DateOnly),
		Snapshot: a.Position.Snapshot, AsOf: a.AsOf, Rows: []kora.ReportRow{},
		Sample: a.Sample(kora.LayerNetwork, kora.LayerStation, kora.LayerKeyArea, kora.LayerDemand)}
	var bands []band
	for _, name := range kora.TimeBands() {
		at := momentOf(name, q.Day)
		stations := a.serving(t, StationQuery{Kinds: q.Kinds, OpenAt: at, Always: name == kora.BandClock})
		s, err := t.served(ctx, stations)
		if err != nil {
			return nil, err
		}
		bands = append(bands, s.band(maxSeconds, true))
		r.Bands = append(r.Bands, kora.ReportBand{Band: name, At: at, Stations: len(stations)})
	}
	measures, demands, err := a.measures()
	if err != nil {
		return nil, err
	}
	r.Demands = demands
	for _, p := range a.reportPlaces(t) {
		r.Rows = append(r.Rows, a.reportRow(p, measures, bands, maxSeconds))
	}
	r.Progress = a.progress(bands[0].times[0], maxSeconds)
	return r, nil
}

// A measured is one measure of the cells; nil weights count them.
type measured struct {
	kora.ReportMeasure
	weights []float64
	off     float64 // beyond the grid
}

// measures are those of cells that there is anything to tell of, with what is to be known of the sets of demand among them.
func (a *Atlas) measures() (all []measured, demands []kora.ReportDemand, err error) {
	land := a.land()
	demands = []kora.ReportDemand{}
	all = []measured{
		{ReportMeasure: kora.ReportMeasure{Measure: kora.MeasureCells, Unit: "cells"}},
		{ReportMeasure: kora.ReportMeasure{Measure: kora.MeasureBuiltUp, Unit: "m2"}, weights: land.builtUp},
		{ReportMeasure: kora.ReportMeasure{Measure: kora.MeasureResidential, Unit: "m2"}, weights: land.residential},
	}
	for _, d := range a.Demands {
		on, err := a.DemandOn(d)
		if err != nil {
			return nil, nil, err
		}
		all = append(all, measured{kora.ReportMeasure{Measure: kora.MeasureDemand, Demand: d.Code, Unit: string(d.Unit)}, on.Weights, on.Off})
		told, err := a.TellDemand(d)
		if err != nil {
			return nil, nil, err
		}
		demands = append(demands, told)
	}
	return all, demands, nil
}

// TellDemand tells what is to be known of a set of demand.
func (a *Atlas) TellDemand(d *kora.Demand) (kora.ReportDemand, error) {
	on, err := a.DemandOn(d)
	if err != nil {
		return kora.ReportDemand{}, err
	}
	return kora.ReportDemand{Code: d.Code, Name: d.Name, Unit: d.Unit, AsOf: d.AsOf.Format(time.DateOnly), Publisher: d.Publisher,
		Total: thousandths(d.Total()), OffGrid: thousandths(on.Off), Sample: d.Sample}, nil
}

// reportPlaces are the rows of a report in their order.
func (a *Atlas) reportPlaces(t *travel) []reportPlace {
	streets := t.inAreas()
	all := []reportPlace{{level: kora.LevelCity, areas: a.KeyAreas, cells: a.cellsOfAll(a.KeyAreas), streets: streets.all}}
	for _, county := range counties(a.KeyAreas) {
		areas := slices.DeleteFunc(slices.Clone(a.KeyAreas), func(k *kora.KeyArea) bool { return k.County != county })
		all = append(all, reportPlace{level: kora.LevelDistrict, code: county, areas: areas, cells: a.cellsOfAll(areas), streets: streets.counties[county]})
	}
	for _, k := range a.KeyAreas {
		all = append(all, reportPlace{kora.LevelArea, k.Code, &k.Name, []*kora.KeyArea{k}, a.grid.areas[k.ID], streets.by[k.ID]})
	}
	whole := make([]int, len(a.grid.cells))
	for i := range whole {
		whole[i] = i
	}
	return append(all, reportPlace{level: kora.LevelGrid, areas: a.KeyAreas, cells: whole})
}

// cellsOfAll are the cells that count for any of the areas, each once.
func (a *Atlas) cellsOfAll(areas []*kora.KeyArea) (cells []int) {
	for _, k := range areas {
		cells = append(cells, a.grid.areas[k.ID]...)
	}
	slices.Sort(cells)
	return slices.Compact(cells)
}

// counties are the codes of the counties that areas lie in, ascending.
func counties(areas []*kora.KeyArea) (codes []string) {
	for _, k := range areas {
		if k.County != "" {
			codes = append(codes, k.County)
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

func (a *Atlas) reportRow(p reportPlace, measures []measured, bands []band, maxSeconds float64) kora.ReportRow {
	row := kora.ReportRow{Level: p.level, Code: p.code, Name: p.name, Areas: len(p.areas)}
	if p.level == kora.LevelArea {
		row.ID = p.areas[0].ID
	}
	if p.level == kora.LevelGrid {
		if box, ok := a.grid.hulls.Bounds(); ok {
			b := orb.MultiPoint{box.Min.LonLat(), box.Max.LonLat()}.Bound()
			row.BBox = [4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
		}
	} else if len(p.areas) > 0 {
		b := p.areas[0].Geometry.Bound()
		for _, k := range p.areas {
			b, row.Sample = b.Union(k.Geometry.Bound()), row.Sample || k.Sample
		}
		row.BBox = [4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
	}
	for i, m := range measures {
		row.Measures = append(row.Measures, countCells(p, m, bands, maxSeconds))
		if i == 0 && p.streets != nil {
			row.Measures = append(row.Measures, countStreets(p.streets, bands))
		}
	}
	return row
}

func countCells(p reportPlace, m measured, bands []band, maxSeconds float64) kora.ReportMeasure {
	weight := func(cell int) float64 {
		if m.weights == nil {
			return 1
		}
		return m.weights[cell]
	}
	total := 0.0
	for _, cell := range p.cells {
		total += weight(cell)
	}
	if p.level == kora.LevelGrid {
		total += m.off
	}
	out := m.ReportMeasure
	out.Total = thousandths(total)
	for _, b := range bands {
		var once, twice, circle float64
		for _, cell := range p.cells {
			w := weight(cell)
			if float64(b.times[0][cell]) <= maxSeconds {
				once += w
			}
			if float64(b.times[1][cell]) <= maxSeconds {
				twice += w
			}
			if b.near[cell] > 0 {
				circle += w
			}
		}
		s := shareOf(once, twice, total)
		s.Circle = &kora.ReportCircle{Covered: thousandths(circle), Share: portion(circle, total)}
		out.Bands = append(out.Bands, s)
	}
	return out
}

func countStreets(streets *service.AreaStreets, bands []band) kora.ReportMeasure {
	out := kora.ReportMeasure{Measure: kora.MeasureStreets, Unit: "m", Total: thousandths(streets.Metres)}
	for _, b := range bands {
		out.Bands = append(out.Bands, shareOf(streets.Served(b.once).Covered, streets.Served(b.twice).Covered, streets.Metres))
	}
	return out
}

func shareOf(once, twice, total float64) kora.ReportShare {
	return kora.ReportShare{Covered: thousandths(once), Share: portion(once, total), Twice: thousandths(twice), Twofold: portion(twice, total)}
}

// portion is part of whole, 0 of nothing; a rounding of sums makes it no more than whole.
func portion(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return min(part/whole, 1)
}

func thousandths(v float64) float64 { return math.Round(v*1000) / 1000 }

// Progress is how far the plan has come, with key areas within a circle of all stations that serve.
func (a *Atlas) Progress(ctx context.Context, profile string, minutes int) (kora.Progress, error) {
	times, _, err := a.CellTimes(ctx, profile, StationQuery{})
	if err != nil {
		return kora.Progress{}, err
	}
	return a.progress(times, float64(minutes)*60), nil
}

// progress counts as the targets do.
func (a *Atlas) progress(times []float32, maxSeconds float64) kora.Progress {
	p := kora.Progress{KeyAreasOf: len(a.KeyAreas), HighwaysOf: len(a.Highways)}
	homes := map[string]bool{}
	for _, s := range a.Stations {
		switch {
		case !s.Status.Serves():
		case s.Kind == kora.KindDrivers:
			homes[s.Highway] = true
		case s.Standard:
			p.Standard++
			if s.Kind == kora.KindOxygen {
				p.Oxygen++
			}
		}
	}
	for _, k := range a.KeyAreas {
		share := service.Count(times, a.grid.areas[k.ID], maxSeconds)
		if share.Covered > 0 && share.Covered == share.Cells-share.NoStreet {
			p.KeyAreas++
		}
	}
	for _, h := range a.Highways {
		if homes[h.Ref] {
			p.Highways++
		}
	}
	return p
}
