package api

import (
	"context"
	"math"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"kora"
	"kora/atlas"
	"kora/exporters"
	geoservice "kora/geo/service"
)

const corridorContract = "Chainage counts metres along the course on record, from where that begins; holes in it add nothing, and it is not what stands on posts at " +
	"the roadside. A home belongs to a highway when it lies within 5 km of it and the drive there and back takes at most 20 minutes; its chainage is where the " +
	"road is left for it.\n\n" +
	"Both directions are told apart: up travels with the chainage, down against it. A place is served when the drive to a home ahead, one that has not been " +
	"passed yet, is within the limit, over the streets and without turning round on the spot. States: served; beyond, where the next home ahead is " +
	"beyond the limit; no_home, where none follows until the end of the road; unknown, where the streets do not hold the road or it is closed in that " +
	"direction. Lengths of the states add up to that of the highway; shares are of what is known."

func (s *service) corridorRoutes(a huma.API) {
	huma.Register(a, huma.Operation{
		OperationID: "list-corridors", Method: http.MethodGet, Path: "/v1/corridors", Tags: []string{"coverage"},
		Summary: "Highways: how much of each has a drivers' home ahead within a limit", Description: corridorContract,
	}, s.listCorridors)
	huma.Register(a, huma.Operation{
		OperationID: "corridors-file", Method: http.MethodGet, Path: "/v1/corridors/file", Tags: []string{"coverage"},
		Summary:   "The stretches of all highways, and the homes along them, as a file",
		Responses: tableFile(exporters.GeoJSON),
	}, s.corridorsFile)
	huma.Register(a, huma.Operation{
		OperationID: "get-corridor", Method: http.MethodGet, Path: "/v1/corridors/{ref}", Tags: []string{"coverage"},
		Summary: "One highway: its homes, its stretches, and from everywhere along it the way to the next home", Description: corridorContract,
	}, s.getCorridor)
}

// CorridorParams say what is asked of highways.
type CorridorParams struct {
	StationParams
	Profile string  `query:"profile" enum:"truck,car,ebike,walk" default:"truck" doc:"What drives."`
	Minutes float64 `query:"minutes" minimum:"1" maximum:"600" doc:"The limit as a time; 60 without minutes and km."`
	KM      float64 `query:"km" minimum:"1" maximum:"1000" doc:"The limit as a distance, instead of minutes."`
}

func (in *CorridorParams) Resolve(ctx huma.Context) []error {
	errs := in.StationParams.Resolve(ctx)
	if in.Minutes > 0 && in.KM > 0 {
		errs = append(errs, detail("query.km", kora.Refuse(kora.ReasonUnknown, "km", nil, "do not go with %s", "minutes")))
	}
	if in.Minutes == 0 && in.KM == 0 {
		in.Minutes = 60
	}
	if len(in.Kind) == 0 {
		in.Kind = []kora.Kind{kora.KindDrivers}
	}
	return errs
}

func (in *CorridorParams) limit() geoservice.Limit {
	return geoservice.Limit{Seconds: in.Minutes * 60, Metres: in.KM * 1000}
}

// CorridorQuery is what the figures of an answer were asked by.
type CorridorQuery struct {
	Profile     string      `json:"profile"`
	Minutes     *float64    `json:"minutes,omitempty" doc:"The limit, or"`
	KM          *float64    `json:"km,omitempty"`
	Kinds       []kora.Kind `json:"kinds" nullable:"false"`
	Assumptions assumptions `json:"assumptions"`
	Heights     bool        `json:"heights" doc:"Heights are known; where they are not, altitudes are null."`
}

type corridorsOutput struct {
	CorridorQuery
	Highways []CorridorSummary `json:"highways" nullable:"false"`
	Total    corridorLengths   `json:"total" doc:"Both directions of all highways."`
}

// CorridorSummary is a highway in figures.
type CorridorSummary struct {
	Ref     string          `json:"ref" example:"G318"`
	Name    name            `json:"name"`
	Sample  bool            `json:"sample"`
	BBox    [4]float64      `json:"bbox" doc:"west, south, east, north in degrees"`
	LengthM float64         `json:"length_m"`
	Homes   int             `json:"homes"`
	Up      corridorLengths `json:"up"`
	Down    corridorLengths `json:"down"`
	Both    corridorLengths `json:"both" doc:"The sum of both directions."`
	Gap     *corridorGap    `json:"gap,omitempty" doc:"The longest stretch that is not served; absent when there is none."`
	Longest *corridorWay    `json:"longest,omitempty" doc:"The longest way to the next home ahead; absent when there is none anywhere."`
	Highest *summit         `json:"highest,omitempty" doc:"The highest place; absent when no height is known."`
}

