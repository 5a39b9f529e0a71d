package main

import "testing"

func TestCityIsTheSameEveryTime(t *testing.T) {
	a, err := newCity(40)
	if err != nil {
		t.Fatal(err)
	}
	b, err := newCity(40)
	if err != nil {
		t.Fatal(err)
	}
	if a.Nodes() != b.Nodes() || a.Edges() != b.Edges() || a.Nodes() < 1100 || a.Nodes() > 1600 {
		t.Errorf("%d nodes and %d edges, then %d and %d", a.Nodes(), a.Edges(), b.Nodes(), b.Edges())
	}
}
