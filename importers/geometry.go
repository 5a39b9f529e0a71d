package importers

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/paulmach/orb"

	"kora"
)

const (
	maxCoordinates = 1_000_000 // of one feature or parcel
	maxVertices    = 4_000_000 // of one file
	maxLists       = 100_000   // rings and polygons of one feature
)

// A geometry is a GeoJSON geometry before its type has been looked at.
type geometry struct {
	kind   string
	coords nest
	none   bool // no coordinates member
	wrong  *wrongCoordinate
	far    *wrongCoordinate // the first that is no longitude and latitude, where others may be meant
	tall   bool             // some position has a height other than 0
}

// A nest is a coordinates array: a position (depth 0), a list of positions (depth 1), or a list of nests.
type nest struct {
	depth  int
	point  orb.Point
	points []orb.Point
	lists  []nest
}

// A wrongCoordinate is the first thing in a coordinates array that cannot be one, with the 0-based indexes that lead there.
type wrongCoordinate struct {
	path []int
	err  *kora.Error
}

// geometry reads a geometry object; its { has been read.
func (g *geoReader) geometry() (*geometry, error) {
	geo := &geometry{none: true}
	err := g.members([]string{"type", "coordinates", "crs"}, func(key string) error {
		switch key {
		case "type":
			var err error
			geo.kind, _, err = g.text()
			return err
		case "crs":
			return g.readCRS()
		}
		t, err := g.token()
		if err != nil {
			return err
		}
		if t != json.Delim('[') {
			return g.skip(t)
		}
		geo.none = false
		c := coordinates{geoReader: g, kind: geo.kind}
		geo.coords, err = c.nest()
		geo.wrong, geo.far, geo.tall = c.wrong, c.far, c.tall
		return err
	})
	return geo, err
}

// coordinates reads one coordinates array.
type coordinates struct {
	*geoReader
	kind  string // the geometry's type, "" when it comes after the coordinates
	path  []int
	count int
	lists int
	wrong *wrongCoordinate
	far   *wrongCoordinate
	tall  bool
}

// note keeps the first refusal.
func (c *coordinates) note(reason kora.Reason, value any, format string, args ...any) {
	if c.wrong == nil {
		c.wrong = &wrongCoordinate{slices.Clone(c.path), kora.Refuse(reason, "geometry", value, format, args...)}
	}
}

// nest reads an array whose [ has been read. After a refusal it reads on, to find the next feature, and keeps nothing;
// only an array that is too large makes the whole file unusable.
func (c *coordinates) nest() (n nest, err error) {
	if c.count++; c.count > maxCoordinates {
		return n, c.place(c.refuse(kora.ReasonTooLarge, "has more than %d coordinates", maxCoordinates))
	}
	if c.vertices++; c.vertices > maxVertices {
		return n, c.place(c.refuse(kora.ReasonTooLarge, "the file has more than %d coordinates; split it", maxVertices))
	}
	numbers, empty := 0, true
	for i := 0; ; i++ {
		if i > maxCoordinates {
			return n, c.place(c.refuse(kora.ReasonTooLarge, "has an array of more than %d numbers", maxCoordinates))
		}
		t, err := c.token()
		if err != nil {
			return n, c.place(err)
		}
		switch t := t.(type) {
		case json.Number:
			switch v := c.number(t); i {
			case 0, 1:
				n.point[i] = v
			case 2:
				c.tall = c.tall || v != 0
			}
			numbers++
		case json.Delim:
			if t == ']' {
				return c.finish(n, numbers, empty), nil
			}
			if t == '{' {
				c.note(kora.ReasonGeometry, nil, "holds an object where a number is needed")
				if err := c.skip(t); err != nil {
					return n, err
				}
				break
			}
			c.path = append(c.path, i)
			child, err := c.nest()
			if err != nil {
				return n, err
			}
			c.path = c.path[:len(c.path)-1]
			c.append(&n, child, empty)
			empty = false
		default:
			c.note(kora.ReasonGeometry, t, "holds something else than a number")
		}
	}
}

func (c *coordinates) append(n *nest, child nest, first bool) {
	if first {
		n.depth = child.depth + 1
	}
	switch {
	case c.wrong != nil:
	case n.depth != child.depth+1:
		c.note(kora.ReasonGeometry, nil, "mixes positions and lists of positions")
	case child.depth == 0:
		n.points = append(n.points, child.point)
	default:
		if c.lists++; c.lists <= maxLists { // more are refused by check
			n.lists = append(n.lists, child)
		}
	}
}

// finish looks at an array as a whole. One without anything in it is an empty list.
func (c *coordinates) finish(n nest, numbers int, empty bool) nest {
	switch {
	case numbers > 0 && !empty:
		c.note(kora.ReasonGeometry, nil, "mixes numbers and positions")
	case numbers == 1:
		c.note(kora.ReasonGeometry, nil, "has a position of one number")
	case numbers > 1:
		if err := kora.CheckPoint("geometry", n.point); err != nil {
			refusal, _ := err.(*kora.Error)
			at := &wrongCoordinate{slices.Clone(c.path), refusal}
			if c.grids && c.far == nil {
				c.far = at
			} else if !c.grids && c.wrong == nil {
				c.wrong = at
			}
		}
	case empty:
		n.depth = 1
	}
	if c.lists > maxLists {
		c.note(kora.ReasonTooLarge, nil, "has more than %d rings", maxLists)
	}
	return n
}

