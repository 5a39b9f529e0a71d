package atlas

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"kora"
	"kora/geo/basemap"
	"kora/geo/flat"
	"kora/geo/grid"
	"kora/geo/network"
	"kora/geo/service"
)

// A GapQuery tells which gaps are meant.
type GapQuery struct {
	Profile  string
	Minutes  int
	Stations StationQuery
	Area     string // only in the key area with this code
	Whole    bool   // on all the grid, not only in key areas
	Demand   string // code of the set by which they are ranked; "": by street
	Limit    int    // at most so many, the gravest first
}

// Gaps are areas that nobody serves.
type Gaps struct {
	Gaps    []Gap // the gravest first, at most as many as were asked for
	Total   int   // how many there are
	Cells   int   // of all of them
	Demand  float64
	Streets float64
}

// A Gap is one area of cells that touch each other and are not served.
type Gap struct {
	ID       uint64 // of its first cell, as in tiles
	Cells    []int  // indexes in Cells
	NoStreet int    // of Cells
	M2       float64
	Demand   float64 // that lives or works there
	Streets  float64 // metres
	Outline  orb.MultiPolygon
	Heart    orb.Point
	Areas    []*kora.KeyArea // that it lies in, the one with the most cells first
	Place    *basemap.Feature
	PlaceM   float64 // metres from the heart to Place
	Nearest  *kora.Station
	Route    network.Route // from the heart to Nearest
}

