package importers

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/width"

	"kora"
)

const saveAs = "; save it as UTF-8 (in Excel: CSV UTF-8) or as GB18030"

// readText reads a whole text of at most 50 MB in UTF-8, with or without a byte order mark, or in GB18030 (of which GBK
// and GB 2312 are subsets). Bytes that are neither are refused rather than replaced. Lines end in LF, CRLF or CR alone.
func readText(name string, r io.Reader) (string, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxFileBytes+1))
	if err != nil {
		return "", fmt.Errorf("read %s: %w", baseName(name), err)
	}
	if len(raw) > maxFileBytes {
		return "", tooLarge(name)
	}
	text, refusal := decodeText(raw)
	if refusal != nil {
		return "", kora.Fault{File: baseName(name), Line: refusal.line, Err: kora.Refuse(refusal.reason, "", nil, refusal.text)}
	}
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	return text, nil
}

func tooLarge(name string) error {
	return wholeFile(name, 0, kora.ReasonTooLarge, fmt.Sprintf("the file is larger than %d MB", maxFileBytes>>20))
}

type encodingRefusal struct {
	line   int
	reason kora.Reason
	text   string
}

// signatures of what is often given in place of a text file.
var signatures = []struct {
	bytes  string
	reason kora.Reason
	text   string
}{
	{"\xff\xfe", kora.ReasonEncoding, "the text is UTF-16 (\"Unicode\")" + saveAs},
	{"\xfe\xff", kora.ReasonEncoding, "the text is UTF-16 (\"Unicode big endian\")" + saveAs},
	{"PK\x03\x04", kora.ReasonFormat, "the file is a ZIP archive or an Excel workbook, not text; save the sheet as CSV UTF-8"},
	{"\xd0\xcf\x11\xe0", kora.ReasonFormat, "the file is an old Excel workbook, not text; save the sheet as CSV UTF-8"},
	{"%PDF", kora.ReasonFormat, "the file is a PDF, not text"},
}

func decodeText(raw []byte) (string, *encodingRefusal) {
	for _, s := range signatures {
		if bytes.HasPrefix(raw, []byte(s.bytes)) {
			return "", &encodingRefusal{0, s.reason, s.text}
		}
	}
	raw, marked := bytes.CutPrefix(raw, []byte("\ufeff"))
	if len(bytes.TrimSpace(raw)) == 0 {
		return "", &encodingRefusal{0, kora.ReasonTruncated, "the file is empty"}
	}
	if i := bytes.IndexByte(raw, 0); i >= 0 {
		return "", &encodingRefusal{lineAt(raw, i), kora.ReasonEncoding, "the file holds NUL bytes: UTF-16, or not a text" + saveAs}
	}
	bad, han := scanUTF8(raw)
	if bad.count == 0 {
		return string(raw), nil
	}
	// Text in GB18030 hardly ever forms the long sequences of UTF-8, so a text with more of them than wrong bytes is
	// damaged UTF-8. Decoded as GB18030 it would give names that look right to a machine and to nobody else.
	if marked || han > bad.count {
		return "", &encodingRefusal{lineAt(raw, bad.first), kora.ReasonEncoding, "the text is UTF-8 with bytes that are not" + saveAs}
	}
	decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
	if err != nil {
		return "", &encodingRefusal{0, kora.ReasonEncoding, "the text is neither UTF-8 nor GB18030" + saveAs}
	}
	if i := bytes.IndexRune(decoded, utf8.RuneError); i >= 0 {
		return "", &encodingRefusal{lineAt(decoded, i), kora.ReasonEncoding, "the text is neither UTF-8 nor GB18030" + saveAs}
	}
	return string(decoded), nil
}

type badBytes struct{ count, first int }

// scanUTF8 counts the bytes that are not UTF-8 and the sequences of three and four bytes, as Chinese and Tibetan have.
func scanUTF8(raw []byte) (bad badBytes, long int) {
	for i := 0; i < len(raw); {
		if raw[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(raw[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			if bad.count == 0 {
				bad.first = i
			}
			bad.count++
		case n >= 3:
			long++
		}
		i += n
	}
	return bad, long
}

// lineAt is the 1-based line of the byte at i.
func lineAt(text []byte, i int) int { return 1 + bytes.Count(text[:i], []byte("\n")) }

// fold brings full-width digits, letters and punctuation to their usual width and trims what cannot be seen. It is for
// codes, numbers and words of a list, never for names.
func fold(s string) string {
	return strings.TrimFunc(width.Fold.String(s), invisible)
}

// tidy trims a name and makes one space of every run of blanks in it, line breaks too.
func tidy(s string) string {
	return strings.Join(strings.Fields(strings.TrimFunc(s, invisible)), " ")
}

func invisible(r rune) bool {
	switch r {
	case '\u200b', '\u200e', '\u200f', '\u2060', '\ufeff':
		return true
	}
	return r <= ' ' || r == '\u00a0' || r == '\u3000'
}
