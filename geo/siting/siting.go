// Package siting says where stations should stand: location-allocation over sparse lists of what each site reaches. It
// answers four questions that planners know by name:
//
//   - Cover: the most demand that a number of sites, or a budget, can cover (MCLP; Church & ReVelle 1974, Papers of the
//     Regional Science Association 32);
//   - Reach: the fewest sites that cover all demand, or a share of it (LSCP; Toregas, Swain, ReVelle & Bergman 1971,
//     Operations Research 19);
//   - Median: the least sum of weight times travel time (p-median; Hakimi 1964, Operations Research 12);
//   - Centre: the shortest longest travel time (p-centre; Hakimi, ibid.; by radii as Minieka 1970, SIAM Review 12).
//
// Every answer is a plan with a bound, so that it says how far from the best possible it can be at most. Plans come from
// lazy greedy (Minoux 1978, Accelerated greedy algorithms for maximizing submodular set functions) and interchange (Teitz &
// Bart 1968, Operations Research 16, with the book-keeping of Whitaker 1983, INFOR 21), bounds from Lagrangian relaxation
// by subgradients (Held, Wolfe & Crowder 1974, Mathematical Programming 6; Galvão & ReVelle 1996, European Journal of
// Operational Research 88, for MCLP; Beasley 1990, Naval Research Logistics 37, for set covering).
//
// Times are seconds, or any other unit that all lists share, such as metres; weights are people, workers, or whatever is
// to be covered. The package knows numbers only: no map, no streets, no files.
package siting

import (
	"errors"
	"fmt"
	"math"
)

// A Problem is what is asked for and what each site would reach. Site s reaches the demands Demands[Starts[s]:Starts[s+1]],
// ascending, in the Seconds at the same places. Nothing in it is changed.
type Problem struct {
	Weights []float64 // by demand; not negative
	Sites   []Site
	Starts  []int // one more than Sites
	Demands []int32
	Seconds []float32

	Times  int     // how many sites must reach a demand for it to count; 0 means 1
	Floors []Floor // for Cover and Reach

	// BeyondSeconds is what a demand costs in Median that no site reaches, and the most that any demand costs there.
	BeyondSeconds float64
}

// A Site is a place where a station stands or may stand.
type Site struct {
	Role Role
	Kind int     // which of Limit.Kinds it counts in
	Cost float64 // in the unit of Limit.Budget; not negative
}

// A Role says what may become of a site.
type Role uint8

const (
	Candidate Role = iota // may be chosen
	Required              // is chosen, and counts like any other
	Existing              // stands and stays; counts in no limit
	Forbidden             // is not chosen
)

// A Floor is the least share of the weight of some demands that must be covered, from 0 to 1. Floors may overlap.
type Floor struct {
	Demands []int32 // ascending
	Share   float64
}

// A Limit is how much may be chosen. What is 0 or nil does not limit; something must.
type Limit struct {
	Sites  int     // how many sites
	Budget float64 // the sum of their costs
	Kinds  []int   // how many of each kind; less than 0 does not limit
}

// Options tell how hard to try. The zero value suits.
type Options struct {
	Seed       uint64         // of the kicks by which local search leaves a local optimum; equal seeds give equal plans
	Kicks      int            // how many; 0 means as many as the size allows, and less than 0 none
	BoundSteps int            // subgradient steps; 0 means 300, and less than 0 no more than two
	Progress   func(Progress) // is called now and then by the calling goroutine; may be nil

	runs int // how many searches share the kicks of one; 0 means that there is one
}

// Progress is how far a run has come.
type Progress struct {
	Stage    Stage
	Done, Of int     // steps of the stage, which may end before
	Value    float64 // of the best plan so far; in Reach while swapping, the weight that one site fewer covers
	Bound    float64 // NaN until there is one
}

// A Stage is a part of a run.
type Stage string

const (
	Greedy   Stage = "greedy"
	Swapping Stage = "swap"
	Bounding Stage = "bound"
)

// A Plan is an answer: which sites are chosen and how good that is. Value and Bound are weight (Cover), numbers of sites
// (Reach), weight times seconds (Median), or seconds (Centre). Bound is proven: no plan within the same limits is above it
// in Cover, or below it in the others. Gap is |Bound - Value| / the larger of both: 0.004 means that at most 0.4 % is lost.
type Plan struct {
	Chosen []Choice // in the order in which each adds most; existing sites are not among them
	Value  float64
	Bound  float64
	Gap    float64

	Covered   float64 // weight that is reached Times times
	Existing  float64 // of it, what existing sites cover by themselves
	Reachable float64 // weight that all sites but the forbidden ones together could cover
	Total     float64 // of Weights

	Floors []Held // by Problem.Floors
	Met    bool   // all floors hold, and in Reach and Centre the share is reached
	// Impossible says that it is proven that no plan can meet the floors. Where Met is false and Impossible too, none was
	// found.
	Impossible bool

	Merged int // demands with equal covers count once: how many are left
	Kept   int // candidates that are not dominated by another one
}

