package importers

import (
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"kora"
)

// stationColumns maps headings, in the form of foldHeading, to the names of the properties that the API prints.
var stationColumns = synonyms(map[string]string{
	"code":       "站点编号 编号 驿站编号 站点代码 站点编码 编码",
	"name_zh":    "name 站点名称 驿站名称 名称 中文名称 名称(中文)",
	"name_bo":    "藏文名称 藏语名称 站点名称(藏文) 名称(藏文)",
	"name_en":    "英文名称 站点名称(英文) 名称(英文)",
	"kind":       "type 类别 类型 站点类别 站点类型 驿站类型",
	"status":     "状态 运营状态 站点状态",
	"lon":        "longitude lng 经度 经度/x",
	"lat":        "latitude 纬度 纬度/y",
	"crs":        "datum 坐标系 坐标系统 坐标类型",
	"county":     "所属区县 县(区) 区(县) 区县 县区 所属县区 所在区县 行政区划代码 行政区代码",
	"address_zh": "address 详细地址 地址 位置 站点地址 详细位置",
	"address_bo": "藏文地址 地址(藏文)",
	"address_en": "英文地址 地址(英文)",
	"hours":      "opening_hours 开放时间 服务时间 营业时间",
	"all_day":    "是否24小时 24小时 24小时开放 是否24小时开放",
	"facilities": "设施 设施设备 配套设施 服务设施",
	"standard":   "是否规范化 规范化",
	"area_m2":    "面积 建筑面积 站点面积",
	"altitude_m": "altitude 海拔 海拔高度 高程",
	"highway":    "所在公路 公路 公路编号 路线编号 国省道",
	"sample":     "示例 示例数据 是否示例",
})

// synonyms turns a list of headings for each column round; a column's own name is a heading too.
func synonyms(columns map[string]string) map[string]string {
	m := map[string]string{}
	for column, headings := range columns {
		m[column] = column
		for h := range strings.FieldsSeq(headings) {
			m[h] = column
		}
	}
	return m
}

// stationLabels name the columns that a table cannot do without.
var stationLabels = map[string]string{
	"code": "站点编号 (code)", "name_zh": "站点名称 (name_zh)", "kind": "类别 (kind)", "lon": "经度 (lon)", "lat": "纬度 (lat)",
}

// Stations reads a register of stations: a workbook (XLSX), or CSV in UTF-8 or GB18030, whose heading names its columns in
// Chinese or by the API's property names. Longitude and latitude are degrees of CGCS2000 or WGS 84. A table without a column of
// status lists stations that are open. Columns that Kora does not know, such as telephone numbers, are not read.
func Stations(name string, r io.Reader) (Batch[kora.Station], error) {
	return EachStation(name, r, nil)
}

// EachStation is Stations for a file of any number of them: each is handed on, and is not in the batch.
func EachStation(name string, r io.Reader, take Taker[kora.Station]) (Batch[kora.Station], error) {
	c := newCollector[kora.Station](name, "line")
	c.take = take
	t, err := openTable(name, r, stationColumns, "code")
	if err != nil {
		return c.result(err)
	}
	defer t.close()
	c.batch.Encoding = t.encoding
	if err := checkStationHeading(name, t); err != nil {
		return c.result(err)
	}
	c.part = func(line int, field string) string { return row{line: line, table: t}.stationPart(field) }
	for _, remark := range t.rows.remarks() {
		c.warn(kora.Fault{File: c.file, Err: remark})
	}
	for {
		row, err := t.next()
		if errors.Is(err, io.EOF) {
			return c.result(nil)
		}
		if err != nil {
			return c.result(err)
		}
		if why := row.aside(stationColumns, "code"); why != nil {
			c.warn(kora.Fault{File: c.file, Line: row.line, Err: why})
			continue
		}
		f := stationRow{row: row}
		s := f.station()
		faults := make([]kora.Fault, len(f.refusals))
		for i, e := range f.refusals {
			faults[i] = c.fault(row.line, e.Field, e)
		}
		if err := c.add(row.line, "code", s.Code, s, faults); err != nil {
			return c.result(err)
		}
	}
}

