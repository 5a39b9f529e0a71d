package importers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"kora"
)

// ParcelsTXT reads 勘测定界 boundary points, the TXT of land surveys (国土 TXT): [属性描述] with key=value lines, and
// [地块坐标] with a parcel line of eight attributes that ends in @, followed by its corners as 点号,圈号,X,Y, where X is
// the northing and Y the easting in metres of a Gauss-Krüger zone of CGCS2000. Corners in degrees are read too.
//
// The zone is that of 带号 or of the two digits before the easting, never a guess from where the parcel may lie: without
// either, or when they disagree, the whole file is refused. Corners that follow each other under one 圈号 form a ring;
// whether a ring is an outline or a hole is decided by what contains it, not by its number. The closing row may be there
// or not, and the stated number of corners is only compared.
//
// The area is hectares unless it names another unit; it is compared here with that of the rings in the plane of the zone,
// which is what surveyors compute. The land-use code is one of the guide of 2023, unless 地块用途 names the use that the
// code has in GB/T 21010-2017 and not that of 2023. A parcel that the record holds under the number keeps what the file
// does not say; a new one is promoted (推介).
func ParcelsTXT(ctx context.Context, name string, r io.Reader, record RecordReader, opts ParcelOptions) (Batch[kora.Parcel], error) {
	d := &entries{collector: parcelCollector(name, "line", opts), register: record, opts: opts}
	d.part = plotAttribute
	text, err := readText(name, r)
	if err != nil {
		return d.result(err)
	}
	d.batch.Encoding = text.encoding
	sections := newSurveyReader(name, text, opts.Exchanged)
	for {
		plot, err := sections.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return d.result(err)
		}
		p := plotReader{plot: plot, opts: opts}
		next, err := p.entry(ctx, record)
		if err != nil {
			return d.result(err)
		}
		d.warn(sections.warnings...)
		sections.warnings = nil
		d.warn(plot.warnings...)
		if err := d.take(ctx, next); err != nil {
			return d.result(err)
		}
	}
	if err := d.settle(ctx); err != nil {
		return d.result(err)
	}
	if sections.plots == 0 {
		return d.result(wholeFile(name, 0, kora.ReasonTruncated, "the file holds no parcel: no line ends in @ after [地块坐标]"))
	}
	return d.result(nil)
}

// plotAttribute is what the format calls a field of a parcel.
func plotAttribute(_ int, field string) string {
	switch field {
	case "number":
		return "地块编号"
	case "name":
		return "地块名称"
	case "use":
		return "地类编码"
	case "stated_m2":
		return "地块面积"
	}
	return field
}

// A plotReader makes a parcel of a plot and keeps the faults it finds.
type plotReader struct {
	*plot
	opts ParcelOptions
}

// fault keeps a refusal of an attribute; it tells whether there was one.
func (p *plotReader) fault(part string, err *kora.Error) bool {
	if err != nil {
		p.refuse(p.line, part, err)
	}
	return err != nil
}

// entry reads what it can. The error is one of the whole file, or of the reprojection.
func (p *plotReader) entry(ctx context.Context, to Reprojector) (entry, error) {
	rings := len(p.faults) == 0 // else nothing about them would be true
	d := entry{line: p.line, outline: true}
	statedM2 := p.attributes(&d)

	system, err := p.header.system(p.opts)
	if err != nil {
		return d, err
	}
	if rings {
		if len(p.outline.rings) == 0 {
			p.refuse(p.line, "", kora.Refuse(kora.ReasonGeometry, "geometry", nil, "has no corners"))
		} else if err := p.shape(ctx, to, &system, statedM2, &d); err != nil {
			return d, err
		}
	}
	d.faults = p.faults
	return d, nil
}

// attributes reads the parcel line.
func (p *plotReader) attributes(d *entry) (statedM2 float64) {
	if p.fault("", p.checkFields()) {
		return 0
	}
	d.number = fold(p.field(fieldNumber))
	if d.number == "" {
		p.fault("地块编号", kora.Refuse(kora.ReasonRequired, "number", nil, "needs a parcel number"))
	}
	if shape := fold(p.field(fieldShape)); shape != "面" {
		p.fault("记录图形属性", kora.Refuse(kora.ReasonGeometry, "geometry", shape, "is not 面; only areas are parcels"))
	}
	if name := tidy(p.field(fieldName)); name != "" {
		d.put(func(v *kora.Parcel) { v.Name.ZH = name })
	}
	if code := fold(p.field(fieldCode)); code != "" {
		use, err := surveyedUse(code, tidy(p.field(fieldUse)))
		p.fault("地类编码", err)
		d.put(func(v *kora.Parcel) { v.Use = use })
	}
	statedM2, err := statedArea(fold(p.field(fieldArea)))
	p.fault("地块面积", err)
	if statedM2 != 0 {
		d.put(func(v *kora.Parcel) { v.StatedM2 = statedM2 })
	}
	p.checkCount()
	return statedM2
}

