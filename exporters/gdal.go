package exporters

import (
	"bufio"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kora"
	"kora/gdal"
)

// gdalTime bounds a child; a million parcels take some minutes.
const gdalTime = 20 * time.Minute

// A writer is the program that writes what Kora does not.
type writer struct {
	program string
	driver  string
}

// findGDAL looks for ogr2ogr with a driver that can write.
func findGDAL(ctx context.Context, driver string) (*writer, error) {
	program, err := gdal.Find("ogr2ogr")
	if err != nil {
		return nil, kora.Refuse(kora.ReasonUnavailable, "format", driver,
			"is written by GDAL's ogr2ogr, which is not here; install gdal-bin (Debian), or take geojson or csv")
	}
	var drivers []gdal.Driver
	err = inTemporary(func(dir string) (err error) {
		drivers, err = gdal.Drivers(ctx, program, dir)
		return failed(err)
	})
	if err != nil {
		return nil, err
	}
	if slices.Contains(drivers, gdal.Driver{Name: driver, Writes: true}) {
		return &writer{program, driver}, nil
	}
	return nil, kora.Refuse(kora.ReasonUnavailable, "format", driver,
		"is not among those that this GDAL writes; install a GDAL built with it (conda-forge and the image ghcr.io/osgeo/gdal have it), or take gpkg or fgb")
}

// writeByGDAL writes the layers as flat GeoJSON into dir, says in a VRT of what type each column is, for a column of a few
// whole numbers may be one of fractions, and has ogr2ogr make files of that.
func (s *Set) writeByGDAL(ctx context.Context, f *File, dir string, files []string) error {
	withID := f.format != GeoPackage // which has a place for it, and calls it id too
	vrt := vrtSource{}
	for _, l := range s.layers {
		err := create(filepath.Join(dir, l.name+".geojson"), func(w *bufio.Writer) error {
			return writeFeatures(ctx, w, l, []member{{"type", "FeatureCollection"}, {"name", l.name}}, flatten)
		})
		if err != nil {
			return err
		}
		vrt.Layers = append(vrt.Layers, vrtLayerOf(l, withID))
	}
	b, err := xml.MarshalIndent(vrt, "", "  ")
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	source := filepath.Join(dir, "layers.vrt")
	if err := os.WriteFile(source, b, 0o600); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	args := []string{"-f", f.gdal.driver, "-a_srs", fmt.Sprintf("EPSG:%d", kora.SRID)}
	if f.format == GeoPackage {
		args = append(args, "-preserve_fid", "-lco", "FID=id", "-lco", "GEOMETRY_NAME=geom", files[0], source)
		for _, l := range s.layers {
			args = append(args, l.name)
		}
		return f.gdal.run(ctx, dir, args...)
	}
	for i, l := range s.layers {
		if err := f.gdal.run(ctx, dir, append(args[:len(args):len(args)], files[i], source, l.name)...); err != nil {
			return err
		}
	}
	return nil
}

// flatten gives the properties of a row, and what holds for every row, as columns: name_zh for name.zh. Lists are texts with
// the codes parted by ";". What is not known is null, so that every column is there.
func flatten(l *layer, r row) ([]byte, error) {
	all := []member{{"id", r.id}}
	add := func(f field, v any) error {
		switch f.kind {
		case list:
			v = strings.Join(v.([]string), ";")
		case other:
			if v == nil {
				break
			}
			b, err := json.Marshal(v)
			if err != nil {
				return err
			}
			v = string(b)
		}
		all = append(all, member{f.flat(), v})
		return nil
	}
	for i, f := range l.fields {
		if err := add(f, r.values[i]); err != nil {
			return nil, err
		}
	}
	for _, c := range l.constants {
		if err := add(c.field, c.value); err != nil {
			return nil, err
		}
	}
	return object(all)
}

// The parts of GDAL's virtual format that are used here.
type vrtSource struct {
	XMLName xml.Name   `xml:"OGRVRTDataSource"`
	Layers  []vrtLayer `xml:"OGRVRTLayer"`
}

type vrtLayer struct {
	Name   string `xml:"name,attr"`
	Source struct {
		Relative int    `xml:"relativeToVRT,attr"`
		File     string `xml:",chardata"`
	} `xml:"SrcDataSource"`
	OpenOptions []vrtOption `xml:"OpenOptions>OOI"`
	SourceLayer string      `xml:"SrcLayer"`
	Shape       string      `xml:"GeometryType"`
	Fields      []vrtField  `xml:"Field"`
}

type vrtOption struct {
	Key   string `xml:"key,attr"`
	Value string `xml:",chardata"`
}

type vrtField struct {
	Name    string `xml:"name,attr"`
	Source  string `xml:"src,attr"`
	Type    string `xml:"type,attr"`
	Subtype string `xml:"subtype,attr,omitempty"`
}

func vrtLayerOf(l *layer, withID bool) vrtLayer {
	v := vrtLayer{Name: l.name, SourceLayer: l.name, Shape: "wkb" + l.shape,
		OpenOptions: []vrtOption{{"DATE_AS_STRING", "YES"}}} // or a code that looks like a date comes out rewritten
	if l.shape == "" {
		v.Shape = "wkbNone"
	}
	v.Source.Relative, v.Source.File = 1, l.name+".geojson"
	if withID {
		v.Fields = append(v.Fields, vrtField{"id", "id", "Integer64", ""})
	}
	add := func(f field) {
		column := vrtField{Name: f.flat(), Source: f.flat(), Type: "String"}
		switch f.kind {
		case real, portion:
			column.Type = "Real"
		case whole:
			column.Type = "Integer64"
		case flag:
			column.Type, column.Subtype = "Integer", "Boolean"
		}
		v.Fields = append(v.Fields, column)
	}
	for _, f := range l.fields {
		add(f)
	}
	for _, c := range l.constants {
		add(c.field)
	}
	return v
}

// run calls ogr2ogr with dir as its home.
func (g *writer) run(ctx context.Context, dir string, args ...string) error {
	_, err := gdal.Call{Program: g.program, Args: args, Dir: dir, Time: gdalTime}.Output(ctx)
	return failed(err)
}

// failed says whose failure it is.
func failed(err error) error {
	if _, ok := errors.AsType[*gdal.Failure](err); ok {
		return fmt.Errorf("export: %w", err)
	}
	return err
}

// inTemporary lends a folder for one piece of work.
func inTemporary(work func(dir string) error) error {
	dir, err := os.MkdirTemp("", "kora-export-")
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return errors.Join(work(dir), os.RemoveAll(dir))
}
