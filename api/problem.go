package api

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"

	"kora"
)

// A problem is a refusal as RFC 9457 has it, with the stable word for what is wrong beside the texts in the caller's
// language.
type problem struct {
	Type   string              `json:"type"`
	Title  string              `json:"title"`
	Status int                 `json:"status"`
	Detail string              `json:"detail,omitempty"`
	Reason kora.Reason         `json:"reason"`
	Errors []*huma.ErrorDetail `json:"errors,omitempty" nullable:"false"`

	cause    error         // for the log
	refusals []*kora.Error // what Errors tell
}

func (p *problem) Error() string  { return fmt.Sprintf("%d %s: %v", p.Status, p.Reason, p.cause) }
func (p *problem) Unwrap() error  { return p.cause }
func (p *problem) GetStatus() int { return p.Status }

// ContentType makes JSON answers application/problem+json.
func (p *problem) ContentType(string) string { return "application/problem+json" }

// statusOf is the HTTP status for a reason.
func statusOf(r kora.Reason) int {
	switch r {
	case kora.ReasonNotFound:
		return http.StatusNotFound
	case kora.ReasonUnauthorized:
		return http.StatusUnauthorized
	case kora.ReasonDuplicate, kora.ReasonConflict:
		return http.StatusConflict
	case kora.ReasonChanged:
		return http.StatusPreconditionFailed
	case kora.ReasonTwoPeople:
		return http.StatusForbidden
	case kora.ReasonTooMany:
		return http.StatusTooManyRequests
	case kora.ReasonTooLarge:
		return http.StatusRequestEntityTooLarge
	case kora.ReasonMethod:
		return http.StatusMethodNotAllowed
	case kora.ReasonUnsupportedType:
		return http.StatusUnsupportedMediaType
	case kora.ReasonTileOutOfRange:
		return http.StatusBadRequest
	case kora.ReasonUpstream:
		return http.StatusBadGateway
	case kora.ReasonUnavailable, kora.ReasonNoNetwork:
		return http.StatusServiceUnavailable
	case kora.ReasonInternal, "":
		return http.StatusInternalServerError
	}
	return http.StatusUnprocessableEntity
}

// problemOf makes the problem for any error of the house, without its texts.
func problemOf(err error) *problem {
	if p, ok := errors.AsType[*problem](err); ok {
		return p
	}
	if e, ok := errors.AsType[*kora.Error](err); ok {
		return &problem{Status: statusOf(e.Reason), Reason: e.Reason, cause: e}
	}
	if e, ok := errors.AsType[*echo.HTTPError](err); ok {
		return &problem{Status: e.Code, Reason: reasonOf(e.Code), cause: errors.New("no such resource, method or media type here")}
	}
	return &problem{Status: http.StatusInternalServerError, Reason: kora.ReasonInternal, cause: err}
}

func reasonOf(status int) kora.Reason {
	switch status {
	case http.StatusNotFound:
		return kora.ReasonNotFound
	case http.StatusUnauthorized:
		return kora.ReasonUnauthorized
	case http.StatusMethodNotAllowed:
		return kora.ReasonMethod
	case http.StatusRequestEntityTooLarge:
		return kora.ReasonTooLarge
	case http.StatusUnsupportedMediaType, http.StatusNotAcceptable:
		return kora.ReasonUnsupportedType
	case http.StatusTooManyRequests:
		return kora.ReasonTooMany
	}
	if status >= http.StatusInternalServerError {
		return kora.ReasonInternal
	}
	return kora.ReasonSyntax
}

// say fills in the texts.
func (p *problem) say(l language) *problem {
	said := *p
	said.Type = "about:blank"
	said.Title = l.title(p.Status)
	var e *kora.Error
	switch {
	case p.Reason == kora.ReasonInternal:
		said.Detail = l.text(&kora.Error{Reason: kora.ReasonInternal}) // the cause is for the log
	case errors.As(p.cause, &e):
		said.Detail = l.text(e)
	case p.cause != nil:
		said.Detail = l.text(&kora.Error{Reason: p.Reason, Text: p.cause.Error()})
	}
	return &said
}

// refuse answers errors of plain echo handlers and of echo itself.
func (s *service) refuse(err error, c echo.Context) {
	if c.Response().Committed || c.Request().Context().Err() != nil { // nobody is there to be told
		return
	}
	p := problemOf(err)
	s.logProblem(c, p)
	h := c.Response().Header()
	headersFor(p, h)
	h.Set(echo.HeaderContentType, "application/problem+json")
	_ = c.JSON(p.Status, p.say(languageOf(c.Request()))) // the client is gone when this fails
}

