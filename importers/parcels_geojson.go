package importers

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"kora"
)

// parcelProperties are the properties of a parcel by the names that the API prints.
type parcelProperties struct {
	Number   string `json:"number"`
	Cadastre string `json:"cadastre"`
	nameProperties
	Zone         string            `json:"zone"`
	County       string            `json:"county"`
	Address      textProperty      `json:"address"`
	AddressZH    string            `json:"address_zh"`
	AddressBO    string            `json:"address_bo"`
	AddressEN    string            `json:"address_en"`
	Use          kora.LandUse      `json:"use"`
	UseCode      string            `json:"use_code"`
	UseScheme    kora.UseScheme    `json:"use_scheme"`
	Uses         []kora.UseShare   `json:"uses"`
	Industry     []string          `json:"industry"`
	Status       string            `json:"status"`
	Steps        []kora.ParcelStep `json:"steps"`
	StatedM2     float64           `json:"stated_m2"`
	FAR          kora.Range        `json:"far"`
	Density      kora.Range        `json:"density"`
	Green        kora.Range        `json:"green"`
	HeightM      kora.Range        `json:"height_m"`
	Price        *kora.Price       `json:"price"`
	Deposit      *kora.Price       `json:"deposit"`
	Increment    *kora.Price       `json:"increment"`
	Intensity    *kora.Price       `json:"intensity"`
	Supply       string            `json:"supply"`
	TermYears    int               `json:"term_years"`
	NoticeOn     string            `json:"notice_on"`
	Registration *kora.Period      `json:"registration"`
	Listing      *kora.Period      `json:"listing"`
	Publicity    *kora.Period      `json:"publicity"`
	AltitudeM    float64           `json:"altitude_m"`
	Access       []float64         `json:"access"`
	Facilities   []string          `json:"facilities"`
	Sample       bool              `json:"sample"`
}

// ParcelsGeoJSON reads parcels from GeoJSON: Polygon or MultiPolygon features in longitude and latitude of CGCS2000 or
// WGS 84, or in a projection of them that the file names in a crs member, with the properties that the API prints for a
// parcel. The land use is use_code with use_scheme, or use: {code, scheme}; a code without its scheme is refused. access is
// [longitude, latitude]. A feature tells all of its parcel: what it leaves out is not there any more.
func ParcelsGeoJSON(ctx context.Context, name string, r io.Reader, to Reprojector, opts ParcelOptions) (Batch[kora.Parcel], error) {
	l := &parcelLayer{collector: newCollector[kora.Parcel](name, "feature"), opts: opts}
	crs, err := readFeatures(name, r, true, func(f *feature) error {
		if len(l.read) > maxItems {
			return l.fault(f.number, "", kora.Refuse(kora.ReasonTooLarge, "", nil, "the file has more than %d features; split it", maxItems))
		}
		p := f.parcel()
		p.Source.File = l.file
		l.read = append(l.read, readParcel{f, p})
		f.properties = nil
		return nil
	})
	if err != nil {
		return l.result(err)
	}
	return l.result(l.finish(ctx, to, crs))
}

// A parcelLayer is the parcels of a GeoJSON file, which wait for its end: only there the reference system is known.
type parcelLayer struct {
	*collector[kora.Parcel, *kora.Parcel]
	opts ParcelOptions
	read []readParcel
}

type readParcel struct {
	*feature
	parcel kora.Parcel
}

func (l *parcelLayer) finish(ctx context.Context, to Reprojector, crs string) error {
	for len(l.read) > 0 {
		n := min(len(l.read), entriesAtOnce)
		if err := l.toDegrees(ctx, to, crs, l.read[:n]); err != nil {
			return err
		}
		for i := range l.read[:n] {
			f, p := l.read[i].feature, l.read[i].parcel
			p.Source.CRS = crs
			if len(f.problems) == 0 {
				f.refuse(outside(l.opts.Within, p.Geometry))
			}
			faults := make([]kora.Fault, len(f.problems))
			for i, problem := range f.problems {
				faults[i] = l.fault(f.number, problem.part, problem.err)
			}
			if err := l.add(f.number, "number", p.Number, p, faults); err != nil {
				return err
			}
			l.read[i] = readParcel{}
		}
		l.read = l.read[n:]
	}
	return nil
}

