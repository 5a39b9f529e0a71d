package tiles

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"html"
	"net/http"
	"strconv"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb/maptile"
	"golang.org/x/sync/singleflight"

	"kora"
	"kora/atlas"
)

// cachedTiles is how many encoded tiles are kept; a few kilobytes each.
const cachedTiles = 2048

// A Server answers for tiles and their descriptions.
type Server struct {
	atlas  func(*http.Request) *atlas.Atlas
	layers map[string]*Layer
	cache  *lru.Cache[string, *packed]
	flight singleflight.Group
}

// packed is an encoded tile: compressed once, sent many times.
type packed struct {
	tag          string
	plain, gzipd []byte
}

// NewServer serves tiles of the atlas that of gives for a request.
func NewServer(of func(*http.Request) *atlas.Atlas) *Server {
	cache, _ := lru.New[string, *packed](cachedTiles) // fails for sizes below 1 only
	s := &Server{atlas: of, layers: map[string]*Layer{}, cache: cache}
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

// A description is TileJSON 3.0.
type description struct {
	TileJSON     string     `json:"tilejson"`
	Name         string     `json:"name"`
	Tiles        []string   `json:"tiles"`
	MinZoom      int        `json:"minzoom"`
	MaxZoom      int        `json:"maxzoom"`
	Bounds       [4]float64 `json:"bounds"`
	Attribution  string     `json:"attribution,omitempty"`
	VectorLayers []Content  `json:"vector_layers"`
}

func (s *Server) describe(c echo.Context) error {
	name, isJSON := strings.CutSuffix(c.Param("file"), ".json")
	l := s.layers[name]
	if l == nil || !isJSON {
		return noLayer(name)
	}
	d := description{
		TileJSON: "3.0.0", Name: l.Name, MinZoom: int(l.MinZoom), MaxZoom: int(l.MaxZoom), VectorLayers: l.Contents,
		Tiles:  []string{c.Scheme() + "://" + c.Request().Host + "/tiles/" + l.Name + "/{z}/{x}/{y}.mvt"},
		Bounds: [4]float64{-180, -85.0511, 180, 85.0511},
	}
	if n := s.atlas(c.Request()).Network; n != nil && l.streets {
		d.Attribution = html.EscapeString(n.Attribution) // maps show it as HTML
		d.Bounds = [4]float64{n.Bounds.Min[0], n.Bounds.Min[1], n.Bounds.Max[0], n.Bounds.Max[1]}
	}
	c.Response().Header().Set("Cache-Control", "no-cache")
	return c.JSON(http.StatusOK, d)
}

func noLayer(name string) error {
	return kora.Refuse(kora.ReasonNotFound, "layer", name, "is no tile layer; there are basemap, stations, coverage and parcels")
}

func (s *Server) tile(c echo.Context) error {
	l := s.layers[c.Param("layer")]
	if l == nil {
		return noLayer(c.Param("layer"))
	}
	t, err := parseTile(l, c.Param("z"), c.Param("x"), c.Param("file"))
	if err != nil {
		return err
	}
	p, err := s.packed(s.atlas(c.Request()), l, t)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Add("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache") // kept, and asked for again with its ETag
	if len(p.plain) == 0 {
		return c.NoContent(http.StatusNoContent)
	}
	h.Set("Content-Type", "application/vnd.mapbox-vector-tile")
	tag, content := p.tag, p.plain
	if acceptsGzip(c.Request().Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		tag, content = p.tag+"-gzip", p.gzipd
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, bytes.NewReader(content))
	return nil
}

// parseTile reads z/x/y.mvt; only plain decimal numbers inside the layer's pyramid are tiles.
func parseTile(l *Layer, zs, xs, file string) (maptile.Tile, error) {
	ys, ok := strings.CutSuffix(file, ".mvt")
	var n [3]uint32
	for i, part := range []string{zs, xs, ys} {
		v, err := strconv.ParseUint(part, 10, 32)
		if err != nil || !ok || part != strconv.FormatUint(v, 10) {
			return maptile.Tile{}, kora.Refuse(kora.ReasonTileOutOfRange, "tile", zs+"/"+xs+"/"+file, "is not {z}/{x}/{y}.mvt")
		}
		n[i] = uint32(v)
	}
	z, x, y := n[0], n[1], n[2]
	if z > uint32(l.MaxZoom) || uint64(x) >= 1<<z || uint64(y) >= 1<<z {
		return maptile.Tile{}, kora.Refuse(kora.ReasonTileOutOfRange, "tile", zs+"/"+xs+"/"+file,
			"is outside of the pyramid, whose zoom ends at "+strconv.Itoa(int(l.MaxZoom)))
	}
	return maptile.New(x, y, maptile.Zoom(z)), nil
}

// packed gives the tile from the cache, or encodes it once however many ask for it.
func (s *Server) packed(a *atlas.Atlas, l *Layer, t maptile.Tile) (*packed, error) {
	if t.Z < l.MinZoom {
		return &packed{}, nil
	}
	key := strings.Join([]string{l.Name, strconv.FormatUint(a.Edition(l.depends...), 10),
		strconv.Itoa(int(t.Z)), strconv.Itoa(int(t.X)), strconv.Itoa(int(t.Y))}, "/")
	if p, ok := s.cache.Get(key); ok {
		return p, nil
	}
	p, err, _ := s.flight.Do(key, func() (any, error) {
		plain, err := l.Encode(a, t)
		if err != nil {
			return nil, err
		}
		p, err := pack(plain)
		if err == nil {
			s.cache.Add(key, p)
		}
		return p, err
	})
	if err != nil {
		return nil, err
	}
	return p.(*packed), nil
}

func pack(plain []byte) (*packed, error) {
	sum := sha256.Sum256(plain)
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, 6)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return &packed{tag: hex.EncodeToString(sum[:12]), plain: plain, gzipd: b.Bytes()}, nil
}

// acceptsGzip reads Accept-Encoding (RFC 9110 §12.5.3) as far as gzip goes.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if coding != "gzip" && coding != "*" {
			continue
		}
		q, found := strings.CutPrefix(strings.TrimSpace(weight), "q=")
		v, err := strconv.ParseFloat(q, 64)
		return !found || err == nil && v > 0
	}
	return false
}
