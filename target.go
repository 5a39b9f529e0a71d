package kora

// A Target is what should be reached by the end of a year.
type Target struct {
	ID       int64
	Version  int // 1 when it is new; ignored on writing
	Year     int // unique
	Standard int // standard stations (规范化驿站), oxygen bars among them
	KeyAreas int // key areas that the service circle covers whole
	Highways int // highways with a drivers' home
	Sample   bool
}

// Revision names what t is a version of.
func (t *Target) Revision() Revision { return Revision{t.ID, t.Version} }

// The years that targets can be set for.
const (
	FirstTargetYear = 2020
	LastTargetYear  = 2050
)

// Validate tells what is wrong with t; the error is an *Error.
func (t *Target) Validate() error {
	if t.Year < FirstTargetYear || t.Year > LastTargetYear {
		return Refuse(ReasonRange, "year", t.Year, "must be from %d to %d", FirstTargetYear, LastTargetYear)
	}
	for field, n := range map[string]int{"standard": t.Standard, "key_areas": t.KeyAreas, "highways": t.Highways} {
		if n < 0 || n > 100_000 {
			return Refuse(ReasonRange, field, n, "must be from 0 to 100,000")
		}
	}
	return nil
}
