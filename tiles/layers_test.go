package tiles_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"

	"kora"
	"kora/atlas"
	"kora/atlas/atlastest"
	"kora/tiles"
)

// country is a record with many stations and parcels, far and wide and close together.
func country(t *testing.T) *atlas.Keeper {
	t.Helper()
	r := atlastest.Town(t)
	rng := rand.New(rand.NewPCG(4, 4))
	somewhere := func() orb.Point {
		spread := []float64{0.01, 0.3, 4}[rng.IntN(3)]
		return orb.Point{94.4 + spread*(rng.Float64()-0.5), 29.6 + spread*(rng.Float64()-0.5)}
	}
	for id := int64(100); id < 500; id++ {
		p := somewhere()
		r.Stations[id] = &kora.Station{ID: id, Code: fmt.Sprint("S", id), Name: kora.Name{ZH: "站"}, Kind: kora.Kinds()[rng.IntN(3)],
			Status: kora.StatusOpen, Point: p}
		p = somewhere()
		side := 0.0002 + 0.002*rng.Float64()
		ring := orb.Ring{p, {p[0] + side, p[1]}, {p[0] + side, p[1] + side}, {p[0], p[1] + side}, p}
		r.Parcels[id] = &kora.Parcel{ID: id, Number: fmt.Sprint("P-", id), Name: kora.Name{ZH: "地块"}, County: []string{"540402", "540421"}[rng.IntN(2)],
			Use:    kora.LandUse{Code: []string{"1001", "0701", "0901", "100101"}[rng.IntN(4)], Scheme: kora.Scheme2023},
			Status: kora.ParcelStatuses()[rng.IntN(16)], AreaM2: float64(1000 + rng.IntN(100_000)), Geometry: orb.MultiPolygon{{ring}}}
	}
	return atlastest.Open(t, r)
}

// pyramid gives the features of a content on all tiles of a zoom, by id; what lies in several tiles must be the same in all.
func pyramid(t *testing.T, h http.Handler, set, content, query string, z maptile.Zoom) map[uint64]map[string]any {
	t.Helper()
	all := map[uint64]map[string]any{}
	nw, se := maptile.At(orb.Point{92, 32}, z), maptile.At(orb.Point{97, 27}, z)
	if set == "stations" {
		nw = maptile.At(orb.Point{90, 32}, z)
		se.Y = maptile.At(orb.Point{90, -1}, z).Y
	}
	for x := nw.X; x <= se.X; x++ {
		for y := nw.Y; y <= se.Y; y++ {
			res := get(h, path(set, maptile.New(x, y, z))+query)
			if res.StatusCode >= 400 {
				t.Fatalf("%s", read(t, res))
			}
			layers, err := mvt.Unmarshal(read(t, res))
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range layers {
				if l.Name != content {
					continue
				}
				for _, f := range l.Features {
					id := uint64(f.ID.(float64))
					if other, again := all[id]; again && !maps.Equal(other, f.Properties) {
						t.Fatalf("%s %d at zoom %d is %v, and %v elsewhere", content, id, z, f.Properties, other)
					}
					all[id] = f.Properties
				}
			}
		}
	}
	return all
}

func sum(all map[uint64]map[string]any, key string) (n int) {
	for _, p := range all {
		if v, ok := p[key].(float64); ok {
			n += int(v)
		}
	}
	return n
}

