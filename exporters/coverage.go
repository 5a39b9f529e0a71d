package exporters

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"kora"
	"kora/atlas"
	"kora/geo/grid"
	"kora/geo/profile"
)

// A CoverageQuery tells which service circle is meant.
type CoverageQuery struct {
	Profile string
	Minutes int         // 1 to 60
	Kinds   []kora.Kind // only these; none: all
	OpenAt  *time.Time  // only stations that are open for certain then; nil: all that serve at any time
}

// Validate tells what is wrong with q; the error is an *kora.Error.
func (q CoverageQuery) Validate() error {
	if q.Minutes < 1 || q.Minutes > 60 {
		return kora.Refuse(kora.ReasonRange, "minutes", q.Minutes, "must be from 1 to 60")
	}
	for _, k := range q.Kinds {
		if !slices.Contains(kora.Kinds(), k) {
			return kora.Refuse(kora.ReasonUnknown, "kind", k, "is none of union_station, oxygen_bar and drivers_home")
		}
	}
	return nil
}

// Coverage is the set of two layers: cells, the hexagons of the grid with the time from each to its nearest stations, and
// areas, the key areas with their shares. What the figures rest on goes with both.
func Coverage(ctx context.Context, a *atlas.Atlas, q CoverageQuery) (*Set, error) {
	if err := q.Validate(); err != nil {
		return nil, err
	}
	stations := atlas.StationQuery{Kinds: q.Kinds, OpenAt: q.OpenAt}
	nearest, second, err := a.CellTimes(ctx, q.Profile, stations)
	if err != nil {
		return nil, err
	}
	c, err := a.Coverage(ctx, q.Profile, stations, float64(q.Minutes)*60)
	if err != nil {
		return nil, err
	}
	if len(nearest) == 0 {
		return nil, kora.Refuse(kora.ReasonNotFound, "", nil, "there are no cells to export: neither key areas nor stations near streets")
	}
	sample := a.Network.Sample || slices.ContainsFunc(a.Stations, func(s *kora.Station) bool { return s.Sample })
	cells := cellLayer(a, nearest, second, float64(q.Minutes)*60)
	areas := layerOf("areas", "MultiPolygon", c.Areas, areaColumns(sample), func(s atlas.AreaCoverage) (int64, orb.Geometry, orb.Point) {
		return s.Area.ID, rightHanded(s.Area.Geometry), s.Area.Geometry.Bound().Center()
	})
	cells.title, areas.title, areas.wkt = "格网", "重点区域", true
	areas.constants = basis(a, q, c.Stations)
	cells.constants = append(basis(a, q, c.Stations), constant{field{"sample", "示例数据", flag, nil}, sample})
	kinds := append([]kora.Kind{}, q.Kinds...)
	return &Set{layers: []*layer{cells, areas}, about: append(aboutOf(a, sample),
		member{"attribution", a.Network.Attribution}, member{"profile", q.Profile}, member{"minutes", q.Minutes},
		member{"kinds", kinds}, member{"stations", c.Stations}, member{"assumptions", assumptionsOf(a, q)})}, nil
}

// assumptions are those that /v1/coverage prints.
type assumptions struct {
	Profile    profile.Profile `json:"profile"`
	Resolution int             `json:"resolution"`
	OpenAt     *time.Time      `json:"open_at"`
	Network    string          `json:"network"`
	DataTime   *time.Time      `json:"data_time,omitempty"`
	Elevation  string          `json:"elevation"`
	Sample     bool            `json:"sample"`
}

func assumptionsOf(a *atlas.Atlas, q CoverageQuery) assumptions {
	out := assumptions{Profile: a.Streets(q.Profile).Profile(), Resolution: atlas.CellResolution, OpenAt: q.OpenAt,
		Network: a.Network.Name, Elevation: a.Network.Elevation, Sample: a.Network.Sample}
	if !a.Network.DataTime.IsZero() {
		out.DataTime = &a.Network.DataTime
	}
	return out
}

// basis is what the figures rest on, for formats that have columns only.
func basis(a *atlas.Atlas, q CoverageQuery, stations int) []constant {
	kinds := []string{}
	for _, k := range q.Kinds {
		kinds = append(kinds, string(k))
	}
	openAt, dataTime := "", ""
	if q.OpenAt != nil {
		openAt = q.OpenAt.Format(time.RFC3339)
	}
	if !a.Network.DataTime.IsZero() {
		dataTime = a.Network.DataTime.UTC().Format(time.RFC3339)
	}
	return []constant{
		{field{"profile", "出行方式", text, profileWords}, q.Profile},
		{field{"minutes", "服务时间（分钟）", whole, nil}, q.Minutes},
		{field{"kinds", "计入的站点类别", list, kindWords}, kinds},
		{field{"open_at", "开放时刻", text, nil}, given(openAt)},
		{field{"stations", "计入的站点数", whole, nil}, stations},
		{field{"network", "路网", text, nil}, given(a.Network.Name)},
		{field{"data_time", "路网数据时间", text, nil}, given(dataTime)},
		{field{"elevation", "高程", text, nil}, given(a.Network.Elevation)},
		{field{"attribution", "数据来源", text, nil}, given(a.Network.Attribution)},
	}
}

