package kora

import (
	"math"
)

// An AreaVerdict is what comes of comparing a stated area with the computed one.
type AreaVerdict int

const (
	AreaAgrees  AreaVerdict = iota // or one of the two is not known
	AreaDiffers                    // by more than one per cent: for people to judge
	AreaUnit                       // by just the factor between two units: the number is in another unit than it seems
)

// areaTolerance is what an honest survey may differ by. Its area is that in the plane of its zone: on the plateau, 3 km up
// and 130 km off the axis, the ellipsoid has up to 0.1 % less, and corners are rounded.
const areaTolerance = 0.01

// unitFactors are how far off a number is when it is in one unit and taken for another.
var unitFactors = []struct {
	factor      float64
	given, read string
}{
	{10_000, "㎡", "公顷"}, {15, "亩", "公顷"}, {2000.0 / 3, "㎡", "亩"},
	{1.0 / 10_000, "公顷", "㎡"}, {1.0 / 15, "公顷", "亩"}, {3.0 / 2000, "亩", "㎡"},
}

// CompareArea compares the area that a bureau states with the one that is computed from the outline, in m². The error says
// what differs; it is nil when they agree.
func CompareArea(statedM2, computedM2 float64) (AreaVerdict, *Error) {
	if !(statedM2 > 0 && computedM2 > 0) {
		return AreaAgrees, nil
	}
	ratio := statedM2 / computedM2
	if math.Abs(ratio-1) <= areaTolerance {
		return AreaAgrees, nil
	}
	for _, u := range unitFactors {
		if math.Abs(ratio/u.factor-1) < 2*areaTolerance {
			return AreaUnit, Refuse(ReasonRange, "stated_m2", nil,
				"the stated area is %.4g times that of the outline (%.4f ha): it seems to be given in %s instead of %s", ratio, computedM2/10_000, u.given, u.read)
		}
	}
	return AreaDiffers, Refuse(ReasonRange, "stated_m2", nil,
		"the stated area is %.4f ha, that of the outline %.4f ha: %+.1f %%", statedM2/10_000, computedM2/10_000, (ratio-1)*100)
}
