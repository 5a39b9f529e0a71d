package api

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"kora"
	"kora/atlas"
)

// An IntentRecord keeps intents. They do not go through the atlas: they are private.
type IntentRecord interface {
	SubmitIntent(ctx context.Context, s kora.Submission) (kept *kora.Intent, repeated bool, err error)
	Intent(ctx context.Context, number string) (*kora.Intent, error)
	Intents(ctx context.Context, q kora.IntentQuery) ([]*kora.Intent, map[kora.IntentState]int, error)
	MoveIntent(ctx context.Context, number string, e kora.IntentEvent) (*kora.Intent, error)
	ReadIntent(ctx context.Context, number string, e kora.IntentEvent) (*kora.Intent, error)
	EraseIntent(ctx context.Context, number string, erase, withdraw kora.IntentEvent) (*kora.Intent, error)
}

// A Vault keeps what is personal under lock; see package vault.
type Vault interface {
	NewKey(subject string) (key []byte, err error)
	Lock(subject, part string, key, text []byte) ([]byte, error)
	Unlock(subject, part string, key, locked []byte) ([]byte, error)
	Index(kind, text string) ([]byte, error)
	Fingerprint() ([]byte, error)
}

const (
	submitEvery  = 12 * time.Minute // an address may submit five intents an hour
	submitBurst  = 5
	askEvery     = time.Second // and ask for them once a second
	askBurst     = 60
	repeatWindow = 24 * time.Hour // in which the same form is the same intent
	matches      = 10             // parcels that an intent is answered with
	maxNote      = 2000           // characters
)

func (s *service) intentRoutes(a huma.API) {
	staff, either := []map[string][]string{{"staff": {}}}, []map[string][]string{{}, {"staff": {}}}
	asking := limit(a, newLimiter(askEvery, askBurst, s.Now), 0)
	route := func(op huma.Operation, middlewares ...func(huma.Context, func(huma.Context))) huma.Operation {
		op.Tags, op.MaxBodyBytes = []string{"intents"}, maxForm
		op.Metadata = map[string]any{private: true}
		op.Middlewares = append(huma.Middlewares{keepNothing}, middlewares...)
		return op
	}
	huma.Register(a, route(huma.Operation{
		OperationID: "get-consent", Method: http.MethodGet, Path: "/v1/intents/consent",
		Summary: "What a submitter agrees to, and its version",
	}), s.getConsent)
	huma.Register(a, route(huma.Operation{
		OperationID: "submit-intent", Method: http.MethodPost, Path: "/v1/intents", DefaultStatus: http.StatusCreated,
		Summary:     "Submit a land-use intent; it is no offer",
		Description: "Answers 201 with the number and the secret by which the submitter is known, and 200 with the same when the form was submitted before: with the same Idempotency-Key, or word for word within a day.",
	}, asking, limit(a, newLimiter(submitEvery, submitBurst, s.Now), http.StatusCreated)), s.submitIntent)
	huma.Register(a, route(huma.Operation{
		OperationID: "get-intent", Method: http.MethodGet, Path: "/v1/intents/{number}", Security: either,
		Summary: "An intent, to its submitter (by the secret) or to staff",
	}, asking, s.noteStaff), s.getIntent)
	huma.Register(a, route(huma.Operation{
		OperationID: "read-contact", Method: http.MethodPost, Path: "/v1/intents/{number}/contact", Security: either,
		Summary: "All that an intent tells of its submitter; that staff looked is put on record",
	}, asking, s.noteStaff), s.readContact)
	huma.Register(a, route(huma.Operation{
		OperationID: "move-intent", Method: http.MethodPost, Path: "/v1/intents/{number}/state", Security: either,
		Summary: "Bring an intent to its next state; its submitter may withdraw it",
	}, asking, s.noteStaff), s.moveIntent)
	huma.Register(a, route(huma.Operation{
		OperationID: "erase-intent", Method: http.MethodDelete, Path: "/v1/intents/{number}", Security: either,
		Summary: "Delete who submitted an intent, for good; what tells of no person stays",
	}, asking, s.noteStaff), s.eraseIntent)
	huma.Register(a, route(huma.Operation{
		OperationID: "list-intents", Method: http.MethodGet, Path: "/v1/intents", Security: staff,
		Summary: "The queue of intents, latest first",
	}, s.requireStaff(a)), s.listIntents)
	huma.Register(a, route(huma.Operation{
		OperationID: "find-intents", Method: http.MethodPost, Path: "/v1/intents/search", Security: staff,
		Summary: "Intents by their submitter's telephone number",
	}, s.requireStaff(a)), s.findIntents)
}

