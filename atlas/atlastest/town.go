// Package atlastest lends atlases of a small made-up town to tests. It is for tests only.
package atlastest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"kora"
	"kora/atlas"
	"kora/geo/basemap"
	"kora/geo/network"
	"kora/geo/profile"
)

// A Record is a record in memory: it hands out whole snapshots and takes station writes.
type Record struct {
	Stations  map[int64]*kora.Station
	KeyAreas  map[int64]*kora.KeyArea
	Highways  map[int64]*kora.Highway
	Parcels   map[int64]*kora.Parcel
	Notices   map[int64]*kora.Notice
	Panoramas map[int64]*kora.Panorama
	Images    map[string][]byte // of Panoramas, by SHA-256
	Demands   map[int64]*kora.Demand
	Reports   map[int64]*kora.KeptReport
	Targets   map[int64]*kora.Target
	Network   *kora.Network

	mu   sync.Mutex
	xid  uint64
	wake func()
	away error
}

// Changes gives everything.
func (r *Record) Changes(context.Context, kora.Position) (*kora.Changes, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.away != nil {
		return nil, r.away
	}
	return &kora.Changes{Whole: true, At: time.Now(), Stations: maps.Clone(r.Stations), KeyAreas: maps.Clone(r.KeyAreas), Highways: maps.Clone(r.Highways),
		Parcels: maps.Clone(r.Parcels), Notices: maps.Clone(r.Notices), Panoramas: maps.Clone(r.Panoramas), Demands: maps.Clone(r.Demands),
		Reports: maps.Clone(r.Reports), Targets: maps.Clone(r.Targets), Network: r.Network,
		To: kora.Position{Epoch: "e", Snapshot: strconv.FormatUint(r.xid, 10) + ":" + strconv.FormatUint(r.xid, 10) + ":"}}, nil
}

// Listen remembers whom to wake.
func (r *Record) Listen(ctx context.Context, wake func()) {
	r.mu.Lock()
	r.wake = wake
	r.mu.Unlock()
	<-ctx.Done()
}

func (r *Record) change(do func() error) (uint64, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.away != nil {
		return 0, kora.Refuse(kora.ReasonUnavailable, "", nil, "the database does not answer")
	}
	if err := do(); err != nil {
		return 0, err
	}
	r.xid++
	if r.wake != nil {
		r.wake()
	}
	return r.xid - 1, nil
}

// Edit lets do change r in one transaction, by putting other rows in the place of those that are there.
func (r *Record) Edit(do func()) (xid uint64, err error) {
	return r.change(func() error {
		do()
		return nil
	})
}

// CreateStation takes a new station.
func (r *Record) CreateStation(_ context.Context, _ kora.Author, s *kora.Station) (uint64, error) {
	return r.change(func() error {
		for _, other := range r.Stations {
			if other.Code == s.Code {
				return kora.Refuse(kora.ReasonDuplicate, "code", s.Code, "is in use by another record")
			}
		}
		s.ID = int64(len(r.Stations) + 1)
		r.Stations[s.ID] = s
		return nil
	})
}

// UpdateStation replaces a station.
func (r *Record) UpdateStation(_ context.Context, _ kora.Author, s *kora.Station) (uint64, error) {
	return r.change(func() error {
		if r.Stations[s.ID] == nil {
			return kora.Refuse(kora.ReasonNotFound, "station", s.ID, "is not in the record")
		}
		r.Stations[s.ID] = s
		return nil
	})
}

// DeleteStation removes a station.
func (r *Record) DeleteStation(_ context.Context, _ kora.Author, id int64) (uint64, error) {
	return r.change(func() error {
		if r.Stations[id] == nil {
			return kora.Refuse(kora.ReasonNotFound, "station", id, "is not in the record")
		}
		delete(r.Stations, id)
		return nil
	})
}

// notice finds a notice by its code, of which was is the version that is expected.
func (r *Record) notice(code string, was *kora.Revision) (*kora.Notice, error) {
	for _, n := range r.Notices {
		if n.Code != code {
			continue
		}
		if was != nil && *was != n.Revision() {
			return nil, kora.Refuse(kora.ReasonChanged, "notice", code, "was changed by somebody")
		}
		return n, nil
	}
	return nil, kora.Refuse(kora.ReasonNotFound, "notice", code, "is not in the record")
}

