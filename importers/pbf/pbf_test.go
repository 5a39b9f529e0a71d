package pbf_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/paulmach/osm"
	"github.com/paulmach/osm/osmpbf"
	"google.golang.org/protobuf/encoding/protowire"

	"kora/importers/pbf"
	"kora/importers/pbftest"
)

var (
	nodes = []pbftest.Node{
		{ID: 1, Lon: 91.1, Lat: 29.65, Tags: map[string]string{"place": "city", "name:zh": "拉萨"}},
		{ID: 2, Lon: -180, Lat: -90},
		{ID: 7, Lon: 180, Lat: 90, Tags: map[string]string{"barrier": "gate"}},
		{ID: 1 << 40, Lon: -0.0000001, Lat: 0.0000001},
	}
	ways = []pbftest.Way{
		{ID: 10, Nodes: []int64{1, 2, 7, 1}, Tags: map[string]string{"highway": "path", "name": "སྐོར་ལམ།"}},
		{ID: 11, Nodes: []int64{1 << 40}},
	}
	relations = []pbftest.Relation{
		{ID: 20, Members: []pbftest.Member{{Type: 1, ID: 10, Role: "outer"}, {Type: 0, ID: 7}, {Type: 2, ID: 20, Role: "self"}},
			Tags: map[string]string{"type": "multipolygon"}},
		{ID: 21},
	}
	written = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
)

// said writes down what a Visitor is told, one line an object.
func said(r io.Reader) (lines []string, header pbf.Header, err error) {
	tags := func(t pbf.Tags) string {
		var b strings.Builder
		for i := range t.Len() {
			k, v := t.At(i)
			fmt.Fprintf(&b, " %s=%s", k, v)
		}
		return b.String()
	}
	header, err = pbf.Read(context.Background(), r, pbf.Visitor{
		Node: func(n pbf.Node) error {
			lines = append(lines, fmt.Sprintf("node %d at %d %d%s", n.ID, n.At.Lon, n.At.Lat, tags(n.Tags)))
			return nil
		},
		Way: func(w pbf.Way) error {
			lines = append(lines, fmt.Sprintf("way %d through %v%s", w.ID, w.Nodes, tags(w.Tags)))
			return nil
		},
		Relation: func(r pbf.Relation) error {
			lines = append(lines, fmt.Sprintf("relation %d of %v%s", r.ID, r.Members, tags(r.Tags)))
			return nil
		},
	})
	return lines, header, err
}

var told = []string{
	"node 1 at 911000000 296500000 name:zh=拉萨 place=city",
	"node 2 at -1800000000 -900000000",
	"node 7 at 1800000000 900000000 barrier=gate",
	"node 1099511627776 at -1 1",
	"way 10 through [1 2 7 1] highway=path name=སྐོར་ལམ།",
	"way 11 through [1099511627776]",
	"relation 20 of [{1 10 outer} {0 7 } {2 20 self}] type=multipolygon",
	"relation 21 of []",
}

func TestReadsWhatIsWritten(t *testing.T) {
	for name, o := range map[string]pbftest.Options{
		"usual": {Written: written, Program: "test"}, "plain nodes": {PlainNodes: true}, "raw": {Raw: true}, "small blocks": {PerBlock: 1},
	} {
		lines, header, err := said(iotest.OneByteReader(bytes.NewReader(pbftest.Encode(nodes, ways, relations, o))))
		if err != nil || !slices.Equal(lines, told) {
			t.Errorf("%s: %v\n%s", name, err, strings.Join(lines, "\n"))
		}
		if !header.Written.Equal(o.Written) || header.Program != o.Program {
			t.Errorf("%s: %+v", name, header)
		}
	}
	lines, _, err := said(bytes.NewReader(pbftest.Encode(nodes, ways, relations, pbftest.Options{WaysFirst: true})))
	if want := slices.Concat(told[6:], told[4:6], told[:4]); err != nil || !slices.Equal(lines, want) {
		t.Errorf("unsorted: %v\n%s", err, strings.Join(lines, "\n"))
	}
}

