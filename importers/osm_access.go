package importers

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"kora/geo/network"
	"kora/geo/profile"
	"kora/importers/pbf"
)

// An osmStreet is a way that may be travelled by somebody.
type osmStreet struct {
	way      int32
	kind     network.Kind
	raised   bool    // on a bridge or in a tunnel: the ground says nothing about its height
	crossing float64 // seconds for the whole way on a ferry; 0 on land
	passages [maxProfiles]passage
}

// A passage is how one profile uses a street.
type passage struct {
	forward, backward bool
	kmh               float32 // on the level
}

func (p passage) open() bool { return p.forward || p.backward }

// maxProfiles is how many profiles are imported at once; what concerns each is a bit in a byte.
const maxProfiles = 4

// longestCrossing in seconds: a ferry that takes longer than three days is a slip of the pen.
const longestCrossing = 72 * 3600

// streetOn tells whether and how a way may be travelled by each of the profiles, by the tags of OpenStreetMap and their
// usual meaning (https://wiki.openstreetmap.org/wiki/OSM_tags_for_routing/Access_restrictions): a tag for the profile's own
// kind of traffic before one for all, before what the kind of way implies. Conditions (access:conditional and the like) are
// not read: what holds at some hours only counts as its plain tag says.
func streetOn(t pbf.Tags, profiles []profile.Profile) (s osmStreet, ok bool) {
	kind := t.Get("highway")
	ferry := kind == "" && t.Get("route") == "ferry"
	if kind == "" && !ferry {
		return s, false
	}
	if ferry {
		// without a timetable: only the crossing itself is counted, and only where its duration is given
		if s.crossing = durationSeconds(t.Get("duration")); s.crossing <= 0 || s.crossing > longestCrossing {
			return s, false
		}
		s.kind = network.Ferry
	}
	if kind == "steps" {
		s.kind = network.Steps
	}
	for i := range profiles {
		s.passages[i] = passageOn(t, kind, ferry, &profiles[i])
		ok = ok || s.passages[i].open()
	}
	s.raised = isRaised(t)
	return s, ok
}

func passageOn(t pbf.Tags, kind string, ferry bool, p *profile.Profile) passage {
	kmh, usual := p.RoadsKMH[kind]
	switch accessFor(t, p) {
	case closed:
		return passage{}
	case unsaid:
		if !ferry && !usual || t.Get("motorroad") == "yes" && !drives(p) || ferry && drives(p) && carriesWalkersOnly(t) {
			return passage{}
		}
	case open:
		if !ferry && !usual && (neverUsed(kind) || kind == "steps") {
			return passage{}
		}
	}
	if overLimit(t, p) {
		return passage{}
	}
	if !usual {
		kmh = p.OpenedKMH
	}
	if limit := speedLimit(t, p); limit > 0 && drives(p) {
		kmh = min(limit*p.LimitShare, p.FlatSpeedKMH)
	}
	w := passage{true, true, float32(kmh)}
	switch direction(t, kind, p) {
	case 1:
		w.backward = false
	case -1:
		w.forward = false
	case 2:
		return passage{}
	}
	return w
}

// drives tells the profiles of motor traffic: motorroads are for them, and limits of speed are their measure.
func drives(p *profile.Profile) bool { return p.LimitShare > 0 }

type access int

const (
	unsaid access = iota
	open
	closed
)

// accessFor is what the tags say to a profile; the strongest of its keys that says anything counts.
func accessFor(t pbf.Tags, p *profile.Profile) access {
	last := len(p.AccessKeys) - 1
	for i, key := range p.AccessKeys {
		a := accessValue(t.Get(key))
		if a == unsaid || a == open && i == last {
			continue // access=yes does not open a motorway to walkers
		}
		return a
	}
	return unsaid
}

func accessValue(v string) access {
	switch v {
	case "":
		return unsaid
	case "no", "private", "use_sidepath", "agricultural", "forestry", "agricultural;forestry", "emergency", "military",
		"permit", "residents", "psv", "bus", "dismount":
		return closed
	case "yes", "designated", "permissive", "destination", "customers", "delivery", "public", "official":
		return open
	}
	return unsaid
}

