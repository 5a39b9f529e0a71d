package tiles_test

import (
	"fmt"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"kora/atlas/atlastest"
	"kora/bench/land"
	"kora/tiles"
)

// BenchmarkParcels makes tiles of parcels; it is for profiles. `make bench` compares.
func BenchmarkParcels(b *testing.B) {
	town := atlastest.Town(b)
	for _, p := range land.Parcels(100_000) {
		town.Parcels[p.ID] = p
	}
	a := atlastest.Open(b, town).Atlas()
	l := tiles.Layers()[4]
	for z := maptile.Zoom(12); z <= 15; z++ {
		b.Run(fmt.Sprint(z), func(b *testing.B) {
			at := maptile.At(orb.Point{land.West + 0.3, land.South + 0.3}, z)
			bytes := 0
			b.ReportAllocs()
			for i := uint32(0); b.Loop(); i++ {
				tile, err := l.Encode(a, maptile.New(at.X-3+i%6, at.Y-3+i/6%6, z))
				if err != nil {
					b.Fatal(err)
				}
				bytes += len(tile)
			}
			b.SetBytes(int64(bytes / b.N))
		})
	}
}
