package importers

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"

	"kora"
)

const (
	maxDepth        = 32      // of nested arrays and objects
	maxMembers      = 1_000   // of one object
	maxElementBytes = 1 << 20 // of the properties of one feature, or one element of an array
)

// A jsonReader reads a JSON text token by token, so that its size in memory is that of what is kept of it. It refuses
// what encoding/json would mend or only stop at ten thousand levels: bytes that are not UTF-8, repeated members, depth.
type jsonReader struct {
	file   string
	dec    *json.Decoder
	gate   *gate
	depth  int
	number int // of the feature or element that is being read, for errors; 0 outside
}

// newJSONReader reads at most limit bytes.
func newJSONReader(name string, r io.Reader, limit int) (*jsonReader, error) {
	b := bufio.NewReaderSize(&cappedReader{r: r, left: limit, over: tooLarge(name, limit)}, 64<<10)
	start, err := b.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, readError(name, err)
	}
	for _, s := range signatures {
		if bytes.HasPrefix(start, []byte(s.bytes)) {
			return nil, wholeFile(name, 0, s.err.Reason, "%v", s.err)
		}
	}
	if len(start) >= 2 {
		if _, ok := utf16Marks[string(start[:2])]; ok {
			return nil, wholeFile(name, 0, kora.ReasonEncoding, "the text is UTF-16 (\"Unicode\"); JSON must be UTF-8")
		}
	}
	if bytes.HasPrefix(start, []byte("\ufeff")) {
		_, _ = b.Discard(3) // in the buffer: it cannot fail
	}
	g := &gate{r: transform.NewReader(b, encoding.UTF8Validator)}
	g.shut = wholeFile(name, 0, kora.ReasonTooLarge, "holds one value of more than %d MB", maxTokenBytes>>20)
	dec := json.NewDecoder(g)
	dec.UseNumber()
	return &jsonReader{file: baseName(name), dec: dec, gate: g}, nil
}

// A cappedReader fails when more than left bytes come.
type cappedReader struct {
	r    io.Reader
	left int
	over error
}

func (c *cappedReader) Read(p []byte) (int, error) {
	if len(p) > c.left+1 {
		p = p[:c.left+1]
	}
	n, err := c.r.Read(p)
	if n > c.left {
		return c.left, c.over
	}
	c.left -= n
	return n, err
}

func readError(name string, err error) error {
	if _, ok := errors.AsType[kora.Fault](err); ok {
		return err
	}
	return fmt.Errorf("read %s: %w", baseName(name), err)
}

// refuse makes the whole file unusable because of the element being read.
func (j *jsonReader) refuse(reason kora.Reason, format string, args ...any) error {
	return wholeFile(j.file, j.number, reason, format, args...)
}

func (j *jsonReader) wrap(err error) error {
	if err == nil {
		return nil
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return j.refuse(kora.ReasonFormat, "is not JSON near byte %d: %v", j.dec.InputOffset(), syntax)
	}
	switch {
	case errors.Is(err, encoding.ErrInvalidUTF8):
		return j.refuse(kora.ReasonEncoding, "the text is not UTF-8, as JSON must be; save it as UTF-8")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return j.refuse(kora.ReasonTruncated, "the file ends in the middle of its JSON")
	}
	return readError(j.file, err)
}

// token is the next token; a number is a json.Number.
func (j *jsonReader) token() (json.Token, error) {
	j.gate.open()
	t, err := j.dec.Token()
	if err != nil {
		return nil, j.wrap(err)
	}
	switch t {
	case json.Delim('{'), json.Delim('['):
		if j.depth++; j.depth > maxDepth {
			return nil, j.refuse(kora.ReasonFormat, "is nested more than %d levels deep", maxDepth)
		}
	case json.Delim('}'), json.Delim(']'):
		j.depth--
	}
	return t, nil
}

// more tells whether another element of an array follows.
func (j *jsonReader) more() bool {
	j.gate.open()
	return j.dec.More()
}

// skip reads to the end of the value that starts with t.
func (j *jsonReader) skip(t json.Token) error {
	if t != json.Delim('{') && t != json.Delim('[') {
		return nil
	}
	for depth := j.depth; j.depth >= depth; {
		if _, err := j.token(); err != nil {
			return err
		}
	}
	return nil
}

// members calls read at the value of each member of known, and skips the others. The { has been read.
func (j *jsonReader) members(known []string, read func(key string) error) error {
	var seen uint64
	for n := 0; ; n++ {
		if n > maxMembers {
			return j.refuse(kora.ReasonTooLarge, "has an object of more than %d members", maxMembers)
		}
		t, err := j.token()
		if err != nil {
			return err
		}
		if t == json.Delim('}') {
			return nil
		}
		key, _ := t.(string) // the decoder takes nothing else here
		if i := slices.Index(known, key); i >= 0 {
			if seen&(1<<i) != 0 {
				return j.refuse(kora.ReasonFormat, "has the member %q twice", key)
			}
			seen |= 1 << i
			err = read(key)
		} else {
			err = j.ignore()
		}
		if err != nil {
			return err
		}
	}
}

func (j *jsonReader) ignore() error {
	t, err := j.token()
	if err != nil {
		return err
	}
	return j.skip(t)
}

// text reads a value that should be a string; ok is false when it is not.
func (j *jsonReader) text() (s string, ok bool, err error) {
	t, err := j.token()
	if err != nil {
		return "", false, err
	}
	s, ok = t.(string)
	return s, ok, j.skip(t)
}

// raw reads a whole value of limited size and depth.
func (j *jsonReader) raw() (json.RawMessage, error) {
	j.gate.open()
	var raw json.RawMessage
	if err := j.dec.Decode(&raw); err != nil {
		return nil, j.wrap(err)
	}
	if len(raw) > maxElementBytes {
		return nil, j.refuse(kora.ReasonTooLarge, "has properties of more than %d KiB", maxElementBytes>>10)
	}
	if depthOf(raw)+j.depth > maxDepth {
		return nil, j.refuse(kora.ReasonFormat, "is nested more than %d levels deep", maxDepth)
	}
	return raw, nil
}

// depthOf is the depth of valid JSON.
func depthOf(raw []byte) int {
	depth, deepest, quoted := 0, 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
			deepest = max(deepest, depth)
		case c == '}' || c == ']':
			depth--
		}
	}
	return deepest
}

// end refuses anything after the value.
func (j *jsonReader) end() error {
	j.gate.open()
	_, err := j.dec.Token()
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return j.wrap(err)
	}
	return j.refuse(kora.ReasonFormat, "goes on after its end; a file holds one JSON value")
}
