// Package pbf reads OpenStreetMap's PBF as a stream: one pass, no seeking, memory bounded by one block.
//
// It knows the format (https://wiki.openstreetmap.org/wiki/PBF_Format, OsmSchema-V0.6) and nothing of what tags mean. Files
// that are foreign, cut off or damaged end in an error that says so; none makes it panic or take more memory than the
// format allows a block.
package pbf

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/klauspost/compress/zlib"
	"google.golang.org/protobuf/encoding/protowire"
)

// Errors that Read wraps.
var (
	ErrFormat    = errors.New("not an OSM PBF file")     // another format, or a block that breaks its rules
	ErrTruncated = errors.New("the file ends too early") // within a block
	ErrFeature   = errors.New("a kind of OSM PBF that cannot be read")
	ErrTooLarge  = errors.New("blocks are larger than the format allows")
)

// Limits of the format, in bytes.
const (
	maxBlobHeader = 64 << 10
	maxBlob       = 32 << 20
)

// Real files inflate two to five times. A file that inflates more than maxInflation times, beyond the first freely inflated
// bytes, is made to exhaust memory.
const (
	maxInflation   = 50
	freelyInflated = 2 * maxBlob
)

// A Header is what the file says of itself. Its box is not read: boxes are often wrong.
type Header struct {
	Written  time.Time // replication timestamp; zero when there is none
	Required []string
	Optional []string
	Program  string
}

// A Location is a place in units of 1e-7 degrees.
type Location struct{ Lon, Lat int32 }

// Tags are the tags of one object.
type Tags struct {
	keys, values []uint32
	texts        []string
}

// Len is the number of tags.
func (t Tags) Len() int { return len(t.keys) }

// At is tag i.
func (t Tags) At(i int) (key, value string) { return t.texts[t.keys[i]], t.texts[t.values[i]] }

// Get is the value of key, or "".
func (t Tags) Get(key string) string {
	for i, k := range t.keys {
		if t.texts[k] == key {
			return t.texts[t.values[i]]
		}
	}
	return ""
}

// A Node is a place.
type Node struct {
	ID   int64
	At   Location
	Tags Tags
}

// A Way is a line through nodes.
type Way struct {
	ID    int64
	Nodes []int64
	Where []Location // of its nodes, in files that carry them on ways; else empty
	Tags  Tags
}

// A MemberType is what a member of a relation is.
type MemberType byte

// As the format numbers them.
const (
	MemberNode     MemberType = 0
	MemberWay      MemberType = 1
	MemberRelation MemberType = 2
)

// A Member is one object of a relation.
type Member struct {
	Type MemberType
	ID   int64
	Role string
}

// A Relation joins objects.
type Relation struct {
	ID      int64
	Members []Member
	Tags    Tags
}

// A Visitor is called for what the file holds, in the order of the file. The slices in what it is given are used again
// for the next object; strings may be kept. A nil function skips that kind.
type Visitor struct {
	Node     func(Node) error
	Way      func(Way) error
	Relation func(Relation) error
	Block    func(bytesRead int64) // after each block
}

// Read reads r to its end.
func Read(ctx context.Context, r io.Reader, v Visitor) (Header, error) {
	d := decoder{r: r, visit: v}
	for {
		if err := ctx.Err(); err != nil {
			return d.header, err
		}
		err := d.blob()
		if err == io.EOF {
			break
		}
		if err != nil {
			return d.header, err
		}
		if v.Block != nil {
			v.Block(d.read)
		}
	}
	if d.blobs == 0 {
		return d.header, fmt.Errorf("%w: it is empty", ErrFormat)
	}
	if d.blobs == 1 {
		return d.header, fmt.Errorf("%w: nothing follows its header", ErrTruncated)
	}
	return d.header, nil
}

type decoder struct {
	r        io.Reader
	visit    Visitor
	read     int64
	inflated int64
	blobs    int
	header   Header

	packed  []byte // a blob as in the file
	plain   bytes.Buffer
	inflate io.ReadCloser
	block   block
}

// blob reads the next blob and all that it holds; io.EOF when there is none.
func (d *decoder) blob() error {
	var size [4]byte
	if n, err := io.ReadFull(d.r, size[:]); err != nil {
		if err == io.EOF {
			return io.EOF
		}
		if err == io.ErrUnexpectedEOF && d.blobs == 0 {
			return fmt.Errorf("%w: it has %d bytes", ErrFormat, n)
		}
		return d.cut(err)
	}
	n := binary.BigEndian.Uint32(size[:])
	if n == 0 || n > maxBlobHeader {
		return d.wrong("a block's header of %d bytes", n)
	}
	head, err := d.take(int(n))
	if err != nil {
		return err
	}
	kind, length, err := blobHeader(head)
	if err != nil {
		return d.wrong("a block's header that cannot be read")
	}
	if d.blobs == 0 && kind != "OSMHeader" {
		return d.wrong("a first block of type %.20q", kind)
	}
	if length > maxBlob {
		return fmt.Errorf("%w: one of %d bytes", ErrTooLarge, length)
	}
	data, err := d.take(int(length))
	if err != nil {
		return err
	}
	d.read += 4 + int64(n) + int64(length)
	if err := d.content(kind, data); err != nil {
		return err
	}
	d.blobs++
	return nil
}

