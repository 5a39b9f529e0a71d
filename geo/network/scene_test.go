package network_test

import (
	"context"
	"math"
	"strings"
	"testing"
	"unicode"

	"github.com/paulmach/orb"

	"kora/geo/network"
	"kora/geo/profile"
)

// In a scene, a column is 100 m east and a row 100 m south: farther than anybody goes beside a street that is at hand.
const (
	cellM     = 100
	sceneLon  = 91.1
	sceneLat  = 29.65
	metresPer = 4 / 3.6 // walking on the level, a second
	beside    = 3 / 3.6 // off the street, a second
)

// at is the place x metres east and y metres south of the scene's corner.
func at(x, y float64) orb.Point {
	// metres in a degree at this latitude, from the package's own ruler
	east := network.Distance(orb.Point{sceneLon - 0.5, sceneLat}, orb.Point{sceneLon + 0.5, sceneLat})
	north := network.Distance(orb.Point{sceneLon, sceneLat - 0.5}, orb.Point{sceneLon, sceneLat + 0.5})
	return orb.Point{sceneLon + x/east, sceneLat - y/north}
}

// A scene is a street map drawn in text: + and capitals are nodes, - and | streets between them, > < v ^ in a street let
// one through in that direction only. Small letters are places, on the street where they interrupt a line of it.
type scene struct {
	*network.Network
	t      *testing.T
	places map[rune]orb.Point
}

