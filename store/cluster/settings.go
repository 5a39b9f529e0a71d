package cluster

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"kora"
)

// included is the file of settings that postgresql.conf includes; it is written anew at each start, and ALTER SYSTEM
// overrides it.
const included = "kora.conf"

// settings suit a small machine on which the server is not the only one at work. Statements, parameters and details
// stay out of the server's log, because they may hold what a person told us; whoever sent the statement gets the error.
const settings = `# Written by Kora at each start. To change a setting, use ALTER SYSTEM.
max_connections = 50
shared_buffers = 128MB
work_mem = 16MB
maintenance_work_mem = 128MB
effective_cache_size = 1GB
random_page_cost = 1.1
jit = off
# No parallel plans: the cores are needed elsewhere, and a container's small /dev/shm would break them.
max_parallel_workers_per_gather = 0
max_parallel_maintenance_workers = 0
min_wal_size = 80MB
max_wal_size = 1GB
max_slot_wal_keep_size = 1GB
temp_file_limit = 4GB
client_connection_check_interval = 1s
idle_in_transaction_session_timeout = 5min
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_statement = none
log_checkpoints = off
log_autovacuum_min_duration = -1
log_temp_files = -1
`

// fixed are the settings that make the cluster private; nothing in a file overrides them.
func (c *Cluster) fixed() []string {
	return []string{
		"-D", c.data,
		"-c", "listen_addresses=",
		"-c", "port=" + port,
		"-c", `unix_socket_directories="` + strings.ReplaceAll(c.socket.dir, `"`, `""`) + `"`,
		"-c", "unix_socket_permissions=0700",
		"-c", "hba_file=" + c.data + "/pg_hba.conf",
		"-c", "ident_file=" + c.data + "/pg_ident.conf",
		"-c", "logging_collector=off",
		"-c", "log_destination=stderr",
		"-c", "log_line_prefix=",
	}
}

// The kernel vouches for who is at the other end of the socket, so there is no password to keep.
const hba = `# Written by Kora at each start.
local all kora,postgres peer map=kora
`

func ident(osUser string) string {
	quoted := `"` + strings.ReplaceAll(osUser, `"`, `""`) + `"`
	return fmt.Sprintf(`# Written by Kora at each start.
kora %[1]s %[2]s
kora %[1]s %[3]s
kora root %[2]s
kora root %[3]s
`, quoted, role, superuser)
}

var settingName = regexp.MustCompile(`^[a-z_][a-z0-9_.]*$`)

// conf is the text of kora.conf with the caller's settings.
func (c Config) conf() (string, error) {
	var b strings.Builder
	b.WriteString(settings)
	for _, name := range slices.Sorted(maps.Keys(c.Settings)) {
		value := c.Settings[name]
		if !settingName.MatchString(name) || strings.ContainsAny(value, "\n\r\x00") {
			return "", kora.Refuse(kora.ReasonSyntax, "database setting", name, "this is no setting of a PostgreSQL server")
		}
		fmt.Fprintf(&b, "%s = '%s'\n", name, strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(value))
	}
	return b.String(), nil
}

func (c *Cluster) configure(conf string) error {
	// As root in a folder of the account's: a link there must not lead a write elsewhere.
	root, err := os.OpenRoot(c.data)
	if err != nil {
		return fmt.Errorf("configure the private database: %w", err)
	}
	defer root.Close()
	for name, text := range map[string]string{included: conf, "pg_hba.conf": hba, "pg_ident.conf": ident(c.account.name)} {
		if err := c.account.replace(root, name, text); err != nil {
			return fmt.Errorf("configure the private database: write %s: %w", name, err)
		}
	}
	return nil
}

func (a account) replace(root *os.Root, name, text string) error {
	next := name + ".new"
	if err := root.Remove(next); err != nil && !os.IsNotExist(err) {
		return err
	}
	f, err := root.OpenFile(next, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if a.drop {
		if err := f.Chown(a.uid, a.gid); err != nil {
			return err
		}
	}
	if _, err := f.WriteString(text); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return root.Rename(next, name)
}
