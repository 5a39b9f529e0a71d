package atlas

import (
	"context"
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/paulmach/orb"

	"kora"
	"kora/geo/flat"
	"kora/geo/network"
	"kora/geo/service"
)

// travel is what one profile needs: its streets, and how stations and cells are tied to them.
type travel struct {
	streets *network.Network
	links   map[int64]network.Link // stations with a street within reach, by ID
	cells   func() (*service.CellLinks, error)
	inAreas func() *areaStreets
	grid    *hexes           // that cells are of
	streetM func() []float64 // metres of street in each cell
	fields  *fields
}

// Streets is the network of a profile, nil when there is none.
func (a *Atlas) Streets(profile string) *network.Network {
	if t := a.travel[profile]; t != nil {
		return t.streets
	}
	return nil
}

// Profiles are those that there are streets for, in order.
func (a *Atlas) Profiles() []string { return slices.Sorted(maps.Keys(a.travel)) }

// by gives what a profile needs, or a refusal: ReasonNoNetwork without streets, ReasonUnknown without any for the profile.
func (a *Atlas) by(profile string) (*travel, error) {
	if t := a.travel[profile]; t != nil {
		return t, nil
	}
	if a.Network == nil {
		return nil, kora.Refuse(kora.ReasonNoNetwork, "", nil, "no street network has been imported; run kora import network")
	}
	return nil, kora.Refuse(kora.ReasonUnknown, "profile", profile, "has no streets in the extract that was imported")
}

// link ties a place to the streets of a profile. Where there are none within reach it says so, and whether there are some
// for walkers.
func (a *Atlas) link(t *travel, p orb.Point) (network.Link, error) {
	reach := t.streets.Profile().PointReachM
	if link, ok := t.streets.Link(p, reach); ok {
		return link, nil
	}
	if walk := a.travel["walk"]; walk != nil && walk != t && walk.streets.HasStreet(p, reach) {
		return network.Link{}, kora.Refuse(kora.ReasonNoAccess, "lon, lat", nil,
			"no street for this profile within reach of this place (%.0f m), only for walkers", reach)
	}
	return network.Link{}, kora.Refuse(kora.ReasonNoAccess, "lon, lat", nil, "no street within reach of this place (%.0f m)", reach)
}

// linkStations gives the links after some stations changed, or those of all stations where all is set.
func (t *travel) linkStations(stations []*kora.Station, changed map[int64]*kora.Station, all bool) {
	links := map[int64]network.Link{}
	link := func(s *kora.Station) {
		if l, ok := t.streets.Link(s.Point, t.streets.Profile().PointReachM); ok {
			links[s.ID] = l
		}
	}
	if all {
		for _, s := range stations {
			link(s)
		}
	} else {
		maps.Copy(links, t.links)
		for id, s := range changed {
			delete(links, id)
			if s != nil {
				link(s)
			}
		}
	}
	t.links = links
}

// linkOf ties a station to the streets, also one that is in no record or stands elsewhere than there.
func (t *travel) linkOf(s *kora.Station) (network.Link, bool) {
	if l, ok := t.links[s.ID]; ok && l.Point == s.Point {
		return l, true
	}
	if known, ok := t.fields.elsewhere.Get(s.Point); ok {
		return known.Link, known.ok
	}
	l, ok := t.streets.Link(s.Point, t.streets.Profile().PointReachM)
	t.fields.elsewhere.Add(s.Point, linking{l, ok})
	return l, ok
}

// A linking is a Link or, without a street within reach, none.
type linking struct {
	network.Link
	ok bool
}

// onStreets gives the stations that have a street within reach.
func (t *travel) onStreets(stations []*kora.Station) []*kora.Station {
	return slices.DeleteFunc(slices.Clone(stations), func(s *kora.Station) bool {
		_, ok := t.linkOf(s)
		return !ok
	})
}

// areaStreets are the streets in every key area, and in all of them together.
type areaStreets struct {
	by       map[int64]*service.AreaStreets
	counties map[string]*service.AreaStreets // of the areas in one county, by its code
	all      *service.AreaStreets
}

