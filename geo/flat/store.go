package flat

import (
	"cmp"
	"slices"
	"unsafe"

	"github.com/paulmach/orb"
)

// A Store holds the shape of every row of a layer. Rows are numbered by whoever makes it; a row may be empty.
//
// Rows that changed since the shapes were packed lie in a list of their own, which is searched beside the tree. When it
// would get too long, all is packed anew.
type Store struct {
	base *packed
	n    int // rows

	gone  []uint64 // a bit for each row of base that holds no longer
	late  []late   // what holds instead, and the rows beyond base, by row; empty ones are left out
	edits int      // since all was packed
}

// late is the shape of a row that came after all was packed.
type late struct {
	box   Box
	row   uint32
	shape *Shape
}

// An Edit gives a row another geometry.
type Edit struct {
	Row      uint32
	Geometry orb.Geometry // nil empties the row
}

// New gives a Store of n rows with the geometries that at tells, in degrees: Point, MultiPoint, LineString,
// MultiLineString, Polygon or MultiPolygon.
//
// Points that equal the one before are dropped, and then lines of fewer than two points, rings of fewer than three or
// without area, and the holes of outer rings that are dropped. A geometry of which nothing is left, or of another type, or
// nil, makes an empty row: its Shape is the zero value, and no box touches it.
func New(n int, at func(row uint32) orb.Geometry) *Store {
	p := pack(n, at)
	p.index()
	return &Store{base: p, n: n}
}

// NewAlong gives a Store of the geometries that at tells, as New takes them, with rows numbered along a Hilbert curve, so
// that what is near on the ground is near in memory; empty rows come last. Order tells which geometry each row has.
func NewAlong(n int, at func(i uint32) orb.Geometry) (s *Store, order []uint32) {
	p := pack(n, at)
	order = slices.Grow(p.along(), n)
	for i, k := range p.kinds {
		if k == 0 {
			order = append(order, uint32(i))
		}
	}
	along := newPacked(n, len(p.points), len(p.ends))
	for _, i := range order {
		along.add(p.shape(i))
	}
	along.index()
	return &Store{base: along, n: n}, order
}

// pack lays out geometries, without a tree yet.
func pack(n int, at func(row uint32) orb.Geometry) *packed {
	points, ends := 0, 0
	for row := range n {
		p, e := size(at(uint32(row)))
		points, ends = points+p, ends+e
	}
	p := newPacked(n, points, ends)
	for row := range n {
		p.addGeometry(at(uint32(row)))
	}
	return p
}

// Of gives the shape of one geometry, as New would hold it.
func Of(g orb.Geometry) Shape {
	points, ends := size(g)
	p := newPacked(1, points, ends)
	p.addGeometry(g)
	return p.shape(0)
}

// Len is the number of rows, empty ones among them.
func (s *Store) Len() int { return s.n }

// Shape is a view of the shape of a row, which must not be written to. Rows at and beyond Len are empty.
func (s *Store) Shape(row uint32) Shape {
	if !s.replaced(row) {
		return s.base.shape(row)
	}
	if i, ok := slices.BinarySearchFunc(s.late, row, byRow); ok {
		return *s.late[i].shape
	}
	return Shape{}
}

// In visits every row whose box touches b, once, in no order that holds.
func (s *Store) In(b Box, visit func(row uint32)) {
	if top := len(s.base.tree.above) - 1; top >= 0 {
		s.in(top, 0, b, visit)
	}
	for i := range s.late {
		if s.late[i].box.Touches(b) {
			visit(s.late[i].row)
		}
	}
}

// Bounds is the box around all shapes; false when there are none.
func (s *Store) Bounds() (Box, bool) {
	var b Box
	found := false
	for row := range uint32(s.n) {
		switch shape := s.Shape(row); {
		case shape.Kind == 0:
		case !found:
			b, found = shape.Box, true
		default:
			b = b.with(shape.Box)
		}
	}
	return b, found
}

// With gives a Store in which some rows are others; of two edits of a row the later one holds. It shares with s all shapes
// that stay, and s stays as it is.
func (s *Store) With(edits ...Edit) *Store {
	if len(edits) == 0 {
		return s
	}
	next := &Store{base: s.base, n: s.n, gone: make([]uint64, (s.base.len()+63)/64), edits: s.edits + len(edits)}
	copy(next.gone, s.gone)
	last := make(map[uint32]orb.Geometry, len(edits))
	for _, e := range edits {
		last[e.Row] = e.Geometry
		next.n = max(next.n, int(e.Row)+1)
		if int(e.Row) < s.base.len() {
			next.gone[e.Row/64] |= 1 << (e.Row % 64)
		}
	}
	next.late = make([]late, 0, len(s.late)+len(last))
	for _, l := range s.late {
		if _, again := last[l.row]; !again {
			next.late = append(next.late, l)
		}
	}
	for row, g := range last {
		if shape := Of(g); shape.Kind != 0 {
			next.late = append(next.late, late{shape.Box, row, &shape})
		}
	}
	slices.SortFunc(next.late, func(a, b late) int { return cmp.Compare(a.row, b.row) })
	if next.edits > maxLate(next.n) {
		return next.packed()
	}
	return next
}

// maxLate is how many rows may change before a store of n is packed anew. Every search looks at all of them, at about a
// nanosecond each.
func maxLate(n int) int { return 1024 + n/128 }

// packed gives a Store of the same rows with nothing beside the tree.
func (s *Store) packed() *Store {
	points, ends := 0, 0
	for row := range uint32(s.n) {
		shape := s.Shape(row)
		points, ends = points+len(shape.Points), ends+len(shape.Ends)
	}
	p := newPacked(s.n, points, ends)
	for row := range uint32(s.n) {
		p.add(s.Shape(row))
	}
	p.index()
	return &Store{base: p, n: s.n}
}

// Bytes is about how much memory the store takes, with what it shares.
func (s *Store) Bytes() int {
	p := s.base
	sum := cap(p.kinds)*int(unsafe.Sizeof(Kind(0))) + cap(p.clear) + cap(p.firsts)*int(unsafe.Sizeof(first{})) +
		cap(p.points)*int(unsafe.Sizeof(Point{})) + cap(p.ends)*4 + cap(p.tree.rows)*4 +
		cap(s.gone)*8 + cap(s.late)*int(unsafe.Sizeof(late{}))
	boxes := cap(p.boxes)
	for _, level := range p.tree.above {
		boxes += cap(level)
	}
	sum += boxes * int(unsafe.Sizeof(Box{}))
	for _, l := range s.late {
		sum += int(unsafe.Sizeof(Shape{})) + cap(l.shape.Points)*int(unsafe.Sizeof(Point{})) + cap(l.shape.Ends)*4
	}
	return sum
}

// replaced tells whether base does not hold the row that is meant.
func (s *Store) replaced(row uint32) bool {
	return int(row) >= s.base.len() || s.gone != nil && s.gone[row/64]&(1<<(row%64)) != 0
}

func byRow(l late, row uint32) int { return cmp.Compare(l.row, row) }
