package atlas

import (
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"kora"
	"kora/geo/facet"
	"kora/geo/flat"
)

// A ParcelQuery tells which parcels are meant; its zero value means all. Values of one filter are alternatives, filters
// must all hold.
type ParcelQuery struct {
	Counties []string
	Uses     []string // prefixes of land-use codes of the guide of 2023: "10" means 1001 as well; a mixed use counts by every row
	Statuses []kora.ParcelStatus
	AreaMin  *float64 // m², inclusive
	AreaMax  *float64
	Bounds   *orb.Bound // touched by the parcel's own bounds
	Text     string
}

// ParcelParams are the names of the parameters that ParcelQueryOf reads.
func ParcelParams() []string {
	return []string{"county", "use", "status", "area_min", "area_max", "bbox", "q"}
}

// ParcelQueryOf reads a query from the parameters of an address; others it leaves alone. It gives every fault.
func ParcelQueryOf(values url.Values) (q ParcelQuery, faults []*kora.Error) {
	refuse := func(reason kora.Reason, field string, value any, text string) {
		faults = append(faults, kora.Refuse(reason, field, value, text))
	}
	const most = 50 // values of a filter
	for _, name := range []string{"county", "use", "status"} {
		if len(values[name]) > most {
			refuse(kora.ReasonTooLong, name, nil, fmt.Sprintf("has more than %d values", most))
			return q, faults
		}
	}
	for _, c := range values["county"] {
		if len(c) != 6 || strings.Trim(c, "0123456789") != "" {
			refuse(kora.ReasonSyntax, "county", c, "is no six-digit code")
		}
		q.Counties = append(q.Counties, c)
	}
	for _, u := range values["use"] {
		if u == "" || len(u) > 8 || strings.Trim(u, "0123456789") != "" {
			refuse(kora.ReasonSyntax, "use", u, "is no land-use code")
		}
		q.Uses = append(q.Uses, u)
	}
	for _, s := range values["status"] {
		if !slices.Contains(kora.ParcelStatuses(), kora.ParcelStatus(s)) {
			refuse(kora.ReasonUnknown, "status", s, "is no parcel status")
		}
		q.Statuses = append(q.Statuses, kora.ParcelStatus(s))
	}
	for name, to := range map[string]**float64{"area_min": &q.AreaMin, "area_max": &q.AreaMax} {
		if !values.Has(name) {
			continue
		}
		v, err := strconv.ParseFloat(values.Get(name), 64)
		switch {
		case err != nil:
			refuse(kora.ReasonSyntax, name, values.Get(name), "must be a number of m²")
		case !(v >= 0) || math.IsInf(v, 0):
			refuse(kora.ReasonRange, name, values.Get(name), "must be a number of m²")
		default:
			*to = &v
		}
	}
	if box := values.Get("bbox"); box != "" {
		b, err := kora.ParseBox("bbox", box)
		if fault, ours := errors.AsType[*kora.Error](err); ours {
			faults = append(faults, fault)
		}
		q.Bounds = &b
	}
	if q.Text = values.Get("q"); utf8.RuneCountInString(q.Text) > 100 {
		refuse(kora.ReasonTooLong, "q", nil, "is longer than 100 characters")
	}
	return q, faults
}

// ParcelColumns are what parcels are filtered by. Rows without a parcel have no values.
type ParcelColumns struct {
	County *facet.Category[string]
	Use    *facet.Category[string] // codes of the guide of 2023, the main one first, then those of a mixed use
	Status *facet.Category[kora.ParcelStatus]
	AreaM2 *facet.Numbers
	Sample *facet.Flag
}

func newParcelColumns(t *Table[kora.Parcel]) *ParcelColumns {
	n, of := t.shapes.Len(), parcelValues{t}
	return &ParcelColumns{
		County: facet.NewCategory(n, of.county),
		Use:    facet.NewCategory(n, of.use),
		Status: facet.NewCategory(n, of.status),
		AreaM2: facet.NewNumbers(n, of.area),
		Sample: facet.NewFlag(n, of.sample),
	}
}

// with gives the columns of the table t, in which some rows are others; all where there are none.
func (c *ParcelColumns) with(t *Table[kora.Parcel], rows []uint32) *ParcelColumns {
	if len(rows) == 0 {
		return newParcelColumns(t)
	}
	of := parcelValues{t}
	return &ParcelColumns{
		County: c.County.With(rows, of.county),
		Use:    c.Use.With(rows, of.use),
		Status: c.Status.With(rows, of.status),
		AreaM2: c.AreaM2.With(rows, of.area),
		Sample: c.Sample.With(rows, of.sample),
	}
}

// parcelValues gives the values of a parcel's row in every column.
type parcelValues struct{ *Table[kora.Parcel] }

func (v parcelValues) county(row uint32, to []string) []string {
	if p := v.At(row); p != nil {
		to = append(to, p.County)
	}
	return to
}

