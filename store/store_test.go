package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"kora"
	"kora/store"
	"kora/store/cluster/clustertest"
)

func TestMain(m *testing.M) { clustertest.Main(m) }

var china = time.FixedZone("Asia/Shanghai", 8*3600)

var author = kora.Author{Who: "test", Why: "because"}

func open(t testing.TB) (*store.Store, *pgxpool.Config) {
	t.Helper()
	cfg, err := pgxpool.ParseConfig(clustertest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), cfg, "", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, cfg
}

func station(code string) *kora.Station {
	hours, _ := kora.ParseHours("Mo-Su 09:00-21:00")
	return &kora.Station{
		Code: code, Name: kora.Name{ZH: "八廓驿站", BO: "བར་སྐོར།", EN: "Barkhor station"}, Kind: kora.KindUnion,
		Status: kora.StatusOpen, Point: orb.Point{91.1317, 29.6531}, County: "540102", Hours: hours,
		Address: kora.Name{ZH: "八廓街"}, Facilities: []string{"oxygen_machine", "water"}, Standard: true, AreaM2: 42,
		AltitudeM: 3650, Sample: true, Source: kora.Source{File: "a.csv"},
	}
}

func square(lon, lat, side float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{lon, lat}, {lon + side, lat}, {lon + side, lat + side}, {lon, lat + side}, {lon, lat}}}}
}

func parcel(number string) *kora.Parcel {
	low, high := 1.0, 2.0
	access := orb.Point{94.36, 29.64}
	return &kora.Parcel{
		Number: number, Name: kora.Name{ZH: "示例地块"}, County: "540402", Use: kora.LandUse{Code: "1001", Scheme: kora.Scheme2023},
		Uses:   []kora.UseShare{{LandUse: kora.LandUse{Code: "0901", Scheme: kora.Scheme2023}, AreaM2: 5, TermYears: 40}},
		Status: kora.ParcelPromoted, Geometry: square(94.36, 29.64, 0.001), StatedM2: 10700,
		FAR: kora.Range{Min: &low, Max: &high, MaxExclusive: true}, Price: &kora.Price{Amount: 100, Unit: "万元"},
		Supply: "GP", TermYears: 50, AltitudeM: 2990, Access: &access, Facilities: []string{"road"},
		Cadastre: "540402001002GB00017", Zone: "林芝经开区", Industry: []string{"清洁能源"}, Deposit: &kora.Price{Amount: 20, Unit: "万元"},
		Increment: &kora.Price{Amount: 1, Unit: "万元/亩"}, Intensity: &kora.Price{Amount: 3000, Unit: "万元/公顷"}, NoticeOn: "2026-07-01",
		Listing: &kora.Period{From: time.Date(2026, 7, 21, 9, 0, 0, 0, china), To: time.Date(2026, 8, 3, 15, 0, 0, 0, china)},
		Steps:   []kora.ParcelStep{{Status: kora.ParcelReady, On: "2026-05-01"}, {Status: kora.ParcelPromoted, On: "2026-06-01", Document: "/files/1.pdf"}},
	}
}

