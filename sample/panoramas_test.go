package sample_test

import (
	"encoding/json"
	"image"
	_ "image/jpeg"
	"strings"
	"testing"

	"kora"
	"kora/sample"
)

// TestPanoramasAreMarked: each says in its words that it is a sample, lies on a parcel of the sample, and leads to what is there.
func TestPanoramasAreMarked(t *testing.T) {
	var all []struct {
		Image, Parcel string
		Caption, Alt  kora.Name
		HotSpots      []struct{ To, Parcel string } `json:"hot_spots"`
	}
	if err := json.NewDecoder(open(t, sample.Panoramas)).Decode(&all); err != nil || len(all) == 0 {
		t.Fatal(len(all), err)
	}
	numbers, pictures := map[string]bool{}, map[string]bool{}
	for _, p := range parcels(t) {
		numbers[p.Number] = true
	}
	for _, p := range all {
		pictures[p.Image] = true
	}
	for _, p := range all {
		for _, n := range []kora.Name{p.Caption, p.Alt} {
			if !strings.Contains(n.ZH, "示例") || !strings.Contains(n.BO, "དཔེ་མཚོན") || !strings.Contains(strings.ToLower(n.EN), "sample") {
				t.Errorf("%s is not said to be a sample: %v", p.Image, n)
			}
		}
		if !numbers[p.Parcel] {
			t.Errorf("%s lies on %s", p.Image, p.Parcel)
		}
		for _, h := range p.HotSpots {
			if !pictures[h.To] && !numbers[h.Parcel] {
				t.Errorf("%s leads to %q %q", p.Image, h.To, h.Parcel)
			}
		}
		if c, _, err := image.DecodeConfig(open(t, p.Image)); err != nil || c.Width != 2*c.Height {
			t.Errorf("%s: %v %v", p.Image, c, err)
		}
	}
}
