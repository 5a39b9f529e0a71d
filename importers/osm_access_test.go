package importers

import (
	"bytes"
	"context"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kora"
	"kora/geo/network"
	"kora/geo/profile"
	"kora/importers/pbf"
	"kora/importers/pbftest"
)

// on is the same file as one profile sees it.
func (m imported) on(t testing.TB, id string) imported {
	t.Helper()
	streets, err := network.Unmarshal(m.Streets[id])
	if err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	m.streets = streets
	return m
}

// everyone is the order in which tables here name the profiles.
var everyone = []string{"walk", "ebike", "car", "truck"}

// ways tells how each profile may go from x = 0 to x = 100: = both ways, > along, < against, - not at all.
func (m imported) ways(t testing.TB) string {
	t.Helper()
	var said []string
	for _, id := range everyone {
		there := !math.IsInf(m.on(t, id).seconds(t, metresAt(0, 0), metresAt(100, 0)), 1)
		back := !math.IsInf(m.on(t, id).seconds(t, metresAt(100, 0), metresAt(0, 0)), 1)
		said = append(said, map[[2]bool]string{{true, true}: "=", {true, false}: ">", {false, true}: "<", {}: "-"}[[2]bool{there, back}])
	}
	return strings.Join(said, " ")
}

func TestWhoMayTravelWhere(t *testing.T) {
	for tags, want := range map[string]string{ // walk, ebike, car, truck; the last key of access only closes
		// kinds of street
		"highway=residential":   "= = = =",
		"highway=motorway":      "- - > >",
		"highway=motorway_link": "- - = =", // its one-way is not implied
		"highway=trunk":         "= = = =",
		"highway=living_street": "= = = =",
		"highway=service":       "= = = =",
		"highway=track":         "= = = =",
		"highway=path":          "= = - -",
		"highway=cycleway":      "= = - -",
		"highway=footway":       "= - - -",
		"highway=pedestrian":    "= - - -",
		"highway=bridleway":     "= - - -",
		"highway=steps":         "= - - -",
		"highway=corridor":      "= - - -",
		"highway=busway":        "- - - -",
		"highway=construction":  "- - - -",
		"highway=construction, access=yes, vehicle=yes":       "- - - -",
		"highway=proposed, motor_vehicle=yes":                 "- - - -",
		"highway=trunk, motorroad=yes":                        "- - = =",
		"highway=trunk, motorroad=yes, bicycle=yes, foot=yes": "= = = =",
		// access: the tag for the profile's own kind of traffic first
		"highway=footway, bicycle=yes":                                     "= = - -",
		"highway=footway, bicycle=designated, foot=no":                     "- = - -",
		"highway=footway, motor_vehicle=destination":                       "= - = =",
		"highway=footway, vehicle=yes":                                     "= = = =",
		"highway=pedestrian, motorcar=yes":                                 "= - = -",
		"highway=path, hgv=yes":                                            "= = - =",
		"highway=path, bicycle=dismount":                                   "= - - -",
		"highway=cycleway, electric_bicycle=no":                            "= - - -",
		"highway=footway, bicycle=no, electric_bicycle=yes":                "= = - -",
		"highway=steps, bicycle=yes":                                       "= - - -",
		"highway=steps, motor_vehicle=yes":                                 "= - - -",
		"highway=primary, bicycle=use_sidepath":                            "= - = =",
		"highway=residential, vehicle=no":                                  "= - - -",
		"highway=residential, vehicle=no, bicycle=yes":                     "= = - -",
		"highway=residential, motor_vehicle=no":                            "= = - -",
		"highway=residential, motor_vehicle=no, hgv=delivery":              "= = - =",
		"highway=residential, motor_vehicle=private, motorcar=yes":         "= = = -",
		"highway=residential, access=no":                                   "- - - -",
		"highway=residential, access=no, foot=yes":                         "= - - -",
		"highway=residential, access=no, motor_vehicle=permissive":         "- - = =",
		"highway=residential, access=private":                              "- - - -",
		"highway=residential, hgv=no":                                      "= = = -",
		"highway=track, motor_vehicle=agricultural;forestry":               "= = - -",
		"highway=track, motor_vehicle=forestry":                            "= = - -",
		"highway=service, access=customers":                                "= = = =",
		"highway=residential, access=no, access:conditional=yes":           "- - - -", // conditions are not read
		"highway=residential, motor_vehicle:conditional=no@(22-06)":        "= = = =",
		"highway=path, bicycle=no":                                         "= - - -",
		"highway=steps, ramp:bicycle=yes":                                  "= - - -",
		"highway=pedestrian, access=delivery, hgv=delivery":                "= - - =",
		"highway=unclassified, motor_vehicle=permit, motorcar=destination": "= = = -",
		// one-ways
		"highway=living_street, oneway=yes, oneway:motor_vehicle=no":      "= > = =",
		"highway=residential, oneway=yes":                                 "= > > >",
		"highway=residential, oneway=1":                                   "= > > >",
		"highway=residential, oneway=-1":                                  "= < < <",
		"highway=residential, oneway=no":                                  "= = = =",
		"highway=residential, oneway=reversible":                          "= - - -",
		"highway=residential, oneway=alternating":                         "= - - -",
		"highway=residential, oneway=yes, oneway:bicycle=no":              "= = > >",
		"highway=residential, oneway=no, oneway:bicycle=yes":              "= > = =",
		"highway=residential, oneway=yes, oneway:bicycle=-1":              "= < > >",
		"highway=residential, oneway=yes, cycleway=opposite":              "= = > >",
		"highway=residential, oneway=yes, cycleway=opposite_lane":         "= = > >",
		"highway=residential, oneway=-1, cycleway=opposite_lane":          "= = < <",
		"highway=residential, oneway=yes, cycleway:left=opposite_lane":    "= = > >",
		"highway=residential, oneway=yes, cycleway:left:oneway=-1":        "= = > >",
		"highway=residential, oneway=yes, cycleway:both:oneway=no":        "= = > >",
		"highway=residential, oneway=yes, cycleway=lane":                  "= > > >",
		"highway=residential, oneway=yes, oneway:hgv=no":                  "= > > =",
		"highway=residential, oneway:motor_vehicle=yes":                   "= = > >",
		"highway=residential, oneway:foot=yes":                            "> = = =",
		"highway=residential, junction=roundabout":                        "= > > >",
		"highway=residential, junction=roundabout, oneway=no":             "= = = =",
		"highway=residential, junction=roundabout, oneway=-1":             "= < < <",
		"highway=residential, junction=circular":                          "= > > >",
		"highway=motorway, oneway=no":                                     "- - = =",
		"highway=motorway, oneway=-1":                                     "- - < <",
		"highway=cycleway, oneway=yes":                                    "= > - -",
		"highway=cycleway, oneway=yes, oneway:bicycle=no":                 "= = - -",
		"highway=residential, maxheight=4.0":                              "= = = =",
		"highway=residential, maxheight=3.9":                              "= = = -",
		"highway=residential, maxheight=3,9":                              "= = = -",
		"highway=residential, maxheight=3.9 m":                            "= = = -",
		"highway=residential, maxheight=13'6\"":                           "= = = =", // 4.11 m
		"highway=residential, maxheight=12'6\"":                           "= = = -",
		"highway=residential, maxheight=12'":                              "= = = -",
		"highway=residential, maxheight=13 ft":                            "= = = -",
		"highway=residential, maxheight=default":                          "= = = =",
		"highway=residential, maxheight=none":                             "= = = =",
		"highway=residential, maxheight=no_indications":                   "= = = =",
		"highway=residential, maxheight=below_default":                    "= = = -",
		"highway=residential, maxheight:physical=3.5":                     "= = = -",
		"highway=residential, maxheight=default, maxheight:physical=3.9m": "= = = -",
		"highway=residential, maxweight=49":                               "= = = =",
		"highway=residential, maxweight=48.9":                             "= = = -",
		"highway=residential, maxweight=12.5 t":                           "= = = -",
		"highway=residential, maxweight=12500 kg":                         "= = = -",
		"highway=residential, maxweight=80000 kg":                         "= = = =",
		"highway=residential, maxweight=50 st":                            "= = = -", // 45.4 t
		"highway=residential, maxweight=110000 lbs":                       "= = = =", // 49.9 t
		"highway=residential, maxweight=80000 lbs":                        "= = = -",
		"highway=residential, maxweight=none":                             "= = = =",
		"highway=residential, maxweight=unsigned":                         "= = = =",
		"highway=residential, maxweightrating=7.5":                        "= = = -",
		"highway=residential, maxweightrating:hgv=7.5":                    "= = = -",
		"highway=residential, maxweight=7.5, maxweight:hgv=60":            "= = = =",
		"highway=residential, maxweight=7.5, hgv=destination":             "= = = -", // who is let in is still too heavy
		"highway=residential, maxweight:conditional=none@delivery":        "= = = =",
		// ferries, which need a duration
		"route=ferry":                                              "- - - -",
		"route=ferry, duration=00:10":                              "= = = =",
		"route=ferry, duration=100:00":                             "- - - -",
		"route=ferry, duration=00:10, foot=yes":                    "= = - -",
		"route=ferry, duration=00:10, foot=yes, bicycle=no":        "= - - -",
		"route=ferry, duration=00:10, foot=yes, motor_vehicle=yes": "= = = =",
		"route=ferry, duration=00:10, bicycle=yes, motorcar=yes":   "= = = -",
		"route=ferry, duration=00:10, motor_vehicle=no":            "= = - -",
		"route=ferry, duration=00:10, hgv=no":                      "= = = -",
		"route=ferry, duration=00:10, foot=no":                     "- = = =",
		"route=ferry, duration=00:10, access=private":              "- - - -",
		"route=ferry, duration=00:10, oneway=yes":                  "= > > >",
		"route=ferry, duration=00:10, vehicle=yes, maxweight=20":   "= = = -",
		"railway=rail, motor_vehicle=yes":                          "- - - -",
		"highway=residential, motor_vehicle=yes;no":                "= = = =", // unreadable, so not said
		"highway=unclassified, access=yes, motorroad=yes":          "- - = =",
		"highway=residential, conveying=forward":                   "> > > >",
		"highway=residential, oneway=yes, junction=roundabout":     "= > > >",
		"highway=residential, oneway=maybe":                        "= = = =",
		"highway=motorway, motor_vehicle=no":                       "- - - -",
		"highway=motorway, motorcar=no, hgv=designated":            "- - - >",
		"highway=footway, access=yes":                              "= - - -", // opens nothing that is not usual
		"highway=emergency_bay, motor_vehicle=yes":                 "- - = =",
		"highway=raceway, motor_vehicle=yes":                       "- - - -",
		"highway=residential, vehicle=private, bicycle=permissive": "= = - -",
		"highway=residential, vehicle=destination":                 "= = = =",
		"highway=residential, foot=no":                             "- = = =",
		"highway=cycleway, motor_vehicle=no, foot=no":              "- = - -",
		"highway=track, access=no, bicycle=permissive":             "- = - -",
		"highway=residential, psv=yes, motor_vehicle=no":           "= = - -",
	} {
		var s sheet
		s.street(residential, -500, 0, -400, 0) // so that there is a network for everyone in any case
		s.betweenStreets(strings.Split(tags, ", "), 0, 0, 100, 0)
		m := importFile(t, s.file(pbftest.Options{}), NetworkOptions{})
		if got := m.ways(t); got != want {
			t.Errorf("%s: %s, want %s", tags, got, want)
		}
	}
}

