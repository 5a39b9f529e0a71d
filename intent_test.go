package kora_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"kora"
)

// TestSecretsAreNotTold tries the ways by which values get into logs and answers.
func TestSecretsAreNotTold(t *testing.T) {
	const canary = "canary-13800000000"
	contact := kora.Contact{Name: canary, Phone: canary}
	in := struct {
		Contact *kora.Contact
		Many    []kora.Secret
		By      map[string]kora.Secret
	}{&contact, []kora.Secret{canary}, map[string]kora.Secret{"a": canary}}
	var out bytes.Buffer
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%10.3s"} {
		fmt.Fprintf(&out, format+"\n", kora.Secret(canary))
		fmt.Fprintf(&out, format+"\n", contact)
		fmt.Fprintf(&out, format+"\n", &contact)
		fmt.Fprintf(&out, format+"\n", in.Many)
		fmt.Fprintf(&out, format+"\n", in.By)
	}
	fmt.Fprintln(&out, kora.Secret(canary), contact, fmt.Errorf("what %w with %v", kora.Refuse(kora.ReasonSyntax, "phone", contact.Phone, "is bad"), contact))
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Info("said", "secret", kora.Secret(canary), "contact", contact, "pointer", &contact, "in", in)
	}
	if err := json.NewEncoder(&out).Encode(in); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); strings.Contains(s, "1380") || strings.Contains(s, fmt.Sprintf("%x", canary)) || !strings.Contains(s, "[redacted]") {
		t.Errorf("a secret is told:\n%s", s)
	}
	if kora.Secret(canary).Reveal() != canary {
		t.Error("Reveal does not")
	}
}

func TestPhoneDigits(t *testing.T) {
	for s, want := range map[string]string{
		"13800000000":            "13800000000",
		"138 0000 0000":          "13800000000",
		"138-0000-0000":          "13800000000",
		"１３８００００００００":            "13800000000",
		"+86 138 0000 0000":      "13800000000",
		"＋８６１３８００００００００":         "13800000000",
		"0086-13800000000":       "13800000000",
		"8613800000000":          "13800000000",
		"(+86)13800000000":       "13800000000",
		"手机：13800000000":         "13800000000",
		"0894-5820000":           "08945820000",
		"(0894) 582 0000":        "08945820000",
		"（0894）5820000":          "08945820000",
		"+86 894 582 0000":       "08945820000",
		"86-894-5820000":         "08945820000",
		"0894-5820000转8001":      "08945820000",
		"0894-5820000 ext. 801":  "08945820000",
		"0894-5820000#801":       "08945820000",
		"0894-5820000分机3":        "08945820000",
		"010-65000000":           "01065000000",
		"+86 10 6500 0000":       "01065000000",
		"400-800-0000":           "4008000000",
		"+86 400 800 0000":       "4008000000",
		"5820000":                "5820000",
		"13800000000/0894582":    "13800000000",
		"13800000000、1390000000": "13800000000",
		"+852 2345 6789":         "85223456789",
		"00852 2345 6789":        "85223456789",
		"12345":                  "12345",
		"":                       "",
		"none":                   "",
		"1234":                   "",
		"138000<script>":         "",
		"1380000000013800000000": "",
	} {
		if got := kora.PhoneDigits(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
	for phone, want := range map[kora.Secret]string{"+86 13800000000": "138****0000", "5820000": "*******"} {
		if got := (&kora.Contact{Phone: phone}).Mask(); got != want {
			t.Errorf("masked %s, want %s", got, want)
		}
	}
}

func TestContactValidation(t *testing.T) {
	good := kora.Contact{Company: "示例公司", Name: "示例", Phone: "13800000000", Mail: "a@example.com", Project: "一行\n二行\t三"}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*kora.Contact){
		"no company":     func(c *kora.Contact) { c.Company = "" },
		"no name":        func(c *kora.Contact) { c.Name = "" },
		"no phone":       func(c *kora.Contact) { c.Phone = "" },
		"bad phone":      func(c *kora.Contact) { c.Phone = "SECRET" },
		"bad mail":       func(c *kora.Contact) { c.Mail = "SECRET" },
		"named mail":     func(c *kora.Contact) { c.Mail = "SECRET <a@example.com>" },
		"line in a name": func(c *kora.Contact) { c.Name = "SECRET\nx" },
		"NUL":            func(c *kora.Contact) { c.Project = "SECRET\x00" },
		"escape":         func(c *kora.Contact) { c.Project = "SECRET\x1b[31m" },
		"right to left":  func(c *kora.Contact) { c.Company = "SECRET\u202egpj.exe" },
		"no UTF-8":       func(c *kora.Contact) { c.Company = "SECRET\xff" },
		"long":           func(c *kora.Contact) { c.Project = kora.Secret(strings.Repeat("S", 4001)) },
	} {
		c := good
		spoil(&c)
		if err := c.Validate(); kora.ReasonOf(err) == "" || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: %v", name, err)
		}
	}
	untidy := kora.Contact{Company: " 甲\u3000", Project: "a\r\nb"}
	if untidy.Tidy(); untidy.Company != "甲" || untidy.Project != "a\nb" {
		t.Errorf("%q %q", untidy.Company.Reveal(), untidy.Project.Reveal())
	}
}

