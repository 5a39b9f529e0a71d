package atlas

import (
	"context"
	"maps"
	"math"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/paulmach/orb"

	"kora"
	"kora/geo/basemap"
	"kora/geo/facet"
	"kora/geo/network"
	"kora/geo/paged"
	"kora/geo/service"
)

// A Destination is a kind of place that investors ask the way to.
type Destination string

const (
	ToHighway    Destination = "highway"     // the course of a national or provincial road of the record
	ToRailway    Destination = "railway"     // a railway station of the street extract
	ToAirport    Destination = "airport"     // an airport of the street extract
	ToCountySeat Destination = "county_seat" // a city or town of the street extract
	ToStation    Destination = "station"     // a station of the record that receives people
)

// Destinations lists every Destination.
func Destinations() []Destination {
	return []Destination{ToHighway, ToRailway, ToAirport, ToCountySeat, ToStation}
}

// A Drive is the way by car from a parcel's entrance to the nearest of some places.
type Drive struct {
	Seconds float64
	To      kora.Name
	Missing DriveMissing // why there is no time; empty when there is one
}

// DriveMissing tells why a time by car is not known.
type DriveMissing string

const (
	NoStreets DriveMissing = "no_streets" // no streets for cars have been imported
	NoPlaces  DriveMissing = "no_places"  // no such place is known that has a street
	NoStreet  DriveMissing = "no_street"  // no street for cars within reach of the parcel
	NoWay     DriveMissing = "no_way"     // streets, but none that lead there
)

const carProfile = "car"

// drives are the times by car from parcels. They are made when somebody first asks, which may take seconds where parcels are
// many, and then follow the changes: a parcel that changes is tied and timed again, others are only when the streets or the
// places that they lead to are others.
type drives struct {
	streets *network.Network // nil: none for cars
	ties    *lazy[paged.Column[tie]]
	to      map[Destination]*lazy[*driven]
	near    *lru.Cache[Near, *roaring.Bitmap] // rows; a map asks the same for every tile
}

// A tie is what of a parcel's link to the streets must be kept to ask fields.
type tie struct {
	from  orb.Point
	reach float64 // metres; 0: no street
	nodes []network.Seed
	edges []besideEdge
}

// A besideEdge is an edge within reach, and the seconds off the street to it.
type besideEdge struct {
	edge    int32
	seconds float64
}

// driven are the times to one kind of place, by rows.
type driven struct {
	goals   *goals
	minutes *facet.Numbers
	owners  paged.Column[int32] // of goals; -1: none
}

// Drive tells the way by car from the parcel in a row, which must have one.
func (a *Atlas) Drive(row uint32, to Destination) Drive {
	if a.drives.streets == nil {
		return Drive{Missing: NoStreets}
	}
	d := a.drives.to[to].get()
	owner := d.owners.At(row)
	switch {
	case owner >= 0:
		return Drive{Seconds: math.Round(d.minutes.At(row) * 60), To: d.goals.names[owner]}
	case len(d.goals.names) == 0:
		return Drive{Missing: NoPlaces}
	case a.drives.ties.get().At(row).reach == 0:
		return Drive{Missing: NoStreet}
	}
	return Drive{Missing: NoWay}
}

// DriveMinutes are those of Drive before they are rounded, by which parcels are filtered; NaN when not known.
func (a *Atlas) DriveMinutes(row uint32, to Destination) float64 {
	return a.drives.to[to].get().minutes.At(row)
}

// nextDrives follows a change: rows are those of parcels that changed, or anew tells that all were numbered anew.
func (a *Atlas) nextDrives(former *drives, rows []uint32, anew, streets bool, places ...Destination) *drives {
	n := &drives{to: map[Destination]*lazy[*driven]{}, near: newNear()}
	if t := a.travel[carProfile]; t != nil {
		n.streets = t.streets
	}
	table := a.parcels
	if !anew && !streets && len(rows) == 0 && len(places) == 0 {
		return former
	}
	ties, tied := former.ties.known()
	switch {
	case anew || streets || !tied && len(rows) > 0:
		n.ties = later(func() paged.Column[tie] { return tieAll(n.streets, table) })
	case len(rows) > 0:
		ties = tieAgain(n.streets, table, ties, rows)
		n.ties = already(ties)
	default:
		n.ties = former.ties
	}
	for _, to := range Destinations() {
		of := former.to[to]
		was, made := of.known()
		switch {
		case anew || streets || slices.Contains(places, to) || !(made && tied) && len(rows) > 0:
			find, here := a.finder(to), n.ties // and not all of a, which would have to stay
			n.to[to] = later(func() *driven { return find(n.streets).drive(here.get(), table) })
		case len(rows) > 0:
			n.to[to] = already(was.again(ties, rows, table))
		default:
			n.to[to] = of
		}
	}
	return n
}

