package api

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/sse"

	"kora"
	"kora/words"
)

// Imports takes files in: each is shown before it is written.
type Imports interface {
	Add(ctx context.Context, author kora.Author, kind, name string, file io.Reader, opts kora.ImportOptions) (*kora.Import, error)
	Confirm(ctx context.Context, id string, author kora.Author, skip bool) (*kora.Import, error)
	Cancel(ctx context.Context, id string) (*kora.Import, error)
	Import(ctx context.Context, id string) (*kora.Import, error)
	Imports(ctx context.Context, most int) ([]*kora.Import, error)
	Items(ctx context.Context, id, outcome string, after, most int) ([]kora.ImportItem, int, error)
	Faults(ctx context.Context, id, severity string, after, most int) ([]kora.ImportFault, int, error)
	Map(ctx context.Context, id string, most int) (geojson []byte, all bool, err error)
	Template(kind string, w io.Writer) error
}

const (
	importsPath   = "/v1/imports"
	importsListed = 100
	importMapped  = 5000
	importLook    = 300 * time.Millisecond
)

func (s *service) importRoutes(a huma.API) {
	tags, staff := []string{"imports"}, []map[string][]string{{"staff": {}}}
	only := huma.Middlewares{s.requireStaff(a), s.takesImports(a)}
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Tags: tags, Security: staff, Middlewares: only}
	}
	upload := op("create-import", http.MethodPost, importsPath, "Take a file in: it is checked, and waits with a preview until it is confirmed")
	upload.DefaultStatus, upload.RequestBody = http.StatusAccepted, streamedBody()
	upload.Middlewares = append(slices.Clone(only), takeUpload(a))
	huma.Register(a, upload, s.createImport)
	huma.Register(a, op("list-imports", http.MethodGet, "/v1/imports", "The latest imports"), s.listImports)
	huma.Register(a, op("get-import", http.MethodGet, "/v1/imports/{id}", "One import: where it stands, and what it would change"), s.getImport)
	sse.Register(a, op("watch-import", http.MethodGet, "/v1/imports/{id}/events", "The same, told anew whenever it changes, until it waits for a word or is over"),
		map[string]any{"import": Import{}}, s.watchImport)
	huma.Register(a, op("list-import-items", http.MethodGet, "/v1/imports/{id}/items", "What would come of each record of the file"), s.listImportItems)
	huma.Register(a, op("list-import-faults", http.MethodGet, "/v1/imports/{id}/faults", "Faults and warnings, with their places in the file"), s.listImportFaults)
	huma.Register(a, op("map-import", http.MethodGet, "/v1/imports/{id}/map", "The shapes of the preview as GeoJSON"), s.mapImport)
	huma.Register(a, op("confirm-import", http.MethodPost, "/v1/imports/{id}/confirm", "Write what the preview shows, all of it in one transaction"), s.confirmImport)
	huma.Register(a, op("cancel-import", http.MethodDelete, "/v1/imports/{id}", "Call an import off"), s.cancelImport)
	huma.Register(a, op("import-template", http.MethodGet, "/v1/imports/templates/{kind}", "An empty table to be filled in (XLSX)"), s.importTemplate)
}

// An Import is a file on its way into the record.
type Import struct {
	ID        string             `json:"id" format:"uuid"`
	Kind      string             `json:"kind" enum:"parcels,stations"`
	State     kora.ImportState   `json:"state" enum:"checking,ready,writing,done,failed,cancelled" doc:"checking and writing are under way, ready waits for a word, the others are over."`
	File      string             `json:"file"`
	Bytes     int                `json:"bytes"`
	Options   kora.ImportOptions `json:"options"`
	Who       string             `json:"who"`
	CreatedAt time.Time          `json:"created_at"`
	ChangedAt time.Time          `json:"changed_at"`
	Step      string             `json:"step,omitempty" doc:"What is being done: reading, comparing or writing."`
	Records   int                `json:"records,omitempty" doc:"Of how many records."`
	Encoding  string             `json:"encoding,omitempty" doc:"Of a text."`
	Counts    kora.Counts        `json:"counts"`
	Warnings  int                `json:"warnings"`
	Refused   *ImportFault       `json:"refused,omitempty" doc:"Why the file could not be read at all."`
}

// An ImportFault is a fault of a record, or of the whole file, with its place.
type ImportFault struct {
	Severity string      `json:"severity" enum:"fault,warning"`
	Line     int         `json:"line,omitempty" doc:"Line, row or number of the feature; absent for the whole file."`
	Part     string      `json:"part,omitempty" doc:"Ring, column or property."`
	Reason   kora.Reason `json:"reason"`
	Text     string      `json:"text" doc:"A sentence in the caller's language."`
}

