package tiles

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"

	"kora"
	"kora/atlas"
	"kora/geo/basemap"
	"kora/geo/grid"
)

var nameFields = map[string]string{"name_zh": "String", "name_bo": "String", "name_en": "String"}

func fields(more map[string]string) map[string]string {
	all := map[string]string{}
	for k, v := range nameFields {
		all[k] = v
	}
	for k, v := range more {
		all[k] = v
	}
	return all
}

func stationsLayer() *Layer {
	return &Layer{
		Name: "stations", MinZoom: 0, MaxZoom: 14, depends: []kora.Layer{kora.LayerStation},
		Contents: []Content{{"stations", fields(map[string]string{"kind": "String", "status": "String", "sample": "Boolean"})}},
		features: func(a *atlas.Atlas, t maptile.Tile) map[string]*geojson.FeatureCollection {
			fc := geojson.NewFeatureCollection()
			within := reach(t)
			for _, s := range a.Stations {
				if !within.Contains(s.Point) {
					continue
				}
				p := geojson.Properties{"kind": string(s.Kind), "status": string(s.Status), "sample": s.Sample}
				name(p, s.Name.ZH, s.Name.BO, s.Name.EN)
				fc.Append(feature(s.ID, s.Point, p))
			}
			return map[string]*geojson.FeatureCollection{"stations": fc}
		},
	}
}

// coverageLayer holds the hexagons without values: geometry stays, values change. A map joins them by id with the table
// at /v1/coverage/cells.
func coverageLayer() *Layer {
	return &Layer{
		Name: "coverage", MinZoom: 8, MaxZoom: 13, streets: true,
		depends:  []kora.Layer{kora.LayerNetwork, kora.LayerKeyArea, kora.LayerStation},
		Contents: []Content{{"cells", map[string]string{}}, {"areas", fields(map[string]string{"sample": "Boolean"})}},
		features: func(a *atlas.Atlas, t maptile.Tile) map[string]*geojson.FeatureCollection {
			cells, areas := geojson.NewFeatureCollection(), geojson.NewFeatureCollection()
			within := reach(t)
			var touched []grid.Cell
			a.CellsIn(within, func(c grid.Cell) { touched = append(touched, c) })
			slices.Sort(touched)
			for _, c := range touched {
				cells.Append(feature(int64(c.TileID()), orb.Polygon{c.Boundary()}, nil))
			}
			for _, area := range a.KeyAreas {
				if area.Geometry.Bound().Intersects(within) {
					p := geojson.Properties{"sample": area.Sample}
					name(p, area.Name.ZH, area.Name.BO, area.Name.EN)
					areas.Append(feature(area.ID, area.Geometry, p))
				}
			}
			return map[string]*geojson.FeatureCollection{"cells": cells, "areas": areas}
		},
	}
}

func parcelsLayer() *Layer {
	return &Layer{
		Name: "parcels", MinZoom: 0, MaxZoom: 15, depends: []kora.Layer{kora.LayerParcel},
		Contents: []Content{{"parcels", fields(map[string]string{
			"number": "String", "use": "String", "status": "String", "area_m2": "Number", "sample": "Boolean"})}},
		features: func(a *atlas.Atlas, t maptile.Tile) map[string]*geojson.FeatureCollection {
			var touched []*kora.Parcel
			a.ParcelsIn(reach(t), func(p *kora.Parcel) { touched = append(touched, p) })
			slices.SortFunc(touched, func(a, b *kora.Parcel) int { return cmp.Compare(a.ID, b.ID) })
			fc := geojson.NewFeatureCollection()
			for _, parcel := range touched {
				p := geojson.Properties{"number": parcel.Number, "status": string(parcel.Status),
					"area_m2": int64(parcel.AreaM2 + 0.5), "sample": parcel.Sample}
				if parcel.Use.Scheme == kora.Scheme2023 && len(parcel.Use.Code) >= 2 {
					p["use"] = parcel.Use.Code[:2]
				}
				name(p, parcel.Name.ZH, parcel.Name.BO, parcel.Name.EN)
				fc.Append(feature(parcel.ID, parcel.Geometry, p))
			}
			return map[string]*geojson.FeatureCollection{"parcels": fc}
		},
	}
}

