package api

import (
	"encoding/json"
	"math"
	"math/bits"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"kora"
	"kora/geo/datum"
)

// Most of what a page of parcels takes is the writing of its features, so they are written by hand: ParcelFacts in their order, against
// which the test holds them value for value. encoding/json takes three times as long.

// appendFeature writes a feature up to where ParcelWays begin.
func appendFeature(b []byte, p *kora.Parcel) []byte {
	b = strconv.AppendInt(append(b, `{"type":"Feature","id":`...), p.ID, 10)
	b = append(b, `,"geometry":{"type":"MultiPolygon","coordinates":`...)
	b = appendAll(b, p.Geometry, func(b []byte, polygon orb.Polygon) []byte {
		return appendAll(b, polygon, func(b []byte, ring orb.Ring) []byte {
			return appendAll(b, ring, func(b []byte, at orb.Point) []byte { return appendPosition(b, at) })
		})
	})
	return appendFacts(append(b, `},"properties":`...), p)
}

// appendFacts writes ParcelFacts without the brace at their end.
func appendFacts(b []byte, p *kora.Parcel) []byte {
	b = appendText(append(b, `{"number":`...), p.Number)
	b = appendWord(b, `,"cadastre":`, p.Cadastre)
	b = appendName(append(b, `,"name":`...), p.Name)
	b = appendWord(b, `,"county":`, kora.CountyNow(p.County))
	b = appendWord(b, `,"zone":`, p.Zone)
	if p.Address != (kora.Name{}) {
		b = appendName(append(b, `,"address":`...), p.Address)
	}
	b = append(appendUse(append(b, `,"use":`...), p.Use), '}')
	if len(p.Uses) > 0 {
		b = appendAll(append(b, `,"uses":`...), p.Uses, func(b []byte, u kora.UseShare) []byte {
			b = appendKnown(appendUse(b, u.LandUse), `,"area_m2":`, u.AreaM2)
			return append(appendKnown(b, `,"term_years":`, float64(u.TermYears)), '}')
		})
	}
	if len(p.Industry) > 0 {
		b = appendAll(append(b, `,"industry":`...), p.Industry, appendText)
	}
	b = appendText(append(b, `,"status":`...), string(p.Status))
	b = appendText(append(b, `,"stage":`...), string(p.Status.Stage()))
	if len(p.Steps) > 0 {
		b = appendAll(append(b, `,"steps":`...), p.Steps, func(b []byte, s kora.ParcelStep) []byte {
			b = appendText(append(b, `{"status":`...), string(s.Status))
			b = appendText(append(b, `,"on":`...), s.On)
			return append(appendWord(b, `,"document":`, s.Document), '}')
		})
	}
	b = appendNumber(append(b, `,"area_m2":`...), p.AreaM2)
	b = appendKnown(b, `,"stated_m2":`, p.StatedM2)
	b = appendRange(append(b, `,"far":`...), p.FAR)
	b = appendRange(append(b, `,"density":`...), p.Density)
	b = appendRange(append(b, `,"green":`...), p.Green)
	b = appendRange(append(b, `,"height_m":`...), p.HeightM)
	b = appendPrice(b, `,"price":`, p.Price)
	if yuan, ok := p.PricePerM2(); ok {
		b = appendNumber(append(b, `,"price_m2":`...), math.Round(yuan*100)/100)
	}
	b = appendPrice(b, `,"deposit":`, p.Deposit)
	b = appendPrice(b, `,"increment":`, p.Increment)
	b = appendPrice(b, `,"intensity":`, p.Intensity)
	b = appendWord(b, `,"supply":`, p.Supply)
	b = appendKnown(b, `,"term_years":`, float64(p.TermYears))
	b = appendWord(b, `,"notice_on":`, p.NoticeOn)
	b = appendPeriod(b, `,"registration":`, p.Registration)
	b = appendPeriod(b, `,"listing":`, p.Listing)
	b = appendPeriod(b, `,"publicity":`, p.Publicity)
	b = appendKnown(b, `,"altitude_m":`, p.AltitudeM)
	if p.Access != nil {
		b = appendPosition(append(b, `,"access":`...), *p.Access)
	}
	b = appendAll(append(b, `,"facilities":`...), p.Facilities, appendText)
	b = strconv.AppendBool(append(b, `,"sample":`...), p.Sample)
	if p.Source != (kora.Source{}) {
		b = append(b, `,"source":`...)
		start := len(b)
		b = appendWord(appendWord(b, `,"file":`, p.Source.File), `,"crs":`, p.Source.CRS)
		b[start] = '{'
		b = append(b, '}')
	}
	return appendNavigation(append(b, `,"navigation":`...), p.Entrance(), p.Name.ZH)
}

func appendNavigation(b []byte, p orb.Point, label string) []byte {
	g := datum.GCJ02(p)
	b = appendPosition(append(b, `{"position":`...), p)
	b = appendPosition(append(b, `,"gcj02":`...), [2]float64{micro(g[0]), micro(g[1])})
	b, _ = appendLinks(b, &[5]string{`,"amap":"`, `","baidu":"`, `","tencent":"`, `","apple":"`, `","geo":"`}, p, g, label, byCar)
	return append(b, `"}`...)
}

func appendName(b []byte, n kora.Name) []byte {
	b = appendText(append(b, `{"zh":`...), n.ZH)
	b = appendWord(b, `,"bo":`, n.BO)
	return append(appendWord(b, `,"en":`, n.EN), '}')
}

