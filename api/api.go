// Package api is the HTTP service: routes, what they take and answer, problem details, and the OpenAPI document that is
// made from the same types. Every read is answered from the current atlas; writes go to the record and answer when the
// atlas shows them. It knows no SQL and computes no travel times.
package api

import (
	"context"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"kora"
	"kora/atlas"
	"kora/panorama"
	"kora/tiles"
	"kora/tiles/raster"
	"kora/tiles/style"
	"kora/tiles/whole"
)

// A Record is where writes go, each of which answers with the transaction that it was made in, and where pictures lie.
type Record interface {
	CreateStation(ctx context.Context, author kora.Author, s *kora.Station) (xid uint64, err error)
	UpdateStation(ctx context.Context, author kora.Author, s *kora.Station) (xid uint64, err error)
	DeleteStation(ctx context.Context, author kora.Author, id int64) (xid uint64, err error)
	CreateNotice(ctx context.Context, author kora.Author, n *kora.Notice) (xid uint64, err error)
	UpdateNotice(ctx context.Context, author kora.Author, n *kora.Notice, was *kora.Revision) (xid uint64, err error)
	DeleteNotice(ctx context.Context, author kora.Author, code string, was *kora.Revision) (xid uint64, err error)
	CreatePanorama(ctx context.Context, author kora.Author, p *kora.Panorama, images []kora.PanoramaImage) (xid uint64, err error)
	UpdatePanorama(ctx context.Context, author kora.Author, p *kora.Panorama, was *kora.Revision) (xid uint64, err error)
	DeletePanorama(ctx context.Context, author kora.Author, id int64, was *kora.Revision) (xid uint64, err error)

	KeepReport(ctx context.Context, author kora.Author, r *kora.KeptReport) (xid uint64, err error)
	PutTarget(ctx context.Context, author kora.Author, t *kora.Target, was *kora.Revision) (xid uint64, err error)

	// PanoramaImage opens an image, which lies in a file beside the atlas; only where that is lost is the database asked.
	PanoramaImage(ctx context.Context, level kora.PanoramaLevel) (io.ReadSeekCloser, error)
}

// Config is what the service is made from; every field but ApprovalNumber, StaleAfter, Styles, Raster, Intents, Vault,
// Imports, Sitings, Scenarios and Proxies must be set.
type Config struct {
	Keeper         *atlas.Keeper
	Record         Record
	StaffToken     string // bearer of writes
	Web            fs.FS  // the built front end
	Log            *slog.Logger
	Version        string
	ApprovalNumber string           // 审图号, shown on every map; empty when none was given
	Now            func() time.Time // the clock by which stations are open
	StaleAfter     time.Duration    // how long the record may be silent before answers tell their age; 0: 10 s
	Styles         *style.Maker     // how the map is drawn
	Raster         *raster.Proxy    // a background of pictures; nil for our own
	Intents        IntentRecord     // nil: none are taken
	Vault          Vault            // keeps their contacts; nil: none are taken
	Imports        Imports          // takes files in; nil: none are taken
	Sitings        Sitings          // answers where stations should stand; nil: it is not asked
	Scenarios      ScenarioRecord   // keeps plans on trial; nil: none are kept
	Proxies        []netip.Prefix   // besides this machine, whose word about a caller's address is taken
}

type service struct {
	Config
	parcels  *parcelWriter
	darkroom *panorama.Darkroom
}

// apiVersion is the version of the interface, not of the program.
const apiVersion = "1"

// maxBody bounds request bodies; a station is a few kilobytes.
const maxBody = "1M"

// New gives the service as an HTTP handler.
func New(cfg Config) http.Handler { return headAsGet(Echo(cfg)) }

// Server is the HTTP server for a handler that New gave, with the limits that callers are held to. It answers in the fewest
// pieces on connections of whole.Listener.
func Server(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ConnContext:       whole.Context,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
	}
}

