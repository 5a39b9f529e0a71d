package intake_test

import (
	"bufio"
	"fmt"
	"log/slog"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"kora"
	"kora/intake"
	"kora/store"
	"kora/store/cluster/clustertest"
)

// What TestMemoryChild is told: a database, and the files to take in, one after the other.
const memoryDatabase, memoryFiles = "KORA_MEMORY_DATABASE", "KORA_MEMORY_FILES"

// A node takes in whatever comes, up to 50 MB, within 256 MB: here all that a process has resident at any time that does nothing else,
// from the upload over the preview to the end, as the kernel tells it.
func TestMemoryOfLargeFiles(t *testing.T) {
	if testing.Short() || underRace {
		t.Skip("takes 100 MB in, and is about memory")
	}
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("the kernel does not tell what is resident here")
	}
	dir := t.TempDir()
	added, changed := filepath.Join(dir, "added.geojson"), filepath.Join(dir, "changed.geojson")
	writeParcels(t, added, "甲", `{"type":"FeatureCollection","features":[`, `]}`)
	// All are others, and the reference system stands behind them.
	writeParcels(t, changed, "乙", `{"type":"FeatureCollection","features":[`, `],"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}}}`)
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestMemoryChild$", "-test.v")
	child.Env = append(os.Environ(), memoryDatabase+"="+clustertest.Database(t), memoryFiles+"="+added+":"+changed)
	said, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	t.Logf("%s", said)
	var mb int
	_, rest, _ := strings.Cut(string(said), "at most ")
	if _, err := fmt.Sscan(rest, &mb); err != nil || strings.Count(string(said), "done in") != 2 {
		t.Fatalf("%v\n%s", err, said)
	}
	if mb > 256 {
		t.Errorf("took %d MB", mb)
	}
}

// TestMemoryChild takes files in and tells how much memory it had at most.
func TestMemoryChild(t *testing.T) {
	database, files := os.Getenv(memoryDatabase), os.Getenv(memoryFiles)
	if database == "" {
		t.Skip("is run by TestMemoryOfLargeFiles")
	}
	cfg, err := pgxpool.ParseConfig(database)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), cfg, "", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	d := &desk{store: s, pool: s.Pool()}
	d.start(t)
	defer d.Close()
	for path := range strings.SplitSeq(files, ":") {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		in, err := d.Add(t.Context(), clerk, "parcels", filepath.Base(path), f, kora.ImportOptions{})
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		uploaded := peak(t)
		shown := d.untilWithin(t, 5*time.Minute, in.ID, kora.ImportReady, kora.ImportFailed)
		previewed, took := peak(t), time.Since(began)
		fmt.Printf("%s: %s in %v, %+v, %+v, upload %d MB, preview %d MB\n", shown.File, shown.State, took.Round(time.Millisecond), shown.Counts, shown.Refused, uploaded, previewed)
		if shown.State == kora.ImportReady {
			began = time.Now()
			if _, err := d.Confirm(t.Context(), in.ID, clerk, true); err != nil {
				t.Fatal(err)
			}
			shown = d.untilWithin(t, 5*time.Minute, in.ID, kora.ImportDone, kora.ImportReady, kora.ImportFailed)
			fmt.Printf("%s: %s in %v\n", shown.File, shown.State, time.Since(began).Round(time.Millisecond))
		}
	}
	fmt.Printf("at most %d MB\n", peak(t))
}

// peak is the most that this process has had resident, in MB.
func peak(t *testing.T) (mb int) {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	if _, err := fmt.Sscan(rest, &mb); err != nil {
		t.Fatal(err)
	}
	return mb >> 10
}

// writeParcels writes 50,000 parcels of 25 corners, some 49 MB.
func writeParcels(t *testing.T, path, name, head, tail string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprint(w, head)
	for i := range 50_000 {
		if i > 0 {
			fmt.Fprintln(w, ",")
		}
		fmt.Fprintf(w, `{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[[[`)
		lon, lat := 94+0.002*float64(i%250), 29+0.002*float64(i/250)
		for k := range 25 {
			if k > 0 {
				fmt.Fprint(w, ",")
			}
			sin, cos := math.Sincos(2 * math.Pi * float64(k%24) / 24)
			fmt.Fprintf(w, "[%.7f,%.7f]", lon+0.0009*cos, lat+0.0008*sin)
		}
		fmt.Fprintf(w, `]]]},"properties":{"number":"LZ-%d","name":{"zh":"示例地块%s%d","en":"Sample parcel %d"},"address":{"zh":"巴宜区示例路%d号"},"county":"540402",`+
			`"use":{"code":"1001","scheme":"2023"},"status":"promoted","supply":"GP","far":{"min":1,"max":2.5},"altitude_m":%d,"term_years":50,"facilities":["road","water","power"],"sample":true}}`,
			i, name, i, i, i%100, 2900+i%200)
	}
	fmt.Fprint(w, tail)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Size() > intake.MaxBytes || info.Size() < 46<<20 {
		t.Fatalf("%s: %d bytes, %v", path, info.Size(), err)
	}
}
