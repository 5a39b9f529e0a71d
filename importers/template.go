package importers

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

// A templateColumn is a heading with a cell that shows how it is filled, and what to know of it.
type templateColumn struct {
	heading, example string
	width            float64
}

var parcelTemplate = []templateColumn{
	{"序号", exampleMark, 6}, {"地块编号*", "LZ-2026-001", 16}, {"地块名称", "示例地块一", 16}, {"所属区县", "巴宜区", 12}, {"坐落", "八一镇示例路以北", 22},
	{"面积（亩）", "47.7", 12}, {"规划用途", "工业用地", 14}, {"用途代码", "1001", 10}, {"用途分类标准", "2023", 14},
	{"容积率", "1.0≤容积率≤2.0", 18}, {"建筑密度（%）", "≥40", 14}, {"绿地率（%）", "≤20", 12}, {"建筑限高（米）", "≤24", 14},
	{"供应方式", "挂牌", 10}, {"出让年限（年）", "50", 14}, {"起始价（万元）", "1431", 14}, {"保证金（万元）", "500", 14},
	{"公告日期", "2026-07-01", 12}, {"报名时间", "2026-07-10 09:00 至 2026-07-30 17:00", 26}, {"挂牌时间", "2026-08-01 至 2026-08-10", 26},
	{"配套设施", "路、给水、电、通信", 22}, {"状态", "推介", 10}, {"海拔（米）", "2990", 10}, {"入口经度", "94.3415", 12}, {"入口纬度", "29.6399", 12},
}

var stationTemplate = []templateColumn{
	{"序号", exampleMark, 6}, {"站点编号*", "LS-001", 12}, {"站点名称*", "示例驿站", 16}, {"类别*", "工会驿站", 12}, {"状态", "运营", 10},
	{"经度*", "91.1169", 12}, {"纬度*", "29.6578", 12}, {"坐标系", "CGCS2000", 12}, {"所属区县", "城关区", 12}, {"详细地址", "示例路1号", 22},
	{"开放时间", "周一至周日 9:00-21:00", 22}, {"设施设备", "饮水、微波炉、手机充电", 24}, {"是否规范化", "是", 12}, {"面积（㎡）", "42", 12}, {"海拔（米）", "3650", 10}, {"所在公路", "G318", 10},
}

// ParcelTemplate writes a workbook to be filled in with attributes of parcels.
func ParcelTemplate(w io.Writer) error { return writeTemplate(w, "地块", parcelTemplate) }

// StationTemplate writes a workbook to be filled in with stations.
func StationTemplate(w io.Writer) error { return writeTemplate(w, "站点", stationTemplate) }

// writeTemplate writes headings and the example row. All cells are text, so that a spreadsheet leaves numbers and limits
// as they are typed.
func writeTemplate(w io.Writer, sheet string, columns []templateColumn) (err error) {
	f := excelize.NewFile()
	defer f.Close()
	defer func() {
		if err != nil {
			err = fmt.Errorf("write the template: %w", err)
		}
	}()
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	textFormat := 49 // @
	text, err := f.NewStyle(&excelize.Style{NumFmt: textFormat})
	if err != nil {
		return err
	}
	bold, err := f.NewStyle(&excelize.Style{NumFmt: textFormat, Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDEBF7"}}})
	if err != nil {
		return err
	}
	grey, err := f.NewStyle(&excelize.Style{NumFmt: textFormat, Font: &excelize.Font{Italic: true, Color: "808080"}})
	if err != nil {
		return err
	}
	for i, c := range columns {
		name := columnName(i)
		for _, set := range []func() error{
			func() error { return f.SetColWidth(sheet, name, name, c.width) },
			func() error { return f.SetColStyle(sheet, name, text) },
			func() error { return f.SetCellStr(sheet, name+"1", c.heading) },
			func() error { return f.SetCellStr(sheet, name+"2", c.example) },
		} {
			if err := set(); err != nil {
				return err
			}
		}
	}
	last := columnName(len(columns) - 1)
	if err := f.SetCellStyle(sheet, "A1", last+"1", bold); err != nil {
		return err
	}
	if err := f.SetCellStyle(sheet, "A2", last+"2", grey); err != nil {
		return err
	}
	if err := f.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	return f.Write(w)
}
