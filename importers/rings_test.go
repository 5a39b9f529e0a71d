package importers

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"kora"
)

func box(x, y, w, h float64) orb.Ring {
	return orb.Ring{{x, y}, {x, y + h}, {x + w, y + h}, {x + w, y}, {x, y}}
}

func surveyed(rings ...orb.Ring) []surveyRing {
	out := make([]surveyRing, len(rings))
	for i, r := range rings {
		out[i] = surveyRing{line: i + 1, part: fmt.Sprintf("ring %d", i+1), Ring: r}
	}
	return out
}

// shape tells polygons by the boxes they are made of: "outline-hole-hole outline".
func shape(m orb.MultiPolygon) string {
	s := ""
	for i, poly := range m {
		if i > 0 {
			s += " "
		}
		for j, r := range poly {
			if j > 0 {
				s += "-"
			}
			b := r.Bound()
			s += fmt.Sprintf("%g", b.Max[0]-b.Min[0])
		}
	}
	return s
}

func TestArrange(t *testing.T) {
	for name, c := range map[string]struct {
		rings []orb.Ring
		want  string
	}{
		"one":                     {[]orb.Ring{box(0, 0, 10, 10)}, "10"},
		"hole":                    {[]orb.Ring{box(0, 0, 10, 10), box(2, 2, 3, 3)}, "10-3"},
		"hole first":              {[]orb.Ring{box(2, 2, 3, 3), box(0, 0, 10, 10)}, "10-3"},
		"two parts":               {[]orb.Ring{box(0, 0, 10, 10), box(20, 0, 5, 5)}, "10 5"},
		"two parts side by side":  {[]orb.Ring{box(0, 0, 10, 10), box(10, 0, 5, 10)}, "10 5"},
		"part in a notch":         {[]orb.Ring{{{0, 0}, {0, 9}, {9, 9}, {9, 6}, {3, 6}, {3, 3}, {9, 3}, {9, 0}, {0, 0}}, box(3, 3, 6, 3)}, "9 6"},
		"hole touching outline":   {[]orb.Ring{box(0, 0, 10, 10), {{0, 5}, {3, 6}, {3, 4}, {0, 5}}}, "10-3"},
		"island in a hole":        {[]orb.Ring{box(0, 0, 10, 10), box(1, 1, 8, 8), box(2, 2, 4, 4)}, "10-8 4"},
		"hole in the island":      {[]orb.Ring{box(3, 3, 2, 2), box(2, 2, 4, 4), box(1, 1, 8, 8), box(0, 0, 10, 10)}, "4-2 10-8"},
		"holes of two parts":      {[]orb.Ring{box(0, 0, 10, 10), box(20, 0, 9, 9), box(1, 1, 2, 2), box(21, 1, 3, 3)}, "10-2 9-3"},
		"two holes":               {[]orb.Ring{box(0, 0, 10, 10), box(1, 1, 2, 2), box(5, 5, 3, 3)}, "10-2-3"},
		"hole around the middle":  {[]orb.Ring{box(0, 0, 10, 10), box(4, 4, 2, 2)}, "10-2"},
		"two parts, one enclosed": {[]orb.Ring{{{0, 0}, {0, 9}, {1, 9}, {1, 1}, {9, 1}, {9, 0}, {0, 0}}, box(2, 2, 5, 5)}, "9 5"},
	} {
		m, fault := arrange("f", surveyed(c.rings...))
		if fault != nil || shape(m) != c.want {
			t.Errorf("%s: %s, %v; want %s", name, shape(m), fault, c.want)
		}
		for _, poly := range m {
			for i, r := range poly {
				if (r.Orientation() == orb.CCW) != (i == 0) {
					t.Errorf("%s: ring %d runs the wrong way", name, i+1)
				}
			}
		}
	}
	_, fault := arrange("f", surveyed(box(0, 0, 10, 10), box(0, 0, 10, 10)))
	if fault == nil || fault.Line != 2 || fault.Err.Reason != kora.ReasonGeometry {
		t.Errorf("a ring twice: %v", fault)
	}
}

