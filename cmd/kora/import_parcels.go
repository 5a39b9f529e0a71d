package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"kora"
	"kora/importers"
	"kora/intake"
)

const parcelsHelp = `Take parcels into the record, from any of the files that offices have; the content tells which it is:

  .txt            勘测定界 boundary points: outlines with number, name, use and stated area
  .xlsx, .csv     a table with Chinese headings: attributes of parcels that are there by their number
  .geojson        polygons with the fields that /v1/parcels prints
  .json           records of the land market (供地结果): attributes of parcels that are there
  .zip            a Shapefile (.shp, .shx, .dbf, .prj, .cpg) or a FileGDB (.gdb): outlines and fields
  .gpkg .kml .kmz GeoPackage and KML: outlines and fields
  .dxf            closed lines of a drawing; the text that stands in one is its number

A parcel that is there keeps what a TXT, a table or a layer does not say. Where a file leaves open in which zone, reference
system or order its coordinates are, it is refused; the options answer that, and never go against what the file says.
Fields are known by the headings of tables and by initials of pinyin (DKBH, DKMC, YDXZ, RJL …). The last four formats are
read by GDAL's ogr2ogr, which must be installed (gdal-bin).`

// parcelFlags are the answers to what a file of parcels leaves open.
type parcelFlags struct {
	kora.ImportOptions
	options importers.ParcelOptions
}

func (f *parcelFlags) add(cmd *cobra.Command) {
	cmd.Long = parcelsHelp
	cmd.PreRunE = func(*cobra.Command, []string) (err error) {
		f.options, err = intake.ParcelOptions(f.ImportOptions)
		return err
	}
	cmd.Flags().IntVar(&f.Zone, "zone", 0, "the Gauss-Krüger zone (带号) of a survey that names none")
	cmd.Flags().IntVar(&f.DegreeZone, "degree-zone", 0, "the width of that zone, 3 or 6 degrees (default: the one that has the number)")
	cmd.Flags().BoolVar(&f.CGCS2000, "cgcs2000", false, "a survey that names no reference system is in CGCS2000")
	cmd.Flags().BoolVar(&f.Exchanged, "exchanged", false, "a survey has the easting first and the northing second")
	cmd.Flags().StringVar(&f.Use, "use", "", "land use of new parcels that a survey gives none, with its scheme: 2023:1001")
	cmd.Flags().StringVar(&f.Within, "within", "", "refuse parcels that leave this box: west,south,east,north in degrees")
	cmd.Flags().StringVar(&f.CRS, "crs", "", "the reference system of a layer that names none: EPSG:4519")
	cmd.Flags().StringVar(&f.Layer, "layer", "", "which layer of a file that has several, or of a drawing")
	cmd.Flags().StringVar(&f.Number, "number", "", "the field of a layer that holds the parcel number, where its name does not tell")
}

func templateCommand() *cobra.Command {
	var out string
	kinds := map[string]func(io.Writer) error{"parcels": importers.ParcelTemplate, "stations": importers.StationTemplate}
	cmd := &cobra.Command{
		Use:   "template parcels|stations",
		Short: "Write an empty table with the headings that are read, and an example row",
		Long: `Write a workbook (.xlsx) to be filled in: the headings that kora import reads, with their units, and one row marked 示例
that shows how cells are filled. That row is passed over when the table is read, and may stay.`,
		Args:      cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		ValidArgs: []string{"parcels", "stations"},
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := os.OpenFile(out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
			if errors.Is(err, fs.ErrExist) {
				return kora.Refuse(kora.ReasonDuplicate, "out", out, "is there already; choose another name")
			}
			if err != nil {
				return fmt.Errorf("template: %w", err)
			}
			if err := errors.Join(kinds[args[0]](f), f.Close()); err != nil {
				return errors.Join(err, os.Remove(out))
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: a table of %s to be filled in\n", out, args[0])
			return err
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "workbook to write (.xlsx)")
	_ = cmd.MarkFlagRequired("out") // fails for unknown flags only
	return cmd
}
