package atlas

import (
	"context"
	"encoding/binary"
	"math"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"

	"kora"
	"kora/geo/service"
)

// MaxCoverage is the longest time, in seconds, that a cell's value tells: 63 minutes, the last step of CellValue.
const MaxCoverage = 252 * cellStep

// Coverage is how much of each key area lies within a time of the stations that it was asked for.
type Coverage struct {
	Stations int // how many stations serve
	Areas    []AreaCoverage
	Total    service.Share // every cell that lies in a key area, once
}

// AreaCoverage is the share of one key area.
type AreaCoverage struct {
	Area *kora.KeyArea
	service.Share
}

// Coverage counts the cells of every key area from which a station of q is reached within maxSeconds (at most
// MaxCoverage). Stations that do not serve cover nothing.
func (a *Atlas) Coverage(ctx context.Context, q StationQuery, maxSeconds float64) (*Coverage, error) {
	times, n, err := a.cellTimes(ctx, q)
	if err != nil {
		return nil, err
	}
	c := &Coverage{Stations: n, Areas: make([]AreaCoverage, len(a.KeyAreas))}
	inAny := make([]bool, len(a.grid.cells))
	for i, area := range a.KeyAreas {
		cells := a.grid.areas[area.ID]
		c.Areas[i] = AreaCoverage{area, service.Count(times, cells, maxSeconds)}
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
	c.Total = service.Count(times, union, maxSeconds)
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

// CellValues gives one byte for each of Cells, as CellValue tells.
func (a *Atlas) CellValues(ctx context.Context, q StationQuery) ([]byte, error) {
	times, _, err := a.cellTimes(ctx, q)
	if err != nil {
		return nil, err
	}
	values := make([]byte, len(times))
	for i, t := range times {
		values[i] = CellValue(float64(t))
	}
	return values, nil
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

// cellTimes gives the seconds from every cell to the nearest station of q, and how many stations serve.
func (a *Atlas) cellTimes(ctx context.Context, q StationQuery) (times []float32, stations int, err error) {
	if a.Streets == nil {
		return nil, 0, kora.Refuse(kora.ReasonNoNetwork, "", nil, "no street network has been imported; run kora import network")
	}
	serving, links := a.serving(q)
	var key []byte
	for _, s := range serving {
		key = binary.AppendVarint(key, s.ID)
	}
	times, err = a.coverage.get(string(key), func() ([]float32, error) {
		field, err := a.Streets.Toward(ctx, links, math.Inf(1))
		if err != nil {
			return nil, err
		}
		return a.grid.links.Times(field, links), nil
	})
	return times, len(serving), err
}

// A coverageCache remembers the times for sets of stations, as many as a planner may look at in one sitting. It belongs
// to one combination of streets, stations and grid, so nothing in it ever grows old.
type coverageCache struct {
	mu    sync.Mutex
	times *lru.Cache[string, []float32]
}

func newCoverageCache() *coverageCache {
	times, _ := lru.New[string, []float32](64) // fails for sizes below 1 only
	return &coverageCache{times: times}
}

// get computes under the lock on purpose: a thousand who ask for the same at once wait for one computation.
func (c *coverageCache) get(key string, compute func() ([]float32, error)) ([]float32, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if times, ok := c.times.Get(key); ok {
		return times, nil
	}
	times, err := compute()
	if err != nil {
		return nil, err
	}
	c.times.Add(key, times)
	return times, nil
}

// CellIDs gives the cells' numbers in tiles, in the order of Cells.
func (a *Atlas) CellIDs() []uint64 {
	ids := make([]uint64, len(a.grid.cells))
	for i, c := range a.grid.cells {
		ids[i] = c.TileID()
	}
	return ids
}
