package kora

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Position is a state of the record: a database snapshot, in the epoch of the change log in which it means something.
// The zero Position is before everything.
type Position struct {
	Epoch    string
	Snapshot string // PostgreSQL's text form of pg_snapshot: xmin:xmax:xip,xip,…
}

// Includes tells whether the transaction xid had been committed, or rolled back, at p.
func (p Position) Includes(xid uint64) bool {
	_, xmax, running, err := parseSnapshot(p.Snapshot)
	if err != nil || xid >= xmax {
		return false
	}
	for _, r := range running {
		if r == xid {
			return false
		}
	}
	return true
}

// Follows tells whether every transaction that p does not include is at or after floor, the oldest one still logged.
func (p Position) Follows(floor uint64) bool {
	xmin, _, _, err := parseSnapshot(p.Snapshot)
	return err == nil && xmin >= floor
}

func parseSnapshot(s string) (xmin, xmax uint64, running []uint64, err error) {
	part := strings.SplitN(s, ":", 3)
	if len(part) != 3 {
		return 0, 0, nil, fmt.Errorf("snapshot %q is not xmin:xmax:list", s)
	}
	if xmin, err = strconv.ParseUint(part[0], 10, 64); err != nil {
		return 0, 0, nil, fmt.Errorf("snapshot %q: %w", s, err)
	}
	if xmax, err = strconv.ParseUint(part[1], 10, 64); err != nil {
		return 0, 0, nil, fmt.Errorf("snapshot %q: %w", s, err)
	}
	for x := range strings.SplitSeq(part[2], ",") {
		if x == "" {
			continue
		}
		id, err := strconv.ParseUint(x, 10, 64)
		if err != nil {
			return 0, 0, nil, fmt.Errorf("snapshot %q: %w", s, err)
		}
		running = append(running, id)
	}
	return xmin, xmax, running, nil
}

// Changes is what became visible in the record between two positions, read in one snapshot: the rows as they are at To.
// A nil row is gone.
type Changes struct {
	To        Position
	At        time.Time // the database's clock when it was read
	Whole     bool      // everything that there is, not only what changed
	Stations  map[int64]*Station
	KeyAreas  map[int64]*KeyArea
	Highways  map[int64]*Highway
	Parcels   map[int64]*Parcel
	Notices   map[int64]*Notice
	Panoramas map[int64]*Panorama
	Demands   map[int64]*Demand
	Reports   map[int64]*KeptReport
	Targets   map[int64]*Target
	Network   *Network // the network in use, when it changed
}

// Empty tells whether nothing changed.
func (c *Changes) Empty() bool {
	return !c.Whole && c.Network == nil &&
		len(c.Stations)+len(c.KeyAreas)+len(c.Highways)+len(c.Parcels)+len(c.Notices)+len(c.Panoramas)+
			len(c.Demands)+len(c.Reports)+len(c.Targets) == 0
}
