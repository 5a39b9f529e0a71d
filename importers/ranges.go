package importers

import (
	"regexp"
	"strings"

	"kora"
)

// limitSigns are the signs and words by which tables set limits. 以上 and 以下 include the number, as they do in law.
var limitSigns = strings.NewReplacer(
	"≦", "≤", "⩽", "≤", "<=", "≤", "=<", "≤", "≧", "≥", "⩾", "≥", ">=", "≥", "=>", "≥",
	"大于或等于", "≥", "大于等于", "≥", "小于或等于", "≤", "小于等于", "≤",
	"不得低于", "≥", "不低于", "≥", "不小于", "≥", "不少于", "≥", "至少", "≥",
	"不得高于", "≤", "不高于", "≤", "不得大于", "≤", "不大于", "≤", "不得超过", "≤", "不超过", "≤", "不多于", "≤", "至多", "≤",
	"低于", "<", "小于", "<", "少于", "<", "高于", ">", "大于", ">", "超过", ">",
	"且", ",", "并", ",", "、", ",", ";", ",", "~", "-", "～", "-", "—", "-", "–", "-", "至", "-", "到", "-",
)

// limited are the names of what is limited, which may stand between the signs.
var limited = strings.NewReplacer("建筑容积率", "", "容积率", "", "建筑密度", "", "建筑系数", "", "绿地率", "", "绿化率", "",
	"建筑限高", "", "建筑高度", "", "限高", "", "高度", "", "far", "")

var (
	limitNumber = `(\d+(?:\.\d+)?)`
	limitBoth   = regexp.MustCompile(`^` + limitNumber + `([≤<≥>])([≤<≥>])` + limitNumber + `$`)
	limitTwo    = regexp.MustCompile(`^([≤<≥>])` + limitNumber + `,?([≤<≥>])` + limitNumber + `$`)
	limitOne    = regexp.MustCompile(`^([≤<≥>])` + limitNumber + `$`)
	limitLeft   = regexp.MustCompile(`^` + limitNumber + `([≤<≥>])$`)
	limitSpan   = regexp.MustCompile(`^` + limitNumber + `-+` + limitNumber + `$`)
	limitSide   = regexp.MustCompile(`^` + limitNumber + `(以上|以下|以内)$`)
	limitPlain  = regexp.MustCompile(`^[=:]?` + limitNumber + `$`)
)

// limits reads a planning limit: 1.0≤容积率≤2.0, ≤24米, 不低于35%, 1.0-2.0. exact tells that it is a number without a sign,
// which may be meant as either bound.
func limits(field, s string) (r kora.Range, exact bool, err *kora.Error) {
	percent := field == "density" || field == "green"
	text := strings.ToLower(strings.Join(strings.Fields(fold(s)), ""))
	if isNone(text) || text == "不限" || text == "不限制" {
		return r, false, nil
	}
	wrong := kora.Refuse(kora.ReasonSyntax, field, fold(s), "is no limit such as ≤2.0, 不低于35%% or 1.0-2.0")
	text = limitSigns.Replace(limited.Replace(text))
	signed := strings.Contains(text, "%")
	switch field {
	case "height_m":
		text = strings.NewReplacer("米", "", "m", "").Replace(text)
	case "density", "green":
		text = strings.ReplaceAll(text, "%", "")
	}
	bound := func(sign, digits string) {
		v, e := number(field, digits)
		if e != nil {
			err = e
		}
		if percent && !signed && v > 0 && v < 1 {
			err = kora.Refuse(kora.ReasonRange, field, fold(s), "can be a share or a percentage below 1; write 35%% or 35 for 35 per cent")
		}
		switch sign {
		case "≥", ">":
			r.Min, r.MinExclusive = &v, sign == ">"
		case "≤", "<":
			r.Max, r.MaxExclusive = &v, sign == "<"
		}
	}
	turned := map[string]string{"≤": "≥", "<": ">", "≥": "≤", ">": "<"}
	m := func(re *regexp.Regexp) []string { return re.FindStringSubmatch(text) }
	if f := m(limitBoth); f != nil {
		bound(turned[f[2]], f[1])
		bound(f[3], f[4])
	} else if f := m(limitTwo); f != nil {
		bound(f[1], f[2])
		bound(f[3], f[4])
	} else if f := m(limitOne); f != nil {
		bound(f[1], f[2])
	} else if f := m(limitLeft); f != nil {
		bound(turned[f[2]], f[1])
	} else if f := m(limitSpan); f != nil {
		bound("≥", f[1])
		bound("≤", f[2])
	} else if f := m(limitSide); f != nil {
		bound(map[bool]string{true: "≥", false: "≤"}[f[2] == "以上"], f[1])
	} else if f := m(limitPlain); f != nil {
		bound("≥", f[1])
		bound("≤", f[1])
		exact = true
	} else {
		return r, false, wrong
	}
	if err != nil {
		return kora.Range{}, false, err
	}
	if two := limitBoth.MatchString(text) || limitTwo.MatchString(text); two && (r.Min == nil || r.Max == nil) { // both signs bound one side
		return kora.Range{}, false, wrong
	}
	return r, exact, nil
}

// isNone tells whether a cell says that there is nothing: 无, / or a dash.
func isNone(s string) bool {
	switch fold(s) {
	case "无", "/", "-", "--", "—", "——", "没有", "暂无":
		return true
	}
	return false
}

// quantity reads a number of a table, with commas between thousands and a unit behind it that is one of units.
func quantity(field, s string, units ...string) (float64, *kora.Error) {
	text := strings.Join(strings.Fields(fold(s)), "")
	for _, u := range units {
		if rest, ok := strings.CutSuffix(text, u); ok {
			text = rest
			break
		}
	}
	return number(field, ungrouped(text))
}

var grouped = regexp.MustCompile(`^\d{1,3}(,\d{3})+(\.\d+)?`)

// ungrouped takes the commas between thousands out of a number.
func ungrouped(s string) string {
	if at := grouped.FindStringIndex(s); at != nil {
		return strings.ReplaceAll(s[:at[1]], ",", "") + s[at[1]:]
	}
	return s
}

// checkCellText refuses what a spreadsheet made of a long number: 5.4040200100100001E+18 has lost its last digits.
func checkCellText(field, s string) *kora.Error {
	if scientific.MatchString(s) {
		return kora.Refuse(kora.ReasonSyntax, field, s, "is a number that the spreadsheet has rounded; format the column as text and enter it anew")
	}
	return nil
}

var scientific = regexp.MustCompile(`^\d(\.\d+)?[eE]\+?\d+$`)
