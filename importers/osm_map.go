package importers

import (
	"context"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"kora/geo/basemap"
	"kora/geo/network"
	"kora/importers/pbf"
)

// An osmMap gathers the features of the quiet basemap. Only what classes below name is taken at all; names are the only
// texts that are kept, so no limit of weight or height of a bridge, no capacity and no border can slip through.
type osmMap struct {
	points    []basemap.Feature
	ways      []osmFeature
	relations []osmArea
}

// An osmFeature is a way on the basemap.
type osmFeature struct {
	basemap.Feature
	way  int32
	area bool
}

// An osmArea is an area with its outline in several ways.
type osmArea struct {
	basemap.Feature
	outer, inner []int64 // ways
}

// maxRelationMembers is the most that OpenStreetMap lets a relation have.
const maxRelationMembers = 32_000

func (m *osmMap) node(n pbf.Node, report *NetworkReport) {
	f, ok := pointFeature(n.Tags)
	if !ok {
		return
	}
	if f.Layer != basemap.Peaks && f.Layer != basemap.Landmarks && isSensitive(n.Tags) { // a summit with a survey mark is still a summit
		report.Sensitive++
		return
	}
	f.Geometry = point(n.At)
	m.points = append(m.points, f)
}

func (m *osmMap) way(at int32, w pbf.Way, report *NetworkReport) {
	f, ok := lineFeature(w.Tags)
	area := false
	if !ok && len(w.Nodes) >= 4 && w.Nodes[0] == w.Nodes[len(w.Nodes)-1] {
		f, ok = areaFeature(w.Tags)
		area = true
	}
	if !ok {
		return
	}
	if f.Layer != basemap.Landmarks && isSensitive(w.Tags) {
		report.Sensitive++
		return
	}
	m.ways = append(m.ways, osmFeature{f, at, area})
}

func (m *osmMap) relation(r pbf.Relation, report *NetworkReport) {
	if r.Tags.Get("type") != "multipolygon" || len(r.Members) > maxRelationMembers {
		return
	}
	f, ok := areaFeature(r.Tags)
	if !ok {
		return
	}
	if f.Layer != basemap.Landmarks && isSensitive(r.Tags) {
		report.Sensitive++
		return
	}
	a := osmArea{Feature: f}
	for _, member := range r.Members {
		switch {
		case member.Type != pbf.MemberWay:
		case member.Role == "inner":
			a.inner = append(a.inner, member.ID)
		default:
			a.outer = append(a.outer, member.ID)
		}
	}
	m.relations = append(m.relations, a)
}

// features gives the basemap, in the order of the file within points, ways and relations.
func (x *osmExtract) features(ctx context.Context) ([]basemap.Feature, error) {
	features := x.quiet.points
	drawn := map[int32][2]string{} // ways that are the whole outline of a relation of the same class
	var areas []basemap.Feature
	for _, a := range x.quiet.relations {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		shape, whole := x.polygons(a)
		if !whole {
			x.report.OpenAreas++
		}
		if len(shape) == 0 {
			continue
		}
		for _, id := range a.outer {
			if way, ok := x.ways.find(id); ok {
				drawn[way] = [2]string{a.Layer, a.Class}
			}
		}
		f := a.Feature
		f.Geometry = shape
		if len(shape) == 1 {
			f.Geometry = shape[0]
		}
		areas = append(areas, sized(f))
	}
	var refs []int64
	for i, w := range x.quiet.ways {
		if i%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		f := w.Feature
		refs = x.ways.nodes(refs[:0], w.way)
		if w.area {
			if drawn[w.way] == [2]string{f.Layer, f.Class} {
				continue
			}
			ring, whole := x.ring(refs)
			if !whole {
				x.report.OpenAreas++
			}
			if ring == nil {
				continue
			}
			f.Geometry = orb.Polygon{wound(ring, orb.CCW)}
			features = append(features, sized(f))
			continue
		}
		if f.Geometry = x.line(refs); f.Geometry != nil {
			features = append(features, f)
		}
	}
	features = append(features, areas...)
	x.report.Features = map[string]int{}
	for _, f := range features {
		x.report.Features[f.Layer]++
	}
	return features, nil
}