// A cell is a row of the layer cells.
type cell struct {
	grid.Cell
	nearest, second float32
	covered         bool
	areas           []string
}

func cellLayer(a *atlas.Atlas, nearest, second []float32, maxSeconds float64) *layer {
	cells := make([]cell, len(nearest))
	for i, c := range a.Cells() {
		cells[i] = cell{Cell: c, nearest: nearest[i], second: second[i], covered: float64(nearest[i]) <= maxSeconds, areas: []string{}}
	}
	for _, area := range a.KeyAreas {
		for _, i := range a.CellsOf(area.ID) {
			cells[i].areas = append(cells[i].areas, area.Code)
		}
	}
	columns := []column[cell]{
		{field{"cell", "H3 格网", text, nil}, func(c cell) any { return c.String() }},
		{field{"nearest_seconds", "最近站点（秒）", real, nil}, func(c cell) any { return seconds(c.nearest) }},
		{field{"second_seconds", "次近站点（秒）", real, nil}, func(c cell) any { return seconds(c.second) }},
		{field{"street", "附近有路", flag, nil}, func(c cell) any { return !math.IsNaN(float64(c.nearest)) }},
		{field{"covered", "服务圈内", flag, nil}, func(c cell) any { return c.covered }},
		{field{"areas", "所在重点区域", list, nil}, func(c cell) any { return c.areas }},
	}
	return layerOf("cells", "Polygon", cells, columns, func(c cell) (int64, orb.Geometry, orb.Point) {
		return int64(c.TileID()), orb.Polygon{c.Boundary()}, c.Centre()
	})
}

// seconds is a time to a tenth, rounded up, so that "at most n minutes" stays what it was; nil without a way or a street.
func seconds(t float32) any {
	if math.IsNaN(float64(t)) || math.IsInf(float64(t), 0) {
		return nil
	}
	return math.Ceil(float64(t)*10) / 10
}

// areaColumns are the shares as /v1/coverage names them. A share of sample streets or stations is a sample itself.
func areaColumns(sample bool) []column[atlas.AreaCoverage] {
	type c = atlas.AreaCoverage
	return slices.Concat(
		[]column[c]{{field{"code", "区域编号", text, nil}, func(v c) any { return v.Area.Code }}},
		names("name", [3]string{"区域名称", "藏文名称", "英文名称"}, func(v c) kora.Name { return v.Area.Name }),
		[]column[c]{
			{field{"sample", "示例数据", flag, nil}, func(v c) any { return v.Area.Sample || sample }},
			{field{"cells", "格网数", whole, nil}, func(v c) any { return v.Once.Cells }},
			{field{"covered", "服务圈内格网数", whole, nil}, func(v c) any { return v.Once.Covered }},
			{field{"no_street", "附近无路格网数", whole, nil}, func(v c) any { return v.Once.NoStreet }},
			{field{"share", "格网覆盖率", portion, nil}, func(v c) any { return v.Once.Share }},
			{field{"twice.covered", "交叉覆盖格网数", whole, nil}, func(v c) any { return v.Twice.Covered }},
			{field{"twice.share", "交叉覆盖率", portion, nil}, func(v c) any { return v.Twice.Share }},
			{field{"streets.metres", "道路长度（米）", real, nil}, func(v c) any { return math.Round(v.Streets.Metres) }},
			{field{"streets.covered", "服务圈内道路长度（米）", real, nil}, func(v c) any { return math.Round(v.Streets.Covered) }},
			{field{"streets.share", "道路覆盖率", portion, nil}, func(v c) any { return v.Streets.Share }},
			{field{"bands", "分时段格网数", other, nil}, func(v c) any { return bandsOf(v.Bands) }},
			{field{"straight_line_1km.covered", "直线1公里内格网数", whole, nil}, func(v c) any { return v.Circle.Covered }},
			{field{"straight_line_1km.share", "直线1公里覆盖率", portion, nil}, func(v c) any { return v.Circle.Share }},
		})
}

type band struct {
	Minutes *int `json:"minutes"` // nil: all beyond the last
	Cells   int  `json:"cells"`
}

func bandsOf(counts []int) []band {
	limits := atlas.Bands()
	bands := make([]band, len(counts))
	for i, n := range counts {
		bands[i].Cells = n
		if i < len(limits) {
			minutes := int(limits[i] / 60)
			bands[i].Minutes = &minutes
		}
	}
	return bands
}
