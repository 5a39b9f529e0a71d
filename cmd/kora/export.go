package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
	"github.com/spf13/cobra"

	"kora"
	"kora/atlas"
	"kora/exporters"
)

func exportCommand(o *options) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write what the record holds into files for other programs",
		Long: `Write what the record holds into files for other programs: stations, parcels and coverage as layers for a GIS or a
spreadsheet, tiles as archives for a CDN.

A file holds one state of the record, beside a running Kora or without one. It is there whole or not at all, and one that is
there already is replaced with --force only. Sample data is marked in it, and what comes from OpenStreetMap is attributed.`,
		Example: `  kora export stations --out stations.csv          a table that spreadsheets open and kora import reads again
  kora export parcels --out parcels.gpkg           for QGIS
  kora export parcels --out parcels.txt --gbk      勘测定界 boundary points
  kora export coverage --out coverage.geojson --minutes 15 --kind union_station
  kora export tiles --out tiles/                   one PMTiles archive for each layer
  kora export tiles basemap --out base.pmtiles --bbox 90.9,29.5,91.5,29.8`,
		Args: cobra.NoArgs, // so that a word that is no command is refused
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	var force bool
	cmd.PersistentFlags().BoolVar(&force, "force", false, "replace files that are there")

	// layers makes the command that writes one set of layers.
	layers := func(use, short, long string, set func(context.Context, *atlas.Atlas) (*exporters.Set, error)) *cobra.Command {
		var out, format string
		c := &cobra.Command{
			Use: use, Short: short, Long: long, Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				ctx := cmd.Context()
				return nothingWritten(ctx, func() error {
					file, err := exporters.To(ctx, out, format, force)
					if err != nil {
						return err
					}
					return o.withAtlas(ctx, func(a *atlas.Atlas) error {
						o.say.step("writing " + out)
						defer o.say.end("failed")
						s, err := set(ctx, a)
						if err != nil {
							return err
						}
						written, err := s.Write(ctx, file)
						if err != nil {
							return err
						}
						o.say.end("")
						for _, w := range written {
							fmt.Fprintf(cmd.OutOrStdout(), "%s: %d rows of %s\n", w.Path, w.Rows, strings.Join(w.Layers, " and "))
						}
						return nil
					})
				})
			},
		}
		c.Flags().StringVar(&out, "out", "", "file to write")
		c.Flags().StringVar(&format, "format", "", "geojson, csv, xlsx, gpkg, fgb or parquet (default: by the ending of the file)")
		_ = c.MarkFlagRequired("out") // fails for unknown flags only
		return c
	}
	cmd.AddCommand(
		layers("stations", "Stations as points", `Write all stations as points, by the names that /v1/stations prints. Not whether they are open: that changes by the hour.

The CSV has Chinese headings and words; kora import stations reads it again.`,
			func(_ context.Context, a *atlas.Atlas) (*exporters.Set, error) { return exporters.Stations(a) }),
		withSurvey(o, &force, layers("parcels", "Parcels as areas", `Write all parcels as areas, by the names that /v1/parcels prints. The CSV has their shapes as WKT.

With --format txt they are written as 勘测定界 boundary points of one Gauss-Krüger zone of CGCS2000, to the millimetre: the zone that
they all were surveyed in, or the one that --zone names.`,
			func(_ context.Context, a *atlas.Atlas) (*exporters.Set, error) { return exporters.Parcels(a) })),
		coverageExport(layers),
		corridorsExport(layers),
		tilesExport(o, &force),
	)
	return cmd
}

