package main

import (
	"context"
	"fmt"
	"slices"

	"kora/bench/land"
)

const hundredThousand = 100_000

// tiles is the map: how its tiles are made and served, and how fast it follows the record.
func (b *bench) tiles(ctx context.Context, out string) (err error) {
	if b.db, err = openDatabase(ctx, "postgis"); err != nil {
		b.miss("PostGIS and what reads it: %v", err)
	} else {
		defer b.db.close()
	}
	if err := b.wants("following", func() error { return b.following(ctx) }); err != nil {
		return err
	}
	say("making %d parcels", hundredThousand)
	f, err := fieldOf(ctx, "100,000 generated parcels of 25 points", land.Parcels(hundredThousand))
	if err != nil {
		return err
	}
	defer f.close()
	for _, part := range []struct {
		name string
		do   func() error
	}{
		{"encoding", func() error { return b.encoding(ctx, f) }},
		{"serving", func() error { return b.serving(ctx, f) }},
		{"sizes", func() error { return b.sizes(ctx, f) }},
	} {
		if err := b.wants(part.name, part.do); err != nil {
			return err
		}
	}
	return b.write(out, "How fast the map is", "All in one run. Figures are processor time unless said otherwise (the "+
		"time of the processes that serve, PostgreSQL's among them), from rounds in which all were measured in turn: the least of nine for work in one process, the median of five for servers; a ratio is how many times as much the rival took.")
}

// wants does a part, unless others were named.
func (b *bench) wants(part string, do func() error) error {
	if len(b.only) > 0 && !slices.Contains(b.only, part) {
		return nil
	}
	if err := do(); err != nil {
		return fmt.Errorf("%s: %w", part, err)
	}
	return nil
}
