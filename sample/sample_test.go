package sample_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"kora"
	"kora/importers"
	"kora/sample"
)

func open(t *testing.T, name string) fs.File {
	t.Helper()
	f, err := sample.Files().Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// values are the records of a batch; a fault in the sample is a failure.
func values[T any](t *testing.T, b importers.Batch[T], err error) []T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range b.Faults {
		t.Error(f)
	}
	var out []T
	for _, i := range b.Items {
		out = append(out, i.Value)
	}
	return out
}

func stations(t *testing.T) []kora.Station {
	t.Helper()
	b, err := importers.Stations(sample.Stations, open(t, sample.Stations))
	return values(t, b, err)
}

func keyAreas(t *testing.T) []kora.KeyArea {
	t.Helper()
	b, err := importers.KeyAreas(sample.KeyAreas, open(t, sample.KeyAreas))
	return values(t, b, err)
}

func highways(t *testing.T) map[string]kora.Highway {
	t.Helper()
	b, err := importers.Highways(sample.Highways, open(t, sample.Highways))
	out := map[string]kora.Highway{}
	for _, h := range values(t, b, err) {
		out[h.Ref] = h
	}
	return out
}

func parcels(t *testing.T) []kora.Parcel {
	t.Helper()
	b, err := importers.ParcelsGeoJSON(t.Context(), sample.Parcels, open(t, sample.Parcels), nil, importers.ParcelOptions{})
	return values(t, b, err)
}

func notices(t *testing.T) []kora.Notice {
	t.Helper()
	b, err := importers.Notices(sample.Notices, open(t, sample.Notices))
	return values(t, b, err)
}

func TestEveryRecordSaysThatItIsASample(t *testing.T) {
	for _, s := range stations(t) {
		if !s.Sample || !strings.Contains(s.Address.ZH, "示例") {
			t.Errorf("station %s does not say that it is a sample", s.Code)
		}
	}
	for _, a := range keyAreas(t) {
		if !a.Sample {
			t.Errorf("key area %s does not say that it is a sample", a.Code)
		}
	}
	for ref, h := range highways(t) {
		if !h.Sample {
			t.Errorf("highway %s does not say that it is a sample", ref)
		}
	}
	for _, p := range parcels(t) {
		if !p.Sample || !strings.Contains(p.Name.ZH, "示例") || !strings.Contains(p.Number, "SAMPLE") {
			t.Errorf("parcel %s does not say that it is a sample", p.Number)
		}
	}
	for _, n := range notices(t) {
		if !n.Sample || !strings.HasPrefix(n.Title.ZH, "（示例）") || !strings.Contains(n.Body.ZH, "示例") {
			t.Errorf("notice %s does not say that it is a sample", n.Code)
		}
	}
}

func TestStationsAreOfAllSorts(t *testing.T) {
	kinds := map[kora.Kind]int{}
	statuses := map[kora.Status]int{}
	var dayAndNight, night, core int
	names := map[string]bool{}
	noon := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	for _, s := range stations(t) {
		kinds[s.Kind]++
		statuses[s.Status]++
		if s.Hours.String() == "24/7" {
			dayAndNight++
		}
		if s.Hours.OpenAt(noon.Add(13 * time.Hour)) {
			night++
		}
		if s.Kind != kora.KindDrivers && slices.Contains([]string{"540102", "540103", "540104"}, s.County) {
			core++
		}
		if names[s.Name.ZH] {
			t.Errorf("%s is called %s like another one", s.Code, s.Name.ZH)
		}
		names[s.Name.ZH] = true
		if s.Name.BO == "" || s.Name.EN == "" || s.Address.EN == "" {
			t.Errorf("%s lacks a language", s.Code)
		}
		if !s.Hours.Known() {
			t.Errorf("%s has no hours", s.Code)
		}
		if (s.Kind == kora.KindDrivers) != (s.Highway != "") {
			t.Errorf("%s: highway %q for a %s", s.Code, s.Highway, s.Kind)
		}
		if s.AltitudeM < 2000 || s.AltitudeM > 5100 {
			t.Errorf("%s lies at %g m", s.Code, s.AltitudeM)
		}
	}
	if kinds[kora.KindUnion] != 42 || kinds[kora.KindOxygen] != 8 || kinds[kora.KindDrivers] != 10 {
		t.Errorf("kinds: %v", kinds)
	}
	if core != 50 {
		t.Errorf("%d stations in the city's districts, want 50", core)
	}
	if dayAndNight != 4 || night <= dayAndNight {
		t.Errorf("%d stations never close and %d are open at one in the morning; want 4 and a few more", dayAndNight, night)
	}
	if statuses[kora.StatusPaused] != 1 || statuses[kora.StatusClosed] != 1 || statuses[kora.StatusOpen] < 50 {
		t.Errorf("statuses: %v", statuses)
	}
}