// tie makes what ties the cells of h and the areas to the streets, when it is first asked for.
func (t *travel) tie(h *hexes, areas []*kora.KeyArea) {
	streets := t.streets
	t.cells = sync.OnceValues(func() (*service.CellLinks, error) {
		// Not the context of whoever asks first: others wait for the same.
		return service.LinkCells(context.Background(), streets, h.cells)
	})
	t.inAreas = sync.OnceValue(func() *areaStreets {
		found := &areaStreets{by: make(map[int64]*service.AreaStreets, len(areas)), counties: map[string]*service.AreaStreets{}}
		var all orb.MultiPolygon
		in := map[string]orb.MultiPolygon{}
		for _, area := range areas {
			found.by[area.ID] = service.StreetsIn(streets, area.Geometry)
			all, in[area.County] = append(all, area.Geometry...), append(in[area.County], area.Geometry...)
		}
		for _, county := range counties(areas) {
			found.counties[county] = service.StreetsIn(streets, in[county])
		}
		found.all = service.StreetsIn(streets, all)
		return found
	})
	t.streetM = sync.OnceValue(func() []float64 {
		box, ok := h.hulls.Bounds()
		if !ok {
			return nil
		}
		within := orb.MultiPoint{box.Min.LonLat(), box.Max.LonLat()}.Bound()
		return service.StreetInCells(streets, len(h.cells), within, func(cell int) orb.Ring { return h.cells[cell].Boundary() },
			func(b orb.Bound, visit func(int)) { h.hulls.In(flat.BoxOf(b), func(row uint32) { visit(int(row)) }) })
	})
	t.grid, t.fields = h, newFields()
}

// ranks is how many of the nearest stations a cell knows: its own, and the second for 交叉覆盖 (cross coverage).
const ranks = 2

// A served is the field of one set of stations, and the seconds from every cell to the nearest and second nearest of them.
type served struct {
	owners map[place]int // of the field
	free   []int         // numbers of places that are gone
	field  *network.Field
	times  [][]float32 // by rank, then cell
	near   []int32     // stations within circleMetres of each cell as the crow flies

	mu     sync.Mutex
	spans  []within  // the latest last
	tables [2][]byte // of the cells and the coarse cells; nil until they are asked for
}

// within are the streets within a time of so many different stations, in order.
type within struct {
	stations int
	seconds  float64
	spans    []network.Span
}

// keptSpans is how many of them a set remembers: those of whoever edits, and those of another.
const keptSpans = 2 * ranks

// reached gives the streets within a time of so many different stations, in order.
func (s *served) reached(stations int, maxSeconds float64) []network.Span {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.spans, func(w within) bool { return w.stations == stations && w.seconds == maxSeconds }); i >= 0 {
		found := s.spans[i]
		s.spans = append(slices.Delete(s.spans, i, i+1), found)
		return found.spans
	}
	found := within{stations, maxSeconds, s.field.Spans(stations, maxSeconds)}
	network.SortSpans(found.spans)
	s.spans = append(s.spans[max(0, len(s.spans)+1-keptSpans):], found)
	return found.spans
}

// count tells of every cell what the field does.
func (s *served) count(cells *service.CellLinks, h *hexes) (err error) {
	s.times, err = cells.Times(s.field)
	s.near = service.Near(h.centres, s.besides(nil), circleMetres)
	return err
}

// recount does the same by what base, from which s was made, told: only where the two differ is counted again.
func (s *served) recount(base *served, cells *service.CellLinks, h *hexes) (err error) {
	d := s.field.Since(base.field)
	if s.times, _, err = cells.TimesSince(base.times, s.field, d); err != nil {
		return err
	}
	s.near = slices.Clone(base.near)
	gone, come := service.Near(h.centres, base.besides(s), circleMetres), service.Near(h.centres, s.besides(base), circleMetres)
	for i := range s.near {
		s.near[i] += come[i] - gone[i]
	}
	base.mu.Lock()
	spans := slices.Clone(base.spans)
	base.mu.Unlock()
	for _, w := range spans {
		s.spans = append(s.spans, within{w.stations, w.seconds, s.field.SpansSince(w.spans, d, w.stations, w.seconds)})
	}
	return nil
}

// besides gives the places of the stations of s that another set has not.
func (s *served) besides(other *served) (points []orb.Point) {
	for p := range s.owners {
		if other != nil {
			if _, both := other.owners[p]; both {
				continue
			}
		}
		points = append(points, p.point)
	}
	return points
}

// A place is a station at its place: one that moves is another.
type place struct {
	id    int64
	point orb.Point
}

// fields remembers what was computed for sets of stations: as many as a planner may look at in one sitting. It belongs to
// one network and one grid; stations that change only ask for another set. A set that differs little from one that is
// known is made from it by local repair.
type fields struct {
	mu    sync.Mutex
	made  *lru.Cache[string, *served]
	tried *lru.Cache[string, *served] // of sets that are in no record, so that whoever drags a station about drives out no other

	elsewhere *lru.Cache[orb.Point, linking] // places of stations that are in no record
}

