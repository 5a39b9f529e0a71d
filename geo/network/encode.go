package network

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"unsafe"

	"kora/geo/profile"
)

// The saved form is the arrays of a Network as they lie in memory, so that it can be mapped in and used at once:
//
//	8 bytes     "KORANET" and the version
//	u64         length of the head; the head as JSON: profile, figures and the number of items in each array
//	arrays      in the order of flat, each padded to a multiple of 8 bytes
//	u64         CRC-32C of all before
//
// Numbers are little-endian, as on every machine that Kora runs on; another kind refuses the form.
const magic = "KORANET\x02"

var errCut = errors.New("network: the saved street network is cut off; import it again")

type head struct {
	Profile profile.Profile `json:"profile"`
	Figures figures         `json:"figures"`
	Counts  []uint64        `json:"counts"`
}

// columns gives the arrays as what reads and writes them.
func (n *Network) columns() []column {
	return []column{
		array[node]{&n.nodes}, array[uint32]{&n.first}, array[arc]{&n.arcs}, array[uint32]{&n.via}, array[edge]{&n.edges},
		array[bend]{&n.bends}, array[uint32]{&n.part}, array[uint32]{&n.sizes}, array[box]{&n.boxes}, array[uint32]{&n.levels},
	}
}

type column interface {
	count() int
	itemSize() uint64
	bytes() []byte
	take([]byte, uint64)
}

type array[T any] struct{ list *[]T }

func (a array[T]) count() int { return len(*a.list) }

func (a array[T]) itemSize() uint64 {
	var one T
	return uint64(unsafe.Sizeof(one))
}

func (a array[T]) bytes() []byte {
	if len(*a.list) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&(*a.list)[0])), uint64(len(*a.list))*a.itemSize())
}

func (a array[T]) take(b []byte, count uint64) {
	if count > 0 {
		*a.list = unsafe.Slice((*T)(unsafe.Pointer(&b[0])), count)
	}
}

func littleEndian() bool { return binary.NativeEndian.Uint16([]byte{1, 0}) == 1 }

// MarshalBinary gives the saved form of n.
func (n *Network) MarshalBinary() ([]byte, error) {
	if !littleEndian() {
		return nil, errors.New("network: this machine's byte order is not that of the saved form")
	}
	h := head{Profile: n.profile, Figures: n.figures}
	size := 0
	for _, c := range n.columns() {
		h.Counts = append(h.Counts, uint64(c.count()))
		size += len(c.bytes()) + 8
	}
	text, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("network: %w", err)
	}
	b := make([]byte, 0, len(magic)+len(text)+size+32)
	b = append(b, magic...)
	b = binary.LittleEndian.AppendUint64(b, uint64(len(text)))
	b = padded(append(b, text...))
	for _, c := range n.columns() {
		b = padded(append(b, c.bytes()...))
	}
	return sealed(b), nil
}

func padded(b []byte) []byte { return append(b, make([]byte, -len(b)&7)...) }

// sealed appends the checksum of b.
func sealed(b []byte) []byte {
	return binary.LittleEndian.AppendUint64(b, uint64(crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli))))
}

// Unmarshal reads the saved form. The Network uses b, which must not change or go away as long as it is in use; only where
// b does not begin at a multiple of 8 is it copied. Bytes that are foreign, cut off, damaged or contradict themselves are
// refused, before memory is taken for what they claim to hold.
func Unmarshal(b []byte) (*Network, error) {
	if !littleEndian() {
		return nil, errors.New("network: this machine's byte order is not that of the saved form")
	}
	if len(b) < len(magic) || !bytes.Equal(b[:len(magic)-1], []byte(magic[:len(magic)-1])) {
		return nil, errors.New("network: these bytes are no saved street network")
	}
	if b[len(magic)-1] != magic[len(magic)-1] {
		return nil, fmt.Errorf("network: the street network was saved in version %d, and only version %d can be read; import it again",
			b[len(magic)-1], magic[len(magic)-1])
	}
	if len(b) < 24 || len(b)%8 != 0 {
		return nil, errCut
	}
	if uintptr(unsafe.Pointer(&b[0]))%8 != 0 {
		words := make([]uint64, (len(b)+7)/8)
		copy(unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), len(b)), b)
		b = unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), len(b))
	}
	body, rest := b[:len(b)-8], b[16:len(b)-8]
	length := binary.LittleEndian.Uint64(b[8:])
	if length > uint64(len(rest)) {
		return nil, errCut
	}
	var h head
	broken := json.Unmarshal(rest[:length], &h)
	n := &Network{profile: h.Profile, figures: h.Figures}
	columns := n.columns()
	if broken == nil && len(h.Counts) != len(columns) {
		broken = fmt.Errorf("it tells of %d arrays, not %d", len(h.Counts), len(columns))
	}
	if broken == nil {
		rest = rest[min(uint64(len(rest)), (length+7)&^7):]
		for i, c := range columns {
			if h.Counts[i] > uint64(len(rest))/c.itemSize() {
				return nil, errCut
			}
			c.take(rest, h.Counts[i])
			rest = rest[min(uint64(len(rest)), (h.Counts[i]*c.itemSize()+7)&^7):]
		}
		if len(rest) > 0 {
			return nil, fmt.Errorf("network: the saved street network is followed by %d bytes that are not its own", len(rest))
		}
	}
	if sum := binary.LittleEndian.Uint64(b[len(body):]); uint64(crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli))) != sum {
		return nil, errors.New("network: the saved street network is damaged (its checksum differs); import it again")
	}
	if broken != nil {
		return nil, fmt.Errorf("network: the saved street network cannot be read: %w; import it again", broken)
	}
	if err := n.check(); err != nil {
		return nil, fmt.Errorf("network: the saved street network contradicts itself: %w; import it again", err)
	}
	n.ready()
	return n, nil
}

