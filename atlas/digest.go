package atlas

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"reflect"
	"time"

	"github.com/paulmach/orb"

	"kora"
)

// digest is a number for all that a row holds, its own in every process. It walks the row's type, so that no field that is
// added is forgotten.
func digest[T any](row *T) uint64 {
	sum := sha256.Sum256(appendValue(make([]byte, 0, 1<<10), reflect.ValueOf(row).Elem()))
	return binary.LittleEndian.Uint64(sum[:])
}

// digestNetwork takes the basemap by its bytes, and the streets, which are large, by the import that made them.
func digestNetwork(n *kora.Network) uint64 {
	return digest(&struct {
		ID          int64
		ImportedAt  time.Time
		Extract     string
		Elevation   string
		Attribution string
		Bounds      orb.Bound
		Basemap     [sha256.Size]byte
	}{n.ID, n.ImportedAt, n.SHA256, n.Elevation, n.Attribution, n.Bounds, sha256.Sum256(n.Basemap)})
}

// digestReport takes the number of a kept report, which never changes.
func digestReport(r *kora.KeptReport) uint64 {
	return digest(&struct{ ID int64 }{r.ID})
}

// appendValue appends bytes that are the same for equal values and differ for others of the same type.
func appendValue(b []byte, v reflect.Value) []byte {
	number := binary.LittleEndian.AppendUint64
	switch v.Kind() {
	case reflect.Bool:
		if v.Bool() {
			return append(b, 1)
		}
		return append(b, 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return number(b, uint64(v.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return number(b, v.Uint())
	case reflect.Float32, reflect.Float64:
		return number(b, math.Float64bits(v.Float()))
	case reflect.String:
		return append(number(b, uint64(v.Len())), v.String()...)
	case reflect.Pointer:
		if v.IsNil() {
			return append(b, 0)
		}
		return appendValue(append(b, 1), v.Elem())
	case reflect.Slice:
		b = number(b, uint64(v.Len()))
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			b = appendValue(b, v.Index(i))
		}
		return b
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() { // the same moment may be told in several zones
			t := v.Interface().(time.Time)
			return number(number(b, uint64(t.Unix())), uint64(t.Nanosecond()))
		}
		for i := range v.NumField() {
			b = appendValue(b, v.Field(i))
		}
		return b
	}
	// Rows have neither maps nor interfaces; TestDigestSeesEveryField holds them to it.
	return b
}
