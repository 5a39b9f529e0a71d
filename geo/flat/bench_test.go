package flat_test

import (
	"testing"

	"github.com/paulmach/orb"

	"kora/bench/land"
	"kora/geo/flat"
)

// boxOfTile is a tile of a zoom in the midst of the generated land.
func boxOfTile(zoom int) flat.Box {
	wide := int32(flat.Extent >> zoom)
	at := flat.Project(orb.Point{land.West + 0.3, land.South + 0.3})
	x, y := at.X/wide*wide, at.Y/wide*wide
	return flat.Box{Min: flat.Point{X: x, Y: y}, Max: flat.Point{X: x + wide, Y: y + wide}}
}

func BenchmarkStore(b *testing.B) {
	parcels := land.Parcels(100_000)
	at := func(row uint32) orb.Geometry { return parcels[row].Geometry }
	s := flat.New(len(parcels), at)
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			flat.New(len(parcels), at)
		}
	})
	// The list is as long as it may get, and then one more.
	var edits []flat.Edit
	for row := range uint32(1805) {
		edits = append(edits, flat.Edit{Row: row * 50, Geometry: parcels[row].Geometry})
	}
	full := s.With(edits...)
	b.Run("with", func(b *testing.B) {
		for b.Loop() {
			s.With(edits[0])
		}
	})
	b.Run("with, repacked", func(b *testing.B) {
		for b.Loop() {
			full.With(edits[0])
		}
	})
	for _, c := range []struct {
		name  string
		store *flat.Store
		zoom  int
	}{{"in, zoom 14", s, 14}, {"in, zoom 12", s, 12}, {"in, zoom 14, a full list", full, 14}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			rows := 0
			for b.Loop() {
				rows = 0
				c.store.In(boxOfTile(c.zoom), func(uint32) { rows++ })
			}
			b.ReportMetric(float64(rows), "rows")
		})
	}
}
