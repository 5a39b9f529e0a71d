package atlas

import (
	"fmt"
	"maps"
	"reflect"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"kora"
	"kora/geo/flat"
)

// rows is a record as a test knows it.
type rows struct {
	stations map[int64]*kora.Station
	parcels  map[int64]*kora.Parcel
	areas    map[int64]*kora.KeyArea
	network  *kora.Network
}

func (r rows) clone() rows {
	return rows{maps.Clone(r.stations), maps.Clone(r.parcels), maps.Clone(r.areas), r.network}
}

// in gives the rows of the layers that touch a box, by plain comparison; what has no box is everywhere.
func (r rows) in(box flat.Box, layers ...kora.Layer) map[string]any {
	found := map[string]any{}
	for _, l := range layers {
		switch l {
		case kora.LayerStation:
			for id, s := range r.stations {
				if flat.BoxOf(s.Point.Bound()).Touches(box) {
					found[fmt.Sprint("station ", id)] = s
				}
			}
		case kora.LayerParcel:
			for id, p := range r.parcels {
				if flat.BoxOf(p.Geometry.Bound()).Touches(box) {
					found[fmt.Sprint("parcel ", id)] = p
				}
			}
		case kora.LayerKeyArea:
			for id, a := range r.areas {
				found[fmt.Sprint("area ", id)] = a
			}
			if len(r.areas) == 0 {
				found["stations"] = r.stations // the grid lies around them
			}
		case kora.LayerNetwork:
			found["network"] = r.network
		}
	}
	return found
}

func squareAt(x, y int) orb.MultiPolygon {
	lon, lat := 94+float64(x)/100, 29+float64(y)/100
	return orb.MultiPolygon{{{{lon, lat}, {lon + 0.004, lat}, {lon + 0.004, lat + 0.004}, {lon, lat}}}}
}

// TestVersionsFollowTheRows: after any changes the version is that of the rows, in whatever way they came, and a box is
// untouched exactly when the rows in it are what they were.
func TestVersionsFollowTheRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		record := rows{map[int64]*kora.Station{}, map[int64]*kora.Parcel{}, map[int64]*kora.KeyArea{}, nil}
		v := &versions{}
		past := map[uint64]rows{0: record.clone()}
		place := rapid.IntRange(0, 4)
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			c := &kora.Changes{Stations: map[int64]*kora.Station{}, Parcels: map[int64]*kora.Parcel{}, KeyAreas: map[int64]*kora.KeyArea{}}
			for range rapid.IntRange(0, 3).Draw(t, "changes") {
				id, x, y := int64(rapid.IntRange(1, 4).Draw(t, "id")), place.Draw(t, "x"), place.Draw(t, "y")
				gone := rapid.IntRange(0, 3).Draw(t, "gone") == 0
				switch rapid.IntRange(0, 9).Draw(t, "what") {
				case 0:
					if c.KeyAreas[id] = nil; !gone {
						c.KeyAreas[id] = &kora.KeyArea{ID: id, Geometry: squareAt(x, y)}
					}
				case 1:
					c.Network = &kora.Network{ID: id, Basemap: []byte{byte(x)}}
				case 2, 3, 4:
					if c.Stations[id] = nil; !gone {
						c.Stations[id] = &kora.Station{ID: id, Point: squareAt(x, y)[0][0][0]}
					}
				default:
					if c.Parcels[id] = nil; !gone {
						c.Parcels[id] = &kora.Parcel{ID: id, Geometry: squareAt(x, y), AreaM2: float64(x)}
					}
				}
			}
			apply(record.stations, c.Stations)
			apply(record.parcels, c.Parcels)
			apply(record.areas, c.KeyAreas)
			if c.Network != nil {
				record.network = c.Network
			}
			if rapid.IntRange(0, 4).Draw(t, "whole") == 0 {
				c = record.whole()
			}
			v = v.next(c)
			past[v.moment] = record.clone()
		}

		fresh := &Atlas{versions: (&versions{}).next(record.whole())}
		now := &Atlas{versions: v}
		combinations := [][]kora.Layer{{kora.LayerStation}, {kora.LayerParcel}, {kora.LayerKeyArea}, {kora.LayerNetwork},
			{kora.LayerNetwork, kora.LayerKeyArea, kora.LayerStation}}
		for _, layers := range combinations {
			if got, want := now.Version(layers...), fresh.Version(layers...); got != want {
				t.Fatalf("version of %v is %x after steps and %x from a whole reading", layers, got, want)
			}
			for moment, then := range past {
				box := flat.BoxOf(squareAt(place.Draw(t, "box x"), place.Draw(t, "box y")).Bound())
				same := true
				for later := moment; later <= v.moment; later++ {
					same = same && reflect.DeepEqual(then.in(box, layers...), past[later].in(box, layers...))
				}
				if untouched := now.Untouched(moment, box, layers...); untouched != same {
					t.Fatalf("%v were the same in the box since moment %d of %d: %v; they are said to be untouched: %v",
						layers, moment, v.moment, same, untouched)
				}
				everywhere := flat.Box{Max: flat.Point{X: flat.Extent, Y: flat.Extent}}
				if same := reflect.DeepEqual(then.in(everywhere, layers...), record.in(everywhere, layers...)); !same &&
					now.Version(layers...) == (&Atlas{versions: (&versions{}).next(then.whole())}).Version(layers...) {
					t.Fatalf("%v changed since moment %d and have the version of then", layers, moment)
				}
			}
		}
	})
}

