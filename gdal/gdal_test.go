package gdal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// child is a script in the place of a program of GDAL.
func child(t *testing.T, script string) Call {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "ogrtest")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return Call{Program: path, Dir: dir, Time: time.Minute}
}

func TestFailures(t *testing.T) {
	for name, c := range map[string]struct {
		script string
		limits Limits
		time   time.Duration
		says   string
		late   bool
		crash  bool
	}{
		"status":           {script: `echo "no room in $HOME/x" >&2; exit 3`, says: "ogrtest failed (exit status 3): no room in x"},
		"error, status 0":  {script: `echo half; echo "ERROR 1: cut off" >&2`, says: "ERROR 1: cut off"},
		"told at length":   {script: `yes x | head -c 1000000 >&2; exit 1`, says: "x x …"},
		"by the clock":     {script: `exec sleep 600`, time: 50 * time.Millisecond, says: "took too long", late: true},
		"by the processor": {script: `while :; do :; done`, limits: Limits{CPU: time.Second}, says: "processor time", late: true},
		"memory":           {script: `x=$(head -c 100000000 /dev/zero | tr '\0' x); echo ok`, limits: Limits{Memory: 20 << 20}, says: "ogrtest failed"},
		"files":            {script: `exec head -c 1000000 /dev/zero >"$HOME/big"`, limits: Limits{Files: 4096}, says: "ogrtest failed", crash: true},
		"a crash":          {script: `kill -SEGV $$`, says: "ogrtest failed", crash: true},
	} {
		call := child(t, c.script)
		call.Limits = c.limits
		if c.time > 0 {
			call.Time = c.time
		}
		_, err := call.Output(t.Context())
		f, ok := errors.AsType[*Failure](err)
		if !ok || !strings.Contains(err.Error(), c.says) || f.Late != c.late || c.crash && !f.Crashed() || len(err.Error()) > 700 {
			t.Errorf("%s: %v (%+v)", name, err, f)
		}
	}
}

func TestOutput(t *testing.T) {
	call := child(t, `echo "$1 $2"; env`)
	t.Setenv("KORA_SECRET", "not for others")
	call.Args, call.Settings, call.Limits = []string{"a b", "-c"}, []string{"GDAL_SKIP=X"}, Limits{CPU: time.Minute, Memory: 100 << 20, Files: 1 << 20}
	out, err := call.Output(t.Context())
	if err != nil || !strings.HasPrefix(out, "a b -c\n") || strings.Contains(out, "SECRET") || !strings.Contains(out, "GDAL_SKIP=X\n") || !strings.Contains(out, "HOME="+call.Dir+"\n") {
		t.Errorf("%q, %v", out, err)
	}
	if _, err := child(t, `yes`).Output(t.Context()); err == nil || !strings.Contains(err.Error(), "prints more than") {
		t.Error(err)
	}
}

// A reader that has seen enough ends the child, and the children of that, and what it says is the outcome.
func TestReaderEndsTheChild(t *testing.T) {
	enough := errors.New("enough")
	var pid int
	err := child(t, `sleep 600 & echo $!; yes; wait`).Stream(t.Context(), func(r io.Reader) error {
		line, err := bufio.NewReader(r).ReadString('\n')
		if err != nil {
			return err
		}
		pid, err = strconv.Atoi(strings.TrimSpace(line))
		return errors.Join(enough, err)
	})
	if !errors.Is(err, enough) {
		t.Error(err)
	}
	gone(t, pid)
}

// gone waits until a process that nobody here may wait for has ended.
func gone(t *testing.T, pid int) {
	t.Helper()
	for syscall.Kill(pid, 0) == nil {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil || strings.Contains(string(stat), ") Z ") {
			return // nobody has asked how it ended yet
		}
		if t.Context().Err() != nil {
			t.Fatalf("%d lives on", pid)
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var pid int
	err := child(t, `echo $$; exec sleep 600`).Stream(ctx, func(r io.Reader) error {
		line, err := bufio.NewReader(r).ReadString('\n')
		if err != nil {
			return err
		}
		pid, err = strconv.Atoi(strings.TrimSpace(line))
		cancel()
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	gone(t, pid)
}

// What a child that fails has left half of reads as damaged; that it failed is the better word.
func TestFailureComesFirst(t *testing.T) {
	err := child(t, `echo '{"half":'; exit 3`).Stream(t.Context(), func(r io.Reader) error {
		b, _ := io.ReadAll(r)
		return fmt.Errorf("%q is no JSON", b)
	})
	if _, ok := errors.AsType[*Failure](err); !ok {
		t.Error(err)
	}
}

func TestDrivers(t *testing.T) {
	program, err := Find("ogr2ogr")
	if err != nil {
		t.Skip("GDAL is not here")
	}
	all, err := Drivers(t.Context(), program, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, d := range all {
		found[d.Name] = d.Writes
	}
	if !found["GeoJSON"] || !found["ESRI Shapefile"] {
		t.Errorf("%v", all)
	}
}
