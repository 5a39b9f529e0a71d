package atlas

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"kora"
	"kora/geo/basemap"
	"kora/geo/grid"
	"kora/geo/network"
	"kora/geo/service"
)

// empty is the atlas before the first reading.
func empty() *Atlas {
	return &Atlas{grid: &hexes{}, versions: &versions{}}
}

// next makes the atlas that follows a by what changed. It shares with a all that did not.
func (a *Atlas) next(ctx context.Context, c *kora.Changes) (_ *Atlas, err error) {
	n := *a
	if c.Whole {
		n = *empty()
	}
	n.Position = c.To
	if !c.Empty() {
		n.AsOf = c.At
	}
	streets := c.Network != nil
	if streets {
		if err := n.takeNetwork(c.Network); err != nil {
			return nil, err
		}
	}
	if len(c.Stations) > 0 || c.Whole {
		n.Stations = merge(n.Stations, c.Stations, stationID)
		n.stations = make(map[int64]*kora.Station, len(n.Stations))
		for _, s := range n.Stations {
			n.stations[s.ID] = s
		}
	}
	if len(c.KeyAreas) > 0 {
		n.KeyAreas = merge(n.KeyAreas, c.KeyAreas, func(a *kora.KeyArea) int64 { return a.ID })
	}
	if len(c.Highways) > 0 {
		n.Highways = merge(n.Highways, c.Highways, func(h *kora.Highway) int64 { return h.ID })
		slices.SortStableFunc(n.Highways, func(a, b *kora.Highway) int { return strings.Compare(a.Ref, b.Ref) })
	}
	if len(c.Parcels) > 0 {
		n.takeParcels(c.Parcels)
	}
	if len(c.Notices) > 0 {
		n.Notices = merge(n.Notices, c.Notices, func(n *kora.Notice) int64 { return n.ID })
		slices.SortStableFunc(n.Notices, func(a, b *kora.Notice) int { return b.PublishedOn.Compare(a.PublishedOn) })
	}
	if streets || len(c.Stations) > 0 {
		former := n.travel
		n.travel = make(map[string]*travel, len(former))
		for profile, t := range former {
			again := *t
			n.travel[profile] = &again
		}
		if streets {
			if n.travel, err = travelBy(c.Network); err != nil {
				return nil, err
			}
		}
		for _, t := range n.travel {
			t.linkStations(n.stations, c.Stations, streets)
		}
	}
	// Without key areas the grid lies around the stations, so those move it too.
	if streets || len(c.KeyAreas) > 0 || len(c.Stations) > 0 && len(n.KeyAreas) == 0 {
		if err := n.layGrid(ctx); err != nil {
			return nil, err
		}
	}
	n.versions = a.versions.next(c) // last: a change that came to nothing has not been
	return &n, nil
}

func stationID(s *kora.Station) int64 { return s.ID }

// merge gives the records of old with the changes applied, by ID. Old is not touched.
func merge[T any](old []*T, changed map[int64]*T, id func(*T) int64) []*T {
	all := make(map[int64]*T, len(old)+len(changed))
	for _, v := range old {
		all[id(v)] = v
	}
	for k, v := range changed {
		if v == nil {
			delete(all, k)
		} else {
			all[k] = v
		}
	}
	return byID(all, id)
}

func (a *Atlas) takeNetwork(n *kora.Network) (err error) {
	if a.Basemap, err = basemap.Decode(n.Basemap); err != nil {
		return fmt.Errorf("network %d (%s): %w", n.ID, n.Name, err)
	}
	a.ground = newIndex(len(a.Basemap), func(i int) (orb.Bound, *basemap.Feature) {
		return a.Basemap[i].Geometry.Bound(), &a.Basemap[i]
	})
	about := *n
	about.Streets, about.Basemap = nil, nil
	a.Network = &about
	return nil
}

func (a *Atlas) takeParcels(changed map[int64]*kora.Parcel) {
	a.Parcels = merge(a.Parcels, changed, func(p *kora.Parcel) int64 { return p.ID })
	slices.SortStableFunc(a.Parcels, func(a, b *kora.Parcel) int { return strings.Compare(a.Number, b.Number) })
	a.parcels = make(map[string]*kora.Parcel, len(a.Parcels))
	for _, p := range a.Parcels {
		a.parcels[p.Number] = p
	}
	a.places = newIndex(len(a.Parcels), func(i int) (orb.Bound, *kora.Parcel) {
		return a.Parcels[i].Geometry.Bound(), a.Parcels[i]
	})
}

// travelBy reads the streets of every profile.
func travelBy(n *kora.Network) (map[string]*travel, error) {
	all := make(map[string]*travel, len(n.Streets))
	for profile, saved := range n.Streets {
		streets, err := network.Unmarshal(saved)
		if err != nil {
			return nil, fmt.Errorf("network %d (%s), %s: %w", n.ID, n.Name, profile, err)
		}
		all[profile] = &travel{streets: streets}
	}
	return all, nil
}

// layGrid chooses the cells: all whose centres lie in a key area, and around the key areas (or, without any, around the
// stations) all with a street for walkers within reach.
func (a *Atlas) layGrid(ctx context.Context) error {
	areas := make(map[int64][]grid.Cell, len(a.KeyAreas))
	all := map[grid.Cell]struct{}{}
	var around orb.Bound
	for i, area := range a.KeyAreas {
		cells, err := grid.Cover(area.Geometry, CellResolution)
		if err != nil {
			return fmt.Errorf("key area %s: %w", area.Code, err)
		}
		areas[area.ID] = cells
		for _, c := range cells {
			all[c] = struct{}{}
		}
		if i == 0 {
			around = area.Geometry.Bound()
		}
		around = around.Union(area.Geometry.Bound())
	}
	if len(a.KeyAreas) == 0 {
		around, _ = a.StationBounds()
	}
	if walk := a.travel["walk"]; walk != nil && (len(a.KeyAreas) > 0 || len(a.Stations) > 0) {
		cells, err := service.StreetCells(ctx, walk.streets, around.Pad(gridMargin), CellResolution)
		if err != nil {
			return fmt.Errorf("lay the grid: %w", err)
		}
		for _, c := range cells {
			all[c] = struct{}{}
		}
	}
	h := &hexes{cells: slices.Sorted(maps.Keys(all)), areas: make(map[int64][]int, len(areas))}
	h.hulls = newIndex(len(h.cells), func(i int) (orb.Bound, int) { return h.cells[i].Boundary().Bound(), i })
	for id, cells := range areas {
		for _, c := range cells {
			i, _ := slices.BinarySearch(h.cells, c)
			h.areas[id] = append(h.areas[id], i)
		}
	}
	a.grid = h
	travels := make(map[string]*travel, len(a.travel))
	for profile, t := range a.travel {
		again := *t
		again.tie(h, a.KeyAreas)
		travels[profile] = &again
	}
	a.travel = travels
	return nil
}
