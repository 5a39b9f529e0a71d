package main

import (
	"math"
	"math/rand/v2"
)

// buildings draws houses along the fronts of some blocks, as many in each district as it asks for.
func buildings(g *graph, districts []district, blocks []block) []ring {
	var out []ring
	for i := range districts {
		d := &districts[i]
		if d.houses == 0 {
			continue
		}
		r := random(d.name + " houses")
		var found []ring
		for _, k := range r.Perm(len(blocks)) {
			if blocks[k].district == d && len(found) < d.houses {
				found = append(found, blocks[k].houses(g, r)...)
			}
		}
		out = append(out, found[:min(len(found), d.houses)]...)
	}
	return out
}

func (b block) houses(g *graph, r *rand.Rand) []ring {
	outline := g.outline(b.face)
	if outline.area() > 30000 {
		return nil
	}
	dense := b.district.block < 10000
	front, depth := 5.0, 13.0
	long := [2]float64{24, 42}
	if dense {
		front, depth, long = 2.5, 10, [2]float64{15, 27}
	}
	var out []ring
	for i, p := range outline {
		q := outline[(i+1)%len(outline)]
		d := dist(p, q)
		u := q.sub(p).unit()
		v := u.left() // into the block
		for s := mul(depth, 0.9); s < d-mul(depth, 0.9); {
			w := math.Min(between(r, long[0], long[1]), d-mul(depth, 0.9)-s)
			if w < long[0]*0.6 {
				break
			}
			deep := depth * between(r, 0.8, 1.15)
			base := p.add(u.scale(s)).add(v.scale(front))
			house := ring{base.round(), base.add(u.scale(w)).round(), base.add(u.scale(w)).add(v.scale(deep)).round(), base.add(v.scale(deep)).round()}
			if house.fits(outline, out) {
				out = append(out, house)
			}
			s += w + between(r, 4, 16)
			if r.IntN(3) == 0 {
				s += between(r, 10, 30)
			}
		}
	}
	return out
}

func (r ring) fits(outline ring, others []ring) bool {
	for i, p := range r {
		if !outline.contains(p) || outline.edge(p) < 2 {
			return false
		}
		q := r[(i+1)%len(r)]
		for _, o := range others {
			if o.contains(p) || o.contains(p.towards(q, 0.5)) || r.contains(o[i%len(o)]) {
				return false
			}
			for k := range o {
				if _, _, ok := crossing(p, q, o[k], o[(k+1)%len(o)]); ok {
					return false
				}
			}
		}
	}
	return true
}

// Two great houses by which the city is known.
func greatHouses() []ring {
	return []ring{
		area(91.1147, 29.6571, 91.1158, 29.6569, 91.1172, 29.6570, 91.1189, 29.6572, 91.1190, 29.6578, 91.1176, 29.6580, 91.1163, 29.6582, 91.1150, 29.6577), // Potala
		area(91.1312, 29.6526, 91.1325, 29.6526, 91.1326, 29.6536, 91.1313, 29.6536),                                                                         // Jokhang
	}
}
