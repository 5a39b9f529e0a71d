package api

import (
	"context"
	"encoding/binary"
	"math"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"kora/atlas"
	"kora/geo/network"
)

// ProfileParam chooses how people travel.
type ProfileParam struct {
	Profile string `query:"profile" enum:"walk" default:"walk" doc:"How people travel."`
}

// assumptions are printed beside every figure that rests on them.
type assumptions struct {
	Profile    network.Profile `json:"profile"`
	Resolution int             `json:"resolution" doc:"H3 resolution of the cells."`
	OpenAt     *time.Time      `json:"open_at" nullable:"true" doc:"Stations count that are open for certain at this time; null: all that serve at any time."`
	Network    string          `json:"network" doc:"The street extract."`
	DataTime   *time.Time      `json:"data_time,omitempty" doc:"The age of the streets."`
	Elevation  string          `json:"elevation" doc:"Where slopes come from; empty: the ground is taken as flat."`
	Sample     bool            `json:"sample" doc:"示例路网: the streets are an illustration."`
}

func assumptionsOf(a *atlas.Atlas, q atlas.StationQuery) assumptions {
	out := assumptions{Resolution: atlas.CellResolution, OpenAt: q.OpenAt}
	if a.Network != nil {
		out.Profile = a.Streets.Profile()
		out.Network, out.Elevation, out.Sample = a.Network.Name, a.Network.Elevation, a.Network.Sample
		if !a.Network.DataTime.IsZero() {
			out.DataTime = &a.Network.DataTime
		}
	}
	return out
}

func (s *service) coverageRoutes(a huma.API, e *echo.Echo) {
	huma.Register(a, huma.Operation{
		OperationID: "coverage", Method: http.MethodGet, Path: "/v1/coverage", Tags: []string{"coverage"},
		Summary: "How much of each key area lies within the service circle",
		Description: "A cell counts for an area when its centre lies in it, and is covered when a station is reached from " +
			"its centre within the time, over the streets.",
	}, s.coverage)
	huma.Register(a, huma.Operation{
		OperationID: "coverage-cell-ids", Method: http.MethodGet, Path: "/v1/coverage/cells/ids", Tags: []string{"coverage"},
		Summary: "The ids of the cells in coverage tiles",
		Description: "Little-endian 64-bit floats in ascending order: the lower 52 bits of the H3 index, which are exact " +
			"in JavaScript.",
		Responses: octets(),
	}, s.cellIDs)
	huma.Register(a, huma.Operation{
		OperationID: "coverage-cells", Method: http.MethodGet, Path: "/v1/coverage/cells", Tags: []string{"coverage"},
		Summary: "The time from every cell to the nearest station, one byte a cell",
		Description: "In the order of /v1/coverage/cells/ids: the time in steps of 15 seconds, rounded up; 253: more than " +
			"63 minutes; 254: streets but no way; 255: no street within reach.",
		Responses: octets(),
	}, s.cellValues)
}

func octets() map[string]*huma.Response {
	return map[string]*huma.Response{"200": {
		Description: "The table",
		Content: map[string]*huma.MediaType{echo.MIMEOctetStream: {
			Schema: &huma.Schema{Type: "string", Format: "binary"}}},
	}}
}

type coverageInput struct {
	StationParams
	ProfileParam
	Minutes int `query:"minutes" minimum:"1" maximum:"60" default:"15" doc:"The service circle."`
}

type coverageOutput struct {
	Profile     string         `json:"profile"`
	Minutes     int            `json:"minutes"`
	Stations    int            `json:"stations" doc:"How many stations serve under these filters."`
	Areas       []areaCoverage `json:"areas" nullable:"false"`
	Total       Share          `json:"total" doc:"All key areas together; a cell in two of them counts once."`
	Assumptions assumptions    `json:"assumptions"`
}

// Share is exported because huma passes over embedded types that are not.
type Share struct {
	Cells    int     `json:"cells" doc:"The denominator."`
	Covered  int     `json:"covered"`
	NoStreet int     `json:"no_street" doc:"Cells without a street within reach; they count as not covered."`
	Share    float64 `json:"share" doc:"covered ÷ cells"`
}

type areaCoverage struct {
	ID     int64      `json:"id"`
	Code   string     `json:"code"`
	Name   name       `json:"name"`
	BBox   [4]float64 `json:"bbox" doc:"west, south, east, north in degrees"`
	Sample bool       `json:"sample"`
	Share
}

func (s *service) coverage(ctx context.Context, in *coverageInput) (*body[coverageOutput], error) {
	a := atlasOf(ctx)
	q := in.query(s.Now())
	c, err := a.Coverage(ctx, q, float64(in.Minutes)*60)
	if err != nil {
		return nil, refused(err)
	}
	out := coverageOutput{
		Profile: in.Profile, Minutes: in.Minutes, Stations: c.Stations, Areas: []areaCoverage{},
		Total: Share(c.Total), Assumptions: assumptionsOf(a, q),
	}
	for _, area := range c.Areas {
		b := area.Area.Geometry.Bound()
		out.Areas = append(out.Areas, areaCoverage{
			ID: area.Area.ID, Code: area.Area.Code, Name: name(area.Area.Name), Sample: area.Area.Sample,
			BBox: [4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}, Share: Share(area.Share),
		})
	}
	return &body[coverageOutput]{out}, nil
}

type table struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func (s *service) cellIDs(ctx context.Context, _ *struct{}) (*table, error) {
	var b []byte
	for _, id := range atlasOf(ctx).CellIDs() {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(float64(id)))
	}
	return &table{echo.MIMEOctetStream, b}, nil
}

type cellsInput struct {
	StationParams
	ProfileParam
}

func (s *service) cellValues(ctx context.Context, in *cellsInput) (*table, error) {
	values, err := atlasOf(ctx).CellValues(ctx, in.query(s.Now()))
	if err != nil {
		return nil, refused(err)
	}
	return &table{echo.MIMEOctetStream, values}, nil
}
