package mvt

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"kora/geo/flat"
)

// Wire types of protobuf.
const (
	varint = iota
	fixed64
	length
	_
	_
	fixed32
)

// Tags of the fields of vector_tile.proto: the number and the wire type.
const (
	tileLayer = 3<<3 + length

	layerName    = 1<<3 + length
	layerFeature = 2<<3 + length
	layerKey     = 3<<3 + length
	layerValue   = 4<<3 + length
	layerExtent  = 5<<3 + varint
	layerVersion = 15<<3 + varint

	featureID       = 1<<3 + varint
	featureTags     = 2<<3 + length
	featureKind     = 3<<3 + varint
	featureGeometry = 4<<3 + length

	valueString = 1<<3 + length
	valueFloat  = 2<<3 + fixed32
	valueDouble = 3<<3 + fixed64
	valueUint   = 5<<3 + varint
	valueSint   = 6<<3 + varint
	valueBool   = 7<<3 + varint
)

// Commands of a geometry.
const (
	moveTo    = 1
	lineTo    = 2
	closePath = 7 | 1<<3
)

func appendVarint(b []byte, v uint64) []byte {
	if v < 0x80 { // most are
		return append(b, byte(v))
	}
	return binary.AppendUvarint(b, v)
}

// varintLen is how many bytes appendVarint takes.
func varintLen(v uint64) int {
	return (bits.Len64(v|1) + 6) / 7
}

func appendText(b []byte, field byte, s string) []byte {
	b = appendVarint(append(b, field), uint64(len(s)))
	return append(b, s...)
}

// zigzag puts the sign last, so that small numbers of either sign are short.
func zigzag(v int64) uint64 { return uint64(v<<1) ^ uint64(v>>63) }

func appendGeometry(b []byte, kind flat.Kind, o *outline) []byte {
	at := point{}
	if kind == flat.Dots {
		b = appendVarint(b, moveTo|uint64(len(o.points))<<3)
		b, _ = appendSteps(b, at, o.points)
		return b
	}
	begin := 0
	for _, end := range o.ends {
		part := o.points[begin:end]
		begin = end
		if kind == flat.Areas {
			part = part[:len(part)-1]
		}
		b = append(b, moveTo|1<<3)
		b, at = appendSteps(b, at, part[:1])
		b = appendVarint(b, lineTo|uint64(len(part)-1)<<3)
		b, at = appendSteps(b, at, part[1:])
		if kind == flat.Areas {
			b = append(b, closePath)
		}
	}
	return b
}

// appendSteps writes how one comes from a point to the next ones.
func appendSteps(b []byte, at point, points []point) ([]byte, point) {
	const most = 2 * 2 // bytes of a step, as a buffered tile is less than 1<<13 wide
	b = slices.Grow(b, most*len(points))
	n := len(b)
	b = b[:cap(b)]
	for _, p := range points {
		dx, dy := p.x-at.x, p.y-at.y
		at = p
		n = putShort(b, n, uint32(dx<<1^dx>>31))
		n = putShort(b, n, uint32(dy<<1^dy>>31))
	}
	return b[:n], at
}

// putShort puts a varint of one or two bytes. It has no branch: which of them a step takes cannot be foreseen.
func putShort(b []byte, n int, v uint32) int {
	second := (v + 1<<14 - 1<<7) >> 14 // 1 from 1<<7 on
	b[n] = byte(v&0x7f | second<<7)
	b[n+1] = byte(v >> 7)
	return n + 1 + int(second)
}
