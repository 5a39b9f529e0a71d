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
	return q.Text == "" || contains(q.Text, s.Code, s.Name, s.Address)
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
	Seconds float64
	Metres  float64
	Line    orb.LineString // from the place asked for to the station, degrees
}

// maxWalk bounds a nearest search: whoever is further from every station than two hours' walk gets no answer from it.
const maxWalk = 2 * time.Hour

// Nearest gives at most limit serving stations of those that q means, by walking time from p over the streets.
// Errors: ReasonNoNetwork without streets, ReasonNoAccess when no street lies within reach of p.
func (a *Atlas) Nearest(ctx context.Context, p orb.Point, q StationQuery, limit int) ([]Reach, error) {
	if a.Streets == nil {
		return nil, kora.Refuse(kora.ReasonNoNetwork, "", nil, "no street network has been imported; run kora import network")
	}
	from, ok := a.Streets.Link(p, a.Streets.Profile().PointReachM)
	if !ok {
		return nil, kora.Refuse(kora.ReasonNoAccess, "lon, lat", nil, "no street within reach of this place")
	}
	stations, links := a.serving(q)
	routes, err := a.Streets.Nearest(ctx, from, links, limit, maxWalk.Seconds())
	if err != nil {
		return nil, err
	}
	reached := make([]Reach, len(routes))
	for i, r := range routes {
		reached[i] = Reach{Station: stations[r.Target], Seconds: r.Seconds, Metres: r.Metres, Line: r.Line}
	}
	return reached, nil
}

// serving gives the stations of q that receive people and have a street, with their links, by ID.
func (a *Atlas) serving(q StationQuery) ([]*kora.Station, []network.Link) {
	var stations []*kora.Station
	var links []network.Link
	for _, s := range a.Stations {
		link, linked := a.links[s.ID]
		if linked && s.Status.Serves() && q.match(s) {
			stations, links = append(stations, s), append(links, link)
		}
	}
	return stations, links
}
