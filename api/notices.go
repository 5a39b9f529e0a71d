package api

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kora"
	"kora/atlas"
)

func (s *service) noticeRoutes(a huma.API) {
	tags, staff := []string{"notices"}, []map[string][]string{{"staff": {}}}
	writers := huma.Middlewares{s.requireStaff(a)}
	huma.Register(a, huma.Operation{
		OperationID: "list-notices", Method: http.MethodGet, Path: "/v1/notices", Tags: tags,
		Summary: "Notices, policies and guides, latest first",
	}, s.listNotices)
	huma.Register(a, huma.Operation{
		OperationID: "list-guides", Method: http.MethodGet, Path: "/v1/guides", Tags: tags,
		Summary: "Guides, which do not go out of date, latest first",
	}, s.listGuides)
	huma.Register(a, huma.Operation{
		OperationID: "get-notice", Method: http.MethodGet, Path: "/v1/notices/{code}", Tags: tags,
		Summary: "One notice",
	}, s.getNotice)
	huma.Register(a, huma.Operation{
		OperationID: "create-notice", Method: http.MethodPost, Path: "/v1/notices", Tags: tags, Security: staff,
		Summary: "Add a notice", DefaultStatus: http.StatusCreated, Middlewares: writers,
	}, s.createNotice)
	huma.Register(a, huma.Operation{
		OperationID: "replace-notice", Method: http.MethodPut, Path: "/v1/notices/{code}", Tags: tags, Security: staff,
		Summary: "Replace a notice; its former version is kept", Middlewares: writers,
	}, s.replaceNotice)
	huma.Register(a, huma.Operation{
		OperationID: "delete-notice", Method: http.MethodDelete, Path: "/v1/notices/{code}", Tags: tags, Security: staff,
		Summary: "Remove a notice; what it was is kept", Middlewares: writers,
	}, s.deleteNotice)
}

// NoticeParams choose notices.
type NoticeParams struct {
	PageParams
	Parcel string `query:"parcel" maxLength:"60" doc:"Only those that speak of this parcel."`
	Text   string `query:"q" maxLength:"100" doc:"Words all of which stand in the code, the title or the text, in any language."`
}

type listNoticesInput struct {
	NoticeParams
	Kind  []kora.NoticeKind  `query:"kind,explode" enum:"notice,guide,policy" doc:"Only these; may be repeated."`
	State []kora.NoticeState `query:"state,explode" enum:"upcoming,open,closed" doc:"Only those that stand so now; may be repeated."`
}

// A Notice is what one looks like.
type Notice struct {
	Code        string           `json:"code"`
	Kind        kora.NoticeKind  `json:"kind" enum:"notice,guide,policy"`
	State       kora.NoticeState `json:"state" enum:"upcoming,open,closed" doc:"Where it stands now: before its day, open, or expired."`
	Title       name             `json:"title"`
	Body        *name            `json:"body,omitempty" doc:"Plain text."`
	PublishedOn string           `json:"published_on" format:"date"`
	ClosesAt    *time.Time       `json:"closes_at,omitempty"`
	Parcels     []string         `json:"parcels" nullable:"false"`
	Sample      bool             `json:"sample"`
	Revision    string           `json:"revision" doc:"Which version this is, for If-Match." example:"12-3"`
}

func noticeOf(n *kora.Notice, now time.Time) Notice {
	v := Notice{Code: n.Code, Kind: n.Kind, State: n.StateAt(now), Title: name(n.Title), Body: optional(n.Body), Parcels: n.Parcels,
		PublishedOn: n.PublishedOn.Format(time.DateOnly), Sample: n.Sample, Revision: n.Revision().String()}
	if !n.ClosesAt.IsZero() {
		v.ClosesAt = &n.ClosesAt
	}
	if v.Parcels == nil {
		v.Parcels = []string{}
	}
	return v
}

type noticesOutput struct {
	Notices []Notice `json:"notices" nullable:"false"`
	Total   int      `json:"total" doc:"How many there are on all pages."`
	Next    string   `json:"next,omitempty" doc:"The cursor of the next page."`
}

func (s *service) listNotices(ctx context.Context, in *listNoticesInput) (*body[noticesOutput], error) {
	return s.notices(ctx, &in.NoticeParams, atlas.NoticeQuery{Kinds: in.Kind, States: in.State})
}

func (s *service) listGuides(ctx context.Context, in *NoticeParams) (*body[noticesOutput], error) {
	return s.notices(ctx, in, atlas.NoticeQuery{Kinds: []kora.NoticeKind{kora.NoticeGuide}})
}

func (s *service) notices(ctx context.Context, in *NoticeParams, q atlas.NoticeQuery) (*body[noticesOutput], error) {
	q.Parcel, q.Text, q.At = in.Parcel, in.Text, s.Now()
	found := atlasOf(ctx).FindNotices(q)
	window, next := cut(&in.PageParams, found, func(n *kora.Notice) string {
		return numbered(math.MaxInt64-n.PublishedOn.Unix()) + numbered(n.ID) // latest first
	}, before)
	out := noticesOutput{Notices: []Notice{}, Total: len(found), Next: next}
	for _, n := range window {
		out.Notices = append(out.Notices, noticeOf(n, q.At))
	}
	return &body[noticesOutput]{out}, nil
}

// NoticeCode names a notice.
type NoticeCode struct {
	Code string `path:"code" maxLength:"60"`
}

func (s *service) getNotice(ctx context.Context, in *NoticeCode) (*body[Notice], error) {
	n := atlasOf(ctx).Notice(in.Code)
	if n == nil {
		return nil, refused(kora.Refuse(kora.ReasonNotFound, "notice", in.Code, "is not published"))
	}
	return &body[Notice]{noticeOf(n, s.Now())}, nil
}

