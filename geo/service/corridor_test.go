package service_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"kora/geo/network"
	"kora/geo/profile"
	"kora/geo/service"
	"kora/importers"
)

// On this road a kilometre takes a minute.
const perKM = 60.0

// onRoad is the place so many kilometres east of the road's begin and so many metres north of it.
func onRoad(km, northM float64) orb.Point {
	const lat = 30.0
	east := network.Distance(orb.Point{90, lat}, orb.Point{91, lat})
	north := network.Distance(orb.Point{90, lat - 0.5}, orb.Point{90, lat + 0.5})
	return orb.Point{90 + 1000*km/east, lat + northM/north}
}

// A roadMap is made of straight streets with a node at every kilometre.
type roadMap struct {
	nodes []orb.Point
	edges []network.Edge
}

// street runs from one place to another, both by kilometre and metres to the north. One-way streets let one through in that
// direction only.
func (m *roadMap) street(fromKM, fromN, toKM, toN float64, oneWay bool) {
	metres := network.Distance(onRoad(fromKM, fromN), onRoad(toKM, toN))
	pieces := max(1, int(math.Round(metres/1000)))
	last := m.node(onRoad(fromKM, fromN))
	for i := range pieces {
		t := float64(i+1) / float64(pieces)
		next := m.node(onRoad(fromKM+t*(toKM-fromKM), fromN+t*(toN-fromN)))
		length := metres / float64(pieces)
		e := network.Edge{From: last, To: next, LengthM: float32(length), Forward: float32(length / 1000 * perKM), Backward: float32(length / 1000 * perKM)}
		if oneWay {
			e.Backward = float32(math.Inf(1))
		}
		m.edges = append(m.edges, e)
		last = next
	}
}

func (m *roadMap) node(p orb.Point) int32 {
	for i, q := range m.nodes {
		if network.Distance(p, q) < 0.01 {
			return int32(i)
		}
	}
	m.nodes = append(m.nodes, p)
	return int32(len(m.nodes) - 1)
}