// CreateNotice takes a new notice.
func (r *Record) CreateNotice(_ context.Context, _ kora.Author, n *kora.Notice) (uint64, error) {
	return r.change(func() error {
		if _, err := r.notice(n.Code, nil); err == nil {
			return kora.Refuse(kora.ReasonDuplicate, "code", n.Code, "is in use by another record")
		}
		n.ID, n.Version = int64(len(r.Notices)+1), 1
		r.Notices[n.ID] = n
		return nil
	})
}

// UpdateNotice replaces a notice.
func (r *Record) UpdateNotice(_ context.Context, _ kora.Author, n *kora.Notice, was *kora.Revision) (uint64, error) {
	return r.change(func() error {
		old, err := r.notice(n.Code, was)
		if err != nil {
			return err
		}
		n.ID, n.Version = old.ID, old.Version+1
		r.Notices[n.ID] = n
		return nil
	})
}

// DeleteNotice removes a notice.
func (r *Record) DeleteNotice(_ context.Context, _ kora.Author, code string, was *kora.Revision) (uint64, error) {
	return r.change(func() error {
		old, err := r.notice(code, was)
		if err != nil {
			return err
		}
		delete(r.Notices, old.ID)
		return nil
	})
}

// panorama finds a panorama by its ID, of which was is the version that is expected.
func (r *Record) panorama(id int64, was *kora.Revision) (*kora.Panorama, error) {
	p := r.Panoramas[id]
	if p == nil {
		return nil, kora.Refuse(kora.ReasonNotFound, "panorama", id, "is not in the record")
	}
	if was != nil && *was != p.Revision() {
		return nil, kora.Refuse(kora.ReasonChanged, "panorama", id, "was changed by somebody")
	}
	return p, nil
}

// CreatePanorama takes a new panorama.
func (r *Record) CreatePanorama(_ context.Context, _ kora.Author, p *kora.Panorama, images []kora.PanoramaImage) (uint64, error) {
	return r.change(func() error {
		p.ID, p.Version, p.Levels = int64(len(r.Panoramas)+1), 1, nil
		for _, i := range images {
			sum := sha256.Sum256(i.JPEG)
			level := kora.PanoramaLevel{Width: i.Width, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(i.JPEG))}
			p.Levels, r.Images[level.SHA256] = append(p.Levels, level), i.JPEG
		}
		r.Panoramas[p.ID] = p
		return nil
	})
}

// UpdatePanorama replaces a panorama.
func (r *Record) UpdatePanorama(_ context.Context, _ kora.Author, p *kora.Panorama, was *kora.Revision) (uint64, error) {
	return r.change(func() error {
		old, err := r.panorama(p.ID, was)
		if err != nil {
			return err
		}
		p.Version = old.Version + 1
		r.Panoramas[p.ID] = p
		return nil
	})
}

// DeletePanorama removes a panorama.
func (r *Record) DeletePanorama(_ context.Context, _ kora.Author, id int64, was *kora.Revision) (uint64, error) {
	return r.change(func() error {
		old, err := r.panorama(id, was)
		if err != nil {
			return err
		}
		delete(r.Panoramas, old.ID)
		return nil
	})
}

// KeepReport takes a report.
func (r *Record) KeepReport(_ context.Context, author kora.Author, k *kora.KeptReport) (uint64, error) {
	return r.change(func() error {
		k.ID, k.Author, k.KeptAt = int64(len(r.Reports)+1), author.Who, time.Now()
		if r.Reports == nil {
			r.Reports = map[int64]*kora.KeptReport{}
		}
		r.Reports[k.ID] = k
		return nil
	})
}

