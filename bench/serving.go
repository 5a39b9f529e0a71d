package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"kora/bench/land"
)

// A server answers for tiles.
type server struct {
	name    string
	about   string
	address string
	path    func(t maptile.Tile) string
	headers []string
	count   int // of requests in a round
	pid     int // 0: this process

	own, postgres []float64 // seconds of processor time for a request, by round
	seen          []answers
}

// rounds is how often each server is measured.
const rounds = 5

const gzipped = "Accept-Encoding: gzip"

func pathOf(pattern string) func(maptile.Tile) string {
	return func(t maptile.Tile) string { return fmt.Sprintf(pattern, t.Z, t.X, t.Y) }
}

// serving asks for tiles by HTTP, eight connections at a time.
func (b *bench) serving(ctx context.Context, f *field) error {
	list := around(14, 19)
	s, err := b.newStack(ctx, f, list)
	if err != nil {
		return err
	}
	defer s.close()
	warm := []*server{
		{name: "Kora", address: s.address, path: pathOf("/tiles/parcels/%d/%d/%d.mvt"), headers: []string{gzipped}, count: 30000},
		{name: "Kora, zstd", address: s.address, path: pathOf("/tiles/parcels/%d/%d/%d.mvt"), headers: []string{"Accept-Encoding: gzip, deflate, br, zstd"}, count: 30000},
		{name: "Kora, not modified", address: s.address, path: pathOf("/tiles/parcels/%d/%d/%d.mvt"), headers: []string{gzipped, "If-None-Match: *"}, count: 30000},
		{name: "net/http alone, the bytes in memory", about: "the floor: no routes, no middleware", address: s.floor, path: pathOf("/%d/%d/%d"), count: 30000},
		{name: "the same stack with a file cache, os.ReadFile", address: s.address, path: pathOf("/bench/read/%d/%d/%d"), headers: []string{gzipped}, count: 30000},
		{name: "the same stack with a file cache, http.ServeContent", address: s.address, path: pathOf("/bench/serve/%d/%d/%d"), headers: []string{gzipped}, count: 30000},
	}
	if s.pool != nil {
		warm = append(warm,
			&server{name: "the same stack with ST_AsMVT for every request", about: "as pg_tileserv does: shapes as the record has them (EPSG:4490), gzip at level 6", address: s.address,
				path: pathOf("/bench/asmvt/%d/%d/%d"), headers: []string{gzipped}, count: 500},
			&server{name: "the same, shapes kept in Web Mercator", address: s.address, path: pathOf("/bench/asmvt3857/%d/%d/%d"), headers: []string{gzipped}, count: 500})
	}
	others, stop, err := b.startServers(ctx, f, s.files, list)
	defer stop()
	if err != nil {
		return err
	}
	warm = append(warm, others...)
	if err := b.ask(ctx, list, warm); err != nil {
		return err
	}
	tab := table{title: fmt.Sprintf("A warm tile by HTTP: %d tiles of zoom 14 in turn, eight connections", len(list)),
		head: []string{"server", "processor time", "PostgreSQL's", "ratio", "p50", "p99", "bytes"}}
	for _, o := range warm {
		tab.cells = append(tab.cells, o.cells(warm[0]))
		if o.about != "" {
			tab.notes = append(tab.notes, o.name+": "+o.about)
		}
	}
	b.tables = append(b.tables, tab)
	return b.filtered(ctx, s)
}

