// Package cluster runs a private PostgreSQL server with PostGIS as a child process, so that Kora needs no set-up: it
// creates the cluster in Kora's data folder, starts it on a Unix socket that only Kora's own user can reach, brings it
// back when it dies and stops it with Kora.
//
// It knows processes, folders and the server's own administration; tables and queries belong to package store. It works
// on Linux with Debian's layout of PostgreSQL, and never touches a cluster outside its data folder.
package cluster

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"kora"
)

// A Config says where a private cluster lives and who hears about it.
type Config struct {
	Dir      string            // Kora's data folder; the cluster lives in Dir/pg and its lock is Dir/kora.lock
	Log      *slog.Logger      // never nil
	Progress func(step string) // hears short sentences while Start works; may be nil
	Settings map[string]string // server settings beyond Kora's own, such as {"fsync": "off"} for throw-away data; may be nil
}

func (c Config) progress(step string) {
	if c.Progress != nil {
		c.Progress(step)
	}
}

// A Cluster is a running private server. It is safe for use by several goroutines.
type Cluster struct {
	cfg     Config
	data    string // Dir/pg
	install install
	account account
	lock    *os.File
	socket  socket

	stopping context.Context // done once Stop was called
	stop     context.CancelFunc
	hurrying context.Context // done once whoever called Stop has run out of patience
	hurry    context.CancelFunc
	done     chan struct{}
	err      error // read after done
}

// Start creates the cluster where there is none, starts it, makes sure of role kora, database kora and extension
// postgis, and returns when role kora gets an answer from PostGIS. ctx bounds the start only; recovery after a crash may
// take minutes. What the operator must mend is refused with a *kora.Error; without an installed PostGIS that is
// ErrNoPostGIS.
func Start(ctx context.Context, cfg Config) (*Cluster, error) {
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("find the data folder: %w", err)
	}
	cfg.Dir = dir
	c := &Cluster{cfg: cfg, data: filepath.Join(dir, "pg"), done: make(chan struct{})}
	c.stopping, c.stop = context.WithCancel(context.Background())
	c.hurrying, c.hurry = context.WithCancel(context.Background())

	if err := c.prepare(ctx); err != nil {
		c.release()
		return nil, err
	}
	cfg.progress("starting the database")
	srv, err := c.launch()
	if err != nil {
		c.release()
		return nil, err
	}
	err = c.ready(ctx, srv)
	if err == nil {
		err = c.bootstrap(ctx)
	}
	if err != nil {
		srv.end(c.cfg.Log, ctx.Done())
		c.release()
		return nil, err
	}
	cfg.Log.Info("the private database is ready", "folder", c.data, "version", c.install.major, "pid", srv.pid)
	go c.supervise(srv)
	return c, nil
}

// Stop ends the server: open transactions are rolled back, the rest is written to disk and the data folder is free
// again. When ctx ends first, or after 30 s, the server is stopped the hard way: nothing committed is lost, but the next
// start recovers from the log. It may be called at any time and more than once; nothing runs when it returns.
func (c *Cluster) Stop(ctx context.Context) error {
	c.stop()
	select {
	case <-c.done:
		return nil
	case <-ctx.Done():
	}
	c.hurry()
	<-c.done
	return fmt.Errorf("stop the private database: it was stopped without its final checkpoint: %w", ctx.Err())
}

// Done is closed when the cluster has ended: it was stopped, or it died so often that it was given up.
func (c *Cluster) Done() <-chan struct{} { return c.done }

// Err tells why the cluster was given up; it is nil while it runs and after Stop.
func (c *Cluster) Err() error {
	select {
	case <-c.done:
		return c.err
	default:
		return nil
	}
}

// DefaultDir is the data folder when none is named: /var/lib/kora for root, else kora in $XDG_DATA_HOME or in
// ~/.local/share (XDG Base Directory Specification 0.8).
func DefaultDir() (string, error) {
	if os.Geteuid() == 0 {
		return "/var/lib/kora", nil
	}
	if base := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(base) {
		return filepath.Join(base, "kora"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", refuse("", "there is no home folder to keep the data in; name a data folder", err)
	}
	return filepath.Join(home, ".local", "share", "kora"), nil
}

// release frees what prepare took.
func (c *Cluster) release() {
	c.stop()
	c.hurry()
	c.socket.remove()
	if c.lock != nil {
		c.lock.Close()
	}
}

// refuse tells the operator what to mend; dir is the data folder in question, or "" when it is the machine.
func refuse(dir, text string, err error) error {
	e := kora.Refuse(kora.ReasonUnavailable, "database", nil, "%s", text).Because(err)
	if dir != "" {
		e.Field, e.Value = "data folder", dir // in full: Refuse would cut a long path
	}
	return e
}