// A speed in km/h over 1,000 m, as the tables and the tags give it.
func TestSpeedsOfStreets(t *testing.T) {
	type speeds map[string]float64
	for tags, want := range map[string]speeds{
		"highway=motorway":                                       {"car": 100, "truck": 80},
		"highway=primary":                                        {"walk": 4, "ebike": 25, "car": 60, "truck": 50},
		"highway=residential":                                    {"walk": 4, "ebike": 25, "car": 20, "truck": 15},
		"highway=service":                                        {"walk": 4, "ebike": 15, "car": 15, "truck": 10},
		"highway=path":                                           {"walk": 4, "ebike": 10},
		"highway=footway, bicycle=yes":                           {"walk": 4, "ebike": 10},
		"highway=steps":                                          {"walk": 2},
		"highway=footway, motor_vehicle=yes":                     {"walk": 4, "car": 10, "truck": 8},
		"highway=primary, maxspeed=40":                           {"walk": 4, "ebike": 25, "car": 36, "truck": 36},
		"highway=primary, maxspeed=40 km/h":                      {"car": 36},
		"highway=primary, maxspeed=30 mph":                       {"car": 0.9 * 48.28, "truck": 0.9 * 48.28},
		"highway=primary, maxspeed=80, maxspeed:hgv=60":          {"car": 72, "truck": 54},
		"highway=primary, maxspeed=walk":                         {"ebike": 25, "car": 5.4, "truck": 5.4},
		"highway=primary, maxspeed=CN:urban":                     {"car": 45, "truck": 45},
		"highway=primary, maxspeed=CN:rural":                     {"car": 63},
		"highway=motorway, maxspeed=CN:motorway":                 {"car": 108, "truck": 80},
		"highway=motorway, maxspeed=none":                        {"car": 100},
		"highway=motorway, maxspeed=999":                         {"car": 120, "truck": 80},
		"highway=primary, maxspeed=signals":                      {"car": 60},
		"highway=primary, maxspeed=50;80":                        {"car": 60},
		"highway=primary, maxspeed=0":                            {"car": 60},
		"highway=primary, maxspeed=0.0000001":                    {"car": 4.5}, // no time without end
		"highway=primary, maxspeed:conditional=30 @ (22:00-6:0)": {"car": 60},
	} {
		var s sheet
		s.street(residential, -500, 0, -400, 0)
		s.street(strings.Split(tags, ", "), 0, 0, 1000, 0)
		m := importFile(t, s.file(pbftest.Options{}), NetworkOptions{})
		for id, kmh := range want {
			seconds := m.on(t, id).seconds(t, metresAt(0, 0), metresAt(1000, 0))
			if got := 3600 / seconds; math.Abs(got/kmh-1) > 0.003 {
				t.Errorf("%s, %s: %.2f km/h, want %.2f", tags, id, got, kmh)
			}
		}
	}
}