// importOf is what an import looks like to this node: one that the atlas does not show yet is still being written.
func (s *service) importOf(in *kora.Import, l language) Import {
	v := Import{ID: in.ID, Kind: in.Kind, State: in.State, File: in.File, Bytes: in.Bytes, Options: in.Options, Who: in.Author.Who, CreatedAt: in.CreatedAt,
		ChangedAt: in.ChangedAt, Step: in.Progress.Step, Records: in.Progress.Total, Encoding: in.Encoding, Counts: in.Counts, Warnings: in.Warnings}
	if in.Refused != nil {
		fault := importFaultOf(*in.Refused, l)
		v.Refused = &fault
	}
	if in.State == kora.ImportDone && !s.Keeper.Atlas().Position.Includes(in.XID) {
		v.State, v.Step = kora.ImportWriting, "writing"
	}
	return v
}

func importFaultOf(f kora.ImportFault, l language) ImportFault {
	own := f.Text.EN
	if l == chinese && f.Text.ZH != "" {
		own = f.Text.ZH
	} else if l == tibetan && f.Text.BO != "" {
		own = f.Text.BO
	}
	return ImportFault{Severity: f.Severity, Line: f.Line, Part: words.Language(l).Part(f.Part), Reason: f.Reason,
		Text: words.Language(l).About(f.Field, f.Value, own)}
}

type createImportInput struct {
	ChangeParams
	LanguageParam
	Kind       string `query:"kind" required:"true" enum:"parcels,stations"`
	Name       string `query:"name" required:"true" minLength:"1" maxLength:"200" doc:"Name of the file; its ending tells only whether a text is a table." example:"勘测定界.txt"`
	CGCS2000   bool   `query:"cgcs2000" doc:"A survey that names no reference system is in CGCS2000."`
	Zone       int    `query:"zone" minimum:"0" maximum:"45" doc:"Number of the Gauss-Krüger zone (带号) of a survey that names none."`
	DegreeZone int    `query:"degree_zone" enum:"0,3,6" doc:"Width of that zone."`
	Exchanged  bool   `query:"exchanged" doc:"A survey has the easting first."`
	Use        string `query:"use" maxLength:"20" doc:"Land use of new parcels that a survey gives none, with its scheme." example:"2023:1001"`
	Within     string `query:"within" maxLength:"100" doc:"Refuse parcels that leave this box: west,south,east,north."`
	CRS        string `query:"crs" maxLength:"20" doc:"Reference system of a layer that names none." example:"EPSG:4519"`
	Layer      string `query:"layer" maxLength:"100" doc:"Which layer of a file that has several, or of a drawing."`
	Number     string `query:"number" maxLength:"100" doc:"The field of a layer that holds the parcel number, where its name does not tell."`
	StreamedBody
}

func (s *service) createImport(ctx context.Context, in *createImportInput) (*body[Import], error) {
	author, err := in.author()
	if err != nil {
		return nil, refused(err)
	}
	opts := kora.ImportOptions{CGCS2000: in.CGCS2000, Zone: in.Zone, DegreeZone: in.DegreeZone, Exchanged: in.Exchanged, Use: in.Use, Within: in.Within,
		CRS: in.CRS, Layer: in.Layer, Number: in.Number}
	made, err := s.Imports.Add(ctx, author, in.Kind, in.Name, &in.StreamedBody, opts)
	if broken := in.broken(); broken != nil {
		return nil, broken
	}
	if err != nil {
		return nil, refused(err)
	}
	return &body[Import]{s.importOf(made, in.language)}, nil
}

type listImportsOutput struct {
	Imports []Import `json:"imports" nullable:"false" doc:"Latest first, the last hundred."`
}

func (s *service) listImports(ctx context.Context, in *LanguageParam) (*body[listImportsOutput], error) {
	all, err := s.Imports.Imports(ctx, importsListed)
	if err != nil {
		return nil, refused(err)
	}
	out := listImportsOutput{Imports: []Import{}}
	for _, one := range all {
		out.Imports = append(out.Imports, s.importOf(one, in.language))
	}
	return &body[listImportsOutput]{out}, nil
}

// ImportID names an import.
type ImportID struct {
	ID string `path:"id" format:"uuid"`
	LanguageParam
}

func (s *service) getImport(ctx context.Context, in *ImportID) (*body[Import], error) {
	one, err := s.Imports.Import(ctx, in.ID)
	if err != nil {
		return nil, refused(err)
	}
	return &body[Import]{s.importOf(one, in.language)}, nil
}

