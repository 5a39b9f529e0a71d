package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"kora/store/cluster/clustertest"
)

// TestSurveysComeBack takes surveys into the record, writes them out in every way, and takes them in again: PostGIS says
// whether every corner is where it was, to the millimetre that the format has, and whether anything else changed.
func TestSurveysComeBack(t *testing.T) {
	database := clustertest.Database(t)
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	do := func(want string, args ...string) {
		t.Helper()
		if status, out := command(t, database, args...); status != 0 || !strings.Contains(out, want) {
			t.Fatalf("%v: status %d, want %q\n%s", args, status, want, out)
		}
	}
	do("2 added", "import", "parcels", filepath.Join("..", "..", "importers", "testdata", "parcels.txt"))
	dir := t.TempDir()
	for i, c := range []struct {
		args []string
		srid int
	}{
		{nil, 4540}, // the zone that they were surveyed in
		{[]string{"--prefix"}, 4519},
		{[]string{"--zone", "31", "--prefix", "--gbk"}, 4519},
		{[]string{"--zone", "32"}, 4541},
		{[]string{"--zone", "16", "--degree-zone", "6", "--prefix"}, 4494},
		{[]string{"--zone", "16", "--gbk"}, 4505},
	} {
		// What was there before, in the plane of the zone.
		if _, err := conn.Exec(t.Context(), `DROP TABLE IF EXISTS before`); err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(t.Context(), `CREATE TABLE before AS SELECT *, to_jsonb(parcel) - '{geom,source,version,changed_at,area_m2}'::text[] AS rest FROM parcel`); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, string(rune('a'+i))+".txt")
		do("2 parcels", append([]string{"export", "parcels", "--out", path}, c.args...)...)
		do("0 added", "import", "parcels", path)
		rows, err := conn.Query(t.Context(), `
			SELECT p.number, p.source->>'crs', ST_HausdorffDistance(ST_Transform(p.geom, $1::int), ST_Transform(b.geom, $1::int)),
			       ST_NPoints(p.geom) = ST_NPoints(b.geom) AND ST_NumGeometries(p.geom) = ST_NumGeometries(b.geom),
			       to_jsonb(p) - '{geom,source,version,changed_at,area_m2}'::text[] = b.rest
			FROM parcel p JOIN before b USING (id)`, c.srid)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		var number, crs string
		var apart float64
		var corners, same bool
		_, err = pgx.ForEachRow(rows, []any{&number, &crs, &apart, &corners, &same}, func() error {
			n++
			if apart > 0.001 || !corners || !same {
				t.Errorf("%v: %s is %.6f m away; corners %v, others the same %v", c.args, number, apart, corners, same)
			}
			if want := "EPSG:" + map[int]string{4540: "4540", 4519: "4519", 4541: "4541", 4494: "4494", 4505: "4505"}[c.srid]; crs != want {
				t.Errorf("%v: %s was read in %s, want %s", c.args, number, crs, want)
			}
			return nil
		})
		if err != nil || n != 2 {
			t.Fatalf("%v: %d parcels, %v", c.args, n, err)
		}
		// Written in the same way again it is the same file, and reading it changes nothing.
		again := filepath.Join(dir, string(rune('a'+i))+"-again.txt")
		do("2 parcels", append([]string{"export", "parcels", "--out", again}, c.args...)...)
		first, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		second, err := os.ReadFile(again)
		if err != nil {
			t.Fatal(err)
		}
		if string(first) != string(second) {
			t.Errorf("%v: written again it differs:\n%s\n%s", c.args, first, second)
		}
		do("2 left alone", "import", "parcels", path)
	}
}

// TestRealSurveysComeBack does so with files of a provincial office, corner by corner as they write them.
func TestRealSurveysComeBack(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "data", "boundary-txt", "44*.txt"))
	if err != nil || len(files) == 0 {
		t.Skip("the real boundary files are not here")
	}
	for _, file := range files {
		database := clustertest.Database(t)
		out := filepath.Join(t.TempDir(), "back.txt")
		if status, said := command(t, database, "import", "parcels", file, "--use", "2023:1001"); status != 0 {
			t.Fatalf("%s: %s", file, said)
		}
		if status, said := command(t, database, "export", "parcels", "--out", out, "--prefix"); status != 0 {
			t.Fatalf("%s: %s", file, said)
		}
		want, got := cornerRows(t, file), cornerRows(t, out)
		if len(want) < 5 || len(want) != len(got) {
			t.Errorf("%s: %d corners of %d", file, len(got), len(want))
		}
		for at := range want {
			if !got[at] {
				t.Errorf("%s: the corner %s is lost", file, at)
			}
		}
	}
}

// cornerRows are the coordinates of a file as it writes them.
func cornerRows(t *testing.T, path string) map[string]bool {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]bool{}
	for line := range strings.Lines(string(b)) {
		if f := strings.Split(strings.TrimSpace(line), ","); len(f) == 4 && strings.HasPrefix(f[0], "J") {
			rows[f[2]+","+f[3]] = true
		}
	}
	return rows
}
