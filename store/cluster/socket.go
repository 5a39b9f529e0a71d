package cluster

import (
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"strings"
)

const (
	port    = "5432" // a part of the socket's name; no port is opened
	service = "kora"
)

// A socket is the folder of the server's Unix socket, which only the account may enter.
type socket struct {
	dir  string
	lent bool // outside the data folder, to be removed at the end
}

func (s socket) path() string        { return filepath.Join(s.dir, ".s.PGSQL."+port) }
func (s socket) serviceFile() string { return filepath.Join(s.dir, "service.conf") }

// remove takes away a folder that was made outside the data folder.
func (s socket) remove() {
	if s.lent {
		_ = os.RemoveAll(s.dir)
	}
}

// usable tells whether the socket's name fits the kernel's 107 bytes (unix(7)) and whether pgx, which takes a comma for
// the end of a host, can name it.
func (s socket) usable() bool {
	return len(s.path()) <= 107 && !strings.ContainsAny(s.dir, ",\x00")
}

// makeSocket makes an empty folder for the socket: run in the data folder, or where the path of that is too long, a
// folder in /run/kora, $XDG_RUNTIME_DIR or the folder for temporary files.
func makeSocket(dir string, a account) (socket, error) {
	s := socket{dir: filepath.Join(dir, "run")}
	if !s.usable() {
		var err error
		if s, err = lendSocket(dir, a); err != nil {
			return socket{}, err
		}
	} else if err := remake(s.dir); err != nil {
		return socket{}, fmt.Errorf("make the socket folder: %w", err)
	}
	// Both before the account owns the folder and could put a link there.
	err := os.WriteFile(s.serviceFile(), []byte("["+service+"]\n"), 0o600)
	if err = errors.Join(err, a.own(s.serviceFile()), a.own(s.dir)); err != nil {
		s.remove()
		return socket{}, fmt.Errorf("make the socket folder: %w", err)
	}
	return s, nil
}

func lendSocket(dir string, a account) (socket, error) {
	h := fnv.New64a()
	h.Write([]byte(dir))
	name := fmt.Sprintf("%016x", h.Sum64())
	var problems []error
	if a.drop {
		s := socket{dir: filepath.Join("/run/kora", name), lent: true}
		err := mkdirs("/run/kora", 0o711)
		if err == nil {
			err = remake(s.dir)
		}
		if err == nil {
			return s, nil
		}
		problems = append(problems, err)
	} else if base := os.Getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(base) {
		s := socket{dir: filepath.Join(base, "kora-"+name), lent: true}
		if s.usable() {
			err := remake(s.dir)
			if err == nil {
				return s, nil
			}
			problems = append(problems, err)
		}
	}
	for _, base := range []string{os.TempDir(), "/tmp"} {
		made, err := os.MkdirTemp(base, "kora-")
		if err != nil {
			problems = append(problems, err)
			continue
		}
		s := socket{dir: made, lent: true}
		if s.usable() {
			return s, nil
		}
		s.remove()
	}
	return socket{}, refuse(dir, "the path of this folder is too long for a Unix socket (107 bytes), and no shorter place "+
		"for the socket could be made; name a data folder with a shorter path", errors.Join(problems...))
}

func remake(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.Mkdir(dir, 0o700)
}
