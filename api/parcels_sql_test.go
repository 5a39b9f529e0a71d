package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"kora"
	"kora/api"
	"kora/atlas"
	"kora/geo/basemap"
	"kora/geo/elevation"
	"kora/geo/network"
	"kora/geo/profile"
	"kora/store"
	"kora/store/cluster/clustertest"
)

// landParcel makes a parcel of any kind.
func landParcel(rng *rand.Rand, i int) *kora.Parcel {
	pick := func(of ...string) string { return of[rng.IntN(len(of))] }
	some := func(of ...string) (got []string) {
		for _, v := range of {
			if rng.IntN(3) == 0 {
				got = append(got, v)
			}
		}
		return got
	}
	price := func(units []string) *kora.Price {
		if rng.IntN(4) == 0 {
			return nil
		}
		return &kora.Price{Amount: math.Round(rng.Float64()*60000) / 100, Unit: pick(units...)}
	}
	limits := func(most float64) (r kora.Range) {
		low, high := math.Round(rng.Float64()*most*5)/10, math.Round((0.5+rng.Float64()/2)*most*10)/10
		if rng.IntN(2) == 0 {
			r.Min = &low
		}
		if rng.IntN(3) > 0 {
			r.Max = &high
		}
		return r
	}
	period := func() *kora.Period {
		if rng.IntN(3) == 0 {
			return nil
		}
		from := time.Date(2026, 6, 1+rng.IntN(60), rng.IntN(24), 30, 0, 0, time.UTC)
		return &kora.Period{From: from, To: from.Add(time.Duration(rng.IntN(400)) * time.Hour)}
	}
	use := func() kora.LandUse {
		if rng.IntN(5) == 0 {
			return kora.LandUse{Code: pick("10", "1001", "0701", "0505", "0602"), Scheme: kora.Scheme2017}
		}
		return kora.LandUse{Code: pick("10", "1001", "100101", "100102", "0901", "090104", "0701", "1101", "0802", "130101"), Scheme: kora.Scheme2023}
	}
	at := orb.Point{94.1 + rng.Float64()*0.8, 29.1 + rng.Float64()*0.8}
	var ring orb.Ring
	corners := 3 + rng.IntN(6)
	for k := range corners {
		angle, far := float64(k)*2*math.Pi/float64(corners), 0.004*(0.3+rng.Float64())
		ring = append(ring, orb.Point{at[0] + far*math.Cos(angle), at[1] + far*math.Sin(angle)})
	}
	p := &kora.Parcel{
		Number: fmt.Sprintf("%s-%03d", pick("LZ", "林土告", "ML"), i), Geometry: orb.MultiPolygon{{append(ring, ring[0])}},
		Name: kora.Name{ZH: pick("示例地块甲", "林场旁地块", "园区二期"), BO: pick("", "ས་དུམ"), EN: pick("", "Lot in the East")}, Address: kora.Name{ZH: pick("", "八一镇", "米林")},
		County: pick("", "540402", "540421", "540422", "540481"), Zone: pick("", "", "林芝经开区"), Industry: some("生态旅游", "清洁能源", "物流"),
		Use: use(), Status: kora.ParcelStatuses()[rng.IntN(16)], FAR: limits(4), Density: limits(100), Green: limits(90), HeightM: limits(100),
		Price: price(kora.PriceUnits()), Deposit: price(kora.DepositUnits()), Intensity: price(kora.IntensityUnits()),
		Supply: pick(append(kora.SupplyModes(), "", "")...), TermYears: rng.IntN(8) * 10, AltitudeM: float64(max(0, rng.IntN(40)-10) * 130),
		Facilities: some(kora.Utilities()...), Sample: rng.IntN(5) == 0, Registration: period(), Listing: period(),
	}
	for range max(0, rng.IntN(5)-2) {
		p.Uses = append(p.Uses, kora.UseShare{LandUse: use(), AreaM2: 100})
	}
	if rng.IntN(2) == 0 {
		p.NoticeOn = fmt.Sprintf("2026-0%d-1%d", 5+rng.IntN(3), rng.IntN(9))
	}
	if rng.IntN(2) == 0 {
		p.StatedM2 = float64(1000 + rng.IntN(300)*1000)
	}
	if rng.IntN(2) == 0 { // on the grid of streets
		p.Access = &orb.Point{94.1 + float64(rng.IntN(17))/20, at[1]}
	}
	return p
}

