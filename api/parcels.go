package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"math"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"kora"
	"kora/atlas"
)

const parcelContract = "Every attribute filters. Values of one parameter are alternatives (facility: all of them), parameters must all hold; what " +
	"an attribute is not known of is not meant by its range. All of the answer is of one snapshot, which Kora-Snapshot names.\n\n" +
	"facets: a count shown is exactly what choosing the option gives: the total of the same request with that value alone for its " +
	"parameter (facility: added to those that are chosen) and all other parameters as they are. Options are the values that parcels have, " +
	"and those that are chosen.\n\n" +
	"histograms: how many parcels lie in each bin under all other parameters: min ≤ value < max, open where there is none; unknown counts those without the number.\n\n" +
	"Pages: next is a place in the order that was asked for, not a number of rows: what did not change is on one page exactly, " +
	"whatever comes, goes or moves between two requests. Parcels whose key is not known come last; the number decides among equals."

func (s *service) parcelRoutes(a huma.API) {
	schemas := a.OpenAPI().Components.Schemas
	answers := func(t reflect.Type, what string) map[string]*huma.Response {
		return map[string]*huma.Response{"200": {Description: what, Content: map[string]*huma.MediaType{
			echo.MIMEApplicationJSON: {Schema: schemas.Schema(t, true, "")}}}}
	}
	list := answers(reflect.TypeFor[collectionParcelFeature](), "The list, and what could be chosen")
	huma.Register(a, huma.Operation{
		OperationID: "list-parcels", Method: http.MethodGet, Path: "/v1/parcels", Tags: []string{"parcels"},
		Summary: "Parcels on offer by filters, with counts of every option", Description: parcelContract, Responses: list,
	}, s.listParcels)
	huma.Register(a, huma.Operation{
		OperationID: "search-parcels", Method: http.MethodPost, Path: "/v1/parcels/search", Tags: []string{"parcels"},
		Summary: "The same within a drawn shape, which is the body", Description: parcelContract, Responses: list,
	}, s.searchParcels)
	huma.Register(a, huma.Operation{
		OperationID: "get-parcel", Method: http.MethodGet, Path: "/v1/parcels/{number}", Tags: []string{"parcels"},
		Summary: "One parcel by its public number", Responses: answers(reflect.TypeFor[parcelFeature](), "The parcel"),
	}, s.getParcel)
}