func (c *coordinates) number(n json.Number) float64 {
	v, err := strconv.ParseFloat(string(n), 64)
	if err != nil {
		c.note(kora.ReasonCoordinate, n, "is too large a number")
	}
	return v
}

// place adds where in the coordinates the file broke off to an error that makes all of it unusable.
func (c *coordinates) place(err error) error {
	if f, ok := err.(kora.Fault); ok && f.Part == "" {
		f.Part = placeOf(c.kind, c.path)
		return f
	}
	return err
}

// shapes are the names of what the indexes of a coordinates array count.
var shapes = map[string][]string{
	"Point":           {},
	"MultiPoint":      {"position"},
	"LineString":      {"position"},
	"MultiLineString": {"line", "position"},
	"Polygon":         {"ring", "position"},
	"MultiPolygon":    {"polygon", "ring", "position"},
}

// placeOf names a path: "polygon 1, ring 2, position 3".
func placeOf(kind string, path []int) string {
	if len(path) == 0 {
		return "geometry"
	}
	names := shapes[kind]
	if len(path) > len(names) {
		return fmt.Sprint("coordinates", path)
	}
	s := ""
	for i, p := range path {
		if i > 0 {
			s += ", "
		}
		s += names[i] + " " + strconv.Itoa(p+1)
	}
	return s
}

// check refuses f's geometry unless it is one of the kinds, single or multi, and sound as JSON.
func (f *feature) check(single, multi string) bool {
	g := f.geometry
	switch {
	case g == nil:
		if len(f.problems) == 0 {
			f.problem("geometry", kora.ReasonRequired, "has no geometry")
		}
	case g.kind != single && g.kind != multi:
		f.problem("geometry", kora.ReasonGeometry, "is a %q; a %s or %s is needed", clipWord(g.kind), single, multi)
	case g.wrong != nil:
		f.problems = append(f.problems, problem{placeOf(g.kind, g.wrong.path), g.wrong.err})
	case g.none:
		f.problem("geometry", kora.ReasonGeometry, "has no array of coordinates")
	case g.coords.depth != len(shapes[g.kind]):
		f.problem("geometry", kora.ReasonGeometry,
			"has coordinates nested %d deep, where a %s has %d", g.coords.depth+1, g.kind, len(shapes[g.kind])+1)
	default:
		return true
	}
	return false
}

// multiPolygon is f's geometry, or nil and problems.
func (f *feature) multiPolygon() orb.MultiPolygon {
	if !f.check("Polygon", "MultiPolygon") {
		return nil
	}
	polygons := []nest{f.geometry.coords}
	if f.geometry.kind == "MultiPolygon" {
		polygons = f.geometry.coords.lists
	}
	var m orb.MultiPolygon
	for i, p := range polygons {
		poly := make(orb.Polygon, 0, len(p.lists))
		for j, ring := range p.lists {
			path := []int{i, j}
			if f.geometry.kind == "Polygon" {
				path = path[1:]
			}
			if fault := ringFault(ring.points); fault != nil {
				f.problem(placeOf(f.geometry.kind, path), kora.ReasonGeometry, "%v", fault)
				return nil
			}
			poly = append(poly, ring.points)
		}
		m = append(m, poly)
	}
	return m
}

// multiLine is f's geometry, or nil and problems.
func (f *feature) multiLine() orb.MultiLineString {
	if !f.check("LineString", "MultiLineString") {
		return nil
	}
	lines := []nest{f.geometry.coords}
	if f.geometry.kind == "MultiLineString" {
		lines = f.geometry.coords.lists
	}
	var m orb.MultiLineString
	for i, l := range lines {
		if distinct(l.points, 2) < 2 {
			f.problem(fmt.Sprintf("line %d", i+1), kora.ReasonGeometry, "has fewer than 2 different points")
			return nil
		}
		m = append(m, l.points)
	}
	return m
}

// ringFault tells what keeps points from being a closed ring.
func ringFault(points []orb.Point) *kora.Error {
	switch {
	case len(points) < 4:
		return kora.Refuse(kora.ReasonGeometry, "", nil, "has %d positions; a closed ring has at least 4", len(points))
	case points[0] != points[len(points)-1]:
		return kora.Refuse(kora.ReasonGeometry, "", nil, "is not closed: its last position differs from its first")
	case distinct(points, 3) < 3:
		return kora.Refuse(kora.ReasonGeometry, "", nil, "has fewer than 3 different corners")
	}
	return nil
}

// distinct counts different points, up to enough.
func distinct(points []orb.Point, enough int) int {
	var found []orb.Point
	for _, p := range points {
		if !slices.Contains(found, p) {
			if found = append(found, p); len(found) >= enough {
				break
			}
		}
	}
	return len(found)
}