func checkStationHeading(name string, t *table) error {
	if err := t.need(name, stationLabels, "code", "name_zh", "kind", "lon", "lat"); err != nil {
		return err
	}
	return t.checkUnits(name, map[string][]string{"area_m2": {"㎡", "m2", "m²", "平方米"}, "altitude_m": {"米", "m"}})
}

// stationPart is the cell that a field of a station comes from.
func (r row) stationPart(field string) string {
	switch field {
	case "name":
		field = "name_zh"
	case "point":
		return r.part("lon") + ", " + r.part("lat")
	}
	return r.part(field)
}

// A stationRow turns cells into a station and keeps what it refuses.
type stationRow struct {
	row
	refusals []*kora.Error
}

func (f *stationRow) refuse(err *kora.Error) {
	if err != nil {
		f.refusals = append(f.refusals, err)
	}
}

func (f *stationRow) station() kora.Station {
	s := kora.Station{
		Code:    fold(f.cell("code")),
		Name:    f.name("name"),
		Address: f.name("address"),
		Highway: strings.ToUpper(fold(f.cell("highway"))),
		Source:  kora.Source{File: f.table.file},
	}
	f.refuse(f.beyond())
	for _, column := range slices.Sorted(maps.Keys(f.table.index)) {
		i := f.table.index[column]
		if why := f.table.rows.wrong(f.line, i); why != nil {
			f.refuse(kora.Refuse(kora.ReasonSyntax, column, nil, "%v", why))
		}
	}
	f.refuse(checkCellText("code", s.Code))
	if s.Code == "" {
		f.refuse(kora.Refuse(kora.ReasonRequired, "code", nil, "needs a station number that stays the same in every file"))
	}
	var err *kora.Error
	s.Kind, err = oneWord("kind", f.cell("kind"), kindWords, kora.Kinds())
	f.refuse(err)
	s.Status, err = f.status()
	f.refuse(err)
	s.Source.CRS, err = lonLatCRS("crs", f.cell("crs"))
	f.refuse(err)
	s.Point = f.point()
	s.County, err = countyCode("county", f.cell("county"))
	f.refuse(err)
	s.Hours, err = f.hours()
	f.refuse(err)
	s.Facilities, err = facilityCodes(f.cell("facilities"))
	f.refuse(err)
	s.Standard, err = yes("standard", f.cell("standard"))
	f.refuse(err)
	s.AreaM2, err = number("area_m2", f.cell("area_m2"))
	f.refuse(err)
	s.AltitudeM, err = number("altitude_m", f.cell("altitude_m"))
	f.refuse(err)
	s.Sample, err = yes("sample", f.cell("sample"))
	f.refuse(err)
	return s
}

func (f *stationRow) name(field string) kora.Name {
	return kora.Name{ZH: tidy(f.cell(field + "_zh")), BO: tidy(f.cell(field + "_bo")), EN: tidy(f.cell(field + "_en"))}
}

func (f *stationRow) status() (kora.Status, *kora.Error) {
	if _, ok := f.table.index["status"]; !ok {
		return kora.StatusOpen, nil
	}
	return oneWord("status", f.cell("status"), statusWords, kora.Statuses())
}

func (f *stationRow) point() (p orb.Point) {
	for i, column := range []string{"lon", "lat"} {
		if fold(f.cell(column)) == "" {
			f.refuse(kora.Refuse(kora.ReasonRequired, column, nil, "is missing"))
			continue
		}
		v, err := angle(column, f.cell(column))
		f.refuse(err)
		p[i] = v
	}
	return p
}

func (f *stationRow) hours() (kora.Hours, *kora.Error) {
	h, err := chineseHours(f.cell("hours"))
	if err != nil {
		refusal, _ := errors.AsType[*kora.Error](err)
		return h, refusal
	}
	allDay, refusal := yes("all_day", f.cell("all_day"))
	switch {
	case refusal != nil || !allDay || h.String() == "24/7":
		return h, refusal
	case h.Known():
		return h, kora.Refuse(kora.ReasonSyntax, "hours", h.String(), "does not agree with the column that says open for 24 hours")
	}
	h, _ = kora.ParseHours("24/7")
	return h, nil
}
