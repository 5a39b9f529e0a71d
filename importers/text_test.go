package importers

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/unicode"

	"kora"
)

func TestEncodings(t *testing.T) {
	const text = "站点编号,站点名称\nSL-1,拉萨示例驿站\n"
	for name, raw := range map[string]string{
		"UTF-8":         text,
		"UTF-8 and BOM": "\ufeff" + text,
		"GB18030":       gb18030(t, text),
		"UTF-16LE":      utf16(t, unicode.LittleEndian, text),
		"UTF-16BE":      utf16(t, unicode.BigEndian, text),
	} {
		got, err := decoded("x.csv", raw)
		if err != nil || got != text {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	// Tibetan has four bytes a letter in GB18030.
	tibetan := "ལྷ་ས།\n"
	if got, err := decoded("x", gb18030(t, tibetan)); err != nil || got != tibetan {
		t.Errorf("Tibetan in GB18030: %q, %v", got, err)
	}
	if got, err := decoded("x", "a\rb\r"); err != nil || got != "a\nb\n" {
		t.Errorf("lines that end in CR: %q, %v", got, err)
	}
}

// decoded is a whole text in UTF-8.
func decoded(name, raw string) (string, error) {
	t, err := readText(name, strings.NewReader(raw))
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(t.reader())
	return string(b), err
}

func utf16(t testing.TB, order unicode.Endianness, s string) string {
	t.Helper()
	b, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEncodingRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		raw    string
		reason kora.Reason
		line   int
		text   string
	}{
		"half a UTF-16":        {"\xff\xfea\x00\n\x00b", kora.ReasonEncoding, 2, "UTF-16"},
		"UTF-16 of pictures":   {"\xff\xfea\x00\x00\x00", kora.ReasonEncoding, 1, "NUL"},
		"lone surrogate":       {"\xfe\xff\xd8\x00\x00a", kora.ReasonEncoding, 1, "UTF-16"},
		"only a UTF-16 mark":   {"\xff\xfe", kora.ReasonTruncated, 0, "empty"},
		"UTF-16 without mark":  {"a\x00\n\x00b\x00", kora.ReasonEncoding, 1, "save it as UTF-8"},
		"workbook":             {"PK\x03\x04....", kora.ReasonFormat, 0, "Excel"},
		"old workbook":         {"\xd0\xcf\x11\xe0\xa1\xb1", kora.ReasonFormat, 0, "Excel"},
		"nothing":              {"", kora.ReasonTruncated, 0, "empty"},
		"only a mark":          {"\ufeff \n", kora.ReasonTruncated, 0, "empty"},
		"neither":              {"a,b\n\xff\xff,\x81\x20\n", kora.ReasonEncoding, 2, "neither UTF-8 nor GB18030"},
		"cut UTF-8":            {"站点\n拉萨市城关区示例路" + "\xe4\xb8", kora.ReasonEncoding, 2, "UTF-8 with bytes that are not"},
		"marked but not UTF-8": {"\ufeff" + gb18030(t, "编号"), kora.ReasonEncoding, 1, "UTF-8 with bytes that are not"},
	} {
		_, err := readText("dir/x.csv", strings.NewReader(c.raw))
		f := wantRefused(t, Batch[kora.Station]{}, err, c.reason, c.text)
		if f.Line != c.line || f.File != "x.csv" {
			t.Errorf("%s: at %s:%d, want x.csv:%d", name, f.File, f.Line, c.line)
		}
	}
	if _, err := readText("x", io.LimitReader(endless("a,b\n"), maxFileBytes+1)); kora.ReasonOf(err) != kora.ReasonTooLarge {
		t.Errorf("a file over the limit: %v", err)
	}
	if _, err := readText("x", iotest.ErrReader(io.ErrClosedPipe)); err == nil || kora.ReasonOf(err) != "" {
		t.Errorf("a reader that fails is not the file's fault: %v", err)
	}
}

func TestCappedReader(t *testing.T) {
	for size, tooMuch := range map[int]bool{9: false, 10: false, 11: true, 5000: true} {
		got, err := io.ReadAll(&cappedReader{over: tooLarge("x", 10), r: io.LimitReader(endless("ab"), int64(size)), left: 10})
		if (kora.ReasonOf(err) == kora.ReasonTooLarge) != tooMuch || !tooMuch && len(got) != size {
			t.Errorf("%d bytes through a cap of 10: %d, %v", size, len(got), err)
		}
	}
}

// endless repeats s for ever.
func endless(s string) io.Reader { return &repeater{s: s} }

type repeater struct {
	s  string
	at int
}

func (r *repeater) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = r.s[r.at]
		r.at = (r.at + 1) % len(r.s)
	}
	return len(p), nil
}