// gridStreets are streets for cars with some places among them.
func gridStreets(t *testing.T) (*kora.Network, *network.Network, map[string][]network.Link) {
	t.Helper()
	const across = 17
	var nodes []orb.Point
	var edges []network.Edge
	for y := range across {
		for x := range across {
			nodes = append(nodes, orb.Point{94.1 + float64(x)/20, 29.1 + float64(y)/20})
			for _, from := range []int{map[bool]int{true: (y * across) + x - 1, false: -1}[x > 0], (y-1)*across + x} {
				if from < 0 {
					continue
				}
				to := y*across + x
				metres := float32(network.Distance(nodes[from], nodes[to]))
				edges = append(edges, network.Edge{From: int32(from), To: int32(to), LengthM: metres, Forward: metres / 13, Backward: metres / 11})
			}
		}
	}
	n, err := network.Build(profile.Car(), nodes, edges, nil)
	if err != nil {
		t.Fatal(err)
	}
	streets, err := n.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	places := map[string][]network.Link{}
	var ground []basemap.Feature
	for i, f := range []struct{ layer, class, to string }{
		{basemap.Places, "city", "to_county_seat"}, {basemap.Places, "town", "to_county_seat"},
		{basemap.Landmarks, basemap.RailwayStation, "to_railway"}, {basemap.Landmarks, basemap.Airport, "to_airport"},
	} {
		at := nodes[37+i*61]
		ground = append(ground, basemap.Feature{Layer: f.layer, Class: f.class, NameZH: "地", Geometry: at})
		link, _ := n.Link(at, 1000)
		places[f.to] = append(places[f.to], link)
	}
	encoded, err := basemap.Encode(ground)
	if err != nil {
		t.Fatal(err)
	}
	return &kora.Network{Name: "grid", SHA256: strings.Repeat("a", 64), Bounds: n.Bounds(), Nodes: n.Nodes(), Edges: n.Edges(),
		Streets: map[string][]byte{"car": streets}, Basemap: encoded, Heights: gridHeights().Encode()}, n, places
}

// gridHeights is rough ground under a part of the streets.
func gridHeights() *elevation.Model {
	return elevation.NewModel(elevation.Sampled(elevation.Corner{Lat: 29, Lon: 94}, 601, func(p orb.Point) float64 {
		return 3200 + 700*math.Sin(40*p[0])*math.Cos(30*p[1])
	}))
}

// A referee answers from the tables by SQL that was written for this test alone.
type referee struct {
	*pgx.Conn
	streets *network.Network
	parcels map[string]*kora.Parcel
	minutes map[string][]float64          // by car, by parameter
	near    map[string]map[string]float64 // seconds by car to a place, by number
}

