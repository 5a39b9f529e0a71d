package importers

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"kora"
)

// parcelColumns maps headings, in the form of foldHeading, to columns.
var parcelColumns = synonyms(map[string]string{
	"number":     "地块编号 宗地编号 宗地号 地块号 编号 地块代码",
	"cadastre":   "宗地代码",
	"name_zh":    "name 地块名称 宗地名称 名称 中文名称",
	"name_bo":    "藏文名称 名称(藏文) 地块名称(藏文)",
	"name_en":    "英文名称 名称(英文) 地块名称(英文)",
	"county":     "所属区县 县(区) 区(县) 区县 县区 所在区县 行政区 行政区划 行政区划代码 行政区代码",
	"address_zh": "address 坐落 土地坐落 宗地坐落 坐落位置 位置 地块位置 土地位置",
	"address_bo": "坐落(藏文)",
	"address_en": "坐落(英文)",
	"area":       "stated_m2 公布面积 面积 用地面积 土地面积 宗地面积 地块面积 出让面积 供地面积",
	"use_code":   "use.code 用途代码 用地代码 地类编码 规划用途代码 土地用途代码",
	"use_name":   "规划用途 土地用途 用途 地块用途 地类名称 用地性质 规划用地性质",
	"use_scheme": "use.scheme 用途分类标准 用地分类标准",
	"uses":       "混合用途",
	"zone":       "功能区 所属功能区 所属园区 园区",
	"industry":   "产业方向 产业类型 主导产业",
	"status":     "状态 地块状态 供应状态",
	"steps":      "状态沿革",
	"far":        "容积率 建筑容积率",
	"density":    "建筑密度 建筑系数",
	"green":      "绿地率 绿化率",
	"height_m":   "height 建筑限高 限高 建筑高度 建筑控制高度",
	"price":      "price.amount 起始价 起拍价 挂牌起始价 出让起始价 起始价格",
	"price_unit": "price.unit 价格单位 起始价单位",
	"deposit":    "deposit.amount 保证金 竞买保证金", "deposit_unit": "deposit.unit 保证金单位",
	"increment": "increment.amount 加价幅度 增价幅度", "increment_unit": "increment.unit 加价幅度单位",
	"intensity": "intensity.amount 投资强度 固定资产投资强度", "intensity_unit": "intensity.unit 投资强度单位",
	"notice_on":    "公告日期 公告日 公告时间",
	"registration": "报名时间", "listing": "挂牌时间 拍卖时间 竞价时间", "publicity": "公示时间 公示期",
	"supply":     "供应方式 出让方式 供地方式",
	"term_years": "term 出让年限 使用年限 土地使用年限 年限 出让年期",
	"altitude_m": "altitude 海拔 海拔高度 高程",
	"access":     "入口",
	"access_lon": "入口经度",
	"access_lat": "入口纬度",
	"facilities": "配套设施 配套条件 基础设施 几通一平 基础设施条件",
	"sample":     "示例数据 是否示例",
	"outline":    "wkt 图形(wkt) 图形 geometry 坐标 界址点坐标 边界坐标 坐标串",
	"crs":        "坐标系 坐标系统 坐标类型",
	// The two bounds of a limit in columns of their own, as Kora writes them.
	"far.min": "容积率下限", "far.max": "容积率上限", "far.min_exclusive": "容积率不含下限", "far.max_exclusive": "容积率不含上限",
	"density.min": "建筑密度(%)下限 建筑密度下限", "density.max": "建筑密度(%)上限 建筑密度上限",
	"density.min_exclusive": "建筑密度(%)不含下限", "density.max_exclusive": "建筑密度(%)不含上限",
	"green.min": "绿地率(%)下限 绿地率下限", "green.max": "绿地率(%)上限 绿地率上限",
	"green.min_exclusive": "绿地率(%)不含下限", "green.max_exclusive": "绿地率(%)不含上限",
	"height_m.min": "建筑限高(米)下限 建筑限高下限", "height_m.max": "建筑限高(米)上限 建筑限高上限",
	"height_m.min_exclusive": "建筑限高(米)不含下限", "height_m.max_exclusive": "建筑限高(米)不含上限",
})

