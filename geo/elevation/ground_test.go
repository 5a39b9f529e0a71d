package elevation_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"kora/geo/elevation"
)

// metresPer gives the metres in a degree of longitude and of latitude at a latitude, by series instead of radii of curvature.
func metresPer(lat float64) (east, north float64) {
	r := lat * math.Pi / 180
	return 111412.84*math.Cos(r) - 93.5*math.Cos(3*r) + 0.118*math.Cos(5*r),
		111132.92 - 559.82*math.Cos(2*r) + 1.175*math.Cos(4*r) - 0.0023*math.Cos(6*r)
}

func square(at orb.Point, metres float64) orb.MultiPolygon {
	east, north := metresPer(at[1])
	dx, dy := metres/2/east, metres/2/north
	return orb.MultiPolygon{{{{at[0] - dx, at[1] - dy}, {at[0] + dx, at[1] - dy}, {at[0] + dx, at[1] + dy}, {at[0] - dx, at[1] + dy}, {at[0] - dx, at[1] - dy}}}}
}

// A plane that rises 30 m in 100 m to the east and 40 m in 100 m to the north is as steep as 50 m in 100 m.
func TestAPlaneIsAsSteepEverywhere(t *testing.T) {
	east, north := metresPer(29.5)
	plane := func(p orb.Point) float64 { return 4000 + 0.3*east*(p[0]-91.5) + 0.4*north*(p[1]-29.5) }
	m := elevation.NewModel(elevation.Sampled(lhasa, side, plane))
	want := math.Atan(0.5) * 180 / math.Pi
	for _, metres := range []float64{20, 500, 3000} {
		at := orb.Point{91.5004, 29.5001}
		got, ok := m.Over(square(at, metres), at)
		if !ok || math.Abs(got.SlopeDeg-want) > 0.25 || math.Abs(got.AltitudeM-plane(at)) > 25 || (got.Samples == 0) != (metres == 20) {
			t.Errorf("%v m wide: %+v, %v; want about %.1f m and %.2f°", metres, got, ok, plane(at), want)
		}
	}
	if got, ok := m.Over(square(orb.Point{95, 29.5}, 500), orb.Point{95, 29.5}); ok {
		t.Errorf("%+v where there is no tile", got)
	}
}

// An area across the seam between tiles is made of the same samples as anywhere: each counts once.
func TestAnAreaAcrossASeam(t *testing.T) {
	whole := func(p orb.Point) float64 { return 3000 + 500*(p[0]-91) + 300*(p[1]-29) }
	var tiles []*elevation.Tile
	for lat := 28; lat <= 29; lat++ {
		for lon := 90; lon <= 91; lon++ {
			tiles = append(tiles, elevation.Sampled(elevation.Corner{Lat: lat, Lon: lon}, 121, whole))
		}
	}
	m := elevation.NewModel(tiles...)
	d := 2.5 / 120
	at := orb.Point{91, 29}
	got, ok := m.Over(orb.MultiPolygon{{{{91 - d, 29 - d}, {91 + d, 29 - d}, {91 + d, 29 + d}, {91 - d, 29 + d}, {91 - d, 29 - d}}}}, at)
	if !ok || got.Samples != 25 || math.Abs(got.AltitudeM-3000) > 0.5 {
		t.Errorf("%+v, %v; want 25 samples around 3000 m", got, ok)
	}
}

// What is clipped and saved gives the same heights within its box as the whole.
func TestSavedHeightsAreTheSame(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	rough := func(p orb.Point) float64 { return 3000 + 2000*math.Sin(70*p[0])*math.Cos(90*p[1]) + 50*r.Float64() }
	var tiles []*elevation.Tile
	for lat := 28; lat <= 29; lat++ {
		for lon := 90; lon <= 91; lon++ {
			tiles = append(tiles, elevation.Sampled(elevation.Corner{Lat: lat, Lon: lon}, 361, rough))
		}
	}
	whole := elevation.NewModel(tiles...)
	for _, box := range []orb.Bound{
		{Min: orb.Point{90.3, 28.2}, Max: orb.Point{90.6, 28.4}},     // in one tile
		{Min: orb.Point{90.9, 28.8}, Max: orb.Point{91.1, 29.1}},     // across all
		{Min: orb.Point{91.001, 29.001}, Max: orb.Point{91.2, 29.2}}, // beside the seam
	} {
		var kept []*elevation.Tile
		for _, one := range tiles {
			if c, ok := one.Clip(box); ok {
				kept = append(kept, c)
			}
		}
		saved := elevation.NewModel(kept...).Encode()
		m, err := elevation.Decode(saved)
		if err != nil {
			t.Fatal(err)
		}
		if m.Bytes() >= whole.Bytes()/2 || len(saved) < m.Bytes() {
			t.Errorf("%v: %d bytes of %d are kept", box, m.Bytes(), whole.Bytes())
		}
		for range 2000 {
			p := orb.Point{box.Min[0] + r.Float64()*(box.Max[0]-box.Min[0]), box.Min[1] + r.Float64()*(box.Max[1]-box.Min[1])}
			want, _ := whole.At(p)
			got, ok := m.At(p)
			wantSlope, _ := whole.SlopeAt(p)
			slope, known := m.SlopeAt(p)
			if !ok || !known || got != want || slope != wantSlope {
				t.Fatalf("%v: %v m and %v° (%v, %v), want %v and %v", p, got, slope, ok, known, want, wantSlope)
			}
		}
		for _, at := range []int{0, 9, 20, len(saved) / 2, len(saved) - 1} {
			damaged := bytes.Clone(saved)
			damaged[at] ^= 1
			if _, err := elevation.Decode(damaged); err == nil {
				t.Errorf("a changed byte %d of %d is not noticed", at, len(saved))
			}
		}
		for _, n := range []int{0, 5, 12, 30, len(saved) / 2} {
			if _, err := elevation.Decode(saved[:n]); err == nil {
				t.Errorf("the first %d of %d bytes are taken for the whole", n, len(saved))
			}
		}
	}
}