// The view of the referee: a column for every parameter.
const refereeTable = `
	CREATE TABLE flat AS SELECT number, geom, area_m2 AS area, nullif(stated_m2, 0) AS stated,
		ARRAY[CASE county WHEN '540422' THEN '540481' ELSE nullif(county, '') END] AS county, ARRAY[nullif(zone, '')] AS zone,
		codes('2023', use_code, use_scheme, uses) AS use, codes('2017', use_code, use_scheme, uses) AS use_2017, industry, ARRAY[status] AS status,
		ARRAY[CASE WHEN status IN ('reserve', 'preparing') THEN 'coming' WHEN status IN ('ready', 'promoted', 'unsold') THEN 'available'
			WHEN status IN ('pre_announced', 'announced') THEN 'announced' WHEN status IN ('registration', 'bidding') THEN 'bidding'
			WHEN status IN ('suspended', 'terminated', 'withdrawn') THEN 'paused' ELSE 'sold' END] AS stage,
		ARRAY[nullif(supply, '')] AS supply, facilities AS facility, ARRAY[sample::text] AS sample,
		CASE WHEN price->>'unit' = '万元' THEN (price->>'amount')::float8 ELSE per_m2 * offered / 10000 END AS price, per_m2 AS price_m2,
		CASE deposit->>'unit' WHEN '万元' THEN (deposit->>'amount')::float8 END AS deposit,
		CASE intensity->>'unit' WHEN '万元/亩' THEN (intensity->>'amount')::float8
			WHEN '万元/公顷' THEN (intensity->>'amount')::float8 / 10000 * (2000::float8 / 3) END AS intensity,
		coalesce(far->>'max', far->>'min')::float8 AS far, coalesce(density->>'max', density->>'min')::float8 AS density,
		coalesce(green->>'max', green->>'min')::float8 AS green, coalesce(height_m->>'max', height_m->>'min')::float8 AS height,
		nullif(term_years, 0)::float8 AS term, nullif(altitude_m, 0) AS altitude, notice_on,
		((registration->>'to')::timestamptz AT TIME ZONE 'Asia/Shanghai')::date AS registration_ends,
		((listing->>'to')::timestamptz AT TIME ZONE 'Asia/Shanghai')::date AS listing_ends,
		lower(concat_ws(E'\n', number, name->>'zh', name->>'bo', name->>'en', address->>'zh', zone, array_to_string(industry, E'\n'))) AS text,
		array_position(ARRAY['reserve', 'preparing', 'ready', 'promoted', 'pre_announced', 'announced', 'registration', 'bidding', 'result_notice',
			'signed', 'delivered', 'supplied', 'unsold', 'suspended', 'terminated', 'withdrawn'], status) AS life,
		(SELECT min(ST_X((d).geom)) FROM ST_DumpPoints(geom) d) AS west, (SELECT max(ST_X((d).geom)) FROM ST_DumpPoints(geom) d) AS east,
		(SELECT min(ST_Y((d).geom)) FROM ST_DumpPoints(geom) d) AS south, (SELECT max(ST_Y((d).geom)) FROM ST_DumpPoints(geom) d) AS north,
		NULL::float8 AS to_highway, NULL::float8 AS to_railway, NULL::float8 AS to_airport, NULL::float8 AS to_county_seat, NULL::float8 AS to_station,
		NULL::float8 AS ground, NULL::float8 AS slope
	FROM (SELECT *, CASE price->>'unit' WHEN '万元' THEN (price->>'amount')::float8 * 10000 / offered WHEN '元/㎡' THEN (price->>'amount')::float8
			WHEN '元/㎡楼面' THEN (price->>'amount')::float8 * (far->>'max')::float8
			WHEN '万元/亩' THEN (price->>'amount')::float8 * 10000 / (2000::float8 / 3) END AS per_m2
		FROM (SELECT *, CASE WHEN stated_m2 > 0 THEN stated_m2 ELSE area_m2 END AS offered FROM parcel) AS o) AS p`

const refereeCodes = `
	CREATE FUNCTION codes(scheme text, code text, its text, uses jsonb) RETURNS text[] IMMUTABLE LANGUAGE sql AS $$
		SELECT array_agg(c) FROM (SELECT code AS c WHERE its = scheme UNION ALL SELECT u->>'code' FROM jsonb_array_elements(uses) u WHERE u->>'scheme' = scheme) AS x
	$$`

