package basemap

import (
	"encoding/binary"
	"hash/crc32"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

var shapes = []orb.Geometry{
	orb.Point{91.117, 29.654},
	orb.LineString{{91.1, 29.6}, {91.2, 29.7}},
	orb.MultiLineString{{{91.1, 29.6}, {91.2, 29.7}}, {{90, 30}, {-180, -90}, {180, 90}}},
	orb.Polygon{{{91, 29}, {92, 29}, {92, 30}, {91, 29}}, {{91.6, 29.1}, {91.6, 29.2}, {91.7, 29.2}, {91.6, 29.1}}},
	orb.MultiPolygon{{{{91, 29}, {92, 29}, {92, 30}, {91, 29}}}, {{{81, 29}, {82, 29}, {82, 30}, {81, 29}}}},
}

func sample() []Feature {
	var features []Feature
	for i, g := range shapes {
		features = append(features, Feature{Layer: Roads, Class: "trunk", Ref: "G318", NameZH: "川藏公路", NameBO: "གཞུང་ལམ།",
			NameEN: "Sichuan–Tibet Highway", Name: "川藏公路", Bridge: i%2 == 0, Tunnel: i%2 == 1, Rank: i * 60, Geometry: g})
	}
	return append(features, Feature{Geometry: orb.Point{}})
}

func TestEncodedAndDecodedIsTheSame(t *testing.T) {
	for _, features := range [][]Feature{nil, sample()} {
		b, err := Encode(features)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(features) || len(got) > 0 && !reflect.DeepEqual(got, features) {
			t.Errorf("got %v, want %v", got, features)
		}
		again, _ := Encode(got)
		if !slices.Equal(again, b) {
			t.Error("encoded again it has other bytes")
		}
	}
}

func TestAnyFeatures(t *testing.T) {
	point := rapid.Custom(func(t *rapid.T) orb.Point {
		return orb.Point{float64(rapid.IntRange(-180e7, 180e7).Draw(t, "lon")) / 1e7, float64(rapid.IntRange(-90e7, 90e7).Draw(t, "lat")) / 1e7}
	})
	line := rapid.Map(rapid.SliceOfN(point, 1, 6), func(p []orb.Point) orb.LineString { return p })
	ring := rapid.Map(line, func(l orb.LineString) orb.Ring { return orb.Ring(l) })
	polygon := rapid.Map(rapid.SliceOfN(ring, 1, 3), func(r []orb.Ring) orb.Polygon { return r })
	geometry := rapid.OneOf(
		rapid.Map(point, func(p orb.Point) orb.Geometry { return p }),
		rapid.Map(line, func(l orb.LineString) orb.Geometry { return l }),
		rapid.Map(rapid.SliceOfN(line, 1, 3), func(l []orb.LineString) orb.Geometry { return orb.MultiLineString(l) }),
		rapid.Map(polygon, func(p orb.Polygon) orb.Geometry { return p }),
		rapid.Map(rapid.SliceOfN(polygon, 1, 3), func(p []orb.Polygon) orb.Geometry { return orb.MultiPolygon(p) }),
	)
	text := rapid.StringN(0, 5, 20)
	rapid.Check(t, func(t *rapid.T) {
		var features []Feature
		for range rapid.IntRange(0, 8).Draw(t, "count") {
			features = append(features, Feature{
				Layer: rapid.SampledFrom(Layers()).Draw(t, "layer"), Class: text.Draw(t, "class"), Ref: text.Draw(t, "ref"),
				NameZH: text.Draw(t, "zh"), NameBO: text.Draw(t, "bo"), NameEN: text.Draw(t, "en"), Name: text.Draw(t, "name"),
				Bridge: rapid.Bool().Draw(t, "bridge"), Tunnel: rapid.Bool().Draw(t, "tunnel"),
				Rank: rapid.IntRange(0, 255).Draw(t, "rank"), Geometry: geometry.Draw(t, "geometry"),
			})
		}
		b, err := Encode(features)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(b)
		if err != nil || len(got) != len(features) || len(got) > 0 && !reflect.DeepEqual(got, features) {
			t.Fatalf("got %v (%v), want %v", got, err, features)
		}
	})
}

func TestEncodeRefuses(t *testing.T) {
	for says, f := range map[string]Feature{
		"no geometry":  {},
		"rank 256":     {Rank: 256, Geometry: orb.Point{}},
		"rank -1":      {Rank: -1, Geometry: orb.Point{}},
		"longitude":    {Geometry: orb.LineString{{0, 0}, {181, 0}}},
		"not a number": {Geometry: orb.Polygon{{{0, 0}, {1, 1}, {math.NaN(), 0}, {0, 0}}}},
		"MultiPoint":   {Geometry: orb.MultiPoint{{0, 0}}},
		"Collection":   {Geometry: orb.Collection{orb.Point{}}},
	} {
		if _, err := Encode([]Feature{f}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v; should say %q", err, says)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	b, err := Encode(sample())
	if err != nil {
		t.Fatal(err)
	}
	for end := range b {
		if _, err := Decode(b[:end]); err == nil {
			t.Fatalf("%d of %d bytes are taken", end, len(b))
		}
		if _, err := Decode(sealed(b[:end])); err == nil && end < len(b)-4 {
			t.Fatalf("%d of %d bytes are taken with a checksum of their own", end, len(b))
		}
	}
	for i := range b {
		c := slices.Clone(b)
		c[i] ^= 0x10
		if _, err := Decode(c); err == nil {
			t.Fatalf("a change in byte %d goes unnoticed", i)
		}
	}
	body := b[:len(b)-4]
	for says, c := range map[string][]byte{
		"no saved basemap": []byte("PK\x03\x04 and so on"),
		"version 7":        append([]byte("KORAMAP\x07"), b[8:]...),
		"not its own":      sealed(append(slices.Clone(body), 0)),
		"cut off":          sealed(binary.AppendUvarint([]byte(magic), 1<<40)), // claims that many texts
		"text":             sealed(append([]byte(magic+"\x00\x01"), slices.Repeat([]byte{9}, 11)...)),
		"kind 9":           sealed([]byte(magic + "\x01\x00\x01" + "\x00\x00\x00\x00\x00\x00\x00" + "\x00\x00\x09\x00")),
	} {
		if _, err := Decode(c); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v; should say %q", err, says)
		}
	}
}

// sealed appends the checksum of b.
func sealed(b []byte) []byte {
	return binary.LittleEndian.AppendUint32(slices.Clone(b), crc32.Checksum(b, castagnoli))
}

func FuzzDecode(f *testing.F) {
	good, err := Encode(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good[:len(good)-4])
	f.Add([]byte(magic))
	f.Add(binary.AppendUvarint([]byte(magic), 1<<40))
	f.Fuzz(func(t *testing.T, b []byte) {
		features, err := Decode(sealed(b))
		if err != nil {
			return
		}
		again, err := Encode(features)
		if err != nil {
			t.Fatalf("what was taken cannot be encoded: %v", err)
		}
		if back, err := Decode(again); err != nil || len(back) != len(features) {
			t.Fatalf("%d features come back as %d: %v", len(features), len(back), err)
		}
	})
}
