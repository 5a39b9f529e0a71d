package cluster_test

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"kora/store/cluster"
)

func TestLevels(t *testing.T) {
	t.Parallel()
	text := "LOG:  starting\n\nWARNING:  careful\nFATAL:  the database system is starting up\nFATAL:  no\nPANIC:  disk\ninitdb: hint\n" +
		strings.Repeat("x", 20_000) + "\nend without a newline"
	want := []struct {
		level slog.Level
		line  string
	}{
		{slog.LevelDebug, "LOG:  starting"}, {slog.LevelWarn, "WARNING:  careful"},
		{slog.LevelWarn, "FATAL:  no"},
		{slog.LevelError, "PANIC:  disk"}, {slog.LevelDebug, "initdb: hint"}, {slog.LevelDebug, strings.Repeat("x", 8192)},
		{slog.LevelDebug, "end without a newline"},
	}
	for _, chunk := range []int{1, 7, 1 << 20} {
		i := 0
		cluster.Levels([]byte(text), chunk, func(level slog.Level, line string) {
			if i >= len(want) || level != want[i].level || line != want[i].line {
				t.Fatalf("in chunks of %d, line %d: %v %.60q", chunk, i, level, line)
			}
			i++
		})
		if i != len(want) {
			t.Errorf("in chunks of %d: %d lines", chunk, i)
		}
	}
}

// What a person told us must not come back in the log because a statement failed.
func TestTheLogKeepsSecrets(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var log bytes.Buffer
	c := start(t, made(t), func(cfg *cluster.Config) {
		cfg.Log = slog.New(slog.NewTextHandler(writer(func(p []byte) (int, error) {
			mu.Lock()
			defer mu.Unlock()
			return log.Write(p)
		}), &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	conn := connect(t, c)
	exec1(t, conn, `CREATE TABLE person (phone text PRIMARY KEY CHECK (phone <> ''), n int)`)
	exec1(t, conn, `INSERT INTO person VALUES ('SECRET', 1)`)
	for _, sql := range []string{
		`INSERT INTO person VALUES ('SECRET', 1)`, `INSERT INTO person VALUES ('SECRET2', 1/0)`, `SELECT 'SECRET'::int`,
		`DO $$ BEGIN RAISE WARNING 'SECRET'; END $$`, `SELECT SECRET`,
	} {
		_, _ = conn.Exec(t.Context(), sql)
	}
	if _, err := conn.Exec(t.Context(), `INSERT INTO person VALUES ($1, $2)`, pgx.QueryExecModeExec, "SECRET", 1); err == nil {
		t.Fatal("the row was taken twice")
	}
	stop(t, c)
	mu.Lock()
	defer mu.Unlock()
	if !strings.Contains(log.String(), "ready to accept connections") {
		t.Error("the server's log did not arrive")
	}
	if strings.Contains(log.String(), "SECRET") {
		t.Errorf("the log tells: %s", log.String())
	}
}

type writer func([]byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }
