package main

import (
	"math"
	"math/rand/v2"

	"github.com/paulmach/orb"

	"kora/geo/network"
	"kora/geo/profile"
)

// newCity makes a town of width × width places, 110 m apart and pulled about, at the height of Lhasa: hills as smooth waves,
// 18 % of the streets missing, walking times by the profile. The same width gives the same city.
func newCity(width int) (*network.Network, error) {
	r := rand.New(rand.NewPCG(7, 7))
	p := profile.Walk()
	nodes := make([]orb.Point, 0, width*width)
	heights := make([]float64, 0, width*width)
	for i := range width * width {
		x, y := float64(i%width)*110+r.Float64()*60, float64(i/width)*110+r.Float64()*60
		nodes = append(nodes, orb.Point{91 + x/96_800, 29.5 + y/110_850})
		heights = append(heights, 3650+120*math.Sin(x/2600)*math.Cos(y/3100)+30*math.Sin(x/700+y/900))
	}
	var edges []network.Edge
	join := func(a, b int) {
		if r.Float64() < 0.18 {
			return
		}
		m := network.Distance(nodes[a], nodes[b])
		slope := (heights[b] - heights[a]) / m
		edges = append(edges, network.Edge{From: int32(a), To: int32(b), LengthM: float32(m),
			Forward: float32(p.Seconds(m, slope)), Backward: float32(p.Seconds(m, -slope))})
	}
	for i := range width * width {
		if i%width+1 < width {
			join(i, i+1)
		}
		if i+width < width*width {
			join(i, i+width)
		}
	}
	return network.Build(p, nodes, edges, nil)
}
