package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"

	"kora"
	"kora/atlas"
	"kora/match"
)

func (s *service) recommendRoutes(a huma.API) {
	huma.Register(a, huma.Operation{
		OperationID: "recommend-parcels", Method: http.MethodPost, Path: "/v1/parcels/recommend", Tags: []string{"parcels"},
		Summary: "Parcels that suit what somebody needs, best first, with the reasons in numbers", MaxBodyBytes: maxForm,
	}, s.recommend)
}

// maxForm bounds the bodies of what people fill in.
const maxForm = 64 << 10

// termsOf is what parcels can be asked for: what the record tells, how they lie, and the minutes by car.
func termsOf(a *atlas.Atlas) match.Table {
	var measures []match.Measure
	for _, to := range atlas.Destinations() {
		measures = append(measures, match.Measure{Name: "to_" + string(to), Unit: "min", Of: func(p *kora.Parcel) (float64, bool) {
			row, ok := a.ParcelTable().Row(p.ID)
			if !ok || a.Drive(row, to).Missing != "" {
				return 0, false
			}
			return a.DriveMinutes(row, to), true
		}})
	}
	lie := func(of func(atlas.Terrain) float64) func(*kora.Parcel) (float64, bool) {
		return func(p *kora.Parcel) (float64, bool) {
			row, ok := a.ParcelTable().Row(p.ID)
			if !ok {
				return 0, false
			}
			ground := a.Terrain(row)
			return of(ground), ground.Missing == ""
		}
	}
	return match.NewTable(append(measures,
		match.Measure{Name: "ground", Unit: "m", Slope: 1000, Of: lie(func(t atlas.Terrain) float64 { return t.AltitudeM })},
		match.Measure{Name: "slope", Unit: "°", Slope: 10, Of: lie(func(t atlas.Terrain) float64 { return t.SlopeDeg })},
	)...)
}

type need struct {
	Term   string   `json:"term" doc:"What is asked for. By values: use (codes of the guide of 2023 or their first digits), county, supply, facility (all are wanted). By a range: area (m²), price (万元 for the whole parcel), price_m2 (元/㎡), far, density, green, height, altitude (as stated), ground (mean altitude by the heights), slope (degrees), term (years), and the minutes by car to_highway, to_railway, to_airport, to_county_seat, to_station. By its name alone: access (a road leads there)." example:"area"`
	Hard   bool     `json:"hard,omitempty" doc:"Only parcels that meet it. Others count by their weight."`
	Weight int      `json:"weight,omitempty" minimum:"1" maximum:"100" doc:"How much a need that is not hard counts; 1 without it."`
	Min    *float64 `json:"min,omitempty"`
	Max    *float64 `json:"max,omitempty"`
	Values []string `json:"values,omitempty" maxItems:"50" nullable:"false"`
}

// needsOf reads needs and refuses those that parcels cannot be asked for.
func needsOf(a *atlas.Atlas, asked []need) ([]kora.Need, error) {
	needs := make([]kora.Need, len(asked))
	for i, n := range asked {
		needs[i] = kora.Need(n)
	}
	return needs, termsOf(a).Check(needs)
}

type recommendInput struct {
	LanguageParam
	Body struct {
		Needs []need `json:"needs" maxItems:"40" nullable:"false"`
		Limit int    `json:"limit,omitempty" minimum:"1" maximum:"50" default:"10"`
	}
}

// LanguageParam tells which language texts in an answer are in.
type LanguageParam struct {
	language language
}

// Resolve reads the language of the request.
func (p *LanguageParam) Resolve(ctx huma.Context) []error {
	p.language = languageOf(humaecho.Unwrap(ctx).Request())
	return nil
}

type recommendOutput struct {
	Suggestions []suggestedParcel `json:"suggestions" nullable:"false" doc:"Best first; equal ones by number."`
	Total       int               `json:"total" doc:"How many parcels meet every hard need."`
	Considered  int               `json:"considered" doc:"How many parcels are on offer."`
	Excluded    []excluded        `json:"excluded" nullable:"false" doc:"What each hard need costs."`
}

type excluded struct {
	Need    int    `json:"need" doc:"Its place in needs, from 0."`
	Term    string `json:"term"`
	Parcels int    `json:"parcels" doc:"How many parcels fail this need and no other hard one."`
}

type suggestedParcel struct {
	Suggestion
	Parcel writtenParcel `json:"parcel"`
}

// writtenParcel is a parcelFeature that was written as JSON already.
type writtenParcel json.RawMessage

func (w writtenParcel) MarshalJSON() ([]byte, error) { return w, nil }

// Schema is that of a parcelFeature.
func (writtenParcel) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[parcelFeature](), true, "")
}

// A Suggestion names a parcel and tells how it meets each need.
type Suggestion struct {
	Number  string    `json:"number" doc:"地块编号"`
	Score   float64   `json:"score" doc:"0 to 1: the weighted mean of the fits to the needs that are not hard."`
	Reasons []finding `json:"reasons" nullable:"false" doc:"What suits."`
	Misses  []finding `json:"misses" nullable:"false" doc:"What does not, or not wholly."`
}

