package importers

import (
	"bytes"
	"context"
	"os"
	"testing"
)

// BenchmarkNetwork reads a real extract, with slopes, into the networks of all profiles.
func BenchmarkNetwork(b *testing.B) {
	for _, name := range []string{"andorra", "heidelberg.test", "baltimore", "monaco"} {
		file, err := os.ReadFile("../../shared/data/osm/" + name + ".osm.pbf")
		if os.IsNotExist(err) {
			b.Skip("the extract is not at hand")
		}
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var report NetworkReport
			for b.Loop() {
				_, report, err = Network(context.Background(), name, bytes.NewReader(file),
					NetworkOptions{DEM: os.DirFS("../../shared/data/elevation")})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.Logf("%d turns, unused %v, %+v", report.Turns, report.TurnsUnused, report.Profiles)
		})
	}
}
