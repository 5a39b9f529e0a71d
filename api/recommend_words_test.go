package api

import (
	"testing"

	"kora"
	"kora/words"
)

// TestAMissIsNeverNothing: what is missed by little is not said to be missed by 0, nor to be 100 %.
func TestAMissIsNeverNothing(t *testing.T) {
	number := func(v float64) *float64 { return &v }
	for _, c := range []struct {
		finding kora.Finding
		want    [3]string
	}{
		{kora.Finding{Term: "to_highway", Unit: "min", Low: number(20.03), High: number(20.03), Off: 0.03, Fit: 0.998},
			[3]string{"drive to the highway less than 1 min longer", "到公路车程多不到 1 分钟", "གཞུང་ལམ་བར་གྱི་འགྲོ་དུས་ 1 སྐར་མ མ་ལོངས་པ རིང་།"}},
		{kora.Finding{Term: "to_highway", Unit: "min", Low: number(22.5), High: number(22.5), Off: 2.5, Fit: 0.9},
			[3]string{"drive to the highway 2.5 min longer", "到公路车程多 2.5 分钟", "གཞུང་ལམ་བར་གྱི་འགྲོ་དུས་ 2.5 སྐར་མ རིང་།"}},
		{kora.Finding{Term: "altitude", Unit: "m", Low: number(3000.04), High: number(3000.04), Off: 0.04, Fit: 0.9999},
			[3]string{"altitude less than 0.1 m above", "海拔高不到 0.1 米", "མཚོ་ངོས་མཐོ་ཚད་ 0.1 སྨི མ་ལོངས་པ མཐོ།"}},
		{kora.Finding{Term: "price", Unit: "万元", Low: number(1002), High: number(1002), Off: 2, Fit: 0.998},
			[3]string{"price 0.2 % above", "起始价高出 0.2%", "འགོ་འཛུགས་རིན་གོང་ 0.2% བརྒལ།"}},
		{kora.Finding{Term: "price", Unit: "万元", Low: number(1000.1), High: number(1000.1), Off: 0.1, Fit: 0.9999},
			[3]string{"price 0.1 % above", "起始价高出 0.1%", "འགོ་འཛུགས་རིན་གོང་ 0.1% བརྒལ།"}},
		{kora.Finding{Term: "area", Unit: "m²", Low: number(19_999), High: number(19_999), Off: -1, Fit: 0.99995},
			[3]string{"area 99.9 %", "面积 99.9%", "རྒྱ་ཁྱོན་ 99.9%"}},
		{kora.Finding{Term: "area", Unit: "m²", Low: number(19_200), High: number(19_200), Off: -800, Fit: 0.96},
			[3]string{"area 96 %", "面积 96%", "རྒྱ་ཁྱོན་ 96%"}},
	} {
		for l, want := range c.want {
			if got := language(words.Language(l)).finding(c.finding); got != want {
				t.Errorf("%s off by %v: %s, want %s", c.finding.Term, c.finding.Off, got, want)
			}
		}
	}
}
