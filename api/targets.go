package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kora"
)

func (s *service) targetRoutes(a huma.API) {
	huma.Register(a, huma.Operation{
		OperationID: "list-targets", Method: http.MethodGet, Path: "/v1/targets", Tags: []string{"reports"},
		Summary: "What should be reached by the end of each year, what is reached now, and the path so far",
		Description: "Standard stations are union stations and oxygen bars that are 规范化 and serve. A key area is fully covered when all of its cells " +
			"with a street are within the circle. A highway is served when a drivers' home that serves stands at it by its own record. " +
			"The path is made of kept reports of the same profile and minutes, by any kind of station.",
	}, s.listTargets)
	huma.Register(a, huma.Operation{
		OperationID: "put-target", Method: http.MethodPut, Path: "/v1/targets/{year}", Tags: []string{"reports"},
		Summary: "Set what should be reached by the end of a year; what was set before is kept", Security: []map[string][]string{{"staff": {}}},
		Middlewares: huma.Middlewares{s.requireStaff(a)},
	}, s.putTarget)
}

// A Target is what should be reached by the end of a year.
type Target struct {
	Year int `json:"year"`
	TargetNumbers
	Sample   bool   `json:"sample"`
	Revision string `json:"revision" doc:"Which version this is, for If-Match." example:"3-2"`
}

// TargetNumbers are what staff set.
type TargetNumbers struct {
	Standard int `json:"standard" minimum:"0" maximum:"100000" doc:"Standard stations (规范化), oxygen bars among them."`
	KeyAreas int `json:"key_areas" minimum:"0" maximum:"100000" doc:"Key areas that are fully covered."`
	Highways int `json:"highways" minimum:"0" maximum:"100000" doc:"Highways with a drivers' home."`
}

func targetOf(t *kora.Target) Target {
	return Target{t.Year, TargetNumbers{t.Standard, t.KeyAreas, t.Highways}, t.Sample, t.Revision().String()}
}

// TargetParams tell which circle a key area must lie in.
type TargetParams struct {
	ProfileParam
	Minutes int `query:"minutes" minimum:"1" maximum:"60" default:"15" doc:"The service circle."`
}

type targetsOutput struct {
	Targets     []Target      `json:"targets" nullable:"false" doc:"By year."`
	Day         string        `json:"day" format:"date" doc:"Today in China."`
	Now         kora.Progress `json:"now"`
	Path        []targetStep  `json:"path" nullable:"false" doc:"By day."`
	Assumptions assumptions   `json:"assumptions"`
}

type targetStep struct {
	Day      string        `json:"day" format:"date"`
	Report   int64         `json:"report" doc:"The kept report that tells of it."`
	Name     string        `json:"name"`
	Progress kora.Progress `json:"progress"`
}

func (s *service) listTargets(ctx context.Context, in *TargetParams) (*body[targetsOutput], error) {
	a := atlasOf(ctx)
	now, err := a.Progress(ctx, in.Profile, in.Minutes)
	if err != nil {
		return nil, refused(err)
	}
	out := targetsOutput{Targets: []Target{}, Day: kora.ChinaTime(s.Now()).Format(time.DateOnly), Now: now, Path: []targetStep{},
		Assumptions: assumptionsOf(a, in.Profile, nil)}
	for _, t := range a.Targets {
		out.Targets = append(out.Targets, targetOf(t))
	}
	for _, r := range a.Reports {
		if r.Report.Profile == in.Profile && r.Report.Minutes == in.Minutes && len(r.Report.Kinds) == 0 {
			out.Path = append(out.Path, targetStep{r.Report.Day, r.ID, r.Name, r.Report.Progress})
		}
	}
	slices.SortStableFunc(out.Path, func(x, y targetStep) int {
		switch {
		case x.Day < y.Day:
			return -1
		case x.Day > y.Day:
			return 1
		}
		return int(x.Report - y.Report)
	})
	return &body[targetsOutput]{out}, nil
}

type putTargetInput struct {
	Year int `path:"year" minimum:"2020" maximum:"2050"`
	ChangeParams
	MatchParam
	Body struct {
		TargetNumbers
	}
}

type writtenTarget struct {
	Snapshot string `header:"Kora-Snapshot"`
	Body     Target
}

func (s *service) putTarget(ctx context.Context, in *putTargetInput) (*writtenTarget, error) {
	author, err := in.author()
	if err != nil {
		return nil, refused(err)
	}
	was, err := in.revision()
	if err != nil {
		return nil, refused(err)
	}
	t := &kora.Target{Year: in.Year, Standard: in.Body.Standard, KeyAreas: in.Body.KeyAreas, Highways: in.Body.Highways}
	if err := t.Validate(); err != nil {
		return nil, refused(err)
	}
	snapshot, err := s.write(ctx, func(ctx context.Context) (uint64, error) { return s.Record.PutTarget(ctx, author, t, was) })
	if err != nil {
		return nil, refused(err)
	}
	return &writtenTarget{snapshot, targetOf(t)}, nil
}
