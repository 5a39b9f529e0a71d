package importers

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"kora"
	"kora/geo/basemap"
	"kora/geo/network"
	"kora/geo/profile"
	"kora/importers/pbftest"
)

// A sheet is a small map to be written as a file: 1 km squares of Lhasa, in metres east and north of 91.1°E 29.65°N.
type sheet struct {
	nodes     []pbftest.Node
	ways      []pbftest.Way
	relations []pbftest.Relation
}

func metresAt(x, y float64) orb.Point {
	east := network.Distance(orb.Point{90.6, 29.65}, orb.Point{91.6, 29.65})
	north := network.Distance(orb.Point{91.1, 29.15}, orb.Point{91.1, 30.15})
	return orb.Point{91.1 + x/east, 29.65 + y/north}
}

// node adds a node with tags given as "key=value".
func (s *sheet) node(x, y float64, tags ...string) int64 {
	p := metresAt(x, y)
	id := int64(len(s.nodes) + 1)
	s.nodes = append(s.nodes, pbftest.Node{ID: id, Lon: p[0], Lat: p[1], Tags: tagged(tags)})
	return id
}

func (s *sheet) way(nodes []int64, tags ...string) int64 {
	id := int64(len(s.ways) + 1)
	s.ways = append(s.ways, pbftest.Way{ID: id, Nodes: nodes, Tags: tagged(tags)})
	return id
}

// street adds nodes and a way through them, given as x, y, x, y, …
func (s *sheet) street(tags []string, xy ...float64) (way int64, nodes []int64) {
	for i := 0; i < len(xy); i += 2 {
		nodes = append(nodes, s.node(xy[i], xy[i+1]))
	}
	return s.way(nodes, tags...), nodes
}

// betweenStreets adds a street with a short side street of the usual kind at either end: nobody boards a ferry but there.
func (s *sheet) betweenStreets(tags []string, xy ...float64) {
	_, nodes := s.street(tags, xy...)
	last := len(xy) - 2
	s.way([]int64{s.node(xy[0], xy[1]-50), nodes[0]}, residential...)
	s.way([]int64{nodes[len(nodes)-1], s.node(xy[last], xy[last+1]-50)}, residential...)
}

func tagged(list []string) map[string]string {
	tags := map[string]string{}
	for _, t := range list {
		k, v, _ := strings.Cut(t, "=")
		tags[k] = v
	}
	return tags
}

func (s *sheet) file(o pbftest.Options) []byte {
	return pbftest.Encode(s.nodes, s.ways, s.relations, o)
}

// imported is what comes of a file.
type imported struct {
	kora.Network
	report   NetworkReport
	streets  *network.Network
	features []basemap.Feature
}

func importFile(t testing.TB, file []byte, opts NetworkOptions) imported {
	t.Helper()
	n, report, err := Network(context.Background(), "some/folder/lhasa.osm.pbf", bytes.NewReader(file), opts)
	if err != nil {
		t.Fatal(err)
	}
	streets, err := network.Unmarshal(n.Streets["walk"])
	if err != nil {
		t.Fatal(err)
	}
	features, err := basemap.Decode(n.Basemap)
	if err != nil {
		t.Fatal(err)
	}
	return imported{n, report, streets, features}
}

// seconds is the time from one place to another, +Inf when there is no way.
func (m imported) seconds(t testing.TB, from, to orb.Point) float64 {
	t.Helper()
	a, ok := m.streets.Link(from, 1)
	b, ok2 := m.streets.Link(to, 1)
	if !ok || !ok2 {
		return math.Inf(1)
	}
	routes, err := m.streets.Nearest(context.Background(), a, []network.Link{b}, 1, math.Inf(1))
	if err != nil {
		t.Fatal(err)
	}
	if len(routes) == 0 {
		return math.Inf(1)
	}
	return routes[0].Seconds
}

var residential = []string{"highway=residential"}

