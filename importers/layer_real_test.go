package importers

import (
	"encoding/json"
	"math"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"kora"
)

// The zoning of San José is in feet of a Lambert projection: PostGIS brings it to where ogr2ogr, which judges by PROJ alone,
// has it, and the areas are those of the feet.
func TestZoningOfSanJose(t *testing.T) {
	raw := realInput(t, filepath.Join("parcels", "sanjose-zoning-epsg2227.zip"))
	opts := ParcelOptions{Number: "ZONING_ID", Use: kora.LandUse{Code: "07", Scheme: kora.Scheme2023}}
	b, err := Parcels(t.Context(), "zoning.zip", strings.NewReader(raw), postgis{conn: connect(t)}, opts)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("GDAL is not here")
	}
	path := filepath.Join("..", "..", "shared", "data", "parcels", "sanjose-zoning-epsg2227.zip")
	judge := func(args ...string) []*geojson.Feature {
		out, err := exec.CommandContext(t.Context(), "ogr2ogr", append(append([]string{"-f", "GeoJSON", "-lco", "SIGNIFICANT_FIGURES=17"}, args...), "/vsistdout/", "/vsizip/"+path)...).Output()
		if err != nil {
			t.Fatal(err)
		}
		var fc geojson.FeatureCollection
		if err := json.Unmarshal(out, &fc); err != nil {
			t.Fatal(err)
		}
		return fc.Features
	}
	all := judge("-t_srs", "EPSG:4326", "-lco", "RFC7946=NO")
	if len(b.Items)+len(b.Faults) < len(all) || len(b.Items) < len(all)*9/10 {
		t.Errorf("%d items and %d faults of %d features", len(b.Items), len(b.Faults), len(all))
	}
	far := 0.0
	for _, item := range b.Items {
		got := multi(all[item.Line-1].Geometry)
		if len(got) != len(item.Value.Geometry) {
			t.Fatalf("feature %d has %d polygons, not %d", item.Line, len(item.Value.Geometry), len(got))
		}
		for i, poly := range got {
			for j, ring := range poly {
				for k, at := range ring {
					far = max(far, metresApart(item.Value.Geometry[i][j][k], at))
				}
			}
		}
	}
	if far > 0.01 || math.IsNaN(far) {
		t.Errorf("a corner lies %.4f m from where PROJ has it", far)
	}
	t.Logf("%d items, %d faults, %d warnings, at most %.6f m apart", len(b.Items), len(b.Faults), len(b.Warnings), far)
	for _, f := range b.Faults[:min(3, len(b.Faults))] {
		t.Log(f)
	}
	for _, f := range b.Warnings[:min(3, len(b.Warnings))] {
		t.Log(f)
	}
}

func multi(g orb.Geometry) orb.MultiPolygon {
	switch g := g.(type) {
	case orb.Polygon:
		return orb.MultiPolygon{g}
	case orb.MultiPolygon:
		return g
	}
	return nil
}
