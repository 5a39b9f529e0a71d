package atlas

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"

	"kora"
	"kora/geo/network"
	"kora/geo/service"
)

// A Corridor is a highway with the stations along it, for one profile.
type Corridor struct {
	*service.Corridor
	Highway  *kora.Highway
	Stations []*kora.Station // of Homes, by their places in it
	HeightsM []float64       // of Places; NaN where not known
}

// A Summit is the highest place along a stretch of highway.
type Summit struct {
	Place   int // of Places
	HeightM float64
}

// passRise is by how many metres a pass rises above the road before and behind it.
const passRise = 300

// Highest is the highest place of the highway; false when no height is known.
func (c *Corridor) Highest() (s Summit, ok bool) {
	for i, m := range c.HeightsM {
		if !math.IsNaN(m) && (!ok || m > s.HeightM) {
			s, ok = Summit{i, m}, true
		}
	}
	return s, ok
}

// Passes are the summits of the highway, by chainage.
func (c *Corridor) Passes() []Summit {
	var all []Summit
	for _, i := range service.Summits(c.HeightsM, passRise) {
		all = append(all, Summit{i, c.HeightsM[i]})
	}
	return all
}

// A Way leads from a place on a highway to the next home ahead.
type Way struct {
	ChainageM float64
	service.Next
}

// Longest is the longest way to the next home ahead that a direction has; false when none leads to one.
func (c *Corridor) Longest(d service.Direction) (w Way, ok bool) {
	for _, p := range c.Pieces {
		next, place := p.Ways[d].From, p.From
		if d == service.Down {
			next, place = p.Ways[d].To, p.To
		}
		if next.Home >= 0 && (!ok || next.Metres > w.Metres) {
			w, ok = Way{c.Places[place].ChainageM, next}, true
		}
	}
	return w, ok
}

// corridors remembers those that were followed, for one network and one set of highways.
type corridors struct {
	mu   sync.Mutex
	made *lru.Cache[string, []*Corridor] // of all highways, by profile and stations
}

func newCorridors() *corridors {
	made, _ := lru.New[string, []*Corridor](8) // fails for sizes below 1 only
	return &corridors{made: made}
}

// Corridors follows every highway over the streets of a profile, with the stations of q that receive people. They come by
// reference, and are shared. Errors are those of a profile: ReasonNoNetwork, ReasonUnknown.
func (a *Atlas) Corridors(ctx context.Context, profile string, q StationQuery) ([]*Corridor, error) {
	t, err := a.by(profile)
	if err != nil {
		return nil, err
	}
	stations := a.serving(t, q)
	key := []byte(profile)
	links := make([]network.Link, len(stations))
	for i, s := range stations {
		links[i] = t.links[s.ID]
		key = binary.AppendVarint(key, s.ID)
		key = binary.LittleEndian.AppendUint64(key, math.Float64bits(s.Point[0]))
		key = binary.LittleEndian.AppendUint64(key, math.Float64bits(s.Point[1]))
	}
	// Computed under the lock on purpose: a thousand who ask for the same at once wait for one computation.
	a.corridors.mu.Lock()
	defer a.corridors.mu.Unlock()
	all, known := a.corridors.made.Get(string(key))
	if !known {
		for _, h := range a.Highways {
			c, err := service.CorridorOf(ctx, t.streets, service.NewCourse(h.Geometry), links, service.CorridorOptions{})
			if err != nil {
				return nil, fmt.Errorf("highway %s: %w", h.Ref, err)
			}
			one := &Corridor{Corridor: c, Highway: h, HeightsM: make([]float64, len(c.Places))}
			for i, p := range c.Places {
				one.HeightsM[i] = math.NaN()
				if m, ok := a.Height(p.Point); ok {
					one.HeightsM[i] = m
				}
			}
			all = append(all, one)
		}
		a.corridors.made.Add(string(key), all)
	}
	// A station may have changed its name since: what is said of it is that of this atlas.
	told := make([]*Corridor, len(all))
	for i, c := range all {
		one := *c
		one.Stations = make([]*kora.Station, len(c.Homes))
		for k, h := range c.Homes {
			one.Stations[k] = stations[h.Index]
		}
		told[i] = &one
	}
	return told, nil
}

// Corridor is that of one highway; nil when there is no such highway.
func (a *Atlas) Corridor(ctx context.Context, profile string, q StationQuery, ref string) (*Corridor, error) {
	all, err := a.Corridors(ctx, profile, q)
	if err != nil {
		return nil, err
	}
	i, found := slices.BinarySearchFunc(all, ref, func(c *Corridor, ref string) int { return strings.Compare(c.Highway.Ref, ref) })
	if !found {
		return nil, nil
	}
	return all[i], nil
}
