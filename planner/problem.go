package planner

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"kora"
	"kora/atlas"
	"kora/geo/grid"
	"kora/geo/network"
	"kora/geo/service"
	"kora/geo/siting"
)

// The limits of what a run may take: about a gigabyte of memory, and a minute or so.
const (
	mostPlaces  = 20_000
	mostEntries = 20_000_000
	// Of the least time in all and the shortest longest way, which look at times and not at covers only.
	mostTimes = 3_000_000
)

// forbiddenM is how near to a forbidden place no station may come, in metres.
const forbiddenM = 100

// A problem is a question in numbers: what asks for stations is numbered along cells, and sites are places with a type.
type problem struct {
	siting.Problem
	question *kora.SitingQuestion
	atlas    *atlas.Atlas

	cells    []int // of the atlas, by demand
	places   []place
	of       []int // by site: its place
	existing []*kora.Station
	areas    []*kora.KeyArea
	floors   [][]int32 // by area: its demands
	unlinked int
	beyond   []grid.Cell // where stations are asked for, and the grid has no cell
	off      float64     // what is asked for there: the last of Weights, if any
}

// A place is where a station stands or may come.
type place struct {
	point    orb.Point
	station  *kora.Station // that stands there
	required bool
}

// check tells early what a question asks for that the atlas has not.
func check(a *atlas.Atlas, q *kora.SitingQuestion) error {
	if a.Streets(q.Profile) == nil {
		if a.Network == nil {
			return kora.Refuse(kora.ReasonNoNetwork, "", nil, "no street network has been imported; run kora import network")
		}
		return kora.Refuse(kora.ReasonUnknown, "profile", q.Profile, "has no streets in the extract that was imported")
	}
	for _, id := range q.Areas {
		if !slices.ContainsFunc(a.KeyAreas, func(k *kora.KeyArea) bool { return k.ID == id }) {
			return kora.Refuse(kora.ReasonUnknown, "areas", id, "is no key area")
		}
	}
	if len(q.Within) == 0 && len(a.KeyAreas) == 0 {
		return kora.Refuse(kora.ReasonRequired, "within", nil, "there are no key areas; draw where stations are asked for")
	}
	if q.Weights == kora.WeightDemand && a.Demand(q.Demand) == nil {
		return kora.Refuse(kora.ReasonUnknown, "demand", q.Demand, "is no set of demand in the record")
	}
	return nil
}

// pose makes the problem of a question.
func pose(ctx context.Context, a *atlas.Atlas, q *kora.SitingQuestion, tell func(kora.SitingProgress)) (*problem, error) {
	p := &problem{question: q, atlas: a}
	if err := p.ask(ctx); err != nil {
		return nil, err
	}
	if err := p.offer(); err != nil {
		return nil, err
	}
	if len(p.places) > mostPlaces {
		return nil, kora.Refuse(kora.ReasonTooLarge, "candidates", len(p.places), "are more than %d places; take fewer, further apart, or draw where they may be", mostPlaces)
	}
	most := mostEntries
	if q.Objective == kora.SiteNearest || q.Objective == kora.SiteLongest {
		most = mostTimes
	}
	points := make([]orb.Point, len(p.places))
	for i, pl := range p.places {
		points[i] = pl.point
	}
	lists, linked, err := a.CoverLists(ctx, q.Profile, points, float64(q.Minutes)*60, most, func(done int) {
		tell(kora.SitingProgress{Step: "lists", Done: done, Total: len(points)})
	})
	if errors.Is(err, service.ErrTooLong) {
		return nil, kora.Refuse(kora.ReasonTooLarge, "candidates", len(p.places), "serve too much in all; take fewer, a shorter time or a smaller area")
	}
	if err != nil {
		return nil, err
	}
	return p, p.state(lists, linked)
}

