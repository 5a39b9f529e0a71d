package network

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"kora/geo/profile"
)

// vincenty is the length of the geodesic on WGS 84 (T. Vincenty, Survey Review XXIII, 1975), for the ruler to be held against.
func vincenty(p, q orb.Point) float64 {
	const a, f = 6378137.0, 1 / 298.257223563
	const b = a * (1 - f)
	rad := math.Pi / 180
	u1, u2 := math.Atan((1-f)*math.Tan(p[1]*rad)), math.Atan((1-f)*math.Tan(q[1]*rad))
	l := (q[0] - p[0]) * rad
	lambda := l
	for range 100 {
		sinS := math.Hypot(math.Cos(u2)*math.Sin(lambda), math.Cos(u1)*math.Sin(u2)-math.Sin(u1)*math.Cos(u2)*math.Cos(lambda))
		if sinS == 0 {
			return 0
		}
		cosS := math.Sin(u1)*math.Sin(u2) + math.Cos(u1)*math.Cos(u2)*math.Cos(lambda)
		sigma := math.Atan2(sinS, cosS)
		sinA := math.Cos(u1) * math.Cos(u2) * math.Sin(lambda) / sinS
		cos2A := 1 - sinA*sinA
		cos2M := 0.0
		if cos2A != 0 {
			cos2M = cosS - 2*math.Sin(u1)*math.Sin(u2)/cos2A
		}
		c := f / 16 * cos2A * (4 + f*(4-3*cos2A))
		next := l + (1-c)*f*sinA*(sigma+c*sinS*(cos2M+c*cosS*(2*cos2M*cos2M-1)))
		if math.Abs(next-lambda) < 1e-13 {
			uu := cos2A * (a*a - b*b) / (b * b)
			k1 := 1 + uu/16384*(4096+uu*(-768+uu*(320-175*uu)))
			k2 := uu / 1024 * (256 + uu*(-128+uu*(74-47*uu)))
			d := k2 * sinS * (cos2M + k2/4*(cosS*(2*cos2M*cos2M-1)-k2/6*cos2M*(4*sinS*sinS-3)*(4*cos2M*cos2M-3)))
			return b * k1 * (sigma - d)
		}
		lambda = next
	}
	return math.NaN()
}

func TestDistance(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		p := orb.Point{r.Float64()*360 - 180, r.Float64()*140 - 70}
		size := math.Pow(10, -4*r.Float64()) // degrees: from 10 m to 100 km
		q := orb.Point{p[0] + (r.Float64()-0.5)*size, p[1] + (r.Float64()-0.5)*size}
		want := vincenty(p, q)
		if got := Distance(p, q); math.Abs(got-want) > 1e-4*want+1e-6 {
			t.Errorf("%v to %v: %.4f m, want %.4f m", p, q, got, want)
		}
	}
}

func TestIndexFindsEveryPiece(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for _, size := range []int{1, 2, 15, 16, 17, 300, 5000} {
		var nodes []orb.Point
		var edges []Edge
		at := orb.Point{91, 29}
		for i := range size + 1 {
			nodes = append(nodes, at)
			at = orb.Point{at[0] + r.Float64()*0.002 - 0.001, at[1] + r.Float64()*0.002 - 0.001}
			if i > 0 {
				edges = append(edges, Edge{From: int32(i - 1), To: int32(i), LengthM: 1, Forward: 1, Backward: 1})
			}
			if i > 3 && r.IntN(3) == 0 {
				edges = append(edges, Edge{From: int32(i), To: r.Int32N(int32(i)), LengthM: 1, Forward: 1, Backward: 1})
			}
		}
		n, err := Build(profile.Walk(), nodes, edges, nil)
		if err != nil {
			t.Fatal(err)
		}
		for range 50 {
			x, y := 91+r.Float64()*0.2-0.1, 29+r.Float64()*0.2-0.1
			asked := orb.Bound{Min: orb.Point{x, y}, Max: orb.Point{x + r.Float64()*0.1, y + r.Float64()*0.1}}
			got, last := map[[2]uint32]bool{}, uint32(0)
			n.eachPiece(asked, func(at, edge uint32) bool {
				if at < last {
					t.Fatal("pieces do not come in order")
				}
				got[[2]uint32{at, edge}], last = true, at
				return true
			})
			want := 0
			for e := range n.Edges() {
				for i := n.edges[e].first; i+1 < n.edges[e+1].first; i++ {
					if n.bends[i].point().Bound().Union(n.bends[i+1].point().Bound()).Intersects(asked) {
						want++
						if !got[[2]uint32{i, uint32(e)}] {
							t.Fatalf("piece %d of edge %d is missed", i, e)
						}
					}
				}
			}
			if len(got) != want {
				t.Fatalf("%d pieces are given, want %d", len(got), want)
			}
		}
	}
}

