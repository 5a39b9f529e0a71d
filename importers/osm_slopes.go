package importers

import (
	"cmp"
	"container/heap"
	"context"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"kora/geo/elevation"
	"kora/geo/network"
)

// pieceM is the length in metres up to which a street is taken to rise evenly.
const pieceM = 25

// slopes gives every edge on foot its seconds: the sum over pieces of at most pieceM metres, each at the speed of its own
// slope, for both directions. Streets lie on the ground; bridges and tunnels rise evenly between their ends.
func (x *osmExtract) slopes(ctx context.Context, d *draft, g *ground) error {
	heights, err := x.structureHeights(ctx, d, g)
	if err != nil {
		return err
	}
	onFoot := make([]int32, 0, len(d.edges))
	for i, rests := range d.rests {
		if rests != onWater {
			onFoot = append(onFoot, int32(i))
		}
	}
	// tile by tile, so that few tiles are in memory at once
	byTile(onFoot, func(i int32) elevation.Corner { return elevation.CornerOf(d.nodes[d.edges[i].From]) })
	for n, i := range onFoot {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		e := &d.edges[i]
		a, b := d.nodes[e.From], d.nodes[e.To]
		if err := g.around(elevation.CornerOf(a)); err != nil {
			return err
		}
		height := func(part float64) float64 { return g.at(orb.Point{a[0] + part*(b[0]-a[0]), a[1] + part*(b[1]-a[1])}) }
		if d.rests[i] == onStructure {
			from, to := heights[e.From], heights[e.To]
			height = func(part float64) float64 { return from + part*(to-from) }
		}
		x.climb(e, height)
	}
	x.report.ElevationTiles, x.report.ElevationAbsent = g.names()
	return nil
}

// climb sets the seconds of e in the directions that are open; height gives metres, or NaN, at a part of its length.
func (x *osmExtract) climb(e *network.Edge, height func(part float64) float64) {
	pieces := max(1, int(math.Ceil(float64(e.LengthM)/pieceM)))
	length := float64(e.LengthM) / float64(pieces)
	var forward, backward float64
	low := height(0)
	for k := range pieces {
		high := height(float64(k+1) / float64(pieces))
		slope := 0.0
		switch {
		case length == 0:
		case math.IsNaN(high - low):
			x.report.NoElevationM += length
		default:
			slope = (high - low) / length
		}
		if math.Abs(slope) > x.profile.MaxSlope {
			x.report.CappedPieces++
			x.report.CappedM += length
		}
		forward += x.profile.Seconds(length, slope)
		backward += x.profile.Seconds(length, -slope)
		low = high
	}
	if !math.IsInf(float64(e.Forward), 1) {
		e.Forward = float32(forward)
	}
	if !math.IsInf(float64(e.Backward), 1) {
		e.Backward = float32(backward)
	}
}

// structureHeights gives the heights in metres of all nodes of bridges and tunnels, NaN where unknown. Where a structure
// meets a street on the ground, or ends, it has the height of the ground. In between, a node lies evenly between the two
// such ends that are nearest along the structure, however many ways it is drawn in.
func (x *osmExtract) structureHeights(ctx context.Context, d *draft, g *ground) (map[int32]float64, error) {
	beside := map[int32][]neighbour{}
	for i, e := range d.edges {
		if d.rests[i] == onStructure {
			beside[e.From] = append(beside[e.From], neighbour{e.To, float64(e.LengthM)})
			beside[e.To] = append(beside[e.To], neighbour{e.From, float64(e.LengthM)})
		}
	}
	ends := map[int32]bool{}
	for v, n := range beside {
		if len(n) == 1 {
			ends[v] = true
		}
	}
	for i, e := range d.edges {
		if d.rests[i] == onGround {
			for _, v := range [2]int32{e.From, e.To} {
				if beside[v] != nil {
					ends[v] = true
				}
			}
		}
	}
	grounded := make([]int32, 0, len(ends))
	for v := range ends {
		grounded = append(grounded, v)
	}
	slices.Sort(grounded)
	byTile(grounded, func(v int32) elevation.Corner { return elevation.CornerOf(d.nodes[v]) })
	heights := make(map[int32]float64, len(beside))
	for _, v := range grounded {
		if err := g.around(elevation.CornerOf(d.nodes[v])); err != nil {
			return nil, err
		}
		heights[v] = g.at(d.nodes[v])
	}
	nearest, err := nearestEnds(ctx, beside, grounded, ends)
	if err != nil {
		return nil, err
	}
	for v := range beside {
		if ends[v] {
			continue
		}
		switch n := nearest[v]; len(n) {
		case 0:
			heights[v] = math.NaN()
		case 1:
			heights[v] = heights[n[0].end]
		default:
			a, b := heights[n[0].end], heights[n[1].end]
			heights[v] = a
			if whole := n[0].metres + n[1].metres; whole > 0 {
				heights[v] = a + (b-a)*n[0].metres/whole
			}
		}
	}
	return heights, nil
}

type neighbour struct {
	node   int32
	metres float64
}

// A reach says how far a node of a structure is from one of its ends.
type reach struct {
	metres float64
	end    int32
	node   int32
}

// nearestEnds gives for each node between ends the two ends that are nearest along the structure: one search from all ends
// at once, in which a node is settled twice.
func nearestEnds(ctx context.Context, beside map[int32][]neighbour, grounded []int32, ends map[int32]bool) (map[int32][]reach, error) {
	nearest := map[int32][]reach{}
	var open reaches
	spread := func(r reach) {
		for _, n := range beside[r.node] {
			if !ends[n.node] {
				heap.Push(&open, reach{r.metres + n.metres, r.end, n.node})
			}
		}
	}
	for _, v := range grounded {
		spread(reach{0, v, v})
	}
	for steps := 0; len(open) > 0; steps++ {
		if steps%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		r := heap.Pop(&open).(reach)
		known := nearest[r.node]
		if len(known) == 2 || len(known) == 1 && known[0].end == r.end {
			continue
		}
		nearest[r.node] = append(known, r)
		spread(r)
	}
	return nearest, nil
}

type reaches []reach

func (q reaches) Len() int { return len(q) }
func (q reaches) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(q[i].metres, q[j].metres), cmp.Compare(q[i].end, q[j].end), cmp.Compare(q[i].node, q[j].node)) < 0
}
func (q reaches) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *reaches) Push(x any)   { *q = append(*q, x.(reach)) }
func (q *reaches) Pop() any {
	last := len(*q) - 1
	r := (*q)[last]
	*q = (*q)[:last]
	return r
}

// byTile sorts by the tiles that places lie in, from south to north and west to east.
func byTile(list []int32, corner func(int32) elevation.Corner) {
	slices.SortStableFunc(list, func(a, b int32) int {
		p, q := corner(a), corner(b)
		return cmp.Or(cmp.Compare(p.Lat, q.Lat), cmp.Compare(p.Lon, q.Lon))
	})
}
