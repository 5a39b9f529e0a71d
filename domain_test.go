package kora_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"kora"
)

func square(lon, lat float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{lon, lat}, {lon + 1, lat}, {lon + 1, lat + 1}, {lon, lat + 1}, {lon, lat}}}}
}

func TestStationValidation(t *testing.T) {
	good := kora.Station{Code: "A", Name: kora.Name{ZH: "站"}, Kind: kora.KindUnion, Status: kora.StatusOpen, Point: orb.Point{91, 29}}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for reason, spoil := range map[kora.Reason][]func(*kora.Station){
		kora.ReasonRequired: {func(s *kora.Station) { s.Code = "" }, func(s *kora.Station) { s.Name.ZH = "" },
			func(s *kora.Station) { s.Kind = "" }},
		kora.ReasonUnknown: {func(s *kora.Station) { s.Kind = "tea_house" }, func(s *kora.Station) { s.Status = "asleep" },
			func(s *kora.Station) { s.Facilities = []string{"casino"} }},
		kora.ReasonCoordinate: {func(s *kora.Station) { s.Point[0] = math.NaN() }, func(s *kora.Station) { s.Point[1] = math.Inf(-1) },
			func(s *kora.Station) { s.Point[0] = 180.1 }, func(s *kora.Station) { s.Point[1] = -90.1 }},
		kora.ReasonRange: {func(s *kora.Station) { s.AltitudeM = 9001 }, func(s *kora.Station) { s.AreaM2 = -1 },
			func(s *kora.Station) { s.AreaM2 = math.NaN() }},
		kora.ReasonSyntax: {func(s *kora.Station) { s.County = "Lhasa" }},
	} {
		for i, f := range spoil {
			bad := good
			f(&bad)
			if err := bad.Validate(); kora.ReasonOf(err) != reason {
				t.Errorf("%s, case %d: %v", reason, i, err)
			}
		}
	}
}

func TestParcelValidation(t *testing.T) {
	low, high, nan := 1.0, 2.0, math.NaN()
	good := kora.Parcel{Number: "P", Name: kora.Name{ZH: "地块"}, Use: kora.LandUse{Code: "1001", Scheme: kora.Scheme2023},
		Status: kora.ParcelPromoted, Geometry: square(94, 29), FAR: kora.Range{Min: &low, Max: &high}}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for reason, spoil := range map[kora.Reason][]func(*kora.Parcel){
		kora.ReasonNotPublic: {func(p *kora.Parcel) { p.Use.Code = "1501" }, func(p *kora.Parcel) { p.Use.Code = "1505" },
			func(p *kora.Parcel) {
				p.Uses = []kora.UseShare{{LandUse: kora.LandUse{Code: "1505", Scheme: kora.Scheme2023}}}
			}},
		kora.ReasonRange: {func(p *kora.Parcel) { p.FAR = kora.Range{Min: &high, Max: &low} }, func(p *kora.Parcel) { p.FAR.Min = &nan },
			func(p *kora.Parcel) { p.TermYears = 71 },
			func(p *kora.Parcel) { p.Listing = &kora.Period{From: time.Unix(2, 0), To: time.Unix(1, 0)} },
			func(p *kora.Parcel) { p.Steps = []kora.ParcelStep{{Status: kora.ParcelReady, On: "2026-01-01"}} },
			func(p *kora.Parcel) {
				p.Steps = []kora.ParcelStep{{Status: kora.ParcelReady, On: "2026-01-02"}, {Status: p.Status, On: "2026-01-01"}}
			}, func(p *kora.Parcel) { p.Price = &kora.Price{Amount: -1, Unit: "万元"} }},
		kora.ReasonUnknown: {func(p *kora.Parcel) { p.Use.Scheme = "1984" }, func(p *kora.Parcel) { p.Supply = "QQ" },
			func(p *kora.Parcel) { p.Price = &kora.Price{Amount: 1, Unit: "贝"} },
			func(p *kora.Parcel) { p.Deposit = &kora.Price{Amount: 1, Unit: "元/㎡"} },
			func(p *kora.Parcel) { p.Intensity = &kora.Price{Amount: 1, Unit: "万元"} },
			func(p *kora.Parcel) { p.Steps = []kora.ParcelStep{{Status: "sold", On: "2026-01-01"}} }},
		kora.ReasonSyntax: {func(p *kora.Parcel) { p.Use.Code = "R2" }, func(p *kora.Parcel) { p.Cadastre = "540402001002gb00017" },
			func(p *kora.Parcel) { p.Cadastre = "540402001002GB00017W" }, func(p *kora.Parcel) { p.NoticeOn = "2026-02-30" },
			func(p *kora.Parcel) { p.Steps = []kora.ParcelStep{{Status: p.Status, On: "May"}} },
			func(p *kora.Parcel) {
				p.Steps = []kora.ParcelStep{{Status: p.Status, On: "2026-01-01", Document: "javascript:alert(1)"}}
			}},
		kora.ReasonTooLong: {func(p *kora.Parcel) { p.Zone = strings.Repeat("区", 61) }, func(p *kora.Parcel) { p.Industry = []string{strings.Repeat("业", 61)} }},
		kora.ReasonGeometry: {func(p *kora.Parcel) { p.Geometry = nil }, func(p *kora.Parcel) { p.Geometry = orb.MultiPolygon{{}} },
			func(p *kora.Parcel) { p.Geometry = orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}}}} }},
	} {
		for i, f := range spoil {
			bad := good
			f(&bad)
			if err := bad.Validate(); kora.ReasonOf(err) != reason {
				t.Errorf("%s, case %d: %v", reason, i, err)
			}
		}
	}
}