// ParcelParams are the parameters of a list of parcels. Tags describe them; what they mean atlas.ParcelQueryOf reads, since tiles
// take the same.
type ParcelParams struct {
	PageParams
	County              []string            `query:"county,explode" maxItems:"50" doc:"Counties (GB/T 2260, former codes too); may be repeated." example:"540402"`
	Zone                []string            `query:"zone,explode" maxItems:"50" doc:"Functional zones; may be repeated." example:"林芝经开区"`
	Use                 []string            `query:"use,explode" maxItems:"50" doc:"Land uses: codes of the guide of 2023 or their first digits; may be repeated. A mixed use counts by every row." example:"10"`
	Use2017             []string            `query:"use_2017,explode" maxItems:"50" doc:"Land uses of parcels that are classed by GB/T 21010-2017; may be repeated." example:"06"`
	Industry            []string            `query:"industry,explode" maxItems:"50" doc:"产业方向; may be repeated."`
	Status              []kora.ParcelStatus `query:"status,explode" maxItems:"50" doc:"States of the life cycle; may be repeated."`
	Stage               []kora.ParcelStage  `query:"stage,explode" maxItems:"50" doc:"可选, 公告中, 竞价中, 已成交 …: several states each; may be repeated." example:"available"`
	Supply              []string            `query:"supply,explode" maxItems:"50" doc:"供应方式; may be repeated." example:"GP"`
	Facility            []string            `query:"facility,explode" maxItems:"50" doc:"Utilities that must all be there; may be repeated." example:"power"`
	Sample              []string            `query:"sample,explode" maxItems:"50" doc:"true: 示例数据; false: real offers." example:"false"`
	AreaMin             float64             `query:"area_min" doc:"At least: m², computed."`
	AreaMax             float64             `query:"area_max" doc:"At most: m², computed."`
	StatedMin           float64             `query:"stated_min" doc:"At least: m², as the bureau states it."`
	StatedMax           float64             `query:"stated_max" doc:"At most: m², as the bureau states it."`
	PriceMin            float64             `query:"price_min" doc:"At least: 万元 in all."`
	PriceMax            float64             `query:"price_max" doc:"At most: 万元 in all."`
	PriceM2Min          float64             `query:"price_m2_min" doc:"At least: 元 for a m² of land."`
	PriceM2Max          float64             `query:"price_m2_max" doc:"At most: 元 for a m² of land."`
	DepositMin          float64             `query:"deposit_min" doc:"At least: 万元."`
	DepositMax          float64             `query:"deposit_max" doc:"At most: 万元."`
	IntensityMin        float64             `query:"intensity_min" doc:"At least: 万元 for a mu."`
	IntensityMax        float64             `query:"intensity_max" doc:"At most: 万元 for a mu."`
	FARMin              float64             `query:"far_min" doc:"At least: FAR 容积率, by its upper bound or, without one, its lower."`
	FARMax              float64             `query:"far_max" doc:"At most: FAR 容积率, by its upper bound or, without one, its lower."`
	DensityMin          float64             `query:"density_min" doc:"At least: percent, bounds as with far."`
	DensityMax          float64             `query:"density_max" doc:"At most: percent, bounds as with far."`
	GreenMin            float64             `query:"green_min" doc:"At least: percent, bounds as with far."`
	GreenMax            float64             `query:"green_max" doc:"At most: percent, bounds as with far."`
	HeightMin           float64             `query:"height_min" doc:"At least: metres, bounds as with far."`
	HeightMax           float64             `query:"height_max" doc:"At most: metres, bounds as with far."`
	TermMin             float64             `query:"term_min" doc:"At least: years."`
	TermMax             float64             `query:"term_max" doc:"At most: years."`
	AltitudeMin         float64             `query:"altitude_min" doc:"At least: metres, as the file states it."`
	AltitudeMax         float64             `query:"altitude_max" doc:"At most: metres, as the file states it."`
	GroundMin           float64             `query:"ground_min" doc:"At least: metres, mean altitude by the heights that were imported."`
	GroundMax           float64             `query:"ground_max" doc:"At most: metres, mean altitude by the heights that were imported."`
	SlopeMin            float64             `query:"slope_min" doc:"At least: degrees, mean slope 坡度."`
	SlopeMax            float64             `query:"slope_max" doc:"At most: degrees, mean slope 坡度." example:"6"`
	NoticeOnMin         string              `query:"notice_on_min" doc:"Days from this one on: announced." example:"2026-07-01"`
	NoticeOnMax         string              `query:"notice_on_max" doc:"And up to this one." example:"2026-08-31"`
	RegistrationEndsMin string              `query:"registration_ends_min" doc:"Days from this one on: registration ends." example:"2026-07-01"`
	RegistrationEndsMax string              `query:"registration_ends_max" doc:"And up to this one." example:"2026-08-31"`
	ListingEndsMin      string              `query:"listing_ends_min" doc:"Days from this one on: listing ends." example:"2026-07-01"`
	ListingEndsMax      string              `query:"listing_ends_max" doc:"And up to this one." example:"2026-08-31"`
	ToHighwayMin        float64             `query:"to_highway_min" doc:"At least: minutes by car to a national or provincial road."`
	ToHighwayMax        float64             `query:"to_highway_max" doc:"At most: minutes by car to a national or provincial road."`
	ToRailwayMin        float64             `query:"to_railway_min" doc:"At least: minutes by car to a railway station."`
	ToRailwayMax        float64             `query:"to_railway_max" doc:"At most: minutes by car to a railway station."`
	ToAirportMin        float64             `query:"to_airport_min" doc:"At least: minutes by car to an airport."`
	ToAirportMax        float64             `query:"to_airport_max" doc:"At most: minutes by car to an airport."`
	ToCountySeatMin     float64             `query:"to_county_seat_min" doc:"At least: minutes by car to a city or town."`
	ToCountySeatMax     float64             `query:"to_county_seat_max" doc:"At most: minutes by car to a city or town."`
	ToStationMin        float64             `query:"to_station_min" doc:"At least: minutes by car to a station."`
	ToStationMax        float64             `query:"to_station_max" doc:"At most: minutes by car to a station."`
	BBox                string              `query:"bbox" doc:"Only what touches this box: west,south,east,north in degrees." example:"94.2,29.5,94.5,29.7"`
	Within              string              `query:"within" maxLength:"20000" doc:"Only what touches this drawn polygon: lon,lat,lon,lat,… of up to 500 corners." example:"94.3,29.6,94.4,29.6,94.35,29.7"`
	Near                string              `query:"near" doc:"With minutes: only parcels from which this place, lon,lat, is reached by car in time." example:"94.39,29.602"`
	Minutes             float64             `query:"minutes" doc:"With near: at most so many, up to 240." example:"15"`
	Text                string              `query:"q" maxLength:"100" doc:"Words that all occur in number, 宗地代码, name, address, zone or industry; Chinese also by the first letters of its pinyin." example:"lzjkq"`
	Sort                string              `query:"sort" maxLength:"40" default:"number" doc:"number, status, or a range such as area, price_m2 or to_highway; with a minus before it in descending order." example:"-area"`
	Facets              string              `query:"facets" enum:"true,false" default:"true" doc:"false: without facets and histograms."`

	query atlas.ParcelQuery
	order atlas.ParcelOrder
	mark  *atlas.ParcelMark
}