// On a slope each profile has its own seconds, and each direction too.
func TestEveryProfileClimbsByItsOwnModel(t *testing.T) {
	var s sheet
	s.street(residential, 1000, 0, 5000, 0)
	m := importFile(t, s.file(pbftest.Options{}), NetworkOptions{DEM: dem(func(x float64) float64 { return 3000 + 0.08*x })})
	for _, p := range profile.All() {
		for _, c := range []struct{ from, to, slope float64 }{{1000, 5000, 0.08}, {5000, 1000, -0.08}} {
			want := p.SecondsAt(4000, c.slope, p.RoadsKMH["residential"])
			if got := m.on(t, p.ID).seconds(t, metresAt(c.from, 0), metresAt(c.to, 0)); math.Abs(got/want-1) > 0.01 {
				t.Errorf("%s at %+.0f %%: %.1f s, want %.1f s", p.ID, 100*c.slope, got, want)
			}
		}
	}
	if up, level := m.on(t, "ebike").seconds(t, metresAt(1000, 0), metresAt(5000, 0)), 4000/(25/3.6); up < 2*level {
		t.Errorf("an e-bike takes %.0f s up, and %.0f s on the level", up, level)
	}
}

func TestStepsAreSlowEitherWayWhateverTheGround(t *testing.T) {
	var s sheet
	s.street([]string{"highway=steps"}, 1000, 0, 1100, 0)
	m := importFile(t, s.file(pbftest.Options{}), NetworkOptions{DEM: dem(func(x float64) float64 { return 3000 + 0.3*x })})
	for _, c := range [][2]float64{{1000, 1100}, {1100, 1000}} {
		if got := m.seconds(t, metresAt(c[0], 0), metresAt(c[1], 0)); math.Abs(got-180) > 1.5 { // 2 km/h; the last metre beside them is faster
			t.Errorf("%v: %.1f s", c, got)
		}
	}
}

