// Package land makes parcels to measure with: contiguous, of about 25 points and ten attributes, the same every time.
package land

import (
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"kora"
)

// The land lies around Nyingchi; west and north are its corner, degrees.
const (
	West, South = 94.1, 29.3
	side        = 0.002 // of a parcel, degrees: about 200 m
	bends       = 5     // of a border between two corners
)

// Parcels gives n parcels, with IDs from 1, row by row in a square. Neighbours share their borders, bend by bend. Strings
// are not shared, as when they are read from the record.
func Parcels(n int) []*kora.Parcel {
	width := int(math.Ceil(math.Sqrt(float64(n))))
	all := make([]*kora.Parcel, n)
	for i := range all {
		all[i] = Parcel(int64(i+1), i%width, i/width)
	}
	return all
}

// Parcel makes the parcel at a place in the square.
func Parcel(id int64, x, y int) *kora.Parcel {
	ring := make(orb.Ring, 0, 4*(bends+1)+1)
	ring = border(ring, x, y, x+1, y)
	ring = border(ring, x+1, y, x+1, y+1)
	ring = border(ring, x+1, y+1, x, y+1)
	ring = border(ring, x, y+1, x, y)
	ring = append(ring, ring[0])
	pick := func(what uint64, of ...string) string {
		return strings.Clone(of[dice(uint64(id), what)%uint64(len(of))])
	}
	number := func(what uint64, low, high float64) float64 {
		return low + math.Floor(part(uint64(id), what)*(high-low))
	}
	uses := []string{"0701", "0702", "0901", "0902", "1001", "100101", "100102", "1101", "1202", "1301", "1401", "0801", "0804"}
	statuses := kora.ParcelStatuses()
	far := number(6, 1, 5)
	p := &kora.Parcel{
		ID: id, Number: fmt.Sprintf("LZ-%07d-%d", dice(uint64(id), 0)%10_000_000, id),
		Name:    kora.Name{ZH: fmt.Sprintf("示例地块%d号", id)},
		Address: kora.Name{ZH: fmt.Sprintf("示例镇%d村", id%97)},
		County:  pick(1, "540402", "540421", "540422", "540423", "540424", "540425", "540426"),
		Use:     kora.LandUse{Code: pick(2, uses...), Scheme: kora.Scheme2023},
		Status:  kora.ParcelStatus(strings.Clone(string(statuses[dice(uint64(id), 3)%uint64(len(statuses))]))),
		Supply:  pick(4, kora.SupplyModes()...), AreaM2: number(5, 30_000, 50_000), FAR: kora.Range{Max: &far},
		AltitudeM: number(7, 2900, 3600), TermYears: 40 + int(dice(uint64(id), 8)%4)*10,
		Facilities: []string{pick(9, kora.Utilities()...)}, Sample: true, Geometry: orb.MultiPolygon{{ring}},
	}
	if dice(uint64(id), 10)%4 == 0 {
		p.Price = &kora.Price{Amount: number(11, 100, 10_000), Unit: "万元"}
	}
	if dice(uint64(id), 12)%10 == 0 {
		second := kora.LandUse{Code: pick(13, "0901", "1001"), Scheme: kora.Scheme2023}
		p.Uses = []kora.UseShare{{LandUse: p.Use, AreaM2: p.AreaM2 / 2}, {LandUse: second, AreaM2: p.AreaM2 / 2}}
	}
	return p
}

// border appends the border from one corner to the next, without the last point. From both sides it is the same line.
func border(ring orb.Ring, x, y, toX, toY int) orb.Ring {
	for k := range bends + 1 {
		i, j, step := x, y, k
		if toX < x || toY < y {
			i, j, step = toX, toY, bends+1-k
		}
		along := float64(step) / (bends + 1)
		at := orb.Point{float64(i), float64(j)}
		if toX != x {
			at[0] += along
		} else {
			at[1] += along
		}
		seed := uint64(i)<<40 | uint64(j)<<8 | uint64(step)
		if toX == x {
			seed |= 1 << 63
		}
		if k == 0 { // a corner is that of four parcels
			at, seed = orb.Point{float64(x), float64(y)}, uint64(x)<<40|uint64(y)<<8|0xff
		}
		ring = append(ring, orb.Point{West + side*(at[0]+0.1*part(seed, 20)), South + side*(at[1]+0.1*part(seed, 21))})
	}
	return ring
}

// part gives a number from 0 up to 1, always the same for the same arguments.
func part(of, what uint64) float64 { return float64(dice(of, what)>>11) / (1 << 53) }

// dice mixes two numbers (splitmix64).
func dice(of, what uint64) uint64 {
	z := of*0x9e3779b97f4a7c15 + what*0xd1b54a32d192ed03
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
