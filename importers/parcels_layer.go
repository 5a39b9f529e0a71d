package importers

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"kora"
)

// layerColumns maps names of fields, in the form of foldHeading, to columns: the headings of tables, and what a .dbf has
// room for, the initials of their pinyin.
var layerColumns = func() map[string]string {
	m := maps.Clone(parcelColumns)
	maps.DeleteFunc(m, func(_, column string) bool { return column == "outline" || column == "crs" })
	maps.Copy(m, synonyms(map[string]string{
		"number":     "dkbh zdbh zdh dkh zddm dkdm",
		"name_zh":    "dkmc zdmc mc",
		"county":     "xzqdm xzqhdm xzqmc ssqx",
		"address_zh": "zl tdzl zdzl dkwz",
		"area":       "dkmj zdmj ydmj tdmj crmj gdmj",
		"use_code":   "dlbm yddm ydyhdm ghytdm",
		"use_name":   "ydxz tdyt ghyt dlmc dkyt ydyhmc",
		"far":        "rjl", "density": "jzmd", "green": "ldl lhl", "height_m": "jzxg jzgd",
		"price": "qsj qpj", "supply": "gyfs crfs gdfs", "term_years": "crnx synx", "status": "dkzt",
	}))
	return m
}()

// areaFields are those whose unit the standards of the land registers fix: square metres.
var areaFields = map[string]bool{"dkmj": true, "zdmj": true, "ydmj": true, "tdmj": true}

// parcelsArchive reads a workbook, or the layer of a ZIP.
func parcelsArchive(ctx context.Context, name string, r io.Reader, record RecordReader, opts ParcelOptions) (b Batch[kora.Parcel], err error) {
	err = inFolder(func(dir string) error {
		path := filepath.Join(dir, "archive")
		if err := spool(name, r, path); err != nil {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return fmt.Errorf("import: %w", err)
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return fmt.Errorf("import: %w", err)
		}
		if isWorkbook(f, info.Size()) {
			b, err = ParcelsTable(ctx, name, f, record, opts)
			return err
		}
		a, err := openArchive(name, f, info.Size())
		if err != nil {
			return err
		}
		l, ok, err := layerIn(a, opts.Layer, dir)
		if err != nil {
			return err
		}
		if !ok {
			return a.refuse(kora.ReasonFormat, "the archive holds no workbook (.xlsx), Shapefile (.shp), geodatabase (.gdb) or KML")
		}
		b, err = readParcelLayer(ctx, l, record, opts)
		return err
	})
	if err != nil {
		b.Items = nil
	}
	return b, err
}

// parcelsLayer reads a file that is a layer by itself.
func parcelsLayer(ctx context.Context, name string, format layerFormat, r io.Reader, record RecordReader, opts ParcelOptions) (b Batch[kora.Parcel], err error) {
	err = inFolder(func(dir string) error {
		l := layerFile{file: baseName(name), format: format, dir: dir, path: "layer." + map[string]string{
			geoPackage.name: "gpkg", kml.name: "kml", dxf.name: "dxf"}[format.name]}
		if err := spool(name, r, filepath.Join(dir, l.path)); err != nil {
			return err
		}
		b, err = readParcelLayer(ctx, l, record, opts)
		return err
	})
	if err != nil {
		b.Items = nil
	}
	return b, err
}

// readParcelLayer reads the parcels of a layer: the outlines by GDAL, the fields as a table with their names for a heading.
// Like a survey it leaves alone what it does not say of a parcel that is there.
func readParcelLayer(ctx context.Context, l layerFile, record RecordReader, opts ParcelOptions) (Batch[kora.Parcel], error) {
	p := &layerParcels{
		entries: &entries{collector: parcelCollector(l.file, "feature", opts), register: record, opts: opts},
		to:      record, layer: &l, fields: map[string]int{},
	}
	p.batch.Encoding = l.encoding.name
	if l.encoding.lie != nil {
		p.remark(kora.ReasonEncoding, "%v, but its texts are %s and are read as that", l.encoding.lie, l.encoding.name)
	}
	return p.result(p.readLayer(ctx))
}

