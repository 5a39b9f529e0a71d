package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kora"
	"kora/atlas"
	"kora/exporters"
	"kora/intake"
)

// withSurvey lets the export of parcels write boundary points too.
func withSurvey(o *options, force *bool, cmd *cobra.Command) *cobra.Command {
	var opts exporters.SurveyOptions
	var zone, width int
	cmd.Flags().IntVar(&zone, "zone", 0, "txt: the Gauss-Krüger zone (带号)")
	cmd.Flags().IntVar(&width, "degree-zone", 0, "txt: the width of that zone, 3 or 6 degrees (default: the one that has the number)")
	cmd.Flags().BoolVar(&opts.Prefix, "prefix", false, "txt: write the zone before the eastings")
	cmd.Flags().BoolVar(&opts.GBK, "gbk", false, "txt: write GBK instead of UTF-8")
	cmd.Flags().Lookup("format").Usage = "geojson, csv, xlsx, gpkg, fgb, parquet or txt (default: by the ending of the file)"
	layers := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		out, format := cmd.Flag("out").Value.String(), strings.ToLower(cmd.Flag("format").Value.String())
		if format != "txt" && (format != "" || !strings.EqualFold(filepath.Ext(out), ".txt")) {
			for _, name := range []string{"zone", "degree-zone", "prefix", "gbk"} {
				if cmd.Flags().Changed(name) {
					return kora.Refuse(kora.ReasonFormat, name, nil, "is for boundary points only (--format txt)")
				}
			}
			return layers(cmd, args)
		}
		ctx := cmd.Context()
		return nothingWritten(ctx, func() error {
			var err error
			if opts.Zone, err = intake.ZoneOf(zone, width); err != nil {
				return err
			}
			if err := exporters.CheckPlace(out, *force); err != nil {
				return err
			}
			return o.withAtlasOf(ctx, func(rec *record, a *atlas.Atlas) error {
				o.say.step("writing " + out)
				defer o.say.end("failed")
				written, err := exporters.SurveyTXT(ctx, a, out, *force, rec.Store, opts)
				if err != nil {
					return err
				}
				o.say.end("")
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %d parcels\n", written.Path, written.Rows)
				return err
			})
		})
	}
	return cmd
}
