package cluster_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"kora"
	"kora/store/cluster"
	"kora/store/cluster/clustertest"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(helperDir); dir != "" {
		os.Exit(runHelper(dir))
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if seed.dir != "" {
			_ = os.RemoveAll(seed.dir)
		}
		os.Exit(code)
	}))
}

// start runs a cluster in dir until the end of the test.
func start(t testing.TB, dir string, change ...func(*cluster.Config)) *cluster.Cluster {
	t.Helper()
	c, err := tryStart(t, dir, change...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func tryStart(t testing.TB, dir string, change ...func(*cluster.Config)) (*cluster.Cluster, error) {
	t.Helper()
	cfg := cluster.Config{Dir: dir, Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))}
	for _, f := range change {
		f(&cfg)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c, err := cluster.Start(ctx, cfg)
	if errors.Is(err, cluster.ErrNoPostGIS) {
		t.Skip(err)
	}
	if err == nil {
		t.Cleanup(func() { stop(t, c) })
	}
	return c, err
}

// seed is a data folder with a cluster in it, to copy; making one anew takes a second.
var seed struct {
	once sync.Once
	dir  string
	err  error
}

func makeSeed(dir string) error {
	if err := os.Mkdir(dir, 0o711); err != nil {
		return err
	}
	c, err := cluster.Start(context.Background(), cluster.Config{Dir: dir, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	return c.Stop(context.Background())
}

// made gives a data folder with a cluster in it that is not running, in a new folder or below that.
func made(t testing.TB, below ...string) string {
	t.Helper()
	folder := clustertest.Folder(t)
	seed.once.Do(func() {
		seed.dir = folder + "-seed"
		seed.err = makeSeed(seed.dir)
	})
	if errors.Is(seed.err, cluster.ErrNoPostGIS) {
		t.Skip(seed.err)
	}
	if seed.err != nil {
		t.Fatal(seed.err)
	}
	dir := filepath.Join(append([]string{folder}, below...)...)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("cp", "-a", filepath.Join(seed.dir, "pg"), dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return dir
}

func stop(t testing.TB, c *cluster.Cluster) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := c.Stop(ctx); err != nil {
		t.Errorf("stop: %v", err)
	}
}

func connect(t testing.TB, c *cluster.Cluster) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), c.ConnString())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func exec1(t testing.TB, conn *pgx.Conn, sql string, args ...any) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func get[T any](t testing.TB, conn *pgx.Conn, sql string, args ...any) T {
	t.Helper()
	var v T
	if err := conn.QueryRow(t.Context(), sql, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// within waits until ok holds.
func within(t testing.TB, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within %v: %s", limit, what)
		}
	}
}

// refused fails the test unless err is a refusal that holds every word.
func refused(t testing.TB, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("not refused")
	}
	if _, ok := errors.AsType[*kora.Error](err); !ok {
		t.Errorf("%T is no refusal: %v", err, err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("the refusal does not say %q: %v", w, err)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("the refusal is not one line: %v", err)
	}
}

// postmaster reads the server's process id from its own file.
func postmaster(t testing.TB, dir string) int {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "pg", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(b), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func noStrays(t testing.TB, dir string) {
	t.Helper()
	if pids := cluster.Strays(filepath.Join(dir, "pg")); len(pids) > 0 {
		t.Errorf("processes %v are left", pids)
	}
}

// asOwner prepares a command that runs as the owner of the database in dir.
func asOwner(t testing.TB, dir, name string, args ...string) *exec.Cmd {
	t.Helper()
	info, err := os.Stat(filepath.Join(dir, "pg"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(name, args...)
	cmd.Dir = "/"
	if os.Geteuid() == 0 {
		st := info.Sys().(*syscall.Stat_t)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: st.Uid, Gid: st.Gid}}
	}
	return cmd
}

func TestColdThenWarm(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(clustertest.Folder(t), "not", "there", "yet")
	var steps []string
	begun := time.Now()
	c := start(t, dir, func(cfg *cluster.Config) { cfg.Progress = func(s string) { steps = append(steps, s) } })
	t.Logf("cold start: %v", time.Since(begun))
	if len(steps) == 0 || steps[0] != "creating the database cluster" {
		t.Errorf("steps told: %q", steps)
	}
	conn := connect(t, c)
	exec1(t, conn, `CREATE TABLE place (id int PRIMARY KEY, g geometry(Point, 4490))`)
	exec1(t, conn, `INSERT INTO place VALUES (1, ST_SetSRID(ST_Point(91.1172, 29.6469), 4490))`)
	begun = time.Now()
	stop(t, c) // with an open connection
	t.Logf("stop: %v", time.Since(begun))
	select {
	case <-c.Done():
	default:
		t.Error("Done is open after Stop")
	}
	if err := c.Err(); err != nil {
		t.Errorf("Err after Stop: %v", err)
	}
	noStrays(t, dir)

	steps = nil
	begun = time.Now()
	c = start(t, dir, func(cfg *cluster.Config) { cfg.Progress = func(s string) { steps = append(steps, s) } })
	t.Logf("warm start: %v", time.Since(begun))
	if len(steps) != 1 {
		t.Errorf("steps told: %q", steps)
	}
	// 29.6469 N in CGCS2000 / 3-degree Gauss-Krüger CM 90E: PROJ finds its data.
	y := get[float64](t, connect(t, c), `SELECT ST_Y(ST_Transform(g, 4539)) FROM place`)
	if y < 3_278_000 || y > 3_284_000 {
		t.Errorf("northing %v", y)
	}
}

func TestPrivate(t *testing.T) {
	t.Parallel()
	dir := made(t)
	c := start(t, dir, func(cfg *cluster.Config) {
		cfg.Settings = map[string]string{"work_mem": "7MB", "application_name": `a'b\c`}
	})
	conn := connect(t, c)
	for setting, want := range map[string]string{
		"listen_addresses": "", "server_encoding": "UTF8", "data_checksums": "on", "fsync": "on",
		"synchronous_commit": "on", "jit": "off", "client_connection_check_interval": "1s", "TimeZone": "UTC",
		"work_mem": "7MB", "unix_socket_permissions": "0700", "data_directory_mode": "0700", "log_min_error_statement": "panic",
	} {
		if got := get[string](t, conn, `SELECT current_setting($1)`, setting); got != want {
			t.Errorf("%s = %q, want %q", setting, got, want)
		}
	}
	if got := get[string](t, conn, `SELECT reset_val FROM pg_settings WHERE name = 'work_mem'`); got != "7168" {
		t.Errorf("work_mem %s kB", got)
	}
	want := "c C.UTF-8"
	if get[int](t, conn, `SELECT current_setting('server_version_num')::int`) >= 170000 {
		want = "b C.UTF-8"
	}
	if got := get[string](t, conn, `SELECT datlocprovider::text || ' ' || datcollate FROM pg_database WHERE datname = 'kora'`); got != want {
		t.Errorf("locale %s, want %s", got, want)
	}
	if get[bool](t, conn, `SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication FROM pg_roles WHERE rolname = current_user`) {
		t.Error("role kora may more than it needs")
	}
	if owner := get[string](t, conn, `SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = current_database()`); owner != "kora" {
		t.Errorf("the database belongs to %s", owner)
	}
	exec1(t, conn, `CREATE TABLE mine ()`)

	pid := postmaster(t, dir)
	if group, err := unix.Getpgid(pid); err != nil || group != pid {
		t.Errorf("the server is in process group %d (%v): Ctrl-C would reach it", group, err)
	}
	if uid := ownerOf(t, "/proc/"+strconv.Itoa(pid)); uid == 0 {
		t.Error("the server runs as root")
	}
	env, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/environ")
	if err == nil && strings.Contains(string(env), "HOME=") {
		t.Errorf("the server inherited the environment: %q", env)
	}
	t.Run("other users stay outside", func(t *testing.T) {
		nobody, err := user.Lookup("nobody")
		if os.Geteuid() != 0 || err != nil {
			t.Skip("needs root and user nobody")
		}
		cmd := exec.Command("/bin/ls", filepath.Join(dir, "run"))
		uid, _ := strconv.Atoi(nobody.Uid)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
		if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "denied") {
			t.Errorf("user nobody sees the socket's folder: %v, %s", err, out)
		}
	})
}

func ownerOf(t testing.TB, path string) int {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return int(info.Sys().(*syscall.Stat_t).Uid)
}

func TestSettingsAreChecked(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{"fsync\nport": "1", "": "", "work_mem": "1MB\nlisten_addresses = '*'"} {
		_, err := tryStart(t, clustertest.Folder(t), func(cfg *cluster.Config) { cfg.Settings = map[string]string{name: value} })
		refused(t, err, "setting")
	}
	dir := made(t)
	_, err := tryStart(t, dir, func(cfg *cluster.Config) { cfg.Settings = map[string]string{"shared_buffers": "lots"} })
	if err == nil || !strings.Contains(err.Error(), "shared_buffers") {
		t.Errorf("the server's complaint is not told: %v", err)
	}
	start(t, dir)
}

func TestFolderNames(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, folder string
		created      bool // here, and not elsewhere before
	}{
		{"quotes", `it's "Kora" \ $HOME %41`, true},
		{"scripts", "数据 མཛོད", false},
		{"comma", "one,two", true},
		{"equals sign", "=", false},
		{"long", strings.Repeat("x", 200), true},
		{"longest that fits", strings.Repeat("x", 200), false},
		{"shortest that does not", strings.Repeat("x", 200), false},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			folder := clustertest.Folder(t)
			room := 107 - len(folder+"/"+"/run/.s.PGSQL.5432")
			switch tc.name {
			case "longest that fits":
				tc.folder = tc.folder[:room]
			case "shortest that does not":
				tc.folder = tc.folder[:room+1]
			}
			dir := filepath.Join(folder, tc.folder)
			if !tc.created {
				if err := os.Rename(made(t), dir); err != nil {
					t.Fatal(err)
				}
			}
			c := start(t, dir)
			cfg, err := c.PgxConfig()
			if err != nil {
				t.Fatal(err)
			}
			socket := cfg.ConnConfig.Host
			within := strings.HasPrefix(socket, dir+"/")
			if want := len(tc.folder) <= room && !strings.Contains(dir, ","); within != want {
				t.Errorf("the socket is in %s", socket)
			}
			if get[int](t, connect(t, c), "SELECT 1") != 1 {
				t.Error("no answer")
			}
			stop(t, c)
			if _, err := os.Stat(socket); !within && !os.IsNotExist(err) {
				t.Errorf("%s is left: %v", socket, err)
			}
		})
	}
}

