package kora

import (
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// An IntentState is a state in the handling of a land-use intent. A draft is the browser's own.
type IntentState string

const (
	IntentSubmitted IntentState = "submitted" // 已提交
	IntentAccepted  IntentState = "accepted"  // 已受理
	IntentMatched   IntentState = "matched"   // 已匹配推荐
	IntentContact   IntentState = "contact"   // 对接（踏勘）
	IntentTender    IntentState = "tender"    // 转招拍挂
	IntentAnswered  IntentState = "answered"  // 已答复
	IntentClosed    IntentState = "closed"    // 办结
	IntentWithdrawn IntentState = "withdrawn" // 已撤回
)

// IntentStates lists every IntentState in the order of handling.
func IntentStates() []IntentState {
	return []IntentState{IntentSubmitted, IntentAccepted, IntentMatched, IntentContact, IntentTender, IntentAnswered,
		IntentClosed, IntentWithdrawn}
}

// Next are the states that may follow s; none after the last.
func (s IntentState) Next() []IntentState {
	switch s {
	case IntentSubmitted:
		return []IntentState{IntentAccepted, IntentWithdrawn}
	case IntentAccepted:
		return []IntentState{IntentMatched, IntentAnswered, IntentWithdrawn}
	case IntentMatched:
		return []IntentState{IntentContact, IntentAnswered, IntentWithdrawn}
	case IntentContact:
		return []IntentState{IntentTender, IntentAnswered, IntentWithdrawn}
	case IntentTender, IntentAnswered:
		return []IntentState{IntentClosed, IntentWithdrawn}
	}
	return nil
}

// An Intent is what an enterprise says that it wants to build. It is no offer and gives no right to land. The people in it
// are known by Contact only, which is under lock; everything else may be kept when that is gone.
type Intent struct {
	ID          string // a UUID, by which what is under lock is bound to it
	Seq         int64  // in the order of submission
	Number      string // public
	State       IntentState
	SubmittedAt time.Time
	ChangedAt   time.Time
	Industry    string   // GB/T 4754-2017: a section letter, or that with digits
	Investment  float64  // 万元
	AreaMinM2   float64  // 0: no bound
	AreaMaxM2   float64  //
	Uses        []string // land-use codes of the guide of 2023, or their first digits
	Counties    []string // where; empty for anywhere
	Parcels     []string // numbers of parcels that it is about
	Needs       []Need
	Consent     string       // version of the text that was agreed to
	Matches     []Suggestion // as they were when it was submitted
	SecretHash  []byte       // SHA-256 of what its submitter shows
	Contact     *Locked      // nil when it was deleted
	ErasedAt    time.Time    // zero while there is a contact
	Events      []IntentEvent
}

// IntentSubject is what personal data of an intent is locked under; the parts are "contact", and "note/" with an event's ID.
func IntentSubject(id string) string { return "intent/" + id }

// Locked is personal data as the record keeps it.
type Locked struct {
	Key   []byte // the subject's data key, wrapped
	Text  []byte // what it locks
	Index []byte // the telephone number, hashed with a key of its own
}

// A Submission is an intent with what a repeated one is known by.
type Submission struct {
	Intent  *Intent
	Request []byte // the same for the same Idempotency-Key; nil without one
	Content []byte // the same for the same form
	Keyset  []byte // fingerprint of what locks the contact
	Window  time.Duration
}

// An IntentQuery tells which intents are meant, latest first; its zero value means all.
type IntentQuery struct {
	States []IntentState
	Phone  []byte // index of a telephone number
	Before int64  // only those with a lower Seq; 0: from the latest
	Limit  int    // 0: no limit
}

// A Contact is who submitted an intent, and what they say in their own words.
type Contact struct {
	Company Secret
	Name    Secret
	Phone   Secret
	Mail    Secret // may be empty
	Project Secret // what is to be built; may be empty
	Shown   Secret // by the submitter, to be known; kept so that a repeated submission gets the same
}

// An IntentDeed is what an event did.
type IntentDeed string

const (
	DeedState IntentDeed = "state" // the intent came to another state
	DeedRead  IntentDeed = "read"  // staff looked at the contact
	DeedErase IntentDeed = "erase" // the contact was deleted
)

// An IntentEvent is one thing that was done with an intent. Events are never changed.
type IntentEvent struct {
	ID    string // a UUID; empty for one that the record makes
	Deed  IntentDeed
	State IntentState // in which it was then
	At    time.Time
	Who   string // a member of staff, or Submitter
	Note  []byte // what the submitter was told, under lock
}

// Submitter is who signs what a submitter does.
const Submitter = "submitter"

// Last is the latest event that brought the intent to a state; nil when none did.
func (in *Intent) Last(s IntentState) *IntentEvent {
	for i := len(in.Events) - 1; i >= 0; i-- {
		if e := &in.Events[i]; e.Deed == DeedState && e.State == s {
			return e
		}
	}
	return nil
}

// MayMove tells what is wrong with a step to another state; the error is an *Error. Two people handle an intent: who
// accepted it may not close it. A submitter may only withdraw.
func (in *Intent) MayMove(to IntentState, who string) error {
	if who == Submitter && to != IntentWithdrawn {
		return Refuse(ReasonUnauthorized, "state", to, "is set by staff")
	}
	if !slices.Contains(in.State.Next(), to) {
		return Refuse(ReasonConflict, "state", to, "cannot follow %s; possible: %v", in.State, in.State.Next())
	}
	if accepted := in.Last(IntentAccepted); to == IntentClosed && accepted != nil && sameName(accepted.Who, who) {
		return Refuse(ReasonTwoPeople, "state", to, "must be set by somebody else than who accepted the intent")
	}
	return nil
}

// sameName passes over case and spaces, which are easily typed otherwise.
func sameName(a, b string) bool {
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	return strings.EqualFold(squeeze(a), squeeze(b))
}

// Wanted is everything that the intent asks of a parcel: its needs, and those that follow from its other answers where it
// has none of that kind. A use is hard; area and county weigh more than the rest.
func (in *Intent) Wanted() []Need {
	wanted := slices.Clone(in.Needs)
	asked := func(term string) bool {
		return slices.ContainsFunc(in.Needs, func(n Need) bool { return n.Term == term })
	}
	if len(in.Uses) > 0 && !asked("use") {
		wanted = append(wanted, Need{Term: "use", Hard: true, Values: in.Uses})
	}
	if (in.AreaMinM2 > 0 || in.AreaMaxM2 > 0) && !asked("area") {
		n := Need{Term: "area", Weight: 3}
		if in.AreaMinM2 > 0 {
			n.Min = &in.AreaMinM2
		}
		if in.AreaMaxM2 > 0 {
			n.Max = &in.AreaMaxM2
		}
		wanted = append(wanted, n)
	}
	if len(in.Counties) > 0 && !asked("county") {
		wanted = append(wanted, Need{Term: "county", Weight: 2, Values: in.Counties})
	}
	return wanted
}

// Validate tells what is wrong with what was submitted; the error is an *Error. Needs are checked by package match.
func (in *Intent) Validate() error {
	if !isIndustry(in.Industry) {
		return Refuse(ReasonSyntax, "industry", nil, "must be a section of GB/T 4754, A to T, or that with up to four digits")
	}
	if !(in.Investment >= 0 && in.Investment <= 1e8) {
		return Refuse(ReasonRange, "investment", in.Investment, "must be from 0 to 100,000,000 (万元)")
	}
	for field, v := range map[string]float64{"area_min_m2": in.AreaMinM2, "area_max_m2": in.AreaMaxM2} {
		if !(v >= 0 && v < 1e10) {
			return Refuse(ReasonRange, field, v, "must be from 0 to 10,000 km²")
		}
	}
	if in.AreaMaxM2 > 0 && in.AreaMinM2 > in.AreaMaxM2 {
		return Refuse(ReasonRange, "area_min_m2", in.AreaMinM2, "is above area_max_m2")
	}
	for _, u := range in.Uses {
		if u == "" || len(u) > 8 || strings.Trim(u, "0123456789") != "" {
			return Refuse(ReasonSyntax, "uses", nil, "holds what is no land-use code")
		}
	}
	for _, c := range in.Counties {
		if err := checkCounty("counties", c); c == "" || err != nil {
			return Refuse(ReasonSyntax, "counties", nil, "holds what is no six-digit code of GB/T 2260")
		}
	}
	return nil
}

func isIndustry(s string) bool {
	return len(s) >= 1 && len(s) <= 5 && s[0] >= 'A' && s[0] <= 'T' && strings.Trim(s[1:], "0123456789") == ""
}

// Tidy takes off the spaces around what people typed, and line ends of other systems.
func (c *Contact) Tidy() {
	for _, s := range []*Secret{&c.Company, &c.Name, &c.Phone, &c.Mail, &c.Project} {
		*s = Secret(strings.TrimSpace(strings.ReplaceAll(s.Reveal(), "\r\n", "\n")))
	}
}

// Validate tells what is wrong with c without repeating any of it; the error is an *Error.
func (c *Contact) Validate() error {
	for _, f := range []struct {
		field    string
		text     Secret
		required bool
		most     int // characters
		lines    bool
	}{
		{"company", c.Company, true, 100, false}, {"name", c.Name, true, 50, false}, {"phone", c.Phone, true, 50, false},
		{"mail", c.Mail, false, 254, false}, {"project", c.Project, false, 4000, true},
	} {
		if f.required && f.text == "" {
			return Refuse(ReasonRequired, f.field, nil, "is missing")
		}
		if err := CheckText(f.field, f.text.Reveal(), f.most, f.lines); err != nil {
			return err
		}
	}
	if PhoneDigits(c.Phone.Reveal()) == "" {
		return Refuse(ReasonSyntax, "phone", nil, "is no telephone number")
	}
	if a, err := mail.ParseAddress(c.Mail.Reveal()); c.Mail != "" && (err != nil || a.Address != c.Mail.Reveal()) {
		return Refuse(ReasonSyntax, "mail", nil, "is no mail address")
	}
	return nil
}

// CheckText refuses a text that is too long, no UTF-8, or holds characters that control how others are read; the error does
// not repeat it. Lines tells whether it may have several.
func CheckText(field, s string, most int, lines bool) error {
	if !utf8.ValidString(s) {
		return Refuse(ReasonEncoding, field, nil, "is not valid UTF-8")
	}
	if utf8.RuneCountInString(s) > most {
		return Refuse(ReasonTooLong, field, nil, "is longer than %d characters", most)
	}
	for _, r := range s {
		direction := r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
		if direction || unicode.IsControl(r) && !(lines && (r == '\n' || r == '\t')) {
			return Refuse(ReasonSyntax, field, nil, "holds control characters")
		}
	}
	return nil
}

// PhoneDigits gives the digits by which a telephone number is known, however it was written: with +86 or 0086, in full-width
// digits, with spaces, dashes and brackets, with an extension. It is empty when s is no number. Of several numbers the
// first counts.
func PhoneDigits(s string) string {
	var digits []byte
	plus := false
	for _, r := range s {
		if r >= '０' && r <= '９' {
			r += '0' - '０'
		}
		switch {
		case r >= '0' && r <= '9':
			digits = append(digits, byte(r))
			continue
		case len(digits) == 0: // a word before the number
			plus = plus || r == '+' || r == '＋'
			continue
		case strings.ContainsRune(" 　\u00a0-－–—‐‑.．·()（）[]", r):
			continue
		case !strings.ContainsRune("转轉分xXe#＃/／、,，;；*", r): // an extension or another number follows these
			return ""
		}
		break
	}
	d, abroad := strings.CutPrefix(string(digits), "00")
	if strings.HasPrefix(d, "86") && (plus || abroad || len(d) >= 12) { // no number within the country is so long
		d = d[2:]
		mobile := strings.HasPrefix(d, "1") && len(d) == 11
		if !mobile && !strings.HasPrefix(d, "400") && !strings.HasPrefix(d, "800") && !strings.HasPrefix(d, "0") {
			d = "0" + d // abroad an area code loses its nought
		}
	}
	if len(d) < 5 || len(d) > 16 {
		return ""
	}
	return d
}

// Mask hides the middle of a telephone number, 138****0000.
func (c *Contact) Mask() string {
	d := PhoneDigits(c.Phone.Reveal())
	if len(d) < 8 {
		return strings.Repeat("*", len(d))
	}
	return d[:3] + strings.Repeat("*", len(d)-7) + d[len(d)-4:]
}
