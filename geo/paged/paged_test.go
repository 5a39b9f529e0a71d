package paged_test

import (
	"testing"

	"pgregory.net/rapid"

	"kora/geo/paged"
)

// Edited columns equal slices that are edited, and what they were made from stays as it is.
func TestColumnIsASliceThatStays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := [][]int{rapid.SliceOfN(rapid.Int(), 0, 600).Draw(t, "values")}
		got := []paged.Column[int]{paged.Make(len(want[0]), func(i uint32) int { return want[0][i] })}
		for range rapid.IntRange(0, 4).Draw(t, "edits") {
			from := rapid.IntRange(0, len(want)-1).Draw(t, "from")
			last := want[from]
			next := append([]int(nil), last...)
			edit := got[from].Edit()
			for range rapid.IntRange(0, 5).Draw(t, "values") {
				i, v := rapid.IntRange(0, len(last)+600).Draw(t, "at"), rapid.Int().Draw(t, "value")
				for i >= len(next) {
					next = append(next, 0)
				}
				next[i] = v
				edit.Set(uint32(i), v)
			}
			want, got = append(want, next), append(got, edit.Column)
		}
		for k := range want {
			if got[k].Len() != len(want[k]) {
				t.Fatalf("column %d has %d values, want %d", k, got[k].Len(), len(want[k]))
			}
			for i, v := range want[k] {
				if got[k].At(uint32(i)) != v {
					t.Fatalf("column %d, value %d: %d, want %d", k, i, got[k].At(uint32(i)), v)
				}
			}
		}
	})
}