// ParcelsTable reads attributes of parcels from a workbook (XLSX) or CSV with a heading in Chinese, of one row or two. A
// table knows no outlines: it changes parcels that the record holds under their numbers, in the columns that it has and
// the cells that are filled. A parcel that is new needs an outline as WKT or as a list of longitudes and latitudes.
func ParcelsTable(ctx context.Context, name string, r io.Reader, register Register, opts ParcelOptions) (Batch[kora.Parcel], error) {
	d := &entries{collector: parcelCollector(name, "line", opts), register: register, opts: opts}
	t, err := openTable(name, r, parcelColumns, "number")
	if err != nil {
		return d.result(err)
	}
	defer t.close()
	d.batch.Encoding = t.encoding
	d.part = func(line int, field string) string { return row{line: line, table: t}.part(t.parcelColumn(field)) }
	if i, ok := t.index["cadastre"]; ok {
		if _, numbered := t.index["number"]; !numbered { // where there is no other number, the code of the cadastre is it
			t.index["number"], t.heading["number"] = i, t.heading["cadastre"]
		}
	}
	if err := t.need(name, map[string]string{"number": "地块编号 (number)"}, "number"); err != nil {
		return d.result(err)
	}
	if err := t.checkUnits(name, parcelUnits); err != nil {
		return d.result(err)
	}
	for _, remark := range t.rows.remarks() {
		d.warn(kora.Fault{File: d.file, Err: remark})
	}
	vertices := 0
	for {
		row, err := t.next()
		if errors.Is(err, io.EOF) {
			return d.result(d.settle(ctx))
		}
		if err != nil {
			return d.result(err)
		}
		if why := row.aside(parcelColumns, "number"); why != nil {
			d.warn(kora.Fault{File: d.file, Line: row.line, Err: why})
			continue
		}
		p := parcelRow{row: row, d: d, entry: entry{line: row.line}, vertices: &vertices}
		p.read()
		if vertices > maxVertices/2 {
			return d.result(wholeFile(name, row.line, kora.ReasonTooLarge, "the table has outlines of more than %d corners; split it", maxVertices/2))
		}
		if err := d.take(ctx, p.entry); err != nil {
			return d.result(err)
		}
	}
}

// parcelColumn is the column that a field of a parcel comes from.
func (t *table) parcelColumn(field string) string {
	for _, column := range map[string][]string{
		"name": {"name_zh"}, "use": {"use_code", "use_name"}, "use.scheme": {"use_scheme"}, "stated_m2": {"area"}, "geometry": {"outline"},
		"far": {"far", "far.min", "far.max"}, "density": {"density", "density.min", "density.max"}, "green": {"green", "green.min", "green.max"},
		"height_m": {"height_m", "height_m.min", "height_m.max"}, "steps.status": {"steps"}, "steps.on": {"steps"}, "steps.document": {"steps"},
	}[field] {
		if _, ok := t.index[column]; ok {
			return column
		}
	}
	return field
}

// parcelUnits are the units that a heading may give; those that are missing here say what they like.
var parcelUnits = map[string][]string{
	"area": {"公顷", "ha", "hm2", "亩", "平方米", "㎡", "m2", "m²", "hm²"}, "height_m": {"米", "m"}, "altitude_m": {"米", "m"},
	"density": {"%"}, "green": {"%"}, "term_years": {"年"}, "far": {},
}

// checkUnits refuses a heading whose unit is none of those listed for its column.
func (t *table) checkUnits(name string, units map[string][]string) error {
	for column, known := range units {
		if u := t.unit(column); u != "" && !slices.Contains(known, u) {
			return wholeFile(name, t.line, kora.ReasonHeading,
				"the heading %q names a unit that is none of %v", t.heading[column], known)
		}
	}
	return nil
}

