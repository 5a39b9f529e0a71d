package raster

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"kora"
)

const secret = "k3y/with+signs"

// dot is a small picture.
func dot(shade uint8) []byte {
	img := image.NewGray(image.Rect(0, 0, 2, 2))
	img.SetGray(1, 1, color.Gray{Y: shade})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// serve puts a proxy before upstream, which is asked as a WMTS is.
func serve(t *testing.T, upstream http.HandlerFunc) (http.Handler, *Proxy) {
	t.Helper()
	srv := httptest.NewServer(upstream)
	t.Cleanup(srv.Close)
	p, err := New(Config{URL: srv.URL + "/wmts?TILEMATRIX={z}&TILECOL={x}&TILEROW={y}&tk={key}", Key: secret, MaxZoom: 18})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.client.CloseIdleConnections)
	return handler(p), p
}

func handler(p *Proxy) http.Handler {
	e := echo.New()
	e.HTTPErrorHandler = func(err error, c echo.Context) {
		status := http.StatusBadRequest
		if kora.ReasonOf(err) == kora.ReasonUpstream {
			status = http.StatusBadGateway
		}
		_ = c.String(status, string(kora.ReasonOf(err))+": "+err.Error())
	}
	p.Register(e)
	return e
}

func ask(h http.Handler, method, path string, headers ...string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return w
}

func get(h http.Handler, path string, headers ...string) *httptest.ResponseRecorder {
	return ask(h, http.MethodGet, path, headers...)
}

// picturesOf answers with a picture and counts how often it was asked.
func picturesOf(asked *atomic.Int32, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "image/png")
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		_, _ = w.Write(dot(7))
	}
}

func TestPictureIsFetchedWithTheKeyAndKept(t *testing.T) {
	var asked atomic.Int32
	h, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if q.Get("TILEMATRIX") != "3" || q.Get("TILECOL") != "5" || q.Get("TILEROW") != "2" || q.Get("tk") != secret {
			t.Errorf("asked for %s", r.URL)
		}
		for _, name := range []string{"Cookie", "Authorization", "Referer", "X-Forwarded-For", "Accept-Language"} {
			if r.Header.Get(name) != "" {
				t.Errorf("told %s: %s", name, r.Header.Get(name))
			}
		}
		picturesOf(&asked, "Set-Cookie", "a=b")(w, r)
	})
	for range 3 {
		w := get(h, "/tiles/raster/3/5/2", "Cookie", "mine", "Authorization", "Bearer mine", "Accept-Language", "bo")
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "image/png" || !bytes.Equal(w.Body.Bytes(), dot(7)) {
			t.Errorf("%d %v", w.Code, w.Header())
		}
		if strings.Contains(fmt.Sprint(w.Header()), "a=b") {
			t.Error("a cookie of the other server was passed on")
		}
	}
	if asked.Load() != 1 {
		t.Errorf("fetched %d times", asked.Load())
	}
}

func TestPictureIsRevalidated(t *testing.T) {
	var asked atomic.Int32
	h, _ := serve(t, picturesOf(&asked))
	first := get(h, "/tiles/raster/3/5/2")
	tag := first.Header().Get("ETag")
	if again := get(h, "/tiles/raster/3/5/2", "If-None-Match", tag); tag == "" || again.Code != http.StatusNotModified || again.Body.Len() > 0 {
		t.Errorf("again with %s: %d", tag, again.Code)
	}
	head := ask(h, http.MethodHead, "/tiles/raster/3/5/2")
	if head.Code != http.StatusOK || head.Body.Len() > 0 || head.Header().Get("Content-Length") != fmt.Sprint(len(dot(7))) {
		t.Errorf("HEAD: %d %v", head.Code, head.Header())
	}
}