func TestNetworkOfOneStreet(t *testing.T) {
	var s sheet
	s.street(residential, 0, 0, 300, 0, 1000, 0)
	written := time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
	file := s.file(pbftest.Options{Written: written})
	var read, total int64
	m := importFile(t, file, NetworkOptions{Size: int64(len(file)), Progress: func(done, of int64) { read, total = done, of }})
	sum := sha256.Sum256(file)
	if m.Name != "lhasa.osm.pbf" || m.SHA256 != hex.EncodeToString(sum[:]) || !m.DataTime.Equal(written) || m.Nodes != 2 || m.Edges != 1 ||
		m.Elevation != "" || !strings.Contains(m.Attribution, "OpenStreetMap") || strings.Contains(m.Attribution, "SRTM") {
		t.Errorf("%+v", m.Network)
	}
	if read != int64(len(file)) || total != read {
		t.Errorf("progress says %d of %d bytes", read, total)
	}
	want := orb.Bound{Min: metresAt(0, 0), Max: metresAt(1000, 0)}
	if math.Abs(m.Bounds.Min[0]-want.Min[0]) > 2e-7 || math.Abs(m.Bounds.Max[0]-want.Max[0]) > 2e-7 {
		t.Errorf("bounds %v, want %v", m.Bounds, want)
	}
	// 1 km on the level in 15 minutes
	if got := m.seconds(t, metresAt(0, 0), metresAt(1000, 0)); math.Abs(got-900) > 0.1 {
		t.Errorf("%v s", got)
	}
	if r := m.report; r.Nodes != 3 || r.Ways != 1 || !r.Sorted || r.Streets != 1 || math.Abs(r.NoElevationM-1000) > 0.1 {
		t.Errorf("%+v", r)
	}
	if len(m.features) != 1 || m.features[0].Layer != basemap.Roads || m.features[0].Class != "residential" {
		t.Errorf("%+v", m.features)
	}
}

// The order of a file changes nothing, nor how it is packed.
func TestOrderDoesNotMatter(t *testing.T) {
	var s sheet
	_, a := s.street(residential, 0, 0, 200, 10, 400, 0)
	_, b := s.street([]string{"highway=footway", "oneway:foot=yes"}, 200, 300, 210, 150)
	s.way([]int64{b[1], a[1]}, "highway=steps")
	outer, _ := s.street(nil, 500, 500, 900, 500, 900, 900)
	s.ways[outer-1].Nodes = append(s.ways[outer-1].Nodes, s.node(500, 900), s.ways[outer-1].Nodes[0])
	s.relations = []pbftest.Relation{{ID: 1, Members: []pbftest.Member{{Type: 1, ID: outer, Role: "outer"}}, Tags: tagged([]string{"type=multipolygon", "natural=water"})}}
	want := importFile(t, s.file(pbftest.Options{}), NetworkOptions{})
	if !want.report.Sorted || len(want.features) != 4 {
		t.Fatalf("%+v", want.report)
	}
	for name, o := range map[string]pbftest.Options{
		"ways first": {WaysFirst: true}, "small blocks": {PerBlock: 1}, "small blocks, ways first": {PerBlock: 1, WaysFirst: true},
		"plain nodes": {PlainNodes: true},
	} {
		got := importFile(t, s.file(o), NetworkOptions{})
		if !reflect.DeepEqual(got.Streets, want.Streets) || !bytes.Equal(got.Basemap, want.Basemap) || got.report.Sorted == o.WaysFirst {
			t.Errorf("%s: %+v", name, got.report)
		}
	}
	other := s
	other.nodes = slices.Clone(s.nodes)
	slices.Reverse(other.nodes)
	// an older version of a node, which must not count
	other.nodes = slices.Insert(other.nodes, 0, pbftest.Node{ID: a[1], Lon: 91, Lat: 29})
	got := importFile(t, other.file(pbftest.Options{}), NetworkOptions{})
	if !reflect.DeepEqual(got.Streets, want.Streets) || !bytes.Equal(got.Basemap, want.Basemap) || got.report.Sorted {
		t.Errorf("nodes reversed: %+v", got.report)
	}
}

func TestWhoMayWalkWhere(t *testing.T) {
	for tags, want := range map[string]string{
		"highway=residential":                         "both",
		"highway=residential oneway=yes":              "both",
		"highway=residential oneway:foot=yes":         "forward",
		"highway=footway oneway:foot=-1":              "backward",
		"highway=steps conveying=forward":             "forward",
		"highway=steps conveying=backward":            "backward",
		"highway=steps conveying=yes":                 "both",
		"highway=motorway":                            "no",
		"highway=motorway foot=yes":                   "both",
		"highway=motorway access=yes":                 "no",
		"highway=motorway_link":                       "no",
		"highway=trunk":                               "both",
		"highway=trunk foot=no":                       "no",
		"highway=trunk motorroad=yes":                 "no",
		"highway=trunk motorroad=yes foot=designated": "both",
		"highway=primary foot=use_sidepath":           "no",
		"highway=service access=private":              "no",
		"highway=service access=no foot=yes":          "both",
		"highway=service access=customers":            "both",
		"highway=service vehicle=no":                  "both",
		"highway=track access=forestry":               "no",
		"highway=path foot=private access=yes":        "no",
		"highway=cycleway":                            "both",
		"highway=construction":                        "no",
		"highway=construction foot=yes":               "no",
		"highway=proposed":                            "no",
		"highway=raceway":                             "no",
		"highway=platform foot=yes":                   "both",
		"highway=busway":                              "no",
		"highway=pedestrian area=yes":                 "both",
		"route=ferry duration=00:10":                  "both",
		"route=ferry duration=PT10M":                  "both",
		"route=ferry":                                 "no",
		"route=ferry duration=soon":                   "no",
		"route=ferry duration=00:10 foot=no":          "no",
		"railway=rail":                                "no",
		"building=yes":                                "no",
	} {
		var s sheet
		s.street(residential, -500, 0, -400, 0) // so that there is a network in any case
		s.betweenStreets(strings.Fields(tags), 0, 0, 100, 0)
		m := importFile(t, s.file(pbftest.Options{}), NetworkOptions{})
		there := !math.IsInf(m.seconds(t, metresAt(0, 0), metresAt(100, 0)), 1)
		back := !math.IsInf(m.seconds(t, metresAt(100, 0), metresAt(0, 0)), 1)
		got := map[[2]bool]string{{true, true}: "both", {true, false}: "forward", {false, true}: "backward", {false, false}: "no"}[[2]bool{there, back}]
		if got != want {
			t.Errorf("%s: %s, want %s", tags, got, want)
		}
	}
}

