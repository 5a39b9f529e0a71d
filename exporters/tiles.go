package exporters

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"kora"
	"kora/atlas"
	"kora/tiles"
	"kora/tiles/pmtiles"
)

// TileOptions narrow what goes into an archive.
type TileOptions struct {
	Bounds           *orb.Bound // only tiles that touch it; nil: all
	MinZoom, MaxZoom maptile.Zoom
	Generator        string
	Progress         func(done, total int64) // in tiles that were looked at
}

// archiveEnding is that of PMTiles.
const archiveEnding = ".pmtiles"

// Archives tells where the archives of layers go: into out itself when it ends in .pmtiles, which has room for one layer, else
// into a file for each layer in the folder out, which is made when its own folder is there.
//
// A layer has an archive of its own because it has zooms of its own beyond which maps overzoom, because a source of a map
// style names one archive, and because layers change at their own pace: a CDN keeps the basemap when a station moves.
func Archives(out string, layers []*tiles.Layer, force bool) ([]string, error) {
	if strings.EqualFold(filepath.Ext(out), archiveEnding) {
		if len(layers) != 1 {
			return nil, kora.Refuse(kora.ReasonFormat, "out", out, "is one archive, which holds one layer; name the layer, or give a folder")
		}
		return []string{out}, CheckPlace(out, force)
	}
	if info, err := os.Stat(out); err == nil && !info.IsDir() || err != nil && filepath.Ext(out) != "" {
		return nil, kora.Refuse(kora.ReasonFormat, "out", out, "is neither an archive (.pmtiles) nor a folder")
	}
	if err := os.Mkdir(out, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, kora.Refuse(kora.ReasonNotFound, "out", out, "is no folder and cannot be made one: %v", errors.Unwrap(err))
	}
	var paths []string
	for _, l := range layers {
		path := filepath.Join(out, l.Name+archiveEnding)
		if err := CheckPlace(path, force); err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// ErrNothing says that no tile of a layer holds anything.
var ErrNothing = errors.New("export: the layer has no tiles there")

// Tiles writes the tiles of a layer into an archive at path; a file that is there is replaced with force only. The error is
// ErrNothing, and no file is made, when they are all empty.
func Tiles(ctx context.Context, a *atlas.Atlas, l *tiles.Layer, path string, force bool, o TileOptions) (s pmtiles.Summary, err error) {
	p := pyramidOf(a, l, o)
	err = place(ctx, []string{path}, force, func(_ string, files []string) error {
		f, err := os.Create(files[0])
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		defer f.Close()
		w, err := pmtiles.NewWriter(f)
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		var total, done int64
		if err := p.walk(func(uint64, maptile.Tile) error { total++; return ctx.Err() }); err != nil {
			return err
		}
		err = p.walk(func(id uint64, t maptile.Tile) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			tile, err := l.Encode(a, t)
			if err != nil {
				return fmt.Errorf("export: %w", err)
			}
			if len(tile) > 0 {
				if err := w.Add(id, tile); err != nil {
					return fmt.Errorf("export: %w", err)
				}
			}
			if done++; o.Progress != nil {
				o.Progress(done, total)
			}
			return nil
		})
		if err != nil {
			return err
		}
		b := p.bounds
		s, err = w.Finish(pmtiles.Bounds{West: b.Min[0], South: b.Min[1], East: b.Max[0], North: b.Max[1]}, aboutTiles(a, l, o))
		if errors.Is(err, pmtiles.ErrNoTiles) {
			return ErrNothing
		}
		return errors.Join(err, f.Close())
	})
	return s, err
}

// archiveAbout is the metadata of an archive, by the names that readers look for.
type archiveAbout struct {
	Name         string          `json:"name"`
	Description  string          `json:"description"`
	Attribution  string          `json:"attribution,omitempty"`
	Type         string          `json:"type"`
	Version      string          `json:"version"` // the snapshot of the record
	Generator    string          `json:"generator"`
	Sample       bool            `json:"sample"`
	VectorLayers []tiles.Content `json:"vector_layers"`
}

func aboutTiles(a *atlas.Atlas, l *tiles.Layer, o TileOptions) archiveAbout {
	about := archiveAbout{Name: l.Name, Description: "Kora, " + l.Name, Type: "overlay", Version: a.Position.Snapshot,
		Generator: o.Generator, Sample: l.Sample(a), VectorLayers: l.Contents}
	if l.Name == "basemap" {
		about.Type = "baselayer"
	}
	var credit []string
	if l.Streets && a.Network != nil && a.Network.Attribution != "" {
		credit = append(credit, a.Network.Attribution)
	}
	if about.Sample {
		credit = append(credit, "示例数据 · Kora sample data")
	}
	about.Attribution = strings.Join(credit, " · ")
	return about
}

// A pyramid is the tiles of a layer that may hold something.
type pyramid struct {
	atlas    *atlas.Atlas
	layer    *tiles.Layer
	bounds   orb.Bound // of what is shown, within the bounds asked for
	within   *orb.Bound
	from, to maptile.Zoom
}

func pyramidOf(a *atlas.Atlas, l *tiles.Layer, o TileOptions) *pyramid {
	p := &pyramid{atlas: a, layer: l, within: o.Bounds, from: max(o.MinZoom, l.MinZoom), to: min(o.MaxZoom, l.MaxZoom)}
	box, ok := l.Extent(a)
	if !ok {
		return p
	}
	p.bounds = orb.Bound{Min: box.Min.LonLat(), Max: box.Min.LonLat()}.Extend(box.Max.LonLat())
	if w := o.Bounds; w != nil {
		p.bounds = orb.Bound{
			Min: orb.Point{max(p.bounds.Min[0], w.Min[0]), max(p.bounds.Min[1], w.Min[1])},
			Max: orb.Point{min(p.bounds.Max[0], w.Max[0]), min(p.bounds.Max[1], w.Max[1])},
		}
	}
	return p
}

// walk visits the tiles zoom by zoom, each in the order of its IDs, and passes over all that lie in an empty one.
func (p *pyramid) walk(visit func(id uint64, t maptile.Tile) error) error {
	for zoom := p.from; zoom <= p.to; zoom++ {
		if err := p.descend(0, zoom, visit); err != nil {
			return err
		}
	}
	return nil
}

func (p *pyramid) descend(id uint64, to maptile.Zoom, visit func(uint64, maptile.Tile) error) error {
	z, x, y := pmtiles.Tile(id)
	t := maptile.New(x, y, maptile.Zoom(z))
	if !p.touches(t) {
		return nil
	}
	if t.Z == to {
		return visit(id, t)
	}
	for child := range uint64(4) {
		if err := p.descend(pmtiles.FirstChild(id)+child, to, visit); err != nil {
			return err
		}
	}
	return nil
}

func (p *pyramid) touches(t maptile.Tile) bool {
	return (p.within == nil || p.within.Intersects(t.Bound())) && p.layer.Holds(p.atlas, t)
}

// LayersNamed gives the tile sets of these names, all of them for none.
func LayersNamed(names []string) ([]*tiles.Layer, error) {
	all := tiles.Layers()
	if len(names) == 0 {
		return all, nil
	}
	var chosen []*tiles.Layer
	for _, name := range names {
		i := slices.IndexFunc(all, func(l *tiles.Layer) bool { return l.Name == name })
		if i < 0 {
			var known []string
			for _, l := range all {
				known = append(known, l.Name)
			}
			return nil, kora.Refuse(kora.ReasonUnknown, "layer", name, "is no tile layer; there are %s", strings.Join(known, ", "))
		}
		if slices.Contains(chosen, all[i]) {
			return nil, kora.Refuse(kora.ReasonDuplicate, "layer", name, "is named twice")
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}
