package cluster

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sys/unix"
)

// Attach gives role kora's connection to the private database of a Kora that is running on the data folder dir; nil when
// none is. It starts and holds nothing.
func Attach(dir string) (*pgxpool.Config, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("find the data folder: %w", err)
	}
	if inUse, err := locked(dir); err != nil || !inUse {
		return nil, err
	}
	// The fifth line of postmaster.pid is the folder of the socket (src/include/utils/pidfile.h).
	b, err := os.ReadFile(filepath.Join(dir, "pg", "postmaster.pid"))
	lines := strings.Split(string(b), "\n")
	if errors.Is(err, fs.ErrPermission) {
		return nil, refuse(dir, "a Kora of another user is running on this folder; import as that user", err)
	}
	if err != nil || len(lines) < 5 || lines[4] == "" {
		return nil, refuse(dir, "another Kora is starting or stopping on this folder; try again in a moment", err)
	}
	c := &Cluster{socket: socket{dir: lines[4]}}
	return c.PgxConfig()
}

// locked tells whether a Kora holds the folder.
func locked(dir string) (bool, error) {
	f, err := os.Open(filepath.Join(dir, "kora.lock"))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look at the lock of %s: %w", dir, err)
	}
	defer f.Close()
	switch err := unix.Flock(int(f.Fd()), unix.LOCK_SH|unix.LOCK_NB); {
	case errors.Is(err, unix.EWOULDBLOCK):
		return true, nil
	case err != nil:
		return false, fmt.Errorf("look at the lock of %s: %w", dir, err)
	}
	return false, nil
}