func TestFerryTakesItsTime(t *testing.T) {
	for text, want := range map[string]float64{"00:12": 720, "12": 720, "1:00:30": 3630, "PT1H": 3600, "PT2M30S": 150} {
		var s sheet
		_, a := s.street(residential, -1000, 0, 0, 0)
		_, quay := s.street(residential, 2000, 0, 2000, -50)
		far := quay[0]
		s.way([]int64{a[1], s.node(500, 0), far}, "route=ferry", "duration="+text)
		m := importFile(t, s.file(pbftest.Options{}), NetworkOptions{})
		if got := m.seconds(t, metresAt(0, 0), metresAt(2000, 0)); math.Abs(got-want) > 3 { // both are a metre from the quay
			t.Errorf("%s: %v s, want %v s", text, got, want)
		}
	}
	for _, text := range []string{"", "x", "1:2:3:4", "-5", "PT", "PTxM", "PT5", "99999:99999:99999"} {
		if s := durationSeconds(text); s != 0 {
			t.Errorf("%q lasts %v s", text, s)
		}
	}
}

func TestBarriers(t *testing.T) {
	for tags, stops := range map[string]bool{
		"barrier=gate": false, "barrier=bollard": false, "barrier=gate access=private": true, "barrier=gate access=no foot=yes": false,
		"barrier=gate foot=no": true, "barrier=wall": true, "barrier=fence foot=yes": false, "barrier=gate locked=yes": true,
		"barrier=gate locked=yes access=yes": false, "barrier=kerb": false, "barrier=no foot=no": false, "highway=crossing": false,
	} {
		var s sheet
		a, b := s.node(0, 0), s.node(1000, 0)
		gate := s.node(500, 0, strings.Fields(tags)...)
		s.way([]int64{a, gate, b}, residential...)
		_, side := s.street(residential, 500, 700, 500, 400)
		s.way([]int64{side[1], gate}, residential...)
		m := importFile(t, s.file(pbftest.Options{}), NetworkOptions{Profiles: []profile.Profile{profile.Walk()}})
		for _, to := range []orb.Point{metresAt(1000, 0), metresAt(500, 700)} {
			if blocked := math.IsInf(m.seconds(t, metresAt(0, 0), to), 1); blocked != stops {
				t.Errorf("%s stops walkers: %v", tags, blocked)
			}
		}
		if !math.IsInf(m.seconds(t, metresAt(0, 0), metresAt(500, 0)), 1) != true {
			t.Errorf("%s: the gate itself cannot be reached", tags)
		}
		if (m.report.Barriers > 0) != stops {
			t.Errorf("%s: %d barriers", tags, m.report.Barriers)
		}
	}
}

// dem is a folder with one tile, whose height in metres x metres east of 91.1°E is given by f.
func dem(f func(x float64) float64) fstest.MapFS {
	const side = 1201
	perDegree := network.Distance(orb.Point{90.6, 29.65}, orb.Point{91.6, 29.65})
	var row []byte
	for column := range side {
		x := (float64(column)/(side-1) - 0.1) * perDegree
		row = binary.BigEndian.AppendUint16(row, uint16(int16(math.Round(f(x)))))
	}
	return fstest.MapFS{"N29E091.hgt": {Data: bytes.Repeat(row, side)}, "README.txt": {Data: []byte("tiles")}}
}