func TestRelativeFolder(t *testing.T) {
	t.Chdir(made(t, "data"))
	if get[int](t, connect(t, start(t, ".")), "SELECT 1") != 1 {
		t.Error("no answer")
	}
}

func TestRuntimeFolder(t *testing.T) {
	runtime := clustertest.Folder(t)
	t.Setenv("XDG_RUNTIME_DIR", runtime)
	c := start(t, made(t, strings.Repeat("x", 120)))
	cfg, err := c.PgxConfig()
	if err != nil {
		t.Fatal(err)
	}
	want := runtime
	if os.Geteuid() == 0 {
		want = "/run/kora"
	}
	if !strings.HasPrefix(cfg.ConnConfig.Host, want+"/") {
		t.Errorf("the socket is in %s, not in %s", cfg.ConnConfig.Host, want)
	}
}

func TestHostileEnvironment(t *testing.T) {
	for name, value := range map[string]string{
		"PGHOST": "db.invalid", "PGPORT": "1", "PGDATABASE": "other", "PGUSER": "other", "PGPASSWORD": "wrong",
		"PGPASSFILE": "/nonexistent", "PGAPPNAME": "other", "PGCONNECT_TIMEOUT": "x", "PGSSLMODE": "verify-full",
		"PGSSLKEY": "/nonexistent", "PGSSLCERT": "/nonexistent", "PGSSLCERTMODE": "x", "PGSSLSNI": "x",
		"PGSSLROOTCERT": "/nonexistent", "PGSSLPASSWORD": "x", "PGSSLNEGOTIATION": "direct", "PGTARGETSESSIONATTRS": "standby",
		"PGSERVICE": "nosuch", "PGSERVICEFILE": "/nonexistent", "PGTZ": "Mars/Olympus", "PGOPTIONS": "-c search_path=nowhere",
		"PGMINPROTOCOLVERSION": "9", "PGMAXPROTOCOLVERSION": "1", "PGCHANNELBINDING": "require", "PGREQUIREAUTH": "scram-sha-256",
		"PGDATA": "/nonexistent", "PGCLIENTENCODING": "BIG5", "LC_ALL": "zh_CN.GB18030", "PROJ_LIB": "/nonexistent", "PROJ_DATA": "/nonexistent",
	} {
		t.Setenv(name, value)
	}
	c := start(t, clustertest.Folder(t))
	conn := connect(t, c)
	if path := get[string](t, conn, "SHOW search_path"); path != `"$user", public` {
		t.Errorf("search_path = %s", path)
	}
	if zone := get[string](t, conn, "SHOW timezone"); zone != "UTC" {
		t.Errorf("timezone = %s", zone)
	}
	if x := get[float64](t, conn, "SELECT ST_X(ST_Transform(ST_SetSRID(ST_Point(91, 29), 4490), 4539))"); x < 1000 {
		t.Errorf("easting %v", x)
	}
	if os.Getenv("PGHOST") != "db.invalid" {
		t.Error("the environment of the process was changed")
	}
}

