package atlas

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/paulmach/orb"

	"kora"
	"kora/geo/facet"
	"kora/geo/flat"
)

// A ParcelFilter is a query made ready for one atlas. Any number of goroutines may ask it.
type ParcelFilter struct {
	atlas   *Atlas
	table   *Table[kora.Parcel]
	columns facet.Filter
	own     map[string]int // place in columns of the condition of an attribute that has one
	words   []string
	bounds  *orb.Bound
	box     flat.Box // of bounds
}

// ParcelFilter makes q ready for a. Errors come of Near only: ReasonNoNetwork without streets for cars, ReasonNoAccess when no
// street lies within reach of the place.
func (a *Atlas) ParcelFilter(q ParcelQuery) (*ParcelFilter, error) {
	f := &ParcelFilter{atlas: a, table: a.parcels, own: map[string]int{}, words: wordsOf(q.Text), bounds: q.Bounds}
	for i, c := range parcelChoices {
		chosen := q.Choices[c.name]
		if len(chosen) == 0 {
			continue
		}
		column := a.columns.choices[i]
		switch {
		case c.all:
			for _, v := range chosen {
				f.columns = append(f.columns, column.Any(v))
			}
		case c.prefix:
			f.hold(c.name, column.Prefix(chosen...))
		default:
			f.hold(c.name, column.Any(chosen...))
		}
	}
	for i, r := range parcelRanges {
		if span, is := q.Ranges[r.name]; is && span != (Span{}) {
			low, high := math.Inf(-1), math.Inf(1)
			if span.Min != nil {
				low = *span.Min
			}
			if span.Max != nil {
				high = *span.Max
			}
			f.hold(r.name, a.numbers(i).Within(low, high))
		}
	}
	if q.Within != nil {
		f.columns = append(f.columns, facet.Among(a.parcelsWithin(q.Within)))
	}
	if q.Near != nil {
		rows, err := a.parcelsNear(*q.Near)
		if err != nil {
			return nil, err
		}
		f.columns = append(f.columns, facet.Among(rows))
	}
	if q.Bounds != nil {
		f.box = flat.BoxOf(*q.Bounds)
	}
	return f, nil
}

func (f *ParcelFilter) hold(name string, c facet.Condition) {
	f.own[name] = len(f.columns)
	f.columns = append(f.columns, c)
}

// numbers is the column of parcelRanges[i].
func (a *Atlas) numbers(i int) *facet.Numbers {
	switch r := parcelRanges[i]; {
	case r.to != "":
		return a.drives.to[r.to].get().minutes
	case r.lie != nil:
		return r.lie(a.terrain.made.get())
	}
	return a.columns.numbers[i]
}

// Has tells whether the parcel in a row, which must have one, is meant.
func (f *ParcelFilter) Has(row uint32) bool {
	return f.columns.Has(row) && (f.bounds == nil || f.touches(row)) && f.says(row)
}

// In visits the rows of the parcels that are meant and whose boxes touch b, in no order that holds. It takes no memory
// for a row.
func (f *ParcelFilter) In(b flat.Box, visit func(row uint32)) {
	f.table.shapes.In(b, func(row uint32) {
		if f.Has(row) {
			visit(row)
		}
	})
}

// Each visits the rows of the parcels that are meant, in no order that holds.
func (f *ParcelFilter) Each(visit func(row uint32)) {
	switch {
	case f.bounds != nil:
		f.In(f.box, visit)
	case len(f.columns) > 0:
		f.columns.Rows().Iterate(func(row uint32) bool {
			if f.says(row) {
				visit(row)
			}
			return true
		})
	default:
		for _, row := range f.table.rows {
			if f.says(row) {
				visit(row)
			}
		}
	}
}

// all tells that every parcel is meant.
func (f *ParcelFilter) all() bool { return f.bounds == nil && len(f.columns) == 0 && len(f.words) == 0 }

