package importers

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kora"
	"kora/gdal"
)

// What a child that reads a layer may take. Where GDAL runs out of memory it may turn in circles, so the processor's time is
// bounded closely.
const (
	layerTime   = 2 * time.Minute
	layerCPU    = time.Minute
	layerWrites = 1 << 20 // it has nothing to write but a journal
	layerBytes  = 1 << 30 // of the stream that it gives
	maxKML      = 12 << 20
	maxCorners  = 50_000 // of one outline of a Shapefile; GDAL takes up to 1 kB for each
)

// A layerFile is a file of layers that GDAL reads, in a folder of its own.
type layerFile struct {
	file     string // as its owner calls it
	format   layerFormat
	dir      string
	path     string // in dir
	encoding tableEncoding
}

// A layerFormat is a format that is read through GDAL.
type layerFormat struct {
	name    string   // for people
	drivers []string // of GDAL
	memory  int64    // that the child may reserve
}

// Most formats come as a stream, of which GDAL keeps a feature at a time. A KML is kept whole, in ten times its size while
// it is read, so it may not be as large as other files.
var (
	shapefile  = layerFormat{"Shapefile", []string{"ESRI Shapefile"}, 192 << 20}
	geoPackage = layerFormat{"GeoPackage", []string{"GPKG"}, 192 << 20}
	fileGDB    = layerFormat{"FileGDB", []string{"OpenFileGDB"}, 192 << 20}
	kml        = layerFormat{"KML", []string{"LIBKML", "KML"}, 256 << 20}
	dxf        = layerFormat{"DXF", []string{"DXF"}, 192 << 20}
)

// inFolder lends a folder for one piece of work.
func inFolder(work func(dir string) error) error {
	dir, err := os.MkdirTemp("", "kora-import-")
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	return errors.Join(work(dir), os.RemoveAll(dir))
}

// spool writes a file of at most 50 MB to path.
func spool(name string, r io.Reader, path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	source := &sourceError{r: &cappedReader{r: r, left: maxFileBytes, over: tooLarge(name, maxFileBytes)}}
	_, err = io.Copy(f, source)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if source.err != nil {
		return readError(name, source.err)
	}
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	return nil
}

// layerFormatOf tells by its first bytes which format of layers a file has, other than an archive; ok is false for none.
func layerFormatOf(start []byte) (format layerFormat, ok bool) {
	text := bytes.TrimLeft(bytes.TrimPrefix(start, []byte("\ufeff")), " \t\r\n")
	switch {
	case len(start) > 72 && bytes.HasPrefix(start, []byte("SQLite format 3\x00")) && slices.Contains([]string{"GPKG", "GP10", "GP11"}, string(start[68:72])):
		return geoPackage, true
	case bytes.HasPrefix(text, []byte("<")) && bytes.Contains(text, []byte("<kml")):
		return kml, true
	case dxfStart.Match(text):
		return dxf, true
	}
	return layerFormat{}, false
}

// dxfStart is the first section of a DXF, which comments may come before.
var dxfStart = regexp.MustCompile(`\A(?:999\r?\n[^\n]*\n\s*)*0\s*\r?\nSECTION\s*\r?\n`)

// foreignLayers are what is often given in place of a file that is read, by its first bytes.
var foreignLayers = []struct {
	start string
	err   *kora.Error
}{
	{"AutoCAD Binary DXF", kora.Refuse(kora.ReasonFormat, "", nil, "is a binary DXF; save it as an ASCII DXF")},
	{"AC10", kora.Refuse(kora.ReasonFormat, "", nil, "is a DWG, whose format is secret; save it as DXF")},
	{"SQLite format 3\x00", kora.Refuse(kora.ReasonFormat, "", nil, "is an SQLite database and no GeoPackage")},
	{"Rar!", kora.Refuse(kora.ReasonFormat, "", nil, "is a RAR archive; pack it as ZIP")},
	{"7z\xbc\xaf\x27\x1c", kora.Refuse(kora.ReasonFormat, "", nil, "is a 7z archive; pack it as ZIP")},
	{"\x00\x00\x27\x0a", kora.Refuse(kora.ReasonFormat, "", nil, "is the .shp of a Shapefile alone; pack it with its .shx, .dbf and .prj as ZIP")},
}