// NoticeText is a notice as staff write it.
type NoticeText struct {
	Kind        kora.NoticeKind `json:"kind" enum:"notice,guide,policy"`
	Title       name            `json:"title"`
	Body        *name           `json:"body,omitempty" doc:"Plain text."`
	PublishedOn string          `json:"published_on" doc:"A day." example:"2026-07-01"`
	ClosesAt    string          `json:"closes_at,omitempty" doc:"A time (RFC 3339), or a day that it lasts out; without it, it does not expire."`
	Parcels     []string        `json:"parcels,omitempty" maxItems:"500" nullable:"false" doc:"Numbers of the parcels that it is about."`
	Sample      bool            `json:"sample,omitempty"`
}

func (t *NoticeText) notice(code string) (n *kora.Notice, err error) {
	n = &kora.Notice{Code: strings.TrimSpace(code), Kind: t.Kind, Title: kora.Name(t.Title), Parcels: t.Parcels, Sample: t.Sample}
	if t.Body != nil {
		n.Body = kora.Name(*t.Body)
		for _, s := range []*string{&n.Body.ZH, &n.Body.BO, &n.Body.EN} {
			*s = strings.TrimSpace(strings.ReplaceAll(*s, "\r\n", "\n"))
		}
	}
	if n.PublishedOn, err = kora.ParseDay("published_on", t.PublishedOn); err != nil {
		return nil, err
	}
	if n.ClosesAt, err = kora.ParseEnd("closes_at", t.ClosesAt); err != nil {
		return nil, err
	}
	return n, n.Validate()
}

type createNoticeInput struct {
	ChangeParams
	Body struct {
		Code string `json:"code" minLength:"1" maxLength:"60"`
		NoticeText
	}
}

// writtenNotice is the answer to a write; its snapshot is one that holds it.
type writtenNotice struct {
	Location string `header:"Location"`
	Snapshot string `header:"Kora-Snapshot"`
	Body     struct {
		Notice
		UnknownParcels []string `json:"unknown_parcels" nullable:"false" doc:"Numbers that it names and that no parcel on the map has: a warning, not a refusal."`
	}
}

func (s *service) writtenNotice(n *kora.Notice, snapshot string) *writtenNotice {
	out := &writtenNotice{Location: "/v1/notices/" + url.PathEscape(n.Code), Snapshot: snapshot}
	out.Body.Notice, out.Body.UnknownParcels = noticeOf(n, s.Now()), []string{}
	for a, i := s.Keeper.Atlas(), 0; i < len(n.Parcels); i++ {
		if a.Parcel(n.Parcels[i]) == nil {
			out.Body.UnknownParcels = append(out.Body.UnknownParcels, n.Parcels[i])
		}
	}
	return out
}

func (s *service) createNotice(ctx context.Context, in *createNoticeInput) (*writtenNotice, error) {
	author, err := in.author()
	if err != nil {
		return nil, refused(err)
	}
	n, err := in.Body.notice(in.Body.Code)
	if err != nil {
		return nil, refused(err)
	}
	snapshot, err := s.write(ctx, func(ctx context.Context) (uint64, error) { return s.Record.CreateNotice(ctx, author, n) })
	if err != nil {
		return nil, refused(err)
	}
	return s.writtenNotice(n, snapshot), nil
}

// MatchParam guards a change against what others changed meanwhile.
type MatchParam struct {
	IfMatch string `header:"If-Match" maxLength:"60" doc:"The revision that is to be changed. When it is not the one that there is, the refusal (412) names who changed it; without this the last writer wins."`
}

// revision is nil when any will do.
func (p MatchParam) revision() (*kora.Revision, error) {
	text := strings.Trim(p.IfMatch, `"`)
	if text == "" || text == "*" {
		return nil, nil
	}
	var r kora.Revision
	if _, err := fmt.Sscanf(text, "%d-%d", &r.ID, &r.Version); err != nil || r.String() != text {
		return nil, kora.Refuse(kora.ReasonSyntax, "If-Match", p.IfMatch, "is no revision that was given out")
	}
	return &r, nil
}

type replaceNoticeInput struct {
	NoticeCode
	ChangeParams
	MatchParam
	Body NoticeText
}

func (s *service) replaceNotice(ctx context.Context, in *replaceNoticeInput) (*writtenNotice, error) {
	author, err := in.author()
	if err != nil {
		return nil, refused(err)
	}
	was, err := in.revision()
	if err != nil {
		return nil, refused(err)
	}
	n, err := in.Body.notice(in.Code)
	if err != nil {
		return nil, refused(err)
	}
	snapshot, err := s.write(ctx, func(ctx context.Context) (uint64, error) { return s.Record.UpdateNotice(ctx, author, n, was) })
	if err != nil {
		return nil, refused(err)
	}
	return s.writtenNotice(n, snapshot), nil
}

type deleteNoticeInput struct {
	NoticeCode
	ChangeParams
	MatchParam
}

func (s *service) deleteNotice(ctx context.Context, in *deleteNoticeInput) (*deleted, error) {
	author, err := in.author()
	if err != nil {
		return nil, refused(err)
	}
	was, err := in.revision()
	if err != nil {
		return nil, refused(err)
	}
	snapshot, err := s.write(ctx, func(ctx context.Context) (uint64, error) { return s.Record.DeleteNotice(ctx, author, in.Code, was) })
	if err != nil {
		return nil, refused(err)
	}
	return &deleted{snapshot}, nil
}
