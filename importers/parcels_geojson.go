package importers

import (
	"io"

	"github.com/paulmach/orb"

	"kora"
)

// parcelProperties are the properties of a parcel by the names that the API prints.
type parcelProperties struct {
	Number string `json:"number"`
	nameProperties
	County     string          `json:"county"`
	Address    textProperty    `json:"address"`
	AddressZH  string          `json:"address_zh"`
	AddressBO  string          `json:"address_bo"`
	AddressEN  string          `json:"address_en"`
	Use        kora.LandUse    `json:"use"`
	UseCode    string          `json:"use_code"`
	UseScheme  kora.UseScheme  `json:"use_scheme"`
	Uses       []kora.UseShare `json:"uses"`
	Status     string          `json:"status"`
	StatedM2   float64         `json:"stated_m2"`
	FAR        kora.Range      `json:"far"`
	Density    kora.Range      `json:"density"`
	Green      kora.Range      `json:"green"`
	HeightM    kora.Range      `json:"height_m"`
	Price      *kora.Price     `json:"price"`
	Supply     string          `json:"supply"`
	TermYears  int             `json:"term_years"`
	AltitudeM  float64         `json:"altitude_m"`
	Access     []float64       `json:"access"`
	Facilities []string        `json:"facilities"`
	Sample     bool            `json:"sample"`
}

// ParcelsGeoJSON reads parcels from GeoJSON: Polygon or MultiPolygon features in longitude and latitude of CGCS2000 or
// WGS 84 with the properties that the API prints for a parcel. The land use is use_code with use_scheme, or
// use: {code, scheme}; a code without its scheme is refused. access is [longitude, latitude].
func ParcelsGeoJSON(name string, r io.Reader) (Batch[kora.Parcel], error) {
	return readLayer(name, r, "number", func(f *feature) (kora.Parcel, string) {
		p := f.parcel()
		return p, p.Number
	}, func(p *kora.Parcel) *kora.Source { return &p.Source })
}

func (f *feature) parcel() kora.Parcel {
	var p parcelProperties
	f.decode(&p)
	f.refuse(p.Address.check("address"))
	use := p.Use
	if use == (kora.LandUse{}) {
		use = kora.LandUse{Code: p.UseCode, Scheme: p.UseScheme}
	}
	return kora.Parcel{
		Number:     fold(p.Number),
		Name:       p.name(f),
		County:     f.county(p.County),
		Address:    p.Address.or(p.AddressZH, p.AddressBO, p.AddressEN),
		Use:        use,
		Uses:       p.Uses,
		Status:     kora.ParcelStatus(p.Status),
		Geometry:   f.multiPolygon(),
		StatedM2:   p.StatedM2,
		FAR:        p.FAR,
		Density:    p.Density,
		Green:      p.Green,
		HeightM:    p.HeightM,
		Price:      p.Price,
		Supply:     p.Supply,
		TermYears:  p.TermYears,
		AltitudeM:  p.AltitudeM,
		Access:     f.access(p.Access),
		Facilities: p.Facilities,
		Sample:     p.Sample,
	}
}

func (f *feature) access(lonLat []float64) *orb.Point {
	switch len(lonLat) {
	case 0:
		return nil
	case 2, 3:
		return &orb.Point{lonLat[0], lonLat[1]}
	}
	f.refuse(kora.Refuse(kora.ReasonSyntax, "access", lonLat, "must be [longitude, latitude]"))
	return nil
}
