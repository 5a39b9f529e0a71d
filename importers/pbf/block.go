package pbf

import "fmt"

// A block decodes one PrimitiveBlock after another, keeping its slices.
type block struct {
	texts                []string
	granularity          int64 // nanodegrees
	latOffset, lonOffset int64 // nanodegrees
	groups               [][]byte

	keys, values []uint32
	refs         []int64
	where        []Location
	members      []Member
}

func (b *block) read(data []byte, v Visitor) error {
	b.granularity, b.latOffset, b.lonOffset = 100, 0, 0
	b.texts, b.groups = b.texts[:0], b.groups[:0]
	var table []byte
	err := fields(data, func(f field) {
		switch f.number {
		case 1:
			table = f.bytes
		case 2:
			b.groups = append(b.groups, f.bytes)
		case 17:
			b.granularity = int64(int32(f.varint))
		case 19:
			b.latOffset = int64(f.varint)
		case 20:
			b.lonOffset = int64(f.varint)
		}
	})
	if err != nil {
		return formatError("a block of data that cannot be read")
	}
	if b.granularity <= 0 {
		return formatError("a granularity that is not positive")
	}
	if fields(table, func(f field) {
		if f.number == 1 {
			b.texts = append(b.texts, string(f.bytes))
		}
	}) != nil {
		return formatError("texts that cannot be read")
	}
	for _, g := range b.groups {
		if err := b.group(g, v); err != nil {
			return err
		}
	}
	return nil
}

func (b *block) group(data []byte, v Visitor) error {
	var first error
	err := fields(data, func(f field) {
		if first != nil {
			return
		}
		switch {
		case f.number == 1 && v.Node != nil:
			first = b.node(f.bytes, v.Node)
		case f.number == 2 && v.Node != nil:
			first = b.dense(f.bytes, v.Node)
		case f.number == 3 && v.Way != nil:
			first = b.way(f.bytes, v.Way)
		case f.number == 4 && v.Relation != nil:
			first = b.relation(f.bytes, v.Relation)
		}
	})
	if first != nil {
		return first
	}
	if err != nil {
		return formatError("a group of objects that cannot be read")
	}
	return nil
}

func (b *block) location(lat, lon int64) (Location, bool) {
	const around = 360_000_000_000 // nanodegrees; more than any place or offset, and far from overflow
	if most := around / b.granularity; max(lat, -lat, lon, -lon) > most || max(b.latOffset, -b.latOffset, b.lonOffset, -b.lonOffset) > around {
		return Location{}, false
	}
	lat, lon = b.latOffset+b.granularity*lat, b.lonOffset+b.granularity*lon
	if lat < -90e9 || lat > 90e9 || lon < -180e9 || lon > 180e9 {
		return Location{}, false
	}
	return Location{Lon: hundredth(lon), Lat: hundredth(lat)}, true
}

// hundredth rounds nanodegrees to units of 1e-7 degrees.
func hundredth(nano int64) int32 {
	if nano < 0 {
		return int32((nano - 50) / 100)
	}
	return int32((nano + 50) / 100)
}

func (b *block) tags() (Tags, error) {
	if len(b.keys) != len(b.values) {
		return Tags{}, formatError("keys without values")
	}
	for i := range b.keys {
		if int(b.keys[i]) >= len(b.texts) || int(b.values[i]) >= len(b.texts) {
			return Tags{}, formatError("a tag whose text is missing")
		}
	}
	return Tags{b.keys, b.values, b.texts}, nil
}

func (b *block) node(data []byte, visit func(Node) error) error {
	var id, lat, lon int64
	b.keys, b.values = b.keys[:0], b.values[:0]
	bad := false
	err := fields(data, func(f field) {
		switch f.number {
		case 1:
			id = zigzag(f.varint)
		case 2:
			b.keys, bad = numbers(b.keys, f, bad)
		case 3:
			b.values, bad = numbers(b.values, f, bad)
		case 8:
			lat = zigzag(f.varint)
		case 9:
			lon = zigzag(f.varint)
		}
	})
	if err != nil || bad {
		return formatError("a node that cannot be read")
	}
	at, ok := b.location(lat, lon)
	if !ok {
		return formatError(fmt.Sprintf("node %d, which lies off the Earth", id))
	}
	tags, err := b.tags()
	if err != nil {
		return err
	}
	return visit(Node{id, at, tags})
}