func basemapLayer() *Layer {
	named := func(more ...string) map[string]string {
		f := fields(map[string]string{"class": "String", "name": "String"})
		for _, m := range more {
			f[m] = "String"
		}
		return f
	}
	roads := named("ref")
	roads["bridge"], roads["tunnel"] = "Boolean", "Boolean"
	places := named()
	places["rank"] = "Number"
	return &Layer{
		Name: "basemap", MinZoom: 0, MaxZoom: 14, streets: true, depends: []kora.Layer{kora.LayerNetwork},
		Contents: []Content{{"landuse", named()}, {"water", named()}, {"waterway", named()}, {"buildings", named()},
			{"roads", roads}, {"places", places}, {"peaks", named()}},
		features: func(a *atlas.Atlas, t maptile.Tile) map[string]*geojson.FeatureCollection {
			var touched []*basemap.Feature
			a.BasemapIn(reach(t), func(f *basemap.Feature) {
				if t.Z >= minZoom(f) {
					touched = append(touched, f)
				}
			})
			// Less important first, so that what matters is drawn and labelled on top; the rest is for the same bytes
			// from the same atlas.
			slices.SortStableFunc(touched, func(a, b *basemap.Feature) int {
				return cmp.Or(cmp.Compare(b.Rank, a.Rank), cmp.Compare(a.Name, b.Name), compareBounds(a.Geometry, b.Geometry))
			})
			out := map[string]*geojson.FeatureCollection{}
			for _, f := range touched {
				p := geojson.Properties{"class": f.Class}
				name(p, f.NameZH, f.NameBO, f.NameEN)
				if f.Name != "" {
					p["name"] = f.Name
				}
				if f.Ref != "" {
					p["ref"] = f.Ref
				}
				if f.Bridge {
					p["bridge"] = true
				}
				if f.Tunnel {
					p["tunnel"] = true
				}
				if f.Layer == "places" || f.Layer == "peaks" {
					p["rank"] = f.Rank
				}
				if out[f.Layer] == nil {
					out[f.Layer] = geojson.NewFeatureCollection()
				}
				out[f.Layer].Append(feature(0, f.Geometry, p))
			}
			return out
		},
	}
}

func compareBounds(a, b orb.Geometry) int {
	x, y := a.Bound(), b.Bound()
	return cmp.Or(cmp.Compare(x.Min[0], y.Min[0]), cmp.Compare(x.Min[1], y.Min[1]),
		cmp.Compare(x.Max[0], y.Max[0]), cmp.Compare(x.Max[1], y.Max[1]))
}

// minZoom is where a feature of the basemap first shows: roads by their class, places by their size, areas when they
// would be larger than a speck.
func minZoom(f *basemap.Feature) maptile.Zoom {
	switch f.Layer {
	case "roads":
		switch f.Class {
		case "motorway", "trunk":
			return 4
		case "primary", "rail":
			return 7
		case "secondary":
			return 9
		case "tertiary":
			return 11
		case "residential", "unclassified", "living_street", "pedestrian":
			return 12
		}
		return 13
	case "places":
		switch f.Class {
		case "city":
			return 3
		case "town":
			return 6
		case "suburb", "village":
			return 10
		}
		return 12
	case "peaks":
		return 9
	case "buildings":
		return 14
	case "waterway":
		if f.Class == "river" {
			return 6
		}
		return 12
	}
	b := f.Geometry.Bound()
	span := max(b.Right()-b.Left(), b.Top()-b.Bottom()) // degrees; a tile is 360/2^z wide
	for z := maptile.Zoom(0); z < 14; z++ {
		if span*float64(uint32(1)<<z)/360*256 >= 3 {
			return max(z, 5)
		}
	}
	return 14
}
