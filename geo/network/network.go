// Package network is the street graph and what is asked of it: how a place is tied to the streets around it, how long it
// takes from everywhere to the nearest of many places, and which of them is nearest and by which way.
//
// Times are seconds, lengths metres, coordinates WGS 84 (or CGCS2000) longitude and latitude in degrees.
// A Network never changes after Build or Unmarshal, so any number of goroutines may use it. The package does no I/O and
// knows nothing of files, stations or hexagons.
package network

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/paulmach/orb"
)

// SmallIsland is the number of nodes below which a part of the network that is not joined to the rest counts as an
// island: a courtyard, a roof terrace, a street that was drawn without its junction. Link passes islands over when a
// larger part is within reach too.
const SmallIsland = 50

const (
	maxNodes = 1 << 30
	maxEdges = 1 << 30
	degree   = 1e7 // coordinates are kept in units of 1e-7 degrees, about 1 cm
)

// An Edge is a straight piece of street between two nodes.
type Edge struct {
	From, To int32   // indexes of nodes
	LengthM  float32 // metres
	Forward  float32 // seconds From to To; +Inf where that is not allowed
	Backward float32 // seconds To to From; +Inf where that is not allowed
}

// A Network is a street graph for one profile.
type Network struct {
	profile  Profile
	nodes    []node
	edges    []Edge
	out, in  arcs
	island   []bool // per node: part of an island
	index    edgeIndex
	bounds   orb.Bound
	maxSpeed float64 // metres per second, as the crow flies, on or off the street
	maxEdge  float64 // metres between the ends of the longest edge
	scratch  *sync.Pool
}

type node struct{ lon, lat int32 }

func (n node) point() orb.Point {
	return orb.Point{float64(n.lon) / degree, float64(n.lat) / degree}
}

// Build makes a Network of nodes (longitude and latitude in degrees) and edges between them. Nodes are renumbered along a
// Hilbert curve, nodes without an edge are left out, and edges are turned so that From is before To; the order in which
// nodes and edges are given does not matter. It refuses indexes out of range, an edge from a node to itself, times and
// lengths that are negative or NaN, and an edge that is closed both ways.
func Build(p Profile, nodes []orb.Point, edges []Edge) (*Network, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	if len(nodes) > maxNodes || len(edges) > maxEdges {
		return nil, fmt.Errorf("network: %d nodes and %d edges are more than the %d it can hold", len(nodes), len(edges), maxNodes)
	}
	used := make([]bool, len(nodes))
	for i, e := range edges {
		if e.From < 0 || e.To < 0 || int(e.From) >= len(nodes) || int(e.To) >= len(nodes) {
			return nil, fmt.Errorf("network: edge %d joins node %d to node %d, and there are %d nodes", i, e.From, e.To, len(nodes))
		}
		used[e.From], used[e.To] = true, true
	}
	kept := make([]node, 0, len(nodes))
	was := make([]int32, 0, len(nodes))
	for i, q := range nodes {
		if !(q[0] >= -180 && q[0] <= 180 && q[1] >= -90 && q[1] <= 90) {
			return nil, fmt.Errorf("network: node %d is at %v, which is no longitude and latitude", i, q)
		}
		if used[i] {
			kept = append(kept, node{int32(math.Round(q[0] * degree)), int32(math.Round(q[1] * degree))})
			was = append(was, int32(i))
		}
	}
	order := hilbertOrder(kept)
	n := &Network{profile: p, nodes: make([]node, len(kept)), edges: make([]Edge, len(edges))}
	now := make([]int32, len(nodes))
	for to, from := range order {
		n.nodes[to] = kept[from]
		now[was[from]] = int32(to)
	}
	for i, e := range edges {
		e.From, e.To = now[e.From], now[e.To]
		if e.From > e.To {
			e.From, e.To = e.To, e.From
			e.Forward, e.Backward = e.Backward, e.Forward
		}
		n.edges[i] = e
	}
	slices.SortStableFunc(n.edges, func(a, b Edge) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.LengthM, b.LengthM),
			cmp.Compare(a.Forward, b.Forward), cmp.Compare(a.Backward, b.Backward))
	})
	if err := n.complete(); err != nil {
		return nil, err
	}
	return n, nil
}

// complete checks nodes and edges and derives all else from them.
func (n *Network) complete() error {
	if len(n.nodes) > 0 {
		n.bounds = orb.Bound{Min: n.nodes[0].point(), Max: n.nodes[0].point()}
	}
	for i, c := range n.nodes {
		if c.lon < -180*degree || c.lon > 180*degree || c.lat < -90*degree || c.lat > 90*degree {
			return fmt.Errorf("network: node %d is at %v, which is no longitude and latitude", i, c.point())
		}
		n.bounds = n.bounds.Extend(c.point())
	}
	n.maxSpeed = n.profile.OffStreetSpeedKMH / 3.6
	for i, e := range n.edges {
		if err := n.checkEdge(e); err != nil {
			return fmt.Errorf("network: edge %d %w", i, err)
		}
		if apart := Distance(n.nodes[e.From].point(), n.nodes[e.To].point()); apart > 0 {
			n.maxSpeed = max(n.maxSpeed, apart/float64(min(e.Forward, e.Backward)))
			n.maxEdge = max(n.maxEdge, apart)
		}
	}
	n.out, n.in = makeArcs(len(n.nodes), n.edges)
	n.island = findIslands(len(n.nodes), n.edges)
	n.index = indexEdges(n.nodes, n.edges)
	nodes := len(n.nodes)
	n.scratch = &sync.Pool{New: func() any { return newSearch(nodes) }}
	return nil
}

