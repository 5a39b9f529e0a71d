package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"sync"
	"sync/atomic"

	"kora"
	"kora/atlas"
)

type parcelFeature struct {
	Type       string           `json:"type" enum:"Feature"`
	ID         int64            `json:"id"`
	Geometry   multiPolygon     `json:"geometry"`
	Properties parcelProperties `json:"properties"`
}

type parcelProperties struct {
	ParcelFacts
	ParcelWays
}

// ParcelFacts are what a parcel tells of itself, or follows from that. They are exported only because huma passes over embedded
// types that are not.
type ParcelFacts struct {
	Number       string            `json:"number" doc:"地块编号"`
	Cadastre     string            `json:"cadastre,omitempty" doc:"宗地代码 (GB/T 37346)"`
	Name         name              `json:"name"`
	County       string            `json:"county,omitempty" doc:"GB/T 2260, of today"`
	Zone         string            `json:"zone,omitempty" doc:"Functional zone, which has no code of its own."`
	Address      *name             `json:"address,omitempty"`
	Use          kora.LandUse      `json:"use" doc:"A land-use code with the classification that it belongs to."`
	Uses         []kora.UseShare   `json:"uses,omitempty" doc:"The rows of a mixed use." nullable:"false"`
	Industry     []string          `json:"industry,omitempty" doc:"产业方向" nullable:"false"`
	Status       kora.ParcelStatus `json:"status"`
	Stage        kora.ParcelStage  `json:"stage" enum:"coming,available,announced,bidding,sold,paused" doc:"What the status means to the public."`
	Steps        []parcelStep      `json:"steps,omitempty" doc:"How it came to its status." nullable:"false"`
	AreaM2       float64           `json:"area_m2" doc:"Computed on the ellipsoid."`
	StatedM2     *float64          `json:"stated_m2,omitempty" doc:"As the bureau states it."`
	FAR          kora.Range        `json:"far" doc:"容积率"`
	Density      kora.Range        `json:"density" doc:"建筑密度, percent"`
	Green        kora.Range        `json:"green" doc:"绿地率, percent"`
	HeightM      kora.Range        `json:"height_m" doc:"建筑限高, metres"`
	Price        *kora.Price       `json:"price,omitempty" doc:"起始价"`
	PriceM2      *float64          `json:"price_m2,omitempty" doc:"起始价 in 元 for a m² of land, rounded to 0.01"`
	Deposit      *kora.Price       `json:"deposit,omitempty" doc:"保证金"`
	Increment    *kora.Price       `json:"increment,omitempty" doc:"加价幅度"`
	Intensity    *kora.Price       `json:"intensity,omitempty" doc:"投资强度"`
	Supply       string            `json:"supply,omitempty" doc:"供应方式"`
	TermYears    int               `json:"term_years,omitempty" doc:"出让年限"`
	NoticeOn     string            `json:"notice_on,omitempty" format:"date" doc:"公告日期"`
	Registration *kora.Period      `json:"registration,omitempty" doc:"报名时间"`
	Listing      *kora.Period      `json:"listing,omitempty" doc:"挂牌或拍卖时间"`
	Publicity    *kora.Period      `json:"publicity,omitempty" doc:"成交公示时间"`
	AltitudeM    *float64          `json:"altitude_m,omitempty" doc:"As the file states it."`
	Access       *[2]float64       `json:"access,omitempty" doc:"The entrance: longitude and latitude in degrees."`
	Facilities   []string          `json:"facilities" nullable:"false"`
	Sample       bool              `json:"sample" doc:"示例数据: an illustration, no real offer."`
	Source       *kora.Source      `json:"source,omitempty" doc:"The file that it came in, and the reference system of its coordinates there."`
	Navigation   navigation        `json:"navigation"`
}

type parcelStep struct {
	Status   kora.ParcelStatus `json:"status"`
	On       string            `json:"on" format:"date"`
	Document string            `json:"document,omitempty" doc:"Address of the notice or decision."`
}

