package flat_test

import (
	"encoding/json"
	"math"
	"os"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/planar"
	"github.com/paulmach/orb/project"
	"pgregory.net/rapid"

	"kora/geo/flat"
)

func TestProjectRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := orb.Point{rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.Float64Range(-flat.MaxLatitude, flat.MaxLatitude).Draw(t, "lat")}
		at := flat.Project(p)
		again := flat.Project(at.LonLat())
		if far(at.X, again.X) > 1 || far(at.Y, again.Y) > 1 {
			t.Errorf("%v is at %v and comes back at %v", p, at, again)
		}
		// orb's mercator is an independent way there: metres from the middle of the world.
		m := project.WGS84.ToMercator(p)
		const metres = 2 * math.Pi * orb.EarthRadius / flat.Extent
		x, y := (m[0]+math.Pi*orb.EarthRadius)/metres, (math.Pi*orb.EarthRadius-m[1])/metres
		if math.Abs(x-float64(at.X)) > 0.51 || math.Abs(y-float64(at.Y)) > 0.51 {
			t.Errorf("%v is at %v, by orb at %.2f, %.2f", p, at, x, y)
		}
	})
}

func far(a, b int32) int32 { return max(a-b, b-a) }

// unit gives a place by units east and south of the middle of the world.
func unit(x, y int32) orb.Point {
	return flat.Point{X: flat.Extent/2 + x, Y: flat.Extent/2 + y}.LonLat()
}

func units(xy ...int32) (points []orb.Point) {
	for i := 0; i < len(xy); i += 2 {
		points = append(points, unit(xy[i], xy[i+1]))
	}
	return points
}

func TestShapes(t *testing.T) {
	square, inner := units(0, 0, 0, 9, 9, 9, 9, 0, 0, 0), units(2, 2, 2, 4, 4, 4, 4, 2, 2, 2)
	reversed := slices.Clone(square)
	slices.Reverse(reversed)
	speck := units(5, 5, 5, 5, 6, 5, 5, 5)
	spike := units(0, 0, 5, 0, 9, 0, 0, 0)
	for name, c := range map[string]struct {
		geometry orb.Geometry
		kind     flat.Kind
		points   []int32 // units
		ends     []uint32
	}{
		"nothing":              {nil, 0, nil, nil},
		"a point":              {unit(3, 4), flat.Dots, []int32{3, 4}, []uint32{1}},
		"no points":            {orb.MultiPoint{}, 0, nil, nil},
		"points":               {orb.MultiPoint(units(3, 4, 3, 4, 1, 2, 3, 4)), flat.Dots, []int32{3, 4, 1, 2, 3, 4}, []uint32{3}},
		"a line":               {orb.LineString(units(0, 0, 1, 1, 1, 1, 2, 0)), flat.Lines, []int32{0, 0, 1, 1, 2, 0}, []uint32{3}},
		"a line to itself":     {orb.LineString(units(0, 0, 1, 1, 0, 0)), flat.Lines, []int32{0, 0, 1, 1, 0, 0}, []uint32{3}},
		"a line that stands":   {orb.LineString(units(7, 7, 7, 7)), 0, nil, nil},
		"lines":                {orb.MultiLineString{units(0, 0, 1, 1), units(5, 5), units(2, 2, 3, 3)}, flat.Lines, []int32{0, 0, 1, 1, 2, 2, 3, 3}, []uint32{2, 4}},
		"an area":              {orb.Polygon{square}, flat.Areas, []int32{9, 0, 9, 9, 0, 9, 0, 0}, []uint32{4}},
		"one the other way":    {orb.Polygon{reversed}, flat.Areas, []int32{0, 0, 9, 0, 9, 9, 0, 9}, []uint32{4}},
		"a hole":               {orb.Polygon{reversed, inner}, flat.Areas, []int32{0, 0, 9, 0, 9, 9, 0, 9, 2, 2, 2, 4, 4, 4, 4, 2}, []uint32{4, 8}},
		"a hole that is none":  {orb.Polygon{reversed, speck}, flat.Areas, []int32{0, 0, 9, 0, 9, 9, 0, 9}, []uint32{4}},
		"a speck with a hole":  {orb.Polygon{speck, inner}, 0, nil, nil},
		"a ring without area":  {orb.Polygon{spike}, 0, nil, nil},
		"areas":                {orb.MultiPolygon{{speck, inner}, {reversed}, {}}, flat.Areas, []int32{0, 0, 9, 0, 9, 9, 0, 9}, []uint32{4}},
		"a ring is not closed": {orb.Polygon{reversed[:4]}, flat.Areas, []int32{0, 0, 9, 0, 9, 9, 0, 9}, []uint32{4}},
		"something else":       {orb.Collection{unit(0, 0)}, 0, nil, nil},
	} {
		got := flat.Of(c.geometry)
		var points []int32
		for _, p := range got.Points {
			points = append(points, p.X-flat.Extent/2, p.Y-flat.Extent/2)
		}
		if got.Kind != c.kind || !slices.Equal(points, c.points) || !slices.Equal(got.Ends, c.ends) {
			t.Errorf("%s: kind %d, %v, %v; want kind %d, %v, %v", name, got.Kind, points, got.Ends, c.kind, c.points, c.ends)
		}
	}
}

