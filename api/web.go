package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// compressesItself are the paths that send ready-made compressed bytes.
func compressesItself(c echo.Context) bool {
	p := c.Request().URL.Path
	plain := strings.HasPrefix(p, "/v1/") && !strings.HasSuffix(p, ".jpg") || strings.HasPrefix(p, "/styles/") && strings.HasSuffix(p, ".json") || p == "/openapi.json"
	return !plain
}

// webRoutes serves the built front end. A path without an extension is a view of the page and gets index.html.
func (s *service) webRoutes(e *echo.Echo) {
	e.GET("/*", s.webFile)
}

func (s *service) webFile(c echo.Context) error {
	file := strings.TrimPrefix(path.Clean("/"+c.Request().URL.Path), "/")
	for _, service := range []string{"v1", "tiles", "styles"} {
		if file == service || strings.HasPrefix(file, service+"/") {
			return echo.ErrNotFound
		}
	}
	// The number of a parcel may hold a dot.
	if path.Ext(file) == "" || strings.HasPrefix(file, "land/parcel/") {
		file = "index.html"
	}
	if base := path.Base(file); strings.HasPrefix(base, ".") || strings.HasSuffix(base, ".br") || strings.HasSuffix(base, ".gz") {
		return echo.ErrNotFound
	}
	plain, err := fs.ReadFile(s.Web, file)
	if err != nil {
		return echo.ErrNotFound
	}
	h := c.Response().Header()
	h.Set("Content-Type", contentType(file))
	h.Add("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(file, "assets/") || strings.HasPrefix(file, "fonts/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable") // their names carry their hash
	}
	sum := sha256.Sum256(plain)
	tag, content := hex.EncodeToString(sum[:12]), plain
	for _, coding := range []struct{ token, ending string }{{"br", ".br"}, {"gzip", ".gz"}} {
		if !strings.Contains(c.Request().Header.Get("Accept-Encoding"), coding.token) {
			continue
		}
		if packed, err := fs.ReadFile(s.Web, file+coding.ending); err == nil {
			h.Set("Content-Encoding", coding.token)
			tag, content = tag+"-"+coding.token, packed
			break
		}
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, bytes.NewReader(content))
	return nil
}

func contentType(file string) string {
	switch ext := path.Ext(file); ext {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".webmanifest":
		return "application/manifest+json"
	case ".woff2":
		return "font/woff2"
	default:
		if t := mime.TypeByExtension(ext); t != "" {
			return t
		}
		return echo.MIMEOctetStream
	}
}