func TestBarriersByProfile(t *testing.T) {
	for tags, want := range map[string]string{ // walk, ebike, car, truck: = passes, - is stopped
		"barrier=gate":                               "= = = =",
		"barrier=lift_gate":                          "= = = =",
		"barrier=toll_booth":                         "= = = =",
		"barrier=cattle_grid":                        "= = = =",
		"barrier=entrance":                           "= = = =",
		"barrier=kerb":                               "= = = =",
		"barrier=border_control":                     "= = = =",
		"barrier=bollard":                            "= = - -",
		"barrier=block":                              "= = - -",
		"barrier=cycle_barrier":                      "= = - -",
		"barrier=motorcycle_barrier":                 "= = - -",
		"barrier=chain":                              "= = - -",
		"barrier=planter":                            "= = - -",
		"barrier=jersey_barrier":                     "= - - -",
		"barrier=stile":                              "= - - -",
		"barrier=kissing_gate":                       "= - - -",
		"barrier=turnstile":                          "= - - -",
		"barrier=wall":                               "- - - -",
		"barrier=fence":                              "- - - -",
		"barrier=no, access=no":                      "= = = =",
		"barrier=gate, access=private":               "- - - -",
		"barrier=gate, access=no, foot=yes":          "= - - -",
		"barrier=gate, access=no, bicycle=yes":       "- = - -",
		"barrier=gate, motor_vehicle=private":        "= = - -",
		"barrier=gate, vehicle=no":                   "= - - -",
		"barrier=gate, hgv=no":                       "= = = -",
		"barrier=gate, locked=yes":                   "- - - -",
		"barrier=gate, locked=yes, foot=yes":         "= - - -",
		"barrier=gate, locked=no":                    "= = = =",
		"barrier=bollard, locked=yes":                "= = - -",
		"barrier=lift_gate, locked=yes":              "= = - -",
		"barrier=bollard, motor_vehicle=yes":         "= = = =",
		"barrier=bollard, access=yes":                "= = = =",
		"barrier=stile, bicycle=yes":                 "= = - -",
		"barrier=height_restrictor":                  "= = = =", // as high as nobody says
		"barrier=height_restrictor, maxheight=2.1":   "= = = -",
		"barrier=height_restrictor, maxheight=4.2 m": "= = = =",
		"barrier=gate, maxheight=3.5, access=yes":    "= = = -",
		"barrier=gate, maxweight=7.5, hgv=yes":       "= = = -",
		"barrier=yes":                                "= = = =",
		"highway=crossing, access=no":                "= = = =", // not a barrier: says nothing about the way
		"highway=traffic_signals":                    "= = = =",
		"maxheight=3.2":                              "= = = -",
		"amenity=parking_entrance, maxheight=1.9":    "= = = -",
		"maxheight=default":                          "= = = =",
		"barrier=bollard, motor_vehicle:conditional=yes @ (06:00-10:00)": "= = - -",
	} {
		var s sheet
		a, b := s.node(0, 0), s.node(100, 0)
		s.way([]int64{a, s.node(50, 0, strings.Split(tags, ", ")...), b}, residential...)
		m := importFile(t, s.file(pbftest.Options{}), NetworkOptions{})
		if got := m.ways(t); got != want {
			t.Errorf("%s: %s, want %s", tags, got, want)
		}
		if stopped := strings.Contains(want, "-"); stopped != (m.report.Barriers == 1) {
			t.Errorf("%s: %d barriers are counted", tags, m.report.Barriers)
		}
	}
}

