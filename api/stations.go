package api

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"kora"
	"kora/atlas"
	"kora/geo/network"
)

type body[T any] struct{ Body T }

func (s *service) stationRoutes(a huma.API) {
	huma.Register(a, huma.Operation{
		OperationID: "list-stations", Method: http.MethodGet, Path: "/v1/stations", Tags: []string{"stations"},
		Summary: "Stations by filters",
	}, s.listStations)
	huma.Register(a, huma.Operation{
		OperationID: "nearest-stations", Method: http.MethodGet, Path: "/v1/stations/nearest", Tags: []string{"stations"},
		Summary: "The nearest stations by travel time over the streets",
	}, s.nearestStations)
	huma.Register(a, huma.Operation{
		OperationID: "get-station", Method: http.MethodGet, Path: "/v1/stations/{id}", Tags: []string{"stations"},
		Summary: "One station",
	}, s.getStation)
	staff := []map[string][]string{{"staff": {}}}
	huma.Register(a, huma.Operation{
		OperationID: "create-station", Method: http.MethodPost, Path: "/v1/stations", Tags: []string{"stations"},
		Summary: "Add a station", Security: staff, DefaultStatus: http.StatusCreated,
		Middlewares: huma.Middlewares{s.requireStaff(a)},
	}, s.createStation)
	huma.Register(a, huma.Operation{
		OperationID: "replace-station", Method: http.MethodPut, Path: "/v1/stations/{id}", Tags: []string{"stations"},
		Summary: "Replace a station; its former version is kept", Security: staff,
		Middlewares: huma.Middlewares{s.requireStaff(a)},
	}, s.replaceStation)
	huma.Register(a, huma.Operation{
		OperationID: "delete-station", Method: http.MethodDelete, Path: "/v1/stations/{id}", Tags: []string{"stations"},
		Summary: "Remove a station; what it was is kept", Security: staff,
		Middlewares: huma.Middlewares{s.requireStaff(a)},
	}, s.deleteStation)
}

// requireStaff lets only bearers of the staff token through, before the body is read.
func (s *service) requireStaff(a huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if !s.isStaff(ctx) {
			_ = huma.WriteErr(a, ctx, http.StatusUnauthorized, "this needs the staff token as a bearer token")
			return
		}
		next(ctx)
	}
}

// isStaff tells whether the request bears the staff token.
func (s *service) isStaff(ctx huma.Context) bool {
	token, bearer := strings.CutPrefix(ctx.Header("Authorization"), "Bearer ")
	want, got := sha256.Sum256([]byte(s.StaffToken)), sha256.Sum256([]byte(token))
	return bearer && s.StaffToken != "" && subtle.ConstantTimeCompare(got[:], want[:]) == 1
}

type listStationsInput struct {
	StationParams
	BoxParams
	PageParams
	Status []kora.Status `query:"status,explode" enum:"planned,building,trial,open,paused,closed" doc:"Only these; may be repeated."`
	Text   string        `query:"q" maxLength:"100" doc:"Part of the code, a name or the address."`
}

func (s *service) listStations(ctx context.Context, in *listStationsInput) (*body[collection[stationFeature]], error) {
	now := s.Now()
	q := in.query(now)
	q.Statuses, q.Bounds, q.Text = in.Status, in.bound, in.Text
	found := atlasOf(ctx).FindStations(q)
	window, next := cut(&in.PageParams, found, func(s *kora.Station) string { return numbered(s.ID) }, before)
	out := collection[stationFeature]{Type: "FeatureCollection", Features: []stationFeature{}, Total: len(found), Next: next}
	for _, station := range window {
		out.Features = append(out.Features, featureOf(station, when(q, now)))
	}
	return &body[collection[stationFeature]]{out}, nil
}

// when is the time that the answer's open states are for.
func when(q atlas.StationQuery, now time.Time) time.Time {
	if q.OpenAt != nil {
		return *q.OpenAt
	}
	return now
}

type IDParam struct {
	ID int64 `path:"id" minimum:"1"`
}