func TestHowLongPicturesAreKept(t *testing.T) {
	for _, c := range []struct {
		headers []string
		stay    time.Duration
	}{
		{nil, usualStay},
		{[]string{"Cache-Control", "public, max-age=120"}, 2 * time.Minute},
		{[]string{"Cache-Control", "max-age=99999999999"}, longestStay},
		{[]string{"Cache-Control", "max-age=-5"}, 0},
		{[]string{"Cache-Control", "no-store"}, 0},
		{[]string{"Cache-Control", "No-Cache, max-age=50"}, 0},
		{[]string{"Date", "Mon, 02 Nov 2026 10:00:00 GMT", "Expires", "Mon, 02 Nov 2026 10:30:00 GMT"}, 30 * time.Minute},
		{[]string{"Date", "Mon, 02 Nov 2026 10:00:00 GMT", "Expires", "Thu, 01 Jan 1970 00:00:00 GMT"}, 0},
	} {
		var asked atomic.Int32
		h, p := serve(t, picturesOf(&asked, c.headers...))
		now := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
		p.now = func() time.Time { return now }
		w := get(h, "/tiles/raster/0/0/0")
		if want := fmt.Sprintf("public, max-age=%d", int(c.stay.Seconds())); w.Header().Get("Cache-Control") != want {
			t.Errorf("%v: %s, want %s", c.headers, w.Header().Get("Cache-Control"), want)
		}
		for _, step := range []struct {
			after time.Duration
			asked int32
		}{{c.stay - time.Second, 1}, {c.stay + time.Second, 2}} {
			if step.after < 0 {
				continue
			}
			p.now = func() time.Time { return now.Add(step.after) }
			get(h, "/tiles/raster/0/0/0")
			if asked.Load() != step.asked {
				t.Errorf("%v: fetched %d times after %v, want %d", c.headers, asked.Load(), step.after, step.asked)
			}
		}
	}
}

// TestNothingThatGoesWrongTellsTheKey: every failure is 502 with a sentence, without the address.
func TestNothingThatGoesWrongTellsTheKey(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("followed to another host") }))
	defer elsewhere.Close()
	answer := func(status int, contentType string, body []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.WriteHeader(status)
			_, _ = w.Write(body)
		}
	}
	for says, upstream := range map[string]http.HandlerFunc{
		"answers 403": answer(http.StatusForbidden, "text/plain", []byte("key "+secret+" has no quota")),
		"no picture":  answer(http.StatusOK, "text/html", []byte("<script>")),
		"neither PNG": answer(http.StatusOK, "image/svg+xml", []byte("<svg xmlns='http://www.w3.org/2000/svg'/>")),
		"larger than": answer(http.StatusOK, "image/png", append(dot(1), make([]byte, maxBody)...)),
		"leads elsewhere": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+r.URL.RequestURI(), http.StatusFound)
		},
		"cannot be reached": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"cannot be reached ": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "999")
			w.Header().Set("Content-Type", "image/png")
			_, _ = w.Write(dot(1))
		},
		"leads elsewhere ": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/again?tk="+secret, http.StatusFound)
		},
	} {
		h, _ := serve(t, upstream)
		w := get(h, "/tiles/raster/3/5/2")
		if w.Code != http.StatusBadGateway || !strings.Contains(w.Body.String(), strings.TrimSpace(says)) {
			t.Errorf("%d %s; should say %q", w.Code, w.Body, says)
		}
		for _, hidden := range []string{"k3y", "127.0.0.1", "wmts"} {
			if strings.Contains(w.Body.String()+fmt.Sprint(w.Header()), hidden) {
				t.Errorf("%q: the answer tells %q: %s", says, hidden, w.Body)
			}
		}
		if strings.Contains(w.Header().Get("Cache-Control"), "max-age") {
			t.Errorf("%q: a failure is cached", says)
		}
	}
}

