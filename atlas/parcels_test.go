package atlas_test

import (
	"cmp"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"kora"
	"kora/atlas"
	"kora/atlas/atlastest"
	"kora/geo/basemap"
	"kora/geo/elevation"
	"kora/geo/network"
	"kora/geo/profile"
)

// still gives the atlas of a record that nobody follows: followed by the second, many of them would be made all the time.
func still(t testing.TB, r *atlastest.Record) *atlas.Atlas {
	t.Helper()
	k, err := atlas.Open(t.Context(), r, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return k.Atlas()
}

// carCountry gives a town a grid of streets for cars where someParcel puts parcels, with a city, a town, a railway station
// and a highway along one of them. There is no airport.
func carCountry(t testing.TB, town *atlastest.Record) *network.Network {
	t.Helper()
	const across, step = 17, 0.05
	car := profile.Car()
	var nodes []orb.Point
	var edges []network.Edge
	for y := range across {
		for x := range across {
			nodes = append(nodes, orb.Point{94.1 + float64(x)*step, 29.1 + float64(y)*step})
		}
	}
	join := func(a, b int, kmh float64) {
		metres := network.Distance(nodes[a], nodes[b])
		edges = append(edges, network.Edge{From: int32(a), To: int32(b), LengthM: float32(metres), Forward: float32(metres / kmh * 3.6),
			Backward: float32(metres / kmh * 3)}) // slower on the way back
	}
	var course orb.LineString
	for y := range across {
		for x := range across {
			kmh := 50.0
			if y == 8 {
				kmh = 80
			}
			if x > 0 {
				join(y*across+x-1, y*across+x, kmh)
			}
			if y > 0 {
				join((y-1)*across+x, y*across+x, 40)
			}
		}
	}
	for x := range across {
		course = append(course, nodes[8*across+x])
	}
	n, err := network.Build(car, nodes, edges, nil)
	if err != nil {
		t.Fatal(err)
	}
	streets, err := n.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	ground, err := basemap.Encode([]basemap.Feature{
		{Layer: basemap.Places, Class: "city", NameZH: "城", Geometry: nodes[20]}, {Layer: basemap.Places, Class: "town", NameZH: "镇", Geometry: nodes[200]},
		{Layer: basemap.Places, Class: "village", NameZH: "村", Geometry: nodes[100]},
		{Layer: basemap.Landmarks, Class: basemap.RailwayStation, NameZH: "站", Geometry: nodes[250]},
	})
	if err != nil {
		t.Fatal(err)
	}
	net := *town.Network
	net.Streets = map[string][]byte{"walk": net.Streets["walk"], "car": streets}
	net.Basemap, net.Heights = ground, countryHeights().Encode()
	town.Network = &net
	town.Highways = map[int64]*kora.Highway{1: {ID: 1, Ref: "G318", Name: kora.Name{ZH: "国道"}, Geometry: orb.MultiLineString{course}}}
	return n
}

// countryHeights is rough ground under most of the country.
var countryHeights = sync.OnceValue(func() *elevation.Model {
	tile := elevation.Sampled(elevation.Corner{Lat: 29, Lon: 94}, 301, func(p orb.Point) float64 {
		return 3000 + 800*math.Sin(60*p[0])*math.Cos(50*p[1])
	})
	part, _ := tile.Clip(orb.Bound{Min: orb.Point{94, 29}, Max: orb.Point{94.8, 29.9}})
	return elevation.NewModel(part)
})

// someParcel makes a parcel that is different each time, near the others; its ID makes its number unique.
func someParcel(rng *rand.Rand, id int64) *kora.Parcel {
	code := func() string { return []string{"1001", "100101", "0901", "09", "1302"}[rng.IntN(5)] }
	maybe := func(v float64) *float64 {
		if rng.IntN(3) == 0 {
			return nil
		}
		return &v
	}
	price := func(units []string) *kora.Price {
		if rng.IntN(3) == 0 {
			return nil
		}
		return &kora.Price{Amount: float64(1 + rng.IntN(40)), Unit: units[rng.IntN(len(units))]}
	}
	day := func() time.Time { return time.Date(2026, 7, 1+rng.IntN(9), rng.IntN(24), 0, 0, 0, time.UTC) }
	x, y, size := 94.1+float64(rng.IntN(40))/50, 29.1+float64(rng.IntN(40))/50, 0.02+rng.Float64()*0.03
	p := &kora.Parcel{
		ID: id, Number: fmt.Sprintf("%c-%d", 'A'+rune(rng.IntN(9)), id),
		Name:   kora.Name{ZH: []string{"示例地块", "米林物流园", "高原重镇"}[rng.IntN(3)], EN: "Lot " + code(), BO: []string{"", "སྨན་གླིང་།"}[rng.IntN(2)]},
		County: []string{"", "540402", "540421", "540422", "540481"}[rng.IntN(5)], Status: kora.ParcelStatuses()[rng.IntN(9)],
		Zone: []string{"", "林芝经开区"}[rng.IntN(2)], Industry: [][]string{nil, {"旅游"}, {"旅游", "物流"}}[rng.IntN(3)],
		Use: kora.LandUse{Code: code(), Scheme: kora.UseSchemes()[rng.IntN(2)]}, AreaM2: float64(rng.IntN(90)) * 1000, Sample: rng.IntN(9) == 0,
		Geometry: orb.MultiPolygon{{{{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}, {x, y}}}},
		FAR:      kora.Range{Min: maybe(1), Max: maybe(1 + float64(rng.IntN(4))/2)},
		Green:    kora.Range{Min: maybe(float64(rng.IntN(5) * 10))},
		Price:    price(kora.PriceUnits()), Deposit: price(kora.DepositUnits()), Intensity: price(kora.IntensityUnits()),
		TermYears: rng.IntN(4) * 20, AltitudeM: float64(rng.IntN(3) * 1500), Supply: append(kora.SupplyModes(), "")[rng.IntN(10)],
		Facilities: [][]string{nil, {"road"}, {"road", "water"}, {"power", "water"}}[rng.IntN(4)],
		Listing:    &kora.Period{From: day(), To: day()}, NoticeOn: []string{"", "2026-07-03"}[rng.IntN(2)],
	}
	if rng.IntN(4) == 0 {
		p.Uses = []kora.UseShare{{LandUse: kora.LandUse{Code: code(), Scheme: kora.Scheme2023}}, {LandUse: kora.LandUse{Code: code(), Scheme: kora.Scheme2017}}}
	}
	if rng.IntN(2) == 0 { // on a street, more or less
		p.Access = &orb.Point{94.1 + float64(rng.IntN(17))/20 + float64(rng.IntN(12))/1000, 29.1 + rng.Float64()*0.8}
	}
	return p
}

// someQuery asks for parcels by anything.
func someQuery(rng *rand.Rand) atlas.ParcelQuery {
	q := atlas.ParcelQuery{Choices: map[string][]string{}, Ranges: map[string]atlas.Span{}}
	choose := func(name string, values ...[]string) {
		if rng.IntN(5) == 0 {
			q.Choices[name] = values[rng.IntN(len(values))]
		}
	}
	choose("county", []string{"540402"}, []string{"540421", "540481"}, []string{"540499"})
	choose("use", []string{"10"}, []string{"09", "13"}, []string{"1001"}, []string{"1"}, []string{"100101", "77"})
	choose("use_2017", []string{"10"}, []string{"0901", "1302"})
	choose("status", []string{"ready"}, []string{"ready", "promoted", "announced"})
	choose("stage", []string{"available"}, []string{"available", "bidding"})
	choose("zone", []string{"林芝经开区"})
	choose("industry", []string{"物流"}, []string{"旅游", "物流"})
	choose("supply", []string{"GP"}, []string{"GP", "PM", "ZB", "HB"})
	choose("facility", []string{"road"}, []string{"road", "water"}, []string{"gas"})
	choose("sample", []string{"true"}, []string{"true", "false"})
	for _, name := range atlas.ParcelRanges() {
		if rng.IntN(14) > 0 {
			continue
		}
		scale := map[string]float64{"area": 90_000, "altitude": 4000, "far": 3, "price_m2": 500, "green": 50, "term": 60, "ground": 3500, "slope": 10}[name]
		switch {
		case strings.HasSuffix(name, "_on"), strings.HasSuffix(name, "_ends"):
			low := 20635.0 + float64(rng.IntN(12)) // 2026-07-01
			q.Ranges[name] = atlas.Span{Min: &low}
		default:
			if scale == 0 {
				scale = 40
			}
			low, high := math.Round(rng.Float64()*scale), math.Round(rng.Float64()*2*scale)
			q.Ranges[name] = atlas.Span{Min: &low, Max: &high}
			if rng.IntN(3) == 0 {
				q.Ranges[name] = atlas.Span{Max: &high}
			}
		}
	}
	if rng.IntN(3) == 0 {
		// often exactly at the parcels' corners, where a hair decides
		x, y := 94.1+float64(rng.IntN(40))/50, 29.1+float64(rng.IntN(40))/50
		if rng.IntN(2) == 0 {
			x, y = math.Nextafter(x, 0), math.Nextafter(y, 0)
		}
		q.Bounds = &orb.Bound{Min: orb.Point{x - rng.Float64()/3, y - rng.Float64()/3}, Max: orb.Point{x, y}}
	}
	if rng.IntN(5) == 0 {
		q.Text = []string{"lot", "A-", "09 lot", "地", "nowhere", "mlwly", "ZZ", "GYCZ", "སྨན་གླིང"}[rng.IntN(9)]
	}
	if rng.IntN(6) == 0 {
		q.Near = &atlas.Near{Point: orb.Point{94.1 + rng.Float64()*0.8, 29.1 + float64(rng.IntN(17))/20}, Minutes: float64(10 + rng.IntN(60))}
	}
	return q
}

// numberFor is what a range of parcels means, in plain words; prices are asked of the domain, times of the drives.
func numberFor(name string, p *kora.Parcel, a *atlas.Atlas) (float64, bool) {
	figureOf := func(p *kora.Price) (float64, bool) {
		if p == nil || p.Unit != "万元" {
			return 0, false
		}
		return p.Amount, true
	}
	figure := func(r kora.Range) (float64, bool) {
		if r.Max != nil {
			return *r.Max, true
		}
		if r.Min != nil {
			return *r.Min, true
		}
		return 0, false
	}
	switch name {
	case "area":
		return p.AreaM2, true
	case "price_m2":
		return p.PricePerM2()
	case "price":
		return p.PriceInAll()
	case "deposit":
		return figureOf(p.Deposit)
	case "intensity":
		return p.IntensityPerMu()
	case "far":
		return figure(p.FAR)
	case "green":
		return figure(p.Green)
	case "term":
		return float64(p.TermYears), p.TermYears > 0
	case "altitude":
		return p.AltitudeM, p.AltitudeM > 0
	case "notice_on":
		return 20637, p.NoticeOn != ""
	case "listing_ends":
		if p.Listing == nil {
			return 0, false
		}
		hours := p.Listing.To.Sub(time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)).Hours() + 8
		return 20635 + math.Floor(hours/24), true
	case "ground", "slope":
		row, _ := a.ParcelTable().Row(p.ID)
		lie, ok := countryHeights().Over(p.Geometry, p.Inside())
		return map[string]float64{"ground": lie.AltitudeM, "slope": lie.SlopeDeg}[name], ok && a.Terrain(row).Missing != atlas.NoHeights
	case "to_highway", "to_railway", "to_airport", "to_county_seat", "to_station":
		return driveOf(a, p)(atlas.Destination(strings.TrimPrefix(name, "to_")))
	}
	return 0, false // stated, density, height, registration: nobody has them
}

