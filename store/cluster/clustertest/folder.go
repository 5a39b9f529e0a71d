package clustertest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	memory = "/dev/shm"   // a new database takes 20 ms there and 250 ms on a disk
	room   = 2 << 30      // the free bytes that make memory worth using; a container often has 64 MB
	prefix = "kora-test-" // then the process id of the test binary
)

func newFolder() (string, error) {
	base := os.TempDir()
	var st unix.Statfs_t
	if unix.Statfs(memory, &st) == nil && st.Bavail*uint64(st.Bsize) >= room && unix.Access(memory, unix.W_OK) == nil {
		base = memory
	}
	removeStale(base)
	dir, err := os.MkdirTemp(base, fmt.Sprintf("%s%d-", prefix, os.Getpid()))
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o711)
}

// removeStale takes away what test binaries that were killed have left.
func removeStale(base string) {
	dirs, err := filepath.Glob(filepath.Join(base, prefix+"*"))
	if err != nil {
		return
	}
	for _, dir := range dirs {
		first, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), prefix), "-")
		pid, err := strconv.Atoi(first)
		if err == nil && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			_ = os.RemoveAll(dir)
		}
	}
}
