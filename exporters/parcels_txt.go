package exporters

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"golang.org/x/text/encoding/simplifiedchinese"

	"kora"
	"kora/atlas"
	"kora/geo/datum"
)

// A Projector turns longitude and latitude in degrees of EPSG:4490 into easting and northing in metres of the reference
// system srid (an EPSG code), in the same order.
type Projector interface {
	FromCGCS2000(ctx context.Context, srid int, points []orb.Point) ([]orb.Point, error)
}

// SurveyOptions say how boundary points are written.
type SurveyOptions struct {
	Zone   datum.Zone // Number 0: the one that all parcels were surveyed in
	Prefix bool       // the zone stands before the eastings
	GBK    bool       // else UTF-8
}

// SurveyTXT writes all parcels as 勘测定界 boundary points, the TXT that land offices exchange and that importers reads: a
// header, and for each parcel its attributes and corners to the millimetre. Outlines run clockwise from their
// north-westernmost corner, holes the other way round, J1, J2, … go on through all rings of a parcel, and every ring ends
// with the corner that it starts with.
func SurveyTXT(ctx context.Context, a *atlas.Atlas, path string, force bool, to Projector, opts SurveyOptions) (Written, error) {
	if len(a.Parcels) == 0 {
		return Written{}, kora.Refuse(kora.ReasonNotFound, "", nil, "there are no parcels to export")
	}
	if opts.Zone.Number == 0 {
		var err error
		if opts.Zone, err = surveyedZone(a.Parcels); err != nil {
			return Written{}, err
		}
	}
	srid, err := opts.Zone.EPSG(opts.Prefix)
	if err != nil {
		return Written{}, kora.Refuse(kora.ReasonRange, "zone", opts.Zone.Number, "%v", err)
	}
	w := &surveyWriter{to: to, srid: srid, gbk: opts.GBK}
	err = place(ctx, []string{path}, force, func(_ string, files []string) error {
		return create(files[0], func(out *bufio.Writer) error {
			w.out = out
			w.header(opts.Zone, a.AsOf.Format("2006-01-02"))
			for some := range slices.Chunk(a.Parcels, 100) {
				if err := w.parcels(ctx, some); err != nil {
					return err
				}
			}
			return nil
		})
	})
	return Written{Path: path, Layers: []string{"parcels"}, Rows: len(a.Parcels)}, err
}

// surveyedZone is the zone that all parcels come from. Where they come from several, or from elsewhere, a person chooses: one
// file has one zone, and the longitude does not tell which an office keeps its parcels in.
func surveyedZone(parcels []*kora.Parcel) (zone datum.Zone, err error) {
	for i, p := range parcels {
		code, _ := strconv.Atoi(strings.TrimPrefix(p.Source.CRS, "EPSG:"))
		z, _, ok := datum.ZoneByEPSG(code)
		if !ok {
			return zone, kora.Refuse(kora.ReasonRequired, "zone", nil, "parcel %s was not surveyed in a zone of CGCS2000; name the zone to write (--zone)", p.Number)
		}
		if i > 0 && z != zone {
			return zone, kora.Refuse(kora.ReasonRequired, "zone", nil,
				"the parcels were surveyed in several zones, %d and %d among them; name the one to write (--zone)", zone.Number, z.Number)
		}
		zone = z
	}
	return zone, nil
}

type surveyWriter struct {
	to   Projector
	srid int
	gbk  bool
	out  io.Writer
}

// line writes one line. Its error is that of the encoding; that of the file is kept by the bufio.Writer.
func (w *surveyWriter) line(format string, args ...any) error {
	text := fmt.Sprintf(format, args...) + "\r\n"
	if w.gbk {
		var err error
		if text, err = simplifiedchinese.GBK.NewEncoder().String(text); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w.out, text)
	return err
}

func (w *surveyWriter) header(zone datum.Zone, day string) {
	for _, l := range []string{
		"[属性描述]", "格式版本号=1.01", "数据产生单位=Kora", "数据产生日期=" + day, "坐标系=2000国家大地坐标系",
		fmt.Sprintf("几度分带=%d", zone.Width), "投影类型=高斯克吕格", "计量单位=米", fmt.Sprintf("带号=%d", zone.Number), "精度=0.001",
		"转换参数=,,,,,,", "[地块坐标]",
	} {
		_ = w.line("%s", l) // every sign of it is in GBK
	}
}

