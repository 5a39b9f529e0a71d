package sample_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"kora"
	"kora/importers"
	"kora/sample"
)

func TestParcelsAreOfAllSorts(t *testing.T) {
	uses := map[string]int{}
	statuses := map[kora.ParcelStatus]int{}
	counties := map[string]int{}
	units := map[string]int{}
	var holes, parts, mixed, beyond, exclusive int
	all := parcels(t)
	for _, p := range all {
		statuses[p.Status]++
		counties[p.County]++
		if len(p.Geometry) > 1 {
			parts++
		}
		for _, polygon := range p.Geometry {
			holes += len(polygon) - 1
		}
		if p.Access == nil {
			t.Fatalf("%s has no access", p.Number)
		}
		if p.Access[0] > 94.5 {
			beyond++
		}
		if d := distanceToArea(*p.Access, p.Geometry); d > 60 {
			t.Errorf("%s: the way in is %.0f m from the parcel", p.Number, d)
		}
		if mu := p.StatedM2 * 3 / 2000; mu < 7.99 || mu > 180.01 {
			t.Errorf("%s has %.2f mu", p.Number, mu)
		}
		if f := p.FAR; f.Max == nil || *f.Max > 2.2 || f.Min != nil && *f.Min < 0.8 {
			t.Errorf("%s has a floor area ratio of %+v", p.Number, f)
		} else if f.MinExclusive {
			exclusive++
		}
		if h := p.HeightM.Max; h == nil || *h < 12 || *h > 36 {
			t.Errorf("%s may be %v m high", p.Number, h)
		}
		if p.Price != nil {
			units[p.Price.Unit]++
		}
		if len(p.Uses) > 0 {
			mixed++
			var sum float64
			for _, u := range p.Uses {
				sum += u.AreaM2
			}
			if math.Abs(sum-p.StatedM2) > 0.011 || p.Uses[0].LandUse != p.Use {
				t.Errorf("%s: the uses do not add up: %+v", p.Number, p.Uses)
			}
			continue
		}
		switch c := p.Use.Code; {
		case c == "090104":
			uses["hotel"]++
		default:
			uses[c[:2]]++
		}
		if want := map[string]int{"07": 70, "09": 40}[p.Use.Code[:2]]; want != 0 && p.TermYears != want || p.TermYears == 0 {
			t.Errorf("%s: %d years for use %s", p.Number, p.TermYears, p.Use.Code)
		}
	}
	want := map[string]int{"10": 12, "11": 4, "hotel": 6, "09": 5, "07": 4, "08": 2}
	for use, n := range want {
		if uses[use] != n {
			t.Errorf("%d parcels of use %s, want %d", uses[use], use, n)
		}
	}
	if len(all) != 36 || mixed != 3 || holes != 1 || parts != 1 || beyond != 3 || exclusive == 0 {
		t.Errorf("%d parcels, %d mixed, %d holes, %d in parts, %d beyond 94.5° E, %d with an exclusive bound",
			len(all), mixed, holes, parts, beyond, exclusive)
	}
	for _, s := range kora.ParcelStatuses() {
		if statuses[s] == 0 {
			t.Errorf("no parcel is %s", s)
		}
	}
	if len(counties) < 5 || len(units) < 4 {
		t.Errorf("counties %v, units of price %v", counties, units)
	}
}

// The area is taken on the ellipsoid by way of the sphere of equal area (authalic latitude; Snyder, Map Projections: A
// Working Manual, USGS 1987, eq. 3-11 and 3-12), another way than the generator's.
func TestStatedAreasAgreeWithTheEllipsoid(t *testing.T) {
	honest := 0
	for _, p := range parcels(t) {
		got := ellipsoidalArea(p.Geometry)
		off := got/p.StatedM2 - 1
		if math.Abs(off) > 0.0012 {
			t.Errorf("%s: stated %.2f m², drawn %.2f m² (%+.3f %%)", p.Number, p.StatedM2, got, 100*off)
		}
		if math.Abs(off) > 0.0007 {
			honest++
		}
	}
	if honest != 2 {
		t.Errorf("%d parcels differ by about 0.1 %%, want 2", honest)
	}
}

func TestParcelsDoNotOverlap(t *testing.T) {
	all := parcels(t)
	for i, p := range all {
		for _, q := range all[i+1:] {
			if overlap(p.Geometry, q.Geometry) {
				t.Errorf("%s overlaps %s", p.Number, q.Number)
			}
		}
	}
}