func noDrives() *drives {
	n := &drives{ties: already(paged.Column[tie]{}), to: map[Destination]*lazy[*driven]{}, near: newNear()}
	for _, to := range Destinations() {
		n.to[to] = already(&driven{goals: &goals{}, minutes: facet.NewNumbers(0, nil)})
	}
	return n
}

func newNear() *lru.Cache[Near, *roaring.Bitmap] {
	c, _ := lru.New[Near, *roaring.Bitmap](16) // fails for a size below 1 only
	return c
}

func tieAll(streets *network.Network, table *Table[kora.Parcel]) paged.Column[tie] {
	return paged.Make(table.shapes.Len(), func(row uint32) tie {
		if p := table.At(row); p != nil && streets != nil {
			return tieTo(streets, p.Entrance())
		}
		return tie{}
	})
}

func tieAgain(streets *network.Network, table *Table[kora.Parcel], ties paged.Column[tie], rows []uint32) paged.Column[tie] {
	edit := ties.Edit()
	for _, row := range rows {
		p := table.At(row)
		switch {
		case p == nil || streets == nil:
			edit.Set(row, tie{})
		case int(row) >= ties.Len() || ties.At(row).from != p.Entrance():
			edit.Set(row, tieTo(streets, p.Entrance()))
		}
	}
	return edit.Column
}

func tieTo(streets *network.Network, p orb.Point) tie {
	t := tie{from: p}
	link, ok := streets.Link(p, streets.Profile().PointReachM)
	if !ok {
		return t
	}
	t.reach, t.nodes = link.ReachM, link.Departures()
	for _, a := range link.Access {
		if n := len(t.edges); n > 0 && t.edges[n-1].edge == a.Edge {
			t.edges[n-1].seconds = min(t.edges[n-1].seconds, a.OffSeconds)
		} else {
			t.edges = append(t.edges, besideEdge{a.Edge, a.OffSeconds})
		}
	}
	t.nodes, t.edges = slices.Clip(t.nodes), slices.Clip(t.edges)
	return t
}

// goals are places and the field of times to them. A place is a link or the course of a road, which is reached at the edges
// that it runs over.
type goals struct {
	names   []kora.Name
	streets *network.Network
	field   *network.Field
	owners  []int32           // of the field's targets: the index in names
	beside  map[int32][]int32 // targets by the edges that they meet
	courses map[int32]int32   // edges of roads: the index in names
}

type goal struct {
	name kora.Name
	link network.Link
}

// goalsOf makes the field. maxSeconds may be +Inf.
func goalsOf(streets *network.Network, places []goal, maxSeconds float64) *goals {
	g := &goals{streets: streets, beside: map[int32][]int32{}}
	links := make([]network.Link, len(places))
	for i, p := range places {
		g.names = append(g.names, p.name)
		g.owners = append(g.owners, int32(i))
		links[i] = p.link
		for k, a := range p.link.Access {
			if k == 0 || a.Edge != p.link.Access[k-1].Edge {
				g.beside[a.Edge] = append(g.beside[a.Edge], int32(i))
			}
		}
	}
	g.search(links, maxSeconds)
	return g
}

func (g *goals) search(links []network.Link, maxSeconds float64) {
	if len(links) == 0 {
		return
	}
	// Not the context of whoever asks first: others wait for the same. It fails for options that are none, and when cancelled.
	g.field, _ = g.streets.Field(context.Background(), links, network.Options{Nearest: 1, MaxSeconds: maxSeconds})
}

// nearest gives the seconds from a tied place to the nearest goal, and which one it is; -1 when there is no way.
func (g *goals) nearest(t tie) (seconds float64, owner int32) {
	seconds, owner = math.Inf(1), -1
	if g.field == nil || t.reach == 0 {
		return seconds, owner
	}
	offer := func(s float64, to int32) {
		if s < seconds || s == seconds && to < owner {
			seconds, owner = s, to
		}
	}
	for _, n := range t.nodes {
		if s, target, ok := g.field.At(n.Node, 0); ok {
			offer(n.Seconds+s, g.owners[target])
		}
	}
	for _, e := range t.edges {
		for _, target := range g.beside[e.edge] {
			to, _ := g.field.Target(int(target))
			offer(g.streets.Along(e.edge, network.Link{Point: t.from, ReachM: t.reach}, *to), g.owners[target])
		}
		if road, is := g.courses[e.edge]; is {
			offer(e.seconds, road)
		}
	}
	if seconds > g.field.Options().MaxSeconds || math.IsInf(seconds, 1) {
		return math.Inf(1), -1
	}
	return seconds, owner
}

func (g *goals) drive(ties paged.Column[tie], table *Table[kora.Parcel]) *driven {
	d := &driven{goals: g}
	minutes := paged.Make(ties.Len(), func(uint32) float64 { return math.NaN() }).Edit()
	d.owners = paged.Make(ties.Len(), func(row uint32) int32 {
		seconds, owner := g.nearest(ties.At(row))
		if owner >= 0 && table.At(row) != nil {
			minutes.Set(row, seconds/60)
		}
		return owner
	})
	d.minutes = facet.NewNumbers(ties.Len(), minutes.At, driveEdges...)
	return d
}

// again gives the times after some rows were tied again.
func (d *driven) again(ties paged.Column[tie], rows []uint32, table *Table[kora.Parcel]) *driven {
	next := &driven{goals: d.goals}
	owners := d.owners.Edit()
	next.minutes = d.minutes.With(rows, func(row uint32) float64 {
		seconds, owner := d.goals.nearest(ties.At(row))
		if table.At(row) == nil {
			owner = -1
		}
		owners.Set(row, owner)
		return known(seconds/60, owner >= 0)
	})
	next.owners = owners.Column
	return next
}

// finder gives what finds the goals of a kind. It holds no more of a than that takes.
func (a *Atlas) finder(to Destination) func(*network.Network) *goals {
	switch to {
	case ToHighway:
		highways := a.Highways
		return func(streets *network.Network) *goals { return roads(streets, highways) }
	case ToStation:
		stations := a.Stations
		return func(streets *network.Network) *goals {
			var places []goal
			for _, s := range stations {
				if s.Status.Serves() {
					places = linked(places, streets, s.Name, s.Point)
				}
			}
			return goalsOf(streets, places, math.Inf(1))
		}
	}
	features := a.Basemap
	return func(streets *network.Network) *goals {
		var places []goal
		for _, f := range features {
			at, is := f.Geometry.(orb.Point)
			if is && lies(f, to) {
				places = linked(places, streets, nameOf(f), at)
			}
		}
		return goalsOf(streets, places, math.Inf(1))
	}
}

func lies(f basemap.Feature, to Destination) bool {
	switch f.Layer {
	case basemap.Landmarks:
		return to == ToRailway && f.Class == basemap.RailwayStation || to == ToAirport && f.Class == basemap.Airport
	case basemap.Places:
		return to == ToCountySeat && (f.Class == "city" || f.Class == "town")
	}
	return false
}

func nameOf(f basemap.Feature) kora.Name {
	n := kora.Name{ZH: f.NameZH, BO: f.NameBO, EN: f.NameEN}
	if n.ZH == "" {
		n.ZH = f.Name
	}
	return n
}

// linked adds a place, when it has a street. What is drawn as one point, a town or a station, may lie further from its streets
// than a person's place, so it is tied to those within twice the reach.
func linked(to []goal, streets *network.Network, name kora.Name, at orb.Point) []goal {
	if streets == nil {
		return to
	}
	if link, ok := streets.Link(at, 2*streets.Profile().PointReachM); ok {
		to = append(to, goal{name, link})
	}
	return to
}

// roads makes goals of highways: the pieces of street that run along their courses, reached wherever somebody comes upon them.
func roads(streets *network.Network, highways []*kora.Highway) *goals {
	g := &goals{streets: streets, courses: map[int32]int32{}}
	if streets == nil {
		return g
	}
	var links []network.Link
	ends := map[int32]bool{}
	for i, h := range highways {
		g.names = append(g.names, h.Name)
		for _, line := range h.Geometry {
			service.EachStreetAlong(streets, line, func(_, _ orb.Point, piece network.Span) {
				if _, known := g.courses[piece.Edge]; !known {
					g.courses[piece.Edge] = int32(i)
				}
			})
		}
	}
	for _, edge := range slices.Sorted(maps.Keys(g.courses)) {
		info := streets.Edge(edge)
		for _, node := range []int32{info.From, info.To} {
			if !ends[node] {
				ends[node] = true
				links, g.owners = append(links, streets.LinkNode(node)), append(g.owners, g.courses[edge])
			}
		}
	}
	if len(links) == 0 {
		g.names = nil
	}
	g.search(links, math.Inf(1))
	return g
}
