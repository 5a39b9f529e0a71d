package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kora"
	"kora/exporters"
)

// A ScenarioRecord keeps scenarios. They do not go through the atlas: they are no part of the map.
type ScenarioRecord interface {
	Scenario(ctx context.Context, id string) (*kora.Scenario, error)
	Scenarios(ctx context.Context, most int) ([]*kora.Scenario, error)
	CreateScenario(ctx context.Context, sc *kora.Scenario) error
	UpdateScenario(ctx context.Context, sc *kora.Scenario, was int) error
	DeleteScenario(ctx context.Context, id string, was int) error
	AdoptScenario(ctx context.Context, author kora.Author, id string, was int, how kora.Adoption) (sc *kora.Scenario, written []*kora.Station, xid uint64, err error)
}

const scenariosListed = 200

func (s *service) scenarioRoutes(a huma.API) {
	tags, staff := []string{"scenarios"}, []map[string][]string{{"staff": {}}}
	keeping := s.keepsScenarios(a)
	op := func(id, method, path, summary string, middlewares ...func(huma.Context, func(huma.Context))) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Tags: tags, Middlewares: append(middlewares, keepNothing, keeping)}
	}
	byStaff := func(o huma.Operation) huma.Operation {
		o.Security, o.Middlewares = staff, append(huma.Middlewares{s.requireStaff(a)}, o.Middlewares...)
		return o
	}
	computing := huma.Middlewares{limit(a, newLimiter(whatIfEvery, whatIfBurst, s.Now), 0), keepNothing}
	huma.Register(a, huma.Operation{
		OperationID: "what-if", Method: http.MethodPost, Path: "/v1/coverage/what-if", Tags: tags,
		Summary: "How coverage would be with other stations",
		Description: "Stations are added, moved, closed, reopened or given other hours in thought: the answer holds the figures before and after " +
			"and the times of all cells, of one state of the record. Nothing is written.",
		Middlewares: computing,
	}, s.whatIf)
	file := &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
	huma.Register(a, huma.Operation{
		OperationID: "what-if-file", Method: http.MethodPost, Path: "/v1/coverage/what-if/file", Tags: tags,
		Summary: "The same as a file for spreadsheets or maps", Middlewares: computing,
		Responses: map[string]*huma.Response{"200": {Description: "The file", Content: map[string]*huma.MediaType{
			exporters.XLSX.MediaType(): file, exporters.CSV.MediaType(): file, exporters.GeoJSON.MediaType(): file}}},
	}, s.whatIfFile)
	huma.Register(a, byStaff(op("list-scenarios", http.MethodGet, "/v1/scenarios", "Kept scenarios, the latest first")), s.listScenarios)
	create := byStaff(op("create-scenario", http.MethodPost, "/v1/scenarios", "Keep a scenario"))
	create.DefaultStatus = http.StatusCreated
	huma.Register(a, create, s.createScenario)
	huma.Register(a, op("get-scenario", http.MethodGet, "/v1/scenarios/{id}", "One scenario, for everybody who has its id",
		limit(a, newLimiter(askEvery, askBurst, s.Now), 0)), s.getScenario)
	huma.Register(a, byStaff(op("replace-scenario", http.MethodPut, "/v1/scenarios/{id}", "Replace a scenario that is not adopted")), s.replaceScenario)
	huma.Register(a, byStaff(op("delete-scenario", http.MethodDelete, "/v1/scenarios/{id}", "Remove a scenario for good")), s.deleteScenario)
	adopt := byStaff(op("adopt-scenario", http.MethodPost, "/v1/scenarios/{id}/adopt", "Make all edits of a scenario in the record"))
	adopt.Description = "In one transaction, once, and only while the stations that it touches are those that it was made on. The history says which scenario it was."
	huma.Register(a, adopt, s.adoptScenario)
}

func (s *service) keepsScenarios(a huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if s.Scenarios == nil {
			_ = huma.WriteErr(a, ctx, http.StatusServiceUnavailable, "no scenarios are kept here")
			return
		}
		next(ctx)
	}
}

