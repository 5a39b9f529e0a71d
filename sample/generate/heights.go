package main

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"kora/geo/elevation"
)

// The ground is made up as all else is: valleys along the roads and the great river, at about the true heights of towns and
// passes, and slopes that rise to both sides of them.

// An anchor is a place whose height is known to about 50 m.
type anchor struct {
	lon, lat, metres float64
}

func anchors() []anchor {
	return []anchor{
		// G318 from the east.
		{96.0900, 29.7480, 3050}, {95.7570, 29.8593, 2725}, {95.0700, 30.1000, 2070}, {94.7402, 29.7730, 3330}, {94.6500, 29.6200, 4728},
		{94.4000, 29.6040, 3010}, {94.3605, 29.6400, 2992}, {93.9300, 29.7740, 3080}, {93.6700, 29.8590, 3260}, {93.2443, 29.8885, 3440},
		{92.9300, 29.9750, 3650}, {92.5000, 29.8970, 4160}, {92.4000, 29.8480, 4430}, {92.3400, 29.8200, 5013}, {92.2200, 29.6900, 4370},
		{91.9000, 29.7750, 4050}, {91.7247, 29.8352, 3835}, {91.3428, 29.6733, 3690}, {91.1225, 29.6535, 3650}, {90.9530, 29.6294, 3635},
		{90.7294, 29.3580, 3590}, {90.4500, 29.3660, 3680}, {90.1700, 29.3750, 3740},
		// G109.
		{91.4500, 30.6500, 4420}, {91.1098, 30.4758, 4290}, {90.7500, 30.2950, 4350}, {90.5530, 30.0950, 4300}, {90.7600, 29.8780, 3950},
		// The Yarlung Tsangpo and what leads to it.
		{90.1500, 29.3300, 3760}, {91.7600, 29.2620, 3545}, {93.0730, 29.0484, 3100}, {94.2124, 29.2165, 2940}, {94.4460, 29.3960, 2920},
		{94.8800, 29.5200, 2890}, {94.9800, 29.4950, 4400}, {95.0900, 29.8200, 1900}, {95.3323, 29.3261, 1100}, {95.2700, 29.2300, 750},
		// The other county seats.
		{91.2490, 29.9024, 3770}, {90.1672, 29.4309, 3820}, {95.6000, 29.6500, 4300}, {93.9500, 30.0000, 3480},
	}
}

// A footing is a place in a valley.
type footing struct {
	point
	metres float64
}

const (
	footingEvery = 1500 // metres along a valley
	anchorReach  = 4000 // metres by which an anchor may lie beside the valley that it is of
	valleyFloor  = 2000 // metres to both sides
	crestM       = 2600 // metres that mountains would rise above a valley endlessly far away
	halfCrest    = 9000 // metres from the floor where half of that is reached

	rolling     = 60  // metres up or down at each sample, in the valleys of Lhasa
	rollingEast = 150 // and in those of Nyingchi, so that not all parcels there are level

	heightSteps = 121 // samples along a degree: one in 30 seconds of arc, about 900 m
)

// footings are those of one valley: between its anchors heights go evenly, beyond them they stay.
func footings(valley line) (out []footing) {
	type mark struct{ s, metres float64 }
	var marks []mark
	for _, a := range anchors() {
		if _, d, s := valley.nearest(at(a.lon, a.lat)); d < anchorReach {
			marks = append(marks, mark{s, a.metres})
		}
	}
	if len(marks) == 0 {
		return nil
	}
	slices.SortFunc(marks, func(a, b mark) int { return int(math.Copysign(1, a.s-b.s)) })
	for k, p := range valley.thin(footingEvery) {
		s := mul(float64(k), valley.length()/float64(max(2, int(valley.length()/footingEvery))))
		i, _ := slices.BinarySearchFunc(marks, s, func(m mark, s float64) int { return int(math.Copysign(1, m.s-s)) })
		a, b := marks[max(0, i-1)], marks[min(i, len(marks)-1)]
		metres := a.metres
		if b.s > a.s {
			metres += mul(b.metres-a.metres, min(1, max(0, (s-a.s)/(b.s-a.s))))
		}
		out = append(out, footing{p, metres})
	}
	return out
}

// heights is the ground under all of the sample, as Kora keeps it.
func heights(valleys []line) []byte {
	var known []footing
	for _, v := range valleys {
		known = append(known, footings(v)...)
	}
	ground := func(at point) float64 {
		var sum, weights float64
		nearest := math.Inf(1)
		for _, f := range known {
			d := f.sub(at)
			square := d.dot(d)
			nearest = min(nearest, square)
			weight := 1 / mul(square+1e4, square+1e4)
			sum += mul(weight, f.metres)
			weights += weight
		}
		away := max(0, math.Sqrt(nearest)-valleyFloor)
		return sum/weights + crestM*(away/(away+halfCrest))
	}
	box := orb.Bound{Min: orb.Point{90.13, 29.02}, Max: orb.Point{96.12, 30.68}}
	var tiles []*elevation.Tile
	for lat := 29; lat <= 30; lat++ {
		for lon := 90; lon <= 96; lon++ {
			tile := elevation.Sampled(elevation.Corner{Lat: lat, Lon: lon}, heightSteps, func(p orb.Point) float64 {
				if !box.Pad(0.1).Contains(p) {
					return 0 // clipped away
				}
				rough := float64(rolling)
				if p[0] > 92.5 {
					rough = rollingEast
				}
				return ground(at(p[0], p[1])) + between(random(fmt.Sprintf("ground %.4f %.4f", p[0], p[1])), -rough, rough)
			})
			if kept, some := tile.Clip(box); some {
				tiles = append(tiles, kept)
			}
		}
	}
	return elevation.NewModel(tiles...).Encode()
}

// valleys are the roads, and the rivers of which towns know the height.
func valleys(roads []road, rivers []river) (out []line) {
	for _, r := range roads {
		out = append(out, r.course)
	}
	for _, r := range rivers {
		if r.zh == "雅鲁藏布江" || r.zh == "拉萨河" {
			out = append(out, r.middle)
		}
	}
	return out
}
