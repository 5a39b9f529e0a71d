package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"kora/store"
	"kora/store/cluster"
)

// A record is the open store and, when the database is a private one that this process started, its cluster.
type record struct {
	*store.Store
	cluster *cluster.Cluster // nil when the database is somebody else's
}

// openRecord opens the database that the options name. A private one is started; when beside is set and a Kora is running
// on the data folder, its database is used instead.
func (o *options) openRecord(ctx context.Context, beside bool) (*record, error) {
	r := &record{}
	cfg, err := o.connect(ctx, r, beside)
	if err != nil {
		return nil, err
	}
	o.say.step("opening the record")
	files := ""
	if o.dir != "" {
		files = filepath.Join(o.dir, "copies")
	}
	r.Store, err = store.Open(ctx, cfg, files, o.log)
	if err != nil {
		r.close(o)
		return nil, err
	}
	o.say.end("")
	return r, nil
}

func (o *options) connect(ctx context.Context, r *record, beside bool) (*pgxpool.Config, error) {
	if url := o.database(); url != "" {
		cfg, err := pgxpool.ParseConfig(url)
		if err != nil {
			// The parser's own error would repeat the URL with its password.
			return nil, fmt.Errorf("DATABASE_URL is no PostgreSQL URL such as postgres://user@host/database")
		}
		if cfg.ConnConfig.ConnectTimeout == 0 {
			cfg.ConnConfig.ConnectTimeout = 10 * time.Second
		}
		return cfg, nil
	}
	if beside {
		cfg, err := cluster.Attach(o.dir)
		if cfg != nil {
			o.say.line("using the database of the Kora that is running on %s", o.dir)
		}
		if cfg != nil || err != nil {
			return cfg, err
		}
	}
	c, err := cluster.Start(ctx, cluster.Config{Dir: o.dir, Log: o.log, Progress: o.say.step})
	if err != nil {
		return nil, err
	}
	o.say.end("")
	r.cluster = c
	return c.PgxConfig()
}

// close gives back the connections and stops the private database. It has its own bound, because the context of the
// command has often ended by then.
func (r *record) close(o *options) {
	if r.Store != nil {
		r.Store.Close()
	}
	if r.cluster == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 45*time.Second)
	defer cancel()
	o.say.step("stopping the database")
	if err := r.cluster.Stop(ctx); err != nil {
		o.log.Error("the database did not stop cleanly", "error", err)
	}
	o.say.end("")
}

// ended is closed when the private database has been given up; it is nil, and so never ready, for any other.
func (r *record) ended() <-chan struct{} {
	if r.cluster == nil {
		return nil
	}
	return r.cluster.Done()
}
