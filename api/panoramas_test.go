package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"kora"
	"kora/store/cluster/clustertest"
)

// gpano is a JPEG with a bearing and a position in XMP, of one grey.
func gpano(t *testing.T, grey byte, heading string) []byte {
	t.Helper()
	m := image.NewYCbCr(image.Rect(0, 0, 1200, 600), image.YCbCrSubsampleRatio420)
	for _, p := range [][]byte{m.Y, m.Cb, m.Cr} {
		for i := range p {
			p[i] = 128
		}
	}
	for i := range m.Y {
		m.Y[i] = grey
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	packet := "http://ns.adobe.com/xap/1.0/\x00" + `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
		xmlns:GPano="http://ns.google.com/photos/1.0/panorama/" xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="29,38.4N"
		GPano:FirstPhotoDate="2026-06-30T10:00:00+08:00" GPano:PoseHeadingDegrees="` + heading + `"/></rdf:RDF></x:xmpmeta>`
	n := len(packet) + 2
	return bytes.Join([][]byte{b.Bytes()[:2], {0xff, 0xe1, byte(n >> 8), byte(n)}, []byte(packet), b.Bytes()[2:]}, nil)
}

// panoramaText is what is told of a panorama, with changes.
func panoramaText(change ...any) string {
	v := map[string]any{"parcel": "LZ-1", "caption": map[string]string{"zh": "北侧", "en": "North"}, "alt": map[string]string{"zh": "草地和山。\r\n远处有雪山。"}}
	for i := 0; i < len(change); i += 2 {
		v[change[i].(string)] = change[i+1]
	}
	b, _ := json.Marshal(v)
	return string(b)
}

// uploadForm is an upload, without what is nil.
func uploadForm(t *testing.T, picture []byte, text string) (contentType, body string) {
	t.Helper()
	var b strings.Builder
	w := multipart.NewWriter(&b)
	if picture != nil {
		f, err := w.CreateFormFile("image", "DJI_0001.JPG")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(picture); err != nil {
			t.Fatal(err)
		}
	}
	if text != "" {
		if err := w.WriteField("panorama", text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.String()
}

func (w *whole) upload(t *testing.T, picture []byte, text string, headers ...string) answer {
	t.Helper()
	contentType, body := uploadForm(t, picture, text)
	return ask(t, w.Server, http.MethodPost, "/v1/panoramas", body, append(append(staff("甲"), "Content-Type", contentType), headers...)...)
}

// TestPanoramas goes through the record: what is uploaded shows at once, in the parcel too, with nothing of the file but its
// pixels, its day and its bearing; and what is deleted is nowhere.
func TestPanoramas(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	cfg, err := pgxpool.ParseConfig(clustertest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	w := serveRecord(t, cfg, true, time.Hour)
	file := gpano(t, 77, "45")
	a := w.upload(t, file, panoramaText(), "Kora-Reason", "visit")
	v := a.json(t)
	if a.status != http.StatusCreated || at(v, "heading_deg") != 45.0 || at(v, "taken_on") != "2026-06-30" || at(v, "alt", "zh") != "草地和山。\n远处有雪山。" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	id := int64(at(v, "id").(float64))
	path := fmt.Sprintf("/v1/panoramas/%d", id)
	if a.header.Get("Location") != path {
		t.Errorf("at %s", a.header.Get("Location"))
	}
	for i, width := range []int{512, 1200} {
		url, _ := at(v, "levels", i, "url").(string)
		got := get(t, w.Server, url)
		m, err := jpeg.Decode(bytes.NewReader(got.body))
		if got.status != http.StatusOK || err != nil || m.Bounds() != image.Rect(0, 0, width, width/2) || float64(len(got.body)) != at(v, "levels", i, "bytes") {
			t.Errorf("%s: %d %v", url, got.status, err)
		}
		if r, _, _, _ := m.At(width/3, width/5).RGBA(); r>>8 < 70 || r>>8 > 84 {
			t.Errorf("%s is not the picture: %d", url, r>>8)
		}
		if h := got.header; h.Get("Content-Type") != "image/jpeg" || !strings.Contains(h.Get("Cache-Control"), "immutable") || h.Get("ETag") == "" || h.Get("Content-Encoding") != "" {
			t.Errorf("%s: %v", url, h)
		}
		for _, word := range []string{"GPS", "29,38", "adobe", "GPano"} {
			if bytes.Contains(got.body, []byte(word)) {
				t.Errorf("%s holds %q", url, word)
			}
		}
		if part := get(t, w.Server, url, "Range", "bytes=0-1"); part.status != http.StatusPartialContent || !bytes.Equal(part.body, []byte{0xff, 0xd8}) {
			t.Errorf("%s, in part: %d %x", url, part.status, part.body)
		}
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("the upload left %v, %v", left, err)
	}

	// The parcel has it beside the town's own; lists are without them.
	properties := at(get(t, w.Server, "/v1/parcels/LZ-1").json(t), "properties")
	if n := len(at(properties, "panoramas").([]any)); n != 2 || at(properties, "panoramas", 1, "id") != float64(id) {
		t.Errorf("the parcel: %v", at(properties, "panoramas"))
	}
	if at(get(t, w.Server, "/v1/parcels").json(t), "features", 0, "properties", "panoramas") != nil {
		t.Error("a list of parcels holds panoramas")
	}
	if v := get(t, w.Server, "/v1/panoramas?parcel=LZ-2").json(t); at(v, "total") != 0.0 {
		t.Errorf("of another parcel: %v", v)
	}

	// The same file again is no second panorama; of another parcel it is.
	if a := w.upload(t, file, panoramaText()); a.status != http.StatusConflict || at(a.json(t), "reason") != "duplicate" {
		t.Errorf("twice: %d %s", a.status, a.body)
	}
	other := w.upload(t, file, panoramaText("parcel", "LZ-2", "taken_on", "2020-02-02", "heading_deg", 350.5))
	if v := other.json(t); other.status != http.StatusCreated || at(v, "taken_on") != "2020-02-02" || at(v, "heading_deg") != 350.5 {
		t.Errorf("what is given goes before what the file tells: %d %s", other.status, other.body)
	}
	second := at(other.json(t), "id").(float64)

	put := func(text string, headers ...string) answer {
		t.Helper()
		return ask(t, w.Server, http.MethodPut, path, text, append(staff("乙"), headers...)...)
	}
	spots := []any{
		map[string]any{"yaw_deg": -90, "pitch_deg": 5, "panorama": second, "label": map[string]string{"zh": "到二号"}},
		map[string]any{"yaw_deg": 10, "pitch_deg": 0, "parcel": "LZ-3", "label": map[string]string{"zh": "邻地"}},
	}
	revision, _ := at(v, "revision").(string)
	a = put(panoramaText("hot_spots", spots, "heading_deg", 46), "If-Match", revision, "Kora-Reason", "spots")
	if v := a.json(t); a.status != http.StatusOK || at(v, "heading_deg") != 46.0 || at(v, "hot_spots", 0, "parcel") != "LZ-2" || at(v, "hot_spots", 1, "parcel") != "LZ-3" ||
		len(at(v, "levels").([]any)) != 2 {
		t.Errorf("changed: %d %s", a.status, a.body)
	}
	again, _ := json.Marshal(at(a.json(t), "hot_spots"))
	if a := put(panoramaText("hot_spots", json.RawMessage(again))); a.status != http.StatusOK {
		t.Errorf("what was answered is not taken back: %d %s", a.status, a.body)
	}
	if a := put(panoramaText(), "If-Match", revision); a.status != http.StatusPreconditionFailed {
		t.Errorf("too late: %d %s", a.status, a.body)
	}
	versions, err := w.store.History(t.Context(), kora.LayerPanorama, id)
	if err != nil || len(versions) != 2 || versions[0].Author.Who != "乙" || versions[0].Author.Why != "spots" {
		t.Errorf("history: %+v %v", versions, err)
	}

	// What it leads to goes, and so does the spot; then it goes itself, and its pictures with it.
	remove := func(id float64) answer {
		t.Helper()
		return ask(t, w.Server, http.MethodDelete, fmt.Sprintf("/v1/panoramas/%.0f", id), "", staff("甲")...)
	}
	if a := remove(second); a.status != http.StatusNoContent {
		t.Errorf("deleted: %d %s", a.status, a.body)
	}
	if v := get(t, w.Server, path).json(t); len(at(v, "hot_spots").([]any)) != 1 {
		t.Errorf("hot spots: %v", at(v, "hot_spots"))
	}
	url, _ := at(v, "levels", 0, "url").(string)
	if a := get(t, w.Server, url); a.status != http.StatusOK {
		t.Errorf("the picture that both had went with one of them: %d", a.status)
	}
	if copies := w.copies(t); copies != 3 { // two of this one, and the town's
		t.Errorf("%d copies", copies)
	}
	if a := remove(float64(id)); a.status != http.StatusNoContent {
		t.Errorf("deleted: %d %s", a.status, a.body)
	}
	for _, gone := range []string{path, url} {
		if a := get(t, w.Server, gone); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", gone, a.status)
		}
	}
	if copies := w.copies(t); copies != 1 {
		t.Errorf("%d copies are left", copies)
	}
}

// copies counts the files of pictures beside the record.
func (w *whole) copies(t *testing.T) int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(w.files, "panorama-*.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

func TestUploadsThatAreRefused(t *testing.T) {
	cfg, err := pgxpool.ParseConfig(clustertest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	w := serveRecord(t, cfg, true, time.Hour)
	file := gpano(t, 1, "0")
	label := map[string]string{"zh": "去"}
	spot := func(v map[string]any) []any { v["label"] = label; return []any{v} }
	for _, c := range []struct {
		name, text string
		picture    []byte
		status     int
		reason     string
	}{
		{"no picture", panoramaText(), nil, 422, "required"},
		{"nothing told", "", file, 422, "required"},
		{"no JSON", "北侧", file, 422, "syntax"},
		{"an unknown field", panoramaText("position", []int{94, 29}), file, 422, "syntax"},
		{"no alt text", panoramaText("alt", map[string]string{"en": "hills"}), file, 422, "required"},
		{"another parcel", panoramaText("parcel", "LZ-9"), file, 422, "unknown-value"},
		{"a bearing of 360", panoramaText("heading_deg", 360), file, 422, "out-of-range"},
		{"a day that is none", panoramaText("taken_on", "2026-02-30"), file, 422, "syntax"},
		{"a spot that leads nowhere", panoramaText("hot_spots", spot(map[string]any{"yaw_deg": 1, "pitch_deg": 1})), file, 422, "required"},
		{"a spot to no panorama", panoramaText("hot_spots", spot(map[string]any{"panorama": 99})), file, 422, "unknown-value"},
		{"a spot above the sky", panoramaText("hot_spots", spot(map[string]any{"pitch_deg": 91, "parcel": "LZ-1"})), file, 422, "out-of-range"},
		{"cut off", panoramaText(), file[:len(file)-40], 422, "truncated"},
		{"no picture in it", panoramaText(), []byte("GIF89a"), 422, "format"},
		{"too much", panoramaText(), make([]byte, 52<<20), 413, "too-large"},
	} {
		a := w.upload(t, c.picture, c.text)
		if a.status != c.status || at(a.json(t), "reason") != c.reason {
			t.Errorf("%s: %d %s", c.name, a.status, a.body)
		}
	}
	contentType, body := uploadForm(t, file, panoramaText())
	for _, headers := range [][]string{{}, {"Authorization", "Bearer guess-guess-guess"}} {
		if a := ask(t, w.Server, http.MethodPost, "/v1/panoramas", body, append(headers, "Content-Type", contentType)...); a.status != http.StatusUnauthorized {
			t.Errorf("by a stranger: %d", a.status)
		}
	}
	if v := get(t, w.Server, "/v1/panoramas").json(t); at(v, "total") != 1.0 {
		t.Errorf("there are %v", at(v, "total"))
	}
}

// TestPicturesOutliveTheirCopies: one that was lost or damaged is made anew from the record.
func TestPicturesOutliveTheirCopies(t *testing.T) {
	cfg, err := pgxpool.ParseConfig(clustertest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	w := serveRecord(t, cfg, true, time.Hour)
	url := reads()["/v1/panoramas/:id/:file"]
	want := get(t, w.Server, url).body
	files, err := filepath.Glob(filepath.Join(w.files, "panorama-*.jpg"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	for _, harm := range []func() error{
		func() error { return os.Remove(files[0]) },
		func() error { return os.Truncate(files[0], 3) },
		func() error { return os.WriteFile(files[0], nil, 0o600) },
	} {
		if err := harm(); err != nil {
			t.Fatal(err)
		}
		if got := get(t, w.Server, url); got.status != http.StatusOK || !bytes.Equal(got.body, want) {
			t.Errorf("%d %q", got.status, got.body)
		}
		f, err := os.Open(files[0])
		if err != nil {
			t.Fatal(err)
		}
		if kept, err := io.ReadAll(f); err != nil || !bytes.Equal(kept, want) {
			t.Errorf("the copy is %q, %v", kept, err)
		}
		f.Close()
	}
}
