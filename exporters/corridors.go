package exporters

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"kora"
	"kora/atlas"
	"kora/geo/service"
)

// A CorridorQuery tells what is asked of highways. The limit is a time, or a distance where that is 0.
type CorridorQuery struct {
	Profile string
	Minutes float64
	KM      float64
	Kinds   []kora.Kind // none: drivers' homes
	OpenAt  *time.Time
}

// Validate tells what is wrong with q; the error is an *kora.Error.
func (q CorridorQuery) Validate() error {
	switch {
	case q.Minutes > 0 && q.KM > 0:
		return kora.Refuse(kora.ReasonUnknown, "km", nil, "do not go with %s", "minutes")
	case q.KM == 0 && !(q.Minutes >= 1 && q.Minutes <= 600):
		return kora.Refuse(kora.ReasonRange, "minutes", q.Minutes, "must be from 1 to 600")
	case q.Minutes == 0 && !(q.KM >= 1 && q.KM <= 1000):
		return kora.Refuse(kora.ReasonRange, "km", q.KM, "must be from 1 to 1,000")
	}
	for _, k := range q.Kinds {
		if !slices.Contains(kora.Kinds(), k) {
			return kora.Refuse(kora.ReasonUnknown, "kind", k, "is none of union_station, oxygen_bar and drivers_home")
		}
	}
	return nil
}

func (q CorridorQuery) limit() service.Limit {
	return service.Limit{Seconds: q.Minutes * 60, Metres: q.KM * 1000}
}

var (
	directionNames = map[service.Direction]string{service.Up: "up", service.Down: "down"}
	directionWords = map[string]string{"up": "上行（里程增加）", "down": "下行（里程减少）"}
	stateWords     = map[string]string{"served": "已服务", "beyond": "超出限值", "no_home": "前方无站点", "unknown": "未知"}
)

// A stretch is a row of the layer stretches.
type stretch struct {
	*atlas.Corridor
	service.CorridorStretch
	direction service.Direction
	id        int64
}

func (s stretch) home(i int) any {
	if i < 0 {
		return nil
	}
	return s.Stations[i].Code
}

// A passedHome is a row of the layer homes.
type passedHome struct {
	*atlas.Corridor
	service.CorridorHome
	station *kora.Station
	id      int64
}

// Corridors is the set of two layers: stretches, the highways by what they are to who travels them in either direction, and homes,
// the stations along them. A station that two highways pass is there twice.
func Corridors(ctx context.Context, a *atlas.Atlas, q CorridorQuery) (*Set, error) {
	if err := q.Validate(); err != nil {
		return nil, err
	}
	if len(q.Kinds) == 0 {
		q.Kinds = []kora.Kind{kora.KindDrivers}
	}
	all, err := a.Corridors(ctx, q.Profile, atlas.StationQuery{Kinds: q.Kinds, OpenAt: q.OpenAt})
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, kora.Refuse(kora.ReasonNotFound, "", nil, "there are no highways to export; import some with kora import highways")
	}
	sample := a.Sample(kora.LayerNetwork, kora.LayerStation, kora.LayerHighway)
	var stretches []stretch
	var homes []passedHome
	for _, c := range all {
		for _, d := range service.Directions() {
			for _, s := range c.Stretches(d, q.limit()) {
				stretches = append(stretches, stretch{c, s, d, int64(len(stretches) + 1)})
			}
		}
		for i, h := range c.Homes {
			homes = append(homes, passedHome{c, h, c.Stations[i], int64(len(homes) + 1)})
		}
	}
	lines := layerOf("stretches", "MultiLineString", stretches, stretchColumns(), func(s stretch) (int64, orb.Geometry, orb.Point) {
		course := s.Course.Part(s.FromM, s.ToM)
		return s.id, course, course[0][0]
	})
	places := layerOf("homes", "Point", homes, homeColumns(), func(h passedHome) (int64, orb.Geometry, orb.Point) {
		return h.id, h.station.Point, h.station.Point
	})
	lines.title, places.title = "路段", "沿线站点"
	lines.constants = corridorBasis(a, q, sample)
	places.constants = lines.constants
	return &Set{layers: []*layer{lines, places}, about: append(aboutOf(a, sample),
		member{"attribution", a.Network.Attribution}, member{"profile", q.Profile}, member{"minutes", given(q.Minutes)}, member{"km", given(q.KM)},
		member{"kinds", q.Kinds}, member{"assumptions", assumptionsOf(a, CoverageQuery{Profile: q.Profile, OpenAt: q.OpenAt})})}, nil
}