// where gives what holds for parcels under the parameters but one.
func (r *referee) where(t *testing.T, values url.Values, but string) string {
	t.Helper()
	quote := func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
	all := []string{"true"}
	for name, given := range values {
		base := strings.TrimSuffix(strings.TrimSuffix(name, "_min"), "_max")
		if name == but || base == but {
			continue
		}
		var quoted []string
		for _, v := range given {
			if name == "county" && v == "540422" {
				v = "540481"
			}
			quoted = append(quoted, quote(v))
		}
		list := strings.Join(quoted, ", ")
		switch {
		case name == "use", name == "use_2017":
			var any []string
			for _, v := range given {
				any = append(any, fmt.Sprintf("EXISTS (SELECT FROM unnest(%s) c WHERE c LIKE %s)", name, quote(v+"%")))
			}
			all = append(all, "("+strings.Join(any, " OR ")+")")
		case name == "facility":
			all = append(all, fmt.Sprintf("facility @> ARRAY[%s]", list))
		case slices.Contains(atlas.ParcelChoices(), name):
			all = append(all, fmt.Sprintf("%s && ARRAY[%s]", name, list))
		case strings.HasSuffix(name, "_min") && slices.Contains(atlas.ParcelRanges(), base):
			all = append(all, fmt.Sprintf("coalesce(%s >= %s, false)", base, quote(given[0])))
		case strings.HasSuffix(name, "_max") && slices.Contains(atlas.ParcelRanges(), base):
			all = append(all, fmt.Sprintf("coalesce(%s <= %s, false)", base, quote(given[0])))
		case name == "bbox":
			b := strings.Split(given[0], ",")
			all = append(all, fmt.Sprintf("west <= %s AND east >= %s AND south <= %s AND north >= %s", b[2], b[0], b[3], b[1]))
		case name == "within":
			c := strings.Split(given[0], ",")
			var corners []string
			for i := 0; i < len(c); i += 2 {
				corners = append(corners, c[i]+" "+c[i+1])
			}
			all = append(all, fmt.Sprintf("ST_Intersects(geom, ST_GeomFromText('POLYGON((%s, %s))', 4490))", strings.Join(corners, ", "), corners[0]))
		case name == "q":
			for w := range strings.FieldsSeq(strings.ToLower(given[0])) {
				all = append(all, "position("+quote(w)+" IN text) > 0")
			}
		case name == "near":
			all = append(all, "number = ANY ("+quote("{"+strings.Join(r.reached(t, given[0], values.Get("minutes")), ",")+"}")+")")
		case name == "minutes", name == "sort", name == "limit":
		default:
			t.Fatalf("the referee does not know %s", name)
		}
	}
	return strings.Join(all, " AND ")
}

// settle moves bounds of times off the times themselves: a search counts in tenths of a second, and a hair more or less is no fault.
func (r *referee) settle(t *testing.T, values url.Values) {
	t.Helper()
	move := func(name string, times []float64) {
		var v float64
		if _, err := fmt.Sscan(values.Get(name), &v); err != nil {
			return
		}
		for slices.ContainsFunc(times, func(m float64) bool { return math.Abs(m-v) < 0.003 }) {
			v += 0.01
		}
		values.Set(name, fmt.Sprint(v))
	}
	for to, times := range r.minutes {
		move(to+"_min", times)
		move(to+"_max", times)
	}
	if near := values.Get("near"); near != "" {
		var times []float64
		for _, seconds := range r.to(t, near) {
			times = append(times, seconds/60)
		}
		move("minutes", times)
	}
}

// to asks one search for every parcel, once for each place.
func (r *referee) to(t *testing.T, near string) map[string]float64 {
	t.Helper()
	if known, ok := r.near[near]; ok {
		return known
	}
	var p orb.Point
	if _, err := fmt.Sscanf(near, "%g,%g", &p[0], &p[1]); err != nil {
		t.Fatal(err)
	}
	to, _ := r.streets.Link(p, 500)
	all := map[string]float64{}
	for number := range r.parcels {
		if seconds, ok := r.seconds(t, number, []network.Link{to}, math.Inf(1)); ok {
			all[number] = seconds
		}
	}
	r.near[near] = all
	return all
}

func (r *referee) reached(t *testing.T, near, minutes string) (numbers []string) {
	t.Helper()
	var m float64
	if _, err := fmt.Sscan(minutes, &m); err != nil {
		t.Fatal(err)
	}
	for number, seconds := range r.to(t, near) {
		if seconds <= m*60 {
			numbers = append(numbers, `"`+number+`"`)
		}
	}
	return numbers
}

func (r *referee) seconds(t *testing.T, number string, to []network.Link, most float64) (float64, bool) {
	from, ok := r.streets.Link(r.parcels[number].Entrance(), 500)
	if !ok {
		return 0, false
	}
	routes, err := r.streets.Nearest(t.Context(), from, to, 1, most)
	if err != nil {
		t.Fatal(err)
	}
	if len(routes) == 0 {
		return 0, false
	}
	return routes[0].Seconds, true
}