// Half level, half at 30 %: the time is the sum of both halves at their own speed, not the whole at a mean speed.
func TestHalfLevelHalfSteep(t *testing.T) {
	ground := func(x float64) float64 { return 3650 + 0.30*max(0, x-6000) }
	var s sheet
	s.street(residential, 0, 0, 12000, 0) // one edge
	m := importFile(t, s.file(pbftest.Options{}), NetworkOptions{DEM: dem(ground)})
	walk := profile.Walk()
	for _, c := range []struct {
		from, to orb.Point
		want     float64
	}{
		{metresAt(0, 0), metresAt(12000, 0), walk.Seconds(6000, 0) + walk.Seconds(6000, 0.30)},
		{metresAt(12000, 0), metresAt(0, 0), walk.Seconds(6000, 0) + walk.Seconds(6000, -0.30)},
	} {
		got := m.seconds(t, c.from, c.to)
		if math.Abs(got/c.want-1) > 0.005 {
			t.Errorf("%.1f s, want %.1f s", got, c.want)
		}
	}
	// the well-known factor against the level, for Tobler's function: (1 + exp(3.5·0.30)) / 2
	if factor := m.seconds(t, metresAt(0, 0), metresAt(12000, 0)) / walk.Seconds(12000, 0); math.Abs(factor-1.929) > 0.01 {
		t.Errorf("up takes %.3f times as long as on the level, want 1.929", factor)
	}
	if m.Elevation != "N29E091" || !strings.Contains(m.Attribution, "SRTM") || m.report.NoElevationM != 0 || m.report.Profiles["walk"].Capped.Pieces != 0 {
		t.Errorf("%+v", m.report)
	}
}

// Nothing happens at 3,276.7 m, nor anywhere else on the way up.
func TestNoJumpOnTheWayUp(t *testing.T) {
	ground := func(x float64) float64 { return 3000 + 0.1*x }
	var s sheet
	var xy []float64
	for x := 0.0; x <= 6000; x += 50 {
		xy = append(xy, x, 0)
	}
	s.street(residential, xy...)
	m := importFile(t, s.file(pbftest.Options{}), NetworkOptions{DEM: dem(ground)})
	walk := profile.Walk()
	last := 0.0
	for x := 500.0; x <= 6000; x += 500 {
		got := m.seconds(t, metresAt(0, 0), metresAt(x, 0))
		if want := walk.Seconds(500, 0.1); math.Abs((got-last)/want-1) > 0.02 {
			t.Errorf("to %v m, at %.0f m above the sea: %.1f s, want %.1f s", x, ground(x), got-last, want)
		}
		last = got
	}
	if want := walk.Seconds(6000, 0.1); math.Abs(last/want-1) > 0.005 {
		t.Errorf("%.1f s in all, want %.1f s", last, want)
	}
}

func TestSteepPiecesAreCappedAndCounted(t *testing.T) {
	cliff := func(x float64) float64 { return 3650 + 3*min(max(0, x-1000), 400) }
	var s sheet
	s.street(residential, 0, 0, 2000, 0)
	m := importFile(t, s.file(pbftest.Options{}), NetworkOptions{DEM: dem(cliff)})
	if r := m.report.Profiles["walk"].Capped; r.Pieces < 15 || r.Metres < 380 || r.Metres > 800 {
		t.Errorf("%+v", r)
	}
	walk := profile.Walk()
	if got, most := m.seconds(t, metresAt(0, 0), metresAt(2000, 0)), walk.Seconds(1200, 0)+walk.Seconds(800, walk.MaxSlope); got > most {
		t.Errorf("%.1f s, more than %.1f s", got, most)
	}
}

// A gorge 200 m deep: the bridge over it and the tunnel under the hill are level, the path through it is not, however many
// ways a bridge is drawn in.
func TestBridgesAndTunnelsDoNotFollowTheGround(t *testing.T) {
	gorge := func(x float64) float64 { return 3650 - 200*math.Exp(-math.Pow((x-2000)/300, 2)) }
	hill := func(x float64) float64 { return 3650 + 200*math.Exp(-math.Pow((x-2000)/300, 2)) }
	walk := profile.Walk()
	level := walk.Seconds(4000, 0)
	for name, c := range map[string]struct {
		ground func(float64) float64
		tags   [][]string
		level  bool
	}{
		"path":                        {gorge, [][]string{{"highway=path"}}, false},
		"bridge":                      {gorge, [][]string{{"highway=path", "bridge=yes"}}, true},
		"bridge in three ways":        {gorge, [][]string{{"highway=path", "bridge=yes"}, {"highway=path", "bridge=viaduct", "layer=1"}, {"highway=path", "bridge=yes"}}, true},
		"no bridge":                   {gorge, [][]string{{"highway=path", "bridge=no"}}, false},
		"tunnel":                      {hill, [][]string{{"highway=path", "tunnel=yes"}}, true},
		"tunnel, then an open trench": {hill, [][]string{{"highway=path", "tunnel=yes"}, {"highway=path", "bridge=yes"}}, true},
		"over the hill":               {hill, [][]string{{"highway=path"}}, false},
		"through a building":          {hill, [][]string{{"highway=path", "tunnel=building_passage"}}, false},
	} {
		var s sheet
		_, west := s.street(residential, 0, 0, 1000, 0)
		_, east := s.street(residential, 3000, 0, 4000, 0)
		at := []int64{west[1]}
		for i := 1; i < 20; i++ {
			at = append(at, s.node(1000+float64(i)*100, 0))
		}
		at = append(at, east[0])
		for i, tags := range c.tags {
			per := (len(at) - 1) / len(c.tags)
			end := (i + 1) * per
			if i == len(c.tags)-1 {
				end = len(at) - 1
			}
			s.way(at[i*per:end+1], tags...)
		}
		m := importFile(t, s.file(pbftest.Options{}), NetworkOptions{DEM: dem(c.ground)})
		got := m.seconds(t, metresAt(0, 0), metresAt(4000, 0))
		if isLevel := math.Abs(got/level-1) < 0.01; isLevel != c.level {
			t.Errorf("%s: %.0f s; on the level it is %.0f s", name, got, level)
		}
	}
}

