package cluster_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sys/unix"

	"kora/store/cluster"
)

func TestAttach(t *testing.T) {
	t.Parallel()
	dir := made(t)
	if cfg, err := cluster.Attach(dir); cfg != nil || err != nil {
		t.Fatalf("attached to nothing: %v, %v", cfg, err)
	}
	c := start(t, dir)
	cfg, err := cluster.Attach(dir)
	if err != nil || cfg == nil {
		t.Fatalf("running, but attached to %v (%v)", cfg, err)
	}
	pool, err := pgxpool.NewWithConfig(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	var name string
	if err := pool.QueryRow(t.Context(), `SELECT current_database()`).Scan(&name); err != nil || name != "kora" {
		t.Errorf("database %q (%v)", name, err)
	}
	pool.Close()
	stop(t, c)
	if cfg, err := cluster.Attach(dir); cfg != nil || err != nil {
		t.Errorf("stopped, but attached to %v (%v)", cfg, err)
	}
}

// Looking whether a Kora runs must not keep one from starting.
func TestStartWhileAnotherLooks(t *testing.T) {
	t.Parallel()
	dir := made(t)
	f, err := os.Create(filepath.Join(dir, "kora.lock"))
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_SH); err != nil {
		t.Fatal(err)
	}
	look := time.AfterFunc(30*time.Millisecond, func() { f.Close() })
	defer look.Stop()
	start(t, dir)
}