func (m *roadMap) corridor(t failing, course orb.MultiLineString, homes ...orb.Point) *service.Corridor {
	t.Helper()
	n, err := network.Build(profile.Truck(), m.nodes, m.edges, nil)
	if err != nil {
		t.Fatal(err)
	}
	links := make([]network.Link, len(homes))
	for i, p := range homes {
		links[i], _ = n.Link(p, 30) // none where no street is so near
	}
	c, err := service.CorridorOf(context.Background(), n, service.NewCourse(course), links, service.CorridorOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// straightRoad is 100 km long, and so is its course.
func straightRoad() (*roadMap, orb.MultiLineString) {
	m := &roadMap{}
	m.street(0, 0, 100, 0, false)
	return m, orb.MultiLineString{{onRoad(0, 0), onRoad(37, 0), onRoad(100, 0)}}
}

// told gives stretches as "served 5-20", in kilometres.
func told(c *service.Corridor, d service.Direction, l service.Limit) string {
	var all []string
	for _, s := range c.Stretches(d, l) {
		all = append(all, fmt.Sprintf("%s %.3g-%.3g", s.State, s.FromM/1000, s.ToM/1000))
	}
	return strings.Join(all, ", ")
}

func minutes(n float64) service.Limit    { return service.Limit{Seconds: 60 * n} }
func kilometres(n float64) service.Limit { return service.Limit{Metres: 1000 * n} }

func TestStretchesByHand(t *testing.T) {
	m, course := straightRoad()
	c := m.corridor(t, course, onRoad(50, 0), onRoad(20, 0), onRoad(60, 30_000)) // the last one is far off
	if len(c.Homes) != 2 || c.Homes[0].Index != 1 || math.Abs(c.Homes[0].ChainageM-20_000) > 1 || c.Homes[0].Detour() > 0.5 {
		t.Fatalf("homes %+v", c.Homes)
	}
	for _, k := range []struct {
		limit    service.Limit
		up, down string
	}{
		{minutes(15), "beyond 0-5, served 5-20, beyond 20-35, served 35-50, no_home 50-100",
			"no_home 0-20, served 20-35, beyond 35-50, served 50-65, beyond 65-100"},
		{kilometres(15), "beyond 0-5, served 5-20, beyond 20-35, served 35-50, no_home 50-100",
			"no_home 0-20, served 20-35, beyond 35-50, served 50-65, beyond 65-100"},
		// exactly met: 30 min from just behind one home to the next
		{minutes(30), "served 0-20, served 20-50, no_home 50-100", "no_home 0-20, served 20-50, served 50-80, beyond 80-100"},
		{kilometres(29.9), "served 0-20, beyond 20-20.1, served 20.1-50, no_home 50-100",
			"no_home 0-20, served 20-49.9, beyond 49.9-50, served 50-79.9, beyond 79.9-100"},
		{minutes(600), "served 0-20, served 20-50, no_home 50-100", "no_home 0-20, served 20-50, served 50-100"},
	} {
		if got := told(c, service.Up, k.limit); got != k.up {
			t.Errorf("%+v up: %s\nwant %s", k.limit, got, k.up)
		}
		if got := told(c, service.Down, k.limit); got != k.down {
			t.Errorf("%+v down: %s\nwant %s", k.limit, got, k.down)
		}
	}
	up := c.Stretches(service.Up, minutes(15))
	if s := up[2]; math.Abs(s.LongestS-1800) > 0.5 || math.Abs(s.LongestM-30_000) > 1 || s.Before != 0 || s.Next != 1 {
		t.Errorf("behind the first home: %+v", s)
	}
	if s := up[4]; !math.IsInf(s.LongestS, 1) || math.Abs(s.LongestM-50_000) > 1 || s.Before != 1 || s.Next != -1 {
		t.Errorf("behind the last home: %+v", s)
	}
	if s := c.Stretches(service.Down, minutes(15))[4]; math.Abs(s.LongestM-50_000) > 1 || s.Before != -1 || s.Next != 1 {
		t.Errorf("from the end: %+v", s)
	}
}

func TestNoHomes(t *testing.T) {
	m, course := straightRoad()
	c := m.corridor(t, course)
	for _, d := range service.Directions() {
		if got := told(c, d, minutes(60)); got != "no_home 0-100" {
			t.Error(got)
		}
	}
	if s := c.Stretches(service.Down, minutes(60))[0]; math.Abs(s.LongestM-100_000) > 1 {
		t.Errorf("%+v", s)
	}
}

func TestOneWayRoad(t *testing.T) {
	m := &roadMap{}
	m.street(0, 0, 100, 0, true)
	c := m.corridor(t, orb.MultiLineString{{onRoad(0, 0), onRoad(100, 0)}}, onRoad(50, 0))
	if len(c.Homes) != 1 {
		t.Fatalf("homes %+v", c.Homes)
	}
	if got := told(c, service.Up, minutes(20)); got != "beyond 0-30, served 30-50, no_home 50-100" {
		t.Error(got)
	}
	if got := told(c, service.Down, minutes(20)); got != "unknown 0-100" {
		t.Error(got)
	}
}

func TestHomeOffTheRoad(t *testing.T) {
	m, course := straightRoad()
	m.street(50, 0, 50, 2000, false)
	m.street(70, 0, 70, -11_000, false) // 22 minutes there and back are too many
	c := m.corridor(t, course, onRoad(50, 2000), onRoad(70, -4000), onRoad(70, -11_000))
	if len(c.Homes) != 2 || !c.Homes[0].Left || c.Homes[1].Left {
		t.Fatalf("homes %+v", c.Homes)
	}
	if h := c.Homes[0]; math.Abs(h.ChainageM-50_000) > 2 || math.Abs(h.AsideM-2000) > 4 || math.Abs(h.Detour()-240) > 0.5 || math.Abs(h.There.Metres-2000) > 1 {
		t.Errorf("%+v", h)
	}
	// 2 minutes are spent off the road
	if got := told(c, service.Up, minutes(20)); got != "beyond 0-32, served 32-50, beyond 50-54, served 54-70, no_home 70-100" {
		t.Error(got)
	}
}

// A home beside one carriageway is reached from the other by the next place to turn.
func TestDividedRoad(t *testing.T) {
	m := &roadMap{}
	m.street(0, 0, 100, 0, true)
	m.street(100, 50, 0, 50, true)
	m.street(30, 0, 30, 50, false)
	m.street(100, 0, 100, 50, false)
	c := m.corridor(t, orb.MultiLineString{{onRoad(0, 25), onRoad(100, 25)}}, onRoad(50, -20))
	if len(c.Homes) != 1 || c.Homes[0].Left {
		t.Fatalf("homes %+v", c.Homes)
	}
	if got := told(c, service.Up, minutes(20)); got != "beyond 0-30.4, served 30.4-50, no_home 50-100" {
		t.Error(got)
	}
	// from km 70 down to km 30 and back up to km 50: 60 minutes, 50 m for the turn, and the way off the street at 3 km/h
	if got := told(c, service.Down, minutes(60.45)); got != "no_home 0-50, served 50-70, beyond 70-100" {
		t.Error(got)
	}
}

func TestWhereTheStreetsEnd(t *testing.T) {
	m := &roadMap{}
	m.street(0, 0, 60, 0, false)
	c := m.corridor(t, orb.MultiLineString{{onRoad(0, 0), onRoad(100, 0)}}, onRoad(40, 0))
	if got := told(c, service.Up, minutes(60)); got != "served 0-40, no_home 40-60, unknown 60-100" {
		t.Error(got)
	}
	sum := service.Sum(c.Stretches(service.Up, minutes(60)))
	if math.Abs(sum.Known()-60_000) > 1 || math.Abs(sum[service.Unknown]-40_000) > 1 {
		t.Errorf("%v", sum)
	}
}

// Lines are put in order; a hole adds nothing to the chainage, but to the way.
func TestLinesInAnyOrderWithAHole(t *testing.T) {
	m, _ := straightRoad()
	parts := []orb.LineString{{onRoad(0, 0), onRoad(30, 0)}, {onRoad(30, 0), onRoad(31, 0), onRoad(40, 0)}, {onRoad(50, 0), onRoad(100, 0)}}
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {1, 0, 2}} {
		var course orb.MultiLineString
		for _, i := range order {
			course = append(course, parts[i])
		}
		c := m.corridor(t, course, onRoad(70, 0))
		if length := c.Course.Length(); math.Abs(length-90_000) > 1 {
			t.Fatalf("%v: %v m", order, length)
		}
		if got := told(c, service.Up, minutes(35)); got != "beyond 0-35, served 35-60, no_home 60-90" {
			t.Errorf("%v: %s", order, got)
		}
		part := c.Course.Part(20_000, 50_000)
		if len(part) != 3 || network.Distance(part[0][0], onRoad(20, 0)) > 1 || network.Distance(part[1][2], onRoad(40, 0)) > 1 ||
			network.Distance(part[2][1], onRoad(60, 0)) > 1 {
			t.Errorf("%v: a part is %v", order, part)
		}
	}
}

// On a straight road, whatever homes there are, every stretch says what a sum in the head says, and stretches are the whole road.
func TestStretchesOfAnyHomes(t *testing.T) {
	m, course := straightRoad()
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.SliceOfN(rapid.Float64Range(0, 100), 0, 6).Draw(t, "homes")
		limit := rapid.Float64Range(1, 70).Draw(t, "limit")
		var homes []orb.Point
		for _, km := range at {
			homes = append(homes, onRoad(km, 0))
		}
		c := m.corridor(t, course, homes...)
		if len(c.Homes) != len(at) {
			t.Fatalf("%d homes of %d", len(c.Homes), len(at))
		}
		for _, d := range service.Directions() {
			stretches := c.Stretches(d, kilometres(limit))
			end, sum := 0.0, 0.0
			for _, s := range stretches {
				if s.FromM != end || !(s.ToM > s.FromM) {
					t.Fatalf("%+v begins elsewhere than at %v", s, end)
				}
				end = s.ToM
				middle := (s.FromM + s.ToM) / 2000
				next := math.Inf(1)
				for _, km := range at {
					if ahead := (km - middle) * map[service.Direction]float64{service.Up: 1, service.Down: -1}[d]; ahead >= 0 {
						next = min(next, ahead)
					}
				}
				want := service.Served
				if math.IsInf(next, 1) {
					want = service.NoHome
				} else if next > limit {
					want = service.Beyond
				}
				if s.State != want && math.Abs(next-limit) > 0.01 && s.Length() > 5 {
					t.Fatalf("%v: %+v is %s: the next home is %v km away and the limit %v km", d, s, want, next, limit)
				}
			}
			for _, m := range service.Sum(stretches) {
				sum += m
			}
			if math.Abs(end-c.Course.Length()) > 1e-6 || math.Abs(sum-c.Course.Length()) > 1e-6 {
				t.Fatalf("stretches end at %v and sum to %v of %v m", end, sum, c.Course.Length())
			}
		}
	})
}

