package atlas

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"kora"
	"kora/geo/facet"
)

// A parcelChoice is an attribute of parcels with values to choose from. Its name is that of the parameter and of the facet.
type parcelChoice struct {
	name   string
	values func(p *kora.Parcel, to []string) []string
	check  func(value string) (string, *kora.Error) // gives the value as it is kept
	prefix bool                                     // codes, of which the first digits are values as well
	all    bool                                     // several values must all hold; otherwise one of them is enough
	order  func(a, b string) int                    // of options; nil: as texts
}

// A parcelRange is an attribute of parcels that is a number. Its name with _min and _max is that of the parameters.
type parcelRange struct {
	name  string
	unit  string
	value func(p *kora.Parcel) float64 // NaN: not known
	to    Destination                  // instead of value: minutes by car to the nearest of these
	lie   func(*lie) *facet.Numbers    // instead of value: how a parcel lies
	day   bool                         // the number is a day
	edges []float64                    // of the histogram; without any there is none
}

// The order is that of the answer.
var parcelChoices = []parcelChoice{
	{name: "county", check: countyCode, values: func(p *kora.Parcel, to []string) []string { return given(to, kora.CountyNow(p.County)) }},
	{name: "zone", check: word, values: func(p *kora.Parcel, to []string) []string { return given(to, p.Zone) }},
	{name: "use", check: useCode, prefix: true, values: func(p *kora.Parcel, to []string) []string { return uses(p, kora.Scheme2023, to) }},
	{name: "use_2017", check: useCode, prefix: true, values: func(p *kora.Parcel, to []string) []string { return uses(p, kora.Scheme2017, to) }},
	{name: "industry", check: word, values: func(p *kora.Parcel, to []string) []string { return append(to, p.Industry...) }},
	{name: "status", check: oneOf(kora.ParcelStatuses()), order: inOrder(kora.ParcelStatuses()),
		values: func(p *kora.Parcel, to []string) []string { return append(to, string(p.Status)) }},
	{name: "stage", check: oneOf(kora.ParcelStages()), order: inOrder(kora.ParcelStages()),
		values: func(p *kora.Parcel, to []string) []string { return append(to, string(p.Status.Stage())) }},
	{name: "supply", check: oneOf(kora.SupplyModes()), order: inOrder(kora.SupplyModes()),
		values: func(p *kora.Parcel, to []string) []string { return given(to, p.Supply) }},
	{name: "facility", check: oneOf(kora.Utilities()), order: inOrder(kora.Utilities()), all: true,
		values: func(p *kora.Parcel, to []string) []string { return append(to, p.Facilities...) }},
	{name: "sample", check: oneOf([]string{"false", "true"}),
		values: func(p *kora.Parcel, to []string) []string { return append(to, strconv.FormatBool(p.Sample)) }},
}

var (
	areaEdges     = []float64{2_000, 5_000, 10_000, 15_000, 20_000, 30_000, 40_000, 50_000, 60_000, 80_000, 100_000, 150_000, 200_000, 500_000}
	partEdges     = []float64{10, 20, 30, 40, 50, 60, 70, 80, 90}
	driveEdges    = []float64{5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240}
	altitudeEdges = []float64{2000, 2500, 2800, 2900, 3000, 3100, 3200, 3400, 3600, 3800, 4000, 4500}
	slopeEdges    = []float64{2, 6, 15, 25} // the grades of 第三次全国国土调查技术规程 (TD/T 1055-2019)
)

