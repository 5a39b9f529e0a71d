// Package network is the street graph and what is asked of it: how a place is tied to the streets around it, how long it
// takes from everywhere to the nearest of many places, what can be reached, and by which way.
//
// A Network is for one profile and never changes after Build or Unmarshal, so any number of goroutines may use it. Inside,
// chains of street without a junction are one edge that keeps its bends; nodes lie along a Hilbert curve; times between
// nodes are whole tenths of a second, so that searches take nodes from buckets instead of a heap.
//
// Times are seconds, lengths metres, coordinates WGS 84 (or CGCS2000) longitude and latitude in degrees. The package does
// no I/O and knows nothing of files, stations or hexagons.
package network

import (
	"fmt"
	"math"
	"sync"

	"github.com/paulmach/orb"

	"kora/geo/profile"
)

// SmallIsland is the number of places where streets bend, end or meet below which a part of the network that is not joined
// to the rest counts as an island: a courtyard, a roof terrace, a street that was drawn without its junction. Link passes
// islands over when a larger part is within reach too.
const SmallIsland = 50

// Kind tells what a piece of street is, where routes must say so.
type Kind uint8

const (
	Street Kind = iota
	Steps
	Ferry
)

// An Edge is a straight piece of street between two nodes, as Build takes it.
type Edge struct {
	From, To int32   // indexes of nodes
	LengthM  float32 // metres
	Forward  float32 // seconds From to To; +Inf where that is not allowed
	Backward float32 // seconds To to From; +Inf where that is not allowed
	Kind     Kind
}

// A Turn is a way over two or more edges, one after the other, that must not be taken: each edge by its index, or by ^index
// where it is travelled from its To to its From.
type Turn []int32

// A Network is a street graph for one profile.
type Network struct {
	profile profile.Profile
	figures
	flat    // the large arrays, which may lie in a mapped file
	bounds  orb.Bound
	scratch *scratch
}

// figures are small and saved beside the large arrays.
type figures struct {
	MaxSpeed float64 `json:"max_speed"` // metres per second, as the crow flies, on or off the street
	MaxEdge  float64 `json:"max_edge"`  // metres along the longest edge
}

// flat are the arrays of a network, in the order of the saved form.
type flat struct {
	nodes  []node
	first  []uint32 // arcs at node v: arcs[first[v]:first[v+1]]
	arcs   []arc
	via    []uint32 // edge of each arc
	edges  []edge
	bends  []bend   // of edge e: bends[edges[e].first:edges[e+1].first], its ends among them; one more edge ends the list
	part   []uint32 // which connected part a node lies in
	sizes  []uint32 // places in each part before chains became edges
	boxes  []box    // of the index, level after level
	levels []uint32 // number of boxes in each level
}

const (
	degree   = 1e7 // coordinates are kept in units of 1e-7 degrees, about 1 cm
	maxNodes = 1 << 30
	maxEdges = 1 << 30

	tick     = 0.1    // seconds
	longest  = 32_000 // ticks that an edge may take; a longer one is cut in pieces
	closed   = math.MaxUint16
	out, in  = 0, 1 // of arc.ticks
	edgeCopy = 1    // flag of an edge that repeats another, to keep a forbidden turn
)

type node struct{ lon, lat int32 }

func (n node) point() orb.Point {
	return orb.Point{float64(n.lon) / degree, float64(n.lat) / degree}
}

// An arc is an edge as seen from one of its ends: both directions in eight bytes, since a search touches little else.
type arc struct {
	node  uint32    // at the other end
	ticks [2]uint16 // out: to that node, in: from it; closed where not allowed
}

type edge struct {
	from, to uint32 // from is not after to
	first    uint32 // of its bends
	ticks    [2]uint16
	kind     Kind
	flags    uint8
	_        [2]uint8
}

// A bend is a place on an edge with what it takes to get there along the edge: metres and seconds from the edge's From,
// and seconds back to it. Seconds are 0 where that direction is closed. They add up to the edge's ticks.
type bend struct {
	node
	metres, forward, backward float32
}

func (b bend) seconds(direction int) float32 {
	if direction == in {
		return b.backward
	}
	return b.forward
}

func (e edge) open(direction int) bool { return e.ticks[direction] != closed }

func (n *Network) bendsOf(e int32) []bend { return n.bends[n.edges[e].first:n.edges[e+1].first] }

// ready derives what is not saved.
func (n *Network) ready() {
	if len(n.levels) > 0 { // the uppermost box of the index holds all bends
		b := n.boxes[len(n.boxes)-1]
		n.bounds = orb.Bound{Min: node{b.west, b.south}.point(), Max: node{b.east, b.north}.point()}
	}
	n.scratch = newScratch(len(n.nodes))
}