// line is the course of a way, in several parts where the extract lacks nodes between them; nil when nothing is left.
func (x *osmExtract) line(refs []int64) orb.Geometry {
	var parts orb.MultiLineString
	var part orb.LineString
	end := func() {
		if len(part) > 1 {
			parts = append(parts, part)
		}
		part = nil
	}
	for _, id := range refs {
		at, ok := x.nodes.find(id)
		if !ok {
			end()
			continue
		}
		if p := point(x.nodes.get(at).at); len(part) == 0 || part[len(part)-1] != p {
			part = append(part, p)
		}
	}
	end()
	switch len(parts) {
	case 0:
		return nil
	case 1:
		return parts[0]
	}
	return parts
}

// sized ranks an area by its size: 1 from 100 km², one more for each tenth of that. A landmark is but a point.
func sized(f basemap.Feature) basemap.Feature {
	if f.Layer == basemap.Landmarks {
		f.Geometry = f.Geometry.Bound().Center()
		return f
	}
	if f.Layer == basemap.Buildings {
		return f
	}
	b := f.Geometry.Bound()
	box := (b.Max[0] - b.Min[0]) * (b.Max[1] - b.Min[1])
	if box == 0 {
		return f
	}
	part := math.Abs(planar.Area(f.Geometry)) / box
	middle := b.Center()
	squareMetres := part * network.Distance(orb.Point{b.Min[0], middle[1]}, orb.Point{b.Max[0], middle[1]}) *
		network.Distance(orb.Point{middle[0], b.Min[1]}, orb.Point{middle[0], b.Max[1]})
	f.Rank = int(min(max(9-math.Floor(math.Log10(max(squareMetres, 1))), 1), 9))
	return f
}

func pointFeature(t pbf.Tags) (basemap.Feature, bool) {
	if f, ok := landmark(t); ok {
		return f, true
	}
	f := named(t)
	switch kind := t.Get("place"); kind {
	case "city", "town", "suburb", "village", "quarter", "neighbourhood", "hamlet", "locality":
		f.Layer, f.Class = basemap.Places, kind
		f.Rank = map[string]int{"city": 1, "town": 2, "suburb": 3, "village": 4, "quarter": 5, "neighbourhood": 6, "hamlet": 6,
			"locality": 7}[kind]
		return f, hasName(f)
	}
	switch kind := t.Get("natural"); {
	case kind == "peak", kind == "volcano":
		f.Class = "peak"
	case kind == "saddle", t.Get("mountain_pass") == "yes":
		f.Class = "pass"
	default:
		return f, false
	}
	f.Layer = basemap.Peaks
	f.Rank = 100
	if metres, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(t.Get("ele"), "m")), 64); err == nil && metres >= 0 && metres < 9000 {
		f.Rank = 90 - int(metres/100) // the highest first
	}
	return f, hasName(f)
}

// roadRanks are the kinds of highway on the basemap; slip roads are drawn as the middling roads that they look like.
var roadRanks = map[string]struct {
	class string
	rank  int
}{
	"motorway": {"motorway", 1}, "trunk": {"trunk", 2}, "primary": {"primary", 3}, "secondary": {"secondary", 5},
	"tertiary": {"tertiary", 6}, "motorway_link": {"tertiary", 6}, "trunk_link": {"tertiary", 6}, "primary_link": {"tertiary", 6},
	"secondary_link": {"tertiary", 6}, "tertiary_link": {"tertiary", 6}, "residential": {"residential", 8},
	"unclassified": {"unclassified", 8}, "living_street": {"living_street", 8}, "road": {"unclassified", 8},
	"pedestrian": {"pedestrian", 9}, "service": {"service", 10}, "track": {"track", 11}, "cycleway": {"cycleway", 12},
	"path": {"path", 12}, "bridleway": {"path", 12}, "footway": {"footway", 12}, "steps": {"steps", 12},
}

