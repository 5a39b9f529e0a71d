package api

import (
	"time"

	"github.com/paulmach/orb"

	"kora"
	"kora/atlas"
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

type name struct {
	ZH string `json:"zh" doc:"Chinese"`
	BO string `json:"bo,omitempty" doc:"Tibetan"`
	EN string `json:"en,omitempty" doc:"English"`
}

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
		Navigation: linksTo(s.Point, s.Name.ZH),
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

type parcelFeature struct {
	Type       string           `json:"type" enum:"Feature"`
	ID         int64            `json:"id"`
	Geometry   multiPolygon     `json:"geometry"`
	Properties parcelProperties `json:"properties"`
}

type parcelProperties struct {
	Number     string            `json:"number" doc:"地块编号"`
	Name       name              `json:"name"`
	County     string            `json:"county,omitempty" doc:"GB/T 2260"`
	Address    *name             `json:"address,omitempty"`
	Use        kora.LandUse      `json:"use" doc:"A land-use code with the classification that it belongs to."`
	Uses       []kora.UseShare   `json:"uses,omitempty" doc:"The rows of a mixed use." nullable:"false"`
	Status     kora.ParcelStatus `json:"status"`
	AreaM2     float64           `json:"area_m2" doc:"Computed on the ellipsoid."`
	StatedM2   *float64          `json:"stated_m2,omitempty" doc:"As the bureau states it."`
	FAR        kora.Range        `json:"far" doc:"容积率"`
	Density    kora.Range        `json:"density" doc:"建筑密度, percent"`
	Green      kora.Range        `json:"green" doc:"绿地率, percent"`
	HeightM    kora.Range        `json:"height_m" doc:"建筑限高, metres"`
	Price      *kora.Price       `json:"price,omitempty" doc:"起始价"`
	Supply     string            `json:"supply,omitempty" doc:"供应方式"`
	TermYears  int               `json:"term_years,omitempty" doc:"出让年限"`
	AltitudeM  *float64          `json:"altitude_m,omitempty"`
	Access     *[2]float64       `json:"access,omitempty" doc:"The entrance: longitude and latitude in degrees."`
	Facilities []string          `json:"facilities" nullable:"false"`
	Sample     bool              `json:"sample" doc:"示例数据: an illustration, no real offer."`
	Notices    []string          `json:"notices" doc:"Codes of the notices that speak of it." nullable:"false"`
	Navigation navigation        `json:"navigation"`
}

func parcelOf(a *atlas.Atlas, p *kora.Parcel) parcelFeature {
	props := parcelProperties{
		Number: p.Number, Name: name(p.Name), County: p.County, Address: optional(p.Address), Use: p.Use, Uses: p.Uses,
		Status: p.Status, AreaM2: p.AreaM2, StatedM2: orNil(p.StatedM2), FAR: p.FAR, Density: p.Density, Green: p.Green,
		HeightM: p.HeightM, Price: p.Price, Supply: p.Supply, TermYears: p.TermYears, AltitudeM: orNil(p.AltitudeM),
		Facilities: p.Facilities, Sample: p.Sample, Notices: []string{},
	}
	entrance := p.Geometry.Bound().Center()
	if p.Access != nil {
		entrance = *p.Access
		at := [2]float64(entrance)
		props.Access = &at
	}
	props.Navigation = linksTo(entrance, p.Name.ZH)
	if props.Facilities == nil {
		props.Facilities = []string{}
	}
	for _, n := range a.NoticesFor(p.Number) {
		props.Notices = append(props.Notices, n.Code)
	}
	return parcelFeature{Type: "Feature", ID: p.ID, Geometry: multiPolygon{"MultiPolygon", p.Geometry}, Properties: props}
}

// A collection is a GeoJSON FeatureCollection with its place in a longer list.
type collection[F any] struct {
	Type     string `json:"type" enum:"FeatureCollection"`
	Features []F    `json:"features" nullable:"false"`
	Total    int    `json:"total" doc:"How many there are on all pages."`
	Next     string `json:"next,omitempty" doc:"The cursor of the next page."`
}
