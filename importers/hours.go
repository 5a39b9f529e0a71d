package importers

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"kora"
)

// chineseHours reads opening hours as people write them in tables, such as 周一至周五 9:00-18:00，周六休息 or 24小时, and
// those of kora.ParseHours. A break at noon, 9:00-12:00；14:00-18:00, is one rule of two spans.
func chineseHours(s string) (kora.Hours, error) {
	s = fold(s)
	if h, err := kora.ParseHours(s); err == nil {
		return h, nil
	}
	tokens, err := hourTokens(s)
	if err != nil {
		return kora.Hours{}, kora.Refuse(kora.ReasonSyntax, "hours", s, "%v", err)
	}
	text, err := hourRules(tokens)
	if err != nil {
		return kora.Hours{}, kora.Refuse(kora.ReasonSyntax, "hours", s, "%v", err)
	}
	h, err := kora.ParseHours(text)
	if err != nil {
		return kora.Hours{}, kora.Refuse(kora.ReasonSyntax, "hours", s, "is not understood; write it as 周一至周五 09:00-18:00")
	}
	return h, nil
}

// An hourToken is a weekday or several ("Mo", "Sa,Su"), a time of day ("09:00"), or one of - off 24/7.
type hourToken struct {
	kind byte // 'd' day, 't' time, '-' to, 'o' off, 'a' all day, ' ' nothing
	text string
	word string // before a time: 上午, 下午, 次日 …
}

var hourPatterns = []struct {
	kind byte
	re   *regexp.Regexp
}{
	{' ', regexp.MustCompile(`^([\s,;:、。/和及]+|开放|营业|服务|全年无休|无休|不休息)`)},
	{'a', regexp.MustCompile(`^((全天候?)?24(小时|h)|全天候?|24/7)`)},
	{'t', regexp.MustCompile(`^(上午|早上?|中午|下午|晚上?|次日|凌晨)?(\d{1,2})(:(\d{2})|[点时](半|(\d{1,2})分?)?)`)},
	{'d', regexp.MustCompile(`^((周|星期|礼拜)([一二三四五六日天末])|[一二三四五六日]|工作日|每天|每日|全年|全周|mo|tu|we|th|fr|sa|su)`)},
	{'-', regexp.MustCompile(`^([-‐-―−~〜]+|至|到)`)},
	{'o', regexp.MustCompile(`^(休息|闭馆|关闭|不开放|不营业|off)`)},
}

func hourTokens(s string) ([]hourToken, error) {
	var tokens []hourToken
	rest := strings.ToLower(s)
next:
	for rest != "" {
		for _, p := range hourPatterns {
			m := p.re.FindStringSubmatch(rest)
			if m == nil {
				continue
			}
			token := hourToken{kind: p.kind}
			switch p.kind {
			case 'd':
				token.text = weekday(m)
			case 't':
				var err error
				if token.text, err = clock(m); err != nil {
					return nil, err
				}
				token.word = m[1]
			}
			if token.kind != ' ' {
				tokens = append(tokens, token)
			}
			rest = rest[len(m[0]):]
			continue next
		}
		return nil, kora.Refuse(kora.ReasonSyntax, "", nil, "is not understood from %q on; write it as 周一至周五 09:00-18:00", rest)
	}
	return tokens, nil
}

var weekdayCodes = map[string]string{
	"一": "Mo", "二": "Tu", "三": "We", "四": "Th", "五": "Fr", "六": "Sa", "日": "Su", "天": "Su", "末": "Sa,Su",
	"工作日": "Mo-Fr", "每天": "Mo-Su", "每日": "Mo-Su", "全年": "Mo-Su", "全周": "Mo-Su",
	"mo": "Mo", "tu": "Tu", "we": "We", "th": "Th", "fr": "Fr", "sa": "Sa", "su": "Su",
}

func weekday(m []string) string {
	if m[3] != "" {
		return weekdayCodes[m[3]]
	}
	return weekdayCodes[m[0]]
}

// clock is the time of day in 24 hours: 下午2:30 is 14:30.
func clock(m []string) (string, error) {
	hour, _ := strconv.Atoi(m[2])
	minute := 0
	switch {
	case m[4] != "":
		minute, _ = strconv.Atoi(m[4])
	case m[5] == "半":
		minute = 30
	case m[6] != "":
		minute, _ = strconv.Atoi(m[6])
	}
	evening := strings.HasPrefix(m[1], "晚")
	switch {
	case hour < 12 && (evening || m[1] == "下午"), hour == 12 && evening:
		hour += 12
	case hour == 12 && m[1] == "凌晨":
		hour = 0
	}
	if hour > 24 || minute > 59 || hour == 24 && minute > 0 {
		return "", kora.Refuse(kora.ReasonSyntax, "", nil, "has %q, which is no time of day", m[0])
	}
	return fmt.Sprintf("%02d:%02d", hour, minute), nil
}

// hourRules writes tokens in the language of kora.ParseHours: days and the times that follow them make a rule.
func hourRules(tokens []hourToken) (string, error) {
	var rules []string
	for i := 0; i < len(tokens); {
		var days, times []string
		for i < len(tokens) && tokens[i].kind == 'd' {
			day := tokens[i].text
			if i+2 < len(tokens) && tokens[i+1].kind == '-' && tokens[i+2].kind == 'd' {
				if len(day) != 2 || len(tokens[i+2].text) != 2 {
					return "", kora.Refuse(kora.ReasonSyntax, "", nil, "has a range of weekdays that does not run from one day to another")
				}
				day += "-" + tokens[i+2].text
				i += 2
			}
			days = append(days, day)
			i++
		}
		closed := false
		for i < len(tokens) && tokens[i].kind != 'd' {
			switch {
			case tokens[i].kind == 'a':
				times = append(times, "00:00-24:00")
				i++
			case tokens[i].kind == 'o':
				closed = true
				i++
			case tokens[i].kind == 't' && i+2 < len(tokens) && tokens[i+1].kind == '-' && tokens[i+2].kind == 't':
				span, err := hourSpan(tokens[i], tokens[i+2])
				if err != nil {
					return "", err
				}
				times = append(times, span)
				i += 3
			default:
				return "", kora.Refuse(kora.ReasonSyntax, "", nil, "has a time without its other end; write it as 09:00-18:00")
			}
		}
		if closed == (len(times) > 0) {
			return "", kora.Refuse(kora.ReasonSyntax, "", nil, "has days without hours, or hours and closed at once")
		}
		rule := strings.Join(times, ",")
		if closed {
			rule = "off"
		}
		if all := len(days) == 0 || len(days) == 1 && days[0] == "Mo-Su"; !all {
			rule = strings.Join(days, ",") + " " + rule
		}
		rules = append(rules, rule)
	}
	if len(rules) == 1 && rules[0] == "00:00-24:00" {
		return "24/7", nil
	}
	return strings.Join(rules, "; "), nil
}

func hourSpan(from, to hourToken) (string, error) {
	if from.word == "下午" && to.word == "" && to.text <= from.text && to.text < "12:00" { // 下午2:00-6:00
		hour, _ := strconv.Atoi(to.text[:2])
		to.text = strconv.Itoa(hour+12) + to.text[2:]
	}
	if to.word == "次日" && to.text > from.text {
		return "", kora.Refuse(kora.ReasonSyntax, "", nil, "has a span of more than 24 hours")
	}
	return from.text + "-" + to.text, nil
}
