package importers

import (
	"cmp"
	"container/heap"
	"context"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"kora/geo/elevation"
)

// slopes gives every segment on land the rise over run of its pieces, each at most pieceM metres long. Streets lie on the
// ground; bridges and tunnels rise evenly between their ends.
func (x *osmExtract) slopes(ctx context.Context, d *draft, g *ground) error {
	heights, err := x.structureHeights(ctx, d, g)
	if err != nil {
		return err
	}
	onLand := make([]int32, 0, len(d.segments))
	for i, s := range d.segments {
		if x.travel[s.street].crossing == 0 {
			onLand = append(onLand, int32(i))
		}
	}
	// tile by tile, so that few tiles are in memory at once
	byTile(onLand, func(i int32) elevation.Corner { return elevation.CornerOf(d.places[d.segments[i].from]) })
	for n, i := range onLand {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		s := d.segments[i]
		a, b := d.places[s.from], d.places[s.to]
		if err := g.around(elevation.CornerOf(a)); err != nil {
			return err
		}
		height := func(part float64) float64 { return g.at(orb.Point{a[0] + part*(b[0]-a[0]), a[1] + part*(b[1]-a[1])}) }
		if x.travel[s.street].raised {
			from, to := heights[s.from], heights[s.to]
			height = func(part float64) float64 { return from + part*(to-from) }
		}
		x.rise(d, s, height)
	}
	x.report.ElevationTiles, x.report.ElevationAbsent = g.names()
	return nil
}

// rise sets the rises of a segment; height gives metres, or NaN, at a part of its length.
func (x *osmExtract) rise(d *draft, s segment, height func(part float64) float64) {
	pieces := s.pieces()
	length := float64(s.metres) / float64(pieces)
	low := height(0)
	for k := range pieces {
		high := height(float64(k+1) / float64(pieces))
		slope := 0.0
		if length > 0 {
			if slope = (high - low) / length; math.IsNaN(slope) {
				x.report.NoElevationM += length
			}
		}
		d.rises[int(s.first)+k] = float32(slope)
		low = high
	}
}

// structureHeights gives the heights in metres of all places on bridges and in tunnels, NaN where unknown. Where a structure
// meets a street on the ground, or ends, it has the height of the ground. In between, a node lies evenly between the two
// such ends that are nearest along the structure, however many ways it is drawn in.
func (x *osmExtract) structureHeights(ctx context.Context, d *draft, g *ground) (map[int32]float64, error) {
	beside := map[int32][]neighbour{}
	for _, s := range d.segments {
		if x.travel[s.street].raised {
			beside[s.from] = append(beside[s.from], neighbour{s.to, float64(s.metres)})
			beside[s.to] = append(beside[s.to], neighbour{s.from, float64(s.metres)})
		}
	}
	ends := map[int32]bool{}
	for v, n := range beside {
		if len(n) == 1 {
			ends[v] = true
		}
	}
	for _, s := range d.segments {
		if street := x.travel[s.street]; !street.raised && street.crossing == 0 {
			for _, v := range [2]int32{s.from, s.to} {
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
	byTile(grounded, func(v int32) elevation.Corner { return elevation.CornerOf(d.places[v]) })
	heights := make(map[int32]float64, len(beside))
	for _, v := range grounded {
		if err := g.around(elevation.CornerOf(d.places[v])); err != nil {
			return nil, err
		}
		heights[v] = g.at(d.places[v])
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
