package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/sse"
	"github.com/paulmach/orb"

	"kora"
	"kora/exporters"
)

// Sitings answers where stations should stand, in the background.
type Sitings interface {
	Add(ctx context.Context, author kora.Author, q kora.SitingQuestion) (*kora.Siting, error)
	Cancel(ctx context.Context, id string) (*kora.Siting, error)
	Siting(ctx context.Context, id string) (*kora.Siting, error)
	Sitings(ctx context.Context, most int) ([]*kora.Siting, error)
}

const (
	sitingsListed = 100
	sitingLook    = 300 * time.Millisecond
)

func (s *service) sitingRoutes(a huma.API) {
	tags, staff := []string{"siting"}, []map[string][]string{{"staff": {}}}
	op := func(id, method, path, summary string, middlewares ...func(huma.Context, func(huma.Context))) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Tags: tags, Middlewares: append(middlewares, keepNothing, s.takesSitings(a))}
	}
	byStaff := func(o huma.Operation) huma.Operation {
		o.Security, o.Middlewares = staff, append(huma.Middlewares{s.requireStaff(a)}, o.Middlewares...)
		return o
	}
	slowly := limit(a, newLimiter(askEvery, askBurst, s.Now), 0)
	create := byStaff(op("create-siting", http.MethodPost, "/v1/siting", "Ask where stations should stand"))
	create.DefaultStatus = http.StatusAccepted
	create.Description = "The question is worked on in the background. The answer is a plan with a bound that is proven: how far from the best possible it " +
		"can be at most. The same question, with the same seed, on the same record has the same answer."
	huma.Register(a, create, s.createSiting)
	huma.Register(a, byStaff(op("list-sitings", http.MethodGet, "/v1/siting", "The latest questions, without their plans")), s.listSitings)
	huma.Register(a, op("get-siting", http.MethodGet, "/v1/siting/{id}", "One question and its plan, for everybody who has its id", slowly), s.getSiting)
	sse.Register(a, op("watch-siting", http.MethodGet, "/v1/siting/{id}/events", "The same, told anew whenever it changes, until it is over", slowly),
		map[string]any{"siting": Siting{}}, s.watchSiting)
	huma.Register(a, op("siting-file", http.MethodGet, "/v1/siting/{id}/file", "The sites of a plan as a file", slowly), s.sitingFile)
	huma.Register(a, byStaff(op("cancel-siting", http.MethodPost, "/v1/siting/{id}/cancel", "Call a question off")), s.cancelSiting)
}

