package pmtiles

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/klauspost/compress/gzip"
)

// An entry of a directory tells where the tiles of one content lie; or, with a run of 0, a leaf directory that begins with
// the tile id.
type entry struct {
	id  uint64
	run uint32 // how many tiles from id on have this content
	blob
}

// end is the number after the last tile of e.
func (e entry) end() uint64 { return e.id + uint64(e.run) }

// rootBytes is the room of the root directory, compressed.
const rootBytes = headBytes - headerBytes

// directories gives the root directory, and the leaves that it points to when all entries do not fit into it. Leaves are as
// small as the root's room allows: a reader fetches one of them for a tile.
func directories(entries []entry) (root, leaves []byte, err error) {
	z, err := gzip.NewWriterLevel(nil, gzip.BestCompression)
	if err != nil {
		return nil, nil, err
	}
	if len(entries) <= rootBytes { // an entry takes a byte at least
		if root, err = directory(z, entries); err != nil || len(root) <= rootBytes {
			return root, nil, err
		}
	}
	for size := 4096; ; size *= 2 {
		var index []entry
		leaves = leaves[:0]
		for part := range slices.Chunk(entries, size) {
			leaf, err := directory(z, part)
			if err != nil {
				return nil, nil, err
			}
			index = append(index, entry{id: part[0].id, blob: blob{uint64(len(leaves)), uint32(len(leaf))}})
			leaves = append(leaves, leaf...)
		}
		if root, err = directory(z, index); err != nil || len(root) <= rootBytes {
			return root, leaves, err
		}
	}
}

// directory writes entries column by column as varints: ids as differences, runs, lengths, and offsets as 0 where one begins
// at the end of the one before.
func directory(z *gzip.Writer, entries []entry) ([]byte, error) {
	b := binary.AppendUvarint(nil, uint64(len(entries)))
	last := uint64(0)
	for _, e := range entries {
		b = binary.AppendUvarint(b, e.id-last)
		last = e.id
	}
	for _, e := range entries {
		b = binary.AppendUvarint(b, uint64(e.run))
	}
	for _, e := range entries {
		b = binary.AppendUvarint(b, uint64(e.length))
	}
	for i, e := range entries {
		if i > 0 && e.offset == entries[i-1].offset+uint64(entries[i-1].length) {
			b = append(b, 0)
		} else {
			b = binary.AppendUvarint(b, e.offset+1)
		}
	}
	var packed bytes.Buffer
	err := pack(z, &packed, b)
	return packed.Bytes(), err
}
