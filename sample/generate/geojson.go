package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
)

// A feature is one of GeoJSON's; the struct fields of Properties keep their order.
type feature struct {
	Type       string   `json:"type"`
	Properties any      `json:"properties"`
	Geometry   geometry `json:"geometry"`
}

type geometry struct {
	Type        string `json:"type"`
	Coordinates any    `json:"coordinates"`
}

type position [2]float64

func positions(points []point) []position {
	out := make([]position, len(points))
	for i, p := range points {
		out[i][0], out[i][1] = p.lonLat()
	}
	return out
}

// closedRing repeats the first position; outer rings run against the clock, holes with it (RFC 7946 §3.1.6).
func closedRing(r ring, hole bool) []position {
	l := r.closed()
	if (r.area() > 0) == hole {
		l = l.reverse()
	}
	return positions(l)
}

// collection writes one feature a line, so that a change shows as one line.
func collection(features []feature) ([]byte, error) {
	var buf bytes.Buffer
	buf.WriteString("{\"type\":\"FeatureCollection\",\"features\":[\n")
	for i, f := range features {
		f.Type = "Feature"
		line, err := marshal(f)
		if err != nil {
			return nil, fmt.Errorf("feature %d: %w", i+1, err)
		}
		buf.Write(line)
		if i < len(features)-1 {
			buf.WriteByte(',')
		}
		buf.WriteByte('\n')
	}
	buf.WriteString("]}\n")
	return buf.Bytes(), nil
}

func marshal(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}

// groundArea is the area of a ring on the ellipsoid of CGCS2000 in m². The ring is taken for flat in a plane scaled by
// the radii of curvature in its middle, which for one of a kilometre across is good to a few parts in a million.
func groundArea(r ring) float64 {
	const a, f = 6_378_137.0, 1 / 298.257222101
	const e2 = f * (2 - f)
	var lat0 float64
	at := positions(r)
	for _, p := range at {
		lat0 += p[1] / float64(len(at))
	}
	sin, cos := math.Sincos(lat0 * math.Pi / 180)
	w := 1 - mul(e2, mul(sin, sin))
	perLat := a * (1 - e2) / (w * math.Sqrt(w)) * math.Pi / 180
	perLon := a / math.Sqrt(w) * cos * math.Pi / 180
	var sum float64
	for i, p := range at {
		q := at[(i+1)%len(at)]
		sum += mul(p[0]-at[0][0], q[1]-at[0][1]) - mul(q[0]-at[0][0], p[1]-at[0][1])
	}
	return math.Abs(sum) / 2 * perLat * perLon
}
