package cluster

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// An account is the ordinary user that runs the server, which refuses to run as root.
type account struct {
	name     string
	uid, gid int
	drop     bool // Kora is root and becomes this user for the server
}

// accountFor is Kora's own user, or for root the owner of the data folder, or else user postgres.
func accountFor(dir, data string) (account, error) {
	if uid := os.Geteuid(); uid != 0 {
		a, err := lookup(uid)
		if err != nil {
			return account{}, err
		}
		if owner, ok := ownerOf(data); ok && owner != uid {
			return account{}, refuse(data, fmt.Sprintf("the database belongs to user %s; run Kora as that user, or name "+
				"another data folder", nameOf(owner)), nil)
		}
		return a, nil
	}
	if owner, ok := ownerOf(data); ok && owner == 0 && exists(filepath.Join(data, "PG_VERSION")) {
		return account{}, refuse(data, "the database belongs to root, and PostgreSQL does not run as root; give it to an "+
			"ordinary user, for example with chown -R postgres", nil)
	}
	for _, folder := range []string{data, dir} {
		if owner, ok := ownerOf(folder); ok && owner != 0 {
			a, err := lookup(owner)
			a.drop = true
			return a, err
		}
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return account{}, refuse(dir, "PostgreSQL does not run as root and there is no user postgres to run it; start Kora "+
			"as an ordinary user, or give the data folder to one", err)
	}
	a, err := accountOf(u)
	a.drop = true
	return a, err
}

func lookup(uid int) (account, error) {
	u, err := user.LookupId(strconv.Itoa(uid))
	if err != nil {
		return account{}, refuse("", fmt.Sprintf("user id %d has no name on this machine, and PostgreSQL needs one; add the "+
			"user to /etc/passwd, or set DATABASE_URL", uid), err)
	}
	return accountOf(u)
}

func accountOf(u *user.User) (account, error) {
	uid, err := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	if err := errors.Join(err, err2); err != nil {
		return account{}, fmt.Errorf("read the ids of user %s: %w", u.Username, err)
	}
	return account{name: u.Username, uid: uid, gid: gid}, nil
}

func ownerOf(path string) (uid int, ok bool) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, false
	}
	return int(info.Sys().(*syscall.Stat_t).Uid), true
}

func nameOf(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return strconv.Itoa(uid)
}

// command prepares a program of the server's, run by the account in folder dir with an environment of its own: the
// caller's locale, PG* and PROJ settings do not reach it. It is in a process group of its own, so that Ctrl-C at a
// terminal leaves it to Kora to stop it, and gets the signal when Kora dies.
func (a account) command(dir string, death syscall.Signal, path string, args ...string) *exec.Cmd {
	cmd := exec.Command(path, args...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: death}
	if a.drop {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	return cmd
}

// own gives a file or folder that Kora made to the account.
func (a account) own(path string) error {
	if !a.drop {
		return nil
	}
	return os.Lchown(path, a.uid, a.gid)
}

// blocked names the first folder on the way to path that the account may not enter, by the mode bits, or "".
func (a account) blocked(path string) string {
	for _, dir := range ancestors(path) {
		info, err := os.Stat(dir)
		if err != nil {
			return dir
		}
		st := info.Sys().(*syscall.Stat_t)
		enter := info.Mode().Perm() & 0o001
		switch {
		case int(st.Uid) == a.uid:
			enter = info.Mode().Perm() & 0o100
		case int(st.Gid) == a.gid:
			enter = info.Mode().Perm() & 0o010
		}
		if enter == 0 {
			return dir
		}
	}
	return ""
}

// ancestors lists the root, …, path.
func ancestors(path string) []string {
	if parent := filepath.Dir(path); parent != path {
		return append(ancestors(parent), path)
	}
	return []string{path}
}