// TestPositionIncludes: the text form is PostgreSQL's, xmin:xmax:running.
func TestPositionIncludes(t *testing.T) {
	p := kora.Position{Snapshot: "10:20:12,15"}
	for xid, want := range map[uint64]bool{9: true, 10: true, 12: false, 13: true, 15: false, 19: true, 20: false, 21: false} {
		if got := p.Includes(xid); got != want {
			t.Errorf("%d: %v", xid, got)
		}
	}
	if (kora.Position{}).Includes(1) || (kora.Position{Snapshot: "x"}).Includes(1) {
		t.Error("no position includes something")
	}
	if !p.Follows(10) || p.Follows(11) || (kora.Position{}).Follows(0) {
		t.Error("Follows compares with xmin")
	}
}

// TestPricesCompare: the same price in any unit is the same.
func TestPricesCompare(t *testing.T) {
	far := 2.0
	for _, price := range []kora.Price{{Amount: 300, Unit: "万元"}, {Amount: 300, Unit: "元/㎡"}, {Amount: 150, Unit: "元/㎡楼面"}, {Amount: 20, Unit: "万元/亩"}} {
		p := kora.Parcel{Price: &price, StatedM2: 10_000, AreaM2: 10_010, FAR: kora.Range{Max: &far}}
		perM2, ok := p.PricePerM2()
		all, known := p.PriceInAll()
		if !ok || !known || math.Abs(perM2-300) > 1e-9 || math.Abs(all-300) > 1e-9 {
			t.Errorf("%v is %v 元/㎡ and %v 万元 in all", price, perM2, all)
		}
	}
	unknown := kora.Parcel{Price: &kora.Price{Amount: 150, Unit: "元/㎡楼面"}, AreaM2: 10_000}
	if _, ok := unknown.PricePerM2(); ok {
		t.Error("a price of floor without a floor area ratio is known")
	}
	for _, intensity := range []kora.Price{{Amount: 200, Unit: "万元/亩"}, {Amount: 3000, Unit: "万元/公顷"}} {
		p := kora.Parcel{Intensity: &intensity}
		if v, ok := p.IntensityPerMu(); !ok || math.Abs(v-200) > 1e-9 {
			t.Errorf("%v is %v 万元/亩", intensity, v)
		}
	}
}

// TestCountiesOfBefore: every former code leads to one of today.
func TestCountiesOfBefore(t *testing.T) {
	for _, f := range kora.FormerCounties() {
		if now := kora.CountyNow(f.Code); now != f.Now || kora.CountyNow(now) != now {
			t.Errorf("%s is %s now, then %s", f.Code, now, kora.CountyNow(now))
		}
	}
	if kora.CountyNow("540422") != "540481" || kora.CountyNow("540102") != "540102" {
		t.Error("米林 is 540481 now, 城关 as ever 540102")
	}
}

// TestEveryStatusHasAStage in the order of the life cycle.
func TestEveryStatusHasAStage(t *testing.T) {
	seen := map[kora.ParcelStage]bool{}
	for _, s := range kora.ParcelStatuses() {
		seen[s.Stage()] = true
		if !slices.Contains(kora.ParcelStages(), s.Stage()) {
			t.Errorf("%s is in no stage", s)
		}
	}
	if len(seen) != len(kora.ParcelStages()) {
		t.Errorf("only %v occur", seen)
	}
}

func TestBecoming(t *testing.T) {
	at := func(steps ...string) (all []kora.ParcelStep) {
		for _, s := range steps {
			status, on, _ := strings.Cut(s, " ")
			all = append(all, kora.ParcelStep{Status: kora.ParcelStatus(status), On: on})
		}
		return all
	}
	for name, c := range map[string]struct {
		was    []kora.ParcelStep
		status kora.ParcelStatus
		on     string
		want   []kora.ParcelStep
	}{
		"a step on a day":         {at("ready 2026-01-05"), kora.ParcelPromoted, "2026-02-01", at("ready 2026-01-05", "promoted 2026-02-01")},
		"a step on no day":        {at("ready 2026-01-05"), kora.ParcelPromoted, "", nil},
		"a step before the last":  {at("ready 2026-01-05"), kora.ParcelPromoted, "2025-12-01", nil},
		"no step":                 {at("ready 2026-01-05"), kora.ParcelReady, "", at("ready 2026-01-05")},
		"a better day":            {at("ready 2026-01-05", "signed 2026-07-01"), kora.ParcelSigned, "2026-03-01", at("ready 2026-01-05", "signed 2026-03-01")},
		"a day before its former": {at("ready 2026-01-05", "signed 2026-07-01"), kora.ParcelSigned, "2026-01-04", at("ready 2026-01-05", "signed 2026-07-01")},
		"the first of all":        {nil, kora.ParcelReady, "2026-01-05", at("ready 2026-01-05")},
	} {
		p := kora.Parcel{Steps: c.was}
		if n := len(c.was); n > 0 {
			p.Status = c.was[n-1].Status
		}
		before := slices.Clone(c.was)
		p.Become(c.status, c.on)
		if p.Status != c.status || !slices.Equal(p.Steps, c.want) || !slices.Equal(c.was, before) {
			t.Errorf("%s: %s %v, want %v; was %v", name, p.Status, p.Steps, c.want, c.was)
		}
	}
}
