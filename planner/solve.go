package planner

import (
	"context"
	"math"
	"slices"

	"github.com/paulmach/orb/planar"

	"kora"
	"kora/atlas"
	"kora/geo/siting"
)

// beyond is how many more sites than a plan has the curve shows.
const beyond = 5

// Solve answers a question on an atlas. tell, which may be nil, is called now and then, by one goroutine at a time. The same question
// on the same record has the same answer.
func Solve(ctx context.Context, a *atlas.Atlas, q kora.SitingQuestion, tell func(kora.SitingProgress)) (*kora.SitingPlan, error) {
	if tell == nil {
		tell = func(kora.SitingProgress) {}
	}
	if err := q.Validate(); err != nil {
		return nil, err
	}
	if err := check(a, &q); err != nil {
		return nil, err
	}
	p, err := pose(ctx, a, &q, tell)
	if err != nil {
		return nil, err
	}
	o := siting.Options{Seed: q.Seed, Progress: func(s siting.Progress) {
		now := kora.SitingProgress{Step: string(s.Stage), Done: s.Done, Total: s.Of, Value: finite(s.Value), Bound: finite(s.Bound)}
		tell(now)
	}}
	limit := siting.Limit{Sites: q.Sites, Budget: q.Budget}
	for _, t := range q.Types {
		most := -1
		if t.Most > 0 {
			most = t.Most
		}
		limit.Kinds = append(limit.Kinds, most)
	}
	if required := len(q.Required); q.Sites > 0 && required > q.Sites && (q.Objective == kora.SiteMost || q.Objective == kora.SiteNearest || q.Objective == kora.SiteLongest) {
		return nil, kora.Refuse(kora.ReasonConflict, "required", required, "are more places than the %d stations that there may be", q.Sites)
	}
	var plan *siting.Plan
	switch q.Objective {
	case kora.SiteMost:
		plan, err = p.Cover(ctx, limit, o)
	case kora.SiteAll:
		plan, err = p.Reach(ctx, 1, o)
	case kora.SiteShare:
		plan, err = p.Reach(ctx, q.Share, o)
	case kora.SiteNearest:
		plan, err = p.Median(ctx, siting.Limit{Sites: q.Sites}, o)
	case kora.SiteLongest:
		plan, err = p.Centre(ctx, siting.Limit{Sites: q.Sites}, o)
	}
	if err != nil {
		return nil, err
	}
	return p.read(ctx, plan)
}

// finite is v, and 0 for what JSON has no number for.
func finite(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	return v
}

