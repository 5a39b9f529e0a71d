package atlas

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"

	"kora"
)

// A searcher makes the texts in which words are looked for. It belongs to one goroutine.
type searcher struct {
	args    pinyin.Args
	letters map[rune]string // the first letters of a character's readings
	text    []byte
	ways    [mostWays][]byte
}

// mostWays bounds in how many ways a text with characters of several readings is spelt.
const mostWays = 8

func newSearcher() *searcher {
	s := &searcher{args: pinyin.NewArgs(), letters: map[rune]string{}}
	s.args.Style, s.args.Heteronym = pinyin.FirstLetter, true
	return s
}

// searchable is all that a parcel is found by, folded: its number and 宗地代码, names, addresses, zone and industry, and the
// first letters of the pinyin of what is Chinese. Lines are parted, so that no word reaches from one into another.
func (s *searcher) searchable(p *kora.Parcel) string {
	s.text = s.text[:0]
	for _, text := range []string{p.Cadastre, p.Name.BO, p.Name.EN, p.Address.BO, p.Address.EN} {
		s.line(folded(text))
	}
	for _, text := range []string{p.Number, p.Name.ZH, p.Address.ZH, p.Zone} {
		s.chinese(folded(text))
	}
	for _, text := range p.Industry {
		s.chinese(folded(text))
	}
	return string(s.text)
}

func (s *searcher) line(text string) {
	if text != "" {
		s.text = append(append(s.text, text...), '\n')
	}
}

// chinese writes a text and how it is spelt by the first letters of its characters: 米林 is "ml", 重庆 "cq" and "zq". Other
// letters and digits stay, blanks and marks go.
func (s *searcher) chinese(text string) {
	s.line(text)
	n, has := 1, false
	s.ways[0] = s.ways[0][:0]
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Han, r):
			has = true
			n = s.spell(n, s.of(r))
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			for i := range n {
				s.ways[i] = utf8.AppendRune(s.ways[i], r)
			}
		}
	}
	if has {
		for _, way := range s.ways[:n] {
			s.text = append(append(s.text, way...), '\n')
		}
	}
}

// spell goes on in each of n ways with each of the letters, as long as there are not too many ways, and tells how many there are.
func (s *searcher) spell(n int, letters string) int {
	if letters == "" {
		return n
	}
	if n*len(letters) > mostWays {
		letters = letters[:1]
	}
	for k := len(letters) - 1; k >= 0; k-- {
		for i := range n {
			s.ways[k*n+i] = append(append(s.ways[k*n+i][:0], s.ways[i]...), letters[k])
		}
	}
	return n * len(letters)
}

// of gives the first letters of the readings of a character, the usual one first; none when it has no reading.
func (s *searcher) of(r rune) string {
	letters, known := s.letters[r]
	if !known {
		for _, reading := range pinyin.SinglePinyin(r, s.args) {
			if len(reading) == 1 && !strings.Contains(letters, reading) {
				letters += reading
			}
		}
		s.letters[r] = letters
	}
	return letters
}

// wordsOf folds what somebody looks for into its words.
func wordsOf(text string) []string {
	words := strings.Fields(folded(text))
	for i, w := range words {
		if trimmed := strings.Trim(w, "་།"); trimmed != "" { // a Tibetan word may end in its mark or not
			words[i] = trimmed
		}
	}
	return words
}

// folded makes full-width and half-width, composed and decomposed, capital and small letters the same.
func folded(s string) string { return strings.ToLower(norm.NFKC.String(s)) }
