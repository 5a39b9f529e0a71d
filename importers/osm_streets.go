package importers

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"kora/geo/network"
	"kora/geo/profile"
	"kora/importers/pbf"
)

// A draft is all streets while networks are made of them: places, and straight segments between them. Segments of a way
// follow each other, in its direction.
type draft struct {
	places   []orb.Point
	stops    []byte // by place: profiles that cannot pass it
	segments []segment
	rises    []float32                    // rise over run of the pieces of segments, in their direction; NaN where heights are unknown
	ways     map[int32][2]int32           // segments of a way: from the first to before the second
	placeOf  func(id int64) (int32, bool) // of a node of the file
	turns    []drawnTurn
}

type segment struct {
	from, to int32 // places
	street   int32
	first    int32 // of its rises; as many as pieces()
	metres   float32
	whole    float32 // metres of the whole way, as far as it lies in the extract
}

// pieceM is the length in metres up to which a street is taken to rise evenly.
const pieceM = 25

func (s segment) pieces() int { return max(1, int(math.Ceil(float64(s.metres)/pieceM))) }

// draw puts all streets together, with their slopes and turns.
func (x *osmExtract) draw(ctx context.Context, g *ground) (*draft, error) {
	d, err := x.draft(ctx)
	if err != nil {
		return nil, err
	}
	if err := x.slopes(ctx, d, g); err != nil {
		return nil, err
	}
	if d.turns, err = x.drawTurns(ctx, d); err != nil {
		return nil, err
	}
	return d, nil
}

// networks makes the network of every profile that has streets. Each only reads the draft, so they are made side by side.
func (x *osmExtract) networks(ctx context.Context, d *draft) (map[string]*network.Network, error) {
	made := make([]profileStreets, len(x.profiles))
	var working sync.WaitGroup
	for i := range x.profiles {
		working.Go(func() { made[i] = x.network(ctx, d, i) })
	}
	working.Wait()
	all := make(map[string]*network.Network, len(x.profiles))
	for i, p := range x.profiles {
		if made[i].err != nil {
			return nil, fmt.Errorf("profile %s: %w", p.ID, made[i].err)
		}
		if made[i].streets.Edges() > 0 {
			all[p.ID], x.report.Profiles[p.ID] = made[i].streets, made[i].report
		}
	}
	if all["walk"] == nil {
		if x.report.MissingNodes > 0 {
			return nil, fmt.Errorf("%w: it names the nodes of its streets and does not hold them", errNoStreets)
		}
		return nil, errNoStreets
	}
	return all, nil
}

func (x *osmExtract) draft(ctx context.Context) (*draft, error) {
	d := &draft{ways: make(map[int32][2]int32, len(x.travel))}
	number := make([]int32, x.nodes.count) // of each node among the places, counted from 1; 0: none
	d.placeOf = func(id int64) (int32, bool) {
		at, ok := x.nodes.find(id)
		if !ok || number[at] == 0 {
			return 0, false
		}
		return number[at] - 1, true
	}
	var refs []int64
	rises := 0
	for i, w := range x.travel {
		if i%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		x.report.Streets++
		begin := len(d.segments)
		refs = x.ways.nodes(refs[:0], w.way)
		last, lastID := int32(0), int64(0)
		for _, id := range refs {
			at, ok := x.nodes.find(id)
			if !ok {
				x.report.MissingNodes++
				last = 0
				continue
			}
			if last != 0 && id == lastID {
				continue
			}
			if number[at] == 0 {
				d.places = append(d.places, point(x.nodes.get(at).at))
				d.stops = append(d.stops, x.stops[id])
				number[at] = int32(len(d.places))
				if x.stops[id] != 0 {
					x.report.Barriers++
				}
			}
			if last != 0 {
				s := segment{from: last - 1, to: number[at] - 1, street: int32(i), first: int32(rises)}
				s.metres = float32(network.Distance(d.places[s.from], d.places[s.to]))
				d.segments = append(d.segments, s)
				if rises += s.pieces(); rises > math.MaxInt32/2 {
					return nil, fmt.Errorf("%w: more than %d km of street; take a smaller extract", errTooMuch, math.MaxInt32/2*pieceM/1000)
				}
			}
			last, lastID = number[at], id
		}
		var whole float32
		for _, s := range d.segments[begin:] {
			whole += s.metres
		}
		for k := begin; k < len(d.segments); k++ {
			d.segments[k].whole = whole
		}
		d.ways[w.way] = [2]int32{int32(begin), int32(len(d.segments))}
	}
	d.rises = make([]float32, rises)
	return d, nil
}

