package main

import (
	"bytes"
	"io/fs"
	"testing"

	"kora/sample"
)

func TestTheFilesAreWhatTheGeneratorWrites(t *testing.T) {
	files, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		kept, err := fs.ReadFile(sample.Files(), f.name)
		if err != nil {
			t.Error(err)
		} else if !bytes.Equal(f.content, kept) {
			t.Errorf("%s is out of date; run: go run ./sample/generate", f.name)
		}
	}
}

func TestCrossingStreetsShareANode(t *testing.T) {
	g := newGraph()
	chains := g.build([]line{{{0, 0}, {100, 0}}, {{50, -50}, {50, 50}}, {{80, 0}, {80, 40}}}, []bool{true, true, true})
	if len(g.nodes) != 7 || len(chains[0]) != 4 || len(chains[1]) != 3 || len(chains[2]) != 2 {
		t.Errorf("nodes %v, chains %v", g.nodes, chains)
	}
	if chains[0][1] != chains[1][1] || chains[0][2] != chains[2][0] {
		t.Errorf("the streets do not meet: %v", chains)
	}
}

func TestFacesAreTheGroundBetweenStreets(t *testing.T) {
	square := line{{0, 0}, {100, 0}, {100, 100}, {0, 100}, {0, 0}}
	inner := line{{40, 40}, {60, 40}, {60, 60}, {40, 60}, {40, 40}}
	g := newGraph()
	g.build([]line{square, inner, {{50, 60}, {50, 100}}}, []bool{true, false, true})
	g.join()
	var sum float64
	faces := g.faces()
	for _, f := range faces {
		sum += g.outline(f).area()
	}
	if len(faces) != 2 || sum != 10000 {
		t.Errorf("%d faces of %.0f m² together, want 2 of 10000", len(faces), sum)
	}
}

func TestBlocksFillTheirDistrict(t *testing.T) {
	g := newGraph()
	g.build([]line{{{0, 0}, {900, 20}, {880, 700}, {-30, 650}, {0, 0}}}, []bool{true})
	face := g.faces()[0]
	whole := g.outline(face).area()
	d := &district{name: "test", block: 15000}
	var sides []side
	var blocks []block
	g.divide(face, d, random("test"), &sides, &blocks)
	var sum float64
	for _, b := range blocks {
		size := g.outline(b.face).area()
		if size < 0.2*d.block || size > 3*d.block {
			t.Errorf("a block of %.0f m² where %.0f are wanted", size, d.block)
		}
		sum += size
	}
	if sum < 0.999*whole || sum > 1.001*whole {
		t.Errorf("blocks of %.0f m² together in %.0f m²", sum, whole)
	}
	if len(blocks) < 25 || len(sides) != len(blocks)-1 {
		t.Errorf("%d streets make %d blocks", len(sides), len(blocks))
	}
}

func TestBridgesReachFromBankToBank(t *testing.T) {
	rivers := []river{{middle: line{{-500, 0}, {500, 0}}, banks: ring{{-500, -60}, {500, -60}, {500, 60}, {-500, 60}}}}
	got := bridges(line{{0, -300}, {0, 300}}, rivers)
	if len(got) != 3 || got[0].bridge || !got[1].bridge || got[2].bridge {
		t.Fatalf("parts %+v", got)
	}
	if b := got[1].line; b[0] != (point{0, -60 - abutment}) || b[len(b)-1] != (point{0, 60 + abutment}) {
		t.Errorf("the bridge runs %v", b)
	}
}
