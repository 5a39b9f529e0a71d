package api

import (
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"kora"
	"kora/bench/land"
)

// factsOf is what a parcel tells of itself, as a value of the type that the OpenAPI document tells of.
func factsOf(p *kora.Parcel) ParcelFacts {
	f := ParcelFacts{
		Number: p.Number, Cadastre: p.Cadastre, Name: name(p.Name), County: kora.CountyNow(p.County), Zone: p.Zone,
		Address: optional(p.Address), Use: p.Use, Uses: p.Uses, Industry: p.Industry, Status: p.Status, Stage: p.Status.Stage(),
		AreaM2: p.AreaM2, StatedM2: orNil(p.StatedM2), FAR: p.FAR, Density: p.Density, Green: p.Green, HeightM: p.HeightM,
		Price: p.Price, Deposit: p.Deposit, Increment: p.Increment, Intensity: p.Intensity, Supply: p.Supply, TermYears: p.TermYears,
		NoticeOn: p.NoticeOn, Registration: p.Registration, Listing: p.Listing, Publicity: p.Publicity,
		AltitudeM: orNil(p.AltitudeM), Facilities: p.Facilities, Sample: p.Sample, Navigation: linksTo(p.Entrance(), p.Name.ZH, byCar),
	}
	for _, s := range p.Steps {
		f.Steps = append(f.Steps, parcelStep{s.Status, s.On, s.Document})
	}
	if yuan, ok := p.PricePerM2(); ok {
		yuan = math.Round(yuan*100) / 100
		f.PriceM2 = &yuan
	}
	if p.Access != nil {
		at := [2]float64(*p.Access)
		f.Access = &at
	}
	if f.Facilities == nil {
		f.Facilities = []string{}
	}
	if p.Source != (kora.Source{}) {
		f.Source = &p.Source
	}
	return f
}

// anyText has what JSON escapes.
func anyText(t *rapid.T) string {
	return rapid.StringOf(rapid.SampledFrom([]rune(`ab林芝ང་"\<>&/`+"\n\u2028\x00\ufffd"))).Draw(t, "text")
}

func anyNumber(t *rapid.T) float64 {
	return rapid.OneOf(rapid.Float64Range(-1e9, 1e9), rapid.SampledFrom([]float64{0, 1, 0.1, 1e-7, 1e22, 5e-324, math.MaxFloat64, 1 << 53, -3.5})).Draw(t, "number")
}

func anyDegrees(t *rapid.T) float64 {
	return rapid.OneOf(rapid.Float64Range(-180, 180), rapid.Custom(func(t *rapid.T) float64 {
		return float64(rapid.Int64Range(-180e9, 180e9).Draw(t, "n")) / math.Pow10(rapid.IntRange(6, 12).Draw(t, "decimals"))
	})).Draw(t, "degrees")
}

// fill gives every field that may be missing a value or none.
func fill(t *rapid.T, v reflect.Value, full bool) {
	some := func() bool { return full || rapid.Bool().Draw(t, "some") }
	switch p := v.Addr().Interface().(type) {
	case *time.Time:
		if some() {
			*p = time.Unix(rapid.Int64Range(1, 4e9).Draw(t, "time"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds")).In(time.FixedZone("", 8*3600))
		}
		return
	case *orb.Point:
		*p = orb.Point{anyDegrees(t), anyDegrees(t)}
		return
	case *orb.MultiPolygon:
		full = true // a record has no empty ones
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i), full)
		}
	case reflect.Pointer:
		if some() {
			v.Set(reflect.New(v.Type().Elem()))
			fill(t, v.Elem(), full)
		}
	case reflect.Slice:
		if some() {
			v.Set(reflect.MakeSlice(v.Type(), rapid.IntRange(1, 3).Draw(t, "length"), 3))
			for i := range v.Len() {
				fill(t, v.Index(i), full)
			}
		}
	case reflect.String:
		if some() {
			v.SetString("x" + anyText(t))
		}
	case reflect.Float64:
		if some() {
			if v.SetFloat(anyNumber(t)); full && v.Float() == 0 {
				v.SetFloat(1)
			}
		}
	case reflect.Int, reflect.Int64:
		if some() {
			v.SetInt(rapid.Int64Range(1, 1<<50).Draw(t, "whole"))
		}
	case reflect.Bool:
		v.SetBool(some())
	default:
		t.Fatalf("%v has no values here", v.Type())
	}
}

func anyParcel(full bool) *rapid.Generator[*kora.Parcel] {
	return rapid.Custom(func(t *rapid.T) *kora.Parcel {
		p := &kora.Parcel{}
		fill(t, reflect.ValueOf(p).Elem(), full)
		return p
	})
}

// told is JSON as values; a number is as it stands there.
func told(t require, raw []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%v\n%s", err, raw)
	}
	return v
}

type require interface {
	Helper()
	Fatalf(format string, args ...any)
}

// What is written by hand is what encoding/json makes of the types that the OpenAPI document tells of, value for value.
func TestFeaturesAreWhatTheirTypeTells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyParcel(rapid.Bool().Draw(t, "full")).Draw(t, "parcel")
		want, err := json.Marshal(struct {
			Type       string       `json:"type"`
			ID         int64        `json:"id"`
			Geometry   multiPolygon `json:"geometry"`
			Properties ParcelFacts  `json:"properties"`
		}{"Feature", p.ID, multiPolygon{"MultiPolygon", p.Geometry}, factsOf(p)})
		if err != nil {
			t.Fatal(err)
		}
		got := append(appendFeature(nil, p), "}}"...)
		if !reflect.DeepEqual(told(t, got), told(t, want)) {
			t.Fatalf("wrote\n%s, want\n%s", got, want)
		}
	})
}

// Every property that the types know is written for a parcel that has all, in their order.
func TestFeaturesHaveAllProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyParcel(true).Draw(t, "parcel")
		p.Price = &kora.Price{Amount: 1, Unit: "元/㎡"}
		got := append(appendFacts(nil, p), '}')
		at := 0
		for field := range reflect.TypeFor[ParcelFacts]().Fields() {
			key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			next := strings.Index(string(got[at:]), `"`+key+`":`)
			if next < 0 {
				t.Fatalf("%s is missing behind byte %d of\n%s", key, at, got)
			}
			at += next
		}
	})
}

func TestDegreesAreReadAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := anyDegrees(t)
		got := string(appendDegrees(nil, v))
		read, err := strconv.ParseFloat(got, 64)
		if err != nil || read != v || !json.Valid([]byte(got)) {
			t.Fatalf("%v is written as %s", v, got)
		}
		want := strconv.FormatFloat(v, 'f', -1, 64)
		_, decimals, _ := strings.Cut(want, ".")
		if len(decimals) <= 9 && want != "-0" && got != want || len(got) > len("-180.")+15 && math.Abs(v) >= 8 {
			t.Fatalf("%s, want %s", got, want)
		}
	})
}

// BenchmarkFeature is what writing a feature takes that was not asked for before.
func BenchmarkFeature(b *testing.B) {
	parcels := land.Parcels(1000)
	var buffer []byte
	b.Run("by hand", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			buffer = appendFeature(buffer[:0], parcels[i%len(parcels)])
		}
	})
	b.Run("encoding json", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			p := parcels[i%len(parcels)]
			if _, err := json.Marshal(struct {
				Geometry   multiPolygon
				Properties ParcelFacts
			}{multiPolygon{"MultiPolygon", p.Geometry}, factsOf(p)}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
