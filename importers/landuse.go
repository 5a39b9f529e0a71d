package importers

import (
	"strings"

	"kora"
)

// surveyedUse is the land use of a boundary TXT: 地类编码, with the scheme in which 地块用途 names that code, and the guide
// of 2023 when the text names nothing that is listed. A text that names another use than the code is refused, and one that
// says by which standard the code is given is believed.
func surveyedUse(code, text string) (kora.LandUse, *kora.Error) {
	use := kora.LandUse{Code: code, Scheme: kora.Scheme2023}
	if err := checkUseCode(code); err != nil {
		return use, err
	}
	text = fold(text)
	if strings.Contains(text, "2017") {
		use.Scheme = kora.Scheme2017
		return use, nil
	}
	named, known := useSchemeOf(code, text)
	switch {
	case named != "":
		use.Scheme = named
	case known:
		return use, notItsName(code, text)
	}
	return use, nil
}

func checkUseCode(code string) *kora.Error {
	switch {
	case code == "":
		return kora.Refuse(kora.ReasonRequired, "use", nil, "needs a land-use code")
	case strings.Trim(code, "0123456789") != "":
		return kora.Refuse(kora.ReasonSyntax, "use", code, "is no land-use code of digits")
	case len(code)%2 == 1:
		return kora.Refuse(kora.ReasonSyntax, "use", code, "has an odd number of digits, as codes of 2007 have; give one of the guide of 2023 or of GB/T 21010-2017")
	}
	return nil
}

func notItsName(code, text string) *kora.Error {
	return kora.Refuse(kora.ReasonSyntax, "use", code,
		"is not the code of %s, neither in the guide of 2023 nor in GB/T 21010-2017", clipWord(text))
}

// useSchemeOf is the scheme in which text names code, "" when neither does; known tells whether text is the name of any use.
func useSchemeOf(code, text string) (scheme kora.UseScheme, known bool) {
	for _, s := range kora.UseSchemes() {
		if (kora.LandUse{Code: code, Scheme: s}).Names(text) {
			return s, true
		}
	}
	for _, s := range kora.UseSchemes() {
		if _, ok := kora.UseNamed(s, text); ok {
			return "", true
		}
	}
	return "", false
}
