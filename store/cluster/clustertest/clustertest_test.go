package clustertest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestMain(m *testing.M) { Main(m) }

func TestDatabasesAreSeparate(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"one", "two", "three"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := pgx.Connect(context.Background(), Database(t))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close(context.Background())
			if _, err := conn.Exec(context.Background(), `CREATE TABLE place (g geometry(Point, 4490))`); err != nil {
				t.Fatal(err)
			}
			var n int
			err = conn.QueryRow(context.Background(), `INSERT INTO place VALUES (ST_SetSRID(ST_Point(91.1, 29.6), 4490))
				RETURNING (SELECT count(*) FROM place)`).Scan(&n)
			if err != nil || n != 0 {
				t.Fatalf("%d rows before the first, %v", n, err)
			}
		})
	}
}

func TestDatabaseIsDroppedUnderOpenConnections(t *testing.T) {
	t.Parallel()
	var conn *pgx.Conn
	t.Run("one", func(t *testing.T) {
		var err error
		if conn, err = pgx.Connect(context.Background(), Database(t)); err != nil {
			t.Fatal(err)
		}
	})
	if conn == nil {
		t.SkipNow()
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(context.Background(), "SELECT 1"); err == nil {
		t.Error("the database is still there")
	}
}

func TestStaleFoldersAreRemoved(t *testing.T) {
	t.Parallel()
	gone := exec.Command("true")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	base := t.TempDir()
	stale := filepath.Join(base, fmt.Sprintf("%s%d-1", prefix, gone.Process.Pid))
	kept := []string{
		filepath.Join(base, fmt.Sprintf("%s%d-1", prefix, os.Getpid())), filepath.Join(base, prefix+"x"), filepath.Join(base, "other"),
	}
	for _, dir := range append(kept, filepath.Join(stale, "data", "pg")) {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	removeStale(base)
	if _, err := os.Stat(stale); !os.IsNotExist(err) {
		t.Errorf("%s is left: %v", stale, err)
	}
	for _, dir := range kept {
		if _, err := os.Stat(dir); err != nil {
			t.Error(err)
		}
	}
}