// Between banks of different height a bridge rises evenly, whatever its ways and nodes.
func TestBridgeRisesEvenly(t *testing.T) {
	ground := func(x float64) float64 {
		return 3650 + 0.08*x - 200*math.Exp(-math.Pow((x-2000)/300, 2))
	}
	var s sheet
	_, west := s.street(residential, 0, 0, 1000, 0)
	_, piers := s.street([]string{"highway=path", "bridge=yes"}, 1300, 0, 1400, 0, 2000, 0, 2600, 0)
	_, east := s.street(residential, 3000, 0, 4000, 0)
	s.way([]int64{west[1], piers[0]}, "highway=path", "bridge=yes")
	s.way([]int64{piers[3], east[0]}, "highway=path", "bridge=yes")
	m := importFile(t, s.file(pbftest.Options{}), NetworkOptions{DEM: dem(ground)})
	want := profile.Walk().Seconds(4000, 0.08)
	if got := m.seconds(t, metresAt(0, 0), metresAt(4000, 0)); math.Abs(got/want-1) > 0.01 {
		t.Errorf("%.0f s, want %.0f s", got, want)
	}
}

func TestElevationFolder(t *testing.T) {
	var s sheet
	s.street(residential, 0, 0, 1000, 0)
	file := s.file(pbftest.Options{})
	flat := dem(func(float64) float64 { return 3650 })["N29E091.hgt"].Data
	zipped := func(name string, data []byte) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, _ := z.Create(name)
		w.Write(data)
		z.Close()
		return b.Bytes()
	}
	for name, folder := range map[string]fstest.MapFS{
		"zip":        {"N29E091.hgt.zip": {Data: zipped("N29E091.hgt", flat)}},
		"small case": {"n29e091.HGT": {Data: flat}},
		"both":       {"N29E091.hgt": {Data: flat}, "N29E091.hgt.zip": {Data: []byte("broken")}},
	} {
		if m := importFile(t, file, NetworkOptions{DEM: folder}); m.Elevation != "N29E091" || m.report.NoElevationM != 0 {
			t.Errorf("%s: %+v", name, m.report)
		}
	}
	m := importFile(t, file, NetworkOptions{DEM: fstest.MapFS{"N28E091.hgt": {Data: flat}}})
	if m.Elevation != "" || !slices.Equal(m.report.ElevationAbsent, []string{"N29E091"}) || m.report.NoElevationM < 999 {
		t.Errorf("the tile of a neighbour: %+v", m.report)
	}
	for name, c := range map[string]struct {
		folder fstest.MapFS
		says   string
	}{
		"empty":       {fstest.MapFS{"README": {}}, "no tile"},
		"name":        {fstest.MapFS{"lhasa.hgt": {Data: flat}}, "not named like a tile"},
		"short":       {fstest.MapFS{"N29E091.hgt": {Data: flat[:100]}}, "has 100 bytes"},
		"no zip":      {fstest.MapFS{"N29E091.hgt.zip": {Data: flat}}, "cannot be unpacked"},
		"other in it": {fstest.MapFS{"N29E091.hgt.zip": {Data: zipped("README", flat)}}, "no .hgt"},
		"bomb":        {fstest.MapFS{"N29E091.hgt.zip": {Data: zipped("N29E091.hgt", make([]byte, 26<<20))}}, "25934403 bytes"},
	} {
		_, _, err := Network(context.Background(), "lhasa.osm.pbf", bytes.NewReader(file), NetworkOptions{DEM: c.folder})
		if kora.ReasonOf(err) != kora.ReasonFormat || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; should say %q", name, err, c.says)
		}
	}
}

func TestExtractThatEndsWithinAStreet(t *testing.T) {
	var s sheet
	a, b, c, d := s.node(0, 0), s.node(100, 0), s.node(200, 0), s.node(300, 0)
	s.way([]int64{999, a, b, 998, c, d, d}, residential...)
	m := importFile(t, s.file(pbftest.Options{}), NetworkOptions{})
	if m.report.MissingNodes != 2 || m.Edges != 2 || m.Nodes != 4 {
		t.Errorf("%+v, %d edges between %d nodes", m.report, m.Edges, m.Nodes)
	}
	if lines, ok := m.features[0].Geometry.(orb.MultiLineString); !ok || len(lines) != 2 {
		t.Errorf("drawn as %v", m.features[0].Geometry)
	}
}

