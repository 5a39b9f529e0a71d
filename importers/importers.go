// Package importers reads the files that people really have into the domain: one file of code a format, with its
// helpers beside it. A reader gives back every record it could read and every fault it found, with the file and the line,
// and leaves the choice of what to do with them to its caller.
//
// It knows the domain and geo, and neither a database nor HTTP: what needs one, such as reprojection, is an interface
// here and is implemented elsewhere. Nothing in this package writes to the record.
package importers

import (
	"errors"
	"fmt"
	"path/filepath"

	"kora"
)

// The limits of a text file. They bound what a hostile file can cost, far above what a city delivers.
const (
	maxFileBytes = 50 << 20
	maxJSONBytes = 256 << 20 // read as a stream, so only what it holds costs memory
	maxItems     = 100_000
	maxFaults    = 1_000
)

// An Item is one record of a file.
type Item[T any] struct {
	Line  int // 1-based line of the text, or number of the feature or array element, where it starts
	Value T
}

// A Batch is what a file holds. Every Value has passed its Validate, and a record with a fault is not among the Items.
type Batch[T any] struct {
	Items    []Item[T]
	Faults   []kora.Fault // in file order; one record may have several
	Warnings []kora.Fault // what was taken and should be looked at, in file order
	Encoding string       // of a text: "UTF-8", "GB18030" or "UTF-16"
}

// record is a domain type that can tell what is wrong with it.
type record[T any] interface {
	*T
	Validate() error
}

// A Taker is handed records as they are read, so that none but the last few are in memory. What it was handed counts for nothing
// when the whole file turns out to be unusable, which may be at its end. Its own error ends the reading.
type Taker[T any] func(Item[T]) error

// A collector gathers the records of one file, or hands them on.
type collector[T any, P record[T]] struct {
	file  string
	unit  kora.Word // what Line counts: "line", "feature" or "item"
	batch Batch[T]
	take  Taker[T]                         // nil to gather
	count int                              // of what was taken
	first map[string]int                   // the line on which each key came first
	part  func(line int, fd string) string // the name in the file of a field of the domain; nil when they are the same
}

func newCollector[T any, P record[T]](name string, unit kora.Word) *collector[T, P] {
	return &collector[T, P]{file: baseName(name), unit: unit, first: map[string]int{}}
}

// add takes v, which starts at line and has the unique key field, unless it has faults already, is not valid, or repeats
// a key. The error says that the file has more faults or records than are worth reading.
func (c *collector[T, P]) add(line int, field, key string, v T, faults []kora.Fault) error {
	if key != "" {
		if first, ok := c.first[key]; ok {
			faults = append(faults, c.fault(line, field, kora.Refuse(kora.ReasonDuplicate, field, key,
				"is given in %s %d already", c.unit, first)))
		} else {
			c.first[key] = line
		}
	}
	if len(faults) == 0 {
		if err := P(&v).Validate(); err != nil {
			refusal, ok := errors.AsType[*kora.Error](err)
			if !ok {
				return fmt.Errorf("%s:%d: %w", c.file, line, err)
			}
			faults = append(faults, c.fault(line, refusal.Field, refusal))
		}
	}
	c.batch.Faults = append(c.batch.Faults, faults...)
	if len(c.batch.Faults) > maxFaults {
		return c.fault(line, "", kora.Refuse(kora.ReasonTooLarge, "", nil,
			"the file has more than %d faults; mend the first ones and try again", maxFaults))
	}
	if len(faults) > 0 {
		return nil
	}
	if c.count == maxItems {
		return c.fault(line, "", kora.Refuse(kora.ReasonTooLarge, "", nil,
			"the file has more than %d records; split it", maxItems))
	}
	c.count++
	if c.take != nil {
		return c.take(Item[T]{line, v})
	}
	c.batch.Items = append(c.batch.Items, Item[T]{line, v})
	return nil
}

func (c *collector[T, P]) fault(line int, field string, err *kora.Error) kora.Fault {
	if c.part != nil {
		field = c.part(line, field)
	}
	return kora.Fault{File: c.file, Line: line, Part: field, Err: err}
}

// warn keeps what people should look at, up to as many as anybody reads.
func (c *collector[T, P]) warn(warnings ...kora.Fault) {
	for _, w := range warnings {
		switch n := len(c.batch.Warnings); {
		case n < maxFaults:
			c.batch.Warnings = append(c.batch.Warnings, w)
		case n == maxFaults:
			c.batch.Warnings = append(c.batch.Warnings, kora.Fault{File: c.file, Err: kora.Refuse(kora.ReasonTooLarge, "", nil,
				"there are more than %d warnings; the others are not told", maxFaults)})
		}
	}
}

// result is the batch, or, when err makes the whole file unusable, only the faults found before.
func (c *collector[T, P]) result(err error) (Batch[T], error) {
	if err != nil {
		c.batch.Items = nil
	}
	return c.batch, err
}

// wholeFile refuses a file; line is 0 when no line is to blame more than others.
func wholeFile(name string, line int, reason kora.Reason, format string, args ...any) kora.Fault {
	return kora.Fault{File: baseName(name), Line: line, Err: kora.Refuse(reason, "", nil, format, args...)}
}

func baseName(name string) string {
	if name == "" {
		return "input"
	}
	name = filepath.Base(name)
	if r := []rune(name); len(r) > 200 { // no file system has longer ones; a sender may
		return string(r[:200]) + "…"
	}
	return name
}
