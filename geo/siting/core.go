package siting

import (
	"cmp"
	"slices"
)

// A core is what is left of a problem once everything that is settled is taken out: what existing and required sites cover
// anyway, what no site could cover, forbidden and dominated sites. Demands with equal covers are one row.
type core struct {
	weight []float64 // by row
	need   []int32   // by row: how many more sites must reach it
	floors [][]int32 // by row: the floors that it counts in; nil when there are no floors
	rows   lists     // by row: the columns that reach it
	cols   lists     // by column: the rows that it reaches
	site   []int32   // by column
	cost   []float64
	kind   []int32
	short  []float64 // by floor: weight that must still be covered
	base   float64   // weight that is covered already
	total  float64   // of rows: weight that can still be covered
}

// lists are many lists in one.
type lists struct {
	starts []int
	items  []int32
}

func (l lists) at(i int32) []int32 { return l.items[l.starts[i]:l.starts[i+1]] }
func (l lists) len() int           { return len(l.starts) - 1 }

// transpose turns lists of items into lists of the lists that hold an item; ascending.
func (l lists) transpose(items int) lists {
	t := lists{starts: make([]int, items+1), items: make([]int32, len(l.items))}
	for _, i := range l.items {
		t.starts[i+1]++
	}
	for i := range items {
		t.starts[i+1] += t.starts[i]
	}
	next := slices.Clone(t.starts[:items])
	for a := range l.len() {
		for _, i := range l.at(int32(a)) {
			t.items[next[i]] = int32(a)
			next[i]++
		}
	}
	return t
}

// reduce makes the core of a problem.
func (p *Problem) reduce() *core {
	c := &core{}
	need := make([]int32, len(p.Weights))
	for i := range need {
		need[i] = p.times()
	}
	free := lists{starts: []int{0}}
	for s, site := range p.Sites {
		demands, _ := p.reach(s)
		switch site.Role {
		case Existing, Required:
			for _, i := range demands {
				need[i]--
			}
		case Candidate:
			c.site = append(c.site, int32(s))
			free.items = append(free.items, demands...)
			free.starts = append(free.starts, len(free.items))
		}
	}
	var in lists // by demand: its floors
	if len(p.Floors) > 0 {
		of := lists{starts: []int{0}}
		for _, f := range p.Floors {
			of.items = append(of.items, f.Demands...)
			of.starts = append(of.starts, len(of.items))
			least := 0.0
			for _, i := range f.Demands {
				least += p.Weights[i]
			}
			least *= f.Share
			for _, i := range f.Demands {
				if need[i] <= 0 {
					least -= p.Weights[i]
				}
			}
			c.short = append(c.short, least)
		}
		in = of.transpose(len(p.Weights))
	}
	for i, n := range need {
		if n <= 0 {
			c.base += p.Weights[i]
		}
	}
	c.merge(p.Weights, need, in, free.transpose(len(p.Weights)))
	c.prune(p, p.times() == 1)
	return c
}

// merge makes one row of all demands that the same columns reach, that need as many of them, and that count in the same
// floors.
func (c *core) merge(weights []float64, need []int32, in, reached lists) {
	first := make(map[uint64]int32) // the last row of a hash
	var next []int32                // by row: the one before it of the same hash
	var like []int32                // by row: the first of its demands
	c.rows.starts = []int{0}
	floorsOf := func(i int32) []int32 {
		if in.starts == nil {
			return nil
		}
		return in.at(i)
	}
	for i, w := range weights {
		by := reached.at(int32(i))
		if w == 0 || need[i] <= 0 || len(by) < int(need[i]) {
			continue
		}
		floors := floorsOf(int32(i))
		h := uint64(need[i])
		for _, x := range by {
			h = (h ^ uint64(x)) * 0x9E3779B97F4A7C15
			h ^= h >> 29
		}
		for _, x := range floors {
			h = (h ^ uint64(x) ^ 1<<40) * 0x9E3779B97F4A7C15
			h ^= h >> 29
		}
		row, ok := first[h]
		if !ok {
			row = -1
		}
		for row >= 0 {
			l := like[row]
			if need[l] == need[i] && slices.Equal(reached.at(l), by) && slices.Equal(floorsOf(l), floors) {
				break
			}
			row = next[row]
		}
		c.total += w
		if row >= 0 {
			c.weight[row] += w
			continue
		}
		before, ok := first[h]
		if !ok {
			before = -1
		}
		first[h] = int32(len(like))
		next, like = append(next, before), append(like, int32(i))
		c.weight, c.need = append(c.weight, w), append(c.need, need[i])
		if in.starts != nil {
			c.floors = append(c.floors, floors)
		}
		c.rows.items = append(c.rows.items, by...)
		c.rows.starts = append(c.rows.starts, len(c.rows.items))
	}
	c.cols = c.rows.transpose(len(c.site))
}

// prune takes out the columns that reach nothing, and if dominated those that another column of their kind, which costs no
// more, can stand in for: it reaches all that they reach.
func (c *core) prune(p *Problem, dominated bool) {
	keep := make([]int32, 0, len(c.site))
	mark := make([]int32, len(c.weight)) // rows of the column in hand
	for a := range int32(len(c.site)) {
		own := c.cols.at(a)
		if len(own) == 0 {
			continue
		}
		if !dominated {
			keep = append(keep, a)
			continue
		}
		rarest := slices.MinFunc(own, func(x, y int32) int { return cmp.Compare(len(c.rows.at(x)), len(c.rows.at(y))) })
		for _, r := range own {
			mark[r] = a + 1
		}
		better := func(b int32) bool {
			other := c.cols.at(b)
			sa, sb := p.Sites[c.site[a]], p.Sites[c.site[b]]
			if a == b || len(other) < len(own) || sa.Kind != sb.Kind || sb.Cost > sa.Cost {
				return false
			}
			if len(other) == len(own) && sb.Cost == sa.Cost && b > a {
				return false // of equals the first stays
			}
			common := 0
			for _, r := range other {
				if mark[r] == a+1 {
					common++
				}
			}
			return common == len(own)
		}
		if !slices.ContainsFunc(c.rows.at(rarest), better) {
			keep = append(keep, a)
		}
	}
	cols, site := lists{starts: []int{0}}, make([]int32, 0, len(keep))
	for _, a := range keep {
		cols.items = append(cols.items, c.cols.at(a)...)
		cols.starts = append(cols.starts, len(cols.items))
		site = append(site, c.site[a])
		c.cost = append(c.cost, p.Sites[c.site[a]].Cost)
		c.kind = append(c.kind, int32(p.Sites[c.site[a]].Kind))
	}
	c.cols, c.site, c.rows = cols, site, cols.transpose(len(c.weight))
}
