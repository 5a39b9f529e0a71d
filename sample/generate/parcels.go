package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
)

// A lot is a parcel before it is laid out: how large, how deep, and for what.
type lot struct {
	use    string
	mu     float64 // 亩 as stated
	depth  float64 // metres from front to back
	status string
	shape  string   // "", "hole" or "two parts"
	mixed  []string // land uses of a mixed parcel, with "use" the first
	shares []float64
}

// A row is a run of lots beside each other along one side of a road.
type row struct {
	place    name // of the row, for the parcels' names
	county   string
	start    point // the first lot begins at the road's point nearest to here,
	towards  point // and the next ones lie in this direction
	left     bool  // of that direction
	altitude float64
	lots     []lot
}

// Metres from the middle of the road to the front of a parcel, and between parcels.
const (
	setback = 26
	gap     = 18
)

func parcelRows() []row {
	const (
		bayi, gongbo, bome, nang, mainling = "540402", "540421", "540424", "540426", "540481"
	)
	west := name{"西岸片区", "ནུབ་ངོས་ཁུལ།", "West Bank"}
	one := func(use string, mu, depth float64, status string) lot {
		return lot{use: use, mu: mu, depth: depth, status: status}
	}
	return []row{
		// The development zone on the west bank of the Niyang.
		{west, bayi, at(94.3266, 29.6608), at(94.3335, 29.6500), false, 2992, []lot{
			one("100101", 45, 180, "promoted"), one("1001", 62, 190, "announced"), one("100101", 38, 170, "bidding"), one("110101", 58, 190, "ready")}},
		{west, bayi, at(94.3266, 29.6608), at(94.3335, 29.6500), true, 2990, []lot{
			one("0802", 24, 140, "promoted"), one("0802", 30, 150, "registration"),
			{use: "0802", mu: 36, depth: 150, status: "pre_announced", mixed: []string{"0802", "0902"}, shares: []float64{0.7, 0.3}}}},
		{west, bayi, at(94.3347, 29.6480), at(94.3382, 29.6404), false, 2991, []lot{
			{use: "100102", mu: 70, depth: 220, status: "promoted", shape: "hole"}, one("1001", 52, 200, "result_notice")}},
		{west, bayi, at(94.3347, 29.6480), at(94.3382, 29.6404), true, 2989, []lot{
			one("0901", 18, 110, "announced"), one("0902", 12, 90, "supplied")}},
		{west, bayi, at(94.3391, 29.6388), at(94.3417, 29.6328), false, 2990, []lot{one("100101", 56, 190, "registration")}},
		{west, bayi, at(94.3428, 29.6310), at(94.3525, 29.6135), false, 2988, []lot{
			one("1001", 100, 240, "promoted"), one("100102", 84, 230, "suspended"), one("1101", 180, 260, "promoted")}},
		{west, bayi, at(94.3428, 29.6310), at(94.3525, 29.6135), true, 2986, []lot{one("110101", 96, 230, "bidding")}},

		// Bayi town and the road east of it.
		{name{"八一南片区", "བྲག་ཡིབ་ལྷོ་ཁུལ།", "Bayi South"}, bayi, at(94.3712, 29.6300), at(94.3780, 29.6195), true, 2995, []lot{
			one("0701", 42, 150, "registration"), one("070101", 55, 170, "promoted"),
			{use: "0701", mu: 48, depth: 160, status: "announced", mixed: []string{"0701", "0901"}, shares: []float64{0.8, 0.2}},
			one("070102", 30, 140, "signed"), one("090104", 22, 120, "promoted")}},
		{name{"八一东片区", "བྲག་ཡིབ་ཤར་ཁུལ།", "Bayi East"}, bayi, at(94.3880, 29.6085), at(94.4000, 29.6040), true, 3010, []lot{
			one("090104", 35, 130, "pre_announced")}},

		// Mainling.
		{name{"机场片区", "གནམ་གྲུ་ཐང་ཁུལ།", "Airport"}, mainling, at(94.3120, 29.2890), at(94.3500, 29.3200), true, 2945, []lot{
			one("1101", 60, 180, "ready"), one("090104", 20, 110, "unsold")}},
		{name{"米林片区", "སྨན་གླིང་ཁུལ།", "Mainling"}, mainling, at(94.2260, 29.2225), at(94.2400, 29.2400), false, 2940, []lot{
			one("0701", 30, 130, "delivered"), one("100101", 40, 160, "promoted")}},

		// Gongbo'gyamda and Bahe.
		{name{"工布江达片区", "ཀོང་པོ་རྒྱ་མདའི་ཁུལ།", "Gongbo'gyamda"}, gongbo, at(93.2620, 29.8870), at(93.3000, 29.8800), true, 3440, []lot{
			{use: "100101", mu: 28, depth: 130, status: "announced", shape: "two parts"}, one("1001", 36, 150, "preparing"), one("0901", 10, 80, "promoted"),
			{use: "0901", mu: 26, depth: 120, status: "ready", mixed: []string{"0901", "0701"}, shares: []float64{0.4, 0.6}}}},
		{name{"巴松措路口片区", "བྲག་གསུམ་མཚོའི་ལམ་མདོ།", "Basum Tso Junction"}, gongbo, at(93.6700, 29.8590), at(93.6900, 29.8560), true, 3260, []lot{one("090104", 32, 130, "pre_announced")}},

		// Nang.
		{name{"朗县片区", "སྣང་རྫོང་ཁུལ།", "Nang"}, nang, at(93.0900, 29.0500), at(93.1200, 29.0530), false, 3100, []lot{
			one("100101", 25, 120, "withdrawn"), one("090103", 8, 70, "reserve")}},

		// East of 94.5° E, where the next zone of projection begins.
		{name{"鲁朗片区", "ཀླུ་ནང་ཁུལ།", "Lulang"}, bayi, at(94.7402, 29.7670), at(94.7390, 29.7620), false, 3330, []lot{one("090104", 28, 120, "bidding")}},
		{name{"扎木片区", "སྤོ་མེས་ཁུལ།", "Bomê"}, bome, at(95.7380, 29.8630), at(95.7200, 29.8660), false, 2725, []lot{
			one("090104", 24, 120, "result_notice"), one("0901", 16, 100, "terminated")}},
	}
}