// Words that begin rows which are no records.
var (
	totalWords = []string{"合计", "总计", "小计", "共计", "累计", "本页合计"}
	noteWords  = []string{"注", "备注", "说明", "填表", "制表", "审核", "填报", "单位负责人"}
)

// aside tells why a row is no record, nil when it is one: totals, the example of a template, a heading that comes again, notes
// below the table.
func (r row) aside(columns map[string]string, key string) *kora.Error {
	first, filled := "", 0
	for _, c := range r.cells {
		if c = strings.Join(strings.Fields(fold(c)), ""); c != "" {
			if filled++; filled == 1 {
				first = c
			}
		}
	}
	id := strings.Join(strings.Fields(fold(r.cell(key))), "")
	keyed := id != "" && !slices.Contains(totalWords, strings.TrimRight(id, ":"))
	starts := func(word string) bool { return strings.HasPrefix(first, word) }
	switch {
	case !keyed && slices.ContainsFunc(totalWords, starts):
		return kora.Refuse(kora.ReasonFormat, "", nil, "is a row of totals, and is passed over")
	case first == exampleMark:
		return kora.Refuse(kora.ReasonFormat, "", nil, "is the example of the template, and is passed over")
	case columns[foldHeading(id)] == key:
		return kora.Refuse(kora.ReasonFormat, "", nil, "repeats the heading, and is passed over")
	case !keyed && filled <= 2 && slices.ContainsFunc(noteWords, starts):
		return kora.Refuse(kora.ReasonFormat, "", nil, "is a note, and is passed over")
	}
	return nil
}

// exampleMark stands in the first cell of a template's example row.
const exampleMark = "示例"

// A parcelRow turns cells into an entry.
type parcelRow struct {
	row
	d *entries
	entry
	vertices *int // of the outlines of the table so far
}

// refuse keeps a refusal of a cell; it tells whether there was one.
func (p *parcelRow) refuse(column string, err *kora.Error) bool {
	if err != nil {
		p.faults = append(p.faults, kora.Fault{File: p.table.file, Line: p.row.line, Part: p.part(column), Err: err})
	}
	return err != nil
}

func (p *parcelRow) warn(column string, err *kora.Error) {
	p.d.warn(kora.Fault{File: p.table.file, Line: p.row.line, Part: p.part(column), Err: err})
}

func (p *parcelRow) part(column string) string { return p.row.part(column) }

// text is what a cell holds; ok is false when it is empty, or must not be read.
func (p *parcelRow) text(column string) (s string, ok bool) {
	s = p.cell(column)
	i, has := p.table.index[column]
	if !has {
		return "", false
	}
	if why := p.table.rows.wrong(p.row.line, i); why != nil {
		p.refuse(column, kora.Refuse(kora.ReasonSyntax, column, nil, "%v", why))
		return "", false
	}
	return s, fold(s) != ""
}

func (p *parcelRow) read() {
	if err := p.beyond(); err != nil {
		p.faults = append(p.faults, kora.Fault{File: p.table.file, Line: p.row.line, Err: err})
	}
	if s, ok := p.text("number"); ok {
		p.number = fold(s)
		p.refuse("number", checkCellText("number", p.number))
	} else if len(p.faults) == 0 {
		p.refuse("number", kora.Refuse(kora.ReasonRequired, "number", nil, "needs a parcel number"))
	}
	p.names()
	p.use()
	p.limits()
	p.trade()
	p.dates()
	p.place()
}

