package kora

import "testing"

func TestUseNames(t *testing.T) {
	for use, want := range map[LandUse]string{
		{"1001", Scheme2023}: "工业用地", {"1001", Scheme2017}: "铁路用地", {"100101", Scheme2023}: "工业用地", {"0601", Scheme2023}: "农村道路", {"05", Scheme2023}: "湿地",
		{"1401", Scheme2023}: "公园绿地", {"0810", Scheme2017}: "公园与绿地", {"1103", Scheme2017}: "水库水面", {"2301", Scheme2023}: "", {"1001", "1999"}: "", {"1", Scheme2023}: "",
	} {
		if got := use.Name(); got != want {
			t.Errorf("%+v is %q, want %q", use, got, want)
		}
		if want != "" && !use.Names(want) {
			t.Errorf("%s does not name %+v", want, use)
		}
	}
	// A name leads back to its code, for every use that is listed.
	for scheme, names := range useNames {
		for code := range names {
			use := LandUse{code, scheme}
			if back, ok := UseNamed(scheme, use.Name()); !ok || back.Name() != use.Name() || !use.Listed() {
				t.Errorf("%+v is %s, which is %+v", use, use.Name(), back)
			}
		}
	}
	for _, c := range []struct {
		use  LandUse
		text string
	}{{LandUse{"1001", Scheme2023}, "铁路用地"}, {LandUse{"1001", Scheme2023}, ""}, {LandUse{"0701", Scheme2023}, "工业用地"}, {LandUse{"99", Scheme2023}, "工业用地"}} {
		if c.use.Names(c.text) {
			t.Errorf("%s names %+v", c.text, c.use)
		}
	}
}
