package importers

import (
	"math"
	"strconv"
	"strings"

	"kora"
)

// number reads a decimal number; "" is 0.
func number(field, s string) (float64, *kora.Error) {
	if strings.Trim(s, "0123456789.") != "" {
		s = fold(s)
	}
	if s == "" {
		return 0, nil
	}
	// ParseFloat also takes "inf", "nan", hexadecimal and "1_000", none of which a table means.
	if strings.Trim(s, "0123456789.+-eE") != "" {
		return 0, kora.Refuse(kora.ReasonSyntax, field, s, "is not a number such as 91.1169")
	}
	v, err := strconv.ParseFloat(s, 64)
	switch {
	case math.IsInf(v, 0):
		return 0, kora.Refuse(kora.ReasonRange, field, s, "is too large a number")
	case err != nil:
		return 0, kora.Refuse(kora.ReasonSyntax, field, s, "is not a number such as 91.1169")
	}
	return v, nil
}