// ask finds the cells that ask for stations, what they weigh, and the key areas that they lie in.
func (p *problem) ask(ctx context.Context) error {
	a, q := p.atlas, p.question
	counts := make([]bool, len(a.Cells()))
	if len(q.Within) > 0 {
		inside, err := grid.Cover(q.Within, atlas.CellResolution)
		if err != nil {
			return kora.Refuse(kora.ReasonTooLarge, "within", nil, "is too large").Because(err)
		}
		for _, c := range inside {
			if i, ok := slices.BinarySearch(a.Cells(), c); ok {
				counts[i] = true
			} else {
				p.beyond = append(p.beyond, c)
			}
		}
	} else {
		for _, area := range a.KeyAreas {
			if len(q.Areas) == 0 || slices.Contains(q.Areas, area.ID) {
				p.areas = append(p.areas, area)
				for _, i := range a.CellsOf(area.ID) {
					counts[i] = true
				}
			}
		}
	}
	demand := make([]int32, len(counts)) // by cell; -1: does not count
	for i, c := range counts {
		demand[i] = -1
		if c {
			demand[i] = int32(len(p.cells))
			p.cells = append(p.cells, i)
		}
	}
	if len(p.cells) == 0 {
		return kora.Refuse(kora.ReasonRange, "within", nil, "holds no cell on which coverage is counted")
	}
	p.floors = make([][]int32, len(p.areas))
	for k, area := range p.areas {
		for _, i := range a.CellsOf(area.ID) {
			p.floors[k] = append(p.floors[k], demand[i])
		}
		slices.Sort(p.floors[k])
		if q.Floor > 0 {
			p.Floors = append(p.Floors, siting.Floor{Demands: p.floors[k], Share: q.Floor})
		}
	}
	return p.weigh(ctx)
}

// weigh gives every cell that counts its weight, and what of a set of demand lies beyond the grid to a demand that no site reaches.
func (p *problem) weigh(ctx context.Context) error {
	a, q := p.atlas, p.question
	p.Weights = slices.Repeat([]float64{1}, len(p.cells))
	var by []float64 // cells of the atlas
	switch q.Weights {
	case kora.WeightCells:
		return nil
	case kora.WeightStreets:
		metres, err := a.StreetMetres(ctx, q.Profile)
		if err != nil {
			return err
		}
		by = metres
	case kora.WeightDemand:
		on, err := a.DemandOn(a.Demand(q.Demand))
		if err != nil {
			return err
		}
		by = on.Weights
		if p.off, err = a.DemandIn(a.Demand(q.Demand), p.beyond); err != nil {
			return err
		}
	}
	for d, i := range p.cells {
		p.Weights[d] = by[i]
	}
	if p.off > 0 {
		p.Weights = append(p.Weights, p.off)
	}
	return nil
}

// unit is what is counted.
func (p *problem) unit() string {
	switch p.question.Weights {
	case kora.WeightStreets:
		return "m"
	case kora.WeightDemand:
		return string(p.atlas.Demand(p.question.Demand).Unit)
	}
	return "cells"
}

// offer gathers the places: stations that stand, places that must have one, and candidates.
func (p *problem) offer() error {
	a, q := p.atlas, p.question
	taken := map[orb.Point]bool{}
	add := func(pl place) {
		if !taken[pl.point] {
			taken[pl.point] = true
			p.places = append(p.places, pl)
		}
	}
	if q.Existing != kora.StationsLeft {
		for _, s := range a.FindStations(atlas.StationQuery{Kinds: q.Kinds, OpenAt: q.OpenAt}) {
			if s.Status.Serves() {
				p.existing = append(p.existing, s)
				p.places = append(p.places, place{point: s.Point, station: s}) // two may stand at one place
			}
		}
	}
	for _, point := range q.Required {
		add(place{point: point, required: true})
	}
	allowed := func(point orb.Point) bool {
		if len(q.Candidates.Within) > 0 && !planar.MultiPolygonContains(q.Candidates.Within, point) ||
			len(q.Forbidden) > 0 && planar.MultiPolygonContains(q.Forbidden, point) {
			return false
		}
		return !slices.ContainsFunc(q.ForbiddenAt, func(f orb.Point) bool { return network.Distance(point, f) <= forbiddenM })
	}
	candidates, err := p.candidates()
	if err != nil {
		return err
	}
	for _, point := range candidates {
		if allowed(point) {
			add(place{point: point})
		}
	}
	return nil
}

