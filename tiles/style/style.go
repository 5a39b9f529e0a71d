// Package style draws the map: style documents for MapLibre (style specification 8) in two themes and three languages, and
// the sprite that they use. Colours and signs are those of the page. It serves them under /styles, and knows nothing of
// what the tiles are made from; it holds only the names of their layers and fields.
package style

import (
	"encoding/json"
	"fmt"
	"html"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// A Theme is light or dark.
type Theme string

const (
	Light Theme = "light"
	Dark  Theme = "dark"
)

// Themes lists every Theme.
func Themes() []Theme { return []Theme{Light, Dark} }

// A Maker makes styles and sprites of one design.
type Maker struct {
	palettes map[Theme]palette
	sprites  map[Theme]*sprite
	font     string // path of the Tibetan font on this service, empty when the page has not been built
}

// New reads the design (tokens.css and shapes.json), draws the sprites, and looks into the built page for the Tibetan font.
func New(design, page fs.FS) (*Maker, error) {
	css, err := fs.ReadFile(design, "tokens.css")
	if err != nil {
		return nil, fmt.Errorf("read the design: %w", err)
	}
	light, dark, err := palettes(string(css))
	if err != nil {
		return nil, fmt.Errorf("read the design: tokens.css: %w", err)
	}
	b, err := fs.ReadFile(design, "shapes.json")
	if err != nil {
		return nil, fmt.Errorf("read the design: %w", err)
	}
	var shapes map[string]shape
	if err := json.Unmarshal(b, &shapes); err != nil {
		return nil, fmt.Errorf("read the design: shapes.json: %w", err)
	}
	m := &Maker{palettes: map[Theme]palette{Light: light, Dark: dark}, sprites: map[Theme]*sprite{}}
	for _, theme := range Themes() {
		if m.sprites[theme], err = newSprite(theme, m.palettes[theme], shapes); err != nil {
			return nil, fmt.Errorf("draw the %s sprite: %w", theme, err)
		}
	}
	fonts, err := fs.Glob(page, "fonts/noto-serif-tibetan-*.woff2")
	if err != nil {
		return nil, fmt.Errorf("look for the Tibetan font: %w", err)
	}
	if len(fonts) > 0 {
		m.font = path.Join("/", fonts[0])
	}
	return m, nil
}

// A View is what a style is made for.
type View struct {
	Theme    Theme
	Language Language
	Base     bool    // the background map only: whoever asks draws stations, parcels and coverage itself
	Origin   string  // scheme and host under which this service is reached
	Sets     Sets    // what tiles there are
	Credit   string  // sources and map approval number, plain text
	Raster   *Raster // a background of pictures, nil for our own
}

// Sets are the tile sets that there are, each with the layers in its tiles. A style draws no others.
type Sets map[string][]string

// A Raster is a background of pictures, served under /tiles/raster.
type Raster struct {
	MaxZoom     int
	Attribution string // plain text
}

// A document is a style as MapLibre reads it.
type document struct {
	Version    int                   `json:"version"`
	Name       string                `json:"name"`
	Metadata   props                 `json:"metadata"`
	Sources    map[string]source     `json:"sources"`
	Sprite     string                `json:"sprite"`
	FontFaces  map[string][]fontFace `json:"font-faces,omitempty"`
	Transition props                 `json:"transition"`
	Layers     []layer               `json:"layers"`
}

type source struct {
	Type        string   `json:"type"`
	URL         string   `json:"url,omitempty"`
	Tiles       []string `json:"tiles,omitempty"`
	TileSize    int      `json:"tileSize,omitempty"`
	MaxZoom     int      `json:"maxzoom,omitempty"`
	Attribution string   `json:"attribution,omitempty"` // HTML
}

type fontFace struct {
	URL    string   `json:"url"`
	Ranges []string `json:"unicode-range"`
}

// Document is the style for v, as JSON.
func (m *Maker) Document(v View) ([]byte, error) {
	d := &draft{theme: v.Theme, palette: m.palettes[v.Theme], lang: v.Language, sets: v.Sets, raster: v.Raster != nil}
	doc := document{
		Version: 8,
		Name:    fmt.Sprintf("Kora %s (%s)", v.Theme, v.Language),
		Metadata: props{
			"kora:layers": v.Sets,
			"kora:slots":  props{"ground": slotGround, "streets": slotStreets},
			"kora:labels": props{"font": font(), "name": v.Language.name(), "names": v.Language.names(), "lines": v.Language.lines()},
		},
		Sources:    map[string]source{},
		Sprite:     fmt.Sprintf("%s/styles/%s/sprite?v=%s", v.Origin, v.Theme, m.sprites[v.Theme].version),
		Transition: props{"duration": 150, "delay": 0},
		Layers:     d.layers(v.Base),
	}
	if len(d.missing) > 0 {
		return nil, fmt.Errorf("the %s theme has no colour --%s", v.Theme, strings.Join(d.missing, ", --"))
	}
	for set := range v.Sets {
		doc.Sources[set] = source{Type: "vector", URL: v.Origin + "/tiles/" + set + ".json"}
	}
	if s, ok := doc.Sources["basemap"]; ok {
		s.Attribution = html.EscapeString(v.Credit)
		doc.Sources["basemap"] = s
	}
	if v.Raster != nil {
		doc.Metadata["kora:pictures"] = v.Raster.Attribution // plain text, for a page that writes it itself
		doc.Sources["raster"] = source{Type: "raster", Tiles: []string{v.Origin + "/tiles/raster/{z}/{x}/{y}"}, TileSize: 256,
			MaxZoom: v.Raster.MaxZoom, Attribution: html.EscapeString(v.Raster.Attribution)}
	}
	// Han and Latin letters come from the device; Tibetan ones from our own file, for readers of Tibetan only.
	if v.Language == Tibetan && m.font != "" {
		doc.FontFaces = map[string][]fontFace{"Kora": {{URL: v.Origin + m.font, Ranges: []string{"U+0F00-0FFF"}}}}
	}
	b, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("write the %s style: %w", v.Theme, err)
	}
	return b, nil
}

