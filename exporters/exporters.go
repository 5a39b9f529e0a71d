// Package exporters writes what an atlas holds into files that other programs read: GeoJSON and CSV by itself, GeoPackage,
// FlatGeobuf and GeoParquet through GDAL's ogr2ogr, and vector tiles as PMTiles archives. One file of code tells what a layer
// holds, one how a format is written.
//
// It reads nothing but an atlas, so a file holds one state of the record. A file is there whole or not at all: it is made
// beside its place under another name and moved when it is done.
package exporters

import (
	"bufio"
	"context"
	"path/filepath"
	"strings"

	"kora"
)

// A Format is a kind of file.
type Format string

const (
	GeoJSON    Format = "geojson" // RFC 7946
	CSV        Format = "csv"     // UTF-8 with a byte order mark, for spreadsheets
	GeoPackage Format = "gpkg"
	FlatGeobuf Format = "fgb"
	Parquet    Format = "parquet" // GeoParquet
)

// Formats lists the formats of layers.
func Formats() []Format { return []Format{GeoJSON, CSV, GeoPackage, FlatGeobuf, Parquet} }

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
		return nil, kora.Refuse(kora.ReasonFormat, "format", format, "is none of geojson, csv, gpkg, fgb and parquet")
	case !known:
		return nil, kora.Refuse(kora.ReasonFormat, "out", path,
			"does not end in .geojson, .csv, .gpkg, .fgb or .parquet; name the format with --format")
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
	".geojson": GeoJSON, ".json": GeoJSON, ".csv": CSV, ".gpkg": GeoPackage, ".fgb": FlatGeobuf,
	".parquet": Parquet, ".geoparquet": Parquet,
}

// drivers are GDAL's names of the formats that it writes; "" for those that Kora writes.
var drivers = map[Format]string{GeoJSON: "", CSV: "", GeoPackage: "GPKG", FlatGeobuf: "FlatGeobuf", Parquet: "Parquet"}

// A Written is a file that an export made.
type Written struct {
	Path   string
	Layers []string
	Rows   int // of all layers
}

// Write makes the file. Only a GeoPackage holds several layers: for other formats those after the first go into files of
// their own beside it, coverage-areas.csv beside coverage.csv.
func (s *Set) Write(ctx context.Context, f *File) ([]Written, error) {
	written := []Written{{Path: f.path}}
	for i, l := range s.layers {
		if i > 0 && f.format != GeoPackage {
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
		for i, l := range s.layers {
			write := s.writeGeoJSON
			if f.format == CSV {
				write = s.writeCSV
			}
			if err := create(files[i], func(w *bufio.Writer) error { return write(ctx, w, l) }); err != nil {
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
