package mvt_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt/vectortile"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"
	"golang.org/x/sync/errgroup"

	orbmvt "github.com/paulmach/orb/encoding/mvt"

	"kora/geo/flat"
	"kora/tiles/mvt"
)

// A seen feature is what a decoder makes of one: its layer and properties, its points and lines, its rings from the least
// point on.
type seen struct {
	layer      string
	id         float64
	kind       flat.Kind
	parts      [][]orb.Point
	properties map[string]any
}

func seeGeometry(s *seen, g orb.Geometry) {
	switch g := g.(type) {
	case orb.Point:
		s.kind, s.parts = flat.Dots, append(s.parts, []orb.Point{g})
	case orb.MultiPoint:
		s.kind, s.parts = flat.Dots, append(s.parts, g)
	case orb.LineString:
		s.kind, s.parts = flat.Lines, append(s.parts, g)
	case orb.MultiLineString:
		for _, l := range g {
			seeGeometry(s, l)
		}
	case orb.Polygon:
		s.kind = flat.Areas
		for _, r := range g {
			s.parts = append(s.parts, fromLeast(r))
		}
	case orb.MultiPolygon:
		for _, p := range g {
			seeGeometry(s, p)
		}
	}
}

// fromLeast turns a closed ring so that it begins at its least point, with y downwards and without closing it.
func fromLeast(r []orb.Point) []orb.Point {
	r = slices.Clone(r[:len(r)-1])
	first := 0
	for i, p := range r {
		if p[0] < r[first][0] || p[0] == r[first][0] && p[1] < r[first][1] {
			first = i
		}
	}
	return append(r[first:], r[:first]...)
}

// A decoder reads tiles; what it cannot read it gives an error for, each by itself.
type decoder func(t testing.TB, tiles [][]byte) ([][]seen, []error)

var decoders = map[string]decoder{"orb": byOrb, "GDAL": byGDAL, "@mapbox/vector-tile": byMap}

func byOrb(_ testing.TB, tiles [][]byte) ([][]seen, []error) {
	out, errs := make([][]seen, len(tiles)), make([]error, len(tiles))
	for i, b := range tiles {
		var layers orbmvt.Layers
		layers, errs[i] = orbmvt.Unmarshal(b)
		for _, l := range layers {
			for _, f := range l.Features {
				s := seen{layer: l.Name, properties: f.Properties}
				s.id, _ = f.ID.(float64)
				seeGeometry(&s, f.Geometry)
				out[i] = append(out[i], s)
			}
		}
	}
	return out, errs
}

// byMap reads tiles as the map in the browser does.
func byMap(t testing.TB, tiles [][]byte) ([][]seen, []error) {
	t.Helper()
	if _, err := os.Stat("../../web/node_modules/@mapbox/vector-tile"); err != nil {
		t.Skip("the web packages are not installed: npm ci --prefix web")
	}
	in, err := json.Marshal(tiles)
	if err != nil {
		t.Fatal(err)
	}
	var fault bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "node", "../../web/tests/unit/decode-tile.mjs")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), &fault
	text, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatalf("%v: %s", err, fault.Bytes())
	}
	var read []struct {
		Error  string
		Layers map[string][]struct {
			ID         float64
			Type       flat.Kind
			Parts      [][]orb.Point
			Properties map[string]any
		}
	}
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	out, errs := make([][]seen, len(tiles)), make([]error, len(tiles))
	for i, tile := range read {
		if tile.Error != "" {
			errs[i] = errors.New(tile.Error)
		}
		for _, name := range slices.Sorted(maps.Keys(tile.Layers)) {
			for _, f := range tile.Layers[name] {
				s := seen{name, f.ID, f.Type, f.Parts, f.Properties}
				if f.Type == flat.Dots {
					s.parts = [][]orb.Point{slices.Concat(f.Parts...)}
				}
				if f.Type == flat.Areas {
					for i := range s.parts {
						s.parts[i] = fromLeast(s.parts[i])
					}
				}
				out[i] = append(out[i], s)
			}
		}
	}
	return out, errs
}