func TestUmask(t *testing.T) {
	dir := filepath.Join(clustertest.Folder(t), "a", "b")
	old := syscall.Umask(0o077)
	defer syscall.Umask(old)
	start(t, dir)
}

func TestOneKoraForAFolder(t *testing.T) {
	t.Parallel()
	dir := made(t)
	c := start(t, dir)
	_, err := tryStart(t, dir)
	refused(t, err, dir, "another Kora (process "+strconv.Itoa(os.Getpid())+")")
	if get[int](t, connect(t, c), "SELECT 1") != 1 {
		t.Error("the first Kora was disturbed")
	}

	fresh := clustertest.Folder(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var won int
	for range 4 {
		wg.Go(func() {
			_, err := tryStart(t, fresh)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else {
				refused(t, err, "another Kora")
			}
		})
	}
	wg.Wait()
	if won != 1 {
		t.Errorf("%d of 4 that started together have the folder", won)
	}
}

func TestStopMoreThanOnce(t *testing.T) {
	t.Parallel()
	c := start(t, made(t))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { stop(t, c) })
	}
	wg.Wait()
	stop(t, c)
}

func TestStopWithoutPatience(t *testing.T) {
	t.Parallel()
	dir := made(t)
	c := start(t, dir)
	exec1(t, connect(t, c), `CREATE TABLE kept AS SELECT 7 AS n`)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Stop(ctx); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("stop: %v", err)
	}
	noStrays(t, dir)
	if n := get[int](t, connect(t, start(t, dir)), `SELECT n FROM kept`); n != 7 {
		t.Errorf("%d", n)
	}
}

func TestStartIsCancelled(t *testing.T) {
	t.Parallel()
	dir := clustertest.Folder(t)
	for _, at := range []string{"", "creating the database cluster", "starting the database", "creating the database", "adding PostGIS"} {
		ctx, cancel := context.WithCancel(t.Context())
		if at == "" {
			cancel()
		}
		c, err := cluster.Start(ctx, cluster.Config{
			Dir: dir,
			Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
			Progress: func(step string) {
				if step == at {
					time.AfterFunc(20*time.Millisecond, cancel)
				}
			},
		})
		cancel()
		if errors.Is(err, cluster.ErrNoPostGIS) {
			t.Skip(err)
		}
		if err == nil {
			stop(t, c)
			t.Fatalf("cancelled at %q, and it started", at)
		}
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled at %q: %v", at, err)
		}
		noStrays(t, dir)
	}
	start(t, dir)
}