type limits struct {
	Min          *float64 `json:"min,omitempty"`
	Max          *float64 `json:"max,omitempty"`
	MinExclusive bool     `json:"min_exclusive,omitempty"`
	MaxExclusive bool     `json:"max_exclusive,omitempty"`
}

func atMost(v float64) limits       { return limits{Max: &v} }
func atLeast(v float64) limits      { return limits{Min: &v} }
func within(a, b float64) limits    { return limits{Min: &a, Max: &b} }
func above(a, b float64) limits     { return limits{Min: &a, Max: &b, MinExclusive: true} }
func (l lot) is(prefix string) bool { return l.mixed == nil && strings.HasPrefix(l.use, prefix) }

// roundTo rounds to a multiple of 1/parts.
func roundTo(v, parts float64) float64 { return math.Round(v*parts) / parts }

type landUse struct {
	Code   string `json:"code"`
	Scheme string `json:"scheme"`
}

type useShare struct {
	landUse
	AreaM2    float64 `json:"area_m2"`
	TermYears int     `json:"term_years"`
}

type price struct {
	Amount float64 `json:"amount"`
	Unit   string  `json:"unit"`
}

type parcelProperties struct {
	Number       string     `json:"number"`
	Cadastre     string     `json:"cadastre"`
	Name         name       `json:"name"`
	County       string     `json:"county"`
	Zone         string     `json:"zone,omitempty"`
	Address      name       `json:"address"`
	Use          landUse    `json:"use"`
	Uses         []useShare `json:"uses,omitempty"`
	Industry     []string   `json:"industry,omitempty"`
	Status       string     `json:"status"`
	Steps        []step     `json:"steps"`
	StatedM2     float64    `json:"stated_m2"`
	FAR          limits     `json:"far"`
	Density      limits     `json:"density"`
	Green        limits     `json:"green"`
	HeightM      limits     `json:"height_m"`
	Price        *price     `json:"price,omitempty"`
	Deposit      *price     `json:"deposit,omitempty"`
	Increment    *price     `json:"increment,omitempty"`
	Intensity    *price     `json:"intensity,omitempty"`
	Supply       string     `json:"supply,omitempty"`
	TermYears    int        `json:"term_years"`
	NoticeOn     string     `json:"notice_on,omitempty"`
	Registration *period    `json:"registration,omitempty"`
	Listing      *period    `json:"listing,omitempty"`
	Publicity    *period    `json:"publicity,omitempty"`
	AltitudeM    float64    `json:"altitude_m"`
	Access       position   `json:"access"`
	Facilities   []string   `json:"facilities"`
	Sample       bool       `json:"sample"`
}

// A parcel is a lot in its place.
type parcel struct {
	properties parcelProperties
	parts      []ring
	hole       ring
}

const squareMetresPerMu = 2000.0 / 3