func TestServerThatIsAway(t *testing.T) {
	srv := httptest.NewServer(nil)
	p, err := New(Config{URL: srv.URL + "/{z}/{x}/{y}.png"})
	if err != nil {
		t.Fatal(err)
	}
	srv.Close()
	if w := get(handler(p), "/tiles/raster/3/5/2"); w.Code != http.StatusBadGateway {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestServerThatNeverAnswers(t *testing.T) {
	asked, done := make(chan struct{}), make(chan struct{})
	_, p := serve(t, func(_ http.ResponseWriter, r *http.Request) { close(asked); <-r.Context().Done(); close(done) })
	p.client.Timeout = 50 * time.Millisecond // in place of fetchTime, which would be long to wait for
	if _, err := p.picture(t.Context(), tile{}); err == nil || !strings.Contains(err.Error(), "in time") {
		t.Errorf("it says %v", err)
	}
	<-asked
	<-done // the connection was given up
}

func TestPictureThatIsNotThere(t *testing.T) {
	h, _ := serve(t, http.NotFound)
	if w := get(h, "/tiles/raster/3/5/2"); !strings.HasPrefix(w.Body.String(), string(kora.ReasonNotFound)+": ") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestSameHostMayRedirect once or twice.
func TestSameHostMayRedirect(t *testing.T) {
	h, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/wmts" {
			http.Redirect(w, r, "/moved", http.StatusFound)
			return
		}
		_, _ = w.Write(dot(1))
	})
	if w := get(h, "/tiles/raster/3/5/2"); w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestOneFetchForAllWhoAskAtOnce(t *testing.T) {
	var asked atomic.Int32
	open := make(chan struct{})
	h, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		<-open
		picturesOf(&asked)(w, r)
	})
	var readers, begun sync.WaitGroup
	begun.Add(100)
	for range 100 {
		readers.Go(func() {
			begun.Done()
			if w := get(h, "/tiles/raster/3/5/2"); w.Code != http.StatusOK {
				t.Errorf("%d", w.Code)
			}
		})
	}
	begun.Wait()
	close(open)
	readers.Wait()
	if asked.Load() != 1 {
		t.Errorf("fetched %d times", asked.Load())
	}
}

func TestOnlyTilesOfThePyramid(t *testing.T) {
	h, _ := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the other server was asked") })
	for _, p := range []string{"3/8/0", "3/0/8", "19/0/0", "-1/0/0", "03/5/2", "3/5/2.png", "3/5/%2e%2e", "3/+5/2", "3/5/4294967296", "3/5/{key}"} {
		if w := get(h, "/tiles/raster/"+p); !strings.HasPrefix(w.Body.String(), string(kora.ReasonTileOutOfRange)+": ") {
			t.Errorf("%s: %d %s", p, w.Code, w.Body)
		}
	}
}

func TestTemplatesThatAreRefused(t *testing.T) {
	for template, says := range map[string]string{
		"":                                    "must be a template",
		"ftp://host/{z}/{x}/{y}":              "must be a template",
		"/{z}/{x}/{y}":                        "must be a template",
		"https://{x}.host/{z}/{x}/{y}":        "one host",
		"https://t{s}.host/{z}/{x}/{y}":       "one host",
		"https://host?{z}/{x}/{y}":            "one host",
		"https://host/{z}/{x}":                "{y}",
		"https://host/{z}/{x}/{y}?tk={key}":   "no key",
		"https://host/{z}/{x}/{-y}/{y}":       "other than",
		"https://ho st/{z}/{x}/{y}?" + secret: "must be a template",
	} {
		_, err := New(Config{URL: template})
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v; should say %q", template, err, says)
		}
	}
	if _, err := New(Config{URL: "https://host/{z}/{x}/{y}", Key: secret}); err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("a key without a place: %v", err)
	}
	if _, err := New(Config{URL: "https://host/{z}/{x}/{y}", MaxZoom: 99}); err == nil {
		t.Error("zoom 99 was taken")
	}
}

// TestCacheKeepsToItsBytes: whatever is put in, no more than the limit stays, and the latest is there.
func TestCacheKeepsToItsBytes(t *testing.T) {
	c := newCache(10_000)
	for i := range uint32(1000) {
		p := &picture{body: make([]byte, 100+i%1500)}
		c.put(tile{10, i % 300, i % 7}, p)
		if c.get(tile{10, i % 300, i % 7}) != p {
			t.Fatalf("picture %d is not kept", i)
		}
		sum := 0
		for _, kept := range c.kept.Values() {
			sum += len(kept.body) + overhead
		}
		if sum != c.bytes || c.bytes > c.limit {
			t.Fatalf("after %d: %d bytes are kept, %d counted", i, sum, c.bytes)
		}
	}
}
