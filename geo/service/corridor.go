package service

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"kora/geo/network"
)

// A Direction is one of the two in which a road is travelled.
type Direction int

const (
	Up   Direction = iota // of rising chainage
	Down                  // of falling chainage
)

// Directions are both.
func Directions() []Direction { return []Direction{Up, Down} }

// CorridorOptions say what belongs to a corridor; the zero value is complete.
type CorridorOptions struct {
	EveryM        float64 // metres between the places that are looked at along the way; 0: 500
	ReachM        float64 // how far off the road a home may lie, as the crow flies; 0: 5,000
	DetourSeconds float64 // how long it may take to go there from the road and come back; 0: 20 minutes
}

func (o CorridorOptions) complete() CorridorOptions {
	return CorridorOptions{cmp.Or(o.EveryM, 500), cmp.Or(o.ReachM, 5000), cmp.Or(o.DetourSeconds, 20*60)}
}

// A Corridor is a road with the homes along it, where drivers rest, and from everywhere along the way the time to the next home
// ahead over the streets.
type Corridor struct {
	Course *Course
	Homes  []CorridorHome  // by chainage
	Places []CorridorPlace // by chainage; at a hole in the course two have the same
	Pieces []CorridorPiece // of the course between places, by chainage
}

// A CorridorHome is a home within reach of the road.
type CorridorHome struct {
	Index     int     // of the link that was given
	ChainageM float64 // where the road is left to go there
	AsideM    float64 // as the crow flies
	Left      bool    // of who travels in the direction of rising chainage
	There     network.Stretch
	Back      network.Stretch // Metres are those of There
}

// Detour is the seconds that it takes to go there from the road and come back.
func (h CorridorHome) Detour() float64 { return h.There.Seconds + h.Back.Seconds }

// A CorridorPlace is a place along the road.
type CorridorPlace struct {
	ChainageM float64
	Point     orb.Point
	line      int // of the course
}

// A CorridorPiece is a piece of road without a home on its way.
type CorridorPiece struct {
	From, To int      // of Places, by chainage
	Ways     [2]Ahead // by Direction
}

// Ahead tells of the next home ahead, for one direction, from both ends of a piece.
type Ahead struct {
	Held     bool // the streets hold the road here and let one travel it in this direction
	From, To Next // by chainage: who travels down enters at To
}

// Next is the home ahead that takes the least time.
type Next struct {
	Home int // of Homes; -1: none is ahead, or no way leads there
	network.Stretch
}

// none is ahead.
var none = Next{-1, network.Stretch{Seconds: math.Inf(1), Metres: math.Inf(1)}}

// CorridorOf follows a course over the streets of a profile. Homes are places by their links; those without Access have no street.
//
// A home is ahead of whoever has not passed its chainage yet. Times run from the carriageway of the direction of travel, without
// turning round on the spot, over all streets of the network: to a home off the road, or to one that only the other carriageway
// reaches, by way of the next place where one can turn. Whether the streets hold the road is seen at the places along the way.
func CorridorOf(ctx context.Context, n *network.Network, course *Course, homes []network.Link, o CorridorOptions) (*Corridor, error) {
	o = o.complete()
	c := &Corridor{Course: course}
	var err error
	if c.Homes, err = homesAlong(ctx, n, course, homes, o); err != nil {
		return nil, err
	}
	c.lay(o.EveryM)
	spots := make([][2]*network.Spot, len(c.Places))
	for i, p := range c.Places {
		_, before, behind := placeOn(course.lines[p.line], p.ChainageM-course.starts[p.line])
		for d, towards := range [2]orb.Point{mirrored(before, behind, p.Point), mirrored(behind, before, p.Point)} {
			if s, ok := n.SpotTowards(p.Point, towards, 2*BesideCourse); ok {
				spots[i][d] = &s
			}
		}
	}
	ways := make([][][2]network.Stretch, len(c.Homes)) // by home, place and direction; Seconds +Inf where there is none
	for h, home := range c.Homes {
		f, err := n.Field(ctx, []network.Link{homes[home.Index]}, network.Options{MaxSeconds: math.Inf(1)})
		if err != nil {
			return nil, err
		}
		measure := f.Ways()
		ways[h] = make([][2]network.Stretch, len(c.Places))
		for i := range c.Places {
			for d, spot := range spots[i] {
				ways[h][i][d] = none.Stretch
				if spot != nil {
					if way, ok := measure.FromSpot(*spot); ok {
						ways[h][i][d] = way
					}
				}
			}
		}
	}
	for i := range c.Pieces {
		piece := &c.Pieces[i]
		for _, d := range Directions() {
			if spots[piece.From][d] == nil || spots[piece.To][d] == nil {
				piece.Ways[d] = Ahead{From: none, To: none}
				continue
			}
			low, high := c.ahead(d, c.Places[piece.From].ChainageM, c.Places[piece.To].ChainageM)
			best := func(place int) Next {
				next := none
				for h := low; h < high; h++ {
					if way := ways[h][place][d]; way.Seconds < next.Seconds {
						next = Next{h, way}
					}
				}
				return next
			}
			piece.Ways[d] = Ahead{true, best(piece.From), best(piece.To)}
		}
	}
	return c, nil
}

