package kora

import "time"

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
	Code        string // unique
	Kind        NoticeKind
	Title       Name
	Body        Name
	PublishedOn time.Time // a day
	ClosesAt    time.Time // zero when it does not expire
	Parcels     []string  // parcel numbers
	Sample      bool
}

// Validate tells what is wrong with n; the error is an *Error.
func (n *Notice) Validate() error {
	if n.Code == "" {
		return Refuse(ReasonRequired, "code", nil, "needs a code")
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
	return nil
}
