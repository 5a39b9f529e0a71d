package importers

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"kora/geo/profile"
	"kora/importers/pbf"
)

// An osmExtract gathers what matters of a file while it is read. Ways may come before their nodes, and relations before
// their ways, so only when all is read are they put together.
type osmExtract struct {
	profiles []profile.Profile
	nodes    osmNodes
	ways     osmWays
	stops    map[int64]byte // nodes that stop profiles, as bits
	travel   []osmStreet
	turns    []osmTurn
	quiet    osmMap
	report   NetworkReport
}

func newOSMExtract(profiles []profile.Profile) *osmExtract {
	return &osmExtract{profiles: profiles, nodes: osmNodes{inOrder: true}, stops: map[int64]byte{},
		report: NetworkReport{Profiles: map[string]ProfileReport{}, TurnsUnused: map[string]int{}}}
}

func (x *osmExtract) node(n pbf.Node) error {
	x.report.Nodes++
	if err := x.nodes.add(n.ID, n.At); err != nil {
		return err
	}
	if n.Tags.Len() > 0 {
		if mask := stopsAt(n.Tags, x.profiles); mask != 0 {
			x.stops[n.ID] = mask
		}
		x.quiet.node(n, &x.report)
	}
	return nil
}

func (x *osmExtract) way(w pbf.Way) error {
	x.report.Ways++
	x.nodes.afterWay = true
	for i, at := range w.Where {
		if err := x.nodes.add(w.Nodes[i], at); err != nil {
			return err
		}
	}
	at, err := x.ways.add(w.ID, w.Nodes)
	if err != nil || w.Tags.Len() == 0 || len(w.Nodes) < 2 {
		return err
	}
	if street, ok := streetOn(w.Tags, x.profiles); ok {
		street.way = at
		x.travel = append(x.travel, street)
	}
	x.quiet.way(at, w, &x.report)
	return nil
}

func (x *osmExtract) relation(r pbf.Relation) error {
	x.report.Relations++
	x.nodes.afterWay = true
	x.turn(r)
	x.quiet.relation(r, &x.report)
	return nil
}

// osmNodes are the places of all nodes, 16 bytes each, found by their number in order.
type osmNodes struct {
	slabs    [][]osmNode // each of slabSize but the last, so that growing copies nothing
	last     int64
	count    int
	inOrder  bool
	afterWay bool // a way or relation has come
	near     int  // where the last one was found
}

type osmNode struct {
	id int64
	at pbf.Location
}

const slabSize = 1 << 16

func (n *osmNodes) add(id int64, at pbf.Location) error {
	if n.count == math.MaxInt32 {
		return fmt.Errorf("%w: more than %d nodes; take a smaller extract", errTooMuch, math.MaxInt32)
	}
	if n.count%slabSize == 0 {
		n.slabs = append(n.slabs, make([]osmNode, 0, slabSize))
	}
	slab := &n.slabs[len(n.slabs)-1]
	*slab = append(*slab, osmNode{id, at})
	n.inOrder = n.inOrder && !n.afterWay && (n.count == 0 || id > n.last)
	n.last = id
	n.count++
	return nil
}

// finish puts the nodes in order; of several with one number the last in the file counts.
func (n *osmNodes) finish() {
	if n.inOrder {
		return
	}
	all := slices.Concat(n.slabs...)
	n.slabs = nil
	slices.SortStableFunc(all, func(a, b osmNode) int { return cmp.Compare(a.id, b.id) })
	kept := all[:0]
	for i, one := range all {
		if i+1 == len(all) || all[i+1].id != one.id {
			kept = append(kept, one)
		}
	}
	n.count = len(kept)
	for slab := range slices.Chunk(kept, slabSize) {
		n.slabs = append(n.slabs, slab)
	}
}

func (n *osmNodes) get(i int) osmNode { return n.slabs[i/slabSize][i%slabSize] }

// find gives the index of a node.
func (n *osmNodes) find(id int64) (int, bool) {
	for i := n.near; i <= n.near+1 && i < n.count; i++ { // the nodes of a way are often numbered one after the other
		if n.get(i).id == id {
			n.near = i
			return i, true
		}
	}
	low, high := 0, n.count
	for low < high {
		if middle := int(uint(low+high) >> 1); n.get(middle).id < id {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low < n.count && n.get(low).id == id {
		n.near = low
		return low, true
	}
	return 0, false
}

// osmWays are the nodes of all ways: of any of them an area may be made. Numbers of nodes are kept as differences.
type osmWays struct {
	ids     []int64
	ends    []int64 // of each way's part of refs
	refs    []byte
	byID    []int32 // order of ids; nil while they are in order
	ordered bool
}

func (w *osmWays) add(id int64, nodes []int64) (int32, error) {
	if len(w.ids) == math.MaxInt32 {
		return 0, fmt.Errorf("%w: more than %d ways; take a smaller extract", errTooMuch, math.MaxInt32)
	}
	var last int64
	for _, n := range nodes {
		w.refs = binary.AppendVarint(w.refs, n-last)
		last = n
	}
	w.ids, w.ends = append(w.ids, id), append(w.ends, int64(len(w.refs)))
	return int32(len(w.ids) - 1), nil
}

// nodes appends the nodes of a way to to.
func (w *osmWays) nodes(to []int64, way int32) []int64 {
	from := int64(0)
	if way > 0 {
		from = w.ends[way-1]
	}
	var last int64
	for rest := w.refs[from:w.ends[way]]; len(rest) > 0; {
		d, n := binary.Varint(rest)
		rest = rest[n:]
		last += d
		to = append(to, last)
	}
	return to
}

// find gives the index of a way; the first time after the last add it may have to put them in order.
func (w *osmWays) find(id int64) (int32, bool) {
	if !w.ordered {
		w.ordered = true
		if !slices.IsSorted(w.ids) {
			w.byID = make([]int32, len(w.ids))
			for i := range w.byID {
				w.byID[i] = int32(i)
			}
			slices.SortStableFunc(w.byID, func(a, b int32) int { return cmp.Compare(w.ids[a], w.ids[b]) })
		}
	}
	if w.byID == nil {
		i, ok := slices.BinarySearch(w.ids, id)
		return int32(i), ok
	}
	i, ok := slices.BinarySearchFunc(w.byID, id, func(way int32, id int64) int { return cmp.Compare(w.ids[way], id) })
	if !ok {
		return 0, false
	}
	return w.byID[i], true
}
