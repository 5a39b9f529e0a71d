package api

import (
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"kora"
	"kora/atlas"
)

// PlaceParams, and the other parameter types that end so, are exported only because huma passes over embedded types that
// are not.
//
// PlaceParams is a place in a query. Its numbers carry no minimum or maximum in the schema: NaN passes those.
type PlaceParams struct {
	Lon float64 `query:"lon" required:"true" doc:"Longitude in degrees, from -180 to 180." example:"91.1169"`
	Lat float64 `query:"lat" required:"true" doc:"Latitude in degrees, from -90 to 90." example:"29.6578"`
}

func (a *PlaceParams) point() orb.Point { return orb.Point{a.Lon, a.Lat} }

func (a *PlaceParams) Resolve(huma.Context) []error {
	if err := kora.CheckPoint("lon, lat", a.point()); err != nil {
		return []error{detail("query.lon, lat", err)}
	}
	return nil
}

// detail gives a refusal over as it is, in place of the value, to fromValidation.
func detail(location string, err error) *huma.ErrorDetail {
	d := &huma.ErrorDetail{Message: err.Error(), Location: location}
	if e, ok := errors.AsType[*kora.Error](err); ok {
		d.Value = e
	}
	return d
}

// StationParams are the parameters that choose stations.
type StationParams struct {
	Kind     []kora.Kind `query:"kind,explode" doc:"Only these kinds; may be repeated." enum:"union_station,oxygen_bar,drivers_home"`
	Facility []string    `query:"facility,explode" maxItems:"27" doc:"Only stations with all of these facilities; may be repeated." example:"oxygen_machine"`
	Always   bool        `query:"always" doc:"Only stations that are open for certain at every hour of the week."`
	OpenAt   string      `query:"open_at" doc:"Only stations that are open for certain at this time (RFC 3339), or now." example:"now"`

	openAt *time.Time
}

func (w *StationParams) Resolve(huma.Context) []error {
	for _, f := range w.Facility {
		if !known(f, kora.Facilities()) {
			return []error{detail("query.facility", kora.Refuse(kora.ReasonUnknown, "facility", f, "is no facility code"))}
		}
	}
	if w.OpenAt == "" || w.OpenAt == "now" {
		return nil
	}
	t, err := time.Parse(time.RFC3339, w.OpenAt)
	if err != nil {
		return []error{detail("query.open_at", kora.Refuse(kora.ReasonSyntax, "open_at", w.OpenAt,
			"must be \"now\" or a time such as 2026-07-01T22:00:00+08:00"))}
	}
	w.openAt = &t
	return nil
}

// query is what the parameters mean; now is the service's clock.
func (w *StationParams) query(now time.Time) atlas.StationQuery {
	q := atlas.StationQuery{Kinds: w.Kind, Facilities: w.Facility, OpenAt: w.openAt, Always: w.Always}
	if w.OpenAt == "now" {
		q.OpenAt = &now
	}
	return q
}

func known[T comparable](v T, all []T) bool {
	for _, a := range all {
		if v == a {
			return true
		}
	}
	return false
}

// BoxParams is a bounding box in a query.
type BoxParams struct {
	BBox string `query:"bbox" doc:"Only what touches this box: west,south,east,north in degrees." example:"91.0,29.6,91.2,29.7"`

	bound *orb.Bound
}

func (b *BoxParams) Resolve(huma.Context) []error {
	if b.BBox == "" {
		return nil
	}
	bound, err := kora.ParseBox("bbox", b.BBox)
	if err != nil {
		return []error{detail("query.bbox", err)}
	}
	b.bound = &bound
	return nil
}

// PageParams is a window on a list.
type PageParams struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"200" doc:"At most so many."`
	Cursor string `query:"cursor" maxLength:"200" doc:"Where to go on: next of the page before."`

	after string
}

func (p *PageParams) Resolve(huma.Context) []error {
	if p.Cursor == "" {
		return nil
	}
	b, err := base64.RawURLEncoding.DecodeString(p.Cursor)
	if err != nil || len(b) == 0 {
		return []error{detail("query.cursor", kora.Refuse(kora.ReasonSyntax, "cursor", p.Cursor, "is none that was given out"))}
	}
	p.after = string(b)
	return nil
}

// cut gives the items of the page and the cursor of the next one, empty at the end. Items are in the order of their keys.
func cut[T any](p *PageParams, items []T, key func(T) string, less func(a, b string) bool) (window []T, next string) {
	if p.after != "" {
		for len(items) > 0 && !less(p.after, key(items[0])) {
			items = items[1:]
		}
	}
	if len(items) > p.Limit {
		items = items[:p.Limit]
		next = base64.RawURLEncoding.EncodeToString([]byte(key(items[len(items)-1])))
	}
	return items, next
}

// numbered makes keys of record IDs that sort as texts.
func numbered(id int64) string { return fmt.Sprintf("%020d", id) }

func before(a, b string) bool { return a < b }
