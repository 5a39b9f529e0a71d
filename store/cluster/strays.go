package cluster

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// sweep removes what a former run left behind. PostgreSQL would read the process id in postmaster.pid and refuse to
// start while any process has it: a zombie that nobody reaps, or a stranger that got the number later. Kora holds the
// folder's lock and looks at the processes themselves, so the file says nothing that counts.
func (c *Cluster) sweep(ctx context.Context) error {
	if err := c.endStrays(ctx); err != nil {
		return err
	}
	for _, path := range []string{filepath.Join(c.data, "postmaster.pid"), c.socket.path(), c.socket.path() + ".lock"} {
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			return fmt.Errorf("clear the remains of a former run: %w", err)
		}
	}
	return nil
}

// endStrays ends servers and backends of a former run that still work in the folder, and returns when they are gone.
func (c *Cluster) endStrays(ctx context.Context) error {
	pids := strays(c.data)
	if len(pids) == 0 {
		return nil
	}
	c.cfg.progress("waiting for a former run of the database to end")
	targets, patience := pids, time.Second // without their server, backends end by themselves
	if postmaster := recorded(c.data); slices.Contains(pids, postmaster) {
		c.cfg.Log.Warn("a database server of a former run is still working in the folder; it is stopped", "pid", postmaster)
		targets, patience = []int{postmaster}, 30*time.Second
	}
	for _, step := range []struct {
		signal unix.Signal
		wait   time.Duration
	}{{unix.SIGINT, patience}, {unix.SIGQUIT, 5 * time.Second}, {unix.SIGKILL, 5 * time.Second}} {
		if step.signal == unix.SIGKILL {
			targets = pids
		}
		for _, pid := range targets {
			_ = unix.Kill(pid, step.signal) // it fails only when the process has ended
		}
		for deadline := time.Now().Add(step.wait); time.Now().Before(deadline); {
			if pids = strays(c.data); len(pids) == 0 {
				return nil
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("wait for a former run of the database to end: %w", ctx.Err())
			case <-time.After(10 * time.Millisecond):
			}
		}
	}
	return refuse(c.cfg.Dir, fmt.Sprintf("processes %v of a former run of the database do not end; end them by hand", pids), nil)
}

// strays lists the processes called postgres whose working folder is data. A zombie has no working folder any more.
func strays(data string) []int {
	want, err := os.Stat(data)
	if err != nil {
		return nil
	}
	names, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil
	}
	var pids []int
	for _, proc := range names {
		if comm, err := os.ReadFile(proc + "/comm"); err != nil || string(comm) != "postgres\n" {
			continue
		}
		cwd, err := os.Stat(proc + "/cwd")
		if err != nil || !os.SameFile(cwd, want) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(proc)); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

// recorded is the process id in postmaster.pid, or 0.
func recorded(data string) int {
	b, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(b), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil {
		return 0
	}
	return pid
}
