package network_test

import (
	"container/heap"
	"math"

	"github.com/paulmach/orb"

	"kora/geo/network"
	"kora/geo/profile"
)

// plain is a second way to the same answers, slow and simple: textbook Dijkstra on a graph in maps, and places tied to
// every metre of every street within reach instead of to chosen spots.
type plain struct {
	profile profile.Profile
	edges   []network.Edge
	lines   [][2]orb.Point // of the edges
	out, in map[int32][]plainArc
	island  map[int32]bool
}

type plainArc struct {
	to      int32
	seconds float64
}

// newPlain takes the nodes and edges that a network is built of, before it is.
func newPlain(of profile.Profile, nodes []orb.Point, edges []network.Edge) *plain {
	p := &plain{of, edges, nil, map[int32][]plainArc{}, map[int32][]plainArc{}, map[int32]bool{}}
	for _, e := range edges {
		p.lines = append(p.lines, [2]orb.Point{nodes[e.From], nodes[e.To]})
		add := func(from, to int32, seconds float32) {
			if !math.IsInf(float64(seconds), 1) {
				p.out[from] = append(p.out[from], plainArc{to, float64(seconds)})
				p.in[to] = append(p.in[to], plainArc{from, float64(seconds)})
			}
		}
		add(e.From, e.To, e.Forward)
		add(e.To, e.From, e.Backward)
	}
	neighbours := map[int32][]int32{}
	for _, e := range p.edges {
		neighbours[e.From] = append(neighbours[e.From], e.To)
		neighbours[e.To] = append(neighbours[e.To], e.From)
	}
	seen := map[int32]bool{}
	for v := range neighbours {
		if seen[v] {
			continue
		}
		seen[v] = true
		part := []int32{v}
		for i := 0; i < len(part); i++ {
			for _, w := range neighbours[part[i]] {
				if !seen[w] {
					seen[w] = true
					part = append(part, w)
				}
			}
		}
		for _, w := range part {
			p.island[w] = len(part) < network.SmallIsland
		}
	}
	return p
}

// A plainSpot is a point of a street with the time between it and a place.
type plainSpot struct {
	edge    int
	part    float64
	seconds float64
}

// spots gives every step of every street that counts for the place q.
func (p *plain) spots(q orb.Point, reach float64) []plainSpot {
	distance := func(i int) float64 {
		a, b := p.lines[i][0], p.lines[i][1]
		if far := reach + 2*float64(p.edges[i].LengthM); math.Abs(q[1]-a[1])*110_000 > far || network.Distance(q, a) > far {
			return math.Inf(1)
		}
		metres, _ := toLine(q, a, b)
		return metres
	}
	near, nearest, mainland := []int{}, math.Inf(1), false
	for i, e := range p.edges {
		if distance(i) <= reach {
			near = append(near, i)
			mainland = mainland || !p.island[e.From]
		}
	}
	for _, i := range near {
		if !mainland || !p.island[p.edges[i].From] {
			nearest = min(nearest, distance(i))
		}
	}
	limit := min(reach, max(p.profile.CellReachM, 2*nearest))
	var spots []plainSpot
	for _, i := range near {
		e := p.edges[i]
		if mainland && p.island[e.From] || distance(i) > limit {
			continue
		}
		a, b := p.lines[i][0], p.lines[i][1]
		_, foot := toLine(q, a, b)
		parts := []float64{foot}
		for steps, k := math.Ceil(network.Distance(a, b)/stepM), 0.0; k <= steps; k++ {
			parts = append(parts, k/max(steps, 1))
		}
		for _, part := range parts {
			metres := network.Distance(q, orb.Point{a[0] + part*(b[0]-a[0]), a[1] + part*(b[1]-a[1])})
			if metres <= limit+1e-6 {
				spots = append(spots, plainSpot{i, part, metres * 3.6 / p.profile.OffStreetSpeedKMH})
			}
		}
	}
	return spots
}

// stepM is the distance in metres between spots.
const stepM = 0.25

// toLine is the distance from q to the line between a and b, and where on it that is, found by narrowing.
func toLine(q, a, b orb.Point) (metres, part float64) {
	low, high := 0.0, 1.0
	at := func(t float64) float64 {
		return network.Distance(q, orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])})
	}
	for range 60 {
		if l, h := low+(high-low)/3, high-(high-low)/3; at(l) < at(h) {
			high = h
		} else {
			low = l
		}
	}
	return at((low + high) / 2), (low + high) / 2
}

// from gives the seconds from the spots to every node.
func (p *plain) from(spots []plainSpot) map[int32]float64 {
	start := map[int32]float64{}
	for _, s := range spots {
		e := p.edges[s.edge]
		lower(start, e.From, s.seconds+part(s.part, e.Backward))
		lower(start, e.To, s.seconds+part(1-s.part, e.Forward))
	}
	return dijkstra(p.out, start)
}

// to is the least seconds to the spots of a place, given those from another place to every node, and its spots.
func (p *plain) to(times map[int32]float64, start, end []plainSpot) float64 {
	best := math.Inf(1)
	along := map[int][]plainSpot{}
	for _, r := range start {
		along[r.edge] = append(along[r.edge], r)
	}
	for _, s := range end {
		e := p.edges[s.edge]
		if t, ok := times[e.From]; ok {
			best = min(best, t+part(s.part, e.Forward)+s.seconds)
		}
		if t, ok := times[e.To]; ok {
			best = min(best, t+part(1-s.part, e.Backward)+s.seconds)
		}
		for _, r := range along[s.edge] {
			between := part(s.part-r.part, e.Forward)
			if s.part < r.part {
				between = part(r.part-s.part, e.Backward)
			}
			best = min(best, r.seconds+between+s.seconds)
		}
	}
	return best
}

func part(p float64, seconds float32) float64 {
	if p == 0 {
		return 0
	}
	return p * float64(seconds)
}

func lower(times map[int32]float64, v int32, seconds float64) {
	if t, ok := times[v]; !math.IsInf(seconds, 1) && (!ok || seconds < t) {
		times[v] = seconds
	}
}

func dijkstra(arcs map[int32][]plainArc, start map[int32]float64) map[int32]float64 {
	times := map[int32]float64{}
	var open plainHeap
	for v, s := range start {
		heap.Push(&open, plainArc{v, s})
	}
	for len(open) > 0 {
		u := heap.Pop(&open).(plainArc)
		if _, done := times[u.to]; done {
			continue
		}
		times[u.to] = u.seconds
		for _, a := range arcs[u.to] {
			heap.Push(&open, plainArc{a.to, u.seconds + a.seconds})
		}
	}
	return times
}

type plainHeap []plainArc

func (h plainHeap) Len() int           { return len(h) }
func (h plainHeap) Less(i, j int) bool { return h[i].seconds < h[j].seconds }
func (h plainHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *plainHeap) Push(x any)        { *h = append(*h, x.(plainArc)) }
func (h *plainHeap) Pop() any {
	last := len(*h) - 1
	a := (*h)[last]
	*h = (*h)[:last]
	return a
}
