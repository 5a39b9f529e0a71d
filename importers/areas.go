package importers

import (
	"io"
	"strings"

	"kora"
)

// KeyAreas reads 重点区域 from GeoJSON: Polygon or MultiPolygon features in longitude and latitude of CGCS2000 or WGS 84,
// with the properties code, name (a string, an object by language, or name_zh, name_bo, name_en), county (code or name)
// and sample.
func KeyAreas(name string, r io.Reader) (Batch[kora.KeyArea], error) {
	return readLayer(name, r, "code", func(f *feature) (kora.KeyArea, string) {
		var p struct {
			Code string `json:"code"`
			nameProperties
			County string `json:"county"`
			Sample bool   `json:"sample"`
		}
		f.decode(&p)
		a := kora.KeyArea{
			Code:     fold(p.Code),
			Name:     p.name(f),
			County:   f.county(p.County),
			Geometry: f.multiPolygon(),
			Sample:   p.Sample,
		}
		return a, a.Code
	}, func(a *kora.KeyArea) *kora.Source { return &a.Source })
}

// Highways reads the courses of highways from GeoJSON: one LineString or MultiLineString feature for each, in the
// direction of rising chainage, with the properties ref ("G318"), name and sample.
func Highways(name string, r io.Reader) (Batch[kora.Highway], error) {
	return readLayer(name, r, "ref", func(f *feature) (kora.Highway, string) {
		var p struct {
			Ref string `json:"ref"`
			nameProperties
			Sample bool `json:"sample"`
		}
		f.decode(&p)
		h := kora.Highway{
			Ref:      strings.ToUpper(fold(p.Ref)),
			Name:     p.name(f),
			Geometry: f.multiLine(),
			Sample:   p.Sample,
		}
		return h, h.Ref
	}, func(h *kora.Highway) *kora.Source { return &h.Source })
}
