package cluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/sys/unix"
)

// ready waits until srv answers a query. It has no deadline of its own: after a crash the server first replays its log.
func (c *Cluster) ready(ctx context.Context, srv *server) error {
	slow := time.After(2 * time.Second)
	for pause := 5 * time.Millisecond; ; pause = min(2*pause, 100*time.Millisecond) {
		err := c.ask(ctx, srv)
		if err == nil {
			return nil
		}
		var grace <-chan time.Time
		if !early(err) {
			grace = time.After(time.Second) // for the server to say that it is about to end
			pause = time.Hour
		}
		select {
		case <-srv.exited:
			return fmt.Errorf("the private database ended while it started: %w", srv.epitaph())
		case <-ctx.Done():
			return fmt.Errorf("wait for the private database: %w", errors.Join(ctx.Err(), err))
		case <-grace:
			return fmt.Errorf("ask the private database: %w", err)
		case <-slow:
			c.cfg.progress("recovering the database after an unclean stop")
		case <-time.After(pause):
		}
	}
}

// early tells the errors of a server that has yet to come up: there is no socket, or it says that it cannot connect now.
func early(err error) bool {
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pgErr.Code == "57P03"
	}
	opErr, ok := errors.AsType[*net.OpError](err)
	return ok && opErr.Op == "dial"
}

var errStranger = errors.New("another process answers on the socket of the private database")

// ask makes sure that a query is answered, and by srv: a server that a dead Kora left behind would answer just as well.
func (c *Cluster) ask(ctx context.Context, srv *server) error {
	conn, err := c.connect(ctx, superuser, "postgres")
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	pid, err := peer(conn.PgConn().Conn())
	if err != nil {
		return fmt.Errorf("find out who answers: %w", err)
	}
	if pid != srv.pid {
		return fmt.Errorf("%w: process %d, not %d", errStranger, pid, srv.pid)
	}
	_, err = conn.Exec(ctx, "SELECT 1")
	return err
}

// peer is the process that opened the other end's socket for listening: the server itself, not the backend.
func peer(conn net.Conn) (pid int, err error) {
	sc, ok := conn.(syscall.Conn)
	if !ok {
		return 0, fmt.Errorf("%T is no socket", conn)
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return 0, err
	}
	var cred *unix.Ucred
	var credErr error
	err = raw.Control(func(fd uintptr) {
		cred, credErr = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED)
	})
	if err = errors.Join(err, credErr); err != nil {
		return 0, err
	}
	return int(cred.Pid), nil
}

func (c *Cluster) connect(ctx context.Context, user, db string) (*pgx.Conn, error) {
	cfg, err := pgx.ParseConfig(c.connString(user, db))
	if err != nil {
		return nil, err
	}
	if user == superuser {
		cfg.RuntimeParams["search_path"] = "pg_catalog" // nothing that role kora made is called by mistake
	}
	return pgx.ConnectConfig(ctx, cfg)
}

// bootstrap makes sure of role, database and extension; a start that was cut short is completed by the next.
func (c *Cluster) bootstrap(ctx context.Context) error {
	if err := c.makeDatabase(ctx); err != nil {
		return fmt.Errorf("make database %s: %w", database, err)
	}
	if err := c.makeExtension(ctx); err != nil {
		return fmt.Errorf("add PostGIS to database %s: %w", database, err)
	}
	conn, err := c.connect(ctx, role, database)
	if err != nil {
		return fmt.Errorf("connect as role %s: %w", role, err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var version string
	if err := conn.QueryRow(ctx, "SELECT postgis_lib_version()").Scan(&version); err != nil {
		return fmt.Errorf("ask PostGIS: %w", err)
	}
	return nil
}

func (c *Cluster) makeDatabase(ctx context.Context) error {
	conn, err := c.connect(ctx, superuser, "postgres")
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var haveRole, haveDatabase bool
	err = conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1), EXISTS (SELECT FROM pg_database WHERE datname = $2)`,
		role, database).Scan(&haveRole, &haveDatabase)
	if err != nil {
		return err
	}
	if !haveRole {
		if _, err := conn.Exec(ctx, "CREATE ROLE "+role+" LOGIN"); err != nil {
			return err
		}
	}
	if !haveDatabase {
		c.cfg.progress("creating the database")
		if _, err := conn.Exec(ctx, "CREATE DATABASE "+database+" OWNER "+role); err != nil {
			return err
		}
	}
	return nil
}

// makeExtension is the administrator's work, because PostGIS is not a trusted extension. After an upgrade of the
// package it brings the database up to the library.
func (c *Cluster) makeExtension(ctx context.Context) error {
	conn, err := c.connect(ctx, superuser, database)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var installed *string
	var current string
	err = conn.QueryRow(ctx, `SELECT installed_version, default_version FROM pg_available_extensions WHERE name = 'postgis'`).
		Scan(&installed, &current)
	if err != nil {
		return err
	}
	switch {
	case installed == nil:
		c.cfg.progress("adding PostGIS")
		_, err = conn.Exec(ctx, "CREATE EXTENSION postgis SCHEMA public")
	case *installed != current:
		c.cfg.progress("upgrading PostGIS")
		c.cfg.Log.Info("upgrading PostGIS", "from", *installed, "to", current)
		_, err = conn.Exec(ctx, "ALTER EXTENSION postgis UPDATE")
	}
	return err
}
