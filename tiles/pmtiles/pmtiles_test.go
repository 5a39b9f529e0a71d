package pmtiles_test

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kora/tiles/pmtiles"
	"kora/tiles/pmtiles/pmtilestest"
)

// TestPublishedIDs: the numbers that the specification and its reference implementation print.
func TestPublishedIDs(t *testing.T) {
	for tile, want := range map[[3]uint32]uint64{
		{0, 0, 0}: 0,
		{1, 0, 0}: 1, {1, 0, 1}: 2, {1, 1, 1}: 3, {1, 1, 0}: 4,
		{2, 0, 0}: 5, {2, 1, 0}: 6, {2, 1, 1}: 7, {2, 0, 1}: 8, {2, 0, 2}: 9, {2, 0, 3}: 10, {2, 1, 3}: 11, {2, 1, 2}: 12,
		{2, 2, 2}: 13, {2, 2, 3}: 14, {2, 3, 3}: 15, {2, 3, 2}: 16, {2, 3, 1}: 17, {2, 2, 1}: 18, {2, 2, 0}: 19, {2, 3, 0}: 20,
		{12, 3423, 1763}: 19078479,
	} {
		if got := pmtiles.ID(uint8(tile[0]), tile[1], tile[2]); got != want {
			t.Errorf("%v is number %d, want %d", tile, got, want)
		}
		if z, x, y := pmtiles.Tile(want); [3]uint32{uint32(z), x, y} != tile {
			t.Errorf("number %d is %d/%d/%d, want %v", want, z, x, y, tile)
		}
	}
}

// TestCurve: the curve goes through every tile of a zoom, from each to a neighbour, and the children of a tile lie on it in
// a row.
func TestCurve(t *testing.T) {
	id := uint64(0)
	for z := range uint8(8) {
		seen := map[[2]uint32]bool{}
		var px, py uint32
		for i := range 1 << (2 * z) {
			gz, x, y := pmtiles.Tile(id)
			if gz != z || seen[[2]uint32{x, y}] || i > 0 && (max(x, px)-min(x, px))+(max(y, py)-min(y, py)) != 1 {
				t.Fatalf("number %d is %d/%d/%d after %d/%d", id, gz, x, y, px, py)
			}
			for child := range uint64(4) {
				cz, cx, cy := pmtiles.Tile(pmtiles.FirstChild(id) + child)
				if cz != z+1 || cx/2 != x || cy/2 != y {
					t.Fatalf("child %d of %d/%d/%d is %d/%d/%d", child, z, x, y, cz, cx, cy)
				}
			}
			seen[[2]uint32{x, y}], px, py = true, x, y
			id++
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		z := rapid.Uint8Range(0, pmtiles.MaxZoom).Draw(t, "z")
		x, y := rapid.Uint32Range(0, 1<<z-1).Draw(t, "x"), rapid.Uint32Range(0, 1<<z-1).Draw(t, "y")
		if gz, gx, gy := pmtiles.Tile(pmtiles.ID(z, x, y)); gz != z || gx != x || gy != y {
			t.Fatalf("%d/%d/%d comes back as %d/%d/%d", z, x, y, gz, gx, gy)
		}
	})
}

var somewhere = pmtiles.Bounds{West: 91, South: 29.5, East: 91.5, North: 29.75}

// write makes an archive of tiles by number.
func write(t interface{ Fatal(...any) }, path string, tiles map[uint64][]byte) pmtiles.Summary {
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := pmtiles.NewWriter(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range slices.Sorted(maps.Keys(tiles)) {
		if err := w.Add(id, tiles[id]); err != nil {
			t.Fatal(err)
		}
	}
	s, err := w.Finish(somewhere, map[string]any{"name": "示例", "vector_layers": []string{}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestAnySetOfTilesComesBack reads what was written after the text of the specification.
func TestAnySetOfTilesComesBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "any.pmtiles")
	rapid.Check(t, func(t *rapid.T) {
		content := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 1, 300), 1, 5).Draw(t, "contents")
		tiles := map[uint64][]byte{}
		for range rapid.IntRange(1, 40).Draw(t, "rows") {
			id := pmtiles.ID(rapid.Uint8Range(0, 16).Draw(t, "z"), 0, 0) + rapid.Uint64Range(0, 1<<20).Draw(t, "from")
			for range rapid.IntRange(1, 5).Draw(t, "tiles") {
				tiles[id] = content[rapid.IntRange(0, len(content)-1).Draw(t, "content")]
				id++
			}
		}
		s := write(t, path, tiles)
		check(t, path, tiles, s)
	})
}