func (d *decoder) content(kind string, data []byte) error {
	if kind != "OSMHeader" && kind != "OSMData" {
		return nil // as the format asks
	}
	plain, err := d.unpack(data)
	if err != nil {
		return err
	}
	if kind == "OSMHeader" {
		return d.readHeader(plain)
	}
	err = d.block.read(plain, d.visit)
	if _, ours := errors.AsType[formatError](err); ours {
		return d.wrong("%w", err)
	}
	return err
}

// take reads n bytes; they are good until the next call.
func (d *decoder) take(n int) ([]byte, error) {
	// grown while reading, so that a length that lies takes no memory
	buf := bytes.NewBuffer(d.packed[:0])
	m, err := buf.ReadFrom(io.LimitReader(d.r, int64(n)))
	d.packed = buf.Bytes()
	if err != nil {
		return nil, err
	}
	if m < int64(n) {
		return nil, d.cut(io.ErrUnexpectedEOF)
	}
	return d.packed, nil
}

func (d *decoder) cut(err error) error {
	if err == io.ErrUnexpectedEOF {
		return fmt.Errorf("%w, after block %d", ErrTruncated, d.blobs)
	}
	return err
}

func (d *decoder) wrong(format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	if d.blobs == 0 {
		return fmt.Errorf("%w: it has %w", ErrFormat, err)
	}
	return fmt.Errorf("%w: damaged after block %d by %w", ErrFormat, d.blobs, err)
}

func blobHeader(b []byte) (kind string, length uint64, err error) {
	err = fields(b, func(f field) {
		switch f.number {
		case 1:
			kind = string(f.bytes)
		case 3:
			length = f.varint
		}
	})
	return kind, length, err
}

// unpack gives the plain bytes of a Blob; they are good until the next call.
func (d *decoder) unpack(b []byte) ([]byte, error) {
	var raw, packed []byte
	var size uint64
	var other protowire.Number
	err := fields(b, func(f field) {
		switch f.number {
		case 1:
			raw = f.bytes
		case 2:
			size = f.varint
		case 3:
			packed = f.bytes
		case 4, 5, 6, 7:
			other = f.number
		}
	})
	switch {
	case err != nil:
		return nil, d.wrong("a block that cannot be read")
	case raw != nil:
		return raw, nil
	case packed == nil && other != 0:
		name := map[protowire.Number]string{4: "lzma", 5: "bzip2", 6: "lz4", 7: "zstd"}[other]
		return nil, fmt.Errorf("%w: it is compressed with %s; write it again with zlib", ErrFeature, name)
	case packed == nil:
		return nil, d.wrong("a block without content")
	case size > maxBlob:
		return nil, fmt.Errorf("%w: one of %d bytes", ErrTooLarge, size)
	}
	if d.inflate == nil {
		d.inflate, err = zlib.NewReader(bytes.NewReader(packed))
	} else {
		err = d.inflate.(zlib.Resetter).Reset(bytes.NewReader(packed), nil)
	}
	if err != nil {
		return nil, d.wrong("a block that cannot be unpacked")
	}
	d.plain.Reset()
	n, err := d.plain.ReadFrom(io.LimitReader(d.inflate, int64(size)+1))
	if err != nil || n != int64(size) {
		return nil, d.wrong("a block that does not unpack to its size")
	}
	if d.inflated += n; d.inflated > freelyInflated && d.inflated > maxInflation*(d.read+int64(len(b))) {
		return nil, fmt.Errorf("%w: the file unpacks to more than %d times its size", ErrTooLarge, maxInflation)
	}
	return d.plain.Bytes(), nil
}

func (d *decoder) readHeader(b []byte) error {
	err := fields(b, func(f field) {
		switch f.number {
		case 4:
			d.header.Required = append(d.header.Required, string(f.bytes))
		case 5:
			d.header.Optional = append(d.header.Optional, string(f.bytes))
		case 16:
			d.header.Program = string(f.bytes)
		case 32:
			if s := int64(f.varint); s > 0 && s < 1<<40 {
				d.header.Written = time.Unix(s, 0).UTC()
			}
		}
	})
	if err != nil {
		return d.wrong("a header that cannot be read")
	}
	for _, feature := range d.header.Required {
		switch feature {
		case "OsmSchema-V0.6", "DenseNodes":
		case "HistoricalInformation":
			return fmt.Errorf("%w: it holds the history of every object; take an extract without history", ErrFeature)
		default:
			return fmt.Errorf("%w: it needs the feature %.40q", ErrFeature, feature)
		}
	}
	return nil
}