// private marks operations whose requests tell of people: refusals do not repeat them.
const private = "private"

func isPrivate(op *huma.Operation) bool { return op != nil && op.Metadata[private] == true }

// keepNothing keeps answers out of caches.
func keepNothing(ctx huma.Context, next func(huma.Context)) {
	ctx.SetHeader("Cache-Control", "no-store")
	next(ctx)
}

type staffKey struct{}

// noteStaff lets everybody through, and remembers who has the staff token.
func (s *service) noteStaff(ctx huma.Context, next func(huma.Context)) {
	next(huma.WithValue(ctx, staffKey{}, s.isStaff(ctx)))
}

func (s *service) getConsent(context.Context, *struct{}) (*body[consentOutput], error) {
	return &body[consentOutput]{consentOutput{consentVersion, consent()}}, nil
}

type consentOutput struct {
	Version string `json:"version" doc:"To be sent with the form."`
	Text    name   `json:"text"`
}

// An intentForm is what an enterprise fills in.
type intentForm struct {
	Company    kora.Secret `json:"company" minLength:"1" maxLength:"100"`
	Name       kora.Secret `json:"name" minLength:"1" maxLength:"50" doc:"Whom to ask for."`
	Phone      kora.Secret `json:"phone" minLength:"1" maxLength:"50" doc:"However it is written." example:"0894-5820000"`
	Mail       kora.Secret `json:"mail,omitempty" maxLength:"254"`
	Project    kora.Secret `json:"project,omitempty" maxLength:"4000" doc:"What is to be built, in plain words."`
	Industry   string      `json:"industry" maxLength:"5" doc:"GB/T 4754-2017: a section, A to T, or that with up to four digits." example:"C13"`
	Investment float64     `json:"investment,omitempty" doc:"万元"`
	AreaMinM2  float64     `json:"area_min_m2,omitempty" doc:"0: no bound"`
	AreaMaxM2  float64     `json:"area_max_m2,omitempty" doc:"0: no bound"`
	Uses       []string    `json:"uses,omitempty" maxItems:"20" nullable:"false" doc:"Land-use codes of the guide of 2023, or their first digits."`
	Counties   []string    `json:"counties,omitempty" maxItems:"50" nullable:"false" doc:"GB/T 2260; none: anywhere."`
	Parcels    []string    `json:"parcels,omitempty" maxItems:"20" nullable:"false" doc:"Numbers of parcels that it is about."`
	Needs      []need      `json:"needs,omitempty" maxItems:"40" nullable:"false" doc:"What else is asked of a parcel. Use, area and county count by themselves: the use is hard, the area weighs 3, the county 2."`
	Consent    string      `json:"consent" doc:"The version of the consent text that was agreed to."`
}

type submitInput struct {
	LanguageParam
	Request string `header:"Idempotency-Key" maxLength:"200" doc:"The same for every attempt to submit the same form."`
	Body    intentForm
}

type submitOutput struct {
	Status   int
	Location string `header:"Location"`
	Body     receipt
}

type receipt struct {
	Number  string       `json:"number" example:"YX20260701-7K3QMD"`
	Secret  string       `json:"secret" doc:"To be kept by the submitter: with the number it shows the intent, in the header Kora-Secret."`
	State   string       `json:"state"`
	Note    name         `json:"note" doc:"意向不构成要约"`
	Matches []Suggestion `json:"matches" nullable:"false"`
}