func (v parcelValues) use(row uint32, to []string) []string {
	p := v.At(row)
	if p == nil {
		return to
	}
	if p.Use.Scheme == kora.Scheme2023 {
		to = append(to, p.Use.Code)
	}
	for _, u := range p.Uses {
		if u.Scheme == kora.Scheme2023 {
			to = append(to, u.Code)
		}
	}
	return to
}

func (v parcelValues) status(row uint32, to []kora.ParcelStatus) []kora.ParcelStatus {
	if p := v.At(row); p != nil {
		to = append(to, p.Status)
	}
	return to
}

func (v parcelValues) area(row uint32) float64 {
	if p := v.At(row); p != nil {
		return p.AreaM2
	}
	return math.NaN()
}

func (v parcelValues) sample(row uint32) bool {
	p := v.At(row)
	return p != nil && p.Sample
}

// A ParcelFilter is a query made ready for one atlas. Any number of goroutines may ask it.
type ParcelFilter struct {
	table   *Table[kora.Parcel]
	columns facet.Filter
	text    string
	bounds  *orb.Bound
	box     flat.Box // of bounds
}

// ParcelFilter makes q ready for a.
func (a *Atlas) ParcelFilter(q ParcelQuery) *ParcelFilter {
	f := &ParcelFilter{table: a.parcels, text: q.Text, bounds: q.Bounds}
	if len(q.Counties) > 0 {
		f.columns = append(f.columns, a.columns.County.Any(q.Counties...))
	}
	if len(q.Statuses) > 0 {
		f.columns = append(f.columns, a.columns.Status.Any(q.Statuses...))
	}
	if len(q.Uses) > 0 {
		f.columns = append(f.columns, a.columns.Use.Prefix(q.Uses...))
	}
	if q.AreaMin != nil || q.AreaMax != nil {
		low, high := math.Inf(-1), math.Inf(1)
		if q.AreaMin != nil {
			low = *q.AreaMin
		}
		if q.AreaMax != nil {
			high = *q.AreaMax
		}
		f.columns = append(f.columns, a.columns.AreaM2.Within(low, high))
	}
	if q.Bounds != nil {
		f.box = flat.BoxOf(*q.Bounds)
	}
	return f
}

// Has tells whether the parcel in a row, which must have one, is meant.
func (f *ParcelFilter) Has(row uint32) bool {
	return f.columns.Has(row) && (f.bounds == nil || f.touches(row)) && f.says(row)
}

// In visits the rows of the parcels that are meant and whose boxes touch b, in no order that holds. It takes no memory
// for a row, unless the query has a text.
func (f *ParcelFilter) In(b flat.Box, visit func(row uint32)) {
	f.table.shapes.In(b, func(row uint32) {
		if f.Has(row) {
			visit(row)
		}
	})
}

// touches compares units where that is certain, and degrees where they are the same.
func (f *ParcelFilter) touches(row uint32) bool {
	b := f.table.shapes.Shape(row).Box
	if !b.Touches(f.box) {
		return false
	}
	within := b.Min.X < f.box.Max.X && f.box.Min.X < b.Max.X && b.Min.Y < f.box.Max.Y && f.box.Min.Y < b.Max.Y
	return within || f.table.At(row).Geometry.Bound().Intersects(*f.bounds)
}

func (f *ParcelFilter) says(row uint32) bool {
	if f.text == "" {
		return true
	}
	p := f.table.At(row)
	return contains(f.text, p.Number, p.Name, p.Address)
}

// FindParcels gives the parcels that q means, by number. The slice may be the atlas's own.
func (a *Atlas) FindParcels(q ParcelQuery) []*kora.Parcel {
	f := a.ParcelFilter(q)
	var places []uint32
	take := func(row uint32) { places = append(places, a.parcels.places[row]) }
	switch {
	case q.Bounds != nil:
		f.In(f.box, take)
	case len(f.columns) > 0:
		f.columns.Rows().Iterate(func(row uint32) bool {
			if f.says(row) {
				take(row)
			}
			return true
		})
	case q.Text != "":
		for _, row := range a.parcels.rows {
			if f.says(row) {
				take(row)
			}
		}
	default:
		return slices.Clip(a.Parcels)
	}
	return pick(a.Parcels, places)
}

// pick gives what lies at places of list, in its order.
func pick[T any](list []T, places []uint32) []T {
	if len(places) == 0 {
		return nil
	}
	found := make([]T, 0, len(places))
	if len(places) < len(list)/32 {
		slices.Sort(places)
		for _, place := range places {
			found = append(found, list[place])
		}
		return found
	}
	meant := make([]bool, len(list)) // to go through all is quicker than to sort many
	for _, place := range places {
		meant[place] = true
	}
	for place, v := range list {
		if meant[place] {
			found = append(found, v)
		}
	}
	return found
}
