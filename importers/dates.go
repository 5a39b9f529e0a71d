package importers

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"

	"kora"
)

var datePattern = regexp.MustCompile(`^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})[日号]?$`)

// Days of a spreadsheet count from 30 December 1899; five digits reach from 1927 to 2173.
var firstDay = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)

// date reads a day: 2026年7月10日, 2026.7.10, 2026-07-10, 20260710, or the serial number of a spreadsheet. The zero Time
// is that of "".
func date(field, s string) (time.Time, *kora.Error) {
	s = fold(s)
	if s == "" {
		return time.Time{}, nil
	}
	wrong := kora.Refuse(kora.ReasonSyntax, field, s, "is not a day such as 2026-07-10 or 2026年7月10日")
	if n, err := strconv.Atoi(s); err == nil {
		switch len(s) {
		case 5:
			return firstDay.AddDate(0, 0, n), nil
		case 8:
			s = s[:4] + "-" + s[4:6] + "-" + s[6:]
		}
	}
	m := datePattern.FindStringSubmatch(s)
	if m == nil {
		return time.Time{}, wrong
	}
	year, _ := strconv.Atoi(m[1])
	month, _ := strconv.Atoi(m[2])
	day, _ := strconv.Atoi(m[3])
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if t.Month() != time.Month(month) || t.Day() != day || year < 1900 {
		return time.Time{}, wrong
	}
	return t, nil
}

// periodEnds part what tables write between the ends of a period; a hyphen counts with blanks around it only, for days have some.
var periodEnds = regexp.MustCompile(`^(.+?)(?:\s*[至到~～—]+\s*|\s+-+\s+)(.+)$`)

// moment is a time of day behind a day: 2026-07-10 09:00, 2026年7月10日9时, 2026年7月10日 17:30.
var moment = regexp.MustCompile(`^(.*?)[\sT]*(\d{1,2})(?::(\d{2})(?::\d{2})?|时(?:(\d{1,2})分)?)$`)

// period reads when something is open, in the time of China: 2026年7月10日至2026年8月10日, both with a time or without, or
// as Kora writes it. A day without a time is meant whole.
func period(field, s string) (*kora.Period, *kora.Error) {
	if isNone(s) {
		return nil, nil
	}
	var p kora.Period
	if strings.HasPrefix(strings.TrimSpace(s), "{") {
		if err := json.Unmarshal([]byte(s), &p); err != nil {
			return nil, kora.Refuse(kora.ReasonSyntax, field, s, "is not a period such as Kora writes it")
		}
		return &p, nil
	}
	m := periodEnds.FindStringSubmatch(strings.TrimSpace(fold(s)))
	if m == nil {
		return nil, kora.Refuse(kora.ReasonSyntax, field, fold(s), "is not a period such as 2026-07-10 至 2026-08-10")
	}
	from, _, err := instant(field, m[1])
	if err != nil {
		return nil, err
	}
	to, whole, err := instant(field, m[2])
	if whole {
		to = to.AddDate(0, 0, 1).Add(-time.Second)
	}
	return &kora.Period{From: from, To: to}, err
}

var chinaTime = time.FixedZone("Asia/Shanghai", 8*60*60)

// instant is a day, with a time or whole.
func instant(field, s string) (t time.Time, whole bool, err *kora.Error) {
	day, hour, minute, whole := s, 0, 0, true
	if m := moment.FindStringSubmatch(s); m != nil {
		day, whole = m[1], false
		hour, _ = strconv.Atoi(m[2])
		minute, _ = strconv.Atoi(m[3] + m[4])
	}
	d, err := date(field, day)
	if err != nil || d.IsZero() || hour > 24 || minute > 59 || hour == 24 && minute > 0 {
		return t, false, kora.Refuse(kora.ReasonSyntax, field, s, "is not a day such as 2026-07-10, with a time such as 09:30 or without")
	}
	return time.Date(d.Year(), d.Month(), d.Day(), hour, minute, 0, 0, chinaTime), whole, nil
}
