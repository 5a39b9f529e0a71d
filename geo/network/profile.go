package network

import (
	"fmt"
	"math"
)

// A Profile says how a way of getting about is turned into time. It is data, to be printed beside every figure it makes.
type Profile struct {
	ID                string  `json:"id"`
	FlatSpeedKMH      float64 `json:"flat_speed_kmh"`       // on level streets
	SlopeModel        string  `json:"slope_model"`          // in words
	MaxSlope          float64 `json:"max_slope"`            // rise over run; steeper pieces count as this steep
	OffStreetSpeedKMH float64 `json:"off_street_speed_kmh"` // between a place and the street
	PointReachM       float64 `json:"point_reach_m"`        // how far a person or station may be from a street
	CellReachM        float64 `json:"cell_reach_m"`         // how far the centre of a cell may be from a street
	Source            string  `json:"source"`
}

// Walk is a pedestrian at the height of Lhasa, 3,650 m: 4.0 km/h on the level, slower or faster with the slope by Tobler's
// hiking function, exp(-3.5 |slope + 0.05|), scaled to that speed.
func Walk() Profile {
	return Profile{
		ID:                "walk",
		FlatSpeedKMH:      4.0,
		SlopeModel:        "Tobler 1993, scaled to the flat speed",
		MaxSlope:          0.40,
		OffStreetSpeedKMH: 3.0,
		PointReachM:       500,
		CellReachM:        100,
		Source: "W. Tobler, Three Presentations on Geographical Analysis and Modeling, NCGIA 93-1, 1993 (slope); " +
			"1 km in 15 minutes, as the workers' station rule and GB 50180-2018 count it (flat speed, for 3,650 m)",
	}
}

// Seconds is the time for one straight piece of lengthM metres, measured on the map; slope is rise over run in the
// direction of walking and is cut to ±MaxSlope.
func (p Profile) Seconds(lengthM, slope float64) float64 {
	slope = min(max(slope, -p.MaxSlope), p.MaxSlope)
	metresPerSecond := p.FlatSpeedKMH / 3.6 * math.Exp(-3.5*(math.Abs(slope+0.05)-0.05))
	return lengthM / metresPerSecond
}

func (p Profile) check() error {
	for _, c := range []struct {
		name  string
		value float64
	}{
		{"flat speed", p.FlatSpeedKMH}, {"off-street speed", p.OffStreetSpeedKMH}, {"steepest slope", p.MaxSlope},
		{"reach of a point", p.PointReachM}, {"reach of a cell", p.CellReachM},
	} {
		if !(c.value > 0) || math.IsInf(c.value, 1) {
			return fmt.Errorf("network: profile %q has a %s of %v", p.ID, c.name, c.value)
		}
	}
	return nil
}

func (p Profile) offStreet(metres float64) float64 { return metres / (p.OffStreetSpeedKMH / 3.6) }
