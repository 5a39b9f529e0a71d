package atlas

import (
	"maps"

	"kora"
	"kora/geo/flat"
)

// Version is a number for the content of these layers: the same for the same rows, on every node and after every start.
// It is the sum of the rows' digests, so that a change renews it by the rows that it touched.
func (a *Atlas) Version(layers ...kora.Layer) uint64 {
	v := uint64(0)
	for _, l := range layers {
		v = mix(v + uint64(l))
		v = mix(v + a.versions.layers[l].sum)
		if l == kora.LayerKeyArea && a.versions.gridFollowsStations() {
			v = mix(v + a.versions.layers[kora.LayerStation].sum)
		}
	}
	return v
}

// Moment orders the atlases of one process: it grows whenever the record changed.
func (a *Atlas) Moment() uint64 { return a.versions.moment }

// Untouched tells whether none of these layers changed in box since an earlier moment. It forgets what is long ago, and
// then says no.
func (a *Atlas) Untouched(since uint64, box flat.Box, layers ...kora.Layer) bool {
	for _, l := range layers {
		if !a.versions.layers[l].untouched(since, box) {
			return false
		}
	}
	return true
}

// versions tells what of the record changed, when and where. It never changes after next has made it; a value has one
// successor, with which it shares the memory that next appends to.
type versions struct {
	moment uint64
	layers [kora.MaxLayer + 1]ledger
}

// A ledger knows every row of a layer by its digest and its box, and the boxes that the latest changes touched: where a
// row was and where it is.
type ledger struct {
	rows    [shards]map[int64]entry // by the row's ID
	count   int
	sum     uint64  // of the digests, modulo 2^64: in whatever order the rows came
	last    uint64  // the moment of the latest change
	floor   uint64  // touched lists all changes after this moment
	touched []touch // the latest last
}

// shards keep a change from copying more than a small part of the rows.
const shards = 256

// remembered is how many touched boxes a ledger keeps at least: a few minutes when 50 rows change in a second.
const remembered = 1 << 13

type entry struct {
	digest uint64
	box    flat.Box
}

type touch struct {
	moment uint64
	box    flat.Box
}

// next follows a change. What is told again as it is known is no change, so a whole reading touches only what differs.
func (v *versions) next(c *kora.Changes) *versions {
	if c.Empty() {
		return v
	}
	n := *v
	n.moment++
	follow(&n, kora.LayerStation, c.Stations, c.Whole, digest, func(s *kora.Station) flat.Box { return flat.BoxOf(s.Point.Bound()) })
	follow(&n, kora.LayerHighway, c.Highways, c.Whole, digest, func(h *kora.Highway) flat.Box { return flat.BoxOf(h.Geometry.Bound()) })
	follow(&n, kora.LayerParcel, c.Parcels, c.Whole, digest, func(p *kora.Parcel) flat.Box { return flat.BoxOf(p.Geometry.Bound()) })
	// These move the grid, the routes and the ground; what has no place touches everything.
	follow(&n, kora.LayerKeyArea, c.KeyAreas, c.Whole, digest, nil)
	follow(&n, kora.LayerNotice, c.Notices, c.Whole, digest, nil)
	follow(&n, kora.LayerPanorama, c.Panoramas, c.Whole, digest, nil)
	follow(&n, kora.LayerDemand, c.Demands, c.Whole, digest, nil)
	follow(&n, kora.LayerReport, c.Reports, c.Whole, digestReport, nil)
	follow(&n, kora.LayerTarget, c.Targets, c.Whole, digest, nil)
	var streets map[int64]*kora.Network
	if c.Network != nil {
		streets = map[int64]*kora.Network{c.Network.ID: c.Network}
	}
	follow(&n, kora.LayerNetwork, streets, c.Whole || c.Network != nil, digestNetwork, nil)
	if n.gridFollowsStations() && n.layers[kora.LayerStation].last == n.moment {
		n.layers[kora.LayerKeyArea].touchAll(n.moment)
	}
	return &n
}

// gridFollowsStations tells that there are no key areas to lay the grid around; see layGrid.
func (v *versions) gridFollowsStations() bool { return v.layers[kora.LayerKeyArea].count == 0 }

// follow takes the changed rows of a layer; whole tells that there are no others. Without box a change touches everything.
func follow[T any](v *versions, layer kora.Layer, changed map[int64]*T, whole bool, digest func(*T) uint64, box func(*T) flat.Box) {
	l := &v.layers[layer]
	var own [shards]bool
	put := func(id int64, now entry, there bool) {
		shard := uint64(id) % shards
		before, was := l.rows[shard][id]
		if was == there && before == now {
			return
		}
		if !own[shard] {
			own[shard] = true
			if l.rows[shard] = maps.Clone(l.rows[shard]); l.rows[shard] == nil {
				l.rows[shard] = map[int64]entry{}
			}
		}
		if was {
			l.touch(v.moment, before.box)
			l.count--
		}
		if there {
			l.touch(v.moment, now.box)
			l.count++
			l.rows[shard][id] = now
		} else {
			delete(l.rows[shard], id)
		}
		l.sum += now.digest - before.digest
		if box == nil {
			l.touchAll(v.moment)
		}
	}
	if whole {
		for _, rows := range l.rows {
			for id := range rows {
				if changed[id] == nil {
					put(id, entry{}, false)
				}
			}
		}
	}
	for id, row := range changed {
		if row == nil {
			put(id, entry{}, false)
			continue
		}
		now := entry{digest: digest(row)}
		if box != nil {
			now.box = box(row)
		}
		put(id, now, true)
	}
}

func (l *ledger) touch(moment uint64, box flat.Box) {
	l.last = moment
	l.touched = append(l.touched, touch{moment, box})
	if len(l.touched) > 2*remembered {
		forgotten := l.touched[:len(l.touched)-remembered]
		l.floor = forgotten[len(forgotten)-1].moment
		l.touched = append(make([]touch, 0, 2*remembered+1), l.touched[len(forgotten):]...)
	}
}

func (l *ledger) touchAll(moment uint64) { l.last, l.floor, l.touched = moment, moment, nil }

func (l *ledger) untouched(since uint64, box flat.Box) bool {
	if l.last <= since {
		return true
	}
	if since < l.floor {
		return false
	}
	for i := len(l.touched) - 1; i >= 0 && l.touched[i].moment > since; i-- {
		if l.touched[i].box.Touches(box) {
			return false
		}
	}
	return true
}

// mix spreads a number over all 64 bits (the finalizer of SplitMix64).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