var parcelRanges = []parcelRange{
	{name: "area", unit: "m²", edges: areaEdges, value: func(p *kora.Parcel) float64 { return p.AreaM2 }},
	{name: "stated", unit: "m²", edges: areaEdges, value: func(p *kora.Parcel) float64 { return known(p.StatedM2, p.StatedM2 > 0) }},
	{name: "price", unit: "万元", edges: []float64{100, 200, 500, 1000, 2000, 3000, 5000, 10_000, 20_000, 50_000},
		value: func(p *kora.Parcel) float64 { return known(p.PriceInAll()) }},
	{name: "price_m2", unit: "元/㎡", edges: []float64{50, 100, 150, 200, 300, 400, 500, 600, 800, 1000, 1500, 2000, 3000, 5000, 10_000},
		value: func(p *kora.Parcel) float64 { return known(p.PricePerM2()) }},
	{name: "deposit", unit: "万元", edges: []float64{20, 50, 100, 200, 500, 1000, 2000, 5000}, value: func(p *kora.Parcel) float64 {
		if p.Deposit == nil || p.Deposit.Unit != "万元" {
			return math.NaN()
		}
		return p.Deposit.Amount
	}},
	{name: "intensity", unit: "万元/亩", edges: []float64{50, 100, 150, 200, 250, 300, 400, 500},
		value: func(p *kora.Parcel) float64 { return known(p.IntensityPerMu()) }},
	{name: "far", edges: []float64{0.5, 0.8, 1, 1.2, 1.5, 1.8, 2, 2.5, 3, 4}, value: func(p *kora.Parcel) float64 { return known(p.FAR.Figure()) }},
	{name: "density", unit: "%", edges: partEdges, value: func(p *kora.Parcel) float64 { return known(p.Density.Figure()) }},
	{name: "green", unit: "%", edges: partEdges, value: func(p *kora.Parcel) float64 { return known(p.Green.Figure()) }},
	{name: "height", unit: "m", edges: []float64{9, 12, 15, 18, 24, 27, 36, 45, 54, 80, 100},
		value: func(p *kora.Parcel) float64 { return known(p.HeightM.Figure()) }},
	{name: "term", unit: "a", edges: []float64{10, 20, 30, 40, 50, 70},
		value: func(p *kora.Parcel) float64 { return known(float64(p.TermYears), p.TermYears > 0) }},
	{name: "altitude", unit: "m", edges: altitudeEdges,
		value: func(p *kora.Parcel) float64 { return known(p.AltitudeM, p.AltitudeM != 0) }},
	{name: "ground", unit: "m", edges: altitudeEdges, lie: func(l *lie) *facet.Numbers { return l.altitude }},
	{name: "slope", unit: "°", edges: slopeEdges, lie: func(l *lie) *facet.Numbers { return l.slope }},
	{name: "notice_on", day: true, value: func(p *kora.Parcel) float64 {
		day, err := time.Parse(time.DateOnly, p.NoticeOn)
		return known(dayOf(day), err == nil)
	}},
	{name: "registration_ends", day: true, value: func(p *kora.Parcel) float64 { return lastDay(p.Registration) }},
	{name: "listing_ends", day: true, value: func(p *kora.Parcel) float64 { return lastDay(p.Listing) }},
	{name: "to_highway", unit: "min", edges: driveEdges, to: ToHighway},
	{name: "to_railway", unit: "min", edges: driveEdges, to: ToRailway},
	{name: "to_airport", unit: "min", edges: driveEdges, to: ToAirport},
	{name: "to_county_seat", unit: "min", edges: driveEdges, to: ToCountySeat},
	{name: "to_station", unit: "min", edges: driveEdges, to: ToStation},
}

func known(v float64, is bool) float64 {
	if !is {
		return math.NaN()
	}
	return v
}

// dayOf is the number of a day, of a moment in the zone that it is told in.
func dayOf(t time.Time) float64 {
	return float64(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

func lastDay(p *kora.Period) float64 {
	if p == nil || p.To.IsZero() {
		return math.NaN()
	}
	return dayOf(kora.ChinaTime(p.To))
}

func given(to []string, v string) []string {
	if v == "" {
		return to
	}
	return append(to, v)
}

// uses are the codes of one scheme, the main use first, then those of a mixed use.
func uses(p *kora.Parcel, scheme kora.UseScheme, to []string) []string {
	if p.Use.Scheme == scheme {
		to = append(to, p.Use.Code)
	}
	for _, u := range p.Uses {
		if u.Scheme == scheme {
			to = append(to, u.Code)
		}
	}
	return to
}

func countyCode(s string) (string, *kora.Error) {
	if len(s) != 6 || strings.Trim(s, "0123456789") != "" {
		return s, kora.Refuse(kora.ReasonSyntax, "", s, "is no six-digit code")
	}
	return kora.CountyNow(s), nil
}

func useCode(s string) (string, *kora.Error) {
	if s == "" || len(s) > 8 || strings.Trim(s, "0123456789") != "" {
		return s, kora.Refuse(kora.ReasonSyntax, "", s, "is no land-use code")
	}
	return s, nil
}

func word(s string) (string, *kora.Error) {
	if s == "" || utf8.RuneCountInString(s) > 60 {
		return s, kora.Refuse(kora.ReasonTooLong, "", s, "must have 1 to 60 characters")
	}
	return s, nil
}

func oneOf[S ~string](all []S) func(string) (string, *kora.Error) {
	return func(s string) (string, *kora.Error) {
		if !slices.Contains(all, S(s)) {
			return s, kora.Refuse(kora.ReasonUnknown, "", s, "is not one of %v", all)
		}
		return s, nil
	}
}

func inOrder[S ~string](all []S) func(a, b string) int {
	return func(a, b string) int { return slices.Index(all, S(a)) - slices.Index(all, S(b)) }
}