// Another reader of the format is the judge, on the real extracts at hand, the largest left out for time.
func TestAgreesWithAnotherReader(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/data/osm/*.osm.pbf")
	if len(files) == 0 {
		t.Skip("no real extracts at hand")
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if len(data) > 1<<20 {
			continue
		}
		got, header, err := said(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		s := osmpbf.New(context.Background(), bytes.NewReader(data), 1)
		judged, err := s.Header()
		if err != nil {
			t.Fatal(err)
		}
		if !header.Written.Equal(judged.ReplicationTimestamp) || header.Program != judged.WritingProgram {
			t.Errorf("%s: %+v, want %+v", name, header, judged)
		}
		i := 0
		for ; s.Scan(); i++ {
			if want := describe(s.Object()); i >= len(got) || got[i] != want {
				t.Fatalf("%s, object %d: got %s, want %s", filepath.Base(name), i, got[min(i, len(got)-1)], want)
			}
		}
		if s.Err() != nil || i != len(got) {
			t.Errorf("%s: %d objects, want %d (%v)", filepath.Base(name), len(got), i, s.Err())
		}
		s.Close()
	}
}

func describe(o osm.Object) string {
	tags := func(all osm.Tags) string {
		var b strings.Builder
		for _, t := range all {
			fmt.Fprintf(&b, " %s=%s", t.Key, t.Value)
		}
		return b.String()
	}
	switch o := o.(type) {
	case *osm.Node:
		return fmt.Sprintf("node %d at %.0f %.0f%s", o.ID, o.Lon*1e7, o.Lat*1e7, tags(o.Tags))
	case *osm.Way:
		ids := make([]int64, len(o.Nodes))
		for i, n := range o.Nodes {
			ids[i] = int64(n.ID)
		}
		return fmt.Sprintf("way %d through %v%s", o.ID, ids, tags(o.Tags))
	case *osm.Relation:
		members := make([]pbf.Member, len(o.Members))
		for i, m := range o.Members {
			members[i] = pbf.Member{ID: m.Ref, Role: m.Role,
				Type: map[osm.Type]pbf.MemberType{osm.TypeWay: pbf.MemberWay, osm.TypeRelation: pbf.MemberRelation}[m.Type]}
		}
		return fmt.Sprintf("relation %d of %v%s", o.ID, members, tags(o.Tags))
	}
	return "unknown"
}

func TestCutOff(t *testing.T) {
	whole := pbftest.Encode(nodes, ways, relations, pbftest.Options{PerBlock: 2})
	ends := map[int]bool{} // of blocks: there a file may end without anything missing that could be noticed
	for at := 0; at < len(whole); {
		head := int(binary.BigEndian.Uint32(whole[at:]))
		_, length := headerOf(whole[at+4 : at+4+head])
		at += 4 + head + length
		ends[at] = true
	}
	first := slices.Min(slices.Collect(func(yield func(int) bool) {
		for end := range ends {
			if !yield(end) {
				return
			}
		}
	}))
	for end := range whole {
		_, _, err := said(bytes.NewReader(whole[:end]))
		switch {
		case end < 4:
			if !errors.Is(err, pbf.ErrFormat) {
				t.Fatalf("%d bytes: %v", end, err)
			}
		case ends[end] && end > first:
			if err != nil {
				t.Fatalf("%d bytes, all of its blocks whole: %v", end, err)
			}
		default:
			if !errors.Is(err, pbf.ErrTruncated) {
				t.Fatalf("%d of %d bytes: %v", end, len(whole), err)
			}
		}
	}
}

func headerOf(b []byte) (kind string, length int) {
	for len(b) > 0 {
		number, wire, n := protowire.ConsumeTag(b)
		b = b[n:]
		if wire == protowire.VarintType {
			v, n := protowire.ConsumeVarint(b)
			length, b = int(v), b[n:]
			continue
		}
		v, n := protowire.ConsumeBytes(b)
		if number == 1 {
			kind = string(v)
		}
		b = b[n:]
	}
	return kind, length
}

// message makes a field that holds bytes, number one that holds a number, block a block of a file.
func message(number protowire.Number, parts ...[]byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, number, protowire.BytesType), slices.Concat(parts...))
}

func number(number protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(nil, number, protowire.VarintType), v)
}

func block(kind string, blob ...[]byte) []byte {
	body := slices.Concat(blob...)
	head := slices.Concat(message(1, []byte(kind)), number(3, uint64(len(body))))
	return slices.Concat(binary.BigEndian.AppendUint32(nil, uint32(len(head))), head, body)
}

func packed(b []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

func varints(values ...uint64) (b []byte) {
	for _, v := range values {
		b = protowire.AppendVarint(b, v)
	}
	return b
}

var (
	header = block("OSMHeader", message(1, message(4, []byte("OsmSchema-V0.6")), message(4, []byte("DenseNodes"))))
	table  = message(1, message(1), message(1, []byte("highway")), message(1, []byte("path")))
)

func TestRefusals(t *testing.T) {
	data := func(group ...[]byte) []byte {
		return slices.Concat(header, block("OSMData", message(1, table, message(2, group...))))
	}
	bomb := slices.Clone(header)
	zeros := packed(make([]byte, 32<<20))
	for range 40 {
		bomb = append(bomb, block("OSMData", number(2, 32<<20), message(3, zeros))...)
	}
	// zeros are no message: the bomb is made of fields that are skipped
	filler := packed(bytes.Repeat(number(100, 0), 8<<20))
	harmless := slices.Clone(header)
	for range 40 {
		harmless = append(harmless, block("OSMData", number(2, 24<<20), message(3, filler))...)
	}
	for name, c := range map[string]struct {
		file []byte
		is   error
		says string
	}{
		"empty":          {nil, pbf.ErrFormat, "empty"},
		"text":           {[]byte("<?xml version='1.0'?><osm></osm>"), pbf.ErrFormat, "header"},
		"zip":            {[]byte("PK\x03\x04\x14\x00\x00\x00\x08\x00"), pbf.ErrFormat, "header"},
		"zeros":          {make([]byte, 100), pbf.ErrFormat, "header"},
		"short":          {[]byte{0, 0}, pbf.ErrFormat, "2 bytes"},
		"data first":     {block("OSMData", message(1)), pbf.ErrFormat, "OSMData"},
		"header only":    {header, pbf.ErrTruncated, "nothing follows"},
		"large block":    {slices.Concat(header, []byte{0, 0, 0, 5}, number(3, 33<<20)), pbf.ErrTooLarge, "34603008"},
		"history":        {block("OSMHeader", message(1, message(4, []byte("HistoricalInformation")))), pbf.ErrFeature, "history"},
		"feature":        {block("OSMHeader", message(1, message(4, []byte("Quantum")))), pbf.ErrFeature, "Quantum"},
		"lzma":           {slices.Concat(header, block("OSMData", number(2, 9), message(4, []byte("x")))), pbf.ErrFeature, "lzma"},
		"zstd":           {slices.Concat(header, block("OSMData", number(2, 9), message(7, []byte("x")))), pbf.ErrFeature, "zstd"},
		"no content":     {slices.Concat(header, block("OSMData")), pbf.ErrFormat, "without content"},
		"not packed":     {slices.Concat(header, block("OSMData", number(2, 9), message(3, []byte("x")))), pbf.ErrFormat, "unpacked"},
		"another size":   {slices.Concat(header, block("OSMData", number(2, 9), message(3, packed([]byte("x"))))), pbf.ErrFormat, "size"},
		"more than said": {slices.Concat(header, block("OSMData", number(2, 1), message(3, packed(make([]byte, 9))))), pbf.ErrFormat, "size"},
		"bomb":           {bomb, pbf.ErrFormat, "cannot be read"},
		"harmless bomb":  {harmless, pbf.ErrTooLarge, "unpacks to more than"},
		"wire":           {slices.Concat(header, block("OSMData", message(1, []byte{0xff, 0xff}))), pbf.ErrFormat, "cannot be read"},
		"granularity":    {slices.Concat(header, block("OSMData", message(1, number(17, 0)))), pbf.ErrFormat, "granularity"},
		"node's text": {data(message(2, message(1, varints(2)), message(8, varints(2)), message(9, varints(2)), message(10, varints(9, 9, 0)))),
			pbf.ErrFormat, "text is missing"},
		"node's tags end": {data(message(2, message(1, varints(2)), message(8, varints(2)), message(9, varints(2)), message(10, varints(1, 2)))),
			pbf.ErrFormat, "end too early"},
		"no place":       {data(message(2, message(1, varints(2, 2)), message(8, varints(2)), message(9, varints(2, 2)))), pbf.ErrFormat, "without places"},
		"off the Earth":  {data(message(2, message(1, varints(2)), message(8, varints(1<<62)), message(9, varints(2)))), pbf.ErrFormat, "off the Earth"},
		"way's text":     {data(message(3, number(1, 5), message(2, varints(1)), message(3, varints(77)))), pbf.ErrFormat, "text is missing"},
		"way's values":   {data(message(3, number(1, 5), message(2, varints(1, 1)), message(3, varints(2)))), pbf.ErrFormat, "without values"},
		"way's nodes":    {data(message(3, number(1, 5), message(8, []byte{0x80}))), pbf.ErrFormat, "way"},
		"huge index":     {data(message(3, number(1, 5), message(2, varints(1<<63)), message(3, varints(1)))), pbf.ErrFormat, "text is missing"},
		"member's role":  {data(message(4, message(8, varints(50)), message(9, varints(2)), message(10, varints(1)))), pbf.ErrFormat, "members"},
		"member's type":  {data(message(4, message(8, varints(1)), message(9, varints(2)), message(10, varints(3)))), pbf.ErrFormat, "members"},
		"members differ": {data(message(4, message(8, varints(1)), message(9, varints(2, 2)), message(10, varints(1, 1)))), pbf.ErrFormat, "roles"},
	} {
		start := time.Now()
		_, _, err := said(bytes.NewReader(c.file))
		if !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; should say %q", name, err, c.says)
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s is refused only after %v", name, took)
		}
	}
}

func TestUnknownBlocksAreSkipped(t *testing.T) {
	file := slices.Concat(header, block("OSMIndex", []byte("whatever")), block("OSMData", message(1)))
	if _, _, err := said(bytes.NewReader(file)); err != nil {
		t.Error(err)
	}
}

func TestWaysMayCarryPlaces(t *testing.T) {
	file := slices.Concat(header, block("OSMData", message(1, table, message(2, message(3, number(1, 5),
		message(8, varints(2, 2)), message(9, varints(200, 20)), message(10, varints(400, 40)))))))
	var got pbf.Way
	_, err := pbf.Read(context.Background(), bytes.NewReader(file), pbf.Visitor{Way: func(w pbf.Way) error {
		got = pbf.Way{ID: w.ID, Nodes: slices.Clone(w.Nodes), Where: slices.Clone(w.Where)}
		return nil
	}})
	want := pbf.Way{ID: 5, Nodes: []int64{1, 2}, Where: []pbf.Location{{Lon: 200, Lat: 100}, {Lon: 220, Lat: 110}}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestErrorsOfOthersPassThrough(t *testing.T) {
	file := pbftest.Encode(nodes, ways, relations, pbftest.Options{})
	broken := errors.New("the disk is broken")
	if _, _, err := said(io.MultiReader(bytes.NewReader(file[:len(file)/2]), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Error(err)
	}
	for name, v := range map[string]pbf.Visitor{
		"node":     {Node: func(pbf.Node) error { return broken }},
		"way":      {Way: func(pbf.Way) error { return broken }},
		"relation": {Relation: func(pbf.Relation) error { return broken }},
	} {
		if _, err := pbf.Read(context.Background(), bytes.NewReader(file), v); !errors.Is(err, broken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := pbf.Read(ctx, bytes.NewReader(file), pbf.Visitor{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestBlocksAreCounted(t *testing.T) {
	file := pbftest.Encode(nodes, ways, relations, pbftest.Options{PerBlock: 1})
	var last int64
	_, err := pbf.Read(context.Background(), bytes.NewReader(file), pbf.Visitor{Block: func(read int64) {
		if read <= last {
			t.Errorf("%d bytes after %d", read, last)
		}
		last = read
	}})
	if err != nil || last != int64(len(file)) {
		t.Errorf("%d of %d bytes, %v", last, len(file), err)
	}
}

func FuzzRead(f *testing.F) {
	for _, o := range []pbftest.Options{{}, {Raw: true}, {Raw: true, PlainNodes: true, PerBlock: 1}} {
		f.Add(pbftest.Encode(nodes, ways, relations, o))
	}
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _, err := said(bytes.NewReader(b))
		if err != nil && !errors.Is(err, pbf.ErrFormat) && !errors.Is(err, pbf.ErrTruncated) && !errors.Is(err, pbf.ErrFeature) && !errors.Is(err, pbf.ErrTooLarge) {
			t.Fatal(err)
		}
	})
}
