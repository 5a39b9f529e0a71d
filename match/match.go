// Package match finds the parcels that suit what somebody needs: hard needs filter, soft needs score, and every suggestion
// tells its reasons in numbers. It computes only; what can be asked for is the table in terms.go.
package match

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"kora"
)

// whole is a fit of 1. Fits are whole millionths and weights whole numbers, so that sums are exact: the ranking is the same
// on every machine, in whatever order needs and parcels come.
const whole = 1_000_000

// A Result is what Rank found.
type Result struct {
	Suggestions []kora.Suggestion // best first; equal ones by number
	Total       int               // how many parcels meet every hard need
	Considered  int               // how many there are on offer
	Only        []int             // by need: how many parcels fail this hard need and no other
}

// Rank gives the best of the parcels that meet every hard need, at most limit of them. Parcels that are not on offer are
// passed over. Needs must have passed Check.
func (t Table) Rank(parcels []*kora.Parcel, needs []kora.Need, limit int) Result {
	asked := make([]*ask, len(needs))
	for i, n := range needs {
		asked[i] = &ask{n, t.find(n.Term), spanOf(n.Min, n.Max)}
	}
	r := Result{Suggestions: []kora.Suggestion{}, Only: make([]int, len(needs))}
	var found []candidate // the best so far, in order
	for _, p := range parcels {
		if !Offered(p.Status) {
			continue
		}
		r.Considered++
		score, failed, fails := int64(0), 0, 0
		for i, a := range asked {
			fit, met := a.judge(p)
			switch {
			case !a.Hard:
				score += int64(a.weight()) * fit
			case !met:
				failed, fails = i, fails+1
			}
		}
		switch fails {
		case 0:
			r.Total++
			found = insert(found, candidate{p, score}, limit)
		case 1:
			r.Only[failed]++
		}
	}
	var best int64
	for _, a := range asked {
		if !a.Hard {
			best += int64(a.weight()) * whole
		}
	}
	for _, c := range found {
		s := kora.Suggestion{Number: c.parcel.Number, Score: 1, Findings: make([]kora.Finding, len(asked))}
		if best > 0 {
			s.Score = float64(c.score) / float64(best)
		}
		for i, a := range asked {
			s.Findings[i] = a.finding(c.parcel)
		}
		r.Suggestions = append(r.Suggestions, s)
	}
	return r
}

type candidate struct {
	parcel *kora.Parcel
	score  int64
}

func (c candidate) compare(d candidate) int {
	return cmp.Or(cmp.Compare(d.score, c.score), strings.Compare(c.parcel.Number, d.parcel.Number))
}

// insert puts c in its place among the best, of which there are at most limit.
func insert(best []candidate, c candidate, limit int) []candidate {
	if len(best) >= limit {
		if limit < 1 || c.compare(best[limit-1]) > 0 {
			return best
		}
		best = best[:limit-1]
	}
	i, _ := slices.BinarySearchFunc(best, c, candidate.compare)
	return slices.Insert(best, i, c)
}

// Offered tells whether a parcel in this state can still be had.
func Offered(s kora.ParcelStatus) bool {
	switch s.Stage() {
	case kora.StageAvailable, kora.StageAnnounced, kora.StageBidding:
		return true
	}
	return false
}

// An ask is a need with the term that it is about.
type ask struct {
	kora.Need
	term   *term
	wanted span
}

func (a *ask) weight() int { return max(a.Weight, 1) }

// judge gives the fit in millionths, and whether a hard need of this kind is met.
func (a *ask) judge(p *kora.Parcel) (fit int64, met bool) {
	if a.term.numbers != nil {
		has, known := a.term.numbers(p)
		if !known {
			return 0, false
		}
		off := has.off(a.wanted)
		return a.term.fit(has, a.wanted, off), off.side == 0
	}
	share := a.term.share(p, a.Values)
	return int64(share*whole + 0.5), share == 1 || share > 0 && a.term.Kind != All
}

func (a *ask) finding(p *kora.Parcel) kora.Finding {
	fit, met := a.judge(p)
	f := kora.Finding{Term: a.Term, Hard: a.Hard, Met: met && fit == whole, Fit: float64(fit) / whole}
	if !a.Hard {
		f.Weight = a.weight()
	}
	switch {
	case a.term.numbers != nil:
		has, known := a.term.numbers(p)
		if f.Unknown = !known; known {
			f.Low, f.High, f.Unit, f.Off = finite(has.low), finite(has.high), a.term.Unit, has.off(a.wanted).by
		}
	case a.term.Kind == All:
		for _, v := range a.Values {
			if a.term.share(p, []string{v}) == 0 {
				f.Missing = append(f.Missing, v)
			}
		}
	}
	return f
}

// finite is nil for an open-ended bound.
func finite(v float64) *float64 {
	if math.IsInf(v, 0) {
		return nil
	}
	return &v
}
