package api

import (
	"fmt"
	"net/url"

	"github.com/paulmach/orb"

	"kora/geo/datum"
)

// navigation holds links that open a map application; each carries the coordinates in the datum and the axis order that
// it expects. Chinese applications draw on GCJ-02, so a link with other coordinates ends some 350 m off.
type navigation struct {
	Amap    string `json:"amap" doc:"高德地图, GCJ-02"`
	Baidu   string `json:"baidu" doc:"百度地图, GCJ-02"`
	Tencent string `json:"tencent" doc:"腾讯地图, GCJ-02"`
	Apple   string `json:"apple" doc:"GCJ-02, as Apple draws in China"`
	Geo     string `json:"geo" doc:"RFC 5870, WGS 84"`
}

// linksTo makes the links to a place, longitude and latitude in degrees (EPSG:4490).
func linksTo(p orb.Point, label string) navigation {
	g := datum.GCJ02(p)
	lonlat, latlon := fmt.Sprintf("%.6f,%.6f", g[0], g[1]), fmt.Sprintf("%.6f,%.6f", g[1], g[0])
	name := url.QueryEscape(label)
	return navigation{
		Amap: "https://uri.amap.com/navigation?to=" + lonlat + "," + name + "&mode=walk&policy=0&src=kora&callnative=1",
		Baidu: "https://api.map.baidu.com/marker?location=" + latlon + "&title=" + name + "&content=" + name +
			"&output=html&coord_type=gcj02&src=webapp.kora.kora",
		Tencent: "https://apis.map.qq.com/uri/v1/marker?marker=coord:" + latlon + ";title:" + name + "&referer=kora",
		Apple:   "https://maps.apple.com/?daddr=" + latlon + "&q=" + name,
		Geo:     fmt.Sprintf("geo:%.6f,%.6f?q=%.6f,%.6f(%s)", p[1], p[0], p[1], p[0], url.PathEscape(label)),
	}
}