func (p *parcelRow) names() {
	for _, c := range []struct {
		column string
		of     func(*kora.Parcel) *string
	}{
		{"name_zh", func(v *kora.Parcel) *string { return &v.Name.ZH }}, {"name_bo", func(v *kora.Parcel) *string { return &v.Name.BO }},
		{"name_en", func(v *kora.Parcel) *string { return &v.Name.EN }}, {"address_zh", func(v *kora.Parcel) *string { return &v.Address.ZH }},
		{"address_bo", func(v *kora.Parcel) *string { return &v.Address.BO }}, {"address_en", func(v *kora.Parcel) *string { return &v.Address.EN }},
	} {
		if s, ok := p.text(c.column); ok {
			s = tidy(s)
			p.put(func(v *kora.Parcel) { *c.of(v) = s })
		}
	}
	if s, ok := p.text("county"); ok {
		code, err := countyCode("county", s)
		if !p.refuse("county", err) {
			p.put(func(v *kora.Parcel) { v.County = code })
		}
	}
	if s, ok := p.text("status"); ok {
		status, err := oneWord("status", s, parcelStatusWords, kora.ParcelStatuses())
		if !p.refuse("status", err) {
			p.put(func(v *kora.Parcel) { v.Become(status, "") })
		}
	}
	for _, c := range []struct {
		column string
		of     func(*kora.Parcel) *string
	}{{"cadastre", func(v *kora.Parcel) *string { return &v.Cadastre }}, {"zone", func(v *kora.Parcel) *string { return &v.Zone }}} {
		if s, ok := p.text(c.column); ok {
			if s = tidy(s); isNone(s) {
				s = ""
			}
			p.put(func(v *kora.Parcel) { *c.of(v) = s })
		}
	}
	if s, ok := p.text("industry"); ok {
		var words []string
		if !isNone(s) {
			words = strings.FieldsFunc(tidy(s), func(r rune) bool { return strings.ContainsRune("、,，;；|/", r) })
		}
		p.put(func(v *kora.Parcel) { v.Industry = words })
	}
	if s, ok := p.text("sample"); ok {
		sample, err := yes("sample", s)
		if !p.refuse("sample", err) {
			p.put(func(v *kora.Parcel) { v.Sample = sample })
		}
	}
}

func (p *parcelRow) use() {
	code, coded := p.text("use_code")
	name, named := p.text("use_name")
	scheme, _ := p.text("use_scheme")
	switch {
	case coded:
		use, err := codedUse(fold(code), name, scheme)
		if !p.refuse("use_code", err) {
			p.put(func(v *kora.Parcel) { v.Use = use })
		}
	case named:
		uses, err := namedUses(name)
		if !p.refuse("use_name", err) {
			p.put(func(v *kora.Parcel) {
				v.Use, v.Uses = uses[0].LandUse, nil
				if len(uses) > 1 {
					v.Uses = uses
				}
			})
		}
	}
	if s, ok := p.text("uses"); ok {
		var uses []kora.UseShare
		if err := json.Unmarshal([]byte(s), &uses); err != nil {
			p.refuse("uses", kora.Refuse(kora.ReasonSyntax, "uses", s, "is not a list such as Kora writes it; give the uses in 规划用途"))
			return
		}
		p.put(func(v *kora.Parcel) { v.Uses = uses })
	}
}

// limits reads the planning limits, of one column each or of one for each bound.
func (p *parcelRow) limits() {
	for _, l := range []struct {
		field string
		of    func(*kora.Parcel) *kora.Range
	}{
		{"far", func(v *kora.Parcel) *kora.Range { return &v.FAR }}, {"density", func(v *kora.Parcel) *kora.Range { return &v.Density }},
		{"green", func(v *kora.Parcel) *kora.Range { return &v.Green }}, {"height_m", func(v *kora.Parcel) *kora.Range { return &v.HeightM }},
	} {
		if s, ok := p.text(l.field); ok {
			r, exact, err := limits(l.field, s)
			if !p.refuse(l.field, err) {
				p.put(func(v *kora.Parcel) { *l.of(v) = r })
			}
			if exact {
				p.warn(l.field, kora.Refuse(kora.ReasonSyntax, l.field, fold(s), "is taken as just that number; write ≤ or ≥ before it when it is a limit"))
			}
		}
		for i, side := range []string{".min", ".max"} {
			if s, ok := p.text(l.field + side); ok {
				v, err := quantity(l.field, s, "%", "米", "m")
				if !p.refuse(l.field+side, err) {
					p.put(func(to *kora.Parcel) { *[]**float64{&l.of(to).Min, &l.of(to).Max}[i] = &v })
				}
			}
			if s, ok := p.text(l.field + side + "_exclusive"); ok {
				v, err := yes(l.field, s)
				if !p.refuse(l.field+side+"_exclusive", err) {
					p.put(func(to *kora.Parcel) { *[]*bool{&l.of(to).MinExclusive, &l.of(to).MaxExclusive}[i] = v })
				}
			}
		}
	}
}

