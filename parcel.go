package kora

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"
)

// A ParcelStatus is a state in the life cycle of a parcel on offer.
type ParcelStatus string

const (
	ParcelReserve      ParcelStatus = "reserve"       // 储备
	ParcelPreparing    ParcelStatus = "preparing"     // 整理中
	ParcelReady        ParcelStatus = "ready"         // 净地（可供）
	ParcelPromoted     ParcelStatus = "promoted"      // 推介
	ParcelPreAnnounced ParcelStatus = "pre_announced" // 预公告
	ParcelAnnounced    ParcelStatus = "announced"     // 出让公告
	ParcelRegistration ParcelStatus = "registration"  // 报名中
	ParcelBidding      ParcelStatus = "bidding"       // 挂牌/拍卖中
	ParcelResult       ParcelStatus = "result_notice" // 成交公示
	ParcelSigned       ParcelStatus = "signed"        // 已签约
	ParcelDelivered    ParcelStatus = "delivered"     // 已交地
	ParcelSupplied     ParcelStatus = "supplied"      // 已供
	ParcelUnsold       ParcelStatus = "unsold"        // 流拍
	ParcelSuspended    ParcelStatus = "suspended"     // 中止
	ParcelTerminated   ParcelStatus = "terminated"    // 终止
	ParcelWithdrawn    ParcelStatus = "withdrawn"     // 下架
)

// ParcelStatuses lists every ParcelStatus in the order of the life cycle.
func ParcelStatuses() []ParcelStatus {
	return []ParcelStatus{
		ParcelReserve, ParcelPreparing, ParcelReady, ParcelPromoted, ParcelPreAnnounced, ParcelAnnounced,
		ParcelRegistration, ParcelBidding, ParcelResult, ParcelSigned, ParcelDelivered, ParcelSupplied,
		ParcelUnsold, ParcelSuspended, ParcelTerminated, ParcelWithdrawn,
	}
}

// A ParcelStage is what the public is told of a state: several states are one stage.
type ParcelStage string

const (
	StageComing    ParcelStage = "coming"    // 储备中: not on offer yet
	StageAvailable ParcelStage = "available" // 可选
	StageAnnounced ParcelStage = "announced" // 公告中
	StageBidding   ParcelStage = "bidding"   // 竞价中
	StageSold      ParcelStage = "sold"      // 已成交
	StagePaused    ParcelStage = "paused"    // 暂停
)

// ParcelStages lists every ParcelStage in the order of the life cycle.
func ParcelStages() []ParcelStage {
	return []ParcelStage{StageComing, StageAvailable, StageAnnounced, StageBidding, StageSold, StagePaused}
}

// Stage is what the public is told of s.
func (s ParcelStatus) Stage() ParcelStage {
	switch s {
	case ParcelReserve, ParcelPreparing:
		return StageComing
	case ParcelReady, ParcelPromoted, ParcelUnsold:
		return StageAvailable
	case ParcelPreAnnounced, ParcelAnnounced:
		return StageAnnounced
	case ParcelRegistration, ParcelBidding:
		return StageBidding
	case ParcelResult, ParcelSigned, ParcelDelivered, ParcelSupplied:
		return StageSold
	}
	return StagePaused
}

// A ParcelStep is one transition in the life cycle: the state that the parcel came into, when, and by which document.
type ParcelStep struct {
	Status   ParcelStatus `json:"status"`
	On       string       `json:"on"`                 // "2026-07-01"
	Who      string       `json:"who,omitempty"`      // signed it; never shown to the public
	Document string       `json:"document,omitempty"` // address of the notice or decision
}

// A Period is when something is open; a zero end is not known. Both ends are part of it.
type Period struct {
	From time.Time `json:"from,omitzero"`
	To   time.Time `json:"to,omitzero"`
}

// A UseScheme names the classification that a land-use code belongs to. A code means nothing without it: 05 is wetland
// in the guide of 2023 and commerce in GB/T 21010-2017.
type UseScheme string

const (
	Scheme2023 UseScheme = "2023" // 国土空间调查、规划、用途管制用地用海分类指南 (2023)
	Scheme2017 UseScheme = "2017" // GB/T 21010-2017
)

// UseSchemes lists every UseScheme.
func UseSchemes() []UseScheme { return []UseScheme{Scheme2023, Scheme2017} }

// A LandUse is a code with its scheme.
type LandUse struct {
	Code   string    `json:"code"`
	Scheme UseScheme `json:"scheme"`
}

// A UseShare is one row of a mixed-use parcel.
type UseShare struct {
	LandUse
	AreaM2    float64 `json:"area_m2,omitempty"`
	TermYears int     `json:"term_years,omitempty"`
}