// A Scenario is a plan on trial.
type Scenario struct {
	ID        string           `json:"id" format:"uuid" doc:"Nobody can guess it: whoever has it may read the scenario."`
	Revision  string           `json:"revision" doc:"Which version this is, for If-Match." example:"3"`
	Name      string           `json:"name"`
	Settings  ScenarioSettings `json:"settings"`
	Edits     []ScenarioEdit   `json:"edits" nullable:"false"`
	Base      scenarioBase     `json:"base"`
	CreatedAt time.Time        `json:"created_at"`
	ChangedAt time.Time        `json:"changed_at"`
	AdoptedAt *time.Time       `json:"adopted_at,omitempty" doc:"When it became part of the record; it does not change any more."`
}

func scenarioOf(sc *kora.Scenario) Scenario {
	out := Scenario{ID: sc.ID, Revision: fmt.Sprint(sc.Version), Name: sc.Name, Settings: ScenarioSettings(sc.Settings), Edits: []ScenarioEdit{},
		Base: baseOf(sc.Base), CreatedAt: sc.CreatedAt, ChangedAt: sc.ChangedAt}
	for _, e := range sc.Edits {
		out.Edits = append(out.Edits, ScenarioEdit(e))
	}
	if !sc.AdoptedAt.IsZero() {
		out.AdoptedAt = &sc.AdoptedAt
	}
	return out
}

// ScenarioText is a scenario as staff write it.
type ScenarioText struct {
	Name     string           `json:"name" maxLength:"80"`
	Settings ScenarioSettings `json:"settings"`
	Edits    []ScenarioEdit   `json:"edits" maxItems:"500" nullable:"false"`
	Base     *scenarioBase    `json:"base,omitempty" doc:"What it was made on, as the answer of /v1/coverage/what-if says; without it, the record as it is."`
}

// scenario is what was written, on the state of the record that it names or else the one at hand.
func (t *ScenarioText) scenario(ctx context.Context, id string) (*kora.Scenario, error) {
	a := atlasOf(ctx)
	sc := &kora.Scenario{ID: id, Name: strings.TrimSpace(t.Name), Settings: kora.ScenarioSettings(t.Settings), Edits: editsOf(t.Edits),
		Base: kora.ScenarioBase{Snapshot: a.Position.Snapshot, Versions: map[int64]int{}}}
	for _, touched := range kora.Touched(sc.Edits) {
		if station := a.Station(touched); station != nil {
			sc.Base.Versions[touched] = station.Version
		}
	}
	if t.Base != nil {
		sc.Base.Snapshot = t.Base.Snapshot
		for _, r := range t.Base.Stations {
			if _, touched := sc.Base.Versions[r.Station]; touched {
				sc.Base.Versions[r.Station] = r.Version
			}
		}
	}
	return sc, sc.Validate()
}

// ScenarioID names a scenario.
type ScenarioID struct {
	ID string `path:"id" format:"uuid"`
}

// VersionParam guards a change of a scenario against what others changed meanwhile.
type VersionParam struct {
	IfMatch string `header:"If-Match" maxLength:"20" doc:"The revision that is to be changed. When it is not the one that there is, the refusal (412) says when it was changed; without this the last writer wins."`
}

// version is 0 when any will do.
func (p VersionParam) version() (v int, err error) {
	text := strings.Trim(p.IfMatch, `"`)
	if text == "" || text == "*" {
		return 0, nil
	}
	if _, err := fmt.Sscanf(text, "%d", &v); err != nil || fmt.Sprint(v) != text || v < 1 {
		return 0, kora.Refuse(kora.ReasonSyntax, "If-Match", p.IfMatch, "is no revision that was given out")
	}
	return v, nil
}

type scenariosOutput struct {
	Scenarios []Scenario `json:"scenarios" nullable:"false"`
}

func (s *service) listScenarios(ctx context.Context, _ *struct{}) (*body[scenariosOutput], error) {
	reading, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	all, err := s.Scenarios.Scenarios(reading, scenariosListed)
	if err != nil {
		return nil, refused(err)
	}
	out := scenariosOutput{Scenarios: []Scenario{}}
	for _, sc := range all {
		out.Scenarios = append(out.Scenarios, scenarioOf(sc))
	}
	return &body[scenariosOutput]{out}, nil
}

