package importers

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"kora"
)

// A deal is one record of 供地结果信息, the results of supply that the land market publishes, by the names that copies of it
// use. Areas are hectares and prices 万元. Who got the land is not read.
type deal struct {
	Number     string `json:"idnumber"` // 电子监管号; its first six digits are the county
	District   string `json:"district"`
	Name       string `json:"name"`
	Location   string `json:"location"`
	Area       string `json:"area"`
	Use        string `json:"use"`
	Supply     string `json:"supply"`
	Term       string `json:"duration"`
	MinFAR     string `json:"plot_ratio_minimum"`
	MaxFAR     string `json:"plot_ratio_maximum"`
	SignedOn   string `json:"date4sign"`
	Price      string `json:"price"`
	Origin     string `json:"source"`
	Industry   string `json:"industry"`
	Grade      string `json:"grade"`
	ApprovedBy string `json:"approvedby"`
	HandoverOn string `json:"time4handover_plan"`
	StartOn    string `json:"time4commencement_plan"`
	FinishOn   string `json:"time4completion_plan"`
}

// withoutPlace are the fields of a deal that a parcel has no place for.
var withoutPlace = []struct {
	name string
	of   func(*deal) string
}{
	{"price (成交价)", func(d *deal) string { return strings.Trim(d.Price, "0.") }},
	{"source (土地来源)", func(d *deal) string { return d.Origin }},
	{"industry (行业分类)", func(d *deal) string { return d.Industry }},
	{"grade (土地级别)", func(d *deal) string { return d.Grade }},
	{"approvedby (批准单位)", func(d *deal) string { return d.ApprovedBy }},
	{"time4handover_plan (约定交地)", func(d *deal) string { return d.HandoverOn }},
	{"time4commencement_plan (约定开工)", func(d *deal) string { return d.StartOn }},
	{"time4completion_plan (约定竣工)", func(d *deal) string { return d.FinishOn }},
}

// LandMarket reads records of the land market (供地结果) from JSON in UTF-8 or GB18030: an array of objects, or several
// arrays one after the other, as programs that copy the notices leave them. The records have no outlines: like a table,
// they change parcels that the record holds under their 电子监管号, and are refused where there is none. Land uses are those
// of the list of 2007; they are read as the uses of GB/T 21010-2017 that hold them.
func LandMarket(ctx context.Context, name string, r io.Reader, register Register, opts ParcelOptions) (Batch[kora.Parcel], error) {
	d := &entries{collector: parcelCollector(name, "item", opts), register: register, opts: opts}
	d.part = func(_ int, field string) string { return dealField(field) }
	text, err := readText(name, r)
	if err != nil {
		return d.result(err)
	}
	d.batch.Encoding = text.encoding
	lost := make([]int, len(withoutPlace))
	err = readArrays(name, text.reader(), func(number int, raw json.RawMessage) error {
		var v deal
		next := entry{line: number}
		if err := decodeObject(raw, &v); err != nil {
			next.faults = append(next.faults, d.fault(number, err.Field, err))
			return d.take(ctx, next)
		}
		m := dealReader{entries: d, deal: &v, entry: &next}
		m.read()
		if len(next.faults) == 0 {
			for i, f := range withoutPlace {
				if strings.TrimSpace(f.of(&v)) != "" {
					lost[i]++
				}
			}
		}
		return d.take(ctx, next)
	})
	if err == nil {
		err = d.settle(ctx)
	}
	for i, n := range lost {
		if n > 0 {
			d.warn(kora.Fault{File: d.file, Part: withoutPlace[i].name, Err: kora.Refuse(kora.ReasonUnknown, "", nil,
				"is given in %d records; a parcel has no place for it, so it is not kept", n)})
		}
	}
	return d.result(err)
}

// readArrays calls visit for each element of the arrays that follow each other in a file, counting on.
func readArrays(name string, r io.Reader, visit func(number int, raw json.RawMessage) error) error {
	j, err := newJSONReader(name, r, maxFileBytes)
	if err != nil {
		return err
	}
	number := 0
	for arrays := 0; ; arrays++ {
		j.number = 0
		j.gate.open()
		if !j.dec.More() {
			// Token, and not More, tells the end from something that does not belong there.
			if _, err := j.dec.Token(); errors.Is(err, io.EOF) && arrays > 0 {
				return nil
			} else if err != nil {
				return j.wrap(err)
			}
			return j.refuse(kora.ReasonFormat, "has something other than an array of records")
		}
		t, err := j.token()
		if err != nil {
			return err
		}
		if t != json.Delim('[') {
			return j.refuse(kora.ReasonFormat, "is not an array of records")
		}
		for j.more() {
			number++
			j.number = number
			raw, err := j.raw()
			if err != nil {
				return err
			}
			if err := visit(number, raw); err != nil {
				return err
			}
		}
		if _, err := j.token(); err != nil {
			return err
		}
	}
}