type corridorLengths struct {
	ServedM  float64  `json:"served_m"`
	BeyondM  float64  `json:"beyond_m"`
	NoHomeM  float64  `json:"no_home_m"`
	UnknownM float64  `json:"unknown_m"`
	Share    *float64 `json:"share" nullable:"true" doc:"served ÷ (served + beyond + no_home); null when nothing is known."`
}

type corridorGap struct {
	Direction string  `json:"direction" enum:"up,down"`
	FromM     float64 `json:"from_m" doc:"Chainage."`
	ToM       float64 `json:"to_m"`
	LengthM   float64 `json:"length_m"`
}

type corridorWay struct {
	Direction string  `json:"direction" enum:"up,down"`
	ChainageM float64 `json:"chainage_m" doc:"Where it begins."`
	Seconds   float64 `json:"seconds"`
	Metres    float64 `json:"metres"`
	Home      string  `json:"home" doc:"Code of the station that it leads to."`
}

type summit struct {
	ChainageM float64 `json:"chainage_m"`
	AltitudeM float64 `json:"altitude_m"`
}

type corridorOutput struct {
	CorridorSummary
	CorridorQuery
	Stations []corridorHome    `json:"stations" nullable:"false" doc:"The homes along it, by chainage."`
	Passes   []summit          `json:"passes" nullable:"false" doc:"Summits that rise by 300 m or more on both sides."`
	Way      corridorProfile   `json:"way" doc:"Places along the way, at every 500 m, at homes and at holes in the course; lists of equal length."`
	Upward   []corridorStretch `json:"up_stretches" nullable:"false" doc:"By chainage; together they are the whole highway."`
	Downward []corridorStretch `json:"down_stretches" nullable:"false"`
}

type corridorHome struct {
	ID        int64       `json:"id"`
	Code      string      `json:"code"`
	Name      name        `json:"name"`
	Kind      kora.Kind   `json:"kind"`
	Status    kora.Status `json:"status"`
	Sample    bool        `json:"sample"`
	Point     [2]float64  `json:"point"`
	ChainageM float64     `json:"chainage_m" doc:"Where the road is left for it."`
	Side      string      `json:"side" enum:"left,right" doc:"Of who travels with the chainage."`
	AsideM    float64     `json:"aside_m" doc:"From the road, as the crow flies."`
	OffM      float64     `json:"off_m" doc:"From the road, over the streets."`
	DetourS   float64     `json:"detour_s" doc:"There from the road and back."`
	AltitudeM *float64    `json:"altitude_m" nullable:"true" doc:"By the heights, or else as stated."`
}

// corridorProfile holds what is along the way. A way to the next home is null where none is ahead or the road is not known.
type corridorProfile struct {
	ChainageM []float64    `json:"chainage_m" nullable:"false"`
	Points    [][2]float64 `json:"points" nullable:"false"`
	AltitudeM []*float64   `json:"altitude_m" nullable:"false"`
	Up        corridorNext `json:"up"`
	Down      corridorNext `json:"down"`
}

type corridorNext struct {
	Home    []*int     `json:"home" nullable:"false" doc:"Its place in stations."`
	Seconds []*float64 `json:"seconds" nullable:"false"`
	Metres  []*float64 `json:"metres" nullable:"false"`
}

type corridorStretch struct {
	State    geoservice.State `json:"state" enum:"served,beyond,no_home,unknown"`
	FromM    float64          `json:"from_m" doc:"Chainage."`
	ToM      float64          `json:"to_m"`
	LengthM  float64          `json:"length_m"`
	LongestS *float64         `json:"longest_s" nullable:"true" doc:"The longest way to the next home from it, seconds; null when none is ahead or nothing is known."`
	LongestM *float64         `json:"longest_m" nullable:"true" doc:"In metres; where no home is ahead those to the end of the road; null when nothing is known."`
	Before   *int             `json:"before" nullable:"true" doc:"The home that was passed last in this direction: its place in stations."`
	Next     *int             `json:"next" nullable:"true" doc:"The next one ahead."`
	Lines    [][][2]float64   `json:"lines" nullable:"false" doc:"Its course."`
}