func (n *Network) checkEdge(e Edge) error {
	last := int32(len(n.nodes)) - 1
	switch {
	case e.From < 0 || e.To > last || e.From > last || e.To < 0:
		return fmt.Errorf("joins node %d to node %d, and there are %d nodes", e.From, e.To, len(n.nodes))
	case e.From == e.To:
		return fmt.Errorf("joins node %d to itself", e.From)
	case e.From > e.To:
		return fmt.Errorf("runs from node %d back to node %d", e.From, e.To)
	case !(e.LengthM >= 0) || math.IsInf(float64(e.LengthM), 1):
		return fmt.Errorf("has a length of %v m", e.LengthM)
	case !(e.Forward >= 0) || !(e.Backward >= 0):
		return fmt.Errorf("takes %v s one way and %v s the other", e.Forward, e.Backward)
	case math.IsInf(float64(e.Forward), 1) && math.IsInf(float64(e.Backward), 1):
		return fmt.Errorf("between nodes %d and %d is closed both ways", e.From, e.To)
	}
	return nil
}

// Profile is the profile that the times were made with.
func (n *Network) Profile() Profile { return n.profile }

// Nodes is the number of nodes.
func (n *Network) Nodes() int { return len(n.nodes) }

// Edges is the number of edges.
func (n *Network) Edges() int { return len(n.edges) }

// Bounds is the box around all nodes, in degrees; the zero Bound when there are none.
func (n *Network) Bounds() orb.Bound { return n.bounds }

// Node is the place of node i, in degrees.
func (n *Network) Node(i int32) orb.Point { return n.nodes[i].point() }

// EachEdge calls f for every edge, numbered from 0, with the places of its From and To in degrees.
func (n *Network) EachEdge(f func(i int, a, b orb.Point, e Edge)) {
	for i, e := range n.edges {
		f(i, n.nodes[e.From].point(), n.nodes[e.To].point(), e)
	}
}

// Edge is edge i.
func (n *Network) Edge(i int32) Edge { return n.edges[i] }

// arcs are the edges of a graph by the node they leave (compressed sparse rows).
type arcs struct {
	first []int32 // arcs of node v: list[first[v]:first[v+1]]
	list  []arc
}

type arc struct {
	node    int32 // at the other end
	edge    int32
	seconds float32
}

func (a arcs) of(v int32) []arc { return a.list[a.first[v]:a.first[v+1]] }

// makeArcs gives the arcs that leave every node, and those that enter it.
func makeArcs(nodes int, edges []Edge) (out, in arcs) {
	out.first, in.first = make([]int32, nodes+1), make([]int32, nodes+1)
	each := func(f func(from, to, edge int32, seconds float32)) {
		for i, e := range edges {
			if !math.IsInf(float64(e.Forward), 1) {
				f(e.From, e.To, int32(i), e.Forward)
			}
			if !math.IsInf(float64(e.Backward), 1) {
				f(e.To, e.From, int32(i), e.Backward)
			}
		}
	}
	each(func(from, to, _ int32, _ float32) {
		out.first[from+1]++
		in.first[to+1]++
	})
	for v := range nodes {
		out.first[v+1] += out.first[v]
		in.first[v+1] += in.first[v]
	}
	out.list, in.list = make([]arc, out.first[nodes]), make([]arc, in.first[nodes])
	nextOut, nextIn := slices.Clone(out.first), slices.Clone(in.first)
	each(func(from, to, edge int32, seconds float32) {
		out.list[nextOut[from]] = arc{to, edge, seconds}
		nextOut[from]++
		in.list[nextIn[to]] = arc{from, edge, seconds}
		nextIn[to]++
	})
	return out, in
}

// findIslands marks the nodes of parts with fewer than SmallIsland nodes; one-way streets join both ways here.
func findIslands(nodes int, edges []Edge) []bool {
	root := make([]int32, nodes)
	for i := range root {
		root[i] = int32(i)
	}
	find := func(v int32) int32 {
		for root[v] != v {
			root[v] = root[root[v]]
			v = root[v]
		}
		return v
	}
	for _, e := range edges {
		a, b := find(e.From), find(e.To)
		root[max(a, b)] = min(a, b)
	}
	size := make([]int32, nodes)
	for v := range int32(nodes) {
		size[find(v)]++
	}
	island := make([]bool, nodes)
	for v := range island {
		island[v] = size[find(int32(v))] < SmallIsland
	}
	return island
}
