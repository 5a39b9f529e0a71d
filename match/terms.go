package match

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"kora"
)

// A Kind tells how a term is asked for.
type Kind int

const (
	Number Kind = iota // by a range
	Any                // by values of which one will do
	All                // by values all of which are wanted
	Flag               // by its name alone
)

// A Term is something that parcels can be asked for.
type Term struct {
	Name string
	Kind Kind
	Unit string // of numbers
}

// A term also knows what a parcel has. Another line in recorded is all that a further one needs.
type term struct {
	Term
	// numbers gives the number that a parcel has, or the range that its plan allows; false when the record does not tell.
	numbers func(*kora.Parcel) (span, bool)
	// slope is how far outside the range a fit becomes nothing, in the term's unit. 0: a fit is the ratio to the bound,
	// which suits what is bought by quantity.
	slope float64
	// share is how much of what is wanted a parcel has, 0 to 1.
	share func(p *kora.Parcel, wanted []string) float64
}

// recorded are the terms that the record itself answers.
var recorded = []*term{
	{Term: Term{"use", Any, ""}, share: shareOfUse},
	{Term: Term{"county", Any, ""}, share: anyOf(func(p *kora.Parcel) string { return kora.CountyNow(p.County) })},
	{Term: Term{"supply", Any, ""}, share: anyOf(func(p *kora.Parcel) string { return p.Supply })},
	{Term: Term{"facility", All, ""}, share: allOf(func(p *kora.Parcel) []string { return p.Facilities })},
	{Term: Term{"access", Flag, ""}, share: hasAccess},
	{Term: Term{"area", Number, "m²"}, numbers: known(func(p *kora.Parcel) float64 { return p.AreaM2 })},
	{Term: Term{"price", Number, "万元"}, numbers: told((*kora.Parcel).PriceInAll)},
	{Term: Term{"price_m2", Number, "元/㎡"}, numbers: told((*kora.Parcel).PricePerM2)},
	{Term: Term{"far", Number, ""}, numbers: allowed(func(p *kora.Parcel) kora.Range { return p.FAR })},
	{Term: Term{"density", Number, "%"}, numbers: allowed(func(p *kora.Parcel) kora.Range { return p.Density })},
	{Term: Term{"green", Number, "%"}, numbers: allowed(func(p *kora.Parcel) kora.Range { return p.Green })},
	{Term: Term{"height", Number, "m"}, numbers: allowed(func(p *kora.Parcel) kora.Range { return p.HeightM })},
	{Term: Term{"altitude", Number, "m"}, numbers: known(func(p *kora.Parcel) float64 { return p.AltitudeM }), slope: 1000},
	{Term: Term{"term", Number, "a"}, numbers: known(func(p *kora.Parcel) float64 { return float64(p.TermYears) })},
}

// A Measure is a number that is computed for parcels and not in the record: a drive time, a slope.
type Measure struct {
	Name  string
	Unit  string
	Slope float64 // how far outside a range a fit becomes nothing; 0: a fit is the ratio to the bound
	Of    func(*kora.Parcel) (v float64, known bool)
}

// A Table holds what can be asked for.
type Table struct{ terms []*term }

// NewTable gives the terms that the record answers, and those of the measures.
func NewTable(measures ...Measure) Table {
	t := Table{slices.Clip(recorded)}
	for _, m := range measures {
		t.terms = append(t.terms, &term{Term: Term{m.Name, Number, m.Unit}, slope: m.Slope,
			numbers: func(p *kora.Parcel) (span, bool) {
				v, known := m.Of(p)
				return point(v), known && v >= 0
			}})
	}
	return t
}

// Terms lists what can be asked for.
func (t Table) Terms() []Term {
	all := make([]Term, len(t.terms))
	for i, of := range t.terms {
		all[i] = of.Term
	}
	return all
}

func (t Table) find(name string) *term {
	if i := slices.IndexFunc(t.terms, func(of *term) bool { return of.Name == name }); i >= 0 {
		return t.terms[i]
	}
	return nil
}

const (
	maxNeeds  = 40
	maxValues = 50
	maxWeight = 100
	maxNumber = 1e12 // of a bound
)

// Check tells what is wrong with needs; the error is a *kora.Error that names the need by its place.
func (t Table) Check(needs []kora.Need) error {
	if len(needs) > maxNeeds {
		return kora.Refuse(kora.ReasonTooLong, "needs", len(needs), "are more than %d", maxNeeds)
	}
	for i, n := range needs {
		field := fmt.Sprintf("needs[%d].", i)
		of := t.find(n.Term)
		if of == nil {
			return kora.Refuse(kora.ReasonUnknown, field+"term", n.Term, "is nothing that parcels can be asked for")
		}
		if n.Weight < 0 || n.Weight > maxWeight {
			return kora.Refuse(kora.ReasonRange, field+"weight", n.Weight, "must be from 1 to %d", maxWeight)
		}
		if err := of.check(field, n); err != nil {
			return err
		}
	}
	return nil
}

