package kora

import (
	"strconv"
	"strings"
	"time"
)

// Hours are opening hours: the part of the OSM opening_hours language that stations use, which is `24/7`, or rules
// parted by ";" of optional weekdays and times of day, such as "Mo-Fr 09:00-18:00; Sa,Su 10:00-16:00". A later rule
// replaces an earlier one on the days that it names; "off" closes them. A span that ends at or before it starts runs
// over midnight. The zero value is "not known": never open.
type Hours struct {
	text string
	days [7][]span // by time.Weekday
}

// A span of minutes since midnight; to may exceed 1440 when it runs into the next day.
type span struct{ from, to int }

const dayMinutes = 24 * 60

// Closed hours keep a text short enough for a sign on a door.
const maxHoursText = 200

var weekdays = map[string]time.Weekday{
	"Su": time.Sunday, "Mo": time.Monday, "Tu": time.Tuesday, "We": time.Wednesday,
	"Th": time.Thursday, "Fr": time.Friday, "Sa": time.Saturday,
}

// ParseHours reads s; an empty s gives the zero Hours.
func ParseHours(s string) (Hours, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return Hours{}, nil
	}
	if len(s) > maxHoursText {
		return Hours{}, Refuse(ReasonTooLong, "hours", s, "is longer than 200 bytes")
	}
	h := Hours{text: s}
	if s == "24/7" {
		for d := range h.days {
			h.days[d] = []span{{0, dayMinutes}}
		}
		return h, nil
	}
	for rule := range strings.SplitSeq(s, ";") {
		if err := h.apply(strings.TrimSpace(rule)); err != nil {
			return Hours{}, Refuse(ReasonSyntax, "hours", s, "%v", err)
		}
	}
	return h, nil
}

// apply adds one rule: [weekdays] (times | "off").
func (h *Hours) apply(rule string) error {
	days := []time.Weekday{0, 1, 2, 3, 4, 5, 6}
	fields := strings.Fields(rule)
	if len(fields) == 2 {
		var err error
		if days, err = parseDays(fields[0]); err != nil {
			return err
		}
		fields = fields[1:]
	}
	if len(fields) != 1 {
		return Refuse(ReasonSyntax, "", nil, "rule %q is not weekdays and times such as Mo-Fr 09:00-18:00", rule)
	}
	var spans []span
	if fields[0] != "off" {
		for part := range strings.SplitSeq(fields[0], ",") {
			sp, err := parseSpan(part)
			if err != nil {
				return err
			}
			spans = append(spans, sp)
		}
	}
	for _, d := range days {
		h.days[d] = spans
	}
	return nil
}

func parseDays(s string) ([]time.Weekday, error) {
	var days []time.Weekday
	for part := range strings.SplitSeq(s, ",") {
		first, last, ranged := strings.Cut(part, "-")
		a, ok := weekdays[first]
		b := a
		if ranged && ok {
			b, ok = weekdays[last]
		}
		if !ok {
			return nil, Refuse(ReasonSyntax, "", nil, "%q is no weekday (Mo, Tu, We, Th, Fr, Sa, Su)", part)
		}
		for d := a; ; d = (d + 1) % 7 {
			days = append(days, d)
			if d == b {
				break
			}
		}
	}
	return days, nil
}

func parseSpan(s string) (span, error) {
	from, to, ok := strings.Cut(s, "-")
	a, errA := parseClock(from)
	b, errB := parseClock(to)
	if !ok || errA != nil || errB != nil || a == dayMinutes {
		return span{}, Refuse(ReasonSyntax, "", nil, "%q is no span of time such as 09:00-18:00", s)
	}
	if b <= a {
		b += dayMinutes
	}
	return span{a, b}, nil
}

func parseClock(s string) (int, error) {
	hh, mm, ok := strings.Cut(s, ":")
	h, errH := strconv.Atoi(hh)
	m, errM := strconv.Atoi(mm)
	if !ok || len(hh) != 2 || len(mm) != 2 || errH != nil || errM != nil ||
		h < 0 || m < 0 || m > 59 || h*60+m > dayMinutes {
		return 0, Refuse(ReasonSyntax, "", nil, "%q is no time of day", s)
	}
	return h*60 + m, nil
}

// String is the text that ParseHours read.
func (h Hours) String() string { return h.text }

// Known tells whether any hours were given.
func (h Hours) Known() bool { return h.text != "" }

// OpenAt tells whether t, read as a wall clock in its own location, falls into the hours.
func (h Hours) OpenAt(t time.Time) bool {
	minute := t.Hour()*60 + t.Minute()
	today := t.Weekday()
	for _, sp := range h.days[today] {
		if minute >= sp.from && minute < sp.to {
			return true
		}
	}
	for _, sp := range h.days[(today+6)%7] {
		if minute+dayMinutes < sp.to {
			return true
		}
	}
	return false
}

// NextChange is when the state that OpenAt(t) tells next ends, to the minute; false when it never does.
func (h Hours) NextChange(t time.Time) (time.Time, bool) {
	now := h.OpenAt(t)
	midnight := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
	var next time.Time
	for day := -1; day <= 8; day++ {
		d := time.Weekday((int(t.Weekday()) + day + 14) % 7)
		for _, sp := range h.days[d] {
			for _, m := range []int{sp.from, sp.to} {
				at := midnight.Add(time.Duration(day*dayMinutes+m) * time.Minute)
				if at.After(t) && h.OpenAt(at) != now && (next.IsZero() || at.Before(next)) {
					next = at
				}
			}
		}
	}
	return next, !next.IsZero()
}

// ChinaTime reads t on the clock that the stations' hours are written in: China's one zone, eight hours ahead of UTC and
// without daylight saving since 1991.
func ChinaTime(t time.Time) time.Time { return t.In(time.FixedZone("Asia/Shanghai", 8*60*60)) }