// Echo is what New answers by, for whoever looks at its routes or adds some behind the same middleware.
func Echo(cfg Config) *echo.Echo {
	s := &service{cfg, newParcelWriter(), panorama.NewDarkroom()}
	if s.StaleAfter == 0 {
		s.StaleAfter = 10 * time.Second
	}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.refuse
	e.IPExtractor = addressBehind(cfg.Proxies)
	e.Use(
		s.logRequests,
		middleware.RecoverWithConfig(middleware.RecoverConfig{
			LogErrorFunc: func(c echo.Context, err error, stack []byte) error {
				s.Log.Error("panic while answering", "route", c.Path(), "error", err, "stack", string(stack))
				return err
			},
		}),
		secure(),
		share,
		decodeParams,
		middleware.BodyLimitWithConfig(middleware.BodyLimitConfig{Limit: maxBody, Skipper: isUpload}),
		middleware.GzipWithConfig(middleware.GzipConfig{Level: 5, MinLength: 1024, Skipper: compressesItself}),
		s.holdAtlas,
	)
	config := huma.DefaultConfig("Kora", apiVersion)
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.CreateHooks = nil // no $schema links in answers
	config.RejectUnknownQueryParameters = true
	config.Transformers = append(config.Transformers, s.problems)
	config.Info.Description = "Stations, service circles and land parcels. Coordinates are longitude and latitude in degrees " +
		"(CGCS2000, EPSG:4490, within a metre of WGS 84), times are seconds, lengths are metres. Every answer carries the " +
		"header Kora-Snapshot: the state of the record that it was made from. While the record cannot be followed, answers go " +
		"on and carry Kora-As-Of: when it was last heard of."
	config.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"staff": {Type: "http", Scheme: "bearer"}}
	a := humaecho.New(e, config)

	s.aboutRoutes(a)
	s.stationRoutes(a)
	s.coverageRoutes(a, e)
	s.corridorRoutes(a)
	s.scenarioRoutes(a)
	s.reportRoutes(a)
	s.gapRoutes(a)
	s.targetRoutes(a)
	s.isochroneRoutes(a)
	s.parcelRoutes(a)
	s.recommendRoutes(a)
	s.intentRoutes(a)
	s.noticeRoutes(a)
	s.importRoutes(a)
	s.sitingRoutes(a)
	s.panoramaRoutes(a, e)
	s.healthRoutes(e)
	describeProblems(a.OpenAPI())
	documentRoutes(e, a.OpenAPI())
	tiles.NewServer(func(r *http.Request) *atlas.Atlas { return atlasOf(r.Context()) }).Register(e)
	s.styleRoutes(e)
	s.webRoutes(e)
	return e
}

// decodeParams decodes what stands in a path. Echo leaves it as it came whenever a browser encoded the path otherwise than
// Go would, as for a number with brackets or a slash.
func decodeParams(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Request().URL.RawPath != "" {
			values := slices.Clone(c.ParamValues())
			for i, v := range values {
				if decoded, err := url.PathUnescape(v); err == nil {
					values[i] = decoded
				}
			}
			c.SetParamValues(values...)
		}
		return next(c)
	}
}

type atlasKey struct{}

// holdAtlas gives a request one atlas to answer from, whatever is published meanwhile, and names it in the answer.
func (s *service) holdAtlas(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		a := s.Keeper.Atlas()
		h := c.Response().Header()
		h.Set(snapshotHeader, a.Position.Snapshot)
		if s.stale() {
			h.Set(asOfHeader, s.Keeper.Heard().UTC().Format(time.RFC3339))
		}
		c.SetRequest(c.Request().WithContext(context.WithValue(c.Request().Context(), atlasKey{}, a)))
		return next(c)
	}
}

const (
	// snapshotHeader names the state of the record that an answer is made from.
	snapshotHeader = "Kora-Snapshot"
	// asOfHeader tells when a record that cannot be followed was last heard of. It is not Age, which caches count.
	asOfHeader = "Kora-As-Of"
)

// stale tells whether the record has been silent for too long.
func (s *service) stale() bool { return time.Since(s.Keeper.Heard()) > s.StaleAfter }

// headAsGet answers HEAD as GET. The body that is then written is not sent: net/http knows what it was asked.
func headAsGet(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			get := r.WithContext(r.Context())
			get.Method = http.MethodGet
			r = get
		}
		h.ServeHTTP(w, r)
	})
}

// atlasOf is the atlas that the request is answered from.
func atlasOf(ctx context.Context) *atlas.Atlas { return ctx.Value(atlasKey{}).(*atlas.Atlas) }

// logRequests writes a line for whatever went wrong. Neither the query, which may hold a person's position, nor the
// address of the caller is logged.
func (s *service) logRequests(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		began := time.Now()
		err := next(c)
		if err != nil {
			c.Error(err)
		}
		level := slog.LevelDebug
		if c.Response().Status >= http.StatusInternalServerError {
			level = slog.LevelWarn
		}
		if !s.Log.Enabled(c.Request().Context(), level) {
			return nil
		}
		s.Log.Log(c.Request().Context(), level, "request", "method", c.Request().Method, "route", c.Path(),
			"status", c.Response().Status, "took", time.Since(began))
		return nil
	}
}

// secure sets the headers that keep the page to this origin; see web/index.html for what it loads. A tile is no page and
// needs one of them only. Echo makes its chain anew for every request, so what can be made once is made out here.
func secure() echo.MiddlewareFunc {
	const policy = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; " +
		"img-src 'self' data: blob:; style-src 'self'; font-src 'self'; manifest-src 'self'; " +
		"base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
	noSniff := []string{"nosniff"} // these are shared by all answers, none of which changes them
	headers := map[string][]string{
		"Content-Security-Policy":    {policy},
		"X-Content-Type-Options":     noSniff,
		"Referrer-Policy":            {"no-referrer"},
		"Permissions-Policy":         {"geolocation=(self)"},
		"Cross-Origin-Opener-Policy": {"same-origin"},
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if h := c.Response().Header(); strings.HasPrefix(c.Request().URL.Path, "/tiles/") {
				h["X-Content-Type-Options"] = noSniff
			} else {
				maps.Copy(h, headers)
			}
			return next(c)
		}
	}
}