// parcels writes some parcels, whose corners are reprojected together.
func (w *surveyWriter) parcels(ctx context.Context, some []*kora.Parcel) error {
	var points []orb.Point
	for _, p := range some {
		for _, poly := range p.Geometry {
			for _, ring := range poly {
				points = append(points, ring[:len(ring)-1]...)
			}
		}
	}
	got, err := w.to.FromCGCS2000(ctx, w.srid, points)
	if err != nil {
		return fmt.Errorf("export parcels: %w", err)
	}
	if len(got) != len(points) {
		return fmt.Errorf("export parcels: %d points came back for %d", len(got), len(points))
	}
	for _, p := range some {
		var rings []orb.Ring
		for _, poly := range p.Geometry {
			for i, ring := range poly {
				n := len(ring) - 1
				r := surveyRing(got[:n], i == 0)
				got = got[n:]
				if len(r) < 3 {
					return kora.Refuse(kora.ReasonGeometry, "geometry", p.Number, "has a ring that shrinks to nothing at the millimetre")
				}
				rings = append(rings, r)
			}
		}
		if err := w.parcel(p, rings); err != nil {
			return kora.Refuse(kora.ReasonEncoding, "gbk", p.Number, "has a name or number with signs that GBK lacks; write the file in UTF-8")
		}
	}
	return nil
}

// surveyRing is a ring to the millimetre without its closing corner, from its north-westernmost corner, clockwise when it is
// an outline.
func surveyRing(points []orb.Point, outline bool) orb.Ring {
	ring := make(orb.Ring, 0, len(points)+1)
	for _, p := range points {
		p = orb.Point{math.Round(p[0]*1000) / 1000, math.Round(p[1]*1000) / 1000}
		if n := len(ring); n == 0 || ring[n-1] != p {
			ring = append(ring, p)
		}
	}
	if n := len(ring); n > 1 && ring[0] == ring[n-1] {
		ring = ring[:n-1]
	}
	if len(ring) < 3 {
		return ring
	}
	closed := append(ring, ring[0])
	if want := map[bool]orb.Orientation{true: orb.CW, false: orb.CCW}[outline]; closed.Orientation() != want {
		ring.Reverse()
	}
	start := 0
	for i, p := range ring {
		best := ring[start]
		if west, than := p[1]-p[0], best[1]-best[0]; west > than || west == than && p[1] > best[1] {
			start = i
		}
	}
	return slices.Concat(ring[start:], ring[:start])
}

func (w *surveyWriter) parcel(p *kora.Parcel, rings []orb.Ring) error {
	rows := 0
	for _, r := range rings {
		rows += len(r) + 1
	}
	err := w.line("%d,%s,%s,%s,面,,%s,%s,@", rows, hectares(p.StatedM2), surveyText(p.Number), surveyText(p.Name.ZH), surveyUse(p.Use), p.Use.Code)
	if err != nil {
		return err
	}
	label := 1
	for i, r := range rings {
		first := label
		for _, at := range r {
			_ = w.line("J%d,%d,%.3f,%.3f", label, i+1, at[1], at[0])
			label++
		}
		_ = w.line("J%d,%d,%.3f,%.3f", first, i+1, r[0][1], r[0][0])
	}
	return nil
}

// hectares writes an area with four decimals, or with more when it has them; nothing when it is not stated.
func hectares(m2 float64) string {
	if m2 == 0 {
		return ""
	}
	s := strconv.FormatFloat(math.Round(m2*1e4)/1e8, 'f', -1, 64)
	whole, decimals, _ := strings.Cut(s, ".")
	return whole + "." + decimals + strings.Repeat("0", max(0, 4-len(decimals)))
}

// surveyText keeps a text from parting the fields of its line.
func surveyText(s string) string {
	return strings.NewReplacer(",", "，", "@", "＠", "\r", " ", "\n", " ").Replace(s)
}

// surveyUse is the name of a use. The format has no place for the scheme of a code, and readers take the guide of 2023 unless
// the name is another one there; where it is the same, the standard is named.
func surveyUse(u kora.LandUse) string {
	name := surveyText(u.Name())
	if u.Scheme == kora.Scheme2017 && (name == "" || kora.LandUse{Code: u.Code, Scheme: kora.Scheme2023}.Names(name)) {
		return name + "（GB/T 21010-2017）"
	}
	return name
}
