package importers

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/paulmach/orb"

	"kora"
	"kora/geo/datum"
)

// A Reprojector turns points of the projected reference system srid (an EPSG code), easting and northing in metres, into
// longitude and latitude in degrees of EPSG:4490, in the same order.
type Reprojector interface {
	ToCGCS2000(ctx context.Context, srid int, points []orb.Point) ([]orb.Point, error)
}

// A Register tells which of the parcels with these numbers there are, and what they are now. A file that knows less than
// all about a parcel is laid over it.
type Register interface {
	ParcelsByNumber(ctx context.Context, numbers []string) (map[string]*kora.Parcel, error)
}

// A RecordReader is what readers of parcels ask the record.
type RecordReader interface {
	Reprojector
	Register
}

// ParcelOptions are the answers to what a file of parcels leaves open. They never go against what it says: where they do,
// it is refused.
type ParcelOptions struct {
	CGCS2000  bool         // a survey that names no reference system is in CGCS2000
	Zone      datum.Zone   // of survey coordinates that have none; Number 0 when there is no answer
	Exchanged bool         // a survey has the easting first
	Use       kora.LandUse // of new parcels that a survey gives none
	Within    *orb.Bound   // where parcels must lie, in degrees; nil for anywhere
	CRS       string       // of a layer that names no reference system: "EPSG:4519"
	Layer     string       // which layer of several; "" when there is one
	Number    string       // the field of a layer that holds the number; "" when its name tells

	take Taker[kora.Parcel]
}

// EachParcel is Parcels for a file of any number of them: each is handed on, and is not in the batch. Where r is an io.Seeker it is
// handed on at once, whatever the format.
func EachParcel(ctx context.Context, name string, r io.Reader, record RecordReader, opts ParcelOptions, take Taker[kora.Parcel]) (Batch[kora.Parcel], error) {
	opts.take = take
	return Parcels(ctx, name, r, record, opts)
}

// Parcels reads a file of parcels, whichever of the formats it is: 勘测定界 TXT, a table (XLSX or CSV), GeoJSON, records of
// the land market, or a layer (Shapefile, GeoPackage, KML, DXF, FileGDB). Its content tells, and its name only which texts
// are tables.
func Parcels(ctx context.Context, name string, r io.Reader, record RecordReader, opts ParcelOptions) (Batch[kora.Parcel], error) {
	start := make([]byte, 4<<10)
	n, err := io.ReadFull(r, start)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return Batch[kora.Parcel]{}, fmt.Errorf("read %s: %w", baseName(name), err)
	}
	start = start[:n]
	if !unread(r, n) {
		r = io.MultiReader(bytes.NewReader(start), r)
	}
	if format, ok := layerFormatOf(start); ok {
		return parcelsLayer(ctx, name, format, r, record, opts)
	}
	switch ext := strings.ToLower(name[strings.LastIndex(name, ".")+1:]); formatOf(start) {
	case "zip":
		return parcelsArchive(ctx, name, r, record, opts)
	case "object":
		return ParcelsGeoJSON(ctx, name, r, record, opts)
	case "array":
		return LandMarket(ctx, name, r, record, opts)
	case "text":
		switch ext {
		case "txt":
			return ParcelsTXT(ctx, name, r, record, opts)
		case "csv", "tsv":
			return ParcelsTable(ctx, name, r, record, opts)
		case "geojson", "json": // says what is wrong with it
			return ParcelsGeoJSON(ctx, name, r, record, opts)
		}
	}
	for _, f := range foreignLayers {
		if bytes.HasPrefix(start, []byte(f.start)) {
			return Batch[kora.Parcel]{}, wholeFile(name, 0, kora.ReasonFormat, "%v", f.err)
		}
	}
	return Batch[kora.Parcel]{}, wholeFile(name, 0, kora.ReasonFormat,
		"is none of the files of parcels that Kora reads: 勘测定界 .txt, .xlsx, .csv, .geojson, .json of the land market, a Shapefile or FileGDB in a .zip, .gpkg, .kml, .kmz, .dxf")
}

// unread goes back by so many bytes, where r can.
func unread(r io.Reader, n int) bool {
	s, ok := r.(io.Seeker)
	if ok {
		_, err := s.Seek(-int64(n), io.SeekCurrent)
		ok = err == nil
	}
	return ok
}

