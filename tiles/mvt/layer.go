package mvt

import (
	"hash/maphash"
	"math/bits"
	"math/rand/v2"
)

// A layer is the one that is being written: its features as bytes, and the keys and values that they have used so far.
type layer struct {
	name     string
	features []byte
	keys     []key
	used     []byte // keys as fields of the layer
	nused    uint32
	values   values
	columns  []column
	ncolumns int
}

// A Key is a name that tags of the layer have.
type Key int

type key struct {
	name  string
	place uint32 // among the layer's keys, plus 1; 0 before its first tag
}

// A Column is a key whose values come from a dictionary.
type Column int

type column struct {
	key        Key
	dictionary *Dictionary
	places     []place // of the dictionary's values in the layer
}

// A place is where a value of a dictionary stands among the values of the layer of that round.
type place struct{ round, at uint32 }

func (l *layer) reset() {
	l.features, l.keys, l.used, l.nused, l.ncolumns = l.features[:0], l.keys[:0], l.used[:0], 0, 0
	l.values.reset()
	for i := range l.columns {
		l.columns[i].dictionary = nil // an idle encoder holds nobody's values
	}
}

// Key gives the key of a name for tags of this layer. A key that no feature uses is not written.
func (e *Encoder) Key(name string) Key {
	l := &e.layer
	for i := range l.keys {
		if l.keys[i].name == name {
			return Key(i)
		}
	}
	l.keys = append(l.keys, key{name: name})
	return Key(len(l.keys) - 1)
}

// Column gives a key whose tags are codes of a dictionary, for this layer.
func (e *Encoder) Column(name string, d *Dictionary) Column {
	l := &e.layer
	if l.ncolumns == len(l.columns) {
		l.columns = append(l.columns, column{})
	}
	c := &l.columns[l.ncolumns]
	l.ncolumns++
	c.key, c.dictionary = e.Key(name), d
	if len(c.places) < d.Len() {
		c.places = make([]place, d.Len())
	}
	return Column(l.ncolumns - 1)
}

// Tag gives the last feature a value. A feature has each key once at most.
func (e *Encoder) Tag(k Key, v Value) {
	e.tag(k, e.layer.values.place(v))
}

// Own is Tag for a value that hardly another feature of the layer has, such as its number: it is not looked for among the others.
func (e *Encoder) Own(k Key, v Value) {
	e.tag(k, e.layer.values.add(v))
}

// Code gives the last feature a value of a column's dictionary.
func (e *Encoder) Code(c Column, code uint32) {
	col := &e.layer.columns[c]
	p, v := &col.places[code], &e.layer.values
	if p.round != v.round {
		*p = place{v.round, v.place(col.dictionary.values[code])}
	}
	e.tag(col.key, p.at)
}

func (e *Encoder) tag(k Key, place uint32) {
	l := &e.layer
	key := &l.keys[k]
	if key.place == 0 {
		l.used = appendText(l.used, layerKey, key.name)
		l.nused++
		key.place = l.nused
	}
	e.feature.tags = appendVarint(appendVarint(e.feature.tags, uint64(key.place-1)), uint64(place))
}

// flush writes the feature that was given last.
func (e *Encoder) flush() {
	f := &e.feature
	if !f.open {
		return
	}
	f.open = false
	n := 2 + 1 + varintLen(uint64(len(f.geometry))) + len(f.geometry)
	if f.id != 0 {
		n += 1 + varintLen(f.id)
	}
	if len(f.tags) > 0 {
		n += 1 + varintLen(uint64(len(f.tags))) + len(f.tags)
	}
	b := appendVarint(append(e.layer.features, layerFeature), uint64(n))
	if f.id != 0 {
		b = appendVarint(append(b, featureID), f.id)
	}
	if len(f.tags) > 0 {
		b = appendVarint(append(b, featureTags), uint64(len(f.tags)))
		b = append(b, f.tags...)
	}
	b = append(b, featureKind, byte(f.kind), featureGeometry)
	b = appendVarint(b, uint64(len(f.geometry)))
	e.layer.features = append(b, f.geometry...)
}

// end writes the layer.
func (e *Encoder) end() {
	e.flush()
	l := &e.layer
	if len(l.features) == 0 {
		return
	}
	const extentAndVersion = 1 + 2 + 2
	name := uint64(len(l.name))
	n := 1 + varintLen(name) + len(l.name) + len(l.features) + len(l.used) + len(l.values.bytes) + extentAndVersion
	b := appendVarint(append(e.out, tileLayer), uint64(n))
	b = appendText(b, layerName, l.name)
	b = append(b, l.features...)
	b = append(b, l.used...)
	b = append(b, l.values.bytes...)
	b = appendVarint(append(b, layerExtent), Extent)
	e.out = append(b, layerVersion, 2)
}

// values are the values of a layer, each once, but those that were added unseen: two are the same when their bytes on the wire are.
type values struct {
	bytes []byte // fields of the layer, one after the other
	ends  []uint32
	slots []slot // a hash table with open addressing, never more than half full
	round uint32 // slots of former rounds are free, so that nothing has to be cleared for a small layer after a large one
	seed  maphash.Seed
	salt  uint64 // random and odd, so that nobody can tell which values meet
}

type slot struct{ round, hash, place uint32 }

func (v *values) reset() {
	v.bytes, v.ends = v.bytes[:0], v.ends[:0]
	v.round++
	if v.round == 0 || v.slots == nil {
		v.round = 1
		v.slots = make([]slot, max(len(v.slots), 256))
		v.seed = maphash.MakeSeed()
		v.salt = rand.Uint64() | 1
	}
}

// add puts a value behind the others, where place will not find it.
func (v *values) add(value Value) uint32 {
	v.bytes = value.append(v.bytes)
	v.ends = append(v.ends, uint32(len(v.bytes)))
	return uint32(len(v.ends) - 1)
}

func (v *values) place(value Value) uint32 {
	hash := v.hash(value)
	mask := uint32(len(v.slots) - 1)
	i := hash & mask
	for ; v.slots[i].round == v.round; i = (i + 1) & mask {
		if s := v.slots[i]; s.hash == hash && value.equal(v.value(s.place)) {
			return s.place
		}
	}
	place := v.add(value)
	v.slots[i] = slot{v.round, hash, place}
	if 2*len(v.ends) > len(v.slots) { // or less, where some have no slot
		v.grow()
	}
	return place
}

// hash mixes a number with one multiplication: to hash what is written of it took a twelfth of the time of a tile.
func (v *values) hash(value Value) uint32 {
	if value.field == valueString {
		return uint32(maphash.String(v.seed, value.text))
	}
	high, low := bits.Mul64(value.bits^v.salt, v.salt+uint64(value.field))
	return uint32(high ^ low)
}

func (v *values) value(place uint32) []byte {
	begin := uint32(0)
	if place > 0 {
		begin = v.ends[place-1]
	}
	return v.bytes[begin:v.ends[place]]
}

func (v *values) grow() {
	old := v.slots
	v.slots = make([]slot, 2*len(old))
	mask := uint32(len(v.slots) - 1)
	for _, s := range old {
		if s.round == v.round {
			i := s.hash & mask
			for v.slots[i].round == v.round {
				i = (i + 1) & mask
			}
			v.slots[i] = s
		}
	}
}