func (t *term) check(field string, n kora.Need) error {
	if len(n.Values) > maxValues {
		return kora.Refuse(kora.ReasonTooLong, field+"values", len(n.Values), "are more than %d", maxValues)
	}
	if lists := t.Kind == Any || t.Kind == All; lists != (len(n.Values) > 0) {
		if lists {
			return kora.Refuse(kora.ReasonRequired, field+"values", nil, "are missing")
		}
		return kora.Refuse(kora.ReasonUnknown, field+"values", nil, "do not go with %s", t.Name)
	}
	for _, v := range n.Values {
		if v == "" || len(v) > 60 {
			return kora.Refuse(kora.ReasonSyntax, field+"values", v, "is empty or longer than 60 bytes")
		}
	}
	if numbers := n.Min != nil || n.Max != nil; numbers != (t.Kind == Number) {
		if t.Kind == Number {
			return kora.Refuse(kora.ReasonRequired, field+"min", nil, "is missing, and max too")
		}
		return kora.Refuse(kora.ReasonUnknown, field+"min", nil, "and max do not go with %s", t.Name)
	}
	for name, b := range map[string]*float64{"min": n.Min, "max": n.Max} {
		if b != nil && !(*b >= 0 && *b <= maxNumber) {
			return kora.Refuse(kora.ReasonRange, field+name, *b, "must be from 0 to %g", maxNumber)
		}
	}
	if n.Min != nil && n.Max != nil && *n.Min > *n.Max {
		return kora.Refuse(kora.ReasonRange, field+"min", *n.Min, "is above max")
	}
	return nil
}

// A span is a number, or the range that a plan allows; an infinite bound is open-ended, an exclusive one not itself allowed.
type span struct {
	low, high         float64
	lowOpen, highOpen bool
}

// spanOf reads bounds of which nil ones are open-ended.
func spanOf(low, high *float64) span {
	s := span{low: math.Inf(-1), high: math.Inf(1)}
	if low != nil {
		s.low = *low
	}
	if high != nil {
		s.high = *high
	}
	return s
}

// An offset is where a span lies to a range: 1 above it, -1 below, 0 when there is a number in both. By is how far.
type offset struct {
	side int
	by   float64
}

func (s span) off(wanted span) offset {
	switch {
	case s.low > wanted.high || s.low == wanted.high && s.lowOpen:
		return offset{1, s.low - wanted.high}
	case s.high < wanted.low || s.high == wanted.low && s.highOpen:
		return offset{-1, s.high - wanted.low}
	}
	return offset{}
}

// fit is 1 inside the range and falls with the distance from it; all numbers are 0 or above.
func (t *term) fit(s, wanted span, off offset) int64 {
	var fit float64
	switch {
	case off.side == 0:
		return whole
	case t.slope > 0:
		fit = 1 - math.Abs(off.by)/t.slope
	case off.side > 0:
		fit = wanted.high / s.low
	default:
		fit = s.high / wanted.low
	}
	if !(fit > 0) { // nor when it is 0/0
		return 0
	}
	return min(int64(fit*whole+0.5), whole-1) // never quite 1
}

func point(v float64) span { return span{low: v, high: v} }

// known makes numbers of a value that is 0 when it is not known.
func known(value func(*kora.Parcel) float64) func(*kora.Parcel) (span, bool) {
	return func(p *kora.Parcel) (span, bool) {
		v := value(p)
		return point(v), v > 0
	}
}

func told(value func(*kora.Parcel) (float64, bool)) func(*kora.Parcel) (span, bool) {
	return func(p *kora.Parcel) (span, bool) {
		v, known := value(p)
		return point(v), known
	}
}

func allowed(value func(*kora.Parcel) kora.Range) func(*kora.Parcel) (span, bool) {
	return func(p *kora.Parcel) (span, bool) {
		r := value(p)
		s := spanOf(r.Min, r.Max)
		s.lowOpen, s.highOpen = r.MinExclusive, r.MaxExclusive
		return s, r.Min != nil || r.Max != nil
	}
}

// shareOfUse is the part of a parcel that has a use wanted, by codes of the guide of 2023 or their first digits. A mixed use
// counts by the areas of its rows, and wholly where they are not told.
func shareOfUse(p *kora.Parcel, wanted []string) float64 {
	has := func(u kora.LandUse) bool {
		return u.Scheme == kora.Scheme2023 &&
			slices.ContainsFunc(wanted, func(w string) bool { return strings.HasPrefix(u.Code, w) })
	}
	some := has(p.Use)
	var sum, with float64
	for _, u := range p.Uses {
		sum += u.AreaM2
		if has(u.LandUse) {
			some, with = true, with+u.AreaM2
		}
	}
	switch {
	case !some:
		return 0
	case with > 0:
		return with / sum
	}
	return 1
}

func anyOf(value func(*kora.Parcel) string) func(*kora.Parcel, []string) float64 {
	return func(p *kora.Parcel, wanted []string) float64 {
		if slices.Contains(wanted, value(p)) {
			return 1
		}
		return 0
	}
}

func allOf(values func(*kora.Parcel) []string) func(*kora.Parcel, []string) float64 {
	return func(p *kora.Parcel, wanted []string) float64 {
		has, n := values(p), 0
		for _, w := range wanted {
			if slices.Contains(has, w) {
				n++
			}
		}
		return float64(n) / float64(len(wanted))
	}
}

// hasAccess: a road leads to the parcel, or its entrance is known.
func hasAccess(p *kora.Parcel, _ []string) float64 {
	if p.Access != nil || slices.Contains(p.Facilities, "road") {
		return 1
	}
	return 0
}