// ahead gives the homes that are ahead of whoever travels a piece between two chainages: Homes[low:high].
func (c *Corridor) ahead(d Direction, from, to float64) (low, high int) {
	if d == Up {
		return firstHome(c.Homes, to), len(c.Homes)
	}
	return 0, firstHome(c.Homes, math.Nextafter(from, math.Inf(1)))
}

// firstHome is the first one at a chainage or beyond.
func firstHome(homes []CorridorHome, chainage float64) int {
	i, _ := slices.BinarySearchFunc(homes, chainage, func(h CorridorHome, m float64) int { return cmp.Compare(h.ChainageM, m) })
	return i
}

// mirrored is a place as far beyond p as the one is from the other, in the direction from one to other.
func mirrored(one, other, p orb.Point) orb.Point {
	return orb.Point{p[0] + other[0] - one[0], p[1] + other[1] - one[1]}
}

// lay divides the course into pieces: at every so many metres, at its holes and where it passes a home.
func (c *Corridor) lay(every float64) {
	for i, line := range c.Course.lines {
		begin, end := c.Course.starts[i], c.Course.length
		if i+1 < len(c.Course.lines) {
			end = c.Course.starts[i+1]
		}
		marks := []float64{begin, end}
		for k := math.Ceil(begin/every + 1e-9); k*every < end; k++ {
			marks = append(marks, k*every)
		}
		for _, h := range c.Homes {
			if h.ChainageM > begin && h.ChainageM < end {
				marks = append(marks, h.ChainageM)
			}
		}
		slices.Sort(marks)
		marks = slices.Compact(marks)
		for k, m := range marks {
			p, _, _ := placeOn(line, m-begin)
			c.Places = append(c.Places, CorridorPlace{m, p, i})
			if k > 0 {
				c.Pieces = append(c.Pieces, CorridorPiece{From: len(c.Places) - 2, To: len(c.Places) - 1})
			}
		}
	}
}

// homesAlong gives the homes within reach of the course: as the crow flies, and by the streets from where they run along it.
func homesAlong(ctx context.Context, n *network.Network, course *Course, homes []network.Link, o CorridorOptions) ([]CorridorHome, error) {
	nodes, pieces := map[int32]bool{}, map[int32][]network.Span{} // of the road; of an edge maybe only a part lies along it
	for _, line := range course.lines {
		EachStreetAlong(n, line, func(a, b orb.Point, piece network.Span) {
			pieces[piece.Edge] = append(pieces[piece.Edge], piece)
			info := n.Edge(piece.Edge)
			for _, node := range [2]int32{info.From, info.To} {
				if at := n.Node(node); at == a || at == b {
					nodes[node] = true
				}
			}
		})
	}
	onRoad := func(a network.Access) bool {
		return slices.ContainsFunc(pieces[a.Edge], func(s network.Span) bool { return a.Metres >= float64(s.FromM)-1 && a.Metres <= float64(s.UntilM)+1 })
	}
	var found []CorridorHome
	for i, link := range homes {
		if len(link.Access) == 0 {
			continue
		}
		h := CorridorHome{Index: i}
		var beside float64
		if beside, h.AsideM, h.Left = course.Beside(link.Point); h.AsideM > o.ReachM {
			continue
		}
		// The way between the road and the home is the least from any end of a street of the road, or straight off it.
		off := func(from bool) (network.Stretch, error) {
			f, err := n.Field(ctx, []network.Link{link}, network.Options{MaxSeconds: o.DetourSeconds, From: from})
			if err != nil {
				return network.Stretch{}, err
			}
			best, at := none.Stretch, int32(-1)
			for node := range nodes {
				if s, _, ok := f.At(node, 0); ok && (s < best.Seconds || s == best.Seconds && node < at) {
					best.Seconds, at = s, node
				}
			}
			if at >= 0 && !from {
				if way, ok := f.Ways().From(at); ok {
					best = way
				}
				h.ChainageM, _, _ = course.Beside(n.Node(at))
			}
			for _, a := range link.Access {
				if onRoad(a) && a.OffSeconds < best.Seconds {
					best = network.Stretch{Seconds: a.OffSeconds, Metres: a.OffMetres}
					if !from {
						h.ChainageM = beside
					}
				}
			}
			return best, nil
		}
		var err error
		if h.There, err = off(false); err != nil {
			return nil, err
		}
		if h.Back, err = off(true); err != nil {
			return nil, err
		}
		h.Back.Metres = h.There.Metres
		if h.Detour() <= o.DetourSeconds {
			found = append(found, h)
		}
	}
	slices.SortFunc(found, func(a, b CorridorHome) int {
		return cmp.Or(cmp.Compare(a.ChainageM, b.ChainageM), cmp.Compare(a.Index, b.Index))
	})
	return found, nil
}

// A Limit is what the way to the next home may take: seconds, or metres where those are 0.
type Limit struct{ Seconds, Metres float64 }

