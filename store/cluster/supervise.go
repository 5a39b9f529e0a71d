package cluster

import (
	"fmt"
	"path/filepath"
	"syscall"
	"time"
)

// A server that dies is started again after a pause that doubles from shortest to longest. After so many restarts
// within a window it is given up, because something is wrong that a restart does not mend.
const (
	shortest = 100 * time.Millisecond
	longest  = 5 * time.Second
	restarts = 5
	window   = time.Minute
)

// launch starts the server itself rather than pg_ctl, which would detach it and leave it behind when Kora dies.
func (c *Cluster) launch() (*server, error) {
	cmd := c.account.command(c.data, syscall.SIGINT, filepath.Join(c.install.bin, "postgres"), c.fixed()...)
	srv, err := spawn(cmd, c.cfg.Log)
	if err != nil {
		return nil, fmt.Errorf("start the private database: %w", c.explain(err))
	}
	return srv, nil
}

// supervise keeps a server running until Stop.
func (c *Cluster) supervise(srv *server) {
	defer close(c.done)
	defer c.release()
	var deaths []time.Time
	pause := shortest
	for err := c.watch(srv); err != nil; err = c.relaunch() {
		now := time.Now()
		for len(deaths) > 0 && now.Sub(deaths[0]) > window {
			deaths = deaths[1:]
		}
		if len(deaths) == 0 {
			pause = shortest
		}
		if len(deaths) == restarts {
			c.err = fmt.Errorf("the private database died again after %d restarts within %v and is given up: %w", restarts, window, err)
			c.cfg.Log.Error("the private database is given up", "error", c.err)
			return
		}
		deaths = append(deaths, now)
		c.cfg.Log.Warn("the private database died; it will be started again", "error", err, "in", pause)
		select {
		case <-c.stopping.Done():
			return
		case <-time.After(pause):
		}
		pause = min(2*pause, longest)
	}
}

// watch waits for the server's end; it is nil when Stop asked for it.
func (c *Cluster) watch(srv *server) error {
	select {
	case <-c.stopping.Done():
		srv.end(c.cfg.Log, c.hurrying.Done())
		return nil
	case <-srv.exited:
		return srv.epitaph()
	}
}

// relaunch is one more life of the server, to its end.
func (c *Cluster) relaunch() error {
	if err := c.sweep(c.stopping); err != nil {
		return err
	}
	srv, err := c.launch()
	if err != nil {
		return err
	}
	if err := c.ready(c.stopping, srv); err == nil {
		c.cfg.Log.Info("the private database is back", "pid", srv.pid)
	} else if c.stopping.Err() == nil {
		srv.end(c.cfg.Log, c.hurrying.Done())
		return err
	}
	return c.watch(srv)
}