// means is a query in plain words; without names what they say is not asked.
func means(t *testing.T, a *atlas.Atlas, q atlas.ParcelQuery, p *kora.Parcel, but string) bool {
	t.Helper()
	used := func(scheme kora.UseScheme, prefixes []string) bool {
		all := []kora.LandUse{p.Use}
		for _, u := range p.Uses {
			all = append(all, u.LandUse)
		}
		return slices.ContainsFunc(all, func(u kora.LandUse) bool {
			return u.Scheme == scheme && slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(u.Code, prefix) })
		})
	}
	county := p.County
	if county == "540422" {
		county = "540481"
	}
	for name, chosen := range q.Choices {
		if name == but || len(chosen) == 0 {
			continue
		}
		ok := false
		switch name {
		case "county":
			ok = slices.Contains(chosen, county)
		case "use":
			ok = used(kora.Scheme2023, chosen)
		case "use_2017":
			ok = used(kora.Scheme2017, chosen)
		case "status":
			ok = slices.Contains(chosen, string(p.Status))
		case "stage":
			ok = slices.Contains(chosen, string(p.Status.Stage()))
		case "zone":
			ok = slices.Contains(chosen, p.Zone)
		case "industry":
			ok = slices.ContainsFunc(p.Industry, func(i string) bool { return slices.Contains(chosen, i) })
		case "supply":
			ok = slices.Contains(chosen, p.Supply)
		case "facility":
			ok = !slices.ContainsFunc(chosen, func(f string) bool { return !slices.Contains(p.Facilities, f) })
		case "sample":
			ok = slices.Contains(chosen, fmt.Sprint(p.Sample))
		default:
			t.Fatalf("what is %s?", name)
		}
		if !ok {
			return false
		}
	}
	for name, span := range q.Ranges {
		if name == but {
			continue
		}
		v, ok := numberFor(name, p, a)
		if !ok || span.Min != nil && v < *span.Min || span.Max != nil && v > *span.Max {
			return false
		}
	}
	if q.Bounds != nil && !p.Geometry.Bound().Intersects(*q.Bounds) {
		return false
	}
	initials := map[string]string{"示例地块": "sldk", "米林物流园": "mlwly", "高原重镇": "gycz gyzz"}[p.Name.ZH]
	text := strings.ToLower(strings.Join([]string{p.Number, p.Name.ZH, p.Name.EN, p.Name.BO, p.Zone, strings.Join(p.Industry, "\n"), initials}, "\n"))
	for w := range strings.FieldsSeq(strings.ToLower(q.Text)) {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return q.Near == nil || nearBy(t, a.Streets("car"), p, q.Near)
}