// read puts a plan in terms of the question.
func (p *problem) read(ctx context.Context, plan *siting.Plan) (*kora.SitingPlan, error) {
	a, q := p.atlas, p.question
	out := &kora.SitingPlan{Value: finite(plan.Value), Bound: finite(plan.Bound), Gap: plan.Gap, Met: plan.Met, Impossible: plan.Impossible,
		Covered: plan.Covered, Existing: plan.Existing, Reachable: plan.Reachable, Total: plan.Total,
		Unit: p.unit(), OffGrid: p.off, Sites: []kora.SitingSite{}, Kept: []int64{}, Closed: []int64{}, Curve: []kora.SitingPoint{{Covered: plan.Existing}}, Areas: []kora.SitingArea{},
		Demands: len(p.cells), Candidates: len(p.places) - p.unlinked, Unlinked: p.unlinked, Entries: len(p.Demands),
		Snapshot: a.Position.Snapshot, StreetsOf: a.Network.Name}
	if q.Weights == kora.WeightDemand {
		set, err := a.TellDemand(a.Demand(q.Demand))
		if err != nil {
			return nil, err
		}
		out.Demand = &set
	}
	stays := map[int64]bool{}
	if q.Existing == kora.StationsKept {
		for _, s := range p.existing {
			stays[s.ID] = true
		}
	}
	chosen := make([]int, len(plan.Chosen))
	for n, c := range plan.Chosen {
		chosen[n] = c.Site
		pl, site := p.places[p.of[c.Site]], p.Sites[c.Site]
		s := kora.SitingSite{Number: n + 1, Point: pl.point, Cost: site.Cost, Must: pl.required, Adds: c.Adds, Covered: c.Covered, Alone: c.Alone}
		if pl.station != nil {
			s.Station = pl.station.ID
			stays[s.Station] = true
		}
		if site.Kind < len(q.Types) {
			s.Type = q.Types[site.Kind].Name
		}
		for _, area := range a.KeyAreas {
			if area.Geometry.Bound().Contains(pl.point) && planar.MultiPolygonContains(area.Geometry, pl.point) {
				s.Area = area.Code
				break
			}
		}
		if f, metres := a.NearestName(pl.point); f != nil {
			s.Street, s.StreetM = atlas.NameOf(f), math.Round(metres)
		}
		out.Sites = append(out.Sites, s)
		out.Curve = append(out.Curve, kora.SitingPoint{Sites: n + 1, Covered: c.Covered})
	}
	for _, s := range p.existing {
		if stays[s.ID] {
			out.Kept = append(out.Kept, s.ID)
		} else {
			out.Closed = append(out.Closed, s.ID)
		}
	}
	after := p.tally(func(s int) bool { return p.Sites[s].Role == siting.Existing })
	for _, s := range chosen {
		p.count(after, s)
	}
	further, err := p.further(ctx, plan, chosen, slices.Clone(after))
	if err != nil {
		return nil, err
	}
	out.Curve = append(out.Curve, further...)
	before := p.tally(func(s int) bool { return p.places[p.of[s]].station != nil })
	for k, area := range p.areas {
		d := p.floors[k]
		one := kora.SitingArea{ID: area.ID, Floor: q.Floor, Before: p.covered(before, d), After: p.covered(after, d)}
		for _, i := range d {
			one.Total += p.Weights[i]
		}
		one.Met = one.After >= q.Floor*one.Total-1e-9*plan.Total
		out.Areas = append(out.Areas, one)
	}
	return out, nil
}

// tally counts by how many of some sites each demand is reached.
func (p *problem) tally(counts func(site int) bool) []int32 {
	count := make([]int32, len(p.Weights))
	for s := range p.Sites {
		if counts(s) {
			p.count(count, s)
		}
	}
	return count
}

// count adds a site to a tally, and gives the weight that it adds to what is covered.
func (p *problem) count(count []int32, site int) (adds float64) {
	for _, d := range p.Demands[p.Starts[site]:p.Starts[site+1]] {
		if count[d]++; count[d] == int32(p.Times) {
			adds += p.Weights[d]
		}
	}
	return adds
}

func (p *problem) covered(count []int32, demands []int32) (weight float64) {
	for _, d := range demands {
		if count[d] >= int32(p.Times) {
			weight += p.Weights[d]
		}
	}
	return weight
}

// further continues the curve: what the next few sites would add if the plan stays as it is, one after the other as they add most.
func (p *problem) further(ctx context.Context, plan *siting.Plan, chosen []int, count []int32) ([]kora.SitingPoint, error) {
	if p.question.Objective != kora.SiteMost || len(p.question.Types) > 0 || p.question.Budget > 0 || plan.Covered >= plan.Reachable {
		return nil, nil
	}
	more := p.Problem
	more.Floors, more.Sites = nil, slices.Clone(p.Sites)
	for _, s := range chosen {
		more.Sites[s].Role = siting.Required
	}
	next, err := more.Cover(ctx, siting.Limit{Sites: len(chosen) + beyond}, siting.Options{Kicks: -1, BoundSteps: -1})
	if err != nil {
		return nil, err
	}
	var points []kora.SitingPoint
	covered := plan.Covered
	for _, c := range next.Chosen {
		if more.Sites[c.Site].Role != siting.Required {
			covered += p.count(count, c.Site)
			points = append(points, kora.SitingPoint{Sites: len(chosen) + len(points) + 1, Covered: covered, Beyond: true})
		}
	}
	return points, nil
}
