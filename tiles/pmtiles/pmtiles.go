// Package pmtiles writes PMTiles archives, version 3 (github.com/protomaps/PMTiles, spec/v3): all tiles of a tile set in one
// file, which any web server or CDN gives out by byte ranges. It only writes, and knows nothing of what is in a tile.
package pmtiles

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/klauspost/compress/gzip"
)

const (
	headerBytes = 127
	headBytes   = 16 << 10 // header and root directory must lie in the first of these, which readers fetch at once
	compression = 6        // of tiles, by gzip; 9 takes three times as long for 2 % less
)

// A Writer makes an archive of vector tiles as they come: what it keeps in memory is about a hundred bytes a tile, and no
// tile. Tiles with the same content are stored once.
//
// The tiles come first in the file, after the room that is kept for the header and the root directory, because how long the
// directories are is known last. The format allows any order of what follows the root.
type Writer struct {
	file    io.WriteSeeker
	data    *bufio.Writer // the section of tiles
	packer  *gzip.Writer
	packed  bytes.Buffer
	size    uint64 // of the section so far
	entries []entry
	stored  map[[16]byte]blob // by the start of the SHA-256 of the tile
	tiles   uint64
}

type blob struct {
	offset uint64 // in the section of tiles
	length uint32
}

// NewWriter begins an archive in file, which must be empty.
func NewWriter(file io.WriteSeeker) (*Writer, error) {
	if _, err := file.Seek(headBytes, io.SeekStart); err != nil {
		return nil, fmt.Errorf("pmtiles: %w", err)
	}
	w := &Writer{file: file, data: bufio.NewWriterSize(file, 1<<18), stored: map[[16]byte]blob{}}
	var err error
	w.packer, err = gzip.NewWriterLevel(&w.packed, compression)
	return w, err
}

// Add puts a tile into the archive, uncompressed and not empty. Tiles come in the order of their IDs.
func (w *Writer) Add(id uint64, tile []byte) error {
	switch {
	case len(tile) == 0:
		return fmt.Errorf("pmtiles: tile %d is empty", id)
	case id >= firstID(MaxZoom+1):
		return fmt.Errorf("pmtiles: tile %d lies beyond zoom %d", id, MaxZoom)
	case len(w.entries) > 0 && id < w.entries[len(w.entries)-1].end():
		return fmt.Errorf("pmtiles: tile %d comes after one with a higher number", id)
	}
	sum := sha256.Sum256(tile)
	key := [16]byte(sum[:16])
	b, known := w.stored[key]
	if !known {
		var err error
		if b, err = w.store(tile); err != nil {
			return fmt.Errorf("pmtiles: store tile %d: %w", id, err)
		}
		w.stored[key] = b
	}
	w.tiles++
	if n := len(w.entries); n > 0 {
		if last := &w.entries[n-1]; last.blob == b && last.end() == id {
			last.run++
			return nil
		}
	}
	w.entries = append(w.entries, entry{id: id, run: 1, blob: b})
	return nil
}

func (w *Writer) store(tile []byte) (blob, error) {
	if err := pack(w.packer, &w.packed, tile); err != nil {
		return blob{}, err
	}
	if uint64(w.packed.Len()) > math.MaxUint32 {
		return blob{}, errors.New("it is larger than 4 GiB")
	}
	if _, err := w.data.Write(w.packed.Bytes()); err != nil {
		return blob{}, err
	}
	b := blob{w.size, uint32(w.packed.Len())}
	w.size += uint64(b.length)
	return b, nil
}

// pack compresses b into to, which it empties first.
func pack(z *gzip.Writer, to *bytes.Buffer, b []byte) error {
	to.Reset()
	z.Reset(to)
	if _, err := z.Write(b); err != nil {
		return err
	}
	return z.Close()
}

// Bounds are longitudes and latitudes in degrees.
type Bounds struct{ West, South, East, North float64 }

// A Summary tells what an archive holds.
type Summary struct {
	Tiles            uint64 // that can be asked for
	Contents         int    // that are stored; tiles with the same content share it
	MinZoom, MaxZoom uint8
	Bytes            uint64 // of the file
}

// ErrNoTiles is given by Finish when nothing was added: an archive without tiles is none.
var ErrNoTiles = errors.New("pmtiles: there are no tiles")

// Finish writes what is known only when all tiles are there: the metadata, a JSON object whose vector_layers readers expect,
// the directories and the header.
func (w *Writer) Finish(bounds Bounds, metadata any) (Summary, error) {
	if len(w.entries) == 0 {
		return Summary{}, ErrNoTiles
	}
	about, err := json.Marshal(metadata)
	if err != nil {
		return Summary{}, fmt.Errorf("pmtiles: metadata: %w", err)
	}
	var meta bytes.Buffer
	if err := pack(w.packer, &meta, about); err != nil {
		return Summary{}, fmt.Errorf("pmtiles: metadata: %w", err)
	}
	root, leaves, err := directories(w.entries)
	if err != nil {
		return Summary{}, fmt.Errorf("pmtiles: directories: %w", err)
	}
	for _, section := range [][]byte{meta.Bytes(), leaves} {
		if _, err := w.data.Write(section); err != nil {
			return Summary{}, fmt.Errorf("pmtiles: %w", err)
		}
	}
	if err := w.data.Flush(); err != nil {
		return Summary{}, fmt.Errorf("pmtiles: %w", err)
	}
	last := w.entries[len(w.entries)-1]
	s := Summary{Tiles: w.tiles, Contents: len(w.stored), MinZoom: zoomOf(w.entries[0].id), MaxZoom: zoomOf(last.end() - 1),
		Bytes: headBytes + w.size + uint64(meta.Len()) + uint64(len(leaves))}
	head := append(w.header(s, bounds, len(root), meta.Len(), len(leaves)), root...)
	if _, err := w.file.Seek(0, io.SeekStart); err != nil {
		return Summary{}, fmt.Errorf("pmtiles: %w", err)
	}
	if _, err := w.file.Write(append(head, make([]byte, headBytes-len(head))...)); err != nil {
		return Summary{}, fmt.Errorf("pmtiles: %w", err)
	}
	return s, nil
}

// The codes of the header.
const (
	packedByGzip = 2
	vectorTiles  = 1
)

func (w *Writer) header(s Summary, b Bounds, root, meta, leaves int) []byte {
	h := append(make([]byte, 0, headBytes), "PMTiles\x03"...)
	for _, v := range []uint64{
		headerBytes, uint64(root),
		headBytes + w.size, uint64(meta),
		headBytes + w.size + uint64(meta), uint64(leaves),
		headBytes, w.size,
		s.Tiles, uint64(len(w.entries)), uint64(s.Contents),
	} {
		h = binary.LittleEndian.AppendUint64(h, v)
	}
	const clustered = 1 // the tiles lie in the order of their IDs
	h = append(h, clustered, packedByGzip, packedByGzip, vectorTiles, s.MinZoom, s.MaxZoom)
	h = degrees(h, b.West, b.South, b.East, b.North)
	h = append(h, min(max(b.zoom(), s.MinZoom), s.MaxZoom))
	return degrees(h, (b.West+b.East)/2, (b.South+b.North)/2)
}

func degrees(h []byte, all ...float64) []byte {
	for _, d := range all {
		h = binary.LittleEndian.AppendUint32(h, uint32(int32(math.Round(d*1e7))))
	}
	return h
}

// zoom is the one at which a map of some 512 pixels shows all of b.
func (b Bounds) zoom() uint8 {
	span := max(b.East-b.West, b.North-b.South, 1e-6)
	return uint8(max(0, math.Log2(360/span)))
}
