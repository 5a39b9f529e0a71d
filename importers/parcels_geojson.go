package importers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
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
	l := &parcelLayer{collector: parcelCollector(name, "feature", opts), opts: opts}
	again, ahead := r.(io.ReadSeeker)
	known := ""
	if ahead {
		var err error
		if known, err = crsAhead(name, again); err != nil {
			return l.result(err)
		}
	}
	crs, err := readFeatures(name, r, true, func(f *feature) error {
		if f.number > maxItems+1 {
			return l.fault(f.number, "", kora.Refuse(kora.ReasonTooLarge, "", nil, "the file has more than %d features; split it", maxItems))
		}
		p := f.parcel()
		p.Source.File = l.file
		l.read, l.corners = append(l.read, readParcel{f, p}), l.corners+corners(p.Geometry)
		f.properties = nil
		if ahead && (len(l.read) == entriesAtOnce || l.corners >= cornersAtOnce) {
			return l.finish(ctx, to, known)
		}
		return nil
	})
	if err != nil {
		return l.result(err)
	}
	return l.result(l.finish(ctx, to, crs))
}

// A parcelLayer is the parcels of a GeoJSON file, which wait until the reference system is known: of a file that is read only once,
// at its end.
type parcelLayer struct {
	*collector[kora.Parcel, *kora.Parcel]
	opts    ParcelOptions
	read    []readParcel
	corners int // of read
}

type readParcel struct {
	*feature
	parcel kora.Parcel
}

func corners(m orb.MultiPolygon) (n int) {
	for _, poly := range m {
		for _, ring := range poly {
			n += len(ring)
		}
	}
	return n
}

// crsSpelled are the ways to write the name of the member crs, and those that hide a letter of it.
var crsSpelled = []string{`"crs"`, `\u0063`, `\u0072`, `\u0073`}

var errEnough = errors.New("enough was read")

// crsAhead is the reference system that a file names, "" for none, wherever it stands: of a file whose bytes may tell it behind the
// first feature all is read. Afterwards r is where it was.
func crsAhead(name string, r io.ReadSeeker) (crs string, err error) {
	began, err := r.Seek(0, io.SeekCurrent)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", baseName(name), err)
	}
	before, behind, err := holds(r, `"features"`, crsSpelled)
	if err != nil {
		return "", readError(name, err)
	}
	if _, err := r.Seek(began, io.SeekStart); err != nil {
		return "", fmt.Errorf("read %s: %w", baseName(name), err)
	}
	if before || behind {
		crs, err = readFeatures(name, r, true, func(*feature) error {
			if behind {
				return nil
			}
			return errEnough
		})
		if err != nil && !errors.Is(err, errEnough) {
			return "", err
		}
	}
	if _, err := r.Seek(began, io.SeekStart); err != nil {
		return "", fmt.Errorf("read %s: %w", baseName(name), err)
	}
	return crs, nil
}

// holds tells whether one of some words comes before the first of a mark, or behind it. Without the mark all is behind it.
func holds(r io.Reader, mark string, words []string) (before, behind bool, err error) {
	const longest = 16 // of mark and words, which may lie across two parts
	part, kept, marked := make([]byte, 256<<10), 0, false
	for err == nil && !behind {
		var n int
		n, err = r.Read(part[kept:])
		text := part[:kept+n]
		rest := text
		if i := bytes.Index(text, []byte(mark)); !marked && i >= 0 {
			marked, rest = true, text[i:]
			before = before || hasAny(text[:i], words)
		}
		if marked {
			behind = hasAny(rest, words)
		} else {
			before = before || hasAny(rest, words)
		}
		kept = copy(part, text[max(0, len(text)-longest):])
	}
	if err == io.EOF {
		err = nil
	}
	return before, behind || before && !marked, err
}

func hasAny(text []byte, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return bytes.Contains(text, []byte(w)) })
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
	l.read, l.corners = nil, 0
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