// byGDAL reads tiles with ogr2ogr, two at a time.
func byGDAL(t testing.TB, tiles [][]byte) ([][]seen, []error) {
	t.Helper()
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip(err)
	}
	out, errs := make([][]seen, len(tiles)), make([]error, len(tiles))
	dir := t.TempDir()
	var group errgroup.Group
	group.SetLimit(2)
	for i, b := range tiles {
		group.Go(func() error {
			out[i], errs[i] = ogr2ogr(t.Context(), filepath.Join(dir, fmt.Sprintf("tile%d.mvt", i)), b)
			return nil
		})
	}
	_ = group.Wait()
	return out, errs
}

func ogr2ogr(ctx context.Context, path string, b []byte) (out []seen, err error) {
	if len(b) == 0 {
		return nil, nil
	}
	if err := os.WriteFile(path, b, 0o644); err != nil {
		return nil, err
	}
	tile, err := parseTile(b)
	if err != nil {
		return nil, err
	}
	for _, l := range tile.Layers {
		var fault bytes.Buffer
		cmd := exec.CommandContext(ctx, "ogr2ogr", "-f", "GeoJSON", "-oo", "CLIP=NO", "-lco", "COORDINATE_PRECISION=0", "/vsistdout/", path, l.GetName())
		cmd.Stderr = &fault
		text, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("%w: %s", err, fault.Bytes())
		}
		fc, err := geojson.UnmarshalFeatureCollection(text)
		if err != nil {
			return nil, err
		}
		for _, f := range fc.Features {
			s := seen{layer: l.GetName(), properties: f.Properties}
			s.id, _ = f.Properties["mvt_id"].(float64)
			delete(f.Properties, "mvt_id")
			maps.DeleteFunc(f.Properties, func(_ string, v any) bool { return v == nil }) // a table has all columns
			seeGeometry(&s, f.Geometry)
			for i, part := range s.parts {
				for i := range part {
					part[i][1] = mvt.Extent - part[i][1] // it counts from the south
				}
				if s.kind == flat.Areas {
					s.parts[i] = fromLeast(append(part, part[0]))
				}
			}
			out = append(out, s)
		}
	}
	return out, nil
}

// agree tells where two decoders differ.
func agree(a, b []seen) error {
	if len(a) != len(b) {
		return fmt.Errorf("%d features and %d", len(a), len(b))
	}
	sorted := func(s []seen) []seen {
		s = slices.Clone(s)
		slices.SortStableFunc(s, func(p, q seen) int { return bytes.Compare([]byte(p.layer), []byte(q.layer)) })
		return s
	}
	a, b = sorted(a), sorted(b)
	for i := range a {
		if len(a[i].properties) == 0 && len(b[i].properties) == 0 {
			a[i].properties, b[i].properties = nil, nil
		}
		if !reflect.DeepEqual(a[i], b[i]) {
			return fmt.Errorf("feature %d: %v and %v", i, a[i], b[i])
		}
	}
	return nil
}

// TestDecodersAgree: what GDAL and the map's own decoder find in tiles is what orb does, and what was put in.
func TestDecodersAgree(t *testing.T) {
	tile := func(things []thing, z maptile.Zoom) []byte {
		p := things[len(things)/2].shape.Points[0]
		return encodeAll(new(mvt.Encoder), maptile.New(uint32(p.X>>(flat.Bits-z)), uint32(p.Y>>(flat.Bits-z)), z), things, 0)
	}
	var names []string
	var tiles [][]byte
	for z := maptile.Zoom(10); z <= 18; z += 2 {
		names, tiles = append(names, fmt.Sprintf("drawn z%d", z)), append(tiles, tile(drawn(), z))
	}
	t.Run("monaco", func(t *testing.T) {
		things := extract(t, "monaco.osm.pbf")
		for _, z := range []maptile.Zoom{12, 15} {
			names, tiles = append(names, fmt.Sprintf("monaco z%d", z)), append(tiles, tile(things, z))
		}
	})
	want, _ := byOrb(t, tiles)
	for name, decode := range decoders {
		t.Run(name, func(t *testing.T) {
			got, errs := decode(t, tiles)
			for i := range tiles {
				if err := cmp.Or(errs[i], agree(got[i], want[i])); err != nil {
					t.Errorf("%s: %v", names[i], err)
				}
			}
		})
	}
}