// layerIn finds the layer of an archive and unpacks it into dir under names of ours. ok is false when it holds none.
func layerIn(a *archive, layer, dir string) (l layerFile, ok bool, err error) {
	shapes, documents := a.named(".shp"), a.named(".kml")
	bases := a.geodatabases()
	found := 0
	for _, n := range []int{len(shapes), len(documents), len(bases)} {
		found += min(n, 1)
	}
	switch {
	case found == 0:
		return l, false, nil
	case found > 1:
		return l, true, a.refuse(kora.ReasonFormat, "the archive holds files of several formats; pack each into an archive of its own")
	case len(shapes) > 0:
		l, err = a.shapefile(shapes, layer, dir)
	case len(bases) > 0:
		l, err = a.geodatabase(bases, dir)
	default:
		l, err = a.document(documents, dir)
	}
	l.file, l.dir = a.file, dir
	return l, true, err
}

// stemOf is the name of a part without its folder and ending.
func stemOf(name string) string {
	base := path.Base(name)
	return strings.TrimSuffix(base, path.Ext(base))
}

// choose takes one of several parts by its name.
func (a *archive) choose(parts []archivePart, what, layer string) (archivePart, error) {
	var names []string
	for _, p := range parts {
		if layer != "" && strings.EqualFold(stemOf(p.name), layer) || layer == "" && len(parts) == 1 {
			return p, nil
		}
		names = append(names, clipWord(stemOf(p.name)))
	}
	if layer != "" {
		return archivePart{}, a.refuse(kora.ReasonNotFound, "the archive has no layer %q; it has %s", clipWord(layer), someOf(names))
	}
	return archivePart{}, a.refuse(kora.ReasonFormat, "the archive holds %d %s: %s; name one of them (--layer), or pack it alone", len(parts), what, someOf(names))
}

// someOf lists names up to as many as a sentence bears.
func someOf(names []string) string {
	if len(names) > 10 {
		return strings.Join(names[:10], ", ") + " …"
	}
	return strings.Join(names, ", ")
}

// shapefile unpacks the files of one .shp.
func (a *archive) shapefile(shapes []archivePart, layer, dir string) (l layerFile, err error) {
	shp, err := a.choose(shapes, "Shapefiles", layer)
	if err != nil {
		return l, err
	}
	stem := strings.ToLower(strings.TrimSuffix(shp.name, path.Ext(shp.name)))
	parts := map[string]archivePart{}
	for _, ending := range []string{".shp", ".shx", ".dbf", ".prj", ".cpg"} {
		for _, p := range a.parts {
			if strings.ToLower(p.name) == stem+ending {
				parts[filepath.Join(dir, "layer"+ending)] = p
			}
		}
		if _, ok := parts[filepath.Join(dir, "layer"+ending)]; !ok && (ending == ".shx" || ending == ".dbf") {
			return l, a.refuse(kora.ReasonTruncated, "the archive lacks %s%s, which belongs to the Shapefile", clipWord(stemOf(shp.name)), ending)
		}
	}
	if err := a.unpack(parts); err != nil {
		return l, err
	}
	if err := a.checkOutlines(filepath.Join(dir, "layer.shx")); err != nil {
		return l, err
	}
	cpg, err := os.ReadFile(filepath.Join(dir, "layer.cpg"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return l, fmt.Errorf("import: %w", err)
	}
	dbf, err := os.Open(filepath.Join(dir, "layer.dbf"))
	if err != nil {
		return l, fmt.Errorf("import: %w", err)
	}
	defer dbf.Close()
	l = layerFile{format: shapefile, path: "layer.shp"}
	l.encoding, err = dbfEncoding(a.file, dbf, string(cpg))
	return l, err
}

// checkOutlines refuses a Shapefile that has an outline too large for the memory of a child, by the lengths in its index.
func (a *archive) checkOutlines(shx string) error {
	f, err := os.Open(shx)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	defer f.Close()
	r := bufio.NewReader(f)
	if _, err := r.Discard(100); err != nil {
		return a.refuse(kora.ReasonTruncated, "its .shx is cut off or damaged")
	}
	for n, entry := 1, make([]byte, 8); ; n++ {
		_, err := io.ReadFull(r, entry)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return a.refuse(kora.ReasonTruncated, "its .shx is cut off or damaged")
		}
		if words := binary.BigEndian.Uint32(entry[4:]); words > maxCorners*16/2 {
			return wholeFile(a.file, n, kora.ReasonTooLarge, "the outline has more than %d corners", maxCorners)
		}
	}
}

