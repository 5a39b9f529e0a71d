package service_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"kora/geo/network"
	"kora/geo/profile"
	"kora/geo/service"
	"kora/importers"
)

// graphHopperCar is a car as GraphHopper has it by default: its table of speeds, nine tenths of a speed limit where one is
// given, no slopes. (Figures: graphhopper/graphhopper, CarAverageSpeedParser; facts, no code.)
func graphHopperCar() profile.Profile {
	p := profile.Car()
	// It does not count the way between a place and the street. Here that is driven too: not on foot, which would count
	// minutes that GraphHopper does not know, and not for nothing, which would let one cut corners.
	p.OffStreetSpeedKMH = 20
	p.RoadsKMH = map[string]float64{"motorway": 100, "motorway_link": 70, "trunk": 70, "trunk_link": 65, "primary": 65, "primary_link": 60,
		"secondary": 60, "secondary_link": 50, "tertiary": 50, "tertiary_link": 40, "unclassified": 30, "residential": 30,
		"living_street": 5, "service": 20, "road": 20, "track": 15}
	p.FlatSpeedKMH = 140
	return p
}

// atOneSpeed goes everywhere that a car may go at the same speed.
func atOneSpeed(kmh float64) profile.Profile {
	p := graphHopperCar()
	for kind := range p.RoadsKMH {
		p.RoadsKMH[kind] = kmh
	}
	p.FlatSpeedKMH, p.OpenedKMH, p.OffStreetSpeedKMH = kmh, kmh, kmh
	p.LimitShare = 1000 // so that a speed limit is capped at that speed
	return p
}

// The facts that GraphHopper's own tests state of isochrones on its Andorra hold here: which places lie inside and outside
// of the area within a time, and of that within half of it.
func TestFactsOfGraphHopper(t *testing.T) {
	text, err := os.ReadFile("../../../shared/data/isochrones/graphhopper-andorra.json")
	if os.IsNotExist(err) {
		t.Skip("the facts are not at hand")
	}
	if err != nil {
		t.Fatal(err)
	}
	var facts struct {
		Cases []struct {
			Point   orb.Point
			Profile string
			Time    float64 `json:"time_limit_s"`
			Metres  float64 `json:"distance_limit_m"`
			Buckets int
			Reverse bool `json:"reverse_flow"`
			Inside  map[string][]orb.Point
			Outside map[string][]orb.Point
		}
	}
	if err := json.Unmarshal(text, &facts); err != nil {
		t.Fatal(err)
	}
	if len(facts.Cases) != 4 {
		t.Fatalf("%d cases", len(facts.Cases))
	}
	for i, c := range facts.Cases {
		p, limit := graphHopperCar(), c.Time
		switch {
		case c.Metres > 0: // a second is a metre
			p, limit = atOneSpeed(3.6), c.Metres
		case c.Profile != "":
			p = atOneSpeed(35)
		}
		n := extractBy(t, "graphhopper-andorra.osm.pbf", p.ID, importers.NetworkOptions{Profiles: []profile.Profile{profile.Walk(), p}})
		start, ok := n.Link(c.Point, p.PointReachM)
		if !ok {
			t.Fatal("the place has no street")
		}
		for bucket := range c.Buckets {
			seconds := limit * float64(bucket+1) / float64(c.Buckets)
			// GraphHopper's flow is from the place outwards unless it is reversed
			area, err := service.IsochroneOf(context.Background(), n, start, service.IsochroneOptions{MaxSeconds: seconds, From: !c.Reverse, Resolution: 10})
			if err != nil {
				t.Fatal(err)
			}
			for inside, places := range map[bool][]orb.Point{true: c.Inside[fmt.Sprint(bucket)], false: c.Outside[fmt.Sprint(bucket)]} {
				for _, place := range places {
					link, linked := n.Link(place, p.PointReachM)
					if !linked {
						t.Fatalf("%v has no street", place)
					}
					f, err := n.Field(context.Background(), []network.Link{start}, network.Options{MaxSeconds: 1e6, From: !c.Reverse})
					if err != nil {
						t.Fatal(err)
					}
					s, _, _ := f.TimeFrom(link)
					if i == 3 && inside {
						// The one fact that is of a drawing: by the shortest way this place takes 133 s (135 s from the spots on
						// the street), and GraphHopper's contour, drawn across triangles between junctions, takes it in at 130 s.
						if s < 130 || s > 136 {
							t.Errorf("case %d: %v takes %.0f s", i, place, s)
						}
						continue
					}
					if (s <= seconds) != inside {
						t.Errorf("case %d: %v takes %.0f of %.0f; inside is %v", i, place, s, seconds, inside)
					}
					if got := planar.MultiPolygonContains(area.Area, place); got != inside {
						t.Errorf("case %d, within %.0f: %v lies inside of what is drawn: %v, want %v", i, seconds, place, got, inside)
					}
				}
			}
		}
	}
}
