package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kora"
	"kora/geo/profile"
	"kora/importers"
	samples "kora/sample"
	"kora/store"
	"kora/words"
)

func importCommand(o *options) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import",
		Short: "Take a file into the record",
		Long: `Take a file into the record, all of it or nothing: a file with a fault changes nothing, unless --skip-faulty is given.

Records are known by their code or number: new ones are added, those that differ are changed (their former version is
kept), equal ones are left alone. A Kora that is serving shows the change within a second.`,
	}
	var skip bool
	o.language = words.OfLocale(cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG")))
	cmd.PersistentFlags().Var(&o.language, "language", "of what is told of the file: zh, bo or en")
	cmd.PersistentFlags().BoolVar(&skip, "skip-faulty", false, "pass over faulty records and take the others")

	// files makes the command that takes one file of records.
	files := func(use, short string, take func(ctx context.Context, rec *record, i *arrival) error) *cobra.Command {
		return &cobra.Command{
			Use: use, Short: short, Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				return o.withRecord(cmd.Context(), func(rec *record) error {
					f, err := os.Open(args[0])
					if err != nil {
						return fmt.Errorf("import: %w", err)
					}
					defer f.Close()
					return take(cmd.Context(), rec, &arrival{
						store: rec.Store, name: filepath.Base(args[0]), file: f, skip: skip, out: cmd.OutOrStdout(),
						author:   kora.Author{Who: "kora import", Why: filepath.Base(args[0])},
						language: o.language,
					})
				})
			},
		}
	}
	var given parcelFlags
	parcels := files("parcels FILE", "Parcels from 勘测定界 TXT, a table (XLSX, CSV), GeoJSON, a layer (Shapefile, GeoPackage, KML, DXF, FileGDB), or the land market",
		func(ctx context.Context, _ *record, i *arrival) error {
			i.parcelOptions = given.options
			return i.parcels(ctx)
		})
	given.add(parcels)
	var counted demandFlags
	demand := files("demand FILE.csv|FILE.xlsx", "Where people, workers or jobs are (points or H3 cells with a number)",
		func(ctx context.Context, _ *record, i *arrival) error {
			about, err := counted.about(i.name)
			if err != nil {
				return err
			}
			return i.demand(ctx, about, counted.columns)
		})
	counted.add(demand)
	cmd.AddCommand(
		networkCommand(o),
		parcels,
		templateCommand(),
		files("stations FILE.csv|FILE.xlsx", "Stations from a table with Chinese or English headings (XLSX, or CSV in UTF-8 or GB18030)",
			func(ctx context.Context, _ *record, i *arrival) error { return i.stations(ctx) }),
		files("areas FILE.geojson", "Key areas (重点区域) from GeoJSON polygons",
			func(ctx context.Context, _ *record, i *arrival) error { return i.areas(ctx) }),
		files("highways FILE.geojson", "Highways from GeoJSON lines",
			func(ctx context.Context, _ *record, i *arrival) error { return i.highways(ctx) }),
		demand,
	)
	return cmd
}

// withRecord opens the record for one piece of work.
func (o *options) withRecord(ctx context.Context, work func(*record) error) error {
	rec, err := o.openRecord(ctx, true)
	if err != nil {
		return err
	}
	defer rec.close(o)
	return work(rec)
}

// An arrival is one file on its way into the record.
type arrival struct {
	store  *store.Store
	name   string
	file   io.Reader
	author kora.Author
	skip   bool
	out    io.Writer

	language words.Language

	parcelOptions importers.ParcelOptions
}

func (i *arrival) stations(ctx context.Context) error {
	return take(ctx, i, i.store.ApplyStations)(importers.Stations(i.name, i.file))
}

func (i *arrival) areas(ctx context.Context) error {
	return take(ctx, i, i.store.ApplyKeyAreas)(importers.KeyAreas(i.name, i.file))
}

func (i *arrival) highways(ctx context.Context) error {
	return take(ctx, i, i.store.ApplyHighways)(importers.Highways(i.name, i.file))
}

