package api

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kora"
	"kora/atlas"
	"kora/exporters"
)

func (s *service) gapRoutes(a huma.API) {
	huma.Register(a, huma.Operation{
		OperationID: "coverage-gaps", Method: http.MethodGet, Path: "/v1/coverage/gaps", Tags: []string{"coverage"},
		Summary: "Areas that the service circle leaves out, the gravest first",
		Description: "Cells that touch each other and lie beyond the time, or have no street, are one area. Areas are ranked by the demand that " +
			"is not served in them, then by metres of street, then by cells.",
	}, s.coverageGaps)
	huma.Register(a, huma.Operation{
		OperationID: "coverage-gaps-file", Method: http.MethodGet, Path: "/v1/coverage/gaps/file", Tags: []string{"coverage"},
		Summary: "The same as a table, or as GeoJSON for a GIS", Responses: tableFile(exporters.GeoJSON),
	}, s.coverageGapsFile)
}

// GapParams choose gaps.
type GapParams struct {
	StationParams
	ProfileParam
	Minutes int    `query:"minutes" minimum:"1" maximum:"60" default:"15" doc:"The service circle."`
	Area    string `query:"area" maxLength:"60" doc:"Only in the key area with this code."`
	Whole   bool   `query:"whole" doc:"On all the grid, and not only in key areas."`
	Demand  string `query:"demand" maxLength:"60" doc:"Code of the set of demand by which areas are ranked; without it, the first one."`
	Limit   int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"At most so many."`
}

type gapsOutput struct {
	Type        string       `json:"type" enum:"FeatureCollection"`
	Features    []gapFeature `json:"features" nullable:"false"`
	Total       int          `json:"total" doc:"How many areas there are."`
	Cells       int          `json:"cells" doc:"Of all of them: the cells that are not covered."`
	Streets     float64      `json:"streets_m" doc:"Metres of street in all of them."`
	Demand      string       `json:"demand" doc:"Code of the set by which they are ranked; empty when there is none."`
	Unserved    float64      `json:"unserved" doc:"Its weight in all of them."`
	Assumptions assumptions  `json:"assumptions"`
}

type gapFeature struct {
	Type       string        `json:"type" enum:"Feature"`
	ID         uint64        `json:"id" doc:"The id of its first cell, as in coverage tiles."`
	Geometry   multiPolygon  `json:"geometry"`
	Properties gapProperties `json:"properties"`
}

type gapProperties struct {
	Rank     int         `json:"rank" doc:"1 is the gravest."`
	Cells    int         `json:"cells"`
	NoStreet int         `json:"no_street" doc:"Cells of them without a street within reach."`
	AreaM2   float64     `json:"area_m2"`
	Streets  float64     `json:"streets_m" doc:"Metres of street of the profile in its cells."`
	Unserved float64     `json:"unserved" doc:"Weight of the set of demand."`
	Heart    [2]float64  `json:"heart" doc:"The centre of the cell nearest to its middle: longitude and latitude in degrees."`
	BBox     [4]float64  `json:"bbox" doc:"west, south, east, north in degrees"`
	Areas    []gapArea   `json:"areas" nullable:"false" doc:"Key areas that it lies in, the one with most of it first."`
	Place    *gapPlace   `json:"place,omitempty" doc:"The nearest street or place with a name; absent when none is within 3 km of the heart."`
	Nearest  *gapNearest `json:"nearest,omitempty" doc:"The nearest station from the heart; absent when none is reached within two hours."`
}

type gapArea struct {
	Code string `json:"code"`
	Name name   `json:"name"`
}

type gapPlace struct {
	Name   name    `json:"name"`
	Street bool    `json:"street" doc:"A street, else a place."`
	Metres float64 `json:"metres" doc:"From the heart, as the crow flies."`
}

type gapNearest struct {
	ID      int64   `json:"id"`
	Name    name    `json:"name"`
	Seconds float64 `json:"seconds"`
	Metres  float64 `json:"metres"`
}

// gaps finds what the parameters mean, and the set of demand by which it is ranked; nil when there is none.
func (s *service) gaps(ctx context.Context, in *GapParams) (*atlas.Gaps, *kora.Demand, atlas.StationQuery, error) {
	a, q := atlasOf(ctx), in.query(s.Now())
	code := in.Demand
	if code == "" && len(a.Demands) > 0 {
		code = a.Demands[0].Code
	}
	found, err := a.Gaps(ctx, atlas.GapQuery{Profile: in.Profile, Minutes: in.Minutes, Stations: q, Area: in.Area, Whole: in.Whole, Demand: code, Limit: in.Limit})
	return found, a.Demand(code), q, err
}

func (s *service) coverageGaps(ctx context.Context, in *GapParams) (*body[gapsOutput], error) {
	found, demand, q, err := s.gaps(ctx, in)
	if err != nil {
		return nil, refused(err)
	}
	out := gapsOutput{Type: "FeatureCollection", Features: []gapFeature{}, Total: found.Total, Cells: found.Cells, Streets: math.Round(found.Streets),
		Unserved: tenths(found.Demand), Assumptions: assumptionsOf(atlasOf(ctx), in.Profile, q.OpenAt)}
	if demand != nil {
		out.Demand = demand.Code
	}
	for i, g := range found.Gaps {
		out.Features = append(out.Features, gapFeature{"Feature", g.ID, multiPolygon{"MultiPolygon", g.Outline}, gapOf(i+1, g)})
	}
	return &body[gapsOutput]{out}, nil
}

func gapOf(rank int, g atlas.Gap) gapProperties {
	b := g.Outline.Bound()
	p := gapProperties{Rank: rank, Cells: len(g.Cells), NoStreet: g.NoStreet, AreaM2: math.Round(g.M2), Streets: math.Round(g.Streets), Unserved: tenths(g.Demand),
		Heart: g.Heart, BBox: [4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}, Areas: []gapArea{}}
	for _, k := range g.Areas {
		p.Areas = append(p.Areas, gapArea{k.Code, name(k.Name)})
	}
	if f := g.Place; f != nil {
		p.Place = &gapPlace{name(atlas.NameOf(f)), f.Layer == "roads", math.Round(g.PlaceM)}
	}
	if g.Nearest != nil {
		p.Nearest = &gapNearest{g.Nearest.ID, name(g.Nearest.Name), g.Route.Seconds, math.Round(g.Route.Metres)}
	}
	return p
}

func tenths(v float64) float64 { return math.Round(v*10) / 10 }

type gapFileInput struct {
	GapParams
	Format string `query:"format" enum:"xlsx,csv,geojson" default:"xlsx"`
}

func (s *service) coverageGapsFile(ctx context.Context, in *gapFileInput) (*download, error) {
	found, demand, q, err := s.gaps(ctx, &in.GapParams)
	if err != nil {
		return nil, refused(err)
	}
	a := atlasOf(ctx)
	openAt := ""
	if q.OpenAt != nil {
		openAt = kora.ChinaTime(*q.OpenAt).Format(time.RFC3339)
	}
	kinds := make([]string, len(in.Kind))
	for i, k := range in.Kind {
		kinds[i] = string(k)
	}
	basis := []exporters.Basis{{Name: "profile", Heading: "出行方式", Value: in.Profile}, {Name: "minutes", Heading: "服务时间（分钟）", Value: fmt.Sprint(in.Minutes)},
		{Name: "kinds", Heading: "计入的站点类别", Value: strings.Join(kinds, "、")}, {Name: "open_at", Heading: "开放时刻", Value: openAt},
		{Name: "network", Heading: "路网", Value: a.Network.Name}, {Name: "attribution", Heading: "数据来源", Value: a.Network.Attribution},
		{Name: "approval", Heading: "审图号", Value: s.ApprovalNumber}}
	d, err := downloadOf(ctx, exporters.Gaps(a, found, demand, basis), exporters.Format(in.Format), "gaps-"+kora.ChinaTime(s.Now()).Format(time.DateOnly))
	return d, refused(err)
}
