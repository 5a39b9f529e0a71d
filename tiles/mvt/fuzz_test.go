package mvt_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb/encoding/mvt/vectortile"
	"github.com/paulmach/orb/maptile"

	"kora/geo/flat"
	"kora/tiles/mvt"
)

// FuzzTile: whatever shape and tile the bytes are taken for, the tile can be read, and its areas are valid. The first four
// bytes choose the tile, the kind and the tolerance, and how long the parts are; each four more are a point, by steps that
// are long or short.
func FuzzTile(f *testing.F) {
	f.Add([]byte{12, 1, 3, 4, 0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 10, 0, 246, 0, 0})
	f.Add([]byte{18, 2, 7, 3, 0, 1, 0, 2, 255, 254, 0, 1, 0, 1, 255, 255, 1, 0, 1, 1, 0, 5, 5, 5, 5, 5, 5, 5})
	f.Add([]byte{0, 0, 2, 9, 128, 0, 64, 0, 0, 1, 255, 255})
	f.Add([]byte{30, 3, 1, 1, 9, 9, 9, 9})
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) < 8 || len(b) > 4000 {
			return
		}
		z := maptile.Zoom(b[0] % 32)
		half := uint32(math.Ldexp(0.5, int(z)))
		tile := maptile.New(half+uint32(b[1]&3)-uint32(b[1]>>2&1), half, z)
		kind, tolerance, length := flat.Kind(b[2]%4), float64(b[2]>>4), uint32(b[3]%64)+1
		reach := max(int32(1)<<(max(0, flat.Bits-12-int(z))), 1)
		at := flat.Point{X: int32(tile.X << (flat.Bits - min(z, flat.Bits))), Y: int32(tile.Y << (flat.Bits - min(z, flat.Bits)))}
		s := flat.Shape{Kind: kind}
		for i := 4; i+4 <= len(b); i += 4 {
			dx, dy := int32(int16(uint16(b[i])<<8|uint16(b[i+1]))), int32(int16(uint16(b[i+2])<<8|uint16(b[i+3])))
			if b[3]&128 != 0 { // in units of the tile
				dx, dy = dx%64*reach, dy%64*reach
			}
			at = flat.Point{X: min(max(at.X+dx, 0), flat.Extent), Y: min(max(at.Y+dy, 0), flat.Extent)}
			s.Points = append(s.Points, at)
			if n := uint32(len(s.Points)); n%length == 0 || i+8 > len(b) {
				s.Ends = append(s.Ends, n)
			}
		}
		var e mvt.Encoder
		e.Begin(tile)
		e.Simplify(tolerance)
		e.Layer("one")
		if e.Feature(1, bounded(s)) {
			e.Tag(e.Key("bytes"), mvt.String("some"))
		}
		out, err := parseTile(e.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range out.Layers {
			for _, f := range l.Features {
				if f.GetType() != vectortile.Tile_POLYGON {
					if _, err := parts(f); err != nil {
						t.Fatal(err)
					}
					continue
				}
				m, err := polygons(f)
				if err != nil {
					t.Fatal(err)
				}
				if err := validate(m); err != nil {
					t.Fatalf("%v in %v", err, m)
				}
			}
		}
	})
}
