package tiles

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"kora"
	"kora/atlas"
	"kora/geo/flat"
	"kora/tiles/mvt"
)

// The zooms from which parcels are drawn by their outlines, and from which they have labels.
const (
	outlinesFrom = 12
	labelsFrom   = 13
)

func parcelsLayer() *Layer {
	statuses := kora.ParcelStatuses()
	about := map[string]string{
		"number": "String", "use": "Number: the first two digits of the code of the guide of 2023",
		"status": "Number: the place in the life cycle: " + numbered(statuses), "area_m2": "Number: rounded to 100", "sample": "Boolean",
	}
	groups := make([]mvt.Value, 100) // by the two digits
	for i := range groups {
		groups[i] = mvt.Int(int64(i))
	}
	states := make([]mvt.Value, len(statuses))
	for i := range states {
		states[i] = mvt.Int(int64(i))
	}
	codes := parcelCodes{statuses: statuses, status: mvt.NewDictionary(states...), use: mvt.NewDictionary(groups...)}
	few := map[string]string{"count": "Number"}
	for k, v := range about {
		few[k] = v + "; where count is 1"
	}
	return &Layer{
		Name: "parcels", MinZoom: 0, MaxZoom: 15, depends: []kora.Layer{kora.LayerParcel}, filters: true,
		Contents: []Content{
			{"parcels", "Outlines of parcels", outlinesFrom, 15, about},
			{"labels", "A point in each parcel, with its names", labelsFrom, 15, fields(about)},
			{"clusters", "How many parcels are around a point", 0, outlinesFrom - 1, few},
		},
		stores: func(a *atlas.Atlas) []*flat.Store { return []*flat.Store{a.ParcelTable().Shapes()} },
		draw: func(d *drawing) {
			table := d.atlas.ParcelTable()
			if d.tile.Z < outlinesFrom {
				d.Layer("clusters")
				count, tags := d.Key("count"), d.parcelTags(&codes)
				gather(d, table, d.filter, func(uint32) int { return 0 })
				d.clusters.each(func(c *cluster) {
					if d.dot(c.cell.TileID(), c.at()) {
						d.Tag(count, mvt.Int(int64(c.count)))
						if c.count == 1 {
							tags.tag(d, table.At(c.row))
						}
					}
				})
				return
			}
			d.Simplify(0) // they have few corners, and each of them matters
			rows := d.parcels()
			d.Layer("parcels")
			tags := d.parcelTags(&codes)
			for _, r := range rows {
				if d.Feature(uint64(r.key), table.Shapes().Shape(r.row)) {
					tags.tag(d, table.At(r.row))
				}
			}
			if d.tile.Z < labelsFrom {
				return
			}
			d.Layer("labels")
			tags = d.parcelTags(&codes)
			named := d.names()
			for _, r := range rows {
				if d.dot(uint64(r.key), table.Middle(r.row)) {
					p := table.At(r.row)
					tags.tag(d, p)
					d.name(named, p.Name.ZH, p.Name.BO, p.Name.EN)
				}
			}
		},
	}
}

// numbered lists words with their places.
func numbered[S ~string](list []S) string {
	var b strings.Builder
	for i, w := range list {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%d %s", i, w)
	}
	return b.String()
}

// parcels gives the rows of the parcels that are meant and whose boxes touch the tile with its buffer, by the parcels' IDs.
func (d *drawing) parcels() []row {
	table := d.atlas.ParcelTable()
	d.rows = d.rows[:0]
	take := func(r uint32) { d.rows = append(d.rows, row{table.At(r).ID, r}) }
	if d.filter == nil {
		table.Shapes().In(d.within, take)
	} else {
		d.filter.In(d.within, take)
	}
	return d.sorted()
}

// parcelTags are the attributes of parcels, small numbers as far as they can be, so that a map may filter by them.
type parcelTags struct {
	number, area        mvt.Key
	use, status, sample mvt.Column
	statuses            []kora.ParcelStatus
}

// parcelCodes are the numbers that parcels have for tags.
type parcelCodes struct {
	statuses    []kora.ParcelStatus
	use, status *mvt.Dictionary
}

func (d *drawing) parcelTags(c *parcelCodes) parcelTags {
	return parcelTags{number: d.Key("number"), use: d.Column("use", c.use), area: d.Key("area_m2"), sample: d.flag("sample"),
		status: d.Column("status", c.status), statuses: c.statuses}
}

func (k *parcelTags) tag(d *drawing, p *kora.Parcel) {
	d.Own(k.number, mvt.String(p.Number))
	if use, ok := useGroup(p.Use); ok {
		d.Code(k.use, use)
	}
	if i := slices.Index(k.statuses, p.Status); i >= 0 {
		d.Code(k.status, uint32(i))
	}
	d.Tag(k.area, mvt.Int(int64(math.Round(p.AreaM2/100))*100))
	d.isTrue(k.sample, p.Sample)
}

// useGroup is the first level of a code of the guide of 2023.
func useGroup(u kora.LandUse) (group uint32, ok bool) {
	if u.Scheme != kora.Scheme2023 || len(u.Code) < 2 {
		return 0, false
	}
	tens, ones := u.Code[0]-'0', u.Code[1]-'0'
	return uint32(tens)*10 + uint32(ones), tens <= 9 && ones <= 9
}