// TestEveryIntentCanBeClosed walks the states.
func TestEveryIntentCanBeClosed(t *testing.T) {
	seen := map[kora.IntentState]bool{}
	var walk func(in kora.Intent)
	walk = func(in kora.Intent) {
		if len(in.Events) > len(kora.IntentStates()) {
			t.Fatal("states go round in a circle")
		}
		seen[in.State] = true
		next := in.State.Next()
		if final := in.State == kora.IntentClosed || in.State == kora.IntentWithdrawn; final != (len(next) == 0) {
			t.Errorf("after %s: %v", in.State, next)
		}
		for _, s := range kora.IntentStates() {
			err := in.MayMove(s, "b")
			if may := slices.Contains(next, s); may != (err == nil) {
				t.Errorf("%s to %s: %v", in.State, s, err)
			}
		}
		for _, s := range next {
			who := "a"
			after := in
			after.State, after.Events = s, append(slices.Clone(in.Events), kora.IntentEvent{Deed: kora.DeedState, State: s, Who: who})
			walk(after)
		}
	}
	walk(kora.Intent{State: kora.IntentSubmitted})
	if len(seen) != len(kora.IntentStates()) {
		t.Errorf("only %v are ever reached", seen)
	}
}

func TestTwoPeopleHandleAnIntent(t *testing.T) {
	in := kora.Intent{State: kora.IntentAnswered, Events: []kora.IntentEvent{
		{Deed: kora.DeedState, State: kora.IntentAccepted, Who: "Li Wei"}, {Deed: kora.DeedRead, State: kora.IntentAccepted, Who: "b"}}}
	for who, want := range map[string]kora.Reason{"Li Wei": kora.ReasonTwoPeople, "li wei": kora.ReasonTwoPeople,
		"LIWEI ": kora.ReasonTwoPeople, "b": "", kora.Submitter: kora.ReasonUnauthorized} {
		if got := kora.ReasonOf(in.MayMove(kora.IntentClosed, who)); got != want {
			t.Errorf("closed by %q: %q, want %q", who, got, want)
		}
	}
	if err := in.MayMove(kora.IntentWithdrawn, kora.Submitter); err != nil {
		t.Error(err)
	}
}

func TestWantedFollowsFromTheAnswers(t *testing.T) {
	least := 5.0
	in := kora.Intent{Uses: []string{"10"}, AreaMinM2: 100, Counties: []string{"540402"}}
	w := in.Wanted()
	if len(w) != 3 || !w[0].Hard || w[1].Hard || *w[1].Min != 100 || w[1].Max != nil || w[2].Values[0] != "540402" {
		t.Errorf("%+v", w)
	}
	in.Needs = []kora.Need{{Term: "area", Min: &least, Hard: true}}
	if w := in.Wanted(); len(w) != 3 || !w[0].Hard || *w[0].Min != 5 {
		t.Errorf("%+v", w)
	}
}

func FuzzPhoneDigits(f *testing.F) {
	for _, s := range []string{"+86 13800000000", "（0894）5820000转8", "\xff", "00", "86"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := kora.PhoneDigits(s)
		if strings.Trim(d, "0123456789") != "" || len(d) > 16 {
			t.Errorf("%q: %q", s, d)
		}
		(&kora.Contact{Phone: kora.Secret(s)}).Mask()
	})
}
