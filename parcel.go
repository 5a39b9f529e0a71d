package kora

import (
	"fmt"
	"strings"

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
			return Refuse(ReasonRange, field, *b, fmt.Sprintf("must be from 0 to %g", limit))
		}
	}
	if r.Min != nil && r.Max != nil && *r.Min > *r.Max {
		return Refuse(ReasonRange, field, fmt.Sprintf("%g–%g", *r.Min, *r.Max), "has its lower bound above its upper one")
	}
	return nil
}

// PriceUnits lists the units that a starting price may be given in.
func PriceUnits() []string { return []string{"万元", "元/㎡", "元/㎡楼面", "万元/亩"} }

// A Price never goes without its unit.
type Price struct {
	Amount float64 `json:"amount"`
	Unit   string  `json:"unit"`
}

// SupplyModes lists the codes of 供应方式: 划拨, 协议出让, 招标, 拍卖, 挂牌, 租赁, 作价出资, 授权经营, 集体经营性建设用地入市.
func SupplyModes() []string { return []string{"HB", "XY", "ZB", "PM", "GP", "ZL", "ZJ", "SQ", "RS"} }

// A Parcel is a 宗地 that the land bureau offers.
type Parcel struct {
	ID         int64
	Number     string // 地块编号, public and unique
	Name       Name
	County     string
	Address    Name // 坐落; zh may be empty
	Use        LandUse
	Uses       []UseShare // rows of a mixed use; empty for a single one
	Status     ParcelStatus
	Geometry   orb.MultiPolygon // degrees, EPSG:4490
	AreaM2     float64          // computed by the record on the ellipsoid; ignored on writing
	StatedM2   float64          // as the bureau states it, 0 when it does not
	FAR        Range            // 容积率
	Density    Range            // 建筑密度, percent
	Green      Range            // 绿地率, percent
	HeightM    Range            // 建筑限高, metres
	Price      *Price           // 起始价, nil when not fixed
	Supply     string           // one of SupplyModes, or empty
	TermYears  int              // 出让年限, 0 when not fixed
	AltitudeM  float64          // metres above sea level, 0 when unknown
	Access     *orb.Point       // entrance to navigate to, nil when not known
	Facilities []string         // utilities at the border, for example "water", "power", "road"
	Sample     bool
	Source     Source
}

// Utilities lists the codes of what may be laid on to a parcel (几通一平).
func Utilities() []string {
	return []string{"road", "water", "drainage", "power", "telecom", "heating", "gas", "levelled"}
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
	if err := checkCounty("county", p.County); err != nil {
		return err
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
	if p.Price != nil {
		if !(p.Price.Amount >= 0 && p.Price.Amount < 1e9) {
			return Refuse(ReasonRange, "price", p.Price.Amount, "must be from 0 to 1,000,000,000")
		}
		if err := oneOf("price", p.Price.Unit, PriceUnits()); err != nil {
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
