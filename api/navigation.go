package api

import (
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
	lon, lat := sixDecimals(g[0]), sixDecimals(g[1])
	own := sixDecimals(p[1]) + "," + sixDecimals(p[0])
	name := escaped(label)
	amap, tencent, apple := "walk", "walk", "w"
	if w != onFoot {
		amap, tencent, apple = "car", "drive", "d"
	}
	n := navigation{
		Position: p, GCJ02: [2]float64{micro(g[0]), micro(g[1])},
		Amap: "https://uri.amap.com/navigation?to=" + lon + "," + lat + "," + name + "&mode=" + amap + "&policy=0&src=kora&callnative=1",
		// Baidu's page for directions wants to be told where they begin, which is nobody's business here.
		Baidu: "https://api.map.baidu.com/marker?location=" + lat + "," + lon + "&title=" + name + "&content=" + name +
			"&output=html&coord_type=gcj02&src=webapp.kora.kora",
		Tencent: "https://apis.map.qq.com/uri/v1/routeplan?type=" + tencent + "&to=" + name + "&tocoord=" + lat + "," + lon + "&policy=0&referer=kora",
		Apple:   "https://maps.apple.com/?daddr=" + lat + "," + lon + "&dirflg=" + apple + "&q=" + name,
		Geo:     "geo:" + own + "?q=" + own + "(" + name + ")",
	}
	if w == byTruck {
		// dev=0: the coordinates are GCJ-02; t=7: a truck.
		query := "sourceApplication=kora&dlat=" + lat + "&dlon=" + lon + "&dname=" + name + "&dev=0&t=7"
		n.Truck = &truck{Android: "amapuri://route/plan/?" + query, IOS: "iosamap://path?" + query}
	}
	return n
}

func sixDecimals(degrees float64) string { return strconv.FormatFloat(degrees, 'f', 6, 64) }

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