func driveOf(a *atlas.Atlas, p *kora.Parcel) func(atlas.Destination) (float64, bool) {
	return func(to atlas.Destination) (float64, bool) {
		row, _ := a.ParcelTable().Row(p.ID)
		d := a.Drive(row, to)
		return a.DriveMinutes(row, to), d.Missing == ""
	}
}

// nearBy asks a search for the way of one parcel.
func nearBy(t *testing.T, streets *network.Network, p *kora.Parcel, n *atlas.Near) bool {
	reach := streets.Profile().PointReachM
	from, ok := streets.Link(p.Entrance(), reach)
	if !ok {
		return false
	}
	to, ok := streets.Link(n.Point, reach)
	if !ok {
		t.Fatal("the place has no street")
	}
	routes, err := streets.Nearest(t.Context(), from, []network.Link{to}, 1, n.Minutes*60)
	if err != nil {
		t.Fatal(err)
	}
	return len(routes) == 1
}

// countsAre holds every option and every bin against the parcels, one after the other.
func countsAre(t *testing.T, name string, a *atlas.Atlas, q atlas.ParcelQuery) {
	t.Helper()
	f, err := a.ParcelFilter(q)
	if err != nil {
		t.Fatal(err)
	}
	counts := f.Counts(q.Choices)
	if counts.Total != len(f.Parcels()) {
		t.Fatalf("%s: %+v counts %d, and lists %d", name, q, counts.Total, len(f.Parcels()))
	}
	for _, fa := range counts.Facets {
		for _, o := range fa.Options {
			chosen := atlas.ParcelQuery{Choices: map[string][]string{fa.Name: {o.Value}}}
			but := fa.Name
			if fa.Name == "facility" {
				but = "" // adding it to what is chosen
			}
			want := 0
			for _, p := range a.Parcels {
				if means(t, a, q, p, but) && means(t, a, chosen, p, "") {
					want++
				}
			}
			if o.Count != want {
				t.Fatalf("%s: under %+v %s=%s counts %d, want %d", name, q, fa.Name, o.Value, o.Count, want)
			}
		}
	}
	for _, h := range counts.Histograms {
		unknown, bins := 0, make([]int, len(h.Bins))
		for _, p := range a.Parcels {
			if !means(t, a, q, p, h.Name) {
				continue
			}
			v, ok := numberFor(h.Name, p, a)
			if !ok {
				unknown++
				continue
			}
			for i, b := range h.Bins {
				if (b.Min == nil || v >= *b.Min) && (b.Max == nil || v < *b.Max) {
					bins[i]++
				}
			}
		}
		for i, b := range h.Bins {
			if b.Count != bins[i] || h.Unknown != unknown {
				t.Fatalf("%s: under %+v bin %d of %s holds %d, want %d; %d unknown, want %d", name, q, i, h.Name, b.Count, bins[i], h.Unknown, unknown)
			}
		}
	}
}

