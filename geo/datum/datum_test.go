package datum

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// Places of the two cities, computed with the common formula and six decimals.
var vectors = []struct {
	name          string
	cgcs, gcj, bd orb.Point
}{
	{"Potala", orb.Point{91.116900, 29.657800}, orb.Point{91.118461, 29.655095}, orb.Point{91.125012, 29.660982}},
	{"Bayi", orb.Point{94.360500, 29.640000}, orb.Point{94.361664, 29.637306}, orb.Point{94.368212, 29.643143}},
	{"Bome", orb.Point{95.757000, 29.859300}, orb.Point{95.757819, 29.856502}, orb.Point{95.764212, 29.862782}},
	{"Zayu", orb.Point{97.466400, 28.661700}, orb.Point{97.466951, 28.658374}, orb.Point{97.473420, 28.664415}},
	{"Medog", orb.Point{95.332300, 29.326100}, orb.Point{95.333404, 29.323232}, orb.Point{95.340001, 29.328968}},
}

func TestVectors(t *testing.T) {
	for _, v := range vectors {
		if got := GCJ02(v.cgcs); !near(got, v.gcj) {
			t.Errorf("%s: GCJ02 is %.6f, want %.6f", v.name, got, v.gcj)
		}
		if got := BD09(v.cgcs); !near(got, v.bd) {
			t.Errorf("%s: BD09 is %.6f, want %.6f", v.name, got, v.bd)
		}
	}
}

func near(a, b orb.Point) bool {
	return math.Abs(a[0]-b[0]) <= 1e-6 && math.Abs(a[1]-b[1]) <= 1e-6
}

func TestIdentityOutsideOfChina(t *testing.T) {
	for _, p := range []orb.Point{{1.52, 42.51}, {-51.2, -30}, {91, -29}, {180, 90}, {72, 30}, {100, 56}} {
		if got := GCJ02(p); got != p {
			t.Errorf("GCJ02(%v) is %v", p, got)
		}
		if got := BD09(p); got != p {
			t.Errorf("BD09(%v) is %v", p, got)
		}
	}
	nan := orb.Point{math.NaN(), 30}
	if got := GCJ02(nan); !math.IsNaN(got[0]) || got[1] != 30 {
		t.Errorf("GCJ02 of NaN is %v", got)
	}
}

// On the plateau the shift is 250 to 450 m to the south-east, and it is smooth: near places stay near.
func TestShiftIsSmooth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := orb.Point{rapid.Float64Range(90, 99).Draw(t, "lon"), rapid.Float64Range(28, 31).Draw(t, "lat")}
		q := orb.Point{p[0] + 1e-4, p[1] + 1e-4}
		a, b := GCJ02(p), GCJ02(q)
		east, north := (a[0]-p[0])*111e3*math.Cos(p[1]*math.Pi/180), (a[1]-p[1])*111e3
		if d := math.Hypot(east, north); d < 250 || d > 450 || north > 0 || east < 0 {
			t.Fatalf("shift of %v is %.0f m east, %.0f m north", p, east, north)
		}
		if d := math.Hypot(b[0]-a[0]-1e-4, b[1]-a[1]-1e-4); d > 1e-6 {
			t.Fatalf("the shift jumps by %g degrees at %v", d, p)
		}
	})
}

// Codes as the EPSG register lists them.
func TestEPSG(t *testing.T) {
	for _, c := range []struct {
		zone            Zone
		prefixed, plain int
		centralMeridian int
		name            string
	}{
		{Zone{3, 25}, 4513, 4534, 75, "CGCS2000 / 3-degree Gauss-Kruger zone 25, CM 75E"},
		{Zone{3, 30}, 4518, 4539, 90, "zone 30, CM 90E"},
		{Zone{3, 31}, 4519, 4540, 93, "zone 31, CM 93E"},
		{Zone{3, 32}, 4520, 4541, 96, "zone 32, CM 96E"},
		{Zone{3, 33}, 4521, 4542, 99, "zone 33, CM 99E"},
		{Zone{3, 45}, 4533, 4554, 135, "zone 45, CM 135E"},
		{Zone{6, 13}, 4491, 4502, 75, "CGCS2000 / Gauss-Kruger zone 13, CM 75E"},
		{Zone{6, 16}, 4494, 4505, 93, "zone 16, CM 93E"},
		{Zone{6, 17}, 4495, 4506, 99, "zone 17, CM 99E"},
		{Zone{6, 23}, 4501, 4512, 135, "zone 23, CM 135E"},
	} {
		prefixed, err := c.zone.EPSG(true)
		if err != nil || prefixed != c.prefixed {
			t.Errorf("%v with prefix is %d, %v; want %d", c.zone, prefixed, err, c.prefixed)
		}
		plain, err := c.zone.EPSG(false)
		if err != nil || plain != c.plain {
			t.Errorf("%v is %d, %v; want %d", c.zone, plain, err, c.plain)
		}
		if cm := c.zone.CentralMeridian(); cm != c.centralMeridian {
			t.Errorf("%v has the axis %d°E, want %d°E", c.zone, cm, c.centralMeridian)
		}
		if z, ok := ZoneByNumber(c.zone.Number); !ok || z != c.zone {
			t.Errorf("number %d is %v, want %v", c.zone.Number, z, c.zone)
		}
	}
	for _, z := range []Zone{{3, 24}, {3, 46}, {6, 12}, {6, 24}, {3, 16}, {6, 31}, {4, 31}, {}, {3, -31}} {
		if code, err := z.EPSG(true); err == nil {
			t.Errorf("%v got the code %d", z, code)
		}
	}
	if z, ok := ZoneByNumber(24); ok {
		t.Errorf("number 24 is %v", z)
	}
}

func TestZoneByEPSG(t *testing.T) {
	found := 0
	for code := 4000; code < 5000; code++ {
		z, prefixed, ok := ZoneByEPSG(code)
		if !ok {
			continue
		}
		found++
		if back, err := z.EPSG(prefixed); err != nil || back != code {
			t.Errorf("EPSG:%d is %+v, prefixed %v, which is EPSG:%d, %v", code, z, prefixed, back, err)
		}
	}
	if found != 64 { // 11 zones of six degrees and 21 of three, each with and without their number
		t.Errorf("%d codes", found)
	}
}