type finding struct {
	Need    int      `json:"need" doc:"The place of the need, from 0."`
	Term    string   `json:"term"`
	Hard    bool     `json:"hard"`
	Weight  int      `json:"weight,omitempty"`
	Fit     float64  `json:"fit" doc:"0 to 1."`
	Low     *float64 `json:"low,omitempty" doc:"What the parcel has, or the range that its plan allows."`
	High    *float64 `json:"high,omitempty"`
	Unit    string   `json:"unit,omitempty" doc:"Of low, high and off." example:"m²"`
	Off     float64  `json:"off,omitempty" doc:"By how much it lies above what was asked; negative: below."`
	Missing []string `json:"missing,omitempty" nullable:"false" doc:"Which of the values asked for it lacks."`
	Unknown bool     `json:"unknown,omitempty" doc:"The record does not tell."`
	Text    string   `json:"text" doc:"All this in the language of the request." example:"area 96 %"`
}

func suggestionOf(s kora.Suggestion, l language) Suggestion {
	out := Suggestion{Number: s.Number, Score: s.Score, Reasons: []finding{}, Misses: []finding{}}
	for i, f := range s.Findings {
		v := finding{Need: i, Term: f.Term, Hard: f.Hard, Weight: f.Weight, Fit: f.Fit, Low: f.Low, High: f.High, Unit: f.Unit, Off: f.Off,
			Missing: f.Missing, Unknown: f.Unknown, Text: l.finding(f)}
		if f.Met {
			out.Reasons = append(out.Reasons, v)
		} else {
			out.Misses = append(out.Misses, v)
		}
	}
	return out
}

func suggestionsOf(all []kora.Suggestion, l language) []Suggestion {
	out := make([]Suggestion, len(all))
	for i, s := range all {
		out[i] = suggestionOf(s, l)
	}
	return out
}

func (s *service) recommend(ctx context.Context, in *recommendInput) (*body[recommendOutput], error) {
	a := atlasOf(ctx)
	needs, err := needsOf(a, in.Body.Needs)
	if err != nil {
		return nil, refused(err)
	}
	r := termsOf(a).Rank(a.Parcels, needs, in.Body.Limit)
	out := recommendOutput{Suggestions: []suggestedParcel{}, Total: r.Total, Considered: r.Considered, Excluded: []excluded{}}
	for _, found := range r.Suggestions {
		parcel := s.parcels.one(a, a.Parcel(found.Number))
		out.Suggestions = append(out.Suggestions, suggestedParcel{suggestionOf(found, in.language), *parcel})
	}
	for i, n := range needs {
		if n.Hard {
			out.Excluded = append(out.Excluded, excluded{i, n.Term, r.Only[i]})
		}
	}
	return &body[recommendOutput]{out}, nil
}

// finding says a finding as people would: "area 96 %", "price 12 % above", "use matches".
func (l language) finding(f kora.Finding) string {
	say := func(en, zh, bo string, args ...any) string {
		form := [3]string{en, zh, bo}[l]
		return fmt.Sprintf(form, append([]any{l.term(f.Term)}, args...)...)
	}
	switch {
	case f.Unknown:
		return say("%s is not known", "%s未知", "%s་གསལ་པོ་མེད།")
	case len(f.Missing) > 0:
		var names []string
		for _, v := range f.Missing {
			names = append(names, l.value(v))
		}
		return say("%s without %s", "%s缺%s", "%s་ཁྲོད་ %s་མེད།", strings.Join(names, [3]string{", ", "、", " "}[l]))
	case f.Low == nil && f.High == nil: // no number was asked for
		switch {
		case f.Met:
			return say("%s matches", "%s相符", "%s་མཐུན།")
		case f.Fit > 0:
			return say("%s matches on %s %%", "%s %s%% 相符", "%s་ %s%% མཐུན།", percent(f.Fit))
		}
		return say("%s does not match", "%s不符", "%s་མི་མཐུན།")
	case f.Met:
		return say("%s %s suits", "%s %s 符合", "%s་ %s འཚམས།", l.measure(f.Unit, span(f.Low, f.High)))
	case f.Unit == "min" && f.Off > 0: // people count minutes, not parts of a limit
		return say("%s %s longer", "%s多%s", "%s་ %s རིང་།", l.difference(f.Unit, f.Off))
	case (f.Unit == "m" || f.Unit == "°") && f.Term != "height" && f.Off > 0:
		return say("%s %s above", "%s高%s", "%s་ %s མཐོ།", l.difference(f.Unit, f.Off))
	case (f.Unit == "m" || f.Unit == "°") && f.Term != "height":
		return say("%s %s below", "%s低%s", "%s་ %s དམའ།", l.difference(f.Unit, -f.Off))
	case f.Off > 0 && f.Low != nil && *f.Low > f.Off:
		return say("%s %s %% above", "%s高出 %s%%", "%s་ %s%% བརྒལ།", percent(f.Off/(*f.Low-f.Off)))
	case f.Off > 0: // what was asked for is nothing
		return say("%s %s above", "%s高出%s", "%s་ %s བརྒལ།", l.difference(f.Unit, f.Off))
	}
	return say("%s %s %%", "%s %s%%", "%s་ %s%%", percent(f.Fit))
}

