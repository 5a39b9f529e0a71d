package tiles

import (
	"slices"
	"time"

	"kora"
	"kora/atlas"
	"kora/geo/flat"
	"kora/tiles/mvt"
)

// stationsFrom is the zoom from which stations are drawn one by one.
const stationsFrom = 10

func stationsLayer() *Layer {
	kinds, statuses := kora.Kinds(), kora.Statuses()
	kindWords, statusWords := words(kinds), words(statuses)
	about := map[string]string{"kind": "String", "status": "String", "bands": "Number: open by day 1, by night 2, round the clock 4", "sample": "Boolean"}
	counts := map[string]string{"count": "Number"}
	for _, k := range kinds {
		counts[string(k)] = "Number: how many of this kind"
	}
	return &Layer{
		Name: "stations", MinZoom: 0, MaxZoom: 14, depends: []kora.Layer{kora.LayerStation},
		Contents: []Content{
			{"stations", "Stations, one by one", stationsFrom, 14, fields(about)},
			{"clusters", "How many stations are around a point", 0, stationsFrom - 1, counts},
		},
		stores: func(a *atlas.Atlas) []*flat.Store { return []*flat.Store{a.StationTable().Shapes()} },
		draw: func(d *drawing) {
			table := d.atlas.StationTable()
			if d.tile.Z < stationsFrom {
				d.Layer("clusters")
				count, byKind := d.Key("count"), make([]mvt.Key, len(kinds))
				for i, k := range kinds {
					byKind[i] = d.Key(string(k))
				}
				gather(d, table, nil, func(row uint32) int { return slices.Index(kinds, table.At(row).Kind) })
				d.clusters.each(func(c *cluster) {
					if d.dot(c.cell.TileID(), c.at()) {
						d.Tag(count, mvt.Int(int64(c.count)))
						d.counts(byKind, c)
					}
				})
				return
			}
			d.Layer("stations")
			kind, status, bands, sample, named := d.Column("kind", kindWords), d.Column("status", statusWords), d.Key("bands"), d.flag("sample"), d.names()
			for _, r := range d.in(table.Shapes(), func(row uint32) int64 { return table.At(row).ID }) {
				s := table.At(r.row)
				if !d.Feature(uint64(s.ID), table.Shapes().Shape(r.row)) {
					continue
				}
				d.Code(kind, uint32(slices.Index(kinds, s.Kind)))
				d.Code(status, uint32(slices.Index(statuses, s.Status)))
				if s.Hours.Known() {
					d.Tag(bands, mvt.Int(int64(bandsOf(s.Hours))))
				}
				d.isTrue(sample, s.Sample)
				d.name(named, s.Name.ZH, s.Name.BO, s.Name.EN)
			}
		},
	}
}

// words are the texts of a code list, by their places.
func words[S ~string](list []S) *mvt.Dictionary {
	values := make([]mvt.Value, len(list))
	for i, w := range list {
		values[i] = mvt.String(string(w))
	}
	return mvt.NewDictionary(values...)
}

// The bands of time in which a station may be open, as bits: tiles must not change with the clock.
const (
	bandDay   = 1 // a Wednesday at 12:00
	bandNight = 2 // a Wednesday at 23:00
	bandRound = 4 // round the clock, every day
)

func bandsOf(h kora.Hours) (bands int) {
	wednesday := time.Date(2026, 1, 7, 0, 0, 0, 0, time.UTC)
	if h.OpenAt(wednesday.Add(12 * time.Hour)) {
		bands |= bandDay
	}
	if h.OpenAt(wednesday.Add(23 * time.Hour)) {
		bands |= bandNight
	}
	if _, closes := h.NextChange(wednesday); !closes && h.OpenAt(wednesday) {
		bands |= bandRound
	}
	return bands
}
