package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// least is the free space, in bytes, below which a start is refused: a full disk ends the server in the middle of work.
const least = 256 << 20

// prepare makes the data folder ready for a server: Kora alone in it, a cluster that the installed version can open,
// no remains of a former run, a place for the socket, and Kora's settings.
func (c *Cluster) prepare(ctx context.Context) error {
	dir := c.cfg.Dir
	found := installs("/")
	if len(found) == 0 {
		_, _, err := choose(c.data, nil)
		return err
	}
	conf, err := c.cfg.conf()
	if err != nil {
		return err
	}
	if c.account, err = accountFor(dir, c.data); err != nil {
		return err
	}
	mode := fs.FileMode(0o700)
	if c.account.drop {
		mode = 0o711 // the account passes through to its own folders
	}
	if err := mkdirs(dir, mode); err != nil {
		return refuse(dir, "the data folder cannot be made; name another, or mend its permissions", err)
	}
	if c.lock, err = c.account.acquire(dir); err != nil {
		return err
	}
	if err := checkSpace(dir, least); err != nil {
		return err
	}
	var fresh bool
	if c.install, fresh, err = choose(c.data, found); err != nil {
		return err
	}
	if c.socket, err = makeSocket(dir, c.account); err != nil {
		return err
	}
	if fresh {
		c.cfg.progress("creating the database cluster")
		if err := c.create(ctx); err != nil {
			return fmt.Errorf("create the database cluster: %w", err)
		}
	}
	if info, err := os.Stat(c.data); err == nil && info.Mode().Perm()&0o027 != 0 {
		c.cfg.Log.Warn("the database folder was open to others; it is closed again", "folder", c.data, "mode", info.Mode().Perm())
		if err := os.Chmod(c.data, 0o700); err != nil {
			return fmt.Errorf("close the database folder to others: %w", err)
		}
	}
	if err := c.sweep(ctx); err != nil {
		return err
	}
	return c.configure(conf)
}

// mkdirs makes dir and its missing parents, each with the mode whatever the umask.
func mkdirs(dir string, mode fs.FileMode) error {
	for _, d := range ancestors(dir) {
		err := os.Mkdir(d, mode)
		if err == nil {
			err = os.Chmod(d, mode)
		}
		if err != nil && !isDir(d) {
			return err
		}
	}
	return nil
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// acquire takes the lock that keeps a second Kora out of the folder. The kernel gives it back when Kora ends, however
// it ends; the file stays.
func (a account) acquire(dir string) (*os.File, error) {
	path := filepath.Join(dir, "kora.lock")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, refuse(dir, "the data folder cannot be written; name another, or mend its permissions", err)
	}
	err = flock(f)
	if err != nil {
		defer f.Close()
		if !errors.Is(err, unix.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		who := "another Kora"
		if b, _ := io.ReadAll(io.LimitReader(f, 20)); len(b) > 0 {
			who += " (process " + strings.TrimSpace(string(b)) + ")"
		}
		return nil, refuse(dir, who+" is using this folder; stop it, or name another data folder", nil)
	}
	err = errors.Join(a.own(path), f.Truncate(0))
	if err == nil {
		_, err = fmt.Fprintln(f, os.Getpid())
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return f, nil
}

// flock takes the lock or says that another has it. It asks for a moment longer, because Attach holds the lock as long
// as it takes to look.
func flock(f *os.File) (err error) {
	for range 10 {
		if err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); !errors.Is(err, unix.EWOULDBLOCK) {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return err
}

func checkSpace(dir string, need uint64) error {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return fmt.Errorf("ask for the free space at %s: %w", dir, err)
	}
	if free := st.Bavail * uint64(st.Bsize); free < need {
		return refuse(dir, fmt.Sprintf("only %d MiB are free on this disk, and the database needs %d MiB to start safely; "+
			"free some space, or name a data folder on another disk", free>>20, need>>20), nil)
	}
	return nil
}

// explain turns "permission denied" of a program that could not even start into the name of the folder in the way.
func (c *Cluster) explain(err error) error {
	if errors.Is(err, os.ErrPermission) {
		if dir := c.account.blocked(c.cfg.Dir); dir != "" {
			return refuse(c.cfg.Dir, fmt.Sprintf("PostgreSQL runs as user %s, who may not pass through %s; allow it with "+
				"chmod o+x, or name a data folder elsewhere", c.account.name, dir), err)
		}
	}
	return err
}
