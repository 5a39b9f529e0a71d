package atlas

import (
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"kora"
)

// A ParcelQuery tells which parcels are meant; its zero value means all. Values of one filter are alternatives, filters
// must all hold.
type ParcelQuery struct {
	Counties []string
	Uses     []string // prefixes of land-use codes of the guide of 2023: "10" means 1001 as well; a mixed use counts by every row
	Statuses []kora.ParcelStatus
	AreaMin  *float64 // m², inclusive
	AreaMax  *float64
	Bounds   *orb.Bound // touched by the parcel's own bounds
	Text     string
}

func (q *ParcelQuery) match(p *kora.Parcel) bool {
	if len(q.Counties) > 0 && !slices.Contains(q.Counties, p.County) ||
		len(q.Statuses) > 0 && !slices.Contains(q.Statuses, p.Status) ||
		q.AreaMin != nil && p.AreaM2 < *q.AreaMin ||
		q.AreaMax != nil && p.AreaM2 > *q.AreaMax {
		return false
	}
	if len(q.Uses) > 0 && !q.anyUse(p) {
		return false
	}
	return q.Text == "" || contains(q.Text, p.Number, p.Name, p.Address)
}

func (q *ParcelQuery) anyUse(p *kora.Parcel) bool {
	for _, prefix := range q.Uses {
		if p.Use.Scheme == kora.Scheme2023 && strings.HasPrefix(p.Use.Code, prefix) {
			return true
		}
		for _, u := range p.Uses {
			if u.Scheme == kora.Scheme2023 && strings.HasPrefix(u.Code, prefix) {
				return true
			}
		}
	}
	return false
}

// FindParcels gives the parcels that q means, by number.
func (a *Atlas) FindParcels(q ParcelQuery) []*kora.Parcel {
	var found []*kora.Parcel
	take := func(p *kora.Parcel) {
		if q.match(p) {
			found = append(found, p)
		}
	}
	if q.Bounds == nil {
		for _, p := range a.Parcels {
			take(p)
		}
		return found
	}
	a.places.in(*q.Bounds, take)
	slices.SortFunc(found, func(a, b *kora.Parcel) int { return strings.Compare(a.Number, b.Number) })
	return found
}

// NoticesFor gives the notices linked to a parcel, latest first.
func (a *Atlas) NoticesFor(number string) []*kora.Notice {
	var linked []*kora.Notice
	for _, n := range a.Notices {
		if slices.Contains(n.Parcels, number) {
			linked = append(linked, n)
		}
	}
	return linked
}