// trade reads area, price, supply and term.
func (p *parcelRow) trade() {
	if s, ok := p.text("area"); ok {
		area, err := p.area(s)
		if !p.refuse("area", err) {
			p.put(func(v *kora.Parcel) { v.StatedM2 = area })
		}
	}
	for _, m := range []struct {
		field string
		units []string
		of    func(*kora.Parcel) **kora.Price
	}{
		{"price", kora.PriceUnits(), func(v *kora.Parcel) **kora.Price { return &v.Price }},
		{"deposit", kora.DepositUnits(), func(v *kora.Parcel) **kora.Price { return &v.Deposit }},
		{"increment", kora.PriceUnits(), func(v *kora.Parcel) **kora.Price { return &v.Increment }},
		{"intensity", kora.IntensityUnits(), func(v *kora.Parcel) **kora.Price { return &v.Intensity }},
	} {
		if s, ok := p.text(m.field); ok {
			price, err := p.price(m.field, s, m.units)
			if !p.refuse(m.field, err) {
				p.put(func(v *kora.Parcel) { *m.of(v) = price })
			}
		}
	}
	if s, ok := p.text("supply"); ok {
		supply, err := supplyCode(s)
		if !p.refuse("supply", err) {
			p.put(func(v *kora.Parcel) { v.Supply = supply })
		}
	}
	if s, ok := p.text("term_years"); ok {
		term, uses, err := terms(s)
		if !p.refuse("term_years", err) {
			p.put(func(v *kora.Parcel) { setTerms(v, term, uses) })
		}
	}
	if s, ok := p.text("altitude_m"); ok {
		m, err := quantity("altitude_m", s, "米", "m")
		if !p.refuse("altitude_m", err) {
			p.put(func(v *kora.Parcel) { v.AltitudeM = m })
		}
	}
	if s, ok := p.text("facilities"); ok {
		codes, err := utilityCodes(s)
		if !p.refuse("facilities", err) {
			p.put(func(v *kora.Parcel) { v.Facilities = codes })
		}
	}
}

// dates reads the days of the life cycle: steps as Kora writes them, the day of the notice, and periods.
func (p *parcelRow) dates() {
	if s, ok := p.text("steps"); ok {
		var steps []kora.ParcelStep
		if err := json.Unmarshal([]byte(s), &steps); err != nil {
			p.refuse("steps", kora.Refuse(kora.ReasonSyntax, "steps", s, "is not a list such as Kora writes it; give the status alone, and the record dates it"))
		} else {
			p.put(func(v *kora.Parcel) { v.Steps = steps })
		}
	}
	if s, ok := p.text("notice_on"); ok {
		day, err := date("notice_on", s)
		if !p.refuse("notice_on", err) {
			p.put(func(v *kora.Parcel) { v.NoticeOn = day.Format(time.DateOnly) })
		}
	}
	for _, c := range []struct {
		field string
		of    func(*kora.Parcel) **kora.Period
	}{
		{"registration", func(v *kora.Parcel) **kora.Period { return &v.Registration }}, {"listing", func(v *kora.Parcel) **kora.Period { return &v.Listing }},
		{"publicity", func(v *kora.Parcel) **kora.Period { return &v.Publicity }},
	} {
		if s, ok := p.text(c.field); ok {
			when, err := period(c.field, s)
			if !p.refuse(c.field, err) {
				p.put(func(v *kora.Parcel) { *c.of(v) = when })
			}
		}
	}
}