// A SitingQuestion is everything that a plan depends on, but for the record.
type SitingQuestion struct {
	Objective kora.SitingObjective `json:"objective" enum:"most,all,share,nearest,longest" doc:"most: the most that a number of stations, or a budget, can serve (MCLP); all: the fewest that serve all that can be served (LSCP); share: the fewest that serve a share; nearest: the least time in all to the nearest (p-median); longest: the shortest longest way (p-centre)."`
	Profile   string               `json:"profile,omitempty" enum:"walk,ebike,car,truck" default:"walk"`
	Minutes   int                  `json:"minutes" minimum:"1" maximum:"60" doc:"Of the service circle; of nearest and longest, the longest way that is looked at."`
	Sites     int                  `json:"sites,omitempty" minimum:"0" maximum:"1000" doc:"How many at most, required ones among them: of most, nearest and longest."`
	Share     float64              `json:"share,omitempty" doc:"From 0 to 1: of share."`
	Times     int                  `json:"times,omitempty" enum:"0,1,2" doc:"2: what counts is served by two different stations (交叉覆盖)."`
	Floor     float64              `json:"floor,omitempty" doc:"The share that must be served in every key area that counts: of most, all and share."`

	Weights string           `json:"weights,omitempty" enum:"cells,streets,demand" doc:"What counts: cells (the default), metres of street in them, or what a set of demand has in them."`
	Demand  string           `json:"demand,omitempty" maxLength:"60" doc:"Code of the set of demand, one of /v1/demands." example:"people"`
	Areas   []int64          `json:"areas,omitempty" maxItems:"1000" doc:"Key areas that count; empty: all."`
	Within  orb.MultiPolygon `json:"within,omitempty" doc:"A drawn area that counts in place of key areas, as the coordinates of a MultiPolygon."`

	Existing string      `json:"existing,omitempty" enum:"kept,moving,left" default:"kept" doc:"Stations that stand: kept, and count in no limit; moving: may be closed, and are candidates like any other; left out of account."`
	Kinds    []kora.Kind `json:"kinds,omitempty" maxItems:"3" doc:"Of existing stations that count; empty: all."`
	OpenAt   *time.Time  `json:"open_at,omitempty" doc:"Existing stations count that are open for certain then."`

	Candidates  kora.SitingCandidates `json:"candidates,omitempty" required:"false" doc:"Where a station may come: cells, streets (every_m apart) or points, and only within what is drawn."`
	Required    []orb.Point           `json:"required,omitempty" maxItems:"1000" doc:"Places that must have a station."`
	Forbidden   orb.MultiPolygon      `json:"forbidden,omitempty" doc:"Where none may stand."`
	ForbiddenAt []orb.Point           `json:"forbidden_at,omitempty" maxItems:"1000" doc:"And within 100 m of which none may."`

	Types  []kora.SitingType `json:"types,omitempty" maxItems:"8" doc:"Types of new stations, with what one costs and how many there may be: of most."`
	Budget float64           `json:"budget,omitempty" doc:"What all new stations may cost together: of most."`

	Seed uint64 `json:"seed,omitempty"`
}

// A Siting is a question where stations should stand, and what came of it.
type Siting struct {
	ID          string              `json:"id" format:"uuid" doc:"Nobody can guess it: whoever has it may read the plan."`
	State       kora.SitingState    `json:"state" enum:"queued,running,done,failed,cancelled"`
	Question    SitingQuestion      `json:"question"`
	CreatedAt   time.Time           `json:"created_at"`
	ChangedAt   time.Time           `json:"changed_at"`
	Progress    kora.SitingProgress `json:"progress" doc:"While it runs: lists of what each place serves, greedy, swap, and bound."`
	Plan        *SitingPlan         `json:"plan,omitempty"`
	Refused     *ImportFault        `json:"refused,omitempty" doc:"Why there is no plan."`
	Assumptions *assumptions        `json:"assumptions,omitempty"`
}

// A SitingPlan is an answer.
type SitingPlan struct {
	Value      float64 `json:"value" doc:"In the unit of weights (most), stations (all, share), unit times seconds (nearest) or seconds (longest)."`
	Bound      float64 `json:"bound" doc:"Proven: no plan is above it (most), or below it (the others)."`
	Gap        float64 `json:"gap" doc:"How far from the best possible the plan can be at most, as a share: 0.004 is 0.4 %."`
	Met        bool    `json:"met" doc:"All floors hold, and the share or everybody is reached."`
	Impossible bool    `json:"impossible" doc:"It is proven that no plan can."`

	Covered   float64 `json:"covered"`
	Existing  float64 `json:"existing" doc:"By stations that stand and stay, alone."`
	Reachable float64 `json:"reachable" doc:"What all places together could cover."`
	Total     float64 `json:"total"`

	Unit    string             `json:"unit" enum:"cells,m,people,workers,jobs" doc:"Of what is covered."`
	OffGrid float64            `json:"off_grid,omitempty" doc:"What of the total lies in the drawn area and beyond the grid: nobody can cover it."`
	Demand  *kora.ReportDemand `json:"demand,omitempty" doc:"The set of demand by which was weighed."`

	Sites  []SitingSite       `json:"sites" nullable:"false" doc:"In the order in which each adds most."`
	Kept   []int64            `json:"kept" nullable:"false" doc:"Existing stations that stay."`
	Closed []int64            `json:"closed" nullable:"false" doc:"Existing stations that the plan does without."`
	Curve  []kora.SitingPoint `json:"curve" nullable:"false" doc:"What so many sites cover, from none; beyond the plan, what a few more would."`
	Areas  []SitingArea       `json:"areas" nullable:"false" doc:"Key areas before and after, in the unit of weights."`

	Demands    int    `json:"demands" doc:"Cells that count."`
	Candidates int    `json:"candidates" doc:"Places with a street within reach."`
	Unlinked   int    `json:"unlinked" doc:"Places without one, which were left out."`
	Entries    int    `json:"entries" doc:"Pairs of a place and a cell that it serves."`
	Snapshot   string `json:"snapshot" doc:"The state of the record that was looked at."`
	Streets    string `json:"streets" doc:"The street extract."`
}

