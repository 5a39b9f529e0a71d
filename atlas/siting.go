package atlas

import (
	"context"
	"math"

	"github.com/paulmach/orb"

	"kora/geo/grid"
	"kora/geo/network"
	"kora/geo/service"
)

// CoverLists says which of Cells each of some places would serve within maxSeconds if a station stood there, with the times that
// coverage has: to the last bit those of CoverageOf. Places without a street within reach serve nothing; linked tells which have
// one. More than most entries are refused with service.ErrTooLong. tell may be nil.
func (a *Atlas) CoverLists(ctx context.Context, profile string, places []orb.Point, maxSeconds float64, most int, tell func(done int)) (_ *service.Lists, linked []bool, err error) {
	t, err := a.by(profile)
	if err != nil {
		return nil, nil, err
	}
	cells, err := t.cells()
	if err != nil {
		return nil, nil, err
	}
	links := make([]network.Link, len(places))
	linked = make([]bool, len(places))
	for i, p := range places {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		links[i], linked[i] = t.streets.Link(p, t.streets.Profile().PointReachM)
	}
	lists, err := cells.Lists(ctx, links, maxSeconds, most, tell)
	return lists, linked, err
}

// streetStep is how finely street is shared out among cells, in metres.
const streetStep = 10

// StreetMetres gives the metres of street in each of Cells, for a profile: every piece of street is counted in steps of at most ten
// metres, each where its middle lies. Ferries are no street, and one that is kept twice for a forbidden turn counts once.
func (a *Atlas) StreetMetres(ctx context.Context, profile string) ([]float64, error) {
	t, err := a.by(profile)
	if err != nil {
		return nil, err
	}
	index := make(map[grid.Cell]int, len(a.grid.cells))
	for i, c := range a.grid.cells {
		index[c] = i
	}
	metres := make([]float64, len(a.grid.cells))
	pieces := 0
	t.streets.EachPiece(func(edge int32, from, to orb.Point, piece network.Edge) {
		if pieces++; pieces%1024 == 0 && ctx.Err() != nil || err != nil {
			err = ctx.Err()
			return
		}
		if e := t.streets.Edge(edge); e.Copy || e.Kind == network.Ferry {
			return
		}
		steps := math.Ceil(float64(piece.LengthM) / streetStep)
		for k := 0.5; k < steps; k++ {
			cell, e := grid.At(along(from, to, k/steps), CellResolution)
			if e != nil {
				err = e
				return
			}
			if i, ok := index[cell]; ok {
				metres[i] += float64(piece.LengthM) / steps
			}
		}
	})
	return metres, err
}

func along(from, to orb.Point, part float64) orb.Point {
	return orb.Point{from[0] + part*(to[0]-from[0]), from[1] + part*(to[1]-from[1])}
}

// PlacesAlong gives places on the streets of a profile within a bound that lie about everyM metres apart: along each street, but for
// those that would come nearer than that to one before. The same streets give the same places.
func (a *Atlas) PlacesAlong(profile string, within orb.Bound, everyM float64) ([]orb.Point, error) {
	t, err := a.by(profile)
	if err != nil {
		return nil, err
	}
	north := everyM / 111_000
	east := north / max(0.01, math.Cos(within.Center()[1]*math.Pi/180))
	square := func(p orb.Point) [2]int { return [2]int{int(math.Floor(p[0] / east)), int(math.Floor(p[1] / north))} }
	kept := map[[2]int][]orb.Point{}
	var places []orb.Point
	keep := func(p orb.Point) {
		at := square(p)
		for x := at[0] - 1; x <= at[0]+1; x++ {
			for y := at[1] - 1; y <= at[1]+1; y++ {
				for _, other := range kept[[2]int{x, y}] {
					if network.Distance(p, other) < 0.99*everyM {
						return
					}
				}
			}
		}
		kept[at] = append(kept[at], p)
		places = append(places, p)
	}
	const step = 20 // metres between places that are tried
	t.streets.EachPieceIn(within, func(from, to orb.Point, s network.Span) {
		if e := t.streets.Edge(s.Edge); e.Copy || e.Kind != network.Street {
			return
		}
		steps := math.Ceil(float64(s.UntilM-s.FromM) / step)
		for k := 0.0; k <= steps; k++ {
			if p := along(from, to, k/max(steps, 1)); within.Contains(p) {
				keep(p)
			}
		}
	})
	return places, nil
}