// toDegrees reprojects what is in metres, and refuses what is in neither.
func (l *parcelLayer) toDegrees(ctx context.Context, to Reprojector, crs string, some []readParcel) error {
	srid := 0
	if code, err := strconv.Atoi(strings.TrimPrefix(crs, "EPSG:")); err == nil && knownGrid(code) {
		srid = code
	}
	var all orb.MultiPolygon
	var whose []*readParcel
	for i := range some {
		p := &some[i]
		switch {
		case len(p.problems) > 0:
		case srid == 0:
			if far := p.geometry.far; far != nil {
				p.problems = append(p.problems, problem{placeOf(p.geometry.kind, far.path), far.err})
			}
		case p.checkGrid(srid, p.parcel.Geometry):
			l.compare(p)
			all = append(all, p.parcel.Geometry...)
			whose = append(whose, p)
		}
	}
	if len(all) == 0 {
		return nil
	}
	geometry, err := reprojected(ctx, to, srid, all)
	if err != nil {
		return fmt.Errorf("%s: reproject from EPSG:%d: %w", l.file, srid, err)
	}
	for _, p := range whose {
		n := len(p.parcel.Geometry)
		p.parcel.Geometry, geometry = geometry[:n:n], geometry[n:]
	}
	return nil
}

// checkGrid tells whether every corner of m, which is f's geometry, can be one of the grid, and refuses the first that cannot.
func (f *feature) checkGrid(srid int, m orb.MultiPolygon) bool {
	for i, poly := range m {
		for j, ring := range poly {
			for k, at := range ring {
				if err := checkGrid(srid, at); err != nil {
					path := []int{i, j, k}
					if f.geometry.kind == "Polygon" {
						path = path[1:]
					}
					f.problems = append(f.problems, problem{placeOf(f.geometry.kind, path), err})
					return false
				}
			}
		}
	}
	return true
}

// compare holds the stated area against the one in the plane of a Gauss-Krüger or UTM zone.
func (l *parcelLayer) compare(p *readParcel) {
	switch verdict, err := kora.CompareArea(p.parcel.StatedM2, planeArea(p.parcel.Geometry)); verdict {
	case kora.AreaUnit:
		p.refuse(err)
	case kora.AreaDiffers:
		l.warn(l.fault(p.number, "stated_m2", err))
	}
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
		Number:       fold(p.Number),
		Cadastre:     strings.ToUpper(fold(p.Cadastre)),
		Name:         p.name(f),
		County:       f.county(p.County),
		Zone:         tidy(p.Zone),
		Address:      p.Address.or(p.AddressZH, p.AddressBO, p.AddressEN),
		Use:          use,
		Uses:         p.Uses,
		Industry:     p.Industry,
		Status:       kora.ParcelStatus(p.Status),
		Steps:        p.Steps,
		Geometry:     f.multiPolygon(),
		StatedM2:     p.StatedM2,
		FAR:          p.FAR,
		Density:      p.Density,
		Green:        p.Green,
		HeightM:      p.HeightM,
		Price:        p.Price,
		Deposit:      p.Deposit,
		Increment:    p.Increment,
		Intensity:    p.Intensity,
		Supply:       p.Supply,
		TermYears:    p.TermYears,
		NoticeOn:     p.NoticeOn,
		Registration: p.Registration,
		Listing:      p.Listing,
		Publicity:    p.Publicity,
		AltitudeM:    p.AltitudeM,
		Access:       f.access(p.Access),
		Facilities:   p.Facilities,
		Sample:       p.Sample,
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
