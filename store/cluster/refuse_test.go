package cluster_test

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"kora/store/cluster"
	"kora/store/cluster/clustertest"
)

// tree makes empty files below a new folder.
func tree(t testing.TB, files ...string) string {
	t.Helper()
	root := t.TempDir()
	for _, f := range files {
		path := filepath.Join(root, f)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func debian(version string) []string {
	return []string{
		"usr/share/postgresql/" + version + "/extension/postgis.control", "usr/lib/postgresql/" + version + "/lib/postgis-3.so",
		"usr/lib/postgresql/" + version + "/bin/initdb", "usr/lib/postgresql/" + version + "/bin/postgres",
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	both := tree(t, append(debian("15"), debian("17")...)...)
	cases := []struct {
		name    string
		root    string
		version string // in PG_VERSION; "" for no cluster
		major   int
		fresh   bool
		words   []string
	}{
		{"newest for a new cluster", both, "", 17, true, nil},
		{"older for an older cluster", both, "15", 15, false, nil},
		{"cluster of a version not installed", both, "16", 0, false, []string{"PostgreSQL 16", "17, 15", "postgresql-16-postgis-3", "pg_dump"}},
		{"cluster of a version to come", both, "99", 0, false, []string{"PostgreSQL 99"}},
		{"PG_VERSION is no number", both, "new", 0, false, []string{"no PostgreSQL cluster"}},
		{"nothing installed", tree(t), "", 0, false, []string{"postgresql-postgis", "DATABASE_URL"}},
		{"PostgreSQL without PostGIS", tree(t, debian("15")[2:]...), "", 0, false, []string{"postgresql-postgis"}},
		{"PostGIS's scripts without its library", tree(t, debian("15")[0], debian("15")[2], debian("15")[3]), "", 0, false, []string{"postgresql-postgis"}},
		{"PostgreSQL's client only", tree(t, debian("15")[:2]...), "", 0, false, []string{"postgresql-postgis"}},
		{"too old", tree(t, debian("9.6")...), "", 0, false, []string{"postgresql-postgis"}},
		{"not the newest is whole", tree(t, append(debian("15"), debian("17")[1:]...)...), "", 15, true, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			data := filepath.Join(t.TempDir(), "pg")
			if c.version != "" {
				if err := os.Mkdir(data, 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte(c.version+"\n"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			major, fresh, err := cluster.Choose(c.root, data)
			if c.words != nil {
				refused(t, err, c.words...)
				return
			}
			if err != nil || major != c.major || fresh != c.fresh {
				t.Errorf("version %d, fresh %v, %v", major, fresh, err)
			}
		})
	}
}

func TestClusterOfAnotherVersion(t *testing.T) {
	t.Parallel()
	dir := made(t)
	path := filepath.Join(dir, "pg", "PG_VERSION")
	was, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, version := range []string{"12\n", ""} {
		if err := os.WriteFile(path, []byte(version), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := tryStart(t, dir)
		refused(t, err, filepath.Join(dir, "pg"))
	}
	if err := os.WriteFile(path, was, 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, dir)
}

func TestFilesOfSomethingElse(t *testing.T) {
	t.Parallel()
	dir := clustertest.Folder(t)
	path := filepath.Join(dir, "pg", "letters.txt")
	if err := os.Mkdir(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("dear"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := tryStart(t, dir)
	refused(t, err, "no PostgreSQL cluster")
	if b, err := os.ReadFile(path); err != nil || string(b) != "dear" {
		t.Errorf("the file was touched: %q, %v", b, err)
	}
}

func TestEmptyDatabaseFolder(t *testing.T) {
	t.Parallel()
	dir := clustertest.Folder(t)
	if err := os.Mkdir(filepath.Join(dir, "pg"), 0o755); err != nil {
		t.Fatal(err)
	}
	start(t, dir)
}

func TestFolderThatIsAFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(clustertest.Folder(t), "data")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := tryStart(t, path)
	refused(t, err, path)
}

func TestFolderOutOfReach(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		_, err := tryStart(t, "/proc/kora")
		refused(t, err, "/proc/kora")
		return
	}
	closed := filepath.Join(clustertest.Folder(t), "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(closed, "data")
	_, err := tryStart(t, dir)
	refused(t, err, "may not pass through "+closed+";", "postgres", "o+x")
	if err := os.Chmod(closed, 0o711); err != nil {
		t.Fatal(err)
	}
	start(t, dir)
}

func TestOwnerRunsTheServer(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("needs root")
	}
	const nobody = 65534
	dir := filepath.Join(clustertest.Folder(t), "data")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(dir, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	c := start(t, dir)
	if uid := ownerOf(t, filepath.Join(dir, "pg")); uid != nobody {
		t.Errorf("the database belongs to user %d", uid)
	}
	connect(t, c)
	stop(t, c)

	unnamed := filepath.Join(clustertest.Folder(t), "data")
	if err := os.Mkdir(unnamed, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(unnamed, 54321, 54321); err != nil {
		t.Fatal(err)
	}
	_, err := tryStart(t, unnamed)
	refused(t, err, "54321")

	if err := os.Chown(filepath.Join(dir, "pg"), 0, 0); err != nil {
		t.Fatal(err)
	}
	_, err = tryStart(t, dir)
	refused(t, err, "belongs to root", "chown")
}

func TestOpenDatabaseFolderIsClosed(t *testing.T) {
	t.Parallel()
	dir := made(t)
	data := filepath.Join(dir, "pg")
	if err := os.Chmod(data, 0o755); err != nil {
		t.Fatal(err)
	}
	start(t, dir)
	if info, err := os.Stat(data); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestSpace(t *testing.T) {
	t.Parallel()
	if err := cluster.CheckSpace(t.TempDir(), 0); err != nil {
		t.Error(err)
	}
	refused(t, cluster.CheckSpace(t.TempDir(), math.MaxUint64), "MiB are free")
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(clustertest.Folder(t), "disk")
	if err := os.Mkdir(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("kora", dir, "tmpfs", 0, "size=200m,mode=711"); err != nil {
		t.Skipf("no small disk can be made here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	_, err := tryStart(t, dir)
	refused(t, err, "MiB are free", dir)
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != "kora.lock" {
		t.Errorf("the refusal left %v, %v", entries, err)
	}
}

func TestLinksInTheDatabaseFolder(t *testing.T) {
	t.Parallel()
	dir := made(t)
	victim := filepath.Join(t.TempDir(), "victim")
	if err := os.WriteFile(victim, []byte("precious"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"kora.conf", "kora.conf.new", "pg_hba.conf", "postmaster.pid"} {
		path := filepath.Join(dir, "pg", name)
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if err := os.Symlink(victim, path); err != nil {
			t.Fatal(err)
		}
	}
	start(t, dir)
	if b, err := os.ReadFile(victim); err != nil || string(b) != "precious" {
		t.Errorf("a link led a write to %q, %v", b, err)
	}
}

func TestDefaultDir(t *testing.T) {
	if os.Geteuid() == 0 {
		if dir, err := cluster.DefaultDir(); err != nil || dir != "/var/lib/kora" {
			t.Errorf("%q, %v", dir, err)
		}
		return
	}
	for _, c := range []struct{ xdg, home, want string }{
		{"/x", "/home/a", "/x/kora"}, {"", "/home/a", "/home/a/.local/share/kora"}, {"relative", "/home/a", "/home/a/.local/share/kora"},
	} {
		t.Setenv("XDG_DATA_HOME", c.xdg)
		t.Setenv("HOME", c.home)
		if dir, err := cluster.DefaultDir(); err != nil || dir != c.want {
			t.Errorf("%+v: %q, %v", c, dir, err)
		}
	}
	t.Setenv("XDG_DATA_HOME", "")
	t.Setenv("HOME", "")
	_, err := cluster.DefaultDir()
	if err == nil || !strings.Contains(err.Error(), "home") {
		t.Errorf("%v", err)
	}
}
