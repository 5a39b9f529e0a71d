package match_test

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"kora"
	"kora/match"
)

func number(v float64) *float64 { return &v }

func parcel(n string, change func(*kora.Parcel)) *kora.Parcel {
	p := &kora.Parcel{Number: n, Status: kora.ParcelPromoted, County: "540402", Use: kora.LandUse{Code: "100101", Scheme: kora.Scheme2023},
		AreaM2: 20000, AltitudeM: 3000, TermYears: 50, Facilities: []string{"road", "water"},
		FAR: kora.Range{Min: number(1), Max: number(2)}, Price: &kora.Price{Amount: 500, Unit: "万元"}}
	if change != nil {
		change(p)
	}
	return p
}

// TestReasonsInNumbers has one parcel judged by every term.
func TestReasonsInNumbers(t *testing.T) {
	plain := parcel("A", nil)
	for name, c := range map[string]struct {
		parcel *kora.Parcel
		need   kora.Need
		fit    float64
		off    float64
		met    bool
	}{
		"area within":                  {plain, kora.Need{Term: "area", Min: number(10000), Max: number(20000)}, 1, 0, true},
		"area 80 %":                    {plain, kora.Need{Term: "area", Min: number(25000)}, 0.8, -5000, false},
		"area 25 % above":              {plain, kora.Need{Term: "area", Max: number(16000)}, 0.8, 4000, false},
		"price 25 % above":             {plain, kora.Need{Term: "price", Max: number(400)}, 0.8, 100, false},
		"unit price":                   {plain, kora.Need{Term: "price_m2", Max: number(250)}, 1, 0, true},
		"price by m²":                  {parcel("A", func(p *kora.Parcel) { p.Price = &kora.Price{Amount: 250, Unit: "元/㎡"} }), kora.Need{Term: "price", Min: number(500), Max: number(500)}, 1, 0, true},
		"price by mu":                  {parcel("A", func(p *kora.Parcel) { p.Price = &kora.Price{Amount: 20, Unit: "万元/亩"} }), kora.Need{Term: "price", Min: number(599.99), Max: number(600.01)}, 1, 0, true},
		"price by floor":               {parcel("A", func(p *kora.Parcel) { p.Price = &kora.Price{Amount: 100, Unit: "元/㎡楼面"} }), kora.Need{Term: "price", Max: number(200)}, 0.5, 200, false},
		"price by the stated area":     {parcel("A", func(p *kora.Parcel) { p.Price, p.StatedM2 = &kora.Price{Amount: 250, Unit: "元/㎡"}, 16000 }), kora.Need{Term: "price", Min: number(400), Max: number(400)}, 1, 0, true},
		"price not fixed":              {parcel("A", func(p *kora.Parcel) { p.Price = nil }), kora.Need{Term: "price", Max: number(1e9)}, 0, 0, false},
		"far allowed":                  {plain, kora.Need{Term: "far", Min: number(1.8), Max: number(3)}, 1, 0, true},
		"far too low":                  {plain, kora.Need{Term: "far", Min: number(2.5)}, 0.8, -0.5, false},
		"far at an inclusive bound":    {plain, kora.Need{Term: "far", Min: number(2)}, 1, 0, true},
		"far at an exclusive bound":    {parcel("A", func(p *kora.Parcel) { p.FAR.MaxExclusive = true }), kora.Need{Term: "far", Min: number(2)}, 0.999999, 0, false},
		"far above an exclusive bound": {parcel("A", func(p *kora.Parcel) { p.FAR.MinExclusive = true }), kora.Need{Term: "far", Max: number(1)}, 0.999999, 0, false},
		"far at its lower bound":       {plain, kora.Need{Term: "far", Max: number(1)}, 1, 0, true},
		"far unbounded above":          {parcel("A", func(p *kora.Parcel) { p.FAR.Max = nil }), kora.Need{Term: "far", Min: number(9)}, 1, 0, true},
		"far not told":                 {parcel("A", func(p *kora.Parcel) { p.FAR = kora.Range{} }), kora.Need{Term: "far", Min: number(9)}, 0, 0, false},
		"200 m too high":               {plain, kora.Need{Term: "altitude", Max: number(2800)}, 0.8, 200, false},
		"far too high":                 {plain, kora.Need{Term: "altitude", Max: number(1000)}, 0, 2000, false},
		"term":                         {plain, kora.Need{Term: "term", Min: number(40)}, 1, 0, true},
		"use":                          {plain, kora.Need{Term: "use", Values: []string{"09", "1001"}}, 1, 0, true},
		"another use":                  {plain, kora.Need{Term: "use", Values: []string{"09"}}, 0, 0, false},
		"another scheme":               {parcel("A", func(p *kora.Parcel) { p.Use.Scheme = kora.Scheme2017 }), kora.Need{Term: "use", Values: []string{"10"}}, 0, 0, false},
		"30 % of a mixed use": {parcel("A", func(p *kora.Parcel) {
			p.Uses = []kora.UseShare{{LandUse: kora.LandUse{Code: "1001", Scheme: kora.Scheme2023}, AreaM2: 7}, {LandUse: kora.LandUse{Code: "0901", Scheme: kora.Scheme2023}, AreaM2: 3}}
		}), kora.Need{Term: "use", Values: []string{"09"}}, 0.3, 0, false},
		"county":          {plain, kora.Need{Term: "county", Values: []string{"540421", "540402"}}, 1, 0, true},
		"services":        {plain, kora.Need{Term: "facility", Values: []string{"water", "road"}}, 1, 0, true},
		"half the wanted": {plain, kora.Need{Term: "facility", Values: []string{"water", "gas"}}, 0.5, 0, false},
		"access by road":  {plain, kora.Need{Term: "access"}, 1, 0, true},
		"access by entrance": {parcel("A", func(p *kora.Parcel) { p.Facilities, p.Access = nil, &orb.Point{94, 29} }),
			kora.Need{Term: "access"}, 1, 0, true},
		"no access": {parcel("A", func(p *kora.Parcel) { p.Facilities = nil }), kora.Need{Term: "access"}, 0, 0, false},
	} {
		if err := match.NewTable().Check([]kora.Need{c.need}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		r := match.NewTable().Rank([]*kora.Parcel{c.parcel}, []kora.Need{c.need}, 1)
		f := r.Suggestions[0].Findings[0]
		if math.Abs(f.Fit-c.fit) > 1e-6 || math.Abs(f.Off-c.off) > 1e-6 || f.Met != c.met {
			t.Errorf("%s: %+v, want fit %v, off %v, met %v", name, f, c.fit, c.off, c.met)
		}
		if r.Suggestions[0].Score != f.Fit {
			t.Errorf("%s: score %v of one need of fit %v", name, r.Suggestions[0].Score, f.Fit)
		}
	}
}

// TestEveryTermIsJudged fails for a term that parcels of the tests never have.
func TestEveryTermIsJudged(t *testing.T) {
	p := parcel("A", func(p *kora.Parcel) {
		p.Supply, p.Density, p.Green, p.HeightM = "GP", kora.Range{Max: number(40)}, kora.Range{Min: number(20)}, kora.Range{Max: number(24)}
	})
	has := map[string][]string{"use": {"10"}, "county": {"540402"}, "supply": {"GP"}, "facility": {"water"}}
	for _, term := range match.NewTable().Terms() {
		n := kora.Need{Term: term.Name, Hard: true, Values: has[term.Name]}
		if term.Kind == match.Number {
			n.Min, n.Max = number(0), number(1e9)
		}
		if err := match.NewTable().Check([]kora.Need{n}); err != nil {
			t.Fatal(err)
		}
		if r := match.NewTable().Rank([]*kora.Parcel{p}, []kora.Need{n}, 1); r.Total != 1 {
			t.Errorf("%s: a parcel that has it is left out", term.Name)
		}
	}
}

func TestRankTellsWhatHardNeedsCost(t *testing.T) {
	parcels := []*kora.Parcel{
		parcel("A", nil),
		parcel("B", func(p *kora.Parcel) { p.AreaM2 = 5000 }),
		parcel("C", func(p *kora.Parcel) { p.AreaM2, p.County = 5000, "540421" }),
		parcel("D", func(p *kora.Parcel) { p.Status = kora.ParcelSigned }),
	}
	r := match.NewTable().Rank(parcels, []kora.Need{
		{Term: "area", Min: number(10000), Hard: true}, {Term: "county", Values: []string{"540402"}, Hard: true}}, 10)
	if r.Total != 1 || r.Considered != 3 || r.Only[0] != 1 || r.Only[1] != 0 || r.Suggestions[0].Number != "A" || r.Suggestions[0].Score != 1 {
		t.Errorf("%+v", r)
	}
}

func TestMeasuresAreTermsToo(t *testing.T) {
	minutes := map[string]float64{"A": 40, "B": 20}
	table := match.NewTable(match.Measure{Name: "drive_airport", Unit: "min", Of: func(p *kora.Parcel) (float64, bool) {
		v, known := minutes[p.Number]
		return v, known
	}})
	asked := []kora.Need{{Term: "drive_airport", Max: number(30)}}
	if err := table.Check(asked); err != nil {
		t.Fatal(err)
	}
	r := table.Rank([]*kora.Parcel{parcel("A", nil), parcel("B", nil), parcel("C", nil)}, asked, 3)
	if numbers(r) != "B A C" || r.Suggestions[1].Score != 0.75 || r.Suggestions[1].Findings[0].Off != 10 || !r.Suggestions[2].Findings[0].Unknown {
		t.Errorf("%+v", r)
	}
	if err := match.NewTable().Check(asked); err == nil {
		t.Error("the measure is in a table that was not given it")
	}
}

func TestCheckRefuses(t *testing.T) {
	for name, n := range map[string]kora.Need{
		"unknown":        {Term: "colour", Values: []string{"red"}},
		"weight":         {Term: "access", Weight: 101},
		"no values":      {Term: "use"},
		"empty value":    {Term: "use", Values: []string{""}},
		"many values":    {Term: "use", Values: slices.Repeat([]string{"1"}, 51)},
		"no bounds":      {Term: "price"},
		"bounds of use":  {Term: "use", Values: []string{"1"}, Min: number(1)},
		"values of area": {Term: "area", Min: number(1), Values: []string{"1"}},
		"NaN":            {Term: "area", Min: number(math.NaN())},
		"infinite":       {Term: "area", Max: number(math.Inf(1))},
		"negative":       {Term: "area", Min: number(-1)},
		"upside down":    {Term: "area", Min: number(2), Max: number(1)},
	} {
		if err := match.NewTable().Check([]kora.Need{{Term: "access"}, n}); kora.ReasonOf(err) == "" || !strings.Contains(err.Error(), "needs[1].") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := match.NewTable().Check(slices.Repeat([]kora.Need{{Term: "access"}}, 41)); err == nil {
		t.Error("41 needs were taken")
	}
}

// Numbers are few, so that ties and touching bounds are common.
func anyParcel(t *rapid.T, n string) *kora.Parcel {
	small := func(what string, low, high int) float64 { return float64(rapid.IntRange(low, high).Draw(t, what)) }
	bound := func(what string) *float64 {
		if rapid.Bool().Draw(t, what+"?") {
			return nil
		}
		return number(small(what, 0, 4))
	}
	p := &kora.Parcel{Number: n, Status: rapid.SampledFrom(kora.ParcelStatuses()).Draw(t, "status"),
		County:     rapid.SampledFrom([]string{"540402", "540421"}).Draw(t, "county"),
		Use:        kora.LandUse{Code: rapid.SampledFrom([]string{"1001", "0901", "07"}).Draw(t, "use"), Scheme: kora.Scheme2023},
		AreaM2:     small("area", 1, 6) * 1000,
		AltitudeM:  small("altitude", 0, 6) * 500,
		Facilities: rapid.SliceOfNDistinct(rapid.SampledFrom(kora.Utilities()), 0, 4, rapid.ID).Draw(t, "facility"),
		FAR: kora.Range{Min: bound("far min"), Max: bound("far max"), MinExclusive: rapid.Bool().Draw(t, "min open"),
			MaxExclusive: rapid.Bool().Draw(t, "max open")},
	}
	if rapid.Bool().Draw(t, "priced") {
		p.Price = &kora.Price{Amount: small("price", 1, 6), Unit: rapid.SampledFrom(kora.PriceUnits()).Draw(t, "unit")}
	}
	return p
}

func parcels(t *rapid.T) []*kora.Parcel {
	all := make([]*kora.Parcel, rapid.IntRange(0, 12).Draw(t, "parcels"))
	for i := range all {
		all[i] = anyParcel(t, fmt.Sprintf("P%02d", i))
	}
	return all
}

func anyNeed(t *rapid.T) kora.Need {
	n := kora.Need{Term: rapid.SampledFrom([]string{"use", "county", "facility", "access", "area", "altitude", "far", "price"}).Draw(t, "term"),
		Hard: rapid.IntRange(0, 3).Draw(t, "hard") == 0, Weight: rapid.IntRange(0, 5).Draw(t, "weight")}
	switch n.Term {
	case "use":
		n.Values = []string{rapid.SampledFrom([]string{"10", "09", "0901"}).Draw(t, "code")}
	case "county":
		n.Values = []string{"540421"}
	case "facility":
		n.Values = rapid.SliceOfNDistinct(rapid.SampledFrom(kora.Utilities()), 1, 4, rapid.ID).Draw(t, "wanted")
	case "access":
	default:
		unit := map[string]float64{"area": 1000, "altitude": 500, "far": 1, "price": 1}[n.Term]
		low := rapid.IntRange(0, 5).Draw(t, "low")
		high := rapid.IntRange(low, 6).Draw(t, "high")
		n.Min, n.Max = number(float64(low)*unit), number(float64(high)*unit)
	}
	return n
}

func needs(t *rapid.T) []kora.Need {
	all := make([]kora.Need, rapid.IntRange(0, 5).Draw(t, "needs"))
	for i := range all {
		all[i] = anyNeed(t)
	}
	return all
}

func numbers(r match.Result) string {
	var all []string
	for _, s := range r.Suggestions {
		all = append(all, s.Number)
	}
	return strings.Join(all, " ")
}

// plainly is the recommendation as one would say it, in fractions: the fit of each parcel, or nothing for one that fails a
// hard need.
func plainly(p *kora.Parcel, needs []kora.Need) (score *big.Rat, in bool) {
	sum, weights := new(big.Rat), int64(0)
	for _, n := range needs {
		fit := plainFit(p, n)
		if n.Hard {
			if fit.Cmp(big.NewRat(1, 1)) != 0 && (n.Term != "use" || fit.Sign() == 0) {
				return nil, false
			}
			continue
		}
		w := int64(max(n.Weight, 1))
		weights += w
		sum.Add(sum, new(big.Rat).Mul(fit, big.NewRat(w, 1)))
	}
	if weights == 0 {
		return big.NewRat(1, 1), true
	}
	return sum.Quo(sum, big.NewRat(weights, 1)), true
}

func plainFit(p *kora.Parcel, n kora.Need) *big.Rat {
	yes := func(b bool) *big.Rat {
		if b {
			return big.NewRat(1, 1)
		}
		return new(big.Rat)
	}
	rat := func(f float64) *big.Rat { return new(big.Rat).SetFloat64(f) }
	var low, high *big.Rat // what the parcel has
	switch n.Term {
	case "use":
		return yes(strings.HasPrefix(p.Use.Code, n.Values[0]))
	case "county":
		return yes(p.County == n.Values[0])
	case "access":
		return yes(slices.Contains(p.Facilities, "road"))
	case "facility":
		have := int64(0)
		for _, w := range n.Values {
			if slices.Contains(p.Facilities, w) {
				have++
			}
		}
		return big.NewRat(have, int64(len(n.Values)))
	case "area":
		low, high = rat(p.AreaM2), rat(p.AreaM2)
	case "altitude":
		if p.AltitudeM == 0 {
			return new(big.Rat)
		}
		low, high = rat(p.AltitudeM), rat(p.AltitudeM)
	case "price":
		if p.Price == nil || p.Price.Unit == "元/㎡楼面" && p.FAR.Max == nil {
			return new(big.Rat)
		}
		v := rat(p.Price.Amount)
		switch area := rat(p.AreaM2); p.Price.Unit {
		case "元/㎡":
			v.Mul(v, area).Quo(v, rat(10000))
		case "元/㎡楼面":
			v.Mul(v, area).Mul(v, rat(*p.FAR.Max)).Quo(v, rat(10000))
		case "万元/亩":
			v.Mul(v, area).Quo(v, big.NewRat(2000, 3))
		}
		low, high = v, v
	case "far":
		if p.FAR.Min == nil && p.FAR.Max == nil {
			return new(big.Rat)
		}
		if p.FAR.Min != nil {
			low = rat(*p.FAR.Min)
		}
		if p.FAR.Max != nil {
			high = rat(*p.FAR.Max)
		}
	}
	from, to := rat(*n.Min), rat(*n.Max)
	far := func(distance, a, b *big.Rat) *big.Rat { // a/b, or by the distance
		fit := new(big.Rat)
		switch {
		case n.Term == "altitude":
			fit.Sub(big.NewRat(1, 1), new(big.Rat).Quo(distance, rat(1000)))
		case b.Sign() > 0:
			fit.Quo(a, b)
		}
		if fit.Cmp(big.NewRat(999999, 1000000)) > 0 { // it only touches
			return big.NewRat(999999, 1000000)
		}
		if fit.Sign() < 0 {
			return new(big.Rat)
		}
		return fit
	}
	open := n.Term == "far"
	if low != nil {
		if c := low.Cmp(to); c > 0 || c == 0 && open && p.FAR.MinExclusive {
			return far(new(big.Rat).Sub(low, to), to, low)
		}
	}
	if high != nil {
		if c := high.Cmp(from); c < 0 || c == 0 && open && p.FAR.MaxExclusive {
			return far(new(big.Rat).Sub(from, high), high, from)
		}
	}
	return big.NewRat(1, 1)
}

// TestRankAgainstPlainFractions compares with the second implementation: the same parcels, the same scores, in their order.
func TestRankAgainstPlainFractions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all, asked := parcels(t), needs(t)
		got := match.NewTable().Rank(all, asked, 100)
		want := map[string]*big.Rat{}
		for _, p := range all {
			if score, in := plainly(p, asked); in && match.Offered(p.Status) {
				want[p.Number] = score
			}
		}
		if len(want) != got.Total || len(got.Suggestions) != got.Total {
			t.Fatalf("%d parcels (%s), want %v", got.Total, numbers(got), want)
		}
		for i, s := range got.Suggestions {
			w := want[s.Number]
			if w == nil {
				t.Fatalf("%s fails a hard need", s.Number)
			}
			if exact, _ := w.Float64(); math.Abs(exact-s.Score) > 1e-6 {
				t.Fatalf("%s: score %v, want %v", s.Number, s.Score, exact)
			}
			if i == 0 {
				continue
			}
			before := got.Suggestions[i-1]
			if c := want[before.Number].Cmp(w); c == 0 && before.Number > s.Number && before.Score == s.Score {
				t.Fatalf("%s comes before %s with the same score", before.Number, s.Number)
			}
			if before.Score < s.Score {
				t.Fatalf("%s (%v) comes before %s (%v)", before.Number, before.Score, s.Number, s.Score)
			}
		}
	})
}

func TestRankDoesNotDependOnOrderOrScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all, asked := parcels(t), needs(t)
		want := numbers(match.NewTable().Rank(all, asked, 100))
		if got := numbers(match.NewTable().Rank(rapid.Permutation(all).Draw(t, "parcels in another order"), asked, 100)); got != want {
			t.Fatalf("in another order: %s, want %s", got, want)
		}
		if got := numbers(match.NewTable().Rank(all, rapid.Permutation(asked).Draw(t, "needs in another order"), 100)); got != want {
			t.Fatalf("needs in another order: %s, want %s", got, want)
		}
		scale := rapid.IntRange(1, 20).Draw(t, "scale")
		heavier := slices.Clone(asked)
		for i := range heavier {
			heavier[i].Weight = max(heavier[i].Weight, 1) * scale
		}
		if got := numbers(match.NewTable().Rank(all, heavier, 100)); got != want {
			t.Fatalf("weights times %d: %s, want %s", scale, got, want)
		}
		if some := numbers(match.NewTable().Rank(all, asked, 3)); !strings.HasPrefix(want, some) {
			t.Fatalf("the first three: %s, of %s", some, want)
		}
	})
}

// TestBetterNeverRanksLower lifts a parcel in one soft term and looks where it goes.
func TestBetterNeverRanksLower(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := parcels(t)
		if len(all) == 0 {
			return
		}
		asked := append(needs(t),
			kora.Need{Term: "area", Min: number(4000), Max: number(4000), Weight: rapid.IntRange(1, 5).Draw(t, "area weight")},
			kora.Need{Term: "facility", Values: kora.Utilities(), Weight: 1})
		for i := range asked { // a hard need may shut out whoever changes
			asked[i].Hard = false
		}
		i := rapid.IntRange(0, len(all)-1).Draw(t, "which")
		better := *all[i]
		if rapid.Bool().Draw(t, "by services") {
			better.Facilities = append(slices.Clone(better.Facilities), rapid.SampledFrom(kora.Utilities()).Draw(t, "one more"))
		} else {
			asked = slices.DeleteFunc(asked, func(n kora.Need) bool { return n.Term == "price" || n.Term == "area" && *n.Min != *n.Max })
			asked = slices.DeleteFunc(asked, func(n kora.Need) bool { return n.Term == "area" && *n.Min != 4000 })
			better.AreaM2 += (4000 - better.AreaM2) * rapid.Float64Range(0, 1).Draw(t, "nearer")
		}
		lifted := slices.Clone(all)
		lifted[i] = &better
		place := func(r match.Result) int {
			return slices.IndexFunc(r.Suggestions, func(s kora.Suggestion) bool { return s.Number == better.Number })
		}
		if before, after := place(match.NewTable().Rank(all, asked, 100)), place(match.NewTable().Rank(lifted, asked, 100)); after > before {
			t.Fatalf("from place %d to %d", before, after)
		}
	})
}

func BenchmarkRank(b *testing.B) {
	all := make([]*kora.Parcel, 100_000)
	for i := range all {
		all[i] = parcel(fmt.Sprintf("P%06d", i), func(p *kora.Parcel) { p.AreaM2 = float64(1000 + i*7919%90000) })
	}
	asked := []kora.Need{{Term: "use", Values: []string{"10"}, Hard: true}, {Term: "area", Min: number(20000), Max: number(40000), Weight: 3},
		{Term: "price", Max: number(400)}, {Term: "facility", Values: []string{"water", "gas"}}, {Term: "far", Min: number(2.5)}}
	for b.Loop() {
		match.NewTable().Rank(all, asked, 20)
	}
}