func randomFilter(rng *rand.Rand, parcels []*kora.Parcel) url.Values {
	values := url.Values{}
	some := func(name string, all ...string) {
		if rng.IntN(6) == 0 {
			for range 1 + rng.IntN(3) {
				values.Add(name, all[rng.IntN(len(all))])
			}
		}
	}
	words := func(n int) (all []string) {
		for _, s := range kora.ParcelStatuses()[:n] {
			all = append(all, string(s))
		}
		return all
	}
	some("county", "540402", "540421", "540422", "540481", "540102")
	some("zone", "林芝经开区", "别处")
	some("use", "10", "1001", "09", "0701", "1", "100101", "99")
	some("use_2017", "10", "0701", "05")
	some("industry", "生态旅游", "清洁能源", "物流")
	some("status", words(16)...)
	some("stage", "coming", "available", "announced", "bidding", "sold", "paused")
	some("supply", kora.SupplyModes()...)
	some("facility", kora.Utilities()...)
	some("sample", "true", "false")
	most := map[string]float64{"area": 150_000, "stated": 300_000, "price": 20_000, "price_m2": 6000, "deposit": 600, "intensity": 600, "far": 4, "density": 100,
		"green": 90, "height": 100, "term": 70, "altitude": 3900, "ground": 3900, "slope": 30}
	for _, name := range atlas.ParcelRanges() {
		if rng.IntN(12) > 0 {
			continue
		}
		if strings.HasSuffix(name, "_on") || strings.HasSuffix(name, "_ends") {
			values.Set(name+[]string{"_min", "_max"}[rng.IntN(2)], fmt.Sprintf("2026-0%d-1%d", 6+rng.IntN(2), rng.IntN(9)))
			continue
		}
		scale := most[name]
		if scale == 0 {
			scale = 90 // minutes
		}
		low := math.Round(rng.Float64()*scale*10) / 20
		if rng.IntN(3) > 0 {
			values.Set(name+"_min", fmt.Sprint(low))
		}
		if rng.IntN(3) > 0 {
			values.Set(name+"_max", fmt.Sprint(low+math.Round(rng.Float64()*scale)))
		}
	}
	place := func() (lon, lat float64) { return 94.1 + rng.Float64()*0.8, 29.1 + rng.Float64()*0.8 }
	lon, lat := place()
	switch rng.IntN(8) {
	case 0:
		values.Set("bbox", fmt.Sprintf("%g,%g,%g,%g", lon-0.3, lat-0.2, lon+0.1, lat+0.2))
	case 1:
		var corners []string
		n := 3 + rng.IntN(9)
		for k := range n {
			far := 0.05 + rng.Float64()*0.3
			angle := (float64(k) + rng.Float64()/3) * 2 * math.Pi / float64(n)
			corners = append(corners, fmt.Sprintf("%g,%g", lon+far*math.Cos(angle), lat+far*math.Sin(angle)))
		}
		values.Set("within", strings.Join(corners, ","))
	case 2:
		values.Set("near", fmt.Sprintf("%g,%g", 94.1+0.0937*float64(rng.IntN(9)), 29.1+float64(rng.IntN(17))/20))
		values.Set("minutes", fmt.Sprint(5+rng.IntN(40)))
	}
	if rng.IntN(8) == 0 {
		values.Set("q", []string{"林", "lz-", "地块 林", "-00", "二期", "east", "ས་དུམ", "八一", parcels[rng.IntN(len(parcels))].Number}[rng.IntN(9)])
	}
	orders := []string{"number", "status", "area", "price", "price_m2", "far", "term", "stated", "listing_ends"}
	values.Set("sort", []string{"", "-"}[rng.IntN(2)]+orders[rng.IntN(len(orders))])
	values.Set("limit", fmt.Sprint(1+rng.IntN(120)))
	return values
}

type parcelAnswer struct {
	Features []struct {
		Properties struct {
			Number string `json:"number"`
		} `json:"properties"`
	} `json:"features"`
	Total  int    `json:"total"`
	Next   string `json:"next"`
	Facets map[string][]struct {
		Value string `json:"value"`
		Count int    `json:"count"`
	} `json:"facets"`
	Histograms map[string]struct {
		Bins []struct {
			Min   *float64 `json:"min"`
			Max   *float64 `json:"max"`
			Count int      `json:"count"`
		} `json:"bins"`
		Unknown int `json:"unknown"`
	} `json:"histograms"`
}

