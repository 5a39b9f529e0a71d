package network_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"

	"kora/geo/network"
	"kora/store/cluster/clustertest"
)

func TestMain(m *testing.M) { clustertest.Main(m) }

// pgRouting judges times from node to node, and what lies within a time, on the same edges.
func TestAgainstPgRouting(t *testing.T) {
	database := clustertest.Database(t)
	clustertest.Extend(t, database, "pgrouting")
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	t.Run("town", func(t *testing.T) {
		tw := newTown(31, 40, true)
		judgedByPgRouting(t, conn, "town", tw.build(t))
	})
	t.Run("Andorra", func(t *testing.T) {
		if _, err := os.Stat("../../../shared/data/osm/andorra.osm.pbf"); err != nil {
			t.Skip("the extract of Andorra is not at hand")
		}
		judgedByPgRouting(t, conn, "andorra", andorra(t))
	})
}

func judgedByPgRouting(t *testing.T, conn *pgx.Conn, table string, n *network.Network) {
	ctx := t.Context()
	if _, err := conn.Exec(ctx, "CREATE TABLE "+table+" (id bigint PRIMARY KEY, source bigint, target bigint, cost float8, reverse_cost float8)"); err != nil {
		t.Fatal(err)
	}
	ticks := func(seconds float64) float64 { // as pgRouting has it: negative is closed
		if math.IsInf(seconds, 1) {
			return -1
		}
		return math.Round(seconds * 10)
	}
	rows := make([][]any, n.Edges())
	for i := range rows {
		e := n.Edge(int32(i))
		rows[i] = []any{int64(i), int64(e.From), int64(e.To), ticks(e.Forward), ticks(e.Backward)}
	}
	if _, err := conn.CopyFrom(ctx, pgx.Identifier{table}, []string{"id", "source", "target", "cost", "reverse_cost"}, pgx.CopyFromRows(rows)); err != nil {
		t.Fatal(err)
	}
	edges := "SELECT * FROM " + table
	r := rand.New(rand.NewPCG(77, 1))
	choose := func(count int) (nodes []int64) {
		for range count {
			nodes = append(nodes, r.Int64N(int64(n.Nodes())))
		}
		return nodes
	}

	// 100 × 100 pairs
	starts, ends := choose(100), choose(100)
	want := map[[2]int64]float64{}
	found, err := conn.Query(ctx, "SELECT start_vid, end_vid, agg_cost FROM pgr_dijkstraCost($1, $2::bigint[], $3::bigint[])", edges, starts, ends)
	if err != nil {
		t.Fatal(err)
	}
	var a, b int64
	var cost float64
	if _, err := pgx.ForEachRow(found, []any{&a, &b, &cost}, func() error { want[[2]int64{a, b}] = cost; return nil }); err != nil {
		t.Fatal(err)
	}
	differ, reached := 0, 0
	for _, end := range ends {
		f := atNode(t, n, int32(end), everywhere)
		for _, start := range starts {
			got, _, ok := f.At(int32(start), 0)
			w, isReached := want[[2]int64{start, end}]
			if start == end {
				w, isReached = 0, true
			}
			if ok != isReached || ok && math.Round(got*10) != w {
				differ++
			}
			if ok {
				reached++
			}
		}
	}
	if differ > 0 || reached < 5000 {
		t.Errorf("%d of 10,000 pairs differ, %d are joined", differ, reached)
	}

	// what comes to, or is reached from, places within 15 minutes: all nodes and their times
	within := 0
	for _, v := range choose(20) {
		for _, from := range []bool{false, true} {
			sql := edges
			if !from { // against the direction of travel
				sql = fmt.Sprintf("SELECT id, source, target, reverse_cost AS cost, cost AS reverse_cost FROM %s", table)
			}
			want := map[int64]float64{}
			found, err := conn.Query(ctx, "SELECT node, agg_cost FROM pgr_drivingDistance($1, $2::bigint, 9000::float8)", sql, v)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := pgx.ForEachRow(found, []any{&a, &cost}, func() error { want[a] = cost; return nil }); err != nil {
				t.Fatal(err)
			}
			want[v] = 0
			f, err := n.Field(ctx, []network.Link{n.LinkNode(int32(v))}, network.Options{MaxSeconds: 900, From: from})
			if err != nil {
				t.Fatal(err)
			}
			for node := range int64(n.Nodes()) {
				got, _, ok := f.At(int32(node), 0)
				w, isReached := want[node]
				if ok {
					within++
				}
				if ok != isReached || ok && math.Round(got*10) != w {
					t.Fatalf("node %d from node %d (outwards: %v): %v s, %v; pgRouting says %v ticks, %v", node, v, from, got, ok, w, isReached)
				}
			}
		}
	}
	t.Logf("%d edges: 10,000 pairs, %d joined, and %d nodes within 15 minutes: no difference", n.Edges(), reached, within)
}

func atNode(tb fataler, n *network.Network, v int32, maxSeconds float64) *network.Field {
	return field(tb, n, []network.Link{n.LinkNode(v)}, maxSeconds)
}
