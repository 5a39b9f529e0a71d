package exporters

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"kora"
	"kora/atlas"
)

// Report is the set of two tables: a summary, a row for each place, and details, a row for each measure of a place in each band.
// Assumptions are those that the interface printed beside it; approval is the number of the map, "" without one.
func Report(name string, r *kora.Report, basis json.RawMessage, approval string) (*Set, error) {
	var on assumptions
	if err := json.Unmarshal(basis, &on); err != nil {
		return nil, fmt.Errorf("export a report: its assumptions: %w", err)
	}
	nowhere := func(kora.ReportRow) (int64, orb.Geometry, orb.Point) { return 0, nil, orb.Point{} }
	summary := layerOf("summary", "", r.Rows, summaryColumns(r), nowhere)
	details := layerOf("details", "", detailsOf(r), detailColumns(r), func(reportDetail) (int64, orb.Geometry, orb.Point) { return 0, nil, orb.Point{} })
	summary.title, details.title = "汇总", "明细"
	summary.constants = reportBasis(name, r, on, approval)
	details.constants = summary.constants
	return &Set{layers: []*layer{summary, details}}, nil
}

var (
	levelWords   = map[string]string{"city": "重点区域合计", "district": "区县", "area": "重点区域", "grid": "全部格网"}
	measureWords = map[string]string{"cells": "格网", "streets": "道路长度", "built_up": "建成区面积", "residential": "居住用地面积", "demand": "需求"}
	unitWords    = map[string]string{"cells": "格", "m": "米", "m2": "平方米", "people": "人", "workers": "人（劳动者）", "jobs": "岗位"}
	bandWords    = map[string]string{"any": "全部运营站点", "day": "白天（12:00）", "night": "夜间（23:00）", "round_the_clock": "24 小时"}
)

// placeName is what a row is called.
func placeName(r kora.ReportRow) string {
	switch {
	case r.Name != nil:
		return r.Name.ZH
	case r.Level == kora.LevelDistrict:
		return kora.CountyName(r.Code)
	}
	return levelWords[string(r.Level)]
}

// measureName is what a measure is called, a set of demand by its name.
func measureName(r *kora.Report, m kora.ReportMeasure) string {
	for _, d := range r.Demands {
		if m.Measure == kora.MeasureDemand && d.Code == m.Demand {
			return d.Name.ZH
		}
	}
	return measureWords[string(m.Measure)]
}

// summaryColumns are the shares of all measures that any row has.
func summaryColumns(r *kora.Report) []column[kora.ReportRow] {
	type row = kora.ReportRow
	all := []column[row]{
		{field{"level", "层级", text, levelWords}, func(v row) any { return string(v.Level) }},
		{field{"code", "编号", text, nil}, func(v row) any { return given(v.Code) }},
		{field{"name", "名称", text, nil}, func(v row) any { return placeName(v) }},
		{field{"areas", "重点区域数", whole, nil}, func(v row) any { return v.Areas }},
	}
	if len(r.Rows) == 0 {
		return all
	}
	for _, m := range r.Rows[0].Measures {
		name, key := measureName(r, m), string(m.Measure)+"."+m.Demand
		all = append(all, column[row]{field{key + ".total", name + "（" + unitWords[m.Unit] + "）", real, nil}, func(v row) any {
			if own := v.Measure(m.Measure, m.Demand); own != nil {
				return own.Total
			}
			return nil
		}})
		share := func(heading string, of func(kora.ReportShare) float64, band int) {
			all = append(all, column[row]{field{key + "." + heading, name + heading, portion, nil}, func(v row) any {
				if own := v.Measure(m.Measure, m.Demand); own != nil && band < len(own.Bands) {
					return of(own.Bands[band])
				}
				return nil
			}})
		}
		for band, b := range r.Bands {
			if b.Band == kora.BandAny {
				share("覆盖率", func(s kora.ReportShare) float64 { return s.Share }, band)
				share("交叉覆盖率", func(s kora.ReportShare) float64 { return s.Twofold }, band)
			} else {
				share(bandWords[string(b.Band)]+"覆盖率", func(s kora.ReportShare) float64 { return s.Share }, band)
			}
		}
	}
	return all
}