func check(t interface {
	Fatal(...any)
	Fatalf(string, ...any)
}, path string, tiles map[uint64][]byte, s pmtiles.Summary) *pmtilestest.Archive {
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	a, err := pmtilestest.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	contents := map[string]bool{}
	zooms := map[uint8]bool{}
	for id, tile := range tiles {
		contents[string(tile)] = true
		z, _, _ := pmtiles.Tile(id)
		zooms[z] = true
	}
	lowest, highest := slices.Min(slices.Collect(maps.Keys(zooms))), slices.Max(slices.Collect(maps.Keys(zooms)))
	h := a.Header
	switch {
	case !reflect.DeepEqual(a.Tiles, tiles):
		t.Fatalf("%d tiles came back, or others than the %d", len(a.Tiles), len(tiles))
	case h["addressed"] != uint64(len(tiles)) || h["entries"] != uint64(len(a.Offsets)) || h["contents"] != uint64(len(contents)):
		t.Fatalf("header %v for %d tiles of %d contents in %d entries", h, len(tiles), len(contents), len(a.Offsets))
	case h["min zoom"] != uint64(lowest) || h["max zoom"] != uint64(highest):
		t.Fatalf("header %v for zooms %d to %d", h, lowest, highest)
	case h["clustered"] != 1 || h["internal compression"] != 2 || h["tile compression"] != 2 || h["type"] != 1:
		t.Fatalf("header %v", h)
	case !reflect.DeepEqual(a.Degrees, map[string]float64{"west": 91, "south": 29.5, "east": 91.5, "north": 29.75, "lon": 91.25, "lat": 29.625}):
		t.Fatalf("degrees %v", a.Degrees)
	case s.Tiles != uint64(len(tiles)) || s.Contents != len(contents) || s.Bytes != uint64(len(file)) || s.MinZoom != lowest || s.MaxZoom != highest:
		t.Fatalf("summary %+v", s)
	}
	// Clustered: an offset goes on from the ones before, or repeats one of them.
	known := map[uint64]bool{}
	for i, offset := range a.Offsets {
		if i > 0 && !known[offset] && offset < slices.Max(a.Offsets[:i]) {
			t.Fatalf("entry %d goes back to %d", i, offset)
		}
		known[offset] = true
		if i > 50 {
			break // the rest is the same, and this is quadratic
		}
	}
	return a
}

// TestTheReaderOfMapsAgrees on a small archive, on one with leaf directories, and on one with runs of equal tiles.
func TestTheReaderOfMapsAgrees(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	scattered, running := map[uint64][]byte{}, map[uint64][]byte{}
	for id := pmtiles.ID(9, 0, 0); len(scattered) < 60_000; id += 1 + rng.Uint64N(1000) {
		scattered[id] = binary.LittleEndian.AppendUint64(make([]byte, rng.IntN(30)), rng.Uint64())
	}
	for id := range uint64(3000) {
		running[id] = []byte(fmt.Sprint("content ", id/700))
	}
	for name, c := range map[string]struct {
		tiles  map[uint64][]byte
		leaves bool
	}{
		"one":       {map[uint64][]byte{19078479: []byte("tile")}, false},
		"runs":      {running, false},
		"scattered": {scattered, true},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "archive.pmtiles")
			a := check(t, path, c.tiles, write(t, path, c.tiles))
			if (a.Leaves > 0) != c.leaves || (a.Runs > 0) != (name == "runs") {
				t.Errorf("%d leaves, %d runs", a.Leaves, a.Runs)
			}
			var asked [][3]uint32
			var want []string
			ids := slices.Sorted(maps.Keys(c.tiles))
			for range 300 {
				id := ids[rng.IntN(len(ids))]
				for _, near := range []uint64{id, id + 1} { // the one beside it is often none
					z, x, y := pmtiles.Tile(near)
					asked, want = append(asked, [3]uint32{uint32(z), x, y}), append(want, pmtilestest.Sum(c.tiles[near]))
				}
			}
			judged := pmtilestest.Judge(t, path, asked)
			if !slices.Equal(judged.Tiles, want) {
				t.Error("it reads other tiles")
			}
			if judged.Metadata["name"] != "示例" || judged.Header["numAddressedTiles"] != float64(len(c.tiles)) ||
				judged.Header["clustered"] != true || judged.Header["minLon"] != 91.0 || judged.Header["tileType"] != 1.0 {
				t.Errorf("it reads %v and %v", judged.Header, judged.Metadata)
			}
		})
	}
}

func TestWhatIsRefused(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "refused"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := pmtiles.NewWriter(f)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Finish(somewhere, nil); err != pmtiles.ErrNoTiles {
		t.Errorf("an archive without tiles: %v", err)
	}
	if err := w.Add(7, []byte("a")); err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{
		"empty": w.Add(8, nil), "twice": w.Add(7, []byte("a")), "back": w.Add(6, []byte("a")),
		"too deep": w.Add(pmtiles.ID(pmtiles.MaxZoom+1, 0, 0), []byte("a")),
	} {
		if err == nil {
			t.Errorf("%s: was taken", what)
		}
	}
	f.Close()
	if _, err := w.Finish(somewhere, nil); err == nil {
		t.Error("a file that cannot be written is finished")
	}
}
