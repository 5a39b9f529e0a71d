package main

import (
	"context"
	"encoding/csv"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/paulmach/orb"

	"kora/bench/exact"
	"kora/geo/grid"
	"kora/geo/network"
	"kora/geo/profile"
	circles "kora/geo/service" // service is taken
	"kora/geo/siting"
	"kora/importers"
)

// A city is Porto Alegre: streets, and hexagons of resolution 9 with who lives and works there and what stands there.
type city struct {
	streets *network.Network
	links   *circles.CellLinks
	people  []float64 // by cell
	jobs    []float64
	schools []orb.Point // hexagons that have some, by their centres
	posts   []orb.Point // of health care
}

func portoAlegre(t testing.TB) *city {
	t.Helper()
	extract, err := os.Open(shared(t, "porto-alegre/poa_osm.pbf"))
	if err != nil {
		t.Fatal(err)
	}
	defer extract.Close()
	imported, _, err := importers.Network(t.Context(), "poa_osm.pbf", extract, importers.NetworkOptions{Profiles: []profile.Profile{profile.Walk()}})
	if err != nil {
		t.Fatal(err)
	}
	c := &city{}
	if c.streets, err = network.Unmarshal(imported.Streets["walk"]); err != nil {
		t.Fatal(err)
	}
	table, err := os.Open(shared(t, "porto-alegre/poa_hexgrid.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	rows, err := csv.NewReader(table).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	count := func(text string) float64 {
		if text == "" { // blank where nobody was counted
			return 0
		}
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	var cells []grid.Cell
	for _, row := range rows[1:] { // id, lon, lat, population, schools, jobs, healthcare
		id, err := strconv.ParseUint(row[0], 16, 64)
		if err != nil {
			t.Fatal(err)
		}
		cell := grid.Cell(id)
		cells = append(cells, cell)
		c.people, c.jobs = append(c.people, count(row[3])), append(c.jobs, count(row[5]))
		if count(row[4]) > 0 {
			c.schools = append(c.schools, cell.Centre())
		}
		if count(row[6]) > 0 {
			c.posts = append(c.posts, cell.Centre())
		}
	}
	if c.links, err = circles.LinkCells(t.Context(), c.streets, cells); err != nil {
		t.Fatal(err)
	}
	if len(cells) != 1227 || sum(c.people) != 812_935 || sum(c.jobs) != 337_921 {
		t.Fatalf("%d cells, %v people, %v jobs", len(cells), sum(c.people), sum(c.jobs))
	}
	return c
}

func sum(all []float64) (total float64) {
	for _, v := range all {
		total += v
	}
	return total
}

// linked ties places to the streets, those that have one within reach.
func (c *city) linked(places []orb.Point) (links []network.Link) {
	for _, p := range places {
		if l, ok := c.streets.Link(p, c.streets.Profile().PointReachM); ok {
			links = append(links, l)
		}
	}
	return links
}

// How many people and jobs lie within a quarter of an hour's walk of a school or a health post, held against a plain search that
// samples the streets.
func TestPortoAlegreCoverage(t *testing.T) {
	c := portoAlegre(t)
	judge := newJudge(c.streets)
	every := make([]int, len(c.people))
	spots := make([]spot, len(c.people))
	for i, cell := range c.links.Cells() {
		every[i] = i
		spots[i] = judge.link(cell.Centre(), 100)
	}
	for _, f := range []struct {
		name   string
		places []orb.Point
	}{{"schools", c.schools}, {"health posts", c.posts}} {
		field, err := c.streets.Field(t.Context(), c.linked(f.places), network.Options{MaxSeconds: math.Inf(1)})
		if err != nil {
			t.Fatal(err)
		}
		times, err := c.links.Times(field)
		if err != nil {
			t.Fatal(err)
		}
		var stations []spot
		for _, p := range f.places {
			stations = append(stations, judge.link(p, 500))
		}
		toward := judge.toward(stations)
		cells := circles.Count(times[0], every, 900)
		people, jobs := circles.CountDemand(times[0], every, c.people, 900), circles.CountDemand(times[0], every, c.jobs, 900)
		var least, most [3]float64 // cells, people, jobs
		for i, s := range spots {
			seconds := math.Inf(1)
			for _, at := range s {
				seconds = min(seconds, at.off+judge.onward(at, toward))
			}
			for k, w := range [3]float64{1, c.people[i], c.jobs[i]} {
				if seconds <= 900-0.6 {
					least[k] += w
				}
				if seconds <= 900+0.6 {
					most[k] += w
				}
			}
		}
		t.Logf("%s at %d places: %d of %d cells (%.1f %%), %.0f of %.0f people (%.1f %%), %.0f of %.0f jobs (%.1f %%); %d cells without a street within 100 m of their centre",
			f.name, len(f.places), cells.Covered, cells.Cells, 100*cells.Share, people.Covered, people.Total, 100*people.Share, jobs.Covered, jobs.Total, 100*jobs.Share, cells.NoStreet)
		for k, got := range [3]float64{float64(cells.Covered), people.Covered, jobs.Covered} {
			if got < least[k] || got > most[k] || most[k]-least[k] > 0.01*most[k] || least[k] == 0 {
				t.Errorf("%s: %v; judged %v to %v", f.name, got, least[k], most[k])
			}
		}
	}
}

// Where twenty new health posts reach most people, from 200 candidates: CBC finds no plan beyond the bound, and none that is better
// than the plan's stated gap.
func TestPortoAlegreSiting(t *testing.T) {
	c := portoAlegre(t)
	p := &siting.Problem{Weights: c.people}
	var places []network.Link
	add := func(role siting.Role, at []orb.Point) {
		for _, l := range c.linked(at) {
			places = append(places, l)
			p.Sites = append(p.Sites, siting.Site{Role: role, Cost: 1})
		}
	}
	add(siting.Existing, c.posts)
	var candidates []orb.Point
	for i, cell := range c.links.Cells() {
		if i%6 == 0 {
			candidates = append(candidates, cell.Centre())
		}
	}
	add(siting.Candidate, candidates[:200])
	lists, err := c.links.Lists(t.Context(), places, 900, 1e7, nil)
	if err != nil {
		t.Fatal(err)
	}
	p.Starts, p.Demands, p.Seconds = lists.Starts, lists.Cells, lists.Seconds
	for _, q := range []struct {
		name     string
		existing bool
		sites    int
		times    int
	}{{"beside those that stand", true, 20, 1}, {"from nothing", false, 20, 1}, {"twice, from nothing", false, 6, 2}} {
		t.Run(q.name, func(t *testing.T) {
			asked := *p
			asked.Times, asked.Sites = q.times, slices.Clone(p.Sites)
			for s := range asked.Sites {
				if !q.existing && asked.Sites[s].Role == siting.Existing {
					asked.Sites[s].Role = siting.Forbidden
				}
			}
			limit := siting.Limit{Sites: q.sites}
			plan, err := asked.Cover(t.Context(), limit, siting.Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d posts reach %.0f of %.0f people, %.0f of them without the plan; at most %.0f can be reached, a gap of %.2f %%",
				len(plan.Chosen), plan.Covered, plan.Total, plan.Existing, plan.Bound, 100*plan.Gap)
			if !exact.HasCBC() {
				t.Skip("CBC (Debian's coinor-cbc) is not installed, so nobody judges")
			}
			best, err := exact.Cover(context.Background(), &asked, limit, 60)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("CBC: %.0f, proven %v (bound %.0f)", best.Value, best.Proven, best.Bound)
			if best.Value > plan.Bound*(1+1e-9) || plan.Value > best.Bound*(1+1e-9) || plan.Value < 0.995*best.Value || !best.Proven {
				t.Errorf("CBC reaches %.0f (bound %.0f), the plan %.0f (bound %.0f)", best.Value, best.Bound, plan.Value, plan.Bound)
			}
		})
	}
}