func (l Limit) of(n Next) (value, limit float64) {
	if l.Seconds > 0 {
		return n.Seconds, l.Seconds
	}
	return n.Metres, l.Metres
}

// State is what a stretch of road is to whoever travels it in one direction.
type State string

const (
	Served  State = "served"  // a home ahead is within the limit
	Beyond  State = "beyond"  // the next home ahead is beyond the limit
	NoHome  State = "no_home" // no home is ahead until the end of the road, or no way leads to one
	Unknown State = "unknown" // the streets do not hold the road here, or do not let one travel it in this direction
)

// A CorridorStretch is a part of the road that is in one state all along.
type CorridorStretch struct {
	State        State
	FromM, ToM   float64 // chainage
	LongestS     float64 // the longest way to the next home: seconds; +Inf where none is ahead
	LongestM     float64 // and metres; where none is ahead those to the end of the road
	Before, Next int     // homes that bound it in the direction of travel, of Homes: the last one passed and the next one; -1: none
}

// Length is in metres.
func (s CorridorStretch) Length() float64 { return s.ToM - s.FromM }

// slack is by how many seconds, or metres, a limit may be passed and still count as met: networks count tenths of a second.
const slack = 0.5

// Stretches are those of one direction, by chainage. Together they are the whole road, and no two in the same state touch but at
// a home. Between places the way to a home is taken to grow evenly; the limit itself is served.
func (c *Corridor) Stretches(d Direction, limit Limit) []CorridorStretch {
	var all []CorridorStretch
	add := func(state State, fromM, toM float64, enters Next) {
		s := CorridorStretch{State: state, FromM: fromM, ToM: toM, LongestS: enters.Seconds, LongestM: enters.Metres, Before: -1, Next: enters.Home}
		switch {
		case state == Unknown:
			s.LongestS, s.LongestM = 0, 0
		case enters.Home < 0 && d == Up:
			s.LongestM = c.Course.length - fromM
		case enters.Home < 0:
			s.LongestM = toM
		}
		if last := len(all) - 1; last >= 0 && all[last].State == state && all[last].Next == s.Next {
			t := &all[last]
			t.ToM, t.LongestS, t.LongestM = toM, max(t.LongestS, s.LongestS), max(t.LongestM, s.LongestM)
			return
		}
		all = append(all, s)
	}
	for _, p := range c.Pieces {
		from, to, way := c.Places[p.From].ChainageM, c.Places[p.To].ChainageM, p.Ways[d]
		if from == to {
			continue
		}
		a, most := limit.of(way.From)
		b, _ := limit.of(way.To)
		within := func(v float64) bool { return v <= most+slack }
		enters := way.From
		if d == Down {
			enters = way.To
		}
		switch {
		case !way.Held:
			add(Unknown, from, to, none)
		case enters.Home < 0:
			add(NoHome, from, to, enters)
		case within(a) && within(b):
			add(Served, from, to, enters)
		case within(a) != within(b) && !math.IsInf(a, 1) && !math.IsInf(b, 1):
			cut := from + (most-a)/(b-a)*(to-from)
			atLimit := Next{enters.Home, network.Stretch{
				Seconds: way.From.Seconds + (cut-from)/(to-from)*(way.To.Seconds-way.From.Seconds),
				Metres:  way.From.Metres + (cut-from)/(to-from)*(way.To.Metres-way.From.Metres)}}
			first, second := map[bool]State{true: Served, false: Beyond}[within(a)], map[bool]State{true: Served, false: Beyond}[within(b)]
			one, other := enters, atLimit
			if d == Down {
				one, other = atLimit, enters
			}
			add(first, from, cut, one)
			add(second, cut, to, other)
		default:
			add(Beyond, from, to, enters)
		}
	}
	for i := range all {
		s := &all[i]
		if d == Up {
			s.Before = firstHome(c.Homes, math.Nextafter(s.FromM, math.Inf(1))) - 1
		} else if s.Before = firstHome(c.Homes, s.ToM); s.Before == len(c.Homes) {
			s.Before = -1
		}
	}
	return all
}

// Lengths are the metres of a road in each state; together they are its length.
type Lengths map[State]float64

// Sum gives the metres of stretches by their states.
func Sum(stretches []CorridorStretch) Lengths {
	sum := Lengths{}
	for _, s := range stretches {
		sum[s.State] += s.Length()
	}
	return sum
}

// Known is how much of the road is known.
func (l Lengths) Known() float64 { return l[Served] + l[Beyond] + l[NoHome] }

// Summits gives the indexes of the heights that rise by at least so many metres above all around them: passes. Heights that are
// not known are NaN.
func Summits(metres []float64, rise float64) []int {
	var found []int
	low, high := math.Inf(1), -1 // since the last summit: the lowest height, and the highest that stands out from it
	for i, m := range metres {
		switch {
		case math.IsNaN(m):
		case high < 0:
			if low = min(low, m); m-low >= rise {
				high = i
			}
		case m > metres[high]:
			high = i
		case metres[high]-m >= rise:
			found = append(found, high)
			low, high = m, -1
		}
	}
	return found
}
