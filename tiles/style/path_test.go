package style

import (
	"math"
	"strings"
	"testing"
)

// area by the shoelace formula.
func area(o outline) (sum float64) {
	for _, line := range o {
		for i := 1; i < len(line); i++ {
			sum += line[i-1].x*line[i].y - line[i].x*line[i-1].y
		}
	}
	return math.Abs(sum) / 2
}

// TestPathsCoverWhatTheyShould compares areas with those that geometry gives.
func TestPathsCoverWhatTheyShould(t *testing.T) {
	for data, want := range map[string]float64{
		"M1 1h4v3H1z":                12,
		"m1,1 4 0 0 3-4 0z":          12, // lines after a move
		"M0 0L4 0 4 4z":              8,
		"M0 0l4 0-4 4z m9 9h2v2h-2z": 8 + 4,
		"M12 1.2a10.8 10.8 0 1 1 0 21.6 10.8 10.8 0 0 1 0-21.6z":                      math.Pi * 10.8 * 10.8,
		"M7.5 1.5h9a6 6 0 0 1 6 6v9a6 6 0 0 1-6 6h-9a6 6 0 0 1-6-6v-9a6 6 0 0 1 6-6z": 21*21 - (4-math.Pi)*36,
		"M0 0a5 5 0 0110 0z":      math.Pi * 25 / 2,     // flags need no space
		"M0 0A5 5 0 1 0 5 5L0 5z": math.Pi * 25 * 3 / 4, // the long way round its centre (0, 5)
		"M0 0A3 2 90 0 1 4 0z":    math.Pi * 6 / 2,
		"M0 0A1 1 0 0 1 10 0z":    math.Pi * 25 / 2, // a radius that is too small grows
		"M0 0C0 4 4 4 4 0z":       9.6,              // ∫ of the Bézier curve by hand: 3/5 of its box
	} {
		o, err := parsePath(data)
		if err != nil {
			t.Errorf("%s: %v", data, err)
			continue
		}
		if got := area(o); math.Abs(got-want) > 0.015*want {
			t.Errorf("%s covers %.3f, want %.3f", data, got, want)
		}
	}
}

func TestPathsThatAreRefused(t *testing.T) {
	for data, says := range map[string]string{
		"": "draws nothing", "L1 1": "does not begin with M", "M1": "no number", "M1 1q2 2 3 3": "not known",
		"M1 1z5": "follows z", "M1 1h--2": "no number", "5 5": "not known",
	} {
		if _, err := parsePath(data); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v; should say %q", data, err, says)
		}
	}
}

func TestDistances(t *testing.T) {
	square, err := parsePath("M0 0h4v4h-4z")
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[point]float64{{2, 2}: -2, {1, 2}: -1, {5, 2}: 1, {7, 8}: 5, {0, 2}: 0} {
		if got := square.signed(at); math.Abs(got-want) > 1e-9 {
			t.Errorf("%v is %v from the square, want %v", at, got, want)
		}
	}
}

func FuzzPath(f *testing.F) {
	for _, data := range []string{"M1 1h4v3H1z", "M0 0a5 5 0 0110 0z", "M0 0C0 4 4 4 4 0z", "m-.5.5-1-1"} {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data string) {
		if o, err := parsePath(data); err == nil && len(o) == 0 {
			t.Errorf("%q draws nothing and is not refused", data)
		}
	})
}
