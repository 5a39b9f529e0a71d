package cluster

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// ErrNoPostGIS is in the chain of Start's error when this machine has no PostgreSQL with PostGIS.
var ErrNoPostGIS = errors.New("PostgreSQL with PostGIS is not installed")

// oldest is the first major version that knows every setting of settings.go.
const oldest = 14

// An install is one PostgreSQL with PostGIS on this machine.
type install struct {
	major int
	bin   string // folder of initdb and postgres
}

// installs lists what Debian's packages put below root, newest first.
func installs(root string) []install {
	var found []install
	controls, _ := filepath.Glob(filepath.Join(root, "usr/share/postgresql/*/extension/postgis.control"))
	for _, control := range controls {
		version := filepath.Base(filepath.Dir(filepath.Dir(control)))
		major, err := strconv.Atoi(version)
		if err != nil || major < oldest {
			continue
		}
		lib := filepath.Join(root, "usr/lib/postgresql", version)
		libraries, _ := filepath.Glob(filepath.Join(lib, "lib/postgis-*.so"))
		if len(libraries) > 0 && exists(filepath.Join(lib, "bin/initdb")) && exists(filepath.Join(lib, "bin/postgres")) {
			found = append(found, install{major: major, bin: filepath.Join(lib, "bin")})
		}
	}
	slices.SortFunc(found, func(a, b install) int { return b.major - a.major })
	return found
}

// choose takes the install that can open the cluster in data, or the newest when there is no cluster yet; fresh tells
// which.
func choose(data string, found []install) (in install, fresh bool, err error) {
	if len(found) == 0 {
		return install{}, false, refuse("", "Kora keeps its record in PostgreSQL with PostGIS; install the package "+
			"postgresql-postgis, or set DATABASE_URL to a database that has it", ErrNoPostGIS)
	}
	entries, err := os.ReadDir(data)
	if errors.Is(err, os.ErrNotExist) || err == nil && len(entries) == 0 {
		return found[0], true, nil
	}
	if err != nil {
		return install{}, false, refuse(data, "the database folder cannot be read", err)
	}
	b, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	version := strings.TrimSpace(string(b))
	major, convErr := strconv.Atoi(version)
	if err != nil || convErr != nil {
		return install{}, false, refuse(data, "this folder holds files but no PostgreSQL cluster; move them away, or "+
			"name another data folder", err)
	}
	i := slices.IndexFunc(found, func(in install) bool { return in.major == major })
	if i < 0 {
		return install{}, false, refuse(data, fmt.Sprintf("these files were written by PostgreSQL %d, and this machine has "+
			"%s; install the package postgresql-%d-postgis-3 and start again, or dump the database where PostgreSQL %d "+
			"still runs (pg_dump -Fc) and restore it into an empty data folder (pg_restore)",
			major, versions(found), major, major), nil)
	}
	return found[i], false, nil
}

func versions(found []install) string {
	words := make([]string, len(found))
	for i, in := range found {
		words[i] = strconv.Itoa(in.major)
	}
	return strings.Join(words, ", ")
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
