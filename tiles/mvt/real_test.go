package mvt_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// sanJose makes GeoJSON in degrees of the zoning map of San José, which is a Shapefile in feet (EPSG:2227).
func sanJose(t testing.TB) string {
	t.Helper()
	zip := "../../../shared/data/parcels/sanjose-zoning-epsg2227.zip"
	if _, err := os.Stat(zip); err != nil {
		t.Skip(err)
	}
	out := filepath.Join(t.TempDir(), "zoning.geojson")
	cmd := exec.CommandContext(t.Context(), "ogr2ogr", "-f", "GeoJSON", "-t_srs", "EPSG:4326", "-lco", "COORDINATE_PRECISION=8", out, "/vsizip/"+zip)
	if b, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("ogr2ogr: %v: %s", err, b)
	}
	return out
}
