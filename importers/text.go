package importers

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
	"golang.org/x/text/width"

	"kora"
)

const saveAs = "; save it as UTF-8 (in Excel: CSV UTF-8) or as GB18030"

// A text is a file of text whose encoding is known to hold for all of it. It keeps the bytes of the file and decodes them
// anew for each reader, so that a text of 50 MB costs 50 MB.
type text struct {
	raw      []byte
	encoding string // "UTF-8", "GB18030" or "UTF-16"
	decoder  func() transform.Transformer
	macLines bool // lines end in CR alone
}

// readText reads a whole text of at most 50 MB in UTF-8, with or without a byte order mark, in GB18030 (of which GBK
// and GB 2312 are subsets), or in UTF-16 with its mark, as the "Unicode" of Notepad is. Bytes that are none of these are
// refused rather than replaced. Lines end in LF, CRLF or CR alone.
func readText(name string, r io.Reader) (*text, error) {
	raw, err := readAll(name, r)
	if err != nil {
		return nil, err
	}
	t, refusal := textOf(raw)
	if refusal != nil {
		return nil, refusal.in(name)
	}
	return t, nil
}

// readAll reads a file of at most 50 MB, in steps that leave little behind.
func readAll(name string, r io.Reader) ([]byte, error) {
	var b bytes.Buffer
	if f, ok := r.(interface{ Stat() (fs.FileInfo, error) }); ok {
		if info, err := f.Stat(); err == nil {
			b.Grow(int(min(info.Size(), maxFileBytes)) + bytes.MinRead + 1)
		}
	}
	if _, err := b.ReadFrom(io.LimitReader(r, maxFileBytes+1)); err != nil {
		return nil, fmt.Errorf("read %s: %w", baseName(name), err)
	}
	if b.Len() > maxFileBytes {
		return nil, tooLarge(name, maxFileBytes)
	}
	return b.Bytes(), nil
}

// reader gives the text in UTF-8, with lines that end in LF or CRLF.
func (t *text) reader() io.Reader {
	var r io.Reader = bytes.NewReader(t.raw)
	if t.decoder != nil {
		r = transform.NewReader(r, t.decoder())
	}
	if t.macLines {
		r = lineEnds{r}
	}
	return r
}

// lineEnds turns CR into LF.
type lineEnds struct{ r io.Reader }

func (l lineEnds) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for i, b := range p[:n] {
		if b == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}

func tooLarge(name string, limit int) error {
	return wholeFile(name, 0, kora.ReasonTooLarge, "the file is larger than %d MB", limit>>20)
}

type encodingRefusal struct {
	line int
	err  *kora.Error
}

func (e *encodingRefusal) in(name string) error {
	return kora.Fault{File: baseName(name), Line: e.line, Err: e.err}
}

// signatures of what is often given in place of a text file.
var signatures = []struct {
	bytes string
	err   *kora.Error
}{
	{"PK\x03\x04", kora.Refuse(kora.ReasonFormat, "", nil, "the file is a ZIP archive or an Excel workbook, not text")},
	{"\xd0\xcf\x11\xe0", kora.Refuse(kora.ReasonFormat, "", nil, "the file is an old Excel workbook (.xls), or one with a password; save it as .xlsx without a password")},
	{"%PDF", kora.Refuse(kora.ReasonFormat, "", nil, "the file is a PDF, not text")},
}

// utf16Marks begin a text in UTF-16.
var utf16Marks = map[string]unicode.Endianness{"\xff\xfe": unicode.LittleEndian, "\xfe\xff": unicode.BigEndian}

func textOf(raw []byte) (*text, *encodingRefusal) {
	for _, s := range signatures {
		if bytes.HasPrefix(raw, []byte(s.bytes)) {
			return nil, &encodingRefusal{0, s.err}
		}
	}
	if len(raw) >= 2 {
		if order, ok := utf16Marks[string(raw[:2])]; ok {
			return decodedText("UTF-16", raw[2:], func() transform.Transformer { return unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder() })
		}
	}
	raw, marked := bytes.CutPrefix(raw, []byte("\ufeff"))
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, &encodingRefusal{0, kora.Refuse(kora.ReasonTruncated, "", nil, "the file is empty")}
	}
	if i := bytes.IndexByte(raw, 0); i >= 0 {
		return nil, &encodingRefusal{lineAt(raw, i), kora.Refuse(kora.ReasonEncoding, "", nil, "the file holds NUL bytes: UTF-16 without its mark, or not a text"+saveAs)}
	}
	bad, han := scanUTF8(raw)
	if bad.count == 0 {
		return &text{raw: raw, encoding: "UTF-8", macLines: !bytes.Contains(raw, []byte("\n"))}, nil
	}
	// Text in GB18030 hardly ever forms the long sequences of UTF-8, so a text with more of them than wrong bytes is
	// damaged UTF-8. Decoded as GB18030 it would give names that look right to a machine and to nobody else.
	if marked || han > bad.count {
		return nil, &encodingRefusal{lineAt(raw, bad.first), kora.Refuse(kora.ReasonEncoding, "", nil, "the text is UTF-8 with bytes that are not"+saveAs)}
	}
	return decodedText("GB18030", raw, func() transform.Transformer { return simplifiedchinese.GB18030.NewDecoder() })
}

// decodedText is a text in another encoding than UTF-8, read once to see that all of it is.
func decodedText(encoding string, raw []byte, decoder func() transform.Transformer) (*text, *encodingRefusal) {
	t := &text{raw: raw, encoding: encoding, decoder: decoder}
	r := bufio.NewReader(t.reader())
	lines, blank := 0, true
	for {
		c, _, err := r.ReadRune()
		switch {
		case errors.Is(err, io.EOF):
			if blank {
				return nil, &encodingRefusal{0, kora.Refuse(kora.ReasonTruncated, "", nil, "the file is empty")}
			}
			t.macLines = lines == 0
			return t, nil
		case err != nil || c == utf8.RuneError:
			return nil, &encodingRefusal{1 + lines, kora.Refuse(kora.ReasonEncoding, "", nil, "the text is neither UTF-8 nor %s"+saveAs, encoding)}
		case c == 0:
			return nil, &encodingRefusal{1 + lines, kora.Refuse(kora.ReasonEncoding, "", nil, "the file holds NUL characters, so it is not a text"+saveAs)}
		case c == '\n':
			lines++
		}
		blank = blank && invisible(c)
	}
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
