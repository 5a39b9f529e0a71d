package basemap

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"

	"github.com/paulmach/orb"
)

// The saved form; numbers are varints unless said:
//
//	8 bytes  "KORAMAP" and the version
//	texts    count, then each as length and bytes
//	features count, then each as seven texts by their index (layer, class, ref, zh, bo, en, name), one byte of flags,
//	         one byte of rank, one byte for the kind of geometry, and the geometry: counts of parts and points, then
//	         points as differences (zigzag) to the point before in units of 1e-7 degrees
//	4 bytes  CRC-32C of all before, little-endian
const (
	magic  = "KORAMAP\x01"
	degree = 1e7

	flagBridge = 1
	flagTunnel = 2

	kindPoint        = 1
	kindLine         = 2
	kindMultiLine    = 3
	kindPolygon      = 4
	kindMultiPolygon = 5
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Encode gives the saved form of features, coordinates rounded to 1e-7 degrees (1 cm). It refuses geometry of another
// type, coordinates that are no degrees, and ranks beyond 0 to 255.
func Encode(features []Feature) ([]byte, error) {
	w := writer{index: map[string]uint64{}}
	body := binary.AppendUvarint(nil, uint64(len(features)))
	for i, f := range features {
		for _, s := range [...]string{f.Layer, f.Class, f.Ref, f.NameZH, f.NameBO, f.NameEN, f.Name} {
			body = binary.AppendUvarint(body, w.text(s))
		}
		var flags byte
		if f.Bridge {
			flags |= flagBridge
		}
		if f.Tunnel {
			flags |= flagTunnel
		}
		if f.Rank < 0 || f.Rank > math.MaxUint8 {
			return nil, fmt.Errorf("basemap: feature %d has rank %d, which is not one from 0 to 255", i, f.Rank)
		}
		var err error
		if body, err = w.geometry(append(body, flags, byte(f.Rank)), f.Geometry); err != nil {
			return nil, fmt.Errorf("basemap: feature %d %w", i, err)
		}
	}
	b := binary.AppendUvarint([]byte(magic), uint64(len(w.texts)))
	for _, s := range w.texts {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	b = append(b, body...)
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli)), nil
}

type writer struct {
	texts []string
	index map[string]uint64
	last  [2]int64
}

func (w *writer) text(s string) uint64 {
	i, ok := w.index[s]
	if !ok {
		i = uint64(len(w.texts))
		w.index[s] = i
		w.texts = append(w.texts, s)
	}
	return i
}

func (w *writer) geometry(b []byte, g orb.Geometry) ([]byte, error) {
	if g == nil {
		return nil, errors.New("has no geometry")
	}
	bound := g.Bound()
	if !(bound.Min[0] >= -180 && bound.Max[0] <= 180 && bound.Min[1] >= -90 && bound.Max[1] <= 90) {
		return nil, fmt.Errorf("reaches from %v to %v, which is no longitude and latitude", bound.Min, bound.Max)
	}
	switch g := g.(type) {
	case orb.Point:
		return w.points(append(b, kindPoint), []orb.Point{g})
	case orb.LineString:
		return w.line(append(b, kindLine), g)
	case orb.MultiLineString:
		b = binary.AppendUvarint(append(b, kindMultiLine), uint64(len(g)))
		return appendAll(b, g, w.line)
	case orb.Polygon:
		return w.polygon(append(b, kindPolygon), g)
	case orb.MultiPolygon:
		b = binary.AppendUvarint(append(b, kindMultiPolygon), uint64(len(g)))
		return appendAll(b, g, w.polygon)
	}
	return nil, fmt.Errorf("is a %s, which the basemap does not hold", g.GeoJSONType())
}

func (w *writer) polygon(b []byte, p orb.Polygon) ([]byte, error) {
	b = binary.AppendUvarint(b, uint64(len(p)))
	return appendAll(b, p, func(b []byte, r orb.Ring) ([]byte, error) { return w.line(b, orb.LineString(r)) })
}

func (w *writer) line(b []byte, l orb.LineString) ([]byte, error) {
	return w.points(binary.AppendUvarint(b, uint64(len(l))), l)
}

func (w *writer) points(b []byte, points []orb.Point) ([]byte, error) {
	for _, p := range points {
		for axis, degrees := range p {
			if math.IsNaN(degrees) {
				return nil, errors.New("has a coordinate that is not a number")
			}
			units := int64(math.Round(degrees * degree))
			b = binary.AppendVarint(b, units-w.last[axis])
			w.last[axis] = units
		}
	}
	return b, nil
}