func (s *service) getScenario(ctx context.Context, in *ScenarioID) (*body[Scenario], error) {
	reading, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	sc, err := s.Scenarios.Scenario(reading, in.ID)
	if err != nil {
		return nil, refused(err)
	}
	return &body[Scenario]{scenarioOf(sc)}, nil
}

type createScenarioInput struct{ Body ScenarioText }

func (s *service) createScenario(ctx context.Context, in *createScenarioInput) (*keptScenario, error) {
	sc, err := in.Body.scenario(ctx, "")
	if err != nil {
		return nil, refused(err)
	}
	writing, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	if err := s.Scenarios.CreateScenario(writing, sc); err != nil {
		return nil, refused(err)
	}
	return &keptScenario{"/v1/scenarios/" + sc.ID, scenarioOf(sc)}, nil
}

type keptScenario struct {
	Location string `header:"Location"`
	Body     Scenario
}

type replaceScenarioInput struct {
	ScenarioID
	VersionParam
	Body ScenarioText
}

func (s *service) replaceScenario(ctx context.Context, in *replaceScenarioInput) (*body[Scenario], error) {
	was, err := in.version()
	if err != nil {
		return nil, refused(err)
	}
	sc, err := in.Body.scenario(ctx, in.ID)
	if err != nil {
		return nil, refused(err)
	}
	writing, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	if err := s.Scenarios.UpdateScenario(writing, sc, was); err != nil {
		return nil, refused(err)
	}
	return &body[Scenario]{scenarioOf(sc)}, nil
}

type deleteScenarioInput struct {
	ScenarioID
	VersionParam
}

func (s *service) deleteScenario(ctx context.Context, in *deleteScenarioInput) (*struct{}, error) {
	was, err := in.version()
	if err != nil {
		return nil, refused(err)
	}
	writing, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	return nil, refused(s.Scenarios.DeleteScenario(writing, in.ID, was))
}

type adoptScenarioInput struct {
	ScenarioID
	VersionParam
	ChangeParams
	Body struct {
		Status   kora.Status    `json:"status,omitempty" enum:"planned,open" default:"planned" doc:"Of the stations that it adds."`
		Stations []adoptedNames `json:"stations,omitempty" maxItems:"500" nullable:"false" doc:"What the stations that it adds are called; what is missing is made up."`
	}
}

type adoptedNames struct {
	Station int64  `json:"station" doc:"As the scenario has it, below 0."`
	Code    string `json:"code,omitempty" maxLength:"60"`
	Name    *name  `json:"name,omitempty"`
}

type adoptedScenario struct {
	Snapshot string `header:"Kora-Snapshot"`
	Body     struct {
		Scenario Scenario         `json:"scenario"`
		Stations []stationFeature `json:"stations" nullable:"false" doc:"Those that were written, as they are now."`
	}
}

func (s *service) adoptScenario(ctx context.Context, in *adoptScenarioInput) (*adoptedScenario, error) {
	author, err := in.author()
	if err != nil {
		return nil, refused(err)
	}
	was, err := in.version()
	if err != nil {
		return nil, refused(err)
	}
	how := kora.Adoption{Status: in.Body.Status, Named: map[int64]kora.AdoptedStation{}}
	for _, n := range in.Body.Stations {
		named := kora.AdoptedStation{Code: n.Code}
		if n.Name != nil {
			named.Name = kora.Name(*n.Name)
		}
		how.Named[n.Station] = named
	}
	out := &adoptedScenario{}
	var written []*kora.Station
	out.Snapshot, err = s.write(ctx, func(ctx context.Context) (xid uint64, err error) {
		var sc *kora.Scenario
		if sc, written, xid, err = s.Scenarios.AdoptScenario(ctx, author, in.ID, was, how); err == nil {
			out.Body.Scenario = scenarioOf(sc)
		}
		return xid, err
	})
	if err != nil {
		return nil, refused(err)
	}
	out.Body.Stations = []stationFeature{}
	for _, station := range written {
		out.Body.Stations = append(out.Body.Stations, featureOf(station, s.Now()))
	}
	return out, nil
}
