package mvt_test

import (
	"bytes"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt/vectortile"
	"github.com/paulmach/orb/maptile"

	"kora/geo/flat"
	"kora/tiles/mvt"
)

var (
	corner = maptile.New(0, 0, 18) // its units are those of the world
	square = areas([]flat.Point{{X: 10, Y: 10}, {X: 20, Y: 10}, {X: 20, Y: 20}, {X: 10, Y: 20}})
)

func dot(x, y int32) flat.Shape {
	return bounded(flat.Shape{Kind: flat.Dots, Points: []flat.Point{{X: x, Y: y}}, Ends: []uint32{1}})
}

func line(points ...flat.Point) flat.Shape {
	return bounded(flat.Shape{Kind: flat.Lines, Points: points, Ends: []uint32{uint32(len(points))}})
}

// TestLayers: layers and features come in the order in which they were given, with keys and values once each and none that
// no feature has.
func TestLayers(t *testing.T) {
	uses := mvt.NewDictionary(mvt.String("住宅"), mvt.String("工业"), mvt.Bool(true), mvt.Int(-3))
	var e mvt.Encoder
	for range 3 { // what is left of a tile does not show in the next
		e.Begin(corner)
		e.Layer("none")
		if e.Feature(9, dot(-300, 0)) {
			t.Error("a feature beyond the buffer")
		}
		e.Layer("mixed")
		a, never, b, c := e.Key("a"), e.Key("never"), e.Key("b"), e.Column("c", uses)
		if e.Key("a") != a || uses.Len() != 4 {
			t.Error("a name has two keys")
		}
		for i, v := range []mvt.Value{mvt.Int(5), mvt.Int(-5), mvt.Uint(math.MaxUint64), mvt.Float(1.5), mvt.Double(1.5),
			mvt.Bool(true), mvt.Bool(false), mvt.String("工业"), mvt.String(""), mvt.Int(5)} {
			if !e.Feature(uint64(i), dot(int32(i), 0)) {
				t.Fatal("no feature")
			}
			e.Tag(b, v)
		}
		for code := range uint32(4) {
			e.Feature(1<<53+uint64(code), square)
			e.Code(c, code)
			e.Tag(a, mvt.Int(1))
		}
		if e.Feature(7, dot(5000, 5000)) {
			t.Error("a feature beyond the buffer")
		}
		_ = never
		e.Layer("bare")
		e.Feature(1, square)
		e.Layer("none again")

		tile := parse(t, e.Bytes())
		if len(tile.Layers) != 2 || tile.Layers[0].GetName() != "mixed" || tile.Layers[1].GetName() != "bare" {
			t.Fatalf("layers: %v", tile.Layers)
		}
		l := tile.Layers[0]
		if !reflect.DeepEqual(l.Keys, []string{"b", "c", "a"}) || l.GetVersion() != 2 || l.GetExtent() != 4096 {
			t.Errorf("keys %v, version %d, extent %d", l.Keys, l.GetVersion(), l.GetExtent())
		}
		var values []string
		for _, v := range l.Values {
			values = append(values, v.String())
		}
		want := []string{`uint_value:5 `, `sint_value:-5 `, `uint_value:18446744073709551615 `, `float_value:1.5 `, `double_value:1.5 `,
			`bool_value:true `, `bool_value:false `, `string_value:"\345\267\245\344\270\232" `, `string_value:"" `,
			`string_value:"\344\275\217\345\256\205" `, `uint_value:1 `, `sint_value:-3 `}
		if !reflect.DeepEqual(values, want) {
			t.Errorf("values %q, want %q", values, want)
		}
		var ids, tags []string
		for _, f := range l.Features {
			id := "-"
			if f.Id != nil {
				id = fmt.Sprint(*f.Id)
			}
			ids, tags = append(ids, id), append(tags, fmt.Sprint(f.Tags))
		}
		if want := []string{"-", "1", "2", "3", "4", "5", "6", "7", "8", "9", "9007199254740992", "9007199254740993", "9007199254740994",
			"9007199254740995"}; !reflect.DeepEqual(ids, want) {
			t.Errorf("ids %v", ids)
		}
		if want := []string{"[0 0]", "[0 1]", "[0 2]", "[0 3]", "[0 4]", "[0 5]", "[0 6]", "[0 7]", "[0 8]", "[0 0]", "[1 9 2 10]",
			"[1 7 2 10]", "[1 5 2 10]", "[1 11 2 10]"}; !reflect.DeepEqual(tags, want) {
			t.Errorf("tags %v", tags)
		}
	}
}

