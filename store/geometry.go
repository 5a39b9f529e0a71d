package store

import (
	"encoding/binary"
	"fmt"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/ewkb"

	"kora"
)

// encode gives a domain geometry as EWKB in CGCS2000, for ST_GeomFromEWKB.
func encode(g orb.Geometry) ([]byte, error) {
	var t geom.T
	switch g := g.(type) {
	case orb.Point:
		t = geom.NewPointFlat(geom.XY, g[:]).SetSRID(kora.SRID)
	case orb.MultiPolygon:
		var flat []float64
		var endss [][]int
		for _, poly := range g {
			var ends []int
			for _, ring := range poly {
				flat = appendPoints(flat, ring)
				ends = append(ends, len(flat))
			}
			endss = append(endss, ends)
		}
		t = geom.NewMultiPolygonFlat(geom.XY, flat, endss).SetSRID(kora.SRID)
	case orb.MultiLineString:
		var flat []float64
		var ends []int
		for _, line := range g {
			flat = appendPoints(flat, line)
			ends = append(ends, len(flat))
		}
		t = geom.NewMultiLineStringFlat(geom.XY, flat, ends).SetSRID(kora.SRID)
	case orb.Bound:
		flat := appendPoints(nil, g.ToRing())
		t = geom.NewPolygonFlat(geom.XY, flat, []int{len(flat)}).SetSRID(kora.SRID)
	default:
		return nil, fmt.Errorf("encode geometry: %T has no table", g)
	}
	return ewkb.Marshal(t, binary.LittleEndian)
}

func appendPoints[S ~[]orb.Point](flat []float64, points S) []float64 {
	for _, p := range points {
		flat = append(flat, p[0], p[1])
	}
	return flat
}

// decode reads what ST_AsEWKB gives.
func decode[G orb.Geometry](b []byte) (g G, err error) {
	t, err := ewkb.Unmarshal(b)
	if err != nil {
		return g, fmt.Errorf("decode geometry: %w", err)
	}
	var o orb.Geometry
	switch t := t.(type) {
	case *geom.Point:
		o = orb.Point{t.X(), t.Y()}
	case *geom.MultiPolygon:
		m := make(orb.MultiPolygon, t.NumPolygons())
		for i := range m {
			poly := t.Polygon(i)
			m[i] = make(orb.Polygon, poly.NumLinearRings())
			for j := range m[i] {
				m[i][j] = points(poly.LinearRing(j).FlatCoords())
			}
		}
		o = m
	case *geom.MultiLineString:
		m := make(orb.MultiLineString, t.NumLineStrings())
		for i := range m {
			m[i] = orb.LineString(points(t.LineString(i).FlatCoords()))
		}
		o = m
	case *geom.Polygon:
		o = orb.Ring(points(t.LinearRing(0).FlatCoords())).Bound()
	}
	g, ok := o.(G)
	if !ok {
		return g, fmt.Errorf("decode geometry: the record holds %T where %T was expected", t, g)
	}
	return g, nil
}

func points(flat []float64) orb.Ring {
	r := make(orb.Ring, len(flat)/2)
	for i := range r {
		r[i] = orb.Point{flat[2*i], flat[2*i+1]}
	}
	return r
}
