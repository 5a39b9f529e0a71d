package atlas

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"kora"
	"kora/geo/basemap"
	"kora/geo/elevation"
	"kora/geo/flat"
	"kora/geo/grid"
	"kora/geo/network"
	"kora/geo/service"
)

// empty is the atlas before the first reading.
func empty() *Atlas {
	return &Atlas{
		stations: newTable(stationKind, nil), keyAreas: newTable(keyAreaKind, nil), highways: newTable(highwayKind, nil),
		parcels: newTable(parcelKind, nil), columns: newParcelColumns(newTable(parcelKind, nil)), drives: noDrives(), terrain: noTerrain(), corridors: newCorridors(),
		ground: flat.New(0, nil), land: func() *landCover { return &landCover{} }, grid: &hexes{hulls: flat.New(0, nil), coarse: &service.Parents{}, shapes: flat.New(0, nil)}, versions: &versions{},
	}
}

var (
	stationKind = &kind[kora.Station]{
		id:       func(s *kora.Station) int64 { return s.ID },
		order:    func(a, b *kora.Station) int { return cmp.Compare(a.ID, b.ID) },
		geometry: func(s *kora.Station) orb.Geometry { return s.Point },
		gathered: true,
	}
	keyAreaKind = &kind[kora.KeyArea]{
		id:       func(a *kora.KeyArea) int64 { return a.ID },
		order:    func(a, b *kora.KeyArea) int { return cmp.Compare(a.ID, b.ID) },
		geometry: func(a *kora.KeyArea) orb.Geometry { return a.Geometry },
	}
	highwayKind = &kind[kora.Highway]{
		id:       func(h *kora.Highway) int64 { return h.ID },
		order:    func(a, b *kora.Highway) int { return cmp.Or(strings.Compare(a.Ref, b.Ref), cmp.Compare(a.ID, b.ID)) },
		geometry: func(h *kora.Highway) orb.Geometry { return h.Geometry },
	}
	parcelKind = &kind[kora.Parcel]{
		id: func(p *kora.Parcel) int64 { return p.ID },
		order: func(a, b *kora.Parcel) int {
			return cmp.Or(strings.Compare(a.Number, b.Number), cmp.Compare(a.ID, b.ID))
		},
		geometry: func(p *kora.Parcel) orb.Geometry { return p.Geometry },
		gathered: true,
	}
)

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
		n.stations, _ = n.stations.with(c.Stations)
		n.Stations = n.stations.list
	}
	if len(c.KeyAreas) > 0 {
		n.keyAreas, _ = n.keyAreas.with(c.KeyAreas)
		n.KeyAreas = n.keyAreas.list
	}
	if len(c.Highways) > 0 {
		n.highways, _ = n.highways.with(c.Highways)
		n.Highways = n.highways.list
	}
	var changed []uint32 // rows of parcels
	renumbered := false
	if len(c.Parcels) > 0 {
		if parcels, rows := n.parcels.with(c.Parcels); parcels != n.parcels {
			n.parcels, n.Parcels = parcels, parcels.list
			n.columns = n.columns.with(parcels, rows)
			changed, renumbered = rows, len(rows) == 0
		}
	}
	if len(c.Notices) > 0 {
		n.Notices = merge(n.Notices, c.Notices, func(n *kora.Notice) int64 { return n.ID })
		slices.SortStableFunc(n.Notices, func(a, b *kora.Notice) int { return b.PublishedOn.Compare(a.PublishedOn) })
		n.noticeTexts = textsOf(n.Notices)
		n.linked = linkNotices(n.Notices)
	}
	if len(c.Panoramas) > 0 {
		n.takePanoramas(c.Panoramas)
	}
	if len(c.Reports) > 0 {
		n.Reports = merge(n.Reports, c.Reports, func(r *kora.KeptReport) int64 { return r.ID })
		slices.Reverse(n.Reports)
	}
	if len(c.Targets) > 0 {
		n.Targets = merge(n.Targets, c.Targets, func(t *kora.Target) int64 { return t.ID })
		slices.SortFunc(n.Targets, func(a, b *kora.Target) int { return cmp.Compare(a.Year, b.Year) })
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
			t.linkStations(n.Stations, c.Stations, streets)
		}
	}
	var places []Destination
	if len(c.Highways) > 0 || c.Whole {
		places = append(places, ToHighway)
	}
	if len(c.Stations) > 0 || c.Whole {
		places = append(places, ToStation)
	}
	n.drives = n.nextDrives(n.drives, changed, renumbered, streets, places...)
	if streets || len(c.Highways) > 0 {
		n.corridors = newCorridors()
	}
	n.terrain = n.nextTerrain(n.terrain, changed, renumbered, streets)
	// Without key areas the grid lies around the stations, so those move it too.
	if streets || len(c.KeyAreas) > 0 || len(c.Stations) > 0 && len(n.KeyAreas) == 0 {
		if err := n.layGrid(ctx); err != nil {
			return nil, err
		}
	}
	if len(c.Demands) > 0 || n.grid != a.grid {
		n.layDemand(c.Demands, n.grid != a.grid)
	}
	n.versions = a.versions.next(c) // last: a change that came to nothing has not been
	return &n, nil
}

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
	features := a.Basemap
	shapes, order := flat.NewAlong(len(features), func(i uint32) orb.Geometry { return features[i].Geometry })
	a.Basemap, a.ground = make([]basemap.Feature, len(features)), shapes
	for row, i := range order {
		a.Basemap[row] = features[i]
		if _, isPoint := a.Basemap[row].Geometry.(orb.Point); !isPoint {
			a.Basemap[row].Geometry = nil // it lies in the store
		}
	}
	a.heights = nil
	if n.Heights != nil {
		if a.heights, err = elevation.Decode(n.Heights); err != nil {
			return fmt.Errorf("network %d (%s): %w", n.ID, n.Name, err)
		}
	}
	about := *n
	about.Streets, about.Basemap, about.Heights = nil, nil, nil
	a.Network = &about
	return nil
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
	cells := slices.Sorted(maps.Keys(all))
	inAreas := make(map[int64][]int, len(areas))
	for id, its := range areas {
		for _, c := range its {
			i, _ := slices.BinarySearch(cells, c)
			inAreas[id] = append(inAreas[id], i)
		}
	}
	h, err := newHexes(cells, inAreas)
	if err != nil {
		return fmt.Errorf("lay the grid: %w", err)
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
