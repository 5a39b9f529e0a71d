package network

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"kora/geo/hilbert"
	"kora/geo/profile"
)

// Build makes a Network of nodes (longitude and latitude in degrees) and straight edges between them, on which the turns
// are forbidden. The order in which nodes and edges are given does not matter. It refuses indexes out of range, an edge
// from a node to itself, times and lengths that are negative or NaN, an edge that is closed both ways, and a turn that is
// no way.
func Build(p profile.Profile, nodes []orb.Point, edges []Edge, turns []Turn) (*Network, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	if p.PointReachM/(p.OffStreetSpeedKMH/3.6) > longest*tick {
		return nil, fmt.Errorf("network: profile %q goes off the street for more than %v s", p.ID, longest*tick)
	}
	if len(nodes) > maxNodes || len(edges) > maxEdges {
		return nil, fmt.Errorf("network: %d nodes and %d edges are more than the %d it can hold", len(nodes), len(edges), maxNodes)
	}
	d := draft{nodes: make([]node, len(nodes)), pieces: make([]piece, len(edges))}
	for i, q := range nodes {
		if !(q[0] >= -180 && q[0] <= 180 && q[1] >= -90 && q[1] <= 90) {
			return nil, fmt.Errorf("network: node %d is at %v, which is no longitude and latitude", i, q)
		}
		d.nodes[i] = node{int32(math.Round(q[0] * degree)), int32(math.Round(q[1] * degree))}
	}
	d.measure()
	for i, e := range edges {
		if err := checkEdge(e, len(nodes)); err != nil {
			return nil, fmt.Errorf("network: edge %d %w", i, err)
		}
		d.pieces[i] = piece{Edge: e}
	}
	if err := d.forbid(turns); err != nil {
		return nil, err
	}
	d.cutLong()
	d.gatherChains()
	return d.network(p)
}

// measure finds the scale of the draft.
func (d *draft) measure() {
	south, north := int32(0), int32(0)
	for i, v := range d.nodes {
		if i == 0 {
			south, north = v.lat, v.lat
		}
		south, north = min(south, v.lat), max(north, v.lat)
	}
	toEquator := 0.0 // where a degree of longitude is longest
	if south > 0 {
		toEquator = float64(south) / degree
	} else if north < 0 {
		toEquator = float64(north) / degree
	}
	toPole := max(math.Abs(float64(south)), math.Abs(float64(north))) / degree // where one of latitude is
	d.east, _ = scaleAt(toEquator)
	_, d.north = scaleAt(toPole)
	d.east, d.north = d.east/degree, d.north/degree
}

func checkEdge(e Edge, nodes int) error {
	switch {
	case e.From < 0 || e.To < 0 || int(e.From) >= nodes || int(e.To) >= nodes:
		return fmt.Errorf("joins node %d to node %d, and there are %d nodes", e.From, e.To, nodes)
	case e.From == e.To:
		return fmt.Errorf("joins node %d to itself", e.From)
	case !(e.LengthM >= 0) || math.IsInf(float64(e.LengthM), 1):
		return fmt.Errorf("has a length of %v m", e.LengthM)
	case !(e.Forward >= 0) || !(e.Backward >= 0):
		return fmt.Errorf("takes %v s one way and %v s the other", e.Forward, e.Backward)
	case isClosed(e.Forward) && isClosed(e.Backward):
		return fmt.Errorf("between nodes %d and %d is closed both ways", e.From, e.To)
	}
	return nil
}

var closedSeconds = float32(math.Inf(1))

func isClosed(seconds float32) bool { return math.IsInf(float64(seconds), 1) }

// A draft is a network while it is made.
type draft struct {
	nodes  []node
	pieces []piece
	chains []chain

	east, north float64 // the most metres that a unit of longitude and of latitude has anywhere in it
}

// A piece is a straight edge; a copy repeats another one, to keep a forbidden turn.
type piece struct {
	Edge
	copy bool
}

// like tells whether a street goes on unchanged from a to b.
func (a piece) like(b piece) bool {
	return a.Kind == b.Kind && a.copy == b.copy && isClosed(a.Forward) == isClosed(b.Forward) &&
		isClosed(a.Backward) == isClosed(b.Backward)
}

func (a piece) turned() piece {
	a.From, a.To, a.Forward, a.Backward = a.To, a.From, a.Backward, a.Forward
	return a
}