// same compares by JSON, which follows pointers.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	g, _ := json.Marshal(got)
	w, _ := json.Marshal(want)
	if string(g) != string(w) {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	st, pa := station("A1"), parcel("P1")
	area := &kora.KeyArea{Code: "old-town", Name: kora.Name{ZH: "老城"}, Geometry: square(91.12, 29.64, 0.02)}
	road := &kora.Highway{Ref: "G318", Name: kora.Name{ZH: "国道318"}, Geometry: orb.MultiLineString{{{91, 29}, {92, 29.5}}}}
	note := &kora.Notice{Code: "N1", Kind: kora.NoticeGuide, Title: kora.Name{ZH: "指南"}, Body: kora.Name{ZH: "步骤"},
		PublishedOn: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), Parcels: []string{"P1"}}
	net := &kora.Network{Name: "a.osm.pbf", SHA256: string(make64('a')), Attribution: "© somebody", Nodes: 2, Edges: 1,
		Bounds: orb.Bound{Min: orb.Point{91, 29}, Max: orb.Point{92, 30}}, Streets: map[string][]byte{"walk": make([]byte, 9<<20), "car": {4}}, Basemap: []byte{1, 2}}
	net.Streets["walk"][8<<20] = 7

	for _, apply := range []func() error{
		func() error { _, _, err := s.ApplyStations(ctx, author, []*kora.Station{st}, false); return err },
		func() error { _, _, err := s.ApplyParcels(ctx, author, []*kora.Parcel{pa}, false); return err },
		func() error { _, _, err := s.ApplyKeyAreas(ctx, author, []*kora.KeyArea{area}, false); return err },
		func() error { _, _, err := s.ApplyHighways(ctx, author, []*kora.Highway{road}, false); return err },
		func() error { _, _, err := s.ApplyNotices(ctx, author, []*kora.Notice{note}, false); return err },
		func() error { _, _, err := s.ReplaceNetwork(ctx, author, net); return err },
	} {
		if err := apply(); err != nil {
			t.Fatal(err)
		}
	}
	c, err := s.Changes(ctx, kora.Position{})
	if err != nil {
		t.Fatal(err)
	}
	if !c.Whole {
		t.Error("the first reading was not whole")
	}
	for _, got := range c.Stations {
		st.ID, st.Version = got.ID, 1
		same(t, "station", got, st)
		if got.Hours.String() != st.Hours.String() {
			t.Errorf("hours %q, want %q", got.Hours, st.Hours)
		}
	}
	for _, got := range c.Parcels {
		// The side is 0.001° at 29.64° N: about 96.8 m by 110.9 m on the ellipsoid.
		if math.Abs(got.AreaM2-10729) > 20 {
			t.Errorf("computed area %.1f m², want about 10,729", got.AreaM2)
		}
		pa.ID, pa.AreaM2 = got.ID, got.AreaM2
		same(t, "parcel", got, pa)
	}
	for _, got := range c.KeyAreas {
		area.ID = got.ID
		same(t, "key area", got, area)
	}
	for _, got := range c.Highways {
		road.ID = got.ID
		same(t, "highway", got, road)
	}
	for _, got := range c.Notices {
		note.ID, note.Version = got.ID, 1
		same(t, "notice", got, note)
	}
	if len(c.Stations)+len(c.Parcels)+len(c.KeyAreas)+len(c.Highways)+len(c.Notices) != 5 || c.Network == nil {
		t.Fatalf("not everything was read back: %+v", c)
	}
	same(t, "network", c.Network, net)
}

func make64(c byte) []byte {
	b := make([]byte, 64)
	for i := range b {
		b[i] = c
	}
	return b
}

func TestApplyTellsWhatItDid(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	a, b := station("A"), station("B")
	if _, _, err := s.ApplyStations(ctx, author, []*kora.Station{a}, false); err != nil {
		t.Fatal(err)
	}
	changed := station("A")
	changed.Name.ZH = "新名"
	_, outcomes, err := s.ApplyStations(ctx, author, []*kora.Station{changed, b, changed}, false)
	if err != nil {
		t.Fatal(err)
	}
	want := []store.Outcome{{Changed: true}, {Added: true}, {}}
	for i := range want {
		if (outcomes[i].ID == 0) != (want[i] == store.Outcome{}) {
			t.Errorf("item %d is row %d", i, outcomes[i].ID)
		}
		if outcomes[i].ID = 0; outcomes[i] != want[i] {
			t.Errorf("item %d: %+v, want %+v", i, outcomes[i], want[i])
		}
	}
}