// filtered asks for tiles of some of the parcels, which nobody keeps.
func (b *bench) filtered(ctx context.Context, s *stack) error {
	tab := table{title: "A filtered tile, uncached",
		head: []string{"tile", "Kora's handler, with zstd", "by HTTP", "p50", "p99", "the same stack with ST_AsMVT … WHERE", "ratio", "features", "bytes"}}
	for _, z := range []maptile.Zoom{14, 12} {
		list := around(z, 6)
		path := func(t maptile.Tile) string { return pathOf("/tiles/parcels/%d/%d/%d.mvt")(t) + filterQuery() }
		own := &server{name: "Kora", address: s.address, path: path, headers: []string{"Accept-Encoding: gzip, deflate, br, zstd"}, count: 5000}
		all := []*server{own}
		if s.pool != nil {
			all = append(all, &server{name: "ST_AsMVT", address: s.address, path: pathOf(fmt.Sprintf("/bench/filtered%d", z) + "/%d/%d/%d"), headers: []string{gzipped}, count: 300})
		}
		if err := b.ask(ctx, list, all); err != nil {
			return err
		}
		var requests []*http.Request
		for _, t := range list {
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, path(t), http.NoBody)
			if err != nil {
				return err
			}
			r.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
			requests = append(requests, r)
		}
		handler := &meter{cpu: ownTime, work: func(i int) { s.handler.ServeHTTP(&nowhere{http.Header{}}, requests[i%len(requests)]) }}
		measure(9, 100*time.Millisecond, handler)
		features := 0
		for _, t := range list {
			n, err := s.features(ctx, path(t))
			if err != nil {
				return err
			}
			features += n
		}
		cells := []string{fmt.Sprintf("zoom %d", z), short(seconds(handler.least())), short(seconds(median(own.own))), short(own.p50()), short(own.p99()), "", ""}
		if len(all) > 1 {
			theirs := all[1].took()
			cells[5], cells[6] = short(seconds(theirs)), "**"+ratio(theirs/own.took())+" ×**"
		}
		tab.cells = append(tab.cells, append(cells, fmt.Sprint(features/len(list)), fmt.Sprint(own.bytes())))
	}
	tab.notes = append(tab.notes, "The filter: two first levels of land use, five of sixteen states, and a range of the area.")
	b.tables = append(b.tables, tab)
	return nil
}

// ask lets clients ask all servers in turn for the same tiles in the same order.
func (b *bench) ask(ctx context.Context, list []maptile.Tile, all []*server) error {
	jobs := make([]job, len(all))
	for i, s := range all {
		jobs[i] = job{Address: s.address, Headers: s.headers, Conns: 8, Count: s.count}
		for _, t := range list {
			jobs[i].Paths = append(jobs[i].Paths, s.path(t))
		}
		warm := jobs[i]
		warm.Count = max(len(list), s.count/20)
		if _, err := warm.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	for round := range rounds {
		for k := range all { // another one first each time: who comes after a slow one finds the caches cold
			i := (k + round*len(all)/rounds) % len(all)
			s := all[i]
			say("asking %s", s.name)
			own, postgres, err := b.times(s)
			if err != nil {
				return err
			}
			a, err := jobs[i].run(ctx)
			if err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			ownAfter, postgresAfter, err := b.times(s)
			if err != nil {
				return err
			}
			s.own = append(s.own, (ownAfter-own).Seconds()/float64(a.Requests))
			s.postgres = append(s.postgres, (postgresAfter-postgres).Seconds()/float64(a.Requests))
			s.seen = append(s.seen, a)
		}
	}
	return nil
}

// times are the processor times so far of a server and of PostgreSQL.
func (b *bench) times(s *server) (own, postgres time.Duration, err error) {
	own = ownTime()
	if s.pid != 0 {
		own, err = timeOf(s.pid)
	}
	if b.db != nil && err == nil {
		postgres, err = timeOf(b.db.pid)
	}
	return own, postgres, err
}

func (s *server) took() float64 { return median(s.own) + median(s.postgres) }

func (s *server) p50() time.Duration {
	return s.tell(func(a answers) float64 { return a.P50.Seconds() })
}

func (s *server) p99() time.Duration {
	return s.tell(func(a answers) float64 { return a.P99.Seconds() })
}

func (s *server) bytes() int64 { return s.seen[0].Bytes / s.seen[0].Requests }

func (s *server) tell(what func(answers) float64) time.Duration {
	var all []float64
	for _, a := range s.seen {
		all = append(all, what(a))
	}
	return seconds(median(all))
}

// cells are the row of a server.
func (s *server) cells(first *server) []string {
	cells := []string{s.name, short(seconds(median(s.own))), "", "", short(s.p50()), short(s.p99()), fmt.Sprint(s.bytes())}
	if median(s.postgres) > 20e-6 { // less is what an idle PostgreSQL takes
		cells[2] = short(seconds(median(s.postgres)))
	}
	if s != first {
		cells[3] = "**" + ratio(s.took()/first.took()) + " ×**"
	}
	return cells
}

// around gives n × n tiles in the midst of the generated parcels.
func around(z maptile.Zoom, n uint32) (list []maptile.Tile) {
	middle := maptile.At(orb.Point{land.West + 0.316, land.South + 0.316}, z)
	for x := range n {
		for y := range n {
			list = append(list, maptile.New(middle.X-n/2+x, middle.Y-n/2+y, z))
		}
	}
	return list
}