func (s *service) listCorridors(ctx context.Context, in *CorridorParams) (*body[corridorsOutput], error) {
	a := atlasOf(ctx)
	all, err := a.Corridors(ctx, in.Profile, in.query(s.Now()))
	if err != nil {
		return nil, refused(err)
	}
	out := corridorsOutput{CorridorQuery: in.told(a, in.query(s.Now())), Highways: []CorridorSummary{}}
	total := geoservice.Lengths{}
	for _, c := range all {
		h, both := summaryOf(c, in.limit())
		out.Highways = append(out.Highways, h)
		for state, m := range both {
			total[state] += m
		}
	}
	out.Total = lengthsOf(total)
	return &body[corridorsOutput]{out}, nil
}

type corridorInput struct {
	CorridorParams
	Ref string `path:"ref" maxLength:"20" example:"G318"`
}

func (s *service) getCorridor(ctx context.Context, in *corridorInput) (*body[corridorOutput], error) {
	a := atlasOf(ctx)
	c, err := a.Corridor(ctx, in.Profile, in.query(s.Now()), in.Ref)
	if err != nil {
		return nil, refused(err)
	}
	if c == nil {
		return nil, refused(kora.Refuse(kora.ReasonNotFound, "highway", in.Ref, "is not on the map"))
	}
	out := corridorOutput{CorridorQuery: in.told(a, in.query(s.Now())), Passes: []summit{}, Stations: []corridorHome{}}
	out.CorridorSummary, _ = summaryOf(c, in.limit())
	for i, h := range c.Homes {
		station := c.Stations[i]
		one := corridorHome{
			ID: station.ID, Code: station.Code, Name: name(station.Name), Kind: station.Kind, Status: station.Status, Sample: station.Sample,
			Point: [2]float64(station.Point), ChainageM: math.Round(h.ChainageM), Side: "right", AsideM: math.Round(h.AsideM),
			OffM: math.Round(h.There.Metres), DetourS: math.Round(h.Detour()), AltitudeM: orNil(station.AltitudeM),
		}
		if h.Left {
			one.Side = "left"
		}
		if m, ok := a.Height(station.Point); ok {
			m = math.Round(m)
			one.AltitudeM = &m
		}
		out.Stations = append(out.Stations, one)
	}
	for _, p := range c.Passes() {
		out.Passes = append(out.Passes, summitOf(c, p))
	}
	out.Way = profileOf(c)
	out.Upward = stretchesOf(c, geoservice.Up, in.limit())
	out.Downward = stretchesOf(c, geoservice.Down, in.limit())
	return &body[corridorOutput]{out}, nil
}

func (in *CorridorParams) told(a *atlas.Atlas, q atlas.StationQuery) CorridorQuery {
	out := CorridorQuery{Profile: in.Profile, Minutes: orNil(in.Minutes), KM: orNil(in.KM), Kinds: q.Kinds,
		Assumptions: assumptionsOf(a, in.Profile, q.OpenAt), Heights: a.HasHeights()}
	return out
}

var directionWords = map[geoservice.Direction]string{geoservice.Up: "up", geoservice.Down: "down"}

// summaryOf gives a highway in figures, and the lengths of both directions together.
func summaryOf(c *atlas.Corridor, limit geoservice.Limit) (CorridorSummary, geoservice.Lengths) {
	b := c.Highway.Geometry.Bound()
	out := CorridorSummary{Ref: c.Highway.Ref, Name: name(c.Highway.Name), Sample: c.Highway.Sample, BBox: [4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]},
		LengthM: math.Round(c.Course.Length()), Homes: len(c.Homes)}
	both := geoservice.Lengths{}
	for _, d := range geoservice.Directions() {
		stretches := c.Stretches(d, limit)
		lengths := geoservice.Sum(stretches)
		for state, m := range lengths {
			both[state] += m
		}
		if d == geoservice.Up {
			out.Up = lengthsOf(lengths)
		} else {
			out.Down = lengthsOf(lengths)
		}
		for _, s := range stretches {
			if unserved := s.State == geoservice.Beyond || s.State == geoservice.NoHome; unserved && (out.Gap == nil || s.Length() > out.Gap.LengthM) {
				out.Gap = &corridorGap{directionWords[d], s.FromM, s.ToM, s.Length()}
			}
		}
		if way, ok := c.Longest(d); ok && (out.Longest == nil || way.Metres > out.Longest.Metres) {
			out.Longest = &corridorWay{directionWords[d], way.ChainageM, way.Seconds, way.Metres, c.Stations[way.Home].Code}
		}
	}
	if out.Gap != nil {
		g := out.Gap
		g.FromM, g.ToM, g.LengthM = math.Round(g.FromM), math.Round(g.ToM), math.Round(g.LengthM)
	}
	if out.Longest != nil {
		w := out.Longest
		w.ChainageM, w.Seconds, w.Metres = math.Round(w.ChainageM), math.Round(w.Seconds), math.Round(w.Metres)
	}
	if top, ok := c.Highest(); ok {
		highest := summitOf(c, top)
		out.Highest = &highest
	}
	out.Both = lengthsOf(both)
	return out, both
}

