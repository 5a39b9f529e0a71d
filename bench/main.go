// Command bench runs Kora's travel times and those of its rivals on the same streets in one run, holds their answers
// against each other, and writes the figures to docs/benchmarks.md. See README.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	out := flag.String("out", "docs/benchmarks.md", "where to write the figures")
	data := flag.String("data", "../shared/data", "folder with osm/ and elevation/")
	width := flag.Int("city", 938, "places along a side of the generated city")
	pandana := flag.String("pandana", "", "a Python that has pandana; empty: without it")
	flag.Parse()
	work, err := os.MkdirTemp("", "kora-bench-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)

	b := &bench{dir: work, data: *data, pandana: *pandana}
	if b.db, err = openDatabase(ctx); err != nil {
		b.miss("pgRouting and osm2pgrouting: %v", err)
	} else {
		defer b.db.close()
	}
	var failed error
	for _, name := range []string{"andorra", "heidelberg.test"} {
		failed = errors.Join(failed, b.extract(ctx, name))
	}
	failed = errors.Join(failed, b.city(ctx, *width), b.imports(ctx))
	if failed != nil {
		return failed
	}
	return b.write(*out)
}

// A bench gathers figures.
type bench struct {
	dir, data, pandana string
	db                 *database // nil without
	tables             []table
	missing            []string
}

func (b *bench) miss(format string, args ...any) {
	b.missing = append(b.missing, fmt.Sprintf(format, args...))
	fmt.Fprintf(os.Stderr, "bench: without "+format+"\n", args...)
}

func say(format string, args ...any) { fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...) }
