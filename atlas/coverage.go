package atlas

import (
	"context"
	"math"

	"kora"
	"kora/geo/service"
)

// MaxCoverage is the longest time, in seconds, that a cell's value tells: 63 minutes, the last step of CellValue.
const MaxCoverage = 252 * cellStep

// Coverage is how much of each key area lies within a time of the stations that it was asked for.
type Coverage struct {
	Stations int // how many stations serve
	Areas    []AreaCoverage
	Total    Shares // of what lies in a key area, once
}

// AreaCoverage is how much of one key area is served.
type AreaCoverage struct {
	Area *kora.KeyArea
	Shares
}

// Shares is how much of an area is served, each with its own denominator.
type Shares struct {
	Once    service.Share       // cells within the time of a station
	Twice   service.Share       // cells within the time of two different stations: 交叉覆盖 (cross coverage)
	Streets service.StreetShare // metres of street
	Bands   []int               // cells by the time to their nearest station, one count for each of Bands and one for the rest
	Circle  service.Circle      // cells within 1 km of a station as the crow flies; no travel time
}

// Bands are the upper ends in seconds of the bands of Shares.
func Bands() []float64 { return []float64{300, 600, 900, 1200, 1800, 2700, 3600} }

// circleMetres is the radius that the workers' station rule names beside the 15 minutes.
const circleMetres = 1000

// Coverage counts what of every key area lies within maxSeconds (at most MaxCoverage) of a station of q. Stations that do
// not serve cover nothing.
func (a *Atlas) Coverage(ctx context.Context, profile string, q StationQuery, maxSeconds float64) (*Coverage, error) {
	t, err := a.by(profile)
	if err != nil {
		return nil, err
	}
	return a.coverageOf(ctx, t, a.serving(t, q), maxSeconds)
}

// CoverageOf is Coverage by the given stations, which need not be in the record: what is planned has an ID of its own, below 0. All of
// them count, whatever their state; those without a street within reach cover nothing.
func (a *Atlas) CoverageOf(ctx context.Context, profile string, stations []*kora.Station, maxSeconds float64) (*Coverage, error) {
	t, err := a.by(profile)
	if err != nil {
		return nil, err
	}
	return a.coverageOf(ctx, t, t.onStreets(stations), maxSeconds)
}

func (a *Atlas) coverageOf(ctx context.Context, t *travel, serving []*kora.Station, maxSeconds float64) (*Coverage, error) {
	s, err := t.served(ctx, serving)
	if err != nil {
		return nil, err
	}
	spans := s.reached(1, maxSeconds)
	shares := func(cells []int, streets *service.AreaStreets) Shares {
		return Shares{
			Once:    service.Count(s.times[0], cells, maxSeconds),
			Twice:   service.Count(s.times[1], cells, maxSeconds),
			Streets: streets.Served(spans),
			Bands:   service.Bands(s.times[0], cells, Bands()),
			Circle:  service.CountCircle(s.near, cells, circleMetres),
		}
	}
	streets := t.inAreas()
	c := &Coverage{Stations: len(serving), Areas: make([]AreaCoverage, len(a.KeyAreas))}
	inAny := make([]bool, len(a.grid.cells))
	for i, area := range a.KeyAreas {
		cells := a.grid.areas[area.ID]
		c.Areas[i] = AreaCoverage{area, shares(cells, streets.by[area.ID])}
		for _, cell := range cells {
			inAny[cell] = true
		}
	}
	var union []int
	for cell, in := range inAny {
		if in {
			union = append(union, cell)
		}
	}
	c.Total = shares(union, streets.all)
	return c, nil
}

// The value of a cell in a table of one byte a cell: the time in steps of 15 s, rounded up, so that "at most n minutes"
// is exact for whole minutes.
const (
	cellStep        = 15
	CellFar         = 253 // more than MaxCoverage
	CellUnreachable = 254 // streets, but no way to a station
	CellNoStreet    = 255 // no street within reach
)

// CellValues gives one byte for each of Cells, as CellValue tells: the time to the nearest station of q, or with k 2 to the
// second nearest. Coarse gives those of CoarseCells: the median of the times of the cells below that have a street.
func (a *Atlas) CellValues(ctx context.Context, profile string, q StationQuery, k int, coarse bool) ([]byte, error) {
	times, second, err := a.CellTimes(ctx, profile, q)
	if err != nil {
		return nil, err
	}
	if k > 1 {
		times = second
	}
	if coarse {
		times = a.grid.median(times)
	}
	return bytesOf(times), nil
}

func bytesOf(times []float32) []byte {
	values := make([]byte, len(times))
	for i, seconds := range times {
		values[i] = CellValue(float64(seconds))
	}
	return values
}

// CellValue is the byte for a time in seconds: +Inf is unreachable, NaN has no street.
func CellValue(seconds float64) byte {
	switch {
	case math.IsNaN(seconds):
		return CellNoStreet
	case math.IsInf(seconds, 1):
		return CellUnreachable
	case seconds > MaxCoverage:
		return CellFar
	}
	return byte(math.Ceil(seconds / cellStep))
}

// CellTimes gives for each of Cells the seconds to the nearest and to the second nearest station of q: +Inf without a way, NaN
// without a street within reach. The slices are shared and not to be changed.
func (a *Atlas) CellTimes(ctx context.Context, profile string, q StationQuery) (nearest, second []float32, err error) {
	t, err := a.by(profile)
	if err != nil {
		return nil, nil, err
	}
	s, err := t.served(ctx, a.serving(t, q))
	if err != nil {
		return nil, nil, err
	}
	return s.times[0], s.times[1], nil
}