func headersFor(p *problem, h http.Header) {
	h.Set("Cache-Control", "no-store")
	switch p.Status {
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", "2")
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Bearer realm="kora"`)
	}
}

func (s *service) logProblem(c echo.Context, p *problem) {
	if p.Status >= http.StatusInternalServerError {
		s.Log.Error("refused", "route", c.Path(), "status", p.Status, "reason", p.Reason, "error", p.cause)
	}
}

// refused lets a handler give any error of the house to huma.
func refused(err error) error {
	if err == nil {
		return nil
	}
	return problemOf(err)
}

// problems puts huma's own refusals, and ours, into the caller's language.
func (s *service) problems(ctx huma.Context, _ string, v any) (any, error) {
	c := humaecho.Unwrap(ctx)
	l := languageOf(c.Request())
	var p *problem
	switch e := v.(type) {
	case *problem:
		p = e.say(l)
		s.logProblem(c, e)
	case *huma.ErrorModel:
		p = fromValidation(e, isPrivate(ctx.Operation()))
		if p.Status >= http.StatusInternalServerError {
			p = &problem{Status: p.Status, Reason: kora.ReasonInternal, cause: e}
			s.logProblem(c, p)
		}
		p = p.say(l)
		for i, d := range p.Errors {
			refusal := *p.refusals[i]
			refusal.Field, refusal.Value = d.Location, ""
			d.Message = l.text(&refusal)
		}
	default:
		return v, nil
	}
	headersFor(p, c.Response().Header())
	return p, nil
}

// fromValidation takes what huma found wrong with a request. Of a private one it repeats nothing.
func fromValidation(e *huma.ErrorModel, private bool) *problem {
	p := &problem{Status: e.Status, Reason: reasonOf(e.Status), cause: errors.New(e.Detail)}
	for i, d := range e.Errors {
		// Values are echoed as text: a NaN has no JSON.
		safe := &huma.ErrorDetail{Message: d.Message, Location: d.Location}
		refusal, ours := d.Value.(*kora.Error)
		if !ours {
			refusal = &kora.Error{Reason: reasonOfMessage(d.Message), Text: d.Message}
			if d.Value != nil && !private {
				safe.Value = clip(fmt.Sprint(d.Value), 80)
			}
		}
		p.Errors, p.refusals = append(p.Errors, safe), append(p.refusals, refusal)
		if i == 0 && e.Status != http.StatusRequestEntityTooLarge && e.Status != http.StatusUnsupportedMediaType {
			first := *refusal
			first.Field = field(d.Location)
			first.Value, _ = safe.Value.(string)
			p.Reason, p.cause = first.Reason, &first
		}
	}
	return p
}

// field is the name of the parameter or property at a location such as "query.lon" or "body.properties.name".
func field(location string) string {
	_, name, found := strings.Cut(location, ".")
	if !found {
		return location
	}
	return name
}

// reasonOfMessage knows huma's messages by what they say.
func reasonOfMessage(m string) kora.Reason {
	for _, known := range []struct {
		part   string
		reason kora.Reason
	}{
		{"required", kora.ReasonRequired}, {"to be present", kora.ReasonRequired}, {"unexpected property", kora.ReasonUnknown},
		{"unknown query parameter", kora.ReasonUnknown}, {"to be one of", kora.ReasonUnknown}, {"number >", kora.ReasonRange},
		{"number <", kora.ReasonRange}, {"length <=", kora.ReasonTooLong}, {"request body too large", kora.ReasonTooLarge},
	} {
		if strings.Contains(m, known.part) {
			return known.reason
		}
	}
	return kora.ReasonSyntax
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

// describeProblems adds what a problem has beyond huma's own model to the OpenAPI document.
func describeProblems(doc *huma.OpenAPI) {
	model := doc.Components.Schemas.Map()["ErrorModel"]
	if model == nil {
		return
	}
	reasons := make([]any, 0, len(kora.Reasons()))
	for _, r := range kora.Reasons() {
		reasons = append(reasons, string(r))
	}
	model.Properties["reason"] = &huma.Schema{Type: "string", Enum: reasons,
		Description: "A stable word for what is wrong; title and detail are in the language of Accept-Language."}
}