func lengthsOf(l geoservice.Lengths) corridorLengths {
	out := corridorLengths{math.Round(l[geoservice.Served]), math.Round(l[geoservice.Beyond]), math.Round(l[geoservice.NoHome]), math.Round(l[geoservice.Unknown]), nil}
	if known := l.Known(); known > 0 {
		share := l[geoservice.Served] / known
		out.Share = &share
	}
	return out
}

func summitOf(c *atlas.Corridor, s atlas.Summit) summit {
	return summit{math.Round(c.Places[s.Place].ChainageM), math.Round(s.HeightM)}
}

func profileOf(c *atlas.Corridor) corridorProfile {
	n := len(c.Places)
	out := corridorProfile{make([]float64, n), make([][2]float64, n), make([]*float64, n), noNext(n), noNext(n)}
	for i, p := range c.Places {
		out.ChainageM[i], out.Points[i] = math.Round(p.ChainageM), rounded(p.Point)
		if m := math.Round(c.HeightsM[i]); !math.IsNaN(m) {
			out.AltitudeM[i] = &m
		}
	}
	for _, p := range c.Pieces {
		out.Up.set(p.From, p.Ways[geoservice.Up].From)
		out.Down.set(p.To, p.Ways[geoservice.Down].To)
	}
	return out
}

func noNext(n int) corridorNext {
	return corridorNext{make([]*int, n), make([]*float64, n), make([]*float64, n)}
}

func (n corridorNext) set(place int, next geoservice.Next) {
	if next.Home >= 0 {
		seconds, metres := math.Round(next.Seconds), math.Round(next.Metres)
		n.Home[place], n.Seconds[place], n.Metres[place] = &next.Home, &seconds, &metres
	}
}

// rounded is a place to 1e-6 degrees, some 10 cm.
func rounded(p orb.Point) [2]float64 {
	return [2]float64{math.Round(p[0]*1e6) / 1e6, math.Round(p[1]*1e6) / 1e6}
}

func stretchesOf(c *atlas.Corridor, d geoservice.Direction, limit geoservice.Limit) []corridorStretch {
	out := []corridorStretch{}
	for _, s := range c.Stretches(d, limit) {
		one := corridorStretch{State: s.State, FromM: math.Round(s.FromM), ToM: math.Round(s.ToM), LengthM: math.Round(s.Length()),
			Before: place(s.Before), Next: place(s.Next), Lines: [][][2]float64{}}
		if seconds := math.Round(s.LongestS); s.State != geoservice.Unknown && !math.IsInf(seconds, 1) {
			one.LongestS = &seconds
		}
		if metres := math.Round(s.LongestM); s.State != geoservice.Unknown {
			one.LongestM = &metres
		}
		for _, line := range c.Course.Part(s.FromM, s.ToM) {
			var points [][2]float64
			for _, p := range line {
				points = append(points, rounded(p))
			}
			one.Lines = append(one.Lines, points)
		}
		out = append(out, one)
	}
	return out
}

// place is a place in a list; nil where there is none.
func place(i int) *int {
	if i < 0 {
		return nil
	}
	return &i
}

type corridorsFileInput struct {
	CorridorParams
	Format string `query:"format" enum:"xlsx,csv,geojson" default:"xlsx" doc:"A workbook with stretches and homes; or the stretches as CSV or GeoJSON."`
}

func (s *service) corridorsFile(ctx context.Context, in *corridorsFileInput) (*download, error) {
	set, err := exporters.Corridors(ctx, atlasOf(ctx), exporters.CorridorQuery{Profile: in.Profile, Minutes: in.Minutes, KM: in.KM, Kinds: in.Kind, OpenAt: in.query(s.Now()).OpenAt})
	if err != nil {
		return nil, refused(err)
	}
	format := exporters.Format(in.Format)
	if format != exporters.XLSX {
		set = set.Layer("stretches")
	}
	d, err := downloadOf(ctx, set, format, "corridors-"+kora.ChinaTime(s.Now()).Format(time.DateOnly))
	return d, refused(err)
}