// TestFixtures: the decoders that judge here read the valid tiles of mapbox/mvt-fixtures, and find the same in a tile that
// is made of what they found.
func TestFixtures(t *testing.T) {
	const root = "../../../shared/data/mvt/fixtures"
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Skip(err)
	}
	origin := maptile.New(100_000, 100_000, 18)
	var names []string
	var fixtures, ours [][]byte
	for _, entry := range entries {
		var info struct {
			Description string
			Validity    struct{ V2 bool }
		}
		text, err := os.ReadFile(filepath.Join(root, entry.Name(), "info.json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &info); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(root, entry.Name(), "tile.mvt"))
		if err != nil {
			t.Fatal(err)
		}
		if info.Validity.V2 {
			names, fixtures = append(names, entry.Name()), append(fixtures, b)
			ours = append(ours, again(t, origin, b))
		}
	}
	// What the specification leaves to the decoder, and some refuse: geometry of no known kind, and fewer points than announced.
	refused := map[string][]string{"orb": {"016", "039", "057"}, "GDAL": {"057"}}
	for name, decode := range decoders {
		t.Run(name, func(t *testing.T) {
			want, errs := decode(t, fixtures)
			got, errs2 := decode(t, ours)
			made := 0
			for i := range fixtures {
				if err := errs[i]; (err != nil) != slices.Contains(refused[name], names[i]) {
					t.Errorf("fixture %s: %v", names[i], err)
				}
				if len(ours[i]) == 0 {
					continue
				}
				made++
				if err := cmp.Or(errs2[i], agree(got[i], want[i])); err != nil {
					t.Errorf("fixture %s made again: %v", names[i], err)
				}
			}
			t.Logf("%d fixtures read, %d made again", len(fixtures), made)
		})
	}
}

// again makes a tile of what is in one, or nothing when it holds what is never in ours: an unknown kind of geometry, or
// places far beyond the tile.
func again(t *testing.T, tile maptile.Tile, b []byte) []byte {
	t.Helper()
	var e mvt.Encoder
	e.Begin(tile)
	for _, l := range parse(t, b).Layers {
		e.Layer(l.GetName())
		for _, f := range l.Features {
			got, err := parts(f)
			if err != nil || f.GetType() == vectortile.Tile_UNKNOWN {
				return []byte{}
			}
			s := flat.Shape{Kind: flat.Kind(f.GetType())}
			for _, part := range got {
				if s.Kind == flat.Areas {
					part = part[:len(part)-1]
				}
				for _, p := range part {
					if max(p[0], p[1]) > mvt.Extent+mvt.Buffer || min(p[0], p[1]) < -mvt.Buffer {
						return []byte{}
					}
					s.Points = append(s.Points, flat.Point{X: int32(tile.X)*mvt.Extent + int32(p[0]), Y: int32(tile.Y)*mvt.Extent + int32(p[1])})
				}
				s.Ends = append(s.Ends, uint32(len(s.Points)))
			}
			if !e.Feature(f.GetId(), bounded(s)) {
				t.Fatalf("feature %v is not in the tile", f)
			}
			for i := 0; i < len(f.Tags); i += 2 {
				e.Tag(e.Key(l.Keys[f.Tags[i]]), valueOf(l.Values[f.Tags[i+1]]))
			}
		}
	}
	return append([]byte{}, e.Bytes()...)
}

func valueOf(v *vectortile.Tile_Value) mvt.Value {
	switch {
	case v.StringValue != nil:
		return mvt.String(*v.StringValue)
	case v.FloatValue != nil:
		return mvt.Float(*v.FloatValue)
	case v.DoubleValue != nil:
		return mvt.Double(*v.DoubleValue)
	case v.IntValue != nil:
		return mvt.Int(*v.IntValue)
	case v.UintValue != nil:
		return mvt.Uint(*v.UintValue)
	case v.SintValue != nil:
		return mvt.Int(*v.SintValue)
	}
	return mvt.Bool(v.GetBoolValue())
}
