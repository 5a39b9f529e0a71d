package atlas

import (
	"errors"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"kora"
)

// A ParcelQuery tells which parcels are meant; its zero value means all. Filters must all hold.
type ParcelQuery struct {
	// Choices are the values that are chosen, by the name of the attribute; see ParcelParams. Values of one attribute are
	// alternatives, but of "facility", which must all be there. A land use "10" means 1001 as well, and a mixed use counts by
	// every row.
	Choices map[string][]string
	Ranges  map[string]Span  // by the name of the attribute; what has no number is not meant
	Bounds  *orb.Bound       // touched by the parcel's own bounds
	Within  orb.MultiPolygon // touched by the parcel; nil: anywhere
	Near    *Near
	Text    string // all its words occur; see searchable
}

// A Span is a range of numbers, both ends among them; a nil end is open.
type Span struct{ Min, Max *float64 }

// Near means what is at most so many minutes by car from a place.
type Near struct {
	Point   orb.Point
	Minutes float64
}

const (
	mostValues  = 50  // of a choice
	mostCorners = 500 // of a drawn shape
	mostMinutes = 240
	mostText    = 100 // characters
)

// ParcelChoices are the names of the parameters that choose values.
func ParcelChoices() []string {
	names := make([]string, len(parcelChoices))
	for i, c := range parcelChoices {
		names[i] = c.name
	}
	return names
}

// ParcelRanges are the names of the attributes that are numbers; with _min and _max they are those of parameters.
func ParcelRanges() []string {
	names := make([]string, len(parcelRanges))
	for i, r := range parcelRanges {
		names[i] = r.name
	}
	return names
}

// ParcelParams are the names of the parameters that ParcelQueryOf reads.
func ParcelParams() []string {
	names := ParcelChoices()
	for _, r := range parcelRanges {
		names = append(names, r.name+"_min", r.name+"_max")
	}
	return append(names, "bbox", "within", "near", "minutes", "q")
}

// ParcelQueryOf reads a query from the parameters of an address; others it leaves alone. It gives every fault.
func ParcelQueryOf(values url.Values) (ParcelQuery, []*kora.Error) {
	r := queryReader{values: values}
	for _, c := range parcelChoices {
		r.choice(c)
	}
	for _, a := range parcelRanges {
		r.span(a)
	}
	if box := values.Get("bbox"); box != "" {
		b, err := kora.ParseBox("bbox", box)
		r.fault(err)
		r.query.Bounds = &b
	}
	r.within()
	r.near()
	if r.query.Text = values.Get("q"); utf8.RuneCountInString(r.query.Text) > mostText {
		r.refuse(kora.ReasonTooLong, "q", nil, "is longer than %d characters", mostText)
	}
	return r.query, r.faults
}

type queryReader struct {
	values url.Values
	query  ParcelQuery
	faults []*kora.Error
}

func (r *queryReader) refuse(reason kora.Reason, field string, value any, format string, args ...any) {
	r.faults = append(r.faults, kora.Refuse(reason, field, value, format, args...))
}

func (r *queryReader) fault(err error) {
	if fault, ours := errors.AsType[*kora.Error](err); ours {
		r.faults = append(r.faults, fault)
	}
}

func (r *queryReader) choice(c parcelChoice) {
	given := r.values[c.name]
	if len(given) == 0 {
		return
	}
	if len(given) > mostValues {
		r.refuse(kora.ReasonTooLong, c.name, nil, "has more than %d values", mostValues)
		return
	}
	if r.query.Choices == nil {
		r.query.Choices = map[string][]string{}
	}
	for _, v := range given {
		kept, err := c.check(v)
		if err != nil {
			err.Field = c.name
			r.faults = append(r.faults, err)
		}
		if !slices.Contains(r.query.Choices[c.name], kept) {
			r.query.Choices[c.name] = append(r.query.Choices[c.name], kept)
		}
	}
}

