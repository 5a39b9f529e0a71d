package store_test

import (
	"bytes"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kora"
	"kora/store"
)

func panorama(parcel string) *kora.Panorama {
	heading := 359.5
	return &kora.Panorama{
		Parcel: parcel, Picture: string(make64('a')), Caption: kora.Name{ZH: "北侧", BO: "བྱང་།"}, Alt: kora.Name{ZH: "草地。\n远处有山。"}, HeadingDeg: &heading,
		TakenOn: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), Sample: true,
		HotSpots: []kora.HotSpot{{YawDeg: -179.5, PitchDeg: 3, Parcel: "P2", Label: kora.Name{ZH: "邻地"}}},
	}
}

func images(seed byte) []kora.PanoramaImage {
	return []kora.PanoramaImage{{Width: 512, JPEG: []byte{seed, 1}}, {Width: 2048, JPEG: bytes.Repeat([]byte{seed, 2}, 1<<20)}}
}

// TestPanoramasOnEveryNode: a node copies the images of panoramas that it learns of, and forgets those that are deleted.
func TestPanoramasOnEveryNode(t *testing.T) {
	first, cfg := open(t)
	folder := filepath.Join(t.TempDir(), "copies")
	second, err := store.Open(t.Context(), cfg, folder, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(second.Close)
	ctx := t.Context()
	p := panorama("P1")
	if _, err := first.CreatePanorama(ctx, author, p, images(1)); err != nil {
		t.Fatal(err)
	}
	c, err := second.Changes(ctx, kora.Position{})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "panorama", c.Panoramas[p.ID], p)
	copies := func() (files []string) {
		t.Helper()
		files, err := filepath.Glob(filepath.Join(folder, "*"))
		if err != nil {
			t.Fatal(err)
		}
		return files
	}
	if n := len(copies()); n != 2 {
		t.Fatalf("%d copies", n)
	}
	for i, level := range p.Levels {
		for node, s := range map[string]*store.Store{"without a folder": first, "with copies": second} {
			image, err := s.PanoramaImage(ctx, level)
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(image)
			if image.Close() != nil || err != nil || !bytes.Equal(b, images(1)[i].JPEG) {
				t.Errorf("%s, %d wide: %d bytes, %v", node, level.Width, len(b), err)
			}
		}
	}

	// What is told changes, the images do not.
	q := *p
	q.Parcel, q.HeadingDeg, q.HotSpots = "P2", nil, []kora.HotSpot{}
	if _, err := first.UpdatePanorama(ctx, author, &q, nil); err != nil {
		t.Fatal(err)
	}
	other := panorama("P2")
	if _, err := first.CreatePanorama(ctx, author, other, images(2)); kora.ReasonOf(err) != kora.ReasonDuplicate {
		t.Errorf("the same picture of the same parcel: %v", err)
	}
	other.Picture = string(make64('b'))
	if _, err := first.CreatePanorama(ctx, author, other, images(2)); err != nil {
		t.Fatal(err)
	}
	if c, err = second.Changes(ctx, c.To); err != nil {
		t.Fatal(err)
	}
	same(t, "after the change", c.Panoramas[p.ID], &q)
	if n := len(copies()); n != 4 {
		t.Errorf("%d copies", n)
	}
	if _, err := first.DeletePanorama(ctx, author, p.ID, nil); err != nil {
		t.Fatal(err)
	}
	if c, err = second.Changes(ctx, c.To); err != nil {
		t.Fatal(err)
	}
	if gone, told := c.Panoramas[p.ID]; gone != nil || !told || len(copies()) != 2 {
		t.Errorf("deleted: %v %v, copies %v", gone, told, copies())
	}
	if _, err := first.PanoramaImage(ctx, p.Levels[0]); kora.ReasonOf(err) != kora.ReasonNotFound {
		t.Errorf("its image: %v", err)
	}
	if history, err := first.History(ctx, kora.LayerPanorama, p.ID); err != nil || len(history) != 2 || history[1].Op != "delete" {
		t.Errorf("history: %v %v", history, err)
	}
}

// TestWithoutRoomForCopies: a folder that cannot be written to keeps nobody from following the record.
func TestWithoutRoomForCopies(t *testing.T) {
	first, cfg := open(t)
	file := filepath.Join(t.TempDir(), "copies")
	if err := os.WriteFile(file, nil, 0o600); err != nil { // where the folder should be
		t.Fatal(err)
	}
	p := panorama("P1")
	if _, err := first.CreatePanorama(t.Context(), author, p, images(1)); err != nil {
		t.Fatal(err)
	}
	second, err := store.Open(t.Context(), cfg, file, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(second.Close)
	if c, err := second.Changes(t.Context(), kora.Position{}); err != nil || c.Panoramas[p.ID] == nil {
		t.Fatalf("%v", err)
	}
	image, err := second.PanoramaImage(t.Context(), p.Levels[1])
	if err != nil {
		t.Fatal(err)
	}
	defer image.Close()
	if b, err := io.ReadAll(image); err != nil || len(b) != 2<<20 {
		t.Errorf("%d bytes, %v", len(b), err)
	}
}

// TestTheRecordHoldsWhatPanoramasPromise: its own constraints refuse what nobody checked.
func TestTheRecordHoldsWhatPanoramasPromise(t *testing.T) {
	s, _ := open(t)
	north := 360.0
	for name, harm := range map[string]func(*kora.Panorama, *[]kora.PanoramaImage){
		"no parcel":       func(p *kora.Panorama, _ *[]kora.PanoramaImage) { p.Parcel = "" },
		"no words":        func(p *kora.Panorama, _ *[]kora.PanoramaImage) { p.Alt.ZH = "" },
		"a bearing":       func(p *kora.Panorama, _ *[]kora.PanoramaImage) { p.HeadingDeg = &north },
		"no fingerprint":  func(p *kora.Panorama, _ *[]kora.PanoramaImage) { p.Picture = "x" },
		"an empty image":  func(_ *kora.Panorama, i *[]kora.PanoramaImage) { (*i)[0].JPEG = []byte{} },
		"a width of none": func(_ *kora.Panorama, i *[]kora.PanoramaImage) { (*i)[1].Width = 9000 },
	} {
		p, i := panorama("P1"), images(1)
		harm(p, &i)
		if _, err := s.CreatePanorama(t.Context(), author, p, i); kora.ReasonOf(err) != kora.ReasonRange {
			t.Errorf("%s: %v", name, err)
		}
	}
	if c, err := s.Changes(t.Context(), kora.Position{}); err != nil || len(c.Panoramas) != 0 {
		t.Errorf("%v %v", c.Panoramas, err)
	}
}
