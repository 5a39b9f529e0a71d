package sample_test

import (
	"io/fs"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"kora/geo/elevation"
	"kora/sample"
)

// The ground has the heights of the places that people know, and lies under every station and parcel at about what is stated.
func TestTheGroundIsAboutAsHighAsItIs(t *testing.T) {
	saved, err := fs.ReadFile(sample.Files(), sample.Heights)
	if err != nil {
		t.Fatal(err)
	}
	m, err := elevation.Decode(saved)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		at     orb.Point
		metres float64
	}{
		"Lhasa": {orb.Point{91.1225, 29.6535}, 3650}, "Mila": {orb.Point{92.34, 29.82}, 5013}, "Serkhyimla": {orb.Point{94.65, 29.62}, 4728},
		"Bayi": {orb.Point{94.3605, 29.64}, 2992}, "Tongmai": {orb.Point{95.07, 30.1}, 2070},
	} {
		if got, ok := m.At(c.at); !ok || math.Abs(got-c.metres) > 100 {
			t.Errorf("%s lies at %.0f m (%v), want about %.0f m", name, got, ok, c.metres)
		}
	}
	for _, s := range stations(t) {
		if got, ok := m.At(s.Point); !ok || math.Abs(got-s.AltitudeM) > 120 {
			t.Errorf("%s at %.0f m (%v), stated %.0f m", s.Code, got, ok, s.AltitudeM)
		}
	}
	steep := 0
	for _, p := range parcels(t) {
		got, ok := m.Over(p.Geometry, p.Geometry.Bound().Center())
		if !ok || math.Abs(got.AltitudeM-p.AltitudeM) > 120 || got.SlopeDeg > 25 {
			t.Errorf("%s: %+v (%v), stated %.0f m", p.Number, got, ok, p.AltitudeM)
		}
		if got.SlopeDeg > 2 {
			steep++
		}
	}
	t.Logf("%d parcels are steeper than 2°", steep)
}
