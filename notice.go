package kora

import (
	"fmt"
	"time"
)

// A NoticeKind tells a dated notice from a lasting guide.
type NoticeKind string

const (
	NoticeNotice NoticeKind = "notice" // 公告
	NoticeGuide  NoticeKind = "guide"  // 办事指南
	NoticePolicy NoticeKind = "policy" // 政策
)

// NoticeKinds lists every NoticeKind.
func NoticeKinds() []NoticeKind { return []NoticeKind{NoticeNotice, NoticeGuide, NoticePolicy} }

// A Notice is a text of the land bureau, linked to the parcels that it is about.
type Notice struct {
	ID          int64
	Version     int    // 1 when it is new; ignored on writing
	Code        string // unique
	Kind        NoticeKind
	Title       Name
	Body        Name
	PublishedOn time.Time // a day
	ClosesAt    time.Time // zero when it does not expire
	Parcels     []string  // parcel numbers
	Sample      bool
}

// A NoticeState tells where a notice stands at a time.
type NoticeState string

const (
	NoticeUpcoming NoticeState = "upcoming" // not published yet
	NoticeOpen     NoticeState = "open"
	NoticeClosed   NoticeState = "closed" // has expired
)

// NoticeStates lists every NoticeState.
func NoticeStates() []NoticeState { return []NoticeState{NoticeUpcoming, NoticeOpen, NoticeClosed} }

// StateAt is where n stands at t. A day begins at midnight in China.
func (n *Notice) StateAt(t time.Time) NoticeState {
	year, month, day := n.PublishedOn.Date()
	published := time.Date(year, month, day, 0, 0, 0, 0, ChinaTime(t).Location())
	switch {
	case t.Before(published):
		return NoticeUpcoming
	case !n.ClosesAt.IsZero() && !t.Before(n.ClosesAt):
		return NoticeClosed
	}
	return NoticeOpen
}

// A Revision is one version of one record. A record that was deleted and made again under the same code is another.
type Revision struct {
	ID      int64
	Version int
}

// Revision names what n is a version of.
func (n *Notice) Revision() Revision { return Revision{n.ID, n.Version} }

func (r Revision) String() string { return fmt.Sprintf("%d-%d", r.ID, r.Version) }

const (
	maxBodyRunes     = 50_000 // of a notice, in one language
	maxNoticeParcels = 500
)

// ParseDay reads a day such as 2026-07-01, as midnight UTC; empty is the zero time.
func ParseDay(field, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}, Refuse(ReasonSyntax, field, s, "is not a day such as 2026-07-01")
	}
	return t, plausible(field, s, t)
}

// ParseEnd reads when something ends: a time (RFC 3339), or a day, which it lasts out in China; empty is the zero time.
func ParseEnd(field, s string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, plausible(field, s, t)
	}
	t, err := ParseDay(field, s)
	if err != nil || t.IsZero() {
		return time.Time{}, err
	}
	year, month, day := t.Date()
	return time.Date(year, month, day+1, 0, 0, 0, 0, ChinaTime(t).Location()), nil
}

func plausible(field, s string, t time.Time) error {
	if t.Year() < 1949 || t.Year() > 2199 {
		return Refuse(ReasonRange, field, s, "must lie in the years 1949 to 2199")
	}
	return nil
}

// Validate tells what is wrong with n; the error is an *Error.
func (n *Notice) Validate() error {
	if n.Code == "" {
		return Refuse(ReasonRequired, "code", nil, "needs a code")
	}
	if err := CheckText("code", n.Code, 60, false); err != nil {
		return err
	}
	if err := oneOf("kind", n.Kind, NoticeKinds()); err != nil {
		return err
	}
	if err := n.Title.validate("title"); err != nil {
		return err
	}
	if n.PublishedOn.IsZero() {
		return Refuse(ReasonRequired, "published_on", nil, "needs a date")
	}
	if !n.ClosesAt.IsZero() && n.ClosesAt.Before(n.PublishedOn) {
		return Refuse(ReasonRange, "closes_at", n.ClosesAt.Format(time.RFC3339), "is before published_on")
	}
	for _, t := range []string{n.Title.ZH, n.Title.BO, n.Title.EN} {
		if err := CheckText("title", t, 200, false); err != nil {
			return err
		}
	}
	for _, t := range []string{n.Body.ZH, n.Body.BO, n.Body.EN} {
		if err := CheckText("body", t, maxBodyRunes, true); err != nil {
			return err
		}
	}
	if len(n.Parcels) > maxNoticeParcels {
		return Refuse(ReasonTooLong, "parcels", len(n.Parcels), "are more than %d", maxNoticeParcels)
	}
	for _, p := range n.Parcels {
		if err := CheckText("parcels", p, 60, false); p == "" || err != nil {
			return Refuse(ReasonSyntax, "parcels", p, "holds what is no parcel number")
		}
	}
	return nil
}
