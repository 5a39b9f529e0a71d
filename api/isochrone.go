package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"kora/geo/network"
	geoservice "kora/geo/service"
)

func (s *service) isochroneRoutes(a huma.API) {
	huma.Register(a, huma.Operation{
		OperationID: "isochrone", Method: http.MethodGet, Path: "/v1/isochrone", Tags: []string{"coverage"},
		Summary: "What lies within a time of one place",
		Description: "As parts of streets, which are exact; as cells whose centres are within the time; and as an area to draw: " +
			"the union of the cells with its holes and islands.",
	}, s.isochrone)
}

type isochroneInput struct {
	PlaceParams
	ProfileParam
	Minutes    int    `query:"minutes" minimum:"1" maximum:"60" default:"15"`
	Direction  string `query:"direction" enum:"to,from" default:"to" doc:"to: from where the place is reached in that time; from: what is reached from it."`
	Resolution int    `query:"resolution" minimum:"0" maximum:"11" default:"0" doc:"H3 resolution of the cells, from 7 to 11; 0: the finest from 10 to 7 that needs at most 20,000 cells."`
	Streets    bool   `query:"streets" default:"false" doc:"Answer with the lines of the streets too."`
}

type isochroneOutput struct {
	Profile      string       `json:"profile"`
	Minutes      int          `json:"minutes"`
	Direction    string       `json:"direction"`
	Area         multiPolygon `json:"area" doc:"A drawing of the cells, no more exact than they are."`
	Cells        []cellTime   `json:"cells" nullable:"false"`
	StreetMetres float64      `json:"street_metres" doc:"Length of the streets within the time."`
	Streets      *multiLine   `json:"streets,omitempty" doc:"Their courses, where they were asked for."`
	Island       bool         `json:"island" doc:"Only a small part of the network that is not joined to the rest is within reach of the place."`
	Assumptions  assumptions  `json:"assumptions"`
}

type cellTime struct {
	Cell    string  `json:"cell" doc:"H3 index."`
	Seconds float64 `json:"seconds" doc:"Between its centre and the place."`
}

type multiLine struct {
	Type        string              `json:"type" enum:"MultiLineString"`
	Coordinates orb.MultiLineString `json:"coordinates" nullable:"false"`
}

func (s *service) isochrone(ctx context.Context, in *isochroneInput) (*body[isochroneOutput], error) {
	a := atlasOf(ctx)
	i, err := a.Isochrone(ctx, in.Profile, in.point(), geoservice.IsochroneOptions{
		MaxSeconds: float64(in.Minutes) * 60, From: in.Direction == "from", Resolution: in.Resolution})
	if err != nil {
		return nil, refused(err)
	}
	out := isochroneOutput{Profile: in.Profile, Minutes: in.Minutes, Direction: in.Direction, Area: multiPolygon{"MultiPolygon", i.Area},
		Cells: make([]cellTime, len(i.Cells)), StreetMetres: i.Metres, Island: i.Island, Assumptions: assumptionsOf(a, in.Profile, nil)}
	out.Assumptions.Resolution = i.Resolution
	for k, c := range i.Cells {
		out.Cells[k] = cellTime{fmt.Sprint(c.Cell), c.Seconds}
	}
	if in.Streets {
		out.Streets = &multiLine{"MultiLineString", linesOf(a.Streets(in.Profile), i.Spans)}
	}
	return &body[isochroneOutput]{out}, nil
}

// linesOf draws parts of streets; copies of a street are drawn once.
func linesOf(n *network.Network, spans []network.Span) orb.MultiLineString {
	lines := make(orb.MultiLineString, 0, len(spans))
	for _, s := range spans {
		if !n.Edge(s.Edge).Copy {
			lines = append(lines, n.Line(s.Edge, float64(s.FromM), float64(s.UntilM)))
		}
	}
	return lines
}
