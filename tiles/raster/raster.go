// Package raster fetches a background of pictures (XYZ or WMTS tiles) from one other server and serves it as Kora's own, so
// that the key to it stays here and the page asks no other origin. It fetches from the host of its template and from no
// other, keeps pictures for a while in memory, and knows nothing of what Kora itself draws.
package raster

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/singleflight"

	"kora"
)

// Config says where pictures come from.
type Config struct {
	URL         string // template with {z}, {x}, {y}, and {key} when there is one
	Key         string // put in place of {key}; never told to anyone else
	MaxZoom     int    // zooms go from 0 to here; 0 means 18
	Attribution string // plain text
	UserAgent   string // how Kora names itself
}

const (
	defaultMaxZoom = 18
	zoomLimit      = 22
	fetchTime      = 10 * time.Second // for one picture, waiting for a connection included
	maxBody        = 1 << 20          // a picture of 256×256 takes some 20 kB, one of imagery twice as much
	maxConnections = 8                // to the other server at once
	cacheBytes     = 64 << 20
	usualStay      = time.Hour // when the other server does not say how long a picture is good
	longestStay    = 24 * time.Hour
)

// A Proxy serves the pictures of one server.
type Proxy struct {
	cfg    Config
	client *http.Client
	cache  *cache
	flight singleflight.Group
	now    func() time.Time
}

// New checks the template. Neither it nor the key stands in any error: a key may be written in a template.
func New(cfg Config) (*Proxy, error) {
	if cfg.MaxZoom == 0 {
		cfg.MaxZoom = defaultMaxZoom
	}
	if cfg.MaxZoom < 0 || cfg.MaxZoom > zoomLimit {
		return nil, kora.Refuse(kora.ReasonRange, "raster maxzoom", cfg.MaxZoom, "must be from 0 to %d", zoomLimit)
	}
	refuse := func(format string, args ...any) error {
		return kora.Refuse(kora.ReasonSyntax, "raster URL", nil, format, args...)
	}
	place, err := url.Parse(strings.NewReplacer("{", "", "}", "").Replace(cfg.URL))
	if err != nil || place.Scheme != "https" && place.Scheme != "http" || place.Host == "" {
		return nil, refuse("must be a template such as https://host/{z}/{x}/{y}.png")
	}
	scheme, rest, _ := strings.Cut(cfg.URL, "://")
	host, path, _ := strings.Cut(rest, "/")
	if strings.ContainsAny(scheme+host, "{}?#") {
		return nil, refuse("must name one host; placeholders belong after it")
	}
	for _, hole := range []string{"{z}", "{x}", "{y}"} {
		if !strings.Contains(path, hole) {
			return nil, refuse("lacks %s", hole)
		}
	}
	if strings.Contains(path, "{key}") != (cfg.Key != "") {
		return nil, refuse("has {key} and there is no key, or has none and there is one; set KORA_RASTER_KEY or --raster-key-file together with {key}")
	}
	if left := strings.NewReplacer("{z}", "", "{x}", "", "{y}", "", "{key}", "").Replace(path); strings.ContainsAny(left, "{}") {
		return nil, refuse("has a placeholder other than {z}, {x}, {y} and {key}")
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxConnsPerHost = maxConnections
	transport.MaxResponseHeaderBytes = 64 << 10
	p := &Proxy{cfg: cfg, cache: newCache(cacheBytes), now: time.Now}
	p.client = &http.Client{Transport: transport, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if r.URL.Host != via[0].URL.Host || r.URL.Scheme != via[0].URL.Scheme || len(via) > 2 {
			return errRedirect
		}
		return nil
	}}
	return p, nil
}

// MaxZoom is the deepest zoom that there are pictures of.
func (p *Proxy) MaxZoom() int { return p.cfg.MaxZoom }

// Attribution is whose pictures they are, plain text.
func (p *Proxy) Attribution() string { return p.cfg.Attribution }

// A tile is a place in the pyramid of pictures.
type tile struct{ z, x, y uint32 }