// ParcelWays are what depends on other records as well.
type ParcelWays struct {
	Notices []string     `json:"notices" doc:"Codes of the notices that speak of it." nullable:"false"`
	Terrain terrain      `json:"terrain" doc:"How it lies, by the heights that were imported with the streets."`
	Drives  parcelDrives `json:"drives" doc:"By car from the entrance to the nearest of each."`

	Panoramas []Panorama `json:"panoramas,omitempty" doc:"Where one parcel is asked for." nullable:"false"`
}

type terrain struct {
	AltitudeM *float64             `json:"altitude_m" nullable:"true" doc:"Mean, metres; null when it is not known."`
	SlopeDeg  *float64             `json:"slope_deg" nullable:"true" doc:"坡度: mean of the slopes by Horn's method, degrees; null when it is not known."`
	Samples   int                  `json:"samples,omitempty" doc:"Samples of the heights that lie in the parcel; without any the figures are those of a place in it."`
	Missing   atlas.TerrainMissing `json:"missing,omitempty" enum:"no_heights,none_at_place" doc:"Why it is not known: no heights have been imported, or none are known there."`
}

type parcelDrives struct {
	Highway    drive `json:"highway" doc:"A national or provincial road."`
	Railway    drive `json:"railway" doc:"A railway station."`
	Airport    drive `json:"airport"`
	CountySeat drive `json:"county_seat" doc:"A city or town."`
	Station    drive `json:"station" doc:"A union station, oxygen bar or drivers' home that receives people."`
}

type drive struct {
	Seconds *float64           `json:"seconds" nullable:"true" doc:"Null when it is not known."`
	To      *name              `json:"to,omitempty"`
	Missing atlas.DriveMissing `json:"missing,omitempty" enum:"no_streets,no_places,no_street,no_way" doc:"Why it is not known: no streets for cars have been imported, no such place is known, no street within reach of the parcel, no way there."`
}

// collectionParcelFeature is a list with what could be chosen. Its name is that of its schema.
type collectionParcelFeature struct {
	Type       string                     `json:"type" enum:"FeatureCollection"`
	Features   []parcelFeature            `json:"features" nullable:"false"`
	Total      int                        `json:"total" doc:"How many there are on all pages."`
	Next       string                     `json:"next,omitempty" doc:"The cursor of the next page."`
	Facets     map[string][]parcelOption  `json:"facets,omitempty" doc:"By parameter."`
	Histograms map[string]parcelHistogram `json:"histograms,omitempty" doc:"By range."`
}

type parcelOption struct {
	Value string `json:"value"`
	Count int    `json:"count" doc:"What choosing it gives."`
}

type parcelHistogram struct {
	Unit    string      `json:"unit,omitempty"`
	Bins    []parcelBin `json:"bins" nullable:"false"`
	Unknown int         `json:"unknown" doc:"Parcels of which the number is not known."`
}

type parcelBin struct {
	Min   *float64 `json:"min,omitempty"`
	Max   *float64 `json:"max,omitempty" doc:"Not in it."`
	Count int      `json:"count"`
}

// A parcelWriter writes parcels as JSON. What follows from a parcel alone is kept when it is asked for the second time, until another
// one wants its place; a parcel never changes, another one takes its place in the atlas. Who reads page after page only once leaves
// nothing to be collected.
type parcelWriter struct {
	asked [keptParcels]atomic.Pointer[kora.Parcel]
	kept  [keptParcels]atomic.Pointer[keptParcel]
	pages sync.Pool // of *[]byte
}

type keptParcel struct {
	parcel *kora.Parcel
	facts  []byte
}

// keptParcels is how many are kept at most: at about 2.5 kB each some 20 MB.
const keptParcels = 1 << 13

func newParcelWriter() *parcelWriter {
	return &parcelWriter{pages: sync.Pool{New: func() any { return new([]byte) }}}
}

func (w *parcelWriter) list(a *atlas.Atlas, page atlas.ParcelPage, next string, counts *atlas.ParcelCounts) (*[]byte, error) {
	buffer := w.pages.Get().(*[]byte)
	b := append((*buffer)[:0], `{"type":"FeatureCollection","features":[`...)
	for i, p := range page.Parcels {
		if i > 0 {
			b = append(b, ',')
		}
		b = w.append(b, a, p, page.Rows[i])
	}
	b = strconv.AppendInt(append(b, `],"total":`...), int64(page.Total), 10)
	if next != "" {
		b = appendText(append(b, `,"next":`...), next)
	}
	if counts != nil {
		var err error
		if b, err = appendCounts(b, counts); err != nil {
			return nil, err
		}
	}
	*buffer = append(b, '}')
	return buffer, nil
}