// intentOf reads a form; what it tells of a person is in the contact only.
func intentOf(a *atlas.Atlas, form *intentForm) (*kora.Intent, *kora.Contact, error) {
	contact := &kora.Contact{Company: form.Company, Name: form.Name, Phone: form.Phone, Mail: form.Mail, Project: form.Project}
	contact.Tidy()
	if err := contact.Validate(); err != nil {
		return nil, nil, err
	}
	if form.Consent != consentVersion {
		return nil, nil, kora.Refuse(kora.ReasonUnknown, "consent", nil, "is not the version of the text that is in force; read it again at /v1/intents/consent")
	}
	in := &kora.Intent{State: kora.IntentSubmitted, Industry: form.Industry, Investment: form.Investment,
		AreaMinM2: form.AreaMinM2, AreaMaxM2: form.AreaMaxM2, Uses: form.Uses, Counties: form.Counties, Parcels: form.Parcels, Consent: form.Consent}
	if err := in.Validate(); err != nil {
		return nil, nil, err
	}
	for _, p := range in.Parcels {
		if a.Parcel(p) == nil {
			return nil, nil, kora.Refuse(kora.ReasonUnknown, "parcels", nil, "holds the number of no parcel on the map")
		}
	}
	var err error
	if in.Needs, err = needsOf(a, form.Needs); err != nil {
		return nil, nil, err
	}
	return in, contact, nil
}

func (s *service) submitIntent(ctx context.Context, in *submitInput) (*submitOutput, error) {
	if err := s.takesIntents(); err != nil {
		return nil, refused(err)
	}
	a := atlasOf(ctx)
	intent, contact, err := intentOf(a, &in.Body)
	if err != nil {
		return nil, refused(err)
	}
	intent.Matches = termsOf(a).Rank(a.Parcels, intent.Wanted(), matches).Suggestions
	sub, err := s.submission(intent, contact, in.Request)
	if err != nil {
		return nil, refused(err)
	}
	writing, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	kept, repeated, err := s.Intents.SubmitIntent(writing, sub)
	if err != nil {
		return nil, refused(err)
	}
	out := &submitOutput{Status: http.StatusCreated, Location: "/v1/intents/" + kept.Number, Body: receipt{Number: kept.Number,
		Secret: contact.Shown.Reveal(), State: string(kept.State), Note: noOffer(), Matches: suggestionsOf(kept.Matches, in.language)}}
	if repeated {
		if contact, err = s.contactOf(kept); err != nil {
			return nil, refused(err)
		}
		out.Status, out.Body.Secret = http.StatusOK, contact.Shown.Reveal()
	}
	return out, nil
}

// submission puts what tells of a person under lock, and the marks by which a repeated submission is known beside it.
func (s *service) submission(in *kora.Intent, contact *kora.Contact, request string) (sub kora.Submission, err error) {
	sub = kora.Submission{Intent: in, Window: repeatWindow}
	if sub.Keyset, err = s.Vault.Fingerprint(); err != nil {
		return sub, err
	}
	form := *in
	form.Matches = nil // they are made of the form, and of what is on offer at the time
	content, err := json.Marshal([]any{form, plainOf(contact)})
	if err != nil {
		return sub, err
	}
	if sub.Content, err = s.Vault.Index("content", string(content)); err != nil {
		return sub, err
	}
	if request != "" {
		if sub.Request, err = s.Vault.Index("request", request); err != nil {
			return sub, err
		}
	}
	contact.Shown = kora.Secret(rand.Text())
	hash := sha256.Sum256([]byte(contact.Shown.Reveal()))
	in.ID, in.Number, in.SecretHash = newUUID(), newNumber(s.Now()), hash[:]
	in.Events = []kora.IntentEvent{{ID: newUUID(), Deed: kora.DeedState, State: in.State, Who: kora.Submitter}}
	in.Contact, err = s.lock(in.ID, contact)
	return sub, err
}

// plainContact is a contact as it is locked.
type plainContact struct {
	Company string `json:"company"`
	Name    string `json:"name"`
	Phone   string `json:"phone"`
	Mail    string `json:"mail,omitempty"`
	Project string `json:"project,omitempty"`
	Shown   string `json:"shown,omitempty"`
}

func plainOf(c *kora.Contact) plainContact {
	return plainContact{c.Company.Reveal(), c.Name.Reveal(), c.Phone.Reveal(), c.Mail.Reveal(), c.Project.Reveal(), c.Shown.Reveal()}
}