// failing is a test, or a run of one.
type failing interface {
	Helper()
	Fatal(...any)
}

func TestSummits(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		metres []float64
		want   []int
	}{
		{[]float64{3600, 3700, 5013, 4000, 3000, 4728, 2990}, []int{2, 5}},
		{[]float64{3600, 3700, 5013, nan, 4900, 5013, 3000}, []int{2}}, // a dent parts no summit
		{[]float64{5000, 4000, 3000}, nil},                             // falls only
		{[]float64{3000, 4000, 5000}, nil},
		{[]float64{nan, nan}, nil},
	} {
		if got := service.Summits(c.metres, 300); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.metres, got, c.want)
		}
	}
}

// Through Andorra, along the quickest way from one border to the other: what the search for single ways finds is never slower than
// what a corridor says, which may not turn round on the spot, and mostly the same, in seconds and metres.
func TestCorridorThroughAndorra(t *testing.T) {
	n := extractBy(t, "andorra.osm.pbf", "truck", importers.NetworkOptions{Profiles: []profile.Profile{profile.Walk(), profile.Truck()}})
	link := func(p orb.Point) network.Link {
		t.Helper()
		l, ok := n.Link(p, 500)
		if !ok {
			t.Fatalf("%v has no street", p)
		}
		return l
	}
	way := func(from, to network.Link) (network.Route, bool) {
		t.Helper()
		routes, err := n.Nearest(t.Context(), from, []network.Link{to}, 1, math.Inf(1))
		if err != nil {
			t.Fatal(err)
		}
		if len(routes) == 0 {
			return network.Route{}, false
		}
		return routes[0], true
	}
	across, ok := way(link(orb.Point{1.4566, 42.4385}), link(orb.Point{1.7325, 42.5428}))
	if !ok {
		t.Fatal("no way through")
	}
	var homes []network.Link
	for _, part := range []int{5, 3, 2} {
		homes = append(homes, link(across.Line[len(across.Line)/part]))
	}
	homes = append(homes, link(orb.Point{1.5300, 42.5500})) // beside it, up another valley
	c, err := service.CorridorOf(t.Context(), n, service.NewCourse(orb.MultiLineString{across.Line}), homes, service.CorridorOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Homes) < 3 {
		t.Fatalf("homes %+v", c.Homes)
	}
	checked, same := 0, 0
	for _, p := range c.Pieces {
		for _, d := range service.Directions() {
			ahead, next, place := p.Ways[d], p.Ways[d].From, c.Places[p.From]
			if d == service.Down {
				next, place = ahead.To, c.Places[p.To]
			}
			if !ahead.Held || next.Home < 0 {
				continue
			}
			home := c.Homes[next.Home]
			if passed := (place.ChainageM - home.ChainageM) * map[service.Direction]float64{service.Up: 1, service.Down: -1}[d]; passed > 1e-6 {
				t.Errorf("%+v lies behind %.0f m", home, place.ChainageM)
			}
			// The course lies on the carriageway up; that down may lie beside it, off the street at 3 km/h.
			reach, slack := 5.0, 10.0
			if d == service.Down {
				reach, slack = 60, 75
			}
			from, ok := n.Link(place.Point, reach)
			if !ok {
				continue
			}
			route, ok := way(from, homes[home.Index])
			if !ok {
				t.Fatalf("no way from %v, where a corridor has one", place)
			}
			checked++
			if route.Seconds > next.Seconds+slack {
				t.Errorf("at %.0f m, %v: %.0f s, and a single search takes %.0f s", place.ChainageM, d, next.Seconds, route.Seconds)
			}
			if math.Abs(route.Seconds-next.Seconds) < 10 && math.Abs(route.Metres-next.Metres) < 30+0.01*route.Metres {
				same++
			}
		}
	}
	t.Logf("%.1f km, %d homes, %d of %d ways as a single search has them", c.Course.Length()/1000, len(c.Homes), same, checked)
	if checked < 50 || float64(same) < 0.8*float64(checked) {
		t.Errorf("%d of %d ways are as a single search has them", same, checked)
	}
	for _, d := range service.Directions() {
		sum := service.Sum(c.Stretches(d, minutes(10)))
		if unknown := sum[service.Unknown]; d == service.Up && unknown > 0.05*c.Course.Length() {
			t.Errorf("%.0f m of a way that was found are unknown", unknown)
		}
	}
}
