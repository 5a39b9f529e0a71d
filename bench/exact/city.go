package exact

import (
	"math"
	"math/rand/v2"
	"slices"

	"kora/geo/siting"
)

// City generates demands around centres of differing density, and sites at places of demands that reach what lies within a
// straight line. Each site reaches about 670 of 880,000 demands, as a walk of a quarter of an hour does.
func City(demands, sites int, seed uint64) *siting.Problem {
	random := rand.New(rand.NewPCG(seed, 0))
	type place struct{ x, y float64 }
	centres := make([]place, 12)
	for i := range centres {
		centres[i] = place{random.Float64(), random.Float64()}
	}
	at := make([]place, demands)
	p := &siting.Problem{Weights: make([]float64, demands), Starts: []int{0}}
	for i := range at {
		if i%2 == 0 {
			at[i] = place{random.Float64(), random.Float64()}
		} else {
			c := centres[random.IntN(len(centres))]
			at[i] = place{c.x + 0.12*random.NormFloat64(), c.y + 0.12*random.NormFloat64()}
		}
		p.Weights[i] = float64(1 + random.IntN(40))
	}
	reach := math.Sqrt(7.6 / float64(sites) / math.Pi)
	cell := func(q place) [2]int { return [2]int{int(math.Floor(q.x / reach)), int(math.Floor(q.y / reach))} }
	in := map[[2]int][]int32{}
	for i, q := range at {
		in[cell(q)] = append(in[cell(q)], int32(i))
	}
	for range sites {
		s := at[random.IntN(demands)]
		c := cell(s)
		from := len(p.Demands)
		for x := c[0] - 1; x <= c[0]+1; x++ {
			for y := c[1] - 1; y <= c[1]+1; y++ {
				for _, i := range in[[2]int{x, y}] {
					if math.Hypot(at[i].x-s.x, at[i].y-s.y) <= reach {
						p.Demands = append(p.Demands, i)
					}
				}
			}
		}
		slices.Sort(p.Demands[from:])
		for _, i := range p.Demands[from:] {
			p.Seconds = append(p.Seconds, float32(900*math.Hypot(at[i].x-s.x, at[i].y-s.y)/reach))
		}
		p.Starts = append(p.Starts, len(p.Demands))
		p.Sites = append(p.Sites, siting.Site{Cost: 1})
	}
	return p
}
