package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/gzip"
	"github.com/paulmach/orb/maptile"

	"kora"
	"kora/atlas"
	"kora/importers"
	"kora/tiles"
)

// sizes looks for the largest tiles, compressed as they are sent.
func (b *bench) sizes(ctx context.Context, f *field) error {
	tab := table{title: "The largest tile", head: []string{"layer", "tiles", "largest, gzip", "where", "it is, without gzip", "in the mean, gzip"}}
	add := func(name string, a *atlas.Atlas, l *tiles.Layer) error {
		say("making every tile of %s", name)
		n, most, plain, sum, where := 0, 0, 0, 0, maptile.Tile{}
		err := everyTile(a, l, maptile.Tile{}, func(t maptile.Tile) error {
			tile, err := l.Encode(a, t)
			if err != nil || len(tile) == 0 {
				return err
			}
			var packed bytes.Buffer
			z, err := gzip.NewWriterLevel(&packed, 6)
			if err != nil {
				return err
			}
			if _, err := z.Write(tile); err != nil {
				return err
			}
			if err := z.Close(); err != nil {
				return err
			}
			n, sum = n+1, sum+packed.Len()
			if packed.Len() > most {
				most, plain, where = packed.Len(), len(tile), t
			}
			return ctx.Err()
		})
		if n > 0 {
			tab.cells = append(tab.cells, []string{fmt.Sprintf("%s, z %d–%d", name, l.MinZoom, l.MaxZoom), fmt.Sprint(n), fmt.Sprintf("%.1f kB", float64(most)/1e3),
				fmt.Sprintf("%d/%d/%d", where.Z, where.X, where.Y), fmt.Sprintf("%.1f kB", float64(plain)/1e3), fmt.Sprintf("%.1f kB", float64(sum)/float64(n)/1e3)})
		}
		return err
	}
	if err := add("parcels of "+f.name, f.atlas, f.layer); err != nil {
		return err
	}
	for _, name := range []string{"andorra", "heidelberg.test"} {
		file, err := os.Open(filepath.Join(b.data, "osm", name+".osm.pbf"))
		if err != nil {
			b.miss("the extract %s: %v", name, err)
			continue
		}
		n, _, err := importers.Network(ctx, name, file, importers.NetworkOptions{})
		_ = file.Close()
		if err != nil {
			return err
		}
		n.Streets = nil // the ground alone
		r := &record{waiting: &kora.Changes{Whole: true, Network: &n}}
		k, err := atlas.Open(ctx, r, slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		if err := add("basemap of "+name+".osm.pbf", k.Atlas(), layerNamed("basemap")); err != nil {
			return err
		}
	}
	tab.notes = append(tab.notes, "Maps draw what lies beyond a layer's last zoom from the tiles of that zoom.")
	b.tables = append(b.tables, tab)
	return nil
}
