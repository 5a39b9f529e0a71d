package tiles

import (
	"encoding/json"
	"fmt"
	"html"
	"math"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"kora"
	"kora/atlas"
	"kora/geo/flat"
)

// A description is TileJSON 3.0.
type description struct {
	TileJSON     string     `json:"tilejson"`
	Name         string     `json:"name"`
	Tiles        []string   `json:"tiles"`
	MinZoom      int        `json:"minzoom"`
	MaxZoom      int        `json:"maxzoom"`
	Bounds       [4]float64 `json:"bounds"` // west, south, east, north in degrees
	Center       [3]float64 `json:"center"` // longitude, latitude, zoom
	Attribution  string     `json:"attribution,omitempty"`
	VectorLayers []Content  `json:"vector_layers"`
}

func (s *Server) describe(c echo.Context) error {
	name, isJSON := strings.CutSuffix(c.Param("file"), ".json")
	l := s.layers[name]
	if l == nil || !isJSON {
		return noLayer(name)
	}
	b, err := json.Marshal(l.describe(s.atlas(c.Request()), origin(c.Request())))
	if err != nil {
		return fmt.Errorf("describe %s: %w", l.Name, err)
	}
	p := pack(b)
	p.set(identity, b)
	c.Response().Header()["Cache-Control"] = revalidated
	return send(c, &p.forms[identity], []string{echo.MIMEApplicationJSON})
}

// origin is the scheme and host by which the caller knows this server.
func origin(r *http.Request) string {
	if r.TLS != nil || r.Header.Get(echo.HeaderXForwardedProto) == "https" {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

func (l *Layer) describe(a *atlas.Atlas, origin string) description {
	b := l.bounds(a)
	d := description{
		TileJSON: "3.0.0", Name: l.Name, MinZoom: int(l.MinZoom), MaxZoom: int(l.MaxZoom), VectorLayers: l.Contents,
		Tiles:  []string{origin + "/tiles/" + l.Name + "/{z}/{x}/{y}.mvt?v=" + l.version(a)},
		Bounds: [4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]},
	}
	middle := b.Center()
	d.Center = [3]float64{middle[0], middle[1], l.overview(b)}
	if a.Network != nil && l.Streets {
		d.Attribution = html.EscapeString(a.Network.Attribution) // it is text, and shown as HTML
	}
	return d
}

// In degrees: how far bounds reach beyond rows, so that a map which is open shows what is added nearby, and beyond the nodes
// of the streets, because hexagons and lakes do.
const (
	roomForRows = 1
	roomForLand = 0.05
)

// bounds is the box that the tiles of a layer fill, degrees.
func (l *Layer) bounds(a *atlas.Atlas) orb.Bound {
	world := orb.Bound{Min: orb.Point{-180, -flat.MaxLatitude}, Max: orb.Point{180, flat.MaxLatitude}}
	var b orb.Bound
	var ok bool
	switch {
	case l.Streets && a.Network != nil:
		b, ok = a.Network.Bounds.Pad(roomForLand), true
	case slices.Contains(l.depends, kora.LayerParcel):
		b, ok = a.ParcelBounds()
		b = b.Pad(roomForRows)
	case slices.Contains(l.depends, kora.LayerStation):
		b, ok = a.StationBounds()
		b = b.Pad(roomForRows)
	}
	if !ok {
		return world
	}
	return orb.Bound{
		Min: orb.Point{max(b.Min[0], world.Min[0]), max(b.Min[1], world.Min[1])},
		Max: orb.Point{min(b.Max[0], world.Max[0]), min(b.Max[1], world.Max[1])},
	}
}

// overview is the zoom at which one tile is as wide as the bounds, within the layer's zooms.
func (l *Layer) overview(b orb.Bound) float64 {
	span := max(b.Right()-b.Left(), b.Top()-b.Bottom(), 1e-6)
	return min(max(math.Floor(math.Log2(360/span)), float64(l.MinZoom)), float64(l.MaxZoom))
}
