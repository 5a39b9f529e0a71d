package importers

import (
	"math"
	"strconv"
	"strings"

	"kora/importers/pbf"
)

// An osmWalk is a way that may be walked.
type osmWalk struct {
	way               int32
	forward, backward bool
	raised            bool    // on a bridge or in a tunnel: the ground says nothing about its height
	crossing          float64 // seconds for the whole way on a ferry; 0 on foot
}

// walkOn tells whether and how a way may be walked, by the tags of OpenStreetMap and their usual meaning
// (https://wiki.openstreetmap.org/wiki/OSM_tags_for_routing/Access_restrictions): foot=* before access=* before what the
// kind of way implies. Rules for vehicles, their one-ways too, do not bind walkers.
func walkOn(t pbf.Tags) (osmWalk, bool) {
	w := osmWalk{forward: true, backward: true}
	kind := t.Get("highway")
	ferry := kind == "" && t.Get("route") == "ferry"
	if kind == "" && !ferry {
		return w, false
	}
	switch footAccess(t) {
	case closed:
		return w, false
	case unsaid:
		if !ferry && !walkable(kind) || t.Get("motorroad") == "yes" {
			return w, false
		}
	case open:
		if !ferry && neverWalked(kind) {
			return w, false
		}
	}
	if ferry {
		// without a timetable: only the crossing itself is counted, and only where its duration is given
		if w.crossing = durationSeconds(t.Get("duration")); w.crossing <= 0 {
			return w, false
		}
	}
	switch direction(t) {
	case 1:
		w.backward = false
	case -1:
		w.forward = false
	}
	w.raised = isRaised(t)
	return w, true
}

type access int

const (
	unsaid access = iota
	open
	closed
)

// footAccess is what the tags say about walkers; foot=* outweighs access=*.
func footAccess(t pbf.Tags) access {
	if a := accessValue(t.Get("foot")); a != unsaid {
		return a
	}
	if accessValue(t.Get("access")) == closed {
		return closed
	}
	return unsaid // access=yes does not open a motorway
}

func accessValue(v string) access {
	switch v {
	case "":
		return unsaid
	case "no", "private", "use_sidepath", "agricultural", "forestry", "agricultural;forestry", "emergency", "military",
		"permit", "residents", "psv", "bus":
		return closed
	case "yes", "designated", "permissive", "destination", "customers", "delivery", "public":
		return open
	}
	return unsaid
}

// walkable tells whether a kind of highway is for walkers where nothing else is said.
func walkable(kind string) bool {
	switch kind {
	case "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link",
		"unclassified", "residential", "living_street", "service", "road", "pedestrian", "footway", "path", "steps",
		"track", "cycleway", "bridleway", "corridor", "crossing":
		return true
	}
	return false
}

// neverWalked tells of ways that are none yet, or no longer, whatever else is said.
func neverWalked(kind string) bool {
	switch kind {
	case "construction", "proposed", "planned", "abandoned", "disused", "razed", "demolished", "removed", "no",
		"rest_area", "services", "via_ferrata", "raceway":
		return true
	}
	return false
}

// direction is 1 when walkers may go only along the way, -1 only against it, 0 both ways.
func direction(t pbf.Tags) int {
	switch t.Get("oneway:foot") {
	case "yes", "1":
		return 1
	case "-1", "reverse":
		return -1
	}
	switch t.Get("conveying") { // escalators
	case "forward":
		return 1
	case "backward":
		return -1
	}
	return 0
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

// stopsWalkers tells whether a node ends every street that passes through it.
func stopsWalkers(t pbf.Tags) bool {
	kind := t.Get("barrier")
	if kind == "" || kind == "no" {
		return false
	}
	switch footAccess(t) {
	case closed:
		return true
	case open:
		return false
	}
	if t.Get("access") != "" {
		return false // not closed, so open to all
	}
	switch kind {
	case "wall", "fence", "hedge", "retaining_wall", "city_wall", "ditch":
		return true
	}
	return t.Get("locked") == "yes"
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