func TestHighwaysRunInTheDirectionOfRisingChainage(t *testing.T) {
	ends := map[string][2]orb.Point{
		"G318":  {{96.09, 29.748}, {90.17, 29.375}},   // from Shanghai
		"G109":  {{91.45, 30.65}, {91.015, 29.6456}},  // from Beijing
		"G4218": {{94.326, 29.662}, {91.24, 29.6712}}, // from Ya'an
	}
	all := highways(t)
	if len(all) != len(ends) {
		t.Errorf("%d highways", len(all))
	}
	for ref, want := range ends {
		h := all[ref]
		if len(h.Geometry) != 1 {
			t.Fatalf("%s has %d parts", ref, len(h.Geometry))
		}
		course := h.Geometry[0]
		if metres(course[0], want[0]) > 500 || metres(course[len(course)-1], want[1]) > 500 {
			t.Errorf("%s runs from %v to %v", ref, course[0], course[len(course)-1])
		}
		for i := 1; i < len(course); i++ {
			if d := metres(course[i-1], course[i]); d == 0 || d > 15_000 {
				t.Errorf("%s: %.0f m from point %d to the next", ref, d, i)
			}
		}
	}
	for _, s := range stations(t) {
		if s.Highway == "" {
			continue
		}
		if d := distanceTo(s.Point, all[s.Highway].Geometry[0]); d > 60 {
			t.Errorf("%s stands %.0f m from %s", s.Code, d, s.Highway)
		}
	}
}

func TestNoticesSpeakOfParcelsThatExist(t *testing.T) {
	numbers := map[string]kora.Parcel{}
	for _, p := range parcels(t) {
		numbers[p.Number] = p
	}
	kinds := map[kora.NoticeKind]int{}
	all := notices(t)
	for _, n := range all {
		kinds[n.Kind]++
		for _, p := range n.Parcels {
			if _, ok := numbers[p]; !ok {
				t.Errorf("%s speaks of parcel %s, which is not there", n.Code, p)
			}
		}
		for _, text := range []string{n.Title.ZH, n.Title.BO, n.Title.EN, n.Body.ZH, n.Body.BO, n.Body.EN} {
			if text == "" {
				t.Errorf("%s lacks a language", n.Code)
			}
			if strings.Contains(text, "@") || strings.Contains(text, "0894-") {
				t.Errorf("%s holds contact data", n.Code)
			}
		}
	}
	if len(all) != 10 || len(kinds) != 3 {
		t.Errorf("%d notices of kinds %v", len(all), kinds)
	}
	for code, words := range map[string]string{"SAMPLE-G-01": "意向不构成要约", "SAMPLE-N-01": "以出让公告原文为准"} {
		if !slices.ContainsFunc(all, func(n kora.Notice) bool { return n.Code == code && strings.Contains(n.Body.ZH, words) }) {
			t.Errorf("%s does not say %s", code, words)
		}
	}
}
