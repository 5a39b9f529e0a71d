package mvt

import (
	"cmp"
	"slices"
)

// valid tells whether the areas of the outline are valid as they are: no two edges touch but neighbours at their common
// end, and rings lie in one another as they should. It may say no where parts of an area touch as they may. Middle is
// somewhere in the midst of it.
func (e *Encoder) valid(middle point) bool {
	if len(e.shape.ends) == 1 && star(e.shape.points, middle) {
		return true
	}
	e.chains, e.order = e.chains[:0], e.order[:0]
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
		e.addChains(begin, end, int32(i), int32(outer))
		begin = end
	}
	for i := range e.chains {
		e.order = append(e.order, uint64(e.chains[i].north+Buffer)<<32|uint64(i))
	}
	slices.Sort(e.order) // from north to south
	for i, o := range e.order {
		a := &e.chains[uint32(o)]
		for _, o := range e.order[i+1:] {
			b := &e.chains[uint32(o)]
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

// star tells whether all of a ring is seen from a place, going around it once: then it is simple. Most parcels are, seen
// from the middle of their box, which costs much less than comparing chains.
func star(ring []point, from point) bool {
	turns := 0
	ax, ay := ring[0].x-from.x, ring[0].y-from.y
	for _, b := range ring[1:] {
		bx, by := b.x-from.x, b.y-from.y
		if ax*by-ay*bx <= 0 {
			return false
		}
		if ay < 0 && by >= 0 {
			turns++
		}
		ax, ay = bx, by
	}
	return turns == 1
}

// A chain is a run of edges of a ring that all go down or all go up. Within a chain nothing can cross, and two chains are
// compared in one pass along both, so a ring of a few chains is known to be simple in about the time that it takes to read
// it.
type chain struct {
	west, east, north, south int32
	begin, steps             int32 // its northernmost vertex, how many edges
	step                     int32 // to the next vertex southwards: 1 or -1
	ring, area               int32 // the ring that it is of, and the outer ring of that
}

// addChains cuts a ring into chains.
func (e *Encoder) addChains(begin, end int, ring, area int32) {
	points := e.shape.points
	from, step := begin, 0
	west, east := points[begin].x, points[begin].x
	for i := begin + 1; ; i++ {
		turn := 0
		if i < end {
			turn = cmp.Compare(points[i].y, points[i-1].y)
		}
		if i == end || turn*step < 0 {
			first, last := from, i-1
			if step < 0 {
				first, last = last, first
			}
			e.chains = append(e.chains, chain{west, east, points[first].y, points[last].y,
				int32(first), int32(i - 1 - from), int32(step), ring, area})
			if i == end {
				return
			}
			from, step, west, east = i-1, 0, points[i-1].x, points[i-1].x
		}
		if turn != 0 {
			step = turn
		}
		west, east = min(west, points[i].x), max(east, points[i].x)
	}
}

// edgeAt gives the place of the last vertex of a chain, but its southernmost, that does not lie south of y; its northernmost
// if there is none. It is found by halves: a chain can be long.
func (e *Encoder) edgeAt(c *chain, y int32) int32 {
	low, high := int32(0), c.steps
	for high-low > 1 {
		if mid := (low + high) / 2; e.shape.points[c.begin+mid*c.step].y <= y {
			low = mid
		} else {
			high = mid
		}
	}
	return c.begin + low*c.step
}

// touch tells whether two chains, of which a does not begin south of b, have a point in common that is not the common end of
// neighbouring edges.
func (e *Encoder) touch(a, b *chain) bool {
	points := e.shape.points
	k, last := b.begin, b.begin+b.steps*b.step // the first edge of b that may touch the next of a
	for i := e.edgeAt(a, b.north-1); i != a.begin+a.steps*a.step; i += a.step {
		a0, a1 := points[i], points[i+a.step]
		if a0.y > b.south {
			break
		}
		for k != last && points[k+b.step].y < a0.y {
			k += b.step
		}
		west, east := min(a0.x, a1.x), max(a0.x, a1.x)
		for j := k; j != last; j += b.step {
			b0, b1 := points[j], points[j+b.step]
			if b0.y > a1.y {
				break
			}
			if b0.x < west && b1.x < west || b0.x > east && b1.x > east {
				continue
			}
			if a.ring == b.ring && e.neighbours(a.ring, int(min(i, i+a.step)), int(min(j, j+b.step))) {
				continue
			}
			if opposite(cross(a0, a1, b0), cross(a0, a1, b1)) && opposite(cross(b0, b1, a0), cross(b0, b1, a1)) {
				return true
			}
		}
	}
	return false
}

// neighbours tells whether two edges of a ring, named by their first vertices, follow one another.
func (e *Encoder) neighbours(ring int32, i, j int) bool {
	begin := 0
	if ring > 0 {
		begin = e.shape.ends[ring-1]
	}
	d := max(i, j) - min(i, j)
	return d == 1 || d == e.shape.ends[ring]-begin-2
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
		all, own := e.winding(e.shape.points[begin], int32(i), int32(outer))
		if hole && (all != 1 || own != 1) || !hole && all != 0 {
			return false
		}
		begin = end
	}
	return true
}

// winding gives how often all rings but one go around a point, and how often those of an area do.
func (e *Encoder) winding(p point, except, area int32) (all, own int32) {
	for _, o := range e.order {
		c := &e.chains[uint32(o)]
		if c.north > p.y {
			break
		}
		if c.ring == except || c.south <= p.y || c.east < p.x {
			continue
		}
		at := e.edgeAt(c, p.y)
		if cross(e.shape.points[at], e.shape.points[at+c.step], p) > 0 { // the chain goes by to the east
			all += c.step
			if c.area == area {
				own += c.step
			}
		}
	}
	return all, own
}
