package exporters_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"kora"
	"kora/exporters"
)

// Stretches as lines are as long as they say, and together both ways along every highway.
func TestCorridorsAreTheWholeHighway(t *testing.T) {
	a := town(t)
	q := exporters.CorridorQuery{Profile: "walk", Minutes: 9, Kinds: []kora.Kind{kora.KindUnion, kora.KindOxygen}}
	set, err := exporters.Corridors(t.Context(), a, q)
	if err != nil {
		t.Fatal(err)
	}
	paths := export(t, set, "corridors.geojson")
	metres := map[string]float64{}
	for _, f := range readGeoJSON(t, paths[0]).Features {
		line := f.Geometry.(orb.MultiLineString)
		if said := f.Properties["length_m"].(float64); math.Abs(geo.Length(line)-said) > 2+said/100 {
			t.Errorf("%v is %.0f m long", f.Properties, geo.Length(line))
		}
		metres[f.Properties["direction"].(string)] += geo.Length(line)
	}
	whole := geo.Length(a.Highways[0].Geometry)
	for _, direction := range []string{"up", "down"} {
		if math.Abs(metres[direction]-whole) > 2 {
			t.Errorf("%s: %.0f of %.0f m", direction, metres[direction], whole)
		}
	}
	if homes := readGeoJSON(t, paths[1]).Features; len(homes) == 0 || homes[0].Properties["ref"] != "G318" {
		t.Errorf("homes %v", homes)
	}
	for name, q := range map[string]exporters.CorridorQuery{
		"both limits": {Profile: "walk", Minutes: 9, KM: 9}, "no limit": {Profile: "walk"}, "too far": {Profile: "walk", KM: 2000},
		"no such kind": {Profile: "walk", Minutes: 9, Kinds: []kora.Kind{"inn"}}, "no streets": {Profile: "truck", Minutes: 9},
	} {
		if _, err := exporters.Corridors(t.Context(), a, q); kora.ReasonOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
