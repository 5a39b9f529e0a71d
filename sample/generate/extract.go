package main

import (
	"strings"
	"time"

	"kora/importers/pbftest"
)

// The day that the sample pretends to be of.
var sampleDay = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

// An extract gathers objects with ascending numbers.
type extract struct {
	nodes     []pbftest.Node
	ways      []pbftest.Way
	relations []pbftest.Relation
	corner    map[point]int64 // nodes that streets share
}

type tags map[string]string

// named adds the three names that are known, and name=* as on Chinese maps.
func (t tags) named(zh, bo, en string) tags {
	if zh != "" {
		t["name"], t["name:zh"] = zh, zh
	}
	if bo != "" {
		t["name:bo"] = strings.TrimSuffix(bo, "།")
		if strings.HasSuffix(bo, "ང་།") { // the tsheg stays only before the shad
			t["name:bo"] = strings.TrimSuffix(bo, "་།")
		}
	}
	if en != "" {
		t["name:en"] = en
	}
	return t
}

func (x *extract) node(p point, t tags) int64 {
	lon, lat := p.lonLat()
	id := int64(len(x.nodes) + 1)
	x.nodes = append(x.nodes, pbftest.Node{ID: id, Lon: lon, Lat: lat, Tags: t})
	return id
}

func (x *extract) way(nodes []int64, t tags) int64 {
	id := int64(len(x.ways) + 1)
	x.ways = append(x.ways, pbftest.Way{ID: id, Nodes: nodes, Tags: t})
	return id
}

// street shares its corners with the other streets.
func (x *extract) street(points []point, t tags) {
	var nodes []int64
	for _, p := range points {
		id, ok := x.corner[p]
		if !ok {
			id = x.node(p, nil)
			x.corner[p] = id
		}
		if len(nodes) == 0 || nodes[len(nodes)-1] != id {
			nodes = append(nodes, id)
		}
	}
	if len(nodes) > 1 {
		x.way(nodes, t)
	}
}

func (x *extract) line(l line, t tags) {
	nodes := make([]int64, len(l))
	for i, p := range l {
		nodes[i] = x.node(p, nil)
	}
	x.way(nodes, t)
}

func (x *extract) area(r ring, t tags) int64 {
	nodes := make([]int64, 0, len(r)+1)
	for _, p := range r {
		nodes = append(nodes, x.node(p, nil))
	}
	return x.way(append(nodes, nodes[0]), t)
}

// assemble writes everything down as an OpenStreetMap extract. Its blocks are not compressed: deflate may come out
// differently in another release of Go, and the file must not.
func assemble(c *city, districts []district, greens []green, rivers []river) []byte {
	x := &extract{corner: map[point]int64{}}
	for _, l := range landmarks() {
		t := tags{l.key: l.value}.named(l.zh, l.bo, l.en)
		if l.more[0] != "" {
			t[l.more[0]] = l.more[1]
		}
		x.node(at(l.lon, l.lat), t)
	}
	for _, w := range c.ways {
		t := tags{"highway": w.class}
		if w.road != nil {
			t.named(w.road.zh, w.road.bo, w.road.en)
			if w.road.ref != "" {
				t["ref"] = w.road.ref
			}
		}
		if w.class == "motorway" {
			t["oneway"] = "no" // both carriageways are drawn as one line
		}
		if w.bridge {
			t["bridge"], t["layer"] = "yes", "1"
		}
		x.street(w.nodes, t)
	}
	for _, r := range rivers {
		x.line(r.middle, tags{"waterway": "river"}.named(r.zh, r.bo, r.en))
		if r.banks == nil {
			continue
		}
		t := tags{"natural": "water", "water": "river"}.named(r.zh, r.bo, r.en)
		if len(r.islands) == 0 {
			x.area(r.banks, t)
			continue
		}
		t["type"] = "multipolygon"
		shore := tags{"source": "sample"} // some readers choke on ways without any tag
		members := []pbftest.Member{{Type: 1, ID: x.area(r.banks, shore), Role: "outer"}}
		for _, i := range r.islands {
			members = append(members, pbftest.Member{Type: 1, ID: x.area(i, shore), Role: "inner"})
		}
		x.relations = append(x.relations, pbftest.Relation{ID: int64(len(x.relations) + 1), Members: members, Tags: t})
	}
	for _, l := range lakes() {
		x.area(l.shore, tags{"natural": "water", "water": "lake"}.named(l.zh, l.bo, l.en))
	}
	for _, l := range railways() {
		for _, s := range bridges(l, rivers) {
			t := tags{"railway": "rail"}
			if s.bridge {
				t["bridge"], t["layer"] = "yes", "1"
			}
			x.line(s.line, t)
		}
	}
	for _, d := range districts {
		x.area(d.ring.simplified(12), tags{"landuse": d.use})
	}
	for _, g := range greens {
		x.area(g.ring, tags{g.tag: g.value}.named(g.zh, g.bo, g.en))
	}
	for _, h := range greatHouses() {
		x.area(h, tags{"building": "yes"})
	}
	for _, h := range buildings(c.graph, districts, c.blocks) {
		x.area(h, tags{"building": "yes"})
	}
	return pbftest.Encode(x.nodes, x.ways, x.relations, pbftest.Options{
		Written: sampleDay,
		Program: "Kora sample: invented streets, not OpenStreetMap data",
		Raw:     true,
	})
}
