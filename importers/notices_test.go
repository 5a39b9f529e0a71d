package importers

import (
	"strings"
	"testing"
	"time"

	"kora"
)

func TestNotices(t *testing.T) {
	b, err := Notices("notices.json", strings.NewReader(sample(t, "notices.json")))
	got := mustRead(t, b, err)
	if len(got) != 3 || got[2].Line != 3 {
		t.Fatalf("got %+v", got)
	}
	a := got[0].Value
	if a.Code != "SL-N-1" || a.Kind != kora.NoticeNotice || a.Title != (kora.Name{ZH: "示例公告", EN: "Sample notice"}) ||
		a.Body.ZH != "第一段\n\n第二段" || strings.Join(a.Parcels, " ") != "SL-P-01 SL-P-02" || !a.Sample {
		t.Errorf("first: %+v", a)
	}
	if !a.PublishedOn.Equal(time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("published on %v", a.PublishedOn)
	}
	// A closing day lasts to midnight in China, which is 16:00 UTC.
	if !a.ClosesAt.Equal(time.Date(2026, 7, 31, 16, 0, 0, 0, time.UTC)) {
		t.Errorf("closes at %v", a.ClosesAt)
	}
	if g := got[1].Value; g.Title.ZH != "示例指南" || g.Body.EN != "Steps" || !g.ClosesAt.IsZero() {
		t.Errorf("second: %+v", g)
	}
	if p := got[2].Value; !p.ClosesAt.Equal(time.Date(2026, 12, 31, 10, 0, 0, 0, time.UTC)) {
		t.Errorf("third closes at %v", p.ClosesAt)
	}
}

func TestNoticeFaults(t *testing.T) {
	const good = `{"code":"N","kind":"guide","title":"甲","published_on":"2026-07-01"}`
	for _, c := range []struct{ element, want string }{
		{`5`, " format"},
		{`[[]]`, " format"},
		{`null`, "code required"},
		{`{"kind":"guide","title":"甲","published_on":"2026-07-01"}`, "code required"},
		{`{"code":"A","kind":"news","title":"甲","published_on":"2026-07-01"}`, "kind unknown-value"},
		{`{"code":"A","kind":"guide","title":7,"published_on":"2026-07-01"}`, "title syntax"},
		{`{"code":"A","kind":"guide","title":"甲","body":[],"published_on":"2026-07-01"}`, "body syntax"},
		{`{"code":"A","kind":"guide","title":"甲","body":"` + strings.Repeat("长", maxBodyRunes+1) + `","published_on":"2026-07-01"}`, "body too-long"},
		{`{"code":"A","kind":"guide","title":"甲"}`, "published_on required"},
		{`{"code":"A","kind":"guide","title":"甲","published_on":"2026-02-30"}`, "published_on syntax"},
		{`{"code":"A","kind":"guide","title":"甲","published_on":"9999-12-31"}`, "published_on out-of-range"},
		{`{"code":"A","kind":"guide","title":"甲","published_on":"2026-07-01","closes_at":"soon"}`, "closes_at syntax"},
		{`{"code":"A","kind":"guide","title":"甲","published_on":"2026-07-01","closes_at":"2026-06-29"}`, "closes_at out-of-range"},
		{`{"code":"A","kind":"guide","title":"甲","published_on":"2026-07-01","parcels":[""]}`, "parcels required"},
		{`{"code":"A","kind":"guide","title":"甲","published_on":"2026-07-01","parcels":"P1"}`, "parcels syntax"},
		{good, "code duplicate"},
	} {
		b, err := Notices("n.json", strings.NewReader("["+good+","+c.element+"]"))
		checkBatch(t, b, err)
		if got := faultList(b.Faults); err != nil || got != "2 "+c.want+"\n" || len(b.Items) != 1 {
			t.Errorf("%.100s\ngot  %swant 2 %s (%v)", c.element, got, c.want, err)
		}
	}
	for name, c := range map[string]struct {
		text   string
		reason kora.Reason
	}{
		"nothing":                      {"", kora.ReasonTruncated},
		"object":                       {"{}", kora.ReasonFormat},
		"two arrays":                   {"[" + good + "]\n[" + good + "]", kora.ReasonFormat},
		"cut off":                      {"[" + good, kora.ReasonTruncated},
		"trailing comma":               {"[" + good + ",]", kora.ReasonFormat},
		"GB18030":                      {gb18030(t, "["+good+"]"), kora.ReasonEncoding},
		"deep":                         {"[" + strings.Repeat("[", 50) + strings.Repeat("]", 50) + "]", kora.ReasonFormat},
		"an element of many megabytes": {`[{"x":"` + strings.Repeat("x", 2<<20) + `"}]`, kora.ReasonTooLarge},
	} {
		b, err := Notices("n.json", strings.NewReader(c.text))
		t.Run(name, func(t *testing.T) { wantRefused(t, b, err, c.reason, "n.json") })
	}
}

// Two arrays one after the other, in GB18030, as a land market once delivered them.
func TestRealTwoArrays(t *testing.T) {
	b, err := Notices("output.json", strings.NewReader(realInput(t, "land-market/output.gbk-two-arrays.redacted.json")))
	wantRefused(t, b, err, kora.ReasonEncoding, "UTF-8")
}