// A Range is a planning limit; a nil bound is open-ended, an exclusive one is not itself allowed.
type Range struct {
	Min          *float64 `json:"min,omitempty"`
	Max          *float64 `json:"max,omitempty"`
	MinExclusive bool     `json:"min_exclusive,omitempty"`
	MaxExclusive bool     `json:"max_exclusive,omitempty"`
}

func (r Range) validate(field string, limit float64) error {
	for _, b := range []*float64{r.Min, r.Max} {
		if b != nil && !(*b >= 0 && *b <= limit) {
			return Refuse(ReasonRange, field, *b, "must be from 0 to %g", limit)
		}
	}
	if r.Min != nil && r.Max != nil && *r.Min > *r.Max {
		return Refuse(ReasonRange, field, fmt.Sprintf("%g–%g", *r.Min, *r.Max), "has its lower bound above its upper one")
	}
	return nil
}

// Figure is the one number by which limits are compared and filtered: the upper bound or, where there is none, the lower
// one. False where there is neither.
func (r Range) Figure() (float64, bool) {
	switch {
	case r.Max != nil:
		return *r.Max, true
	case r.Min != nil:
		return *r.Min, true
	}
	return 0, false
}

// M2PerMu and M2PerHectare turn 亩 and 公顷 into square metres.
const (
	M2PerMu      = 2000.0 / 3
	M2PerHectare = 10_000.0
)

// PriceUnits lists the units that a starting price or its increment may be given in: in all, for a square metre of land or
// of floor, for a mu.
func PriceUnits() []string { return []string{"万元", "元/㎡", "元/㎡楼面", "万元/亩"} }

// DepositUnits lists the units of 保证金, which is always given in all.
func DepositUnits() []string { return []string{"万元", "万美元", "万港元"} }

// IntensityUnits lists the units of 投资强度.
func IntensityUnits() []string { return []string{"万元/亩", "万元/公顷"} }

// A Price never goes without its unit.
type Price struct {
	Amount float64 `json:"amount"`
	Unit   string  `json:"unit"`
}

func (p *Price) validate(field string, units []string) error {
	if p == nil {
		return nil
	}
	if !(p.Amount >= 0 && p.Amount < 1e9) {
		return Refuse(ReasonRange, field, p.Amount, "must be from 0 to 1,000,000,000")
	}
	return oneOf(field, p.Unit, units)
}

// SupplyModes lists the codes of 供应方式: 划拨, 协议出让, 招标, 拍卖, 挂牌, 租赁, 作价出资, 授权经营, 集体经营性建设用地入市.
func SupplyModes() []string { return []string{"HB", "XY", "ZB", "PM", "GP", "ZL", "ZJ", "SQ", "RS"} }

// A Parcel is a 宗地 that the land bureau offers.
type Parcel struct {
	ID           int64
	Number       string // 地块编号, public and unique
	Cadastre     string // 宗地代码 of GB/T 37346, empty when not given
	Name         Name
	County       string
	Zone         string // functional zone such as 林芝经开区, which has no code and lies in a county; empty outside any
	Address      Name   // 坐落; zh may be empty
	Use          LandUse
	Uses         []UseShare // rows of a mixed use; empty for a single one
	Industry     []string   // 产业方向, in the bureau's words
	Status       ParcelStatus
	Steps        []ParcelStep     // how it came to Status, in order; the record adds the last one when nobody dated it
	Geometry     orb.MultiPolygon // degrees, EPSG:4490
	AreaM2       float64          // computed by the record on the ellipsoid; ignored on writing
	StatedM2     float64          // as the bureau states it, 0 when it does not
	FAR          Range            // 容积率
	Density      Range            // 建筑密度, percent
	Green        Range            // 绿地率, percent
	HeightM      Range            // 建筑限高, metres
	Price        *Price           // 起始价, nil when not fixed
	Deposit      *Price           // 保证金
	Increment    *Price           // 加价幅度
	Intensity    *Price           // 投资强度
	Supply       string           // one of SupplyModes, or empty
	TermYears    int              // 出让年限, 0 when not fixed
	NoticeOn     string           // 公告日 "2026-07-01", empty when there is none
	Registration *Period          // 报名, nil when not known
	Listing      *Period          // 挂牌 or 拍卖
	Publicity    *Period          // 成交公示
	AltitudeM    float64          // metres above sea level, 0 when unknown
	Access       *orb.Point       // entrance to navigate to, nil when not known
	Facilities   []string         // utilities at the border, for example "water", "power", "road"
	Sample       bool
	Source       Source
}