// A SitingSite is a place of a plan.
type SitingSite struct {
	Number  int       `json:"number"`
	Point   orb.Point `json:"point" nullable:"false" doc:"Longitude and latitude."`
	Station int64     `json:"station,omitempty" doc:"Where one stands already."`
	Type    string    `json:"type,omitempty"`
	Cost    float64   `json:"cost,omitempty"`
	Area    string    `json:"area,omitempty" doc:"Code of the key area that it lies in."`
	Street  *name     `json:"street,omitempty" doc:"The nearest street or place that has a name, within 3 km."`
	StreetM float64   `json:"street_m,omitempty"`
	Must    bool      `json:"must,omitempty" doc:"It was required."`
	Adds    float64   `json:"adds" doc:"What it covers beyond those before it."`
	Covered float64   `json:"covered" doc:"With those before it."`
	Alone   float64   `json:"alone" doc:"What is lost without it."`
}

// A SitingArea says what a plan does for a key area.
type SitingArea struct {
	ID     int64   `json:"id"`
	Code   string  `json:"code"`
	Name   name    `json:"name"`
	Total  float64 `json:"total"`
	Before float64 `json:"before"`
	After  float64 `json:"after"`
	Floor  float64 `json:"floor,omitempty"`
	Met    bool    `json:"met"`
}

func (s *service) sitingOf(ctx context.Context, in *kora.Siting, l language) Siting {
	a := atlasOf(ctx)
	v := Siting{ID: in.ID, State: in.State, Question: SitingQuestion(in.Question), CreatedAt: in.CreatedAt, ChangedAt: in.ChangedAt, Progress: in.Progress}
	if in.Refused != nil {
		fault := importFaultOf(*in.Refused, l)
		v.Refused = &fault
	}
	p := in.Plan
	if p == nil {
		return v
	}
	on := assumptionsOf(a, in.Question.Profile, in.Question.OpenAt)
	v.Assumptions = &on
	v.Plan = &SitingPlan{Value: p.Value, Bound: p.Bound, Gap: p.Gap, Met: p.Met, Impossible: p.Impossible, Covered: p.Covered, Existing: p.Existing,
		Reachable: p.Reachable, Total: p.Total, Unit: p.Unit, OffGrid: p.OffGrid, Demand: p.Demand, Sites: []SitingSite{}, Kept: p.Kept, Closed: p.Closed, Curve: p.Curve, Areas: []SitingArea{}, Demands: p.Demands,
		Candidates: p.Candidates, Unlinked: p.Unlinked, Entries: p.Entries, Snapshot: p.Snapshot, Streets: p.StreetsOf}
	for _, one := range p.Sites {
		site := SitingSite{Number: one.Number, Point: one.Point, Station: one.Station, Type: one.Type, Cost: one.Cost, Area: one.Area, StreetM: one.StreetM,
			Must: one.Must, Adds: one.Adds, Covered: one.Covered, Alone: one.Alone}
		if one.Street != (kora.Name{}) {
			street := name(one.Street)
			site.Street = &street
		}
		v.Plan.Sites = append(v.Plan.Sites, site)
	}
	for _, one := range p.Areas {
		area := SitingArea{ID: one.ID, Total: one.Total, Before: one.Before, After: one.After, Floor: one.Floor, Met: one.Met}
		for _, k := range a.KeyAreas {
			if k.ID == one.ID {
				area.Code, area.Name = k.Code, name(k.Name)
			}
		}
		v.Plan.Areas = append(v.Plan.Areas, area)
	}
	return v
}

