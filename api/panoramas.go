package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"kora"
	"kora/atlas"
	"kora/panorama"
)

const (
	panoramasPath = "/v1/panoramas"
	maxUpload     = panorama.MaxBytes + 1<<20 // a picture and what is told of it
	lineTime      = 10 * time.Minute          // for a picture over a slow line
)

func (s *service) panoramaRoutes(a huma.API, e *echo.Echo) {
	tags, staff := []string{"panoramas"}, []map[string][]string{{"staff": {}}}
	writers := huma.Middlewares{s.requireStaff(a)}
	huma.Register(a, huma.Operation{
		OperationID: "list-panoramas", Method: http.MethodGet, Path: panoramasPath, Tags: tags,
		Summary: "Panoramas, of one parcel or of all",
	}, s.listPanoramas)
	huma.Register(a, huma.Operation{
		OperationID: "get-panorama", Method: http.MethodGet, Path: panoramasPath + "/{id}", Tags: tags,
		Summary: "One panorama",
	}, s.getPanorama)
	huma.Register(a, huma.Operation{
		OperationID: "create-panorama", Method: http.MethodPost, Path: panoramasPath, Tags: tags, Security: staff,
		Summary: "Add a panorama to a parcel", DefaultStatus: http.StatusCreated, Middlewares: huma.Middlewares{s.requireStaff(a), takeUpload(a)}, BodyReadTimeout: lineTime,
		Description: "The picture is made anew in several sizes. What else the file holds, where it was taken above all, is not kept; the day and the bearing are read from it where they are not given.",
	}, s.createPanorama)
	huma.Register(a, huma.Operation{
		OperationID: "replace-panorama", Method: http.MethodPut, Path: panoramasPath + "/{id}", Tags: tags, Security: staff,
		Summary: "Replace what is told of a panorama; its former version is kept, its picture stays", Middlewares: writers,
	}, s.replacePanorama)
	huma.Register(a, huma.Operation{
		OperationID: "delete-panorama", Method: http.MethodDelete, Path: panoramasPath + "/{id}", Tags: tags, Security: staff,
		Summary: "Remove a panorama; what was told of it is kept, its picture is gone for good", Middlewares: writers,
	}, s.deletePanorama)
	e.GET(panoramasPath+"/:id/:file", s.panoramaImage)
}

// A Panorama is what one looks like.
type Panorama struct {
	ID         int64           `json:"id"`
	Parcel     string          `json:"parcel"`
	Caption    name            `json:"caption"`
	Alt        name            `json:"alt" doc:"What is to be seen, in words."`
	TakenOn    string          `json:"taken_on,omitempty" format:"date"`
	HeadingDeg *float64        `json:"heading_deg,omitempty" doc:"The compass bearing of the picture's middle."`
	HotSpots   []HotSpot       `json:"hot_spots" nullable:"false" doc:"Those whose target is on the map."`
	Levels     []PanoramaLevel `json:"levels" nullable:"false" doc:"The picture in several sizes, narrowest first; each twice as wide as high."`
	Sample     bool            `json:"sample"`
	Revision   string          `json:"revision" doc:"Which version this is, for If-Match." example:"12-3"`
}

// A HotSpot leads from a spot in the picture to another panorama or to a parcel.
type HotSpot struct {
	YawDeg   float64 `json:"yaw_deg" doc:"From the picture's middle to the right: -180 to 180."`
	PitchDeg float64 `json:"pitch_deg" doc:"From the horizon up: -90 to 90."`
	Panorama int64   `json:"panorama,omitempty" doc:"The panorama that it leads to."`
	Parcel   string  `json:"parcel,omitempty" doc:"Or the parcel; in answers also the one that the panorama belongs to."`
	Label    name    `json:"label"`
}

// A PanoramaLevel is the picture in one size.
type PanoramaLevel struct {
	Width int    `json:"width"`
	Bytes int64  `json:"bytes"`
	URL   string `json:"url" doc:"Of a JPEG, which never changes." example:"/v1/panoramas/7/4096-0123456789abcdef.jpg"`
}

func panoramaOf(a *atlas.Atlas, p *kora.Panorama) Panorama {
	v := Panorama{ID: p.ID, Parcel: p.Parcel, Caption: name(p.Caption), Alt: name(p.Alt), HeadingDeg: p.HeadingDeg,
		HotSpots: []HotSpot{}, Levels: []PanoramaLevel{}, Sample: p.Sample, Revision: p.Revision().String()}
	if !p.TakenOn.IsZero() {
		v.TakenOn = p.TakenOn.Format(time.DateOnly)
	}
	for _, h := range a.LiveSpots(p) {
		spot := HotSpot{h.YawDeg, h.PitchDeg, h.Panorama, h.Parcel, name(h.Label)}
		if target := a.Panorama(h.Panorama); target != nil {
			spot.Parcel = target.Parcel
		}
		v.HotSpots = append(v.HotSpots, spot)
	}
	for _, l := range p.Levels {
		v.Levels = append(v.Levels, PanoramaLevel{l.Width, l.Bytes, fmt.Sprintf("%s/%d/%s", panoramasPath, p.ID, imageName(l))})
	}
	return v
}