// check makes sure that nothing in the arrays leads out of them.
func (n *Network) check() error {
	if err := n.profile.Check(); err != nil {
		return err
	}
	if !(n.MaxSpeed > 0) || !(n.MaxEdge >= 0) || math.IsInf(n.MaxSpeed, 1) || math.IsInf(n.MaxEdge, 1) {
		return fmt.Errorf("a highest speed of %v m/s or a longest edge of %v m cannot be", n.MaxSpeed, n.MaxEdge)
	}
	nodes, edges := uint32(len(n.nodes)), uint32(max(1, len(n.edges))-1)
	switch {
	case len(n.nodes) > maxNodes || len(n.edges) > maxEdges+1 || len(n.bends) > math.MaxInt32:
		return errors.New("it is larger than can be used")
	case len(n.edges) == 0 || len(n.first) != len(n.nodes)+1 || len(n.part) != len(n.nodes) || len(n.via) != len(n.arcs):
		return errors.New("its arrays are not of one length")
	case n.first[0] != 0 || n.first[nodes] != uint32(len(n.arcs)) || n.edges[0].first != 0 || n.edges[edges].first != uint32(len(n.bends)):
		return errors.New("its arrays do not fill each other")
	}
	for v, at := range n.nodes {
		if n.first[v] > n.first[v+1] || n.part[v] >= uint32(len(n.sizes)) {
			return fmt.Errorf("node %d", v)
		}
		if err := at.check(); err != nil {
			return fmt.Errorf("node %d %w", v, err)
		}
	}
	for i, a := range n.arcs {
		if a.node >= nodes || n.via[i] >= edges || a.ticks[out] == 0 || a.ticks[in] == 0 || tooLong(a.ticks) {
			return fmt.Errorf("arc %d", i)
		}
	}
	for i, e := range n.edges[:edges] {
		if e.from >= nodes || e.to >= nodes || e.from > e.to || n.edges[i+1].first < e.first+2 || e.first > uint32(len(n.bends)) ||
			n.edges[i+1].first > uint32(len(n.bends)) || e.ticks[out] == 0 || e.ticks[in] == 0 || tooLong(e.ticks) ||
			e.ticks == [2]uint16{closed, closed} {
			return fmt.Errorf("edge %d", i)
		}
		last := bend{}
		for k, b := range n.bendsOf(int32(i)) {
			if !(b.metres >= last.metres && b.forward >= last.forward && b.backward >= last.backward) || b.metres > math.MaxFloat32 ||
				k == 0 && b != (bend{node: b.node}) {
				return fmt.Errorf("bend %d of edge %d", k, i)
			}
			if err := b.check(); err != nil {
				return fmt.Errorf("bend %d of edge %d %w", k, i, err)
			}
			last = b
		}
		for direction, b := range [2]float32{last.forward, last.backward} {
			if want := float32(seconds(e.ticks[direction])); e.open(direction) && b != want || !e.open(direction) && b != 0 {
				return fmt.Errorf("edge %d takes %v s along its bends and %v s from end to end", i, b, want)
			}
		}
	}
	return n.checkIndex()
}

func tooLong(ticks [2]uint16) bool {
	return ticks[out] > longest && ticks[out] != closed || ticks[in] > longest && ticks[in] != closed
}

func (n *Network) checkIndex() error {
	want, total := (len(n.bends)+fanout-1)/fanout, 0
	for i, count := range n.levels {
		if int(count) != want {
			return fmt.Errorf("level %d of the index has %d boxes, not %d", i, count, want)
		}
		total += want
		if want == 1 && i != len(n.levels)-1 {
			return fmt.Errorf("the index goes on after its last level")
		}
		want = (want + fanout - 1) / fanout
	}
	if total != len(n.boxes) || len(n.bends) > 0 && (len(n.levels) == 0 || n.levels[len(n.levels)-1] != 1) {
		return errors.New("the index is not whole")
	}
	return nil
}
