package api

import (
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"
)

// takeUpload lets the upload of a file be large and slow, and removes the files that it was kept in.
func takeUpload(a huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		c := humaecho.Unwrap(ctx)
		if c.Request().ContentLength > maxUpload {
			_ = huma.WriteErr(a, ctx, http.StatusRequestEntityTooLarge, "the upload is larger than 50 MB")
			return
		}
		c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, maxUpload)
		_ = http.NewResponseController(c.Response()).SetWriteDeadline(time.Now().Add(2 * lineTime)) // where it cannot be set the server's own holds
		defer func() {
			if form := c.Request().MultipartForm; form != nil {
				_ = form.RemoveAll() // they lie in the system's folder for such files
			}
		}()
		next(ctx)
	}
}

// isUpload tells requests that may have large bodies; see takeUpload.
func isUpload(c echo.Context) bool {
	return c.Request().Method == http.MethodPost && (c.Request().URL.Path == panoramasPath || c.Request().URL.Path == importsPath)
}