func apply[T any](to, changed map[int64]*T) {
	for id, row := range changed {
		if row == nil {
			delete(to, id)
		} else {
			to[id] = row
		}
	}
}

func (r rows) whole() *kora.Changes {
	return &kora.Changes{Whole: true, Stations: maps.Clone(r.stations), Parcels: maps.Clone(r.parcels), KeyAreas: maps.Clone(r.areas), Network: r.network}
}

// TestOnlyWhatChangedIsTouched: the old and the new place of a row are, what lies elsewhere is not, also when all is read anew.
func TestOnlyWhatChangedIsTouched(t *testing.T) {
	area := map[int64]*kora.KeyArea{1: {ID: 1, Geometry: squareAt(0, 0)}}
	parcel := func(x int) map[int64]*kora.Parcel {
		return map[int64]*kora.Parcel{1: {ID: 1, Geometry: squareAt(x, 0)}, 2: {ID: 2, Geometry: squareAt(9, 9)}}
	}
	a := (&versions{}).next(&kora.Changes{Whole: true, KeyAreas: area, Parcels: parcel(1)})
	moved := a.next(&kora.Changes{Parcels: map[int64]*kora.Parcel{1: parcel(3)[1]}})
	anew := moved.next(&kora.Changes{Whole: true, KeyAreas: area, Parcels: parcel(5)})
	again := anew.next(&kora.Changes{Whole: true, KeyAreas: area, Parcels: parcel(5)})
	for _, c := range []struct {
		name      string
		v         *versions
		since     uint64
		x, y      int
		untouched bool
	}{
		{"the old place", moved, a.moment, 1, 0, false},
		{"the new place", moved, a.moment, 3, 0, false},
		{"between them", moved, a.moment, 2, 0, true},
		{"another parcel", moved, a.moment, 9, 9, true},
		{"the old place, long since", moved, moved.moment, 1, 0, true},
		{"read anew, the old place", anew, moved.moment, 3, 0, false},
		{"read anew, the new place", anew, moved.moment, 5, 0, false},
		{"read anew, another parcel", anew, a.moment, 9, 9, true},
		{"read anew with nothing new", again, anew.moment, 5, 0, true},
		{"before everything", again, 0, 9, 9, false},
	} {
		if got := (&Atlas{versions: c.v}).Untouched(c.since, flat.BoxOf(squareAt(c.x, c.y).Bound()), kora.LayerParcel, kora.LayerKeyArea); got != c.untouched {
			t.Errorf("%s: untouched %v", c.name, got)
		}
	}
}

// TestLongAgoIsForgotten: the memory of changes is bounded, and what is forgotten counts as touched.
func TestLongAgoIsForgotten(t *testing.T) {
	v := &versions{}
	far := flat.BoxOf(squareAt(50, 50).Bound())
	for i := range 5 * remembered {
		v = v.next(&kora.Changes{Parcels: map[int64]*kora.Parcel{1: {ID: 1, TermYears: i + 1, Geometry: squareAt(1, 0)}}})
		if n := len(v.layers[kora.LayerParcel].touched); n > 2*remembered {
			t.Fatalf("%d boxes are kept", n)
		}
	}
	a := &Atlas{versions: v}
	if a.Untouched(1, far, kora.LayerParcel) {
		t.Error("what is forgotten counts as untouched")
	}
	if !a.Untouched(v.moment-100, far, kora.LayerParcel) {
		t.Error("a hundred changes are forgotten already")
	}
}