// touches compares units where that is certain, and degrees where they are the same.
func (f *ParcelFilter) touches(row uint32) bool {
	b := f.table.shapes.Shape(row).Box
	if !b.Touches(f.box) {
		return false
	}
	within := b.Min.X < f.box.Max.X && f.box.Min.X < b.Max.X && b.Min.Y < f.box.Max.Y && f.box.Min.Y < b.Max.Y
	return within || f.table.At(row).Geometry.Bound().Intersects(*f.bounds)
}

func (f *ParcelFilter) says(row uint32) bool {
	if len(f.words) == 0 {
		return true
	}
	text := f.atlas.columns.texts.At(row)
	for _, w := range f.words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// Parcels gives the parcels that are meant, by number. The slice may be the atlas's own.
func (f *ParcelFilter) Parcels() []*kora.Parcel {
	if f.all() {
		return slices.Clip(f.table.list)
	}
	var places []uint32
	f.Each(func(row uint32) { places = append(places, f.table.places[row]) })
	return pick(f.table.list, places)
}

// FindParcels gives the parcels that q means, by number; for errors see ParcelFilter.
func (a *Atlas) FindParcels(q ParcelQuery) ([]*kora.Parcel, error) {
	f, err := a.ParcelFilter(q)
	if err != nil {
		return nil, err
	}
	return f.Parcels(), nil
}

// pick gives what lies at places of list, in its order.
func pick[T any](list []T, places []uint32) []T {
	if len(places) == 0 {
		return nil
	}
	found := make([]T, 0, len(places))
	if len(places) < len(list)/32 {
		slices.Sort(places)
		for _, place := range places {
			found = append(found, list[place])
		}
		return found
	}
	meant := make([]bool, len(list)) // to go through all is quicker than to sort many
	for _, place := range places {
		meant[place] = true
	}
	for place, v := range list {
		if meant[place] {
			found = append(found, v)
		}
	}
	return found
}

// parcelsWithin gives the rows of parcels that a shape touches.
func (a *Atlas) parcelsWithin(shape orb.MultiPolygon) *roaring.Bitmap {
	drawn := drawnShape(shape)
	rows := roaring.New()
	a.parcels.shapes.In(flat.BoxOf(shape.Bound()), func(row uint32) {
		if drawn.touches(a.parcels.At(row).Geometry) {
			rows.Add(row)
		}
	})
	return rows
}

// parcelsNear gives the rows of parcels from which a place is reached by car in time.
func (a *Atlas) parcelsNear(n Near) (*roaring.Bitmap, error) {
	if rows, known := a.drives.near.Get(n); known {
		return rows, nil
	}
	t, err := a.by(carProfile)
	if err != nil {
		return nil, err
	}
	place := linked(nil, t.streets, kora.Name{}, n.Point)
	if place == nil {
		_, err := a.link(t, n.Point)
		if refused, ours := errors.AsType[*kora.Error](err); ours {
			refused.Field = "near"
		}
		return nil, err
	}
	g := goalsOf(t.streets, place, n.Minutes*60)
	ties, rows := a.drives.ties.get(), roaring.New()
	for row := range uint32(ties.Len()) {
		if _, owner := g.nearest(ties.At(row)); owner >= 0 && a.parcels.At(row) != nil {
			rows.Add(row)
		}
	}
	a.drives.near.Add(n, rows)
	return rows, nil
}

// A ParcelPage is a part of a list.
type ParcelPage struct {
	Parcels []*kora.Parcel
	Rows    []uint32 // of Parcels
	Total   int      // of the list
	Next    *ParcelMark
}

// A ParcelMark is a place in a list: behind a parcel with this number, of which the list was in order of Key. It means the same
// when the list has become another, and when its parcel is gone.
type ParcelMark struct {
	Key    float64
	Number string
}

// A ParcelOrder is the order of a list. Parcels of which nothing is known come last; the number decides among equals.
type ParcelOrder struct {
	By         string // "number", "status" or a name of ParcelRanges; empty is "number"
	Descending bool
}

// ParcelOrders are the words for orders: a minus before one turns it round.
func ParcelOrders() []string { return append([]string{"number", "status"}, ParcelRanges()...) }

// ParcelOrderOf reads an order from its word.
func ParcelOrderOf(word string) (ParcelOrder, *kora.Error) {
	by, descending := strings.CutPrefix(word, "-")
	if by != "" && !slices.Contains(ParcelOrders(), by) || descending && by == "" {
		return ParcelOrder{}, kora.Refuse(kora.ReasonUnknown, "sort", word, "is no order; parcels are sorted by %s", strings.Join(ParcelOrders(), ", "))
	}
	return ParcelOrder{by, descending}, nil
}

// key gives the number by which a row is sorted. What is not known sorts last, in either direction.
func (a *Atlas) orderKey(o ParcelOrder) func(row uint32) float64 {
	sign := 1.0
	if o.Descending {
		sign = -1
	}
	switch o.By {
	case "", "number":
		return nil
	case "status":
		statuses := kora.ParcelStatuses()
		return func(row uint32) float64 { return sign * float64(slices.Index(statuses, a.parcels.At(row).Status)) }
	}
	column := a.numbers(slices.IndexFunc(parcelRanges, func(r parcelRange) bool { return r.name == o.By }))
	return func(row uint32) float64 {
		if v := column.At(row); !math.IsNaN(v) {
			return sign * v
		}
		return math.Inf(1)
	}
}

// sorted is a row with what decides its place: places in the table's list are in the order of numbers.
type sorted struct {
	key   float64
	place int // negative where the order is that of numbers from behind
	row   uint32
}

func (s sorted) compare(t sorted) int {
	return cmp.Or(cmp.Compare(s.key, t.key), cmp.Compare(s.place, t.place))
}

// Page gives at most limit parcels in an order, those behind a mark when there is one.
func (f *ParcelFilter) Page(o ParcelOrder, after *ParcelMark, limit int) ParcelPage {
	t := f.table
	backwards := o.Descending && (o.By == "" || o.By == "number")
	key := f.atlas.orderKey(o)
	at := func(place int) int {
		if backwards {
			return -place
		}
		return place
	}
	begin := sorted{key: math.Inf(-1)}
	if after != nil {
		place, found := slices.BinarySearchFunc(t.list, after.Number, func(p *kora.Parcel, n string) int { return strings.Compare(p.Number, n) })
		// The first place that comes behind the mark.
		switch {
		case backwards:
			place--
		case found:
			place++
		}
		begin = sorted{key: after.Key, place: at(place)}
		if key == nil {
			begin.key = 0
		}
	}
	page := ParcelPage{}
	if f.all() && key == nil && !backwards {
		page.Total = len(t.list)
		first := 0
		if after != nil {
			first = begin.place
		}
		last := min(first+limit, len(t.list))
		page.Parcels, page.Rows = t.list[first:last:last], t.rows[first:last:last]
		if last < len(t.list) && last > first {
			page.Next = &ParcelMark{Number: t.list[last-1].Number}
		}
		return page
	}

	keep := limit + 1 // one more tells that there is a next page
	var best []sorted
	worst, full := sorted{}, false
	f.Each(func(row uint32) {
		page.Total++
		s := sorted{place: at(int(t.places[row])), row: row}
		if key != nil {
			s.key = key(row)
		}
		if after != nil && s.compare(begin) < 0 || full && s.compare(worst) >= 0 {
			return
		}
		if best = append(best, s); len(best) >= 2*keep+512 {
			slices.SortFunc(best, sorted.compare)
			best = best[:keep]
			worst, full = best[keep-1], true
		}
	})
	slices.SortFunc(best, sorted.compare)
	if len(best) > limit {
		best = best[:limit]
		last := best[limit-1]
		page.Next = &ParcelMark{Key: last.key, Number: t.At(last.row).Number}
	}
	for _, s := range best {
		page.Parcels, page.Rows = append(page.Parcels, t.At(s.row)), append(page.Rows, s.row)
	}
	return page
}