// slowest is the longer of the two times, of the directions that are open.
func (a piece) slowest() float64 {
	slow := 0.0
	for _, s := range [2]float32{a.Forward, a.Backward} {
		if !isClosed(s) {
			slow = max(slow, float64(s))
		}
	}
	return slow
}

// cutLong cuts pieces that take too long for one edge into even parts.
func (d *draft) cutLong() {
	const most = longest * tick / 2
	for i := range d.pieces {
		p := d.pieces[i]
		if p.slowest() <= most {
			continue
		}
		parts := int(math.Ceil(min(p.slowest()/most, 1e6)))
		a, b := d.nodes[p.From].point(), d.nodes[p.To].point()
		rest := p
		for k := range parts {
			one := rest
			one.LengthM, one.Forward, one.Backward = p.LengthM/float32(parts), p.Forward/float32(parts), p.Backward/float32(parts)
			if k < parts-1 {
				at := between(a, b, float64(k+1)/float64(parts))
				one.To = int32(len(d.nodes))
				d.nodes = append(d.nodes, node{int32(math.Round(at[0] * degree)), int32(math.Round(at[1] * degree))})
			}
			rest.From = one.To
			if k == 0 {
				d.pieces[i] = one
			} else {
				d.pieces = append(d.pieces, one)
			}
		}
	}
}

// A chain is street without a junction: pieces one after the other, each turned so that it begins where the last ends.
type chain []piece

func (c chain) from() int32 { return c[0].From }
func (c chain) to() int32   { return c[len(c)-1].To }

func (c chain) turn() {
	slices.Reverse(c)
	for i := range c {
		c[i] = c[i].turned()
	}
}

// gatherChains joins pieces at nodes where exactly two meet and nothing changes.
func (d *draft) gatherChains() {
	first := make([]uint32, len(d.nodes)+1)
	for _, p := range d.pieces {
		first[p.From+1]++
		first[p.To+1]++
	}
	for v := range d.nodes {
		first[v+1] += first[v]
	}
	at := make([]uint32, 2*len(d.pieces)) // pieces by node
	next := slices.Clone(first)
	for i, p := range d.pieces {
		at[next[p.From]] = uint32(i)
		next[p.From]++
		at[next[p.To]] = uint32(i)
		next[p.To]++
	}
	leaving := func(v int32, i uint32) piece {
		if p := d.pieces[i]; p.From == v {
			return p
		}
		return d.pieces[i].turned()
	}
	through := func(v int32) bool {
		i := first[v]
		if first[v+1]-i != 2 || at[i] == at[i+1] {
			return false
		}
		return leaving(v, at[i]).turned().like(leaving(v, at[i+1]))
	}
	done := make([]bool, len(d.pieces))
	all := make(chain, 0, len(d.pieces)) // of all chains, one after the other
	follow := func(v int32, i uint32) {
		begin := len(all)
		var forward, backward float64
		for {
			p := leaving(v, i)
			f, b := forward+open(p.Forward), backward+open(p.Backward)
			if len(all) > begin && max(f, b) > (longest-1)*tick {
				d.chains = append(d.chains, all[begin:len(all):len(all)])
				begin, f, b = len(all), open(p.Forward), open(p.Backward)
			}
			forward, backward = f, b
			all = append(all, p)
			done[i] = true
			v = p.To
			if !through(v) {
				break
			}
			if at[first[v]] == i {
				i = at[first[v]+1]
			} else {
				i = at[first[v]]
			}
			if done[i] {
				break // around a ring
			}
		}
		d.chains = append(d.chains, all[begin:len(all):len(all)])
	}
	for v := range int32(len(d.nodes)) {
		if !through(v) {
			for _, i := range at[first[v]:first[v+1]] {
				if !done[i] {
					follow(v, i)
				}
			}
		}
	}
	// What is left are rings without a junction; each begins at its westernmost place.
	for i := range d.pieces {
		if done[i] {
			continue
		}
		start := d.pieces[i].From
		for v, p := start, uint32(i); ; {
			v = leaving(v, p).To
			if v == d.pieces[i].From {
				break
			}
			if a, b := d.nodes[v], d.nodes[start]; a.lon < b.lon || a.lon == b.lon && a.lat < b.lat {
				start = v
			}
			if at[first[v]] == p {
				p = at[first[v]+1]
			} else {
				p = at[first[v]]
			}
		}
		follow(start, at[first[start]])
	}
}

