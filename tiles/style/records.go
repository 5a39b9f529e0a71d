package style

import "kora"

// What the record holds, for a map that stands alone. Kora's own page draws these itself, by what its visitor asks for,
// and takes the style without them.

// stations show their kind by shape and colour; those that serve nobody are grey.
func (d *draft) stations() []layer {
	return []layer{{ID: "stations", Type: "symbol", Source: "stations", SourceLayer: "stations",
		Layout: and(d.lang.lines(), props{
			"icon-image": expr{"concat", get("kind"),
				expr{"case", oneOf("status", kora.StatusOpen, kora.StatusTrial), "-small", "-small-muted"}},
			"icon-size":          byZoom(9, 0.5, 13, 1),
			"icon-allow-overlap": true,
			"text-field":         expr{"step", expr{"zoom"}, "", 13, d.lang.name()},
			"text-font":          font(),
			"text-size":          12,
			"text-anchor":        "top",
			"text-offset":        []float64{0, 1},
			"text-optional":      true,
		}),
		Paint: props{"text-color": d.c("ink"), "text-halo-color": d.c("map-halo"), "text-halo-width": 1.8}}}
}

// parcels are filled by land use and outlined by status: on offer solid, announced dashed, all others thin and grey.
func (d *draft) parcels() []layer {
	uses := expr{"match", get("use")}
	for _, class := range []string{"07", "08", "09", "10", "11", "12", "13", "14", "15", "16"} {
		uses = append(uses, class, d.c("use-"+class))
	}
	line := func(id string, filter expr, token string, width float64) layer {
		return layer{ID: id, Type: "line", Source: "parcels", SourceLayer: "parcels", MinZoom: 9, Filter: filter,
			Layout: props{"line-join": "round"}, Paint: props{"line-color": d.c(token), "line-width": width}}
	}
	offered := []kora.ParcelStatus{kora.ParcelReady, kora.ParcelPromoted, kora.ParcelUnsold}
	announced := []kora.ParcelStatus{kora.ParcelPreAnnounced, kora.ParcelAnnounced, kora.ParcelRegistration, kora.ParcelBidding}
	dashed := line("parcels-announced", oneOf("status", announced...), "ink", 1.8)
	dashed.Paint["line-dasharray"] = []float64{3, 1.6}
	return []layer{
		{ID: "parcels", Type: "fill", Source: "parcels", SourceLayer: "parcels", MinZoom: 9,
			Paint: props{"fill-color": append(uses, d.c("line-strong")), "fill-opacity": 0.62}},
		line("parcels-others", expr{"!", oneOf("status", append(offered, announced...)...)}, "ink-soft", 0.9),
		dashed,
		line("parcels-offered", oneOf("status", offered...), "ink", 1.8),
	}
}

func (d *draft) parcelNames() []layer {
	return []layer{{ID: "parcel-name", Type: "symbol", Source: "parcels", SourceLayer: "parcels", MinZoom: 13,
		Layout: and(d.lang.lines(), props{"text-field": d.lang.name(), "text-font": font(), "text-size": 12}),
		Paint:  props{"text-color": d.c("ink"), "text-halo-color": d.c("map-halo"), "text-halo-width": 1.8}}}
}

// keyAreas are outlines only: how much of them is covered stands in a table, which a style cannot join.
func (d *draft) keyAreas() []layer {
	return []layer{{ID: "key-areas", Type: "line", Source: "coverage", SourceLayer: "areas",
		Layout: props{"line-join": "round"},
		Paint:  props{"line-color": d.c("ink"), "line-width": 1.4, "line-opacity": 0.75}}}
}

func (d *draft) keyAreaNames() []layer {
	return []layer{{ID: "key-area-name", Type: "symbol", Source: "coverage", SourceLayer: "areas",
		Layout: and(d.lang.lines(), props{"text-field": d.lang.names(), "text-font": font(), "text-size": byZoom(10, 12, 14, 16)}),
		Paint:  props{"text-color": d.c("ink"), "text-halo-color": d.c("map-halo"), "text-halo-width": 2}}}
}
