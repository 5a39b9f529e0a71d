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

// A Reprojector turns points of the projected reference system srid (an EPSG code), easting and northing in metres, into
// longitude and latitude in degrees of EPSG:4490, in the same order.
type Reprojector interface {
	ToCGCS2000(ctx context.Context, srid int, points []orb.Point) ([]orb.Point, error)
}

// ParcelsTXT reads 勘测定界 boundary points, the TXT of land surveys (国土 TXT): [属性描述] with key=value lines, and
// [地块坐标] with a parcel line of eight attributes that ends in @, followed by its corners as 点号,圈号,X,Y, where X is
// the northing and Y the easting in metres of a Gauss-Krüger zone of CGCS2000.
//
// The zone is that of 带号 or of the two digits before the easting, never a guess from where the parcel may lie: without
// either, or when they disagree, the whole file is refused. Corners that follow each other under one 圈号 form a ring;
// whether a ring is an outline or a hole is decided by what contains it, not by its number. The closing row may be there
// or not, and the stated number of corners is not used.
//
// The area is hectares unless it names another unit. The land-use code is one of the guide of 2023, unless 地块用途 names
// the use that the code has in GB/T 21010-2017 and not that of 2023. A parcel of such a file is new to the market, so
// its status is promoted (推介).
func ParcelsTXT(ctx context.Context, name string, r io.Reader, to Reprojector) (Batch[kora.Parcel], error) {
	c := newCollector[kora.Parcel](name, "line")
	c.part = plotAttribute
	text, err := readText(name, r)
	if err != nil {
		return c.result(err)
	}
	sections := newSurveyReader(name, text)
	for {
		plot, err := sections.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return c.result(err)
		}
		p := plotReader{file: c.file, plot: plot}
		parcel, err := p.parcel(ctx, to)
		if err != nil {
			return c.result(err)
		}
		if err := c.add(plot.line, "number", parcel.Number, parcel, p.faults); err != nil {
			return c.result(err)
		}
	}
	if sections.plots == 0 {
		return c.result(wholeFile(name, 0, kora.ReasonTruncated, "the file holds no parcel: no line ends in @ after [地块坐标]"))
	}
	return c.result(nil)
}

// plotAttribute is what the format calls a field of a parcel.
func plotAttribute(field string) string {
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
	file   string
	plot   *plot
	faults []kora.Fault
}

func (p *plotReader) refuse(line int, part string, err *kora.Error) {
	if err != nil {
		p.faults = append(p.faults, kora.Fault{File: p.file, Line: line, Part: part, Err: err})
	}
}

// parcel reads what it can. The error is one of the whole file, or of the reprojection.
func (p *plotReader) parcel(ctx context.Context, to Reprojector) (kora.Parcel, error) {
	line := p.plot.line
	parcel := kora.Parcel{Status: kora.ParcelPromoted, Source: kora.Source{File: p.file}}
	for _, f := range p.plot.faults {
		p.refuse(f.Line, f.Part, f.Err)
	}
	attribute, err := p.plot.attributes()
	p.refuse(line, "", err)
	if err == nil {
		parcel.Number = fold(attribute["number"])
		parcel.Name = kora.Name{ZH: tidy(attribute["name"])}
		if parcel.Number == "" {
			p.refuse(line, "地块编号", kora.Refuse(kora.ReasonRequired, "number", nil, "needs a parcel number"))
		}
		if shape := fold(attribute["shape"]); shape != "面" {
			p.refuse(line, "记录图形属性", kora.Refuse(kora.ReasonGeometry, "geometry", shape, "is not 面; only areas are parcels"))
		}
		parcel.Use, err = surveyedUse(fold(attribute["code"]), tidy(attribute["use"]))
		p.refuse(line, "地类编码", err)
		parcel.StatedM2, err = statedArea(fold(attribute["area"]))
		p.refuse(line, "地块面积", err)
	}

	system, wrong := p.plot.header.system()
	if wrong != nil {
		return parcel, wrong
	}
	if len(p.plot.faults) > 0 { // corners are missing, so nothing about the rings would be true
		return parcel, nil
	}
	srid, fault, wrong := system.of(p.plot)
	if wrong != nil {
		return parcel, wrong
	}
	if fault != nil {
		p.faults = append(p.faults, *fault)
		return parcel, nil
	}
	parcel.Source.CRS = fmt.Sprintf("EPSG:%d", srid)
	rings, faults := p.plot.rings()
	p.faults = append(p.faults, faults...)
	if len(faults) > 0 {
		return parcel, nil
	}
	polygons, fault := arrange(p.file, rings)
	if fault != nil {
		p.faults = append(p.faults, *fault)
		return parcel, nil
	}
	p.refuse(line, "地块面积", checkUnit(parcel.StatedM2, polygons))
	if len(p.faults) > 0 {
		return parcel, nil
	}
	geometry, reproject := reprojected(ctx, to, srid, polygons)
	if reproject != nil {
		return parcel, fmt.Errorf("%s:%d: reproject from EPSG:%d: %w", p.file, line, srid, reproject)
	}
	parcel.Geometry = geometry
	return parcel, nil
}

// areaUnits are the units of 地块面积 in square metres; the format's own is the hectare.
var areaUnits = map[string]float64{
	"": 10_000, "公顷": 10_000, "ha": 10_000, "hm2": 10_000, "亩": 2000.0 / 3, "平方米": 1, "㎡": 1, "m2": 1,
}

// statedArea reads an area, such as 3.18 or 0.7655公顷, in square metres; 0 when it is blank.
func statedArea(s string) (float64, *kora.Error) {
	i := strings.IndexFunc(s, func(r rune) bool { return !strings.ContainsRune("0123456789.+-eE", r) })
	if i < 0 {
		i = len(s)
	}
	factor, ok := areaUnits[strings.ToLower(strings.TrimSpace(s[i:]))]
	if !ok {
		return 0, kora.Refuse(kora.ReasonSyntax, "stated_m2", s, "is not an area in hectares such as 3.18")
	}
	v, err := number("stated_m2", s[:i])
	return v * factor, err
}

// checkUnit refuses a stated area that is wrong by just the factor between two units. Smaller differences are for people
// to judge.
func checkUnit(statedM2 float64, m orb.MultiPolygon) *kora.Error {
	measured := 0.0
	for _, poly := range m {
		for i, ring := range poly {
			if i == 0 {
				measured += ringArea(ring)
			} else {
				measured -= ringArea(ring)
			}
		}
	}
	for _, u := range []struct {
		name  string
		ratio float64
	}{{"㎡", 10_000}, {"亩", 15}} {
		if ratio := statedM2 / measured / u.ratio; math.Abs(ratio-1) < 0.02 {
			return kora.Refuse(kora.ReasonRange, "stated_m2", nil,
				fmt.Sprintf("the stated area is %g times that of the rings (%.4f ha): it seems to be given in %s instead of hectares",
					u.ratio, measured/10_000, u.name))
		}
	}
	return nil
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
