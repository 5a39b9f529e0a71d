package atlas

import (
	"slices"
	"strings"
	"time"

	"kora"
)

// A NoticeQuery tells which notices are meant; its zero value means all.
type NoticeQuery struct {
	Kinds  []kora.NoticeKind
	Parcel string
	States []kora.NoticeState // at At
	At     time.Time
	Text   string // words all of which stand in the code, the title or the body, in any language
}

// FindNotices gives the notices that q means, latest first.
func (a *Atlas) FindNotices(q NoticeQuery) []*kora.Notice {
	words := wordsOf(q.Text)
	var found []*kora.Notice
	for i, n := range a.Notices {
		if (len(q.Kinds) == 0 || slices.Contains(q.Kinds, n.Kind)) &&
			(q.Parcel == "" || slices.Contains(n.Parcels, q.Parcel)) &&
			(len(q.States) == 0 || slices.Contains(q.States, n.StateAt(q.At))) &&
			!slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(a.noticeTexts[i], w) }) {
			found = append(found, n)
		}
	}
	return found
}

// Notice is the one with this code, nil when there is none.
func (a *Atlas) Notice(code string) *kora.Notice {
	i := slices.IndexFunc(a.Notices, func(n *kora.Notice) bool { return n.Code == code })
	if i < 0 {
		return nil
	}
	return a.Notices[i]
}

// NoticesFor gives the notices linked to a parcel, latest first; not to be written to.
func (a *Atlas) NoticesFor(number string) []*kora.Notice { return a.linked[number] }

// linkNotices finds the notices of every parcel.
func linkNotices(notices []*kora.Notice) map[string][]*kora.Notice {
	linked := map[string][]*kora.Notice{}
	for _, n := range notices {
		for i, number := range n.Parcels {
			if !slices.Contains(n.Parcels[:i], number) {
				linked[number] = append(linked[number], n)
			}
		}
	}
	return linked
}

// textsOf are what notices are searched by.
func textsOf(notices []*kora.Notice) []string {
	texts := make([]string, len(notices))
	for i, n := range notices {
		texts[i] = folded(strings.Join([]string{n.Code, n.Title.ZH, n.Title.BO, n.Title.EN, n.Body.ZH, n.Body.BO, n.Body.EN}, "\n"))
	}
	return texts
}
