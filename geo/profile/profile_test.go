package profile_test

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

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

func kmh(p profile.Profile, slope float64) float64 { return 3.6 / p.Seconds(1, slope) }

// Speeds worked out on paper: the force at the wheel is watts ÷ speed, less that of the air, and what is left of it over the
// weight is rolling resistance and slope.
func TestPowerOnPaper(t *testing.T) {
	for _, c := range []struct {
		p     profile.Profile
		slope float64
		kmh   float64
	}{
		{profile.Ebike(), -0.10, 25},  // assisted no further, and braked
		{profile.Ebike(), 0, 25},      // takes 153 W
		{profile.Ebike(), 0.0256, 25}, // 54.7 N at the wheel, 11.9 N of air, 42.9 N over 1,275 N: 3.36 %
		{profile.Ebike(), 0.03, 23.3}, // 48.4 N of weight and rolling and 10.3 N of air, 58.7 N at 6.47 m/s
		{profile.Ebike(), 0.0793, 12}, // 114.0 N, 2.7 N, 111.3 N over 1,275 N: 8.73 %
		{profile.Ebike(), 0.40, 3},    // 380 W would give 2.6 km/h: pushed
		{profile.Truck(), 0, 80},      // takes 102 kW
		{profile.Truck(), 0.06, 31.2}, // 32.2 kN against 280 kW
		{profile.Truck(), 0.40, 6},    // the floor
		{profile.Car(), 0.20, 120},    // no slope model
	} {
		if got := kmh(c.p, c.slope); math.Abs(got-c.kmh) > 0.2 {
			t.Errorf("%s at %+.1f %%: %.2f km/h, want %.1f", c.p.ID, 100*c.slope, got, c.kmh)
		}
	}
	if e := profile.Ebike(); kmh(e, 0.0254) < 25 || kmh(e, 0.0258) > 24.99 {
		t.Errorf("25 km/h is held to another slope than 2.56 %%: %v, %v", kmh(e, 0.0254), kmh(e, 0.0258))
	}
}

// The balance is the judge: at the speed that is found the power is used up, unless a limit of speed holds.
func TestPowerIsUsedUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom([]profile.Profile{profile.Ebike(), profile.Truck()}).Draw(t, "profile")
		slope := rapid.Float64Range(-p.MaxSlope, p.MaxSlope).Draw(t, "slope")
		limit := rapid.Float64Range(p.Power.FloorKMH, p.FlatSpeedKMH).Draw(t, "limit")
		got := 3.6 / p.SecondsAt(1, slope, limit)
		v, w := got/3.6, p.Power
		watts := (w.MassKG*9.80665*(w.Rolling+slope) + 0.5*w.AirKGM3*w.DragM2*v*v) * v
		atLimit, atFloor := got > limit*(1-1e-9), got < w.FloorKMH*(1+1e-9)
		switch {
		case got > limit*(1+1e-9) || got < w.FloorKMH*(1-1e-9):
			t.Errorf("%v km/h", got)
		case atLimit && atFloor: // the street allows no more than pushing, whatever that takes
		case atLimit:
			if watts > w.Watts*(1+1e-6) {
				t.Errorf("%v km/h take %v W", got, watts)
			}
		case atFloor:
			if watts < w.Watts*(1-1e-6) {
				t.Errorf("only %v km/h, which take %v W", got, watts)
			}
		case math.Abs(watts/w.Watts-1) > 1e-4:
			t.Errorf("%v km/h take %v W", got, watts)
		}
		steeper := min(slope+rapid.Float64Range(0, 0.1).Draw(t, "more"), p.MaxSlope)
		if p.SecondsAt(1, steeper, limit) < p.SecondsAt(1, slope, limit)*(1-1e-9) {
			t.Errorf("%v is climbed faster than %v", steeper, slope)
		}
	})
}

func TestAltitudeFactor(t *testing.T) {
	walk := profile.Walk()
	low, err := walk.WithAltitudeFactor(1)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(low.FlatSpeedKMH-4/0.92) > 1e-9 || math.Abs(low.RoadsKMH["steps"]-2/0.92) > 1e-9 || low.Altitude.Factor != 1 {
		t.Errorf("at sea level: %+v", low)
	}
	if !reflect.DeepEqual(walk, profile.Walk()) {
		t.Error("the profile itself was changed")
	}
	if back, _ := low.WithAltitudeFactor(0.92); math.Abs(back.FlatSpeedKMH-4) > 1e-9 || math.Abs(back.OpenedKMH-4) > 1e-9 {
		t.Errorf("there and back: %+v", back)
	}
	for _, bad := range []float64{0.84, 1.01, 0, -1, math.NaN(), math.Inf(1)} {
		if p, err := walk.WithAltitudeFactor(bad); err == nil || !strings.Contains(err.Error(), "0.85") || p.FlatSpeedKMH != walk.FlatSpeedKMH {
			t.Errorf("%v: %v", bad, err)
		}
	}
	if _, err := profile.Car().WithAltitudeFactor(0.92); err == nil {
		t.Error("a car was slowed by the altitude")
	}
}

func TestProfilesAreCompleteData(t *testing.T) {
	var ids []string
	for _, p := range profile.All() {
		ids = append(ids, p.ID)
		if err := p.Check(); err != nil {
			t.Error(err)
		}
		if p.Source == "" || p.SlopeModel == "" || p.Altitude.Source == "" || p.Altitude.Date == "" {
			t.Errorf("%s: something has no source", p.ID)
		}
		if p.OffStreetSpeedKMH != 3 || p.PointReachM != 500 || p.CellReachM != 100 {
			t.Errorf("%s: people walk otherwise beside the street", p.ID)
		}
		if len(p.AccessKeys) == 0 || p.AccessKeys[len(p.AccessKeys)-1] != "access" {
			t.Errorf("%s: access keys %v", p.ID, p.AccessKeys)
		}
		for kind, speed := range p.RoadsKMH {
			if !(speed > 0 && speed <= p.FlatSpeedKMH) {
				t.Errorf("%s: %v km/h on %s", p.ID, speed, kind)
			}
		}
		b, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var again profile.Profile
		if err := json.Unmarshal(b, &again); err != nil || !reflect.DeepEqual(again, p) {
			t.Errorf("%s: comes back from JSON as %+v (%v)", p.ID, again, err)
		}
		if found, ok := profile.ByID(p.ID); !ok || found.ID != p.ID {
			t.Errorf("%s is not found", p.ID)
		}
		bad := p
		bad.MaxSlope = math.NaN()
		if bad.Check() == nil {
			t.Errorf("%s: a slope that is no number is taken", p.ID)
		}
	}
	if strings.Join(ids, " ") != "walk ebike car truck" {
		t.Errorf("profiles %v", ids)
	}
	if _, ok := profile.ByID("balloon"); ok {
		t.Error("there are balloons")
	}
}