// Gaps finds what lies beyond the service circle: in the key areas, or on the whole grid.
func (a *Atlas) Gaps(ctx context.Context, q GapQuery) (*Gaps, error) {
	t, err := a.by(q.Profile)
	if err != nil {
		return nil, err
	}
	among, err := a.gapCells(q)
	if err != nil {
		return nil, err
	}
	s, err := t.served(ctx, a.serving(t, q.Stations))
	if err != nil {
		return nil, err
	}
	maxSeconds := float64(q.Minutes) * 60
	found, err := service.Gaps(a.grid.cells, s.times[0], among, maxSeconds)
	if err != nil {
		return nil, err
	}
	var demand []float64
	if q.Demand != "" {
		d := a.Demand(q.Demand)
		if d == nil {
			return nil, kora.Refuse(kora.ReasonUnknown, "demand", q.Demand, "is no set of demand in the record")
		}
		on, err := a.DemandOn(d)
		if err != nil {
			return nil, err
		}
		demand = on.Weights
	}
	streets := t.streetM()
	all := &Gaps{Total: len(found), Gaps: make([]Gap, len(found))}
	for i, g := range found {
		gap := Gap{ID: a.grid.cells[g.Cells[0]].TileID(), Cells: g.Cells, Heart: a.grid.cells[g.Heart].Centre()}
		for _, cell := range g.Cells {
			if demand != nil {
				gap.Demand += demand[cell]
			}
			gap.Streets += streets[cell]
			if math.IsNaN(float64(s.times[0][cell])) {
				gap.NoStreet++
			}
		}
		all.Cells, all.Demand, all.Streets = all.Cells+len(g.Cells), all.Demand+gap.Demand, all.Streets+gap.Streets
		all.Gaps[i] = gap
	}
	slices.SortFunc(all.Gaps, func(x, y Gap) int {
		return cmp.Or(cmp.Compare(y.Demand, x.Demand), cmp.Compare(y.Streets, x.Streets), cmp.Compare(len(y.Cells), len(x.Cells)), cmp.Compare(x.ID, y.ID))
	})
	all.Gaps = all.Gaps[:min(len(all.Gaps), q.Limit)]
	for i := range all.Gaps {
		if err := a.describe(ctx, &all.Gaps[i], q); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// gapCells are the cells among which gaps are looked for.
func (a *Atlas) gapCells(q GapQuery) ([]int, error) {
	if q.Area != "" {
		for _, k := range a.KeyAreas {
			if k.Code == q.Area {
				return a.grid.areas[k.ID], nil
			}
		}
		return nil, kora.Refuse(kora.ReasonUnknown, "area", q.Area, "is no key area of the record")
	}
	if !q.Whole {
		return a.cellsOfAll(a.KeyAreas), nil
	}
	whole := make([]int, len(a.grid.cells))
	for i := range whole {
		whole[i] = i
	}
	return whole, nil
}

// describe tells where a gap is and what is nearest to it.
func (a *Atlas) describe(ctx context.Context, g *Gap, q GapQuery) (err error) {
	cells := make([]grid.Cell, len(g.Cells))
	for i, cell := range g.Cells {
		cells[i] = a.grid.cells[cell]
	}
	if g.Outline, err = grid.Outline(cells); err != nil {
		return err
	}
	for _, c := range cells {
		ring := c.Boundary()
		g.M2 += service.AreaIn(ring, []orb.Polygon{{ring}})
	}
	in := map[*kora.KeyArea]int{}
	for _, k := range a.KeyAreas {
		for _, cell := range g.Cells {
			if _, ok := slices.BinarySearch(a.grid.areas[k.ID], cell); ok {
				in[k]++
			}
		}
		if in[k] > 0 {
			g.Areas = append(g.Areas, k)
		}
	}
	slices.SortStableFunc(g.Areas, func(x, y *kora.KeyArea) int { return cmp.Compare(in[y], in[x]) })
	g.Place, g.PlaceM = a.NearestName(g.Heart)
	reached, err := a.Nearest(ctx, q.Profile, g.Heart, q.Stations, 1)
	if kora.ReasonOf(err) == kora.ReasonNoAccess {
		return nil
	}
	if err == nil && len(reached) > 0 {
		g.Nearest, g.Route = reached[0].Station, reached[0].Route
	}
	return err
}

// The reach of NearestName: first around the place, then farther.
var nameReach = []float64{300, 1000, 3000}

// NearestName is the nearest street or place with a name, or number, and how far it is; nil when there is none within 3 km.
func (a *Atlas) NearestName(p orb.Point) (best *basemap.Feature, metres float64) {
	for _, reach := range nameReach {
		metres = reach
		a.ground.In(flat.BoxOf(around(p, reach)), func(row uint32) {
			f := &a.Basemap[row]
			if f.Layer != basemap.Roads && f.Layer != basemap.Places || strings.TrimSpace(f.NameZH+f.NameBO+f.NameEN+f.Name+f.Ref) == "" {
				return
			}
			if d := distanceTo(a.ground.Shape(row), p); d < metres || d == metres && best == nil {
				best, metres = f, d
			}
		})
		if best != nil {
			return best, metres
		}
	}
	return nil, 0
}

// NameOf is what a street or place of the map is called. Where it has no Chinese name that is the one on the spot, or its number.
func NameOf(f *basemap.Feature) kora.Name {
	return kora.Name{ZH: cmp.Or(f.NameZH, strings.TrimSpace(f.Name), f.NameEN, f.Ref), BO: f.NameBO, EN: f.NameEN}
}

// around is the box within metres of a place.
func around(p orb.Point, metres float64) orb.Bound {
	north := metres / network.Distance(p, orb.Point{p[0], p[1] + 1})
	east := metres / max(1, network.Distance(p, orb.Point{p[0] + 1, p[1]}))
	return orb.Bound{Min: orb.Point{p[0] - east, p[1] - north}, Max: orb.Point{p[0] + east, p[1] + north}}
}

// distanceTo is how far a shape's lines or points are, in metres.
func distanceTo(s flat.Shape, p orb.Point) float64 {
	least := math.Inf(1)
	scale := math.Cos(p[1] * math.Pi / 180)
	for i := range s.Parts() {
		var before orb.Point
		for k, corner := range s.Part(i) {
			c := corner.LonLat()
			nearest := c
			if k > 0 {
				nearest = onSegment(before, c, p, scale)
			}
			least, before = min(least, network.Distance(p, nearest)), c
		}
	}
	return least
}

// onSegment is the spot between a and b that is nearest to p, where a degree of longitude is as long as scale ones of latitude.
func onSegment(a, b, p orb.Point, scale float64) orb.Point {
	dx, dy := (b[0]-a[0])*scale, b[1]-a[1]
	if dx == 0 && dy == 0 {
		return a
	}
	t := ((p[0]-a[0])*scale*dx + (p[1]-a[1])*dy) / (dx*dx + dy*dy)
	t = max(0, min(1, t))
	return orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}
}
