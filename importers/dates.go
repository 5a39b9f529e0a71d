package importers

import (
	"regexp"
	"strconv"
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