func (s *service) getStation(ctx context.Context, in *IDParam) (*body[stationFeature], error) {
	station := atlasOf(ctx).Station(in.ID)
	if station == nil {
		return nil, refused(kora.Refuse(kora.ReasonNotFound, "station", in.ID, "is not on the map"))
	}
	return &body[stationFeature]{featureOf(station, s.Now())}, nil
}

type nearestInput struct {
	PlaceParams
	StationParams
	ProfileParam
	Limit int `query:"limit" minimum:"1" maximum:"50" default:"5" doc:"At most so many."`
}

type nearestOutput struct {
	Results     []reach     `json:"results" doc:"In ascending time. Stations more than two hours away are left out." nullable:"false"`
	Assumptions assumptions `json:"assumptions"`
}

type reach struct {
	Station stationFeature `json:"station"`
	Seconds float64        `json:"seconds" doc:"Travel time over the streets, with the way to and from them."`
	Metres  float64        `json:"metres" doc:"Length of that way."`
	Route   line           `json:"route"`
	Legs    []leg          `json:"legs" nullable:"false" doc:"The route in parts of one kind, in order."`

	StepsMetres float64 `json:"steps_metres" doc:"How much of it is steps; 0: it is step-free, as far as the map knows."`
}

type leg struct {
	Kind   string  `json:"kind" enum:"off_street,street,steps,ferry" doc:"off_street: between a place and the street, in a straight line on foot."`
	Metres float64 `json:"metres"`
	First  int     `json:"first" doc:"Index in the route's coordinates where it begins."`
	Last   int     `json:"last" doc:"And where it ends."`
}

func (s *service) nearestStations(ctx context.Context, in *nearestInput) (*body[nearestOutput], error) {
	a, now := atlasOf(ctx), s.Now()
	q := in.query(now)
	found, err := a.Nearest(ctx, in.Profile, in.point(), q, in.Limit)
	if err != nil {
		return nil, refused(err)
	}
	out := nearestOutput{Results: []reach{}, Assumptions: assumptionsOf(a, in.Profile, q.OpenAt)}
	for _, r := range found {
		one := reach{Station: featureOf(r.Station, when(q, now)), Seconds: r.Seconds, Metres: r.Metres, Route: line{"LineString", r.Line},
			Legs: []leg{}}
		for _, l := range r.Legs {
			kind := legKind(l)
			one.Legs = append(one.Legs, leg{kind, l.Metres, l.First, l.Last})
			if kind == "steps" {
				one.StepsMetres += l.Metres
			}
		}
		out.Results = append(out.Results, one)
	}
	return &body[nearestOutput]{out}, nil
}

func legKind(l network.Leg) string {
	switch {
	case l.OffStreet:
		return "off_street"
	case l.Kind == network.Steps:
		return "steps"
	case l.Kind == network.Ferry:
		return "ferry"
	}
	return "street"
}

// stationInput is a station as staff send it: the same GeoJSON as is answered, without what Kora derives.
type stationInput struct {
	Type       string `json:"type" enum:"Feature"`
	Geometry   point  `json:"geometry"`
	Properties struct {
		Code       string      `json:"code" minLength:"1" maxLength:"60"`
		Name       name        `json:"name"`
		Kind       kora.Kind   `json:"kind" enum:"union_station,oxygen_bar,drivers_home"`
		Status     kora.Status `json:"status,omitempty" enum:"planned,building,trial,open,paused,closed" default:"open"`
		County     string      `json:"county,omitempty"`
		Address    *name       `json:"address,omitempty"`
		Hours      string      `json:"hours,omitempty" example:"Mo-Su 09:00-21:00"`
		Facilities []string    `json:"facilities,omitempty" maxItems:"27" nullable:"false"`
		Standard   bool        `json:"standard,omitempty"`
		AreaM2     float64     `json:"area_m2,omitempty"`
		AltitudeM  float64     `json:"altitude_m,omitempty"`
		Highway    string      `json:"highway,omitempty" maxLength:"20"`
		Sample     bool        `json:"sample,omitempty"`
	} `json:"properties"`
}