// layerParcels are the parcels of a layer on their way from the child to the record's form.
type layerParcels struct {
	*entries
	to    Reprojector
	layer *layerFile
	crs   layerCRS

	names    []string       // of the fields, in the order in which they came
	fields   map[string]int // name → place
	table    *table         // made anew when a field is new
	tall     bool           // heights were left out
	unitless bool           // areas without a unit were

	waits    []layerParcel
	corners  int // of those that wait
	features int
	drawing  drawing
}

// A layerParcel is an entry that waits for its outline to be reprojected.
type layerParcel struct {
	entry
	feature  *feature
	outline  orb.MultiPolygon
	statedM2 float64
}

func (p *layerParcels) remark(reason kora.Reason, format string, args ...any) {
	p.warn(kora.Fault{File: p.file, Err: kora.Refuse(reason, "", nil, format, args...)})
}

func (p *layerParcels) readLayer(ctx context.Context) error {
	if p.layer.format.name == kml.name {
		if err := p.layer.checkXML(); err != nil {
			return err
		}
	}
	call, err := p.layer.call(ctx, "ogrinfo")
	if err != nil {
		return err
	}
	all, err := p.layer.layers(ctx, call)
	if err != nil {
		return err
	}
	wanted := p.opts.Layer
	if p.layer.format.name == dxf.name {
		wanted = "" // it names a layer of the drawing
	}
	info, others, err := p.layer.choose(all, wanted)
	if err != nil {
		return err
	}
	if others > 0 {
		p.remark(kora.ReasonFormat, "only the layer %q is read; there are %d others", clipWord(info.name), others)
	}
	if p.crs, err = p.referenceSystem(info); err != nil {
		return err
	}
	if strings.Contains(info.shape, "Curve") || strings.Contains(info.shape, "Surface") {
		p.remark(kora.ReasonGeometry, "arcs are taken as chains of lines of one degree each")
	}
	if err := p.layer.stream(ctx, info, func(f *feature) error { return p.take(ctx, f) }); err != nil {
		return err
	}
	if p.features == 0 {
		return p.layer.refuse(kora.ReasonRequired, "the layer is empty")
	}
	if p.tall {
		p.remark(kora.ReasonGeometry, "heights of corners are left out; parcels are flat")
	}
	if p.layer.format.name == dxf.name {
		if err := p.drawn(ctx); err != nil {
			return err
		}
	}
	if err := p.flush(ctx); err != nil {
		return err
	}
	return p.settle(ctx)
}

// referenceSystem is that of the layer, or the one that is given for it where it names none.
func (p *layerParcels) referenceSystem(info layerInfo) (crs layerCRS, err error) {
	var given layerCRS
	if p.opts.CRS != "" {
		var refusal *kora.Error
		if given, refusal = givenCRS(p.opts.CRS); refusal != nil {
			return crs, kora.Fault{File: p.file, Err: refusal}
		}
	}
	switch {
	case strings.TrimSpace(info.crs) == "" && given.name == "":
		what := kora.Word("the layer")
		if p.layer.format.name == shapefile.name {
			what = "the Shapefile (it has no .prj)"
		}
		return crs, p.layer.refuse(kora.ReasonCRS, "the reference system of %s is missing; when you know it, name it (--crs EPSG:4519); the zone is not guessed", what)
	case strings.TrimSpace(info.crs) == "":
		return given, nil
	}
	crs, refusal := layerCRSOf(info.crs)
	if refusal != nil {
		return crs, p.layer.refuse(kora.ReasonCRS, "the reference system of the layer: %v", refusal)
	}
	if given.name != "" && given.name != crs.name {
		return crs, p.layer.refuse(kora.ReasonCRS, "the layer is in %s, but this import was told of %s (--crs)", crs.name, given.name)
	}
	if crs.note != nil {
		p.remark(kora.ReasonCRS, "%v", crs.note)
	}
	if p.layer.format.name == kml.name {
		p.remark(kora.ReasonCRS, "KML is taken as WGS 84; where it was drawn over a Chinese map it may be shifted by some 350 m, so look at where it lies")
	}
	return crs, nil
}

