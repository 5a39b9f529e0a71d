// Package gdal runs GDAL's command line programs as bounded children: each has a time, a folder of its own for a home, an
// environment of its own without the network, and ends with whoever asked for it.
//
// It knows how a child is run and what it says when it fails, and nothing of the files that it reads or writes. GDAL is
// never linked; where it is not installed, Find says so.
package gdal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// A Call is one run of a program.
type Call struct {
	Program  string // path of it
	Args     []string
	Dir      string        // its home and working folder; what it says is told without this path
	Time     time.Duration // by the clock
	Limits   Limits
	Settings []string // of GDAL, "NAME=value"
}

// Limits are what the kernel lets a child take; 0 is no limit.
type Limits struct {
	CPU    time.Duration // of processor time, in whole seconds
	Memory int64         // bytes of data, counting what is reserved
	Files  int64         // bytes of each file that it writes
}

// A Failure is a child that did not do what it was asked to.
type Failure struct {
	Program string
	Said    string // on its standard error, in one line
	Late    bool   // it took longer than Call.Time or Limits.CPU
	Err     error
}

func (f *Failure) Error() string {
	if f.Late {
		return f.Program + " took too long: " + f.Err.Error()
	}
	return fmt.Sprintf("%s failed (%v): %s", f.Program, f.Err, f.Said)
}

func (f *Failure) Unwrap() error { return f.Err }

// maxSaid bounds what is kept of a child's standard error, and maxOutput what Output takes of its standard output.
const (
	maxSaid   = 500
	maxOutput = 4 << 20
)

// Find is the path of a program of GDAL; the error wraps exec.ErrNotFound where it is not installed.
func Find(program string) (string, error) { return exec.LookPath(program) }

// Output runs the child and gives what it prints.
func (c Call) Output(ctx context.Context) (string, error) {
	var out bytes.Buffer
	err := c.Stream(ctx, func(r io.Reader) error {
		_, err := out.ReadFrom(io.LimitReader(r, maxOutput+1))
		if err == nil && out.Len() > maxOutput {
			err = fmt.Errorf("%s prints more than %d MB", c.name(), maxOutput>>20)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	return out.String(), nil
}

// Stream runs the child and gives read what it prints while it does. When read fails the child is ended. Its own failure
// comes before what read made of it, for a stream that breaks off reads as a damaged file.
func (c Call) Stream(ctx context.Context, read func(io.Reader) error) error {
	bounded, cancel := context.WithTimeout(ctx, c.Time)
	defer cancel()
	cmd := c.command(bounded)
	said := &head{left: 64 << 10}
	cmd.Stderr = said
	out, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("run %s: %w", c.name(), err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("run %s: %w", c.name(), err)
	}
	readErr := read(out)
	switch {
	case readErr == nil:
		_, readErr = io.Copy(io.Discard, out)
	case !ended(out):
		cancel()
		_ = cmd.Wait() // it was ended
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return readErr
	}
	err = cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(bounded.Err(), context.DeadlineExceeded):
		return &Failure{Program: c.name(), Late: true, Err: fmt.Errorf("longer than %v", c.Time)}
	case signal(err) == syscall.SIGXCPU:
		return &Failure{Program: c.name(), Late: true, Err: fmt.Errorf("more than %v of processor time", c.Limits.CPU)}
	case err == nil && strings.Contains(said.String(), "ERROR "):
		err = errors.New("it reports an error and no failure")
	}
	if err != nil {
		return &Failure{Program: c.name(), Said: c.plain(said.String()), Err: err}
	}
	return readErr
}

// ended tells whether a child has closed its output.
func ended(out io.Reader) bool {
	_, err := io.ReadFull(out, make([]byte, 1))
	return err != nil
}

// signal is what ended a child, 0 when it ended by itself.
func signal(err error) syscall.Signal {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			return status.Signal()
		}
	}
	return 0
}

// Crashed tells whether a signal ended the child, as one does that runs out of memory.
func (f *Failure) Crashed() bool { return signal(f.Err) != 0 }

// command is the child, leader of a process group that ends with ctx. Limits are set by the shell that it replaces.
func (c Call) command(ctx context.Context) *exec.Cmd {
	program, args := c.Program, c.Args
	if limits := c.Limits.script(); limits != "" {
		program, args = "/bin/sh", append([]string{"-c", limits + `exec "$0" "$@"`, c.Program}, c.Args...)
	}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Env, cmd.WaitDelay = c.Dir, append(environment(c.Dir), c.Settings...), time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	return cmd
}

func (l Limits) script() string {
	var b strings.Builder
	if s := int64(l.CPU / time.Second); s > 0 {
		fmt.Fprintf(&b, "ulimit -S -t %d && ulimit -H -t %d && ", s, s+2)
	}
	if l.Memory > 0 {
		fmt.Fprintf(&b, "ulimit -d %d && ", l.Memory>>10)
	}
	if l.Files > 0 {
		fmt.Fprintf(&b, "ulimit -f %d && ", l.Files>>9)
	}
	if b.Len() > 0 {
		b.WriteString("ulimit -c 0 && ")
	}
	return b.String()
}

func (c Call) name() string { return filepath.Base(c.Program) }

// plain is what a child said in one line, without the path of its folder.
func (c Call) plain(said string) string {
	said = strings.Join(strings.Fields(strings.ReplaceAll(said, c.Dir+"/", "")), " ")
	if len(said) > maxSaid {
		said = strings.ToValidUTF8(said[:maxSaid], "") + "…"
	}
	return strings.ToValidUTF8(said, "?")
}

// head keeps the first bytes that are written to it.
type head struct {
	bytes.Buffer
	left int
}

func (h *head) Write(p []byte) (int, error) {
	n := min(len(p), h.left)
	h.left -= n
	h.Buffer.Write(p[:n])
	return len(p), nil
}

// environment has nothing of the caller's but where GDAL finds its own files. GDAL need not reach the network for what it is
// given here; where it would try, it meets a proxy that is not there.
func environment(dir string) []string {
	env := []string{
		"HOME=" + dir, "TMPDIR=" + dir, "CPL_TMPDIR=" + dir, "LC_ALL=C.UTF-8",
		"PROJ_NETWORK=OFF", "GDAL_HTTP_PROXY=127.0.0.1:9", "GDAL_HTTP_MAX_RETRY=0",
		"GDAL_PAM_ENABLED=NO", "OGR_GEOJSON_MAX_OBJ_SIZE=0", "OGR_SQLITE_SYNCHRONOUS=OFF",
	}
	for _, name := range []string{"PATH", "LD_LIBRARY_PATH", "GDAL_DATA", "GDAL_DRIVER_PATH", "PROJ_LIB", "PROJ_DATA"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// A Driver is a format by GDAL's name for it.
type Driver struct {
	Name   string
	Writes bool
}

// Drivers lists the formats of shapes that the GDAL of ogr2ogr or ogrinfo knows.
func Drivers(ctx context.Context, program, dir string) ([]Driver, error) {
	said, err := Call{Program: program, Args: []string{"--formats"}, Dir: dir, Time: 30 * time.Second}.Output(ctx)
	if err != nil {
		return nil, err
	}
	var all []Driver
	for line := range strings.Lines(said) {
		// "  GPKG -raster,vector- (rw+vs): GeoPackage"
		name, can, ok := strings.Cut(strings.TrimSpace(line), " -")
		_, can, bracket := strings.Cut(can, "(")
		can, _, _ = strings.Cut(can, ")")
		if ok && bracket {
			all = append(all, Driver{name, strings.Contains(can, "w")})
		}
	}
	return all, nil
}