func (s *service) lock(intent string, c *kora.Contact) (locked *kora.Locked, err error) {
	text, err := json.Marshal(plainOf(c))
	if err != nil {
		return nil, err
	}
	locked = &kora.Locked{}
	if locked.Key, err = s.Vault.NewKey(kora.IntentSubject(intent)); err != nil {
		return nil, err
	}
	if locked.Text, err = s.Vault.Lock(kora.IntentSubject(intent), "contact", locked.Key, text); err != nil {
		return nil, err
	}
	locked.Index, err = s.Vault.Index("phone", kora.PhoneDigits(c.Phone.Reveal()))
	return locked, err
}

// contactOf unlocks who submitted an intent; nil when that was deleted.
func (s *service) contactOf(in *kora.Intent) (*kora.Contact, error) {
	if in.Contact == nil {
		return nil, nil
	}
	text, err := s.Vault.Unlock(kora.IntentSubject(in.ID), "contact", in.Contact.Key, in.Contact.Text)
	if err != nil {
		return nil, err
	}
	var p plainContact
	if json.Unmarshal(text, &p) != nil { // its error might repeat the text
		return nil, fmt.Errorf("the contact of %s cannot be read", in.Number)
	}
	return &kora.Contact{Company: kora.Secret(p.Company), Name: kora.Secret(p.Name), Phone: kora.Secret(p.Phone),
		Mail: kora.Secret(p.Mail), Project: kora.Secret(p.Project), Shown: kora.Secret(p.Shown)}, nil
}

// newUUID makes a random UUID (RFC 9562, version 4).
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// newNumber makes a number that can be told by telephone: the day, and letters and digits that are not mistaken for others.
func newNumber(now time.Time) string {
	const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	var b [6]byte
	_, _ = rand.Read(b[:])
	for i := range b {
		b[i] = alphabet[int(b[i])%len(alphabet)]
	}
	return "YX" + kora.ChinaTime(now).Format("20060102") + "-" + string(b[:])
}

func (s *service) takesIntents() error {
	if s.Intents == nil || s.Vault == nil {
		return kora.Refuse(kora.ReasonUnavailable, "", nil, "intents are not taken here: the keys to contacts are missing")
	}
	return nil
}

// IntentParams name an intent and who asks for it.
type IntentParams struct {
	LanguageParam
	Number string `path:"number" maxLength:"30"`
	Secret string `header:"Kora-Secret" maxLength:"100" doc:"What the submitter was given."`
	StaffParam
}

// StaffParam names a member of staff.
type StaffParam struct {
	Staff string `header:"Kora-Staff" maxLength:"300" doc:"Who of the staff this is, percent-encoded where it is not ASCII. Needed to change an intent."`
}

// name is the name of the member of staff, empty when none was given.
func (p StaffParam) name() (string, error) {
	decoded, err := url.PathUnescape(p.Staff)
	if err != nil {
		return "", kora.Refuse(kora.ReasonSyntax, "Kora-Staff", nil, "is not percent-encoded")
	}
	decoded = strings.Join(strings.Fields(decoded), " ")
	if err := kora.CheckText("Kora-Staff", decoded, 60, false); err != nil {
		return "", err
	}
	for _, taken := range []string{kora.Submitter, "kora"} {
		if strings.EqualFold(decoded, taken) {
			return "", kora.Refuse(kora.ReasonUnknown, "Kora-Staff", nil, "is nobody's name")
		}
	}
	return decoded, nil
}

// open gives the intent to whoever may see it. A wrong secret is told the same as a wrong number.
func (s *service) open(ctx context.Context, in *IntentParams) (intent *kora.Intent, staff bool, err error) {
	if err := s.takesIntents(); err != nil {
		return nil, false, err
	}
	reading, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	intent, err = s.Intents.Intent(reading, in.Number)
	if err != nil && kora.ReasonOf(err) != kora.ReasonNotFound {
		return nil, false, err
	}
	staff, _ = ctx.Value(staffKey{}).(bool)
	want, got := make([]byte, sha256.Size), sha256.Sum256([]byte(in.Secret))
	if intent != nil {
		want = intent.SecretHash
	}
	shown := subtle.ConstantTimeCompare(got[:], want) == 1
	if intent == nil || !staff && !shown {
		return nil, false, kora.Refuse(kora.ReasonNotFound, "intent", nil, "with this number and this secret is not here")
	}
	return intent, staff, nil
}