func (r *queryReader) span(a parcelRange) {
	var span Span
	for name, to := range map[string]**float64{a.name + "_min": &span.Min, a.name + "_max": &span.Max} {
		if !r.values.Has(name) {
			continue
		}
		if v, err := a.read(r.values.Get(name)); err != nil {
			err.Field = name
			r.faults = append(r.faults, err)
		} else {
			*to = &v
		}
	}
	if span == (Span{}) {
		return
	}
	if r.query.Ranges == nil {
		r.query.Ranges = map[string]Span{}
	}
	r.query.Ranges[a.name] = span
}

func (a parcelRange) read(s string) (float64, *kora.Error) {
	if a.day {
		day, err := time.Parse(time.DateOnly, s)
		if err != nil {
			return 0, kora.Refuse(kora.ReasonSyntax, "", s, "must be a day such as 2026-07-01")
		}
		return dayOf(day), nil
	}
	v, err := strconv.ParseFloat(s, 64)
	switch {
	case err != nil:
		return 0, kora.Refuse(kora.ReasonSyntax, "", s, "must be a number")
	case math.IsNaN(v), math.IsInf(v, 0), v < 0 && a.name != "altitude" && a.name != "ground":
		return 0, kora.Refuse(kora.ReasonRange, "", s, "must be a number that is not negative")
	}
	return v, nil
}

func (r *queryReader) within() {
	text := r.values.Get("within")
	if text == "" {
		return
	}
	numbers, ok := floats(text)
	if !ok || len(numbers)%2 != 0 || len(numbers) < 6 {
		r.refuse(kora.ReasonSyntax, "within", nil, "must be lon,lat,lon,lat,… of at least three corners")
		return
	}
	var ring orb.Ring
	for i := 0; i < len(numbers); i += 2 {
		ring = append(ring, orb.Point{numbers[i], numbers[i+1]})
	}
	shape := orb.MultiPolygon{{ring}}
	r.fault(CheckDrawn(shape))
	r.query.Within = shape
}

// CheckDrawn refuses a drawn shape with corners that are no places, too few of them or too many; it closes open rings.
func CheckDrawn(shape orb.MultiPolygon) error {
	corners := 0
	for _, polygon := range shape {
		for i, ring := range polygon {
			for _, p := range ring {
				if err := kora.CheckPoint("within", p); err != nil {
					return err
				}
			}
			if len(ring) < 3 {
				return kora.Refuse(kora.ReasonGeometry, "within", nil, "has a ring of fewer than three corners")
			}
			if ring[0] != ring[len(ring)-1] {
				polygon[i] = append(ring, ring[0])
			}
			corners += len(ring)
		}
		if len(polygon) == 0 {
			corners = 0
			break
		}
	}
	switch {
	case corners == 0:
		return kora.Refuse(kora.ReasonGeometry, "within", nil, "has no ring")
	case corners > mostCorners:
		return kora.Refuse(kora.ReasonTooLong, "within", corners, "has more than %d corners", mostCorners)
	}
	return nil
}

func (r *queryReader) near() {
	place, minutes := r.values.Get("near"), r.values.Get("minutes")
	if place == "" && minutes == "" {
		return
	}
	if place == "" || minutes == "" {
		r.refuse(kora.ReasonRequired, map[bool]string{true: "near", false: "minutes"}[place == ""], nil, "near and minutes go together")
		return
	}
	at, ok := floats(place)
	if !ok || len(at) != 2 {
		r.refuse(kora.ReasonSyntax, "near", nil, "must be lon,lat")
		return
	}
	n := &Near{Point: orb.Point{at[0], at[1]}}
	r.fault(kora.CheckPoint("near", n.Point))
	var err error
	if n.Minutes, err = strconv.ParseFloat(minutes, 64); err != nil {
		r.refuse(kora.ReasonSyntax, "minutes", minutes, "must be a number")
	} else if !(n.Minutes > 0 && n.Minutes <= mostMinutes) {
		r.refuse(kora.ReasonRange, "minutes", minutes, "must be above 0 and at most %d", mostMinutes)
	}
	r.query.Near = n
}

func floats(s string) (all []float64, ok bool) {
	for part := range strings.SplitSeq(s, ",") {
		v, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil {
			return nil, false
		}
		all = append(all, v)
	}
	return all, true
}