func TestFaultyItemStopsAllUnlessSkipped(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	good := &kora.KeyArea{Code: "good", Name: kora.Name{ZH: "好"}, Geometry: square(91, 29, 0.01)}
	bowTie := &kora.KeyArea{Code: "bad", Name: kora.Name{ZH: "坏"},
		Geometry: orb.MultiPolygon{{{{91, 29}, {91.01, 29.01}, {91.01, 29}, {91, 29.01}, {91, 29}}}}}
	items := []*kora.KeyArea{good, bowTie}

	_, outcomes, err := s.ApplyKeyAreas(ctx, author, items, false)
	if err != nil {
		t.Fatal(err)
	}
	if outcomes[1].Refused == nil || outcomes[1].Refused.Reason != kora.ReasonGeometry {
		t.Fatalf("a self-crossing ring was taken: %+v", outcomes[1])
	}
	if got := outcomes[1].Refused.Value; got != "POINT(91.005 29.005)" {
		t.Errorf("the crossing is named at %q", got)
	}
	c, err := s.Changes(ctx, kora.Position{})
	if err != nil || len(c.KeyAreas) != 0 {
		t.Fatalf("%d areas written beside a faulty one (%v)", len(c.KeyAreas), err)
	}
	if _, outcomes, err = s.ApplyKeyAreas(ctx, author, items, true); err != nil || !outcomes[0].Added {
		t.Fatalf("skipping: %+v %v", outcomes, err)
	}
}

