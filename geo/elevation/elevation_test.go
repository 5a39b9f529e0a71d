package elevation_test

import (
	"archive/zip"
	"encoding/binary"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/paulmach/orb"

	"kora/geo/elevation"
)

const side = 1201

// tile makes the bytes of a tile whose height in metres at a place is given by f.
func tile(c elevation.Corner, f func(lon, lat float64) float64) []byte {
	data := make([]byte, 0, 2*side*side)
	for row := range side {
		for column := range side {
			lon := float64(c.Lon) + float64(column)/(side-1)
			lat := float64(c.Lat) + 1 - float64(row)/(side-1)
			data = binary.BigEndian.AppendUint16(data, uint16(int16(math.Round(f(lon, lat)))))
		}
	}
	return data
}

func parse(t testing.TB, c elevation.Corner, data []byte) *elevation.Tile {
	t.Helper()
	parsed, err := elevation.Parse(c, data)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

var lhasa = elevation.Corner{Lat: 29, Lon: 91}

// On a plane, neither smoothing nor interpolation changes a height. Heights cross 3,276.7 m, where 16-bit decimetres end.
func TestPlaneStaysAPlane(t *testing.T) {
	plane := func(lon, lat float64) float64 { return 3000 + 1200*(lon-91) + 2400*(lat-29) }
	m := elevation.NewModel(parse(t, lhasa, tile(lhasa, plane)))
	r := rand.New(rand.NewPCG(1, 1))
	for range 5000 {
		p := orb.Point{91.01 + 0.98*r.Float64(), 29.01 + 0.98*r.Float64()}
		if got, ok := m.At(p); !ok || math.Abs(got-plane(p[0], p[1])) > 0.51 {
			t.Fatalf("%v: %v m, want %v m", p, got, plane(p[0], p[1]))
		}
	}
}

func TestFromTheSeaToTheSummit(t *testing.T) {
	for _, metres := range []float64{-430, 0, 3276, 3277, 3650, 8849, 9000} {
		m := elevation.NewModel(parse(t, lhasa, tile(lhasa, func(_, _ float64) float64 { return metres })))
		if got, ok := m.At(orb.Point{91.5, 29.5}); !ok || got != metres {
			t.Errorf("%v m, want %v m", got, metres)
		}
	}
}

func TestSmoothingIsTheMeanOfNine(t *testing.T) {
	data := tile(lhasa, func(_, _ float64) float64 { return 3600 })
	binary.BigEndian.PutUint16(data[2*(600*side+600):], 3690) // one sample stands out
	m := elevation.NewModel(parse(t, lhasa, data))
	for want, p := range map[float64]orb.Point{
		3610: {91.5, 29.5},
		3605: {91.5 + 1.5/(side-1), 29.5}, // between a smoothed sample beside it and one beyond
		3600: {91.5 + 2.5/(side-1), 29.5},
	} {
		if got, ok := m.At(p); !ok || math.Abs(got-want) > 1e-6 {
			t.Errorf("%v: %v m, want %v m", p, got, want)
		}
	}
}

func TestVoidsAreBridged(t *testing.T) {
	data := tile(lhasa, func(_, _ float64) float64 { return 3600 })
	put := func(row, column int, v int16) { binary.BigEndian.PutUint16(data[2*(row*side+column):], uint16(v)) }
	put(600, 600, -32768)
	for row := range 100 {
		for column := range 100 {
			put(row, column, -32768)
		}
	}
	put(300, 300, 9001) // a glitch
	put(300, 301, -9999)
	parsed := parse(t, lhasa, data)
	if parsed.Missing() != 10003 {
		t.Errorf("%d samples are missing, want 10003", parsed.Missing())
	}
	m := elevation.NewModel(parsed)
	for _, p := range []orb.Point{{91.5, 29.5}, {91 + 300.5/(side-1), 30 - 300.0/(side-1)}} {
		if got, ok := m.At(p); !ok || got != 3600 {
			t.Errorf("%v: %v, %v", p, got, ok)
		}
	}
	if got, ok := m.At(orb.Point{91.02, 29.98}); ok {
		t.Errorf("a height of %v m amid voids", got)
	}
}

func TestSeamBetweenTiles(t *testing.T) {
	slope := func(lon, lat float64) float64 { return 3000 + 3000*(lon-91) + 2000*(lat-29) }
	var tiles []*elevation.Tile
	for lat := 28; lat <= 29; lat++ {
		for lon := 90; lon <= 91; lon++ {
			c := elevation.Corner{Lat: lat, Lon: lon}
			tiles = append(tiles, parse(t, c, tile(c, slope)))
		}
	}
	m := elevation.NewModel(tiles...)
	const step = 1.0 / (side - 1) / 7
	for k := -20.0; k <= 20; k++ {
		for _, p := range []orb.Point{{91 + k*step, 29.3}, {91.3, 29 + k*step}, {91 + k*step, 29 + k*step}, {91 + k*step, 29 - k*step}} {
			if got, ok := m.At(p); !ok || math.Abs(got-slope(p[0], p[1])) > 0.51 {
				t.Errorf("%v: %v m, want %v m", p, got, slope(p[0], p[1]))
			}
		}
	}
}

func TestOutsideTheTiles(t *testing.T) {
	m := elevation.NewModel(parse(t, lhasa, tile(lhasa, func(_, _ float64) float64 { return 3600 })))
	for _, p := range []orb.Point{{90.99, 29.5}, {91.5, 28.99}, {92.01, 29.5}, {91.5, 30.01}, {math.NaN(), 29.5}, {91.5, math.Inf(1)}, {400, 0}} {
		if got, ok := m.At(p); ok {
			t.Errorf("%v: %v m", p, got)
		}
	}
	for _, p := range []orb.Point{{91, 29}, {92, 29}, {91, 30}, {92, 30}, {91.5, 30}, {92, 29.5}} {
		if _, ok := m.At(p); !ok {
			t.Errorf("the border at %v has no height", p)
		}
	}
	if _, ok := elevation.NewModel().At(orb.Point{91, 29}); ok {
		t.Error("a height without tiles")
	}
}

func TestCornerNames(t *testing.T) {
	for name, want := range map[string]elevation.Corner{
		"N29E091.hgt": {Lat: 29, Lon: 91}, "n42e001.hgt.zip": {Lat: 42, Lon: 1}, "some/folder/S01W070.hgt": {Lat: -1, Lon: -70},
		"N00E000": {}, "S90W180.hgt": {Lat: -90, Lon: -180},
	} {
		if got, err := elevation.ParseCorner(name); err != nil || got != want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	for _, name := range []string{"", "N29.hgt", "X29E091.hgt", "N29Z091.hgt", "N2xE091.hgt", "N90E000.hgt", "S91E000.hgt", "N00E180.hgt", "N+1E001"} {
		if got, err := elevation.ParseCorner(name); err == nil {
			t.Errorf("%q names %v", name, got)
		}
	}
	if s := (elevation.Corner{Lat: -1, Lon: 7}).String(); s != "S01E007" {
		t.Error(s)
	}
	if c := elevation.CornerOf(orb.Point{-0.5, -0.5}); c != (elevation.Corner{Lat: -1, Lon: -1}) {
		t.Error(c)
	}
}

func TestParseRefusesOtherSizes(t *testing.T) {
	for _, size := range []int{0, 1, 2*side*side - 1, 2*side*side + 1, 2 * 1200 * 1200} {
		if _, err := elevation.Parse(lhasa, make([]byte, size)); err == nil {
			t.Errorf("%d bytes are taken", size)
		}
	}
	if _, err := elevation.Parse(lhasa, make([]byte, 2*3601*3601)); err != nil {
		t.Error(err)
	}
}

// Known summits of the Pyrenees; a sample stands for 90 m of ground, so that peaks come out lower.
func TestAndorra(t *testing.T) {
	data := realTile(t, "N42E001")
	m := elevation.NewModel(parse(t, elevation.Corner{Lat: 42, Lon: 1}, data))
	for name, c := range map[string]struct {
		p           orb.Point
		low, metres float64
	}{
		"Coma Pedrosa":     {orb.Point{1.4439, 42.5917}, 2780, 2946},
		"Andorra la Vella": {orb.Point{1.5211, 42.5063}, 990, 1080},
	} {
		if got, ok := m.At(c.p); !ok || got < c.low || got > c.metres {
			t.Errorf("%s lies at %.0f m, want %v to %v m", name, got, c.low, c.metres)
		}
	}
}

// realTile gives the content of a tile of the shared data.
func realTile(t *testing.T, name string) []byte {
	t.Helper()
	z, err := zip.OpenReader("../../../shared/data/elevation/" + name + ".hgt.zip")
	if os.IsNotExist(err) {
		t.Skip("the elevation of Andorra is not at hand")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	f, err := z.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func FuzzParse(f *testing.F) {
	f.Add("N29E091.hgt", []byte{0x0e, 0x42, 0x80, 0x00, 0x23, 0x29, 0xff, 0xff}, 91.4, 29.4)
	f.Add("S01W001.hgt", []byte{}, -0.5, -0.5)
	f.Fuzz(func(t *testing.T, name string, pattern []byte, lon, lat float64) {
		c, err := elevation.ParseCorner(name)
		if err != nil {
			return
		}
		if _, err := elevation.Parse(c, pattern); err == nil {
			t.Fatalf("%d bytes are taken", len(pattern))
		}
		data := make([]byte, 2*side*side)
		for i := range data {
			if len(pattern) > 0 {
				data[i] = pattern[i%len(pattern)]
			}
		}
		m := elevation.NewModel(parse(t, c, data))
		for _, p := range []orb.Point{{lon, lat}, {float64(c.Lon) + 0.5, float64(c.Lat) + 0.5}, {float64(c.Lon), float64(c.Lat)}} {
			if metres, ok := m.At(p); ok && !(metres >= elevation.Lowest && metres <= elevation.Highest) {
				t.Fatalf("%v m at %v", metres, p)
			}
		}
	})
}