func coverageExport(layers func(use, short, long string, set func(context.Context, *atlas.Atlas) (*exporters.Set, error)) *cobra.Command) *cobra.Command {
	var q exporters.CoverageQuery
	var chosen chosenStations
	c := layers("coverage", "The service circle as hexagons, with the shares of the key areas",
		`Write the time from every hexagon (H3) to its nearest and second nearest station, and the share of every key area within the
time, with what the figures rest on.

Hexagons and areas are two layers of a GeoPackage, and two sheets of a workbook. Other formats hold one layer: the areas go into a second file, such as
coverage-areas.csv beside coverage.csv.`,
		func(ctx context.Context, a *atlas.Atlas) (*exporters.Set, error) {
			return exporters.Coverage(ctx, a, q)
		})
	c.PreRunE = func(*cobra.Command, []string) error {
		var err error
		if q.Kinds, q.OpenAt, err = chosen.read(); err != nil {
			return err
		}
		return q.Validate()
	}
	c.Flags().StringVar(&q.Profile, "profile", "walk", "how people travel: walk, ebike, car or truck")
	c.Flags().IntVar(&q.Minutes, "minutes", 15, "the service circle, 1 to 60")
	chosen.flags(c)
	return c
}

func corridorsExport(layers func(use, short, long string, set func(context.Context, *atlas.Atlas) (*exporters.Set, error)) *cobra.Command) *cobra.Command {
	var q exporters.CorridorQuery
	var chosen chosenStations
	c := layers("corridors", "Highways by how far it is to the next drivers' home, and the homes along them",
		`Write the stretches of every highway, both directions, by whether a drivers' home is ahead within the limit, and the homes along
them with their chainage; see docs/corridors.md.

Stretches and homes are two layers of a GeoPackage, and two sheets of a workbook. Other formats hold one layer: the homes go into a second
file, such as corridors-homes.csv beside corridors.csv.`,
		func(ctx context.Context, a *atlas.Atlas) (*exporters.Set, error) {
			return exporters.Corridors(ctx, a, q)
		})
	c.PreRunE = func(cmd *cobra.Command, _ []string) error {
		if cmd.Flags().Changed("km") && !cmd.Flags().Changed("minutes") {
			q.Minutes = 0
		}
		var err error
		if q.Kinds, q.OpenAt, err = chosen.read(); err != nil {
			return err
		}
		return q.Validate()
	}
	c.Flags().StringVar(&q.Profile, "profile", "truck", "what drives: truck, car, ebike or walk")
	c.Flags().Float64Var(&q.Minutes, "minutes", 60, "the limit as a time, 1 to 600")
	c.Flags().Float64Var(&q.KM, "km", 0, "the limit as a distance, 1 to 1,000, instead of minutes")
	chosen.flags(c)
	return c
}

// chosenStations are the flags that choose stations.
type chosenStations struct {
	kinds  []string
	openAt string
}

func (s *chosenStations) flags(c *cobra.Command) {
	c.Flags().StringSliceVar(&s.kinds, "kind", nil, "only stations of this kind; may be repeated (union_station, oxygen_bar, drivers_home)")
	c.Flags().StringVar(&s.openAt, "open-at", "", "only stations that are open for certain at this time (RFC 3339), or now")
}

func (s *chosenStations) read() (kinds []kora.Kind, openAt *time.Time, err error) {
	for _, k := range s.kinds {
		kinds = append(kinds, kora.Kind(k))
	}
	switch s.openAt {
	case "":
		return kinds, nil, nil
	case "now":
		now := time.Now()
		return kinds, &now, nil
	}
	t, err := time.Parse(time.RFC3339, s.openAt)
	if err != nil {
		return nil, nil, kora.Refuse(kora.ReasonSyntax, "open-at", s.openAt, `must be "now" or a time such as 2026-07-01T22:00:00+08:00`)
	}
	return kinds, &t, nil
}