func (i *arrival) parcels(ctx context.Context) error {
	var batch importers.Batch[kora.Parcel]
	var refused []kora.Fault
	var counts kora.Counts
	err := i.store.TakeParcels(ctx, i.author, func(ctx context.Context, take func(int, *kora.Parcel) error) (err error) {
		batch, err = importers.EachParcel(ctx, i.name, i.file, i.store, i.parcelOptions, func(item importers.Item[kora.Parcel]) error {
			return take(item.Line, &item.Value)
		})
		return err
	}, func(l *store.Lot[kora.Parcel]) error {
		for n := range l.Trials {
			if o := l.Trials[n].Refused; o != nil {
				refused = append(refused, kora.Fault{File: i.name, Line: l.Lines[n], Err: o})
			}
			l.Trials[n].Count(&counts)
		}
		return nil
	}, func() bool { return i.skip || len(batch.Faults)+len(refused) == 0 })
	i.remark(batch.Encoding, batch.Warnings)
	if err != nil {
		return err
	}
	counts.Refused = len(refused) + linesOf(batch.Faults)
	return i.report(counts, append(batch.Faults, refused...))
}

func (i *arrival) notices(ctx context.Context) error {
	return take(ctx, i, i.store.ApplyNotices)(importers.Notices(i.name, i.file))
}

// take gives what a reader read to the record, and tells what came of it.
func take[T any](ctx context.Context, i *arrival,
	apply func(context.Context, kora.Author, []*T, bool) (uint64, []store.Outcome, error),
) func(importers.Batch[T], error) error {
	return func(batch importers.Batch[T], err error) error {
		i.remark(batch.Encoding, batch.Warnings)
		if err != nil {
			return err
		}
		faults := batch.Faults
		counts := kora.Counts{Refused: linesOf(faults)}
		if len(faults) == 0 || i.skip {
			values := make([]*T, len(batch.Items))
			for n := range batch.Items {
				values[n] = &batch.Items[n].Value
			}
			_, outcomes, err := apply(ctx, i.author, values, i.skip)
			if err != nil {
				return err
			}
			for n, o := range outcomes {
				if o.Count(&counts); o.Refused != nil {
					faults = append(faults, kora.Fault{File: i.name, Line: batch.Items[n].Line, Err: o.Refused})
				}
			}
		}
		return i.report(counts, faults)
	}
}

// linesOf counts the records that have faults.
func linesOf(faults []kora.Fault) int {
	lines := map[int]bool{}
	for _, f := range faults {
		lines[f.Line] = true
	}
	return len(lines)
}

// remark tells what the reader took and people should look at.
func (i *arrival) remark(encoding string, warnings []kora.Fault) {
	if encoding != "" && encoding != "UTF-8" {
		fmt.Fprintln(i.out, i.language.Sayf("%s: read as %s", i.name, encoding))
	}
	for _, w := range warnings {
		fmt.Fprintln(i.out, i.language.Sayf("warning: %s", i.language.Fault(w)))
	}
}

func (i *arrival) report(counts kora.Counts, faults []kora.Fault) error {
	slices.SortStableFunc(faults, func(a, b kora.Fault) int { return a.Line - b.Line })
	for _, f := range faults {
		fmt.Fprintln(i.out, i.language.Fault(f))
	}
	if len(faults) > 0 && !i.skip {
		fmt.Fprintln(i.out, i.language.Sayf("%s: nothing was written; %d refused. Mend the file, or pass over them with --skip-faulty.",
			i.name, counts.Refused))
		return errNothingWritten
	}
	fmt.Fprintln(i.out, i.language.Sayf("%s: %d added, %d changed, %d left alone, %d refused",
		i.name, counts.Added, counts.Changed, counts.Unchanged, counts.Refused))
	return nil
}

