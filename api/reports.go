package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kora"
	"kora/atlas"
	"kora/exporters"
)

func (s *service) reportRoutes(a huma.API) {
	tags, staff := []string{"reports"}, []map[string][]string{{"staff": {}}}
	huma.Register(a, huma.Operation{
		OperationID: "coverage-report", Method: http.MethodGet, Path: "/v1/coverage/report", Tags: tags,
		Summary: "How much of the city, each district and each key area the service circle reaches",
		Description: "By cells, metres of street, built-up and residential land, and every set of demand, each with its denominator; " +
			"within the time of one station and of two; for all stations that serve, those open for certain at noon, at 23:00, and round the clock; " +
			"and 1 km as the crow flies beside it. All of one state of the record. A district is its key areas together: there are no borders of counties here.",
	}, s.coverageReport)
	huma.Register(a, huma.Operation{
		OperationID: "coverage-report-file", Method: http.MethodGet, Path: "/v1/coverage/report/file", Tags: tags,
		Summary: "The same as a table", Responses: tableFile(),
	}, s.coverageReportFile)
	huma.Register(a, huma.Operation{
		OperationID: "list-demands", Method: http.MethodGet, Path: "/v1/demands", Tags: tags,
		Summary: "The sets of demand that reports count",
	}, s.listDemands)
	huma.Register(a, huma.Operation{
		OperationID: "list-reports", Method: http.MethodGet, Path: "/v1/reports", Tags: tags,
		Summary: "Reports that were kept, latest first",
	}, s.listReports)
	huma.Register(a, huma.Operation{
		OperationID: "keep-report", Method: http.MethodPost, Path: "/v1/reports", Tags: tags, Security: staff,
		Summary:       "Keep the report of now under a name",
		Description:   "It is kept whole, with what it rests on, and nobody can change or remove it afterwards.",
		DefaultStatus: http.StatusCreated, Middlewares: huma.Middlewares{s.requireStaff(a)},
	}, s.keepReport)
	huma.Register(a, huma.Operation{
		OperationID: "compare-reports", Method: http.MethodGet, Path: "/v1/reports/compare", Tags: tags,
		Summary: "What differs from one kept report to another, in percentage points",
	}, s.compareReports)
	huma.Register(a, huma.Operation{
		OperationID: "get-report", Method: http.MethodGet, Path: "/v1/reports/{id}", Tags: tags,
		Summary: "One report as it was kept",
	}, s.getReport)
	huma.Register(a, huma.Operation{
		OperationID: "get-report-file", Method: http.MethodGet, Path: "/v1/reports/{id}/file", Tags: tags,
		Summary: "The same as a table", Responses: tableFile(),
	}, s.reportFile)
}

// tableFile describes an answer that is a file for spreadsheets, or one in another of the formats.
func tableFile(others ...exporters.Format) map[string]*huma.Response {
	content := map[string]*huma.MediaType{}
	for _, f := range append([]exporters.Format{exporters.XLSX, exporters.CSV}, others...) {
		content[f.MediaType()] = &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
	}
	return map[string]*huma.Response{"200": {Description: "The file", Content: content}}
}

// ReportParams choose a service circle.
type ReportParams struct {
	ProfileParam
	Minutes int         `query:"minutes" minimum:"1" maximum:"60" default:"15" doc:"The service circle."`
	Kind    []kora.Kind `query:"kind,explode" doc:"Only these kinds; may be repeated." enum:"union_station,oxygen_bar,drivers_home"`
	Day     string      `query:"day" maxLength:"10" doc:"The day whose opening hours count, such as 2026-07-01; without it, today in China."`
}

func (p *ReportParams) query(now time.Time) (atlas.ReportQuery, error) {
	q := atlas.ReportQuery{Profile: p.Profile, Minutes: p.Minutes, Kinds: p.Kind, Day: now}
	day, err := kora.ParseDay("day", p.Day)
	if err == nil && !day.IsZero() {
		year, month, date := day.Date()
		q.Day = time.Date(year, month, date, 12, 0, 0, 0, kora.ChinaTime(day).Location())
	}
	return q, err
}

type reportOutput struct {
	Report      kora.Report `json:"report"`
	Assumptions assumptions `json:"assumptions"`
}

