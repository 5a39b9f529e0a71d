package tiles

import (
	"net/http"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb/maptile"

	"kora"
	"kora/atlas"
	"kora/tiles/whole"
)

// cacheBytes is how much memory the encoded tiles may take: some ten thousand of them.
const cacheBytes = 256 << 20

// schema counts the ways in which tiles have been made. It must rise whenever the same rows would give other bytes, because
// tiles of one version may be kept for ever; TestSchema notices.
const schema = 3

// A Server answers for tiles and their descriptions.
type Server struct {
	atlas    func(*http.Request) *atlas.Atlas
	layers   map[string]*Layer
	cache    *cache
	encode   func(*Layer, *atlas.Atlas, maptile.Tile) ([]byte, error)
	working  chan struct{} // bounds how many tiles are encoded or compressed at once
	compress *compressor
	bodies   sync.Pool // of *[]byte, which answers are made in that are not kept
}

// NewServer serves tiles of the atlas that of gives for a request.
func NewServer(of func(*http.Request) *atlas.Atlas) *Server {
	s := &Server{
		atlas: of, layers: map[string]*Layer{}, cache: newCache(cacheBytes), encode: (*Layer).Encode,
		working: make(chan struct{}, runtime.GOMAXPROCS(0)), compress: newCompressor(),
		bodies: sync.Pool{New: func() any { return new([]byte) }},
	}
	for _, l := range Layers() {
		s.layers[l.Name] = l
	}
	return s
}

// Register adds the routes. Refusals are *kora.Error, for the caller's error handler.
func (s *Server) Register(e *echo.Echo) {
	for _, method := range []func(string, echo.HandlerFunc, ...echo.MiddlewareFunc) *echo.Route{e.GET, e.HEAD} {
		method("/tiles/:file", s.describe)
		method("/tiles/:layer/:z/:x/:file", s.tile)
	}
}

func noLayer(name string) error {
	return kora.Refuse(kora.ReasonNotFound, "layer", name, "is no tile layer; there are basemap, stations, coverage, corridors and parcels")
}

// The values of headers that are the same for many answers, made once. They are shared and never changed.
var (
	revalidated = []string{"public, no-cache"} // kept, and asked for again with its tag
	immutable   = []string{"public, max-age=31536000, immutable"}
	byEncoding  = []string{"Accept-Encoding"}
	mvtType     = []string{"application/vnd.mapbox-vector-tile"}
)

func (s *Server) tile(c echo.Context) error {
	l := s.layers[c.Param("layer")]
	if l == nil {
		return noLayer(c.Param("layer"))
	}
	t, err := parseTile(l, c.Param("z"), c.Param("x"), c.Param("file"))
	if err != nil {
		return err
	}
	a := s.atlas(c.Request())
	filter, filters, err := l.filterOf(c.Request().URL.RawQuery, a)
	if err != nil {
		return err
	}
	if filters {
		return s.filtered(c, a, l, t, filter)
	}
	lifetime, err := lifetimeOf(c.Request().URL.RawQuery, l, a)
	if err != nil {
		return err
	}
	p := &packed{}
	if t.Z >= l.MinZoom {
		if p, err = s.get(c.Request().Context(), a, l, t); err != nil {
			return err
		}
	}
	h := c.Response().Header()
	if len(p.plain) == 0 {
		h["Cache-Control"] = lifetime
		return c.NoContent(http.StatusNoContent)
	}
	f, err := s.form(address{l.Name, t}, p, chosen(c.Request().Header.Get("Accept-Encoding")))
	if err != nil {
		return err
	}
	h["Cache-Control"], h["Vary"] = lifetime, byEncoding
	return send(c, f, mvtType)
}

// form gives a tile in a coding, compressed when that is first asked for.
func (s *Server) form(at address, p *packed, c coding) (*form, error) {
	f := &p.forms[c]
	if f.made.Load() {
		return f, nil
	}
	f.once.Do(func() {
		s.working <- struct{}{}
		defer func() { <-s.working }()
		var body []byte
		if body, f.err = s.compress.compress(c, p.plain); f.err == nil {
			s.cache.grown(at, p, p.set(c, body))
		}
	})
	return f, f.err
}

// send answers with a form, or that its tag still holds. A range is not heeded, as a server may (RFC 9110 §14.2): a part
// of a tile is of no use.
func send(c echo.Context, f *form, contentType []string) error {
	h := c.Response().Header()
	h["Etag"] = f.tag
	if tags := c.Request().Header.Get("If-None-Match"); tags != "" && matches(tags, f.tag[0]) {
		return c.NoContent(http.StatusNotModified)
	}
	h["Content-Type"], h["Content-Length"] = contentType, f.length
	if f.encoding != nil {
		h["Content-Encoding"] = f.encoding
	}
	c.Response().WriteHeader(http.StatusOK)
	if c.Request().Method != http.MethodHead {
		_ = whole.Write(c.Response(), c.Request(), f.body) // fails when the caller went away
	}
	return nil
}

// version names the content of a tile set: while it is the same, so is every tile of it, on every node.
func (l *Layer) version(a *atlas.Atlas) string {
	return strconv.Itoa(schema) + "-" + strconv.FormatUint(a.Version(l.depends...), 36)
}

// lifetimeOf tells how long an answer may be kept. Only an address that carries the version is for ever, and only while
// this node has that version: of any other it cannot know the tiles.
func lifetimeOf(query string, l *Layer, a *atlas.Atlas) ([]string, error) {
	if query == "" {
		return revalidated, nil
	}
	if v, found := strings.CutPrefix(query, "v="); found && v == l.version(a) {
		return immutable, nil
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, kora.Refuse(kora.ReasonSyntax, "query", query, "cannot be read")
	}
	for name, given := range values {
		if name != "v" || len(given) > 1 {
			return nil, kora.Refuse(kora.ReasonUnknown, "query", name, "is not known here, or is given twice; a tile takes v, its version")
		}
	}
	return revalidated, nil
}

// parseTile reads z/x/y.mvt; only plain decimal numbers inside the layer's pyramid are tiles.
func parseTile(l *Layer, zs, xs, file string) (maptile.Tile, error) {
	ys, ok := strings.CutSuffix(file, ".mvt")
	var n [3]uint32
	for i, part := range [...]string{zs, xs, ys} {
		v, err := strconv.ParseUint(part, 10, 32)
		if err != nil || !ok || part[0] == '0' && len(part) > 1 {
			return maptile.Tile{}, kora.Refuse(kora.ReasonTileOutOfRange, "tile", zs+"/"+xs+"/"+file, "is not {z}/{x}/{y}.mvt")
		}
		n[i] = uint32(v)
	}
	z, x, y := n[0], n[1], n[2]
	if z > uint32(l.MaxZoom) || uint64(x) >= 1<<z || uint64(y) >= 1<<z {
		return maptile.Tile{}, kora.Refuse(kora.ReasonTileOutOfRange, "tile", zs+"/"+xs+"/"+file,
			"is outside of the pyramid, whose zoom ends at %d", l.MaxZoom)
	}
	return maptile.New(x, y, maptile.Zoom(z)), nil
}