// signer is who does something with an intent.
func (in *IntentParams) signer(staff bool) (string, error) {
	if !staff {
		return kora.Submitter, nil
	}
	who, err := in.StaffParam.name()
	if err == nil && who == "" {
		err = kora.Refuse(kora.ReasonRequired, "Kora-Staff", nil, "is missing: changes are signed")
	}
	return who, err
}

// An IntentSummary is an intent as a line of the queue. Like Suggestion, Notice and NoticeText it is exported only because
// huma passes over embedded types that are not.
type IntentSummary struct {
	Number      string             `json:"number" example:"YX20260701-7K3QMD"`
	State       kora.IntentState   `json:"state" enum:"submitted,accepted,matched,contact,tender,answered,closed,withdrawn"`
	Next        []kora.IntentState `json:"next" nullable:"false" doc:"The states that may follow."`
	SubmittedAt time.Time          `json:"submitted_at"`
	ChangedAt   time.Time          `json:"changed_at"`
	AcceptedBy  string             `json:"accepted_by,omitempty" doc:"Who may not close it; to staff only."`
	Contact     *contactSummary    `json:"contact,omitempty" doc:"Absent when it was deleted."`
	Industry    string             `json:"industry"`
	Investment  float64            `json:"investment" doc:"万元"`
	AreaMinM2   float64            `json:"area_min_m2"`
	AreaMaxM2   float64            `json:"area_max_m2"`
	Uses        []string           `json:"uses" nullable:"false"`
	Counties    []string           `json:"counties" nullable:"false"`
	Parcels     []string           `json:"parcels" nullable:"false"`
}

// An intentAnswer is all of an intent, as its submitter and staff see it.
type intentAnswer struct {
	IntentSummary
	Note       name          `json:"note" doc:"意向不构成要约"`
	ErasedAt   *time.Time    `json:"erased_at,omitempty" doc:"When the contact was deleted."`
	Needs      []need        `json:"needs" nullable:"false" doc:"All that is asked of a parcel; what the matches speak of."`
	Consent    string        `json:"consent" doc:"The version of the text that was agreed to."`
	Matches    []Suggestion  `json:"matches" nullable:"false" doc:"The parcels that suited when it was submitted."`
	MatchesNow []Suggestion  `json:"matches_now" nullable:"false" doc:"Those that suit now."`
	History    []intentEvent `json:"history" nullable:"false" doc:"Oldest first."`
}

type contactSummary struct {
	Company string `json:"company"`
	Name    string `json:"name" doc:"Its first character."`
	Phone   string `json:"phone" doc:"Its middle hidden." example:"138****0000"`
}

type intentEvent struct {
	Deed  kora.IntentDeed  `json:"deed" enum:"state,read,erase"`
	State kora.IntentState `json:"state"`
	At    time.Time        `json:"at"`
	By    string           `json:"by" enum:"submitter,staff"`
	Who   string           `json:"who,omitempty" doc:"To staff only."`
	Note  string           `json:"note,omitempty" doc:"What the submitter is told; absent when the contact was deleted."`
}

// summary shows an intent as far as a queue does.
func (s *service) summary(in *kora.Intent, staff bool) (out IntentSummary, err error) {
	out = IntentSummary{Number: in.Number, State: in.State, Next: in.State.Next(), SubmittedAt: in.SubmittedAt, ChangedAt: in.ChangedAt,
		Industry: in.Industry, Investment: in.Investment, AreaMinM2: in.AreaMinM2, AreaMaxM2: in.AreaMaxM2,
		Uses: in.Uses, Counties: in.Counties, Parcels: in.Parcels}
	if out.Next == nil {
		out.Next = []kora.IntentState{}
	}
	if e := in.Last(kora.IntentAccepted); e != nil && staff {
		out.AcceptedBy = e.Who
	}
	contact, err := s.contactOf(in)
	if contact != nil {
		first, _ := utf8.DecodeRuneInString(contact.Name.Reveal())
		out.Contact = &contactSummary{contact.Company.Reveal(), string(first) + "**", contact.Mask()}
	}
	return out, err
}

