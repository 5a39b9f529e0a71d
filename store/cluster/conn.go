package cluster

import (
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	superuser = "postgres" // the cluster's own administrator, used by this package only
	role      = "kora"     // who owns the database and does everything else
	database  = "kora"
)

// ConnString gives role kora's connection to database kora for pgx. It names every setting that pgx would otherwise
// take from a PG* variable or a file in the home folder, so that nothing of the kind has a say.
func (c *Cluster) ConnString() string { return c.connString(role, database) }

// PgxConfig is ConnString, parsed.
func (c *Cluster) PgxConfig() (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(c.ConnString())
	if err != nil {
		return nil, fmt.Errorf("connect to the private database: %w", err)
	}
	return cfg, nil
}

func (c *Cluster) connString(user, db string) string {
	var b strings.Builder
	for i, s := range [][2]string{
		{"host", c.socket.dir},
		{"port", port},
		{"user", user},
		{"dbname", db},
		{"application_name", "kora"},
		{"connect_timeout", "10"},
		{"timezone", "UTC"},
		{"options", ""},
		{"target_session_attrs", "any"},
		{"min_protocol_version", "3.0"},
		{"max_protocol_version", "3.0"},
		{"password", ""},
		{"passfile", "/dev/null"},
		{"require_auth", ""},
		{"channel_binding", "disable"},
		{"sslmode", "disable"},
		{"sslnegotiation", "postgres"},
		{"sslcertmode", "disable"},
		{"sslcert", ""},
		{"sslkey", ""},
		{"sslpassword", ""},
		{"sslrootcert", ""},
		{"sslsni", "0"},
		// A service cannot be switched off, only answered: this file names one and says nothing about it.
		{"servicefile", c.socket.serviceFile()},
		{"service", service},
	} {
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%s='%s'", s[0], strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s[1]))
	}
	return b.String()
}
