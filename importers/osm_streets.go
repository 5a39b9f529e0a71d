package importers

import (
	"context"
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"kora/geo/network"
	"kora/importers/pbf"
)

// What an edge rests on.
const (
	onGround byte = iota
	onStructure
	onWater
)

// A draft is the network while it is made: nodes and edges as network.Build takes them.
type draft struct {
	nodes []orb.Point
	edges []network.Edge
	rests []byte // by edge
}

// streets makes the network of all walks.
func (x *osmExtract) streets(ctx context.Context, g *ground) (*network.Network, error) {
	d, err := x.draft(ctx)
	if err != nil {
		return nil, err
	}
	if len(d.edges) == 0 {
		if x.report.MissingNodes > 0 {
			return nil, fmt.Errorf("%w: it names the nodes of its streets and does not hold them", errNoStreets)
		}
		return nil, errNoStreets
	}
	if err := x.slopes(ctx, d, g); err != nil {
		return nil, err
	}
	return network.Build(x.profile, d.nodes, d.edges)
}

func (x *osmExtract) draft(ctx context.Context) (*draft, error) {
	d := &draft{}
	number := make([]int32, x.nodes.count) // of each node in the network, counted from 1; 0: none
	place := func(i int) int32 {
		d.nodes = append(d.nodes, point(x.nodes.get(i).at))
		return int32(len(d.nodes))
	}
	var refs []int64
	var drawn []network.Edge
	for i, w := range x.walks {
		if i%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		x.report.Streets++
		drawn = drawn[:0]
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
			// Where walkers are stopped, the street ends and another begins: two nodes at the same place.
			_, stop := x.stops[id]
			here := number[at]
			if here == 0 {
				here = place(at)
				if !stop {
					number[at] = here
				}
			}
			if last != 0 {
				drawn = append(drawn, network.Edge{From: last - 1, To: here - 1})
			}
			if stop {
				x.report.Barriers++
				here = place(at)
			}
			last, lastID = here, id
		}
		d.add(w, drawn)
	}
	return d, nil
}

// add takes the edges of one way, and gives them their length, their directions and, on a ferry, their time.
func (d *draft) add(w osmWalk, drawn []network.Edge) {
	var whole float64
	for i, e := range drawn {
		metres := network.Distance(d.nodes[e.From], d.nodes[e.To])
		drawn[i].LengthM = float32(metres)
		whole += metres
	}
	rests := onGround
	switch {
	case w.crossing > 0:
		rests = onWater
	case w.raised:
		rests = onStructure
	}
	for _, e := range drawn {
		if rests == onWater && whole > 0 {
			e.Forward = float32(w.crossing * float64(e.LengthM) / whole)
			e.Backward = e.Forward
		}
		if !w.forward {
			e.Forward = float32(math.Inf(1))
		}
		if !w.backward {
			e.Backward = float32(math.Inf(1))
		}
		d.edges, d.rests = append(d.edges, e), append(d.rests, rests)
	}
}

func point(at pbf.Location) orb.Point {
	return orb.Point{float64(at.Lon) / 1e7, float64(at.Lat) / 1e7}
}