func TestNetworkRefuses(t *testing.T) {
	var s sheet
	s.street(residential, 0, 0, 100, 0)
	good := s.file(pbftest.Options{})
	var lake sheet
	_, shore := lake.street(nil, 0, 0, 100, 0, 100, 100)
	lake.way(append(shore, shore[0]), "natural=water")
	var hollow sheet
	hollow.way([]int64{1, 2}, residential...)
	for name, c := range map[string]struct {
		file   []byte
		reason kora.Reason
		says   string
	}{
		"empty":      {nil, kora.ReasonFormat, "empty"},
		"text":       {[]byte("lon,lat\n91.1,29.6\n"), kora.ReasonFormat, "not an OSM PBF file"},
		"cut off":    {good[:len(good)-10], kora.ReasonTruncated, "ends too early"},
		"no streets": {lake.file(pbftest.Options{}), kora.ReasonFormat, "no street"},
		"no nodes":   {hollow.file(pbftest.Options{}), kora.ReasonFormat, "does not hold them"},
	} {
		n, _, err := Network(context.Background(), "dir/bad.osm.pbf", bytes.NewReader(c.file), NetworkOptions{})
		fault, isFault := errors.AsType[kora.Fault](err)
		if kora.ReasonOf(err) != c.reason || !isFault || fault.File != "bad.osm.pbf" || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
		if n.Streets != nil || n.Name != "" {
			t.Errorf("%s: something is left: %+v", name, n)
		}
	}
	for end := range good {
		if _, _, err := Network(context.Background(), "x", bytes.NewReader(good[:end]), NetworkOptions{}); err == nil {
			t.Fatalf("%d of %d bytes are taken", end, len(good))
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := Network(ctx, "x", bytes.NewReader(good), NetworkOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestSensitiveObjectsAreLeftOut(t *testing.T) {
	square := func(s *sheet, tags ...string) {
		_, corners := s.street(nil, 0, 500, 50, 500, 50, 550)
		s.ways = s.ways[:len(s.ways)-1]
		s.way(append(corners, corners[0]), tags...)
	}
	for _, tags := range []string{
		"building=yes military=barracks", "building=bunker", "building=yes amenity=prison", "building=yes power=substation",
		"building=yes man_made=storage_tank", "building=yes aeroway=hangar", "landuse=grass military=range", "natural=water man_made=reservoir_covered",
		"landuse=industrial power=plant", "building=yes barrier=border_control", "building=yes government=border_control",
		"landuse=military natural=wood", "building=prison", "highway=service military=base", "waterway=canal man_made=pipeline",
	} {
		var s sheet
		s.street(residential, 0, 0, 100, 0)
		square(&s, strings.Fields(tags)...)
		s.relations = []pbftest.Relation{{ID: 1, Members: []pbftest.Member{{Type: 1, ID: 2, Role: "outer"}},
			Tags: tagged(append(strings.Fields(tags), "type=multipolygon"))}}
		m := importFile(t, s.file(pbftest.Options{}), NetworkOptions{})
		if len(m.features) != 1 || m.report.Sensitive == 0 {
			t.Errorf("%s: %+v, %+v", tags, m.features, m.report)
		}
	}
	var s sheet
	s.street([]string{"highway=primary", "bridge=yes", "maxweight=30", "maxheight=4.5", "name=拉萨大桥", "description=secret"}, 0, 0, 100, 0)
	s.street([]string{"boundary=administrative", "admin_level=2"}, 0, 10, 100, 10)
	s.street([]string{"power=line"}, 0, 20, 100, 20)
	s.street([]string{"railway=rail", "service=yard"}, 0, 30, 100, 30)
	s.node(5, 5, "man_made=survey_point", "name=点")
	s.node(6, 6, "barrier=border_control", "name=口岸")
	s.node(7, 7, "place=state", "name=西藏")
	s.node(8, 8, "natural=peak", "name=山", "man_made=survey_point")
	m := importFile(t, s.file(pbftest.Options{}), NetworkOptions{})
	if len(m.features) != 2 || m.features[0].Layer != basemap.Peaks || !m.features[1].Bridge || m.features[1].Name != "拉萨大桥" {
		t.Errorf("%+v", m.features)
	}
	for _, secret := range []string{"4.5", "30", "secret"} {
		if bytes.Contains(m.Basemap, []byte(secret)) {
			t.Errorf("%q is in the basemap", secret)
		}
	}
}

// TestLandmarks: railway stations and airports of the public are points to measure ways to, and nothing else of an airport is.
func TestLandmarks(t *testing.T) {
	for tags, want := range map[string]string{
		"railway=station name=拉萨站": "railway_station", "railway=station": "", "railway=station station=subway name=地铁": "", "railway=halt name=小站": "",
		"aeroway=aerodrome iata=LXA name=贡嘎机场": "airport", "aeroway=aerodrome name=机场": "", "aeroway=aerodrome iata=LXA military=airfield name=机场": "",
		"aeroway=terminal iata=LXA name=航站楼": "", "aeroway=aerodrome iata=LXA landuse=military name=机场": "",
	} {
		var points, areas sheet
		points.street(residential, 0, 0, 100, 0)
		points.node(5, 5, strings.Fields(tags)...)
		areas.street(residential, 0, 0, 100, 0)
		_, corners := areas.street(nil, 0, 500, 50, 500, 50, 550)
		areas.ways = areas.ways[:len(areas.ways)-1]
		areas.way(append(corners, corners[0]), strings.Fields(tags)...)
		for name, s := range map[string]*sheet{"point": &points, "area": &areas} {
			class := ""
			for _, f := range importFile(t, s.file(pbftest.Options{}), NetworkOptions{}).features {
				if _, point := f.Geometry.(orb.Point); point && f.Layer == basemap.Landmarks {
					class = f.Class
				}
			}
			if class != want {
				t.Errorf("a %s with %s is %q, want %q", name, tags, class, want)
			}
		}
	}
}

func TestBasemapClasses(t *testing.T) {
	var s sheet
	s.street([]string{"highway=trunk", "ref=G318", "name=川藏公路", "name:bo=ལམ།", "name:en=Highway", "name:zh=川藏线"}, 0, 0, 100, 0)
	s.street([]string{"highway=motorway_link"}, 0, 1, 100, 1)
	s.street([]string{"highway=footway", "footway=sidewalk"}, 0, 2, 100, 2)
	s.street([]string{"waterway=river", "name=拉萨河"}, 0, 3, 100, 3)
	s.street([]string{"waterway=stream", "tunnel=culvert"}, 0, 4, 100, 4)
	s.street([]string{"railway=rail", "tunnel=yes"}, 0, 5, 100, 5)
	s.node(0, 0, "place=city", "name=拉萨市", "name:zh-Hans=拉萨")
	s.node(1, 1, "place=hamlet")
	s.node(2, 2, "natural=peak", "name=高", "ele=7162")
	s.node(3, 3, "natural=peak", "name=低", "ele=4000 m")
	s.node(4, 4, "mountain_pass=yes", "name=米拉山口")
	m := importFile(t, s.file(pbftest.Options{}), NetworkOptions{})
	var got []string
	for _, f := range m.features {
		got = append(got, fmt.Sprintf("%s %s %d %s|%s|%s|%s|%s %v %v", f.Layer, f.Class, f.Rank, f.Ref, f.Name, f.NameZH, f.NameBO, f.NameEN, f.Bridge, f.Tunnel))
	}
	want := []string{
		"places city 1 |拉萨市|拉萨|| false false",
		"peaks peak 19 |高||| false false",
		"peaks peak 50 |低||| false false",
		"peaks pass 100 |米拉山口||| false false",
		"roads trunk 2 G318|川藏公路|川藏线|ལམ།|Highway false false",
		"roads tertiary 6 |||| false false",
		"waterway river 1 |拉萨河||| false false",
		"roads rail 4 |||| false true",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A lake drawn in pieces, with two islands of which one is drawn in pieces too, and a second lake beside it.
func TestLakeWithIslands(t *testing.T) {
	var s sheet
	s.street(residential, -900, 0, -800, 0)
	west, n1 := s.street(nil, 0, 0, 0, 1000, 500, 1000)
	east := s.way([]int64{n1[0], s.node(1000, 0), s.node(1000, 1000), n1[2]}) // runs the other way
	island, i1 := s.street([]string{"natural=wood"}, 200, 200, 300, 200, 300, 300)
	s.ways[island-1].Nodes = append(s.ways[island-1].Nodes, i1[0])
	half, h1 := s.street(nil, 600, 600, 700, 600, 700, 700)
	other := s.way([]int64{h1[2], s.node(600, 700), h1[0]})
	pond, p1 := s.street([]string{"natural=water", "water=lake"}, 2000, 0, 2100, 0, 2100, 100)
	s.ways[pond-1].Nodes = append(s.ways[pond-1].Nodes, p1[0])
	members := func(ids ...int64) (list []pbftest.Member) {
		for i, id := range ids {
			role := "outer"
			if i > 2 {
				role = "inner"
			}
			list = append(list, pbftest.Member{Type: 1, ID: id, Role: role})
		}
		return append(list, pbftest.Member{Type: 0, ID: 1, Role: "label"})
	}
	s.relations = []pbftest.Relation{{ID: 7, Members: members(west, east, pond, island, half, other),
		Tags: tagged([]string{"type=multipolygon", "natural=water", "water=lake", "name:zh=纳木错"})}}
	m := importFile(t, s.file(pbftest.Options{}), NetworkOptions{})
	i := slices.IndexFunc(m.features, func(f basemap.Feature) bool { return f.Layer == basemap.Water })
	if i < 0 || m.report.OpenAreas != 0 || m.report.Features[basemap.Water] != 1 || m.report.Features[basemap.Landuse] != 1 {
		t.Fatalf("%+v", m.report)
	}
	lake := m.features[i].Geometry.(orb.MultiPolygon)
	if len(lake) != 2 || len(lake[0])+len(lake[1]) != 4 || m.features[i].NameZH != "纳木错" || m.features[i].Class != "lake" {
		t.Fatalf("%v", lake)
	}
	for _, p := range lake {
		if p[0].Orientation() != orb.CCW {
			t.Error("an outline runs clockwise")
		}
		for _, hole := range p[1:] {
			if hole.Orientation() != orb.CW {
				t.Error("a hole runs counter-clockwise")
			}
		}
	}
	for p, wet := range map[orb.Point]bool{
		metresAt(500, 500): true, metresAt(270, 220): false, metresAt(650, 650): false, metresAt(1500, 500): false, metresAt(2080, 20): true,
	} {
		if planar.MultiPolygonContains(lake, p) != wet {
			t.Errorf("%v is wet: %v", p, !wet)
		}
	}
}

func TestAreasOnTheBorderOfTheExtract(t *testing.T) {
	var s sheet
	s.street(residential, -900, 0, -800, 0)
	open, _ := s.street(nil, 0, 0, 0, 1000, 500, 1000)
	_, w := s.street(nil, 0, 0, 100, 0)
	s.way([]int64{w[0], w[1], 12345, w[0]}, "building=yes")
	s.relations = []pbftest.Relation{
		{ID: 1, Members: []pbftest.Member{{Type: 1, ID: open, Role: "outer"}}, Tags: tagged([]string{"type=multipolygon", "natural=water"})},
		{ID: 2, Members: []pbftest.Member{{Type: 1, ID: 999, Role: "outer"}}, Tags: tagged([]string{"type=multipolygon", "landuse=forest"})},
		{ID: 3, Tags: tagged([]string{"type=multipolygon", "landuse=forest"})},
		{ID: 4, Members: []pbftest.Member{{Type: 1, ID: open, Role: "outer"}}, Tags: tagged([]string{"type=boundary", "natural=water"})},
	}
	m := importFile(t, s.file(pbftest.Options{}), NetworkOptions{})
	if m.report.OpenAreas != 3 || len(m.features) != 1 {
		t.Errorf("%+v, %+v", m.report, m.features)
	}
}

func FuzzNetwork(f *testing.F) {
	var s sheet
	_, a := s.street(residential, 0, 0, 300, 0, 1000, 0)
	s.way([]int64{a[0], a[1], a[2], a[0]}, "natural=water", "bridge=yes")
	s.node(1, 1, "place=city", "name=x")
	s.relations = []pbftest.Relation{{ID: 1, Members: []pbftest.Member{{Type: 1, ID: 2, Role: "outer"}, {Type: 1, ID: 1, Role: "inner"}},
		Tags: tagged([]string{"type=multipolygon", "landuse=grass"})}}
	_, b := s.street([]string{"highway=primary", "oneway=yes", "maxspeed=40", "maxheight=3.5"}, 0, 90, 300, 90)
	by := s.way([]int64{a[1], b[0]}, residential...)
	s.node(300, 300, "barrier=bollard")
	s.relations = append(s.relations, pbftest.Relation{ID: 2, Members: []pbftest.Member{{Type: 1, ID: 1, Role: "from"}, {Type: 0, ID: a[1], Role: "via"},
		{Type: 1, ID: by, Role: "to"}}, Tags: tagged([]string{"type=restriction", "restriction=only_left_turn", "except=bicycle"})})
	for _, o := range []pbftest.Options{{Raw: true}, {Raw: true, PlainNodes: true}, {Raw: true, WaysFirst: true, PerBlock: 1}, {}} {
		f.Add(s.file(o))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		n, _, err := Network(context.Background(), "fuzz", bytes.NewReader(b), NetworkOptions{})
		if err != nil {
			if kora.ReasonOf(err) == "" {
				t.Fatalf("no refusal: %v", err)
			}
			return
		}
		for id, streets := range n.Streets {
			if _, err := network.Unmarshal(streets); err != nil {
				t.Fatalf("%s: %v", id, err)
			}
		}
		if _, err := basemap.Decode(n.Basemap); err != nil {
			t.Fatal(err)
		}
	})
}
