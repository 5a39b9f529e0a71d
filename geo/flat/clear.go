package flat

// Clearance tells how far apart the edges of a ring are that are no neighbours: more than 1<<Clearance units in x or in y,
// at least; 0 where that is less, or not known, or the ring is wound as a hole.
//
// So it tells how coarsely the ring can be rounded: in steps of 1<<Clearance two edges come nearer to one another by one
// step at most, so none that were apart touch on the way, and neighbours do not fold onto one another, as the end of one
// would come to the next edge but one. The ring stays simple and wound as it is.
func Clearance(ring []Point) uint8 {
	const (
		most    = 6   // 64 units, 2 m at Lhasa; outlines that are drawn more coarsely are simplified
		longest = 128 // all edges are held against all others
	)
	n := len(ring)
	if n < 4 || n > longest || Area(ring) <= 0 {
		return 0
	}
	clear := uint8(most)
	a := ring[n-1]
	for i, b := range ring[:n-2] { // the edge that ends there, with those after the next
		west, east := min(a.X, b.X)-1<<most, max(a.X, b.X)+1<<most
		north, south := min(a.Y, b.Y)-1<<most, max(a.Y, b.Y)+1<<most
		last := n
		if i == 0 {
			last = n - 1 // the next one but this
		}
		c := ring[i+1]
		for _, d := range ring[i+2 : last] {
			far := c.X < west && d.X < west || c.X > east && d.X > east || c.Y < north && d.Y < north || c.Y > south && d.Y > south
			for !far && near(a, b, c, d, 1<<clear) {
				if clear--; clear == 0 {
					return 0
				}
			}
			c = d
		}
		a = b
	}
	return clear
}

// near tells whether two edges are within so many units of one another, in x and in y.
func near(a, b, c, d Point, r int32) bool {
	return nearEdge(a, c, d, r) || nearEdge(b, c, d, r) || nearEdge(c, a, b, r) || nearEdge(d, a, b, r) ||
		(cross(a, b, c) < 0) != (cross(a, b, d) < 0) && (cross(c, d, a) < 0) != (cross(c, d, b) < 0)
}

// nearEdge tells whether the square of r units around a point touches an edge.
func nearEdge(p, a, b Point, r int32) bool {
	if p.X+r < min(a.X, b.X) || p.X-r > max(a.X, b.X) || p.Y+r < min(a.Y, b.Y) || p.Y-r > max(a.Y, b.Y) {
		return false
	}
	c := cross(a, b, p)
	w := int64(r) * (distance(a.X, b.X) + distance(a.Y, b.Y))
	return -w <= c && c <= w
}

func distance(a, b int32) int64 { return int64(max(a, b) - min(a, b)) }

// cross is twice the area of the triangle a, b, c.
func cross(a, b, c Point) int64 {
	return int64(b.X-a.X)*int64(c.Y-a.Y) - int64(b.Y-a.Y)*int64(c.X-a.X)
}
