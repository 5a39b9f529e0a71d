package api

import (
	"math"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

// Places of the two cities in the three datums, computed apart with the common formula.
var vectors = []struct {
	name     string
	cgcs     orb.Point
	gcj, bd0 orb.Point
}{
	{"布达拉宫", orb.Point{91.116900, 29.657800}, orb.Point{91.118461, 29.655095}, orb.Point{91.125012, 29.660982}},
	{"八一镇", orb.Point{94.360500, 29.640000}, orb.Point{94.361664, 29.637306}, orb.Point{94.368212, 29.643143}},
	{"波密", orb.Point{95.757000, 29.859300}, orb.Point{95.757819, 29.856502}, orb.Point{95.764212, 29.862782}},
	{"察隅", orb.Point{97.466400, 28.661700}, orb.Point{97.466951, 28.658374}, orb.Point{97.473420, 28.664415}},
	{"墨脱", orb.Point{95.332300, 29.326100}, orb.Point{95.333404, 29.323232}, orb.Point{95.340001, 29.328968}},
}

// query reads the parameters of a link as its application does.
func query(t *testing.T, link string) url.Values {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		t.Fatalf("%s: %v", link, err)
	}
	return q
}

// pair reads two numbers with a comma between.
func pair(t *testing.T, s string) (a, b float64) {
	t.Helper()
	first, second, _ := strings.Cut(s, ",")
	a, err := strconv.ParseFloat(first, 64)
	if err != nil {
		t.Fatal(err)
	}
	if b, err = strconv.ParseFloat(second, 64); err != nil {
		t.Fatal(err)
	}
	return a, b
}

// TestLinksCarryTheirOwnDatumAndOrder holds every link against the table of places.
func TestLinksCarryTheirOwnDatumAndOrder(t *testing.T) {
	for _, v := range vectors {
		is := func(what string, lon, lat float64, want orb.Point) {
			t.Helper()
			if math.Abs(lon-want[0]) > 1.5e-6 || math.Abs(lat-want[1]) > 1.5e-6 {
				t.Errorf("%s, %s leads to %.6f, %.6f, want %.6f", v.name, what, lon, lat, want)
			}
		}
		n := linksTo(v.cgcs, v.name, byTruck)
		is("position", n.Position[0], n.Position[1], v.cgcs)
		is("WeChat", n.GCJ02[0], n.GCJ02[1], v.gcj)

		to := query(t, n.Amap).Get("to")
		last := strings.LastIndex(to, ",")
		lon, lat := pair(t, to[:last])
		is("Amap", lon, lat, v.gcj)
		if to[last+1:] != v.name {
			t.Errorf("Amap calls it %s", to[last+1:])
		}
		lat, lon = pair(t, query(t, n.Tencent).Get("tocoord"))
		is("Tencent", lon, lat, v.gcj)
		baidu := query(t, n.Baidu)
		lat, lon = pair(t, baidu.Get("location"))
		switch baidu.Get("coord_type") { // in whatever datum it says that it is
		case "gcj02":
			is("Baidu", lon, lat, v.gcj)
		case "bd09ll", "":
			is("Baidu", lon, lat, v.bd0)
		default:
			t.Errorf("Baidu does not know %s", baidu.Get("coord_type"))
		}
		lat, lon = pair(t, query(t, n.Apple).Get("daddr"))
		is("Apple", lon, lat, v.gcj)
		geo := regexp.MustCompile(`^geo:([0-9.,]+)\?q=([0-9.,]+)\((.+)\)$`).FindStringSubmatch(n.Geo)
		if geo == nil {
			t.Fatal(n.Geo)
		}
		for _, place := range geo[1:3] {
			lat, lon = pair(t, place)
			is("geo:", lon, lat, v.cgcs)
		}
		for _, link := range []string{n.Truck.Android, n.Truck.IOS} {
			q := query(t, link)
			lat, lon = pair(t, q.Get("dlat")+","+q.Get("dlon"))
			is(link[:8], lon, lat, v.gcj)
			if q.Get("dev") != "0" || q.Get("t") != "7" || q.Get("dname") != v.name {
				t.Errorf("%s", link)
			}
		}
	}
}

func TestLinksGoTheWayPeopleDo(t *testing.T) {
	place := vectors[0].cgcs
	for _, c := range []struct {
		way                  way
		amap, tencent, apple string
		truck                bool
	}{{onFoot, "walk", "walk", "w", false}, {byCar, "car", "drive", "d", false}, {byTruck, "car", "drive", "d", true}} {
		n := linksTo(place, "站", c.way)
		if query(t, n.Amap).Get("mode") != c.amap || query(t, n.Tencent).Get("type") != c.tencent || query(t, n.Apple).Get("dirflg") != c.apple || (n.Truck != nil) != c.truck {
			t.Errorf("%+v: %+v", c, n)
		}
	}
}

// TestLabelsDoNotBreakLinks: an application parts what it has decoded.
func TestLabelsDoNotBreakLinks(t *testing.T) {
	n := linksTo(vectors[0].cgcs, "A&B, 3 号(东);x|y:z", byTruck)
	if to := query(t, n.Amap).Get("to"); strings.Count(to, ",") != 2 || !strings.HasSuffix(to, ",A&B， 3 号（东）；x｜y：z") {
		t.Errorf("Amap: %s", to)
	}
	for _, link := range []string{n.Amap, n.Baidu, n.Tencent, n.Apple, n.Geo, n.Truck.Android} {
		if strings.Contains(link, "+") || strings.Count(link, "(") > 1 || query(t, link).Get("B") != "" {
			t.Errorf("%s", link)
		}
	}
}