// TestRandomFiltersAnswerAsSQL: two thousand random filters give the lists, the orders, the counts of all options and the
// histograms that PostGIS gives of the same rows.
func TestRandomFiltersAnswerAsSQL(t *testing.T) {
	filters := 2000
	if testing.Short() {
		filters = 150
	}
	cfg, err := pgxpool.ParseConfig(clustertest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), cfg, "", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	rng := rand.New(rand.NewPCG(2000, 1))
	author := kora.Author{Who: "test"}
	var all []*kora.Parcel
	for i := range 350 {
		all = append(all, landParcel(rng, i))
		if err := all[i].Validate(); err != nil {
			t.Fatal(err)
		}
	}
	_, outcomes, err := s.ApplyParcels(t.Context(), author, all, true)
	if err != nil {
		t.Fatal(err)
	}
	refused := slices.IndexFunc(outcomes, func(o store.Outcome) bool { return o.Refused != nil })
	if refused >= 0 {
		t.Fatalf("%v: %v", outcomes[refused].Refused, all[refused].Geometry)
	}
	net, streets, places := gridStreets(t)
	if _, _, err := s.ReplaceNetwork(t.Context(), author, net); err != nil {
		t.Fatal(err)
	}
	road := &kora.Highway{Ref: "G1", Name: kora.Name{ZH: "路"}, Geometry: orb.MultiLineString{{{94.1, 29.5}, {94.5, 29.5}, {94.9, 29.5}}}}
	if _, _, err := s.ApplyHighways(t.Context(), author, []*kora.Highway{road}, false); err != nil {
		t.Fatal(err)
	}
	station := &kora.Station{Code: "S", Name: kora.Name{ZH: "站"}, Kind: kora.KindDrivers, Status: kora.StatusOpen, Point: orb.Point{94.62, 29.3001}}
	if _, _, err := s.ApplyStations(t.Context(), author, []*kora.Station{station}, false); err != nil {
		t.Fatal(err)
	}
	link, _ := streets.Link(station.Point, 1000)
	places["to_station"] = []network.Link{link}
	keeper, err := atlas.Open(t.Context(), s, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	h := api.New(api.Config{Keeper: keeper, StaffToken: token, Log: slog.New(slog.DiscardHandler), Now: time.Now, Web: fstest.MapFS{}})

	conn, err := pgx.ConnectConfig(t.Context(), cfg.ConnConfig)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	sql := &referee{conn, streets, map[string]*kora.Parcel{}, map[string][]float64{}, map[string]map[string]float64{}}
	for _, statement := range []string{refereeCodes, refereeTable, `SET jit = off`} {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	a, ground := keeper.Atlas(), gridHeights()
	for _, p := range a.Parcels {
		sql.parcels[p.Number] = p
		if lie, ok := ground.Over(p.Geometry, p.Inside()); ok {
			if _, err := conn.Exec(t.Context(), `UPDATE flat SET ground = $1, slope = $2 WHERE number = $3`, lie.AltitudeM, lie.SlopeDeg, p.Number); err != nil {
				t.Fatal(err)
			}
		}
		for to, links := range places {
			if seconds, ok := sql.seconds(t, p.Number, links, math.Inf(1)); ok {
				if _, err := conn.Exec(t.Context(), `UPDATE flat SET `+to+` = $1 WHERE number = $2`, seconds/60, p.Number); err != nil {
					t.Fatal(err)
				}
				sql.minutes[to] = append(sql.minutes[to], seconds/60)
			}
		}
		// What it means to reach a road is held against a search elsewhere.
		row, _ := a.ParcelTable().Row(p.ID)
		if minutes := a.DriveMinutes(row, atlas.ToHighway); !math.IsNaN(minutes) {
			if _, err := conn.Exec(t.Context(), `UPDATE flat SET to_highway = $1 WHERE number = $2`, minutes, p.Number); err != nil {
				t.Fatal(err)
			}
		}
	}

	empty, narrow := 0, 0
	for range filters {
		values := randomFilter(rng, a.Parcels)
		sql.settle(t, values)
		list := sql.list(t, values)
		got := page(t, h, values)
		if got.Total != len(list) {
			t.Fatalf("%s gives %d parcels, SQL %d", values.Encode(), got.Total, len(list))
		}
		sql.counts(t, values, got)
		for first := 0; ; {
			for i, f := range got.Features {
				if f.Properties.Number != list[first+i] {
					t.Fatalf("%s: at %d stands %s, in SQL %s", values.Encode(), first+i, f.Properties.Number, list[first+i])
				}
			}
			if first += len(got.Features); got.Next == "" {
				if first != len(list) {
					t.Fatalf("%s ends after %d of %d", values.Encode(), first, len(list))
				}
				break
			}
			values.Set("cursor", got.Next)
			values.Set("facets", "false")
			got = page(t, h, values)
		}
		if len(list) == 0 {
			empty++
		} else if len(list) < len(all) {
			narrow++
		}
	}
	if narrow < filters/3 || empty > filters/2 {
		t.Errorf("of %d filters %d give nothing and %d a part", filters, empty, narrow)
	}
}

// page asks the handler itself: a thousand connections and their compression would take most of the time.
func page(t *testing.T, h http.Handler, values url.Values) (answer parcelAnswer) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/v1/parcels?"+values.Encode(), http.NoBody))
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", values.Encode(), w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

func (r *referee) list(t *testing.T, values url.Values) []string {
	t.Helper()
	by, turned := strings.CutPrefix(values.Get("sort"), "-")
	if by == "status" {
		by = "life"
	}
	direction := " ASC"
	if turned {
		direction = " DESC"
	}
	order := by + direction + ` NULLS LAST, number COLLATE "C"`
	if by == "number" {
		order = `number COLLATE "C"` + direction
	}
	rows, err := r.Query(t.Context(), `SELECT number FROM flat WHERE `+r.where(t, values, "")+` ORDER BY `+order)
	if err != nil {
		t.Fatalf("%s: %v", values.Encode(), err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// counts holds every option and every bin of an answer against SQL.
func (r *referee) counts(t *testing.T, values url.Values, got parcelAnswer) {
	t.Helper()
	var parts []string
	for _, name := range atlas.ParcelChoices() {
		options, but := fmt.Sprintf("unnest(%s)", name), name
		switch name {
		case "use", "use_2017":
			options = fmt.Sprintf("LATERAL (SELECT DISTINCT left(c, n) FROM unnest(%s) c, generate_series(2, length(c), 2) n)", name)
		case "facility":
			but = ""
		}
		parts = append(parts, fmt.Sprintf(`SELECT '%s', v, count(DISTINCT number) FROM flat, %s AS o(v) WHERE v IS NOT NULL AND %s GROUP BY v`,
			name, options, r.where(t, values, but)))
	}
	for name, h := range got.Histograms {
		var edges []string
		for _, b := range h.Bins[1:] {
			edges = append(edges, fmt.Sprint(*b.Min))
		}
		parts = append(parts, fmt.Sprintf(`SELECT '%s', coalesce(width_bucket(%s, ARRAY[%s]::float8[])::text, 'unknown') AS v, count(*) FROM flat WHERE %s GROUP BY 2`,
			name, name, strings.Join(edges, ", "), r.where(t, values, name)))
	}
	rows, err := r.Query(t.Context(), strings.Join(parts, " UNION ALL "), pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		t.Fatalf("%s: %v", values.Encode(), err)
	}
	want := map[string]int{}
	var name, value string
	var count int
	if _, err := pgx.ForEachRow(rows, []any{&name, &value, &count}, func() error {
		want[name+"="+value] = count
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	told := map[string]int{}
	for name, options := range got.Facets {
		for _, o := range options {
			if o.Count > 0 && (len(o.Value)%2 == 0 || !strings.HasPrefix(name, "use")) { // of odd numbers of digits SQL was not asked
				told[name+"="+o.Value] = o.Count
			}
		}
	}
	for name, h := range got.Histograms {
		for i, b := range h.Bins {
			if b.Count > 0 {
				told[fmt.Sprintf("%s=%d", name, i)] = b.Count
			}
		}
		if h.Unknown > 0 {
			told[name+"=unknown"] = h.Unknown
		}
	}
	for what, count := range want {
		if told[what] != count {
			t.Fatalf("%s: %s counts %d, in SQL %d", values.Encode(), what, told[what], count)
		}
	}
	for what, count := range told {
		if want[what] != count {
			t.Fatalf("%s: %s counts %d, in SQL %d", values.Encode(), what, count, want[what])
		}
	}
}
