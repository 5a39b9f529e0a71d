// Package exporters writes what an atlas holds into files that other programs read: GeoJSON, CSV and XLSX by itself, GeoPackage,
// FlatGeobuf and GeoParquet through GDAL's ogr2ogr, and vector tiles as PMTiles archives. One file of code tells what a layer
// holds, one how a format is written.
//
// It reads nothing but an atlas, so a file holds one state of the record. A file is there whole or not at all: it is made
// beside its place under another name and moved when it is done.
package exporters

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"kora"
)

// A Format is a kind of file.
type Format string

const (
	GeoJSON    Format = "geojson" // RFC 7946
	CSV        Format = "csv"     // UTF-8 with a byte order mark, for spreadsheets
	XLSX       Format = "xlsx"    // a workbook, a sheet for each layer
	GeoPackage Format = "gpkg"
	FlatGeobuf Format = "fgb"
	Parquet    Format = "parquet" // GeoParquet
)

// Formats lists the formats of layers.
func Formats() []Format { return []Format{GeoJSON, CSV, XLSX, GeoPackage, FlatGeobuf, Parquet} }

// A File is where a set of layers goes, and in which format.
type File struct {
	path   string
	format Format
	force  bool
	gdal   *writer // nil for what is written without it
}

// To checks that a file can be written, before anybody waits for what goes into it. The format is that of the file's ending
// when it is "". With force a file that is there is replaced.
func To(ctx context.Context, path, format string, force bool) (*File, error) {
	f := &File{path: path, format: Format(strings.ToLower(format)), force: force}
	if format == "" {
		f.format = endings[strings.ToLower(filepath.Ext(path))]
	}
	driver, known := drivers[f.format]
	switch {
	case !known && format != "":
		return nil, kora.Refuse(kora.ReasonFormat, "format", format, "is none of geojson, csv, xlsx, gpkg, fgb and parquet")
	case !known:
		return nil, kora.Refuse(kora.ReasonFormat, "out", path,
			"does not end in .geojson, .csv, .xlsx, .gpkg, .fgb or .parquet; name the format with --format")
	}
	if err := CheckPlace(path, force); err != nil {
		return nil, err
	}
	if driver == "" {
		return f, nil
	}
	var err error
	f.gdal, err = findGDAL(ctx, driver)
	return f, err
}

var endings = map[string]Format{
	".geojson": GeoJSON, ".json": GeoJSON, ".csv": CSV, ".xlsx": XLSX, ".gpkg": GeoPackage, ".fgb": FlatGeobuf,
	".parquet": Parquet, ".geoparquet": Parquet,
}

// drivers are GDAL's names of the formats that it writes; "" for those that Kora writes.
var drivers = map[Format]string{GeoJSON: "", CSV: "", XLSX: "", GeoPackage: "GPKG", FlatGeobuf: "FlatGeobuf", Parquet: "Parquet"}

// A Written is a file that an export made.
type Written struct {
	Path   string
	Layers []string
	Rows   int // of all layers
}

// together tells whether one file holds several layers.
func (f Format) together() bool { return f == GeoPackage || f == XLSX }

// Write makes the file. Only a GeoPackage and a workbook hold several layers: for other formats those after the first go into
// files of their own beside it, coverage-areas.csv beside coverage.csv.
func (s *Set) Write(ctx context.Context, f *File) ([]Written, error) {
	written := []Written{{Path: f.path}}
	for i, l := range s.layers {
		if i > 0 && !f.format.together() {
			ext := filepath.Ext(f.path)
			written = append(written, Written{Path: strings.TrimSuffix(f.path, ext) + "-" + l.name + ext})
		}
		last := &written[len(written)-1]
		last.Layers = append(last.Layers, l.name)
		last.Rows += l.count
	}
	paths := make([]string, len(written))
	for i, w := range written {
		paths[i] = w.Path
	}
	err := place(ctx, paths, f.force, func(dir string, files []string) error {
		if f.gdal != nil {
			return s.writeByGDAL(ctx, f, dir, files)
		}
		for i := range files {
			if err := create(files[i], func(w *bufio.Writer) error { return s.writeLayer(ctx, w, f.format, i) }); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return written, nil
}

// Send writes the set as one body in a format that Kora writes by itself: a workbook has all layers, CSV and GeoJSON the first.
func (s *Set) Send(ctx context.Context, w io.Writer, format Format) error {
	b := bufio.NewWriterSize(w, 1<<16)
	if err := s.writeLayer(ctx, b, format, 0); err != nil {
		return err
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

func (s *Set) writeLayer(ctx context.Context, w *bufio.Writer, format Format, i int) error {
	switch format {
	case XLSX:
		return s.writeXLSX(ctx, w)
	case CSV:
		return s.writeCSV(ctx, w, s.layers[i])
	case GeoJSON:
		return s.writeGeoJSON(ctx, w, s.layers[i])
	}
	return kora.Refuse(kora.ReasonFormat, "format", format, "is none of geojson, csv and xlsx")
}

// MediaType is what HTTP calls a format that Send writes.
func (f Format) MediaType() string {
	switch f {
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case CSV:
		return "text/csv; charset=utf-8"
	case GeoJSON:
		return "application/geo+json"
	}
	return "application/octet-stream"
}