func layParcels(roads []road) ([]parcel, error) {
	var out []parcel
	counts := map[string]int{}
	for _, r := range parcelRows() {
		front := nearestRoad(roads, r.start)
		_, _, s := front.nearest(r.start)
		if _, _, t := front.nearest(r.towards); t < s {
			front = front.reverse()
			_, _, s = front.nearest(r.start)
		}
		side := -1.0
		if r.left {
			side = 1
		}
		for _, l := range r.lots {
			number := fmt.Sprintf("LZ-SAMPLE-%03d", len(out)+1)
			rng := random(number)
			stated := roundTo(l.mu*squareMetresPerMu, 100)
			want := stated
			if len(out)%17 == 5 { // a survey on the ground and a computed area honestly differ this much
				want *= 1.0009
			}
			p, err := layLot(front, s, side, l, want, rng)
			if err != nil {
				return nil, fmt.Errorf("parcel %s: %w", number, err)
			}
			s += p.frontage + gap
			kind := useWord(l)
			counts[r.place.ZH+kind.ZH]++
			n := counts[r.place.ZH+kind.ZH]
			props := conditions(l, stated, rng)
			props.Number = number
			props.Name = name{
				fmt.Sprintf("%s%s示例地块 %d", r.place.ZH, kind.ZH, n),
				fmt.Sprintf("%s %s་ས་དུམ་དཔེ་མཚོན་ %s", strings.TrimSuffix(r.place.BO, "།"), kind.BO, tibetan(n)),
				fmt.Sprintf("%s %s Sample Parcel %d", r.place.EN, kind.EN, n),
			}
			county := counties[r.county]
			props.County = r.county
			props.Address = name{county.ZH + r.place.ZH + "（示例位置）", county.BO, r.place.EN + ", " + county.EN + " (sample place)"}
			props.AltitudeM = r.altitude + math.Round(between(rng, -3, 3))
			props.Access[0], props.Access[1] = p.access.lonLat()
			if r.place.EN == "West Bank" {
				props.Zone = "林芝经开区"
			}
			props.live(number, len(out)+1)
			props.terms(l, number)
			props.Sample = true
			out = append(out, parcel{props, p.parts, p.hole})
		}
	}
	return out, nil
}

func nearestRoad(roads []road, p point) line {
	best := math.Inf(1)
	var l line
	for _, r := range roads {
		if r.class == "motorway" {
			continue
		}
		if _, d, _ := r.course.nearest(p); d < best {
			best, l = d, r.course
		}
	}
	return l
}

type laidLot struct {
	parts    []ring
	hole     ring
	access   point
	frontage float64
}

// layLot draws a lot from s metres along the road. Its depth is tuned until its area on the ellipsoid is want m².
func layLot(road line, s, side float64, l lot, want float64, rng *rand.Rand) (laidLot, error) {
	frontage := want / l.depth
	backIn, backOut := between(rng, -7, 7), between(rng, -7, 7)
	cutStart, cutEnd := between(rng, 6, 14), between(rng, 6, 14)
	draw := func(s0, s1, depth float64) ring {
		front := road.part(s0, s1).offset(side * setback)
		back := road.part(s0+backIn, s1+backOut).offset(side * (setback + depth)).reverse()
		// Corners on the street are cut off for sight.
		a, b := front[0], front[len(front)-1]
		street := front.part(cutStart, front.length()-cutEnd)
		r := append(ring{a.towards(back[len(back)-1], cutStart/depth)}, street...)
		r = append(r, b.towards(back[0], cutEnd/depth))
		return append(r, back...)
	}
	out := laidLot{frontage: frontage}
	middle, _ := road.along(s + frontage/2)
	out.access = middle.round()
	depth := l.depth
	for range 30 {
		switch l.shape {
		case "two parts": // a lane runs through
			out.parts = []ring{draw(s, s+mul(frontage, 0.55)-6, depth), draw(s+mul(frontage, 0.55)+6, s+frontage, depth)}
		default:
			out.parts = []ring{draw(s, s+frontage, depth)}
		}
		var got float64
		for _, p := range out.parts {
			got += groundArea(p)
		}
		if l.shape == "hole" { // an old grove stays
			mid, axis, _ := out.parts[0].longAxis()
			u, v := axis.scale(24), axis.left().scale(19)
			out.hole = ring{mid.add(u).add(v).round(), mid.sub(u).add(v).round(), mid.sub(u.scale(1.2)).sub(v).round(), mid.add(u).sub(v).round()}
			got -= groundArea(out.hole)
		}
		if math.Abs(got/want-1) < 1e-4 {
			return out, nil
		}
		depth *= want / got
	}
	return out, fmt.Errorf("no depth gives %.0f m²", want)
}

func useWord(l lot) name {
	switch {
	case l.mixed != nil:
		return name{"混合", "འདྲེས་མའི", "Mixed-use"}
	case l.is("10"):
		return name{"工业", "བཟོ་ལས", "Industrial"}
	case l.is("11"):
		return name{"物流仓储", "དངོས་རྫས་སྐྱེལ་འདྲེན", "Logistics"}
	case l.is("090104"):
		return name{"旅馆", "མགྲོན་ཁང", "Hotel"}
	case l.is("0902"):
		return name{"商务", "ཚོང་དོན", "Business"}
	case l.is("09"):
		return name{"商业", "ཚོང་ལས", "Commercial"}
	case l.is("07"):
		return name{"住宅", "སྡོད་ཁང", "Residential"}
	}
	return name{"科研", "ཚན་རིག་ཞིབ་འཇུག", "Research"}
}

