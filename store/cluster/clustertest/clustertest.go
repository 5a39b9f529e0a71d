// Package clustertest lends real PostGIS databases to tests: one private cluster for each test binary, started when the
// first test asks, and a fresh database for every call. It is for tests only; what it holds does not survive them.
package clustertest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"kora/store/cluster"
)

// Main runs the tests, stops the cluster if one was started, and exits. Call it from TestMain of every package that
// uses Database.
func Main(m *testing.M) {
	code := m.Run()
	if err := shared.stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// Database makes a database of its own for t, with PostGIS and owned by role kora, and gives the connection string for
// pgx. The database is dropped when t ends, open connections and all. Without an installed PostGIS t is skipped.
func Database(t testing.TB) string {
	t.Helper()
	err := shared.start()
	if errors.Is(err, cluster.ErrNoPostGIS) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatalf("start a database for tests: %v", err)
	}
	name, err := shared.create()
	if err != nil {
		t.Fatalf("make a database for tests: %v", err)
	}
	t.Cleanup(func() {
		if err := shared.drop(name); err != nil {
			t.Errorf("drop the database of the test: %v", err)
		}
	})
	return shared.cluster.ConnString() + " dbname='" + name + "'" // the later dbname holds
}

// Extend adds an extension to a database that Database made; without the extension's package t is skipped.
func Extend(t testing.TB, database, extension string) {
	t.Helper()
	cfg, err := pgx.ParseConfig(database)
	if err != nil {
		t.Fatal(err)
	}
	cfg.User = "postgres"
	conn, err := pgx.ConnectConfig(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var have bool
	if err := conn.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = $1)", extension).Scan(&have); err != nil {
		t.Fatal(err)
	}
	if !have {
		t.Skipf("%s is not installed", extension)
	}
	if _, err := conn.Exec(t.Context(), "CREATE EXTENSION "+pgx.Identifier{extension}.Sanitize()); err != nil {
		t.Fatal(err)
	}
}

// Folder makes a folder that t may use as Kora's data folder, also as root: t.TempDir is closed to the user that runs
// the server.
func Folder(t testing.TB) string {
	t.Helper()
	dir, err := newFolder()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("remove the data folder of the test: %v", err)
		}
	})
	return dir
}

// A server is the cluster of this test binary and its administrator's connection.
type server struct {
	once    sync.Once
	err     error
	dir     string
	cluster *cluster.Cluster

	mu    sync.Mutex // guards admin and made
	admin *pgx.Conn
	made  int
}

var shared server // the one cluster of the test binary

func (s *server) start() error {
	s.once.Do(func() { s.err = s.launch() })
	return s.err
}

func (s *server) launch() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	var err error
	if s.dir, err = newFolder(); err != nil {
		return err
	}
	s.cluster, err = cluster.Start(ctx, cluster.Config{
		Dir: filepath.Join(s.dir, "data"),
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Settings: map[string]string{
			"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200",
			"max_wal_size": "128MB",
		},
	})
	if err != nil {
		return errors.Join(err, os.RemoveAll(s.dir))
	}
	cfg, err := pgx.ParseConfig(s.cluster.ConnString())
	if err == nil {
		cfg.User, cfg.Database = "postgres", "postgres"
		s.admin, err = pgx.ConnectConfig(ctx, cfg)
	}
	if err != nil {
		return errors.Join(err, s.cluster.Stop(ctx), os.RemoveAll(s.dir))
	}
	return nil
}

func (s *server) create() (name string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.made++
	name = fmt.Sprintf("test_%d", s.made)
	return name, s.exec("CREATE DATABASE " + name + " TEMPLATE kora OWNER kora")
}

func (s *server) drop(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.exec("DROP DATABASE " + name + " WITH (FORCE)")
}

func (s *server) exec(sql string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_, err := s.admin.Exec(ctx, sql)
	return err
}

func (s *server) stop() error {
	if s.cluster == nil || s.admin == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return errors.Join(s.admin.Close(ctx), s.cluster.Stop(ctx), os.RemoveAll(s.dir))
}
