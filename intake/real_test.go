package intake_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"kora"
)

func realInput(t *testing.T, name string) (path string, raw []byte) {
	t.Helper()
	path = filepath.Join("..", "..", "shared", "data", "parcels", name)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("without the real file: %v", err)
	}
	return path, raw
}

// all gives every item of a preview.
func (d *desk) all(t *testing.T, id string) (items []kora.ImportItem) {
	t.Helper()
	for {
		some, total, err := d.Items(t.Context(), id, "", len(items), 1000)
		if err != nil {
			t.Fatal(err)
		}
		if items = append(items, some...); len(items) == total {
			return items
		}
	}
}

// The fiscal area of French parcels comes from deeds, not from the drawing, so single ones are some per cent off either way (1.8 % in the
// middle of these 900, 10.8 % for nine of ten); their sum tells whether areas are computed rightly.
func TestFiscalAreasOfTheFrenchCadastre(t *testing.T) {
	_, raw := realInput(t, "fr-cadastre-900.geojson")
	var layer struct {
		Features []struct {
			Properties struct {
				IDU  string
				SUPF float64
			}
			Geometry json.RawMessage
		}
	}
	if err := json.Unmarshal(raw, &layer); err != nil {
		t.Fatal(err)
	}
	type feature struct {
		Type       string          `json:"type"`
		Geometry   json.RawMessage `json:"geometry"`
		Properties map[string]any  `json:"properties"`
	}
	collection := struct {
		Type     string    `json:"type"`
		Features []feature `json:"features"`
	}{Type: "FeatureCollection"}
	for _, f := range layer.Features {
		collection.Features = append(collection.Features, feature{"Feature", f.Geometry, map[string]any{"number": f.Properties.IDU, "name": map[string]string{"zh": f.Properties.IDU},
			"use": map[string]string{"code": "0701", "scheme": "2023"}, "status": "promoted", "stated_m2": f.Properties.SUPF}})
	}
	text, err := json.Marshal(collection)
	if err != nil {
		t.Fatal(err)
	}
	d := open(t)
	in := d.preview(t, "cadastre.geojson", string(text))
	if in.Counts.Added != len(layer.Features) || in.Counts.Refused != 0 {
		t.Fatalf("%+v", in.Counts)
	}
	var off []float64
	var stated, computed float64
	overlaps := 0
	for _, item := range d.all(t, in.ID) {
		off = append(off, math.Abs(item.AreaM2-item.StatedM2)/item.StatedM2)
		stated, computed = stated+item.StatedM2, computed+item.AreaM2
		overlaps += len(item.Overlaps)
	}
	slices.Sort(off)
	t.Logf("half are within %.2f %%, nine of ten within %.1f %%, their sums %.2f %% apart; %d overlaps", 100*off[len(off)/2], 100*off[len(off)*9/10], 100*(computed/stated-1), overlaps)
	if off[len(off)/2] > 0.02 || off[len(off)*9/10] > 0.12 || math.Abs(computed/stated-1) > 0.003 {
		t.Error("the areas do not agree")
	}
	if got := d.confirm(t, in.ID, false); got.State != kora.ImportDone {
		t.Errorf("%+v", got)
	}
}

// The zoning of San José is in US survey feet. Its areas in the plane, told by GDAL alone, are those on the ellipsoid but for the
// scale of the projection, which is within one in ten thousand here.
func TestAreasOfTheZoningOfSanJose(t *testing.T) {
	path, raw := realInput(t, "sanjose-zoning-epsg2227.zip")
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("without ogr2ogr")
	}
	d := open(t)
	in, err := d.Add(t.Context(), clerk, "parcels", "zoning.zip", bytes.NewReader(raw), kora.ImportOptions{Number: "ZONING_ID", Use: "2023:07"})
	if err != nil {
		t.Fatal(err)
	}
	in = d.until(t, in.ID, kora.ImportReady, kora.ImportFailed)
	if in.State != kora.ImportReady || in.Counts.Added < 4000 {
		t.Fatalf("%+v %+v", in, in.Refused)
	}
	out, err := exec.CommandContext(t.Context(), "ogrinfo", "-ro", "-q", "/vsizip/"+path).Output()
	if err != nil {
		t.Fatal(err)
	}
	name := string(bytes.Fields(out)[1])
	out, err = exec.CommandContext(t.Context(), "ogr2ogr", "-f", "CSV", "/vsistdout/", "/vsizip/"+path, "-sql", "SELECT ZONING_ID, OGR_GEOM_AREA FROM \""+name+"\"").Output()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(out)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	const foot = 1200.0 / 3937 // of a US survey foot, metres
	plane := map[string]float64{}
	for _, r := range rows[1:] {
		v, _ := strconv.ParseFloat(r[1], 64)
		plane[r[0]] = v * foot * foot
	}
	worst, compared := 0.0, 0
	for _, item := range d.all(t, in.ID) {
		if want, ok := plane[item.Key]; ok && item.Outcome == "added" && want > 100 {
			worst, compared = max(worst, math.Abs(item.AreaM2/want-1)), compared+1
		}
	}
	t.Logf("%d areas are at most %.4f %% apart", compared, 100*worst)
	if compared < 4000 || worst > 0.0005 {
		t.Errorf("%d compared, %.4f %% apart", compared, 100*worst)
	}
}