func open(seconds float32) float64 {
	if isClosed(seconds) {
		return 0
	}
	return float64(seconds)
}

// network numbers nodes along the Hilbert curve and lays everything out flat.
func (d *draft) network(p profile.Profile) (*Network, error) {
	parts := d.parts()
	kept, was := d.ends()
	order := hilbert.Order(len(kept), func(i int) (x, y int32) { return kept[i].lon, kept[i].lat })
	now := make([]uint32, len(d.nodes))
	n := &Network{profile: p}
	n.nodes, n.part = make([]node, len(kept)), make([]uint32, len(kept))
	for to, from := range order {
		n.nodes[to] = kept[from]
		now[was[from]] = uint32(to)
	}
	for _, c := range d.chains {
		a, b := now[c.from()], now[c.to()]
		if a > b || a == b && comparePlaces(d.nodes[c[0].To], d.nodes[c[len(c)-1].From]) > 0 {
			c.turn()
		}
	}
	slices.SortFunc(d.chains, func(a, b chain) int {
		return cmp.Or(cmp.Compare(now[a.from()], now[b.from()]), cmp.Compare(now[a.to()], now[b.to()]), d.compareCourse(a, b))
	})
	bends := 0
	for _, c := range d.chains {
		bends += len(c) + 1
	}
	if bends > math.MaxInt32 {
		return nil, fmt.Errorf("network: %d bends are more than the %d it can hold", bends, math.MaxInt32)
	}
	n.bends = make([]bend, 0, bends)
	n.edges = make([]edge, 0, len(d.chains)+1)
	n.figures = figures{MaxSpeed: p.OffStreetSpeedKMH / 3.6}
	for _, c := range d.chains {
		n.edges = append(n.edges, n.lay(d, c, now))
	}
	n.edges = append(n.edges, edge{first: uint32(len(n.bends))})
	n.makeArcs()
	renamed := map[uint32]uint32{}
	for to, from := range order {
		root := parts.of[was[from]]
		id, ok := renamed[root]
		if !ok {
			id = uint32(len(n.sizes))
			renamed[root] = id
			n.sizes = append(n.sizes, parts.size[root])
		}
		n.part[to] = id
	}
	n.indexBends()
	n.ready()
	return n, nil
}

// ends gives the places at the ends of chains, and which node of the draft each is.
func (d *draft) ends() (kept []node, was []int32) {
	isEnd := make([]bool, len(d.nodes))
	for _, c := range d.chains {
		isEnd[c.from()], isEnd[c.to()] = true, true
	}
	for v, end := range isEnd {
		if end {
			kept, was = append(kept, d.nodes[v]), append(was, int32(v))
		}
	}
	return kept, was
}

func comparePlaces(a, b node) int {
	return cmp.Or(cmp.Compare(a.lon, b.lon), cmp.Compare(a.lat, b.lat))
}

func (d *draft) compareCourse(a, b chain) int {
	return slices.CompareFunc(a, b, func(p, q piece) int {
		return cmp.Or(comparePlaces(d.nodes[p.To], d.nodes[q.To]), cmp.Compare(p.LengthM, q.LengthM),
			cmp.Compare(p.Forward, q.Forward), cmp.Compare(p.Backward, q.Backward), cmp.Compare(p.Kind, q.Kind))
	})
}

