package exporters_test

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"kora"
	"kora/atlas"
	"kora/atlas/atlastest"
	"kora/exporters"
	"kora/tiles"
	"kora/tiles/pmtiles"
	"kora/tiles/pmtiles/pmtilestest"
)

const everyZoom = 30

// archive writes a layer and takes the archive apart.
func archive(t *testing.T, a *atlas.Atlas, l *tiles.Layer, o exporters.TileOptions) (string, *pmtilestest.Archive) {
	t.Helper()
	path := filepath.Join(t.TempDir(), l.Name+".pmtiles")
	s, err := exporters.Tiles(t.Context(), a, l, path, false, o)
	if err != nil {
		t.Fatalf("%s: %v", l.Name, err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	read, err := pmtilestest.Read(b)
	if err != nil {
		t.Fatalf("%s: %v", l.Name, err)
	}
	if s.Tiles != uint64(len(read.Tiles)) || s.Bytes != uint64(len(b)) {
		t.Errorf("%s: %+v for %d tiles in %d bytes", l.Name, s, len(read.Tiles), len(b))
	}
	return path, read
}

// encoded gives every tile of a layer that holds something: all tiles of the world to zoom 7, and further in all that lie
// within a wide margin of where the town has anything.
func encoded(t *testing.T, a *atlas.Atlas, l *tiles.Layer) map[uint64][]byte {
	t.Helper()
	all := map[uint64][]byte{}
	try := func(x, y uint32, z maptile.Zoom) {
		b, err := l.Encode(a, maptile.New(x, y, z))
		if err != nil {
			t.Fatal(err)
		}
		if len(b) > 0 {
			all[pmtiles.ID(uint8(z), x, y)] = b
		}
	}
	for z := l.MinZoom; z <= l.MaxZoom; z++ {
		if z <= 7 {
			for x := range uint32(1) << z {
				for y := range uint32(1) << z {
					try(x, y, z)
				}
			}
			continue
		}
		seen := map[maptile.Tile]bool{}
		for _, around := range []orb.Bound{{Min: orb.Point{90.97, -0.03}, Max: orb.Point{91.04, 0.03}}, {Min: orb.Point{94.27, 29.57}, Max: orb.Point{94.46, 29.64}}} {
			nw, se := maptile.At(orb.Point{around.Min[0], around.Max[1]}, z), maptile.At(orb.Point{around.Max[0], around.Min[1]}, z)
			for x := nw.X - 2; x <= se.X+2; x++ {
				for y := nw.Y - 2; y <= se.Y+2; y++ {
					if tile := maptile.New(x, y, z); !seen[tile] {
						seen[tile] = true
						try(x, y, z)
					}
				}
			}
		}
	}
	return all
}

// TestArchivesHoldEveryTileThatHoldsSomething, byte for byte, and the reader of maps finds them.
func TestArchivesHoldEveryTileThatHoldsSomething(t *testing.T) {
	a := town(t)
	for _, l := range tiles.Layers() {
		t.Run(l.Name, func(t *testing.T) {
			path, read := archive(t, a, l, exporters.TileOptions{MaxZoom: everyZoom, Generator: "kora test"})
			want := encoded(t, a, l)
			for id, tile := range want {
				if !bytes.Equal(read.Tiles[id], tile) {
					z, x, y := pmtiles.Tile(id)
					t.Errorf("%d/%d/%d has %d bytes in the archive, want %d", z, x, y, len(read.Tiles[id]), len(tile))
				}
			}
			if len(read.Tiles) != len(want) || len(want) == 0 {
				t.Errorf("%d tiles, want %d", len(read.Tiles), len(want))
			}
			m := read.Metadata
			layers, _ := m["vector_layers"].([]any)
			if m["name"] != l.Name || m["sample"] != true || m["version"] != a.Position.Snapshot || len(layers) != len(l.Contents) {
				t.Errorf("metadata %v", m)
			}
			attribution, _ := m["attribution"].(string)
			if ofStreets := slices.Contains([]string{"basemap", "coverage"}, l.Name); ofStreets != strings.Contains(attribution, "© nobody") ||
				!strings.Contains(attribution, "示例数据") {
				t.Errorf("attributed to %q", attribution)
			}

			var asked [][3]uint32
			var sums []string
			for _, id := range slices.Sorted(maps.Keys(want)) {
				z, x, y := pmtiles.Tile(id)
				asked, sums = append(asked, [3]uint32{uint32(z), x, y}), append(sums, pmtilestest.Sum(want[id]))
			}
			asked, sums = append(asked, [3]uint32{uint32(l.MaxZoom), 0, 0}), append(sums, "")
			judged := pmtilestest.Judge(t, path, asked)
			if !slices.Equal(judged.Tiles, sums) || judged.Metadata["name"] != l.Name {
				t.Error("the reader of maps reads other tiles")
			}
		})
	}
}

func layer(t *testing.T, name string) *tiles.Layer {
	t.Helper()
	l, err := exporters.LayersNamed([]string{name})
	if err != nil {
		t.Fatal(err)
	}
	return l[0]
}

func TestArchivesWithinBounds(t *testing.T) {
	a := town(t)
	l := layer(t, "parcels")
	_, whole := archive(t, a, l, exporters.TileOptions{MaxZoom: everyZoom})
	box := orb.Bound{Min: orb.Point{94.3005, 29.6005}, Max: orb.Point{94.3015, 29.6015}}
	_, part := archive(t, a, l, exporters.TileOptions{MinZoom: 10, MaxZoom: 14, Bounds: &box})
	want := map[uint64][]byte{}
	for id, tile := range whole.Tiles {
		z, x, y := pmtiles.Tile(id)
		if z >= 10 && z <= 14 && maptile.New(x, y, maptile.Zoom(z)).Bound().Intersects(box) {
			want[id] = tile
		}
	}
	if !maps.EqualFunc(part.Tiles, want, bytes.Equal) || len(want) < 5 || len(want) >= len(whole.Tiles) {
		t.Errorf("%d tiles, want %d of %d", len(part.Tiles), len(want), len(whole.Tiles))
	}
	if part.Degrees["west"] != 94.3005 || part.Degrees["north"] != 29.6015 || part.Header["min zoom"] != 10 || part.Header["max zoom"] != 14 {
		t.Errorf("%v %v", part.Header, part.Degrees)
	}
}

func TestNoTilesNoArchive(t *testing.T) {
	a := town(t)
	dir := t.TempDir()
	far := orb.Bound{Min: orb.Point{0, 50}, Max: orb.Point{1, 51}}
	for what, o := range map[string]exporters.TileOptions{
		"elsewhere": {MinZoom: 5, MaxZoom: everyZoom, Bounds: &far}, "no zoom": {MinZoom: 20, MaxZoom: everyZoom},
	} {
		_, err := exporters.Tiles(t.Context(), a, layer(t, "parcels"), filepath.Join(dir, "a.pmtiles"), false, o)
		if there := files(t, dir); !errors.Is(err, exporters.ErrNothing) || len(there) > 0 {
			t.Errorf("%s: %v, and the folder holds %v", what, err, there)
		}
	}
	for _, after := range []int{0, 5, 50} {
		_, err := exporters.Tiles(&cancelled{t.Context(), after}, a, layer(t, "parcels"), filepath.Join(dir, "a.pmtiles"), false,
			exporters.TileOptions{MaxZoom: everyZoom})
		if there := files(t, dir); err == nil || len(there) > 0 {
			t.Errorf("cancelled after %d: %v, and the folder holds %v", after, err, there)
		}
	}
	empty := atlastest.Town(t)
	empty.Parcels = nil
	if _, err := exporters.Tiles(t.Context(), atlastest.Open(t, empty).Atlas(), layer(t, "parcels"), filepath.Join(dir, "a.pmtiles"), false,
		exporters.TileOptions{MaxZoom: everyZoom}); !errors.Is(err, exporters.ErrNothing) {
		t.Errorf("no parcels: %v", err)
	}
}

func TestProgressReachesTheEnd(t *testing.T) {
	var last, total, steps int64
	_, err := exporters.Tiles(t.Context(), town(t), layer(t, "stations"), filepath.Join(t.TempDir(), "a.pmtiles"), false,
		exporters.TileOptions{MaxZoom: everyZoom, Progress: func(done, of int64) {
			if done != last+1 || total != 0 && of != total {
				t.Errorf("%d of %d after %d of %d", done, of, last, total)
			}
			last, total = done, of
			steps++
		}})
	if err != nil || last != total || steps < 10 {
		t.Errorf("%d of %d in %d steps, %v", last, total, steps, err)
	}
}

func TestWhereArchivesGo(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	if err := os.WriteFile(in("plain"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	all, err := exporters.LayersNamed(nil)
	if err != nil || len(all) != len(tiles.Layers()) {
		t.Fatalf("%v %v", all, err)
	}
	one := all[:1]
	for out, c := range map[string]struct {
		layers []*tiles.Layer
		want   []string
		reason kora.Reason
	}{
		"a.pmtiles":      {one, []string{in("a.pmtiles")}, ""},
		"folder":         {one, []string{in("folder/" + one[0].Name + ".pmtiles")}, ""},
		"b.pmtiles":      {all, nil, kora.ReasonFormat},
		"tiles.mbtiles":  {all, nil, kora.ReasonFormat},
		"plain":          {all, nil, kora.ReasonFormat},
		"none/further":   {all, nil, kora.ReasonNotFound},
		"none/a.pmtiles": {one, nil, kora.ReasonNotFound},
	} {
		got, err := exporters.Archives(in(out), c.layers, false)
		if kora.ReasonOf(err) != c.reason || err == nil && !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v", out, got, err)
		}
	}
	for _, names := range [][]string{{"yaks"}, {"stations", "stations"}} {
		if _, err := exporters.LayersNamed(names); kora.ReasonOf(err) == "" {
			t.Errorf("%v: %v", names, err)
		}
	}
}
