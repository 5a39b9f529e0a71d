package service_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"pgregory.net/rapid"

	"kora/geo/grid"
	"kora/geo/service"
	"kora/store/cluster/clustertest"
)

func TestMain(m *testing.M) { clustertest.Main(m) }

// PostGIS judges how much of a cell lies in polygons that overlap each other and have holes.
func TestAreaInAgainstPostGIS(t *testing.T) {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, clustertest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, `CREATE EXTENSION IF NOT EXISTS postgis`); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	var ours, theirs float64
	for i := range 40 {
		c, err := grid.At(at(r.Float64()*20_000, r.Float64()*20_000), res)
		if err != nil {
			t.Fatal(err)
		}
		ring := c.Boundary()
		var polygons []orb.Polygon
		for range 1 + r.IntN(6) {
			polygons = append(polygons, house(c.Centre(), r))
		}
		got := service.AreaIn(ring, polygons)
		var want float64
		texts := make([]string, len(polygons))
		for k, p := range polygons {
			texts[k] = wkt.MarshalString(p)
		}
		err = conn.QueryRow(ctx, `SELECT ST_Area(ST_Intersection(ST_GeomFromText($1, 4490), ST_Union(ST_GeomFromText(g, 4490)))::geography) FROM unnest($2::text[]) AS g`,
			wkt.MarshalString(orb.Polygon{ring}), texts).Scan(&want)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(got-want) > 0.002*want+8 {
			t.Errorf("cell %d: %.1f m², PostGIS says %.1f", i, got, want)
		}
		ours, theirs = ours+got, theirs+want

		var all float64
		if err := conn.QueryRow(ctx, `SELECT ST_Area(ST_GeomFromText($1, 4490)::geography)`, wkt.MarshalString(orb.Polygon{ring})).Scan(&all); err != nil {
			t.Fatal(err)
		}
		if whole := service.AreaIn(ring, []orb.Polygon{{ring}}); math.Abs(whole-all) > 0.001*all {
			t.Errorf("cell %d as a whole: %.1f m², PostGIS says %.1f", i, whole, all)
		}
	}
	if theirs == 0 || math.Abs(ours-theirs) > 0.0005*theirs {
		t.Errorf("%.0f m² in all, PostGIS says %.0f", ours, theirs)
	}
}

// house is a star around some place near c, at times with a yard.
func house(c orb.Point, r *rand.Rand) orb.Polygon {
	middle := orb.Point{c[0] + (r.Float64()-0.5)*0.002, c[1] + (r.Float64()-0.5)*0.002}
	star := func(least, most float64) (ring orb.Ring) {
		for k := range 9 {
			sin, cos := math.Sincos(float64(k) / 9 * 2 * math.Pi)
			d := least + r.Float64()*(most-least)
			ring = append(ring, orb.Point{middle[0] + cos*d, middle[1] + sin*d})
		}
		return append(ring, ring[0])
	}
	p := orb.Polygon{star(0.0003, 0.001)}
	if r.IntN(2) == 0 {
		hole := star(0.00005, 0.0002)
		hole.Reverse()
		p = append(p, hole)
	}
	return p
}

// TestSpreadKeepsTheSum: nothing of demand is lost or counted twice, whatever it comes by.
func TestSpreadKeepsTheSum(t *testing.T) {
	n := town(t, 3, 10)
	cells, err := service.StreetCells(t.Context(), n, around(n), res)
	if err != nil {
		t.Fatal(err)
	}
	street := func(p orb.Point) bool { return n.HasStreet(p, n.Profile().CellReachM) }
	rapid.Check(t, func(t *rapid.T) {
		var points []orb.Point
		var from []grid.Cell
		var weights []float64
		total := 0.0
		resolution := rapid.IntRange(8, 13).Draw(t, "resolution")
		for i := range rapid.IntRange(1, 30).Draw(t, "places") {
			p := at(rapid.Float64Range(-1500, 3000).Draw(t, "x"), rapid.Float64Range(-1500, 3000).Draw(t, "y"))
			c, err := grid.At(p, resolution)
			if err != nil {
				t.Fatal(err)
			}
			points, from, weights = append(points, p), append(from, c), append(weights, float64(i+1))
			total += float64(i + 1)
		}
		byPoint, err := service.SpreadPoints(cells, res, points, weights)
		if err != nil {
			t.Fatal(err)
		}
		byCell, err := service.SpreadCells(cells, res, from, weights, street)
		if err != nil {
			t.Fatal(err)
		}
		for name, s := range map[string]*service.Spread{"points": byPoint, "cells": byCell} {
			sum := s.Off
			for _, w := range s.Weights {
				sum += w
			}
			if math.Abs(sum-total) > 1e-9*total {
				t.Errorf("%s: %v becomes %v", name, total, sum)
			}
		}
		if resolution == res && (byPoint.Off != byCell.Off || !slices.Equal(byPoint.Weights, byCell.Weights)) {
			t.Errorf("cells of the grid do not go where their centres go")
		}
	})
	// A coarse cell gives to children with a street only, and the same to each.
	c := cells[len(cells)/2]
	above, err := c.Parent(8)
	if err != nil {
		t.Fatal(err)
	}
	s, err := service.SpreadCells(cells, res, []grid.Cell{above}, []float64{49}, street)
	if err != nil {
		t.Fatal(err)
	}
	children, err := above.Children(res)
	if err != nil || len(children) != 49 {
		t.Fatalf("%d children, %v", len(children), err)
	}
	lived := 0
	for _, child := range children {
		if street(child.Centre()) {
			lived++
		}
	}
	if lived == 0 || lived == 49 {
		t.Fatalf("%d children have a street, which shows nothing", lived)
	}
	for i, cell := range cells {
		want := 0.0
		if slices.Contains(children, cell) && street(cell.Centre()) {
			want = 49 / float64(lived)
		}
		if s.Weights[i] != want {
			t.Errorf("%v gets %v, want %v", cell, s.Weights[i], want)
		}
	}
}

// TestStreetInCellsAddsUp: the metres of cells that cover an area without a gap are those of the area.
func TestStreetInCellsAddsUp(t *testing.T) {
	n := town(t, 5, 12)
	box := around(n)
	cells, err := grid.Cover(orb.MultiPolygon{box.Pad(0.01).ToPolygon()}, res)
	if err != nil {
		t.Fatal(err)
	}
	rings := make([]orb.Ring, len(cells))
	for i, c := range cells {
		rings[i] = c.Boundary()
	}
	metres := service.StreetInCells(n, len(cells), box, func(i int) orb.Ring { return rings[i] }, func(b orb.Bound, visit func(int)) {
		for i := range rings {
			if rings[i].Bound().Intersects(b) {
				visit(i)
			}
		}
	})
	sum := 0.0
	for _, m := range metres {
		sum += m
	}
	want := service.StreetsIn(n, orb.MultiPolygon{box.Pad(0.01).ToPolygon()}).Metres
	if want < 10_000 || math.Abs(sum-want) > 1e-4*want {
		t.Errorf("%.1f m in cells, %.1f in all", sum, want)
	}
}