func TestProfilesWithoutStreetsAreLeftOut(t *testing.T) {
	var s sheet
	s.street([]string{"highway=footway"}, 0, 0, 100, 0)
	s.street([]string{"highway=path"}, 100, 0, 200, 0)
	m := importFile(t, s.file(pbftest.Options{}), NetworkOptions{})
	if got := slices.Sorted(maps.Keys(m.Streets)); !slices.Equal(got, []string{"ebike", "walk"}) {
		t.Errorf("networks of %v", got)
	}
	if got := slices.Sorted(maps.Keys(m.report.Profiles)); !slices.Equal(got, []string{"ebike", "walk"}) {
		t.Errorf("report on %v", got)
	}
	if r := m.report.Profiles["walk"]; m.Nodes != r.Nodes || m.Edges != r.Edges || m.Nodes != 4 {
		t.Errorf("%d nodes and %d edges, and for walking %+v", m.Nodes, m.Edges, r)
	}
	var roads sheet
	roads.street([]string{"highway=motorway"}, 0, 0, 100, 0)
	_, _, err := Network(context.Background(), "x", bytes.NewReader(roads.file(pbftest.Options{})), NetworkOptions{})
	if kora.ReasonOf(err) != kora.ReasonFormat || !strings.Contains(err.Error(), "for walking") {
		t.Errorf("nothing but a motorway: %v", err)
	}
	five := append(profile.All(), profile.Walk())
	if _, _, err := Network(context.Background(), "x", bytes.NewReader(s.file(pbftest.Options{})), NetworkOptions{Profiles: five}); err == nil {
		t.Error("five profiles are taken")
	}
}

