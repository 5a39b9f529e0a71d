package network_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"kora/geo/network"
)

func TestSpansAreWhatIsReached(t *testing.T) {
	for seed := range uint64(6) {
		tw := newTown(seed, 7, true)
		n := tw.build(t)
		targets := links(n, tw.somewhere(rand.New(rand.NewPCG(seed, 8)), 4))
		for _, from := range []bool{false, true} {
			for _, most := range []float64{40, 300, 700} {
				f, err := n.Field(context.Background(), targets, network.Options{Nearest: 2, MaxSeconds: 800, From: from})
				if err != nil {
					t.Fatal(err)
				}
				for k := 1; k <= 2; k++ {
					spansAreReached(t, n, targets, f.Spans(k, most), k, most, from)
				}
			}
		}
	}
}

// spansAreReached goes along every edge in small steps and works out from scratch how many places each is within reach of.
func spansAreReached(t *testing.T, n *network.Network, targets []network.Link, spans []network.Span, k int, most float64, from bool) {
	t.Helper()
	byPlace := make([]*network.Field, len(targets))
	for i := range targets {
		var err error
		byPlace[i], err = n.Field(context.Background(), targets[i:i+1], network.Options{MaxSeconds: everywhere, From: from})
		if err != nil {
			t.Fatal(err)
		}
	}
	on := map[int32][]network.Span{}
	for _, s := range spans {
		if s.UntilM <= s.FromM {
			t.Fatalf("%+v is empty", s)
		}
		for _, other := range on[s.Edge] {
			if s.FromM < other.UntilM && other.FromM < s.UntilM {
				t.Fatalf("%+v and %+v overlap", s, other)
			}
		}
		on[s.Edge] = append(on[s.Edge], s)
	}
	course := map[int32][]network.Edge{}
	n.EachPiece(func(e int32, _, _ orb.Point, p network.Edge) { course[e] = append(course[e], p) })
	for e := range int32(n.Edges()) {
		info := n.Edge(e)
		// seconds from the edge's From to so many metres along it, and back
		along := func(m float64, back bool) (s float64) {
			for _, p := range course[e] {
				part := min(1, m/float64(p.LengthM))
				if back {
					s += part * float64(p.Backward)
				} else {
					s += part * float64(p.Forward)
				}
				if m -= float64(p.LengthM); m <= 0 {
					break
				}
			}
			return s
		}
		for m := 0.5; m < info.Metres; m += 3.7 {
			margin, count := math.Inf(1), 0
			for i, target := range targets {
				best := math.Inf(1)
				offer := func(s float64) { best = min(best, s) }
				ahead, behind := !math.IsInf(info.Forward, 1), !math.IsInf(info.Backward, 1)
				up, down := along(m, false), along(m, true)
				if from {
					if ahead {
						offer(secondsAt(byPlace[i], info.From) + up)
					}
					if behind {
						offer(secondsAt(byPlace[i], info.To) + info.Backward - down)
					}
				} else {
					if ahead {
						offer(secondsAt(byPlace[i], info.To) + info.Forward - up)
					}
					if behind {
						offer(secondsAt(byPlace[i], info.From) + down)
					}
				}
				for _, a := range target.Access {
					if a.Edge != e {
						continue
					}
					forwards := ahead && (a.Metres >= m) != from
					backwards := behind && (a.Metres <= m) != from
					if forwards {
						offer(a.OffSeconds + math.Abs(along(a.Metres, false)-up))
					}
					if backwards {
						offer(a.OffSeconds + math.Abs(along(a.Metres, true)-down))
					}
				}
				if best <= most {
					count++
				}
				margin = min(margin, math.Abs(best-most))
			}
			inside := slices.ContainsFunc(on[e], func(s network.Span) bool { return m >= float64(s.FromM) && m <= float64(s.UntilM) })
			if inside != (count >= k) && margin > 0.02 {
				t.Fatalf("%.1f m along edge %d (of %.1f m) is within %v s of %d places, and in a span for %d: %v", m, e, info.Metres, most, count, k, inside)
			}
		}
	}
}
