package siting_test

import (
	"context"
	"fmt"

	"kora/geo/siting"
)

// Four blocks along a street and three places for a station. One station stands already, two more may be built.
func ExampleProblem_Cover() {
	p := &siting.Problem{
		Weights: []float64{120, 80, 200, 50}, // workers
		Sites:   []siting.Site{{Role: siting.Existing}, {}, {}},
		Starts:  []int{0, 1, 3, 5},
		Demands: []int32{0, 0, 1, 2, 3},
		Seconds: []float32{300, 600, 240, 420, 840},
	}
	plan, err := p.Cover(context.Background(), siting.Limit{Sites: 2}, siting.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range plan.Chosen {
		fmt.Printf("site %d adds %v: %v of %v\n", c.Site, c.Adds, c.Covered, plan.Total)
	}
	fmt.Printf("at most %v can be covered\n", plan.Bound)
	// Output:
	// site 2 adds 250: 370 of 450
	// site 1 adds 80: 450 of 450
	// at most 450 can be covered
}
