package importers

import (
	"math/rand/v2"
	"os"
	"testing"

	"github.com/paulmach/orb"

	"kora/geo/elevation"
	"kora/importers/pbftest"
)

// Heights are kept for the streets and a little beyond, and are those of the tiles.
func TestHeightsOfAndorraAreKept(t *testing.T) {
	f, err := os.Open("../../shared/data/osm/andorra.osm.pbf")
	if os.IsNotExist(err) {
		t.Skip("the streets of Andorra are not at hand")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	tiles := os.DirFS("../../shared/data/elevation")
	n, report, err := Network(t.Context(), "andorra.osm.pbf", f, NetworkOptions{DEM: tiles})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := elevation.Decode(n.Heights)
	if err != nil {
		t.Fatal(err)
	}
	if report.HeightsThin || report.HeightsOut || report.HeightBytes != kept.Bytes() || kept.Bytes() > 1<<20 {
		t.Errorf("%d bytes are kept, and the report says %+v", kept.Bytes(), report)
	}
	ground, err := openGround(tiles)
	if err != nil {
		t.Fatal(err)
	}
	var all []*elevation.Tile
	for corner, name := range ground.files {
		tile, err := ground.load(corner, name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, tile)
	}
	whole := elevation.NewModel(all...)
	r := rand.New(rand.NewPCG(3, 3))
	for range 3000 {
		p := orb.Point{n.Bounds.Min[0] + r.Float64()*(n.Bounds.Max[0]-n.Bounds.Min[0]), n.Bounds.Min[1] + r.Float64()*(n.Bounds.Max[1]-n.Bounds.Min[1])}
		want, known := whole.At(p)
		if got, ok := kept.At(p); ok != known || got != want {
			t.Fatalf("%v: %v m, %v; the tiles have %v m, %v", p, got, ok, want, known)
		}
	}
	if _, ok := kept.At(orb.Point{n.Bounds.Max[0] + 0.1, n.Bounds.Center()[1]}); ok {
		t.Error("heights far beyond the streets are kept")
	}
}

func TestWithoutTilesNoHeightsAreKept(t *testing.T) {
	var s sheet
	s.street(residential, 0, 0, 1000, 0)
	if m := importFile(t, s.file(pbftest.Options{}), NetworkOptions{}); m.Heights != nil {
		t.Errorf("%d bytes of heights without tiles", len(m.Heights))
	}
}