// A reportDetail is one measure of one place in one band.
type reportDetail struct {
	row     *kora.ReportRow
	measure kora.ReportMeasure
	band    kora.ReportBand
	share   kora.ReportShare
}

func detailsOf(r *kora.Report) (all []reportDetail) {
	for i := range r.Rows {
		for _, m := range r.Rows[i].Measures {
			for k, s := range m.Bands {
				all = append(all, reportDetail{&r.Rows[i], m, r.Bands[k], s})
			}
		}
	}
	return all
}

func detailColumns(r *kora.Report) []column[reportDetail] {
	type d = reportDetail
	circle := func(of func(*kora.ReportCircle) float64) func(d) any {
		return func(v d) any {
			if v.share.Circle == nil {
				return nil
			}
			return of(v.share.Circle)
		}
	}
	return []column[d]{
		{field{"level", "层级", text, levelWords}, func(v d) any { return string(v.row.Level) }},
		{field{"code", "编号", text, nil}, func(v d) any { return given(v.row.Code) }},
		{field{"name", "名称", text, nil}, func(v d) any { return placeName(*v.row) }},
		{field{"measure", "指标", text, nil}, func(v d) any { return measureName(r, v.measure) }},
		{field{"unit", "单位", text, unitWords}, func(v d) any { return v.measure.Unit }},
		{field{"total", "总量（分母）", real, nil}, func(v d) any { return v.measure.Total }},
		{field{"band", "时段", text, bandWords}, func(v d) any { return string(v.band.Band) }},
		{field{"stations", "计入的站点数", whole, nil}, func(v d) any { return v.band.Stations }},
		{field{"covered", "覆盖量", real, nil}, func(v d) any { return v.share.Covered }},
		{field{"share", "覆盖率", portion, nil}, func(v d) any { return v.share.Share }},
		{field{"twice", "交叉覆盖量", real, nil}, func(v d) any { return v.share.Twice }},
		{field{"twice_share", "交叉覆盖率", portion, nil}, func(v d) any { return v.share.Twofold }},
		{field{"straight_line_1km", "直线1公里覆盖量", real, nil}, circle(func(c *kora.ReportCircle) float64 { return c.Covered })},
		{field{"straight_line_1km.share", "直线1公里覆盖率", portion, nil}, circle(func(c *kora.ReportCircle) float64 { return c.Share })},
	}
}