func TestNothingGivesNoBytes(t *testing.T) {
	var e mvt.Encoder
	for _, tile := range []maptile.Tile{corner, {X: 1, Y: 0, Z: 0}, {X: 0, Y: 0, Z: 31}, {X: 0, Y: 4, Z: 2}, {Z: math.MaxUint32}} {
		e.Begin(tile)
		e.Layer("one")
		if tile != corner && (e.Feature(1, square) || e.Feature(1, dot(math.MaxInt32, math.MaxInt32)) || e.Feature(1, dot(math.MinInt32, 0))) {
			t.Errorf("%v has a feature", tile)
		}
		if b := e.Bytes(); len(b) != 0 {
			t.Errorf("%v: % x", tile, b)
		}
	}
}

// TestGeometry: the ways of shapes that can be followed by hand, in units of the tile.
func TestGeometry(t *testing.T) {
	p := func(xy ...int32) (out []flat.Point) {
		for i := 0; i < len(xy); i += 2 {
			out = append(out, flat.Point{X: xy[i], Y: xy[i+1]})
		}
		return out
	}
	many := func(kind flat.Kind, parts ...[]flat.Point) flat.Shape {
		s := areas(parts...)
		s.Kind = kind
		return s
	}
	for _, c := range []struct {
		name  string
		shape flat.Shape
		want  string
	}{
		{"a dot", dot(3, 4), "[[[3 4]]]"},
		{"dots, some beyond the buffer, some twice", many(flat.Dots, p(1, 1, 1, 1, -256, 4352, -257, 0, 0, 4353, 2, 2)), "[[[1 1] [-256 4352] [2 2]]]"},
		{"a line with vertices that say nothing", line(p(0, 0, 0, 0, 1, 1, 5, 5, 5, 9)...), "[[[0 0] [5 5] [5 9]]]"},
		{"a line there and back", line(p(0, 0, 5, 5, 0, 0)...), "[[[0 0] [5 5] [0 0]]]"},
		{"a line without length", line(p(5, 5, 5, 5)...), "[]"},
		{"a line of one point", line(p(5, 5)...), "[]"},
		{"a line through the tile", line(p(-1000, 100, 6000, 100)...), "[[[-256 100] [4352 100]]]"},
		{"a line that is cut between two units", line(p(-300, 0, -200, 3)...), "[[[-256 1] [-200 3]]]"},
		{"a line that is cut nearer to the next unit", line(p(-300, 0, -200, 4)...), "[[[-256 2] [-200 4]]]"},
		{"a line that is cut on half a unit", line(p(-512, 0, 0, 3)...), "[[[-256 2] [0 3]]]"},
		{"a line that is cut on half a unit on the way back", line(p(0, 3, -512, 0)...), "[[[0 3] [-256 2]]]"},
		{"a line that leaves and comes again", line(p(100, 100, -300, 100, -300, 300, 100, 300)...), "[[[100 100] [-256 100]] [[-256 300] [100 300]]]"},
		{"a line past the corner", line(p(-1000, 400, 400, -1000)...), "[]"},
		{"a line that ends on the border", line(p(-256, 0, -300, 0)...), "[]"},
		{"lines, one beyond", many(flat.Lines, p(0, 0, 1, 0), p(5000, 0, 6000, 0), p(0, 2, 1, 2)), "[[[0 0] [1 0]] [[0 2] [1 2]]]"},
		{"a square", square, "[[[10 10] [20 10] [20 20] [10 20] [10 10]]]"},
		{"a square with vertices that say nothing and a spike", areas(p(15, 10, 20, 10, 20, 20, 30, 20, 20, 20, 10, 20, 10, 10)), "[[[20 10] [20 20] [10 20] [10 10] [20 10]]]"},
		{"an area without width", areas(p(0, 0, 5, 0, 9, 0)), "[]"},
		{"an area there and back", areas(p(0, 0, 5, 5, 5, 9, 5, 5)), "[]"},
		{"a ring wound the wrong way", areas(p(0, 0, 0, 5, 5, 5, 5, 0)), "[]"},
		{"an area around the tile", areas(p(-1000, -1000, 9000, -1000, 9000, 9000, -1000, 9000)), "[[[-256 4352] [-256 -256] [4352 -256] [4352 4352] [-256 4352]]]"},
		{"a hole around the tile", areas(p(-2000, -2000, 9000, -2000, 9000, 9000, -2000, 9000), p(-1000, -1000, -1000, 8000, 8000, 8000, 8000, -1000)), "[]"},
		{"a hook that is cut into two", areas(p(0, 0, 0, 10, -300, 10, -300, 20, 0, 20, 0, 30, -400, 30, -400, 0)),
			"[[[-256 0] [0 0] [0 10] [-256 10] [-256 0]] [[-256 20] [0 20] [0 30] [-256 30] [-256 20]]]"},
		{"a bow tie: only the loop that is wound well", areas(p(0, 0, 10, 10, 10, 0, 0, 6)), "[[[0 0] [4 4] [0 6] [0 0]]]"},
		{"squares side by side are one", areas(p(0, 0, 5, 0, 5, 5, 0, 5), p(5, 0, 9, 0, 9, 5, 5, 5)), "[[[0 0] [9 0] [9 5] [0 5] [0 0]]]"},
		{"squares that touch at a corner are two", areas(p(0, 0, 5, 0, 5, 5, 0, 5), p(5, 5, 9, 5, 9, 9, 5, 9)),
			"[[[0 0] [5 0] [5 5] [0 5] [0 0]] [[5 5] [9 5] [9 9] [5 9] [5 5]]]"},
		{"a hole that touches from inside stays a hole", areas(p(0, 0, 9, 0, 9, 9, 0, 9), p(0, 0, 3, 6, 6, 3)),
			"[[[0 0] [9 0] [9 9] [0 9] [0 0]] [[0 0] [3 6] [6 3] [0 0]]]"},
		{"a hole that splits its area", areas(p(0, 0, 9, 0, 9, 9, 0, 9), p(0, 0, 4, 6, 9, 9, 6, 4)),
			"[[[0 0] [4 6] [9 9] [0 9] [0 0]] [[0 0] [9 0] [9 9] [6 4] [0 0]]]"},
		{"a hole with an island", areas(p(0, 0, 9, 0, 9, 9, 0, 9), p(1, 1, 1, 8, 8, 8, 8, 1), p(3, 3, 5, 3, 5, 5, 3, 5)),
			"[[[0 0] [9 0] [9 9] [0 9] [0 0]] [[1 1] [1 8] [8 8] [8 1] [1 1]] [[3 3] [5 3] [5 5] [3 5] [3 3]]]"},
		{"holes go to their own area", areas(p(0, 0, 9, 0, 9, 9, 0, 9), p(20, 0, 29, 0, 29, 9, 20, 9), p(1, 1, 1, 8, 8, 8, 8, 1)),
			"[[[0 0] [9 0] [9 9] [0 9] [0 0]] [[1 1] [1 8] [8 8] [8 1] [1 1]] [[20 0] [29 0] [29 9] [20 9] [20 0]]]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got [][]orb.Point
			if tile := parse(t, encode(corner, c.shape)); len(tile.Layers) > 0 {
				var err error
				if got, err = parts(tile.Layers[0].Features[0]); err != nil {
					t.Fatal(err)
				}
			}
			if fmt.Sprint(got) != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

// TestSimplify: further out than the tolerance nothing moves, nothing vanishes, and a hole and what fills it stay alike
// wherever their rings begin.
func TestSimplify(t *testing.T) {
	circle := func(first int, back bool) (ring []flat.Point) {
		for i := range 100 {
			angle := float64(i+first) / 50 * math.Pi
			if back {
				angle = -angle
			}
			ring = append(ring, flat.Point{X: 2000 + int32(math.Round(1000*math.Cos(angle))), Y: 2000 + int32(math.Round(700*math.Sin(angle)))})
		}
		return ring
	}
	simplified := func(tolerance float64, s flat.Shape) orb.MultiPolygon {
		var e mvt.Encoder
		e.Begin(corner)
		e.Simplify(tolerance)
		e.Layer("one")
		e.Feature(1, s)
		return only(t, e.Bytes())
	}
	box := []flat.Point{{X: 0, Y: 0}, {X: 4000, Y: 0}, {X: 4000, Y: 4000}, {X: 0, Y: 4000}}
	for _, first := range []int{0, 13, 77} {
		filling, holed := simplified(5, areas(circle(0, false))), simplified(5, areas(box, circle(first, true)))
		a, b := fromLeast(filling[0][0]), fromLeast(holed[0][1])
		slices.Reverse(b[1:])
		if len(a) > 50 || !slices.Equal(a, b) {
			t.Errorf("filled by %v, a hole as %v", a, b)
		}
	}
	if got := simplified(50, square); len(got) != 1 || len(got[0][0]) != 5 {
		t.Errorf("a square of ten units within fifty: %v", got)
	}
}

// TestRounding: a place is rounded to the nearest unit, and neighbours agree about it.
func TestRounding(t *testing.T) {
	for z := maptile.Zoom(1); z <= flat.Bits; z++ {
		unit := math.Ldexp(1, flat.Bits-12-int(z))
		last := uint32(1<<z - 1)
		west, east := maptile.New(last-1, last, z), maptile.New(last, last, z)
		border := int32(last) << (flat.Bits - z)
		for _, d := range []int32{-3, -1, 0, 1, 2, 5, 1000} {
			s := dot(border+d, flat.Extent)
			a, b := parse(t, encode(west, s)), parse(t, encode(east, s))
			want := math.Floor(float64(d)/unit + 0.5)
			for x, tile := range map[float64]*vectortile.Tile{4096 + want: a, want: b} {
				if x < -mvt.Buffer || x > mvt.Extent+mvt.Buffer {
					continue
				}
				got, err := parts(tile.Layers[0].Features[0])
				if err != nil || got[0][0] != (orb.Point{x, 4096}) {
					t.Errorf("z%d, %d from the border: %v, want %v (%v)", z, d, got, x, err)
				}
			}
		}
	}
}

// TestWarmEncoderAllocatesNothing: the memory of the first tiles is enough for all like them.
func TestWarmEncoderAllocatesNothing(t *testing.T) {
	l := generated(20)
	tiles, on := l.tiles(14, 10)
	var e mvt.Encoder
	var first [][]byte
	for i, tile := range tiles {
		first = append(first, bytes.Clone(l.encode(&e, tile, on[i], 0)))
		l.encode(&e, tile, on[i], 1.5)
	}
	i := 0
	if n := testing.AllocsPerRun(50, func() {
		if b := l.encode(&e, tiles[i%len(tiles)], on[i%len(tiles)], 0); !bytes.Equal(b, first[i%len(tiles)]) {
			t.Error("the same tile has other bytes")
		}
		i++
	}); n > 0 {
		t.Errorf("%v allocations a tile", n)
	}
}
