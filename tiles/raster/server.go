package raster

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"kora"
)

// Register adds the routes. Refusals are *kora.Error, for the caller's error handler.
func (p *Proxy) Register(e *echo.Echo) {
	e.GET("/tiles/raster/:z/:x/:y", p.serve)
	e.HEAD("/tiles/raster/:z/:x/:y", p.serve)
}

func (p *Proxy) serve(c echo.Context) error {
	t, err := p.parse(c.Param("z"), c.Param("x"), c.Param("y"))
	if err != nil {
		return err
	}
	name := c.Param("z") + "/" + c.Param("x") + "/" + c.Param("y")
	pic, err := p.picture(c.Request().Context(), t)
	switch {
	case errors.Is(err, errAbsent):
		return kora.Refuse(kora.ReasonNotFound, "tile", name, "the background has no picture here")
	case err != nil:
		return kora.Refuse(kora.ReasonUpstream, "tile", name, "the server of the background map gave no picture").Because(err)
	}
	h := c.Response().Header()
	h.Set("Content-Type", pic.contentType)
	h.Set("ETag", pic.tag)
	h.Set("Cross-Origin-Resource-Policy", "same-origin") // fetched for our own pages only
	h.Set("Cache-Control", fmt.Sprintf("public, max-age=%d", max(0, int(pic.until.Sub(p.now()).Seconds()))))
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, bytes.NewReader(pic.body))
	return nil
}

// parse reads z, x and y; only plain decimal numbers inside the pyramid are tiles.
func (p *Proxy) parse(parts ...string) (tile, error) {
	var n [3]uint32
	for i, part := range parts {
		v, err := strconv.ParseUint(part, 10, 32)
		if err != nil || part != strconv.FormatUint(v, 10) {
			return tile{}, kora.Refuse(kora.ReasonTileOutOfRange, "tile", fmt.Sprint(parts), "is not {z}/{x}/{y}")
		}
		n[i] = uint32(v)
	}
	t := tile{n[0], n[1], n[2]}
	if t.z > uint32(p.cfg.MaxZoom) || uint64(t.x) >= 1<<t.z || uint64(t.y) >= 1<<t.z {
		return tile{}, kora.Refuse(kora.ReasonTileOutOfRange, "tile", fmt.Sprint(parts),
			"is outside of the pyramid, whose zoom ends at %d", p.cfg.MaxZoom)
	}
	return t, nil
}
