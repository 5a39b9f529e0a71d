package api

import (
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"kora"
	"kora/geo/datum"
)

// navigation holds links that open a map application; each carries the coordinates in the datum and the axis order that
// it expects. Chinese applications draw on GCJ-02, so a link with other coordinates ends some 350 m off.
type navigation struct {
	Position [2]float64 `json:"position" doc:"Where they lead: longitude and latitude in degrees (CGCS2000)." nullable:"false"`
	GCJ02    [2]float64 `json:"gcj02" doc:"The same in GCJ-02: longitude and latitude, for wx.openLocation in WeChat." nullable:"false"`
	Amap     string     `json:"amap" doc:"高德地图, GCJ-02"`
	Baidu    string     `json:"baidu" doc:"百度地图, GCJ-02"`
	Tencent  string     `json:"tencent" doc:"腾讯地图, GCJ-02"`
	Apple    string     `json:"apple" doc:"GCJ-02, as Apple draws in China"`
	Geo      string     `json:"geo" doc:"RFC 5870, WGS 84"`
	Truck    *truck     `json:"truck,omitempty" doc:"Routes for trucks, in the Amap application on a telephone; for drivers' homes."`
}

// truck holds links to Amap's application, whose routes for trucks its web page does not offer.
type truck struct {
	Android string `json:"android" doc:"GCJ-02"`
	IOS     string `json:"ios" doc:"GCJ-02"`
}

// A way tells how somebody is taken to go there.
type way int

const (
	onFoot way = iota
	byCar
	byTruck
)

// wayTo is how people go to a kind of station.
func wayTo(k kora.Kind) way {
	if k == kora.KindDrivers {
		return byTruck
	}
	return onFoot
}

// linksTo makes the links to a place, longitude and latitude in degrees (EPSG:4490).
func linksTo(p orb.Point, label string, w way) navigation {
	g := datum.GCJ02(p)
	text, ends := appendLinks(nil, &[5]string{}, p, g, label, w)
	all, from := string(text), 0
	link := func(i int) string {
		from, i = ends[i], from
		return all[i:from]
	}
	n := navigation{Position: p, GCJ02: [2]float64{micro(g[0]), micro(g[1])}, Amap: link(0), Baidu: link(1), Tencent: link(2), Apple: link(3), Geo: link(4)}
	if w == byTruck {
		// dev=0: the coordinates are GCJ-02; t=7: a truck.
		query := fmt.Sprintf("sourceApplication=kora&dlat=%.6f&dlon=%.6f&dname=%s&dev=0&t=7", g[1], g[0], escaped(label))
		n.Truck = &truck{Android: "amapuri://route/plan/?" + query, IOS: "iosamap://path?" + query}
	}
	return n
}

// appendLinks writes the links to p, which is g in GCJ-02, each after what comes before it, and tells where each ends: amap, baidu,
// tencent, apple and geo. They hold nothing that JSON would escape.
func appendLinks(b []byte, before *[5]string, p, g orb.Point, label string, w way) (text []byte, ends [5]int) {
	name := escaped(label)
	amap, tencent, apple := "walk", "walk", "w"
	if w != onFoot {
		amap, tencent, apple = "car", "drive", "d"
	}
	b = append(b, before[0]...)
	b = append(appendPair(append(b, "https://uri.amap.com/navigation?to="...), g[0], g[1]), ',')
	b = append(append(append(append(b, name...), "&mode="...), amap...), "&policy=0&src=kora&callnative=1"...)
	ends[0] = len(b)
	b = append(b, before[1]...)
	// Baidu's page for directions wants to be told where they begin, which is nobody's business here.
	b = append(appendPair(append(b, "https://api.map.baidu.com/marker?location="...), g[1], g[0]), "&title="...)
	b = append(append(append(append(b, name...), "&content="...), name...), "&output=html&coord_type=gcj02&src=webapp.kora.kora"...)
	ends[1] = len(b)
	b = append(b, before[2]...)
	b = append(append(append(b, "https://apis.map.qq.com/uri/v1/routeplan?type="...), tencent...), "&to="...)
	b = append(appendPair(append(append(b, name...), "&tocoord="...), g[1], g[0]), "&policy=0&referer=kora"...)
	ends[2] = len(b)
	b = append(b, before[3]...)
	b = append(appendPair(append(b, "https://maps.apple.com/?daddr="...), g[1], g[0]), "&dirflg="...)
	b = append(append(append(b, apple...), "&q="...), name...)
	ends[3] = len(b)
	b = append(b, before[4]...)
	b = append(appendPair(append(b, "geo:"...), p[1], p[0]), "?q="...)
	b = append(append(append(appendPair(b, p[1], p[0]), '('), name...), ')')
	ends[4] = len(b)
	return b, ends
}

// appendPair writes two angles with six decimals.
func appendPair(b []byte, first, second float64) []byte {
	b = append(strconv.AppendFloat(b, first, 'f', 6, 64), ',')
	return strconv.AppendFloat(b, second, 'f', 6, 64)
}

// micro rounds to six decimals, a tenth of a metre.
func micro(degrees float64) float64 { return math.Round(degrees*1e6) / 1e6 }

// escaped makes a label fit for a query. What these applications part their values by is put in its full width, because they
// decode before they part.
func escaped(label string) string {
	wide := strings.Map(func(r rune) rune {
		if strings.ContainsRune(",;:|()", r) {
			return r - '!' + '！' // the block of full-width forms follows ASCII
		}
		return r
	}, label)
	return strings.ReplaceAll(url.QueryEscape(wide), "+", "%20") // not all of them read + as a space
}