// Entrance is where to go to: Access or, where that is not known, the middle of the bounds.
func (p *Parcel) Entrance() orb.Point {
	if p.Access != nil {
		return *p.Access
	}
	var box orb.Bound
	for i, polygon := range p.Geometry {
		for j, at := range polygon[0] { // its holes lie within
			if i+j == 0 {
				box = orb.Bound{Min: at, Max: at}
			}
			box.Min = orb.Point{min(box.Min[0], at[0]), min(box.Min[1], at[1])}
			box.Max = orb.Point{max(box.Max[0], at[0]), max(box.Max[1], at[1])}
		}
	}
	return box.Center()
}

// Inside is a place inside the first part of p.
func (p *Parcel) Inside() orb.Point { return Inside(p.Geometry[0][0]) }

// OfferedM2 is the area that is on offer: as stated or, when it is not, as computed.
func (p *Parcel) OfferedM2() float64 {
	if p.StatedM2 > 0 {
		return p.StatedM2
	}
	return p.AreaM2
}

// PricePerM2 is the starting price in 元 for a square metre of land, whatever its unit; false when it is not known. A price
// for a square metre of floor counts with the floor that may be built at most.
func (p *Parcel) PricePerM2() (yuan float64, ok bool) {
	if p.Price == nil {
		return 0, false
	}
	switch p.Price.Unit {
	case "万元":
		if area := p.OfferedM2(); area > 0 {
			return p.Price.Amount * 10_000 / area, true
		}
	case "元/㎡":
		return p.Price.Amount, true
	case "元/㎡楼面":
		if p.FAR.Max != nil {
			return p.Price.Amount * *p.FAR.Max, true
		}
	case "万元/亩":
		return p.Price.Amount * 10_000 / M2PerMu, true
	}
	return 0, false
}

// PriceInAll is the starting price in 万元, whatever its unit; false when it is not known.
func (p *Parcel) PriceInAll() (wanYuan float64, ok bool) {
	if p.Price != nil && p.Price.Unit == "万元" {
		return p.Price.Amount, true
	}
	perM2, ok := p.PricePerM2()
	return perM2 * p.OfferedM2() / 10_000, ok
}

// IntensityPerMu is the least investment in 万元 for a mu; false when none is asked.
func (p *Parcel) IntensityPerMu() (wanYuan float64, ok bool) {
	switch {
	case p.Intensity == nil:
		return 0, false
	case p.Intensity.Unit == "万元/公顷":
		return p.Intensity.Amount / M2PerHectare * M2PerMu, true
	}
	return p.Intensity.Amount, true
}

// Utilities lists the codes of what may be laid on to a parcel (几通一平).
func Utilities() []string {
	return []string{"road", "water", "drainage", "power", "telecom", "heating", "gas", "levelled"}
}

// Become brings p to a status from a day on ("2026-07-01"). Where the day is not known or lies before the last step, the steps are
// left to the record, which keeps its own and dates one more.
func (p *Parcel) Become(status ParcelStatus, on string) {
	n := len(p.Steps)
	if p.Status == status && n > 0 {
		if on == "" || n > 1 && on < p.Steps[n-2].On {
			return
		}
		p.Steps = slices.Clone(p.Steps)
		p.Steps[n-1].On = on
		return
	}
	p.Status = status
	if on == "" || n > 0 && on < p.Steps[n-1].On {
		p.Steps = nil
		return
	}
	p.Steps = append(slices.Clip(p.Steps), ParcelStep{Status: status, On: on})
}