// geometries draws geometries of all kinds near each other, whole ones and broken ones.
func geometries() *rapid.Generator[orb.Geometry] {
	coordinate := rapid.Int32Range(-30, 30)
	ring := rapid.Custom(func(t *rapid.T) []orb.Point {
		x, y, wide, high := coordinate.Draw(t, "x"), coordinate.Draw(t, "y"), rapid.Int32Range(-9, 9).Draw(t, "wide"), rapid.Int32Range(0, 9).Draw(t, "high")
		return units(x, y, x+wide, y, x+wide, y+high, x, y+high, x, y)
	})
	line := rapid.Custom(func(t *rapid.T) []orb.Point {
		return units(rapid.SliceOfN(coordinate, 4, 4).Draw(t, "line")...)
	})
	return rapid.Custom(func(t *rapid.T) orb.Geometry {
		switch rapid.IntRange(0, 6).Draw(t, "kind") {
		case 0:
			return nil
		case 1:
			return orb.MultiPoint(line.Draw(t, "points"))
		case 2:
			return orb.LineString(line.Draw(t, "line"))
		case 3:
			return orb.MultiLineString{line.Draw(t, "line"), line.Draw(t, "line")}
		case 4:
			return orb.Point(line.Draw(t, "point")[0])
		case 5:
			return orb.Polygon{ring.Draw(t, "ring"), ring.Draw(t, "hole")}
		}
		return orb.MultiPolygon{{ring.Draw(t, "ring")}, {ring.Draw(t, "ring")}}
	})
}

func boxes() *rapid.Generator[flat.Box] {
	return rapid.Custom(func(t *rapid.T) flat.Box {
		x, y := flat.Extent/2+rapid.Int32Range(-40, 40).Draw(t, "x"), flat.Extent/2+rapid.Int32Range(-40, 40).Draw(t, "y")
		return flat.Box{Min: flat.Point{X: x, Y: y},
			Max: flat.Point{X: x + rapid.Int32Range(0, 40).Draw(t, "wide"), Y: y + rapid.Int32Range(0, 40).Draw(t, "high")}}
	})
}

func found(s *flat.Store, b flat.Box) []uint32 {
	rows := []uint32{}
	s.In(b, func(row uint32) { rows = append(rows, row) })
	slices.Sort(rows)
	return rows
}

// scan is In the plain way.
func scan(geometries []orb.Geometry, b flat.Box) []uint32 {
	rows := []uint32{}
	for row, g := range geometries {
		if s := flat.Of(g); s.Kind != 0 && s.Box.Touches(b) {
			rows = append(rows, uint32(row))
		}
	}
	return rows
}

func agree(t interface{ Fatalf(string, ...any) }, s *flat.Store, want []orb.Geometry, b flat.Box) {
	if s.Len() != len(want) {
		t.Fatalf("%d rows, want %d", s.Len(), len(want))
	}
	for row, g := range want {
		if got, want := s.Shape(uint32(row)), flat.Of(g); !same(got, want) {
			t.Fatalf("row %d is %v, want %v", row, got, want)
		}
	}
	if got, want := found(s, b), scan(want, b); !slices.Equal(got, want) {
		t.Fatalf("in %v are %v, want %v", b, got, want)
	}
	all, any := s.Bounds()
	for row, g := range want {
		if s := flat.Of(g); s.Kind != 0 && (!any || !all.Contains(s.Box)) {
			t.Fatalf("the bounds %v do not hold row %d", all, row)
		}
	}
}

