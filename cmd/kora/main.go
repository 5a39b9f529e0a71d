// Command kora is the map server for worker stations and land parcels: it serves the map, and takes files into the record.
// It wires the rooms of the house together and holds nothing of their work itself.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"

	"kora/store/cluster"
	"kora/words"
)

// version is set by the build; without it the module's own is told.
var version string

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is main with its surroundings as arguments; it gives the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o := &options{say: newProgress(stderr)}
	root := rootCommand(o, stdout, stderr)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errNothingWritten):
		// the faults have been told
	default:
		fmt.Fprintf(stderr, "kora: %s\n", o.language.Err(err))
	}
	return 1
}

// options are what every command needs to reach the record.
type options struct {
	dir         string // data folder
	databaseURL string
	verbose     bool
	say         *progress
	log         *slog.Logger
	language    words.Language // of what an import says
}

func rootCommand(o *options, stdout, stderr io.Writer) *cobra.Command {
	root := &cobra.Command{
		Use:   "kora",
		Short: "A map server for worker stations and land parcels on the Tibetan plateau",
		Long: `Kora serves a web map of worker stations (Lhasa) and land parcels (Nyingchi), and takes files into its record.

Without a database URL it runs a private PostGIS in its data folder and fills it with sample data when it is empty.`,
		Example: `  kora serve                                   serve http://127.0.0.1:8080 on a private database
  kora import network tibet.osm.pbf --dem srtm  take a street network with elevation
  kora import stations stations.csv             take stations from a table
  kora export tiles --out tiles/                write the map's tiles as archives for a CDN`,
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(*cobra.Command, []string) (err error) {
			level := slog.LevelInfo
			if o.verbose {
				level = slog.LevelDebug
			}
			o.log = slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: level}))
			if o.dir == "" {
				o.dir, err = cluster.DefaultDir()
			}
			return err
		},
	}
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.CompletionOptions.HiddenDefaultCmd = true
	flags := root.PersistentFlags()
	flags.StringVar(&o.dir, "data", os.Getenv("KORA_DATA"),
		"data folder (KORA_DATA; default /var/lib/kora for root, else ~/.local/share/kora)")
	flags.StringVar(&o.databaseURL, "database-url", "",
		"PostGIS to use instead of a private one (DATABASE_URL), for example postgres://kora@db/kora")
	flags.BoolVarP(&o.verbose, "verbose", "v", false, "log every request and step")
	root.AddCommand(serveCommand(o), importCommand(o), exportCommand(o), sitingCommand(o), keysCommand(o), versionCommand())
	return root
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "kora", versionText())
			return err
		},
	}
}

func versionText() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// errNothingWritten ends an import whose faults have been told already.
var errNothingWritten = errors.New("nothing was written")

// database is the URL of the flag or of the environment, empty for the private cluster. It is no default of the flag,
// because help would print its password.
func (o *options) database() string {
	if o.databaseURL != "" {
		return o.databaseURL
	}
	return os.Getenv("DATABASE_URL")
}
