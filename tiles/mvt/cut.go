package mvt

import (
	"slices"

	"kora/geo/flat"
)

// A cutter clips areas at one border after the other. What a border leaves of a polygon are runs along its rings, each from
// where it enters to where it leaves. Along the border the polygon lies between a leave and the enter that is next to it,
// so there a run goes on with another (Weiler and Atherton, Hidden surface removal using polygon area sorting, 1977, where
// all is cut by a line): simple rings stay simple. To go on with the next run of the same ring, as Sutherland and Hodgman
// do, ties parts to one another along the border, and most areas that had to be repaired had to be for that.
type cutter struct {
	from, to polygons
	runs     []run
	points   []flat.Point   // of runs
	holes    [][]flat.Point // of the polygon, that the border does not cross
	ends     []runEnd
}

// polygons are rings, each outer one before its holes.
type polygons struct {
	points []flat.Point
	rings  []polygonRing
}

type polygonRing struct {
	end  int
	hole bool
}

func (p *polygons) add(ring []flat.Point, hole bool) {
	p.points = append(p.points, ring...)
	p.end(hole)
}

func (p *polygons) end(hole bool) { p.rings = append(p.rings, polygonRing{len(p.points), hole}) }

// A run is a part of a ring on the kept side, both ends on the border.
type run struct {
	begin, end int
	next       int // the run that it goes on with
	done       bool
}

// A runEnd is where a run enters or leaves.
type runEnd struct {
	at     int32 // along the border, with the inside to the right
	run    int
	leaves bool
}

// clip gives what lies in a box of the areas of a shape that reaches beyond it. It holds until the next call.
func (c *cutter) clip(s flat.Shape, box flat.Box) polygons {
	in := polygons{s.Points, c.from.rings[:0]}
	for i, end := range s.Ends {
		in.rings = append(in.rings, polygonRing{int(end), i > 0 && flat.Area(s.Part(i)) < 0})
	}
	c.from.rings = in.rings
	crossed := [4]bool{s.Box.Min.X < box.Min.X, s.Box.Max.X > box.Max.X, s.Box.Min.Y < box.Min.Y, s.Box.Max.Y > box.Max.Y}
	for i, side := range sides(box) {
		if crossed[i] {
			c.cut(side, in)
			c.from, c.to = c.to, c.from
			in = c.from
		}
	}
	return in
}

// cut puts into to what of polygons lies on the kept side of a border.
func (c *cutter) cut(s side, in polygons) {
	c.to.points, c.to.rings = c.to.points[:0], c.to.rings[:0]
	begin := 0
	for i := 0; i < len(in.rings); {
		c.runs, c.points, c.holes = c.runs[:0], c.points[:0], c.holes[:0]
		whole := false // the outer ring is not crossed
		for outer := true; i < len(in.rings) && (outer || in.rings[i].hole); outer = false {
			ring := in.points[begin:in.rings[i].end]
			begin = in.rings[i].end
			i++
			switch crosses, kept := c.addRuns(s, ring); {
			case crosses || !kept:
			case outer:
				c.to.add(ring, false)
				whole = true
			case whole:
				c.to.add(ring, true)
			default:
				c.holes = append(c.holes, ring)
			}
		}
		if len(c.runs) > 1 {
			c.pair(s)
		}
		c.join()
	}
}

// addRuns adds the runs of a ring, each tied to the next one of the ring; or it tells whether the ring lies on the kept
// side. What lies on the border is not kept, so that no run is only there.
func (c *cutter) addRuns(s side, ring []flat.Point) (crosses, kept bool) {
	a := ring[len(ring)-1]
	kept = s.within(a)
	enters := 0
	for ; enters < len(ring); enters++ {
		keep := s.within(ring[enters])
		if keep && !kept {
			break
		}
		a, kept = ring[enters], keep
	}
	if enters == len(ring) {
		return false, kept
	}
	from := len(c.runs)
	for _, part := range [2][]flat.Point{ring[enters:], ring[:enters]} {
		for _, b := range part {
			keep := s.within(b)
			if keep && !kept {
				c.runs = append(c.runs, run{begin: len(c.points), next: len(c.runs) + 1})
			}
			if keep != kept {
				c.points = append(c.points, s.meet(a, b))
			}
			if keep {
				c.points = append(c.points, b)
			} else if kept {
				c.runs[len(c.runs)-1].end = len(c.points)
			}
			a, kept = b, keep
		}
	}
	c.runs[len(c.runs)-1].next = from
	return true, false
}

// pair ties the runs of a polygon to one another, unless leaves and enters do not take turns along the border, as those of
// a polygon do.
func (c *cutter) pair(s side) {
	c.ends = c.ends[:0]
	for i, r := range c.runs {
		c.ends = append(c.ends, runEnd{s.along(c.points[r.begin]), i, false}, runEnd{s.along(c.points[r.end-1]), i, true})
	}
	slices.SortFunc(c.ends, func(a, b runEnd) int { return int(a.at) - int(b.at) })
	for i := range c.ends {
		j, leaves := i, i%2 == 0
		for j < len(c.ends) && c.ends[j].at == c.ends[i].at && c.ends[j].leaves != leaves {
			j++ // the order of what meets the border at the same place is open
		}
		if j == len(c.ends) || c.ends[j].at != c.ends[i].at {
			return
		}
		c.ends[i], c.ends[j] = c.ends[j], c.ends[i]
	}
	for i := 0; i < len(c.ends); i += 2 {
		c.runs[c.ends[i].run].next = c.ends[i+1].run
	}
}

// join puts the pieces that the runs of a polygon make into to, each with those of the holes that lie in it.
func (c *cutter) join() {
	left := len(c.runs)
	for i := range c.runs {
		if c.runs[i].done {
			continue
		}
		from := len(c.to.points)
		for j := i; !c.runs[j].done; j = c.runs[j].next {
			r := &c.runs[j]
			r.done = true
			left--
			c.to.points = append(c.to.points, c.points[r.begin:r.end]...)
		}
		c.to.end(false)
		piece := c.to.points[from:]
		c.holes = slices.DeleteFunc(c.holes, func(hole []flat.Point) bool {
			in := left == 0 || surrounds(piece, hole[0])
			if in {
				c.to.add(hole, true)
			}
			return in
		})
	}
	clear(c.holes) // those of a polygon that is gone, which are the shape's own
}

// surrounds tells whether a ring goes around a point.
func surrounds(ring []flat.Point, p flat.Point) bool {
	in := false
	a := ring[len(ring)-1]
	for _, b := range ring {
		if (a.Y > p.Y) != (b.Y > p.Y) {
			east := int64(b.X-a.X)*int64(p.Y-a.Y) > int64(b.Y-a.Y)*int64(p.X-a.X)
			if east == (b.Y > a.Y) {
				in = !in
			}
		}
		a = b
	}
	return in
}