func (p *parcelRow) area(s string) (float64, *kora.Error) {
	if isNone(s) {
		return 0, nil
	}
	unit := p.table.unit("area")
	if foldHeading(p.table.heading["area"]) == "stated_m2" {
		unit = "㎡"
	}
	area, err := areaIn(unit, ungrouped(strings.Join(strings.Fields(fold(s)), "")))
	if err != nil && unit == "" {
		return 0, kora.Refuse(kora.ReasonSyntax, "stated_m2", fold(s), "has no unit, and the heading names none; give ㎡, 亩 or 公顷")
	}
	return area, err
}

func (p *parcelRow) price(field, s string, units []string) (*kora.Price, *kora.Error) {
	if isNone(s) || slices.Contains([]string{"面议", "待定", "未定"}, fold(s)) {
		return nil, nil
	}
	text := ungrouped(strings.Join(strings.Fields(fold(s)), ""))
	end := strings.IndexFunc(text, func(r rune) bool { return !strings.ContainsRune("0123456789.", r) })
	if end < 0 {
		end = len(text)
	}
	unit := text[end:]
	for _, other := range []string{p.cell(field + "_unit"), p.table.unit(field)} {
		if other = fold(other); unit == "" {
			unit = other
		}
	}
	amount, err := number(field, text[:end])
	if unit == "" && err == nil {
		err = kora.Refuse(kora.ReasonRequired, field, fold(s), "has no unit, and the heading names none; give one of %v", units)
	}
	return &kora.Price{Amount: amount, Unit: priceUnit(unit)}, err
}

func priceUnit(s string) string {
	return strings.NewReplacer("元/m2", "元/㎡", "元/m²", "元/㎡", "元/平方米", "元/㎡", "元每平方米", "元/㎡", "万元每亩", "万元/亩", "万元/ha", "万元/公顷", "万元/hm2", "万元/公顷").Replace(s)
}

// place reads the outline and the entrance.
func (p *parcelRow) place() {
	crs := ""
	if s, ok := p.text("crs"); ok {
		var err *kora.Error
		crs, err = lonLatCRS("crs", s)
		p.refuse("crs", err)
	}
	if s, ok := p.text("outline"); ok {
		m, err := outlineOf(s)
		for _, poly := range m {
			for _, ring := range poly {
				*p.vertices += len(ring)
			}
		}
		if !p.refuse("outline", err) {
			p.outline = true
			source := kora.Source{File: p.table.file, CRS: crs}
			p.put(func(v *kora.Parcel) { v.Geometry, v.Source = m, source })
		}
	}
	var at orb.Point
	if s, ok := p.text("access"); ok {
		if err := json.Unmarshal([]byte(s), &at); err != nil {
			p.refuse("access", kora.Refuse(kora.ReasonSyntax, "access", s, "must be [longitude, latitude]"))
			return
		}
	} else {
		lon, hasLon := p.text("access_lon")
		lat, hasLat := p.text("access_lat")
		if !hasLon || !hasLat {
			if hasLon != hasLat {
				p.refuse("access_lon", kora.Refuse(kora.ReasonRequired, "access", nil, "the entrance needs both its longitude and its latitude"))
			}
			return
		}
		var err [2]*kora.Error
		at[0], err[0] = angle("access", lon)
		at[1], err[1] = angle("access", lat)
		if p.refuse("access_lon", err[0]) || p.refuse("access_lat", err[1]) {
			return
		}
	}
	p.put(func(v *kora.Parcel) { v.Access = &at })
}

var wktStart = regexp.MustCompile(`(?i)^[a-z ]+(\(|empty|$)`)

