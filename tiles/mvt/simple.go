package mvt

import (
	"cmp"
	"slices"
)

// A chain is a run of edges of a ring that all go down or all go up. Within a chain nothing can cross, and two chains are
// compared in one pass along both, so an area of a few chains, as most are, is known to be simple in about the time that
// it takes to read it.
type chain struct {
	west, east, north, south int32
	begin, steps             int // its northernmost vertex, how many edges
	step                     int // to the next vertex southwards: 1 or -1
	ring, area               int // the ring that it is of, and the outer ring of that
}

// valid tells whether the areas of the outline are valid as they are: no two edges touch but neighbours at their common
// end, and rings lie in one another as they should. It may say no where parts of an area touch as they may.
func (e *Encoder) valid() bool {
	e.chains = e.chains[:0]
	begin, outer := 0, -1
	for i, end := range e.shape.ends {
		switch area := area2(e.shape.points[begin:end]); {
		case area == 0:
			return false
		case area > 0:
			outer = i
		case outer < 0:
			return false
		}
		e.addChains(begin, end, i, outer)
		begin = end
	}
	slices.SortFunc(e.chains, func(a, b chain) int { return cmp.Compare(a.north, b.north) })
	for i := range e.chains {
		a := &e.chains[i]
		for j := i + 1; j < len(e.chains); j++ {
			b := &e.chains[j]
			if b.north > a.south {
				break
			}
			if a.west <= b.east && b.west <= a.east && e.touch(a, b) {
				return false
			}
		}
	}
	return len(e.shape.ends) == 1 || e.nested()
}

// addChains cuts a ring into chains.
func (e *Encoder) addChains(begin, end, ring, area int) {
	points := e.shape.points
	c := chain{begin: begin, ring: ring, area: area}
	from := begin
	open := func(i int) {
		p := points[i]
		from, c.step, c.west, c.east = i, 0, p.x, p.x
	}
	shut := func(i int) {
		c.steps = i - from
		c.begin, c.north, c.south = from, points[from].y, points[i].y
		if c.step < 0 {
			c.begin, c.north, c.south = i, c.south, c.north
		}
		e.chains = append(e.chains, c)
	}
	open(begin)
	for i := begin + 1; i < end; i++ {
		p := points[i]
		step := cmp.Compare(p.y, points[i-1].y)
		if step != 0 && c.step != 0 && step != c.step {
			shut(i - 1)
			open(i - 1)
		}
		if step != 0 {
			c.step = step
		}
		c.west, c.east = min(c.west, p.x), max(c.east, p.x)
	}
	shut(end - 1)
}

// touch tells whether two chains have a point in common that is not the common end of neighbouring edges.
func (e *Encoder) touch(a, b *chain) bool {
	points := e.shape.points
	j0 := 0
	for i := range a.steps {
		i0 := a.begin + i*a.step
		a0, a1 := points[i0], points[i0+a.step]
		for j0 < b.steps && points[b.begin+(j0+1)*b.step].y < a0.y {
			j0++
		}
		for j := j0; j < b.steps; j++ {
			k0 := b.begin + j*b.step
			b0, b1 := points[k0], points[k0+b.step]
			if b0.y > a1.y {
				break
			}
			if segmentsTouch(a0, a1, b0, b1) && (a.ring != b.ring || !e.neighbours(a.ring, min(i0, i0+a.step), min(k0, k0+b.step))) {
				return true
			}
		}
	}
	return false
}

// neighbours tells whether two edges of a ring, named by their first vertices, follow one another.
func (e *Encoder) neighbours(ring, i, j int) bool {
	begin := 0
	if ring > 0 {
		begin = e.shape.ends[ring-1]
	}
	d := max(i, j) - min(i, j)
	return d == 1 || d == e.shape.ends[ring]-begin-2
}

func segmentsTouch(a, b, c, d point) bool {
	if max(a.x, b.x) < min(c.x, d.x) || max(c.x, d.x) < min(a.x, b.x) || max(a.y, b.y) < min(c.y, d.y) || max(c.y, d.y) < min(a.y, b.y) {
		return false
	}
	return opposite(cross(a, b, c), cross(a, b, d)) && opposite(cross(c, d, a), cross(c, d, b))
}

// opposite tells whether two places lie on different sides of a line or on it.
func opposite(a, b int32) bool { return a <= 0 && b >= 0 || a >= 0 && b <= 0 }

// nested tells whether rings that do not touch lie in one another as they should. With the winding number of all others at
// a vertex, an outer ring lies outside of everything (0), a hole lies in something (1), and what it lies in is its own area.
func (e *Encoder) nested() bool {
	begin, outer := 0, 0
	for i, end := range e.shape.ends {
		hole := area2(e.shape.points[begin:end]) < 0
		if !hole {
			outer = i
		}
		all, own := e.winding(e.shape.points[begin], i, outer)
		if hole && (all != 1 || own != 1) || !hole && all != 0 {
			return false
		}
		begin = end
	}
	return true
}

// winding gives how often all rings but one go around a point, and how often those of an area do.
func (e *Encoder) winding(p point, except, area int) (all, own int) {
	for i := range e.chains {
		c := &e.chains[i]
		if c.north > p.y {
			break
		}
		if c.ring == except || c.south <= p.y || c.east < p.x {
			continue
		}
		// The edge at the height of p, by halves: a chain can be long.
		low, high := 0, c.steps
		for high-low > 1 {
			if mid := (low + high) / 2; e.shape.points[c.begin+mid*c.step].y <= p.y {
				low = mid
			} else {
				high = mid
			}
		}
		a, b := e.shape.points[c.begin+low*c.step], e.shape.points[c.begin+high*c.step]
		if cross(a, b, p) > 0 { // the chain goes by to the east
			all += c.step
			if c.area == area {
				own += c.step
			}
		}
	}
	return all, own
}