// Whatever the zoom, and whatever is asked for, the counts of clusters are those of the lists.
func TestCountsOfClustersAddUp(t *testing.T) {
	keeper := country(t)
	h := handler(tiles.NewServer(func(*http.Request) *atlas.Atlas { return keeper.Atlas() }))
	a := keeper.Atlas()
	for z := maptile.Zoom(0); z < 10; z++ {
		clusters := pyramid(t, h, "stations", "clusters", "", z)
		kinds := 0
		for _, k := range kora.Kinds() {
			n := sum(clusters, string(k))
			if want := len(a.FindStations(atlas.StationQuery{Kinds: []kora.Kind{k}})); n != want {
				t.Errorf("zoom %d: %d of kind %s, want %d", z, n, k, want)
			}
			kinds += n
		}
		if n := sum(clusters, "count"); n != len(a.Stations) || n != kinds {
			t.Errorf("zoom %d: %d stations, want %d", z, n, len(a.Stations))
		}
	}
	for z := maptile.Zoom(0); z < 12; z++ {
		for _, query := range []string{"", "?use=10&area_min=30000", "?county=540402&status=promoted&status=announced"} {
			values, _ := url.ParseQuery(strings.TrimPrefix(query, "?"))
			q, _ := atlas.ParcelQueryOf(values)
			clusters := pyramid(t, h, "parcels", "clusters", query, z)
			found, err := a.FindParcels(q)
			if n, want := sum(clusters, "count"), len(found); err != nil || n != want {
				t.Errorf("zoom %d%s: %d parcels, want %d (%v)", z, query, n, want, err)
			}
			for id, c := range clusters {
				if _, named := c["number"]; named != (c["count"] == 1.0) {
					t.Errorf("cluster %d: %v", id, c)
				}
			}
		}
	}
	if one, all := len(pyramid(t, h, "parcels", "clusters", "", 3)), len(pyramid(t, h, "parcels", "clusters", "", 11)); 5*one > all {
		t.Errorf("%d clusters at zoom 3, %d at zoom 11", one, all)
	}
}

// What a filter means is the same on the map as in the list.
func TestFilteredTilesHoldTheList(t *testing.T) {
	keeper := country(t)
	h := handler(tiles.NewServer(func(*http.Request) *atlas.Atlas { return keeper.Atlas() }))
	a := keeper.Atlas()
	for _, query := range []string{"?use=10", "?use=0901&use=07", "?area_min=20000&area_max=60000", "?status=promoted", "?q=P-12",
		"?bbox=94.3,29.5,94.5,29.7&county=540421", "?v=1-anything&use=10", "?use=99"} {
		values, _ := url.ParseQuery(query[1:])
		q, _ := atlas.ParcelQueryOf(values)
		found, err := a.FindParcels(q)
		if err != nil {
			t.Fatal(err)
		}
		var want []uint64
		for _, p := range found {
			want = append(want, uint64(p.ID))
		}
		slices.Sort(want)
		if got := slices.Sorted(maps.Keys(pyramid(t, h, "parcels", "parcels", query, 12))); !slices.Equal(got, want) {
			t.Errorf("%s: %d on the map, %d in the list", query, len(got), len(want))
		}
	}
	tile := path("parcels", at(94.4, 29.6, 12))
	res := get(h, tile+"?use=10", "Accept-Encoding", "zstd")
	if res.Header.Get("Cache-Control") != "public, no-cache" || res.Header.Get("Content-Encoding") != "zstd" || res.Header.Get("ETag") == "" {
		t.Errorf("%v", res.Header)
	}
	if again := get(h, tile+"?use=10", "Accept-Encoding", "zstd", "If-None-Match", res.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("asked again: %d", again.StatusCode)
	}
	for _, bad := range []string{"?use=x", "?county=1", "?status=sold", "?area_min=NaN", "?area_max=-1", "?bbox=1,2,3", "?colour=red", "?use=%zz",
		"?q=" + strings.Repeat("a", 101), "?" + strings.Repeat("use=1&", 51)} {
		if res := get(h, tile+bad); res.StatusCode != http.StatusBadRequest {
			t.Errorf("%.40s answers %d", bad, res.StatusCode)
		}
	}
}