func (s *service) shown(ctx context.Context, in *kora.Intent, staff bool, l language) (*body[intentAnswer], error) {
	summary, err := s.summary(in, staff)
	if err != nil {
		return nil, refused(err)
	}
	out := intentAnswer{IntentSummary: summary, Note: noOffer(), Needs: []need{}, Consent: in.Consent,
		Matches: suggestionsOf(in.Matches, l), MatchesNow: []Suggestion{}, History: []intentEvent{}}
	if !in.ErasedAt.IsZero() {
		out.ErasedAt = &in.ErasedAt
	}
	wanted, a := in.Wanted(), atlasOf(ctx)
	for _, n := range wanted {
		out.Needs = append(out.Needs, need(n))
	}
	if terms := termsOf(a); terms.Check(wanted) == nil { // a term may have gone since
		out.MatchesNow = suggestionsOf(terms.Rank(a.Parcels, wanted, matches).Suggestions, l)
	}
	for _, e := range in.Events {
		if e.Deed == kora.DeedRead && !staff {
			continue
		}
		v, err := s.eventOf(in, e, staff)
		if err != nil {
			return nil, refused(err)
		}
		out.History = append(out.History, v)
	}
	return &body[intentAnswer]{out}, nil
}

func (s *service) eventOf(in *kora.Intent, e kora.IntentEvent, staff bool) (intentEvent, error) {
	v := intentEvent{Deed: e.Deed, State: e.State, At: e.At, By: "staff"}
	switch {
	case e.Who == kora.Submitter:
		v.By = e.Who
	case staff:
		v.Who = e.Who
	}
	if e.Note == nil || in.Contact == nil {
		return v, nil
	}
	note, err := s.Vault.Unlock(kora.IntentSubject(in.ID), "note/"+e.ID, in.Contact.Key, e.Note)
	v.Note = string(note)
	return v, err
}

func (s *service) getIntent(ctx context.Context, in *IntentParams) (*body[intentAnswer], error) {
	intent, staff, err := s.open(ctx, in)
	if err != nil {
		return nil, refused(err)
	}
	return s.shown(ctx, intent, staff, in.language)
}

type contactOutput struct {
	Company string `json:"company"`
	Name    string `json:"name"`
	Phone   string `json:"phone"`
	Mail    string `json:"mail,omitempty"`
	Project string `json:"project,omitempty"`
}

// readContact shows the contact. Whether staff or its subject look, that they did is on record first.
func (s *service) readContact(ctx context.Context, in *IntentParams) (*body[contactOutput], error) {
	_, staff, err := s.open(ctx, in)
	if err != nil {
		return nil, refused(err)
	}
	who, err := in.signer(staff)
	if err != nil {
		return nil, refused(err)
	}
	writing, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	intent, err := s.Intents.ReadIntent(writing, in.Number, kora.IntentEvent{ID: newUUID(), Who: who})
	if err != nil {
		return nil, refused(err)
	}
	contact, err := s.contactOf(intent)
	if err != nil {
		return nil, refused(err)
	}
	if contact == nil {
		return nil, refused(kora.Refuse(kora.ReasonNotFound, "contact", nil, "was deleted"))
	}
	p := plainOf(contact)
	return &body[contactOutput]{contactOutput{p.Company, p.Name, p.Phone, p.Mail, p.Project}}, nil
}

type moveInput struct {
	IntentParams
	Body struct {
		State kora.IntentState `json:"state" enum:"accepted,matched,contact,tender,answered,closed,withdrawn"`
		Note  kora.Secret      `json:"note,omitempty" maxLength:"2000" doc:"What the submitter is told; an answer needs one."`
	}
}

func (s *service) moveIntent(ctx context.Context, in *moveInput) (*body[intentAnswer], error) {
	intent, staff, err := s.open(ctx, &in.IntentParams)
	if err != nil {
		return nil, refused(err)
	}
	e := kora.IntentEvent{ID: newUUID(), Deed: kora.DeedState, State: in.Body.State}
	if e.Who, err = in.signer(staff); err != nil {
		return nil, refused(err)
	}
	if e.Note, err = s.lockNote(intent, e, in.Body.Note); err != nil {
		return nil, refused(err)
	}
	writing, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	if intent, err = s.Intents.MoveIntent(writing, in.Number, e); err != nil {
		return nil, refused(err)
	}
	return s.shown(ctx, intent, staff, in.language)
}

