package cluster

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// create makes the cluster beside its place and moves it there when it is complete, so that a folder that is there can
// be started.
func (c *Cluster) create(ctx context.Context) error {
	next := c.data + ".new"
	if err := remake(next); err != nil {
		return err
	}
	if err := c.account.own(next); err != nil {
		return err
	}
	if err := c.initdb(ctx, next); err != nil {
		return err
	}
	if err := include(next); err != nil {
		return err
	}
	if err := os.Remove(c.data); err != nil && !os.IsNotExist(err) { // an empty folder may stand there
		return err
	}
	if err := os.Rename(next, c.data); err != nil {
		return err
	}
	dir, err := os.Open(c.cfg.Dir)
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}

func (c *Cluster) initdb(ctx context.Context, data string) error {
	args := []string{"-D", data, "-U", superuser, "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums", "--auth=peer"}
	if c.install.major >= 17 { // the server's own rules, so that an upgrade of the C library cannot disorder an index
		args = append(args, "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
	}
	if c.cfg.Settings["fsync"] == "off" {
		args = append(args, "--no-sync")
	}
	cmd := c.account.command(data, syscall.SIGKILL, filepath.Join(c.install.bin, "initdb"), args...)
	p, err := spawn(cmd, c.cfg.Log)
	if err != nil {
		return c.explain(err)
	}
	select {
	case <-p.exited:
	case <-ctx.Done():
		_ = unix.Kill(-p.pid, unix.SIGKILL) // the group: initdb and its own children
		<-p.exited
		return ctx.Err()
	}
	if p.err != nil {
		return fmt.Errorf("initdb: %w", p.epitaph())
	}
	return nil
}

// include makes a new cluster read Kora's settings.
func include(data string) error {
	root, err := os.OpenRoot(data)
	if err != nil {
		return err
	}
	defer root.Close()
	f, err := root.OpenFile("postgresql.conf", os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.WriteString("\ninclude_if_exists = '" + included + "'\n"); err != nil {
		return err
	}
	return f.Sync()
}
