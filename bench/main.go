// Command bench runs Kora's travel times and its map, and those of rivals, on the same streets and parcels in one run, holds
// their answers against each other, and writes the figures to docs/. See README.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	do := run
	if text := os.Getenv(clientJob); text != "" {
		do = func(context.Context) error { return beClient(text, os.Stdout) }
	}
	if err := do(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) (err error) {
	out := flag.String("out", "docs", "folder to write the figures to")
	data := flag.String("data", "../shared/data", "folder with osm/, elevation/ and parcels/")
	width := flag.Int("city", 938, "places along a side of the generated city")
	pandana := flag.String("pandana", "", "a Python that has pandana; empty: without it")
	martin := flag.String("martin", "", "the tile server martin; empty: without it")
	servers := flag.String("servers", ".tools/servers", "folder in which other tile servers are installed")
	million := flag.Bool("million", false, "run 1,000,000 parcels too, which takes a few minutes and 4 GB")
	parcels := flag.Int("parcels", 20_000, "parcels on the page of land-web")
	only := flag.String("only", "", "of the map: following, encoding, serving or sizes; empty: all")
	flag.Parse()
	work, err := os.MkdirTemp("", "kora-bench-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()

	b := &bench{dir: work, data: *data, pandana: *pandana, martin: *martin, million: *million}
	if *only != "" {
		b.only = strings.Split(*only, ",")
	}
	if b.servers, err = filepath.Abs(*servers); err != nil {
		return err
	}
	switch flag.Arg(0) {
	case "streets":
		return b.streets(ctx, *width, filepath.Join(*out, "benchmarks.md"))
	case "tiles":
		return b.tiles(ctx, filepath.Join(*out, "benchmarks-tiles.md"))
	case "land-web":
		return b.page(ctx, *parcels)
	case "parcels":
		return b.parcels(ctx, filepath.Join(*out, "benchmarks-parcels.md"))
	case "siting":
		return b.siting(ctx, *width*9/8, filepath.Join(*out, "benchmarks-siting.md"))
	case "scenarios":
		return b.scenarios(ctx, filepath.Join(*out, "benchmarks-scenarios.md"))
	}
	return errors.New("name a part: streets, tiles, parcels, siting, scenarios or land-web")
}

// streets are the travel times.
func (b *bench) streets(ctx context.Context, width int, out string) (err error) {
	if b.db, err = openDatabase(ctx, "pgrouting"); err != nil {
		b.miss("pgRouting and osm2pgrouting: %v", err)
	} else {
		defer b.db.close()
	}
	var failed error
	for _, name := range []string{"andorra", "heidelberg.test"} {
		failed = errors.Join(failed, b.extract(ctx, name))
	}
	if failed = errors.Join(failed, b.city(ctx, width), b.imports(ctx)); failed != nil {
		return failed
	}
	return b.write(out, "How fast the travel times are", "One run, one thread; what a rival answers is held against "+
		"Kora's answer at every node before its time counts, unless said otherwise. Figures are medians; a ratio is how many times as long the rival took.")
}

// A bench gathers figures.
type bench struct {
	dir, data, servers string
	pandana, martin    string // of whoever brought them
	million            bool
	only               []string  // parts of the map; empty: all
	db                 *database // nil without
	tables             []table
	missing            []string
}

func (b *bench) miss(format string, args ...any) {
	b.missing = append(b.missing, fmt.Sprintf(format, args...))
	fmt.Fprintf(os.Stderr, "bench: without "+format+"\n", args...)
}

func say(format string, args ...any) { fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...) }