// Validate tells what is wrong with p; the error is an *Error.
func (p *Parcel) Validate() error {
	if p.Number == "" {
		return Refuse(ReasonRequired, "number", nil, "needs a parcel number")
	}
	if len(p.Number) > 60 {
		return Refuse(ReasonTooLong, "number", p.Number, "is longer than 60 bytes")
	}
	if err := p.Name.validate("name"); err != nil {
		return err
	}
	if p.Cadastre != "" && !cadastre.MatchString(p.Cadastre) {
		return Refuse(ReasonSyntax, "cadastre", p.Cadastre, "is no 宗地代码 of GB/T 37346: 12 digits, two letters, 5 digits, and W or F with 8 digits for a unit")
	}
	if err := checkCounty("county", p.County); err != nil {
		return err
	}
	if err := checkWord("zone", p.Zone); err != nil {
		return err
	}
	for _, i := range p.Industry {
		if i == "" {
			return Refuse(ReasonRequired, "industry", nil, "holds an empty word")
		}
		if err := checkWord("industry", i); err != nil {
			return err
		}
	}
	if err := p.Use.validate("use"); err != nil {
		return err
	}
	for _, u := range p.Uses {
		if err := u.LandUse.validate("uses"); err != nil {
			return err
		}
		if !(u.AreaM2 >= 0 && u.AreaM2 < 1e10) || u.TermYears < 0 || u.TermYears > 70 {
			return Refuse(ReasonRange, "uses", u.Code, "has an area that is not from 0 to 10,000 km², or a term not from 0 to 70 years")
		}
	}
	if err := oneOf("status", p.Status, ParcelStatuses()); err != nil {
		return err
	}
	if err := p.checkDates(); err != nil {
		return err
	}
	if p.Supply != "" {
		if err := oneOf("supply", p.Supply, SupplyModes()); err != nil {
			return err
		}
	}
	for _, r := range []struct {
		field string
		r     Range
		limit float64
	}{{"far", p.FAR, 50}, {"density", p.Density, 100}, {"green", p.Green, 100}, {"height_m", p.HeightM, 1000}} {
		if err := r.r.validate(r.field, r.limit); err != nil {
			return err
		}
	}
	for _, price := range []struct {
		field string
		price *Price
		units []string
	}{{"price", p.Price, PriceUnits()}, {"deposit", p.Deposit, DepositUnits()}, {"increment", p.Increment, PriceUnits()},
		{"intensity", p.Intensity, IntensityUnits()}} {
		if err := price.price.validate(price.field, price.units); err != nil {
			return err
		}
	}
	if p.TermYears < 0 || p.TermYears > 70 {
		return Refuse(ReasonRange, "term_years", p.TermYears, "must be from 0 to 70 years")
	}
	if !(p.AltitudeM >= -500 && p.AltitudeM <= 9000) {
		return Refuse(ReasonRange, "altitude_m", p.AltitudeM, "must be from -500 to 9,000 m")
	}
	for _, f := range p.Facilities {
		if err := oneOf("facilities", f, Utilities()); err != nil {
			return err
		}
	}
	if !(p.StatedM2 >= 0 && p.StatedM2 < 1e10) {
		return Refuse(ReasonRange, "stated_m2", p.StatedM2, "must be from 0 to 10,000 km²")
	}
	if p.Access != nil {
		if err := CheckPoint("access", *p.Access); err != nil {
			return err
		}
	}
	return checkMultiPolygon("geometry", p.Geometry)
}

// checkDates holds the life cycle to its order: steps follow one another and lead to the status, periods do not end before
// they begin.
func (p *Parcel) checkDates() error {
	last := ""
	for _, s := range p.Steps {
		if err := oneOf("steps.status", s.Status, ParcelStatuses()); err != nil {
			return err
		}
		if err := checkDay("steps.on", s.On); err != nil {
			return err
		}
		if s.On < last {
			return Refuse(ReasonRange, "steps", s.On, "comes before the step that it follows")
		}
		last = s.On
		if utf8.RuneCountInString(s.Who) > 100 || len(s.Document) > 500 {
			return Refuse(ReasonTooLong, "steps", s.On, "has a signature or the address of a document that is too long")
		}
		if s.Document != "" && !isLink(s.Document) {
			return Refuse(ReasonSyntax, "steps.document", s.Document, "must be an address that begins with https://, http:// or /")
		}
	}
	if n := len(p.Steps); n > 0 && p.Steps[n-1].Status != p.Status {
		return Refuse(ReasonRange, "steps", p.Steps[n-1].Status, "do not lead to the status %s", p.Status)
	}
	if p.NoticeOn != "" {
		if err := checkDay("notice_on", p.NoticeOn); err != nil {
			return err
		}
	}
	for _, period := range []struct {
		field string
		*Period
	}{{"registration", p.Registration}, {"listing", p.Listing}, {"publicity", p.Publicity}} {
		if period.Period != nil && !period.From.IsZero() && !period.To.IsZero() && period.To.Before(period.From) {
			return Refuse(ReasonRange, period.field, period.To.Format(time.RFC3339), "ends before it begins")
		}
	}
	return nil
}

// cadastre is the form of 宗地代码: six digits of the county, 地籍区, 地籍子区, the kind of right, a number, and of a
// 不动产单元 the building.
var cadastre = regexp.MustCompile(`^\d{12}[A-Z]{2}\d{5}([WF]\d{8})?$`)

func (u LandUse) validate(field string) error {
	if u.Code == "" {
		return Refuse(ReasonRequired, field, nil, "needs a land-use code")
	}
	if len(u.Code) > 8 || strings.Trim(u.Code, "0123456789") != "" {
		return Refuse(ReasonSyntax, field, u.Code, "is no land-use code of digits")
	}
	if err := oneOf(field+".scheme", u.Scheme, UseSchemes()); err != nil {
		return err
	}
	// Military and custodial land is never shown on a public map (公开地图内容表示规范, 2023).
	for _, secret := range []LandUse{{"1501", Scheme2023}, {"1505", Scheme2023}, {"0901", Scheme2017}, {"0903", Scheme2017}} {
		if u.Scheme == secret.Scheme && strings.HasPrefix(u.Code, secret.Code) {
			return Refuse(ReasonNotPublic, field, u.Code, "is land that must not be shown on a public map")
		}
	}
	return nil
}
