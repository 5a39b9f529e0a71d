package network_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"

	"kora/geo/network"
)

// Where every metre takes the same time, ways are as long as their times say.
func TestWaysAreAsLongAsTheyTake(t *testing.T) {
	s := draw(t, `
A----+--->---+----B
|    |       |    |
|    +---+---+    v
|    |   h        |
+----+-------+----+
`)
	f, err := s.Field(t.Context(), []network.Link{s.link('h')}, network.Options{MaxSeconds: math.Inf(1)})
	if err != nil {
		t.Fatal(err)
	}
	ways := f.Ways()
	off := 0.0
	for _, a := range s.link('h').Access {
		off = max(off, a.OffMetres)
	}
	for v := range int32(s.Nodes()) {
		seconds, _, ok := f.At(v, 0)
		way, found := ways.From(v)
		if found != ok || way.Seconds != seconds {
			t.Errorf("node %d: %+v, %v, and %v s, %v by the field", v, way, found, seconds, ok)
		}
		// The way off the street is slower; it is the same for all.
		if street := (way.Metres - off) / metresPer; ok && math.Abs(street+off/beside-seconds) > 15 {
			t.Errorf("node %d: %.0f m take %.0f s", v, way.Metres, seconds)
		}
	}
}

func TestSpotsAreOnTheCarriagewayOfTheirDirection(t *testing.T) {
	s := draw(t, `
A--------->---------B
D---------<---------C
`)
	p, east, west := at(700, 40), at(800, 40), at(600, 40)
	up, ok := s.SpotTowards(p, east, 90)
	if !ok || math.Abs(up.AsideM-40) > 0.1 || math.Abs(up.ToNext.Metres-1300) > 1 || network.Distance(s.Node(up.Next), s.places['B']) > 1 {
		t.Errorf("eastward %+v, %v", up, ok)
	}
	down, ok := s.SpotTowards(p, west, 90)
	if !ok || math.Abs(down.AsideM-60) > 0.1 || math.Abs(down.ToNext.Metres-700) > 1 || network.Distance(s.Node(down.Next), s.places['D']) > 1 {
		t.Errorf("westward %+v, %v", down, ok)
	}
	for name, ahead := range map[string]orb.Point{"north": at(700, -60), "nowhere": p} {
		if spot, ok := s.SpotTowards(p, ahead, 90); ok {
			t.Errorf("%s: %+v", name, spot)
		}
	}
	if spot, ok := s.SpotTowards(p, west, 50); ok {
		t.Errorf("beyond reach: %+v", spot)
	}
	at, ok := s.SpotTowards(at(20, 0), east, 90)
	if !ok || at.Last < 0 || network.Distance(s.Node(at.Last), s.places['A']) > 1 || up.Last >= 0 {
		t.Errorf("at a node %+v, %v", at, ok)
	}
}
