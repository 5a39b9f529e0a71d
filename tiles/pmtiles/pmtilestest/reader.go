// Package pmtilestest reads PMTiles archives for tests: once plainly, after the text of the specification, and once with the
// reader that maps use. It shares no code with the writer.
package pmtilestest

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// An Archive is all that a file holds.
type Archive struct {
	Header   map[string]uint64
	Degrees  map[string]float64
	Metadata map[string]any
	Tiles    map[uint64][]byte // by number, uncompressed
	Leaves   int
	Offsets  []uint64 // of entries, in their order
	Runs     int      // entries that stand for more than one tile
}

// Read takes a whole archive apart.
func Read(file []byte) (*Archive, error) {
	if len(file) < 127 || string(file[:8]) != "PMTiles\x03" {
		return nil, errors.New("no PMTiles of version 3")
	}
	a := &Archive{Header: map[string]uint64{}, Degrees: map[string]float64{}, Tiles: map[uint64][]byte{}}
	for i, name := range []string{"root offset", "root length", "metadata offset", "metadata length", "leaves offset", "leaves length",
		"tiles offset", "tiles length", "addressed", "entries", "contents"} {
		a.Header[name] = binary.LittleEndian.Uint64(file[8+8*i:])
	}
	for i, name := range []string{"clustered", "internal compression", "tile compression", "type", "min zoom", "max zoom"} {
		a.Header[name] = uint64(file[96+i])
	}
	a.Header["center zoom"] = uint64(file[118])
	for name, at := range map[string]int{"west": 102, "south": 106, "east": 110, "north": 114, "lon": 119, "lat": 123} {
		a.Degrees[name] = float64(int32(binary.LittleEndian.Uint32(file[at:]))) / 1e7
	}
	section := func(name string) []byte { return file[a.Header[name+" offset"]:][:a.Header[name+" length"]] }
	if a.Header["root offset"]+a.Header["root length"] > 16384 {
		return nil, errors.New("the root directory does not lie in the first 16 KiB")
	}
	metadata, err := unpack(section("metadata"))
	if err != nil {
		return nil, fmt.Errorf("metadata: %w", err)
	}
	if err := json.Unmarshal(metadata, &a.Metadata); err != nil {
		return nil, fmt.Errorf("metadata: %w", err)
	}
	next := uint64(0)
	var directory func(b []byte) error
	directory = func(b []byte) error {
		b, err := unpack(b)
		if err != nil {
			return err
		}
		r := bytes.NewReader(b)
		number := func() uint64 {
			v, e := binary.ReadUvarint(r)
			err = errors.Join(err, e)
			return v
		}
		n := number()
		if n == 0 || n > uint64(len(b)) {
			return fmt.Errorf("a directory of %d entries", n)
		}
		columns := [4][]uint64{}
		for c := range columns {
			for range n {
				columns[c] = append(columns[c], number())
			}
		}
		if err != nil || r.Len() > 0 {
			return fmt.Errorf("a directory with %d bytes too many: %w", r.Len(), err)
		}
		id, end := uint64(0), uint64(0)
		for i := range n {
			id += columns[0][i]
			run, length, offset := columns[1][i], columns[2][i], columns[3][i]
			if offset == 0 {
				offset = end
			} else {
				offset--
			}
			end = offset + length
			if length == 0 {
				return fmt.Errorf("tile %d has no bytes", id)
			}
			if run == 0 {
				a.Leaves++
				if err := directory(section("leaves")[offset:end]); err != nil {
					return err
				}
				continue
			}
			if run > 1 {
				a.Runs++
			}
			if id < next {
				return fmt.Errorf("tile %d comes after %d", id, next)
			}
			next = id + run
			a.Offsets = append(a.Offsets, offset)
			tile, err := unpack(section("tiles")[offset:end])
			if err != nil {
				return fmt.Errorf("tile %d: %w", id, err)
			}
			for k := range run {
				a.Tiles[id+k] = tile
			}
		}
		return nil
	}
	return a, directory(section("root"))
}

func unpack(b []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// A Judged is what the reader of maps says of an archive.
type Judged struct {
	Header   map[string]any
	Metadata map[string]any
	Tiles    []string // SHA-256 in hexadecimal of the tiles asked for, "" where there is none
}

// Judge asks the npm package pmtiles; without it or Node.js t is skipped.
func Judge(t testing.TB, path string, tiles [][3]uint32) Judged {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	web := filepath.Join(filepath.Dir(here), "..", "..", "..", "web")
	if _, err := os.Stat(filepath.Join(web, "node_modules", "pmtiles")); err != nil {
		t.Skip("the reader of maps (npm pmtiles) is not here; npm ci --prefix web brings it")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node.js is not here")
	}
	asked, err := json.Marshal(tiles)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), node, filepath.Join("tests", "judges", "pmtiles.mjs"), path)
	cmd.Dir, cmd.Stdin = web, bytes.NewReader(asked)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("the reader of maps: %v\n%s", err, &complaint)
	}
	var j Judged
	if err := json.Unmarshal(out, &j); err != nil {
		t.Fatal(err)
	}
	return j
}

// Sum is the SHA-256 of a tile as Judged gives it.
func Sum(tile []byte) string {
	if tile == nil {
		return ""
	}
	sum := sha256.Sum256(tile)
	return hex.EncodeToString(sum[:])
}
