package style

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

type point struct{ x, y float64 }

// An outline is the strokes of an SVG path as polylines; a closed one ends where it began.
type outline [][]point

// steps is how many straight pieces a curve becomes; signs are a few dozen pixels wide.
const steps = 16

// parsePath reads SVG path data (SVG 2, §9.3) as far as drawings of signs use it: M, L, H, V, C, A and Z, absolute or
// relative.
func parsePath(data string) (outline, error) {
	var o outline
	var at, start point
	r := pathReader{rest: data}
	for {
		command, more := r.command()
		if !more {
			break
		}
		relative := command >= 'a'
		upper := command &^ ('a' - 'A')
		count, known := map[byte]int{'M': 2, 'L': 2, 'H': 1, 'V': 1, 'C': 6, 'A': 7, 'Z': 0}[upper]
		if !known {
			return nil, fmt.Errorf("path %q: command %q is not known", data, command)
		}
		if upper != 'M' && len(o) == 0 {
			return nil, fmt.Errorf("path %q does not begin with M", data)
		}
		n := make([]float64, count)
		for i := range n {
			n[i] = r.number(upper == 'A' && (i == 3 || i == 4))
		}
		if r.err != nil {
			return nil, fmt.Errorf("path %q: %w", data, r.err)
		}
		from := at
		to := func(i int) point {
			p := point{n[i], n[i+1]}
			if relative {
				p = point{p.x + from.x, p.y + from.y}
			}
			return p
		}
		last := &o
		draw := func(p ...point) {
			(*last)[len(*last)-1] = append((*last)[len(*last)-1], p...)
			at = p[len(p)-1]
		}
		switch upper {
		case 'M':
			at = to(0)
			start = at
			o = append(o, []point{at})
		case 'L':
			draw(to(0))
		case 'H':
			x := n[0]
			if relative {
				x += from.x
			}
			draw(point{x, from.y})
		case 'V':
			y := n[0]
			if relative {
				y += from.y
			}
			draw(point{from.x, y})
		case 'C':
			draw(cubic(from, to(0), to(2), to(4))...)
		case 'A':
			draw(arc(from, to(5), n[0], n[1], n[2], n[3] != 0, n[4] != 0)...)
		case 'Z':
			draw(start)
		}
	}
	if len(o) == 0 {
		return nil, fmt.Errorf("path %q draws nothing", data)
	}
	return o, nil
}

func cubic(a, b, c, d point) []point {
	all := make([]point, steps)
	for i := range all {
		t := float64(i+1) / steps
		u := 1 - t
		p, q, r, s := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
		all[i] = point{p*a.x + q*b.x + r*c.x + s*d.x, p*a.y + q*b.y + r*c.y + s*d.y}
	}
	return all
}

// arc follows SVG 2, appendix B.2.4: from the end points of an elliptical arc to its centre.
func arc(from, to point, rx, ry, degrees float64, large, sweep bool) []point {
	rx, ry = math.Abs(rx), math.Abs(ry)
	if rx == 0 || ry == 0 || from == to {
		return []point{to}
	}
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	dx, dy := (from.x-to.x)/2, (from.y-to.y)/2
	x, y := cos*dx+sin*dy, cos*dy-sin*dx
	if grow := x*x/(rx*rx) + y*y/(ry*ry); grow > 1 {
		rx, ry = rx*math.Sqrt(grow), ry*math.Sqrt(grow)
	}
	k := math.Sqrt(max(0, (rx*rx*ry*ry-rx*rx*y*y-ry*ry*x*x)/(rx*rx*y*y+ry*ry*x*x)))
	if large == sweep {
		k = -k
	}
	cx, cy := k*rx*y/ry, -k*ry*x/rx
	begin := math.Atan2((y-cy)/ry, (x-cx)/rx)
	turn := math.Atan2((-y-cy)/ry, (-x-cx)/rx) - begin
	if sweep && turn < 0 {
		turn += 2 * math.Pi
	} else if !sweep && turn > 0 {
		turn -= 2 * math.Pi
	}
	middle := point{cos*cx - sin*cy + (from.x+to.x)/2, sin*cx + cos*cy + (from.y+to.y)/2}
	all := make([]point, steps)
	for i := range all {
		s, c := math.Sincos(begin + turn*float64(i+1)/steps)
		all[i] = point{middle.x + cos*rx*c - sin*ry*s, middle.y + sin*rx*c + cos*ry*s}
	}
	all[steps-1] = to
	return all
}

// A pathReader takes path data apart. Its err is the first thing that it could not read.
type pathReader struct {
	rest string
	last byte
	err  error
}

func (r *pathReader) skip() { r.rest = strings.TrimLeft(r.rest, " ,\t\r\n") }

// command is the next command letter, or the last one again when a number stands in its place.
func (r *pathReader) command() (letter byte, more bool) {
	r.skip()
	if r.rest == "" || r.err != nil {
		return 0, false
	}
	if c := r.rest[0]; c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
		r.last, r.rest = c, r.rest[1:]
		return c, true
	}
	switch r.last { // a further pair after a move is a line
	case 'M':
		r.last = 'L'
	case 'm':
		r.last = 'l'
	case 'z', 'Z':
		r.err = fmt.Errorf("a number follows z")
		return r.last, true
	}
	return r.last, true
}

// number reads a number; flags are single digits that need nothing between them.
func (r *pathReader) number(flag bool) float64 {
	r.skip()
	n := 0
	seenDot := false
	for n < len(r.rest) {
		c := r.rest[n]
		if (c == '-' || c == '+') && n > 0 || c == '.' && seenDot || !strings.ContainsRune("+-.0123456789", rune(c)) {
			break
		}
		seenDot = seenDot || c == '.'
		n++
		if flag {
			break
		}
	}
	v, err := strconv.ParseFloat(r.rest[:n], 64)
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("no number at %q", r.rest)
	}
	r.rest = r.rest[n:]
	return v
}

// place moves an outline by (x, y) after scaling it.
func (o outline) place(scale, x, y float64) outline {
	placed := make(outline, len(o))
	for i, line := range o {
		placed[i] = make([]point, len(line))
		for j, p := range line {
			placed[i][j] = point{p.x*scale + x, p.y*scale + y}
		}
	}
	return placed
}

// distance of p to the nearest point of the outline.
func (o outline) distance(p point) float64 {
	best := math.Inf(1)
	for _, line := range o {
		for i := 1; i < len(line); i++ {
			a, b := line[i-1], line[i]
			dx, dy := b.x-a.x, b.y-a.y
			t := 0.0
			if length := dx*dx + dy*dy; length > 0 {
				t = min(1, max(0, ((p.x-a.x)*dx+(p.y-a.y)*dy)/length))
			}
			x, y := p.x-a.x-t*dx, p.y-a.y-t*dy
			best = min(best, x*x+y*y)
		}
	}
	return math.Sqrt(best)
}

// signed is the distance to the outline, negative inside of it.
func (o outline) signed(p point) float64 {
	inside := false
	for _, line := range o {
		for i := 1; i < len(line); i++ {
			a, b := line[i-1], line[i]
			if (a.y > p.y) != (b.y > p.y) && p.x < (b.x-a.x)*(p.y-a.y)/(b.y-a.y)+a.x {
				inside = !inside
			}
		}
	}
	if inside {
		return -o.distance(p)
	}
	return o.distance(p)
}
