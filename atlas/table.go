package atlas

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"kora/geo/flat"
	"kora/geo/grid"
	"kora/geo/paged"
)

// A Table holds the records of one kind, in their order and by row, with their shapes. A record keeps its row for as long as
// it is there; rows without a record are free for the next ones. When a great part changes, all rows are numbered anew along
// a Hilbert curve.
//
// A Table never changes after it was made; the next one shares what is the same.
type Table[T any] struct {
	*kind[T]
	list   []*T
	rows   []uint32 // of list
	places []uint32 // of rows in list; noRecord where there is none
	ids    []idRow  // ascending
	free   []uint32
	shapes *flat.Store
	cells  paged.Column[grid.Cell] // by row, of kinds that are gathered
}

// A kind tells what a table needs to know of its records.
type kind[T any] struct {
	id       func(*T) int64
	order    func(a, b *T) int // never 0 for records with different IDs
	geometry func(*T) orb.Geometry
	gathered bool // by cells, on maps where one by one they are too many
}

// ClusterResolution is the H3 resolution of the finest cells by which rows are gathered: 5 km².
const ClusterResolution = 7

type idRow struct {
	id  int64
	row uint32
}

const noRecord = math.MaxUint32

// Shapes are the records' shapes by row.
func (t *Table[T]) Shapes() *flat.Store { return t.shapes }

// Middle is the middle of the box of a row, which must have a record.
func (t *Table[T]) Middle(row uint32) flat.Point { return t.shapes.Shape(row).Box.Middle() }

// Cell is the cell of ClusterResolution that the Middle of a row lies in, of stations and parcels.
func (t *Table[T]) Cell(row uint32) grid.Cell { return t.cells.At(row) }

// cell computes what Cell tells; 0 for a row without a shape.
func (t *Table[T]) cell(row uint32) grid.Cell {
	if t.shapes.Shape(row).Parts() == 0 {
		return 0
	}
	c, _ := grid.At(t.Middle(row).LonLat(), ClusterResolution) // fails for what is no place only
	return c
}

// At is the record in a row, nil when there is none.
func (t *Table[T]) At(row uint32) *T {
	if int(row) >= len(t.places) || t.places[row] == noRecord {
		return nil
	}
	return t.list[t.places[row]]
}

// Row gives the row of the record with this ID; false when there is none.
func (t *Table[T]) Row(id int64) (uint32, bool) {
	i, ok := t.find(id)
	if !ok {
		return 0, false
	}
	return t.ids[i].row, true
}

// record is the one with this ID, nil when there is none.
func (t *Table[T]) record(id int64) *T {
	row, ok := t.Row(id)
	if !ok {
		return nil
	}
	return t.At(row)
}

// find gives the place in ids where an ID is or would be.
func (t *Table[T]) find(id int64) (int, bool) {
	return slices.BinarySearchFunc(t.ids, id, func(e idRow, id int64) int { return cmp.Compare(e.id, id) })
}

// newTable makes a table of records in any order, which it takes over.
func newTable[T any](k *kind[T], list []*T) *Table[T] {
	slices.SortFunc(list, k.order)
	shapes, order := flat.NewAlong(len(list), func(place uint32) orb.Geometry { return k.geometry(list[place]) })
	t := &Table[T]{
		kind: k, list: list, rows: make([]uint32, len(list)), places: order, ids: make([]idRow, len(list)), shapes: shapes,
	}
	for row, place := range order {
		t.rows[place] = uint32(row)
	}
	for i, r := range list {
		t.ids[i] = idRow{k.id(r), t.rows[i]}
	}
	slices.SortFunc(t.ids, func(a, b idRow) int { return cmp.Compare(a.id, b.id) })
	if k.gathered {
		t.cells = paged.Make(len(list), t.cell)
	}
	return t
}

// with gives the table after some records changed, nil ones being gone, and the rows that changed; no rows when all are
// numbered anew. It is t when nothing is different.
func (t *Table[T]) with(changed map[int64]*T) (next *Table[T], rows []uint32) {
	if len(changed) > len(t.list)/8 || len(t.free) > len(t.list) {
		return t.anew(changed), nil
	}
	p := patch[T]{of: t, next: &Table[T]{kind: t.kind, free: slices.Clone(t.free)}, end: uint32(len(t.places))}
	for _, id := range slices.Sorted(maps.Keys(changed)) {
		p.put(id, changed[id])
	}
	if len(p.rows) == 0 {
		return t, nil
	}
	return p.table(), p.rows
}

// anew makes the table that with gives, from the ground up.
func (t *Table[T]) anew(changed map[int64]*T) *Table[T] {
	var list []*T
	for _, r := range t.list {
		if _, is := changed[t.id(r)]; !is {
			list = append(list, r)
		}
	}
	for _, r := range changed {
		if r != nil {
			list = append(list, r)
		}
	}
	return newTable(t.kind, list)
}