type createSitingInput struct {
	ChangeParams
	LanguageParam
	Body SitingQuestion
}

func (s *service) createSiting(ctx context.Context, in *createSitingInput) (*body[Siting], error) {
	author, err := in.author()
	if err != nil {
		return nil, refused(err)
	}
	made, err := s.Sitings.Add(ctx, author, kora.SitingQuestion(in.Body))
	if err != nil {
		return nil, refused(err)
	}
	return &body[Siting]{s.sitingOf(ctx, made, in.language)}, nil
}

type listSitingsOutput struct {
	Sitings []Siting `json:"sitings" nullable:"false" doc:"Latest first, the last hundred."`
}

func (s *service) listSitings(ctx context.Context, in *LanguageParam) (*body[listSitingsOutput], error) {
	all, err := s.Sitings.Sitings(ctx, sitingsListed)
	if err != nil {
		return nil, refused(err)
	}
	out := listSitingsOutput{Sitings: []Siting{}}
	for _, one := range all {
		out.Sitings = append(out.Sitings, s.sitingOf(ctx, one, in.language))
	}
	return &body[listSitingsOutput]{out}, nil
}

// SitingID names a question.
type SitingID struct {
	ID string `path:"id" format:"uuid"`
	LanguageParam
}

func (s *service) getSiting(ctx context.Context, in *SitingID) (*body[Siting], error) {
	one, err := s.Sitings.Siting(ctx, in.ID)
	if err != nil {
		return nil, refused(err)
	}
	return &body[Siting]{s.sitingOf(ctx, one, in.language)}, nil
}

// watchSiting looks again and again: any node may do the work, and the record is where they tell how far they are.
func (s *service) watchSiting(ctx context.Context, in *SitingID, send sse.Sender) {
	var told time.Time
	for {
		one, err := s.Sitings.Siting(ctx, in.ID)
		if err != nil {
			return
		}
		if one.ChangedAt != told {
			if send.Data(s.sitingOf(ctx, one, in.language)) != nil {
				return // nobody listens any more
			}
			told = one.ChangedAt
		}
		if one.State.Over() {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(sitingLook):
		}
	}
}

type cancelSitingInput struct {
	SitingID
	ChangeParams
}

func (s *service) cancelSiting(ctx context.Context, in *cancelSitingInput) (*body[Siting], error) {
	one, err := s.Sitings.Cancel(ctx, in.ID)
	if err != nil {
		return nil, refused(err)
	}
	return &body[Siting]{s.sitingOf(ctx, one, in.language)}, nil
}

type sitingFileInput struct {
	SitingID
	Format string `query:"format" enum:"csv,xlsx,geojson" default:"xlsx"`
}

func (s *service) sitingFile(ctx context.Context, in *sitingFileInput) (*download, error) {
	one, err := s.Sitings.Siting(ctx, in.ID)
	if err != nil {
		return nil, refused(err)
	}
	set, err := exporters.Siting(atlasOf(ctx), one)
	if err != nil {
		return nil, refused(err)
	}
	format := exporters.Format(in.Format)
	if format != exporters.XLSX {
		set = set.Layer("sites")
	}
	d, err := downloadOf(ctx, set, format, "siting-"+kora.ChinaTime(one.CreatedAt).Format(time.DateOnly))
	return d, refused(err)
}

func (s *service) takesSitings(a huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if s.Sitings == nil {
			_ = huma.WriteErr(a, ctx, http.StatusServiceUnavailable, "no questions are taken here")
			return
		}
		next(ctx)
	}
}
