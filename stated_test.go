package kora

import (
	"strings"
	"testing"
)

func TestCompareArea(t *testing.T) {
	for _, c := range []struct {
		stated, computed float64
		want             AreaVerdict
		text             string
	}{
		{0, 5, AreaAgrees, ""},
		{5, 0, AreaAgrees, ""},
		{31_800, 31_800, AreaAgrees, ""},
		{31_800, 31_770, AreaAgrees, ""}, // zone 31 at Bayi: 0.1 %
		{10_099, 10_000, AreaAgrees, ""},
		{10_102, 10_000, AreaDiffers, "+1.0 %"},
		{5_000, 10_000, AreaDiffers, "-50.0 %"},
		{318_000_000, 31_800, AreaUnit, "in ㎡ instead of 公顷"},
		{31_800 * 15.1, 31_800, AreaUnit, "in 亩 instead of 公顷"},
		{31_800 * 666.7, 31_800, AreaUnit, "in ㎡ instead of 亩"},
		{3.18, 31_800, AreaUnit, "in 公顷 instead of ㎡"},
		{47.7, 31_800, AreaUnit, "in 亩 instead of ㎡"},
		{31_800 / 15.0, 31_800, AreaUnit, "in 公顷 instead of 亩"},
	} {
		got, err := CompareArea(c.stated, c.computed)
		if got != c.want || (err == nil) != (c.text == "") || err != nil && !strings.Contains(err.Text, c.text) {
			t.Errorf("%g stated, %g computed: %d, %v; want %d with %q", c.stated, c.computed, got, err, c.want, c.text)
		}
	}
}