func (w *parcelWriter) one(a *atlas.Atlas, p *kora.Parcel) *[]byte {
	row, _ := a.ParcelTable().Row(p.ID)
	buffer := w.pages.Get().(*[]byte)
	*buffer = w.append((*buffer)[:0], a, p, row)
	return buffer
}

// detail is one with its panoramas.
func (w *parcelWriter) detail(a *atlas.Atlas, p *kora.Parcel) (*[]byte, error) {
	buffer := w.one(a, p)
	if all := panoramasOf(a, a.PanoramasOf(p.Number)); len(all) > 0 {
		list, err := json.Marshal(all)
		if err != nil {
			return nil, fmt.Errorf("write parcel %s: %w", p.Number, err)
		}
		properties := bytes.TrimSuffix(*buffer, []byte("}}"))
		*buffer = append(append(append(properties, `,"panoramas":`...), list...), "}}"...)
	}
	return buffer, nil
}

func (w *parcelWriter) append(b []byte, a *atlas.Atlas, p *kora.Parcel, row uint32) []byte {
	place := uint64(p.ID) % keptParcels
	if kept := w.kept[place].Load(); kept != nil && kept.parcel == p {
		b = append(b, kept.facts...)
	} else {
		start := len(b)
		b = appendFeature(b, p)
		if w.asked[place].Swap(p) == p {
			w.kept[place].Store(&keptParcel{p, bytes.Clone(b[start:])})
		}
	}
	b = append(b, `,"notices":[`...)
	for i, n := range a.NoticesFor(p.Number) {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, n.Code)
	}
	b = append(b, `],"terrain":{"altitude_m":`...)
	if ground := a.Terrain(row); ground.Missing != "" {
		b = append(append(append(b, `null,"slope_deg":null,"missing":"`...), ground.Missing...), '"')
	} else {
		b = strconv.AppendFloat(b, math.Round(ground.AltitudeM), 'f', -1, 64)
		b = strconv.AppendFloat(append(b, `,"slope_deg":`...), math.Round(ground.SlopeDeg*10)/10, 'f', -1, 64)
		if ground.Samples > 0 {
			b = strconv.AppendInt(append(b, `,"samples":`...), int64(ground.Samples), 10)
		}
	}
	b = append(b, `},"drives":{`...)
	for i, to := range atlas.Destinations() {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), to...), `":{"seconds":`...)
		d := a.Drive(row, to)
		if d.Missing != "" {
			b = append(append(append(b, `null,"missing":"`...), d.Missing...), `"}`...)
			continue
		}
		b = append(strconv.AppendFloat(b, d.Seconds, 'f', -1, 64), `,"to":{"zh":`...)
		b = appendText(b, d.To.ZH)
		if d.To.BO != "" {
			b = appendText(append(b, `,"bo":`...), d.To.BO)
		}
		if d.To.EN != "" {
			b = appendText(append(b, `,"en":`...), d.To.EN)
		}
		b = append(b, `}}`...)
	}
	return append(b, `}}}`...) // of drives, properties and the feature
}

func appendCounts(b []byte, counts *atlas.ParcelCounts) ([]byte, error) {
	out := struct {
		Facets     map[string][]parcelOption  `json:"facets"`
		Histograms map[string]parcelHistogram `json:"histograms"`
	}{map[string][]parcelOption{}, map[string]parcelHistogram{}}
	for _, f := range counts.Facets {
		options := make([]parcelOption, len(f.Options))
		for i, o := range f.Options {
			options[i] = parcelOption(o)
		}
		out.Facets[f.Name] = options
	}
	for _, h := range counts.Histograms {
		bins := make([]parcelBin, len(h.Bins))
		for i, bin := range h.Bins {
			bins[i] = parcelBin(bin)
		}
		out.Histograms[h.Name] = parcelHistogram{h.Unit, bins, h.Unknown}
	}
	counted, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("write counts: %w", err)
	}
	return append(append(b, ','), counted[1:len(counted)-1]...), nil
}
