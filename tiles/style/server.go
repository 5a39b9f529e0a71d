package style

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"kora"
)

// A Site is what the styles of this service have in common, whoever asks.
type Site struct {
	Sets   Sets    // what tiles there are
	Raster *Raster // a background of pictures, nil for our own
	// Credit is the sources and the map approval number, plain text.
	Credit func(*http.Request) string
}

// Register adds the routes. Refusals are *kora.Error, for the caller's error handler.
func (m *Maker) Register(e *echo.Echo, site Site) {
	for _, method := range []func(string, echo.HandlerFunc, ...echo.MiddlewareFunc) *echo.Route{e.GET, e.HEAD} {
		method("/styles/:file", func(c echo.Context) error { return m.style(c, site) })
		method("/styles/:theme/:file", m.sprite)
	}
}

func (m *Maker) style(c echo.Context, site Site) error {
	name, isJSON := strings.CutSuffix(c.Param("file"), ".json")
	v := View{Theme: Theme(name), Language: Chinese, Sets: site.Sets, Raster: site.Raster,
		Origin: c.Scheme() + "://" + c.Request().Host, Credit: site.Credit(c.Request())}
	if !isJSON || !slices.Contains(Themes(), v.Theme) {
		return kora.Refuse(kora.ReasonNotFound, "style", c.Param("file"), "there are light.json and dark.json")
	}
	if lang := c.QueryParam("lang"); lang != "" {
		v.Language = Language(lang)
	}
	if !slices.Contains(Languages(), v.Language) {
		return kora.Refuse(kora.ReasonUnknown, "lang", v.Language, "is not zh, bo or en")
	}
	switch layers := c.QueryParam("layers"); layers {
	case "", "all":
	case "base":
		v.Base = true
	default:
		return kora.Refuse(kora.ReasonUnknown, "layers", layers, "is neither all nor base")
	}
	doc, err := m.Document(v)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(doc)
	return send(c, echo.MIMEApplicationJSON, `W/"`+hex.EncodeToString(sum[:12])+`"`, "no-cache", doc)
}

// sprite answers for sprite.json, sprite.png and their doubles. Under the version that styles name they stay for ever.
func (m *Maker) sprite(c echo.Context) error {
	s := m.sprites[Theme(c.Param("theme"))]
	suffix, isSprite := strings.CutPrefix(c.Param("file"), "sprite")
	if s == nil || !isSprite || s.files[suffix] == nil {
		return kora.Refuse(kora.ReasonNotFound, "sprite", c.Param("theme")+"/"+c.Param("file"),
			"there are light/ and dark/ with sprite.json, sprite.png, sprite@2x.json and sprite@2x.png")
	}
	caching, contentType := "no-cache", echo.MIMEApplicationJSON
	if c.QueryParam("v") == s.version {
		caching = "public, max-age=31536000, immutable"
	}
	if strings.HasSuffix(suffix, ".png") {
		contentType = "image/png"
	}
	return send(c, contentType, `W/"`+s.version+suffix+`"`, caching, s.files[suffix])
}

// send answers with content, or with 304 to whoever has it. Tags are weak, because it may be compressed on its way; that is
// also why no part of it can be asked for.
func send(c echo.Context, contentType, tag, caching string, content []byte) error {
	h := c.Response().Header()
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", caching)
	h.Set("ETag", tag)
	c.Request().Header.Del("Range")
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, bytes.NewReader(content))
	return nil
}
