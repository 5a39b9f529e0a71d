package profile

// All are the profiles that Kora imports, in the order in which they are offered.
func All() []Profile { return []Profile{Walk(), Ebike(), Car(), Truck()} }

// ByID is the profile with this ID.
func ByID(id string) (Profile, bool) {
	for _, p := range All() {
		if p.ID == id {
			return p, true
		}
	}
	return Profile{}, false
}

// thinAir is for people on foot. A street-walking study at altitude could not be found.
func thinAir() Altitude {
	return Altitude{
		Factor: 0.92, Low: 0.85, High: 1, Date: "2026-11-24",
		Source: "between no change in visitors at 3,400 m (Wilderness & Environmental Medicine 2014) and about -9 % in a 6-minute " +
			"walk of residents of 3,825 m (Extreme Physiology & Medicine 2014, 3:3)",
	}
}

// sameAir is for what altitude does not slow, or what has it in its balance of power.
func sameAir(why string) Altitude {
	return Altitude{Factor: 1, Low: 1, High: 1, Date: "2026-11-24", Source: why}
}

const (
	seaLevelWalkKMH = 4.0 / 0.92 // so that 1 km takes 15 minutes at the altitude of Lhasa
	offStreetKMH    = 3.0
	pointReachM     = 500
	cellReachM      = 100
)

// Walk is a pedestrian at the height of Lhasa, 3,650 m: 4.0 km/h on the level, slower or faster with the slope by Tobler's
// hiking function, exp(-3.5 |slope + 0.05|), scaled to that speed.
func Walk() Profile {
	air := thinAir()
	flat := seaLevelWalkKMH * air.Factor
	roads := map[string]float64{}
	for _, kind := range []string{"trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link", "tertiary",
		"tertiary_link", "unclassified", "residential", "living_street", "service", "road", "pedestrian", "footway", "path",
		"track", "cycleway", "bridleway", "corridor", "crossing"} {
		roads[kind] = flat
	}
	roads["steps"] = flat / 2
	return Profile{
		ID:                "walk",
		FlatSpeedKMH:      flat,
		RoadsKMH:          roads,
		OpenedKMH:         flat,
		SlopeModel:        "Tobler 1993, scaled to the flat speed; steps at half of it",
		MaxSlope:          0.40,
		Tobler:            true,
		Altitude:          air,
		OffStreetSpeedKMH: offStreetKMH,
		PointReachM:       pointReachM,
		CellReachM:        cellReachM,
		AccessKeys:        []string{"foot", "access"},
		OneWayKeys:        []string{"oneway:foot"},
		Barriers:          []string{"wall", "fence", "hedge", "retaining_wall", "city_wall", "ditch"},
		Source: "W. Tobler, Three Presentations on Geographical Analysis and Modeling, NCGIA 93-1, 1993 (slope); " +
			"1 km in 15 minutes, as the workers' station rule and GB 50180-2018 count it (flat speed, for 3,650 m); " +
			"J. Fruin, Pedestrian Planning and Design, 1971 (steps: 0.5 to 0.6 m/s upwards, measured on the map)",
	}
}

// Ebike is an electric bicycle as GB 17761-2018 allows it: assisted up to 25 km/h, with a motor of at most 400 W. On a climb
// the balance of power tells how much slower; going down it never exceeds 25 km/h.
func Ebike() Profile {
	roads := map[string]float64{"living_street": 15, "service": 15, "track": 12, "path": 10, "cycleway": 25}
	for _, kind := range []string{"trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link", "tertiary",
		"tertiary_link", "unclassified", "residential", "road"} {
		roads[kind] = 25
	}
	return Profile{
		ID:           "ebike",
		FlatSpeedKMH: 25,
		RoadsKMH:     roads,
		OpenedKMH:    10,
		SlopeModel:   "balance of power: rolling, climbing and air at 3,650 m; pushed at 3 km/h where it would be slower",
		MaxSlope:     0.40,
		Power:        &Power{Watts: 380, MassKG: 130, Rolling: 0.008, DragM2: 0.6, AirKGM3: 0.82, FloorKMH: 3},
		Altitude:     sameAir("the motor is not slowed; thinner air is in the balance of power"),

		OffStreetSpeedKMH: offStreetKMH,
		PointReachM:       pointReachM,
		CellReachM:        cellReachM,
		AccessKeys:        []string{"electric_bicycle", "bicycle", "vehicle", "access"},
		OneWayKeys:        []string{"oneway:electric_bicycle", "oneway:bicycle", "oneway"},
		TurnKeys:          []string{"bicycle"},
		Barriers: []string{"wall", "fence", "hedge", "retaining_wall", "city_wall", "ditch", "stile", "turnstile", "full-height_turnstile",
			"kissing_gate", "log", "debris", "jersey_barrier"},
		Source: "GB 17761-2018 (25 km/h, 400 W); 130 kg with its rider, 380 W at the wheel, rolling 0.008, drag 0.6 m², air " +
			"0.82 kg/m³ at 3,650 m: own estimate; holds 25 km/h up to +2.6 % and makes 12 km/h at +8 %",
	}
}