// The bands of a station do not change with the clock.
func TestStationsTellWhenTheyAreOpen(t *testing.T) {
	r := atlastest.Town(t)
	want := map[uint64]any{}
	for i, c := range []struct {
		hours string
		bands any
	}{{"24/7", 7.0}, {"Mo-Su 09:00-18:00", 1.0}, {"Mo-Su 20:00-06:00", 2.0}, {"Mo-Fr 08:00-23:30", 3.0}, {"Sa,Su 09:00-18:00", 0.0}, {"", nil}} {
		id := int64(100 + i)
		hours, err := kora.ParseHours(c.hours)
		if err != nil {
			t.Fatal(err)
		}
		r.Stations[id] = &kora.Station{ID: id, Code: fmt.Sprint("S", id), Name: kora.Name{ZH: "站"}, Kind: kora.KindUnion,
			Status: kora.StatusOpen, Point: orb.Point{94.4, 29.6}, Hours: hours}
		want[uint64(id)] = c.bands
	}
	keeper := atlastest.Open(t, r)
	h := handler(tiles.NewServer(func(*http.Request) *atlas.Atlas { return keeper.Atlas() }))
	for _, f := range layer(t, read(t, get(h, path("stations", at(94.4, 29.6, 14)))), "stations").Features {
		if id := uint64(f.ID.(float64)); f.Properties["bands"] != want[id] {
			t.Errorf("station %d: %v, want %v", id, f.Properties["bands"], want[id])
		}
	}
}

// Every cell lies below one of the coarse ones, and those are what far-out tiles hold.
func TestCoarseCells(t *testing.T) {
	_, keeper, _ := server(t)
	h := handler(tiles.NewServer(func(*http.Request) *atlas.Atlas { return keeper.Atlas() }))
	a := keeper.Atlas()
	shown := map[uint64]bool{}
	for _, f := range layer(t, read(t, get(h, path("coverage", at(91.005, 0.0001, 9)))), "coarse").Features {
		shown[uint64(f.ID.(float64))] = true
	}
	for _, f := range layer(t, read(t, get(h, path("coverage", at(91.005, -0.0001, 9)))), "coarse").Features {
		shown[uint64(f.ID.(float64))] = true
	}
	for i, c := range a.Cells() {
		if above := c.Above(atlas.CoarseResolution); !shown[above.TileID()] {
			t.Fatalf("above cell %d lies %v, which no tile shows", i, above)
		}
	}
	if ids := a.CellIDs(true); len(ids) != len(shown) || len(ids) == 0 || len(ids) >= len(a.Cells()) {
		t.Errorf("%d ids, %d shown", len(ids), len(shown))
	}
	values, err := a.CellValues(t.Context(), "walk", atlas.StationQuery{}, 1, true)
	if err != nil || len(values) != len(shown) {
		t.Errorf("%d values (%v)", len(values), err)
	}
}

// FuzzFilter: whatever is asked for, the answer is a tile that holds the list of the same question, nothing, or a refusal.
func FuzzFilter(f *testing.F) {
	h, keeper, _ := server(f)
	for _, q := range []string{"use=10", "area_min=1&area_max=1e9", "status=promoted", "q=LZ", "bbox=94,29,95,30", "v=1&county=540402", "use=%00", "area_min=NaN",
		"use=1;use=2", "q=%ff", "bbox=,,,", "area_max=-0", "v=&v="} {
		f.Add(q)
	}
	tile := at(94.3115, 29.6015, 12)
	f.Fuzz(func(t *testing.T, q string) {
		req := httptest.NewRequest(http.MethodGet, path("parcels", tile), nil)
		req.URL.RawQuery = q
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		values, err := url.ParseQuery(q)
		if w.Code == http.StatusBadRequest { // as the handler of these tests makes of refusals
			return
		}
		query, faults := atlas.ParcelQueryOf(values)
		if err != nil || len(faults) > 0 {
			t.Fatalf("%q is refused in a list, and %d for a tile", q, w.Code)
		}
		var onMap []float64
		if w.Code == http.StatusOK {
			for _, f := range layer(t, w.Body.Bytes(), "parcels").Features {
				onMap = append(onMap, f.ID.(float64))
			}
		}
		list, err := keeper.Atlas().FindParcels(query)
		if err != nil || len(onMap) != len(list) { // the tile holds all three parcels
			t.Fatalf("%q: %v on the map, %d in the list (%v)", q, onMap, len(list), err)
		}
	})
}
