package kora

import (
	"errors"
	"fmt"
	"strings"
)

// A Reason is a stable word for what is wrong; the API translates it into the caller's language.
type Reason string

const (
	ReasonRequired        Reason = "required"          // a value is missing
	ReasonSyntax          Reason = "syntax"            // a value cannot be read
	ReasonUnknown         Reason = "unknown-value"     // not one of the listed values
	ReasonCoordinate      Reason = "coordinate"        // NaN, infinite or out of range
	ReasonRange           Reason = "out-of-range"      // a number outside its limits
	ReasonTooLong         Reason = "too-long"          // a text or list beyond its limit
	ReasonGeometry        Reason = "geometry"          // a ring or line that is none
	ReasonDuplicate       Reason = "duplicate"         // the same key twice
	ReasonNotFound        Reason = "not-found"         // no such record
	ReasonUnauthorized    Reason = "unauthorized"      // no or a wrong token
	ReasonNotPublic       Reason = "not-public"        // must not be shown on a public map
	ReasonCRS             Reason = "crs"               // a reference system that is missing or not supported
	ReasonEncoding        Reason = "encoding"          // text in no known encoding
	ReasonHeading         Reason = "heading"           // a table without the columns it needs
	ReasonFormat          Reason = "format"            // not a file of the format named
	ReasonTruncated       Reason = "truncated"         // a file that ends too early
	ReasonTooLarge        Reason = "too-large"         // a file or body beyond its limit
	ReasonUnavailable     Reason = "unavailable"       // try again later
	ReasonUpstream        Reason = "upstream"          // another server, which the answer comes from, gave none
	ReasonNoNetwork       Reason = "no-network"        // no street network has been imported
	ReasonNoAccess        Reason = "no-access"         // no street within reach of the place
	ReasonMethod          Reason = "method"            // method not allowed here
	ReasonInternal        Reason = "internal"          // our fault; details are in the log
	ReasonTileOutOfRange  Reason = "tile-out-of-range" // z, x, y outside the pyramid
	ReasonUnsupportedType Reason = "unsupported-type"  // a body of another media type
	ReasonConflict        Reason = "conflict"          // does not go with the state that the record is in
	ReasonChanged         Reason = "changed"           // somebody else changed the record meanwhile
	ReasonTwoPeople       Reason = "two-people"        // must be done by somebody else
	ReasonTooMany         Reason = "too-many"          // more requests than one caller may make
)

// Reasons lists every Reason, for whoever must have a word for each.
func Reasons() []Reason {
	return []Reason{
		ReasonRequired, ReasonSyntax, ReasonUnknown, ReasonCoordinate, ReasonRange, ReasonTooLong, ReasonGeometry,
		ReasonDuplicate, ReasonNotFound, ReasonUnauthorized, ReasonNotPublic, ReasonCRS, ReasonEncoding, ReasonHeading,
		ReasonFormat, ReasonTruncated, ReasonTooLarge, ReasonUnavailable, ReasonUpstream, ReasonNoNetwork, ReasonNoAccess,
		ReasonMethod, ReasonInternal, ReasonTileOutOfRange, ReasonUnsupportedType, ReasonConflict, ReasonChanged,
		ReasonTwoPeople, ReasonTooMany,
	}
}

// An Error is a refusal that its caller can mend: what is wrong (Reason), with which input (Field, Value), and a
// sentence in English (Text) for the log.
type Error struct {
	Reason Reason
	Field  string
	Value  string
	Text   string
	Format string // what Text was made of, for whoever tells it in another language; "" when that is not known
	Args   []any
	Err    error
}

// A Word among the Args of an Error is told in the language of the sentence, as an Error among them is; all others stay as
// they are.
type Word string

// Refuse makes an Error; value may be nil when it does not help. The format is a constant, for package words has it in
// the other languages.
func Refuse(reason Reason, field string, value any, format string, args ...any) *Error {
	e := &Error{Reason: reason, Field: field, Text: fmt.Sprintf(format, args...), Format: format, Args: args}
	if value != nil {
		e.Value = clip(fmt.Sprint(value), 80)
	}
	return e
}

// Because sets what e comes from.
func (e *Error) Because(err error) *Error {
	e.Err = err
	return e
}

func (e *Error) Error() string {
	var b strings.Builder
	if e.Field != "" {
		b.WriteString(e.Field)
		if e.Value != "" {
			fmt.Fprintf(&b, " %q", e.Value)
		}
		b.WriteString(": ")
	}
	b.WriteString(e.Text)
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// ReasonOf is the Reason of the first Error in err's chain, or "" when there is none.
func ReasonOf(err error) Reason {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Reason
	}
	return ""
}

// A Fault is an Error at a place in a file.
type Fault struct {
	File string // base name
	Line int    // 1-based line, row or feature number; 0 when the whole file is meant
	Part string // ring, column or property, when known
	Err  *Error
}

func (f Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d", f.Line)
	}
	if f.Part != "" {
		fmt.Fprintf(&b, " (%s)", f.Part)
	}
	return b.String() + ": " + f.Err.Error()
}

func (f Fault) Unwrap() error { return f.Err }

func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}
