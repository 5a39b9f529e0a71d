package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"kora"
	"kora/store/cluster/clustertest"
	"kora/tiles"
	"kora/tiles/pmtiles/pmtilestest"
)

// withSample is a database with the sample data.
func withSample(t *testing.T) string {
	t.Helper()
	database := clustertest.Database(t)
	o := &options{databaseURL: database, say: newProgress(&bytes.Buffer{}), log: slog.New(slog.DiscardHandler)}
	rec, err := o.openRecord(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	defer rec.close(o)
	if err := loadSample(t.Context(), o, rec.Store); err != nil {
		t.Fatal(err)
	}
	return database
}

// TestExportOfTheSample writes everything in every way, and PostGIS says whether it is what the record holds.
func TestExportOfTheSample(t *testing.T) {
	database := withSample(t)
	dir := t.TempDir()
	export := func(args ...string) string {
		t.Helper()
		status, out := command(t, database, append([]string{"export"}, args...)...)
		if status != 0 {
			t.Fatalf("%v: status %d\n%s", args, status, out)
		}
		return out
	}
	at := func(name string) string { return filepath.Join(dir, name) }

	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))

	// A table of stations is read again, and nothing is new.
	stations := rows(t, database, "station")
	if out := export("stations", "--out", at("stations.csv")); !strings.Contains(out, fmt.Sprintf("stations.csv: %d rows of stations", stations)) {
		t.Errorf("it says:\n%s", out)
	}
	want := fmt.Sprintf("0 added, 0 changed, %d left alone, 0 refused", stations)
	if status, out := command(t, database, "import", "stations", at("stations.csv")); status != 0 || !strings.Contains(out, want) {
		t.Errorf("status %d, want %s\n%s", status, want, out)
	}
	var others int
	if err := conn.QueryRow(t.Context(), `
		SELECT count(*) FROM history h JOIN station s ON s.id = h.key
		WHERE h.layer = $1 AND NOT (h.row - 'source' - 'version' - 'changed_at' <@ to_jsonb(s))`, kora.LayerStation).Scan(&others); err != nil || others > 0 {
		t.Errorf("%d stations came back as others (%v)", others, err)
	}

	// PostGIS compares the shapes of the parcels.
	export("parcels", "--out", at("parcels.geojson"))
	b, err := os.ReadFile(at("parcels.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	var parcels struct {
		Features []struct {
			ID         int64
			Geometry   json.RawMessage
			Properties struct{ Number string }
		}
	}
	if err := json.Unmarshal(b, &parcels); err != nil {
		t.Fatal(err)
	}
	if n := rows(t, database, "parcel"); len(parcels.Features) != n || n == 0 {
		t.Errorf("%d parcels of %d", len(parcels.Features), n)
	}
	for _, f := range parcels.Features {
		var same, wound bool
		err := conn.QueryRow(t.Context(), `
			WITH f AS (SELECT ST_SetSRID(ST_GeomFromGeoJSON($3::text), 4490) AS geom)
			SELECT ST_Equals(p.geom, f.geom) AND ST_NPoints(p.geom) = ST_NPoints(f.geom), ST_IsPolygonCCW(f.geom)
			FROM parcel p, f WHERE p.id = $1 AND p.number = $2`, f.ID, f.Properties.Number, string(f.Geometry)).Scan(&same, &wound)
		if err != nil || !same || !wound {
			t.Errorf("parcel %s: same %v, wound as RFC 7946 says %v, %v", f.Properties.Number, same, wound, err)
		}
	}

	out := export("coverage", "--out", at("coverage.csv"), "--minutes", "10", "--kind", "union_station", "--open-at", "2026-07-01T12:00:00+08:00")
	if !strings.Contains(out, "coverage-areas.csv") {
		t.Errorf("it does not name the second file:\n%s", out)
	}

	out = export("tiles", "--out", at("tiles"), "--max-zoom", "12")
	for _, l := range tiles.Layers() {
		b, err := os.ReadFile(filepath.Join(dir, "tiles", l.Name+".pmtiles"))
		if err != nil {
			t.Errorf("%s: %v\n%s", l.Name, err, out)
			continue
		}
		if a, err := pmtilestest.Read(b); err != nil || len(a.Tiles) == 0 || a.Header["max zoom"] > 12 {
			t.Errorf("%s: %v", l.Name, err)
		}
	}

	// What is there stays unless it is told otherwise.
	before, err := os.Stat(at("stations.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if status, out := command(t, database, "export", "stations", "--out", at("stations.csv")); status != 1 || !strings.Contains(out, "--force") ||
		strings.Contains(out, "opening the record") {
		t.Errorf("over a file: status %d\n%s", status, out)
	}
	if after, err := os.Stat(at("stations.csv")); err != nil || !os.SameFile(before, after) {
		t.Errorf("the file is another (%v)", err)
	}
	export("stations", "--out", at("stations.csv"), "--force")
	export("tiles", "stations", "--out", filepath.Join(dir, "tiles", "stations.pmtiles"), "--force")
}

// TestExportsThatAreRefused get a sentence before the database is opened, and leave nothing.
func TestExportsThatAreRefused(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "a.csv")
	for want, args := range map[string][]string{
		`required flag(s) "out" not set`:     {"stations"},
		"is none of geojson":                 {"stations", "--out", out, "--format", "xls"},
		"does not end in":                    {"stations", "--out", filepath.Join(dir, "a.xls")},
		"folder that does not exist":         {"parcels", "--out", filepath.Join(dir, "none", "a.csv")},
		`layer "yaks"`:                       {"tiles", "yaks", "--out", dir},
		"one archive":                        {"tiles", "--out", filepath.Join(dir, "a.pmtiles")},
		"must be four numbers":               {"tiles", "--out", dir, "--bbox", "1,2,3"},
		"longitude must be":                  {"tiles", "--out", dir, "--bbox", "NaN,2,3,4"},
		"west or south beyond":               {"tiles", "--out", dir, "--bbox", "3,2,1,4"},
		"is more than --max-zoom":            {"tiles", "--out", dir, "--min-zoom", "9", "--max-zoom", "8"},
		`must be "now" or a time such as 20`: {"coverage", "--out", out, "--open-at", "noon"},
		"must be from 1 to 60":               {"coverage", "--out", out, "--minutes", "0"},
		`kind "tea_house"`:                   {"coverage", "--out", out, "--kind", "tea_house"},
		"unknown command":                    {"yaks"},
	} {
		var said bytes.Buffer
		status := run(t.Context(), append(append([]string{"export"}, args...), "--database-url", "postgres://127.0.0.1:1/none?connect_timeout=1"), &said, &said)
		if status != 1 || !strings.Contains(said.String(), want) || strings.Contains(said.String(), "opening the record") {
			t.Errorf("%v: status %d, want %q\n%s", args, status, want, &said)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("the folder holds %v (%v)", left, err)
	}
}