func term(use string) int {
	switch use[:2] {
	case "07":
		return 70
	case "09":
		return 40
	}
	return 50
}

// conditions are planning limits and terms of the usual order for the use, with an invented price.
func conditions(l lot, stated float64, rng *rand.Rand) parcelProperties {
	p := parcelProperties{Use: landUse{l.use, "2023"}, Status: l.status, StatedM2: stated, Supply: "GP", TermYears: term(l.use)}
	var perMu float64 // 万元 a 亩
	all := []string{"road", "water", "drainage", "power", "telecom", "heating", "gas", "levelled"}
	p.Facilities = []string{"road", "water", "drainage", "power", "telecom", "levelled"}
	switch l.use[:2] {
	case "10":
		p.FAR, p.Density, p.Green, p.HeightM = within(0.8, 1.6), atLeast(40), atMost(20), atMost(24)
		perMu = roundTo(between(rng, 11, 18), 2)
		p.Facilities = all[:6+rng.IntN(2)*2]
	case "11":
		p.FAR, p.Density, p.Green, p.HeightM = within(0.8, 1.5), atLeast(40), atMost(20), atMost(24)
		perMu = roundTo(between(rng, 14, 20), 2)
	case "08":
		p.FAR, p.Density, p.Green, p.HeightM = atMost(2.2), atMost(35), atLeast(35), atMost(36)
		perMu = roundTo(between(rng, 22, 30), 2)
		p.Facilities = all
	case "07":
		p.FAR, p.Density, p.Green, p.HeightM = above(1.0, 2.0), atMost(28), atLeast(35), atMost(27)
		perMu = roundTo(between(rng, 70, 110), 1)
		p.Facilities = all
	default:
		p.FAR, p.Density, p.Green, p.HeightM = atMost(1.5), atMost(40), atLeast(30), atMost(18)
		if l.use == "090104" {
			p.FAR, p.HeightM = atMost(1.2), atMost(float64(12+3*rng.IntN(3)))
		}
		perMu = roundTo(between(rng, 45, 85), 1)
	}
	for i, use := range l.mixed {
		share := roundTo(stated*l.shares[i], 100)
		if i == len(l.mixed)-1 {
			share = roundTo(stated-p.sumOfUses(), 100)
		}
		p.Uses = append(p.Uses, useShare{landUse{use, "2023"}, share, term(use)})
	}
	switch l.status {
	case "reserve", "preparing", "withdrawn", "terminated":
		p.Supply = ""
		p.Facilities = all[:2+rng.IntN(3)]
	case "ready", "promoted", "pre_announced":
		if rng.IntN(3) == 0 {
			break // no price yet
		}
		fallthrough
	default:
		switch rng.IntN(4) {
		case 0:
			p.Price = &price{roundTo(perMu*l.mu, 1), "万元"}
		case 1:
			p.Price = &price{roundTo(perMu*10000/squareMetresPerMu, 1), "元/㎡"}
		default:
			p.Price = &price{perMu, "万元/亩"}
		}
		if l.use[:2] == "07" && rng.IntN(2) == 0 {
			p.Price = &price{roundTo(perMu*10000/squareMetresPerMu/2, 0.1), "元/㎡楼面"}
		}
	}
	if p.Supply != "" {
		switch {
		case l.use == "090104" && rng.IntN(3) == 0:
			p.Supply = "PM"
		case l.use[:2] == "10" && rng.IntN(4) == 0:
			p.Supply = "ZL"
			p.TermYears = 20
		case l.use[:2] == "08":
			p.Supply = "ZB"
		}
	}
	return p
}

func (p parcelProperties) sumOfUses() float64 {
	var sum float64
	for _, u := range p.Uses {
		sum += u.AreaM2
	}
	return sum
}

func tibetan(n int) string {
	var b strings.Builder
	for _, digit := range strconv.Itoa(n) {
		b.WriteRune('༠' + digit - '0')
	}
	return b.String()
}

func parcelsJSON(parcels []parcel) ([]byte, error) {
	var out []feature
	for _, p := range parcels {
		var polygons [][][]position
		for i, r := range p.parts {
			polygon := [][]position{closedRing(r, false)}
			if i == 0 && p.hole != nil {
				polygon = append(polygon, closedRing(p.hole, true))
			}
			polygons = append(polygons, polygon)
		}
		g := geometry{"MultiPolygon", polygons}
		if len(polygons) == 1 {
			g = geometry{"Polygon", polygons[0]}
		}
		out = append(out, feature{Properties: p.properties, Geometry: g})
	}
	return collection(out)
}