// formatOf tells what a file starts like: "zip", a JSON "object" or "array", or another "text".
func formatOf(start []byte) string {
	if isZIP(start) {
		return "zip"
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(start, []byte("\ufeff")), " \t\r\n")
	switch {
	case bytes.HasPrefix(text, []byte("{")):
		return "object"
	case bytes.HasPrefix(text, []byte("[")):
		// The sections of a survey stand in brackets too.
		if inner := bytes.TrimLeft(text[1:], " \t\r\n"); len(inner) > 0 && bytes.ContainsRune([]byte("{]"), rune(inner[0])) {
			return "array"
		}
	}
	return "text"
}

// An entry is what a file says of one parcel.
type entry struct {
	line    int
	number  string
	set     []func(*kora.Parcel)
	faults  []kora.Fault
	outline bool // it brings the geometry
}

func (e *entry) put(set func(*kora.Parcel)) { e.set = append(e.set, set) }

// entriesAtOnce is how many parcels are looked up together.
const entriesAtOnce = 500

// parcelCollector gathers parcels, or hands them on where the options say so.
func parcelCollector(name string, unit kora.Word, opts ParcelOptions) *collector[kora.Parcel, *kora.Parcel] {
	c := newCollector[kora.Parcel](name, unit)
	c.take = opts.take
	return c
}

// entries lays what a file says of parcels over what the record holds of them.
type entries struct {
	*collector[kora.Parcel, *kora.Parcel]
	register Register
	opts     ParcelOptions
	waiting  []entry
}

// take collects an entry. The error is one of the whole file, or of the record.
func (d *entries) take(ctx context.Context, next entry) error {
	d.waiting = append(d.waiting, next)
	if len(d.waiting) < entriesAtOnce {
		return nil
	}
	return d.settle(ctx)
}

// settle makes parcels of the entries that wait.
func (d *entries) settle(ctx context.Context) error {
	var numbers []string
	for _, w := range d.waiting {
		if w.number != "" && len(w.faults) == 0 {
			numbers = append(numbers, w.number)
		}
	}
	var known map[string]*kora.Parcel
	if len(numbers) > 0 {
		var err error
		if known, err = d.register.ParcelsByNumber(ctx, numbers); err != nil {
			return fmt.Errorf("%s: look up its parcels: %w", d.file, err)
		}
	}
	for _, w := range d.waiting {
		p := kora.Parcel{Number: w.number, Status: kora.ParcelPromoted, Use: d.opts.Use}
		was := known[w.number]
		if was != nil {
			p = *was
		}
		for _, set := range w.set {
			set(&p)
		}
		if len(w.faults) == 0 {
			w.faults = d.check(&w, was, &p)
		}
		if err := d.add(w.line, "number", p.Number, p, w.faults); err != nil {
			return err
		}
	}
	d.waiting = d.waiting[:0]
	return nil
}

// check is what only the whole parcel shows.
func (d *entries) check(w *entry, was, p *kora.Parcel) []kora.Fault {
	switch {
	case p.Number == "": // Validate tells
	case was == nil && !w.outline:
		return []kora.Fault{d.fault(w.line, "number", kora.Refuse(kora.ReasonNotFound, "number", p.Number,
			"is not in the record, and this file has no outline for it; import its outline first, as 勘测定界 TXT or GeoJSON"))}
	case w.outline:
		p.AreaM2 = 0 // the record will compute it
		if err := outside(d.opts.Within, p.Geometry); err != nil {
			return []kora.Fault{d.fault(w.line, "geometry", err)}
		}
		if was != nil {
			if err := shifted(was.Geometry, p.Geometry); err != nil {
				return []kora.Fault{d.fault(w.line, "geometry", err)}
			}
		}
	default:
		verdict, err := kora.CompareArea(p.StatedM2, p.AreaM2)
		switch {
		case p.StatedM2 == was.StatedM2:
		case verdict == kora.AreaUnit:
			return []kora.Fault{d.fault(w.line, "stated_m2", err)}
		case verdict == kora.AreaDiffers:
			d.warn(d.fault(w.line, "stated_m2", err))
		}
	}
	if p.Name.ZH == "" && p.Number != "" {
		p.Name.ZH = p.Number
		d.warn(d.fault(w.line, "name", kora.Refuse(kora.ReasonRequired, "name", nil, "is missing; the parcel is named by its number")))
	}
	return nil
}

// outside refuses an outline that leaves the box for which parcels are imported.
func outside(box *orb.Bound, m orb.MultiPolygon) *kora.Error {
	if box == nil || len(m) == 0 {
		return nil
	}
	if b := m.Bound(); box.Contains(b.Min) && box.Contains(b.Max) {
		return nil
	}
	return kora.Refuse(kora.ReasonCoordinate, "geometry", nil,
		"lies outside of the area for which parcels are imported here; perhaps the zone is another")
}
