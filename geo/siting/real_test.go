package siting_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"

	"kora/geo/siting"
)

const sanFrancisco = "../../../shared/data/siting-sf/"

// stores is the San Francisco data set of spopt: 205 census tracts, 16 store sites, street distances in metres.
func stores(t *testing.T, within float64) *siting.Problem {
	t.Helper()
	read := func(name string) [][]string {
		f, err := os.Open(sanFrancisco + name)
		if os.IsNotExist(err) {
			t.Skipf("%s is not at hand", name)
		}
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows[1:]
	}
	number := func(s string) float64 {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	p := &siting.Problem{BeyondSeconds: 1e6}
	tract, store := map[string]int32{}, map[string]int{}
	for i, row := range read("SF_demand_205_centroid_uniform_weight.csv") {
		tract[row[3]] = int32(i)
		p.Weights = append(p.Weights, number(row[6]))
	}
	for i, row := range read("SF_store_site_16_longlat.csv") {
		store[row[2]] = i
		p.Sites = append(p.Sites, siting.Site{Cost: 1})
	}
	type entry struct {
		demand int32
		metres float64
	}
	lists := make([][]entry, len(p.Sites))
	for _, row := range read("SF_network_distance_candidateStore_16_censusTract_205_new.csv") {
		d, ok := tract[row[2]]
		s, known := store[row[1]]
		if !ok || !known {
			t.Fatalf("no tract %s or store %s", row[2], row[1])
		}
		if metres := number(row[0]); metres <= within {
			lists[s] = append(lists[s], entry{d, metres})
		}
	}
	p.Starts = []int{0}
	for _, list := range lists {
		slices.SortFunc(list, func(a, b entry) int { return int(a.demand - b.demand) })
		for _, e := range list {
			p.Demands, p.Seconds = append(p.Demands, e.demand), append(p.Seconds, float32(e.metres))
		}
		p.Starts = append(p.Starts, len(p.Demands))
	}
	return p
}

// expected are the optima, found by others and by going through all combinations.
func expected(t *testing.T) (e struct {
	LSCP    int                              `json:"LSCP_min_facilities"`
	MCLP    struct{ Covered_demand float64 } `json:"MCLP"`
	PMedian struct{ Objective float64 }      `json:"p_median"`
	PCentre struct{ Objective float64 }      `json:"p_center"`
}) {
	t.Helper()
	text, err := os.ReadFile(sanFrancisco + "expected.json")
	if os.IsNotExist(err) {
		t.Skip("the San Francisco data set is not at hand")
	}
	if err == nil {
		err = json.Unmarshal(text, &e)
	}
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func near(a, b, tolerance float64) bool {
	return math.Abs(a-b) <= tolerance*max(math.Abs(a), math.Abs(b))
}

func TestCoverOfSanFrancisco(t *testing.T) {
	e := expected(t)
	plan, err := stores(t, 5000).Cover(context.Background(), siting.Limit{Sites: 4}, siting.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if plan.Value != e.MCLP.Covered_demand || plan.Value != 875247 || plan.Total != 955113 {
		t.Errorf("four stores cover %v of %v, not %v", plan.Value, plan.Total, e.MCLP.Covered_demand)
	}
	if plan.Bound < plan.Value || plan.Gap > 0.01 {
		t.Errorf("the bound is %v, a gap of %v", plan.Bound, plan.Gap)
	}
}

func TestReachOfSanFrancisco(t *testing.T) {
	e := expected(t)
	plan, err := stores(t, 5000).Reach(context.Background(), 1, siting.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if plan.Value != float64(e.LSCP) || plan.Value != 8 || plan.Covered != plan.Total || !plan.Met {
		t.Errorf("%v stores cover %v of %v; %d are needed", plan.Value, plan.Covered, plan.Total, e.LSCP)
	}
	if plan.Bound != 8 {
		t.Errorf("at least %v are said to be needed", plan.Bound)
	}
}

func TestCentreOfSanFrancisco(t *testing.T) {
	e := expected(t)
	plan, err := stores(t, math.Inf(1)).Centre(context.Background(), siting.Limit{Sites: 4}, siting.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !near(plan.Value, e.PCentre.Objective, 1e-6) || plan.Bound > plan.Value || !plan.Met {
		t.Errorf("the longest way is %v m, at least %v, not %v", plan.Value, plan.Bound, e.PCentre.Objective)
	}
}

func TestMedianOfSanFrancisco(t *testing.T) {
	e := expected(t)
	plan, err := stores(t, math.Inf(1)).Median(context.Background(), siting.Limit{Sites: 4}, siting.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !near(plan.Value, e.PMedian.Objective, 1e-7) {
		t.Errorf("people go %v m, not %v", plan.Value, e.PMedian.Objective)
	}
	if plan.Bound > plan.Value || plan.Gap > 1e-6 {
		t.Errorf("the bound is %v, a gap of %v", plan.Bound, plan.Gap)
	}
}