// geodatabaseFile is what ESRI calls the files in a .gdb folder.
var geodatabaseFile = regexp.MustCompile(`\A(a[0-9a-f]{8}\.(gdbtable|gdbtablx|gdbindexes|freelist|horizon|[A-Za-z0-9_]{1,64}\.(atx|spx))|gdb|timestamps)\z`)

// geodatabases are the folders of the archive that are called .gdb, which may be the archive itself.
func (a *archive) geodatabases() (folders []string) {
	for _, p := range a.named(".gdbtable") {
		if folder := path.Dir(p.name); !slices.Contains(folders, folder) {
			folders = append(folders, folder)
		}
	}
	return folders
}

func (a *archive) geodatabase(folders []string, dir string) (layerFile, error) {
	if len(folders) > 1 {
		return layerFile{}, a.refuse(kora.ReasonFormat, "the archive holds %d geodatabases: %s; pack each alone", len(folders), someOf(folders))
	}
	base := filepath.Join(dir, "layer.gdb")
	if err := os.Mkdir(base, 0o700); err != nil {
		return layerFile{}, fmt.Errorf("import: %w", err)
	}
	parts := map[string]archivePart{}
	for _, p := range a.parts {
		if name := path.Base(p.name); path.Dir(p.name) == folders[0] && geodatabaseFile.MatchString(name) {
			parts[filepath.Join(base, name)] = p
		}
	}
	return layerFile{format: fileGDB, path: "layer.gdb"}, a.unpack(parts)
}

// document unpacks the KML of a KMZ: doc.kml, or the only one.
func (a *archive) document(documents []archivePart, dir string) (layerFile, error) {
	doc := documents[0]
	if len(documents) > 1 {
		i := slices.IndexFunc(documents, func(p archivePart) bool { return strings.EqualFold(p.name, "doc.kml") })
		if i < 0 {
			_, err := a.choose(documents, "KML documents", "")
			return layerFile{}, err
		}
		doc = documents[i]
	}
	to := filepath.Join(dir, "layer.kml")
	return layerFile{format: kml, path: "layer.kml"}, a.unpack(map[string]archivePart{to: doc})
}

// A layerInfo is what GDAL says of one layer.
type layerInfo struct {
	name, shape string
	crs         string // as well-known text, "" for none
}

// layers asks GDAL what l holds.
func (l *layerFile) layers(ctx context.Context, c gdal.Call) ([]layerInfo, error) {
	c.Args = append([]string{"-ro", "-so", "-al", "-wkt_format", "WKT2_2018"}, append(l.openOptions(), l.path)...)
	said, err := c.Output(ctx)
	if err != nil {
		return nil, l.failed(err)
	}
	return layersOf(said), nil
}

// layersOf reads what ogrinfo prints.
func layersOf(said string) (all []layerInfo) {
	crs := false
	for line := range strings.Lines(said) {
		line = strings.TrimRight(line, "\r\n")
		if name, ok := strings.CutPrefix(line, "Layer name: "); ok {
			all, crs = append(all, layerInfo{name: name}), false
			continue
		}
		if len(all) == 0 {
			continue
		}
		l := &all[len(all)-1]
		switch {
		case strings.HasPrefix(line, "Geometry: "):
			l.shape = strings.TrimPrefix(line, "Geometry: ")
		case line == "Layer SRS WKT:":
			crs = true
		case strings.HasPrefix(line, "Data axis to CRS axis mapping"), line == "(unknown)":
			crs = false
		case crs:
			l.crs += line + "\n"
		}
	}
	return all
}

