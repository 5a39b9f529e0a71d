package atlas

import (
	"context"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"kora"
	"kora/geo/basemap"
	"kora/geo/flat"
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

// NearestStreet is the name of the street nearest to a place, within 500 m, and how far it is; false when none there has a name.
func (a *Atlas) NearestStreet(p orb.Point) (name kora.Name, metres float64, ok bool) {
	const reach = 500
	north := reach / 111_000.0
	east := north / max(0.01, math.Cos(p[1]*math.Pi/180))
	box := flat.BoxOf(orb.Bound{Min: orb.Point{p[0] - east, p[1] - north}, Max: orb.Point{p[0] + east, p[1] + north}})
	metres = reach
	if a.ground == nil {
		return name, metres, false
	}
	a.ground.In(box, func(row uint32) {
		f := &a.Basemap[row]
		if f.Layer != basemap.Roads || f.Name == "" && f.NameZH == "" && f.Ref == "" {
			return
		}
		if away := a.away(p, row); away < metres {
			name, metres, ok = streetName(f), away, true
		}
	})
	return name, metres, ok
}

func streetName(f *basemap.Feature) kora.Name {
	n := kora.Name{ZH: f.NameZH, BO: f.NameBO, EN: f.NameEN}
	for _, other := range []string{f.Name, f.Ref} {
		if n.ZH == "" {
			n.ZH = other
		}
	}
	return n
}

// away is the distance in metres from a place to a line of the basemap.
func (a *Atlas) away(p orb.Point, row uint32) float64 {
	least := math.Inf(1)
	narrow := math.Cos(p[1] * math.Pi / 180)
	shape := a.ground.Shape(row)
	for part := range shape.Parts() {
		var before orb.Point
		for i, q := range shape.Part(part) {
			at := q.LonLat()
			at = orb.Point{(at[0] - p[0]) * narrow * 111_320, (at[1] - p[1]) * 110_850}
			if i > 0 {
				least = min(least, planar.DistanceFromSegment(before, at, orb.Point{}))
			}
			before = at
		}
	}
	return least
}
