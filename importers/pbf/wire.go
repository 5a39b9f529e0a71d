package pbf

import (
	"errors"

	"google.golang.org/protobuf/encoding/protowire"
)

// A formatError says how a block breaks the rules.
type formatError string

func (e formatError) Error() string { return string(e) }

var errWire = errors.New("not a protocol buffer")

// A field is one field of a message; varint or bytes is set, by its type.
type field struct {
	number protowire.Number
	varint uint64
	bytes  []byte
}

// fields calls f for the fields of a message in order.
func fields(b []byte, f func(field)) error {
	for len(b) > 0 {
		number, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return errWire
		}
		b = b[n:]
		one := field{number: number}
		switch kind {
		case protowire.VarintType:
			one.varint, n = protowire.ConsumeVarint(b)
		case protowire.BytesType:
			one.bytes, n = protowire.ConsumeBytes(b)
			if one.bytes == nil {
				one.bytes = []byte{}
			}
		default:
			n = protowire.ConsumeFieldValue(number, kind, b)
		}
		if n < 0 {
			return errWire
		}
		b = b[n:]
		f(one)
	}
	return nil
}

// A list takes the numbers of a packed field off its front.
type list struct {
	rest []byte
	bad  bool
}

func (l *list) more() bool { return len(l.rest) > 0 && !l.bad }

func (l *list) next() uint64 {
	if len(l.rest) > 0 && l.rest[0] < 0x80 {
		v := l.rest[0]
		l.rest = l.rest[1:]
		return uint64(v)
	}
	v, n := protowire.ConsumeVarint(l.rest)
	if n < 0 {
		l.bad = true
		l.rest = nil
		return 0
	}
	l.rest = l.rest[n:]
	return v
}

func (l *list) signed() int64 { return protowire.DecodeZigZag(l.next()) }
