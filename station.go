package kora

import (
	"time"

	"github.com/paulmach/orb"
)

// A Kind tells the three services apart.
type Kind string

const (
	KindUnion   Kind = "union_station" // 工会驿站
	KindOxygen  Kind = "oxygen_bar"    // 高原氧吧
	KindDrivers Kind = "drivers_home"  // 司机之家
)

// Kinds lists every Kind.
func Kinds() []Kind { return []Kind{KindUnion, KindOxygen, KindDrivers} }

// A Status is where a station stands in its life; only trial and open stations serve anyone.
type Status string

const (
	StatusPlanned  Status = "planned"  // 规划
	StatusBuilding Status = "building" // 在建
	StatusTrial    Status = "trial"    // 试运行
	StatusOpen     Status = "open"     // 运营
	StatusPaused   Status = "paused"   // 暂停
	StatusClosed   Status = "closed"   // 关闭
)

// Statuses lists every Status.
func Statuses() []Status {
	return []Status{StatusPlanned, StatusBuilding, StatusTrial, StatusOpen, StatusPaused, StatusClosed}
}

// Serves tells whether a station of this status receives people at all.
func (s Status) Serves() bool { return s == StatusOpen || s == StatusTrial }

// Facilities lists the facility codes of a station record.
func Facilities() []string {
	return []string{
		"water", "hot_meal", "charge_phone", "charge_ebike", "wifi", "first_aid", "aed", "oxygen_machine",
		"oxygen_diffuse", "toilet", "rest_seat", "bed", "heating", "aircon", "fridge", "books", "bp_meter", "umbrella",
		"tools", "mother_baby", "shower", "laundry", "printer", "cctv", "truck_parking", "meals", "wheelchair",
	}
}

// A Station is a union worker station, an oxygen bar or a drivers' home.
type Station struct {
	ID         int64     // given by the record
	Version    int       // 1 when it is new; ignored on writing
	Code       string    // 站点编号, unique
	Name       Name      //
	Kind       Kind      //
	Status     Status    //
	Point      orb.Point // longitude, latitude, degrees, EPSG:4490
	County     string    // GB/T 2260, six digits
	Address    Name      // zh may be empty
	Hours      Hours     //
	Facilities []string  // codes of Facilities, sorted, no repeats
	Standard   bool      // 规范化
	AreaM2     float64   // floor area, 0 when unknown
	AltitudeM  float64   // metres above sea level, 0 when unknown
	Highway    string    // reference of the highway that a drivers' home stands at, for example "G318"
	Sample     bool      // 示例数据
	Source     Source
}

// Validate tells what is wrong with s; the error is an *Error.
func (s *Station) Validate() error {
	if s.Code == "" {
		return Refuse(ReasonRequired, "code", nil, "needs a station code")
	}
	if len(s.Code) > 60 {
		return Refuse(ReasonTooLong, "code", s.Code, "is longer than 60 bytes")
	}
	if err := s.Name.validate("name"); err != nil {
		return err
	}
	if err := oneOf("kind", s.Kind, Kinds()); err != nil {
		return err
	}
	if err := oneOf("status", s.Status, Statuses()); err != nil {
		return err
	}
	if err := CheckPoint("point", s.Point); err != nil {
		return err
	}
	if err := checkCounty("county", s.County); err != nil {
		return err
	}
	for _, f := range s.Facilities {
		if err := oneOf("facilities", f, Facilities()); err != nil {
			return err
		}
	}
	if !(s.AreaM2 >= 0 && s.AreaM2 <= 1e6) {
		return Refuse(ReasonRange, "area_m2", s.AreaM2, "must be from 0 to 1,000,000 m²")
	}
	if !(s.AltitudeM >= -500 && s.AltitudeM <= 9000) {
		return Refuse(ReasonRange, "altitude_m", s.AltitudeM, "must be from -500 to 9,000 m")
	}
	return nil
}

// OpenAt tells whether s receives people at t; known is false when its hours are not on record.
func (s *Station) OpenAt(t time.Time) (open, known bool) {
	if !s.Status.Serves() {
		return false, true
	}
	return s.Hours.OpenAt(ChinaTime(t)), s.Hours.Known()
}