// carriesWalkersOnly tells of a ferry that names those on foot or on bicycles and nobody else.
func carriesWalkersOnly(t pbf.Tags) bool {
	return accessValue(t.Get("foot")) == open || accessValue(t.Get("bicycle")) == open
}

// neverUsed tells of ways that are none yet, or no longer, whatever else is said.
func neverUsed(kind string) bool {
	switch kind {
	case "construction", "proposed", "planned", "abandoned", "disused", "razed", "demolished", "removed", "no",
		"rest_area", "services", "via_ferrata", "raceway":
		return true
	}
	return false
}

// direction is 1 when a profile may go only along the way, -1 only against it, 0 both ways, 2 when it changes by the hour.
func direction(t pbf.Tags, kind string, p *profile.Profile) int {
	switch t.Get("conveying") { // escalators
	case "forward":
		return 1
	case "backward":
		return -1
	}
	for _, key := range p.OneWayKeys {
		way := 0
		switch t.Get(key) {
		case "yes", "1", "true":
			way = 1
		case "-1", "reverse":
			way = -1
		case "no", "0", "false":
			return 0
		case "reversible", "alternating":
			return 2
		default:
			continue
		}
		if key == "oneway" && !drives(p) && cyclesBothWays(t) {
			return 0
		}
		return way
	}
	if len(p.OneWayKeys) > 1 { // one-ways of traffic bind it
		if j := t.Get("junction"); j == "roundabout" || j == "circular" || kind == "motorway" {
			return 1
		}
	}
	return 0
}

// cyclesBothWays tells of one-way streets with a lane or track for cycles against the traffic.
func cyclesBothWays(t pbf.Tags) bool {
	if strings.HasPrefix(t.Get("cycleway"), "opposite") {
		return true
	}
	for _, side := range [...]string{"cycleway:left", "cycleway:right", "cycleway:both"} {
		if strings.HasPrefix(t.Get(side), "opposite") {
			return true
		}
		switch t.Get(side + ":oneway") {
		case "no", "-1":
			return true
		}
	}
	return false
}

// slowestLimit in km/h is what a lower limit counts as: none is in use, and times must stay finite.
const slowestLimit = 5

// speedLimit is maxspeed=* in km/h; 0 where it is given neither in numbers nor in words with one meaning. Limits that differ
// by direction are not read.
func speedLimit(t pbf.Tags, p *profile.Profile) float64 {
	v := t.Get("maxspeed")
	if p.WeightT > 0 {
		if trucks := t.Get("maxspeed:hgv"); trucks != "" {
			v = trucks
		}
	}
	switch v {
	case "walk":
		return 6
	case "CN:urban": // one lane each way; Regulation on the Road Traffic Safety Law (道路交通安全法实施条例), articles 45 and 78
		return 50
	case "CN:rural":
		return 70
	case "CN:motorway":
		return 120
	}
	number, unit := leading(v)
	switch unit {
	case "", "km/h", "kmh":
	case "mph":
		number *= 1.609344
	default:
		return 0
	}
	if number == 0 {
		return 0
	}
	return max(number, slowestLimit)
}

// overLimit tells whether a vehicle is higher or heavier than the way takes. A profile without measures fits everywhere.
func overLimit(t pbf.Tags, p *profile.Profile) bool {
	if p.HeightM == 0 && p.WeightT == 0 {
		return false
	}
	for _, key := range [...]string{"maxheight", "maxheight:physical"} {
		v := t.Get(key)
		if v == "below_default" { // lower than what a vehicle of full height may rely on
			return true
		}
		if h := lengthOf(v); h > 0 && h < p.HeightM {
			return true
		}
	}
	for _, key := range [...]string{"maxweight:hgv", "maxweight", "maxweightrating:hgv", "maxweightrating"} {
		if w := weightOf(t.Get(key)); w > 0 {
			return w < p.WeightT
		}
	}
	return false
}

// lengthOf reads metres ("4.2", "4.2 m") or feet and inches ("13'6\""); 0 for words such as "default".
func lengthOf(v string) float64 {
	if feet, rest, ok := strings.Cut(v, "'"); ok {
		f, unit := leading(feet)
		inches, _ := leading(strings.TrimSuffix(strings.TrimSpace(rest), "\""))
		if unit != "" {
			return 0
		}
		return (f*12 + inches) * 0.0254
	}
	number, unit := leading(v)
	switch unit {
	case "", "m":
		return number
	case "ft":
		return number * 0.3048
	}
	return 0
}

