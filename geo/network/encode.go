package network

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
)

// The saved form, all numbers little-endian:
//
//	8 bytes   "KORANET" and the version
//	u32       length of the profile; the profile as JSON
//	u32, u32  number of nodes and of edges
//	nodes     i32 longitude, i32 latitude in 1e-7 degrees
//	edges     i32 From, i32 To, f32 metres, f32 seconds forward, f32 seconds backward
//	u32       CRC-32C of all before
const (
	magic    = "KORANET\x01"
	nodeSize = 8
	edgeSize = 20
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// MarshalBinary gives the saved form of n.
func (n *Network) MarshalBinary() ([]byte, error) {
	profile, err := json.Marshal(n.profile)
	if err != nil {
		return nil, fmt.Errorf("network: %w", err)
	}
	b := make([]byte, 0, len(magic)+len(profile)+16+len(n.nodes)*nodeSize+len(n.edges)*edgeSize)
	le := binary.LittleEndian
	b = append(b, magic...)
	b = le.AppendUint32(b, uint32(len(profile)))
	b = append(b, profile...)
	b = le.AppendUint32(b, uint32(len(n.nodes)))
	b = le.AppendUint32(b, uint32(len(n.edges)))
	for _, c := range n.nodes {
		b = le.AppendUint32(b, uint32(c.lon))
		b = le.AppendUint32(b, uint32(c.lat))
	}
	for _, e := range n.edges {
		b = le.AppendUint32(b, uint32(e.From))
		b = le.AppendUint32(b, uint32(e.To))
		b = le.AppendUint32(b, math.Float32bits(e.LengthM))
		b = le.AppendUint32(b, math.Float32bits(e.Forward))
		b = le.AppendUint32(b, math.Float32bits(e.Backward))
	}
	return sealed(b), nil
}

// sealed appends the checksum of b.
func sealed(b []byte) []byte {
	return binary.LittleEndian.AppendUint32(b[:len(b):len(b)], crc32.Checksum(b, castagnoli))
}

// Unmarshal reads the saved form. Bytes that are foreign, cut off or damaged are refused, before memory is taken for what
// they claim to hold.
func Unmarshal(b []byte) (*Network, error) {
	le := binary.LittleEndian
	if len(b) < len(magic) || !bytes.Equal(b[:len(magic)-1], []byte(magic[:len(magic)-1])) {
		return nil, errors.New("network: these bytes are no saved street network")
	}
	if b[len(magic)-1] != magic[len(magic)-1] {
		return nil, fmt.Errorf("network: the street network was saved in version %d, and only version %d can be read; import it again",
			b[len(magic)-1], magic[len(magic)-1])
	}
	cut := errors.New("network: the saved street network is cut off; import it again")
	rest := b[len(magic):]
	if len(rest) < 4 || uint64(len(rest)-4) < uint64(le.Uint32(rest)) {
		return nil, cut
	}
	profile, rest := rest[4:4+le.Uint32(rest)], rest[4+le.Uint32(rest):]
	if len(rest) < 8 {
		return nil, cut
	}
	nodes, edges := uint64(le.Uint32(rest)), uint64(le.Uint32(rest[4:]))
	rest = rest[8:]
	if nodes > maxNodes || edges > maxEdges {
		return nil, fmt.Errorf("network: a saved street network of %d nodes and %d edges is more than can be read", nodes, edges)
	}
	switch want := nodes*nodeSize + edges*edgeSize + 4; {
	case uint64(len(rest)) < want:
		return nil, cut
	case uint64(len(rest)) > want:
		return nil, fmt.Errorf("network: the saved street network is followed by %d bytes that are not its own", uint64(len(rest))-want)
	}
	if body := b[:len(b)-4]; crc32.Checksum(body, castagnoli) != le.Uint32(b[len(body):]) {
		return nil, errors.New("network: the saved street network is damaged (its checksum differs); import it again")
	}
	n := &Network{nodes: make([]node, nodes), edges: make([]Edge, edges)}
	if err := json.Unmarshal(profile, &n.profile); err != nil {
		return nil, fmt.Errorf("network: the saved profile cannot be read: %w", err)
	}
	if err := n.profile.check(); err != nil {
		return nil, err
	}
	for i := range n.nodes {
		n.nodes[i] = node{int32(le.Uint32(rest)), int32(le.Uint32(rest[4:]))}
		rest = rest[nodeSize:]
	}
	for i := range n.edges {
		n.edges[i] = Edge{int32(le.Uint32(rest)), int32(le.Uint32(rest[4:])), math.Float32frombits(le.Uint32(rest[8:])),
			math.Float32frombits(le.Uint32(rest[12:])), math.Float32frombits(le.Uint32(rest[16:]))}
		rest = rest[edgeSize:]
	}
	if err := n.complete(); err != nil {
		return nil, err
	}
	return n, nil
}