// Resolve reads what the tags only describe.
func (in *ParcelParams) Resolve(ctx huma.Context) []error {
	errs := in.PageParams.Resolve(ctx)
	url := ctx.URL()
	query, faults := atlas.ParcelQueryOf(url.Query())
	in.query = query
	order, fault := atlas.ParcelOrderOf(in.Sort)
	if fault != nil {
		faults = append(faults, fault)
	}
	in.order = order
	if in.after != "" && fault == nil {
		if in.mark, fault = markOf(in.after, in.Sort); fault != nil {
			faults = append(faults, fault)
		}
	}
	for _, fault := range faults {
		_, tagged := map[string]bool{"minutes": true}[fault.Field]
		for _, r := range atlas.ParcelRanges() {
			tagged = tagged || !strings.HasSuffix(r, "_on") && !strings.HasSuffix(r, "_ends") && (fault.Field == r+"_min" || fault.Field == r+"_max")
		}
		if fault.Reason == kora.ReasonTooLong && fault.Field != "within" || tagged && fault.Reason == kora.ReasonSyntax {
			continue // by the tags it has been refused already
		}
		errs = append(errs, detail("query."+fault.Field, fault))
	}
	return errs
}

// A cursor is the order that it belongs to, the key and the number of the last parcel, with NUL between.
func cursorOf(sort string, m *atlas.ParcelMark) string {
	if m == nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte(sort + "\x00" + strconv.FormatFloat(m.Key, 'g', -1, 64) + "\x00" + m.Number))
}

func markOf(cursor, sort string) (*atlas.ParcelMark, *kora.Error) {
	part := strings.SplitN(cursor, "\x00", 3)
	if len(part) != 3 {
		return nil, kora.Refuse(kora.ReasonSyntax, "cursor", nil, "is none that was given out")
	}
	key, err := strconv.ParseFloat(part[1], 64)
	if err != nil || math.IsNaN(key) {
		return nil, kora.Refuse(kora.ReasonSyntax, "cursor", nil, "is none that was given out")
	}
	if part[0] != sort {
		return nil, kora.Refuse(kora.ReasonSyntax, "cursor", nil, "belongs to another sort; begin at the first page")
	}
	return &atlas.ParcelMark{Key: key, Number: part[2]}, nil
}

// encoded is an answer that was written as JSON already.
type encoded struct {
	ContentType string `header:"Content-Type" hidden:"true"`
	Body        func(huma.Context)
}

// send gives a buffer of the pages as an answer, and takes it back when it is sent. Pages are large and many: as garbage they
// would cost more than they take to write.
func (s *service) send(buffer *[]byte) *encoded {
	return &encoded{echo.MIMEApplicationJSON, func(ctx huma.Context) {
		_, _ = ctx.BodyWriter().Write(*buffer) // the client is gone when this fails
		s.parcels.pages.Put(buffer)
	}}
}

func (s *service) listParcels(ctx context.Context, in *ParcelParams) (*encoded, error) {
	a := atlasOf(ctx)
	f, err := a.ParcelFilter(in.query)
	if err != nil {
		return nil, refused(err)
	}
	page := f.Page(in.order, in.mark, in.Limit)
	var counts *atlas.ParcelCounts
	if in.Facets != "false" {
		counted := f.Counts(in.query.Choices)
		counts = &counted
	}
	b, err := s.parcels.list(a, page, cursorOf(in.Sort, page.Next), counts)
	if err != nil {
		return nil, err
	}
	return s.send(b), nil
}

type searchParcelsInput struct {
	ParcelParams
	Body struct {
		Type        string          `json:"type" enum:"Polygon,MultiPolygon"`
		Coordinates json.RawMessage `json:"coordinates" doc:"Longitude and latitude in degrees, as GeoJSON has them."`
	}
}

func (s *service) searchParcels(ctx context.Context, in *searchParcelsInput) (*encoded, error) {
	var shape orb.MultiPolygon
	if in.Body.Type == "Polygon" {
		shape = make(orb.MultiPolygon, 1)
		if json.Unmarshal(in.Body.Coordinates, &shape[0]) != nil {
			shape = nil
		}
	} else if json.Unmarshal(in.Body.Coordinates, &shape) != nil {
		shape = nil
	}
	if shape == nil {
		return nil, refused(kora.Refuse(kora.ReasonSyntax, "coordinates", nil, "are not those of a %s", in.Body.Type))
	}
	if err := atlas.CheckDrawn(shape); err != nil {
		return nil, refused(err)
	}
	if in.query.Within != nil {
		return nil, refused(kora.Refuse(kora.ReasonDuplicate, "within", nil, "is in the address and in the body"))
	}
	in.query.Within = shape
	return s.listParcels(ctx, &in.ParcelParams)
}

type numberInput struct {
	Number string `path:"number" maxLength:"60"`
}

func (s *service) getParcel(ctx context.Context, in *numberInput) (*encoded, error) {
	a := atlasOf(ctx)
	p := a.Parcel(in.Number)
	if p == nil {
		return nil, refused(kora.Refuse(kora.ReasonNotFound, "parcel", in.Number, "is not on the map"))
	}
	b, err := s.parcels.detail(a, p)
	if err != nil {
		return nil, err
	}
	return s.send(b), nil
}