// dealField is what the records call a field of a parcel.
func dealField(field string) string {
	switch field {
	case "number":
		return "idnumber"
	case "stated_m2":
		return "area"
	case "address":
		return "location"
	case "term_years":
		return "duration"
	case "far":
		return "plot_ratio"
	case "use.scheme":
		return "use"
	}
	return field
}

// A dealReader turns a deal into an entry.
type dealReader struct {
	*entries
	*deal
	entry *entry
}

func (m *dealReader) refuse(err *kora.Error) bool {
	if err != nil {
		m.entry.faults = append(m.entry.faults, m.fault(m.entry.line, err.Field, err))
	}
	return err != nil
}

func (m *dealReader) note(err *kora.Error) { m.warn(m.fault(m.entry.line, err.Field, err)) }

func (m *dealReader) read() {
	e := m.entry
	e.number = fold(m.Number)
	if e.number == "" {
		m.refuse(kora.Refuse(kora.ReasonRequired, "number", nil, "has no 电子监管号, so it cannot be told which parcel it is"))
		return
	}
	m.county()
	if name := tidy(m.Name); name != "" {
		e.put(func(v *kora.Parcel) { v.Name.ZH = name })
	}
	if at := tidy(m.Location); at != "" {
		e.put(func(v *kora.Parcel) { v.Address.ZH = at })
	}
	if area, err := areaIn("公顷", m.Area); !m.refuse(err) && area > 0 {
		e.put(func(v *kora.Parcel) { v.StatedM2 = area })
	}
	signed, err := date("date4sign", m.SignedOn)
	m.refuse(err)
	use, narrower, err := marketUse(m.Use, signed)
	if !m.refuse(err) {
		e.put(func(v *kora.Parcel) { v.Use = use })
	}
	if narrower {
		m.note(kora.Refuse(kora.ReasonUnknown, "use", tidy(m.Use),
			"is narrower than any use of GB/T 21010-2017; it is kept as %s %s, to which it belongs", use.Code, use.Name()))
	}
	m.supply(signed)
	m.terms()
	m.far()
}

// county takes the six digits before the running number.
func (m *dealReader) county() {
	if len(m.entry.number) < 6 {
		return
	}
	code, err := countyCode("county", m.entry.number[:6])
	if m.refuse(err) {
		return
	}
	if named, err := countyCode("county", m.District); err == nil && named != "" && named != code {
		m.refuse(kora.Refuse(kora.ReasonUnknown, "county", m.District, "is not the county of the number, %s", code))
		return
	}
	m.entry.put(func(v *kora.Parcel) { v.County = code })
}

// supply also tells the state, from the day of signing: land that is allotted is supplied by that, and other land is under
// contract.
func (m *dealReader) supply(signed time.Time) {
	s := fold(m.Supply)
	if s == "" {
		return
	}
	code, err := supplyCode(s)
	if m.refuse(err) {
		return
	}
	m.entry.put(func(v *kora.Parcel) {
		v.Supply = code
		day := ""
		if !signed.IsZero() {
			day = signed.Format(time.DateOnly)
		}
		switch {
		case code == "HB":
			v.Become(kora.ParcelSupplied, day)
		case day != "":
			v.Become(kora.ParcelSigned, day)
		}
	})
}

// terms reads 出让年限, which names the uses when there are several.
func (m *dealReader) terms() {
	text := strings.Join(strings.Fields(fold(m.Term)), "")
	if text == "" {
		return
	}
	if strings.Trim(text, "0123456789年") == "" {
		years, _, err := terms(text)
		if !m.refuse(err) && years > 0 {
			m.entry.put(func(v *kora.Parcel) { setTerms(v, years, nil) })
		}
		return
	}
	var uses []kora.UseShare
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ';' }) {
		i := strings.IndexAny(part, "0123456789")
		if i <= 0 {
			m.refuse(kora.Refuse(kora.ReasonSyntax, "term_years", text, "is no list of uses and years"))
			return
		}
		use, _, err := marketUse(part[:i], time.Time{})
		if m.refuse(err) {
			return
		}
		years, err := number("term_years", strings.TrimSuffix(part[i:], "年"))
		if m.refuse(err) {
			return
		}
		uses = append(uses, kora.UseShare{LandUse: use, TermYears: int(years)})
	}
	m.entry.put(func(v *kora.Parcel) { setTerms(v, 0, uses) })
}