func (s *service) report(ctx context.Context, p *ReportParams) (*reportOutput, error) {
	q, err := p.query(s.Now())
	if err != nil {
		return nil, err
	}
	a := atlasOf(ctx)
	r, err := a.Report(ctx, q)
	if err != nil {
		return nil, err
	}
	return &reportOutput{*r, assumptionsOf(a, q.Profile, nil)}, nil
}

func (s *service) coverageReport(ctx context.Context, in *ReportParams) (*body[reportOutput], error) {
	out, err := s.report(ctx, in)
	if err != nil {
		return nil, refused(err)
	}
	return &body[reportOutput]{*out}, nil
}

// FormatParam chooses a table for spreadsheets.
type FormatParam struct {
	Format string `query:"format" enum:"xlsx,csv" default:"xlsx" doc:"A workbook with a summary, details and what they rest on; or the details as CSV."`
}

// A download is a file that goes out whole.
type download struct {
	ContentType string `header:"Content-Type" hidden:"true"`
	Disposition string `header:"Content-Disposition" hidden:"true"`
	Body        []byte
}

// downloadOf writes a set as a file that is called name.
func downloadOf(ctx context.Context, set *exporters.Set, format exporters.Format, name string) (*download, error) {
	var b bytes.Buffer
	if err := set.Send(ctx, &b, format); err != nil {
		return nil, err
	}
	ascii := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\/:*?<>|`, r) {
			return '-'
		}
		return r
	}, name)
	return &download{format.MediaType(), fmt.Sprintf(`attachment; filename="%s.%s"; filename*=UTF-8''%s.%[2]s`, ascii, format, url.PathEscape(name)), b.Bytes()}, nil
}

func (s *service) reportTable(ctx context.Context, name, file string, r *kora.Report, basis json.RawMessage, format string) (*download, error) {
	set, err := exporters.Report(name, r, basis, s.ApprovalNumber)
	if err != nil {
		return nil, err
	}
	if exporters.Format(format) == exporters.CSV {
		set = set.Layer("details")
	}
	return downloadOf(ctx, set, exporters.Format(format), file)
}

type reportFileInput struct {
	ReportParams
	FormatParam
}

func (s *service) coverageReportFile(ctx context.Context, in *reportFileInput) (*download, error) {
	out, err := s.report(ctx, &in.ReportParams)
	if err != nil {
		return nil, refused(err)
	}
	basis, err := json.Marshal(out.Assumptions)
	if err != nil {
		return nil, refused(err)
	}
	d, err := s.reportTable(ctx, "", "coverage-"+out.Report.Day, &out.Report, basis, in.Format)
	return d, refused(err)
}

type demandsOutput struct {
	Demands []kora.ReportDemand `json:"demands" nullable:"false"`
}

func (s *service) listDemands(ctx context.Context, _ *struct{}) (*body[demandsOutput], error) {
	a := atlasOf(ctx)
	out := demandsOutput{Demands: []kora.ReportDemand{}}
	for _, d := range a.Demands {
		told, err := a.TellDemand(d)
		if err != nil {
			return nil, refused(err)
		}
		out.Demands = append(out.Demands, told)
	}
	return &body[demandsOutput]{out}, nil
}

// A ReportHead is what lists tell of a kept report.
type ReportHead struct {
	ID       int64         `json:"id"`
	Name     string        `json:"name"`
	Note     string        `json:"note,omitempty"`
	Author   string        `json:"author"`
	KeptAt   time.Time     `json:"kept_at"`
	Profile  string        `json:"profile"`
	Minutes  int           `json:"minutes"`
	Kinds    []kora.Kind   `json:"kinds" nullable:"false"`
	Day      string        `json:"day" format:"date"`
	Progress kora.Progress `json:"progress"`
	Sample   bool          `json:"sample"`
}

func headOf(r *kora.KeptReport) ReportHead {
	return ReportHead{ID: r.ID, Name: r.Name, Note: r.Note, Author: r.Author, KeptAt: r.KeptAt, Profile: r.Report.Profile, Minutes: r.Report.Minutes,
		Kinds: append([]kora.Kind{}, r.Report.Kinds...), Day: r.Report.Day, Progress: r.Report.Progress, Sample: r.Report.Sample}
}

type reportsOutput struct {
	Reports []ReportHead `json:"reports" nullable:"false"`
}

func (s *service) listReports(ctx context.Context, _ *struct{}) (*body[reportsOutput], error) {
	out := reportsOutput{Reports: []ReportHead{}}
	for _, r := range atlasOf(ctx).Reports {
		out.Reports = append(out.Reports, headOf(r))
	}
	return &body[reportsOutput]{out}, nil
}

// A KeptReport is a report as it was kept, and what it rested on.
type KeptReport struct {
	ReportHead
	Report      kora.Report     `json:"report"`
	Assumptions json.RawMessage `json:"assumptions" doc:"As they stood beside it."`
}

func keptOf(r *kora.KeptReport) KeptReport { return KeptReport{headOf(r), r.Report, r.Assumptions} }

type keepReportInput struct {
	ChangeParams
	Body struct {
		Name    string      `json:"name" minLength:"1" maxLength:"100" example:"2026 年上半年调度"`
		Note    string      `json:"note,omitempty" maxLength:"1000"`
		Profile string      `json:"profile,omitempty" enum:"walk,ebike,car,truck" default:"walk"`
		Minutes int         `json:"minutes,omitempty" minimum:"1" maximum:"60" default:"15"`
		Kinds   []kora.Kind `json:"kinds,omitempty" nullable:"false" enum:"union_station,oxygen_bar,drivers_home"`
		Day     string      `json:"day,omitempty" maxLength:"10" doc:"The day whose opening hours count; without it, today in China."`
	}
}

type writtenReport struct {
	Location string `header:"Location"`
	Snapshot string `header:"Kora-Snapshot"`
	Body     KeptReport
}

func (s *service) keepReport(ctx context.Context, in *keepReportInput) (*writtenReport, error) {
	author, err := in.author()
	if err != nil {
		return nil, refused(err)
	}
	params := ReportParams{ProfileParam: ProfileParam{in.Body.Profile}, Minutes: in.Body.Minutes, Kind: in.Body.Kinds, Day: in.Body.Day}
	made, err := s.report(ctx, &params)
	if err != nil {
		return nil, refused(err)
	}
	kept := &kora.KeptReport{Name: strings.TrimSpace(in.Body.Name), Note: strings.TrimSpace(in.Body.Note), Report: made.Report}
	if kept.Assumptions, err = json.Marshal(made.Assumptions); err != nil {
		return nil, refused(err)
	}
	if err := kept.Validate(); err != nil {
		return nil, refused(err)
	}
	snapshot, err := s.write(ctx, func(ctx context.Context) (uint64, error) { return s.Record.KeepReport(ctx, author, kept) })
	if err != nil {
		return nil, refused(err)
	}
	return &writtenReport{fmt.Sprintf("/v1/reports/%d", kept.ID), snapshot, keptOf(kept)}, nil
}

// ReportID names a kept report.
type ReportID struct {
	ID int64 `path:"id" minimum:"1"`
}

func (s *service) kept(ctx context.Context, id int64) (*kora.KeptReport, error) {
	all := atlasOf(ctx).Reports
	i := slices.IndexFunc(all, func(r *kora.KeptReport) bool { return r.ID == id })
	if i < 0 {
		return nil, kora.Refuse(kora.ReasonNotFound, "report", id, "is not in the record")
	}
	return all[i], nil
}

func (s *service) getReport(ctx context.Context, in *ReportID) (*body[KeptReport], error) {
	r, err := s.kept(ctx, in.ID)
	if err != nil {
		return nil, refused(err)
	}
	return &body[KeptReport]{keptOf(r)}, nil
}

type keptFileInput struct {
	ReportID
	FormatParam
}

func (s *service) reportFile(ctx context.Context, in *keptFileInput) (*download, error) {
	r, err := s.kept(ctx, in.ID)
	if err != nil {
		return nil, refused(err)
	}
	d, err := s.reportTable(ctx, r.Name, r.Name, &r.Report, r.Assumptions, in.Format)
	return d, refused(err)
}

type compareReportsInput struct {
	From int64 `query:"from" required:"true" minimum:"1" doc:"The earlier report."`
	To   int64 `query:"to" required:"true" minimum:"1" doc:"The later one."`
}

func (s *service) compareReports(ctx context.Context, in *compareReportsInput) (*body[kora.ReportComparison], error) {
	from, err := s.kept(ctx, in.From)
	if err != nil {
		return nil, refused(err)
	}
	to, err := s.kept(ctx, in.To)
	if err != nil {
		return nil, refused(err)
	}
	return &body[kora.ReportComparison]{*kora.Compare(from, to)}, nil
}
