package cluster_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"kora/store/cluster"
	"kora/store/cluster/clustertest"
)

const (
	helperDir   = "KORA_CLUSTER_TEST_DIR"   // makes this test binary a small Kora that writes rows until it is killed
	helperDeath = "KORA_CLUSTER_TEST_DEATH" // the step of Start at which it kills itself,
	helperDelay = "KORA_CLUSTER_TEST_DELAY" // and how much later
)

// runHelper starts a cluster and prints the number of each row whose commit the server has acknowledged.
func runHelper(dir string) int {
	ctx := context.Background()
	delay, _ := time.ParseDuration(os.Getenv(helperDelay))
	die := func() { _ = syscall.Kill(os.Getpid(), syscall.SIGKILL) }
	c, err := cluster.Start(ctx, cluster.Config{
		Dir: dir,
		Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
		Progress: func(step string) {
			switch {
			case step != os.Getenv(helperDeath):
			case delay == 0:
				die()
			default:
				time.AfterFunc(delay, die)
			}
		},
	})
	if errors.Is(err, cluster.ErrNoPostGIS) {
		fmt.Println("skip", err)
		return 0
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	conn, err := pgx.Connect(ctx, c.ConnString())
	if err == nil {
		_, err = conn.Exec(ctx, `CREATE TABLE IF NOT EXISTS kept (n int PRIMARY KEY, g geometry(Point, 4490))`)
	}
	for n := 0; err == nil; n++ {
		_, err = conn.Exec(ctx, `INSERT INTO kept SELECT coalesce(max(n) + 1, 0), ST_SetSRID(ST_Point(91, 29), 4490) FROM kept`)
		if err == nil {
			err = conn.QueryRow(ctx, `SELECT max(n) FROM kept`).Scan(&n)
		}
		if err == nil {
			fmt.Println(n)
		}
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// A helper is a Kora in a process of its own.
type helper struct {
	cmd *exec.Cmd
	out *bufio.Scanner
}

func startHelper(t testing.TB, dir string, env ...string) *helper {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(append(os.Environ(), helperDir+"="+dir), env...)
	cmd.Stderr = t.Output()
	cmd.WaitDelay = 10 * time.Second
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	h := &helper{cmd: cmd, out: bufio.NewScanner(out)}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return h
}

// rows reads acknowledged rows until there are n more, and gives the last one's number.
func (h *helper) rows(t testing.TB, n int) (last int) {
	t.Helper()
	for range n {
		if !h.out.Scan() {
			t.Fatalf("the helper ended: %v", h.cmd.Wait())
		}
		if why, skip := strings.CutPrefix(h.out.Text(), "skip "); skip {
			t.Skip(why)
		}
		last = h.number(t)
	}
	return last
}

func (h *helper) number(t testing.TB) int {
	t.Helper()
	n, err := strconv.Atoi(h.out.Text())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// rest reads what a killed helper still acknowledged.
func (h *helper) rest(t testing.TB, last int) int {
	t.Helper()
	for h.out.Scan() {
		last = h.number(t)
	}
	_ = h.cmd.Wait()
	return last
}

func checkKept(t testing.TB, c *cluster.Cluster, last int) {
	t.Helper()
	conn := connect(t, c)
	count, highest := get[int](t, conn, `SELECT count(*) FROM kept`), get[int](t, conn, `SELECT max(n) FROM kept`)
	if count != highest+1 || highest < last {
		t.Errorf("%d rows up to %d after %d was acknowledged", count, highest, last)
	}
}

func TestKoraIsKilled(t *testing.T) {
	t.Parallel()
	dir := clustertest.Folder(t)
	h := startHelper(t, dir)
	h.rows(t, 50)
	if err := h.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	last := h.rest(t, 49)
	within(t, 10*time.Second, "the server ends with Kora", func() bool { return len(cluster.Strays(filepath.Join(dir, "pg"))) == 0 })
	if _, err := os.Stat(filepath.Join(dir, "pg", "postmaster.pid")); !os.IsNotExist(err) {
		t.Errorf("the server did not stop in order: %v", err)
	}
	checkKept(t, start(t, dir), last)
}

func TestKoraIsKilledAndStartedAtOnce(t *testing.T) {
	t.Parallel()
	dir := made(t)
	last := -1
	for range 3 {
		h := startHelper(t, dir)
		last = h.rows(t, 20)
		if err := h.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		last = h.rest(t, last)
	}
	checkKept(t, start(t, dir), last)
}

func TestKoraAndServerAreKilledTogether(t *testing.T) {
	t.Parallel()
	dir := made(t)
	last := -1
	for range 3 {
		h := startHelper(t, dir)
		last = h.rows(t, 30)
		pid := postmaster(t, dir)
		if err := errors.Join(syscall.Kill(h.cmd.Process.Pid, syscall.SIGKILL), syscall.Kill(pid, syscall.SIGKILL)); err != nil {
			t.Fatal(err)
		}
		last = h.rest(t, last)
	}
	checkKept(t, start(t, dir), last)
}

func TestKoraIsKilledWhileItCreates(t *testing.T) {
	t.Parallel()
	dir := clustertest.Folder(t)
	for _, at := range []string{"creating the database cluster", "starting the database", "creating the database", "adding PostGIS"} {
		for _, later := range []time.Duration{0, 30 * time.Millisecond} {
			h := startHelper(t, dir, helperDeath+"="+at, helperDelay+"="+later.String())
			through := h.out.Scan()
			if strings.HasPrefix(h.out.Text(), "skip ") {
				t.Skip(h.out.Text())
			}
			if through {
				_ = h.cmd.Process.Kill()
			}
			if err := h.cmd.Wait(); err == nil || err.Error() != "signal: killed" {
				t.Fatalf("killed %v after %q: %v", later, at, err)
			}
			if through { // nothing is left to create: begin again
				start(t, dir)
				dir = clustertest.Folder(t)
			}
		}
	}
	start(t, dir)
}

func TestServerIsKilled(t *testing.T) {
	t.Parallel()
	dir := made(t)
	c := start(t, dir)
	conn := connect(t, c)
	exec1(t, conn, `CREATE TABLE kept AS SELECT 7 AS n`)
	// A backend that computes does not see that its server is gone; the next server cannot start beside it.
	busy := connect(t, c)
	var query sync.WaitGroup
	query.Go(func() { _, _ = busy.Exec(t.Context(), `SELECT count(*) FROM generate_series(1, 1e12::bigint)`) })
	within(t, 5*time.Second, "the backend computes", func() bool {
		return get[bool](t, conn, `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%1e12%' AND pid <> pg_backend_pid())`)
	})
	before := postmaster(t, dir)
	if err := syscall.Kill(before, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	within(t, 15*time.Second, "the row is back", func() bool {
		again, err := pgx.Connect(t.Context(), c.ConnString())
		if err != nil {
			return false
		}
		defer again.Close(context.Background())
		var n int
		return again.QueryRow(t.Context(), `SELECT n FROM kept`).Scan(&n) == nil && n == 7
	})
	t.Logf("back after %v", time.Since(begun))
	query.Wait()
	if now := postmaster(t, dir); now == before {
		t.Errorf("the server is still process %d", now)
	}
	select {
	case <-c.Done():
		t.Error("given up after one death")
	default:
	}
	if err := c.Err(); err != nil {
		t.Error(err)
	}
	stop(t, c)
	noStrays(t, dir)
}

func TestBackendIsKilled(t *testing.T) {
	t.Parallel()
	dir := made(t)
	c := start(t, dir)
	conn := connect(t, c)
	if err := syscall.Kill(int(conn.PgConn().PID()), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	within(t, 15*time.Second, "the server answers again", func() bool {
		again, err := pgx.Connect(t.Context(), c.ConnString())
		if err != nil {
			return false
		}
		return again.Close(context.Background()) == nil
	})
}

func TestServerThatKeepsDyingIsGivenUp(t *testing.T) {
	t.Parallel()
	dir := made(t)
	c := start(t, dir)
	kills, killed := 0, 0
	for deadline := time.After(time.Minute); ; {
		b, _ := os.ReadFile(filepath.Join(dir, "pg", "postmaster.pid"))
		first, _, _ := strings.Cut(string(b), "\n")
		if pid, err := strconv.Atoi(first); err == nil && pid != killed && syscall.Kill(pid, syscall.SIGKILL) == nil {
			kills, killed = kills+1, pid
		}
		select {
		case <-c.Done():
			if kills != 6 {
				t.Errorf("given up after %d deaths", kills)
			}
			if err := c.Err(); err == nil || !strings.Contains(err.Error(), "given up") {
				t.Errorf("Err: %v", err)
			}
			stop(t, c)
			start(t, dir)
			return
		case <-deadline:
			t.Fatalf("not given up after %d deaths", kills)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func TestStopWhileTheServerIsDown(t *testing.T) {
	t.Parallel()
	dir := made(t)
	c := start(t, dir)
	for range 3 { // so that the pause is long enough to stop in
		pid := postmaster(t, dir)
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		within(t, 10*time.Second, "another server", func() bool {
			b, err := os.ReadFile(filepath.Join(dir, "pg", "postmaster.pid"))
			return err == nil && !strings.HasPrefix(string(b), strconv.Itoa(pid)+"\n") && strings.Contains(string(b), "ready")
		})
	}
	if err := syscall.Kill(postmaster(t, dir), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond)
	stop(t, c)
	noStrays(t, dir)
	start(t, dir)
}

// A stale process id must not keep the server away, whoever has the number now.
func TestStalePidFile(t *testing.T) {
	t.Parallel()
	lines := "\n%s\n1700000000\n5432\n%s\n\n    0    0\nready   \n"
	cases := []struct {
		name string
		text func(t *testing.T, dir string) string
	}{
		{"empty", func(*testing.T, string) string { return "" }},
		{"torn", func(*testing.T, string) string { return "12" }},
		{"words", func(*testing.T, string) string { return "no number\n" }},
		{"of nobody", func(t *testing.T, dir string) string {
			cmd := asOwner(t, dir, "true")
			if err := cmd.Run(); err != nil {
				t.Fatal(err)
			}
			return strconv.Itoa(cmd.Process.Pid) + lines
		}},
		{"of a stranger", func(t *testing.T, dir string) string {
			cmd := asOwner(t, dir, "sleep", "60")
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := cmd.Process.Signal(syscall.Signal(0)); err != nil {
					t.Errorf("the stranger was ended: %v", err)
				}
				_ = cmd.Process.Kill()
				_ = cmd.Wait()
			})
			return strconv.Itoa(cmd.Process.Pid) + lines
		}},
		{"of a zombie", func(t *testing.T, dir string) string {
			cmd := asOwner(t, dir, "true")
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = cmd.Wait() })
			stat := fmt.Sprintf("/proc/%d/stat", cmd.Process.Pid)
			within(t, 5*time.Second, "a zombie", func() bool {
				b, err := os.ReadFile(stat)
				return err == nil && strings.Contains(string(b), ") Z ")
			})
			return strconv.Itoa(cmd.Process.Pid) + lines
		}},
		{"of this process", func(*testing.T, string) string { return strconv.Itoa(os.Getpid()) + lines }},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dir := made(t)
			data := filepath.Join(dir, "pg")
			text := strings.ReplaceAll(tc.text(t, dir), "%s", data)
			path := filepath.Join(data, "postmaster.pid")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if os.Geteuid() == 0 {
				if err := os.Chown(path, ownerOf(t, data), -1); err != nil {
					t.Fatal(err)
				}
			}
			start(t, dir)
		})
	}
}

// A server that something else started in the folder would answer as well as our own.
func TestForeignServer(t *testing.T) {
	t.Parallel()
	dir := made(t)
	c := start(t, dir)
	exec1(t, connect(t, c), `CREATE TABLE kept AS SELECT 7 AS n`)
	program, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", postmaster(t, dir)))
	if err != nil {
		t.Fatal(err)
	}
	stop(t, c)
	cmd := asOwner(t, dir, program, "-D", filepath.Join(dir, "pg"), "-c", "listen_addresses=",
		"-c", "unix_socket_directories="+filepath.Join(dir, "run"))
	cmd.Env = []string{"LC_ALL=C.UTF-8"}
	cmd.Stderr = io.Discard
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = cmd.Wait() }()
	within(t, 10*time.Second, "the foreign server is ready", func() bool {
		b, err := os.ReadFile(filepath.Join(dir, "pg", "postmaster.pid"))
		return err == nil && strings.Contains(string(b), "ready")
	})
	if n := get[int](t, connect(t, start(t, dir)), `SELECT n FROM kept`); n != 7 {
		t.Errorf("%d", n)
	}
	select {
	case <-ended:
	default:
		t.Error("the foreign server still runs")
	}
	if pid := postmaster(t, dir); pid == cmd.Process.Pid {
		t.Error("the foreign server was taken for our own")
	}
}

func TestWhoAnswers(t *testing.T) {
	t.Parallel()
	dir := made(t)
	c := start(t, dir)
	pid := postmaster(t, dir)
	if err := cluster.Ask(t.Context(), c, pid); err != nil {
		t.Error(err)
	}
	for _, other := range []int{pid + 1, os.Getpid(), 1, 0} {
		if err := cluster.Ask(t.Context(), c, other); !errors.Is(err, cluster.ErrStranger) {
			t.Errorf("process %d taken for %d: %v", pid, other, err)
		}
	}
}