// span is a number, or a range of which a nil bound is open.
func span(low, high *float64) string {
	switch {
	case low == nil:
		return "≤ " + round(*high)
	case high == nil:
		return "≥ " + round(*low)
	case *low == *high:
		return round(*low)
	}
	return round(*low) + "–" + round(*high)
}

// percent tells a share; only nothing is 0 and only all is 100.
func percent(v float64) string {
	if p := 100 * v; p > 0 && p < 1 || p > 99 && p < 100 {
		return strings.TrimSuffix(fmt.Sprintf("%.1f", min(max(p, 0.1), 99.9)), ".0")
	}
	return fmt.Sprintf("%.0f", 100*v)
}

// difference tells by how much something is missed, which is never 0. People do not count parts of a minute.
func (l language) difference(unit string, by float64) string {
	least := 0.1
	if unit == "min" {
		least = 1
	}
	if by >= least && l == chinese {
		return " " + l.measure(unit, round(by))
	}
	if by >= least {
		return l.measure(unit, round(by))
	}
	return fmt.Sprintf([3]string{"less than %s", "不到 %s", "%s མ་ལོངས་པ"}[l], l.measure(unit, round(least)))
}

// round leaves a figure behind the point, but not of large numbers.
func round(v float64) string {
	if v >= 100 {
		return fmt.Sprintf("%.0f", v)
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0")
}

func (l language) measure(unit, number string) string {
	if unit == "" {
		return number
	}
	if u, ok := map[string][3]string{
		"a": {"years", "年", "ལོ"}, "min": {"min", "分钟", "སྐར་མ"}, "m": {"m", "米", "སྨི"}, "万元": {"× 10,000 yuan", "万元", "སྒོར་ཁྲི"},
		"元/㎡": {"yuan/m²", "元/㎡", "སྒོར/㎡"},
	}[unit]; ok {
		unit = u[l]
	}
	return number + " " + unit
}

// term is the name of what parcels are asked for; one that has none here goes by its own.
func (l language) term(name string) string {
	if t, ok := map[string][3]string{
		"use": {"use", "用途", "བེད་སྤྱོད"}, "county": {"county", "区县", "ཆུས་རྫོང"}, "supply": {"supply mode", "供应方式", "མཁོ་འདོན་ཐབས"},
		"facility": {"services", "配套", "མཁོ་ཆས"}, "access": {"road access", "道路通达", "ལམ་འབྲེལ"}, "area": {"area", "面积", "རྒྱ་ཁྱོན"},
		"price": {"price", "起始价", "འགོ་འཛུགས་རིན་གོང"}, "price_m2": {"price per m²", "单价", "㎡ རེའི་རིན་གོང"}, "far": {"floor area ratio", "容积率", "ཤོང་ཚད"},
		"density": {"building density", "建筑密度", "འཛུགས་སྐྲུན་སྟུག་ཚད"}, "green": {"green share", "绿地率", "ལྗང་ཁུའི་ཚད"}, "height": {"building height", "建筑限高", "མཐོ་ཚད་བཀག"},
		"to_highway": {"drive to the highway", "到公路车程", "གཞུང་ལམ་བར་གྱི་འགྲོ་དུས"}, "to_railway": {"drive to the railway", "到火车站车程", "མེ་འཁོར་འབབ་ཚུགས་བར་གྱི་འགྲོ་དུས"},
		"to_airport": {"drive to the airport", "到机场车程", "གནམ་ཐང་བར་གྱི་འགྲོ་དུས"}, "to_county_seat": {"drive to the county seat", "到县城车程", "རྫོང་ལྟེ་གནས་བར་གྱི་འགྲོ་དུས"},
		"to_station": {"drive to a station", "到驿站车程", "ཞབས་ཞུ་ས་ཚིགས་བར་གྱི་འགྲོ་དུས"},
		"ground":     {"ground altitude", "地面海拔", "ས་ངོས་མཐོ་ཚད"}, "slope": {"slope", "坡度", "གཟར་ཚད"},
		"altitude": {"altitude", "海拔", "མཚོ་ངོས་མཐོ་ཚད"}, "term": {"term", "出让年限", "བཙོང་ཡུན"},
	}[name]; ok {
		return t[l]
	}
	return name
}

// value is the name of a utility.
func (l language) value(code string) string {
	if v, ok := map[string][3]string{
		"road": {"road", "路", "ལམ"}, "water": {"water", "给水", "ཆུ"}, "drainage": {"drainage", "排水", "ཆུ་འཕྱིར་འདོན"}, "power": {"power", "电", "གློག"},
		"telecom": {"telecom", "通信", "འཕྲིན་གཏོང"}, "heating": {"heating", "供热", "དྲོད་མཁོ་འདོན"}, "gas": {"gas", "燃气", "རླངས་སྣུམ"}, "levelled": {"levelling", "场地平整", "ས་ངོས་སྙོམས"},
	}[code]; ok {
		return v[l]
	}
	return code
}
