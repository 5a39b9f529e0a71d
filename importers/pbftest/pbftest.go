// Package pbftest writes small OpenStreetMap files in PBF, for tests and for the sample's streets.
//
// It writes and never reads, sorts nothing and checks nothing: what it is given comes out in that order.
package pbftest

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// A Node is a place with tags.
type Node struct {
	ID       int64
	Lon, Lat float64 // degrees
	Tags     map[string]string
}

// A Way is a line through nodes.
type Way struct {
	ID    int64
	Nodes []int64
	Tags  map[string]string
}

// A Member is one object of a relation; Type is 0 for a node, 1 for a way, 2 for a relation.
type Member struct {
	Type int
	ID   int64
	Role string
}

// A Relation joins objects.
type Relation struct {
	ID      int64
	Members []Member
	Tags    map[string]string
}

// Options are what may differ between files; the zero value is the usual.
type Options struct {
	Written    time.Time // replication timestamp; none when zero
	Program    string
	WaysFirst  bool // unsorted: relations, ways, then nodes
	PlainNodes bool // nodes one by one instead of dense
	Raw        bool // blocks are not compressed
	PerBlock   int  // objects in a block; 8,000 when 0
}

// Encode gives the file.
func Encode(nodes []Node, ways []Way, relations []Relation, o Options) []byte {
	if o.PerBlock == 0 {
		o.PerBlock = 8000
	}
	var header []byte
	header = text(header, 4, "OsmSchema-V0.6")
	if !o.PlainNodes {
		header = text(header, 4, "DenseNodes")
	}
	if o.Program != "" {
		header = text(header, 16, o.Program)
	}
	if !o.Written.IsZero() {
		header = varint(header, 32, uint64(o.Written.Unix()))
	}
	file := blob(nil, "OSMHeader", header, o.Raw)
	var blocks [3][][]byte
	for part := range slices.Chunk(nodes, o.PerBlock) {
		blocks[0] = append(blocks[0], nodeBlock(part, o.PlainNodes))
	}
	for part := range slices.Chunk(ways, o.PerBlock) {
		blocks[1] = append(blocks[1], wayBlock(part))
	}
	for part := range slices.Chunk(relations, o.PerBlock) {
		blocks[2] = append(blocks[2], relationBlock(part))
	}
	if o.WaysFirst {
		slices.Reverse(blocks[:])
	}
	for _, b := range slices.Concat(blocks[:]...) {
		file = blob(file, "OSMData", b, o.Raw)
	}
	return file
}

// blob appends a block of a type with its plain content.
func blob(file []byte, kind string, content []byte, raw bool) []byte {
	var body []byte
	if raw {
		body = message(body, 1, content)
	} else {
		var packed bytes.Buffer
		w := zlib.NewWriter(&packed)
		w.Write(content) // to memory: never fails
		w.Close()
		body = varint(body, 2, uint64(len(content)))
		body = message(body, 3, packed.Bytes())
	}
	var header []byte
	header = text(header, 1, kind)
	header = varint(header, 3, uint64(len(body)))
	file = binary.BigEndian.AppendUint32(file, uint32(len(header)))
	return append(append(file, header...), body...)
}

// texts is the table of a block; its first entry is empty, since 0 ends the tags of a dense node.
type texts struct {
	all   []string
	index map[string]uint64
}

func newTexts() *texts { return &texts{[]string{""}, map[string]uint64{"": 0}} }

func (t *texts) of(s string) uint64 {
	i, ok := t.index[s]
	if !ok {
		i = uint64(len(t.all))
		t.index[s] = i
		t.all = append(t.all, s)
	}
	return i
}

// tagged adds tags to a message; one without any gets no empty lists, at which GDAL 3.6 stops reading.
func (t *texts) tagged(m []byte, tags map[string]string) []byte {
	if len(tags) == 0 {
		return m
	}
	var keys, values []byte
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		keys = protowire.AppendVarint(keys, t.of(k))
		values = protowire.AppendVarint(values, t.of(tags[k]))
	}
	return message(message(m, 2, keys), 3, values)
}

func (t *texts) block(group []byte) []byte {
	var table []byte
	for _, s := range t.all {
		table = text(table, 1, s)
	}
	return message(message(nil, 1, table), 2, group)
}

func nodeBlock(nodes []Node, plain bool) []byte {
	t := newTexts()
	var group []byte
	if plain {
		for _, n := range nodes {
			m := t.tagged(varint(nil, 1, protowire.EncodeZigZag(n.ID)), n.Tags)
			m = varint(m, 8, protowire.EncodeZigZag(units(n.Lat)))
			m = varint(m, 9, protowire.EncodeZigZag(units(n.Lon)))
			group = message(group, 1, m)
		}
		return t.block(group)
	}
	var ids, lats, lons, tags []byte
	var id, lat, lon int64
	for _, n := range nodes {
		ids = protowire.AppendVarint(ids, protowire.EncodeZigZag(n.ID-id))
		lats = protowire.AppendVarint(lats, protowire.EncodeZigZag(units(n.Lat)-lat))
		lons = protowire.AppendVarint(lons, protowire.EncodeZigZag(units(n.Lon)-lon))
		id, lat, lon = n.ID, units(n.Lat), units(n.Lon)
		for _, k := range slices.Sorted(maps.Keys(n.Tags)) {
			tags = protowire.AppendVarint(tags, t.of(k))
			tags = protowire.AppendVarint(tags, t.of(n.Tags[k]))
		}
		tags = append(tags, 0)
	}
	dense := message(nil, 1, ids)
	dense = message(message(message(dense, 8, lats), 9, lons), 10, tags)
	return t.block(message(nil, 2, dense))
}

func wayBlock(ways []Way) []byte {
	t := newTexts()
	var group []byte
	for _, w := range ways {
		m := t.tagged(varint(nil, 1, uint64(w.ID)), w.Tags)
		var refs []byte
		var last int64
		for _, n := range w.Nodes {
			refs = protowire.AppendVarint(refs, protowire.EncodeZigZag(n-last))
			last = n
		}
		group = message(group, 3, message(m, 8, refs))
	}
	return t.block(group)
}

func relationBlock(relations []Relation) []byte {
	t := newTexts()
	var group []byte
	for _, r := range relations {
		m := t.tagged(varint(nil, 1, uint64(r.ID)), r.Tags)
		var roles, ids, types []byte
		var last int64
		for _, member := range r.Members {
			roles = protowire.AppendVarint(roles, t.of(member.Role))
			ids = protowire.AppendVarint(ids, protowire.EncodeZigZag(member.ID-last))
			types = protowire.AppendVarint(types, uint64(member.Type))
			last = member.ID
		}
		group = message(group, 4, message(message(message(m, 8, roles), 9, ids), 10, types))
	}
	return t.block(group)
}

func units(degrees float64) int64 { return int64(math.Round(degrees * 1e7)) }

func varint(b []byte, number protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, number, protowire.VarintType), v)
}

func message(b []byte, number protowire.Number, m []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, number, protowire.BytesType), m)
}

func text(b []byte, number protowire.Number, s string) []byte { return message(b, number, []byte(s)) }
