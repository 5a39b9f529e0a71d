package tiles

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb/maptile"

	"kora"
	"kora/atlas"
)

// filterOf reads what of a layer is asked for: of parcels the same parameters as /v1/parcels takes. It is false where the address
// filters nothing.
func (l *Layer) filterOf(query string, a *atlas.Atlas) (*atlas.ParcelFilter, bool, error) {
	if !l.filters || query == "" || strings.HasPrefix(query, "v=") && !strings.ContainsAny(query, "&;") {
		return nil, false, nil
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, false, kora.Refuse(kora.ReasonSyntax, "query", query, "cannot be read")
	}
	values.Del("v") // what is filtered is not kept
	for name := range values {
		if !slices.Contains(atlas.ParcelParams(), name) {
			return nil, false, kora.Refuse(kora.ReasonUnknown, "query", name, "is not known here; parcels take %s", strings.Join(atlas.ParcelParams(), ", "))
		}
	}
	if len(values) == 0 {
		return nil, false, nil
	}
	q, faults := atlas.ParcelQueryOf(values)
	if len(faults) > 0 {
		return nil, false, faults[0]
	}
	filter, err := a.ParcelFilter(q)
	return filter, true, err
}

// filtered answers with the parcels of a tile that are meant. There are more filters than could be kept, and a tile takes less
// time to make than to find on a disk, so each is made when it is asked for, and compressed lightly.
func (s *Server) filtered(c echo.Context, a *atlas.Atlas, l *Layer, t maptile.Tile, filter *atlas.ParcelFilter) error {
	select {
	case s.working <- struct{}{}:
	case <-c.Request().Context().Done():
		return c.Request().Context().Err()
	}
	body := s.bodies.Get().(*[]byte)
	defer s.bodies.Put(body)
	p, coding, err := &packed{}, chosen(c.Request().Header.Get("Accept-Encoding")), error(nil)
	func() {
		defer func() { <-s.working }() // others need not wait until this is sent
		l.encode(a, t, filter, func(plain []byte) {
			p.sum = sumOf(plain)
			*body, err = s.compress.lightly(coding, (*body)[:0], plain)
		})
	}()
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h["Cache-Control"] = revalidated
	if len(*body) == 0 {
		return c.NoContent(http.StatusNoContent)
	}
	h["Vary"] = byEncoding
	p.set(coding, *body)
	return send(c, &p.forms[coding], mvtType)
}
