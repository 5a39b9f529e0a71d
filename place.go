package kora

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"
)

// A Name is a text in the three languages of the service; zh is always there.
type Name struct {
	ZH string `json:"zh" doc:"Chinese"`
	BO string `json:"bo,omitempty" doc:"Tibetan"`
	EN string `json:"en,omitempty" doc:"English"`
}

func (n Name) validate(field string) error {
	if n.ZH == "" {
		return Refuse(ReasonRequired, field, nil, "needs a Chinese name")
	}
	for _, s := range []string{n.ZH, n.BO, n.EN} {
		if utf8.RuneCountInString(s) > 200 {
			return Refuse(ReasonTooLong, field, s, "is longer than 200 characters")
		}
		if !utf8.ValidString(s) {
			return Refuse(ReasonEncoding, field, nil, "is not valid UTF-8")
		}
	}
	return nil
}

// CheckPoint refuses coordinates that are NaN, infinite or out of range. Degrees, longitude first.
func CheckPoint(field string, p orb.Point) error {
	if math.IsNaN(p[0]) || math.IsInf(p[0], 0) || p[0] < -180 || p[0] > 180 {
		return Refuse(ReasonCoordinate, field, p[0], "longitude must be a number from -180 to 180")
	}
	if math.IsNaN(p[1]) || math.IsInf(p[1], 0) || p[1] < -90 || p[1] > 90 {
		return Refuse(ReasonCoordinate, field, p[1], "latitude must be a number from -90 to 90")
	}
	return nil
}

// ParseBox reads a box from four numbers with commas between: west, south, east, north in degrees. The error is an *Error.
func ParseBox(field, s string) (orb.Bound, error) {
	parts := strings.Split(s, ",")
	if len(parts) != 4 {
		return orb.Bound{}, Refuse(ReasonSyntax, field, s, "must be four numbers: west,south,east,north")
	}
	var n [4]float64
	for i, p := range parts {
		v, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if err != nil {
			return orb.Bound{}, Refuse(ReasonSyntax, field, s, "must be four numbers: west,south,east,north")
		}
		n[i] = v
	}
	b := orb.Bound{Min: orb.Point{n[0], n[1]}, Max: orb.Point{n[2], n[3]}}
	for _, corner := range []orb.Point{b.Min, b.Max} {
		if err := CheckPoint(field, corner); err != nil {
			return orb.Bound{}, err
		}
	}
	if b.IsEmpty() {
		return orb.Bound{}, Refuse(ReasonRange, field, s, "has its west or south beyond its east or north")
	}
	return b, nil
}

// Inside is a point well inside of a closed ring: the middle of the widest stretch of it on a line half-way up.
func Inside(r orb.Ring) orb.Point {
	b := r.Bound()
	y := (b.Min[1] + b.Max[1]) / 2
	var xs []float64
	for i := 1; i < len(r); i++ {
		p, q := r[i-1], r[i]
		if (p[1] <= y) != (q[1] <= y) { // the lower end counts, the upper one does not
			xs = append(xs, p[0]+(y-p[1])/(q[1]-p[1])*(q[0]-p[0]))
		}
	}
	slices.Sort(xs)
	best, width := r[0], -1.0
	for i := 0; i+1 < len(xs); i += 2 {
		if w := xs[i+1] - xs[i]; w > width {
			best, width = orb.Point{(xs[i] + xs[i+1]) / 2, y}, w
		}
	}
	return best
}

func checkMultiPolygon(field string, m orb.MultiPolygon) error {
	if len(m) == 0 {
		return Refuse(ReasonGeometry, field, nil, "has no polygon")
	}
	for i, poly := range m {
		if len(poly) == 0 {
			return Refuse(ReasonGeometry, field, nil, "polygon %d has no ring", i+1)
		}
		for j, ring := range poly {
			if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
				return Refuse(ReasonGeometry, field, nil,
					"polygon %d, ring %d is not closed or has fewer than 3 corners", i+1, j+1)
			}
			for _, p := range ring {
				if err := CheckPoint(field, p); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func checkMultiLine(field string, m orb.MultiLineString) error {
	if len(m) == 0 {
		return Refuse(ReasonGeometry, field, nil, "has no line")
	}
	for i, line := range m {
		if len(line) < 2 {
			return Refuse(ReasonGeometry, field, nil, "line %d has fewer than 2 points", i+1)
		}
		for _, p := range line {
			if err := CheckPoint(field, p); err != nil {
				return err
			}
		}
	}
	return nil
}

func oneOf[T ~string](field string, v T, all []T) error {
	for _, a := range all {
		if v == a {
			return nil
		}
	}
	if v == "" {
		return Refuse(ReasonRequired, field, nil, "is missing; one of %v", all)
	}
	return Refuse(ReasonUnknown, field, v, "is not one of %v", all)
}

// checkCounty accepts a six-digit code of GB/T 2260, or nothing.
func checkCounty(field, code string) error {
	if code == "" {
		return nil
	}
	if len(code) != 6 {
		return Refuse(ReasonSyntax, field, code, "must be a six-digit code of GB/T 2260")
	}
	for _, c := range code {
		if c < '0' || c > '9' {
			return Refuse(ReasonSyntax, field, code, "must be a six-digit code of GB/T 2260")
		}
	}
	return nil
}

// checkWord bounds a text that readers choose from, such as the name of a zone.
func checkWord(field, s string) error {
	if utf8.RuneCountInString(s) > 60 {
		return Refuse(ReasonTooLong, field, s, "is longer than 60 characters")
	}
	if !utf8.ValidString(s) {
		return Refuse(ReasonEncoding, field, nil, "is not valid UTF-8")
	}
	return nil
}

func checkDay(field, s string) error {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return Refuse(ReasonSyntax, field, s, "must be a day such as 2026-07-01")
	}
	return nil
}

func isLink(s string) bool {
	return strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//")
}