// Any tags give a street that can be travelled in finite time, or none.
func TestAnyTagsGiveSensibleStreets(t *testing.T) {
	keys := []string{"highway", "route", "duration", "access", "foot", "bicycle", "vehicle", "motor_vehicle", "hgv", "motorroad", "oneway",
		"oneway:bicycle", "junction", "cycleway", "maxspeed", "maxspeed:hgv", "maxheight", "maxweight", "bridge", "conveying"}
	values := []string{"", "yes", "no", "private", "-1", "1", "reversible", "residential", "steps", "motorway", "footway", "ferry", "roundabout",
		"opposite", "designated", "0", "5", "1e3", "0.00001", "99999999999", "4'", "'", "3 t", "walk", "none", ".", ",", "..", "00:10", "PT1H", "PT1e3H"}
	for _, id := range everyone {
		p, _ := profile.ByID(id)
		values = append(values, slices.Sorted(maps.Keys(p.RoadsKMH))...)
	}
	profiles := profile.All()
	rapid.Check(t, func(t *rapid.T) {
		tags := rapid.MapOfN(rapid.SampledFrom(keys), rapid.OneOf(rapid.SampledFrom(values), rapid.String()), 1, 6).Draw(t, "tags")
		street, ok := streetOn(readTags(t, tags), profiles)
		open := false
		for i, w := range street.passages {
			if !w.open() {
				continue
			}
			open = true
			seconds := profiles[i].SecondsAt(1, 0, float64(w.kmh))
			if !(seconds > 0 && seconds < 3) { // per metre
				t.Errorf("%s: %v s a metre at %v km/h", profiles[i].ID, seconds, w.kmh)
			}
		}
		if open != ok {
			t.Errorf("open %v, said to be %v", open, ok)
		}
		stopsAt(readTags(t, tags), profiles)
		if s := street.crossing; ok && !(s >= 0 && s <= longestCrossing) {
			t.Errorf("a crossing of %v s", s)
		}
	})
}

// readTags gives tags as the reader does.
func readTags(t rapid.TB, tags map[string]string) (read pbf.Tags) {
	file := pbftest.Encode(nil, []pbftest.Way{{ID: 1, Nodes: []int64{1, 2}, Tags: tags}}, nil, pbftest.Options{Raw: true})
	if _, err := pbf.Read(context.Background(), bytes.NewReader(file), pbf.Visitor{Way: func(w pbf.Way) error { read = w.Tags; return nil }}); err != nil {
		t.Fatal(err)
	}
	return read
}
