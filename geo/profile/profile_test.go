package profile_test

import (
	"math"
	"testing"

	"kora/geo/profile"
)

func TestWalkFollowsTobler(t *testing.T) {
	p := profile.Walk()
	if s := p.Seconds(1000, 0); math.Abs(s-900) > 1e-9 {
		t.Errorf("1 km on the level takes %v s, want 15 minutes", s)
	}
	// Speeds of the published function in km/h, whose own flat speed is 5.04.
	for slope, kmh := range map[float64]float64{-0.05: 6.00, 0.10: 3.55, 0.20: 2.50, -0.20: 3.55} {
		want := 1 / (kmh / 3.6) * 5.036 / 4
		if s := p.Seconds(1, slope); math.Abs(s/want-1) > 0.002 {
			t.Errorf("slope %v: %.4f s a metre, want %.4f", slope, s, want)
		}
	}
	if p.Seconds(10, 0.9) != p.Seconds(10, p.MaxSlope) || p.Seconds(10, -0.9) != p.Seconds(10, -p.MaxSlope) {
		t.Error("a slope beyond the steepest is not cut")
	}
	if p.Seconds(0, 0.2) != 0 {
		t.Error("no way takes time")
	}
}