// watchImport looks again and again: any node may do the work, and the record is where they tell how far they are.
func (s *service) watchImport(ctx context.Context, in *ImportID, send sse.Sender) {
	var told Import
	for {
		one, err := s.Imports.Import(ctx, in.ID)
		if err != nil {
			return
		}
		now := s.importOf(one, in.language)
		if now.State != told.State || now.Step != told.Step || now.ChangedAt != told.ChangedAt {
			if send.Data(now) != nil {
				return // nobody listens any more
			}
			told = now
		}
		if now.State == kora.ImportReady || now.State.Over() {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(importLook):
		}
	}
}

// ImportPage is a page of what a preview holds.
type ImportPage struct {
	ImportID
	After int `query:"after" minimum:"0" maximum:"1000000" doc:"How many to pass over."`
	Limit int `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

type importItemsInput struct {
	ImportPage
	Outcome string `query:"outcome" enum:"added,changed,same,refused" doc:"Only those of which this would come."`
}

type importItemsOutput struct {
	Items []kora.ImportItem `json:"items" nullable:"false"`
	Total int               `json:"total"`
}

func (s *service) listImportItems(ctx context.Context, in *importItemsInput) (*body[importItemsOutput], error) {
	items, total, err := s.Imports.Items(ctx, in.ID, in.Outcome, in.After, in.Limit)
	if err != nil {
		return nil, refused(err)
	}
	if items == nil {
		items = []kora.ImportItem{}
	}
	return &body[importItemsOutput]{importItemsOutput{items, total}}, nil
}

type importFaultsInput struct {
	ImportPage
	Severity string `query:"severity" enum:"fault,warning"`
}

type importFaultsOutput struct {
	Faults []ImportFault `json:"faults" nullable:"false"`
	Total  int           `json:"total"`
}

func (s *service) listImportFaults(ctx context.Context, in *importFaultsInput) (*body[importFaultsOutput], error) {
	faults, total, err := s.Imports.Faults(ctx, in.ID, in.Severity, in.After, in.Limit)
	if err != nil {
		return nil, refused(err)
	}
	out := importFaultsOutput{Faults: []ImportFault{}, Total: total}
	for _, f := range faults {
		out.Faults = append(out.Faults, importFaultOf(f, in.language))
	}
	return &body[importFaultsOutput]{out}, nil
}

type importMapOutput struct {
	ContentType string `header:"Content-Type" hidden:"true"`
	Complete    bool   `header:"Kora-Complete" doc:"Whether these are all shapes of the file, and not its first only."`
	Body        []byte
}

func (s *service) mapImport(ctx context.Context, in *ImportID) (*importMapOutput, error) {
	geojson, all, err := s.Imports.Map(ctx, in.ID, importMapped)
	if err != nil {
		return nil, refused(err)
	}
	return &importMapOutput{"application/geo+json", all, geojson}, nil
}

type confirmImportInput struct {
	ImportID
	ChangeParams
	Body struct {
		SkipFaulty bool `json:"skip_faulty,omitempty" doc:"Write the sound records of a file that has faulty ones."`
	}
}

func (s *service) confirmImport(ctx context.Context, in *confirmImportInput) (*body[Import], error) {
	author, err := in.author()
	if err != nil {
		return nil, refused(err)
	}
	one, err := s.Imports.Confirm(ctx, in.ID, author, in.Body.SkipFaulty)
	if err != nil {
		return nil, refused(err)
	}
	return &body[Import]{s.importOf(one, in.language)}, nil
}

func (s *service) cancelImport(ctx context.Context, in *ImportID) (*body[Import], error) {
	one, err := s.Imports.Cancel(ctx, in.ID)
	if err != nil {
		return nil, refused(err)
	}
	return &body[Import]{s.importOf(one, in.language)}, nil
}

type importTemplateInput struct {
	Kind string `path:"kind" enum:"parcels,stations"`
}

type importTemplateOutput struct {
	ContentType string `header:"Content-Type" hidden:"true"`
	Disposition string `header:"Content-Disposition" hidden:"true"`
	Body        []byte
}

func (s *service) importTemplate(_ context.Context, in *importTemplateInput) (*importTemplateOutput, error) {
	var b bytes.Buffer
	if err := s.Imports.Template(in.Kind, &b); err != nil {
		return nil, refused(err)
	}
	return &importTemplateOutput{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", `attachment; filename="` + in.Kind + `.xlsx"`, b.Bytes()}, nil
}

func (s *service) takesImports(a huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if s.Imports == nil {
			_ = huma.WriteErr(a, ctx, http.StatusServiceUnavailable, "files are not taken in here")
			return
		}
		next(ctx)
	}
}