// The queue against a sorted list, with items far beyond the ring.
func TestQueueGivesTheLeastFirst(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	q := newQueue()
	for range 200 {
		var all []farEntry
		now := uint32(0)
		for range r.IntN(400) {
			for range r.IntN(6) {
				e := farEntry{r.Uint32N(100), now + r.Uint32N([]uint32{2, 300, ring, 10 * ring}[r.IntN(4)])}
				q.push(e.bucket, e.node)
				all = append(all, e)
			}
			slices.SortFunc(all, func(a, b farEntry) int {
				return cmp.Or(cmp.Compare(a.bucket, b.bucket), cmp.Compare(a.node, b.node))
			})
			due, batch, ok := q.pop()
			if ok != (len(all) > 0) {
				t.Fatalf("%d wait, and the queue says %v", len(all), ok)
			}
			if !ok {
				continue
			}
			if due != all[0].bucket {
				t.Fatalf("due at %d, want %d", due, all[0].bucket)
			}
			now = due
			batch = slices.Clone(batch)
			slices.Sort(batch)
			for _, got := range batch {
				if len(all) == 0 || all[0] != (farEntry{got, due}) {
					t.Fatalf("%v is due at %d, want %v", got, due, all[0])
				}
				all = all[1:]
			}
			if len(all) > 0 && all[0].bucket == due {
				t.Fatalf("%v is left behind", all[0])
			}
		}
		q.reset()
	}
}

func TestMarksOutliveTheCounter(t *testing.T) {
	s := newSearch(3)
	s.queue = newQueue()
	s.this = math.MaxUint32 - 1
	s.offer(1, step{5, -1, 0})
	s.settle(1)
	s.reset()
	s.queue = newQueue()
	if s.settled(1) || s.this != 2 {
		t.Fatalf("round %d still knows what was settled", s.this)
	}
	s.offer(1, step{7, -1, 0})
	if s.at[1].ticks != 7 || s.settled(1) {
		t.Error("the node cannot be reached again")
	}
}

func line(t *testing.T, count int) *Network {
	t.Helper()
	var nodes []orb.Point
	var edges []Edge
	for i := range count {
		nodes = append(nodes, orb.Point{91 + float64(i)*0.001, 29.6})
		if i > 0 {
			edges = append(edges, Edge{int32(i - 1), int32(i), 97, 80, float32(math.Inf(1)), Kind(i / 3 % 2)})
		}
	}
	n, err := Build(profile.Walk(), nodes, edges, nil)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSavedAndReadIsTheSame(t *testing.T) {
	n := line(t, 100)
	b, err := n.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	m, err := Unmarshal(b)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(m.profile, n.profile) || m.figures != n.figures || !reflect.DeepEqual(m.flat, n.flat) || m.bounds != n.bounds {
		t.Error("what is read differs from what was saved")
	}
	again, _ := m.MarshalBinary()
	if !slices.Equal(again, b) {
		t.Error("saved again it has other bytes")
	}
	l, _ := n.Link(n.Node(3), 300)
	f, _ := n.Field(context.Background(), []Link{l}, Options{MaxSeconds: 900})
	g, _ := m.Field(context.Background(), []Link{l}, Options{MaxSeconds: 900})
	if !reflect.DeepEqual(f.pages, g.pages) {
		t.Error("it gives other times")
	}
}

func TestSavedFormIsRefused(t *testing.T) {
	b, _ := line(t, 10).MarshalBinary()
	for end := range len(b) {
		if _, err := Unmarshal(b[:end]); err == nil {
			t.Fatalf("%d of %d bytes are taken", end, len(b))
		}
	}
	for i := range b {
		c := slices.Clone(b)
		c[i] ^= 0x10
		if _, err := Unmarshal(c); err == nil {
			t.Fatalf("a change in byte %d goes unnoticed", i)
		}
	}
	for says, c := range map[string][]byte{
		"no saved street network": []byte("%PDF-1.7 and so on"),
		"version 9":               append([]byte("KORANET\x09"), b[8:]...),
		"cut off":                 b[:len(b)-1],
		"not its own":             append(slices.Clone(b), make([]byte, 8)...),
		"cut off; import":         append([]byte(magic), slices.Repeat([]byte{255}, 16)...),
	} {
		if _, err := Unmarshal(c); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v; should say %q", err, says)
		}
	}
}

func FuzzUnmarshal(f *testing.F) {
	n, err := Build(profile.Walk(), []orb.Point{{91, 29}, {91.001, 29}, {91.001, 29.001}},
		[]Edge{{From: 0, To: 1, LengthM: 97, Forward: 80, Backward: 90}, {From: 1, To: 2, LengthM: 110, Forward: 70, Backward: 70}}, nil)
	if err != nil {
		f.Fatal(err)
	}
	good, _ := n.MarshalBinary()
	f.Add(good)
	f.Add(good[:20])
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, b []byte) {
		n, err := Unmarshal(resum(b))
		if err != nil {
			return
		}
		// What is taken must serve.
		if n.Nodes() > 0 {
			l, ok := n.Link(n.Node(0), 300)
			if ok {
				if _, err := n.Nearest(context.Background(), l, []Link{l}, 1, 900); err != nil {
					t.Fatal(err)
				}
				f, err := n.Field(context.Background(), []Link{l}, Options{MaxSeconds: 900, Nearest: 2})
				if err != nil {
					t.Fatal(err)
				}
				for _, s := range f.Spans(1, math.Inf(1)) {
					n.Line(s.Edge, float64(s.FromM), float64(s.UntilM))
				}
				if _, err := f.With(context.Background(), 0, nil); err != nil {
					t.Fatal(err)
				}
			}
		}
		if _, err := n.MarshalBinary(); err != nil {
			t.Fatal(err)
		}
	})
}

// resum mends the checksum, so that the fuzzer gets past it.
func resum(b []byte) []byte {
	if len(b) < 8 {
		return b
	}
	return sealed(b[:len(b)-8])
}