// reportBasis is what the figures of a report rest on.
func reportBasis(name string, r *kora.Report, on assumptions, approval string) []constant {
	kinds := []string{}
	for _, k := range r.Kinds {
		kinds = append(kinds, string(k))
	}
	all := []constant{
		{field{"report", "报告", text, nil}, given(name)},
		{field{"sample", "示例数据", flag, nil}, r.Sample},
		{field{"day", "统计日", text, nil}, r.Day},
		{field{"profile", "出行方式", text, profileWords}, r.Profile},
		{field{"minutes", "服务时间（分钟）", whole, nil}, r.Minutes},
		{field{"kinds", "计入的站点类别", list, kindWords}, kinds},
		{field{"cell_rule", "口径：格网", text, nil}, "H3 第 10 级格网（约 1.5 公顷）中心落在区域内即计入；从中心沿路网步行到站点的时间不超过服务时间为覆盖"},
		{field{"street_rule", "口径：道路", text, nil}, "区域内道路长度中，到站点的时间不超过服务时间的部分"},
		{field{"land_rule", "口径：建成区与居住用地", text, nil}, "建成区为路网底图中居住、商业、零售、工业用地与建筑物占地的并集，按格网计入；仅供比较，不是法定建成区"},
		{field{"twice_rule", "口径：交叉覆盖", text, nil}, "服务时间内可到达两个不同站点"},
		{field{"band_rule", "口径：时段", text, nil}, "按统计日 12:00、23:00 确定开放的站点；24 小时指一周内任何时刻均开放；开放时间不详的站点不计入时段"},
		{field{"district_rule", "口径：区县", text, nil}, "区县为其重点区域之并，不是行政区域全境"},
		{field{"circle_rule", "口径：直线1公里", text, nil}, "格网中心到站点直线距离不超过 1 公里，不是出行时间，仅供比较"},
		{field{"network", "路网", text, nil}, given(on.Network)},
		{field{"elevation", "高程", text, nil}, given(on.Elevation)},
		{field{"speed", "速度（千米/时，平路）", real, nil}, given(on.Profile.FlatSpeedKMH)},
		{field{"altitude_factor", "海拔系数", real, nil}, given(on.Profile.Altitude.Factor)},
		{field{"snapshot", "数据版本", text, nil}, r.Snapshot},
		{field{"as_of", "截至", text, nil}, r.AsOf.Format(time.RFC3339)},
		{field{"approval", "审图号", text, nil}, given(approval)},
	}
	if on.DataTime != nil {
		all = append(all, constant{field{"data_time", "路网数据时间", text, nil}, on.DataTime.UTC().Format(time.RFC3339)})
	}
	for _, d := range r.Demands {
		all = append(all, constant{field{"demand_" + d.Code, "需求：" + d.Name.ZH, text, nil},
			fmt.Sprintf("%s，截至 %s，总量 %s %s，格网外 %s（计为未覆盖）", d.Publisher, d.AsOf, decimal(d.Total), unitWords[string(d.Unit)], decimal(d.OffGrid))})
	}
	return all
}

// Gaps is the set of areas that are not served, the gravest first.
func Gaps(a *atlas.Atlas, gaps *atlas.Gaps, demand *kora.Demand, constants []Basis) *Set {
	type g = atlas.Gap
	columns := []column[g]{
		{field{"areas", "所在重点区域", list, nil}, func(v g) any {
			names := []string{}
			for _, k := range v.Areas {
				names = append(names, k.Name.ZH)
			}
			return names
		}},
		{field{"place", "附近道路或地点", text, nil}, func(v g) any {
			if v.Place == nil {
				return nil
			}
			return atlas.NameOf(v.Place).ZH
		}},
		{field{"cells", "格网数", whole, nil}, func(v g) any { return len(v.Cells) }},
		{field{"m2", "面积（㎡）", real, nil}, func(v g) any { return v.M2 }},
		{field{"streets", "道路长度（米）", real, nil}, func(v g) any { return v.Streets }},
		{field{"no_street", "附近无路格网数", whole, nil}, func(v g) any { return v.NoStreet }},
		{field{"nearest", "最近站点", text, nil}, func(v g) any {
			if v.Nearest == nil {
				return nil
			}
			return v.Nearest.Name.ZH
		}},
		{field{"nearest_seconds", "到最近站点（秒）", real, nil}, func(v g) any { return given(v.Route.Seconds) }},
	}
	if demand != nil {
		columns = slices.Insert(columns, 2, column[g]{field{"demand", "未覆盖" + demand.Name.ZH, real, nil}, func(v g) any { return v.Demand }})
	}
	l := layerOf("gaps", "MultiPolygon", gaps.Gaps, columns, func(v g) (int64, orb.Geometry, orb.Point) {
		return int64(v.ID), v.Outline, v.Heart
	})
	l.title = "空白区"
	for _, b := range constants {
		l.constants = append(l.constants, constant{field{b.Name, b.Heading, text, nil}, given(b.Value)})
	}
	return &Set{layers: []*layer{l}, about: aboutOf(a, a.Sample(kora.LayerNetwork, kora.LayerStation, kora.LayerKeyArea))}
}

// A Basis is one thing that figures rest on, as a text.
type Basis struct{ Name, Heading, Value string }
