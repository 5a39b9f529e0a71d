package siting_test

import (
	"context"
	"strconv"
	"testing"

	"kora/bench/exact"
	"kora/geo/siting"
)

func BenchmarkCover(b *testing.B) {
	for _, c := range []struct{ demands, sites, choose int }{{20_000, 1_000, 30}, {880_000, 10_000, 50}} {
		b.Run(strconv.Itoa(c.demands), func(b *testing.B) {
			p := exact.City(c.demands, c.sites, 1)
			for _, o := range []struct {
				name string
				siting.Options
			}{{"plan", siting.Options{BoundSteps: -1}}, {"bound", siting.Options{}}} {
				b.Run(o.name, func(b *testing.B) {
					var plan *siting.Plan
					for b.Loop() {
						var err error
						if plan, err = p.Cover(context.Background(), siting.Limit{Sites: c.choose}, o.Options); err != nil {
							b.Fatal(err)
						}
					}
					b.ReportMetric(100*plan.Gap, "%gap")
					b.ReportMetric(float64(len(p.Demands)), "entries")
				})
			}
		})
	}
}
