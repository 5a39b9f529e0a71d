package api

import (
	"errors"
	"io"
	"net/http"
	"os"
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

// A StreamedBody is the body of a request that is read as it comes, for it is too large to be held in memory.
type StreamedBody struct {
	body io.Reader
	err  error
}

// Resolve gives whoever sends it time.
func (b *StreamedBody) Resolve(ctx huma.Context) []error {
	b.body = ctx.BodyReader()
	_ = ctx.SetReadDeadline(time.Now().Add(lineTime)) // where it cannot be set the server's own holds
	return nil
}

func (b *StreamedBody) Read(p []byte) (int, error) {
	n, err := b.body.Read(p)
	if err != nil && err != io.EOF {
		b.err = err
	}
	return n, err
}

// broken is why the body did not come whole, nil when it did.
func (b *StreamedBody) broken() error {
	_, over := errors.AsType[*http.MaxBytesError](b.err)
	switch {
	case b.err == nil:
		return nil
	case over:
		return huma.NewError(http.StatusRequestEntityTooLarge, "the upload is larger than 50 MB")
	case errors.Is(b.err, os.ErrDeadlineExceeded):
		return huma.NewError(http.StatusRequestTimeout, "the upload takes too long")
	}
	return huma.NewError(http.StatusBadRequest, "the upload breaks off; send it again")
}

// streamedBody tells of a StreamedBody in the OpenAPI document.
func streamedBody() *huma.RequestBody {
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}
}
