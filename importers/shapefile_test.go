package importers

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os/exec"
	"strings"
	"testing"

	"kora"
)

// circles is an archive of a Shapefile of so many circles in zone 31, of so many corners each, not packed.
func circles(t testing.TB, n, corners int) []byte {
	t.Helper()
	var shp, shx, dbf bytes.Buffer
	put := func(w *bytes.Buffer, order binary.ByteOrder, values ...any) {
		for _, v := range values {
			if err := binary.Write(w, order, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	content := (44 + 4 + 16*(corners+1)) / 2 // in words of 16 bits
	for w, words := range map[*bytes.Buffer]int{&shp: 50 + n*(4+content), &shx: 50 + n*4} {
		put(w, binary.BigEndian, [6]uint32{9994}, uint32(words))
		put(w, binary.LittleEndian, uint32(1000), uint32(5), [8]float64{})
	}
	put(&dbf, binary.LittleEndian, [4]byte{3}, uint32(n), uint16(65), uint16(11), [20]byte{},
		[11]byte{'D', 'K', 'B', 'H'}, byte('C'), [4]byte{}, byte(10), [15]byte{}, byte('\r'))
	for i := range n {
		put(&shx, binary.BigEndian, uint32(shp.Len()/2), uint32(content))
		put(&shp, binary.BigEndian, uint32(i+1), uint32(content))
		x, y := 31_500_000+float64(i%100)*500, 3_280_000+float64(i/100)*500
		put(&shp, binary.LittleEndian, uint32(5), [4]float64{x - 100, y - 100, x + 100, y + 100}, [3]uint32{1, uint32(corners + 1), 0})
		points := make([]float64, 0, 2*corners+2)
		for k := range corners + 1 {
			sin, cos := math.Sincos(-2 * math.Pi * float64(k%corners) / float64(corners))
			points = append(points, x+100*cos, y+100*sin)
		}
		put(&shp, binary.LittleEndian, points)
		fmt.Fprintf(&dbf, " P%-9d", i)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, part := range map[string]*bytes.Buffer{"a.shp": &shp, "a.shx": &shx, "a.dbf": &dbf} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(part.Bytes()); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What a large layer costs here; the child beside it takes some 50 MB, and may reserve 192 MB. 3,000 circles, which are a file
// of 46 MB, take 111 MB.
func TestLargeLayer(t *testing.T) {
	if testing.Short() {
		t.Skip("reads a million corners")
	}
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("GDAL is not here")
	}
	n := 1000
	if underRace {
		n /= 16
	}
	raw := circles(t, n, 1000)
	var b Batch[kora.Parcel]
	var err error
	peak := peakMemory(func() {
		b, err = Parcels(t.Context(), "a.zip", bytes.NewReader(raw), fakeRecord{}, ParcelOptions{CRS: "EPSG:4519", Use: kora.LandUse{Code: "1001", Scheme: kora.Scheme2023}})
	})
	if items := mustRead(t, b, err); len(items) != n {
		t.Errorf("%d parcels", len(items))
	}
	if peak > 128<<20 {
		t.Errorf("took %d MB", peak>>20)
	}
	t.Logf("%d MB for a file of %d MB", peak>>20, len(raw)>>20)

	b, err = readLayerFile(t, "a.zip", circles(t, 2, maxCorners), ParcelOptions{CRS: "EPSG:4519"})
	wantRefused(t, b, err, kora.ReasonTooLarge, "more than 50000 corners")

	b, err = readLayerFile(t, "a.zip", circles(t, 2, maxCorners-10), ParcelOptions{CRS: "EPSG:4519", Use: kora.LandUse{Code: "1001", Scheme: kora.Scheme2023}})
	if items := mustRead(t, b, err); len(items) != 2 {
		t.Errorf("%d parcels of many corners", len(items))
	}

	kml := io.MultiReader(strings.NewReader(`<kml xmlns="http://www.opengis.net/kml/2.2"><Document>`), io.LimitReader(endless("<Placemark/>"), maxKML))
	b, err = Parcels(t.Context(), "a.kml", kml, fakeRecord{}, ParcelOptions{})
	wantRefused(t, b, err, kora.ReasonTooLarge, "KML of more than 12 MB")
}