func networkCommand(o *options) *cobra.Command {
	var dem string
	var altitude float64
	cmd := &cobra.Command{
		Use:   "network FILE.osm.pbf",
		Short: "The street network and the basemap from an OpenStreetMap extract",
		Long: `Take the street network and the basemap from an OpenStreetMap extract. It replaces the one in use.

Four networks are made of it: for walking, e-bikes, cars and trucks. With --dem, a folder of SRTM tiles (N29E091.hgt, plain
or zipped), times follow the slope. --altitude-factor is what thin air leaves of the walking speed at sea level: 0.92 suits
3,650 m, 1 the lowlands.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return o.withRecord(cmd.Context(), func(rec *record) error {
				f, err := os.Open(args[0])
				if err != nil {
					return fmt.Errorf("import: %w", err)
				}
				defer f.Close()
				info, err := f.Stat()
				if err != nil {
					return fmt.Errorf("import: %w", err)
				}
				opts := importers.NetworkOptions{Size: info.Size(), Profiles: profile.All()}
				if cmd.Flags().Changed("altitude-factor") {
					if opts.Profiles[0], err = profile.Walk().WithAltitudeFactor(altitude); err != nil {
						return fmt.Errorf("--altitude-factor: %w", err)
					}
				}
				if dem != "" {
					if info, err := os.Stat(dem); err != nil || !info.IsDir() {
						return errors.New("--dem must be a folder that holds .hgt or .hgt.zip files")
					}
					opts.DEM = os.DirFS(dem)
				}
				author := kora.Author{Who: "kora import", Why: filepath.Base(args[0])}
				return importNetwork(cmd.Context(), o, rec.Store, author, filepath.Base(args[0]), f, opts, false, cmd.OutOrStdout())
			})
		},
	}
	cmd.Flags().StringVar(&dem, "dem", "", "folder of SRTM elevation tiles (.hgt or .hgt.zip)")
	cmd.Flags().Float64Var(&altitude, "altitude-factor", profile.Walk().Altitude.Factor, "walking speed compared with sea level, 0.85 to 1")
	return cmd
}

func importNetwork(ctx context.Context, o *options, s *store.Store, author kora.Author, name string, r io.Reader,
	opts importers.NetworkOptions, sample bool, out io.Writer) error {
	o.say.step("reading " + name)
	opts.Progress = o.say.share
	n, report, err := importers.Network(ctx, name, r, opts)
	if err != nil {
		o.say.end("failed")
		return err
	}
	if sample {
		n.Sample, n.Attribution = true, "示例路网 · Kora sample streets"
		if n.Heights, err = fs.ReadFile(samples.Files(), samples.Heights); err != nil {
			return err
		}
	}
	o.say.step("writing the network")
	_, changed, err := s.ReplaceNetwork(ctx, author, &n)
	if err != nil {
		o.say.end("failed")
		return err
	}
	o.say.end("")
	if !changed {
		fmt.Fprintln(out, o.language.Sayf("%s: left alone; this extract is in use already", name))
		return nil
	}
	fmt.Fprintln(out, o.language.Sayf("%s: %d nodes and %d edges of %d streets", name, n.Nodes, n.Edges, report.Streets))
	for _, note := range notesOn(o.language, report) {
		fmt.Fprintf(out, "%s: %s\n", name, note)
	}
	return nil
}

// notesOn are what an operator should know of an extract beyond its size.
func notesOn(l words.Language, r importers.NetworkReport) (notes []string) {
	note := func(when bool, format string, args ...any) {
		if when {
			notes = append(notes, l.Sayf(format, args...))
		}
	}
	note(len(r.ElevationTiles) > 0, "slopes from %s", strings.Join(r.ElevationTiles, ", "))
	note(r.HeightsThin, "of the heights every third is kept, because all would take too much")
	note(r.HeightsOut, "the heights are not kept, because they would take too much: altitude and slope of parcels are not known; take a smaller extract")
	note(len(r.ElevationTiles) == 0, "no elevation; the ground is taken as flat (--dem FOLDER gives slopes)")
	note(len(r.ElevationAbsent) > 0, "not in the elevation folder: %s", strings.Join(r.ElevationAbsent, ", "))
	note(r.NoElevationM > 0 && len(r.ElevationTiles) > 0, "%.1f km of street without a known height are taken as flat", r.NoElevationM/1000)
	for _, p := range profile.All() {
		made, ok := r.Profiles[p.ID]
		note(!ok, "%s: no street", p.ID)
		note(ok, "%s: %d junctions, %d streets between them, %d forbidden turns", p.ID, made.Nodes, made.Edges, made.Turns)
		note(made.Capped.Pieces > 0, "%s: %.1f km of street in %d pieces are steeper than %.0f %%, and count as that steep", p.ID,
			made.Capped.Metres/1000, made.Capped.Pieces, 100*p.MaxSlope)
	}
	for _, why := range slices.Sorted(maps.Keys(r.TurnsUnused)) {
		note(true, "%d of %d turn restrictions are not used: %s", r.TurnsUnused[why], r.Turns, why)
	}
	note(r.MissingNodes > 0, "%d points of streets lie outside the extract", r.MissingNodes)
	note(r.Sensitive > 0, "%d objects are left off the map because they must not be on a public one", r.Sensitive)
	return notes
}