func TestThinKeepsPlaces(t *testing.T) {
	plane := func(p orb.Point) float64 { return 3000 + 1200*(p[0]-91) + 2400*(p[1]-29) }
	fine := elevation.Sampled(lhasa, 601, plane)
	part, _ := fine.Clip(orb.Bound{Min: orb.Point{91.3, 29.3}, Max: orb.Point{91.7, 29.7}})
	m := elevation.NewModel(part.Thin())
	if ratio := float64(m.Bytes()) / float64(part.Bytes()); ratio > 0.12 {
		t.Errorf("%.2f of the bytes are left", ratio)
	}
	for _, p := range []orb.Point{{91.31, 29.31}, {91.5, 29.5}, {91.69, 29.69}, {91.4321, 29.6}} {
		if got, ok := m.At(p); !ok || math.Abs(got-plane(p)) > 1.5 {
			t.Errorf("%v: %v m, want %v m", p, got, plane(p))
		}
	}
}

// GDAL judges on the tiles of Andorra: its heights and its slopes of the samples in areas, meaned here.
func TestGDALSeesTheSameGround(t *testing.T) {
	if _, err := exec.LookPath("gdaldem"); err != nil {
		t.Skip("GDAL's programs are not installed")
	}
	data := realTile(t, "N42E001")
	c, _ := elevation.ParseCorner("N42E001.hgt")
	tile := parse(t, c, data)
	m := elevation.NewModel(tile)
	hgt := filepath.Join(t.TempDir(), "N42E001.hgt")
	if err := os.WriteFile(hgt, data, 0o600); err != nil {
		t.Fatal(err)
	}
	size := int(math.Sqrt(float64(len(data) / 2)))
	r := rand.New(rand.NewPCG(8, 8))
	for range 12 {
		row, column := 5+r.IntN(size-60), 5+r.IntN(size-60)
		wide := 12 + r.IntN(30)
		step := 1 / float64(size-1)
		lat := 43 - float64(row)*step
		// a slanting quadrangle in the window of wide×wide samples
		x := func(k float64) float64 { return 1 + (float64(column)+k)*step }
		y := func(k float64) float64 { return lat - k*step }
		w := float64(wide)
		area := orb.MultiPolygon{{{{x(2.3), y(0.35 * w)}, {x(0.45 * w), y(2.2)}, {x(w - 3.4), y(0.6 * w)}, {x(0.5 * w), y(w - 2.7)}, {x(2.3), y(0.35 * w)}}}}
		heights := grid(t, hgt, column, row, wide, lat-w/2*step, step, false)
		slopes := grid(t, hgt, column, row, wide, lat-w/2*step, step, true)
		var metres, degrees, sloping float64
		n := 0
		for i := range wide {
			for k := range wide {
				if heights[i][k] < -500 || !planar.MultiPolygonContains(area, orb.Point{x(float64(k)), y(float64(i))}) {
					continue // a void, or outside
				}
				metres += heights[i][k]
				n++
				if slopes[i][k] >= 0 {
					degrees += slopes[i][k]
					sloping++
				}
			}
		}
		got, ok := m.Over(area, orb.Point{x(w / 2), y(w / 2)})
		if !ok || got.Samples != n || math.Abs(got.AltitudeM-metres/float64(n)) > 1e-6 || math.Abs(got.SlopeDeg-degrees/sloping) > 0.02 {
			t.Errorf("%+v, %v; GDAL has %.3f m and %.3f° of %d samples", got, ok, metres/float64(n), degrees/sloping, n)
		}
	}
}

// grid gives a window of a tile, or its slopes in degrees, as GDAL's programs tell them. The window is laid on a plane in metres
// first: gdaldem knows one scale for both axes.
func grid(t *testing.T, hgt string, column, row, wide int, lat, step float64, slope bool) [][]float64 {
	t.Helper()
	folder := t.TempDir()
	east, north := metresPer(lat)
	window := filepath.Join(folder, "window.tif")
	run(t, "gdal_translate", "-q", "-srcwin", strconv.Itoa(column), strconv.Itoa(row), strconv.Itoa(wide), strconv.Itoa(wide),
		"-a_srs", "EPSG:32631", "-a_ullr", "0", fmt.Sprint(float64(wide)*step*north), fmt.Sprint(float64(wide)*step*east), "0", hgt, window)
	if slope {
		run(t, "gdaldem", "slope", "-q", "-alg", "Horn", window, filepath.Join(folder, "slope.tif"))
		window = filepath.Join(folder, "slope.tif")
	}
	text := filepath.Join(folder, "values.xyz")
	run(t, "gdal_translate", "-q", "-of", "XYZ", window, text)
	told, err := os.ReadFile(text)
	if err != nil {
		t.Fatal(err)
	}
	values := make([][]float64, wide)
	for i, line := range strings.Split(strings.TrimSpace(string(told)), "\n") {
		v, err := strconv.ParseFloat(strings.Fields(line)[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		values[i/wide] = append(values[i/wide], v)
	}
	return values
}

func run(t *testing.T, program string, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
}
