package service

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"kora/geo/network"
)

// AreaStreets are the parts of streets that lie in an area. They are found once for a network and an area.
type AreaStreets struct {
	Metres float64
	spans  []network.Span // by edge, then place on it
}

// StreetShare is how much of the street in an area is served: Covered of Metres.
type StreetShare struct {
	Metres  float64
	Covered float64
	Share   float64 // Covered / Metres; 0 when there is no street
}

// StreetsIn finds the parts of the streets of n that lie in an area of degrees. A street that a network holds twice, to keep
// a forbidden turn, counts once; ferries are no street.
func StreetsIn(n *network.Network, area orb.MultiPolygon) *AreaStreets {
	s := &AreaStreets{}
	bound := area.Bound()
	last, info := int32(-1), network.EdgeInfo{}
	n.EachPieceIn(bound, func(a, b orb.Point, p network.Span) {
		if p.Edge != last {
			last, info = p.Edge, n.Edge(p.Edge)
		}
		if info.Copy || info.Kind == network.Ferry || !bound.Intersects(a.Bound().Extend(b)) {
			return
		}
		length := float64(p.UntilM - p.FromM)
		for _, part := range insideParts(a, b, area) {
			from, until := p.FromM+float32(part[0]*length), p.FromM+float32(part[1]*length)
			if k := len(s.spans) - 1; k >= 0 && s.spans[k].Edge == p.Edge && s.spans[k].UntilM >= from-0.001 {
				s.spans[k].UntilM = until
			} else {
				s.spans = append(s.spans, network.Span{Edge: p.Edge, FromM: from, UntilM: until})
			}
		}
	})
	for _, span := range s.spans {
		s.Metres += float64(span.UntilM - span.FromM)
	}
	return s
}

// insideParts gives the parts of a straight piece that lie in an area, as shares of its length.
func insideParts(a, b orb.Point, area orb.MultiPolygon) (parts [][2]float64) {
	cuts := []float64{0, 1}
	for _, polygon := range area {
		for _, ring := range polygon {
			for i := 0; i+1 < len(ring); i++ {
				if t, ok := crossing(a, b, ring[i], ring[i+1]); ok {
					cuts = append(cuts, t)
				}
			}
		}
	}
	slices.Sort(cuts)
	for i := 0; i+1 < len(cuts); i++ {
		from, until := cuts[i], cuts[i+1]
		middle := (from + until) / 2
		if until <= from || !planar.MultiPolygonContains(area, orb.Point{a[0] + middle*(b[0]-a[0]), a[1] + middle*(b[1]-a[1])}) {
			continue
		}
		if k := len(parts) - 1; k >= 0 && parts[k][1] == from {
			parts[k][1] = until
		} else {
			parts = append(parts, [2]float64{from, until})
		}
	}
	return parts
}

// crossing is where on the line from a to b it meets the one from c to d; false when it does not, or both run side by side.
func crossing(a, b, c, d orb.Point) (float64, bool) {
	rx, ry, sx, sy := b[0]-a[0], b[1]-a[1], d[0]-c[0], d[1]-c[1]
	cross := rx*sy - ry*sx
	if cross == 0 {
		return 0, false
	}
	t := ((c[0]-a[0])*sy - (c[1]-a[1])*sx) / cross
	u := ((c[0]-a[0])*ry - (c[1]-a[1])*rx) / cross
	return t, t > 0 && t < 1 && u >= 0 && u <= 1
}

// Served counts the metres that lie in the given spans, which are those of a Field; it is quicker when they are in order.
func (s *AreaStreets) Served(spans []network.Span) StreetShare {
	reached := spans
	if !network.SpansSorted(reached) {
		reached = slices.Clone(spans)
		network.SortSpans(reached)
	}
	share := StreetShare{Metres: s.Metres}
	i := 0
	for _, part := range s.spans {
		for i < len(reached) && reached[i].Edge < part.Edge {
			i++
		}
		for k := i; k < len(reached) && reached[k].Edge == part.Edge; k++ {
			share.Covered += math.Max(0, float64(min(reached[k].UntilM, part.UntilM)-max(reached[k].FromM, part.FromM)))
		}
	}
	share.Share = portion(share.Covered, share.Metres)
	return share
}