// profileStreets is what came of making one profile's network.
type profileStreets struct {
	streets *network.Network
	report  ProfileReport
	err     error
}

// network makes the network of one profile.
func (x *osmExtract) network(ctx context.Context, d *draft, profileAt int) (made profileStreets) {
	p := x.profiles[profileAt]
	mask := byte(1) << profileAt
	nodes := slices.Clip(d.places)
	// Where the profile is stopped, every street ends: a node for each.
	end := func(place int32) int32 {
		if d.stops[place]&mask == 0 {
			return place
		}
		nodes = append(nodes, d.places[place])
		return int32(len(nodes) - 1)
	}
	edges := make([]network.Edge, 0, len(d.segments))
	edgeOf := make([]int32, len(d.segments)) // of a segment; -1 where it is closed
	capped := Capped{}
	for i, s := range d.segments {
		if i%4096 == 0 && ctx.Err() != nil {
			return profileStreets{err: ctx.Err()}
		}
		street := &x.travel[s.street]
		way := street.passages[profileAt]
		edgeOf[i] = -1
		if !way.open() || s.from == s.to {
			continue
		}
		e := network.Edge{From: end(s.from), To: end(s.to), LengthM: s.metres, Kind: street.kind}
		if street.crossing > 0 {
			e.Forward = float32(street.crossing)
			if s.whole > 0 {
				e.Forward *= s.metres / s.whole
			}
			e.Backward = e.Forward
		} else {
			e.Forward, e.Backward = d.climb(s, &p, way, street.kind, &capped)
		}
		if !way.forward {
			e.Forward = float32(math.Inf(1))
		}
		if !way.backward {
			e.Backward = float32(math.Inf(1))
		}
		edgeOf[i] = int32(len(edges))
		edges = append(edges, e)
	}
	turns, err := d.turnsFor(ctx, profileAt, edges, edgeOf)
	if err != nil {
		return profileStreets{err: err}
	}
	if made.streets, made.err = network.Build(p, nodes, edges, turns); made.err == nil {
		made.report = ProfileReport{Nodes: made.streets.Nodes(), Edges: made.streets.Edges(), Turns: len(turns), Capped: capped}
	}
	return made
}

// climb gives the seconds of a segment both ways: the sum over its pieces, each at the speed of its own slope. (The mean of
// the speeds would be wrong: it is times that add up.)
func (d *draft) climb(s segment, p *profile.Profile, way passage, kind network.Kind, capped *Capped) (forward, backward float32) {
	if kind == network.Steps || !p.Tobler && p.Power == nil {
		seconds := float32(p.SecondsAt(float64(s.metres), 0, float64(way.kmh)))
		if kind == network.Steps { // their speed is that of climbing; the ground below them says nothing
			seconds = s.metres / (way.kmh / 3.6)
		}
		return seconds, seconds
	}
	pieces := s.pieces()
	length := float64(s.metres) / float64(pieces)
	var there, back float64
	for _, rise := range d.rises[s.first : int(s.first)+pieces] {
		slope := float64(rise)
		if math.IsNaN(slope) {
			slope = 0
		}
		if math.Abs(slope) > p.MaxSlope {
			capped.Pieces++
			capped.Metres += length
		}
		there += p.SecondsAt(length, slope, float64(way.kmh))
		back += p.SecondsAt(length, -slope, float64(way.kmh))
	}
	return float32(there), float32(back)
}

func point(at pbf.Location) orb.Point {
	return orb.Point{float64(at.Lon) / 1e7, float64(at.Lat) / 1e7}
}