func TestHistoryKeepsFormerVersions(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	st := station("A")
	if _, err := s.CreateStation(ctx, author, st); err != nil {
		t.Fatal(err)
	}
	st.Name.ZH = "第二"
	if _, err := s.UpdateStation(ctx, kora.Author{Who: "editor", Why: "renamed"}, st); err != nil {
		t.Fatal(err)
	}
	if _, err := s.DeleteStation(ctx, kora.Author{Who: "editor", Why: "gone"}, st.ID); err != nil {
		t.Fatal(err)
	}
	versions, err := s.History(ctx, kora.LayerStation, st.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(versions) != 2 || versions[0].Op != "update" || versions[1].Op != "delete" ||
		versions[0].Version != 1 || versions[1].Version != 2 || versions[0].Author.Why != "renamed" || versions[1].Author.Who != "editor" {
		t.Fatalf("history: %+v", versions)
	}
	var row struct {
		Name kora.Name
		Geom struct{ Coordinates []float64 }
	}
	if err := json.Unmarshal(versions[0].Row, &row); err != nil || row.Name.ZH != "八廓驿站" || len(row.Geom.Coordinates) != 2 {
		t.Errorf("the first version reads %s (%v)", versions[0].Row, err)
	}
}

func TestRefusals(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	if _, err := s.CreateStation(ctx, author, station("A")); err != nil {
		t.Fatal(err)
	}
	_, err := s.CreateStation(ctx, author, station("A"))
	if kora.ReasonOf(err) != kora.ReasonDuplicate {
		t.Errorf("same code twice: %v", err)
	}
	ghost := station("B")
	ghost.ID = 99
	if _, err = s.UpdateStation(ctx, author, ghost); kora.ReasonOf(err) != kora.ReasonNotFound {
		t.Errorf("update of nothing: %v", err)
	}
	if _, err = s.DeleteStation(ctx, author, 99); kora.ReasonOf(err) != kora.ReasonNotFound {
		t.Errorf("deletion of nothing: %v", err)
	}
	// The record holds its promises also against a caller that forgot to validate.
	for name, spoil := range map[string]func(*kora.Station){
		"kind":  func(s *kora.Station) { s.Kind = "tea_house" },
		"name":  func(s *kora.Station) { s.Name.ZH = "" },
		"point": func(s *kora.Station) { s.Point = orb.Point{191, 29} },
		"nan":   func(s *kora.Station) { s.Point = orb.Point{math.NaN(), 29} },
	} {
		bad := station("C" + name)
		spoil(bad)
		if _, err := s.CreateStation(ctx, author, bad); err == nil {
			t.Errorf("a station with a bad %s was taken", name)
		}
	}
}

func TestSameNetworkAgainChangesNothing(t *testing.T) {
	s, _ := open(t)
	net := kora.Network{Name: "a", SHA256: string(make64('a')), Nodes: 1, Edges: 1, Streets: map[string][]byte{"walk": {1}}, Basemap: []byte{1},
		Bounds: orb.Bound{Min: orb.Point{91, 29}, Max: orb.Point{92, 30}}}
	for i, want := range []bool{true, false} {
		n := net
		_, changed, err := s.ReplaceNetwork(t.Context(), author, &n)
		if err != nil || changed != want {
			t.Errorf("import %d: changed %v, want %v (%v)", i+1, changed, want, err)
		}
	}
}

func TestSeveralNodesMigrateAtOnce(t *testing.T) {
	cfg, err := pgxpool.ParseConfig(clustertest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	var nodes sync.WaitGroup
	for range 4 {
		nodes.Go(func() {
			s, err := store.Open(context.Background(), cfg.Copy(), "", slog.New(slog.DiscardHandler))
			if err != nil {
				t.Error(err)
				return
			}
			s.Close()
		})
	}
	nodes.Wait()
}

func TestReprojection(t *testing.T) {
	s, _ := open(t)
	// A corner in CGCS2000, 3-degree zone 31 (EPSG:4519), near 94.339° E, 29.642° N; the figure is PROJ's.
	got, err := s.ToCGCS2000(t.Context(), 4519, []orb.Point{{31629570, 3281180}})
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(got[0][0]-94.3386) > 0.001 || math.Abs(got[0][1]-29.6420) > 0.001 {
		t.Errorf("reprojected to %v", got[0])
	}
}

func TestSeedingThatWasCutOffIsTakenUpAgain(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	load := func(fail error) func() error {
		return func() error {
			if _, _, err := s.ApplyStations(ctx, author, []*kora.Station{station("A")}, false); err != nil {
				return err
			}
			return fail
		}
	}
	for i, c := range []struct {
		fail error
		ran  bool
	}{{context.Canceled, true}, {nil, true}, {nil, false}} {
		if ran, err := s.Seed(ctx, load(c.fail)); ran != c.ran || !errors.Is(err, c.fail) {
			t.Errorf("start %d: ran %v, %v", i+1, ran, err)
		}
	}
}

func TestParcelsByNumber(t *testing.T) {
	s, _ := open(t)
	if _, _, err := s.ApplyParcels(t.Context(), author, []*kora.Parcel{parcel("P1"), parcel("P2")}, false); err != nil {
		t.Fatal(err)
	}
	found, err := s.ParcelsByNumber(t.Context(), []string{"P2", "P3", "P2"})
	if err != nil || len(found) != 1 || found["P2"].AreaM2 == 0 {
		t.Fatalf("%v, %v", found, err)
	}
	// Written as it was read it is the same parcel.
	_, outcomes, err := s.ApplyParcels(t.Context(), author, []*kora.Parcel{found["P2"]}, false)
	if err != nil || outcomes[0].Added || outcomes[0].Changed {
		t.Errorf("%+v, %v", outcomes, err)
	}
	if found, err := s.ParcelsByNumber(t.Context(), nil); err != nil || len(found) > 0 {
		t.Errorf("nothing gives %v, %v", found, err)
	}
}

// There and back is the same place, to far below a millimetre, in every zone.
func TestReprojectionBothWays(t *testing.T) {
	s, _ := open(t)
	for srid, east := range map[int]float64{4518: 30_500_000, 4519: 31_629_570, 4540: 629_570, 4494: 16_629_570, 4505: 370_000} {
		want := []orb.Point{{east, 3_281_180}, {east + 0.001, 3_281_180.001}, {east + 12_345.678, 3_399_999.999}}
		degrees, err := s.ToCGCS2000(t.Context(), srid, want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.FromCGCS2000(t.Context(), srid, degrees)
		if err != nil || len(got) != len(want) {
			t.Fatalf("%v, %v", got, err)
		}
		for i := range want {
			if d := math.Hypot(got[i][0]-want[i][0], got[i][1]-want[i][1]); d > 1e-5 {
				t.Errorf("EPSG:%d: %v came back as %v, %g m away", srid, want[i], got[i], d)
			}
		}
	}
	if _, err := s.FromCGCS2000(t.Context(), 1, []orb.Point{{94, 29}}); err == nil {
		t.Error("a reference system that is none")
	}
}