// far reads the plot ratio; the records write 0.00 where there is no bound.
func (m *dealReader) far() {
	var r kora.Range
	for _, b := range []struct {
		text string
		to   **float64
	}{{m.MinFAR, &r.Min}, {m.MaxFAR, &r.Max}} {
		v, err := number("far", b.text)
		if m.refuse(err) {
			return
		}
		if v > 0 {
			*b.to = &v
		}
	}
	if r.Min != nil || r.Max != nil {
		m.entry.put(func(v *kora.Parcel) { v.FAR = r })
	}
}

// marketUses are the uses of the list of 2007, by which the land market names them, with the code of GB/T 21010-2017 that
// holds each. A * marks those that have no code of their own there: what they are is then told only by the wider use.
var marketUses = func() map[string]string {
	m := map[string]string{}
	for code, names := range map[string]string{
		"05": "商服用地 批发零售用地* 住宿餐饮用地*", "0505": "商务金融用地", "0507": "其他商服用地",
		"06": "工矿仓储用地", "0601": "工业用地", "0602": "采矿用地", "0604": "仓储用地",
		"07":   "住宅用地",
		"0701": "高档住宅用地* 中低价位、中小套型普通商品住房用地* 其他普通商品住房用地* 经济适用住房用地* 廉租住房用地* 其他住房用地* 公共租赁住房用地*",
		"08":   "公共管理与公共服务用地 科教用地* 医卫慈善用地* 文体娱乐用地*",
		"0801": "机关团体用地", "0802": "新闻出版用地", "0809": "公共设施用地", "0810": "公园与绿地", "0906": "风景名胜设施用地",
		"09": "特殊用地", "0901": "军事设施用地", "0902": "使领馆用地", "0903": "监教场所用地", "0904": "宗教用地", "0905": "殡葬用地",
		"10": "交通运输用地", "1001": "铁路用地", "1003": "公路用地", "1004": "街巷用地", "1006": "农村道路", "1007": "机场用地", "1008": "港口码头用地", "1009": "管道运输用地",
		"11": "水域及水利设施用地", "1101": "河流水面", "1102": "湖泊水面", "1103": "水库水面", "1104": "坑塘水面", "1105": "沿海滩涂", "1106": "内陆滩涂",
		"1107": "沟渠", "1109": "水工建筑用地", "1110": "冰川及永久积雪",
		"12": "其他土地", "1201": "空闲地", "1202": "设施农用地", "1203": "田坎", "1204": "盐碱地", "1108": "沼泽地", "1205": "沙地", "1206": "裸地",
	} {
		for name := range strings.FieldsSeq(names) {
			m[name] = code
		}
	}
	return m
}()

// lastOf2017 is the day before the guide of 2023 was issued, until which a code of four digits is one of GB/T 21010-2017.
var lastOf2017 = time.Date(2023, 11, 21, 0, 0, 0, 0, time.UTC)

// marketUse is a use of the land market; narrower tells that the name says more than the code.
func marketUse(s string, signed time.Time) (use kora.LandUse, narrower bool, err *kora.Error) {
	s = fold(s)
	use.Scheme = kora.Scheme2017
	if s != "" && strings.Trim(s, "0123456789") == "" {
		use.Code = s
		if err := checkUseCode(s); err != nil {
			return use, false, err
		}
		if signed.IsZero() || signed.After(lastOf2017) {
			return use, false, kora.Refuse(kora.ReasonSyntax, "use", s, "may be a code of the guide of 2023 or of GB/T 21010-2017, which mean other uses by it")
		}
		return use, false, nil
	}
	if s == "" {
		return use, false, kora.Refuse(kora.ReasonRequired, "use", nil, "needs a land use")
	}
	if code, ok := marketUses[s]; ok {
		use.Code = code
		return use, false, nil
	}
	if code, ok := marketUses[s+"*"]; ok {
		use.Code = code
		return use, true, nil
	}
	for _, scheme := range slices.Backward(kora.UseSchemes()) { // records of later years have newer names
		if named, ok := kora.UseNamed(scheme, s); ok {
			return named, false, nil
		}
	}
	return use, false, kora.Refuse(kora.ReasonUnknown, "use", s, "is the name of no land use in the lists of 2007, 2017 and 2023")
}
