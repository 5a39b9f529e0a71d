package api_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"kora"
	"kora/api"
	"kora/atlas/atlastest"
	"kora/store/cluster/clustertest"
	"kora/vault"
)

// A lockedBuffer takes what several goroutines log.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// An office is the service with intents, on a real record.
type office struct {
	*whole
	cfg   *pgxpool.Config
	vault *vault.Vault
	log   *lockedBuffer

	mu      sync.Mutex
	now     time.Time
	callers int
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func openOffice(t *testing.T) *office {
	t.Helper()
	cfg, err := pgxpool.ParseConfig(clustertest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	o := &office{cfg: cfg, now: noon, log: &lockedBuffer{}}
	if o.vault, err = vault.Create(filepath.Join(t.TempDir(), "keys", "keyset.json")); err != nil {
		t.Fatal(err)
	}
	print, err := o.vault.Fingerprint()
	if err != nil {
		t.Fatal(err)
	}
	o.whole = serveRecord(t, cfg, true, time.Hour, func(w *whole, c *api.Config) {
		c.Intents, c.Vault, c.Now = w.store, o.vault, o.clock
		c.Log = slog.New(slog.NewJSONHandler(o.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	if err := o.store.ClaimKeyset(t.Context(), print); err != nil {
		t.Fatal(err)
	}
	return o
}

// caller is an address of its own, as a proxy on this machine would tell it.
func (o *office) caller() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.callers++
	return []string{"X-Forwarded-For", fmt.Sprintf("198.51.%d.%d", o.callers/250, o.callers%250+1)}
}

func form(change ...any) string {
	f := map[string]any{"company": "示例公司", "name": "王示例", "phone": "+86 138 0000 0000", "mail": "a@example.com", "project": "示例项目\n二期",
		"industry": "C13", "investment": 800, "area_min_m2": 15000, "area_max_m2": 25000, "uses": []string{"10"}, "counties": []string{"540402"},
		"needs": []map[string]any{{"term": "altitude", "max": 3000}}, "consent": "2026-11"}
	for i := 0; i < len(change); i += 2 {
		f[change[i].(string)] = change[i+1]
		if change[i+1] == nil {
			delete(f, change[i].(string))
		}
	}
	b, _ := json.Marshal(f)
	return string(b)
}

// submit gives the number and the secret of a new intent.
func (o *office) submit(t *testing.T, form string, headers ...string) (number, secret string) {
	t.Helper()
	a := ask(t, o.Server, http.MethodPost, "/v1/intents", form, append(o.caller(), headers...)...)
	if a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	v := a.json(t)
	return at(v, "number").(string), at(v, "secret").(string)
}

func staff(name string) []string {
	return []string{"Authorization", "Bearer " + token, "Kora-Staff", url.PathEscape(name)}
}

func (o *office) move(t *testing.T, number, to, note string, headers ...string) answer {
	t.Helper()
	b, _ := json.Marshal(map[string]string{"state": to, "note": note})
	return ask(t, o.Server, http.MethodPost, "/v1/intents/"+number+"/state", string(b), headers...)
}

// TestIntentFromFormToClose follows one intent through the hands of two people.
func TestIntentFromFormToClose(t *testing.T) {
	o := openOffice(t)
	consent := get(t, o.Server, "/v1/intents/consent").json(t)
	if at(consent, "version") != "2026-11" || at(consent, "text", "zh") == nil || at(consent, "text", "bo") == nil || at(consent, "text", "en") == nil {
		t.Errorf("consent: %v", consent)
	}
	a := ask(t, o.Server, http.MethodPost, "/v1/intents", form(), "Accept-Language", "zh-CN")
	v := a.json(t)
	number, _ := at(v, "number").(string)
	secret, _ := at(v, "secret").(string)
	if a.status != http.StatusCreated || !strings.HasPrefix(number, "YX20260701-") || len(secret) < 26 || a.header.Get("Cache-Control") != "no-store" ||
		a.header.Get("Location") != "/v1/intents/"+number || !strings.Contains(at(v, "note", "zh").(string), "意向不构成要约") {
		t.Fatalf("%d %v %s", a.status, a.header, a.body)
	}
	// LZ-1 is the one with this use; its area is in the record about 96,700 m², not what the town says of itself.
	if at(v, "matches", 0, "number") != "LZ-1" || at(v, "matches", 1) != nil {
		t.Errorf("matches: %v", at(v, "matches"))
	}
	texts := fmt.Sprint(at(v, "matches"))
	for _, part := range []string{"用途相符", "区县相符", "海拔未知", "面积高出"} {
		if !strings.Contains(texts, part) {
			t.Errorf("no reason %q in %s", part, texts)
		}
	}

	mine := get(t, o.Server, "/v1/intents/"+number, "Kora-Secret", secret)
	v = mine.json(t)
	if mine.status != http.StatusOK || at(v, "state") != "submitted" || at(v, "contact", "phone") != "138****0000" || at(v, "contact", "name") != "王**" ||
		at(v, "history", 0, "by") != "submitter" || at(v, "matches", 0, "number") != "LZ-1" || at(v, "matches_now", 0, "number") != "LZ-1" ||
		mine.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %s", mine.status, mine.body)
	}

	for _, step := range []struct {
		to, note, who string
		status        int
		reason        string
	}{
		{"matched", "", "甲", 409, "conflict"},
		{"accepted", "", "", 422, "required"},
		{"accepted", "", "submitter", 422, "unknown-value"},
		{"accepted", "已受理", "甲", 200, ""},
		{"matched", "", "甲", 200, ""},
		{"contact", "周五踏勘", "甲", 200, ""},
		{"answered", "", "甲", 422, "required"},
		{"answered", "请关注出让公告", "甲", 200, ""},
		{"closed", "", "甲", 403, "two-people"},
		{"closed", "", " 甲 ", 403, "two-people"},
		{"closed", "", "乙", 200, ""},
		{"withdrawn", "", "乙", 409, "conflict"},
	} {
		a := o.move(t, number, step.to, step.note, staff(step.who)...)
		if reason, _ := at(a.json(t), "reason").(string); a.status != step.status || reason != step.reason {
			t.Errorf("to %s by %q: %d %s", step.to, step.who, a.status, a.body)
		}
	}
	v = get(t, o.Server, "/v1/intents/"+number, "Kora-Secret", secret).json(t)
	var story []string
	for _, e := range at(v, "history").([]any) {
		note, _ := at(e, "note").(string)
		story = append(story, fmt.Sprint(at(e, "state"), " ", at(e, "by"), " ", note))
		if at(e, "who") != nil {
			t.Errorf("the submitter is told who: %v", e)
		}
	}
	if got := strings.Join(story, "; "); got != "submitted submitter ; accepted staff 已受理; matched staff ; contact staff 周五踏勘; answered staff 请关注出让公告; closed staff " {
		t.Error(got)
	}
	v = get(t, o.Server, "/v1/intents/"+number, staff("乙")...).json(t)
	if at(v, "accepted_by") != "甲" || at(v, "history", 5, "who") != "乙" || len(at(v, "next").([]any)) != 0 {
		t.Errorf("to staff: %v", v)
	}
}

func TestIntentIsShownToWhoMayOnly(t *testing.T) {
	o := openOffice(t)
	number, secret := o.submit(t, form())
	other, otherSecret := o.submit(t, form("company", "另一公司"))
	wrong := get(t, o.Server, "/v1/intents/YX20260701-NOSUCH", "Kora-Secret", secret)
	for name, headers := range map[string][]string{
		"no secret": nil, "an empty one": {"Kora-Secret", ""}, "another's": {"Kora-Secret", otherSecret}, "cut off": {"Kora-Secret", secret[:20]},
		"a wrong token": {"Authorization", "Bearer wrong"},
	} {
		for _, c := range []struct{ method, path, body string }{
			{http.MethodGet, "", ""}, {http.MethodDelete, "", ""}, {http.MethodPost, "/contact", ""}, {http.MethodPost, "/state", `{"state":"withdrawn"}`},
		} {
			a := ask(t, o.Server, c.method, "/v1/intents/"+number+c.path, c.body, headers...)
			if a.status != http.StatusNotFound || !bytes.Equal(a.body, wrong.body) {
				t.Errorf("%s, %s %s: %d %s, want what a wrong number gets: %s", name, c.method, c.path, a.status, a.body, wrong.body)
			}
		}
	}
	for _, c := range []struct{ method, path, body string }{{http.MethodGet, "/v1/intents", ""}, {http.MethodPost, "/v1/intents/search", `{"phone":"13800000000"}`}} {
		if a := ask(t, o.Server, c.method, c.path, c.body, "Kora-Secret", secret); a.status != http.StatusUnauthorized {
			t.Errorf("%s: %d", c.path, a.status)
		}
	}
	if a := o.move(t, other, "accepted", "", "Kora-Secret", otherSecret); a.status != http.StatusUnauthorized {
		t.Errorf("a submitter accepts: %d %s", a.status, a.body)
	}
	if a := o.move(t, other, "withdrawn", "", "Kora-Secret", otherSecret); a.status != http.StatusOK || at(a.json(t), "state") != "withdrawn" {
		t.Errorf("a submitter withdraws: %d %s", a.status, a.body)
	}

	// Who looks at the contact is on record.
	a := ask(t, o.Server, http.MethodPost, "/v1/intents/"+number+"/contact", "", staff("甲")...)
	if v := a.json(t); a.status != http.StatusOK || at(v, "phone") != "+86 138 0000 0000" || at(v, "project") != "示例项目\n二期" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := ask(t, o.Server, http.MethodPost, "/v1/intents/"+number+"/contact", "", "Authorization", "Bearer "+token); a.status != http.StatusUnprocessableEntity {
		t.Errorf("nobody looks at a contact: %d", a.status)
	}
	if a := ask(t, o.Server, http.MethodPost, "/v1/intents/"+number+"/contact", "", "Kora-Secret", secret); at(a.json(t), "mail") != "a@example.com" {
		t.Errorf("its subject: %d %s", a.status, a.body)
	}
	v := get(t, o.Server, "/v1/intents/"+number, staff("")...).json(t)
	if at(v, "history", 1, "deed") != "read" || at(v, "history", 1, "who") != "甲" || at(v, "history", 2, "by") != "submitter" || at(v, "history", 3) != nil {
		t.Errorf("history: %v", at(v, "history"))
	}

	v = get(t, o.Server, "/v1/intents/"+number, "Kora-Secret", secret).json(t)
	if list, _ := at(v, "history").([]any); len(list) != 1 {
		t.Errorf("to its submitter: %v", list)
	}

	// The queue and the search.
	v = get(t, o.Server, "/v1/intents?state=submitted", staff("")...).json(t)
	if at(v, "intents", 0, "number") != number || at(v, "intents", 1) != nil || at(v, "counts", "withdrawn") != 1.0 || at(v, "intents", 0, "contact", "phone") != "138****0000" {
		t.Errorf("queue: %v", v)
	}
	v = get(t, o.Server, "/v1/intents?limit=1", staff("")...).json(t)
	if next := at(v, "next"); at(v, "intents", 0, "number") != other || next == nil ||
		at(get(t, o.Server, "/v1/intents?limit=1&cursor="+next.(string), staff("")...).json(t), "intents", 0, "number") != number {
		t.Errorf("by pages: %v", v)
	}
	for phone, want := range map[string]int{"１３８-0000-0000": 2, "8613800000000": 2, "13900000000": 0} {
		a := ask(t, o.Server, http.MethodPost, "/v1/intents/search", fmt.Sprintf(`{"phone":%q}`, phone), staff("")...)
		if list, _ := at(a.json(t), "intents").([]any); len(list) != want {
			t.Errorf("%s: %d %s", phone, a.status, a.body)
		}
	}
}

// TestDoubleSubmitMakesOneIntent: a click too many, a retry after a lost answer, and several at once.
func TestDoubleSubmitMakesOneIntent(t *testing.T) {
	o := openOffice(t)
	number, secret := o.submit(t, form(), "Idempotency-Key", "a")
	for name, c := range map[string]struct {
		form    string
		headers []string
		status  int
	}{
		"the same key":            {form(), []string{"Idempotency-Key", "a"}, 200},
		"no key":                  {form(), nil, 200},
		"another key":             {form(), []string{"Idempotency-Key", "b"}, 200},
		"with spaces":             {form("name", " 王示例 "), nil, 200},
		"the key of another form": {form("name", "李示例"), []string{"Idempotency-Key", "a"}, 409},
	} {
		a := ask(t, o.Server, http.MethodPost, "/v1/intents", c.form, append(o.caller(), c.headers...)...)
		v := a.json(t)
		if a.status != c.status || c.status == 200 && (at(v, "number") != number || at(v, "secret") != secret) {
			t.Errorf("%s: %d %s, want %s", name, a.status, a.body, number)
		}
	}
	var mu sync.Mutex
	var all sync.WaitGroup
	got := map[string]int{}
	for range 8 {
		all.Go(func() {
			a := ask(t, o.Server, http.MethodPost, "/v1/intents", form("name", "周示例"), o.caller()...)
			mu.Lock()
			defer mu.Unlock()
			got[fmt.Sprint(at(a.json(t), "number"), at(a.json(t), "secret"))]++
		})
	}
	all.Wait()
	if len(got) != 1 {
		t.Errorf("eight at once made %v", got)
	}
	if v := get(t, o.Server, "/v1/intents", staff("")...).json(t); at(v, "counts", "submitted") != 2.0 {
		t.Errorf("%v", at(v, "counts"))
	}
	if a := o.move(t, number, "withdrawn", "", "Kora-Secret", secret); a.status != http.StatusOK {
		t.Fatal(a.status)
	}
	if again, _ := o.submit(t, form()); again == number {
		t.Error("a form that was withdrawn cannot be submitted again")
	}
}

func TestCallersAreHeldBack(t *testing.T) {
	o := openOffice(t)
	from := func(address string) []string { return []string{"X-Forwarded-For", address} }
	post := func(n int, headers []string) answer {
		return ask(t, o.Server, http.MethodPost, "/v1/intents", form("name", fmt.Sprint("甲", n)), headers...)
	}
	for i := range 3 {
		if a := ask(t, o.Server, http.MethodPost, "/v1/intents", form("phone", "none"), from("203.0.113.9")...); a.status != http.StatusUnprocessableEntity {
			t.Fatalf("a faulty form: %d", a.status)
		}
		if a := post(0, from("203.0.113.9")); i > 0 && a.status != http.StatusOK || i == 0 && a.status != http.StatusCreated { // the same again
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	for i := range 4 {
		if a := post(1+i, from("203.0.113.9")); a.status != http.StatusCreated {
			t.Fatalf("intent %d: %d %s", i+2, a.status, a.body)
		}
	}
	a := post(9, from("203.0.113.9"))
	if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") != "720" || at(a.json(t), "reason") != "too-many" {
		t.Errorf("the sixth: %d %v %s", a.status, a.header, a.body)
	}
	if a := post(10, from("203.0.113.10")); a.status != http.StatusCreated {
		t.Errorf("a neighbour: %d", a.status)
	}
	// What a caller says of itself in front of what the proxy saw does not count.
	if a := post(11, from("192.0.2.1, 203.0.113.9")); a.status != http.StatusTooManyRequests {
		t.Errorf("with a made-up address in front: %d", a.status)
	}
	o.mu.Lock()
	o.now = o.now.Add(13 * time.Minute)
	o.mu.Unlock()
	if a := post(12, from("203.0.113.9")); a.status != http.StatusCreated {
		t.Errorf("a while later: %d %s", a.status, a.body)
	}
	// One line has a whole /64.
	for i := range 6 {
		a := post(20+i, from(fmt.Sprintf("2001:db8::%d", i+1)))
		if want := i < 5; (a.status == http.StatusCreated) != want {
			t.Errorf("intent %d of one /64: %d", i+1, a.status)
		}
	}
	refused := 0
	for range 80 {
		if get(t, o.Server, "/v1/intents/YX20260701-NOSUCH", append(from("203.0.113.77"), "Kora-Secret", "x")...).status == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused != 20 {
		t.Errorf("of 80 guesses 20 should be held back, not %d", refused)
	}
	if strings.Contains(o.log.String(), "203.0.113") {
		t.Error("an address is in the log")
	}
}

func TestErasureBySubmitterAndStaff(t *testing.T) {
	o := openOffice(t)
	for name, c := range map[string]struct {
		headers func(secret string) []string
		by      string
	}{
		"submitter": {func(secret string) []string { return []string{"Kora-Secret", secret} }, "submitter"},
		"staff":     {func(string) []string { return staff("甲") }, "staff"},
	} {
		number, secret := o.submit(t, form("name", name))
		if a := o.move(t, number, "accepted", "王先生您好", staff("乙")...); a.status != http.StatusOK {
			t.Fatalf("%d %s", a.status, a.body)
		}
		for range 2 {
			if a := ask(t, o.Server, http.MethodDelete, "/v1/intents/"+number, "", c.headers(secret)...); a.status != http.StatusNoContent {
				t.Fatalf("%s: %d %s", name, a.status, a.body)
			}
		}
		a := get(t, o.Server, "/v1/intents/"+number, "Kora-Secret", secret)
		v := a.json(t)
		last := at(v, "history", 3)
		if at(v, "contact") != nil || at(v, "erased_at") == nil || at(v, "state") != "withdrawn" || at(v, "industry") != "C13" ||
			at(v, "matches", 0, "number") != "LZ-1" || at(last, "deed") != "erase" || at(last, "by") != c.by || at(v, "history", 1, "note") != nil {
			t.Errorf("%s: %s", name, a.body)
		}
		if a := ask(t, o.Server, http.MethodPost, "/v1/intents/"+number+"/contact", "", staff("甲")...); a.status != http.StatusNotFound {
			t.Errorf("%s: the contact: %d %s", name, a.status, a.body)
		}
	}
	a := ask(t, o.Server, http.MethodPost, "/v1/intents/search", `{"phone":"13800000000"}`, staff("")...)
	if list, _ := at(a.json(t), "intents").([]any); len(list) != 0 {
		t.Errorf("found by a phone that was deleted: %s", a.body)
	}
}

// TestNothingTellsWhoSubmitted puts canaries into every field and looks for them in the log, in a dump of the database, in
// the change log, and in every answer that is not their own subject's or staff's.
func TestNothingTellsWhoSubmitted(t *testing.T) {
	o := openOffice(t)
	notified := o.listen(t)
	canaries := map[string]string{"company": "Canary-Ltd-4711", "name": "Canaryname", "phone": "13899990000", "mail": "canary@example.org",
		"project": "canary project text"}
	const note = "canary note text"
	var change []any
	for field, canary := range canaries {
		change = append(change, field, canary)
	}
	number, secret := o.submit(t, form(change...), "Idempotency-Key", "canary-key-4711")
	canaries["note"], canaries["secret"], canaries["key"] = note, secret, "canary-key-4711"
	if a := o.move(t, number, "accepted", note, staff("甲")...); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	ask(t, o.Server, http.MethodPost, "/v1/intents/"+number+"/contact", "", staff("甲")...)
	ask(t, o.Server, http.MethodPost, "/v1/intents/search", `{"phone":"13899990000"}`, staff("甲")...)
	get(t, o.Server, "/v1/intents/"+number, "Kora-Secret", secret)
	// Faults of every kind, and a record that fails.
	bad := func(body string) {
		t.Helper()
		a := ask(t, o.Server, http.MethodPost, "/v1/intents", body, o.caller()...)
		if a.status < 400 {
			t.Errorf("%.80s: %d", body, a.status)
		}
		sweep(t, "a refusal", a.body, canaries)
	}
	for _, body := range []string{
		form(append(slices.Clone(change), "consent", "1")...), form(append(slices.Clone(change), "colour", "Canaryname")...),
		form(append(slices.Clone(change), "industry", "Canaryname")...), form(append(slices.Clone(change), "phone", "Canaryname")...),
		form(append(slices.Clone(change), "mail", "Canaryname")...), form(append(slices.Clone(change), "company", strings.Repeat("Canaryname", 20))...),
		form(append(slices.Clone(change), "name", "Canaryname\x07")...), form(append(slices.Clone(change), "uses", []string{"Canaryname"})...),
		form(append(slices.Clone(change), "parcels", []string{"Canaryname"})...), form(append(slices.Clone(change), "counties", []string{"Canaryname"})...),
		form(append(slices.Clone(change), "investment", "Canaryname")...), form(append(slices.Clone(change), "needs", "Canaryname")...),
		form(change...)[:200], `"Canaryname"`, "Canaryname",
	} {
		bad(body)
	}
	pool, err := pgxpool.NewWithConfig(t.Context(), o.cfg.Copy())
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	for _, sql := range []string{`ALTER TABLE intent ADD CHECK (industry <> 'A99')`, `ALTER TABLE intent_event ADD CHECK (state <> 'matched')`} {
		if _, err := pool.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	bad(form(append(slices.Clone(change), "industry", "A99")...))
	if a := o.move(t, number, "matched", note, staff("甲")...); a.status < 400 {
		t.Errorf("a failing record: %d", a.status)
	}

	for path, address := range reads() {
		if path != "/*" {
			sweep(t, address, get(t, o.Server, address).body, canaries)
		}
	}
	sweep(t, "the queue", get(t, o.Server, "/v1/intents", staff("")...).body, without(canaries, "company"))
	sweep(t, "the intent, to staff", get(t, o.Server, "/v1/intents/"+number, staff("")...).body, without(canaries, "company", "note"))
	sweep(t, "the intent, to nobody", get(t, o.Server, "/v1/intents/"+number).body, canaries)
	said := o.log.String()
	if !strings.Contains(said, "/v1/intents/:number") {
		t.Errorf("the log does not hold the requests:\n%s", said)
	}
	sweep(t, "the log", []byte(said), canaries)

	// So that the notifications hold something, something public changes.
	if a := o.create(t, "one-more"); a.status != http.StatusCreated {
		t.Fatal(a.status)
	}
	if heard := notified(); heard == "" {
		t.Error("nothing was notified")
	} else {
		sweep(t, "notifications", []byte(heard), canaries)
	}
	sweep(t, "the dump", dump(t, o.cfg), canaries)
	for _, table := range []string{"change_log", "history"} {
		var rows string
		if err := pool.QueryRow(t.Context(), `SELECT coalesce(json_agg(t)::text, '') FROM `+table+` t`).Scan(&rows); err != nil {
			t.Fatal(err)
		}
		sweep(t, table, []byte(rows), canaries)
		if strings.Contains(rows, number) {
			t.Errorf("%s speaks of the intent", table)
		}
	}
	// The sweep itself works: what is meant to be read is found.
	found := ask(t, o.Server, http.MethodPost, "/v1/intents/"+number+"/contact", "", staff("甲")...).body
	for field, canary := range without(canaries, "note", "secret", "key") {
		if !bytes.Contains(found, []byte(canary)) {
			t.Errorf("%s is lost", field)
		}
	}
}

func without(m map[string]string, fields ...string) map[string]string {
	rest := map[string]string{}
	for k, v := range m {
		if !slices.Contains(fields, k) {
			rest[k] = v
		}
	}
	return rest
}

// sweep looks for canaries, also in hexadecimal, as a dump writes bytes.
func sweep(t *testing.T, where string, b []byte, canaries map[string]string) {
	t.Helper()
	for field, canary := range canaries {
		if bytes.Contains(b, []byte(canary)) || bytes.Contains(b, []byte(hex.EncodeToString([]byte(canary)))) {
			t.Errorf("%s tells the %s", where, field)
		}
	}
}

// listen gathers what is notified until the function that it gives is called.
func (o *office) listen(t *testing.T) (heard func() string) {
	t.Helper()
	pool, err := pgxpool.NewWithConfig(t.Context(), o.cfg.Copy())
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Release(); pool.Close() })
	if _, err := conn.Exec(t.Context(), "LISTEN kora_change"); err != nil {
		t.Fatal(err)
	}
	return func() string {
		var all strings.Builder
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		for n, err := conn.Conn().WaitForNotification(ctx); err == nil; n, err = conn.Conn().WaitForNotification(ctx) {
			fmt.Fprintf(&all, "%+v\n", n)
			cancel() // what has come is still given, and then the end
		}
		return all.String()
	}
}

// dump is the whole database as pg_dump writes it.
func dump(t *testing.T, cfg *pgxpool.Config) []byte {
	t.Helper()
	programs, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pg_dump")
	if p, err := exec.LookPath("pg_dump"); err == nil {
		programs = append(programs, p)
	}
	if len(programs) == 0 {
		t.Skip("pg_dump is not installed")
	}
	c := cfg.ConnConfig
	out, err := exec.CommandContext(t.Context(), programs[len(programs)-1], "--host", c.Host, "--port", fmt.Sprint(c.Port), "--username", c.User, c.Database).CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("intent_contact")) {
		t.Fatalf("pg_dump: %v\n%.2000s", err, out)
	}
	return out
}

func TestHostileForms(t *testing.T) {
	o := openOffice(t)
	for name, c := range map[string]struct {
		form   string
		status int
	}{
		"huge":             {form("project", strings.Repeat("x", 2<<20)), 413},
		"large":            {form("project", strings.Repeat("x", 70<<10)), 413},
		"no JSON":          {"{", 400},
		"deep":             {strings.Repeat("[", 20000), 400},
		"NUL":              {form("name", "a\x00b"), 422},
		"escape":           {form("project", "a\x1b[2Jb"), 422},
		"right to left":    {form("company", "\u202egnp.exe"), 422},
		"line in a name":   {form("name", "a\nb"), 422},
		"no phone":         {form("phone", "call me"), 422},
		"no consent":       {form("consent", nil), 422},
		"old consent":      {form("consent", "2020-01"), 422},
		"no such industry": {form("industry", "Z1"), 422},
		"no such parcel":   {form("parcels", []string{"LZ-99"}), 422},
		"no such term":     {form("needs", []any{map[string]any{"term": "colour", "values": []string{"red"}}}), 422},
		"upside down":      {form("area_min_m2", 10, "area_max_m2", 5), 422},
		"negative":         {form("investment", -1), 422},
		"unknown field":    {form("admin", true), 422},
		"41 needs":         {form("needs", slices.Repeat([]any{map[string]any{"term": "access"}}, 41)), 422},
	} {
		a := ask(t, o.Server, http.MethodPost, "/v1/intents", c.form, append(o.caller(), "Accept-Language", "zh")...)
		if a.status != c.status || a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d, want %d: %.300s", name, a.status, c.status, a.body)
		}
	}
	// Markup is text like any other.
	const markup = `<script>alert("x")</script><img src=x onerror=alert(1)>`
	number, secret := o.submit(t, form("company", markup, "project", markup))
	a := ask(t, o.Server, http.MethodPost, "/v1/intents/"+number+"/contact", "", "Kora-Secret", secret)
	if at(a.json(t), "project") != markup || at(a.json(t), "company") != markup ||
		a.header.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
		t.Errorf("%v %s", a.header, a.body)
	}
	for phone, ok := range map[string]bool{"0894-5820000": true, "（0894）582 0000转8001": true, "＋８６　１３８００００００００": true, "400-800-0000": true, "手机 138 0000 0000": true, "12": false} {
		a := ask(t, o.Server, http.MethodPost, "/v1/intents", form("phone", phone), o.caller()...)
		if (a.status == http.StatusCreated) != ok {
			t.Errorf("phone %s: %d %s", phone, a.status, a.body)
		}
	}
}

// TestWithoutKeysNoIntentsAreTaken: the map goes on.
func TestWithoutKeysNoIntentsAreTaken(t *testing.T) {
	srv := serve(t, atlastest.Town(t))
	for _, c := range []struct{ method, path, body string }{
		{http.MethodPost, "/v1/intents", form()}, {http.MethodGet, "/v1/intents/YX20260701-AAAAAA", ""}, {http.MethodGet, "/v1/intents", ""},
	} {
		a := ask(t, srv, c.method, c.path, c.body, "Authorization", "Bearer "+token)
		if a.status != http.StatusServiceUnavailable || at(a.json(t), "reason") != "unavailable" {
			t.Errorf("%s %s: %d %s", c.method, c.path, a.status, a.body)
		}
	}
}

// TestIntentsOutliveRotation wraps every data key anew while the service runs.
func TestIntentsOutliveRotation(t *testing.T) {
	o := openOffice(t)
	number, secret := o.submit(t, form())
	if err := o.vault.Rotate(); err != nil {
		t.Fatal(err)
	}
	n, err := o.store.RewrapContacts(t.Context(), func(intent string, key []byte) ([]byte, error) {
		return o.vault.Rewrap(kora.IntentSubject(intent), key)
	})
	if err != nil || n != 1 {
		t.Fatalf("rewrapped %d: %v", n, err)
	}
	if _, err := o.vault.Retire(true); err != nil {
		t.Fatal(err)
	}
	if v := get(t, o.Server, "/v1/intents/"+number, "Kora-Secret", secret).json(t); at(v, "contact", "phone") != "138****0000" {
		t.Errorf("%v", v)
	}
	if again, _ := o.submit(t, form("name", "后来")); again == number {
		t.Error("no new intent after rotation")
	}
	// Rows that were swapped do not open.
	pool, err := pgxpool.NewWithConfig(t.Context(), o.cfg.Copy())
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	_, err = pool.Exec(t.Context(), `UPDATE intent_contact c SET key = d.key, text = d.text FROM intent_contact d WHERE c.intent <> d.intent`)
	if err != nil {
		t.Fatal(err)
	}
	if a := get(t, o.Server, "/v1/intents/"+number, "Kora-Secret", secret); a.status != http.StatusInternalServerError {
		t.Errorf("another's contact: %d %s", a.status, a.body)
	}
}
