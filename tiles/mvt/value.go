package mvt

import (
	"bytes"
	"math"
)

// A Value is an attribute's value with its type on the wire.
type Value struct {
	field byte
	bits  uint64
	text  string
}

// String is a text in UTF-8.
func String(s string) Value { return Value{field: valueString, text: s} }

// Int is a whole number, in the shortest of the types that hold it.
func Int(v int64) Value {
	if v >= 0 {
		return Uint(uint64(v))
	}
	return Value{field: valueSint, bits: zigzag(v)}
}

// Uint is a whole number that is not negative.
func Uint(v uint64) Value { return Value{field: valueUint, bits: v} }

// Float is a number of single precision.
func Float(v float32) Value { return Value{field: valueFloat, bits: uint64(math.Float32bits(v))} }

// Double is a number of double precision.
func Double(v float64) Value { return Value{field: valueDouble, bits: math.Float64bits(v)} }

// Bool is true or false.
func Bool(v bool) Value {
	if v {
		return Value{field: valueBool, bits: 1}
	}
	return Value{field: valueBool}
}

// append writes the value as a field of its layer.
func (v Value) append(b []byte) []byte {
	switch v.field {
	case valueString:
		n := uint64(len(v.text))
		b = appendVarint(append(b, layerValue), 1+uint64(varintLen(n))+n)
		b = appendVarint(append(b, valueString), n)
		return append(b, v.text...)
	case valueFloat:
		return append(b, layerValue, 5, valueFloat, byte(v.bits), byte(v.bits>>8), byte(v.bits>>16), byte(v.bits>>24))
	case valueDouble:
		return append(b, layerValue, 9, valueDouble, byte(v.bits), byte(v.bits>>8), byte(v.bits>>16), byte(v.bits>>24),
			byte(v.bits>>32), byte(v.bits>>40), byte(v.bits>>48), byte(v.bits>>56))
	}
	return appendVarint(append(b, layerValue, byte(1+varintLen(v.bits)), v.field), v.bits)
}

// equal tells whether b is what append writes.
func (v Value) equal(b []byte) bool {
	var room [64]byte // for all but long texts
	return bytes.Equal(v.append(room[:0]), b)
}

// A Dictionary is a list of values that many features of many tiles take theirs from, by place: the classes of a column,
// written once. It may be read by any number of encoders once it is complete.
type Dictionary struct{ values []Value }

// NewDictionary makes a dictionary; a value's code is its place.
func NewDictionary(values ...Value) *Dictionary { return &Dictionary{values} }

// Len is the number of values.
func (d *Dictionary) Len() int { return len(d.values) }