// A Choice is a site of a plan.
type Choice struct {
	Site    int
	Adds    float64 // what it adds to those before it: weight covered, or in Median the weight times seconds that it saves
	Covered float64 // weight covered by existing sites and the plan up to this one
	Alone   float64 // weight that no longer counts if this one is left out of the whole plan
}

// Held says how a floor is kept.
type Held struct {
	Weight  float64
	Covered float64
	Met     bool
}

// Check says what is wrong with a problem, if anything.
func (p *Problem) Check() error {
	if len(p.Starts) != len(p.Sites)+1 || p.Starts[0] != 0 || p.Starts[len(p.Sites)] != len(p.Demands) || len(p.Seconds) != len(p.Demands) {
		return fmt.Errorf("siting: %d sites with %d starts, %d demands and %d times do not fit together", len(p.Sites), len(p.Starts), len(p.Demands), len(p.Seconds))
	}
	if len(p.Weights) > math.MaxInt32 || len(p.Sites) > math.MaxInt32 {
		return errors.New("siting: there are more demands or sites than can be counted")
	}
	if p.Times < 0 {
		return fmt.Errorf("siting: a demand cannot be reached %d times", p.Times)
	}
	for i, w := range p.Weights {
		if !(w >= 0) || math.IsInf(w, 1) {
			return fmt.Errorf("siting: demand %d has a weight of %v", i, w)
		}
	}
	for s, site := range p.Sites {
		if site.Role > Forbidden || !(site.Cost >= 0) || math.IsInf(site.Cost, 1) || site.Kind < 0 {
			return fmt.Errorf("siting: site %d has role %d, kind %d and cost %v", s, site.Role, site.Kind, site.Cost)
		}
		if p.Starts[s] > p.Starts[s+1] || p.Starts[s+1] > len(p.Demands) {
			return fmt.Errorf("siting: the list of site %d ends before it starts", s)
		}
		if err := ascending(p.Demands[p.Starts[s]:p.Starts[s+1]], len(p.Weights)); err != nil {
			return fmt.Errorf("siting: site %d: %w", s, err)
		}
	}
	for i, t := range p.Seconds {
		if !(t >= 0) || math.IsInf(float64(t), 1) {
			return fmt.Errorf("siting: entry %d takes %v seconds", i, t)
		}
	}
	for g, f := range p.Floors {
		if !(f.Share >= 0 && f.Share <= 1) {
			return fmt.Errorf("siting: floor %d is %v, which is no share from 0 to 1", g, f.Share)
		}
		if err := ascending(f.Demands, len(p.Weights)); err != nil {
			return fmt.Errorf("siting: floor %d: %w", g, err)
		}
	}
	return nil
}

func ascending(demands []int32, count int) error {
	last := int32(-1)
	for _, i := range demands {
		if i <= last || int(i) >= count {
			return fmt.Errorf("demand %d after %d does not ascend below %d", i, last, count)
		}
		last = i
	}
	return nil
}

func (p *Problem) times() int32 { return int32(max(p.Times, 1)) }

// reach is what site s reaches.
func (p *Problem) reach(s int) ([]int32, []float32) {
	return p.Demands[p.Starts[s]:p.Starts[s+1]], p.Seconds[p.Starts[s]:p.Starts[s+1]]
}

func (o Options) steps() int {
	switch {
	case o.BoundSteps == 0:
		return 300
	case o.BoundSteps < 0:
		return 2
	}
	return o.BoundSteps
}

// kicks are fewer where each looks at more entries, so that a run takes about as long, and where the run is one of many.
func (o Options) kicks(entries int) int {
	switch {
	case o.Kicks == 0:
		return min(max(kickEntries/max(o.runs, 1)/max(entries, 1), 2), 2000)
	case o.Kicks < 0:
		return 0
	}
	return o.Kicks
}

// kickEntries are what all kicks of a run may look at: up to a second of work where they lie far apart in memory.
const kickEntries = 40_000_000

func (o Options) tell(p Progress) {
	if o.Progress != nil {
		o.Progress(p)
	}
}

// settle states how good the plan is. Rounding may put the bound a hair on the wrong side of the value; more than that is a
// contradiction, and no plan is better than a wrong proof.
func (plan *Plan) settle(value, bound float64, most bool) error {
	over := value - bound
	if !most {
		over = -over
	}
	if over > 1e-6*max(value, bound) {
		return fmt.Errorf("siting: a plan of %v contradicts its bound of %v, which is a fault of the program; please report it", value, bound)
	}
	if over > 0 {
		bound = value
	}
	plan.Value, plan.Bound = value, bound
	switch larger := max(value, bound); {
	case larger == 0 || value == bound:
		plan.Gap = 0
	case math.IsInf(larger, 1):
		plan.Gap = 1
	default:
		plan.Gap = math.Abs(value-bound) / larger
	}
	return nil
}