// Car drives at most at the lower design speed of its class of road. Slope does not slow it.
func Car() Profile {
	return Profile{
		ID:           "car",
		FlatSpeedKMH: 120,
		RoadsKMH: map[string]float64{"motorway": 100, "motorway_link": 40, "trunk": 70, "trunk_link": 40, "primary": 60, "primary_link": 35,
			"secondary": 50, "secondary_link": 30, "tertiary": 40, "tertiary_link": 25, "unclassified": 30, "residential": 20,
			"living_street": 10, "service": 15, "road": 20, "track": 15},
		OpenedKMH:  10,
		LimitShare: 0.9,
		SlopeModel: "none",
		MaxSlope:   0.40,
		Altitude:   sameAir("none is assumed"),

		OffStreetSpeedKMH: offStreetKMH,
		PointReachM:       pointReachM,
		CellReachM:        cellReachM,
		AccessKeys:        []string{"motorcar", "motor_vehicle", "vehicle", "access"},
		OneWayKeys:        []string{"oneway:motorcar", "oneway:motor_vehicle", "oneway"},
		TurnKeys:          []string{"motorcar", "motor_vehicle"},
		Barriers:          stopsCars(),
		Source: "JTG B01-2014 (design speeds of highways) and CJJ 37-2012 (of urban roads), the lower one of each class; nine " +
			"tenths of maxspeed=* where it is given: own choice; no traffic, no lights",
	}
}

// Truck is a laden articulated truck of six axles as GB 1589-2016 allows it: 49 t, 4.0 m high.
func Truck() Profile {
	return Profile{
		ID:           "truck",
		FlatSpeedKMH: 80,
		RoadsKMH: map[string]float64{"motorway": 80, "motorway_link": 35, "trunk": 60, "trunk_link": 35, "primary": 50, "primary_link": 30,
			"secondary": 40, "secondary_link": 25, "tertiary": 35, "tertiary_link": 20, "unclassified": 25, "residential": 15,
			"living_street": 8, "service": 10, "road": 15, "track": 10},
		OpenedKMH:  8,
		LimitShare: 0.9,
		SlopeModel: "balance of power: rolling, climbing and air at 3,650 m; never below 6 km/h",
		MaxSlope:   0.40,
		Power:      &Power{Watts: 280_000, MassKG: 49_000, Rolling: 0.007, DragM2: 6, AirKGM3: 0.82, FloorKMH: 6},
		Altitude:   sameAir("engines are taken to be turbocharged; thinner air is in the balance of power"),

		OffStreetSpeedKMH: offStreetKMH,
		PointReachM:       pointReachM,
		CellReachM:        cellReachM,
		AccessKeys:        []string{"hgv", "motor_vehicle", "vehicle", "access"},
		OneWayKeys:        []string{"oneway:hgv", "oneway:motor_vehicle", "oneway"},
		TurnKeys:          []string{"hgv", "motor_vehicle"},
		Barriers:          stopsCars(),
		HeightM:           4.0,
		WeightT:           49,
		Source: "GB 1589-2016 (4.0 m, 49 t on six axles); 280 kW at the wheels, rolling 0.007, drag 6 m², speeds a step below those " +
			"of cars: own estimate; no traffic, no lights",
	}
}

func stopsCars() []string {
	return []string{"wall", "fence", "hedge", "retaining_wall", "city_wall", "ditch", "stile", "turnstile", "full-height_turnstile",
		"kissing_gate", "log", "debris", "jersey_barrier", "bollard", "block", "cycle_barrier", "motorcycle_barrier", "chain", "planter",
		"bar", "rope", "sump_buster", "bus_trap", "horse_stile", "wicket_gate"}
}
