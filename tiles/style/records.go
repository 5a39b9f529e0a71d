package style

import (
	"fmt"
	"slices"

	"kora"
)

// What the record holds, for a map that stands alone. Kora's own page draws these itself, by what its visitor asks for,
// and takes the style without them.

// outlines lie over the streets and under the names.
func (d *draft) outlines() []layer {
	var all []layer
	if d.has("corridors", "corridors") {
		all = append(all, layer{ID: "corridors", Type: "line", Source: "corridors", SourceLayer: "corridors",
			Layout: props{"line-join": "round"},
			Paint:  props{"line-color": d.c("marigold"), "line-width": widths(5, 2, 12, 5, 16, 18), "line-opacity": 0.3}})
	}
	if d.has("parcels", "parcels") {
		all = append(all, d.parcels()...)
	}
	if d.has("coverage", "areas") {
		// Outlines only: how much of them is covered stands in a table, which a style cannot join.
		all = append(all, layer{ID: "key-areas", Type: "line", Source: "coverage", SourceLayer: "areas",
			Layout: props{"line-join": "round"},
			Paint:  props{"line-color": d.c("ink"), "line-width": 1.4, "line-opacity": 0.75}})
	}
	return all
}

// signs lie on top; the last of them finds room first.
func (d *draft) signs() []layer {
	name := func(id, set, of string, minZoom float64, layout props) layer {
		return layer{ID: id, Type: "symbol", Source: set, SourceLayer: of, MinZoom: minZoom,
			Layout: and(props{"text-field": d.lang.name(), "text-font": font(), "text-size": 12}, d.lang.lines(), layout),
			Paint:  props{"text-color": d.c("ink"), "text-halo-color": d.c("map-halo"), "text-halo-width": 1.8}}
	}
	var all []layer
	for _, of := range []struct{ set, token string }{{"parcels", "marigold"}, {"stations", "turquoise"}} {
		if d.has(of.set, "clusters") {
			all = append(all, d.clusters(of.set, of.token)...)
		}
	}
	if d.has("parcels", "labels") {
		all = append(all, name("parcel-name", "parcels", "labels", 14, nil))
	}
	if d.has("stations", "stations") {
		// They show their kind by shape and colour; those that serve nobody are grey.
		all = append(all, name("stations", "stations", "stations", 0, props{
			"icon-image": expr{"concat", get("kind"),
				expr{"case", oneOf("status", kora.StatusOpen, kora.StatusTrial), "-small", "-small-muted"}},
			"icon-size":          byZoom(9, 0.5, 13, 1),
			"icon-allow-overlap": true,
			"text-field":         expr{"step", expr{"zoom"}, "", 13, d.lang.name()},
			"text-anchor":        "top",
			"text-offset":        []float64{0, 1},
			"text-optional":      true,
		}))
	}
	if d.has("coverage", "areas") {
		all = append(all, name("key-area-name", "coverage", "areas", 10, props{"text-field": d.lang.names(), "text-size": byZoom(10, 12, 14, 16)}))
	}
	return all
}

// clusters tell how many stations or parcels are around a point.
func (d *draft) clusters(set, token string) []layer {
	return []layer{
		{ID: set + "-clusters", Type: "circle", Source: set, SourceLayer: "clusters",
			Paint: props{"circle-color": d.c("paper"), "circle-stroke-color": d.c(token), "circle-stroke-width": 2,
				"circle-radius": expr{"interpolate", expr{"linear"}, get("count"), 1, 8, 30, 16, 1000, 24}}},
		{ID: set + "-count", Type: "symbol", Source: set, SourceLayer: "clusters",
			Layout: props{"text-field": expr{"to-string", get("count")}, "text-font": font(), "text-size": 12, "text-allow-overlap": true},
			Paint:  props{"text-color": d.c("ink")}},
	}
}

// parcels are filled by land use and outlined by status: on offer solid, announced dashed, all others thin and grey.
func (d *draft) parcels() []layer {
	uses := expr{"match", expr{"coalesce", get("use"), 0}}
	for class := 7; class <= 16; class++ { // the classes of building land in the guide of 2023
		uses = append(uses, class, d.c(fmt.Sprintf("use-%02d", class)))
	}
	line := func(id string, filter expr, token string, width float64) layer {
		return layer{ID: id, Type: "line", Source: "parcels", SourceLayer: "parcels", Filter: filter,
			Layout: props{"line-join": "round"}, Paint: props{"line-color": d.c(token), "line-width": width}}
	}
	offered := inState(kora.ParcelReady, kora.ParcelPromoted, kora.ParcelUnsold)
	announced := inState(kora.ParcelPreAnnounced, kora.ParcelAnnounced, kora.ParcelRegistration, kora.ParcelBidding)
	dashed := line("parcels-announced", announced, "ink", 1.8)
	dashed.Paint["line-dasharray"] = []float64{3, 1.6}
	return []layer{
		{ID: "parcels", Type: "fill", Source: "parcels", SourceLayer: "parcels",
			Paint: props{"fill-color": append(uses, d.c("line-strong")), "fill-opacity": 0.62}},
		line("parcels-others", expr{"!", expr{"any", offered, announced}}, "ink-soft", 0.9),
		dashed,
		line("parcels-offered", offered, "ink", 1.8),
	}
}

// inState is true for parcels in one of states, which tiles tell by their places in the life cycle.
func inState(states ...kora.ParcelStatus) expr {
	var values []int
	for _, s := range states {
		values = append(values, slices.Index(kora.ParcelStatuses(), s))
	}
	return expr{"in", get("status"), expr{"literal", values}}
}