// lockNote locks what a submitter is told: it may well speak of them.
func (s *service) lockNote(in *kora.Intent, e kora.IntentEvent, note kora.Secret) ([]byte, error) {
	note = kora.Secret(strings.TrimSpace(strings.ReplaceAll(note.Reveal(), "\r\n", "\n")))
	if err := kora.CheckText("note", note.Reveal(), maxNote, true); err != nil {
		return nil, err
	}
	switch {
	case note == "" && e.State == kora.IntentAnswered:
		return nil, kora.Refuse(kora.ReasonRequired, "note", nil, "is missing: an answer says something")
	case note == "":
		return nil, nil
	case in.Contact == nil:
		return nil, kora.Refuse(kora.ReasonConflict, "note", nil, "cannot be told: the contact was deleted")
	}
	return s.Vault.Lock(kora.IntentSubject(in.ID), "note/"+e.ID, in.Contact.Key, []byte(note.Reveal()))
}

func (s *service) eraseIntent(ctx context.Context, in *IntentParams) (*struct{}, error) {
	_, staff, err := s.open(ctx, in)
	if err != nil {
		return nil, refused(err)
	}
	who, err := in.signer(staff)
	if err != nil {
		return nil, refused(err)
	}
	writing, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	_, err = s.Intents.EraseIntent(writing, in.Number, kora.IntentEvent{ID: newUUID(), Who: who}, kora.IntentEvent{ID: newUUID(), Who: who})
	return nil, refused(err)
}

type listIntentsInput struct {
	State  []kora.IntentState `query:"state,explode" enum:"submitted,accepted,matched,contact,tender,answered,closed,withdrawn" doc:"Only these; may be repeated."`
	Limit  int                `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"At most so many."`
	Cursor string             `query:"cursor" maxLength:"20" doc:"Where to go on: next of the page before."`
}

type intentsOutput struct {
	Intents []IntentSummary          `json:"intents" nullable:"false" doc:"Latest first."`
	Counts  map[kora.IntentState]int `json:"counts" doc:"How many there are in each state."`
	Next    string                   `json:"next,omitempty" doc:"The cursor of the next page."`
}

func (s *service) listIntents(ctx context.Context, in *listIntentsInput) (*body[intentsOutput], error) {
	q := kora.IntentQuery{States: in.State, Limit: in.Limit + 1}
	if in.Cursor != "" {
		var err error
		if q.Before, err = strconv.ParseInt(in.Cursor, 10, 64); err != nil || q.Before < 1 {
			return nil, refused(kora.Refuse(kora.ReasonSyntax, "cursor", in.Cursor, "is none that was given out"))
		}
	}
	return s.queue(ctx, q)
}

type findIntentsInput struct {
	Body struct {
		Phone kora.Secret `json:"phone" minLength:"1" maxLength:"50" doc:"However it is written."`
	}
}

func (s *service) findIntents(ctx context.Context, in *findIntentsInput) (*body[intentsOutput], error) {
	if err := s.takesIntents(); err != nil {
		return nil, refused(err)
	}
	digits := kora.PhoneDigits(in.Body.Phone.Reveal())
	if digits == "" {
		return nil, refused(kora.Refuse(kora.ReasonSyntax, "phone", nil, "is no telephone number"))
	}
	index, err := s.Vault.Index("phone", digits)
	if err != nil {
		return nil, refused(err)
	}
	return s.queue(ctx, kora.IntentQuery{Phone: index, Limit: 201})
}

func (s *service) queue(ctx context.Context, q kora.IntentQuery) (*body[intentsOutput], error) {
	if err := s.takesIntents(); err != nil {
		return nil, refused(err)
	}
	reading, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	found, counts, err := s.Intents.Intents(reading, q)
	if err != nil {
		return nil, refused(err)
	}
	out := intentsOutput{Intents: []IntentSummary{}, Counts: counts}
	if len(found) == q.Limit {
		found = found[:q.Limit-1]
		out.Next = strconv.FormatInt(found[len(found)-1].Seq, 10)
	}
	for _, in := range found {
		line, err := s.summary(in, true)
		if err != nil {
			return nil, refused(err)
		}
		out.Intents = append(out.Intents, line)
	}
	return &body[intentsOutput]{out}, nil
}
