package main

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"kora/geo/network"
	"kora/importers"
)

const (
	stations   = 200
	quarterSec = 900
)

// A graph is a network with the work to do on it.
type graph struct {
	name   string
	about  string
	n      *network.Network
	places []network.Link // stations, at nodes, and 200 more to move them to
	nodes  []int32        // of places
}

func (b *bench) city(ctx context.Context, width int) error {
	say("making the city")
	n, err := newCity(width)
	if err != nil {
		return err
	}
	return b.compare(ctx, "city", fmt.Sprintf("generated city of %d places", width*width), n)
}

func (b *bench) extract(ctx context.Context, name string) error {
	file, err := os.ReadFile(filepath.Join(b.data, "osm", name+".osm.pbf"))
	if err != nil {
		b.miss("the extract %s: %v", name, err)
		return nil
	}
	imported, _, err := importers.Network(ctx, name, bytes.NewReader(file), importers.NetworkOptions{DEM: os.DirFS(filepath.Join(b.data, "elevation"))})
	if err != nil {
		return err
	}
	n, err := network.Unmarshal(imported.Streets["walk"])
	if err != nil {
		return err
	}
	return b.compare(ctx, name, name+".osm.pbf, walking", n)
}

// compare does all work on one network, by Kora and by whoever else is there.
func (b *bench) compare(ctx context.Context, name, about string, n *network.Network) error {
	g := &graph{name: name, n: n}
	r := rand.New(rand.NewPCG(3, 9))
	for len(g.places) < 2*stations {
		v := r.Int32N(int32(n.Nodes()))
		if l := n.LinkNode(v); !l.Island {
			g.places, g.nodes = append(g.places, l), append(g.nodes, v)
		}
	}
	saved, err := n.MarshalBinary()
	if err != nil {
		return err
	}
	arcs := 0
	for e := range int32(n.Edges()) {
		for _, s := range [2]float64{n.Edge(e).Forward, n.Edge(e).Backward} {
			if !math.IsInf(s, 1) {
				arcs++
			}
		}
	}
	g.about = fmt.Sprintf("%s: %d nodes and %d arcs after chains became edges", about, n.Nodes(), arcs)
	say("%s", g.about)
	t := table{title: g.about}

	field := func(links []network.Link, o network.Options) *network.Field {
		f, err := n.Field(ctx, links, o)
		if err != nil {
			panic(err)
		}
		return f
	}
	whole := field(g.places[:stations], network.Options{MaxSeconds: math.Inf(1)})
	full := row{work: "nearest of 200, everywhere", kora: timed(func(int) { field(g.places[:stations], network.Options{MaxSeconds: math.Inf(1)}) })}
	quarter := row{work: "nearest of 200 within 15 minutes", kora: timed(func(int) { field(g.places[:stations], network.Options{MaxSeconds: quarterSec}) })}
	one := row{work: "one isochrone of 15 minutes, with parts of streets", kora: timed(func(i int) {
		field(g.places[i%stations:i%stations+1], network.Options{MaxSeconds: quarterSec}).Spans(1, quarterSec)
	})}
	three := row{work: "three nearest within 15 minutes", kora: timed(func(int) { field(g.places[:stations], network.Options{MaxSeconds: quarterSec, Nearest: 3}) })}
	three.note = fmt.Sprintf("%.2f × the one nearest", three.kora.median.Seconds()/quarter.kora.median.Seconds())
	saving := row{work: fmt.Sprintf("saved network (%.1f MB) ready to use", float64(len(saved))/1e6), kora: timed(func(int) {
		if _, err := network.Unmarshal(saved); err != nil {
			panic(err)
		}
	})}

	if err := b.export(g, whole); err != nil {
		return err
	}
	for _, rival := range []func(context.Context, *graph) (result, error){b.scipy, b.scipyBends, b.pgRouting, b.pandanaRun} {
		res, err := rival(ctx, g)
		switch {
		case err != nil:
			return fmt.Errorf("%s on %s: %w", res.who, name, err)
		case res.who == "":
			continue
		}
		full.add(res, "full")
		quarter.add(res, "quarter")
		one.add(res, "one")
		three.add(res, "three")
	}
	t.rows = append(t.rows, full, quarter, one, three)
	t.rows = append(t.rows, b.edits(ctx, g, whole, full.kora)...)
	t.rows = append(t.rows, saving)
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	t.notes = append(t.notes, fmt.Sprintf("Kora's memory: %.1f MB for the network with its bends and index, %.1f MB for a full field; %.0f MB in use in all.",
		float64(len(saved))/1e6, float64(n.Nodes()*8)/1e6, float64(m.HeapInuse)/1e6))
	b.tables = append(b.tables, t)
	return nil
}

// edits times what happens to one station of 200 while all nodes know their nearest.
func (b *bench) edits(ctx context.Context, g *graph, whole *network.Field, anew figure) (rows []row) {
	for _, c := range []struct {
		work string
		edit func(i int) (owner int, l *network.Link)
	}{
		{"add a station", func(i int) (int, *network.Link) { return stations, &g.places[stations+i%stations] }},
		{"remove a station", func(i int) (int, *network.Link) { return i % stations, nil }},
		{"move a station", func(i int) (int, *network.Link) { return i % stations, &g.places[stations+i%stations] }},
	} {
		r := row{work: c.work + ", everywhere", kora: timed(func(i int) {
			owner, l := c.edit(i)
			if _, err := whole.With(ctx, owner, l); err != nil {
				panic(err)
			}
		})}
		r.note = fmt.Sprintf("%.0f × quicker than anew; 99 %% within %s", anew.median.Seconds()/r.kora.median.Seconds(), short(r.kora.p99))
		rows = append(rows, r)
	}
	return rows
}

// A figure is what several runs took.
type figure struct {
	median, p99 time.Duration
	runs        int
}

// timed runs f, once to warm up, then for two seconds: at least 5 times, at most 1,000.
func timed(f func(i int)) figure {
	f(0)
	var took []time.Duration
	for begin := time.Now(); len(took) < 5 || time.Since(begin) < 2*time.Second && len(took) < 1000; {
		start := time.Now()
		f(len(took))
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	return figure{took[len(took)/2], took[len(took)*99/100], len(took)}
}