// Nested and separate boxes, in any order: a point is inside of the polygons just when it is inside of an odd number of
// the rings, which is what even-odd means.
func TestArrangeIsEvenOdd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var rings []orb.Ring
		var nest func(x, y, w float64, depth int)
		nest = func(x, y, w float64, depth int) {
			rings = append(rings, box(x, y, w, w*rapid.Float64Range(0.9, 1).Draw(t, "height")))
			if depth < 4 {
				for i := range rapid.IntRange(0, 2).Draw(t, "inside") {
					nest(x+w*(0.05+0.45*float64(i)), y+w*0.1, w*0.4, depth+1)
				}
			}
		}
		for i := range rapid.IntRange(1, 3).Draw(t, "parts") {
			nest(float64(i)*20000, 0, 10000, 0)
		}
		order := rapid.Permutation(rings).Draw(t, "order")
		m, fault := arrange("f", surveyed(order...))
		if fault != nil {
			t.Fatal(fault)
		}
		for range 50 {
			p := orb.Point{rapid.Float64Range(-100, 60000).Draw(t, "x"), rapid.Float64Range(-100, 10000).Draw(t, "y")}
			odd := false
			for _, r := range rings {
				if b := r.Bound(); p[0] == b.Min[0] || p[0] == b.Max[0] || p[1] == b.Min[1] || p[1] == b.Max[1] {
					t.Skip("on an edge either answer is right")
				} else if p[0] > b.Min[0] && p[0] < b.Max[0] && p[1] > b.Min[1] && p[1] < b.Max[1] {
					odd = !odd
				}
			}
			inside := slices.ContainsFunc(m, func(poly orb.Polygon) bool {
				return crossesOdd(poly[0], p) && !slices.ContainsFunc(poly[1:], func(hole orb.Ring) bool { return crossesOdd(hole, p) })
			})
			if inside != odd {
				t.Fatalf("%v is inside: %v, want %v, of %s", p, inside, odd, shape(m))
			}
		}
	})
}

// The shoelace formula from the first corner keeps its digits for eastings of eight; a regular polygon has a known area.
func TestRingArea(t *testing.T) {
	for _, n := range []int{3, 4, 6, 100} {
		r := orb.Ring{}
		for i := range n {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			r = append(r, orb.Point{31630000 + 50*cos, 3282000 + 50*sin})
		}
		r = append(r, r[0])
		want := float64(n) / 2 * 2500 * math.Sin(2*math.Pi/float64(n))
		if got := ringArea(r); math.Abs(got-want) > 1e-4 {
			t.Errorf("%d corners: %g, want %g", n, got, want)
		}
	}
}

func TestInteriorPoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { // star-shaped rings about the origin
		n := rapid.IntRange(3, 40).Draw(t, "corners")
		r := orb.Ring{}
		for i := range n {
			d := rapid.Float64Range(1, 100).Draw(t, "distance")
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			r = append(r, orb.Point{d * cos, d * sin})
		}
		r = append(r, r[0])
		if p := kora.Inside(r); !crossesOdd(r, p) {
			t.Fatalf("%v is not inside of %v", p, r)
		}
	})
}

func TestRingEnds(t *testing.T) {
	for name, c := range map[string]struct {
		corners string // label and ring number, parted by blanks; the label is also the place
		want    []int
	}{
		"closed":                 {"1/1 2/1 3/1 1/1", []int{4}},
		"open":                   {"1/1 2/1 3/1", []int{4}},
		"two numbers":            {"1/1 2/1 3/1 1/1 4/2 5/2 6/2 4/2", []int{4, 4}},
		"two numbers, open":      {"1/1 2/1 3/1 4/2 5/2 6/2", []int{4, 4}},
		"one number, two rings":  {"1/1 2/1 3/1 1/1 4/1 5/1 6/1 4/1", []int{4, 4}},
		"last ring of them open": {"1/1 2/1 3/1 1/1 4/1 5/1 6/1", []int{4, 4}},
		"first corner twice":     {"1/1 1/1 2/1 3/1 1/1", []int{5}},
	} {
		p := &plot{header: newSurveyHeader("x", 0)}
		for i, s := range strings.Fields(c.corners) {
			var label, ring int
			if _, err := fmt.Sscanf(s, "%d/%d", &label, &ring); err != nil {
				t.Fatal(err)
			}
			err := p.corner(corner{line: i + 1, label: fmt.Sprint(label), ring: fmt.Sprint(ring), north: 3282000 + float64(label*label), east: 31630000 + float64(label)})
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := p.endRing(); err != nil || len(p.faults) > 0 {
			t.Errorf("%s: %v, %v", name, p.faults, err)
		}
		var got []int // with their closing corner
		for _, r := range p.outline.rings {
			if !r.Closed() {
				t.Errorf("%s: an open ring %v", name, r.Ring)
			}
			got = append(got, len(r.Ring))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: rings of %v, want %v", name, got, c.want)
		}
	}
}
