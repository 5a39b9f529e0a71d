// Package words tells refusals in the languages of the people who get them: Chinese and Tibetan beside the English of the
// log. A sentence is found by the format that it was made of, so its numbers, names and cells stay as they are.
//
// The Tibetan has not yet been read by a native speaker.
package words

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kora"
)

// A Language is one that refusals are told in.
type Language int

const (
	English Language = iota // also when nobody asks for another
	Chinese
	Tibetan
)

// Tags are the BCP 47 tags of the languages, in their order.
func Tags() []string { return []string{"en", "zh", "bo"} }

// OfLocale is the language of a locale such as zh_CN.UTF-8, English where it is another's.
func OfLocale(locale string) (l Language) {
	if tag, _, _ := strings.Cut(locale, "_"); slices.Contains(Tags(), tag) {
		_ = l.Set(tag)
	}
	return l
}

func (l Language) String() string { return Tags()[l] }

// Set reads a tag; with Type it makes a Language an option of the command line.
func (l *Language) Set(tag string) error {
	i := slices.Index(Tags(), tag)
	if i < 0 {
		return fmt.Errorf("%q is none of %v", tag, Tags())
	}
	*l = Language(i)
	return nil
}

func (Language) Type() string { return "language" }

// told is a sentence or word in the languages other than English.
type told struct{ zh, bo string }

func (t told) in(l Language) string {
	if l == Tibetan {
		return t.bo
	}
	return t.zh
}

// Err tells any error: a fault or refusal of ours in the language, everything else as it is.
func (l Language) Err(err error) string {
	if f, ok := errors.AsType[kora.Fault](err); ok && l != English {
		return l.Fault(f)
	}
	if e, ok := errors.AsType[*kora.Error](err); ok && l != English {
		return l.Error(e)
	}
	return err.Error()
}

// Fault tells what is wrong at which place of a file: "宗地.txt 第 12 行（地块面积）：…".
func (l Language) Fault(f kora.Fault) string {
	if l == English {
		return f.Error()
	}
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		line := told{" 第 %d 行", " ཕྲེང་ %d"}
		if strings.HasSuffix(strings.ToLower(f.File), "json") { // which counts features and elements
			line = told{" 第 %d 项", " རྣམ་གྲངས་ %d"}
		}
		fmt.Fprintf(&b, line.in(l), f.Line)
	}
	if part := l.Part(f.Part); part != "" && part != l.Field(f.Err.Field) { // which Error tells
		b.WriteString("（" + strings.TrimSuffix(part, "།") + "）")
	}
	return b.String() + "：" + l.Error(f.Err)
}

// Error tells which input is wrong and what is wrong with it: "海拔（12000）：应在 -500 至 9,000 米之间。".
func (l Language) Error(e *kora.Error) string {
	if l == English {
		return e.Error()
	}
	said := l.About(e.Field, e.Value, l.Sentence(e))
	if e.Err != nil {
		said += "（" + l.Err(e.Err) + "）"
	}
	return said
}

// About puts the input before a sentence that is in the language already.
func (l Language) About(field, value, sentence string) string {
	if l == English {
		return (&kora.Error{Field: field, Value: value, Text: sentence}).Error()
	}
	if field == "" {
		return sentence
	}
	subject := strings.TrimSuffix(l.Field(field), "།")
	if value != "" {
		subject += "（" + value + "）"
	}
	return subject + "：" + sentence
}

// Sentence tells what is wrong, and not with which input. What it has no words for it tells by its reason.
func (l Language) Sentence(e *kora.Error) string {
	if l == English {
		return e.Text
	}
	if t, known := sentence(e.Format); known {
		return fmt.Sprintf(t.in(l), l.args(e.Args)...)
	}
	if len(e.Args) == 1 && e.Format == "%v" {
		if inner, ours := e.Args[0].(*kora.Error); ours {
			return l.Sentence(inner)
		}
	}
	if e.Format == "" { // of another library
		return l.Reason(e.Reason)
	}
	return l.Reason(e.Reason) + "（" + e.Text + "）"
}

func sentence(format string) (told, bool) {
	for _, all := range []map[string]told{fileSentences, recordSentences, serviceSentences, reportSentences, layerSentences, scenarioSentences, sitingSentences} {
		if t, ok := all[format]; ok {
			return t, true
		}
	}
	return told{}, false
}

func (l Language) args(args []any) []any {
	said := slices.Clone(args)
	for i, arg := range args {
		if list := reflect.ValueOf(arg); list.Kind() == reflect.Slice {
			said[i] = l.list(list)
		}
		switch arg := arg.(type) {
		case *kora.Error:
			said[i] = l.Sentence(arg)
		case kora.Word:
			for _, all := range []map[kora.Word]told{wordsWithin, foreignWords} {
				if t, ok := all[arg]; ok {
					said[i] = t.in(l)
				}
			}
		}
	}
	return said
}

func (l Language) list(values reflect.Value) string {
	all := make([]string, values.Len())
	for i := range all {
		all[i] = fmt.Sprint(values.Index(i))
	}
	return strings.Join(all, told{"、", ", "}.in(l))
}

// Sayf tells a sentence that is no refusal.
func (l Language) Sayf(format string, args ...any) string {
	if t, known := sentence(format); known && l != English {
		return fmt.Sprintf(t.in(l), l.args(args)...)
	}
	return fmt.Sprintf(format, args...)
}

// Reason tells what is wrong in general.
func (l Language) Reason(r kora.Reason) string { return reasons[r][l] }

// Field is the name of a field, parameter or property, of which a name has one in each language: name.zh.
func (l Language) Field(name string) string {
	if l == English {
		return name
	}
	if t, ok := fields[name]; ok {
		return t.in(l)
	}
	if m := listed.FindStringSubmatch(name); m != nil {
		i, _ := strconv.Atoi(m[2])
		return fmt.Sprintf("%s %d %s", strings.TrimSuffix(l.Field(m[1]), "།"), i+1, l.Field(m[3]))
	}
	if base, last, ok := cutLast(name); ok {
		_, known := fields[base]
		if suffix, has := suffixes[last]; known && has {
			return l.Field(base) + suffix.in(l)
		}
	}
	return name
}

// listed is a field of one of several: "needs[0].weight".
var listed = regexp.MustCompile(`^(\w+)\[(\d+)\]\.(\w+)$`)

func cutLast(name string) (base, last string, ok bool) {
	i := strings.LastIndexAny(name, "._")
	if i < 0 {
		return name, "", false
	}
	return name[:i], name[i+1:], true
}

// shapePart is how importers count within a geometry: "polygon 1, ring 2, position 3".
var shapePart = regexp.MustCompile(`^(polygon|ring|line|position) (\d+)$`)

// Part is a place within a record: a field, a heading of the file, or a ring and its corner.
func (l Language) Part(part string) string {
	if l == English {
		return part
	}
	shape, steps := false, strings.Split(part, ", ")
	for i, s := range steps {
		name, _, _ := strings.Cut(s, " (") // behind which stands what the file calls it
		if m := shapePart.FindStringSubmatch(name); m != nil {
			shape, steps[i] = true, strings.Replace(s, name, fmt.Sprintf(shapeWords[m[1]].in(l), m[2]), 1)
		}
	}
	if !shape {
		return l.Field(part)
	}
	return strings.Join(steps, " ")
}
