package importers

import (
	"context"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"kora"
)

// maxDrawn bounds the closed lines and the texts of a drawing, each of which is held against all of the other.
const maxDrawn = 20_000

// A drawing is what a DXF holds of parcels: closed lines on the layers of the drawing, and texts, which are known to belong
// to an outline only by standing in it.
type drawing struct {
	outlines []drawnOutline
	labels   []label
	layers   []string // that have closed lines
	open     int      // lines that are not closed
}

type drawnOutline struct {
	*feature
	shape  orb.MultiPolygon
	bound  orb.Bound
	area   float64
	labels []string
}

type label struct {
	at   orb.Point
	text string
}

// take keeps what a feature has to do with parcels; the closed lines of other layers than wanted have nothing.
func (d *drawing) take(f *feature, layer, text, wanted string) {
	g := f.geometry
	if g == nil {
		return
	}
	if g.kind == "Point" && fold(text) != "" {
		d.labels = append(d.labels, label{g.coords.point, tidy(text)})
		return
	}
	if wanted != "" && !strings.EqualFold(layer, wanted) {
		return
	}
	if g.kind == "LineString" {
		if p := g.coords.points; g.wrong != nil || len(p) < 4 || p[0] != p[len(p)-1] {
			d.open++
			return
		}
		g.kind, g.coords = "Polygon", nest{depth: 2, lists: []nest{g.coords}}
	}
	if g.kind != "Polygon" && g.kind != "MultiPolygon" {
		return
	}
	o := drawnOutline{feature: f, shape: f.multiPolygon()}
	if len(o.shape) > 0 {
		o.bound, o.area = o.shape.Bound(), planeArea(o.shape)
	}
	d.outlines = append(d.outlines, o)
	if !slices.Contains(d.layers, layer) {
		d.layers = append(d.layers, layer)
	}
}

// drawn makes entries of the outlines of a drawing. The number of a parcel is the one text that stands in its outline and in
// no smaller one; an outline without a text in one that has a text is its hole.
func (p *layerParcels) drawn(ctx context.Context) error {
	d := &p.drawing
	switch {
	case len(d.outlines) == 0 && p.opts.Layer != "":
		return p.layer.refuse(kora.ReasonNotFound, "has no closed line on a layer %q", clipWord(p.opts.Layer))
	case len(d.outlines) == 0:
		return p.layer.refuse(kora.ReasonGeometry, "has no closed line; outlines of parcels are closed polylines")
	case len(d.layers) > 1:
		return p.layer.refuse(kora.ReasonFormat, "has closed lines on %d layers: %s; name the one of the parcels (--layer)", len(d.layers), someOf(d.layers))
	case len(d.outlines) > maxDrawn || len(d.labels) > maxDrawn:
		return p.layer.refuse(kora.ReasonTooLarge, "has more than %d closed lines or texts; split it", maxDrawn)
	case d.open > 0:
		p.remark(kora.ReasonGeometry, "%d lines that are not closed are passed over", d.open)
	}
	for _, l := range d.labels {
		if i := d.around(l.at, -1); i >= 0 && !slices.Contains(d.outlines[i].labels, l.text) {
			d.outlines[i].labels = append(d.outlines[i].labels, l.text)
		}
	}
	holes := map[int]bool{}
	for i, o := range d.outlines {
		if len(o.labels) > 0 || len(o.shape) != 1 {
			continue
		}
		if j := d.around(kora.Inside(o.shape[0][0]), i); j >= 0 && len(d.outlines[j].labels) > 0 && len(d.outlines[j].shape) == 1 {
			d.outlines[j].shape[0] = append(d.outlines[j].shape[0], o.shape[0][0])
			holes[i] = true
		}
	}
	for i, o := range d.outlines {
		if holes[i] {
			continue
		}
		e := entry{line: o.number}
		refuse := func(reason kora.Reason, value any, format string, args ...any) {
			e.faults = append(e.faults, p.fault(o.number, "number", kora.Refuse(reason, "number", value, format, args...)))
		}
		switch len(o.labels) {
		case 0:
			refuse(kora.ReasonRequired, nil, "needs a parcel number: a text that stands in the outline")
		case 1:
			e.number = fold(o.labels[0])
			if err := checkCellText("number", e.number); err != nil {
				e.faults = append(e.faults, p.fault(o.number, "number", err))
			}
		default:
			refuse(kora.ReasonDuplicate, o.labels[0], "is one of several texts in this outline; leave the number alone in it")
		}
		if err := p.wait(ctx, o.feature, e, o.shape); err != nil {
			return err
		}
	}
	return nil
}

// around is the smallest outline around a point other than one, -1 when there is none.
func (d *drawing) around(at orb.Point, other int) int {
	best := -1
	for i, o := range d.outlines {
		if i != other && len(o.shape) > 0 && o.bound.Contains(at) && (best < 0 || o.area < d.outlines[best].area) && within(o.shape, at) {
			best = i
		}
	}
	return best
}

// within tells whether p lies in m and in none of its holes.
func within(m orb.MultiPolygon, p orb.Point) bool {
	odd := false
	for _, poly := range m {
		for _, ring := range poly {
			odd = odd != crossesOdd(ring, p)
		}
	}
	return odd
}