// take makes an entry of a feature.
func (p *layerParcels) take(ctx context.Context, f *feature) error {
	if p.features++; p.features > maxItems {
		return p.fault(f.number, "", kora.Refuse(kora.ReasonTooLarge, "", nil, "the layer has more than %d features; split it", maxItems))
	}
	p.tall = p.tall || f.geometry != nil && f.geometry.tall
	cells, err := p.cells(f)
	if err != nil {
		return err
	}
	f.properties = nil
	if p.layer.format.name == dxf.name {
		p.drawing.take(f, p.cellOf(cells, "Layer"), p.cellOf(cells, "Text"), p.opts.Layer)
		return nil
	}
	r := parcelRow{row: row{line: f.number, cells: cells, table: p.table}, d: p.entries, entry: entry{line: f.number}}
	if p.layer.format.name == kml.name && fold(r.cell("number")) == "" {
		p.unnumbered(&r)
	}
	p.leaveOutArea(cells)
	r.read()
	return p.wait(ctx, f, r.entry, f.multiPolygon())
}

// leaveOutArea empties an area of which nobody says in what unit it is. A layer has outlines, from which the area follows.
func (p *layerParcels) leaveOutArea(cells []string) {
	i, ok := p.table.index["area"]
	if !ok || p.table.unit("area") != "" || foldHeading(p.names[i]) == "stated_m2" {
		return
	}
	if _, err := strconv.ParseFloat(fold(cells[i]), 64); err != nil {
		return
	}
	cells[i] = ""
	if !p.unitless {
		p.unitless = true
		p.remark(kora.ReasonHeading, "the field %s names no unit and is left out; call it %s(㎡), %s(亩) or %s(公顷)", p.names[i], p.names[i], p.names[i], p.names[i])
	}
}

// unnumbered takes the name of a placemark for its number.
func (p *layerParcels) unnumbered(r *parcelRow) {
	if i, ok := p.table.index["name_zh"]; ok {
		t := *p.table
		t.index = maps.Clone(t.index)
		t.heading = maps.Clone(t.heading)
		t.index["number"], t.heading["number"] = i, p.names[i]
		r.row.table = &t
	}
}

// wait keeps an entry until there are enough to be reprojected together.
func (p *layerParcels) wait(ctx context.Context, f *feature, e entry, outline orb.MultiPolygon) error {
	next := layerParcel{entry: e, feature: f, outline: outline}
	var said kora.Parcel
	for _, set := range e.set {
		set(&said)
	}
	next.statedM2 = said.StatedM2
	for _, poly := range next.outline {
		for _, ring := range poly {
			p.corners += len(ring)
		}
	}
	p.waits = append(p.waits, next)
	if len(p.waits) < entriesAtOnce && p.corners < cornersAtOnce {
		return nil
	}
	return p.flush(ctx)
}

// cornersAtOnce is how many corners are reprojected together at least.
const cornersAtOnce = 100_000

// flush reprojects what waits and hands it on.
func (p *layerParcels) flush(ctx context.Context) error {
	var all orb.MultiPolygon
	for i := range p.waits {
		w := &p.waits[i]
		if f := w.feature; len(f.problems) == 0 {
			switch far := f.geometry.far; {
			case p.crs.srid == 0 && far != nil:
				f.problems = append(f.problems, problem{placeOf(f.geometry.kind, far.path), far.err})
			case p.crs.srid == 0 || knownGrid(p.crs.srid) && !f.checkGrid(p.crs.srid, w.outline):
			default:
				p.compare(w)
				all = append(all, w.outline...)
			}
		}
	}
	if len(all) > 0 {
		got, err := reprojected(ctx, p.to, p.crs.srid, all)
		if err != nil {
			return fmt.Errorf("%s: reproject from EPSG:%d: %w", p.file, p.crs.srid, err)
		}
		for i := range p.waits {
			if w := &p.waits[i]; len(w.feature.problems) == 0 {
				n := len(w.outline)
				w.outline, got = got[:n:n], got[n:]
			}
		}
	}
	source := kora.Source{File: p.file, CRS: p.crs.name}
	for i := range p.waits {
		w := p.waits[i]
		p.waits[i] = layerParcel{}
		for _, problem := range w.feature.problems {
			w.faults = append(w.faults, kora.Fault{File: p.file, Line: w.line, Part: problem.part, Err: problem.err})
		}
		w.entry.outline = true
		w.put(func(v *kora.Parcel) { v.Geometry, v.Source = w.outline, source })
		if err := p.entries.take(ctx, w.entry); err != nil {
			return err
		}
	}
	p.waits, p.corners = p.waits[:0], 0
	return nil
}

