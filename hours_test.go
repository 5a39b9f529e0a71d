package kora_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"kora"
)

// clock is a time in the week of Monday, 2026-11-23.
func clock(t *testing.T, weekday time.Weekday, hhmm string) time.Time {
	t.Helper()
	at, err := time.Parse("15:04", hhmm)
	if err != nil {
		t.Fatal(err)
	}
	day := 23 + (int(weekday)+6)%7
	return time.Date(2026, 11, day, at.Hour(), at.Minute(), 0, 0, time.UTC)
}

func TestHours(t *testing.T) {
	for _, c := range []struct {
		hours   string
		weekday time.Weekday
		at      string
		open    bool
		change  string // weekday and time, empty: never
	}{
		{"24/7", time.Monday, "03:00", true, ""},
		{"", time.Monday, "12:00", false, ""},
		{"off", time.Monday, "12:00", false, ""},
		{"09:00-18:00", time.Monday, "08:59", false, "Mon 09:00"},
		{"09:00-18:00", time.Monday, "09:00", true, "Mon 18:00"},
		{"09:00-18:00", time.Monday, "18:00", false, "Tue 09:00"},
		{"Mo-Fr 09:00-18:00; Sa,Su 10:00-16:00", time.Saturday, "09:30", false, "Sat 10:00"},
		{"Mo-Fr 09:00-18:00; Sa,Su 10:00-16:00", time.Sunday, "15:59", true, "Sun 16:00"},
		{"Mo-Fr 09:00-18:00", time.Friday, "18:00", false, "Mon 09:00"},
		{"Mo-Su 08:00-20:00; We off", time.Wednesday, "12:00", false, "Thu 08:00"},
		{"22:00-06:00", time.Tuesday, "05:59", true, "Tue 06:00"},
		{"22:00-06:00", time.Tuesday, "12:00", false, "Tue 22:00"},
		{"Sa 22:00-06:00", time.Sunday, "01:00", true, "Sun 06:00"},
		{"Sa 22:00-06:00", time.Saturday, "01:00", false, "Sat 22:00"},
		{"Fr-Mo 10:00-12:00", time.Sunday, "11:00", true, "Sun 12:00"},
		{"09:00-12:00,14:00-18:00", time.Monday, "13:00", false, "Mon 14:00"},
		{"00:00-24:00", time.Monday, "23:59", true, ""},
	} {
		h, err := kora.ParseHours(c.hours)
		if err != nil {
			t.Errorf("%q: %v", c.hours, err)
			continue
		}
		at := clock(t, c.weekday, c.at)
		if got := h.OpenAt(at); got != c.open {
			t.Errorf("%q at %v %s: open %v", c.hours, c.weekday, c.at, got)
		}
		next, ok := h.NextChange(at)
		if got := next.Format("Mon 15:04"); ok != (c.change != "") || ok && got != c.change {
			t.Errorf("%q at %v %s: next change %s (%v), want %q", c.hours, c.weekday, c.at, got, ok, c.change)
		}
	}
}

func TestHoursRefused(t *testing.T) {
	for _, s := range []string{"whenever", "9-18", "09:00", "09:00-25:00", "09:60-10:00", "Xx 09:00-10:00", "Mo-Xx 09:00-10:00",
		"Mo Tu 09:00-10:00", "24:00-24:00", ";", "09:00-18:00;", "Mo-Fr", "-", ","} {
		if _, err := kora.ParseHours(s); kora.ReasonOf(err) != kora.ReasonSyntax {
			t.Errorf("%q: %v", s, err)
		}
	}
}

// TestNextChangeIsTheNext looks minute by minute for what NextChange tells at once.
func TestNextChangeIsTheNext(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom([]string{"Mo-Fr 09:00-18:00", "22:00-06:00", "Sa 22:00-06:00; Su 05:00-07:00", "We 09:00-12:00,14:00-18:00",
			"Mo-Su 08:00-20:00; We off", "Tu 00:00-24:00"}).Draw(t, "hours")
		h, err := kora.ParseHours(text)
		if err != nil {
			t.Fatal(err)
		}
		at := time.Date(2026, 11, 23, 0, rapid.IntRange(0, 7*24*60).Draw(t, "minute"), 0, 0, time.UTC)
		next, ok := h.NextChange(at)
		for m := 1; m <= 8*24*60; m++ {
			if later := at.Add(time.Duration(m) * time.Minute); h.OpenAt(later) != h.OpenAt(at) {
				if !ok || !next.Equal(later) {
					t.Fatalf("%q at %v: next change %v (%v), want %v", text, at, next, ok, later)
				}
				return
			}
		}
		if ok {
			t.Fatalf("%q at %v: a change at %v that is none", text, at, next)
		}
	})
}

func FuzzParseHours(f *testing.F) {
	for _, s := range []string{"24/7", "Mo-Fr 09:00-18:00; Sa off", "22:00-06:00", ";;", "Mo-", "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h, err := kora.ParseHours(s)
		if err != nil {
			return
		}
		if again, err := kora.ParseHours(h.String()); err != nil || again.String() != h.String() {
			t.Errorf("%q does not read back: %v", s, err)
		}
	})
}