// weightOf reads tonnes ("12.5", "12.5 t"), kilograms or short tons; 0 for words.
func weightOf(v string) float64 {
	number, unit := leading(v)
	switch unit {
	case "", "t":
		return number
	case "kg":
		return number / 1000
	case "st":
		return number * 0.90718474
	case "lbs":
		return number * 0.45359237e-3
	}
	return 0
}

// leading cuts a number, with a point or a comma, from what follows it; 0 when there is none.
func leading(v string) (number float64, unit string) {
	v = strings.TrimSpace(v)
	end := 0
	for end < len(v) && (v[end] >= '0' && v[end] <= '9' || v[end] == '.' || v[end] == ',') {
		end++
	}
	number, err := strconv.ParseFloat(strings.Replace(v[:end], ",", ".", 1), 64)
	if err != nil {
		return 0, v
	}
	return number, strings.TrimSpace(v[end:])
}

// isRaised tells of bridges and tunnels; passages through buildings, covered ways and culverts lie on the ground.
func isRaised(t pbf.Tags) bool {
	switch t.Get("bridge") {
	case "", "no":
	default:
		return true
	}
	switch t.Get("tunnel") {
	case "", "no", "building_passage", "covered", "culvert", "avalanche_protector":
		return false
	}
	return true
}

// stopsAt tells which profiles cannot pass a node, as bits in their order: it ends every street of theirs there.
func stopsAt(t pbf.Tags, profiles []profile.Profile) (mask byte) {
	kind := t.Get("barrier")
	if kind == "no" {
		return 0
	}
	for i := range profiles {
		if stops(t, kind, &profiles[i]) {
			mask |= 1 << i
		}
	}
	return mask
}

func stops(t pbf.Tags, kind string, p *profile.Profile) bool {
	if kind == "" { // a limit of height or weight may stand at a place too
		return overLimit(t, p)
	}
	switch accessFor(t, p) {
	case closed:
		return true
	case open:
		return overLimit(t, p)
	}
	if t.Get("access") != "" {
		return overLimit(t, p) // not closed, so open to all
	}
	return slices.Contains(p.Barriers, kind) || t.Get("locked") == "yes" && (drives(p) || fillsTheWay(kind)) || overLimit(t, p)
}

// fillsTheWay tells of barriers that nobody gets past while they are locked; past others one walks or pushes a bicycle.
func fillsTheWay(kind string) bool {
	switch kind {
	case "bollard", "lift_gate", "swing_gate", "chain", "block", "rope", "bar", "planter", "cattle_grid", "cycle_barrier",
		"motorcycle_barrier", "bus_trap", "sump_buster", "height_restrictor", "jersey_barrier", "log":
		return false
	}
	return true
}

// durationSeconds reads "MM", "HH:MM", "HH:MM:SS" or "PT1H30M"; 0 when it is none of them.
func durationSeconds(s string) float64 {
	if rest, ok := strings.CutPrefix(strings.ToUpper(s), "PT"); ok {
		return isoSeconds(rest)
	}
	parts := strings.Split(s, ":")
	if len(parts) > 3 {
		return 0
	}
	var seconds float64
	for _, p := range parts {
		n, err := strconv.ParseUint(strings.TrimSpace(p), 10, 16)
		if err != nil {
			return 0
		}
		seconds = seconds*60 + float64(n)
	}
	if len(parts) < 3 {
		seconds *= 60
	}
	return seconds
}

func isoSeconds(s string) float64 {
	units := map[byte]float64{'H': 3600, 'M': 60, 'S': 1}
	var seconds float64
	for s != "" {
		end := strings.IndexAny(s, "HMS")
		if end < 0 {
			return 0
		}
		n, err := strconv.ParseFloat(s[:end], 64)
		if err != nil || !(n >= 0 && n < math.MaxUint16) {
			return 0
		}
		seconds += n * units[s[end]]
		s = s[end+1:]
	}
	return seconds
}