// appendUse leaves the brace at the end to its caller.
func appendUse(b []byte, u kora.LandUse) []byte {
	b = appendText(append(b, `{"code":`...), u.Code)
	return appendText(append(b, `,"scheme":`...), string(u.Scheme))
}

func appendRange(b []byte, r kora.Range) []byte {
	start := len(b)
	if r.Min != nil {
		b = appendNumber(append(b, `,"min":`...), *r.Min)
	}
	if r.Max != nil {
		b = appendNumber(append(b, `,"max":`...), *r.Max)
	}
	if r.MinExclusive {
		b = append(b, `,"min_exclusive":true`...)
	}
	if r.MaxExclusive {
		b = append(b, `,"max_exclusive":true`...)
	}
	if len(b) == start {
		return append(b, `{}`...)
	}
	b[start] = '{'
	return append(b, '}')
}

func appendPrice(b []byte, key string, p *kora.Price) []byte {
	if p == nil {
		return b
	}
	b = appendNumber(append(append(b, key...), `{"amount":`...), p.Amount)
	return append(appendText(append(b, `,"unit":`...), p.Unit), '}')
}

func appendPeriod(b []byte, key string, p *kora.Period) []byte {
	if p == nil {
		return b
	}
	b = append(append(b, key...), '{')
	if !p.From.IsZero() {
		b = append(p.From.AppendFormat(append(b, `"from":"`...), time.RFC3339Nano), '"')
	}
	if !p.To.IsZero() {
		if !p.From.IsZero() {
			b = append(b, ',')
		}
		b = append(p.To.AppendFormat(append(b, `"to":"`...), time.RFC3339Nano), '"')
	}
	return append(b, '}')
}

func appendAll[E any](b []byte, all []E, each func([]byte, E) []byte) []byte {
	b = append(b, '[')
	for i, e := range all {
		if i > 0 {
			b = append(b, ',')
		}
		b = each(b, e)
	}
	return append(b, ']')
}

// appendWord writes a text that may be missing.
func appendWord(b []byte, key, s string) []byte {
	if s == "" {
		return b
	}
	return appendText(append(b, key...), s)
}

// appendKnown writes a number that is not known when it is 0.
func appendKnown(b []byte, key string, v float64) []byte {
	if v == 0 {
		return b
	}
	return appendNumber(append(b, key...), v)
}

// appendNumber writes a number; one that JSON has no way to tell is null.
func appendNumber(b []byte, v float64) []byte {
	switch size := math.Abs(v); {
	case v == math.Trunc(v) && size < 1<<53:
		return strconv.AppendInt(b, int64(v), 10)
	case size >= 1e-6 && size < 1e21:
		return strconv.AppendFloat(b, v, 'f', -1, 64)
	case math.IsNaN(v) || math.IsInf(v, 0):
		return append(b, "null"...)
	}
	return strconv.AppendFloat(b, v, 'e', -1, 64)
}

func appendPosition(b []byte, at [2]float64) []byte {
	b = appendDegrees(append(b, '['), at[0])
	return append(appendDegrees(append(b, ','), at[1]), ']')
}

// appendDegrees writes a longitude or latitude so that reading it gives the same number. Like strconv, which takes three times as long,
// it writes no digit more than are needed of what has up to nine decimals; others are written with 14 or 15. Numbers that it is not made
// for are left to strconv.
func appendDegrees(b []byte, v float64) []byte {
	size := math.Abs(v)
	if n := math.Round(size * 1e9); size < 360 && n/1e9 == size {
		return appendDecimals(b, v < 0, uint64(n), 9)
	}
	// A decimal that is nearer than half the distance to the next number is read as this one. From 8 on, 15 decimals are near enough,
	// from 64 on 14, where the distance is 2⁻⁴⁶. The fraction of these is a whole number of 2⁻⁵².
	if size < 8 || size >= 360 {
		return appendNumber(b, v)
	}
	decimals, power := 15, uint64(1e15)
	if size >= 64 {
		decimals, power = 14, 1e14
	}
	whole := uint64(size)
	high, low := bits.Mul64(uint64((size-float64(whole))*(1<<52)), power)
	fraction := high<<12 | low>>52
	if low&(1<<51) != 0 {
		fraction++
	}
	return appendDecimals(b, v < 0, whole*power+fraction, decimals)
}

// appendDecimals writes n with a point before its last digits, without zeros at the end.
func appendDecimals(b []byte, negative bool, n uint64, decimals int) []byte {
	if negative {
		b = append(b, '-')
	}
	var digits [20]byte
	at := len(digits)
	for ; decimals > 0 && n%10 == 0; decimals-- {
		n /= 10
	}
	for ; decimals >= 2; decimals -= 2 {
		at -= 2
		copy(digits[at:], pairs[n%100*2:][:2])
		n /= 100
	}
	if decimals == 1 {
		at--
		digits[at] = byte('0' + n%10)
		n /= 10
	}
	b = strconv.AppendUint(b, n, 10)
	if at == len(digits) {
		return b
	}
	return append(append(b, '.'), digits[at:]...)
}

// pairs are the numbers of two digits.
const pairs = "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"

// appendText writes a JSON string; nearly all texts need no escape.
func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' {
			return appendEscaped(b, s)
		}
	}
	if !utf8.ValidString(s) {
		return appendEscaped(b, s)
	}
	return append(append(append(b, '"'), s...), '"')
}

func appendEscaped(b []byte, s string) []byte {
	escaped, _ := json.Marshal(s) // a string always has JSON
	return append(b, escaped...)
}