// PutTarget sets a target.
func (r *Record) PutTarget(_ context.Context, _ kora.Author, t *kora.Target, was *kora.Revision) (uint64, error) {
	return r.change(func() error {
		t.ID, t.Version = int64(len(r.Targets)+1), 1
		for id, old := range r.Targets {
			if old.Year == t.Year {
				if was != nil && *was != old.Revision() {
					return kora.Refuse(kora.ReasonChanged, "target", t.Year, "was changed by somebody")
				}
				t.ID, t.Version = id, old.Version+1
			}
		}
		if t.Version == 1 && was != nil {
			return kora.Refuse(kora.ReasonNotFound, "target", t.Year, "is not in the record")
		}
		if r.Targets == nil {
			r.Targets = map[int64]*kora.Target{}
		}
		r.Targets[t.ID] = t
		return nil
	})
}

// PanoramaImage opens an image.
func (r *Record) PanoramaImage(_ context.Context, level kora.PanoramaLevel) (io.ReadSeekCloser, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	b, ok := r.Images[level.SHA256]
	if !ok {
		return nil, kora.Refuse(kora.ReasonNotFound, "image", level.SHA256, "is not in the record")
	}
	return unclosed{bytes.NewReader(b)}, nil
}

type unclosed struct{ io.ReadSeeker }

func (unclosed) Close() error { return nil }

// GoAway makes the record answer with err, nothing but errors, until it is nil again.
func (r *Record) GoAway(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.away = err
}

// Open gives a keeper that follows r until t ends.
func Open(t testing.TB, r *Record) *atlas.Keeper {
	t.Helper()
	keeper, err := atlas.Open(t.Context(), r, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { keeper.Run(ctx) })
	t.Cleanup(func() { cancel(); running.Wait() })
	return keeper
}

// Image stands for the JPEG of the panorama.
const Image = "the bytes of a picture"

// Degree is a degree of longitude on the equator, in metres.
const Degree = 111195.08

