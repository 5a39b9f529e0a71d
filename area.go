package kora

import "github.com/paulmach/orb"

// A KeyArea is a 重点区域: a drawn part of a city that the service circle must cover.
type KeyArea struct {
	ID       int64
	Code     string // unique
	Name     Name
	County   string
	Geometry orb.MultiPolygon // degrees, EPSG:4490
	Sample   bool
	Source   Source
}

// Validate tells what is wrong with a; the error is an *Error.
func (a *KeyArea) Validate() error {
	if a.Code == "" {
		return Refuse(ReasonRequired, "code", nil, "needs a code")
	}
	if err := a.Name.validate("name"); err != nil {
		return err
	}
	if err := checkCounty("county", a.County); err != nil {
		return err
	}
	return checkMultiPolygon("geometry", a.Geometry)
}

// A Highway is the course of a national or provincial road.
type Highway struct {
	ID       int64
	Ref      string // "G318", unique
	Name     Name
	Geometry orb.MultiLineString // degrees, EPSG:4490, in the direction of rising chainage
	Sample   bool
	Source   Source
}

// Validate tells what is wrong with h; the error is an *Error.
func (h *Highway) Validate() error {
	if h.Ref == "" {
		return Refuse(ReasonRequired, "ref", nil, "needs a road number such as G318")
	}
	if err := h.Name.validate("name"); err != nil {
		return err
	}
	return checkMultiLine("geometry", h.Geometry)
}
