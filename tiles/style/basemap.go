package style

// The background map is quiet, so that nothing competes with hexagons and parcels: a warm ground, pale water, white streets
// with a hairline, and highways as the only strong lines. It draws no borders of any level.

// pictures are a background that somebody else drew; it is made quieter, and our streets and names lie upon it.
func (d *draft) pictures() []layer {
	paint := props{"raster-saturation": -0.35, "raster-contrast": -0.1, "raster-fade-duration": 150}
	if d.theme == Dark {
		paint["raster-brightness-max"] = 0.45
	}
	return []layer{{ID: "raster", Type: "raster", Source: "raster", Paint: paint}}
}

func (d *draft) areas() []layer {
	fill := func(id, of, token string) layer {
		return layer{ID: id, Type: "fill", Source: "basemap", SourceLayer: of,
			Paint: props{"fill-color": d.c(token), "fill-antialias": false}}
	}
	built := oneOf("class", "residential", "commercial", "industrial", "retail")
	town := fill("built", "landuse", "map-built")
	town.Filter = built
	green := fill("green", "landuse", "map-park")
	green.Filter = expr{"!", built}
	water := fill("water", "water", "map-water")
	water.Paint["fill-antialias"] = true
	buildings := fill("buildings", "buildings", "map-building")
	buildings.MinZoom = 14.5
	buildings.Paint = props{"fill-color": d.c("map-building"), "fill-outline-color": d.c("map-building-edge"),
		"fill-opacity": byZoom(14.5, 0, 15.2, 1)}
	return []layer{town, green, water,
		{ID: "waterway", Type: "line", Source: "basemap", SourceLayer: "waterway",
			Layout: props{"line-cap": "round", "line-join": "round"},
			Paint:  props{"line-color": d.c("map-water"), "line-width": widths(8, 0.8, 12, 1.6, 16, 7)}},
		buildings,
	}
}

// Classes of road by how they are drawn.
func minor() []string {
	return []string{"residential", "unclassified", "living_street", "service", "track"}
}
func middle() []string { return []string{"secondary", "tertiary", "primary"} }
func major() []string  { return []string{"motorway", "trunk"} }

func (d *draft) streets() []layer {
	line := func(id string, classes []string, token string, width expr, minZoom float64) layer {
		return layer{ID: id, Type: "line", Source: "basemap", SourceLayer: "roads", MinZoom: minZoom,
			Filter: oneOf("class", classes...), Layout: props{"line-cap": "round", "line-join": "round"},
			Paint: props{"line-color": d.c(token), "line-width": width}}
	}
	dashed := func(l layer, dashes ...float64) layer {
		l.Layout = nil
		l.Paint["line-dasharray"] = dashes
		return l
	}
	paths := []string{"footway", "path", "steps", "pedestrian", "cycleway"}
	return []layer{
		dashed(line("paths", paths, "map-path", widths(14, 0.6, 18, 2.4), 14), 2, 1.5),
		line("minor-edge", minor(), "map-road-edge", widths(13, 1.1, 16, 5.2, 18, 13), 13),
		line("middle-edge", middle(), "map-road-edge", widths(9, 1, 12, 2.6, 16, 10, 18, 22), 9),
		line("major-edge", major(), "map-highway-edge", widths(5, 1, 9, 2.2, 12, 4, 16, 14, 18, 28), 4),
		line("minor", minor(), "map-road", widths(12, 0.4, 13, 0.7, 16, 4, 18, 11.4), 12),
		line("middle", middle(), "map-road", widths(8, 0.5, 12, 1.8, 16, 8.6, 18, 20), 8),
		line("major", major(), "map-highway", widths(4, 0.6, 9, 1.4, 12, 2.8, 16, 12, 18, 25), 4),
		dashed(line("rail", []string{"rail"}, "map-rail", widths(9, 0.8, 16, 2.4), 8), 4, 2),
	}
}

func (d *draft) labels() []layer {
	halo := props{"text-halo-color": d.c("map-halo"), "text-halo-width": 1.6}
	text := func(id, of string, minZoom float64, field any, size any, token string) layer {
		return layer{ID: id, Type: "symbol", Source: "basemap", SourceLayer: of, MinZoom: minZoom,
			Layout: props{"text-field": field, "text-font": font(), "text-size": size},
			Paint:  and(halo, props{"text-color": d.c(token)})}
	}
	along := func(l layer, spacing float64) layer {
		l.Layout["symbol-placement"] = "line"
		l.Layout["symbol-spacing"] = spacing
		return l
	}
	place := func(id string, minZoom, maxZoom float64, size expr, token string, classes ...string) layer {
		l := text(id, "places", minZoom, d.lang.names(), size, token)
		l.MaxZoom = maxZoom
		l.Filter = oneOf("class", classes...)
		l.Layout = and(l.Layout, d.lang.lines(), props{
			"symbol-sort-key": expr{"coalesce", get("rank"), 9},
			"text-padding":    6,
			// A name steps aside for what a screen puts in its place.
			"text-variable-anchor": []string{"center", "top", "bottom", "left", "right"},
			"text-radial-offset":   1.7,
		})
		return l
	}

	water := along(text("waterway-name", "waterway", 11, d.lang.name(), 12, "map-water-label"), 400)
	water.Paint["text-halo-color"], water.Paint["text-halo-width"] = d.c("map-water"), 1
	if d.lang == Chinese {
		water.Layout["text-letter-spacing"] = 0.3
	}

	street := along(text("road-name", "roads", 13.5, d.lang.name(), byZoom(13, 11, 17, 13), "map-label"), 320)
	street.Filter = oneOf("class", append(append(major(), middle()...), minor()...)...)
	street.Layout["text-max-angle"], street.Layout["text-padding"] = 30, 8

	number := along(text("road-number", "roads", 6, get("ref"), 11, "map-label-strong"), 360)
	number.Filter = expr{"all", expr{"has", "ref"}, oneOf("class", append(major(), "primary")...)}
	number.Paint = props{"text-color": d.c("map-label-strong")}
	number.Layout = and(number.Layout, props{"text-rotation-alignment": "viewport", "icon-rotation-alignment": "viewport",
		"icon-image": "shield", "icon-text-fit": "both", "icon-text-fit-padding": []float64{1, 5, 1, 5}, "text-padding": 20})

	height := expr{"case", expr{"has", "ele"}, expr{"concat", "\n▲ ", expr{"to-string", get("ele")}, " m"}, ""}
	peak := text("peak-name", "peaks", 11, expr{"format", d.lang.name(), props{}, height, props{"font-scale": 0.85}}, 11, "map-label")
	peak.Layout = and(peak.Layout, d.lang.lines())

	return []layer{water, street, number, peak,
		place("locality-name", 13.5, 24, byZoom(13, 11, 16, 13), "map-label", "locality", "hamlet", "neighbourhood"),
		place("village-name", 11, 24, byZoom(11, 11, 15, 14), "map-label", "village", "suburb", "quarter"),
		place("town-name", 7, 15, byZoom(7, 11, 12, 15), "map-label-strong", "town"),
		place("city-name", 3, 13, byZoom(4, 12, 11, 18), "map-label-strong", "city"),
	}
}
