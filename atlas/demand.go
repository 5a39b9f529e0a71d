package atlas

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/paulmach/orb"

	"kora"
	"kora/geo/basemap"
	"kora/geo/flat"
	"kora/geo/grid"
	"kora/geo/service"
)

// Demand is the set of demand with this code, nil when there is none.
func (a *Atlas) Demand(code string) *kora.Demand {
	i, ok := slices.BinarySearchFunc(a.Demands, code, func(d *kora.Demand, code string) int { return strings.Compare(d.Code, code) })
	if !ok {
		return nil
	}
	return a.Demands[i]
}

// DemandOn is a set of demand by Cells, and what of it lies beyond them. It is shared and not to be changed.
func (a *Atlas) DemandOn(d *kora.Demand) (*service.Spread, error) { return a.demandOn[d.ID]() }

// DemandIn is what of a set of demand lies in some cells of the grid's resolution, which ascend; the grid need not have them.
func (a *Atlas) DemandIn(d *kora.Demand, cells []grid.Cell) (sum float64, err error) {
	if len(cells) == 0 {
		return 0, nil
	}
	s, err := spread(a.travel["walk"], d, cells)
	if err != nil {
		return 0, err
	}
	for _, w := range s.Weights {
		sum += w
	}
	return sum, nil
}

// spread shares a set of demand out to cells, which ascend; walk, by whose streets that is done, may be nil.
func spread(walk *travel, d *kora.Demand, cells []grid.Cell) (*service.Spread, error) {
	if len(d.Points) > 0 {
		return service.SpreadPoints(cells, CellResolution, d.Points, d.Weights)
	}
	from := make([]grid.Cell, len(d.Cells))
	for i, c := range d.Cells {
		from[i] = grid.Cell(c)
	}
	return service.SpreadCells(cells, CellResolution, from, d.Weights, func(p orb.Point) bool {
		return walk != nil && walk.streets.HasStreet(p, walk.streets.Profile().CellReachM)
	})
}

// layDemand follows changed sets of demand, and has demand and land shared out to the cells of the grid when they are first asked for.
func (a *Atlas) layDemand(changed map[int64]*kora.Demand, gridIsNew bool) {
	a.Demands = merge(a.Demands, changed, func(d *kora.Demand) int64 { return d.ID })
	slices.SortFunc(a.Demands, func(x, y *kora.Demand) int { return cmp.Compare(x.Code, y.Code) })
	walk, g := a.travel["walk"], a.grid
	before := a.demandOn
	a.demandOn = make(map[int64]func() (*service.Spread, error), len(a.Demands))
	for _, d := range a.Demands {
		if spread, ok := before[d.ID]; ok && !gridIsNew && changed[d.ID] == nil {
			a.demandOn[d.ID] = spread
			continue
		}
		a.demandOn[d.ID] = sync.OnceValues(func() (*service.Spread, error) {
			return spread(walk, d, g.cells)
		})
	}
	if gridIsNew {
		features, shapes := a.Basemap, a.ground
		a.land = sync.OnceValue(func() *landCover { return landOf(g, features, shapes) })
	}
}

// landCover is what of every cell is built up, in square metres.
type landCover struct {
	builtUp     []float64 // for living, trade and industry, and under buildings elsewhere
	residential []float64 // for living
}

// builtUpUses are the classes of land use that count as built up.
var builtUpUses = []string{"residential", "commercial", "retail", "industrial"}

func landOf(g *hexes, features []basemap.Feature, shapes *flat.Store) *landCover {
	built, lived := make([][]orb.Polygon, len(g.cells)), make([][]orb.Polygon, len(g.cells))
	for row, f := range features {
		use := f.Layer == basemap.Landuse && slices.Contains(builtUpUses, f.Class)
		if !use && f.Layer != basemap.Buildings {
			continue
		}
		shape := shapes.Shape(uint32(row))
		polygon := polygonOf(shape)
		if len(polygon) == 0 {
			continue
		}
		g.hulls.In(shape.Box, func(cell uint32) {
			built[cell] = append(built[cell], polygon)
			if f.Class == "residential" {
				lived[cell] = append(lived[cell], polygon)
			}
		})
	}
	l := &landCover{builtUp: make([]float64, len(g.cells)), residential: make([]float64, len(g.cells))}
	for i, c := range g.cells {
		if len(built[i]) == 0 {
			continue
		}
		ring := c.Boundary()
		l.builtUp[i] = service.AreaIn(ring, built[i])
		l.residential[i] = service.AreaIn(ring, lived[i])
	}
	return l
}

// polygonOf has all rings of a shape in one polygon: whether a place lies inside is a matter of how many rings are around it.
func polygonOf(s flat.Shape) orb.Polygon {
	polygon := make(orb.Polygon, 0, s.Parts())
	for i := range s.Parts() {
		part := s.Part(i)
		ring := make(orb.Ring, 0, len(part)+1)
		for _, p := range part {
			ring = append(ring, p.LonLat())
		}
		if n := len(ring); n > 2 && ring[0] != ring[n-1] {
			ring = append(ring, ring[0])
		}
		polygon = append(polygon, ring)
	}
	return polygon
}
