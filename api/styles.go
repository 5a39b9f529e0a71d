package api

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"kora/tiles"
	"kora/tiles/style"
)

// styleRoutes serves how the map is drawn, and the pictures under it when there are any.
func (s *service) styleRoutes(e *echo.Echo) {
	if s.Raster != nil {
		s.Raster.Register(e)
	}
	if s.Styles == nil {
		return
	}
	site := style.Site{Sets: style.Sets{}, Credit: s.credit}
	for _, l := range tiles.Layers() {
		for _, content := range l.Contents {
			site.Sets[l.Name] = append(site.Sets[l.Name], content.ID)
		}
	}
	if s.Raster != nil {
		site.Raster = &style.Raster{MaxZoom: s.Raster.MaxZoom(), Attribution: s.Raster.Attribution()}
	}
	s.Styles.Register(e, site)
}

// credit names the sources of the map and its approval number.
func (s *service) credit(r *http.Request) string {
	var parts []string
	if n := atlasOf(r.Context()).Network; n != nil && n.Attribution != "" {
		parts = append(parts, n.Attribution)
	}
	if s.ApprovalNumber != "" {
		parts = append(parts, "审图号："+s.ApprovalNumber)
	}
	return strings.Join(parts, " · ")
}

// share lets maps on other sites use our tiles, styles and fonts, which are public. Pictures are not ours to share.
func share(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		p := c.Request().URL.Path
		ours := strings.HasPrefix(p, "/tiles/") || strings.HasPrefix(p, "/styles/") || strings.HasPrefix(p, "/fonts/")
		if ours && !strings.HasPrefix(p, "/tiles/raster/") {
			c.Response().Header().Set("Access-Control-Allow-Origin", "*")
		}
		return next(c)
	}
}