// A patch gathers what is different in the next table.
type patch[T any] struct {
	of, next *Table[T]
	end      uint32      // the first row that was never used
	rows     []uint32    // that change
	shapes   []flat.Edit // geometries that do
	stays    []placed[T] // records that replace others at their places
	comes    []placed[T] // records that need a place; place is the one they come before
	leaves   []int       // places
	idComes  []idRow
	idAt     []int // places in ids that idComes come before
	idLeaves []int // places in ids
}

type placed[T any] struct {
	record *T
	row    uint32
	place  int
}

// put takes one change; IDs must come in ascending order.
func (p *patch[T]) put(id int64, r *T) {
	t := p.of
	at, had := t.find(id)
	switch {
	case r == nil && !had:
	case r == nil:
		row := t.ids[at].row
		p.idLeaves, p.leaves = append(p.idLeaves, at), append(p.leaves, int(t.places[row]))
		p.next.free = append(p.next.free, row)
		p.change(row, nil)
	case !had:
		row := p.row()
		p.idComes, p.idAt = append(p.idComes, idRow{id, row}), append(p.idAt, at)
		p.comes = append(p.comes, placed[T]{record: r, row: row})
		p.change(row, t.geometry(r))
	default:
		row := t.ids[at].row
		place := int(t.places[row])
		old := t.list[place]
		if t.order(old, r) == 0 {
			p.stays = append(p.stays, placed[T]{r, row, place})
		} else {
			p.leaves, p.comes = append(p.leaves, place), append(p.comes, placed[T]{record: r, row: row})
		}
		if orb.Equal(t.geometry(old), t.geometry(r)) {
			p.rows = append(p.rows, row)
		} else {
			p.change(row, t.geometry(r))
		}
	}
}

func (p *patch[T]) change(row uint32, g orb.Geometry) {
	p.rows, p.shapes = append(p.rows, row), append(p.shapes, flat.Edit{Row: row, Geometry: g})
}

// row takes a row for a new record: a free one, or one more.
func (p *patch[T]) row() uint32 {
	if last := len(p.next.free) - 1; last >= 0 {
		row := p.next.free[last]
		p.next.free = p.next.free[:last]
		return row
	}
	p.end++
	return p.end - 1
}

func (p *patch[T]) table() *Table[T] {
	t, next := p.of, p.next
	next.shapes = t.shapes.With(p.shapes...)
	next.cells = t.cells
	if t.gathered {
		e := t.cells.Edit()
		for _, s := range p.shapes {
			e.Set(s.Row, next.cell(s.Row))
		}
		next.cells = e.Column
	}
	next.ids = splice(t.ids, p.idLeaves, p.idComes, p.idAt)
	next.rows, next.places = t.rows, t.places
	next.list = slices.Clone(t.list)
	for _, s := range p.stays {
		next.list[s.place] = s.record
	}
	if len(p.comes) == 0 && len(p.leaves) == 0 {
		return next
	}
	slices.Sort(p.leaves)
	slices.SortFunc(p.comes, func(a, b placed[T]) int { return t.order(a.record, b.record) })
	var records []*T
	var rows []uint32
	var at []int
	for _, c := range p.comes {
		place, _ := slices.BinarySearchFunc(t.list, c.record, t.order)
		records, rows, at = append(records, c.record), append(rows, c.row), append(at, place)
	}
	next.list = splice(next.list, p.leaves, records, at)
	next.rows = splice(t.rows, p.leaves, rows, at)
	next.places = make([]uint32, next.shapes.Len())
	for row := range next.places {
		next.places[row] = noRecord
	}
	for place, row := range next.rows {
		next.places[row] = uint32(place)
	}
	return next
}

// splice gives old without the elements at the places leaves, and with each of comes before the place that at tells. All
// are in ascending order; places are those in old. Nothing in old is written to.
func splice[E any](old []E, leaves []int, comes []E, at []int) []E {
	if len(leaves) == 0 && len(comes) == 0 {
		return old
	}
	if len(old)+len(comes) == len(leaves) {
		return nil
	}
	all := make([]E, 0, len(old)+len(comes)-len(leaves))
	from := 0
	upTo := func(place int) {
		for len(leaves) > 0 && leaves[0] < place {
			all, from = append(all, old[from:leaves[0]]...), leaves[0]+1
			leaves = leaves[1:]
		}
		all, from = append(all, old[from:place]...), place
	}
	for i, c := range comes {
		upTo(at[i])
		all = append(all, c)
	}
	upTo(len(old))
	return all
}