func lineFeature(t pbf.Tags) (basemap.Feature, bool) {
	f := named(t)
	f.Bridge, f.Tunnel = isTrue(t.Get("bridge")), isTrue(t.Get("tunnel"))
	if kind := t.Get("highway"); kind != "" {
		road, ok := roadRanks[kind]
		if !ok || t.Get("area") == "yes" {
			return f, false
		}
		switch { // what would only clutter
		case t.Get("footway") == "sidewalk", t.Get("footway") == "crossing", t.Get("indoor") == "yes",
			t.Get("service") == "parking_aisle", t.Get("service") == "driveway":
			return f, false
		}
		f.Layer, f.Class, f.Rank, f.Ref = basemap.Roads, road.class, road.rank, t.Get("ref")
		return f, true
	}
	switch t.Get("railway") {
	case "rail", "narrow_gauge", "light_rail":
		if t.Get("service") == "" { // never the layout of yards
			f.Layer, f.Class, f.Rank = basemap.Roads, "rail", 4
			return f, true
		}
	}
	switch kind := t.Get("waterway"); kind {
	case "river", "canal", "stream":
		if !f.Tunnel {
			f.Layer, f.Class, f.Rank = basemap.Waterway, kind, map[string]int{"river": 1, "canal": 2, "stream": 3}[kind]
			return f, true
		}
	}
	return f, false
}

// landmark is a railway station or an airport that the public flies from, which has a code of IATA. Only its name and
// where it is are taken: what lies in an airport must not be on a public map.
func landmark(t pbf.Tags) (basemap.Feature, bool) {
	f := named(t)
	f.Layer = basemap.Landmarks
	switch {
	case t.Get("railway") == "station" && t.Get("station") != "subway":
		f.Class = basemap.RailwayStation
	case t.Get("aeroway") == "aerodrome" && t.Get("iata") != "" && t.Get("military") == "" && t.Get("landuse") != "military":
		f.Class = basemap.Airport
	default:
		return f, false
	}
	return f, hasName(f)
}

func areaFeature(t pbf.Tags) (basemap.Feature, bool) {
	if f, ok := landmark(t); ok && !isTrue(t.Get("building")) {
		return f, true
	}
	f := named(t)
	is := func(layer, class string) (basemap.Feature, bool) {
		f.Layer, f.Class = layer, class
		return f, true
	}
	if isTrue(t.Get("building")) {
		f.Rank = 9
		return is(basemap.Buildings, "building")
	}
	switch t.Get("natural") {
	case "water":
		switch kind := t.Get("water"); kind {
		case "river", "lake", "reservoir", "pond", "canal":
			return is(basemap.Water, kind)
		}
		return is(basemap.Water, "water")
	case "wood":
		return is(basemap.Landuse, "forest")
	case "grassland":
		return is(basemap.Landuse, "grass")
	}
	switch t.Get("waterway") {
	case "riverbank":
		return is(basemap.Water, "river")
	case "dock":
		return is(basemap.Water, "water")
	}
	switch kind := t.Get("landuse"); kind {
	case "reservoir":
		return is(basemap.Water, "reservoir")
	case "basin":
		return is(basemap.Water, "pond")
	case "residential", "commercial", "retail", "industrial", "forest", "grass":
		return is(basemap.Landuse, kind)
	case "meadow", "village_green":
		return is(basemap.Landuse, "grass")
	case "recreation_ground":
		return is(basemap.Landuse, "park")
	}
	switch kind := t.Get("leisure"); kind {
	case "park", "garden":
		return is(basemap.Landuse, "park")
	}
	return f, false
}

// isSensitive tells of objects that must not be on a public map: what serves the military, prisons, power, pipelines and
// tanks, the inner parts of airports, border checkpoints and survey marks (公开地图内容表示规范).
func isSensitive(t pbf.Tags) bool {
	for i := range t.Len() {
		switch key, value := t.At(i); key {
		case "military", "power", "aeroway":
			if value != "no" {
				return true
			}
		case "landuse", "building":
			switch value {
			case "military", "barracks", "bunker", "prison":
				return true
			}
		case "amenity":
			if value == "prison" {
				return true
			}
		case "man_made":
			switch value {
			case "pipeline", "storage_tank", "reservoir_covered", "survey_point":
				return true
			}
		case "barrier", "government":
			if value == "border_control" {
				return true
			}
		}
	}
	return false
}

func named(t pbf.Tags) basemap.Feature {
	f := basemap.Feature{NameZH: t.Get("name:zh"), NameBO: t.Get("name:bo"), NameEN: t.Get("name:en"), Name: t.Get("name")}
	if f.NameZH == "" {
		f.NameZH = t.Get("name:zh-Hans")
	}
	return f
}

func hasName(f basemap.Feature) bool {
	return f.Name != "" || f.NameZH != "" || f.NameBO != "" || f.NameEN != ""
}

func isTrue(value string) bool { return value != "" && value != "no" }