func (in *stationInput) station() (*kora.Station, error) {
	p := in.Properties
	hours, err := kora.ParseHours(p.Hours)
	if err != nil {
		return nil, err
	}
	s := &kora.Station{
		Code: p.Code, Name: kora.Name(p.Name), Kind: p.Kind, Status: p.Status, Point: orb.Point(in.Geometry.Coordinates),
		County: p.County, Hours: hours, Facilities: slices.Compact(slices.Sorted(slices.Values(p.Facilities))),
		Standard: p.Standard, AreaM2: p.AreaM2, AltitudeM: p.AltitudeM, Highway: p.Highway, Sample: p.Sample,
	}
	if p.Address != nil {
		s.Address = kora.Name(*p.Address)
	}
	return s, s.Validate()
}

// ChangeParams is a write over HTTP.
type ChangeParams struct {
	Reason string `header:"Kora-Reason" maxLength:"200" doc:"Why, for the history."`
	StaffParam
}

// author is who signs the change: a member of staff by name or, without one, the staff.
func (c ChangeParams) author() (kora.Author, error) {
	who, err := c.name()
	if who == "" {
		who = "staff"
	}
	return kora.Author{Who: who, Why: c.Reason}, err
}

type createInput struct {
	ChangeParams
	Body stationInput
}

// written is the answer to a write; its snapshot is one that holds it.
type written struct {
	Location string `header:"Location"`
	Snapshot string `header:"Kora-Snapshot"`
	Body     stationFeature
}

func (s *service) createStation(ctx context.Context, in *createInput) (*written, error) {
	author, err := in.author()
	if err != nil {
		return nil, refused(err)
	}
	station, err := in.Body.station()
	if err != nil {
		return nil, refused(err)
	}
	snapshot, err := s.write(ctx, func(ctx context.Context) (uint64, error) {
		return s.Record.CreateStation(ctx, author, station)
	})
	if err != nil {
		return nil, refused(err)
	}
	return &written{"/v1/stations/" + strconv.FormatInt(station.ID, 10), snapshot, featureOf(station, s.Now())}, nil
}

type replaceInput struct {
	IDParam
	ChangeParams
	Body stationInput
}

func (s *service) replaceStation(ctx context.Context, in *replaceInput) (*written, error) {
	author, err := in.author()
	if err != nil {
		return nil, refused(err)
	}
	station, err := in.Body.station()
	if err != nil {
		return nil, refused(err)
	}
	station.ID = in.ID
	snapshot, err := s.write(ctx, func(ctx context.Context) (uint64, error) {
		return s.Record.UpdateStation(ctx, author, station)
	})
	if err != nil {
		return nil, refused(err)
	}
	return &written{"", snapshot, featureOf(station, s.Now())}, nil
}

type deleteInput struct {
	IDParam
	ChangeParams
}

type deleted struct {
	Snapshot string `header:"Kora-Snapshot"`
}

func (s *service) deleteStation(ctx context.Context, in *deleteInput) (*deleted, error) {
	author, err := in.author()
	if err != nil {
		return nil, refused(err)
	}
	snapshot, err := s.write(ctx, func(ctx context.Context) (uint64, error) {
		return s.Record.DeleteStation(ctx, author, in.ID)
	})
	if err != nil {
		return nil, refused(err)
	}
	return &deleted{snapshot}, nil
}

// writeTime is how long the record may take for a write, and then this node's atlas to show it.
const writeTime = 5 * time.Second

// write waits until this node's atlas holds a write, so that people see what they just did, and names that snapshot.
func (s *service) write(ctx context.Context, do func(context.Context) (xid uint64, err error)) (snapshot string, _ error) {
	writing, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	xid, err := do(writing)
	if err != nil {
		return "", err
	}
	waiting, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	if err := s.Keeper.WaitFor(waiting, xid); err != nil {
		return "", err
	}
	return s.Keeper.Atlas().Position.Snapshot, nil
}