func tilesExport(o *options, force *bool) *cobra.Command {
	var out, box string
	var minZoom, maxZoom uint8
	c := &cobra.Command{
		Use:   "tiles [LAYER…]",
		Short: "Vector tiles as PMTiles archives, for a CDN",
		Long: `Write vector tiles into PMTiles archives (version 3): files that any web server or CDN gives out by byte ranges, and that
MapLibre reads with the pmtiles protocol, without a tile server. Without LAYER all layers are written.

Each layer has an archive of its own: --out is a folder for them, or the archive itself when one layer is named. Layers have
zooms of their own, and a CDN keeps the basemap when a station moves.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			return nothingWritten(ctx, func() error {
				layers, err := exporters.LayersNamed(args)
				if err != nil {
					return err
				}
				opts := exporters.TileOptions{MinZoom: maptile.Zoom(minZoom), MaxZoom: maptile.Zoom(maxZoom),
					Generator: "kora " + versionText(), Progress: o.say.share}
				if minZoom > maxZoom {
					return kora.Refuse(kora.ReasonRange, "min-zoom", minZoom, "is more than --max-zoom")
				}
				if box != "" {
					if opts.Bounds, err = parseBox(box); err != nil {
						return err
					}
				}
				paths, err := exporters.Archives(out, layers, *force)
				if err != nil {
					return err
				}
				return o.withAtlas(ctx, func(a *atlas.Atlas) error {
					for i, l := range layers {
						o.say.step("writing " + paths[i])
						s, err := exporters.Tiles(ctx, a, l, paths[i], *force, opts)
						if errors.Is(err, exporters.ErrNothing) && len(layers) > 1 {
							o.say.end("nothing there")
							fmt.Fprintf(cmd.OutOrStdout(), "%s: no tiles hold anything; no file was made\n", l.Name)
							continue
						}
						if err != nil {
							o.say.end("failed")
							return err
						}
						o.say.end("")
						fmt.Fprintf(cmd.OutOrStdout(), "%s: %d tiles of zooms %d to %d, %d of them different, %.1f MB\n", paths[i],
							s.Tiles, s.MinZoom, s.MaxZoom, s.Contents, float64(s.Bytes)/1e6)
					}
					return nil
				})
			})
		},
	}
	c.Flags().StringVar(&out, "out", "", "folder for the archives, or one archive (.pmtiles) for one layer")
	c.Flags().StringVar(&box, "bbox", "", "only tiles that touch this box: west,south,east,north in degrees")
	c.Flags().Uint8Var(&minZoom, "min-zoom", 0, "only from this zoom on")
	c.Flags().Uint8Var(&maxZoom, "max-zoom", 22, "only to this zoom; no layer has more than its own")
	_ = c.MarkFlagRequired("out") // fails for unknown flags only
	return c
}

// withAtlas builds an atlas of the record for one piece of work.
func (o *options) withAtlas(ctx context.Context, work func(*atlas.Atlas) error) error {
	return o.withAtlasOf(ctx, func(_ *record, a *atlas.Atlas) error { return work(a) })
}

// withAtlasOf also gives the record, for what only PostGIS can do.
func (o *options) withAtlasOf(ctx context.Context, work func(*record, *atlas.Atlas) error) error {
	return o.withRecord(ctx, func(rec *record) error {
		o.say.step("building the atlas")
		keeper, err := atlas.Open(ctx, rec.Store, o.log)
		if err != nil {
			o.say.end("failed")
			return err
		}
		o.say.end("")
		return work(rec, keeper.Atlas())
	})
}

// nothingWritten says so when the operator ended the work.
func nothingWritten(ctx context.Context, work func() error) error {
	err := work()
	if err != nil && ctx.Err() != nil {
		return errors.New("export: interrupted; the file that was being written is not there")
	}
	return err
}

func parseBox(s string) (*orb.Bound, error) {
	var n []float64
	for part := range strings.SplitSeq(s, ",") {
		v, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil {
			n = nil
			break
		}
		n = append(n, v)
	}
	if len(n) != 4 {
		return nil, kora.Refuse(kora.ReasonSyntax, "bbox", s, "must be four numbers: west,south,east,north")
	}
	b := orb.Bound{Min: orb.Point{n[0], n[1]}, Max: orb.Point{n[2], n[3]}}
	for _, corner := range []orb.Point{b.Min, b.Max} {
		if err := kora.CheckPoint("bbox", corner); err != nil {
			return nil, err
		}
	}
	if b.IsEmpty() {
		return nil, kora.Refuse(kora.ReasonRange, "bbox", s, "has its west or south beyond its east or north")
	}
	return &b, nil
}