// repairs is the number of stations that may differ between two sets for one to be made from the other. Beyond that a new
// search is about as quick.
const repairs = 24

func newFields() *fields {
	made, _ := lru.New[string, *served](16) // these fail for sizes below 1 only
	tried, _ := lru.New[string, *served](8)
	elsewhere, _ := lru.New[orb.Point, linking](256)
	return &fields{made: made, tried: tried, elsewhere: elsewhere}
}

// served gives the times of all cells for a set of stations. It computes under the lock on purpose: a thousand who ask for
// the same at once wait for one computation.
func (t *travel) served(ctx context.Context, stations []*kora.Station) (*served, error) {
	var key []byte
	want := make(map[place]network.Link, len(stations))
	for _, s := range stations {
		key = binary.AppendVarint(key, s.ID)
		key = binary.LittleEndian.AppendUint64(key, math.Float64bits(s.Point[0]))
		key = binary.LittleEndian.AppendUint64(key, math.Float64bits(s.Point[1]))
		want[place{s.ID, s.Point}], _ = t.linkOf(s)
	}
	t.fields.mu.Lock()
	defer t.fields.mu.Unlock()
	keep := t.fields.made
	if recorded := t.recorded(stations); !recorded {
		keep = t.fields.tried
	}
	if known, ok := keep.Get(string(key)); ok {
		return known, nil
	}
	cells, err := t.cells()
	if err != nil {
		return nil, err
	}
	made, base, err := t.repaired(ctx, want)
	switch {
	case err != nil:
	case base != nil:
		err = made.recount(base, cells, t.grid)
	default:
		if made, err = t.searched(ctx, stations); err == nil {
			err = made.count(cells, t.grid)
		}
	}
	if err != nil {
		return nil, err
	}
	keep.Add(string(key), made)
	return made, nil
}

// recorded tells whether all stations stand where the record has them.
func (t *travel) recorded(stations []*kora.Station) bool {
	return !slices.ContainsFunc(stations, func(s *kora.Station) bool {
		l, ok := t.links[s.ID]
		return !ok || l.Point != s.Point
	})
}

func (t *travel) searched(ctx context.Context, stations []*kora.Station) (*served, error) {
	s := &served{owners: make(map[place]int, len(stations))}
	links := make([]network.Link, len(stations))
	for i, station := range stations {
		links[i], _ = t.linkOf(station)
		s.owners[place{station.ID, station.Point}] = i
	}
	var err error
	s.field, err = t.streets.Field(ctx, links, network.Options{Nearest: ranks, MaxSeconds: math.Inf(1)})
	return s, err
}

// repaired makes the field for a set from base, the nearest known one, which is nil when none is near enough.
func (t *travel) repaired(ctx context.Context, want map[place]network.Link) (s, base *served, err error) {
	least := repairs + 1
	for _, known := range slices.Concat(t.fields.made.Values(), t.fields.tried.Values()) {
		if d := known.differs(want); d < least {
			base, least = known, d
		}
	}
	if base == nil {
		return nil, nil, nil
	}
	s = &served{owners: maps.Clone(base.owners), free: slices.Clone(base.free), field: base.field}
	for p, owner := range base.owners {
		if _, stays := want[p]; stays {
			continue
		}
		if s.field, err = s.field.With(ctx, owner, nil); err != nil {
			return nil, nil, err
		}
		delete(s.owners, p)
		s.free = append(s.free, owner)
	}
	for p, link := range want {
		if _, known := s.owners[p]; known {
			continue
		}
		owner := s.field.Targets()
		if last := len(s.free) - 1; last >= 0 {
			owner, s.free = s.free[last], s.free[:last]
		}
		if s.field, err = s.field.With(ctx, owner, &link); err != nil {
			return nil, nil, err
		}
		s.owners[p] = owner
	}
	return s, base, nil
}

// differs counts the stations that are in one set only; it stops counting when there are too many.
func (s *served) differs(want map[place]network.Link) int {
	if d := len(want) - len(s.owners); max(d, -d) > repairs {
		return repairs + 1
	}
	both := 0
	for p := range want {
		if _, ok := s.owners[p]; ok {
			both++
		}
	}
	return len(want) + len(s.owners) - 2*both
}