// choose takes the layer that is named, or the only one that can hold outlines.
func (l *layerFile) choose(all []layerInfo, name string) (chosen layerInfo, others int, err error) {
	var names []string
	var fit []layerInfo
	for _, info := range all {
		switch {
		case name != "" && l.format.name != shapefile.name && !strings.EqualFold(info.name, name):
			names = append(names, clipWord(info.name))
		case strings.HasPrefix(info.name, "-"):
			return chosen, 0, l.refuse(kora.ReasonFormat, "has a layer that is called %q; give it another name", clipWord(info.name))
		case slices.ContainsFunc([]string{"Polygon", "Surface", "Unknown", "Collection"}, func(s string) bool { return strings.Contains(info.shape, s) }):
			fit, names = append(fit, info), append(names, clipWord(info.name))
		}
	}
	switch {
	case len(fit) == 1:
		return fit[0], len(all) - 1, nil
	case len(fit) > 1:
		return chosen, 0, l.refuse(kora.ReasonFormat, "has %d layers of outlines: %s; name one of them (--layer)", len(fit), someOf(names))
	case name != "" && len(names) > 0:
		return chosen, 0, l.refuse(kora.ReasonNotFound, "has no layer of outlines %q; it has %s", clipWord(name), someOf(names))
	}
	return chosen, 0, l.refuse(kora.ReasonGeometry, "has no layer of polygons; parcels are polygons")
}

// openOptions are those with which GDAL is to open l.
func (l *layerFile) openOptions() []string {
	if l.encoding.name != "" {
		return []string{"-oo", "ENCODING=" + l.encoding.name}
	}
	return nil
}

// call is a run of a program of GDAL on l, which knows no other format than l's and GeoJSON, and no plug-ins.
func (l *layerFile) call(ctx context.Context, program string) (gdal.Call, error) {
	c := gdal.Call{Dir: l.dir, Time: layerTime, Limits: gdal.Limits{CPU: layerCPU, Memory: l.format.memory, Files: layerWrites}}
	var err error
	if c.Program, err = gdal.Find(program); err != nil {
		return c, l.refuse(kora.ReasonUnavailable, "is a %s, which is read by GDAL's %s, and that is not here; install gdal-bin (Debian), or give GeoJSON", l.format.name, program)
	}
	drivers, err := gdal.Drivers(ctx, c.Program, l.dir)
	if err != nil {
		return c, l.failed(err)
	}
	var skip []string
	reads := false
	for _, d := range drivers {
		switch {
		case slices.Contains(l.format.drivers, d.Name):
			reads = true
		case d.Name != "GeoJSON":
			skip = append(skip, d.Name)
		}
	}
	if !reads {
		return c, l.refuse(kora.ReasonUnavailable, "is a %s, which this GDAL does not read; install one built with it, or give GeoJSON", l.format.name)
	}
	c.Settings = []string{
		"GDAL_SKIP=" + strings.Join(skip, ","), "GDAL_DRIVER_PATH=disable", "GDAL_NUM_THREADS=1", "MALLOC_ARENA_MAX=1",
		"OGR_ARC_STEPSIZE=1",
	}
	return c, nil
}

// stream has GDAL give the features of a layer as GeoJSON in the layer's own coordinates, with all their digits.
func (l *layerFile) stream(ctx context.Context, info layerInfo, visit func(*feature) error) error {
	c, err := l.call(ctx, "ogr2ogr")
	if err != nil {
		return err
	}
	c.Args = append([]string{"-f", "GeoJSON", "-a_srs", "NONE", "-lco", "RFC7946=NO", "-lco", "SIGNIFICANT_FIGURES=17"}, l.openOptions()...)
	c.Args = append(c.Args, "/vsistdout/", l.path, info.name)
	var read error
	err = c.Stream(ctx, func(r io.Reader) error {
		var j *jsonReader
		if j, read = newJSONReader(l.file, r, layerBytes); read == nil {
			_, read = readCollection(j, true, visit)
		}
		return read
	})
	if err == nil || errors.Is(err, read) {
		return err
	}
	return l.failed(err)
}

func (l *layerFile) refuse(reason kora.Reason, format string, args ...any) error {
	return wholeFile(l.file, 0, reason, format, args...)
}

// failed tells in words why GDAL could not read l.
func (l *layerFile) failed(err error) error {
	f, ok := errors.AsType[*gdal.Failure](err)
	if !ok {
		return err
	}
	said := strings.ToLower(f.Said)
	switch {
	case f.Late:
		return l.refuse(kora.ReasonTooLarge, "takes too long to read (%v); split it", f.Err)
	case f.Crashed(), strings.Contains(said, "memory"), strings.Contains(said, "bad_alloc"):
		return l.refuse(kora.ReasonTooLarge, "cannot be read within %d MB of memory: it is damaged, or too large; split it (GDAL says: %s)", l.format.memory>>20, strconv.Quote(f.Said))
	}
	return l.refuse(kora.ReasonTruncated, "is cut off or damaged; GDAL says: %s", f.Said)
}