// outlineOf reads a polygon as WKT, or as one ring of longitudes and latitudes: "94.34,29.64; 94.35,29.64; …".
func outlineOf(s string) (m orb.MultiPolygon, err *kora.Error) {
	wrong := func(format string, args ...any) (orb.MultiPolygon, *kora.Error) {
		return nil, kora.Refuse(kora.ReasonGeometry, "geometry", nil, format, args...)
	}
	s = fold(s)
	if wktStart.MatchString(s) {
		g, e := wkt.Unmarshal(s)
		switch g := g.(type) {
		case orb.Polygon:
			m = orb.MultiPolygon{g}
		case orb.MultiPolygon:
			m = g
		}
		if e != nil || m == nil {
			return wrong("is no WKT of a POLYGON or MULTIPOLYGON")
		}
	} else {
		ring, err := pairs(s)
		if err != nil {
			return nil, err
		}
		m = orb.MultiPolygon{{ring}}
	}
	for i, poly := range m {
		for j, ring := range poly {
			if fault := ringFault(ring); fault != nil {
				return wrong("polygon %d, ring %d: %v", i+1, j+1, fault)
			}
			for k, p := range ring {
				if e := kora.CheckPoint("geometry", p); e != nil {
					return wrong("polygon %d, ring %d, corner %d is no longitude and latitude in degrees; outlines in metres are read from 勘测定界 TXT", i+1, j+1, k+1)
				}
			}
		}
	}
	return m, nil
}

// pairs reads a ring, closing it when it is open.
func pairs(s string) (orb.Ring, *kora.Error) {
	var ring orb.Ring
	for pair := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ';' || r == '\n' || r == '|' }) {
		xy := strings.FieldsFunc(pair, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\r' })
		if len(xy) == 0 {
			continue
		}
		if len(xy) != 2 {
			return nil, kora.Refuse(kora.ReasonGeometry, "geometry", pair, "is no longitude and latitude; write corners as 94.34,29.64; 94.35,29.64; …")
		}
		var p orb.Point
		for i := range p {
			var err *kora.Error
			if p[i], err = angle("geometry", xy[i]); err != nil {
				return nil, err
			}
		}
		ring = append(ring, p)
	}
	if len(ring) > 0 && ring[0] != ring[len(ring)-1] {
		ring = append(ring, ring[0])
	}
	return ring, nil
}

// codedUse is a land use of a table. A code that means something in both schemes needs its name or its scheme.
func codedUse(code, name, scheme string) (kora.LandUse, *kora.Error) {
	use := kora.LandUse{Code: code}
	if err := checkUseCode(code); err != nil {
		return use, err
	}
	switch s := fold(scheme); {
	case strings.Contains(s, "2023"):
		use.Scheme = kora.Scheme2023
		return use, nil
	case strings.Contains(s, "2017"):
		use.Scheme = kora.Scheme2017
		return use, nil
	case s != "":
		return use, kora.Refuse(kora.ReasonUnknown, "use.scheme", s, "is none of %v", kora.UseSchemes())
	}
	named, known := useSchemeOf(code, fold(name))
	if named != "" {
		use.Scheme = named
		return use, nil
	}
	if known {
		return use, notItsName(code, name)
	}
	var listed []kora.UseScheme
	for _, s := range kora.UseSchemes() {
		if (kora.LandUse{Code: code, Scheme: s}).Listed() {
			listed = append(listed, s)
		}
	}
	if len(listed) == 1 {
		use.Scheme = listed[0]
		return use, nil
	}
	return use, kora.Refuse(kora.ReasonSyntax, "use", code,
		"may be a code of the guide of 2023 or of GB/T 21010-2017, which mean other uses by it; give its name in 规划用途, or the standard in 用途分类标准")
}