// compare holds the stated area against that in the plane of the layer.
func (p *layerParcels) compare(w *layerParcel) {
	if p.crs.metre == 0 {
		return
	}
	switch verdict, err := kora.CompareArea(w.statedM2, planeArea(w.outline)*p.crs.metre*p.crs.metre); verdict {
	case kora.AreaUnit:
		w.feature.refuse(err)
	case kora.AreaDiffers:
		p.warn(p.fault(w.line, "stated_m2", err))
	}
}

// cells are the properties of a feature by the places of their fields.
func (p *layerParcels) cells(f *feature) ([]string, error) {
	known := len(p.names)
	cells := make([]string, known)
	err := eachProperty(f.properties, func(name string, value any) error {
		i, ok := p.fields[name]
		if !ok {
			if i = len(p.names); i >= maxCells {
				return p.fault(f.number, "", kora.Refuse(kora.ReasonTooLarge, "", nil, "the layer has more than %d fields", maxCells))
			}
			p.fields[name], p.names = i, append(p.names, name)
			cells = append(cells, "")
		}
		cells[i] = cellText(value)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if p.table == nil || len(p.names) > known {
		return cells, p.heading()
	}
	return cells, nil
}

func (p *layerParcels) cellOf(cells []string, name string) string {
	if i, ok := p.fields[name]; ok {
		return cells[i]
	}
	return ""
}

// heading makes a table of the fields that have come so far.
func (p *layerParcels) heading() error {
	h := readHeading(p.names, nil, layerColumns)
	if want := p.opts.Number; want != "" {
		i := slices.IndexFunc(p.names, func(n string) bool { return strings.EqualFold(n, want) })
		if i < 0 && p.layer.format.name != kml.name {
			return p.layer.refuse(kora.ReasonHeading, "has no field %q for the number; it has %s", clipWord(want), someOf(p.names))
		}
		maps.DeleteFunc(h.index, func(_ string, at int) bool { return at == i })
		if i >= 0 {
			h.index["number"], h.heading["number"] = i, p.names[i]
		}
		h.twice = [2]string{}
	}
	for column, name := range h.heading {
		if areaFields[foldHeading(name)] && h.units[column] == "" {
			h.units[column] = "㎡"
		}
	}
	p.table = &table{file: p.file, rows: &csvRows{}, index: h.index, heading: h.heading, units: h.units, width: len(p.names)}
	_, numbered := h.index["number"]
	switch fixed := p.layer.format.name != kml.name && p.layer.format.name != dxf.name; {
	case h.twice[0] != "":
		return p.layer.refuse(kora.ReasonHeading, "has two fields that mean the same, %q and %q; take one of them away", h.twice[0], h.twice[1])
	case fixed && !numbered:
		return p.layer.refuse(kora.ReasonHeading, "has no field that is known to hold the number of a parcel (地块编号, DKBH, number); when one does, name it (--number); it has %s", someOf(p.names))
	}
	return p.table.checkUnits(p.file, parcelUnits)
}

// eachProperty calls visit for the members of a JSON object in their order.
func eachProperty(raw json.RawMessage, visit func(name string, value any) error) error {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("properties: %w", err)
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return fmt.Errorf("properties: %w", err)
		}
		var value any
		if err := d.Decode(&value); err != nil {
			return fmt.Errorf("properties: %w", err)
		}
		s, _ := name.(string) // members have nothing else for names
		if err := visit(s, value); err != nil {
			return err
		}
	}
	return nil
}

// cellText is a value as a cell of a table. The number 0 stands in a .dbf where nothing is known.
func cellText(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return strings.TrimRight(v, "\x00 ")
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		f, err := v.Float64()
		switch {
		case err != nil:
			return v.String()
		case f == 0:
			return ""
		case strings.ContainsAny(v.String(), ".eE"):
			return strconv.FormatFloat(f, 'f', -1, 64)
		}
		return v.String()
	}
	b, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(b)
}
