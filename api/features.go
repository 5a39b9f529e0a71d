package api

import (
	"time"

	"github.com/paulmach/orb"

	"kora"
)

// The answers hold GeoJSON (RFC 7946), typed so that the OpenAPI document tells what is in it.

type point struct {
	Type        string     `json:"type" enum:"Point"`
	Coordinates [2]float64 `json:"coordinates" doc:"Longitude and latitude in degrees."`
}

type line struct {
	Type        string         `json:"type" enum:"LineString"`
	Coordinates orb.LineString `json:"coordinates" doc:"Longitude and latitude in degrees." nullable:"false"`
}

type multiPolygon struct {
	Type        string           `json:"type" enum:"MultiPolygon"`
	Coordinates orb.MultiPolygon `json:"coordinates" doc:"Longitude and latitude in degrees." nullable:"false"`
}

type name = kora.Name

// optional is nil for an empty name.
func optional(n kora.Name) *name {
	if n == (kora.Name{}) {
		return nil
	}
	m := name(n)
	return &m
}

// known numbers are those that are not zero.
func orNil(v float64) *float64 {
	if v == 0 {
		return nil
	}
	return &v
}

type stationFeature struct {
	Type       string            `json:"type" enum:"Feature"`
	ID         int64             `json:"id"`
	Geometry   point             `json:"geometry"`
	Properties stationProperties `json:"properties"`
}

type stationProperties struct {
	Code       string      `json:"code" doc:"站点编号"`
	Name       name        `json:"name"`
	Kind       kora.Kind   `json:"kind" enum:"union_station,oxygen_bar,drivers_home" doc:"工会驿站, 高原氧吧 or 司机之家"`
	Status     kora.Status `json:"status" enum:"planned,building,trial,open,paused,closed"`
	County     string      `json:"county,omitempty" doc:"GB/T 2260"`
	Address    *name       `json:"address,omitempty"`
	Hours      string      `json:"hours,omitempty" doc:"A part of the OSM opening_hours language." example:"Mo-Su 09:00-21:00"`
	Open       *bool       `json:"open" nullable:"true" doc:"Whether it receives people at the time asked for, or now; null when its hours are not known."`
	ChangesAt  *time.Time  `json:"changes_at,omitempty" doc:"When open next changes."`
	Facilities []string    `json:"facilities" nullable:"false"`
	Standard   bool        `json:"standard" doc:"规范化"`
	AreaM2     *float64    `json:"area_m2,omitempty"`
	AltitudeM  *float64    `json:"altitude_m,omitempty"`
	Highway    string      `json:"highway,omitempty"`
	Sample     bool        `json:"sample" doc:"示例数据: an illustration, no real station."`
	Navigation navigation  `json:"navigation"`
}

func featureOf(s *kora.Station, t time.Time) stationFeature {
	p := stationProperties{
		Code: s.Code, Name: name(s.Name), Kind: s.Kind, Status: s.Status, County: s.County, Address: optional(s.Address),
		Hours: s.Hours.String(), Facilities: s.Facilities, Standard: s.Standard, AreaM2: orNil(s.AreaM2),
		AltitudeM: orNil(s.AltitudeM), Highway: s.Highway, Sample: s.Sample,
		Navigation: linksTo(s.Point, s.Name.ZH, wayTo(s.Kind)),
	}
	if p.Facilities == nil {
		p.Facilities = []string{}
	}
	if open, known := s.OpenAt(t); known {
		p.Open = &open
		if change, ok := s.Hours.NextChange(kora.ChinaTime(t)); ok && s.Status.Serves() {
			p.ChangesAt = &change
		}
	}
	return stationFeature{Type: "Feature", ID: s.ID, Geometry: point{"Point", s.Point}, Properties: p}
}

// A collection is a GeoJSON FeatureCollection with its place in a longer list.
type collection[F any] struct {
	Type     string `json:"type" enum:"FeatureCollection"`
	Features []F    `json:"features" nullable:"false"`
	Total    int    `json:"total" doc:"How many there are on all pages."`
	Next     string `json:"next,omitempty" doc:"The cursor of the next page."`
}