// TestDigestIsTheSameEverywhere: versions must not change with the process.
func TestDigestIsTheSameEverywhere(t *testing.T) {
	hours, err := kora.ParseHours("Mo-Fr 09:00-18:00")
	if err != nil {
		t.Fatal(err)
	}
	if got := digest(&kora.Station{ID: 1, Code: "A", Name: kora.Name{ZH: "站"}, Point: orb.Point{91.1, 29.6}, Hours: hours}); got != 0xee49568edec875bd {
		t.Errorf("the digest of a station is %#x", got)
	}
	day := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	if digest(&kora.Notice{ClosesAt: day}) != digest(&kora.Notice{ClosesAt: day.In(time.FixedZone("", 8*3600))}) {
		t.Error("a moment told in another zone has another digest")
	}
}

// TestDigestSeesEveryField changes every value in every row, one after the other.
func TestDigestSeesEveryField(t *testing.T) {
	see(t, new(kora.Station))
	see(t, new(kora.KeyArea))
	see(t, new(kora.Highway))
	see(t, new(kora.Parcel))
	see(t, new(kora.Notice))
	see(t, new(kora.Panorama))
	see(t, new(kora.Demand))
	see(t, new(kora.Target))
	day, err := kora.ParseHours("Mo-Fr 09:00-18:00")
	if err != nil {
		t.Fatal(err)
	}
	if digest(&kora.Station{Hours: day}) == digest(&kora.Station{}) {
		t.Error("opening hours do not show")
	}
	for name, n := range map[string]kora.Network{"ID": {ID: 1}, "basemap": {Basemap: []byte{1}}, "bounds": {Bounds: orb.Bound{Max: orb.Point{1, 1}}},
		"attribution": {Attribution: "x"}, "import": {ImportedAt: time.Unix(1, 0)}} {
		if digestNetwork(&n) == digestNetwork(&kora.Network{}) {
			t.Errorf("the %s of a network does not show", name)
		}
	}
}

func see[T any](t *testing.T, row *T) {
	t.Helper()
	fill(t, reflect.ValueOf(row).Elem())
	before := digest(row)
	leaves(reflect.ValueOf(row).Elem(), reflect.TypeFor[T]().Name(), func(name string, v reflect.Value) {
		old := reflect.New(v.Type()).Elem()
		old.Set(v)
		v.SetZero()
		if digest(row) == before {
			t.Errorf("%s does not show", name)
		}
		v.Set(old)
	})
	if digest(row) != before {
		t.Fatal("the row is not what it was")
	}
}

// fill gives every value that can be set one that is not zero.
func fill(t *testing.T, v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint64:
		v.SetUint(7)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Float64:
		v.SetFloat(7.5)
	case reflect.String:
		v.SetString("x")
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(t, v.Index(0))
	case reflect.Array:
		for i := range v.Len() {
			fill(t, v.Index(i))
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Unix(7, 7)))
			return
		}
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(t, v.Field(i))
			}
		}
	default:
		t.Fatalf("appendValue does not know a %s", v.Kind())
	}
}

// leaves visits every value that can be set, the containers too.
func leaves(v reflect.Value, name string, visit func(string, reflect.Value)) {
	if v.CanSet() && !(v.Kind() == reflect.Struct && v.Type() == reflect.TypeFor[kora.Hours]()) {
		visit(name, v)
	}
	switch v.Kind() {
	case reflect.Pointer:
		leaves(v.Elem(), name, visit)
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			leaves(v.Index(i), fmt.Sprintf("%s[%d]", name, i), visit)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				leaves(v.Field(i), name+"."+v.Type().Field(i).Name, visit)
			}
		}
	}
}

func BenchmarkDigest(b *testing.B) {
	ring := make(orb.Ring, 25)
	for i := range ring {
		ring[i] = orb.Point{94 + float64(i)/1000, 29 + float64(i)/999}
	}
	low, high := 1.0, 2.0
	p := &kora.Parcel{ID: 1, Number: "LZ-2026-001", Name: kora.Name{ZH: "示例地块", EN: "Parcel"}, County: "540402", Use: kora.LandUse{Code: "1001", Scheme: kora.Scheme2023},
		Status: kora.ParcelPromoted, Geometry: orb.MultiPolygon{{ring}}, FAR: kora.Range{Min: &low, Max: &high}, Facilities: []string{"road", "water"}}
	for b.Loop() {
		digest(p)
	}
}
