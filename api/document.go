package api

import (
	"encoding/json"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
)

// documentRoutes serve the OpenAPI document in its two versions and two forms, each made once. Huma's own routes make them
// at the first request without a lock, so that two first requests at once disturb each other.
func documentRoutes(e *echo.Echo, doc *huma.OpenAPI) {
	for path, form := range map[string]struct {
		contentType string
		make        func() ([]byte, error)
	}{
		"/openapi.json":     {"application/openapi+json", func() ([]byte, error) { return json.Marshal(doc) }},
		"/openapi.yaml":     {"application/openapi+yaml", doc.YAML},
		"/openapi-3.0.json": {"application/openapi+json", doc.Downgrade},
		"/openapi-3.0.yaml": {"application/openapi+yaml", doc.DowngradeYAML},
	} {
		made := sync.OnceValues(form.make)
		e.GET(path, func(c echo.Context) error {
			b, err := made()
			if err != nil {
				return err
			}
			return c.Blob(http.StatusOK, form.contentType, b)
		})
	}
}