func (p *problem) candidates() ([]orb.Point, error) {
	a, q := p.atlas, p.question
	switch q.Candidates.From {
	case kora.CandidatePoints:
		return q.Candidates.Points, nil
	case kora.CandidateCells:
		points := make([]orb.Point, len(p.cells))
		for d, i := range p.cells {
			points[d] = told(a.Cells()[i].Centre())
		}
		return points, nil
	}
	// Streets where candidates may be drawn, or else in and around what asks for stations.
	bound := q.Candidates.Within.Bound()
	if len(q.Candidates.Within) == 0 {
		bound = a.Cells()[p.cells[0]].Centre().Bound()
		for _, i := range p.cells {
			bound = bound.Extend(a.Cells()[i].Centre())
		}
	}
	points, err := a.PlacesAlong(q.Profile, bound, q.Candidates.EveryM)
	for i, at := range points {
		points[i] = told(at)
	}
	return points, err
}

// told is a place as people are told it, to the metre: who builds there, or tries it as a scenario, has what the plan counts.
func told(at orb.Point) orb.Point {
	return orb.Point{math.Round(at[0]*1e5) / 1e5, math.Round(at[1]*1e5) / 1e5}
}

// state makes sites of places and puts their lists in terms of demands.
func (p *problem) state(lists *service.Lists, linked []bool) error {
	q := p.question
	demand := make([]int32, len(p.atlas.Cells()))
	for i := range demand {
		demand[i] = -1
	}
	for d, i := range p.cells {
		demand[i] = int32(d)
	}
	types := q.Types
	if len(types) == 0 {
		types = []kora.SitingType{{}}
	}
	p.Times, p.BeyondSeconds = q.Times, float64(q.Minutes)*60
	p.Starts = []int{0}
	add := func(at int, site siting.Site) {
		for k := lists.Starts[at]; k < lists.Starts[at+1]; k++ {
			if d := demand[lists.Cells[k]]; d >= 0 {
				p.Demands, p.Seconds = append(p.Demands, d), append(p.Seconds, lists.Seconds[k])
			}
		}
		p.Starts = append(p.Starts, len(p.Demands))
		p.Sites, p.of = append(p.Sites, site), append(p.of, at)
	}
	candidates := 0
	for at, pl := range p.places {
		switch {
		case pl.station != nil && q.Existing == kora.StationsKept:
			add(at, siting.Site{Role: siting.Existing, Kind: len(types)})
		case pl.station != nil: // counts among the sites, and as no type
			add(at, siting.Site{Kind: len(types)})
			candidates++
		case !linked[at] && pl.required:
			return kora.Refuse(kora.ReasonNoAccess, "required", nil, "has no street for this profile within reach")
		case !linked[at]:
			p.unlinked++
		case pl.required:
			// The first type that there may be enough of; CheckRoom of geo/siting has the last word.
			add(at, siting.Site{Role: siting.Required, Cost: types[0].Cost})
			candidates++
		default:
			for k, t := range types {
				add(at, siting.Site{Kind: k, Cost: t.Cost})
			}
			candidates++
		}
		if len(p.Demands) > mostEntries {
			return kora.Refuse(kora.ReasonTooLarge, "candidates", len(p.places), "serve too much in all; take fewer, a shorter time or a smaller area")
		}
	}
	if candidates == 0 {
		return kora.Refuse(kora.ReasonRequired, "candidates", nil, "there is no place with a street where a station may come")
	}
	return nil
}
