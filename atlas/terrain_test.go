package atlas_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"

	"kora"
	"kora/atlas"
	"kora/atlas/atlastest"
	"kora/geo/elevation"
)

// What is not known is said to be, and why; it is never 0.
func TestTerrainIsKnownOrNot(t *testing.T) {
	square := func(x, y, size float64) orb.MultiPolygon {
		return orb.MultiPolygon{{{{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}, {x, y}}}}
	}
	town := atlastest.Town(t)
	town.Parcels = map[int64]*kora.Parcel{
		1: {ID: 1, Number: "A", Status: kora.ParcelReady, Geometry: square(91.3, 29.4, 0.01)},
		2: {ID: 2, Number: "B", Status: kora.ParcelReady, Geometry: square(91.3001, 29.4001, 0.0001)}, // less than a sample
		3: {ID: 3, Number: "C", Status: kora.ParcelReady, Geometry: square(95, 29.4, 0.01)},           // beyond what is known
	}
	flat := *town.Network
	town.Network = &flat
	terrain := func(number string) atlas.Terrain {
		a := still(t, town)
		row, _ := a.ParcelTable().Row(a.Parcel(number).ID)
		return a.Terrain(row)
	}
	for _, number := range []string{"A", "B", "C"} {
		if got := terrain(number); got.Missing != atlas.NoHeights {
			t.Errorf("without heights, %s: %+v", number, got)
		}
	}
	if _, ok := still(t, town).Height(orb.Point{91.3, 29.4}); ok {
		t.Error("a height without heights")
	}
	flat.Heights = elevation.NewModel(elevation.Sampled(elevation.Corner{Lat: 29, Lon: 91}, 1201, func(p orb.Point) float64 {
		return 3650 + 10_000*(p[1]-29.4) // rises 10 km in a degree of 111 km: 5.15°; samples are whole metres
	})).Encode()
	for number, samples := range map[string]int{"A": 144, "B": 0} {
		got := terrain(number)
		if got.Missing != "" || math.Abs(got.AltitudeM-3650) > 60 || math.Abs(got.SlopeDeg-5.15) > 0.2 || math.Abs(float64(got.Samples-samples)) > 25 {
			t.Errorf("%s: %+v", number, got)
		}
	}
	if got := terrain("C"); got.Missing != atlas.NoneAtPlace {
		t.Errorf("C: %+v", got)
	}
	if metres, ok := still(t, town).Height(orb.Point{91.3, 29.41}); !ok || math.Abs(metres-3750) > 1 {
		t.Errorf("%v m, %v", metres, ok)
	}
}