func stretchColumns() []column[stretch] {
	type s = stretch
	return []column[s]{
		{field{"ref", "公路", text, nil}, func(v s) any { return v.Highway.Ref }},
		{field{"direction", "方向", text, directionWords}, func(v s) any { return directionNames[v.direction] }},
		{field{"state", "状态", text, stateWords}, func(v s) any { return string(v.State) }},
		{field{"from_m", "起点里程（米）", real, nil}, func(v s) any { return math.Round(v.FromM) }},
		{field{"to_m", "终点里程（米）", real, nil}, func(v s) any { return math.Round(v.ToM) }},
		{field{"length_m", "长度（米）", real, nil}, func(v s) any { return math.Round(v.Length()) }},
		{field{"longest_s", "到前方站点最长时间（秒）", real, nil}, func(v s) any {
			if v.State == service.Unknown || math.IsInf(v.LongestS, 1) {
				return nil
			}
			return math.Round(v.LongestS)
		}},
		{field{"longest_m", "到前方站点最长距离（米）", real, nil}, func(v s) any {
			if v.State == service.Unknown {
				return nil
			}
			return math.Round(v.LongestM)
		}},
		{field{"before", "上一站点", text, nil}, func(v s) any { return v.home(v.Before) }},
		{field{"next", "下一站点", text, nil}, func(v s) any { return v.home(v.Next) }},
	}
}

func homeColumns() []column[passedHome] {
	type h = passedHome
	return slices.Concat(
		[]column[h]{
			{field{"ref", "公路", text, nil}, func(v h) any { return v.Highway.Ref }},
			{field{"code", "站点编号", text, nil}, func(v h) any { return v.station.Code }},
		},
		names("name", [3]string{"站点名称", "藏文名称", "英文名称"}, func(v h) kora.Name { return v.station.Name }),
		[]column[h]{
			{field{"kind", "类别", text, kindWords}, func(v h) any { return string(v.station.Kind) }},
			{field{"status", "状态", text, statusWords}, func(v h) any { return string(v.station.Status) }},
			{field{"chainage_m", "里程（米）", real, nil}, func(v h) any { return math.Round(v.ChainageM) }},
			{field{"side", "侧", text, map[string]string{"left": "左", "right": "右"}}, func(v h) any {
				return map[bool]string{true: "left", false: "right"}[v.Left]
			}},
			{field{"aside_m", "距公路（米，直线）", real, nil}, func(v h) any { return math.Round(v.AsideM) }},
			{field{"off_m", "距公路（米，沿路）", real, nil}, func(v h) any { return math.Round(v.There.Metres) }},
			{field{"detour_s", "往返绕行（秒）", real, nil}, func(v h) any { return math.Round(v.Detour()) }},
		})
}

func corridorBasis(a *atlas.Atlas, q CorridorQuery, sample bool) []constant {
	all := slices.DeleteFunc(basis(a, CoverageQuery{Profile: q.Profile, Kinds: q.Kinds, OpenAt: q.OpenAt}, 0), func(c constant) bool {
		return c.name == "minutes" || c.name == "stations"
	})
	return append(all, constant{field{"limit_minutes", "限值（分钟）", real, nil}, given(q.Minutes)},
		constant{field{"limit_km", "限值（公里）", real, nil}, given(q.KM)}, constant{field{"sample", "示例数据", flag, nil}, sample})
}