// lay makes an edge of a chain and appends its bends. Its seconds are stretched a little, so that they end at whole ticks
// and a way along the edge takes as long as one from node to node.
func (n *Network) lay(d *draft, c chain, now []uint32) edge {
	e := edge{from: now[c.from()], to: now[c.to()], first: uint32(len(n.bends)), kind: c[0].Kind}
	if c[0].copy {
		e.flags |= edgeCopy
	}
	var metres, forward, backward float64
	for _, p := range c {
		metres, forward, backward = metres+float64(p.LengthM), forward+open(p.Forward), backward+open(p.Backward)
	}
	e.ticks = [2]uint16{toTicks(forward), toTicks(backward)}
	if isClosed(c[0].Forward) {
		e.ticks[out] = closed
	}
	if isClosed(c[0].Backward) {
		e.ticks[in] = closed
	}
	there, back := clock{whole: forward, ticks: e.ticks[out]}, clock{whole: backward, ticks: e.ticks[in]}
	n.MaxEdge = max(n.MaxEdge, metres)
	metres = 0
	n.bends = append(n.bends, bend{node: d.nodes[c.from()]})
	for i, p := range c {
		metres += float64(p.LengthM)
		done := float64(i+1) / float64(len(c))
		last := n.bends[len(n.bends)-1].node
		b := bend{node: d.nodes[p.To], metres: float32(metres)}
		apart := d.atMost(last, b.node)
		for direction, c := range [2]*clock{out: &there, in: &back} {
			if e.open(direction) {
				took := c.pass(open([2]float32{out: p.Forward, in: p.Backward}[direction]), done)
				n.MaxSpeed = max(n.MaxSpeed, apart/max(took, 1e-6))
			}
		}
		b.forward, b.backward = float32(there.now), float32(back.now)
		n.bends = append(n.bends, b)
	}
	return e
}

// A clock adds up the seconds of pieces, stretched so that all of them together come to whole ticks.
type clock struct {
	whole, sum, now float64 // seconds; now is stretched
	ticks           uint16
}

// pass goes on by one piece, after which so much of all pieces is done, and gives the seconds that it takes. Where no time
// passes, bends lie evenly.
func (c *clock) pass(seconds, done float64) float64 {
	c.sum += seconds
	share := done
	if c.whole > 0 && done < 1 {
		share = min(c.sum/c.whole, 1)
	}
	before := c.now
	c.now = share * float64(c.ticks) * tick
	return c.now - before
}

// atMost is no less than the metres between two places of the draft, and little more. The exact distance would cost as much
// as all else that is done for a bend.
func (d *draft) atMost(a, b node) float64 {
	return math.Hypot(float64(int64(b.lon)-int64(a.lon))*d.east, float64(int64(b.lat)-int64(a.lat))*d.north)
}

// toTicks rounds to the next tick, but never to none, and up where rounding would make a short edge much faster.
func toTicks(seconds float64) uint16 {
	ticks := math.Round(seconds / tick)
	if ticks < 10 {
		ticks = math.Ceil(seconds/tick - 1e-6)
	}
	return uint16(min(max(ticks, 1), longest))
}

// makeArcs lists the edges by the nodes at their ends; one that comes back to its own node is listed once.
func (n *Network) makeArcs() {
	n.first = make([]uint32, len(n.nodes)+1)
	edges := n.edges[:len(n.edges)-1]
	for _, e := range edges {
		n.first[e.from+1]++
		if e.to != e.from {
			n.first[e.to+1]++
		}
	}
	for v := range n.nodes {
		n.first[v+1] += n.first[v]
	}
	total := n.first[len(n.nodes)]
	n.arcs, n.via = make([]arc, total), make([]uint32, total)
	next := slices.Clone(n.first)
	put := func(v uint32, a arc, e int) {
		n.arcs[next[v]], n.via[next[v]] = a, uint32(e)
		next[v]++
	}
	for i, e := range edges {
		put(e.from, arc{e.to, e.ticks}, i)
		if e.to != e.from {
			put(e.to, arc{e.from, [2]uint16{e.ticks[in], e.ticks[out]}}, i)
		}
	}
}

// connected tells for every node of a draft which part it lies in, and how many nodes each part has, by its lowest node.
type connected struct{ of, size []uint32 }

// parts finds what is connected; one-way streets join both ways here.
func (d *draft) parts() connected {
	root := make([]uint32, len(d.nodes))
	for i := range root {
		root[i] = uint32(i)
	}
	find := func(v uint32) uint32 {
		for root[v] != v {
			root[v] = root[root[v]]
			v = root[v]
		}
		return v
	}
	for _, p := range d.pieces {
		a, b := find(uint32(p.From)), find(uint32(p.To))
		root[max(a, b)] = min(a, b)
	}
	c := connected{root, make([]uint32, len(d.nodes))}
	for v := range root {
		root[v] = find(uint32(v))
		c.size[root[v]]++
	}
	return c
}

// island tells whether node v lies in a small part of the network.
func (n *Network) island(v uint32) bool { return n.sizes[n.part[v]] < SmallIsland }
