package importers

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"kora"
)

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
	layer string
}

type label struct {
	at   orb.Point
	text string
}

func (d *drawing) take(f *feature, layer, text, wanted string) error {
	g := f.geometry
	switch {
	case g == nil:
	case g.kind == "Polygon" || g.kind == "MultiPolygon":
		if wanted != "" && !strings.EqualFold(layer, wanted) {
			break
		}
		d.outlines = append(d.outlines, drawnOutline{f, layer})
		if !slices.Contains(d.layers, layer) {
			d.layers = append(d.layers, layer)
		}
	case g.kind == "Point" && fold(text) != "":
		d.labels = append(d.labels, label{g.coords.point, tidy(text)})
	case g.kind == "LineString" && (wanted == "" || strings.EqualFold(layer, wanted)):
		d.open++
	}
	return nil
}

// drawn makes entries of the outlines of a drawing. The number of a parcel is the one text that stands in its outline.
func (p *layerParcels) drawn(ctx context.Context) error {
	d := &p.drawing
	switch {
	case len(d.outlines) == 0 && p.opts.Layer != "":
		return p.layer.refuse(kora.ReasonNotFound, "has no closed line on a layer %q", clipWord(p.opts.Layer))
	case len(d.outlines) == 0:
		return p.layer.refuse(kora.ReasonGeometry, "has no closed line; outlines of parcels are closed polylines")
	case len(d.layers) > 1:
		return p.layer.refuse(kora.ReasonFormat, "has closed lines on %d layers: %s; name the one of the parcels (--layer)", len(d.layers), someOf(d.layers))
	case d.open > 0:
		p.remark(kora.ReasonGeometry, "%d lines that are not closed are passed over", d.open)
	}
	slices.SortFunc(d.labels, func(a, b label) int { return cmp.Compare(a.at[0], b.at[0]) })
	for i, o := range d.outlines {
		d.outlines[i] = drawnOutline{}
		e := entry{line: o.number}
		text, several := d.labelOf(o.feature)
		switch {
		case several:
			e.faults = append(e.faults, p.fault(o.number, "number", kora.Refuse(kora.ReasonDuplicate, "number", text, "is one of several texts in this outline; leave the number alone in it")))
		case text == "":
			e.faults = append(e.faults, p.fault(o.number, "number", kora.Refuse(kora.ReasonRequired, "number", nil, "needs a parcel number: a text that stands in the outline")))
		default:
			e.number = fold(text)
			if err := checkCellText("number", e.number); err != nil {
				e.faults = append(e.faults, p.fault(o.number, "number", err))
			}
		}
		if err := p.wait(ctx, o.feature, e); err != nil {
			return err
		}
	}
	return nil
}

// labelOf is the text in an outline, and whether there are others.
func (d *drawing) labelOf(f *feature) (text string, several bool) {
	m := f.multiPolygon()
	if len(m) == 0 {
		return "", false
	}
	bound := m.Bound()
	from, _ := slices.BinarySearchFunc(d.labels, bound.Min[0], func(l label, x float64) int { return cmp.Compare(l.at[0], x) })
	for _, l := range d.labels[from:] {
		if l.at[0] > bound.Max[0] {
			break
		}
		if !bound.Contains(l.at) || !within(m, l.at) {
			continue
		}
		if text != "" && text != l.text {
			return text, true
		}
		text = l.text
	}
	return text, false
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