// pagesAre reads a list page by page and holds it against a plain sort.
func pagesAre(t *testing.T, name string, a *atlas.Atlas, q atlas.ParcelQuery, rng *rand.Rand) {
	t.Helper()
	f, err := a.ParcelFilter(q)
	if err != nil {
		t.Fatal(err)
	}
	o := atlas.ParcelOrder{By: atlas.ParcelOrders()[rng.IntN(len(atlas.ParcelOrders()))], Descending: rng.IntN(2) == 0}
	want := slices.Clone(f.Parcels())
	slices.SortFunc(want, func(p, r *kora.Parcel) int {
		if o.By == "number" {
			if o.Descending {
				p, r = r, p
			}
			return strings.Compare(p.Number, r.Number)
		}
		key := func(p *kora.Parcel) (float64, bool) {
			if o.By == "status" {
				return float64(slices.Index(kora.ParcelStatuses(), p.Status)), true
			}
			return numberFor(o.By, p, a)
		}
		v, known := key(p)
		w, knows := key(r)
		if known != knows {
			return map[bool]int{true: -1, false: 1}[known]
		}
		if o.Descending {
			v, w = w, v
		}
		if !known {
			v, w = 0, 0
		}
		return cmp.Or(cmp.Compare(v, w), strings.Compare(p.Number, r.Number))
	})
	limit := 1 + rng.IntN(20)
	var got []*kora.Parcel
	var mark *atlas.ParcelMark
	for {
		page := f.Page(o, mark, limit)
		if page.Total != len(want) || len(page.Parcels) > limit || len(page.Parcels) != len(page.Rows) {
			t.Fatalf("%s: a page of %d of %d, want %d of %d", name, len(page.Parcels), page.Total, limit, len(want))
		}
		got = append(got, page.Parcels...)
		if mark = page.Next; mark == nil {
			break
		}
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%s: %+v by %+v, %d a page: %d parcels in another order than %d", name, q, o, limit, len(got), len(want))
	}
}