// imageName names an image by what is in it, so that the same address is the same picture for ever.
func imageName(l kora.PanoramaLevel) string { return fmt.Sprintf("%d-%.16s.jpg", l.Width, l.SHA256) }

func panoramasOf(a *atlas.Atlas, all []*kora.Panorama) []Panorama {
	list := []Panorama{}
	for _, p := range all {
		list = append(list, panoramaOf(a, p))
	}
	return list
}

type listPanoramasInput struct {
	PageParams
	Parcel string `query:"parcel" maxLength:"60" doc:"Only those of this parcel."`
}

type panoramasOutput struct {
	Panoramas []Panorama `json:"panoramas" nullable:"false"`
	Total     int        `json:"total" doc:"How many there are on all pages."`
	Next      string     `json:"next,omitempty" doc:"The cursor of the next page."`
}

func (s *service) listPanoramas(ctx context.Context, in *listPanoramasInput) (*body[panoramasOutput], error) {
	a := atlasOf(ctx)
	found := a.Panoramas
	if in.Parcel != "" {
		found = a.PanoramasOf(in.Parcel)
	}
	window, next := cut(&in.PageParams, found, func(p *kora.Panorama) string { return numbered(p.ID) }, before)
	return &body[panoramasOutput]{panoramasOutput{panoramasOf(a, window), len(found), next}}, nil
}

func (s *service) getPanorama(ctx context.Context, in *IDParam) (*body[Panorama], error) {
	p, err := onMap(atlasOf(ctx), in.ID)
	if err != nil {
		return nil, refused(err)
	}
	return &body[Panorama]{panoramaOf(atlasOf(ctx), p)}, nil
}

func onMap(a *atlas.Atlas, id int64) (*kora.Panorama, error) {
	if p := a.Panorama(id); p != nil {
		return p, nil
	}
	return nil, kora.Refuse(kora.ReasonNotFound, "panorama", id, "is not on the map")
}

// panoramaImage answers with the bytes of one level. Its address tells what is in it, so it may be kept for ever.
func (s *service) panoramaImage(c echo.Context) error {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return echo.ErrNotFound
	}
	p, err := onMap(atlasOf(c.Request().Context()), id)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(p.Levels, func(l kora.PanoramaLevel) bool { return imageName(l) == c.Param("file") })
	if i < 0 {
		return echo.ErrNotFound
	}
	image, err := s.Record.PanoramaImage(c.Request().Context(), p.Levels[i])
	if err != nil {
		return err
	}
	defer image.Close()
	_ = http.NewResponseController(c.Response()).SetWriteDeadline(time.Now().Add(lineTime)) // a telephone may be slow
	h := c.Response().Header()
	h.Set("Content-Type", "image/jpeg")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", fmt.Sprintf(`"%.24s"`, p.Levels[i].SHA256))
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, image)
	return nil
}

// PanoramaText is what staff tell of a panorama.
type PanoramaText struct {
	Parcel     string    `json:"parcel" minLength:"1" maxLength:"60" doc:"The number of the parcel that it belongs to."`
	Caption    name      `json:"caption"`
	Alt        name      `json:"alt" doc:"What is to be seen, in words, for people who do not see the picture."`
	TakenOn    string    `json:"taken_on,omitempty" doc:"A day." example:"2026-07-01"`
	HeadingDeg *float64  `json:"heading_deg,omitempty" doc:"The compass bearing of the picture's middle, 0 to 360."`
	HotSpots   []HotSpot `json:"hot_spots,omitempty" maxItems:"50" nullable:"false"`
	Sample     bool      `json:"sample,omitempty"`
}

// tell puts the text into p.
func (t *PanoramaText) tell(a *atlas.Atlas, p *kora.Panorama) (err error) {
	p.Parcel, p.Caption, p.Alt, p.Sample = strings.TrimSpace(t.Parcel), kora.Name(t.Caption), kora.Name(t.Alt), t.Sample
	for _, s := range []*string{&p.Alt.ZH, &p.Alt.BO, &p.Alt.EN} {
		*s = strings.TrimSpace(strings.ReplaceAll(*s, "\r\n", "\n"))
	}
	if p.TakenOn, err = kora.ParseDay("taken_on", t.TakenOn); err != nil {
		return err
	}
	p.HeadingDeg, p.HotSpots = t.HeadingDeg, nil
	for _, h := range t.HotSpots {
		spot := kora.HotSpot{YawDeg: h.YawDeg, PitchDeg: h.PitchDeg, Panorama: h.Panorama, Parcel: h.Parcel, Label: kora.Name(h.Label)}
		if spot.Panorama != 0 {
			spot.Parcel = "" // answers tell it beside the panorama
		}
		p.HotSpots = append(p.HotSpots, spot)
	}
	if err := p.Validate(); err != nil {
		return err
	}
	if a.Parcel(p.Parcel) == nil {
		return kora.Refuse(kora.ReasonUnknown, "parcel", p.Parcel, "is the number of no parcel on the map")
	}
	for _, h := range p.HotSpots {
		switch {
		case h.Panorama != 0 && a.Panorama(h.Panorama) == nil:
			return kora.Refuse(kora.ReasonUnknown, "hot_spots.panorama", h.Panorama, "is no panorama on the map")
		case h.Parcel != "" && a.Parcel(h.Parcel) == nil:
			return kora.Refuse(kora.ReasonUnknown, "hot_spots.parcel", h.Parcel, "is the number of no parcel on the map")
		}
	}
	return nil
}