func draw(t *testing.T, text string) scene {
	t.Helper()
	rows := strings.Split(strings.Trim(text, "\n"), "\n")
	char := func(x, y int) rune {
		if y < 0 || y >= len(rows) || x < 0 || x >= len(rows[y]) {
			return ' '
		}
		return rune(rows[y][x])
	}
	isNode := func(c rune) bool { return c == '+' || unicode.IsUpper(c) }
	s := scene{t: t, places: map[rune]orb.Point{}}
	var nodes []orb.Point
	number := map[[2]int]int32{}
	for y, row := range rows {
		for x, c := range row {
			if isNode(c) {
				number[[2]int{x, y}] = int32(len(nodes))
				nodes = append(nodes, at(float64(x*cellM), float64(y*cellM)))
			}
			if unicode.IsLetter(c) {
				s.places[c] = at(float64(x*cellM), float64(y*cellM))
			}
		}
	}
	var edges []network.Edge
	run := func(x, y, dx, dy int, street, along, against rune) {
		forward, backward := true, true
		for i := 1; ; i++ {
			c := char(x+i*dx, y+i*dy)
			switch {
			case isNode(c):
				if i > 1 {
					metres := float32(i * cellM)
					e := network.Edge{From: number[[2]int{x, y}], To: number[[2]int{x + i*dx, y + i*dy}], LengthM: metres,
						Forward: metres / metresPer, Backward: metres / metresPer}
					if !forward {
						e.Forward = float32(math.Inf(1))
					}
					if !backward {
						e.Backward = float32(math.Inf(1))
					}
					edges = append(edges, e)
				}
				return
			case c == along:
				backward = false
			case c == against:
				forward = false
			case c == street, unicode.IsLower(c) && i > 1:
			default:
				return
			}
		}
	}
	for p := range number {
		run(p[0], p[1], 1, 0, '-', '>', '<')
		run(p[0], p[1], 0, 1, '|', 'v', '^')
	}
	n, err := network.Build(profile.Walk(), nodes, edges, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Network = n
	return s
}

func (s scene) link(name rune) network.Link {
	s.t.Helper()
	l, ok := s.Link(s.places[name], s.Profile().PointReachM)
	if !ok {
		s.t.Fatalf("%c has no street within reach", name)
	}
	return l
}

// expect checks the way from one place to another, by both searches. No way is wanted when metres is +Inf.
func (s scene) expect(from, to rune, onStreet, offStreet float64) {
	s.t.Helper()
	want := onStreet/metresPer + offStreet/beside
	a, targets := s.link(from), []network.Link{s.link(to)}
	f, err := s.Field(context.Background(), targets, network.Options{MaxSeconds: math.Inf(1)})
	if err != nil {
		s.t.Fatal(err)
	}
	routes, err := s.Nearest(context.Background(), a, targets, 1, math.Inf(1))
	if err != nil {
		s.t.Fatal(err)
	}
	seconds, owner, ok := f.TimeFrom(a)
	if math.IsInf(want, 1) {
		if ok || len(routes) > 0 {
			s.t.Errorf("%c to %c: found a way of %.1f s, %v; there is none", from, to, seconds, routes)
		}
		return
	}
	if !ok || owner != 0 || len(routes) != 1 {
		s.t.Fatalf("%c to %c: no way found (%v, %v)", from, to, ok, routes)
	}
	if math.Abs(seconds-want) > 0.05 || math.Abs(routes[0].Seconds-want) > 0.05 {
		s.t.Errorf("%c to %c: %.2f s by the field, %.2f s by the search; want %.2f s", from, to, seconds, routes[0].Seconds, want)
	}
	if metres := onStreet + offStreet; math.Abs(routes[0].Metres-metres) > 0.1 {
		s.t.Errorf("%c to %c: %.2f m, want %.2f m", from, to, routes[0].Metres, metres)
	}
	line := routes[0].Line
	if first, last := line[0], line[len(line)-1]; first != s.places[from] || last != s.places[to] {
		s.t.Errorf("%c to %c: the line runs from %v to %v", from, to, first, last)
	}
	var drawn float64
	for i := range line[1:] {
		drawn += network.Distance(line[i], line[i+1])
	}
	if math.Abs(drawn-routes[0].Metres) > 0.2 {
		s.t.Errorf("%c to %c: the line is %.2f m long and the way %.2f m", from, to, drawn, routes[0].Metres)
	}
}

func TestRiverIsCrossedAtTheBridge(t *testing.T) {
	s := draw(t, `
A------------------B
                   |
~~~~~~~~~~~~~~~~~~~|~~
~~~~~~~~~~~~~~~~~~~|~~
                   |
C-z----------------D
`)
	// straight across it is 540 m
	s.expect('A', 'z', (19+5+17)*cellM, 0)
	s.expect('z', 'A', (19+5+17)*cellM, 0)
}

func TestOneWay(t *testing.T) {
	s := draw(t, `
A---->----B
|         |
|         |
C---------D
`)
	s.expect('A', 'B', 10*cellM, 0)
	s.expect('B', 'A', 16*cellM, 0)
}

func TestOneWayWithPlacesOnIt(t *testing.T) {
	s := draw(t, `
A--p->-q--B
|         |
|         |
C---------D
`)
	s.expect('p', 'q', 4*cellM, 0)
	s.expect('q', 'p', (3+3+10+3+3)*cellM, 0)
	s.expect('q', 'A', (3+3+10+3)*cellM, 0)
	s.expect('A', 'q', 7*cellM, 0)
}

func TestNoWayAgainstTheOnlyStreet(t *testing.T) {
	s := draw(t, `
A---->----B
`)
	s.expect('A', 'B', 10*cellM, 0)
	s.expect('B', 'A', math.Inf(1), 0)
}

func TestSameEdgeGoesStraight(t *testing.T) {
	s := draw(t, `
A---p--q------B
`)
	s.expect('p', 'q', 3*cellM, 0)
	s.expect('q', 'p', 3*cellM, 0)
	s.expect('p', 'p', 0, 0)
}

func TestSameEdgeFromBesideTheStreet(t *testing.T) {
	s := draw(t, `
A-----------------------B
     p             q
`)
	// Who leaves the street cuts the corner: off the street at the angle whose sine is 3/4.
	sine := 0.75
	cut := cellM * sine / math.Sqrt(1-sine*sine)
	s.expect('p', 'q', 14*cellM-2*cut, 2*math.Hypot(cellM, cut))
}

func TestRoundaboutWayLosesToTheShortOne(t *testing.T) {
	// Two streets between the same nodes; both places are on the long one.
	long, short := float32(5000/metresPer), float32(500/metresPer)
	n, err := network.Build(profile.Walk(), []orb.Point{at(0, 0), at(500, 0)}, []network.Edge{
		{From: 0, To: 1, LengthM: 5000, Forward: long, Backward: long},
		{From: 0, To: 1, LengthM: 500, Forward: short, Backward: short},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := scene{Network: n, t: t, places: map[rune]orb.Point{'a': at(0, 0), 'b': at(500, 0)}}
	s.expect('a', 'b', 500, 0)
}