// namedUses reads uses by their names, the first being the main one: 工业用地, or 城镇住宅用地、商业用地.
func namedUses(s string) ([]kora.UseShare, *kora.Error) {
	var uses []kora.UseShare
	text := strings.NewReplacer("兼容", "、", "兼", "、").Replace(fold(s))
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune("、,;/+", r) }) {
		use, err := namedUse(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		uses = append(uses, kora.UseShare{LandUse: use})
	}
	if len(uses) == 0 {
		return nil, kora.Refuse(kora.ReasonSyntax, "use", fold(s), "names no land use")
	}
	return uses, nil
}

// namedUse is the use of a name, by the guide of 2023 first. A name that holds its code, 工业用地(1001), must agree with it.
func namedUse(s string) (kora.LandUse, *kora.Error) {
	if i := strings.IndexAny(s, "0123456789"); i >= 0 {
		code := strings.TrimRight(s[i:], ")]")
		name := strings.Trim(s[:i], "([ ")
		if end := strings.IndexFunc(code, func(r rune) bool { return r < '0' || r > '9' }); end >= 0 {
			code, name = code[:end], name+strings.Trim(code[end:], " )")
		}
		return codedUse(code, name, "")
	}
	for _, scheme := range kora.UseSchemes() {
		if use, ok := kora.UseNamed(scheme, s); ok {
			return use, nil
		}
	}
	return kora.LandUse{}, kora.Refuse(kora.ReasonUnknown, "use", s, "is the name of no land use in the guide of 2023 or in GB/T 21010-2017; give its code in 用途代码")
}

// terms reads 出让年限: 50, 50年, or a term for each use: 商业40年、住宅70年.
func terms(s string) (years int, uses []kora.UseShare, err *kora.Error) {
	text := strings.Join(strings.Fields(fold(s)), "")
	if isNone(text) || text == "长期" || text == "无限期" {
		return 0, nil, nil
	}
	wrong := kora.Refuse(kora.ReasonSyntax, "term_years", fold(s), "is no term in years such as 50, or 商业用地40年、住宅用地70年")
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune("、,;", r) }) {
		i := strings.IndexAny(part, "0123456789")
		if i < 0 {
			return 0, nil, wrong
		}
		n, e := strconv.Atoi(strings.TrimSuffix(part[i:], "年"))
		if e != nil {
			return 0, nil, wrong
		}
		name := strings.TrimRight(part[:i], ":")
		if name == "" {
			if years != 0 || len(uses) > 0 {
				return 0, nil, wrong
			}
			years = n
			continue
		}
		use, e2 := looseUse(name)
		if e2 != nil || years != 0 {
			return 0, nil, wrong
		}
		uses = append(uses, kora.UseShare{LandUse: use, TermYears: n})
	}
	return years, uses, nil
}

// looseUse takes the short words too that tables use beside a term.
func looseUse(name string) (kora.LandUse, *kora.Error) {
	switch name {
	case "住宅", "居住":
		name = "居住"
	case "商服", "商业":
		name = "商业服务业"
	}
	return namedUse(name)
}

// setTerms gives v its terms. The term of a parcel with several is that of its main use, when the list has it.
func setTerms(v *kora.Parcel, years int, uses []kora.UseShare) {
	v.TermYears = years
	if len(uses) == 0 {
		return
	}
	v.TermYears = 0
	for _, u := range uses {
		if u.LandUse == v.Use || u.Scheme == v.Use.Scheme && strings.HasPrefix(v.Use.Code, u.Code) {
			v.TermYears = u.TermYears
		}
	}
	merged := slices.Clone(v.Uses)
	for _, u := range uses {
		i := slices.IndexFunc(merged, func(m kora.UseShare) bool {
			return m.Scheme == u.Scheme && (strings.HasPrefix(m.Code, u.Code) || strings.HasPrefix(u.Code, m.Code))
		})
		if i < 0 {
			merged = append(merged, u)
		} else {
			merged[i].TermYears = u.TermYears
		}
	}
	v.Uses = merged
}