func TestTheSurveyFileIsRead(t *testing.T) {
	b, err := importers.ParcelsTXT(context.Background(), sample.ParcelsTXT, open(t, sample.ParcelsTXT), nearBayi{}, importers.ParcelOptions{})
	got := values(t, b, err)
	if len(got) != 2 || len(got[0].Geometry) != 1 || len(got[1].Geometry[0]) != 2 {
		t.Fatalf("read %+v", got)
	}
	for _, p := range got {
		if !strings.Contains(p.Name.ZH, "示例") {
			t.Errorf("%s does not say that it is a sample", p.Number)
		}
		for _, q := range parcels(t) {
			if p.Number == q.Number || overlap(p.Geometry, q.Geometry) {
				t.Errorf("%s is in the way of %s", p.Number, q.Number)
			}
		}
	}
}

// nearBayi is good to a few metres within a kilometre of 94.3205° E, 29.642° N, which PROJ puts at 3281158.157 m north
// and 31627870.782 m east.
type nearBayi struct{}

func (nearBayi) ParcelsByNumber(context.Context, []string) (map[string]*kora.Parcel, error) {
	return nil, nil
}

func (nearBayi) ToCGCS2000(_ context.Context, srid int, points []orb.Point) ([]orb.Point, error) {
	const turn = 0.01139 // radians between grid north and true north there
	out := make([]orb.Point, len(points))
	for i, p := range points {
		e, n := p[0]-31627870.782, p[1]-3281158.157
		if srid == 4540 { // without the zone before the easting
			e += 31000000
		}
		e, n = e+turn*n, n-turn*e
		out[i] = orb.Point{94.3205 + e/96780, 29.642 + n/110860}
	}
	return out, nil
}

func ellipsoidalArea(m orb.MultiPolygon) float64 {
	const a, f = 6_378_137.0, 1 / 298.257222101 // CGCS2000
	e := math.Sqrt(f * (2 - f))
	q := func(sin float64) float64 {
		return (1 - e*e) * (sin/(1-e*e*sin*sin) - math.Log((1-e*sin)/(1+e*sin))/(2*e))
	}
	sinAuthalic := func(lat float64) float64 { return q(math.Sin(lat*math.Pi/180)) / q(1) }
	radius2 := a * a * q(1) / 2
	var sum float64
	for _, polygon := range m {
		for i, ring := range polygon {
			var s float64
			for k := 1; k < len(ring); k++ {
				s += (ring[k][0] - ring[k-1][0]) * math.Pi / 180 * (sinAuthalic(ring[k-1][1]) + sinAuthalic(ring[k][1])) / 2
			}
			if s = math.Abs(s) * radius2; i > 0 {
				s = -s
			}
			sum += s
		}
	}
	return sum
}

func overlap(a, b orb.MultiPolygon) bool {
	if !a.Bound().Intersects(b.Bound()) {
		return false
	}
	return planar.MultiPolygonContains(a, b[0][0][0]) || planar.MultiPolygonContains(b, a[0][0][0]) || linesCross(a, b)
}

func linesCross(a, b orb.MultiPolygon) bool {
	found := false
	eachSide(a, func(p, q orb.Point) {
		eachSide(b, func(r, s orb.Point) { found = found || crosses(p, q, r, s) })
	})
	return found
}

func eachSide(m orb.MultiPolygon, f func(p, q orb.Point)) {
	for _, polygon := range m {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				f(ring[i-1], ring[i])
			}
		}
	}
}

func crosses(p, q, r, s orb.Point) bool {
	turn := func(a, b, c orb.Point) float64 { return (b[0]-a[0])*(c[1]-a[1]) - (b[1]-a[1])*(c[0]-a[0]) }
	return turn(p, q, r)*turn(p, q, s) < 0 && turn(r, s, p)*turn(r, s, q) < 0
}

// metres is good to a per mille within the sample.
func metres(p, q orb.Point) float64 {
	x := (q[0] - p[0]) * 111_320 * math.Cos((p[1]+q[1])/2*math.Pi/180)
	y := (q[1] - p[1]) * 110_860
	return math.Hypot(x, y)
}

func distanceTo(p orb.Point, l orb.LineString) float64 {
	scale := math.Cos(p[1] * math.Pi / 180)
	best := math.Inf(1)
	for i := 1; i < len(l); i++ {
		a, b := l[i-1], l[i]
		dx, dy := (b[0]-a[0])*scale, b[1]-a[1]
		t := 0.0
		if dx != 0 || dy != 0 {
			t = min(1, max(0, ((p[0]-a[0])*scale*dx+(p[1]-a[1])*dy)/(dx*dx+dy*dy)))
		}
		best = min(best, metres(p, orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}))
	}
	return best
}

func distanceToArea(p orb.Point, m orb.MultiPolygon) float64 {
	best := math.Inf(1)
	for _, polygon := range m {
		best = min(best, distanceTo(p, orb.LineString(polygon[0])))
	}
	return best
}