// Town is a record with one street along the equator from 91° E: eleven nodes, 100 m apart, so that at 4 km/h every 100 m
// take 90 s. The station W (by day) is 100 m from its western end and E (always open, with oxygen) 100 m from its eastern;
// X between them is closed. There are one key area, a highway, three parcels and a notice on the second; the first has
// a panorama.
func Town(t testing.TB) *Record {
	t.Helper()
	var nodes []orb.Point
	var edges []network.Edge
	walk := profile.Walk()
	for i := range 11 {
		nodes = append(nodes, orb.Point{91 + float64(i)*100/Degree, 0})
		if i > 0 {
			sec := float32(walk.Seconds(100, 0))
			edges = append(edges, network.Edge{From: int32(i - 1), To: int32(i), LengthM: 100, Forward: sec, Backward: sec})
		}
	}
	n, err := network.Build(walk, nodes, edges, nil)
	if err != nil {
		t.Fatal(err)
	}
	streets, err := n.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	ground, err := basemap.Encode([]basemap.Feature{{Layer: "roads", Class: "residential", NameZH: "示例街",
		Geometry: orb.LineString{nodes[0], nodes[10]}}})
	if err != nil {
		t.Fatal(err)
	}
	r := &Record{xid: 100, Stations: map[int64]*kora.Station{}}
	r.Network = &kora.Network{ID: 1, Name: "town", Attribution: "© nobody", Sample: true, Nodes: n.Nodes(), Edges: n.Edges(),
		Bounds: n.Bounds(), Streets: map[string][]byte{"walk": streets}, Basemap: ground}
	day, _ := kora.ParseHours("Mo-Su 09:00-18:00")
	always, _ := kora.ParseHours("24/7")
	for id, s := range map[int64]*kora.Station{
		1: {Code: "W", Name: kora.Name{ZH: "西站", EN: "West"}, Kind: kora.KindUnion, Status: kora.StatusOpen, Point: nodes[1], Hours: day},
		2: {Code: "E", Name: kora.Name{ZH: "东站", EN: "East"}, Kind: kora.KindOxygen, Status: kora.StatusOpen, Point: nodes[9], Hours: always,
			Facilities: []string{"oxygen_machine"}},
		3: {Code: "X", Name: kora.Name{ZH: "停用站"}, Kind: kora.KindUnion, Status: kora.StatusClosed, Point: nodes[4]},
	} {
		s.ID, s.Sample = id, true
		r.Stations[id] = s
	}
	r.KeyAreas = map[int64]*kora.KeyArea{7: {ID: 7, Code: "town", Name: kora.Name{ZH: "全镇"},
		Geometry: orb.MultiPolygon{{{{90.999, -0.002}, {91.011, -0.002}, {91.011, 0.002}, {90.999, 0.002}, {90.999, -0.002}}}}}}
	r.Highways = map[int64]*kora.Highway{1: {ID: 1, Ref: "G318", Name: kora.Name{ZH: "示例公路"}, Sample: true,
		Geometry: orb.MultiLineString{{nodes[0], nodes[10], {91.02, 0.005}}}}}
	r.Parcels = map[int64]*kora.Parcel{}
	for i, p := range []struct {
		number, use string
		area        float64
		status      kora.ParcelStatus
	}{{"LZ-1", "1001", 20000, kora.ParcelPromoted}, {"LZ-2", "0901", 50000, kora.ParcelAnnounced}, {"LZ-3", "090104", 90000, kora.ParcelPromoted}} {
		x := 94.3 + float64(i)/100
		r.Parcels[int64(i+1)] = &kora.Parcel{ID: int64(i + 1), Number: p.number, Name: kora.Name{ZH: "示例地块"}, County: "540402",
			Use: kora.LandUse{Code: p.use, Scheme: kora.Scheme2023}, Status: p.status, AreaM2: p.area, Sample: true,
			Geometry: orb.MultiPolygon{{{{x, 29.6}, {x + 0.003, 29.6}, {x + 0.003, 29.603}, {x, 29.603}, {x, 29.6}}}}}
	}
	r.Notices = map[int64]*kora.Notice{1: {ID: 1, Version: 1, Code: "N1", Kind: kora.NoticeNotice, Title: kora.Name{ZH: "公告"},
		PublishedOn: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), Parcels: []string{"LZ-2"}}}
	image := []byte(Image)
	sum := sha256.Sum256(image)
	level := kora.PanoramaLevel{Width: 1024, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(image))}
	r.Images = map[string][]byte{level.SHA256: image}
	r.Panoramas = map[int64]*kora.Panorama{1: {ID: 1, Version: 1, Parcel: "LZ-1", Picture: strings.Repeat("1", 64),
		Caption: kora.Name{ZH: "示例全景"}, Alt: kora.Name{ZH: "山"}, Levels: []kora.PanoramaLevel{level}}}
	r.Demands = map[int64]*kora.Demand{1: {ID: 1, Code: "people", Name: kora.Name{ZH: "示例人口"}, Unit: kora.DemandPeople,
		AsOf: time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC), Publisher: "made up", Sample: true, Points: []orb.Point{nodes[2], nodes[5]}, Weights: []float64{30, 12}}}
	r.Reports = map[int64]*kora.KeptReport{1: {ID: 1, Name: "2025 年", Author: "test", KeptAt: time.Date(2025, 12, 31, 9, 0, 0, 0, time.UTC),
		Assumptions: json.RawMessage(`{"network": "town"}`), Report: kora.Report{Profile: "walk", Minutes: 15, Day: "2025-12-31", Snapshot: "1:1:", Kinds: []kora.Kind{},
			Bands: []kora.ReportBand{{Band: kora.BandAny, Stations: 1}}, Demands: []kora.ReportDemand{}, Progress: kora.Progress{Standard: 1}, Rows: []kora.ReportRow{{
				Level: kora.LevelCity, Areas: 1, Measures: []kora.ReportMeasure{{Measure: kora.MeasureCells, Unit: "cells", Total: 4, Bands: []kora.ReportShare{{Covered: 1, Share: 0.25}}}}}}}}}
	r.Targets = map[int64]*kora.Target{1: {ID: 1, Version: 1, Year: 2028, Standard: 150, KeyAreas: 1, Highways: 1}}
	return r
}

// Author signs the changes of tests.
func Author() kora.Author { return kora.Author{Who: "test", Why: "test"} }
