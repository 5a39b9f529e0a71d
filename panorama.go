package kora

import (
	"math"
	"time"
)

// A Panorama is a picture of all that is seen from one spot, belonging to a parcel.
type Panorama struct {
	ID         int64
	Version    int    // 1 when it is new; ignored on writing
	Parcel     string // the number of the parcel
	Picture    string // SHA-256 of the file that came, by which the same one is known again
	Caption    Name
	Alt        Name      // what is to be seen, in words, for whoever does not see it
	TakenOn    time.Time // a day; zero when it is not known
	HeadingDeg *float64  // the compass bearing of the picture's middle, nil when it is not known
	HotSpots   []HotSpot
	Levels     []PanoramaLevel // by width; set by the record
	Sample     bool
}

// A HotSpot is a spot in a panorama that leads to another panorama or to a parcel; one of the two is set.
type HotSpot struct {
	YawDeg   float64 `json:"yaw_deg"`   // from the picture's middle to the right, -180 to 180
	PitchDeg float64 `json:"pitch_deg"` // from the horizon up, -90 to 90
	Panorama int64   `json:"panorama,omitempty"`
	Parcel   string  `json:"parcel,omitempty"`
	Label    Name    `json:"label"`
}

// A PanoramaLevel is a panorama's picture in one size, twice as wide as high.
type PanoramaLevel struct {
	Width  int    `json:"width"`
	SHA256 string `json:"sha256"` // of its JPEG
	Bytes  int64  `json:"bytes"`
}

// A PanoramaImage is the JPEG of one level.
type PanoramaImage struct {
	Width int
	JPEG  []byte
}

const (
	maxCaption  = 200
	maxAlt      = 2000
	maxHotSpots = 50
)

// Revision names what p is a version of.
func (p *Panorama) Revision() Revision { return Revision{p.ID, p.Version} }

// Validate tells what is wrong with p; the error is an *Error.
func (p *Panorama) Validate() error {
	if p.Parcel == "" {
		return Refuse(ReasonRequired, "parcel", nil, "needs the number of its parcel")
	}
	if err := CheckText("parcel", p.Parcel, 60, false); err != nil {
		return err
	}
	for _, text := range []struct {
		field string
		name  Name
		most  int
		lines bool
		needs *Error
	}{
		{"caption", p.Caption, maxCaption, false, Refuse(ReasonRequired, "caption", nil, "needs a Chinese caption")},
		{"alt", p.Alt, maxAlt, true, Refuse(ReasonRequired, "alt", nil, "needs a Chinese description for people who do not see the picture")},
	} {
		if text.name.ZH == "" {
			return text.needs
		}
		for _, s := range []string{text.name.ZH, text.name.BO, text.name.EN} {
			if err := CheckText(text.field, s, text.most, text.lines); err != nil {
				return err
			}
		}
	}
	if h := p.HeadingDeg; h != nil && !(*h >= 0 && *h < 360) {
		return Refuse(ReasonRange, "heading_deg", *h, "must be from 0 to less than 360 degrees")
	}
	if len(p.HotSpots) > maxHotSpots {
		return Refuse(ReasonTooLong, "hot_spots", len(p.HotSpots), "are more than %d", maxHotSpots)
	}
	for _, h := range p.HotSpots {
		if err := h.validate(); err != nil {
			return err
		}
	}
	return nil
}

func (h HotSpot) validate() error {
	if !(math.Abs(h.YawDeg) <= 180) {
		return Refuse(ReasonRange, "hot_spots.yaw_deg", h.YawDeg, "must be from -180 to 180 degrees")
	}
	if !(math.Abs(h.PitchDeg) <= 90) {
		return Refuse(ReasonRange, "hot_spots.pitch_deg", h.PitchDeg, "must be from -90 to 90 degrees")
	}
	if h.Panorama < 0 || (h.Panorama != 0) == (h.Parcel != "") {
		return Refuse(ReasonRequired, "hot_spots", nil, "lead to a panorama or to a parcel, one of the two")
	}
	if err := CheckText("hot_spots.parcel", h.Parcel, 60, false); err != nil {
		return err
	}
	return h.Label.validate("hot_spots.label")
}
