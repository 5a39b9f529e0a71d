package grid_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"kora/geo/grid"
)

// The example of H3's own documentation.
func TestKnownCell(t *testing.T) {
	c, err := grid.At(orb.Point{-122.418307270836, 37.7752702151959}, 9)
	if err != nil || c.String() != "8928308280fffff" || c.Resolution() != 9 {
		t.Errorf("%v, %v", c, err)
	}
}

func TestCentreLiesInItsCell(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 500 {
		p, res := orb.Point{r.Float64()*360 - 180, r.Float64()*160 - 80}, r.IntN(16)
		c, err := grid.At(p, res)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := grid.At(c.Centre(), res); err != nil || back != c {
			t.Fatalf("the centre of %v lies in %v", c, back)
		}
		if c.TileID() >= 1<<53 {
			t.Fatalf("%d is no exact number in JavaScript", c.TileID())
		}
	}
}

func TestBoundaryIsARingAroundTheCentre(t *testing.T) {
	c, _ := grid.At(orb.Point{91.117, 29.654}, 10)
	ring := c.Boundary()
	if len(ring) != 7 || !ring.Closed() || ring.Orientation() != orb.CCW || !planar.RingContains(ring, c.Centre()) {
		t.Errorf("%v", ring)
	}
}

func TestTileIDIsUniqueWithinAResolution(t *testing.T) {
	area := orb.MultiPolygon{orb.Bound{Min: orb.Point{91, 29.5}, Max: orb.Point{91.3, 29.8}}.ToPolygon()}
	cells, err := grid.Cover(area, 10)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[uint64]bool{}
	for _, c := range cells {
		if seen[c.TileID()] {
			t.Fatalf("%v shares its number", c)
		}
		seen[c.TileID()] = true
	}
}

// Every cell whose centre lies in the area, and no other: by the cells of many places and their centres.
func TestCoverTakesTheCellsWithTheirCentreInside(t *testing.T) {
	lake := orb.Ring{{91.10, 29.64}, {91.12, 29.64}, {91.12, 29.66}, {91.10, 29.66}, {91.10, 29.64}}
	area := orb.MultiPolygon{
		{{{91.05, 29.60}, {91.16, 29.61}, {91.15, 29.70}, {91.06, 29.69}, {91.05, 29.60}}, lake},
		{{{91.18, 29.60}, {91.20, 29.60}, {91.19, 29.65}, {91.18, 29.60}}},
	}
	for _, res := range []int{8, 9, 10} {
		cells, err := grid.Cover(area, res)
		if err != nil {
			t.Fatal(err)
		}
		if len(cells) == 0 || !slices.IsSorted(cells) || len(slices.Compact(slices.Clone(cells))) != len(cells) {
			t.Fatalf("%d cells, not in order or not distinct", len(cells))
		}
		r := rand.New(rand.NewPCG(2, uint64(res)))
		for range 20000 {
			p := orb.Point{91.03 + r.Float64()*0.2, 29.58 + r.Float64()*0.14}
			c, err := grid.At(p, res)
			if err != nil {
				t.Fatal(err)
			}
			_, found := slices.BinarySearch(cells, c)
			if inside := planar.MultiPolygonContains(area, c.Centre()); inside != found {
				t.Fatalf("the centre of %v is inside: %v; covered: %v", c, inside, found)
			}
		}
	}
}

func TestOverlappingPartsCountOnce(t *testing.T) {
	square := orb.Bound{Min: orb.Point{91.1, 29.6}, Max: orb.Point{91.12, 29.62}}.ToPolygon()
	one, _ := grid.Cover(orb.MultiPolygon{square}, 10)
	two, _ := grid.Cover(orb.MultiPolygon{square, square}, 10)
	if len(one) == 0 || !slices.Equal(one, two) {
		t.Errorf("%d and %d cells", len(one), len(two))
	}
}

func TestCoverOfNothing(t *testing.T) {
	speck := orb.Bound{Min: orb.Point{91.1, 29.6}, Max: orb.Point{91.100001, 29.600001}}.ToPolygon()
	for name, m := range map[string]orb.MultiPolygon{
		"nothing": nil, "no ring": {{}}, "empty ring": {{{}}}, "a point": {{{{91, 29}}}}, "a line": {{{{91, 29}, {91.1, 29}, {91, 29}}}},
		"a flat triangle": {{{{91, 29}, {91.05, 29}, {91.1, 29}, {91, 29}}}}, "upright": {{{{91, 29}, {91, 29.05}, {91, 29.1}, {91, 29}}}},
		"a slanting line": {{{{91, 29}, {91.05, 29.05}, {91.1, 29.1}, {91, 29}}}}, "repeated": {{{{91, 29}, {91, 29}, {91, 29}, {91, 29}}}},
		"nearly flat": {{{{91, 29}, {91.05, 29.0000000001}, {91.1, 29}, {91, 29}}}},
		"a speck":     {speck}, "empty hole": {{speck[0], {}}},
	} {
		if cells, err := grid.Cover(m, 10); err != nil || len(cells) > 1 {
			t.Errorf("%s: %d cells, %v", name, len(cells), err)
		}
	}
}

func TestRefusals(t *testing.T) {
	world := orb.MultiPolygon{orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}.ToPolygon()}
	tibet := orb.MultiPolygon{orb.Bound{Min: orb.Point{78, 27}, Max: orb.Point{99, 36}}.ToPolygon()}
	city := orb.MultiPolygon{orb.Bound{Min: orb.Point{91, 29.5}, Max: orb.Point{91.3, 29.8}}.ToPolygon()}
	for name, c := range map[string]struct {
		area orb.MultiPolygon
		res  int
		says string
	}{
		"world":       {world, 3, "half the Earth"},
		"too many":    {tibet, 10, "coarser resolution"},
		"a few more":  {city, 13, "more than 2000000"},
		"resolution":  {city, 16, "resolution 16"},
		"negative":    {city, -1, "resolution -1"},
		"NaN":         {orb.MultiPolygon{{{{math.NaN(), 29}, {91, 29}, {91, 30}, {math.NaN(), 29}}}}, 10, "longitude"},
		"NaN in hole": {orb.MultiPolygon{{city[0][0], {{91, 29}, {91, math.Inf(1)}, {91, 30}, {91, 29}}}}, 10, "longitude"},
	} {
		if cells, err := grid.Cover(c.area, c.res); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %d cells, %v", name, len(cells), err)
		}
	}
	if _, err := grid.At(orb.Point{181, 0}, 10); err == nil {
		t.Error("a place off the Earth has a cell")
	}
	if _, err := grid.MeanArea(16); err == nil {
		t.Error("resolution 16 has an area")
	}
	for _, c := range []grid.Cell{0, 1, math.MaxUint64} {
		if p := c.Centre(); !math.IsNaN(p[0]) || c.Boundary() != nil {
			t.Errorf("%d is a cell at %v", c, p)
		}
	}
}

func TestAboveIsParent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := orb.Point{rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.Float64Range(-90, 90).Draw(t, "lat")}
		fine := rapid.IntRange(0, 15).Draw(t, "fine")
		c, err := grid.At(p, fine)
		if err != nil {
			t.Fatal(err)
		}
		res := rapid.IntRange(0, fine).Draw(t, "res")
		if want, err := c.Parent(res); err != nil || c.Above(res) != want {
			t.Fatalf("above %v at %d is %v, want %v (%v)", c, res, c.Above(res), want, err)
		}
	})
}