func same(a, b flat.Shape) bool {
	return a.Kind == b.Kind && a.Box == b.Box && slices.Equal(a.Points, b.Points) && slices.Equal(a.Ends, b.Ends)
}

// TestEditsLeadWhereANewStoreLeads: whatever the edits, the store equals a fresh one, and the former ones stay as they are.
func TestEditsLeadWhereANewStoreLeads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		wants := [][]orb.Geometry{rapid.SliceOfN(geometries(), 0, 400).Draw(t, "geometries")}
		stores := []*flat.Store{flat.New(len(wants[0]), func(row uint32) orb.Geometry { return wants[0][row] })}
		for range rapid.IntRange(0, 5).Draw(t, "steps") {
			from := rapid.IntRange(0, len(wants)-1).Draw(t, "from")
			want := slices.Clone(wants[from])
			var edits []flat.Edit
			for range rapid.IntRange(0, 4).Draw(t, "edits") {
				row, g := rapid.IntRange(0, len(want)+3).Draw(t, "row"), geometries().Draw(t, "geometry")
				edits = append(edits, flat.Edit{Row: uint32(row), Geometry: g})
				for row >= len(want) {
					want = append(want, nil)
				}
				want[row] = g
			}
			wants, stores = append(wants, want), append(stores, stores[from].With(edits...))
		}
		b := boxes().Draw(t, "box")
		for i := range stores {
			agree(t, stores[i], wants[i], b)
		}
	})
}

// TestNewAlong: rows are numbered anew, all of them once, and those that are near in number are near on the ground.
func TestNewAlong(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		geometries := rapid.SliceOfN(geometries(), 0, 100).Draw(t, "geometries")
		s, order := flat.NewAlong(len(geometries), func(i uint32) orb.Geometry { return geometries[i] })
		want := make([]orb.Geometry, len(geometries))
		for row, i := range order {
			want[row] = geometries[i]
		}
		agree(t, s, want, boxes().Draw(t, "box"))
		slices.Sort(order)
		for i, at := range order {
			if int(at) != i {
				t.Fatalf("%v", order)
			}
		}
	})
	s, _ := flat.NewAlong(64*64+1, func(i uint32) orb.Geometry {
		if i == 0 {
			return nil
		}
		return unit(int32(i-1)*7919%4096/64*100, int32(i-1)*7919%64*100)
	})
	for row := uint32(1); row < 64*64; row++ {
		a, b := s.Shape(row-1).Box.Min, s.Shape(row).Box.Min
		if far(a.X, b.X)+far(a.Y, b.Y) > 102 {
			t.Fatalf("row %d is at %v, the next at %v", row-1, a, b)
		}
	}
}

// TestRepacking: more changes than the list may hold lead to the same, whether they come one by one or at once.
func TestRepacking(t *testing.T) {
	want := make([]orb.Geometry, 3000)
	for row := range want {
		want[row] = unit(int32(row%100)*10, int32(row/100)*10)
	}
	s := flat.New(len(want), func(row uint32) orb.Geometry { return want[row] })
	first, before := s, slices.Clone(want)
	b := flat.Box{Min: flat.Project(unit(0, 0)), Max: flat.Project(unit(333, 222))}
	for i := range 2500 {
		row := i * 7919 % len(want)
		want[row] = unit(int32(i%90)*11, int32(i/90)*9)
		if i%5 == 0 {
			want[row] = nil
		}
		s = s.With(flat.Edit{Row: uint32(row), Geometry: want[row]})
		if i%100 == 0 {
			agree(t, s, want, b)
		}
	}
	agree(t, s, want, b)
	var edits []flat.Edit
	for row := range 2000 {
		want[row] = unit(int32(row), 5)
		edits = append(edits, flat.Edit{Row: uint32(row), Geometry: want[row]})
	}
	s = s.With(edits...)
	agree(t, s, want, b)
	if fresh := flat.New(len(want), func(row uint32) orb.Geometry { return want[row] }); s.Bytes() != fresh.Bytes() {
		t.Errorf("after so many edits it takes %d bytes, a fresh one %d", s.Bytes(), fresh.Bytes())
	}
	agree(t, first, before, b)
}