func appendAll[T any](b []byte, all []T, one func([]byte, T) ([]byte, error)) ([]byte, error) {
	var err error
	for _, t := range all {
		if b, err = one(b, t); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// Decode reads the saved form. Bytes that are foreign, cut off or damaged are refused, before memory is taken for what
// they claim to hold.
func Decode(b []byte) ([]Feature, error) {
	if len(b) < len(magic) || string(b[:len(magic)-1]) != magic[:len(magic)-1] {
		return nil, errors.New("basemap: these bytes are no saved basemap")
	}
	if b[len(magic)-1] != magic[len(magic)-1] {
		return nil, fmt.Errorf("basemap: the basemap was saved in version %d, and only version %d can be read; import it again",
			b[len(magic)-1], magic[len(magic)-1])
	}
	if len(b) < len(magic)+4 {
		return nil, errCut
	}
	body := b[:len(b)-4]
	if crc32.Checksum(body, castagnoli) != binary.LittleEndian.Uint32(b[len(body):]) {
		return nil, errors.New("basemap: the saved basemap is cut off or damaged (its checksum differs); import it again")
	}
	r := reader{rest: body[len(magic):]}
	texts := make([]string, r.count(1))
	for i := range texts {
		n := r.count(1)
		texts[i] = string(r.rest[:n])
		r.rest = r.rest[n:]
	}
	const leastFeature = 7 + 3 + 1 // bytes
	features := make([]Feature, r.count(leastFeature))
	for i := range features {
		f := &features[i]
		for _, s := range [...]*string{&f.Layer, &f.Class, &f.Ref, &f.NameZH, &f.NameBO, &f.NameEN, &f.Name} {
			*s = r.text(texts)
		}
		flags := r.byte()
		f.Bridge, f.Tunnel = flags&flagBridge != 0, flags&flagTunnel != 0
		f.Rank = int(r.byte())
		f.Geometry = r.geometry()
		if r.err != nil {
			return nil, fmt.Errorf("basemap: feature %d: %w", i, r.err)
		}
	}
	if r.err != nil {
		return nil, r.err
	}
	if len(r.rest) > 0 {
		return nil, fmt.Errorf("basemap: the saved basemap is followed by %d bytes that are not its own", len(r.rest))
	}
	return features, nil
}

var errCut = errors.New("basemap: the saved basemap is cut off; import it again")

// A reader takes values off the front of its bytes; after the first fault it gives zeros.
type reader struct {
	rest []byte
	last [2]int64
	err  error
}

func (r *reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
	r.rest = nil
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		r.fail(errCut)
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

// count reads a number of things that take at least size bytes each.
func (r *reader) count(size int) int {
	n := r.uvarint()
	if n > uint64(len(r.rest)/size) {
		r.fail(errCut)
		return 0
	}
	return int(n)
}

func (r *reader) byte() byte {
	if len(r.rest) == 0 {
		r.fail(errCut)
		return 0
	}
	v := r.rest[0]
	r.rest = r.rest[1:]
	return v
}

func (r *reader) text(texts []string) string {
	i := r.uvarint()
	if i >= uint64(len(texts)) {
		r.fail(errors.New("names a text that is not there"))
		return ""
	}
	return texts[i]
}

func (r *reader) geometry() orb.Geometry {
	switch kind := r.byte(); kind {
	case kindPoint:
		return r.point()
	case kindLine:
		return r.line()
	case kindMultiLine:
		m := make(orb.MultiLineString, r.count(1))
		for i := range m {
			m[i] = r.line()
		}
		return m
	case kindPolygon:
		return r.polygon()
	case kindMultiPolygon:
		m := make(orb.MultiPolygon, r.count(1))
		for i := range m {
			m[i] = r.polygon()
		}
		return m
	default:
		r.fail(fmt.Errorf("has a geometry of kind %d, which does not exist", kind))
		return nil
	}
}

func (r *reader) polygon() orb.Polygon {
	p := make(orb.Polygon, r.count(1))
	for i := range p {
		p[i] = orb.Ring(r.line())
	}
	return p
}

func (r *reader) line() orb.LineString {
	l := make(orb.LineString, r.count(2))
	for i := range l {
		l[i] = r.point()
	}
	return l
}

func (r *reader) point() (p orb.Point) {
	for axis := range p {
		v, n := binary.Varint(r.rest)
		if n <= 0 {
			r.fail(errCut)
			return p
		}
		r.rest = r.rest[n:]
		r.last[axis] += v
		if limit := int64(180-90*axis) * degree; r.last[axis] < -limit || r.last[axis] > limit {
			r.fail(errors.New("has a place that is no longitude and latitude"))
			return p
		}
		p[axis] = float64(r.last[axis]) / degree
	}
	return p
}
