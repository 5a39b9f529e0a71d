package intake

import (
	"slices"
	"strings"

	"kora"
	"kora/geo/datum"
	"kora/importers"
)

// Kinds lists what files may hold.
func Kinds() []string { return []string{"parcels", "stations"} }

// ParcelOptions are the options as importers take them.
func ParcelOptions(o kora.ImportOptions) (importers.ParcelOptions, error) {
	opts := importers.ParcelOptions{CGCS2000: o.CGCS2000, Exchanged: o.Exchanged, CRS: o.CRS, Layer: o.Layer, Number: o.Number}
	var err error
	if opts.Zone, err = ZoneOf(o.Zone, o.DegreeZone); err != nil {
		return opts, err
	}
	if o.Use != "" {
		scheme, code, ok := strings.Cut(o.Use, ":")
		opts.Use = kora.LandUse{Code: code, Scheme: kora.UseScheme(scheme)}
		if !ok || !slices.Contains(kora.UseSchemes(), opts.Use.Scheme) {
			return opts, kora.Refuse(kora.ReasonSyntax, "use", o.Use, "must be a scheme and a code, such as 2023:1001")
		}
	}
	if o.Within != "" {
		box, err := kora.ParseBox("within", o.Within)
		if err != nil {
			return opts, err
		}
		opts.Within = &box
	}
	return opts, nil
}

// ZoneOf is the zone that a number and a width name, none when both are 0.
func ZoneOf(number, width int) (datum.Zone, error) {
	if number == 0 {
		if width != 0 {
			return datum.Zone{}, kora.Refuse(kora.ReasonRequired, "zone", nil, "is needed beside --degree-zone")
		}
		return datum.Zone{}, nil
	}
	zone, ok := datum.ZoneByNumber(number)
	if !ok || width != 0 && width != zone.Width {
		return zone, kora.Refuse(kora.ReasonRange, "zone", number, "is no zone of CGCS2000 in China: 25 to 45 are those of 3 degrees, 13 to 23 those of 6")
	}
	return zone, nil
}