type createPanoramaInput struct {
	ChangeParams
	RawBody huma.MultipartFormFiles[struct {
		Image    huma.FormFile `form:"image" contentType:"image/jpeg,image/png,application/octet-stream" required:"true" doc:"A JPEG or PNG, twice as wide as high, up to 50 MB."`
		Panorama string        `form:"panorama" required:"true" maxLength:"200000" doc:"What is told of it, as JSON: a PanoramaText."`
	}]
}

// writtenPanorama is the answer to a write; its snapshot is one that holds it.
type writtenPanorama struct {
	Location string `header:"Location"`
	Snapshot string `header:"Kora-Snapshot"`
	Body     Panorama
}

func (s *service) createPanorama(ctx context.Context, in *createPanoramaInput) (*writtenPanorama, error) {
	author, err := in.author()
	if err != nil {
		return nil, refused(err)
	}
	form := in.RawBody.Data()
	var text PanoramaText
	if err := decodeStrictly(form.Panorama, &text); err != nil {
		return nil, refused(err)
	}
	p := &kora.Panorama{}
	if err := text.tell(s.Keeper.Atlas(), p); err != nil {
		return nil, refused(err)
	}
	picture, err := s.darkroom.Develop(ctx, form.Image)
	if err != nil {
		return nil, refused(err)
	}
	p.Picture = picture.SHA256
	if p.TakenOn.IsZero() {
		p.TakenOn = picture.TakenOn
	}
	if p.HeadingDeg == nil {
		p.HeadingDeg = picture.HeadingDeg
	}
	snapshot, err := s.write(ctx, func(ctx context.Context) (uint64, error) {
		return s.Record.CreatePanorama(ctx, author, p, picture.Images)
	})
	if err != nil {
		return nil, refused(err)
	}
	return s.writtenPanorama(p, snapshot), nil
}

func (s *service) writtenPanorama(p *kora.Panorama, snapshot string) *writtenPanorama {
	return &writtenPanorama{fmt.Sprintf("%s/%d", panoramasPath, p.ID), snapshot, panoramaOf(s.Keeper.Atlas(), p)}
}

// decodeStrictly reads one JSON value and refuses what it does not know.
func decodeStrictly(text string, v any) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err == nil {
		if _, err = d.Token(); errors.Is(err, io.EOF) {
			return nil
		}
	}
	return &kora.Error{Reason: kora.ReasonSyntax, Field: "panorama", Text: "is not the JSON that the interface describes", Err: err}
}

type replacePanoramaInput struct {
	IDParam
	ChangeParams
	MatchParam
	Body PanoramaText
}

func (s *service) replacePanorama(ctx context.Context, in *replacePanoramaInput) (*writtenPanorama, error) {
	author, err := in.author()
	if err != nil {
		return nil, refused(err)
	}
	was, err := in.revision()
	if err != nil {
		return nil, refused(err)
	}
	a := s.Keeper.Atlas()
	old, err := onMap(a, in.ID)
	if err != nil {
		return nil, refused(err)
	}
	p := *old
	if err := in.Body.tell(a, &p); err != nil {
		return nil, refused(err)
	}
	snapshot, err := s.write(ctx, func(ctx context.Context) (uint64, error) { return s.Record.UpdatePanorama(ctx, author, &p, was) })
	if err != nil {
		return nil, refused(err)
	}
	return s.writtenPanorama(&p, snapshot), nil
}

type deletePanoramaInput struct {
	IDParam
	ChangeParams
	MatchParam
}

func (s *service) deletePanorama(ctx context.Context, in *deletePanoramaInput) (*deleted, error) {
	author, err := in.author()
	if err != nil {
		return nil, refused(err)
	}
	was, err := in.revision()
	if err != nil {
		return nil, refused(err)
	}
	snapshot, err := s.write(ctx, func(ctx context.Context) (uint64, error) { return s.Record.DeletePanorama(ctx, author, in.ID, was) })
	if err != nil {
		return nil, refused(err)
	}
	return &deleted{snapshot}, nil
}
