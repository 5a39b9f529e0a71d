package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"kora"
	"kora/atlas"
)

func (s *service) parcelRoutes(a huma.API) {
	huma.Register(a, huma.Operation{
		OperationID: "list-parcels", Method: http.MethodGet, Path: "/v1/parcels", Tags: []string{"parcels"},
		Summary: "Parcels on offer by filters",
	}, s.listParcels)
	huma.Register(a, huma.Operation{
		OperationID: "get-parcel", Method: http.MethodGet, Path: "/v1/parcels/{number}", Tags: []string{"parcels"},
		Summary: "One parcel by its public number",
	}, s.getParcel)
}

type listParcelsInput struct {
	PageParams
	BBox    string              `query:"bbox" doc:"Only what touches this box: west,south,east,north in degrees." example:"94.2,29.5,94.5,29.7"`
	County  []string            `query:"county,explode" maxItems:"50" doc:"Only in these counties (GB/T 2260); may be repeated." example:"540402"`
	Use     []string            `query:"use,explode" maxItems:"50" doc:"Only these land uses: codes of the guide of 2023 or their first digits; may be repeated." example:"10"`
	Status  []kora.ParcelStatus `query:"status,explode" maxItems:"16" doc:"Only these; may be repeated."`
	AreaMin float64             `query:"area_min" doc:"At least so many m²."`
	AreaMax float64             `query:"area_max" doc:"At most so many m²."`
	Text    string              `query:"q" maxLength:"100" doc:"Part of the number, a name or the address."`

	query atlas.ParcelQuery
}

// Resolve reads what the tags only describe: tiles take the same parameters, and both must mean the same.
func (in *listParcelsInput) Resolve(ctx huma.Context) []error {
	errs := in.PageParams.Resolve(ctx)
	url := ctx.URL()
	query, faults := atlas.ParcelQueryOf(url.Query())
	for _, fault := range faults {
		number := strings.HasPrefix(fault.Field, "area_")
		if fault.Reason == kora.ReasonTooLong || number && fault.Reason == kora.ReasonSyntax {
			continue // by the tags it has been refused already
		}
		errs = append(errs, detail("query."+fault.Field, fault))
	}
	in.query = query
	return errs
}

func (s *service) listParcels(ctx context.Context, in *listParcelsInput) (*body[collection[parcelFeature]], error) {
	a := atlasOf(ctx)
	found := a.FindParcels(in.query)
	window, next := cut(&in.PageParams, found, func(p *kora.Parcel) string { return p.Number }, before)
	out := collection[parcelFeature]{Type: "FeatureCollection", Features: []parcelFeature{}, Total: len(found), Next: next}
	for _, p := range window {
		out.Features = append(out.Features, parcelOf(a, p))
	}
	return &body[collection[parcelFeature]]{out}, nil
}

type numberInput struct {
	Number string `path:"number" maxLength:"60"`
}

func (s *service) getParcel(ctx context.Context, in *numberInput) (*body[parcelFeature], error) {
	a := atlasOf(ctx)
	p := a.Parcel(in.Number)
	if p == nil {
		return nil, refused(kora.Refuse(kora.ReasonNotFound, "parcel", in.Number, "is not on the map"))
	}
	return &body[parcelFeature]{parcelOf(a, p)}, nil
}