// TestPagesStayRightWhileRowsChange: what was behind a mark and did not change is on the pages behind it, whatever else comes,
// goes or moves, the marked parcel too.
func TestPagesStayRightWhileRowsChange(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for range 200 {
		town := atlastest.Town(t)
		town.Network, town.Stations, town.KeyAreas, town.Parcels = nil, nil, nil, map[int64]*kora.Parcel{}
		for id := range int64(40) {
			town.Parcels[id+1] = someParcel(rng, id+1)
		}
		order := atlas.ParcelOrder{By: []string{"number", "area", "status", "far", "price_m2"}[rng.IntN(5)], Descending: rng.IntN(2) == 0}
		list := func() *atlas.ParcelFilter {
			f, err := still(t, town).ParcelFilter(atlas.ParcelQuery{})
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		before := list()
		page := before.Page(order, nil, 10)
		rest := before.Page(order, page.Next, 100).Parcels
		changed := map[int64]bool{}
		for range rng.IntN(20) {
			id := 1 + rng.Int64N(50)
			changed[id] = true
			if town.Parcels[id] = someParcel(rng, id); rng.IntN(3) == 0 {
				delete(town.Parcels, id)
			}
		}
		if rng.IntN(2) == 0 { // the marked one goes
			last := page.Parcels[9].ID
			changed[last] = true
			delete(town.Parcels, last)
		}
		stays := func(all []*kora.Parcel) (numbers []string) {
			for _, p := range all {
				if !changed[p.ID] {
					numbers = append(numbers, p.Number)
				}
			}
			return numbers
		}
		if got, want := stays(list().Page(order, page.Next, 100).Parcels), stays(rest); !slices.Equal(got, want) {
			t.Fatalf("by %+v: %v, want %v", order, got, want)
		}
	}
}

// TestPagesOfManyParcels: only a few of many are kept while looking.
func TestPagesOfManyParcels(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	town := atlastest.Town(t)
	for id := range int64(3000) {
		town.Parcels[id+1] = someParcel(rng, id+1)
	}
	a := still(t, town)
	for range 30 {
		pagesAre(t, "many", a, atlas.ParcelQuery{}, rng)
	}
}

// TestDrivesAreThoseOfASearch: times by car are those that a search for the nearest finds, and lead to the place that it finds.
func TestDrivesAreThoseOfASearch(t *testing.T) {
	town := atlastest.Town(t)
	streets := carCountry(t, town)
	rng := rand.New(rand.NewPCG(5, 5))
	for id := range int64(150) {
		p := someParcel(rng, id+10)
		if id%5 == 0 { // beside the highway
			p.Access = &orb.Point{94.12 + rng.Float64()*0.7, 29.5 + (rng.Float64()-0.5)/200}
		}
		town.Parcels[id+10] = p
	}
	town.Stations = map[int64]*kora.Station{
		1: {ID: 1, Code: "S", Name: kora.Name{ZH: "驿站"}, Kind: kora.KindDrivers, Status: kora.StatusOpen, Point: orb.Point{94.33, 29.2501}},
		2: {ID: 2, Code: "T", Name: kora.Name{ZH: "关了"}, Kind: kora.KindDrivers, Status: kora.StatusClosed, Point: orb.Point{94.73, 29.6501}},
	}
	a := still(t, town)
	reach := streets.Profile().PointReachM
	at := func(p orb.Point) network.Link {
		l, _ := streets.Link(p, 2*reach)
		return l
	}
	var course []network.Link
	for lon := 94.1; lon <= 94.9; lon += 0.0005 {
		course = append(course, at(orb.Point{lon, 29.5}))
	}
	places := map[atlas.Destination][]network.Link{
		atlas.ToCountySeat: {at(streets.Node(0)), at(streets.Node(0))}, atlas.ToStation: {at(orb.Point{94.33, 29.2501})}, atlas.ToHighway: course,
	}
	places[atlas.ToCountySeat] = nil
	for _, f := range a.Basemap {
		switch f.Class {
		case "city", "town":
			places[atlas.ToCountySeat] = append(places[atlas.ToCountySeat], at(f.Geometry.(orb.Point)))
		case basemap.RailwayStation:
			places[atlas.ToRailway] = append(places[atlas.ToRailway], at(f.Geometry.(orb.Point)))
		}
	}
	timed, untied := 0, 0
	for _, p := range a.Parcels {
		row, _ := a.ParcelTable().Row(p.ID)
		from, ok := streets.Link(p.Entrance(), reach)
		for to, links := range places {
			d := a.Drive(row, to)
			if !ok {
				if d.Missing != atlas.NoStreet {
					t.Fatalf("%s has no street, and drives %+v", p.Number, d)
				}
				untied++
				continue
			}
			routes, err := streets.Nearest(t.Context(), from, links, 1, math.Inf(1))
			if err != nil || len(routes) != 1 || d.Missing != "" {
				t.Fatalf("%s to %s: %+v, %d ways, %v", p.Number, to, d, len(routes), err)
			}
			// On a highway people are where they come upon it; the marks on its course are 50 m apart.
			tolerance := 1.0
			if to == atlas.ToHighway {
				tolerance = 60
			}
			if off := routes[0].Seconds - d.Seconds; off < -1 || off > tolerance {
				t.Errorf("%s to %s: %.0f s, a search finds %.1f", p.Number, to, d.Seconds, routes[0].Seconds)
			}
			timed++
		}
		if d := a.Drive(row, atlas.ToAirport); d.Missing != atlas.NoPlaces && ok {
			t.Fatalf("to no airport: %+v", d)
		}
	}
	if timed < 100 || untied < 20 {
		t.Errorf("%d timed, %d without a street", timed, untied)
	}
	town.Network = nil
	if d := still(t, town).Drive(0, atlas.ToRailway); d.Missing != atlas.NoStreets {
		t.Errorf("without streets: %+v", d)
	}
}
