package style

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"
)

// A shape is a sign as SVG paths in a box of 24: a filled outline, the strokes upon it, and the token of its colour.
type shape struct {
	Colour  string `json:"colour"`
	Outline string `json:"outline"`
	Strokes string `json:"strokes"`
}

// An icon draws itself; lengths are CSS pixels.
type icon struct {
	name          string
	width, height int
	stretchX      []int // the part that may grow under a text, with content the room for it
	stretchY      []int
	content       []int
	draw          func(*canvas)
}

// A canvas is painted on by distance: how much of a pixel an area or a stroke covers follows from how far its middle is from
// the outline. So edges are smooth and joins round at any scale.
type canvas struct {
	img   *image.NRGBA
	scale float64 // device pixels to a CSS pixel
}

// A field is the distance of every pixel's middle to an outline, row by row; negative inside.
type field []float64

func (c *canvas) measure(o outline) field {
	box := c.img.Bounds()
	f := make(field, 0, box.Dx()*box.Dy())
	for y := range box.Dy() {
		for x := range box.Dx() {
			f = append(f, o.signed(point{(float64(x) + 0.5) / c.scale, (float64(y) + 0.5) / c.scale}))
		}
	}
	return f
}

// paint puts colour on every pixel by the share that covered gives for it, from its distance.
func (c *canvas) paint(f field, colour color.NRGBA, covered func(d float64) float64) {
	box := c.img.Bounds()
	for i, d := range f {
		x, y := box.Min.X+i%box.Dx(), box.Min.Y+i/box.Dx()
		wet := covered(d) * float64(colour.A) / 255
		under := c.img.NRGBAAt(x, y)
		dry := float64(under.A) / 255 * (1 - wet)
		if wet+dry < 1.0/512 {
			continue
		}
		mix := func(a, b uint8) uint8 { return uint8(math.Round((float64(a)*wet + float64(b)*dry) / (wet + dry))) }
		c.img.SetNRGBA(x, y, color.NRGBA{R: mix(colour.R, under.R), G: mix(colour.G, under.G), B: mix(colour.B, under.B),
			A: uint8(math.Round((wet + dry) * 255))})
	}
}

// smooth is the share of a pixel that lies within an edge from which its middle is d away, outwards.
func (c *canvas) smooth(d float64) float64 { return min(1, max(0, 0.5-d*c.scale)) }

func (c *canvas) fill(f field, colour color.NRGBA) { c.paint(f, colour, c.smooth) }

func (c *canvas) stroke(f field, width float64, colour color.NRGBA) {
	c.paint(f, colour, func(d float64) float64 { return c.smooth(math.Abs(d) - width/2) })
}

// shadow lies a pixel below what reaches by out beyond f's outline, and fades as a normal distribution does.
func (c *canvas) shadow(f field, out float64, colour color.NRGBA) {
	const sigma = 1.5
	down := c.img.Bounds().Dx() * int(c.scale)
	below := append(slices.Repeat(field{math.Inf(1)}, down), f[:len(f)-down]...)
	c.paint(below, colour, func(d float64) float64 { return math.Erfc((d-out)/(sigma*math.Sqrt2)) / 2 })
}

// halo is the room around a sign for its edge and shadow.
const halo = 3

// icons are the images of the style and of the page's map.
func icons(theme Theme, colours palette, shapes map[string]shape) ([]icon, error) {
	tones := map[string]color.NRGBA{}
	for _, token := range []string{"paper", "ink", "ink-soft", "map-shield"} {
		c, err := colours.rgb(token)
		if err != nil {
			return nil, err
		}
		tones[token] = c
	}
	shade := color.NRGBA{R: 27, G: 35, B: 43, A: 77}
	if theme == Dark {
		shade = color.NRGBA{A: 128}
	}
	all := []icon{hatch(tones["ink-soft"]), shield(tones["paper"], tones["map-shield"]), origin(tones["paper"], tones["ink"])}
	for name, s := range shapes {
		colour, err := colours.rgb(s.Colour)
		if err != nil {
			return nil, fmt.Errorf("sign %s: %w", name, err)
		}
		body, err := parsePath(s.Outline)
		if err != nil {
			return nil, fmt.Errorf("sign %s: %w", name, err)
		}
		strokes, err := parsePath(s.Strokes)
		if err != nil {
			return nil, fmt.Errorf("sign %s: %w", name, err)
		}
		sign := func(suffix string, size float64, fill color.NRGBA, withStrokes bool) {
			box := int(size) + 2*halo
			all = append(all, icon{name: name + suffix, width: box, height: box, draw: func(c *canvas) {
				scale := size / 24
				body, edge := c.measure(body.place(scale, halo, halo)), 2+size/16
				c.shadow(body, edge/2, shade)
				c.stroke(body, edge, tones["paper"])
				c.fill(body, fill)
				if withStrokes {
					c.stroke(c.measure(strokes.place(scale, halo, halo)), 1.8*scale, tones["paper"])
				}
			}})
		}
		muted := tones["ink-soft"]
		sign("-small", 18, colour, true)
		sign("-small-muted", 16, muted, true)
		// Those without strokes have room for a figure.
		sign("", 30, colour, false)
		sign("-muted", 30, muted, false)
		sign("-chosen", 40, colour, false)
		sign("-chosen-plain", 40, colour, true)
	}
	return all, nil
}

// hatch fills areas; it fits to itself on all sides.
func hatch(ink color.NRGBA) icon {
	return icon{name: "hatch", width: 8, height: 8, draw: func(c *canvas) {
		c.stroke(c.measure(outline{{{-8, 8}, {8, -8}}, {{-8, 16}, {16, -8}}, {{0, 16}, {16, 0}}}), 1, ink)
	}}
}

// shield stands behind a road's number and grows with it.
func shield(paper, edge color.NRGBA) icon {
	return icon{name: "shield", width: 18, height: 18, stretchX: []int{5, 13}, stretchY: []int{5, 13}, content: []int{3, 2, 15, 16},
		draw: func(c *canvas) {
			c.fill(c.measure(rounded(1, 17, 3.5)), edge)
			c.fill(c.measure(rounded(2, 16, 2.5)), paper)
		}}
}

// rounded is a square from low to high with round corners.
func rounded(low, high, radius float64) outline {
	var ring []point
	corner := func(x, y, fromX, fromY, toX, toY float64) {
		ring = append(ring, point{x + fromX*radius, y + fromY*radius})
		ring = append(ring, arc(ring[len(ring)-1], point{x + toX*radius, y + toY*radius}, radius, radius, 0, false, true)...)
	}
	near, far := low+radius, high-radius
	corner(near, near, -1, 0, 0, -1)
	corner(far, near, 0, -1, 1, 0)
	corner(far, far, 1, 0, 0, 1)
	corner(near, far, 0, 1, -1, 0)
	return outline{append(ring, ring[0])}
}

// origin is where a way begins: Kora's mark, an open ring around a small square.
func origin(paper, ink color.NRGBA) icon {
	return icon{name: "origin", width: 34, height: 34, draw: func(c *canvas) {
		const middle, radius, gap = 17, 13, 0.42
		sin, cos := math.Sincos(gap)
		from, to := point{middle + radius*sin, middle - radius*cos}, point{middle - radius*sin, middle - radius*cos}
		ring := c.measure(outline{append([]point{from}, arc(from, to, radius, radius, 0, true, true)...)})
		c.stroke(ring, 6, paper)
		c.stroke(ring, 2.8, ink)
		c.fill(c.measure(rounded(10, 24, 0.01)), paper)
		c.fill(c.measure(rounded(12, 22, 0.01)), ink)
	}}
}
