package words

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"kora"
)

func TestTold(t *testing.T) {
	ring := kora.Refuse(kora.ReasonGeometry, "", nil, "has %d positions; a closed ring has at least 4", 3)
	for _, c := range []struct {
		err        error
		en, zh, bo string
	}{
		{
			kora.Refuse(kora.ReasonRange, "altitude_m", 12000, "must be from -500 to 9,000 m"),
			`altitude_m "12000": must be from -500 to 9,000 m`,
			"海拔（12000）：应在 -500 至 9,000 米之间。",
			"མཚོ་ངོས་མཐོ་ཚད（12000）：སྨི་ -500 ནས་ 9,000 བར་དགོས།",
		},
		{ // the numbers come in another order
			kora.Refuse(kora.ReasonCRS, "geometry", "1,2", "does not start with %d, the zone of EPSG:%d", 31, 4519),
			`geometry "1,2": does not start with 31, the zone of EPSG:4519`,
			"图形（1,2）：没有以 EPSG:4519 的带号 31 开头。",
			"དབྱིབས（1,2）：EPSG:4519 ཡི་རྒྱུད་ཨང་ 31 ཡིས་འགོ་འཛུགས་མེད།",
		},
		{ // a place in a file, with a refusal in a refusal
			fmt.Errorf("import: %w", kora.Fault{File: "table.csv", Line: 12, Part: "界址", Err: kora.Refuse(kora.ReasonGeometry, "geometry", nil, "polygon %d, ring %d: %v", 1, 2, ring)}),
			"import: table.csv:12 (界址): geometry: polygon 1, ring 2: has 3 positions; a closed ring has at least 4",
			"table.csv 第 12 行（界址）：图形：第 1 个面第 2 环：只有 3 个点；闭合的环至少有 4 个。",
			"table.csv ཕྲེང་ 12（界址）：དབྱིབས：ངོས་ 1 ཐིག་སྒོར་ 2 ། ཚེག་ 3 འདུག ཁ་བསྡམས་པའི་ཐིག་སྒོར་ལ་ 4 ཡན་དགོས།",
		},
		{ // the field is not told twice, and features are not lines
			kora.Fault{File: "a.GeoJSON", Line: 3, Part: "name.zh", Err: kora.Refuse(kora.ReasonRequired, "name.zh", nil, "needs a Chinese name")},
			"a.GeoJSON:3 (name.zh): name.zh: needs a Chinese name",
			"a.GeoJSON 第 3 项：名称（中文）：缺少中文名称。",
			"a.GeoJSON རྣམ་གྲངས་ 3：མིང་། (རྒྱ་ཡིག)：རྒྱ་ཡིག་གི་མིང་དགོས།",
		},
		{ // a heading that is the field's own name, and a list
			kora.Fault{File: "a.csv", Line: 2, Part: "用途分类标准", Err: kora.Refuse(kora.ReasonUnknown, "use.scheme", "X", "is none of %v", kora.UseSchemes()[:2])},
			`a.csv:2 (用途分类标准): use.scheme "X": is none of [2023 2017]`,
			"a.csv 第 2 行：用途分类标准（X）：不在 2023、2017 之内。",
			"a.csv ཕྲེང་ 2（用途分类标准）：རིགས་དབྱེའི་ཚད་གཞི（X）：2023, 2017 ཁྲོད་མི་འདུག",
		},
		{ // a need, counted as people do
			kora.Refuse(kora.ReasonRange, "needs[2].weight", 9, "must be from 1 to %d", 5),
			`needs[2].weight "9": must be from 1 to 5`,
			"要求 3 权重（9）：应在 1 至 5 之间。",
			"ཆ་རྐྱེན 3 གལ་ཆེའི་ཚད（9）：1 ནས་ 5 བར་དགོས།",
		},
		{ // a corner
			kora.Fault{File: "a.txt", Line: 9, Part: "ring 1, J2", Err: kora.Refuse(kora.ReasonRequired, "geometry", nil, "a coordinate is missing")},
			"a.txt:9 (ring 1, J2): geometry: a coordinate is missing",
			"a.txt 第 9 行（第 1 环 J2）：图形：缺少坐标。",
			"a.txt ཕྲེང་ 9（ཐིག་སྒོར་ 1 J2）：དབྱིབས：གནས་ཚད་ཆད་འདུག",
		},
		{ // words of ours within a sentence, and a place in a ring
			kora.Fault{File: "a.txt", Line: 9, Part: "ring 2 (圈号 1)", Err: kora.Refuse(kora.ReasonDuplicate, "number", "P1", "is given in %s %d already", kora.Word("line"), 7)},
			`a.txt:9 (ring 2 (圈号 1)): number "P1": is given in line 7 already`,
			"a.txt 第 9 行（第 2 环 (圈号 1)）：地块编号（P1）：已在第 7 行给出。",
			"a.txt ཕྲེང་ 9（ཐིག་སྒོར་ 2 (圈号 1)）：ས་ཆའི་ཨང་（P1）：ཕྲེང་ 7 ལ་བྱུང་ཟིན།",
		},
		{ // what PostGIS says
			kora.Refuse(kora.ReasonGeometry, "geometry", "POINT(1 2)", "%s; mend the ring at this place", kora.Word("Ring Self-intersection")),
			`geometry "POINT(1 2)": Ring Self-intersection; mend the ring at this place`,
			"图形（POINT(1 2)）：环自相交；请修改此处的环。",
			"དབྱིབས（POINT(1 2)）：ཐིག་སྒོར་རང་ཉིད་བསྣོལ་འདུག གནས་འདིའི་ཐིག་སྒོར་བཅོས་རོགས།",
		},
		{ // a value that looks like a format
			kora.Refuse(kora.ReasonSyntax, "hours", "%d%s", "%v", kora.Refuse(kora.ReasonSyntax, "", nil, "%q is no time of day", "%d")),
			`hours "%d%s": "%d" is no time of day`,
			"开放时间（%d%s）：\"%d\" 不是有效的时刻。",
			"སྒོ་ཕྱེ་བའི་དུས་ཚོད（%d%s）：\"%d\" ནི་དུས་ཚོད་མིན།",
		},
		{ // what another library says is told by its reason
			kora.Refuse(kora.ReasonFormat, "", nil, "%v", errors.New("not an OSM PBF file")),
			"not an OSM PBF file", "文件格式不符。（not an OSM PBF file）", "ཡིག་ཆའི་རྣམ་གཞག་མི་མཐུན།（not an OSM PBF file）",
		},
		{
			kora.Refuse(kora.ReasonUnavailable, "", nil, "the database does not answer").Because(context.DeadlineExceeded),
			"the database does not answer: context deadline exceeded",
			"数据库没有响应。（context deadline exceeded）",
			"གཞི་གྲངས་མཛོད་ཀྱིས་ལན་མི་འདུག（context deadline exceeded）",
		},
		{errors.New("open x: no such file"), "open x: no such file", "open x: no such file", "open x: no such file"},
	} {
		for l, want := range []string{c.en, c.zh, c.bo} {
			if got := Language(l).Err(c.err); got != want {
				t.Errorf("%v:\n  %s\n, want\n  %s", Language(l), got, want)
			}
		}
	}
}

func TestOfLocale(t *testing.T) {
	for locale, want := range map[string]Language{
		"zh_CN.UTF-8": Chinese, "zh": Chinese, "bo_CN": Tibetan, "en_GB": English, "": English, "C": English, "C.UTF-8": English, "zhuang": English,
	} {
		if got := OfLocale(locale); got != want {
			t.Errorf("%q is %v, want %v", locale, got, want)
		}
	}
	var l Language
	if err := l.Set("zh"); err != nil || l != Chinese || l.Set("fr") == nil || l != Chinese {
		t.Errorf("%v, %v", l, err)
	}
}
