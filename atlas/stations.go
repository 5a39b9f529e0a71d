package atlas

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"kora"
	"kora/geo/network"
)

// A StationQuery tells which stations are meant; its zero value means all.
type StationQuery struct {
	Kinds      []kora.Kind
	Statuses   []kora.Status
	Facilities []string   // all of them
	OpenAt     *time.Time // open for certain at this time
	Always     bool       // open for certain at every hour of the week
	Bounds     *orb.Bound
	Text       string // part of the code, a name or the address, in any case
}

func (q *StationQuery) match(s *kora.Station) bool {
	if len(q.Kinds) > 0 && !slices.Contains(q.Kinds, s.Kind) ||
		len(q.Statuses) > 0 && !slices.Contains(q.Statuses, s.Status) ||
		q.Bounds != nil && !q.Bounds.Contains(s.Point) {
		return false
	}
	for _, f := range q.Facilities {
		if !slices.Contains(s.Facilities, f) {
			return false
		}
	}
	if q.OpenAt != nil {
		if open, _ := s.OpenAt(*q.OpenAt); !open {
			return false
		}
	}
	if q.Always && !alwaysOpen(s) {
		return false
	}
	return q.Text == "" || contains(q.Text, s.Code, s.Name, s.Address)
}

// alwaysOpen tells whether a station is open for certain at every hour of the week.
func alwaysOpen(s *kora.Station) bool {
	now := kora.ChinaTime(time.Unix(0, 0))
	_, changes := s.Hours.NextChange(now)
	return s.Status.Serves() && s.Hours.OpenAt(now) && !changes
}

// contains tells whether text is part of the code or of one of the names, in any case.
func contains(text, code string, names ...kora.Name) bool {
	text = strings.ToLower(text)
	if strings.Contains(strings.ToLower(code), text) {
		return true
	}
	for _, n := range names {
		for _, s := range []string{n.ZH, n.BO, n.EN} {
			if strings.Contains(strings.ToLower(s), text) {
				return true
			}
		}
	}
	return false
}

// FindStations gives the stations that q means, by ID.
func (a *Atlas) FindStations(q StationQuery) []*kora.Station {
	var found []*kora.Station
	for _, s := range a.Stations {
		if q.match(s) {
			found = append(found, s)
		}
	}
	return found
}

// A Reach is a station with the way to it.
type Reach struct {
	Station *kora.Station
	network.Route
}

// farthest bounds a nearest search: whoever is further from every station than two hours gets no answer from it.
const farthest = 2 * time.Hour

// Nearest gives at most limit serving stations of those that q means, by travel time from p over the streets.
// Errors: ReasonNoNetwork without streets, ReasonNoAccess when no street lies within reach of p.
func (a *Atlas) Nearest(ctx context.Context, profile string, p orb.Point, q StationQuery, limit int) ([]Reach, error) {
	t, err := a.by(profile)
	if err != nil {
		return nil, err
	}
	from, err := a.link(t, p)
	if err != nil {
		return nil, err
	}
	stations := a.serving(t, q)
	links := make([]network.Link, len(stations))
	for i, s := range stations {
		links[i] = t.links[s.ID]
	}
	routes, err := t.streets.Nearest(ctx, from, links, limit, farthest.Seconds())
	if err != nil {
		return nil, err
	}
	reached := make([]Reach, len(routes))
	for i, r := range routes {
		reached[i] = Reach{stations[r.Target], r}
	}
	return reached, nil
}

// serving gives the stations of q that receive people and have a street, by ID.
func (a *Atlas) serving(t *travel, q StationQuery) []*kora.Station {
	var stations []*kora.Station
	for _, s := range a.Stations {
		if _, linked := t.links[s.ID]; linked && s.Status.Serves() && q.match(s) {
			stations = append(stations, s)
		}
	}
	return stations
}
