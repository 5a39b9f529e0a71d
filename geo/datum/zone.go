package datum

import "fmt"

// A Zone is a Gauss-Krüger zone of CGCS2000 (GB/T 17798, EPSG 4491–4554).
type Zone struct {
	Width  int // degrees of longitude: 3 or 6
	Number int // 25–45 of width 3, 13–23 of width 6
}

// ZoneByNumber is the zone that number names; the numbers of the two widths do not meet in China. False when there is
// no such zone.
func ZoneByNumber(number int) (Zone, bool) {
	for _, width := range []int{3, 6} {
		if z := (Zone{width, number}); z.Valid() {
			return z, true
		}
	}
	return Zone{}, false
}

// Valid tells whether z is a zone that covers a part of China.
func (z Zone) Valid() bool {
	return z.Width == 3 && z.Number >= 25 && z.Number <= 45 || z.Width == 6 && z.Number >= 13 && z.Number <= 23
}

// CentralMeridian is the longitude of z's axis, degrees east.
func (z Zone) CentralMeridian() int {
	if z.Width == 6 {
		return 6*z.Number - 3
	}
	return 3 * z.Number
}

// EPSG is the code of z's reference system. With prefixed, eastings carry the zone number before the six digits of the
// metres (false easting Number·1,000,000 + 500,000 m); without, the false easting is 500,000 m.
func (z Zone) EPSG(prefixed bool) (int, error) {
	if !z.Valid() {
		return 0, fmt.Errorf("CGCS2000 has no %d-degree zone %d in China", z.Width, z.Number)
	}
	switch {
	case z.Width == 3 && prefixed:
		return 4488 + z.Number, nil
	case z.Width == 3:
		return 4509 + z.Number, nil
	case prefixed:
		return 4478 + z.Number, nil
	}
	return 4489 + z.Number, nil
}

// ZoneByEPSG is the zone whose reference system has that code, and whether its eastings carry the number. False when the
// code is that of no zone.
func ZoneByEPSG(code int) (z Zone, prefixed, ok bool) {
	for number := 13; number <= 45; number++ {
		z, ok := ZoneByNumber(number)
		if !ok {
			continue
		}
		for _, prefixed := range []bool{true, false} {
			if c, err := z.EPSG(prefixed); err == nil && c == code {
				return z, prefixed, true
			}
		}
	}
	return Zone{}, false, false
}
