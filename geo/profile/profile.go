// Package profile holds the ways of getting about as data: which streets each may use, how fast it is on them, and how slope
// and altitude change that, with sources. A profile is printed beside every figure that it makes.
//
// It knows nothing of files or networks: importers read tags by these tables, and networks are built of the seconds.
package profile

import (
	"fmt"
	"math"
)

// A Profile is one way of getting about.
type Profile struct {
	ID           string             `json:"id"`
	FlatSpeedKMH float64            `json:"flat_speed_kmh"` // on the level; for cars and trucks the most on any road
	RoadsKMH     map[string]float64 `json:"roads_kmh"`      // by highway=*, on the level; other kinds are closed unless tags open them
	OpenedKMH    float64            `json:"opened_kmh"`     // on kinds that only tags open
	LimitShare   float64            `json:"limit_share"`    // of maxspeed=* that is driven where it is given; 0: it does not matter
	SlopeModel   string             `json:"slope_model"`    // in words
	MaxSlope     float64            `json:"max_slope"`      // rise over run; steeper pieces count as this steep
	Tobler       bool               `json:"tobler,omitempty"`
	Power        *Power             `json:"power,omitempty"`
	Altitude     Altitude           `json:"altitude"`

	OffStreetSpeedKMH float64 `json:"off_street_speed_kmh"` // on foot, between a place and the street
	PointReachM       float64 `json:"point_reach_m"`        // how far a person or station may be from a street
	CellReachM        float64 `json:"cell_reach_m"`         // how far the centre of a cell may be from a street

	AccessKeys []string `json:"access_keys"` // tags that open or close a street, the strongest first; the last only closes
	OneWayKeys []string `json:"one_way_keys"`
	TurnKeys   []string `json:"turn_keys"` // restriction:key=* and except=key concern it; empty: turns are free
	Barriers   []string `json:"barriers"`  // barrier=* that stop it where access tags do not say otherwise
	HeightM    float64  `json:"height_m,omitempty"`
	WeightT    float64  `json:"weight_t,omitempty"`

	Source string `json:"source"`
}

// Power is a balance of power: what is put to the wheel goes into rolling, climbing and pushing the air aside,
// watts = (mass·g·(rolling + slope) + ½·air·area·v²)·v.
type Power struct {
	Watts    float64 `json:"watts"` // at the wheel
	MassKG   float64 `json:"mass_kg"`
	Rolling  float64 `json:"rolling"`   // coefficient of rolling resistance
	DragM2   float64 `json:"drag_m2"`   // drag coefficient times frontal area
	AirKGM3  float64 `json:"air_kg_m3"` // density of air
	FloorKMH float64 `json:"floor_kmh"` // never slower: pushed, or in the lowest gear
}

// Altitude is what thin air does to walking speed: a parameter, not a law.
type Altitude struct {
	Factor float64 `json:"factor"` // of the speed at sea level
	Low    float64 `json:"low"`    // the range that is allowed
	High   float64 `json:"high"`
	Date   string  `json:"date"` // when it was chosen
	Source string  `json:"source"`
}

// WithAltitudeFactor is p at another altitude factor; it refuses one outside the profile's range.
func (p Profile) WithAltitudeFactor(factor float64) (Profile, error) {
	if !(factor >= p.Altitude.Low && factor <= p.Altitude.High) {
		return p, fmt.Errorf("profile %s: an altitude factor of %v is not from %v to %v", p.ID, factor, p.Altitude.Low, p.Altitude.High)
	}
	change := factor / p.Altitude.Factor
	p.Altitude.Factor = factor
	p.FlatSpeedKMH *= change
	p.OpenedKMH *= change
	roads := make(map[string]float64, len(p.RoadsKMH))
	for kind, kmh := range p.RoadsKMH {
		roads[kind] = kmh * change
	}
	p.RoadsKMH = roads
	return p, nil
}

// Seconds is the time for one straight piece of lengthM metres, measured on the map, at the flat speed; slope is rise over
// run in the direction of travel and is cut to ±MaxSlope.
func (p Profile) Seconds(lengthM, slope float64) float64 {
	return p.SecondsAt(lengthM, slope, p.FlatSpeedKMH)
}

// SecondsAt is the time on a street that allows kmh on the level.
func (p Profile) SecondsAt(lengthM, slope, kmh float64) float64 {
	return lengthM / (p.speed(slope, kmh) / 3.6)
}

// speed is in km/h.
func (p Profile) speed(slope, kmh float64) float64 {
	slope = min(max(slope, -p.MaxSlope), p.MaxSlope)
	switch {
	case p.Tobler:
		return kmh * math.Exp(-3.5*(math.Abs(slope+0.05)-0.05))
	case p.Power != nil:
		return p.Power.speed(slope, kmh)
	}
	return kmh
}

// speed is the speed in km/h at which the power is used up, at most kmh.
func (w *Power) speed(slope, kmh float64) float64 {
	const gravity = 9.80665
	force, air := w.MassKG*gravity*(w.Rolling+slope), 0.5*w.AirKGM3*w.DragM2
	v := kmh / 3.6
	if (force+air*v*v)*v <= w.Watts {
		return kmh
	}
	// Above its root the balance is convex and rising, so Newton's steps come down to the root and never pass it.
	for range 20 {
		step := ((force+air*v*v)*v - w.Watts) / (force + 3*air*v*v)
		v -= step
		if step < 1e-6 {
			break
		}
	}
	return min(max(v*3.6, w.FloorKMH), kmh)
}

// Check refuses a profile that no network can be built with.
func (p Profile) Check() error {
	for _, c := range []struct {
		name  string
		value float64
	}{
		{"flat speed", p.FlatSpeedKMH}, {"off-street speed", p.OffStreetSpeedKMH}, {"steepest slope", p.MaxSlope},
		{"reach of a point", p.PointReachM}, {"reach of a cell", p.CellReachM},
	} {
		if !(c.value > 0) || math.IsInf(c.value, 1) {
			return fmt.Errorf("profile %q has a %s of %v", p.ID, c.name, c.value)
		}
	}
	return nil
}
