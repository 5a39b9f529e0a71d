package importers

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"math"
	"path"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"kora/geo/elevation"
)

const (
	maxTile = 2*3601*3601 + 1 // bytes; one more than the largest, to notice a longer one
	maxZip  = 64 << 20
)

// A ground gives heights from a folder of tiles, with at most nine of them in memory.
type ground struct {
	folder fs.FS
	files  map[elevation.Corner]string
	centre elevation.Corner
	loaded map[elevation.Corner]*elevation.Tile
	model  *elevation.Model
	asked  map[elevation.Corner]bool // tiles that hold streets, and whether they are there
}

// openGround lists the tiles in folder, which may be nil.
func openGround(folder fs.FS) (*ground, error) {
	g := &ground{folder: folder, files: map[elevation.Corner]string{}, asked: map[elevation.Corner]bool{}}
	if folder == nil {
		return g, nil
	}
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return nil, fmt.Errorf("the folder of elevation tiles: %w", err)
	}
	for _, e := range entries {
		name := strings.ToLower(e.Name())
		if e.IsDir() || !strings.HasSuffix(name, ".hgt") && !strings.HasSuffix(name, ".hgt.zip") {
			continue
		}
		c, err := elevation.ParseCorner(e.Name())
		if err != nil {
			return nil, fmt.Errorf("%w: %s is not named like a tile (N29E091.hgt)", errElevation, e.Name())
		}
		if other, ok := g.files[c]; !ok || len(e.Name()) < len(other) { // the plain file before the packed one
			g.files[c] = e.Name()
		}
	}
	if len(g.files) == 0 {
		return nil, fmt.Errorf("%w: the folder holds no tile (N29E091.hgt or N29E091.hgt.zip)", errElevation)
	}
	return g, nil
}

// around makes sure that the tile at c and those beside it, which smoothing needs along the seams, are in memory.
func (g *ground) around(c elevation.Corner) error {
	if g.folder == nil || g.model != nil && g.centre == c {
		return nil
	}
	loaded := map[elevation.Corner]*elevation.Tile{}
	for lat := c.Lat - 1; lat <= c.Lat+1; lat++ {
		for lon := c.Lon - 1; lon <= c.Lon+1; lon++ {
			at := elevation.Corner{Lat: lat, Lon: lon}
			name, ok := g.files[at]
			if !ok {
				continue
			}
			if loaded[at] = g.loaded[at]; loaded[at] != nil {
				continue
			}
			tile, err := g.load(at, name)
			if err != nil {
				return err
			}
			loaded[at] = tile
		}
	}
	tiles := make([]*elevation.Tile, 0, len(loaded))
	for _, t := range loaded {
		tiles = append(tiles, t)
	}
	g.centre, g.loaded, g.model = c, loaded, elevation.NewModel(tiles...)
	g.asked[c] = loaded[c] != nil
	return nil
}

// at is the height in metres, NaN where it is not known.
func (g *ground) at(p orb.Point) float64 {
	if g.model == nil {
		return math.NaN()
	}
	metres, ok := g.model.At(p)
	if !ok {
		return math.NaN()
	}
	return metres
}

// names gives the tiles that hold streets, those at hand and those that are absent.
func (g *ground) names() (present, absent []string) {
	for c, ok := range g.asked {
		if ok {
			present = append(present, c.String())
		} else {
			absent = append(absent, c.String())
		}
	}
	slices.Sort(present)
	slices.Sort(absent)
	return present, absent
}

// Heights are kept as they are up to so many bytes, and up to maxEncoded every third sample of them.
const maxFineHeights = 256 << 20

// heightsMargin is how far beyond the streets heights are kept, in degrees (about 2 km).
const heightsMargin = 0.02

// saved gives the saved form of the heights in a box around streets; nil without any.
func (g *ground) saved(ctx context.Context, streets orb.Bound, report *NetworkReport) ([]byte, error) {
	box := streets.Pad(heightsMargin)
	var kept []*elevation.Tile
	for corner, name := range g.files {
		reach := orb.Bound{Min: orb.Point{float64(corner.Lon), float64(corner.Lat)}, Max: orb.Point{float64(corner.Lon + 1), float64(corner.Lat + 1)}}
		if !reach.Pad(heightsMargin).Intersects(box) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		tile, err := g.load(corner, name)
		if err != nil {
			return nil, err
		}
		tile, some := tile.Clip(box)
		if !some {
			continue
		}
		if report.HeightsThin {
			tile = tile.Thin()
		}
		kept = append(kept, tile)
		if report.HeightBytes += tile.Bytes(); report.HeightBytes > maxFineHeights && !report.HeightsThin {
			report.HeightsThin, report.HeightBytes = true, 0
			for i, t := range kept {
				kept[i] = t.Thin()
				report.HeightBytes += kept[i].Bytes()
			}
		}
		if report.HeightBytes > maxEncoded-1<<20 {
			report.HeightsOut, report.HeightBytes = true, 0
			return nil, nil
		}
	}
	if len(kept) == 0 {
		return nil, nil
	}
	return elevation.NewModel(kept...).Encode(), nil
}

func (g *ground) load(c elevation.Corner, name string) (*elevation.Tile, error) {
	f, err := g.folder.Open(name)
	if err != nil {
		return nil, fmt.Errorf("elevation tile %s: %w", name, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxZip))
	if err != nil {
		return nil, fmt.Errorf("elevation tile %s: %w", name, err)
	}
	if strings.HasSuffix(strings.ToLower(name), ".zip") {
		if data, err = unzipTile(data); err != nil {
			return nil, fmt.Errorf("%w: %s %w", errElevation, name, err)
		}
	}
	tile, err := elevation.Parse(c, data)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errElevation, err)
	}
	return tile, nil
}

// unzipTile gives the one tile in an archive.
func unzipTile(data []byte) ([]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("cannot be unpacked: %w", err)
	}
	for _, f := range z.File {
		if strings.ToLower(path.Ext(f.Name)) != ".hgt" {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil, fmt.Errorf("cannot be unpacked: %w", err)
		}
		defer r.Close()
		tile, err := io.ReadAll(io.LimitReader(r, maxTile))
		if err != nil {
			return nil, fmt.Errorf("cannot be unpacked: %w", err)
		}
		return tile, nil
	}
	return nil, fmt.Errorf("holds no .hgt file")
}
