package words

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"kora"
)

// TestCatalogueIsWhole holds the catalogue against the source: every sentence of the house has its entry, and no entry is
// left over.
func TestCatalogueIsWhole(t *testing.T) {
	said := readHouse(t)
	for _, at := range said.variable {
		t.Errorf("%s: a sentence that is no constant is in no catalogue", at)
	}
	for format, at := range said.sentences {
		if _, known := sentence(format); !known && format != "%v" {
			t.Errorf("%s: %q is in no other language", at, format)
		}
	}
	for format := range catalogue() {
		if said.sentences[format] == "" {
			t.Errorf("%q is said nowhere", format)
		}
	}
	for word, at := range said.words {
		if _, known := wordsWithin[kora.Word(word)]; !known {
			t.Errorf("%s: the word %q is in no other language", at, word)
		}
	}
	for word := range wordsWithin {
		if said.words[string(word)] == "" {
			t.Errorf("the word %q is said nowhere", word)
		}
	}
	for name, at := range said.fields {
		if strings.ToLower(name) == name && unicode.IsLower([]rune(name + " ")[0]) && !asWritten[name] && Chinese.Field(name) == name {
			t.Errorf("%s: the field %q has no name in Chinese", at, name)
		}
	}
}

// asWritten are the options and parameters that one types, and what only operators are told of.
var asWritten = map[string]bool{
	"cursor": true, "database setting": true, "gbk": true, "min-zoom": true, "minutes, resolution": true, "near": true, "open-at": true,
	"open_at": true, "out": true, "profile": true, "q": true, "query": true, "raster maxzoom": true, "resolution": true, "sprite": true, "style": true,
}

func catalogue() map[string]told {
	all := map[string]told{}
	for _, part := range []map[string]told{fileSentences, recordSentences, serviceSentences, reportSentences, layerSentences, scenarioSentences, sitingSentences} {
		maps.Copy(all, part)
	}
	return all
}

func TestNoSentenceIsThereTwice(t *testing.T) {
	if n := len(fileSentences) + len(recordSentences) + len(serviceSentences) + len(reportSentences) + len(layerSentences) + len(scenarioSentences) + len(sitingSentences); n != len(catalogue()) {
		t.Errorf("%d entries for %d sentences", n, len(catalogue()))
	}
}

// verb is one of fmt's, with the number of its argument where that is written.
var verb = regexp.MustCompile(`%([-+# 0]*[\d.]*)(?:\[(\d+)\])?([a-zA-Z])`)

// TestNumbersAndNamesStay makes every sentence with arguments that can be told apart, and finds each of them, written the same
// way and as often, in every language.
func TestNumbersAndNamesStay(t *testing.T) {
	for format, told := range catalogue() {
		var args []any
		var written []string
		for i, v := range verb.FindAllStringSubmatch(strings.ReplaceAll(format, "%%", ""), -1) {
			args = append(args, argument(v[3], i))
			written = append(written, fmt.Sprintf("%"+v[1]+v[3], args[i]))
		}
		for _, l := range []Language{Chinese, Tibetan} {
			got := l.Sayf(format, args...)
			if strings.Contains(got, "%!") || len(verb.FindAllString(strings.ReplaceAll(told.in(l), "%%", ""), -1)) != len(args) {
				t.Errorf("%q does not suit %q: %s", told.in(l), format, got)
			}
			for _, w := range written {
				if !strings.Contains(got, w) {
					t.Errorf("%q lacks %s: %s", format, w, got)
				}
			}
		}
	}
}

func argument(verb string, i int) any {
	switch verb {
	case "d":
		return 7000 + i
	case "f", "g":
		return 70.125 + float64(i)
	}
	return "⟨" + strconv.Itoa(i) + "⟩"
}

// TestScripts finds a sentence that was put into the wrong column or left in English.
func TestScripts(t *testing.T) {
	for format, told := range catalogue() {
		if !has(told.zh, unicode.Han) || has(told.zh, unicode.Tibetan) {
			t.Errorf("%q is not Chinese: %s", format, told.zh)
		}
		if !has(told.bo, unicode.Tibetan) || strings.ContainsAny(told.bo, "。，；") {
			t.Errorf("%q is not Tibetan: %s", format, told.bo)
		}
	}
	for name, told := range fields {
		if !has(told.zh, unicode.Han) || told.bo == "" {
			t.Errorf("%q: %v", name, told)
		}
	}
	for _, r := range kora.Reasons() {
		if !has(Chinese.Reason(r), unicode.Han) || !has(Tibetan.Reason(r), unicode.Tibetan) || English.Reason(r) == "" {
			t.Errorf("the reason %q is not told in three languages", r)
		}
	}
	for _, s := range slices.Concat(texts(wordsWithin), texts(foreignWords), texts(shapeWords), texts(suffixes)) {
		if s == "" {
			t.Error("an empty word")
		}
	}
}

func has(s string, script *unicode.RangeTable) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(script, r) })
}

func texts[K ~string](m map[K]told) (all []string) {
	for _, t := range m {
		all = append(all, t.zh, t.bo)
	}
	return all
}
