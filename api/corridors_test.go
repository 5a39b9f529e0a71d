package api_test

import (
	"math"
	"net/http"
	"testing"

	"kora/atlas/atlastest"
)

// The town's highway runs 1,000 m along its street, and on to where no street is. Stations stand at 100 and 900 m; whoever walks
// takes 1.5 s a metre and 4 km/h.
func TestCorridorsOfTheTown(t *testing.T) {
	srv := serve(t, atlastest.Town(t))
	ask := "?profile=walk&kind=union_station&kind=oxygen_bar&minutes=9"
	list := get(t, srv, "/v1/corridors"+ask).json(t)
	one := get(t, srv, "/v1/corridors/G318"+ask).json(t)
	number := func(v any, path ...any) float64 {
		t.Helper()
		n, ok := at(v, path...).(float64)
		if !ok {
			t.Fatalf("%v is %v", path, at(v, path...))
		}
		return n
	}
	for _, direction := range []string{"up", "down", "both"} {
		sum := 0.0
		for _, state := range []string{"served_m", "beyond_m", "no_home_m", "unknown_m"} {
			sum += number(list, "highways", 0, direction, state)
			if number(one, direction, state) != number(list, "highways", 0, direction, state) {
				t.Errorf("%s %s differs between list and highway", direction, state)
			}
		}
		whole := number(one, "length_m")
		if direction == "both" {
			whole *= 2
		}
		if math.Abs(sum-whole) > 3 {
			t.Errorf("%s: states sum to %v of %v m", direction, sum, whole)
		}
	}
	// Nine minutes are 600 m: up, from 300 m to the station at 900 m; the 100 m to the first are served too.
	if served, beyond := number(one, "up", "served_m"), number(one, "up", "beyond_m"); math.Abs(served-700) > 12 || math.Abs(beyond-200) > 12 {
		t.Errorf("up %v m are served and %v m beyond", served, beyond)
	}
	if home := at(one, "stations", 1); at(home, "code") != "E" || math.Abs(number(home, "chainage_m")-900) > 2 || at(home, "altitude_m") != nil {
		t.Errorf("the second home is %v", home)
	}
	way := at(one, "way")
	places := at(way, "chainage_m").([]any)
	for _, path := range [][]any{{"points"}, {"altitude_m"}, {"up", "home"}, {"up", "seconds"}, {"down", "metres"}} {
		if n := len(at(way, path...).([]any)); n != len(places) {
			t.Errorf("%v has %d of %d places", path, n, len(places))
		}
	}
	if at(one, "heights") != false || at(one, "highest") != nil {
		t.Error("without heights there is a highest place")
	}
	for path, status := range map[string]int{
		"/v1/corridors/G1?profile=walk": http.StatusNotFound, "/v1/corridors?minutes=10&km=20&profile=walk": http.StatusUnprocessableEntity,
		"/v1/corridors?profile=plane": http.StatusUnprocessableEntity, "/v1/corridors?profile=truck": http.StatusUnprocessableEntity, // no streets for them
		"/v1/corridors?profile=walk&open_at=now": http.StatusOK, "/v1/corridors?profile=walk&km=0.5": http.StatusUnprocessableEntity,
	} {
		if got := get(t, srv, path); got.status != status {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
}