// Profile is the profile that the times were made with.
func (n *Network) Profile() profile.Profile { return n.profile }

// Nodes is the number of nodes: junctions, ends of streets, and places where a street changes its kind.
func (n *Network) Nodes() int { return len(n.nodes) }

// Edges is the number of edges.
func (n *Network) Edges() int { return max(0, len(n.edges)-1) }

// Bounds is the box around all streets, in degrees; the zero Bound when there are none.
func (n *Network) Bounds() orb.Bound { return n.bounds }

// Node is the place of node v, in degrees.
func (n *Network) Node(v int32) orb.Point { return n.nodes[v].point() }

// An EdgeInfo describes an edge.
type EdgeInfo struct {
	From, To          int32 // nodes
	Metres            float64
	Forward, Backward float64 // seconds; +Inf where not allowed
	Kind              Kind
	Copy              bool // repeats another edge, to keep a forbidden turn; its length counts there
}

// Edge describes edge e.
func (n *Network) Edge(e int32) EdgeInfo {
	d, bends := n.edges[e], n.bendsOf(e)
	return EdgeInfo{int32(d.from), int32(d.to), float64(bends[len(bends)-1].metres), seconds(d.ticks[out]), seconds(d.ticks[in]),
		d.kind, d.flags&edgeCopy != 0}
}

// EachPiece calls f for every straight piece of street, with its ends in degrees and the edge that it belongs to. Bends
// inside an edge have numbers above those of the nodes.
func (n *Network) EachPiece(f func(edge int32, a, b orb.Point, piece Edge)) {
	for i := range n.Edges() {
		e, bends := n.edges[i], n.bendsOf(int32(i))
		last := int32(e.from)
		for k, b := range bends[1:] {
			a, next := bends[k], int32(len(n.nodes))+int32(e.first)+int32(k)
			if k == len(bends)-2 {
				next = int32(e.to)
			}
			p := Edge{last, next, b.metres - a.metres, closedSeconds, closedSeconds, e.kind}
			if e.open(out) {
				p.Forward = b.forward - a.forward
			}
			if e.open(in) {
				p.Backward = b.backward - a.backward
			}
			f(int32(i), a.point(), b.point(), p)
			last = next
		}
	}
}

// EachPieceIn calls f for every straight piece of street that may come into b, with its ends in degrees, its edge and the
// part of it, in metres from its From. Edges and pieces come in order.
func (n *Network) EachPieceIn(b orb.Bound, f func(a, b orb.Point, s Span)) {
	n.eachPiece(b, func(at, edge uint32) bool {
		a, b := n.bends[at], n.bends[at+1]
		f(a.point(), b.point(), Span{int32(edge), a.metres, b.metres})
		return true
	})
}

// Line is the course of edge e between two distances in metres from its From.
func (n *Network) Line(e int32, fromM, toM float64) orb.LineString {
	bends := n.bendsOf(e)
	line := make(orb.LineString, 0, len(bends))
	line = append(line, pointAt(bends, fromM))
	for _, b := range bends {
		if m := float64(b.metres); m > fromM && m < toM {
			line = append(line, b.point())
		}
	}
	return append(line, pointAt(bends, toM))
}

// pointAt is the place so many metres along the bends.
func pointAt(bends []bend, metres float64) orb.Point {
	i := 0
	for i < len(bends)-2 && float64(bends[i+1].metres) < metres {
		i++
	}
	a, b := bends[i], bends[i+1]
	return between(a.point(), b.point(), part(metres-float64(a.metres), float64(b.metres-a.metres)))
}

// part is how much of whole some of it is, from 0 to 1.
func part(some, whole float64) float64 {
	if !(whole > 0) {
		return 0
	}
	return min(max(some/whole, 0), 1)
}

func between(a, b orb.Point, part float64) orb.Point {
	return orb.Point{a[0] + part*(b[0]-a[0]), a[1] + part*(b[1]-a[1])}
}

func seconds(ticks uint16) float64 {
	if ticks == closed {
		return math.Inf(1)
	}
	return float64(ticks) * tick
}

// scratch keeps what searches write to, for the next one to use again.
type scratch struct {
	queues   sync.Pool // of *queue
	searches sync.Pool // of *search
}

func newScratch(nodes int) *scratch {
	s := &scratch{}
	s.queues.New = func() any { return newQueue() }
	s.searches.New = func() any { return newSearch(nodes) }
	return s
}

func (v node) check() error {
	if v.lon < -180*degree || v.lon > 180*degree || v.lat < -90*degree || v.lat > 90*degree {
		return fmt.Errorf("is at %v, which is no longitude and latitude", v.point())
	}
	return nil
}