func (b *block) dense(data []byte, visit func(Node) error) error {
	var ids, lats, lons, texts list
	err := fields(data, func(f field) {
		switch f.number {
		case 1:
			ids.rest = f.bytes
		case 8:
			lats.rest = f.bytes
		case 9:
			lons.rest = f.bytes
		case 10:
			texts.rest = f.bytes
		}
	})
	if err != nil {
		return formatError("nodes that cannot be read")
	}
	tagged := len(texts.rest) > 0
	var id, lat, lon int64
	for ids.more() {
		if !lats.more() || !lons.more() {
			return formatError("nodes without places")
		}
		id += ids.signed()
		lat += lats.signed()
		lon += lons.signed()
		b.keys, b.values = b.keys[:0], b.values[:0]
		for tagged {
			if !texts.more() {
				return formatError("nodes whose tags end too early")
			}
			k := texts.next()
			if k == 0 {
				break
			}
			b.keys, b.values = append(b.keys, small(k)), append(b.values, small(texts.next()))
		}
		if ids.bad || lats.bad || lons.bad || texts.bad {
			break
		}
		at, ok := b.location(lat, lon)
		if !ok {
			return formatError(fmt.Sprintf("node %d, which lies off the Earth", id))
		}
		tags, err := b.tags()
		if err != nil {
			return err
		}
		if err := visit(Node{id, at, tags}); err != nil {
			return err
		}
	}
	if ids.bad || lats.bad || lons.bad || texts.bad {
		return formatError("nodes that cannot be read")
	}
	return nil
}

func (b *block) way(data []byte, visit func(Way) error) error {
	var id int64
	var lats, lons list
	b.keys, b.values, b.refs, b.where = b.keys[:0], b.values[:0], b.refs[:0], b.where[:0]
	bad := false
	err := fields(data, func(f field) {
		switch f.number {
		case 1:
			id = int64(f.varint)
		case 2:
			b.keys, bad = numbers(b.keys, f, bad)
		case 3:
			b.values, bad = numbers(b.values, f, bad)
		case 8:
			b.refs, bad = deltas(b.refs, f, bad)
		case 9:
			lats.rest = f.bytes
		case 10:
			lons.rest = f.bytes
		}
	})
	if err != nil || bad {
		return formatError("a way that cannot be read")
	}
	var lat, lon int64
	for lats.more() && lons.more() && len(b.where) < len(b.refs) {
		lat += lats.signed()
		lon += lons.signed()
		at, ok := b.location(lat, lon)
		if !ok {
			return formatError(fmt.Sprintf("way %d, which lies off the Earth", id))
		}
		b.where = append(b.where, at)
	}
	if lats.bad || lons.bad || len(b.where) > 0 && len(b.where) != len(b.refs) {
		return formatError(fmt.Sprintf("way %d, whose places cannot be read", id))
	}
	tags, err := b.tags()
	if err != nil {
		return err
	}
	return visit(Way{id, b.refs, b.where, tags})
}

func (b *block) relation(data []byte, visit func(Relation) error) error {
	var id int64
	var roles, types list
	b.keys, b.values, b.refs, b.members = b.keys[:0], b.values[:0], b.refs[:0], b.members[:0]
	bad := false
	err := fields(data, func(f field) {
		switch f.number {
		case 1:
			id = int64(f.varint)
		case 2:
			b.keys, bad = numbers(b.keys, f, bad)
		case 3:
			b.values, bad = numbers(b.values, f, bad)
		case 8:
			roles.rest = f.bytes
		case 9:
			b.refs, bad = deltas(b.refs, f, bad)
		case 10:
			types.rest = f.bytes
		}
	})
	if err != nil || bad {
		return formatError("a relation that cannot be read")
	}
	for _, ref := range b.refs {
		if !roles.more() || !types.more() {
			return formatError(fmt.Sprintf("relation %d, whose members have no roles", id))
		}
		role, kind := roles.next(), types.next()
		if role >= uint64(len(b.texts)) || kind > uint64(MemberRelation) {
			return formatError(fmt.Sprintf("relation %d, whose members cannot be read", id))
		}
		b.members = append(b.members, Member{MemberType(kind), ref, b.texts[role]})
	}
	tags, err := b.tags()
	if err != nil {
		return err
	}
	return visit(Relation{id, b.members, tags})
}

// numbers appends the numbers of a field, packed or single.
func numbers(to []uint32, f field, bad bool) ([]uint32, bool) {
	if f.bytes == nil {
		return append(to, small(f.varint)), bad
	}
	l := list{rest: f.bytes}
	for l.more() {
		to = append(to, small(l.next()))
	}
	return to, bad || l.bad
}

// deltas appends the running sum of a packed field of differences.
func deltas(to []int64, f field, bad bool) ([]int64, bool) {
	l, sum := list{rest: f.bytes}, int64(0)
	for l.more() {
		sum += l.signed()
		to = append(to, sum)
	}
	return to, bad || l.bad
}

// small makes an index of a text; what does not fit becomes one that is surely missing.
func small(v uint64) uint32 { return uint32(min(v, 1<<32-1)) }

func zigzag(v uint64) int64 { return int64(v>>1) ^ -int64(v&1) }
