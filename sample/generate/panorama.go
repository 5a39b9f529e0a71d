package main

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
)

// A view is what is drawn of a panorama: a valley under a sky, with a ring that tells the directions and the word for a
// sample in two languages, so that nobody takes it for a photograph.
type view struct {
	file   string
	ridges []ridge // farthest first
	ground [2]rgb  // far and near
}

// A ridge is a line of hills: its height in degrees is a sum of waves that close around the horizon.
type ridge struct {
	base  float64
	waves []wave
	tint  rgb
}

type wave struct {
	times         int // around
	height, phase float64
}

type rgb [3]float64

func (a rgb) mix(b rgb, t float64) rgb {
	t = min(max(t, 0), 1)
	for i := range a {
		a[i] += (b[i] - a[i]) * t
	}
	return a
}

func views() []view {
	snow, far, near := rgb{214, 222, 234}, rgb{112, 136, 158}, rgb{66, 96, 84}
	return []view{
		{"panorama-1.jpg", []ridge{
			{13, []wave{{3, 6, 0.4}, {7, 3, 1.9}, {17, 1.2, 0.2}, {41, 0.4, 2}}, snow},
			{7, []wave{{2, 3, 2.2}, {5, 2.5, 0.7}, {13, 0.8, 1}}, far},
			{3, []wave{{3, 1.6, 5.1}, {8, 1, 0.3}}, near},
		}, [2]rgb{{128, 142, 96}, {164, 148, 108}}},
		{"panorama-2.jpg", []ridge{
			{11, []wave{{3, 7, 1.4}, {7, 3, 2.6}, {19, 1.2, 1.1}, {37, 0.4, 0}}, snow},
			{8, []wave{{2, 4, 3.3}, {5, 2, 2.1}, {11, 0.9, 4}}, far},
			{2, []wave{{3, 1.2, 0.6}, {9, 0.9, 2.8}}, near},
		}, [2]rgb{{146, 138, 88}, {120, 132, 90}}},
	}
}

// draw gives the picture as a JPEG, its middle looking north.
func (v view) draw() ([]byte, error) {
	const width, height = 2048, 1024
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	strokes := signs()
	for y := range height {
		pitch := 90 - 180*(float64(y)+0.5)/height
		for x := range width {
			yaw := 360*(float64(x)+0.5)/width - 180
			c := v.colour(yaw, pitch)
			if ink := strokes.at(yaw, pitch); ink > 0 {
				c = c.mix(rgb{255, 255, 255}, ink)
			}
			m.SetRGBA(x, y, color.RGBA{byte(c[0] + 0.5), byte(c[1] + 0.5), byte(c[2] + 0.5), 255})
		}
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 75})
	return b.Bytes(), err
}

func (v view) colour(yaw, pitch float64) rgb {
	for i := len(v.ridges) - 1; i >= 0; i-- {
		r := v.ridges[i]
		top := r.base
		for _, w := range r.waves {
			top += w.height * math.Sin(float64(w.times)*yaw*math.Pi/180+w.phase)
		}
		if pitch > 0 && pitch < top {
			return r.tint.mix(rgb{236, 240, 244}, 0.35*pitch/top)
		}
	}
	if pitch <= 0 {
		return v.ground[0].mix(v.ground[1], -pitch/50)
	}
	return rgb{226, 236, 244}.mix(rgb{52, 104, 172}, pitch/70)
}

// ink is what is written into a picture: strokes in degrees of yaw and pitch.
type ink []stroke

type stroke struct{ from, to [2]float64 }

// at tells how much of the ink lies on a spot, from 0 to 1.
func (k ink) at(yaw, pitch float64) float64 {
	if pitch > -8 || pitch < -50 {
		return 0
	}
	const thick = 0.28
	best := math.Inf(1)
	for _, s := range k {
		px, py := yaw-s.from[0], pitch-s.from[1]
		dx, dy := s.to[0]-s.from[0], s.to[1]-s.from[1]
		along := min(max((px*dx+py*dy)/(dx*dx+dy*dy), 0), 1)
		best = min(best, math.Hypot(px-along*dx, py-along*dy))
	}
	return min(max((thick-best)/0.18+1, 0), 1)
}

// signs are the ring at 40° below the horizon with a tick every 15° and the four directions, and the word in four places.
func signs() ink {
	var k ink
	line := func(x1, y1, x2, y2 float64) { k = append(k, stroke{[2]float64{x1, y1}, [2]float64{x2, y2}}) }
	write := func(shape [][]float64, x, y, size float64) {
		for _, s := range shape {
			for i := 2; i < len(s); i += 2 {
				line(x+s[i-2]*size, y+s[i-1]*size, x+s[i]*size, y+s[i+1]*size)
			}
		}
	}
	line(-180, -40, 180, -40)
	for yaw := -180.0; yaw <= 180; yaw += 15 {
		line(yaw, -40, yaw, -42)
	}
	for i, letter := range []string{"S", "W", "N", "E", "S"} {
		write(glyphs()[letter], float64(i-2)*90-1.6, -39, 3.2)
	}
	for _, yaw := range []float64{-135, -45, 45, 135} {
		x := yaw - 14.5
		for _, letter := range []string{"示", "例", "S", "A", "M", "P", "L", "E"} {
			size := 3.0
			if len(letter) > 1 {
				size = 4.4
			}
			write(glyphs()[letter], x, -20, size)
			x += size * 1.25
		}
	}
	return k
}

// glyphs are drawn in a square from 0 to 1, up and to the right, each stroke as x and y of its corners.
func glyphs() map[string][][]float64 {
	return map[string][][]float64{
		"示": {{0.2, 0.9, 0.8, 0.9}, {0, 0.62, 1, 0.62}, {0.5, 0.62, 0.5, 0, 0.36, 0.08}, {0.28, 0.42, 0.05, 0.12}, {0.7, 0.42, 0.95, 0.12}},
		"例": {{0.2, 1, 0, 0.55}, {0.12, 0.72, 0.12, 0}, {0.26, 0.88, 0.64, 0.88}, {0.44, 0.88, 0.28, 0.48}, {0.38, 0.66, 0.6, 0.66, 0.5, 0.3, 0.26, 0.02},
			{0.38, 0.48, 0.5, 0.34}, {0.76, 0.85, 0.76, 0.25}, {0.95, 1, 0.95, 0, 0.84, 0.06}},
		"S": {{0.8, 0.85, 0.6, 1, 0.3, 1, 0.12, 0.85, 0.12, 0.65, 0.3, 0.52, 0.6, 0.48, 0.8, 0.35, 0.8, 0.15, 0.6, 0, 0.3, 0, 0.1, 0.15}},
		"A": {{0.05, 0, 0.45, 1, 0.85, 0}, {0.2, 0.36, 0.7, 0.36}},
		"M": {{0.08, 0, 0.08, 1, 0.46, 0.4, 0.84, 1, 0.84, 0}},
		"P": {{0.12, 0, 0.12, 1, 0.6, 1, 0.8, 0.86, 0.8, 0.62, 0.6, 0.48, 0.12, 0.48}},
		"L": {{0.12, 1, 0.12, 0, 0.78, 0}},
		"E": {{0.8, 1, 0.12, 1, 0.12, 0, 0.8, 0}, {0.12, 0.52, 0.66, 0.52}},
		"N": {{0.1, 0, 0.1, 1, 0.82, 0, 0.82, 1}},
		"W": {{0, 1, 0.22, 0, 0.46, 0.7, 0.7, 0, 0.92, 1}},
	}
}
