package importers

import (
	"strings"

	"kora"
)

// counties are the codes of counties by their names, also by those from before a county became a district or a city.
var counties = func() map[string]string {
	codes := map[string]string{"堆龙德庆县": "540103", "达孜县": "540104", "林芝县": "540402", "米林县": "540481"}
	for code, name := range kora.Counties() {
		codes[name] = code
	}
	return codes
}()

// countyCode is today's code of a county given by code or by name, with or without its city; "" for "".
func countyCode(field, s string) (string, *kora.Error) {
	s = strings.Join(strings.Fields(fold(s)), "")
	if s == "" {
		return "", nil
	}
	if strings.Trim(s, "0123456789") == "" {
		s = kora.CountyNow(s)
		if len(s) != 6 {
			return "", kora.Refuse(kora.ReasonSyntax, field, s, "must be a six-digit code of GB/T 2260, or the county's name")
		}
		return s, nil
	}
	short := s
	for _, above := range []string{"西藏自治区", "西藏", "拉萨市", "林芝市", "林芝地区"} {
		short = strings.TrimPrefix(short, above)
	}
	for _, suffix := range []string{"", "区", "县", "市"} {
		if code, ok := counties[short+suffix]; ok {
			return code, nil
		}
	}
	return "", kora.Refuse(kora.ReasonUnknown, field, s,
		"is not a county of Lhasa or Nyingchi (a development zone is none; give the county that it lies in)")
}