// TestReadingTakesNoMemory: a tile looks at thousands of rows.
func TestReadingTakesNoMemory(t *testing.T) {
	s := flat.New(1000, func(row uint32) orb.Geometry { return orb.LineString{unit(int32(row), 0), unit(int32(row), 9)} }).
		With(flat.Edit{Row: 7, Geometry: unit(7, 7)}, flat.Edit{Row: 1000, Geometry: unit(8, 8)})
	b := flat.Box{Min: flat.Project(unit(0, 0)), Max: flat.Project(unit(500, 9))}
	rows, points := 0, 0
	if n := testing.AllocsPerRun(10, func() {
		s.In(b, func(row uint32) { rows, points = rows+1, points+len(s.Shape(row).Points) })
	}); n != 0 || rows == 0 || points == 0 {
		t.Errorf("%v allocations, %d rows", n, rows)
	}
}

// TestBytesTellTheMemory against the heap.
func TestBytesTellTheMemory(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	s := flat.New(50_000, func(row uint32) orb.Geometry { return orb.LineString{unit(int32(row), 0), unit(int32(row), 9)} })
	runtime.GC()
	runtime.ReadMemStats(&after)
	if heap := float64(after.HeapAlloc) - float64(before.HeapAlloc); math.Abs(float64(s.Bytes())/heap-1) > 0.1 {
		t.Errorf("%d bytes, the heap grew by %.0f", s.Bytes(), heap)
	}
}

// TestReadersAreNotDisturbed: readers of a store go on while others are made from it.
func TestReadersAreNotDisturbed(t *testing.T) {
	want := make([]orb.Geometry, 500)
	for row := range want {
		want[row] = unit(int32(row), int32(row))
	}
	s := flat.New(len(want), func(row uint32) orb.Geometry { return want[row] })
	b := flat.Box{Min: flat.Project(unit(0, 0)), Max: flat.Project(unit(99, 99))}
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for range 200 {
				if got := found(s, b); len(got) != 100 {
					t.Errorf("%d rows", len(got))
				}
			}
		})
	}
	for next, i := s, 0; i < 2000; i++ {
		next = next.With(flat.Edit{Row: uint32(i % 500), Geometry: unit(int32(i), 0)})
	}
	readers.Wait()
}

// TestRealParcels holds shapes of a real cadastre against orb: as much area, wound as told, as many rings and points.
func TestRealParcels(t *testing.T) {
	file, err := os.ReadFile("../../../shared/data/parcels/fr-cadastre-900.geojson")
	if err != nil {
		t.Skip(err)
	}
	var fc geojson.FeatureCollection
	if err := json.Unmarshal(file, &fc); err != nil {
		t.Fatal(err)
	}
	s := flat.New(len(fc.Features), func(row uint32) orb.Geometry { return fc.Features[row].Geometry })
	for row, f := range fc.Features {
		shape := s.Shape(uint32(row))
		if !reflect.DeepEqual(shape.Box, flat.BoxOf(f.Geometry.Bound())) {
			t.Errorf("row %d: the box is %v, by orb %v", row, shape.Box, flat.BoxOf(f.Geometry.Bound()))
		}
		var area float64
		for i := range shape.Parts() {
			area += float64(flat.Area(shape.Part(i))) / 2
		}
		at := f.Geometry.Bound().Center()
		unitM2 := math.Pow(2*math.Pi*orb.EarthRadius/flat.Extent, 2)
		mercator := project.Geometry(orb.Clone(f.Geometry), project.WGS84.ToMercator)
		if want := math.Abs(planar.Area(mercator)); math.Abs(area*unitM2/want-1) > 0.02 && math.Abs(area*unitM2-want) > 3 {
			t.Errorf("row %d at %v: %.1f m² of mercator, by orb %.1f", row, at, area*unitM2, want)
		}
	}
	seen := 0
	for row, f := range fc.Features {
		for _, other := range found(s, flat.BoxOf(f.Geometry.Bound())) {
			if other == uint32(row) {
				seen++
			}
		}
	}
	if seen != len(fc.Features) {
		t.Errorf("%d of %d parcels are found in their own box", seen, len(fc.Features))
	}
}