// shape makes polygons of the rings and takes them to the reference system of the record.
func (p *plotReader) shape(ctx context.Context, to Reprojector, system *surveySystem, statedM2 float64, d *entry) error {
	o := &p.outline
	srid := kora.SRID
	if o.degrees {
		packed, refusal := system.angles(p.plot)
		if refusal != nil {
			p.refuse(o.first.line, o.first.part(), refusal)
			return nil
		}
		o.inLonLat(packed)
		if !system.named {
			p.warn(o.first.line, "", kora.ReasonCRS, "the file names no reference system; its degrees are taken for CGCS2000. "+
				"Coordinates copied from a map app lie some 350 m off")
		}
		if system.wgs84 {
			srid = 4326
		}
	} else {
		var err error
		if srid, err = system.grid(p.plot); err != nil {
			return err
		}
	}
	if len(p.faults) > 0 {
		return nil
	}
	polygons, fault := arrange(p.header.file, o.rings)
	if fault != nil {
		p.faults = append(p.faults, *fault)
		return nil
	}
	geometry := polygons
	if !o.degrees {
		switch verdict, err := kora.CompareArea(statedM2, planeArea(polygons)); verdict {
		case kora.AreaUnit:
			p.fault("地块面积", err)
			return nil
		case kora.AreaDiffers:
			p.warnings = append(p.warnings, kora.Fault{File: p.header.file, Line: p.line, Part: "地块面积", Err: err})
		}
		var err error
		if geometry, err = reprojected(ctx, to, srid, polygons); err != nil {
			return fmt.Errorf("%s:%d: reproject from EPSG:%d: %w", p.header.file, p.line, srid, err)
		}
	}
	source := kora.Source{File: p.header.file, CRS: fmt.Sprintf("EPSG:%d", srid)}
	d.put(func(v *kora.Parcel) { v.Geometry, v.Source = geometry, source })
	return nil
}

// areaUnits are units of area in square metres.
var areaUnits = map[string]float64{
	"公顷": 10_000, "ha": 10_000, "hm2": 10_000, "hm²": 10_000, "亩": 2000.0 / 3, "平方米": 1, "㎡": 1, "m2": 1, "m²": 1,
}

// statedArea reads an area, such as 3.18 or 0.7655公顷, in square metres; 0 when it is blank. Without a unit it is in
// hectares, as the format has it.
func statedArea(s string) (float64, *kora.Error) { return areaIn("公顷", s) }

// areaIn reads an area in square metres, in the unit that it names itself or else in the usual one.
func areaIn(usual, s string) (float64, *kora.Error) {
	s = fold(s)
	i := strings.IndexFunc(s, func(r rune) bool { return !strings.ContainsRune("0123456789.+-eE", r) })
	if i < 0 {
		i = len(s)
	}
	unit := strings.ToLower(strings.TrimSpace(s[i:]))
	if unit == "" {
		unit = usual
	}
	factor, ok := areaUnits[unit]
	if !ok {
		return 0, kora.Refuse(kora.ReasonSyntax, "stated_m2", s, "is not an area such as 3.18 or 0.7655公顷")
	}
	v, err := number("stated_m2", s[:i])
	return math.Round(v*factor*1e6) / 1e6, err
}

// planeArea is the area of polygons in the plane that they lie in.
func planeArea(m orb.MultiPolygon) float64 {
	sum := 0.0
	for _, poly := range m {
		for i, ring := range poly {
			if i == 0 {
				sum += ringArea(ring)
			} else {
				sum -= ringArea(ring)
			}
		}
	}
	return sum
}

// reprojected sends every corner once, and closes each ring with the point that it starts with.
func reprojected(ctx context.Context, to Reprojector, srid int, m orb.MultiPolygon) (orb.MultiPolygon, error) {
	var points []orb.Point
	for _, poly := range m {
		for _, ring := range poly {
			points = append(points, ring[:len(ring)-1]...)
		}
	}
	got, err := to.ToCGCS2000(ctx, srid, points)
	if err != nil {
		return nil, err
	}
	if len(got) != len(points) {
		return nil, fmt.Errorf("%d points came back for %d", len(got), len(points))
	}
	out := make(orb.MultiPolygon, len(m))
	for i, poly := range m {
		out[i] = make(orb.Polygon, len(poly))
		for j, ring := range poly {
			n := len(ring) - 1
			open := got[:n]
			got = got[n:]
			out[i][j] = append(append(make(orb.Ring, 0, n+1), open...), open[0])
		}
	}
	return out, nil
}