// The invisible layers before which a screen puts its own: under the streets, or over them and under the names.
const (
	slotGround  = "slot-ground"
	slotStreets = "slot-streets"
)

// A draft is a style that is being drawn.
type draft struct {
	theme   Theme
	palette palette
	lang    Language
	sets    Sets
	raster  bool
	missing []string // tokens that the theme does not have
}

// c is the colour of a token.
func (d *draft) c(token string) string {
	value, ok := d.palette[token]
	if !ok && !slices.Contains(d.missing, token) {
		d.missing = append(d.missing, token)
	}
	return value
}

// has is whether tiles of set hold a layer.
func (d *draft) has(set, layer string) bool { return slices.Contains(d.sets[set], layer) }

// layers are all there are, lowest first.
func (d *draft) layers(base bool) []layer {
	all := []layer{{ID: "ground", Type: "background", Paint: props{"background-color": d.c("map-ground")}}}
	add := func(wanted bool, more func() []layer) {
		if wanted {
			all = append(all, more()...)
		}
	}
	_, basemap := d.sets["basemap"]
	add(d.raster, d.pictures)
	add(!d.raster && basemap, d.areas)
	all = append(all, slot(slotGround))
	add(basemap, d.streets)
	add(!base, d.outlines)
	all = append(all, slot(slotStreets))
	add(basemap, d.labels)
	add(!base, d.signs)
	return all
}

func slot(id string) layer {
	return layer{ID: id, Type: "background", Layout: props{"visibility": "none"}}
}

// Parts of a document; the field names are MapLibre's.
type (
	// An expr is an expression: an operator and its arguments.
	expr = []any
	// props are properties of a layer.
	props = map[string]any
)

type layer struct {
	ID          string  `json:"id"`
	Type        string  `json:"type"`
	Source      string  `json:"source,omitempty"`
	SourceLayer string  `json:"source-layer,omitempty"`
	MinZoom     float64 `json:"minzoom,omitempty"`
	MaxZoom     float64 `json:"maxzoom,omitempty"`
	Filter      expr    `json:"filter,omitempty"`
	Layout      props   `json:"layout,omitempty"`
	Paint       props   `json:"paint,omitempty"`
}

func get(field string) expr { return expr{"get", field} }

// oneOf is true for features whose field has one of values.
func oneOf[T ~string](field string, values ...T) expr {
	return expr{"in", get(field), expr{"literal", values}}
}

// widths of a line: zoom, pixels, zoom, pixels …, growing as the map does.
func widths(stops ...any) expr {
	return append(expr{"interpolate", expr{"exponential", 1.6}, expr{"zoom"}}, stops...)
}

// byZoom is a value that changes evenly: zoom, value, zoom, value …
func byZoom(stops ...any) expr {
	return append(expr{"interpolate", expr{"linear"}, expr{"zoom"}}, stops...)
}

// and is all properties of its arguments; the last one wins.
func and(parts ...props) props {
	all := props{}
	for _, p := range parts {
		maps.Copy(all, p)
	}
	return all
}
