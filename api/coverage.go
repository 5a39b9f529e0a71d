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
	"kora/geo/profile"
)

// ProfileParam chooses how people travel.
type ProfileParam struct {
	Profile string `query:"profile" enum:"walk,ebike,car,truck" default:"walk" doc:"How people travel."`
}

// assumptions are printed beside every figure that rests on them.
type assumptions struct {
	Profile    profile.Profile `json:"profile" doc:"Speeds, slope model, altitude factor, off-street speed and reach, with sources."`
	Resolution int             `json:"resolution" doc:"H3 resolution of the cells."`
	OpenAt     *time.Time      `json:"open_at" nullable:"true" doc:"Stations count that are open for certain at this time; null: all that serve at any time."`
	Network    string          `json:"network" doc:"The street extract."`
	DataTime   *time.Time      `json:"data_time,omitempty" doc:"The age of the streets."`
	Elevation  string          `json:"elevation" doc:"Where slopes come from; empty: the ground is taken as flat."`
	Sample     bool            `json:"sample" doc:"示例路网: the streets are an illustration."`
}

func assumptionsOf(a *atlas.Atlas, profile string, openAt *time.Time) assumptions {
	out := assumptions{Resolution: atlas.CellResolution, OpenAt: openAt}
	if streets := a.Streets(profile); streets != nil {
		out.Profile = streets.Profile()
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
			"its centre within the time, over the streets. Beside that: how many cells reach two different stations " +
			"(交叉覆盖), how many metres of street are served, the cells by bands of time, and the cells within 1 km as the " +
			"crow flies, which is no travel time.",
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
			"63 minutes; 254: streets but no way; 255: no street within reach. Of resolution 8: the median of the cells below that " +
			"have a street.",
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
	Total       Shares         `json:"total" doc:"All key areas together; a cell in two of them counts once."`
	Assumptions assumptions    `json:"assumptions"`
}

// Shares is exported because huma passes over embedded types that are not.
type Shares struct {
	Cells    int     `json:"cells" doc:"The denominator of the shares by cells."`
	Covered  int     `json:"covered" doc:"Cells within the time of a station."`
	NoStreet int     `json:"no_street" doc:"Cells without a street within reach; they count as not covered."`
	Share    float64 `json:"share" doc:"covered ÷ cells"`

	Twice    twice   `json:"twice" doc:"交叉覆盖: within the time of two different stations."`
	Streets  streets `json:"streets" doc:"By length of street."`
	Bands    []band  `json:"bands" nullable:"false" doc:"Cells by the time to their nearest station; the last band holds the rest."`
	Straight circle  `json:"straight_line_1km" doc:"Cells within 1 km of a station as the crow flies: no travel time, only for comparison."`
}

type twice struct {
	Covered int     `json:"covered"`
	Share   float64 `json:"share" doc:"covered ÷ cells"`
}

type streets struct {
	Metres  float64 `json:"metres" doc:"The denominator: metres of street of the profile in the area."`
	Covered float64 `json:"covered" doc:"Metres of them within the time of a station."`
	Share   float64 `json:"share" doc:"covered ÷ metres"`
}

type band struct {
	Minutes *int `json:"minutes" nullable:"true" doc:"The upper end; null for all beyond the last, and for cells without a way or a street."`
	Cells   int  `json:"cells"`
}

type circle struct {
	Covered int     `json:"covered"`
	Share   float64 `json:"share" doc:"covered ÷ cells"`
}

func sharesOf(s atlas.Shares) Shares {
	out := Shares{
		Cells: s.Once.Cells, Covered: s.Once.Covered, NoStreet: s.Once.NoStreet, Share: s.Once.Share,
		Twice:    twice{s.Twice.Covered, s.Twice.Share},
		Streets:  streets{math.Round(s.Streets.Metres), math.Round(s.Streets.Covered), s.Streets.Share},
		Straight: circle{s.Circle.Covered, s.Circle.Share},
	}
	limits := atlas.Bands()
	for i, cells := range s.Bands {
		b := band{Cells: cells}
		if i < len(limits) {
			minutes := int(limits[i] / 60)
			b.Minutes = &minutes
		}
		out.Bands = append(out.Bands, b)
	}
	return out
}

type areaCoverage struct {
	ID     int64      `json:"id"`
	Code   string     `json:"code"`
	Name   name       `json:"name"`
	BBox   [4]float64 `json:"bbox" doc:"west, south, east, north in degrees"`
	Sample bool       `json:"sample"`
	Shares
}

func (s *service) coverage(ctx context.Context, in *coverageInput) (*body[coverageOutput], error) {
	a := atlasOf(ctx)
	q := in.query(s.Now())
	c, err := a.Coverage(ctx, in.Profile, q, float64(in.Minutes)*60)
	if err != nil {
		return nil, refused(err)
	}
	return &body[coverageOutput]{coverageOutput{
		Profile: in.Profile, Minutes: in.Minutes, Stations: c.Stations, Areas: areasOf(c),
		Total: sharesOf(c.Total), Assumptions: assumptionsOf(a, in.Profile, q.OpenAt),
	}}, nil
}

func areasOf(c *atlas.Coverage) []areaCoverage {
	areas := []areaCoverage{}
	for _, area := range c.Areas {
		b := area.Area.Geometry.Bound()
		areas = append(areas, areaCoverage{
			ID: area.Area.ID, Code: area.Area.Code, Name: name(area.Area.Name), Sample: area.Area.Sample,
			BBox: [4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}, Shares: sharesOf(area.Shares),
		})
	}
	return areas
}

type table struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func (s *service) cellIDs(ctx context.Context, in *GridParam) (*table, error) {
	var b []byte
	for _, id := range atlasOf(ctx).CellIDs(in.coarse()) {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(float64(id)))
	}
	return &table{echo.MIMEOctetStream, b}, nil
}

// GridParam chooses between the cells of the grid and those above them.
type GridParam struct {
	Resolution int `query:"resolution" minimum:"8" maximum:"10" multipleOf:"2" default:"10" doc:"H3 resolution: 10, the cells of the service circle, or 8, the cells above them for views from far out."`
}

func (g GridParam) coarse() bool { return g.Resolution == atlas.CoarseResolution }

type cellsInput struct {
	StationParams
	ProfileParam
	GridParam
	Nearest int `query:"nearest" minimum:"1" maximum:"2" default:"1" doc:"1: the time to the nearest station; 2: to the second nearest, for 交叉覆盖."`
}

func (s *service) cellValues(ctx context.Context, in *cellsInput) (*table, error) {
	values, err := atlasOf(ctx).CellValues(ctx, in.Profile, in.query(s.Now()), in.Nearest, in.coarse())
	if err != nil {
		return nil, refused(err)
	}
	return &table{echo.MIMEOctetStream, values}, nil
}