// A picture is what was fetched for a tile.
type picture struct {
	body        []byte
	contentType string
	tag         string
	until       time.Time // fresh before this
}

// picture gives a tile from the cache, or fetches it once however many ask for it.
func (p *Proxy) picture(ctx context.Context, t tile) (*picture, error) {
	fresh := func() *picture {
		if kept := p.cache.get(t); kept != nil && p.now().Before(kept.until) {
			return kept
		}
		return nil
	}
	if kept := fresh(); kept != nil {
		return kept, nil
	}
	got, err, _ := p.flight.Do(fmt.Sprint(t), func() (any, error) {
		if kept := fresh(); kept != nil { // by a flight that has just landed
			return kept, nil
		}
		// Whoever asked first may leave; the others wait on.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTime)
		defer cancel()
		fetched, err := p.fetch(ctx, t)
		if err == nil && fetched.until.After(p.now()) {
			p.cache.put(t, fetched)
		}
		return fetched, err
	})
	if err != nil {
		return nil, err
	}
	return got.(*picture), nil
}

var (
	errRedirect = errors.New("it leads elsewhere")
	errAbsent   = errors.New("it has no picture here")
)

// fetch asks the other server. Errors say what went wrong without the address, which may hold the key.
func (p *Proxy) fetch(ctx context.Context, t tile) (*picture, error) {
	number := func(n uint32) string { return strconv.FormatUint(uint64(n), 10) }
	address := strings.NewReplacer("{z}", number(t.z), "{x}", number(t.x), "{y}", number(t.y),
		"{key}", url.QueryEscape(p.cfg.Key)).Replace(p.cfg.URL)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, errors.New("its address cannot be asked for")
	}
	req.Header.Set("Accept", "image/*")
	req.Header.Set("User-Agent", p.cfg.UserAgent)
	res, err := p.client.Do(req)
	if err != nil {
		return nil, unaddressed(err)
	}
	defer res.Body.Close()
	switch res.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound, http.StatusNoContent, http.StatusGone:
		return nil, errAbsent
	default:
		return nil, fmt.Errorf("it answers %d", res.StatusCode)
	}
	if media, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")); !strings.HasPrefix(media, "image/") {
		return nil, errors.New("it answers with something that is no picture")
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxBody+1))
	if err != nil {
		return nil, fmt.Errorf("read the picture: %w", unaddressed(err))
	}
	if len(body) > maxBody {
		return nil, fmt.Errorf("its picture is larger than %d bytes", maxBody)
	}
	contentType := http.DetectContentType(body)
	if !slices.Contains([]string{"image/png", "image/jpeg", "image/webp"}, contentType) {
		return nil, errors.New("its picture is neither PNG, JPEG nor WebP")
	}
	sum := sha256.Sum256(body)
	return &picture{body: body, contentType: contentType, tag: `"` + hex.EncodeToString(sum[:12]) + `"`,
		until: p.now().Add(stay(res.Header))}, nil
}

// unaddressed takes the address off an error of the HTTP client.
func unaddressed(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	switch {
	case errors.Is(err, errRedirect):
		return errRedirect
	case errors.Is(err, context.DeadlineExceeded):
		return errors.New("it does not answer in time")
	}
	return errors.New("it cannot be reached")
}

// stay is how long a picture may be kept by its own headers (RFC 9111 §4.2), within our limits.
func stay(h http.Header) time.Duration {
	for directive := range strings.SplitSeq(strings.ToLower(h.Get("Cache-Control")), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		switch name {
		case "no-store", "no-cache", "private":
			return 0
		case "max-age":
			if s, err := strconv.Atoi(strings.Trim(value, `"`)); err == nil {
				return time.Duration(max(0, min(s, int(longestStay.Seconds())))) * time.Second
			}
		}
	}
	if expires, err := http.ParseTime(h.Get("Expires")); err == nil {
		if date, err := http.ParseTime(h.Get("Date")); err == nil {
			return max(0, min(expires.Sub(date), longestStay))
		}
	}
	return usualStay
}
